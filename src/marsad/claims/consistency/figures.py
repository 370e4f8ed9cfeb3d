"""Which quantity a figure is: its scope, whether one scope lies within another, and how it is put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from marsad.claims.consistency.compare import reporter
from marsad.claims.consistency.wording import short_names
from marsad.model import Evidence, Figure, broader_targets, date_text, names, place_names, targets_text, word

__all__ = [
    "COUNTABLE",
    "FULL",
    "Scope",
    "Span",
    "actors_within",
    "by_span",
    "counter_text",
    "definition_key",
    "describe",
    "excludes_targets",
    "grouped",
    "is_about",
    "is_closed",
    "is_slice",
    "is_total",
    "places_within",
    "same_count",
    "scope_of",
    "targets_within",
    "topic",
]

COUNTABLE = frozenset({"attacks", "incidents", "killed", "injured", "casualties", "returned", "deported", "displaced"})
"""Measures that count what adds up: no attack, victim or returnee stands in two parts that lie apart."""

FULL = {"percent": Decimal(100), "share": Decimal(1)}
"""All of a whole, in the units of a share of it."""


_UNARMED = frozenset({"civilians", "refugees", "religious", "political"})
_ARMED = frozenset({"security", "military", "police", "militants"})


Span = tuple[date | None, date | None]
"""First and last day; None where an end is open or not stated."""


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Which quantity a figure is, apart from how it was counted.

    Attributes:
        unit: as coded, but a count of persons is a count.
        span: first and last day of the period; None for an end that is open or not stated.
    """

    measure: str
    unit: str
    area: tuple[str, ...]
    span: Span
    actor: tuple[str, ...]
    target: tuple[str, ...]


def scope_of(figure: Figure) -> Scope:
    """The scope of a figure."""
    period = figure.period
    return Scope(
        measure=figure.measure,
        unit="count" if figure.unit == "persons" else figure.unit,
        area=tuple(sorted(figure.area)),
        span=(period.earliest, period.latest) if period else (None, None),
        actor=tuple(sorted(figure.actor)),
        target=tuple(sorted(figure.target)),
    )


def grouped(figures: Iterable[Figure]) -> list[list[Figure]]:
    """Figures of one scope together."""
    groups: dict[Scope, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(scope_of(figure), []).append(figure)
    return list(groups.values())


def by_span(figures: Iterable[Figure]) -> dict[Span, list[Figure]]:
    """Figures of a stated period by its first and last day: there are far fewer spans than figures."""
    spans: dict[Span, list[Figure]] = {}
    for figure in figures:
        if figure.period is not None:
            spans.setdefault((figure.period.earliest, figure.period.latest), []).append(figure)
    return spans


def definition_key(figure: Figure) -> str:
    """How it was counted, without regard to case, spaces and the full stop."""
    return _words(figure.definition)


@cache
def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def same_count(left: Figure, right: Figure) -> bool:
    """Whether one counter counted in one way."""
    return reporter(left) == reporter(right) and definition_key(left) == definition_key(right)


def is_slice(evidence: Evidence, figure: Figure) -> bool:
    """Whether it is a part of a figure of the very same scope, so that only its definition makes it narrower."""
    whole = evidence.figure_by_id.get(figure.whole)
    return whole is not None and whole.subject != figure.subject and scope_of(whole) == scope_of(figure)


def is_closed(figure: Figure) -> bool:
    """Whether its period has a first and a last day."""
    return figure.period is not None and figure.period.earliest is not None and figure.period.latest is not None


def is_total(evidence: Evidence, figure: Figure) -> bool:
    """Whether it says of a closed period and an area how many there were in all."""
    return is_closed(figure) and bool(figure.area) and not is_slice(evidence, figure)


def places_within(evidence: Evidence, inner: Figure, outer: Figure) -> bool:
    """Whether the area of one certainly lies in that of the other; both must be stated, or neither."""
    if not inner.area or not outer.area:
        return not inner.area and not outer.area
    return evidence.is_within(inner.area, outer.area)


def actors_within(evidence: Evidence, inner: Iterable[str], outer: Iterable[str]) -> bool:
    """Whether every actor of one is, or belongs to, an actor of the other; no outer actor means all."""
    ours, theirs = list(inner), set(outer)
    return not theirs or (bool(ours) and all(evidence.groups_around(actor) & theirs for actor in ours))


def targets_within(inner: Iterable[str], outer: Iterable[str]) -> bool:
    """Whether every class of victims of one lies in a class of the other; no outer class means all."""
    ours, theirs = list(inner), set(outer)
    return not theirs or (bool(ours) and all(broader_targets(target) & theirs for target in ours))


def excludes_targets(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Whether one names only unarmed victims and the other armed ones, or the other way round."""
    ours, theirs = set(inner), set(outer)
    if not theirs or any(broader_targets(target) & theirs for target in ours):
        return False
    return bool((ours & _ARMED and theirs <= _UNARMED) or (ours & _UNARMED and theirs <= _ARMED))


def is_about(figure: Figure, *, measures: Iterable[str]) -> bool:
    """Whether it is an absolute number of one of the measures."""
    return figure.measure in set(measures) and figure.unit in {"count", "persons"}


def topic(evidence: Evidence, figure: Figure) -> str:
    """What a figure is about, as the beginning of a title: ``Attacks by TTP, Pakistan, November 2021``."""
    by = f" by {short_names(evidence, figure.actor)}" if figure.actor else ""
    parts = [f"{word(figure.measure).capitalize()}{by}", place_names(evidence, figure.area), date_text(figure.period)]
    return ", ".join(part for part in parts if part)


def describe(evidence: Evidence, figure: Figure, beside: Iterable[Figure] = ()) -> str:
    """Definition, area, victims, actor and period in words, each once; the counter where another one is ``beside`` it.

    Places, actors and counters that the definition already names are not named again.
    """
    definition = figure.definition.rstrip(".")
    areas = [area for area in figure.area if not _is_named(_names_of_place(evidence, area), definition)]
    words = [definition, place_names(evidence, areas), counter_text(evidence, figure, beside)]
    words += [f"of {targets_text(figure.target)}"] if figure.target else []
    words += [f"by {names(evidence, figure.actor)}"] if figure.actor else []
    words += [date_text(figure.period)]
    return ", ".join(part for part in words if part)


def counter_text(evidence: Evidence, figure: Figure, beside: Iterable[Figure]) -> str:
    """Who counted, where that is not the source itself, another counted what is beside it, and no words name it yet."""
    if not figure.reported_by or len({reporter(each) for each in (figure, *beside)}) == 1:
        return ""
    known = _names_of_actor(evidence, figure.reported_by)
    return "" if _is_named(known, figure.definition) else f"as counted by {short_names(evidence, [figure.reported_by])}"


def _names_of_place(evidence: Evidence, place: str) -> tuple[str, ...]:
    found = evidence.place_by_id.get(place)
    return (found.name, *found.aliases) if found else (place,)


def _names_of_actor(evidence: Evidence, actor: str) -> tuple[str, ...]:
    found = evidence.actor_by_id.get(actor)
    return (found.name, *found.aliases) if found else (actor,)


def _is_named(known: Iterable[str], text: str) -> bool:
    """Whether a text has one of the names, in whole words, perhaps with an ending (``Malian``, ``Pakistan's``)."""
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    wanted = [" ".join(re.findall(r"\w+", name.casefold())) for name in known]
    return any(re.search(rf"\b{re.escape(name)}(?:s|n|an|i)?\b", plain) for name in wanted if name)
