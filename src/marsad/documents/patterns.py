"""The forms by which headings, items, entries of contents and captions are known in text that does not mark them."""

from __future__ import annotations

import re

from marsad.documents.vocabulary import NUMBERS

__all__ = [
    "CAPTION",
    "CHAPTER",
    "CONTENTS_HEADING",
    "ITEM",
    "KNOWN_HEADING",
    "NUMBERED",
    "PAGE_NUMBER",
    "REFERENCES_HEADING",
    "depth_of_number",
    "is_capitals",
    "is_chapter",
    "is_short",
    "is_unfinished",
]

_COUNT = rf"(?:[0-9]{{1,3}}|[IVXLC]{{1,7}}|[ivxlc]{{1,7}}|{'|'.join(NUMBERS[1:13])}|[A-Z])"

CHAPTER = re.compile(rf"(?P<label>(?:chapter|part|annex|appendix)\s+{_COUNT})(?=[\s.:–—-]|$)", re.IGNORECASE)
"""``CHAPTER TWO``, ``Appendix A`` at the beginning of a line."""

NUMBERED = re.compile(r"(?P<label>[0-9]{1,2}(?:\.[0-9]{1,2}){0,5})(?P<dot>\.?)(?P<gap>\s*)(?=[^\W\d_a-z])")
"""``2.4.1. Title`` at the beginning of a line."""

ITEM = re.compile(
    r"(?:(?P<bullet>[•‣▪●○◦∙·◾▸\uf0b7\uf0a7]|[-–—*+](?=\s))|(?P<label>\(?[0-9]{1,3}[.)]|\(?[ivxlc]{1,6}[.)]|[a-z][.)]|\([a-zA-Z]\)))\s+"
)
"""A bullet or number that begins an item of a list."""

CAPTION = re.compile(
    r"(?:table|figure|fig\.|map|chart|graph|box)\s+[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\s*[.:–—-]", re.IGNORECASE
)
"""``Table 3: …``"""

PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-–—\[(]?\s*(?P<number>[0-9]{1,4}|[ivxlc]{1,7})\s*[-–—\])]?(?:\s*(?:of|/)\s*[0-9]{1,4})?",
    re.IGNORECASE,
)
"""A line that is nothing but a page number."""

CONTENTS_HEADING = re.compile(r"(?:table of )?contents", re.IGNORECASE)
"""The heading of a table of contents."""

REFERENCES_HEADING = re.compile(
    r"(?:\W*[0-9.]+\s*)?"
    r"(?:references|bibliography|works cited|reference list|list of references|literature cited|sources)",
    re.IGNORECASE,
)
"""The heading of a list of references."""

_WORDS = (
    "abstract|acknowledge?ments?|acronyms|annex|appendix|appendices|background|bibliography|conclusions?"
    "|contents|concluding remarks|declaration|dedication|discussion|endnotes|executive summary|findings"
    "|foreword|footnotes|glossary|introduction|key findings|limitations|list of (?:abbreviations?|acronyms"
    "|figures|tables|maps)|abbreviations|literature review|main findings|major findings|methodology|methods"
    "|notes|preface|recommendations?|references|reference list|results|sources|summary|table of contents"
    "|way forward|the way forward|works cited"
)
KNOWN_HEADING = re.compile(rf"(?:{_WORDS})(?: and (?:{_WORDS}))?\s*:?", re.IGNORECASE)
"""A line that is nothing but the name of a usual part of a study."""

_FINISHED = re.compile(r"[.!?:…؟۔。][\"'”’»)\]]*$")


def is_capitals(text: str) -> bool:
    """Whether every cased letter is upper case, and there are at least four."""
    letters = [character for character in text[:400] if character.isalpha()]
    return len(letters) >= 4 and text[:400].upper() == text[:400] and text[:400].lower() != text[:400]


def is_chapter(text: str, *, capitals: bool = False) -> bool:
    """Whether a line is the heading of a chapter, part or annex, if so asked in capitals only."""
    found = CHAPTER.match(text)
    if not found or not is_short(text) or text.endswith((".", ",", ";")):
        return False
    rest = text[found.end() :]
    return is_capitals(text) or (not capitals and (not rest or rest.lstrip()[:1] in {".", ":", "–", "—", "-"}))


def depth_of_number(text: str) -> int:
    """Of how many numbers the number before a heading is made: 3 for ``2.4.1``; 0 where it has none."""
    found = NUMBERED.match(text)
    return found["label"].count(".") + 1 if found and is_short(text) else 0


def is_short(text: str) -> bool:
    """Whether a line could be a heading by its length."""
    return len(text) <= 160 and text.count(" ") < 24


def is_unfinished(text: str) -> bool:
    """Whether a paragraph ends without terminal punctuation."""
    return bool(text) and not _FINISHED.search(text[-8:])
