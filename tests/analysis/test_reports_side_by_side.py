"""Figures, timeline, ties, attributes, actions and returns: what reports say, side by side."""

from __future__ import annotations

import pytest

from marsad.analysis import Inputs, run_analysis
from marsad.analysis.happenings import dates_conflict
from marsad.analysis.printing import of_kind, slot_text, some, table
from marsad.model import Cell, CheckStatus, Date, Evidence, Finding, Statement, plain

from .samples import INPUTS, SOURCES, action, figure, source


def _text(finding: Finding) -> str:
    return " ".join(plain(passage) for passage in finding.text)


def _cells(finding: Finding, index: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row] for row in finding.tables[index].rows]


def test_a_second_column_of_one_name_is_numbered() -> None:
    twice = table("t", ["#A", "A", "Killed|persons"], [[Cell(), Cell(), Cell()]])
    assert [(column.name, column.numeric, column.unit) for column in twice.columns] == [
        ("a", True, ""),
        ("a_2", False, ""),
        ("killed", False, "persons"),
    ]


def test_a_slot_is_printed_in_the_short_style() -> None:
    assert [slot_text(slot) for slot in ("2023-01", "2023")] == ["Jan 2023", "2023"]


def test_figures_stand_side_by_side_and_parts_are_no_disagreement() -> None:
    finding = run_analysis("figures-side-by-side", INPUTS, {"measures": "attacks"})
    labels = [column.label for column in finding.tables[0].columns]
    row = next(row for row in _cells(finding) if row[0] == "attacks")
    assert row[labels.index("BAND")] == "262 [1]; 5 [2]"
    assert row[labels.index("Book 2023")] == ">300 [3]"
    assert "Attacks; Country; 2022: 262 (BAND, attacks); >300 (Book 2023, incidents)." in _text(finding)
    assert [row[1] for row in _cells(finding, 1)][:3] == ["attacks", "blasts", "incidents"]
    assert finding.checks[0].status is CheckStatus.PASS
    assert any("attacks (percent change), against 2021" in row[0] for row in _cells(finding))


def test_two_values_under_one_definition_fail() -> None:
    rows = [*figure("x", value="2240", unit="km"), *figure("y", value=">2600", unit="km", source="book2023")]
    finding = run_analysis("figures-side-by-side", Inputs(evidence=Evidence.assemble(rows, SOURCES)), {})
    assert finding.checks[0].status is CheckStatus.FAIL


def test_figures_are_filtered() -> None:
    def count(**parameters: str) -> int:
        tables = run_analysis("figures-side-by-side", INPUTS, dict(parameters)).tables
        return len(tables[0].rows) if tables else 0

    assert count() == 3
    assert count(measures="returned") == 1
    assert count(period="2023") == 1
    assert count(areas="country") == 1
    assert count(areas="north") == 0
    assert count(reporters="band") == 1
    assert count(shared="yes") == 1
    assert count(actors="band") == 0


def test_many_reporters_share_the_last_column() -> None:
    rows = [line for i in range(12) for line in figure(f"x{i}", value=str(i), source=f"s{i}", period="2022")]
    finding = run_analysis("figures-side-by-side", Inputs(evidence=Evidence.assemble(rows, {})), {})
    assert [column.label for column in finding.tables[0].columns][-1] == "Others"
    assert len(finding.tables[0].columns) == 3 + 6 + 1
    assert "(s" in _cells(finding)[0][-1]


def test_the_timeline_shows_every_date_of_a_dispute_and_only_the_closest_of_others() -> None:
    finding = run_analysis("timeline", INPUTS, {})
    when = {row[1]: row[0] for row in _cells(finding)}
    assert when["Market"] == "≠ 30 Jul 2022 | 31 Jul 2022"
    assert when["Talks"] == "≠ Jan 2022 to Mar 2022 | 2 May 2022"
    assert "Raid" not in when
    assert "2 events and actions without a date are left out" in _text(finding)
    assert finding.checks[0].status is CheckStatus.FAIL
    only = run_analysis("timeline", INPUTS, {"actors": "cell", "period": "2022"})
    assert [row[1] for row in _cells(only)] == ["Market"]


