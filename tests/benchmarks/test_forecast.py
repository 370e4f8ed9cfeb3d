"""The benchmark of the forecasts: its tables, its pictures, and the commands of its documentation."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.forecast import PLAIN, Clock, Timed, growth_table, main, resampled, sample

from benchmarks import forecast_tables as tables
from marsad.forecast import (
    Backtest,
    Conflictology,
    ExactlyZero,
    PanelColumns,
    month_number,
    published_baselines,
    read_panel,
    run_backtest,
    score_table,
)
from marsad.forecast.models import MODELS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "forecast.md"
SAMPLE = ROOT / "docs" / "sample-panel.csv"
COLUMNS = ["--unit", "province", "--time", "month", "--target", "deaths", "--vintage", ""]


@pytest.fixture(scope="module")
def found() -> Backtest:
    panel = read_panel(SAMPLE, PanelColumns("province", "month", "deaths"))
    origins = [month_number(year, 10) for year in range(2019, 2024)]
    return run_backtest(panel, published_baselines(), origins=origins, steps=range(3, 15), seed=2)


def cells(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in [lines[0], *lines[2:]]]


def test_windows_of_calendar_years_are_called_by_them() -> None:
    assert tables.window_name("2018-01/2018-12") == "2018"
    assert tables.window_name("2018-01/2018-11") == "2018-01 to 2018-11"
    assert tables.window_name("2016-11/2017-10") == "2016-11 to 2017-10"


def test_the_table_of_windows_holds_the_means_of_the_backtest(found: Backtest) -> None:
    heading, *rows = cells(tables.by_window(found))
    assert heading == ["model", "2020", "2021", "2022", "2023", "2024", "all together"]
    assert [row[0] for row in rows] == list(found.models)
    for row, scores in zip(rows, found.scores["crps"], strict=True):
        means = [*scores.mean(axis=(1, 2)), scores.mean()]
        assert row[1:] == [f"{mean:,.2f}" for mean in means]


def test_many_windows_go_down_and_models_across() -> None:
    panel = read_panel(SAMPLE, PanelColumns("province", "month", "deaths"))
    origins = [month_number(2020, 1) + month for month in range(8)]
    many = run_backtest(panel, [ExactlyZero(), Conflictology()], origins=origins, steps=[1])
    heading, *rows = cells(tables.by_window(many))
    assert heading == ["", "zero", "conflictology"]
    assert len(rows) == 9
    assert rows[-1] == ["all together", *(f"{mean:,.2f}" for mean in many.scores["crps"].mean(axis=(1, 2, 3)))]


def test_coverage_of_violent_months_has_an_interval_over_units(found: Backtest) -> None:
    inside = found.scores["covered"][found.index("conflictology")][found.observed > 0]
    told = tables.violent_coverage(found, "conflictology")
    mean, low, high = (float(number) for number in re.findall(r"([\d.]+)%", told))
    assert mean == pytest.approx(100 * inside.mean(), abs=0.05)
    assert 0 <= low < mean < high <= 100
    assert tables.violent_coverage(found, "zero").startswith("0.0%")


def test_levels_say_how_many_months_they_have(found: Backtest) -> None:
    heading, *rows = cells(tables.by_level(found, "covered"))
    counts = {str(row["level"]): int(row["cells"]) for row in score_table(found, ["level", "model"])}
    assert heading[1:] == [level for level in ("none", "below 25", "25 to 999", "1000 or more") if level in counts]
    assert rows[-1] == ["unit-months", *(f"{counts[level]:,}" for level in heading[1:])]


def test_skill_is_the_share_of_the_baselines_score_that_is_saved(found: Backtest) -> None:
    heading, *rows = cells(tables.skills(found, "conflictology"))
    crps = {(row["model"], row["level"]): float(row["crps"]) for row in score_table(found, ["level", "model"])}
    for model, *shares in rows:
        for level, share in zip(heading[1:], shares, strict=True):
            expected = 1 - crps[model, level] / crps["conflictology", level]
            assert float(share.replace("−", "-").replace(",", "").rstrip("%")) == pytest.approx(
                100 * expected, abs=0.06
            )


def test_the_units_with_most_of_the_score_come_first(found: Backtest) -> None:
    heading, *rows = cells(tables.by_unit(found, "conflictology", most=3))
    crps = found.scores["crps"].mean(axis=(1, 3))
    order = np.argsort(-crps[found.index("conflictology")])[:3]
    assert heading[2:] == list(found.models)
    assert [row[0] for row in rows] == [found.units[place] for place in order]
    for row, place in zip(rows, order, strict=True):
        assert row[2:] == [f"{mean:,.2f}" for mean in crps[:, place]]


def test_the_heaviest_unit_is_left_out(found: Backtest) -> None:
    unit, share = tables.heaviest(found, "conflictology")
    crps = found.scores["crps"][found.index("conflictology")].sum(axis=(0, 2))
    assert unit == found.units[int(crps.argmax())] == "Invented H"
    assert share == pytest.approx(crps.max() / crps.sum())
    told = tables.all_tables(found, against="conflictology", chosen=["Invented G"])
    assert f"without {unit}" in told
    assert tables.by_window(found.without([unit])).strip() in told
    assert "**Mean CRPS of Invented G alone**" in told


def test_differences_have_the_sign_of_the_models_difference(found: Backtest) -> None:
    heading, *rows = cells(tables.differences(found, "conflictology"))
    assert [row[0] for row in rows] == ["zero", "last-poisson", "bootstrap-240"]
    crps = found.scores["crps"].mean(axis=(1, 2, 3))
    for row in rows:
        expected = crps[found.index(row[0])] - crps[found.index("conflictology")]
        number, low, high = (float(n.replace("−", "-")) for n in re.findall(r"[+−][\d.,]+", row[1]))
        assert number == pytest.approx(expected, abs=0.006)
        assert low < number < high
    assert heading[1] == "CRPS"


def test_published_figures_stand_beside_the_challenges_windows_only(found: Backtest) -> None:
    assert "as published" not in tables.by_window(found)


def test_a_region_is_replaced_and_nothing_else() -> None:
    text = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n<!-- begin y -->\n<!-- end y -->\n"
    once = tables.filled(text, "x", "| \\1 |\n")
    assert once == "a\n<!-- begin x -->\n\n| \\1 |\n\n<!-- end x -->\nb\n<!-- begin y -->\n<!-- end y -->\n"
    assert tables.filled(once, "x", "| \\1 |\n") == once
    assert tables.filled(tables.filled(once, "y", "new"), "x", "old").count("old") == 1
    with pytest.raises(SystemExit, match="begin z"):
        tables.filled(text, "z", "")


def test_saved_scores_are_the_same(found: Backtest, tmp_path: Path) -> None:
    tables.save(found, tmp_path / "scores.npz")
    again = tables.load(tmp_path / "scores.npz")
    assert (again.models, again.units, again.origins, again.steps) == (
        found.models,
        found.units,
        found.origins,
        found.steps,
    )
    assert tables.by_level(again, "crps") == tables.by_level(found, "crps")
    np.testing.assert_array_equal(again.pit, found.pit)


def test_calibration_of_a_forecast_that_is_right_is_even() -> None:
    """What is drawn from is what happens: the bars are even and the curve lies on the line."""
    values = np.random.default_rng(3).poisson(4, (400, 60)).astype(np.float64)
    panel = read_panel(SAMPLE, PanelColumns("province", "month", "deaths"))
    made = type(panel)("count", tuple(map(str, range(400))), 0, values, ("v",), np.zeros(values.shape, np.int16))
    right = run_backtest(made, published_baselines()[3:], origins=[50], steps=range(1, 9), draws=400)
    bins, held = tables.calibration_rows(right, right.models)
    everything = [one for one in bins if one["group"] == "all months"]
    assert len(everything) == 10
    assert [one["share"] for one in everything] == pytest.approx([0.1] * 10, abs=0.02)
    assert sum(float(str(one["share"])) for one in everything) == pytest.approx(1)
    for one in held:
        if one["group"] == "all months":
            assert one["held"] == pytest.approx(one["level"], abs=0.03)


def test_a_timed_model_draws_what_the_model_draws(found: Backtest) -> None:
    panel = read_panel(SAMPLE, PanelColumns("province", "month", "deaths"))
    clock = Clock()
    timed = [Timed(model, clock) for model in published_baselines()]
    again = run_backtest(panel, timed, origins=found.origins, steps=found.steps, seed=2)
    np.testing.assert_array_equal(again.scores["crps"], found.scores["crps"])
    assert set(clock.fitting) == set(clock.drawing) == set(found.models)


def test_a_resampled_panel_keeps_gaps_and_levels() -> None:
    values = np.random.default_rng(0).poisson(50, (10, 80)).astype(np.float64)
    values[3, :20] = np.nan
    few, many = resampled(values, 10), resampled(values, 3_000)
    assert np.array_equal(np.isnan(few), np.isnan(values))
    assert many.shape == (3_000, 80)
    assert np.nanmean(many) == pytest.approx(50 * np.exp(0.3**2 / 2), rel=0.03)
    assert len(np.unique(many, axis=0)) == 3_000


def test_growth_tells_ratios_and_exponents() -> None:
    points = [
        {"units": size, "model": model, "fit": 9.0, "draw": 9.0, "cpu": seconds, "gigabytes": 0.1}
        for size, model, seconds in ((10, PLAIN, 1.0), (10, "slow", 2.0), (100, PLAIN, 10.0), (100, "slow", 200.0))
    ]
    _, *rows = cells(growth_table(points))
    assert [(row[0], row[1], row[5], row[7]) for row in rows] == [
        (PLAIN, "10", "1.0", ""),
        (PLAIN, "100", "1.0", "1.00"),
        ("slow", "10", "2.0", ""),
        ("slow", "100", "20.0", "2.00"),
    ]


def test_scores_are_written_into_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document, picture = tmp_path / "forecast.md", tmp_path / "calibration.svg"
    document.write_text("<!-- begin earlier -->\n<!-- end earlier -->\n", "utf-8")
    command = ["scores", "--panel", str(SAMPLE), *COLUMNS, "--origins", "2021-10", "2022-10", "--until", "2023-12"]
    command += ["--models", "zero", "conflictology", "--document", str(document), "--region", "earlier"]
    main([*command, "--save", str(tmp_path / "s.npz")])
    told = capsys.readouterr()
    assert "| conflictology |" in document.read_text("utf-8")
    assert document.read_text("utf-8").count("**Mean CRPS by window** ") == 1
    assert "2022-10 conflictology" in told.err
    main(["calibration", str(tmp_path / "s.npz"), "--picture", str(picture), "--shown", "conflictology"])
    assert "conflictology, all months" in capsys.readouterr().out
    assert picture.read_text("utf-8").startswith("<svg")


def test_growth_is_measured_in_processes_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "growth.svg"
    command = ["growth", "--panel", str(SAMPLE), *COLUMNS, "--sizes", "8", "40", "8000000", "--models", "conflictology"]
    main([*command, "--picture", str(picture), "--patience", "100"])
    told = capsys.readouterr()
    assert told.err.count("left out") == 2
    _, *rows = cells(told.out)
    assert [(row[0], row[1]) for row in rows] == [(m, n) for m in (PLAIN, "conflictology") for n in ("8", "40")]
    assert all(0.01 < float(row[6]) < 2 for row in rows)  # gigabytes
    assert picture.read_text("utf-8").startswith("<svg")


def test_the_sample_panel_is_the_generated_one(tmp_path: Path) -> None:
    sample(tmp_path / "sample.csv")
    assert (tmp_path / "sample.csv").read_bytes() == SAMPLE.read_bytes()
    panel = read_panel(SAMPLE, PanelColumns("province", "month", "deaths"))
    assert all(unit.startswith("Invented ") for unit in panel.units)
    assert panel.gaps() == ()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


def run(arguments: list[str], folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-W", "error", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, (arguments, result.stderr)
    return result.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())
    return tmp_path


def test_the_commands_of_the_documentation_run(folder: Path) -> None:
    lines = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) >= 4
    for program, word, *arguments in lines:
        assert (program, word) == ("./run", "marsad")
        assert run(["-m", "marsad", *arguments], folder)


def test_the_python_of_the_documentation_runs(folder: Path) -> None:
    (code,) = blocks("python")
    told = run(["-c", code], folder)
    assert told.count("empirical CRPS") == 5
    assert "difference " in told


def test_the_regions_of_the_documentation_are_there_once() -> None:
    text = DOCUMENT.read_text("utf-8")
    for region in ("held-out", "earlier", "growth"):
        assert tables.filled(text, region, "x") != text


def test_the_documentation_explains_every_model_and_score() -> None:
    text = DOCUMENT.read_text("utf-8")
    explained = re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)
    assert explained == list(MODELS)
    for title in ("CRPS", "log score", "interval score", "CRPS of log(1 + count)", "inside 90 %", "PIT"):
        assert re.search(rf"^\| {re.escape(title)} \|", text, re.MULTILINE)
