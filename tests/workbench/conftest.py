"""What the tests of event tables share: tables of a few rows, and the real files."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from marsad.evidence import write_table
from marsad.model import TableKind

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

MakeTable = Callable[..., Path]


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """A real file or folder; the test is skipped where it is absent."""

    def found(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"{path} is not here")
        return path

    return found


@pytest.fixture
def event_table(tmp_path: Path) -> MakeTable:
    """Write an event table; of each row only what matters is given."""

    def made(name: str, rows: Sequence[Mapping[str, Any]], *, definition: Mapping[str, Any] | None = None) -> Path:
        path = tmp_path / f"{name}.parquet"
        release: dict[str, Any] = {"id": name, "dataset": name}
        if definition is not None:
            release["definition"] = definition
        write_table(
            path,
            TableKind.EVENTS,
            [_row(name, n, row) for n, row in enumerate(rows, 1)],
            metadata={
                "release": release,
            },
        )
        return path

    return made


def _row(name: str, number: int, given: Mapping[str, Any]) -> dict[str, Any]:
    row = {"dataset": name, "release": name, "row": number, "source_id": str(number), "definition": name, **given}
    for end in ("date_start", "date_end"):
        if isinstance(row.get(end), str):
            row[end] = dt.date.fromisoformat(row[end])
    if "date_end" not in row:
        row["date_end"] = row.get("date_start")
    verbatim = json.dumps(given, sort_keys=True, default=str)
    row.setdefault("verbatim", verbatim)
    row.setdefault("record", hashlib.sha256(f"{row['dataset']} {verbatim}".encode()).hexdigest()[:16])
    return row
