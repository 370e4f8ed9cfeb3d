"""The lines of a PDF as pdfium gives them, with place, size and weight."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marsad.documents.limits import MOST_CHARACTERS, MOST_PAGE_SIDE, MOST_PAGES
from marsad.errors import InputError

__all__ = ["Line", "read_lines"]

_HYPHENS = {0x02, 0xFFFE, 0xAD}
_BOLD = 600
_RAISED = 0.15
_SPACES = {0x20, 0xA0}
_ZERO = 0x30
_EXPONENTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BASE = re.compile(r"(?:[0-9]|\b(?:[kcm]?m|ft|mi|yd))$")
_MARK_SIZE = 0.8
_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page.

    Attributes:
        text: its characters, stripped.
        hyphen: whether it ended with a hyphen, which is left out of the text.
        left, right: its edges in points.
        base: height of its base line above the foot of the page, in points.
        size: size of its letters in points, to a tenth.
        bold: whether its first and last letters are bold.
        space: whether it ended with a space, as many programs write where a line is wrapped.
        words: left and right edge of each word, in points; empty for a line of many words, which is no row of a table.
    """

    text: str
    hyphen: bool
    left: float
    right: float
    base: float
    size: float
    bold: bool
    space: bool = False
    words: tuple[tuple[float, float], ...] = ()

    def drop(self, before: Line) -> float:
        """How far it stands under another line."""
        return before.base - self.base

    def short(self, right: float) -> bool:
        """Whether it ends well before an edge."""
        return self.right < right - max(24.0, 0.08 * (right - self.left))


def read_lines(data: bytes) -> tuple[list[list[Line]], list[str], str, list[str]]:
    """The lines of each page, the label of each page in the file, the title in its metadata, and notices."""
    import pypdfium2  # noqa: PLC0415 - heavy

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise InputError(_refusal(str(error))) from error
    try:
        return _read(document, pypdfium2)
    finally:
        document.close()


def _refusal(message: str) -> str:
    if "assword" in message:
        return (
            "this PDF is encrypted with a password. Save a copy without the password (open it, then print to PDF or "
            "`qpdf --decrypt --password=… in.pdf out.pdf`) and read that"
        )
    return (
        f"this PDF cannot be opened: it is damaged or cut short ({message}). "
        "Fetch it again, or save it anew from a PDF viewer"
    )


def _read(document: Any, pdfium: Any) -> tuple[list[list[Line]], list[str], str, list[str]]:
    count = len(document)
    if count == 0:
        raise InputError("this PDF has no pages: it is damaged. Fetch it again, or save it anew from a PDF viewer")
    if count > MOST_PAGES:
        raise InputError(f"this PDF has {count} pages; {MOST_PAGES} are read at most. Split it, and read the pieces")
    pages: list[list[Line]] = []
    unreadable: list[int] = []
    characters = 0
    for index in range(count):
        try:
            lines = _page(document, index, pdfium)
        except pdfium.PdfiumError:
            lines = []
        if not lines:
            unreadable.append(index + 1)
        pages.append(lines)
        characters += sum(len(line.text) for line in lines)
        if characters > MOST_CHARACTERS:
            raise InputError(
                f"this PDF has more than {MOST_CHARACTERS:,} characters, which is the most that is read. Split it"
            )
    if len(unreadable) == count:
        raise InputError(
            "this PDF has no text layer: its pages are pictures (a scan). Run OCR on it first, for instance "
            "`ocrmypdf in.pdf out.pdf`, and read the result"
        )
    labels = [document.get_page_label(index) for index in range(count)]
    title = str(document.get_metadata_dict().get("Title") or "")
    return pages, labels, title, _notices(unreadable)


def _notices(pages: list[int]) -> list[str]:
    if not pages:
        return []
    named = ", ".join(map(str, pages[:20])) + (" …" if len(pages) > 20 else "")
    return [f"No text was found on page{'s' if len(pages) > 1 else ''} {named}: empty, or a picture that needs OCR."]


