"""Which months the releases of a panel cover: a month that none covers is empty there, not zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence.engine import PERIODS
from marsad.forecast.months import month_number, month_text
from marsad.model import plural

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.workbench.panel_sources import PanelRelease

__all__ = ["Coverage", "Notice", "Span", "common_span", "coverage_of", "month_end", "month_start", "spans_of"]

_YEAR = 12
_EXPECTED = 3.0
_USUAL = 20.0
_THIN = 10
_MOST_GAPS = 6


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader of a panel should know.

    Attributes:
        text: what it is.
        remedy: which option of the command changes it; empty where none does.
    """

    text: str
    remedy: str = ""

    @property
    def told(self) -> str:
        """Both in one line."""
        return f"{self.text}; {self.remedy}" if self.remedy else self.text


@dataclass(frozen=True, slots=True)
class Span:
    """What one release covers.

    Attributes:
        dataset: its dataset.
        label: the dataset with the version.
        first: running number of the month of its first record that is dated to a month, in any country.
        last: that of its last.
        latest: the last day that one of its records in the countries asked for may have; None where it has none there.
        retrieved: the day on which it was fetched; None where that is not known.
    """

    dataset: str
    label: str
    first: int
    last: int
    latest: dt.date | None
    retrieved: dt.date | None


