"""Markdown: the headings, paragraphs, items, tables and notes that CommonMark and GitHub's tables mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.documents.canonical import canonical_line, canonical_lines
from marsad.documents.document import BlockKind
from marsad.documents.parts import Part, Reading

__all__ = ["read_markdown"]

_FRONT = re.compile(r"\A---[ \t]*\n((?:(?!---|\.\.\.)[^\n]*\n){0,200})(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]*[\"']?([^\n]*?)[\"']?[ \t]*$", re.MULTILINE)
_NOTE = re.compile(r"\[\^(?P<label>[^\]\s]{1,40})\]:\s*")
_NOTE_START = re.compile(r"^\[\^[^\]\s]{1,40}\]:", re.MULTILINE)
_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")
_TAGS = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1>|\Z)", re.IGNORECASE | re.DOTALL)


def read_markdown(text: str) -> Reading:
    """The parts of a Markdown text; its front matter gives the title, its footnotes stand at the end."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - heavy

    text = canonical_lines(text).replace("\f", "\n\n")
    title = ""
    if front := _FRONT.match(text):
        found = _TITLE.search(front[1])
        title = canonical_line(found[1]) if found else ""
        text = text[front.end() :]
    text = _NOTE_START.sub(lambda found: "\n" + found[0], text)  # a definition begins a paragraph of its own
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    parts = list(_parts(tokens))
    notes = [part for part in parts if part.kind is BlockKind.NOTE]
    return Reading([*(part for part in parts if part.kind is not BlockKind.NOTE), *notes], [], title)


@dataclass
class _Place:
    """Where in the document a token stands."""

    heading: int = 0
    depth: int = 0
    label: str = ""
    item: bool = False
    row: list[str] | None = None

    def move(self, token: Any) -> None:
        """Go into or out of what a token opens or closes."""
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            self.depth += 1
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            self.depth -= 1
        elif kind == "list_item_open":
            self.item = True
            self.label = f"{token.info}{token.markup}" if token.info else ""
        elif kind in {"heading_open", "heading_close"}:
            self.heading = int(token.tag[1]) if kind == "heading_open" else 0
        elif kind == "tr_open":
            self.row = []


def _parts(tokens: Sequence[Any]) -> Iterator[Part]:
    place = _Place()
    for token in tokens:
        place.move(token)
        if token.type == "tr_close" and place.row is not None:
            yield from _row(place.row)
            place.row = None
        elif token.type == "inline" and place.row is not None:
            place.row.append(canonical_line(_inline(token)))
        elif token.type == "inline":
            yield from _part(_inline(token), place)
            place.item, place.label = place.item and place.heading > 0, ""
        elif token.type in {"fence", "code_block"}:
            yield from (Part(line, whole=True) for one in token.content.split("\n\n") if (line := canonical_line(one)))
        elif token.type == "html_block":
            yield from _part(_bare(token.content), _Place())


def _row(cells: list[str]) -> Iterator[Part]:
    text = "\t".join(cells).rstrip("\t")
    if text.strip():
        yield Part(text, BlockKind.ROW if "\t" in text else None, whole=True)


def _part(text: str, place: _Place) -> Iterator[Part]:
    text = canonical_line(text)
    note = _NOTE.match(text)
    if note and (body := _MARK.sub("", text[note.end() :]).strip()):
        yield Part(f"{note['label']} {body}", BlockKind.NOTE, 0, note["label"], whole=True)
        return
    text = canonical_line(_MARK.sub("", text))
    if not text:
        return
    if place.heading:
        yield Part(text, BlockKind.HEADING, place.heading, whole=True)
    elif place.item:
        numbered = f"{place.label} {text}" if place.label else text
        yield Part(numbered, BlockKind.ITEM, max(place.depth, 1), place.label, whole=True)
    else:
        yield Part(text, whole=True)


def _inline(token: Any) -> str:
    """The words of an inline token: no emphasis, addresses of links or tags."""
    texts: list[str] = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            texts.append("\n")
        elif child.type in {"text", "code_inline", "text_special"}:
            texts.append(child.content)
        elif child.type == "html_inline" and child.content.casefold().startswith("<br"):
            texts.append("\n")
    return "".join(texts)


def _bare(html: str) -> str:
    return _TAGS.sub(" ", _HIDDEN.sub("", html))
