"""Small Arrow tables that engines share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.errors import InternalError
from marsad.evidence.engine.folders import partition_name

if TYPE_CHECKING:
    import ibis.expr.schema as sch
    import pyarrow as pa

__all__ = ["arrow_table", "write_no_rows"]


def arrow_table(columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> pa.Table:
    """Columns as an Arrow table in Ibis types; raises ``InternalError`` where they do not fit."""
    import ibis  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    schema = ibis.schema(dict(types)).to_pyarrow()
    try:
        return pa.table({name: columns[name] for name in schema.names}, schema=schema)
    except (pa.ArrowException, KeyError, TypeError, ValueError, OverflowError) as error:
        raise InternalError(f"the columns {', '.join(columns)} do not fit the types {dict(types)}: {error}") from error


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
