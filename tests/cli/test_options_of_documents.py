"""What `-o`, `--bib`, `--study` and `--written` may not do: overwrite what is read, wait, or fail without a reason."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from marsad.cli.main import main
from marsad.study import new_study

TEXT = (
    "On 3 March 2022 a bomb exploded in Gao, Mali, killing 12 people (Mora, 2021).\n\nReferences\n\nMora (2020). A.\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def _refused(arguments: list[str], capsys: pytest.CaptureFixture[str], *words: str) -> None:
    assert main(arguments) == 2
    message = " ".join(capsys.readouterr().err.split())
    assert "Traceback" not in message
    for word in words:
        assert word in message, message


@pytest.mark.parametrize("command", ["audit", "extract"])
def test_the_output_is_never_the_input(command: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link, hard = file.with_name("link.txt"), file.with_name("hard.txt")
    link.symlink_to(file)
    os.link(file, hard)
    for output in (file, link, hard, file.parent / "." / file.name):
        _refused([command, str(file), "-o", str(output)], capsys, "overwrite")
    assert file.read_text(encoding="utf-8") == TEXT
    assert link.is_symlink()


@pytest.mark.parametrize("command", ["audit", "extract"])
def test_an_output_that_cannot_be_written_is_explained(
    command: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    _refused([command, str(file), "-o", str(tmp_path)], capsys, "is a folder")
    _refused([command, str(file), "-o", str(file / "a.json")], capsys, "not a folder")
    _refused([command, str(file), "-o", str(tmp_path / ("n" * 300))], capsys, "too long")
    _refused([command, str(file), "-o", str(tmp_path / "pipe")], capsys, "pipe", "redirect")
    _refused([command, str(file), "-o", "/dev/null"], capsys, "device", "redirect")
    assert not Path("/dev/null").is_file()
    if os.geteuid():
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        _refused([command, str(file), "-o", str(locked / "a.json")], capsys, "may not write")
    assert not list(tmp_path.glob(".marsad-*"))


def test_folders_of_an_output_are_made(file: Path, tmp_path: Path) -> None:
    assert main(["audit", str(file), "-o", str(tmp_path / "a" / "b" / "c.txt")]) == 0
    assert (tmp_path / "a" / "b" / "c.txt").stat().st_size > 0


def test_an_export_never_lies_among_the_files_of_the_study(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    new_study(study, title="T")
    for command in ("audit", "extract"):
        arguments = [command, str(file), "--study", str(study), "-o", str(study / "events.csv")]
        _refused(arguments, capsys, "lies in the study folder")


def test_a_bibliography_is_not_overwritten(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bib = tmp_path / "a.bib"
    bib.write_text("@book{mora, title={A}, year={2021}}", encoding="utf-8")
    _refused(["audit", str(file), "--bib", str(bib), "-o", str(bib)], capsys, "overwrite")


@pytest.mark.parametrize("command", ["audit", "extract"])
def test_a_pipe_is_no_document(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    _refused([command, str(tmp_path / "pipe.txt")], capsys, "pipe", "first")
    _refused([command, "/dev/zero"], capsys, "device", "first")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.json", b"{", 2),
        ("a.json", b"[" * 100_000, 2),
        ("a.json", b'[{"id": "x", "author": ' + b"[" * 300 + b"]" * 300 + b"}]", 0),
        ("a.json", b'[1, null, {"id": {"a": 1}}, {"id": "x", "issued": {"date-parts": [["?"]]}}]', 0),
        ("a.json", b'[{"id": "x", "author": "nobody", "issued": 7, "title": [1], "type": {}}]', 0),
        ("a.json", b'[{"id": "x", "author": [null, {"family": 3}], "issued": {"date-parts": [[1e99]]}}]', 0),
        ("a.json", b"7", 2),
        ("a.json", b"\xff\xfe\x00\x00", 2),
        ("a.json", b'[{"id": "\\ud800", "title": "\\ud800"}]', 0),
        ("a.bib", b"", 0),
        ("a.bib", b"\x00\xff" * 5_000, 0),
        ("a.bib", b"@book{" * 5_000, 0),
        ("a.bib", b"@book{a, title = " + b"{" * 20_000, 0),
        ("a.bib", b"@book{a, author = {" + b"A and " * 5_000 + b"B}, year = {-5}}", 0),
        ("a.bib", b"@book{a, year = {99999999999999999999}, title = {\\\\\\}}", 0),
        ("a.bib", b'@string{a = "x"}' * 2_000 + b"@book{a, title = a # a # b}", 0),
    ],
)
def test_a_broken_bibliography_is_read_or_refused(
    name: str, content: bytes, code: int, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bib = tmp_path / name
    bib.write_bytes(content)
    assert main(["audit", str(file), "--bib", str(bib)]) == code
    err = capsys.readouterr().err
    assert "Traceback" not in err
    if code:
        assert name in "".join(err.split())


def test_a_bibliography_that_is_no_file_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.bib")
    with (tmp_path / "huge.bib").open("wb") as huge:
        huge.truncate(2**31)
    for name in ("pipe.bib", "huge.bib", "none.bib", "."):
        _refused(["audit", str(file), "--bib", str(tmp_path / name)], capsys, (tmp_path / name).name)


def test_a_study_that_is_none_is_refused(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken"
    new_study(broken, title="T")
    (broken / "study.yaml").write_text("title: [", encoding="utf-8")
    emptied = tmp_path / "emptied"
    shutil.copytree(broken, emptied)
    (emptied / "study.yaml").unlink()
    for command in ("audit", "extract"):
        _refused([command, str(file), "--study", str(broken)], capsys, "study.yaml")
        _refused([command, str(file), "--study", str(emptied)], capsys, "study.yaml")
        _refused([command, str(file), "--study", str(file)], capsys, "is a file")


@pytest.mark.parametrize(
    "written", ["", "yesterday", "2024-13", "-1", "9" * 400, "2024/2020", "\x00", "\ud800", "20 24"]
)
@pytest.mark.parametrize("command", ["audit", "extract"])
def test_a_day_that_is_none_is_refused(
    command: str, written: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(file), "--written", written]) in ({0, 2} if not written else {2})
    assert "Traceback" not in capsys.readouterr().err
