"""The numbers that a word processor sets before list items and headings, counted as it counts them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from marsad.documents.roman import roman

__all__ = ["Numbering", "W"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of WordprocessingML, as lxml writes it."""

_MOST = 4000


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str


@dataclass
class Numbering:
    """Counts the paragraphs of each list.

    Attributes:
        levels: of each abstract list, its levels.
        lists: identifier of a list -> identifier of its abstract list.
        starts: (list, level) -> number at which that list starts over.
    """

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def read(cls, root: Any) -> Numbering:
        """The lists that ``word/numbering.xml`` defines."""
        numbering = cls()
        for abstract in root.iter(W + "abstractNum"):
            levels = {_int(one.get(W + "ilvl")): _level(one) for one in abstract.iter(W + "lvl")}
            numbering.levels[abstract.get(W + "abstractNumId", "")] = levels
        for one in root.iter(W + "num"):
            identifier = one.get(W + "numId", "")
            abstract = one.find(W + "abstractNumId")
            numbering.lists[identifier] = abstract.get(W + "val", "") if abstract is not None else ""
            for override in one.iter(W + "lvlOverride"):
                start = override.find(W + "startOverride")
                if start is not None:
                    numbering.starts[identifier, _int(override.get(W + "ilvl"))] = _int(start.get(W + "val"), 1)
        return numbering

    def next(self, identifier: str, depth: int) -> str | None:
        """The number of the next paragraph of a list at a depth from 0; empty for a bullet; None if there is none."""
        abstract = self.lists.get(identifier)
        if abstract is None:
            return None
        levels = self.levels.get(abstract, {})
        level = levels.get(depth)
        if level is None or level.style in {"bullet", "none"}:
            return "" if level is None or level.style == "bullet" else None
        counts = self._counts[abstract]
        over = self.starts.get((identifier, depth))
        if over is not None and (identifier, depth) not in self._begun:
            counts[depth] = over
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        self._begun.add((identifier, depth))
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return re.sub(r"%([1-9])", lambda found: self._printed(levels, counts, int(found[1]) - 1), level.text)

    @staticmethod
    def _printed(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
        level = levels.get(depth)
        if level is None:
            return ""
        return _number(counts.get(depth, level.start), level.style)


def _level(element: Any) -> _Level:
    def value(name: str, default: str) -> str:
        found = element.find(W + name)
        return str(found.get(W + "val", default)) if found is not None else default

    return _Level(_int(value("start", "1"), 1), value("numFmt", "decimal"), value("lvlText", ""))


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,6}", text) else default


def _number(value: int, style: str) -> str:
    if style in {"lowerRoman", "upperRoman"} and 0 < value < _MOST:
        return roman(value).upper() if style == "upperRoman" else roman(value)
    if style in {"lowerLetter", "upperLetter"} and value > 0:
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 10)
        return letter.upper() if style == "upperLetter" else letter
    return str(value)
