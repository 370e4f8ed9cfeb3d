"""What lies on disk: the Parquet files behind a path, their columns, and the partitions that their folders name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from marsad.errors import InputError, NotFoundError
from marsad.evidence.engine.base import Paths
from marsad.evidence.engine.folders import partition_value
from marsad.evidence.files import TEMPORARY

if TYPE_CHECKING:
    import duckdb

__all__ = ["Layout", "Root", "duckdb_literal", "is_address", "layout_of", "listed"]

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")


@dataclass(frozen=True, slots=True)
class Root:
    """A path that was given, with the Parquet files that it stands for.

    Attributes:
        path: a file or a folder, absolute.
        files: the files, in order of their names.
        partitions: the columns that folders below it name, in order.
    """

    path: Path
    files: tuple[Path, ...]
    partitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Files that make one table.

    Attributes:
        roots: where they are.
        columns: DuckDB's type of each column, those of partitions included.
        partitions: the columns that folders name.
    """

    roots: tuple[Root, ...]
    columns: Mapping[str, str]
    partitions: tuple[str, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """All files, in order."""
        return tuple(file for root in self.roots for file in root.files)


def is_address(path: str | Path) -> bool:
    """Whether a path is the address of another machine's file, such as ``hdfs://...`` or ``s3a://...``."""
    return isinstance(path, str) and "://" in path


def listed(paths: Paths) -> tuple[str | Path, ...]:
    """The paths, one or several, as a tuple; raises ``InputError`` where there is none."""
    found = (paths,) if isinstance(paths, str | Path) else tuple(paths)
    if not found:
        raise InputError("no Parquet file was named; name a file or a folder")
    return found


def layout_of(paths: Sequence[str | Path], connection: duckdb.DuckDBPyConnection) -> Layout:
    """Look at local files and read their headings; the connection is only asked, nothing is made in it.

    Raises:
        NotFoundError: a path does not exist.
        InputError: a folder without Parquet files, files that are unreadable or differ in their columns, or folders
            that are partitioned in different ways.
    """
    roots = tuple(_root(Path(path)) for path in paths)
    partitions = roots[0].partitions
    for root in roots:
        if root.partitions != partitions:
            raise InputError(f"{root.path} is partitioned by {root.partitions}, {roots[0].path} by {partitions}")
    files = [file for root in roots for file in root.files]
    columns = _columns(files, connection)
    for name in partitions:
        columns.setdefault(name, _partition_type(name, files))
    return Layout(roots, columns, partitions)


def duckdb_literal(path: Path) -> str:
    """A path as an SQL text that DuckDB reads as this one file, whatever characters its name has."""
    escaped = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    return "'" + escaped.replace("'", "''") + "'"


def _root(path: Path) -> Root:
    path = path.absolute()
    if path.is_file():
        return Root(path, (path,), ())
    if not path.exists():
        raise NotFoundError(f"{path} does not exist")
    files = tuple(sorted(file for file in path.rglob("*.parquet") if not _is_unfinished(file.relative_to(path))))
    if not files:
        raise InputError(f"{path} holds no file that ends in .parquet; name a Parquet file or a folder of them")
    for file in files:
        if any(part.startswith(("_", ".")) for part in file.relative_to(path).parts):
            raise InputError(f"{file}: engines pass over names that begin with '_' or '.'; rename it or move it away")
    keys = {
        tuple(partition_value(part)[0] for part in file.relative_to(path).parts[:-1] if "=" in part) for file in files
    }
    if len(keys) > 1:
        raise InputError(f"{path} is partitioned in several ways: {sorted(keys)}; name one of the folders in it")
    return Root(path, files, keys.pop())


def _is_unfinished(relative: Path) -> bool:
    return any(part.startswith(TEMPORARY) for part in relative.parts)


def _columns(files: Sequence[Path], connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    import duckdb  # noqa: PLC0415 - slow to import

    try:
        first = _described(files[0], connection)
        if len(files) > 1:
            _compare(files, first, connection)
    except duckdb.Error as error:
        raise _unreadable(files, connection, error) from error
    return first


def _described(file: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    query = f"DESCRIBE FROM read_parquet([{duckdb_literal(file)}], hive_partitioning = false)"
    return {row[0]: row[1] for row in connection.execute(query).fetchall()}


def _compare(files: Sequence[Path], first: Mapping[str, str], connection: duckdb.DuckDBPyConnection) -> None:
    names = ", ".join(map(duckdb_literal, files))
    query = (
        "SELECT any_value(file_name), signature FROM (SELECT file_name, list((name, duckdb_type) ORDER BY name, "  # noqa: S608 - quoted
        f"duckdb_type) AS signature FROM parquet_schema([{names}]) WHERE duckdb_type IS NOT NULL GROUP BY file_name) "
        "GROUP BY signature ORDER BY 1"
    )
    kinds = connection.execute(query).fetchall()
    if len(kinds) == 1:
        return
    for name, _ in kinds:
        other = _described(Path(name), connection)
        for column in sorted({*first, *other}):
            if first.get(column) != other.get(column):
                raise InputError(
                    f"{name}: column {column} is {other.get(column, 'missing')} here and "
                    f"{first.get(column, 'missing')} in {files[0]}; read files of one kind only"
                )


def _unreadable(files: Iterable[Path], connection: duckdb.DuckDBPyConnection, error: Exception) -> InputError:
    """Which of the files it is that cannot be read."""
    import duckdb  # noqa: PLC0415 - slow to import

    for file in files:
        try:
            _described(file, connection)
        except duckdb.Error as own:
            reason = str(own).splitlines()[0]
            return InputError(f"{file} is no Parquet file or is damaged ({reason}); make it again")
    return InputError(f"the files cannot be read together: {str(error).splitlines()[0]}")


def _partition_type(name: str, files: Iterable[Path]) -> str:
    values = {
        value for file in files for part in file.parts[:-1] for key, value in [partition_value(part)] if key == name
    } - {None}
    return "BIGINT" if values and all(_WHOLE.fullmatch(value) for value in values if value is not None) else "VARCHAR"
