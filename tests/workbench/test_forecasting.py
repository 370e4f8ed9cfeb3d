"""Forecasts of a study's series: nothing after the origin is looked at, and the record is that of brute force."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from marsad.analysis import Inputs
from marsad.analysis.forecast_parameters import EarlyWarningParameters, ForecastParameters
from marsad.errors import InputError, StudyError
from marsad.forecast.models import MODELS
from marsad.model import Date, Forecast, Release, Series, SeriesPoint
from marsad.study import new_study
from marsad.workbench import Workbench, build
from marsad.workbench.early_warning import early_warnings
from marsad.workbench.forecast_months import joint_draws_of
from marsad.workbench.forecasting import forecast_series, with_forecasts
from marsad.workbench.outlook import outlook
from marsad.workbench.series_panel import LEAST_MONTHS, draws_of, series_panel

FIRST = 2015 * 12
RNG = np.random.default_rng(3)
COUNTS = [float(value) for value in RNG.negative_binomial(2, 0.05, 96)]


def slot(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def series(values: Sequence[float | None], *, name: str = "deaths", unit: str = "persons") -> Series:
    release = Release(
        id=name,
        title="Deaths",
        producer="a producer",
        version="1",
        licence="CC0",
        citation="A producer",
        retrieved_at=Date.parse("2025"),
        sha256="0" * 64,
        may_redistribute=True,
    )
    points = tuple(SeriesPoint(period=Date.parse(slot(FIRST + n)), value=value) for n, value in enumerate(values))
    return Series(
        release=release,
        source="data",
        measure="killed",
        unit=unit,
        area="here",
        definition="deaths",
        points=tuple(points),
    )


def inputs(values: Sequence[float | None] = COUNTS, **changes: str) -> Inputs:
    return Inputs(series=(series(values, **changes),))


def asked(**given: object) -> ForecastParameters:
    return ForecastParameters.model_validate(given)


def warn(**given: object) -> EarlyWarningParameters:
    return EarlyWarningParameters.model_validate(given)


def without_observed(found: Forecast) -> Forecast:
    months = tuple(month.model_copy(update={"observed": None}) for month in found.months)
    sums = tuple(one.model_copy(update={"observed": None}) for one in found.sums)
    return found.model_copy(update={"months": months, "sums": sums})


@pytest.mark.parametrize("model", ["empirical", "negative-binomial", "conflictology"])
def test_nothing_after_the_origin_is_looked_at(model: str) -> None:
    origin = slot(FIRST + 71)
    poisoned = [value if n <= 71 else 1e9 for n, value in enumerate(COUNTS)]
    one, other, cut = (
        forecast_series(inputs(values), asked(origin=origin, model=model)) for values in (COUNTS, poisoned, COUNTS[:72])
    )
    assert not one.problem
    assert [month.observed for month in one.months] == COUNTS[72:84]
    assert without_observed(one) == without_observed(other) == cut


def test_warnings_look_at_nothing_after_their_origin() -> None:
    period = f"{slot(FIRST + 60)}/{slot(FIRST + 71)}"
    poisoned = [value if n < 71 else 1e9 for n, value in enumerate(COUNTS)]
    one, other = (early_warnings(inputs(values), warn(period=period)) for values in (COUNTS, poisoned))
    assert len(one.warnings) == 36
    assert one.threshold == other.threshold
    assert [(row.month, row.chance, row.quantiles) for row in one.warnings] == [
        (row.month, row.chance, row.quantiles) for row in other.warnings
    ]


def test_a_warning_is_the_forecast_of_its_origin() -> None:
    month = FIRST + 80
    found = early_warnings(inputs(), warn(period=slot(month), threshold="40"))
    for row in found.warnings:
        made = forecast_series(inputs(), asked(origin=slot(month - row.ahead), steps=3, thresholds="40"))
        # Draws of one and of three steps come from one fit, in an order of their own: nearly the same quantiles.
        assert made.months[row.ahead - 1].month == slot(month)
        assert row.chance == made.months[row.ahead - 1].chances[0]
        assert row.observed == COUNTS[80]
    assert [row.ahead for row in found.warnings] == [1, 2, 3]


def test_the_scores_of_warnings_are_brier_scores() -> None:
    found = early_warnings(inputs(), warn(period=f"{slot(FIRST + 48)}/{slot(FIRST + 95)}", threshold="40"))
    assert [score.ahead for score in found.scores] == [1, 2, 3]
    for score in found.scores:
        rows = [row for row in found.warnings if row.ahead == score.ahead]
        came = [COUNTS[int(row.month[:4]) * 12 + int(row.month[5:]) - 1 - FIRST] >= 40 for row in rows]
        assert score.months == len(rows) == 48
        assert score.passed == sum(came)
        assert score.brier == pytest.approx(np.mean([(row.chance - y) ** 2 for row, y in zip(rows, came, strict=True)]))
    row = found.warnings[0]
    past = COUNTS[: 48 - row.ahead + 1]
    assert row.climatology == pytest.approx(np.mean([value >= 40 for value in past]))
    assert row.recent == pytest.approx(np.mean([value >= 40 for value in past[-12:]]))


def brute_crps(sample: Sequence[float], observed: float) -> float:
    x = np.array(sample)
    return float(np.abs(x - observed).mean() - np.abs(x[:, None] - x).mean() / 2)


def test_the_record_is_that_of_brute_force() -> None:
    found = forecast_series(inputs(), asked(model="conflictology", steps=3))
    scored = [
        # A thousand draws are no multiple of twelve: the sample's even quantiles stand for it.
        brute_crps([sorted(COUNTS[o - 11 : o + 1])[int((i + 0.5) / 1000 * 12)] for i in range(1000)], COUNTS[o + step])
        for o in range(35, 95)
        for step in (1, 2, 3)
        if o + step <= 95
    ]
    assert [one.model for one in found.record] == ["conflictology"]
    assert found.difference is None
    assert found.record[0].cells == len(scored)
    assert found.record[0].crps == pytest.approx(np.mean(scored), rel=1e-9)
    assert found.origins == (slot(FIRST + 35), slot(FIRST + 94))
    assert found.scored_months == 60


def test_the_model_stands_beside_conflictology() -> None:
    found = forecast_series(inputs(), asked(steps=3))
    assert [one.model for one in found.record] == ["own-past", "conflictology"]
    assert found.difference is not None
    assert found.difference[0] == pytest.approx(found.record[0].crps - found.record[1].crps)
    assert found.recent == pytest.approx(np.mean(COUNTS[-12:]))
    assert found.before == pytest.approx(np.mean(COUNTS[-48:-12]))


def test_quantiles_rise_and_chances_fall_with_the_threshold() -> None:
    found = forecast_series(inputs(), asked(thresholds="10;30;90"))
    for month in found.months:
        assert list(month.quantiles) == sorted(month.quantiles)
        assert list(month.chances) == sorted(month.chances, reverse=True)
    assert [month.month for month in found.months] == [slot(FIRST + 96 + n) for n in range(12)]


def test_totals_are_of_joint_draws_and_hold_what_happened() -> None:
    origin = slot(FIRST + 71)
    found = forecast_series(inputs(), asked(origin=origin, thresholds="40"))
    assert [one.months for one in found.sums] == [3, 6, 12]
    for one in found.sums:
        assert list(one.quantiles) == sorted(one.quantiles)
        assert one.observed == sum(COUNTS[72 : 72 + one.months])
        assert one.before == sum(COUNTS[72 - one.months : 72])
        assert one.last == slot(FIRST + 71 + one.months)
        first = found.months[: one.months]
        assert max(month.chances[0] for month in first) <= one.some[0] <= sum(month.chances[0] for month in first)
    assert [one.months for one in forecast_series(inputs(), asked(steps=6)).sums] == [3, 6]
    assert forecast_series(inputs(), asked(steps=2)).sums == ()


def test_the_mean_of_a_total_is_the_total_of_the_means_and_it_spreads_more_than_months_apart() -> None:
    panel = series_panel(inputs(), "")[1]
    joint = joint_draws_of("empirical", panel, panel.last, 12)
    apart = draws_of(MODELS["empirical"](), panel, panel.last, 12)
    assert np.array_equal(np.sort(joint, axis=1), np.sort(apart, axis=1))
    assert joint.sum(axis=0).mean() == pytest.approx(apart.sum(axis=0).mean())
    assert joint.sum(axis=0).std() > apart.sum(axis=0).std()


def test_totals_are_scored_at_past_origins_against_months_drawn_apart() -> None:
    found = forecast_series(inputs(), asked(model="conflictology", steps=3))
    (row,) = found.sum_record
    origins = [o for o in range(35, 95) if (94 - o) % 3 == 0 and o + 3 <= 95]
    assert (row.months, row.cells) == (3, len(origins))
    known = series_panel(inputs(), "")[1]
    totals = []
    for origin in origins:
        at = known.first + origin
        sample = joint_draws_of("conflictology", known.up_to(at), at, 3).sum(axis=0)
        totals.append(brute_crps([float(x) for x in sample], sum(COUNTS[origin + 1 : origin + 4])))
    assert row.crps == pytest.approx(np.mean(totals), rel=1e-9)
    assert 0 <= row.covered_apart <= 1
    assert row.width > 0


@pytest.mark.parametrize(
    ("values", "given", "message"),
    [
        (COUNTS[: LEAST_MONTHS - 1], {}, "has 23 months with a value up to 2016-11"),
        (COUNTS, {"origin": "2030-01"}, "outside the series, which runs from 2015-01 to 2022-12"),
        (COUNTS, {"origin": "2020"}, "is not one month"),
        ([*COUNTS, -1.0], {}, "values that are no counts"),
        ([None] * 30, {}, "holds no value"),
        ([None] * 20 + COUNTS[:10], {}, "has 10 months"),
    ],
)
def test_what_cannot_be_forecast_says_why(values: list[float | None], given: dict[str, str], message: str) -> None:
    assert message in forecast_series(inputs(values), asked(**given)).problem


def test_rates_are_not_forecast() -> None:
    assert "holds no monthly series of counts" in forecast_series(inputs(unit="percent"), asked()).problem
    assert "not of counts" in forecast_series(inputs(unit="percent"), asked(series="deaths")).problem
    assert "holds no month of the period" in early_warnings(inputs(), warn(period="1999")).problem


def test_gaps_are_no_zeros() -> None:
    values: list[float | None] = list(COUNTS)
    values[40] = values[90] = values[95] = None
    found = forecast_series(inputs(values), asked())
    assert found.origin == slot(FIRST + 94)
    assert found.known == 93
    assert not found.problem


def test_the_outlook_has_every_series_and_what_moved() -> None:
    both = Inputs(series=(series(COUNTS), series([*COUNTS[:-1], 900.0], name="more"), series(COUNTS[:5], name="short")))
    rows = outlook(both, model="empirical", threshold=40)
    assert {row.series for row in rows} == {"deaths", "more", "short"}
    assert rows[-1].series == "short"
    assert rows[-1].problem
    first = next(row for row in rows if row.series == "more")
    assert first.last == 900
    assert first.usual == pytest.approx(np.mean(COUNTS[-13:-1]))
    assert first.before is not None
    assert first.chance > first.before
    assert first.month == slot(FIRST + 96)


def test_only_what_is_asked_for_is_computed() -> None:
    given = inputs()
    assert with_forecasts(given, "series-by-month", {}) is given
    assert with_forecasts(given, "no-such-analysis", {}) is given
    assert with_forecasts(given, "forecast", {}).forecasts[0].series == "deaths"
    assert with_forecasts(given, "early-warning", {}).forecasts == ()
    with pytest.raises(InputError, match="Did you mean empirical"):
        with_forecasts(given, "forecast", {"model": "empircal"})


def test_every_model_can_be_asked_for() -> None:
    for name in MODELS:
        found = forecast_series(inputs(COUNTS[:60]), asked(model=name, steps=2))
        assert found.problem or len(found.months) == 2


SECTION = """      - id: outlook
        title: What may come
        analyses:
          - {name: forecast, parameters: {series: deaths-monthly, thresholds: ["20"], model: MODEL}}
          - {name: early-warning, parameters: {series: deaths-monthly}}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    new_study(folder, title="A study")
    lengthen(folder)
    add_section(folder, "empirical")
    return folder


