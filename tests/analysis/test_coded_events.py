"""Which coded events are counted, where they are placed, and that nothing gets lost or counts twice."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.analysis import Inputs, run_analysis
from marsad.analysis.coded import EventParameters, bucket_of, buckets, select
from marsad.model import CheckStatus, Date, Evidence, Finding, Statement, Table, plain

from .samples import ACTORS, EVIDENCE, INPUTS, PLACES, SOURCES, event

DATES = ["2022-07-30", "2022-07", "2022", "2023-01-01", "2021/2023", "2022-11/..", "2030", "../2022", "2022-07~", ""]


def _rows(table: Table) -> dict[str, list[str]]:
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}


def _text(finding: Finding) -> str:
    return " ".join(plain(passage) for passage in finding.text)


def test_the_selection_leaves_out_stages_other_kinds_and_other_times() -> None:
    chosen = select(INPUTS, EventParameters())
    assert [found.subject for found in chosen.inside] == ["market", "bridge", "gate"]
    assert [found.subject for found in chosen.undated] == ["undated"]
    assert [found.subject for found in chosen.outside] == ["old"]
    assert chosen.stages == 1
    assert chosen.reports == 5


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("2022-07-30", "2022", "2022-07"),
        ("2022-07", "2022", "2022-07"),
        ("2022", "2022", None),
        ("2022-08-07/2022-08-08", "2022", "2022-08"),
        ("2022-12-31/2023-01-01", None, None),
        ("2022-11/..", None, None),
        ("2022-07~", "2022", None),
        ("202X", None, None),
    ],
)
def test_a_date_lies_in_one_year_or_month_only_if_it_must(text: str, year: str | None, month: str | None) -> None:
    assert bucket_of(Date.parse(text), "year") == year
    assert bucket_of(Date.parse(text), "month") == month


def test_an_event_with_two_years_stands_in_the_earlier_one_with_a_mark() -> None:
    bridge = next(found for found in select(INPUTS, EventParameters()).inside if found.subject == "bridge")
    assert buckets(bridge, "year", INPUTS.period) == ("2022", "2023")
    assert buckets(bridge, "year", Date.parse("2023")) == ("2023",)
    finding = run_analysis("events-by-year", INPUTS, {})
    assert _rows(finding.tables[0]) == {
        "2022": ["2*", "4", "74–84+", "0"],
        "2023": ["1", "1", "5+", "0"],
        "Total": ["3", "5", "79–89+", "0"],
    }
    assert "Bridge" in finding.tables[0].note
    assert finding.checks[0].status is CheckStatus.FAIL
    assert "a selection and not a register" in finding.tables[0].note
    assert "a selection" not in _text(finding)


def test_what_has_no_month_is_counted_apart() -> None:
    rows = _rows(run_analysis("events-by-month", INPUTS, {}).tables[0])
    assert list(rows) == ["Jul 2022", "Dec 2022", "not placed in one month", "Total"]
    assert rows["not placed in one month"][0] == "1"
    assert rows["Total"][0] == "3"


def test_deaths_of_victims_by_class_are_a_lower_bound_of_the_toll() -> None:
    gate = next(found for found in select(INPUTS, EventParameters()).inside if found.subject == "gate")
    assert str(gate.toll) == "5+"
    assert len(gate.toll_ids) == 2


def test_areas_are_provinces_and_a_country_does_not_contest_its_town() -> None:
    finding = run_analysis("events-by-area", INPUTS, {})
    rows = {row[1].text: [cell.text for cell in row] for row in finding.tables[0].rows}
    assert rows["North"][:3] == ["Country", "North", "2"]
    assert rows["North"][-1] == "1"
    assert rows["South"][2] == "1"
    assert rows["Frontier"][0] == ""
    assert rows[""][2] == "3"
    assert "Bridge" in finding.checks[0].text
    assert "Market" not in finding.checks[0].text


def test_a_group_does_not_contest_its_own_faction_and_the_narrower_class_of_victims_counts() -> None:
    actors = _rows(run_analysis("events-by-actor", INPUTS, {}).tables[0])
    assert (actors["Cell"][0], actors["Cell"][-1]) == ("1", "0")
    assert (actors["BAND"][0], actors["BAND"][-1]) == ("2", "0")
    assert actors["nobody named"][0] == "1"
    targets = _rows(run_analysis("events-by-target", INPUTS, {}).tables[0])
    assert list(targets) == ["civilians", "police", "no target named", "All events"]


def test_kinds_and_period_are_parameters() -> None:
    statements = run_analysis("events-by-year", INPUTS, {"kinds": "statement", "period": "2022"})
    assert _rows(statements.tables[0])["Total"][0] == "1"
    nothing = run_analysis("events-by-year", INPUTS, {"kinds": ["no_such_kind"]})
    assert "holds no dated event of these kinds (no such kind)" in _text(nothing)
    assert nothing.tables == ()


@st.composite
def _evidence(draw: st.DrawFn) -> Evidence:
    """Events with any dates, actors, places and tolls."""
    numbers = count()
    reports = []
    for name in draw(st.lists(st.sampled_from("abcdef"), max_size=12)):
        values = {
            "date": draw(st.sampled_from(DATES)),
            "actor": draw(st.sampled_from(["", "band", "cell", "state", "band;state"])),
            "place": draw(st.sampled_from(["", "country", "town", "north;south", "frontier", "nowhere"])),
            "target": draw(st.sampled_from(["", "people", "police", "civilians;police"])),
            "killed": draw(st.sampled_from(["", "5", ">50", "dozens", "<10"])),
        }
        reports += event(name, f"{name}-{next(numbers)}", **values)
    return Evidence.assemble([*PLACES, *ACTORS, *reports], SOURCES)


@settings(max_examples=60, deadline=None)
@given(_evidence(), st.sampled_from(["2022/2023", "..", "2022", "2022/.."]))
def test_every_event_is_counted_once(evidence: Evidence, period: str) -> None:
    inputs = Inputs(evidence=evidence, period=Date.parse(period))
    inside = select(inputs, EventParameters()).inside
    for name in ("events-by-year", "events-by-month"):
        tables = run_analysis(name, inputs, {}).tables
        if not inside:
            assert tables == ()
            continue
        numbers = [int(row[1].text.rstrip("*")) for row in tables[0].rows]
        assert sum(numbers[:-1]) == numbers[-1] == len(inside)
    for name in ("events-by-actor", "events-by-area", "events-by-target"):
        tables = run_analysis(name, inputs, {}).tables
        if inside:
            column = [column.name for column in tables[0].columns].index("events")
            numbers = [int(row[column].text) for row in tables[0].rows]
            assert numbers[-1] == len(inside)
            assert max(numbers[:-1]) <= len(inside) <= sum(numbers[:-1])


def test_every_event_of_the_sample_is_reported() -> None:
    chosen = select(INPUTS, EventParameters())
    everything = {found.subject for found in EVIDENCE.events if found.kind == "bombing"}
    kept = {found.subject for found in (*chosen.inside, *chosen.undated, *chosen.outside)}
    assert everything == kept | {"stage"}


def test_a_very_long_period_shows_only_the_time_that_has_events() -> None:
    finding = run_analysis("events-by-year", INPUTS, {"period": "0001/9999"})
    years = [row[0].text for row in finding.tables[0].rows]
    assert years[0] == "2010"
    assert years[-2:] == ["2023", "Total"]


def test_waves_of_violence_are_named_and_not_counted() -> None:
    rows = [*event("rise", "rise-1", kind="wave", date="2022"), *event("one", "one-1", date="2022-05")]
    inputs = Inputs(evidence=Evidence.assemble(rows, SOURCES), period=Date.parse("2022"))
    finding = run_analysis("events-by-year", inputs, {})
    assert _rows(finding.tables[0])["Total"][0] == "1"
    assert "1 wave of violence that the documents speak of as a series" in _text(finding)


def _grouped(name: str, *rows: Statement) -> tuple[dict[str, list[str]], Finding]:
    evidence = Evidence.assemble([*PLACES, *ACTORS, *rows], SOURCES)
    finding = run_analysis(name, Inputs(evidence=evidence, period=Date.parse("2022")), {})
    return _rows(finding.tables[0]), finding


def test_an_event_counts_for_each_actor_that_a_report_names_also_for_a_group_and_its_part() -> None:
    rows, finding = _grouped(
        "events-by-actor",
        *event("e", "e-1", date="2022", actor="cell"),
        *event("e", "e-2", date="2022", actor="band"),
        *event("e", "e-3", date="2022", actor="state"),
    )
    assert {name: (row[0], row[-1]) for name, row in rows.items() if name != "All events"} == {
        "BAND": ("1", "1"),
        "Cell": ("1", "1"),
        "State": ("1", "1"),
    }
    assert "also where one is part of another" in finding.tables[0].note


def test_a_denial_names_nobody_and_contests_what_others_say() -> None:
    denial = event("e", "e-1", date="2022", actor="band", attribution="denied")
    alone, finding = _grouped("events-by-actor", *denial)
    assert alone["nobody named"][0] == "1"
    assert "BAND" not in alone
    assert [cell.text for cell in finding.tables[1].rows[0]] == ["BAND", "0", "0", "0", "1", "0", "0", "0"]
    both, _ = _grouped("events-by-actor", *denial, *event("e", "e-2", date="2022", actor="band", attribution="accused"))
    assert (both["BAND"][0], both["BAND"][-1]) == ("1", "1")
    assert "nobody named" not in both


def test_of_a_wider_and_a_narrower_class_of_victims_the_narrower_counts_and_of_two_classes_each() -> None:
    rows, _ = _grouped(
        "events-by-target",
        *event("e", "e-1", date="2022", target="security"),
        *event("e", "e-2", date="2022", target="police;civilians"),
    )
    assert {name: (row[0], row[-1]) for name, row in rows.items() if name != "All events"} == {
        "police": ("1", "0"),
        "civilians": ("1", "1"),
    }
