"""What do the registers of events count in the study's areas, side by side with one another and with the study?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from marsad.analysis import chart_grids
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.coded import CodedEvent, EventParameters, buckets, select
from marsad.analysis.parameters import Names, Parameters
from marsad.analysis.printing import cell, count_cell, some, table
from marsad.analysis.tolls import total
from marsad.connectors.audit import WITHDRAWN
from marsad.model import (
    Cell,
    Chart,
    Check,
    CheckStatus,
    Cite,
    Date,
    Evidence,
    Finding,
    Passage,
    Register,
    RegisterMonth,
    Table,
    date_text,
    joined,
    number_text,
    plural,
)

__all__ = ["RegisterParameters", "registers"]

_STUDY = "The study's documents"


class RegisterParameters(Parameters):
    """Which areas and when."""

    areas: Annotated[tuple[str, ...], Names("places")] = Field(
        default=(), examples=[["a-country"]], description="the areas; empty for all that the registers were cut to"
    )
    period: Date | None = Field(
        default=None, examples=["2020/2023"], description="the years; empty for the study's own period"
    )


def registers(inputs: Inputs, parameters: RegisterParameters) -> Finding:
    """One row an area and year, one column a register, each with its counting definition; nothing is added up across
    registers, since one event may stand in several. The study's own coded events stand beside them.
    """
    period = parameters.period or inputs.period
    found = inputs.registers
    rows = _rows(inputs, parameters.areas, period)
    coded = _coded(inputs, period)
    result = Result(
        title="Registers of events side by side",
        text=_words(inputs, rows),
        tables=[_sources_table(inputs), _table(inputs, rows, coded)] if found else [],
        charts=_chart(inputs, rows, coded),
        checks=[check for register in found for check in _checks(register)],
    )
    return conclude("registers", result, inputs, parameters)


@dataclass(frozen=True, slots=True)
class _Row:
    """An area and a year, with each register's months there within the period."""

    area: str
    year: str
    months: tuple[tuple[RegisterMonth, ...], ...]


def _rows(inputs: Inputs, areas: Sequence[str], period: Date) -> list[_Row]:
    """Each area and year of which a register has a month within the period, in order."""
    found: dict[tuple[str, str], list[list[RegisterMonth]]] = {}
    for number, register in enumerate(inputs.registers):
        for month in register.months:
            if (not areas or month.area in areas) and period.overlaps(Date.parse(month.month)):
                lists = found.setdefault((month.area, month.month[:4]), [[] for _ in inputs.registers])
                lists[number].append(month)
    return [_Row(area, year, tuple(tuple(mine) for mine in lists)) for (area, year), lists in sorted(found.items())]


def _words(inputs: Inputs, rows: Sequence[_Row]) -> list[Passage]:
    if not inputs.registers:
        return [("The study has no register of events: data.yaml names no release with a table of events.",)]
    verb = "is" if len(inputs.registers) == 1 else "are"
    text: list[Passage] = [
        (
            (
                f"{plural(len(inputs.registers), 'register')} of events {verb} set beside what the study's documents "
                "report. Each counts by its own definition, and one event may stand in several: the columns are "
                "compared, never added."
            ),
        )
    ]
    for register in inputs.registers:
        release = register.release
        days = [Date.parse(str(day)) for day in (register.first, register.last) if day is not None]
        span = " to ".join(date_text(day) for day in days) if days else "no day"
        opening = f"{release.title} ({release.producer}, version {release.version}, {release.licence}) "
        rest = f": {register.counts} {plural(register.records, 'record')} in the areas of the study, {span}."
        text.append((opening, Cite(cite=register.source), rest))
    if not rows:
        text.append(("None of them has a record in these areas and years.",))
    return text


def _sources_table(inputs: Inputs) -> Table:
    rows = [
        [
            cell(register.release.title, cites=(register.source,)),
            cell(register.release.version),
            cell(f"{register.definition} ({register.victims})"),
            count_cell(register.records),
            count_cell(register.elsewhere),
            count_cell(register.undated),
            count_cell(sum(register.quarantined.values())),
        ]
        for register in inputs.registers
    ]
    columns = ("Register", "Version", "Counts", "#Records", "#Elsewhere", "#No month", "#Put aside")
    note = (
        "Records: those in the areas of the study. No month: dated less closely than to a month, so in no row below. "
        "Put aside: records with a value that cannot be right, or that the producer has withdrawn since; the build "
        "lists them in releases/. `marsad table STUDY NAME`, with the name of a release in data.yaml, lists those "
        "that are counted, each with its row."
    )
    return table("The registers and what they count", columns, rows, note)


