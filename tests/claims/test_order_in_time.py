"""Impossible order, anachronisms, sources older than what they tell, records and firsts."""

from __future__ import annotations

import pytest

from .rows import Row, action, actor, attribute, brief, check, event, figure, place, relation, sentence, source

ORDER = [("error", "impossible-order")]


@pytest.mark.parametrize(
    ("stage", "whole", "is_found"),
    [
        ({"since": "2023-09"}, {"since": "2023-11-01"}, True),
        ({"since": "2023-11"}, {"since": "2023-11-01"}, False),
        ({"since": "2023"}, {"since": "2023-11-01"}, False),
        ({}, {"since": "2023-11-01"}, False),
        ({"since": "2024-02"}, {"since": "2023-11-01", "until": "2024-01-13"}, True),
        ({"since": "2024-01"}, {"since": "2023-11-01", "until": "2024-01-13"}, False),
    ],
)
def test_stages(stage: dict[str, str], whole: dict[str, str], *, is_found: bool) -> None:
    rows = [action("whole", "return", **whole), action("stage", "surge", part_of="return", **stage)]
    assert brief(*rows) == (ORDER if is_found else [])


@pytest.mark.parametrize(
    ("whole", "stage", "is_found"),
    [
        ("2023-01-01/2023-01-05", "2023-02", True),
        ("2023-01-30", "2023-01-31", False),
        ("2023-01", "2023-01-31", False),
        ("2023-01-01/..", "2023-02", False),
    ],
)
def test_a_stage_of_an_event_does_not_come_after_it(whole: str, stage: str, *, is_found: bool) -> None:
    rows = [event("w", "siege", date=whole), event("s", "storm", date=stage, part_of="siege")]
    assert brief(*rows) == (ORDER if is_found else [])
    wave = event("w", "siege", kind="wave", date=whole)
    assert brief(wave, rows[1]) == []


def test_a_stage_must_come_before_every_report_of_its_whole() -> None:
    stage = action("stage", "surge", part_of="return", since="2023-09")
    later, earlier = action("a", "return", since="2023-11"), action("b", "return", since="2023-08")
    assert brief(stage, later) == ORDER
    assert brief(stage, later, earlier) == [("error", "action-date")]


@pytest.mark.parametrize(
    ("effect", "is_found"),
    [
        (event("e", "wave", kind="wave", date="2021-12", follows="end"), True),
        (event("e", "wave", kind="wave", date="2022-12", follows="end"), False),
        (event("e", "wave", kind="wave", date="2022", follows="end"), False),
        (event("e", "wave", kind="wave", date="2021-12/..", follows="end"), False),
        (event("e", "wave", kind="wave", follows="end"), False),
        (event("e", "wave", kind="wave", date="2021-12", follows="nothing-known"), False),
        (figure("e", "45", period="2021-12", follows="end"), True),
        (figure("e", "45", period="2021", follows="end"), True),
        (figure("e", "45", period="2022", follows="end"), False),
        (action("e", "wave", since="2021-12", follows="end"), True),
        (action("e", "end", kind="ceasefire_end", since="2022-11", follows="end"), False),
    ],
)
def test_what_follows(effect: Row, *, is_found: bool) -> None:
    cause = action("cause", "end", kind="ceasefire_end", since="2022-11")
    assert brief(cause, effect) == (ORDER if is_found else [])


def test_what_two_documents_put_in_another_order_is_a_dispute() -> None:
    cause = action("cause", "end", kind="ceasefire_end", since="2022-11")
    effect = event("e", "wave", date="2021-12", follows="end", via="other")
    assert brief(cause, effect) == [("warning", "impossible-order")]


@pytest.mark.parametrize(("until", "is_found"), [("2020", True), ("2021", False), ("2022", False)])
def test_ends(until: str, *, is_found: bool) -> None:
    expected = ORDER if is_found else []
    assert brief(action("a", since="2021", until=until)) == expected
    assert brief(actor("red", since="2021", until=until)) == expected
    assert brief(relation("r", since="2021", until=until)) == expected
    assert brief(attribute("t", "x", since="2021", until=until)) == expected


def test_a_first_since_a_later_time() -> None:
    assert brief(action("a", since="2021", first_since="2022")) == ORDER
    assert brief(action("a", since="2022", first_since="2022")) == []


FOUNDED = actor("red", since="2007", until="2020")


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (event("e", date="2005-03", actor="red"), "error"),
        (event("e", date="2005/..", actor="red"), "warning"),
        (event("e", date="2005", actor="red", attribution="accused"), "warning"),
        (event("e", date="2005", actor="red", via="other"), "warning"),
        (event("e", date="200X", actor="red"), ""),
        (event("e", date="2007", actor="red"), ""),
        (event("e", date="2021", actor="red"), "error"),
        (event("e", actor="red"), ""),
        (event("e", date="2006", kind="founding", actor="red"), ""),
        (action("e", since="2006", actor="red"), "error"),
        (action("e", since="2006", until="2012", actor="red"), "warning"),
        (figure("e", "4", period="2006", actor="red"), "error"),
        (figure("e", "4", period="2006/2008", actor="red"), ""),
        (figure("e", "4", period="2021", actor="red"), "error"),
        (relation("e", a="north", b="red", since="1979", until="1989"), "error"),
        (relation("e", a="north", b="red", since="1979"), "warning"),
        (relation("e", a="north", b="red"), ""),
    ],
)
def test_anachronisms(act: Row, expected: str) -> None:
    assert brief(FOUNDED, act) == ([(expected, "anachronism")] if expected else [])