def _page(document: Any, index: int, pdfium: Any) -> list[Line]:
    page = document[index]
    try:
        if max(map(abs, page.get_size())) > MOST_PAGE_SIDE:
            return []
        text_page = page.get_textpage()
        try:
            return list(_lines(text_page, pdfium.raw))
        finally:
            text_page.close()
    finally:
        page.close()


def _lines(text_page: Any, raw: Any) -> Iterator[Line]:
    """The lines of a page; a line ends at a line break or at a hyphen that pdfium has marked."""
    handle = text_page.raw
    count = raw.FPDFText_CountChars(handle)
    unicode = raw.FPDFText_GetUnicode
    codes = [unicode(handle, at) for at in range(count)]
    start = 0
    for at in range(count + 1):
        code = codes[at] if at < count else 10
        if code not in {10, 13} and code not in _HYPHENS:
            continue
        yield from _line(handle, raw, codes, start, at, hyphen=code in _HYPHENS)
        start = at + 1


def _line(handle: Any, raw: Any, codes: list[int], start: int, end: int, *, hyphen: bool) -> Iterator[Line]:
    while start < end and codes[start] in _SPACES:
        start += 1
    last = end
    while last > start and codes[last - 1] in _SPACES:
        last -= 1
    if last <= start:
        return
    middle = (start + last) // 2
    size = max(_size(handle, raw, at) for at in (start, middle, last - 1))
    left, base = _origin(handle, raw, start)
    _, low = _origin(handle, raw, middle)
    raised = _marks(handle, raw, codes, start, last, size, min(base, low))
    text = "".join(raised.get(at, _character(codes[at])) for at in range(start, last))
    bold = _is_bold(handle, raw, start) and _is_bold(handle, raw, last - 1)
    right = _right(handle, raw, last - 1)
    if text.strip():
        words = _words(handle, raw, codes, start, last) if len(text.split()) <= _MOST_WORDS else ()
        yield Line(text.strip(), hyphen, left, right, min(base, low), size, bold, last < end, words)


def _words(handle: Any, raw: Any, codes: list[int], start: int, end: int) -> tuple[tuple[float, float], ...]:
    """The edges of the words between two characters."""
    found: list[tuple[float, float]] = []
    first = start
    for at in range(start, end + 1):
        if at == end or codes[at] in _SPACES:
            if at > first:
                found.append((_origin(handle, raw, first)[0], _right(handle, raw, at - 1)))
            first = at + 1
    return tuple(found)


def _marks(handle: Any, raw: Any, codes: list[int], start: int, end: int, size: float, base: float) -> dict[int, str]:
    """The small raised digits: those of marks of footnotes as nothing, exponents of numbers and units raised."""
    found: dict[int, str] = {}
    for at in range(start + 1, end):
        code, before = codes[at], codes[at - 1]
        if not _ZERO <= code <= _ZERO + 9:
            continue
        if at - 1 in found:
            found[at] = found[at - 1] and _EXPONENTS[code - _ZERO]
        elif before not in _SPACES and _size(handle, raw, at) <= _MARK_SIZE * size:
            exponent = _BASE.search("".join(map(chr, codes[max(start, at - 4) : at])))
            if _origin(handle, raw, at)[1] > base + _RAISED * size:
                found[at] = _EXPONENTS[code - _ZERO] if exponent else ""
    return found


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    character = chr(code)
    return "" if code != 9 and unicodedata.category(character) == "Cc" else character


def _size(handle: Any, raw: Any, at: int) -> float:
    return round(float(raw.FPDFText_GetFontSize(handle, at)), 1)


def _is_bold(handle: Any, raw: Any, at: int) -> bool:
    return int(raw.FPDFText_GetFontWeight(handle, at)) >= _BOLD


def _origin(handle: Any, raw: Any, at: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(handle, at, x, y)
    return x.value, y.value


def _right(handle: Any, raw: Any, at: int) -> float:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(handle, at, left, right, bottom, top)
    return right.value
