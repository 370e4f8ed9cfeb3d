"""Commands that are killed at any moment: the study loads, the ledger opens, and the next run completes."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from marsad.cli.main import main
from marsad.study import load_study, new_study

KILLS = 2
MARSAD = [sys.executable, "-m", "marsad"]
INCIDENT = "On {day} March 2022 a bomb exploded at a market in Gao, Mali, killing {killed} people."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text("\n\n".join(INCIDENT.format(day=day, killed=day + 3) for day in range(1, 29)), encoding="utf-8")
    return path


def _done(arguments: list[str]) -> float:
    begun = time.monotonic()
    subprocess.run([*MARSAD, *arguments], check=True, capture_output=True)
    return time.monotonic() - begun


def _killed(arguments: list[str], after: float) -> None:
    with subprocess.Popen([*MARSAD, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(after)
        process.kill()


def _files(study: Path) -> dict[str, bytes]:
    """What a person or the program wrote in a study, the ledger and unfinished files aside."""
    paths = (path for path in study.rglob("*") if path.is_file() and "ledger" not in path.name)
    return {str(at): path.read_bytes() for path in paths if not _is_aside(at := path.relative_to(study))}


def _is_aside(path: Path) -> bool:
    return path.parts[0] == "build" or any(part.startswith(".") for part in path.parts)


@pytest.mark.slow
def test_what_adds_and_accepts_may_be_killed(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(5)
    study, kept = tmp_path / "study", tmp_path / "kept"
    new_study(study, title="T")
    add = ["add", str(file), str(study), "--source", "r2022", "--title", "A report", "--by", "Amina"]
    for command in ("add", "accept", "search"):
        if command == "accept":
            assert main(["review", str(study), "--json"]) == 0
            listed = json.loads(capsys.readouterr().out)
            add = ["review", str(study), *(entry["proposal"]["id"] for entry in listed), "--accept", "--by", "Amina"]
        if command == "search":
            add = ["search", "market", str(study), "--json"]
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(study, kept)
        seconds = _done(add)
        wanted = _files(study)
        for _ in range(KILLS):
            shutil.rmtree(study)
            shutil.copytree(kept, study)
            _killed(add, seconds * rng.uniform(0.4, 1.0))
            load_study(study)
            _done(add)
            assert _files(study) == wanted
            assert main(["review", str(study), "--json"]) == 0
            assert len(json.loads(capsys.readouterr().out)) == (28 if command == "add" else 0)


@pytest.mark.slow
def test_an_output_file_is_the_old_one_or_the_new_one(file: Path, tmp_path: Path) -> None:
    rng = random.Random(7)
    output = tmp_path / "audit.json"
    audit = ["audit", str(file), "--format", "json", "-o", str(output)]
    seconds = _done(audit)
    new = output.read_bytes()
    for _ in range(KILLS):
        output.write_bytes(b"old")
        _killed(audit, seconds * rng.uniform(0.5, 1.0))
        assert output.read_bytes() in (b"old", new)
    _done(audit)
    assert output.read_bytes() == new
