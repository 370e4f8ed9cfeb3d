"""When two reported values exclude one another, and when they only differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import IntEnum
from functools import cache

from marsad.documents.folding import without_marks
from marsad.model import Actor, Agreement, Date, Evidence, Figure, Place, Quantity, Record, Severity

__all__ = [
    "DIFFUSE",
    "FAR_APART",
    "Weight",
    "actors_related",
    "document",
    "is_ambiguous",
    "is_nobody",
    "places_exclude",
    "reporter",
    "same_document",
    "severity_of",
    "start",
    "weigh_actors",
    "weigh_dates",
    "weigh_quantities",
]

FAR_APART = Decimal(2)
"""From which ratio of two numbers that may both be true a reader should look."""

DIFFUSE = frozenset({"wave", "resurgence", "displacement", "withdrawal", "other"})
"""Kinds that name no single place and no single time."""

_USAGE = {
    "several": 24,
    "dozens": 200,
    "scores": 200,
    "hundreds": 2_000,
    "thousands": 20_000,
    "tens of thousands": 200_000,
    "hundreds of thousands": 2_000_000,
}
"""Below which number a writer would use the word and no larger one."""

_NOBODY = ("unidentified", "unknown", "unnamed", "unspecified")
_ANYBODY = frozenset(
    [
        "armed",
        "attackers",
        "assailants",
        "bandits",
        "civilians",
        "community",
        "criminal",
        "criminals",
        "group",
        "groups",
        "gunmen",
        "individuals",
        "local",
        "locals",
        "members",
        "men",
        "militants",
        "militia",
        "militias",
        "mob",
        "people",
        "perpetrators",
        "population",
        "residents",
        "tribesmen",
        "villagers",
        "youth",
        "youths",
    ]
)
"""Words that name a sort of people; a name of nothing else is no particular actor."""
_SORTS_OF_PLACE = frozenset(
    [
        "agency",
        "city",
        "county",
        "department",
        "district",
        "division",
        "governorate",
        "oblast",
        "prefecture",
        "province",
        "region",
        "state",
        "territory",
        "town",
        "village",
    ]
)
"""Words that name a sort of place: ``Borno`` and ``Borno State`` are one name."""
_APOSTROPHES = "'`\u2018\u2019\u02bb\u02bc\u02bf"
_STATE = frozenset({"state", "government", "security_force"})
_GROUP = frozenset({"armed_group", "movement", "party"})


class Weight(IntEnum):
    """How far two reports of one value are apart."""

    AGREE = 0
    NOTE = 1
    WARNING = 2
    CONFLICT = 3


def document(record: Record) -> str:
    """The document in which it is read."""
    return record.via or record.source


def same_document(left: Record, right: Record) -> bool:
    """Whether both are read in one document."""
    return document(left) == document(right)


def reporter(figure: Figure) -> str:
    """Who counted: the named counter, or else the source."""
    return figure.reported_by or figure.source


def is_ambiguous(record: Record) -> bool:
    """Whether the coder was not sure which publication is meant."""
    return "ambiguous citation" in record.note.casefold()


def severity_of(weight: Weight, *, one_document: bool) -> Severity | None:
    """A conflict is an error where one document holds both sides, and a dispute between sources where it does not."""
    if weight is Weight.CONFLICT:
        return Severity.ERROR if one_document else Severity.WARNING
    return {Weight.AGREE: None, Weight.NOTE: Severity.NOTE, Weight.WARNING: Severity.WARNING}[weight]


def start(date: Date | None) -> Date | None:
    """The date at which an interval begins; the date itself where it is none; None where the start is not known."""
    if date is None or not date.is_interval:
        return date
    left = date.text.split("/")[0]
    return None if left in ("", "..") else Date.parse(left)


def weigh_dates(left: Date, right: Date) -> Weight:
    """Dates conflict where no day lies within both; a month and a day in it agree."""
    return Weight.CONFLICT if left.compare(right) is Agreement.CONFLICTING else Weight.AGREE


def weigh_quantities(left: Quantity, right: Quantity) -> Weight:
    """How far two reports of one number are apart.

    They agree where their forms are equal, where a word covers the other, and where one is a range or an estimate that
    holds the other. They differ a little (note) where only the qualifier of one number differs (``225``, ``>225``) or
    where both may be true and lie near one another (``>50``, ``>60``), much (warning) where both may be true but one is
    at least ``FAR_APART`` times the other (``>=10``, ``>50``). They conflict where no value satisfies both.
    """
    agreement = left.compare(right)
    if agreement is Agreement.EQUAL:
        return Weight.AGREE
    if agreement is Agreement.CONFLICTING:
        return Weight.NOTE if left.touches(right) and (left.is_exact or right.is_exact) else Weight.CONFLICT
    if left.best is not None and left.best == right.best:
        return Weight.NOTE
    if _covers(left, right) or _covers(right, left):
        return Weight.AGREE
    return Weight.WARNING if _ratio(left, right) >= FAR_APART else Weight.NOTE


def _covers(vague: Quantity, other: Quantity) -> bool:
    """Whether the other says the same more precisely: a word in its usage, a closed range around it."""
    if other.low is None or vague.low is None or other.low < vague.low:
        return False
    ceiling = _USAGE.get(vague.text)
    if ceiling is not None:
        return other.low < ceiling
    return vague.high is not None and other.high is not None and other.high <= vague.high


def _ratio(left: Quantity, right: Quantity) -> Decimal:
    """The larger lower bound over the smaller; 1 where one has none."""
    if left.low is None or right.low is None or min(left.low, right.low) < 0:
        return Decimal(1)
    small, large = sorted((left.low, right.low))
    return large / small if small > 0 else Decimal(1) if large == small else FAR_APART


def places_exclude(evidence: Evidence, left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether no place of one may lie in or around a place of the other.

    Unknown bounds may lie anywhere, and places of one country with one name may be one place, but for two of one sort
    in different provinces.
    """
    theirs = list(right)
    return all(_apart(evidence, here, there) for here in left for there in theirs)


