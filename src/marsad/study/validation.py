"""From a YAML file to a model, each error of pydantic as a fault at the node that it is about."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from marsad.study.cells import ID_REMEDY
from marsad.study.faults import At, Faults, meant, shown
from marsad.study.nodes import YamlFile, YamlPath

__all__ = ["validate"]

_WORDS = {
    "string_type": ("this should be text", "Write a text"),
    "string_too_short": ("this is empty", "Write a text, or leave the key out if it may be missing"),
    "tuple_type": ("this should be a list", "Write one item a line, each after '- '"),
    "model_type": ("this should be a mapping", "Write 'key: value' lines"),
    "dict_type": ("this should be a mapping", "Write 'key: value' lines"),
    "bool_parsing": ("this should be true or false", "Write true or false"),
    "bool_type": ("this should be true or false", "Write true or false"),
    "too_short": ("the list is empty", "Write at least one item"),
}
_PATTERNS = {
    "64": ("is no SHA-256", "Write its 64 hexadecimal digits in small letters"),
    "": ("is no identifier", ID_REMEDY),
}


def validate(target: Any, file: YamlFile, faults: Faults) -> Any:
    """The value of a file as ``target``, a model or a tuple of models; None, and the faults, where it does not fit."""
    try:
        return TypeAdapter(target).validate_python(file.value if file.value is not None else {})
    except ValidationError as error:
        seen: set[At] = set()
        for detail in error.errors(include_url=False):
            at, message, remedy = _fault(target, file, detail)
            # A union reports one error for each of its members; the first tells enough.
            if at not in seen and detail["type"] != "is_instance_of":
                seen.add(at)
                faults.add(at, message, remedy)
        return None


def _fault(target: Any, file: YamlFile, detail: ErrorDetails) -> tuple[At, str, str]:
    path = _path_of(file, detail)
    kind = detail["type"]
    if kind == "missing":
        name = str(path[-1])
        return file.at(path), f"the key {name!r} is missing", f"Add '{name}: ...' here"
    if kind == "extra_forbidden":
        known = _keys_at(target, path[:-1])
        return (
            file.at_key(path),
            f"the key {shown(str(path[-1]))} is not known here",
            meant(str(path[-1]), known, f"take it away; known are {', '.join(known)}"),
        )
    if kind == "string_pattern_mismatch":
        pattern = detail["ctx"]["pattern"]
        words = next(words for mark, words in _PATTERNS.items() if mark in pattern)
        return file.at(path), f"{shown(str(detail['input']))} {words[0]}", words[1]
    if kind == "value_error":
        return file.at(path), str(detail["ctx"]["error"]), "Write it in that form"
    message, remedy = _WORDS.get(kind, (detail["msg"], "Write it as docs/study-folder.md says"))
    return file.at(path), message, remedy


def _path_of(file: YamlFile, detail: ErrorDetails) -> YamlPath:
    """The path of an error without the names of the members of a union, which pydantic puts at its end."""
    path: YamlPath = ()
    for part in detail["loc"]:
        step = (*path, part)
        if step not in file.marks:
            return step if detail["type"] == "missing" else path
        path = step
    return path


def _keys_at(target: Any, path: YamlPath) -> tuple[str, ...]:
    """The keys that a model has at a path."""
    for part in path:
        if isinstance(part, str):
            model = _model_of(target)
            target = model.model_fields[part].annotation if model else None
    model = _model_of(target)
    return tuple(model.model_fields) if model else ()


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The model within an annotation such as ``tuple[Section, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_of(part))), None)
