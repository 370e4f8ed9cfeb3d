"""HTML: the paragraphs, headings, items, tables and notes of a page, without its menus and scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from marsad.documents.canonical import canonical_line
from marsad.documents.decoding import decoded
from marsad.documents.document import BlockKind
from marsad.documents.limits import MOST_BLOCKS
from marsad.documents.parts import Part, Reading
from marsad.errors import InputError

__all__ = ["read_html"]

_DROPPED = {
    "applet",
    "aside",
    "audio",
    "base",
    "button",
    "canvas",
    "datalist",
    "dialog",
    "embed",
    "footer",
    "form",
    "head",
    "iframe",
    "input",
    "label",
    "link",
    "map",
    "math",
    "menu",
    "meta",
    "nav",
    "noscript",
    "object",
    "option",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
}
_BLOCKS = {
    "address",
    "article",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset\s*=|\?xml[^>]{0,200}?encoding\s*=)\s*["']?([A-Za-z0-9._:-]{2,40})""", re.IGNORECASE
)
_NOTE_REFERENCE = re.compile(r"#(?:_?(?:foot|end)?note|fn|_?ftn|_?edn|cite_note|ref)[-_:]?\w*", re.IGNORECASE)
_NOTE_NAME = re.compile(r"(?:foot|end)?notes?(?:\b|[-_0-9])|\b_?(?:fn|ftn|edn)[-_:]?[0-9]+", re.IGNORECASE)
_MARK = re.compile(r"\s*[\[(]?(?:[0-9]{1,3}|[*†‡a-z])[\])]?\s*")
_BACK = re.compile(r"[\s↩↑^\ufe0e]+$")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BASE = re.compile(r"(?:[0-9]|\b(?:[kcm]?m|ft|mi|yd))$")
_LINKED = 0.6
_NOT_MARKS = {0: None, 2: None, 12: " "}  # neither page breaks nor hyphens at line ends
_MENUS = {"ul", "ol", "div", "table", "section"}
_FEWEST_LINKS = 3
_LONGEST_LINK = 120
_MAIN = 0.5


def read_html(data: bytes) -> Reading:
    """The parts of a page: its main element or all of its body; no menus, forms, asides, scripts or hidden parts."""
    found = _CHARSET.search(data[:4096])
    text, notices = decoded(data, found[1].decode("ascii") if found else "")
    root = _parsed(text)
    title = canonical_line(root.findtext(".//title") or "")
    body = root.find("body")
    dropped, main = _survey(root if body is None else body)
    parts = _Walk(dropped).parts(main)
    notes = [part for part in parts if part.kind is BlockKind.NOTE]
    return Reading([*(part for part in parts if part.kind is not BlockKind.NOTE), *notes], [], title, notices)


def _parsed(text: str) -> Any:
    from lxml import etree, html  # noqa: PLC0415 - heavy

    text = re.sub(r"^\s*<\?xml[^>]{0,300}>", "", text.lstrip("\ufeff"), count=1).translate(_NOT_MARKS)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise InputError("this HTML file is empty: it has no element. Save the page again from the browser") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise InputError(
            "the elements of this HTML file nest deeper than any page needs, so that part of its text would be lost. "
            "Open it in a browser, copy the text, and save it as plain text"
        )
    return root


@dataclass
class _Measure:
    """What stands in an element: its text and that of its links, as far as they tell a menu from a text."""

    text: int = 0
    linked: int = 0
    links: int = 0
    longest: int = 0
    inner: bool = False
    prose: bool = False
    headed: bool = False

    def add(self, other: _Measure) -> None:
        self.text += other.text
        self.linked += other.linked
        self.links += other.links
        self.longest = max(self.longest, other.longest)
        self.inner = self.inner or other.inner
        self.prose = self.prose or other.prose
        self.headed = self.headed or other.headed

    def is_menu(self) -> bool:
        """Whether nearly all text stands in three links or more to other pages, each of a few words."""
        short = self.links >= _FEWEST_LINKS and self.longest <= _LONGEST_LINK
        return short and not self.inner and not self.prose and self.linked > _LINKED * self.text > 0


