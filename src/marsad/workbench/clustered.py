"""The clusters that follow from a reconciliation, and the file that holds them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.evidence.columns import write_columns
from marsad.evidence.engine.tables import arrow_column, joined
from marsad.reconcile.clusters import cluster_ids
from marsad.reconcile.components import label_records
from marsad.reconcile.core import Reconciled

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Clustered"]


@dataclass(frozen=True)
class Clustered:
    """The clusters of all records.

    Attributes:
        labels: the cluster of each record, the tables one after the other.
        tables: the table of each record.
        records: of each.
        ids: the source's own identifier of each, otherwise the record, as Arrow.
        keys: the record, with the number of its table where another table has that record too.
        names: the tables' datasets.
        dropped: how many pairs were dropped because they would have put two records of one source into one cluster.
    """

    labels: NDArray[np.int64]
    tables: NDArray[np.int64]
    records: list[str]
    ids: Any
    keys: list[str]
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
        tables = np.repeat(np.arange(len(sizes)), sizes).astype(np.int64)
        labels, dropped = label_records(
            np.concatenate(ends).astype(np.int64),
            _apart(made, starts),
            probability=np.concatenate(weights),
            judged=np.concatenate(judged),
            datasets=tables,
        )
        records = [str(record) for side in made.sides for record in side.texts("record")]
        ids = joined([side.arrow.column("id") for side in made.sides])
        names = tuple(_dataset(side, number) for number, side in enumerate(made.sides))
        return cls(labels, tables, records, ids, _keys(records, tables), names, len(dropped))

    @property
    def starts(self) -> list[int]:
        """The place of each table's first record."""
        sizes = np.bincount(self.tables, minlength=len(self.names))
        return [0, *np.cumsum(sizes)[:-1].tolist()]

    def write(self, output: Path) -> None:
        """``clusters.csv``: each record with its cluster, clusters in order of their first records."""
        order = np.lexsort((self.tables, self.labels))
        by_key = sorted(range(len(self.keys)), key=self.keys.__getitem__)  # each table is in order already
        names = cluster_ids(self.labels[by_key], [self.keys[n] for n in by_key])
        sizes = np.bincount(self.labels)
        ordered, clusters = arrow_column(order), self.labels[order]
        ids = self.ids.take(ordered)
        if self.keys is not self.records:
            ids = [
                self.keys[n] if name == self.records[n] else name
                for n, name in zip(order.tolist(), ids.to_pylist(), strict=True)
            ]
        write_columns(
            output / "clusters.csv",
            {
                "cluster": arrow_column(names).take(arrow_column(clusters)),
                "size": sizes[clusters],
                "dataset": arrow_column(list(self.names)).take(arrow_column(self.tables[order])),
                "id": ids,
                "record": arrow_column(self.records).take(ordered),
            },
        )

    def summary(self) -> dict[str, Any]:
        """How many records, events and clusters of which size there are."""
        sizes = np.bincount(self.labels)
        several = np.bincount(sizes)[2:]
        return {
            "records": len(self.labels),
            "events": len(sizes),
            "clusters by size": {str(size): int(count) for size, count in enumerate(several, 2) if count},
            "pairs dropped": self.dropped,
        }


def _keys(records: list[str], tables: NDArray[np.int64]) -> list[str]:
    """A key for each record; two releases of one dataset may hold the same record."""
    counts = Counter(records)
    if len(counts) == len(records):
        return records
    return [
        record if counts[record] == 1 else f"{record}/{table + 1}"
        for record, table in zip(records, tables.tolist(), strict=True)
    ]


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
