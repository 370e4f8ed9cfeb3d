"""Which program made a build: the hash of its own files and of the libraries whose output it keeps."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import marsad

__all__ = ["code_version", "libraries"]

_LIBRARIES = ("altair", "citeproc-py", "duckdb", "jinja2", "pyarrow", "pydantic", "scipy", "vl-convert-python")


@cache
def libraries() -> dict[str, str]:
    """The libraries that shape the outputs, with their versions."""
    return {name: version(name) for name in _LIBRARIES}


@cache
def code_version() -> str:
    """SHA-256 over the files of the program and the versions of the libraries: a change of either remakes a build."""
    digest = hashlib.sha256(repr(libraries()).encode())
    root = Path(marsad.__file__).parent
    for path in _files(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - {"__pycache__"})
        yield from (Path(folder) / name for name in sorted(names) if not name.endswith(".pyc"))
