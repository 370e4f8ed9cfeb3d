"""The three forms of the case's study give the same text, sections and paragraphs."""

from __future__ import annotations

import csv
import difflib
import re
import time
from functools import cache
from pathlib import Path

import pytest

from marsad.documents import BlockKind, Document, read_document

from .invariants import faults

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT.parent / "shared" / "case"
STUDY = ROOT / "studies" / "pakistan-afghanistan-2021-2024"
FORMS = ("txt", "docx", "pdf")
QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "…": "."})
RATIO = 0.999

pytestmark = pytest.mark.skipif(not CASE.exists(), reason="the case is not there: ../shared/case")


@cache
def read(form: str) -> Document:
    return read_document(CASE / f"thesis.{form}")


def words(text: str) -> str:
    return re.sub(r"\.{2,}", ".", " ".join(text.translate(QUOTES).split()))


def numbered(form: str) -> dict[tuple[tuple[str, ...], int], str]:
    """The paragraphs and items under their section and number."""
    document = read(form)
    return {
        (tuple(map(words, document.section_at(block.start))), document.paragraph_at(block.start)): words(
            document.text[block.start : block.end]
        )
        for block in document.running()
    }


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_a_sound_document(form: str) -> None:
    document = read(form)
    assert faults(document) == []
    assert (document.language, document.direction, document.notices) == ("en", "ltr", ())
    assert not re.search(r"\*\*|</?[a-z]+>|(?:^|\s)#{1,6} |\.{4}|….", document.text)


@pytest.mark.parametrize(("one", "two"), [("txt", "docx"), ("txt", "pdf"), ("docx", "pdf")])
def test_the_texts_are_the_same(one: str, two: str) -> None:
    first, second = (words(read(form).text).split() for form in (one, two))
    ratio = difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()
    print(f"{one} and {two}: {ratio:.5f} of the words are the same")  # noqa: T201 - the measure is wanted
    assert ratio >= RATIO


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_sections_and_paragraphs_are_the_same(form: str) -> None:
    plain, other = numbered("txt"), numbered(form)
    listed = [key for key in plain if "\t" in str(key) or key[0] == ("LIST OF ABBREVIATION",)]
    different = [key for key in plain if key not in listed and plain[key] != other.get(key)]
    print(f"{form}: {len(plain) - len(listed) - len(different)} of {len(plain) - len(listed)} paragraphs are the same")  # noqa: T201
    assert len(different) <= 1, different
    assert {key for key in plain if key not in listed} == {key for key in other if key[0] != ("LIST OF ABBREVIATION",)}


@pytest.mark.parametrize("form", FORMS)
def test_headings_have_label_and_level(form: str) -> None:
    headings = [(block.label, block.level) for block in read(form).headings]
    assert [label for label, level in headings if level == 1 and label] == [
        "CHAPTER 1",
        "CHAPTER TWO",
        "CHAPTER THREE",
        "CHAPTER FOUR",
        "CHAPTER FIVE",
    ]
    assert {("2", 2), ("2.4", 3), ("2.4.1", 4), ("5.1.2", 4), ("1", 2), ("iv", 3)} <= set(headings)
    assert len(headings) == 71


@pytest.mark.parametrize("form", FORMS)
def test_contents_and_references_have_one_entry_a_block(form: str) -> None:
    document = read(form)
    contents = [block for block in document.blocks if block.kind is BlockKind.CONTENTS]
    assert len(contents) == 48
    assert all(re.fullmatch(r"[^\t]+\t(?:\d+|[ivx]+)", document.text[one.start : one.end]) for one in contents)
    assert [one.label for one in contents if one.label.startswith("2")] == [
        "2",
        "2.1",
        "2.2",
        "2.3",
        "2.4",
        "2.4.1",
        "2.4.2",
    ]
    start = document.headings[-1].end
    references = [block for block in document.blocks if block.start > start]
    assert {block.kind for block in references} == {BlockKind.ITEM}
    assert len(references) == 115


def test_paragraphs_are_numbered_as_the_study_has_them() -> None:
    document = read("txt")
    counts: dict[str, int] = {}
    for one, following in zip(document.headings, [*document.headings[1:], None], strict=True):
        end = following.start if following else len(document.text)
        counts.setdefault(one.label, document.paragraph_at(max(b.start for b in document.blocks if b.start < end)))
    coded: dict[str, int] = {}
    for name in ("events", "figures", "actions"):
        rows = csv.DictReader((STUDY / f"{name}.csv").read_text(encoding="utf-8").splitlines())
        for found in (re.fullmatch(r"sec (\d\.\d+(?:\.\d)?) para (\d+)", row["locator"]) for row in rows):
            if found:
                coded[found[1]] = max(coded.get(found[1], 0), int(found[2]))
    assert len(coded) > 10
    assert {label: number for label, number in coded.items() if number > counts[label]} == {}
    assert (counts["2.4"], counts["3.1.1"], counts["1.8.1"]) == (coded["2.4"], coded["3.1.1"], coded["1.8.1"])


def test_pages_are_those_of_the_file() -> None:
    document = read("pdf")
    assert [page.number for page in document.pages] == list(range(1, 53))
    assert [page.label for page in document.pages] == [str(number) for number in range(1, 53)]
    assert read("txt").pages == read("docx").pages == ()


def test_it_is_read_in_two_seconds() -> None:
    begun = time.process_time()
    read_document(CASE / "thesis.pdf")
    assert time.process_time() - begun < 2.0
