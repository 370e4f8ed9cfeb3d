"""Tolls: how many were killed or hurt, as a range over the reports of an event, and sums of such ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from marsad.model import Event, Quantity, number_text

__all__ = ["Toll", "killed_in", "toll_of", "total"]


@dataclass(frozen=True, slots=True)
class Toll:
    """A range of persons.

    Attributes:
        low: the lowest bound that a report states.
        high: the highest value or bound that a report states.
        is_open: whether some report gives only a lower bound, so that the true value may lie above ``high``.
    """

    low: Decimal
    high: Decimal
    is_open: bool = False

    def __str__(self) -> str:
        """``60``, ``50–60``, ``50+`` (at least 50), ``50–60+``."""
        ends = number_text(self.low) if self.low == self.high else f"{number_text(self.low)}–{number_text(self.high)}"
        return ends + ("+" if self.is_open else "")


def toll_of(quantities: Iterable[Quantity | None]) -> Toll | None:
    """The range over what reports state, from the lowest low to the highest value; None where none states anything.

    ``>50`` and ``dozens`` are lower bounds (50 and 24); ``<10`` is 0 to 10; ``~34`` reaches as far as the model lets
    "around" reach, to whole persons.
    """
    stated = [_bounds(quantity) for quantity in quantities if quantity is not None]
    if not stated:
        return None
    return Toll(
        min(toll.low for toll in stated), max(toll.high for toll in stated), any(toll.is_open for toll in stated)
    )


def _bounds(quantity: Quantity) -> Toll:
    """What one report admits."""
    low = Decimal(0) if quantity.low is None else quantity.low
    if quantity.high is None:
        return Toll(low, low, is_open=True)
    high = quantity.high
    if quantity.text.startswith("~"):
        whole = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
        low, high = whole if whole[0] <= whole[1] else (low, high)
    return Toll(min(low, high), high)


def killed_in(report: Event) -> Quantity | None:
    """Deaths in one report: as stated, or at least those of the classes of victims that it states."""
    if report.killed is not None:
        return report.killed
    parts = [part.low for part in (report.killed_civilians, report.killed_security) if part and part.low is not None]
    return Quantity.parse(f">={sum(parts)}") if parts else None


def total(tolls: Iterable[Toll | None]) -> Toll | None:
    """The sum of the low and of the high ends of the tolls that are stated; None where none is."""
    stated = [toll for toll in tolls if toll is not None]
    if not stated:
        return None
    return Toll(
        sum((toll.low for toll in stated), Decimal(0)),
        sum((toll.high for toll in stated), Decimal(0)),
        any(toll.is_open for toll in stated),
    )
