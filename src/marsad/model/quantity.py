"""Numbers with the qualifier that the source gives them.

Grammar, with the values that each form admits (x is the true value)::

    100          x = 100                     dozens                  x >= 24
    >60          x > 60                      scores                  x >= 40
    >=50         x >= 50                     hundreds                x >= 200
    <10          x < 10                      thousands               x >= 2000
    <=10         x <= 10                     tens of thousands       x >= 20000
    ~34          34 - 20 % <= x <= 34 + 20 % hundreds of thousands   x >= 200000
    20..25       20 <= x <= 25               millions                x >= 2000000
    several      x >= 3

Numbers are written without separators of thousands, with a point for decimals, and may be negative.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from marsad.errors import ParseError
from marsad.model.text import Agreement, TextValue, quoted

__all__ = ["ABOUT_TOLERANCE", "Quantity"]

ABOUT_TOLERANCE = Decimal("0.2")
"""How far the true value may lie from ``~n``, as a share of n. A convention of ours: no source defines "around"."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_FORM = re.compile(rf"(?P<mark>>=|<=|>|<|~)?(?P<first>{_NUMBER})(?:\.\.(?P<second>{_NUMBER}))?")
_WORDS = {
    "several": 3,
    "dozens": 24,
    "scores": 40,
    "hundreds": 200,
    "thousands": 2_000,
    "tens of thousands": 20_000,
    "hundreds of thousands": 200_000,
    "millions": 2_000_000,
}


@dataclass(frozen=True, slots=True)
class Quantity(TextValue):
    """A number as a source gives it.

    Attributes:
        text: the canonical form.
        low: smallest value admitted; None where it has no lower bound.
        high: largest value admitted; None where it has no upper bound.
        best: the number that the source prints; None for words and ranges.
        low_open: whether ``low`` itself is excluded (``>60``).
        high_open: whether ``high`` itself is excluded (``<10``).
    """

    text: str
    low: Decimal | None
    high: Decimal | None
    best: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a quantity; raises ``ParseError`` that says what is wrong."""
        if text in _WORDS:
            return cls(text, Decimal(_WORDS[text]), None, None)
        match = _FORM.fullmatch(text)
        if match is None or not text.isascii() or len(text) > 60:
            hint = (
                " (write it without separators of thousands)" if re.fullmatch(r"[<>=~]*\d{1,3}(,\d{3})+", text) else ""
            )
            raise ParseError(f"{quoted(text)} is not a quantity such as 100, >=50, >60, ~34, 20..25 or dozens{hint}")
        mark, first = match["mark"] or "", Decimal(match["first"])
        if match["second"] is not None:
            return cls._range(text, mark, first, Decimal(match["second"]))
        canonical = mark + _plain(first)
        if mark == "~":
            slack = abs(first) * ABOUT_TOLERANCE
            return cls(canonical, first - slack, first + slack, first)
        low = None if mark in ("<", "<=") else first
        high = None if mark in (">", ">=") else first
        return cls(canonical, low, high, first, low_open=mark == ">", high_open=mark == "<")

    @classmethod
    def _range(cls, text: str, mark: str, low: Decimal, high: Decimal) -> Self:
        if mark:
            raise ParseError(f"{quoted(text)} has both a range and {mark!r}")
        if low > high:
            raise ParseError(f"{quoted(text)} is a range that ends below its start")
        if low == high:
            return cls(_plain(low), low, high, low)
        return cls(f"{_plain(low)}..{_plain(high)}", low, high, None)

    def __str__(self) -> str:
        """The canonical form."""
        return self.text

    @property
    def is_exact(self) -> bool:
        """Whether it admits exactly one value."""
        return self.low is not None and self.low == self.high

    def compare(self, other: Quantity | None) -> Agreement:
        """Whether two reports of one quantity, in one unit, agree.

        Equal: the same form. Compatible: some value is admitted by both (``>50`` and ``60``).
        Conflicting: none is (``~10`` and ``>50``). Unknown: there is no other quantity.
        """
        if other is None:
            return Agreement.UNKNOWN
        if self.text == other.text:
            return Agreement.EQUAL
        return Agreement.CONFLICTING if self.is_below(other) or other.is_below(self) else Agreement.COMPATIBLE

    def is_below(self, other: Quantity) -> bool:
        """Whether every value that it admits is smaller than every value that the other admits."""
        if self.high is None or other.low is None:
            return False
        return self.high < other.low or (self.high == other.low and (self.high_open or other.low_open))

    def touches(self, other: Quantity) -> bool:
        """Whether the two conflict only because one excludes the very number that the other gives (225, >225)."""
        if self.compare(other) is not Agreement.CONFLICTING:
            return False
        return (self.high is not None and self.high == other.low) or (other.high is not None and other.high == self.low)


def _plain(number: Decimal) -> str:
    """A decimal without exponent, trailing zeros or negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
