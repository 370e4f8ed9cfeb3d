"""Sums, parts larger than their whole, and parts of another category."""

from __future__ import annotations

import pytest

from marsad.claims.consistency.figures import describe

from .rows import Row, actor, assemble, brief, check, event, figure, place, sentence

KILLED = {"measure": "killed", "unit": "persons", "area": "north", "period": "2023", "definition": "deaths"}
WORLD = [
    place("north", kind="country"),
    place("hills", kind="admin1", country="north"),
    place("town", kind="city", admin1="hills", country="north"),
    place("south", kind="country"),
    actor("red"),
    actor("blue"),
    actor("army", kind="security_force"),
]


def breakdown(whole: str, *parts: str) -> list[Row]:
    targets = ("security", "civilians", "militants", "foreign")
    rows = [figure("whole", whole, **KILLED)]
    for line, (target, value) in enumerate(zip(targets, parts, strict=False)):
        about = KILLED | {
            "target": target,
            "whole": "whole",
            "breakdown": "by-target",
            "origin": f"figures.csv:{line + 9}",
        }
        rows.append(figure(f"part-{target}", value, **about))
    return rows


@pytest.mark.parametrize(
    ("whole", "parts", "is_found"),
    [
        ("105", ("27", "78", "2"), True),
        ("107", ("27", "78", "2"), False),
        ("105", ("27", "78"), False),
        ("105", ("27",), False),
        (">105", ("27", "78"), True),
        (">=105", ("27", "78"), False),
        ("105", (">27", "78"), True),
        ("105", (">=27", "78"), False),
        ("105", (">20", "78"), False),
        ("120", ("<20", "<=78"), True),
        ("60", ("20..25", "30..40"), False),
        ("70", ("20..25", "30..40"), True),
        ("100", ("~50", "~50"), False),
        ("105", ("dozens", "90"), True),
    ],
)
def test_sums(whole: str, parts: tuple[str, ...], *, is_found: bool) -> None:
    assert brief(*breakdown(whole, *parts)) == ([("error", "parts-do-not-add-up")] if is_found else [])


def test_a_sum_is_spelled_out() -> None:
    (found,) = check(*breakdown("105", "27", "78", "2"))
    assert "27 + 78 + 2 = 107, not 105" in sentence(found)
    assert found.subjects == ("whole", "part-security", "part-civilians", "part-militants")


def test_parts_without_a_common_label_need_not_be_complete() -> None:
    rows = breakdown("105", "27", "60")
    loose = [[statement for statement in row if statement.property != "breakdown"] for row in rows]
    assert brief(*rows) == [("error", "parts-do-not-add-up")]
    assert brief(*loose) == []


def test_a_part_reported_twice_counts_once() -> None:
    again = figure("again", "27", **KILLED, target="security", whole="whole", breakdown="by-target", locator="page 9")
    assert brief(*breakdown("107", "27", "78", "2"), again) == []


def test_percentages_of_a_number_make_a_hundred() -> None:
    whole = figure("whole", "300", **KILLED)

    def parts(*values: str) -> list[Row]:
        share = KILLED | {"unit": "percent"}
        targets = zip(("civilians", "security", "militants"), values, strict=True)
        return [
            figure(target, value, **share, target=target, whole="whole", breakdown="x") for target, value in targets
        ]

    assert brief(whole, *parts("33", "33", "33")) == []
    assert brief(whole, *parts("34", "33", "34")) == []
    assert brief(whole, *parts("33", "33", "40")) == [("error", "parts-do-not-add-up")]


