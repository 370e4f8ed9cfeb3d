"""Who did it, and on what ground it is laid to them.

Read from a claim (*the group claimed responsibility*), an accusation (*police blamed*), the agent of a passive (*by
militants*), the subject of a deed (*militants opened fire*), or a name right before the deed (*a drone strike of* …).
Words for armed people whom nobody names (*gunmen*) give ``unidentified-militants``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from marsad.extraction.deeds import Deed
from marsad.extraction.found import FoundName
from marsad.extraction.people import STOPS, Group, is_adverb
from marsad.extraction.told import Told
from marsad.extraction.words import read_lexicon

__all__ = ["UNIDENTIFIED", "Blame", "blame"]

UNIDENTIFIED = "unidentified-militants"
"""The actor where armed people are spoken of and nobody says of which group."""

_GENERIC = frozenset({UNIDENTIFIED, "unknown-armed-men", "militants", "bandits"})

_CLAIM = re.compile(
    r"\bclaim(?:s|ed|ing)?\s+(?:\w+\s+){0,2}?(?:responsibility|credit)|\b(?:took|taken|accepted|admitted|assumed)\s+"
    r"(?:\w+\s+)?(?:responsibility|credit)|\bresponsibility\b[^.;]{0,60}?\bclaimed\b|\bclaimed\s+by\b",
    re.IGNORECASE,
)
_UNCLAIMED = re.compile(
    r"\b(?:no\s*one|nobody|no\s+(?:\w+\s+){0,2}?(?:group|organi[sz]ation|party|militant\s+group)|none)\b[^.;]{0,40}?"
    r"\b(?:claimed|taken|accepted|admitted)\b|\bno\s+(?:immediate\s+)?claim\s+of\s+responsibility|"
    r"\b(?:yet\s+to\s+claim|not\s+(?:yet\s+)?(?:been\s+)?claimed)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:denied|denies|denying|rejected|rejects)\b[^.;]{0,30}?\b(?:responsibility|involvement|role|the\s+attack|"
    r"any\s+link)\b",
    re.IGNORECASE,
)
_ACCUSED = re.compile(
    r"\b(?:blam(?:ed|es|ing)|accus(?:ed|es|ing)|alleged(?:ly)?|suspected|believed|reportedly|attributed|presumed|"
    r"presumably|supposed(?:ly)?|associated\s+with|linked\s+(?:to|with)|points?\s+the\s+finger|hold[s]?\s+responsible|"
    r"likely|purported(?:ly)?|thought\s+to)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:unknown|unidentified|unnamed)\b|\bremains?\s+unclear\b|\bperpetrators?\s+(?:is|are|was|were|remain\w*)\s+"
    r"(?:\w+\s+)?unknown",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:was|were|is|are)\s+behind\b|\b(?:has|have|had|was|were|is|are)\s+(?:been\s+)?responsible\s+for\b",
    re.IGNORECASE,
)
_DEVICES = frozenset({"suicide bomber", "suicide bombers", "bomber", "bombers"})
_OF_STATES = frozenset({"air_strike", "shelling", "raid"})
_MARKS = frozenset({".", ";", ":"})
_PASSIVE = frozenset({"was", "were", "been", "being", "is", "are", "be"})
_BLAMED = frozenset({"stands after 'by'", "said to be behind it", "whom the words connect with it"})
_NEAR = 8
"""How many words may stand between *by* and the name of who did it."""


@dataclass(frozen=True, slots=True)
class Blame:
    """Who did it, as the text has it.

    Attributes:
        actor: identifier; empty where nobody is named.
        start, end: the words for the actor; equal where there are none.
        actor_rule: why it is this actor.
        attribution: on what ground, as in the study folder's dictionary; empty where the text gives none.
        ground_start, ground_end: the words for the ground.
        ground_rule: why it is this ground.
    """

    actor: str
    start: int
    end: int
    actor_rule: str
    attribution: str
    ground_start: int
    ground_end: int
    ground_rule: str


@dataclass(frozen=True, slots=True)
class _Agent:
    actor: str
    start: int
    end: int
    rule: str
    told: Told


def blame(tellings: Sequence[Told]) -> tuple[Blame, ...]:
    """Who did what these sentences tell of; several where several are named together, none where nobody is blamed."""
    claims = [blamed for told in tellings for blamed in _claims(told)]
    for name in ("claimed", "denied", "unclaimed"):
        chosen = [each for each in claims if each.attribution == name]
        if name == "claimed" and chosen:
            return tuple({each.actor: each for each in chosen}.values())
        if chosen:
            named = [_stated(agent) for told in tellings for agent in _agents(told) if agent.actor != UNIDENTIFIED]
            if name == "denied" and named:
                return (Blame(*_actor_of(named[0]), "denied", *_ground_of(chosen[0])),)
            if not named:
                return (chosen[0],)
            return tuple(dict.fromkeys(named))
    agents = [agent for told in tellings for agent in _agents(told)]
    if agents:
        joined = _joined(_surest(agents))
        return tuple({each.actor: each for each in map(_stated, joined)}.values())
    return tuple(unknown for told in tellings for unknown in _unknown(told))[:1]


def _surest(agents: Sequence[_Agent]) -> Sequence[_Agent]:
    """The agents from the one that counts on: the first, but a name that is blamed before armed people without one."""
    named = [agent for agent in agents if agent.actor != UNIDENTIFIED]
    if not named or agents[0].actor != UNIDENTIFIED:
        return named or agents
    better = [agent for agent in named if agent.rule in _BLAMED or agent.told is not agents[0].told]
    return better if better and better[0].rule in _BLAMED else agents[:1]


def _joined(agents: Sequence[_Agent]) -> list[_Agent]:
    """The first agent and those joined to it by *and*."""
    joined = [agents[0]]
    for agent in agents[1:]:
        near = [agent, joined[-1]] if agent.end <= joined[-1].start else [joined[-1], agent]
        between = agent.told.view.text[near[0].end : near[1].start].lower().replace(",", " , ").split()
        if agent.told is joined[0].told and between and set(between) <= {",", "and", "or", "the", "&"}:
            joined.append(agent)
    return joined


def _actor_of(blamed: Blame) -> tuple[str, int, int, str]:
    return (blamed.actor, blamed.start, blamed.end, blamed.actor_rule)


def _ground_of(blamed: Blame) -> tuple[int, int, str]:
    return (blamed.ground_start, blamed.ground_end, blamed.ground_rule)


def _claims(told: Told) -> Iterator[Blame]:
    text = told.view.text
    if match := _UNCLAIMED.search(text, told.start, told.end):
        yield Blame("", match.start(), match.start(), "", "unclaimed", *match.span(), "it says that nobody claimed it")
        return
    if match := _DENIED.search(text, told.start, told.end):
        actor = _last_before(told, match.start())
        found = (
            (actor.id, actor.start, actor.end, "subject of the denial")
            if actor
            else ("", match.start(), match.start(), "")
        )
        yield Blame(*found, "denied", *match.span(), "it says that it was denied")
        return
    if match := _CLAIM.search(text, told.start, told.end):
        actor = _last_before(told, match.start()) or _first_after(told, match.end())
        if match[0].lower().endswith("by"):
            actor = _first_after(told, match.end())
        if actor is not None:
            yield Blame(
                actor.id,
                actor.start,
                actor.end,
                "who claimed it",
                "claimed",
                *match.span(),
                "it says that it was claimed",
            )


def _last_before(told: Told, offset: int) -> FoundName | None:
    before = _specific(actor for actor in told.actors if actor.end <= offset)
    return before[-1] if before else None


def _first_after(told: Told, offset: int) -> FoundName | None:
    return next(iter(_specific(actor for actor in told.actors if actor.start >= offset)), None)


def _stated(agent: _Agent) -> Blame:
    """The ground for an agent that is named: stated as a fact, or an accusation."""
    told = agent.told
    unknown = _UNKNOWN.search(told.view.text, max(agent.start - 30, told.start), agent.end)
    if agent.actor == UNIDENTIFIED and unknown:
        ground = ("unknown", *unknown.span(), "it says that they are unknown")
        return Blame(agent.actor, agent.start, agent.end, agent.rule, *ground)
    window = max(agent.start - 40, told.start), min(agent.end + 25, told.end)
    accused = _ACCUSED.search(told.view.text, *window)
    if accused:
        ground = ("accused", *accused.span(), "the words leave it open")
        return Blame(agent.actor, agent.start, agent.end, agent.rule, *ground)
    return Blame(agent.actor, agent.start, agent.end, agent.rule, "stated", agent.start, agent.end, "told as a fact")


def _unknown(told: Told) -> Iterator[Blame]:
    if match := _UNKNOWN.search(told.view.text, told.start, told.end):
        yield Blame("", match.start(), match.start(), "", "unknown", *match.span(), "it says that they are unknown")


def _agents(told: Told) -> Iterator[_Agent]:
    """Who did it, the surest reading first."""
    yield from _behind(told)
    yield from _by(told)
    yield from _subjects(told)
    yield from _owners(told)
    yield from _states(told)
    yield from _linked(told)


def _behind(told: Told) -> Iterator[_Agent]:
    if (match := _BEHIND.search(told.view.text, told.start, told.end)) and told.deeds:
        actor = _last_before(told, match.start())
        if actor is not None:
            yield _Agent(actor.id, actor.start, actor.end, "said to be behind it", told)


def _by(told: Told) -> Iterator[_Agent]:
    """The agent of a passive or of a noun: *killed by*, *an attack by*."""
    tokens = told.view.tokens
    for index, token in enumerate(tokens):
        if token.low != "by" or not _is_deed_before(told, index):
            continue
        yield from _named(told, index + 1, min(index + 1 + _NEAR, len(tokens)), "stands after 'by'")


def _is_deed_before(told: Told, index: int) -> bool:
    """Whether the words before *by* tell a deed, or somebody carried it out."""
    words = {token.low for token in told.view.tokens[max(index - 4, 0) : index]}
    if words & {
        "carried",
        "perpetrated",
        "conducted",
        "launched",
        "staged",
        "committed",
        "blown",
        "hit",
        "set",
        "fired",
        "opened",
    }:
        return True
    near = any(index - 14 <= deed.first < index for deed in told.deeds)
    return near or any(index - 14 <= harm.first < index for harm in told.harms)


def _named(told: Told, first: int, last: int, rule: str) -> Iterator[_Agent]:
    """Actors and armed people among some words, up to the end of the phrase."""
    tokens = told.view.tokens
    stop = next(
        (i for i in range(first, last) if tokens[i].low in _MARKS | {"who", "which", "that", "when", "while"}), last
    )
    if first >= stop:
        return
    start, end = tokens[first].start, tokens[stop - 1].end
    named = _specific(actor for actor in told.actors if start <= actor.start and actor.end <= end)
    for actor in named:
        yield _Agent(actor.id, actor.start, actor.end, rule, told)
    for group in told.groups:
        inside = first <= group.first and group.head < stop
        if not named and inside and "militant" in group.classes and group.noun not in _DEVICES:
            yield _armed(told, group, rule)
            return


def _specific(actors: Iterable[FoundName]) -> list[FoundName]:
    """The actors that have a name; where none has, armed people of no named group are left to their phrase."""
    return [actor for actor in actors if actor.id not in _GENERIC]


def _armed(told: Told, group: Group, rule: str) -> _Agent:
    tokens = told.view.tokens
    return _Agent(
        UNIDENTIFIED, tokens[group.first].start, tokens[group.last - 1].end, rule + ", of no named group", told
    )


@cache
def _light() -> frozenset[str]:
    return frozenset(word for phrase in read_lexicon("triggers")["light"] for word in phrase.split()[:1])


def _subjects(told: Told) -> Iterator[_Agent]:
    """The subject of a deed: *militants attacked*, *the group launched an attack*."""
    tokens = told.view.tokens
    verbs = [deed.first for deed in told.deeds if deed.form in ("past", "present") or _is_light(told, deed)]
    verbs += [i for i, token in enumerate(tokens) if token.low in _light() and _leads_to_deed(told, i)]
    verbs += [harm.first for harm in told.harms if "object" in harm.rule]
    for verb in sorted(set(verbs)):
        at = verb
        while at > 0 and (is_adverb(tokens[at - 1].low) or tokens[at - 1].low in {"have", "has", "had"}):
            at -= 1
        if at > 0 and tokens[at - 1].low in _PASSIVE:
            continue
        yield from _subject_before(told, at)


def _may_act(told: Told, actor: FoundName) -> bool:
    """Whether an actor before a verb may be its subject, and hangs on no preposition: *the fighters of* it may."""
    before = told.before(actor.start, 3)
    if {"by", "from", "in", "at", "against", "into", "on", "targeting", "with"} & set(before[-2:]):
        return False
    at = told.word_at(actor.start)
    if before[-1:] == (",",) and any(place.end == told.view.tokens[at - 1].start for place in told.places):
        return False
    if "of" in before[-2:]:
        return any("militant" in group.classes for group in told.groups if at - 4 <= group.head < at)
    behind = told.view.text[actor.end : actor.end + 2]
    return behind not in {"'s", "’s"}


def _is_light(told: Told, deed: Deed) -> bool:
    return deed.form == "participle" and (deed.first == 0 or told.view.tokens[deed.first - 1].low not in _PASSIVE)


def _leads_to_deed(told: Told, index: int) -> bool:
    tokens = told.view.tokens[index + 1 : index + 7]
    deeds = any(index < deed.first <= index + 6 and not deed.is_verb for deed in told.deeds)
    return deeds or any(token.low in {"operation", "operations", "offensive", "raid"} for token in tokens)


def _subject_before(told: Told, at: int) -> Iterator[_Agent]:
    """The actor or armed people whose phrase ends shortly before a verb."""
    tokens = told.view.tokens
    first = at
    while (
        first > 0
        and at - first < 14
        and tokens[first - 1].low not in {".", ";", ":", "when", "after", "that", "because"}
    ):
        first -= 1
    if first >= at:
        return
    start, end = tokens[first].start, tokens[at - 1].end
    named = [actor for actor in told.actors if start <= actor.start and actor.end <= end]
    named = _specific(actor for actor in named if _may_act(told, actor))
    for actor in reversed(named):
        yield _Agent(actor.id, actor.start, actor.end, "subject of the deed", told)
    for group in reversed(told.groups):
        inside = first <= group.first and group.last <= at
        is_armed = "militant" in group.classes and group.noun not in _DEVICES
        hangs = group.first > 0 and tokens[group.first - 1].low in {"of", "against", "on"}
        if inside and is_armed and not named and not hangs:
            yield _armed(told, group, "subject of the deed")
            return


def _owners(told: Told) -> Iterator[_Agent]:
    """A name right before the noun of a deed: *Russian shelling*, *the group's attack*."""
    for deed in told.deeds:
        if deed.is_verb or deed.form == "sign":
            continue
        start = told.view.tokens[deed.first].start
        for actor in _specific(told.actors):
            gap = told.word_at(start) - told.word_at(actor.end)
            between = told.view.text[actor.end : start].lower().replace("’s", "").replace("'s", "").split()
            if actor.end <= start and 0 <= gap <= 3 and not set(between) & (STOPS | {"an", "a", "the"}):
                yield _Agent(actor.id, actor.start, actor.end, "stands right before the deed", told)


def _states(told: Told) -> Iterator[_Agent]:
    """A state by its adjective right before what states do: *an Israeli airstrike*."""
    for deed in told.deeds:
        start = told.view.tokens[deed.first].start
        for state in told.states:
            if deed.name in _OF_STATES and not deed.is_verb and told.view.text[state.end : start].isspace():
                yield _Agent(state.id, state.start, state.end, "stands right before the deed", told)


def _linked(told: Told) -> Iterator[_Agent]:
    """*Associated with*, *attributed to*, *blamed on* somebody."""
    pattern = r"\b(?:associated\s+with|attributed\s+to|blamed\s+on|linked\s+(?:to|with)|blamed|accused)\s"
    for match in re.finditer(pattern, told.view.text[told.start : told.end], re.IGNORECASE):
        actor = _first_after(told, told.start + match.end())
        if actor is not None and actor.start - told.start - match.end() <= 20:
            yield _Agent(actor.id, actor.start, actor.end, "whom the words connect with it", told)
