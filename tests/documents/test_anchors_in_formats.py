"""An anchor made in a document of one format gives the same characters there, and the same words in every other."""

from __future__ import annotations

import html
import io
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import asdict

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.documents import Document
from marsad.documents.anchors import Anchor, FoundHow, find_anchor, make_anchor
from marsad.documents.reading import read_bytes

WORDS = ["".join(letters) for letters in itertools.product("bcdfgmprst", "aeiou", "lnrst", ["a", "en", "ock", "ing"])]


def _paragraphs(seed: int, count: int) -> list[str]:
    """Sentences that never repeat, without a word that formats print otherwise."""
    rng = random.Random(seed)

    def sentence() -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(6, 14))).capitalize() + "."

    return [" ".join(sentence() for _ in range(rng.randint(2, 5))) for _ in range(count)]


def _text(paragraphs: list[str]) -> bytes:
    return "\n\n".join(paragraphs).encode()


def _html(paragraphs: list[str]) -> bytes:
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    page = f'<!doctype html><html lang="en"><head><title>A report</title></head><body><article>{body}</article></body>'
    return f"{page}</html>".encode()


def _docx(paragraphs: list[str]) -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(buffer)
    return buffer.getvalue()


def _pdf(paragraphs: list[str]) -> bytes:
    """One page of lines in Helvetica; ASCII only."""
    shown, y = [], 780
    for paragraph in paragraphs:
        for line in _lines(paragraph, 80):
            shown.append(f"BT /F1 10 Tf 60 {y} Td ({line}) Tj ET")
            y -= 12
        y -= 14
    stream = "\n".join(shown)
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 7\n0000000000 65535 f \n{table}trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + end).encode("ascii")


def _lines(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for word in paragraph.split(" "):
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    "report.txt": _text,
    "report.md": _text,
    "report.html": _html,
    "report.docx": _docx,
    "report.pdf": _pdf,
}


def _read(name: str, paragraphs: list[str]) -> Document:
    return read_bytes(FORMATS[name](paragraphs), name)


def _through_json(anchor: Anchor) -> Anchor:
    return Anchor(**json.loads(json.dumps(asdict(anchor))))


@pytest.mark.parametrize("name", FORMATS)
def test_every_sentence_is_found_again_in_its_own_document(name: str) -> None:
    document = _read(name, _paragraphs(1, 6))
    assert len(document.sentences) > 10
    for start, end in document.sentences:
        anchor = _through_json(make_anchor(document.text, start, end))
        found = find_anchor(document.text, anchor)
        assert found is not None
        assert (found.start, found.end, found.how) == (start, end, FoundHow.SAME_PLACE)
        assert document.text[start:end] == anchor.exact


@pytest.mark.parametrize("there", FORMATS)
@pytest.mark.parametrize("here", FORMATS)
def test_a_sentence_of_one_format_is_found_in_another(here: str, there: str) -> None:
    paragraphs = _paragraphs(2, 6)
    one, other = _read(here, paragraphs), _read(there, ["Added before all else, by another hand.", *paragraphs])
    for start, end in one.sentences:
        anchor = _through_json(make_anchor(one.text, start, end))
        found = find_anchor(other.text, anchor)
        assert found is not None
        assert other.text[found.start : found.end] == anchor.exact
        assert found.how is FoundHow.MOVED


@pytest.mark.parametrize("name", ["report.txt", "report.html", "report.docx"])
@given(text=st.text(min_size=1, max_size=200), data=st.data())
@settings(max_examples=40)
def test_any_unicode_text_through_a_format(name: str, text: str, data: st.DataObject) -> None:
    clean = "".join(char for char in text if char == "\n" or (char.isprintable() and ord(char) < 0x10000)) or "x"
    document = _read(name, [clean, "The last paragraph is of plain words."])
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    anchor = _through_json(make_anchor(document.text, start, end))
    found = find_anchor(document.text, anchor)
    assert found is not None
    assert document.text[found.start : found.end] == anchor.exact == document.text[start:end]
