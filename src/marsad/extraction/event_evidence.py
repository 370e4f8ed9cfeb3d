"""What speaks for and against two mentions being of one event: dates, places, kinds, actors, targets, tolls, words.

Each piece of evidence has a weight in steps of about one "twice as likely"; they are added. The weights are reasoned,
not fitted: few events are told twice in one document, and a false union hides two events behind one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal
from marsad.model import Date, Quantity
from marsad.model.text import Agreement

__all__ = [
    "MILD_GAP",
    "NEAR_GAP",
    "VIOLENT",
    "Evidence",
    "Mention",
    "days_apart",
    "is_broad",
    "is_rare",
    "pair_keys",
    "person_and_building_names",
    "refers_back",
    "span",
    "weigh",
]

_GENERIC_KINDS = frozenset({"armed_attack", "attack"})
_ATTACKS = frozenset(
    {"armed_attack", "attack", "bombing", "suicide_bombing", "assassination", "clash", "arson", "air_strike"}
)
VIOLENT = _ATTACKS | {"abduction", "kidnapping", "robbery", "hijacking", "threat"}
"""Kinds of violent events."""
_BOMBS = frozenset({"bombing", "suicide_bombing"})
_ONCE = frozenset({"takeover", "withdrawal", "founding", "election"})
_ACTS_OF_STATE = _ONCE | {"air_strike"}
_BROAD_PLACES = frozenset({"country", "world", "region", "admin1", "continent"})
_GENERIC_ACTORS = 0.25
_SELDOM = 0.1
MILD_GAP = 3
"""Days by which the day of one event is often mistaken."""
NEAR_GAP = 10
"""Days between two dates of what may still be one event."""

_NOUN = (
    r"(?:attack|blast|bombing|explosion|assault|incident|massacre|killings?|ambush|raid|shooting|strike|murders?|"
    r"assassination|kidnapping|abduction|atrocity|carnage|tragedy|clash|crime|attempt)"
)
_BACK = re.compile(
    rf"\b(?:the|this|that)\s+(?:same\s+)?(?:[\w-]+\s+){{0,2}}?{_NOUN}\b(?!\s+(?:of|on|against)\b)", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:another|a second|second|a third|a separate|a similar|a different|separately|meanwhile|in addition|"
    r"on the same day|hours (?:later|earlier)|days (?:later|earlier|before|after)|"
    r"(?:weeks?|months?) (?:later|earlier))\b",
    re.IGNORECASE,
)
_PROPER = r"[A-Z][\w'’-]*[a-z][\w'’-]*"
_NAME = re.compile(rf"(?<![.!?]\s)(?<!\A)\b{_PROPER}(?:\s+(?:(?:of|de|al|ul|bin|e|alias)\s+)?{_PROPER})+")


@dataclass(frozen=True)
class Evidence:
    """One reason for (positive) or against (negative) sameness, in words."""

    weight: float
    reason: str


@dataclass(frozen=True)
class Mention:
    """A proposal with what is compared.

    Attributes:
        proposal: the proposal.
        index: its place among the proposals that were given.
        rank: its place among the events in the order of the document.
        block: the start of its block in the document.
        sentence: the start of its sentence.
        names: names of persons and buildings in its words, beside the places and actors that the gazetteer knows.
    """

    proposal: Proposal
    index: int
    rank: int
    block: int
    sentence: int
    names: frozenset[str]

    @cached_property
    def kind(self) -> str:
        """What happened."""
        return self.proposal.value("kind")

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        """When."""
        return tuple(Date.parse(value) for value in self.proposal.values("date"))

    @cached_property
    def places(self) -> frozenset[str]:
        """Where."""
        return frozenset(self.proposal.values("place"))

    @cached_property
    def actors(self) -> frozenset[str]:
        """Who did it."""
        return frozenset(self.proposal.values("actor"))

    @cached_property
    def targets(self) -> frozenset[str]:
        """Whom or what it hit."""
        return frozenset(self.proposal.values("target"))

    @cached_property
    def victims(self) -> frozenset[str]:
        """Named victims, where the extractor gives them."""
        return frozenset(value.lower() for value in self.proposal.values("victim"))

    @cached_property
    def tolls(self) -> Mapping[str, Quantity]:
        """Numbers of people killed and injured."""
        values = {name: self.proposal.value(name) for name in ("killed", "injured")}
        return {name: Quantity.parse(value) for name, value in values.items() if value}

    @cached_property
    def is_definite(self) -> bool:
        """Whether its words refer back: ``the attack``, ``this bombing``."""
        return _BACK.search(self.proposal.text) is not None

    @cached_property
    def is_other(self) -> bool:
        """Whether its words set it apart: ``another attack``, ``a separate incident``."""
        return _OTHER.search(self.proposal.text) is not None


def person_and_building_names(text: str, known: Iterable[str]) -> frozenset[str]:
    """Capitalised names of several words that are not in ``known``."""
    seen = {name.lower() for name in known}
    return frozenset(found[0].lower() for found in _NAME.finditer(text) if found[0].lower() not in seen)


def refers_back(later: Mention, earlier: Mention) -> bool:
    """Whether ``the attack`` in the later mention can be the earlier one: same or next sentences of one block."""
    near = later.block == earlier.block and 0 < later.rank - earlier.rank <= 3
    return near and later.is_definite and not later.is_other


def weigh(earlier: Mention, later: Mention, *, gazetteer: Gazetteer, shares: Mapping[str, float]) -> list[Evidence]:
    """All evidence about two mentions.

    Args:
        earlier: the first in the order of the document.
        later: the second.
        gazetteer: which place lies in which, which actor is of which.
        shares: of each place, actor and name, the share of the document's mentions that have it; what everybody has
            says little.
    """
    found = [
        _kinds(earlier, later),
        _rarity(earlier, later, shares),
        _dates(earlier, later),
        _places(earlier, later, gazetteer, shares),
    ]
    found += [
        _actors(earlier, later, gazetteer, shares),
        _targets(earlier, later),
        _names(earlier, later, shares),
        _victims(earlier, later),
    ]
    found += [_tolls(earlier, later, name) for name in ("killed", "injured")]
    found.append(_discourse(earlier, later))
    return [each for each in found if each.weight]


def _kinds(left: Mention, right: Mention) -> Evidence:
    if left.kind == right.kind and left.kind in _ONCE and left.actors & right.actors:
        return Evidence(1.3, f"both are told as {left.kind} by the same, which seldom happens twice")
    if left.kind == right.kind:
        return Evidence(0.5, f"both are told as {left.kind.replace('_', ' ')}")
    pair = {left.kind, right.kind}
    if pair <= _ATTACKS and (pair & _GENERIC_KINDS or pair <= _BOMBS):
        return Evidence(0.2, f"{left.kind} and {right.kind} can be one act".replace("_", " "))
    weight = -6.0 if not pair <= VIOLENT else -0.5 if pair <= _ATTACKS else -1.0 if pair & _GENERIC_KINDS else -3.0
    return Evidence(weight, f"{left.kind} is not {right.kind}".replace("_", " "))


def pair_keys(mention: Mention) -> list[str]:
    """What happened with who did it: a key of ``shares``."""
    return [f"{mention.kind} by {actor}" for actor in sorted(mention.actors)]


def is_rare(left: Mention, right: Mention, shares: Mapping[str, float]) -> bool:
    """Whether hardly another mention of the document tells of such an act of a state by the same actor.

    Bombings and shootings come in series even where a document tells of few.
    """
    if left.kind != right.kind or left.kind not in _ACTS_OF_STATE:
        return False
    return any(0 < shares.get(key, 0.0) <= _SELDOM for key in pair_keys(left) if key in pair_keys(right))


def _rarity(left: Mention, right: Mention, shares: Mapping[str, float]) -> Evidence:
    if not is_rare(left, right, shares):
        return Evidence(0.0, "")
    return Evidence(2.5, f"hardly another {left.kind.replace('_', ' ')} by the same is told of")


def _dates(left: Mention, right: Mention) -> Evidence:
    if not left.dates or not right.dates:
        return Evidence(0.0, "")
    return max((_date(a, b) for a in left.dates for b in right.dates), key=lambda each: each.weight)


def _date(left: Date, right: Date) -> Evidence:
    told = f"{left} and {right}"
    agreement = left.compare(right)
    if agreement is Agreement.UNKNOWN:
        return Evidence(0.0, "")
    if agreement is Agreement.EQUAL:
        weight = {"day": 3.0, "month": 1.2}.get(left.precision, 0.5) if not left.is_interval else 1.0
        return Evidence(weight, f"both on {left}")
    if agreement is Agreement.COMPATIBLE:
        coarse = max(span(left), span(right))
        return Evidence(1.5 if coarse <= 31 else 0.6 if coarse <= 366 else 0.2, f"the dates {told} agree")
    gap = days_apart(left, right)
    if gap is not None and gap <= NEAR_GAP:
        return Evidence(0.0 if gap <= MILD_GAP else -0.5, f"the dates {told} lie {gap} days apart")
    if _same_day_of_year(left, right):
        return Evidence(-1.0, f"the same day of two years, {told}")
    return Evidence(-5.0, f"the dates {told} lie far apart")


def span(each: Date) -> int:
    """How many days a date may mean; very many where an end is open."""
    if each.earliest is None or each.latest is None:
        return 10_000
    return (each.latest - each.earliest).days + 1


def days_apart(left: Date, right: Date) -> int | None:
    """Days between two dates of about a day; None where one is coarser."""
    if span(left) > 7 or span(right) > 7:
        return None
    first, second = sorted((left, right), key=lambda each: each.sort_key)
    end, start = first.latest or date.min, second.earliest or date.max
    return (start - end).days


def _same_day_of_year(left: Date, right: Date) -> bool:
    if not (left.is_day and right.is_day and left.earliest and right.earliest):
        return False
    return (left.earliest.month, left.earliest.day) == (right.earliest.month, right.earliest.day)


def _places(left: Mention, right: Mention, gazetteer: Gazetteer, shares: Mapping[str, float]) -> Evidence:
    if not left.places or not right.places:
        return Evidence(0.0, "")
    if shared := left.places & right.places:
        place = min(shared, key=lambda each: (is_broad(each, gazetteer), shares.get(each, 0.0), each))
        weight = 0.5 if is_broad(place, gazetteer) else 2.5 if shares.get(place, 0.0) < 0.5 else 1.5
        return Evidence(weight, f"both in {gazetteer.name('place', place)}")
    for inner, outer in ((left, right), (right, left)):
        for small in sorted(inner.places):
            for large in sorted(outer.places):
                if gazetteer.is_within(small, large):
                    return Evidence(
                        0.5 if is_broad(large, gazetteer) else 1.5,
                        f"{gazetteer.name('place', small)} lies in {gazetteer.name('place', large)}",
                    )
    a, b = (gazetteer.name("place", min(each.places)) for each in (left, right))
    return Evidence(-3.0, f"one in {a}, one in {b}")


def is_broad(place: str, gazetteer: Gazetteer) -> bool:
    """Whether a place is a country, a province or larger, where many events happen."""
    record = gazetteer.places.get(place)
    return record is not None and record.kind in _BROAD_PLACES


def _actors(left: Mention, right: Mention, gazetteer: Gazetteer, shares: Mapping[str, float]) -> Evidence:
    if not left.actors or not right.actors:
        return Evidence(0.0, "")
    if shared := left.actors & right.actors:
        common = min(shares.get(each, 0.0) for each in shared)
        return Evidence(0.4 if common > _GENERIC_ACTORS else 0.8, f"both by {', '.join(sorted(shared))}")
    for child, parent in ((left, right), (right, left)):
        for small in sorted(child.actors):
            for large in sorted(parent.actors):
                if _is_of(small, large, gazetteer):
                    return Evidence(0.5, f"{small} is of {large}")
    return Evidence(-1.0, f"one by {min(left.actors)}, one by {min(right.actors)}")


def _is_of(small: str, large: str, gazetteer: Gazetteer) -> bool:
    """Whether an actor is of another: by its record, or as ``chad-army`` is of the state ``chad``."""
    record, state = gazetteer.actors.get(small), gazetteer.actors.get(large)
    if record is not None and record.parent == large:
        return True
    return state is not None and state.kind == "state" and small.startswith(f"{large}-")


def _targets(left: Mention, right: Mention) -> Evidence:
    if not left.targets or not right.targets:
        return Evidence(0.0, "")
    if shared := left.targets & right.targets:
        return Evidence(0.7, f"both against {', '.join(sorted(shared))}")
    vague = {"people", "civilians", "security"} & (left.targets | right.targets)
    return Evidence(-0.3 if vague else -0.8, f"against {min(left.targets)} and against {min(right.targets)}")


def _names(left: Mention, right: Mention, shares: Mapping[str, float]) -> Evidence:
    shared = left.names & right.names
    if not shared:
        return Evidence(0.0, "")
    seldom = min(shares.get(name, 0.0) for name in shared) <= _SELDOM
    return Evidence(2.0 if seldom or len(shared) > 1 else 1.0, f"both name {', '.join(sorted(shared))}")


def _victims(left: Mention, right: Mention) -> Evidence:
    if not left.victims or not right.victims:
        return Evidence(0.0, "")
    if shared := left.victims & right.victims:
        return Evidence(3.0, f"both tell of {', '.join(sorted(shared))}")
    return Evidence(-0.8, f"of {min(left.victims)} and of {min(right.victims)}")


def _tolls(left: Mention, right: Mention, name: str) -> Evidence:
    a, b = left.tolls.get(name), right.tolls.get(name)
    if a is None or b is None:
        return Evidence(0.0, "")
    told = f"{a} and {b} {name}"
    agreement = a.compare(b)
    if agreement is Agreement.EQUAL:
        large = a.best is not None and a.best >= 5
        return Evidence(1.5 if large else 0.5, f"both tell of {a} {name}")
    if agreement is Agreement.COMPATIBLE or a.touches(b):
        return Evidence(0.8, f"{told} agree")
    low, high = sorted(float(each.best if each.best is not None else each.low or 0) for each in (a, b))
    if high <= 1.3 * low or high - low <= 1:
        return Evidence(0.3, f"{told} are near")
    return Evidence(-2.0 if high > 3 * low + 3 else -0.8, f"{told} differ")


def _discourse(earlier: Mention, later: Mention) -> Evidence:
    if refers_back(later, earlier):
        return Evidence(3.0, "the words refer back")
    if later.is_other and later.block == earlier.block:
        return Evidence(-2.5, "the words set it apart from what stands before")
    if earlier.sentence == later.sentence:
        return Evidence(-1.5, "told apart in one sentence")
    return Evidence(0.0, "")