def test_ties_stand_with_their_denials() -> None:
    finding = run_analysis("relations", INPUTS, {})
    support = next(row for row in _cells(finding) if row[3] == "support")
    assert support == ["State", "BAND", "", "support", "friendly", "1", "News 2023", "1", "Book 2023 (State)"]
    assert "support from State to BAND (asserted 1, denied 1)" in _text(finding)
    assert len(_cells(run_analysis("relations", INPUTS, {"kinds": "attack"}))) == 1
    assert len(_cells(run_analysis("relations", INPUTS, {"actors": "band"}))) == 2
    assert run_analysis("relations", INPUTS, {"actors": "band;cell"}).tables == ()


def test_actors_come_with_what_is_said_and_the_sign_of_their_ties() -> None:
    band = next(row for row in _cells(run_analysis("actors", INPUTS, {})) if row[0] == "Band")
    assert band[4] == "religion: one creed; power: army"
    assert band[5:] == ["1", "1", "0", "1"]
    assert [row[0] for row in _cells(run_analysis("actors", INPUTS, {"kinds": "state"}))] == ["State"]


def test_shared_attributes_are_those_of_two_actors_in_the_dimensions_asked_for() -> None:
    finding = run_analysis("shared-attributes", INPUTS, {})
    assert _cells(finding) == [["religion", "one creed", "● 1", "● 1"]]
    assert _cells(finding, 1) == [["BAND", "Cell", "1", "religion", "one creed"]]
    power = run_analysis("shared-attributes", INPUTS, {"dimensions": "power"})
    assert _cells(power, 1)[0][:3] == ["BAND", "State", "1"]


def test_actions_show_the_value_of_every_report() -> None:
    finding = run_analysis("actions", INPUTS, {"kinds": ["talks", "operation"]})
    talks, raid = _cells(finding)
    assert talks[0] == "Talks"
    assert talks[7] == "a truce | nothing"
    assert raid[5] == "12"
    assert "No report dates 1 of them; it stands at the end." in _text(finding)
    assert len(_cells(run_analysis("actions", INPUTS, {"period": "2023"}))) == 3


def test_a_stage_of_return_before_its_phase_is_found() -> None:
    finding = run_analysis("returns", INPUTS, {})
    assert [row[:3] for row in _cells(finding)] == [["Return", "", "1 Nov 2023"], ["Return more", "Return", "Sep 2023"]]
    assert finding.checks[1].status is CheckStatus.FAIL
    assert _cells(finding, 1)[0][4] == "hundreds of thousands [1]"


def test_an_action_that_ends_before_it_begins_is_no_trouble() -> None:
    rows = [*action("odd", "odd-1", from_="2022-05", to="2021"), *action("open", "open-1", from_="2022", to="..")]
    inputs = Inputs(evidence=Evidence.assemble(rows, SOURCES), period=Date.parse("2022"))
    when = {row[1]: row[0] for row in _cells(run_analysis("timeline", inputs, {}))}
    assert when == {"Odd": "May 2022 to 2021", "Open": "since 2022"}


def test_the_headline_counts() -> None:
    rows = {row[0]: row[1:] for row in _cells(run_analysis("headline", INPUTS, {}))}
    assert rows["Events"] == ["7", "9"]
    assert rows["Violent events"] == ["6", "8"]
    assert rows["Figures"][0] == "5"
    assert rows["Sources"][0] == "4"
    assert rows["Data series"][0] == "2"


def _figures(*rows: Statement) -> Finding:
    return run_analysis("figures-side-by-side", Inputs(evidence=Evidence.assemble(rows, SOURCES)), {})


