"""One quantity with several values, differences in counting, numbers with two meanings, percentages."""

from __future__ import annotations

import pytest

from .rows import actor, brief, check, figure, place, sentence, source

LENGTH = {
    "measure": "length",
    "unit": "km",
    "area": "line",
    "definition": "length of the border",
    "source": "paper",
    "via": "",
}
YEAR = {"area": "north", "period": "2022"}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2240", ">2600", [("error", "quantity-conflict")]),
        ("2600", ">2600", [("note", "quantity-conflict")]),
        ("2640", ">2600", [("note", "quantity-conflict")]),
        ("2600", "2600", []),
        ("~2500", "2640", []),
    ],
)
def test_one_length(left: str, right: str, expected: list[tuple[str, str]]) -> None:
    assert brief(figure("a", left, **LENGTH), figure("b", right, **LENGTH)) == expected


def test_lengths_of_two_lines_or_by_two_definitions_are_two_quantities() -> None:
    border = figure("a", "2240", **LENGTH)
    assert brief(border, figure("b", "2600", **LENGTH | {"area": "river"})) == []
    assert brief(border, figure("b", "2600", **LENGTH | {"definition": "length of the fence"})) == []
    assert brief(border, figure("b", "2600", **LENGTH | {"definition": "Length of the  border."})) == [
        ("error", "quantity-conflict")
    ]


def test_two_sources_that_measure_one_thing_dispute_it() -> None:
    border = figure("a", "2240", **LENGTH)
    assert brief(border, figure("b", "2600", **LENGTH | {"reported_by": "office"})) == [
        ("warning", "quantity-conflict")
    ]
    assert brief(border, figure("b", "2600", **LENGTH | {"source": "else"})) == [("warning", "quantity-conflict")]


def test_what_changes_with_time_needs_a_period_to_be_certain() -> None:
    assert brief(figure("a", "10"), figure("b", "20")) == [("warning", "quantity-conflict")]
    assert brief(figure("a", "10", **YEAR), figure("b", "20", **YEAR)) == [("error", "quantity-conflict")]
    assert brief(figure("a", "10", **YEAR), figure("b", "20", **YEAR | {"period": "2023"})) == []
    months = YEAR | {"period": "2022-01/2022-12"}
    assert brief(figure("a", "10", **YEAR), figure("b", "20", **months)) == [("error", "quantity-conflict")]


def test_counters_count_different_things() -> None:
    rows = [
        figure("a", "262", **YEAR, reported_by="pips", definition="attacks"),
        figure("b", "379", **YEAR, reported_by="picss", definition="militant attacks"),
        figure("c", "512", **YEAR, reported_by="crss", definition="attacks and operations"),
    ]
    (found,) = check(*rows)
    assert (str(found.severity), found.kind) == ("note", "counting-difference")
    assert len(found.subjects) == 3
    assert all(text in sentence(found) for text in ("262", "379", "512", "militant attacks", "attacks and operations"))


def test_two_editions_of_one_count_may_differ() -> None:
    count = YEAR | {"reported_by": "ucdp", "measure": "killed", "unit": "persons"}
    editions = [source("early", "2023"), source("late", "2024-06")]
    old, new = (
        figure("a", "84000", **count, source="early", via=""),
        figure("b", "200000", **count, source="late", via=""),
    )
    (found,) = check(old, new, sources=editions)
    assert (str(found.severity), found.kind) == ("note", "counting-difference")
    read = [figure("a", "84000", **count, source="early"), figure("b", "200000", **count, source="late")]
    assert brief(*read, sources=editions) == [("warning", "quantity-conflict")]
    assert brief(*read) == [("error", "quantity-conflict")]
    assert brief(old, new) == [("warning", "quantity-conflict")]
    length = LENGTH | {"reported_by": "office", "via": ""}
    rows = [figure("a", "2240", **length | {"source": "early"}), figure("b", "2600", **length | {"source": "late"})]
    assert brief(*rows, sources=editions) == [("warning", "quantity-conflict")]


def test_counters_of_one_definition_are_not_said_to_count_different_things() -> None:
    rows = [figure(who, number, **YEAR, reported_by=who) for who, number in (("pips", "262"), ("crss", "379"))]
    (found,) = check(*rows)
    assert "different things" not in sentence(found)


