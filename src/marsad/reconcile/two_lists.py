"""Two lists: how many events are there, given how many stand in each and in both? Formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

__all__ = ["chapman", "chapman_interval", "with_dependence"]


def chapman(first: int, second: int, both: int) -> float:
    """Chapman's estimate of the number of events (1951; Seber 1982, *The estimation of animal abundance*, ch. 3.1).

    (n1 + 1)(n2 + 1) / (m + 1) - 1, which is unbiased for independent lists with n1 + n2 >= N. With lists of different
    coverage it is Chao's lower bound too, where some events are likelier than others to be in both lists.

    Args:
        first: how many stand in the first list.
        second: how many stand in the second list.
        both: how many stand in both.
    """
    return (first + 1) * (second + 1) / (both + 1) - 1


def chapman_interval(first: int, second: int, both: int, *, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of the number of events, given the sizes of two independent lists.

    The overlap is hypergeometric (Chapman 1951). The interval holds every number of events for which neither as few nor
    as many in both would be rarer than (1 - level) / 2; it covers at least at its level. The upper end is infinite
    where none is in both.
    """
    alpha = (1 - level) / 2
    least = first + second - both

    def low_enough(total: int) -> bool:
        return _tail(first, second, total, 0, both) > alpha

    def high_enough(total: int) -> bool:
        return _tail(first, second, total, both, min(first, second)) > alpha

    low = _first(low_enough, least)
    if both == 0:
        return float(low), math.inf
    return float(low), float(_first(lambda total: not high_enough(total), low) - 1)


def with_dependence(first: int, second: int, both: int, odds_ratios: Sequence[float]) -> list[tuple[float, float]]:
    """The number of events if the lists depend on each other by these odds ratios, which two lists cannot tell.

    An odds ratio above 1 says that what one list has, the other has more often (they copy one another, or both see what
    is large). The number in neither is the odds ratio times that under independence (Chapman's form).
    """
    missing = (first - both) * (second - both) / (both + 1)
    return [(ratio, first + second - both + ratio * missing) for ratio in odds_ratios]


def _first(condition: Callable[[int], bool], start: int) -> int:
    """The first whole number from ``start`` on for which a condition holds that then holds for all larger ones."""
    low, high, step = start - 1, start, 1
    while not condition(high):
        low, high, step = high, high + step, step * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if condition(middle) else (middle, high)
    return high


def _tail(first: int, second: int, total: int, low: int, high: int) -> float:
    """Probability that the overlap is from ``low`` to ``high``, among ``total`` events."""
    least, most = max(low, first + second - total), min(high, first, second)
    if least > most:
        return 0.0
    rest = total - first - second

    def choose(n: int, k: int) -> float:
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

    start = choose(first, least) + choose(total - first, second - least) - choose(total, second)
    k = np.arange(least, most, dtype=np.float64)
    steps = np.cumsum(np.log((first - k) * (second - k) / ((k + 1) * (rest + k + 1))))
    return float(np.exp(start + np.concatenate([[0.0], steps])).sum())
