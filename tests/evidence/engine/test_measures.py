"""The measures of the event table, against counting by hand and against a plain recount, on every engine."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from marsad.errors import InputError
from marsad.evidence.common import write_table
from marsad.evidence.engine import DIMENSIONS, Engine, EventFilter, event_checks, event_measures
from marsad.model import TableKind

UCDP = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "ucdp"
WriteEvents = Callable[..., Path]
TOLLS = ("deaths_low", "deaths_best", "deaths_high", "injured", "abducted")
FINE = {"week": {"day", "days", "week"}, "month": {"day", "days", "week", "month"}}
FINE["year"] = {*FINE["month"], "year"}

TEN_MAY = dt.date(2023, 5, 10)
ROWS: tuple[dict[str, Any], ...] = (
    {"date_start": TEN_MAY, "date_end": TEN_MAY, "date_precision": "day", "country": "PAK", "admin1": "Punjab",
     "side_a": "TTP", "side_b": "Civilians", "deaths_low": 2, "deaths_best": 3, "deaths_high": 5, "injured": 7},
    {"date_start": TEN_MAY, "date_end": TEN_MAY, "country": "IND", "admin1": "Punjab", "side_a": "TTP",
     "side_b": "TTP", "deaths_best": 4},
    {"date_start": dt.date(2023, 5, 31), "date_end": dt.date(2023, 6, 2), "date_precision": "days", "country": "PAK",
     "side_b": "TTP", "deaths_low": 9, "deaths_best": 6, "deaths_high": 1, "events": 3},
    {"date_start": dt.date(2023, 1, 1), "date_end": dt.date(2023, 12, 31), "date_precision": "year", "country": "PAK",
     "deaths_low": 1},
    {"country": "PAK", "side_a": "ISKP", "abducted": 2},
)  # fmt: skip


def gathered(rows: Iterable[Mapping[str, Any]], *keys: str) -> dict[Any, tuple[Any, ...]]:
    return {
        tuple(row[key] for key in keys): tuple(row[name] for name in ("records", "events", *TOLLS, "without_deaths"))
        for row in rows
    }


def test_by_month_and_first_level_area(engine: Engine, write_events: WriteEvents) -> None:
    events = engine.scan("events", write_events(*ROWS))
    may = dt.date(2023, 5, 1)
    assert gathered(engine.collect(event_measures(events, by=["month", "admin1"])), "month", "country", "admin1") == {
        (may, "PAK", "Punjab"): (1, 1, 2, 3, 5, 7, None, 0),
        (may, "IND", "Punjab"): (1, 1, 4, 4, 4, None, None, 0),
        (may, "PAK", None): (1, 3, 1, 6, 9, None, None, 0),
        (None, "PAK", None): (2, 2, 1, None, 1, None, 2, 2),
    }


def test_a_record_counts_once_under_each_of_its_sides(engine: Engine, write_events: WriteEvents) -> None:
    events = engine.scan("events", write_events(*ROWS))
    assert gathered(engine.collect(event_measures(events, by=["actor"])), "actor") == {
        ("TTP",): (3, 5, 7, 13, 18, 7, None, 0),
        ("Civilians",): (1, 1, 2, 3, 5, 7, None, 0),
        ("ISKP",): (1, 1, None, None, None, None, 2, 1),
        (None,): (1, 1, 1, None, 1, None, None, 1),
    }


def test_the_total_and_its_checks(engine: Engine, write_events: WriteEvents) -> None:
    events = engine.scan("events", write_events(*ROWS))
    assert gathered(engine.collect(event_measures(events))) == {(): (5, 7, 8, 13, 19, 7, 2, 2)}
    unknown = dict.fromkeys(["unknown_date", "unknown_country", "unknown_dataset", "unknown_place_precision"], 0)
    expected = {"records": 5, "counted": 5, "reversed_bounds": 1, "best_outside": 0, "without_deaths": 2, "several": 1}
    expected |= unknown | {"unknown_border": 0, "overlapping": 0}
    assert engine.collect(event_checks(events)) == [expected | {"undated": 1, "spanning": 0}]
    assert engine.collect(event_checks(events, by=["month"])) == [expected | {"undated": 2, "spanning": 1}]
    assert engine.collect(event_checks(events, by=["year"])) == [expected | {"undated": 1, "spanning": 0}]
    assert engine.collect(event_checks(events, by=["week"])) == [expected | {"undated": 2, "spanning": 0}]


def test_filters_say_what_they_leave_out(engine: Engine, write_events: WriteEvents) -> None:
    rows = [
        {"date_start": TEN_MAY, "country": "PAK", "dataset": "a", "place_precision": "near", "border_km": 3.0},
        {"date_start": TEN_MAY, "country": "PAK", "dataset": "a", "place_precision": "near", "border_km": 30.5},
        {"date_start": TEN_MAY, "country": "PAK", "dataset": "a", "place_precision": "admin1", "border_km": 3.0},
        {"date_start": TEN_MAY, "country": "PAK", "dataset": "a", "place_precision": "about", "border_km": 3.0},
        {"date_start": TEN_MAY, "country": "PAK", "dataset": "a", "place_precision": "point"},
        {"date_start": TEN_MAY, "country": None, "dataset": "b", "place_precision": "point", "border_km": 3.0},
        {"date_start": dt.date(2023, 4, 28), "date_end": TEN_MAY, "country": "PAK", "dataset": "a"},
        {"date_start": dt.date(2023, 6, 1), "date_end": TEN_MAY, "country": "PAK", "dataset": "a"},
        {"country": "AFG"},
    ]
    where = EventFilter(
        since=dt.date(2023, 5, 1), until=dt.date(2023, 5, 31), countries=["PAK"], datasets={"a"},
        place_precision="linear", border_km=30.0,
    )  # fmt: skip
    events = engine.scan("events", write_events(*rows))
    assert [row["records"] for row in engine.collect(event_measures(events, where=where))] == [1]
    (found,) = engine.collect(event_checks(events, where=where))
    wanted = {
        "records": 9, "counted": 1, "unknown_date": 1, "unknown_country": 1, "unknown_dataset": 1,
        "unknown_place_precision": 4, "unknown_border": 4, "overlapping": 1,
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted


def test_a_border_is_one_of_several(engine: Engine, write_events: WriteEvents) -> None:
    rows = [{"border": "Durand Line", "border_km": 1.0}, {"border": "Line of Control", "border_km": 1.0}, {}]
    events = engine.scan("events", write_events(*rows))
    where = EventFilter(border="Durand Line", border_km=5)
    assert [row["records"] for row in engine.collect(event_measures(events, where=where))] == [1]


def test_an_empty_event_table(engine: Engine, write_events: WriteEvents) -> None:
    events = engine.scan("events", write_events())
    assert engine.collect(event_measures(events, by=["month", "actor"])) == []
    (total,) = engine.collect(event_measures(events))
    assert total == dict.fromkeys(("records", "events", "without_deaths"), 0) | dict.fromkeys(TOLLS)


def test_what_cannot_be_measured_is_refused(duck: Engine, write_events: WriteEvents) -> None:
    events = duck.scan("events", write_events())
    with pytest.raises(InputError, match="cannot be grouped by 'colour'"):
        event_measures(events, by=["colour"])
    with pytest.raises(InputError, match="not by month and year"):
        event_measures(events, by=["month", "year"])
    with pytest.raises(InputError, match="'exact' is no precision of a place"):
        event_measures(events, where=EventFilter(place_precision="exact"))
    with pytest.raises(InputError, match="there is no column side_b"):
        event_measures(events.drop("side_b"), by=["actor"])
    with pytest.raises(InputError, match="there is no column border_km"):
        event_checks(events.drop("border_km"), where=EventFilter(border_km=1))


def recounted(rows: Iterable[Mapping[str, Any]], by: Sequence[str]) -> dict[Any, list[Any]]:
    """The measures once more, in plain Python."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        sides = {row.get("side_a"), row.get("side_b")}
        actors = sides - {None} or {None}
        for actor in actors if "actor" in by else [None]:
            group = tuple(value for name in by for column in DIMENSIONS[name] for value in [_key(row, column, actor)])
            total = found.setdefault(group, [0, 0, *[None] * 5, 0])
            best = row.get("deaths_best")
            low = row["deaths_low"] if row.get("deaths_low") is not None else best
            highs = [row.get("deaths_high"), best, row.get("deaths_low")]
            high = next((value for value in highs if value is not None), None)
            low, high = sorted((low, high)) if low is not None and high is not None else (low, high)
            values = [1, row.get("events") or 1, low, best, high, row.get("injured"), row.get("abducted"), best is None]
            for place, value in enumerate(values):
                if value is not None:
                    total[place] = (total[place] or 0) + int(value)
    return found


