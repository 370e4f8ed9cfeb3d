"""Clusters follow from pairs: no rule is broken, the weakest pair goes, and every contradiction is told."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.model import content_hash
from marsad.reconcile.clusters import Clusters, Pair, PairDecision, cluster_ids, clusters_of
from marsad.reconcile.components import label_records

RECORDS = {key: {"dataset": key[0]} for key in ("a1", "a2", "b1", "b2", "c1", "c2", "d1")}


def pair(left: str, right: str, probability: float = 0.9, decision: str = "same", *, judged: bool = False) -> Pair:
    return Pair(left, right, probability, PairDecision(decision), judged)


def groups(found: Clusters) -> set[tuple[str, ...]]:
    return {cluster.members for cluster in found.clusters if len(cluster.members) > 1}


def kinds(found: Clusters) -> list[str]:
    return [problem.kind for problem in found.problems]


def test_chains_make_one_cluster_and_the_rest_stand_alone() -> None:
    found = clusters_of([pair("a1", "b1"), pair("c1", "b1"), pair("a2", "c2", 0.4, "review")], RECORDS)
    assert groups(found) == {("a1", "b1", "c1")}
    assert sorted(key for cluster in found.clusters for key in cluster.members) == sorted(RECORDS)
    assert found.problems == ()
    assert {cluster.members: cluster.id for cluster in found.clusters}["a1", "b1", "c1"] == content_hash(
        "a1", "b1", "c1"
    )
    assert found.by_record["b1"] == content_hash("a1", "b1", "c1")


def test_the_weakest_pair_between_two_records_of_a_dataset_is_dropped_and_told() -> None:
    found = clusters_of([pair("a1", "b1", 0.9), pair("b1", "c1", 0.6), pair("c1", "a2", 0.8)], RECORDS)
    assert groups(found) == {("a1", "b1"), ("a2", "c1")}
    (problem,) = found.problems
    assert problem.kind == "dropped"
    assert problem.records == ("b1", "c1")
    assert "a1 = b1 = c1 = a2" in problem.text
    assert "two records of a" in problem.text
    assert "0.600" in problem.text


def test_without_one_to_one_records_of_a_dataset_may_meet() -> None:
    found = clusters_of([pair("a1", "b1", 0.9), pair("b1", "a2", 0.6)], RECORDS, one_to_one=False)
    assert groups(found) == {("a1", "a2", "b1")}
    assert found.problems == ()


def test_a_judgement_that_two_are_not_the_same_takes_a_chain_apart() -> None:
    chain = [pair("a1", "b1", 0.9), pair("b1", "c1", 0.7), pair("c1", "a1", 0.0, "not", judged=True)]
    found = clusters_of(chain, RECORDS)
    assert groups(found) == {("a1", "b1")}
    (problem,) = found.problems
    assert "a1 = b1 = c1" in problem.text
    assert "a person keeps apart" in problem.text


def test_judgements_that_contradict_one_another_are_told() -> None:
    words = [pair("a1", "b1", 0.2, judged=True), pair("b1", "c1", 0.1, judged=True)]
    found = clusters_of([*words, pair("a1", "c1", 0.9, "not", judged=True)], RECORDS)
    assert groups(found) == {("a1", "b1")}
    assert "a person's word" in found.problems[0].text


def test_a_word_of_the_scorer_alone_does_not_take_a_cluster_apart_but_is_told() -> None:
    found = clusters_of([pair("a1", "b1"), pair("b1", "c1"), pair("a1", "c1", 0.1, "not")], RECORDS)
    assert groups(found) == {("a1", "b1", "c1")}
    assert kinds(found) == ["unlike"]


def test_persons_may_put_two_records_of_a_dataset_together_and_it_is_told() -> None:
    found = clusters_of([pair("a1", "b1", 0.1, judged=True), pair("a2", "b1", 0.1, judged=True)], RECORDS)
    assert groups(found) == {("a1", "a2", "b1")}
    assert kinds(found) == ["crowded"]
    weaker = clusters_of([pair("a1", "b1", 0.99), pair("a2", "b1", 0.1, judged=True)], RECORDS)
    assert groups(weaker) == {("a2", "b1")}
    assert weaker.problems[0].records == ("a1", "b1")


def test_a_persons_word_on_a_pair_stands_before_the_scorers() -> None:
    for order in itertools.permutations([pair("b1", "a1", 0.99), pair("a1", "b1", 0.5, "not", judged=True)]):
        assert groups(clusters_of(order, RECORDS)) == set()


def test_an_aggregate_points_to_its_parts_and_is_in_no_cluster_with_them() -> None:
    parts = [pair("a1", "d1", 0.8, "part_of"), pair("a2", "d1", 0.8, "part_of"), pair("a1", "b1")]
    found = clusters_of([*parts, pair("b1", "d1", 0.6)], RECORDS)
    assert [(link.part, link.whole) for link in found.links] == [("a1", "d1"), ("a2", "d1")]
    assert found.links[0].part_cluster == content_hash("a1", "b1")
    assert found.links[0].whole_cluster == content_hash("d1")
    assert groups(found) == {("a1", "b1")}
    assert "aggregate" in found.problems[0].text


def test_a_part_by_the_scorer_gives_way_to_persons_who_call_it_the_same() -> None:
    words = [pair("a1", "b1", 0.5, judged=True), pair("b1", "d1", 0.5, judged=True)]
    found = clusters_of([*words, pair("a1", "d1", 0.9, "part_of")], RECORDS)
    assert groups(found) == {("a1", "b1", "d1")}
    assert found.links == ()
    assert [(problem.kind, problem.records) for problem in found.problems] == [("overruled", ("a1", "d1"))]


def test_records_that_are_part_of_themselves_are_told() -> None:
    ring = [pair("a1", "b1", 0.8, "part_of"), pair("b1", "c1", 0.8, "part_of"), pair("c1", "a1", 0.8, "part_of")]
    found = clusters_of([*ring, pair("d1", "a1", 0.8, "part_of")], RECORDS)
    assert [(problem.kind, problem.records) for problem in found.problems] == [("circular", ("a1", "b1", "c1"))]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (pair("a1", "zz"), "'zz'.*none of the tables"),
        (pair("a1", "a1"), "twice"),
        (pair("a1", "b1", 1.5), "not in 0"),
        (pair("a1", "b1", float("nan")), "not in 0"),
    ],
)
def test_pairs_that_make_no_sense_are_refused(wrong: Pair, message: str) -> None:
    with pytest.raises(InputError, match=message):
        clusters_of([wrong], RECORDS)


def test_no_records_have_no_clusters() -> None:
    assert clusters_of([], {}) == Clusters((), (), ())


EVENTS = [f"{dataset}{number}" for dataset in "abcd" for number in range(3)]
PAIRS = st.lists(
    st.builds(
        pair,
        st.sampled_from(EVENTS),
        st.sampled_from(EVENTS),
        st.integers(0, 10).map(lambda tenths: tenths / 10),
        st.sampled_from(["same", "same", "same", "not", "part_of", "review"]),
        judged=st.booleans(),
    ).filter(lambda one: one.left != one.right),
    max_size=20,
    unique_by=lambda one: frozenset((one.left, one.right)),
)


def _closure(pairs: Sequence[Pair]) -> set[tuple[str, ...]]:
    """Components by the book: join until nothing changes."""
    sets = [{key} for key in EVENTS]
    for one in pairs:
        left, right = (next(s for s in sets if end in s) for end in (one.left, one.right))
        if left is not right:
            left |= right
            sets = [s for s in sets if s is not right]
    return {tuple(sorted(s)) for s in sets}


@given(pairs=PAIRS, one_to_one=st.booleans())
def test_clusters_keep_every_rule_and_drop_no_pair_without_need(*, pairs: list[Pair], one_to_one: bool) -> None:
    records = {key: {"dataset": key[0]} for key in EVENTS}
    found = clusters_of(pairs, records, one_to_one=one_to_one)
    of = found.by_record
    assert sorted(key for cluster in found.clusters for key in cluster.members) == sorted(EVENTS)
    dropped = {problem.records for problem in found.problems if problem.kind == "dropped"}
    same = [one for one in pairs if one.decision is PairDecision.SAME]
    kept = [one for one in same if tuple(sorted((one.left, one.right))) not in dropped]
    assert {cluster.members for cluster in found.clusters} == _closure(kept)
    overruled = {problem.records for problem in found.problems if problem.kind == "overruled"}
    parts = [one for one in pairs if one.decision is PairDecision.PART_OF]
    assert not any(one.judged for one in parts if tuple(sorted((one.left, one.right))) in overruled)
    forbidden = [one for one in parts if tuple(sorted((one.left, one.right))) not in overruled]
    forbidden += [one for one in pairs if one.decision is PairDecision.NOT and one.judged]
    assert [one for one in forbidden if of[one.left] == of[one.right]] == []
    if one_to_one and not any(one.judged for one in same):
        assert all(len({key[0] for key in c.members}) == len(c.members) for c in found.clusters)
    for one in same:
        if tuple(sorted((one.left, one.right))) in dropped:
            both = {key for key in EVENTS if of[key] in (of[one.left], of[one.right])}
            meet = any({bad.left, bad.right} <= both for bad in forbidden)
            assert meet or (one_to_one and len({key[0] for key in both}) < len(both))
    assert clusters_of(pairs[::-1], records, one_to_one=one_to_one) == found


@given(PAIRS)
def test_no_pair_of_a_told_chain_is_weaker_than_the_one_that_was_dropped(pairs: list[Pair]) -> None:
    strength = {frozenset((one.left, one.right)): (one.judged, one.probability) for one in pairs}
    found = clusters_of(pairs, {key: {"dataset": key[0]} for key in EVENTS})
    for problem in found.problems:
        if problem.kind == "dropped":
            chain = problem.text.split("the chain ")[1].split(" would ")[0].split(" = ")
            steps = [frozenset(step) for step in itertools.pairwise(chain)]
            assert frozenset(problem.records) in steps
            assert min(strength[step] for step in steps) == strength[frozenset(problem.records)]


def test_a_million_records_take_seconds() -> None:
    rng = np.random.default_rng(1)
    half, crowded = 550_000, 20_000
    ends = np.column_stack([np.arange(half), half + rng.permutation(half)])[: half // 2]
    again = np.column_stack([rng.integers(0, half, crowded), half + rng.integers(0, half, crowded)])
    ends = np.concatenate([ends, again]).astype(np.int64)
    datasets = np.repeat([0, 1], half)
    begun = time.process_time()
    labels, dropped = label_records(
        ends,
        np.zeros((0, 2), dtype=np.int64),
        probability=rng.random(len(ends)),
        judged=np.zeros(len(ends), dtype=bool),
        datasets=datasets,
    )
    assert time.process_time() - begun < 10
    sizes = np.bincount(labels * 2 + datasets)
    assert sizes.max() == 1
    assert 0 < len(dropped) < 2 * crowded
    keys = [f"d/{number:07}" for number in range(2000)]
    ids = cluster_ids(np.arange(2000, dtype=np.int64) // 2, keys)
    assert ids[0] == content_hash("d/0000000", "d/0000001")
    assert len(set(ids)) == 1000
