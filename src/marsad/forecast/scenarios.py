"""Forecasts given a stated future of actions: how far the past months of such actions were from what was expected.

The ratio of a spell is what was counted in its months over what a model, fitted up to the month before, expected of
them. The same ratio at every other month of the series, where no such spell was, tells how far ratios scatter when
nothing of the kind is stated: the placebo distribution. The effect is the mean log ratio of the spells less that of the
placebos. It is an association: whatever else came with the actions is in it, and so is whatever brought them about.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.interface import Draws, Model, even_levels
from marsad.forecast.panel import LARGEST, Panel

__all__ = [
    "LEAST_SEPARATE",
    "LEVEL",
    "SPREAD_FREEDOM",
    "SPREAD_SCALE",
    "Effect",
    "Expectations",
    "Window",
    "conditional",
    "effect_of",
    "expectations",
    "log_ratio",
    "stated_effect",
]

Floats = NDArray[np.float64]

LEVEL = 0.9
"""The level of the interval of an effect."""

LEAST_SEPARATE = 5
"""With fewer false spells that stand apart from each other nothing is said of how far ratios scatter."""

SPREAD_SCALE, SPREAD_FREEDOM = 0.5, 4
"""Scale and degrees of freedom of the half-t prior of the spread of log ratios between spells.

Weakly informative: half of it is below 0.37, where two spells in three differ from their mean by less than a factor of
1.45. Gelman (2006), doi:10.1214/06-BA117A; Röver et al. (2021), doi:10.1002/jrsm.1475, on scales of about 0.5.
"""

_DRAWS = 20_000
_GRID = np.linspace(0, 5, 501)
_POWER, _TEST = 0.8, 0.95
_MOST_CORRELATED = 0.9


class Window(NamedTuple):
    """Months of a spell as running numbers, both ends included."""

    first: int
    last: int

    @property
    def months(self) -> int:
        """How many there are."""
        return self.last - self.first + 1

    def touches(self, other: Window) -> bool:
        """Whether some month is in both."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True, eq=False)
