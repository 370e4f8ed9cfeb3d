"""Comma-separated values with the line and column of each cell (RFC 4180; the csv module tells neither).

A cell should have no line break. Where a quoted cell runs over several lines and closes well, it is read as one;
where its quote never closes, only the line in which it opens is given up and reading goes on at the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["MAX_CELL", "Cell", "Record", "tokenise"]

MAX_CELL = 100_000
"""Most characters of a cell."""

_UNCLOSED = "the quote that opens here is never closed"


class Cell(NamedTuple):
    """One cell; ``line`` and ``column`` are 1-based and those of its first character, quote included."""

    text: str
    line: int
    column: int


class Record(NamedTuple):
    """One row.

    Attributes:
        line: 1-based physical line in which it starts.
        cells: its cells; where it is broken, those before the break.
        problem: what broke it, as a cell whose text is the message; None where it is sound.
    """

    line: int
    cells: tuple[Cell, ...]
    problem: Cell | None = None


def tokenise(text: str) -> Iterator[Record]:
    """Split a text with LF line ends into records; empty lines are left out."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if not lines[at]:
            at += 1
            continue
        if '"' in lines[at]:
            record, used = _quoted(lines, at)
        else:
            record, used = _unquoted(lines[at], at + 1), 1
        yield record
        at += used


def _unquoted(text: str, line: int) -> Record:
    """A line without any quote."""
    cells = []
    column = 1
    for part in text.split(","):
        cells.append(Cell(part, line, column))
        column += len(part) + 1
    return Record(line, tuple(cells))


def _quoted(lines: list[str], first: int) -> tuple[Record, int]:
    """The record that starts in line ``first`` (0-based), and how many lines it takes."""
    cells: list[Cell] = []
    line, position = first, 0
    while True:
        start_line, start = line + 1, position + 1
        if lines[line].startswith('"', position):
            closed = _closing(lines, line, position + 1)
            if closed is None:
                return _broken(first, cells, _UNCLOSED, start)
            text, line, position = closed
        else:
            end = lines[line].find(",", position)
            end = len(lines[line]) if end < 0 else end
            text, position = lines[line][position:end], end
        if position < len(lines[line]) and lines[line][position] != ",":
            if line > first:
                return _broken(first, cells, _UNCLOSED, start)
            return _broken(first, cells, "text follows the closing quote", position + 1)
        cells.append(Cell(text, start_line, start))
        if position == len(lines[line]):
            return Record(first + 1, tuple(cells)), line - first + 1
        position += 1


def _closing(lines: list[str], line: int, position: int) -> tuple[str, int, int] | None:
    """Text of a quoted cell, and the line and position after its closing quote; None where it has none.

    A cell that runs over lines is followed no further than a cell may be long.
    """
    parts: list[str] = []
    first, size = line, 0
    while line < len(lines) and (line == first or size <= MAX_CELL):
        text = lines[line]
        end = text.find('"', position)
        if end < 0:
            parts.append(text[position:] + "\n")
            size += len(parts[-1])
            line, position = line + 1, 0
        elif text.startswith('"', end + 1):
            parts.append(text[position : end + 1])
            position = end + 2
        else:
            parts.append(text[position:end])
            return "".join(parts), line, end + 1
    return None


def _broken(first: int, cells: list[Cell], message: str, column: int) -> tuple[Record, int]:
    """A record that is given up; reading goes on at the next line.

    The culprit is the first cell that ran over the end of its line; only without one is it the last cell.
    """
    over = next((at for at, cell in enumerate(cells) if "\n" in cell.text), None)
    if over is None:
        return Record(first + 1, tuple(cells), Cell(message, first + 1, column)), 1
    return Record(first + 1, tuple(cells[:over]), Cell(_UNCLOSED, first + 1, cells[over].column)), 1
