"""Measures of the event table, as Ibis expressions: how many records, events and deaths, by whatever dimensions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from marsad.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["DIMENSIONS", "PERIODS", "PLACE_PRECISIONS", "EventFilter", "event_checks", "event_measures"]

PERIODS: Mapping[str, frozenset[str]] = {
    "week": frozenset({"day", "days", "week"}),
    "month": frozenset({"day", "days", "week", "month"}),
    "year": frozenset({"day", "days", "week", "month", "year"}),
}
"""The periods, each with the precisions of a date that are fine enough for it. A week begins on Monday (ISO 8601)."""

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    **{period: (period,) for period in PERIODS},
    "country": ("country",),
    "admin1": ("country", "admin1"),
    "admin1_code": ("admin1_code",),
    "admin2": ("country", "admin1", "admin2"),
    "admin2_code": ("admin2_code",),
    "side_a": ("side_a",),
    "side_b": ("side_b",),
    "actor": ("actor",),
    "kind": ("kind",),
    "violence_type": ("violence_type",),
    "dataset": ("dataset",),
    "definition": ("definition",),
}
"""What measures can be grouped by, with the columns of the result: an area's name is unique only in its country."""

PLACE_PRECISIONS = ("point", "near", "linear", "admin2", "admin1", "country", "region")
"""How exactly a place is known, finest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which records are counted; what is left out (``None``) does not restrict.

    Attributes:
        since: first day; ``date_start`` decides.
        until: last day, itself included.
        countries: ISO 3166-1 alpha-3 codes.
        datasets: names of datasets.
        place_precision: the coarsest precision of the place that is still good enough, of ``PLACE_PRECISIONS``.
        border_km: at most so far from the border line, km.
        border: name of the border line.
    """

    since: date | None = None
    until: date | None = None
    countries: Collection[str] | None = None
    datasets: Collection[str] | None = None
    place_precision: str | None = None
    border_km: float | None = None
    border: str | None = None


def event_measures(events: ir.Table, *, by: Sequence[str] = (), where: EventFilter | None = None) -> ir.Table:
    """Count records and sum their tolls, one row a group that has any record.

    Args:
        events: the event table (``marsad.model.COLUMNS``), or at least the columns that are asked for.
        by: of ``DIMENSIONS``, at most one of them a period. With ``actor`` a record counts once under each actor that
            is one of its sides, so actors do not add up to the total.
        where: which records.

    Returns:
        The columns of the dimensions, then 64-bit integers: ``records``; ``events`` (what records stand for);
        ``deaths_low``, ``deaths_best``, ``deaths_high``, ``injured``, ``abducted`` (sums, null where no record of the
        group has a value); ``without_deaths`` (records without a best estimate).

        A period is its first day. A record belongs to the period of its ``date_start``; one that has no date or a
        coarser one than the period to a group of its own (period null), never spread over others. A date of unknown
        precision is taken as its days say. The low bound is ``deaths_low`` or, where it is missing, ``deaths_best``;
        the high bound ``deaths_high``, then ``deaths_best``, then ``deaths_low``; reversed bounds are put in order.

    Raises:
        InputError: an unknown dimension, two periods, an unknown precision, or a column that the table has not.
    """
    period = _period(by)
    columns = list(dict.fromkeys(column for name in by for column in DIMENSIONS[name]))
    _require(events, columns, where, period)
    rows = _prepared(_filtered(events, where), period)
    return _summed(_each_actor(rows) if "actor" in columns else rows, columns)


def event_checks(events: ir.Table, *, by: Sequence[str] = (), where: EventFilter | None = None) -> ir.Table:
    """One row that says what ``event_measures`` with the same arguments leaves out or takes with a grain of salt.

    Returns:
        ``records`` of the table; ``counted``; of those counted: ``undated`` (no date or one that is coarser than the
        period), ``spanning`` (they end in another period than they begin in), ``reversed_bounds`` (low above high),
        ``best_outside`` (the best estimate is not between the bounds), ``without_deaths`` (no best estimate) and
        ``several`` (they stand for several events); of those left out: ``unknown_date``, ``unknown_country``,
        ``unknown_dataset``, ``unknown_place_precision``, ``unknown_border`` (the filter asks for what the record does
        not say) and ``overlapping`` (they begin before ``since`` and end in the period).
    """
    period = _period(by)
    columns = [column for name in by for column in DIMENSIONS[name]]
    _require(events, columns, where, period)
    accepted, unknown, overlapping = _conditions(events, where)
    marked = _prepared(events.mutate(marsad_in=accepted), period)
    inside = marked.marsad_in
    counts = {
        "records": marked.count(),
        "counted": marked.count(where=inside),
        **{name: marked.count(where=inside & marked[name]) for name in _FLAGS},
    }
    known = marked.aggregate(**counts)
    left = events.aggregate(
        **{f"unknown_{name}": events.count(where=condition) for name, condition in unknown.items()},
        overlapping=events.count(where=overlapping),
    )
    return known.cross_join(left)


def _period(by: Sequence[str]) -> str | None:
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown:
        raise InputError(f"measures cannot be grouped by {unknown[0]!r}; they can by {', '.join(DIMENSIONS)}")
    periods = [name for name in by if name in PERIODS]
    if len(periods) > 1:
        raise InputError(f"measures are grouped by one period, not by {' and '.join(periods)}")
    return periods[0] if periods else None


