"""Arrow tables that engines share, and the ways between Arrow, NumPy and Python that do not import pandas.

``pyarrow.array`` and ``Array.to_numpy`` import pandas wherever it is installed, which takes longer than reading tens of
thousands of records; here plain columns go by their buffers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import InternalError
from marsad.evidence.engine.folders import partition_name

if TYPE_CHECKING:
    import ibis.expr.schema as sch
    import numpy as np
    import pyarrow as pa

__all__ = ["arrow_column", "arrow_table", "joined", "numpy_column", "write_no_rows"]

_MOST_BYTES = 2**31 - 1
_DTYPES = {"int32": "i4", "int64": "i8", "double": "f8", "date32[day]": "i4"}


def arrow_table(columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> pa.Table:
    """Columns as an Arrow table in Ibis types; raises ``InternalError`` where they do not fit."""
    import ibis  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    schema = ibis.schema(dict(types)).to_pyarrow()
    try:
        arrays = {name: _of_type(columns[name], schema.field(name).type) for name in schema.names}
        return pa.table(arrays, schema=schema)
    except (pa.ArrowException, KeyError, TypeError, ValueError, OverflowError) as error:
        raise InternalError(f"the columns {', '.join(columns)} do not fit the types {dict(types)}: {error}") from error


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
    return pa.chunked_array([chunk for part in parts for chunk in getattr(part, "chunks", [part])], type=parts[0].type)


def numpy_column(column: pa.ChunkedArray | pa.Array) -> np.ndarray[Any, Any]:
    """A column (or array) of numbers, truths or dates (days since 1970-01-01): with gaps as float64 with NaN."""
    import numpy as np  # noqa: PLC0415 - slow to import

    gaps = column.null_count > 0
    parts = [_chunk(chunk, gaps=gaps) for chunk in getattr(column, "chunks", [column])]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, bool), *parts])


def _chunk(chunk: pa.Array, *, gaps: bool) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415 - slow to import

    mask, data = chunk.buffers()
    start, stop = chunk.offset, chunk.offset + len(chunk)
    values: np.ndarray[Any, Any]
    if data is None or not stop:
        values = np.zeros(len(chunk))
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