def _key(row: Mapping[str, Any], column: str, actor: str | None) -> Any:
    if column == "actor":
        return actor
    if column not in FINE:
        return row.get(column)
    start: dt.date | None = row.get("date_start")
    if start is None or (row.get("date_precision") or "day") not in FINE[column]:
        return None
    if column == "week":
        return start - dt.timedelta(start.weekday())
    return start.replace(day=1) if column == "month" else start.replace(day=1, month=1)


def random_rows(count: int, seed: int) -> Iterator[dict[str, Any]]:
    pick = random.Random(seed)
    for _ in range(count):
        start = pick.choice([None, dt.date(2019, 12, 20) + dt.timedelta(pick.randrange(500))])
        yield {
            "date_start": start,
            "date_end": start and start + dt.timedelta(pick.choice([0, 0, 3, 40])),
            "date_precision": pick.choice([None, "day", "days", "week", "month", "year", "era"]),
            "country": pick.choice([None, "PAK", "AFG"]),
            "admin1": pick.choice([None, "Punjab", "پنجاب"]),
            "admin2": pick.choice([None, "x", "X"]),
            "side_a": pick.choice([None, "A", "B", "a"]),
            "side_b": pick.choice([None, "A", "B", "Civilians"]),
            "kind": pick.choice([None, "battle", ""]),
            "dataset": pick.choice(["u", "v"]),
            "events": pick.choice([None, 1, 4]),
            **{name: pick.choice([None, 0, 1, 5, 12]) for name in TOLLS},
        }


