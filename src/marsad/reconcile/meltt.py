"""MELTT: matching event data by location, time and type (Donnay et al. 2019, doi:10.1177/0022002718777050).

Two records of different sources may be one event where they lie within so many kilometres and days of each other and
their types agree, in every taxonomy, at some level. The finer the agreement, the better the match. Each record has
one match at most in each other source. Sources are taken in their order: each further one is matched with what the
ones before it were integrated into, where a match set is represented by its record of the first source, its lead.

Records of one day (events) are matched with each other, and records of several days (episodes) with each other. An
event that lies in the window of an episode is not a match but is flagged, for a person to judge.

Records of one source are never matched with each other, so duplicates within a source stay.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.reconcile.meltt_levels import Texts
from marsad.reconcile.meltt_records import MISSING_DAY, MOST_PAIRS, Agreeing, Records, Register
from marsad.reconcile.taxonomies import Taxonomy

__all__ = ["MISSING_DAY", "MOST_PAIRS", "LeftOut", "Pairs", "Register", "Result", "match"]

_MOST_DAYS = 1_000_000
_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records of unlike sources; arrays of one length.

    Attributes:
        left_source, right_source: number of the register, from 0; the left one's is the smaller.
        left_row, right_row: row in that register, from 0.
        score: mean over the taxonomies of (level - 1) / (levels - 1), where level 1 is the finest at which they
            agree: 0 is agreement at the finest level of all, 1 at the broadest of all. A taxonomy of one level adds 0.
        km: distance, km.
        days: how far apart the first days are, days.
    """

    left_source: NDArray[np.int64]
    left_row: NDArray[np.int64]
    right_source: NDArray[np.int64]
    right_row: NDArray[np.int64]
    score: NDArray[np.float64]
    km: NDArray[np.float64]
    days: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Records of one source that could not be compared; each is named once, with the first reason that holds.

    Attributes:
        source: the source.
        reason: why, such as ``no coordinates``.
        rows: rows in its register, from 0, ascending.
    """

    source: str
    reason: str
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Result:
    """What matching found.

    Attributes:
        sources: names of the sources, in order.
        ids: the identifiers in each source.
        cluster: for each source, the number of the event that each record reports, from 0.
        pairs: each record that was matched (right) with the lead of its match set (left).
        flagged: an event of one day and an episode of several whose type agrees and whose windows meet, for a person
            to judge; leads and unmatched records only.
        left_out: records that could not be compared; they count as unique.
        match_sets: how many events more than one source has.
        episode_sets: how many of the match sets are of episodes.
    """

    sources: tuple[str, ...]
    ids: tuple[Texts, ...]
    cluster: tuple[NDArray[np.int64], ...]
    pairs: Pairs
    flagged: Pairs
    left_out: tuple[LeftOut, ...]
    match_sets: int
    episode_sets: int

    @property
    def rows(self) -> int:
        """How many records went in."""
        return sum(len(ids) for ids in self.ids)

    @property
    def duplicates(self) -> int:
        """How many records report an event that an earlier source has."""
        return len(self.pairs)

    @property
    def unique(self) -> int:
        """How many events remain."""
        return self.rows - self.duplicates

    def sets(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Every match set: (source, identifier) of each of its records, in order of source; the sets sorted."""
        members: dict[tuple[int, int], list[tuple[int, str]]] = {}
        pairs = self.pairs
        leads = zip(pairs.left_source.tolist(), pairs.left_row.tolist(), strict=True)
        others = zip(pairs.right_source.tolist(), pairs.right_row.tolist(), strict=True)
        for lead, (source, row) in zip(leads, others, strict=True):
            known = members.setdefault(lead, [(lead[0], str(self.ids[lead[0]][lead[1]]))])
            known.append((source, str(self.ids[source][row])))
        return tuple(
            tuple((self.sources[at], name) for at, name in found) for found in sorted(map(sorted, members.values()))
        )

    def overlap(self) -> dict[tuple[str, ...], int]:
        """How many events each combination of sources has, those of a single source included."""
        counts: dict[tuple[str, ...], int] = {
            (source,): len(ids) for source, ids in zip(self.sources, self.ids, strict=True)
        }
        for found in self.sets():
            together = tuple(source for source, _ in found)
            counts[together] = counts.get(together, 0) + 1
            for source in together:
                counts[(source,)] -= 1
        return counts


