"""The evidence as tables: what `marsad table` prints and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from marsad.errors import NotFoundError
from marsad.model import Finding, Statement, plain
from marsad.study import dictionary
from marsad.workbench.csv_text import Table
from marsad.workbench.session import Workbench

__all__ = ["TABLES", "evidence_table"]


def evidence_table(workbench: Workbench, name: str) -> Table:
    """One of ``TABLES``; raises ``NotFoundError`` for another name."""
    if name not in TABLES:
        raise NotFoundError(f"there is no table {name!r}; there are {', '.join(TABLES)}")
    return TABLES[name](workbench, name)


def _records(workbench: Workbench, name: str) -> Table:
    """A table of the study folder, put together again from its statements."""
    described = dictionary().tables[name]
    rows: dict[str, dict[str, Any]] = {}
    for statement in workbench.study.statements:
        if statement.kind is described.kind:
            row = rows.setdefault(statement.record, {})
            row |= {described.key: statement.record, described.subject: statement.subject}
            row |= {"source": statement.source, "via": statement.via, "locator": statement.locator}
            held = row.get(statement.property)
            row[statement.property] = f"{held};{statement.value}" if held else statement.value
    return Table(name, described.columns, tuple(_ordered(row, described.columns) for row in rows.values()))


def _ordered(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    """The cells in the order of the columns. The free-text source of a place is kept as its note."""
    if "note" in row and "note" not in columns:
        row = row | {"source": row["note"]}
    return {column: row.get(column, "") for column in columns}


def _sources(workbench: Workbench, name: str) -> Table:
    columns = ("key", "kind", "reliability", "issued", "title", "listed", "cited_as", "note")
    rows = (
        {
            "key": source.key,
            "kind": source.kind.value,
            "reliability": source.reliability.value,
            "issued": str(source.issued or ""),
            "title": source.title,
            "listed": "" if source.listed is None else str(source.listed),
            "cited_as": ";".join(source.cited_as),
            "note": source.note,
        }
        for _, source in sorted(workbench.study.sources.items())
    )
    return Table(name, columns, tuple(rows))


def _statements(workbench: Workbench, name: str) -> Table:
    columns = ("id", *Statement.model_fields)
    rows = ({"id": item.id, **item.model_dump(mode="json")} for item in workbench.study.statements)
    return Table(name, columns, tuple(rows))


def _contradictions(workbench: Workbench, name: str) -> Table:
    columns = ("id", "severity", "kind", "title", "message", "subjects", "property", "statements")
    by_id = {statement.id: statement for statement in workbench.study.statements}
    return Table(name, columns, tuple(_contradiction(found, by_id) for found in workbench.contradictions))


def _contradiction(finding: Finding, by_id: dict[str, Statement]) -> dict[str, Any]:
    statements: Iterable[Statement] = (by_id[identifier] for identifier in finding.statements)
    return {
        "id": finding.id,
        "severity": finding.severity.value if finding.severity else "",
        "kind": finding.kind,
        "title": finding.title,
        "message": " ".join(plain(passage) for passage in finding.text),
        "subjects": list(finding.subjects),
        "property": finding.property,
        "statements": [{"id": item.id, **item.model_dump(mode="json")} for item in statements],
    }


TABLES: dict[str, Callable[[Workbench, str], Table]] = {
    "sources": _sources,
    "actors": _records,
    "places": _records,
    "attributes": _records,
    "relations": _records,
    "events": _records,
    "figures": _records,
    "actions": _records,
    "statements": _statements,
    "contradictions": _contradictions,
}
"""The tables by name."""
