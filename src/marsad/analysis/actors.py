"""Who are the actors, what is said of them, and how are they tied?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count, count_cell, of_kind, sources_of, table
from marsad.model import Actor, Attribute, Cell, Evidence, Finding, Passage, Relation, joined, phrase, plural, word

__all__ = ["ActorParameters", "actors"]

_COLUMNS = (
    "Actor", "Kind", "Also called", "Belongs to", "Said of it", "#Friendly", "#Hostile", "#Neither", "#Denied"
)  # fmt: skip
_MOST_ALIASES, _MOST_VALUES = 6, 4
_SIGNS = ("positive", "negative", "neutral")


class ActorParameters(Parameters):
    """Which actors."""

    actors: Annotated[tuple[str, ...], Names("actors")] = Field(
        default=(), examples=[["a-state", "an-armed-group"]], description="the actors themselves; empty for all"
    )
    kinds: Annotated[tuple[str, ...], Names("actor_kind")] = Field(
        default=(), examples=[["state", "armed_group"]], description="kinds of actor; empty for all"
    )


def actors(inputs: Inputs, parameters: ActorParameters) -> Finding:
    """The actors with their attributes in short and the number of statements that tie them to others, by sign."""
    evidence = inputs.evidence
    chosen = [
        actor
        for actor in evidence.actors
        if (not parameters.actors or actor.subject in parameters.actors)
        and (not parameters.kinds or actor.kind in parameters.kinds)
    ]
    ties = {actor.subject: [r for r in evidence.relations if actor.subject in (r.a, r.b)] for actor in chosen}
    chosen.sort(key=lambda actor: (-len(ties[actor.subject]), actor.name, actor.subject))
    rows = [_row(evidence, actor, ties[actor.subject]) for actor in chosen]
    result = Result(
        title="Actors",
        text=_words(chosen, ties),
        tables=[table("Actors, with statements of their ties", _COLUMNS, rows, _NOTE)] if rows else [],
        subjects=[actor.subject for actor in chosen],
    )
    return conclude("actors", result, inputs, parameters)


_NOTE = (
    "Friendly, hostile, neither: statements that assert a tie to or from the actor, by sign; denied: statements that "
    "deny one. ×: how many statements say it, where more than one does."
)


def _words(chosen: list[Actor], ties: dict[str, list[Relation]]) -> list[Passage]:
    if not chosen:
        return [("The evidence holds no such actor.",)]
    kinds = Counter(actor.kind for actor in chosen)
    listed = joined(
        [of_kind(number, kind) for kind, number in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))]
    )
    ids = [found for actor in chosen for found in actor.ids_of("name")]
    text: list[Passage] = [("The evidence names ", count(len(chosen), ids, "actor"), f": {listed}.")]
    top = [actor for actor in chosen[:3] if ties[actor.subject]]
    if top:
        named = joined([f"{actor.name} ({plural(len(ties[actor.subject]), 'statement')})" for actor in top])
        text.append((f"Most statements of ties are about {named}.",))
    return text


def _row(evidence: Evidence, actor: Actor, ties: Iterable[Relation]) -> list[Cell]:
    found = list(ties)
    said = [attribute for attribute in evidence.attributes if attribute.actor == actor.subject]
    asserted = [relation for relation in found if relation.stance != "denied"]
    split = [[relation for relation in asserted if relation.sign == sign] for sign in _SIGNS]
    denied = [relation for relation in found if relation.stance == "denied"]
    return [
        cell(actor.name, actor.ids_of("name"), sources_of([actor])),
        cell(word(actor.kind), actor.ids_of("kind")),
        cell(_first(actor.aliases, _MOST_ALIASES), actor.ids_of("aliases")),
        cell(evidence.actor_name(actor.parent) if actor.parent else ""),
        cell(_said(said), [i for attribute in said for i in attribute.ids_of("value")], sources_of(said)),
        *(count_cell(len(part), [i for r in part for i in r.ids_of("sign")]) for part in (*split, denied)),
    ]


def _first(items: Sequence[str], most: int) -> str:
    """The first items, and how many more there are."""
    more = len(items) - most
    return ", ".join(items[:most]) + (f" and {more} more" if more > 0 else "")


def _said(attributes: Iterable[Attribute]) -> str:
    """What is said most often, by dimension: ``religion: deobandi ×3; goal: sharia in pakistan``."""
    groups: dict[str, Counter[str]] = {}
    for attribute in attributes:
        groups.setdefault(attribute.dimension, Counter())[phrase(attribute.value)] += 1
    parts = []
    for dimension, values in groups.items():
        listed = [f"{value} ×{times}" if times > 1 else value for value, times in values.most_common()]
        parts.append(f"{word(dimension)}: {_first(listed, _MOST_VALUES)}")
    return "; ".join(parts)
