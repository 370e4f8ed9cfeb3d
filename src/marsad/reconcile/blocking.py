"""Which records are worth comparing: one equi-join over time buckets x grid cells, as an Ibis expression.

Two records are compared where a plain rule allows it (``Rule``). The join finds exactly the pairs that the rule allows,
each once. One record of a pair stands in a single bucket and cell, that of its first day and its coordinates; the other
stands in each that a record within the rule could be in. Records are taken together by how vague their dates and places
are, with buckets and cells of a size that fits, so that none stands in thousands of cells; what has no coordinates
meets others by country, and what has neither by time alone. Of two groups of records the smaller one is spread.

What a record's cells are is computed here from arrays; the engine spreads, joins and filters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.evidence.engine.queries import Query

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from marsad.evidence.engine import Engine

__all__ = ["EARTH_KM", "JOIN", "LADDER", "Extent", "Rule", "great_circle", "in_order", "pair_batches"]

EARTH_KM = 6371.0088
"""Mean radius of the Earth, km (IUGG)."""
_DEGREE_KM = 111.195
_TIME_SPANS = (1, 7, 92, 1000)
_NOWHERE = 2
_LEAST_KM = 10.0
_POLE = 89.9
_SLACK = 1.000001
_SINGLE_ROWS, _ROWS = 500_000, 1_000_000
_SPREAD = {
    "number": "int64",
    "turned": "boolean",
    "once": "boolean",
    "start": "int64",
    "first": "int64",
    "cells": "int64",
    "rows": "int64",
    "turns": "int64",
    "around": "int64",
    "stride": "int64",
}
_SINGLE = {"to_number": "int64", "key": "int64"}
_COMPARED = {"begun": "int64", "ended": "int64", "x": "float64", "y": "float64", "z": "float64", "half": "float64"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a pair must meet to be compared.

    Attributes:
        days: most days between the two date intervals.
        km: most kilometres between the coordinates beyond both records' radii. A pair in which one record has no
            coordinates must be of one country, as far as both say it.
    """

    days: int
    km: float


LADDER = (Rule(5, 200.0), Rule(4, 120.0), Rule(3, 75.0), Rule(2, 50.0), Rule(2, 30.0), Rule(1, 20.0))
"""From the widest rule to the narrowest: denser tables are compared by a narrower one."""


@dataclass(frozen=True, slots=True)
class Extent:
    """When and where the records of a source are, arrays of shape (records,).

    Attributes:
        begun, ended: first and last day since 1970-01-01, NaN without a date.
        located: whether it has coordinates that place it.
        latitude, longitude: degrees.
        radius: how far from them it may have been, km.
        country: number of the country in ``countries``.
        countries: the countries that occur, the empty text for none.
    """

    begun: NDArray[np.float64]
    ended: NDArray[np.float64]
    located: NDArray[np.bool_]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    radius: NDArray[np.float64]
    country: NDArray[np.int64]
    countries: Sequence[str]


_Class = tuple[int, int, bool]


@dataclass(frozen=True, slots=True)
class _Group:
    """Records that are joined by one size of bucket and cell: by ``cells``, ``country`` or ``time`` alone."""

    by: str
    left: tuple[_Class, ...]
    right: tuple[_Class, ...]


