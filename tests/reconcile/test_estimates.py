"""Capture-recapture against published figures, closed forms, brute force, and worlds whose size is known."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, stats

from marsad.errors import InputError
from marsad.reconcile.estimates import CAVEATS, Estimate, Trust, by_stratum, estimate, histories
from marsad.reconcile.loglinear import Profile, design, fit, mle_exists, models
from marsad.reconcile.two_lists import chapman, chapman_interval, with_dependence

# Hepatitis A in a college in northern Taiwan, 1995, in three lists (Chao, Tsay, Lin, Shau & Chao 2001,
# doi:10.1002/sim.996, table I). Histories are P, Q, E; 545 were found by screening everybody.
HEPATITIS = {"111": 28, "110": 21, "101": 17, "011": 18, "100": 69, "010": 55, "001": 63}
LISTS = ("P", "Q", "E")


def counted(table: dict[str, int]) -> NDArray[np.int64]:
    counts = np.zeros(2 ** len(next(iter(table))), dtype=np.int64)
    for history, count in table.items():
        counts[sum(1 << place for place, mark in enumerate(history) if mark == "1")] = count
    return counts


def estimates_of(found: Estimate) -> dict[frozenset[tuple[str, ...]], float | None]:
    return {frozenset(row.interactions): row.estimate for row in found.models}


def test_chapman_on_numbers_worked_by_hand() -> None:
    assert chapman(10, 15, 5) == pytest.approx(11 * 16 / 6 - 1)
    assert chapman(10, 10, 10) == 10
    assert chapman(7, 9, 0) == 79


def test_the_exact_interval_inverts_the_hypergeometric_distribution() -> None:
    first, second, both = 10, 15, 5
    inside = [
        total
        for total in range(20, 400)
        if stats.hypergeom(total, first, second).cdf(both) > 0.025
        and stats.hypergeom(total, first, second).sf(both - 1) > 0.025
    ]
    assert chapman_interval(first, second, both) == (inside[0], inside[-1])
    assert inside == list(range(inside[0], inside[-1] + 1))


def test_without_overlap_there_is_no_upper_end_and_with_all_in_both_the_lower_is_what_was_seen() -> None:
    assert chapman_interval(5, 6, 0)[1] == math.inf
    assert chapman_interval(8, 8, 8)[0] == 8
    assert chapman_interval(0, 0, 0) == (0, math.inf)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_interval_holds_the_estimate_and_what_was_seen(first: int, second: int, both: int) -> None:
    both = min(first, second, both)
    low, high = chapman_interval(first, second, both)
    assert first + second - both <= low <= high
    assert high >= chapman(first, second, both) - 1 or both == 0


def test_the_interval_of_two_lists_covers_a_known_number() -> None:
    rng = np.random.default_rng(4)
    total, runs = 150, 400
    seen = rng.random((runs, total, 2)) < (0.5, 0.35)
    hits = 0
    for first, second in seen.transpose(0, 2, 1):
        low, high = chapman_interval(int(first.sum()), int(second.sum()), int((first & second).sum()))
        hits += low <= total <= high
    assert hits / runs >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)


def test_chapman_is_unbiased_for_independent_lists() -> None:
    rng = np.random.default_rng(5)
    seen = rng.random((3000, 100, 2)) < (0.6, 0.5)
    found = [chapman(int(a.sum()), int(b.sum()), int((a & b).sum())) for a, b in seen.transpose(0, 2, 1)]
    assert np.mean(found) == pytest.approx(100, abs=3 * float(np.std(found)) / math.sqrt(3000))


def test_two_lists_cannot_see_that_they_copy_one_another() -> None:
    (_, alone), (_, copied) = with_dependence(100, 80, 40, [1.0, 3.0])
    assert alone == pytest.approx(chapman(100, 80, 40))
    assert copied - 140 == pytest.approx(3 * (alone - 140))
    found = estimate([0, 60, 40, 40], ["a", "b"])
    assert found.verdict == "estimate"
    assert dict(found.dependence)[1.0] == pytest.approx(found.estimate)
    assert any("copy one another" in caveat for caveat in CAVEATS)


def test_few_in_both_cannot_tell() -> None:
    found = estimate([0, 60, 40, 2], ["a", "b"])
    assert found.verdict == "cannot tell"
    assert "a and b share 2 events" in found.reasons[0]
    none = estimate([0, 6, 4, 0], ["a", "b"])
    assert (none.estimate, none.high, none.verdict) == (None, math.inf, "cannot tell")


def test_three_lists_as_published() -> None:
    found = estimate(counted(HEPATITIS), LISTS)
    by_model = estimates_of(found)
    assert found.observed == 271
    assert round(by_model[frozenset()] or 0) == 388
    assert round(by_model[frozenset([("P", "Q"), ("P", "E"), ("Q", "E")])] or 0) == 1313
    assert found.lower_bound is not None
    assert found.lower_bound < 545
    # The published moral: the models differ by a factor of three, and no number can be told.
    assert found.verdict == "cannot tell"
    assert any("nothing is left to test" in reason for reason in found.reasons)
    assert (round(found.model_low or 0), round(found.model_high or 0)) == (388, 1313)


def test_models_of_three_lists_have_their_closed_forms() -> None:
    # Bishop, Fienberg & Holland, ch. 6.4: the number in no list by model.
    t = HEPATITIS
    by_model = estimates_of(estimate(counted(t), LISTS))
    observed = sum(t.values())
    saturated = t["111"] * t["100"] * t["010"] * t["001"] / (t["110"] * t["101"] * t["011"])
    given_first = t["010"] * t["001"] / t["011"]
    third_alone = t["001"] * (t["110"] + t["100"] + t["010"]) / (t["111"] + t["101"] + t["011"])
    assert by_model[frozenset([("P", "Q"), ("P", "E"), ("Q", "E")])] == pytest.approx(observed + saturated)
    assert by_model[frozenset([("P", "Q"), ("P", "E")])] == pytest.approx(observed + given_first)
    assert by_model[frozenset([("P", "Q")])] == pytest.approx(observed + third_alone)


COUNTS = st.lists(st.integers(1, 60), min_size=7, max_size=7)


@given(COUNTS, st.sampled_from(list(models(3))))
def test_the_fit_is_the_maximum_of_the_likelihood(counts: list[int], interactions: tuple[tuple[int, int], ...]) -> None:
    matrix, seen = design(3, interactions)[1:], np.array(counts, dtype=np.float64)
    found = fit(matrix, seen)
    # A maximum of a Poisson likelihood keeps the margins (Birch 1963), and it is the only one.
    assert matrix.T @ found.expected == pytest.approx(matrix.T @ seen, rel=1e-4, abs=1e-4)

    def loss(coefficients: NDArray[np.float64]) -> float:
        eta = np.clip(matrix @ coefficients, -50, 50)
        return float(np.exp(eta).sum() - seen @ eta)

    brute = optimize.minimize(loss, found.coefficients + 0.1, method="BFGS")
    assert -brute.fun <= found.log_likelihood + 1e-6


def test_zeros_in_the_wrong_places_leave_a_model_without_an_estimate() -> None:
    # Fienberg & Rinaldo 2012: no margin is zero, and yet with no three-way interaction there is no maximum.
    table = np.array([0, 4, 2, 5, 1, 2, 3, 0], dtype=np.float64)
    full = design(3, ((0, 1), (0, 2), (1, 2)))
    assert not mle_exists(full, table)
    assert mle_exists(design(3), table)
    # Two lists that share nothing: their interaction runs away.
    apart = counted(HEPATITIS | {"111": 0, "110": 0}).astype(np.float64)[1:]
    assert not mle_exists(design(3, ((0, 1),))[1:], apart)
    found = estimate(counted(HEPATITIS | {"111": 0, "110": 0}), LISTS)
    assert all(row.estimate is None for row in found.models if ("P", "Q") in row.interactions)
    assert any("P and Q share 0 events" in reason for reason in found.reasons)


def test_lists_that_never_meet_have_no_estimate() -> None:
    found = estimate(counted({"100": 5, "010": 6, "001": 7, "110": 0, "101": 0, "011": 0, "111": 0}), LISTS)
    assert (found.estimate, found.low, found.high, found.lower_bound) == (None, None, None, None)
    assert found.verdict == "cannot tell"


def test_the_profile_is_highest_near_the_estimate_and_falls_on_both_sides() -> None:
    counts = counted(HEPATITIS).astype(np.float64)
    profile = Profile(design(3), counts)
    heights = [profile.at(unseen) for unseen in (20, 60, 100, 116, 140, 200, 400)]
    assert max(heights) == heights[3]
    assert all(a < b for a, b in pairwise(heights[:4]))
    assert all(a > b for a, b in pairwise(heights[3:]))
    assert profile.signed_root(116) == pytest.approx(0, abs=0.15)


def _world(rng: np.random.Generator, total: int, chances: tuple[float, ...]) -> NDArray[np.int64]:
    seen = (rng.random((total, len(chances))) < chances) @ (1 << np.arange(len(chances)))
    counts = np.bincount(seen, minlength=2 ** len(chances)).astype(np.int64)
    counts[0] = 0
    return counts


def test_the_interval_of_independent_lists_covers_a_known_number() -> None:
    rng = np.random.default_rng(6)
    total, runs, hits = 400, 150, 0
    for _ in range(runs):
        counts = _world(rng, total, (0.45, 0.35, 0.3)).astype(np.float64)
        profile = Profile(design(3), counts)
        hits += abs(profile.signed_root(total - counts.sum())) <= stats.norm.ppf(0.975)
    assert abs(hits / runs - 0.95) <= 3 * math.sqrt(0.95 * 0.05 / runs)


def test_the_averaged_interval_covers_a_known_number() -> None:
    rng = np.random.default_rng(7)
    total, runs, hits = 500, 60, 0
    for _ in range(runs):
        found = estimate(_world(rng, total, (0.5, 0.4, 0.4)), LISTS)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= total <= found.high
    assert hits / runs >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)


def test_lists_that_copy_one_another_are_seen_with_three_lists_and_not_with_two() -> None:
    rng = np.random.default_rng(8)
    total = 4000
    a = rng.random(total) < 0.3
    b = np.where(a, rng.random(total) < 0.6, rng.random(total) < 0.15)
    c = rng.random(total) < 0.4
    counts = np.bincount(a + 2 * b + 4 * c, minlength=8)
    counts[0] = 0
    two = estimate([0, int((a & ~b).sum()), int((b & ~a).sum()), int((a & b).sum())], ["a", "b"])
    three = estimate(counts, ["a", "b", "c"])
    assert two.high is not None
    assert two.high < 0.75 * total
    assert three.low is not None
    assert three.high is not None
    assert three.low < total < three.high
    assert ("a", "b") in three.models[0].interactions


def test_large_and_small_events_make_the_estimate_too_low_unless_they_are_told_apart() -> None:
    rng = np.random.default_rng(9)
    strata = {"large": _world(rng, 300, (0.9, 0.85)), "small": _world(rng, 3000, (0.15, 0.2))}
    pooled = estimate(strata["large"] + strata["small"], ["a", "b"])
    summed = by_stratum(strata, ["a", "b"])
    assert pooled.high is not None
    assert pooled.high < 3300
    assert summed.low is not None
    assert summed.high is not None
    assert summed.low < 3300 < summed.high
    assert summed.observed == pooled.observed
    assert summed.estimate == pytest.approx(sum(one.estimate or 0 for one in summed.strata.values()))


def test_a_stratum_that_cannot_tell_is_named_and_leaves_no_sum() -> None:
    found = by_stratum({"north": [0, 60, 40, 40], "south": [0, 5, 6, 0]}, ["a", "b"])
    assert (found.estimate, found.verdict, found.observed) == (None, "cannot tell", 151)
    assert all(reason.startswith("south: ") for reason in found.reasons)
    assert by_stratum({}, ["a", "b"]).verdict == "cannot tell"


def test_weights_of_models_are_a_share_and_the_average_lies_between_them() -> None:
    rng = np.random.default_rng(10)
    criteria: tuple[Literal["aic", "bic"], ...] = ("aic", "bic")
    for criterion in criteria:
        found = estimate(_world(rng, 900, (0.5, 0.4, 0.3, 0.4)), "abcd", criterion=criterion)
        assert len(found.models) == 64
        assert sum(row.weight for row in found.models) == pytest.approx(1)
        assert found.estimate is not None
        assert (found.model_low or 0) <= found.estimate <= (found.model_high or 0)
        assert [row.weight for row in found.models] == sorted((row.weight for row in found.models), reverse=True)
        assert all(row.estimate is not None and row.estimate >= found.observed for row in found.models)


def test_how_much_is_demanded_is_an_option() -> None:
    strict = estimate([0, 60, 40, 40], ["a", "b"], trust=Trust(least_overlap=50))
    assert strict.verdict == "cannot tell"


def test_histories_are_counted_from_clusters() -> None:
    labels = np.array([0, 0, 1, 2, 2, 2, 3], dtype=np.int64)
    datasets = np.array([0, 1, 1, 0, 1, 1, 0], dtype=np.int64)
    assert histories(labels, datasets, 2).tolist() == [0, 1, 1, 2]
    assert histories(labels[:0], datasets[:0], 2).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("counts", "lists", "message"),
    [
        ([0, 1], ["a"], "two to 5 lists"),
        ([0] * 64, list("abcdef"), "two to 5 lists"),
        ([0, 1, 2, 3], ["a", "a"], "its own name"),
        ([0, 1, 2], ["a", "b"], "4 histories"),
        ([0, 1, 2, -3], ["a", "b"], "zero or more"),
        ([0, 1, 2, 0.5], ["a", "b"], "whole numbers"),
        ([0, 1, 2, math.nan], ["a", "b"], "whole numbers"),
    ],
)
def test_counts_that_are_none_are_refused(counts: list[int], lists: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        estimate(counts, lists)
