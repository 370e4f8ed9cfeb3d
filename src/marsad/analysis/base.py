"""What every analysis has in common: what it gets, what its parameters are, and how it makes its finding."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_origin

from pydantic import Field, model_validator

from marsad.errors import InputError
from marsad.model import (
    Cell,
    Chart,
    Check,
    Cite,
    Date,
    Evidence,
    Finding,
    Method,
    Number,
    Passage,
    Series,
    Table,
    TurningPoint,
    content_hash,
)
from marsad.model.statement import Frozen

__all__ = ["Analysis", "Inputs", "Parameters", "Result", "conclude", "known", "nearest"]


class Inputs(Frozen):
    """What an analysis may look at.

    Attributes:
        evidence: every record of the study.
        series: the series of the study's releases.
        turning_points: the dates against which the study compares before and after.
        period: the study's own period; either end may be open.
        data_versions: release or file -> version or hash.
    """

    evidence: Evidence = Field(default_factory=Evidence)
    series: tuple[Series, ...] = ()
    turning_points: tuple[TurningPoint, ...] = ()
    period: Date = Field(default_factory=lambda: Date.parse("../.."))
    data_versions: dict[str, str] = Field(default_factory=dict)


class Parameters(Frozen):
    """Base of the parameters of an analysis. A list may be written as one text with ``;`` between its items."""

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        lists = {name for name, field in cls.model_fields.items() if get_origin(field.annotation) is tuple}
        return {name: _split(value) if name in lists else _only(value) for name, value in data.items()}

    def as_text(self) -> dict[str, str]:
        """Each parameter as text, lists with ``;`` between their items."""
        return {name: ";".join(value) if isinstance(value, tuple) else str(value) for name, value in self}


def _only(value: Any) -> Any:
    """The item of a list of one, as a form or a YAML list may give it; anything else as it is."""
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value


def _split(value: Any) -> Any:
    """The items of a list that was written as one text; anything else as it is."""
    return tuple(item.strip() for item in value.split(";") if item.strip()) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Analysis:
    """One question to the evidence.

    Attributes:
        name: how it is called.
        summary: what it answers, in one line.
        parameters: the model of its parameters.
        run: makes the finding; pure.
    """

    name: str
    summary: str
    parameters: type[Parameters]
    run: Callable[[Inputs, Any], Finding]


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


def nearest(word: str, names: Iterable[str]) -> str:
    """A hint with the names that are most like a word, or with all of them where none is like it and they are few."""
    choices = sorted(set(names))
    close = difflib.get_close_matches(word, choices, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "there are: " + ", ".join(choices[:20]) + (" and more" if len(choices) > 20 else "") if choices else ""


def known(wanted: Iterable[str], names: Iterable[str], *, what: str) -> None:
    """Raise ``InputError`` for the first wanted name that is none of the names, unless there are no names at all."""
    choices = set(names)
    for word in wanted:
        if choices and word not in choices:
            raise InputError(f"the evidence holds no {what} {word!r}; {nearest(word, choices)}")
