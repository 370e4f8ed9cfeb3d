"""Letters of a text: with capitals or without, from left to right or from right to left."""

from __future__ import annotations

import re

__all__ = ["RIGHT_TO_LEFT", "direction", "has_case", "runs_right_to_left"]

RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""The code points of the scripts that run from right to left, for a class of a regex."""

_RIGHT = re.compile(f"[{RIGHT_TO_LEFT}]")


def runs_right_to_left(text: str) -> bool:
    """Whether a text holds a letter that runs from right to left."""
    return _RIGHT.search(text) is not None


def direction(text: str) -> str:
    """``rtl`` where more letters run from right to left than not, otherwise ``ltr``."""
    letters = sum(map(str.isalpha, text))
    return "rtl" if 2 * sum(map(str.isalpha, _RIGHT.findall(text))) > letters else "ltr"


def has_case(text: str) -> bool:
    """Whether a text has no letters of a script without capitals (Arabic, Devanagari, Chinese)."""
    return all(char.lower() != char.upper() for char in text if char.isalpha())
