"""What a fault says is true, and one cause makes one fault."""

from __future__ import annotations

import re

import pytest

from marsad.study import load_study
from marsad.study.config import StudyConfig

from .study_folder import StudyFolder

PYDANTIC = re.compile(r"pydantic|Value error|Input should|default factory|neither text nor|valid (string|tuple|dict)")


def only(folder: StudyFolder) -> tuple[str, int, str]:
    (fault,) = folder.faults()
    assert fault.remedy
    return fault.file, fault.line, fault.message


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "~\n", "---\n"])
def test_a_study_that_says_nothing(folder: StudyFolder, text: str) -> None:
    (folder.root / "study.yaml").write_text(text)
    (fault,) = folder.faults()
    assert (fault.file, fault.message) == ("study.yaml", "the file says nothing")
    required = [name for name, field in StudyConfig.model_fields.items() if field.is_required()]
    assert all(name in fault.remedy for name in required)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title: "A test"', "title: null", "the key 'title' is empty"),
        ("period: 2021-01/2022-12", "period: ~", "the key 'period' is empty"),
        ("language: en", "language: '<script>'", "'<script>' is no BCP 47 language tag"),
        ("language: en", "language: " + "x" * 5000, "is no BCP 47 language tag"),
        ("period: 2021-01/2022-12", "period: ['2021', '2022']", "this should be text"),
        ("period: 2021-01/2022-12", "period: {from: '2021'}", "this should be text"),
        ("period: 2021-01/2022-12", "period: soon", "'soon' is not an EDTF date"),
        ("  - Your name", "  -", "this is empty"),
        ("  - Your name", "  - [a]", "this should be text"),
        ("authors:\n  - Your name", "authors: Your name", "this should be a list"),
        ("authors:\n  - Your name", "authors: []", "the list is empty"),
        ("    date: 2021-08-15", "    date:", "the key 'date' is empty"),
        ("    date: 2021-08-15", "    date: [2021]", "this should be text"),
        ("parameters: {measures: [attacks]}", "parameters: {measures: {a: b}}", "a text or a list of texts"),
        ("parameters: {measures: [attacks]}", "parameters: {measures: [[a]]}", "a text or a list of texts"),
        ("parameters: {measures: [attacks]}", "parameters: [attacks]", "this should be a mapping"),
        ("language: en", "direction: up", "'up' is not known here"),
    ],
)
def test_faults_of_form_are_told_in_our_own_words(folder: StudyFolder, old: str, new: str, words: str) -> None:
    text = folder.read("study.yaml")
    assert old in text
    (folder.root / "study.yaml").write_text(text.replace(old, new, 1))
    (fault,) = folder.faults()
    assert words in fault.message
    assert not PYDANTIC.search(str(fault))
    assert len(str(fault)) < 400
    line = folder.read("study.yaml").split("\n")[fault.line - 1]
    assert new.split("\n", maxsplit=1)[0].split(":", maxsplit=1)[0].strip(" -") in line


@pytest.mark.parametrize("file", ["study.yaml", "findings.yaml", "options.yaml", "series/deaths-monthly.yaml"])
@pytest.mark.parametrize(
    "value", ["[]", "{}", "3", "[[], 3, ~, {a: [b]}]", "{id: [], title: {}, may_redistribute: []}"]
)
def test_no_shape_of_a_file_is_told_in_the_words_of_a_library(folder: StudyFolder, file: str, value: str) -> None:
    if (file, value) in {("findings.yaml", "[]"), ("options.yaml", "[]")}:
        value = "[{}]"
    (folder.root / file).write_text(value)
    faults = [str(fault) for fault in folder.faults() if fault.file == file]
    assert faults
    assert not any(PYDANTIC.search(fault) for fault in faults), faults


def test_scalars_are_text(folder: StudyFolder) -> None:
    folder.spoil("study.yaml", "authors:\n  - Your name", "authors: [1, 2.5, true]")
    assert load_study(folder.root).config.authors == ("1", "2.5", "true")


def test_all_faults_of_a_sidecar_at_once(folder: StudyFolder) -> None:
    file = "series/deaths-monthly.yaml"
    folder.spoil(file, "may_redistribute: true", "may_redistribute: §true or false§maybe")
    folder.spoil(file, "measure: killed", "measure: §no word of the vocabulary measure§cats")
    folder.spoil(file, "unit: persons", "unit: §no word of the vocabulary unit§person")
    folder.spoil(file, "source: monitor2022", "source: §no source§monitor")
    folder.spoil(file, "\nsha256: ", "\nsha256: §another SHA-256§")
    folder.spoil("series/deaths-monthly.csv", "2022-12,29", "2022-12,30")
    faults = folder.assert_all_reported()
    remedies = {fault.field: fault.remedy for fault in faults}
    assert remedies["measure"].startswith("The nearest are casualties, attacks and ")
    assert "docs/study-folder.md lists all words under 'measure'" in remedies["measure"]
    assert remedies["unit"].startswith("Did you mean persons")


def test_a_faulty_sidecar_still_counts_as_the_first_of_its_id(folder: StudyFolder) -> None:
    for end in ("csv", "yaml"):
        (folder.root / f"series/second.{end}").write_text(folder.read(f"series/deaths-monthly.{end}"))
    folder.spoil("series/deaths-monthly.yaml", "may_redistribute: true", "may_redistribute: §true or false§maybe")
    folder.spoil("series/second.yaml", "id: deaths", "id: §first in series/deaths-monthly.yaml§deaths")
    folder.assert_all_reported()


