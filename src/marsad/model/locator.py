"""Where in a document or a release a statement stands.

A locator is one or more terms ``label value``: ``sec 2.4 para 3``, ``page 12``, ``page 12-13``, ``row 7``.
The labels are those of CSL (Citation Style Language 1.0.2) in short, from the coarsest to the finest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from marsad.errors import ParseError
from marsad.model.text import TextValue, quoted

__all__ = ["Locator"]

_LABELS = ("vol", "chap", "sec", "page", "para", "table", "figure", "note", "row", "line", "offset")
_NAMED = ("sec", "chap")
_VALUE = re.compile(r"[\w.:][\w.:-]*")
_RANGE = re.compile(r"([0-9]+)-([0-9]+)")
_RANGED = ("page", "para", "row", "line", "offset")
"""Labels whose values count; of others ``2-1`` may be a number as printed (table 2-1)."""

_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_PRINTED = {"sec": "section", "para": "paragraph", "chap": "chapter", "vol": "volume"}


@dataclass(frozen=True, slots=True)
class Locator(TextValue):
    """A place in a source.

    Attributes:
        terms: pairs of label and value, from coarse to fine.
    """

    terms: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``label value`` pairs.

        Raises:
            ParseError: a label is unknown or repeated, a value is missing or negative, a range ends before it begins.
        """
        words = text.split(" ")
        labels, values = words[::2], words[1::2]
        if not text or len(labels) != len(values):
            raise ParseError(f"{quoted(text)} is not a locator such as 'sec 2.4 para 3' or 'page 12'")
        for label in labels:
            if label not in _LABELS:
                raise ParseError(
                    f"{quoted(text)} has the unknown label {quoted(label)}; known are {', '.join(_LABELS)}"
                )
        if len(set(labels)) != len(labels):
            raise ParseError(f"{quoted(text)} gives one label twice")
        for label, value in zip(labels, values, strict=True):
            if not _VALUE.fullmatch(value):
                raise ParseError(
                    f"{quoted(text)} has the value {quoted(value)}, which is no number or name of a section"
                )
            ends = _RANGE.fullmatch(value) if label in _RANGED else None
            if ends and (len(ends[1]), ends[1]) > (len(ends[2]), ends[2]):
                raise ParseError(f"{quoted(text)} has the range {quoted(value)}, which ends before it begins")
        return cls(tuple(zip(labels, values, strict=True)))

    def __str__(self) -> str:
        """The text form."""
        return " ".join(f"{label} {value}" for label, value in self.terms)

    @property
    def printed(self) -> str:
        """For people: ``section 2.4, paragraph 3``; of a section with a name only that: ``abstract``."""
        return ", ".join(
            value if label in _NAMED and _is_name(value) else f"{_PRINTED.get(label, label)} {value}"
            for label, value in self.terms
        )


def _is_name(value: str) -> bool:
    """Whether it is neither a number, also a Roman one, nor a letter."""
    has_digit = any(character.isdigit() for character in value)
    return not has_digit and any(len(part) > 1 and not _ROMAN.fullmatch(part) for part in re.split(r"[\W_]", value))
