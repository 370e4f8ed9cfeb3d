"""Hostile input: a clear message or a sound document, never a crash, in bounded time."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from marsad.documents import read_bytes, read_document
from marsad.documents.limits import MOST_HTML_BYTES, MOST_TEXT_BYTES
from marsad.errors import InputError

from .hostile import hand_made, hostile_files
from .invariants import faults
from .samples import HTML, TEXT, make_pdf

HAND_MADE = dict(hand_made())
SECONDS = 10.0


def read_or_refuse(data: bytes, name: str) -> str:
    """``read``, or the message of the refusal; anything else fails the test."""
    begun = time.monotonic()
    try:
        document = read_bytes(data, name)
    except InputError as error:
        message = str(error)
    else:
        assert faults(document) == [], name
        message = "read"
    assert time.monotonic() - begun < SECONDS, name
    return message


@pytest.mark.parametrize("name", HAND_MADE)
def test_a_hostile_file_is_read_or_refused(name: str) -> None:
    message = read_or_refuse(HAND_MADE[name], name)
    assert message == "read" or (name in message and len(message) < 400)


def test_five_hundred_files_are_read_or_refused() -> None:
    messages = [read_or_refuse(data, name) for name, data in hostile_files(500) if name not in HAND_MADE]
    assert messages.count("read") > 100
    assert len(messages) - messages.count("read") > 50


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.txt", "empty"),
        ("rubbish.bin", "binary"),
        ("rtf.docx", "RTF"),
        ("old.doc", "DOC"),
        ("picture.pdf", "OCR"),
        ("deep.html", "nest"),
        ("only-script.html", "no text"),
        ("bomb.docx", "zip bomb"),
        ("ratio.docx", "zip bomb"),
        ("lies.docx", "damaged"),
        ("laughs.docx", "document type"),
        ("outside.docx", "document type"),
        ("utf16.docx", "document type"),
        ("deeper.docx", "damaged"),
        ("broken.docx", "well-formed"),
        ("text.odt", "ODT"),
        ("sheet.docx", "XLSX"),
        ("slides.docx", "PPTX"),
        ("book.epub", "EPUB"),
        ("zip.docx", "zip file without a Word document"),
        ("encrypted.docx", "password"),
        ("cut.docx", "damaged"),
        ("encrypted.pdf", "password"),
        ("cut.pdf", ""),
        ("head.pdf", "damaged"),
        ("no-text.pdf", "OCR"),
    ],
)
def test_a_refusal_says_what_is_wrong(name: str, words: str) -> None:
    if name == "cut.pdf":  # pdfium mends what it can
        read_or_refuse(HAND_MADE[name], name)
        return
    with pytest.raises(InputError, match=words):
        read_bytes(HAND_MADE[name], name)


def test_a_page_without_text_is_named() -> None:
    assert "page 2" in read_bytes(HAND_MADE["half-text.pdf"], "half-text.pdf").notices[0]


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert "passwd" not in read_bytes(HAND_MADE["outside.html"], "outside.html").text
    read_bytes(HTML.encode(), "page.html")


def test_what_is_too_large_is_refused_with_the_limit() -> None:
    with pytest.raises(InputError, match=f"up to {MOST_TEXT_BYTES // 2**20} MB"):
        read_bytes(b"word " * (MOST_TEXT_BYTES // 5 + 1), "large.txt")
    with pytest.raises(InputError, match=f"up to {MOST_HTML_BYTES // 2**20} MB"):
        read_bytes(b"<p>word " * (MOST_HTML_BYTES // 8 + 1), "large.html")
    with pytest.raises(InputError, match="paragraphs"):
        read_bytes(b"a\n\n" * 400_000, "many.txt")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(InputError, match="8,192 MB"):
        read_document(path)


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    pipe, circle, locked = tmp_path / "pipe", tmp_path / "circle", tmp_path / "locked.txt"
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    locked.write_text("nine guards")
    locked.chmod(0)
    cases = [(pipe, "pipe"), (Path("/dev/zero"), "device"), (tmp_path, "folder"), (circle, "circle")]
    cases += [
        (tmp_path / "none.txt", "no such file"),
        (locked / "a.txt", "not a folder"),
        (tmp_path / ("n" * 300), "too long"),
    ]
    cases += [(Path("a\x00b"), "cannot be read")]
    for path, words in cases:
        with pytest.raises(InputError, match=words):
            read_document(path)
    if os.geteuid():
        with pytest.raises(InputError, match="may not read"):
            read_document(locked)


def test_the_format_is_told_by_the_content_before_the_name() -> None:
    pdf = make_pdf([[(72.0, 700.0, 11.0, "Nine guards were killed.")]])
    assert read_bytes(pdf, "a.txt").media_type == "application/pdf"
    assert read_bytes(HTML.encode(), "a.txt").media_type == "text/html"
    assert read_bytes(TEXT.encode(), "a.pdf").media_type == "text/plain"
    assert read_bytes(b"# Head\n\nwords", "a.md").media_type == "text/markdown"
