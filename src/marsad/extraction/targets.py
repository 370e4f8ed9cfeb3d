"""Whom or what an attack was aimed at, in the terms of the study folder's dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from marsad.extraction.people import BE, Group
from marsad.extraction.person_words import target_of
from marsad.extraction.told import Told
from marsad.extraction.victims import Victims
from marsad.extraction.words import Phrases, Token, plural, read_lexicon, word_set

__all__ = ["target_in", "targets_of"]

_TOWARDS = frozenset({"on", "at", "against", "targeting", "targeted", "into", "of", "inside", "aimed"})
_ENDS = word_set("targets.ends")
_REACH = 7


@cache
def _phrases() -> Phrases[str]:
    seen: dict[str, str] = {}
    for target, words in read_lexicon("triggers")["targets"].items():
        for word in words:
            for form in (word, plural(word)):
                seen.setdefault(form, target)
    return Phrases(seen.items())


def target_in(tokens: Sequence[Token]) -> str:
    """The kind of target that some words name first; empty where they name none."""
    return next((target for _, _, target in _phrases().find(tokens)), "")


def targets_of(tellings: Sequence[Told], victims: Sequence[Victims]) -> tuple[tuple[str, int, int, str], ...]:
    """The kinds of target, each with the words that name it and why they do."""
    found: dict[str, tuple[str, int, int, str]] = {}
    for told in tellings:
        for target, first, last in _aimed_at(told):
            if target == "militants" and victims:
                continue
            start, end = told.view.tokens[first].start, told.view.tokens[last - 1].end
            found.setdefault(target, (target, start, end, "what the deed was aimed at"))
    for each in victims:
        for part in (each, *each.parts):
            target = target_of(part.classes)
            if target and target != "militants":
                found.setdefault(target, (target, part.start, part.end, "who was hit"))
    if len(found) > 1 and "civilians" in found and found["civilians"][3] == "who was hit":
        del found["civilians"]
    return tuple(found.values())


def _aimed_at(told: Told) -> Iterator[tuple[str, int, int]]:
    """The words behind a deed that say what it was aimed at, and the subject of *was attacked*."""
    tokens = told.view.tokens
    for deed in told.deeds:
        if deed.form == "sign" or deed.name == "arrest":
            continue
        is_passive = deed.is_verb and deed.first > 0 and tokens[deed.first - 1].low in BE
        if is_passive:
            yield from _subject(told, deed.first - 1)
            continue
        first = deed.last
        if not deed.is_verb or tokens[first].low in _TOWARDS if first < len(tokens) else False:
            if tokens[first].low not in _TOWARDS:
                continue
            first += 1
        yield from _named(told, first)


def _named(told: Told, first: int) -> Iterator[tuple[str, int, int]]:
    tokens = told.view.tokens
    last = min(first + _REACH, len(tokens))
    stop = next((i for i in range(first, last) if tokens[i].low in _ENDS or not tokens[i].is_word), last)
    for begin, end, target in _phrases().find(tokens[first:stop]):
        yield target, first + begin, first + end
        return


def _subject(told: Told, last: int) -> Iterator[tuple[str, int, int]]:
    group: Group | None = next((group for group in told.groups if group.last == last), None)
    if group is not None and (target := target_of(group.classes)):
        yield target, group.first, group.last
        return
    first = max(last - 5, 0)
    for begin, end, target in _phrases().find(told.view.tokens[first:last]):
        yield target, first + begin, first + end
