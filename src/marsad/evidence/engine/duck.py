"""The engine that runs on this machine: DuckDB, with bounded memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from marsad.errors import InputError, InternalError
from marsad.evidence.engine.compiling import as_table, quoted, schema_of, to_sql
from marsad.evidence.engine.folders import atomic_folder, settle_names
from marsad.evidence.engine.layout import Layout, duckdb_literal, is_address, layout_of, listed
from marsad.evidence.engine.memory import memory_bytes
from marsad.evidence.engine.tables import arrow_table, compact_table, numpy_column, write_no_rows
from marsad.evidence.files import atomic_path

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa

    from marsad.evidence.engine.base import Paths
    from marsad.evidence.engine.queries import Query

__all__ = ["DuckDBEngine"]

_DIALECT = "duckdb"
_LEAST_A_THREAD = 125_000_000
_PARQUET = "FORMAT parquet, COMPRESSION zstd"
_MEMORY = "the memory limit is too low: {}; raise --memory-limit or free disk space"
_NUMBER = "a number does not fit its type: {}; correct the records with such a value"
_FILE = "a file cannot be read or written: {}; make it again"
_STREAMED = {
    "Out of Memory Error": _MEMORY,
    "Out of Range Error": _NUMBER,
    "Conversion Error": _NUMBER,
    "IO Error": _FILE,
    "Invalid Input Error": _FILE,
}
_BATCH = 500_000
_TYPES = {"boolean": "BOOLEAN", "date": "DATE", "float64": "DOUBLE", "int64": "BIGINT", "string": "VARCHAR"}


class DuckDBEngine:
    """DuckDB in this process; see ``Engine``.

    Args:
        memory_limit: such as ``2GB``; what does not fit spills to disk. Left out: four fifths of the machine's memory.
        threads: how many; left out: one a core, and fewer where each would have less than 125 MB, with which DuckDB
            cannot sort what it has to spill.
        temp_directory: where it spills to; left out: a folder that is deleted on closing.

    Raises:
        InputError: a limit that is no amount of memory, or no thread at all.
    """

    def __init__(
        self, memory_limit: str | None = None, threads: int | None = None, temp_directory: Path | None = None
    ) -> None:
        import duckdb  # noqa: PLC0415 - slow to import

        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory_limit is not None:
            limit = memory_bytes(memory_limit)
            settings["memory_limit"] = f"{limit}B"
            settings["threads"] = max(1, min(os.cpu_count() or 1, limit // _LEAST_A_THREAD))
        if threads is not None:
            if threads < 1:
                raise InputError(f"{threads} threads cannot work; give at least 1")
            settings["threads"] = threads
        self._spill = tempfile.TemporaryDirectory(prefix="marsad-spill-", dir=temp_directory)
        self._connection = duckdb.connect(config={**settings, "temp_directory": self._spill.name})

    def scan(self, name: str, paths: Paths) -> ir.Table:
        """See ``Engine.scan``."""
        import ibis  # noqa: PLC0415 - slow to import

        layout = self._layout(paths)
        with _explained():
            self._connection.execute(f"CREATE OR REPLACE TEMPORARY VIEW {quoted(name, _DIALECT)} AS {_select(layout)}")
        return ibis.table(schema_of(layout.columns), name=name)

    def read(
        self,
        paths: Paths,
        types: Mapping[str, str],
        *,
        order_by: Sequence[str],
        coded: Collection[str] = (),
        default: Mapping[str, str] | None = None,
    ) -> pa.Table:
        """See ``Engine.read``."""
        layout = self._layout(paths)
        with _explained():
            there = set(layout.columns) - _empty_columns(layout, self._connection)
            stands = {} if default is None else default
            columns = {
                name: _column(name if name in there else None, kind, stands.get(name))
                for name, kind in types.items()
                if name in there or name in stands
            }
            selected = ", ".join(f"{column} AS {quoted(name, _DIALECT)}" for name, column in columns.items())
            keys = [columns.get(name, quoted(name, _DIALECT)) for name in order_by if name in columns or name in there]
            order = ", ".join(f"({key}) ASC NULLS LAST" for key in keys)
            sql = f"SELECT {selected} FROM ({_select(layout)})" + (f" ORDER BY {order}" if order else "")  # noqa: S608 - quoted
            reader = self._connection.sql(sql).to_arrow_reader(_BATCH)
            return compact_table(reader, reader.schema, coded)

    def batches(
        self, query: Query, tables: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[dict[str, np.ndarray[Any, Any]]]:
        """See ``Engine.batches``."""
        for name, types in query.tables.items():
            self._connection.register(name, arrow_table(tables[name], types))
        try:
            with _explained():
                # A join is to keep its right table, as it is written: it knows nothing of how far the left one unfolds.
                self._connection.execute("SET disabled_optimizers = 'build_side_probe_side'")
                reader = self._connection.sql(query.sql()).to_arrow_reader(_BATCH)
                for batch in reader:
                    yield {name: numpy_column(batch.column(name)) for name in reader.schema.names}
        finally:
            self._connection.execute("RESET disabled_optimizers")
            for name in query.tables:
                self._connection.unregister(name)

    def table(self, name: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> ir.Table:
        """See ``Engine.table``."""
        import ibis  # noqa: PLC0415 - slow to import

        self._connection.register(name, arrow_table(columns, types))
        return ibis.table(dict(types), name=name)

    def collect(self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()) -> list[dict[str, Any]]:
        """See ``Engine.collect``."""
        names = as_table(expression).columns
        return [dict(zip(names, row, strict=True)) for row in self._run(expression, order_by).fetchall()]

    def collect_arrow(self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()) -> pa.Table:
        """See ``Engine.collect_arrow``."""
        with _explained():
            found = self._connection.sql(to_sql(expression, dialect=_DIALECT, order_by=order_by)).to_arrow_table()
        return found.cast(as_table(expression).schema().to_pyarrow())

    def collect_numpy(
        self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()
    ) -> dict[str, np.ndarray[Any, Any]]:
        """See ``Engine.collect_numpy``."""
        with _explained():
            found = self._run(expression, order_by).fetchnumpy()
        dates = {name for name, kind in as_table(expression).schema().items() if kind.is_date()}
        return {name: _without_mask(values, is_date=name in dates) for name, values in found.items()}

    def write(
        self,
        expression: ir.Expr,
        path: str | Path,
        *,
        partition_by: Sequence[str] = (),
        order_by: Sequence[str] | None = (),
    ) -> None:
        """See ``Engine.write``."""
        if is_address(path):
            raise InputError(f"{path}: DuckDB writes files of this machine; use the engine spark for an address")
        order = order_by if order_by is None else [*partition_by, *(n for n in order_by if n not in partition_by)]
        sql = to_sql(expression, dialect=_DIALECT, order_by=order)
        if not partition_by:
            with atomic_path(Path(path)) as file:
                self._copy(f"({sql})", file, _PARQUET)
            return
        columns = ", ".join(quoted(name, _DIALECT) for name in partition_by)
        with atomic_folder(Path(path)) as folder, tempfile.TemporaryDirectory(dir=self._spill.name) as spare:
            whole = Path(spare) / "whole.parquet"
            self._copy(f"({sql})", whole, _PARQUET)
            with self._one_thread():  # several would share each partition out among files by chance
                self._copy(duckdb_literal(whole), folder, f"{_PARQUET}, PARTITION_BY ({columns}), OVERWRITE true")
            settle_names(folder)
            write_no_rows(as_table(expression).schema(), folder, partition_by)

    def close(self) -> None:
        """See ``Engine.close``."""
        self._connection.close()
        self._spill.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _layout(self, paths: Paths) -> Layout:
        given = listed(paths)
        for path in given:
            if is_address(path):
                raise InputError(f"{path}: DuckDB reads files of this machine; use the engine spark for an address")
        return layout_of(given, self._connection)

    def _run(self, expression: ir.Expr, order_by: Sequence[str] | None) -> duckdb.DuckDBPyConnection:
        sql = to_sql(expression, dialect=_DIALECT, order_by=order_by)
        with _explained():
            return self._connection.execute(sql)

    def _copy(self, source: str, target: Path, options: str) -> None:
        name = "'" + str(target).replace("'", "''") + "'"
        with _explained():
            self._connection.execute(f"COPY {source} TO {name} ({options})")

    @contextmanager
    def _one_thread(self) -> Iterator[None]:
        (threads,) = self._connection.execute("SELECT current_setting('threads')").fetchall()[0]
        self._connection.execute("SET threads = 1")
        try:
            yield
        finally:
            self._connection.execute(f"SET threads = {int(threads)}")


def _select(layout: Layout) -> str:
    """The query for all columns of files; of folders' names only the partitions below the given paths count."""
    files = ", ".join(map(duckdb_literal, layout.files))
    hive = "false"
    if layout.partitions:
        kinds = ", ".join(f"{quoted(key, _DIALECT)}: {layout.columns[key]}" for key in layout.partitions)
        hive = f"true, hive_types = {{{kinds}}}"
        _refuse_outer_partitions(layout)
    columns = ", ".join(quoted(column, _DIALECT) for column in layout.columns)
    return f"SELECT {columns} FROM read_parquet([{files}], hive_partitioning = {hive})"  # noqa: S608 - quoted


