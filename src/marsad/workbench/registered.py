"""What the registers of a study say: their measures, as series too, and their records that may be its events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from marsad.errors import Fault
from marsad.model import Date, Match, Register, RegisterMonth, Series, SeriesPoint, joined
from marsad.study import RELEASE_MEASURES, Study

__all__ = ["OWN_EVENTS", "AskedSeries", "Registered", "asked_series", "series_faults", "series_of"]

OWN_EVENTS = "_study.parquet"
"""The table of the study's own events among those of its releases, whose identifiers have no underscore."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the registers of a study say.

    Attributes:
        registers: the study's releases of events, with their measures.
        matches: their records that may be events of the study.
    """

    registers: tuple[Register, ...] = ()
    matches: tuple[Match, ...] = ()

    @property
    def series(self) -> tuple[Series, ...]:
        """The registers by month, as series."""
        return tuple(series for register in self.registers for series in series_of(register))


@dataclass(frozen=True, slots=True)
class AskedSeries:
    """A series of a register that an analysis of the study asks for.

    Attributes:
        path: where study.yaml names it.
        release: the release of events.
        area: the area.
        measure: what is counted.
    """

    path: tuple[str | int, ...]
    release: str
    area: str
    measure: str


def asked_series(study: Study) -> tuple[AskedSeries, ...]:
    """The series of registers (``release:area:measure``) that the study's analyses ask for, in order.

    Whether there are such series is known only when the registers have been read (``series_faults``).
    """
    known = {
        f"{release.id}:{area}:{measure}": (release.id, area, measure)
        for release in study.data.releases
        for area in study.config.area
        for measure in RELEASE_MEASURES
    }
    own = {series.release.id for series in study.series}
    return tuple(
        AskedSeries(path, *known[name]) for path, name in _parameters(study) if name in known and name not in own
    )


def series_faults(study: Study, registers: Iterable[Register]) -> list[Fault]:
    """A fault for each series that an analysis asks for and that no register gives.

    A register gives none for an area in which none of its records is dated to a month or closer: whether it counts
    nothing there, or does not look there, cannot be told.

    Args:
        study: the study.
        registers: those of its releases that are registers of events, as they were read.
    """
    months = {register.release.id: {month.area for month in register.months} for register in registers}
    return [
        study.fault("study.yaml", asked.path, *_missing(asked, months))
        for asked in asked_series(study)
        if asked.area not in months.get(asked.release, ())
    ]


def _missing(asked: AskedSeries, months: Mapping[str, Collection[str]]) -> tuple[str, str]:
    """What is wrong with a series that no register gives, and how to mend it."""
    if asked.release not in months:
        message = f"the release {asked.release!r} is no register of events, so that it gives no series"
        return message, "Name a series of series/, or a release of events"
    message = (
        f"no record of {asked.release!r} in the area {asked.area!r} is dated to a month, so that it gives no series"
    )
    there = sorted(months[asked.release])
    names = joined([f"{asked.release}:{area}:{asked.measure}" for area in there])
    return message, f"There are: {names}" if there else "Take the analysis away, or fetch what covers the area"


def _parameters(study: Study) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each text among the parameters of the study's analyses, with its place in study.yaml."""
    for i, chapter in enumerate(study.config.chapters):
        for j, section in enumerate(chapter.sections):
            for k, analysis in enumerate(section.analyses):
                for key, value in analysis.parameters.items():
                    path = ("chapters", i, "sections", j, "analyses", k, "parameters", key)
                    if isinstance(value, str):
                        yield path, value
                    else:
                        yield from (((*path, index), text) for index, text in enumerate(value))


def series_of(register: Register) -> Iterator[Series]:
    """The events and deaths of a register by month, one series an area and measure.

    A month between the first and the last record of the register without a record there counts as zero.
    """
    if register.first is None or register.last is None:
        return
    span = _months_between(register.first, register.last)
    for area in dict.fromkeys(month.area for month in register.months):
        mine = {month.month: month for month in register.months if month.area == area}
        for measure, unit, field in (("incidents", "count", "events"), ("killed", "persons", "best")):
            points = tuple(SeriesPoint(period=Date.parse(slot), value=_value(mine.get(slot), field)) for slot in span)
            yield Series(
                release=register.release,
                source=register.source,
                measure=measure,
                unit=unit,
                area=area,
                definition=f"{register.counts} Records dated to a month, best estimate of deaths.",
                points=points,
            )


def _value(month: RegisterMonth | None, field: str) -> float | None:
    """What a month counts: zero where there is no record, nothing where no record says."""
    value = 0 if month is None else getattr(month, field)
    return None if value is None else float(value)


def _months_between(first: dt.date, last: dt.date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]
