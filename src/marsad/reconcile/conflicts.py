"""Conflicts: where the sources of one event disagree, by how much, and who says what. Nothing is averaged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from marsad.reconcile.agreement import COMPARED, FIELDS, Outcome, Prepared, Rules, Status, compare, pairs_within
from marsad.reconcile.clusters import Cluster

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "UNITS",
    "Comparisons",
    "Disagreement",
    "Summary",
    "compare_clusters",
    "sign_test",
    "summarise",
    "values_of",
    "wilson",
]

UNITS = {"date": "days", "place": "km", "deaths": "people", "injured": "people"}
"""The unit of the differences of a field; the other fields have none."""

_STATUSES = {int(status): status for status in Status}
_SIGNED = ("date", "deaths", "injured")


class Disagreement(NamedTuple):  # there are thousands of them, and a frozen dataclass takes four times as long
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
class Comparisons:
    """The comparison of clusters: what differs, by cluster, and how datasets agree, by pair of datasets and field."""

    disagreements: tuple[Disagreement, ...]
    summaries: tuple[Summary, ...]


def values_of(cluster: Cluster, records: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What each member says: field -> record key -> its value in words; empty where it says nothing."""
    return {field: {key: _TEXTS[field](records[key]) for key in cluster.members} for field in FIELDS}


def compare_clusters(
    clusters: Sequence[Cluster], records: Mapping[str, Mapping[str, Any]], *, rules: Rules | None = None
) -> Comparisons:
    """Compare every two records of each cluster in every field.

    Args:
        clusters: as ``clusters_of`` made them.
        records: record key -> columns of the event table; ``dataset`` is needed, the others may be missing.
        rules: what is known of definitions, actors and kinds; None for nothing but what the program ships.
    """
    rules = Rules() if rules is None else rules
    many = [cluster for cluster in clusters if len(cluster.members) > 1]
    members = [(str(records[key]["dataset"]), key) for cluster in many for key in cluster.members]
    labels = np.repeat(np.arange(len(many)), [len(cluster.members) for cluster in many]).astype(np.int64)
    # Within a cluster by dataset, so that the left record of a pair is of the first dataset.
    order = sorted(range(len(members)), key=lambda place: (labels[place], members[place]))
    keys = [members[place][1] for place in order]
    rows_of = [records[key] for key in keys]
    table = Prepared.of({name: [row.get(name) for row in rows_of] for name in sorted(COMPARED)}, rules)
    pairs = pairs_within(labels)
    outcomes = compare(table, pairs, rules)
    found = _Found(tuple(many), labels, tuple(keys), pairs, records)
    rows = [row for name, outcome in outcomes.items() for row in _disagreements(name, outcome, found)]
    place = {cluster.id: number for number, cluster in enumerate(many)}
    field_place = {field: number for number, field in enumerate(FIELDS)}
    rows.sort(key=lambda row: (place[row.cluster], field_place[row.field], row.left, row.right))
    return Comparisons(tuple(rows), summarise(outcomes, pairs, table))


@dataclass(frozen=True, slots=True)
class _Found:
    """What is needed to put a comparison into words."""

    clusters: tuple[Cluster, ...]
    labels: NDArray[np.int64]
    keys: tuple[str, ...]
    pairs: NDArray[np.int64]
    records: Mapping[str, Mapping[str, Any]]


def _disagreements(name: str, outcome: Outcome, found: _Found) -> list[Disagreement]:
    rows = []
    status, note = outcome.status.tolist(), outcome.note.tolist()
    difference, excess = outcome.difference.tolist(), outcome.excess.tolist()
    pairs, labels = found.pairs.tolist(), found.labels.tolist()
    for place in np.flatnonzero(np.isin(outcome.status, (Status.CONFLICT, Status.NOT_COMPARABLE))).tolist():
        left, right = pairs[place]
        a, b = found.records[found.keys[left]], found.records[found.keys[right]]
        rows.append(
            Disagreement(
                cluster=found.clusters[labels[left]].id,
                field=name,
                left=found.keys[left],
                right=found.keys[right],
                left_dataset=str(a["dataset"]),
                right_dataset=str(b["dataset"]),
                left_value=_TEXTS[name](a),
                right_value=_TEXTS[name](b),
                status=_STATUSES[status[place]],
                difference=_or_none(difference[place]),
                excess=_or_none(excess[place]),
                note=outcome.notes[note[place]],
            )
        )
    return rows


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


_TEXTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "date": _date_text,
    "place": _place_text,
    "country": lambda record: str(record.get("country") or ""),
    "kind": _kind_text,
    "side": _side_text,
    "deaths": _deaths_text,
    "injured": lambda record: _people_text(None, record.get("injured"), None),
}
