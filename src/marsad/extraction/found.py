"""What the extractors find in a text, always with its place in it and the rule that found it."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.model import Date, Quantity

__all__ = ["FoundDate", "FoundName", "FoundQuantity"]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """An expression of time.

    Attributes:
        start, end: its place in the text.
        date: what it means, with its own precision; None where it needs a reference date that is not known.
        rule: name of the rule that read it.
        relative: whether it was reckoned from a reference date (``two months ago``).
        words: of a date that could not be resolved, how it is reckoned, for people; otherwise empty.
    """

    start: int
    end: int
    date: Date | None
    rule: str
    relative: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A number, in digits or words, with its qualifier.

    Attributes:
        start, end: its place in the text, qualifier and unit included.
        quantity: its value in units of ``unit`` (``1.7 million`` is 1700000).
        unit: ``count``, ``percent``, ``percentage_point``, ``km``, ``sq_km``, a currency (ISO 4217) … as in the
            study folder's dictionary; ``ordinal`` for ``third``.
        rule: name of the rule that read it.
        number_start, number_end: the number alone, without qualifier and unit.
    """

    start: int
    end: int
    quantity: Quantity
    unit: str
    rule: str
    number_start: int
    number_end: int


@dataclass(frozen=True, slots=True)
class FoundName:
    """A place or an actor that the gazetteer knows.

    Attributes:
        start, end: its place in the text.
        kind: ``place`` or ``actor``.
        id: identifier in the gazetteer.
        rule: ``name``, ``alias``, ``acronym``, ``adjective``, ``defined in the text`` …, or ``suggestion`` for a fuzzy
            match, which is never used without a person's word.
        score: 1 for a certain match; of a suggestion, its similarity from 0 to 1.
    """

    start: int
    end: int
    kind: str
    id: str
    rule: str
    score: float = 1.0
