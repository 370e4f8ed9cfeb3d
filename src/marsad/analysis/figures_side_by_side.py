"""What numbers do the documents report, by whom, and what did each of them count?"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field

from marsad.analysis import chart_grids
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count, some, table
from marsad.analysis.quantities import Definitions, Quantified, by_quantity, reporter_name, reporter_names, reporter_of
from marsad.model import (
    Cell,
    Chart,
    Check,
    CheckStatus,
    Cite,
    Date,
    Evidence,
    Figure,
    Finding,
    Number,
    Passage,
    Table,
    date_text,
    joined,
    plural,
    quantity_text,
    upper_first,
    word,
)

__all__ = ["FigureParameters", "figures_side_by_side"]

_MOST_COLUMNS, _MOST_NAMED = 6, 5
_COUNTS = ("count", "persons")


class FigureParameters(Parameters):
    """Which figures."""

    measures: Annotated[tuple[str, ...], Names("measure")] = Field(
        default=(), examples=[["attacks", "killed"]], description="what was measured; empty for all"
    )
    actors: Annotated[tuple[str, ...], Names("actors")] = Field(
        default=(),
        examples=[["an-armed-group"]],
        description="figures of which one is the attacker, holder or member; empty for all",
    )
    areas: Annotated[tuple[str, ...], Names("places")] = Field(
        default=(), examples=[["a-country"]], description="places in which the figure's whole area lies; empty for all"
    )
    period: Date | None = Field(
        default=None,
        examples=["2022"],
        description="only figures whose period may lie in it; those without a period are left out; empty for all",
    )
    reporters: Annotated[tuple[str, ...], Names("actors", "sources")] = Field(
        default=(),
        examples=[["a-research-institute"]],
        description="who counted: an actor, or the source where none is named; empty for all",
    )
    shared: Literal["yes", "no"] = Field(
        default="no",
        examples=["yes"],
        description="whether to leave out the quantities that only one reporter gives a value for",
    )


def figures_side_by_side(inputs: Inputs, parameters: FigureParameters) -> Finding:
    """One row a quantity, the values of its reporters side by side, each as reported and with its definition."""
    evidence = inputs.evidence
    rows = by_quantity((figure for figure in evidence.figures if _fits(figure, parameters, evidence)), evidence)
    if parameters.shared == "yes":
        rows = [row for row in rows if len(row.reporters) > 1]
    columns = _columns(rows)
    result = Result(
        title="Reported figures side by side",
        text=_words(rows, evidence, parameters),
        tables=_tables(rows, columns, evidence) if rows else [],
        charts=_chart(rows, columns, evidence),
        checks=_checks(rows, evidence) if rows else [],
        subjects=[figure.subject for row in rows for figure in row.figures],
    )
    return conclude("figures-side-by-side", result, inputs, parameters)


def _fits(figure: Figure, parameters: FigureParameters, evidence: Evidence) -> bool:
    period = parameters.period
    return (
        (not parameters.measures or figure.measure in parameters.measures)
        and (not parameters.actors or bool(set(parameters.actors) & set(figure.actor)))
        and (not parameters.areas or (bool(figure.area) and evidence.is_within(figure.area, parameters.areas)))
        and (period is None or (figure.period is not None and figure.period.overlaps(period)))
        and (not parameters.reporters or reporter_of(figure) in parameters.reporters)
    )


def _columns(rows: list[Quantified]) -> list[str]:
    """The reporters that have a column of their own: those that report most quantities, of equals the first."""
    counted = Counter(reporter for row in rows for reporter in row.reporters)
    ordered = [reporter for reporter, _ in counted.most_common()]
    return ordered if len(ordered) <= _MOST_COLUMNS + 1 else ordered[:_MOST_COLUMNS]


def _words(rows: list[Quantified], evidence: Evidence, parameters: FigureParameters) -> list[Passage]:
    """How many quantities, and which of them have several values."""
    of = f" on {joined([word(measure) for measure in parameters.measures])}" if parameters.measures else ""
    if not rows:
        return [(f"The evidence holds no reported figure{of} that fits.",)]
    figures = [figure for row in rows for figure in row.figures]
    ids = [found for figure in figures for found in figure.ids_of("value")]
    opening: Passage = (
        "The documents give ",
        count(len(figures), ids, "figure"),
        (
            f"{of} for {plural(len(rows), 'quantity', 'quantities')}. Each stands as reported; they are never added or "
            "averaged, because their reporters count different things (see the definitions)."
        ),
    )
    differing = [row for row in rows if row.differs]
    text = [opening]
    text += [_difference(row, evidence) for row in differing[:_MOST_NAMED]]
    more = len(differing) - _MOST_NAMED
    return (
        [*text, (f"{plural(more, 'more quantity', 'more quantities')} with values that differ: see the table.",)]
        if more > 0
        else text
    )


def _difference(row: Quantified, evidence: Evidence) -> Passage:
    """The values of one quantity, each with who reported it."""
    values: dict[str, list[str]] = {}
    for figure in row.wholes:
        who = f" ({reporter_name(evidence, reporter_of(figure))}, {figure.definition})"
        values.setdefault(f"{quantity_text(figure.value, figure.unit, short=True)}|{who}", []).extend(
            figure.ids_of("value")
        )
    parts: list[str | Number | Cite] = [f"{upper_first(row.row_name(evidence))}: "]
    for text, ids in values.items():
        value, _, who = text.partition("|")
        parts += ["; " if len(parts) > 1 else "", Number(text=value, statements=tuple(ids)), who]
    return (*parts, ".")


def _tables(rows: list[Quantified], columns: list[str], evidence: Evidence) -> list[Table]:
    """The figures, and their definitions."""
    definitions = Definitions()
    others = any(set(row.reporters) - set(columns) for row in rows)
    body = [[*_heads(row, evidence), *_values(row, columns, definitions, evidence, others=others)] for row in rows]
    labels = ["What", "Area", "Period", *(f"#{name}" for name in reporter_names(evidence, columns).values())]
    note = "Numbers in square brackets lead to the definitions below. An empty cell: no value in the documents."
    made = table("Reported figures by who reported them", [*labels, *(["Others"] if others else [])], body, note)
    return [made, definitions.table()]


def _heads(row: Quantified, evidence: Evidence) -> list[Cell]:
    figure = row.first
    return [
        cell(row.about(evidence), figure.ids_of("measure")),
        cell(row.area(evidence)),
        cell(date_text(row.period, short=True)),
    ]


def _values(
    row: Quantified, columns: list[str], definitions: Definitions, evidence: Evidence, *, others: bool
) -> list[Cell]:
    """A cell a reporter, and one for the rest with their names."""
    cells = [
        definitions.value_cell([figure for figure in row.figures if reporter_of(figure) == reporter], evidence)
        for reporter in columns
    ]
    rest = [figure for figure in row.figures if reporter_of(figure) not in columns]
    return [*cells, definitions.value_cell(rest, evidence, named=True)] if others else cells


def _chart(rows: list[Quantified], columns: list[str], evidence: Evidence) -> list[Chart]:
    """The counts for which several reporters give a value."""
    shown = [
        row for row in rows if row.first.unit in _COUNTS and len({reporter_of(figure) for figure in row.wholes}) > 1
    ]
    names = reporter_names(evidence, columns)
    found = [
        chart_grids.Dot(
            row.row_name(evidence),
            names.get(reporter_of(figure), "others"),
            float(figure.value.best if figure.value.best is not None else figure.value.low or 0),
            quantity_text(figure.value, short=True),
        )
        for row in shown
        for figure in row.wholes
    ]
    if not found:
        return []
    groups = [name for name in [*names.values(), "others"] if any(dot.group == name for dot in found)]
    alt = f"Values of {plural(len(shown), 'quantity', 'quantities')} by who reported them: {joined(groups)}."
    spec = chart_grids.dots(found, list(dict.fromkeys(groups)), unit="Reported value")
    return [Chart(title="Quantities with several reporters", alt=alt, spec=spec)]


def _checks(rows: list[Quantified], evidence: Evidence) -> list[Check]:
    """Which quantities have values that differ, and whether they were counted alike."""
    differing = [row for row in rows if row.differs]
    alike = [row for row in differing if row.differs_alike]
    verb = "has" if len(differing) == 1 else "have"
    text = f"{plural(len(differing), 'quantity', 'quantities')} of {len(rows)} {verb} values that differ"
    listed = some([row.row_name(evidence) for row in alike])
    text += (
        f"; with one definition: {listed}." if alike else "; none of them with one definition." if differing else "."
    )
    return [
        Check(
            name="Values under one definition agree", status=CheckStatus.FAIL if alike else CheckStatus.PASS, text=text
        )
    ]
