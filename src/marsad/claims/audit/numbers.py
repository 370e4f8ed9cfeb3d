"""What the numeric checks of the audit share: printed numbers, bounds, rounding, and how victims' classes exclude."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from marsad.extraction.counts import Count
from marsad.model import Quantity, broader_targets, number_text

__all__ = [
    "Bounds",
    "are_apart",
    "bounds_of",
    "excludes",
    "half_digit",
    "is_aside",
    "percent_slack",
    "printed",
    "shown",
    "total_of",
]

Bounds = tuple[Decimal | None, Decimal | None]
"""Lowest and highest value; None where that end is open."""

_UNARMED = frozenset({"civilians", "refugees", "religious", "political"})
_ARMED = frozenset({"security", "military", "police", "militants"})
_EXCLUSIVE = (
    frozenset({"men", "women", "children"}),
    frozenset({"boys", "girls"}),
    frozenset({"killed", "injured"}),
)
_ROUGH = Decimal("0.1")
_IN_THE = re.compile(
    r"\b(?:in|of|across|for|by|among|between|at|on|during|over)\s+(?:the|these|those|all|its|their)\s+$"
)


def printed(text: str, count: Count) -> str:
    """A number as the text prints it, with its qualifier."""
    return " ".join(text[count.found.start : count.found.end].split())


def bounds_of(value: Quantity) -> Bounds:
    """The values that a quantity admits, without regard to whether its ends are excluded."""
    return value.low, value.high


def total_of(counts: Sequence[Count]) -> Bounds:
    """The sum of counts as a range."""
    lows = [count.found.quantity.low for count in counts]
    highs = [count.found.quantity.high for count in counts]
    low = sum((low for low in lows if low is not None), Decimal(0))
    high = None if None in highs else sum((high for high in highs if high is not None), Decimal(0))
    return low, high


def excludes(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Whether one side names only unarmed people and the other only armed ones, or militants against forces."""
    ours, theirs = set(inner), set(outer)
    if not ours or not theirs or any(broader_targets(target) & theirs for target in ours):
        return False
    sides = (ours, theirs), (theirs, ours)
    if any(one <= _ARMED and other <= _UNARMED for one, other in sides):
        return True
    return any(one == {"militants"} and other <= _ARMED - {"militants"} for one, other in sides)


def are_apart(left: Count, right: Count) -> bool:
    """Whether two counts of one list certainly count nobody twice."""
    if any({left.noun, right.noun} <= group and left.noun != right.noun for group in _EXCLUSIVE):
        return True
    if {left.measure, right.measure} == {"killed", "injured"}:
        return True
    ours, theirs = set(left.targets), set(right.targets)
    if not ours or not theirs or "officials" in ours | theirs:
        return False
    around = {broad for target in ours for broad in broader_targets(target)}
    beside = {broad for target in theirs for broad in broader_targets(target)}
    return not (ours & beside or theirs & around)


def is_aside(text: str, count: Count) -> bool:
    """Whether a number in words only says where or for whom something was counted: ``in the three countries``."""
    is_spelled = text[count.found.number_start : count.found.number_start + 1].isalpha()
    return (
        is_spelled
        and bool(count.noun)
        and _IN_THE.search(text[max(count.found.start - 20, 0) : count.found.start]) is not None
    )


def half_digit(value: Quantity) -> Decimal:
    """Half a unit of the last digit that is printed; for a whole number 0.5."""
    number = value.best if value.best is not None else value.low
    exponent = number.as_tuple().exponent if number is not None else 0
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0) / 2


def percent_slack(value: Quantity) -> Decimal:
    """How far a printed percentage may be from the reckoned one: its rounding, and a tenth of it where it is rough."""
    slack = half_digit(value) + Decimal("0.06")
    number = value.best if value.best is not None else Decimal(0)
    is_round = number == number.to_integral_value() and number % 5 == 0
    return slack + (abs(number) * _ROUGH if value.text[0] in "~<>" else Decimal("0.5") if is_round else Decimal(0))


def shown(number: Decimal) -> str:
    """A reckoned number with at most one decimal."""
    return number_text(number.quantize(Decimal("0.1")))