def pair_batches(
    engine: Engine, left: Extent, right: Extent, rule: Rule
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """All pairs that a rule allows, as numbers of the left and right records, in batches and in whatever order.

    Never all of them are held at once, nor all that is joined.

    Args:
        engine: what joins.
        left: one source; the same one twice gives each of its pairs once.
        right: the other.
        rule: the rule.
    """
    for spread, single in _tables(left, right, rule):
        for batch in engine.batches(JOIN, {"marsad_spread": spread, "marsad_single": single}):
            yield batch["left"], batch["right"]


def in_order(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order of pairs by left, then by right record; each pair may stand there once only."""
    keys = left * (int(right.max(initial=0)) + 1) + right
    return np.argsort(keys).astype(np.int64, copy=False)


def _expression(spread: ir.Table, single: ir.Table) -> ir.Table:
    """The join: every record of the one table in each of its cells, with those of the other that stand there.

    The days of the rule are in the span of the spread record. Coordinates are on the unit sphere, ``half`` is half the
    angle that a record and the rule may be off: near is where the chord is at most twice the sine of both halves.
    """
    import ibis  # noqa: PLC0415 - slow to import

    turned = spread.mutate(turn=ibis.range(0, spread.turns).unnest())
    line = (turned.turn / turned.cells).floor().cast("int64")
    lines = turned.mutate(line=line)
    cell = (lines.first + lines.turn % lines.cells) % lines.around
    row = lines.line % lines.rows
    bucket = (lines.line / lines.rows).floor().cast("int64")
    key = lines.start + bucket * lines.stride + row * lines.around + cell
    pairs = lines.mutate(at=key).join(single, [ibis._.at == single.key])
    x, y, z = (pairs[name] - pairs[f"to_{name}"] for name in "xyz")
    reach = (pairs.half + pairs.to_half).sin()
    return pairs.filter(
        pairs.begun <= pairs.to_ended,
        pairs.to_begun <= pairs.ended,
        x * x + y * y + z * z <= reach * reach * 4.0,
        ~pairs.once | (pairs.number < pairs.to_number),
    ).select(
        left=ibis.ifelse(pairs.turned, pairs.to_number, pairs.number),
        right=ibis.ifelse(pairs.turned, pairs.number, pairs.to_number),
    )


JOIN = Query(
    {
        "marsad_spread": _SPREAD | _COMPARED,
        "marsad_single": _SINGLE | {f"to_{name}": kind for name, kind in _COMPARED.items()},
    },
    _expression,
    lambda: files("marsad.reconcile").joinpath("pairs.sql").read_text("utf-8"),
)
"""The join of the records of two sources; ``python benchmarks/reconcile.py sql`` makes its packaged SQL anew."""


def great_circle(here: Sequence[NDArray[np.float64]], there: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Kilometres between points (haversine): latitudes and longitudes in degrees; NaN where one is missing."""
    (a, x), (b, y) = ([np.radians(values) for values in point] for point in (here, there))
    chord = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin((y - x) / 2) ** 2
    km: NDArray[np.float64] = np.arcsin(np.sqrt(chord).clip(max=1.0)) * (2 * EARTH_KM)
    return km


def _tables(left: Extent, right: Extent, rule: Rule) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows of both tables of the joins, one after the other, that together find all pairs.

    Small groups share a join, each with keys of its own; the single records of a large one come in several.
    """
    waiting: list[tuple[dict[str, Any], dict[str, Any]]] = []
    offset = rows = 0
    for spread, single, size in _pieces(left, right, rule):
        spread["start"] += offset
        single["key"] += offset
        waiting.append((spread, single))
        offset, rows = offset + size, rows + len(spread["number"]) + len(single["key"])
        if rows >= _ROWS:
            yield _stacked([two[0] for two in waiting]), _stacked([two[1] for two in waiting])
            waiting, offset, rows = [], 0, 0
    if waiting:
        yield _stacked([two[0] for two in waiting]), _stacked([two[1] for two in waiting])


def _stacked(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _pieces(left: Extent, right: Extent, rule: Rule) -> Iterator[tuple[dict[str, Any], dict[str, Any], int]]:
    """Spread and single rows that meet each other, in order of time, and how many keys there are."""
    sides = (left, right)
    members = [_classes(side, rule) for side in sides]
    codes = {name: code for code, name in enumerate(sorted({*left.countries, *right.countries}))}
    for group in _groups(*members):
        numbers = [
            _by_day(side, [found[kind] for kind in kinds])
            for side, found, kinds in zip(sides, members, (group.left, group.right), strict=True)
        ]
        turned = left is not right and len(numbers[0]) > len(numbers[1])
        wide, narrow = sides[turned], sides[not turned]
        begun = wide.begun[numbers[turned]]
        longest = _longest(wide, numbers[turned])
        for start in range(0, len(numbers[not turned]), _SINGLE_ROWS):
            single = _Some.of(narrow, numbers[not turned][start : start + _SINGLE_ROWS], group.by, codes)
            reach = (single.begun[0] - rule.days - longest, single.begun[-1] + single.span + rule.days)
            near = numbers[turned][slice(*np.searchsorted(begun, reach))]
            if not len(near):
                continue
            spread = _Some.of(wide, near, group.by, codes)
            grid = _Grid.of(spread, single, rule, len(codes))
            rows = _spread(spread, grid, rule)
            rows["turned"] = np.full(len(rows["number"]), turned)
            rows["once"] = np.full(len(rows["number"]), left is right)
            if len(rows["number"]):
                yield rows, _single(single, grid), grid.size


def _by_day(side: Extent, classes: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The records of some classes in order of their first days."""
    numbers = np.concatenate(classes)
    return numbers[np.argsort(side.begun[numbers], kind="stable")] if len(classes) > 1 else numbers


def _longest(side: Extent, numbers: NDArray[np.int64]) -> float:
    """The most days that a record is long."""
    return float((side.ended[numbers] - side.begun[numbers]).max()) + 1.0


def _classes(side: Extent, rule: Rule) -> dict[_Class, NDArray[np.int64]]:
    """The records of each class by first day: how vague the date is, the place (2: none), whether of a country."""
    dated = np.argsort(side.begun, kind="stable")[: len(side.begun) - int(np.isnan(side.begun).sum())]
    time = np.searchsorted(_TIME_SPANS, (side.ended - side.begun + 1)[dated])
    place = np.where(side.located, side.radius > max(rule.km, 30.0), _NOWHERE)[dated]
    named = np.array([bool(name) for name in side.countries], dtype=bool)[side.country[dated]]
    code = (time * 3 + place) * 2 + named
    return {(c // 6, c // 2 % 3, bool(c % 2)): dated[code == c] for c in np.unique(code).tolist()}


def _groups(left: Mapping[_Class, Any], right: Mapping[_Class, Any]) -> list[_Group]:
    """The joins that can hold a pair, so that no pair is in two of them."""
    of_one: dict[tuple[str, int, int, _Class], list[_Class]] = {}
    for a, b in product(sorted(left), sorted(right)):
        located = a[1] < _NOWHERE and b[1] < _NOWHERE
        by = "cells" if located else "country" if a[2] and b[2] else "time"
        of_one.setdefault((by, max(a[0], b[0]), max(a[1], b[1]) if located else _NOWHERE, a), []).append(b)
    merged: dict[tuple[str, int, int, tuple[_Class, ...]], list[_Class]] = {}
    for (by, time, place, a), others in of_one.items():
        merged.setdefault((by, time, place, tuple(others)), []).append(a)
    return [_Group(by, tuple(mine), others) for (by, _, _, others), mine in sorted(merged.items())]


@dataclass(frozen=True, slots=True)
class _Some:
    """Some records of a source, arrays of shape (records,): numbers, days, degrees, km, country, unit sphere.

    Where they are joined without cells, all stand in one place.
    """

    by: str
    number: NDArray[np.int64]
    begun: NDArray[np.int64]
    ended: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    radius: NDArray[np.float64]
    country: NDArray[np.int64]
    span: int

    @classmethod
    def of(cls, side: Extent, number: NDArray[np.int64], by: str, codes: Mapping[str, int]) -> _Some:
        begun, ended = (values[number].astype(np.int64) for values in (side.begun, side.ended))
        own = np.array([codes[name] for name in side.countries], dtype=np.int64)[side.country[number]]
        country = own if by == "country" else np.zeros(len(number), dtype=np.int64)
        places = (side.latitude, side.longitude, side.radius)
        latitude, longitude, radius = (values[number] if by == "cells" else np.zeros(len(number)) for values in places)
        return cls(by, number, begun, ended, latitude, longitude, radius, country, int((ended - begun).max()) + 1)

    def compared(self, days: int, km: float) -> dict[str, Any]:
        """The columns that are compared of a pair, ``days`` added to the span at both ends and ``km`` to the radius."""
        phi, theta = np.radians(self.latitude), np.radians(self.longitude)
        return {
            "begun": self.begun - days,
            "ended": self.ended + days,
            "x": np.cos(phi) * np.cos(theta),
            "y": np.cos(phi) * np.sin(theta),
            "z": np.sin(phi),
            "half": (self.radius + km) / (2 * EARTH_KM),
        }


@dataclass(frozen=True, slots=True)
class _Grid:
    """Buckets and cells of a group: ``days`` and degrees of one, how many there are, and what the single records reach.

    Attributes:
        days: of a bucket.
        first, last: buckets in which single records stand.
        height, width: of a cell, degrees.
        rows, around: cells from pole to pole, and around the globe; countries where records meet by country.
        span, radius: days and km of the longest single record.
    """

    days: int
    first: int
    last: int
    height: float
    width: float
    rows: int
    around: int
    span: int
    radius: float

    @property
    def size(self) -> int:
        return (self.last - self.first + 1) * self.rows * self.around

    @classmethod
    def of(cls, spread: _Some, single: _Some, rule: Rule, countries: int) -> _Grid:
        days = rule.days + max(spread.span, single.span)
        first, last = (int(day) // days for day in (single.begun.min(), single.begun.max()))
        radius = float(single.radius.max())
        if spread.by != "cells":
            around = countries if spread.by == "country" else 1
            return cls(days, first, last, 180.0, 360.0, 1, around, single.span, radius)
        height = max(rule.km + radius + float(spread.radius.max()), _LEAST_KM) / _DEGREE_KM
        around = max(int(360.0 / height), 1)
        rows = int(180.0 / height) + 1
        return cls(days, first, last, height, 360.0 / around, rows, around, single.span, radius)

    def row(self, latitude: NDArray[np.float64]) -> NDArray[np.int64]:
        """The row of cells at a latitude; outside the globe the first or last one."""
        return np.floor((latitude + 90.0) / self.height).clip(0, self.rows - 1).astype(np.int64)

    def column(self, longitude: NDArray[np.float64]) -> NDArray[np.int64]:
        """The column of cells at a longitude, on and on around the globe."""
        return np.floor((longitude + 180.0) / self.width).astype(np.int64)


def _single(some: _Some, grid: _Grid) -> dict[str, Any]:
    """Each record in its one bucket and cell."""
    if some.by == "cells":
        row, cell = grid.row(some.latitude), grid.column(some.longitude) % grid.around
    else:
        row, cell = np.zeros(len(some.number), dtype=np.int64), some.country
    key = ((some.begun // grid.days - grid.first) * grid.rows + row) * grid.around + cell
    return {"to_number": some.number, "key": key} | {f"to_{name}": v for name, v in some.compared(0, 0.0).items()}


def _spread(some: _Some, grid: _Grid, rule: Rule) -> dict[str, Any]:
    """Each record with the first of its buckets and cells and how many there are; without those that meet nothing."""
    count = len(some.number)
    bucket = ((some.begun - rule.days - grid.span + 1) // grid.days).clip(min=grid.first)
    buckets = ((some.ended + rule.days) // grid.days).clip(max=grid.last) - bucket + 1
    if some.by == "cells":
        row, rows, first, cells = _cells(some, grid, rule)
    else:
        row, rows = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
        first, cells = some.country, rows
    columns = {
        "number": some.number,
        "start": ((bucket - grid.first) * grid.rows + row) * grid.around,
        "first": first,
        "cells": cells,
        "rows": rows,
        "turns": buckets * rows * cells,
        "around": np.full(count, grid.around),
        "stride": np.full(count, grid.rows * grid.around),
        **some.compared(rule.days, rule.km),
    }
    meets = buckets > 0
    return columns if meets.all() else {name: values[meets] for name, values in columns.items()}


def _cells(some: _Some, grid: _Grid, rule: Rule) -> tuple[NDArray[np.int64], ...]:
    """First row and rows, first column and columns of the cells in which a counterpart may stand."""
    reach = (some.radius + rule.km + grid.radius) / EARTH_KM * _SLACK
    height = np.degrees(reach)
    pole = np.abs(some.latitude) + height >= _POLE
    across = np.sin(reach) / np.cos(np.radians(np.where(pole, 0.0, some.latitude)))
    width = np.where(pole, 180.0, np.degrees(np.arcsin(across.clip(max=1.0))))
    row, last = grid.row(some.latitude - height), grid.row(some.latitude + height)
    first = grid.column(some.longitude - width)
    cells = (grid.column(some.longitude + width) - first + 1).clip(max=grid.around)
    return row, last - row + 1, first % grid.around, cells
