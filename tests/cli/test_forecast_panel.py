"""`marsad forecast panel` as a person types it, and that the backtest reads what it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from marsad.cli.forecast_panel import panel
from marsad.cli.main import main
from marsad.errors import InputError
from marsad.evidence import parquet_rows

HEAD = "event_id,date,country,latitude,longitude,deaths,actor1,notes"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def events(tmp_path: Path, capsys: Captured) -> Path:
    """An event table of attacks in two countries over the months of three years."""
    lines = [
        f"{year}{month}{country},{year}-{month:02d}-1{number},{country},3{number}.0,7{number}.0,{month % 5},Group,Bomb"
        for number, country in enumerate(("Pakistan", "Afghanistan"))
        for year in (2020, 2021, 2022)
        for month in range(1, 13)
        if month != 7
    ]
    path = tmp_path / "events.csv"
    path.write_text("\n".join((HEAD, *lines, "")))
    assert main(["import", "generic", str(path), "-o", str(tmp_path / "events.parquet")]) == 0
    capsys.readouterr()
    return tmp_path / "events.parquet"


def command(*arguments: str) -> Any:
    """Run the command alone, as the group does."""
    app = typer.Typer(rich_markup_mode="rich")
    app.command("panel")(panel)
    return CliRunner().invoke(app, list(arguments), standalone_mode=False)


def test_the_backtest_reads_the_panel_unchanged(events: Path, tmp_path: Path, capsys: Captured) -> None:
    output, draws = tmp_path / "panel.parquet", tmp_path / "draws.parquet"
    assert panel([events], output=output) == 0
    out, err = capsys.readouterr()
    assert "72 rows, 2 units (country), 2020-01 to 2022-12, deaths" in " ".join(out.split())
    assert "the months are those from the first to the last record" in " ".join(err.split())
    names = ["--unit", "unit", "--time", "month", "--target", "value"]
    more = ["--vintage", "vintage", "--origin", "2022-06", "--steps", "1:3", "--draws", "12", "-o", str(draws)]
    assert main(["forecast", "backtest", str(output), *names, *more]) == 0
    rows = list(parquet_rows(draws))
    assert {(row["unit"], row["time"]) for row in rows} == {
        (unit, month) for unit in ("AFG", "PAK") for month in ("2022-07", "2022-08", "2022-09")
    }
    capsys.readouterr()
    assert main(["forecast", "score", str(draws), str(output), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["overall"]["cells"] == 6


def test_the_rows_are_those_of_the_events(events: Path, tmp_path: Path, capsys: Captured) -> None:
    output = tmp_path / "panel.csv"
    made = panel([events], output=output, count="events", country=["pak"], json=True, since="2019-12", until="2020-08")
    assert made == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["units"], told["months"], told["rows"], told["zero"], told["empty"]) == (
        1,
        ["2019-12", "2020-08"],
        9,
        2,
        0,
    )
    lines = [line.split(",")[:4] for line in output.read_text().splitlines()]
    assert lines[:3] == [["unit", "parent", "month", "value"], ["PAK", "", "2019-12", "0"], ["PAK", "", "2020-01", "1"]]
    assert lines[8] == ["PAK", "", "2020-07", "0"]


def test_the_help_has_examples() -> None:
    told = " ".join(command("--help").output.replace("│", " ").split())
    for option in ("--unit", "--count", "--since", "--reconciled", "--from-first", "--engine"):
        assert option in told
    assert "empty where none covers it" in told


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--unit", "village"], "the units of a panel are country"),
        (["--count", "wounded"], "a panel counts deaths"),
        (["--since", "soon"], "--since: 'soon' is no month"),
        (["--since", "2023-01", "--until", "2022-01"], "is after --until 2022-01"),
        (["--country", "IND"], "no record in IND is dated to a month"),
        (["--engine", "sparkle"], "sparkle"),
    ],
)
def test_what_is_refused_says_what_to_do_and_leaves_the_old_file(
    events: Path, tmp_path: Path, given: list[str], message: str
) -> None:
    output = tmp_path / "panel.parquet"
    output.write_bytes(b"old")
    found = command(str(events), "-o", str(output), *given)
    assert isinstance(found.exception, InputError)
    assert message in str(found.exception)
    assert output.read_bytes() == b"old"


def test_outputs_that_cannot_be(events: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.parquet or \.csv"):
        panel([events], output=tmp_path / "panel.xlsx")
    with pytest.raises(InputError, match="is what is read"):
        panel([events], output=events)
    with pytest.raises(InputError, match="is a folder"):
        panel([events], output=tmp_path)
    with pytest.raises(InputError, match="it cannot be written"):
        panel([events], output=events / "panel.parquet")
    folder = tmp_path / "events"
    folder.mkdir()
    events.rename(folder / "events.parquet")
    with pytest.raises(InputError, match="whose files are read as event tables"):
        panel([folder], output=folder / "panel.parquet")
    assert panel([folder], output=tmp_path / "panel.parquet") == 0
