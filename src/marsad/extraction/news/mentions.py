"""Mentions of violent events in news: the acts of one sentence that belong together, with date and armed groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marsad.documents import Document
from marsad.extraction.dates import find_dates
from marsad.extraction.found import FoundDate
from marsad.extraction.news.acts import Act, find_acts
from marsad.extraction.news.lexicon import lexicon
from marsad.extraction.news.phrases import Target, named_people, tokenise
from marsad.model import Date

__all__ = ["Group", "Hit", "Mention", "each_mention", "find_groups", "find_mentions", "is_of_report"]

_CLAIM = re.compile(
    r"\b(?:claim(?:ed|s|ing)?|admitted|acknowledged|took|assumed)\b.{0,30}\b(?:responsib|credit|authorship)",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"\b(?:blam(?:ed|es|ing)|attribut(?:ed|es)|accus(?:ed|es|ing)|suspect(?:ed|s)|responsib\w+|implicat\w+|"
    r"linked to|work of|hold|held)\b",
    re.IGNORECASE,
)
_SAY = (
    r"(?:said|says|reported|reports|announced|stated|confirmed|told|disclosed|revealed|added|claimed|denied|condemned|"
    r"indicated|asserted|issued|informed|learned|published|noted|warned)"
)
_SAID_BEFORE = re.compile(rf"\b{_SAY}(?:\s+(?:on|late|early|here|in))?\s+$", re.IGNORECASE)
_SAID_AFTER = re.compile(rf"\s+(?:(?:officially|also|in|here)\s+)?{_SAY}\b", re.IGNORECASE)
_MOST_SURNAMES = 200
"""How many people a text can have named whose surname alone is still known for them."""
_SAYING = re.compile(rf"\b{_SAY}\b", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"\b(?:the|by|of|called|named|group|organization|and|a)\s+[\"“]?((?:[\w'-]{3,20}\s){1,4}"
    r"(?:front|movement|army|cartel|brigade|battalion|commando|commandos|resistance|gang|squad|liberation forces|"
    r"armed forces|revolutionary forces|group|self-defense))\b(?!\s+(?:of the|in|that))",
    re.IGNORECASE,
)
_DEEDS = re.compile(
    r"\b(?:carried out|committed|perpetrated|staged|launched|conducted|executed|planted|placed|set off|detonated|"
    r"attacked|killed|murdered|kidnapped|assassinated|bombed|dynamited|blew up|burned|ambushed|raided|fired|destroyed|"
    r"machinegunned|seized|entered|set fire)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A target and what befell it: death, injury or empty."""

    target: Target
    effect: str


@dataclass(frozen=True, slots=True)
class Group:
    """An armed group or force in a sentence: canonical name, words, and how the text ties it to the act.

    ``role`` is agent, claimed, accused or empty.
    """

    name: str
    text: str
    start: int
    role: str


@dataclass(frozen=True, slots=True)
class Mention:
    """What one sentence says of one event.

    Attributes:
        kind: attack, bombing, kidnapping, arson, robbery, hijacking.
        stage: accomplished, attempted or threatened.
        sentence: its offsets.
        paragraph: the start of its block.
        acts: the words that tell it.
        hits: people and things that it hit.
        perpetrators: people who did it.
        groups: armed groups and forces of the sentence.
        date: the expression of time that belongs to it; None where there is none.
    """

    kind: str
    stage: str
    sentence: tuple[int, int]
    paragraph: int
    acts: tuple[Act, ...]
    hits: tuple[Hit, ...]
    perpetrators: tuple[Target, ...]
    groups: tuple[Group, ...]
    date: FoundDate | None


def find_mentions(document: Document, *, reference: Date | None = None, start: int = 0) -> tuple[Mention, ...]:
    """Every mention of a violent event in a document, in order; see ``each_mention``."""
    return tuple(each_mention(document, reference=reference, start=start))


def each_mention(document: Document, *, reference: Date | None = None, start: int = 0) -> Iterator[Mention]:
    """Every mention of a violent event in a document, in order, as it is read.

    Args:
        document: the document.
        reference: date of publication, from which ``yesterday`` is reckoned.
        start: where the running text begins, after a dateline.
    """
    surnames: dict[str, None] = {}
    last: Target | None = None
    for first, end in document.sentences:
        if end <= start:
            continue
        begin = max(first, start)
        begin += len(document.text[begin:end]) - len(document.text[begin:end].lstrip())
        people = named_people(document.text, tokenise(document.text, begin, end))
        for person in people:
            surnames |= dict.fromkeys(word.lower() for word in person.name.split()[-2:] if len(word) > 3)
        for old in list(surnames)[: max(0, len(surnames) - _MOST_SURNAMES)]:
            del surnames[old]
        last = people[0] if people else last
        acts = find_acts(document.text, (begin, end), known=surnames, last=last)
        yield from _of_sentence(document, (begin, end), acts, reference)