@pytest.mark.parametrize(
    "by",
    [
        [],
        ["month", "admin1", "actor"],
        ["week"],
        ["year", "admin2", "dataset"],
        ["side_a", "side_b"],
        ["kind", "actor"],
    ],
    ids=" ".join,
)
def test_against_a_plain_recount(engine: Engine, write_events: WriteEvents, by: list[str]) -> None:
    rows = list(random_rows(700, seed=len(by)))
    events = engine.scan("events", write_events(*rows))
    columns = [column for name in by for column in DIMENSIONS[name]]
    found = gathered(engine.collect(event_measures(events, by=by)), *columns)
    assert found == {group: tuple(total) for group, total in recounted(rows, by).items()}


def ucdp_rows() -> Iterator[dict[str, Any]]:
    with (UCDP / "aec_all.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            parts = [row[f"deaths_{side}"] for side in ("side_a", "side_b", "civilian", "unknown")]
            yield {
                "dataset": "aec", "source_id": row["id"], "country": row["location_root_name"] or None,
                "date_start": dt.date.fromisoformat(row["start_date"]),
                "date_end": dt.date.fromisoformat(row["end_date"]),
                "admin1": row["location_adm1_name"] or None, "admin2": row["location_adm2_name"] or None,
                "side_a": row["side_a_name"], "side_b": row["side_b_name"], "deaths_low": int(row["deaths_low"]),
                "deaths_best": sum(map(int, parts)), "deaths_high": int(row["deaths_high"]),
            }  # fmt: skip
    precisions = {"1": "day", "2": "days", "3": "week", "4": "month", "5": "year"}
    with (UCDP / "GEDEvent_v23_0_10.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "dataset": "ged", "source_id": row["id"], "country": row["country"], "admin1": row["adm_1"] or None,
                "date_start": dt.date.fromisoformat(row["date_start"][:10]),
                "date_end": dt.date.fromisoformat(row["date_end"][:10]), "date_precision": precisions[row["date_prec"]],
                "admin2": row["adm_2"] or None,
                "latitude": float(row["latitude"]), "longitude": float(row["longitude"]),
                "side_a": row["side_a"], "side_b": row["side_b"], "violence_type": row["type_of_violence"],
                "deaths_low": int(row["low"]), "deaths_best": int(row["best"]), "deaths_high": int(row["high"]),
            }  # fmt: skip


@pytest.fixture(scope="module")
def ucdp(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    if not UCDP.is_dir():
        pytest.skip(f"{UCDP} is not here")
    rows = list(ucdp_rows())
    path = tmp_path_factory.mktemp("ucdp") / "events.parquet"
    assert write_table(path, TableKind.EVENTS, rows, metadata={}) == len(rows) > 13_000
    return path, rows


def test_both_engines_measure_the_whole_ucdp_data_alike(
    duck: Engine, spark: Engine, ucdp: tuple[Path, list[dict[str, Any]]]
) -> None:
    path, rows = ucdp
    for by in (["month", "admin1", "actor"], ["year", "admin2", "dataset"], ["week", "violence_type"], ["actor"]):
        one, other = (engine.collect(event_measures(engine.scan("e", path), by=by)) for engine in (duck, spark))
        assert one == other
        columns = [column for name in by for column in DIMENSIONS[name]]
        assert gathered(one, *columns) == {group: tuple(total) for group, total in recounted(rows, by).items()}
        one, other = (engine.collect(event_checks(engine.scan("e", path), by=by)) for engine in (duck, spark))
        assert one == other
        assert one[0]["reversed_bounds"] == sum(row["deaths_low"] > row["deaths_high"] for row in rows) > 0


def test_both_engines_sum_floats_alike(duck: Engine, spark: Engine, ucdp: tuple[Path, list[dict[str, Any]]]) -> None:
    path, _ = ucdp
    found = []
    for engine in (duck, spark):
        events = engine.scan("e", path)
        by_side = events.group_by("side_a").aggregate(
            total=events.latitude.sum(), mean=events.longitude.mean(), spread=events.latitude.std()
        )
        found.append(engine.collect(by_side, order_by=["side_a"]))
    assert [row["side_a"] for row in found[0]] == [row["side_a"] for row in found[1]]
    for one, other in zip(*found, strict=True):
        for name in ("total", "mean", "spread"):
            assert one[name] == (None if other[name] is None else pytest.approx(other[name], rel=1e-9, abs=1e-9))
