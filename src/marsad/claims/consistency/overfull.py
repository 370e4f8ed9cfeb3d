"""Parts that lie apart and are together more than their whole, though nothing says that they make it up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from marsad.claims.consistency.compare import actors_related, is_nobody, places_exclude, reporter, same_document
from marsad.claims.consistency.figures import (
    COUNTABLE,
    Scope,
    actors_within,
    definition_key,
    describe,
    excludes_targets,
    grouped,
    is_about,
    is_closed,
    is_slice,
    places_within,
    same_count,
    scope_of,
    targets_within,
    topic,
)
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import Evidence, Figure, Finding, Severity, quantity_text

__all__ = ["check_overfull"]

_DIMENSIONS = ("span", "area", "actor", "target")

_RULE = (
    "counts of one counter and definition that differ only in period, area, actor or victims, and do not overlap "
    "there, are together no more than the count that holds them"
)


def check_overfull(evidence: Evidence) -> Iterator[Finding]:
    """Yield the counts that are smaller than the sum of parts that lie apart, none of them larger alone."""
    figures = [figure for figure in in_order(evidence.figures) if is_about(figure, measures=COUNTABLE)]
    alike: dict[_Way, list[Figure]] = {}
    named: dict[str, list[Figure]] = {}
    for figure in figures:
        named.setdefault(figure.whole, []).append(figure)
        for area in evidence.areas_around(figure.area[0]) if figure.area else ("",):
            alike.setdefault(_way(figure, area), []).append(figure)
    scopes = {way: [(scope_of(group[0]), group) for group in grouped(found)] for way, found in alike.items()}
    for whole in figures:
        if whole.value.high is None or not is_closed(whole) or is_slice(evidence, whole):
            continue
        near = [part for area in whole.area or ("",) for part in _within(scopes.get(_way(whole, area), ()), whole)]
        both = {part.record: part for part in (*near, *named.get(whole.subject, ()))}
        parts = [part for part in both.values() if _is_part(evidence, part, whole)]
        for dimension in _DIMENSIONS:
            for terms in _apart(evidence, parts, dimension):
                if sum(map(_low, terms), Decimal(0)) > whole.value.high >= max(map(_low, terms)):
                    yield _case(evidence, whole, in_order(terms), dimension).finding()


_Way = tuple[str, str, str, str]
"""Measure, area, counter and definition."""


def _way(figure: Figure, area: str) -> _Way:
    return (figure.measure, area, reporter(figure), definition_key(figure))


def _within(scopes: Sequence[tuple[Scope, Sequence[Figure]]], whole: Figure) -> list[Figure]:
    """The figures of another scope whose period and actor, if stated, may lie in those of the whole."""
    own = scope_of(whole)
    first, last = own.span
    return [
        part
        for scope, group in scopes
        if first and last and scope.span[0] and scope.span[1] and first <= scope.span[0] and scope.span[1] <= last
        if (scope.actor or not own.actor) and scope != own
        for part in group
    ]


def _is_part(evidence: Evidence, part: Figure, whole: Figure) -> bool:
    """Whether it certainly lies within the whole, is counted so or names it, and no breakdown of the whole has it."""
    if (
        (part.breakdown and part.whole == whole.subject)
        or part.period is None
        or whole.period is None
        or not whole.period.contains(part.period)
    ):
        return False
    if scope_of(part) == scope_of(whole) or not (part.whole == whole.subject or same_count(part, whole)):
        return False
    if not places_within(evidence, part, whole) or not actors_within(evidence, part.actor, whole.actor):
        return False
    return targets_within(part.target, whole.target)


def _apart(evidence: Evidence, parts: Sequence[Figure], dimension: str) -> Iterator[list[Figure]]:
    """Parts that differ in one dimension only and do not overlap in it, the largest first chosen."""
    groups: dict[object, list[Figure]] = {}
    for part in parts:
        scope = scope_of(part)
        rest = tuple(getattr(scope, name) for name in _DIMENSIONS if name != dimension)
        groups.setdefault(rest, []).append(part)
    for group in groups.values():
        lowest: dict[object, Figure] = {}
        for part in sorted(group, key=_low, reverse=True):
            lowest[getattr(scope_of(part), dimension)] = part
        chosen = _heaviest(lowest.values()) if dimension == "span" else _chosen(evidence, lowest.values(), dimension)
        if chosen[1:]:
            yield chosen


def _heaviest(parts: Iterable[Figure]) -> list[Figure]:
    """Parts of periods that do not overlap, with the largest sum (weighted interval scheduling)."""
    best: list[tuple[Decimal, list[Figure]]] = [(Decimal(0), [])]
    ends: list[date] = []
    for part in sorted(parts, key=lambda part: (part.period.latest or date.max) if part.period else date.max):
        if part.period is None or part.period.earliest is None or part.period.latest is None:
            continue
        total, before = best[bisect_left(ends, part.period.earliest)]
        ends.append(part.period.latest)
        taken = (total + _low(part), [*before, part])
        best.append(max(taken, best[-1], key=lambda found: found[0]))
    return best[-1][1]


def _chosen(evidence: Evidence, parts: Iterable[Figure], dimension: str) -> list[Figure]:
    """Parts that do not overlap, the largest first chosen."""
    chosen: list[Figure] = []
    for part in sorted(parts, key=_low, reverse=True):
        if all(_is_apart(evidence, part, other, dimension) for other in chosen):
            chosen.append(part)
    return chosen


def _is_apart(evidence: Evidence, one: Figure, other: Figure, dimension: str) -> bool:
    if dimension == "area":
        return places_exclude(evidence, one.area, other.area)
    if dimension == "target":
        return excludes_targets(one.target, other.target) and excludes_targets(other.target, one.target)
    pairs = [(here, there) for here in one.actor for there in other.actor]
    unclear = any(is_nobody(evidence, actor) for actor in (*one.actor, *other.actor))
    return bool(pairs) and not unclear and not any(actors_related(evidence, *pair) for pair in pairs)


def _low(figure: Figure) -> Decimal:
    return figure.value.low or Decimal(0)


def _case(evidence: Evidence, whole: Figure, terms: Sequence[Figure], dimension: str) -> Case:
    """An error where one document holds all, but for parts by actor: two actors may have done one thing together."""
    certain = dimension != "actor" and all(same_document(whole, term) for term in terms)
    total = quantity_text(whole.value, whole.unit)
    sentence: list[Part] = []
    for index, term in enumerate(terms):
        sentence += [" and " if index else "", *said(quantity_text(term.value, term.unit), [term], "value")]
        sentence.append(f" for {describe(evidence, term, (whole, *terms))}")
    sentence += [" are together more than ", *said(total, [whole], "value"), f" for {describe(evidence, whole, terms)}"]
    added = " + ".join(quantity_text(term.value, term.unit) for term in terms)
    return Case(
        kind="parts-do-not-add-up",
        severity=Severity.ERROR if certain else Severity.WARNING,
        title=f"{topic(evidence, whole)}: {added}, in a whole of {total}",
        text=[*sentence, ", which should hold them."],
        records=[whole, *terms],
        rule=_RULE,
        property="value",
        values=[figure.value.text for figure in (*terms, whole)],
        basis=[found for term in terms for found in term.ids_of("whole")],
    )
