"""The ledger: what people decide, with who and when. SQLite beside the study, or PostgreSQL for a team."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError

from marsad.errors import InputError, NotFoundError
from marsad.evidence.judgements import FiledJudgement, in_force
from marsad.evidence.ledger import judging
from marsad.evidence.ledger.schema import documents, proposals, reviews
from marsad.evidence.reviews import Entry, FiledDocument, FiledProposal, Review
from marsad.model.statement import Frozen

__all__ = ["Ledger"]

_BUSY_MILLISECONDS = 30_000
_SQLITE = "sqlite"


_LINES: dict[str, type[Frozen]] = {
    "document": FiledDocument,
    "proposal": FiledProposal,
    "review": Review,
    "judgement": FiledJudgement,
}


class Ledger:
    """A ledger, opened and brought to the newest form of its tables.

    Args:
        where: a path for SQLite, or the URL of a PostgreSQL database (``postgresql+psycopg://…``).

    Raises:
        InputError: it cannot be opened, or the file is no ledger.
    """

    def __init__(self, where: Path | str) -> None:
        self._url = f"{_SQLITE}:///{Path(where).absolute()}" if isinstance(where, Path) else where
        self._name = str(where) if isinstance(where, Path) else sa.make_url(where).render_as_string(hide_password=True)
        if isinstance(where, Path):
            where.parent.mkdir(parents=True, exist_ok=True)
        with self._explained():
            _upgrade(self._engine)

    def __enter__(self) -> Self:
        """The ledger itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def file(self, document: FiledDocument, found: Iterable[FiledProposal]) -> int:
        """Put a document and its proposals into the ledger; what is there already stays as it is.

        Returns:
            How many proposals are new.
        """
        now = _now()
        with self._explained(), self._engine.begin() as connection:
            if not _exists(connection, documents, source=document.source, sha256=document.sha256):
                connection.execute(documents.insert(), document.model_copy(update={"at": now}).model_dump())
            known = set(connection.scalars(sa.select(proposals.c.id)))
            new = {proposal.id: proposal for proposal in found if proposal.id not in known}
            rows = [proposal.model_copy(update={"at": now}).model_dump() for proposal in new.values()]
            if rows:
                connection.execute(proposals.insert(), rows)
        return len(rows)

    def review(self, review: Review) -> Review:
        """Add a person's word; returns it with its time. Raises ``NotFoundError`` for an unknown proposal."""
        return self.review_all([review])[0]

    def review_all(self, given: Iterable[Review]) -> tuple[Review, ...]:
        """Add several words in one step: all of them or, where one is refused, none."""
        now = _now()
        made = tuple(review.model_copy(update={"at": now}) for review in given)
        with self._explained(), self._engine.begin() as connection:
            for review in made:
                if not _exists(connection, proposals, id=review.proposal):
                    raise NotFoundError(f"no proposal is called {review.proposal!r}")
                connection.execute(reviews.insert(), review.model_dump())
        return made

    def judge(self, judgement: FiledJudgement) -> bool:
        """Add a person's word on two records; whether it was new (the same word of the same time is there once).

        Raises:
            InputError: it cannot be filed; see ``judge_all``.
        """
        return self.judge_all([judgement]) == 1

    def judge_all(self, given: Iterable[FiledJudgement]) -> int:
        """Add several in one step, all of them or, where one is refused, none; returns how many were new.

        An author's later word on a pair replaces the earlier one; another author's stands beside it.

        Raises:
            InputError: one takes another back (see ``retract``), or its author said something else of the pair at
                the same time.
        """
        with self._explained(), self._engine.begin() as connection:
            new = 0
            for judgement in given:
                judging.check(connection, judgement)
                new += judging.add(connection, judgement)
        return new

    def retract(self, identifier: str, *, author: str, reason: str = "") -> FiledJudgement:
        """Take back one's own judgement; returns the one that does so.

        Raises:
            NotFoundError: no judgement has this identifier.
            InputError: it is another author's, or is not in force.
        """
        with self._explained(), self._engine.begin() as connection:
            made = judging.retraction(connection, identifier, author=author, at=datetime.now(UTC), reason=reason)
            judging.add(connection, made)
        return made

    def judgements(self, *, every: bool = False) -> tuple[FiledJudgement, ...]:
        """The judgements in force, in the order in which they were made: each author's last word on each pair.

        Args:
            every: also those that were replaced or taken back, and those that take back, in the order of writing.
        """
        with self._explained(), self._engine.connect() as connection:
            found = judging.read(connection)
        return found if every else in_force(found)

    def documents(self) -> tuple[FiledDocument, ...]:
        """All documents, in the order in which they came."""
        with self._explained(), self._engine.connect() as connection:
            rows = connection.execute(sa.select(documents).order_by(documents.c.at, documents.c.source)).mappings()
            return tuple(FiledDocument.model_validate(dict(row)) for row in rows)

    def entries(self, *, source: str | None = None) -> tuple[Entry, ...]:
        """All proposals with their reviews, in the order in which they were made."""
        wanted = sa.select(proposals).order_by(proposals.c.number)
        with self._explained(), self._engine.connect() as connection:
            if source is not None:
                wanted = wanted.where(proposals.c.source == source)
            made = [_without_number(row) for row in connection.execute(wanted).mappings()]
            said: dict[str, list[Review]] = {}
            for row in connection.execute(sa.select(reviews).order_by(reviews.c.number)).mappings():
                said.setdefault(row["proposal"], []).append(Review.model_validate(_without_number(row)))
        return tuple(
            Entry(proposal=FiledProposal.model_validate(row), reviews=tuple(said.get(row["id"], ()))) for row in made
        )

    def entry(self, identifier: str) -> Entry:
        """One proposal by the beginning of its identifier; raises ``NotFoundError`` where not exactly one fits."""
        fitting = [entry for entry in self.entries() if entry.proposal.id.startswith(identifier)]
        if len(fitting) != 1 or not identifier:
            what = "several proposals begin" if len(fitting) > 1 else "no proposal begins"
            raise NotFoundError(f"{what} with {identifier!r}; `marsad review` lists them")
        return fitting[0]

    def export(self) -> str:
        """The whole ledger as JSON lines, in the order in which it was written."""
        entries = self.entries()
        lines: list[tuple[str, Frozen]] = [("document", document) for document in self.documents()]
        lines += [("proposal", entry.proposal) for entry in entries]
        said = sorted((review for entry in entries for review in entry.reviews), key=lambda review: review.at)
        lines += [("review", review) for review in said]
        lines += [("judgement", judgement) for judgement in self.judgements(every=True)]
        return "".join(
            f"{json.dumps({kind: item.model_dump(mode='json')}, ensure_ascii=False)}\n" for kind, item in lines
        )

    def take(self, text: str) -> int:
        """Add what an export holds and this ledger does not; returns how many lines were new.

        Raises:
            InputError: a line is no line of an export; nothing was added.
        """
        lines = list(_lines(text))
        with self._explained(), self._engine.begin() as connection:
            return sum(_take(connection, kind, item) for kind, item in lines)

    @cached_property
    def _engine(self) -> sa.Engine:
        engine = sa.create_engine(self._url)
        if engine.dialect.name == _SQLITE:
            sa.event.listen(engine, "connect", _prepare)
            sa.event.listen(engine, "begin", _begin)
        return engine

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise InputError(
                f"the ledger {self._name} cannot be used: {error.orig}. Is it a ledger, and may you write there?"
            ) from error


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Readers and one writer at a time, each waiting for the other; a commit is on the disk when it returns."""
    connection.isolation_level = None  # otherwise Python begins no transaction before the tables are made
    for pragma in (f"busy_timeout={_BUSY_MILLISECONDS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    """Wait for the other writer now, and not in the middle."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _upgrade(engine: sa.Engine) -> None:
    """Bring the tables to their newest form."""
    from alembic import command  # noqa: PLC0415 - slow to import
    from alembic.config import Config  # noqa: PLC0415 - the same
    from alembic.util import CommandError  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise InputError(f"the ledger is of another version of Marsad ({error}); use the newest one") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _exists(connection: sa.Connection, table: sa.Table, **values: str) -> bool:
    conditions = [table.c[name] == value for name, value in values.items()]
    return connection.execute(sa.select(sa.literal(1)).select_from(table).where(*conditions)).first() is not None


def _without_number(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "number"}


def _lines(text: str) -> Iterator[tuple[str, Frozen]]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            ((kind, value),) = TypeAdapter(dict[str, Any]).validate_json(line).items()
            yield kind, _LINES[kind].model_validate(value)
        except (KeyError, ValueError, ValidationError) as error:
            raise InputError(f"line {number} is no line of an exported ledger: {error}") from error


def _take(connection: sa.Connection, kind: str, item: Frozen) -> bool:
    """Add one line unless it is there; whether it was new."""
    if isinstance(item, FiledJudgement):
        return judging.add(connection, item)
    table, names = {
        "document": (documents, ("source", "sha256")),
        "proposal": (proposals, ("id",)),
        "review": (reviews, ("proposal", "at", "author")),
    }[kind]
    row = item.model_dump()
    if _exists(connection, table, **{name: row[name] for name in names}):
        return False
    connection.execute(table.insert(), row)
    return True
