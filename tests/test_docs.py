"""The documentation is run: the README's commands and its Python, and what is generated is up to date."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.analysis import analyses_markdown
from marsad.study import reference_markdown

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(
    ("name", "wanted"), [("study-folder.md", reference_markdown), ("analyses.md", analyses_markdown)]
)
def test_the_references_are_generated(name: str, wanted: Callable[[], str]) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == wanted(), "write it anew: ./run docs"


def test_the_commands_of_the_readme_run_in_their_order(tmp_path: Path) -> None:
    """`./run marsad ...` is run as the program itself; `./run study` and `./run test` are run by CI."""
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("./run ")]
    commands = [shlex.split(line, comments=True)[1:] for line in lines]
    assert {command[0] for command in commands} == {"study", "test", "marsad"}
    own = [command[1:] for command in commands if command[0] == "marsad"]
    assert len(own) >= 10
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for arguments in own:
        program = [sys.executable, "-m", "marsad", *arguments]
        result = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert result.returncode == 0, (arguments, result.stderr)
    assert (tmp_path / "my-study" / "build" / "report.html").is_file()
    for name in ("figures.csv", "audit.html", "proposals.csv"):
        assert (tmp_path / name).is_file()


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_of_the_readme_runs(code: str, case_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "studies").mkdir()
    case_copy.rename(tmp_path / "studies" / "pakistan-afghanistan-2021-2024")
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "report.html" in result.stdout
    assert "error" in result.stdout


DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_of_the_documents_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name}: {target}"
