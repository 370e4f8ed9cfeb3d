"""Hierarchies: countries and their areas, or conflicts and their pairs of actors; draws that add up in every future.

The children of a parent are disjoint: each event counts under exactly one of them. Areas are; so are pairs of sides
(dyads), or the side that attacked. Events counted under each side that took part are not, because one between two sides
would count twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError, NotFoundError
from marsad.forecast.interface import Draws
from marsad.forecast.months import month_text
from marsad.forecast.panel import Counts, Panel

__all__ = ["ENDED", "MIXED", "Allotment", "Hierarchy", "level_panels", "reconciled", "split_seed", "with_parents"]

ENDED = 12
"""A child without a value in the last so many months of a panel has ended: it counts nothing after its last value."""

MIXED = "several versions"
"""The name of the version of a parent's count whose children are of different ones."""

_EXACT = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """Which unit is a part of which; any number of levels.

    Attributes:
        parent_of: the parent of each child.
    """

    parent_of: Mapping[str, str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], *, name: str = "The hierarchy") -> Self:
        """From pairs of a child and its parent, in any order; the same pair may come again.

        Raises:
            InputError: a child has two parents, or is a part of itself; it names them.
        """
        parent_of: dict[str, str] = {}
        for child, parent in pairs:
            known = parent_of.setdefault(child, parent)
            if known != parent:
                raise InputError(
                    f"{name}: {child} is a part of {known} and of {parent}. Give each part a name of its own, such as "
                    f"{f'{known}: {child}'!r}"
                )
        _check_rising(parent_of, name)
        return cls(MappingProxyType(dict(sorted(parent_of.items()))))

    @property
    def parents(self) -> tuple[str, ...]:
        """The units that have parts, in order of their names."""
        return tuple(sorted(set(self.parent_of.values())))

    def children(self) -> dict[str, tuple[str, ...]]:
        """The parts of each parent, in order of their names."""
        found: dict[str, list[str]] = {parent: [] for parent in self.parents}
        for child, parent in self.parent_of.items():
            found[parent].append(child)
        return {parent: tuple(parts) for parent, parts in found.items()}

    def depth(self, unit: str) -> int:
        """How many units are above this one."""
        found = 0
        while unit in self.parent_of:
            unit, found = self.parent_of[unit], found + 1
        return found


def _check_rising(parent_of: Mapping[str, str], name: str) -> None:
    """Raise ``InputError`` where a unit is above itself."""
    sound: set[str] = set()
    for start in parent_of:
        path: dict[str, None] = {}
        unit = start
        while unit in parent_of and unit not in sound:
            if unit in path:
                raise InputError(
                    f"{name}: {unit} is a part of itself, by way of {parent_of[unit]}. Correct one of them"
                )
            path[unit] = None
            unit = parent_of[unit]
        sound.update(path)


def with_parents(panel: Panel, hierarchy: Hierarchy) -> Panel:
    """The panel and the series of all parents: the sums of their children.

    A child counts nothing before its first value and, where it ended at least ``ENDED`` months before the panel does,
    after its last. Where a child that is there has no value, its parent's sum is not known: it is not taken as zero. A
    parent may have a series of its own in the panel. It must then be the sum wherever the sum is known, and is used
    where it is not.

    Raises:
        NotFoundError: a child is not in the panel and has no children there.
        InputError: a parent's own series is not the sum of its children; it names parent and month.
    """
    values = dict(zip(panel.units, panel.values, strict=True))
    labels = dict(zip(panel.units, panel.vintage, strict=True))
    children = hierarchy.children()
    for parent in sorted(hierarchy.parents, key=hierarchy.depth, reverse=True):
        missing = [child for child in children[parent] if child not in values]
        if missing:
            raise NotFoundError(f"The panel has no unit {missing[0]!r}, a part of {parent}")
        parts = np.stack([values[child] for child in children[parent]])
        sums, versions = _summed(parts), _version(np.stack([labels[child] for child in children[parent]]), panel)
        if parent in values:
            given = values[parent]
            _check_sums(parent, given, sums, panel.first)
            versions = np.where(np.isnan(given), versions, labels[parent])
            sums = np.where(np.isnan(given), sums, given)
        values[parent], labels[parent] = sums, np.where(np.isnan(sums), -1, versions)
    vintage = np.stack(list(labels.values())).astype(np.int16)
    mixed = bool((vintage == len(panel.vintages)).any())
    return Panel(
        target=panel.target,
        units=tuple(values),
        first=panel.first,
        values=np.stack(list(values.values())),
        vintages=(*panel.vintages, *([MIXED] if mixed else [])),
        vintage=vintage,
    )


