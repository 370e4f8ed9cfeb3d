"""One record of a source: its fields are taken out one by one, so that what was not used is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

__all__ = ["ISO", "BadValue", "Record", "as_code", "as_date", "as_integer", "as_number", "as_text"]

ISO = "%Y-%m-%d"
"""The format of dates in ISO 8601, for which a time may stand behind the day."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_POINT_ZERO = re.compile(r"(\d+)\.0+")
_LARGEST = 2**53
_DAYS = (date(1000, 1, 1), date(2999, 12, 31))


class BadValue(Exception):  # noqa: N818 - it is caught at once, and no error of the program
    """A value that cannot be right: its record is put aside.

    Attributes:
        field: the source's field.
        value: what it holds.
        reason: why it cannot be right.
    """

    def __init__(self, field: str, value: Any, reason: str) -> None:
        super().__init__(f"{field}: {value!r}: {reason}")
        self.field, self.value, self.reason = field, value, reason


class Record:
    """The fields of one record.

    Args:
        values: field -> value, as read.
        unstated: texts that mean "not stated".
        row: its number in the file, from 1.
    """

    __slots__ = ("left", "row", "unstated", "values")

    def __init__(self, values: Mapping[str, Any], *, unstated: frozenset[str] = frozenset({""}), row: int = 1) -> None:
        self.values = values
        self.left = dict(values)
        self.unstated = unstated
        self.row = row

    def pop(self, field: str) -> Any:
        """The value of a field, which then counts as used; None where it is not stated."""
        value = self.left.pop(field, None)
        if value is None or (isinstance(value, str) and value.strip() in self.unstated):
            return None
        return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - not a number

    def text(self, field: str) -> str | None:
        """A text without blanks around it; None where it is not stated."""
        return as_text(self.pop(field))

    def code(self, field: str) -> str | None:
        """An identifier or code, of which ``12.0`` is ``12``; None where it is not stated."""
        return as_code(self.pop(field))

    def integer(self, field: str) -> int | None:
        """A whole number; None where it is not stated."""
        return as_integer(field, self.pop(field))

    def number(self, field: str) -> float | None:
        """A number; None where it is not stated."""
        return as_number(field, self.pop(field))

    def date(self, field: str, *formats: str) -> date | None:
        """A day in ISO 8601, or in one of the formats of ``strptime``; None where it is not stated."""
        return as_date(field, self.pop(field), *formats)


def as_text(value: Any) -> str | None:
    """A value as text; whole numbers without a decimal point. None stays None."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        value = int(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip().replace("\0", "")
    return text or None


def as_code(value: Any) -> str | None:
    """An identifier or code as text: where something turned it into a number, ``12.0`` is ``12``. None stays None."""
    text = as_text(value)
    match = None if text is None else _POINT_ZERO.fullmatch(text)
    return text if match is None else match[1]


def as_integer(field: str, value: Any) -> int | None:
    """A whole number of any writing; raises ``BadValue`` for anything else."""
    number = as_number(field, value)
    if number is None:
        return None
    if not number.is_integer() or abs(number) >= _LARGEST:
        raise BadValue(field, value, "not a whole number")
    return int(number)


def as_number(field: str, value: Any) -> float | None:
    """A finite number; raises ``BadValue`` for anything else."""
    if value is None:
        return None
    text = str(value).strip() if not isinstance(value, bool) else str(int(value))
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        raise BadValue(field, value, "not a number")
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise BadValue(field, value, "not a finite number")
    return number


def as_date(field: str, value: Any, *formats: str) -> date | None:
    """A day; raises ``BadValue`` for what is none of the formats, or no day."""
    if value is None:
        return None
    found = value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
    if found is None:
        found = _parsed(field, str(value).strip(), formats)
    if not _DAYS[0] <= found <= _DAYS[1]:
        raise BadValue(field, value, "a day of no likely century")
    return found


def _parsed(field: str, text: str, formats: tuple[str, ...]) -> date:
    for form in formats:
        if form == ISO:  # in its place among the others, and without the slow parser
            if (found := _iso(field, text)) is not None:
                return found
            continue
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - days have no time zone
        except ValueError:
            continue
    if (found := _iso(field, text)) is not None:
        return found
    expected = " or ".join(("YYYY-MM-DD", *(form for form in formats if form != ISO)))
    raise BadValue(field, text, f"not a day in the form {expected}")


def _iso(field: str, text: str) -> date | None:
    """A day in ISO 8601, with or without a time; None for any other writing."""
    if (match := _ISO.fullmatch(text)) is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise BadValue(field, text, "not a day of the calendar") from error
