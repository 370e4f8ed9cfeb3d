"""Pairs of records that wait for a person, and what a person says of them: later runs respect it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from marsad.errors import InputError, NotFoundError
from marsad.evidence.judgements import FiledJudgement, record_key
from marsad.model import Verdict
from marsad.workbench.reconciling import PAIRS

__all__ = ["WaitingPair", "file_judgement", "judge_pair", "pair_in", "waiting_pairs"]

_REVIEW = "review.csv"


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """A pair of records.

    Attributes:
        number: its place in the queue, from 1; 0 for a pair that is not in it.
        left_dataset, right_dataset: the sources.
        left_id, right_id: the sources' own identifiers.
        left_record, right_record: identifiers of the records.
        probability: that both are one event.
        decision: what the machine took it for.
        why: what makes them look alike or not.
        left_says, right_says: the records in words; empty for a pair that is not in the queue.
    """

    number: int
    left_dataset: str
    right_dataset: str
    left_id: str
    right_id: str
    left_record: str
    right_record: str
    probability: float | None
    decision: str
    why: str
    left_says: str = ""
    right_says: str = ""


def waiting_pairs(folder: Path) -> tuple[WaitingPair, ...]:
    """The pairs of a reconciliation that wait for a person, the least certain first.

    Raises:
        NotFoundError: the folder holds no reconciliation.
    """
    return tuple(_read(folder / _REVIEW))


def judge_pair(
    folder: Path,
    ledger: Path,
    pair: Sequence[str],
    verdict: Verdict,
    *,
    author: str,
    reason: str = "",
) -> WaitingPair:
    """File what a person says of a pair.

    Args:
        folder: the reconciliation.
        ledger: where to file it; made where it is missing.
        pair: its number in the queue, or the sources' own identifiers of both records. For ``part_of`` the first is
            part of the second.
        verdict: what is said.
        author: who says it.
        reason: why.

    Raises:
        NotFoundError: there is no such pair.
        InputError: an identifier stands for several pairs.
    """
    found, is_turned = pair_in(folder, pair)
    file_judgement(ledger, found, verdict, is_turned=is_turned, author=author, reason=reason)
    return found


def file_judgement(
    ledger: Path, pair: WaitingPair, verdict: Verdict, *, is_turned: bool, author: str, reason: str
) -> None:
    """Write what a person says of a pair into a ledger, which is made where it is missing.

    Args:
        ledger: the file.
        pair: of which records.
        verdict: what is said.
        is_turned: whether the right record was named first.
        author: who says it.
        reason: why.
    """
    from marsad.evidence.ledger import Ledger  # noqa: PLC0415 - only where something is filed

    ends = (
        (record_key(pair.left_dataset, pair.left_record), pair.left_id),
        (record_key(pair.right_dataset, pair.right_record), pair.right_id),
    )
    (left, left_id), (right, right_id) = reversed(ends) if is_turned else ends
    said = FiledJudgement(
        left=left,
        right=right,
        left_id=left_id,
        right_id=right_id,
        verdict=verdict,
        author=author,
        made_at=dt.datetime.now(dt.UTC),
        reason=reason,
    )
    with Ledger(ledger) as opened:
        opened.judge(said)


def pair_in(folder: Path, pair: Sequence[str]) -> tuple[WaitingPair, bool]:
    """The pair that is meant, by its number or both identifiers, and whether it was named the other way round.

    Raises:
        NotFoundError: there is no such pair.
        InputError: the identifiers stand for several pairs.
    """
    if len(pair) == 1:
        queue = waiting_pairs(folder)
        if not pair[0].isdecimal() or not 1 <= int(pair[0]) <= len(queue):
            raise NotFoundError(f"there is no pair number {pair[0]!r}; the queue has {len(queue)}")
        return queue[int(pair[0]) - 1], False
    left, right = pair
    known = [one for one in _read(folder / PAIRS) if {one.left_id, one.right_id} == {left, right}]
    if not known:
        raise NotFoundError(
            f"{folder / PAIRS}: there is no pair of {left!r} and {right!r}. Pairs that are almost surely different "
            "are not listed; name them as they stand in clusters.csv"
        )
    if len(known) > 1:
        raise InputError(f"{left!r} and {right!r} stand for {len(known)} pairs; name the pair by its number")
    return known[0], known[0].left_id != left


def _read(path: Path) -> Iterator[WaitingPair]:
    if not path.is_file():
        raise NotFoundError(f"{path.parent} holds no reconciliation; `marsad reconcile A B -o {path.parent}` makes one")
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 1):
            yield WaitingPair(
                number if path.name == _REVIEW else 0,
                row["left_dataset"],
                row["right_dataset"],
                row["left_id"],
                row["right_id"],
                row["left_record"],
                row["right_record"],
                float(row["probability"]) if row["probability"] else None,
                row["decision"],
                row.get("why", ""),
                row.get("left_says", ""),
                row.get("right_says", ""),
            )
