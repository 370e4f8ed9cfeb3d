"""Impossible order in time: stages before their whole, consequences before their cause, acts before a founding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.claims.consistency.compare import DIFFUSE, document, same_document, start
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import (
    Action,
    Actor,
    Attribute,
    Date,
    Event,
    Evidence,
    Figure,
    Finding,
    Number,
    Record,
    Relation,
    Severity,
    date_text,
    label,
    quantity_text,
    short_name,
    tie_text,
)

__all__ = ["check_actors", "check_ends", "check_follows", "check_stages"]

_Happening = Event | Action
_Acting = Event | Action | Figure | Relation

_RULE_STAGE = "a stage neither begins before that of which it is a part nor after that has ended"
_RULE_FOLLOWS = "what follows an event or action is not dated before it"
_RULE_END = "nothing ends before it begins, and nothing is the first since a later time"
_RULE_ACTOR = "a group or body acts neither before it was founded nor after it was dissolved"


def _happenings(evidence: Evidence) -> dict[str, list[_Happening]]:
    """The reports of each event and action, in order."""
    groups: dict[str, list[_Happening]] = {}
    records: list[_Happening] = [*evidence.events, *evidence.actions]
    for record in in_order(records):
        groups.setdefault(record.subject, []).append(record)
    return groups


@dataclass(frozen=True, slots=True)
class _Link:
    """How one thing is tied to another in time, in words.

    Attributes:
        property: the property that ties them.
        verb: between the two names.
        relative: before the other's date.
        side: on which side of the other it lies.
        rule: what is broken.
    """

    property: str
    verb: str
    relative: str
    side: str
    rule: str


_BEGINS = _Link("part_of", "is said to be a stage of", "which began", "before its whole,", _RULE_STAGE)
_ENDED = _Link("part_of", "is said to be a stage of", "which ended", "after the end of its whole,", _RULE_STAGE)
_FOLLOWS = _Link("follows", "is said to follow", "which is dated", "before what it follows,", _RULE_FOLLOWS)


def check_stages(evidence: Evidence) -> Iterator[Finding]:
    """Yield the stages dated before the beginning, or after the end, of what they are part of."""
    happenings = _happenings(evidence)
    for reports in happenings.values():
        for whole in _others(happenings, reports, "part_of"):
            linked = [report for report in reports if report.part_of == whole]
            stages, begun = _dated(linked) or _dated(reports), _dated(happenings[whole])
            ended = [report for report in happenings[whole] if _ends(report)]
            if _all_before(stages, begun):
                yield _order(evidence, linked, (stages, begun), _BEGINS)
            elif _are_before([_end(report) for report in ended], [_start(stage) for stage in stages]):
                yield _order(evidence, linked, (stages, ended), _ENDED)


def check_follows(evidence: Evidence) -> Iterator[Finding]:
    """Yield the events, actions and figures dated before what they follow."""
    happenings = _happenings(evidence)
    for reports in happenings.values():
        for cause in _others(happenings, reports, "follows"):
            linked = [report for report in reports if report.follows == cause]
            effects, causes = _dated(linked) or _dated(reports), _dated(happenings[cause])
            if _all_before(effects, causes):
                yield _order(evidence, linked, (effects, causes), _FOLLOWS)
    for figure in evidence.figures:
        causes = _dated(happenings.get(figure.follows, []))
        if figure.period is not None and causes and all(figure.period.is_before(_start(cause)) for cause in causes):
            yield _order(evidence, [figure], ([figure], causes), _FOLLOWS)


def _others(happenings: dict[str, list[_Happening]], reports: Sequence[_Happening], name: str) -> list[str]:
    """The known events and actions, other than their own, that reports name in a field."""
    named = {getattr(report, name) for report in reports} - {reports[0].subject}
    return sorted(other for other in named if other in happenings)


def _all_before(effects: Sequence[_Happening], causes: Sequence[_Happening]) -> bool:
    """Whether every date of the one certainly lies before every beginning of the other."""
    return _are_before([effect.date for effect in effects], [_start(cause) for cause in causes])


def _are_before(dates: Sequence[Date | None], others: Sequence[Date]) -> bool:
    """Whether there are some of both and every date of the one certainly lies before every date of the other."""
    lasts = [date.latest if date else None for date in dates]
    firsts = [date.earliest for date in others]
    known_lasts, known_firsts = ([day for day in days if day is not None] for days in (lasts, firsts))
    if not lasts or not firsts or len(known_lasts) < len(lasts) or len(known_firsts) < len(firsts):
        return False
    return max(known_lasts) < min(known_firsts)


def _dated(reports: Sequence[_Happening]) -> list[_Happening]:
    return [report for report in reports if start(report.date) is not None]


def _start(report: _Happening) -> Date:
    """When it began; no known time where that is not stated."""
    return start(report.date) or Date.parse("../..")


def _end(report: Record) -> Date:
    """When it ended; no known time where that is not stated."""
    if isinstance(report, Event) and _ends(report) and report.date is not None:
        return report.date
    return (report.until if isinstance(report, Action) else None) or Date.parse("../..")


def _ends(report: _Happening) -> bool:
    """Whether its end is stated: an action's, or an event's that is told of a span and is no series of events."""
    if isinstance(report, Action):
        return report.until is not None
    return report.kind not in DIFFUSE and report.date is not None and report.date.is_interval


def _order(
    evidence: Evidence,
    linked: Sequence[Record],
    sides: tuple[Sequence[_Happening | Figure], Sequence[_Happening]],
    link: _Link,
) -> Finding:
    """The finding for what is dated on the wrong side of another."""
    effects, causes = sides
    name, other = _name(evidence, effects[0]), label(evidence, causes[0].subject)
    parts: list[Part] = [f"{name}, dated ", *_when(effects), f", {link.verb} {other}, {link.relative} "]
    parts += [*_when(causes, ends=link is _ENDED), "."]
    is_one = bool({document(effect) for effect in effects} & {document(cause) for cause in causes})
    return Case(
        kind="impossible-order",
        severity=Severity.ERROR if is_one else Severity.WARNING,
        title=f"{name}: {link.side} {other}",
        text=parts,
        records=[*linked, *effects, *causes],
        rule=link.rule,
        property=link.property,
        basis=[found for record in linked for found in record.ids_of(link.property)],
    ).finding()


def _name(evidence: Evidence, record: Record) -> str:
    """A happening by its label, a figure by its value and what it counts."""
    if isinstance(record, Figure):
        return f"{quantity_text(record.value, record.unit)} ({record.definition})"
    return label(evidence, record.subject)


def _when(records: Sequence[Record], *, ends: bool = False) -> list[Part]:
    """The dates of records, each once, with who gives it."""
    groups: dict[str, list[Record]] = {}
    for record in in_order(records):
        date = _end(record) if ends else _date_of(record)
        groups.setdefault(date_text(date) if date else "", []).append(record)
    parts: list[Part] = []
    for text, group in groups.items():
        parts += [
            " or " if parts else "",
            *said(text, group, *(("to", "date") if ends else ("date", "period", "from"))),
        ]
    return parts


def _date_of(record: Record) -> Date | None:
    if isinstance(record, Figure):
        return record.period
    if isinstance(record, Event):
        return record.date
    return record.since if isinstance(record, Action | Relation) else None


def check_ends(evidence: Evidence) -> Iterator[Finding]:
    """Yield the records that end before they begin, and actions called the first since a later time."""
    lasting: list[Actor | Attribute | Relation | Action] = [
        *evidence.actors,
        *evidence.attributes,
        *evidence.relations,
        *evidence.actions,
    ]
    for record in lasting:
        if record.since is not None and record.until is not None and record.until.is_before(record.since):
            yield _one_record(evidence, record, ("to", "ends", record.until), record.since)
    for action in evidence.actions:
        if action.since is not None and action.first_since is not None and action.since.is_before(action.first_since):
            words = ("first_since", "is called the first since", action.first_since)
            yield _one_record(evidence, action, words, action.since)


def _one_record(
    evidence: Evidence, record: Actor | Attribute | Relation | Action, later: tuple[str, str, Date], since: Date
) -> Finding:
    """The finding for a record whose dates are in the wrong order; ``later`` is a property, its words and its date."""
    linking, words, date = later
    name = f"{label(evidence, record.a)} and {label(evidence, record.b)}" if isinstance(record, Relation) else ""
    name = name or label(evidence, record.subject)
    return Case(
        kind="impossible-order",
        severity=Severity.ERROR,
        title=f"{name}: {words} {date_text(date)}, begins {date_text(since)}",
        text=[
            f"{name} {words} ",
            Number(text=date_text(date), statements=record.ids_of(linking)),
            " but begins ",
            *said(date_text(since), [record], "from"),
            ".",
        ],
        records=[record],
        rule=_RULE_END,
        property=linking,
        values=[str(since), str(date)],
    ).finding()


def check_actors(evidence: Evidence) -> Iterator[Finding]:
    """Yield the acts of groups and bodies before their founding or after their end; not those of persons."""
    cases: dict[tuple[str, str, str], list[_Acting]] = {}
    acting: list[_Acting] = [*evidence.events, *evidence.actions, *evidence.figures, *evidence.relations]
    for record in acting:
        for name in sorted(_actors_of(record)):
            actor = evidence.actor_by_id.get(name)
            if actor is not None and actor.kind != "public_figure" and _out_of_time(actor, record):
                cases.setdefault((name, record.KIND, _tie(record)), []).append(record)
    for (name, _, _), records in cases.items():
        yield _anachronism(evidence, evidence.actor_by_id[name], in_order(records))


def _actors_of(record: _Acting) -> set[str]:
    if isinstance(record, Relation):
        return {record.a, record.b}
    return set() if isinstance(record, Event) and record.kind == "founding" else set(record.actor)


def _tie(record: _Acting) -> str:
    return f"{record.a} {record.kind} {record.b} {record.about}" if isinstance(record, Relation) else record.subject


def _out_of_time(actor: Actor, record: _Acting) -> str:
    """``before`` or ``after`` where the act certainly began outside the actor's life, else nothing.

    A count for a period that only begins before the founding is none: it holds what the actor did later.
    """
    begin = start(_date_of(record))
    if begin is None:
        return ""
    early = record.period if isinstance(record, Figure) else begin
    if actor.since is not None and early is not None and early.is_before(actor.since):
        return "before"
    return "after" if actor.until is not None and actor.until.is_before(begin) else ""


def _is_wholly_outside(actor: Actor, record: _Acting) -> bool:
    """Whether no part of the act can lie within the actor's life."""
    if _out_of_time(actor, record) == "after":
        return True
    last = record.until if isinstance(record, Action | Relation) else None
    if last is None and isinstance(record, Event | Figure | Action):
        last = _date_of(record)
    return last is not None and actor.since is not None and last.is_before(actor.since)