def _survey(body: Any) -> tuple[set[Any], Any]:
    """The elements that are left out, and the one that holds the main text; in one pass over the page.

    The main text is what the page names so (``main``, ``article``), if there is one such element with most of the text.
    """
    from lxml import etree  # noqa: PLC0415 - heavy

    dropped: set[Any] = set()
    named: list[tuple[Any, int]] = []
    stack = [_Measure()]
    for event, element in etree.iterwalk(body, events=("start", "end")):
        tag = element.tag
        if event == "start":
            stack.append(_Measure())
            continue
        measure = stack.pop()
        measure.text += len((element.text or "").strip())
        if tag == "a":
            inner = (element.get("href") or "").startswith("#")
            measure.links, measure.linked, measure.longest, measure.inner = 1, measure.text, measure.text, inner
        measure.headed = measure.headed or tag in {"h1", "h2"}
        measure.prose = measure.prose or tag == "p" or tag in _HEADINGS
        stack[-1].text += len((element.tail or "").strip())
        menu = (tag in _MENUS and measure.is_menu()) or (tag == "header" and not measure.headed)
        if menu or _is_dropped(element, tag):
            dropped.add(element)
        else:
            stack[-1].add(measure)
            if tag in {"main", "article"} or element.get("role") == "main":
                named.append((element, measure.text))
    heavy = [element for element, text in named if text > _MAIN * stack[0].text]
    return dropped, heavy[-1] if heavy else body


class _Walk:
    """Goes through a page without recursion, for a page may nest as deep as it likes."""

    def __init__(self, dropped: set[Any]) -> None:
        self._parts: list[Part] = []
        self._texts: list[str] = []
        self._kinds: list[tuple[Any, BlockKind | None, int, str]] = []
        self._lists: list[list[int | None]] = []
        self._dropped = dropped

    def parts(self, top: Any) -> list[Part]:
        """The parts of an element."""
        element, down = top, True
        while True:
            if down:
                skipped = self._begin(element)
                if not skipped and len(element):
                    element = element[0]
                    continue
                down = False
            self._end(element)
            if element is top or len(self._parts) > MOST_BLOCKS:
                break
            self._texts.append(element.tail or "")
            following = element.getnext()
            element, down = (following, True) if following is not None else (element.getparent(), False)
        self._flush()
        return self._parts

    def _begin(self, element: Any) -> bool:
        """Take in the beginning of an element; whether what is in it is to be left out."""
        tag = element.tag
        if element in self._dropped or not isinstance(tag, str):
            return True
        if tag == "tr":
            self._flush()
            self._row(element)
            return True
        if tag in {"sup", "a"} and _is_mark(element):
            return True
        if tag in _BLOCKS:
            self._flush()
            self._open(element, tag)
        elif tag == "br":
            self._texts.append("\n")
        elif tag == "wbr":
            return True
        self._texts.append(_raised(element.text or "") if tag == "sup" else element.text or "")
        return False

    def _open(self, element: Any, tag: str) -> None:
        kind: tuple[BlockKind | None, int, str] | None = None
        if tag in _HEADINGS:
            kind = BlockKind.HEADING, _HEADINGS[tag], ""
        elif tag in {"ol", "ul", "dl"}:
            self._lists.append([_start(element)] if tag == "ol" else [None])
        elif tag == "li":
            kind = (
                BlockKind.NOTE if self._is_note(element) else BlockKind.ITEM,
                max(len(self._lists), 1),
                self._number(element),
            )
        elif tag in {"caption", "figcaption"}:
            kind = BlockKind.CAPTION, 0, ""
        elif _is_note_element(element):
            kind = BlockKind.NOTE, 0, ""
        if kind is not None:
            self._kinds.append((element, *kind))

    def _is_note(self, element: Any) -> bool:
        return _is_note_element(element) or any(kind is BlockKind.NOTE for _, kind, _, _ in self._kinds)

    def _number(self, element: Any) -> str:
        if not self._lists or self._lists[-1][0] is None:
            return ""
        value = element.get("value", "")
        number = int(value) if value.isdigit() and len(value) < 6 else self._lists[-1][0]
        self._lists[-1][0] = number + 1
        return f"{number}."

    def _end(self, element: Any) -> None:
        if element.tag not in _BLOCKS:
            return
        self._flush()
        if self._kinds and self._kinds[-1][0] is element:
            self._kinds.pop()
        if element.tag in {"ol", "ul", "dl"} and self._lists:
            self._lists.pop()

    def _flush(self) -> None:
        """Make a part of the text gathered so far."""
        text = canonical_line("".join(self._texts))
        self._texts = []
        if not text:
            return
        element, kind, level, label = self._kinds[-1] if self._kinds else (None, None, 0, "")
        if kind is BlockKind.NOTE:
            text = _BACK.sub("", text)
        if label and element is not None:
            text = f"{label} {text}"
            self._kinds[-1] = element, kind, level, ""  # a second paragraph of the item has no number
        if kind is BlockKind.NOTE:
            self._parts.append(Part(text, kind, 0, label.strip("."), whole=True))
        else:
            self._parts.append(Part(text, kind, level, label, whole=True))

    def _row(self, element: Any) -> None:
        cells = [canonical_line(_content(cell)) for cell in element if cell.tag in {"td", "th"}]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            self._parts.append(Part("\t".join(cells), BlockKind.ROW if len(cells) > 1 else None, whole=True))


