"""What a build depends on, as hashes: the files of the study, and the program with the libraries that it uses."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import marsad

__all__ = ["code_version", "folder_hashes", "libraries"]

_LIBRARIES = (
    "altair",
    "bibtexparser",
    "citeproc-py",
    "duckdb",
    "jinja2",
    "numpy",
    "pyarrow",
    "pydantic",
    "scipy",
    "vl-convert-python",
)


@cache
def libraries() -> dict[str, str]:
    """The libraries that shape the outputs, with their versions."""
    return {name: version(name) for name in _LIBRARIES}


@cache
def code_version() -> str:
    """SHA-256 over the files of the program and the versions of the libraries: a change of either remakes a build."""
    root = Path(marsad.__file__).parent
    digest = hashlib.sha256(repr(libraries()).encode())
    for path in _files(root):
        if path.suffix != ".pyc":
            digest.update(f"{path.relative_to(root).as_posix()} {_hash(path)}\n".encode())
    return digest.hexdigest()


def folder_hashes(study: Path, build: Path) -> tuple[str, ...]:
    """Each file of a study folder with its hash; the build folder and hidden files are left out.

    A link stands for the text of the link, since the study's loader refuses those that lead out of the folder.
    """
    return tuple(
        f"{path.relative_to(study).as_posix()} {path.readlink() if path.is_symlink() else _hash(path)}"
        for path in _files(study, skip=build)
        if path.is_symlink() or path.is_file()
    )


def _files(root: Path, skip: Path | None = None) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(
            name for name in folders if name != "__pycache__" and not name.startswith(".") and here / name != skip
        )
        yield from (here / name for name in sorted(names) if not name.startswith("."))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
