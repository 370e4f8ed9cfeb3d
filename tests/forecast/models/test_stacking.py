"""Stacking: the weights are the best ones, and the stretched tails hold what they are to hold."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize

from marsad.errors import InputError
from marsad.forecast import Bootstrap, Conflictology, ExactlyZero, Fitted, Model, Panel, run_backtest, scores
from marsad.forecast.models import DecayedEmpirical, Forest, NegativeBinomial, Stacked, simplex_weights
from marsad.forecast.models.calibration import STRETCHES, sorted_at, stretched_levels
from marsad.forecast.models.forest import Grown
from marsad.forecast.models.stacking import _distance, _losses, _Past


def _panel(values: np.ndarray) -> Panel:
    units = tuple(f"u{row}" for row in range(len(values)))
    return Panel("deaths", units, 480, values.astype(np.float64), ("v",), np.zeros(values.shape, np.int16))


@pytest.fixture(scope="module")
def steady() -> Panel:
    return _panel(np.random.default_rng(3).negative_binomial(2, 0.02, (40, 150)))


@pytest.mark.parametrize("shrink", [0.0, 0.3])
def test_the_weights_are_those_of_a_general_optimiser(shrink: float) -> None:
    rng = np.random.default_rng(4)
    draws, y = rng.gamma(2, [[[8]], [[10]], [[14]], [[30]]], (4, 50, 30)), rng.gamma(2, 11, 50)
    alone = np.abs(draws - y[:, None]).mean(axis=(1, 2)) / 10
    pairs = np.array([[np.abs(a[:, :, None] - b[:, None, :]).mean() for b in draws] for a in draws]) / 10

    def score(w: np.ndarray) -> float:
        return float(w @ alone - w @ pairs @ w / 2 + shrink / 2 * ((w - 0.25) ** 2).sum())

    found = simplex_weights(alone, pairs, shrink=shrink)
    best = optimize.minimize(
        score, np.full(4, 0.25), bounds=[(0, 1)] * 4, constraints={"type": "eq", "fun": lambda w: w.sum() - 1}
    )
    assert found.sum() == pytest.approx(1)
    assert score(found) <= best.fun + 1e-4
    assert score(np.eye(4)[0]) - shrink * 0.375 == pytest.approx(scores.crps(draws[0], y).mean() / 10)


def test_losses_of_a_pool_are_its_crps() -> None:
    """With weights of a half the quadratic form is the CRPS of both models' draws together."""
    rng = np.random.default_rng(5)
    draws = np.sort(rng.poisson([[[[3]]], [[[9]]]], (2, 6, 2, 20)), axis=-1).astype(np.float32)
    observed = rng.poisson(6, (6, 2)).astype(np.float64)
    observed[2, 1] = np.nan
    alone, pairs = _losses([_Past(draws, observed, np.ones(6))], 1.0)
    single = [scores.crps(one, observed) for one in draws]
    usual = np.mean([np.nansum(one) for one in single])
    together = np.nansum(scores.crps(np.concatenate(draws, axis=-1), observed))
    half = np.array([0.5, 0.5])
    assert half @ alone - half @ pairs @ half / 2 == pytest.approx(together / usual, rel=1e-5)


@given(hnp.arrays(np.int64, (2, 3, 7), elements=st.integers(0, 9)))
def test_the_mean_distance_of_two_samples_is_that_of_all_their_pairs(values: np.ndarray) -> None:
    first, second = np.sort(values, axis=-1).astype(np.float32)
    pairs = np.abs(first[:, :, None] - second[:, None, :]).mean(axis=(1, 2))
    assert _distance(first, second) == pytest.approx(pairs)


@settings(max_examples=40)
@given(hnp.arrays(np.float64, (4,), elements=st.floats(0.1, 9)), st.floats(0, 3))
def test_weights_lie_on_the_simplex(alone: np.ndarray, shrink: float) -> None:
    pairs = np.minimum.outer(alone, alone) * (1 - np.eye(4) / 2)
    found = simplex_weights(alone, pairs, shrink=shrink)
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


def test_a_useless_model_gets_little_and_shrinkage_gives_it_more(steady: Panel) -> None:
    models: tuple[Model, ...] = (NegativeBinomial(), ExactlyZero())
    alone, shrunk = (Stacked(models, past=4, shrink=shrink).fit(steady, steady.last) for shrink in (0.0, 5.0))
    assert alone.weights[1] < 0.1
    assert alone.weights[1] < shrunk.weights[1] < 0.5


