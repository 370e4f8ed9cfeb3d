"""Two rates of counts and their ratio: the formulas, one a function.

Notation: ``x1`` counts in ``t1`` months before, ``x2`` counts in ``t2`` months after. The ratio is (x2/t2) / (x1/t1).
"""

from __future__ import annotations

import importlib
import itertools
import math
from collections.abc import Sequence
from typing import Any

__all__ = ["autocorrelation", "dispersion", "dispersion_p_value", "exact_interval", "quasi_interval", "ratio_of"]

_Z = 1.959963984540054


def ratio_of(x1: float, t1: float, x2: float, t2: float) -> float:
    """The ratio of two rates; infinite where only ``x1`` is zero, not a number where both are zero."""
    if x1 == 0:
        return math.nan if x2 == 0 else math.inf
    return (x2 / t2) / (x1 / t1)


def exact_interval(x1: float, t1: float, x2: float, t2: float, *, level: float = 0.95) -> tuple[float, float]:
    """The exact conditional interval of the ratio of two Poisson rates.

    Given x1 + x2, x2 is binomial with p = r t2 / (r t2 + t1) for the ratio r (Przyborowski & Wilenski 1940,
    doi:10.1093/biomet/31.3-4.313); the interval of p is that of Clopper & Pearson (1934, doi:10.1093/biomet/26.4.404).
    With x2 = 0 it begins at 0, with x1 = 0 it has no end (infinity), with both zero it says nothing (0 to infinity).
    """
    tail = (1 - level) / 2
    low = 0.0 if x2 == 0 else float(_special().betaincinv(x2, x1 + 1, tail))
    high = 1.0 if x1 == 0 else float(_special().betaincinv(x2 + 1, x1, 1 - tail))
    return _odds(low) * t1 / t2, _odds(high) * t1 / t2


def _special() -> Any:
    """Scipy's special functions, imported only where they are needed: they take a tenth of a second."""
    return importlib.import_module("scipy.special")


def _odds(p: float) -> float:
    return math.inf if p >= 1 else p / (1 - p)


def quasi_interval(x1: float, t1: float, x2: float, t2: float, *, phi: float) -> tuple[float, float] | None:
    """The interval of the ratio under quasi-Poisson: log ratio +- 1.96 sqrt(phi (1/x1 + 1/x2)).

    ``phi`` below one is taken as one. None where a count is zero. McCullagh & Nelder (1989), Generalized Linear Models,
    section 6.2, doi:10.1201/9780203753736.
    """
    if x1 == 0 or x2 == 0:
        return None
    centre = math.log(ratio_of(x1, t1, x2, t2))
    reach = _Z * math.sqrt(max(1.0, phi) * (1 / x1 + 1 / x2))
    return math.exp(centre - reach), math.exp(centre + reach)


def dispersion(before: Sequence[float], after: Sequence[float]) -> float | None:
    """Pearson's chi-square around the two means over its degrees of freedom: variance over mean, 1 for Poisson counts.

    A window without any count adds nothing. None with fewer than three months, or without any count.
    """
    freedom = len(before) + len(after) - 2
    if freedom < 1 or not (sum(before) + sum(after)):
        return None
    return (_pearson(before) + _pearson(after)) / freedom


def _pearson(values: Sequence[float]) -> float:
    mean = sum(values) / len(values) if values else 0.0
    return sum((value - mean) ** 2 for value in values) / mean if mean else 0.0


def dispersion_p_value(phi: float, freedom: int) -> float:
    """How often Poisson counts vary at least so much: the index-of-dispersion test (Fisher 1950, Biometrics 6:17)."""
    return float(_special().gammaincc(freedom / 2, phi * freedom / 2))


def autocorrelation(before: Sequence[float], after: Sequence[float]) -> float | None:
    """The correlation of each month's deviation from its window's mean with that of the month before.

    None where a window has fewer than two months, or where nothing varies.
    """
    pairs, square = 0.0, 0.0
    for values in (before, after):
        if len(values) < 2:
            return None
        mean = sum(values) / len(values)
        left = [value - mean for value in values]
        pairs += sum(a * b for a, b in itertools.pairwise(left))
        square += sum(value * value for value in left)
    return pairs / square if square else None
