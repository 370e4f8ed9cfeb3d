"""Printing the early-warning lists of `marsad forecast STUDY`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from marsad.cli.output import print_json, print_notices, print_table
from marsad.errors import InputError
from marsad.model import Date, plural

if TYPE_CHECKING:
    from marsad.workbench.outlook import OutlookRecord, OutlookRow
    from marsad.workbench.unit_outlook import UnitOutlook

__all__ = ["print_outlook", "print_unit_outlook", "tell_units"]

_MOST_ROWS = 40
_MOST_NAMED = 12
_KINDS = {"admin1": "first-level area", "admin2": "second-level area", "actor": "group"}
_COLUMNS_READ = (
    "CRPS: how much larger or smaller the model's error was than conflictology's at the last three years' origins, a "
    "month ahead; covered: how much of what happened its 90 % interval held."
)
_COUNTS = {
    "deaths": "deaths, best estimate",
    "deaths-low": "deaths, lowest estimate",
    "deaths-high": "deaths, highest estimate",
    "events": "events",
    "records": "records",
}


def tell_units(
    study: Path,
    units: str,
    *,
    model: str,
    count: str = "deaths",
    threshold: float | None = None,
    origin: str = "",
    json: bool = False,
) -> int:
    """Print the early-warning lists of a study's areas or groups, one a register.

    Raises:
        InputError: there is no list at all, or an option is wrong.
    """
    from marsad.workbench import Workbench  # noqa: PLC0415 - only here
    from marsad.workbench.unit_outlook import unit_outlooks  # noqa: PLC0415 - imports numpy

    found = unit_outlooks(
        Workbench(study),
        unit=units,
        model=model,
        count=count,
        threshold=threshold,
        origin=Date.parse(origin) if origin else None,
    )
    if all(one.problem for one in found):
        raise InputError("\n".join(one.problem for one in found))
    if json:
        print_json({"outlook": [asdict(one) for one in found]})
        return 0
    for one in found:
        print_unit_outlook(one)
    return 0


def print_outlook(rows: Sequence[OutlookRow], *, title: str = "", unit: str = "series", note: str = "") -> None:
    """Print a list, the likeliest to be grave first, and say of what there is no forecast."""
    good = [row for row in rows if not row.problem]
    if good:
        shown = title or "Early warning: the next month of every series, the likeliest to be grave first"
        more = f"The first {_MOST_ROWS} of {len(good)}; --json has all." if len(good) > _MOST_ROWS else ""
        read = _COLUMNS_READ if any(row.scored for row in good) else ""
        notes = " ".join(part for part in (more, note, read) if part)
        print_table(shown, _columns(unit), (_cells(row) for row in good[:_MOST_ROWS]), note=notes)
    bad = [row for row in rows if row.problem]
    print_notices(row.problem for row in bad[:_MOST_NAMED])
    if len(bad) > _MOST_NAMED:
        print_notices([f"{len(bad) - _MOST_NAMED} more have no forecast"])


def print_unit_outlook(found: UnitOutlook) -> None:
    """Print the list of one register, with the model's record on all its units, or why there is none."""
    if found.problem:
        print_notices([found.problem])
        return
    kind = _KINDS[found.unit]
    title = f"Early warning: {_COUNTS[found.count]} by {kind}, {found.title} ({' to '.join(found.months)})"
    note = "" if found.record is None else _record(found.record)
    print_outlook(found.rows, title=title, unit=kind, note=note)
    print_notices(found.notices)


def _columns(unit: str) -> list[tuple[str, bool]]:
    return [
        (unit, False),
        ("month", False),
        ("threshold", True),
        ("probability", True),
        ("a month ago", True),
        ("5 % to 95 %", True),
        ("what moved", False),
        ("CRPS", True),
        ("covered", True),
    ]


def _cells(row: OutlookRow) -> list[str]:
    from marsad.workbench.outlook import what_moved  # noqa: PLC0415 - imports numpy

    return [
        row.series,
        row.month,
        f"{row.threshold:,g}",
        f"{row.chance:.0%}",
        "" if row.before is None else f"{row.before:.0%}",
        f"{row.quantiles[0]:,.0f} to {row.quantiles[-1]:,.0f}",
        what_moved(row),
        "" if row.skill is None else _change(-row.skill),
        "" if row.covered is None else f"{row.covered:.0%}",
    ]


def _change(share: float) -> str:
    points = round(100 * share)
    return "0%" if points == 0 else f"{points:+d}%".replace("-", "−")


def _record(record: OutlookRecord) -> str:
    """The model's record on all units, in words."""
    violent = "" if record.covered_violent is None else f" ({record.covered_violent:.0%} of those above zero)"
    return (
        f"The model “{record.model}” on all of them, a month ahead from {' to '.join(record.origins)}: mean CRPS "
        f"{record.crps:.3g}, of the last twelve months as the sample (conflictology) {record.rival:.3g}; its 90 % "
        f"interval held {record.covered:.0%} of {plural(record.cells, 'month')}{violent}."
    )
