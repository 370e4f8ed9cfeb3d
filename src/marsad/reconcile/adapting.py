"""Log-odds of pairs without descriptions, adapted to the two sources at hand.

Without descriptions a pair has little but days, kilometres and counts, and what they are worth hangs on how exact and
how dense the two sources are: 20 km speak for one event where records are few and against it in a town of many. So
what same and other pairs look like is estimated from the candidates themselves, by the EM algorithm of Fellegi and
Sunter's model (Winkler 1988; features independent given the answer), with what keeps it from going astray on dense
events: every step lets rivals compete one to one; other pairs fall evenly on the days of the window; what speaks for a
pair never rises with the days, kilometres or deaths between its records; how often pairs are the same is told apart by
how many records of its own source each record has around it, which does not hang on the answer; and a bin in which
same pairs do not stand out from chance holds none.

With n records of one source and m of the other, s same pairs, a bin that holds S same and O other pairs gives a pair
the odds S / O / ((1 - s/n) (1 - s/m)) before the competition: those of the two records being one event against their
being two that the other source lacks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.reconcile.scoring import compete, sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.comparing import Compared
    from marsad.reconcile.sides import Side

__all__ = ["Bins", "adapt", "bins_of", "some_pairs", "surroundings"]

_KM = np.array([0.05, 0.2, 0.5, 1, 2, 3.5, 5, 7.5, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200])
_CROWD = np.log1p(np.array([0.0, 0.6, 1.6, 3.6, 7.6, 15.6, 40.0]))
_SPAN = np.log(np.array([1.5, 8.0, 32.0]))
_DAYS = 10
_APART = np.array([1e-6, 0.3, 0.7, 1.5])
_COUNTS = np.log1p(np.array([0.5, 1.5, 3.5, 9.5]))
_LIKENESS = {"actors": (-0.2, -1e-9, 1e-9, 0.3), "kind": (-0.5, -1e-9, 1e-9, 0.5), "area": (-0.5, 0.5)}
_BOX_DAYS, _BOX_DEGREES = 14, 0.5
_ROUNDS, _CONVERGED = 40, 2e-3
_PRIOR, _PRIOR_SAME, _PRIOR_AREA, _PRIOR_CROWD = 10.0, 3.0, 5.0, 20.0
_NOISE = 0.8
_MOST_FITTED = 250_000
_SLICES = 4
_FORCED = 30.0
_PART = 500_000


@dataclass(frozen=True, slots=True)
class Bins:
    """One thing that is compared, in bins.

    Attributes:
        place: the bin of each pair, shape (pairs,).
        size: how many bins there are.
        falling: first and last + 1 of each run of bins along which a pair never becomes more likely the same.
    """

    place: NDArray[np.int64]
    size: int
    falling: tuple[tuple[int, int], ...] = ()


def bins_of(columns: Mapping[str, NDArray[np.float64]]) -> dict[str, Bins]:
    """The features of pairs in bins; a feature that is unknown has a bin of its own or is neutral.

    Args:
        columns: features by name, NaN where a record lacks the data; those missing whole may be left out.
    """
    count = len(columns["days"])

    def column(name: str) -> NDArray[np.float64]:
        return columns.get(name, np.full(count, np.nan))

    km, killed, harmed = 10.0 * np.expm1(column("km")), column("killed"), column("harmed")
    gap = np.round(np.expm1(np.nan_to_num(columns["days"]))).clip(0, _DAYS - 1)
    span = np.searchsorted(_SPAN, np.nan_to_num(column("span")))
    known_km = np.searchsorted(_KM, km)
    deaths = np.searchsorted(_COUNTS, np.nan_to_num(column("killed_both"))) * 5
    deaths += np.searchsorted(_APART, np.nan_to_num(killed))
    harm = np.digitize(np.nan_to_num(harmed), [1e-6, 0.8]) + 3 * (np.nan_to_num(column("harmed_both")) > 0)
    found = {
        "crowd": Bins(
            np.searchsorted(_CROWD, np.nan_to_num(column("crowd"))), len(_CROWD) + 1, ((0, len(_CROWD) + 1),)
        ),
        "km": Bins(np.where(np.isnan(km), len(_KM) + 1, known_km), len(_KM) + 2, ((0, len(_KM) + 1),)),
        "days": Bins(
            (span * _DAYS + gap).astype(np.int64), 4 * _DAYS, tuple((n * _DAYS, (n + 1) * _DAYS) for n in range(4))
        ),
        "killed": Bins(np.where(np.isnan(killed), 25, deaths), 26, tuple((n, n + 5) for n in range(0, 25, 5))),
        "harmed": Bins(np.where(np.isnan(harmed), 6, harm), 7, ((0, 3), (3, 6))),
    }
    for name, edges in _LIKENESS.items():
        values = np.nan_to_num(column(name))
        if name == "area":
            values = values * np.isnan(km)
        found[name] = Bins(np.digitize(values, edges), len(edges) + 1)
    return found


def surroundings(side: Side) -> NDArray[np.float64]:
    """How many other records of its own source stand within each record's fortnight and half degree, shape (records,).

    A record without date or coordinates counts with the others that lack them too.
    """
    latitude, longitude = (np.nan_to_num(side.numbers(name).astype(np.float64)) for name in ("latitude", "longitude"))
    row = np.floor(latitude / _BOX_DEGREES)
    column = np.floor(longitude * np.cos(np.radians((row + 0.5) * _BOX_DEGREES)) / _BOX_DEGREES)
    box = (np.floor(np.nan_to_num(side.begun) / _BOX_DAYS) * 4096 + row + 1024) * 4096 + column + 1024
    box[~side.located] = -1.0
    _, place, counts = np.unique(box, return_inverse=True, return_counts=True)
    others: NDArray[np.float64] = counts[place].astype(np.float64) - 1.0
    return others


def some_pairs(compared: Compared, sides: tuple[Side, Side]) -> tuple[NDArray[np.bool_], tuple[int, int]]:
    """Which pairs are enough to estimate from, and how many records of either source they are of.

    All of them, or those of a few slices of time (of longitude where the time is short), so that rivals stay together.
    """
    sizes = (len(sides[0]), len(sides[1]))
    share = _MOST_FITTED / max(len(compared), 1)
    if share >= 1.0:
        return np.ones(len(compared), dtype=bool), sizes
    keys = [np.nan_to_num(side.begun) for side in sides]
    if np.ptp(keys[0]) * share / _SLICES < 5 * (compared.rule.days + 1):
        keys = [np.nan_to_num(side.numbers("longitude").astype(np.float64)) for side in sides]
    starts = (np.arange(_SLICES) + 0.5) / _SLICES - share / _SLICES / 2
    edges = np.quantile(keys[0], np.column_stack([starts, starts + share / _SLICES]).ravel())
    within = [np.searchsorted(edges, key, side="right") % 2 == 1 for key in keys]
    mask = within[0][compared.left]
    if not mask.any():
        return np.ones(len(compared), dtype=bool), sizes
    return mask, (int(within[0].sum()), int(within[1].sum()))


def adapt(compared: Compared, logits: NDArray[np.float64], sides: tuple[Side, Side]) -> NDArray[np.float64] | None:
    """Log-odds of each pair before the competition, estimated from the candidates.

    Their marginals after ``compete`` are probabilities as they stand. Pairs that a person judged keep their log-odds.

    Args:
        compared: the candidates, with their features.
        logits: log-odds of the packaged scorer, from which the estimate starts; of pairs that a person judged 30 or
            -inf.
        sides: the two sources.

    Returns:
        Shape (pairs,); None where any pair has descriptions, or there is no pair: the packaged scorer knows better.
    """
    words = compared.columns.get("words")
    if not len(compared) or (words is not None and not np.isnan(words).all()):
        return None
    around = (surroundings(sides[0]), surroundings(sides[1]))
    mask, sizes = some_pairs(compared, sides)
    fitted = bins_of(_with_crowd(compared, around, mask))
    scorer = _fit(fitted, (compared.left[mask], compared.right[mask]), logits[mask], sizes, compared.rule)
    found = np.empty(len(logits))
    for start in range(0, len(logits), _PART):
        some = slice(start, start + _PART)
        found[some] = scorer.logits(bins_of(_with_crowd(compared, around, some)))
    return np.where(np.isneginf(logits) | (logits >= _FORCED), logits, found)


def _with_crowd(
    compared: Compared, around: tuple[NDArray[np.float64], NDArray[np.float64]], some: Any
) -> dict[str, NDArray[np.float64]]:
    """The features of some pairs, the crowd being that of the records' own sources."""
    own = (around[0][compared.left[some]] + around[1][compared.right[some]]) / 2.0
    return {**{name: values[some] for name, values in compared.columns.items()}, "crowd": np.log1p(own)}


