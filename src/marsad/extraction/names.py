"""Places and actors in running text, through a gazetteer: the general one, and a study's own on top of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from marsad.errors import NotFoundError
from marsad.extraction.found import FoundName
from marsad.extraction.gazetteer import GazetteerActor, GazetteerPlace, general_actors, general_places
from marsad.extraction.name_context import Context
from marsad.extraction.name_definitions import definitions
from marsad.extraction.name_forms import Form, Match, Trie, scan
from marsad.extraction.name_keys import NameToken, fold, name_tokens, slug
from marsad.extraction.name_states import state_actor, with_states
from marsad.model import Evidence

__all__ = ["Gazetteer"]

_RANKS = {"country": 60, "world": 50, "region": 50, "city": 40, "admin1": 30, "site": 30, "admin2": 20}
_LOCAL_RANK = 70
_NEEDS_COUNTRY = 20
"""Names of this rank or below are believed only where the text names their country."""
_SUGGESTION = 84
_MOST_PARENTS = 8
_ACTOR_RANK = 40
_LONGEST_ACRONYM = 8
_KNOWN_PAIRS = frozenset({"UN", "US", "UK", "EU", "AU", "IS"})
_TRANSLITERATED = frozenset({"armed_group", "party", "movement"})
_SORTS = {
    "province": "admin1", "department": "admin1", "governorate": "admin1", "state": "admin1", "region": "admin1",
    "oblast": "admin1", "provincial": "admin1", "district": "admin2", "county": "admin2", "municipality": "admin2",
    "tehsil": "admin2", "woreda": "admin2", "cercle": "admin2", "city": "city", "town": "city",
}  # fmt: skip


@dataclass(frozen=True)
class Gazetteer:
    """Known places and actors, and how they are written.

    Attributes:
        places, actors: by identifier.
        tries: forms of names, in order of preference.
        same: of a record of the general gazetteer that a study has too, the study's identifier, by kind and identifier.
    """

    places: Mapping[str, GazetteerPlace] = field(repr=False)
    actors: Mapping[str, GazetteerActor] = field(repr=False)
    tries: tuple[Trie, ...] = field(repr=False, default=())
    same: Mapping[tuple[str, str], str] = field(repr=False, default_factory=dict)

    @staticmethod
    def general() -> Gazetteer:
        """The gazetteer that ships with the program."""
        return _general()

    def with_evidence(self, evidence: Evidence) -> Gazetteer:
        """This gazetteer with the places and actors of a study on top; at equal length the study's names win."""
        places = [
            GazetteerPlace(
                id=place.subject,
                name=place.name,
                kind=place.kind,
                aliases=place.aliases,
                admin1=place.admin1,
                country=place.country,
            )
            for place in evidence.places
        ]
        actors = [
            GazetteerActor(id=each.subject, name=each.name, kind=each.kind, aliases=each.aliases, parent=each.parent)
            for each in evidence.actors
        ]
        return Gazetteer(
            places={**self.places, **{place.id: place for place in places}},
            actors={**self.actors, **{actor.id: actor for actor in actors}},
            tries=(_trie(places, actors, least=_ACTOR_RANK), *self.tries),
            same={**self.same, **self._identified(places, actors)},
        )

    def find(self, text: str) -> tuple[FoundName, ...]:
        """The places and actors that a text names, in order.

        Names of one kind do not overlap. A state is found as a place and as an actor. A place that is part of the name
        of an actor (the city in ``Shanghai Cooperation Organisation``) has the rule ``within a name``.
        """
        tokens = name_tokens(text)
        context = Context.of(text, tokens)
        matches = scan(text, tokens, (self._defined(text, tokens), *self.tries), context.accepts)
        found = list(self._resolved(text, tokens, matches))
        return tuple(with_states(text, found, self.places, self.actors))

    def place(self, identifier: str) -> GazetteerPlace:
        """The record of a place; raises ``NotFoundError``."""
        if identifier not in self.places:
            raise NotFoundError(f"the gazetteer has no place {identifier!r}")
        return self.places[identifier]

    def actor(self, identifier: str) -> GazetteerActor:
        """The record of an actor; raises ``NotFoundError``."""
        found = self.actors.get(identifier) or state_actor(identifier, self.places, self.actors)
        if found is None:
            raise NotFoundError(f"the gazetteer has no actor {identifier!r}")
        return found

    def name(self, kind: str, identifier: str) -> str:
        """The usual name of a place or an actor; the identifier itself where only the text names it."""
        try:
            return self.place(identifier).name if kind == "place" else self.actor(identifier).name
        except NotFoundError:
            return identifier

    def is_within(self, inner: str, outer: str) -> bool:
        """Whether a place is another or lies in it, by admin1 and country; False where that is not known."""
        for _ in range(_MOST_PARENTS):
            if not inner:
                return False
            if inner == outer:
                return True
            place = self.places.get(inner)
            if place is None:
                return False
            if outer in (place.admin1, place.country):
                return True
            inner = place.parent
        return False

    def suggest(self, text: str, kind: str) -> FoundName | None:
        """The name most like a text, for a person to accept or refuse; None where none comes near."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - heavy, and seldom needed

        wanted = " ".join(token.key for token in name_tokens(text))
        best = process.extractOne(wanted, self._choices[kind], scorer=fuzz.ratio, score_cutoff=_SUGGESTION)
        if not wanted or best is None:
            return None
        return FoundName(0, len(text), kind, best[2], "suggestion", round(best[1] / 100, 3))

    @cached_property
    def _choices(self) -> dict[str, dict[str, str]]:
        """Folded names by identifier, for suggestions."""
        return {
            "place": {each.id: fold(each.name) for each in self.places.values()},
            "actor": {each.id: fold(each.name) for each in self.actors.values()},
        }

    def _defined(self, text: str, tokens: Sequence[NameToken]) -> Trie:
        """The abbreviations that the text itself defines, for known names and for organisations that nobody knows."""
        local = Trie()
        seen: set[tuple[str, str]] = set()
        for definition in definitions(text, tokens):
            written = text[definition.start : definition.end]
            if (written, definition.acronym) in seen:
                continue
            seen.add((written, definition.acronym))
            known = list(self._known(written))
            for form in known:
                local.add(definition.acronym, form.kind, form.id, "defined in the text", _LOCAL_RANK)
            if not known and definition.is_organisation:
                identifier = slug(written)
                for name in (written, definition.acronym):
                    local.add(name, "actor", identifier, "defined in the text", _LOCAL_RANK)
        return local

    def _known(self, written: str) -> Iterable[Form]:
        """The best form of each kind that is written exactly so."""
        tokens = name_tokens(written)
        best: dict[str, Form] = {}
        for match in scan(written, tokens, self.tries, lambda *_: True):
            if match.first == 0 and match.last == len(tokens):
                form = max(match.forms, key=lambda each: each.rank)
                best.setdefault(form.kind, form)
        return best.values()

    def _identified(
        self, places: Iterable[GazetteerPlace], actors: Iterable[GazetteerActor]
    ) -> dict[tuple[str, str], str]:
        """The records of this gazetteer that a study has under another identifier."""
        same: dict[tuple[str, str], str] = {}
        records: list[GazetteerPlace | GazetteerActor] = [*places, *actors]
        for record in records:
            kind = "place" if isinstance(record, GazetteerPlace) else "actor"
            for form in self._known(record.name):
                if form.kind == kind and form.rule == "name" and form.id != record.id and self._fits(form, record):
                    same[kind, form.id] = record.id
        return same

    def _fits(self, form: Form, record: GazetteerPlace | GazetteerActor) -> bool:
        """Whether a general record may be the study's: of a place, the kinds must agree."""
        return isinstance(record, GazetteerActor) or self.places[form.id].kind == record.kind

    def _resolved(self, text: str, tokens: Sequence[NameToken], matches: Sequence[Match]) -> Iterable[FoundName]:
        """One name for each match: the form whose country the text speaks of, then the better known."""
        countries = Counter(
            country
            for match in matches
            if len({form.id for form in match.forms}) == 1 and match.forms[0].rank > _NEEDS_COUNTRY
            for country in [self._country(match.forms[0])]
            if country
        )
        places = {match.first: match for match in matches if match.forms[0].kind == "place"}
        for match in matches:
            outer = self._outer(text, tokens, match, places)
            sort = _sort_beside(text, tokens, match)
            form = self._best(match, countries, outer=outer, sort=sort)
            if form is None:
                continue
            identifier = self.same.get((form.kind, form.id), form.id)
            start, end = tokens[match.first].start, tokens[match.last - 1].end
            end += "." in text[start:end] and text[end : end + 1] == "."
            yield FoundName(start, end, form.kind, identifier, form.rule)

    def _best(self, match: Match, countries: Mapping[str, int], *, outer: Sequence[str], sort: str) -> Form | None:
        """The form that is meant; None where none is to be believed here."""

        def contained(form: Form) -> bool:
            return any(form.id != place and self._may_lie_in(form.id, place) for place in outer)

        def weight(form: Form) -> tuple[bool, bool, bool, int, int]:
            is_sort = form.kind == "place" and sort == self.places[form.id].kind
            count = countries.get(self._country(form), 0)
            return contained(form), is_sort, count > 0 and form.rank > _NEEDS_COUNTRY, form.rank, count

        forms = [
            form
            for form in match.forms
            if form.rank > _NEEDS_COUNTRY or countries.get(self._country(form), 0) > 0 or contained(form)
        ]
        return max(forms, key=weight, default=None)

    def _may_lie_in(self, inner: str, outer: str) -> bool:
        """Whether a place lies in another, or in the same country where its province is not known."""
        place, container = self.places[inner], self.places[outer]
        return self.is_within(inner, outer) or (
            not place.admin1 and place.country != "" and place.country == container.country
        )

    def _outer(
        self, text: str, tokens: Sequence[NameToken], match: Match, places: Mapping[int, Match]
    ) -> Sequence[str]:
        """The places that stand behind a comma after a place: what it may lie in."""
        following = places.get(match.last)
        if following is None or match.forms[0].kind != "place":
            return ()
        gap = text[tokens[match.last - 1].end : tokens[match.last].start]
        return tuple(form.id for form in following.forms) if gap.strip() in (",", "(", "in") else ()

    def _country(self, form: Form) -> str:
        """The country of a form: of a country itself, its own identifier."""
        if form.kind == "actor":
            actor = self.actors.get(form.id)
            return actor.country if actor else ""
        place = self.places.get(form.id)
        return "" if place is None else place.id if place.kind == "country" else place.country


