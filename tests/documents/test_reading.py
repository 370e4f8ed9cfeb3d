"""What each format says is what the document holds."""

from __future__ import annotations

import io

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from marsad.documents import BlockKind, Document, read_bytes, read_text

from .hostile import zipped
from .invariants import faults
from .samples import HTML, MARKDOWN, TEXT, make_docx, make_pdf

Blocks = list[tuple[str, str]]


def blocks(document: Document) -> Blocks:
    assert faults(document) == []
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_a_plain_text() -> None:
    assert blocks(read_text(TEXT)) == [
        ("title", "RIVER PATROLS IN THE NORTHERN DELTA"),
        ("paragraph", "An abstract of the matter"),
        ("heading", "ABSTRACT"),
        ("paragraph", "This study counts the raids on the river patrols that were reported between 2015 and 2019."),
        ("heading", "1. Introduction"),
        (
            "paragraph",
            "On 3 May 2016 nine guards were killed near the upper ferry, as two papers wrote; a third wrote of eleven.",
        ),
        ("heading", "1.1. Method"),
        ("item", "reports of the press"),
        ("item", "reports of the ministry"),
        ("heading", "2. Results"),
        ("row", "Year\tRaids"),
        ("row", "2016\t14"),
        ("row", "2017\t9"),
        ("heading", "REFERENCES"),
        ("paragraph", "Doe, J. (2017). The delta at night. River Press."),
    ]


def test_levels_of_numbered_headings() -> None:
    body = "It is a paragraph that is long enough to be taken for the text which stands under its heading, as here."
    heads = ["1. Aims", "1.1. Scope", "2. Results", "2.1. Raids", "2.1.1. By year", "CONCLUSION"]
    document = read_text("\n\n".join(["A title of the text", *(f"{head}\n\n{body}" for head in heads)]))
    assert [(one.label, one.level) for one in document.headings] == [
        ("1", 1),
        ("1.1", 2),
        ("2", 1),
        ("2.1", 2),
        ("2.1.1", 3),
        ("", 1),
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The patrol left at dawn and was seen by two wit-\nnesses at the ferry, where it\nstopped for an hour.\n\nEnd."
    )
    assert blocks(read_text(text)) == [
        (
            "paragraph",
            "The patrol left at dawn and was seen by two witnesses at the ferry, where it stopped for an hour.",
        ),
        ("paragraph", "End."),
    ]


def test_a_paragraph_cut_by_a_page_is_whole_and_furniture_is_gone() -> None:
    page = "The Delta Review\n\n{}\n\n{}\n"
    first = "It was the third raid of the month, and the guards of the upper ferry had been warned of"
    second = "it by the fishermen. They stayed. Nobody had told them which way the boats would come that night."
    third = "Another paragraph begins on this page and says that the raid was over before the sun had risen."
    document = read_text("\f".join(page.format(one, number) for number, one in enumerate((first, second, third), 7)))
    assert blocks(document) == [("paragraph", f"{first} {second}"), ("paragraph", third)]
    assert [(one.number, one.label) for one in document.pages] == [(1, "7"), (2, "8"), (3, "9")]
    assert document.text[document.pages[1].start :].startswith("it by the fishermen")


def test_entries_of_contents_that_run_together() -> None:
    text = (
        "A title\n\nTABLE OF CONTENTS\n\nFOREWORD ii CHAPTER 1 1 AIMS….. 1 ## 1.1. Scope of 2 towns….. 6 1.2. Means 7 "
        "CHAPTER TWO 26 RESULTS ... 26\n\nFOREWORD\n\nThanks are due to the two fishermen who told what "
        "they had seen on the night of the third raid."
    )
    found = [text for kind, text in blocks(read_text(text)) if kind == "contents"]
    assert found == [
        "FOREWORD\tii",
        "CHAPTER 1\t1",
        "AIMS\t1",
        "1.1. Scope of 2 towns\t6",
        "1.2. Means\t7",
        "CHAPTER TWO\t26",
        "RESULTS\t26",
    ]


def test_markup_in_plain_text() -> None:
    text = (
        "**A BOLD\nTITLE**\n\n"
        "The *Dawn* of <i>14 May</i> (<https://a.org/x*y>) and [the report](http://b.org/(1)), 2 * 3 * 4, a_b_c."
    )
    assert blocks(read_text(text)) == [
        ("title", "A BOLD TITLE"),
        ("paragraph", "The Dawn of 14 May (https://a.org/x*y) and the report, 2 * 3 * 4, a_b_c."),
    ]


