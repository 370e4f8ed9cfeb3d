"""Roman numerals."""

from __future__ import annotations

__all__ = ["roman", "roman_value"]

_SIGNS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_DIGITS = {sign: value for value, sign in _SIGNS if len(sign) == 1}


def roman(number: int) -> str:
    """A number from 1 as a Roman numeral in small letters."""
    text = ""
    for value, sign in _SIGNS:
        times, number = divmod(number, value)
        text += sign * times
    return text


def roman_value(text: str) -> int:
    """The value of a Roman numeral in small or capital letters, also of one that is oddly written (``iiii``).

    Returns:
        0 where the text is empty or has other characters.
    """
    values = [_DIGITS.get(digit, 0) for digit in text.casefold()]
    if not values or not all(values):
        return 0
    return sum(-one if one < two else one for one, two in zip(values, [*values[1:], 0], strict=True))
