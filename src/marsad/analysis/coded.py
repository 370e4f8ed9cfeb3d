"""Coded events: the reports of one event together, which of them a question is about, and when they fall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from marsad.analysis.base import Inputs
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import count, sources_of
from marsad.analysis.tolls import Toll, killed_in, toll_of, total
from marsad.model import Date, Event, Number, Passage, Record, date_text, joined, plural, word

__all__ = [
    "CAVEAT",
    "VIOLENT",
    "CodedEvent",
    "EventParameters",
    "Selection",
    "Unit",
    "bucket_of",
    "buckets",
    "group_reports",
    "select",
    "span_of",
]

VIOLENT = ("suicide_bombing", "bombing", "armed_attack", "assassination", "abduction", "clash", "air_strike")
"""Kinds of event that count as violent unless a study names others."""

CAVEAT = "These are events that the documents report, a selection and not a register of attacks."
"""The last sentence of the note under every table of coded events."""

_WAVE = "wave"

Unit = Literal["year", "month"]
"""Into what time is cut."""

_R = TypeVar("_R", bound=Record)


class EventParameters(Parameters):
    """Which coded events."""

    kinds: Annotated[tuple[str, ...], Names("event_kind")] = Field(
        default=VIOLENT, examples=[["bombing", "armed_attack"]], description="kinds of event"
    )
    period: Date | None = Field(
        default=None, examples=["2020-01/2023-06"], description="when they happened; empty for the study's own period"
    )


@dataclass(frozen=True)
class CodedEvent:
    """One event with all of its reports."""

    subject: str
    reports: tuple[Event, ...]

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        """The dates that reports give, each once; without those that have neither a first nor a last day."""
        found = dict.fromkeys(report.date for report in self.reports if report.date is not None)
        return tuple(day for day in found if day.earliest or day.latest)

    @cached_property
    def toll(self) -> Toll | None:
        """Deaths as a range over the reports; None where no report states any."""
        return toll_of(killed_in(report) for report in self.reports)

    def ids(self, *properties: str) -> list[str]:
        """Identifiers of the statements of these properties in all reports."""
        if properties not in self._ids:
            self._ids[properties] = [found for report in self.reports for found in report.ids_of(*properties)]
        return self._ids[properties]

    @cached_property
    def _ids(self) -> dict[tuple[str, ...], list[str]]:
        """What ``ids`` has found: one event counts in many rows."""
        return {}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Citation keys of who reports it, each once."""
        return sources_of(self.reports)

    @cached_property
    def toll_ids(self) -> list[str]:
        """Identifiers of the statements that the toll rests on."""
        return self.ids("killed") or self.ids("killed_civilians", "killed_security")


@dataclass(frozen=True, slots=True)
class Selection:
    """The coded events that a question is about, and those that it has to leave out.

    Attributes:
        kinds: the kinds asked for.
        period: the period asked for.
        inside: events with a date that may lie in the period, in order of time.
        undated: events without any date.
        outside: events that certainly lie outside the period.
        stages: how many events were left out because they are stages of another event that is counted.
        waves: how many waves of violence, spoken of as a series, the evidence holds; they are not counted.
    """

    kinds: tuple[str, ...]
    period: Date
    inside: tuple[CodedEvent, ...]
    undated: tuple[CodedEvent, ...]
    outside: tuple[CodedEvent, ...]
    stages: int
    waves: int

    @property
    def reports(self) -> int:
        """How many reports the events inside have."""
        return sum(len(event.reports) for event in self.inside)

    @property
    def within(self) -> str:
        """The period in words, to stand after a noun."""
        return (
            f"within {date_text(self.period, short=True)}"
            if self.period.earliest or self.period.latest
            else "at any time"
        )

    def passages(self) -> list[Passage]:
        """How many events there are, what their toll is, and which are left out."""
        if not self.inside:
            return [self._nothing(), *self._left_out()]
        ids = [found for event in self.inside for found in event.ids("kind", "date")]
        number = count(len(self.inside), ids, "event")
        opening: Passage = (
            "The documents report ",
            number,
            (
                f" of these kinds ({joined([word(kind) for kind in self.kinds])}) {self.within}, "
                f"in {plural(self.reports, 'report')}."
            ),
        )
        return [opening, self._toll(), *self._left_out()]

    def _nothing(self) -> Passage:
        kinds = joined([word(kind) for kind in self.kinds]) or "no kind"
        return (f"The evidence holds no dated event of these kinds ({kinds}) {self.within}.",)

    def _toll(self) -> Passage:
        deaths = total(event.toll for event in self.inside)
        silent = sum(event.toll is None for event in self.inside)
        if deaths is None:
            return ("None of them comes with a number of deaths.",)
        ids = tuple(dict.fromkeys(found for event in self.inside for found in event.toll_ids))
        rest = f"; {plural(silent, 'event')} of {len(self.inside)} {'comes' if silent == 1 else 'come'} without a toll"
        return (
            "As reported, their tolls sum to ",
            Number(text=str(deaths), statements=ids),
            f" deaths (lowest to highest report of each event; + marks a lower bound){rest if silent else ''}.",
        )

    def _left_out(self) -> list[Passage]:
        parts = [
            f"{plural(len(group), 'event')} {why}"
            for group, why in ((self.undated, "without a date"), (self.outside, "outside the period"))
            if group
        ]
        if self.stages:
            parts.append(f"{plural(self.stages, 'event')} coded as a stage of an event that is counted")
        if self.waves:
            parts.append(f"{plural(self.waves, 'wave')} of violence that the documents speak of as a series")
        return [(f"Left out: {joined(parts)}.",)] if parts else []