@pytest.mark.parametrize(
    ("data", "notices"),
    [
        ("Bağış “Işık”".encode(), 0),
        ("Bağış “Işık”".encode("utf-8-sig"), 0),
        ("Bağış “Işık”".encode("utf-16"), 0),
        (b"\xfe\xff" + "Bağış “Işık”".encode("utf-16-be"), 0),
        ("Bağış “Işık”".encode("utf-32"), 0),
    ],
)
def test_encodings(data: bytes, notices: int) -> None:
    document = read_bytes(data, "a.txt")
    assert (document.text, len(document.notices)) == ("Bağış “Işık”", notices)


def test_encodings_without_a_mark_are_told_and_noted() -> None:
    text = "The nine guards were killed near the ferry, it is said. " * 5
    document = read_bytes(text.encode("utf-16-le"), "a.txt")
    assert (document.text, len(document.notices)) == (text.strip(), 1)
    arabic = "قتل تسعة من الحراس قرب العبارة العليا كما كتبت صحيفتان في اليوم التالي. " * 5
    document = read_bytes(arabic.encode("cp1256"), "a.txt")
    assert (document.text, document.direction, len(document.notices)) == (arabic.strip(), "rtl", 1)
    damaged = ("Die Fähre, so hieß es, lag für Stunden still. " * 40).encode() + b"\xff"
    assert "not valid UTF-8" in read_bytes(damaged, "a.txt").notices[0]


def test_markdown() -> None:
    assert blocks(read_bytes(MARKDOWN.encode(), "a.md")) == [
        ("title", "River patrols"),
        ("paragraph", "Nine guards were killed near the upper ferry."),
        ("heading", "Method"),
        ("item", "1. reports of the press"),
        ("item", "2. reports of the ministry"),
        ("row", "Year\tRaids"),
        ("row", "2016\t14"),
        ("note", "1 A third paper wrote of eleven."),
    ]


def test_html() -> None:
    document = read_bytes(HTML.encode(), "a.html")
    assert blocks(document) == [
        ("title", "River patrols"),
        ("paragraph", "Nine guards were killed near the upper ferry."),
        ("heading", "Method"),
        ("item", "1. reports of the press"),
        ("item", "2. reports of the ministry"),
        ("item", "yearly ones"),
        ("caption", "Raids"),
        ("row", "Year\tRaids"),
        ("row", "2016\t14"),
        ("note", "1 A third paper wrote of eleven."),
    ]
    assert [one.level for one in document.blocks if one.kind is BlockKind.ITEM] == [1, 1, 2]


def test_html_keeps_figures_that_are_raised_and_links_in_sentences() -> None:
    page = (
        "<p>An area of 10<sup>2</sup> km<sup>2</sup>, seen on the 3<sup>rd</sup> of May.<sup>4</sup></p>"
        "<div><a href='/a'>Nine guards</a> "
        "were killed</div><ul><li><a href='#a'>One</a><li><a href='#b'>Two</a><li><a href='#c'>Three</a></ul>"
        "<ul><li><a href='/a'>Home</a><li><a href='/b'>News</a><li><a href='/c'>Shop</a></ul>"
    )
    assert [text for _, text in blocks(read_bytes(page.encode(), "a.html"))] == [
        "An area of 10² km², seen on the 3rd of May.",
        "Nine guards were killed",
        "One",
        "Two",
        "Three",
    ]


def test_docx() -> None:
    document = read_bytes(make_docx(), "a.docx")
    assert blocks(document) == [
        ("title", "River patrols in the northern delta"),
        ("heading", "1. Introduction"),
        ("paragraph", "On 3 May 2016 nine guards were killed near the upper ferry, as two newspapers wrote."),
        ("item", "reports of the press"),
        ("item", "1. reports of the ministry"),
        ("row", "Year\tRaids"),
        ("row", "2016\t14"),
        ("heading", "References"),
        ("paragraph", "Doe, J. (2017). The delta at night. River Press."),
    ]
    assert [one.level for one in document.headings] == [1, 1]


def _saved(made: docx.document.Document) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_docx_pages_and_breaks() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph(
        "It was the third raid of the month, and the guards of the upper ferry had been warned of"
    )
    paragraph.add_run().add_break(WD_BREAK.PAGE)
    paragraph.add_run("it by the fishermen.")
    made.add_paragraph("Another paragraph.")
    document = read_bytes(_saved(made), "a.docx")
    assert [text.split()[-1] for _, text in blocks(document)] == ["fishermen.", "paragraph."]
    assert document.page_at(document.text.index("it by")) == document.pages[1]
    assert "page breaks that the author set" in document.notices[0]
    rendered = paragraph.runs[-1]._r
    rendered.insert(0, OxmlElement("w:lastRenderedPageBreak"))
    document = read_bytes(_saved(made), "a.docx")
    assert (len(document.pages), document.notices) == (2, ())


