"""Totals: a record that stands for several events of another source, such as the deaths of a month in a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from marsad.reconcile.blocking import EARTH_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.sides import Side

__all__ = ["parts_of_totals"]

_MONTH = 28
_WEEK = 7
_MOST_PARTS = 500
_NEAR_KM = 25.0
_DAYS = 1 << 24


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
    index = _Index(wholes, parts)
    found = [(total, index.inside(int(total))) for total in totals.tolist()]
    kept = [(total, inside) for total, inside in found if 2 <= len(inside) <= _MOST_PARTS]
    if not kept:
        return nothing, nothing
    whole = np.repeat([total for total, _ in kept], [len(inside) for _, inside in kept])
    return _adding_up(whole.astype(np.int64), np.concatenate([inside for _, inside in kept]), wholes, parts)


class _Index:
    """The parts by country and first day."""

    def __init__(self, wholes: Side, parts: Side) -> None:
        number = {name: n for n, name in enumerate(parts.countries)}
        codes = np.array([number.get(name, -1) if name else -1 for name in wholes.countries], dtype=np.int64)
        self._country = codes[wholes.country]
        self._wholes, self._parts = wholes, parts
        key = parts.country * _DAYS + np.nan_to_num(parts.begun, nan=-1e6) + _DAYS // 2
        self._order = np.argsort(key, kind="stable")
        self._keys = key[self._order]
        self._places = [
            [np.radians(side.numbers(name).astype(np.float64)) for name in ("latitude", "longitude")]
            for side in (wholes, parts)
        ]
        self._reach = [side.numbers("radius").astype(np.float64) for side in (wholes, parts)]

    def inside(self, total: int) -> NDArray[np.int64]:
        """The parts that lie within the days and the area of a total, sorted."""
        if self._country[total] < 0:
            return np.zeros(0, dtype=np.int64)
        days = np.array([self._wholes.begun[total], self._wholes.ended[total]])
        first, last = np.searchsorted(self._keys, self._country[total] * _DAYS + days + _DAYS // 2 + [0, 0.5])
        some = self._order[first:last]
        some = some[self._parts.ended[some] <= days[1]]
        if self._wholes.located[total]:
            some = some[self._parts.located[some]]
            some = some[self._km(total, some) <= self._reach[0][total] + self._reach[1][some] + _NEAR_KM]
        return np.sort(some)

    def _km(self, total: int, some: NDArray[np.int64]) -> NDArray[np.float64]:
        (a, b), (x, y) = [p[total] for p in self._places[0]], [p[some] for p in self._places[1]]
        chord = np.sin((x - a) / 2) ** 2 + np.cos(a) * np.cos(x) * np.sin((y - b) / 2) ** 2
        km: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(chord.clip(max=1.0)))
        return km


def _possible(side: Side, matched: NDArray[np.int64]) -> NDArray[np.int64]:
    span = side.ended - side.begun + 1
    events = side.numbers("events").astype(np.float64)
    vague = (span >= _MONTH) | (~side.located & (span >= _WEEK))
    counted = np.nan_to_num(side.numbers("deaths_most").astype(np.float64)) > 0
    possible = ((events > 1) | vague) & counted & ~np.isnan(span)
    possible[matched] = False
    return np.flatnonzero(possible)


def _adding_up(
    whole: NDArray[np.int64], part: NDArray[np.int64], wholes: Side, parts: Side
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    least, most = (parts.numbers(name).astype(np.float64) for name in ("deaths_least", "deaths_most"))
    size = len(wholes)
    number = np.bincount(whole, minlength=size)
    sums = [np.bincount(whole, np.nan_to_num(values[part]), minlength=size) for values in (least, most)]
    events = wholes.numbers("events").astype(np.float64)
    adds_up = (
        (number >= 2)
        & (number <= _MOST_PARTS)
        & (sums[1] > 0)
        & (sums[0] <= wholes.numbers("deaths_most").astype(np.float64))
        & (sums[1] >= wholes.numbers("deaths_least").astype(np.float64))
        & (np.isnan(events) | (events <= 1) | (events == number))
    )
    kept = adds_up[whole]
    return whole[kept], part[kept]
