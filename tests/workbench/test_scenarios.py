"""Scenario forecasts of a study: what past spells teach, from what was known alone, and what cannot be told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from marsad.analysis import Inputs, run_analysis
from marsad.analysis.scenario_parameters import ScenarioParameters
from marsad.errors import InputError
from marsad.model import Date, Evidence, Kind, Release, Series, SeriesPoint, Statement, plain
from marsad.model.forecasts import ActionEffect, ScenarioForecast
from marsad.workbench.forecasting import request_of, with_forecasts
from marsad.workbench.scenarios import scenario_forecast

FIRST, MONTHS = 2010 * 12, 144
STARTS = (40, 66, 90, 117)
STEPS = 6


def slot(number: int) -> str:
    return f"{(FIRST + number) // 12:04d}-{(FIRST + number) % 12 + 1:02d}"


def counts(ratio: float = 0.2, *, seed: int = 0) -> list[float]:
    """Counts around 60 a month; times the ratio in the three months of each spell."""
    rng = np.random.default_rng(seed)
    mean = np.full(MONTHS, 60.0)
    for start in STARTS:
        mean[start : start + 3] *= ratio
    return [float(value) for value in rng.negative_binomial(8, 8 / (8 + mean))]


def series(values: Sequence[float | None]) -> Series:
    release = Release(
        id="deaths",
        title="Deaths",
        producer="a producer",
        version="1",
        licence="CC0",
        citation="A producer",
        retrieved_at=Date.parse("2025"),
        sha256="0" * 64,
        may_redistribute=True,
    )
    points = tuple(SeriesPoint(period=Date.parse(slot(n)), value=value) for n, value in enumerate(values))
    return Series(
        release=release,
        source="data",
        measure="killed",
        unit="persons",
        area="here",
        definition="deaths",
        points=points,
    )


def action(subject: str, kind: str, since: str = "", until: str = "") -> list[Statement]:
    values = {"kind": kind, "actor": "state", "from": since, "to": until}
    return [
        Statement(kind=Kind.ACTION, subject=subject, record=f"{subject}-r1", property=name, value=value, source="news")
        for name, value in values.items()
        if value
    ]


TRUCES = [row for start in STARTS for row in action(f"truce-{start}", "ceasefire", slot(start), slot(start + 2))]


def inputs(
    values: Sequence[float | None] | None = None,
    actions: Sequence[Statement] = TRUCES,
    vocabularies: Mapping[str, Mapping[str, str]] | None = None,
) -> Inputs:
    return Inputs(
        evidence=Evidence.assemble(actions, {}),
        series=(series(counts() if values is None else values),),
        vocabularies=vocabularies or {},
    )


def asked(**given: Any) -> ScenarioParameters:
    return ScenarioParameters.model_validate({"steps": STEPS, "scenario": f"ceasefire {slot(144)}/{slot(146)}"} | given)


def effect_in(found: ScenarioForecast) -> ActionEffect:
    (effect,) = found.effects
    return effect


def test_what_came_with_past_spells_is_found_and_taken_into_the_forecast() -> None:
    found = scenario_forecast(inputs(), asked())
    effect = effect_in(found)
    assert not found.problem
    assert [spell.ratio is not None for spell in effect.spells] == [True] * 4
    assert effect.pooled == pytest.approx(0.2, rel=0.35)
    assert effect.pooled_low is not None
    assert effect.pooled_high is not None
    assert effect.pooled_low < 0.2 < effect.pooled_high < 1
    assert effect.told_apart
    assert len(effect.without) == 4
    assert all(spell.crps is not None and spell.crps[1] < spell.crps[0] for spell in effect.spells)
    for month in found.months[:3]:
        assert month.kinds == ("ceasefire",)
        assert month.given.quantiles[2] < 0.4 * month.plain.quantiles[2]
    assert all(month.given == month.plain and not month.kinds for month in found.months[3:])
    assert found.total is not None
    assert found.total.months == 3
    assert found.total.lower > 0.9


def test_expected_and_counted_are_those_of_the_months() -> None:
    spell = effect_in(scenario_forecast(inputs(), asked())).spells[1]
    reading = spell.readings[0]
    assert (reading.first, reading.last) == (slot(66), slot(68))
    assert reading.observed == sum(counts()[66:69])
    assert reading.expected is not None
    assert 60 < reading.expected < 300


@pytest.mark.parametrize("model", ["empirical", "conflictology"])
def test_nothing_after_the_origin_is_looked_at(model: str) -> None:
    poisoned = [value if n <= 110 else 1e9 for n, value in enumerate(counts())]
    given = asked(origin=slot(110), scenario=f"ceasefire {slot(111)}/{slot(113)}", model=model)
    one, other, cut = (scenario_forecast(inputs(values), given) for values in (counts(), poisoned, counts()[:111]))
    assert not one.problem
    assert one.effects == other.effects == cut.effects
    assert [month.given.quantiles for month in one.months] == [month.given.quantiles for month in cut.months]
    assert one.record == other.record == cut.record
    assert "after the last month that is used" in effect_in(one).spells[3].problem
    assert len(effect_in(one).used) == 3


def test_the_same_inputs_give_the_same_forecast() -> None:
    assert scenario_forecast(inputs(), asked()) == scenario_forecast(inputs(), asked())


def test_without_a_spell_or_a_ratio_there_is_no_conditional_forecast() -> None:
    for rows in ([], action("one", "ceasefire", slot(60)), action("one", "ceasefire", "2015", "2016")):
        found = scenario_forecast(inputs(actions=rows), asked())
        assert "There is no conditional forecast" in found.problem
        assert found.months == ()
        assert effect_in(found).ratio is None
        finding = run_analysis(
            "scenario-forecast", inputs(actions=rows).model_copy(update={"scenarios": (found,)}), given_as_text()
        )
        assert "no conditional forecast" in plain(finding.text[0])
        assert finding.charts == ()


def given_as_text() -> dict[str, str]:
    return {name: value for name, value in asked().as_text().items() if value}


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        (slot(10), slot(12), "fewer than 24 months with a value before it"),
        ("1990-01", "1990-03", "fewer than 24 months with a value before it"),
        (slot(50), slot(52), "a month of it has no value"),
        (slot(142), slot(147), "had not ended by"),
        (slot(200), slot(201), "lies after the last month"),
        (slot(50), slot(90), "it lasted 41 months"),
        (slot(60), "", "its end is not known"),
        ("1000-01", "9999-12", "it lasted 108000 months"),
    ],
)
def test_spells_that_cannot_be_measured_say_why(since: str, until: str, problem: str) -> None:
    values: list[float | None] = [*counts()]
    values[51] = None
    found = scenario_forecast(inputs(values, action("one", "ceasefire", since, until)), asked())
    assert problem in effect_in(found).spells[0].problem
    assert effect_in(found).used == ()


def test_the_first_month_with_a_past_can_be_measured() -> None:
    found = scenario_forecast(inputs(actions=action("one", "ceasefire", slot(24), slot(26))), asked())
    assert len(effect_in(found).used) == 1


def test_a_war_of_years_is_the_background_of_its_ceasefires_and_no_spell() -> None:
    rows = [*TRUCES, *action("long", "ceasefire", slot(0), slot(143))]
    effect = effect_in(scenario_forecast(inputs(actions=rows), asked()))
    assert effect.pooled == effect_in(scenario_forecast(inputs(), asked())).pooled
    assert [bool(spell.problem) for spell in effect.spells] == [False] * 4 + [True]


def test_a_month_of_a_spell_without_an_end_is_no_false_spell() -> None:
    rows = [*TRUCES, *action("open", "ceasefire", slot(130))]
    one, other = (effect_in(scenario_forecast(inputs(actions=a), asked())) for a in (TRUCES, rows))
    assert other.pooled != one.pooled
    assert other.usual != one.usual


def test_an_assumed_length_makes_open_spells_usable() -> None:
    rows = [row for start in STARTS for row in action(f"truce-{start}", "ceasefire", slot(start))]
    assert scenario_forecast(inputs(actions=rows), asked()).problem
    found = scenario_forecast(inputs(actions=rows), asked(lasting="3"))
    assert effect_in(found).pooled == effect_in(scenario_forecast(inputs(), asked())).pooled


def test_a_researchers_ratio_is_used_and_ratios_of_one_month_multiply() -> None:
    given = asked(
        scenario=[f"ceasefire {slot(144)}", f"strike {slot(144)}/{slot(145)}"],
        ratios=["ceasefire 2..2 because a", "strike 3..3 because b"],
    )
    found = scenario_forecast(inputs(actions=[]), given)
    assert not found.problem
    assert [effect.reason for effect in found.effects] == ["a", "b"]
    assert found.months[0].kinds == ("ceasefire", "strike")
    for month, ratio in zip(found.months, (6, 3, 1), strict=False):
        assert month.given.quantiles == pytest.approx([ratio * value for value in month.plain.quantiles], rel=1e-9)


def test_a_stated_ratio_stands_beside_what_the_spells_tell() -> None:
    effect = effect_in(scenario_forecast(inputs(), asked(ratios="ceasefire 0.9..1.6 because they are kept no more")))
    assert (effect.low, effect.high) == (0.9, 1.6)
    assert effect.ratio == pytest.approx(math.sqrt(0.9 * 1.6))
    assert effect.pooled == pytest.approx(0.2, rel=0.35)


def test_the_conditional_forecast_is_as_wide_as_its_parts_make_it() -> None:
    """The interval of the log count is wider with a drawn ratio than without."""
    found = scenario_forecast(inputs(), asked())
    for month in found.months[:3]:
        plain_low, plain_high, low, high = (
            math.log(value) for one in (month.plain, month.given) for value in (one.quantiles[0], one.quantiles[-1])
        )
        assert high - low > plain_high - plain_low


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scenario": f"ceasefire {slot(143)}/{slot(145)}"}, "outside the months that are forecast"),
        ({"scenario": f"ceasefire {slot(149)}/{slot(150)}"}, "outside the months that are forecast"),
        ({"scenario": "ceasefire 1990-01"}, "outside the months that are forecast"),
        ({"scenario": "ceasefire 0001-01/9999-12"}, "outside the months that are forecast"),
        ({"ratios": "strike 1..2 because so"}, "A ratio is stated for strike, but no such action"),
        ({"origin": "2050-01"}, "outside the series"),
        ({"origin": slot(10), "scenario": f"ceasefire {slot(11)}"}, "a forecast needs 24"),
        ({"origin": slot(23), "scenario": f"ceasefire {slot(24)}"}, "has 24 months before it"),
    ],
)
def test_what_cannot_be_forecast_says_why(given: dict[str, str], message: str) -> None:
    found = scenario_forecast(inputs(), asked(**given))
    assert message in found.problem
    assert found.months == ()


def test_a_slow_model_is_measured_against_by_a_quick_one() -> None:
    found = scenario_forecast(inputs(counts()[:120]), asked(model="analogues", scenario=f"ceasefire {slot(120)}"))
    assert (found.model, found.measure) == ("analogues", "empirical")
    assert found.months
    assert scenario_forecast(inputs(), asked(model="conflictology")).measure == "conflictology"


def test_without_a_scenario_every_dated_kind_is_measured() -> None:
    rows = [*TRUCES, *action("raid", "strike", slot(70), slot(70)), *action("old", "fence", "2011")]
    found = scenario_forecast(inputs(actions=rows), asked(scenario=()))
    assert [effect.kind for effect in found.effects] == ["ceasefire", "fence", "strike"]
    assert [len(effect.used) for effect in found.effects] == [4, 0, 1]
    assert found.months == ()
    assert not found.problem


def test_very_many_spells_are_measured_in_time() -> None:
    rows = [row for n in range(30, 144) for row in action(f"raid-{n}", "strike", slot(n), slot(n))]
    found = scenario_forecast(inputs(actions=rows), asked(scenario=f"strike {slot(144)}"))
    effect = effect_in(found)
    assert len(effect.used) == 114
    assert "stand apart" in effect.problem or effect.pooled is not None


def test_only_what_is_asked_for_is_computed_and_unknown_kinds_are_named() -> None:
    words = {"action_kind": {"ceasefire": "a ceasefire declared", "strike": "a strike"}}
    given = {"scenario": f"ceasefire {slot(144)}"}
    made = with_forecasts(inputs(vocabularies=words), "scenario-forecast", given)
    assert [one.series for one in made.scenarios] == ["deaths"]
    assert made.forecasts == ()
    assert isinstance(request_of(inputs(), "scenario-forecast", given), ScenarioParameters)
    with pytest.raises(InputError, match=r"scenario: 'ceasfire' is no action kind. Did you mean ceasefire"):
        with_forecasts(inputs(vocabularies=words), "scenario-forecast", {"scenario": "ceasfire 2022-01"})
    with pytest.raises(InputError, match="ratios: 'truce'"):
        with_forecasts(inputs(vocabularies=words), "scenario-forecast", {"ratios": "truce 1..2 because so"})
    with pytest.raises(InputError, match="Did you mean empirical"):
        with_forecasts(inputs(), "scenario-forecast", {"model": "empircal"})