def _column(name: str | None, kind: str, default: str | None) -> str:
    """A column in an Ibis type, with what stands for its gaps; None for one that is not there."""
    cast = f"CAST({'NULL' if name is None else quoted(name, _DIALECT)} AS {_TYPES[kind]})"
    if default is None:
        return cast
    literal = default.replace("'", "''")
    return f"COALESCE({cast}, '{literal}')"


def _empty_columns(layout: Layout, connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The columns without any value, as far as the headings of the files say it."""
    files = ", ".join(map(duckdb_literal, layout.files))
    found = connection.execute(
        f"SELECT path_in_schema FROM parquet_metadata([{files}]) GROUP BY 1 "  # noqa: S608 - quoted
        "HAVING sum(stats_null_count) = sum(num_values) AND count(stats_null_count) = count(*) AND sum(num_values) > 0"
    )
    return {name for (name,) in found.fetchall()} - set(layout.partitions)


def _refuse_outer_partitions(layout: Layout) -> None:
    for root in layout.roots:
        outer = [part for part in root.path.parts if part.partition("=")[0] in layout.columns and "=" in part]
        if outer:
            raise InputError(f"{root.path}: the folder {outer[0]} above it looks like a partition; rename it")


def _without_mask(values: Any, *, is_date: bool) -> Any:
    import numpy as np  # noqa: PLC0415 - slow to import

    if is_date:
        days = np.ma.getdata(values).astype("datetime64[D]")
        days[np.ma.getmaskarray(values)] = np.datetime64("NaT")
        return days
    missing = np.ma.getmaskarray(values)
    plain = np.ma.getdata(values)
    if not missing.any():
        return plain
    if plain.dtype.kind in "iuf":
        return np.where(missing, np.nan, plain.astype(np.float64))
    found = plain.astype(object)
    found[missing] = None
    return found


@contextmanager
def _explained() -> Iterator[None]:
    """DuckDB's errors in Marsad's words."""
    import duckdb  # noqa: PLC0415 - slow to import

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise InputError(_MEMORY.format(error)) from error
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise InputError(_NUMBER.format(error)) from error
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.HTTPException) as error:
        raise InputError(_FILE.format(error)) from error
    except duckdb.Error as error:
        raise InternalError(f"DuckDB refuses an expression of the program: {error}") from error
    except OSError as error:  # what fails while rows are streamed comes through Arrow, with the text alone
        if error.errno is not None:
            raise
        kind = str(error).partition(":")[0]
        if kind not in _STREAMED:
            raise InternalError(f"DuckDB refuses an expression of the program: {error}") from error
        raise InputError(_STREAMED[kind].format(error)) from error
