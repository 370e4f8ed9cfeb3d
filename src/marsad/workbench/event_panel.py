"""Event tables as a panel: a count for every unit and month, zero where a register has none, empty where it is silent.

The counting is done by the engine; here its groups become rows of units and columns of months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence.engine import EventFilter, event_checks, event_measures
from marsad.forecast.months import month_text
from marsad.model import plural
from marsad.workbench.measuring import EngineChoice
from marsad.workbench.panel_coverage import (
    Coverage,
    Notice,
    Span,
    common_span,
    coverage_of,
    month_end,
    month_start,
    spans_of,
)
from marsad.workbench.panel_sources import check_one_account, chosen, releases_of
from marsad.workbench.panel_units import UNITS, names_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.forecast import Panel

__all__ = ["COUNTS", "EventPanel", "PanelRequest", "event_panel", "summary_of"]

COUNTS: Mapping[str, str] = {
    "deaths": "deaths_best",
    "deaths-low": "deaths_low",
    "deaths-high": "deaths_high",
    "events": "events",
    "records": "records",
}
"""What can be counted, with the measure of the engine that it is."""

_SIDES = frozenset({"actor", "dyad", "side_a", "side_b"})
_MOST_CELLS = 100_000_000
_MOST_COUNT = 1e15
_UNDATED = "dated less closely than to a month: in no month, never spread over several"
_SPANNING = "ending in another month than they begin in: counted where they begin"
_REVERSED = "with the lowest estimate above the highest: the two were put in order"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRequest:
    """What is counted, of whom, and when.

    Attributes:
        unit: one of ``UNITS``.
        count: one of ``COUNTS``.
        since: running number of the first month; None for the first with a record. Where one dataset is counted, its
            register is taken to cover the months from here on.
        until: the last month, likewise.
        countries: ISO 3166-1 alpha-3 codes; None for all.
        datasets: names of datasets; None for all.
        rest: whether records that state no unit make one of their own (``?``), so that units add up to their parent.
        from_first: whether a unit is empty, not zero, before its first record: a group that was not there yet.
        groups_only: whether the second side of violence against civilians is left out: victims are no actor.
        reconciled: folder of ``marsad reconcile``: of the records of one event that of the table named first counts.
        engine: which engine.
    """

    unit: str = "country"
    count: str = "deaths"
    since: int | None = None
    until: int | None = None
    countries: frozenset[str] | None = None
    datasets: frozenset[str] | None = None
    rest: bool = False
    from_first: bool = False
    groups_only: bool = False
    reconciled: Path | None = None
    engine: EngineChoice = field(default_factory=EngineChoice)


@dataclass(frozen=True, slots=True, eq=False)
class EventPanel:
    """Counts by unit and month, ready to be written or forecast.

    Attributes:
        request: what was asked for.
        units: their names, in order; the rows of ``values``.
        parents: the country of each area; with one country asked for, that of every other unit too, but for actors,
            which do not add up to it; otherwise empty.
        first: running number of the first month (January 1970 is 0).
        values: units x months; NaN where no register covers the month, or no record of it states a count.
        vintages: names of the versions of the data; the first is empty, for cells that no register covers.
        vintage: units x months: which of ``vintages`` a cell is of.
        covered: running numbers of the first and the last month with a record of any country.
        checks: how many records were counted, and what is odd about them.
        notices: what a reader should know.
    """

    request: PanelRequest
    units: tuple[str, ...]
    parents: tuple[str, ...]
    first: int
    values: NDArray[np.float64]
    vintages: tuple[str, ...]
    vintage: NDArray[np.int16]
    covered: tuple[int, int]
    checks: Mapping[str, int]
    notices: tuple[Notice, ...]

    @property
    def last(self) -> int:
        """Running number of the last month."""
        return self.first + int(self.values.shape[1]) - 1

    def panel(self) -> Panel:
        """The same as models see it."""
        from marsad.forecast import Panel as Counts  # noqa: PLC0415 - only where something is forecast

        empty = np.isnan(self.values)
        labels = np.where(empty, -1, self.vintage - 1).astype(np.int16)
        return Counts(self.request.count, self.units, self.first, self.values.copy(), self.vintages[1:], labels)


def event_panel(tables: Sequence[Path], request: PanelRequest) -> EventPanel:
    """Count events or deaths of event tables by unit and month.

    A cell is zero where a release covers its month and has no record of the unit, and empty where none covers it. A
    release covers the months from its first to its last record, whatever the country; the panel runs from the first to
    the last month with a record in the countries asked for, or from ``since`` to ``until``. Where every record of a
    cell leaves the deaths out, it is empty; where some do, it is the sum of the others. Of reconciled tables only the
    months that every dataset covers are counted, since a new dataset would look like a rise.

    Args:
        tables: Parquet files or partitioned folders of the common event table.
        request: what is counted.

    Raises:
        InputError: a file is no event table; several datasets, or releases that hold the same events, would count
            events twice; or no record fits.
    """
    measure = _measure(request)
    releases = releases_of(tables)
    with request.engine.open() as engine:
        scanned = engine.scan("events", list(tables))
        check_one_account(
            engine,
            scanned,
            request.datasets,
            separate=request.unit == "dataset",
            folder=request.reconciled,
            several=len(tables) > 1,
        )
        events, told = chosen(engine, scanned, request.reconciled, [release.dataset for release in releases])
        events = _groups(events) if request.groups_only else events
        spans = spans_of(engine, scanned, releases, request.datasets, request.countries)
        where = _where(request, spans)
        by = ("month", *UNITS[request.unit])
        months = engine.collect(event_measures(events, by=("month",), where=where))
        groups = engine.collect_numpy(event_measures(events, by=by, where=where), order_by=None)
        checks = engine.collect(event_checks(events, by=by, where=where))[0]
    monthly = {_number(row["month"]): row["records"] for row in months if row["month"] is not None}
    first, last = _ends(request, monthly)
    cover = coverage_of(spans, first, last, request.since, request.until, together=request.reconciled is not None)
    made = _assembled(request, groups, measure, (first, last), cover)
    notices = [
        *_record_notices(request, checks, made),
        *map(Notice, told),
        *cover.notices(monthly),
        *_span_notice(request, spans),
    ]
    vintages, vintage = _used(cover.labels, made.vintage)
    return EventPanel(
        request,
        made.units,
        made.parents,
        first,
        made.values,
        vintages,
        vintage,
        (min(span.first for span in spans), max(span.last for span in spans)),
        checks,
        tuple(notices),
    )


def summary_of(panel: EventPanel) -> dict[str, Any]:
    """What a panel holds, as plain values."""
    return {
        "unit": panel.request.unit,
        "count": panel.request.count,
        "units": len(panel.units),
        "months": [month_text(panel.first), month_text(panel.last)],
        "rows": int(panel.values.size),
        "zero": int((panel.values == 0).sum()),
        "empty": int(np.isnan(panel.values).sum()),
        "vintages": list(panel.vintages[1:]),
        "checks": dict(panel.checks),
        "notices": [notice.told for notice in panel.notices],
    }


def _measure(request: PanelRequest) -> str:
    if request.unit not in UNITS:
        raise InputError(f"--unit {request.unit[:40]!r}: the units of a panel are {', '.join(UNITS)}")
    if request.count not in COUNTS:
        raise InputError(f"--count {request.count[:40]!r}: a panel counts {', '.join(COUNTS)}")
    if request.since is not None and request.until is not None and request.since > request.until:
        raise InputError(f"--since {month_text(request.since)} is after --until {month_text(request.until)}")
    if request.unit == "dataset" and request.reconciled is not None:
        raise InputError("--reconciled belongs to counts of all datasets together; leave it out with --unit dataset")
    return COUNTS[request.count]


def _groups(events: Any) -> Any:
    """The events without the second side where it is the victims."""
    victims = (events.violence_type == "one_sided") | (events.kind == "violence_against_civilians")
    return events.mutate(side_b=(victims.isnull() | ~victims).ifelse(events.side_b, None))


def _where(request: PanelRequest, spans: Sequence[Span]) -> EventFilter:
    """Which records are counted: of reconciled tables those of the months that every dataset covers."""
    since, until = request.since, request.until
    if request.reconciled is not None and spans:
        first, last = common_span(spans)
        since, until = first if since is None else since, last if until is None else until
    return EventFilter(
        since=None if since is None else month_start(since),
        until=None if until is None else month_end(until),
        countries=request.countries,
        datasets=request.datasets,
    )


def _number(day: Any) -> int:
    return int((day.year - 1970) * 12 + day.month - 1)


def _ends(request: PanelRequest, monthly: Mapping[int, int]) -> tuple[int, int]:
    """The first and the last month; raises ``InputError`` where no record has a month."""
    if not monthly:
        where = "" if request.countries is None else f" in {', '.join(sorted(request.countries))}"
        raise InputError(
            f"no record{where} is dated to a month of the span. `marsad measure TABLE --by year --by country` shows "
            "what there is"
        )
    first = min(monthly) if request.since is None else request.since
    last = max(monthly) if request.until is None else request.until
    return first, last


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    units: tuple[str, ...]
    parents: tuple[str, ...]
    values: NDArray[np.float64]
    vintage: NDArray[np.int16]
    nowhere: int
    untold: int
    partly: int
    without: int


def _assembled(
    request: PanelRequest, groups: Mapping[str, Any], measure: str, ends: tuple[int, int], cover: Coverage
) -> _Cells:
    """The engine's groups as units x months."""
    names = names_of(request.unit, groups, rest=request.rest)
    dated, placed = ~np.isnat(groups["month"]), names.code >= 0
    kept = dated & placed
    if not kept.any():
        raise InputError(f"no record that is dated to a month states its {request.unit}. Choose another unit")
    used = sorted(np.unique(names.code[kept]).tolist(), key=names.units.__getitem__)
    units = tuple(names.units[code] for code in used)
    sums = _sums(groups, measure, kept, _places(names.code, used), ends)
    _check_counts(sums.counts, units, ends[0])
    covers, vintage = cover.of_units(units if request.unit == "dataset" else None, len(units))
    untold = (sums.records > 0) & (sums.without == sums.records)
    values = np.where(covers & ~untold, sums.counts, np.nan)
    if request.from_first:
        values = np.where(np.maximum.accumulate(sums.records > 0, axis=1), values, np.nan)
    return _Cells(
        units,
        _parents(request, [names.parents[code] for code in used]),
        values,
        np.where(covers, vintage, 0).astype(np.int16),
        nowhere=int(groups["records"][dated & ~placed].sum()),
        untold=int(untold.sum()),
        partly=int(((sums.without > 0) & ~untold).sum()),
        without=int(sums.without.sum()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Units x months: what is counted, how many records there are, and how many of them state no count."""

    counts: NDArray[np.float64]
    records: NDArray[np.float64]
    without: NDArray[np.float64]


def _sums(
    groups: Mapping[str, Any],
    measure: str,
    kept: NDArray[np.bool_],
    row_of: NDArray[np.int64],
    ends: tuple[int, int],
) -> _Sums:
    """Groups of one cell together: names may differ by spaces only, and a dyad by the order of its sides."""
    first, last = ends
    shape = (int(row_of.max()) + 1, last - first + 1)
    if shape[0] * shape[1] > _MOST_CELLS:
        raise InputError(f"{shape[0]} units and {shape[1]} months are more than {_MOST_CELLS:,} cells. Count fewer")
    month = groups["month"][kept].astype("datetime64[M]").astype(np.int64)
    at = (row_of[kept], month - first)
    stated = groups[measure][kept].astype(np.float64)
    records = groups["records"][kept].astype(np.float64)
    without = groups["without_deaths"][kept] if measure == "deaths_best" else records * np.isnan(stated)
    found = _Sums(*(np.zeros(shape) for _ in range(3)))
    for target, values in ((found.counts, np.nan_to_num(stated)), (found.records, records), (found.without, without)):
        np.add.at(target, at, values)
    return found


def _places(code: NDArray[np.int64], used: Sequence[int]) -> NDArray[np.int64]:
    """For each group the row of its unit; -1 where it has none."""
    rows = np.full(max(used) + 2, -1, np.int64)
    rows[list(used)] = np.arange(len(used))
    return rows[np.minimum(code, max(used) + 1)]


def _used(labels: Sequence[str], vintage: NDArray[np.int16]) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """The versions that some cell is of, after the empty one, and the cells' codes to them."""
    used = np.union1d([0], np.unique(vintage))
    return tuple(labels[code] for code in used), np.searchsorted(used, vintage).astype(np.int16)


def _parents(request: PanelRequest, parents: Sequence[str]) -> tuple[str, ...]:
    """The country of an area; the only country as the parent of other units that add up to it."""
    alone = request.countries is not None and len(request.countries) == 1
    if alone and request.countries is not None and request.unit not in ("actor", "country", "dataset"):
        (country,) = request.countries
        return tuple(parent or country for parent in parents)
    return tuple(parents)


def _check_counts(counts: NDArray[np.float64], units: Sequence[str], first: int) -> None:
    wrong = np.argwhere((counts < 0) | (counts > _MOST_COUNT))
    if wrong.size:
        row, column = wrong[0].tolist()
        raise InputError(
            f"{units[row]} has {counts[row, column]:,.0f} in {month_text(first + column)}, which is no count. Correct "
            "the record in the event table"
        )


def _record_notices(request: PanelRequest, checks: Mapping[str, int], made: _Cells) -> list[Notice]:
    """What became of records that are odd."""
    told = [
        Notice(f"{plural(checks[name], 'record')} {text}")
        for name, text in (("undated", _UNDATED), ("spanning", _SPANNING), ("reversed_bounds", _REVERSED))
        if checks[name] and (name != "reversed_bounds" or request.count in ("deaths-low", "deaths-high"))
    ]
    told += [
        Notice(f"{plural(checks[f'unknown_{name}'], 'record')} without a {name}: not counted")
        for name in ("date", "country", "dataset")
        if checks[f"unknown_{name}"]
    ]
    if made.nowhere:
        text = f"{plural(made.nowhere, 'record')} stating no {request.unit}: in no unit"
        told.append(Notice(text, "--rest keeps them in a unit of their own"))
    if made.without:
        text = (
            f"{plural(made.without, 'record')} without an estimate of deaths, which is not zero: "
            f"{plural(made.untold, 'cell')} with no other record left empty; {made.partly:,} more hold the others' sum"
        )
        told.append(Notice(text))
    if request.unit == "actor":
        text = "a record counts under each of its sides: actors do not add up to a total"
        told.append(Notice(text, "the units of --unit dyad do"))
    if request.unit in _SIDES and not request.from_first:
        text = "a unit is zero before its first record, so that a backtest knows of groups that were yet to come"
        told.append(Notice(text, "--from-first leaves it empty until then"))
    return told


def _span_notice(request: PanelRequest, spans: Sequence[Span]) -> list[Notice]:
    if request.reconciled is not None:
        first, last = (month_text(month) for month in common_span(spans))
        return [Notice(f"only {first} to {last} are counted: every dataset covers them")]
    if len({span.dataset for span in spans}) > 1:
        return [Notice("every dataset is empty outside its own first and last month with a record")]
    if request.since is not None and request.until is not None:
        return []
    remedy = "name --since and --until where the register covers more months, without a record"
    return [Notice("the months are those from the first to the last record", remedy)]
