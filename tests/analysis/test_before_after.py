"""Before and after a turning point."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from marsad.analysis import Inputs, run_analysis
from marsad.model import CheckStatus, Date, Finding, Series, plain

from .samples import INPUTS, monthly, months, turning


def _inputs(values: Sequence[float | None], when: str = "2010-06-15", *, unit: str = "persons") -> Inputs:
    series = monthly(months("2005-01", values), unit=unit)
    return Inputs(series=(series,), turning_points=(turning("change", when),))


def _text(finding: Finding) -> str:
    return " ".join(plain(passage) for passage in finding.text)


def _status(finding: Finding) -> dict[str, CheckStatus]:
    return {check.name.split(" ")[0].strip(":"): check.status for check in finding.checks}


def test_a_doubled_rate() -> None:
    finding = run_analysis("before-after", _inputs([10.0] * 65 + [999.0] + [20.0] * 60), {})
    assert "360 in the 36 months before “Turn change” (Jun 2010), or 10.0 a month" in _text(finding)
    assert "720 in the 36 months after it, or 20.0 a month" in _text(finding)
    assert "The rate after is 2.00 times the rate before (exact Poisson interval, 95%: 1.76 to 2.28)" in _text(finding)
    assert "no estimate of an effect" in _text(finding)
    assert "999" not in _text(finding)
    assert _status(finding)["Months"] is CheckStatus.INFORM
    assert finding.checks[0].status is CheckStatus.PASS
    assert "10.1093/biomet/26.4.404" in finding.method.reference


def test_windows_shrink_to_what_both_sides_have() -> None:
    finding = run_analysis("before-after", _inputs([10.0] * 70), {"months": "36"})
    assert "40 in the 4 months before" in _text(finding)


def test_months_that_vary_more_than_counts_fail_and_get_a_wider_interval() -> None:
    wild: list[float | None] = [0.0, 50.0] * 63
    finding = run_analysis("before-after", _inputs(wild), {})
    assert finding.checks[0].status is CheckStatus.FAIL
    assert "adjusted for overdispersion" in _text(finding)
    rows = {row[0].text: row[-1].text for row in finding.tables[0].rows}
    exact, wide = (
        [float(end) for end in rows[name].split(" to ")]
        for name in ("ratio after / before", "ratio, adjusted for overdispersion")
    )
    assert wide[0] < exact[0] < exact[1] < wide[1]


def test_a_ratio_that_false_turning_points_reach_too_fails() -> None:
    steps: list[float | None] = [5.0 if (month // 20) % 2 else 10.0 for month in range(200)]
    finding = run_analysis("before-after", _inputs(steps), {"months": "12"})
    assert finding.checks[2].status is CheckStatus.FAIL
    assert finding.tables[1].rows[0][0].text == str(len(steps) - 24 - 25)


def test_no_ratio_is_called_rare_on_few_separate_windows() -> None:
    quiet = [95.0 + (month * 7) % 11 for month in range(65)]
    finding = run_analysis("before-after", _inputs([*quiet, 0.0, *([200.0] * 36)]), {"months": "12"})
    assert finding.checks[2].status is CheckStatus.INFORM
    assert "too few to call the real ratio rare" in finding.checks[2].text
    short = run_analysis("before-after", _inputs([*quiet, 0.0, *([200.0] * 36)]), {"months": "1"})
    assert short.checks[2].status is CheckStatus.PASS


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (0.0, 5.0, "Nothing is counted before, so that the ratio has no upper end"),
        (5.0, 0.0, "The rate after is 0 times the rate before"),
        (0.0, 0.0, "Both sides are zero: there is no ratio."),
    ],
)
def test_zero_counts(before: float, after: float, message: str) -> None:
    finding = run_analysis("before-after", _inputs([before] * 66 + [after] * 60), {})
    assert message in _text(finding)
    assert "ratio, adjusted for overdispersion" not in [row[0].text for row in finding.tables[0].rows]


def test_a_window_whose_first_half_is_empty_has_no_ratio_of_its_halves() -> None:
    finding = run_analysis("before-after", _inputs([0.0] * 59 + [1.0] * 61), {"months": "12"})
    assert "nothing is counted in the earlier half, so that there is no ratio (0 and 6 in 6 months each)" in (
        finding.checks[3].text
    )
    assert not any("∞" in check.text for check in finding.checks)
    assert finding.tables[1].note.endswith("∞: none before.")


def test_what_comes_by_month_is_titled_by_year_where_it_is_shown_by_year() -> None:
    series = monthly(months("2010-01", [1.0] * 24))
    titled = series.model_copy(update={"release": series.release.model_copy(update={"title": "Deaths by month (X)"})})
    finding = run_analysis("series-by-year", Inputs(series=(titled,)), {})
    assert {finding.title, finding.tables[0].title, finding.charts[0].title} == {"Deaths by year (X)"}
    assert run_analysis("series-by-year", Inputs(series=(series,)), {}).title == "Series deaths, by year"


def test_missing_months_are_said_and_left_out() -> None:
    values: list[float | None] = [10.0] * 60 + [None] + [10.0] * 60
    finding = run_analysis("before-after", _inputs(values), {"months": "12"})
    assert "110 in the 12 months before" in _text(finding)
    assert "1 month without a value is left out" in _text(finding)
    assert [row[2].text for row in finding.tables[0].rows[:2]] == ["11", "12"]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (_inputs([1.0] * 120, "2010"), "(2010) is not dated to one month"),
        (_inputs([1.0] * 120, "2004-12"), "has no months on both sides of Dec 2004"),
        (_inputs([1.0] * 120, "2030-12"), "has no months on both sides of Dec 2030"),
        (_inputs([50.0] * 120, unit="percent"), "is not of counts but of percent"),
        (_inputs([-1.0] * 120), "has values below zero"),
        (_inputs([]), "has no months"),
    ],
)
def test_where_nothing_can_be_compared_it_says_why(inputs: Inputs, message: str) -> None:
    finding = run_analysis("before-after", inputs, {})
    assert message in _text(finding)
    assert finding.tables == ()


def test_coded_events_can_be_compared_and_name_their_statements() -> None:
    finding = run_analysis("before-after", INPUTS, {"counts": "events", "turning_point": "change"})
    cells = finding.tables[0].rows[1]
    assert cells[3].text == "1"
    assert cells[3].statements
    assert "not dated to one month left out" in finding.tables[0].note


def _yearly() -> Series:
    return monthly({str(year): float(year - 2000) for year in range(2010, 2015)}, name="yearly")


def test_series_are_summed_by_year_and_revisions_are_named() -> None:
    whole = monthly(months("2010-01", [1.0] * 23 + [None]))
    inputs = Inputs(series=(whole, _yearly()), period=Date.parse("2010/2012"))
    finding = run_analysis("series-by-year", inputs, {})
    assert [[cell.text for cell in row] for row in finding.tables[0].rows] == [
        ["2010", "12", "12", "0"],
        ["2011", "11", "11", "1"],
    ]
    assert "differ in 2010 (12 and 10)" in _text(finding)
    assert [check.status for check in finding.checks] == [CheckStatus.FAIL, CheckStatus.PASS]
    by_month = run_analysis("series-by-month", inputs, {})
    assert by_month.tables[0].rows[1][12].text == "–"
    assert by_month.tables[0].rows[1][13].text == "11"
    assert "has no value for a single month" in _text(by_month)
