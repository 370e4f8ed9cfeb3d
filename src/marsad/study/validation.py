"""From a YAML file to a model, each error of pydantic as a fault at the node that it is about."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from marsad.model import enumerated
from marsad.study.cells import id_fault
from marsad.study.faults import At, Faults, meant, shown
from marsad.study.files import UNREADABLE
from marsad.study.nodes import YamlFile, YamlPath

__all__ = ["validate"]

_FORM = ("this has another form than it should", "Mend it; docs/study-folder.md says what is admitted here")
_WORDS = {
    "string_type": ("this should be text", "Write a text"),
    # Only values that are read from text raise it, here because they got none.
    "value_error": ("this should be text", "Write a text"),
    "union": ("this should be a text or a list of texts", "Write one text, or one item a line, each after '- '"),
    "string_too_short": ("this is empty", "Write a text, or leave the key out if it may be missing"),
    "tuple_type": ("this should be a list", "Write one item a line, each after '- '"),
    "model_type": ("this should be a mapping", "Write 'key: value' lines"),
    "dict_type": ("this should be a mapping", "Write 'key: value' lines"),
    "bool_parsing": ("this should be true or false", "Write true or false"),
    "bool_type": ("this should be true or false", "Write true or false"),
    "too_short": ("the list is empty", "Write at least one item"),
}
_CONSEQUENCES = ("is_instance_of", "default_factory_not_called")
"""Errors that another error brings with it."""


def validate(target: Any, file: YamlFile, faults: Faults) -> Any:
    """The value of a file as ``target``, a model or a tuple of models; None, and the faults, where it does not fit."""
    if file.value is None:
        required = [name for name, field in target.model_fields.items() if field.is_required()]
        remedy = f"It needs the keys {enumerated(required)}; 'marsad new PATH' shows how"
        faults.add(At(file.name, 1, 1), "the file says nothing", remedy)
        return None
    try:
        return TypeAdapter(target).validate_python(file.value)
    except ValidationError as error:
        seen: set[At] = set()
        for detail in error.errors(include_url=False):
            at, message, remedy = _fault(target, file, detail)
            # A union reports one error for each of its members; the first tells enough.
            if at not in seen and not _is_consequence(detail):
                seen.add(at)
                faults.add(at, message, remedy)
        return None


def _is_consequence(detail: ErrorDetails) -> bool:
    """Whether something else that is reported makes this error."""
    given = detail["input"]
    if detail["type"] == "too_short":
        # pydantic leaves bad items out before it counts.
        return bool(given)
    return detail["type"] in _CONSEQUENCES or (isinstance(given, str) and UNREADABLE in given)


def _fault(target: Any, file: YamlFile, detail: ErrorDetails) -> tuple[At, str, str]:
    path = _path_of(file, detail)
    kind = detail["type"]
    if kind == "missing":
        return _missing(file, path)
    if kind == "extra_forbidden":
        known = _keys_at(target, path[:-1])
        return (
            file.at_key(path),
            f"the key {shown(str(path[-1]))} is not known here",
            meant(str(path[-1]), known, f"take it away; known are {', '.join(known)}"),
        )
    return (file.at(path), *_words(detail, is_union=len(path) < len(detail["loc"])))


def _missing(file: YamlFile, path: YamlPath) -> tuple[At, str, str]:
    """A key that is not there, or stands there with nothing after it."""
    name = str(path[-1])
    if path in file.keys:
        return file.at(path), f"the key {name!r} is empty", f"Write its value after '{name}:'"
    return file.at(path), f"the key {name!r} is missing", f"Add '{name}: ...' here"


def _words(detail: ErrorDetails, *, is_union: bool) -> tuple[str, str]:
    """Message and remedy for a value of the wrong form."""
    kind, given = detail["type"], detail["input"]
    if given is None:
        return "this is empty", "Write a value, or take the line away"
    if kind == "string_pattern_mismatch":
        if "64" in detail["ctx"]["pattern"]:
            return f"{shown(str(given))} is no SHA-256", "Write its 64 hexadecimal digits in small letters"
        return id_fault(str(given)) or _FORM
    if kind == "literal_error":
        return f"{shown(str(given))} is not known here", f"Write {detail['ctx']['expected']}"
    if kind == "value_error" and isinstance(given, str):
        return str(detail["ctx"]["error"]), _FORM[1]
    if is_union:
        kind = "union"
    return _WORDS.get(kind, _FORM)


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
