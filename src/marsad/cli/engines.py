"""The options that name an engine."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["EngineName", "MemoryLimit", "SparkMaster"]

EngineName = Annotated[
    str, typer.Option("--engine", help="duckdb, or spark (needs the extra marsad\\[spark] and Java).")
]
"""Which engine."""

SparkMaster = Annotated[
    str | None, typer.Option("--spark-master", metavar="URL", help="Where Spark runs; this machine if left out.")
]
"""Where Spark runs."""

MemoryLimit = Annotated[
    str | None, typer.Option("--memory-limit", metavar="SIZE", help="Such as 4GB; what does not fit goes to disk.")
]
"""How much memory an engine may take."""
