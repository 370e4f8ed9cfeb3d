"""Numeric citations: ``[3]``, ``[3, 5–7]``, superscript numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.citations.model import Citation

__all__ = ["numeric_citations"]

_GROUP = re.compile(
    r"(?<![\w\]])(?P<lead>\[)(?P<list>\d{1,3}(?:\s?[-–—]\s?\d{1,3})?(?:\s?[,;]\s?\d{1,3}(?:\s?[-–—]\s?\d{1,3})?){0,40})"
    r"(?P<locator>\s?[,:]\s?(?:pp?|ch|sec|fig|table)\.?\s?[\w–-]{1,12})?\]|(?<=[\w.,;:)”\"'’])(?P<glued>\[)(?P<list2>\d{1,3}(?:\s?[-–—,;]\s?\d{1,3}){0,40})\]"
)
_ITEM = re.compile(r"(?P<from>\d{1,3})(?:\s?[-–—]\s?(?P<to>\d{1,3}))?")
_SUPER = re.compile(
    r"(?<=[a-zA-Z.,;:)”\"'’])[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}(?:[,⁻\u207b–-][\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}){0,9}"
)
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_UNIT = re.compile(r"(?:\b(?:km|m|cm|mm|ft|mi|s|R|CO|x)|\d)$")
_MOST = 60


def numeric_citations(text: str, start: int, end: int, *, superscripts: bool) -> Iterator[Citation]:
    """The numeric citations of one block; ranges are written out.

    Args:
        text: the text.
        start: where the block begins.
        end: where it ends.
        superscripts: whether superscript numbers are citations, as where the reference list is numbered.
    """
    for match in _GROUP.finditer(text, start, end):
        numbers = match["list"] or match["list2"]
        locator = (match["locator"] or "").strip(" ,:")
        yield from _of_group(numbers, match.start(), match.end(), locator)
    if superscripts:
        for match in _SUPER.finditer(text, start, end):
            if _UNIT.search(text[max(start, match.start() - 4) : match.start()]) is None:
                yield from _of_group(match[0].translate(_DIGITS), match.start(), match.end(), "")


def _of_group(numbers: str, start: int, end: int, locator: str) -> Iterator[Citation]:
    for item in _ITEM.finditer(numbers):
        first = int(item["from"])
        last = int(item["to"]) if item["to"] else first
        for number in range(first, min(last, first + _MOST) + 1):
            if number:
                yield Citation(
                    start, end, number=number, style="numeric", locator=locator, group_start=start, group_end=end
                )
