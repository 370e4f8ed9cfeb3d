"""Hierarchies: what is refused, what a parent's series is, and draws that add up in every future."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from marsad.errors import InputError, NotFoundError
from marsad.forecast import Hierarchy, Panel, level_panels, reconciled, with_parents
from marsad.forecast.hierarchy import ENDED

Floats = NDArray[np.float64]
NAN = np.nan


def panel_of(rows: dict[str, list[float]], versions: dict[str, list[int]] | None = None) -> Panel:
    values = np.array(list(rows.values()), np.float64)
    given = versions or {}
    vintage = np.array([given.get(name, [0] * values.shape[1]) for name in rows])
    vintage = np.where(np.isnan(values), -1, vintage).astype(np.int16)
    return Panel("deaths", tuple(rows), 600, values, ("v1", "v2"), vintage)


def series(panel: Panel, unit: str) -> list[float]:
    return list(panel.values[panel.units.index(unit)])


def test_a_hierarchy_knows_its_levels() -> None:
    tree = Hierarchy.of([("district", "province"), ("province", "country"), ("sea", "country"), ("sea", "country")])
    assert tree.parents == ("country", "province")
    assert tree.children() == {"country": ("province", "sea"), "province": ("district",)}
    assert [tree.depth(unit) for unit in ("country", "sea", "district", "elsewhere")] == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([("Centre", "Mali"), ("Centre", "Cameroon")], r"Centre is a part of Mali and of Cameroon.*Mali: Centre"),
        ([("a", "a")], "a is a part of itself"),
        ([("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")], "is a part of itself"),
    ],
)
def test_what_is_no_hierarchy_is_refused(pairs: list[tuple[str, str]], told: str) -> None:
    with pytest.raises(InputError, match=told):
        Hierarchy.of(pairs)


def test_a_parent_is_the_sum_of_the_children_that_are_there() -> None:
    months = 16
    rows = {
        "whole": [1.0] * months,
        "begins": [NAN, NAN, *[2.0] * (months - 2)],
        "ends": [4.0] * (months - ENDED) + [NAN] * ENDED,
        "gap": [8.0] * 5 + [NAN] + [8.0] * (months - 6),
        "late": [16.0] * (months - 2) + [NAN] * 2,
        "never": [NAN] * months,
    }
    found = with_parents(panel_of(rows), Hierarchy.of((name, "all") for name in rows))
    expected = [29.0, 29, 31, 31, 27, NAN, *[27.0] * (months - 8), NAN, NAN]
    assert np.array_equal(series(found, "all"), expected, equal_nan=True)
    assert found.units == (*rows, "all")


def test_a_child_without_a_value_in_fewer_months_has_not_ended() -> None:
    panel = panel_of({"a": [1.0] * 20, "b": [2.0] * (21 - ENDED) + [NAN] * (ENDED - 1)})
    found = with_parents(panel, Hierarchy.of([("a", "p"), ("b", "p")]))
    assert np.array_equal(series(found, "p"), [3.0] * (21 - ENDED) + [NAN] * (ENDED - 1), equal_nan=True)


def test_a_parent_of_children_without_values_has_none() -> None:
    found = with_parents(panel_of({"a": [NAN, NAN], "b": [1, 2]}), Hierarchy.of([("a", "p")]))
    assert np.isnan(series(found, "p")).all()


def test_levels_add_up_and_versions_are_named() -> None:
    panel = panel_of({"a": [1, 2], "b": [3, 4], "c": [5, 6]}, {"a": [0, 1], "b": [0, 0], "c": [0, 1]})
    tree = Hierarchy.of([("a", "low"), ("b", "low"), ("low", "top"), ("c", "top")])
    found = with_parents(panel, tree)
    assert series(found, "low") == [4, 6]
    assert series(found, "top") == [9, 12]
    assert found.vintages == ("v1", "v2", "several versions")
    assert found.vintage[found.units.index("top")].tolist() == [0, 2]
    assert [one.units for one in level_panels(panel, tree)] == [("top",), ("c", "low"), ("a", "b")]


def test_a_series_of_the_parent_must_be_the_sum_and_is_used_where_there_is_none() -> None:
    tree = Hierarchy.of([("a", "p"), ("b", "p")])
    found = with_parents(panel_of({"a": [NAN, 1, 2], "b": [NAN, 3, NAN], "p": [9, 4, 7]}), tree)
    assert series(found, "p") == [9, 4, 7]
    with pytest.raises(InputError, match=r"p has 5 in 2020-02, its parts together have 4.*disjoint"):
        with_parents(panel_of({"a": [1, 1], "b": [1, 3], "p": [2, 5]}), tree)


def test_events_counted_under_each_side_are_refused() -> None:
    sides = panel_of({"army": [10, 4], "rebels": [10, 4], "country": [10, 4]})
    with pytest.raises(InputError, match="count each event under one of them"):
        with_parents(sides, Hierarchy.of([("army", "country"), ("rebels", "country")]))


def test_a_part_that_the_panel_does_not_have() -> None:
    panel = panel_of({"a": [1, 2], "alone": [0, 1]})
    tree = Hierarchy.of([("a", "p"), ("b", "p"), ("c", "q")])
    with pytest.raises(NotFoundError, match="'b', a part of p"):
        with_parents(panel, tree)
    assert [one.units for one in level_panels(panel, tree)] == [("alone", "p"), ("a",)]  # b was not known yet


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 6), st.integers(1, 4), st.integers(1, 30), st.floats(0.0, 0.9))
def test_draws_add_up_exactly_and_stay_near_their_shares(
    seed: int, parts: int, steps: int, n: int, zero: float
) -> None:
    rng = np.random.default_rng(seed)
    children = np.floor(rng.lognormal(2, 3, (parts, steps, n))) * (rng.random((parts, steps, n)) > zero)
    parent = np.floor(rng.lognormal(3, 3, (1, steps, n))) * (rng.random((1, steps, n)) > zero / 2)
    names = [f"part {place}" for place in range(parts)]
    tree = Hierarchy.of((name, "whole") for name in names)
    found = reconciled(np.concatenate((children, parent)), [*names, "whole"], tree, seed=seed)
    assert np.array_equal(found[:-1].sum(axis=0), parent[0])
    assert np.array_equal(found[-1], parent[0])
    assert bool((found >= 0).all())
    assert np.array_equal(found, np.floor(found))
    total = children.sum(axis=0)
    some = total > 0
    exact = parent[0] * children / np.where(some, total, 1)
    assert bool((np.abs(found[:-1] - exact)[:, some] < 1 + 1e-6 * parent[0][some]).all())


def test_whole_numbers_are_right_on_average() -> None:
    n = 40_000
    draws = np.stack([np.full((1, n), value) for value in (5.0, 3.0, 2.0, 1.0)])
    found = reconciled(draws, ["a", "b", "c", "p"], Hierarchy.of([(name, "p") for name in "abc"]), seed=1)
    assert found[:3].mean(axis=-1).ravel() == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    assert set(np.unique(found[:3])) == {0.0, 1.0}


def test_draws_in_which_all_children_are_zero_take_the_shares_of_others() -> None:
    n = 30_000
    a = np.tile([8.0, 0.0, 0.0], n // 3)
    b = np.tile([0.0, 4.0, 0.0], n // 3)
    draws = np.stack([a, b, np.full(n, 6.0)])[:, None, :]
    found = reconciled(draws, ["a", "b", "p"], Hierarchy.of([("a", "p"), ("b", "p")]), seed=1)[:, 0]
    assert bool((found[0, 0::3] == 6).all())
    assert bool((found[1, 1::3] == 6).all())
    third = found[0, 2::3]
    assert set(np.unique(third)) == {0.0, 6.0}
    assert np.mean(third == 6) == pytest.approx(0.5, abs=0.02)


def test_children_without_any_count_share_alike() -> None:
    draws = np.concatenate((np.zeros((4, 1, 20_000)), np.ones((1, 1, 20_000))))
    found = reconciled(draws, [*"abcd", "p"], Hierarchy.of((name, "p") for name in "abcd"), seed=1)
    assert found[:4].mean(axis=-1).ravel() == pytest.approx([0.25] * 4, abs=0.02)


def test_what_has_no_forecast() -> None:
    tree = Hierarchy.of([("a", "p"), ("b", "p"), ("p", "top"), ("c", "top"), ("d", "q")])
    units = ["a", "b", "p", "c", "top", "d", "q"]
    rows: list[list[float]] = [[2, 2], [NAN, NAN], [NAN, NAN], [2, 6], [8, 8], [NAN, NAN], [5, 5]]
    found = reconciled(np.array(rows)[:, None, :], units, tree, seed=0)[:, 0]
    # p is the sum of what a says; top is split between p and c; b stays without; q keeps its own.
    expected: list[list[float]] = [[4, 2], [NAN, NAN], [4, 2], [4, 6], [8, 8], [NAN, NAN], [5, 5]]
    assert np.array_equal(found, expected, equal_nan=True)


def test_parents_without_forecasts_above_each_other_are_the_sums() -> None:
    tree = Hierarchy.of([("a", "low"), ("b", "low"), ("low", "top"), ("c", "top")])
    rows: list[list[float]] = [[1, 2], [3, 4], [NAN, NAN], [5, 6], [NAN, NAN]]
    found = reconciled(np.array(rows)[:, None, :], ["a", "b", "low", "c", "top"], tree, seed=0)[:, 0]
    assert np.array_equal(found, [[1, 2], [3, 4], [4, 6], [5, 6], [9, 12]])


def test_levels_are_reconciled_from_the_top() -> None:
    rng = np.random.default_rng(4)
    units = ["a", "b", "low", "c", "top"]
    tree = Hierarchy.of([("a", "low"), ("b", "low"), ("low", "top"), ("c", "top")])
    draws = rng.poisson(20, (5, 3, 50)).astype(np.float64)
    a, b, low, c, top = reconciled(draws, units, tree, seed=0)
    assert np.array_equal(a + b, low)
    assert np.array_equal(low + c, top)
    assert np.array_equal(top, draws[4])
    assert not np.array_equal(low, draws[2])


def test_counts_that_are_no_whole_numbers_are_split_without_rounding() -> None:
    draws = np.array([1.0, 3.0, 2.5])[:, None, None]
    found = reconciled(draws, ["a", "b", "p"], Hierarchy.of([("a", "p"), ("b", "p")]), seed=0)
    assert found.ravel() == pytest.approx([0.625, 1.875, 2.5])


def test_adding_another_family_does_not_change_a_split() -> None:
    rng = np.random.default_rng(5)
    draws = rng.poisson(3, (6, 2, 30)).astype(np.float64)
    tree = Hierarchy.of([("a", "p"), ("b", "p"), ("c", "q"), ("d", "q")])
    both = reconciled(draws, ["a", "b", "p", "c", "d", "q"], tree, seed=3)
    assert np.array_equal(reconciled(draws[:3], ["a", "b", "p"], tree, seed=3), both[:3])


def test_faults_of_the_call() -> None:
    tree = Hierarchy.of([("a", "p")])
    with pytest.raises(NotFoundError, match="No draws of p, of which a is a part"):
        reconciled(np.zeros((1, 1, 2)), ["a"], tree, seed=0)
    with pytest.raises(InputError, match="each unit once"):
        reconciled(np.zeros((2, 1, 2)), ["a", "a"], tree, seed=0)