def _apart(evidence: Evidence, here: str, there: str) -> bool:
    one, other = evidence.place_by_id.get(here), evidence.place_by_id.get(there)
    if one is None or other is None:
        return False
    if here in evidence.areas_around(there) or there in evidence.areas_around(here):
        return False
    one_country, other_country = (
        place.country or (place.subject if place.kind == "country" else "") for place in (one, other)
    )
    if one_country and other_country and one_country != other_country:
        return True
    if not one_country or one_country != other_country:
        return False
    provinces = [place.admin1 or (place.subject if place.kind == "admin1" else "") for place in (one, other)]
    if all(provinces) and not _is_one_province(evidence, *provinces):
        return one.kind == other.kind or not _share_name(one, other)
    return one.kind == other.kind and one.kind in {"admin2", "city"} and not _share_name(one, other)


def _is_one_province(evidence: Evidence, one: str, other: str) -> bool:
    left, right = evidence.place_by_id.get(one), evidence.place_by_id.get(other)
    return one == other or (left is not None and right is not None and _share_name(left, right))


def _share_name(one: Actor | Place, other: Actor | Place) -> bool:
    """Whether the name of one is a name or alias of the other, apart from case, accents and the sort of place."""
    ours, theirs = ({_folded(name) for name in (each.name, *each.aliases)} for each in (one, other))
    return _folded(one.name) in theirs or _folded(other.name) in ours


@cache
def _folded(name: str) -> str:
    letters = "".join(sign for sign in without_marks(name).casefold() if sign not in _APOSTROPHES)
    words = re.findall(r"\w+", letters)
    return " ".join([found for found in words if found not in _SORTS_OF_PLACE] or words)


def actors_related(evidence: Evidence, left: str, right: str) -> bool:
    """Whether they are one actor, by identifier or name, one belongs to the other, or both are organs of one state."""
    ours, theirs = evidence.groups_around(left), evidence.groups_around(right)
    if left in theirs or right in ours:
        return True
    one, other = evidence.actor_by_id.get(left), evidence.actor_by_id.get(right)
    if one is not None and other is not None and _share_name(one, other):
        return True
    return any((actor := evidence.actor_by_id.get(name)) and actor.kind == "state" for name in ours & theirs)


def weigh_actors(evidence: Evidence, left: Iterable[str], right: Iterable[str]) -> Weight:
    """How far two namings of an actor are apart.

    They agree where one of the one is, or belongs to, one of the other, where one names nobody in particular, and
    where they are not of one sort (a minister and his ministry). Two persons weigh as a warning, and so do two peoples,
    who may overlap, and a state and a group that does not belong to it, since either may act through the other. Two
    states or two groups conflict.
    """
    ours, theirs = list(left), list(right)
    if not ours or not theirs or any(is_nobody(evidence, actor) for actor in (*ours, *theirs)):
        return Weight.AGREE
    if any(actors_related(evidence, here, there) for here in ours for there in theirs):
        return Weight.AGREE
    here, there = ({_side(evidence, actor) for actor in side} for side in (ours, theirs))
    if here & there:
        return Weight.WARNING if here & there <= {"public_figure", "population"} else Weight.CONFLICT
    return Weight.WARNING if here | there == {"state", "group"} else Weight.AGREE


def is_nobody(evidence: Evidence, actor: str) -> bool:
    """Whether it is no particular actor: ``unidentified-militants``, or a description without a name of its own.

    A description begins in lower case (``militant groups``, ``local Taliban``), a proper name does not (``al-Qaeda``),
    or it has only words for people of any kind (``Armed Men``).
    """
    name = evidence.actor_name(actor)
    if any(word in f"{actor} {name}".casefold() for word in _NOBODY):
        return True
    words = set(re.findall(r"\w+", name.casefold()))
    if words and words <= _ANYBODY:
        return True
    return name != actor and name.split(" ")[0].islower() and evidence.groups_around(actor) == {actor}


def _side(evidence: Evidence, actor: str) -> str:
    """Which sort of actor it is, so that a minister is not set against his ministry."""
    found = evidence.actor_by_id.get(actor)
    kind = found.kind if found else ""
    return "state" if kind in _STATE else "group" if kind in _GROUP else kind
