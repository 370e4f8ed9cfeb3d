"""Arrow tables that engines share, and the ways between Arrow, NumPy and Python that do not import pandas.

``pyarrow.array`` and ``Array.to_numpy`` import pandas wherever it is installed, which takes longer than reading tens of
thousands of records; here plain columns go by their buffers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import InternalError
from marsad.evidence.engine.folders import partition_name

if TYPE_CHECKING:
    import ibis.expr.schema as sch
    import numpy as np
    import pyarrow as pa

__all__ = [
    "arrow_column",
    "arrow_table",
    "compact_table",
    "dictionary_of",
    "filled",
    "joined",
    "no_values",
    "numpy_column",
    "repeated",
    "replaced",
    "taken",
    "with_gaps",
    "write_no_rows",
]

_MOST_BYTES = 2**31 - 1
_PLAIN = {"boolean": "bool_", "date": "date32", "float64": "float64", "int64": "int64", "string": "string"}
_DTYPES = {"int32": "i4", "int64": "i8", "double": "f8", "date32[day]": "i4", "bool": "?"}


def arrow_table(columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> pa.Table:
    """Columns as an Arrow table in Ibis types; raises ``InternalError`` where they do not fit."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    schema = pa.schema([(name, _arrow_type(kind)) for name, kind in types.items()])
    try:
        arrays = {name: _of_type(columns[name], schema.field(name).type) for name in schema.names}
        return pa.table(arrays, schema=schema)
    except (pa.ArrowException, KeyError, TypeError, ValueError, OverflowError) as error:
        raise InternalError(f"the columns {', '.join(columns)} do not fit the types {dict(types)}: {error}") from error


def _arrow_type(kind: str) -> pa.DataType:
    """The Arrow type of an Ibis type; Ibis is asked only for the rare ones, since it is slow to import."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    if kind in _PLAIN:
        return getattr(pa, _PLAIN[kind])()
    import ibis  # noqa: PLC0415 - slow to import

    return ibis.dtype(kind).to_pyarrow()


def no_values(kind: str, count: int) -> pa.Array:
    """A column of an Ibis type that holds nothing."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    return pa.nulls(count, _arrow_type(kind))


def compact_table(batches: Iterable[pa.RecordBatch], schema: pa.Schema, coded: Collection[str]) -> pa.Table:
    """Batches of rows as one table that takes little memory.

    Args:
        batches: the rows.
        schema: their columns.
        coded: text columns of few different values, which become dictionaries; columns without any value are left out.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    parts: list[dict[str, pa.Array]] = []
    for batch in batches:
        columns = zip(schema.names, batch.columns, strict=True)
        parts.append({name: column.dictionary_encode() if name in coded else column for name, column in columns})
    made = {}
    for field in schema:
        chunks = [part.pop(field.name) for part in parts]
        if not chunks:
            made[field.name] = pa.chunked_array([], field.type)
        elif any(chunk.null_count < len(chunk) for chunk in chunks) or not any(map(len, chunks)):
            whole = pa.chunked_array(chunks).unify_dictionaries()
            made[field.name] = whole.combine_chunks() if whole.nbytes < _MOST_BYTES else whole
    return pa.table(made)


def filled(column: Any, other: Any) -> Any:
    """A text column with the values of another where it has none."""
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

    if not column.null_count:
        return column
    return pc.coalesce(_as_texts(column), _as_texts(other))


def taken(column: Any, rows: Any) -> Any:
    """Some values of a column, a dictionary's as plain texts."""
    return _as_texts(column.take(arrow_column(rows)))


