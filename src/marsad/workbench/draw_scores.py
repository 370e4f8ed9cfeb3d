"""The scores of a file of draws, whoever made it, against what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError, ParseError
from marsad.evidence.draws import DrawTable, read_draws
from marsad.forecast import Panel, PanelColumns, parse_month, read_hierarchy, read_panel, scores, with_parents
from marsad.forecast.months import month_text

__all__ = ["GROUPS", "SCORES", "Scored", "score_draws", "score_file"]

GROUPS = ("year", "month", "unit")
"""What scores may be grouped by, beside all cells together."""

SCORES = {
    "crps": "mean CRPS of the draws, in units of the count",
    "ign": "mean log score of the VIEWS challenge's eleven bins, in bits; only at 1,000 draws",
    "mis": "mean interval score at 90 %, in units of the count",
    "crps_log1p": "mean CRPS of log(1 + count)",
    "covered": "share of cells inside the 90 % interval",
    "covered_violent": "the same share of the cells with a count above zero",
    "width": "mean width of that interval",
}
"""Each score with what it is; smaller is better, but for the shares."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of some draws.

    Attributes:
        draws: how many draws a cell has.
        rows: one a group: its name, ``cells``, ``mean`` (of what happened) and the ``SCORES``, None where there is
            none.
        overall: the same of all cells together.
        unknown: how many cells have draws, but no known count.
        missing: how many known counts of the months that are forecast have no draws.
    """

    draws: int
    rows: tuple[dict[str, Any], ...]
    overall: dict[str, Any]
    unknown: int
    missing: int


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Draws by cell: units and months (running numbers) of the cells, and cells x draws."""

    units: list[str]
    months: NDArray[np.int64]
    draws: NDArray[np.float64]


def score_file(
    path: Path,
    actuals: Path,
    *,
    unit: str | None = None,
    time: str | None = None,
    target: str | None = None,
    by: str = "year",
) -> Scored:
    """Score a file of draws against a panel of what happened.

    Args:
        path: Parquet with the columns ``unit``, ``time``, ``draw`` and ``value``.
        actuals: the panel, CSV or Parquet.
        unit: the panel's column of units; None for the one that the draws were made with.
        time: its column of months, likewise.
        target: its column of counts, likewise.
        by: one of ``GROUPS``.

    Raises:
        NotFoundError: there is no such file or column.
        InputError: a file is wrong; it names file, column and row.
    """
    if by not in GROUPS:
        raise InputError(f"--by {by[:40]!r}: scores are grouped by {', '.join(GROUPS)}")
    table = _read(path)
    noted = table.metadata.get("columns")
    known = noted if isinstance(noted, dict) else {}
    names = {"unit": unit, "time": time, "target": target}
    asked = {name: known.get(name) if given is None else given for name, given in names.items()}
    lacking = next((name for name, given in asked.items() if not isinstance(given, str)), None)
    if lacking is not None:
        raise InputError(f"{path} does not say which column of {actuals} is the {lacking}. Name it with --{lacking}")
    columns = PanelColumns(str(asked["unit"]), str(asked["time"]), str(asked["target"]))
    within = known.get("within") if unit is None else None
    if isinstance(within, str):
        panel = with_parents(*read_hierarchy(actuals, replace(columns, within=within)))
    else:
        panel = read_panel(actuals, columns)
    return score_draws(table, panel, by=by, name=str(path))


def _read(path: Path) -> DrawTable:
    try:
        return read_draws(path)
    except NotImplementedError as error:  # Arrow's own, of nested columns
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: unit and time are texts, whole numbers or dates, not this: {reason}") from error


def score_draws(table: DrawTable, panel: Panel, *, by: str = "year", name: str = "draws") -> Scored:
    """Score draws against a panel; as ``score_file``, with ``name`` for the draws in errors."""
    cells = _cells(table, name)
    observed = _observed(cells, panel)
    measured = _measured(cells.draws, observed)
    labels = {
        "year": [month_text(month)[:4] for month in cells.months.tolist()],
        "month": [month_text(month) for month in cells.months.tolist()],
        "unit": cells.units,
    }[by]
    known = ~np.isnan(observed)
    if not known.any():
        raise InputError(
            f"{name}: no unit and month of the draws has a known count in the actuals. Do both name units and months "
            f"alike? The draws have {cells.units[0]} in {month_text(int(cells.months[0]))}"
        )
    columns = np.unique(cells.months)
    happened = int((~np.isnan(panel.observed(columns.tolist()))).sum())
    return Scored(
        draws=cells.draws.shape[1],
        rows=tuple(_rows(by, labels, observed, measured)),
        overall=_row({by: "all"}, known, observed, measured),
        unknown=int((~known).sum()),
        missing=happened - int(known.sum()),
    )


