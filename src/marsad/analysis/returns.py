"""How did the return and expulsion of refugees go, stage by stage, and what numbers are reported of it?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from marsad.analysis import chart_grids
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.happenings import Happening, drawn_span, events_and_actions
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count, count_cell, sources_of, table
from marsad.analysis.quantities import Definitions, Quantified, by_quantity, reporter_name
from marsad.model import (
    Action,
    Cell,
    Chart,
    Check,
    CheckStatus,
    Evidence,
    Finding,
    Passage,
    Table,
    date_text,
    label,
    names,
    plural,
    word,
)

__all__ = ["ReturnParameters", "returns"]

_STATUSES = ("to_be_expelled", "deported", "returned", "displaced", "refugees", "undocumented")


class ReturnParameters(Parameters):
    """Which actions and which figures."""

    kinds: Annotated[tuple[str, ...], Names("action_kind")] = Field(
        default=("repatriation",), examples=[["repatriation"]], description="kinds of action that are phases of return"
    )
    measures: Annotated[tuple[str, ...], Names("measure")] = Field(
        default=_STATUSES,
        examples=[["deported", "returned"]],
        description="measures of people, one a status, in the order in which they are shown",
    )


def returns(inputs: Inputs, parameters: ReturnParameters) -> Finding:
    """Phases of return with their stages and dates, and numbers of people by status, never added across statuses."""
    evidence = inputs.evidence
    phases = [item for item in events_and_actions(evidence, parameters.kinds) if isinstance(item.reports[0], Action)]
    phases = _nested(phases)
    figures = [figure for figure in evidence.figures if figure.measure in parameters.measures]
    rows = sorted(by_quantity(figures, evidence), key=lambda row: parameters.measures.index(row.first.measure))
    result = Result(
        title="Return and expulsion of refugees",
        text=_words(phases, rows),
        tables=[*_phases(evidence, phases), *_figures(evidence, rows)],
        charts=_chart(evidence, phases),
        checks=_checks(evidence, phases),
        subjects=[item.subject for item in phases] + [figure.subject for figure in figures],
    )
    return conclude("returns", result, inputs, parameters)


def _parent(item: Happening) -> str:
    return next((report.part_of for report in item.reports if report.part_of), "")


def _nested(phases: list[Happening]) -> list[Happening]:
    """Each phase followed by its stages."""
    subjects = {item.subject for item in phases}
    tops = [item for item in phases if _parent(item) not in subjects - {item.subject}]
    found: list[Happening] = []
    for top in tops:
        found += [top, *(item for item in phases if _parent(item) == top.subject and item not in tops)]
    return found + [item for item in phases if item not in found]


def _words(phases: list[Happening], rows: list[Quantified]) -> list[Passage]:
    if not phases and not rows:
        return [("The evidence holds no action of return and no figure of people who return or are to.",)]
    text: list[Passage] = []
    if phases:
        stages = sum(bool(_parent(item)) for item in phases)
        ids = [found for item in phases for found in item.ids("kind")]
        text.append(
            (
                "The documents report ",
                count(len(phases), ids, "phase"),
                f" of return, {stages} of them as a stage of another.",
            )
        )
    if rows:
        ids = [found for row in rows for figure in row.figures for found in figure.ids_of("value")]
        figures = count(sum(len(row.figures) for row in rows), ids, "figure")
        text.append(
            (
                "The documents give ",
                figures,
                " of people by status. The statuses overlap, so that nothing is added across them.",
            )
        )
    return text


_PHASE_COLUMNS = ("Phase", "Stage of", "When", "By", "Towards", "Outcome", "#Reports")


def _phases(evidence: Evidence, phases: list[Happening]) -> list[Table]:
    rows = [_phase(evidence, item) for item in phases]
    note = (
        "Values of different reports stand side by side, with | between them; ≠ marks dates that cannot all be right."
    )
    return [table("Phases of return", _PHASE_COLUMNS, rows, note)] if rows else []


def _phase(evidence: Evidence, item: Happening) -> list[Cell]:
    outcomes = dict.fromkeys(r.outcome for r in item.reports if isinstance(r, Action) and r.outcome)
    parent = _parent(item)
    return [
        cell(label(evidence, item.subject), item.ids("kind"), sources_of(item.reports)),
        cell(label(evidence, parent) if parent else "", item.ids("part_of")),
        cell(("≠ " if item.is_disputed else "") + item.when, item.ids("from", "to")),
        cell(names(evidence, item.named("actor"), short=True), item.ids("actor")),
        cell(names(evidence, item.named("target"), short=True), item.ids("target")),
        cell(" | ".join(outcomes), item.ids("outcome")),
        count_cell(len(item.reports)),
    ]


def _figures(evidence: Evidence, rows: list[Quantified]) -> list[Table]:
    """Figures by status, each value with its reporter, and the definitions."""
    if not rows:
        return []
    definitions = Definitions()
    body = [
        [
            cell(word(row.first.measure)),
            cell(row.about(evidence), row.first.ids_of("measure")),
            cell(row.area(evidence)),
            cell(date_text(row.period, short=True)),
            definitions.value_cell([figure], evidence),
            cell(reporter_name(evidence, figure.reported_by or figure.source), (), sources_of([figure])),
        ]
        for row in rows
        for figure in row.figures
    ]
    columns = ("Status", "What", "Area", "Period", "#Value", "Reported by")
    note = "One row a report. Statuses may overlap; nothing is added up."
    return [table("People by status, as reported", columns, body, note), definitions.table()]


def _chart(evidence: Evidence, phases: list[Happening]) -> list[Chart]:
    """One row a phase, a mark or a bar for each date that reports give."""
    dated = [item for item in phases if item.spans]
    days = [day for item in dated for span in item.spans for day in (span.earliest, span.latest) if day]
    if not days:
        return []
    last = max(days)
    items = [
        chart_grids.Lane(
            label(evidence, item.subject), _group(item), start.isoformat(), end.isoformat(), date_text(span, short=True)
        )
        for item in dated
        for span in item.spans
        for start, end in (drawn_span(span, last=last),)
    ]
    first = min(item.start for item in items)
    alt = "; ".join(f"{label(evidence, item.subject)}: {item.when}" for item in dated)
    room = timedelta(days=20 + (last - date.fromisoformat(first)).days // 5)
    domain = (first, (last + min(room, date.max - last)).isoformat())
    spec = chart_grids.lanes(items, _GROUPS, domain=domain)
    return [Chart(title="Phases of return over time", alt=f"{alt}.", spec=spec)]


_GROUPS = ("phase", "stage of a phase")


def _group(item: Happening) -> str:
    return _GROUPS[1] if _parent(item) else _GROUPS[0]


def _checks(evidence: Evidence, phases: list[Happening]) -> list[Check]:
    if not phases:
        return []
    disputed = [item for item in phases if item.is_disputed]
    listed = "; ".join(f"{label(evidence, item.subject)} ({item.when})" for item in disputed)
    dates = Check(
        name="Reports agree on the dates",
        status=CheckStatus.FAIL if disputed else CheckStatus.PASS,
        text=f"Dates that cannot all be right: {listed}."
        if disputed
        else f"No report contradicts another on a date in {plural(len(phases), 'phase')}.",
    )
    return [dates, _order_check(evidence, phases)]


def _order_check(evidence: Evidence, phases: list[Happening]) -> Check:
    """Whether a stage is said to have ended before its phase began."""
    by_subject = {item.subject: item for item in phases}
    early = [
        f"{label(evidence, item.subject)} ({item.when}) before {label(evidence, parent.subject)} ({parent.when})"
        for item in phases
        if (parent := by_subject.get(_parent(item))) is not None
        and any(span.is_before(whole) for span in item.spans for whole in parent.spans)
    ]
    return Check(
        name="No stage comes before its phase",
        status=CheckStatus.FAIL if early else CheckStatus.PASS,
        text=f"{'; '.join(early)}." if early else "Every dated stage lies in its phase or after its beginning.",
    )
