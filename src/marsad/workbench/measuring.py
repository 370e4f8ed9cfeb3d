"""Measures of event tables: how many events and deaths, by month, area, actor and so on, on the chosen engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marsad.errors import InputError
from marsad.evidence import read_metadata, sha256_of
from marsad.evidence.engine import EventFilter, event_checks, event_measures, open_engine
from marsad.model import TableKind

__all__ = ["EngineChoice", "Measured", "measure"]

_INSTEAD = {
    TableKind.FIGURES.value: (
        ". A figure is a number that somebody has counted already (best, with its measure, unit and period): read it "
        "as it is, or write it into a series of a study"
    )
}


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Which engine, and how much of the machine it may take.

    Attributes:
        name: ``duckdb`` or ``spark``.
        spark_master: where Spark runs; None for this machine.
        memory_limit: such as ``4GB``; None for most of the machine's memory.
    """

    name: str = "duckdb"
    spark_master: str | None = None
    memory_limit: str | None = None

    def open(self) -> Any:
        """The engine, to be used in a ``with`` statement; raises ``InputError`` where it is not installed."""
        return open_engine(self.name, memory_limit=self.memory_limit, spark_master=self.spark_master)


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of some event tables.

    Attributes:
        columns: the dimensions, then the measures.
        rows: one for each group; empty where they were written to a file.
        checks: how many records were counted, and what is odd about them.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    checks: dict[str, int]


def measure(
    tables: Sequence[Path],
    *,
    by: Sequence[str],
    where: EventFilter | None = None,
    engine: EngineChoice | None = None,
    output: Path | None = None,
) -> Measured:
    """Count events and sum deaths of event tables.

    Args:
        tables: Parquet files or partitioned folders of the common event table.
        by: dimensions to group by, such as ``month``, ``admin1``, ``actor``.
        where: which records; None for all.
        engine: which engine; None for DuckDB.
        output: a Parquet file to write instead of giving rows.

    Raises:
        InputError: a file is no event table, a table is named twice, or a dimension is not known.
    """
    for path in tables:
        if not path.exists():
            raise InputError(f"{path}: there is no such file; `marsad import` makes event tables")
        _check_kind(path)
    _check_apart(tables)
    choice = EngineChoice() if engine is None else engine
    with choice.open() as opened:
        events = opened.scan("events", list(tables))
        asked = event_measures(events, by=by, where=where)
        checks = opened.collect(event_checks(events, by=by, where=where))[0]
        if output is not None:
            opened.write(asked, output)
            return Measured(tuple(asked.columns), (), checks)
        return Measured(tuple(asked.columns), tuple(opened.collect(asked)), checks)


def _check_kind(path: Path) -> None:
    """Raise where a table says of itself that it holds no events; other Parquet is left to the engine."""
    try:
        found = read_metadata(path)
    except InputError:
        return
    kind = found.get("kind", TableKind.EVENTS.value)
    if kind == TableKind.EVENTS.value:
        return
    title = found.get("release", {}).get("title", "")
    what = f"a table of {kind}" + (f" ({title})" if title else "")
    remedy = _INSTEAD.get(kind, "")
    raise InputError(f"{path}: {what}, and only tables of events can be measured, a record an event{remedy}")


def _check_apart(tables: Sequence[Path]) -> None:
    """Raise where a table, or a copy of it, is named twice: everything in it would count double."""
    seen: dict[tuple[int, str], Path] = {}
    sizes = Counter(path.stat().st_size for path in tables if path.is_file())
    for path in tables:
        size = path.stat().st_size if path.is_file() else -1
        alike = size >= 0 and sizes[size] > 1
        key = (size, sha256_of(path) if alike else str(path.resolve()))
        if key in seen:
            raise InputError(f"{path}: the same table as {seen[key]}; it would count twice. Name each table once")
        seen[key] = path
