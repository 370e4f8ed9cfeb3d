"""Forecasts and early warnings as findings: what is said, what the checks hold, and that charts read in grey."""

from __future__ import annotations

import json

import pytest

from marsad.analysis import Inputs, run_analysis
from marsad.analysis.forecast_parameters import EarlyWarningParameters, ForecastParameters
from marsad.errors import InputError
from marsad.model import CheckStatus, EarlyWarnings, Finding, Forecast, plain

from .samples import INPUTS, forecast, record, warning, warnings

PASS, FAIL, INFORM = CheckStatus.PASS, CheckStatus.FAIL, CheckStatus.INFORM


def told(found: Forecast, **parameters: str) -> Finding:
    return run_analysis("forecast", INPUTS.model_copy(update={"forecasts": (found,)}), parameters)


def warned(found: EarlyWarnings) -> Finding:
    return run_analysis("early-warning", INPUTS.model_copy(update={"warnings": (found,)}), {})


def status(finding: Finding, start: str) -> CheckStatus:
    return next(check.status for check in finding.checks if check.name.startswith(start))


def words(finding: Finding) -> str:
    return " ".join(plain(passage) for passage in finding.text)


def test_a_forecast_says_what_is_expected_how_sure_and_how_it_did() -> None:
    text = words(told(forecast()))
    assert "in Jan 2025 half of the draws are at or below 3, and nine in ten lie between 0 and 6" in text
    assert "in Feb 2025 between 0 and 8" in text
    assert "reaches 5 is 30%" in text
    assert "reaches 6 is between 10% and 20%" in text
    assert "70 forecasts of 35 months" in text
    assert "difference −1.00, 95 % interval −1.50 to −0.500" in text
    assert "would make it wrong" in text


def test_months_that_are_alike_are_told_once() -> None:
    month = forecast().months[0]
    same = forecast(months=(month, month.model_copy(update={"month": "2025-02"})))
    assert "so it stays until Feb 2025" in words(told(same))


def test_the_table_has_a_row_a_month_and_what_happened_where_it_is_known() -> None:
    quantiles, _, _, scores = told(forecast()).tables
    cells = [[cell.text for cell in row] for row in quantiles.rows]
    assert cells == [
        ["Jan 2025", "0", "1", "3", "5", "6", "30%", "10%", "–"],
        ["Feb 2025", "0", "1", "3", "5", "8", "30%", "20%", "4"],
    ]
    assert quantiles.rows[1][-1].cites == ("data2025",)
    assert [row[0].text for row in scores.rows] == ["empirical", "conflictology"]
    months = tuple(month.model_copy(update={"observed": None}) for month in forecast().months)
    assert told(forecast(months=months)).tables[0].columns[-1].label == "Reaches 6"


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        ((-1.0, -1.5, -0.5), PASS),
        ((-1.0, -1.5, 0.5), INFORM),
        ((-1.0, None, None), INFORM),
        ((0.0, -1.0, 1.0), FAIL),
        ((0.5, 0.1, 1.0), FAIL),
    ],
)
def test_a_record_no_better_than_conflictology_fails(
    difference: tuple[float, float | None, float | None], expected: CheckStatus
) -> None:
    assert status(told(forecast(difference=difference)), "Better than the last twelve months") is expected


def test_without_a_record_the_check_fails_and_there_is_no_table_of_scores() -> None:
    bare = told(forecast(record=(), difference=None, origins=None, scored_months=0, sums=(), sum_record=()))
    assert status(bare, "Better than") is FAIL
    assert len(bare.tables) == 1
    assert "too short for a record" in words(bare)
    own = told(forecast(record=(record("conflictology", crps=2.0),), difference=None))
    assert status(own, "Better than") is INFORM


@pytest.mark.parametrize(
    ("covered", "months", "expected"),
    [(0.9, 35, PASS), (0.75, 35, FAIL), (1.0, 400, INFORM), (0.81, 35, PASS), (0.81, 400, FAIL)],
)
def test_coverage_is_judged_by_what_chance_allows(covered: float, months: int, expected: CheckStatus) -> None:
    found = forecast(record=(record("empirical", crps=1.0, covered=covered),), scored_months=months, difference=None)
    assert status(told(found), "The 90 % interval") is expected