@pytest.mark.parametrize(("last", "is_found"), [("0.5", False), ("0.51", False), ("0.7", True)])
def test_fractions_of_a_number_make_one(last: str, *, is_found: bool) -> None:
    share = KILLED | {"unit": "share", "whole": "whole", "breakdown": "x"}
    rows = [figure("a", "0.49", **share, target="civilians"), figure("b", last, **share, target="security")]
    assert brief(figure("whole", "300", **KILLED), *rows) == ([("error", "parts-do-not-add-up")] if is_found else [])


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ({"period": "2023-01"}, {"period": "2023-02"}, "error"),
        ({"period": "2023-01"}, {"period": "2023-01/2023-03"}, ""),
        ({"period": "2023-01", "definition": "Deaths."}, {"period": "2023-02"}, "error"),
        ({"period": "2023-01", "definition": "other"}, {"period": "2023-02"}, ""),
        ({"period": "2023-01"}, {"period": "2023-02", "via": "other"}, "warning"),
        ({"period": "2023-01"}, {"period": "2023-02", "area": "town"}, ""),
        ({"area": "town"}, {"area": "hills"}, "error"),
        ({"area": "town"}, {"area": "plains"}, ""),
        ({"actor": "red"}, {"actor": "blue"}, "warning"),
        ({"actor": "red"}, {"actor": "red-wing"}, ""),
        ({"target": "civilians"}, {"target": "police"}, "error"),
        ({"target": "civilians"}, {"target": "foreign"}, ""),
        ({"target": "civilians", "whole": "whole", "definition": "x"}, {"target": "police", "whole": "whole"}, "error"),
    ],
)
def test_parts_that_are_apart_are_together_no_more_than_the_whole(
    one: dict[str, str], other: dict[str, str], severity: str
) -> None:
    world = [
        place("north", kind="country"),
        place("hills", kind="admin1", country="north"),
        place("plains", kind="admin1", country="north"),
        place("town", kind="city", admin1="plains", country="north"),
        actor("red"),
        actor("red-wing", parent="red"),
        actor("blue"),
    ]
    parts = [figure("one", "60", **KILLED | one), figure("other", ">=60", **KILLED | other)]
    expected = [(severity, "parts-do-not-add-up")] if severity else []
    assert brief(*world, figure("whole", "100", **KILLED), *parts) == expected
    assert brief(*world, figure("whole", "120", **KILLED), *parts) == []
    assert brief(*world, figure("whole", ">100", **KILLED), *parts) == []


def test_parts_from_another_document_are_a_dispute() -> None:
    whole, *parts = breakdown("105", "27", "78", "2")
    moved = [[statement.model_copy(update={"via": "other"}) for statement in part] for part in parts]
    assert brief(whole, *moved) == [("warning", "parts-do-not-add-up")]


@pytest.mark.parametrize(("part", "is_found"), [("106", True), (">105", True), ("105", False), (">=100", False)])
def test_a_part_larger_than_the_whole_it_names(part: str, *, is_found: bool) -> None:
    rows = [figure("whole", "105", **KILLED), figure("part", part, **KILLED, actor="red", whole="whole")]
    assert brief(*WORLD, *rows) == ([("error", "part-larger-than-whole")] if is_found else [])


WHOLE = figure("whole", "207", area="north", period="2021")


@pytest.mark.parametrize(
    ("part", "is_found"),
    [
        ({"area": "north", "period": "2021-11", "actor": "red"}, True),
        ({"area": "town", "period": "2021"}, True),
        ({"area": "north", "period": "2021", "target": "police"}, True),
        ({"area": "north", "period": "2020-11"}, False),
        ({"area": "north", "period": "2021-11/2022-01"}, False),
        ({"area": "south", "period": "2021-11"}, False),
        ({"area": "north", "actor": "red"}, False),
        ({"period": "2021-11", "actor": "red"}, False),
        ({"area": "north", "period": "2021-11", "measure": "incidents"}, False),
    ],
)
def test_a_figure_within_another(part: dict[str, str], *, is_found: bool) -> None:
    expected = [("error", "part-larger-than-whole")] if is_found else []
    assert brief(*WORLD, WHOLE, figure("part", ">283", **part)) == expected
    assert brief(*WORLD, WHOLE, figure("part", ">200", **part)) == []
    assert brief(*WORLD, WHOLE, figure("part", ">283", **part, via="other")) == [
        ("warning", kind) for _, kind in expected
    ]


def test_another_counter_with_another_definition_is_a_warning() -> None:
    own = {"area": "north", "period": "2021-11", "definition": "claims", "reported_by": "red"}
    part = figure("part", ">283", **own, actor="red")
    assert brief(*WORLD, WHOLE, part) == [("warning", "part-larger-than-whole")]
    assert brief(*WORLD, WHOLE, figure("part", ">283", **own, actor="army")) == []
    assert brief(*WORLD, WHOLE, figure("part", ">283", **own, actor="red", target="militants")) == []


def test_where_the_counters_differ_on_the_whole_the_part_adds_nothing() -> None:
    part = figure("part", "300", area="north", period="2021", actor="red", definition="x", reported_by="satp")
    total = figure("total", "400", area="north", period="2021", definition="x", reported_by="satp")
    assert brief(*WORLD, WHOLE, part, total) == [("note", "counting-difference")]


def test_what_a_slice_or_an_open_period_holds_is_not_known() -> None:
    part = figure("part", "300", area="north", period="2021-11")
    since = figure("since", "207", area="north", period="2021-08/..")
    assert brief(*WORLD, since, part) == []
    whole = figure("all", "900", area="north", period="2021")
    blasts = figure("blasts", "5", area="north", period="2021", definition="blasts", whole="all")
    assert brief(*WORLD, whole, blasts, part) == []


