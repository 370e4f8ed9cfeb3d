"""Marks: what stands behind a number and leads to the statements that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from marsad.model import Kind, Statement, plural

__all__ = ["EvidenceSet", "Marks", "runs"]

_LINE = re.compile(r"^(?P<file>.*?):(?P<line>\d+)$")
_KINDS = {kind: number for number, kind in enumerate(Kind)}
_MARK = Markup('<a class="m" href="#{}" aria-label="evidence for {}: {}"></a>')


@dataclass(frozen=True, slots=True)
class EvidenceSet:
    """Several statements behind one number.

    Attributes:
        number: of the set in the page.
        label: the number (or value) that first rested on it.
        statements: their numbers in the page, in order.
    """

    number: int
    label: str
    statements: tuple[int, ...]


class Marks:
    """Makes marks and remembers what they point to.

    Every statement has a number, from its place in the study folder; the statements that marks use get an anchor
    ``s12``, and each set of several statements an anchor ``e3``.
    """

    def __init__(self, statements: Mapping[str, Statement]) -> None:
        ordered = sorted(statements.items(), key=lambda item: (*_order(item[1]), item[0]))
        self._numbers = {identifier: number for number, (identifier, _) in enumerate(ordered, 1)}
        self._statements = [statement for _, statement in ordered]
        self._sets: dict[tuple[int, ...], EvidenceSet] = {}
        self._used: set[int] = set()

    def mark(self, text: str, statements: Iterable[str]) -> Markup:
        """The mark behind a text; empty where it rests on no statement of the study."""
        numbers = self.use(statements)
        if not numbers:
            return Markup()
        words = plural(len(numbers), "statement")
        return _MARK.format(self._anchor(text, numbers), text, words)

    def use(self, statements: Iterable[str]) -> tuple[int, ...]:
        """The numbers of statements, in order, noted as used; unknown ones are passed over."""
        numbers = tuple(sorted({self._numbers[name] for name in statements if name in self._numbers}))
        self._used.update(numbers)
        return numbers

    def numbered(self, statements: Iterable[str]) -> list[tuple[int, Statement]]:
        """Statements with their numbers, in order, noted as used."""
        return [(number, self._statements[number - 1]) for number in self.use(statements)]

    def _anchor(self, text: str, numbers: tuple[int, ...]) -> str:
        if len(numbers) == 1:
            return f"s{numbers[0]}"
        found = self._sets.setdefault(numbers, EvidenceSet(len(self._sets) + 1, text, numbers))
        return f"e{found.number}"

    @property
    def sets(self) -> tuple[EvidenceSet, ...]:
        """The sets of several statements that marks have used so far, in order of first use."""
        return tuple(self._sets.values())

    @property
    def used(self) -> tuple[tuple[int, Statement], ...]:
        """The statements that marks have used so far, with their numbers, in order."""
        return tuple((number, self._statements[number - 1]) for number in sorted(self._used))


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as pairs of first number and length of each unbroken run."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        first, length = found[-1] if found else (number, 0)
        if number == first + length:
            found[-1:] = [(first, length + 1)]
        else:
            found.append((number, 1))
    return found


def _order(statement: Statement) -> tuple[int, str, int, str, str]:
    match = _LINE.match(statement.origin)
    file, line = (match["file"], int(match["line"])) if match else (statement.origin, 0)
    return (_KINDS[statement.kind], file, line, statement.record, statement.property)