def test_totals_of_several_months_are_told_with_their_record() -> None:
    finding = told(forecast())
    sums = finding.tables[1]
    assert [column.label for column in sums.columns] == [
        "Total of",
        *("5 %", "25 %", "Median", "75 %", "95 %"),
        *("On average 5 a month or more", "On average 6 a month or more"),
        *("Some month reaches 5", "Some month reaches 6"),
        *("As many months before", "More than before"),
    ]
    one, two = ([cell.text for cell in row] for row in sums.rows)
    assert one[:6] == ["1 month, to Jan 2025", "0", "1", "3", "5", "6"]
    assert one[-2:] == ["–", "–"]
    assert two[6:] == ["30%", "10%", "50%", "20%", "7", "40%"]
    scored = finding.tables[2]
    assert [cell.text for cell in scored.rows[0]] == ["2 months", "20", "2.00", "90%", "70%"]
    assert len(told(forecast(sum_record=())).tables) == 3
    assert sums.rows[1][10].cites == ("data2025",)
    text = words(finding)
    assert (
        "total of the next 2 months, half of the draws are at or below 6, and nine in ten lie between 1 and 12" in text
    )
    assert "the 2 months before had 7, and 40% of the draws are above that" in text
    assert "drawn apart" not in text


@pytest.mark.parametrize(("covered", "months", "expected"), [(0.9, 3, PASS), (0.5, 3, FAIL), (0.7, 12, PASS)])
def test_totals_are_judged_by_what_chance_allows(covered: float, months: int, expected: CheckStatus) -> None:
    row = forecast().sum_record[0].model_copy(update={"covered": covered, "months": months})
    assert status(told(forecast(sum_record=(row,))), "The 90 % interval holds nine totals") is expected


def test_a_short_past_fails_and_a_changed_level_informs() -> None:
    assert status(told(forecast(known=59)), "A past of") is FAIL
    assert status(told(forecast(known=60)), "A past of") is PASS
    for recent, before, text in ((30.0, 3.0, "lags behind"), (3.0, 2.5, "1.20 times"), (3.0, 0.0, "would be wrong")):
        check = next(
            one for one in told(forecast(recent=recent, before=before)).checks if one.name.startswith("The level")
        )
        assert check.status is INFORM
        assert text in check.text


def test_only_the_forecast_of_the_same_parameters_is_shown() -> None:
    assert "holds no forecast" in words(told(forecast(), steps="6"))
    other = forecast(request=ForecastParameters.model_validate({"steps": "6"}).as_text())
    assert told(other, steps="6").tables
    assert told(forecast(), steps="6").id != told(forecast()).id


def test_a_problem_is_said_instead_of_a_forecast() -> None:
    found = told(forecast(problem="The series is too short."))
    assert words(found) == "The series is too short."
    assert (found.tables, found.charts, found.checks) == ((), (), ())


@pytest.mark.parametrize("text", ["0", "-5", "many", "nan", "inf", "1e300"])
def test_thresholds_are_counts_above_zero(text: str) -> None:
    for name, parameter in (("forecast", "thresholds"), ("early-warning", "threshold")):
        with pytest.raises(InputError, match=f"{name} cannot use {parameter}: Input should be"):
            run_analysis(name, INPUTS, {parameter: text})


def test_thresholds_are_put_in_order_and_written_as_given() -> None:
    parameters = ForecastParameters.model_validate({"thresholds": "100; 25;100"})
    assert parameters.limits == (25.0, 100.0)
    assert parameters.as_text()["thresholds"] == "100;25;100"
    assert EarlyWarningParameters().as_text()["threshold"] == ""


def test_a_warning_table_has_the_furthest_lead_first_and_what_happened() -> None:
    table, scores, reliability = warned(warnings()).tables
    cells = [[cell.text for cell in row] for row in table.rows]
    assert [column.label for column in table.columns][1:3] == ["2 months ahead", "1 month ahead"]
    assert cells[0] == ["Jan 2022", "60%", "70%", "40%", "0 to 6", "6", "yes"]
    assert cells[1][-2:] == ["1", "no"]
    assert cells[2][1:3] == ["–", "10%"]
    assert cells[3][-2:] == ["–", "–"]
    assert [cell.text for cell in scores.rows[0]] == [
        "1 month",
        "3",
        "2",
        "0.300",
        "0.360",
        "0.250",
        "−0.100 to +0.020",
    ]
    assert [[cell.text for cell in row] for row in reliability.rows] == [
        ["10% to 30%", "2", "1", "50%"],
        ["50% to 70%", "1", "1", "100%"],
        ["70% to 90%", "2", "1", "50%"],
    ]