def test_counts_that_may_both_be_true_are_no_difference_in_counting() -> None:
    rows = [figure("a", ">250", **YEAR, reported_by="pips"), figure("b", "262", **YEAR, reported_by="crss")]
    assert brief(*rows) == [("note", "quantity-conflict")]
    assert brief(rows[0], figure("b", "262", **YEAR, reported_by="crss", definition="other")) == []


def test_a_slice_of_a_count_is_not_another_value_of_it() -> None:
    whole = figure("all", "207", **YEAR)
    assert brief(whole, figure("blasts", "5", **YEAR, definition="blasts", whole="all")) == []
    assert brief(whole, figure("blasts", "5", **YEAR, definition="blasts")) == [("note", "counting-difference")]


def test_definitions_of_what_is_no_count_make_another_quantity() -> None:
    phase = {"measure": "other", "area": "north"}
    assert brief(figure("a", "1", **phase, definition="rounds"), figure("b", "4", **phase, definition="changes")) == []


REFUGEES = {"unit": "persons", "area": "north", "target": "refugees"}


@pytest.mark.parametrize(
    ("number", "measures", "is_found"),
    [
        ("1700000", ("to_be_expelled", "displaced"), True),
        ("1700000", ("to_be_expelled", "undocumented"), False),
        ("1700000", ("refugees", "deported"), True),
        ("1700000", ("returned", "deported"), False),
        ("500000", ("to_be_expelled", "displaced"), False),
        ("~1700000", ("to_be_expelled", "displaced"), False),
        ("170", ("to_be_expelled", "displaced"), False),
        ("1700000", ("killed", "displaced"), False),
    ],
)
def test_one_number_with_two_meanings(number: str, measures: tuple[str, str], *, is_found: bool) -> None:
    rows = [figure(name, number, measure=measure, **REFUGEES) for name, measure in zip("ab", measures, strict=True)]
    assert brief(*rows) == ([("warning", "same-number-different-meaning")] if is_found else [])


def test_one_number_for_people_of_another_status_place_or_time() -> None:
    first = figure("a", "520000", measure="returned", definition="people who returned", **REFUGEES)
    willing = figure("b", "520000", measure="returned", definition="people who returned voluntarily", **REFUGEES)
    assert brief(first, willing) == [("warning", "same-number-different-meaning")]
    reworded = figure("b", "520000", measure="returned", definition="refugees who went back", **REFUGEES)
    assert brief(first, reworded) == []
    planned = {"measure": "to_be_expelled", "definition": "planned"}
    elsewhere = figure("b", "520000", **REFUGEES | planned | {"area": "south"})
    assert brief(first, elsewhere) == []
    then = figure("a", "520000", measure="returned", definition="people", period="1990", **REFUGEES)
    assert brief(then, figure("b", "520000", **REFUGEES | planned, period="2023")) == []
    assert brief(then, figure("b", "520000", **REFUGEES | planned, period="1989/1991")) == [
        ("warning", "same-number-different-meaning")
    ]


PLACES = [place("north", kind="country"), place("hills", kind="admin1", country="north")]


@pytest.mark.parametrize(
    ("percent", "part", "is_found"),
    [
        ("84", "84", False),
        ("84", "90", True),
        ("84", "84.5", False),
        ("84", "84.6", True),
        (">80", "84", False),
        (">90", "84", True),
        ("84.2", "84.3", False),
        ("84.2", "84.4", True),
        ("~50", "58", False),
        ("84", ">80", False),
    ],
)
def test_shares(percent: str, part: str, *, is_found: bool) -> None:
    rows = [
        figure("all", "100", **YEAR),
        figure("share", percent, **YEAR | {"area": "hills", "unit": "percent"}, whole="all"),
        figure("part", part, **YEAR | {"area": "hills"}, whole="all"),
    ]
    assert brief(*PLACES, *rows) == ([("error", "share-does-not-follow")] if is_found else [])


