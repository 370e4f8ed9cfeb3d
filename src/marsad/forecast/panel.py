"""The panel: counts by unit and month, with the vintage of each, cut at an origin so that nothing later is held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError, NotFoundError
from marsad.forecast.months import month_text

__all__ = ["LARGEST", "Counts", "Panel", "Span", "VintageSpan"]

LARGEST = 1e15
"""The largest count: sums of such numbers, and of their squares, stay exact or at least finite."""

Counts = NDArray[np.float64]
"""An array of counts; NaN where there is none."""


class Span(NamedTuple):
    """Months of one unit, both ends included."""

    unit: str
    first: int
    last: int


class VintageSpan(NamedTuple):
    """Which months a vintage covers, both ends included, and with how many cells."""

    vintage: str
    first: int
    last: int
    cells: int


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Counts by unit and month.

    Attributes:
        target: what is counted.
        units: identifiers, without repetition; the rows of ``values``.
        first: the running number of the first month (January 1970 is 0); the columns of ``values`` follow without hole.
        values: units x months; not below zero; NaN where nothing is known. It cannot be written to.
        vintages: names of the versions of the data.
        vintage: units x months: which of ``vintages`` a cell is of; -1 where it has no value. It cannot be written to.
    """

    target: str
    units: tuple[str, ...]
    first: int
    values: Counts
    vintages: tuple[str, ...]
    vintage: NDArray[np.int16]

    def __post_init__(self) -> None:
        shape = (len(self.units), self.values.shape[1] if self.values.ndim == 2 else -1)
        if self.values.shape != shape or self.vintage.shape != shape:
            raise InputError("A panel's values and vintages are matrices of units x months")
        if len(set(self.units)) != len(self.units):
            raise InputError("A panel's units repeat. Name each once")
        if bool((self.values < 0).any()) or bool((self.values > LARGEST).any()):
            raise InputError(f"A panel's values are counts: not below zero and not above {LARGEST:g}")
        self.values.setflags(write=False)
        self.vintage.setflags(write=False)

    @property
    def last(self) -> int:
        """The running number of the last month."""
        return self.first + int(self.values.shape[1]) - 1

    @property
    def months(self) -> range:
        """The running numbers of the months."""
        return range(self.first, self.last + 1)

    def up_to(self, origin: int) -> Self:
        """A copy that ends with the month ``origin``.

        It shares no memory with this panel and holds neither later months, nor units that were first observed later,
        nor names of vintages that only later cells have.

        Raises:
            InputError: the panel does not reach so far, begins later, or has no value up to there.
        """
        self._check_inside(origin)
        values = self.values[:, : origin - self.first + 1]
        labels = self.vintage[:, : origin - self.first + 1]
        known = np.flatnonzero(~np.isnan(values).all(axis=1))
        if not known.size:
            raise InputError(
                f"No unit has a value up to {month_text(origin)}: nothing can be learnt. Choose a later origin"
            )
        used = [int(index) for index in np.unique(labels[known]) if index >= 0]
        renamed = np.full(len(self.vintages) + 1, -1, np.int16)
        renamed[used] = np.arange(len(used), dtype=np.int16)
        return type(self)(
            target=self.target,
            units=tuple(self.units[row] for row in known),
            first=self.first,
            values=values[known].copy(),
            vintages=tuple(self.vintages[index] for index in used),
            vintage=renamed[labels[known]],
        )

    def select(self, units: Sequence[str]) -> Self:
        """A copy with these units, in this order.

        Raises:
            NotFoundError: it has no such unit.
        """
        rows = {unit: row for row, unit in enumerate(self.units)}
        missing = [unit for unit in units if unit not in rows]
        if missing:
            raise NotFoundError(f"The panel has no unit {missing[0]!r}")
        chosen = [rows[unit] for unit in units]
        return type(self)(
            self.target,
            tuple(units),
            self.first,
            self.values[chosen].copy(),
            self.vintages,
            self.vintage[chosen].copy(),
        )

    def trailing(self, months: int) -> Counts:
        """The last months of every unit, units x months, without memory of their own; fewer where the panel is shorter.

        Raises:
            InputError: ``months`` is not above zero.
        """
        if months < 1:
            raise InputError(f"A window of {months} months: it must have at least one")
        return self.values[:, -months:]

    def observed(self, months: Sequence[int], units: Sequence[str] | None = None) -> Counts:
        """What happened, units x months; NaN where nothing is known, also outside the panel.

        Args:
            months: running numbers, in any order.
            units: which units; those that the panel has not are NaN; left out: all.
        """
        names = self.units if units is None else tuple(units)
        rows = {unit: row for row, unit in enumerate(self.units)}
        found = np.full((len(names), len(months)), np.nan)
        inside = [place for place, month in enumerate(months) if self.first <= month <= self.last]
        known = [place for place, unit in enumerate(names) if unit in rows]
        columns = [months[place] - self.first for place in inside]
        found[np.ix_(known, inside)] = self.values[np.ix_([rows[names[place]] for place in known], columns)]
        return found

    def gaps(self) -> tuple[Span, ...]:
        """Months without value between the first and the last observed month of each unit."""
        return tuple(span for row in range(len(self.units)) for span in self._gaps_of(row))

    def new_units(self) -> tuple[Span, ...]:
        """Units that are first observed after the panel's first month, with their first and last observed months."""
        return tuple(span for span in self.spans() if span.first > self.first)

    def spans(self) -> tuple[Span, ...]:
        """The first and last observed month of each unit; a unit without any value is left out."""
        return tuple(
            Span(unit, self.first + int(seen[0]), self.first + int(seen[-1]))
            for unit, row in zip(self.units, ~np.isnan(self.values), strict=True)
            if (seen := np.flatnonzero(row)).size
        )

    def vintage_spans(self) -> tuple[VintageSpan, ...]:
        """Which months each vintage covers: where two overlap or follow each other, scores must say so."""
        found = []
        for index, name in enumerate(self.vintages):
            cells = self.vintage == index
            columns = np.flatnonzero(cells.any(axis=0))
            if columns.size:
                first, last = (self.first + int(column) for column in (columns[0], columns[-1]))
                found.append(VintageSpan(name, first, last, int(cells.sum())))
        return tuple(found)

    def _gaps_of(self, row: int) -> Iterator[Span]:
        missing = np.isnan(self.values[row])
        seen = np.flatnonzero(~missing)
        if not seen.size:
            return
        inner = missing[seen[0] : seen[-1] + 1].astype(np.int8)
        edges = np.diff(np.concatenate(([0], inner, [0])))
        for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
            offset = self.first + int(seen[0])
            yield Span(self.units[row], offset + int(start), offset + int(end) - 1)

    def _check_inside(self, origin: int) -> None:
        if not self.first <= origin <= self.last:
            raise InputError(
                f"The origin {month_text(origin)} is outside the panel, which runs from {month_text(self.first)} to "
                f"{month_text(self.last)}. Choose a month inside"
            )