def lengthen(folder: Path) -> None:
    """Give the study's series the months that a forecast needs."""
    path = folder / "series" / "deaths-monthly.csv"
    lines = [f"{slot(FIRST + n)},{value:g}" for n, value in enumerate(COUNTS)]
    path.write_text("\n".join(["period,value", *lines, ""]))
    about = path.with_suffix(".yaml")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    about.write_text(re.sub("sha256: [0-9a-f]{64}", f"sha256: {digest}", about.read_text()))


def add_section(folder: Path, model: str) -> None:
    path = folder / "study.yaml"
    text = path.read_text()
    assert "      - id: course\n" in text
    path.write_text(text.replace("      - id: course\n", f"{SECTION.replace('MODEL', model)}      - id: course\n"))


def test_a_build_holds_the_forecast_and_makes_it_once(study: Path) -> None:
    first = build(Workbench(study))
    page = first.report.read_text()
    assert "What may come: killed" in page
    assert "Early warning: killed" in page
    path = study / "study.yaml"
    path.write_text(path.read_text().replace("A study", "Another title"))
    again = build(Workbench(study))
    made = {step.name for step in again.steps if not step.fresh}
    assert "outlook.0.forecast" in {step.name for step in again.steps}
    assert not made & {"outlook.0.forecast", "outlook.1.early-warning"}


def test_a_model_that_is_none_is_a_fault_of_the_study(study: Path) -> None:
    path = study / "study.yaml"
    path.write_text(path.read_text().replace("model: empirical", "model: empirival"))
    with pytest.raises(StudyError, match="empirival") as caught:
        _ = Workbench(study).study
    fault = caught.value.faults[0]
    assert fault.file == "study.yaml"
    assert "empirical" in fault.remedy
