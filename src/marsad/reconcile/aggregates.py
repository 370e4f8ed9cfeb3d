"""Totals: a record that stands for several events of another source, such as the deaths of a month in a country."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from marsad.reconcile.blocking import EARTH_KM, great_circle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.sides import Side

    _Reached = tuple[NDArray[np.int64], NDArray[np.int64]]

__all__ = ["parts_of_totals"]

_MONTH = 28
_WEEK = 7
_MOST_PARTS = 500
_NEAR_KM = 25.0
_EXACT_KM = 50.0
_POLE = 89.9
_AROUND = 360
_BOXES = 180 * _AROUND
_DAYS = 1 << 24
_MOST_PAIRS = 2_000_000


def parts_of_totals(
    wholes: Side, parts: Side, matched: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Records of one source that are parts of a record of another.

    A record may be a total where it says that it stands for several events, or its date is known to the month or worse,
    or it has a country and a week at best. It is one where two records or more of the other source lie within its days
    and its area, and their deaths add up to its own, as intervals of low and high estimates; with a number of events,
    that must agree as well. Totals without a country are not looked at.

    Args:
        wholes: the source of the totals.
        parts: the other source.
        matched: numbers of the records of ``wholes`` that are the same as one record of ``parts``; they are no totals.

    Returns:
        Numbers of the wholes and of their parts, pair by pair.
    """
    totals = _possible(wholes, matched)
    nothing = np.zeros(0, dtype=np.int64)
    if not len(totals):
        return nothing, nothing
    whole, part = _inside(wholes, parts, totals)
    number = np.bincount(whole, minlength=len(wholes))[whole]
    kept = (number >= 2) & (number <= _MOST_PARTS)
    return _adding_up(whole[kept], part[kept], wholes, parts)


