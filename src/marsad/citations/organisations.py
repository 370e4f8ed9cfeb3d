"""Whether two names are of one organisation: acronyms, editions and services."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from marsad.citations.names import acronym, compact, name_words
from marsad.citations.words import words
from marsad.documents.shipped import shipped_yaml

__all__ = ["canonical_name", "is_given_name", "same_organisation"]

_WITH_BRACKET = re.compile(r"([^()\[\]]{2,120}?)\s*[(\[]([^()\[\]]{2,120})[)\]]")
_ARTICLES = frozenset({"the", "al"})
_EDITIONS = frozenset({"news", "newspaper", "english", "online", "staff", "com", "org", "international"})


@cache
def _groups() -> dict[str, str]:
    """Each name of an organisation, in compact form -> the name that is printed."""
    groups = shipped_yaml("marsad.citations", "outlets.yaml")
    return {compact(str(name)): str(group[0]) for group in groups for name in group}


@cache
def _given() -> frozenset[str]:
    return frozenset(str(shipped_yaml("marsad.citations", "given.yaml")["names"]).split())


def is_given_name(name: str) -> bool:
    """Whether a word is commonly a given name and seldom a family name."""
    return compact(name) in _given()


def canonical_name(name: str) -> str:
    """The printed name of a known organisation, empty for any other."""
    return _groups().get(compact(name), "")


@lru_cache(maxsize=100_000)
def same_organisation(one: str, other: str) -> str:
    """Why two names are of one organisation, in words; empty where they are not.

    ``PIPS`` and ``Pak Institute for Peace Studies``: the one is the other's acronym.
    """
    left, right = compact(one), compact(other)
    if not left or not right:
        return ""
    if left == right:
        return "the same name"
    if (len(left) > 1 and left in acronym(other)) or (len(right) > 1 and right in acronym(one)):
        return "one is the acronym of the other"
    if left in _both_names(other) or right in _both_names(one):
        return "one is the acronym of the other"
    group = _groups().get(left)
    if group and group == _groups().get(right):
        return f"both are names of {group}"
    return _by_words(name_words(one), name_words(other))


def _both_names(name: str) -> tuple[str, ...]:
    """The long and the short form of a name that is given with both: ``ARN (Agencia de …)``."""
    match = _WITH_BRACKET.fullmatch(name.strip(" ."))
    return (compact(match[1]), compact(match[2])) if match else ()


def _by_words(one: list[str], other: list[str]) -> str:
    """Why names are alike that differ by an article or by words that name an edition."""
    short, long = sorted((one, other), key=len)
    bare = [word for word in long if word not in _ARTICLES]
    if short and bare == [word for word in short if word not in _ARTICLES]:
        return "they differ by an article"
    rest = set(long[len(short) :])
    if len("".join(short)) > 4 and long[: len(short)] == short and rest <= _EDITIONS | words("months"):
        return "one is an edition of the other"
    return ""
