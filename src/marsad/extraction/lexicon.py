"""Word lists that stand in code: short ones, which belong to the rule that uses them."""

from __future__ import annotations

__all__ = ["listed"]


def listed(words: str) -> tuple[str, ...]:
    """The words of a list that is written with spaces between them."""
    return tuple(words.split())
