"""What holds for any evidence: a true world is never in error, order does not matter, more evidence removes nothing."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.claims import check_consistency
from marsad.model import Severity

from .rows import Row, action, actor, assemble, attribute, event, figure, place, relation, source

WORLD = [
    place("north", kind="country"),
    place("hills", kind="admin1", country="north"),
    place("plains", kind="admin1", country="north"),
    place("glen", kind="admin2", admin1="hills", country="north"),
    place("town", kind="city", admin1="plains", country="north"),
    actor("red", since="2005"),
    actor("red-wing", parent="red", since="2006"),
    actor("blue", since="199X"),
]
AROUND = {"glen": ("glen", "hills", "north"), "town": ("town", "plains", "north")}
BODIES = {"red-wing": ("red-wing", "red"), "blue": ("blue",)}
SOURCES = [source("author", "2025"), source("other", "2024-06"), source("paper", "2025-02-01")]

days = st.dates(date(2020, 1, 1), date(2023, 12, 31))


def vaguer_dates(day: date) -> st.SearchStrategy[str]:
    """Forms of a date that are all true of one day."""
    month_end = calendar.monthrange(day.year, day.month)[1]
    near = f"{day - timedelta(days=2)}/{day + timedelta(days=1)}"
    forms = [f"{day}", f"{day:%Y-%m}", f"{day:%Y}", f"{day:%Y-%m}-XX", f"{day:%Y-%m}-01/{day:%Y-%m}-{month_end}", near]
    return st.sampled_from([*forms, f"{day + timedelta(days=3)}~", f"../{day}", f"{day}/.."])


def vaguer_numbers(number: int) -> st.SearchStrategy[str]:
    """Forms of a quantity that are all true of one number."""
    less, more = st.integers(0, number), st.integers(number, 3 * number + 5)
    forms = [
        st.just(f"{number}"),
        less.map(lambda bound: f">={bound}"),
        more.map(lambda bound: f"<={bound}"),
        st.tuples(less, more).map(lambda pair: f"{pair[0]}..{pair[1]}"),
        st.integers(-(-number * 5 // 6), number * 5 // 4).map(lambda about: f"~{about}"),
    ]
    forms += [st.integers(0, number - 1).map(lambda bound: f">{bound}")] if number else []
    words = {"several": 3, "dozens": 24, "hundreds": 200}
    forms += [st.just(word) for word, least in words.items() if number >= least]
    return st.one_of(forms)


@st.composite
def happenings(draw: st.DrawFn) -> list[Row]:
    """Events and actions of one true world, each reported several times at some precision."""
    rows: list[Row] = []
    for index in range(draw(st.integers(1, 4))):
        day, toll = draw(days), draw(st.integers(0, 400))
        where, who = draw(st.sampled_from(sorted(AROUND))), draw(st.sampled_from(sorted(BODIES)))
        for report in range(draw(st.integers(1, 3))):
            fields = {
                "date": draw(vaguer_dates(day)),
                "place": draw(st.sampled_from(AROUND[where])),
                "actor": draw(st.sampled_from(BODIES[who])),
                "killed": draw(vaguer_numbers(toll)),
                "attribution": draw(st.sampled_from(["stated", "claimed", "accused"])),
                "source": draw(st.sampled_from(["author", "other"])),
                "locator": f"page {draw(st.integers(1, 9))}",
            }
            rows.append(event(f"event-{index}-{report}", f"event-{index}", **fields))
    begin, length = draw(days), draw(st.integers(0, 400))
    rows.append(
        action("whole", "campaign", since=draw(vaguer_points(begin)), until=f"{begin + timedelta(days=length)}")
    )
    stage = begin + timedelta(days=draw(st.integers(0, length)))
    rows.append(action("stage", "stage", since=draw(vaguer_points(stage)), part_of="campaign"))
    rows.append(event("wave", "wave", kind="wave", date=draw(vaguer_dates(stage)), follows="campaign"))
    return rows


def vaguer_points(day: date) -> st.SearchStrategy[str]:
    return st.sampled_from([f"{day}", f"{day:%Y-%m}", f"{day:%Y}"])


@st.composite
def counts(draw: st.DrawFn) -> list[Row]:
    """Monthly counts by actor with their sums, a share, a change and a record, all of one true world."""
    months = draw(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=2, max_size=5))
    rows: list[Row] = []
    scope = {"area": "north", "definition": "attacks"}
    for month, numbers in enumerate(months, start=1):
        period = scope | {"period": f"2022-{month:02d}"}
        rows.append(figure(f"all-{month}", draw(vaguer_numbers(sum(numbers))), **period))
        for who, number in zip(("red", "blue"), numbers, strict=True):
            part = period | {"actor": who, "whole": f"all-{month}", "breakdown": "by-actor"}
            rows.append(figure(f"{who}-{month}", draw(vaguer_numbers(number)), **part))
            if sum(numbers):
                share = Decimal(100 * number) / sum(numbers)
                about = period | {"actor": who, "whole": f"all-{month}", "unit": "percent"}
                rows.append(figure(f"share-{who}-{month}", f"{share.quantize(Decimal(1))}", **about))
        before = sum(months[month - 2]) if month > 1 else 0
        if before:
            change = (Decimal(100 * (sum(numbers) - before)) / before).quantize(Decimal(1))
            about = period | {"unit": "percent_change", "compared_to": f"2022-{month - 1:02d}"}
            rows.append(figure(f"change-{month}", f"{change}", **about))
    best = max(range(len(months)), key=lambda month: sum(months[month]))
    record = scope | {"period": f"2022-{best + 1:02d}", "record_in": "2022"}
    rows.append(figure("record", f"{sum(months[best])}", **record))
    rows.append(figure("year", draw(vaguer_numbers(sum(map(sum, months)))), **scope | {"period": "2022"}))
    return rows


true_worlds = st.tuples(happenings(), counts()).map(lambda parts: [*WORLD, *parts[0], *parts[1]])

BROKEN = [
    event("x-1", "clash-of-reports", date="2023-07-30", killed="4"),
    event("x-2", "clash-of-reports", date="2023-07-31", killed="9"),
    figure("line-1", "2240", measure="length", unit="km", area="line"),
    figure("line-2", ">2600", measure="length", unit="km", area="line"),
    relation("tie-1", a="red", b="blue"),
    relation("tie-2", a="red", b="blue", stance="denied"),
    attribute("trait-1", "no-raids"),
    attribute("trait-2", "raids"),
]


@given(true_worlds)
@settings(max_examples=300, deadline=None)
def test_a_true_world_told_with_less_precision_is_never_in_error(rows: list[Row]) -> None:
    found = check_consistency(assemble(rows, SOURCES))
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []


@given(true_worlds, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_the_records_does_not_matter(rows: list[Row], random: object) -> None:
    mixed = [*rows, *BROKEN]
    expected = check_consistency(assemble(mixed, SOURCES))
    getattr(random, "shuffle")(mixed)  # noqa: B009 - Hypothesis's own random type is private
    assert check_consistency(assemble(mixed, SOURCES)) == expected
    assert len({finding.id for finding in expected}) == len(expected) >= 5


@given(true_worlds)
@settings(max_examples=50, deadline=None)
def test_unrelated_evidence_removes_no_finding(rows: list[Row]) -> None:
    alone = check_consistency(assemble(BROKEN, SOURCES))
    together = check_consistency(assemble([*BROKEN, *rows], SOURCES))
    assert {finding.id for finding in alone} <= {finding.id for finding in together}
    assert len(alone) == 5


def test_no_evidence_has_no_contradiction() -> None:
    assert check_consistency(assemble([])) == ()


@given(true_worlds)
@settings(max_examples=25, deadline=None)
def test_every_finding_is_complete_and_in_order(rows: list[Row]) -> None:
    evidence = assemble([*rows, *BROKEN], SOURCES)
    known = {statement.id for row in [*rows, *BROKEN] for statement in row}
    found = check_consistency(evidence)
    ranks = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    keys = [(ranks[finding.severity or Severity.NOTE], finding.kind) for finding in found]
    assert keys == sorted(keys)
    for finding in found:
        assert finding.title
        assert finding.text
        assert finding.sources
        assert finding.subjects
        assert finding.statements
        assert set(finding.statements) <= known
        assert finding.method.parameters["rule"]
