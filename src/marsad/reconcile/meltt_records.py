"""The records of several sources laid end to end, and which pairs of them agree in place, time and type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.reconcile.meltt_levels import Levels, Texts, levels_of
from marsad.reconcile.meltt_near import Points, near
from marsad.reconcile.taxonomies import Taxonomy

__all__ = ["MISSING_DAY", "MOST_PAIRS", "Agreeing", "Records", "Register"]

MISSING_DAY = int(np.iinfo(np.int64).min)
"""The number of a day that is not known; what NaT becomes as an integer."""

MOST_PAIRS = 40_000_000
"""Most pairs of records that may agree in place, time and type between one source and those before it."""

_LAST_DAY = 10_000_000


@dataclass(frozen=True, slots=True)
class Register:
    """The records of one source; arrays of one length n.

    Attributes:
        source: its name, as the taxonomies write it.
        ids: the source's identifiers; they need not be unique.
        start: number of the first day, counted from any one day that all registers share; ``MISSING_DAY`` where it
            is not known.
        end: number of the last day, itself included; ``MISSING_DAY`` where the record tells none and has one day.
        latitude: degrees, WGS 84; NaN where it is not known.
        longitude: likewise, from -180 to 180.
        categories: name of each taxonomy -> the category of each record in the words of the source; None or a blank
            text where it is not known.
    """

    source: str
    ids: Texts
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    categories: Mapping[str, Texts]

    def __len__(self) -> int:
        return len(self.ids)

    def columns(self, taxonomies: Sequence[Taxonomy]) -> list[Texts]:
        """The categories of each taxonomy.

        Raises:
            InputError: those of a taxonomy are missing, or the arrays are not of one length.
        """
        missing = [taxonomy.name for taxonomy in taxonomies if taxonomy.name not in self.categories]
        if missing:
            known = ", ".join(sorted(self.categories)) or "none"
            raise InputError(
                f"{self.source}: no categories for {', '.join(missing)}; there are {known}. "
                "Add the column, or take the taxonomy out of the folder"
            )
        found = [self.categories[taxonomy.name] for taxonomy in taxonomies]
        arrays = (self.ids, self.start, self.end, self.latitude, self.longitude, *found)
        lengths = sorted({len(array) for array in arrays})
        if len(lengths) > 1:
            raise InputError(f"{self.source}: the columns have {lengths} rows. Give them one length")
        return found


@dataclass(frozen=True, slots=True)
class Agreeing:
    """Pairs of records that agree in place, time and type; arrays of one length.

    Attributes:
        left, right: row among the records of all registers.
        km: distance, km.
        score: as ``Levels.agreeing`` gives it.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    km: NDArray[np.float64]
    score: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.left)

    def take(self, rows: NDArray[np.int64]) -> Self:
        """Those of some rows."""
        return type(self)(self.left[rows], self.right[rows], self.km[rows], self.score[rows])

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All pairs of all parts."""
        none = np.empty(0, dtype=np.int64)
        nothing = np.empty(0, dtype=np.float64)
        return cls(
            np.concatenate([none, *(part.left for part in parts)]),
            np.concatenate([none, *(part.right for part in parts)]),
            np.concatenate([nothing, *(part.km for part in parts)]),
            np.concatenate([nothing, *(part.score for part in parts)]),
        )


@dataclass(frozen=True, slots=True)
class Records:
    """The records of all registers, one register after another; arrays of one length n.

    Attributes:
        sizes: how many records each register has.
        source: number of the register of each record.
        start, end: the days; the end is the start where the record tells none.
        latitude, longitude: degrees.
        ids: identifiers, one array a register.
        levels: what each record means.
        is_episode: whether it has several days.
        reason: number, in ``reasons``, of why it cannot be compared; -1 where it can.
        reasons: the reasons.
    """

    sizes: tuple[int, ...]
    source: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    ids: tuple[Texts, ...]
    levels: Levels
    is_episode: NDArray[np.bool_]
    reason: NDArray[np.int64]
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, registers: Sequence[Register], taxonomies: Sequence[Taxonomy]) -> Self:
        """Lay registers end to end.

        Raises:
            InputError: a register is not sound, or has a category that is in no taxonomy.
        """
        levels = levels_of(taxonomies, [(register.source, register.columns(taxonomies)) for register in registers])
        start = np.concatenate([register.start for register in registers]).astype(np.int64)
        told = np.concatenate([register.end for register in registers]).astype(np.int64)
        end = np.where(told == MISSING_DAY, start, told)
        latitude = np.concatenate([register.latitude for register in registers]).astype(np.float64)
        longitude = np.concatenate([register.longitude for register in registers]).astype(np.float64)
        sizes = tuple(len(register) for register in registers)
        checks = (
            ("no date", start == MISSING_DAY),
            ("the date is out of range", (np.abs(start) > _LAST_DAY) | (np.abs(end) > _LAST_DAY)),
            ("it ends before it begins", end < start),
            ("no coordinates", np.isnan(latitude) | np.isnan(longitude)),
            ("the coordinates are out of range", (np.abs(latitude) > 90) | (np.abs(longitude) > 180)),
            *((f"no {one.name}", codes[:, 0] < 0) for one, codes in zip(taxonomies, levels.codes, strict=True)),
        )
        return cls(
            sizes=sizes,
            source=np.repeat(np.arange(len(sizes)), sizes),
            start=start,
            end=end,
            latitude=latitude,
            longitude=longitude,
            ids=tuple(register.ids for register in registers),
            levels=levels,
            is_episode=end > start,
            reason=np.select([failed for _, failed in checks], list(range(len(checks))), default=-1),
            reasons=tuple(reason for reason, _ in checks),
        )

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each register begins, and where the last ends."""
        return np.concatenate([[0], np.cumsum(self.sizes, dtype=np.int64)])

    def agreeing(self, left: NDArray[np.int64], right: NDArray[np.int64], *, km: float, days: int) -> Agreeing:
        """The pairs of a left and a right record whose first days, and last days, are so near each other.

        Raises:
            InputError: there are more than ``MOST_PAIRS`` of them.
        """
        blocks = self._blocks(left, right, km=km, first=self.start[left] - days, last=self.start[left] + days)
        return self._gathered(
            (block.take(np.abs(self.end[block.left] - self.end[block.right]) <= days) for block in blocks), km, days
        )

    def spanning(self, episodes: NDArray[np.int64], events: NDArray[np.int64], *, km: float, days: int) -> Agreeing:
        """The pairs of an episode and an event of unlike sources whose day is so near some day of the episode.

        Raises:
            InputError: there are more than ``MOST_PAIRS`` of them.
        """
        first, last = self.start[episodes] - days, self.end[episodes] + days
        blocks = self._blocks(episodes, events, km=km, first=first, last=last)
        return self._gathered(
            (block.take(self.source[block.left] != self.source[block.right]) for block in blocks), km, days
        )

    def _blocks(
        self,
        left: NDArray[np.int64],
        right: NDArray[np.int64],
        *,
        km: float,
        first: NDArray[np.int64],
        last: NDArray[np.int64],
    ) -> Iterator[Agreeing]:
        """Pairs within the windows, before their types are compared; the score is still nought."""
        here, there = (Points.at(self.latitude[rows], self.longitude[rows]) for rows in (left, right))
        for block in near(here, there, km=km, first=first, last=last, day=self.start[right]):
            yield Agreeing(left[block.query], right[block.target], block.km, np.zeros(len(block.km)))

    def _gathered(self, blocks: Iterator[Agreeing], km: float, days: int) -> Agreeing:
        """The pairs whose types agree, with their scores."""
        found: tuple[list[NDArray[Any]], ...] = ([], [], [], [])
        count = 0
        for block in blocks:
            kept, score = self.levels.agreeing(block.left, block.right)
            for column, part in zip(found, (block.left[kept], block.right[kept], block.km[kept], score), strict=True):
                column.append(part)
            count += len(kept)
            if count > MOST_PAIRS:
                raise InputError(
                    f"more than {MOST_PAIRS:,} pairs of records agree within {km:g} km and {days} days. "
                    "Narrow the windows, or give taxonomies with finer levels"
                )
        return Agreeing(*map(_emptied, found)) if count else Agreeing.joined([])

    def ranks(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """A number for each of some rows: by source, identifier and what the record says, not by where it stands."""
        distinct = np.flatnonzero(np.bincount(rows, minlength=len(self.source)))
        source = self.source[distinct]
        places = zip(source.tolist(), (distinct - self.offsets[source]).tolist(), strict=True)
        names = [str(self.ids[at][row]) for at, row in places]
        number = {name: place for place, name in enumerate(sorted(set(names)))}
        name = np.fromiter((number[one] for one in names), np.int64, len(names))
        codes = [column for codes in self.levels.codes for column in codes[distinct].T]
        place = (self.longitude[distinct], self.latitude[distinct], self.end[distinct], self.start[distinct])
        rank = np.empty(len(self.source), dtype=np.int64)
        rank[distinct[np.lexsort((*codes, *place, name, source))]] = np.arange(len(distinct))
        ranks: NDArray[np.int64] = rank[rows]
        return ranks


def _emptied(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """The parts as one array; they are let go at once, because there may be gigabytes of them."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole
