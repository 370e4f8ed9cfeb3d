"""What the ledger holds of people's words on pairs of records, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Self

from pydantic import model_validator

from marsad.errors import InputError
from marsad.model import Judgement, Verdict, content_hash

__all__ = ["FiledJudgement", "JudgedPair", "in_force", "judged_pairs", "record_key"]

_BETWEEN = "/"


def record_key(dataset: str, record: str) -> str:
    """The key of a record of a common table: ``dataset/record``, of its columns ``dataset`` and ``record``.

    Raises:
        InputError: one of them is empty, or the dataset holds a slash.
    """
    if not dataset or not record or _BETWEEN in dataset:
        raise InputError(f"no record has the dataset {dataset!r} and the identifier {record!r}; take both as imported")
    return f"{dataset}{_BETWEEN}{record}"


class FiledJudgement(Judgement):
    """A judgement as it stands in the ledger; ``left`` and ``right`` are keys as ``record_key`` makes them.

    Attributes:
        left_id, right_id: the sources' own identifiers, for reading; empty where a source has none.
    """

    left_id: str = ""
    right_id: str = ""

    @model_validator(mode="after")
    def _is_about_two(self) -> Self:
        if self.left == self.right:
            raise ValueError(f"a judgement is about two records, and {self.left!r} is one; name another")
        return self

    @property
    def at(self) -> str:
        """When it was made: ISO 8601 in UTC to the microsecond, so that texts sort as times do."""
        return self.made_at.astimezone(UTC).isoformat(timespec="microseconds")

    @property
    def id(self) -> str:
        """Hash of what was said, by whom and when: the same judgement has the same identifier in every ledger."""
        return content_hash(self.left, self.right, self.verdict, self.author, self.at, self.reason, self.retracts)

    @property
    def pair(self) -> tuple[str, str]:
        """The two records in order of the alphabet: a pair has no direction, though ``part_of`` has."""
        return (min(self.left, self.right), max(self.left, self.right))


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """What is in force on one pair.

    Attributes:
        judgements: each author's word, the oldest first.
        left, right: the records; for ``part_of`` the left is part of the right, otherwise in order of the alphabet.
        verdict: what all say who are sure; ``unsure`` where nobody is; None where those who are sure disagree.
    """

    judgements: tuple[FiledJudgement, ...]
    left: str
    right: str
    verdict: Verdict | None


def in_force(given: Iterable[FiledJudgement]) -> tuple[FiledJudgement, ...]:
    """Each author's last word on each pair, unless it was taken back; in the order in which they were made.

    Taking back a word does not bring back the one before it: the author then has no word on that pair. What claims to
    take back another author's word does not.
    """
    ordered = sorted(given, key=lambda one: (one.at, one.id))
    taken_back = {(one.retracts, one.author) for one in ordered if one.retracts}
    last = {(one.pair, one.author): one for one in ordered if not one.retracts}
    return tuple(
        one for one in ordered if last.get((one.pair, one.author)) is one and (one.id, one.author) not in taken_back
    )


def judged_pairs(given: Iterable[FiledJudgement]) -> tuple[JudgedPair, ...]:
    """The judgements in force by pair, in order of the pairs; whose authors disagree has no verdict."""
    pairs: dict[tuple[str, str], list[FiledJudgement]] = {}
    for one in in_force(given):
        pairs.setdefault(one.pair, []).append(one)
    return tuple(_judged(pair, pairs[pair]) for pair in sorted(pairs))


def _judged(pair: tuple[str, str], said: list[FiledJudgement]) -> JudgedPair:
    """One pair; two who call each record part of the other disagree."""
    sure = {
        (one.verdict, *((one.left, one.right) if one.verdict is Verdict.PART_OF else pair))
        for one in said
        if one.verdict is not Verdict.UNSURE
    }
    if len(sure) == 1:
        ((verdict, left, right),) = sure
        return JudgedPair(tuple(said), left, right, verdict)
    return JudgedPair(tuple(said), *pair, None if sure else Verdict.UNSURE)
