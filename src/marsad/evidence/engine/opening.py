"""Opening an engine by its name, as the command line does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from marsad.errors import InputError

if TYPE_CHECKING:
    from marsad.evidence.engine.base import Engine

__all__ = ["ENGINES", "open_engine"]

ENGINES = ("duckdb", "spark")
"""The names of the engines; the first is the default."""


def open_engine(name: str = ENGINES[0], *, memory_limit: str | None = None, spark_master: str | None = None) -> Engine:
    """Open the engine of this name; close it after use, or use it in a ``with`` statement.

    Args:
        name: one of ``ENGINES``.
        memory_limit: such as ``4GB``: of DuckDB, which then spills to disk, or of Spark's driver. Left out: four fifths
            of the machine's memory, or 4 GB for Spark.
        spark_master: where Spark runs, such as ``local[4]``, ``spark://host:7077`` or ``yarn``. Left out: what
            ``spark-submit`` says, otherwise all cores of this machine.

    Raises:
        InputError: an unknown name, an option that is of the other engine, or an engine that is not installed.
    """
    if name == "duckdb":
        from marsad.evidence.engine.duck import DuckDBEngine  # noqa: PLC0415 - only the engine that is asked for

        if spark_master is not None:
            raise InputError("--spark-master is for the engine spark; add --engine spark")
        return DuckDBEngine(memory_limit=memory_limit)
    if name == "spark":
        from marsad.evidence.engine.spark import SparkEngine  # noqa: PLC0415 - only the engine that is asked for

        submitted = "PYSPARK_GATEWAY_PORT" in os.environ
        default = None if submitted else "local[*]"
        return SparkEngine(spark_master if spark_master is not None else default, memory=memory_limit)
    raise InputError(f"there is no engine {name!r}; the engines are {', '.join(ENGINES)}")
