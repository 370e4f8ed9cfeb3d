"""The scorer: nested logistic regressions on the explained features, a competition between rivals, and a calibration.

A pair's log-odds are those of a logistic regression for what both records say (Fellegi and Sunter 1969,
doi:10.1080/01621459.1969.10501049, with the weights fitted together instead of one by one). Weights have a normal
prior and may not contradict the sense of their feature, since labelled pairs are few.

The odds of a pair then compete with those of its rivals, the other pairs of either record, since a record has at most
one counterpart in another register. A Platt scaling (1999) fitted on
cross-validated predictions makes it a probability.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.reconcile.features import FEATURES, NESTED, known_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Model", "compete", "default_model", "fit_calibration", "fit_weights", "load_model", "save_model", "sigmoid"]

_LIMIT = 30.0
_STEPS = 100
_ROUNDS = 12
_PATTERNS = 1 << len(NESTED)


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted scorer.

    Attributes:
        intercepts: log-odds of a pair without any evidence, one for each pattern of known groups.
        weights: log-odds for one unit of each feature, a row for each pattern; 0 where the pattern lacks the group.
        slope, offset: the calibration: probability = 1 / (1 + exp(-(slope * logit + offset))).
        threshold: least probability of a pair that is decided ``same``.
        review_band: least and greatest probability of a pair that a person should look at.
        duplicate: least log-odds of two records of one source for being taken as the same record.
        provenance: what it was fitted on, how, and what was measured.
    """

    intercepts: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5
    review_band: tuple[float, float] = (0.1, 0.9)
    duplicate: float = 1.0
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def logits(self, columns: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Log-odds of each pair before the competition, shape (pairs,).

        Args:
            columns: features by name, NaN where a record lacks the data; those not there count as lacking.
        """
        pattern = known_groups(columns)
        total: NDArray[np.float64] = np.asarray(self.intercepts)[pattern]
        weights = np.asarray(self.weights)
        for number, feature in enumerate(FEATURES):
            if feature.name in columns:
                total += np.nan_to_num(columns[feature.name]) * weights[pattern, number]
        return total

    def calibrated(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities of log-odds after the competition."""
        return sigmoid(self.slope * logits + self.offset)

    def logit_of(self, probability: float) -> float:
        """The log-odds after the competition that are calibrated to a probability."""
        odds = float(np.clip(probability, 1e-12, 1.0 - 1e-12))
        return (float(np.log(odds / (1.0 - odds))) - self.offset) / max(self.slope, 1e-6)


def sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), without overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(logits, -700.0, 700.0)))


