"""Analyses: one question a module, evidence in, a finding out. Pure: no study folder, no store, no network."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from marsad.analysis.base import Analysis, Inputs
from marsad.analysis.parameters import ParameterProblem, Parameters, nearest, problems_of
from marsad.analysis.reference import analyses_markdown
from marsad.analysis.registry import ANALYSES
from marsad.analysis.release_series import by_name
from marsad.errors import InputError
from marsad.model import Finding

__all__ = [
    "ANALYSES",
    "Analysis",
    "Inputs",
    "ParameterProblem",
    "Parameters",
    "analyses_markdown",
    "check_parameters",
    "names_of",
    "run_analysis",
]


def run_analysis(name: str, inputs: Inputs, parameters: Mapping[str, str | Sequence[str]]) -> Finding:
    """Run an analysis with parameters as text; raises ``InputError`` with all that ``check_parameters`` finds."""
    problems = check_parameters(name, parameters, names_of(inputs))
    if problems:
        raise InputError("\n".join(map(str, problems)))
    analysis = ANALYSES[name]
    return analysis.run(inputs, analysis.parameters.model_validate(dict(parameters)))


def check_parameters(
    name: str, parameters: Mapping[str, str | Sequence[str]], names: Mapping[str, Collection[str]] | None = None
) -> tuple[ParameterProblem, ...]:
    """What is wrong with the name or the parameters of an asked-for analysis, without running it.

    Args:
        name: name of the analysis.
        parameters: its parameters as text, or as lists of text.
        names: domain -> the words in it, as ``names_of`` makes them; a domain that is left out is not checked.
    """
    analysis = ANALYSES.get(name)
    if analysis is None:
        return (ParameterProblem(("name",), f"there is no analysis {name!r}", nearest(name, ANALYSES)),)
    return problems_of(name, analysis.parameters, parameters, {} if names is None else names)


def names_of(inputs: Inputs) -> dict[str, Collection[str]]:
    """The words that parameters may name in a study, by domain: its identifiers, and the vocabularies that it has."""
    evidence = inputs.evidence
    return {
        **inputs.vocabularies,
        "actors": evidence.actor_by_id,
        "places": evidence.place_by_id,
        "sources": evidence.sources,
        "series": by_name(inputs),
        "turning_points": {point.id for point in inputs.turning_points},
    }
