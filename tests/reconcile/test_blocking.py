"""Blocking finds exactly the pairs that its rule allows, whatever the dates, places and radii."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.evidence.engine import Engine, open_engine
from marsad.reconcile import aggregates, blocking
from marsad.reconcile.blocking import EARTH_KM, Rule
from marsad.reconcile.comparing import compare
from marsad.reconcile.density import choose_rule, expected_pairs
from marsad.reconcile.features import numeric
from marsad.reconcile.sides import Side, read_side

DAY = date(2020, 1, 1)
TYPES = {
    "record": pa.string(),
    "date_start": pa.date32(),
    "date_end": pa.date32(),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "radius_km": pa.float64(),
    "place_precision": pa.string(),
    "country": pa.string(),
    "deaths_best": pa.int64(),
    "injured": pa.int64(),
}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    columns = {name: pa.array([row.get(name) for row in rows], kind) for name, kind in TYPES.items()}
    pq.write_table(pa.table(columns), path)
    return path


def random_rows(rng: np.random.Generator, count: int, name: str) -> list[dict[str, Any]]:
    rows = []
    for number in range(count):
        start = DAY + timedelta(days=int(rng.integers(0, 60)))
        span = int(rng.choice([0, 0, 0, 1, 6, 30, 100, 400]))
        located = rng.random() < 0.8
        rows.append(
            {
                "record": f"{name}{number:04d}",
                "date_start": None if rng.random() < 0.03 else start,
                "date_end": start + timedelta(days=span),
                "latitude": rng.uniform(-60, 70) if rng.random() < 0.2 else rng.uniform(-2, 2) if located else None,
                "longitude": rng.uniform(-180, 180)
                if rng.random() < 0.2
                else float(rng.choice([-179.0, 179.0])) + rng.uniform(-1, 1),
                "radius_km": (None, 0.0, 25.0, 150.0, 400.0, 2000.0)[rng.integers(6)],
                "place_precision": "country" if rng.random() < 0.1 else None,
                "country": (None, "AAA", "AAA", "BBB", "BBB", "CCC")[rng.integers(6)],
                "deaths_best": None if rng.random() < 0.1 else int(rng.integers(0, 9)),
                "injured": None if rng.random() < 0.5 else int(rng.integers(0, 9)),
            }
        )
        if rows[-1]["date_start"] is None:
            rows[-1]["date_end"] = None
    return rows


def kilometres(a: dict[str, Any], b: dict[str, Any]) -> float:
    x, y = math.radians(a["latitude"]), math.radians(b["latitude"])
    across = math.radians(b["longitude"] - a["longitude"])
    chord = math.sin((y - x) / 2) ** 2 + math.cos(x) * math.cos(y) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(math.sqrt(chord), 1.0))


def allowed(a: dict[str, Any], b: dict[str, Any], rule: Rule) -> bool:
    if a["date_start"] is None or b["date_start"] is None:
        return False
    if (max(a["date_start"], b["date_start"]) - min(a["date_end"], b["date_end"])).days > rule.days:
        return False
    if has_place(a) and has_place(b):
        return kilometres(a, b) <= rule.km + (a["radius_km"] or 0.0) + (b["radius_km"] or 0.0)
    return a["country"] is None or b["country"] is None or a["country"] == b["country"]


def found(engine: Engine, left: Side, right: Side, rule: Rule) -> list[tuple[int, int]]:
    batches = blocking.pair_batches(engine, left.extent, right.extent, rule)
    return sorted(pair for ends in batches for pair in zip(ends[0].tolist(), ends[1].tolist(), strict=True))


@pytest.mark.parametrize(
    ("seed", "rule"), [(1, Rule(5, 200.0)), (2, Rule(0, 20.0)), (3, Rule(2, 60.0)), (4, Rule(9, 4000.0))]
)
def test_finds_exactly_what_the_rule_allows(tmp_path: Path, seed: int, rule: Rule) -> None:
    rng = np.random.default_rng(seed)
    rows = [random_rows(rng, 150, "a"), random_rows(rng, 150, "b")]
    with open_engine() as engine:
        sides = [read_side(engine, write(tmp_path / f"{n}.parquet", r)) for n, r in zip("ab", rows, strict=True)]
        pairs = found(engine, sides[0], sides[1], rule)
    wanted = [(i, j) for i, a in enumerate(rows[0]) for j, b in enumerate(rows[1]) if allowed(a, b, rule)]
    assert len(wanted) > 100
    assert pairs == wanted


@pytest.mark.parametrize("itself", [False, True])
def test_many_small_joins_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, itself: bool) -> None:
    rng = np.random.default_rng(6)
    paths = [write(tmp_path / f"{name}.parquet", random_rows(rng, 200, name)) for name in "ab"]
    with open_engine() as engine:
        left, right = (read_side(engine, path) for path in paths)
        ends = (left, left) if itself else (left, right)
        wanted = found(engine, *ends, Rule(3, 150.0))
        monkeypatch.setattr(blocking, "_SINGLE_ROWS", 7)
        monkeypatch.setattr(blocking, "_ROWS", 25)
        assert found(engine, *ends, Rule(3, 150.0)) == wanted
        joins = list(blocking._tables(ends[0].extent, ends[1].extent, Rule(3, 150.0)))
    assert len(wanted) > 100
    assert len(joins) > 10


def test_the_packaged_sql_is_what_the_expression_compiles_to() -> None:
    assert blocking.JOIN.sql() == blocking.JOIN.generated(), "make it anew: python benchmarks/reconcile.py sql"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("pairs", [50, 2_000_000])
def test_totals_are_those_whose_parts_add_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, pairs: int
) -> None:
    monkeypatch.setattr(aggregates, "_MOST_PAIRS", pairs)
    rng = np.random.default_rng(seed)
    wholes, parts = random_rows(rng, 150, "a"), random_rows(rng, 400, "b")
    wanted = []
    for number, whole in enumerate(wholes):
        inside = [place for place, part in enumerate(parts) if is_inside(part, whole)]
        off = int(rng.choice([0, 0, 1]))
        whole["deaths_best"] = sum(parts[place]["deaths_best"] or 0 for place in inside) + off
        if len(inside) >= 2 and whole["deaths_best"] > 0 and not off and number % 10:
            wanted += [(number, place) for place in inside]
    with open_engine() as engine:
        left, right = (
            read_side(engine, write(tmp_path / f"{name}.parquet", rows)) for name, rows in (("a", wholes), ("b", parts))
        )
    told = aggregates.parts_of_totals(left, right, np.arange(0, 150, 10))
    assert list(zip(told[0].tolist(), told[1].tolist(), strict=True)) == wanted
    assert len(wanted) > 100


def is_inside(part: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether a record lies within the days and the area of one that is known to the month or worse."""
    if None in (part["date_start"], whole["date_start"], part["country"]) or part["country"] != whole["country"]:
        return False
    days = (whole["date_end"] - whole["date_start"]).days + 1
    vague = days >= 28 or (days >= 7 and not has_place(whole))
    if not vague or part["date_start"] < whole["date_start"] or part["date_end"] > whole["date_end"]:
        return False
    reach = 25 + (whole["radius_km"] or 0.0) + (part["radius_km"] or 0.0)
    return not has_place(whole) or (has_place(part) and kilometres(part, whole) <= reach)


