"""Which attributes are two or more actors said to share, dimension by dimension?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Annotated

from pydantic import Field

from marsad.analysis import chart_grids
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count, count_cell, sources_of, table
from marsad.model import (
    Attribute,
    Cell,
    Chart,
    Evidence,
    Finding,
    Passage,
    Table,
    joined,
    names,
    phrase,
    short_name,
    word,
)

__all__ = ["SharedParameters", "shared_attributes"]

_DIMENSIONS = ("religion", "ideology", "ethnicity", "norm", "history", "goal", "enemy")
_MOST = 8

Said = Mapping[tuple[str, str], Mapping[str, Sequence[Attribute]]]
"""Statements by attribute (dimension and value) and by actor."""


class SharedParameters(Parameters):
    """Which actors and dimensions."""

    actors: Annotated[tuple[str, ...], Names("actors")] = Field(
        default=(), examples=[["a-state", "an-armed-group"]], description="between which actors; empty for all"
    )
    dimensions: Annotated[tuple[str, ...], Names("dimension")] = Field(
        default=_DIMENSIONS,
        examples=[["religion", "goal"]],
        description="dimensions of identity; those of power, organisation, tactic and policy only where named",
    )


def shared_attributes(inputs: Inputs, parameters: SharedParameters) -> Finding:
    """Attributes that several actors are said to have, and how many of them each pair shares. A description.

    Shared is what carries the same slug in the coding; how many are found depends on how finely it was coded.
    """
    evidence = inputs.evidence
    shared = {key: by for key, by in _said(evidence, parameters).items() if len(by) > 1}
    weight = Counter(actor for by in shared.values() for actor in by)
    ordered = sorted(weight, key=lambda actor: (-weight[actor], actor))
    pairs = _pairs(shared)
    result = Result(
        title="Shared attributes",
        text=_words(evidence, parameters, shared, pairs),
        tables=[_attributes(evidence, shared, ordered), _pair_table(evidence, pairs)] if shared else [],
        charts=_chart(evidence, pairs, ordered),
        subjects=ordered,
    )
    return conclude("shared-attributes", result, inputs, parameters)


def _said(evidence: Evidence, parameters: SharedParameters) -> dict[tuple[str, str], dict[str, list[Attribute]]]:
    found: dict[tuple[str, str], dict[str, list[Attribute]]] = {}
    for attribute in evidence.attributes:
        wanted = not parameters.actors or attribute.actor in parameters.actors
        if wanted and attribute.dimension in parameters.dimensions:
            by = found.setdefault((attribute.dimension, attribute.value), {})
            by.setdefault(attribute.actor, []).append(attribute)
    rank = {dimension: place for place, dimension in enumerate(parameters.dimensions)}
    return dict(sorted(found.items(), key=lambda item: (rank[item[0][0]], -len(item[1]), item[0][1])))


def _pairs(shared: Said) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The attributes that each pair of actors shares, the pairs with most first."""
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for attribute, by in shared.items():
        for a, b in combinations(sorted(by), 2):
            pairs.setdefault((a, b), []).append(attribute)
    return dict(sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0])))


def _words(
    evidence: Evidence, parameters: SharedParameters, shared: Said, pairs: Mapping[tuple[str, str], Sequence[object]]
) -> list[Passage]:
    among = f" among {names(evidence, parameters.actors, short=True)}" if parameters.actors else ""
    if not shared:
        return [(f"The evidence holds no attribute that two actors{among} share in these dimensions.",)]
    ids = [found for by in shared.values() for group in by.values() for a in group for found in a.ids_of("value")]
    (a, b), most = next(iter(pairs.items()))
    return [
        (
            count(len(shared), ids, "attribute"),
            (
                f" {'is' if len(shared) == 1 else 'are'} said of two or more actors{among}. {short_name(evidence, a)} "
                f"and {short_name(evidence, b)} share most: {len(most)}."
            ),
        ),
        ("This counts what the documents say in the words of the coding; it does not measure how near actors are.",),
    ]


def _attributes(evidence: Evidence, shared: Said, ordered: Sequence[str]) -> Table:
    """Attributes by actors: how many statements say it."""
    shown = list(ordered) if len(ordered) <= _MOST + 1 else list(ordered[:_MOST])
    rest = [actor for actor in ordered if actor not in shown]
    rows = [
        [
            cell(word(dimension)),
            cell(phrase(value)),
            *(_mark(by.get(actor, ())) for actor in shown),
            *_rest(evidence, by, rest),
        ]
        for (dimension, value), by in shared.items()
    ]
    columns = ["Dimension", "Attribute", *(f"#{short_name(evidence, actor)}" for actor in shown)]
    note = "●: said of the actor; the number is that of the statements."
    return table("Attributes said of two or more actors", [*columns, *(["Others"] if rest else [])], rows, note)


def _mark(statements: Sequence[Attribute]) -> Cell:
    ids = [found for attribute in statements for found in attribute.ids_of("value")]
    return cell(f"● {len(statements)}" if statements else "", ids, sources_of(statements))


def _rest(evidence: Evidence, by: Mapping[str, Sequence[Attribute]], rest: Sequence[str]) -> list[Cell]:
    if not rest:
        return []
    found = [attribute for actor in rest for attribute in by.get(actor, ())]
    listed = ", ".join(f"{short_name(evidence, actor)} {len(by[actor])}" for actor in rest if actor in by)
    return [cell(listed, [i for attribute in found for i in attribute.ids_of("value")], sources_of(found))]


def _pair_table(evidence: Evidence, pairs: Mapping[tuple[str, str], Sequence[tuple[str, str]]]) -> Table:
    rows = [
        [
            cell(short_name(evidence, a)),
            cell(short_name(evidence, b)),
            count_cell(len(found)),
            cell(", ".join(dict.fromkeys(word(dimension) for dimension, _ in found))),
            cell(", ".join(phrase(value) for _, value in found)),
        ]
        for (a, b), found in pairs.items()
    ]
    return table(
        "Shared attributes by pair", ["First actor", "Second actor", "#Shared", "Dimensions", "Attributes"], rows
    )


def _chart(
    evidence: Evidence, pairs: Mapping[tuple[str, str], Sequence[object]], ordered: Sequence[str]
) -> list[Chart]:
    """How many attributes each pair shares, where there are three actors or more."""
    top = list(ordered[:12])
    if len(top) < 3:
        return []
    found = [
        chart_grids.Tie(
            short_name(evidence, x),
            short_name(evidence, y),
            len(group),
            str(len(group)),
            0.15 + 0.85 * len(group) / peak,
        )
        for (a, b), group in pairs.items()
        if a in top and b in top
        for x, y in ((a, b), (b, a))
        for peak in (max(map(len, pairs.values())),)
    ]
    (a, b), most = next(iter(pairs.items()))
    listed = joined([short_name(evidence, a), short_name(evidence, b)])
    alt = f"Matrix of the number of attributes that each pair of actors shares; most: {listed}, {len(most)}."
    spec = chart_grids.matrix(found, [short_name(evidence, actor) for actor in top], rows="", columns="")
    return [Chart(title="Number of shared attributes", alt=alt, spec=spec, table=1)]
