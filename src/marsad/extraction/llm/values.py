"""Whether a value that a model gives is what its words say, by Marsad's own grammars and the gazetteer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from marsad.documents import Document
from marsad.errors import NotFoundError, ParseError
from marsad.extraction.dates import find_dates
from marsad.extraction.found import FoundDate, FoundName, FoundQuantity
from marsad.extraction.llm.schema import DEFINITION
from marsad.extraction.names import Gazetteer
from marsad.extraction.quantities import find_articles, find_quantities
from marsad.model import Date, Quantity
from marsad.study import Field, dictionary

__all__ = ["Checked", "Reader", "RefusedError"]

_Found = TypeVar("_Found", FoundDate, FoundQuantity, FoundName)

_SAME = "the model's choice; the grammar reads the words so"
_UNCHECKED = "the model's reading of words in a language that the grammar does not read"
_NOBODY = frozenset({"no", "none", "nobody", "zero", "without", "neither", "nil"})
_NO_NAME_RULES = frozenset({"adjective", "within a name"})
_OPENERS = frozenset({"The", "A", "An", "In", "At", "By"})
_POINT = re.compile(r"(\d{4})(?:-\d\d(?:-(\d\d))?)?")
_NUMBER = re.compile(r"\d{1,9}")
_WORD = re.compile(r"\w+")
# How far before the words the year of a date without one may stand.
_YEAR_REACH = 2000
_SENTENCE_REACH = 600
_LONGEST_NAME = 200


class RefusedError(Exception):
    """A value that its words do not bear out; the message says why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A value in its canonical form, and why it is believed."""

    value: str
    rule: str


@dataclass(frozen=True)
class Reader:
    """Holds values against the words of a document.

    Attributes:
        document: the document.
        gazetteer: places and actors that are known.
        reference: when the document was written.
    """

    document: Document
    gazetteer: Gazetteer
    reference: Date | None = None

    def check(self, field: Field, value: str, start: int, end: int) -> Checked:
        """Hold a value against its words.

        Args:
            field: the column that it is for.
            value: as the model gives it; not looked at where the words alone decide (names, definitions).
            start: where its words begin in the document.
            end: where they end.

        Raises:
            RefusedError: it is not in its grammar, or not what the words say.
        """
        try:
            if field.vocabulary:
                return _term(field, value)
            if field.type == "edtf":
                return self._date(Date.parse(value), start, end)
            if field.type == "quantity":
                return self._quantity(field, Quantity.parse(value), start, end)
        except ParseError as error:
            raise RefusedError(str(error)) from None
        if field.name == DEFINITION:
            return Checked(" ".join(self.document.text[start:end].split()), "words that are counted")
        return self._name("place" if field.table == "places" else "actor", start, end)

    @property
    def _is_foreign(self) -> bool:
        """Whether the grammars may fail to read what the words say."""
        return self.document.language not in ("en", "")

    def _around(self, start: int, end: int) -> tuple[str, int]:
        """The sentence of some words, of a very long one what is near, and where it begins: it may qualify them."""
        sentence = self.document.sentence_at(start)
        first, last = sentence if sentence and end <= sentence[1] else (start, end)
        first, last = max(first, start - _SENTENCE_REACH), min(last, end + _SENTENCE_REACH)
        return self.document.text[first:last], first

    def _date(self, value: Date, start: int, end: int) -> Checked:
        """A date has to be the one that is read in the words, or less precise."""
        known = value.earliest or value.latest
        if known is None:
            raise RefusedError(f"{value} names no time")
        sentence, first = self._around(start, end)

        def read(reference: Date | None) -> list[FoundDate]:
            return list(_touching(find_dates(sentence, reference=reference), start - first, end - first))

        found = read(self.reference)
        if _is_told(value, found):
            return Checked(value.text, _SAME)
        if self._is_foreign and _has_its_numbers(value, self.document.text[start:end]):
            return Checked(value.text, _UNCHECKED)
        if not found:
            raise RefusedError("the words hold no date")
        if told := ", ".join(each.date.text for each in found if each.date is not None):
            raise RefusedError(f"the words say {told}, not {value}")
        named = _numbers(self.document.text[max(0, start - _YEAR_REACH) : first + len(sentence)])
        if known.year in named and _is_told(value, read(Date.parse(f"{known.year:04d}"))):
            return Checked(value.text, f"{_SAME}, with a year that the text names beside them")
        raise RefusedError(f"the words do not tell it: {found[0].words}")

    def _quantity(self, field: Field, value: Quantity, start: int, end: int) -> Checked:
        """A quantity has to be the one that is read in the words, qualifier included, or the sum of several."""
        sentence, first = self._around(start, end)
        words = self.document.text[start:end]
        found = [
            each.quantity
            for each in _touching(find_quantities(sentence), start - first, end - first)
            if each.unit != "ordinal"
        ]
        single = len(find_articles(words))
        text = value.text.removeprefix("-") if field.min is None else value.text
        if text in {each.text for each in found}:
            return Checked(value.text, _SAME)
        if value.text in _sums(found, single):
            return Checked(value.text, "the model's choice; the sum of the numbers in the words")
        if found:
            raise RefusedError(f"the words say {', '.join(each.text for each in found)}, not {value}")
        if value.text == "0" and _NOBODY & {word.lower() for word in _WORD.findall(words)}:
            return Checked("0", "the model's choice; the words say that there was none")
        if self._is_foreign and not _numbers(words) and not value.text.startswith("-"):
            return Checked(value.text, _UNCHECKED)
        raise RefusedError("the words hold no such number")

    def _name(self, kind: str, start: int, end: int) -> Checked:
        """The one place or actor that the gazetteer knows in the words."""
        first = bisect_left(self._names, start - _LONGEST_NAME, key=lambda name: name.start)
        last = bisect_left(self._names, end, key=lambda name: name.start)
        inside = list(_touching(self._names[first:last], start, end))
        names = [each for each in inside if each.kind == kind and each.rule not in _NO_NAME_RULES and self._has(each)]
        if not names:
            raise RefusedError(f"the gazetteer knows no {kind} in the words")
        if stranger := self._stranger(inside, start, end):
            raise RefusedError(f"the gazetteer does not know {stranger!r}, which stands beside a name in the words")
        ids = {
            each.id
            for each in names
            if not any(other.id != each.id and self.gazetteer.is_within(other.id, each.id) for other in names)
        }
        if len(ids) > 1:
            raise RefusedError(f"the words name several: {', '.join(sorted(ids))}")
        return Checked(min(ids), f"the model's choice; {names[0].rule} in the gazetteer")

    @cached_property
    def _names(self) -> tuple[FoundName, ...]:
        return self.gazetteer.find(self.document.text)

    def _has(self, name: FoundName) -> bool:
        """Whether the gazetteer itself has it: not what only the text defines."""
        try:
            _ = self.gazetteer.place(name.id) if name.kind == "place" else self.gazetteer.actor(name.id)
        except NotFoundError:
            return False
        return True

    def _stranger(self, known: Iterable[FoundName], start: int, end: int) -> str:
        """A capitalised word that is part of no known name: the words may name somebody else."""
        spans = [(name.start, name.end) for name in known]
        for word in _WORD.finditer(self.document.text, start, end):
            is_known = any(first <= word.start() < last for first, last in spans)
            if not is_known and word[0][0].isupper() and word[0] not in _OPENERS:
                return word[0]
        return ""


def _term(field: Field, value: str) -> Checked:
    if value not in dictionary().vocabularies[field.vocabulary]:
        raise RefusedError(f"{value[:60]!r} is no word of the vocabulary {field.vocabulary}")
    return Checked(value, "the model's choice")


def _touching(found: Iterable[_Found], start: int, end: int) -> Iterator[_Found]:
    return (each for each in found if each.start < end and start < each.end)


def _is_told(value: Date, found: Iterable[FoundDate]) -> bool:
    """Whether a date is one of those read, less precise than one, their span, or open from or until one."""
    read = [each.date for each in found if each.date is not None]
    starts, ends = [each.earliest for each in read], [each.latest for each in read]
    if not read:
        return False
    if value.latest is None:
        return value.earliest in starts
    if value.earliest is None:
        return value.latest in ends
    if not value.is_interval:
        return any(value.contains(each) for each in read)
    spans = {*zip(starts, ends, strict=True)}
    if None not in starts and None not in ends:
        spans.add((min(filter(None, starts)), max(filter(None, ends))))
    return (value.earliest, value.latest) in spans


def _has_its_numbers(value: Date, words: str) -> bool:
    """Whether year and day of each end stand in the words, in digits of any script; a month may be a word."""
    numbers = _numbers(words)
    points = _POINT.findall(value.text)
    return bool(points) and all(int(part) in numbers for point in points for part in point if part)


def _numbers(text: str) -> set[int]:
    return {int(number) for number in _NUMBER.findall(text)}


def _sums(found: Sequence[Quantity], single: int) -> set[str]:
    """The sums of several exact numbers, with and without the nouns that stand in the singular."""
    exact = [each.best for each in found if each.is_exact and each.best is not None]
    if len(exact) < len(found):
        return set()
    total = sum(exact, Decimal(0))
    sums = ({total} if len(exact) > 1 else set()) | ({total + single} if single else set())
    return {f"{each:f}" for each in sums}
