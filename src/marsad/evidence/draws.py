"""Draws from forecast distributions as Parquet: one row a unit, month and draw, written and read in columns."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import InputError, InternalError, NotFoundError
from marsad.evidence.common import METADATA_KEY
from marsad.evidence.files import atomic_path

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["DRAW_COLUMNS", "DrawTable", "read_draws", "write_draws"]

DRAW_COLUMNS = ("unit", "time", "draw", "value")
"""The columns of a file of draws; a reader leaves others alone."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawTable:
    """Draws as a file has them, one entry a row.

    Attributes:
        units: the different units, in the order of their first appearance, as the file writes them.
        unit: for each row the place of its unit.
        times: the different times, likewise.
        time: for each row the place of its time.
        draw: the number of the draw.
        value: the value.
        metadata: what the writer noted; empty where the file is of another program.
    """

    units: tuple[Any, ...]
    unit: NDArray[np.int64]
    times: tuple[Any, ...]
    time: NDArray[np.int64]
    draw: NDArray[np.int64]
    value: NDArray[np.float64]
    metadata: Mapping[str, Any]


def write_draws(
    path: Path,
    blocks: Iterable[tuple[Sequence[int | str], Sequence[int | str | dt.date], NDArray[np.float64]]],
    *,
    metadata: Mapping[str, Any],
) -> int:
    """Write draws to one Parquet file, block by block, in memory of one block; returns how many rows.

    The rows of a block are in the order of its units, then its times, then its draws, which are numbered from 0.

    Args:
        path: the file; the old one stays until the new one is whole.
        blocks: units, times, and an array of units x times x draws. All blocks write units, and times, as the same
            type: whole numbers, texts, or (times) dates.
        metadata: values of JSON, kept in the heading of the file.

    Raises:
        InternalError: there is no block, or blocks write units or times as different types.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    rows = 0
    schema: pa.Schema | None = None
    with atomic_path(path) as file:
        writer: pq.ParquetWriter | None = None
        try:
            for units, times, draws in blocks:
                table = _table(units, times, draws)
                if writer is None:
                    note = json.dumps(dict(metadata), ensure_ascii=False, sort_keys=True, allow_nan=False)
                    schema = table.schema.with_metadata({METADATA_KEY: note})
                    writer = pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=list(DRAW_COLUMNS))
                elif not table.schema.equals(schema):
                    raise InternalError(f"{path}: blocks of draws of different types: {table.schema} and {schema}")
                writer.write_table(table)
                rows += table.num_rows
        finally:
            if writer is not None:
                writer.close()
        if writer is None:
            raise InternalError(f"{path}: no draws to write")
    return rows


def _table(units: Sequence[int | str], times: Sequence[int | str | dt.date], draws: NDArray[np.float64]) -> pa.Table:
    import numpy as np  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - the same

    shape = draws.shape
    if shape[:2] != (len(units), len(times)) or draws.ndim != 3:
        raise InternalError(f"draws of shape {shape} for {len(units)} units and {len(times)} times")
    places = np.indices(shape, dtype=np.int32).reshape(3, -1)
    columns = {
        "unit": pa.array(list(units)).take(pa.array(places[0])),
        "time": pa.array(list(times)).take(pa.array(places[1])),
        "draw": pa.array(places[2]),
        "value": pa.array(np.ascontiguousarray(draws).reshape(-1)),
    }
    return pa.table(columns)


def read_draws(path: Path) -> DrawTable:
    """Read a file of draws, whoever wrote it.

    Raises:
        NotFoundError: there is no such file.
        InputError: no Parquet, or a column is missing, of a wrong type, or empty somewhere; it names file, column and
            row.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file; `marsad forecast backtest` makes one")
    try:
        with path.open("rb") as stream, pq.ParquetFile(stream) as parquet:
            names = parquet.schema_arrow.names
            missing = [name for name in DRAW_COLUMNS if names.count(name) != 1]
            if missing:
                raise InputError(
                    f"{path}: the column {missing[0]} is not there exactly once; a file of draws has the columns "
                    f"{', '.join(DRAW_COLUMNS)}. It has: {', '.join(names)[:500]}"
                )
            note = (parquet.metadata.metadata or {}).get(METADATA_KEY.encode())
            table = parquet.read(columns=list(DRAW_COLUMNS)).combine_chunks()
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} is no Parquet file or is damaged ({reason}); make it again") from error
    _check_whole(path, table)
    units, unit = _coded(table.column("unit"))
    times, time = _coded(table.column("time"))
    draw, value = (_numbers(path, table, name, kind) for name, kind in (("draw", pa.int64()), ("value", pa.float64())))
    return DrawTable(units, unit, times, time, draw, value, _noted(note))


def _check_whole(path: Path, table: pa.Table) -> None:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

    if not table.num_rows:
        raise InputError(f"{path}: no rows. A file of draws has one row a unit, time and draw")
    for name in DRAW_COLUMNS:
        column = table.column(name)
        if column.null_count:
            row = pc.index(pc.is_null(column), value=True).as_py() + 1
            raise InputError(f"{path}: row {row}: {name} is empty. Every draw needs one")


def _coded(column: pa.ChunkedArray) -> tuple[tuple[Any, ...], NDArray[np.int64]]:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    coded = plain.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    return tuple(coded.dictionary.to_pylist()), coded.indices.to_numpy(zero_copy_only=False).astype("int64")


def _numbers(path: Path, table: pa.Table, name: str, kind: pa.DataType) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    column = table.column(name)
    try:
        return column.cast(kind).to_numpy()
    except (pa.ArrowException, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: the column {name} is {column.type} and does not hold numbers: {reason}") from error


def _noted(note: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(note) if note is not None else {}
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
