"""The four baselines on the challenge's panel, against what the challenge published.

The panel has two vintages: what follows December 2017 is the challenge's own (``views_actuals_v2``); what precedes is
an older one. Conflictology's CRPS for 2018, the only one whose sample is wholly of the older one, is off by 0.03.
"""

from __future__ import annotations

import numpy as np
import pytest

from marsad.forecast import Backtest, Conflictology, Panel, month_number, published_baselines, run_backtest, score_table

PUBLISHED = {
    "zero": (24.13, 23.02, 32.04, 87.34),
    "conflictology": (14.48, 9.15, 21.34, 76.85),
}
OFF = {("conflictology", 0): 0.03}
ORIGINS = [month_number(year, 10) for year in range(2017, 2021)]


@pytest.fixture(scope="module")
def found(views: Panel) -> Backtest:
    return run_backtest(views, published_baselines(), origins=ORIGINS, steps=range(3, 15), draws=1200, seed=1)


@pytest.mark.parametrize("model", PUBLISHED)
def test_the_published_scores_are_reproduced(found: Backtest, model: str) -> None:
    rows = [row for row in score_table(found) if row["model"] == model]
    assert [row["cells"] for row in rows] == [191 * 12] * 4
    for place, (row, published) in enumerate(zip(rows, PUBLISHED[model], strict=True)):
        off = OFF.get((model, place), 0)
        assert abs(round(float(row["crps"]), 2) - published) == pytest.approx(off, abs=1e-9)


def test_two_vintages_are_named_and_do_not_overlap(views: Panel) -> None:
    first, second = views.vintage_spans()
    assert (first.vintage, second.vintage) == ("pace_data_csv_v1", "views_actuals_v2")
    assert first.last == second.first - 1 == month_number(2017, 12)
    assert views.gaps() == ()


def test_without_its_heaviest_country_and_on_pakistan_conflictology_is_as_told(found: Backtest) -> None:
    crps = found.scores["crps"][found.index("conflictology")]
    rest = np.delete(crps, found.units.index("Ethiopia"), axis=1).mean(axis=(1, 2))
    assert rest == pytest.approx([14.58, 9.17, 12.28, 22.65], abs=0.006)
    own = crps[:, found.units.index("Pakistan")].mean(axis=1)
    assert own == pytest.approx([20.65, 8.38, 10.60, 9.56], abs=0.006)


def test_a_sample_of_twelve_scores_as_its_repetition(views: Panel) -> None:
    few, many = (
        run_backtest(views, [Conflictology()], origins=ORIGINS[:1], steps=[3], draws=n).scores["crps"]
        for n in (12, 600)
    )
    np.testing.assert_allclose(few, many, rtol=1e-9, atol=1e-9)
