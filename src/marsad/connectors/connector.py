"""A connector: what a source is, how its records become rows, how it is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from marsad.connectors.audit import RowAudit
from marsad.connectors.mapping import Mapper, Row, check_row, record_id, verbatim_json
from marsad.connectors.melting import melted
from marsad.connectors.reading import Raw, read_records
from marsad.connectors.records import BadValue, Record
from marsad.connectors.spec import HEADING, Spec
from marsad.connectors.withdrawals import WithdrawalFields, Withdrawals
from marsad.errors import InputError
from marsad.model import COLUMNS

if TYPE_CHECKING:
    from marsad.connectors.transport import Client, Credentials

__all__ = ["Connector", "Fetch", "FetchContext", "Fetched", "Rows", "one_row"]

Rows = Callable[[Record, Row, RowAudit], Iterable[Row]]
"""Completes what the YAML's rules gave of a record; it may give several rows, or none with a remark on the audit."""


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What a fetch works with.

    Attributes:
        client: the transport.
        credentials: the secrets of the environment or the keyring.
        folder: where to put the files; what an interrupted fetch left there is gone on with.
        query: what was asked for: the options that the source's YAML names.
    """

    client: Client
    credentials: Credentials
    folder: Path
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch brought.

    Attributes:
        path: the file with the records.
        version: the producer's name of the version, or the day of the snapshot.
        url: where it came from, without any secret.
        deleted: a file with the identifiers that the source has withdrawn since; None where the source tells none.
        notes: what the fetch could not bring, and why.
    """

    path: Path
    version: str
    url: str
    deleted: Path | None = None
    notes: tuple[str, ...] = ()


Fetch = Callable[[FetchContext], Fetched]
"""Brings a release from where it is published."""


