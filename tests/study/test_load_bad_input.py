"""Every bad input ends in a clear fault with file, line and remedy, and writes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from marsad.errors import Fault, NotFoundError
from marsad.study import load_study

from .study_folder import StudyFolder


def only_fault(folder: StudyFolder) -> Fault:
    before = folder.snapshot()
    faults = folder.faults()
    assert folder.snapshot() == before
    assert len(faults) == 1, [str(fault) for fault in faults]
    assert faults[0].remedy
    return faults[0]


def spoil_bytes(folder: StudyFolder, file: str, old: bytes, new: bytes) -> None:
    path = folder.root / file
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no study folder"):
        load_study(tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["study.yaml", "sources.bib"])
def test_a_required_file_is_missing(folder: StudyFolder, file: str) -> None:
    (folder.root / file).unlink()
    fault = only_fault(folder)
    assert (fault.file, fault.line, fault.message) == (file, 0, "the file is missing")


def test_all_other_files_may_be_missing(folder: StudyFolder) -> None:
    for path in folder.root.rglob("*"):
        if path.is_file() and path.name not in ("study.yaml", "sources.bib", "places.csv"):
            path.unlink()
    text = folder.read("study.yaml")
    start, end = text.index("turning_points:"), text.index("chapters:")
    text = text[:start] + text[end:]
    (folder.root / "study.yaml").write_text(text.replace("findings: [more-attacks]", "findings: []"))
    study = load_study(folder.root)
    assert {statement.kind for statement in study.statements} == {"place"}
    assert (study.findings, study.options, study.series) == ((), (), ())


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [
        ("authors:", "authors: [", 9, 3, "broken YAML"),
        ("language: en", "language: &a en", 6, 11, "anchor"),
        ("language: en", "language: *a", 6, 11, "alias"),
        ("language: en", "language: !!python/object/apply:os.system ['true']", 6, 11, "tag"),
        ("language: en", "language: !x en", 6, 11, "tag"),
        ("language: en", "language: " + "[" * 60, 6, 61, "nested deeper"),
        ("language: en", "language: " + "{a: " * 60, 6, 211, "nested deeper"),
        ("language: en", "language: en\nlanguage: ur", 7, 1, "a second time; first in line 6"),
        ("language: en", "language: english", 6, 11, "no BCP 47"),
        ("language: en", "direction: up", 6, 12, "ltr"),
        ("language: en", "languag: en", 6, 1, "not known here"),
        ("language: en", "language: en\n---\nb: 1", 7, 1, "several documents"),
        ("language: en", "language: [en]", 6, 11, "should be text"),
        ("language: en", "? [a]\n: b", 6, 3, "a key must be a word"),
        ("period: 2021-01/2022-12", "period:", 13, 8, "the key 'period' is empty"),
        ("period: 2021-01/2022-12", "period: 2021-13", 13, 9, "no month 13"),
        ("period: 2021-01/2022-12", "period: 2022/2021", 13, 9, "ends before it begins"),
        ("  - Your name", "  - ''", 9, 5, "empty"),
        ("          - name: timeline", "          - nam: timeline", 55, 13, "'name' is missing"),
    ],
)
def test_bad_yaml(folder: StudyFolder, old: str, new: str, line: int, column: int, words: str) -> None:
    folder.spoil("study.yaml", f"\n{old}\n", f"\n{new}\n")
    faults = folder.faults()
    texts = [str(fault) for fault in faults]
    assert any(words in text for text in texts), texts
    place = next((fault.file, fault.line) for fault in faults if words in str(fault))
    assert place[0] == "study.yaml"
    assert (line, column) in [(fault.line, fault.column) for fault in faults], texts


def test_a_yaml_bomb_is_refused_at_once(folder: StudyFolder) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    (folder.root / "options.yaml").write_text("\n".join(lines))
    fault = only_fault(folder)
    assert (fault.file, fault.line, fault.column) == ("options.yaml", 1, 5)


def test_yaml_over_two_megabytes(folder: StudyFolder) -> None:
    (folder.root / "options.yaml").write_text("#" * 2_000_001)
    assert "larger than 2 MB" in only_fault(folder).message


def test_csv_over_fifty_megabytes(folder: StudyFolder) -> None:
    with (folder.root / "relations.csv").open("r+b") as file:
        file.truncate(50_000_001)
    assert "larger than 50 MB" in str(folder.faults()[-1])


def test_a_missing_and_a_wrong_column(folder: StudyFolder) -> None:
    spoil_bytes(folder, "events.csv", b"killed_civilians,", b"")
    faults = folder.faults()
    assert ("events.csv", 1, 1, "killed_civilians") in [(f.file, f.line, f.column, f.field) for f in faults]
    assert any("column 'killed_civilians' is missing" in fault.message for fault in faults)


def test_a_misspelt_column_is_read_as_the_one_that_is_missing(folder: StudyFolder) -> None:
    spoil_bytes(folder, "events.csv", b"locator", b"locater")
    fault = only_fault(folder)
    assert (fault.line, fault.column) == (1, folder.read("events.csv").index("locater") + 1)
    assert fault.remedy == "Rename it to locator"


def test_an_unknown_and_a_repeated_column(folder: StudyFolder) -> None:
    spoil_bytes(folder, "relations.csv", b"note\n", b"note,zzzz,kind\n")
    faults = folder.faults()
    assert [fault.message for fault in faults if fault.line == 1] == [
        "the column 'zzzz' is not known",
        "the column 'kind' stands here a second time",
    ]


@pytest.mark.parametrize(("mark", "name"), [("\t", "tabs"), (";", "semicolons")])
def test_another_separator(folder: StudyFolder, mark: str, name: str) -> None:
    text = folder.read("attributes.csv").replace(",", mark)
    (folder.root / "attributes.csv").write_text(text)
    assert only_fault(folder).message == f"the columns are separated by {name}"


@pytest.mark.parametrize("file", ["events.csv", "study.yaml", "sources.bib", "series/deaths-monthly.csv"])
def test_a_byte_order_mark(folder: StudyFolder, file: str) -> None:
    path = folder.root / file
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    fault = folder.faults()[0]
    assert (fault.file, fault.line, fault.column) == (file, 1, 1)
    assert "BOM" in fault.message


@pytest.mark.parametrize("file", ["events.csv", "study.yaml", "sources.bib", "series/deaths-monthly.csv"])
def test_windows_line_ends_are_one_fault_and_nothing_else(folder: StudyFolder, file: str) -> None:
    path = folder.root / file
    first = path.read_bytes().index(b"\n")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    faults = [fault for fault in folder.faults() if "SHA-256" not in fault.message]
    assert [(fault.file, fault.line, fault.column) for fault in faults] == [(file, 1, first + 1)]
    assert "CR LF" in faults[0].message


@pytest.mark.parametrize("file", ["actors.csv", "study.yaml", "sources.bib"])
def test_latin_1(folder: StudyFolder, file: str) -> None:
    old = {"actors.csv": b"Government,g", "study.yaml": b"Your name", "sources.bib": b"Author, An"}[file]
    spoil_bytes(folder, file, old, old[:1] + "é".encode() + b"\xe9" + old[1:])
    data = (folder.root / file).read_bytes()
    line = data[: data.index(b"\xe9")].count(b"\n") + 1
    column = len(data.split(b"\n")[line - 1].partition(b"\xe9")[0].decode()) + 1
    fault = only_fault(folder)
    assert (fault.file, fault.line, fault.column) == (file, line, column)
    assert "0xE9" in fault.message
    assert "UTF-8" in fault.remedy


def test_utf_16(folder: StudyFolder) -> None:
    (folder.root / "options.yaml").write_text("a: b", encoding="utf-16")
    assert only_fault(folder).message == "the file is UTF-16"


@pytest.mark.parametrize(("character", "words"), [(b"\0", "NUL"), (b"\x07", "U+0007"), (b"\xc2\x85", "U+0085")])
@pytest.mark.parametrize("file", ["actors.csv", "study.yaml", "sources.bib"])
def test_control_characters(folder: StudyFolder, file: str, character: bytes, words: str) -> None:
    old = {"actors.csv": b"Government,g", "study.yaml": b"Your name", "sources.bib": b"Author, An"}[file]
    spoil_bytes(folder, file, old, old[:3] + character + old[3:])
    fault = only_fault(folder)
    assert (fault.file, words in fault.message) == (file, True)
    assert folder.read(file).split("\n")[fault.line - 1][fault.column - 1] == character.decode()


@pytest.mark.parametrize("size", [100_001, 1_000_000])
def test_a_huge_cell(folder: StudyFolder, size: int) -> None:
    folder.add("actors.csv", f"huge,§{size} characters§{'x' * size},research,,,,,,,,\n")
    folder.assert_all_reported()
    assert len(str(folder.faults()[0])) < 300


def test_a_huge_date_is_not_printed_in_full(folder: StudyFolder) -> None:
    folder.add("actors.csv", f"huge,Huge,research,,,§too long§{'2' * 90_000},,,,,\n")
    folder.assert_all_reported()
    assert len(str(folder.faults()[0])) < 300


def test_a_bibliography_that_is_broken_in_many_ways(folder: StudyFolder) -> None:
    folder.add(
        "sources.bib",
        "\n§no citation key§@article{title = {No key}, kind = {primary}}\n"
        "§no citation key§@article{, title = {No key}}\n"
        "§entry open1 is broken§@book{open1, title = {never closed, year = 2022\n"
        "@book{§a second time; first in line 10§handbook2024, title = {Again}}\n"
        "@book{§the field 'title' twice§twice, title = {A}, title = {B}, kind = {primary}, reliability = {A}}\n"
        "§no braces§@article nobraces\n"
        "@bok{§no type of entry§t, title = {A}, kind = {primary}, reliability = {A}}\n"
        "@book{m, §no defined @string§title = macro, kind = {primary}, reliability = {A}}\n"
        "@book{y, title = {A}, month = foo, §not an EDTF date§year = 2022, kind = {primary}, reliability = {A}}\n"
        "@book{§no citation key§a b, title = {A}, kind = {primary}, reliability = {A}}\n"
        "@book{n, title = {A}, §Too many commas§author = {A, B, C, D}, kind = {primary}, reliability = {A}}\n"
        "@book{l, title = {A}, §no count§listed = {often}, kind = {primary}, reliability = {A}}\n",
    )
    folder.assert_all_reported()


def test_a_link_out_of_the_folder_is_not_followed(folder: StudyFolder, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("very secret")
    (folder.root / "relations.csv").unlink()
    (folder.root / "relations.csv").symlink_to(outside)
    (folder.root / "documents" / "paper.txt").symlink_to("/etc/hostname")
    (folder.root / "documents" / "folder").symlink_to(tmp_path, target_is_directory=True)
    (folder.root / "stray").symlink_to(tmp_path, target_is_directory=True)
    faults = folder.faults()
    assert {fault.file for fault in faults} == {"documents/folder", "documents/paper.txt", "relations.csv", "stray"}
    assert all("leads out of the study folder" in fault.message for fault in faults)
    assert not any("secret" in str(fault) for fault in faults)


def test_whole_folders_that_lead_out(folder: StudyFolder, tmp_path: Path) -> None:
    for name in ("series", "documents"):
        elsewhere = tmp_path / name
        (folder.root / name).rename(elsewhere)
        (folder.root / name).symlink_to(elsewhere, target_is_directory=True)
    assert [fault.file for fault in folder.faults()] == ["documents", "series"]


def test_a_link_within_the_folder_is_followed(folder: StudyFolder) -> None:
    (folder.root / "actors.csv").rename(folder.root / ".actors")
    (folder.root / "actors.csv").symlink_to(".actors")
    assert load_study(folder.root).files["actors.csv"]


def test_a_link_to_nowhere_a_loop_and_special_files(folder: StudyFolder) -> None:
    (folder.root / "documents" / "loop").symlink_to("loop")
    (folder.root / "documents" / "gone").symlink_to("nowhere")
    os.mkfifo(folder.root / "documents" / "pipe")
    (folder.root / "options.yaml").unlink()
    os.mkfifo(folder.root / "options.yaml")
    (folder.root / "actions.csv").unlink()
    (folder.root / "actions.csv").mkdir()
    found = {fault.file: fault.message for fault in folder.faults()}
    assert found == {
        "documents/gone": "the link leads nowhere",
        "documents/loop": "the link leads nowhere",
        "documents/pipe": "it is no regular file",
        "options.yaml": "it is no regular file",
        "actions.csv": "it is no regular file",
    }


def test_a_series_without_its_other_half(folder: StudyFolder) -> None:
    (folder.root / "series" / "lone.csv").write_text("period,value\n2022,1\n")
    fault = only_fault(folder)
    assert (fault.file, "series/lone.yaml" in fault.message) == ("series/lone.csv", True)


def test_a_wrong_hash_prints_the_right_one(folder: StudyFolder) -> None:
    text = folder.read("series/deaths-monthly.yaml")
    right = text.partition("\nsha256: ")[2][:64]
    (folder.root / "series/deaths-monthly.yaml").write_text(text.replace(right, "0" * 64))
    assert right in only_fault(folder).message


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("2022-12,29\n§second§2022-12,1\n", "does not come after"),
        ("2022-12,§no number§-1\n", "no number of 0 or more"),
        ("2022-12,§no number§1e3\n", "no number of 0 or more"),
        ("§interval§2022-12/2023-01,3\n", "no plain period"),
        ("2022-12,29\n§a year§2023,4\n", "is a year where the first period is a month"),
        ("§empty§,4\n", "not an EDTF date"),
    ],
)
def test_bad_series(folder: StudyFolder, rows: str, words: str) -> None:
    text = folder.read("series/deaths-monthly.csv").replace("2022-12,29\n", "")
    marked = rows[: rows.index("§") + 1] + words + rows[rows.rindex("§") :]
    folder.plant("series/deaths-monthly.csv", text + marked)
    faults = [fault for fault in folder.faults() if "SHA-256" not in fault.message]
    planted = folder.planted[0]
    assert [(fault.line, fault.column) for fault in faults] == [(planted.line, planted.column)]
    assert words in faults[0].message


def test_oddities_are_warnings(folder: StudyFolder) -> None:
    (folder.root / "claims.yaml").write_text("[]")
    (folder.root / "event.csv").write_text("x")
    (folder.root / "options.yaml").write_text("# nothing yet\n")
    (folder.root / "findings.yaml").unlink()
    (folder.root / ".hidden").write_text("x")
    (folder.root / "build").mkdir()
    (folder.root / "build" / "x").write_bytes(b"\xff")
    text = folder.read("study.yaml").replace("findings: [more-attacks]", "findings: []")
    (folder.root / "study.yaml").write_text(text)
    attributes = folder.read("attributes.csv").split("\n")
    (folder.root / "attributes.csv").write_text("\n".join([*attributes[:2], *attributes[1:]]))
    figures = folder.read("figures.csv").replace("120,count", "120,percent_change")
    (folder.root / "figures.csv").write_text(figures)
    study = load_study(folder.root)
    assert [(fault.file, fault.line) for fault in study.warnings] == [
        ("attributes.csv", 3),
        ("claims.yaml", 0),
        ("event.csv", 0),
        ("figures.csv", 2),
        ("options.yaml", 0),
    ]
    assert len([statement for statement in study.statements if statement.kind == "attribute"]) == 3


def test_columns_in_another_order_are_a_warning_and_change_nothing(folder: StudyFolder) -> None:
    before = load_study(folder.root)
    rows = [line.split(",") for line in folder.read("relations.csv").strip().split("\n")]
    text = "\n".join(",".join([row[-1], *row[:-1]]) for row in rows) + "\n"
    (folder.root / "relations.csv").write_text(text)
    after = load_study(folder.root)
    assert [fault.file for fault in after.warnings] == ["relations.csv"]
    assert after.statements == before.statements
