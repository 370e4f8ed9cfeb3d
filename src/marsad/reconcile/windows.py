"""How much does a result depend on the window? Matches over a grid of kilometres and days, and where they are stable.

No window is right in itself (Donnay et al. 2019, doi:10.1177/0022002718777050): a result that changes with every step
of it says more of the window than of the events.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.errors import InputError

__all__ = ["Window", "WindowGrid", "WindowResult", "chart_cells", "window_grid", "window_rows"]

_DARK = 0.55


@dataclass(frozen=True, slots=True)
class WindowResult:
    """What one window gives.

    Attributes:
        records: how many records went in.
        matches: how many sets of records were taken for one event each.
        unique: how many events are left.
    """

    records: int
    matches: int
    unique: int


@dataclass(frozen=True, slots=True)
class Window:
    """A cell of the grid.

    Attributes:
        km, days: the window.
        result: what it gives.
        change: the largest change of ``unique`` to a neighbouring cell (one step in km or in days), as a share of
            the records; None in a grid of one cell.
        stable: whether that is at most the tolerance.
        plateau: number of the connected region of stable cells that it belongs to, 1 for the largest; 0 for none.
    """

    km: float
    days: float
    result: WindowResult
    change: float | None
    stable: bool
    plateau: int


@dataclass(frozen=True, slots=True)
class WindowGrid:
    """All cells, by km, then days.

    Attributes:
        cells: the grid, row by row.
        tolerance: the change up to which a cell is stable.
        falls: steps to a wider window that left **more** events, as (km, days) before and after; a window that is wider
            allows every match of the narrower one, so that these come from how matches are chosen.
    """

    cells: tuple[Window, ...]
    tolerance: float
    falls: tuple[tuple[tuple[float, float], tuple[float, float]], ...]

    @property
    def verdict(self) -> str:
        """In a sentence, where the result is stable."""
        largest = [cell for cell in self.cells if cell.plateau == 1]
        if not largest:
            return (
                "The number of events is stable nowhere in the grid: every window differs from a neighbour by more "
                f"than {self.tolerance:.1%} of the records."
            )
        km, days = [cell.km for cell in largest], [cell.days for cell in largest]
        unique = [cell.result.unique for cell in largest]
        return (
            f"Between {min(km):g} and {max(km):g} km and {min(days):g} and {max(days):g} days, {len(largest)} of "
            f"{len(self.cells)} windows are stable: no neighbour differs by more than {self.tolerance:.1%} of the "
            f"records; they leave {min(unique):,} to {max(unique):,} events."
        )


def window_grid(
    link: Callable[[float, float], WindowResult],
    *,
    kms: Sequence[float],
    days: Sequence[float],
    tolerance: float = 0.01,
) -> WindowGrid:
    """Link anew with every window.

    Args:
        link: what a window of so many km and days gives; called once a cell.
        kms: the steps of distance, km, each zero or more; sorted, and each taken once.
        days: the steps of time, likewise.
        tolerance: the change to a neighbouring cell, as a share of the records, up to which a cell is stable.

    Raises:
        InputError: no steps, a negative one, or a result that cannot be (more events than records, and such).
    """
    rows, columns = sorted(set(kms)), sorted(set(days))
    if not rows or not columns or not all(0 <= step < math.inf for step in (*rows, *columns)):
        raise InputError("a window grid needs at least one step of km and one of days, none of them negative")
    results = [[_checked(km, day, link(km, day)) for day in columns] for km in rows]
    changes = [[_change(results, i, j) for j in range(len(columns))] for i in range(len(rows))]
    stable = {
        (i, j)
        for i, row in enumerate(changes)
        for j, change in enumerate(row)
        if change is not None and change <= tolerance
    }
    plateaus = _plateaus(stable)
    cells = tuple(
        Window(km, day, results[i][j], changes[i][j], (i, j) in stable, plateaus.get((i, j), 0))
        for i, km in enumerate(rows)
        for j, day in enumerate(columns)
    )
    falls = tuple(
        ((rows[a], columns[b]), (rows[i], columns[j]))
        for i in range(len(rows))
        for j in range(len(columns))
        for a, b in ((i - 1, j), (i, j - 1))
        if a >= 0 and b >= 0 and results[i][j].unique > results[a][b].unique
    )
    return WindowGrid(cells, tolerance, falls)


def window_rows(grid: WindowGrid) -> list[dict[str, Any]]:
    """The result as a table: km, days, records, matches, unique, duplicates, change, stable, plateau."""
    return [
        {
            "km": cell.km,
            "days": cell.days,
            "records": cell.result.records,
            "matches": cell.result.matches,
            "unique": cell.result.unique,
            "duplicates": cell.result.records - cell.result.unique,
            "change": cell.change,
            "stable": cell.stable,
            "plateau": cell.plateau,
        }
        for cell in grid.cells
    ]


def chart_cells(grid: WindowGrid) -> list[dict[str, Any]]:
    """The fields of a heat map that reads in grey: ``km``, ``days``, ``text``, ``grey``, ``ink``, ``edge``.

    ``text`` is the number of events, to be printed in the cell. ``grey`` runs from 0 (white, the most events) to 1
    (the fewest). ``ink`` is white on dark cells and black on light ones. ``edge`` is true for stable cells, which are
    to be framed and not coloured.
    """
    unique = [cell.result.unique for cell in grid.cells]
    most, span = max(unique), max(1, max(unique) - min(unique))
    return [
        {
            "km": f"{cell.km:g}",
            "days": f"{cell.days:g}",
            "text": f"{cell.result.unique:,}",
            "grey": round((most - cell.result.unique) / span, 4),
            "ink": "white" if (most - cell.result.unique) / span > _DARK else "black",
            "edge": cell.stable,
        }
        for cell in grid.cells
    ]


def _checked(km: float, days: float, result: WindowResult) -> WindowResult:
    if not 0 <= result.unique <= result.records or not 0 <= result.matches <= result.records - result.unique:
        raise InputError(f"at {km:g} km and {days:g} days, {result} cannot be: count matches and events anew")
    return result


def _change(results: Sequence[Sequence[WindowResult]], i: int, j: int) -> float | None:
    near = [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
    here = results[i][j]
    steps = [
        abs(results[a][b].unique - here.unique) / max(1, here.records)
        for a, b in near
        if 0 <= a < len(results) and 0 <= b < len(results[0])
    ]
    return max(steps) if steps else None


def _plateaus(stable: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Connected regions of cells, numbered by size, of equal ones the first."""
    regions: list[list[tuple[int, int]]] = []
    left = set(stable)
    for start in sorted(stable):
        if start not in left:
            continue
        region, waiting = [], deque([start])
        left.discard(start)
        while waiting:
            i, j = waiting.popleft()
            region.append((i, j))
            for near in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
                if near in left:
                    left.discard(near)
                    waiting.append(near)
        regions.append(region)
    regions.sort(key=lambda region: (-len(region), min(region)))
    return {cell: number for number, region in enumerate(regions, start=1) for cell in region}
