"""The common tables as Parquet: written row by row in bounded memory, checked and read again.

A file holds the columns of ``marsad.model.COLUMNS`` and, under the key ``marsad`` of its metadata, a JSON object. The
same rows give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from marsad.errors import InputError, InternalError, NotFoundError
from marsad.evidence.engine.folders import atomic_folder, partition_name
from marsad.evidence.engine.tables import arrow_column
from marsad.evidence.files import TEMPORARY, atomic_path
from marsad.model import COLUMNS, ColumnType, TableColumn, TableKind

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["METADATA_KEY", "check_table", "read_metadata", "read_rows", "write_partitioned", "write_table"]

METADATA_KEY = "marsad"
"""The key of a file's metadata that holds the JSON object."""

_CHUNK = 4_096
_GROUP_ROWS = 65_536
_GROUP_BYTES = 64 * 2**20
_MOST_PARTITIONS = 2_000
_PYTHON: Mapping[ColumnType, tuple[type, ...]] = {
    ColumnType.TEXT: (str,),
    ColumnType.TEXTS: (list, tuple),
    ColumnType.INTEGER: (int,),
    ColumnType.NUMBER: (float, int),
    ColumnType.DATE: (dt.date,),
}
# Their values hardly ever come twice: a dictionary would only cost time.
_LONG = frozenset({"record", "source_id", "text", "url", "verbatim", "title", "body", "sources"})


def write_table(path: Path, kind: TableKind, rows: Iterable[Mapping[str, Any]], *, metadata: Mapping[str, Any]) -> int:
    """Write rows to one Parquet file, in their order and in bounded memory; returns how many.

    Args:
        path: the file; the old one stays until the new one is whole.
        kind: which table it is.
        rows: one mapping a row; a column that it does not name is null.
        metadata: values of JSON such as the release and counts. It is read after the last row, so that whoever makes
            the rows may still count; ``kind`` and ``rows`` are added.

    Raises:
        InternalError: a row has an unknown column or a value of another type; it names row, column and value.
    """
    with atomic_path(path) as file, _Writer(file, kind) as writer:
        for number, row in enumerate(rows, start=1):
            writer.add(number, row)
        writer.finish(metadata)
    return writer.rows


def write_partitioned(
    folder: Path,
    kind: TableKind,
    rows: Iterable[Mapping[str, Any]],
    *,
    by: Sequence[str],
    metadata: Mapping[str, Any],
) -> int:
    """Write rows to a folder of ``name=value/`` folders, each with one file; returns how many rows.

    Every file is a common table of its own, with all columns, so that single ones may be copied and read.

    Args:
        folder: it is replaced as a whole; it must not hold anything but such files.
        kind: which table it is.
        rows: as for ``write_table``.
        by: columns of text or integers, or ``year`` or ``month`` (``2023-04``) of the table's first date.
        metadata: as for ``write_table``; every file holds it, with its own count of rows.

    Raises:
        InputError: a column that cannot be partitioned by, more than 2,000 partitions, or a folder with other things.
        InternalError: as for ``write_table``.
    """
    keys = _partition_keys(kind, by)
    writers: dict[tuple[Any, ...], _Writer] = {}
    number = 0
    with atomic_folder(folder) as place:
        try:
            for number, row in enumerate(rows, start=1):
                values = tuple(_partition_part(row.get(column), part) for column, part in keys)
                if values not in writers:
                    writers[values] = _partition(place, kind, dict(zip(by, values, strict=True)), len(writers))
                writers[values].add(number, row)
                if number % _CHUNK == 0:
                    _relieve(writers.values())
            if not writers:
                writers[()] = _partition(place, kind, dict.fromkeys(by), 0)
            for writer in writers.values():
                writer.finish(metadata)
        finally:
            for writer in writers.values():
                writer.close()
    return number


def check_table(path: Path, kind: TableKind) -> int:
    """Check that a file, or every file of a partitioned folder, is a common table; returns the number of rows.

    Only the headings are read. The order of columns does not matter.

    Raises:
        NotFoundError: it does not exist.
        InputError: it is no Parquet, is truncated, or has other columns or types; it names file, column and remedy.
    """
    count = 0
    for file in _files(path):
        with _opened(file) as parquet:
            _check_columns(file, kind, parquet.schema_arrow)
            count += parquet.metadata.num_rows
    return count


