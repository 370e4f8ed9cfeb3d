"""Running heads, running feet and page numbers: known by their coming again at the edge of page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from marsad.documents.patterns import PAGE_NUMBER
from marsad.documents.roman import roman_value

__all__ = ["furniture_lines", "without_furniture"]

_EDGE = 3
_FEWEST = 3
_SHARE = 0.3
_DIGITS = re.compile(r"[0-9]+|\b[ivxlc]+\b", re.IGNORECASE)


def without_furniture(pages: Sequence[list[str]]) -> tuple[list[list[str]], list[str]]:
    """The lines of each page without its furniture, and the number printed on each page."""
    full = [[at for at, line in enumerate(page) if line.strip()] for page in pages]
    found, labels = furniture_lines([[page[at] for at in ats] for page, ats in zip(pages, full, strict=True)])
    gone = [{ats[at] for at in one} for ats, one in zip(full, found, strict=True)]
    kept = [[line for at, line in enumerate(page) if at not in out] for page, out in zip(pages, gone, strict=True)]
    return kept, labels


def furniture_lines(pages: Sequence[Sequence[str]]) -> tuple[list[set[int]], list[str]]:
    """Of each page (its lines, none empty) the indexes of those that are furniture, and the number printed on it.

    A line among the three outermost is furniture if it is a page number in step with the pages, or if it comes at the
    same edge, digits aside, on three pages and on three tenths of them.
    """
    offsets = _steps(pages)
    heads = _repeated([list(page[:_EDGE]) for page in pages])
    feet = _repeated([list(page[-_EDGE:]) for page in pages])
    found: list[set[int]] = []
    labels: list[str] = []
    for index, page in enumerate(pages):
        gone: set[int] = set()
        label = ""
        for order, repeated in ((range(min(_EDGE, len(page))), heads), (range(len(page) - 1, -1, -1)[:_EDGE], feet)):
            for at in order:
                number = _number(page[at])
                if number and (number[0] - index, number[1]) in offsets:
                    label = label or number[2]
                elif _key(page[at]) not in repeated:
                    break
                gone.add(at)
        found.append(gone)
        labels.append(label)
    if all(len(gone) == len(page) for gone, page in zip(found, pages, strict=True)):
        return [set() for _ in pages], labels  # a text of nothing but such lines says just that
    return found, labels


def _steps(pages: Sequence[Sequence[str]]) -> set[tuple[int, bool]]:
    """The differences between number and index, of arabic and of roman numbers, that two pages or more have."""
    counts: Counter[tuple[int, bool]] = Counter()
    for index, page in enumerate(pages):
        edge = {*page[:_EDGE], *page[-_EDGE:]}
        counts.update({(number[0] - index, number[1]) for line in edge if (number := _number(line))})
    few = len(pages) == 1
    return {step for step, count in counts.items() if count > 1 or (few and step == (1, False))}


def _number(line: str) -> tuple[int, bool, str] | None:
    """A line that is a page number: its value, whether it is roman, as printed."""
    found = PAGE_NUMBER.fullmatch(line.strip()) if len(line) < 40 else None
    if not found:
        return None
    printed = found["number"]
    return (int(printed), False, printed) if printed.isdigit() else (roman_value(printed), True, printed)


def _repeated(edges: Sequence[Sequence[str]]) -> set[str]:
    """The lines that come again at one edge of the pages."""
    counts = Counter(key for edge in edges for key in {_key(line) for line in edge})
    fewest = max(_FEWEST, round(_SHARE * len(edges)))
    return {key for key, count in counts.items() if count >= fewest and len(key) < 200 and key.strip(" #")}


def _key(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()).casefold())