def match(registers: Sequence[Register], taxonomies: Sequence[Taxonomy], *, km: float, days: int) -> Result:
    """Match the records of several sources.

    The pair that agrees best of all is taken first, and then the best of those whose records are both still free: by
    score, then by distance, then by the days between their first and between their last days. What still ties goes by
    identifier and then by what the records say, so the result does not depend on the order of rows. The match sets of
    two sources do not depend on their order either; those of more do, and so does what is flagged, as the method has
    it: a lead stands for its match set.

    Args:
        registers: two sources or more; the first leads.
        taxonomies: the dimensions of type; with none, place and time decide.
        km: greatest distance between two records, km, itself included.
        days: greatest difference between the first days, and between the last days, in days, itself included. An
            event is flagged where its day is no farther than this from some day of the episode.

    Raises:
        InputError: a window is no such number, a register is not sound, a category is in no taxonomy, or the windows
            are so wide that more than ``MOST_PAIRS`` pairs agree in them.
    """
    _check(registers, km, days)
    records = Records.of(registers, taxonomies)
    own = np.arange(len(records.source))
    lead = own.copy()
    usable = records.reason < 0
    found: list[Agreeing] = []
    for number in range(1, len(registers)):
        integrated = usable & (records.source < number) & (lead == own)
        new = usable & (records.source == number)
        for kind in (~records.is_episode, records.is_episode):
            left, right = np.flatnonzero(integrated & kind), np.flatnonzero(new & kind)
            found.append(_best(records.agreeing(left, right, km=km, days=days), records))
            lead[found[-1].right] = found[-1].left
    is_lead = usable & (lead == own)
    episodes, events = np.flatnonzero(is_lead & records.is_episode), np.flatnonzero(is_lead & ~records.is_episode)
    matched = Agreeing.joined(found)
    return Result(
        sources=tuple(register.source for register in registers),
        ids=records.ids,
        cluster=tuple(np.split(np.unique(lead, return_inverse=True)[1], records.offsets[1:-1])),
        pairs=_pairs(matched, records),
        flagged=_pairs(records.spanning(episodes, events, km=km, days=days), records),
        left_out=_left_out(registers, records),
        match_sets=len(np.unique(matched.left)),
        episode_sets=len(np.unique(matched.left[records.is_episode[matched.left]])),
    )


def _check(registers: Sequence[Register], km: float, days: int) -> None:
    if not (math.isfinite(km) and km >= 0):
        raise InputError(f"km: {km} is no distance. Give a number of kilometres, 0 or more")
    if not 0 <= days <= _MOST_DAYS:
        raise InputError(f"days: {days} is no window. Give a whole number of days from 0 to {_MOST_DAYS:,}")
    names = [register.source for register in registers]
    if len(names) < 2:
        raise InputError(f"meltt matches two sources or more; there are {len(names)}. Give another register")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"the source {twice[0]!r} is given twice. Give each source once, as one register")


def _best(pairs: Agreeing, records: Records) -> Agreeing:
    """One pair at most for each record: the best first, then the best of what is left."""
    size = len(records.source)
    left_pairs, right_pairs = np.bincount(pairs.left, minlength=size), np.bincount(pairs.right, minlength=size)
    is_contested = (left_pairs[pairs.left] > 1) | (right_pairs[pairs.right] > 1)
    chosen = [pairs.take(np.flatnonzero(~is_contested))]
    pairs = pairs.take(np.flatnonzero(is_contested))
    order = _order(pairs, records)
    taken = np.zeros(size, dtype=np.bool_)
    for start in range(0, len(order), _BLOCK):
        block = pairs.take(order[start : start + _BLOCK])
        block = block.take(np.flatnonzero(~taken[block.left] & ~taken[block.right]))
        chosen.append(block.take(_free(block)))
        taken[chosen[-1].left] = taken[chosen[-1].right] = True
    return Agreeing.joined(chosen)


def _order(pairs: Agreeing, records: Records) -> NDArray[np.int64]:
    """The pairs from the best to the worst."""
    left, right = pairs.left, pairs.right
    days = np.abs(records.start[left] - records.start[right]) + np.abs(records.end[left] - records.end[right])
    ranks = records.ranks(left), records.ranks(right)
    return np.lexsort((ranks[0] * len(records.source) + ranks[1], days, pairs.km, pairs.score))


def _free(pairs: Agreeing) -> NDArray[np.int64]:
    """The pairs, from the first to the last, of which neither record stands in a pair that was chosen before."""
    taken: set[int] = set()
    chosen = []
    for at, (left, right) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
        if left not in taken and right not in taken:
            taken.update((left, right))
            chosen.append(at)
    return np.array(chosen, dtype=np.int64)


def _pairs(agreeing: Agreeing, records: Records) -> Pairs:
    """With the earlier source to the left, by left and then by right."""
    left, right = np.minimum(agreeing.left, agreeing.right), np.maximum(agreeing.left, agreeing.right)
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    offsets = records.offsets
    return Pairs(
        left_source=records.source[left],
        left_row=left - offsets[records.source[left]],
        right_source=records.source[right],
        right_row=right - offsets[records.source[right]],
        score=agreeing.score[order],
        km=agreeing.km[order],
        days=np.abs(records.start[left] - records.start[right]),
    )


def _left_out(registers: Sequence[Register], records: Records) -> tuple[LeftOut, ...]:
    """By source and then by reason; reasons that hold for no record are left away."""
    parts = np.split(records.reason, records.offsets[1:-1])
    return tuple(
        LeftOut(register.source, reason, rows)
        for register, part in zip(registers, parts, strict=True)
        for number, reason in enumerate(records.reasons)
        if len(rows := np.flatnonzero(part == number))
    )
