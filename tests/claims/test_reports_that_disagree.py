"""Reports of one event or action: what conflicts, what may both be true, what only looks like a difference."""

from __future__ import annotations

import time

import pytest

from marsad.claims import check_consistency
from marsad.model import Cite, Number

from .rows import Row, action, actor, assemble, brief, check, event, place, sentence, source

PLACES = [
    place("north", kind="country"),
    place("south", kind="country"),
    place("hills", kind="admin1", country="north"),
    place("plains", kind="admin1", country="north"),
    place("valley", kind="admin2", admin1="hills", country="north"),
    place("glen", kind="admin2", admin1="hills", country="north"),
    place("mosque", kind="site", admin1="hills", country="north"),
    place("town", kind="city", admin1="hills", country="north"),
    place("frontier", kind="region"),
    place("upland", kind="region", admin1="hills", country="north"),
    place("port", kind="city", country="north"),
]
ACTORS = [
    actor("north", kind="state"),
    actor("army", kind="security_force", parent="north"),
    actor("ministry", kind="government", parent="north"),
    actor("south", kind="state"),
    actor("red"),
    actor("red-wing", parent="red"),
    actor("blue"),
    actor("somebody", name="unidentified militants"),
    actor("groups", name="militant groups"),
    actor("minister", kind="public_figure"),
    actor("envoy", kind="public_figure"),
    actor("gunmen", name="Armed Gunmen"),
    actor("youths", name="Youth", kind="population"),
    actor("red-again", name="Rouge", aliases="The Reds;RED"),
    actor("herders", name="Northern Herders", kind="population"),
    actor("farmers", name="Southern Farmers", kind="population"),
]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2023-07-30", "2023-07-31", [("error", "event-date")]),
        ("2023-07-30", "2023-07", []),
        ("2023-07-30", "2023", []),
        ("2023-07-30", "2023-07-29/2023-07-30", []),
        ("2023-07-30", "2023-08", [("error", "event-date")]),
        ("2023-07-30", "2023-07-31~", []),
    ],
)
def test_dates(left: str, right: str, expected: list[tuple[str, str]]) -> None:
    assert brief(event("a", date=left), event("b", date=right)) == expected


def test_a_date_that_only_one_report_gives_is_no_disagreement() -> None:
    assert brief(event("a", date="2023-07-30"), event("b")) == []


def test_two_documents_dispute_what_one_document_contradicts() -> None:
    apart = [event("a", date="2023-07-30", via="paper"), event("b", date="2023-07-31", via="other")]
    assert brief(*apart) == [("warning", "event-date")]
    assert brief(*apart, event("c", date="2023-07-30", via="other")) == [("error", "event-date")]


def test_the_document_read_is_the_source_where_nothing_stands_between() -> None:
    own = event("a", date="2023-07-30", source="paper", via="")
    assert brief(own, event("b", date="2023-07-31", source="author", via="paper")) == [("error", "event-date")]
    assert brief(own, event("b", date="2023-07-31", source="author", via="")) == [("warning", "event-date")]


def test_what_has_no_single_date_is_never_an_error() -> None:
    assert brief(event("a", kind="wave", date="2021-08"), event("b", kind="wave", date="2022-08")) == [
        ("warning", "event-date")
    ]
    assert brief(event("a", kind="wave", date="2007"), event("b", kind="wave", date="2008")) == [("note", "event-date")]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (">=10", ">50", [("warning", "event-toll")]),
        (">50", ">60", [("note", "event-toll")]),
        (">=10", ">=20", [("warning", "event-toll")]),
        (">=10", ">=19", [("note", "event-toll")]),
        ("225", ">225", [("note", "event-toll")]),
        ("100", ">=100", [("note", "event-toll")]),
        ("100", "100", []),
        ("100", "101", [("error", "event-toll")]),
        ("~10", ">50", [("error", "event-toll")]),
        ("<225", ">225", [("error", "event-toll")]),
        ("~34", "34", [("note", "event-toll")]),
        ("~34", "35", []),
        ("20..25", "23", []),
        ("20..25", "26", [("error", "event-toll")]),
        ("dozens", "40", []),
        ("dozens", "225", [("warning", "event-toll")]),
        ("hundreds", "40", [("error", "event-toll")]),
        (">=60", "60", [("note", "event-toll")]),
        ("<=100", "40", [("note", "event-toll")]),
        ("0", ">=0", [("note", "event-toll")]),
    ],
)
@pytest.mark.parametrize("column", ["killed", "injured", "killed_militants"])
def test_tolls(left: str, right: str, expected: list[tuple[str, str]], column: str) -> None:
    assert brief(event("a", **{column: left}), event("b", **{column: right})) == expected
    assert brief(event("a", **{column: right}), event("b", **{column: left})) == expected


