"""The words of ``figures.yaml``: what nouns and verbs beside a number say that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from marsad.extraction.words import read_lexicon

__all__ = ["FigureWords", "figure_words"]


@dataclass(frozen=True, slots=True)
class FigureWords:
    """The lexicon, turned round: word -> what it says.

    Attributes:
        nouns: noun -> measure.
        people: noun -> class of victims; empty for people of any kind.
        people_measures: noun for people -> measure of a number that no verb says more of.
        modifiers: word before ``personnel``, ``forces`` … -> class of victims.
        verbs: verb -> measure.
        noun_of: noun before ``of`` and the number -> measure.
        rise, fall: words of increase and decrease.
        multiples: verb -> how many times.
        record: words that say that no other value was higher.
        reported, report_nouns: words with which a text names who counted.
        skipped_sections: headings of parts that state no figures.
        stop: words that end the noun phrase after a number.
        skipped_before, skipped_after: words between a number with its noun and its verb.
        linking: words between the items of a list of counts.
        plain: words of a definition that say nothing of how was counted.
    """

    nouns: dict[str, str]
    people: dict[str, str]
    people_measures: dict[str, str]
    modifiers: dict[str, str]
    verbs: dict[str, str]
    noun_of: dict[str, str]
    rise: frozenset[str]
    fall: frozenset[str]
    multiples: dict[str, Decimal]
    record: frozenset[str]
    reported: frozenset[str]
    report_nouns: frozenset[str]
    skipped_sections: frozenset[str]
    stop: frozenset[str]
    skipped_before: frozenset[str]
    skipped_after: frozenset[str]
    linking: frozenset[str]
    plain: frozenset[str]


@cache
def figure_words() -> FigureWords:
    """The lexicon that ships with the program."""
    data = read_lexicon("figures")
    return FigureWords(
        nouns=_turned(data["nouns"]),
        people=_turned(data["people"]),
        people_measures=_turned(data["people_measures"]),
        modifiers=_turned(data["modifiers"]),
        verbs=_turned(data["verbs"]),
        noun_of=_turned(data["noun_of"]),
        rise=frozenset(data["rise"]),
        fall=frozenset(data["fall"]),
        multiples={word: Decimal(str(times)) for times, words in data["multiples"].items() for word in words},
        record=frozenset(data["record"]),
        reported=frozenset(data["reported"]),
        report_nouns=frozenset(data["report_nouns"]),
        skipped_sections=frozenset(data["skipped_sections"]),
        stop=frozenset(data["stop"].split()),
        skipped_before=frozenset(data["skipped_before"].split()),
        skipped_after=frozenset(data["skipped_after"].split()),
        linking=frozenset(data["linking"].split()),
        plain=frozenset(data["plain"].split()),
    )


def _turned(words: dict[str, list[str]]) -> dict[str, str]:
    """Word -> the first key that has it."""
    found: dict[str, str] = {}
    for key, members in words.items():
        for member in members:
            found.setdefault(member, key)
    return found
