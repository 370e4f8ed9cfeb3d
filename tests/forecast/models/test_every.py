"""What every learning model must do: see nothing after the origin, repeat itself, and draw whole counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from marsad.errors import InputError
from marsad.forecast import Bootstrap, Conflictology, Fitted, Model, Panel
from marsad.forecast.models import MODELS, Analogues, Boosting, DecayedEmpirical, Forest, NegativeBinomial, Stacked
from marsad.forecast.panel import LARGEST

ORIGIN = 560
QUICK = Boosting(trees=6, least=5, threads=1)
FOREST = Forest(trees=20, least=5)
STACKED = Stacked((DecayedEmpirical(), NegativeBinomial(), QUICK, FOREST), past=3, relearn=2)
EVERY = pytest.mark.parametrize("model", [QUICK, Analogues(20), FOREST, STACKED], ids=lambda model: model.name)


@EVERY
@pytest.mark.parametrize("poison", [1e9, np.nan])
def test_the_future_changes_nothing(small: Panel, model: Model, poison: float) -> None:
    values, vintage = small.values.copy(), small.vintage.copy()
    values[:, ORIGIN - small.first + 1 :] = poison
    vintage[:, ORIGIN - small.first + 1 :] = -1 if np.isnan(poison) else 1
    poisoned = replace(small, values=values, vintage=vintage)
    fitted, other = model.fit(small, ORIGIN), model.fit(poisoned, ORIGIN)
    assert fitted.units == other.units
    assert np.array_equal(fitted.draw([1, 3, 14], 60, 7), other.draw([1, 3, 14], 60, 7))


@EVERY
def test_the_past_changes_something(small: Panel, model: Model) -> None:
    values = small.values.copy()
    values[:, ORIGIN - small.first - 11 : ORIGIN - small.first + 1] += 500
    changed = model.fit(replace(small, values=values), ORIGIN).draw([3], 200, 7)
    assert not np.array_equal(np.sort(changed), np.sort(model.fit(small, ORIGIN).draw([3], 200, 7)))


@EVERY
def test_draws_are_whole_counts_of_the_right_shape_and_follow_their_seed(small: Panel, model: Model) -> None:
    fitted = model.fit(small, ORIGIN)
    one = fitted.draw([3, 1, 20], 50, 7)
    assert one.shape == (4, 3, 50)
    assert fitted.units == small.units
    assert np.isfinite(one).all()
    assert (one >= 0).all()
    assert np.array_equal(one, np.floor(one))
    assert np.array_equal(one, model.fit(small, ORIGIN).draw([3, 1, 20], 50, 7))
    assert not np.array_equal(one, fitted.draw([3, 1, 20], 50, 8))


@EVERY
@pytest.mark.parametrize(("steps", "n"), [([], 10), ([0], 10), ([1, 1], 10), ([1], 0)])
def test_what_cannot_be_drawn_is_refused(small: Panel, model: Model, steps: list[int], n: int) -> None:
    with pytest.raises(InputError, match=r"Steps ahead|at least one"):
        model.fit(small, ORIGIN).draw(steps, n, 1)


@EVERY
@pytest.mark.parametrize("value", [0.001, 0.3, 1e9, 1e15])
def test_tiny_and_huge_values_give_finite_draws(small: Panel, model: Model, value: float) -> None:
    values = small.values.copy()
    values[1, -30::2] = value
    found = model.fit(replace(small, values=values), small.last).draw([1, 14], 50, 0)
    assert np.isfinite(found).all()
    assert (found >= 0).all()


@EVERY
def test_a_panel_without_violence_is_forecast_as_zero(model: Model) -> None:
    vintage = np.zeros((3, 80), np.int16)
    panel = Panel("deaths", ("a", "b", "c"), 480, np.zeros((3, 80)), ("v",), vintage)
    assert not model.fit(panel, panel.last).draw([1, 14], 50, 0).any()


def test_one_unit_is_enough(small: Panel) -> None:
    for model in (QUICK, Analogues(20), FOREST, STACKED):
        assert model.fit(small.select(["war"]), ORIGIN).draw([3], 50, 0).shape == (1, 1, 50)


def test_the_registry_names_each_model_and_makes_it() -> None:
    names = ["zero", "last-poisson", "conflictology", "bootstrap", "empirical", "negative-binomial", "own-past"]
    assert list(MODELS) == [*names, "boosting", "analogues", "forest", "combined"]
    made = {name: make() for name, make in MODELS.items()}
    assert {name: model.name for name, model in made.items() if model.name != name} == {"bootstrap": Bootstrap().name}


@dataclass(frozen=True)
class _Spy:
    name: str = "spy"
    seen: list[tuple[int, int]] = field(default_factory=list)

    def fit(self, panel: Panel, origin: int) -> Fitted:
        self.seen.append((panel.last, origin))
        return Conflictology().fit(panel, origin)


def test_past_origins_are_cut_and_their_targets_were_known(small: Panel) -> None:
    spy = _Spy()
    Stacked((spy,), past=3, apart=6).fit(small, ORIGIN)
    assert spy.seen == [(ORIGIN, ORIGIN), *((at, at) for at in (534, 540, 546))]  # 546 + 14 steps = 560


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("months", [1, 2, 13, 15])
def test_however_short_the_past_a_model_draws_or_says_why_not(small: Panel, name: str, months: int) -> None:
    cut = (slice(3), slice(months))
    short = replace(small, units=small.units[:3], values=small.values[cut].copy(), vintage=small.vintage[cut].copy())
    try:
        drawn = MODELS[name]().fit(short, short.last).draw([1, 14, 30], 7, 1)
    except InputError as error:
        assert "nothing to compare with" in str(error)  # noqa: PT017 - one of two outcomes
        assert months < 15
    else:
        assert np.isfinite(drawn).all()
        assert (drawn >= 0).all()


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"last-poisson"}))
def test_no_draw_is_above_the_largest_count(small: Panel, name: str) -> None:
    values = np.where(np.arange(96) % 7, 0.0, LARGEST) * np.ones((4, 1))
    huge = replace(small, values=values, vintage=np.zeros(values.shape, np.int16))
    assert MODELS[name]().fit(huge, huge.last).draw([1, 14], 200, 1).max() <= LARGEST
