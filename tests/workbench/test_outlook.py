"""The early-warning list of a panel: one fit for all units, its record by brute force, and what moved in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from marsad.errors import InputError
from marsad.forecast import Conflictology, Panel
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_text
from marsad.workbench import outlook
from marsad.workbench.outlook import OutlookRow, panel_outlook, what_moved
from marsad.workbench.series_panel import LEAST_MONTHS

FIRST = 540
VALUES = np.random.default_rng(8).negative_binomial(1, 0.05, (4, 60)).astype(np.float64)
VALUES[2] = 0
VALUES[3, :20] = 0


def panel(values: np.ndarray[Any, Any] = VALUES) -> Panel:
    units = tuple(f"u{number}" for number in range(len(values)))
    vintage = np.where(np.isnan(values), -1, 0).astype(np.int16)
    return Panel("deaths", units, FIRST, values.copy(), ("v",), vintage)


@dataclass(frozen=True)
class Counting:
    """Conflictology that notes how often, and to what, it is fitted."""

    name: str = "counting"
    fits: tuple[list[tuple[int, int]], ...] = ([],)

    def fit(self, known: Panel, origin: int) -> Any:
        self.fits[0].append((len(known.units), origin))
        return Conflictology().fit(known, origin)


def test_one_fit_serves_all_units(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Counting()
    monkeypatch.setattr(outlook, "MODELS", {"counting": lambda: model})
    rows, record = panel_outlook(panel(), model="counting", origins=0)
    last = FIRST + 59
    assert model.fits[0] == [(4, last), (4, last - 1)], "now, and a month ago"
    assert len(rows) == 4
    assert record is None
    assert {(row.skill, row.covered, row.scored) for row in rows} == {(None, None, 0)}


def test_the_list_of_a_panel_is_that_of_its_units_alone() -> None:
    rows, _ = panel_outlook(panel(), model="empirical")
    assert [row.chance for row in rows] == sorted((row.chance for row in rows), reverse=True)
    for row in rows:
        (own,), _ = panel_outlook(panel().select([row.series]), model="empirical")
        assert own == row
        assert row.month == month_text(FIRST + 60)


def test_a_row_says_how_the_last_month_came_and_what_the_level_is() -> None:
    values = VALUES.copy()
    values[0, -1] = 1e6
    rows = {row.series: row for row in panel_outlook(panel(values), model="conflictology", threshold=500)[0]}
    first, second = rows["u0"], rows["u1"]
    assert (first.below, first.above, first.last, first.since) == (1, 0, 1e6, 0)
    before = VALUES[1, -13:-1]
    assert second.below == pytest.approx((before < VALUES[1, -1]).mean(), abs=0.01)
    assert second.above == pytest.approx((before > VALUES[1, -1]).mean(), abs=0.01)
    assert second.quarter == pytest.approx(VALUES[1, -3:].mean())
    assert second.year == pytest.approx(VALUES[1, -15:-3].mean())
    assert second.since is None
    assert first.before == 0
    assert first.chance == pytest.approx(1 / 12, abs=0.01)
    reached = {row.series: row for row in panel_outlook(panel(), model="conflictology", threshold=20)[0]}["u1"]
    assert reached.since == 59 - int(np.flatnonzero(VALUES[1] >= 20)[-1])


def brute_crps(sample: np.ndarray[Any, Any], observed: float) -> float:
    x = sample
    return float(np.abs(x - observed).mean() - np.abs(x[:, None] - x).mean() / 2)


def test_the_record_is_that_of_brute_force() -> None:
    rows, record = panel_outlook(panel(), model="conflictology")
    assert record is not None
    ends = range(60 - 1 - 36, 59)
    crps = np.array(
        [[brute_crps(VALUES[unit, o - 11 : o + 1], VALUES[unit, o + 1]) for o in ends] for unit in range(4)]
    )
    assert record.crps == pytest.approx(crps.mean(), rel=1e-9)
    assert record.rival == record.crps
    assert record.cells == 4 * 36
    assert record.origins == (month_text(FIRST + 23), month_text(FIRST + 58))
    assert {row.series: row.skill for row in rows} == {"u0": 0, "u1": 0, "u2": None, "u3": 0}
    better, told = panel_outlook(panel(), model="empirical")
    assert told is not None
    assert told.rival == pytest.approx(record.crps, rel=1e-9)
    share = np.mean([row.skill for row in better if row.skill is not None])
    assert -1 < share < 1
    assert {row.scored for row in better} == {36}


def test_what_was_said_a_month_ago_knows_nothing_of_the_last_month() -> None:
    values = VALUES.copy()
    values[:, -1] = 1e6
    one, other = (panel_outlook(panel(given), model="conflictology", threshold=9)[0] for given in (VALUES, values))
    assert {row.series: row.before for row in one} == {row.series: row.before for row in other}
    assert all(row.chance > 0 for row in other)


def test_slow_models_have_no_record_in_passing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlook, "MODELS", {"combined": MODELS["conflictology"]})
    assert panel_outlook(panel(), model="combined")[1] is None
    assert panel_outlook(panel(), model="combined", origins=3)[1] is not None


def test_a_short_or_empty_past_is_told() -> None:
    with pytest.raises(InputError, match="23 months up to 2016-11; a forecast needs 24"):
        panel_outlook(panel(VALUES[:, : LEAST_MONTHS - 1]), model="empirical")
    (first, *_), record = panel_outlook(panel(VALUES[:, :LEAST_MONTHS]), model="empirical")
    assert (first.before, first.below, record) == (None, None, None)
    values = VALUES.copy()
    values[0, :50], values[1, -1], values[2] = np.nan, np.nan, np.nan
    rows = {row.series: row for row in panel_outlook(panel(values), model="empirical")[0]}
    assert "u0 has 10 months with a value" in rows["u0"].problem
    assert "u2 has 0 months with a value" in rows["u2"].problem
    assert rows["u1"].problem == ""
    assert rows["u1"].last is None
    assert "the last month has no value" in what_moved(rows["u1"])


ROW = OutlookRow(
    series="area",
    month="2023-01",
    threshold=50,
    chance=0.4,
    before=0.28,
    quantiles=(1, 2, 3, 4, 5),
    last=257,
    usual=140,
    below=0.962,
    above=0.03,
    quarter=210.4,
    year=150,
    since=5,
)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            (
                "+12 points: the last month had 257, more than 96 % of what was expected; 210 a month in the last "
                "three, 150 in the year before; 50 last reached 5 months ago"
            ),
        ),
        (
            {"since": 0, "quarter": None, "chance": 0.28},
            "unchanged: the last month had 257, more than 96 % of what was",
        ),
        ({"below": 1.0, "above": 0.0}, "more than all of what was expected"),
        ({"below": 0.999}, "more than 99 % of what was expected"),
        ({"below": 0.1, "above": 0.87, "chance": 0.2}, "−8 points: the last month had 257, less than 87 % of what was"),
        ({"chance": 0.29}, "+1 point: the last"),
        ({"chance": 0.27}, "−1 point: the last"),
        ({"below": 0.4, "above": 0.3}, "the last month had 257, as expected;"),
        ({"quarter": 0.0, "year": 0.0}, "; none in 15 months; 50 last reached"),
        ({"quarter": 0.0, "year": 0.0, "threshold": 1}, "expected; 1 last reached"),
        ({"quarter": 3.25, "year": 0.0}, "3.2 a month in the last three, 0 in the year before"),
        ({"since": None}, "; never 50 so far"),
        ({"since": 1}, "50 last reached 1 month ago"),
        ({"before": None, "below": None}, "the last month had 257; 210 a month"),
        ({"last": None}, "+12 points: the last month has no value; 210 a month"),
        ({"problem": "too short"}, "too short"),
    ],
)
def test_what_moved_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in what_moved(replace(ROW, **changes))
