"""The formulas of rates against independent computations."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from marsad.analysis.rates import (
    autocorrelation,
    dispersion,
    dispersion_p_value,
    exact_interval,
    quasi_interval,
    ratio_of,
)

counts = st.integers(0, 500)
times = st.integers(1, 200)
series = st.lists(st.integers(0, 60), min_size=2, max_size=40)


def _by_binomial(x1: int, t1: int, x2: int, t2: int) -> tuple[float, float]:
    """The same interval by way of scipy's exact binomial test."""
    found = stats.binomtest(x2, x1 + x2).proportion_ci(0.95, "exact")
    return tuple(math.inf if p == 1 else p / (1 - p) * t1 / t2 for p in (found.low, found.high))  # type: ignore[return-value] # always two


@given(counts, times, counts, times)
def test_the_exact_interval_is_that_of_the_binomial(x1: int, t1: int, x2: int, t2: int) -> None:
    if x1 + x2 == 0:
        assert exact_interval(x1, t1, x2, t2) == (0, math.inf)
        return
    low, high = exact_interval(x1, t1, x2, t2)
    assert (low, high) == pytest.approx(_by_binomial(x1, t1, x2, t2), rel=1e-6)
    assert low <= ratio_of(x1, t1, x2, t2) <= high


def test_the_ends_of_the_exact_interval_leave_a_fortieth_on_either_side() -> None:
    """Brute force on the example of R's manual of poisson.test: 11 in 800 against 23 in 3011 (ratio 1.80)."""
    x1, t1, x2, t2 = 23, 3011, 11, 800
    low, high = exact_interval(x1, t1, x2, t2)
    total = x1 + x2

    def share(ratio: float) -> float:
        return ratio * t2 / (ratio * t2 + t1)

    def tail(ratio: float, ks: range) -> float:
        return sum(math.comb(total, k) * share(ratio) ** k * (1 - share(ratio)) ** (total - k) for k in ks)

    assert tail(low, range(x2, total + 1)) == pytest.approx(0.025, rel=1e-9)
    assert tail(high, range(x2 + 1)) == pytest.approx(0.025, rel=1e-9)
    assert ratio_of(x1, t1, x2, t2) == pytest.approx(1.80, abs=0.001)


@given(counts, times, counts, times)
def test_swapping_the_sides_turns_the_ratio_and_both_intervals_over(x1: int, t1: int, x2: int, t2: int) -> None:
    forth, back = exact_interval(x1, t1, x2, t2), exact_interval(x2, t2, x1, t1)
    assert forth[0] * back[1] == pytest.approx(1, rel=1e-6) or (forth[0], back[1]) == (0, math.inf)
    if x1 and x2:
        assert ratio_of(x1, t1, x2, t2) * ratio_of(x2, t2, x1, t1) == pytest.approx(1)
        one, other = (quasi_interval(*sides, phi=3.0) for sides in ((x1, t1, x2, t2), (x2, t2, x1, t1)))
        assert one is not None
        assert other is not None
        assert one[0] * other[1] == pytest.approx(1)


def test_ratios_without_counts() -> None:
    assert ratio_of(0, 3, 5, 3) == math.inf
    assert ratio_of(5, 3, 0, 3) == 0
    assert math.isnan(ratio_of(0, 3, 0, 3))
    assert exact_interval(0, 3, 5, 3)[1] == math.inf
    assert exact_interval(0, 3, 5, 3)[0] > 0
    assert exact_interval(5, 3, 0, 3)[0] == 0
    assert quasi_interval(0, 3, 5, 3, phi=1) is None
    assert quasi_interval(5, 3, 0, 3, phi=1) is None


def test_the_quasi_interval_is_that_of_the_formula_and_never_narrower_than_poisson() -> None:
    low, high = quasi_interval(100, 36, 200, 36, phi=4.0) or (0, 0)
    reach = 1.959964 * math.sqrt(4 * (1 / 100 + 1 / 200))
    assert (low, high) == pytest.approx((2 * math.exp(-reach), 2 * math.exp(reach)), rel=1e-6)
    assert quasi_interval(100, 36, 200, 36, phi=0.2) == quasi_interval(100, 36, 200, 36, phi=1.0)


@given(series, series)
def test_dispersion_pools_variance_over_mean(before: list[int], after: list[int]) -> None:
    found = dispersion(before, after)
    if not sum(before) + sum(after):
        assert found is None
        return
    parts = [
        (len(values) - 1) * statistics.variance(values) / statistics.mean(values)
        for values in (before, after)
        if sum(values)
    ]
    assert found == pytest.approx(sum(parts) / (len(before) + len(after) - 2))


def test_dispersion_needs_three_months() -> None:
    assert dispersion([1], [2]) is None
    assert dispersion([], [1, 2]) is None
    assert dispersion([1], [2, 2]) == 0


@given(st.floats(0.1, 5), st.integers(1, 100))
def test_the_dispersion_test_is_the_tail_of_chi_square(phi: float, freedom: int) -> None:
    assert dispersion_p_value(phi, freedom) == pytest.approx(stats.chi2.sf(phi * freedom, freedom), rel=1e-6, abs=1e-12)


def test_autocorrelation_of_known_series() -> None:
    assert autocorrelation([1, -1, 1, -1], [1, -1, 1, -1]) == pytest.approx(-6 / 8)
    assert autocorrelation([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(2.5 / 10)
    assert autocorrelation([2, 2], [5, 5]) is None
    assert autocorrelation([2], [5, 5]) is None
