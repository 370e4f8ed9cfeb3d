"""The analyses that study.yaml asks for, checked by somebody who knows what each of them takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from marsad.study.config import AnalysisRequest
from marsad.study.faults import Faults
from marsad.study.files import UNREADABLE
from marsad.study.nodes import YamlFile, YamlPath

__all__ = ["CheckAnalysis", "Problem", "check_requests"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with an analysis that a study asks for.

    Attributes:
        path: keys and indices below the analysis: ``("name",)``, ``("parameters", "kinds", 1)``.
        message: what is wrong.
        remedy: how to mend it.
    """

    path: YamlPath
    message: str
    remedy: str


CheckAnalysis = Callable[[AnalysisRequest, Mapping[str, Collection[str]]], Iterable[Problem]]
"""Tells the problems of one analysis. Its second argument holds the names that the study knows, by domain.

Domains are ``actors``, ``places``, ``sources``, ``series``, ``turning_points``, ``events``, ``actions``, ``figures``
and each vocabulary of the data dictionary by its name. A domain whose file could not be read is not there.
"""

_PARAMETERS: TypeAdapter[dict[str, str | tuple[str, ...]]] = TypeAdapter(dict[str, str | tuple[str, ...]])


def check_requests(file: YamlFile, known: Mapping[str, Collection[str]], check: CheckAnalysis, faults: Faults) -> None:
    """Note each problem of the analyses in study.yaml at its node, or at the nearest one around it.

    Where the parameters of an analysis cannot be read, only problems of its name are noted.
    """
    for path, node in _requests(file.value):
        name, parameters = node.get("name"), _parameters(node)
        if not isinstance(name, str) or not name or UNREADABLE in name:
            continue
        request = AnalysisRequest(name=name, parameters={} if parameters is None else parameters)
        for problem in check(request, known):
            if parameters is not None or problem.path[:1] == ("name",):
                faults.add(file.at((*path, *problem.path)), problem.message, problem.remedy)


def _requests(study: Any) -> Iterator[tuple[YamlPath, dict[str, Any]]]:
    """Each analysis of each section that is a mapping, whatever else is wrong around it."""
    for i, chapter in _items(study, "chapters"):
        for j, section in _items(chapter, "sections"):
            for k, analysis in _items(section, "analyses"):
                if isinstance(analysis, dict):
                    yield ("chapters", i, "sections", j, "analyses", k), analysis


def _items(node: Any, key: str) -> Iterator[tuple[int, Any]]:
    found = node.get(key) if isinstance(node, dict) else None
    return iter(enumerate(found if isinstance(found, list) else ()))


def _parameters(node: dict[str, Any]) -> dict[str, str | tuple[str, ...]] | None:
    """The parameters; None where they cannot be read, or may stand under a misspelt key."""
    if node.keys() - AnalysisRequest.model_fields.keys():
        return None
    try:
        found = _PARAMETERS.validate_python(node.get("parameters", {}))
    except ValidationError:
        return None
    texts = (text for value in found.values() for text in ((value,) if isinstance(value, str) else value))
    return None if any(UNREADABLE in text for text in texts) else found
