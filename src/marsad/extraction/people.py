"""A sentence as words with its numbers, and phrases that speak of people: how many, of what class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marsad.extraction.quantities import find_quantities
from marsad.extraction.words import Token, tokenise, word_set
from marsad.model import Quantity

__all__ = ["ADVERBS", "BE", "MODALS", "STOPS", "Group", "View", "is_adverb", "view_sentence"]

BE = word_set("people.be")
"""Forms of *be* and *get* that make a passive."""

MODALS = word_set("people.modals")
"""Words after which a verb reports nothing that has happened."""

_PREPOSITIONS = word_set("people.prepositions")
_VERBS = word_set("people.verbs")
STOPS = _PREPOSITIONS | _VERBS | BE | MODALS
"""Words that never stand within a noun phrase."""

ADVERBS = word_set("people.adverbs")
"""Words that may stand between a verb and its auxiliary or its object, besides those in -ly."""


@dataclass(frozen=True, slots=True)
class Group:
    """A phrase that speaks of people.

    Attributes:
        first, last: its words, as half-open token indices.
        head: index of its noun; of the number or pronoun where it has none.
        noun: the noun; empty where it has none.
        count: how many; None where it does not say.
        classes: classes of the lexicon that fit.
        form: ``counted``, ``one`` (an article), ``definite``, ``vague``, ``bare``, ``number`` (no noun), ``pronoun``,
            ``unknown`` (a noun that the lexicon does not have), ``name``.
        is_plural: whether its noun is in the plural.
        is_other: whether it says that they are others (*two others*).
    """

    first: int
    last: int
    head: int
    noun: str
    count: Quantity | None
    classes: frozenset[str]
    form: str
    is_plural: bool = False
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as this package reads it.

    Attributes:
        text: the whole text.
        tokens: the words of the sentence.
        numbers: by index of its first token: the index after its last token and the number.
        hidden: indices of tokens in brackets.
    """

    text: str
    tokens: tuple[Token, ...]
    numbers: Mapping[int, tuple[int, Quantity]]
    hidden: frozenset[int]

    def words(self, first: int, last: int) -> str:
        """The text from one token up to another."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""

    def low(self, index: int) -> str:
        """A word in lower case; empty beyond the ends."""
        return self.tokens[index].low if 0 <= index < len(self.tokens) else ""


def is_adverb(low: str) -> bool:
    """Whether a word may stand between a verb and what belongs to it."""
    return low in ADVERBS or (
        low.endswith("ly") and low not in {"family", "ally", "july", "assembly", "rally", "italy"}
    )


def view_sentence(text: str, start: int, end: int) -> View:
    """Read a sentence: its words, its numbers, and what stands in brackets."""
    tokens = tokenise(text, start, end)
    at_start = {token.start: index for index, token in enumerate(tokens)}
    at_end = {token.end: index + 1 for index, token in enumerate(tokens)}
    numbers: dict[int, tuple[int, Quantity]] = {}
    for found in find_quantities(text[start:end]):
        first, last = at_start.get(found.start + start), at_end.get(found.end + start)
        if found.unit == "count" and first is not None and last is not None:
            numbers[first] = (last, found.quantity)
    hidden: set[int] = set()
    depth = 0
    for index, token in enumerate(tokens):
        depth += token.low in "(["
        if depth > 0:
            hidden.add(index)
        depth = max(depth - (token.low in ")]"), 0)
    return View(text, tokens, numbers, frozenset(hidden if depth == 0 else ()))