def one_row(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    """What the YAML's rules gave is the row."""
    del record, audit
    return (row,)


@dataclass(frozen=True, slots=True)
class Connector:
    """A source of data.

    Attributes:
        spec: what its YAML says.
        rows: what the YAML cannot say: completes a row.
        fetch: brings a release; None where the source is a file that the user has.
        read: reads the records of a file.
        needs_mapping: whether a person must say which field is which column, and what is counted.
        guess: for columns of the table, the fields of a file that by their names hold them; None where none is guessed.
        notes: remarks for the audit of every file.
        dataset: what the rows call their dataset; the source's name if empty.
        withdrawals: what the fields of its list of withdrawn records are called; None where it gives no such list.
    """

    spec: Spec
    rows: Rows = one_row
    fetch: Fetch | None = None
    read: Callable[[Path, Spec], Iterator[Raw]] = field(default=lambda path, spec: read_records(path, spec.reader))
    needs_mapping: bool = False
    guess: Callable[[Iterable[str]], Mapping[str, str]] | None = None
    notes: tuple[str, ...] = ()
    dataset: str = ""
    withdrawals: WithdrawalFields | None = None

    def with_spec(self, spec: Spec) -> Connector:
        """The same connector for a source described otherwise."""
        return replace(self, spec=spec)

    def table_rows(
        self,
        path: Path,
        *,
        release: str,
        audit: RowAudit,
        dataset: str = "",
        version: str = "",
        withdrawn: Withdrawals | None = None,
    ) -> Iterator[Row]:
        """The rows of the common table that the records of a file make.

        Args:
            path: the file.
            release: identifier of the release, kept with every row.
            audit: takes what became of each record.
            dataset: what the rows call their dataset; the connector's own word for it if empty.
            version: of the release, to compare the number of records with what it should have.
            withdrawn: records that the producer has taken back, which are put aside.

        Raises:
            InputError: the file cannot be read, or lacks a field that the source should have.
        """
        name = next(word for word in (dataset, self.dataset, self.spec.name) if word)
        mapper = Mapper(self.spec)
        for note in self.notes:
            audit.remark(note, 1)
        audit.expected = self.spec.expected_rows.get(version)
        seen: Counter[str] = Counter()
        ids: Counter[str] = Counter()
        origin = {"dataset": name, "release": release, **self._definition}
        known = frozenset((*self.spec.ignored, *self.spec.used))
        unstated = frozenset(self.spec.reader.unstated)
        checked = False
        for raw in self.read(path, self.spec):
            if raw.tags:
                audit.remark("row of HXL tags, which is no record", 1)
                continue
            if not checked and raw.fault is None:
                self._check_fields(path, raw)
                checked = True
            audit.read += 1
            verbatim = verbatim_json(raw.values)
            record = Record(raw.values, unstated=unstated, row=raw.row)
            try:
                _check(record, verbatim, withdrawn, audit)
                made = self._made(raw, record, mapper, audit)
            except BadValue as bad:
                whole = verbatim.encode("utf-8", "backslashreplace").decode()
                audit.put_aside(bad, row=raw.row, source_id=self._source_id(raw), verbatim=whole)
                continue
            self._count_leftover(record, known, audit)
            identity = record_id(name, verbatim)
            seen[identity] += 1
            if seen[identity] > 1:
                audit.remark("the same record again, word for word", raw.row)
                identity = f"{identity}-{seen[identity]}"
            audit.kept += bool(made)
            if made and (source_id := made[0].get("source_id")):
                ids[source_id] += 1
                if ids[source_id] > 1:
                    audit.remark(f"the source uses the identifier {source_id} again for another record", raw.row)
            for index, row in enumerate(made):
                own = identity if len(made) == 1 else f"{identity}.{index + 1}"
                audit.made += 1
                yield row | origin | {"record": own, "row": raw.row, "verbatim": verbatim}

    @property
    def _definition(self) -> Row:
        """What the source counts, for the tables that have a column for it."""
        is_there = any(column.name == "definition" for column in COLUMNS[self.spec.table])
        return {"definition": self.spec.definition.id} if is_there else {}

    def _made(self, raw: Raw, record: Record, mapper: Mapper, audit: RowAudit) -> list[Row]:
        if raw.fault is not None:
            raise raw.fault
        made = [
            row
            for base in melted(self.spec, record, mapper.row(record, audit), audit)
            for row in self.rows(record, base, audit)
        ]
        for row in made:
            check_row(row, self.spec.table, audit, raw.row)
        return made

    def _source_id(self, raw: Raw) -> str:
        rule = self.spec.fields.get("source_id")
        return str(next((raw.values[name] for name in rule.names if name in raw.values), "")) if rule else ""

    def _check_fields(self, path: Path, raw: Raw) -> None:
        """A file that lacks a field which the source should have is another file, or a changed one."""
        missing = [
            " or ".join(rule.names)
            for rule in self.spec.fields.values()
            if not rule.optional and not any(name in raw.values for name in rule.names)
        ]
        wide = [name for melt in self.spec.melt for name in melt.fields]
        wide += [name for name in self.spec.period if name != HEADING]
        missing += [name for name in (*self.spec.used, *wide) if name not in raw.values and not name.endswith("?")]
        if missing:
            there = ", ".join(name[:40] for name in list(raw.values)[:12])
            known = {name for rule in self.spec.fields.values() for name in rule.names} | {*self.spec.used, *wide}
            is_other = len(known & raw.values.keys()) < len(missing)
            what = f"no table of {self.spec.title}: " if is_other and not self._is_mapped else ""
            raise InputError(
                f"{path}: {what}there is no field {missing[0]!r}{_more(missing)}; it has {there}. "
                f"{self._remedy(is_other)}"
            )

    @property
    def _is_mapped(self) -> bool:
        """Whether a person's mapping, or a guess, says what the fields are called."""
        return self.needs_mapping or self.guess is not None

    def _remedy(self, is_other: bool) -> str:  # noqa: FBT001 - the one thing that it depends on
        """What to do about fields that are not there."""
        if self._is_mapped:
            return "Name the fields that it has in the mapping (`--mapping FILE`)"
        if is_other:
            return "Name the connector of its source (`marsad fetch --list`), or `generic` with a mapping"
        return f"If {self.spec.producer} has renamed it, say so in a mapping (`--mapping FILE`)"

    def _count_leftover(self, record: Record, known: frozenset[str], audit: RowAudit) -> None:
        for name, value in record.left.items():
            if name not in known and f"{name}?" not in known and value not in ("", None):
                audit.leftover[name] += 1


def _check(record: Record, verbatim: str, withdrawn: Withdrawals | None, audit: RowAudit) -> None:
    """Raise ``BadValue`` for a record that was withdrawn, or that no file of texts can hold.

    JSON can hold half of a character (a lone surrogate).
    """
    if withdrawn is not None:
        withdrawn.check(record, audit)
    try:
        verbatim.encode()
    except UnicodeEncodeError as error:
        raise BadValue("(row)", "", "holds half of a character (a lone surrogate)") from error


def _more(missing: list[str]) -> str:
    return f" (and {len(missing) - 1} more: {', '.join(missing[1:6])})" if len(missing) > 1 else ""
