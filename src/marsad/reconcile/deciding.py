"""From scored pairs to decisions: rivals, duplicates within a source, assignment, and what persons said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from marsad.reconcile.assigning import assign
from marsad.reconcile.scoring import compete

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.comparing import Compared

__all__ = ["KEPT", "PLAIN_JOINS", "Chosen", "Duplicates", "best_threshold", "choose", "no_duplicates", "plain_join"]

KEPT = -3.0
"""Least log-odds after the competition of a pair that the assignment considers."""
PLAIN_JOINS = ((2, 5.0), (2, 10.0), (2, 25.0), (2, 50.0), (1, 25.0))
"""Days and kilometres of the plain joins that ``best_threshold`` holds its own against."""
_AS_GOOD = 0.003
_MARGIN = 0.001


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Pairs of records of one source that report one event, in both directions, sorted.

    Attributes:
        record, other: numbers of the records, shape (directed pairs,).
    """

    record: NDArray[np.int64]
    other: NDArray[np.int64]

    @classmethod
    def of(cls, left: NDArray[np.int64], right: NDArray[np.int64]) -> Duplicates:
        """From undirected pairs."""
        record, other = np.concatenate([left, right]), np.concatenate([right, left])
        order = np.lexsort((other, record))
        return cls(record[order], other[order])


def no_duplicates() -> Duplicates:
    """A source without any."""
    nothing = np.zeros(0, dtype=np.int64)
    return Duplicates(nothing, nothing)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the assignment says of each pair, arrays of shape (pairs,).

    Attributes:
        logits: log-odds after the competition.
        chosen: whether the pair is in the assignment.
        duplicate: whether it is taken because a duplicate of its record is.
    """

    logits: NDArray[np.float64]
    chosen: NDArray[np.bool_]
    duplicate: NDArray[np.bool_] = field(repr=False)


def choose(
    compared: Compared,
    logits: NDArray[np.float64],
    duplicates: tuple[Duplicates, Duplicates],
    *,
    least: float,
    one_to_one: bool = True,
) -> Chosen:
    """Let pairs compete and take the best one-to-one assignment.

    A record that a duplicate of its own source has beaten to its counterpart is taken too: it reports the same event
    once more. Such a rival does not count against the pair.

    Args:
        compared: the pairs, sorted by left and right record.
        logits: their log-odds before the competition, -inf for a pair that may not be.
        duplicates: of the left and of the right source.
        least: log-odds from which a pair counts as taken, for the duplicates of its records.
        one_to_one: whether a record has at most one counterpart; without, there is no competition and every pair is
            taken.
    """
    nothing = np.zeros(len(logits), dtype=bool)
    if not one_to_one:
        return Chosen(logits, logits > -np.inf, nothing)
    ends = (compared.left, compared.right)
    twins = (_twins(ends[0], ends[1], duplicates[0]), _twins(ends[1], ends[0], duplicates[1]))
    rivalled = np.where(np.isneginf(logits), -np.inf, compete(logits, *ends, twins))
    chosen = assign(*ends, rivalled - KEPT)
    taken = chosen & (rivalled >= least)
    duplicate = nothing
    for n in (0, 1):
        near = np.zeros(len(logits), dtype=bool)
        near[twins[n][0][taken[twins[n][1]]]] = True
        free = ~np.isin(ends[n], ends[n][taken])
        duplicate = duplicate | (near & free & ~chosen & (rivalled >= least))
    return Chosen(rivalled, chosen, duplicate)


def _twins(own: NDArray[np.int64], counterpart: NDArray[np.int64], duplicates: Duplicates) -> NDArray[np.int64]:
    """Pairs, and the pairs of their record's duplicates with the same counterpart, shape (2, any)."""
    if not len(duplicates.record) or not len(own):
        return np.zeros((2, 0), dtype=np.int64)
    size = int(counterpart.max()) + 1
    order = np.argsort(own * size + counterpart, kind="stable")
    keys = (own * size + counterpart)[order]
    first = np.searchsorted(own[order], duplicates.record, side="left")
    count = np.searchsorted(own[order], duplicates.record, side="right") - first
    pair = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(count.sum())
    wanted = np.repeat(duplicates.other, count) * size + counterpart[order][pair]
    place = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    found = keys[place] == wanted
    return np.stack([order[pair[found]], order[place[found]]])


def best_threshold(compared: Compared, probability: NDArray[np.float64], chosen: NDArray[np.bool_]) -> float:
    """The threshold that follows from calibrated probabilities.

    From the probabilities follow how many of the pairs above a threshold are expected to be the same, and so the
    expected precision, recall and F1 of that threshold, and likewise those of a plain join (``plain_join``). Of the
    thresholds whose expected F1 is within 0.01 of the greatest, that one is taken which falls short of the plain
    joins the least, on precision and on recall, joins of a higher F1 counting more; of equals the one of greatest F1.
    So it is high where records are few and precision is cheap, and low in dense events, near where as many pairs are
    falsely taken as are missed.

    Args:
        compared: the pairs.
        probability: of each pair, calibrated, shape (pairs,).
        chosen: the pairs of the one-to-one assignment.

    Returns:
        The least probability of a pair that is the same; 0.5 where none is chosen.
    """
    order = np.flatnonzero(chosen)
    order = order[np.argsort(-probability[order], kind="stable")]
    there = float(probability.sum())
    if not len(order) or there <= 0:
        return 0.5
    values = probability[order]
    hits = np.cumsum(values)
    said = np.arange(1, len(order) + 1)
    precision, recall, f1 = hits / said, hits / there, 2.0 * hits / (said + there)
    short = np.zeros(len(order))
    for days, km in PLAIN_JOINS:
        theirs = probability[plain_join(compared, days, km)]
        if not theirs.sum() > 0:
            continue
        weight = (2.0 * theirs.sum() / (len(theirs) + there)) ** 3
        short += weight * (theirs.mean() + _MARGIN - precision).clip(min=0.0)
        short += weight * (theirs.sum() / there + _MARGIN - recall).clip(min=0.0)
    good = np.flatnonzero(f1 >= f1.max() - _AS_GOOD)
    best = good[np.lexsort((-f1[good], np.round(short[good], 6)))[0]]
    below = values[best + 1] if best + 1 < len(values) else 0.0
    return float((values[best] + below) / 2.0) if below < values[best] else float(values[best])


def plain_join(compared: Compared, days: int, km: float) -> NDArray[np.int64]:
    """The pairs that a plain join takes: those within some days and kilometres, greedily, the nearest first.

    Args:
        compared: the pairs.
        days: most days between the records.
        km: most kilometres between them.
    """
    apart = compared.columns["km"]
    near = (apart <= np.log1p(km / 10.0)) & (compared.columns["days"] <= np.log1p(days) + 1e-9)
    left = np.flatnonzero(near)
    left = left[np.lexsort((compared.columns["days"][left], apart[left]))]
    taken = []
    while len(left):
        first = [np.zeros(len(left), dtype=bool) for _ in range(2)]
        for mark, records in zip(first, (compared.left, compared.right), strict=True):
            mark[np.unique(records[left], return_index=True)[1]] = True
        both = left[first[0] & first[1]]
        taken.append(both)
        left = left[~np.isin(compared.left[left], compared.left[both])]
        left = left[~np.isin(compared.right[left], compared.right[both])]
    return np.concatenate(taken) if taken else left