def compete(
    logits: NDArray[np.float64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    pardoned: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
) -> NDArray[np.float64]:
    """Log-odds of each pair where a record has at most one counterpart.

    The marginals of the distribution over all one-to-one assignments, a pair adding its odds, by belief propagation
    (Huang and Jebara 2009, arXiv:0908.1769): a rival counts less, the surer it is taken elsewhere. Exact where the
    pairs form a forest.

    Args:
        logits: log-odds of each pair, shape (pairs,).
        left: numbers of the records of each pair, shape (pairs,).
        right: the same of the right.
        pardoned: pairs, and rivals at their right record (then at their left one) that do not count against them since
            their records are duplicates; two arrays of shape (2, any).

    Returns:
        The log-odds, shape (pairs,).
    """
    odds = np.exp(np.clip(logits, -_LIMIT, _LIMIT))
    onward = back = odds
    pardons = (np.zeros((2, 0), dtype=np.int64),) * 2 if pardoned is None else pardoned
    for _ in range(_ROUNDS):
        onward = odds / (1.0 + _others(left, back, pardons[1]))
        back = odds / (1.0 + _others(right, onward, pardons[0]))
    onward = odds / (1.0 + _others(left, back, pardons[1]))
    return np.log(onward) + np.log(back) - np.log(odds)


def _others(records: NDArray[np.int64], values: NDArray[np.float64], pardons: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each pair the sum of a value over the other pairs of its record, pardoned ones left out."""
    total = np.bincount(records, values)[records] - values if len(records) else values
    if pardons.shape[1]:
        total = total - np.bincount(pardons[0], values[pardons[1]], minlength=len(values))
    return total.clip(min=0.0)


def fit_weights(
    columns: Mapping[str, NDArray[np.float64]], labels: NDArray[np.float64], *, spread: float = 0.6
) -> Model:
    """Fit the nested regressions on labelled pairs.

    Every model is fitted on all pairs that have the data which it needs, so that a model with fewer groups learns from
    the same pairs with the others left out. Where no pair has them, the weights are those of the prior.

    Args:
        columns: features by name, NaN where a record lacks the data.
        labels: 1 for the same event, 0 for not, shape (pairs,).
        spread: standard deviation of the prior of every weight.
    """
    matrix = np.column_stack([np.nan_to_num(_column(columns, f.name, len(labels))) for f in FEATURES])
    known = known_groups(columns)
    intercepts, weights = [], []
    for pattern in range(_PATTERNS):
        groups = {"", "time", *(group for bit, group in enumerate(NESTED) if pattern >> bit & 1)}
        used = np.array([f.group in groups for f in FEATURES])
        rows = (known & pattern) == pattern
        intercept, row = _regression(matrix[rows], labels[rows], used, spread)
        intercepts.append(round(intercept, 4))
        weights.append(tuple(round(float(value), 4) for value in row))
    return Model(tuple(intercepts), tuple(weights))


def _column(columns: Mapping[str, NDArray[np.float64]], name: str, count: int) -> NDArray[np.float64]:
    return columns[name] if name in columns else np.full(count, np.nan)


def _regression(
    matrix: NDArray[np.float64], labels: NDArray[np.float64], used: NDArray[np.bool_], spread: float
) -> tuple[float, NDArray[np.float64]]:
    """Most probable weights under the prior; a weight against the sense of its feature is 0."""
    prior = np.array([feature.prior for feature in FEATURES])
    sense = np.array([feature.sense for feature in FEATURES])
    free = used.copy()
    while True:
        weights = np.zeros(len(FEATURES))
        solved = _newton(matrix[:, free], labels, prior[free], spread)
        weights[free] = solved[1:]
        wrong = free & (weights * sense < 0)
        if not wrong.any():
            return float(solved[0]), weights
        free[np.argmin(np.where(wrong, weights * sense, np.inf))] = False


def _newton(
    matrix: NDArray[np.float64], labels: NDArray[np.float64], prior: NDArray[np.float64], spread: float
) -> NDArray[np.float64]:
    """Intercept and weights by Newton's method, steps halved until the penalised likelihood rises."""
    design = np.column_stack([np.ones(len(labels)), matrix])
    centre = np.concatenate([[-1.0], prior])
    precision = np.concatenate([[1e-3 if len(labels) else 1.0], np.full(len(prior), spread**-2)])

    def loss(weights: NDArray[np.float64]) -> float:
        logits = design @ weights
        fit = np.logaddexp(0.0, logits).sum() - labels @ logits
        return float(fit + 0.5 * precision @ (weights - centre) ** 2)

    weights = centre.copy()
    for _ in range(_STEPS):
        p = sigmoid(design @ weights)
        gradient = design.T @ (p - labels) + precision * (weights - centre)
        curvature = (design * (p * (1.0 - p))[:, None]).T @ design + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while loss(weights - size * step) > loss(weights) and size > 1e-6:
            size /= 2.0
        weights = weights - size * step
        if np.abs(step).max() * size < 1e-9:
            break
    return weights


def fit_calibration(logits: NDArray[np.float64], labels: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset of a Platt scaling, with Platt's smoothed targets; the slope is never negative."""
    positives, negatives = float(labels.sum()), float((1.0 - labels).sum())
    target = np.where(labels > 0.5, (positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0))
    design = np.column_stack([logits, np.ones(len(logits))])
    weights = np.array([1.0, 0.0])
    for _ in range(_STEPS):
        p = sigmoid(design @ weights)
        curvature = (design * (p * (1.0 - p))[:, None]).T @ design + 1e-3 * np.eye(2)
        step = np.linalg.solve(curvature, design.T @ (p - target) + 1e-3 * (weights - np.array([1.0, 0.0])))
        weights = weights - np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    return max(float(weights[0]), 0.0), float(weights[1])


def save_model(model: Model, path: Path) -> None:
    """Write a model as JSON, with its features named."""
    from marsad.evidence.files import write_atomically  # noqa: PLC0415 - reading needs none of it

    content = {"features": [feature.name for feature in FEATURES], "groups": list(NESTED), **asdict(model)}
    write_atomically(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def load_model(path: Path) -> Model:
    """Read a model that ``save_model`` wrote.

    Raises:
        InputError: the file is missing, no model, or of other features.
    """
    try:
        return _model(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: no scorer of this version ({error}); fit it again") from error


def default_model() -> Model:
    """The packaged scorer; its provenance says what it was fitted on."""
    return _model(json.loads(files("marsad.reconcile").joinpath("default_model.json").read_text("utf-8")))


def _model(content: Mapping[str, Any]) -> Model:
    if content["features"] != [feature.name for feature in FEATURES] or content["groups"] != list(NESTED):
        raise ValueError("its features are others")
    weights = tuple(_numbers(row, len(FEATURES)) for row in content["weights"])
    if len(weights) != _PATTERNS:
        raise ValueError(f"{len(weights)} of {_PATTERNS} rows of weights")
    low, high = _numbers(content["review_band"], 2)
    numbers = _numbers([content["slope"], content["offset"], content["threshold"]], 3)
    return Model(
        _numbers(content["intercepts"], _PATTERNS),
        weights,
        slope=numbers[0],
        offset=numbers[1],
        threshold=numbers[2],
        review_band=(low, high),
        duplicate=float(content["duplicate"]),
        provenance=content["provenance"],
    )


def _numbers(values: Sequence[Any], count: int) -> tuple[float, ...]:
    numbers = tuple(float(value) for value in values)
    if len(numbers) != count or not np.isfinite(numbers).all():
        raise ValueError(f"{count} finite numbers wanted")
    return numbers