class Expectations:
    """What a model expected of the months after each origin, and what came.

    Attributes:
        first: the running number of the first origin; the rows follow without hole.
        expected: origins x steps: the sum of the means of the first 1, 2, ... months ahead; NaN without a forecast.
        observed: origins x steps: the sum of what was counted in them; NaN where a month has no value.
    """

    first: int
    expected: Floats
    observed: Floats

    @property
    def last(self) -> int:
        """The running number of the last origin."""
        return self.first + len(self.expected) - 1

    @property
    def steps(self) -> int:
        """How many months ahead."""
        return int(self.expected.shape[1])

    def ratios(self, months: int) -> Floats:
        """The log ratio of the window of so many months after each origin; NaN where it cannot be told."""
        return log_ratio(self.observed[:, months - 1], self.expected[:, months - 1])

    def of(self, window: Window) -> tuple[float, float]:
        """Expected and observed total of a window; NaN where there is none."""
        row = window.first - 1 - self.first
        if not 0 <= row < len(self.expected) or not 1 <= window.months <= self.steps:
            return math.nan, math.nan
        return float(self.expected[row, window.months - 1]), float(self.observed[row, window.months - 1])


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What came with a kind of action, as a factor on the log scale.

    Attributes:
        draws: of the log ratio that the months of a further spell may have, at even levels, rising.
        centre: the mean log ratio of the spells less that of the placebos.
        spells: each spell's log ratio, the mean over its readings, less that of the placebos of its length.
        placebo: the same as ``centre``, with the spells moved to other months; rising.
        expected_of_placebo: the mean log ratio of the placebos: what the model's habit alone brings about.
        separate: how many false spells of the longest length stand apart from each other.
        freedom: degrees of freedom of the placebo scatter.
        spread: median of the standard deviation of the effects between spells, beyond the placebo scatter.
        as_far: share of placebos at least as far from zero as the centre, in the same direction.
        critical: the centre is below the first or above the second once in forty, each, where there is no effect.
        detectable: the smallest fall and rise, as log ratios, that go beyond these four times in five.
    """

    draws: Floats
    centre: float
    spells: tuple[float, ...]
    placebo: Floats
    expected_of_placebo: float
    separate: int
    freedom: int
    spread: float
    as_far: float
    critical: tuple[float, float]
    detectable: tuple[float, float]

    @property
    def told_apart(self) -> bool:
        """Whether the centre is where it would be once in twenty if there were no effect."""
        return not self.critical[0] <= self.centre <= self.critical[1]

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends of the central 90 % of the draws."""
        low, high = np.quantile(self.draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return float(low), float(high)


def log_ratio(observed: Floats | float, expected: Floats | float) -> Floats:
    """log((observed + 1/2) / (expected + 1/2)): the halves keep it finite where nothing was counted or expected.

    Haldane (1956), doi:10.1111/j.1469-1809.1955.tb01285.x; Gart & Zweifel (1967), doi:10.1093/biomet/54.1-2.181.
    """
    return np.asarray(np.log((np.asarray(observed) + 0.5) / (np.asarray(expected) + 0.5)))


def expectations(panel: Panel, model: Model, *, least: int, steps: int, draws: int, seed: int) -> Expectations:
    """What the model expected at every origin, each fitted to what came before alone.

    Args:
        panel: of one unit.
        model: fitted anew at each origin: a quick one.
        least: how many months with a value an origin needs.
        steps: months ahead.
        draws: how many draws the means are of.
        seed: of the draws.

    Raises:
        InputError: the panel has several units, or no origin has enough months before it and one after.
    """
    row = panel.values
    if len(row) != 1:
        raise InputError(f"Expectations are of one unit, not of {len(row)}")
    enough = np.flatnonzero(np.cumsum(~np.isnan(row[0])) >= least)
    if not enough.size or panel.first + int(enough[0]) >= panel.last:
        raise InputError(f"No month of {panel.units[0]} has {least} months before it: nothing can be expected of it")
    first = panel.first + int(enough[0])
    ahead = range(1, steps + 1)
    means = np.stack(
        [model.fit(panel, origin).draw(ahead, draws, seed)[0].mean(axis=1) for origin in range(first, panel.last)]
    )
    came = np.stack([panel.observed([o + step for step in ahead])[0] for o in range(first, panel.last)])
    return Expectations(first, np.cumsum(means, axis=1), np.cumsum(came, axis=1))


def effect_of(
    found: Expectations, spells: Sequence[Sequence[Window]], *, avoid: Sequence[Window] = (), n: int, seed: int
) -> Effect:
    """The effect of spells against false ones, with its scatter.

    All spells are moved by the same number of months, around the end where needed, and so keep their lengths and their
    distances; windows that touch a spell are left out of the mean (its scatter is scaled to the number of spells), and
    a shift with fewer than half of the spells is not used. The scatter so found is taken as that of the mean of the
    spells, widened as Student's t for how few false spells stand apart, and for the placebos' mean being estimated. A
    further spell differs from the mean of those that were by a normal spread beyond the placebo scatter. The spread has
    a half-t prior, which is all that is known of it with one spell, and a posterior given the spells (see
    ``SPREAD_SCALE``). A spell whose dates are disputed is taken in each draw at one of its readings. The test of
    ``told_apart`` is against no effect in any spell: only the placebo scatter is in it.

    Args:
        found: of the series.
        spells: for each its readings: windows of which ``found`` has both totals.
        avoid: further windows in which no placebo may lie.
        n: how many draws of the effect.
        seed: of the draws.

    Raises:
        InputError: no spell, a reading without totals, or too few false spells that stand apart.
    """
    if not spells or any(not readings for readings in spells):
        raise InputError("An effect needs at least one spell, and a spell at least one reading")
    taken = [*avoid, *(window for readings in spells for window in readings)]
    clean = {months: _clean(found, months, taken) for months in {w.months for readings in spells for w in readings}}
    longest = max(clean)
    kept = ~np.isnan(clean[longest])
    separate = _separate(kept, longest)
    if separate < LEAST_SEPARATE:
        raise InputError(
            f"Only {separate} false spells of {longest} months stand apart from each other in the series; "
            f"{LEAST_SEPARATE} are needed to tell how far such ratios scatter"
        )
    means = {months: float(np.nanmean(ratios)) for months, ratios in clean.items()}
    logs = [np.array([_deviation(found, window, means) for window in readings]) for readings in spells]
    if any(np.isnan(one).any() for one in logs):
        raise InputError("A spell has a month without a value or without an expectation")
    by_spell = np.array([one.mean() for one in logs])
    false = _shifted(clean, means, found.first, [readings[0] for readings in spells])
    effective = max(2.0, separate * _independence(clean[longest] - means[longest], longest))
    freedom = max(1, math.floor(effective) - 1)
    rng = np.random.default_rng(seed)
    variances = np.array([float(np.nanvar(clean[readings[0].months], ddof=1)) for readings in spells])
    spread = _spread(by_spell, variances, rng)
    error = _scattered(false, effective, rng) * np.sqrt(freedom / rng.chisquare(freedom, _DRAWS))
    error *= math.sqrt(1 + len(spells) / effective)
    further = spread * math.sqrt(1 + 1 / len(spells)) * rng.standard_normal(_DRAWS)
    truth = _readings_drawn(logs, rng) - error + further
    centre = float(by_spell.mean())
    critical, detectable = _power(error)
    return Effect(
        draws=np.asarray(np.quantile(truth, even_levels(n))),
        centre=centre,
        spells=tuple(map(float, by_spell)),
        placebo=np.sort(false),
        expected_of_placebo=float(np.mean([means[readings[0].months] for readings in spells])),
        separate=separate,
        freedom=freedom,
        spread=float(np.median(spread)),
        as_far=float(np.mean(false * np.sign(centre) >= abs(centre) - 1e-12)),
        critical=critical,
        detectable=detectable,
    )


def _clean(found: Expectations, months: int, taken: Sequence[Window]) -> Floats:
    """The log ratios of windows after each origin; NaN where the window touches one of those taken."""
    ratios = found.ratios(months).copy()
    for window in taken:
        first = max(0, window.first - months - found.first)
        ratios[first : max(0, window.last - found.first)] = np.nan
    return ratios


def _separate(kept: NDArray[np.bool_], months: int) -> int:
    """How many windows stand apart from each other, taken from the first on."""
    count, free = 0, 0
    for place in np.flatnonzero(kept):
        if place >= free:
            count, free = count + 1, int(place) + months
    return count


def _deviation(found: Expectations, window: Window, means: Mapping[int, float]) -> float:
    expected, observed = found.of(window)
    return float(log_ratio(observed, expected)) - means[window.months]


def _shifted(clean: Mapping[int, Floats], means: Mapping[int, float], first: int, spells: Sequence[Window]) -> Floats:
    """The mean deviation of all spells, moved by each number of months; with it the scatter of a mean of so many."""
    rows = []
    for window in spells:
        ratios = clean[window.months] - means[window.months]
        usable = ratios[: np.flatnonzero(~np.isnan(ratios))[-1] + 1]
        place = window.first - 1 - first
        rows.append([usable[(place + shift) % len(usable)] for shift in range(1, max(map(len, clean.values())))])
    moved = np.array(rows)
    counts = (~np.isnan(moved)).sum(axis=0)
    good = 2 * counts >= len(spells)
    if not good.any():
        raise InputError("The spells fill the series: no months are left to compare them with")
    found: Floats = np.nansum(moved[:, good], axis=0) / counts[good] * np.sqrt(counts[good] / len(spells))
    return found


def _independence(ratios: Floats, months: int) -> float:
    """What share of the false spells that stand apart is worth as much as independent ones: (1 - r) / (1 + r)."""
    early, late = ratios[:-months], ratios[months:]
    both = ~np.isnan(early + late)
    one, other = early[both], late[both]
    if len(one) < LEAST_SEPARATE or one.std() == 0 or other.std() == 0:
        return 1.0
    r = min(max(float(np.corrcoef(one, other)[0, 1]), 0.0), _MOST_CORRELATED)
    return (1 - r) / (1 + r)


def _scattered(false: Floats, effective: float, rng: np.random.Generator) -> Floats:
    """Draws of the placebo distribution, smoothed by a normal kernel: its tails do not end where the few placebos do.

    The bandwidth is 0.9 standard deviations times n^(-1/5): Silverman (1986), Density Estimation, equation 3.31.
    """
    width = 0.9 * float(false.std()) * effective**-0.2
    return np.asarray(rng.choice(false, _DRAWS) + width * rng.standard_normal(_DRAWS))


def _spread(by_spell: Floats, variances: Floats, rng: np.random.Generator) -> Floats:
    """Draws of the spread between spells: its prior times the likelihood with the mean integrated out, on a grid.

    Gelman et al. (2013), Bayesian Data Analysis, equation 5.21.
    """
    weights = 1 / np.maximum(variances + _GRID[:, None] ** 2, np.finfo(float).tiny)
    total = weights.sum(axis=1)
    mean = (weights @ by_spell) / total
    left = (weights * (by_spell - mean[:, None]) ** 2).sum(axis=1)
    told = (np.log(weights).sum(axis=1) - np.log(total) - left) / 2
    told -= (SPREAD_FREEDOM + 1) / 2 * np.log1p((_GRID / SPREAD_SCALE) ** 2 / SPREAD_FREEDOM)
    chances = np.exp(told - told.max())
    return np.asarray(rng.choice(_GRID, _DRAWS, p=chances / chances.sum()))


def _readings_drawn(logs: Sequence[Floats], rng: np.random.Generator) -> Floats:
    """The mean over spells, each at one of its readings drawn at random."""
    drawn = [one[rng.integers(0, len(one), _DRAWS)] if len(one) > 1 else np.full(_DRAWS, one[0]) for one in logs]
    return np.asarray(np.mean(drawn, axis=0))


def _power(error: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Beyond what an equal-tailed test at 5 % rejects, and the smallest fall and rise that it finds with power 0.8."""
    low, high = np.quantile(error, [(1 - _TEST) / 2, (1 + _TEST) / 2])
    below, above = np.quantile(error, [1 - _POWER, _POWER])
    return (float(low), float(high)), (float(low - above), float(high - below))


def stated_effect(low: float, high: float, n: int) -> Floats:
    """Draws of the log ratio where somebody states both ends of its 90 % interval: lognormal, at even levels, rising.

    Raises:
        InputError: not 0 < low <= high.
    """
    if not 0 < low <= high < math.inf:
        raise InputError(f"A ratio from {low:g} to {high:g}: both are above zero, and the first is not the larger")
    special = importlib.import_module("scipy.special")
    reach = float(special.ndtri((1 + LEVEL) / 2))
    middle, scale = (math.log(low) + math.log(high)) / 2, (math.log(high) - math.log(low)) / (2 * reach)
    return np.asarray(middle + scale * special.ndtri(even_levels(n)))


def conditional(draws: Draws, effects: Sequence[Floats], active: NDArray[np.bool_], *, seed: int) -> Draws:
    """Draws of counts in months in which actions are taken as given.

    Each draw takes one ratio of each action, the same in all of its months, because what is not known of the effect is
    shared by them; ratios of actions in the same month multiply. A value between two counts is rounded up with the
    probability of its fraction, so that the mean stays.

    Args:
        draws: steps x n, without the actions.
        effects: of each action n draws of the log ratio, in any order; they are shuffled.
        active: actions x steps: the months of each.
        seed: of the pairing and of the rounding.

    Raises:
        InputError: the shapes do not fit.
    """
    steps, n = draws.shape
    if active.shape != (len(effects), steps) or any(one.shape != (n,) for one in effects):
        raise InputError(f"{len(effects)} effects and months of shape {active.shape} for draws of {draws.shape}")
    rng = np.random.default_rng(seed)
    total = np.zeros((steps, n))
    for logs, months in zip(effects, active, strict=True):
        total[months] += rng.permutation(logs)
    with np.errstate(over="ignore"):  # cut at the largest count below
        raised = np.where(draws > 0, draws * np.exp(total), 0.0)
    whole = np.floor(np.minimum(raised, LARGEST) + rng.random(raised.shape))
    touched = np.asarray(active.any(axis=0))[:, None]
    return np.where(touched, np.minimum(whole, LARGEST), draws)
