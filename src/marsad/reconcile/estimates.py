"""How many events are there, the ones in no list included? Capture-recapture, with what speaks against it.

The estimate leans on assumptions that registers of violence break: it comes with ``CAVEATS``, with the range over all
models, and with a verdict that says *cannot tell* rather than a number that nothing holds up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from marsad.errors import InputError
from marsad.reconcile.loglinear import Interactions, Profile, chao_cells, design, fit, mle_exists, models, pooled_root
from marsad.reconcile.two_lists import chapman, chapman_interval, with_dependence

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CAVEATS", "MOST_LISTS", "Estimate", "ModelRow", "Strata", "Trust", "by_stratum", "estimate", "histories"]

CAVEATS = (
    (
        "Registers copy one another and read the same newspapers. Lists that share their sources overlap more than "
        "independent ones, and the estimate is then too low; with two lists this cannot be seen at all."
    ),
    (
        "Large events and events near a capital are reported by all, small and remote ones by few. Such differences "
        "work like dependence and make the estimate too low. It should be made by place and time, and then summed."
    ),
    (
        "Every event must be one that each list could have held (same period, area and definition), and the records "
        "must be linked without error: a missed link makes the estimate too high, a false one too low."
    ),
)
"""What every estimate must be read with."""

MOST_LISTS = 5
"""With more lists there are too many models to fit them all."""

_SEEN_WEIGHT, _CLOSE, _LARGEST = 0.001, 10.0, 1e6


@dataclass(frozen=True, slots=True)
class Trust:
    """When an estimate is not to be trusted.

    Attributes:
        least_overlap: every two lists must share so many events (seven: Robson & Regier 1964,
            doi:10.1577/1548-8659(1964)93[215:SSIPME]2.0.CO;2).
        most_ratio: estimates of models whose criterion is within 10 of the best may differ by this factor.
        widest: the upper end of the interval may be this many times the lower end.
        least_fit: p-value of the deviance of the best model.
    """

    least_overlap: int = 7
    most_ratio: float = 2.0
    widest: float = 3.0
    least_fit: float = 0.01


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model.

    Attributes:
        interactions: the pairs of lists whose dependence it allows; empty for independent lists.
        parameters: how many it has.
        deviance, freedom, p_value: how well it fits; None where nothing is left to test.
        aic, bic: criteria (BIC by the number of events observed); None where the model has no estimate.
        estimate: the number of events; None where the counts determine none (zeros in the wrong places).
        weight: of the model in the average.
    """

    interactions: tuple[tuple[str, str], ...]
    parameters: int
    deviance: float
    freedom: int
    p_value: float | None
    aic: float | None
    bic: float | None
    estimate: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The number of events.

    Attributes:
        lists: names of the lists.
        observed: how many events stand in at least one.
        estimate: how many there are: Chapman's for two lists, the average over models for more; None for none.
        low, high: interval at ``level``; ``high`` may be infinite.
        level: of the interval.
        method: in words.
        lower_bound: Chao's lower bound, for lists of different coverage.
        models: all of them, the heaviest first; empty for two lists.
        model_low, model_high: least and greatest estimate over all models; None where there is none.
        dependence: for two lists: odds ratio -> number of events if they depended on each other so; empty for more.
        reasons: why it is not to be trusted; empty where nothing was found.
    """

    lists: tuple[str, ...]
    observed: int
    estimate: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    lower_bound: float | None
    models: tuple[ModelRow, ...]
    model_low: float | None
    model_high: float | None
    dependence: tuple[tuple[float, float], ...]
    reasons: tuple[str, ...]

    @property
    def verdict(self) -> Literal["estimate", "cannot tell"]:
        """Whether the number may be used at all, with ``CAVEATS``."""
        return "cannot tell" if self.reasons else "estimate"


@dataclass(frozen=True, slots=True)
class Strata:
    """Estimates by stratum and their sum.

    Attributes:
        strata: name -> estimate.
        observed: how many events were observed in all.
        estimate, low, high: of the sum; None where a stratum has no estimate. The interval takes strata as independent
            (Zou & Donner 2008, doi:10.1002/sim.3095).
        reasons: why the sum is not to be trusted.
    """

    strata: Mapping[str, Estimate]
    observed: int
    estimate: float | None
    low: float | None
    high: float | None
    reasons: tuple[str, ...]

    @property
    def verdict(self) -> Literal["estimate", "cannot tell"]:
        """Whether the sum may be used at all, with ``CAVEATS``."""
        return "cannot tell" if self.reasons else "estimate"


def histories(labels: NDArray[np.int64], datasets: NDArray[np.integer[Any]], lists: int) -> NDArray[np.int64]:
    """How many clusters stand in which lists.

    Args:
        labels: the cluster of each record, numbered from 0, shape (records,).
        datasets: the list of each record, from 0 to ``lists`` - 1, shape (records,).
        lists: how many there are.

    Returns:
        Counts by history, shape (2 ** lists,); see ``marsad.reconcile.loglinear``. The first is 0.
    """
    seen = np.zeros(int(labels.max(initial=-1)) + 1, dtype=np.int64)
    for number in range(lists):
        seen[np.unique(labels[datasets == number])] |= 1 << number
    counts = np.bincount(seen[seen > 0], minlength=2**lists)
    return counts.astype(np.int64)


def estimate(
    counts: Sequence[int] | NDArray[np.int64],
    lists: Sequence[str],
    *,
    criterion: Literal["aic", "bic"] = "aic",
    level: float = 0.95,
    trust: Trust | None = None,
) -> Estimate:
    """How many events there are.

    Args:
        counts: events by history, shape (2 ** lists,); the first, of events in no list, is not read.
        lists: names of two to five lists.
        criterion: by which models are weighted (three lists or more).
        level: of the interval.
        trust: when not to trust it.

    Raises:
        InputError: too few or too many lists, or counts that are none.
    """
    counted = _checked(counts, lists)
    trust = Trust() if trust is None else trust
    if len(lists) == 2:
        return _two(counted, tuple(lists), level, trust)
    return _several(counted, tuple(lists), criterion, level, trust)


def by_stratum(
    counts: Mapping[str, Sequence[int] | NDArray[np.int64]],
    lists: Sequence[str],
    *,
    criterion: Literal["aic", "bic"] = "aic",
    level: float = 0.95,
    trust: Trust | None = None,
) -> Strata:
    """Estimate each stratum (a province, a year) and sum, because reporting differs by place and time.

    Args:
        counts: stratum -> events by history, as for ``estimate``.
        lists: names of the lists.
        criterion: by which models are weighted.
        level: of the intervals.
        trust: when not to trust an estimate.
    """
    found = {name: estimate(c, lists, criterion=criterion, level=level, trust=trust) for name, c in counts.items()}
    reasons = tuple(f"{name}: {reason}" for name, one in found.items() for reason in one.reasons)
    observed = sum(one.observed for one in found.values())
    each = [
        (one.estimate, one.low, one.high)
        for one in found.values()
        if one.estimate is not None and one.low is not None and one.high is not None
    ]
    if not found or len(each) < len(found):
        return Strata(found, observed, None, None, None, reasons or ("there is no stratum",))
    total = math.fsum(best for best, _, _ in each)
    below = math.sqrt(math.fsum((best - low) ** 2 for best, low, _ in each))
    above = math.sqrt(math.fsum((high - best) ** 2 for best, _, high in each))
    return Strata(found, observed, total, max(float(observed), total - below), total + above, reasons)


def _checked(counts: Sequence[int] | NDArray[np.int64], lists: Sequence[str]) -> NDArray[np.float64]:
    if not 2 <= len(lists) <= MOST_LISTS or len(set(lists)) < len(lists):
        raise InputError(
            f"an estimate needs two to {MOST_LISTS} lists, each with its own name; join or leave out others"
        )
    counted = np.asarray(counts, dtype=np.float64).copy()
    if counted.shape != (2 ** len(lists),):
        raise InputError(f"{len(lists)} lists have {2 ** len(lists)} histories, and {counted.size} counts were given")
    counted[0] = 0
    if not np.isfinite(counted).all() or (counted < 0).any() or (counted % 1 != 0).any():
        raise InputError("the counts of histories are whole numbers of zero or more")
    return counted


def _shared(counts: NDArray[np.float64], lists: tuple[str, ...], trust: Trust) -> list[str]:
    """Pairs of lists that share too few events."""
    bits = design(len(lists))[:, 1:]
    reasons = []
    for i in range(len(lists)):
        for j in range(i):
            both = int(counts @ (bits[:, i] * bits[:, j]))
            if both < trust.least_overlap:
                reasons.append(f"{lists[j]} and {lists[i]} share {both} events, fewer than {trust.least_overlap}")
    return reasons


def _wide(low: float | None, high: float | None, trust: Trust) -> list[str]:
    if low is None or high is None or high > trust.widest * max(low, 1):
        return [f"the interval is so wide that its upper end is more than {trust.widest:g} times its lower end"]
    return []


def _two(counts: NDArray[np.float64], lists: tuple[str, ...], level: float, trust: Trust) -> Estimate:
    only_first, only_second, both = (int(counts[i]) for i in (1, 2, 3))
    first, second = only_first + both, only_second + both
    low, high = chapman_interval(first, second, both, level=level)
    best = chapman(first, second, both) if both else None
    return Estimate(
        lists=lists,
        observed=only_first + only_second + both,
        estimate=best,
        low=low,
        high=high,
        level=level,
        method="Chapman's estimate, exact hypergeometric interval",
        lower_bound=best,
        models=(),
        model_low=best,
        model_high=best,
        dependence=tuple(with_dependence(first, second, both, (1.0, 2.0, 4.0))) if both else (),
        reasons=(*_shared(counts, lists, trust), *_wide(low, high, trust)),
    )


def _several(
    counts: NDArray[np.float64],
    lists: tuple[str, ...],
    criterion: Literal["aic", "bic"],
    level: float,
    trust: Trust,
) -> Estimate:
    rows = _weighted([(inner, _row(counts, lists, inner)) for inner in models(len(lists))], criterion)
    observed = int(counts.sum())
    told = [row.estimate for _, row in rows if row.estimate is not None]
    average = math.fsum(row.weight * row.estimate for _, row in rows if row.estimate is not None) if told else None
    low, high = _interval(counts, rows, level) if told else (None, None)
    reasons = [*_shared(counts, lists, trust), *_doubts([row for _, row in rows], criterion, trust)]
    return Estimate(
        lists=lists,
        observed=observed,
        estimate=average,
        low=low,
        high=high,
        level=level,
        method=f"log-linear models averaged by {criterion.upper()}, model-averaged profile-likelihood interval",
        lower_bound=_chao(counts, len(lists)),
        models=tuple(row for _, row in rows),
        model_low=min(told, default=None),
        model_high=max(told, default=None),
        dependence=(),
        reasons=(*reasons, *_wide(low, high, trust)),
    )


def _row(counts: NDArray[np.float64], lists: tuple[str, ...], interactions: Interactions) -> ModelRow:
    """Fit one model to the histories that can be seen."""
    matrix, seen = design(len(lists), interactions)[1:], counts[1:]
    fitted = fit(matrix, seen)
    some = seen > 0
    freedom = len(seen) - matrix.shape[1]
    logs = seen[some] * np.log(seen[some] / fitted.expected[some])
    deviance = max(0.0, 2 * float(logs.sum() - (seen - fitted.expected).sum()))
    exists = mle_exists(matrix, seen)
    likelihood, parameters, total = -2 * fitted.log_likelihood, matrix.shape[1], float(seen.sum())
    return ModelRow(
        interactions=tuple((lists[i], lists[j]) for i, j in interactions),
        parameters=parameters,
        deviance=deviance,
        freedom=freedom,
        p_value=_chi_square_tail(deviance, freedom) if freedom else None,
        aic=likelihood + 2 * parameters if exists else None,
        bic=likelihood + math.log(max(1.0, total)) * parameters if exists else None,
        estimate=total + math.exp(fitted.coefficients[0]) if exists else None,
        weight=0.0,
    )


def _chi_square_tail(value: float, freedom: int) -> float:
    from scipy.special import chdtrc  # noqa: PLC0415 - slow to import

    return float(chdtrc(freedom, value))


def _score(row: ModelRow, criterion: Literal["aic", "bic"]) -> float:
    score = row.aic if criterion == "aic" else row.bic
    return math.inf if score is None else score


def _weighted(
    rows: list[tuple[Interactions, ModelRow]], criterion: Literal["aic", "bic"]
) -> list[tuple[Interactions, ModelRow]]:
    """With weights of exp(-difference / 2) (Burnham & Anderson 2002, doi:10.1007/b97636), the heaviest first."""
    best = min(_score(row, criterion) for _, row in rows)
    if math.isinf(best):
        return rows
    raw = [math.exp(-(_score(row, criterion) - best) / 2) for _, row in rows]
    total = math.fsum(raw)
    made = [(inner, replace(row, weight=one / total)) for (inner, row), one in zip(rows, raw, strict=True)]
    return sorted(made, key=lambda item: -item[1].weight)


def _interval(
    counts: NDArray[np.float64], rows: list[tuple[Interactions, ModelRow]], level: float
) -> tuple[float, float]:
    heavy = [(inner, row.weight) for inner, row in rows if row.estimate is not None and row.weight >= _SEEN_WEIGHT]
    lists = int(math.log2(len(counts)))
    profiles = [Profile(design(lists, inner), counts) for inner, _ in heavy]
    total = math.fsum(weight for _, weight in heavy)
    weights = [weight / total for _, weight in heavy]
    observed = float(counts.sum())
    ends = [_quantile(profiles, weights, p, observed) for p in ((1 - level) / 2, (1 + level) / 2)]
    return observed + ends[0], observed + ends[1]


def _quantile(profiles: Sequence[Profile], weights: Sequence[float], p: float, observed: float) -> float:
    """The number in no list below which ``p`` of the model-averaged probability lies."""
    low, high = 0.0, math.log1p(_LARGEST * (observed + 1))
    if pooled_root(profiles, weights, 0.0) >= p:
        return 0.0
    if pooled_root(profiles, weights, math.expm1(high)) < p:
        return math.inf
    while high - low > 1e-5:
        middle = (low + high) / 2
        low, high = (middle, high) if pooled_root(profiles, weights, math.expm1(middle)) < p else (low, middle)
    return math.expm1((low + high) / 2)


def _chao(counts: NDArray[np.float64], lists: int) -> float | None:
    """Chao's lower bound for lists of different coverage (Chao 1987, doi:10.2307/2531532; as a log-linear model:
    Rivest & Baillargeon 2007, *Biometrics* 63, 999-1006): only events in one or two lists tell of others.
    """
    cells = chao_cells(lists)
    matrix, seen = design(lists)[cells][1:], counts[cells][1:]
    return float(counts.sum()) + math.exp(fit(matrix, seen).coefficients[0]) if mle_exists(matrix, seen) else None


def _doubts(rows: Sequence[ModelRow], criterion: Literal["aic", "bic"], trust: Trust) -> list[str]:
    """Why models are not to be trusted."""
    told = [row for row in rows if row.estimate is not None]
    if not told:
        return ["no model has an estimate: too many histories were never seen"]
    best = told[0]
    reasons = []
    if best.p_value is None:
        reasons.append("only the model with every interaction fits best, and nothing is left to test it by")
    elif best.p_value < trust.least_fit:
        reasons.append(f"not even the best model fits (deviance {best.deviance:.1f}, p = {best.p_value:.2g})")
    near = [row.estimate for row in told if _score(row, criterion) - _score(best, criterion) <= _CLOSE]
    close = [number for number in near if number is not None]
    if max(close) > trust.most_ratio * min(close):
        reasons.append(f"models that fit about as well differ widely: {min(close):,.0f} to {max(close):,.0f}")
    missing = len(rows) - len(told)
    if missing * 2 > len(rows):
        reasons.append(f"{missing} of {len(rows)} models have no estimate: too many histories were never seen")
    return reasons
