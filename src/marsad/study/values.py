"""What must hold within one row beyond the type of each cell: numbers that fit their unit, signs that fit their tie."""

from __future__ import annotations

import re
from decimal import Decimal

from marsad.model import Quantity
from marsad.study.dictionary import Table
from marsad.study.faults import Faults, shown
from marsad.study.tables import Row

__all__ = ["FRIENDLY", "HOSTILE", "check_values"]

_SIGNED_UNITS = frozenset({"percent_change"})
"""Units of figures whose value may be negative."""

_WHOLE_UNITS = frozenset({"persons", "count"})
"""Units that have no fractions."""

_FRACTION = re.compile(r"\d\.\d")

FRIENDLY = frozenset(
    {
        "alliance",
        "allegiance",
        "cooperation",
        "kinship",
        "membership",
        "recognition",
        "shelter",
        "support",
        "training",
    }
)
"""Kinds of ties that nobody means as hostile."""

HOSTILE = frozenset({"accusation", "attack", "enmity", "rivalry", "threat"})
"""Kinds of ties that nobody means as friendly."""


def check_values(table: Table, row: Row, faults: Faults) -> None:
    """Note what is wrong in a sound row whose cells have been checked."""
    for field in table.fields:
        if field.type == "quantity" and row.value(field.name):
            unit = row.value(field.unit_column) if field.unit_column else field.unit
            _quantity(row, field.name, unit, faults)
    if table.name == "relations":
        _sign(row, faults)


def _quantity(row: Row, column: str, unit: str, faults: Faults) -> None:
    """A quantity must be one that its unit can have; nothing is said where the unit is faulty."""
    value = row.value(column)
    if not unit:
        return
    if unit in _WHOLE_UNITS and _FRACTION.search(value):
        remedy = "Write whole numbers (1..2 for between one and two), or give another unit"
        faults.add(row.at(column), f"{shown(value)} is no whole number; the unit is {unit}", remedy)
    printed = _printed(Quantity.parse(value))
    if unit not in _SIGNED_UNITS and any(number < 0 for number in printed):
        faults.add(row.at(column), f"{value} {unit} cannot be", _not_negative(unit))
    if unit == "share" and any(number > 1 for number in printed):
        message = f"{shown(value)} is no share, which lies between 0 and 1"
        faults.add(row.at(column), message, "Give a percentage with the unit percent")


def _not_negative(unit: str) -> str:
    if unit == "percent":
        return "Give a change with the unit percent_change"
    return "Write a number that is not negative"


def _printed(quantity: Quantity) -> list[Decimal]:
    """The numbers that the source prints; the lower bound of a word."""
    ends = (quantity.low, quantity.high) if quantity.best is None else (quantity.best,)
    return [end for end in ends if end is not None]


def _sign(row: Row, faults: Faults) -> None:
    kind, sign = row.value("kind"), row.value("sign")
    if (kind in FRIENDLY and sign == "negative") or (kind in HOSTILE and sign == "positive"):
        faults.warn(row.at("sign"), f"a tie of the kind {kind} is not {sign}", "Look again at kind and sign")