def has_place(row: dict[str, Any]) -> bool:
    known = row["latitude"] is not None and -180 <= row["longitude"] <= 180 and row["place_precision"] != "country"
    return known and (row["radius_km"] or 0.0) <= 500


def test_dense_cells_are_compared_by_a_narrower_rule(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    rows = [
        {
            "record": f"{number:05d}",
            "date_start": DAY + timedelta(days=int(rng.integers(0, 30))),
            "latitude": rng.uniform(0, 4),
            "longitude": rng.uniform(0, 4),
            "country": "AAA",
        }
        for number in range(4000)
    ]
    with open_engine() as engine:
        side = read_side(engine, write(tmp_path / "a.parquet", rows))
        rule, expected = choose_rule(side, side)
        widest = expected_pairs(side, side, Rule(5, 200.0))
        exact = len(found(engine, side, read_side(engine, tmp_path / "a.parquet"), rule))
    assert rule.days < 5
    assert widest > 1_000_000
    assert 0.5 < expected / exact < 2.0


def test_a_table_with_itself_gives_each_pair_once(tmp_path: Path) -> None:
    rows = random_rows(np.random.default_rng(4), 80, "a")
    rule = Rule(3, 100.0)
    with open_engine() as engine:
        side = read_side(engine, write(tmp_path / "a.parquet", rows))
        pairs = compare(engine, side, side, rule=rule)
    wanted = [(i, j) for i in range(80) for j in range(i + 1, 80) if allowed(rows[i], rows[j], rule)]
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == wanted


def test_numeric_features(tmp_path: Path) -> None:
    here = {"latitude": 1.0, "longitude": 1.0, "radius_km": 5.0, "country": "AAA"}
    a = {"record": "a", "date_start": DAY, "date_end": DAY, "deaths_best": 3, "injured": 4, **here}
    b = {"record": "b", "date_start": DAY + timedelta(2), "date_end": DAY + timedelta(8), "deaths_best": 7, **here}
    with open_engine() as engine:
        sides = [read_side(engine, write(tmp_path / f"{n}.parquet", [r])) for n, r in (("a", a), ("b", b))]
    row = {
        name: values[0] for name, values in numeric(sides[0], sides[1], (np.zeros(1, int), np.zeros(1, int))).items()
    }
    assert row["days"] == pytest.approx(math.log(3))
    assert row["span"] == pytest.approx(math.log(7))
    assert row["km"] == row["far"] == 0.0
    assert row["killed"] == pytest.approx(math.log(8 / 4))
    assert row["killed_both"] == pytest.approx(math.log(4))
    assert math.isnan(row["harmed"])


@pytest.mark.parametrize("years", [1, 30, 200])
def test_a_date_of_many_years_meets_all_that_lies_in_it_once(tmp_path: Path, years: int) -> None:
    here = {"latitude": 1.0, "longitude": 1.0, "country": "AAA"}
    end = date(1900 + years, 1, 1)
    long = {"record": "a", "date_start": date(1900, 1, 1), "date_end": end, **here}
    days = [date(1890, 1, 1) + timedelta(40 * n) for n in range(900)]
    rows = [{"record": f"b{n:03d}", "date_start": day, "date_end": day, **here} for n, day in enumerate(days)]
    with open_engine() as engine:
        sides = [read_side(engine, write(tmp_path / f"{n}.parquet", r)) for n, r in (("a", [long]), ("b", rows))]
        pairs = found(engine, sides[0], sides[1], Rule(1, 20.0))
    wanted = [n for n, day in enumerate(days) if date(1899, 12, 31) <= day <= end + timedelta(1)]
    assert pairs == [(0, n) for n in wanted]
