"""Two windows of equal length on either side of a month, and the same windows around every other month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marsad.analysis.rates import ratio_of

__all__ = ["Windows", "placebo_windows", "windows_around"]


@dataclass(frozen=True, slots=True)
class Windows:
    """Counts before and after a month.

    Attributes:
        centre: the running month in the middle, which belongs to neither side.
        months: length of each window.
        before, after: the counts of the months that have a value.
    """

    centre: int
    months: int
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def slots_before(self) -> range:
        """The running months before."""
        return range(self.centre - self.months, self.centre)

    @property
    def slots_after(self) -> range:
        """The running months after."""
        return range(self.centre + 1, self.centre + self.months + 1)

    @property
    def t1(self) -> int:
        """How many months before have a value."""
        return len(self.before)

    @property
    def t2(self) -> int:
        """How many months after have a value."""
        return len(self.after)

    @property
    def x1(self) -> float:
        """The count before."""
        return sum(self.before)

    @property
    def x2(self) -> float:
        """The count after."""
        return sum(self.after)

    @property
    def ratio(self) -> float:
        """Rate after over rate before."""
        return ratio_of(self.x1, self.t1, self.x2, self.t2)


def windows_around(values: Mapping[int, float | None], centre: int, months: int) -> Windows | None:
    """The longest equal windows of at most so many months; None where a side has no month with a value."""
    if not values:
        return None
    length = min(months, centre - min(values), max(values) - centre)
    return _windows(values, centre, length)


def _windows(values: Mapping[int, float | None], centre: int, length: int) -> Windows | None:
    if length < 1:
        return None
    sides = [
        tuple(value for month in side if (value := values.get(month)) is not None)
        for side in (range(centre - length, centre), range(centre + 1, centre + length + 1))
    ]
    return Windows(centre, length, *sides) if all(sides) else None


def placebo_windows(values: Mapping[int, float | None], real: Windows) -> list[Windows]:
    """Full windows of the same length around every other month, those that do not touch the real turning point."""
    first, last = min(values) + real.months, max(values) - real.months
    centres = [month for month in range(first, last + 1) if abs(month - real.centre) > real.months]
    found = [_windows(values, month, real.months) for month in centres]
    return [windows for windows in found if windows is not None]