def _act(evidence: Evidence, record: _Acting, *, short: bool) -> str:
    if not isinstance(record, Relation):
        return _name(evidence, record)
    return tie_text(evidence, record.kind, record.a, record.b, about=record.about, short=short)


def _anachronism(evidence: Evidence, actor: Actor, records: Sequence[_Acting]) -> Finding:
    first = records[0]
    side = _out_of_time(actor, first)
    life = actor.since if side == "before" else actor.until
    hedged = all(
        isinstance(record, Event) and record.attribution in {"accused", "denied", "unknown"} for record in records
    )
    certain = any(_is_wholly_outside(actor, record) and same_document(record, actor) for record in records)
    act, act_in_title = (_act(evidence, first, short=short) for short in (False, True))
    property_, words = ("from", "founded") if side == "before" else ("to", "dissolved")
    return Case(
        kind="anachronism",
        severity=Severity.ERROR if certain and not hedged else Severity.WARNING,
        title=f"{short_name(evidence, actor.subject)}, {side} it was {words}: {act_in_title}",
        text=[
            f"{actor.name} has a part in {act}, dated ",
            *_when(records),
            f", but was {words} in ",
            *said(date_text(life) if life else "", [actor], property_),
            ".",
        ],
        records=[*records, actor],
        rule=_RULE_ACTOR,
        subjects=[first.subject, actor.subject],
        property="actor",
        basis=[found for record in records for found in record.ids_of("actor", "a", "b")],
    ).finding()
