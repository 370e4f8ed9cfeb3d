"""The meltt mode of reconciliation: event tables matched by location, time and type, as published."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence import read_rows, write_atomically
from marsad.evidence.columns import write_columns
from marsad.reconcile.meltt import Result, match
from marsad.reconcile.meltt_records import MISSING_DAY, Register
from marsad.reconcile.taxonomies import Taxonomy, read_taxonomies
from marsad.reconcile.windows import WindowGrid, WindowResult, window_grid, window_rows
from marsad.workbench.reconciling import PAIRS, Reconciliation, check_tables

__all__ = ["MelttOptions", "meltt_tables"]

_COLUMNS = ("source_id", "record", "dataset", "date_start", "date_end", "latitude", "longitude", "verbatim")
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class MelttOptions:
    """How tables are matched.

    Attributes:
        km: most kilometres apart.
        days: most days apart.
        taxonomies: folder with the taxonomies, a CSV file each.
        grid: whether every window up to twice as wide is tried too, to see how much the result depends on it.
    """

    km: float
    days: int
    taxonomies: Path
    grid: bool = False


@dataclass(frozen=True)
class _Table:
    """One table as the method reads it, with the records' own names."""

    register: Register
    records: list[str]


def meltt_tables(tables: Sequence[Path], output: Path, *, options: MelttOptions) -> Reconciliation:
    """Match event tables by location, time and type, and write the pairs and clusters into a folder.

    Reference: Donnay et al. 2019, doi:10.1177/0022002718777050.

    Raises:
        InputError: fewer than two tables, one that is no event table, or a taxonomy that does not fit them.
    """
    check_tables(tables)
    taxonomies = read_taxonomies(options.taxonomies)
    found = [_table(path, taxonomies) for path in tables]
    registers = [table.register for table in found]
    result = match(registers, taxonomies, km=options.km, days=options.days)
    _write(output, result, found)
    summary: dict[str, Any] = {
        "mode": "meltt",
        "km": options.km,
        "days": options.days,
        "taxonomies": [taxonomy.name for taxonomy in taxonomies],
        "tables": [
            {"file": path.name, "dataset": table.register.source, "records": len(table.register)}
            for path, table in zip(tables, found, strict=True)
        ],
        "records": result.rows,
        "unique": result.unique,
        "match sets": result.match_sets,
        "duplicates removed": result.duplicates,
        "episode sets": result.episode_sets,
        "flagged": len(result.flagged),
        "left out": [{"source": out.source, "reason": out.reason, "records": len(out.rows)} for out in result.left_out],
    }
    if options.grid:
        grid = _grid(registers, taxonomies, options)
        rows = window_rows(grid)
        write_columns(output / "windows.csv", {name: [row[name] for row in rows] for name in rows[0]})
        summary["windows"] = grid.verdict
    write_atomically(output / "summary.json", (json.dumps(summary, ensure_ascii=False, indent=1) + "\n").encode())
    return Reconciliation(output, summary)


def _grid(registers: Sequence[Register], taxonomies: Sequence[Taxonomy], options: MelttOptions) -> WindowGrid:
    """Every window from none to twice as wide, in quarters of the asked-for one."""

    def one(km: float, days: float) -> WindowResult:
        found = match(registers, taxonomies, km=km, days=int(days))
        return WindowResult(found.rows, found.match_sets, found.unique)

    kms = sorted({options.km * step / 2 for step in range(5)})
    return window_grid(one, kms=kms, days=list(range(2 * options.days + 1)))


def _table(path: Path, taxonomies: Sequence[Taxonomy]) -> _Table:
    rows = list(read_rows(path, columns=_COLUMNS))
    if not rows:
        raise InputError(f"{path}: there is no record in it")
    datasets = sorted({str(row["dataset"]) for row in rows})
    if len(datasets) > 1:
        raise InputError(f"{path}: holds {len(datasets)} datasets ({', '.join(datasets[:5])}). Give each as a table")
    verbatim = [json.loads(row["verbatim"]) for row in rows]
    fields = sorted({name for record in verbatim for name in record})
    categories = {}
    for taxonomy in taxonomies:
        column = taxonomy.column(fields)
        categories[taxonomy.name] = np.array([_text(record.get(column)) for record in verbatim], dtype=object)
    register = Register(
        source=datasets[0],
        ids=np.array([row["source_id"] if row["source_id"] is not None else row["record"] for row in rows], object),
        start=np.array([_day(row["date_start"]) for row in rows], dtype=np.int64),
        end=np.array([_day(row["date_end"]) for row in rows], dtype=np.int64),
        latitude=np.array([_number(row["latitude"]) for row in rows], dtype=np.float64),
        longitude=np.array([_number(row["longitude"]) for row in rows], dtype=np.float64),
        categories=categories,
    )
    return _Table(register, [row["record"] for row in rows])


def _text(value: Any) -> str | None:
    """A category as the taxonomies write it: a whole number without a decimal point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else str(value).strip()


def _day(value: dt.date | None) -> int:
    return MISSING_DAY if value is None else (value - _EPOCH).days


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _write(output: Path, result: Result, tables: Sequence[_Table]) -> None:
    """``pairs.csv`` with every two records of a match set and those flagged, ``clusters.csv`` with every record."""
    members: dict[int, list[tuple[int, int]]] = {}
    for source, clusters in enumerate(result.cluster):
        for row, cluster in enumerate(clusters.tolist()):
            members.setdefault(cluster, []).append((source, row))
    same = [(one, other) for found in members.values() for n, one in enumerate(found) for other in found[n + 1 :]]
    flagged = result.flagged
    left = zip(flagged.left_source.tolist(), flagged.left_row.tolist(), strict=True)
    right = zip(flagged.right_source.tolist(), flagged.right_row.tolist(), strict=True)
    pairs: list[tuple[tuple[int, int], tuple[int, int], str, float | None]] = []
    pairs += [(*pair, "same", 1.0) for pair in same]
    pairs += [(*pair, "review", None) for pair in zip(left, right, strict=True)]
    write_columns(
        output / PAIRS,
        {
            "left_id": [str(result.ids[one[0]][one[1]]) for one, *_ in pairs],
            "right_id": [str(result.ids[other[0]][other[1]]) for _, other, *_ in pairs],
            "probability": [probability for *_, probability in pairs],
            "decision": [decision for *_, decision, _ in pairs],
            "left_dataset": [result.sources[one[0]] for one, *_ in pairs],
            "left_record": [tables[one[0]].records[one[1]] for one, *_ in pairs],
            "right_dataset": [result.sources[other[0]] for _, other, *_ in pairs],
            "right_record": [tables[other[0]].records[other[1]] for _, other, *_ in pairs],
        },
    )
    rows = list(_cluster_rows(result, tables, members))
    names = ("cluster", "size", "dataset", "id", "record")
    write_columns(output / "clusters.csv", {name: [row[n] for row in rows] for n, name in enumerate(names)})


def _cluster_rows(
    result: Result, tables: Sequence[_Table], members: dict[int, list[tuple[int, int]]]
) -> Iterator[tuple[Any, ...]]:
    for cluster, found in sorted(members.items()):
        for source, row in found:
            name = str(result.ids[source][row])
            yield cluster, len(found), result.sources[source], name, tables[source].records[row]
