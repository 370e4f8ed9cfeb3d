"""Checks of what a person wrote in YAML against the rest of the study: ids, citation keys, citations in texts.

They read the plain values of a file and not its model, so that a file with a fault of form is still checked in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marsad.errors import ParseError
from marsad.study.cells import id_fault
from marsad.study.faults import Faults
from marsad.study.files import UNREADABLE
from marsad.study.nodes import YamlFile, YamlPath
from marsad.study.prose import citations
from marsad.study.references import References
from marsad.study.tables import TableRows

__all__ = ["check_writing", "ids_in"]

_SIDECAR = "series"

_GROUPS: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
    "study.yaml": {
        ("document",): ("sources",),
        ("area", "*"): ("places",),
        ("turning_points", "*", "subject"): ("events", "actions"),
        ("chapters", "*", "findings", "*"): ("findings",),
        ("chapters", "*", "sections", "*", "findings", "*"): ("findings",),
    },
    "findings.yaml": {
        ("*", "source"): ("sources",),
        ("*", "rests_on", "events", "*"): ("events",),
        ("*", "rests_on", "actions", "*"): ("actions",),
        ("*", "rests_on", "figures", "*"): ("figures",),
        ("*", "rests_on", "series", "*"): ("series",),
    },
    "options.yaml": {
        ("*", "actor"): ("actors",),
        ("*", "addresses", "*"): ("findings",),
        ("*", "source"): ("sources",),
    },
    "data.yaml": {("releases", "*", "source"): ("sources",)},
    "data.lock": {},
    _SIDECAR: {("area",): ("places",), ("source",): ("sources",)},
}
"""For each file the paths (``*`` is any index) of what names something, and the groups that may have the name."""

_ROWS = {
    ("*", "rests_on", "relations", "*"): ("relations", ("a", "b", "kind")),
    ("*", "rests_on", "attributes", "*"): ("attributes", ("actor", "dimension")),
}
"""In findings.yaml, the paths of what names rows of a table by the values of these columns."""

_UNIQUE = {
    ("*", "id"): "",
    ("releases", "*", "id"): "releases",
    ("pins", "*", "id"): "pins",
    ("turning_points", "*", "id"): "turning_points",
    ("chapters", "*", "id"): "chapters",
    ("chapters", "*", "sections", "*", "id"): "chapters",
}
"""Paths of ids, and the set in which they must be unique."""


def ids_in(items: Any) -> frozenset[str] | None:
    """The ids of a list of mappings; None where it is no list."""
    if not isinstance(items, list):
        return None
    found = (item.get("id") for item in items if isinstance(item, dict))
    return frozenset(name for name in found if isinstance(name, str))


def check_writing(file: YamlFile, tables: Mapping[str, TableRows], references: References, faults: Faults) -> None:
    """Note a fault wherever a text or a list of a file names what is not there, or an id stands twice."""
    groups = _GROUPS.get(file.name, _GROUPS[_SIDECAR])
    first: dict[tuple[str, str], int] = {}
    for path, value in file.nodes():
        shape = tuple("*" if isinstance(part, int) else part for part in path)
        if isinstance(value, str) and UNREADABLE not in value:
            _citations(file, path, value, references, faults)
            if shape in groups and value:
                references.check(groups[shape], value, file.at(path))
            if shape in _UNIQUE:
                _unique(file, path, (_UNIQUE[shape], value), first, faults)
        elif shape in _ROWS and isinstance(value, dict):
            table, columns = _ROWS[shape]
            _row(file, path, tables[table], columns, value, faults)


def _citations(file: YamlFile, path: YamlPath, text: str, references: References, faults: Faults) -> None:
    for written, cite in citations(text):
        at = file.at_words(path, written)
        if isinstance(cite, ParseError):
            faults.add(at, str(cite), "Cite as [@key] or [@key, sec 3]")
        else:
            references.check(("sources",), cite.cite, at)


def _unique(
    file: YamlFile, path: YamlPath, name: tuple[str, str], first: dict[tuple[str, str], int], faults: Faults
) -> None:
    at = file.at(path)
    found = id_fault(name[1])
    if found:
        faults.add(at, *found)
    elif name in first:
        message = f"the id {name[1]!r} stands here a second time; first in line {first[name]}"
        faults.add(at, message, "Give it another id")
    else:
        first[name] = at.line


def _row(
    file: YamlFile, path: YamlPath, rows: TableRows, columns: tuple[str, ...], wanted: dict[str, Any], faults: Faults
) -> None:
    """Some row of the table must have the wanted values in these columns."""
    values = tuple(wanted.get(column) for column in columns)
    if not rows.is_complete or not all(isinstance(value, str) for value in values):
        return
    known = {tuple(row.cells[column].text for column in columns) for row in rows.rows}
    if values in known:
        return
    alike = sorted(row[-1] for row in known if row[:-1] == values[:-1])
    texts = [str(value) for value in values]
    remedy = f"With {', '.join(texts[:-1])} there are: {', '.join(alike)}" if alike else "Add the row"
    faults.add(file.at(path), f"no row of {rows.table.file} has {', '.join(columns)} = {', '.join(texts)}", remedy)
