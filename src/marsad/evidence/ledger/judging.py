"""Judgements in the ledger's table: adding, taking back, reading. Each function works within a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from marsad.errors import InputError, NotFoundError
from marsad.evidence.judgements import FiledJudgement, in_force
from marsad.evidence.ledger.schema import judgements

__all__ = ["add", "check", "read", "retraction"]


def check(connection: sa.Connection, given: FiledJudgement) -> None:
    """See whether a person may say this.

    Raises:
        InputError: it takes something back (``retraction`` does that), or its author said something else of the pair
            at the same time, so that neither is the last word.
    """
    if given.retracts:
        raise InputError("a judgement that takes another back is made by `retract`")
    for other in read(connection, pair=given.pair):
        if (other.author, other.at) == (given.author, given.at) and other.id != given.id and not other.retracts:
            raise InputError(
                f"{given.author} judged {' and '.join(given.pair)} twice at {given.at}: give each its own time"
            )


def retraction(connection: sa.Connection, taken: str, *, author: str, at: datetime, reason: str) -> FiledJudgement:
    """The judgement that takes back another.

    Raises:
        NotFoundError: there is no such judgement.
        InputError: it is another author's, or is not in force.
    """
    found = connection.execute(sa.select(judgements).where(judgements.c.id == taken)).mappings().first()
    if found is None:
        raise NotFoundError(f"no judgement has the identifier {taken!r}")
    old = _filed(found)
    if old.author != author:
        raise InputError(f"{taken} is a judgement of {old.author}: {author} may add another, and both will be shown")
    if old.id not in {one.id for one in in_force(read(connection, pair=old.pair))}:
        raise InputError(f"{taken} is not in force: it was replaced or taken back already")
    if at <= old.made_at:
        raise InputError(f"{taken} was made at {old.at} and cannot be taken back before that")
    return old.model_copy(update={"made_at": at, "reason": reason, "retracts": taken})


def add(connection: sa.Connection, given: FiledJudgement) -> bool:
    """Add one unless it is there; whether it was new."""
    known = sa.select(sa.literal(1)).select_from(judgements).where(judgements.c.id == given.id)
    if connection.execute(known).first() is not None:
        return False
    row = given.model_dump(exclude={"made_at", "retracts"})
    row |= {"id": given.id, "at": given.at, "verdict": given.verdict.value, "retracts": given.retracts or None}
    connection.execute(judgements.insert(), row)
    return True


def read(connection: sa.Connection, *, pair: tuple[str, str] | None = None) -> tuple[FiledJudgement, ...]:
    """All of them, or those of one pair in either direction, in the order in which they were written."""
    wanted = sa.select(judgements).order_by(judgements.c.number)
    if pair is not None:
        wanted = wanted.where(judgements.c.left.in_(pair), judgements.c.right.in_(pair))
    return tuple(_filed(row) for row in connection.execute(wanted).mappings())


def _filed(row: Mapping[Any, Any]) -> FiledJudgement:
    values = {name: value for name, value in row.items() if name not in {"number", "id", "at"}}
    return FiledJudgement.model_validate(values | {"made_at": row["at"], "retracts": row["retracts"] or ""})
