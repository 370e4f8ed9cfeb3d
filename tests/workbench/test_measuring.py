"""Measures of event tables against sums in plain Python."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from marsad.errors import InputError
from marsad.evidence import parquet_rows, read_rows, write_table
from marsad.evidence.engine import EventFilter
from marsad.model import TableKind
from marsad.workbench import EngineChoice, ImportOptions, Measured, import_file, measure, read_connector

Rows = list[dict[str, Any]]
FINE = {"year": {"day", "days", "week", "month", "year"}, "month": {"day", "days", "week", "month"}}


def sums(rows: Sequence[dict[str, Any]], by: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The same measures, a row at a time."""
    groups: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in rows:
        groups[tuple(key(row, name) for name in by)].append(row)
    return {group: tolls(members) for group, members in groups.items()}


def key(row: dict[str, Any], name: str) -> Any:
    if name not in FINE:
        return row.get(name)
    start, precision = row.get("date_start"), row.get("date_precision")
    if start is None or (precision is not None and precision not in FINE[name]):
        return None
    return start.replace(day=1) if name == "month" else start.replace(month=1, day=1)


def tolls(rows: Rows) -> dict[str, Any]:
    bounds = [in_order(row) for row in rows]
    best = [row["deaths_best"] for row in rows if row.get("deaths_best") is not None]
    return {
        "records": len(rows),
        "events": sum(1 if row.get("events") is None else row["events"] for row in rows),
        "deaths_low": total([low for low, _ in bounds]),
        "deaths_best": total(best),
        "deaths_high": total([high for _, high in bounds]),
        "injured": total([row.get("injured") for row in rows]),
        "abducted": total([row.get("abducted") for row in rows]),
        "without_deaths": len(rows) - len(best),
    }


def in_order(row: dict[str, Any]) -> tuple[int | None, int | None]:
    low, best, high = (row.get(f"deaths_{name}") for name in ("low", "best", "high"))
    low = best if low is None else low
    high = best if high is None else high
    high = low if high is None else high
    low, high = (low, high) if low is None or high is None else sorted((low, high))
    return low, high


def total(values: Sequence[int | None]) -> int | None:
    stated = [value for value in values if value is not None]
    return sum(stated) if stated else None


def as_groups(measured: Measured, columns: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        tuple(row[name] for name in columns): {name: value for name, value in row.items() if name not in columns}
        for row in measured.rows
    }


def some_rows(count: int, seed: int) -> Rows:
    draw = random.Random(seed)
    pick = draw.choice
    rows = []
    for _ in range(count):
        start = pick([None, dt.date(2022, 12, 31), dt.date(2023, 1, 1), dt.date(2023, 2, draw.randint(1, 28))])
        rows.append(
            {
                "date_start": start,
                "date_precision": None if start is None else pick([None, "day", "month", "year"]),
                "country": pick([None, "PAK", "AFG"]),
                "admin1": pick([None, 'One, or "two"', "North\nSouth", "\u067e\u0646\u062c\u0627\u0628"]),
                "kind": pick([None, "battle"]),
                "deaths_low": pick([None, 0, 3, 9]),
                "deaths_best": pick([None, 0, 4]),
                "deaths_high": pick([None, 1, 5]),
                "injured": pick([None, 2]),
                "events": pick([None, 1, 3]),
            }
        )
    return rows


@pytest.mark.parametrize(
    ("by", "columns"),
    [
        (["month"], ["month"]),
        (["year", "country"], ["year", "country"]),
        (["admin1"], ["country", "admin1"]),
        (["kind", "dataset"], ["kind", "dataset"]),
        ([], []),
    ],
)
def test_measures_are_the_sums_over_the_rows(
    event_table: Callable[..., Path], by: list[str], columns: list[str]
) -> None:
    tables = [event_table("a", some_rows(300, 1)), event_table("b", some_rows(200, 2))]
    rows = [row for table in tables for row in read_rows(table)]
    made = measure(tables, by=by)
    assert as_groups(made, columns) == sums(rows, columns)
    assert made.checks["records"] == made.checks["counted"] == 500


