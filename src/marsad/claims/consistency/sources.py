"""Sources that appeared before what they are cited for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.claims.consistency.compare import Weight, is_ambiguous, same_document, start, weigh_dates
from marsad.claims.consistency.figures import definition_key, describe, scope_of
from marsad.claims.consistency.wording import Case, Part, cited, date_words, in_order, label, names, quantity_words
from marsad.model import (
    Action,
    Cite,
    Date,
    Event,
    Evidence,
    Figure,
    Finding,
    Number,
    Record,
    Relation,
    Severity,
    Source,
)

__all__ = ["check_sources"]

_Dated = Event | Action | Figure | Relation

_PLANNED = frozenset({"election", "law"})
_RULE = "a source does not report what happened after it appeared"


@dataclass(frozen=True, slots=True)
class _Late:
    """A record that is later than the source it cites.

    Attributes:
        record: the record.
        date: what is later: the beginning of it, or the end of its period.
        is_end: whether only the end of its period is later.
        witness: the report that gives the date, where the record itself gives a vaguer one or none.
    """

    record: _Dated
    date: Date
    is_end: bool
    witness: _Dated


def check_sources(evidence: Evidence) -> Iterator[Finding]:
    """Yield the sources whose last possible day of issue lies before what they are cited for."""
    groups: dict[tuple[str, str, str, bool], list[_Late]] = {}
    for late in _all_late(evidence):
        record = late.record
        groups.setdefault((record.source, record.KIND, _about(record), late.is_end), []).append(late)
    for (source, _, _, _), group in groups.items():
        yield _finding(evidence, evidence.sources[source], group)


def _all_late(evidence: Evidence) -> Iterator[_Late]:
    happenings: dict[str, list[Event | Action]] = {}
    for happening in in_order([*evidence.events, *evidence.actions]):
        happenings.setdefault(happening.subject, []).append(happening)
    records: list[_Dated] = [*evidence.events, *evidence.actions, *evidence.figures, *evidence.relations]
    for record in records:
        source = evidence.sources.get(record.source)
        if source is None or source.issued is None:
            continue
        late = _too_late(source.issued, record)
        if late is None and isinstance(record, Event | Action):
            late = _late_elsewhere(source.issued, record, happenings[record.subject])
        if late is not None:
            yield late


def _too_late(issued: Date, record: _Dated) -> _Late | None:
    """Whether the source is older than the beginning of the record, or than the end of its period."""
    begin = start(_when(record))
    if begin is not None and issued.is_before(begin):
        return _Late(record, begin, is_end=False, witness=record)
    end = _end(record)
    is_older = end is not None and end.latest is not None and issued.latest is not None and issued.latest < end.latest
    return _Late(record, end, is_end=True, witness=record) if end is not None and is_older else None


def _when(record: _Dated) -> Date | None:
    if isinstance(record, Event):
        return record.date
    return record.period if isinstance(record, Figure) else record.since


def _end(record: _Dated) -> Date | None:
    """The end of what lasts: the period of a figure, the closed end of a tie or an action."""
    return None if isinstance(record, Event) else record.period if isinstance(record, Figure) else record.until


def _late_elsewhere(issued: Date, record: Event | Action, reports: Sequence[Event | Action]) -> _Late | None:
    """Whether another report dates the same thing after the source, and no report contradicts that date.

    Only days and months are taken over, and only where the record itself gives a vaguer date or none: what lasts may
    have been reported early.
    """
    dated = [(report, report.date) for report in reports if report.date is not None]
    if any(weigh_dates(one, other) is Weight.CONFLICT for _, one in dated for _, other in dated):
        return None
    for report, date in dated:
        is_finer = record.date is None or (
            not record.date.is_interval and record.date.contains(date) and record.date != date
        )
        if is_finer and not date.is_interval and date.precision in {"day", "month"} and issued.is_before(date):
            return _Late(record, date, is_end=False, witness=report)
    return None


def _about(record: _Dated) -> str:
    if isinstance(record, Relation):
        return f"{record.a} {record.kind} {record.b} {record.about} {record.since} {record.until}"
    if isinstance(record, Figure):
        return f"{scope_of(record)} {definition_key(record)} {record.value}"
    return record.subject


def _finding(evidence: Evidence, source: Source, group: Sequence[_Late]) -> Finding:
    lates = sorted(group, key=lambda late: [found.record for found in in_order([late.record, late.witness])])
    first = lates[0]
    records = in_order(late.record for late in lates)
    name = _name(evidence, first.record)
    date = date_words(first.date)
    issued = date_words(source.issued) if source.issued else ""
    witnesses = in_order({late.witness.record: late.witness for late in lates}.values())
    ids = [found for witness in witnesses for found in witness.ids_of("date", "from", "period", "to")]
    parts: list[Part] = [
        Cite(cite=source.key),
        f" appeared in {issued} but is cited",
        *cited(records),
        f" for {name}, ",
    ]
    parts += ["which lasts until " if first.is_end else "dated ", Number(text=date, statements=tuple(ids))]
    elsewhere = [witness for witness in witnesses if witness not in records]
    parts += ["; that date stands", *cited(elsewhere)] if elsewhere else []
    doubt = all(
        is_ambiguous(record) or _other_fits(evidence, source, late) for record, late in zip(records, lates, strict=True)
    )
    parts += ["; which publication is meant is not certain" if doubt else "", "."]
    return Case(
        kind="source-before-event",
        severity=_severity(lates, doubt=doubt),
        title=f"{name}: {'ends' if first.is_end else 'dated'} {date}, source of {issued}",
        text=[part for part in parts if part],
        records=[*records, *elsewhere],
        rule=_RULE,
        property="source",
        values=[str(source.issued), str(first.date)],
        basis=[found for record in records for found in record.ids[:1]],
    ).finding()


def _severity(lates: Sequence[_Late], *, doubt: bool) -> Severity:
    planned = all(isinstance(late.record, Event | Action) and late.record.kind in _PLANNED for late in lates)
    elsewhere = not any(same_document(late.record, late.witness) for late in lates)
    is_certain = not (doubt or planned or elsewhere or lates[0].is_end)
    return Severity.ERROR if is_certain else Severity.WARNING


def _other_fits(evidence: Evidence, source: Source, late: _Late) -> bool:
    """Whether another source is cited in the same form and is not older than what is reported."""
    forms = set(source.cited_as)
    return any(
        forms & set(other.cited_as)
        and other.key != source.key
        and (other.issued is None or not other.issued.is_before(late.date))
        for other in evidence.sources.values()
    )


def _name(evidence: Evidence, record: _Dated) -> str:
    if isinstance(record, Figure):
        return f"{quantity_words(record.value, record.unit)} ({describe(evidence, record)})"
    if isinstance(record, Relation):
        return f"{names(evidence, [record.a])} - {record.kind.replace('_', ' ')} - {names(evidence, [record.b])}"
    return label(evidence, record.subject)
