"""Conflicts: what precision explains is none, definitions are respected, nothing is averaged, nobody is left out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.reconcile.agreement import FIELDS, Rules, Status, pairs_within, within_by_victims
from marsad.reconcile.clusters import Cluster
from marsad.reconcile.conflicts import Disagreement, Summary, compare_clusters, sign_test, values_of, wilson

KABUL, HERAT = (34.5281, 69.1723), (34.3529, 62.2040)


@dataclass(frozen=True)
class Comparisons:
    disagreements: tuple[Disagreement, ...]
    summaries: tuple[Summary, ...]


def comparisons(
    clusters: Sequence[Cluster], records: Mapping[str, Mapping[str, Any]], rules: Rules | None = None
) -> Comparisons:
    """The clusters compared, with their records as columns."""
    members = [(number, key) for number, cluster in enumerate(clusters) for key in cluster.members]
    labels, keys = np.array([number for number, _ in members], dtype=np.int64), [key for _, key in members]
    names = sorted({name for record in records.values() for name in record})
    columns = {name: [records[key].get(name) for key in keys] for name in names}
    found, summaries = compare_clusters(labels, keys, columns, rules=rules)
    datasets = [str(records[key]["dataset"]) for key in keys]
    rows = found.rows([cluster.id for cluster in clusters], keys, datasets)
    return Comparisons(tuple(rows), summaries)


def compared(left: dict[str, Any], right: dict[str, Any], rules: Rules | None = None) -> Comparisons:
    records = {"a/1": {"dataset": "a", **left}, "b/1": {"dataset": "b", **right}}
    return comparisons([Cluster("c", ("a/1", "b/1"))], records, rules)


def status(found: Comparisons, field: str) -> str:
    """The outcome of the only pair, read from its summary."""
    (row,) = [row for row in found.summaries if row.field == field]
    if row.conflicting:
        return "conflict"
    if row.not_comparable:
        return "not comparable"
    return "equal" if row.equal else "compatible" if row.compared else "missing"


def only(found: Comparisons) -> Disagreement:
    (row,) = found.disagreements
    return row


def days(start: str, end: str | None = None) -> dict[str, Any]:
    return {"date_start": date.fromisoformat(start), "date_end": date.fromisoformat(end) if end else None}


@pytest.mark.parametrize(
    ("left", "right", "expected", "excess"),
    [
        (days("2022-03-01"), days("2022-03-01", "2022-03-01"), "equal", None),
        (days("2022-03-01"), days("2022-03-01", "2022-03-31"), "compatible", None),
        (days("2022-03-01"), days("2022-03-03"), "conflict", 2),
        (days("2022-03-01", "2022-03-02"), days("2022-03-03", "2022-03-09"), "conflict", 1),
        (days("2022-03-01"), {}, "missing", None),
        (days("2022-03-05", "2022-03-01"), days("2022-03-20"), "not comparable", None),
    ],
)
def test_days_conflict_where_their_spans_do_not_touch(
    left: dict[str, Any], right: dict[str, Any], expected: str, excess: float | None
) -> None:
    for found in (compared(left, right), compared(right, left)):
        assert status(found, "date") == expected
        if expected == "conflict":
            assert only(found).excess == excess


def at(place: tuple[float, float], radius: float | None = None) -> dict[str, Any]:
    return {"latitude": place[0], "longitude": place[1], "radius_km": radius}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (at(KABUL, 1), at(KABUL, 1), "equal"),
        (at(KABUL, 1), at((34.6, 69.2), 25), "compatible"),
        (at(KABUL, 1), at((34.6, 69.2), 1), "conflict"),
        (at(KABUL), at((34.6, 69.2)), "compatible"),
        (at(KABUL), at(HERAT, 100), "conflict"),
        (at(KABUL, 400), at(HERAT, 400), "compatible"),
        ({"country": "AFG", "admin1_code": "AF01"}, at(KABUL) | {"country": "AFG", "admin1_code": "AF24"}, "conflict"),
        ({"admin1_code": "AF01"}, at(KABUL) | {"admin1_code": "AF01", "admin2_code": "AF0101"}, "compatible"),
        (at(KABUL), {}, "missing"),
    ],
)
def test_places_conflict_beyond_both_radii(left: dict[str, Any], right: dict[str, Any], expected: str) -> None:
    assert status(compared(left, right), "place") == expected


def test_the_distance_is_told_in_kilometres_and_beyond_the_radii() -> None:
    row = only(compared(at(KABUL, 10), at(HERAT, 15)))
    assert row.difference == pytest.approx(638.6, abs=1)  # great circle, WGS 84 mean radius
    assert row.excess == pytest.approx((row.difference or 0) - 25)
    assert row.left_value == "(34.5281, 69.1723 ± 10 km)"


ALL, AID, OTHER = "all-persons", "aid-workers", "soldiers"
RULES = Rules(within={AID: (ALL,)})


def dead(low: int | None, best: int | None, high: int | None, definition: str | None = ALL) -> dict[str, Any]:
    return {"deaths_low": low, "deaths_best": best, "deaths_high": high, "definition": definition}


@pytest.mark.parametrize(
    ("left", "right", "expected", "excess"),
    [
        (dead(None, 3, None), dead(None, 3, None), "equal", None),
        (dead(None, 3, None), dead(None, 4, None), "conflict", 1),
        (dead(2, 3, 9), dead(None, 7, None), "compatible", None),
        (dead(2, 3, 4), dead(7, 8, 9), "conflict", 3),
        (dead(9, 3, 2), dead(None, 7, None), "compatible", None),
        (dead(None, 0, None), dead(None, 5, None), "conflict", 5),
        (dead(None, 0, None), dead(None, None, None), "missing", None),
        (dead(None, 2, None, AID), dead(None, 9, None, ALL), "compatible", None),
        (dead(None, 9, None, AID), dead(None, 2, None, ALL), "conflict", 7),
        (dead(None, 9, None, AID), dead(None, 9, None, OTHER), "not comparable", None),
        (dead(None, 9, None, None), dead(None, 9, None, None), "not comparable", None),
    ],
)
def test_deaths_conflict_where_their_spans_do_not_touch_and_definitions_allow_it(
    left: dict[str, Any], right: dict[str, Any], expected: str, excess: float | None
) -> None:
    for found in (compared(left, right, RULES), compared(right, left, RULES)):
        assert status(found, "deaths") == expected
        if expected == "conflict":
            assert only(found).excess == excess


def test_definitions_are_within_one_another_over_several_steps_and_alike_both_ways() -> None:
    steps = Rules(within={"medics": ("civilians",), "civilians": (ALL,), "everybody": (ALL,), ALL: ("everybody",)})
    assert status(compared(dead(None, 1, None, "medics"), dead(None, 5, None, "everybody"), steps), "deaths") == (
        "compatible"
    )
    assert status(compared(dead(None, 1, None), dead(None, 5, None, "everybody"), steps), "deaths") == "conflict"


def test_sources_that_list_other_events_may_count_the_same_people() -> None:
    victims = {"a": "medics", "b": "medics", "c": "everybody", "d": "soldiers"}
    rules = Rules(within=within_by_victims(victims, {"a": ("x",)}))
    outcomes = {
        (left, right): status(compared(dead(None, 1, None, left), dead(None, 5, None, right), rules), "deaths")
        for left, right in ("ab", "ac", "ca", "ad", "dc", "ax")
    }
    assert outcomes == {
        ("a", "b"): "conflict",
        ("a", "c"): "compatible",
        ("c", "a"): "conflict",
        ("a", "d"): "not comparable",
        ("d", "c"): "compatible",
        ("a", "x"): "compatible",
    }


def test_an_event_without_a_shared_definition_is_told_why() -> None:
    row = only(compared(dead(None, 9, None, AID), dead(None, 9, None, OTHER), RULES))
    assert row.status is Status.NOT_COMPARABLE
    assert "neither is within the other" in row.note
    assert (row.left_value, row.right_value) == ("9 [aid-workers]", "9 [soldiers]")
    assert row.difference is None


def sides(a: str | None, b: str | None = None) -> dict[str, Any]:
    return {"side_a": a, "side_b": b}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (sides("TTP", "Army"), sides("Army", " ttp "), "equal"),
        (sides("TTP"), sides("Tehrik-i-Taliban", "Army"), "compatible"),
        (sides("TTP", "Army"), sides("ISKP", "Army"), "conflict"),
        (sides("TTP", "Army"), sides("somebody", "Army"), "not comparable"),
        (sides("TTP"), sides(None), "missing"),
        (sides("TTP"), sides("Unknown"), "missing"),
        (sides("Government of Ruritania"), sides("Military forces of Ruritania"), "equal"),
    ],
)
def test_sides_are_compared_by_the_table_of_actors(left: dict[str, Any], right: dict[str, Any], expected: str) -> None:
    rules = Rules(actors={"TTP": "ttp", "tehrik-i-taliban": "ttp", "ISKP": "iskp", "army": "army"})
    assert status(compared(left, right, rules), "side") == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"kind": "battle"}, {"kind": "battle"}, "equal"),
        ({"kind": "battle"}, {"kind": "explosion"}, "compatible"),
        ({"kind": "battle"}, {"kind": "protest"}, "conflict"),
        ({"violence_type": "one_sided"}, {"kind": "battle", "violence_type": "state_based"}, "conflict"),
        ({"kind": "battle"}, {"violence_type": "state_based"}, "missing"),
    ],
)
def test_kinds_are_compared_by_what_they_may_mean(left: dict[str, Any], right: dict[str, Any], expected: str) -> None:
    assert status(compared(left, right), "kind") == expected


def test_a_border_event_under_two_countries_is_told() -> None:
    assert only(compared({"country": "PAK"}, {"country": "AFG"})).field == "country"


def test_every_field_says_what_each_source_says() -> None:
    records = {"a/1": {"dataset": "a", **dead(1, 2, 3)}, "b/1": {"dataset": "b", **days("2022-03-01", "2022-03-04")}}
    values = values_of(Cluster("c", ("a/1", "b/1")), records)
    assert tuple(values) == FIELDS
    assert values["deaths"] == {"a/1": "2 (1..3) [all-persons]", "b/1": ""}
    assert values["date"] == {"a/1": "", "b/1": "2022-03-01/2022-03-04"}


def _many(pairs: list[tuple[int, int]]) -> Comparisons:
    records, clusters = {}, []
    for number, (left, right) in enumerate(pairs):
        records[f"a/{number}"] = {"dataset": "a", **dead(None, left, None)}
        records[f"b/{number}"] = {"dataset": "b", **dead(None, right, None)}
        # The keys come in the other order than the datasets, which must not turn a sign.
        clusters.append(Cluster(f"{number:04}", (f"b/{number}", f"a/{number}")))
    return comparisons(clusters, records)


def test_a_summary_says_who_reports_more() -> None:
    found = _many([(5, 3)] * 7 + [(1, 2)] + [(4, 4)] * 2)
    (row,) = [row for row in found.summaries if row.field == "deaths"]
    assert (row.left, row.right, row.pairs, row.compared, row.conflicting, row.equal) == ("a", "b", 10, 10, 8, 2)
    assert (row.median, row.left_more, row.right_more) == (2, 7, 1)
    assert row.p_value == pytest.approx(18 / 256)  # 2 (C(8,0) + C(8,1)) / 2^8
    assert row.share == 0.8
    assert (row.share_low, row.share_high) == pytest.approx(wilson(8, 10))


def test_wilson_agrees_with_newcombes_published_example() -> None:
    # Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(st.integers(0, 30), st.integers(0, 30))
def test_the_sign_test_is_the_binomial_sum(more: int, less: int) -> None:
    total = more + less
    tail = sum(math.comb(total, k) for k in range(min(more, less) + 1)) / 2**total
    assert sign_test(more, less) == pytest.approx(min(1.0, 2 * tail))


@given(st.lists(st.integers(0, 6), max_size=25))
def test_every_two_records_of_a_cluster_are_compared_once(labels: list[int]) -> None:
    expected = [[a, b] for a, b in combinations(range(len(labels)), 2) if labels[a] == labels[b]]
    assert pairs_within(np.array(labels, dtype=np.int64)).tolist() == expected


def _by_the_book(left: dict[str, Any], right: dict[str, Any]) -> bool:
    """Whether two spans of deaths do not touch, value by value."""
    spans = []
    for record in (left, right):
        given = [v for v in (record["deaths_low"], record["deaths_best"], record["deaths_high"]) if v is not None]
        if not given:
            return False
        spans.append(set(range(min(given), max(given) + 1)))
    return not spans[0] & spans[1]


COUNT = st.none() | st.integers(0, 8)
DEATHS = st.builds(dead, COUNT, COUNT, COUNT)


@given(st.lists(DEATHS, min_size=2, max_size=4))
def test_clusters_of_any_size_are_compared_pair_by_pair_as_if_alone(rows: list[dict[str, Any]]) -> None:
    records = {f"{name}/1": {"dataset": name, **row} for name, row in zip("abcd", rows, strict=False)}
    found = comparisons([Cluster("c", tuple(records))], records)
    conflicts = {(row.left, row.right) for row in found.disagreements if row.field == "deaths"}
    expected = {(a, b) for a, b in combinations(records, 2) if _by_the_book(records[a], records[b])}
    assert conflicts == expected
    assert sum(row.conflicting for row in found.summaries) == len(expected)


def test_no_clusters_of_several_have_no_conflicts() -> None:
    assert comparisons([Cluster("c", ("a/1",))], {"a/1": {"dataset": "a"}}) == Comparisons((), ())


def test_disagreements_stand_by_cluster_field_and_keys() -> None:
    # Of three records the keys come in another order than the datasets; of two in one dataset the keys decide.
    rows = {"z": ("a", 1), "y": ("b", 3), "x": ("c", 5), "q": ("a", 2), "p": ("a", 4)}
    records = {key: {"dataset": dataset, **dead(None, deaths, None)} for key, (dataset, deaths) in rows.items()}
    found = comparisons([Cluster("one", ("q", "p")), Cluster("two", ("z", "y", "x"))], records)
    said = [(row.cluster, row.left, row.right, row.left_value, row.difference) for row in found.disagreements]
    assert [row[:3] for row in said] == [("one", "p", "q"), ("two", "y", "x"), ("two", "z", "x"), ("two", "z", "y")]
    assert [row[3] for row in said] == [f"{deaths} [all-persons]" for deaths in (4, 3, 1, 1)]
    assert [row[4] for row in said] == [2, -2, -4, -2]
