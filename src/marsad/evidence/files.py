"""Writing files so that a killed process leaves the old or the new, never half."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["TEMPORARY", "atomic_path", "sha256_of", "write_atomically"]

TEMPORARY = ".marsad-"
"""How the names of unfinished files begin; what a killed process left behind may be deleted."""


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside ``target``; rename it to ``target`` when the block ends without an error.

    The data reach the disk before the name does. Parent folders are made.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=target.parent) as folder:
        path = Path(folder) / target.name
        yield path
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(target)


def write_atomically(target: Path, content: bytes) -> None:
    """Write ``content`` to ``target`` in one step."""
    with atomic_path(target) as path:
        path.write_bytes(content)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
