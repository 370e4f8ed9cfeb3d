"""Tables whose columns or rows do not make the totals that are printed for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marsad.documents import Block, BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity, number_text

__all__ = ["check_tables"]

_NUMBER = re.compile(r"(?:\d{1,3}(?:[,  ]\d{3})+|\d+)(?:\.\d+)?")
_TOTAL = re.compile(r"(?:grand |overall )?(?:total|totals|all|sum)\b[^\d]{0,40}", re.IGNORECASE)
_UNADDED = re.compile(
    r"%|per\s?cent|rate|average|mean|median|ratio|\bper\b|share|change|index|year|rank|density|sub-?total|of which"
    r"|includ|thereof|both|age",
    re.IGNORECASE,
)
_EMPTY = frozenset({"", "-", "–", "—", "0", "nil", "none"})
_MOST = 400

_RULE = "the cells of a column or row make the total that is printed for it"


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int
    end: int

    @property
    def value(self) -> Decimal | None:
        """Its number; None where it is no plain number."""
        if self.text in _EMPTY:
            return Decimal(0)
        return Decimal(re.sub(r"[,  ]", "", self.text)) if _NUMBER.fullmatch(self.text) else None


def check_tables(document: Document) -> Iterator[Finding]:
    """Yield the totals of tables that the cells above or beside them do not make."""
    for rows in _tables(document):
        header, body = rows[0], rows[1:]
        if len(body) > _MOST or len({len(row) for row in rows}) != 1 or len(header) < 2:
            continue
        yield from _columns(document, header, body)
        yield from _sums_across(document, header, body)


def _tables(document: Document) -> Iterator[list[list[_Cell]]]:
    """The runs of rows with several cells, the header first."""
    run: list[list[_Cell]] = []
    for block in document.blocks:
        cells = _cells(document.text, block) if block.kind is BlockKind.ROW else []
        if len(cells) > 1:
            run.append(cells)
            continue
        if len(run) > 2:
            yield run
        run = []
    if len(run) > 2:
        yield run


def _cells(text: str, block: Block) -> list[_Cell]:
    cells, at = [], block.start
    for piece in text[block.start : block.end].split("\t"):
        lead = len(piece) - len(piece.lstrip())
        cells.append(_Cell(piece.strip(), at + lead, at + lead + len(piece.strip())))
        at += len(piece) + 1
    return cells


def _columns(document: Document, header: Sequence[_Cell], body: Sequence[Sequence[_Cell]]) -> Iterator[Finding]:
    """Yield the columns that do not make the total in the last row."""
    *parts, last = body
    if len(parts) < 2 or not _TOTAL.fullmatch(last[0].text):
        return
    if any(_TOTAL.fullmatch(row[0].text) or _UNADDED.search(row[0].text) for row in parts):
        return
    for place in range(1, len(header)):
        if not _UNADDED.search(header[place].text):
            yield from _judged(document, header[place], [row[place] for row in parts], last[place])


def _sums_across(document: Document, header: Sequence[_Cell], body: Sequence[Sequence[_Cell]]) -> Iterator[Finding]:
    """Yield the rows that do not make the total in their last cell."""
    if not _TOTAL.fullmatch(header[-1].text) or len(header) < 4:
        return
    if any(_UNADDED.search(cell.text) for cell in header[1:-1]):
        return
    for row in body:
        yield from _judged(document, row[0], row[1:-1], row[-1])


def _judged(document: Document, name: _Cell, parts: Sequence[_Cell], total: _Cell) -> Iterator[Finding]:
    values = [cell.value for cell in parts]
    stated = total.value
    known = [value for value in values if value is not None]
    if stated is None or len(known) != len(values) or sum(value > 0 for value in known) < 2:
        return
    is_broken = any("." in cell.text for cell in (*parts, total))
    slack = Decimal("0.5") if is_broken else Decimal(0)
    added = sum(known, Decimal(0))
    if abs(added - stated) <= slack:
        return
    yield textual_finding(
        document,
        kind="parts-do-not-add-up",
        severity=Severity.ERROR,
        title=f"{name.text}: the cells make {number_text(added)}, not {total.text}",
        message=f"In the table, the cells of “{name.text}” make {number_text(added)}, but the total is {total.text}.",
        spans=[*((cell.start, cell.end) for cell in parts if cell.text), (total.start, total.end)],
        rule=_RULE,
    )
