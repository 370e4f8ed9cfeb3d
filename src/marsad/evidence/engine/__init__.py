"""The engine: expressions are written once with Ibis and run on DuckDB, or on Spark where one machine is too small.

Nothing heavy is imported before it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.evidence.engine.base import Engine, Paths
    from marsad.evidence.engine.duck import DuckDBEngine
    from marsad.evidence.engine.measures import DIMENSIONS, PERIODS, EventFilter, event_checks, event_measures
    from marsad.evidence.engine.opening import ENGINES, open_engine
    from marsad.evidence.engine.spark import SparkEngine

__all__ = [
    "DIMENSIONS",
    "ENGINES",
    "PERIODS",
    "DuckDBEngine",
    "Engine",
    "EventFilter",
    "Paths",
    "SparkEngine",
    "event_checks",
    "event_measures",
    "open_engine",
]

_LATER = {
    "DIMENSIONS": "measures",
    "ENGINES": "opening",
    "PERIODS": "measures",
    "DuckDBEngine": "duck",
    "Engine": "base",
    "EventFilter": "measures",
    "Paths": "base",
    "SparkEngine": "spark",
    "event_checks": "measures",
    "event_measures": "measures",
    "open_engine": "opening",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
