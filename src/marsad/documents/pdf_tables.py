"""Tables of a PDF without rules: lines whose words stand in the same columns, with numbers under one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from marsad.documents.pdf_lines import Line

__all__ = ["Table", "find_tables"]

_NUMBER = re.compile(r"[-–+<>~≈]?[$€£]?\d[\d.,]*(?:%|[kKmM])?|[-–—]|n/?a", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-–/]\d{2,4})?")
_FIGURE = re.compile(r"\d[\d.,]*")
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 3
_LEAST_GAP = 0.45
"""Least mean distance of two columns, in sizes of the letters; words of one cell stand nearer."""
_DROP = (0.8, 3.0)
_CONTINUED = 12

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of a page that are rows of a table.

    Attributes:
        start, end: their places among the lines of the page.
        rows: their cells; the first row is the header where ``is_headed``.
        columns: the edges of the columns.
        is_headed: whether the first row is a header.
    """

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[Span, ...]
    is_headed: bool


def find_tables(lines: Sequence[Line], before: Sequence[Line] = (), after: Sequence[Line] = ()) -> list[Table]:
    """The tables among the lines of a page.

    A table that goes on from the page before with its header is put together: its header stands once. One that may go
    on without it is left out, since its totals would not come out.

    Args:
        lines: the body of the page.
        before: the body of the page before.
        after: the body of the page after.
    """
    found: list[Table] = []
    for table in _tables(lines):
        if table.start == 0 and table.is_headed and any(line.text == lines[0].text for line in before[-_CONTINUED:]):
            if _begun(before, lines, table):
                found.append(replace(table, rows=table.rows[1:]))
        elif table.is_headed:
            found.append(table)
    following = next(_tables(after), None)
    if following and following.start == 0 and following.is_headed and (begun := _begun(lines, after, following)):
        found = [table for table in found if table.end <= begun.start] + [begun]
    return found


def _begun(lines: Sequence[Line], after: Sequence[Line], table: Table) -> Table | None:
    """The rows at the end of a page, under the header that the next page repeats; None where there are none."""
    first = max(len(lines) - _CONTINUED, 0)
    at = next((place for place in range(len(lines) - 1, first - 1, -1) if lines[place].text == after[0].text), None)
    if at is None or not all(_is_row(line) for line in lines[at + 1 :]):
        return None
    rows = (table.rows[0], *(_cells(line, table.columns) for line in lines[at + 1 :]))
    is_whole = len(rows) > 1 and all(all(row) for row in rows[1:])
    return Table(at, len(lines), rows, table.columns, is_headed=True) if is_whole else None


def _tables(lines: Sequence[Line]) -> Iterator[Table]:
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _is_row(lines[end]) and (end == at or _follows(lines[end - 1], lines[end])):
            end += 1
        if end - at >= _FEWEST_ROWS - 1 and (table := _table(lines, at, end)):
            yield table
        at = max(end, at + 1)


def _is_row(line: Line) -> bool:
    """Whether a line has words in columns and ends with a number."""
    words = line.text.split()
    return len(words) == len(line.words) >= _FEWEST_COLUMNS and _NUMBER.fullmatch(words[-1]) is not None


def _follows(one: Line, two: Line) -> bool:
    low, high = _DROP
    return low * one.size <= two.drop(one) <= high * one.size and abs(one.size - two.size) < 1


def _table(lines: Sequence[Line], start: int, end: int) -> Table | None:
    rows = lines[start:end]
    columns = _columns(rows)
    cells = [_cells(row, columns) for row in rows]
    if len(columns) < _FEWEST_COLUMNS or not all(all(row) for row in cells):
        return None
    numeric = [all(_NUMBER.fullmatch(row[place]) for row in cells) for place in range(len(columns))]
    columns, cells = _merged(columns, cells, numeric)
    if len(columns) < _FEWEST_COLUMNS or numeric[0] or not _FIGURE.search(cells[-1][-1]):
        return None
    header = _header(lines, start, columns)
    if header is None:
        is_headed = all(_YEAR.fullmatch(cell) for cell in cells[0][1:])
        return Table(start, end, tuple(cells), columns, is_headed=is_headed) if len(rows) >= _FEWEST_ROWS else None
    return Table(start - 1, end, (header, *cells), columns, is_headed=True)


def _columns(rows: Sequence[Line]) -> tuple[Span, ...]:
    """The stretches of the line in which any row has letters, parted by what all rows leave free."""
    taken: list[Span] = []
    for left, right in sorted(span for row in rows for span in row.words):
        if taken and left <= taken[-1][1] + 0.1:
            taken[-1] = (taken[-1][0], max(taken[-1][1], right))
        else:
            taken.append((left, right))
    wide = taken[:1]
    for column in taken[1:]:
        reaching = [row for row in rows if any(column[0] <= start <= column[1] for start, _ in row.words)]
        gaps = [_gap(row, wide[-1][1], column[0]) for row in reaching]
        if sum(gaps) / len(gaps) >= _LEAST_GAP * rows[0].size:
            wide.append(column)
        else:
            wide[-1] = (wide[-1][0], column[1])
    return tuple(wide)


def _gap(row: Line, left: float, right: float) -> float:
    """How much free room a row has around a corridor."""
    ends = [end for _, end in row.words if end <= left + 0.1]
    starts = [start for start, _ in row.words if start >= right - 0.1]
    return min(starts) - max(ends) if starts and ends else 0.0


def _cells(row: Line, columns: Sequence[Span]) -> tuple[str, ...]:
    cells: list[list[str]] = [[] for _ in columns]
    for word, (left, right) in zip(row.text.split(), row.words, strict=True):
        middle = (left + right) / 2
        nearest = min(range(len(columns)), key=lambda at: max(columns[at][0] - middle, middle - columns[at][1], 0.0))
        cells[nearest].append(word)
    return tuple(" ".join(words) for words in cells)


def _merged(
    columns: Sequence[Span], cells: Sequence[tuple[str, ...]], numeric: Sequence[bool]
) -> tuple[tuple[Span, ...], list[tuple[str, ...]]]:
    """The columns before the first of numbers as they are, so far as the first two are no words of one label."""
    first = next((place for place, is_number in enumerate(numeric) if is_number), len(numeric))
    if first < 2 or len(columns) - first >= _FEWEST_COLUMNS - 1:
        joined = (columns[0][0], columns[max(first - 1, 0)][1])
        label = max(first, 1)
        return (joined, *columns[label:]), [(" ".join(row[:label]), *row[label:]) for row in cells]
    return tuple(columns), list(cells)


def _header(lines: Sequence[Line], start: int, columns: Sequence[Span]) -> tuple[str, ...] | None:
    """The cells of the line above the rows, where each column of numbers has a word in it."""
    if not start or not _follows(lines[start - 1], lines[start]):
        return None
    line = lines[start - 1]
    if len(line.words) != len(line.text.split()) or not line.words:
        return None
    cells = _cells(line, columns)
    reach = columns[-1][1] + 2 * line.size
    return cells if all(cells[1:]) and line.words[-1][1] <= reach else None
