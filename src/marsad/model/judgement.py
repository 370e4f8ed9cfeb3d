"""A word on two records: are they reports of the same thing?"""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from marsad.model.statement import Frozen

__all__ = ["Judgement", "Verdict"]


class Verdict(StrEnum):
    """What was judged of a pair of records."""

    SAME = "same"
    NOT = "not"
    UNSURE = "unsure"
    PART_OF = "part_of"


class Judgement(Frozen):
    """A person's (or the machine's) word on two records. It is never changed: a later one may retract it.

    Attributes:
        left, right: identifiers of the records; for ``part_of`` the left is part of the right.
        verdict: what was judged.
        author: who judged.
        made_at: when, with time zone.
        reason: why.
        retracts: identifier of the judgement that this one takes back; empty where it takes none back.
    """

    left: str = Field(min_length=1)
    right: str = Field(min_length=1)
    verdict: Verdict
    author: str = Field(min_length=1)
    made_at: AwareDatetime
    reason: str = ""
    retracts: str = ""
