"""A connector made ready for one file: with what a person's mapping says, or with what the names of fields suggest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from marsad.connectors.connector import Connector
from marsad.connectors.records import ISO, as_text
from marsad.connectors.spec import Spec
from marsad.errors import InputError
from marsad.model import ColumnType

__all__ = ["fitted"]

_NAMING = ("dataset", "data_source", "source")
_UNAMBIGUOUS = (ISO, "%Y%m%d", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%B %d, %Y", "%b %d, %Y")
_EXAMPLE = """definition:
  id: {id}
  text: "what is an event, whose deaths are counted, and from whom it is known"
table: figures
period: Month
melt:
  - {{fields: Incidents, set: {{measure: incidents, unit: count}}}}
  - {{fields: Civilians, set: {{measure: killed, unit: persons, actor: civilians}}}}"""


def fitted(
    connector: Connector, path: Path, mapping: Mapping[str, Any] | None = None, *, file: str = "the mapping"
) -> Connector:
    """The connector with a mapping in its place, and with a guess where it makes one and the mapping names no fields.

    Args:
        connector: of the source.
        path: the file to be read.
        mapping: what the person's mapping says; None where there is none.
        file: name of the mapping, for errors.

    Raises:
        InputError: the source is a table that a person keeps, and the mapping or its counting definition is missing;
            the message shows an example.
    """
    given = dict(mapping or {})
    if connector.needs_mapping and "definition" not in given:
        raise InputError(_advice(connector.spec, file if mapping is not None else ""))
    made = connector.with_spec(connector.spec.with_mapping(given, file=file)) if given else connector
    if connector.guess is None:
        return made
    made = replace(made, dataset=str(given["name"]) if "name" in given else _dataset(made, path))
    if "fields" in given:
        return made
    first = next((raw for raw in made.read(path, made.spec) if not raw.tags), None)
    if first is None:
        raise InputError(f"{path}: there is no record in it")
    guess = connector.guess(first.values)
    if not guess:
        raise InputError(
            f"{path}: no field has a name that tells what it holds: {', '.join(list(first.values)[:12])}. "
            "Say which field is which column in a mapping (`--mapping FILE`)"
        )
    notes = tuple(f"guessed from the names of the fields: {column} is {field!r}" for column, field in guess.items())
    fields: dict[str, dict[str, Any]] = {column: {"field": field, "optional": True} for column, field in guess.items()}
    for column, rule in fields.items():
        if made.spec.types[column] is ColumnType.DATE:
            rule["format"] = _UNAMBIGUOUS
    return replace(made, spec=made.spec.with_mapping({"fields": fields}, file=file), notes=notes)


def _advice(spec: Spec, file: str) -> str:
    where = f"{file}: there is no `definition`" if file else f"{spec.name}: a mapping is needed (`--mapping FILE`)"
    known = " ".join(spec.definition.text.split())
    example = _EXAMPLE.format(id=f"{spec.name}-attacks")
    return (
        f"{where}. {spec.producer} publishes tables that differ in what they count, so the mapping must say what this "
        f"one counts. What is publicly known: {known} An example of a mapping:\n{example}"
    )


def _dataset(connector: Connector, path: Path) -> str:
    """The name of the dataset: what a column of names says in all records, otherwise the name of the file."""
    names: dict[str, set[str]] | None = None
    for raw in connector.read(path, connector.spec):
        if raw.tags:
            continue
        if names is None:
            names = {name: set() for name in _NAMING if name in raw.values}
        for name in list(names):
            names[name].add(as_text(raw.values.get(name)) or "")
            if len(names[name]) > 1 or "" in names[name]:
                del names[name]
        if not names:
            break
    return next((found.pop() for found in (names or {}).values()), path.stem)
