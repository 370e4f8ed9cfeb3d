"""YAML with the line and column of each node, and none of the dangerous parts of YAML.

Refused: anchors and aliases (a few lines can expand to gigabytes), tags (they can name Python objects), duplicate
keys, keys that are no text, several documents in a file, and nesting deeper than 50. Every scalar is read as text,
so that ``no``, ``1e3`` or ``2022-04`` stay what was written; the models turn it into what they need. A plain empty
value, ``~`` or ``null`` is as if the key were missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from marsad.study.faults import At, Faults, shown
from marsad.study.files import UNREADABLE, forbidden_character

__all__ = ["MAX_DEPTH", "YamlFile", "YamlPath", "path_name", "read_yaml"]

YamlPath = tuple[str | int, ...]
"""Keys and 0-based indices from the root to a node: ``("chapters", 0, "title")``."""

MAX_DEPTH = 50
"""Deepest nesting of a YAML file."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("", "~", "null", "Null", "NULL")
_NO_REMEDY = "Write the value out"


@dataclass(frozen=True)
class YamlFile:
    """A YAML file that was read.

    Attributes:
        name: path relative to the study folder.
        value: mappings, lists and text; None for an empty file.
        marks: path -> 1-based line and column of the node.
        keys: path -> 1-based line and column of the node's key in its mapping.
        ends: path of each text -> 1-based line in which it ends.
        lines: the lines of the file.
    """

    name: str
    value: Any
    marks: dict[YamlPath, tuple[int, int]]
    keys: dict[YamlPath, tuple[int, int]]
    ends: dict[YamlPath, int]
    lines: tuple[str, ...] = field(repr=False)

    def at(self, path: YamlPath) -> At:
        """Place of a node; of the nearest node around it where there is none at this path."""
        known = path
        while known and known not in self.marks:
            known = known[:-1]
        line, column = self.marks.get(known, (1, 1))
        return At(self.name, line, column, path_name(path))

    def at_key(self, path: YamlPath) -> At:
        """Place of the key of a node."""
        line, column = self.keys.get(path, (0, 0))
        return At(self.name, line, column, path_name(path)) if line else self.at(path)

    def at_words(self, path: YamlPath, words: str) -> At:
        """Place of some words within a text: their first place, or that of the text where they are broken by a fold."""
        found = self.at(path)
        for line in range(found.line, self.ends.get(path, found.line) + 1):
            start = found.column - 1 if line == found.line else 0
            column = self.lines[line - 1].find(words, start) if line <= len(self.lines) else -1
            if column >= 0:
                return At(self.name, line, column + 1, found.field)
        return found

    def nodes(self) -> Iterator[tuple[YamlPath, Any]]:
        """Every value of the file with its path, in order of the file."""
        stack: list[tuple[YamlPath, Any]] = [((), self.value)]
        while stack:
            path, value = stack.pop()
            yield path, value
            children: Iterable[tuple[str | int, Any]] = ()
            if isinstance(value, dict):
                children = value.items()
            elif isinstance(value, list):
                children = enumerate(value)
            stack.extend(reversed([((*path, part), child) for part, child in children]))


def path_name(path: YamlPath) -> str:
    """For people: ``chapters[0].title``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def read_yaml(name: str, text: str, faults: Faults) -> YamlFile | None:
    """Read one YAML file; None, and a fault, where it cannot be read."""
    composer = _Composer(name, text, faults)
    try:
        value = composer.document()
    except _RefusedError:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        why = error.problem or error.context or "it cannot be read"
        faults.add(
            At(name, line, column), f"broken YAML: {why}", "Check indentation, quotes and colons near this place"
        )
        return None
    except yaml.YAMLError as error:
        faults.add(At(name, 1, 1), f"broken YAML: {error}", "Save it as plain text in UTF-8")
        return None
    return YamlFile(name, value, composer.marks, composer.keys, composer.ends, tuple(text.split("\n")))


class _RefusedError(Exception):
    """The file has something that stops its reading; the fault is noted already."""


class _Composer:
    """Builds plain values from the events of the parser."""

    def __init__(self, name: str, text: str, faults: Faults) -> None:
        self._name = name
        self._events = yaml.parse(text, Loader=_LOADER)
        self._faults = faults
        # What could not be read in the file itself has been reported.
        self._is_damaged = UNREADABLE in text
        self.marks: dict[YamlPath, tuple[int, int]] = {}
        self.keys: dict[YamlPath, tuple[int, int]] = {}
        self.ends: dict[YamlPath, int] = {}

    def document(self) -> Any:
        """The value of the only document; None where there is none."""
        next(self._events)
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        value = self._node(next(self._events), ())
        next(self._events)
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise self._refused(event, "the file holds several documents", "Keep one, without '---' between")
        return value

    def _node(self, event: yaml.Event, path: YamlPath) -> Any:
        self._check(event, path)
        self.marks[path] = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _check(self, event: yaml.Event, path: YamlPath) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._refused(event, f"the alias *{event.anchor} is not allowed", _NO_REMEDY)
        if getattr(event, "anchor", None) is not None:
            raise self._refused(event, "the anchor '&' is not allowed", _NO_REMEDY)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._refused(
                event, f"the tag {shown(tag)} is not allowed", "Take the tag away; a study holds plain values only"
            )
        if len(path) > MAX_DEPTH:
            raise self._refused(event, f"it is nested deeper than {MAX_DEPTH} levels", "Make it flatter")

    def _scalar(self, event: yaml.ScalarEvent, path: YamlPath) -> str | None:
        self.ends[path] = event.end_mark.line + 1 if event.end_mark else self.marks[path][0]
        if not event.style and event.value in _NULLS:
            return None
        text = str(event.value)
        # In double quotes an escape can write what the file itself may not hold.
        forbidden = forbidden_character(text.replace(UNREADABLE, "") if self._is_damaged else text)
        if forbidden:
            at = At(self._name, *self.marks[path], path_name(path))
            self._faults.add(
                at, f"the text holds a {forbidden[1]}", "Delete the character, or write the one that was meant"
            )
            return UNREADABLE
        return text

    def _sequence(self, path: YamlPath) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._node(event, (*path, len(found))))
        return found

    def _mapping(self, path: YamlPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        seen: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._check(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a key must be a word", "Write 'key: value'")
            key = str(event.value)
            line, column = _mark(event)
            child = (*path, key)
            if key in seen:
                self._faults.add(
                    At(self._name, line, column, path_name(child)),
                    f"the key {shown(key)} stands here a second time; first in line {seen[key]}",
                    "Keep one of them",
                )
            else:
                seen[key], self.keys[child] = line, (line, column)
            value = self._node(next(self._events), child)
            if value is not None:
                found[key] = value
        return found

    def _refused(self, event: yaml.Event, message: str, remedy: str) -> _RefusedError:
        line, column = _mark(event)
        self._faults.add(At(self._name, line, column), message, remedy)
        return _RefusedError()


def _mark(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
