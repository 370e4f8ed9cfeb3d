"""The files that ship with the package."""

from __future__ import annotations

import csv
import io
from importlib.resources import files

__all__ = ["data_bytes", "data_lines", "data_rows"]


def data_bytes(name: str) -> bytes:
    """Content of a shipped file."""
    return files("marsad.geography").joinpath("data", name).read_bytes()


def data_rows(name: str) -> list[dict[str, str]]:
    """Rows of a shipped CSV file."""
    return list(csv.DictReader(io.StringIO(data_bytes(name).decode("utf-8"))))


def data_lines(name: str) -> list[str]:
    """Lines of a shipped text file that are neither empty nor remarks."""
    lines = (line.strip() for line in data_bytes(name).decode("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
