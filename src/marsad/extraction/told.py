"""A sentence with everything that the extractors find in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from marsad.documents import Document
from marsad.extraction.dates import find_dates
from marsad.extraction.deeds import Deed, find_deeds, is_unreal
from marsad.extraction.effects import Harm
from marsad.extraction.found import FoundDate, FoundName
from marsad.extraction.harm import find_harm
from marsad.extraction.names import Gazetteer
from marsad.extraction.noun_phrases import find_people
from marsad.extraction.people import Group, View, view_sentence
from marsad.extraction.sorting import Sort, sort_words
from marsad.model import Date

__all__ = ["Finds", "Told"]

Found = TypeVar("Found", FoundDate, FoundName)


@dataclass(frozen=True)
class Told:
    """A sentence, or a part of one that tells of an event of its own.

    Attributes:
        view: its words.
        start, end: its place in the text.
        sort: what it reports.
        deeds: the words that name a deed, without those that are planned, feared or possible.
        groups: the phrases for people.
        harms: what was done to people.
        dates, places, actors: what is found in it.
        local: those of the places that are smaller than a country.
        states: the adjectives of countries that are actors.
    """

    view: View
    start: int
    end: int
    sort: Sort
    deeds: tuple[Deed, ...]
    groups: tuple[Group, ...]
    harms: tuple[Harm, ...]
    dates: tuple[FoundDate, ...]
    places: tuple[FoundName, ...]
    actors: tuple[FoundName, ...]
    local: tuple[FoundName, ...]
    states: tuple[FoundName, ...]

    @cached_property
    def low(self) -> str:
        """Its text in lower case."""
        return self.view.text[self.start : self.end].lower()

    def word_at(self, offset: int) -> int:
        """The index of the first word at or behind an offset of the text."""
        return bisect_left(self.view.tokens, offset, key=lambda token: token.start)

    def before(self, offset: int, count: int = 1) -> tuple[str, ...]:
        """The words before an offset, in lower case."""
        at = self.word_at(offset)
        return tuple(token.low for token in self.view.tokens[max(at - count, 0) : at])


class Finds:
    """Everything that is found in a document, cut into sentences on demand."""

    def __init__(self, document: Document, gazetteer: Gazetteer, reference: Date | None) -> None:
        self.document = document
        self.gazetteer = gazetteer
        self._dates = find_dates(document.text, reference=reference)
        names = gazetteer.find(document.text)
        self._places = tuple(name for name in names if name.kind == "place" and name.rule != "suggestion")
        self._actors = tuple(name for name in names if name.kind == "actor" and name.rule != "suggestion")
        self._date_starts = [found.start for found in self._dates]
        self._place_starts = [found.start for found in self._places]
        self._actor_starts = [found.start for found in self._actors]

    def tell(self, start: int, end: int) -> Told:
        """Read the sentence between two offsets."""
        view = view_sentence(self.document.text, start, end)
        actors = _within(self._actors, self._actor_starts, start, end)
        groups = tuple(self._sided(view, group, actors) for group in find_people(view))
        places = _within(self._places, self._place_starts, start, end)
        return Told(
            view=view,
            start=start,
            end=end,
            sort=sort_words(self.document.text, view.tokens),
            deeds=tuple(deed for deed in find_deeds(view.tokens) if not is_unreal(view.tokens, deed.first, deed.last)),
            groups=groups,
            harms=find_harm(view, groups),
            dates=_within(self._dates, self._date_starts, start, end),
            places=places,
            local=tuple(place for place in places if self._is_local(place)),
            states=tuple(place for place in places if place.rule == "adjective" and place.id in self.gazetteer.actors),
            actors=actors,
        )

    def _is_local(self, place: FoundName) -> bool:
        record = self.gazetteer.places.get(place.id)
        return record is None or record.kind not in ("country", "region", "world")

    def _sided(self, view: View, group: Group, actors: Sequence[FoundName]) -> Group:
        """The phrase with the class that an actor's name in it gives: *commanders of* an armed group are militants."""
        start, end = view.tokens[group.first].start, view.tokens[group.last - 1].end
        if group.classes - {"official", "political"} or group.form in ("number", "pronoun", "unknown"):
            return group
        for actor in actors:
            record = self.gazetteer.actors.get(actor.id)
            if start <= actor.start and actor.end <= end and record is not None and record.kind == "armed_group":
                return replace(group, classes=group.classes | {"militant"})
        return group


def _within(found: Sequence[Found], starts: Sequence[int], start: int, end: int) -> tuple[Found, ...]:
    return tuple(each for each in found[bisect_left(starts, start) : bisect_left(starts, end)] if each.end <= end)