def test_one_finding_for_a_part_that_is_larger_than_several_wholes() -> None:
    mine = figure("mine", "87", area="north", period="2021", actor="red")
    (found,) = check(*WORLD, WHOLE, mine, figure("part", "300", area="north", period="2021-11", actor="red"))
    assert found.kind == "part-larger-than-whole"
    assert len(found.statements) == 3


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"killed": "10"}, False),
        ({"date": "2022-12-31"}, False),
        ({"place": "south"}, False),
        ({"kind": "air_strike"}, False),
        ({"killed": ">=10"}, False),
    ],
)
def test_an_event_larger_than_the_count_of_all(changes: dict[str, str], *, is_found: bool) -> None:
    blast = {"date": "2023-05-01", "place": "town", "killed": "60"} | changes
    expected = [("warning", "part-larger-than-whole")] if is_found else []
    assert brief(*WORLD, figure("all", "50", **KILLED), event("a", **blast)) == expected


@pytest.mark.parametrize(
    ("inner", "outer", "is_found"),
    [
        ("killed", "casualties", True),
        ("injured", "casualties", True),
        ("attacks", "incidents", True),
        ("deported", "returned", True),
        ("casualties", "killed", False),
        ("returned", "deported", False),
        ("killed", "injured", False),
    ],
)
@pytest.mark.parametrize("period", ["2023", "2023-05"])
def test_what_is_counted_in_another_measure(inner: str, outer: str, period: str, *, is_found: bool) -> None:
    part = figure("part", "60", **KILLED | {"measure": inner, "period": period, "definition": inner})
    whole = figure("whole", "50", **KILLED | {"measure": outer, "definition": outer})
    assert brief(*WORLD, whole, part) == ([("error", "part-larger-than-whole")] if is_found else [])
    other = figure("whole", "50", **KILLED | {"measure": outer, "definition": outer, "reported_by": "else"})
    assert brief(*WORLD, other, part) == []


def test_a_count_of_persons_is_a_count() -> None:
    rows = [figure("a", "50", **KILLED), figure("b", "60", **KILLED | {"unit": "count"})]
    assert brief(*WORLD, *rows) == [("error", "quantity-conflict")]
    months = figure("part", "60", **KILLED | {"unit": "count", "period": "2023-05"})
    assert brief(*WORLD, rows[0], months) == [("error", "part-larger-than-whole")]


def test_events_that_are_together_more_than_the_count_of_all() -> None:
    blasts = [event(name, name, date=f"2023-0{name}-01", place="town", killed=">=20") for name in ("1", "2", "3")]
    (found,) = check(*WORLD, figure("all", "50", **KILLED), *blasts)
    assert (str(found.severity), found.kind) == ("warning", "part-larger-than-whole")
    assert {"1", "2", "3", "all"} <= set(found.subjects)
    assert "60" in sentence(found)
    assert brief(*WORLD, figure("all", "60", **KILLED), *blasts) == []
    assert brief(*WORLD, figure("all", "50", **KILLED), *blasts[:2]) == []
    stage = event("3", "3", date="2023-03-01", place="town", killed=">=20", part_of="2")
    assert brief(*WORLD, figure("all", "50", **KILLED), *blasts[:2], stage) == []


def test_one_finding_for_an_event_that_is_larger_than_several_counts() -> None:
    blast = event("a", date="2023-05-01", place="town", killed="60")
    counts = [figure("year", "50", **KILLED), figure("month", "40", **KILLED | {"period": "2023-05"})]
    (found,) = check(*WORLD, *counts, blast)
    assert {"year", "month"} <= set(found.subjects)
    assert all(value in sentence(found) for value in ("60", "50", "40"))


def test_an_event_of_another_actor_is_not_in_the_count_of_one() -> None:
    blast = event("a", date="2023-05-01", place="town", killed="60", actor="blue")
    assert brief(*WORLD, figure("all", "50", **KILLED, actor="red"), blast) == []
    assert brief(*WORLD, figure("all", "50", **KILLED, actor="blue"), blast) == [("warning", "part-larger-than-whole")]


@pytest.mark.parametrize(
    ("killed", "civilians", "security", "is_found"),
    [
        ("10", "7", "4", True),
        ("10", "6", "4", False),
        (">10", "7", "9", False),
        ("10", ">6", "4", True),
        ("10", ">=6", "4", False),
    ],
)
def test_dead_by_class(killed: str, civilians: str, security: str, *, is_found: bool) -> None:
    blast = event("a", killed=killed, killed_civilians=civilians, killed_security=security)
    assert brief(blast) == ([("error", "part-larger-than-whole")] if is_found else [])


