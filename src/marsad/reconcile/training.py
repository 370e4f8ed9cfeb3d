"""Fitting a scorer on labelled pairs, with an honest measure of what it will do on others.

The measure is cross-validated by incident: all pairs of a left record stand in one fold. Every fold's model scores the
whole two sources, whose records compete and are assigned one to one, and is judged on the incidents it has not seen; a
pair that it calls the same and that is not labelled so counts as an error, whether it was labelled or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.reconcile.deciding import Duplicates, choose
from marsad.reconcile.scoring import Model, fit_calibration, fit_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.comparing import Compared

__all__ = ["Labels", "Measured", "cross_validate", "fit_model"]

_FOLDS = 5
_AS_GOOD = 0.003
_GRID = np.linspace(0.02, 0.98, 49)


@dataclass(frozen=True, slots=True)
class Labels:
    """Judgements on pairs of two sources.

    Attributes:
        same, different, unsure: pairs of left and right record numbers.
        judged: left records of which every same pair is labelled; predictions for others are not judged.
        total: how many same pairs there are, those outside the candidates included.
    """

    same: frozenset[tuple[int, int]]
    different: frozenset[tuple[int, int]]
    unsure: frozenset[tuple[int, int]]
    judged: frozenset[int]
    total: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Precision and recall over repeated splits.

    Attributes:
        threshold: least probability of a pair that counts as the same.
        precision, recall: mean over the repetitions.
        precision_spread, recall_spread: standard deviation over the repetitions.
        logits: mean cross-validated log-odds of the pairs of judged records, NaN for others.
    """

    threshold: float
    precision: float
    recall: float
    precision_spread: float
    recall_spread: float
    logits: NDArray[np.float64]


def cross_validate(
    compared: Compared,
    within: tuple[Compared | None, Compared | None],
    labels: Labels,
    *,
    repetitions: int = 20,
    spread: float = 0.6,
) -> tuple[list[Measured], tuple[float, float]]:
    """Measure the scorer on incidents that it has not seen, at every threshold of a grid.

    Args:
        compared: the pairs of the two sources, not screened.
        within: the pairs within each source, for duplicates; None where that cannot be told.
        labels: the judgements.
        repetitions: how many times the incidents are split anew; the split's number is its seed.
        spread: of the prior, see ``fit_weights``.

    Returns:
        The measures, by threshold, and slope and offset of the calibration.
    """
    truth, scored = _truth(compared, labels)
    runs, logits = [], []
    for seed in range(repetitions):
        run = _one_run(compared, within, truth, scored, seed, spread)
        runs.append(run)
        logits.append(run[0])
    mean = np.mean(logits, axis=0)
    sure = scored & (truth >= 0)
    slope, offset = fit_calibration(
        np.concatenate([run[0][sure] for run in runs]), np.tile((truth[sure] == 1).astype(np.float64), repetitions)
    )
    frame = Model((), (), slope=slope, offset=offset)
    return [_measure(frame, runs, truth, scored, float(t), labels.total, mean) for t in _GRID], (slope, offset)


def _truth(compared: Compared, labels: Labels) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """1 same, 0 labelled not, -1 unsure, -2 not labelled, and whether the pair's left record was judged."""
    known = {
        pair: value for pairs, value in ((labels.same, 1), (labels.different, 0), (labels.unsure, -1)) for pair in pairs
    }
    pairs = zip(compared.left.tolist(), compared.right.tolist(), strict=True)
    truth = np.array([known.get(pair, -2) for pair in pairs], dtype=np.int64)
    return truth, np.isin(compared.left, np.array(sorted(labels.judged), dtype=np.int64))