def month_start(month: int) -> dt.date:
    """The first day of a month given as a running number (January 1970 is 0)."""
    return dt.date(1970 + month // 12, month % 12 + 1, 1)


def month_end(month: int) -> dt.date:
    """Its last day."""
    return month_start(month + 1) - dt.timedelta(days=1)


def spans_of(
    engine: Any,
    events: Any,
    releases: Sequence[PanelRelease],
    datasets: Collection[str] | None,
    countries: Collection[str] | None,
) -> tuple[Span, ...]:
    """What each release covers, in order; those without a record that is dated to a month are left out."""
    fine = events.date_start.notnull()
    fine = fine & (events.date_precision.isnull() | events.date_precision.isin(sorted(PERIODS["month"])))
    rows = events.filter(fine if datasets is None else fine & events.dataset.isin(sorted(datasets)))
    inside = None if countries is None else rows.country.isin(sorted(countries))
    found = rows.group_by(["dataset", "release"]).aggregate(
        first=rows.date_start.min(), last=rows.date_start.max(), latest=rows.date_end.max(where=inside)
    )
    about = {release.id: release for release in releases}
    spans = []
    for row in engine.collect(found):
        known = about.get(row["release"])
        version = row["release"] if known is None or not known.version else known.version
        dataset = " ".join((row["dataset"] or "").split())
        label = " ".join(dict.fromkeys(part for part in (dataset, version) if part)) or "version not stated"
        first, last = (month_number(row[name].year, row[name].month) for name in ("first", "last"))
        spans.append(Span(dataset, label, first, last, row["latest"], None if known is None else known.retrieved))
    return tuple(sorted(spans, key=lambda span: (span.dataset, span.first, span.last, span.label)))


def common_span(spans: Sequence[Span]) -> tuple[int, int]:
    """The first and the last month that every dataset covers; raises ``InputError`` where there is none."""
    datasets = {span.dataset for span in spans}
    first = max(min(span.first for span in spans if span.dataset == dataset) for dataset in datasets)
    last = min(max(span.last for span in spans if span.dataset == dataset) for dataset in datasets)
    if first > last:
        raise InputError(f"no month is covered by all of {', '.join(sorted(datasets))}. Count each for itself")
    return first, last


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Which months are covered, and by which versions.

    Attributes:
        first: running number of the panel's first month.
        covers: by dataset (under the empty name: all together) which months are covered.
        vintage: likewise which of ``labels`` a month is of; 0 where it is not covered.
        labels: names of the versions; the first is empty.
        spans: what the releases cover.
        given: whether the last month was asked for.
    """

    first: int
    covers: Mapping[str, NDArray[np.bool_]]
    vintage: Mapping[str, NDArray[np.int16]]
    labels: tuple[str, ...]
    spans: tuple[Span, ...]
    given: bool

    def of_units(self, datasets: Sequence[str] | None, units: int) -> tuple[NDArray[np.bool_], NDArray[np.int16]]:
        """Units x months: which cells are covered and of which version; each unit a dataset, or all alike."""
        names = ["" if name not in self.covers else name for name in datasets or [""] * units]
        return np.stack([self.covers[name] for name in names]), np.stack([self.vintage[name] for name in names])

    def notices(self, monthly: Mapping[int, int]) -> list[Notice]:
        """Gaps between releases, and a first or last month that seems to be incomplete.

        Args:
            monthly: records by month.
        """
        return [*self._gaps(), *self._thin(monthly), *self._partial(monthly)]

    def _gaps(self) -> Iterator[Notice]:
        holes = [self.first + int(place) for place in np.flatnonzero(~self.covers[""])]
        runs = [[month for _, month in run] for _, run in groupby(enumerate(holes), lambda pair: pair[1] - pair[0])]
        if runs:
            shown = ", ".join(f"{month_text(run[0])} to {month_text(run[-1])}" for run in runs[:_MOST_GAPS])
            more = f" and {len(runs) - _MOST_GAPS} more spans" if len(runs) > _MOST_GAPS else ""
            yield Notice(f"{plural(len(holes), 'month')} not covered, left empty: {shown}{more}")

    def _thin(self, monthly: Mapping[int, int]) -> Iterator[Notice]:
        """A first month with less than a tenth of the records that the next year usually has."""
        after = [monthly.get(self.first + ahead, 0) for ahead in range(1, min(_YEAR, len(self.covers[""]) - 1) + 1)]
        usual, here = float(np.median(after)) if after else 0.0, monthly.get(self.first, 0)
        if usual >= _USUAL and here * _THIN < usual:
            yield Notice(
                f"{month_text(self.first)} may be incomplete: {plural(here, 'record')}, where the months after it "
                f"usually have {usual:,.0f}",
                f"--since {month_text(self.first + 1)} leaves it out",
            )

    def _partial(self, monthly: Mapping[int, int]) -> Iterator[Notice]:
        last = self.first + len(self.covers[""]) - 1
        end, name = month_end(last), month_text(last)
        retrieved = [span.retrieved for span in self.spans if span.retrieved is not None]
        if retrieved and len(retrieved) == len(self.spans) and max(retrieved) <= end:
            text = f"the data were fetched on {max(retrieved)}, before {name} was over: its count is not complete"
            yield Notice(text, "--until leaves out what they cannot hold")
            return
        latest = max((span.latest for span in self.spans if span.latest is not None), default=None)
        if self.given or latest is None or latest >= end:
            return
        before = sum(monthly.get(month, 0) for month in range(last - _YEAR, last))
        missing = before / 365 * (end - latest).days
        if missing >= _EXPECTED:
            yield Notice(
                f"{name} may be incomplete: the last record is of {latest}, and at the rate of the year before about "
                f"{missing:,.0f} more would follow",
                f"--until {month_text(last - 1)} leaves it out",
            )


def coverage_of(
    spans: Sequence[Span], first: int, last: int, since: int | None, until: int | None, *, together: bool
) -> Coverage:
    """Which months are covered.

    Args:
        spans: what the releases cover.
        first: the panel's first month.
        last: its last.
        since: the first month that was asked for: where there is one dataset, it covers the months from here on.
        until: the last, likewise.
        together: whether only months that every dataset covers count: the tables were reconciled.
    """
    labels: dict[str, int] = {"": 0}
    covers: dict[str, NDArray[np.bool_]] = {}
    vintage: dict[str, NDArray[np.int16]] = {}
    datasets = sorted({span.dataset for span in spans})
    months = range(first, last + 1)
    for dataset in datasets:
        mine = [span for span in spans if span.dataset == dataset]
        starts, ends = [span.first for span in mine], [span.last for span in mine]
        if len(datasets) == 1:
            starts = [since if since is not None and start == min(starts) else start for start in starts]
            ends = [until if until is not None and end == max(ends) else end for end in ends]
        by = [
            [span.label for span, start, end in zip(mine, starts, ends, strict=True) if start <= month <= end]
            for month in months
        ]
        covers[dataset], vintage[dataset] = _coded(by, labels)
    every = [_joined(covers, vintage, labels, place, datasets) for place in range(len(months))]
    whole, label = _coded(every, labels)
    if together:
        whole = np.all([covers[dataset] for dataset in datasets], axis=0)
    covers, vintage = {**covers, "": whole}, {**vintage, "": label}
    return Coverage(first, covers, vintage, tuple(labels), tuple(spans), until is not None)


def _coded(by: Sequence[Sequence[str]], labels: dict[str, int]) -> tuple[NDArray[np.bool_], NDArray[np.int16]]:
    """For each month whether it has any label, and the code of its labels together."""
    texts = [" + ".join(sorted(set(found))) for found in by]
    codes = np.array([labels.setdefault(text, len(labels)) for text in texts], np.int16)
    return codes > 0, codes


def _joined(
    covers: Mapping[str, NDArray[np.bool_]],
    vintage: Mapping[str, NDArray[np.int16]],
    labels: Mapping[str, int],
    place: int,
    datasets: Sequence[str],
) -> list[str]:
    names = list(labels)
    return [names[vintage[dataset][place]] for dataset in datasets if covers[dataset][place]]