def _content(cell: Any) -> str:
    """The text of a cell without scripts and marks of notes; lines and blocks in it parted by spaces."""
    texts: list[str] = [cell.text or ""]
    for element in cell.iterdescendants():
        if (
            isinstance(element.tag, str)
            and element.tag not in {"script", "style", "template"}
            and not _is_mark(element)
        ):
            words = _raised(element.text or "") if element.tag == "sup" else element.text or ""
            texts.append((" " if element.tag in _BLOCKS or element.tag == "br" else "") + words)
        texts.append((" " if element.tag in _BLOCKS else "") + (element.tail or ""))
    return "".join(texts)


def _is_dropped(element: Any, tag: str) -> bool:
    if tag in _DROPPED or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN.search(element.get("style", "")[:500]))


def _words(element: Any) -> str:
    """The first words of an element: enough to see whether it is a mark."""
    texts: list[str] = []
    for one in islice(element.iter(), 8):
        texts += [one.text or "", (one.tail or "") if one is not element else ""]
    return "".join(texts)[:40]


def _raised(text: str) -> str:
    """A raised number in raised digits, for ``10`` and a raised ``2`` are not 102."""
    return text.translate(_RAISED) if text.strip().isdecimal() else text


def _is_mark(element: Any) -> bool:
    """Whether a raised or linked number only points to a note: not an exponent of a number or of a unit of length."""
    if element.tag == "sup":
        before = (element.getprevious().tail if element.getprevious() is not None else element.getparent().text) or ""
        linked = any(child.tag == "a" for child in element)
        return bool(_MARK.fullmatch(_words(element))) and (linked or not _BASE.search(before[-8:]))
    if element.tag != "a":
        return False
    target = element.get("href") or ""
    return bool(_NOTE_REFERENCE.fullmatch(target[:100]) and _MARK.fullmatch(_words(element)))


def _is_note_element(element: Any) -> bool:
    names = (
        f"{element.get('id', '')} {element.get('class', '')} {element.get('role', '')} {element.get('epub:type', '')}"
    )
    return element.tag in {"aside", "div", "li", "p", "section", "ol"} and bool(_NOTE_NAME.search(names[:300]))


def _start(element: Any) -> int:
    value = element.get("start", "")
    return int(value) if value.isdigit() and len(value) < 6 else 1
