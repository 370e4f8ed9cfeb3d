"""Data files that ship inside the packages: word lists, lexicons, gazetteers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

__all__ = ["shipped_rows", "shipped_text", "shipped_yaml"]


def shipped_text(package: str, name: str) -> str:
    """The text of a file of a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def shipped_yaml(package: str, name: str) -> Any:
    """What a YAML file of a package holds."""
    import yaml  # noqa: PLC0415 - only where a text is read

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(shipped_text(package, name), Loader=loader)  # noqa: S506 - both are safe


def shipped_rows(package: str, name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file of a package, by the names of its columns."""
    yield from csv.DictReader(io.StringIO(shipped_text(package, name), newline=""))
