"""Events and actions as one kind of thing in time, with all of their reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations

from marsad.analysis.coded import VIOLENT, group_reports
from marsad.errors import ParseError
from marsad.model import Action, Agreement, Date, Event, Evidence, span_text, word

__all__ = ["LANES", "Happening", "dates_conflict", "drawn_span", "events_and_actions"]

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


@dataclass(frozen=True)
class Happening:
    """One event or action with all of its reports."""

    subject: str
    reports: tuple[Event | Action, ...]

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that reports give it, each once."""
        return tuple(dict.fromkeys(report.kind for report in self.reports))

    @cached_property
    def lane(self) -> str:
        """The group of its first kind."""
        return _LANE_OF.get(self.kinds[0], LANES[-1])

    @cached_property
    def spans(self) -> tuple[Date, ...]:
        """From when to when it lasted as reports have it, each once, those with a first or a last day."""
        found = dict.fromkeys(span for report in self.reports if (span := _span(report)))
        return tuple(sorted((day for day in found if day.earliest or day.latest), key=_by_start))

    @cached_property
    def when(self) -> str:
        """All dates that reports give, as texts, the earliest first; empty where there is none."""
        return " | ".join(dict.fromkeys(_when(report) for report in self._dated()))

    @cached_property
    def when_finest(self) -> str:
        """As ``when``, without the dates that another report gives more closely."""
        fine = self.finest
        return " | ".join(dict.fromkeys(_when(report) for report in self._dated() if _span(report) in fine))

    @cached_property
    def finest(self) -> tuple[Date, ...]:
        """The spans without the dates that another report gives more closely."""
        found = self.spans
        return tuple(
            day for day in found if day.is_interval or not any(day.contains(o) and not o.contains(day) for o in found)
        )

    def _dated(self) -> list[Event | Action]:
        dated = [report for report in self.reports if (day := _span(report)) and (day.earliest or day.latest)]
        return sorted(dated, key=_key)

    @cached_property
    def is_disputed(self) -> bool:
        """Whether two reports give dates that cannot both be right."""
        different = {_dates(report): report for report in self.reports}
        return any(dates_conflict(one, other) for one, other in combinations(different.values(), 2))

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


def dates_conflict(one: Event | Action, other: Event | Action) -> bool:
    """Whether the dates of two reports cannot both be right.

    Of an event, where no day lies within both. Of an action, where both beginnings or both ends are exact days and
    differ, or where one ended before the other began. Beginnings or ends known less closely conflict where no day lies
    within both, unless one span lies in the other: it may be a part of it.
    """
    (since, until), (since_too, until_too) = _dates(one), _dates(other)
    pairs = [(a, b) for a, b in ((since, since_too), (until, until_too)) if a and b]
    differing = [(a, b) for a, b in pairs if a.compare(b) is Agreement.CONFLICTING]
    if any(a.is_day and b.is_day for a, b in differing):
        return True
    crossed = [(until, since_too), (until_too, since)]
    if any(end and start and end.is_before(start) for end, start in crossed):
        return True
    return bool(differing) and not (_encloses(one, other) or _encloses(other, one))


def _dates(report: Event | Action) -> tuple[Date | None, Date | None]:
    """When it was or began, and when it ended."""
    return (report.date, None) if isinstance(report, Event) else (report.since, report.until)


def _encloses(outer: Event | Action, inner: Event | Action) -> bool:
    """Whether the outer is a span of some length in which all of the inner lies."""
    (since, until), (start, end) = _dates(outer), _dates(inner)
    if since is None or until is None or not since.is_before(until):
        return False
    first, last = start or end, end or start
    return first is not None and last is not None and not first.is_before(since) and not until.is_before(last)


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
