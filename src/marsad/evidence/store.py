"""The store: statements in Parquet (bit for bit the same for the same evidence) and in one DuckDB file to ask."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import InputError, NotFoundError
from marsad.evidence.files import atomic_path
from marsad.model import Date, Kind, Quantity, Source, Statement
from marsad.model.records import typed_value

if TYPE_CHECKING:
    import duckdb

__all__ = ["Store", "write_database", "write_sources", "write_statements"]

_FIELDS = tuple(Statement.model_fields)
_STATEMENTS = dict.fromkeys(("id", *_FIELDS), "string") | {
    "low": "float64",
    "high": "float64",
    "earliest": "date32",
    "latest": "date32",
}
_SOURCES = dict.fromkeys(("key", "kind", "reliability", "issued", "title", "cited_as", "note"), "string") | {
    "listed": "int64"
}
_ACTOR_PROPERTIES = ("actor", "a", "b", "about", "by", "reported_by", "parent")
_PLACE_PROPERTIES = ("place", "area", "admin1", "country")


def write_statements(path: Path, statements: Iterable[Statement]) -> None:
    """Write statements to Parquet, in the order given.

    Numbers have their bounds in ``low`` and ``high``, dates theirs in ``earliest`` and ``latest``; a missing bound is
    null, and so are all four for text.
    """
    _write(path, [_row(statement) for statement in statements], _STATEMENTS)


def write_sources(path: Path, sources: Mapping[str, Source]) -> None:
    """Write sources to Parquet, by key."""
    rows = [
        {
            "key": source.key,
            "kind": source.kind.value,
            "reliability": source.reliability.value,
            "issued": str(source.issued or ""),
            "title": source.title,
            "cited_as": ";".join(source.cited_as),
            "note": source.note,
            "listed": source.listed,
        }
        for _, source in sorted(sources.items())
    ]
    _write(path, rows, _SOURCES)


def write_database(path: Path, *, statements: Path, sources: Path) -> None:
    """Make the DuckDB file from the two Parquet files.

    DuckDB writes the file when the connection closes and says nothing if the disk is full then. So the file is written
    out on purpose and read again before it takes its place.
    """
    if "?" in str(path.absolute()):
        raise InputError(f"{path}: DuckDB takes what follows '?' in a path for options; rename the folder without it")
    import duckdb  # noqa: PLC0415 - most commands never ask the engine

    try:
        with atomic_path(path) as unfinished:
            _fill(unfinished, {"statements": str(statements), "sources": str(sources)})
    except duckdb.Error as error:
        raise OSError(errno.EIO, f"the database could not be written: {error}", str(path)) from error


def _fill(path: Path, parquet: Mapping[str, str]) -> None:
    with _connect(path, read_only=False) as connection:
        for name, file in parquet.items():
            connection.execute(f"CREATE TABLE {name} AS FROM read_parquet($1)", [file])
        connection.execute("CHECKPOINT")
    with _connect(path, read_only=True) as connection:
        for name, file in parquet.items():
            counts = f"SELECT (SELECT count(*) FROM {name}), (SELECT count(*) FROM read_parquet($1))"  # noqa: S608 - fixed names
            held, wanted = connection.execute(counts, [file]).fetchall()[0]
            if held != wanted:
                raise OSError(errno.EIO, f"the database holds {held} of {wanted} {name}", str(path))


class Store:
    """Read-only access to the statements of a build.

    Args:
        path: the DuckDB file that ``write_database`` made.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise NotFoundError(f"{path} does not exist; run `marsad build` first")
        self._path = path

    def statements(
        self,
        *,
        kind: Kind | None = None,
        subject: str | None = None,
        property: str | None = None,  # noqa: A002 - the word of the model
        source: str | None = None,
        period: Date | None = None,
        place: str | None = None,
        actor: str | None = None,
    ) -> tuple[Statement, ...]:
        """Statements that meet every given condition, in the order of the study's files.

        Args:
            kind: kind of the subject.
            subject: identifier of the subject.
            property: name of the property.
            source: citation key, as the source itself or as the document in which it was read.
            period: of records whose own dates overlap it; records without a date are left out.
            place: of records at this place or at one that lies within it.
            actor: of records that name this actor in any role.
        """
        conditions: list[str] = []
        values: list[Any] = []
        for column, value in (("kind", kind), ("subject", subject), ("property", property)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(str(value))
        if source is not None:
            conditions.append("? IN (source, via)")
            values.append(source)
        if period is not None:
            conditions.append(_IN_PERIOD)
            values += [period.latest, period.latest, period.earliest, period.earliest]
        if place is not None:
            conditions.append(_AT_PLACE)
            values.append(place)
        if actor is not None:
            conditions.append(_OF_ACTOR)
            values.append(actor)
        return self._select(" AND ".join(conditions) or "true", values)

    def by_id(self, identifier: str) -> Statement:
        """One statement; raises ``NotFoundError`` where there is none."""
        found = self._select("id = ?", [identifier])
        if not found:
            raise NotFoundError(f"no statement has the identifier {identifier!r}")
        return found[0]

    def _select(self, condition: str, values: list[Any]) -> tuple[Statement, ...]:
        with _connect(self._path, read_only=True) as connection:
            rows = connection.execute(
                f"SELECT {', '.join(_FIELDS)} FROM statements WHERE {condition} ORDER BY rowid",  # noqa: S608 - fixed text
                values,
            ).fetchall()
        return tuple(Statement(**dict(zip(_FIELDS, row, strict=True))) for row in rows)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_IN_PERIOD = """
    (kind, record) IN (
        SELECT (kind, record) FROM statements
        WHERE property IN ('date', 'from', 'to', 'period')
        GROUP BY kind, record
        HAVING (?::DATE IS NULL OR bool_or(earliest IS NULL AND value <> '..') OR coalesce(min(earliest) <= ?, true))
           AND (?::DATE IS NULL OR bool_or(latest IS NULL) OR max(latest) >= ?)
    )"""
_AT_PLACE = f"""
    (kind, record) IN (
        WITH RECURSIVE inside(id) AS (
            SELECT ?
            UNION
            SELECT subject FROM statements JOIN inside ON value = inside.id
            WHERE kind = 'place' AND property IN ('admin1', 'country')
        )
        SELECT (kind, record) FROM statements
        WHERE (property IN ({_quoted(_PLACE_PROPERTIES)}) AND value IN (FROM inside))
           OR (kind = 'place' AND subject IN (FROM inside))
    )"""  # noqa: S608 - the names are constants
_OF_ACTOR = f"""
    (kind, record) IN (
        SELECT (kind, record) FROM statements, (SELECT ? AS wanted)
        WHERE (property IN ({_quoted(_ACTOR_PROPERTIES)}) AND value = wanted)
           OR (kind = 'action' AND property = 'target' AND value = wanted)
           OR (kind IN ('actor', 'attribute', 'relation') AND subject = wanted)
    )"""  # noqa: S608 - the names are constants


def _row(statement: Statement) -> dict[str, Any]:
    value = typed_value(statement)
    row: dict[str, Any] = {"id": statement.id, **statement.model_dump(mode="json")}
    if isinstance(value, Quantity):
        row["low"] = None if value.low is None else float(value.low)
        row["high"] = None if value.high is None else float(value.high)
    elif isinstance(value, float):
        row["low"] = row["high"] = value
    elif isinstance(value, Date):
        row["earliest"], row["latest"] = value.earliest, value.latest
    return row


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415 - most commands never ask the engine

    return duckdb.connect(str(path), read_only=read_only)


def _write(path: Path, rows: list[dict[str, Any]], columns: Mapping[str, str]) -> None:
    """Write rows to Parquet; text is never null."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    fields = [pa.field(name, pa.type_for_alias(kind), nullable=kind != "string") for name, kind in columns.items()]
    table = pa.Table.from_pylist(rows, schema=pa.schema(fields))
    with atomic_path(path) as unfinished:
        pq.write_table(table, unfinished, compression="zstd", version="2.6")
