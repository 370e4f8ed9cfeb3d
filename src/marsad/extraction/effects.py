"""Words for what is done to people, from the lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from marsad.extraction.people import Group
from marsad.extraction.words import Phrases, Token, inflect, read_lexicon

__all__ = ["EFFECTS", "EffectWord", "Harm", "effect_words", "find_effects"]

EFFECTS = ("killed", "injured", "kidnapped", "arrested")
"""What is done to people."""


@dataclass(frozen=True, slots=True)
class EffectWord:
    """A word that says what was done to people.

    Attributes:
        effect: ``killed``, ``injured``, ``kidnapped`` or ``arrested``.
        sort: ``verbs``, ``suffer``, ``states``, ``nouns`` or ``bodies``, as in the lexicon.
        form: of a verb: base, present, past, participle, gerund.
        first, last: the words, as half-open token indices.
    """

    effect: str
    sort: str
    form: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Harm:
    """People to whom something was done.

    Attributes:
        effect: ``killed``, ``injured``, ``kidnapped`` or ``arrested``.
        groups: who; empty where the sentence does not say.
        parts: what is said of some of them (*including two children*).
        first, last: the words that say what was done, as half-open token indices.
        rule: how they were read, for people.
        is_total: whether it gives the toll as a whole (*the death toll rose to 101*).
    """

    effect: str
    groups: tuple[Group, ...]
    parts: tuple[Group, ...]
    first: int
    last: int
    rule: str
    is_total: bool = False


@cache
def _phrases() -> Phrases[tuple[str, str, str]]:
    return Phrases(_entries())


def _entries() -> Iterator[tuple[str, tuple[str, str, str]]]:
    seen: set[str] = set()
    for effect, found in read_lexicon("effects").items():
        listed = [
            (forms[form], (effect, sort, form))
            for sort in ("verbs", "suffer")
            for verb in found[sort]
            for forms in [inflect(verb)]
            for form in ("participle", "past", "gerund", "present", "base")
        ]
        listed += [
            (phrase, (effect, sort, "")) for sort in ("states", "nouns", "bodies") for phrase in found.get(sort, ())
        ]
        for phrase, meaning in listed:
            if phrase not in seen:
                seen.add(phrase)
                yield phrase, meaning


def effect_words() -> frozenset[str]:
    """The words with which phrases for what is done to people begin."""
    return _phrases().first_words


def find_effects(tokens: Sequence[Token]) -> tuple[EffectWord, ...]:
    """The words of a sentence that say what was done to people, from left to right."""
    return tuple(
        EffectWord(effect, sort, form, first, last) for first, last, (effect, sort, form) in _phrases().find(tokens)
    )