def _of_sentence(
    document: Document, sentence: tuple[int, int], acts: tuple[Act, ...], reference: Date | None
) -> Iterator[Mention]:
    if not acts:
        return
    text = document.text[sentence[0] : sentence[1]]
    dates = find_dates(text, reference=reference)
    groups = find_groups(document.text, sentence)
    block = document.block_at(sentence[0])
    families: dict[str, list[Act]] = {}
    for act in acts:
        families.setdefault("violence" if act.kind in ("attack", "bombing") else act.kind, []).append(act)
    for members in families.values():
        kind = "bombing" if any(act.kind == "bombing" for act in members) else members[0].kind
        hits = tuple(_hits(members))
        yield Mention(
            kind,
            _stage(members),
            sentence,
            block.start if block else 0,
            tuple(members),
            hits,
            tuple({each.text: each for act in members for each in act.perpetrators}.values()),
            groups,
            _nearest(dates, members, sentence[0], text),
        )


def _hits(acts: list[Act]) -> Iterator[Hit]:
    """Each target once, with the gravest effect that an act of the sentence had on it."""
    rank = {"death": 2, "injury": 1, "": 0}
    best: dict[tuple[int, str], Hit] = {}
    for act in acts:
        for target in act.targets:
            key = (target.start, target.head)
            if key not in best or rank[act.effect] > rank[best[key].effect]:
                best[key] = Hit(target, act.effect if target.sort == "people" else "")
    yield from best.values()


def _stage(acts: list[Act]) -> str:
    stages = [act.stage for act in acts]
    return next(stage for stage in ("accomplished", "attempted", "threatened") if stage in stages)


def is_of_report(text: str, found: FoundDate) -> bool:
    """Whether a date tells when something was said (``reported today that``), not when it happened."""
    before, after = text[max(0, found.start - 24) : found.start], text[found.end : found.end + 24]
    return bool(_SAID_BEFORE.search(before) or _SAID_AFTER.match(after))


def _nearest(dates: tuple[FoundDate, ...], acts: list[Act], offset: int, text: str) -> FoundDate | None:
    dated = [each for each in dates if each.date is not None and not is_of_report(text, each)]
    if not dated:
        return None
    return min(dated, key=lambda each: min(abs(each.start + offset - act.start) for act in acts))


def find_groups(text: str, sentence: tuple[int, int]) -> tuple[Group, ...]:
    """The armed groups and forces that a sentence names."""
    begin, end = sentence
    names = lexicon().groups
    found = []
    for match in lexicon().group_pattern.finditer(text, begin, end):
        before, after = (
            text[max(begin, match.start() - 80) : match.start()],
            text[match.end() : min(end, match.end() + 90)],
        )
        found.append(Group(names[match[0].upper()], match[0], match.start(), _role(before, after)))
    known = {(each.start, each.start + len(each.text)) for each in found}
    for match in _UNKNOWN.finditer(text, begin, end):
        if any(start < match.end(1) and match.start(1) < stop for start, stop in known):
            continue
        before, after = (
            text[max(begin, match.start() - 80) : match.start(1)],
            text[match.end(1) : min(end, match.end(1) + 90)],
        )
        found.append(Group(match[1].upper(), match[1], match.start(1), _role(before, after)))
    return tuple(sorted(found, key=lambda each: each.start))


def _role(before: str, after: str) -> str:
    if _CLAIM.search(after[:70]) or (
        _CLAIM.search(before) and re.search(r"\bby\b|\bfrom\b", before[-40:], re.IGNORECASE)
    ):
        return "claimed"
    if re.search(r"\bby\s+(?:[\w'-]+\s+){0,6}$", before, re.IGNORECASE):
        return "agent"
    if _BLAME.search(before[-45:]):
        return "accused"
    deed = _DEEDS.search(after[:60])
    return "agent" if deed and not _SAYING.search(after[: deed.start()]) else ""
