"""Reading Parquet files of others, whatever their columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marsad.errors import InputError

__all__ = ["parquet_rows"]

_BATCH = 10_000


def parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, in order; a null is None. Raises ``InputError`` for what is no Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - only where Parquet is read
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                yield from batch.to_pylist()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InputError(f"{path}: not a Parquet file, or damaged: {error}. Fetch it again") from error
