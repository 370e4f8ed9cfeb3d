"""Tables as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["Table", "to_csv"]

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; a cell is text, or a list of objects in ``contradictions``."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


def to_csv(table: Table) -> str:
    """RFC 4180 with LF. Cells that a spreadsheet would run as a formula get a leading apostrophe; numbers do not."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow(_harmless(_text(row.get(column, ""))) for column in table.columns)
    return out.getvalue()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
