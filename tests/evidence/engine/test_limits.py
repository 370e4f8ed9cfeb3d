"""Bounded memory, options that cannot be, what is not installed, and how little is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.errors import InputError
from marsad.evidence.engine import ENGINES, DuckDBEngine, open_engine

SORT = """
import sys
from pathlib import Path
import duckdb
from marsad.errors import InputError
from marsad.evidence.engine import DuckDBEngine
folder = Path(sys.argv[1])
with duckdb.connect() as make:
    make.execute("SET memory_limit = '200MB'; SET threads = 2")
    make.execute(
        "COPY (SELECT hash(i) AS k, md5(i::VARCHAR) AS a, md5((i + 1)::VARCHAR) AS b, md5((i + 2)::VARCHAR) AS c, "
        "md5((i + 3)::VARCHAR) AS d FROM range(4000000) t(i)) TO '" + str(folder / "in.parquet") + "'"
    )
with DuckDBEngine(memory_limit="200MB", temp_directory=folder) as engine:
    table = engine.scan("t", folder / "in.parquet")
    try:
        engine.write(table, folder / "out.parquet", order_by=["a"])
        joined = table.join(table.view(), "a").aggregate(n=lambda t: t.count())
        print("joined", engine.collect(joined)[0]["n"])
    except InputError as error:
        print(error)
print("left", *sorted(path.name for path in folder.iterdir()))
# Not by getrusage: that also counts what the process that started this one held.
status = Path("/proc/self/status").read_text()
print("peak", int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def test_what_does_not_fit_into_memory_is_spilled(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SORT, str(tmp_path)], capture_output=True, text=True, check=True)
    told = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    assert told["joined"] == "4000000"
    assert told["left"] == "in.parquet out.parquet"
    # 4 million rows of 136 bytes are 544 MB; the process itself takes some 100 MB beside the limit.
    assert int(told["peak"]) < 450


def test_too_little_memory_is_said() -> None:
    with DuckDBEngine(memory_limit="20MB", threads=1) as engine:
        import ibis  # noqa: PLC0415 - slow to import

        numbers = ibis.range(30_000_000).unnest().name("n").as_table()
        everything = numbers.aggregate(names=numbers.n.cast("string").collect())
        with pytest.raises(InputError, match="the memory limit is too low"):
            engine.collect(everything)


@pytest.mark.parametrize("limit", ["much", "12 elephants", "-", "", "-1GB", "4", "10KB", "nanGB"])
def test_a_memory_limit_that_cannot_be_read(limit: str) -> None:
    with pytest.raises(InputError, match="write it like 4GB"):
        open_engine("duckdb", memory_limit=limit)
    with pytest.raises(InputError, match="write it like 4GB"):
        open_engine("spark", memory_limit=limit)


def test_options_of_the_command_line() -> None:
    assert ENGINES == ("duckdb", "spark")
    with pytest.raises(InputError, match="no engine 'sparc'; the engines are duckdb, spark"):
        open_engine("sparc")
    with pytest.raises(InputError, match="--spark-master is for the engine spark"):
        open_engine("duckdb", spark_master="local[2]")
    with open_engine("duckdb", memory_limit="100MB") as engine:
        assert isinstance(engine, DuckDBEngine)
        with pytest.raises(InputError, match="use the engine spark for an address"):
            engine.scan("t", "s3://bucket/events.parquet")


def test_without_java_spark_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'marsad[spark]'")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(InputError, match=r"needs Java, which is not here: install marsad\[spark\] and Java 17"):
        open_engine("spark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(InputError, match="needs Java"):
        open_engine("spark")


def test_without_pyspark_spark_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(InputError, match=r"Spark is not installed: install marsad\[spark\]"):
        open_engine("spark")


SMALL = """
import sys
from marsad.evidence.engine import DuckDBEngine, event_measures
assert not {"ibis", "duckdb", "pyarrow", "pyspark"} & set(sys.modules)
with DuckDBEngine() as engine:
    events = engine.scan("events", sys.argv[1])
    assert engine.collect(event_measures(events, by=["month"])) == []
print(*sorted({"pandas", "pyarrow", "numpy", "pyspark", "ibis.backends.duckdb"} & set(sys.modules)))
"""


def test_a_small_question_imports_little(write_events: Callable[..., Path]) -> None:
    path = write_events()
    done = subprocess.run(
        [sys.executable, "-c", SMALL, str(path)], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.split() == []