def _as_texts(column: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    return column.cast(column.type.value_type) if isinstance(column.type, pa.DictionaryType) else column


def dictionary_of(column: Any) -> Any:
    """A column of texts as one Arrow array of places in a dictionary."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    encoded = column if isinstance(column.type, pa.DictionaryType) else column.dictionary_encode()
    return encoded.unify_dictionaries().combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def repeated(column: Any) -> np.ndarray[Any, Any]:
    """Whether each text of a column without gaps stands in it more than once."""
    import numpy as np  # noqa: PLC0415 - slow to import

    codes = numpy_column(dictionary_of(column).indices).astype(np.int64, copy=False)
    several: np.ndarray[Any, Any] = np.bincount(codes)[codes] > 1
    return several


def _of_type(values: Any, kind: pa.DataType) -> Any:
    """A column in its type where that needs no conversion; otherwise as it is."""
    import numpy as np  # noqa: PLC0415 - slow to import

    if isinstance(values, np.ndarray):
        made = arrow_column(values)
        return made if made.type == kind else values
    return values


def arrow_column(values: Any) -> pa.Array:
    """A column as Arrow: an array of numbers or truths, or a list of which each value is of one type or ``None``."""
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype in (bool, np.int64, np.float64, np.int8):
        return _from_numpy(values, None)
    return _from_list(values) if isinstance(values, list) else pa.array(values)


def _from_list(values: list[Any]) -> pa.Array:
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    kinds = set(map(type, values))
    plain = kinds - {type(None)}
    if not plain:
        return pa.nulls(len(values), pa.string())
    if plain == {str}:
        return _from_texts(values, has_gaps=type(None) in kinds)
    dtype = {bool: np.bool_, int: np.int64, float: np.float64}.get(plain.pop()) if len(plain) == 1 else None
    if dtype is None or (dtype is np.int64 and not _fits(values)):
        return pa.array(values)
    if type(None) not in kinds:
        return _from_numpy(np.array(values, dtype=dtype), None)
    there = np.array([value is not None for value in values])
    return _from_numpy(np.array([0 if value is None else value for value in values], dtype=dtype), there)


def _fits(values: Sequence[int | None]) -> bool:
    return all(value is None or -(2**63) <= value < 2**63 for value in values)


def _from_numpy(values: np.ndarray[Any, Any], there: np.ndarray[Any, Any] | None) -> pa.Array:
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    kinds = {"bool": pa.bool_(), "int8": pa.int8(), "int64": pa.int64(), "float64": pa.float64()}
    data = np.packbits(values, bitorder="little") if values.dtype == bool else np.ascontiguousarray(values)
    mask = None if there is None else pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(kinds[values.dtype.name], len(values), [mask, pa.py_buffer(data)])


def with_gaps(values: np.ndarray[Any, Any]) -> pa.Array:
    """An array of float64 as Arrow, NaN as a missing value."""
    import numpy as np  # noqa: PLC0415 - slow to import

    return _from_numpy(values, ~np.isnan(values))


def _from_texts(values: Sequence[str | None], *, has_gaps: bool) -> pa.Array:
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    encoded = [b"" if value is None else value.encode() for value in values]
    ends = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=ends[1:])
    kind, width = (pa.string(), np.int32) if ends[-1] <= _MOST_BYTES else (pa.large_string(), np.int64)
    mask = None
    if has_gaps:
        there = np.fromiter((value is not None for value in values), np.bool_, len(values))
        mask = pa.py_buffer(np.packbits(there, bitorder="little"))
    buffers = [mask, pa.py_buffer(ends.astype(width)), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(kind, len(values), buffers)


def joined(parts: Sequence[Any]) -> Any:
    """Columns of one kind, one after the other: arrays of NumPy, or Arrow."""
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    chunks = [chunk for part in parts for chunk in getattr(part, "chunks", [part])]
    whole = pa.chunked_array(chunks, type=parts[0].type)
    return whole.combine_chunks() if whole.nbytes < _MOST_BYTES else whole


def replaced(column: Any, rows: Any, values: list[str]) -> Any:
    """A text column with other values in some rows, given in order."""
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

    there = np.zeros(len(column), dtype=bool)
    there[rows] = True
    return pc.replace_with_mask(column, _from_numpy(there, None), arrow_column(values))


def numpy_column(column: pa.ChunkedArray | pa.Array) -> np.ndarray[Any, Any]:
    """A column (or array) of numbers, truths or dates (days since 1970-01-01): with gaps as float64 with NaN."""
    import numpy as np  # noqa: PLC0415 - slow to import

    gaps = column.null_count > 0
    parts = [_chunk(chunk, gaps=gaps) for chunk in getattr(column, "chunks", [column])]
    return (
        parts[0]
        if len(parts) == 1
        else np.concatenate(parts)
        if parts
        else np.zeros(0, dtype=_DTYPES.get(str(column.type), "f8"))
    )


def _chunk(chunk: pa.Array, *, gaps: bool) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415 - slow to import

    mask, data = chunk.buffers()
    start, stop = chunk.offset, chunk.offset + len(chunk)
    values: np.ndarray[Any, Any]
    if data is None or not stop:
        values = np.zeros(len(chunk), dtype=_DTYPES.get(str(chunk.type), "f8"))
    elif str(chunk.type) == "bool":
        values = _bits(data, start, stop)
    else:
        values = np.frombuffer(data, dtype=_DTYPES[str(chunk.type)], count=stop)[start:]
    if not gaps:
        return values
    there = np.ones(len(chunk), dtype=bool) if mask is None else _bits(mask, start, stop)
    return np.where(there, values.astype(np.float64), np.nan)


def _bits(buffer: Any, start: int, stop: int) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415 - slow to import

    return np.unpackbits(np.frombuffer(buffer, dtype=np.uint8), count=stop, bitorder="little")[start:].astype(bool)


def write_no_rows(schema: sch.Schema, folder: Path, partition_by: Sequence[str]) -> None:
    """Where a folder has no Parquet file at all, write one without rows, so that its columns can be read."""
    if next(folder.rglob("*.parquet"), None) is not None:
        return
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    place = folder.joinpath(*(partition_name(name, None) for name in partition_by))
    place.mkdir(parents=True)
    kept = [field for field in schema.to_pyarrow() if field.name not in partition_by]
    pq.write_table(pa.schema(kept).empty_table(), place / "part-0.parquet", compression="zstd")
