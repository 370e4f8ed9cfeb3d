"""Pairs of records that lie within so many kilometres and days of each other: a hashed grid on the sphere."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["EARTH_RADIUS_KM", "Near", "Points", "near"]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), km."""

_MILLIMETRE = 6
_MIN_CELL_KM = 0.05
_BLOCK = 2_000_000
_SLACK = 1 + 1e-9


@dataclass(frozen=True, slots=True)
class Points:
    """Places on the unit sphere.

    Attributes:
        vectors: shape (n, 3): the unit vector from the centre of the Earth to each place.
    """

    vectors: NDArray[np.float64]

    @classmethod
    def at(cls, latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> Self:
        """From degrees (WGS 84), finite; the dateline and the poles need no special care."""
        phi, lam = np.radians(latitude), np.radians(longitude)
        return cls(np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1))

    def __len__(self) -> int:
        return len(self.vectors)


@dataclass(frozen=True, slots=True)
class Near:
    """Pairs of a query and a target; arrays of one length.

    Attributes:
        query: row of the query.
        target: row of the target.
        km: great-circle distance, rounded to a millimetre.
    """

    query: NDArray[np.int64]
    target: NDArray[np.int64]
    km: NDArray[np.float64]


def near(
    queries: Points,
    targets: Points,
    *,
    km: float,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    day: NDArray[np.int64],
) -> Iterator[Near]:
    """Every pair of a query and a target within ``km`` whose target lies on a day that the query allows.

    Candidates are read from a grid of cubes whose side is the window, in runs of days. The pairs come in blocks of
    no more than some two million, so that memory is bounded however dense the data are; each pair comes once, and
    the order of pairs follows nothing.

    The distance is the haversine: with unit vectors, hav = (chord / 2)^2 (Sinnott, Sky and Telescope 68, 1984, 159).

    Args:
        queries: n places.
        targets: m places.
        km: the window, finite, not negative; a pair at exactly that distance is in it.
        first: shape (n,): first day on which a target may lie, as a day number.
        last: shape (n,): last day, itself included.
        day: shape (m,): the day of each target.
    """
    if not len(queries) or not len(targets):
        return
    grid = _Grid(targets, day, _chord(km + 10**-_MILLIMETRE))
    order, cells = grid.sorted_cells(queries)
    sorted_first, sorted_last = first[order], last[order]
    for step in grid.steps:
        rows, at = grid.lookup(cells + step)
        begin, end = grid.run(at, sorted_first[rows], sorted_last[rows])
        for query, target in _expanded(order[rows], begin, end):
            found = grid.order[target]
            distance = _kilometres(queries.vectors[query], targets.vectors[found])
            inside = distance <= km
            yield Near(query[inside], found[inside], distance[inside])


class _Grid:
    """The targets by cube and day.

    Attributes:
        order: rows of the targets, by cube and then by day.
        steps: what to add to the number of a cube to reach it and its 26 neighbours.
    """

    def __init__(self, targets: Points, day: NDArray[np.int64], chord: float) -> None:
        self._side = max(chord * _SLACK, _MIN_CELL_KM / EARTH_RADIUS_KM)
        self._width = int(2 / self._side) + 4
        cells = self._numbers(targets)
        self.order = np.lexsort((day, cells))
        self._cells, cell = np.unique(cells[self.order], return_inverse=True)
        self._first_day = int(day.min())
        self._days = int(day.max()) - self._first_day + 1
        self._keys = cell * self._days + (day[self.order] - self._first_day)
        self.steps = [(x * self._width + y) * self._width + z for x, y, z in itertools.product((-1, 0, 1), repeat=3)]

    def _numbers(self, points: Points) -> NDArray[np.int64]:
        """The number of the cube in which each place lies; the outermost cubes are empty."""
        x, y, z = (np.floor((points.vectors + 1) / self._side).astype(np.int64) + 1).T
        numbers: NDArray[np.int64] = (x * self._width + y) * self._width + z
        return numbers

    def sorted_cells(self, points: Points) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the places by cube, and the cubes' numbers in that order."""
        numbers = self._numbers(points)
        order = np.argsort(numbers, kind="stable")
        return order, numbers[order]

    def lookup(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of the cubes hold a target (places in ``numbers``), and which of the grid's cubes they are."""
        at = np.searchsorted(self._cells, numbers)
        at[at == len(self._cells)] = 0
        rows = np.flatnonzero(self._cells[at] == numbers)
        return rows, at[rows]

    def run(
        self, cell: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where, in ``order``, the targets of a cube on the days from first to last begin and end."""
        low = np.clip(first - self._first_day, 0, self._days)
        high = np.clip(last - self._first_day + 1, low, self._days)
        return np.searchsorted(self._keys, cell * self._days + low), np.searchsorted(
            self._keys, cell * self._days + high
        )


def _expanded(
    rows: NDArray[np.int64], begin: NDArray[np.int64], end: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Each row beside every number from its begin to its end, in blocks."""
    some = end > begin
    rows, begin, count = rows[some], begin[some], (end - begin)[some]
    ends = np.cumsum(count)
    starts = ends - count
    total = int(ends[-1]) if len(ends) else 0
    for start in range(0, total, _BLOCK):
        stop = min(start + _BLOCK, total)
        one = int(np.searchsorted(ends, start, side="right"))
        more = int(np.searchsorted(ends, stop, side="left")) + 1
        low = np.maximum(starts[one:more], start)
        size = np.minimum(ends[one:more], stop) - low
        shift = np.repeat(begin[one:more] - starts[one:more], size)
        yield np.repeat(rows[one:more], size), np.arange(start, stop) + shift


def _chord(km: float) -> float:
    """The straight line through the unit sphere that belongs to a distance over its surface."""
    return float(2 * np.sin(min(km / (2 * EARTH_RADIUS_KM), np.pi / 2)))


def _kilometres(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distance between unit vectors, shape (n,), rounded to a millimetre."""
    difference = a - b
    half = np.sqrt(np.einsum("ij,ij->i", difference, difference)) / 2
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half, 1.0))
    rounded: NDArray[np.float64] = np.round(distance, _MILLIMETRE)
    return rounded
