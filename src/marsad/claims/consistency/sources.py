"""Sources that appeared before what they are cited for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.claims.consistency.compare import Weight, is_ambiguous, same_document, start, weigh_dates
from marsad.claims.consistency.figures import definition_key, describe, scope_of, topic
from marsad.claims.consistency.wording import Case, Part, cited, in_order
from marsad.model import (
    Action,
    Cite,
    Date,
    Event,
    Evidence,
    Figure,
    Finding,
    Number,
    Relation,
    Severity,
    Source,
    date_text,
    label,
    quantity_text,
    source_name,
    tie_text,
)

__all__ = ["check_sources"]

_Dated = Event | Action | Figure | Relation

_PLANNED = frozenset({"election", "law"})
_COUNTED = frozenset(
    {"attacks", "incidents", "killed", "injured", "casualties", "returned", "deported", "displaced", "refugees"}
)
_COUNTS = frozenset({"count", "persons", "percent", "percent_change"})
_SHOWN = 3
_YEARS = 2

_RULE = "a source does not report what began after it appeared, nor count a period of which a quarter was still to come"


@dataclass(frozen=True, slots=True)
class _Late:
    """A record that is later than the source it cites.

    Attributes:
        record: the record.
        source: the source that is older.
        date: what is later: the beginning of it, or the end of its period.
        is_end: whether only the end of its period is later.
        witness: the report that gives the date, where the record itself gives a vaguer one or none.
    """

    record: _Dated
    source: Source
    date: Date
    is_end: bool
    witness: _Dated


def check_sources(evidence: Evidence) -> Iterator[Finding]:
    """Yield the sources whose last possible day of issue lies before what they are cited for.

    One finding for each source and event, action, tie or figure that begins later; one for each source and period that
    ends later.
    """
    groups: dict[tuple[str, str, str], list[_Late]] = {}
    for late in _all_late(evidence):
        record = late.record
        kind, about = ("", str(late.date)) if late.is_end else (str(record.KIND), _about(record))
        groups.setdefault((late.source.key, kind, about), []).append(late)
    for group in groups.values():
        lates = sorted(group, key=lambda late: late.record.record)
        records = in_order(late.record for late in lates)
        by_record = {late.record.record: late for late in lates}
        yield _finding(evidence, group[0].source, [by_record[record.record] for record in records])


def _all_late(evidence: Evidence) -> Iterator[_Late]:
    happenings: dict[str, list[Event | Action]] = {}
    reports: list[Event | Action] = [*evidence.events, *evidence.actions]
    for happening in in_order(reports):
        happenings.setdefault(happening.subject, []).append(happening)
    records: list[_Dated] = [*evidence.events, *evidence.actions, *evidence.figures, *evidence.relations]
    for record in records:
        for key in dict.fromkeys((record.source, record.via)):
            source = evidence.sources.get(key)
            late = _too_late(source, record) if source else None
            if source and late is None and isinstance(record, Event | Action):
                late = _late_elsewhere(source, record, happenings[record.subject])
            if late is not None:
                yield late
                break


def _too_late(source: Source, record: _Dated) -> _Late | None:
    """Whether the source is older than the beginning of the record, or than the end of its period."""
    issued = source.issued
    if issued is None:
        return None
    begin = start(_when(record))
    if begin is not None and issued.is_before(begin):
        return _Late(record, source, begin, is_end=False, witness=record)
    if isinstance(record, Figure):
        period = record.period if record.measure in _COUNTED and record.unit in _COUNTS else None
        is_cut = period is not None and _is_cut(issued, period)
        return _Late(record, source, period, is_end=True, witness=record) if period is not None and is_cut else None
    end = None if isinstance(record, Event) else record.until
    return (
        _Late(record, source, end, is_end=True, witness=record) if end is not None and issued.is_before(end) else None
    )


def _is_cut(issued: Date, period: Date) -> bool:
    """Whether at least a quarter of a closed period lies after the last possible day of issue."""
    if period.earliest is None or period.latest is None or issued.latest is None:
        return False
    length = (period.latest - period.earliest).days + 1
    return (period.latest - issued.latest).days * 4 >= length


def _when(record: _Dated) -> Date | None:
    if isinstance(record, Event):
        return record.date
    return record.period if isinstance(record, Figure) else record.since


def _late_elsewhere(source: Source, record: Event | Action, reports: Sequence[Event | Action]) -> _Late | None:
    """Whether another report dates the same thing after the source, and no report contradicts that date.

    Only days and months are taken over, and only where the record itself gives a vaguer date or none: what lasts may
    have been reported early. A source that is years older than every date given anywhere is late all the same.
    """
    issued = source.issued
    dated = [(report, report.date) for report in reports if report.date is not None]
    if issued is None or any(weigh_dates(one, other) is Weight.CONFLICT for _, one in dated for _, other in dated):
        return None
    for report, date in dated:
        is_finer = record.date is None or (
            not record.date.is_interval and record.date.contains(date) and record.date != date
        )
        if is_finer and not date.is_interval and date.precision in {"day", "month"} and issued.is_before(date):
            return _Late(record, source, date, is_end=False, witness=report)
    first = min(dated, key=lambda pair: pair[1].earliest or dt.date.min, default=None)
    if record.date is None and first is not None and _is_years_before(issued, first[1]):
        return _Late(record, source, first[1], is_end=False, witness=first[0])
    return None


def _is_years_before(issued: Date, date: Date) -> bool:
    """Whether a source appeared more than ``_YEARS`` years before the beginning of a date."""
    return issued.latest is not None and date.earliest is not None and date.earliest.year - issued.latest.year > _YEARS


def _about(record: _Dated) -> str:
    if isinstance(record, Relation):
        return f"{record.a} {record.kind} {record.b} {record.about} {record.since} {record.until}"
    if isinstance(record, Figure):
        return f"{scope_of(record)} {definition_key(record)} {record.value}"
    return record.subject


def _finding(evidence: Evidence, source: Source, lates: Sequence[_Late]) -> Finding:
    first, records = lates[0], [late.record for late in lates]
    elsewhere = in_order(
        {late.witness.record: late.witness for late in lates if late.witness is not late.record}.values()
    )
    doubt = all(is_ambiguous(late.record) or _other_fits(evidence, source, late) for late in lates)
    issued, date = date_text(source.issued) if source.issued else "", date_text(first.date)
    parts: list[Part] = [Cite(cite=source.key), f" is of {issued} but is cited for "]
    for index, late in enumerate(lates[: _SHOWN if first.is_end else 1]):
        parts += [" and " if index else "", Number(text=_name(evidence, late.record), statements=_ids(late.record))]
    more = len(lates) - _SHOWN
    parts += [f" and {more} more" if first.is_end and more > 0 else "", *cited(records)]
    parts.append(", in a period that lasts until " if first.is_end else ", dated ")
    parts.append(Number(text=date, statements=tuple(found for late in lates for found in _ids(late.witness))))
    parts += [", a date that is given elsewhere", *cited(elsewhere)] if elsewhere else []
    parts.append("; which publication is meant is not certain." if doubt else ".")
    return Case(
        kind="source-before-event",
        severity=_severity(lates, doubt=doubt),
        title=_title(evidence, source, lates),
        text=[part for part in parts if part],
        records=[*records, *elsewhere],
        rule=_RULE,
        property="source",
        values=[str(source.issued), str(first.date)],
    ).finding()


def _title(evidence: Evidence, source: Source, lates: Sequence[_Late]) -> str:
    first = lates[0]
    record = first.record
    what = topic(evidence, record) if isinstance(record, Figure) else _name(evidence, record)
    what = "counts" if first.is_end else what
    name, issued, date = source_name(evidence, source.key), date_text(source.issued), date_text(first.date)
    of = "" if name.endswith(issued) else f", of {issued},"
    return f"{name}{of} cited for {what}" if date in what else f"{name}{of} cited for {what} ({date})"


def _ids(record: _Dated) -> tuple[str, ...]:
    """The statements of its dates; the first of all where it has none."""
    return record.ids_of("date", "from", "period", "to") or record.ids[:1]


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
        return f"{quantity_text(record.value, record.unit)} ({describe(evidence, record)})"
    if isinstance(record, Relation):
        return tie_text(evidence, record.kind, record.a, record.b, about=record.about)
    return label(evidence, record.subject)
