"""The clusters that follow from a reconciliation, and the file that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.evidence.columns import write_parts
from marsad.evidence.engine.tables import arrow_column, joined, repeated, replaced, taken
from marsad.model import content_hash
from marsad.reconcile.components import label_records
from marsad.reconcile.core import Reconciled

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Clustered"]

_PART = 500_000


@dataclass(frozen=True)
class Clustered:
    """The clusters of all records.

    Attributes:
        labels: the cluster of each record, the tables one after the other.
        tables: the table of each record.
        records: of each, as Arrow.
        ids: the source's own identifier of each, otherwise the record, likewise.
        keys: the record, with the number of its table where another table has that record too, likewise.
        names: the tables' datasets.
        dropped: how many pairs were dropped because they would have put two records of one source into one cluster.
    """

    labels: NDArray[np.int64]
    tables: NDArray[np.integer[Any]]
    records: Any
    ids: Any
    keys: Any
    names: tuple[str, ...]
    dropped: int

    @classmethod
    def of(cls, made: Reconciled) -> Clustered:
        """The clusters of all records of a reconciliation."""
        sizes = [len(side) for side in made.sides]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        ends, weights, judged = [], [], []
        for link in made.links:
            same = link.decision == 2
            pair = (starts[link.left_table] + link.left[same], starts[link.right_table] + link.right[same])
            ends.append(np.stack(pair, axis=1))
            weights.append(link.probability[same])
            judged.append((link.judged | link.duplicate)[same])  # a record that reports an event twice stays with it
        tables = np.repeat(np.arange(len(sizes)).astype(np.min_scalar_type(len(sizes))), sizes)
        labels, dropped = label_records(
            np.concatenate(ends).astype(np.int64),
            _apart(made, starts),
            probability=np.concatenate(weights),
            judged=np.concatenate(judged),
            datasets=tables,
        )
        records, ids = (joined([side.column(name) for side in made.sides]) for name in ("record", "id"))
        names = tuple(_dataset(side, number) for number, side in enumerate(made.sides))
        return cls(labels, tables, records, ids, _keys(records, tables), names, len(dropped))

    @property
    def starts(self) -> list[int]:
        """The place of each table's first record."""
        sizes = np.bincount(self.tables, minlength=len(self.names))
        return [0, *np.cumsum(sizes)[:-1].tolist()]

    @cached_property
    def identifiers(self) -> Any:
        """The identifier of each cluster, a hash of the sorted keys of its members, as Arrow."""
        parts = []
        for rows, clusters in self._parts():
            keys = taken(self.keys, rows).to_pylist()
            bounds = np.searchsorted(self.labels[rows], np.arange(clusters.start, clusters.stop + 1)).tolist()
            parts.append(arrow_column([content_hash(*sorted(keys[a:b])) for a, b in pairwise(bounds)]))
        return joined(parts)

    def write(self, output: Path) -> None:
        """``clusters.csv``: each record with its cluster, clusters in order of their first records."""
        write_parts(output / "clusters.csv", (self._columns(rows) for rows, _ in self._parts()))

    def _columns(self, rows: NDArray[np.int64]) -> dict[str, Any]:
        clusters = self.labels[rows]
        return {
            "cluster": taken(self.identifiers, clusters),
            "size": self._sizes[clusters],
            "dataset": taken(arrow_column(list(self.names)), self.tables[rows].astype(np.int64)),
            "id": self._ids(rows),
            "record": taken(self.records, rows),
        }

    def _ids(self, rows: NDArray[np.int64]) -> Any:
        """The sources' own identifiers, a key where a record has none of its own."""
        ids, records, keys = (taken(column, rows) for column in (self.ids, self.records, self.keys))
        if self.keys is self.records:
            return ids
        told = zip(ids.to_pylist(), records.to_pylist(), keys.to_pylist(), strict=True)
        return arrow_column([key if name == record else name for name, record, key in told])

    @cached_property
    def _sizes(self) -> NDArray[np.int64]:
        return np.bincount(self.labels)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self.labels, kind="stable")  # each table's records are in order already

    def _parts(self) -> Iterator[tuple[NDArray[np.int64], range]]:
        """The records by cluster, some clusters at a time; without any, one part without records."""
        ends = np.cumsum(self._sizes)
        for first in range(0, max(len(ends), 1), _PART):
            some = range(first, min(first + _PART, len(ends)))
            yield self._order[ends[first - 1] if first else 0 : ends[some[-1]] if some else 0], some

    def summary(self) -> dict[str, Any]:
        """How many records, events and clusters of which size there are."""
        several = np.bincount(self._sizes)[2:]
        return {
            "records": len(self.labels),
            "events": len(self._sizes),
            "clusters by size": {str(size): int(count) for size, count in enumerate(several, 2) if count},
            "pairs dropped": self.dropped,
        }


def _keys(records: Any, tables: NDArray[np.integer[Any]]) -> Any:
    """A key for each record; two releases of one dataset may hold the same record."""
    several = np.flatnonzero(repeated(records))
    if not len(several):
        return records
    names = zip(taken(records, several).to_pylist(), tables[several].tolist(), strict=True)
    return replaced(records, several, [f"{record}/{table + 1}" for record, table in names])


def _dataset(side: Any, number: int) -> str:
    """The dataset of a table; its number where the table has several."""
    found = sorted(str(name) for (name,) in side.codes("dataset")[1])
    return found[0] if len(found) == 1 else f"table {number + 1}"


def _apart(made: Reconciled, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The pairs that people said are not one event, or of which one is part of the other."""
    found = []
    for link in made.links:
        mask = (link.judged & (link.decision == 0)) | (link.decision == 3)
        pair = (starts[link.left_table] + link.left[mask], starts[link.right_table] + link.right[mask])
        found.append(np.stack(pair, axis=1))
    return np.concatenate(found).astype(np.int64)
