"""Reports of one event or action that disagree: date, place, toll, who did it, on what ground, to whom, and what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from marsad.claims.consistency.compare import (
    DIFFUSE,
    Weight,
    actors_related,
    document,
    is_nobody,
    places_exclude,
    same_document,
    severity_of,
    weigh_actors,
    weigh_dates,
    weigh_quantities,
)
from marsad.claims.consistency.wording import Case, Part, by_issue, said, short_names
from marsad.model import (
    Action,
    Date,
    Event,
    Evidence,
    Finding,
    Quantity,
    Record,
    Severity,
    date_text,
    joined,
    label,
    place_names,
    quantity_text,
    span_text,
    word,
)

__all__ = ["check_actions", "check_events"]

_T = TypeVar("_T", bound=Record)

_TOLLS = ("killed", "injured", "killed_civilians", "killed_security", "killed_militants")
_VIOLENT = frozenset({"suicide_bombing", "bombing", "armed_attack", "assassination", "abduction", "air_strike"})
_PEACEFUL = frozenset({"election", "meeting", "founding", "statement", "release"})
_MEANS = frozenset({"suicide_bombing", "air_strike", "abduction"})
_MOVING = frozenset({"repatriation", "relocation", "support", "cooperation"})
_STILL_OPEN = ".."
_MUTUAL = frozenset({"talks", "ceasefire", "ceasefire_end", "agreement", "cooperation"})
_CLAIMS = frozenset({"", "claimed", "stated"})
_NOBODY_SAID = frozenset({"unclaimed", "unknown"})

_FIELDS = {"from": "since", "to": "until"}
"""The fields of the properties that are not called like them."""

_DATE = "the date"

_RULE = "two reports of one {what} conflict where no value satisfies both; what may both be true is no error"


@dataclass(frozen=True, slots=True)
class _Topic:
    """One property of the reports of a subject, and how two of them are weighed.

    Attributes:
        kind: kind of the finding.
        property: the property that the finding is about.
        properties: the properties whose statements it rests on.
        noun: what is reported, for the sentence.
        values: the reports that have it, each with its value as one says it.
        weigh: how far two of them are apart; reports that are alike in ``properties`` and ``also`` agree.
        also: further fields that are weighed.
    """

    kind: str
    property: str
    properties: tuple[str, ...]
    noun: str
    values: Sequence[tuple[Record, str]]
    weigh: Callable[[Record, Record], Weight]
    also: tuple[str, ...] = ()


def check_events(evidence: Evidence) -> Iterator[Finding]:
    """Yield the disagreements among the reports of each event."""
    for reports in _groups(evidence.events):
        topics = [_event_date(reports), _event_place(evidence, reports), _perpetrator(evidence, reports)]
        topics += [_toll("event", reports, name) for name in _TOLLS]
        topics += [_attribution(evidence, reports), _kind(reports), _cross_border(reports)]
        yield from _disagreements(evidence, topics)


def check_actions(evidence: Evidence) -> Iterator[Finding]:
    """Yield the disagreements among the reports of each action."""
    for reports in _groups(evidence.actions):
        topics = [_action_date(reports), _action_place(evidence, reports)]
        topics += [_toll("action", reports, name) for name in ("killed", "injured")]
        topics += [_action_actor(evidence, reports), _action_target(evidence, reports)]
        yield from _disagreements(evidence, topics)


def _groups(records: Iterable[_T]) -> list[list[_T]]:
    """The reports of each subject that has several."""
    groups: dict[str, list[_T]] = {}
    for record in records:
        groups.setdefault(record.subject, []).append(record)
    return [group for group in groups.values() if len(group) > 1]


def _disagreements(evidence: Evidence, topics: Iterable[_Topic]) -> Iterator[Finding]:
    for topic in topics:
        weight, one_document = _gravest(topic)
        severity = severity_of(weight, one_document=one_document)
        if severity is not None:
            yield _case(evidence, topic, severity, weight).finding()


def _gravest(topic: _Topic) -> tuple[Weight, bool]:
    """How far the reports are apart at most, and whether those that are stand in one document.

    Reports of one value are compared as one: first the values of each document, then, unless some of them conflict,
    those of different documents.
    """
    groups: dict[object, dict[str, Record]] = {}
    for record, _ in topic.values:
        groups.setdefault(_weighed(record, topic), {}).setdefault(document(record), record)
    within: dict[str, list[dict[str, Record]]] = {}
    for group in groups.values():
        for name in group:
            within.setdefault(name, []).append(group)
    inside = ((one[name], other[name]) for name, values in within.items() for one, other in combinations(values, 2))
    weight = _heaviest(topic, inside)
    if weight is Weight.CONFLICT:
        return weight, True
    firsts = [next(iter(group.values())) for group in groups.values()]
    across = _heaviest(topic, combinations(firsts, 2)) if len(within) > 1 else Weight.AGREE
    return max(weight, across), False


def _heaviest(topic: _Topic, pairs: Iterable[tuple[Record, Record]]) -> Weight:
    """How far the pairs are apart at most; nothing weighs more than a conflict."""
    heaviest = Weight.AGREE
    for one, other in pairs:
        heaviest = max(heaviest, topic.weigh(one, other))
        if heaviest is Weight.CONFLICT:
            break
    return heaviest


def _weighed(record: Record, topic: _Topic) -> tuple[str, ...]:
    """What is weighed of a report, as text."""
    return tuple(str(getattr(record, _FIELDS.get(name, name))) for name in (*topic.properties, *topic.also))


def _case(evidence: Evidence, topic: _Topic, severity: Severity, weight: Weight) -> Case:
    by_value: dict[str, list[Record]] = {}
    texts = {record.record: text for record, text in topic.values}
    for record in _told(evidence, topic):
        by_value.setdefault(texts[record.record], []).append(record)
    records = [record for group in by_value.values() for record in group]
    name = label(evidence, records[0].subject)
    parts: list[Part] = [f"{name}: {topic.noun} is reported as "]
    for index, (value, group) in enumerate(by_value.items()):
        parts += [" and as " if index else "", *said(value, group, *topic.properties)]
    return Case(
        kind=topic.kind,
        severity=severity,
        title=f"{name}: {joined(list(by_value))}",
        text=[*parts, f"; {_verdict(severity, weight, is_number=topic.property in _TOLLS)}."],
        records=records,
        rule=_RULE.format(what=topic.kind.replace("-", "'s ", 1)),
        property=topic.property,
        values=[_coded(record, topic.properties) for record in records],
    )


def _told(evidence: Evidence, topic: _Topic) -> list[Record]:
    """The reports in the order in which they are told: dates by time, other values as the documents give them."""
    records = by_issue(evidence, (record for record, _ in topic.values))
    if topic.noun != _DATE:
        return records
    return sorted(records, key=lambda record: _when(record).sort_key)


def _when(record: Record) -> Date:
    """When it was or began, or else ended."""
    found = record.date if isinstance(record, Event | Action) else None
    until = record.until if isinstance(record, Action) else None
    return found or until or Date.parse("..")


def _verdict(severity: Severity, weight: Weight, *, is_number: bool) -> str:
    if severity is Severity.ERROR:
        return "one document gives both, and both cannot be true"
    if weight is Weight.CONFLICT:
        return "the sources dispute it"
    if severity is Severity.NOTE:
        return "the difference may be one of precision" if is_number else "these may both be true"
    return "these may both be true, but lie far apart" if is_number else "these may both be true, but sit ill together"


def _coded(record: Record, properties: Iterable[str]) -> str:
    """The values as they were coded, a list with commas."""
    values = [getattr(record, _FIELDS.get(name, name)) for name in properties]
    texts = [",".join(value) if isinstance(value, tuple) else str(value) for value in values if value]
    return " to ".join(dict.fromkeys(texts))


def _event_date(reports: Sequence[Event]) -> _Topic:
    dates = {report.record: report.date for report in reports if report.date is not None}
    is_diffuse = any(report.kind in DIFFUSE for report in reports)

    def weigh(left: Record, right: Record) -> Weight:
        one, other = dates[left.record], dates[right.record]
        limit = Weight.WARNING if {one.precision, other.precision} <= {"day", "month"} else Weight.NOTE
        return min(weigh_dates(one, other), limit) if is_diffuse else weigh_dates(one, other)

    values = [(report, date_text(dates[report.record])) for report in reports if report.record in dates]
    return _Topic("event-date", "date", ("date",), _DATE, values, weigh)


def _toll(what: str, reports: Sequence[Event | Action], name: str) -> _Topic:
    tolls: dict[str, Quantity] = {
        report.record: value for report in reports if (value := getattr(report, name)) is not None
    }

    def weigh(left: Record, right: Record) -> Weight:
        return weigh_quantities(tolls[left.record], tolls[right.record])

    values = [(report, quantity_text(tolls[report.record])) for report in reports if report.record in tolls]
    main, _, group = name.partition("_")
    noun = f"the number of {group or 'people'} {main}"
    return _Topic(f"{what}-toll", name, (name,), noun, values, weigh)


def _place_topic(evidence: Evidence, what: str, reports: Sequence[Event | Action]) -> _Topic:
    places = {report.record: report.place for report in reports if report.place}

    def weigh(left: Record, right: Record) -> Weight:
        apart = places_exclude(evidence, places[left.record], places[right.record])
        return Weight.CONFLICT if apart else Weight.AGREE

    values = [(report, place_names(evidence, places[report.record])) for report in reports if report.record in places]
    return _Topic(f"{what}-place", "place", ("place",), "the place", values, weigh)


def _event_place(evidence: Evidence, reports: Sequence[Event]) -> _Topic:
    return _place_topic(evidence, "event", [] if any(report.kind in DIFFUSE for report in reports) else reports)


def _action_place(evidence: Evidence, reports: Sequence[Action]) -> _Topic:
    return _place_topic(evidence, "action", [] if any(report.kind in _MOVING for report in reports) else reports)


def _perpetrator(evidence: Evidence, reports: Sequence[Event]) -> _Topic:
    silent = _NOBODY_SAID | {"denied"}
    named = {
        report.record: report
        for report in reports
        if report.actor and report.kind in _VIOLENT and report.attribution not in silent
    }

    def weigh(left: Record, right: Record) -> Weight:
        one, other = named[left.record], named[right.record]
        weight = weigh_actors(evidence, one.actor, other.actor)
        is_stated = weight is Weight.CONFLICT and {one.attribution, other.attribution} <= _CLAIMS
        return Weight.CONFLICT if is_stated else min(weight, Weight.WARNING)

    values: list[tuple[Record, str]] = [(report, short_names(evidence, report.actor)) for report in named.values()]
    return _Topic("event-perpetrator", "actor", ("actor", "attribution"), "the perpetrator", values, weigh)


def _attribution(evidence: Evidence, reports: Sequence[Event]) -> _Topic:
    known = {
        report.record: report for report in reports if report.kind in _VIOLENT and (report.attribution or report.actor)
    }

    def weigh(left: Record, right: Record) -> Weight:
        return _weigh_grounds(evidence, known[left.record], known[right.record])

    values: list[tuple[Record, str]] = [(report, _ground(evidence, report)) for report in known.values()]
    return _Topic("event-attribution", "attribution", ("attribution", "actor"), "responsibility", values, weigh)


def _ground(evidence: Evidence, report: Event) -> str:
    if report.attribution in _NOBODY_SAID and not report.actor:
        return {"unclaimed": "claimed by nobody", "unknown": "unknown"}[report.attribution]
    who = short_names(evidence, report.actor) or "an unnamed actor"
    phrases = {
        "claimed": "claimed by {}",
        "accused": "laid to {} by an accuser",
        "denied": "denied by {}",
        "unclaimed": "not claimed by {}",
        "unknown": "perhaps of {}",
    }
    return phrases.get(report.attribution, "stated to be of {}").format(who)


def _weigh_grounds(evidence: Evidence, one: Event, other: Event) -> Weight:
    """Whether somebody claimed it. That nobody claimed it and that a source names the actor may both be true."""
    grounds = {one.attribution, other.attribution}
    if grounds == {"unclaimed", "claimed"}:
        return Weight.CONFLICT
    if grounds == {"claimed", "denied"}:
        same = any(actors_related(evidence, here, there) for here in one.actor for there in other.actor)
        return Weight.WARNING if same else Weight.AGREE
    silent = [report for report in (one, other) if report.attribution in _NOBODY_SAID and not report.actor]
    spoken = [report for report in (one, other) if report.actor and report.attribution not in _NOBODY_SAID | {"denied"}]
    if silent and any(not is_nobody(evidence, actor) for report in spoken for actor in report.actor):
        return Weight.WARNING if same_document(one, other) else Weight.NOTE
    return Weight.AGREE


def _kind(reports: Sequence[Event]) -> _Topic:
    kinds = {report.record: report.kind for report in reports}

    def weigh(left: Record, right: Record) -> Weight:
        pair = {kinds[left.record], kinds[right.record]}
        exclusive = (pair & _VIOLENT and pair & _PEACEFUL) or (len(pair) == 2 and pair <= _MEANS)
        return Weight.NOTE if exclusive else Weight.AGREE

    values: list[tuple[Record, str]] = [(report, word(report.kind)) for report in reports]
    return _Topic("event-kind", "kind", ("kind",), "what happened", values, weigh)


def _cross_border(reports: Sequence[Event]) -> _Topic:
    told = {report.record: report.cross_border for report in reports if report.cross_border}

    def weigh(left: Record, right: Record) -> Weight:
        return Weight.NOTE if {told[left.record], told[right.record]} == {"yes", "no"} else Weight.AGREE

    values: list[tuple[Record, str]] = [(report, report.cross_border) for report in reports if report.cross_border]
    return _Topic("event-cross-border", "cross_border", ("cross_border",), "whether it crossed a border", values, weigh)


def _action_date(reports: Sequence[Action]) -> _Topic:
    dated = {report.record: report for report in reports if report.since is not None or report.until is not None}

    def weigh(left: Record, right: Record) -> Weight:
        return _weigh_spans(dated[left.record], dated[right.record])

    values: list[tuple[Record, str]] = [(report, span_text(report.since, report.until)) for report in dated.values()]
    return _Topic("action-date", "from", ("from", "to"), _DATE, values, weigh)


def _weigh_spans(one: Action, other: Action) -> Weight:
    """Two different days of beginning or of end conflict, and so does an end before the other's beginning.

    Beginnings or ends that are known less closely conflict too, unless one span lies within the other: it may be a part
    of it. One document that says of one thing that it ended and that it goes on deserves a look.
    """
    pairs = [(left, right) for left, right in ((one.since, other.since), (one.until, other.until)) if left and right]
    differing = [pair for pair in pairs if weigh_dates(*pair) is Weight.CONFLICT]
    crossed = any(
        end and begin and end.is_before(begin) for end, begin in ((one.until, other.since), (other.until, one.since))
    )
    if crossed or any(left.is_day and right.is_day for left, right in differing):
        return Weight.CONFLICT
    if differing and not (_encloses(one, other) or _encloses(other, one)):
        return Weight.CONFLICT
    ends = {report.until.text for report in (one, other) if report.until}
    goes_on = _STILL_OPEN in ends and len(ends) > 1 and same_document(one, other)
    return Weight.WARNING if differing or goes_on else Weight.AGREE


def _encloses(outer: Action, inner: Action) -> bool:
    """Whether the outer is a span of some length in which all of the inner lies."""
    if outer.since is None or outer.until is None or not outer.since.is_before(outer.until):
        return False
    begin, end = inner.since or inner.until, inner.until or inner.since
    return begin is not None and end is not None and not begin.is_before(outer.since) and not outer.until.is_before(end)


def _action_actor(evidence: Evidence, reports: Sequence[Action]) -> _Topic:
    acting = {report.record: report for report in reports if report.actor}

    def weigh(left: Record, right: Record) -> Weight:
        return _weigh_parties(evidence, acting[left.record], acting[right.record])

    values: list[tuple[Record, str]] = [
        (report, short_names(evidence, report.actor)) for report in reports if report.actor
    ]
    return _Topic("action-actor", "actor", ("actor",), "the actor", values, weigh, ("target", "kind"))


def _weigh_parties(evidence: Evidence, one: Action, other: Action) -> Weight:
    """How far the actors are apart; in what two parties do together each may stand in the place of the other."""
    weight = weigh_actors(evidence, one.actor, other.actor)
    if one.kind not in _MUTUAL or other.kind not in _MUTUAL:
        return weight
    pairs = [(one.actor, (*other.actor, *other.target)), (other.actor, (*one.actor, *one.target))]
    is_exchange = all(
        any(actors_related(evidence, here, there) for here in ours for there in theirs) for ours, theirs in pairs
    )
    return Weight.AGREE if is_exchange else min(weight, Weight.NOTE)


def _action_target(evidence: Evidence, reports: Sequence[Action]) -> _Topic:
    """Targets are compared for actions of one day only: a longer one may have many."""
    aimed = {
        report.record: report.target
        for report in reports
        if report.target and report.kind not in _MUTUAL and report.since is not None and report.since.is_day
    }

    def weigh(left: Record, right: Record) -> Weight:
        weight = weigh_actors(evidence, aimed[left.record], aimed[right.record])
        return Weight.WARNING if weight is Weight.CONFLICT else Weight.AGREE

    values: list[tuple[Record, str]] = [
        (report, short_names(evidence, report.target)) for report in reports if report.record in aimed
    ]
    return _Topic("action-target", "target", ("target",), "the target", values, weigh)
