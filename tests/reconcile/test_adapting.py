"""Pairs without descriptions: probabilities that adapt to the sources, and the threshold that follows from them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.evidence.engine import open_engine
from marsad.reconcile import Rule, default_model
from marsad.reconcile.adapting import adapt, bins_of, some_pairs, surroundings
from marsad.reconcile.comparing import Compared, compare
from marsad.reconcile.deciding import best_threshold, choose, no_duplicates, plain_join
from marsad.reconcile.scoring import sigmoid
from marsad.reconcile.sides import Side, read_side


def worlds_module() -> Any:
    file = Path(__file__).resolve().parents[2] / "benchmarks" / "reconcile_worlds.py"
    spec = importlib.util.spec_from_file_location("benchmark_reconcile_worlds", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


WORLDS = worlds_module()
SHAPES = {
    "sparse": WORLDS.World(events=1500, days=1000, shape="globe", km=6.0, late=2, deaths=False),
    "region": WORLDS.World(events=2500, days=400, degrees=8.0, km=8.0, late=2, deaths=False),
    "towns": WORLDS.World(events=2500, days=300, shape="cities", cities=30, km=2.0, actors=True),
    "rounded": WORLDS.World(events=2000, days=300, shape="cities", cities=40, km=4.0, decimals=1),
}


def pairs_of(name: str, folder: Path) -> tuple[Compared, tuple[Side, Side], Any, dict[str, Any], int]:
    sources, both = WORLDS.make(SHAPES[name], folder, 4242)
    with open_engine() as engine:
        sides = (read_side(engine, folder / "a.parquet"), read_side(engine, folder / "b.parquet"))
        compared = compare(engine, *sides)
    own = [np.array([int((text or "a-1")[1:]) for text in side.texts("source_id")]) for side in sides]
    return compared, sides, own[0][compared.left] == own[1][compared.right], sources, len(both)


@pytest.mark.parametrize("name", SHAPES)
def test_probabilities_are_calibrated_and_no_plain_join_is_better(name: str, tmp_path: Path) -> None:
    compared, sides, truth, sources, there = pairs_of(name, tmp_path)
    odds = adapt(compared, default_model().logits(compared.columns), sides)
    assert odds is not None
    chosen = choose(compared, odds, (no_duplicates(), no_duplicates()), least=0.0)
    probability = sigmoid(chosen.logits)
    assert probability.sum() == pytest.approx(truth.sum(), rel=0.04)
    sure = probability > 0.9
    assert truth[sure].mean() == pytest.approx(probability[sure].mean(), abs=0.03)
    middle = (probability > 0.2) & (probability <= 0.8)
    assert abs(truth[middle].sum() - probability[middle].sum()) <= 5 + 0.15 * middle.sum()
    said = chosen.chosen & (probability >= best_threshold(compared, probability, chosen.chosen))
    precision, recall = truth[said].mean(), truth[said].sum() / there
    joins = WORLDS.plain_joins(sources, there)
    for km in (25, 50):
        assert precision >= joins[km, 2, "km"][0]
        assert recall >= joins[km, 2, "km"][1]
    assert not any(a > precision and b > recall for a, b in joins.values())


def test_descriptions_leave_the_packaged_scorer_alone(tmp_path: Path) -> None:
    compared, sides, *_ = pairs_of("sparse", tmp_path)
    logits = default_model().logits(compared.columns)
    compared.columns["words"] = np.full(len(compared), np.nan)
    assert adapt(compared, logits, sides) is not None
    compared.columns["words"][0] = 0.4
    assert adapt(compared, logits, sides) is None
    assert adapt(compared.kept(np.zeros(len(compared), dtype=bool)), logits[:0], sides) is None


def test_judged_pairs_keep_their_log_odds_and_rivals_feel_it(tmp_path: Path) -> None:
    compared, sides, *_ = pairs_of("towns", tmp_path)
    logits = default_model().logits(compared.columns)
    logits[3], logits[7] = 30.0, -np.inf
    odds = adapt(compared, logits, sides)
    assert odds is not None
    assert odds[3] == 30.0
    assert np.isneginf(odds[7])


def test_surroundings_count_other_records_of_the_own_source(tmp_path: Path) -> None:
    _, sides, *_ = pairs_of("towns", tmp_path)
    around = surroundings(sides[0])
    assert around.shape == (len(sides[0]),)
    assert (around >= 0).all()
    assert around.max() > 3
    _, counts = np.unique(around, return_counts=True)
    assert all(count % (value + 1) == 0 for value, count in zip(np.unique(around).tolist(), counts, strict=True))


def test_many_pairs_are_estimated_from_slices_that_keep_rivals_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared, sides, *_ = pairs_of("region", tmp_path)
    everything, sizes = some_pairs(compared, sides)
    assert everything.all()
    assert sizes == (len(sides[0]), len(sides[1]))
    monkeypatch.setattr("marsad.reconcile.adapting._MOST_FITTED", len(compared) // 3)
    some, fewer = some_pairs(compared, sides)
    assert 0.2 < some.mean() < 0.5
    assert fewer[0] < sizes[0] / 2
    inside = set(compared.left[some].tolist())
    assert not inside & set(compared.left[~some].tolist())
    odds = adapt(compared, default_model().logits(compared.columns), sides)
    assert odds is not None
    assert np.isfinite(odds).all()


def test_bins_know_what_is_missing() -> None:
    bins = bins_of({"days": np.log1p(np.array([0.0, 2.0])), "km": np.array([np.nan, np.log1p(0.3)])})
    assert bins["days"].place.tolist() == [0, 2]
    assert bins["km"].place.tolist() == [bins["km"].size - 1, 5]
    assert (bins["killed"].place == bins["killed"].size - 1).all()
    assert all((one.place >= 0).all() and (one.place < one.size).all() for one in bins.values())


def small(left: list[int], right: list[int], km: list[float], days: list[int]) -> Compared:
    columns = {"km": np.log1p(np.array(km) / 10.0), "days": np.log1p(np.array(days, dtype=float))}
    return Compared(np.array(left), np.array(right), columns, Rule(5, 200.0), 0.0, screened=False)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 60), st.integers(0, 4)),
        unique_by=lambda row: row[:2],
        max_size=30,
    )
)
def test_a_plain_join_takes_the_nearest_first(rows: list[tuple[int, int, int, int]]) -> None:
    rows.sort()
    left, right, km, days = ([row[n] for row in rows] for n in range(4))
    used: set[tuple[str, int]] = set()
    expected = set()
    for n in sorted(range(len(rows)), key=lambda n: (km[n], days[n], n)):
        if km[n] <= 25 and days[n] <= 2 and not used & {("l", left[n]), ("r", right[n])}:
            used |= {("l", left[n]), ("r", right[n])}
            expected.add(n)
    pairs = small(left, right, [float(value) for value in km], days)
    assert set(plain_join(pairs, 2, 25.0 + 1e-9).tolist()) == expected


def test_the_threshold_follows_from_the_probabilities() -> None:
    count = 400
    pairs = small(list(range(count)), list(range(count)), [100.0] * count, [0] * count)
    chosen = np.ones(count, dtype=bool)
    clear = np.where(np.arange(count) < 300, 0.995, 0.02)
    assert 0.02 < best_threshold(pairs, clear, chosen) < 0.995
    dense = np.linspace(0.01, 0.9, count)
    threshold = best_threshold(pairs, dense, chosen)
    hits = [2 * dense[dense >= t].sum() / ((dense >= t).sum() + dense.sum()) for t in dense]
    assert 2 * dense[dense >= threshold].sum() / ((dense >= threshold).sum() + dense.sum()) >= max(hits) - 0.003
    assert threshold < 0.5
    assert best_threshold(pairs, dense, np.zeros(count, dtype=bool)) == 0.5
