"""`marsad forecast` as a person types it: draws of a panel, their scores, and what may come of a study."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.cli import forecast_files
from marsad.cli.main import main
from marsad.forecast import PanelColumns, read_panel, run_backtest
from marsad.forecast.models import MODELS
from marsad.study import new_study

VIEWS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "views" / "cm_panel.parquet"
Captured = pytest.CaptureFixture[str]
COUNTS = np.random.default_rng(1).negative_binomial(1, 0.1, (3, 48))


def month(number: int) -> str:
    return f"{2014 + number // 12}-{number % 12 + 1:02d}"


def written(number: int, style: str) -> str:
    return {"month": month(number), "day": f"{month(number)}-28", "id": str(12 * 34 + number + 1)}[style]


def write_panel(path: Path, style: str) -> Path:
    """Three units over the months of 2014 to 2017, with months written in one of three ways."""
    rows = [
        [name, written(number, style), COUNTS[row, number]]
        for row, name in enumerate(("north", "south", "west"))
        for number in range(48)
    ]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["area", "when", "killed"], *rows])
    return path


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    return write_panel(tmp_path / "panel.csv", "month")


def backtest(panel: Path, output: Path, *more: str, origin: str = "2016-10", model: str = "empirical") -> int:
    names = ["--unit", "area", "--time", "when", "--target", "killed", "--origin", origin, "--model", model]
    return main(["forecast", "backtest", str(panel), *names, "-o", str(output), *more])


def as_json(capsys: Captured, *arguments: str) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: Captured, *arguments: str) -> str:
    """What a refused command says, on one line; the same is said as JSON."""
    capsys.readouterr()
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert main([*arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]
    assert "our fault" not in err
    return " ".join(err.split())


@pytest.mark.parametrize("words", [[], ["study"], ["backtest"], ["score"]])
def test_help_has_examples(words: list[str], capsys: Captured) -> None:
    assert main(["forecast", *words, "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Examples" in out
    assert "marsad forecast backtest panel.parquet --unit country" in out


def test_the_help_says_what_an_origin_is_and_names_every_model(capsys: Captured) -> None:
    assert main(["forecast", "backtest", "--help"]) == 0
    out = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "Origin 2017-10 with steps 3:14 forecasts January to December 2018" in out
    assert tuple(MODELS) == forecast_files.MODEL_NAMES
    assert all(name in out for name in MODELS)


def test_the_default_is_the_year_after_the_next(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "draws.parquet"
    assert backtest(panel, output, "--draws", "24", model="conflictology") == 0
    assert "864 draws of 3 units, 2017-01 to 2017-12" in " ".join(capsys.readouterr().out.split())
    table = pq.read_table(output)
    assert table.column_names == ["unit", "time", "draw", "value"]
    rows = table.to_pylist()
    assert len(rows) == 3 * 12 * 24
    assert {row["time"] for row in rows} == {f"2017-{n:02d}" for n in range(1, 13)}
    assert {row["draw"] for row in rows} == set(range(24))
    drawn = sorted(row["value"] for row in rows if (row["unit"], row["time"]) == ("south", "2017-05"))
    assert drawn == sorted([*COUNTS[1, 22:34]] * 2)


@pytest.mark.parametrize(("style", "first"), [("month", "2017-01"), ("day", dt.date(2017, 1, 1)), ("id", 445)])
def test_months_are_written_as_the_panel_has_them(tmp_path: Path, style: str, first: object) -> None:
    source = write_panel(tmp_path / f"{style}.csv", style)
    assert backtest(source, tmp_path / "draws.parquet", "--draws", "2") == 0
    assert pq.read_table(tmp_path / "draws.parquet").column("time")[0].as_py() == first
    assert main(["forecast", "score", str(tmp_path / "draws.parquet"), str(source)]) == 0


def test_units_that_are_numbers_stay_numbers(tmp_path: Path) -> None:
    times = pa.array([dt.date(2014 + n // 12, n % 12 + 1, 1) for n in range(48)] * 2)
    source = tmp_path / "panel.parquet"
    pq.write_table(pa.table({"area": [7] * 48 + [12] * 48, "when": times, "killed": COUNTS[:2].ravel()}), source)
    assert backtest(source, tmp_path / "draws.parquet", "--draws", "2") == 0
    found = pq.read_table(tmp_path / "draws.parquet")
    assert set(found.column("unit").to_pylist()) == {7, 12}
    assert found.column("time")[0].as_py() == dt.date(2017, 1, 1)


def test_scores_of_the_file_are_those_of_the_backtest(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "draws.parquet"
    assert backtest(panel, output, "--steps", "1:6", origin="2016-12", model="negative-binomial") == 0
    scored = as_json(capsys, "forecast", "score", str(output), str(panel))
    known = read_panel(panel, PanelColumns("area", "when", "killed"))
    origin = known.first + 35
    found = run_backtest(known, [MODELS["negative-binomial"]()], origins=[origin], steps=range(1, 7))
    for name in ("crps", "ign", "mis", "crps_log1p", "covered"):
        assert scored["overall"][name] == pytest.approx(float(found.scores[name].mean()), rel=1e-9)
    assert scored["overall"]["cells"] == 18
    assert [row["year"] for row in scored["rows"]] == ["2017"]
    assert (scored["unknown"], scored["missing"]) == (0, 0)


def test_the_log_score_needs_a_thousand_draws(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "draws.parquet"
    assert backtest(panel, output, "--draws", "999") == 0
    assert as_json(capsys, "forecast", "score", str(output), str(panel))["overall"]["ign"] is None
    assert main(["forecast", "score", str(output), str(panel)]) == 0
    assert "n/a" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_file(panel: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.parquet" for name in "abc"]
    for path, seed in zip(paths, ("4", "4", "5"), strict=True):
        assert backtest(panel, path, "--seed", seed, model="last-poisson") == 0
    one, other, different = (path.read_bytes() for path in paths)
    assert one == other
    assert one != different


def test_nothing_after_the_origin_is_looked_at(panel: Path, tmp_path: Path) -> None:
    poisoned = tmp_path / "poisoned.csv"
    lines = panel.read_text().splitlines()
    kept = [f"{line.rsplit(',', 1)[0]},999999" if line.split(",")[1] > "2016-10" else line for line in lines[1:]]
    poisoned.write_text("\n".join([lines[0], *kept, ""]))
    for source, name in ((panel, "a"), (poisoned, "b")):
        assert backtest(source, tmp_path / f"{name}.parquet", "--steps", "1:2", model="combined") == 0
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_several_origins_and_groups(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "draws.parquet"
    assert backtest(panel, output, "--origin", "2015-10", "--draws", "12") == 0
    scored = as_json(capsys, "forecast", "score", str(output), str(panel), "--by", "unit")
    assert [row["unit"] for row in scored["rows"]] == ["north", "south", "west"]
    assert scored["overall"]["cells"] == 72
    years = as_json(capsys, "forecast", "score", str(output), str(panel))["rows"]
    assert [(row["year"], row["cells"]) for row in years] == [("2016", 36), ("2017", 36)]
    assert "overlap" not in refused(capsys, "forecast", "score", str(output), str(panel), "--by", "week")


def test_cells_without_a_count_and_counts_without_draws_are_told(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "draws.parquet"
    assert backtest(panel, output, "--draws", "5", "--steps", "1:6", origin="2017-09") == 0
    other = tmp_path / "other.csv"
    other.write_text(panel.read_text().replace("west,2017-11", "east,2017-11"))
    scored = as_json(capsys, "forecast", "score", str(output), str(other))
    assert (scored["overall"]["cells"], scored["unknown"], scored["missing"]) == (8, 10, 1)
    assert main(["forecast", "score", str(output), str(other)]) == 0
    assert "1 known count of these months without draws" in " ".join(capsys.readouterr().err.split())


def test_bad_options_of_a_backtest(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    names = ["--unit", "area", "--time", "when", "--target", "killed", "-o", str(tmp_path / "x.parquet")]
    start = ["forecast", "backtest", str(panel), *names]
    good = [*start, "--origin", "2016-10"]
    assert "outside the panel, which runs from 2014-01 to 2017-12" in refused(capsys, *start, "--origin", "2030-10")
    assert "--origin: '2016-13' is no month" in refused(capsys, *start, "--origin", "2016-13")
    assert "Did you mean empirical" in refused(capsys, *good, "--model", "empircal")
    assert "write months ahead such as 3:14" in refused(capsys, *good, "--steps", "3-14")
    assert "rise from 1" in refused(capsys, *good, "--steps", "14:3")
    assert "named twice" in refused(capsys, *good, "--steps", "1:3,2")
    assert "this is the panel itself" in refused(capsys, *good, "-o", good[2])
    assert "--draws 0" in refused(capsys, *good, "--draws", "0")
    assert "forecast the same month" in refused(capsys, *good, "--origin", "2016-09")
    assert "does not have 'deaths' exactly once" in refused(capsys, *good, "--target", "deaths")
    assert "there is no such file" in refused(capsys, *(word.replace("panel.csv", "none.csv") for word in good))
    assert not (tmp_path / "x.parquet").exists()


def test_a_bad_cell_is_named_with_file_row_and_column(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("area,when,killed\nnorth,2014-01,3\nnorth,2014-02,many\n")
    names = ["--unit", "area", "--time", "when", "--target", "killed", "--origin", "2014-01", "-o", str(tmp_path / "x")]
    said = refused(capsys, "forecast", "backtest", str(bad), *names)
    assert "bad.csv: row 2: killed: 'many' is no number" in said.replace(" bad", "bad").replace("/ ", "/")
    assert panel.exists()


def draws_file(path: Path, **columns: list[Any]) -> str:
    given: dict[str, list[Any]] = {
        "unit": ["north"] * 4,
        "time": ["2017-01", "2017-01", "2017-02", "2017-02"],
        "draw": [0, 1, 0, 1],
        "value": [1.0, 2.0, 3.0, 4.0],
    }
    pq.write_table(pa.table(given | columns), path)
    return str(path)


def test_draws_of_another_program(panel: Path, tmp_path: Path, capsys: Captured) -> None:
    path = draws_file(tmp_path / "theirs.parquet")
    assert "Name it with --unit" in refused(capsys, "forecast", "score", path, str(panel))
    names = ["--unit", "area", "--time", "when", "--target", "killed"]
    scored = as_json(capsys, "forecast", "score", path, str(panel), *names)
    x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), COUNTS[0, 36:38]
    brute = np.abs(x - y[:, None]).mean() - 0.25
    assert scored["overall"]["crps"] == pytest.approx(brute)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"draw": [0, 0, 0, 1]}, "row 2: draw 0 of north in 2017-01 comes twice"),
        ({"time": ["2017-01", "2017-01", "2017-02", "2017-03"]}, "north in 2017-02 has 1 draws"),
        ({"value": [1.0, -2.0, 3.0, 4.0]}, "row 2: value: -2.0 is no count"),
        ({"value": [1.0, 2.0, float("nan"), 4.0]}, "row 3: value: nan is no count"),
        ({"time": ["soon"] * 4}, "time: 'soon' is no month"),
        ({"unit": ["nowhere"] * 4}, "no unit and month of the draws has a known count"),
        ({"unit": [" "] * 4}, "an empty name"),
    ],
)
def test_bad_draws_are_named(
    panel: Path, tmp_path: Path, capsys: Captured, columns: dict[str, list[Any]], message: str
) -> None:
    path = draws_file(tmp_path / "odd.parquet", **columns)
    names = ["--unit", "area", "--time", "when", "--target", "killed"]
    assert message in refused(capsys, "forecast", "score", path, str(panel), *names)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "my-study"
    new_study(folder, title="A study")
    path = folder / "series" / "deaths-monthly.csv"
    lines = [f"{month(number)},{COUNTS[1, number]}" for number in range(48)]
    path.write_text("\n".join(["period,value", *lines, ""]))
    about = path.with_suffix(".yaml")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    about.write_text(re.sub("sha256: [0-9a-f]{64}", f"sha256: {digest}", about.read_text()))
    return folder


def test_a_study_is_told_with_and_without_the_word(study: Path, capsys: Captured) -> None:
    assert main(["forecast", str(study), "--threshold", "20"]) == 0
    plain = capsys.readouterr().out
    assert main(["forecast", "study", str(study), "--threshold", "20"]) == 0
    assert capsys.readouterr().out == plain
    told = " ".join(plain.split())
    for text in ("Early warning: the next month", "deaths-monthly", "Reaches 20", "The record of the model"):
        assert text in told
    assert re.search("the last month had [0-9]+", told)


def test_a_new_study_can_be_forecast_as_it_is(tmp_path: Path, capsys: Captured) -> None:
    new_study(tmp_path / "new", title="A study")
    assert main(["forecast", str(tmp_path / "new")]) == 0
    assert "The record of the model" in capsys.readouterr().out


def test_one_series_is_listed_alone(study: Path, capsys: Captured) -> None:
    for end in (".csv", ".yaml"):
        first = (study / "series" / f"deaths-monthly{end}").read_text()
        (study / "series" / f"more-monthly{end}").write_text(first.replace("id: deaths-monthly", "id: more-monthly"))
    listed = [row["series"] for row in as_json(capsys, "forecast", str(study))["outlook"]]
    assert sorted(listed) == ["deaths-monthly", "more-monthly"]
    assert main(["forecast", str(study), "--series", "more-monthly"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Early warning: the next month of more-monthly" in told
    assert "deaths-monthly" not in told


def test_a_study_as_json_with_an_origin(study: Path, capsys: Captured) -> None:
    told = as_json(capsys, "forecast", str(study), "--steps", "2", "--model", "negative-binomial")
    assert [row["series"] for row in told["outlook"]] == ["deaths-monthly"]
    made = told["forecast"]
    assert (made["series"], made["model"], len(made["months"])) == ("deaths-monthly", "negative-binomial", 2)
    earlier = as_json(capsys, "forecast", str(study), "--steps", "2", "--origin", "2016-06")["forecast"]
    assert [month["month"] for month in earlier["months"]] == ["2016-07", "2016-08"]
    assert all(month["observed"] is not None for month in earlier["months"])


def test_bad_options_of_a_study(study: Path, tmp_path: Path, capsys: Captured) -> None:
    assert "Did you mean deaths-monthly" in refused(capsys, "forecast", str(study), "--series", "deaths-montly")
    assert "no model" in refused(capsys, "forecast", str(study), "--model", "oracle")
    assert "less than or equal to 36" in refused(capsys, "forecast", str(study), "--steps", "99")
    assert "should be greater than 0" in refused(capsys, "forecast", str(study), "--threshold", "0")
    assert "outside the series" in refused(capsys, "forecast", str(study), "--origin", "2030-01")
    assert "there is no folder" in refused(capsys, "forecast", str(tmp_path / "nowhere"))


def test_what_came_with_actions_is_told_with_a_stated_future(study: Path, capsys: Captured) -> None:
    """The new study dates no action: without a ratio there is no forecast, with a stated one there is."""
    given = ["forecast", "scenario", str(study), "--given", "ceasefire 2018-01/2018-03"]
    assert "no conditional forecast" in refused(capsys, *given)
    stated = [*given, "--ratio", "ceasefire 0.2..0.4 because a test says so"]
    made = as_json(capsys, *stated)["scenario"]
    assert made["series"] == "deaths-monthly"
    assert main(stated) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Conditional forecast" in told
    assert "a test says so" in told


def test_bad_scenarios(study: Path, capsys: Captured) -> None:
    given = ["forecast", "scenario", str(study), "--given"]
    assert "no action kind" in refused(capsys, *given, "picnic 2017-01")
    assert "no stated action" in refused(capsys, *given, "ceasefire")
    assert "no ratio" in refused(capsys, *given, "ceasefire 2018-01", "--ratio", "ceasefire 3")


def test_areas_of_a_study_without_registers(study: Path, capsys: Captured) -> None:
    assert "registers hold none" in refused(capsys, "forecast", str(study), "--units", "admin1")
    assert "admin1" in refused(capsys, "forecast", str(study), "--units", "street")
    areas = ["forecast", str(study), "--units", "admin1"]
    for wrong in ("many", "0", "-5", "nan", "inf", "1e400"):
        assert "write a count a month above zero" in refused(capsys, *areas, "--threshold", wrong)
    assert "has one" in refused(capsys, *areas, "--threshold", "5", "--threshold", "9")
    assert "Leave out --series" in refused(capsys, *areas, "--series", "deaths-monthly")
    assert "Leave out --series and --steps" in refused(capsys, *areas, "--steps", "3")
    assert "name their --units" in refused(capsys, "forecast", str(study), "--count", "events")


def test_parts_add_up_to_their_wholes(tmp_path: Path, capsys: Captured) -> None:
    """Two areas and another of two countries: draws of all five units, and scores of all five."""
    path, output = tmp_path / "areas.csv", tmp_path / "draws.parquet"
    rows = [
        f"{area},{within},{month(number)},{(number * step) % 7}"
        for area, within, step in (("north", "A", 3), ("south", "A", 5), ("all", "B", 2))
        for number in range(48)
    ]
    path.write_text("\n".join(["area,country,month,killed", *rows, ""]))
    names = ["--unit", "area", "--time", "month", "--target", "killed", "--within", "country"]
    more = ["--origin", "2016-06", "--steps", "1:3", "--draws", "50", "--model", "empirical", "-o", str(output)]
    made = as_json(capsys, "forecast", "backtest", str(path), *names, *more)
    assert (made["units"], made["parents"]) == (5, 2)
    drawn: dict[tuple[Any, ...], dict[str, float]] = {}
    for row in pq.read_table(output).to_pylist():
        drawn.setdefault((row["time"], row["draw"]), {})[row["unit"]] = row["value"]
    assert all(one["A"] == one["north"] + one["south"] and one["B"] == one["all"] for one in drawn.values())
    scored = as_json(capsys, "forecast", "score", str(output), str(path), "--by", "unit")
    assert (len(scored["rows"]), scored["unknown"]) == (5, 0)


@pytest.mark.skipif(not VIEWS.is_file(), reason=f"{VIEWS} is not there")
def test_the_real_panel_gives_the_published_score(tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "draws.parquet"
    names = ["--unit", "country", "--time", "month_id", "--target", "ged_sb", "--model", "conflictology"]
    # 996 draws hold each of the twelve months equally often, as the challenge's sample does.
    more = ["--origin", "2018-10", "--steps", "3:14", "--draws", "996", "-o", str(output)]
    assert main(["forecast", "backtest", str(VIEWS), *names, *more]) == 0
    overall = as_json(capsys, "forecast", "score", str(output), str(VIEWS))["overall"]
    assert overall["cells"] == 191 * 12
    assert round(overall["crps"], 2) == 9.15
