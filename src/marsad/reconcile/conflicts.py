"""Conflicts: where the sources of one event disagree, by how much, and who says what. Nothing is averaged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from marsad.evidence.engine.tables import arrow_column, dictionary_of, numpy_column, taken
from marsad.reconcile.agreement import FIELDS, Outcome, Prepared, Rules, Status, compare, pairs_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.clusters import Cluster

__all__ = [
    "UNITS",
    "Disagreement",
    "Disagreements",
    "Summary",
    "compare_clusters",
    "sign_test",
    "summarise",
    "values_of",
    "wilson",
]

UNITS = {"date": "days", "place": "km", "deaths": "people", "injured": "people"}
"""The unit of the differences of a field; the other fields have none."""

_SIGNED = ("date", "deaths", "injured")


class Disagreement(NamedTuple):
    """Two records of one event whose values of a field differ, or cannot be compared.

    Attributes:
        cluster: identifier of the cluster.
        field: which field.
        left, right: keys of the records.
        left_dataset, right_dataset: whose they are, in order of the alphabet.
        left_value, right_value: what each says.
        status: ``CONFLICT`` or ``NOT_COMPARABLE``.
        difference: left minus right (days, people) or the distance (km); None where there is none.
        excess: how far apart beyond what precision explains, in the same unit; None where there is none.
        note: what a reader should know.
    """

    cluster: str
    field: str
    left: str
    right: str
    left_dataset: str
    right_dataset: str
    left_value: str
    right_value: str
    status: Status
    difference: float | None
    excess: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How two datasets agree in one field, over all events that both report.

    Attributes:
        left, right: the datasets.
        field: which field.
        pairs: pairs of records of one event.
        compared: of these, the pairs whose values could be compared.
        conflicting: of the compared, those in conflict.
        equal: of the compared, those that say the same.
        not_comparable: pairs that both have a value, but of different things.
        share, share_low, share_high: share of the compared in conflict, with its Wilson interval (95 %); None for none.
        median: median of the differences (left minus right; km: of the distances); None where there are none.
        left_more, right_more: pairs in which the left (right) value is the larger (the later); None for km and words.
        p_value: of the two-sided sign test that neither says more than the other; None where there is nothing to test.
    """

    left: str
    right: str
    field: str
    pairs: int
    compared: int
    conflicting: int
    equal: int
    not_comparable: int
    share: float | None
    share_low: float | None
    share_high: float | None
    median: float | None
    left_more: int | None
    right_more: int | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Disagreements:
    """What records of one cluster say differently, arrays of shape (disagreements,), by cluster, field and keys.

    Attributes:
        cluster: number of the cluster.
        field: places in ``FIELDS``.
        left, right: numbers of the records; the left one is of the dataset that comes first in the alphabet.
        left_value, right_value: what each says.
        status: ``Status`` as numbers.
        difference, excess: as in ``Disagreement``, NaN where there is none.
        note: what a reader should know.
    """

    cluster: NDArray[np.int64]
    field: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    left_value: NDArray[np.object_]
    right_value: NDArray[np.object_]
    status: NDArray[np.int8]
    difference: NDArray[np.float64]
    excess: NDArray[np.float64]
    note: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.cluster)

    def rows(self, clusters: Sequence[str], keys: Sequence[str], datasets: Sequence[str]) -> list[Disagreement]:
        """One by one, with the identifiers of the clusters and the keys and datasets of the records."""
        rows = zip(*(getattr(self, name).tolist() for name in self.__slots__), strict=True)
        return [
            Disagreement(
                *(clusters[cluster], FIELDS[field], keys[left], keys[right], datasets[left], datasets[right]),
                *(left_value, right_value, Status(status), _or_none(difference), _or_none(excess), note),
            )
            for cluster, field, left, right, left_value, right_value, status, difference, excess, note in rows
        ]