def test_all_reports_of_one_value_make_one_finding_that_reaches_every_side() -> None:
    rows = [event(name, killed=toll) for name, toll in [("a", "4"), ("b", "5"), ("c", "6"), ("d", "4")]]
    (found,) = check(*rows)
    assert set(found.statements) == {
        statement.id for each in rows for statement in each if statement.property == "killed"
    }
    assert found.subjects == ("blast",)
    assert found.property == "killed"
    assert found.sources == ("author", "paper")
    assert all(value in sentence(found) for value in ("4", "5", "6"))


def test_a_sentence_cites_each_side_at_its_place_and_its_numbers_name_their_statements() -> None:
    left, right = event("a", killed="4", locator="page 3"), event("b", killed="9", locator="page 70", source="else")
    (found,) = check(left, right)
    (passage,) = found.text
    cites = [part for part in passage if isinstance(part, Cite)]
    assert [(part.cite, part.locator) for part in cites] == [
        ("author", ""),
        ("paper", "page 3"),
        ("else", ""),
        ("paper", "page 70"),
    ]
    numbers = [part for part in passage if isinstance(part, Number)]
    assert [(part.text, part.statements) for part in numbers] == [("4", (left[-1].id,)), ("9", (right[-1].id,))]
    assert found.method.parameters["values"] == "4; 9"


@pytest.mark.parametrize(
    ("left", "right", "is_apart"),
    [
        ("valley", "glen", True),
        ("valley", "hills", False),
        ("valley", "north", False),
        ("valley", "plains", True),
        ("valley", "south", True),
        ("valley", "mosque", False),
        ("valley", "town", False),
        ("valley", "frontier", False),
        ("valley", "upland", False),
        ("plains", "upland", True),
        ("town", "port", True),
        ("plains", "port", False),
        ("valley", "nowhere-known", False),
        ("valley;plains", "plains", False),
    ],
)
def test_places(left: str, right: str, *, is_apart: bool) -> None:
    expected = [("error", "event-place")] if is_apart else []
    assert brief(*PLACES, event("a", place=left), event("b", place=right)) == expected
    assert brief(*PLACES, action("a", place=left), action("b", place=right)) == [
        (severity, kind.replace("event", "action")) for severity, kind in expected
    ]


@pytest.mark.parametrize(
    ("left", "right", "is_apart"),
    [
        ({"name": "Borno", "kind": "admin1"}, {"name": "Borno State", "kind": "admin1"}, False),
        ({"name": "Afar", "kind": "admin2"}, {"name": "Afar", "kind": "city", "admin1": "hills"}, False),
        ({"name": "Tombouctou", "kind": "admin1", "aliases": "Timbuktu"}, {"name": "Timbuktu", "kind": "city"}, False),
        ({"name": "Sana’a", "kind": "city"}, {"name": "Sanaa", "kind": "city"}, False),
        ({"name": "Tillabéri", "kind": "city"}, {"name": "Tillaberi", "kind": "city"}, False),
        ({"name": "Region", "kind": "admin1"}, {"name": "State", "kind": "admin1"}, True),
        ({"name": "Borno", "kind": "admin1"}, {"name": "Yobe", "kind": "admin1"}, True),
        ({"name": "Salem", "kind": "admin2"}, {"name": "Salem District", "kind": "admin2"}, False),
        ({"name": "Salem", "admin1": "hills"}, {"name": "Salem", "admin1": "plains"}, True),
        ({"name": "Old", "aliases": "Port"}, {"name": "New", "aliases": "Port"}, True),
        ({"name": "Upper Nile", "kind": "admin1"}, {"name": "Blue Nile", "kind": "admin1"}, True),
    ],
)
def test_places_of_one_name_in_one_country_are_not_apart(
    left: dict[str, str], right: dict[str, str], *, is_apart: bool
) -> None:
    pair = [place(name, **{"country": "north"} | fields) for name, fields in (("one", left), ("other", right))]
    expected = [("error", "event-place")] if is_apart else []
    assert brief(*PLACES, *pair, event("a", place="one"), event("b", place="other")) == expected


def test_places_of_one_name_in_two_countries_are_apart() -> None:
    pair = [place(country + "-salem", name="Salem", country=country) for country in ("north", "south")]
    rows = [event("a", place="north-salem"), event("b", place="south-salem")]
    assert brief(*PLACES, *pair, *rows) == [("error", "event-place")]


