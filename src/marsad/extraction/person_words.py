"""Nouns for people and the words that tell their class, from the lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from marsad.extraction.words import Phrases, plural, read_lexicon

__all__ = ["class_words", "employed_nouns", "listed_words", "person_nouns", "side_of", "target_of"]


@cache
def person_nouns() -> Phrases[tuple[str, bool]]:
    """Nouns for people: the class (empty for a role) and whether the noun is in the plural."""
    return Phrases(_noun_entries())


def _noun_entries() -> Iterator[tuple[str, tuple[str, bool]]]:
    lexicon = read_lexicon("persons")
    seen: set[str] = set()
    for name, found in [*lexicon["classes"].items(), ("", lexicon["roles"])]:
        for entry in found["nouns"]:
            noun, _, given = str(entry).partition("/")
            pairs = [(noun, False), (given or plural(noun), True)]
            for phrase, is_plural in pairs:
                if phrase not in seen:
                    seen.add(phrase)
                    yield phrase, (name, is_plural)
        for phrase in found["plurals"]:
            if phrase not in seen:
                seen.add(phrase)
                yield phrase, (name, True)


@cache
def class_words() -> Phrases[str]:
    """Words that tell the class of a role that they stand beside."""
    classes = read_lexicon("persons")["classes"]
    return Phrases((str(word), name) for name, found in classes.items() for word in found.get("words", ()))


@cache
def listed_words(key: str) -> frozenset[str]:
    """One of the plain lists of the lexicon of persons."""
    return frozenset(str(word) for word in read_lexicon("persons")[key])


def side_of(classes: frozenset[str]) -> str:
    """On which side people of these classes stand: civilian, security, militant; empty where none is known."""
    lexicon = read_lexicon("persons")["classes"]
    sides = {lexicon[name]["side"] for name in classes}
    return next((side for side in ("militant", "security", "civilian") if side in sides), "")


def target_of(classes: frozenset[str]) -> str:
    """The kind of target that people of these classes are; empty where no class is known."""
    lexicon = read_lexicon("persons")["classes"]
    return next((str(found["target"]) for name, found in lexicon.items() if name in classes), "")


@cache
def employed_nouns() -> frozenset[str]:
    """Nouns of roles whose class is that of the employer, in both numbers."""
    nouns = [str(noun) for noun in read_lexicon("persons")["employed"]]
    return frozenset([*nouns, *(plural(noun) for noun in nouns)])
