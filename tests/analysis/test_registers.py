"""Registers side by side: a row an area and year, never a sum across registers, and the same months for all."""

from __future__ import annotations

import json

from marsad.analysis import Inputs, run_analysis
from marsad.model import CheckStatus, Date, Finding, plain

from .samples import EVIDENCE, INPUTS, REGISTERS, month, register


def words(finding: Finding) -> str:
    return " ".join(plain(passage) for passage in finding.text)


def cells(finding: Finding, table: int = 1) -> list[list[str]]:
    return [[cell.text for cell in row] for row in finding.tables[table].rows]


def run(inputs: Inputs = INPUTS, **parameters: str) -> Finding:
    return run_analysis("registers", inputs, parameters)


def alone(*registers: object, period: str = "2022/2023") -> Inputs:
    return Inputs(evidence=EVIDENCE, registers=registers, period=Date.parse(period))


def test_a_row_an_area_and_year_and_two_columns_a_register() -> None:
    finding = run()
    labels = [column.label for column in finding.tables[1].columns]
    assert labels == [
        "Area",
        "Year",
        "Events: Series ged",
        "Deaths: Series ged",
        "Events: Series acled",
        "Deaths: Series acled",
        "Events: The study's documents",
        "Deaths: The study's documents",
    ]
    assert cells(finding) == [
        ["Country", "2022", "5", "55 (50\u201370)", "9", "0", "2", "74\u201384+"],
        ["North", "2022", "1", "50", "", "", "2", "74\u201384+"],
    ]


def test_only_what_falls_into_the_period_is_counted_on_both_sides() -> None:
    wider = cells(run(period="2021/2022"))
    assert [row[:4] for row in wider][:2] == [
        ["Country", "2021", "1", "2"],
        ["Country", "2022", "5", "55 (50\u201370)"],
    ]
    august = run(period="2022-08")
    assert cells(august) == [["Country", "2022", "2", "", "", "", "", ""]]
    assert "None of them has a record" in words(run(period="1990"))
    assert cells(run(period="1990")) == []


def test_the_study_s_events_are_those_of_the_same_period() -> None:
    may_2010 = alone(register("old", month("country", "2010-05", 1, 1, 1, 1)))
    (row,) = cells(run(may_2010, period="2010"))
    assert row == ["Country", "2010", "1", "1", "", ""], "the study's event of 2010 has no place"
    (july,) = cells(run(alone(register("x", month("north", "2022-07", 1, 1, 1, 1))), period="2022-07"))
    assert july[-2:] == ["1", "50\u201360+"]


def test_areas_can_be_named() -> None:
    assert [row[0] for row in cells(run(areas="north"))] == ["North"]


def test_deaths_that_nobody_states_are_empty_and_none_is_zero() -> None:
    inputs = alone(register("x", month("country", "2022-01", 2), month("north", "2022-01", 1, 0, 0, 0)))
    assert [row[2:4] for row in cells(run(inputs))] == [["2", ""], ["1", "0"]]
    half = alone(register("x", month("country", "2022-01", 1), month("country", "2022-02", 1, 1, 4, 9)))
    assert cells(run(half))[0][2:4] == ["2", "4 (1\u20139)"]


def test_two_versions_of_one_register_are_told_apart() -> None:
    first = register("x", month("country", "2022-01", 1, 1, 1, 1))
    second = first.model_copy(update={"release": first.release.model_copy(update={"id": "y", "version": "2.0"})})
    labels = [column.label for column in run(alone(first, second)).tables[1].columns]
    assert labels[2:6:2] == ["Events: Series x, 1.0", "Events: Series x, 2.0"]
    assert len(set(labels)) == len(labels)


def test_each_register_is_named_with_what_it_counts_and_what_it_leaves() -> None:
    ged = REGISTERS[0].model_copy(update={"elsewhere": 1200, "undated": 4, "victims": "civilians"})
    finding = run(alone(ged))
    assert cells(finding, 0) == [["Series ged", "1.0", "attacks (civilians)", "7", "1,200", "4", "0"]]
    told = words(finding)
    for text in (
        "1 register of events is set beside",
        "a producer, version 1.0, CC BY 4.0",
        "Attacks in which somebody",
    ):
        assert text in told
    assert "7 records in the areas of the study, 5 December 2021 to 27 February 2023" in told
    assert finding.sources == tuple(sorted({"data2025", "news2023"}))


def test_records_put_aside_fail_a_check_and_remarks_inform() -> None:
    checks = {check.name: check for check in run().checks}
    assert checks["Every record can be right: Series ged"].status is CheckStatus.PASS
    failed = checks["Every record can be right: Series acled"]
    assert failed.status is CheckStatus.FAIL
    assert "3 for 'why'" in failed.text
    remark = checks["Remarks: Series acled"]
    assert (remark.status, remark.text) == (CheckStatus.INFORM, "In the whole release: an odd record (2).")


def test_the_chart_has_a_mark_for_each_who_counts_and_none_for_one_alone() -> None:
    (chart,) = run().charts
    assert chart.table == 1
    drawn = json.dumps(chart.spec)
    for who in ("Series ged", "Series acled", "The study's documents"):
        assert f'"{who}"' in drawn
        assert who in chart.alt
    bare = Inputs(registers=REGISTERS[:1], period=Date.parse("2022"))
    assert run(bare).charts == ()


def test_the_order_of_the_months_is_of_no_account() -> None:
    turned = REGISTERS[0].model_copy(update={"months": REGISTERS[0].months[::-1]})
    assert run(alone(turned)).tables[1] == run(alone(REGISTERS[0])).tables[1]


def test_without_a_register_it_says_where_one_is_named() -> None:
    finding = run(Inputs(evidence=EVIDENCE))
    assert "data.yaml names no release" in words(finding)
    assert finding.tables == ()
    assert finding.checks == ()
