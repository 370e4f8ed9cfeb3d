"""Parts that lie apart and are together more than their whole, though nothing says that they make it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from marsad.claims.consistency.compare import actors_related, is_nobody, places_exclude, same_document
from marsad.claims.consistency.figures import (
    COUNTABLE,
    actors_within,
    describe,
    excludes_targets,
    is_about,
    is_total,
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
    by_area: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        for area in evidence.areas_around(figure.area[0]) if figure.area else ():
            by_area.setdefault((figure.measure, area), []).append(figure)
    for whole in figures:
        if whole.value.high is None or not is_total(evidence, whole):
            continue
        near = [part for area in whole.area for part in by_area.get((whole.measure, area), ())]
        parts = [part for part in near if _is_part(evidence, part, whole)]
        for dimension in _DIMENSIONS:
            for terms in _apart(evidence, parts, dimension):
                if sum(map(_low, terms), Decimal(0)) > whole.value.high >= max(map(_low, terms)):
                    yield _case(evidence, whole, in_order(terms), dimension).finding()


def _is_part(evidence: Evidence, part: Figure, whole: Figure) -> bool:
    """Whether it certainly lies within the whole, is counted so or names it, and no breakdown sums it up."""
    if part.breakdown or part.period is None or whole.period is None or not whole.period.contains(part.period):
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
        chosen: list[Figure] = []
        for part in sorted(lowest.values(), key=_low, reverse=True):
            if all(_is_apart(evidence, part, other, dimension) for other in chosen):
                chosen.append(part)
        if chosen[1:]:
            yield chosen


def _is_apart(evidence: Evidence, one: Figure, other: Figure, dimension: str) -> bool:
    if dimension == "span":
        return one.period is not None and other.period is not None and not one.period.overlaps(other.period)
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
        sentence.append(f" for {describe(evidence, term)}")
    sentence += [" are together more than ", *said(total, [whole], "value"), f" for {describe(evidence, whole)}"]
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
