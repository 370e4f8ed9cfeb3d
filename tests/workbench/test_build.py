"""The build of a study: the same bytes every time, only what changed, and nothing half after a kill."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from marsad.errors import StudyError
from marsad.evidence import TEMPORARY
from marsad.model import Severity
from marsad.study import new_study
from marsad.workbench import Workbench, build

KILLS = 50


def digests(folder: Path) -> dict[str, str]:
    """The hash of every output; the DuckDB file is left out, since DuckDB writes salt into it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".duckdb"
        and path.relative_to(folder).as_posix() not in ("steps/statements.json", "steps/build.json")
        and path.name != ".lock"
        and TEMPORARY not in path.as_posix()
    }


def debris(folder: Path) -> list[Path]:
    """Unfinished files of killed processes."""
    return list(folder.rglob(f"{TEMPORARY}*"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The study that `marsad new` writes: small, and it has something of everything."""
    folder = tmp_path / "small"
    new_study(folder, title="A small study")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_two_builds_in_two_processes_give_the_same_bytes(small: Path) -> None:
    outputs = []
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-m", "marsad", "build", str(small), "--force"], env=environment, check=True)
        outputs.append(digests(small / "build"))
    assert outputs[0] == outputs[1]
    assert {"report.html", "statements.parquet", "contradictions.json", "manifest.json"} <= outputs[0].keys()


def test_an_unchanged_study_is_not_even_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(Workbench(small))
    monkeypatch.setattr("marsad.workbench.session.load_study", lambda *_, **__: pytest.fail("it was read"))
    second = build(Workbench(small))
    assert first.made > 5
    assert second.made == 0
    assert (second.counts, second.contradictions) == (first.counts, first.contradictions)


def test_only_what_an_edit_touches_is_made_again(small: Path) -> None:
    build(Workbench(small))
    edit(small / "study.yaml", "A small study", "Another title")
    made = {step.name for step in build(Workbench(small)).steps if not step.fresh}
    assert "report" in made
    assert not made & {"contradictions", "bibliography", "headline"}, "the evidence is the same"
    assert "Another title" in (small / "build" / "report.html").read_text()


def test_an_edited_row_leaves_the_bibliography(small: Path) -> None:
    build(Workbench(small))
    row = (small / "events.csv").read_text().splitlines()[1]
    edit(small / "events.csv", row, f"{row} edited")
    made = {step.name for step in build(Workbench(small)).steps if not step.fresh}
    assert {"statements", "contradictions", "headline", "report"} <= made
    assert "bibliography" not in made


def test_an_edit_back_gives_the_first_bytes(small: Path) -> None:
    build(Workbench(small))
    before = digests(small / "build")
    edit(small / "study.yaml", "A small study", "Another title")
    build(Workbench(small))
    assert digests(small / "build") != before
    edit(small / "study.yaml", "Another title", "A small study")
    build(Workbench(small))
    assert digests(small / "build") == before


def test_a_faulty_study_writes_nothing(small: Path) -> None:
    edit(small / "study.yaml", "id:", "id: [")
    with pytest.raises(StudyError):
        build(Workbench(small))
    assert not (small / "build").exists()


def test_a_faulty_edit_leaves_the_last_build(small: Path) -> None:
    build(Workbench(small))
    before = digests(small / "build")
    (small / "sources.bib").write_bytes(b"@article{, title = \xff}")
    with pytest.raises(StudyError):
        build(Workbench(small))
    assert digests(small / "build") == before


def test_the_manifest_names_every_input_and_output(small: Path) -> None:
    built = build(Workbench(small))
    manifest = json.loads((built.folder / "manifest.json").read_bytes())
    inputs = {p.relative_to(small).as_posix() for p in small.rglob("*") if p.is_file() and "build" not in p.parts}
    assert set(manifest["files"]) >= {name for name in inputs if name.endswith((".csv", ".yaml", ".bib"))}
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((built.folder / name).read_bytes()).hexdigest() == digest


def test_an_analysis_that_does_not_exist_is_a_fault_with_its_line(small: Path) -> None:
    text = (small / "study.yaml").read_text()
    line = next(i for i, content in enumerate(text.splitlines(), 1) if "name: events-by-year" in content)
    (small / "study.yaml").write_text(text.replace("events-by-year", "events-by-yaer", 1))
    with pytest.raises(StudyError) as caught:
        build(Workbench(small))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("study.yaml", line)
    assert "events-by-year" in fault.remedy


@pytest.mark.parametrize(
    ("parameters", "nearest"),
    [
        ("turning_point: chnge", "change"),
        ("kinds: [bombin]", "bombing"),
        ("mnths: '12'", "months"),
        ("months: many", ""),
    ],
)
def test_a_parameter_that_cannot_be_is_a_fault_and_nothing_is_written(
    small: Path, parameters: str, nearest: str
) -> None:
    path = small / "study.yaml"
    lines = path.read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip() == "analyses:")
    indent = " " * (len(lines[at + 1]) - len(lines[at + 1].lstrip()))
    lines.insert(at + 1, f"{indent}- {{name: before-after, parameters: {{{parameters}}}}}")
    path.write_text("\n".join([*lines, ""]))
    with pytest.raises(StudyError) as caught:
        build(Workbench(small))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("study.yaml", at + 2)
    assert nearest in fault.remedy
    assert not (small / "build").exists()


@pytest.mark.slow
def test_a_build_killed_at_any_point_is_mended_by_the_next(small: Path) -> None:
    """50 builds are killed at random moments; after each the next build gives the bytes of an undisturbed one."""
    command = [sys.executable, "-m", "marsad", "build", str(small), "--force"]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - started
    wanted = digests(small / "build")
    moments = random.Random(20210815)
    killed = 0
    while killed < KILLS:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0, whole))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        for path in (small / "build").glob("*.json"):
            json.loads(path.read_bytes())  # the old or the new, never half
        built = build(Workbench(small))
        assert digests(small / "build") == wanted
        assert not built.made or not debris(small / "build"), "a build that works sweeps what a killed one left"
    build(Workbench(small), force=True)
    assert not debris(small / "build")


def test_the_shipped_study_builds_and_its_report_holds_every_section(case_copy: Path) -> None:
    built = build(Workbench(case_copy))
    report = built.report.read_text()
    for section in (section for chapter in Workbench(case_copy).study.config.chapters for section in chapter.sections):
        assert section.title in report
    assert built.contradictions[Severity.ERROR] >= 10
    assert built.counts["events"] >= 80
    again = build(Workbench(case_copy))
    assert again.made == 0
