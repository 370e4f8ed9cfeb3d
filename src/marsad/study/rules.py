"""What must hold between cells, between rows and between tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from marsad.model import Date
from marsad.study.faults import Faults, shown
from marsad.study.files import UNREADABLE
from marsad.study.tables import Row, TableRows
from marsad.study.values import check_values

__all__ = ["check_rules"]

_STAGES = ("part_of", "follows")
"""Columns that name the event or action to which another belongs or after which it came."""

_MAX_CIRCLE = 8
"""So many members of a circle are named."""

_SAME = ("date", "place", "actor", "kind", "killed", "source", "via", "locator")
"""Columns in which two rows of different events are hardly ever the same."""


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
                check_values(rows.table, row, faults)
    for table, column in (("actors", "parent"), ("places", "admin1"), ("places", "country"), ("figures", "whole")):
        _no_cycle([tables[table]], column, faults)
    for column in _STAGES:
        _no_cycle([tables["events"], tables["actions"]], column, faults)
    _aliases(tables["actors"], faults)
    _coded_twice(tables["events"], faults)
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
    for column in _STAGES:
        if name and row.value(column) == name:
            faults.add(
                row.at(column), f"{shown(name)} names itself", "Name the other event or action, or empty the cell"
            )


def _no_cycle(tables: Sequence[TableRows], column: str, faults: Faults) -> None:
    """Follow a column from subject to subject; each way that comes back is reported once, at a row that closes it."""
    # Where a subject has several rows they may lead to different others.
    edges: dict[str, dict[str, Row]] = {}
    for rows in tables:
        for row in rows.rows:
            name, other = row.value(rows.table.subject), row.value(column)
            # An event that names itself has been reported already.
            if name and other and not (column in _STAGES and name == other):
                edges.setdefault(name, {}).setdefault(other, row)
    done: set[str] = set()
    for start in sorted(edges):
        if start not in done:
            for circle, row in _circles(start, edges, done):
                shortened = [*circle[:_MAX_CIRCLE], "...", circle[-1]] if len(circle) > _MAX_CIRCLE else circle
                message = f"{column} goes round in a circle: {' -> '.join(shortened)}"
                faults.add(row.at(column), message, "Empty one of these cells")


def _circles(start: str, edges: Mapping[str, dict[str, Row]], done: set[str]) -> Iterator[tuple[list[str], Row]]:
    """The circles met on a walk in depth, each with the row that closes it; what the walk has seen is done."""
    way = {start: iter(edges[start].items())}
    done.add(start)
    while way:
        here = next(reversed(way))
        name, row = next(way[here], ("", None))
        if row is None:
            del way[here]
        elif name in way:
            names = list(way)
            yield [*names[names.index(name) :], name], row
        elif name not in done:
            done.add(name)
            way[name] = iter(edges.get(name, {}).items())


def _coded_twice(rows: TableRows, faults: Faults) -> None:
    """Warn of two events of which all that tells events apart is the same."""
    first: dict[tuple[tuple[str, ...], ...], Row] = {}
    for row in _sound(rows):
        if not row.value("date") or not Date.parse(row.value("date")).is_day:
            continue
        other = first.setdefault(tuple(row.values.get(column, ()) for column in _SAME), row)
        one, two = other.value("event"), row.value("event")
        stages = {found.value(column) for found in (row, other) for column in _STAGES}
        if one != two and not stages & {one, two}:
            faults.warn(
                row.at("event"),
                f"probably one event coded twice: {two} and {one} (line {other.line}) have the same day, place, actor, "
                "kind, deaths, source and locator",
                "Give both rows the same event; if they are two, fill in what tells them apart",
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
    unit = row.value("unit")
    if row.value("breakdown") and "whole" in row.cells and not row.cells["whole"].text:
        faults.add(row.at("whole"), "the figure has a breakdown and no whole", "Name the figure of which it is a part")
    if unit == "percent_change" and "compared_to" in row.cells and not row.cells["compared_to"].text:
        faults.warn(row.at("compared_to"), "the change has nothing that it is compared to", "Give the earlier period")
