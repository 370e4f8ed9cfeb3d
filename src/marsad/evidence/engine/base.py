"""What every engine does, whichever it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa

    from marsad.evidence.engine.queries import Query

__all__ = ["Engine", "Paths"]

Paths = str | Path | Sequence[str | Path]
"""A Parquet file, a folder of them (partitioned ``name=value/`` or not), or several of these."""


class Engine(Protocol):
    """Runs Ibis expressions over Parquet files.

    Expressions name tables and know nothing of an engine, so one expression runs on any. The rules that make results
    equal: text is compared by its UTF-8 bytes, nulls come first, dates have no time zone, sums of whole numbers are
    64-bit and an overflow is an error, every column comes back in the type that the expression declares. Sums of floats
    agree to about 1e-9 only, since their order is not fixed; divide by ``nullif(0)``, since engines differ on zero.

    ``order_by`` of a method names the columns to sort by; the other columns follow as tie-breakers, so ``()`` is a
    total order and results are the same each time. ``None`` leaves rows in whatever order they come.
    """

    def scan(self, name: str, paths: Paths) -> ir.Table:
        """Make Parquet files known under a name and give the unbound table expression that stands for them.

        Raises:
            InputError: a file is missing, unreadable, no Parquet, or has other columns than the rest.
        """

    def read(
        self,
        paths: Paths,
        types: Mapping[str, str],
        *,
        order_by: Sequence[str],
        coded: Collection[str] = (),
        default: Mapping[str, str] | None = None,
    ) -> pa.Table:
        """Some columns of Parquet files, in order and in little memory.

        Args:
            paths: the files.
            types: the columns and the Ibis types that they are cast to; those that the files lack, or that hold nothing
                at all, are left out.
            order_by: columns to sort by, gaps last, also such as are not asked for; those that the files lack count for
                nothing.
            coded: columns of texts that become dictionaries.
            default: what stands in a text column for a missing value, and for the column where it is missing.

        Raises:
            InputError: as ``scan``, or a value does not fit its type.
        """

    def batches(
        self, query: Query, tables: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[dict[str, np.ndarray[Any, Any]]]:
        """The rows of a query over arrays, in whatever order, batch by batch: numbers without gaps.

        Args:
            query: the query.
            tables: the values of the columns of its tables.
        """

    def table(self, name: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> ir.Table:
        """Make a small table known under a name: equally long columns, ``None`` where missing, and Ibis types."""

    def collect(self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()) -> list[dict[str, Any]]:
        """The rows of a small result; a missing value is ``None``."""

    def collect_arrow(self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()) -> pa.Table:
        """The result as an Arrow table."""

    def collect_numpy(
        self, expression: ir.Expr, *, order_by: Sequence[str] | None = ()
    ) -> dict[str, np.ndarray[Any, Any]]:
        """The result as one array a column.

        Missing numbers are NaN (whole numbers with gaps become float64), missing dates NaT, other missing values
        ``None`` in an array of objects.
        """

    def write(
        self,
        expression: ir.Expr,
        path: str | Path,
        *,
        partition_by: Sequence[str] = (),
        order_by: Sequence[str] | None = (),
    ) -> None:
        """Write the result to one Parquet file, or with ``partition_by`` to a folder of ``name=value/`` folders.

        The old file or folder stays until the new one is whole.
        """

    def close(self) -> None:
        """Give back memory, threads and temporary files."""

    def __enter__(self) -> Self:
        """The engine itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
