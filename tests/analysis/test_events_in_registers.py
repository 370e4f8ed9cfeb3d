"""The study's events in the registers: who is the same, who waits for a person, and whose tolls do not meet."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from marsad.analysis import Inputs, run_analysis
from marsad.model import CheckStatus, Date, Evidence, Finding, Match, Number, plain

from .samples import EVIDENCE, INPUTS, PLACES, REGISTERS, SOURCES, event, match, month, register

GED = register("ged", month("country", "2022-07", 3, 1, 2, 3))


def words(finding: Finding) -> str:
    return " ".join(plain(passage) for passage in finding.text)


def rows(finding: Finding, table: int = 0) -> dict[str, list[str]]:
    return {row[0].text: [cell.text for cell in row[1:]] for row in finding.tables[table].rows}


def run(inputs: Inputs = INPUTS, **parameters: str) -> Finding:
    return run_analysis("events-in-registers", inputs, parameters)


def one_event(killed: str, *matches: Match, **values: str) -> Finding:
    report = {"date": "2022-07-30", "place": "town", "killed": killed} | values
    evidence = Evidence.assemble([*PLACES, *event("market", "market-1", **report)], SOURCES)
    return run(Inputs(evidence=evidence, registers=(GED,), matches=matches, period=Date.parse("2022")))


def test_each_event_stands_beside_the_record_that_is_most_probably_the_same() -> None:
    finding = run()
    assert [table.title for table in finding.tables] == [
        "The study's events in Series ged",
        "The study's events in Series acled",
    ]
    market = next(cells for name, cells in rows(finding).items() if name.startswith("Market") or name == "market")
    assert market[2:] == ["ged-1, Town, row 1", "30 Jul 2022", "45 (40\u201349) \u2260", "0.90", "same"]
    assert {cells[-1] for cells in rows(finding, 1).values()} == {"no record", "perhaps"}
    told = words(finding)
    assert (
        "All 3 events of the study fall between them. Most probably it has a record of 1 of them. It has no record of"
        in told
    )
    assert (
        "It has a record that may be 1 of them, which awaits a person's word. It has no record of the other 2" in told
    )


def test_the_count_rests_on_the_reports_of_the_event() -> None:
    finding = one_event("5", match("market", "ged"))
    (number,) = [part for passage in finding.text for part in passage if isinstance(part, Number)]
    assert number.text == "it"
    kind, day = finding.tables[0].rows[0][0].statements, finding.tables[0].rows[0][1].statements
    assert set(number.statements) == {*kind, *day}
    assert len(number.statements) == 2


@pytest.mark.parametrize(
    ("killed", "deaths", "meets"),
    [
        ("12", (10, 12, 14), True),
        ("15", (10, 12, 14), False),
        ("9", (10, 12, 14), False),
        (">=9", (10, 12, 14), True),
        (">=15", (10, 12, 14), False),
        ("~12", (10, 12, 14), True),
        ("10..11", (11, 12, 14), True),
        ("0", (0, 0, 0), True),
        ("3", (0, 0, 0), False),
        ("12", (14, 12, 10), True),
        ("13", (14, 12, 10), True),
        ("12", (None, 12, None), True),
        ("13", (None, 12, None), False),
    ],
)
def test_tolls_meet_where_their_ranges_do(killed: str, deaths: tuple[int | None, ...], meets: bool) -> None:  # noqa: FBT001 - a parameter of the test
    low, best, high = deaths
    finding = one_event(killed, match("market", "ged", low=low, best=best, high=high))
    check = next(check for check in finding.checks if "tolls" in check.name)
    assert check.status is (CheckStatus.PASS if meets else CheckStatus.FAIL)
    ((cells),) = rows(finding).values()
    assert cells[4].endswith("\u2260") is not meets
    assert f"Both state its toll, and the ranges {'meet.' if meets else 'do not meet.'}" in words(finding)


def test_a_record_without_a_toll_contradicts_none() -> None:
    finding = one_event("12", match("market", "ged"))
    assert "toll" not in words(finding)
    assert not any("tolls" in check.name for check in finding.checks), "nothing was compared"
    ((cells),) = rows(finding).values()
    assert cells[4] == ""
    assert all(check.status is not CheckStatus.FAIL for check in finding.checks)


@pytest.mark.parametrize(
    ("decision", "word"), [("same", "same"), ("review", "perhaps"), ("part_of", "part of"), ("not", "no record")]
)
def test_each_decision_has_its_word(decision: str, word: str) -> None:
    ((cells),) = rows(one_event("5", match("market", "ged", decision=decision))).values()
    assert cells[-1] == word


def test_the_same_event_goes_before_a_more_probable_one_that_is_taken() -> None:
    other = match("market", "ged", source_id="other", probability=0.99, decision="review", row=7)
    ((cells),) = rows(one_event("5", other, match("market", "ged"))).values()
    assert cells[2].startswith("ged-1")
    assert cells[-1] == "same"


def test_no_certain_miss_is_shown_as_a_record() -> None:
    ((cells),) = rows(one_event("5", match("market", "ged", decision="not"))).values()
    assert cells[2:] == ["", "", "", "", "no record"]


def test_an_event_outside_the_days_of_a_register_is_not_looked_for_there() -> None:
    late = register("late", first=date(2023, 3, 1), last=date(2023, 4, 1))
    finding = run(Inputs(evidence=EVIDENCE, registers=(late,), period=Date.parse("2022/2023")))
    (only,) = rows(finding)
    assert "gate" in only.lower(), "dated 2023"
    none = register("none", first=None, last=None)
    finding = run(Inputs(evidence=EVIDENCE, registers=(none,), period=Date.parse("2022/2023")))
    assert finding.tables == ()
    assert "no record in these areas is dated to a month or closer" in words(finding)
    early = register("early", first=date(1999, 3, 1), last=date(1999, 4, 1))
    finding = run(Inputs(evidence=EVIDENCE, registers=(early,), period=Date.parse("2022/2023")))
    assert "All 3 events of the study are outside these days, of which it says nothing" in words(finding)


def test_a_stage_of_an_event_is_no_event_of_its_own() -> None:
    assert not any("stage" in name.lower() for name in rows(run()))


def test_days_are_written_as_a_day_or_a_span() -> None:
    span = match("market", "ged", start=date(2022, 7, 29), end=date(2022, 8, 2))
    ((cells),) = rows(one_event("5", span)).values()
    assert "29" in cells[3]
    assert "2 Aug" in cells[3]
    ((none),) = rows(one_event("5", match("market", "ged", start=None, end=None))).values()
    assert none[3] == ""


@pytest.mark.parametrize(("value", "shown"), [(1.0, "> 0.99"), (0.9949, "0.99"), (0.5, "0.50"), (0.004, "< 0.01")])
def test_no_probability_is_shown_as_certain(value: float, shown: str) -> None:
    ((cells),) = rows(one_event("5", match("market", "ged", probability=value))).values()
    assert cells[5] == shown


def test_what_a_register_says_is_cited() -> None:
    finding = one_event("5", match("market", "ged"))
    assert "data2025" in finding.sources
    assert finding.tables[0].rows[0][3].cites == ("data2025",)


def test_it_warns_that_registers_copy_one_another() -> None:
    check = next(check for check in run().checks if "independent" in check.name)
    assert check.status is CheckStatus.INFORM
    assert "no independent proof" in check.text


def test_matches_of_other_events_and_registers_change_nothing() -> None:
    strangers: list[Any] = [match("nobody", "ged"), match("market", "unknown")]
    assert one_event("5", match("market", "ged"), *strangers) == one_event("5", match("market", "ged"))


def test_without_a_register_it_says_where_one_is_named() -> None:
    finding = run(Inputs(evidence=EVIDENCE))
    assert "data.yaml names no release of events" in words(finding)
    assert finding.tables == ()
    assert len(REGISTERS) == 2


def test_records_that_may_not_be_passed_on_are_not_printed() -> None:
    guarded = GED.model_copy(update={"release": GED.release.model_copy(update={"may_redistribute": False})})
    report = {"date": "2022-07-30", "place": "town", "killed": "5"}
    evidence = Evidence.assemble([*PLACES, *event("market", "market-1", **report)], SOURCES)
    found = match("market", "ged", low=40, best=45, high=49, place="Secret town")
    finding = run(Inputs(evidence=evidence, registers=(guarded,), matches=(found,), period=Date.parse("2022")))
    (cells,) = rows(finding).values()
    assert cells[2] == found.source_id
    assert cells[3:5] == ["", ""]
    assert cells[6] == "same"
    assert "may not be passed on" in finding.tables[0].note
    assert "Secret" not in finding.model_dump_json()


@pytest.mark.parametrize(
    ("decisions", "told"),
    [
        ([""], "The study's only event falls between them. It has no record that could be the event: what"),
        (["same"], "The study's only event falls between them. Most probably it has a record of it."),
        (["review"], "It has a record that may be the event, which awaits a person's word."),
        (["part_of"], "With the event it has only a record of several events together, or of a part."),
        (["same", "same"], "Both events of the study fall between them. Most probably it has a record of both."),
        (["", ""], "It has no record that could be either: what"),
        (["same", ""], "Most probably it has a record of 1 of them. It has no record of the other one: what"),
        (["same", "review", "review"], "It has records that may be 2 more, which await a person's word."),
        (
            ["same", "review", "", ""],
            "may be 1 more, which awaits a person's word. It has no record of the other 2: what",
        ),
        (["same"] * 4, "Most probably it has a record of all 4."),
        (["", "", ""], "It has no record that could be any of them: what"),
    ],
)
def test_none_one_and_many_are_told_in_natural_words(decisions: list[str], told: str) -> None:
    names = [f"market-{number}" for number in range(len(decisions))]
    reports = [
        statement
        for name in names
        for statement in event(name, f"{name}-1", date="2022-07-30", place="town", killed="5")
    ]
    evidence = Evidence.assemble([*PLACES, *reports], SOURCES)
    matches = tuple(match(name, "ged", decision=word) for name, word in zip(names, decisions, strict=True) if word)
    finding = run(Inputs(evidence=evidence, registers=(GED,), matches=matches, period=Date.parse("2022")))
    assert told in words(finding)
    assert "it need not cover every day between" in words(finding)
    assert re.search(r"\b0\b", words(finding)) is None


def test_an_event_outside_the_days_is_said_to_be_so() -> None:
    late = register("late", first=date(2023, 3, 1), last=date(2023, 4, 1))
    told = words(run(Inputs(evidence=EVIDENCE, registers=(late,), period=Date.parse("2022/2023"))))
    assert "1 of the study's 3 events falls between them; of the other 2 it says nothing." in told


def test_a_study_without_an_event_has_none_to_look_up() -> None:
    told = words(run(Inputs(evidence=Evidence.assemble(PLACES, SOURCES), registers=(GED,), period=Date.parse("2022"))))
    assert told == "The study has no violent event in these years to look up."