def test_the_combination_is_no_worse_than_the_middle_of_its_models(steady: Panel) -> None:
    models = (DecayedEmpirical(), Bootstrap(24), Conflictology(3))
    found = run_backtest(steady, [*models, Stacked(models, past=4)], origins=[600, 610], steps=range(3, 15), draws=200)
    each = [float(np.nanmean(score)) for score in found.scores["crps"]]
    assert each[-1] < np.median(each[:-1])


def test_intervals_that_were_too_narrow_are_widened_to_nine_in_ten(steady: Panel) -> None:
    narrow = NegativeBinomial(inflation=0.5)
    plain, stretched = (Stacked((narrow,), name, past=10, cover=cover) for name, cover in (("plain", 0), ("c", 0.9)))
    found = run_backtest(steady, [plain, stretched], origins=[600, 610], steps=range(3, 15), draws=1000)
    before, after = (float(np.nanmean(one[found.observed > 0])) for one in found.scores["covered"])
    assert before < 0.85
    assert after == pytest.approx(0.9, abs=0.025)


@given(st.sampled_from(STRETCHES), st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_stretched_levels_rise_and_leave_the_middle(stretch: float, levels: list[float]) -> None:
    u = np.sort(np.array(levels))
    found = stretched_levels(u, stretch)
    assert (np.diff(found) >= 0).all()
    middle = (u >= 0.09) & (u <= 0.91)
    assert found[middle] == pytest.approx(u[middle])
    assert (np.abs(found - 0.5) >= np.abs(u - 0.5) - 1e-12).all()
    assert stretched_levels(np.array([0.05, 0.95]), 0.5) == pytest.approx([0.025, 0.975])
    assert stretched_levels(u, 0) == pytest.approx(u)


def test_draws_at_their_own_levels_are_the_draws() -> None:
    ordered = np.array([[1.0, 4, 9, 16]])
    assert sorted_at(ordered, (np.arange(4) + 0.5) / 4).tolist() == ordered.tolist()
    assert sorted_at(ordered, np.array([0, 0.25, 0.26, 1])).tolist() == [[1, 1, 4, 16]]


def test_trees_are_grown_anew_at_some_past_origins_only(steady: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    grown: list[int] = []
    learn = Forest.learn

    def counted(self: Forest, panel: Panel, origin: int) -> Grown:
        grown.append(origin)
        return learn(self, panel, origin)

    monkeypatch.setattr(Forest, "learn", counted)
    Stacked((Forest(trees=10),), past=5, relearn=3).fit(steady, steady.last)
    origins = [steady.last - 14 - 6 * back for back in (4, 3, 2, 1, 0)]
    assert grown == [steady.last, origins[0], origins[3]]


@dataclass(frozen=True)
class _Spy:
    name: str = "spy"
    seen: list[int] = field(default_factory=list)

    def fit(self, panel: Panel, origin: int) -> Fitted:
        self.seen.append(origin)
        return Conflictology().fit(panel, origin)


def test_past_origins_without_a_past_are_left_out(steady: Panel) -> None:
    values = steady.values.copy()
    values[:, :60] = np.nan
    values[:, 110:135] = np.nan
    gaps = Panel("deaths", steady.units, 480, values, ("v",), np.where(np.isnan(values), -1, 0).astype(np.int16))
    spy = _Spy()
    Stacked((spy,), past=40, apart=3).fit(gaps, gaps.last)
    usable = {*range(480 + 60 + 31, 480 + 110 + 11), 615}
    assert spy.seen == [gaps.last, *(at for at in range(615 - 3 * 39, 616, 3) if at in usable)]
    with pytest.raises(InputError, match="No unit has a value"):
        Stacked((Conflictology(),)).fit(gaps, 530)


def test_a_short_panel_has_equal_weights_and_no_stretch(small: Panel) -> None:
    found = Stacked((Conflictology(), ExactlyZero())).fit(small, small.first + 20)
    assert found.weights == (0.5, 0.5)
    assert found.stretch == 0


def test_settings_are_checked() -> None:
    with pytest.raises(InputError, match="different names"):
        Stacked((ExactlyZero(), ExactlyZero()))
    with pytest.raises(InputError, match="different names"):
        Stacked(())
    for wrong in ({"past": 0}, {"apart": 0}, {"shrink": -1.0}, {"cover": 1.0}):
        with pytest.raises(InputError, match="counted from 1"):
            Stacked((ExactlyZero(),), **wrong)
    with pytest.raises(InputError, match="Steps ahead"):
        Stacked((ExactlyZero(),), steps=(0,))
