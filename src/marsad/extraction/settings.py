"""When and where: of the dates and places of some sentences, those of the event that they tell of."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.extraction.found import FoundDate, FoundName
from marsad.extraction.gazetteer import GazetteerPlace
from marsad.extraction.names import Gazetteer
from marsad.extraction.told import Told

__all__ = ["date_of", "first_date", "places_of"]

_NOT_THE_DAY = frozenset({"since", "until", "till", "before", "after", "following", "by"})
_PRECISION = ("day", "month", "season", "year", "decade")
_SPECIFIC = ("site", "city", "admin3", "admin2", "admin1", "line", "region", "country", "world")
_LOCAL = frozenset(
    {"in", "at", "near", "of", "into", "inside", "outside", "around", "on", "towards", "to", "within", "off"}
)
_ORIGIN = frozenset({"from", "by", "between", "with", "against"})
_JOINED = frozenset({",", "and", "or", "&"})


def date_of(told: Told) -> FoundDate | None:
    """The date of the event that a sentence tells of: the most precise one, and the nearest to the deed."""
    hidden = told.view.hidden
    known = [
        found
        for found in told.dates
        if found.date is not None and not _is_bound(told, found) and told.word_at(found.start) not in hidden
    ]
    usable = [found for found in known if _precision(found) < len(_PRECISION)]
    if not usable:
        return None
    anchors = [told.view.tokens[deed.first].start for deed in told.deeds]
    anchors += [told.view.tokens[harm.first].start for harm in told.harms]
    return min(usable, key=lambda found: (_precision(found), _distance(found.start, anchors), found.start))


def first_date(tellings: Sequence[Told]) -> FoundDate | None:
    """The date of the first sentence that gives one."""
    return next((found for told in tellings if (found := date_of(told)) is not None), None)


def _precision(found: FoundDate) -> int:
    assert found.date is not None  # noqa: S101 - the caller has seen to it
    precision = found.date.precision
    return _PRECISION.index(precision) if precision in _PRECISION else len(_PRECISION)


def _is_bound(told: Told, found: FoundDate) -> bool:
    """Whether the date only bounds something: *since August 2021*."""
    return bool(_NOT_THE_DAY & set(told.before(found.start))) or found.date is None


def _distance(offset: int, anchors: Sequence[int]) -> int:
    return min((abs(offset - anchor) for anchor in anchors), default=0)


def places_of(tellings: Sequence[Told], gazetteer: Gazetteer) -> tuple[FoundName, ...]:
    """The places of the event: the most specific of the first sentence that names one; all where they are listed."""
    for told in tellings:
        usable = [place for place in told.places if _is_usable(told, place)]
        if usable:
            return _most_specific(told, usable, gazetteer)
    return ()


def _is_usable(told: Told, place: FoundName) -> bool:
    """Not an adjective, not a part of an actor's name, not where somebody came from."""
    within = any(
        actor.start <= place.start and place.end <= actor.end and not _same(actor, place) for actor in told.actors
    )
    taken = any(harm.effect in ("kidnapped", "arrested") for harm in told.harms)
    came_from = bool(set(told.before(place.start)) & (_ORIGIN - {"from"} if taken else _ORIGIN)) or told.before(
        place.start, 2
    ) == ("from", "the")
    party = "between" in told.before(place.start, 4)
    possessive = told.view.text[place.end : place.end + 2] in {"'s", "’s"}
    return place.rule != "adjective" and not (within or came_from or possessive or party)


def _is_struck(told: Told, place: FoundName) -> bool:
    """Whether a place is the object of the deed: *attacked the capital*."""
    at = told.word_at(place.start)
    return any(
        deed.form == "past" and 0 <= at - deed.last <= 2 and {*told.before(place.start, at - deed.last)} <= {"the"}
        for deed in told.deeds
    )


def _same(actor: FoundName, place: FoundName) -> bool:
    return actor.start == place.start and actor.end == place.end


def _rank(place: FoundName, gazetteer: Gazetteer) -> int:
    record: GazetteerPlace | None = gazetteer.places.get(place.id)
    kind = record.kind if record is not None else "site"
    return _SPECIFIC.index(kind) if kind in _SPECIFIC else 0


def _most_specific(told: Told, usable: Sequence[FoundName], gazetteer: Gazetteer) -> tuple[FoundName, ...]:
    struck = [place for place in usable if _is_struck(told, place)]
    best = min(
        struck or usable,
        key=lambda place: (_rank(place, gazetteer), not set(told.before(place.start, 2)) & _LOCAL, place.start),
    )
    at = usable.index(best)
    listed = [best]
    for place in usable[at + 1 :]:
        if not _is_joined(told, listed[-1], place, gazetteer):
            break
        listed.append(place)
    for place in reversed(usable[:at]):
        if not _is_joined(told, place, listed[0], gazetteer):
            break
        listed.insert(0, place)
    return tuple(listed)


def _is_joined(told: Told, first: FoundName, second: FoundName, gazetteer: Gazetteer) -> bool:
    """Whether two places are listed together, and neither lies in the other."""
    between = told.view.text[first.end : second.start].lower().replace(",", " , ").split()
    nested = gazetteer.is_within(first.id, second.id) or gazetteer.is_within(second.id, first.id)
    wide = max(_rank(first, gazetteer), _rank(second, gazetteer)) > _SPECIFIC.index("admin1")
    joined = (
        "and" in between and len(between) <= 3 and set(between) <= _JOINED | {"in", "the", "districts", "provinces"}
    )
    return joined and not nested and (not wide or _rank(first, gazetteer) == _rank(second, gazetteer))