def test_dead_by_class_in_another_report() -> None:
    total, civilians = event("a", killed="10"), event("b", killed_civilians="11")
    assert brief(total, civilians) == [("error", "part-larger-than-whole")]
    assert brief(total, event("b", killed_civilians="11", via="other")) == [("warning", "part-larger-than-whole")]
    assert brief(total, event("b", killed_civilians="10")) == []
    assert brief(total, event("b", killed_civilians="11"), event("c", killed="10..12")) == []
    elsewhere = event("c", killed="10..12", via="other")
    assert brief(total, event("b", killed_civilians="11"), elsewhere) == [("error", "part-larger-than-whole")]


@pytest.mark.parametrize(
    ("outer", "inner", "is_found"),
    [
        ("civilians", "security", True),
        ("civilians", "police", True),
        ("security", "refugees", True),
        ("civilians", "refugees", False),
        ("people", "police", False),
        ("civilians", "foreign", False),
        ("civilians;security", "police", False),
        ("security", "people", False),
        ("civilians", "police;refugees", False),
    ],
)
def test_categories(outer: str, inner: str, *, is_found: bool) -> None:
    rows = [figure("whole", "34", **KILLED, target=outer), figure("part", "20", **KILLED, target=inner, whole="whole")]
    found = [each for each in brief(*rows) if each[1] == "category-conflict"]
    assert found == ([("error", "category-conflict")] if is_found else [])


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"source": "acled", "reported_by": "acled", "definition": "political violence"}, "note"),
        ({"source": "acled", "reported_by": "acled"}, "warning"),
        ({"source": "acled", "reported_by": "ucdp", "definition": "political violence", "via": "other"}, "warning"),
        ({"reported_by": "acled", "definition": "political violence"}, "warning"),
        ({"source": "acled", "reported_by": "ucdp"}, "error"),
    ],
)
def test_counts_of_different_things_are_at_most_a_note(changes: dict[str, str], severity: str) -> None:
    part = figure("part", "9999", **KILLED | {"period": "2023-05", "source": "ucdp", "reported_by": "ucdp"})
    whole = figure("whole", "9000", **KILLED | {"source": "ucdp", "reported_by": "ucdp"} | changes)
    (found,) = check(*WORLD, part, whole)
    assert (str(found.severity), found.kind) == (severity, "part-larger-than-whole")
    assert ("count different things" in sentence(found)) == (severity == "note")


def test_a_sentence_names_the_area_and_counters_that_differ() -> None:
    about = {"period": "2022", "definition": "attacks by armed groups"}
    part = figure("part", "1800", **about, area="town", reported_by="red")
    whole = figure("whole", "1600", **about, area="north", reported_by="blue")
    (found,) = check(*WORLD, part, whole)
    text = sentence(found)
    assert "for attacks by armed groups, Town, as counted by Red, 2022" in text
    assert "for attacks by armed groups, North, as counted by Blue, 2022" in text


def test_a_definition_that_names_the_place_and_counter_is_not_repeated() -> None:
    part = figure("part", "1800", period="2022", area="town", definition="attacks in Town", reported_by="red")
    whole = figure("whole", "1600", period="2022", area="north", definition="northern attacks, North, as Red counts")
    evidence = assemble([*WORLD, part, whole])
    found = [describe(evidence, each, evidence.figures) for each in evidence.figures]
    assert found == ["attacks in Town, as counted by Red, 2022", "northern attacks, North, as Red counts, 2022"]


HALVES = [{"period": "2022-01/2022-06"}, {"period": "2022-07/2022-12"}]


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({}, "error"),
        ({"via": "other"}, "warning"),
        ({"reported_by": "else"}, ""),
        ({"definition": "else"}, ""),
        ({"area": "north"}, ""),
    ],
)
@pytest.mark.parametrize("area", ["", "south"])
def test_the_sum_of_parts_of_a_period_is_no_more_than_the_whole(
    area: str, changes: dict[str, str], severity: str
) -> None:
    where = {"area": area} if area else {}
    rows = [figure(name, n, **half | where) for name, n, half in zip("ab", ("12", "25"), HALVES, strict=True)]
    rows.append(figure("all", "30", period="2022", **where | changes))
    assert brief(*WORLD, *rows) == ([(severity, "parts-do-not-add-up")] if severity else [])
    assert brief(*WORLD, *rows[:2], figure("all", "37", period="2022", **where | changes)) == []


def test_the_parts_of_a_period_with_the_largest_sum_are_taken() -> None:
    parts = [("20", "2022-01/2022-03"), ("15", "2022-01/2022-02"), ("18", "2022-03/2022-12")]
    rows = [figure(f"p{n}", value, period=period) for n, (value, period) in enumerate(parts)]
    (found,) = check(*rows, figure("all", "32", period="2022"))
    assert set(found.subjects) == {"all", "p1", "p2"}
