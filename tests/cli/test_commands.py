"""The commands as a person types them: output, exit codes, help with examples, hostile cells."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from marsad.cli.main import main
from marsad.workbench import TABLES

COMMANDS = ("new", "check", "build", "show", "table")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "marsad", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    assert main(["new", str(folder), "--title", "A study"]) == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_name_the_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Examples" in out
    assert f"marsad {command}" in out


def test_a_new_study_checks_builds_and_shows(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(study)]) == 0
    assert main(["build", str(study)]) == 0
    assert main(["show", str(study)]) == 0
    out = capsys.readouterr().out
    assert "no faults" in out
    assert str(study / "build" / "report.html") in out.replace("\n", "")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_prints_in_every_format(study: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["table", str(study), name, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert main(["table", str(study), name, "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == len(lines)
    assert main(["table", str(study), name]) == 0
    assert f"{name}: {len(rows)} rows" in capsys.readouterr().out


def test_a_table_gives_back_the_cells_of_its_file(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("events", "figures", "actions", "relations", "attributes", "actors", "places"):
        assert main(["table", str(case), name, "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        with (case / f"{name}.csv").open(encoding="utf-8") as file:
            wanted = list(csv.DictReader(file))
        assert rows == wanted, name


def test_faults_are_printed_with_their_places_and_exit_code_2(study: Path) -> None:
    path = study / "events.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[1].replace("20", "2x", 1)]) + "\n")
    result = run("check", str(study))
    assert result.returncode == 2
    assert "events.csv" in result.stderr
    assert "→" in result.stderr
    as_json = run("check", str(study), "--json")
    assert as_json.returncode == 2
    assert json.loads(as_json.stdout)["faults"][0]["line"] == len(lines) + 1


def test_fail_on_gives_exit_code_1(case: Path, study: Path) -> None:
    assert run("check", str(case), "--fail-on", "error").returncode == 1
    assert run("check", str(case)).returncode == 0
    assert run("check", str(study), "--fail-on", "error").returncode == 0, "the skeleton holds no error"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["build", "/no/such/folder"], "marsad new"),
        (["table", ".", "evnts"], "events"),
        (["nonsense"], "No such command"),
        (["build", "--nonsense"], "No such option"),
        ([], "Usage"),
    ],
)
def test_bad_input_is_explained_with_exit_code_2(arguments: list[str], hint: str, case: Path) -> None:
    result = run(*[str(case) if word == "." else word for word in arguments])
    assert result.returncode == 2
    assert hint in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


def test_our_own_faults_have_exit_code_3(
    monkeypatch: pytest.MonkeyPatch, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("marsad.workbench.session.load_study", lambda *_, **__: 1 / 0)
    assert main(["check", str(case)]) == 3
    assert "our fault" in capsys.readouterr().err


@pytest.mark.parametrize("options", ["--format json", "--format text", "--format csv"])
def test_a_reader_that_leaves_early_is_no_error(case: Path, options: str) -> None:
    command = f"'{sys.executable}' -m marsad table '{case}' statements {options} | head -c 10"
    result = subprocess.run(["/bin/bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode == 0
    assert not result.stderr


def test_formulas_are_harmless_in_csv(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = study / "actors.csv"
    header = path.read_text().splitlines()[0]
    names = header.split(",")
    row = dict.fromkeys(names, "") | {"id": "evil", "name": '=cmd|"/C calc"!A0', "kind": "state", "note": "-1"}
    with path.open("a", newline="") as file:
        csv.DictWriter(file, names, lineterminator="\n").writerow(row)
    capsys.readouterr()
    assert main(["table", str(study), "actors", "--format", "csv"]) == 0
    found = {line["id"]: line for line in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert found["evil"]["name"] == '\'=cmd|"/C calc"!A0'
    assert found["evil"]["note"] == "-1"


def test_an_export_never_overwrites_the_study(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    for target in (study / "study.yaml", study / "new.csv", study):
        assert main(["table", str(study), "figures", "--format", "csv", "-o", str(target)]) == 2
        assert str(target) in capsys.readouterr().err.replace("\n", "")
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_a_file_is_not_a_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["check", str(tmp_path / "file")]) == 2
    assert "is a file" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_terminal_will_do(study: Path, encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for arguments in (["check"], ["build", "--force"], ["show"], ["table", "actors", "--json"]):
        command = [sys.executable, "-m", "marsad", arguments[0], str(study), *arguments[1:]]
        result = subprocess.run(command, capture_output=True, env=environment, check=False)
        assert result.returncode == 0, result.stderr
        if "--json" in arguments:
            assert json.loads(result.stdout.decode(encoding))


def test_a_full_output_is_explained(study: Path) -> None:
    command = f"'{sys.executable}' -m marsad table '{study}' actors --json >/dev/full"
    result = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "No space left" in result.stderr
    assert "Traceback" not in result.stderr


def test_show_explains_a_contradiction_and_a_statement(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(case), "contradictions", "--format", "json"]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert main(["show", str(case), first["id"]]) == 0
    assert first["statements"][0]["origin"] in capsys.readouterr().out
    assert main(["show", str(case), first["statements"][0]["id"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == first["statements"][0]["id"]
    assert main(["show", str(case), "nothing-of-the-kind"]) == 2


def test_the_analyses_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--analyses", "--json"]) == 0
    assert any(entry["name"] == "before-after" for entry in json.loads(capsys.readouterr().out))


def test_a_table_is_written_to_a_file_in_one_step(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "figures.csv"
    assert main(["table", str(case), "figures", "--format", "csv", "-o", str(target)]) == 0
    assert len(target.read_text().splitlines()) > 100
    assert [path.name for path in tmp_path.iterdir()] == ["figures.csv"]
