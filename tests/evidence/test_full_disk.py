"""A disk that is full: DuckDB must not leave a file without its rows, and nothing half stands under a good name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from marsad.evidence import write_sources, write_statements
from marsad.model import Kind, Statement

WRITE = """
import resource, sys
from pathlib import Path
from marsad.evidence import write_database
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    write_database(folder / "e.duckdb", statements=folder / "s.parquet", sources=folder / "q.parquet")
except OSError as error:
    print("refused", error.filename, error.strerror)
"""


def write(folder: Path, limit: int) -> str:
    command = [sys.executable, "-c", WRITE, str(folder), str(limit)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_database_that_does_not_fit_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    many = [
        Statement(kind=Kind.EVENT, subject=f"e{n}", record=f"r{n}", property="kind", value=str(n)) for n in range(5000)
    ]
    write_statements(tmp_path / "s.parquet", many)
    write_sources(tmp_path / "q.parquet", {})
    assert "refused" in write(tmp_path, 20_000)
    assert not (tmp_path / "e.duckdb").exists()
    assert write(tmp_path, 1 << 30) == ""
    good = (tmp_path / "e.duckdb").read_bytes()
    refused = write(tmp_path, 20_000)
    assert str(tmp_path / "e.duckdb") in refused
    assert (tmp_path / "e.duckdb").read_bytes() == good
    assert {path.name for path in tmp_path.iterdir()} == {"s.parquet", "q.parquet", "e.duckdb"}