def test_a_person_acts_outside_the_term_of_office() -> None:
    assert brief(actor("minister", kind="public_figure", until="2020"), event("e", date="2021", actor="minister")) == []


SOURCES = [source("author", "2023-03-29"), source("paper", "2024")]


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        (event("e", date="2023-09-06"), "error"),
        (event("e", date="2023"), ""),
        (event("e", date="2023-03"), ""),
        (event("e"), ""),
        (event("e", date="2023-09-06", note="ambiguous citation"), "warning"),
        (event("e", date="2024-02", kind="election"), "warning"),
        (event("e", date="2023-09-06", source="paper", via=""), ""),
        (event("e", date="2023-09-06", source="not-listed"), ""),
        (action("e", since="2023-09-06"), "error"),
        (action("e", since="2022", until="2023-09"), "warning"),
        (action("e", since="2022", until="2023"), ""),
        (figure("e", "4", period="2023-11"), "error"),
        (figure("e", "4", period="2023"), "warning"),
        (figure("e", "4", period="2023", measure="duration", unit="years"), ""),
        (figure("e", "4", period="2023-01/2023-04"), "warning"),
        (figure("e", "4", period="2023-01/2023-03"), ""),
        (figure("e", "4", period="2023-02-01/2023-04-15"), ""),
        (figure("e", "4", period="2022"), ""),
        (figure("e", "4", period="2021-08/.."), ""),
        (relation("e", since="2023-09"), "error"),
        (relation("e", since="2021", until="2024"), "warning"),
        (relation("e", since="2021", until="2023"), ""),
    ],
)
def test_sources_older_than_what_they_tell(cited: Row, expected: str) -> None:
    assert brief(cited, sources=SOURCES) == ([(expected, "source-before-event")] if expected else [])


def test_a_document_older_than_what_is_read_in_it() -> None:
    later = event("e", date="2024-05", source="not-listed", via="author")
    assert brief(later, sources=SOURCES) == [("error", "source-before-event")]
    assert brief(event("e", date="2023-09-06", via="author"), sources=SOURCES) == [("error", "source-before-event")]


def test_a_date_given_elsewhere_counts_for_a_vaguer_report() -> None:
    dated = event("d", date="2023-09-06", source="paper", via="")
    for vague in (event("e", date="2023"), event("e")):
        (found,) = check(dated, vague, sources=SOURCES)
        assert (str(found.severity), found.kind) == ("error", "source-before-event")
        assert {dated[-1].id} <= set(found.statements)
        assert "6 September 2023" in sentence(found)
    assert brief(dated, event("e", date="2023-01/2023-12"), sources=SOURCES) == []
    disputed = event("f", date="2023-02-01", source="paper", via="")
    assert brief(dated, disputed, event("e", date="2023"), sources=SOURCES) == [("error", "event-date")]


@pytest.mark.parametrize(("issued", "is_found"), [("2008", True), ("2018", True), ("2019", False), ("2020", False)])
def test_a_source_years_older_than_every_date_of_what_it_is_cited_for(issued: str, *, is_found: bool) -> None:
    dated = event("d", date="2021", source="paper", via="")
    old = [source("author", issued), source("paper", "2024")]
    found = brief(dated, event("e"), sources=old)
    assert found == ([("error", "source-before-event")] if is_found else [])


def test_what_follows_something_later_than_the_source_is_later_too() -> None:
    talks = action("t", "talks", since="2022-01", source="paper", via="")
    old = [source("author", "2021-02-25"), source("paper", "2024")]
    undated = event("e", follows="talks")
    (found,) = check(talks, undated, sources=old)
    assert (str(found.severity), found.kind) == ("error", "source-before-event")
    assert "which came after" in sentence(found)
    assert brief(talks, event("e", follows="talks", date="2021-01"), sources=old) == [("error", "impossible-order")]
    assert brief(talks, undated, sources=[source("author", "2022-02"), source("paper", "2024")]) == []


def test_a_form_of_citation_that_fits_a_later_source_leaves_doubt() -> None:
    twins = [source("author", "2023-03-29", ("(Author, 2023)",)), source("later", "2023-12", ("(Author, 2023)",))]
    assert brief(event("e", date="2023-09-06"), sources=twins) == [("warning", "source-before-event")]
    others = [twins[0], source("later", "2023-04", ("(Author, 2023)",))]
    assert brief(event("e", date="2023-09-06"), sources=others) == [("error", "source-before-event")]


def test_counts_of_one_period_by_one_source_make_one_finding() -> None:
    rows = [
        figure(name, value, period="2023", measure=what)
        for name, value, what in (("a", "4", "attacks"), ("b", "9", "killed"))
    ]
    (found,) = check(*rows, sources=SOURCES)
    assert found.subjects == ("a", "b")


