"""Which quantity a figure is: its scope, whether one scope lies within another, and how it is put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marsad.claims.consistency.compare import reporter
from marsad.claims.consistency.wording import short_names
from marsad.model import Evidence, Figure, broader_targets, date_text, names, place_names, targets_text, word

__all__ = [
    "COUNTABLE",
    "FULL",
    "Scope",
    "actors_within",
    "definition_key",
    "describe",
    "excludes_targets",
    "grouped",
    "is_about",
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
    span: tuple[date | None, date | None]
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


def definition_key(figure: Figure) -> str:
    """How it was counted, without regard to case, spaces and the full stop."""
    return " ".join(re.findall(r"\w+", figure.definition.casefold()))


def same_count(left: Figure, right: Figure) -> bool:
    """Whether one counter counted in one way."""
    return reporter(left) == reporter(right) and definition_key(left) == definition_key(right)


def is_slice(evidence: Evidence, figure: Figure) -> bool:
    """Whether it is a part of a figure of the very same scope, so that only its definition makes it narrower."""
    whole = evidence.figure_by_id.get(figure.whole)
    return whole is not None and whole.subject != figure.subject and scope_of(whole) == scope_of(figure)


def is_total(evidence: Evidence, figure: Figure) -> bool:
    """Whether it says of a closed period and an area how many there were in all."""
    period = figure.period
    is_closed = period is not None and period.earliest is not None and period.latest is not None
    return is_closed and bool(figure.area) and not is_slice(evidence, figure)


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


def describe(evidence: Evidence, figure: Figure) -> str:
    """Definition, victims, actor and period in words, each once."""
    words = [figure.definition.rstrip(".")]
    words += [f"of {targets_text(figure.target)}"] if figure.target else []
    words += [f"by {names(evidence, figure.actor)}"] if figure.actor else []
    words += [date_text(figure.period)] if figure.period else []
    return ", ".join(words)
