"""DOCX: the paragraphs, headings, items, tables and notes that WordprocessingML marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from marsad.documents.canonical import PAGE_BREAK, canonical_line
from marsad.documents.document import BlockKind
from marsad.documents.limits import MOST_BLOCKS, MOST_CHARACTERS
from marsad.documents.numbering import Numbering, W
from marsad.documents.packages import Package
from marsad.documents.parts import Part, Reading
from marsad.errors import InputError

__all__ = ["DOCX_TYPE", "read_docx"]

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The media type of a DOCX."""

_MAIN = "word/document.xml"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DROPPED = {W + name for name in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "sectPr", "footnoteRef")}
_SKIPPED = _DROPPED | {_MC + "Fallback", W + "footnoteReference", W + "endnoteReference", W + "txbxContent"}
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|заголовок)\s*([1-9])", re.IGNORECASE)
_BREAKS = {"page", "column"}


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    outline: int | None
    list_id: str
    depth: int


@dataclass
class _State:
    """What is known while walking through a document."""

    styles: dict[str, _Style]
    numbering: Numbering
    rendered: bool
    page: int = 0
    size: int = 0
    boxes: list[Any] = field(default_factory=list)


def read_docx(data: bytes) -> Reading:
    """The parts of a DOCX: deleted text, comments, headers and footers left out, notes at the end."""
    package = Package(data)
    if _MAIN not in package.names:
        raise InputError(_other(package))
    root = package.xml(_MAIN)
    body = root.find(W + "body")
    if body is None:
        raise InputError("this DOCX is damaged: it has no body. Open it in a word processor and save it anew")
    rendered = next(root.iter(W + "lastRenderedPageBreak"), None) is not None
    numbering = (
        Numbering.read(package.xml("word/numbering.xml")) if "word/numbering.xml" in package.names else Numbering()
    )
    state = _State(_styles(package), numbering, rendered)
    parts = list(islice(_walk(body, state), MOST_BLOCKS + 1))
    notes = [note for kind in ("footnote", "endnote") for note in _notes(package, kind, state)]
    labels = [""] * (state.page + 1) if state.page else []
    notices = []
    if state.page and not rendered:
        notices = ["Pages are counted by the page breaks that the author set; the file does not say where others fall."]
    return Reading([*parts, *notes], labels, _title(package), notices)


def _other(package: Package) -> str:
    """What a zip file is that is no DOCX, and what to do."""
    names = package.names
    kind = package.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
    remedy = "Open it in a word processor and save it as DOCX or PDF"
    if "opendocument.text" in kind:
        return f"this is an OpenDocument text (ODT), not a DOCX. {remedy}"
    if "opendocument" in kind:
        return "this is an OpenDocument spreadsheet or presentation, not a text. Save it as PDF"
    if "epub" in kind or "META-INF/container.xml" in names:
        return "this is an e-book (EPUB). Convert it to HTML or PDF, for instance with pandoc"
    if any(name.startswith("xl/") for name in names):
        return "this is a spreadsheet (XLSX), not a text. Save it as CSV and put it into a study as a series"
    if any(name.startswith("ppt/") for name in names):
        return "this is a presentation (PPTX), not a text. Save it as PDF"
    return "this is a zip file without a Word document in it. Unpack it, and read the files in it one by one"


def _title(package: Package) -> str:
    if "docProps/core.xml" not in package.names:
        return ""
    found = package.xml("docProps/core.xml").find("{http://purl.org/dc/elements/1.1/}title")
    return canonical_line(found.text or "") if found is not None else ""


def _styles(package: Package) -> dict[str, _Style]:
    if "word/styles.xml" not in package.names:
        return {}
    styles = {}
    for style in package.xml("word/styles.xml").iter(W + "style"):
        name, base = style.find(W + "name"), style.find(W + "basedOn")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        number, depth = _list(style.find(f"{W}pPr"))
        styles[style.get(W + "styleId", "")] = _Style(
            _value(name), _value(base), int(_value(outline)) if _value(outline).isdigit() else None, number, depth
        )
    return styles


def _value(element: Any) -> str:
    return str(element.get(W + "val", "")) if element is not None else ""


def _list(properties: Any) -> tuple[str, int]:
    """The list of a paragraph or style and its depth; empty where it is in none."""
    number = properties.find(W + "numPr") if properties is not None else None
    if number is None:
        return "", 0
    depth = _value(number.find(W + "ilvl"))
    return _value(number.find(W + "numId")), int(depth) if depth.isdigit() and len(depth) < 3 else 0


def _walk(parent: Any, state: _State) -> Iterator[Part]:
    """The parts of a body or of a content control, text box or cell in it."""
    for child in parent:
        if child.tag == W + "p":
            yield from _paragraph(child, state)
        elif child.tag == W + "tbl":
            yield from _table(child, state)
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _walk(child, state)


