"""The forces and the government of a state: ``Pakistani army``, ``government of Colombia``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace

from marsad.extraction.found import FoundName
from marsad.extraction.gazetteer import GazetteerActor, GazetteerPlace

__all__ = ["state_actor", "with_states"]

_KINDS = frozenset({"security_force", "government"})
_LONGEST_GAP = 3
_OF = (" of ", " OF ", " of the ", " OF THE ")


def state_actor(
    identifier: str, places: Mapping[str, GazetteerPlace], actors: Mapping[str, GazetteerActor]
) -> GazetteerActor | None:
    """The record of a force or a government of a state, made of both; None where the identifier is of no such form."""
    parts = identifier.split("-")
    for cut in range(1, len(parts)):
        country, generic = places.get("-".join(parts[:cut])), actors.get("-".join(parts[cut:]))
        if country is not None and generic is not None and country.kind == "country" and _is_generic(generic):
            name = f"{country.name} {generic.name}"
            return GazetteerActor(identifier, name, generic.kind, parent=country.id, country=country.id)
    return None


def with_states(
    text: str, found: Sequence[FoundName], places: Mapping[str, GazetteerPlace], actors: Mapping[str, GazetteerActor]
) -> list[FoundName]:
    """The names found, where forces that stand beside the name or adjective of a country are that country's."""
    countries = [each for each in found if each.kind == "place" and _is_country(places.get(each.id))]
    ends = {each.end: each for each in countries}
    starts = {each.start: each for each in countries}
    result = []
    for each in found:
        record = actors.get(each.id) if each.kind == "actor" else None
        state = None if record is None or not _is_generic(record) else _beside(text, each, ends, starts)
        if state is None:
            result.append(each)
            continue
        identifier = f"{state.id}-{each.id}"
        start, end = min(each.start, state.start), max(each.end, state.end)
        result.append(replace(each, start=start, end=end, id=identifier, rule="force of a state"))
    return _apart(result)


def _is_generic(actor: GazetteerActor) -> bool:
    """Whether it is a force or a government that any state has."""
    return actor.kind in _KINDS and not actor.country and not actor.parent


def _is_country(place: GazetteerPlace | None) -> bool:
    return place is not None and place.kind == "country"


def _beside(
    text: str, actor: FoundName, ends: Mapping[int, FoundName], starts: Mapping[int, FoundName]
) -> FoundName | None:
    """The country that stands directly before an actor, or after it with ``of``."""
    for gap in range(1, _LONGEST_GAP + 1):
        state = ends.get(actor.start - gap)
        between = text[actor.start - gap : actor.start]
        if state is not None and between in (" ", "\n", "'s ", "’s ", "'S ", "’S ", "' ", "’ ", "s' "):
            return state
    for joint in _OF:
        state = starts.get(actor.end + len(joint))
        if state is not None and state.rule != "adjective" and text.startswith(joint, actor.end):
            return state
    return None


def _apart(found: Sequence[FoundName]) -> list[FoundName]:
    """In order, without actors that lie within another; places within the name of an actor are marked as such."""
    actors = sorted((each for each in found if each.kind == "actor"), key=lambda each: (each.start, -each.end))
    wide: list[FoundName] = []
    for actor in actors:
        if not wide or actor.start >= wide[-1].end:
            wide.append(actor)
    starts = [actor.start for actor in wide]
    kept = list(wide)
    for place in found:
        if place.kind == "actor":
            continue
        slot = bisect_right(starts, place.start) - 1
        outer = wide[slot] if slot >= 0 else None
        is_inner = (
            outer is not None
            and outer.rule != "force of a state"
            and place.end <= outer.end
            and (place.start, place.end) != (outer.start, outer.end)
        )
        kept.append(replace(place, rule="within a name") if is_inner else place)
    return sorted(kept, key=lambda each: (each.start, -each.end, each.kind != "place"))
