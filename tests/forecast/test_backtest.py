"""Rolling origins: what is scored on what, and how scores are added up."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from marsad.errors import InputError
from marsad.forecast import (
    Backtest,
    Conflictology,
    ExactlyZero,
    LastPoisson,
    Model,
    Panel,
    published_baselines,
    run_backtest,
    score_table,
    scores,
)
from marsad.forecast import backtest as module
from marsad.forecast.backtest import draws_in_parts, seed_of
from marsad.forecast.models import simple_models

ORIGINS = (515, 527, 551, 569)
STEPS = range(3, 15)


@pytest.fixture
def found(small: Panel) -> Backtest:
    return run_backtest(
        small, published_baselines(), origins=ORIGINS, steps=STEPS, draws=1000, seed=4, thresholds=(1, 25)
    )


def test_each_cell_is_scored_on_the_month_that_many_steps_after_its_origin(small: Panel, found: Backtest) -> None:
    for place, origin in enumerate(ORIGINS):
        fitted = Conflictology().fit(small, origin)
        drawn = fitted.draw(list(STEPS), 1000, seed_of(4, origin))
        for row, unit in enumerate(fitted.units):
            at = found.units.index(unit)
            for column, step in enumerate(STEPS):
                month = origin + step
                inside = month <= small.last
                y = small.values[small.units.index(unit), month - small.first] if inside else np.nan
                expected = scores.crps(drawn[row, column], y)
                np.testing.assert_equal(found.observed[place, at, column], y)
                np.testing.assert_equal(found.scores["crps"][2, place, at, column], expected)


def test_units_that_were_not_known_at_an_origin_have_no_score_there(found: Backtest) -> None:
    late = found.units.index("late")
    assert np.isnan(found.scores["crps"][:, 0, late]).all()  # first observed in 520, the origin is 515
    assert not np.isnan(found.observed[0, late, 2:]).any()
    row = next(r for r in score_table(found, ["window", "unit", "model"]) if r["unit"] == "late")
    assert (row["cells"], row["missing"]) == (0, 10)
    assert np.isnan(row["crps"])


@pytest.mark.parametrize("poison", [1e9, np.nan])
def test_no_model_is_fitted_to_what_follows_its_origin(small: Panel, poison: float) -> None:
    """All after the first origin is poisoned: its forecasts stay, and only what they are scored on changes."""
    values, vintage = small.values.copy(), small.vintage.copy()
    values[:, 528 - small.first :] = poison
    vintage[:, 528 - small.first :] = -1 if np.isnan(poison) else 1
    given: list[Panel] = []

    @dataclass(frozen=True)
    class Watched:
        name: str = "watched"

        def fit(self, panel: Panel, origin: int) -> object:
            given.append(panel)
            return ExactlyZero().fit(panel, origin)

    for panel in (small, replace(small, values=values, vintage=vintage)):
        run_backtest(panel, [Watched()], origins=[527], steps=STEPS, draws=10)  # type: ignore[list-item] # it is one
    assert [panel.last for panel in given] == [527, 527]
    assert np.array_equal(given[0].values, given[1].values, equal_nan=True)


def test_adding_an_origin_does_not_change_the_others(small: Panel, found: Backtest) -> None:
    alone = run_backtest(small, published_baselines(), origins=[551], steps=STEPS, draws=1000, seed=4)
    np.testing.assert_array_equal(alone.scores["ign"][:, 0], found.scores["ign"][:, 2])
    np.testing.assert_array_equal(alone.pit[:, 0], found.pit[:, 2])


def _of(row: dict[str, str | int | float], names: Sequence[str]) -> tuple[str | int | float, ...]:
    return tuple(row[name] for name in names)


def test_tables_are_means_of_their_groups(found: Backtest) -> None:
    whole = {row["model"]: row for row in score_table(found, ["model"])}
    assert list(whole) == ["zero", "last-poisson", "conflictology", "bootstrap-240"]
    for index, model in enumerate(found.models):
        for measure in ("crps", "ign", "mis", "crps_log1p", "covered", "width", "brier_25"):
            assert whole[model][measure] == pytest.approx(float(np.nanmean(found.scores[measure][index])))
    assert whole["zero"]["crps"] == pytest.approx(float(whole["zero"]["mean"]))
    for by in (["window"], ["unit", "step"], ["level"], ["violence", "model"]):
        rows = [row for row in score_table(found, by) if row["model"] == "bootstrap-240"]
        assert len({_of(row, by) for row in rows}) == len(rows)
        assert sum(int(row["cells"]) for row in rows) == whole["bootstrap-240"]["cells"]
        total = sum(float(row["crps"]) * int(row["cells"]) for row in rows if row["cells"])
        assert total / int(whole["bootstrap-240"]["cells"]) == pytest.approx(float(whole["bootstrap-240"]["crps"]))
    assert score_table(found)[0]["window"] == "2013-03/2014-02"


def test_levels_are_those_of_the_year_up_to_the_origin(small: Panel, found: Backtest) -> None:
    rows = score_table(found, ["unit", "level", "model"])
    levels = {(row["unit"], row["level"]) for row in rows}
    assert ("quiet", "none") in levels
    assert ("quiet", "below 25") not in levels
    assert ("war", "25 to 999") in levels  # about 80 a month
    assert ("late", "not known") in levels  # before it is first observed
    year = small.values[1, 551 - 11 - small.first : 551 + 1 - small.first].sum()
    assert found.recent[2, found.units.index("war")] == year


def test_coverage_by_violence_splits_months_with_and_without_deaths(found: Backtest) -> None:
    rows = {(row["model"], row["violence"]): row for row in score_table(found, ["model", "violence"])}
    assert rows["zero", "yes"]["covered"] == 0
    assert rows["zero", "no"]["covered"] == 1
    assert rows["zero", "no"]["mean"] == 0


def test_the_log_score_is_left_out_unless_there_are_a_thousand_draws(small: Panel) -> None:
    fewer = run_backtest(small, [LastPoisson()], origins=[551], steps=[3], draws=10)
    assert "ign" not in fewer.scores
    assert "ign" not in score_table(fewer)[0]


def test_backtests_that_cannot_be_run_are_refused(small: Panel, found: Backtest) -> None:
    zero = ExactlyZero()
    for models, origins, steps in (
        ([], [551], [3]),
        ([zero], [], [3]),
        ([zero], [551], []),
        ([zero, zero], [551], [3]),
        ([zero], [551, 551], [3]),
    ):
        with pytest.raises(InputError, match="different names"):
            run_backtest(small, models, origins=origins, steps=steps)
    with pytest.raises(InputError, match="outside the panel"):
        run_backtest(small, [zero], origins=[551, 600], steps=[3])
    with pytest.raises(InputError, match="not grouped by 'colour'"):
        score_table(found, ["colour"])


@pytest.mark.parametrize("scored", [1, 2_500, 2**20])
@pytest.mark.parametrize("drawn", [1, 9_000])
def test_scores_in_blocks_are_those_of_all_cells_at_once(
    small: Panel, monkeypatch: pytest.MonkeyPatch, scored: int, drawn: int
) -> None:
    """The oracle draws and scores all units and steps of an origin in one go, without any of the backtest's code."""
    monkeypatch.setattr(module, "_SCORED_AT_ONCE", scored)
    monkeypatch.setattr(module, "AT_ONCE", drawn)
    models: tuple[Model, ...] = (ExactlyZero(), Conflictology(), *simple_models())
    found = run_backtest(small, models, origins=ORIGINS, steps=STEPS, draws=1000, seed=4, thresholds=(25,))
    for place, origin in enumerate(ORIGINS):
        for row, model in enumerate(models):
            fitted = model.fit(small.up_to(origin), origin)
            draws, seed = fitted.draw(STEPS, 1000, seed_of(4, origin)), seed_of(4, origin)
            at = [found.units.index(unit) for unit in fitted.units]
            y = small.observed([origin + step for step in STEPS], fitted.units)
            low, high = scores.interval(draws)
            whole = {
                "crps": scores.crps(draws, y),
                "ign": scores.ignorance(draws, y),
                "mis": scores.interval_score(draws, y),
                "crps_log1p": scores.crps_log1p(draws, y),
                "covered": scores.covered(draws, y),
                "width": np.where(np.isnan(y), np.nan, high - low),
                "brier_25": scores.brier(draws, y, threshold=25),
            }
            assert set(whole) == set(found.scores)
            for measure, expected in whole.items():
                np.testing.assert_allclose(found.scores[measure][row, place, at], expected, rtol=1e-12, atol=1e-12)
                others = np.delete(found.scores[measure][row, place], at, axis=0)
                assert np.isnan(others).all()
            if len(at) == len(found.units):
                np.testing.assert_allclose(found.pit[row, place], scores.pit(draws, y, seed=seed), atol=1e-12)