@cache
def _general() -> Gazetteer:
    places, actors = general_places(), general_actors()
    return Gazetteer(
        places={place.id: place for place in places},
        actors={actor.id: actor for actor in actors},
        tries=(_trie(places, actors),),
    )


def _trie(places: Iterable[GazetteerPlace], actors: Iterable[GazetteerActor], *, least: int = 0) -> Trie:
    """All forms of all names, of a least rank."""
    trie = Trie()
    for place in places:
        rank = max(_RANKS.get(place.kind, 30), least)
        trie.add(place.name, "place", place.id, "name", rank, is_transliterated=True)
        for alias in place.aliases:
            _add(trie, alias, "place", place.id, rank, is_transliterated=True)
        for word in place.adjectives:
            trie.add(word, "place", place.id, "adjective", rank)
    for actor in actors:
        is_transliterated = actor.kind in _TRANSLITERATED
        for name in (actor.name, *actor.aliases):
            rank = _NEEDS_COUNTRY if actor.is_minor and " " not in name else _ACTOR_RANK
            if name == actor.name:
                trie.add(name, "actor", actor.id, "name", rank, is_transliterated=is_transliterated)
            else:
                _add(trie, name, "actor", actor.id, rank, is_transliterated=is_transliterated)
    return trie


def _sort_beside(text: str, tokens: Sequence[NameToken], match: Match) -> str:
    """The kind of place that a word beside a name says it is: ``Kabul province``, ``city of Ayacucho``."""
    after = tokens[match.last] if match.last < len(tokens) else None
    if after is not None and text[tokens[match.last - 1].end : after.start] == " " and after.key in _SORTS:
        return _SORTS[after.key]
    if match.first > 1 and tokens[match.first - 1].key == "of":
        return _SORTS.get(tokens[match.first - 2].key, "")
    return ""


def _add(trie: Trie, text: str, kind: str, identifier: str, rank: int, *, is_transliterated: bool) -> None:
    """Add an alias; an acronym of two letters means too many things to be believed without its country."""
    is_acronym = text.isupper() and len(text) <= _LONGEST_ACRONYM
    is_short = is_acronym and len(text) < 3 and text not in _KNOWN_PAIRS
    rule, rank = "acronym" if is_acronym else "alias", _NEEDS_COUNTRY if is_short else rank
    trie.add(text, kind, identifier, rule, rank, is_transliterated=is_transliterated and not is_acronym)