def group_reports(records: Iterable[_R]) -> dict[str, tuple[_R, ...]]:
    """Reports by their subject, in order of first appearance."""
    groups: dict[str, list[_R]] = {}
    for record in records:
        groups.setdefault(record.subject, []).append(record)
    return {subject: tuple(reports) for subject, reports in groups.items()}


def select(inputs: Inputs, parameters: EventParameters) -> Selection:
    """The coded events that at least one report gives one of the kinds.

    An event that is a stage (``part_of``) of another one that is selected is left out, lest it count twice. An event
    is inside the period if some report's date may lie in it.
    """
    period = parameters.period or inputs.period
    groups = group_reports(inputs.evidence.events)
    chosen = _of_kinds(groups, parameters.kinds)
    names = {event.subject for event in chosen}
    whole = [event for event in chosen if not _is_stage(event, names)]
    dated = [event for event in whole if event.dates]
    inside = [event for event in dated if any(day.overlaps(period) for day in event.dates)]
    return Selection(
        kinds=parameters.kinds,
        period=period,
        inside=tuple(sorted(inside, key=_order)),
        undated=tuple(event for event in whole if not event.dates),
        outside=tuple(event for event in dated if not any(day.overlaps(period) for day in event.dates)),
        stages=len(chosen) - len(whole),
        waves=0 if _WAVE in parameters.kinds else len(_of_kinds(groups, (_WAVE,))),
    )


def _is_stage(event: CodedEvent, names: set[str]) -> bool:
    """Whether a report has it as a stage of another one of the named events."""
    return any(report.part_of in names and report.part_of != event.subject for report in event.reports)


def _of_kinds(groups: Mapping[str, tuple[Event, ...]], kinds: tuple[str, ...]) -> list[CodedEvent]:
    return [CodedEvent(name, group) for name, group in groups.items() if any(report.kind in kinds for report in group)]


def _order(event: CodedEvent) -> tuple[object, ...]:
    return (min(day.sort_key for day in event.dates), event.subject)


def bucket_of(day: Date, unit: Unit) -> str | None:
    """The year (``2023``) or month (``2023-01``) in which a date certainly lies; None where it may lie in several."""
    if day.earliest is None or day.latest is None:
        return None
    length = {"year": 4, "month": 7}[unit]
    first, last = (end.isoformat()[:length] for end in (day.earliest, day.latest))
    return first if first == last else None


def buckets(event: CodedEvent, unit: Unit, period: Date) -> tuple[str, ...]:
    """The years or months that reports give, in order, those within the period; several where reports disagree."""
    return tuple(sorted({b for day in event.dates if day.overlaps(period) and (b := bucket_of(day, unit))}))


def span_of(period: Date, events: Iterable[CodedEvent]) -> tuple[date, date] | None:
    """First and last day of a period; an open end is that of the events. None where there is neither."""
    days = [end for event in events for day in event.dates for end in (day.earliest, day.latest) if end]
    inside = [
        day
        for day in days
        if (period.earliest is None or day >= period.earliest) and (period.latest is None or day <= period.latest)
    ]
    first = period.earliest or min(inside, default=None)
    last = period.latest or max(inside, default=None)
    return (first, last) if first and last and first <= last else None
