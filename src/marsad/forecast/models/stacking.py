"""The stacked combination: weights and a calibration that are learnt on what the models did at past origins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast.interface import Draws, Fitted, Model, check_request, even_levels, shuffled
from marsad.forecast.models.calibration import STRETCHES, sorted_at, stretched_levels
from marsad.forecast.models.pool import shares
from marsad.forecast.panel import Counts, Panel
from marsad.forecast.scores import CHALLENGE_LEVEL

__all__ = ["Stacked", "simplex_weights"]

_SAMPLE = 80
_ROUNDS = 2_000
_RATE = 0.5
_YEAR = 12


class _Learnt(Protocol):
    """What was learnt up to an origin, to be applied there and later."""

    def at(self, panel: Panel, origin: int) -> Fitted: ...


@runtime_checkable
class _Learner(Protocol):
    """A model whose learning takes long, so that it is not repeated at every past origin."""

    def learn(self, panel: Panel, origin: int) -> _Learnt: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """What the models said at a past origin and what followed.

    Attributes:
        draws: models x units x steps x draws, in rising order.
        observed: units x steps.
        scale: by unit: what its scores are divided by; known at the origin.
    """

    draws: NDArray[np.float32]
    observed: Counts
    scale: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Combined:
    """The fitted models, their weights, and how far the tails are stretched."""

    units: tuple[str, ...]
    parts: tuple[Fitted, ...]
    weights: tuple[float, ...]
    stretch: float

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Draws:
        check_request(steps, n)
        seeds = np.random.SeedSequence(seed).generate_state(len(self.parts) + 1)
        counts = shares(self.weights, max(n, 1000))
        chosen = [trio for trio in zip(self.parts, counts, seeds, strict=False) if trio[1]]
        drawn = np.concatenate([part.draw(steps, count, int(own)) for part, count, own in chosen], axis=-1)
        drawn.sort(axis=-1)
        return shuffled(sorted_at(drawn, stretched_levels(even_levels(n), self.stretch)), int(seeds[-1]))


@dataclass(frozen=True, slots=True)
class Stacked:
    """A linear pool of models with weights learnt on past origins, and tails stretched as far as those origins ask.

    The weights minimise the mean CRPS of the pool over the past origins, each unit's score divided by a power of its
    own level at the origin, so that the last great war does not choose them alone, and each origin counting the same;
    a penalty draws them towards equal weights (``simplex_weights``). Then the tails of the pool are stretched
    (``marsad.forecast.models.calibration``) until its central 90 % intervals held 90 % of the past months with
    violence. The past origins are those all of whose targets were known at the origin of the forecast.

    Stacking of distributions: Yao et al. (2018), doi:10.1214/17-BA1091. Scoring only months with violence is no way to
    compare models (Lerch et al. 2017, doi:10.1214/16-STS588); here it sets one number, and nothing is chosen by it.

    Attributes:
        models: what is combined.
        name: what tables call it.
        past: how many past origins.
        apart: months between them.
        relearn: trees are grown anew at every so many of them, and applied as they are in between.
        steps: months ahead that are scored.
        shrink: the penalty on the squared distance from equal weights.
        power: scores are divided by (1 + level)^power.
        cover: the share of months with violence that the 90 % interval is to hold; zero for no stretching.
    """

    models: tuple[Model, ...]
    name: str = "combined"
    past: int = 40
    apart: int = 6
    relearn: int = 4
    steps: tuple[int, ...] = (3, 6, 9, 12, 14)
    shrink: float = 0.3
    power: float = 0.5
    cover: float = CHALLENGE_LEVEL

    def __post_init__(self) -> None:
        if not self.models or len({model.name for model in self.models}) != len(self.models):
            raise InputError(f"{self.name}: a combination needs models with different names")
        if min(self.past, self.apart, self.relearn) < 1 or not (self.shrink >= 0 and 0 <= self.cover < 1):
            raise InputError(f"{self.name}: past origins and months are counted from 1; shrink and cover not below 0")
        check_request(self.steps, 1)

    def fit(self, panel: Panel, origin: int) -> _Combined:
        """Fit every model to the past origins, learn from them, and fit every model to the origin.

        Where the panel is too short for any past origin, the weights are equal and nothing is stretched.

        Raises:
            InputError: the models forecast different units.
        """
        known = panel.up_to(origin)
        parts = tuple(model.fit(known, origin) for model in self.models)
        if any(part.units != known.units for part in parts):
            raise InputError(f"{self.name}: the models of a combination forecast the same units in the same order")
        past = list(self._past(known, origin))
        weights = simplex_weights(*_losses(past, self.power), shrink=self.shrink) if past else None
        found = np.full(len(parts), 1 / len(parts)) if weights is None else weights
        stretch = self._stretch(past, found) if past else STRETCHES[0]
        return _Combined(known.units, parts, tuple(found.tolist()), stretch)

    def _past(self, known: Panel, origin: int) -> Iterator[_Past]:
        """The past origins, the earliest first: those with values in their last year and enough months before it."""
        latest = origin - max(self.steps)
        seen = np.asarray((~np.isnan(known.values)).any(axis=0))
        enough = np.flatnonzero(np.cumsum(seen) > 2 * max(self.steps) + self.apart)
        earliest = known.first + int(enough[0]) if enough.size else latest + 1
        origins = [at for back in reversed(range(self.past)) if (at := latest - self.apart * back) >= earliest]
        origins = [at for at in origins if seen[: at - known.first + 1][-_YEAR:].any()]
        learnt: dict[int, _Learnt] = {}
        for place, at in enumerate(origins):
            cut = known.up_to(at)
            fits: list[Fitted] = []
            for index, model in enumerate(self.models):
                if isinstance(model, _Learner):
                    if place % self.relearn == 0:
                        learnt[index] = model.learn(cut, at)
                    fits.append(learnt[index].at(cut, at))
                else:
                    fits.append(model.fit(cut, at))
            drawn = np.stack([np.sort(one.draw(self.steps, _SAMPLE, 0), axis=-1) for one in fits]).astype(np.float32)
            year = np.nan_to_num(cut.trailing(_YEAR)).mean(axis=1)
            yield _Past(drawn, known.observed([at + step for step in self.steps], cut.units), 1 + year)

    def _stretch(self, past: Sequence[_Past], weights: NDArray[np.float64]) -> float:
        """The least stretch whose 90 % intervals hold enough of the months with violence; the largest if none does."""
        if not self.cover:
            return STRETCHES[0]
        counts = [max(1, count) for count in shares(weights.tolist(), 10 * _SAMPLE)]
        pools = []
        for one in past:
            violent = one.observed > 0
            pool = np.concatenate(
                [draws[violent][:, _evenly(count)] for draws, count in zip(one.draws, counts, strict=True)], axis=-1
            )
            pools.append((np.sort(pool, axis=-1), one.observed[violent]))
        if not any(y.size for _, y in pools):
            return STRETCHES[0]
        edges = np.array([(1 - CHALLENGE_LEVEL) / 2, (1 + CHALLENGE_LEVEL) / 2])
        for stretch in STRETCHES:
            held = []
            for pool, y in pools:
                low, high = sorted_at(pool, stretched_levels(edges, stretch)).T
                held.append((low <= y) & (y <= high))
            if np.concatenate(held).mean() >= self.cover:
                return stretch
        return STRETCHES[-1]


def _evenly(count: int) -> NDArray[np.intp]:
    """Places of ``count`` even quantiles in a sample."""
    return np.floor(even_levels(count) * _SAMPLE).astype(np.intp)


def _losses(past: Sequence[_Past], power: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the weights' score is made of: E|X_k - y| by model, and E|X_k - X_l| by pair of models.

    Both are means over origins; an origin's are divided by the models' mean score there, so that each counts the same.
    """
    size = len(past[0].draws)
    alone, pairs = np.zeros(size), np.zeros((size, size))
    for one in past:
        known = ~np.isnan(one.observed) & ~np.isnan(one.draws).any(axis=(0, 3))
        draws = one.draws[:, known]
        heed = 1 / np.broadcast_to(one.scale[:, None], known.shape)[known] ** power
        own = (np.abs(draws - one.observed[known][:, None]).mean(axis=-1) * heed).sum(axis=1)
        both = np.zeros((size, size))
        for k, other in zip(*np.triu_indices(size), strict=True):
            both[k, other] = both[other, k] = (_distance(draws[k], draws[other]) * heed).sum()
        usual = float((own - np.diag(both) / 2).mean())
        if usual > 0:
            alone += own / usual / len(past)
            pairs += both / usual / len(past)
    return alone, pairs


