"""Figures of tables: the periods that their texts name, and wide tables made long."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from marsad.connectors.audit import RowAudit
from marsad.connectors.mapping import Row, converter
from marsad.connectors.records import BadValue, Record, as_text
from marsad.connectors.spec import HEADING, FieldRule, Melt, PeriodUnit, Spec
from marsad.errors import ParseError
from marsad.model import ColumnType, Date

__all__ = ["melted", "period_of"]

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_WORDS = re.compile(r"[a-z]+|\d+")
_MONTH_OF_SIX = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])")
_ISO_LIKE = re.compile(r"[\dX./~?%-]+")


def period_of(value: Any, field: str, unit: PeriodUnit = "") -> Row:
    """The first and last day of a period: ``2021``, ``2021-03``, ``202103``, ``March 2021``, ``5 March 2021``, EDTF.

    A month written as a number stands behind its year only, for ``03/04/2021`` may be a day of March or of April.

    Args:
        value: a text, or a date from a spreadsheet.
        field: for errors.
        unit: how long the period is; a day then stands for the month or year that it lies in, and ``Mar-21`` for March
            of 2021 (years of two digits as in POSIX: 69 to 99 are of the twentieth century). Empty where texts tell.

    Raises:
        BadValue: it names no period with a first and a last day, or is a date that may stand for a month.
    """
    if isinstance(value, dt.date):
        if not unit:
            raise BadValue(
                field, value, "a date of a spreadsheet: say in the mapping whether `period_unit` is day or month"
            )
        value = value.date().isoformat() if isinstance(value, dt.datetime) else value.isoformat()
    bare = str(value).strip().rstrip("*")
    if six := _MONTH_OF_SIX.fullmatch(bare):
        bare = "-".join(six.groups())
    try:
        found = Date.parse(bare if _ISO_LIKE.fullmatch(bare) else _edtf(bare, unit))
        if unit in ("month", "year") and found.is_day and found.earliest is not None:
            found = Date.parse(found.earliest.isoformat()[: 7 if unit == "month" else 4])
    except ParseError as error:
        raise BadValue(field, value, "not a year, a month or a day") from error
    if found.earliest is None or found.latest is None:
        raise BadValue(field, value, "a period without a first or a last day")
    return {"period_start": found.earliest, "period_end": found.latest}


def _edtf(text: str, unit: PeriodUnit) -> str:
    """The words of a date in order: year, month, day; raises ``ParseError`` where they are no date."""
    words = _WORDS.findall(text.lower())
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    years = [word for word in words if word.isdigit() and len(word) == 4]
    days = [int(word) for word in words if word.isdigit() and len(word) <= 2]
    if unit == "month" and not years and len(days) == 1:
        years, days = [str(days[0] + (2000 if days[0] < 69 else 1900))], []
    if len(months) > 1 or len(years) != 1 or len(days) > 1 or len(words) > len(months) + len(years) + len(days):
        raise ParseError(text)
    if days and not months:
        # Year and month as numbers, as fields of their own give them; in another order they would be a guess.
        if words[0] != years[0]:
            raise ParseError(text)
        months, days = days, []
    return "-".join([years[0], *(f"{number:02d}" for number in (*months, *days))])


def melted(spec: Spec, record: Record, row: Row, audit: RowAudit) -> list[Row]:
    """The row for each figure of a wide table, with its period; the row itself where the table is not wide.

    Raises:
        BadValue: a cell is no number, or names no period.
    """
    if not spec.melt:
        return [row | _period(spec, record, "")] if spec.period else [row]
    made = []
    for melt in spec.melt:
        for name in melt.fields:
            value = _number(spec, melt, name, record)
            if value is not None:
                heading = {melt.heading: name} if melt.heading else {}
                made.append(row | heading | dict(melt.set) | {melt.value: value} | _period(spec, record, name))
    if not made:
        audit.remark("no figure is stated", record.row)
    for name in spec.period:
        record.left.pop(name, None)
    return made


def _number(spec: Spec, melt: Melt, name: str, record: Record) -> Any:
    value = record.pop(name)
    if value is None:
        return None
    return converter(ColumnType.NUMBER, FieldRule(field=name), spec.reader.thousands)(melt.value, value)


def _period(spec: Spec, record: Record, heading: str) -> Row:
    if not spec.period:
        return {}
    field = ", ".join(spec.period)
    parts = [heading if name == HEADING else record.values.get(name) for name in spec.period]
    texts = [text for part in parts if (text := as_text(part)) is not None and text not in record.unstated]
    if len(texts) < len(parts):
        raise BadValue(field, None, "the period is not stated")
    for name in spec.period:
        record.left.pop(name, None)
    return period_of(parts[0] if len(parts) == 1 else " ".join(texts), field, spec.period_unit)