def test_a_filter_leaves_out_what_it_should_and_says_what_it_could_not_tell(event_table: Callable[..., Path]) -> None:
    table = event_table("a", some_rows(300, 3))
    day = dt.date(2023, 1, 1)
    made = measure([table], by=["country"], where=EventFilter(since=day, countries={"PAK"}))
    rows = list(read_rows(table))
    inside = [row for row in rows if row["date_start"] is not None and row["date_start"] >= day]
    assert as_groups(made, ["country"]) == sums([row for row in inside if row["country"] == "PAK"], ["country"])
    assert made.checks["unknown_country"] == sum(row["country"] is None for row in rows)
    assert made.checks["unknown_date"] == sum(row["date_start"] is None for row in rows)


def test_real_records_are_counted_as_they_stand_in_the_file(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    path = shared("ucdp/ged_v23_1_sample.csv")
    table = tmp_path / "ged.parquet"
    import_file(read_connector("ucdp-ged", path), path, table, options=ImportOptions(version="sample"))
    rows = list(read_rows(table))
    for by in (["year"], ["month", "country"]):
        assert as_groups(measure([table], by=by), by) == sums(rows, by)
    bounds = [json.loads(row["verbatim"]) for row in rows]
    turned = sum(float(row["low"]) > float(row["high"]) for row in bounds)
    assert measure([table], by=["year"]).checks["reversed_bounds"] == turned


def test_measures_written_to_a_file_are_those_that_are_given(tmp_path: Path, event_table: Callable[..., Path]) -> None:
    table = event_table("a", some_rows(100, 4))
    given = measure([table], by=["month", "country"])
    made = measure([table], by=["month", "country"], output=tmp_path / "out.parquet")
    assert made == Measured(given.columns, (), given.checks)
    assert sorted(map(repr, parquet_rows(tmp_path / "out.parquet"))) == sorted(map(repr, given.rows))


def test_no_record_gives_no_group(event_table: Callable[..., Path]) -> None:
    made = measure([event_table("a", [])], by=["year"])
    assert made.rows == ()
    assert made.checks["counted"] == 0


def test_memory_can_be_bounded(event_table: Callable[..., Path]) -> None:
    table = event_table("a", some_rows(50, 5))
    assert measure([table], by=["year"], engine=EngineChoice(memory_limit="200MB")) == measure([table], by=["year"])
    with pytest.raises(InputError, match="much"):
        measure([table], by=["year"], engine=EngineChoice(memory_limit="much"))


def test_what_cannot_be_measured_is_named(tmp_path: Path, event_table: Callable[..., Path]) -> None:
    table = event_table("a", some_rows(5, 6))
    with pytest.raises(InputError, match=r"no\.parquet: there is no such file; `marsad import`"):
        measure([tmp_path / "no.parquet"], by=["year"])
    with pytest.raises(InputError, match="grouped by 'yaer'; they can by week"):
        measure([table], by=["yaer"])
    with pytest.raises(InputError, match="one period"):
        measure([table], by=["year", "month"])
    with pytest.raises(InputError, match="sparkle"):
        measure([table], by=["year"], engine=EngineChoice(name="sparkle"))
    (tmp_path / "text.parquet").write_text("no table")
    with pytest.raises(InputError, match=r"text\.parquet"):
        measure([tmp_path / "text.parquet"], by=["year"])
    write_table(tmp_path / "figures.parquet", TableKind.FIGURES, [], metadata={})
    message = r"figures\.parquet: a table of figures, and only tables of events can be measured.*counted already"
    with pytest.raises(InputError, match=message):
        measure([table, tmp_path / "figures.parquet"], by=["year"])
    write_table(tmp_path / "actors.parquet", TableKind.ACTORS, [], metadata={"release": {"title": "Who is who"}})
    with pytest.raises(
        InputError, match=r"a table of actors \(Who is who\), and only tables of events can be measured"
    ):
        measure([tmp_path / "actors.parquet"], by=["year"])


def test_no_table_is_counted_twice(tmp_path: Path, event_table: Callable[..., Path]) -> None:
    table = event_table("a", some_rows(5, 6))
    copy = tmp_path / "copy.parquet"
    copy.write_bytes(table.read_bytes())
    link = tmp_path / "link.parquet"
    link.symlink_to(table)
    for again in (table, copy, link):
        with pytest.raises(InputError, match="it would count twice"):
            measure([table, again], by=["year"])
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.parquet").write_bytes(table.read_bytes())
    with pytest.raises(InputError, match="it would count twice"):
        measure([folder, folder], by=["year"])
