"""What is compared of a pair: each feature with its unit, its sense and its words for a person.

All are computed on arrays of the candidate pairs, whichever engine found these: the numeric ones here, those of names,
kinds and words in ``marsad.reconcile.actors`` and ``marsad.reconcile.wording``.

A feature belongs to a group of data that a register has or lacks. For the groups in ``NESTED`` the scorer has a model
of its own for every combination of what both records say; the features of the other groups are 0, which says nothing,
where a record lacks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.reconcile.blocking import great_circle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.sides import Side

__all__ = ["FEATURES", "NESTED", "NUMERIC", "Feature", "explain", "known_groups", "numeric"]

_KM = 10.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that is compared.

    Attributes:
        name: its name.
        group: the data that it needs: time, place, deaths, harm, text, or none.
        sense: +1 where more of it speaks for one event, -1 where it speaks against.
        prior: its weight (in log-odds for one unit) where the labelled pairs say nothing about it.
        description: what it is, with unit.
    """

    name: str
    group: str
    sense: int
    prior: float
    description: str


FEATURES = (
    Feature("days", "time", -1, -1.5, "ln(1 + days between the date intervals)"),
    Feature("span", "time", -1, -0.5, "ln(days of the longer date interval)"),
    Feature("km", "place", -1, -0.7, "ln(1 + kilometres between the coordinates / 10)"),
    Feature("far", "place", -1, -0.7, "ln(1 + kilometres / (10 + both radii))"),
    Feature(
        "crowd", "time", -1, -0.5, "ln(1 + other records in the week and half degree, or country, of either record)"
    ),
    Feature("killed", "deaths", -1, -1.5, "distance of ln(1 + deaths), between the nearest estimates"),
    Feature("killed_both", "deaths", 1, 1.0, "ln(1 + deaths) of the record with fewer, as far as both report some"),
    Feature("harmed", "harm", -1, -0.8, "distance of ln(1 + injured) and of ln(1 + abducted or arrested), added"),
    Feature("harmed_both", "harm", 1, 1.0, "ln(1 + injured) and ln(1 + taken) of the lower record, added"),
    Feature("words", "text", 1, 4.0, "square root of the cosine of the descriptions, words weighted by rarity"),
    Feature("organisation", "text", 1, 0.5, "1 the texts name one sort of organisation, -1 different ones, 0 none"),
    Feature("means", "text", 1, 0.5, "the same of the means of the attack"),
    Feature("victims", "text", 1, 0.5, "the same of the sex of those affected"),
    Feature("setting", "text", 1, 0.5, "the same of the setting"),
    Feature("actors", "", 1, 1.0, "likeness of the sides' names, from -0.4 (different) to 0.6 (the same); 0 unknown"),
    Feature("kind", "", 1, 0.7, "1 the same kind of event, -1 kinds that exclude each other, between: the crosswalk"),
    Feature("area", "", 1, 0.3, "1 the same first-level area, -1 another or another country, 0 unknown"),
)
"""What is compared, in the order of the columns of the design matrix."""

NESTED = ("place", "deaths", "harm", "text")
"""Groups of data for each combination of which there is a model; bit ``n`` of a pattern stands for the ``n``-th."""

NUMERIC = ("days", "span", "km", "far", "killed", "killed_both", "harmed", "harmed_both")
"""The features that ``numeric`` computes."""


