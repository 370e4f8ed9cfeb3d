"""The structure of manuscripts: planted faults are found, and their clean twins say nothing."""

from __future__ import annotations

import pytest

from marsad.claims.audit.structure import check_structure
from marsad.documents import Block, BlockKind, Document, PageSpan, read_bytes
from marsad.model import plain

from .manuscripts import brief, chapters

BOOK = ("CHAPTER ONE", "1.1. Rivers of the Sahel", "1.2. Herds and Wells", "CHAPTER TWO", "2.1. Coups", "2.2. Juntas")
CONTENTS = (
    "CONTENTS\n\nABSTRACT\tii\nCHAPTER ONE\t1\n1.1. Rivers of the Sahel\t2\n1.2. Herds and Wells\t5\nCHAPTER TWO\t9\n"
    "2.1. Coups\t10\n2.2. Juntas\t{page}\n\n"
)


def book(**replaced: str) -> str:
    """The book with some of its headings replaced, each named by its first letters."""
    names = {"one": 0, "rivers": 1, "herds": 2, "two": 3, "coups": 4, "juntas": 5}
    headings = list(BOOK)
    for name, heading in replaced.items():
        headings[names[name]] = heading
    return chapters(*headings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (book(), []),
        (
            book(coups="3.1. Coups", juntas="3.2. Juntas") + "\n\nCHAPTER THREE\n\nThe end of it.",
            [("error", "section-of-another-chapter")],
        ),
        (book(coups="1.1. Coups", juntas="1.2. Juntas"), []),
        (book(juntas="2.3. Juntas"), [("warning", "heading-number-gap")]),
        (book(juntas="2.1. Juntas"), [("error", "heading-number-twice")]),
        (book(two="CHAPTER THREE", coups="3.1. Coups", juntas="3.2. Juntas"), [("warning", "chapter-number")]),
        (book(two="CHAPTER 2"), [("note", "chapter-number-style")]),
    ],
)
def test_numbers_of_headings(text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(check_structure, text) == sorted(expected)


def test_numbers_that_begin_anew_in_each_chapter_are_no_fault() -> None:
    headings = ("CHAPTER ONE", "1.1. Wells", "CHAPTER TWO", "1.1. Coups", "CHAPTER THREE", "1.1. Juntas")
    assert brief(check_structure, chapters(*headings)) == []


@pytest.mark.parametrize(
    ("contents", "headings", "expected"),
    [
        (CONTENTS.format(page=12), book(), []),
        (CONTENTS.format(page=12), book(juntas="2.2. Juntas and Parties"), [("warning", "contents-wording")]),
        (CONTENTS.format(page=12).replace("2.2. Juntas", "2.4. Juntas"), book(), [("error", "contents-number")]),
        (
            CONTENTS.format(page=12) + "",
            book() + "\n\n2.3. Elections\n\nThey were put off.",
            [("warning", "heading-without-entry")],
        ),
    ],
)
def test_contents_against_headings(contents: str, headings: str, expected: list[tuple[str, str]]) -> None:
    assert brief(check_structure, contents + "ABSTRACT\n\nIn short, this.\n\n" + headings) == expected


def paged(*entries: tuple[str, str], labels: str) -> Document:
    """A document with these entries of contents, each a heading on a page of its own with one of these labels."""
    text, blocks, pages = "", list[Block](), list[PageSpan]()
    for title, page in entries:
        blocks.append(Block(len(text), len(text) + len(title) + 1 + len(page), BlockKind.CONTENTS))
        text += f"{title}\t{page}\n\n"
    pages.append(PageSpan(0, len(text), 1, "i"))
    for number, ((title, _), label) in enumerate(zip(entries, labels.split(), strict=True), 2):
        blocks.append(Block(len(text), len(text) + len(title), BlockKind.HEADING, 1))
        pages.append(PageSpan(len(text), len(text) + len(title) + 2, number, label))
        text += f"{title}\n\n"
    return Document(text, tuple(blocks), tuple(pages))


ENTRIES = (("Wells", "1"), ("Herds", "4"), ("Rivers", "7"), ("Coups", "9"), ("Juntas", "12"))


@pytest.mark.parametrize(
    ("entries", "labels", "expected"),
    [
        (ENTRIES, "1 4 7 9 12", []),
        (ENTRIES, "1 4 8 9 12", ["contents-page"]),
        (ENTRIES, "2 5 8 10 13", []),
        ((*ENTRIES[:2], ("Rivers", "3"), *ENTRIES[3:]), "1 4 3 9 12", ["contents-pages-fall"]),
        ((("Preface", "ix"), *ENTRIES), "ix 1 4 7 9 12", []),
    ],
)
def test_pages_in_the_contents(entries: tuple[tuple[str, str], ...], labels: str, expected: list[str]) -> None:
    assert [finding.kind for finding in check_structure(paged(*entries, labels=labels))] == expected


OBJECTIVES = (
    "The study has the following {count} objectives:\n\n1. To map wells.\n\n2. To count herds.\n\n3. To "
    "ask herders.\n\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OBJECTIVES.format(count="three"), []),
        (OBJECTIVES.format(count="four"), [("error", "list-count")]),
        (OBJECTIVES.format(count="several"), []),
        ("The delta has three ports: Sapele, Warri and Burutu.", []),
        ("The delta has four ports: Sapele, Warri and Burutu.", [("warning", "list-count")]),
        ("The delta has two ports: Sapele, the old harbour, and Warri.", []),
        ("The party won three seats: one in Kisumu, two in Nakuru.", []),
        ("Two things matter: that peace holds, and wells, roads and schools are built.", []),
        ("The plan took three steps: survey, purchase, and resale, among others.", []),
        ("First, the dam broke. Second, the road was cut. Third, the market closed.", []),
        ("First, the dam broke. Second, the road was cut. Fourth, the market closed.", [("warning", "ordinal-gap")]),
        ("First, the dam broke. Second, the road was cut. A third blow was drought. Fourth, the market closed.", []),
        ("They asked for (1) water, (2) salt and (3) passage.", []),
        ("They asked for (1) water, (2) salt, (4) passage.", [("warning", "list-number")]),
        ("They asked for (a) water, (b) salt and (d) passage.", [("warning", "list-number")]),
    ],
)
def test_lists_and_what_announces_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(check_structure, text) == expected


