"""The past spells of a kind of action as the reports of a study date them, and why some cannot be used.

A spell needs a first and a last month. Reports of one action that disagree make several readings of one spell; what is
dated less closely than to a month, or never ended, is told and left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from marsad.analysis.coded import bucket_of, group_reports
from marsad.analysis.printing import slot_text, sources_of
from marsad.analysis.release_series import month_number, month_text
from marsad.analysis.scenario_parameters import LONGEST_SPELL
from marsad.model import Action, Date, Evidence, date_text, joined, plural, word
from marsad.model.forecasts import PastSpell, SpellReading

__all__ = ["kinds_of", "past_spells"]

_MOST_READINGS = 24
_LAST_MONTH = month_number("9999-12")


@dataclass(frozen=True, slots=True)
class _Dated:
    """What one report says of when a spell was; a month is None where it gives none, or none so closely."""

    first: str | None
    last: str | None
    loose_first: Date | None
    loose_last: Date | None

    @property
    def loose(self) -> tuple[Date, ...]:
        """Its dates that are not known to the month."""
        return tuple(day for day in (self.loose_first, self.loose_last) if day is not None)


def kinds_of(evidence: Evidence) -> tuple[str, ...]:
    """The kinds of the actions of which some report gives a date, in order of the alphabet."""
    return tuple(sorted({action.kind for action in evidence.actions if action.since or action.until}))


def past_spells(
    evidence: Evidence, kind: str, *, actors: Collection[str] = (), ended_by: Collection[str] = (), lasting: int = 0
) -> tuple[PastSpell, ...]:
    """The spells of a kind of action, in order of time; those that cannot be used have a problem and stand last.

    An action is of the kind where some report says so; all of its reports date it. Actions whose readings share a month
    are one spell. What lasted longer than a forecast reaches is the background of other spells, and none itself.

    Args:
        evidence: of the study.
        kind: of action.
        actors: that did it or towards whom it was done; none for all.
        ended_by: kinds of action that end a spell where one of them follows it or is part of it.
        lasting: months that a spell is taken to have lasted where nothing says when it ended; 0 to leave it out.
    """
    wanted = set(actors)
    enders = _enders(evidence, ended_by)
    spells = [
        _spell(kind, reports, enders.get(subject, ()), lasting)
        for subject, reports in group_reports(evidence.actions).items()
        if any(report.kind == kind for report in reports)
        and (not wanted or any(wanted & {*report.actor, *report.target} for report in reports))
    ]
    good = [spell for spell in spells if not spell.problem]
    return (*_united(good), *(spell for spell in spells if spell.problem))


def _enders(evidence: Evidence, ended_by: Collection[str]) -> dict[str, list[Action]]:
    """Reports of actions of kinds that end others, by the action that they follow or are part of."""
    found: dict[str, list[Action]] = {}
    for other in evidence.actions:
        if other.kind in ended_by:
            for subject in {other.follows, other.part_of} - {"", other.subject}:
                found.setdefault(subject, []).append(other)
    return found


def _spell(kind: str, reports: Sequence[Action], enders: Sequence[Action], lasting: int) -> PastSpell:
    """The spell of one action."""
    dated = [_dated(report.since, report.until) for report in reports]
    ends = {month for other in enders if (month := _month(other.since or other.until))}
    starts = {one.first for one in dated if one.first}
    stated = ends | {one.last for one in dated if one.last}
    found = _readings(dated, ends)
    remarks = [*_kind_remark(reports, kind), *_loose_remark(dated, starts, stated)]
    if enders and ends:
        remarks.append(f"Its end is that of {joined([word(k) for k in dict.fromkeys(o.kind for o in enders)])}.")
    if starts and not stated and lasting:
        found = [(first, _later(first, lasting - 1)) for first in sorted(starts)]
        remarks.append(
            f"No report says when it ended: it is taken to have lasted {plural(lasting, 'month')}, an assumption."
        )
    problem = _problem(dated, starts, stated, found)
    short = [months for months in found if _length(months) <= LONGEST_SPELL]
    if found and not short:
        problem = f"it lasted {_length(found[0])} months, and at most {LONGEST_SPELL} are forecast at once"
    elif len(short) < len(found):
        remarks.append(f"Of its readings, those of more than {LONGEST_SPELL} months are left out.")
        found = short
    if len(found) > 1:
        remarks.append(f"Its dates are disputed: {len(found)} readings.")
    used = [*reports, *enders]
    if len(found) > _MOST_READINGS:
        remarks.append(f"Only the first {_MOST_READINGS} readings are used.")
    # Of a spell that cannot be used what is known of its months, in which no false spell may lie either.
    shown = (sorted(found) or [(month, month) for month in sorted({*starts, *stated})])[:_MOST_READINGS]
    return PastSpell(
        actions=(reports[0].subject,),
        readings=tuple(SpellReading(first=first, last=last) for first, last in shown),
        statements=tuple(i for r in used for i in r.ids_of("from", "to")) or _kinds(reports),
        sources=sources_of(used),
        remarks=tuple(remarks),
        problem=problem,
    )


def _later(month: str, more: int) -> str:
    """So many months later, within the years that a date may have."""
    return month_text(min(month_number(month) + more, _LAST_MONTH))


def _length(months: tuple[str, str]) -> int:
    """How many months from the first to the last."""
    return month_number(months[1]) - month_number(months[0]) + 1


def _kinds(reports: Iterable[Action]) -> tuple[str, ...]:
    return tuple(found for report in reports for found in report.ids_of("kind"))


def _dated(since: Date | None, until: Date | None) -> _Dated:
    """What a report says; a beginning or an end that may lie in several months is none."""
    first, last = _month(since), _month(until)
    return _Dated(first, last, None if first else _bounded(since), None if last else _bounded(until))


def _bounded(day: Date | None) -> Date | None:
    """A date that has at least a first or a last day."""
    return day if day is not None and (day.earliest or day.latest) else None


def _month(day: Date | None) -> str | None:
    """The month in which a date certainly lies; None where it may lie in several."""
    return None if day is None else bucket_of(day, "month")


def _readings(dated: Sequence[_Dated], ends: Collection[str]) -> list[tuple[str, str]]:
    """First and last months, each pair once: those of one report, and what one says of the end beside another's start.

    Where an ending action says when it ended, that is one more reading of the end.
    """
    starts = {one.first for one in dated if one.first}
    lasts = {one.last for one in dated if one.last} | set(ends)
    pairs = {(one.first, one.last) for one in dated if one.first and one.last}
    alone = {one.first for one in dated if one.first and not one.last}
    loose = {one.last for one in dated if one.last and not one.first} | set(ends)
    # A report that only says when it began agrees with every reading that begins then.
    alone -= {first for first, _ in pairs}
    loose -= {last for _, last in pairs}
    pairs |= {*product(alone, lasts), *product(starts, loose)}
    return sorted((first, last) for first, last in pairs if first <= last)


def _kind_remark(reports: Sequence[Action], kind: str) -> list[str]:
    others = sorted({report.kind for report in reports} - {kind})
    return [f"Other reports call it {joined([word(other) for other in others])}."] if others else []


def _loose_remark(dated: Sequence[_Dated], starts: Collection[str], ends: Collection[str]) -> list[str]:
    """Dates that no month of another report lies in: they dispute it, but cannot be used."""
    months = [Date.parse(month) for month in {*starts, *ends}]
    odd = [day for one in dated for day in one.loose if months and not any(day.overlaps(month) for month in months)]
    texts = list(dict.fromkeys(date_text(day, short=True) for day in odd))
    return [f"Another report dates it {joined(texts)}, too loosely to be a reading."] if texts else []


def _problem(
    dated: Sequence[_Dated], starts: Collection[str], ends: Collection[str], found: Sequence[tuple[str, str]]
) -> str:
    """Why there is no reading; empty where there is one."""
    if found:
        return ""
    begun = [date_text(day, short=True) for day in dict.fromkeys(one.loose_first for one in dated) if day]
    ended = [date_text(day, short=True) for day in dict.fromkeys(one.loose_last for one in dated) if day]
    if not starts and not ends and not begun and not ended:
        return "no report dates it"
    if not starts:
        return f"its beginning is not known to the month ({joined(begun)})" if begun else "no report says when it began"
    if not ends:
        more = f" to the month ({joined(ended)})" if ended else ""
        return f"it began in {joined([slot_text(m) for m in sorted(starts)])}, but its end is not known{more}"
    return "by every report it ends before it begins"


def _united(spells: Sequence[PastSpell]) -> list[PastSpell]:
    """Spells that share a month as one, with the readings of both; in order of time."""
    found: list[PastSpell] = []
    for spell in sorted(spells, key=_span):
        if found and _span(spell)[0] <= _span(found[-1])[1]:
            found[-1] = _both(found[-1], spell)
        else:
            found.append(spell)
    return found


def _span(spell: PastSpell) -> tuple[str, str]:
    """From the earliest to the latest month of its readings."""
    return min(reading.first for reading in spell.readings), max(reading.last for reading in spell.readings)


def _both(one: PastSpell, other: PastSpell) -> PastSpell:
    """Two spells that share months: one, of which each is a reading."""
    readings = tuple(dict.fromkeys((*one.readings, *other.readings)))
    told = "Its actions share months: they are one spell, and the months of each a reading."
    if len(readings) > _MOST_READINGS:
        told = f"{told} Only the first {_MOST_READINGS} readings are used."
    return PastSpell(
        actions=(*one.actions, *other.actions),
        readings=readings[:_MOST_READINGS],
        statements=tuple(dict.fromkeys((*one.statements, *other.statements))),
        sources=tuple(dict.fromkeys((*one.sources, *other.sources))),
        remarks=tuple(dict.fromkeys((*one.remarks, *other.remarks, told))),
    )