def level_panels(panel: Panel, hierarchy: Hierarchy) -> tuple[Panel, ...]:
    """One panel a level, from the top down: first the units that are part of no other, then their children, and so on.

    A model is fitted to each alone: what it says of the countries does not depend on how their parts are drawn.

    Args:
        panel: what is known at an origin, without the parents or with them; a child that it does not have is left out.
        hierarchy: may name more units than the panel has.

    Raises:
        InputError: as ``with_parents``; or a parent's sum is known in less than half of its months.
    """
    known = _present(panel, hierarchy)
    whole = with_parents(panel, known)
    levels: dict[int, list[str]] = {}
    for unit in whole.units:
        levels.setdefault(known.depth(unit), []).append(unit)
    for parent in known.parents:
        _check_often_known(whole, parent)
    return tuple(whole.select(sorted(units)) for _, units in sorted(levels.items()))


def _check_often_known(whole: Panel, parent: str) -> None:
    """Raise ``InputError`` where a parent is known in less than half of its months: of such a file rows are missing."""
    row = ~np.isnan(whole.values[whole.units.index(parent)])
    months = row.size - int(row.argmax()) if row.any() else 0
    if 2 * int(row.sum()) < months:
        raise InputError(
            f"The count of {parent} is known in {int(row.sum())} of {months} months up to {month_text(whole.last)}: in "
            "the others, one of its parts has no value. A month without events needs a row with a count of zero"
        )


def _present(panel: Panel, hierarchy: Hierarchy) -> Hierarchy:
    """Without the units that neither the panel nor any of their parts in it tells of."""
    kept: set[str] = set()
    for unit in panel.units:
        above = unit
        while above in hierarchy.parent_of and above not in kept:
            kept.add(above)
            above = hierarchy.parent_of[above]
    return Hierarchy.of((child, hierarchy.parent_of[child]) for child in sorted(kept))


def _summed(parts: Counts) -> Counts:
    """The sum of children x months; NaN where a child that is there has no value, or none is there."""
    known = ~np.isnan(parts)
    months = np.arange(parts.shape[1])
    first = np.where(known.any(axis=1), known.argmax(axis=1), parts.shape[1])
    last = parts.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    last = np.where(last < parts.shape[1] - ENDED, last, parts.shape[1])
    there = (months >= first[:, None]) & (months <= last[:, None])
    sound = there.any(axis=0) & ~(there & ~known).any(axis=0)
    return np.where(sound, np.where(known, parts, 0).sum(axis=0), np.nan)


def _version(labels: NDArray[np.int16], panel: Panel) -> NDArray[np.int16]:
    """The version of children x months together; one more than the last where they differ."""
    most = labels.max(axis=0)
    least = np.where(labels < 0, most, labels).min(axis=0)
    return np.where(most == least, most, len(panel.vintages)).astype(np.int16)


def _check_sums(parent: str, given: Counts, sums: Counts, first: int) -> None:
    wrong = np.flatnonzero(np.abs(given - sums) > _EXACT * np.maximum(given, 1))
    if wrong.size:
        at = int(wrong[0])
        raise InputError(
            f"{parent} has {given[at]:,.12g} in {month_text(first + at)}, its parts together have {sums[at]:,.12g}. "
            "Parts must be disjoint and together the whole: count each event under one of them (its area, its pair of "
            "sides, or the side that attacked), and what is left under a part of its own"
        )


