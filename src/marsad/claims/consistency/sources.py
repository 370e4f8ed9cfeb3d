"""Sources that appeared before what they are cited for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.claims.consistency.compare import is_ambiguous, same_document, start
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
_SHOWN = 5
_OF_ONE_PERIOD = 3
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

    One finding for each source and for each of what begins later for certain, what may be a mistaken citation, what was
    planned or is dated elsewhere, and what only ends later.
    """
    items: dict[tuple[str, str, str], list[_Late]] = {}
    for late in _all_late(evidence):
        record = late.record
        kind, about = ("", str(late.date)) if late.is_end else (str(record.KIND), _about(record))
        items.setdefault((late.source.key, kind, about), []).append(late)
    groups: dict[tuple[str, bool, bool, Severity], list[list[_Late]]] = {}
    for lates in items.values():
        by_record = {late.record.record: late for late in lates}
        item = [by_record[record.record] for record in in_order(late.record for late in lates)]
        doubt = all(is_ambiguous(late.record) or _other_fits(evidence, late) for late in item)
        key = (item[0].source.key, item[0].is_end, doubt, _severity(item, doubt=doubt))
        groups.setdefault(key, []).append(item)
    for (_, _, doubt, severity), group in groups.items():
        yield _case(evidence, sorted(group, key=_order), severity, doubt=doubt).finding()


def _order(item: Sequence[_Late]) -> tuple[object, str]:
    """By the date that is later than the source, then by the first record."""
    return (item[0].date.sort_key, min(late.record.record for late in item))


def _all_late(evidence: Evidence) -> Iterator[_Late]:
    happenings: dict[str, list[Event | Action]] = {}
    reports: list[Event | Action] = [*evidence.events, *evidence.actions]
    for happening in in_order(reports):
        happenings.setdefault(happening.subject, []).append(happening)
    dated = {subject: _agreed(group) for subject, group in happenings.items()} if evidence.sources else {}
    records: list[_Dated] = [*reports, *evidence.figures, *evidence.relations]
    for record in records:
        for key in dict.fromkeys((record.source, record.via)):
            source = evidence.sources.get(key)
            late = _too_late(source, record) if source else None
            if source and late is None and isinstance(record, Event | Action):
                late = _late_elsewhere(source, record, dated[record.subject])
                late = late or _late_by_order(source, record, dated.get(record.follows, []))
            if late is not None:
                yield late
                break


def _agreed(reports: Sequence[Event | Action]) -> list[tuple[Event | Action, Date]]:
    """The dates of one event or action, each once with the first report that gives it; none where some conflict."""
    dates: dict[Date, Event | Action] = {}
    for report in reports:
        if report.date is not None:
            dates.setdefault(report.date, report)
    first = max((date.earliest for date in dates if date.earliest is not None), default=dt.date.min)
    last = min((date.latest for date in dates if date.latest is not None), default=dt.date.max)
    return [(report, date) for date, report in dates.items()] if first <= last else []


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


def _late_elsewhere(
    source: Source, record: Event | Action, dated: Sequence[tuple[Event | Action, Date]]
) -> _Late | None:
    """Whether another report dates the same thing after the source.

    Only days and months are taken over, and only where the record itself gives a vaguer date or none: what lasts may
    have been reported early. A source that is years older than every date given anywhere is late all the same.
    """
    issued = source.issued
    if issued is None:
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


def _late_by_order(
    source: Source, record: Event | Action, dated: Sequence[tuple[Event | Action, Date]]
) -> _Late | None:
    """Whether a report without a date follows something that began, by every date given for it, after the source."""
    issued = source.issued
    if record.date is not None or issued is None or not all(issued.is_before(date) for _, date in dated):
        return None
    for report, date in sorted(dated, key=lambda pair: pair[1].sort_key, reverse=True):
        return _Late(record, source, date, is_end=False, witness=report)
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