@pytest.mark.parametrize(
    ("fraction", "is_found"), [("0.5", False), ("0.48", False), ("0.67", True), ("~0.5", False), (">0.6", True)]
)
def test_a_share_written_as_a_fraction(fraction: str, *, is_found: bool) -> None:
    rows = [
        figure("all", "100", **YEAR),
        figure("share", fraction, **YEAR | {"area": "hills", "unit": "share"}, whole="all"),
        figure("part", "49", **YEAR | {"area": "hills"}, whole="all"),
    ]
    assert brief(*PLACES, *rows) == ([("error", "share-does-not-follow")] if is_found else [])


def test_a_share_is_held_against_its_own_part_only() -> None:
    whole = figure("all", "100", **YEAR)
    share = figure("share", "84", **YEAR | {"area": "hills", "unit": "percent"}, whole="all")
    other = figure("part", "20", **YEAR | {"area": "hills"}, actor="red", whole="all")
    assert brief(*PLACES, actor("red"), whole, share, other) == []
    unnamed = figure("part", "20", **YEAR | {"area": "hills"})
    assert brief(*PLACES, whole, share, unnamed) == [("error", "share-does-not-follow")]
    assert brief(*PLACES, whole, share, figure("part", "20", **YEAR | {"area": "hills"}, reported_by="else")) == []


def test_a_share_of_a_slice_needs_the_definition_of_the_slice() -> None:
    whole = figure("all", "100", **YEAR)
    share = figure("share", "84", **YEAR | {"unit": "percent"}, whole="all", definition="blasts")
    assert brief(whole, share, figure("part", "20", **YEAR, whole="all", definition="raids")) == []
    assert brief(whole, share, figure("part", "20", **YEAR, whole="all", definition="blasts")) == [
        ("error", "share-does-not-follow")
    ]


@pytest.mark.parametrize(
    ("change", "before", "after", "is_found"),
    [
        ("42", "146", "207", False),
        ("42", "100", "207", True),
        ("27", "207", "262", False),
        ("-50", "200", "100", False),
        ("-50", "200", "120", True),
        ("42", ">146", "207", False),
        ("42", "0", "207", False),
        (">80", "100", "150", True),
    ],
)
def test_changes(change: str, before: str, after: str, *, is_found: bool) -> None:
    rows = [
        figure("old", before, **YEAR | {"period": "2020"}),
        figure("new", after, **YEAR | {"period": "2021"}),
        figure("change", change, **YEAR | {"period": "2021", "unit": "percent_change"}, compared_to="2020"),
    ]
    assert brief(*rows) == ([("error", "change-does-not-follow")] if is_found else [])


def test_a_change_in_other_words_than_its_numbers_is_a_warning() -> None:
    counts = [
        figure("old", "100", **YEAR | {"period": "2020"}),
        figure("new", "207", **YEAR | {"period": "2021"}),
    ]
    change = YEAR | {"period": "2021", "unit": "percent_change", "compared_to": "2020", "definition": "rise of attacks"}
    assert brief(*counts, figure("change", "42", **change)) == [("warning", "change-does-not-follow")]
    assert brief(*counts, figure("change", "107", **change)) == []
    mixed = figure("old", "100", **YEAR | {"period": "2020"}, definition="attacks and clashes")
    assert brief(counts[1], mixed, figure("change", "42", **change)) == []


def test_a_change_is_held_against_numbers_of_its_own_counter_only() -> None:
    rows = [
        figure("old", "100", **YEAR | {"period": "2020"}, reported_by="satp"),
        figure("new", "207", **YEAR | {"period": "2021"}, reported_by="pips"),
        figure(
            "change",
            "42",
            **YEAR | {"period": "2021", "unit": "percent_change"},
            compared_to="2020",
            reported_by="pips",
        ),
    ]
    assert brief(*rows) == []


@pytest.mark.parametrize(
    ("value", "unit", "is_found"),
    [
        ("101", "percent", True),
        ("100", "percent", False),
        (">100", "percent", True),
        ("140", "percent_change", False),
        ("1.5", "share", True),
        ("0.67", "share", False),
        ("~95", "percent", False),
    ],
)
def test_shares_over_all(value: str, unit: str, *, is_found: bool) -> None:
    assert brief(figure("a", value, unit=unit)) == ([("error", "share-over-100")] if is_found else [])
