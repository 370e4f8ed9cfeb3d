"""The row audit: what became of every record of a file, so that nothing is dropped silently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from marsad.connectors.records import BadValue

__all__ = ["WITHDRAWN", "Quarantined", "Remark", "RowAudit"]

WITHDRAWN = "withdrawn by the producer since"
"""Why a record is put aside that its producer has taken back."""

_MOST_EXAMPLES = 5
_MOST_CATEGORIES = 1000
_MOST_REMARKS = 1000


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that was put aside.

    Attributes:
        row: its number in the file, from 1.
        source_id: the source's identifier, where it has one.
        field: the field that is wrong.
        value: what it holds.
        reason: why that cannot be right.
        verbatim: the whole record, a JSON object.
    """

    row: int
    source_id: str
    field: str
    value: str
    reason: str
    verbatim: str


@dataclass(slots=True)
class Remark:
    """Something that records have and that a reader should know, though they were kept.

    Attributes:
        text: what it is.
        count: how many records have it.
        rows: the numbers of the first of them.
        latest: the number of the last of them; a record that makes several rows counts once.
    """

    text: str
    count: int = 0
    rows: list[int] = field(default_factory=list)
    latest: int = 0


@dataclass(slots=True)
class RowAudit:
    """What became of the records of one file.

    Attributes:
        read: records in the file.
        kept: records of which at least one row was made.
        made: rows made.
        quarantined: records that were put aside.
        remarks: what kept records have that a reader should know, by text.
        unknown: values that no lookup knows: (field, value) -> how many records have it.
        leftover: fields that nothing used and the description does not know -> in how many records they hold something.
        expected: how many records the version should have; None where that is not known.
    """

    read: int = 0
    kept: int = 0
    made: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)
    remarks: dict[str, Remark] = field(default_factory=dict)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    leftover: Counter[str] = field(default_factory=Counter)
    expected: int | None = None

    def remark(self, text: str, row: int) -> None:
        """Note something that a kept record has."""
        if len(self.remarks) >= _MOST_REMARKS and text not in self.remarks:
            text = "(other remarks)"
        found = self.remarks.setdefault(text, Remark(text))
        if row == found.latest:
            return
        found.count, found.latest = found.count + 1, row
        if len(found.rows) < _MOST_EXAMPLES:
            found.rows.append(row)

    def unknown_category(self, name: str, value: str) -> None:
        """Note a value that no lookup knows."""
        if len(self.unknown) < _MOST_CATEGORIES or (name, value) in self.unknown:
            self.unknown[name, value] += 1
        else:
            self.unknown[name, "(others)"] += 1

    def put_aside(self, bad: BadValue, *, row: int, source_id: str, verbatim: str) -> None:
        """Note a record that was put aside."""
        value = "" if bad.value is None else str(bad.value)
        self.quarantined.append(Quarantined(row, source_id, bad.field, value, bad.reason, verbatim))

    @property
    def reasons(self) -> Counter[str]:
        """How many records were put aside for which reason."""
        return Counter(f"{found.field}: {found.reason}" for found in self.quarantined)

    def summary(self) -> dict[str, Any]:
        """All of it as plain values, for the metadata of the table and for programs."""
        return {
            "read": self.read,
            "kept": self.kept,
            "made": self.made,
            "expected": self.expected,
            "quarantined": dict(self.reasons.most_common()),
            "remarks": {found.text: {"count": found.count, "rows": found.rows} for found in self.remarks.values()},
            "unknown": [[name, value, count] for (name, value), count in self.unknown.most_common()],
            "leftover": dict(self.leftover.most_common()),
        }