def _case(evidence: Evidence, items: Sequence[Sequence[_Late]], severity: Severity, *, doubt: bool) -> Case:
    first = items[0][0]
    issued = date_text(first.source.issued)
    parts: list[Part] = [Cite(cite=first.source.key), f" is of {issued} but is cited for "]
    for index, item in enumerate(items[:_SHOWN]):
        parts += ["; " if index else "", *_item(evidence, item)]
    more = len(items) - _SHOWN
    parts += [f"; and {more} more" if more > 0 else ""]
    parts.append("; which publication is meant is not certain." if doubt else ".")
    lates = [late for item in items for late in item]
    witnesses = {late.witness.record: late.witness for late in lates if late.witness is not late.record}
    return Case(
        kind="source-before-event",
        severity=severity,
        title=_title(evidence, items),
        text=[part for part in parts if part],
        records=[*in_order(late.record for late in lates), *in_order(witnesses.values())],
        rule=_RULE,
        property="source",
        values=[str(first.source.issued), *(str(item[0].date) for item in items)],
        basis=[found for late in lates for each in (late.record, late.witness) for found in _ids(each)],
    )


def _item(evidence: Evidence, lates: Sequence[_Late]) -> list[Part]:
    """What one source is cited for too early: an event, action, tie or figure; counts of one period together."""
    first = lates[0]
    elsewhere = in_order(
        {late.witness.record: late.witness for late in lates if late.witness is not late.record}.values()
    )
    parts: list[Part] = []
    for index, late in enumerate(lates[: _OF_ONE_PERIOD if first.is_end else 1]):
        parts += [" and " if index else "", Number(text=_name(evidence, late.record), statements=_ids(late.record))]
    more = len(lates) - _OF_ONE_PERIOD
    parts += [f" and {more} more" if first.is_end and more > 0 else "", *cited(late.record for late in lates)]
    is_after = not first.is_end and first.witness.subject != first.record.subject
    came_after = f", which came after {_name(evidence, first.witness)}, dated " if is_after else ", dated "
    parts.append(", for a period that ends " if first.is_end else came_after)
    date = date_text(_last(first.date) if first.is_end else first.date)
    parts.append(Number(text=date, statements=tuple(found for late in lates for found in _ids(late.witness))))
    return [*parts, *([", a date that is given elsewhere", *cited(elsewhere)] if elsewhere else [])]


def _last(date: Date) -> Date:
    """The date at which an interval ends; the date itself where it is none."""
    return Date.parse(date.text.split("/")[1]) if date.is_interval else date


def _title(evidence: Evidence, items: Sequence[Sequence[_Late]]) -> str:
    first = items[0][0]
    record = first.record
    what = topic(evidence, record) if isinstance(record, Figure) else _name(evidence, record)
    what = "counts" if first.is_end and isinstance(record, Figure) else what
    name, issued, date = source_name(evidence, first.source.key), date_text(first.source.issued), date_text(first.date)
    of = "" if name.endswith(issued) else f", of {issued},"
    when = "" if date in what else f" ({date})"
    more = f" and {len(items) - 1} more" if items[1:] else ""
    return f"{name}{of} cited for {what}{when}{more}"


def _ids(record: _Dated) -> tuple[str, ...]:
    """The statements of its dates; the first of all where it has none."""
    return record.ids_of("date", "from", "period", "to") or record.ids[:1]


def _severity(lates: Sequence[_Late], *, doubt: bool) -> Severity:
    planned = all(isinstance(late.record, Event | Action) and late.record.kind in _PLANNED for late in lates)
    elsewhere = not any(same_document(late.record, late.witness) for late in lates)
    is_certain = not (doubt or planned or elsewhere or lates[0].is_end)
    return Severity.ERROR if is_certain else Severity.WARNING


def _other_fits(evidence: Evidence, late: _Late) -> bool:
    """Whether another source is cited in the same form and is not older than what is reported."""
    forms = set(late.source.cited_as)
    return any(
        forms & set(other.cited_as)
        and other.key != late.source.key
        and (other.issued is None or not other.issued.is_before(late.date))
        for other in evidence.sources.values()
    )


def _name(evidence: Evidence, record: _Dated) -> str:
    if isinstance(record, Figure):
        return f"{quantity_text(record.value, record.unit)} ({describe(evidence, record)})"
    if isinstance(record, Relation):
        return tie_text(evidence, record.kind, record.a, record.b, about=record.about)
    return label(evidence, record.subject)
