"""Bytes of a text file as characters: byte order marks, UTF-8, UTF-16, and older encodings by their letters."""

from __future__ import annotations

import codecs
import re

from marsad.errors import InputError

__all__ = ["decoded"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 2**16
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_MOST_CONTROLS = 0.02
_MOST_DAMAGE = 0.001
_BINARY = (
    "this file is not text: it holds binary data of a kind that is not known. PDF, DOCX, HTML, Markdown and plain text "
    "can be read; save it as one of these"
)


def decoded(data: bytes, declared: str = "") -> tuple[str, list[str]]:
    """The text of a file, and notices about its encoding.

    Args:
        data: its bytes.
        declared: the encoding that the file itself names, used only where the bytes are not UTF-8.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data, encoding)
    if encoding := _unmarked_utf16(data[:_SAMPLE]):
        text, notices = _lenient(data, encoding)
        return text, [f"The encoding was taken to be {encoding.upper()}; the file does not say.", *notices]
    if _is_binary(data):
        raise InputError(_BINARY)
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        first = error.start
    named = _declared(data, declared) if declared else None
    if named is not None:
        return named, []
    text = data.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    if damage <= _MOST_DAMAGE * len(text) and damage < len(_BEYOND_ASCII.findall(text)) / 2:
        return text, [f"{damage} characters are not valid UTF-8 and stand as \ufffd, the first at byte {first}."]
    return _guessed(data)


def _lenient(data: bytes, encoding: str) -> tuple[str, list[str]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > max(10, 0.1 * len(text)):
            raise InputError(_BINARY) from error
        return text, [
            f"Some characters are not valid {encoding.upper()} and stand as \ufffd, the first at byte {error.start}."
        ]


def _unmarked_utf16(sample: bytes) -> str:
    """UTF-16 without a byte order mark: every other byte is mostly zero, as in all Latin text."""
    half = len(sample) // 2
    if half < 8:
        return ""
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if odd > 0.4 * half and even < 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.02 * half else ""


def _is_binary(data: bytes) -> bool:
    pieces = (data[:_SAMPLE], data[len(data) // 2 :][:_SAMPLE], data[-_SAMPLE:])
    return any(len(_CONTROLS.findall(piece)) > _MOST_CONTROLS * len(piece) + 4 for piece in pieces)


def _declared(data: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(codec, "_is_text_encoding", True) or codec.name.startswith(
        ("utf-7", "idna", "punycode", "unicode", "raw")
    ):
        return None
    try:
        return data.decode(codec.name, "replace")
    except (UnicodeError, ValueError):
        return None


def _guessed(data: bytes) -> tuple[str, list[str]]:
    """The text in the older encoding in which it looks most like a language."""
    import charset_normalizer  # noqa: PLC0415 - heavy

    best = charset_normalizer.from_bytes(_telling(data)).best()
    encoding = best.encoding if best is not None else "cp1252"
    text = data.decode(encoding, "replace")
    named = encoding.upper().replace("_", "-")
    return text, [
        f"The text is not UTF-8; it was read as {named}, which its letters suggest. If it looks wrong, save it as UTF-8"
    ]


def _telling(data: bytes) -> bytes:
    """A sample with the letters that tell the encoding: from a little before the first byte beyond ASCII."""
    found = re.search(rb"[\x80-\xff]", data)
    start = max(0, found.start() - 512) if found else 0
    return data[start : start + _SAMPLE]
