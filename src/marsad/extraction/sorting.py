"""The first decision about a sentence: does it report an incident, an aggregate, both or neither?

An incident is a single act, told with its day or month, its victims or its place. An aggregate is a count or a trend
of acts over a period: *262 attacks in 2022*, *a rise of 28 per cent*, *since January*, an annual report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from marsad.documents import Document
from marsad.documents.vocabulary import MONTH
from marsad.extraction.deeds import Deed, find_deeds, is_unreal
from marsad.extraction.words import Phrases, Token, plural, read_lexicon, tokenise, word_set

__all__ = ["Sort", "sort_sentence", "sort_words"]

Sort = Literal["incident", "aggregate", "both", "neither"]
"""What a sentence reports."""

_DAY = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{MONTH}|{MONTH}\.?\s+\d{{1,2}}\b(?!\d)|\b\d{{4}}-\d\d-\d\d\b|"
    r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b(?:today|yesterday|tonight|last night|this morning)\b|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\b(?:in|during|throughout|for|of)\s+(?:the\s+(?:year|years|whole\s+of|first|second|third|last|past|previous)\s+)?"
    r"(?:19|20)\d\d\b|\bbetween\s+[^,.;]{2,40}?\band\s+[^,.;]{0,20}?(?:19|20)\d\d|"
    r"\bfrom\s+[^,.;]{2,40}?\b(?:to|until|through)\s+[^,.;]{0,20}?(?:19|20)\d\d|"
    r"\bsince\s+[^,.;]{0,25}?(?:19|20)\d\d|\b(?:so\s+far\s+this\s+year|this\s+year|last\s+year|per\s+(?:year|month))\b|"
    r"\b(?:first|second|third|fourth|last)\s+(?:quarter|half|six\s+months|three\s+months|nine\s+months)\b|"
    r"\b(?:over|in|during)\s+the\s+(?:past|last|previous)\s+(?:\w+\s+)?(?:years?|months|decades?)\b|"
    r"\bsince\s+(?:the\s+)?(?:beginning|start|" + MONTH + r")|\bin\s+a\s+single\s+(?:month|year)\b",
    re.IGNORECASE,
)
_SMALL = frozenset({"two", "three", "four", "twin", "2", "3", "4"})
_NUMBER = re.compile(
    r"\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\w+|hundreds?|thousands?|dozens?|"
    r"scores|several|numerous|many"
)
_VAGUE = frozenset({"several", "numerous", "many", "dozens", "dozen", "scores", "hundreds", "hundred", "thousands"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATED_PLURAL = re.compile(
    rf"\b(?:strikes|airstrikes|bombings|blasts|explosions|clashes|shootings|raids)\s+(?:\w+\s+){{0,3}}on\s+"
    rf"(?:{MONTH}\s+\d|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH})",
    re.IGNORECASE,
)
_DEATHS = re.compile(
    r"\b(?:deaths?|fatalit|casualt|injur|killed|died|dead|wounded|loss of life|lives|arrest|refugee|deport|displaced)",
    re.IGNORECASE,
)
_TOLL = re.compile(r"\bdeath toll\b[^.;]{0,30}?\b(?:ris|rose|climb|reach|went|stand|stood|jump)", re.IGNORECASE)
_GAP = 4
"""How many words may stand between a number and what it counts (*789 terror and counter-terror operations*)."""
_CLASHES = frozenset({"clash", "shooting"})
_APART = word_set("sorting.apart")
_SINGLE = frozenset({"a", "an", "another", "the", "this", "that"})


@cache
def _phrases(key: str) -> Phrases[str]:
    return Phrases((phrase, phrase) for phrase in read_lexicon("triggers")[key])


@cache
def _counted() -> frozenset[str]:
    return frozenset(plural(noun) for noun in read_lexicon("triggers")["counted"])


@cache
def _weak() -> frozenset[str]:
    return frozenset(read_lexicon("triggers")["weak"])


@cache
def _light() -> frozenset[str]:
    return frozenset(read_lexicon("triggers")["light"])


def sort_sentence(document: Document, start: int, end: int) -> Sort:
    """What the sentence between two offsets reports."""
    return sort_words(document.text, tokenise(document.text, start, end))


def sort_words(text: str, tokens: Sequence[Token]) -> Sort:
    """The same of a sentence whose words are known."""
    if not tokens:
        return "neither"
    deeds = [deed for deed in find_deeds(tokens) if deed.name not in _weak()]
    sentence = text[tokens[0].start : tokens[-1].end]
    has_day = _DAY.search(sentence) is not None
    aggregate = _is_aggregate(tokens, deeds, sentence, has_day=has_day)
    incident = _is_incident(tokens, deeds, sentence, aggregate=aggregate, has_day=has_day)
    if aggregate:
        return "both" if incident else "aggregate"
    return "incident" if incident else "neither"


def _is_aggregate(tokens: Sequence[Token], deeds: Sequence[Deed], sentence: str, *, has_day: bool) -> bool:
    """Whether it counts acts, or counts something over a period without a day."""
    count = None if _is_clash(tokens, deeds) else _count_of_acts(tokens)
    if count is not None or _is_clash(tokens, deeds):
        return count is not None and (count not in _SMALL or not has_day)
    has_number = any(_NUMBER.fullmatch(token.low) and not _YEAR.fullmatch(token.low) for token in tokens)
    if _phrases("reports").find(tokens) and has_number:
        return True
    has_trend = bool(_phrases("trends").find(tokens))
    if has_trend and (any(deed.form == "nouns" for deed in deeds) or "repeatedly" in sentence):
        return True
    if not has_number or has_day or _has_single(tokens, deeds):
        return False
    is_of_period = _PERIOD.search(sentence) is not None and (bool(deeds) or _DEATHS.search(sentence) is not None)
    return is_of_period or (has_trend and bool(deeds))


def _is_clash(tokens: Sequence[Token], deeds: Sequence[Deed]) -> bool:
    """*Several clashes* at a place are told of as one clash, where nothing is counted and no trend is told."""
    listed = [deed for deed in deeds if deed.form != "sign"]
    words = {phrase for _, _, phrase in _phrases("trends").find(tokens)} | {
        token.low for token in tokens if _NUMBER.fullmatch(token.low) and not _YEAR.fullmatch(token.low)
    }
    return bool(listed) and all(deed.name in _CLASHES for deed in listed) and words <= {"several"}


def _count_of_acts(tokens: Sequence[Token]) -> str | None:
    """The number in *13 attacks*; None where no number counts acts."""
    for index, token in enumerate(tokens):
        if token.low not in _counted():
            continue
        for back in range(index - 1, max(index - 2 - _GAP, -1), -1):
            low = tokens[back].low
            if low in _APART:
                break
            if _NUMBER.fullmatch(low) and not _YEAR.fullmatch(low):
                return low
    return None


def _has_single(tokens: Sequence[Token], deeds: Sequence[Deed]) -> bool:
    """Whether one act is named: a verb that is no general truth, or a noun in the singular."""
    return any(
        deed.form in ("past", "participle", "gerund", "noun")
        and not is_unreal(tokens, deed.first, deed.last)
        and not (deed.name == "killing" and deed.form == "gerund")
        for deed in deeds
    )


def _is_incident(
    tokens: Sequence[Token], deeds: Sequence[Deed], sentence: str, *, aggregate: bool, has_day: bool
) -> bool:
    """Whether a single act is told that is neither planned nor possible; beside an aggregate only with its day."""
    is_single = _has_single(tokens, deeds)
    if aggregate:
        is_act = is_single and has_day and _starts_act(tokens, deeds)
        dated = has_day and _DATED_PLURAL.search(sentence) is not None
        one = is_single and any(_has_year(tokens, deed) or _befell_one(tokens, deed) for deed in deeds)
        return is_act or dated or one
    return is_single or _is_one_of_plural(tokens, deeds, sentence, has_day=has_day)


def _is_one_of_plural(tokens: Sequence[Token], deeds: Sequence[Deed], sentence: str, *, has_day: bool) -> bool:
    """Whether a plural tells of one event: clashes, attacks that somebody launched on a day, or a toll that rose."""
    has_plural = any(deed.form == "nouns" for deed in deeds)
    is_launched = has_day and has_plural and bool(_light() & {token.low for token in tokens})
    return is_launched or (has_plural and _is_clash(tokens, deeds)) or _TOLL.search(sentence) is not None


def _befell_one(tokens: Sequence[Token], deed: Deed) -> bool:
    """*A teacher was killed amid a series of assaults*."""
    is_passive = deed.form in ("past", "participle") and deed.first > 0 and tokens[deed.first - 1].low == "was"
    return is_passive and any(token.low in {"a", "an", "one"} for token in tokens[max(deed.first - 8, 0) : deed.first])


def _has_year(tokens: Sequence[Token], deed: Deed) -> bool:
    """*The 2014 attack*: one act with its year."""
    before = [token.low for token in tokens[max(deed.first - 4, 0) : deed.first]]
    return deed.form == "noun" and "the" in before and any(_YEAR.fullmatch(low) for low in before)


def _starts_act(tokens: Sequence[Token], deeds: Sequence[Deed]) -> bool:
    """Whether an act is a verb, or a noun after an article."""
    return any(
        deed.is_verb
        or (deed.form == "noun" and any(t.low in _SINGLE for t in tokens[max(deed.first - 4, 0) : deed.first]))
        for deed in deeds
        if not is_unreal(tokens, deed.first, deed.last)
    )
