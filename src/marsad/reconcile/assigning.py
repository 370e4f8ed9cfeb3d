"""One-to-one assignment: which pairs to take so that no record is taken twice and the weights add up to the most.

Pairs that are surely in the best assignment are taken at once; what is left falls into connected components, which are
small and are solved exactly (Jonker and Volgenant 1987, doi:10.1007/BF02278710, as in scipy). A component of more than
``EXACT`` records on its smaller side is assigned greedily, the heaviest pair first: its sum is at least half of the
best (Preis 1999).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from marsad.reconcile.components import components

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EXACT", "assign"]

EXACT = 1500
"""Components with at most so many records on either side are assigned exactly."""
_ROUNDS = 50
_SMALL = 12


def assign(left: NDArray[np.int64], right: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Choose the pairs of the heaviest one-to-one assignment.

    Args:
        left: numbers of the records of each pair, shape (pairs,); a pair may stand there once only.
        right: the same of the right.
        weights: of each pair; those of 0 and less are never chosen.

    Returns:
        Whether each pair is chosen, shape (pairs,). Of equally heavy assignments, always the same one.
    """
    chosen = np.zeros(len(left), dtype=bool)
    open_pairs = np.flatnonzero(weights > 0)
    for _ in range(_ROUNDS):
        if not len(open_pairs):
            return chosen
        sure = _sure(left[open_pairs], right[open_pairs], weights[open_pairs])
        if not sure.any():
            break
        taken = open_pairs[sure]
        chosen[taken] = True
        gone = _marks(left, left[taken])[left[open_pairs]] | _marks(right, right[taken])[right[open_pairs]]
        open_pairs = open_pairs[~gone]
    _solve_components(left, right, weights, open_pairs, chosen)
    return chosen


def _marks(records: NDArray[np.int64], marked: NDArray[np.int64]) -> NDArray[np.bool_]:
    marks = np.zeros(int(records.max(initial=-1)) + 1, dtype=bool)
    marks[marked] = True
    return marks


def _sure(left: NDArray[np.int64], right: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pairs heavier than the best rivals of both records together: every best assignment holds them."""
    rivals = _best_other(left, weights) + _best_other(right, weights)
    return weights > rivals


def _best_other(records: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each pair the heaviest weight among the other pairs of its record; 0 where it has none."""
    size = int(records.max()) + 1
    best, runner_up = np.zeros(size), np.zeros(size)
    np.maximum.at(best, records, weights)
    heaviest = np.flatnonzero(weights == best[records])[::-1]
    best_pair = np.full(size, -1, dtype=np.int64)
    best_pair[records[heaviest]] = heaviest  # of equal ones the first
    others = weights.copy()
    others[best_pair[best_pair >= 0]] = 0.0
    np.maximum.at(runner_up, records, others)
    is_best = best_pair[records] == np.arange(len(records))
    return np.where(is_best, runner_up[records], best[records])


def _solve_components(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weights: NDArray[np.float64],
    pairs: NDArray[np.int64],
    chosen: NDArray[np.bool_],
) -> None:
    """Assign what is left, component by component, into ``chosen``."""
    if not len(pairs):
        return
    rows, row = np.unique(left[pairs], return_inverse=True)
    columns, column = np.unique(right[pairs], return_inverse=True)
    ends = np.stack([row, column + len(rows)], axis=1).astype(np.int64)
    labels = components(len(rows) + len(columns), ends)[row]
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    for part in np.split(order, bounds):
        here, there = np.unique(row[part], return_inverse=True), np.unique(column[part], return_inverse=True)
        if max(len(here[0]), len(there[0])) > EXACT:
            chosen[pairs[part[_greedy(row[part], column[part], weights[pairs[part]])]]] = True
            continue
        gain = np.zeros((len(here[0]), len(there[0])))
        gain[here[1], there[1]] = weights[pairs[part]]
        place = np.full(gain.shape, -1, dtype=np.int64)
        place[here[1], there[1]] = pairs[part]
        taken = place[_heaviest(gain)]
        chosen[taken[taken >= 0]] = True


def _heaviest(gain: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the heaviest assignment of a matrix; scipy is loaded only where it is large."""
    if max(gain.shape) > _SMALL:
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to import, seldom needed

        rows, columns = linear_sum_assignment(gain, maximize=True)
        return rows, columns
    if gain.shape[0] > gain.shape[1]:
        columns, rows = _heaviest(gain.T)
        return rows, columns
    costs = (gain.max() - gain).tolist()
    return np.arange(len(costs)), np.array(_cheapest(costs), dtype=np.int64)


def _cheapest(costs: list[list[float]]) -> list[int]:
    """The column of each row in the cheapest assignment, by shortest augmenting paths; no more rows than columns."""
    width = len(costs[0])
    row_price, column_price = [0.0] * len(costs), [0.0] * (width + 1)
    owner = [-1] * (width + 1)  # the row that has each column; the last place is that of the row to be placed
    for new in range(len(costs)):
        owner[width] = new
        least, before, reached = [float("inf")] * width, [width] * width, [False] * (width + 1)
        here = width
        while owner[here] >= 0:
            reached[here] = True
            row = owner[here]
            for column in range(width):
                reduced = costs[row][column] - row_price[row] - column_price[column]
                if not reached[column] and reduced < least[column]:
                    least[column], before[column] = reduced, here
            onward = min((c for c in range(width) if not reached[c]), key=least.__getitem__)
            step = least[onward]
            for column in range(width + 1):
                if reached[column]:
                    row_price[owner[column]] += step
                    column_price[column] -= step
                elif column < width:
                    least[column] -= step
            here = onward
        while here != width:
            owner[here], here = owner[before[here]], before[here]
    return [owner[:width].index(row) for row in range(len(costs))]


def _greedy(left: NDArray[np.int64], right: NDArray[np.int64], weights: NDArray[np.float64]) -> list[int]:
    used: set[tuple[int, int]] = set()
    chosen = []
    for pair in np.lexsort((right, left, -weights)).tolist():
        ends = {(0, int(left[pair])), (1, int(right[pair]))}
        if not used & ends:
            used |= ends
            chosen.append(pair)
    return chosen
