"""Each cell against the type, vocabulary and bounds of its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from marsad.errors import ParseError
from marsad.model import Date, Locator, Quantity
from marsad.study.dictionary import Dictionary, Field
from marsad.study.faults import At, Faults, shown
from marsad.study.files import UNREADABLE
from marsad.study.references import References
from marsad.study.tables import Row, TableRows

__all__ = ["CellChecker", "id_fault"]

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MAX_VALUE = 200
_MAX_DIGITS = 15
_TOO_LONG = f"Shorten it to {_MAX_VALUE} characters or fewer"
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


def id_fault(text: str) -> tuple[str, str] | None:
    """Message and remedy where a text is no identifier (lower-case letters, digits and hyphens); None where it is."""
    if len(text) > _MAX_VALUE:
        return f"{shown(text)} is too long for an identifier", _TOO_LONG
    if not _ID.fullmatch(text):
        return f"{shown(text)} is no identifier", "Use lower-case letters, digits and hyphens, such as armed-group-2"
    return None


class CellChecker:
    """Checks the cells of sound rows and keeps the canonical values of those that pass."""

    def __init__(self, dictionary: Dictionary, references: References, faults: Faults) -> None:
        self._dictionary = dictionary
        self._references = references
        self._faults = faults
        self._parsers: Mapping[str, Callable[[str], str]] = {
            "edtf": lambda text: str(Date.parse(text)),
            "quantity": lambda text: str(Quantity.parse(text)),
            "locator": lambda text: str(Locator.parse(text)),
        }

    def check(self, rows: TableRows) -> None:
        """Fill the values of each sound row; notes a fault for every bad cell."""
        for row in rows.rows:
            if self._faults.is_cut(row.file):
                break
            if row.sound:
                for field in rows.table.fields:
                    if field.name in row.cells:
                        self._cell(field, row)

    def _cell(self, field: Field, row: Row) -> None:
        text = row.cells[field.name].text
        at = row.at(field.name)
        if UNREADABLE in text:
            return
        if not text.strip():
            self._empty(field, text, at)
            return
        items = text.split(";") if field.is_list else [text]
        values = [self._value(field, item, at) for item in items]
        good = tuple(value for value in values if value is not None)
        if len(set(good)) < len(good):
            twice = next(value for value in good if good.count(value) > 1)
            self._faults.add(at, f"{shown(twice)} stands twice in the list", "Delete one of the two")
        elif len(good) == len(values):
            row.values[field.name] = good

    def _empty(self, field: Field, text: str, at: At) -> None:
        if field.required:
            remedy = field.remedy or f"fill it in: {field.description}"
            self._faults.add(at, "the cell is empty", remedy[:1].upper() + remedy[1:])
        elif text:
            self._faults.add(at, "the cell holds only blanks", "Empty it")

    def _value(self, field: Field, text: str, at: At) -> str | None:
        """The canonical form of one value; None, and a fault, where it is bad."""
        if field.type == "text" and text.strip():
            return text.strip()
        if not text.strip():
            self._faults.add(at, "the list has an empty item", "Separate items by one ';', and end without one")
            return None
        if text != text.strip():
            self._faults.add(at, f"{shown(text)} begins or ends with a blank", "Delete the blank")
            return None
        if len(text) > _MAX_VALUE:
            self._faults.add(at, f"{shown(text)} is too long for a value of type {field.type}", _TOO_LONG)
            return None
        return self._typed(field, text, at)

    def _typed(self, field: Field, text: str, at: At) -> str | None:
        passed = True
        match field.type:
            case "term" | "terms":
                words = self._dictionary.vocabularies[field.vocabulary]
                passed = self._references.check_word(field.vocabulary, words, text, at)
            case "ref" | "refs":
                passed = self._references.check((field.table,), text, at)
            case "cite":
                passed = self._references.check(("sources",), text, at)
            case "id":
                passed = self._id(field, text, at)
            case "number":
                passed = self._number(field, text, at)
            case _:
                return self._parsed(field, text, at)
        return text if passed else None

    def _id(self, field: Field, text: str, at: At) -> bool:
        if field.names:
            return self._references.check(field.names, text, at)
        found = id_fault(text)
        if found:
            self._faults.add(at, *found)
        return found is None

    def _number(self, field: Field, text: str, at: At) -> bool:
        if not _NUMBER.fullmatch(text):
            self._faults.add(at, f"{shown(text)} is no number", "Write digits, with a point for decimals")
            return False
        return self._within(field, Decimal(text), text, at)

    def _parsed(self, field: Field, text: str, at: At) -> str | None:
        try:
            value = self._parsers[field.type](text)
        except ParseError as error:
            self._faults.add(at, str(error), _REMEDIES[field.type])
            return None
        if field.type == "quantity":
            quantity = Quantity.parse(text)
            printed = quantity.best if quantity.best is not None else quantity.low
            if printed is not None and not self._within(field, printed, text, at):
                return None
            if any(len(number.replace(".", "").lstrip("0")) > _MAX_DIGITS for number in _DIGITS.findall(value)):
                remedy = "Round it to what can be known, or mend it"
                self._faults.add(at, f"{shown(text)} has more than {_MAX_DIGITS} digits", remedy)
                return None
        return value

    def _within(self, field: Field, number: Decimal, text: str, at: At) -> bool:
        low, high = field.min, field.max
        if (low is None or number >= Decimal(str(low))) and (high is None or number <= Decimal(str(high))):
            return True
        bounds = [f"at least {low:g}"] if low is not None else []
        bounds += [f"at most {high:g}"] if high is not None else []
        unit = f" ({field.unit})" if field.unit else ""
        self._faults.add(at, f"{shown(text)} is out of bounds", f"It must be {' and '.join(bounds)}{unit}")
        return False


_REMEDIES = {
    "edtf": "Write it as precisely as the source gives it and no more: 2022, 2022-04, 2022-04-16, 2021-08/2024-06",
    "quantity": "Write digits with the qualifier of the source: 100, >=50, >60, ~34, 20..25",
    "locator": "Write labels and values: sec 2.4 para 3, page 12",
}