def test_a_place_lies_in_a_province_of_the_name_of_its_own() -> None:
    pair = [
        place("aleppo", name="Aleppo", kind="admin1", country="north"),
        place("aleppo-2", name="Aleppo Governorate", kind="admin1", country="north"),
        place("al-bab", kind="city", admin1="aleppo", country="north"),
    ]
    assert brief(*PLACES, *pair, event("a", place="al-bab"), event("b", place="aleppo-2")) == []


def test_what_moves_or_spreads_has_no_single_place() -> None:
    assert brief(*PLACES, event("a", kind="wave", place="valley"), event("b", kind="wave", place="glen")) == []
    moves = [action(name, kind="repatriation", place=where) for name, where in (("a", "north"), ("b", "south"))]
    assert brief(*PLACES, *moves) == []


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("red", "blue", [("error", "event-perpetrator")]),
        ("red", "red-wing", []),
        ("red;blue", "blue", []),
        ("red", "somebody", []),
        ("red", "groups", []),
        ("red", "south", [("warning", "event-perpetrator")]),
        ("army", "ministry", []),
        ("army", "south", [("error", "event-perpetrator")]),
        ("red", "minister", []),
        ("red", "gunmen", []),
        ("red", "youths", []),
        ("red", "red-again", []),
        ("herders", "farmers", [("warning", "event-perpetrator")]),
        ("herders", "youths", []),
    ],
)
def test_perpetrators(left: str, right: str, expected: list[tuple[str, str]]) -> None:
    rows = [event("a", actor=left, attribution="stated"), event("b", actor=right, attribution="claimed")]
    assert brief(*ACTORS, *rows) == expected


def test_an_accusation_is_no_certain_attribution() -> None:
    rows = [event("a", actor="red", attribution="accused"), event("b", actor="blue", attribution="claimed")]
    assert brief(*ACTORS, *rows) == [("warning", "event-perpetrator")]


def test_who_speaks_is_not_who_attacks() -> None:
    rows = [event("a", kind="statement", actor="red"), event("b", kind="statement", actor="blue")]
    assert brief(*ACTORS, *rows) == []


UNCLAIMED = event("a", attribution="unclaimed")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (event("b", actor="red", attribution="claimed"), [("error", "event-attribution")]),
        (event("b", actor="red", attribution="stated"), [("warning", "event-attribution")]),
        (event("b", actor="somebody", attribution="stated"), []),
        (event("b", actor="red", attribution="stated", via="other"), [("note", "event-attribution")]),
        (event("b", attribution="unknown"), []),
        (event("b", actor="red", attribution="denied"), []),
    ],
)
def test_claimed_or_not(other: Row, expected: list[tuple[str, str]]) -> None:
    assert brief(*ACTORS, UNCLAIMED, other) == expected


def test_an_actor_that_claims_and_denies() -> None:
    claim = event("a", actor="red", attribution="claimed")
    assert brief(*ACTORS, claim, event("b", actor="red", attribution="denied")) == [("warning", "event-attribution")]
    assert brief(*ACTORS, claim, event("b", actor="blue", attribution="denied")) == []


@pytest.mark.parametrize(
    ("left", "right", "is_noted"),
    [
        ("suicide_bombing", "air_strike", True),
        ("suicide_bombing", "armed_attack", False),
        ("bombing", "election", True),
        ("clash", "statement", False),
    ],
)
def test_kinds_that_exclude_one_another_are_a_note(left: str, right: str, *, is_noted: bool) -> None:
    assert brief(event("a", kind=left), event("b", kind=right)) == ([("note", "event-kind")] if is_noted else [])


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"since": "2022-04-16"}, {"since": "2022-04-21"}, [("error", "action-date")]),
        ({"since": "2022-04-16"}, {"since": "2022-04"}, []),
        (
            {"since": "2022-04-16", "until": "2022-04-16"},
            {"since": "2022-04-21", "until": "2022-04-21"},
            [("error", "action-date")],
        ),
        ({"since": "2021", "until": "2021-12"}, {"until": "2022-11"}, [("error", "action-date")]),
        ({"since": "2009", "until": "2014"}, {"since": "2007", "until": "2014"}, [("warning", "action-date")]),
        ({"until": "2021"}, {"since": "2022"}, [("error", "action-date")]),
        ({"since": "2021"}, {"until": "2024"}, []),
        ({"since": "2021", "until": ".."}, {"since": "2021-08"}, []),
        ({"since": "2021", "until": ".."}, {"since": "2021", "until": "2022-11"}, [("warning", "action-date")]),
        ({"until": ".."}, {"until": ".."}, []),
    ],
)
def test_dates_of_actions(left: dict[str, str], right: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert brief(action("a", **left), action("b", **right)) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("army", "north", []),
        ("army", "ministry", []),
        ("army", "south", [("error", "action-actor")]),
        ("army", "red", [("warning", "action-actor")]),
        ("minister", "envoy", [("warning", "action-actor")]),
        ("army", "minister", []),
    ],
)
def test_actors_of_actions(left: str, right: str, expected: list[tuple[str, str]]) -> None:
    assert brief(*ACTORS, action("a", actor=left), action("b", actor=right)) == expected


