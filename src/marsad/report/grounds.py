"""What a finding of the study rests on, and which contradictions touch it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup, escape

from marsad.analysis.coded import group_reports
from marsad.model import (
    Action,
    Attribute,
    Date,
    Event,
    Evidence,
    Figure,
    Finding,
    Quantity,
    Record,
    Relation,
    Release,
    date_text,
    label,
    names,
    phrase,
    place_names,
    quantity_text,
    short_name,
    tie_text,
    upper_first,
    word,
)
from marsad.report.prose import Prose
from marsad.study.config import Grounds

__all__ = ["Ground", "Reports", "grounds", "touching"]

_R = TypeVar("_R", bound=Record)
_OPEN = "still open"
_DOT = Markup(" · ")


@dataclass(frozen=True, slots=True)
class Ground:
    """One event, action, figure, tie, property or series that a finding rests on.

    Attributes:
        kind: what it is, for people.
        title: its name.
        reports: each report of it as HTML.
        statements: identifiers of the statements of its reports.
    """

    kind: str
    title: str
    reports: tuple[Markup, ...]
    statements: frozenset[str]


class Reports:
    """Prints single reports, each value with its mark and each report with its source."""

    def __init__(self, evidence: Evidence, prose: Prose) -> None:
        self._evidence = evidence
        self._prose = prose

    def event(self, event: Event) -> Markup:
        """What happened, when, where, by whom, with which toll."""
        people = names(self._evidence, event.actor, short=True)
        parts = [
            self._prose.marked(word(event.kind), event.ids_of("kind")),
            self._date(event, event.date, "date"),
            self._prose.value(place_names(self._evidence, event.place, short=True)),
            self._prose.value(f"by {people}" if people else ""),
            *self._tolls(event),
        ]
        return self._signed(event, parts)

    def action(self, action: Action) -> Markup:
        """What was done, when, by whom, towards whom, with which outcome."""
        targets = names(self._evidence, action.target, short=True)
        span = self._date(action, action.since, "from")
        if action.until is not None and action.until != action.since:
            end = date_text(action.until, short=True) if str(action.until) != ".." else _OPEN
            joint = Markup(", ") if end == _OPEN else Markup(" to ")
            span += joint + self._prose.marked(end, action.ids_of("to"))
        actors = names(self._evidence, action.actor, short=True) + (f" towards {targets}" if targets else "")
        parts = [
            self._prose.marked(word(action.kind), action.ids_of("kind")),
            span,
            self._prose.value(actors),
            *self._tolls(action),
            self._prose.value(action.outcome),
        ]
        return self._signed(action, parts)

    def figure(self, figure: Figure) -> Markup:
        """How much of what, where and when, and how it was counted."""
        value = self._prose.marked(quantity_text(figure.value, figure.unit, short=True), figure.ids_of("value"))
        area = place_names(self._evidence, figure.area, short=True)
        parts = [
            Markup("{} {}").format(value, word(figure.measure)),
            self._prose.value(area),
            escape(date_text(figure.period, short=True)),
            self._prose.value(names(self._evidence, figure.actor, short=True)),
            self._prose.value(f"counted: {figure.definition}"),
        ]
        return self._signed(figure, parts)

    def relation(self, relation: Relation) -> Markup:
        """Who asserts or denies which tie, and when."""
        denied = "denied" if relation.stance == "denied" else "asserted"
        by = f" by {self._evidence.actor_name(relation.by)}" if relation.by else ""
        parts = [
            self._prose.marked(word(relation.kind), relation.ids_of("kind")),
            self._prose.marked(denied + by, relation.ids_of("stance", "by")),
            self._date(relation, relation.since, "from"),
        ]
        return self._signed(relation, parts)

    def attribute(self, attribute: Attribute) -> Markup:
        """What an actor is said to be, hold or have."""
        value = self._prose.marked(phrase(attribute.value), attribute.ids_of("value"))
        return self._signed(attribute, [value, self._date(attribute, attribute.since, "from")])

    def _date(self, record: Record, date: Date | None, name: str) -> Markup:
        return self._prose.marked(date_text(date, short=True), record.ids_of(name)) if date is not None else Markup()

    def _tolls(self, record: Event | Action) -> Iterator[Markup]:
        tolls: list[tuple[str, Quantity | None]] = [("killed", record.killed), ("injured", record.injured)]
        for name, value in tolls:
            if value is not None:
                yield Markup("{} {}").format(
                    self._prose.marked(quantity_text(value, short=True), record.ids_of(name)), name
                )

    def _signed(self, record: Record, parts: Iterable[Markup]) -> Markup:
        said = _DOT.join(part for part in parts if part)
        return Markup("{} ({})").format(said, self._prose.cite(record.source)) if record.source else said


def grounds(rests_on: Grounds, *, evidence: Evidence, releases: Sequence[Release], prose: Prose) -> list[Ground]:
    """What a finding rests on, in the order of the study's file; what the evidence does not hold is left out."""
    reports = Reports(evidence, prose)
    found = [
        *_subjects("figure", rests_on.figures, evidence.figures, reports.figure, evidence),
        *_subjects("event", rests_on.events, evidence.events, reports.event, evidence),
        *_subjects("action", rests_on.actions, evidence.actions, reports.action, evidence),
    ]
    for tie in rests_on.relations:
        ties = [r for r in evidence.relations if (r.a, r.b, r.kind) == (tie.a, tie.b, tie.kind)]
        title = upper_first(tie_text(evidence, tie.kind, tie.a, tie.b, short=True))
        found.append(_ground("relation", title, ties, [reports.relation(r) for r in ties]))
    for name in rests_on.attributes:
        held = [a for a in evidence.attributes if (a.actor, a.dimension) == (name.actor, name.dimension)]
        title = f"{short_name(evidence, name.actor)}: {word(name.dimension)}"
        found.append(_ground("attribute", title, held, [reports.attribute(a) for a in held]))
    titles = {release.id: release.title for release in releases}
    found += [_ground("series", titles[name], [], [Markup()]) for name in rests_on.series if name in titles]
    return [ground for ground in found if ground.reports]


def _subjects(
    kind: str, wanted: Iterable[str], records: Iterable[_R], printed: Callable[[_R], Markup], evidence: Evidence
) -> Iterator[Ground]:
    groups = group_reports(records)
    for subject in wanted:
        found = groups.get(subject, ())
        yield _ground(kind, label(evidence, subject), found, [printed(record) for record in found])


def _ground(kind: str, title: str, records: Sequence[Record], reports: Sequence[Markup]) -> Ground:
    return Ground(
        kind=kind,
        title=title,
        reports=tuple(reports),
        statements=frozenset(found for record in records for found in record.ids),
    )


def touching(found: Iterable[Ground], contradictions: Iterable[Finding]) -> list[Finding]:
    """The contradictions that rest on a statement which a finding rests on too; a shared actor is not enough."""
    statements = frozenset[str]().union(*(ground.statements for ground in found))
    return [finding for finding in contradictions if not statements.isdisjoint(finding.statements)]