def test_warnings_say_their_score_and_what_alarms_were_worth() -> None:
    finding = warned(warnings())
    text = words(finding)
    assert "0.300, 17% less than that of climatology (0.360)" in text
    assert "0.400, 54% more than that of climatology (0.260)" in text
    assert "1 alarm, of which 1 came true; 1 of 2 months" in text
    assert status(finding, "Better than climatology, 1 month") is INFORM
    assert status(finding, "Better than climatology, 2 months") is FAIL
    assert status(finding, "Better than the share") is FAIL
    assert status(finding, "Enough of both") is FAIL


@pytest.mark.parametrize(
    ("chance", "reached", "expected", "wanted"),
    [(0.1, 10, "add up to 4.0 of 40 months; 10 reached 5", FAIL), (0.2, 10, "8.0 of 40 months; 10", PASS)],
)
def test_the_probabilities_add_up_to_the_months_that_came(
    chance: float, reached: int, expected: str, wanted: CheckStatus
) -> None:
    """Of 40 months at 10 %, four are expected with a deviation of 1.9: ten are too many; at 20 % they are not."""
    rows = [warning(f"2022-{n % 12 + 1:02d}", 1, chance, 6 if n < reached else 0) for n in range(40)]
    finding = warned(warnings(warnings=tuple(rows)))
    check = next(one for one in finding.checks if one.name.startswith("As many months"))
    assert expected in check.text
    assert check.status is wanted
    sure = warned(warnings(warnings=(warning("2022-01", 1, 1.0, 6),)))
    assert not [one for one in sure.checks if one.name.startswith("As many months")]


def test_the_reached_months_of_a_chart_are_marked_by_shape_too() -> None:
    spec = warned(warnings()).charts[0].spec
    marks = [layer["mark"] for layer in spec["layer"]]
    assert {"bar", "point"} <= {mark["type"] for mark in marks}
    assert next(mark for mark in marks if mark["type"] == "point")["shape"] == "triangle-down"


def test_the_bands_of_the_fan_differ_in_lightness_and_are_named() -> None:
    layers = told(forecast()).charts[0].spec["layer"]
    shades = [layer["mark"]["color"] for layer in layers if layer["mark"]["type"] == "area"]
    light = [sum(int(shade[at : at + 2], 16) for at in (1, 3, 5)) for shade in shades]
    assert len(shades) == 2
    assert light[0] - light[1] > 100
    names = {row.get("text") for layer in layers for row in layer["data"]["values"]}
    assert {"5 %", "95 %", "median"} <= names
    assert "diamond" in json.dumps(layers)
    assert "◆ what happened" in names


def test_one_month_has_its_intervals_drawn_as_bars() -> None:
    month = forecast().months[0]
    layers = told(forecast(months=(month,), sums=(), sum_record=())).charts[0].spec["layer"]
    kinds = [layer["mark"]["type"] for layer in layers]
    assert "area" not in kinds, "an area of one month has no width"
    assert kinds.count("bar") == 2
    assert "◆ what happened" not in json.dumps(layers, ensure_ascii=False), "nothing of it is known"


def test_where_bands_lie_close_together_the_median_is_named() -> None:
    layers = told(forecast(thresholds=(5.0, 1e6))).charts[0].spec["layer"]
    words_at_the_end = [row["text"] for row in layers[-1]["data"]["values"]]
    assert words_at_the_end == ["median"]


def test_no_probability_is_told_as_none_or_certain() -> None:
    month = forecast().months[0]
    for chances, expected in (((1.0, 0.0), ("over 99%", "under 1%")), ((0.9951, 0.0049), ("over 99%", "under 1%"))):
        finding = told(forecast(months=(month.model_copy(update={"chances": chances}),)))
        assert f"reaches 5 is {expected[0]}" in words(finding)
        assert f"reaches 6 is {expected[1]}" in words(finding)
        assert [cell.text for cell in finding.tables[0].rows[0]][6:8] == list(expected)
    other = month.model_copy(update={"month": "2025-02", "chances": (0.104, 0.5)})
    both = told(forecast(months=(month.model_copy(update={"chances": (1.0, 0.5)}), other)))
    assert "reaches 5 is between 10% and over 99%" in words(both)


def test_warnings_need_inputs_and_say_so() -> None:
    assert "holds no early warnings" in words(run_analysis("early-warning", Inputs(), {}))
    assert words(warned(warnings(problem="No month."))) == "No month."
    unknown = (warning("2022-01", 1, 0.5, None),)
    text = words(warned(warnings(warnings=unknown, scores=())))
    assert "alarm" not in text
