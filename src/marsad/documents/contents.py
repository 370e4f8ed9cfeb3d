"""Tables of contents: one entry a block, also where a format has run several together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from marsad.documents.document import BlockKind
from marsad.documents.parts import Part
from marsad.documents.patterns import CHAPTER, CONTENTS_HEADING, is_short
from marsad.documents.roman import roman_value

__all__ = ["mark_contents"]

_PAGE = re.compile(r"(?<=[\s.…·_])(?P<page>[0-9]{1,4}|[ivxl]{1,7})(?=\s|$)")
_LEADERS = re.compile(r"\.\s*\.|[…·_]")
_MARKUP = re.compile(r"\s*#{1,6}\s+")
_LABEL = re.compile(r"(?:[0-9]{1,2}(?:\.[0-9]{1,2})*\.?|[ivxlc]+\.)(?=\s|[^\W\d_])")
_ONLY_LABEL = re.compile(r"(?:chapter|part|annex|appendix|section|table|figure|[0-9][0-9.]*)", re.IGNORECASE)
_BEGINS = re.compile(r"\s*(?:$|#|[0-9]{1,2}\.|[\"“‘'(]*[^\W\d_a-z])")
_MOST_STEP = 200
_MOST_ENTRY = 400


def mark_contents(parts: list[Part]) -> list[Part]:
    """The parts with the table of contents after its heading cut into entries of kind CONTENTS.

    An entry is its title, a tab and its page number; leaders are left out. The table ends at the first part that does
    not end with a page number and does not come again further down.
    """
    at = next((i for i, part in enumerate(parts) if CONTENTS_HEADING.fullmatch(part.text.strip(" :"))), None)
    if at is None:
        return parts
    later = Counter(_key(part.text) for part in parts[at + 1 :] if is_short(part.text))
    entries: list[Part] = []
    page = 0
    end = at + 1
    for place, part in enumerate(parts[at + 1 :], at + 2):
        found, page = _entries(part, page)
        if not found:
            later[_key(part.text)] -= 1
            comes_again = later[_key(part.text)] > 0
            # An entry whose words are not those of its heading stands between others that are.
            is_between = bool(entries) and place < len(parts) and later[_key(parts[place].text)] > 1
            if part.kind is BlockKind.HEADING or not is_short(part.text) or not (comes_again or is_between):
                break
            found = [_entry(part, part.text, "")]
        entries += found
        end += 1
    heading = replace(parts[at], kind=BlockKind.HEADING, level=parts[at].level)
    return [*parts[:at], heading, *entries, *parts[end:]] if entries else parts


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _entries(part: Part, page: int) -> tuple[list[Part], int]:
    """The entries that a part holds, and the last page number; none where it does not end with a page number."""
    text = " ".join(part.text.replace("\f", "").split())
    found: list[Part] = []
    start = 0
    for match in _PAGE.finditer(text):
        if match.start() - start > _MOST_ENTRY:
            return [], page
        title = _MARKUP.sub("", text[start : match.start()]).strip()
        value = _value(match["page"])
        if not title.strip(" .…·_") or _ONLY_LABEL.fullmatch(title) or not _BEGINS.match(text, match.end()):
            continue
        if match["page"].isdigit() and page <= value <= page + _MOST_STEP:
            page = value
        elif match["page"].isdigit() or page or not value:
            continue
        found.append(_entry(part, title, match["page"]))
        start = match.end()
    return (found, page) if found and not text[start:].strip() else ([], page)


def _entry(part: Part, title: str, page: str) -> Part:
    title = _MARKUP.sub("", title).strip()
    bare = title.rstrip(" .…·_")
    title = bare if _LEADERS.search(title, len(bare)) else title
    match = CHAPTER.match(title) or _LABEL.match(title)
    label = match[0].rstrip(".") if match else ""
    return Part(f"{title}\t{page}" if page else title, BlockKind.CONTENTS, 0, label, part.page, whole=True)


def _value(number: str) -> int:
    """The value of an arabic or a small roman number; 0 where it is neither."""
    return int(number) if number.isdigit() else roman_value(number)
