"""Analogues: the nearest stretches are found, and what followed is scaled."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.errors import InputError
from marsad.forecast import Conflictology, Panel, month_number, run_backtest
from marsad.forecast.models import Analogues
from marsad.forecast.models.analogues import _completed
from marsad.forecast.models.histories import level


def _panel(values: np.ndarray) -> Panel:
    units = tuple(f"u{row}" for row in range(len(values)))
    label = np.where(np.isnan(values), -1, 0).astype(np.int16)
    return Panel("deaths", units, 480, values.astype(np.float64), ("v",), label)


def test_the_nearest_stretch_is_the_one_a_loop_finds(small: Panel) -> None:
    panel = small.select(["war", "low"])
    model, origin = Analogues(neighbours=1), 560
    found = model.fit(panel, origin).draw([1, 5, 14, 30], 3, 0)
    values = panel.up_to(origin).values
    shapes, levels = model._shapes(values)
    last = values.shape[1] - 1
    for unit in range(2):
        places = [(u, m) for u in range(2) for m in range(last - 14 + 1)]
        distances = [float(((shapes[unit, last] - shapes[place]) ** 2).sum()) for place in places]
        row, month = places[int(np.argmin(distances))]
        ratio = (1 + levels[unit, last]) / (1 + levels[row, month])
        for place, step in enumerate((1, 5, 14, 14)):
            assert set(found[unit, place]) == {np.rint(values[row, month + step] * ratio)}


def test_a_shape_that_others_had_tells_what_comes() -> None:
    """Violence that always lasts a year, at very different levels, and then stops for three."""
    months = np.arange(200)
    values = np.stack(
        [(((months + 5 * row) % 48) < 12) * scale for row, scale in enumerate(np.geomspace(20, 5_000, 16).round())]
    )
    found = run_backtest(
        _panel(values), [Analogues(20), Conflictology()], origins=[640, 650, 660], steps=range(3, 15), draws=100
    )
    own, other = (np.nanmean(score, axis=(0, 2)) for score in found.scores["crps_log1p"])
    assert own.mean() < 0.25 * other.mean()


def test_shapes_are_relative_and_see_24_months() -> None:
    wave = np.rint(1000 + 500 * np.sin(np.arange(60)))
    values = np.stack([wave, 10 * wave, np.concatenate((np.full(36, 7.0), wave[36:]))])
    shapes, levels = Analogues(weight=0)._shapes(values)
    assert shapes[1, -1] == pytest.approx(shapes[0, -1], abs=0.01)
    assert levels == pytest.approx(level(values))
    own = np.log1p(levels[2, -1]) - np.log1p(levels[0, -1])
    assert shapes[2, -1, :-2] == pytest.approx(shapes[0, -1, :-2] - own, abs=1e-4)  # only the level remembers more


def test_unknown_months_are_left_out_of_what_followed() -> None:
    ordered = np.array([[1.0, 2, 3, np.nan, np.nan, np.nan], [1, 2, 3, 4, 5, 6]])
    assert _completed(ordered).tolist() == [[1, 1, 2, 2, 3, 3], [1, 2, 3, 4, 5, 6]]


def test_what_has_no_history_is_refused() -> None:
    with pytest.raises(InputError, match="followed by 14 months"):
        Analogues().fit(_panel(np.ones((2, 14))), 493)
    assert Analogues().fit(_panel(np.ones((2, 15))), 494).draw([1], 5, 0).tolist() == [[[1.0] * 5]] * 2
    for wrong in ({"neighbours": 0}, {"library": 3}, {"weight": -1.0}):
        with pytest.raises(InputError, match="at least one neighbour"):
            Analogues(**wrong)


def test_on_the_challenge_it_scores_as_reported(views: Panel) -> None:
    """As in the single run on 2018-21 that followed all choices; conflictology has 30.46."""
    origins = [month_number(year, 10) for year in range(2017, 2021)]
    found = run_backtest(views, [Analogues()], origins=origins, steps=range(3, 15), draws=200, seed=1)
    assert found.scores["crps"].mean(axis=(0, 2, 3)) == pytest.approx([13.64, 8.26, 20.92, 75.51], abs=0.02)