def _cells(table: DrawTable, name: str) -> _Cells:
    """Draws as a matrix; raises ``InputError`` where cells differ in how many they have, or a draw comes twice."""
    _check_values(table, name)
    units, unit = _recoded([_unit(value, name) for value in table.units], table.unit)
    months, month = _recoded([_month(value, name) for value in table.times], table.time)
    cell = unit * len(months) + month
    order = np.lexsort((table.draw, cell))
    cell, draw = cell[order], table.draw[order]
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    sizes = np.diff(starts, append=cell.size)

    def named(place: int) -> str:
        return f"{units[cell[place] // len(months)]} in {month_text(months[cell[place] % len(months)])}"

    twice = np.flatnonzero((np.diff(cell) == 0) & (np.diff(draw) == 0))
    if twice.size:
        row = int(order[twice[0] + 1]) + 1
        raise InputError(
            f"{name}: row {row}: draw {draw[twice[0]]} of {named(int(twice[0]))} comes twice. Leave one out"
        )
    odd = np.flatnonzero(sizes != sizes[0])
    if odd.size:
        first = int(odd[0])
        raise InputError(
            f"{name}: {named(int(starts[first]))} has {sizes[first]} draws, {named(0)} has {sizes[0]}. Every unit and "
            "month needs as many"
        )
    drawn = table.value[order].reshape(-1, int(sizes[0]))
    where = cell[starts]
    return _Cells([units[at] for at in where // len(months)], np.array(months)[where % len(months)], drawn)


def _check_values(table: DrawTable, name: str) -> None:
    wrong = np.flatnonzero(~(np.isfinite(table.value) & (table.value >= 0)))
    if wrong.size:
        row, value = int(wrong[0]) + 1, table.value[wrong[0]]
        raise InputError(f"{name}: row {row}: value: {value} is no count. Draws are finite and not below zero")


def _recoded(names: Sequence[Any], codes: NDArray[np.int64]) -> tuple[list[Any], NDArray[np.int64]]:
    """Names without repetition in order, and the codes of the rows to them."""
    ordered = sorted(set(names))
    rank = {name: place for place, name in enumerate(ordered)}
    return ordered, np.array([rank[name] for name in names])[codes]


def _unit(value: Any, name: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float):
        raise InputError(f"{name}: unit: {type(value).__name__} is no name. Write it as text or a whole number")
    text = "" if value != value else str(value).strip()  # noqa: PLR0124 - NaN is no name
    if not text:
        raise InputError(f"{name}: unit: an empty name. Every draw needs a unit")
    return text


def _month(value: Any, name: str) -> int:
    try:
        return parse_month(value)
    except ParseError as error:
        raise InputError(f"{name}: time: {error}") from error


def _observed(cells: _Cells, panel: Panel) -> NDArray[np.float64]:
    rows = {unit: row for row, unit in enumerate(panel.units)}
    row = np.array([rows.get(unit, -1) for unit in cells.units])
    column = cells.months - panel.first
    inside = (row >= 0) & (column >= 0) & (column < panel.values.shape[1])
    found = np.full(len(cells.units), np.nan)
    found[inside] = panel.values[row[inside], column[inside]]
    return found


def _measured(draws: NDArray[np.float64], observed: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Every score of every cell; the log score only where the number of draws allows it."""
    low, high = scores.interval(draws)
    covered = scores.covered(draws, observed)
    found = {
        "crps": scores.crps(draws, observed),
        "mis": scores.interval_score(draws, observed),
        "crps_log1p": scores.crps_log1p(draws, observed),
        "covered": covered,
        "covered_violent": np.where(np.nan_to_num(observed) > 0, covered, np.nan),
        "width": high - low,
    }
    if draws.shape[1] == scores.CHALLENGE_DRAWS:
        found["ign"] = scores.ignorance(draws, observed)
    return found


def _rows(
    by: str, labels: Sequence[str], observed: NDArray[np.float64], measured: dict[str, NDArray[np.float64]]
) -> Iterator[dict[str, Any]]:
    names = np.array(labels)
    for label in dict.fromkeys(sorted(labels) if by != "unit" else labels):
        kept = (names == label) & ~np.isnan(observed)
        if kept.any():
            yield _row({by: label}, kept, observed, measured)


def _row(
    group: dict[str, Any],
    kept: NDArray[np.bool_],
    observed: NDArray[np.float64],
    measured: dict[str, NDArray[np.float64]],
) -> dict[str, Any]:
    means = {name: _mean(measured[name][kept]) if name in measured else None for name in SCORES}
    return {**group, "cells": int(kept.sum()), "mean": float(observed[kept].mean()), **means}


def _mean(values: NDArray[np.float64]) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None
