"""All records of a study together, and what follows from how actors and places contain one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from marsad.model.records import RECORDS, Action, Actor, Attribute, Event, Figure, Place, Record, Relation
from marsad.model.source import Source
from marsad.model.statement import Frozen, Kind, Statement

__all__ = ["Evidence", "broader_targets"]

_R = TypeVar("_R", bound=Record)

_WORD = re.compile(r"[^\W\d_]{2,}")
_TARGET_PARENTS = {
    "civilians": "people",
    "refugees": "civilians",
    "religious": "civilians",
    "political": "civilians",
    "officials": "people",
    "security": "people",
    "military": "security",
    "police": "security",
    "militants": "people",
    "foreign": "people",
    "members": "people",
}


def broader_targets(target: str) -> frozenset[str]:
    """A class of victims and every class that contains it: police -> police, security, people."""
    chain = [target]
    while chain[-1] in _TARGET_PARENTS:
        chain.append(_TARGET_PARENTS[chain[-1]])
    return frozenset(chain)


class Evidence(Frozen):
    """Every record of a study, each kind in the order of its statements.

    Attributes:
        sources: by citation key.
    """

    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    figures: tuple[Figure, ...] = ()
    actions: tuple[Action, ...] = ()
    sources: Mapping[str, Source] = {}

    @classmethod
    def assemble(cls, statements: Iterable[Statement], sources: Mapping[str, Source]) -> Evidence:
        """Group statements into records, whatever made them (a coder, an extractor, a connector)."""
        groups: dict[tuple[Kind, str], list[Statement]] = {}
        for statement in statements:
            groups.setdefault((statement.kind, statement.record), []).append(statement)
        records = [RECORDS[kind].assemble(group) for (kind, _), group in groups.items()]
        return cls(
            actors=_only(Actor, records),
            places=_only(Place, records),
            attributes=_only(Attribute, records),
            relations=_only(Relation, records),
            events=_only(Event, records),
            figures=_only(Figure, records),
            actions=_only(Action, records),
            sources=dict(sources),
        )

    @cached_property
    def actor_by_id(self) -> dict[str, Actor]:
        """Actors by identifier."""
        return {actor.subject: actor for actor in self.actors}

    @cached_property
    def place_by_id(self) -> dict[str, Place]:
        """Places by identifier."""
        return {place.subject: place for place in self.places}

    @cached_property
    def figure_by_id(self) -> dict[str, Figure]:
        """Figures by identifier."""
        return {figure.subject: figure for figure in self.figures}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of events and actions, by identifier: the first among their reports."""
        found: dict[str, str] = {}
        reports: list[Event | Action] = [*self.events, *self.actions]
        for report in reports:
            if report.title:
                found.setdefault(report.subject, report.title)
        return found

    def actor_name(self, actor: str) -> str:
        """The printed name; the identifier itself where no actor has it."""
        found = self.actor_by_id.get(actor)
        return found.name if found else actor

    def place_name(self, place: str) -> str:
        """The printed name; the identifier itself where no place has it."""
        found = self.place_by_id.get(place)
        return found.name if found else place

    @cached_property
    def spellings(self) -> dict[str, str]:
        """How the words of names and aliases are written, by their form without capitals.

        Without capitals also what all texts together write more often so.
        """
        names = Counter(found for text in self._names() for found in _WORD.findall(text))
        used = names + Counter(found for text in self._texts() for found in _WORD.findall(text))
        times = Counter(found.lower() for found in used.elements())
        by_use = sorted(names, key=lambda found: (not found.islower(), names[found], found))
        return {
            small: found if 2 * used[small] < times[small] else small
            for small, found in ((found.lower(), found) for found in by_use)
        }

    def _names(self) -> Iterator[str]:
        known: list[Actor | Place] = [*self.actors, *self.places]
        yield from (text for named in known for text in (named.name, *named.aliases))

    def _texts(self) -> Iterator[str]:
        """What is written in whole words, other than names."""
        sorts: list[Actor | Place | Relation | Event | Action] = [*self.actors, *self.places]
        sorts += [*self.relations, *self.events, *self.actions]
        yield from (text for record in sorts for text in (record.kind, record.note))
        yield from (attribute.note for attribute in self.attributes)
        yield from (text for figure in self.figures for text in (figure.measure, figure.definition, figure.note))
        yield from (action.outcome for action in self.actions)

    def areas_around(self, place: str) -> frozenset[str]:
        """The place itself, its province, its country, and the world."""
        found = self.place_by_id.get(place)
        around = {place, "world"}
        if found:
            around |= {found.admin1, found.country} - {""}
            province = self.place_by_id.get(found.admin1)
            around |= {province.country} - {""} if province else set()
        return frozenset(around)

    def is_within(self, inner: Iterable[str], outer: Iterable[str]) -> bool:
        """Whether each inner place lies in some outer place; no outer place means everywhere."""
        outside = set(outer)
        return not outside or all(self.areas_around(place) & outside for place in inner)

    def groups_around(self, actor: str) -> frozenset[str]:
        """The actor itself and every actor that it belongs to."""
        chain = [actor]
        while (found := self.actor_by_id.get(chain[-1])) and found.parent and found.parent not in chain:
            chain.append(found.parent)
        return frozenset(chain)


def _only(kind: type[_R], records: Iterable[Record]) -> tuple[_R, ...]:
    return tuple(record for record in records if isinstance(record, kind))
