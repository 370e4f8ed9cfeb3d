"""The house rules that no linter checks: names, documentation, sizes, cycles, what is imported when, the lock file."""

from __future__ import annotations

import ast
import graphlib
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = sorted((ROOT / "src" / "marsad").rglob("*.py"))
ALL_FILES = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
HEAVY = (
    "altair",
    "bibtexparser",
    "citeproc",
    "duckdb",
    "httpx",
    "ibis",
    "numpy",
    "pandas",
    "pyarrow",
    "pyspark",
    "scipy",
    "shapely",
    "splink",
    "vl_convert",
)
MOST_LINES = 500
LONGEST_FUNCTION = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _is_public(name: str) -> bool:
    return not name.startswith("_")


def _isort_key(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest: the order of ruff's RUF022."""
    bare = name.strip("_")
    return (0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2), name


each_source = pytest.mark.parametrize("path", SOURCES, ids=_name)
each_file = pytest.mark.parametrize("path", ALL_FILES, ids=_name)


@each_source
def test_all_is_sorted_and_every_name_in_it_exists(path: Path) -> None:
    module = importlib.import_module(_module(path))
    assert isinstance(module.__all__, list), "a module says in __all__ what it gives"
    assert module.__all__ == sorted(set(module.__all__), key=_isort_key)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@each_source
def test_all_holds_every_public_function_and_class(path: Path) -> None:
    module = importlib.import_module(_module(path))
    own = {
        node.name
        for node in _tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and _is_public(node.name)
    }
    assert own - set(module.__all__) == set(), "give it an underscore or list it in __all__"


def _undocumented(body: list[ast.stmt], names: set[str]) -> Iterator[str]:
    """Of the names that stand in a body, those that nothing explains."""
    for node, following in zip(body, [*body[1:], ast.Pass()], strict=True):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name in names and not ast.get_docstring(node):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            explained = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            found = {target.id for target in targets if isinstance(target, ast.Name)}
            yield from () if explained else sorted(found & names)


@each_source
def test_every_public_name_is_documented(path: Path) -> None:
    tree = _tree(path)
    public = set(importlib.import_module(_module(path)).__all__)
    missing = list(_undocumented(tree.body, {name for name in public if _is_public(name)}))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in public:
            methods = {item.name for item in _functions(node) if _is_public(item.name)}
            missing += [f"{node.name}.{name}" for name in _undocumented(node.body, methods)]
    assert ast.get_docstring(tree), "a module says what it is for"
    assert missing == []


@each_source
def test_no_public_function_takes_whatever_comes(path: Path) -> None:
    assert [one.name for one in _functions(_tree(path)) if _is_public(one.name) and one.args.kwarg] == []


@each_file
def test_files_and_functions_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < MOST_LINES
    assert {one.name: size for one in _functions(_tree(path)) if (size := _length(one)) > LONGEST_FUNCTION} == {}


def _length(function: Function) -> int:
    """Lines of a function without its docstring, which may be as long as it needs."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    doc = function.body[0] if ast.get_docstring(function) else None
    return lines - ((doc.end_lineno or 0) - doc.lineno + 1 if doc else 0)


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph("marsad", cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert any(imports.values())
    graphlib.TopologicalSorter(imports).prepare()  # raises CycleError and names the cycle


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    program = f"import sys, marsad.cli.main; print(*sorted(set({HEAVY}) & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_names_packages_and_hashes_and_neither_host_nor_path() -> None:
    pinned = re.compile(r"[a-z0-9-]+==[\w.]+( ; [^/\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    #.*|#.*")
    assert [line for line in LOCK.splitlines() if not pinned.fullmatch(line)] == []
    assert [line for line in LOCK.splitlines() if "://" in line or re.search(r"(^|\s)(-[a-z]|/)", line)] == []


def test_the_lock_satisfies_the_project() -> None:
    pins = dict(re.findall(r"^([a-z0-9-]+)==([\w.]+)", LOCK, re.MULTILINE))
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for requirement in map(Requirement, wanted):
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"run `./run lock`: {requirement} is not in requirements.lock"
        assert requirement.specifier.contains(version, prereleases=True), f"run `./run lock`: {requirement}"


def test_the_version_is_the_same_everywhere() -> None:
    version = PROJECT["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert importlib.import_module("marsad").__version__ == version
    assert citation["version"] == version
    assert citation["license"] == PROJECT["project"]["license"]