def _table(inputs: Inputs, rows: Sequence[_Row], coded: _Coded) -> Table:
    columns = ["Area", "Year"]
    for register in inputs.registers:
        columns += [f"#Events: {_name(register, inputs)}", f"#Deaths: {_name(register, inputs)}"]
    columns += [f"#Events: {_STUDY}", f"#Deaths: {_STUDY}"]
    body = [
        [cell(inputs.evidence.place_name(row.area)), cell(row.year)]
        + [
            made
            for register, months in zip(inputs.registers, row.months, strict=True)
            for made in _register_cells(register, months)
        ]
        + _coded_cells(coded.get((row.area, row.year), []))
        for row in rows
    ]
    note = (
        "Deaths: the best estimate, with the sums of the lowest and highest in brackets where they differ. An empty "
        "cell: the register has no record of that year, which may mean that it does not cover it. Only what falls into "
        "the period is counted. One area may lie within another."
    )
    return table("Events and deaths by area and year", columns, body, note)


def _name(register: Register, inputs: Inputs) -> str:
    """The title of a register; with its version where two have the same."""
    same = [other for other in inputs.registers if other.release.title == register.release.title]
    return register.release.title if len(same) == 1 else f"{register.release.title}, {register.release.version}"


def _register_cells(register: Register, months: Sequence[RegisterMonth]) -> list[Cell]:
    if not months:
        return [cell(""), cell("")]
    low, best, high = (_sum([getattr(month, name) for month in months]) for name in ("low", "best", "high"))
    deaths = "" if best is None else number_text(best)
    if best is not None and low is not None and high is not None and low != high:
        deaths = f"{deaths} ({number_text(low)}–{number_text(high)})"
    cites = (register.source,)
    return [count_cell(sum(month.events for month in months), cites=cites), cell(deaths, cites=cites)]


def _sum(values: Sequence[int | None]) -> int | None:
    stated = [value for value in values if value is not None]
    return sum(stated) if stated else None


_Coded = dict[tuple[str, str], list[CodedEvent]]
"""Events by area and year."""


def _coded(inputs: Inputs, period: Date) -> _Coded:
    """The study's own violent events by area and year."""
    found: _Coded = {}
    chosen = select(inputs, EventParameters(period=period))
    for event in chosen.inside:
        years = buckets(event, "year", chosen.period)
        for area in _countries(event, inputs.evidence):
            if years:
                found.setdefault((area, years[0]), []).append(event)
    return found


def _countries(event: CodedEvent, evidence: Evidence) -> set[str]:
    """The places, and all that lies around them, that an event's reports give."""
    return {area for report in event.reports for place in report.place for area in evidence.areas_around(place)}


def _coded_cells(events: Sequence[CodedEvent]) -> list[Cell]:
    if not events:
        return [cell(""), cell("")]
    ids = [found for event in events for found in event.ids("kind", "date")]
    toll = total(event.toll for event in events)
    deaths = cell("" if toll is None else str(toll), [found for event in events for found in event.toll_ids])
    return [cell(str(len(events)), ids, [source for event in events for source in event.sources]), deaths]


def _chart(inputs: Inputs, rows: Sequence[_Row], coded: _Coded) -> list[Chart]:
    """Deaths by area and year, one mark a register."""
    evidence = inputs.evidence
    found = []
    for row in rows:
        name = f"{evidence.place_name(row.area)} {row.year}"
        for register, months in zip(inputs.registers, row.months, strict=True):
            best = _sum([month.best for month in months])
            if best is not None:
                found.append(chart_grids.Dot(name, _name(register, inputs), float(best), number_text(best)))
        toll = total(event.toll for event in coded.get((row.area, row.year), []))
        if toll is not None:
            found.append(chart_grids.Dot(name, _STUDY, float(toll.high), str(toll)))
    groups = list(dict.fromkeys(dot.group for dot in found))
    if len(groups) < 2:
        return []
    alt = f"Deaths by area and year as counted by {joined(groups)}. The table holds the same values."
    spec = chart_grids.dots(found, groups, unit="Deaths")
    return [Chart(title="Deaths by who counts them", alt=alt, spec=spec, table=1)]


def _checks(register: Register) -> list[Check]:
    """What is odd in the records of a register."""
    title = register.release.title
    withdrawn = sum(number for reason, number in register.quarantined.items() if reason.endswith(WITHDRAWN))
    aside = [
        f"{number} for {reason!r}" for reason, number in register.quarantined.items() if not reason.endswith(WITHDRAWN)
    ]
    checks = [
        Check(
            name=f"Every record can be right: {title}",
            status=CheckStatus.FAIL if aside else CheckStatus.PASS,
            text=f"Records put aside: {some(aside)}." if aside else "No record was put aside.",
        )
    ]
    if withdrawn:
        text = f"{plural(withdrawn, 'record')} that {register.release.producer} has withdrawn since, not counted here."
        checks.append(Check(name=f"Withdrawn: {title}", status=CheckStatus.INFORM, text=text))
    if register.remarks:
        told = [f"{text} ({number_text(number)})" for text, number in register.remarks.items()]
        checks.append(
            Check(name=f"Remarks: {title}", status=CheckStatus.INFORM, text=f"In the whole release: {'; '.join(told)}.")
        )
    return checks
