"""The series of a study's releases by name, by month and by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from marsad.analysis.base import Inputs
from marsad.analysis.coded import Unit, bucket_of
from marsad.model import Evidence, Series, word

__all__ = ["COUNTS", "by_name", "by_slot", "described", "month_number", "month_text", "pick", "title_of"]

COUNTS = frozenset({"count", "persons"})
"""Units that are counts: they may be summed, and a Poisson interval may be set on them."""


def by_name(inputs: Inputs) -> dict[str, Series]:
    """Series by the identifier of their release; where several share it, with area and measure behind it."""
    shared = Counter(series.release.id for series in inputs.series)
    return {
        series.release.id
        if shared[series.release.id] == 1
        else f"{series.release.id}:{series.area}:{series.measure}": series
        for series in inputs.series
    }


def pick(inputs: Inputs, wanted: Iterable[str]) -> list[Series]:
    """The series of these names, all where none is named."""
    found = by_name(inputs)
    asked = list(wanted)
    return [found[name] for name in asked if name in found] if asked else list(found.values())


def title_of(series: Series, evidence: Evidence) -> str:
    """What a series holds, in a few words: ``killed, Pakistan``."""
    return f"{word(series.measure)}, {evidence.place_name(series.area)}"


def described(series: Series) -> str:
    """Producer, version and licence."""
    release = series.release
    return f"{release.title} ({release.producer}, version {release.version}, {release.licence})"


def by_slot(series: Series, unit: Unit) -> dict[str, list[float | None]]:
    """The values of each year or month, in order; points that span several are left out."""
    found: dict[str, list[float | None]] = {}
    for point in series.points:
        slot = bucket_of(point.period, unit)
        if slot is not None:
            found.setdefault(slot, []).append(point.value)
    return dict(sorted(found.items()))


def month_number(slot: str) -> int:
    """A month as a running number: ``2021-01`` -> 12 * 2021."""
    return int(slot[:4]) * 12 + int(slot[5:7]) - 1


def month_text(number: int) -> str:
    """The reverse of ``month_number``."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