@dataclass(frozen=True, slots=True)
class _Tables:
    """Log-ratios of same to other pairs: by bin of each feature, of kilometres by crowd and bin, and the constant."""

    by_bin: Mapping[str, NDArray[np.float64]]
    by_crowd: NDArray[np.float64]
    constant: float

    def logits(self, bins: Mapping[str, Bins]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = self.by_crowd[bins["crowd"].place, bins["km"].place] + self.constant
        for name, table in self.by_bin.items():
            total += table[bins[name].place]
        return total


def _fit(
    bins: Mapping[str, Bins],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    logits: NDArray[np.float64],
    sizes: tuple[int, int],
    rule: Any,
) -> _Tables:
    priors = _priors()
    fixed = np.isneginf(logits) | (logits >= _FORCED)
    same = sigmoid(compete(logits, *ends))
    for _ in range(_ROUNDS):
        tables = _tables(bins, same, sizes, rule, priors)
        odds = np.where(fixed, logits, tables.logits(bins))
        before, same = same, sigmoid(compete(odds, *ends))
        if np.abs(same - before).sum() < _CONVERGED * same.sum():
            break
    return tables


def _tables(
    bins: Mapping[str, Bins],
    same: NDArray[np.float64],
    sizes: tuple[int, int],
    rule: Any,
    priors: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> _Tables:
    """The ratios that the present probabilities give."""
    by_bin = {"crowd": _crowd_ratio(bins["crowd"], same)}
    for name, feature in bins.items():
        if name in ("crowd", "km"):
            continue
        prior = priors[name]
        matched = _matched(feature, same, prior[0], thinned=name == "days")
        other = _counts(feature, 1.0 - same)
        other += (_PRIOR_AREA if name == "days" else _PRIOR) * prior[1]
        if name == "days":
            other[:_DAYS] = other[:_DAYS].sum() * _even(rule.days)
        by_bin[name] = np.log(_falling(matched / other * other.sum(), other, feature.falling))
    by_crowd = _km_ratio(bins["km"], bins["crowd"], same, rule.km, priors["km"])
    shares = [float(np.clip((same.sum() + 1.0) / (size + 2.0), 0.01, 0.97)) for size in sizes]
    return _Tables(by_bin, by_crowd, -float(np.log((1.0 - shares[0]) * (1.0 - shares[1]))))


def _counts(feature: Bins, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.bincount(feature.place, weights, feature.size).astype(np.float64)
    return found


def _matched(
    feature: Bins, same: NDArray[np.float64], prior: NDArray[np.float64], *, thinned: bool
) -> NDArray[np.float64]:
    """Share of the same pairs in each bin; thinned: what chance alone could hold is taken off."""
    found = _counts(feature, same)
    if thinned:
        noise = np.sqrt(_counts(feature, same * (1.0 - same)))
        found = (found - _NOISE * noise).clip(min=0.0)
    found = found + (_PRIOR_SAME if thinned else _PRIOR) * prior
    shares: NDArray[np.float64] = found / found.sum()
    return shares


def _even(days: int) -> NDArray[np.float64]:
    """Shares of the gaps of 0, 1, ... days among pairs of unrelated records."""
    share = np.where(np.arange(_DAYS) <= days, 2.0, 1e-9)
    share[0] = 1.0
    even: NDArray[np.float64] = share / share.sum()
    return even


def _crowd_ratio(crowd: Bins, same: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of same to other pairs by crowd, drawn to that of all where there are few."""
    matched = _counts(crowd, same)
    other = _counts(crowd, 1.0 - same)
    whole = (matched.sum() + 0.5) / (matched.sum() + other.sum() + 1.0)
    ratio = (matched + 2.0 * whole + 0.02) / (other + 2.0 * (1.0 - whole) + 0.02)
    found: NDArray[np.float64] = np.log(_falling(ratio, matched + other + 1e-3, crowd.falling))
    return found


def _km_ratio(
    km: Bins, crowd: Bins, same: NDArray[np.float64], most: float, prior: tuple[NDArray[np.float64], Any]
) -> NDArray[np.float64]:
    """Log of same to other pairs by crowd and kilometres: other pairs gather where towns are, the same ones do not."""
    matched = _matched(km, same, prior[0], thinned=True)
    area = np.concatenate([_area(most) * (1.0 - prior[1][-1]), [prior[1][-1]]])
    base = _counts(km, 1.0 - same) + _PRIOR_AREA * area
    both = _counts(Bins(crowd.place * km.size + km.place, crowd.size * km.size), 1.0 - same)
    table = both.reshape(crowd.size, km.size) + _PRIOR_CROWD * base / base.sum()
    table /= table.sum(axis=1, keepdims=True)
    found: NDArray[np.float64] = np.log(np.stack([_falling(matched / row, row, km.falling) for row in table]))
    return found


def _area(most: float) -> NDArray[np.float64]:
    """Shares of the bins of kilometres among unrelated records that are spread evenly."""
    edges = np.minimum(np.concatenate([[0.0], _KM, [max(most, _KM[-1] + 1.0)]]), most)
    share: NDArray[np.float64] = np.diff(edges**2) + 2.0 * np.diff(edges)
    least: NDArray[np.float64] = np.maximum(share / share.sum(), 1e-7)
    return least


def _falling(
    ratio: NDArray[np.float64], weight: NDArray[np.float64], runs: tuple[tuple[int, int], ...]
) -> NDArray[np.float64]:
    """The nearest values that never rise along each run (pool adjacent violators; Barlow et al. 1972)."""
    found = ratio.copy()
    for start, stop in runs:
        pools: list[tuple[float, float, int]] = []
        for value, heavy in zip(ratio[start:stop].tolist(), weight[start:stop].tolist(), strict=True):
            pool = (value, heavy, 1)
            while pools and pools[-1][0] < pool[0]:
                last = pools.pop()
                total = last[1] + pool[1]
                pool = ((last[0] * last[1] + pool[0] * pool[1]) / total, total, last[2] + pool[2])
            pools.append(pool)
        found[start:stop] = np.repeat([pool[0] for pool in pools], [pool[2] for pool in pools])
    return found


def _priors() -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Shares of the bins among same and among other pairs in made worlds; they weigh as much as a few pairs."""
    content = json.loads(files("marsad.reconcile").joinpath("default_bins.json").read_text("utf-8"))
    return {name: (np.array(both["same"]), np.array(both["other"])) for name, both in content["bins"].items()}
