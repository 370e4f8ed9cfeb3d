"""One test, every engine: the fixture ``engine`` is DuckDB and then Spark, one session of it for all tests."""

from __future__ import annotations

import importlib.util
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from marsad.evidence.common import write_table
from marsad.evidence.engine import DuckDBEngine, Engine, SparkEngine
from marsad.model import TableKind

WriteEvents = Callable[..., Path]


@pytest.fixture(scope="session")
def duck() -> Iterator[Engine]:
    with DuckDBEngine(memory_limit="1GB", threads=2) as engine:
        yield engine


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: pip install 'marsad[spark]'")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pyspark's own start
        engine = SparkEngine("local[2]", memory="1GB")
    with engine:
        yield engine


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue({"duckdb": "duck", "spark": "spark"}[request.param])
    return found


@pytest.fixture
def write_events(tmp_path: Path) -> WriteEvents:
    """Writes rows of the event table to a file and gives its path."""

    def write(*rows: Mapping[str, Any], name: str = "events.parquet") -> Path:
        path = tmp_path / name
        write_table(path, TableKind.EVENTS, rows, metadata={})
        return path

    return write