def test_in_talks_each_party_may_come_first_but_a_third_party_is_noted() -> None:
    ours = action("a", kind="talks", actor="north", target="red")
    assert brief(*ACTORS, ours, action("b", kind="talks", actor="red", target="north")) == []
    third = action("b", kind="talks", actor="blue", target="north;red")
    assert brief(*ACTORS, ours, third) == [("note", "action-actor")]


def test_targets_are_compared_on_one_day_only() -> None:
    day = [action(name, since="2024-03-18", target=target) for name, target in (("a", "red"), ("b", "blue"))]
    assert brief(*ACTORS, *day) == [("warning", "action-target")]
    year = [action(name, since="2024", target=target) for name, target in (("a", "red"), ("b", "blue"))]
    assert brief(*ACTORS, *year) == []
    wing = [action(name, since="2024-03-18", target=target) for name, target in (("a", "red"), ("b", "red-wing"))]
    assert brief(*ACTORS, *wing) == []


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("yes", "no", [("note", "event-cross-border")]), ("yes", "yes", []), ("yes", "unknown", [])],
)
def test_whether_a_border_was_crossed(left: str, right: str, expected: list[tuple[str, str]]) -> None:
    assert brief(event("a", cross_border=left), event("b", cross_border=right)) == expected
    assert brief(event("a", cross_border=left), event("b")) == []


SPAN = {"since": "2022-01-01", "until": "2022-12-31"}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"since": "2022-02-01", "until": "2022-11-30"}, [("error", "action-date")]),
        ({"since": "2022-02-01"}, [("error", "action-date")]),
        ({"since": "2022-01-01", "until": "2022-11-30"}, [("error", "action-date")]),
        ({"since": "2022-02", "until": "2022-11"}, [("warning", "action-date")]),
        ({"since": "2022-01", "until": "2022"}, []),
        ({"since": "2022-02-01", "via": "other"}, [("warning", "action-date")]),
    ],
)
def test_two_exact_days_conflict_though_one_span_lies_within_the_other(
    other: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert brief(action("a", **SPAN), action("b", **other)) == expected


def test_a_dispute_across_documents_and_a_vagueness_within_one_is_a_dispute() -> None:
    rows = [
        event("a", killed=">50", via="paper"),
        event("b", killed=">60", via="paper"),
        event("c", killed="40", via="other"),
    ]
    assert brief(*rows) == [("warning", "event-toll")]
    assert brief(*rows, event("d", killed="40", via="paper")) == [("error", "event-toll")]
    assert brief(*rows[:2], event("e", killed=">70", via="other")) == [("note", "event-toll")]


def test_many_reports_of_one_event_are_checked_in_time() -> None:
    rows = [event(f"r{number}", killed=f"{number}", via=f"paper-{number}") for number in range(1500)]
    evidence = assemble(rows)
    started = time.perf_counter()
    (found,) = check_consistency(evidence)
    assert time.perf_counter() - started < 3
    assert (str(found.severity), found.kind) == ("warning", "event-toll")


def test_a_title_tells_dates_in_order_of_time_and_other_values_as_their_documents_appeared() -> None:
    dates = [event("a", date="2023-07-31", locator="page 1"), event("b", date="2023-07-30", locator="page 9")]
    assert check(*dates)[0].title == "Blast: 30 July 2023 and 31 July 2023"
    tolls = [event("a", killed="4", source="a-late", via=""), event("b", killed="9", source="b-early", via="")]
    issued = [source("a-late", "2024"), source("b-early", "2023")]
    assert check(*tolls, sources=issued)[0].title == "Blast: 9 and 4"
    assert check(*tolls)[0].title == "Blast: 4 and 9"