class Allotment:
    """Splits the draws of one parent among its children by the shares of their own draws, block by block of children.

    In every draw the children get the parent's count in whole numbers. Draw by draw, child j gets floor(u + C_j) -
    floor(u + C_(j-1)), where C_j is the parent's count times the share of the first j children, and u is uniform on 0
    to 1: less than one from its exact share, and on average just that (systematic sampling: Madow 1949,
    doi:10.1214/aoms/1177729988). The largest remainders would give a count of one to the largest child always. A draw
    in which all children are zero and the parent is not takes the shares of another, drawn at random among those which
    are not zero; where there is none, the children share alike. A parent's draw that is no whole number is split
    without rounding.

    This is a top-down reconciliation in which each draw has shares of its own; the parent keeps its distribution. See
    Panagiotelis et al. (2023), doi:10.1016/j.ejor.2022.07.040, and Athanasopoulos et al. (2024),
    doi:10.1016/j.ijforecast.2023.10.010.
    """

    def __init__(self, parent: Floats, totals: Floats, children: int, *, seed: int) -> None:
        """Take the parent's draws, steps x n; the sums of the children's own; and how many children follow."""
        rng = np.random.default_rng(seed)
        self._parent = parent
        self._offset = rng.random(parent.shape)
        self._whole = parent == np.floor(parent)
        self._donor = np.tile(np.arange(parent.shape[1]), (len(parent), 1))
        self._alike: NDArray[np.bool_] = np.logical_not((totals > 0).any(axis=1))
        for step in np.flatnonzero(~self._alike):
            zero = totals[step] == 0
            self._donor[step, zero] = rng.choice(np.flatnonzero(~zero), int(zero.sum()))
        self._total = np.where(self._alike[:, None], children, np.take_along_axis(totals, self._donor, axis=1))
        self._so_far = np.zeros(parent.shape)
        self._given = np.zeros(parent.shape)
        self._left = children

    def take(self, children: Draws) -> Draws:
        """The draws of the next children, children x steps x n, of their own draws, which have no NaN."""
        found = np.empty(children.shape)
        for place, drawn in enumerate(children):
            self._so_far += np.where(self._alike[:, None], 1.0, np.take_along_axis(drawn, self._donor, axis=1))
            self._left -= 1
            exact = self._parent * self._so_far / self._total if self._left else self._parent
            reached = np.where(self._whole, np.floor(exact + self._offset), exact)
            found[place] = reached - self._given
            self._given = reached
        return found


def reconciled(draws: Draws, units: Iterable[str], hierarchy: Hierarchy, *, seed: int) -> Draws:
    """Draws of children and parents that add up in every draw; the units that are part of no other keep theirs.

    Args:
        draws: units x steps x n, each level first put in order by ``coupled`` with the same seed.
        units: their names; all parents are among them.
        hierarchy: may name units that are not there: they are left out.
        seed: the same gives the same split.

    Returns:
        the same shape. A child with a NaN (no forecast) stays without, and the others get all. A parent with a NaN
        becomes the sum of its children's own draws; one whose children all lack a forecast keeps its own.

    Raises:
        InputError: the shape does not fit.
        NotFoundError: a parent of one of the units is not among them.
    """
    rows = {unit: row for row, unit in enumerate(units)}
    if draws.ndim != 3 or len(rows) != len(draws):
        raise InputError(f"Draws of shape {draws.shape} for {len(rows)} units: give units x steps x n, each unit once")
    own = draws.copy()
    families = list(_families(hierarchy, rows))
    for parent, parts in reversed(families):
        kept = [rows[part] for part in parts if not bool(np.isnan(own[rows[part]]).any())]
        if kept and np.isnan(own[rows[parent]]).any():
            own[rows[parent]] = own[kept].sum(axis=0)
    found = own.copy()
    for parent, parts in families:
        kept = [rows[part] for part in parts if not bool(np.isnan(own[rows[part]]).any())]
        if kept:
            totals = own[kept].sum(axis=0)
            split = Allotment(found[rows[parent]], totals, len(kept), seed=split_seed(seed, parent))
            found[kept] = split.take(own[kept])
    return found


def split_seed(seed: int, parent: str) -> int:
    """A seed for the split of one parent, so that other parents do not change it."""
    return int(np.random.SeedSequence([seed, zlib.crc32(parent.encode()), 1]).generate_state(1)[0])


def _families(hierarchy: Hierarchy, rows: Mapping[str, int]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each parent with its children that are there, the highest parents first."""
    children = hierarchy.children()
    for parent in sorted(children, key=lambda unit: (hierarchy.depth(unit), unit)):
        parts = tuple(part for part in children[parent] if part in rows)
        if parts and parent not in rows:
            raise NotFoundError(f"No draws of {parent}, of which {parts[0]} is a part")
        if parts:
            yield parent, parts