def values_of(cluster: Cluster, records: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What each member says: field -> record key -> its value in words; empty where it says nothing."""
    return {field: {key: _TEXTS[field](records[key]) for key in cluster.members} for field in FIELDS}


def compare_clusters(
    labels: NDArray[np.int64], keys: Sequence[str], columns: Mapping[str, Any], *, rules: Rules | None = None
) -> tuple[Disagreements, tuple[Summary, ...]]:
    """Compare every two records of each cluster in every field.

    Args:
        labels: the cluster of each record, shape (records,).
        keys: the key of each record.
        columns: the records' columns of the event table as Arrow, or as lists; ``dataset`` is needed, the others may be
            missing.
        rules: what is known of definitions, actors and kinds; None for nothing but what the program ships.

    Returns:
        What differs, and how datasets agree, by pair of datasets and field.
    """
    rules = Rules() if rules is None else rules
    given = {name: arrow_column(values) for name, values in columns.items()}
    table = Prepared.of(given, rules)
    datasets = table.codes["dataset"]
    rank = _ranks(labels, datasets, keys)
    order = np.lexsort((rank, datasets, labels))  # so that the left record of a pair is of the first dataset
    pairs = order[pairs_within(labels[order])]
    outcomes = compare(table, pairs, rules)
    parts = [_differing(number, outcome, pairs, labels, given) for number, outcome in enumerate(outcomes.values())]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Disagreements.__slots__}
    by = np.lexsort((rank[whole["right"]], rank[whole["left"]], whole["field"], whole["cluster"]))
    return Disagreements(**{name: values[by] for name, values in whole.items()}), summarise(outcomes, pairs, table)


def _ranks(labels: NDArray[np.int64], datasets: NDArray[np.int64], keys: Sequence[str]) -> NDArray[np.int64]:
    """The order of the keys, where it matters: in clusters of more than two records or of two of one dataset."""
    order = np.lexsort((datasets, labels))
    group, dataset = labels[order], datasets[order]
    crowded = np.bincount(labels) > 2
    crowded[group[1:][(group[1:] == group[:-1]) & (dataset[1:] == dataset[:-1])]] = True
    some = sorted(np.flatnonzero(crowded[labels]).tolist(), key=keys.__getitem__)
    rank = np.zeros(len(labels), dtype=np.int64)
    rank[some] = np.arange(len(some))
    return rank


def _differing(
    field: int, outcome: Outcome, pairs: NDArray[np.int64], labels: NDArray[np.int64], columns: Mapping[str, Any]
) -> Disagreements:
    """The pairs whose values of a field differ, or cannot be compared."""
    where = np.flatnonzero((outcome.status == Status.CONFLICT) | (outcome.status == Status.NOT_COMPARABLE))
    left, right = pairs[where].T
    texts = _in_words(FIELDS[field], np.concatenate([left, right]), columns)
    return Disagreements(
        cluster=labels[left],
        field=np.full(len(where), field),
        left=left,
        right=right,
        left_value=texts[: len(where)],
        right_value=texts[len(where) :],
        status=outcome.status[where],
        difference=outcome.difference[where],
        excess=outcome.excess[where],
        note=np.array(outcome.notes, dtype=object)[outcome.note[where]],
    )


def _in_words(field: str, numbers: NDArray[np.int64], columns: Mapping[str, Any]) -> NDArray[np.object_]:
    """What some records say of a field; each combination of values is put into words once."""
    said = {name: taken(columns[name], numbers) for name in _SAID[field] if name in columns}
    code = np.zeros(len(numbers), dtype=np.int64)
    for column in said.values():
        encoded = dictionary_of(column)
        places = np.nan_to_num(numpy_column(encoded.indices), nan=-1).astype(np.int64) + 1
        code = np.unique(code * (len(encoded.dictionary) + 1) + places, return_inverse=True)[1]
    first = np.unique(code, return_index=True)[1]
    values = zip(*(taken(column, first).to_pylist() for column in said.values()), strict=True)
    texts = [_TEXTS[field](dict(zip(said, row, strict=True))) for row in values]
    return np.array(texts, dtype=object)[code] if said else np.full(len(numbers), "", dtype=object)


def summarise(outcomes: Mapping[str, Outcome], pairs: NDArray[np.int64], table: Prepared) -> tuple[Summary, ...]:
    """How datasets agree, sorted by pair of datasets, then field; arrays in.

    Args:
        outcomes: as ``compare`` made them.
        pairs: the pairs compared, shape (pairs, 2); a pair of (B, A) counts as (A, B) with its signs turned.
        table: the records.
    """
    codes, names = table.codes["dataset"], table.names["dataset"]
    two = codes[pairs]
    turned = two[:, 0] > two[:, 1]
    both = np.sort(two, axis=1)
    kinds, which = np.unique(both[:, 0] * len(names) + both[:, 1], return_inverse=True)
    rows = []
    for number, kind in enumerate(kinds.tolist()):
        here = which == number
        ends = names[kind // len(names)], names[kind % len(names)]
        rows += [_summary(ends, name, outcome, here, turned) for name, outcome in outcomes.items()]
    return tuple(rows)


def _summary(
    ends: tuple[str, str], name: str, outcome: Outcome, here: NDArray[np.bool_], turned: NDArray[np.bool_]
) -> Summary:
    status = outcome.status[here]
    compared, conflicting = int((status >= Status.EQUAL).sum()), int((status == Status.CONFLICT).sum())
    signed = name in _SIGNED
    difference = outcome.difference[here]
    difference = np.where(turned[here], -difference, difference) if signed else difference
    difference = difference[~np.isnan(difference)]
    more, less = int((difference > 0).sum()), int((difference < 0).sum())
    low, high = wilson(conflicting, compared) if compared else (None, None)
    return Summary(
        *ends,
        name,
        pairs=int(here.sum()),
        compared=compared,
        conflicting=conflicting,
        equal=int((status == Status.EQUAL).sum()),
        not_comparable=int((status == Status.NOT_COMPARABLE).sum()),
        share=conflicting / compared if compared else None,
        share_low=low,
        share_high=high,
        median=float(np.median(difference)) if len(difference) else None,
        left_more=more if signed else None,
        right_more=less if signed else None,
        p_value=sign_test(more, less) if signed and more + less else None,
    )


def wilson(count: int, total: int, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a share; ``total`` is at least 1 (doi:10.1080/01621459.1927.10502953)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = count / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low, high = ((middle + sign * half) / (1 + z * z / total) for sign in (-1, 1))
    return (0.0 if count == 0 else low, 1.0 if count == total else high)


def sign_test(more: int, less: int) -> float:
    """Exact two-sided p-value of the sign test (Conover 1999, ch. 3.4): ties are left out; 1 where nothing is left."""
    total, fewest = more + less, min(more, less)
    if not total:
        return 1.0
    # The binomial tail from its largest term down: no need of scipy, which takes longer to import than all the rest.
    largest = math.lgamma(total + 1) - math.lgamma(fewest + 1) - math.lgamma(total - fewest + 1) - total * math.log(2)
    k = np.arange(fewest, 0, -1, dtype=np.float64)
    steps = np.concatenate([[0.0], np.cumsum(np.log(k / (total - k + 1)))])
    return min(1.0, 2 * float(np.exp(largest + steps).sum()))


def _or_none(number: float) -> float | None:
    return None if math.isnan(number) else number


def _date_text(record: Mapping[str, Any]) -> str:
    start, end, precision = (record.get(name) for name in ("date_start", "date_end", "date_precision"))
    if start is None:
        return ""
    span = f"{start}" if end is None or end == start else f"{start}/{end}"
    return span if precision in (None, "day") else f"{span} ({precision})"


def _place_text(record: Mapping[str, Any]) -> str:
    name = next((str(record[k]) for k in ("place", "admin2", "admin1", "country") if record.get(k) is not None), "")
    latitude, longitude, radius = (record.get(key) for key in ("latitude", "longitude", "radius_km"))
    if latitude is None or longitude is None:
        return name
    around = "" if radius is None else f" ± {radius:g} km"
    return f"{name} ({latitude:.4f}, {longitude:.4f}{around})".strip()


def _people_text(low: Any, best: Any, high: Any) -> str:
    bounds = [low, high]
    if all(bound is None or bound == best for bound in bounds):
        return "" if best is None else str(best)
    span = "..".join("" if bound is None else str(bound) for bound in bounds)
    return span if best is None else f"{best} ({span})"


def _side_text(record: Mapping[str, Any]) -> str:
    return " | ".join(str(record[name]) for name in ("side_a", "side_b") if record.get(name) is not None)


def _kind_text(record: Mapping[str, Any]) -> str:
    return next((str(record[name]) for name in ("kind", "violence_type") if record.get(name) is not None), "")


def _deaths_text(record: Mapping[str, Any]) -> str:
    text = _people_text(*(record.get(f"deaths_{bound}") for bound in ("low", "best", "high")))
    definition = record.get("definition")
    return f"{text} [{definition}]" if text and definition is not None else text


_SAID = {
    "date": ("date_start", "date_end", "date_precision"),
    "place": ("place", "admin2", "admin1", "country", "latitude", "longitude", "radius_km"),
    "country": ("country",),
    "kind": ("kind", "violence_type"),
    "side": ("side_a", "side_b"),
    "deaths": ("deaths_low", "deaths_best", "deaths_high", "definition"),
    "injured": ("injured",),
}
_TEXTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "date": _date_text,
    "place": _place_text,
    "country": lambda record: str(record.get("country") or ""),
    "kind": _kind_text,
    "side": _side_text,
    "deaths": _deaths_text,
    "injured": lambda record: _people_text(None, record.get("injured"), None),
}
