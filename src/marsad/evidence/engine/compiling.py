"""From an Ibis expression to the SQL of an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from marsad.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.schema as sch
    import ibis.expr.types as ir

__all__ = ["as_table", "quoted", "schema_of", "sort_columns", "to_sql"]

_QUOTES = {"duckdb": '"', "pyspark": "`"}


def to_sql(expression: ir.Expr, *, dialect: str, order_by: Sequence[str] | None) -> str:
    """The SQL of an expression, its columns in the types that the expression declares and its rows in order.

    The types are said because engines have their own: a sum of 64-bit integers is a 128-bit one on DuckDB, and a month
    is a timestamp.
    """
    import ibis  # noqa: PLC0415 - slow to import

    table = as_table(expression)
    types = _type_names(table.schema(), dialect)
    columns = ", ".join(f"CAST({quoted(n, dialect)} AS {kind}) AS {quoted(n, dialect)}" for n, kind in types.items())
    sql = f"SELECT {columns} FROM ({ibis.to_sql(table, dialect=dialect, pretty=False)}) AS marsad_result"  # noqa: S608 - quoted
    if order_by is None:
        return sql
    order = (f"{quoted(name, dialect)} ASC NULLS FIRST" for name in sort_columns(table.columns, order_by))
    return f"{sql} ORDER BY {', '.join(order)}"


def as_table(expression: ir.Expr) -> ir.Table:
    """The expression as a table: a column or a scalar becomes a table of one column."""
    return expression.as_table()


def schema_of(columns: Mapping[str, str]) -> sch.Schema:
    """The Ibis schema of columns with DuckDB's types."""
    import ibis  # noqa: PLC0415 - slow to import

    return ibis.schema({name: _type_of(kind) for name, kind in columns.items()})


@cache
def _type_of(kind: str) -> Any:
    """The Ibis type of a type of DuckDB's; each is parsed once."""
    from ibis.backends.sql.datatypes import DuckDBType  # noqa: PLC0415 - slow to import

    return DuckDBType.from_string(kind)


def sort_columns(columns: Sequence[str], order_by: Sequence[str]) -> list[str]:
    """All columns, those to sort by first; raises ``InputError`` for a column that is not there."""
    missing = [name for name in order_by if name not in columns]
    if missing:
        raise InputError(f"cannot sort by {missing[0]}: the columns are {', '.join(columns)}")
    return [*order_by, *(name for name in columns if name not in order_by)]


def quoted(name: str, dialect: str) -> str:
    """A name as an identifier of SQL."""
    quote = _QUOTES[dialect]
    return f"{quote}{name.replace(quote, quote * 2)}{quote}"


def _type_names(schema: sch.Schema, dialect: str) -> dict[str, str]:
    from ibis.backends.sql.datatypes import DuckDBType, PySparkType  # noqa: PLC0415 - slow to import

    mapper = DuckDBType if dialect == "duckdb" else PySparkType
    return {name: mapper.to_string(kind) for name, kind in schema.items()}
