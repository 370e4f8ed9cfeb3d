"""Told from the parts of a text: what is a title, a heading and of which level, an item, a broken paragraph."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marsad.documents.canonical import PAGE_BREAK
from marsad.documents.contents import mark_contents
from marsad.documents.document import BlockKind
from marsad.documents.joining import joined
from marsad.documents.levels import levelled
from marsad.documents.parts import Part
from marsad.documents.patterns import (
    CAPTION,
    CHAPTER,
    ITEM,
    KNOWN_HEADING,
    NUMBERED,
    depth_of_number,
    is_capitals,
    is_chapter,
    is_short,
    is_unfinished,
)

__all__ = ["structured"]

_LONG = 80
_LONGEST_CAPTION = 400
_LONGEST_TITLE = 250
_CLOSING = (".", ";", ",", "?", "!")


def structured(parts: list[Part]) -> list[Part]:
    """The parts, each with its kind, level and label; paragraphs that a page break has cut in two are joined."""
    parts = _told(mark_contents([part for part in parts if part.text.strip("\f\t ")]))
    return levelled(joined(_titled(parts)))


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a part: the parts before and after, the last heading of one number, the form of chapters."""

    before: Part | None
    after: Part | None
    last: int
    chapters_in_capitals: bool

    @property
    def after_chapter(self) -> bool:
        """Whether the part stands right under the heading of a chapter."""
        before = self.before
        return before is not None and before.kind is BlockKind.HEADING and is_chapter(before.text)

    @property
    def leads(self) -> bool:
        """Whether a paragraph or the heading of a section follows."""
        return self.after is not None and (len(self.after.text) >= _LONG or depth_of_number(self.after.text) > 1)


def _told(parts: list[Part]) -> list[Part]:
    in_capitals = any(is_chapter(part.text, capitals=True) for part in parts)
    told: list[Part] = []
    last = 0
    for at, part in enumerate(parts):
        following = parts[at + 1] if at + 1 < len(parts) else None
        told.append(_one(part, _Around(told[-1] if told else None, following, last, in_capitals)))
        if told[-1].kind is BlockKind.HEADING and told[-1].label.isdigit():
            last = int(told[-1].label)
    return told


def _one(part: Part, around: _Around) -> Part:
    """A part with the kind that its format or its form tells."""
    text = part.text.replace(PAGE_BREAK, "")
    if part.kind is BlockKind.HEADING and part.level:
        return replace(part, label=_heading_label(text))
    if part.kind not in {None, BlockKind.HEADING, BlockKind.ITEM}:
        return part
    if _is_heading(part, text, around):
        return replace(part, kind=BlockKind.HEADING, level=0, label=_heading_label(text))
    return part if part.kind is BlockKind.ITEM else _running(part, text)


def _running(part: Part, text: str) -> Part:
    """An item, a caption or a paragraph, by its form."""
    if (chapter := CHAPTER.match(text)) and is_short(text) and text[chapter.end() : chapter.end() + 1] == ":":
        return replace(part, kind=BlockKind.ITEM, level=1, label=chapter["label"])
    found = ITEM.match(text)
    bare = part.text[found.end() :] if found and found["bullet"] else part.text
    if found and bare.strip(PAGE_BREAK):
        return replace(part, text=bare, kind=BlockKind.ITEM, level=part.level or 1, label=found["label"] or "")
    caption = CAPTION.match(text) and len(text) < _LONGEST_CAPTION
    return replace(part, kind=BlockKind.CAPTION if caption else BlockKind.PARAGRAPH, level=0)


def _is_heading(part: Part, text: str, around: _Around) -> bool:
    if not is_short(text) or text.endswith((";", ",")):
        return False
    known = KNOWN_HEADING.fullmatch(text) and text[:1].isupper()
    if known or is_chapter(text, capitals=around.chapters_in_capitals):
        return True
    if not text.endswith(".") and (
        _is_numbered(text, after_chapter=around.after_chapter) or _is_in_capitals(part, text, around)
    ):
        return True
    if part.kind is BlockKind.HEADING:
        return around.leads and not text.endswith(_CLOSING)
    return _stands_alone(part, text, around)


def _is_in_capitals(part: Part, text: str, around: _Around) -> bool:
    led = around.after_chapter or around.leads
    return led and is_capitals(text) and part.kind is not BlockKind.ITEM and not ITEM.match(text)


def _is_numbered(text: str, *, after_chapter: bool) -> bool:
    """Whether a line has the number of a section: of two numbers or more, or of one before capitals."""
    numbered = NUMBERED.match(text)
    title = text[numbered.end() :] if numbered else ""
    if not numbered or len(title) <= 2:
        return False
    return "." in numbered["label"] or bool(numbered["dot"] and (after_chapter or is_capitals(title)))


def _stands_alone(part: Part, text: str, around: _Around) -> bool:
    """Whether a short enumerated line is a heading.

    It is where it goes on with the numbers of the headings, or where a long paragraph follows, and no item of the same
    list stands beside it.
    """
    found = ITEM.match(text)
    if not found or not found["label"] or (part.kind is BlockKind.ITEM and not part.label):
        return False
    before, after = around.before, around.after
    if len(text) > _LONG or text.endswith(_CLOSING) or after is None or ITEM.match(after.text):
        return False
    beside = before if before is not None and before.kind is BlockKind.ITEM else None
    if around.last and found["label"] == f"{around.last + 1}.":
        return after.kind is not BlockKind.ITEM and (beside is None or not beside.label)
    return beside is None and after.kind in {None, BlockKind.PARAGRAPH} and len(after.text) >= _LONG


def _heading_label(text: str) -> str:
    found = CHAPTER.match(text) or NUMBERED.match(text)
    if found:
        return str(found["label"])
    item = ITEM.match(text)
    return (item["label"] or "").strip("().") if item else ""


def _titled(parts: list[Part]) -> list[Part]:
    """The first part is the title if it is short and no sentence, and is not itself a section."""
    if len(parts) < 2 or any(part.kind is BlockKind.TITLE for part in parts):
        return parts
    first = parts[0]
    if first.kind is BlockKind.HEADING:
        sections = [part for part in parts[1:] if part.kind is BlockKind.HEADING]
        title = bool(sections) and not first.label and not KNOWN_HEADING.fullmatch(first.text)
        title = title and (first.level == 0 or all(part.level > first.level or not part.level for part in sections))
    else:
        title = first.kind is BlockKind.PARAGRAPH and len(first.text) <= _LONGEST_TITLE and is_unfinished(first.text)
        title = title and not parts[1].text.lstrip(PAGE_BREAK)[:1].islower()
    return [replace(first, kind=BlockKind.TITLE, level=0, label=""), *parts[1:]] if title else parts