def _inside(wholes: Side, parts: Side, totals: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Totals and the records of the other source that lie within their days and their area, sorted."""
    number = {name: n for n, name in enumerate(parts.countries)}
    codes = np.array([number.get(name, -1) if name else -1 for name in wholes.countries], dtype=np.int64)
    country = codes[wholes.country]
    totals = totals[country[totals] >= 0]
    dated = np.flatnonzero(~np.isnan(parts.begun))
    exact = parts.located[dated] & (parts.numbers("radius")[dated] <= _EXACT_KM)
    vague = parts.located[dated] & ~exact
    placed = wholes.located[totals]
    joins = (  # a total in a country meets all, one with coordinates the vague of its country and those of near cells
        (totals[~placed], dated, _by_country),
        (totals[placed], dated[vague], _by_country),
        (totals[placed], dated[exact], _by_cells),
    )
    found = [np.zeros((0, 2), dtype=np.int64)]
    for some, others, reached in joins:
        if len(some) and len(others):
            found += [
                _near(wholes, parts, *pairs) for pairs in _within(wholes, parts, (some, others), country, reached)
            ]
    whole, part = np.concatenate(found).T
    order = np.lexsort((part, whole))
    return whole[order], part[order]


def _within(
    wholes: Side,
    parts: Side,
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    country: NDArray[np.int64],
    reached: Callable[[Side, Side, NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.int64], _Reached]],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Totals and records that begin within their days in the boxes that they reach, not too many pairs at a time."""
    totals, others = ends
    box, (which, wanted) = reached(wholes, parts, totals, others)
    keys = (parts.country[others] * _BOXES + box) * _DAYS + parts.begun[others].astype(np.int64)
    order = np.argsort(keys, kind="stable")
    keys, others = keys[order], others[order]
    asked = totals[which]
    base = (country[asked] * _BOXES + wanted) * _DAYS
    first = np.searchsorted(keys, base + wholes.begun[asked].astype(np.int64), side="left")
    count = np.searchsorted(keys, base + wholes.ended[asked].astype(np.int64), side="right") - first
    piece = np.cumsum(count) // _MOST_PAIRS
    for bounds in np.split(np.arange(len(count)), np.flatnonzero(np.diff(piece)) + 1):
        met = count[bounds]
        place = np.repeat(first[bounds] - np.concatenate([[0], np.cumsum(met)[:-1]]), met) + np.arange(met.sum())
        yield np.repeat(asked[bounds], met), others[place]


def _by_country(
    _wholes: Side, _parts: Side, totals: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[NDArray[np.int64], _Reached]:
    """One box a country."""
    return np.zeros(len(others), dtype=np.int64), (np.arange(len(totals)), np.zeros(len(totals), dtype=np.int64))


def _by_cells(
    wholes: Side, parts: Side, totals: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[NDArray[np.int64], _Reached]:
    """Cells of a degree: that of each record, and those in which the parts of a total may stand."""
    latitude, longitude = (parts.numbers(name)[others] for name in ("latitude", "longitude"))
    box = _row(latitude) * _AROUND + np.floor(longitude).astype(np.int64) % _AROUND
    latitude, longitude, radius = (wholes.numbers(name)[totals] for name in ("latitude", "longitude", "radius"))
    reach = (radius + _EXACT_KM + _NEAR_KM) / EARTH_KM * 1.000001
    height = np.degrees(reach)
    pole = np.abs(latitude) + height >= _POLE
    across = np.sin(reach) / np.cos(np.radians(np.where(pole, 0.0, latitude)))
    width = np.where(pole, 180.0, np.degrees(np.arcsin(across.clip(max=1.0))))
    row, column = _row(latitude - height), np.floor(longitude - width).astype(np.int64)
    rows = _row(latitude + height) - row + 1
    columns = (np.floor(longitude + width).astype(np.int64) - column + 1).clip(max=_AROUND)
    turns = rows * columns
    which = np.repeat(np.arange(len(totals)), turns)
    turn = np.arange(turns.sum()) - np.repeat(np.cumsum(turns) - turns, turns)
    wanted = (row[which] + turn // columns[which]) * _AROUND + (column[which] + turn % columns[which]) % _AROUND
    return box, (which, wanted)


def _row(latitude: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(latitude + 90.0).clip(0, 179).astype(np.int64)


def _near(wholes: Side, parts: Side, whole: NDArray[np.int64], part: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of totals and records those that end within the days and lie within the area, shape (pairs, 2)."""
    kept = parts.ended[part] <= wholes.ended[whole]
    whole, part = whole[kept], part[kept]
    placed = wholes.located[whole]
    ends = [(side.numbers("latitude")[n], side.numbers("longitude")[n]) for side, n in ((wholes, whole), (parts, part))]
    reach = wholes.numbers("radius")[whole] + parts.numbers("radius")[part] + _NEAR_KM
    near = ~placed | (great_circle(*ends) <= reach)
    return np.stack([whole[near], part[near]], axis=1)


def _possible(side: Side, matched: NDArray[np.int64]) -> NDArray[np.int64]:
    span = side.ended - side.begun + 1
    events = side.numbers("events")
    vague = (span >= _MONTH) | (~side.located & (span >= _WEEK))
    counted = np.nan_to_num(side.numbers("deaths_most")) > 0
    possible = ((events > 1) | vague) & counted & ~np.isnan(span)
    possible[matched] = False
    return np.flatnonzero(possible)


def _adding_up(
    whole: NDArray[np.int64], part: NDArray[np.int64], wholes: Side, parts: Side
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    least, most = (parts.numbers(name) for name in ("deaths_least", "deaths_most"))
    size = len(wholes)
    number = np.bincount(whole, minlength=size)
    sums = [np.bincount(whole, np.nan_to_num(values[part]), minlength=size) for values in (least, most)]
    events = wholes.numbers("events")
    adds_up = (
        (number >= 2)
        & (number <= _MOST_PARTS)
        & (sums[1] > 0)
        & (sums[0] <= wholes.numbers("deaths_most"))
        & (sums[1] >= wholes.numbers("deaths_least"))
        & (np.isnan(events) | (events <= 1) | (events == number))
    )
    kept = adds_up[whole]
    return whole[kept], part[kept]