def test_periods_with_one_first_and_last_day_are_of_one_quantity() -> None:
    finding = _figures(
        *figure("x", value="100", period="2022-01/2022-12"), *figure("y", value="200", period="2022", source="book2023")
    )
    assert [row[2] for row in _cells(finding)] == ["2022"]
    assert finding.checks[0].status is CheckStatus.FAIL
    apart = _figures(*figure("x", value="100", period="2022-01/2022-11"), *figure("y", value="200", period="2022"))
    assert len(_cells(apart)) == 2
    assert apart.checks[0].status is CheckStatus.PASS


def test_a_third_definition_does_not_hide_two_values_under_one() -> None:
    values = (("x", "100", "attacks"), ("y", "200", "attacks"), ("z", "300", "incidents"))
    rows = [line for name, value, what in values for line in figure(name, value=value, definition=what)]
    assert _figures(*rows).checks[0].status is CheckStatus.FAIL


def test_values_stand_in_the_order_of_their_sources_dates_and_of_the_document() -> None:
    sources = {key: source(key).model_copy(update={"issued": Date.parse(when)}) for key, when in YEARS.items()}
    rows = [
        *figure("a", value="1", source="late", locator="sec 1 para 1", reported_by="band"),
        *figure("b", value="2", source="early", locator="sec 10 para 1", reported_by="band"),
        *figure("c", value="3", source="early", locator="sec 2 para 1", reported_by="band"),
    ]
    finding = run_analysis("figures-side-by-side", Inputs(evidence=Evidence.assemble(rows, sources)), {})
    assert _cells(finding)[0][-1] == "3 [1]; 2 [1]; 1 [1]"


YEARS = {"late": "2023", "early": "2020"}


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        ({"from_": "2022-04-16"}, {"from_": "2022-04-21"}, True),
        ({"from_": "2022-04-10", "to": "2022-04-30"}, {"from_": "2022-04-16", "to": "2022-04-20"}, True),
        ({"from_": "2022-04-10", "to": "2022-04-20"}, {"from_": "2022-04-10", "to": "2022-04-21"}, True),
        ({"from_": "2007", "to": "2014"}, {"from_": "2009", "to": "2014"}, False),
        ({"from_": "2007", "to": "2010"}, {"from_": "2009", "to": "2014"}, True),
        ({"from_": "2022-04"}, {"from_": "2022-04-16"}, False),
        ({"from_": "2022-01", "to": "2022-03"}, {"from_": "2022-05-02"}, True),
        ({"from_": "2022-04-16", "to": ".."}, {"to": "2022-05"}, False),
        ({"from_": "2022"}, {}, False),
    ],
)
def test_when_dates_of_an_action_cannot_both_be_right(
    one: dict[str, str], other: dict[str, str], *, conflict: bool
) -> None:
    evidence = Evidence.assemble([*action("a", "a-1", **one), *action("a", "a-2", **other)], SOURCES)
    first, second = evidence.actions
    assert dates_conflict(first, second) is conflict
    assert dates_conflict(second, first) is conflict
    finding = run_analysis("actions", Inputs(evidence=evidence), {})
    assert _cells(finding)[0][2].startswith("≠") is conflict


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (1, "state", "1 state"),
        (4, "state", "4 states"),
        (3, "armed_group", "3 armed groups"),
        (2, "party", "2 parties"),
        (2, "media", "2 news organisations"),
        (1, "research", "1 research institute"),
        (2, "clash", "2 clashes"),
        (2, "survey", "2 surveys"),
    ],
)
def test_kinds_are_counted_in_plain_english(number: int, kind: str, text: str) -> None:
    assert of_kind(number, kind) == text


def test_a_long_list_names_the_first_and_counts_the_rest() -> None:
    assert some(["a", "b"], most=3) == "a and b"
    assert some(list("abcd"), most=3) == "a, b, c and d"
    assert some(list("abcde"), most=3) == "a, b, c and 2 more"
