"""The engine for what one machine cannot hold: Spark, local or a cluster."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from marsad.errors import InputError, InternalError
from marsad.evidence.engine.compiling import as_table, quoted, schema_of, sort_columns, to_sql
from marsad.evidence.engine.folders import atomic_folder, settle_names
from marsad.evidence.engine.layout import Layout, Root, is_address, layout_of, listed
from marsad.evidence.engine.memory import memory_bytes
from marsad.evidence.engine.tables import arrow_table, compact_table, numpy_column, write_no_rows
from marsad.evidence.files import atomic_path

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from marsad.evidence.engine.base import Paths
    from marsad.evidence.engine.queries import Query

__all__ = ["SparkEngine"]

_DIALECT = "pyspark"
_REMEDY = "install marsad[spark] and Java 17 (Debian: openjdk-17-jre-headless), or use --engine duckdb"
_GLOBS = frozenset("*?[]{}\\")


class SparkEngine:
    """Spark through its own session; see ``Engine``.

    Args:
        master: where it runs, such as ``local[2]`` (two threads of this machine) or ``spark://host:7077``; ``None``
            where ``spark-submit`` has said it.
        memory: of the driver, such as ``4GB``; it counts only where this process starts Java.

    Raises:
        InputError: pyspark or Java is missing, or Spark does not start.
    """

    def __init__(self, master: str | None = "local[2]", memory: str | None = None) -> None:
        _require()
        self._spare = tempfile.TemporaryDirectory(prefix="marsad-spark-")
        try:
            self._session, self._is_own = _session(master, memory, Path(self._spare.name))
        except BaseException:
            self._spare.cleanup()
            raise

    def scan(self, name: str, paths: Paths) -> ir.Table:
        """See ``Engine.scan``; addresses such as ``hdfs://...`` are read by Spark itself."""
        import ibis  # noqa: PLC0415 - slow to import

        given = listed(paths)
        addresses = [str(path) for path in given if is_address(path)]
        if addresses and len(addresses) < len(given):
            raise InputError(f"{addresses[0]} and files of this machine cannot be one table; put all in one place")
        with _explained():
            frame = self._session.read.parquet(*addresses) if addresses else self._local(given)
            frame.createOrReplaceTempView(quoted(name, _DIALECT))
            return ibis.table(_schema(frame), name=name)

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
        import ibis  # noqa: PLC0415 - slow to import

        table = self.scan("marsad_read", paths)
        columns = {name: table[name].cast(kind) for name, kind in types.items() if name in table.columns}
        for name, value in ({} if default is None else default).items():
            columns[name] = ibis.coalesce(columns.get(name, ibis.null("string")), ibis.literal(value))
        there = [name for name in order_by if name in columns or name in table.columns]
        order = [(columns[n] if n in columns else table[n]).asc(nulls_first=False) for n in there]
        found = self.collect_arrow((table.order_by(order) if order else table).select(**columns), order_by=None)
        return compact_table(found.to_batches(), found.schema, coded)

    def batches(
        self, query: Query, tables: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[dict[str, np.ndarray[Any, Any]]]:
        """See ``Engine.batches``; all rows in one."""
        for name, types in query.tables.items():
            self.table(name, tables[name], types)
        found = self.collect_arrow(query.unbound(), order_by=None)
        yield {name: numpy_column(found.column(name)) for name in found.column_names}

    def table(self, name: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> ir.Table:
        """See ``Engine.table``."""
        import ibis  # noqa: PLC0415 - slow to import

        with _explained():
            frame = self._session.createDataFrame(arrow_table(columns, types))
            frame.createOrReplaceTempView(quoted(name, _DIALECT))
        return ibis.table(dict(types), name=name)

    def collect(self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()) -> list[dict[str, Any]]:
        """See ``Engine.collect``."""
        found: list[dict[str, Any]] = self.collect_arrow(expression, order_by=order_by).to_pylist()
        return found

    def collect_arrow(self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()) -> pa.Table:
        """See ``Engine.collect_arrow``."""
        with _explained():
            found = _to_arrow(self._frame(expression, order_by))
        return found.cast(as_table(expression).schema().to_pyarrow())

    def collect_numpy(
        self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()
    ) -> dict[str, np.ndarray[Any, Any]]:
        """See ``Engine.collect_numpy``."""
        found = self.collect_arrow(expression, order_by=order_by)
        return {name: found.column(name).to_numpy() for name in found.column_names}

    def write(
        self,
        expression: ir.Expr,
        path: str | Path,
        *,
        partition_by: Sequence[str] = (),
        order_by: Sequence[str] | None = (),
    ) -> None:
        """See ``Engine.write``; at an address it is always a folder, replaced as the file system there can."""
        frame = self._frame(expression, None)
        with _explained():
            if is_address(path):
                _sorted(frame, partition_by, order_by, alone=False).write.mode("overwrite").option(
                    "compression", "zstd"
                ).parquet(str(path), partitionBy=list(partition_by) or None)
            elif partition_by:
                self._write_folder(_sorted(frame, partition_by, order_by, alone=False), Path(path), partition_by)
                return
            else:
                self._write_file(_sorted(frame, (), order_by, alone=True), Path(path))

    def close(self) -> None:
        """See ``Engine.close``; a session that was there before stays."""
        if self._is_own:
            self._session.stop()
        self._spare.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _local(self, paths: Sequence[str | Path]) -> DataFrame:
        import duckdb  # noqa: PLC0415 - slow to import

        with duckdb.connect() as connection:
            layout = layout_of(paths, connection)
        frames = [self._read(root, layout) for root in layout.roots]
        whole = frames[0]
        for frame in frames[1:]:
            whole = whole.unionByName(frame)
        return whole.select(*(quoted(name, _DIALECT) for name in layout.columns))

    def _read(self, root: Root, layout: Layout) -> DataFrame:
        from ibis.backends.pyspark.datatypes import PySparkSchema  # noqa: PLC0415 - slow to import

        for file in root.files:
            _refuse_names(file, root)
        schema = PySparkSchema.from_ibis(schema_of(layout.columns))
        base = root.path if root.partitions else root.path.parent
        reader = self._session.read.schema(schema).option("basePath", str(base))
        return reader.parquet(*(_escaped(file) for file in root.files))

    def _frame(self, expression: ir.Expr, order_by: Sequence[str] | None) -> DataFrame:
        with _explained():
            return self._session.sql(to_sql(expression, dialect=_DIALECT, order_by=order_by))

    def _write_file(self, frame: DataFrame, path: Path) -> None:
        with atomic_path(path) as file:
            made = file.with_name("parts")
            frame.write.option("compression", "zstd").parquet(str(made))
            parts = sorted(made.glob("*.parquet"))
            if len(parts) != 1:
                raise InternalError(f"Spark wrote {len(parts)} files where one was wanted: is {path} on this machine?")
            parts[0].rename(file)
            shutil.rmtree(made)

    def _write_folder(self, frame: DataFrame, path: Path, partition_by: Sequence[str]) -> None:
        with atomic_folder(path) as folder:
            frame.write.mode("overwrite").option("compression", "zstd").parquet(
                str(folder), partitionBy=list(partition_by)
            )
            settle_names(folder)
            write_no_rows(_schema(frame), folder, partition_by)


def _require() -> None:
    try:
        import pyspark  # noqa: F401, PLC0415 - an extra, slow to import
    except ImportError as error:
        raise InputError(f"Spark is not installed: {_REMEDY}") from error
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java") if home is None else shutil.which("java", path=str(Path(home) / "bin"))
    if java is None:
        raise InputError(f"Spark needs Java, which is not here: {_REMEDY}")


def _session(master: str | None, memory: str | None, spare: Path) -> tuple[SparkSession, bool]:
    import ibis  # noqa: PLC0415 - slow to import
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, slow to import

    is_own = SparkSession.getActiveSession() is None
    builder = SparkSession.builder.appName("marsad")
    for name, value in _settings(master, memory, spare).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # Java's failures come as several kinds
        reason = str(error).strip().splitlines()
        raise InputError(
            f"Spark does not start at {master!r}: {reason[0] if reason else error!r}; {_REMEDY}"
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    ibis.pyspark.connect(session)  # sets the session's time zone to UTC
    return session, is_own


def _settings(master: str | None, memory: str | None, spare: Path) -> dict[str, str]:
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": (spare / "warehouse").as_uri(),
        "spark.sql.sources.partitionOverwriteMode": "static",
    }
    if master is not None:
        settings["spark.master"] = master
        if master.startswith("local"):
            settings |= {
                "spark.driver.bindAddress": "127.0.0.1",
                "spark.driver.host": "127.0.0.1",
                "spark.sql.shuffle.partitions": "8",
            }
    if memory is not None:
        settings["spark.driver.memory"] = f"{memory_bytes(memory) // 2**20}m"
    return settings


def _to_arrow(frame: DataFrame) -> pa.Table:
    with warnings.catch_warnings():
        # pyspark 4.0 leaves the closing of its socket to the garbage collector
        warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)
        return frame.toArrow()


def _schema(frame: DataFrame) -> Any:
    import ibis  # noqa: PLC0415 - slow to import
    from ibis.backends.pyspark.datatypes import PySparkType  # noqa: PLC0415 - slow to import

    return ibis.schema({field.name: PySparkType.to_ibis(field.dataType) for field in frame.schema.fields})


def _sorted(frame: DataFrame, partition_by: Sequence[str], order_by: Sequence[str] | None, *, alone: bool) -> DataFrame:
    """Rows in order in each file: one file where it is to be ``alone``, otherwise one a partition."""
    keys = [quoted(name, _DIALECT) for name in partition_by]
    if alone:
        frame = frame.repartition(1)
    elif keys:
        frame = frame.repartition(*keys)
    if order_by is None:
        return frame
    order = sort_columns(frame.columns, [*partition_by, *(name for name in order_by if name not in partition_by)])
    return frame.sortWithinPartitions(*(quoted(name, _DIALECT) for name in order))


def _escaped(path: Path) -> str:
    """A path as Hadoop reads it: what it would take for a pattern behind a backslash."""
    return "".join(f"\\{letter}" if letter in _GLOBS else letter for letter in str(path))


def _refuse_names(file: Path, root: Root) -> None:
    """Spark passes over hidden files without a word, cannot open a colon and misreads escaped letters."""
    if file.name.startswith(("_", ".")):
        raise InputError(f"{file}: Spark passes over names that begin with '_' or '.'; rename it")
    if ":" in str(file) or "\\" in str(file):
        raise InputError(f"{file}: Spark cannot read a path with ':' or '\\'; rename it")
    inner = str(file.relative_to(root.path)) if root.partitions else ""
    if any(f"%{high}" in inner.upper() for high in "89ABCDEF"):
        raise InputError(f"{file}: Spark misreads the escaped letters in it; write the folder again with Marsad")


@contextmanager
def _explained() -> Iterator[None]:
    """Spark's errors in Marsad's words."""
    from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        text = str(error)
        reason = next((line for line in text.splitlines() if "[" in line), text.splitlines()[0])
        if "OVERFLOW" in text or "DIVIDE_BY_ZERO" in text or "CAST_INVALID_INPUT" in text:
            raise InputError(
                f"a number does not fit its type: {reason}; correct the records with such a value"
            ) from error
        if "OutOfMemoryError" in text:
            raise InputError("Spark has too little memory; raise --memory-limit or add executors") from error
        if "FAILED_READ_FILE" in text or "PATH_NOT_FOUND" in text or "UNABLE_TO_INFER_SCHEMA" in text:
            raise InputError(f"a file cannot be read: {reason}; make it again") from error
        raise InternalError(f"Spark refuses an expression of the program: {reason}") from error