def test_draws_come_in_parts_of_some_steps_and_all_units(small: Panel) -> None:
    fitted = LastPoisson().fit(small, 551)
    cells = 1000 * len(fitted.units)
    for most, sizes in ((1, [1] * 12), (cells * 5, [5, 5, 2]), (10**9, [12])):
        parts = list(draws_in_parts(fitted, STEPS, 1000, 9, most=most))
        assert [chosen.stop - chosen.start for chosen, _, _ in parts] == sizes
        assert [step for chosen, _, _ in parts for step in STEPS[chosen]] == list(STEPS)
        assert {units for _, units, _ in parts} == {fitted.units}
        assert [draws.shape for *_, draws in parts] == [(len(fitted.units), size, 1000) for size in sizes]
        np.testing.assert_array_equal(parts[0][2], fitted.draw(range(3, 3 + sizes[0]), 1000, 9))
    first, second = (draws for *_, draws in draws_in_parts(fitted, [3, 4], 1000, 9, most=1))
    assert not np.array_equal(first, second)  # each part has a seed of its own


def test_a_backtest_holds_a_small_share_of_its_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """4,000 units x 12 steps x 200 draws are 77 MB; one step at a time, with all scores, needs half of that."""
    values = np.random.default_rng(0).poisson(3, (4_000, 40)).astype(np.float64)
    panel = Panel("deaths", tuple(map(str, range(4_000))), 480, values, ("v",), np.zeros(values.shape, np.int16))
    monkeypatch.setattr(module, "AT_ONCE", 400_000)
    monkeypatch.setattr(module, "_SCORED_AT_ONCE", 100_000)
    tracemalloc.start()
    try:
        run_backtest(panel, [Conflictology()], origins=[510], steps=range(1, 13), draws=200)
        assert tracemalloc.get_traced_memory()[1] < 40e6 < 4_000 * 12 * 200 * 8
    finally:
        tracemalloc.stop()


def test_units_are_left_out(found: Backtest) -> None:
    rest = found.without(["war"])
    assert rest.units == ("quiet", "low", "late")
    whole = {(row["unit"], row["model"]): row for row in score_table(found, ["unit", "model"])}
    left = {(row["unit"], row["model"]): row for row in score_table(rest, ["unit", "model"])}
    assert set(whole) - set(left) == {("war", model) for model in found.models}
    for key, row in left.items():
        assert {name: str(value) for name, value in row.items()} == {
            name: str(value) for name, value in whole[key].items()
        }
    assert rest.recent.shape == (len(ORIGINS), 3)
    with pytest.raises(InputError, match="No unit 'nowhere'"):
        found.without(["nowhere"])
    with pytest.raises(InputError, match="No unit would be left"):
        found.without(found.units)
