"""What did states, groups and mediators do, and what came of it, report by report?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.happenings import Happening, events_and_actions
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count, count_cell, sources_of, table
from marsad.model import (
    Action,
    Cell,
    Date,
    Evidence,
    Finding,
    Passage,
    date_text,
    joined,
    label,
    names,
    plural,
    quantity_text,
    word,
)

__all__ = ["ActionParameters", "actions"]

_COLUMNS = ("Action", "Kind", "When", "By", "Towards", "#Killed", "#Injured", "Outcome", "#Reports")


class ActionParameters(Parameters):
    """Which actions."""

    kinds: Annotated[tuple[str, ...], Names("action_kind")] = Field(
        default=(), examples=[["talks", "ceasefire"]], description="kinds of action; empty for all"
    )
    actors: Annotated[tuple[str, ...], Names("actors")] = Field(
        default=(),
        examples=[["an-armed-group"]],
        description="those that did it or towards whom it was done; empty for all",
    )
    period: Date | None = Field(
        default=None,
        examples=["2020-01/2023-06"],
        description="only what may lie in it; actions without a date are kept; empty for the whole evidence",
    )


def actions(inputs: Inputs, parameters: ActionParameters) -> Finding:
    """Actions in order of time, each with every value that its reports give."""
    evidence = inputs.evidence
    found = [item for item in events_and_actions(evidence, parameters.kinds) if isinstance(item.reports[0], Action)]
    chosen = [item for item in found if _fits(item, parameters)]
    title = f"Actions: {joined([word(kind) for kind in parameters.kinds])}" if parameters.kinds else "Actions"
    result = Result(
        title=title,
        text=_words(chosen, parameters),
        tables=[table(title, _COLUMNS, [_row(evidence, item) for item in chosen], _NOTE)] if chosen else [],
        subjects=[item.subject for item in chosen],
    )
    return conclude("actions", result, inputs, parameters)


_NOTE = "Values of different reports stand side by side, with | between them; an empty cell means that no report says."


def _fits(item: Happening, parameters: ActionParameters) -> bool:
    wanted, period = set(parameters.actors), parameters.period
    named = {*item.named("actor"), *item.named("target")}
    if wanted and not wanted & named:
        return False
    return period is None or not item.spans or any(span.overlaps(period) for span in item.spans)


def _words(chosen: list[Happening], parameters: ActionParameters) -> list[Passage]:
    kinds = joined([word(kind) for kind in parameters.kinds])
    of = f" of the kinds {kinds}" if kinds else ""
    when = f" within {date_text(parameters.period, short=True)}" if parameters.period else ""
    if not chosen:
        return [(f"The evidence holds no action{of}{when}.",)]
    reports = sum(len(item.reports) for item in chosen)
    ids = [found for item in chosen for found in item.ids("kind")]
    text: list[Passage] = [
        ("The documents report ", count(len(chosen), ids, "action"), f"{of}{when}, in {plural(reports, 'report')}.")
    ]
    undated = sum(not item.spans for item in chosen)
    if undated:
        stand = "it stands" if undated == 1 else "they stand"
        text.append((f"No report dates {undated} of them; {stand} at the end.",))
    disputed = sum(item.is_disputed for item in chosen)
    if disputed:
        text.append((f"Reports of {disputed} of them give dates that cannot all be right (marked ≠).",))
    return text


def _row(evidence: Evidence, item: Happening) -> list[Cell]:
    outcomes = dict.fromkeys(r.outcome for r in item.reports if isinstance(r, Action) and r.outcome)
    return [
        cell(label(evidence, item.subject), item.ids("kind"), sources_of(item.reports)),
        cell(item.kind_text, item.ids("kind")),
        cell(("≠ " if item.is_disputed else "") + item.when, item.ids("from", "to")),
        cell(names(evidence, item.named("actor"), short=True), item.ids("actor")),
        cell(names(evidence, item.named("target"), short=True), item.ids("target")),
        _toll(item, "killed"),
        _toll(item, "injured"),
        cell(" | ".join(outcomes), item.ids("outcome")),
        count_cell(len(item.reports), item.ids("kind")),
    ]


def _toll(item: Happening, field: str) -> Cell:
    values = (getattr(report, field) for report in item.reports)
    return cell(
        " | ".join(dict.fromkeys(quantity_text(value, short=True) for value in values if value)), item.ids(field)
    )
