"""Parameters of analyses: where their words come from, and what is wrong with given ones, without running anything."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_origin

from pydantic import ValidationError, model_validator
from pydantic.fields import FieldInfo

from marsad.model import word
from marsad.model.statement import Frozen

__all__ = ["Names", "ParameterProblem", "Parameters", "nearest", "problems_of"]

_NO_WORDS = {"tuple_type": "it is neither a text nor a list of texts", "string_type": "it is no text"}
"""What pydantic says of Python's types, in the words of the study folder."""


class Names:
    """In the annotation of a parameter: the domains in one of which each of its words has to be.

    A domain is ``actors``, ``places``, ``sources``, ``series`` or ``turning_points`` (identifiers of a study),
    ``models`` (of forecasts), or a vocabulary of the data dictionary, such as ``event_kind``. With ``first`` only the
    first word of each item has to be in one.
    """

    __slots__ = ("domains", "first")

    def __init__(self, *domains: str, first: bool = False) -> None:
        self.domains = domains
        self.first = first

    @classmethod
    def of(cls, field: FieldInfo) -> tuple[str, ...]:
        """The domains of a field; none where its words come from nowhere."""
        return next((mark.domains for mark in field.metadata if isinstance(mark, cls)), ())

    @classmethod
    def begin(cls, field: FieldInfo) -> bool:
        """Whether only the first word of each of its items is of its domains."""
        return any(mark.first for mark in field.metadata if isinstance(mark, cls))


class Parameters(Frozen):
    """Base of the parameters of an analysis. A list may be written as one text with ``;`` between its items.

    The description of a field says what it means, its example how it is written.
    """

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: _split(value) if cls.is_list(name) else _only(value) for name, value in data.items()}

    @classmethod
    def is_list(cls, name: str) -> bool:
        """Whether a parameter takes several words."""
        field = cls.model_fields.get(name)
        return field is not None and get_origin(field.annotation) is tuple

    def as_text(self) -> dict[str, str]:
        """Each parameter as text, lists with ``;`` between their items; what is not given is empty."""
        return {name: _text(value) for name, value in self}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(map(_text, value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _only(value: Any) -> Any:
    """The item of a list of one, as a form or a YAML list may give it; anything else as it is."""
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value


def _split(value: Any) -> Any:
    """The items of a list that was written as one text; anything else as it is."""
    return tuple(item.strip() for item in value.split(";") if item.strip()) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """What is wrong with the name or with one parameter of an asked-for analysis.

    Attributes:
        path: where: ``("name",)``, ``("parameters", "kinds")``, or ``("parameters", "kinds", 1)`` for an item.
        message: what is wrong.
        remedy: how to mend it, with the nearest words.
    """

    path: tuple[str | int, ...]
    message: str
    remedy: str

    def __str__(self) -> str:
        """Both in one line."""
        return f"{self.message}. {self.remedy}"


def problems_of(
    analysis: str,
    model: type[Parameters],
    parameters: Mapping[str, str | Sequence[str]],
    names: Mapping[str, Collection[str]],
) -> tuple[ParameterProblem, ...]:
    """Every unknown parameter, bad value, and word that is in none of its domains, in the order of the parameters.

    A word is not checked where ``names`` lacks one of its domains.
    """
    bad = _bad_values(analysis, model, parameters)
    found: list[ParameterProblem] = []
    for key, value in parameters.items():
        field = model.model_fields.get(key)
        if field is None:
            remedy = nearest(str(key), model.model_fields) or "It has no parameters"
            found.append(ParameterProblem(("parameters", key), f"{analysis} has no parameter {key!r}", remedy))
            continue
        found += bad.get(key, ())
        found += _strange_words(key, field, _words(model, key, value), names)
    return tuple(found)


def _bad_values(
    analysis: str, model: type[Parameters], parameters: Mapping[str, str | Sequence[str]]
) -> dict[str, list[ParameterProblem]]:
    """Values that a parameter cannot have, by parameter."""
    fields = model.model_fields
    found: dict[str, list[ParameterProblem]] = {}
    try:
        model.model_validate({key: value for key, value in parameters.items() if key in fields})
    except ValidationError as error:
        for entry in error.errors():
            key, *rest = entry["loc"]
            why = _NO_WORDS.get(entry["type"], entry["msg"].removeprefix("Value error, "))
            message = f"{analysis} cannot use {key}: {why}"
            remedy = f"{key}: {fields[str(key)].description}"
            found.setdefault(str(key), []).append(ParameterProblem(("parameters", key, *rest[:1]), message, remedy))
    return found


def _words(model: type[Parameters], key: str, value: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The words of a value with where they stand; what is no text is none, and so is an empty single value."""
    path = ("parameters", key)
    if isinstance(value, str):
        words = _split(value) if model.is_list(key) else (value,) if value else ()
        yield from ((path, word) for word in words)
    elif isinstance(value, (list, tuple)):
        yield from (((*path, place), word) for place, word in enumerate(value) if isinstance(word, str))


def _strange_words(
    key: str,
    field: FieldInfo,
    words: Iterable[tuple[tuple[str | int, ...], str]],
    names: Mapping[str, Collection[str]],
) -> Iterator[ParameterProblem]:
    """Words that are in none of their domains."""
    domains = Names.of(field)
    if not domains or not all(domain in names for domain in domains):
        return
    known = {word for domain in domains for word in names[domain]}
    what = " or ".join(domain if domain == "series" else word(domain.removesuffix("s")) for domain in domains)
    for path, text in words:
        name = text.split()[0] if Names.begin(field) and text.split() else text
        if name not in known:
            remedy = nearest(name, known) or f"The study has no {what}"
            yield ParameterProblem(path, f"{key}: {name!r} is no {what}", remedy)


def nearest(word: str, names: Iterable[str]) -> str:
    """A hint with the names most like a word, or with the first of all where none is like it; empty without names."""
    choices = sorted(set(names))
    close = difflib.get_close_matches(word, choices, n=3, cutoff=0.5)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return "There are: " + ", ".join(choices[:20]) + (" and more" if len(choices) > 20 else "") if choices else ""
