"""The lexicons of this package: phrases with what they mean, found word by word without regard to case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from marsad.documents.shipped import shipped_text, shipped_yaml

__all__ = ["Phrases", "Token", "inflect", "pieces", "plural", "read_lexicon", "tokenise", "word_set"]

_TOKEN = re.compile(r"[^\W_]+(?:[.,](?=\d)\d+)*(?:[-'’][^\W_]+)*|[^\w\s]|_")
_LONGEST = 2000
"""How many characters are read as one sentence: the work on one sentence may grow with the square of its length."""
_VOWELS = frozenset("aeiou")
Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark.

    Attributes:
        low: the word in lower case, with a straight apostrophe.
        start, end: its place in the text.
        is_capital: whether it begins with a capital letter.
    """

    low: str
    start: int
    end: int
    is_capital: bool

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number and no mark."""
        return self.low[0].isalnum()


def tokenise(text: str, start: int, end: int) -> tuple[Token, ...]:
    """The words and marks between two offsets."""
    return tuple(
        Token(match[0].lower().replace("’", "'"), match.start(), match.end(), match[0][0].isupper())
        for match in _TOKEN.finditer(text, start, end)
    )


def pieces(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """A sentence, cut at white space into pieces of bounded length where it is longer than any real sentence."""
    found: list[tuple[int, int]] = []
    while end - start > _LONGEST:
        cut = max(text.rfind(" ", start + 1, start + _LONGEST), start + _LONGEST // 2)
        found.append((start, cut))
        start = cut
    return (*found, (start, end))


class Phrases(Generic[Meaning]):
    """Phrases of one or more words, each with its meaning; the longest that fits at a place counts."""

    def __init__(self, entries: Iterable[tuple[str, Meaning]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for phrase, meaning in entries:
            words = tuple(phrase.lower().split())
            self._by_first.setdefault(words[0], []).append((words, meaning))
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[Token], index: int) -> tuple[int, Meaning] | None:
        """The number of words and the meaning of the longest phrase that begins here."""
        if index >= len(tokens):
            return None
        for words, meaning in self._by_first.get(tokens[index].low, ()):
            end = index + len(words)
            if end <= len(tokens) and all(tokens[index + i].low == word for i, word in enumerate(words)):
                return len(words), meaning
        return None

    @property
    def first_words(self) -> frozenset[str]:
        """The words with which phrases begin."""
        return frozenset(self._by_first)

    def find(self, tokens: Sequence[Token]) -> list[tuple[int, int, Meaning]]:
        """All phrases from left to right, without overlap, as token indices with their meanings."""
        found: list[tuple[int, int, Meaning]] = []
        at = 0
        while at < len(tokens):
            match = self.at(tokens, at)
            if match:
                found.append((at, at + match[0], match[1]))
            at += match[0] if match else 1
        return found


def plural(noun: str) -> str:
    """The regular plural of a noun or of the last word of a phrase."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    if noun.endswith("man") and not noun.endswith(("human", "german", "oman")):
        return noun[:-3] + "men"
    return noun + "s"


def inflect(verb: str) -> dict[str, str]:
    """The forms of a verb with their names: base, present, past, participle, gerund.

    A regular verb is given as its base, another one as base/past/gerund or base/past/participle/gerund.
    """
    given = verb.split("/")
    first, _, rest = given[0].partition(" ")
    tail = f" {rest}" if rest else ""
    stem = first.removesuffix("e")
    forms = {
        "base": given[0],
        "present": plural(first) + tail,
        "past": (stem if not first.endswith("y") or first[-2] in _VOWELS else first[:-1] + "i") + "ed" + tail,
        "gerund": stem + "ing" + tail,
    }
    if len(given) > 1:
        forms |= {"past": given[1], "gerund": given[-1]}
    forms["participle"] = given[2] if len(given) == 4 else forms["past"]
    return forms


@cache
def read_lexicon(name: str) -> dict[str, Any]:
    """One of the YAML files of this package."""
    found = shipped_yaml("marsad.extraction", f"{name}.yaml")
    assert isinstance(found, dict)  # noqa: S101 - a file of ours
    return found


def word_set(name: str) -> frozenset[str]:
    """A set of words of the grammar, from ``function_words.txt``."""
    return _word_sets()[name]


@cache
def _word_sets() -> dict[str, frozenset[str]]:
    text = shipped_text("marsad.extraction", "function_words.txt")
    lines = text.replace("\n ", " ").splitlines()
    named = (line.partition(":") for line in lines if not line.startswith("#"))
    return {name: frozenset(words.split()) for name, _, words in named}
