"""Trends in words against the figures of the same document: attacks that ``rose`` in a year for which they fell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.figure_context import CARRIED
from marsad.extraction.figure_words import figure_words
from marsad.extraction.proposal import Proposal, Slot
from marsad.extraction.words import Token, tokenise
from marsad.model import Finding, Quantity, Severity, quantity_text

__all__ = ["check_trends"]

_YEAR = re.compile(r"(?:19|20)\d\d")
_ACTS = frozenset({"attacks", "incidents", "killed", "injured"})
_VERBS_ONLY = frozenset({"more", "less", "greater", "higher", "lower", "fewer", "up", "down", "gained", "gain"})
_REACH = 8

_RULE = "what is said to rise in a year is not smaller in that year than in the year before, in the same count"


def check_trends(
    document: Document, sentences: Sequence[CountedSentence], figures: Sequence[Proposal]
) -> Iterator[Finding]:
    """Yield the sentences without numbers whose trend two figures of the document contradict.

    Args:
        document: the document.
        sentences: its sentences with their numbers.
        figures: its figures.
    """
    pairs = list(_pairs(figures))
    for sentence in sentences:
        if sentence.counts or not pairs:
            continue
        trend = _trend(document.text, sentence)
        if trend is None:
            continue
        measure, sign, verb = trend
        years = [found.date.text for found in sentence.dates if found.date is not None]
        for old, new in pairs:
            if (
                new.value("measure") != measure
                or years != [new.value("period")]
                or not _shares_area(document, sentence, new)
            ):
                continue
            if _sign(old, new) == -sign:
                yield _finding(document, verb, old, new)
                break


def _pairs(figures: Sequence[Proposal]) -> Iterator[tuple[Proposal, Proposal]]:
    """The figures of two years that follow one another, counted alike by one counter."""
    by_scope: dict[tuple[object, ...], dict[str, Proposal]] = {}
    for figure in figures:
        period = next((slot for slot in figure.slots if slot.name == "period"), None)
        if not _is_yearly(figure, period):
            continue
        scope = tuple(figure.values(name) for name in ("measure", "unit", "area", "actor", "target", "reported_by"))
        by_scope.setdefault(scope, {}).setdefault(figure.value("period"), figure)
    for years in by_scope.values():
        for year, figure in years.items():
            following = years.get(str(int(year) + 1))
            if following is not None:
                yield figure, following


def _is_yearly(figure: Proposal, period: Slot | None) -> bool:
    """Whether it counts acts or victims of a year that its own sentence names."""
    if period is None or period.rule == CARRIED or _YEAR.fullmatch(period.value) is None:
        return False
    return (
        figure.value("measure") in _ACTS and figure.value("unit") in {"count", "persons"} and not figure.value("whole")
    )


def _trend(text: str, sentence: CountedSentence) -> tuple[str, int, Token] | None:
    """What a sentence says to rise (1) or fall (-1), and the verb; None where it says no such thing plainly."""
    words = figure_words()
    tokens = [token for token in tokenise(text, sentence.start, sentence.end) if token.is_word]
    moves = [
        (index, (token.low in words.rise) - (token.low in words.fall))
        for index, token in enumerate(tokens)
        if token.low in words.rise | words.fall and token.low not in _VERBS_ONLY
    ]
    if len(moves) != 1:
        return None
    index, sign = moves[0]
    measures = {words.nouns[token.low] for token in tokens[max(index - _REACH, 0) : index] if token.low in words.nouns}
    measures &= _ACTS
    return (measures.pop(), sign, tokens[index]) if len(measures) == 1 else None


def _shares_area(document: Document, sentence: CountedSentence, figure: Proposal) -> bool:
    """Whether the sentence names the area of the figure, in the figure's own words."""
    names = [slot.text for slot in figure.slots if slot.name == "area" and slot.text]
    stretch = document.text[sentence.start : sentence.end]
    return bool(names) and all(name in stretch for name in names)


def _sign(old: Proposal, new: Proposal) -> int:
    before, after = Quantity.parse(old.value("value")), Quantity.parse(new.value("value"))
    return 1 if before.is_below(after) else -1 if after.is_below(before) else 0


def _finding(document: Document, verb: Token, old: Proposal, new: Proposal) -> Finding:
    first, second = (quantity_text(Quantity.parse(each.value("value"))) for each in (old, new))
    sentence = document.sentence_at(verb.start)
    spans = [sentence or (verb.start, verb.end), *((each.start, each.end) for each in (old, new))]
    return textual_finding(
        document,
        kind="trend-does-not-follow",
        severity=Severity.WARNING,
        title=f"“{verb.low}” in {new.value('period')}, but {first} and then {second}",
        message=(
            f"The text says “{verb.low}” of {new.value('period')}, but gives {first} for {old.value('period')} "
            f"and {second} for {new.value('period')}."
        ),
        spans=spans,
        rule=_RULE,
    )