TABLES = "Table 1: Herds by district\n\nTable 2: Wells by district\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TABLES + "The herds grew, as can be seen in Table 2 above.", []),
        (TABLES + "The herds grew, as can be seen in Table 4 above.", [("warning", "missing-target")]),
        (TABLES + "The herds grew (Okafor, 2019, Table 4).", []),
        (TABLES + "The herds grew, as shown in Table 4 of the census.", []),
        (TABLES + "Table 4: Rain by month\n\nIt rained.", [("warning", "caption-number")]),
        (TABLES + "Table 2: Rain by month\n\nIt rained.", [("warning", "caption-number")]),
        ("The herds grew, as can be seen in Table 4 above.", []),
        (book() + "\n\nThis is shown in section 2.2 at length.", []),
        (book() + "\n\nThis is shown in section 2.7 at length.", [("warning", "missing-target")]),
        (book() + "\n\nThis follows from section 2.7 of the Land Act.", []),
        (book() + "\n\nThis is shown in chapter 6 at length.", [("warning", "missing-target")]),
        (book() + "\n\nSanctions rest on Chapter 7 of the Charter.", []),
    ],
)
def test_references_to_parts_of_the_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(check_structure, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The herders of of the north moved on.", [("note", "doubled-word")]),
        ("He said that that well was dry, and had had enough.", []),
        ("Some 40% percent of wells were dry.", [("note", "doubled-word")]),
        ("Some 40% of wells, or 40 percent, were dry.", []),
        ("The wells (most of them in the north were dry.", [("note", "unpaired-bracket")]),
        ("The wells (most of them [old] ones) were dry; a) deep, b) shallow.", []),
        ("The judge called it “an open question, and left.", [("note", "unpaired-quotation-mark")]),
        ('The judge called it “an open question”, and left a 12" pipe.', []),
        ("“The road was long.\n\n“The well was dry.”", []),
    ],
)
def test_slips(text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(check_structure, text) == expected


def test_a_long_sentence_that_stands_twice_in_a_paragraph() -> None:
    sentence = "The herders of the northern delta moved their cattle towards the lake before the rains had come. "
    assert brief(check_structure, sentence + "Then they waited. " + sentence) == [("note", "repeated-sentence")]
    assert brief(check_structure, f"{sentence}\n\n{sentence}") == []


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ("Chapter 1: Wells and Herds", []),
        ("Chapter 1: Wells and Herds, Methods and Sources", []),
        ("Chapter 1: The Politics of Drought", [("warning", "outline-wording")]),
        ("Chapter 7: The Politics of Drought", []),
    ],
)
def test_the_outline_of_the_study_against_its_chapters(outline: str, expected: list[tuple[str, str]]) -> None:
    text = (
        "CHAPTER ONE\n\nWELLS AND HERDS\n\nIt is organised so.\n\n"
        + outline
        + "\n\nThis part tells of them at some length.\n\n"
    )
    assert brief(check_structure, text + "CHAPTER TWO\n\nCOUPS\n\nThey came.") == expected


@pytest.mark.parametrize(
    ("numbers", "missing"), [((1, 2, 4), "3"), ((1, 2, 3, 6), "4 and 5"), ((1, 2, 3), ""), ((3, 5, 6), "")]
)
def test_a_section_of_the_first_level_that_is_left_out_is_missed(numbers: tuple[int, ...], missing: str) -> None:
    words = ("Aim", "Ground", "Method", "Result")
    text = "".join(f"# {number}. {word}\n\nIt says this.\n\n" for number, word in zip(numbers, words, strict=False))
    found = [one for one in check_structure(read_bytes(text.encode(), "r.md")) if one.kind == "heading-number-gap"]
    assert [f"there is no section {missing}." in plain(one.text[0]) for one in found] == ([True] if missing else [])
