"""Brackets of a stretch of text, inner ones included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Bracket", "brackets"]

_EDGE = re.compile(r"[()\[\]]")
_LONGEST = 1500
_DEEPEST = 8
_PAIRS = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket: ``start`` and ``end`` include its edges.

    Attributes:
        start, end: its place in the text.
        mark: ``(`` or ``[``.
        inner: the places of the brackets that stand directly within it.
    """

    start: int
    end: int
    mark: str
    inner: tuple[tuple[int, int], ...] = ()


def brackets(text: str, start: int, end: int) -> Iterator[Bracket]:
    """The brackets between two offsets, in order of their ends; unpaired and very long ones are left out."""
    open_: list[tuple[int, str, list[tuple[int, int]]]] = []
    for match in _EDGE.finditer(text, start, end):
        at, mark = match.start(), match[0]
        if mark in "([":
            open_ = [*open_[-_DEEPEST:], (at, mark, [])]
            continue
        while open_ and open_[-1][1] != _PAIRS[mark]:
            open_.pop()
        if not open_:
            continue
        begin, left, inner = open_.pop()
        if at - begin <= _LONGEST:
            yield Bracket(begin, at + 1, left, tuple(inner))
            if open_:
                open_[-1][2].append((begin, at + 1))