def _distance(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float64]:
    """E|X - Y| by cell, of two samples of one size in rising order.

    It is the integral of F (1 - G) + G (1 - F) over the values, where F and G are the two distribution functions.
    """
    found = np.zeros(len(first))
    some = np.flatnonzero((first[:, -1] > 0) | (second[:, -1] > 0))
    size = first.shape[1]
    both = np.concatenate((first[some], second[some]), axis=1).astype(np.float64)
    order = np.argsort(both, axis=1, kind="stable")
    gaps = np.diff(np.take_along_axis(both, order, axis=1), axis=1)
    below = np.cumsum(order < size, axis=1)[:, :-1] / size
    other = np.arange(1, 2 * size) / size - below
    found[some] = ((below * (1 - other) + other * (1 - below)) * gaps).sum(axis=1)
    return found


def simplex_weights(
    alone: NDArray[np.float64], pairs: NDArray[np.float64], *, shrink: float = 0.0
) -> NDArray[np.float64]:
    """The weights w, none below zero and adding up to one, with the least CRPS of the linear pool.

    The CRPS of a pool is a quadratic form: sum_k w_k E|X_k - y| - 1/2 sum_kl w_k w_l E|X_k - X_l|; to it
    shrink / 2 x sum_k (w_k - 1/K)^2 is added. Found by exponentiated gradient: Kivinen & Warmuth (1997),
    doi:10.1006/inco.1996.2612.

    Args:
        alone: E|X_k - y| by model; the shrinkage is relative to scores of about one.
        pairs: E|X_k - X_l| by pair of models.
        shrink: not below zero.
    """
    equal = np.full(len(alone), 1 / len(alone))
    weights = equal.copy()
    for _ in range(_ROUNDS):
        slope = alone - pairs @ weights + shrink * (weights - equal)
        weights = weights * np.exp(-_RATE * (slope - slope.mean()))
        weights /= weights.sum()
    return weights
