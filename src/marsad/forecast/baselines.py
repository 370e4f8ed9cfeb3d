"""The four baselines of the VIEWS 2023/24 prediction challenge, as its scripts compute them.

Source: ``benchmark.py`` of github.com/prio-data/prediction_competition_2023; Hegre et al. (2024), arXiv:2407.11045.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.errors import InputError
from marsad.forecast.interface import Draws, Model, check_request, even_levels, shuffled
from marsad.forecast.panel import Counts, Panel

__all__ = ["Bootstrap", "Conflictology", "ExactlyZero", "LastPoisson", "published_baselines"]


@dataclass(frozen=True, slots=True)
class _Zero:
    units: tuple[str, ...]

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:  # noqa: ARG002 - the interface has a seed
        check_request(steps, n)
        return np.zeros((len(self.units), len(steps), n))


@dataclass(frozen=True, slots=True)
class ExactlyZero:
    """Nothing will happen: every draw is zero. Its CRPS is the mean count."""

    name: str = "zero"

    def fit(self, panel: Panel, origin: int) -> _Zero:
        """Learn which units there are."""
        return _Zero(panel.up_to(origin).units)


@dataclass(frozen=True, slots=True, eq=False)
class _Poisson:
    units: tuple[str, ...]
    rates: Counts

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        known = ~np.isnan(self.rates)
        found = np.full((len(self.units), len(steps), n), np.nan)
        rng = np.random.default_rng(seed)
        found[known] = rng.poisson(self.rates[known, None, None], size=(int(known.sum()), len(steps), n))
        return found


@dataclass(frozen=True, slots=True)
class LastPoisson:
    """The origin's own value as the mean of a Poisson distribution, at every step; none where the origin is a gap."""

    name: str = "last-poisson"

    def fit(self, panel: Panel, origin: int) -> _Poisson:
        """Take the last month."""
        known = panel.up_to(origin)
        return _Poisson(known.units, known.values[:, -1].copy())


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    units: tuple[str, ...]
    window: Counts

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        one = np.stack([_spread(row[~np.isnan(row)], n) for row in self.window])
        return shuffled(np.repeat(one[:, None, :], len(steps), axis=1), seed)


def _spread(values: Counts, n: int) -> Counts:
    """A sample's n even quantiles: each of its values equally often, where n is a multiple of their number."""
    if not values.size:
        return np.full(n, np.nan)
    ordered = np.sort(values)
    return ordered[np.floor(even_levels(n) * ordered.size).astype(np.intp)]


@dataclass(frozen=True, slots=True)
class Conflictology:
    """A unit's own last months are the sample, at every step; gaps are left out; none where all are gaps.

    With a number of draws that ``months`` divides, each month is drawn equally often and the CRPS is that of the
    challenge's 12-member sample; with others, that of its even quantiles.

    Attributes:
        months: how many; 12 in the challenge.
    """

    months: int = 12

    def __post_init__(self) -> None:
        _check_months(self.months)

    @property
    def name(self) -> str:
        """``conflictology``, with the number of months where it is not 12."""
        return "conflictology" if self.months == 12 else f"conflictology-{self.months}"

    def fit(self, panel: Panel, origin: int) -> _Samples:
        """Take the last months of every unit."""
        known = panel.up_to(origin)
        return _Samples(known.units, known.trailing(self.months).copy())


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    units: tuple[str, ...]
    pool: Counts

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        return np.random.default_rng(seed).choice(self.pool, size=(len(self.units), len(steps), n))


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Every unit is drawn from all units' last months together, with replacement.

    Attributes:
        months: how many; 240 in the challenge.
    """

    months: int = 240

    def __post_init__(self) -> None:
        _check_months(self.months)

    @property
    def name(self) -> str:
        """``bootstrap-`` and the number of months."""
        return f"bootstrap-{self.months}"

    def fit(self, panel: Panel, origin: int) -> _Pool:
        """Put the observed values of the last months into one pool.

        Raises:
            InputError: no unit has any value in these months.
        """
        known = panel.up_to(origin)
        window = known.trailing(self.months)
        pool = window[~np.isnan(window)]
        if not pool.size:
            raise InputError(f"No unit has a value in the {self.months} months up to the origin: nothing to draw from")
        return _Pool(known.units, pool)


def published_baselines() -> tuple[Model, ...]:
    """The four, as published."""
    return (ExactlyZero(), LastPoisson(), Conflictology(), Bootstrap())


def _check_months(months: int) -> None:
    if months < 1:
        raise InputError(f"A window of {months} months: it must have at least one")
