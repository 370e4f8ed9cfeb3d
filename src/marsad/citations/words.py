"""Word lists of ``words.yaml``."""

from __future__ import annotations

from functools import cache

from marsad.documents.shipped import shipped_yaml

__all__ = ["PARTICLES", "alternatives", "words"]

PARTICLES = frozenset(
    [
        "van",
        "von",
        "vom",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "les",
        "el",
        "al",
        "ul",
        "ur",
        "ud",
        "ad",
        "bin",
        "ibn",
        "bint",
        "abu",
        "ben",
        "ter",
        "ten",
        "te",
        "zu",
        "zum",
        "zur",
        "af",
        "av",
        "st",
    ]
)
"""Small words that are part of a family name: van den Berg, ul Haq."""


@cache
def words(name: str) -> frozenset[str]:
    """A list of single words, in small letters."""
    return frozenset(_lists()[name].split())


@cache
def alternatives(name: str) -> tuple[str, ...]:
    """A list of phrases parted by bars, the longest first, in small letters."""
    phrases = (phrase.strip() for phrase in _lists()[name].split("|"))
    return tuple(sorted(filter(None, phrases), key=lambda phrase: (-len(phrase), phrase)))


@cache
def _lists() -> dict[str, str]:
    return {str(name): str(value) for name, value in shipped_yaml("marsad.citations", "words.yaml").items()}
