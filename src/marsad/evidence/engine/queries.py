"""Expressions that are compiled beforehand: DuckDB runs their SQL without importing Ibis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["Query"]


@dataclass(frozen=True, slots=True)
class Query:
    """An expression over small tables that the caller brings, and the SQL for DuckDB that was generated from it.

    To import Ibis and to compile take longer than to join tens of thousands of records. The expression is the
    definition; a test holds that the SQL is what it compiles to, byte for byte.

    Attributes:
        tables: name of each table -> its columns -> their Ibis types.
        expression: makes the expression from the unbound tables, in this order.
        sql: where the generated SQL is read from: it is asked for only when it is run.
    """

    tables: Mapping[str, Mapping[str, str]]
    expression: Callable[..., ir.Table]
    sql: Callable[[], str]

    def unbound(self) -> ir.Table:
        """The expression over tables that are known by name only."""
        import ibis  # noqa: PLC0415 - slow to import

        return self.expression(*(ibis.table(dict(columns), name=name) for name, columns in self.tables.items()))

    def generated(self) -> str:
        """The SQL for DuckDB as it is generated from the expression now."""
        from marsad.evidence.engine.compiling import to_sql  # noqa: PLC0415 - with Ibis

        return to_sql(self.unbound(), dialect="duckdb", order_by=None) + "\n"
