"""Records that a producer has withdrawn since they were published: the list of them that it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marsad.connectors.audit import WITHDRAWN, RowAudit
from marsad.connectors.reading import format_of, read_records
from marsad.connectors.records import BadValue, Record, as_code
from marsad.connectors.spec import Format, Reader
from marsad.errors import InputError

__all__ = ["WithdrawalFields", "Withdrawals", "read_withdrawals"]

_NAMED = (".csv", ".json", ".tsv", ".xlsx", ".zip")
_LATEST = dt.datetime(2999, 12, 31, tzinfo=dt.UTC).timestamp()


@dataclass(frozen=True, slots=True)
class WithdrawalFields:
    """What the fields are called, in the list of withdrawals and in the records.

    Attributes:
        identifier: the identifier, in both.
        moment: in the list, when it was withdrawn: seconds since 1970, UTC.
        entered: in the records, when they were last entered, likewise.
    """

    identifier: str
    moment: str
    entered: str


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """A list of withdrawals.

    Attributes:
        fields: what its fields are called.
        moments: identifier -> when it was last withdrawn, seconds since 1970, UTC; None where the list does not say.
        unnamed: how many entries of the list have no identifier.
    """

    fields: WithdrawalFields
    moments: Mapping[str, float | None] = field(default_factory=dict)
    unnamed: int = 0

    def check(self, record: Record, audit: RowAudit) -> None:
        """Raise ``BadValue`` for a record that has been withdrawn; one that was entered again since is remarked on."""
        name = as_code(record.values.get(self.fields.identifier))
        if name is None or name not in self.moments:
            return
        moment, entered = self.moments[name], _seconds(record.values.get(self.fields.entered))
        if moment is not None and entered is not None and entered > moment:
            audit.remark("withdrawn by the producer once, and entered again since", record.row)
            return
        day = "" if moment is None else f" on {dt.datetime.fromtimestamp(moment, dt.UTC).date()}"
        raise BadValue(self.fields.identifier, f"{name}{day}", WITHDRAWN)


def read_withdrawals(path: Path, fields: WithdrawalFields) -> Withdrawals:
    """A list of withdrawals; of one identifier the latest moment counts.

    Args:
        path: JSON lines, as a fetch writes them; JSON as the producer answers (the list, or an object that has it under
            ``data``), CSV, TSV or XLSX where the name of the file says so.
        fields: what its fields are called.

    Raises:
        InputError: it cannot be read, an entry is no JSON object, or it has entries and none of them an identifier.
    """
    moments: dict[str, float | None] = {}
    unnamed = 0
    form: Format = format_of(path) if path.suffix.lower() in _NAMED else "jsonl"
    for raw in read_records(path, Reader(format=form, records="data" if form == "json" else "")):
        if raw.fault is not None:
            raise InputError(f"{path}: line {raw.row} of the list of withdrawals: {raw.fault.reason}. Fetch it again")
        if (name := as_code(raw.values.get(fields.identifier))) is None:
            unnamed += 1
            continue
        moment, before = _seconds(raw.values.get(fields.moment)), moments.get(name)
        moments[name] = moment if before is None else before if moment is None else max(before, moment)
    if unnamed and not moments:
        raise InputError(
            f"{path}: none of its entries has {fields.identifier!r}, so that it is no list of withdrawn records. "
            "Name the list that the producer gives of them"
        )
    return Withdrawals(fields, moments, unnamed)


def _seconds(value: object) -> float | None:
    """A moment as a number, or in digits; None for anything else."""
    text = as_code(value)
    number = float(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None
    return number if number is not None and number < _LATEST else None
