"""Panels of events against counts in plain Python, and what is zero, what is empty, and what is refused."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.evidence import parquet_rows, read_rows, write_table
from marsad.forecast import PanelColumns, month_number, read_panel
from marsad.forecast.months import month_text
from marsad.model import TableKind
from marsad.workbench import EngineChoice, ImportOptions, import_file, read_connector
from marsad.workbench.event_panel import COUNTS, EventPanel, PanelRequest, event_panel, summary_of
from marsad.workbench.forecast_files import backtest_file
from marsad.workbench.panel_files import PANEL_COLUMNS, write_panel
from marsad.workbench.panel_units import UNITS
from marsad.workbench.reconciling import reconcile_tables

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ucdp"
COLUMNS = PanelColumns("unit", "month", "value", "vintage")
FINE = {None, "day", "days", "week", "month"}
Row = Mapping[str, Any]
MakeTable = Callable[..., Path]


@pytest.fixture(scope="module")
def ged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported("ged_v23_1_sample.csv", "ucdp-ged", tmp_path_factory.mktemp("ged"))


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported("GEDEvent_v23_0_10.csv", "ucdp-candidate", tmp_path_factory.mktemp("candidate"))


def imported(name: str, connector: str, folder: Path) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    options = ImportOptions(version="1", retrieved_at="2026-01-01")
    import_file(read_connector(connector, path), path, folder / "events.parquet", options=options)
    return folder / "events.parquet"


def units_of(row: Row, unit: str) -> list[str]:
    """The units that a record counts under, without the program; names differ by more than spaces."""
    row = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in row.items()}
    sides = [row["side_a"], row["side_b"]]
    if unit == "actor":
        return sorted({side for side in sides if side is not None})
    if unit == "dyad":
        return [] if None in sides else [" - ".join(sorted(sides))]
    if unit not in ("admin1", "admin2"):
        return [] if row[unit] is None else [row[unit]]
    parts = [row[name] for name in ("country", "admin1", "admin2")[: 2 if unit == "admin1" else 3]]
    return [] if parts[-1] is None else ["/".join("?" if part is None else part for part in parts)]


def count_of(row: Row, count: str) -> int | None:
    if count == "records":
        return 1
    if count == "events":
        return 1 if row["events"] is None else int(row["events"])
    low, best, high = (row[f"deaths_{name}"] for name in ("low", "best", "high"))
    low = best if low is None else low
    high = best if high is None else high
    high = low if high is None else high
    if low is not None and high is not None and low > high:
        low, high = high, low
    found = {"deaths": best, "deaths-low": low, "deaths-high": high}[count]
    return None if found is None else int(found)


def brute(rows: Sequence[Row], unit: str, count: str) -> dict[tuple[str, str], float | None]:
    """The cells that have a record: their counts, None where no record states one."""
    cells: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    for row in rows:
        if row["date_start"] is not None and row["date_precision"] in FINE:
            for name in units_of(row, unit):
                cells[name, row["date_start"].isoformat()[:7]].append(count_of(row, count))
    return {
        cell: None if all(value is None for value in found) else sum(value for value in found if value is not None)
        for cell, found in cells.items()
    }


def check_against(made: EventPanel, expected: Mapping[tuple[str, str], float | None]) -> None:
    """Every cell of a panel whose months are all covered."""
    assert made.units == tuple(sorted({unit for unit, _ in expected}))
    for row, unit in enumerate(made.units):
        for column, month in enumerate(range(made.first, made.last + 1)):
            value = expected.get((unit, month_text(month)), 0)
            assert made.values[row, column] == value or (value is None and np.isnan(made.values[row, column]))
    inside = [month for _, month in expected if month_text(made.first) <= month <= month_text(made.last)]
    assert len(inside) == len(expected)


@pytest.fixture(scope="module")
def ged_rows(ged: Path) -> list[dict[str, Any]]:
    return list(read_rows(ged))


@pytest.mark.parametrize(
    ("unit", "count"), [*((unit, "deaths") for unit in UNITS), ("admin1", "deaths-low"), ("dyad", "events")]
)
def test_real_records_are_counted_as_plain_python_counts_them(
    ged: Path, ged_rows: list[dict[str, Any]], unit: str, count: str
) -> None:
    rows = ged_rows
    made = event_panel([ged], PanelRequest(unit=unit, count=count))
    check_against(made, brute(rows, unit, count))
    months = [row["date_start"].isoformat()[:7] for row in rows if row["date_precision"] in FINE]
    assert summary_of(made)["months"] == [min(months), max(months)]
    assert made.checks["undated"] == sum(row["date_precision"] not in FINE for row in rows) == 14
    spanning = [row for row in rows if row["date_start"].isoformat()[:7] != row["date_end"].isoformat()[:7]]
    assert made.checks["spanning"] == sum(row["date_precision"] in FINE for row in spanning)
    said = " ".join(notice.told for notice in made.notices)
    assert "14 records dated less closely than to a month" in said
    assert ("actors do not add up" in said) == (unit == "actor")
    assert ("groups that were yet to come" in said) == (unit in ("actor", "dyad", "side_a", "side_b"))
    nowhere = sum(not units_of(row, unit) for row in rows if row["date_precision"] in FINE)
    assert (f"{nowhere} records stating no {unit}" in said) == (nowhere > 0)


def test_the_months_of_a_country_are_those_of_its_own_records(candidate: Path) -> None:
    rows = [row for row in read_rows(candidate) if row["country"] == "PAK"]
    made = event_panel([candidate], PanelRequest(unit="admin2", count="records", countries=frozenset({"PAK"})))
    check_against(made, brute(rows, "admin2", "records"))
    assert set(made.parents) == {"PAK"}
    assert all(unit.startswith("PAK/") for unit in made.units)


@pytest.mark.parametrize("unit", ["admin1", "dyad", "kind"])
def test_units_with_the_rest_add_up_to_the_country(ged: Path, unit: str) -> None:
    countries = frozenset({"AFG"})
    whole = event_panel([ged], PanelRequest(countries=countries))
    parts = event_panel([ged], PanelRequest(unit=unit, countries=countries, rest=True))
    assert np.array_equal(parts.values.sum(axis=0), whole.values[0])
    assert set(parts.parents) == {"AFG"}
    actors = event_panel([ged], PanelRequest(unit="actor", countries=countries))
    assert actors.values.sum() > whole.values.sum()
    assert set(actors.parents) == {""}


def test_every_engine_gives_the_same(ged: Path) -> None:
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("Spark needs pyspark and Java")
    asked = PanelRequest(unit="actor", countries=frozenset({"AFG", "PAK"}), groups_only=True)
    one = event_panel([ged], asked)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pyspark's own start
        other = event_panel([ged], replace(asked, engine=EngineChoice("spark", "local[1]", "1GB")))
    assert np.array_equal(one.values, other.values)
    assert replace(one.request, engine=other.request.engine) == other.request
    for name in ("units", "parents", "first", "vintages", "checks", "notices"):
        assert getattr(one, name) == getattr(other, name)


def record(day: str, **given: Any) -> dict[str, Any]:
    return {"date_start": day, "date_precision": "day", "country": "PAK", "admin1": "North", "deaths_best": 1} | given


def cells(made: EventPanel) -> dict[tuple[str, str], float | None]:
    months = range(made.first, made.last + 1)
    return {
        (unit, month_text(month)): None if np.isnan(value) else float(value)
        for unit, row in zip(made.units, made.values, strict=True)
        for month, value in zip(months, row, strict=True)
    }


def told(made: EventPanel) -> str:
    return " | ".join(notice.told for notice in made.notices)


def test_zero_empty_and_not_stated_are_three_things(event_table: MakeTable) -> None:
    rows = [
        record("2020-01-05", deaths_best=3),
        record("2020-02-05", deaths_best=None),
        record("2020-03-05", deaths_best=None),
        record("2020-03-06", deaths_best=2),
        record("2020-05-05", deaths_best=0),
        record("2020-05-31", country="IND", deaths_best=9),
    ]
    table = event_table("a", rows)
    made = event_panel([table], PanelRequest(countries=frozenset({"PAK"})))
    assert list(cells(made).values()) == [3, None, 2, 0, 0]
    assert "2 records without an estimate of deaths, which is not zero: 1 cell with no other record" in told(made)
    assert list(cells(event_panel([table], PanelRequest(count="events"))).values())[5:] == [1, 1, 2, 0, 1]
    low = event_panel([event_table("b", [record("2020-01-05", deaths_best=None, deaths_low=4)])], PanelRequest())
    assert np.isnan(low.values).all()
    table = event_table("c", [record("2020-01-05", deaths_best=None, deaths_low=4)])
    assert event_panel([table], PanelRequest(count="deaths-low")).values.tolist() == [[4]]


def test_a_span_that_is_named_is_covered(event_table: MakeTable) -> None:
    table = event_table("a", [record("2020-03-05"), record("2020-05-05"), record("2020-12-01", date_precision="year")])
    whole = event_panel([table], PanelRequest(since=month_number(2020, 1), until=month_number(2020, 8)))
    assert [*cells(whole).values()] == [0, 0, 1, 0, 1, 0, 0, 0]
    assert "first to the last record" not in told(whole)
    assert "1 record dated less closely" not in told(whole), "it is outside of the span"
    cut = event_panel([table], PanelRequest(since=month_number(2020, 4)))
    assert [*cells(cut).values()] == [0, 1]
    assert "1 record dated less closely" in told(cut)
    assert "name --since and --until" in told(cut)
    with pytest.raises(InputError, match="--since 2020-05 is after --until 2020-04"):
        event_panel([table], PanelRequest(since=month_number(2020, 5), until=month_number(2020, 4)))
    with pytest.raises(InputError, match="no record in AFG is dated to a month"):
        event_panel([table], PanelRequest(countries=frozenset({"AFG"})))


def test_months_between_releases_are_empty(event_table: MakeTable) -> None:
    old = event_table("old", [record("2020-01-05", dataset="d"), record("2020-02-05", dataset="d")])
    new = event_table("new", [record("2020-05-05", dataset="d", source_id="9", country="IND")])
    made = event_panel([old, new], PanelRequest(until=month_number(2020, 7), countries=frozenset({"PAK"})))
    assert [*cells(made).values()] == [1, 1, None, None, 0, 0, 0]
    assert "2 months not covered, left empty: 2020-03 to 2020-04" in told(made)
    assert made.vintages == ("", "d old", "d new")
    assert made.vintage.tolist() == [[1, 1, 0, 0, 2, 2, 2]]


def test_nothing_is_counted_twice(event_table: MakeTable) -> None:
    one = event_table("one", [record("2020-01-05", source_id="x")])
    other = event_table("other", [record("2020-01-05", source_id="y")])
    with pytest.raises(InputError, match=r"several datasets \(one, other\).*--dataset one.*--reconciled.*--unit"):
        event_panel([one, other], PanelRequest())
    assert event_panel([one, other], PanelRequest(datasets=frozenset({"one"}))).values.tolist() == [[1]]
    apart = event_panel([one, other], PanelRequest(unit="dataset"))
    assert apart.units == ("one", "other")
    again = event_table("again", [record("2020-01-05", source_id="x", dataset="one")])
    with pytest.raises(InputError, match="releases again and one of one share 1 event"):
        event_panel([one, again], PanelRequest())
    for same in (one, one.parent / "." / one.name, Path(shutil.copy(one, one.with_name("copy.parquet")))):
        with pytest.raises(InputError, match="the tables hold 1 record of one more than once"):
            event_panel([one, same], PanelRequest())
    later = event_table("later", [record("2020-02-05", source_id="z", dataset="one")])
    assert event_panel([one, later], PanelRequest()).values.tolist() == [[1, 1]]


def test_each_dataset_is_empty_outside_its_own_months(event_table: MakeTable) -> None:
    one = event_table("one", [record("2020-01-05"), record("2020-03-05")])
    other = event_table("other", [record("2020-02-05"), record("2020-04-05")])
    made = event_panel([one, other], PanelRequest(unit="dataset", since=month_number(2019, 12)))
    assert made.values[:, 1:-1].tolist()[0][:3] == [1, 0, 1]
    assert np.isnan(made.values[0]).tolist() == [True, False, False, False, True]
    assert np.isnan(made.values[1]).tolist() == [True, True, False, False, False]
    assert "outside its own first and last month" in told(made)


def test_reconciled_tables_count_each_event_once(event_table: MakeTable, tmp_path: Path) -> None:
    place = {"latitude": 34.0, "longitude": 71.5, "place_precision": "point", "kind": "explosion", "place": "Town"}
    bomb = record("2020-01-05", text="A bomb in the market of Town", side_a="Group", **place)
    rows = [bomb, record("2020-03-05", deaths_best=7, text="Shots", side_a="Others", **place)]
    one = event_table("one", rows)
    other = event_table("other", [bomb | {"deaths_best": 2}, record("2020-02-20", text="Fire", latitude=25.0)])
    tail = event_table("tail", [record("2020-03-09")])
    folder = tmp_path / "matched"
    reconcile_tables([one, other], folder)
    made = event_panel([one, other], PanelRequest(reconciled=folder, count="records"))
    counted = event_panel([one, other], PanelRequest(reconciled=folder))
    assert [*cells(made).values()] == [1, 1], "both cover January and February only"
    assert [*cells(counted).values()] == [1, 1], "of the bomb the record of the first table"
    assert [*cells(event_panel([other, one], PanelRequest(reconciled=folder))).values()] == [2, 1]
    wide = PanelRequest(reconciled=folder, until=month_number(2020, 3))
    assert [*cells(event_panel([one, other], wide)).values()] == [1, 1, None]
    assert "only 2020-01 to 2020-02 are counted: every dataset covers them" in told(made)
    assert "1 record of events that another record stands for already" in told(made)
    with pytest.raises(InputError, match=r"clusters\.csv does not hold 1 record of these tables"):
        event_panel([one, other, tail], PanelRequest(reconciled=folder))
    with pytest.raises(InputError, match=r"clusters\.csv: there is no such file; `marsad reconcile"):
        event_panel([one, other], PanelRequest(reconciled=tmp_path))
    (tmp_path / "clusters.csv").write_text("cluster,id\n1,2\n")
    with pytest.raises(InputError, match=r"clusters\.csv: no column dataset"):
        event_panel([one, other], PanelRequest(reconciled=tmp_path))
    with pytest.raises(InputError, match="--reconciled belongs"):
        event_panel([one, other], PanelRequest(reconciled=folder, unit="dataset"))


def test_a_group_that_was_not_there_yet_is_empty(event_table: MakeTable) -> None:
    rows = [record("2020-01-05", side_a="A", side_b="B"), record("2020-03-05", side_a="B", side_b="C")]
    made = event_panel([event_table("a", rows)], PanelRequest(unit="dyad", from_first=True))
    assert [*cells(made).values()] == [1, 0, 0, None, None, 1]


def test_victims_are_no_group(event_table: MakeTable) -> None:
    rows = [
        record("2020-01-05", side_a="A", side_b="People", violence_type="one_sided"),
        record("2020-01-05", side_a="B", side_b="Others", kind="violence_against_civilians"),
        record("2020-01-05", side_a="A", side_b="B", kind="battle"),
    ]
    table = event_table("a", rows)
    assert event_panel([table], PanelRequest(unit="actor", groups_only=True)).units == ("A", "B")
    assert event_panel([table], PanelRequest(unit="actor")).units == ("A", "B", "Others", "People")


def test_names_that_differ_by_spaces_or_hold_a_slash(event_table: MakeTable) -> None:
    rows = [
        record("2020-01-05", admin1="North  West "),
        record("2020-01-06", admin1="North West"),
        record("2020-01-07", admin1="A/B"),
        record("2020-01-08", admin1=" "),
        record("2020-01-09", admin1="Lone", country=None),
    ]
    made = event_panel([event_table("a", rows)], PanelRequest(unit="admin1"))
    assert cells(made) == {("?/Lone", "2020-01"): 1, ("PAK/A//B", "2020-01"): 1, ("PAK/North West", "2020-01"): 2}
    assert "1 record stating no admin1: in no unit; --rest" in told(made)
    kept = event_panel([event_table("b", rows)], PanelRequest(unit="admin1", rest=True))
    assert cells(kept)["PAK/?", "2020-01"] == 1
    with pytest.raises(InputError, match="more than 500 characters"):
        event_panel([event_table("c", [record("2020-01-05", side_a="x" * 600)])], PanelRequest(unit="side_a"))


def test_a_last_month_that_is_not_over_is_told(event_table: MakeTable) -> None:
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=n) for n in range(370)]
    rows = [record(day.isoformat(), source_id=str(n)) for n, day in enumerate(days)]
    table = event_table("a", rows)
    assert "2021-01 may be incomplete: the last record is of 2021-01-04" in told(event_panel([table], PanelRequest()))
    until = PanelRequest(until=month_number(2020, 12))
    assert "incomplete" not in told(event_panel([table], until))
    late = event_table("b", rows[-5:])
    assert "2020-12 may be" not in told(event_panel([late], PanelRequest())), "too few to tell"
    first = event_table("c", [record("2019-12-31", source_id="first"), *rows[:-5]])
    assert "2019-12 may be incomplete: 1 record" in told(event_panel([first], PanelRequest()))
    fetched = tmp_fetched(table, "2021-01-20")
    assert "fetched on 2021-01-20, before 2021-01 was over" in told(event_panel([fetched], PanelRequest()))


def tmp_fetched(table: Path, day: str) -> Path:
    path = table.with_name("fetched.parquet")
    release = {"id": "a", "dataset": "a", "version": "7", "retrieved_at": day}
    write_table(path, TableKind.EVENTS, read_rows(table), metadata={"release": release})
    return path


def test_the_version_is_that_of_the_release(event_table: MakeTable) -> None:
    made = event_panel([tmp_fetched(event_table("a", [record("2020-01-05")]), "2021-01-01")], PanelRequest())
    assert made.vintages == ("", "a 7")
    assert made.panel().vintages == ("a 7",)


def test_what_cannot_be_a_panel_is_refused(event_table: MakeTable, tmp_path: Path) -> None:
    table = event_table("a", [record("2020-01-05", admin1=None)])
    for asked, message in (
        (PanelRequest(unit="village"), "--unit 'village': the units of a panel are country, admin1"),
        (PanelRequest(count="wounded"), "--count 'wounded': a panel counts deaths, deaths-low"),
        (PanelRequest(unit="admin1"), "no record that is dated to a month states its admin1"),
    ):
        with pytest.raises(InputError, match=message):
            event_panel([table], asked)
    with pytest.raises(InputError, match=r"none\.parquet: there is no such file; `marsad import`"):
        event_panel([tmp_path / "none.parquet"], PanelRequest())
    figures = tmp_path / "figures.parquet"
    write_table(figures, TableKind.FIGURES, [], metadata={"release": {}})
    with pytest.raises(InputError, match="a table of figures; a panel is made of events"):
        event_panel([figures], PanelRequest())
    with pytest.raises(InputError, match="PAK has -3 in 2020-01, which is no count"):
        event_panel([event_table("b", [record("2020-01-05", deaths_best=-3)])], PanelRequest())
    with pytest.raises(InputError, match="no record is dated to a month"):
        event_panel([event_table("c", [])], PanelRequest())


@pytest.mark.parametrize("name", ["panel.parquet", "panel.csv"])
def test_a_written_panel_is_read_as_it_was(event_table: MakeTable, tmp_path: Path, name: str) -> None:
    rows = [record("2020-01-05", deaths_best=None), record("2020-03-05"), record("2020-02-05", admin1="=South")]
    made = event_panel([event_table("a", rows)], PanelRequest(unit="admin1"))
    path = tmp_path / name
    write_panel(made, path)
    read, own = read_panel(path, COLUMNS), made.panel()
    assert (read.units, read.first, read.vintages) == (own.units, own.first, own.vintages)
    assert np.array_equal(read.values, own.values, equal_nan=True)
    assert np.array_equal(read.vintage, own.vintage)
    before = path.read_bytes()
    write_panel(made, path)
    assert path.read_bytes() == before
    if name.endswith("parquet"):
        first = next(parquet_rows(path))
        assert list(first) == list(PANEL_COLUMNS)
        assert first == {"unit": "PAK/=South", "parent": "PAK", "month": "2020-01", "value": 0, "vintage": "a"}
    else:
        assert before.decode().splitlines()[0] == "unit,parent,month,value,vintage"
    with pytest.raises(InputError, match=r"written as \.parquet or \.csv"):
        write_panel(made, tmp_path / "panel.txt")


@pytest.mark.parametrize(("model", "new"), [("empirical", True), ("bootstrap", True), ("bootstrap", False)])
def test_events_after_the_origin_change_no_draw(
    ged_rows: list[dict[str, Any]], tmp_path: Path, model: str, *, new: bool
) -> None:
    """Later records have other deaths, and other units too: those are unknown where units are empty at first."""
    origin = dt.date(2018, 6, 30)
    changes: dict[str, Any] = {"deaths_best": 10_000, "deaths_high": 20_000}
    poisoned = [
        row | changes | ({"admin1": f"New {row['admin1']}"} if new else {}) if row["date_start"] > origin else row
        for row in ged_rows
    ]
    files = []
    for name, held in (("true", ged_rows), ("poisoned", poisoned)):
        table, panel, draws = (tmp_path / f"{name}.{kind}.parquet" for kind in ("table", "panel", "draws"))
        write_table(table, TableKind.EVENTS, held, metadata={"release": {"id": "a", "dataset": "a", "version": "1"}})
        made = event_panel([table], PanelRequest(unit="admin1", from_first=new))
        write_panel(made, panel)
        done = backtest_file(panel, COLUMNS, draws, origins=["2018-06"], steps=[1, 2, 3], model=model, draws=20)
        assert done.units > 100
        files.append((panel.read_bytes(), draws.read_bytes()))
    assert files[0][0] != files[1][0]
    assert files[0][1] == files[1][1]


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 6, 30))
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "date_start": DAYS,
            "date_precision": st.sampled_from(["day", "month", "year", None]),
            "country": st.sampled_from(["PAK", "AFG", None]),
            "admin1": st.sampled_from(["North", "South", None]),
            "admin2": st.sampled_from(["East", None]),
            "side_a": st.sampled_from(["A", "B", None]),
            "side_b": st.sampled_from(["A", "B", "C", None]),
            "deaths_low": st.sampled_from([None, 0, 5]),
            "deaths_best": st.sampled_from([None, 0, 3]),
            "deaths_high": st.sampled_from([None, 4]),
            "events": st.sampled_from([None, 2]),
        }
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=RECORDS, unit=st.sampled_from(["country", "admin2", "actor", "dyad"]), count=st.sampled_from([*COUNTS]))
def test_any_records_are_counted_as_plain_python_counts_them(
    tmp_path: Path, rows: list[dict[str, Any]], unit: str, count: str
) -> None:
    named = [
        {
            "record": str(n),
            "dataset": "a",
            "release": "a",
            "source_id": str(n),
            "kind": None,
            "date_end": row["date_start"],
        }
        | row
        for n, row in enumerate(rows)
    ]
    write_table(tmp_path / "any.parquet", TableKind.EVENTS, named, metadata={"release": {"id": "a", "dataset": "a"}})
    expected, asked = brute(named, unit, count), PanelRequest(unit=unit, count=count)
    if expected:
        check_against(event_panel([tmp_path / "any.parquet"], asked), expected)
    else:
        with pytest.raises(InputError):
            event_panel([tmp_path / "any.parquet"], asked)
