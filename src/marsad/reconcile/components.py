"""Connected components under constraints, on arrays."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Conflicting", "Dropped", "components", "label_records"]


class Conflicting(StrEnum):
    """Why two records may not meet: they are of one dataset, or a pair of them is kept apart."""

    DATASET = "dataset"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A pair that was not joined.

    Attributes:
        pair: its place among the pairs.
        reason: why.
        meeting: the two records that it would have brought together, the lower number first.
        chain: the records from one of these to the other over the dropped pair.
    """

    pair: int
    reason: Conflicting
    meeting: tuple[int, int]
    chain: tuple[int, ...]


def label_records(
    ends: NDArray[np.int64],
    apart: NDArray[np.int64],
    *,
    probability: NDArray[np.float64],
    judged: NDArray[np.bool_],
    datasets: NDArray[np.integer[Any]],
    one_to_one: bool = True,
) -> tuple[NDArray[np.int64], tuple[Dropped, ...]]:
    """Number the records by cluster, so that no rule is broken (``marsad.reconcile.clusters`` says which there are).

    Components that break none are found in one step, and only the others are joined pair by pair; that takes
    O(p log p) for p pairs in such components. Of two equally strong pairs, the one of lower numbers goes first.

    Args:
        ends: the pairs decided ``same``, shape (pairs, 2): numbers of records.
        apart: the pairs that may not meet, shape (any, 2).
        probability: of each pair in ``ends``, shape (pairs,).
        judged: whether a person decided it, shape (pairs,); such pairs are stronger than all others.
        datasets: the dataset of each record as a number, shape (records,).
        one_to_one: whether a cluster holds at most one record of a dataset, where no judged pairs join them.

    Returns:
        The cluster of each record, shape (records,), numbered from 0 in the order of their first records; and the
        pairs that were dropped, the strongest first.
    """
    count = len(datasets)
    labels = components(count, ends)
    broken = _broken(labels, datasets, apart, one_to_one=one_to_one)
    within = np.flatnonzero(broken[labels[ends[:, 0]]]) if len(ends) else np.zeros(0, dtype=np.int64)
    if not len(within):
        return _numbered(labels), ()
    order = within[np.lexsort((ends[within, 1], ends[within, 0], -probability[within], ~judged[within]))]
    forest = _Forest(datasets, apart, one_to_one=one_to_one)
    dropped = []
    for pair in order.tolist():
        left, right = ends[pair].tolist()
        clash = forest.try_to_join(left, right, judged=bool(judged[pair]))
        if clash is not None:
            dropped.append((pair, *clash))
    kept = np.ones(len(ends), dtype=bool)
    kept[[pair for pair, *_ in dropped]] = False
    found = [Dropped(pair, why, two, forest.chain(ends[pair].tolist(), two)) for pair, why, two in dropped]
    return _numbered(components(count, ends[kept])), tuple(found)


def components(count: int, ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The connected component of each of ``count`` records, as the least number in it; ``ends`` of shape (pairs, 2)."""
    labels = np.arange(count, dtype=np.int64)
    while len(ends):
        roots = labels[ends]
        apart = roots[:, 0] != roots[:, 1]
        ends, roots = ends[apart], roots[apart]
        np.minimum.at(labels, roots.max(axis=1, initial=0), roots.min(axis=1, initial=count))
        onward = labels[labels]
        while not np.array_equal(onward, labels):
            labels, onward = onward, onward[onward]
    return labels


def _numbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same components, numbered in the order of their first records."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _broken(
    labels: NDArray[np.int64], datasets: NDArray[np.integer[Any]], apart: NDArray[np.int64], *, one_to_one: bool
) -> NDArray[np.bool_]:
    """Which components hold two records that may not meet."""
    broken = np.zeros(int(labels.max(initial=-1)) + 1, dtype=bool)
    if one_to_one and len(labels):
        order = np.lexsort((datasets, labels))
        a, d = labels[order], datasets[order]
        broken[a[1:][(a[1:] == a[:-1]) & (d[1:] == d[:-1])]] = True
    if len(apart):
        left, right = labels[apart[:, 0]], labels[apart[:, 1]]
        broken[left[left == right]] = True
    return broken


class _Forest:
    """Trees of records that grow pair by pair, each tree knowing whom it may not meet."""

    def __init__(self, datasets: NDArray[np.integer[Any]], apart: NDArray[np.int64], *, one_to_one: bool) -> None:
        self._datasets = datasets
        self._one_to_one = one_to_one
        self._apart: dict[int, set[int]] = {}
        for left, right in apart.tolist():
            self._apart.setdefault(left, set()).add(right)
            self._apart.setdefault(right, set()).add(left)
        self._root: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._held: dict[int, dict[int, int]] = {}
        self._joined: dict[int, list[int]] = {}

    def try_to_join(self, left: int, right: int, *, judged: bool) -> tuple[Conflicting, tuple[int, int]] | None:
        """Join the trees of two records, or say which two others may not meet and why."""
        small, large = sorted((self._find(left), self._find(right)), key=lambda root: len(self._members[root]))
        if small == large:
            return None
        clash = self._clash(small, large, judged=judged)
        if clash is not None:
            return clash
        for member in self._members[small]:
            self._root[member] = large
        self._members[large] += self._members.pop(small)
        self._held[large] = self._held.pop(small) | self._held[large]
        self._joined.setdefault(left, []).append(right)
        self._joined.setdefault(right, []).append(left)
        return None

    def chain(self, pair: list[int], meeting: tuple[int, int]) -> tuple[int, ...]:
        """From the first of two records to the second, over a pair that was not joined."""
        left, right = pair
        for a, b in ((left, right), (right, left)):
            start, end = self._path(meeting[0], a), self._path(b, meeting[1])
            if start and end:
                return (*start, *end)
        return (left, right)

    def _find(self, record: int) -> int:
        if record not in self._root:
            self._root[record] = record
            self._members[record] = [record]
            self._held[record] = {int(self._datasets[record]): record}
        return self._root[record]

    def _clash(self, small: int, large: int, *, judged: bool) -> tuple[Conflicting, tuple[int, int]] | None:
        for member, other in self._kept_apart(small, large):
            return Conflicting.APART, (min(member, other), max(member, other))
        if self._one_to_one and not judged:
            first, second = self._held[small], self._held[large]
            for dataset in sorted(first.keys() & second.keys()):
                here = first[dataset], second[dataset]
                return Conflicting.DATASET, (min(here), max(here))
        return None

    def _kept_apart(self, small: int, large: int) -> Iterator[tuple[int, int]]:
        for member in sorted(self._members[small]):
            for other in sorted(self._apart.get(member, ())):
                if self._root.get(other) == large:
                    yield member, other

    def _path(self, start: int, end: int) -> tuple[int, ...]:
        """The records from one to another within a tree; empty where they are in different trees."""
        before: dict[int, int | None] = {start: None}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            if here == end:
                path: list[int] = []
                step: int | None = here
                while step is not None:
                    path.append(step)
                    step = before[step]
                return tuple(reversed(path))
            for other in self._joined.get(here, ()):
                if other not in before:
                    before[other] = here
                    waiting.append(other)
        return ()
