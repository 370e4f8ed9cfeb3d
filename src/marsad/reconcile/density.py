"""How many pairs a rule would allow, estimated from cell counts, and so which rule to compare two sources by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from marsad.reconcile.blocking import LADDER, Rule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.sides import Side

__all__ = ["Crowds", "choose_rule", "expected_pairs"]

_PER_RECORD = 8
_ALWAYS = 200_000
_DEGREE_KM = 111.195
_CROWD_DAYS = 7
_CROWD_DEGREES = 0.5


def choose_rule(left: Side, right: Side) -> tuple[Rule, float]:
    """The widest rule of the ladder by which no more than some 8 pairs a record are compared, and its estimate."""
    most = max(_ALWAYS, _PER_RECORD * (len(left) + len(right)))
    for rule in LADDER:
        expected = expected_pairs(left, right, rule)
        if expected <= most:
            break
    return rule, expected


def expected_pairs(left: Side, right: Side, rule: Rule) -> float:
    """About how many pairs the rule allows: pairs in common boxes whose volume is that of the rule's cylinder."""
    located = [side.located & ~np.isnan(side.begun) for side in (left, right)]
    radii = sum(
        float(side.numbers("radius")[mask].mean()) if mask.any() else 0.0
        for side, mask in zip((left, right), located, strict=True)
    )
    size = np.sqrt(np.pi) * (rule.km + radii) / _DEGREE_KM
    bucket = 2 * rule.days + 1
    boxes = [_boxes(side, mask, bucket, size) for side, mask in zip((left, right), located, strict=True)]
    total = _common(*boxes)
    other = [~mask & ~np.isnan(side.begun) for side, mask in zip((left, right), located, strict=True)]
    if other[0].any() or other[1].any():
        countries = {name: code for code, name in enumerate(sorted({*left.countries, *right.countries}))}
        stacks = [
            (_stacks(side, mask, bucket, countries), _stacks(side, ~np.isnan(side.begun), bucket, countries))
            for side, mask in zip((left, right), other, strict=True)
        ]
        total += _common(stacks[0][0], stacks[1][1]) + _common(stacks[0][1], stacks[1][0])
    return total


def _boxes(side: Side, mask: NDArray[np.bool_], bucket: int, size: float) -> NDArray[np.int64]:
    latitude, longitude = side.numbers("latitude")[mask], side.numbers("longitude")[mask]
    rows = np.floor(latitude / size)
    columns = np.floor(longitude * np.cos(np.radians((rows + 0.5) * size)) / size)
    days = np.floor((side.begun + side.ended)[mask] / 2 / bucket)
    return ((days * 65536 + rows + 32768) * 65536 + columns + 32768).astype(np.int64)


def _stacks(side: Side, mask: NDArray[np.bool_], bucket: int, countries: dict[str, int]) -> NDArray[np.int64]:
    codes = np.array([countries[name] for name in side.countries], dtype=np.int64)
    days = np.floor((side.begun + side.ended)[mask] / 2 / bucket).astype(np.int64)
    return days * 65536 + codes[side.country[mask]]


def _common(left: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    (a, count_a), (b, count_b) = (np.unique(keys, return_counts=True) for keys in (left, right))
    if not len(a) or not len(b):
        return 0.0
    place = np.searchsorted(b, a).clip(max=len(b) - 1)
    return float((count_a * np.where(b[place] == a, count_b[place], 0)).sum())


class Crowds:
    """How crowded it is around pairs of two sources.

    A box is a week and half a degree; where a record has no coordinates, the box is the country. In a crowded box a
    near record is more likely another event.
    """

    def __init__(self, left: Side, right: Side) -> None:
        countries = {name: code for code, name in enumerate(sorted({*left.countries, *right.countries}))}
        keys: list[list[NDArray[np.int64]]] = [[], []]
        for side in (left, right):
            dated = ~np.isnan(side.begun)
            for kind in keys:
                kind.append(np.full(len(side), -1, dtype=np.int64))
            keys[0][-1][side.located & dated] = _boxes(side, side.located & dated, _CROWD_DAYS, _CROWD_DEGREES)
            keys[1][-1][dated] = _stacks(side, dated, _CROWD_DAYS, countries)
        self._located = (left.located, right.located)
        self._own = 2.0 if left is right else 1.0
        self._near, self._far = ((kind, (_counted(*kind), _counted(*kind[::-1]))) for kind in keys)

    def around(self, pairs: tuple[NDArray[np.int64], NDArray[np.int64]]) -> NDArray[np.float64]:
        """ln(1 + c), c the mean number of other records of the other source in the two records' boxes.

        Args:
            pairs: numbers of the left and the right records.

        Returns:
            Shape (pairs,).
        """
        near, far = (self._mean(*kind, pairs) for kind in (self._near, self._far))
        located = self._located[0][pairs[0]] & self._located[1][pairs[1]]
        crowd: NDArray[np.float64] = np.log1p(np.where(located, near, far).clip(min=0.0))
        return crowd

    def _mean(
        self,
        keys: list[NDArray[np.int64]],
        counts: tuple[NDArray[np.float64], NDArray[np.float64]],
        pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> NDArray[np.float64]:
        together = keys[0][pairs[0]] == keys[1][pairs[1]]
        mean: NDArray[np.float64] = (counts[0][pairs[0]] + counts[1][pairs[1]]) / 2.0 - together * self._own
        return mean


def _counted(own: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """How many of the other's records stand in each own record's box."""
    kept, counts = np.unique(other[other >= 0], return_counts=True)
    if not len(kept):
        return np.zeros(len(own))
    place = np.searchsorted(kept, own).clip(max=len(kept) - 1)
    return np.where(kept[place] == own, counts[place], 0).astype(np.float64)