def _one_run(
    compared: Compared,
    within: tuple[Compared | None, Compared | None],
    truth: NDArray[np.int64],
    scored: NDArray[np.bool_],
    seed: int,
    spread: float,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    incidents = np.unique(compared.left[scored])
    fold = np.full(int(compared.left.max()) + 1, -1)
    fold[np.random.default_rng(seed).permutation(incidents)] = np.arange(len(incidents)) % _FOLDS
    logits, taken = np.full(len(truth), np.nan), np.zeros(len(truth), dtype=bool)
    for held_out in range(_FOLDS):
        here = fold[compared.left] == held_out
        train = scored & ~here & (truth >= 0)
        model = fit_weights(compared.kept(train).columns, (truth[train] == 1).astype(np.float64), spread=spread)
        pairs = choose(compared, model.logits(compared.columns), _duplicates(within, model), least=-1.0)
        logits[here] = pairs.logits[here]
        taken[here] = (pairs.chosen | pairs.duplicate)[here]
    return logits, taken


def _duplicates(within: tuple[Compared | None, Compared | None], model: Model) -> tuple[Duplicates, Duplicates]:
    found = []
    for pairs in within:
        if pairs is None:
            found.append(Duplicates.of(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)))
            continue
        near = model.logits(pairs.columns) >= model.duplicate
        found.append(Duplicates.of(pairs.left[near], pairs.right[near]))
    return found[0], found[1]


def _measure(
    frame: Model,
    runs: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]],
    truth: NDArray[np.int64],
    scored: NDArray[np.bool_],
    threshold: float,
    total: int,
    mean: NDArray[np.float64],
) -> Measured:
    figures = []
    for logits, taken in runs:
        said = taken & scored & (np.nan_to_num(frame.calibrated(logits)) >= threshold) & (truth != -1)
        right = float((said & (truth == 1)).sum())
        figures.append((right / max(float(said.sum()), 1.0), right / max(total, 1)))
    precision, recall = np.array(figures).T
    return Measured(
        threshold, float(precision.mean()), float(recall.mean()), float(precision.std()), float(recall.std()), mean
    )


def fit_model(
    compared: Compared,
    within: tuple[Compared | None, Compared | None],
    labels: Labels,
    *,
    provenance: Mapping[str, Any],
    simulated: tuple[Mapping[str, NDArray[np.float64]], NDArray[np.bool_]] | None = None,
    spread: float = 0.6,
) -> tuple[Model, list[Measured]]:
    """Fit the scorer on all labelled pairs; calibration and threshold come from the cross-validation.

    The threshold is the highest of those whose cross-validated F1 is within ``0.003`` of the best.

    Args:
        compared: see ``cross_validate``.
        within: the same.
        labels: the same.
        spread: the same.
        provenance: what to say of the labels.
        simulated: features of further pairs without descriptions, and whether each is one event; the measure and the
            models that use descriptions know nothing of them.

    Raises:
        InputError: there are no pairs of both labels.
    """
    truth, scored = _truth(compared, labels)
    known = scored & (truth >= 0)
    if set(truth[known].tolist()) != {0, 1}:
        raise InputError("a scorer needs pairs labelled same and pairs labelled not among the candidates; label more")
    measured, (slope, offset) = cross_validate(compared, within, labels, spread=spread)
    scores = [2 * m.precision * m.recall / max(m.precision + m.recall, 1e-9) for m in measured]
    best = [m for m, score in zip(measured, scores, strict=True) if score >= max(scores) - _AS_GOOD][-1]
    columns, answers = compared.kept(known).columns, (truth[known] == 1).astype(np.float64)
    if simulated is not None:
        columns, answers = _beside(columns, simulated[0]), np.concatenate([answers, simulated[1].astype(np.float64)])
    model = fit_weights(columns, answers, spread=spread)
    told = {
        "precision": round(best.precision, 4),
        "recall": round(best.recall, 4),
        "precision_spread": round(best.precision_spread, 4),
        "recall_spread": round(best.recall_spread, 4),
    }
    return replace(
        model,
        slope=round(slope, 4),
        offset=round(offset, 4),
        threshold=round(best.threshold, 4),
        provenance={**provenance, "pairs": int(known.sum()), "cross_validated": told},
    ), measured


def _beside(
    columns: Mapping[str, NDArray[np.float64]], further: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    lacking = np.full(len(further["days"]), np.nan)
    return {name: np.concatenate([values, further.get(name, lacking)]) for name, values in columns.items()}