def numeric(
    left: Side, right: Side, pairs: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> dict[str, NDArray[np.float64]]:
    """The features ``NUMERIC`` of pairs, NaN where a record lacks the data.

    Args:
        left: one source.
        right: the other.
        pairs: numbers of the left and the right records.
    """
    a, b = ({name: side.numbers(name)[some] for name in _READ} for side, some in zip((left, right), pairs, strict=True))
    both = a["located"] & b["located"]
    km = np.full(len(both), np.nan)
    km[both] = great_circle(*((end["latitude"][both], end["longitude"][both]) for end in (a, b)))
    least = [_log(end["deaths_least"]) for end in (a, b)]
    most = np.minimum(*(_log(end["deaths_most"]) for end in (a, b)))
    return {
        "days": _log(np.maximum(a["begun"], b["begun"]) - np.minimum(a["ended"], b["ended"])),
        "span": np.log(np.maximum(a["ended"] - a["begun"], b["ended"] - b["begun"]) + 1.0),
        "km": _log(km / _KM),
        "far": _log(km / (_KM + a["radius"] + b["radius"])),
        "killed": (np.maximum(*least) - most).clip(min=0.0),
        "killed_both": most,
        **_harm(a, b),
    }


def _harm(a: Mapping[str, NDArray[np.float64]], b: Mapping[str, NDArray[np.float64]]) -> dict[str, Any]:
    """The features of injured and taken people."""
    known = [~np.isnan(a[name]) & ~np.isnan(b[name]) for name in _HARM]
    harm = known[0] | known[1]
    if not harm.any():
        nothing = np.full(len(harm), np.nan)
        return {"harmed": nothing, "harmed_both": nothing}
    harms = [[_log(end[name]) for end in (a, b)] for name in _HARM]
    apart, lower = (
        sum(np.where(there, of(*two), 0.0) for two, there in zip(harms, known, strict=True)) for of in (_apart, np.fmin)
    )
    return {"harmed": np.where(harm, apart, np.nan), "harmed_both": np.where(harm, lower, np.nan)}


_HARM = ("injured", "taken")
_READ = (
    *("begun", "ended", "latitude", "longitude", "radius", "located"),
    *("deaths_least", "deaths_most", "injured", "taken"),
)


def _log(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """ln(1 + value), a count below zero as zero."""
    logarithm: NDArray[np.float64] = np.log(value.clip(min=0.0) + 1.0)
    return logarithm


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.abs(one - other)


def known_groups(columns: Mapping[str, NDArray[np.float64]]) -> NDArray[np.int64]:
    """The pattern of each pair: bit ``n`` is set where both records have the data of ``NESTED[n]``.

    Args:
        columns: the features by name, NaN where a record lacks the data; what is missing whole may be left out.
    """
    firsts = {group: next(f.name for f in FEATURES if f.group == group) for group in NESTED}
    pattern: NDArray[np.int64] = np.zeros(len(columns["days"]), dtype=np.int64)
    for bit, group in enumerate(NESTED):
        if firsts[group] in columns:
            pattern |= (~np.isnan(columns[firsts[group]])).astype(np.int64) << bit
    return pattern


def explain(values: Mapping[str, float]) -> str:
    """Why two records look the same, or not: the features of one pair in words, for a person.

    Args:
        values: the features by name; NaN or absent where a record lacks the data.
    """
    said = {name: value for name, value in values.items() if not isnan(value)}
    parts = [*_when_and_where(said), *_counts(said), *_names(said)]
    lacking = [words for name, words in _LACKING.items() if name not in said]
    if lacking:
        parts.append(f"not comparable: {', '.join(lacking)}")
    return "; ".join(parts)


_LACKING = {"km": "place", "killed": "deaths", "harmed": "injured and abducted", "words": "description"}


def _when_and_where(said: Mapping[str, float]) -> list[str]:
    days, span = round(float(np.expm1(said["days"]))), round(float(np.exp(said["span"])))
    if days:
        parts = [f"{days} day{'s' if days > 1 else ''} apart"]
    else:
        parts = ["same day" if span == 1 else f"dates overlap, known within {span} days"]
    if "km" in said:
        parts.append(f"{_KM * np.expm1(said['km']):.0f} km apart")
    area = said.get("area", 0.0)
    if area:
        parts.append("same area" if area > 0 else "different areas")
    return parts


def _counts(said: Mapping[str, float]) -> list[str]:
    parts = []
    for apart, both, word in (("killed", "killed_both", "deaths"), ("harmed", "harmed_both", "injured or abducted")):
        if apart not in said:
            continue
        if said[apart] > 1e-9:
            parts.append(f"{word} differ by a factor of about {np.exp(said[apart]):.1f}")
        elif said.get(both, 0.0) > 0:
            parts.append(f"{word} agree" if word != "deaths" else f"deaths agree ({np.expm1(said[both]):.0f})")
        else:
            parts.append(f"no {word} in either")
    return parts


_FACETS = ("organisation", "means", "victims", "setting")
_DEGREES = ((0.6, "nearly all words"), (0.2, "much"), (0.05, "some"), (0.0, "little"))


def _names(said: Mapping[str, float]) -> list[str]:
    parts = []
    if "words" in said:
        likeness = said["words"] ** 2
        degree = next(word for least, word in _DEGREES if likeness >= least)
        parts.append(f"descriptions share {degree} ({likeness:.2f})")
    parts += [f"{'same' if said[name] > 0 else 'different'} {name} in the texts" for name in _FACETS if said.get(name)]
    if said.get("actors"):
        parts.append("sides alike" if said["actors"] > 0 else "sides named differently")
    if said.get("kind"):
        parts.append("compatible kinds" if said["kind"] > 0 else "kinds that exclude each other")
    return parts
