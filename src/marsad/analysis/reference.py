"""The reference of all analyses as Markdown, made from what they declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from marsad.analysis.base import Analysis
from marsad.analysis.parameters import Names
from marsad.analysis.registry import ANALYSES
from marsad.model import joined

__all__ = ["analyses_markdown"]

_HEAD = """# Analyses

A section of `study.yaml` asks for analyses by name. Each makes a finding: text, tables, charts and checks. Parameters
are text; a list may also be written as one text with `;` between its items. `marsad check` names every unknown word.
"""
_PLACES = {
    "actors": "ids of `actors.csv`",
    "places": "ids of `places.csv`",
    "sources": "keys of `sources.bib`",
    "series": "names of files in `series/`",
    "turning_points": "ids of `turning_points` in `study.yaml`",
    "models": "names that `marsad forecast backtest --help` lists",
}
"""Where the identifiers of a study stand; any other domain is a vocabulary."""


def analyses_markdown() -> str:
    """The reference of all analyses: what each answers, how, with which parameters, and an example in YAML."""
    return "\n".join([_HEAD, *(line for analysis in ANALYSES.values() for line in _entry(analysis))])


def _entry(analysis: Analysis) -> Iterator[str]:
    """The lines about one analysis."""
    yield f"## {analysis.name}\n"
    yield f"{analysis.summary}. {analysis.method}\n"
    if analysis.reference:
        yield f"Reference: {analysis.reference}\n"
    fields = analysis.parameters.model_fields
    if fields:
        yield "| parameter | meaning | values | default |\n| --- | --- | --- | --- |"
        for name, field in fields.items():
            yield f"| `{name}` | {field.description} | {_values(field)} | {_default(field)} |"
        yield ""
    yield f"```yaml\n{_example(analysis)}\n```\n"


def _values(field: FieldInfo) -> str:
    """What may be given."""
    written = [kind.WRITTEN for kind in get_args(field.annotation) if hasattr(kind, "WRITTEN")]
    if written:
        return f"a list of {written[0]}"
    domains = Names.of(field)
    if domains:
        listed = joined([_PLACES.get(domain, f"words of the vocabulary `{domain}`") for domain in domains])
        return f"{'a list of ' if get_origin(field.annotation) is tuple else 'one of the '}{listed}"
    choices = get_args(field.annotation)
    if choices and all(isinstance(choice, str) for choice in choices):
        return " or ".join(f"`{choice}`" for choice in choices)
    if field.annotation is int:
        bounds = {type(mark).__name__: mark for mark in field.metadata}
        return f"a whole number from {bounds['Ge'].ge} to {bounds['Le'].le}"
    if "float" in str(field.annotation):
        return f"{'a list of numbers' if get_origin(field.annotation) is tuple else 'a number'} above 0"
    return "a date or an interval (EDTF)"


def _default(field: FieldInfo) -> str:
    value = field.default
    words = value if isinstance(value, tuple) else () if value in (None, "") else (str(value),)
    return ", ".join(f"`{word}`" for word in words) or "empty"


def _example(analysis: Analysis) -> str:
    """The analysis with each of its parameters, as a section asks for it."""
    examples = {name: (field.examples or [""])[0] for name, field in analysis.parameters.model_fields.items()}
    lines = [f"- name: {analysis.name}", *(["  parameters:"] if examples else [])]
    return "\n".join([*lines, *(f"    {name}: {_yaml(value)}" for name, value in examples.items())])


def _yaml(value: str | Iterable[str]) -> str:
    """A text or a list of texts; in quotes what YAML would not read as text."""
    if not isinstance(value, str):
        return f"[{', '.join(map(_yaml, value))}]"
    return f'"{value}"' if value.isdecimal() or value in ("yes", "no") else value
