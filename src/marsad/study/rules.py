"""What must hold between cells, between rows and between tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from marsad.model import Date, Quantity
from marsad.study.faults import Faults, shown
from marsad.study.files import UNREADABLE
from marsad.study.tables import Row, TableRows

__all__ = ["check_rules"]

_SIGNED_UNITS = frozenset({"percent_change", "percent"})
"""Units of figures whose value may be negative (a growth, and a share of a balance)."""


def check_rules(tables: Mapping[str, TableRows], faults: Faults) -> None:
    """Note a fault for each rule that is broken. The cells of all tables have been checked."""
    for rows in tables.values():
        if rows.table.key:
            _unique(rows, rows.table.key, faults)
        for row in rows.rows:
            if row.sound:
                _source_rules(row, faults)
                _period_rules(row, faults)
                _self_reference(rows.table.subject, row, faults)
    for table, column in (("actors", "parent"), ("places", "admin1"), ("places", "country"), ("figures", "whole")):
        _no_cycle(tables[table], column, faults)
    for table in ("events", "actions"):
        _no_cycle(tables[table], "part_of", faults)
    _aliases(tables["actors"], faults)
    for table, check in (("places", _coordinates), ("figures", _figure_rules), ("relations", _two_actors)):
        for row in _sound(tables[table]):
            check(row, faults)


def _sound(rows: TableRows) -> Iterator[Row]:
    return (row for row in rows.rows if row.sound)


def _unique(rows: TableRows, column: str, faults: Faults) -> None:
    first: dict[str, int] = {}
    for row in rows.rows:
        name = row.cells[column].text if column in row.cells else ""
        if name and UNREADABLE not in name and first.setdefault(name, row.line) != row.line:
            faults.add(
                row.at(column),
                f"the {column} {shown(name)} stands here a second time; first in line {first[name]}",
                "Give this row another id, or delete it",
            )


def _source_rules(row: Row, faults: Faults) -> None:
    source, via = row.value("source"), row.value("via")
    if via and via == source:
        faults.add(
            row.at("via"), f"via is the source itself ({via})", "Leave via empty where the source was read itself"
        )
    if "source" not in row.cells or row.cells["source"].text:
        return
    for column in ("via", "locator"):
        if row.value(column):
            faults.add(row.at(column), f"the row has a {column} and no source", "Fill in the source too")
            break


def _period_rules(row: Row, faults: Faults) -> None:
    since, until = row.value("from"), row.value("to")
    if since and until and until != "..":
        begin, end = Date.parse(since), Date.parse(until)
        if end.is_before(begin):
            faults.add(
                row.at("to"), f"the period ends ({until}) before it begins ({since})", "Mend one of the two dates"
            )


def _self_reference(subject: str, row: Row, faults: Faults) -> None:
    name = row.value(subject)
    for column in ("part_of", "follows"):
        if name and row.value(column) == name:
            faults.add(
                row.at(column), f"{shown(name)} names itself", "Name the other event or action, or empty the cell"
            )


def _no_cycle(rows: TableRows, column: str, faults: Faults) -> None:
    """Follow a column from subject to subject; a way that comes back is reported once, at the row that closes it."""
    subject = rows.table.subject
    edges = {row.value(subject): row for row in reversed(rows.rows) if row.value(subject) and row.value(column)}
    done: set[str] = set()
    for start in sorted(edges):
        way: list[str] = []
        at = start
        while at in edges and at not in done:
            done.add(at)
            way.append(at)
            at = edges[at].value(column)
        if at in way and not (column == "part_of" and len(way) == 1):
            circle = [*way[way.index(at) :], at]
            row = edges[circle[-2]]
            faults.add(
                row.at(column), f"{column} goes round in a circle: {' -> '.join(circle)}", "Empty one of these cells"
            )


def _aliases(rows: TableRows, faults: Faults) -> None:
    """No name may stand for two actors, upper and lower case aside."""
    owner: dict[str, tuple[str, int]] = {}
    for column in ("name", "aliases"):
        for row in _sound(rows):
            actor = row.value("id")
            for name in row.values.get(column, ()) if actor else ():
                other, line = owner.setdefault(" ".join(name.casefold().split()), (actor, row.line))
                if other != actor:
                    faults.add(
                        row.at(column),
                        f"{shown(name)} stands for two actors: {actor} and {other} (line {line})",
                        "Keep it with one of them",
                    )


def _two_actors(row: Row, faults: Faults) -> None:
    if row.value("a") and row.value("a") == row.value("b"):
        faults.add(row.at("b"), "the actor is tied to itself", "Name the other actor")


def _coordinates(row: Row, faults: Faults) -> None:
    for has, lacks in (("lat", "lon"), ("lon", "lat")):
        if row.value(has) and lacks in row.cells and not row.cells[lacks].text:
            faults.add(row.at(lacks), f"the place has a {has} and no {lacks}", "Give both or neither")


def _figure_rules(row: Row, faults: Faults) -> None:
    unit, value = row.value("unit"), row.value("value")
    if row.value("breakdown") and "whole" in row.cells and not row.cells["whole"].text:
        faults.add(row.at("whole"), "the figure has a breakdown and no whole", "Name the figure of which it is a part")
    if unit == "percent_change" and "compared_to" in row.cells and not row.cells["compared_to"].text:
        faults.warn(row.at("compared_to"), "the change has nothing that it is compared to", "Give the earlier period")
    if value and unit and unit not in _SIGNED_UNITS:
        quantity = Quantity.parse(value)
        printed = quantity.best if quantity.best is not None else quantity.low
        if printed is not None and printed < 0:
            faults.add(row.at("value"), f"{value} {unit} cannot be", "Write a number that is not negative")
