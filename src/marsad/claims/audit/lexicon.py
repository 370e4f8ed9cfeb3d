"""The word lists of the audit's checks, from ``lexicon.yaml``."""

from __future__ import annotations

from functools import cache

from marsad.documents.shipped import shipped_yaml

__all__ = ["lexicon"]


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(words.split()) for name, words in shipped_yaml("marsad.claims.audit", "lexicon.yaml").items()
    }


def lexicon(name: str) -> frozenset[str]:
    """A list of words by its name."""
    return _lists()[name]
