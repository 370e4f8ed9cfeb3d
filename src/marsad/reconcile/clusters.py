"""Clusters: which records are reports of one event, derived from the pairs that were decided and never stored as truth.

A cluster is a connected component of the pairs decided ``same``. Components that would break a rule are taken apart:
pairs are joined the strongest first, and a pair that would break a rule is dropped, so that of every chain between two
records that may not meet, the weakest pair goes (Kruskal's algorithm with constraints).

The rules: two records that were decided ``not`` by a person, or of which one is part of the other, do not meet; with
one-to-one, two records of one dataset do not meet either, unless persons say so. What a person said goes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.model import content_hash
from marsad.reconcile.components import Conflicting, Dropped, label_records

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Cluster",
    "Clusters",
    "Link",
    "Pair",
    "PairDecision",
    "Problem",
    "cluster_ids",
    "clusters_of",
]


class PairDecision(StrEnum):
    """What was decided of a pair: the same event, not, to be reviewed, or the left one a part of the right one."""

    SAME = "same"
    NOT = "not"
    REVIEW = "review"
    PART_OF = "part_of"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and what was decided of them.

    Attributes:
        left, right: keys of the records.
        probability: that they report the same event, from 0 to 1.
        decision: what was decided; for ``part_of`` the left is part of the right.
        judged: whether a person decided it.
    """

    left: str
    right: str
    probability: float
    decision: PairDecision
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records of one event: its identifier (a hash of the members) and the sorted keys of the members."""

    id: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A record that is part of an aggregate, and the clusters that the two are in."""

    part: str
    whole: str
    part_cluster: str
    whole_cluster: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the pairs that does not fit together.

    Attributes:
        kind: ``dropped`` (a pair that was not joined), ``unlike`` (a pair decided ``not`` by the scorer, in one cluster
            all the same), ``crowded`` (several records of a dataset in one cluster, by persons' word), ``circular``
            (records that are, over one or more steps, part of themselves) or ``overruled`` (a part by the scorer that
            persons call the same).
        records: the records concerned, sorted; for ``dropped`` the ends of the pair.
        text: what it is, and why.
    """

    kind: str
    records: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """What follows from the pairs.

    Attributes:
        clusters: every record is in exactly one; in the order of their first members.
        links: the parts of aggregates, sorted.
        problems: what does not fit together, in the order dropped, unlike, crowded, circular, overruled.
    """

    clusters: tuple[Cluster, ...]
    links: tuple[Link, ...]
    problems: tuple[Problem, ...]

    @property
    def by_record(self) -> dict[str, str]:
        """Record key -> identifier of its cluster."""
        return {member: cluster.id for cluster in self.clusters for member in cluster.members}


def clusters_of(
    pairs: Iterable[Pair], records: Mapping[str, Mapping[str, Any]], *, one_to_one: bool = True
) -> Clusters:
    """The clusters of all records, the parts of aggregates, and what does not fit together.

    Args:
        pairs: what was decided; the order does not matter, and of several words on one pair a person's counts, then
            the most probable.
        records: record key -> its columns of the event table; ``dataset`` is needed.
        one_to_one: whether a cluster holds at most one record of a dataset.

    Raises:
        InputError: a pair names a record that is not there, names one twice, or its probability is not in [0, 1].
    """
    keys = sorted(records)
    place = {key: number for number, key in enumerate(keys)}
    told = _by_pair(pairs, place)
    names = {name: number for number, name in enumerate(sorted({str(row["dataset"]) for row in records.values()}))}
    datasets = np.array([names[str(records[key]["dataset"])] for key in keys], dtype=np.int64)
    overruled = _overruled(told, place, datasets)
    told = [pair for pair in told if pair not in set(overruled)] if overruled else told
    same = [pair for pair in told if pair.decision is PairDecision.SAME]
    apart = [pair for pair in told if _is_apart(pair)]
    labels, dropped = _labelled(same, apart, place, datasets, one_to_one=one_to_one)
    ids = cluster_ids(labels, keys)
    parts = [pair for pair in told if _is_part(pair)]
    links = sorted(
        (Link(p.left, p.right, ids[labels[place[p.left]]], ids[labels[place[p.right]]]) for p in parts),
        key=lambda link: (link.whole, link.part),
    )
    problems = [_dropped_problem(one, same, apart, keys, records) for one in dropped]
    problems += _unlike(told, labels, place)
    problems += _crowded(labels, keys, records) if one_to_one else []
    problems += _circular(parts, keys, place)
    problems += [_overruled_problem(pair) for pair in overruled]
    return Clusters(_made(labels, keys, ids), tuple(links), tuple(problems))


def cluster_ids(labels: NDArray[np.int64], keys: Sequence[str]) -> list[str]:
    """The identifier of each cluster, a hash of the sorted keys of its members, by number.

    Args:
        labels: the cluster of each record, numbered from 0 without holes, shape (records,).
        keys: the key of each record, **sorted**.
    """
    return [content_hash(*members) for members in _members(labels, keys)]


def _members(labels: NDArray[np.int64], keys: Sequence[str]) -> list[list[str]]:
    """The keys of each cluster's members, in the order of ``keys``."""
    if not len(labels):
        return []
    order = np.argsort(labels, kind="stable")
    edges = np.flatnonzero(np.diff(labels[order])) + 1
    bounds = [0, *edges.tolist(), len(order)]
    places = order.tolist()
    return [[keys[place] for place in places[a:b]] for a, b in pairwise(bounds)]


def _made(labels: NDArray[np.int64], keys: Sequence[str], ids: Sequence[str]) -> tuple[Cluster, ...]:
    return tuple(Cluster(i, tuple(members)) for i, members in zip(ids, _members(labels, keys), strict=True))


def _labelled(
    same: Sequence[Pair],
    apart: Sequence[Pair],
    place: Mapping[str, int],
    datasets: NDArray[np.int64],
    *,
    one_to_one: bool,
) -> tuple[NDArray[np.int64], tuple[Dropped, ...]]:
    return label_records(
        _ends(same, place),
        _ends(apart, place),
        probability=np.array([pair.probability for pair in same], dtype=np.float64),
        judged=np.array([pair.judged for pair in same], dtype=bool),
        datasets=datasets,
        one_to_one=one_to_one,
    )


def _overruled(told: Sequence[Pair], place: Mapping[str, int], datasets: NDArray[np.int64]) -> tuple[Pair, ...]:
    """Parts by the scorer that are one event with their aggregate by what persons said alone."""
    by_scorer = [pair for pair in told if _is_part(pair) and not pair.judged]
    judged = [pair for pair in told if pair.judged]
    same = [pair for pair in judged if pair.decision is PairDecision.SAME]
    if not by_scorer or not same:
        return ()
    labels, _ = _labelled(same, [p for p in judged if _is_apart(p)], place, datasets, one_to_one=True)
    return tuple(pair for pair in by_scorer if labels[place[pair.left]] == labels[place[pair.right]])


def _is_apart(pair: Pair) -> bool:
    return _is_part(pair) or (pair.judged and pair.decision is PairDecision.NOT)


def _is_part(pair: Pair) -> bool:
    return pair.decision is PairDecision.PART_OF


def _by_pair(pairs: Iterable[Pair], place: Mapping[str, int]) -> list[Pair]:
    """One word on each pair, sorted by pair."""
    found: dict[tuple[str, str], Pair] = {}
    for pair in sorted(pairs, key=lambda p: (p.judged, p.probability, p.decision, p.left, p.right)):
        for end in (pair.left, pair.right):
            if end not in place:
                raise InputError(f"a pair names the record {end!r}, which is in none of the tables; give its table too")
        if pair.left == pair.right:
            raise InputError(f"a pair names the record {pair.left!r} twice; leave it out")
        if not 0 <= pair.probability <= 1:
            raise InputError(f"the probability of {pair.left!r} and {pair.right!r} is {pair.probability}, not in 0..1")
        found[min(pair.left, pair.right), max(pair.left, pair.right)] = pair
    return [found[ends] for ends in sorted(found)]


def _ends(pairs: Sequence[Pair], place: Mapping[str, int]) -> NDArray[np.int64]:
    found = np.array([(place[pair.left], place[pair.right]) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    return np.sort(found, axis=1)


def _dropped_problem(
    one: Dropped,
    same: Sequence[Pair],
    apart: Sequence[Pair],
    keys: Sequence[str],
    records: Mapping[str, Mapping[str, Any]],
) -> Problem:
    pair = same[one.pair]
    ends = [keys[number] for number in one.meeting]
    if one.reason is Conflicting.DATASET:
        why = f"two records of {records[ends[0]]['dataset']}"
    else:
        between = next(p for p in apart if {p.left, p.right} == set(ends))
        whose = "a person's word" if between.judged else "the scorer"
        why = f"a record and its aggregate by {whose}" if _is_part(between) else "two records that a person keeps apart"
    chain = " = ".join(keys[number] for number in one.chain)
    strength = "a person's word" if pair.judged else f"probability {pair.probability:.3f}"
    text = (
        f"{pair.left} and {pair.right} ({strength}) were not joined: the chain {chain} would bring together {ends[0]} "
        f"and {ends[1]}, {why}, and this is its weakest pair"
    )
    return Problem("dropped", tuple(sorted((pair.left, pair.right))), text)


def _overruled_problem(pair: Pair) -> Problem:
    text = (
        f"{pair.left} was taken for a part of {pair.right} (probability {pair.probability:.3f}), but is the same event "
        "by persons' word"
    )
    return Problem("overruled", tuple(sorted((pair.left, pair.right))), text)


def _unlike(told: Sequence[Pair], labels: NDArray[np.int64], place: Mapping[str, int]) -> list[Problem]:
    return [
        Problem(
            "unlike",
            tuple(sorted((pair.left, pair.right))),
            f"{pair.left} and {pair.right} are in one cluster through others, though on their own they were decided "
            f"not the same (probability {pair.probability:.3f}); judge the pair to settle it",
        )
        for pair in told
        if pair.decision is PairDecision.NOT and labels[place[pair.left]] == labels[place[pair.right]]
    ]


def _crowded(labels: NDArray[np.int64], keys: Sequence[str], records: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    problems = []
    for members in _members(labels, keys):
        by_dataset: dict[str, list[str]] = {}
        for member in members if len(members) > 1 else ():
            by_dataset.setdefault(str(records[member]["dataset"]), []).append(member)
        problems += [
            Problem("crowded", tuple(here), f"{', '.join(here)} of {dataset} are one event by persons' word")
            for dataset, here in sorted(by_dataset.items())
            if len(here) > 1
        ]
    return problems


def _circular(parts: Sequence[Pair], keys: Sequence[str], place: Mapping[str, int]) -> list[Problem]:
    """Groups of records each of which is, over some steps, part of the others."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - the same

    if not parts:
        return []
    rows, columns = [place[pair.left] for pair in parts], [place[pair.right] for pair in parts]
    graph = coo_array((np.ones(len(parts)), (rows, columns)), shape=(len(keys), len(keys)))
    labels = connected_components(graph, directed=True, connection="strong")[1].astype(np.int64)
    return [
        Problem("circular", tuple(members), f"{', '.join(members)} are part of one another: take one step back")
        for members in sorted(_members(_compact(labels), keys))
        if len(members) > 1
    ]


def _compact(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
