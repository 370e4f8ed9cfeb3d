"""What a source changed between two snapshots: producers rewrite and withdraw events without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Change", "Comparison", "compare_snapshots"]

_OWN = frozenset({"record", "release", "row", "verbatim"})


@dataclass(frozen=True, slots=True)
class Change:
    """A record that says something else than before.

    Attributes:
        source_id: the source's identifier.
        columns: the columns that differ, in alphabetical order; empty where only the verbatim record does.
        before: what those columns held.
        after: what they hold now.
    """

    source_id: str
    columns: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two snapshots of a table, side by side, by the source's identifiers in their order.

    Attributes:
        added: identifiers that only the new one has.
        changed: records that both have and that differ.
        withdrawn: identifiers that only the old one has.
        same: how many records are the same in both.
        repeated: identifiers that stand for several records in one of the snapshots: their records are compared as a
            whole, so a change has no columns.
        unnamed: how many rows have no identifier and could not be compared.
    """

    added: tuple[str, ...]
    changed: tuple[Change, ...]
    withdrawn: tuple[str, ...]
    same: int
    repeated: tuple[str, ...]
    unnamed: int


def compare_snapshots(old_rows: Iterable[Mapping[str, Any]], new_rows: Iterable[Mapping[str, Any]]) -> Comparison:
    """What was added, changed and withdrawn between two snapshots of the same table.

    A record is the same where its columns and its verbatim text are; a new timestamp alone makes it changed, with no
    columns. The order of the rows does not matter.

    Args:
        old_rows: rows of a common table, of the older snapshot.
        new_rows: of the newer one.
    """
    old, unnamed_before = _by_id(old_rows)
    new, unnamed_after = _by_id(new_rows)
    both = sorted(old.keys() & new.keys())
    changes = [change for name in both if (change := _change(name, old[name], new[name])) is not None]
    return Comparison(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(changes),
        withdrawn=tuple(sorted(old.keys() - new.keys())),
        same=len(both) - len(changes),
        repeated=tuple(sorted(name for name in old.keys() | new.keys() if _repeats(old, name) or _repeats(new, name))),
        unnamed=unnamed_before + unnamed_after,
    )


_Rows = list[Mapping[str, Any]]


def _by_id(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, _Rows], int]:
    found: dict[str, _Rows] = {}
    unnamed = 0
    for row in rows:
        if (name := row.get("source_id")) is None:
            unnamed += 1
        else:
            found.setdefault(str(name), []).append(row)
    return found, unnamed


def _repeats(rows: Mapping[str, _Rows], name: str) -> bool:
    return len(rows.get(name, ())) > 1


def _change(name: str, old: _Rows, new: _Rows) -> Change | None:
    if len(old) == len(new) == 1:
        before, after = old[0], new[0]
        columns = sorted(
            column for column in (before.keys() | after.keys()) - _OWN if before.get(column) != after.get(column)
        )
        if not columns and before.get("verbatim") == after.get("verbatim"):
            return None
        return Change(
            name, tuple(columns), {key: before.get(key) for key in columns}, {key: after.get(key) for key in columns}
        )
    return None if _told(old) == _told(new) else Change(name, (), {}, {})


def _told(rows: _Rows) -> list[str]:
    """What several records of one identifier say, whatever their order."""
    return sorted(
        repr(sorted((key, repr(value)) for key, value in row.items() if key not in _OWN or key == "verbatim"))
        for row in rows
    )
