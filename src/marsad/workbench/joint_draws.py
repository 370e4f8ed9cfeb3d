"""Joint draws of a panel, block by block: coupled between months and units, and added up from parts to wholes.

A model gives the draws of all units at once. Of a panel of thousands of units that is gigabytes: they are drawn a few
months at a time, laid down in a file beside the output, and read again unit by unit.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.forecast import Coupling, Hierarchy, Model, Panel, level_panels
from marsad.forecast.backtest import seed_of
from marsad.forecast.hierarchy import Allotment, split_seed
from marsad.forecast.interface import Draws, Fitted

__all__ = ["Futures", "joint_draws"]

_HELD = 16_000_000
_BLOCK_VALUES = 2_000_000

Floats = NDArray[np.float64]


@contextlib.contextmanager
def joint_draws(  # noqa: PLR0913 - what a forecast is made of
    panel: Panel,
    hierarchy: Hierarchy,
    model: Model,
    origin: int,
    steps: Sequence[int],
    n: int,
    *,
    seed: int,
    scratch: Path,
) -> Iterator[Futures]:
    """Forecast the units of a panel, and their parents, from what was known at an origin.

    A model is fitted to each level of the hierarchy alone.

    Args:
        panel: children, and maybe parents.
        hierarchy: what is a part of what; empty for none.
        model: what forecasts.
        origin: the last month that it may see.
        steps: months ahead.
        n: how many draws a unit and month.
        seed: the same gives the same draws.
        scratch: a folder for a passing file, where the draws are too many to be held.

    Raises:
        InputError: the origin is outside the panel; the disk is full; or as ``level_panels``, or as the model.
    """
    own = seed_of(seed, origin)
    with contextlib.ExitStack() as stack:
        levels = []
        for depth, part in enumerate(level_panels(panel.up_to(origin), hierarchy)):
            fitted = model.fit(part, origin)
            store = _Store(fitted, steps, n, own if depth == 0 else seed_of(own, depth), stack, scratch)
            levels.append(_Level(part.units, store, Coupling.fit(part, origin, steps), tuple(steps), n, own))
        yield Futures(tuple(levels), hierarchy, own)


class _Store:
    """The draws of a fitted model, of any of its units: in memory, or in a file where there are too many."""

    def __init__(
        self, fitted: Fitted, steps: Sequence[int], n: int, seed: int, stack: contextlib.ExitStack, scratch: Path
    ) -> None:
        self.units = fitted.units
        self.places = {unit: row for row, unit in enumerate(fitted.units)}
        self._n = n
        size = max(1, _HELD // (len(fitted.units) * n))
        self._groups = [steps[start : start + size] for start in range(0, len(steps), size)]
        self._held: Draws | None = None
        self._files: list[IO[bytes]] = []
        self.known = np.ones(len(fitted.units), np.bool_)
        for place, group in enumerate(self._groups):
            drawn = fitted.draw(group, n, seed if place == 0 else seed_of(seed, place))
            self.known &= ~np.isnan(drawn).any(axis=(1, 2))
            if len(self._groups) == 1:
                self._held = drawn
            else:
                self._files.append(_laid_down(drawn, stack, scratch))

    def read(self, rows: Sequence[int]) -> Draws:
        """The draws of some units: rows x steps x n."""
        if self._held is not None:
            return self._held[list(rows)]
        return np.stack([np.concatenate([self._one(row, place) for place in range(len(self._files))]) for row in rows])

    def _one(self, row: int, place: int) -> Floats:
        count = len(self._groups[place]) * self._n
        self._files[place].seek(row * count * np.dtype(np.float64).itemsize)
        return np.fromfile(self._files[place], np.float64, count).reshape(-1, self._n)


def _laid_down(drawn: Draws, stack: contextlib.ExitStack, scratch: Path) -> IO[bytes]:
    """A passing file of draws; raises ``InputError`` where the disk is full."""
    try:
        file = stack.enter_context(tempfile.TemporaryFile(dir=scratch, buffering=0))  # noqa: SIM115 - the stack closes it
        left = np.ascontiguousarray(drawn, np.float64).data.cast("B")
        while left:  # numpy's own writing misses a fault at the end of a file
            left = left[file.write(left) :]
    except OSError as error:
        raise InputError(
            f"{scratch}: no room for a passing file of {drawn.nbytes / 1e6:,.0f} MB with draws ({error}). Free some "
            "space, write elsewhere, or ask for fewer draws or steps"
        ) from error
    return file


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The forecasts of one level of the hierarchy, coupled as they are read; of ``units`` some may have none."""

    units: tuple[str, ...]
    store: _Store
    coupling: Coupling
    steps: tuple[int, ...]
    n: int
    seed: int

    def blocks(self, names: Sequence[str]) -> Iterator[tuple[Sequence[str], Draws]]:
        """The draws of some units that were forecast, in blocks that are bounded."""
        size = max(1, _BLOCK_VALUES // (len(self.steps) * self.n))
        for start in range(0, len(names), size):
            part = names[start : start + size]
            rows = [self.store.places[name] for name in part]
            yield part, self.coupling.ordered(self.store.read(rows), self.steps, seed=self.seed, rows=rows)


class Futures:
    """The draws of all units: draw i of all units and months is one possible future."""

    def __init__(self, levels: tuple[_Level, ...], hierarchy: Hierarchy, seed: int) -> None:
        self._levels = levels
        self._seed = seed
        self._at = {name: depth for depth, level in enumerate(levels) for name in level.units}
        self._own = {
            name for level in levels for name, known in zip(level.store.units, level.store.known, strict=True) if known
        }
        self._children = {
            parent: tuple(part for part in parts if part in self._at)
            for parent, parts in hierarchy.children().items()
            if parent in self._at
        }
        self._forecast = {name for name in self._at if self._is_forecast(name)}

    def _is_forecast(self, name: str) -> bool:
        return name in self._own or any(self._is_forecast(part) for part in self._children.get(name, ()))

    def without(self) -> tuple[str, ...]:
        """The units known at the origin for which there is no forecast."""
        return tuple(name for name in self._at if name not in self._forecast)

    def blocks(self) -> Iterator[tuple[list[str], Draws]]:
        """Units and their draws, units x steps x n, in bounded blocks; each unit once, a parent before its parts."""
        names: list[str] = []
        held: list[Floats] = []
        size = 0
        for name, drawn in self._downward():
            names.append(name)
            held.append(drawn)
            size += drawn.size
            if size >= _BLOCK_VALUES:
                yield names, np.stack(held)
                names, held, size = [], [], 0
        if names:
            yield names, np.stack(held)

    def _downward(self) -> Iterator[tuple[str, Floats]]:
        tops = [name for name in self._levels[0].units if name in self._forecast]
        for name, drawn in self._drawn(tops):
            yield name, drawn
            yield from self._parts(name, drawn)

    def _parts(self, parent: str, drawn: Floats) -> Iterator[tuple[str, Floats]]:
        """The parts of a parent whose own draws are settled, and their parts."""
        parts = [part for part in self._children.get(parent, ()) if part in self._forecast]
        if not parts:
            return
        few = len(parts) * drawn.size <= _BLOCK_VALUES
        held = list(self._drawn(parts)) if few else None
        total = self._sum(parts) if held is None else np.sum([own for _, own in held], axis=0)
        split = Allotment(drawn, total, len(parts), seed=split_seed(self._seed, parent))
        for part, own in self._drawn(parts) if held is None else held:
            settled = split.take(own[None])[0]
            yield part, settled
            yield from self._parts(part, settled)

    def _drawn(self, names: Sequence[str]) -> Iterator[tuple[str, Floats]]:
        """The draws of units of one level before they are settled; of a parent without a forecast, its parts' sum."""
        for name in names:
            if name not in self._own:
                yield name, self._sum([part for part in self._children[name] if part in self._forecast])
        if own := [name for name in names if name in self._own]:
            for part, drawn in self._levels[self._at[own[0]]].blocks(own):
                yield from zip(part, drawn, strict=True)

    def _sum(self, names: Sequence[str]) -> Floats:
        found: Floats = np.zeros(())
        for _, drawn in self._drawn(names):
            found = found + drawn
        return found