RECORD = {"area": "north", "period": "2021-12", "actor": "red", "record_in": "2018/2021"}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (figure("o", ">283", area="north", period="2021-11", actor="red"), "error"),
        (figure("o", ">283", area="north", period="2021-11", actor="red", target="security"), "error"),
        (figure("o", "45", area="north", period="2021-11", actor="red"), ""),
        (figure("o", ">=45", area="north", period="2021-11", actor="red"), ""),
        (figure("o", "283", area="north", period="2022-01", actor="red"), ""),
        (figure("o", "283", area="north", period="2017-11", actor="red"), ""),
        (figure("o", "283", area="north", period="2020", actor="red"), ""),
        (figure("o", "283", area="north", period="2021-11"), ""),
        (figure("o", "283", area="south", period="2021-11", actor="red"), ""),
        (figure("o", "283", area="north", period="2021-11", actor="red", definition="claims"), "warning"),
        (figure("o", "283", area="north", period="2021-11", actor="red", via="other"), "warning"),
    ],
)
def test_records(other: Row, expected: str) -> None:
    world = [actor("red"), place("north", kind="country"), place("south", kind="country")]
    assert brief(*world, figure("r", "45", **RECORD), other) == ([(expected, "record-broken")] if expected else [])


def test_a_span_without_a_start_reaches_back_some_years_for_certain() -> None:
    span = RECORD | {"record_in": "../2021-12"}
    near = figure("o", "283", area="north", period="2020-11", actor="red")
    far = figure("o", "283", area="north", period="2009-11", actor="red")
    assert brief(figure("r", "45", **span), near) == [("error", "record-broken")]
    assert brief(figure("r", "45", **span), far) == [("warning", "record-broken")]


VISIT = {"kind": "delegation", "actor": "north", "target": "south"}
FIRST = action("f", "second-visit", **VISIT, since="2022-11-29", first_since="2021-08")


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        (action("o", "visit", **VISIT, since="2021-10-21"), True),
        (action("o", "visit", **VISIT, since="2021-10-21", first_since="2021-08"), True),
        (action("o", "visit", **VISIT | {"actor": "office"}, since="2021-10-21"), True),
        (action("o", "visit", **VISIT, since="2021-07"), False),
        (action("o", "visit", **VISIT, since="2021"), False),
        (action("o", "visit", **VISIT, since="2023"), False),
        (action("o", "visit", **VISIT), False),
        (action("o", "visit", **VISIT | {"target": "east"}, since="2021-10-21"), False),
        (action("o", "visit", **VISIT | {"kind": "talks"}, since="2021-10-21"), False),
        (action("o", "visit", **VISIT, since="2021-10-21", part_of="second-visit"), False),
    ],
)
def test_firsts(other: Row, *, is_found: bool) -> None:
    world = [
        actor("north", kind="state"),
        actor("office", kind="government", parent="north"),
        actor("south", kind="state"),
    ]
    found = [each for each in brief(*world, FIRST, other) if each[1] == "not-the-first"]
    assert found == ([("error", "not-the-first")] if is_found else [])


def test_two_undated_actions_cannot_both_be_the_first() -> None:
    rows = [action(name, name, **VISIT, first_since="2021-08") for name in ("one", "two")]
    assert brief(*rows) == [("error", "not-the-first")]
    other = action("two", "two", **VISIT, first_since="2022")
    assert brief(rows[0], other) == []


def test_one_old_source_makes_one_finding_for_all_that_came_later() -> None:
    rows = [event(f"e{month}", f"blast-{month}", date=f"2023-{month:02d}-06") for month in range(4, 11)]
    (found,) = check(*rows, sources=SOURCES)
    assert (str(found.severity), found.kind) == ("error", "source-before-event")
    assert len(found.subjects) == 7
    text = sentence(found)
    assert [f"6 {name} 2023" in text for name in ("April", "August", "September")] == [True, True, False]
    assert text.endswith("; and 2 more.")
    assert {statement.id for each in rows for statement in each if statement.property == "date"} <= set(
        found.statements
    )


def test_doubtful_citations_of_an_old_source_stand_apart_from_certain_ones() -> None:
    doubt = [event(name, name, date="2023-09-06", note="ambiguous citation") for name in ("one", "two")]
    certain = [event(name, name, date="2023-09-07") for name in ("three", "four")]
    found = check(*doubt, *certain, sources=SOURCES)
    assert [(str(each.severity), set(each.subjects)) for each in found] == [
        ("error", {"three", "four"}),
        ("warning", {"one", "two"}),
    ]
    assert [sentence(each).endswith("which publication is meant is not certain.") for each in found] == [False, True]


def test_a_period_that_a_source_did_not_live_to_see_is_named_by_its_end() -> None:
    (found,) = check(figure("e", "4", period="2023-01/2023-12"), sources=SOURCES)
    assert "for a period that ends December 2023" in sentence(found)
    year = figure("y", "4", period="2023", measure="killed")
    (found,) = check(year, figure("e", "4", period="2023-01/2023-12"), sources=SOURCES)
    assert set(found.subjects) == {"y", "e"}