def read_metadata(path: Path) -> dict[str, Any]:
    """The JSON object that ``write_table`` put into a file; of a folder that of its first file, ``rows`` summed.

    Raises:
        InputError: not a file that Marsad wrote.
    """
    files = _files(path)
    found = [_metadata_of(file) for file in files]
    return {**found[0], "rows": sum(int(one.get("rows", 0)) for one in found)}


def read_rows(
    path: Path, columns: Sequence[str] | None = None, where: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a file or of a partitioned folder, in bounded memory, file by file in order of their names.

    Args:
        path: any Parquet file or folder of them.
        columns: which columns; left out: all.
        where: for each column the value, or the collection of values, that a row must have; ``None`` is missing.

    Raises:
        InputError: no Parquet, damaged, without such a column, or a value of another type; before the first row where
            the headings show it.
    """
    files = _files(path)
    conditions = dict(where) if where is not None else {}
    for file in files:
        with _opened(file) as parquet:
            _check_asked(file, [*(columns or ()), *conditions], parquet.schema_arrow)
    return (row for file in files for row in _rows_of(file, columns, conditions))


class _Writer:
    """One Parquet file in the making: rows become batches, batches row groups."""

    def __init__(self, path: Path, kind: TableKind) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

        self.rows = 0
        self.waiting_bytes = 0
        self._kind = kind
        self._columns = COLUMNS[kind]
        self._schema = _schema(kind)
        self._rows: list[Mapping[str, Any]] = []
        self._numbers: list[int] = []
        self._batches: list[pa.RecordBatch] = []
        self._batched = 0
        short = [column.name for column in self._columns if column.name not in _LONG]
        low = [column.name for column in self._columns if column.type is ColumnType.TEXT and column.name not in _LONG]
        self._file = pq.ParquetWriter(
            path, self._schema, compression="zstd", version="2.6", use_dictionary=low, write_statistics=short
        )

    def add(self, number: int, row: Mapping[str, Any]) -> None:
        """Take a row; the number is for errors."""
        self._rows.append(row)
        self._numbers.append(number)
        if len(self._rows) == _CHUNK:
            self.pack()
            if self._batched >= _GROUP_ROWS or self.waiting_bytes >= _GROUP_BYTES:
                self.flush()

    @property
    def waiting_rows(self) -> int:
        """How many rows wait to become a batch."""
        return len(self._rows)

    def flush(self) -> None:
        """Write what waits as one row group."""
        import pyarrow as pa  # noqa: PLC0415 - slow to import

        self.pack()
        if self._batched:
            self._file.write_table(pa.Table.from_batches(self._batches, self._schema), row_group_size=self._batched)
        self._batches, self._batched, self.waiting_bytes = [], 0, 0

    def finish(self, metadata: Mapping[str, Any]) -> None:
        """Write the rest and the metadata."""
        self.flush()
        content = {**metadata, "kind": self._kind.value, "rows": self.rows}
        try:
            text = json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InternalError(f"the metadata {content!r} is no JSON: {error}") from error
        self._file.add_key_value_metadata({METADATA_KEY: text})
        self.close()

    def close(self) -> None:
        """Close the file; without ``finish`` it stays unfinished."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pack(self) -> None:
        """Turn the rows that wait into a batch, which is much smaller."""
        import pyarrow as pa  # noqa: PLC0415 - slow to import

        if not self._rows:
            return
        self._refuse_unknown()
        arrays = [self._array(column, field.type) for column, field in zip(self._columns, self._schema, strict=True)]
        batch = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
        self._batches.append(batch)
        self._batched += batch.num_rows
        self.rows += batch.num_rows
        self.waiting_bytes += batch.nbytes
        self._rows, self._numbers = [], []

    def _refuse_unknown(self) -> None:
        names = {column.name for column in self._columns}
        for number, row in zip(self._numbers, self._rows, strict=True):
            if not row.keys() <= names:
                unknown = min(map(str, row.keys() - names))
                raise InternalError(f"row {number}: the table {self._kind} has no column {unknown!r}")

    def _array(self, column: TableColumn, kind: pa.DataType) -> pa.Array:
        import pyarrow as pa  # noqa: PLC0415 - slow to import

        name = column.name
        values = [row.get(name) for row in self._rows]
        usual = {*_PYTHON[column.type], type(None)}
        # Whole columns are judged at once; only where something is unusual is each value looked at.
        is_plain = set(map(type, values)) <= usual and column.type not in {ColumnType.TEXTS, ColumnType.NUMBER}
        if not is_plain:
            for number, value in zip(self._numbers, values, strict=True):
                if not _fits(value, column.type):
                    raise self._wrong(number, column, value)
        try:
            return pa.array(values, type=kind)
        except (pa.ArrowException, UnicodeError, OverflowError) as error:
            for number, value in zip(self._numbers, values, strict=True):
                try:
                    pa.array([value], type=kind)
                except (pa.ArrowException, UnicodeError, OverflowError):
                    raise self._wrong(number, column, value) from error
            raise

    def _wrong(self, number: int, column: TableColumn, value: Any) -> InternalError:
        shown = ascii(value)
        shown = shown if len(shown) <= 200 else shown[:200] + "..."
        return InternalError(
            f"row {number}: column {column.name} of the table {self._kind} is of type {column.type}, "
            f"not {type(value).__name__}: {shown}"
        )


def _fits(value: Any, kind: ColumnType) -> bool:
    if value is None:
        return True
    if isinstance(value, bool | dt.datetime) or not isinstance(value, _PYTHON[kind]):
        return False
    if isinstance(value, list | tuple):
        return all(isinstance(one, str) for one in value)
    return not isinstance(value, float) or math.isfinite(value)


def _schema(kind: TableKind) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    types = {
        ColumnType.TEXT: pa.string(),
        ColumnType.TEXTS: pa.list_(pa.string()),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.NUMBER: pa.float64(),
        ColumnType.DATE: pa.date32(),
    }
    return pa.schema([(column.name, types[column.type]) for column in COLUMNS[kind]])


def _partition_keys(kind: TableKind, by: Sequence[str]) -> list[tuple[str, str]]:
    """For each key the column that it comes from and which part of it."""
    types = {column.name: column.type for column in COLUMNS[kind]}
    dates = [name for name, of_type in types.items() if of_type is ColumnType.DATE]
    keys = []
    for name in by:
        if types.get(name) in {ColumnType.TEXT, ColumnType.INTEGER}:
            keys.append((name, "value"))
        elif name in {"year", "month"}:
            keys.append((dates[0], name))
        else:
            raise InputError(f"{kind} cannot be partitioned by {name!r}; take columns of text, year or month")
    if not keys or len(set(by)) < len(by):
        raise InputError(f"{kind} cannot be partitioned by {', '.join(by) or 'nothing'}; name each column once")
    return keys


def _partition_part(value: Any, part: str) -> Any:
    if part == "value" or not isinstance(value, dt.date):
        return value if part == "value" else None
    return value.year if part == "year" else f"{value.year:04}-{value.month:02}"


def _partition(place: Path, kind: TableKind, values: Mapping[str, Any], count: int) -> _Writer:
    if count >= _MOST_PARTITIONS:
        raise InputError(
            f"partitioning by {', '.join(values)} makes more than {_MOST_PARTITIONS:,} folders; take fewer"
        )
    folder = place.joinpath(*(partition_name(name, value) for name, value in values.items()))
    folder.mkdir(parents=True)
    return _Writer(folder / "part-0.parquet", kind)


def _relieve(writers: Iterable[_Writer]) -> None:
    """Pack or write out what the fullest files hold where all of them together hold too much."""
    rows = Counter({writer: writer.waiting_rows for writer in writers})
    excess = rows.total() - 4 * _CHUNK
    for writer, count in rows.most_common():
        if excess <= 0:
            break
        writer.pack()
        excess -= count
    sizes = Counter({writer: writer.waiting_bytes for writer in rows})
    if sizes.total() > 2 * _GROUP_BYTES:
        sizes.most_common(1)[0][0].flush()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NotFoundError(f"{path} does not exist")
    files = sorted(
        file
        for file in path.rglob("*.parquet")
        if not any(part.startswith(TEMPORARY) for part in file.relative_to(path).parts)
    )
    if not files:
        raise InputError(f"{path} holds no file that ends in .parquet; name a table that `marsad import` made")
    return files


@contextmanager
def _opened(file: Path) -> Iterator[pq.ParquetFile]:
    """A Parquet file; whatever fails while it is open names it."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    try:
        with file.open("rb") as stream, pq.ParquetFile(stream) as parquet:
            yield parquet
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{file} is no Parquet file or is damaged ({reason}); make it again") from error


def _check_columns(file: Path, kind: TableKind, schema: pa.Schema) -> None:
    remedy = f"make it again with `marsad import`; it is to be a table of {kind}"
    wanted = {column.name: column.type for column in COLUMNS[kind]}
    for name in wanted:
        if schema.get_field_index(name) < 0:
            found = "twice" if name in schema.names else "not"
            raise InputError(f"{file}: the column {name} is {found} there; {remedy}")
    for field in schema:
        if field.name not in wanted:
            raise InputError(f"{file}: the column {field.name} is unknown; {remedy}")
        if not _is_type(field.type, wanted[field.name]):
            raise InputError(f"{file}: the column {field.name} is {field.type}, not {wanted[field.name]}; {remedy}")


def _is_type(found: pa.DataType, wanted: ColumnType) -> bool:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    kind = pa.types
    plain = found.value_type if kind.is_dictionary(found) else found
    if wanted is ColumnType.TEXT:
        return bool(kind.is_string(plain) or kind.is_large_string(plain))
    if wanted is ColumnType.TEXTS:
        return bool(kind.is_list(found) or kind.is_large_list(found)) and _is_type(found.value_type, ColumnType.TEXT)
    exact = {ColumnType.INTEGER: pa.int64(), ColumnType.NUMBER: pa.float64(), ColumnType.DATE: pa.date32()}
    return bool(found == exact[wanted])


def _metadata_of(file: Path) -> dict[str, Any]:
    with _opened(file) as parquet:
        content = (parquet.metadata.metadata or {}).get(METADATA_KEY.encode())
    try:
        found = json.loads(content) if content is not None else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InputError(f"{file} does not say which release it is of; make it with `marsad import`")
    return found


def _check_asked(file: Path, names: Iterable[str], schema: pa.Schema) -> None:
    for name in names:
        if name not in schema.names:
            raise InputError(f"{file} has no column {name}; its columns are {', '.join(schema.names)}")


def _rows_of(file: Path, columns: Sequence[str] | None, where: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    with _opened(file) as parquet:
        names = list(columns) if columns is not None else parquet.schema_arrow.names
        sets = {name: _value_set(file, parquet.schema_arrow.field(name), value) for name, value in where.items()}
        for batch in parquet.iter_batches(_CHUNK, columns=list(dict.fromkeys([*names, *where]))):
            kept = _kept(batch, sets)
            found = [kept.column(name).to_pylist() for name in names]
            yield from (dict(zip(names, values, strict=True)) for values in zip(*found, strict=True))


def _value_set(file: Path, field: pa.Field, value: Any) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    values = sorted(value, key=repr) if isinstance(value, set | frozenset | list | tuple) else [value]
    try:
        plain = arrow_column(values) if values and isinstance(values[0], str) else None
        return plain if plain is not None and plain.type == field.type else pa.array(values, type=field.type)
    except (pa.ArrowException, OverflowError, UnicodeError) as error:
        raise InputError(f"{file}: the column {field.name} is {field.type} and never {value!r}: {error}") from error


def _kept(batch: pa.RecordBatch, sets: Mapping[str, pa.Array]) -> pa.RecordBatch:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

    for name, values in sets.items():
        batch = batch.filter(pc.is_in(batch.column(name), value_set=values))
    return batch
