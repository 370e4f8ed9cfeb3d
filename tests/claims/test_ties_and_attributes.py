"""Ties asserted and denied, attributes and their opposites."""

from __future__ import annotations

import pytest

from .rows import Row, attribute, brief, relation

ASSERTED = relation("a", since="2021", until="2022")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (relation("o", stance="denied"), "warning"),
        (relation("o", stance="denied", by="a"), "note"),
        (relation("o", stance="denied", via="other"), "note"),
        (relation("o", stance="denied", since="2023"), ""),
        (relation("o", stance="denied", until="2020"), ""),
        (relation("o", stance="denied", since="2022"), "warning"),
        (relation("o", stance="denied", a="b", b="a"), ""),
        (relation("o", stance="denied", about="third"), ""),
        (relation("o", stance="denied", kind="shelter"), ""),
        (relation("o"), ""),
    ],
)
def test_ties(other: Row, expected: str) -> None:
    assert brief(ASSERTED, other) == ([(expected, "asserted-and-denied")] if expected else [])


def test_a_mutual_tie_has_no_direction() -> None:
    other = relation("o", stance="denied", kind="alliance", a="b", b="a")
    assert brief(relation("a", kind="alliance"), other) == [("warning", "asserted-and-denied")]


def test_one_speaker_who_asserts_and_denies() -> None:
    own = relation("a", by="a")
    assert brief(own, relation("o", stance="denied", by="a")) == [("warning", "asserted-and-denied")]
    assert brief(own, relation("o", stance="denied", by="b")) == [("note", "asserted-and-denied")]


@pytest.mark.parametrize(
    ("left", "right", "is_found"),
    [
        ("attacks-on-civilians", "avoids-attacks-on-civilians", True),
        ("targets-civilians", "avoids-civilians", True),
        ("civilians", "no-civilians", True),
        ("targets-civilians", "not-targets-civilians", True),
        ("attacks-on-civilians", "avoids-attacks-on-foreigners", False),
        ("attacks-on-civilians", "attacks-civilians", False),
        ("northern", "no-northern-front", False),
    ],
)
def test_opposites(left: str, right: str, *, is_found: bool) -> None:
    assert brief(attribute("x", left), attribute("y", right)) == (
        [("warning", "attribute-conflict")] if is_found else []
    )


def test_opposites_of_two_actors_or_two_times_or_two_dimensions() -> None:
    has = attribute("x", "civilians", since="2021", until="2022")
    assert brief(has, attribute("y", "no-civilians", actor="b")) == []
    assert brief(has, attribute("y", "no-civilians", since="2023")) == []
    assert brief(has, attribute("y", "no-civilians", dimension="norm")) == []


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        ({"since": "2015-03-08"}, True),
        ({"since": "2015-04"}, True),
        ({"since": "2015-03"}, False),
        ({"since": "2016"}, False),
        ({"since": "2015-05-01~"}, False),
        ({"since": "2015-03-08", "stance": "denied"}, False),
        ({"since": "2015-03-08", "about": "third"}, False),
        ({"since": "2015-03-08", "kind": "support"}, False),
        ({"since": "2014-01-01", "until": "2014-12-31"}, False),
        ({"since": "2014-01-01", "until": "2016-12-31"}, True),
        ({}, False),
    ],
)
def test_a_lasting_tie_begins_once(other: dict[str, str], *, is_found: bool) -> None:
    rows = [relation("x", kind="allegiance", since="2015-03-07"), relation("y", **{"kind": "allegiance"} | other)]
    found = [each for each in brief(*rows) if each[1] == "tie-date"]
    assert found == ([("warning", "tie-date")] if is_found else [])


def test_what_is_done_again_and_again_has_several_beginnings() -> None:
    rows = [relation(name, kind="attack", since=since) for name, since in (("x", "2022-04"), ("y", "2024-03-18"))]
    assert brief(*rows) == []