def _table(table: Any, state: _State) -> Iterator[Part]:
    for row in table.iter(W + "tr"):
        page = state.page
        cells = [_cell(cell, state) for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr")) is row]
        text = "\t".join(cells).rstrip("\t")
        if text.strip():
            yield Part(text, BlockKind.ROW if len(cells) > 1 else None, page=page, whole=True)


def _cell(cell: Any, state: _State) -> str:
    texts = [
        _text(paragraph, state) for paragraph in cell.iter(W + "p") if next(paragraph.iterancestors(W + "tc")) is cell
    ]
    return " ".join(text for text in texts if text).replace(PAGE_BREAK, "")


def _paragraph(element: Any, state: _State) -> Iterator[Part]:
    page = state.page
    text = _text(element, state)
    boxes, state.boxes = state.boxes, []
    if text.strip(PAGE_BREAK + " "):
        yield _part(element, text, page, state)
    for box in boxes:
        yield from _walk(box, state)


def _part(element: Any, text: str, page: int, state: _State) -> Part:
    properties = element.find(W + "pPr")
    style = _value(properties.find(W + "pStyle")) if properties is not None else ""
    kind, level = _kind(style, properties, state)
    identifier, depth = _list(properties)
    for _ in range(10):
        if identifier or style not in state.styles:
            break
        identifier, depth = state.styles[style].list_id, state.styles[style].depth
        style = state.styles[style].based_on
    label = state.numbering.next(identifier, depth) if identifier not in {"", "0"} else None
    if label:
        skip = len(text) - len(text.lstrip(PAGE_BREAK))
        text = f"{text[:skip]}{canonical_line(label)} {text[skip:]}"
    if kind is None and label is not None:
        return Part(text, BlockKind.ITEM, depth + 1, canonical_line(label), page)
    if kind is None and _is_bold(element):
        kind = BlockKind.HEADING
    return Part(text, kind, level, page=page)


def _kind(style: str, properties: Any, state: _State) -> tuple[BlockKind | None, int]:
    """What the style of a paragraph, or one that it is based on, says that it is."""
    outline = _value(properties.find(W + "outlineLvl")) if properties is not None else ""
    if outline.isdigit() and int(outline) < 9:
        return BlockKind.HEADING, int(outline) + 1
    for _ in range(10):
        known = state.styles.get(style)
        name = known.name if known else style
        if found := _HEADING.fullmatch(name.strip()):
            return BlockKind.HEADING, int(found[1])
        if name.casefold() in {"title", "titel", "titre"}:
            return BlockKind.TITLE, 0
        if name.casefold() in {"caption", "table caption", "image caption"}:
            return BlockKind.CAPTION, 0
        if known is None:
            break
        if known.outline is not None and known.outline < 9:
            return BlockKind.HEADING, known.outline + 1
        style = known.based_on
    return None, 0


def _is_bold(element: Any) -> bool:
    """Whether all text of a paragraph is bold."""
    runs = [run for run in element.iter(W + "r") if run.find(W + "t") is not None]
    return bool(runs) and all(
        (bold := run.find(f"{W}rPr/{W}b")) is not None and _value(bold) not in {"0", "false"} for run in runs
    )


def _text(element: Any, state: _State) -> str:
    """The text of a paragraph as one line; turns the page at its page breaks."""
    pieces: list[str] = []
    _collect(element, state, pieces)
    text = canonical_line("".join(pieces))
    state.size += len(text)
    if state.size > MOST_CHARACTERS:
        raise InputError(
            f"this DOCX has more than {MOST_CHARACTERS:,} characters, which is the most that is read. Split it"
        )
    return text


def _collect(element: Any, state: _State, pieces: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == W + "t":
            pieces.append(child.text or "")
        elif tag == W + "tab":
            pieces.append(" ")
        elif tag in {W + "br", W + "cr"}:
            page = child.get(W + "type") == "page"
            if page and not state.rendered:
                _turn(state, pieces)
            pieces.append(" ")
        elif tag == W + "lastRenderedPageBreak":
            _turn(state, pieces)
        elif tag == W + "noBreakHyphen":
            pieces.append("-")
        elif tag == W + "txbxContent":
            state.boxes.append(child)
        elif isinstance(tag, str) and tag not in _SKIPPED:
            _collect(child, state, pieces)


def _turn(state: _State, pieces: list[str]) -> None:
    state.page += 1
    pieces.append(PAGE_BREAK)


def _notes(package: Package, kind: str, state: _State) -> Iterator[Part]:
    """The footnotes or endnotes, numbered in their order."""
    name = f"word/{kind}s.xml"
    if name not in package.names:
        return
    number = 0
    quiet = _State(state.styles, Numbering(), rendered=True)
    for note in package.xml(name).iter(W + kind):
        if note.get(W + "type") in {None, "normal"}:
            number += 1
            text = " ".join(_text(paragraph, quiet) for paragraph in note.iter(W + "p")).replace(PAGE_BREAK, "")
            if text.strip():
                yield Part(f"{number} {text.strip()}", BlockKind.NOTE, 0, str(number), state.page, whole=True)
