"""Superlatives that other evidence contradicts: the highest value of a span, the first action of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from marsad.claims.consistency.compare import actors_related, document, same_document, start
from marsad.claims.consistency.figures import (
    actors_within,
    definition_key,
    describe,
    places_within,
    scope_of,
    targets_within,
    topic,
)
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import (
    Action,
    Date,
    Evidence,
    Figure,
    Finding,
    Severity,
    date_text,
    joined,
    label,
    quantity_text,
    word,
)

__all__ = ["check_firsts", "check_records"]

_REACH = timedelta(days=3 * 366)
"""How far back "the highest in years" certainly reaches where its start is not stated."""

_LENGTHS = {"day": 3, "month": 31, "season": 92, "year": 366}

_RULE_RECORD = "no other period of the same length within the span has a certainly higher value"
_RULE_FIRST = (
    "no other action of the kind, by the actor and towards the target, lies between the time named and the first"
)


def check_records(evidence: Evidence) -> Iterator[Finding]:
    """Yield the values called the highest of a span in which another is certainly higher."""
    by_scope: dict[object, list[Figure]] = {}
    for figure in evidence.figures:
        if figure.record_in is not None and figure.period is not None:
            by_scope.setdefault((scope_of(figure), figure.value.text), []).append(figure)
    for records in by_scope.values():
        higher = {
            figure.record: figure
            for record in records
            for figure in evidence.figures
            if _beats(evidence, figure, record)
        }
        if higher:
            yield _record(evidence, in_order(records), in_order(higher.values())).finding()


def _beats(evidence: Evidence, other: Figure, record: Figure) -> bool:
    """Whether another figure is certainly higher than the one that is said to be the highest."""
    if (other.measure, other.unit) != (record.measure, record.unit) or not record.value.is_below(other.value):
        return False
    if (
        other.period is None
        or record.period is None
        or record.record_in is None
        or not record.record_in.contains(other.period)
    ):
        return False
    if (
        other.period.overlaps(record.period)
        or _length(other.period) != _length(record.period)
        or not _length(record.period)
    ):
        return False
    within = places_within(evidence, other, record) and targets_within(other.target, record.target)
    return within and actors_within(evidence, other.actor, record.actor)


def _length(period: Date) -> str:
    """Day, month, season or year; empty for longer and open periods."""
    if period.earliest is None or period.latest is None:
        return ""
    days = (period.latest - period.earliest).days + 1
    return next((name for name, longest in _LENGTHS.items() if days <= longest), "")


def _record(evidence: Evidence, records: Sequence[Figure], higher: Sequence[Figure]) -> Case:
    first = records[0]
    value = quantity_text(first.value, first.unit)
    parts: list[Part] = [
        *said(value, records, "value"),
        f" for {describe(evidence, first, higher)} is called the highest",
    ]
    parts += [f" ({date_text(first.record_in)})" if first.record_in else "", ", but "]
    for index, figure in enumerate(higher):
        other = quantity_text(figure.value, figure.unit)
        parts += [
            " and " if index else "",
            *said(other, [figure], "value"),
            f" for {describe(evidence, figure, (first, *higher))}",
        ]
    one_way = any(definition_key(figure) == definition_key(first) for figure in higher)
    certain = any(_is_certain(record, figure) for record in records for figure in higher)
    above = joined([quantity_text(figure.value, figure.unit) for figure in higher])
    return Case(
        kind="record-broken",
        severity=Severity.ERROR if certain else Severity.WARNING,
        title=f"{topic(evidence, first)}: {value} called the highest, {above} is higher",
        text=[*parts, " is higher." if one_way else " is higher; the definitions differ."],
        records=[*records, *higher],
        rule=_RULE_RECORD,
        property="record_in",
        values=[figure.value.text for figure in (first, *higher)],
        basis=[found for figure in records for found in figure.ids_of("record_in")],
    )


def _is_certain(record: Figure, other: Figure) -> bool:
    """Whether one document, in one way of counting, gives both, and the span certainly reaches back to the other."""
    if not same_document(record, other) or definition_key(record) != definition_key(other):
        return False
    if record.record_in is None or record.period is None or other.period is None:
        return False
    if record.record_in.earliest is not None or record.period.earliest is None or other.period.earliest is None:
        return record.record_in.earliest is not None
    return record.period.earliest - other.period.earliest <= _REACH


def check_firsts(evidence: Evidence) -> Iterator[Finding]:
    """Yield the actions called the first of their kind where another came before, one finding for all that meet."""
    by_kind: dict[str, list[Action]] = {}
    for action in in_order(evidence.actions):
        by_kind.setdefault(action.kind, []).append(action)
    for actions in by_kind.values():
        told: set[str] = set()
        firsts = [action for action in actions if action.first_since is not None]
        for first in sorted(firsts, key=_sort_key, reverse=True):
            earlier = [other for other in actions if _came_before(evidence, other, first)]
            if earlier and first.subject not in told:
                claims = [action for action in firsts if action.subject == first.subject]
                told |= {first.subject, *(other.subject for other in earlier if other.first_since is not None)}
                yield _first(evidence, claims, earlier).finding()


def _sort_key(action: Action) -> tuple[object, str]:
    return (action.since.sort_key if action.since else Date.parse("../..").sort_key, action.record)


def _came_before(evidence: Evidence, other: Action, first: Action) -> bool:
    """Whether another action of the kind lies between the time named and the first, or both are called first."""
    if other.subject in {first.subject, first.part_of} or other.part_of == first.subject:
        return False
    meets = _meet(evidence, other.actor, first.actor) and _meet(evidence, other.target, first.target)
    if not meets or first.first_since is None:
        return False
    begin, named = start(other.since), start(first.since)
    if begin is None or named is None:
        is_rival = other.first_since is not None and other.first_since.text == first.first_since.text
        return is_rival and other.record < first.record
    return begin.is_before(named) and first.first_since.is_before(begin)


def _meet(evidence: Evidence, left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether an actor of one is, or is of one body with, an actor of the other; nobody meets only nobody."""
    if not left or not right:
        return not left and not right
    return any(actors_related(evidence, here, there) for here in left for there in right)


def _first(evidence: Evidence, claims: Sequence[Action], earlier: Sequence[Action]) -> Case:
    name = label(evidence, claims[0].subject)
    since = claims[0].first_since
    parts: list[Part] = [f"{name}, dated ", *_dates(claims), " and called the first of its kind"]
    parts += [f" since {date_text(since)}" if since else "", ", comes after "]
    for index, subject in enumerate(dict.fromkeys(action.subject for action in earlier)):
        group = [action for action in earlier if action.subject == subject]
        also = ", called the first too" if any(action.first_since for action in group) else ""
        parts += [" and " if index else "", f"{label(evidence, subject)}, dated ", *_dates(group), also]
    is_one = len({document(action) for action in (*claims, *earlier)}) == 1
    return Case(
        kind="not-the-first",
        severity=Severity.ERROR if is_one else Severity.WARNING,
        title=f"{name}: not the first {word(claims[0].kind)}",
        text=[*(part for part in parts if part), "."],
        records=[*claims, *earlier],
        rule=_RULE_FIRST,
        property="first_since",
        basis=[found for action in (*claims, *earlier) for found in action.ids_of("first_since", "from")],
    )


def _dates(actions: Sequence[Action]) -> list[Part]:
    parts: list[Part] = []
    for action in actions:
        text = date_text(action.since) if action.since else "at no stated time"
        parts += [" or " if parts else "", *said(text, [action], "from", "first_since")]
    return parts
