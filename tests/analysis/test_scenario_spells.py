"""Past spells: which months reports give an action, what they dispute, and that nothing is left out in silence."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.analysis.scenario_spells import kinds_of, past_spells
from marsad.model import Evidence, Statement
from marsad.model.forecasts import PastSpell

from .samples import ACTORS, SOURCES, action


def spells(*rows: list[Statement], kind: str = "ceasefire", **options: Any) -> tuple[PastSpell, ...]:
    found = [statement for row in rows for statement in row]
    return past_spells(Evidence.assemble([*ACTORS, *found], SOURCES), kind, **options)


def truce(subject: str, report: str = "", **values: str) -> list[Statement]:
    return action(subject, report or f"{subject}-1", **{"kind": "ceasefire"} | values)


def months(spell: PastSpell) -> list[tuple[str, str]]:
    return [(reading.first, reading.last) for reading in spell.readings]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2021-11", "2022-01", [("2021-11", "2022-01")]),
        ("2021-11-09", "2021-12-09", [("2021-11", "2021-12")]),
        ("2021-11-09", "2021-11-09", [("2021-11", "2021-11")]),
        ("2021-11-10~", "2021-11-20", [("2021-11", "2021-11")]),
    ],
)
def test_a_spell_has_the_months_that_its_report_gives(since: str, until: str, expected: list[Any]) -> None:
    (spell,) = spells(truce("one", from_=since, to=until))
    assert not spell.problem
    assert months(spell) == expected
    assert len(spell.statements) == 2
    assert spell.sources == ("news2023",)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "no report dates it"),
        ({"from_": "2021-11"}, "began in Nov 2021, but its end is not known"),
        ({"from_": "2021-11", "to": ".."}, "began in Nov 2021, but its end is not known"),
        ({"from_": "2021-11", "to": "2022"}, "its end is not known to the month (2022)"),
        ({"from_": "2021", "to": "2022-03"}, "its beginning is not known to the month (2021)"),
        ({"from_": "2021-11~", "to": "2022-03"}, "its beginning is not known to the month"),
        ({"from_": "2021-10/2021-11", "to": "2022-03"}, "its beginning is not known to the month"),
        ({"to": "2022-03"}, "no report says when it began"),
        ({"from_": "2022-03", "to": "2021-11"}, "ends before it begins"),
    ],
)
def test_what_cannot_be_used_says_why(values: dict[str, str], problem: str) -> None:
    (spell,) = spells(truce("one", **values))
    assert problem in spell.problem
    assert spell.statements


def test_reports_that_disagree_are_readings_of_one_spell() -> None:
    (spell,) = spells(
        truce("one", "r1", from_="2021-11", to="2021-12"),
        truce("one", "r2", from_="2021-11", to="2022-02"),
        truce("one", "r3", from_="2021-10", source="book2023"),
    )
    assert months(spell) == [
        ("2021-10", "2021-12"),
        ("2021-10", "2022-02"),
        ("2021-11", "2021-12"),
        ("2021-11", "2022-02"),
    ]
    assert "disputed: 4 readings" in " ".join(spell.remarks)
    assert spell.sources == ("news2023", "book2023")


def test_one_report_may_give_the_start_and_another_the_end() -> None:
    (spell,) = spells(truce("one", "r1", from_="2021-11"), truce("one", "r2", to="2022-02"), truce("one", "r3"))
    assert months(spell) == [("2021-11", "2022-02")]
    assert spell.remarks == ()


def test_a_looser_date_that_agrees_changes_nothing_and_one_that_does_not_is_told() -> None:
    row = truce("one", "r1", from_="2021-11", to="2022-01")
    (spell,) = spells(row, truce("one", "r2", from_="2021", to="2022"))
    assert (months(spell), spell.remarks) == ([("2021-11", "2022-01")], ())
    (spell,) = spells(row, truce("one", "r2", from_="2019"))
    assert "Another report dates it 2019" in " ".join(spell.remarks)


def test_an_end_comes_from_another_action_only_where_its_row_and_the_request_say_so() -> None:
    row, linked = truce("one", from_="2021-11"), {"kind": "ceasefire_end", "from_": "2022-02-03"}
    end = action("end", "end-1", follows="one", **linked)
    stage = action("end", "end-1", part_of="one", **linked)
    loose = action("end", "end-1", **linked)
    for rows in ((row, end), (row, stage)):
        assert spells(*rows)[0].problem
        (spell,) = spells(*rows, ended_by=["ceasefire_end"])
        assert months(spell) == [("2021-11", "2022-02")]
        assert "Its end is that of ceasefire end." in spell.remarks
        assert len(spell.statements) == 2
    assert spells(row, loose, ended_by=["ceasefire_end"])[0].problem
    assert spells(row, end, ended_by=["strike"])[0].problem


def test_an_assumed_length_is_used_only_where_no_end_is_known_and_is_told() -> None:
    found = spells(truce("one", from_="2021-11"), truce("two", from_="2022-11", to="2023-01"), lasting=3)
    assert [months(spell) for spell in found] == [[("2021-11", "2022-01")], [("2022-11", "2023-01")]]
    assert "taken to have lasted 3 months, an assumption" in found[0].remarks[0]
    assert found[1].remarks == ()
    assert spells(truce("one", from_="2021"), lasting=3)[0].problem


def test_actions_that_share_months_are_one_spell() -> None:
    found = spells(
        truce("late", from_="2022-01", to="2022-04"),
        truce("early", from_="2021-11", to="2022-01"),
        truce("apart", from_="2023-01", to="2023-01"),
        truce("undated"),
    )
    assert [spell.actions for spell in found] == [("early", "late"), ("apart",), ("undated",)]
    assert months(found[0]) == [("2021-11", "2022-01"), ("2022-01", "2022-04")]
    assert "share months" in found[0].remarks[0]


def test_a_very_long_reading_is_left_out_and_told() -> None:
    row = truce("one", "r1", from_="2021-11", to="2022-01")
    (spell,) = spells(row, truce("one", "r2", from_="2015-01", to="2022-01"))
    assert months(spell) == [("2021-11", "2022-01")]
    assert "those of more than 36 months are left out" in " ".join(spell.remarks)
    long, short = truce("long", from_="2001-10", to="2021-08"), truce("short", from_="2010-01", to="2010-02")
    assert [(s.actions, bool(s.problem)) for s in spells(long, short)] == [(("short",), False), (("long",), True)]


def test_an_assumed_length_ends_with_the_calendar() -> None:
    (spell,) = spells(truce("one", from_="9999-11"), lasting=36)
    assert months(spell) == [("9999-11", "9999-12")]


def test_other_kinds_and_other_actors_are_left_alone() -> None:
    rows = [
        truce("one", from_="2021-11", to="2021-12", target="band"),
        truce("two", from_="2022-11", to="2022-12", actor="cell"),
        action("talks", "talks-1", from_="2020-01", to="2020-02"),
    ]
    assert [spell.actions for spell in spells(*rows)] == [("one",), ("two",)]
    assert [spell.actions for spell in spells(*rows, actors=["band"])] == [("one",)]
    assert spells(*rows, kind="strike") == ()


def test_an_action_that_reports_call_by_two_kinds_is_of_both() -> None:
    rows = [
        truce("one", "r1", from_="2021-11", to="2021-11"),
        action("one", "r2", kind="talks", from_="2021-12", to="2021-12"),
    ]
    (spell,) = spells(*rows)
    assert months(spell) == [("2021-11", "2021-11"), ("2021-12", "2021-12")]
    assert "Other reports call it talks." in spell.remarks


def test_very_many_readings_are_cut_and_told() -> None:
    rows = [truce("one", f"r{n}", from_=f"20{10 + n // 12}-{n % 12 + 1:02d}") for n in range(40)]
    (spell,) = spells(*rows, truce("one", "end", to="2020-01"))
    assert len(spell.readings) == 24
    assert "Only the first 24 readings are used." in spell.remarks


def test_kinds_are_those_with_a_date() -> None:
    rows = [*truce("one", from_="2021"), *action("raid", "raid-1", kind="operation")]
    assert kinds_of(Evidence.assemble(rows, SOURCES)) == ("ceasefire",)