@pytest.mark.parametrize("file", ["actors.csv", "options.yaml"])
def test_a_long_identifier(folder: StudyFolder, file: str) -> None:
    name = "a" * 300
    if file == "actors.csv":
        folder.add(file, f"§too long§{name},A,research,,,,,,,,\n")
    else:
        folder.spoil(file, "id: keep-talking", f"id: §too long§{name}")
    (fault,) = folder.assert_all_reported()
    assert "200 characters" in fault.remedy


@pytest.mark.parametrize("field", ["title", "author", "abstract"])
def test_too_many_braces(folder: StudyFolder, field: str) -> None:
    fields = {"title": "A", "kind": "primary", "reliability": "A"} | {field: "{" * 201 + "x" + "}" * 201}
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    folder.add("sources.bib", f"\n@misc{{extra,\n{body}}}\n")
    (fault,) = folder.faults()
    assert (fault.message, fault.remedy) == (
        "the field has more than 200 braces",
        "Take out the braces that it does not need",
    )


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("extra.csv", ""),
        ("data.csv", "data.yaml"),
        ("notes.yaml", ""),
        ("event.csv", "events.csv"),
        ("source.bib", "sources.bib"),
        ("relation.csv", "relations.csv"),
        ("event.txt", "events.csv"),
    ],
)
def test_strange_files_are_told_the_name_that_was_meant_only_if_it_is_near(
    folder: StudyFolder, name: str, near: str
) -> None:
    (folder.root / name).write_text("x")
    (warning,) = load_study(folder.root).warnings
    assert warning.remedy == (
        f"Rename it if {near} was meant" if near else "Put documents into documents/, or take it away"
    )


@pytest.mark.parametrize("number", ["1,000", ">=12,500", "~2,000.5", "1,000..2,000", "1,234,567"])
def test_a_separator_of_thousands_splits_a_row(folder: StudyFolder, number: str) -> None:
    folder.add("figures.csv", f"f1,attacks,{number},usd,country,2022,,,attacks,,,,,,,monitor2022,,page 1,\n")
    (fault,) = folder.faults()
    assert "without separators of thousands" in fault.remedy


def test_a_comma_in_a_text_splits_a_row(folder: StudyFolder) -> None:
    folder.add("figures.csv", "f1,attacks,5,count,country,2022,,,attacks, all,,,,,,,monitor2022,,page 1,\n")
    (fault,) = folder.faults()
    assert fault.remedy == 'Put a text with a comma into quotes ("a, b")'


@pytest.mark.parametrize("locator", ["page -1", "page 12-3"])
def test_pages_that_cannot_be(folder: StudyFolder, locator: str) -> None:
    folder.spoil("attributes.csv", "page 5", f"§{locator}§{locator}")
    folder.assert_all_reported()


def utf_16(text: str) -> bytes:
    return text.encode("utf-16")


def utf_16_without_mark(text: str) -> bytes:
    return text.encode("utf-16-le")


def old_macintosh(text: str) -> bytes:
    return text.replace("\n", "\r").encode()


def empty(_text: str) -> bytes:
    return b""


@pytest.mark.parametrize("spoilt", [utf_16, utf_16_without_mark, old_macintosh, empty])
@pytest.mark.parametrize("file", ["actors.csv", "places.csv", "events.csv", "figures.csv", "actions.csv"])
def test_a_table_that_cannot_be_read_is_one_fault(folder: StudyFolder, file: str, spoilt: object) -> None:
    assert callable(spoilt)
    (folder.root / file).write_bytes(spoilt(folder.read(file)))
    assert only(folder)[0] == file


@pytest.mark.parametrize("spoilt", [utf_16, utf_16_without_mark, old_macintosh])
@pytest.mark.parametrize("file", ["study.yaml", "sources.bib", "findings.yaml", "series/deaths-monthly.yaml"])
def test_another_file_that_cannot_be_read_is_one_fault(folder: StudyFolder, file: str, spoilt: object) -> None:
    assert callable(spoilt)
    (folder.root / file).write_bytes(spoilt(folder.read(file)))
    assert only(folder)[0] == file


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("actors.csv", "Actors.csv"),
        ("places.csv", "PLACES.CSV"),
        ("sources.bib", "Sources.bib"),
        ("study.yaml", "study.yml"),
        ("study.yaml", "Study.yaml"),
        ("findings.yaml", "findings.yml"),
        ("series", "Series"),
    ],
)
def test_a_name_in_other_letters_is_one_fault(folder: StudyFolder, right: str, wrong: str) -> None:
    (folder.root / right).rename(folder.root / wrong)
    (fault,) = folder.faults()
    assert (fault.file, fault.remedy) == (wrong, f"Rename it to {right}")


def test_a_second_file_in_other_letters_is_only_odd(folder: StudyFolder) -> None:
    (folder.root / "Actors.csv").write_text("x")
    (warning,) = load_study(folder.root).warnings
    assert (warning.file, warning.remedy) == ("Actors.csv", "Rename it if actors.csv was meant")


def test_what_is_named_in_an_empty_folder_of_series_is_missing(folder: StudyFolder) -> None:
    for path in (folder.root / "series").iterdir():
        path.unlink()
    assert only(folder)[2] == "no series has the id 'deaths-monthly'"
