"""Reading a file into a document: its format is told by its content first, then by its name."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from dataclasses import replace
from pathlib import Path

from marsad.documents.assembling import assembled
from marsad.documents.canonical import canonical_lines
from marsad.documents.decoding import decoded
from marsad.documents.document import BlockKind, Document
from marsad.documents.hyphens import heal_hyphens
from marsad.documents.language import detect_language
from marsad.documents.limits import MOST_BLOCKS, MOST_BYTES, MOST_HTML_BYTES, MOST_MARKDOWN_BYTES, MOST_TEXT_BYTES
from marsad.documents.parts import Part, Reading
from marsad.documents.plain import read_plain
from marsad.documents.structure import structured
from marsad.errors import InputError

__all__ = ["read_bytes", "read_document", "read_text"]

_HEAD = 2048
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|div|p|h[1-6]|article|main)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_NAMES = {".html", ".htm", ".xhtml", ".xml"}
_MARKDOWN_NAMES = {".md", ".markdown", ".mkd", ".mdown"}
_DOCX_REMEDY = "Open it in a word processor and save it as DOCX or PDF"
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        f"an old Word document (DOC), or a DOCX with a password. {_DOCX_REMEDY} without a password",
    ),
    (b"{\\rtf", f"a rich text (RTF). {_DOCX_REMEDY}"),
    (b"\x89PNG", "a picture (PNG). Run OCR on it first, and read the result"),
    (b"\xff\xd8\xff", "a picture (JPEG). Run OCR on it first, and read the result"),
    (b"GIF8", "a picture (GIF). Run OCR on it first, and read the result"),
    (b"II*\x00", "a picture (TIFF). Run OCR on it first, and read the result"),
    (b"MM\x00*", "a picture (TIFF). Run OCR on it first, and read the result"),
    (b"\x1f\x8b", "a packed file (gzip). Unpack it, and read the file in it"),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z). Unpack it, and read the files in it"),
    (b"Rar!", "a packed file (RAR). Unpack it, and read the files in it"),
    (b"\x7fELF", "a program, not a text. Give the document itself"),
    (b"%!PS", "a PostScript file. Convert it to PDF, for instance with `ps2pdf`"),
    (b"SQLite format 3\x00", "a database (SQLite), not a text. Export its text first"),
)


def read_document(path: Path) -> Document:
    """Read a PDF, DOCX, HTML, Markdown or plain text file.

    Raises:
        InputError: it is not there, is no ordinary file, may not be read, is too large, damaged, encrypted, a scan
            without a text layer, empty, or of another format; the message says which, and what to do.
    """
    return read_bytes(_bytes(path), path.name)


def read_bytes(data: bytes, name: str = "") -> Document:
    """Read the bytes of a file whose name is given for its extension and for people; as :func:`read_document`."""
    name = "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in name)
    try:
        return _read(data, name)
    except InputError as error:
        raise InputError(f"{name}: {error}") if name else error from error


def read_text(text: str, *, name: str = "", sha256: str = "") -> Document:
    """Make a document of plain text, which may have light markup; empty lines part its paragraphs."""
    return _document(read_plain(text), name=name, media_type="text/plain", sha256=sha256)


def _bytes(path: Path) -> bytes:
    """The bytes of an ordinary file, never waiting for a pipe or device."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {_reason(error)}") from error
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{path} is a folder: name a file in it")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path} is a pipe, socket or device, not a file: save what it gives to a file first")
        _check_size(status.st_size, MOST_BYTES, str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: {_reason(error)}") from error
    finally:
        os.close(handle)
    _check_size(len(data), MOST_BYTES, str(path))  # it may have grown, or be a file of /proc, which has no size
    return data


def _reason(error: OSError | ValueError) -> str:
    """What went wrong with opening a file, and what to do."""
    number = error.errno if isinstance(error, OSError) else None
    known = {
        errno.ENOENT: "there is no such file. Check the name and the folder",
        errno.ENOTDIR: "a part of its path is a file, not a folder. Check the path",
        errno.EACCES: "you may not read this file. Change its permissions, or copy it to a place of yours",
        errno.EPERM: "you may not read this file. Change its permissions, or copy it to a place of yours",
        errno.ELOOP: "its symbolic links lead in a circle. Name the file itself",
        errno.ENAMETOOLONG: "its name is too long for this system",
        errno.ENXIO: "this is a socket or a pipe, not a file: save what it gives to a file first",
    }
    return known.get(number or 0, f"it cannot be read ({error})")


def _check_size(size: int, most: int, name: str) -> None:
    if size > most:
        mebi = 2**20
        raise InputError(
            f"{name} has {size / mebi:,.0f} MB; files of this kind are read up to {most // mebi} MB. Split it"
        )


def _read(data: bytes, name: str) -> Document:
    if not data.strip():
        raise InputError("the file is empty. Check that it was saved or fetched completely")
    sha256 = hashlib.sha256(data).hexdigest()
    head = data[:_HEAD]
    extension = Path(name).suffix.casefold()
    if b"%PDF-" in head[:1024]:
        from marsad.documents.pdf import read_pdf  # noqa: PLC0415 - heavy

        _check_size(len(data), MOST_BYTES, "this PDF")
        return _document(read_pdf(data), name=name, media_type="application/pdf", sha256=sha256)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        from marsad.documents.docx import DOCX_TYPE, read_docx  # noqa: PLC0415 - heavy

        return _document(read_docx(data), name=name, media_type=DOCX_TYPE, sha256=sha256)
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise InputError(f"this is {what}")
    _check_size(len(data), MOST_TEXT_BYTES, "this text")
    if extension in _HTML_NAMES or (_HTML.match(_ascii(head)) and extension not in _MARKDOWN_NAMES):
        from marsad.documents.html import read_html  # noqa: PLC0415 - heavy

        _check_size(len(data), MOST_HTML_BYTES, "this HTML")
        return _document(read_html(data), name=name, media_type="text/html", sha256=sha256)
    text, notices = decoded(data)
    return _text(text, notices, name=name, sha256=sha256, markdown=extension in _MARKDOWN_NAMES, size=len(data))


def _ascii(head: bytes) -> bytes:
    """The beginning of a file for a look at its tags, byte order marks and the zeros of UTF-16 aside."""
    return head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")


def _text(text: str, notices: list[str], *, name: str, sha256: str, markdown: bool, size: int) -> Document:
    if markdown and size <= MOST_MARKDOWN_BYTES:
        from marsad.documents.markdown import read_markdown  # noqa: PLC0415 - heavy

        reading, media_type = read_markdown(text), "text/markdown"
    else:
        reading, media_type = read_plain(text), "text/plain"
        if markdown:
            notices = [*notices, f"Markdown is read as plain text beyond {MOST_MARKDOWN_BYTES // 2**20} MB."]
    return _document(
        replace(reading, notices=[*notices, *reading.notices]), name=name, media_type=media_type, sha256=sha256
    )


def _document(reading: Reading, *, name: str, media_type: str, sha256: str) -> Document:
    if len(reading.parts) > MOST_BLOCKS:
        raise InputError(f"it has more than {MOST_BLOCKS:,} paragraphs, which is the most that is read. Split it")
    parts = structured(_healed(reading.parts))
    parts = _healed(parts)  # again, for words that were parted at the end of a page
    text, blocks, pages = assembled(parts, reading.page_labels)
    if not text and sha256:
        raise InputError("there is no text in this file. Check that it is the right one and was saved completely")
    title = next((text[block.start : block.end] for block in blocks if block.kind is BlockKind.TITLE), reading.title)
    language, direction = detect_language(text)
    return Document(
        text,
        blocks,
        pages,
        name=name,
        media_type=media_type,
        sha256=sha256,
        title=title,
        language=language,
        direction=direction,
        notices=tuple(reading.notices),
    )


def _healed(parts: list[Part]) -> list[Part]:
    """The parts with their words made whole, in canonical form."""
    texts = heal_hyphens([part.text for part in parts])
    return [
        part if text is part.text else replace(part, text=canonical_lines(text))
        for part, text in zip(parts, texts, strict=True)
    ]
