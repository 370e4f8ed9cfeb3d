"""What persons said of pairs of records, brought to the records' numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marsad.errors import InputError
from marsad.evidence.judgements import FiledJudgement
from marsad.model import Verdict

if TYPE_CHECKING:
    from marsad.model import Judgement
    from marsad.reconcile.sides import Side

__all__ = ["Told", "resolve"]


@dataclass(frozen=True, slots=True)
class Told:
    """One judgement that is about records of two of the tables.

    Attributes:
        left, right: (number of the table, numbers of the records that the identifier stands for); the table of the
            left comes first, whatever the order of the judgement.
        verdict: what was judged.
        whole: for ``part_of`` which of the two is the whole: left or right; otherwise empty.
    """

    left: tuple[int, tuple[int, ...]]
    right: tuple[int, tuple[int, ...]]
    verdict: Verdict
    whole: str = ""


def resolve(judgements: Iterable[Judgement], sides: Sequence[Side]) -> tuple[list[Told], list[Judgement]]:
    """Find the records that judgements are about.

    A record is named by its identifier, by ``dataset/identifier``, by the source's own identifier, or by
    ``dataset:own identifier``. A source's own identifier may stand for several records, and in several tables.

    A record that its source has edited since has another identifier. A judgement of the ledger follows it by the
    source's own identifier; what was said of the records as they are now goes before that, and of several such
    judgements the last one counts.

    Args:
        judgements: those in force.
        sides: the tables.

    Returns:
        What is about two records of different tables, a judgement once for each two tables in which its names occur;
        and the judgements that are not.

    Raises:
        InputError: two judgements say ``same`` and ``not`` of one pair.
    """
    given = list(judgements)
    if not given:
        return [], []
    known = _names(sides)
    told: list[Told] = []
    followed: list[tuple[Judgement, Told]] = []
    unknown = []
    for judgement in given:
        found = _told(judgement.verdict, known.get(judgement.left), known.get(judgement.right))
        moved = [] if found else _told(judgement.verdict, *(_place(judgement, end, known) for end in ("left", "right")))
        told += found
        followed += [(judgement, one) for one in moved]
        if not found and not moved:
            unknown.append(judgement)
    _refuse_contradictions(told)
    there = {(one.left, one.right) for one in told}
    followed.sort(key=lambda two: two[0].made_at)
    last = {(one.left, one.right): one for _, one in followed if (one.left, one.right) not in there}
    return told + list(last.values()), unknown


_Places = Mapping[int, tuple[int, ...]]


def _told(verdict: Verdict, left: _Places | None, right: _Places | None) -> list[Told]:
    if left is None or right is None:
        return []
    return [_ordered(a, b, verdict) for a in left.items() for b in right.items() if a[0] != b[0]]


def _place(judgement: Judgement, end: str, known: Mapping[str, _Places]) -> _Places | None:
    """Where a record is now: an edited one has another identifier, but the source's own one stays."""
    name: str = getattr(judgement, end)
    if name in known or not isinstance(judgement, FiledJudgement):
        return known.get(name)
    own: str = getattr(judgement, f"{end}_id")
    return known.get(f"{name.partition('/')[0]}:{own}") if own else None


def _names(sides: Sequence[Side]) -> dict[str, dict[int, tuple[int, ...]]]:
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for table, side in enumerate(sides):
        columns = zip(side.texts("record"), side.texts("dataset"), side.texts("source_id"), strict=True)
        for number, (record, dataset, own) in enumerate(columns):
            names = {record, f"{dataset}/{record}"}
            if own:
                names |= {own, f"{dataset}:{own}"}
            for name in names:
                found[str(name)][table].append(number)
    return {name: {table: tuple(numbers) for table, numbers in places.items()} for name, places in found.items()}


def _ordered(a: tuple[int, tuple[int, ...]], b: tuple[int, tuple[int, ...]], verdict: Verdict) -> Told:
    first_is_left = a[0] < b[0]
    left, right = (a, b) if first_is_left else (b, a)
    whole = "" if verdict is not Verdict.PART_OF else "right" if first_is_left else "left"
    return Told(left, right, verdict, whole)


def _refuse_contradictions(told: Sequence[Told]) -> None:
    said: dict[tuple[object, object], Verdict] = {}
    for one in told:
        if one.verdict is Verdict.UNSURE:
            continue
        earlier = said.setdefault((one.left, one.right), one.verdict)
        if earlier is not one.verdict:
            raise InputError(
                f"two judgements contradict each other: {earlier} and {one.verdict} of one pair; retract one of them"
            )
