"""What every analysis has in common: what it gets, and how it makes its finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from marsad.analysis.parameters import Parameters
from marsad.model import (
    Cell,
    Chart,
    Check,
    Cite,
    Date,
    EarlyWarnings,
    Evidence,
    Finding,
    Forecast,
    Match,
    Method,
    Number,
    Passage,
    Register,
    Series,
    Table,
    TurningPoint,
    content_hash,
)
from marsad.model.forecasts import ScenarioForecast
from marsad.model.statement import Frozen

__all__ = ["Analysis", "Inputs", "Result", "conclude"]


class Inputs(Frozen):
    """What an analysis may look at.

    Attributes:
        evidence: every record of the study.
        series: the series of the study's releases.
        registers: the study's releases of events, with their measures.
        matches: the records of registers that may be events of the study.
        forecasts: forecasts of series, each with the parameters that it answers; only what is asked for.
        warnings: early warnings, likewise.
        scenarios: forecasts given stated actions, likewise.
        turning_points: the dates against which the study compares before and after.
        period: the study's own period; either end may be open.
        data_versions: release or file -> version or hash.
        vocabularies: vocabulary -> word -> meaning; parameters are checked against those that are there.
    """

    evidence: Evidence = Field(default_factory=Evidence)
    series: tuple[Series, ...] = ()
    registers: tuple[Register, ...] = ()
    matches: tuple[Match, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    warnings: tuple[EarlyWarnings, ...] = ()
    scenarios: tuple[ScenarioForecast, ...] = ()
    turning_points: tuple[TurningPoint, ...] = ()
    period: Date = Field(default_factory=lambda: Date.parse("../.."))
    data_versions: dict[str, str] = Field(default_factory=dict)
    vocabularies: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analysis:
    """One question to the evidence.

    Attributes:
        name: how it is called.
        summary: what it answers, in one line.
        parameters: the model of its parameters.
        run: makes the finding; pure. Its docstring says how.
        reference: publications of its formulas; empty where it only counts and compares.
    """

    name: str
    summary: str
    parameters: type[Parameters]
    run: Callable[[Inputs, Any], Finding]
    reference: str = ""

    @property
    def method(self) -> str:
        """How it makes the finding, in a sentence or two."""
        return " ".join((self.run.__doc__ or "").split())


@dataclass(frozen=True, slots=True)
class Result:
    """What an analysis found, before it is signed with its method."""

    title: str
    text: Sequence[Passage]
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    checks: Sequence[Check] = ()
    subjects: Sequence[str] = ()
    reference: str = ""


def conclude(name: str, result: Result, inputs: Inputs, parameters: Parameters) -> Finding:
    """Sign a result: identifier, method, data versions, and every statement and source that it names.

    The identifier is the name of the analysis, followed by a hash of the parameters where they are not the defaults.
    """
    defaults = type(parameters)().as_text()
    changed = [f"{key}={value}" for key, value in parameters.as_text().items() if value != defaults[key]]
    return Finding(
        id=f"{name}-{content_hash(*changed)[:8]}" if changed else name,
        kind="analysis",
        title=result.title,
        text=tuple(result.text),
        tables=tuple(result.tables),
        charts=tuple(result.charts),
        checks=tuple(result.checks),
        subjects=tuple(dict.fromkeys(result.subjects)),
        statements=tuple(dict.fromkeys(_statements(result))),
        sources=tuple(sorted(set(_sources(result)))),
        method=Method(name=name, parameters=parameters.as_text(), reference=result.reference),
        data_versions=dict(sorted(inputs.data_versions.items())),
    )


def _cells(result: Result) -> Iterable[Cell]:
    return (cell for table in result.tables for row in table.rows for cell in row)


def _statements(result: Result) -> Iterable[str]:
    for passage in result.text:
        for part in passage:
            if isinstance(part, Number):
                yield from part.statements
    for cell in _cells(result):
        yield from cell.statements


def _sources(result: Result) -> Iterable[str]:
    for passage in result.text:
        for part in passage:
            if isinstance(part, Cite):
                yield part.cite
    for cell in _cells(result):
        yield from cell.cites
