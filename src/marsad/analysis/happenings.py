"""Events and actions as one kind of thing in time, with all of their reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marsad.analysis.coded import VIOLENT, group_reports
from marsad.errors import ParseError
from marsad.model import Action, Agreement, Date, Event, Evidence, span_text, word

__all__ = ["LANES", "Happening", "drawn_span", "events_and_actions"]

LANES = ("violence", "state action", "talks and agreements", "movement of people", "politics and positions")
"""Groups of kinds of events and actions."""

_LANE_OF = {
    **dict.fromkeys((*VIOLENT, "wave", "resurgence", "offensive"), LANES[0]),
    **dict.fromkeys(
        ("strike", "operation", "fence", "law", "arrest", "restriction", "seizure", "relocation"), LANES[1]
    ),
    **dict.fromkeys(
        (
            "delegation",
            "talks",
            "ceasefire",
            "ceasefire_end",
            "release",
            "cooperation",
            "agreement",
            "meeting",
            "support",
        ),
        LANES[2],
    ),
    **dict.fromkeys(("repatriation", "displacement"), LANES[3]),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event or action with all of its reports."""

    subject: str
    reports: tuple[Event | Action, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that reports give it, each once."""
        return tuple(dict.fromkeys(report.kind for report in self.reports))

    @property
    def lane(self) -> str:
        """The group of its first kind."""
        return _LANE_OF.get(self.kinds[0], LANES[-1])

    @property
    def spans(self) -> tuple[Date, ...]:
        """From when to when it lasted as reports have it, each once, those with a first or a last day."""
        found = dict.fromkeys(span for report in self.reports if (span := _span(report)))
        return tuple(sorted((day for day in found if day.earliest or day.latest), key=_by_start))

    @property
    def when(self) -> str:
        """All dates that reports give, as texts, the earliest first; empty where there is none."""
        return " | ".join(dict.fromkeys(_when(report) for report in self._dated()))

    @property
    def when_finest(self) -> str:
        """As ``when``, without the dates that another report gives more closely."""
        fine = self.finest
        return " | ".join(dict.fromkeys(_when(report) for report in self._dated() if _span(report) in fine))

    @property
    def finest(self) -> tuple[Date, ...]:
        """The spans without the dates that another report gives more closely."""
        found = self.spans
        return tuple(
            day for day in found if day.is_interval or not any(day.contains(o) and not o.contains(day) for o in found)
        )

    def _dated(self) -> list[Event | Action]:
        dated = [report for report in self.reports if (day := _span(report)) and (day.earliest or day.latest)]
        return sorted(dated, key=_key)

    @property
    def is_disputed(self) -> bool:
        """Whether two reports give dates that cannot both be right: of the day, or of the beginning."""
        starts = [start for report in self.reports if (start := report.date) is not None]
        return any(a.compare(b) is Agreement.CONFLICTING for i, a in enumerate(starts) for b in starts[i + 1 :])

    @property
    def kind_text(self) -> str:
        """Its kinds in words."""
        return ", ".join(word(kind) for kind in self.kinds)

    def named(self, field: str) -> tuple[str, ...]:
        """What reports name in a list field (actor, place, target), each once."""
        return tuple(dict.fromkeys(name for report in self.reports for name in getattr(report, field)))

    def ids(self, *properties: str) -> list[str]:
        """Identifiers of the statements of these properties in all reports."""
        return [found for report in self.reports for found in report.ids_of(*properties)]


def drawn_span(day: Date, *, last: date) -> tuple[date, date]:
    """First and last day to draw; an open end reaches ``last``, an open start has no length."""
    first = day.earliest or day.latest or last
    return first, max(first, day.latest or last)


def _key(report: Event | Action) -> tuple[date, date, str]:
    day = _span(report)
    return _by_start(day) if day else (date.max, date.max, "")


def _by_start(day: Date) -> tuple[date, date, str]:
    """Order by the first day known; what has only a last day stands there, after what begins then."""
    return (day.earliest or day.latest or date.max, day.latest or date.max, day.text)


def _span(report: Event | Action) -> Date | None:
    """The date of an event; the span of an action, or its beginning where its end lies before that."""
    if isinstance(report, Event):
        return report.date
    since, until = report.since, report.until
    if until is None or until == since:
        return since
    start = since.text.split("/")[0] if since else ".."
    try:
        return Date.parse(f"{start or '..'}/{until.text.split('/')[-1] or '..'}")
    except ParseError:
        return since


def _when(report: Event | Action) -> str:
    return span_text(report.date, None if isinstance(report, Event) else report.until, short=True)


def events_and_actions(evidence: Evidence, kinds: Iterable[str] = ()) -> list[Happening]:
    """Every event and action of these kinds, of all where none is given; the dated first, in order of time."""
    wanted = frozenset(kinds)
    found = [Happening(subject, reports) for subject, reports in group_reports(evidence.events).items()]
    found += [Happening(subject, reports) for subject, reports in group_reports(evidence.actions).items()]
    chosen = [happening for happening in found if not wanted or wanted & set(happening.kinds)]
    return sorted(chosen, key=_order)


def _order(happening: Happening) -> tuple[date, date, str]:
    known = [day for day in happening.spans if day.earliest] or happening.spans[:1]
    return (*_by_start(known[0])[:2], happening.subject) if known else (date.max, date.max, happening.subject)