def _require(events: ir.Table, columns: Collection[str], where: EventFilter | None, period: str | None) -> None:
    needed = {*_TOLLS, "events", "date_start", "date_end", *({"date_precision"} if period else ())}
    needed |= {"side_a", "side_b"} if "actor" in columns else set()
    needed |= {column for column in columns if column != "actor" and column not in PERIODS}
    if where is not None:
        asked = {
            "country": where.countries,
            "dataset": where.datasets,
            "place_precision": where.place_precision,
            "border_km": where.border_km,
            "border": where.border,
        }
        needed |= {column for column, value in asked.items() if value is not None}
    missing = sorted(needed - set(events.columns))
    if missing:
        raise InputError(f"there is no column {missing[0]}; it is no event table of this version")


_TOLLS = ("deaths_low", "deaths_best", "deaths_high", "injured", "abducted")
_FLAGS = ("undated", "spanning", "reversed_bounds", "best_outside", "without_deaths", "several")


def _conditions(events: ir.Table, where: EventFilter | None) -> tuple[Any, dict[str, Any], Any]:
    """Which rows are accepted, those that do not say what a condition asks, and those that overlap the period."""
    import ibis  # noqa: PLC0415 - slow to import

    wanted = where if where is not None else EventFilter()
    no = ibis.literal(value=False)
    unknown = dict.fromkeys(("date", "country", "dataset", "place_precision", "border"), no)
    conditions: list[Any] = []
    overlapping = no
    if wanted.since is not None or wanted.until is not None:
        unknown["date"] = events.date_start.isnull()
    if wanted.since is not None:
        conditions.append(events.date_start >= wanted.since)
        overlapping = (events.date_start < wanted.since) & (events.date_end >= wanted.since)
    if wanted.until is not None:
        conditions.append(events.date_start <= wanted.until)
    for column, values in (("country", wanted.countries), ("dataset", wanted.datasets)):
        if values is not None:
            conditions.append(events[column].isin(sorted(values)))
            unknown[column] = events[column].isnull()
    if wanted.place_precision is not None:
        conditions.append(events.place_precision.isin(_good_enough(wanted.place_precision)))
        unknown["place_precision"] = ~_known(events.place_precision.isin(PLACE_PRECISIONS))
    if wanted.border_km is not None:
        conditions.append(events.border_km <= wanted.border_km)
        unknown["border"] = events.border_km.isnull()
    if wanted.border is not None:
        conditions.append(events.border == wanted.border)
        unknown["border"] = unknown["border"] | events.border.isnull()
    accepted = ibis.literal(value=True)
    for condition in conditions:
        accepted = accepted & _known(condition)
    return accepted, unknown, overlapping


def _good_enough(precision: str) -> tuple[str, ...]:
    if precision not in PLACE_PRECISIONS:
        raise InputError(f"{precision!r} is no precision of a place; they are {', '.join(PLACE_PRECISIONS)}")
    return PLACE_PRECISIONS[: PLACE_PRECISIONS.index(precision) + 1]


def _filtered(events: ir.Table, where: EventFilter | None) -> ir.Table:
    return events if where is None else events.filter(_conditions(events, where)[0])


def _prepared(rows: ir.Table, period: str | None) -> ir.Table:
    """Each record with its period, its bounds in order and what is odd about it."""
    import ibis  # noqa: PLC0415 - slow to import

    low = ibis.coalesce(rows.deaths_low, rows.deaths_best)
    high = ibis.coalesce(rows.deaths_high, rows.deaths_best, rows.deaths_low)
    is_reversed = _known(low > high)
    undated: Any = rows.date_start.isnull()
    spanning: Any = ibis.literal(value=False)
    dated: dict[str, Any] = {}
    if period is not None:
        undated = undated | _known(~rows.date_precision.isin(sorted(PERIODS[period])))
        unit = period[0].upper()
        first = rows.date_start.truncate(unit)
        spanning = _known(~undated & (rows.date_end.truncate(unit) != first))
        dated = {period: undated.ifelse(ibis.null("date"), first)}
    best = rows.deaths_best
    outside = _known((best < ibis.least(low, high)) | (best > ibis.greatest(low, high)))
    return rows.mutate(
        **dated,
        deaths_low=is_reversed.ifelse(high, low),
        deaths_high=is_reversed.ifelse(low, high),
        events=ibis.coalesce(rows.events, 1),
        several=_known(rows.events > 1),
        without_deaths=best.isnull(),
        reversed_bounds=is_reversed,
        best_outside=outside,
        undated=undated,
        spanning=spanning,
    )


def _known(condition: Any) -> Any:
    """A condition that is false where a value is missing."""
    import ibis  # noqa: PLC0415 - slow to import

    return ibis.coalesce(condition, ibis.literal(value=False))


def _summed(rows: ir.Table, columns: Sequence[str]) -> ir.Table:
    sums = {
        "records": rows.count(),
        "events": rows.events.sum().fill_null(0),
        **{name: rows[name].sum() for name in _TOLLS},
        "without_deaths": rows.count() - rows.deaths_best.count(),
    }
    return rows.group_by(list(columns)).aggregate(**sums) if columns else rows.aggregate(**sums)


def _each_actor(rows: ir.Table) -> ir.Table:
    """A record with two different sides twice, once as each of them; any other once."""
    import ibis  # noqa: PLC0415 - slow to import

    one = rows.mutate(actor=ibis.coalesce(rows.side_a, rows.side_b))
    both = rows.filter(rows.side_a != rows.side_b)
    return ibis.union(one, both.mutate(actor=both.side_b), distinct=False)
