"""Conditional forecasts as findings: the condition is said, the evidence leads back, and doubt is a failed check."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.analysis import Inputs, run_analysis
from marsad.analysis.scenario_parameters import ScenarioParameters, StatedAction, StatedRatio
from marsad.analysis.scenario_tables import ratio_text
from marsad.errors import InputError, ParseError
from marsad.model import CheckStatus, Finding, plain
from marsad.model.forecasts import ActionEffect, ScenarioForecast, ScenarioSum, SpellReading

from .samples import EMPTY, INPUTS, effect, scenario

PASS, FAIL, INFORM = CheckStatus.PASS, CheckStatus.FAIL, CheckStatus.INFORM
TALKS = "talks 2025-01"


def told(found: ScenarioForecast, **parameters: Any) -> Finding:
    asked = {"scenario": TALKS, **parameters}
    request = ScenarioParameters.model_validate(asked).as_text()
    inputs = INPUTS.model_copy(update={"scenarios": (found.model_copy(update={"request": request}),)})
    return run_analysis("scenario-forecast", inputs, asked)


def told_of(made: ActionEffect, **values: Any) -> Finding:
    return told(scenario(effects=(made,), **values))


def words(finding: Finding) -> str:
    return " ".join(plain(passage) for passage in finding.text)


def check(finding: Finding, start: str) -> tuple[CheckStatus, str]:
    return next((one.status, one.text) for one in finding.checks if one.name.startswith(start))


def test_the_title_and_the_text_say_that_it_is_conditional() -> None:
    finding = told(scenario())
    text = words(finding)
    assert finding.title == "Conditional forecast: killed, Country, given talks (Jan 2025)"
    assert "This is a forecast on a condition, and does not say how likely the condition is" in text
    assert "half of the draws are at or below 2, and nine in ten lie between 0 and 9" in text
    assert "has half of them at or below 3, and nine in ten between 0 and 6; with it, 60% are below 3" in text
    assert "2 past spells, of which 1 can be measured; 1 cannot" in text
    assert "0.600 times what false spells had (90 % interval for a further spell: 0.200 to 1.90)" in text
    assert "cannot be told apart from no difference" in text
    assert "only a fall to 0.300 times or a rise to 3.10 times" in text
    assert "an association" in text
    assert "knows of no action at all" in text


def test_without_and_with_stand_side_by_side() -> None:
    months = told(scenario()).tables[0]
    assert [column.label for column in months.columns][2:] == [
        *("Without: 5 %", "Without: median", "Without: 95 %", "With: 5 %", "With: median", "With: 95 %"),
        *("Without: 5 or more", "With: 5 or more", "Without: 6 or more", "With: 6 or more", "What happened"),
    ]
    assert [[cell.text for cell in row] for row in months.rows] == [
        ["Jan 2025", "talks", "0", "3", "6", "0", "2", "9", "30%", "20%", "10%", "15%", "–"],
        ["Feb 2025", "–", "0", "3", "8", "0", "3", "8", "30%", "30%", "20%", "20%", "4"],
    ]
    total = ScenarioSum(months=2, plain=(1, 2, 3, 4, 5), given=(0, 1, 2, 3, 4), lower=0.5)
    last = told(scenario(total=total)).tables[0].rows[-1]
    assert [cell.text for cell in last][:8] == ["These months together", "stated actions", *"135024"]


def test_each_spell_leads_back_to_its_statements() -> None:
    finding = told(scenario())
    spells = finding.tables[2]
    used, left = spells.rows
    assert [cell.text for cell in used][1:6] == ["Jan 2022 to Mar 2022", "9.50", "4.5", "0.500", "0.600"]
    assert used[0].statements == used[1].statements == effect().spells[0].statements
    assert used[0].cites == ("news2023",)
    assert used[3].cites == ("data2025",)
    assert left[-1].text == "Not used: no report dates it."
    assert set(effect().spells[0].statements) <= set(finding.statements)
    assert finding.subjects == ("talks", "return")


def test_readings_of_a_disputed_spell_have_a_row_each() -> None:
    spell = effect().spells[0]
    later = SpellReading(first="2022-05", last="2022-05", expected=3.5, observed=7.5)
    disputed = spell.model_copy(update={"readings": (*spell.readings, later)})
    finding = told_of(effect(spells=(disputed,)))
    first, second = finding.tables[2].rows
    assert [cell.text for cell in second][1:] == ["May 2022", "3.50", "7.5", "2.00", "", ""]
    assert first[5].text == "0.600"
    assert check(finding, "Dates of the spells") == (INFORM, check(finding, "Dates of the spells")[1])
    assert "each draw takes one of them" in check(finding, "Dates of the spells")[1]


def test_without_an_effect_there_is_no_conditional_forecast_and_it_says_so() -> None:
    left = effect().spells[1]
    bare = ActionEffect(kind="talks", spells=(left,), problem="no past spell can be used")
    finding = told_of(bare, months=(), total=None, problem="There is no conditional forecast.", record=(), origins=None)
    text = words(finding)
    assert text.startswith("There is no conditional forecast.")
    assert "1 past spell, none of which can be measured: the table says why" in text
    assert finding.charts == ()
    assert finding.tables[-1].rows[0][-1].text == "Not used: no report dates it."
    assert check(finding, "Enough past spells")[0] is FAIL
    none = told_of(ActionEffect(kind="talks"), months=(), total=None, problem="No.", record=(), origins=None)
    assert "The evidence holds no past action of the kind talks." in words(none)


def test_a_ratio_of_the_researcher_is_named_with_its_reason() -> None:
    ratio = "talks 0.5..1.1 because an older truce had so much."
    finding = told(scenario(effects=(effect(low=0.5, high=1.1, reason="an older truce had so much."),)), ratios=[ratio])
    own = "The ratio taken for talks, 0.500 to 1.10 (90 %), is the researcher's own: an older truce had so much."
    assert own in words(finding)
    status, text = check(finding, "The stated ratio")
    assert status is INFORM
    assert "The past spells have 0.600 (0.200 to 1.90)" in text


def test_two_kinds_in_one_month_multiply_and_it_says_so() -> None:
    both = scenario().months[0].model_copy(update={"kinds": ("talks", "strike")})
    made = scenario(effects=(effect(), effect(kind="strike")), months=(both, scenario().months[1]))
    finding = told(made, scenario=[TALKS, "strike 2025-01"])
    assert "their ratios multiply" in words(finding)
    assert "their ratios multiply" not in words(told(scenario()))
    assert finding.tables[0].rows[0][1].text == "talks and strike"


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("Placebo", {"told_apart": True}, PASS),
        ("Placebo", {}, FAIL),
        ("Power", {"fall": 0.6, "rise": 1.8}, PASS),
        ("Power", {"fall": 0.4, "rise": 1.8}, FAIL),
        ("No single spell", {}, FAIL),
        ("No single spell", {"without": (0.5, 0.7)}, PASS),
        ("No single spell", {"without": (0.5, 1.2)}, FAIL),
        ("How spells differ", {"spread": 0.3}, INFORM),
        ("How spells differ", {}, INFORM),
        ("Earlier conditional", {}, FAIL),
        ("Enough past spells", {}, FAIL),
    ],
)
def test_doubt_is_a_failed_check(name: str, values: dict[str, Any], expected: CheckStatus) -> None:
    assert check(told_of(effect(**values)), name)[0] is expected


@pytest.mark.parametrize(
    ("number", "pair", "expected"),
    [(2, (2.0, 3.0), FAIL), (2, (2.0, 1.5), INFORM), (12, (2.0, 1.5), PASS), (12, (2.0, 2.0), FAIL)],
)
def test_earlier_conditional_forecasts_are_judged(
    number: int, pair: tuple[float, float], expected: CheckStatus
) -> None:
    spell = effect().spells[0].model_copy(update={"crps": pair})
    finding = told_of(effect(spells=(spell,) * number, without=(0.6,) * number, spread=0.1))
    assert check(finding, "Earlier conditional")[0] is expected
    assert [cell.text for cell in finding.tables[2].rows[0]][6:8] == [f"{score:.2f}" for score in pair]


def test_a_spell_longer_than_those_before_fails() -> None:
    assert check(told(scenario()), "Spells as long as")[0] is FAIL
    month = scenario().months[0]
    long = told(scenario(months=(month,) * 3))
    assert check(long, "Spells as long as") == (PASS, "The stated one has 3 months; the past ones had 3 months.")


def test_fans_differ_in_fill_and_shape_and_are_named() -> None:
    layers = told(scenario()).charts[0].spec["layer"]
    marks = {layer["mark"]["type"] for layer in layers}
    assert {"area", "rule", "tick", "point"} <= marks
    assert "triangle-up" in str(layers)
    named = {row.get("text") for layer in layers for row in layer["data"]["values"]}
    assert {"without (5 to 95 %)", "with (5 to 95 %)"} <= named
    bars = next(layer for layer in layers if layer["mark"]["type"] == "tick")
    assert [row["date"] for row in bars["data"]["values"]] == ["2025-01-01"]


def test_one_month_has_its_interval_drawn_as_a_bar() -> None:
    layers = told(scenario(months=scenario().months[:1])).charts[0].spec["layer"]
    kinds = [layer["mark"]["type"] for layer in layers]
    assert "area" not in kinds
    assert "bar" in kinds


@pytest.mark.parametrize(
    ("ratio", "text"), [(6e8, "over 1,000"), (1e-7, "under 0.001"), (0.0012, "0.0012"), (2.5, "2.50")]
)
def test_a_ratio_beyond_a_thousand_times_is_told_as_that(ratio: float, text: str) -> None:
    assert ratio_text(ratio) == text
    finding = told_of(effect(pooled=ratio))
    assert f"had {text} times what false spells had" in words(finding)


def test_placebos_are_drawn_with_the_real_ratio() -> None:
    chart = told(scenario()).charts[1]
    counts = [row["count"] for row in chart.spec["layer"][0]["data"]["values"]]
    assert sum(counts) == 5
    assert chart.table == 1
    assert "0.600" in chart.alt
    same = told_of(effect(placebo=(1.0, 1.0, 1.0))).charts[1].spec["layer"][0]["data"]["values"]
    assert [row["count"] for row in same] == [3]


def test_without_a_stated_future_every_kind_is_listed() -> None:
    finding = run_analysis("scenario-forecast", INPUTS, {})
    assert "names no stated future" in words(finding)
    assert "None is told apart" in words(finding)
    assert len(finding.tables) == 1
    row = [cell.text for cell in finding.tables[0].rows[0]]
    assert row[:5] == ["talks", "1", "1", "0.600", "0.200 to 1.90"]
    assert row[6:9] == ["1.00", "0.800 to 1.25", "0.500 to 2.00"]
    assert len(row) == len(finding.tables[0].columns) == 13
    assert finding.checks == ()


def test_it_needs_inputs_of_the_same_request() -> None:
    assert "holds no scenario forecast" in words(run_analysis("scenario-forecast", EMPTY, {}))
    assert "holds no scenario forecast" in words(run_analysis("scenario-forecast", INPUTS, {"scenario": TALKS}))
    problem = ScenarioForecast(request=ScenarioParameters().as_text(), problem="The series is too short.")
    found = run_analysis("scenario-forecast", Inputs(scenarios=(problem,)), {})
    assert words(found) == "The series is too short."


def test_stated_actions_and_ratios_are_written_as_they_are_read() -> None:
    for text in ("ceasefire 2025-01/2025-03", "strike 2025-02", "operation 2025", "talks 2025-01-10/2025-02-03"):
        assert str(StatedAction.parse(text)) == text
    assert (StatedAction.parse("talks 2025-01-10/2025-03-03").first, StatedAction.parse("talks 2025").last) == (
        "2025-01",
        "2025-12",
    )
    ratio = StatedRatio.parse("ceasefire 0.5..1.1 because  of 2014")
    assert StatedRatio.parse(str(ratio)) == ratio
    assert str(ratio) == "ceasefire 0.5..1.1 because of 2014"


BAD_ACTIONS = (
    *("", "ceasefire", "ceasefire 2025-13", "ceasefire 2025-01/..", "ceasefire 2025-01~", "ceasefire 202X", "a b c"),
    *("ceasefire 2025-03/2025-01", "2025-01 ceasefire", "ceasefire ../2025-01", "ceasefire ..", "x" * 9000),
)
BAD_RATIOS = (
    *("ceasefire 0.5..1.1", "ceasefire 0.5..1.1 because", "ceasefire 0..1 because x", "ceasefire 2..1 because x"),
    *("ceasefire -1..1 because x", "ceasefire nan..1 because x", "ceasefire 1e9..1e9 because x", "0.5..1 because x"),
    *("ceasefire 0.5..99999 because x", "ceasefire ٠.٥..1 because x", "ceasefire 1" + "0" * 400 + "..2 because x"),
)


@pytest.mark.parametrize("text", BAD_ACTIONS)
def test_a_stated_action_that_is_none_says_so(text: str) -> None:
    with pytest.raises(ParseError):
        StatedAction.parse(text)
    if text:
        with pytest.raises(InputError, match="cannot use scenario"):
            run_analysis("scenario-forecast", INPUTS, {"scenario": [text, TALKS]})


@pytest.mark.parametrize("text", BAD_RATIOS)
def test_a_ratio_that_is_none_says_so(text: str) -> None:
    with pytest.raises(ParseError):
        StatedRatio.parse(text)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"ratios": ["talks 1..2 because a", "talks 1..3 because b"]}, "a kind of action has two ratios"),
        ({"lasting": "-1"}, "greater than or equal to 0"),
        ({"lasting": "37"}, "less than or equal to 36"),
        ({"actors": ["nobody"]}, "'nobody' is no actor"),
        ({"scenario": ["talks 2025-01"] * 25}, "at most 24"),
    ],
)
def test_wrong_parameters_are_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        run_analysis("scenario-forecast", INPUTS, parameters)