def test_docx_leaves_out_what_was_deleted_and_keeps_what_was_inserted() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Nine ")
    for tag, text in (("w:ins", "guards "), ("w:del", "soldiers ")):
        change, run = OxmlElement(tag), OxmlElement("w:r")
        words = OxmlElement("w:t" if tag == "w:ins" else "w:delText")
        words.text = text
        words.set(qn("xml:space"), "preserve")
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("were killed.")
    assert blocks(read_bytes(_saved(made), "a.docx")) == [("paragraph", "Nine guards were killed.")]


def test_docx_notes_stand_at_the_end_without_their_marks() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        "<w:p><w:r><w:t>Nine guards</w:t><w:footnoteReference w:id='2'/><w:t> fell.</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>All was over.</w:t></w:r></w:p>"
    )
    note = (
        "<w:footnote w:type='separator' w:id='0'><w:p/></w:footnote>"
        "<w:footnote w:id='2'><w:p><w:r><w:footnoteRef/><w:t> Or ten.</w:t></w:r></w:p></w:footnote>"
    )
    data = zipped(
        {
            "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>".encode(),
            "word/footnotes.xml": f"<w:footnotes {space}>{note}</w:footnotes>".encode(),
        }
    )
    document = read_bytes(data, "a.docx")
    assert blocks(document) == [
        ("paragraph", "Nine guards fell."),
        ("paragraph", "All was over."),
        ("note", "1 Or ten."),
    ]
    assert document.blocks[-1].label == "1"


def test_docx_has_all_that_python_docx_finds() -> None:
    made = docx.Document(io.BytesIO(make_docx()))
    text = read_bytes(make_docx(), "a.docx").text
    assert all(paragraph.text in text for paragraph in made.paragraphs)


def lines(
    *texts: str, x: float = 72.0, top: float = 780.0, size: float = 11.0
) -> list[tuple[float, float, float, str]]:
    return [(x, top - 14.0 * at, size, text) for at, text in enumerate(texts)]


FULL = "The guards of the upper ferry had been told that the boats would come at night, and they"


def test_pdf_paragraphs_headings_and_pages() -> None:
    words = ["", ("hid", "ran"), ("slept", "ate"), ("sang", "spoke")]
    pages = []
    for number, first in enumerate(("and some of", "them who had", "seen before"), 1):
        pages.append(
            [
                (72.0, 815.0, 9.0, "The Delta Review, volume 4"),
                *lines(first + " " + FULL, FULL, "stayed.", top=780),
                *lines("2.1. Raids" if number == 1 else f"3.{number}. Patrols", top=715, size=16.0),
                *lines(*[f"{FULL} {one}" for one in words[number]], f"waited until {first} and", top=690),
                (300.0, 30.0, 9.0, f"- {number + 4} -"),
            ]
        )
    document = read_bytes(make_pdf(pages), "a.pdf")
    found = blocks(document)
    assert not any("Review" in text or "- 5 -" in text for _, text in found)
    assert [text for kind, text in found if kind == "heading"] == ["2.1. Raids", "3.2. Patrols", "3.3. Patrols"]
    assert any("waited until and some of and them who had" in text for _, text in found)
    assert [page.label for page in document.pages] == ["5", "6", "7"]
    assert document.page_at(document.text.index("them who had")) == document.pages[1]


def test_pdf_footnotes_stand_at_the_end() -> None:
    page = [
        *lines(FULL, FULL, "waited for 14 boats"),
        (164.6, 756.0, 6.0, "3"),
        (168.0, 752.0, 11.0, ", it is said."),
        *lines("3 A paper wrote of fifteen boats in all.", top=80, size=8.0),
    ]
    document = read_bytes(make_pdf([page]), "a.pdf")
    assert blocks(document)[-1] == ("note", "3 A paper wrote of fifteen boats in all.")
    assert document.blocks[-1].label == "3"
    assert "14 boats, it is said." in document.text


def test_pdf_columns_are_read_one_after_the_other() -> None:
    short = "The guards of the ferry had been told of it"
    page = [*lines(*[short] * 5, x=60), *lines("and of the boats that would come.", *[short] * 4, x=320)]
    document = read_bytes(make_pdf([page]), "a.pdf")
    assert "told of it and of the boats that would come." in document.text


def test_pdf_words_parted_at_the_end_of_a_line() -> None:
    page = lines(
        "The guards of the govern-",
        "ment said that the government knew of cross-",
        "border raids and cross-border trade.",
    )
    text = read_bytes(make_pdf([page]), "a.pdf").text
    assert (
        text
        == "The guards of the government said that the government knew of cross-border raids and cross-border trade."
    )
