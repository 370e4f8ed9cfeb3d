"""DuckDB and Spark give the same on all shared event data: candidates, features, measures, whole reconciliations."""

from __future__ import annotations

import importlib.util
import re
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marsad.evidence.engine import DIMENSIONS, DuckDBEngine, Engine, EventFilter, SparkEngine
from marsad.evidence.engine import event_checks as checks
from marsad.evidence.engine import event_measures as measures
from marsad.reconcile.comparing import Compared, compare
from marsad.reconcile.features import NUMERIC
from marsad.reconcile.sides import Side, read_side
from marsad.workbench import EngineChoice, import_file, read_connector
from marsad.workbench.reconciling import PAIRS, ReconcileOptions, reconcile_tables

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
FILES = {
    "aid": ("insecurity-insight-aid-workers", "insecurity_insight/aidWorkerKIKA.json"),
    "education": ("insecurity-insight-education", "insecurity_insight/education.json"),
    "health": (
        "insecurity-insight-health",
        "insecurity_insight/2016-2023-attacks-on-health-care-incident-data.xlsx",
    ),
    "awsd": ("awsd", "awsd/awsd_incidents_global.csv"),
    "ged": ("ucdp-ged", "ucdp/ged_v23_1_sample.csv"),
    "candidate": ("ucdp-candidate", "ucdp/GEDEvent_v23_0_10.csv"),
    "reduced": ("ucdp-candidate", "ucdp/candidate_2026_reduced.csv"),
    "articles": ("generic", "ucdp/aec_all.csv"),
    "gdelt": ("gdelt", "gdelt/gdelt_2026_reduced.csv"),
}
SETS = (
    ("aid", "awsd"),
    ("ged", "candidate", "articles"),
    ("gdelt", "reduced"),
    ("education", "health"),
)
MASTER = "local[2]"


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Engine, Engine]]:
    """DuckDB and Spark; a Spark session that other tests began is taken over and stays."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: pip install 'marsad[spark]'")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pyspark's own start
        spark = SparkEngine(MASTER, memory="1GB")
    with spark, DuckDBEngine(memory_limit="2GB", threads=2) as duck:
        yield duck, spark


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every shared file of events as the event table that its connector makes."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here")
    folder = tmp_path_factory.mktemp("tables")
    handbook = (ROOT / "docs" / "connectors.md").read_text("utf-8")
    mapping = folder / "articles.yaml"
    mapping.write_text(re.findall(r"```yaml\n(name: ucdp-aec\n.*?)```", handbook, re.DOTALL)[0], "utf-8")
    made = {}
    for name, (connector, file) in FILES.items():
        source = read_connector(connector, SHARED / file, mapping if connector == "generic" else None)
        made[name] = import_file(source, SHARED / file, folder / f"{name}.parquet").path
    return made


def read(engine: Engine, tables: Mapping[str, Path]) -> dict[str, Side]:
    return {name: read_side(engine, path) for name, path in tables.items()}


@pytest.fixture(scope="module")
def sides(engines: tuple[Engine, Engine], tables: dict[str, Path]) -> tuple[dict[str, Side], dict[str, Side]]:
    return read(engines[0], tables), read(engines[1], tables)


def test_records_are_read_alike(sides: tuple[dict[str, Side], dict[str, Side]]) -> None:
    for name, one in sides[0].items():
        other = sides[1][name].arrow
        assert one.arrow.schema == other.schema, name
        for column in one.arrow.column_names:
            assert one.texts(column) == sides[1][name].texts(column), (name, column)


@pytest.mark.parametrize("names", SETS, ids="-".join)
def test_candidates_and_features_are_alike(
    engines: tuple[Engine, Engine], sides: tuple[dict[str, Side], dict[str, Side]], names: Sequence[str]
) -> None:
    pairs = 0
    for left, right in combinations(names, 2):
        one, other = (compare(engine, side[left], side[right]) for engine, side in zip(engines, sides, strict=True))
        alike(one, other)
        pairs += len(one)
    assert pairs > 2000


def alike(one: Compared, other: Compared) -> None:
    """The same pairs and features; those with logarithms and sines may differ in the last digits."""
    assert (one.rule, one.screened) == (other.rule, other.screened)
    np.testing.assert_array_equal(one.left, other.left)
    np.testing.assert_array_equal(one.right, other.right)
    assert set(one.columns) == set(other.columns) >= set(NUMERIC)
    for name, values in one.columns.items():
        np.testing.assert_allclose(other.columns[name], values, rtol=1e-12, atol=1e-12 if name in NUMERIC else 0.0)


@pytest.mark.parametrize("names", SETS, ids="-".join)
def test_whole_reconciliations_write_the_same_files(
    engines: tuple[Engine, Engine], tables: dict[str, Path], tmp_path: Path, names: Sequence[str]
) -> None:
    assert engines  # Spark's session
    for engine in ("duckdb", "spark"):
        choice = EngineChoice(engine, MASTER if engine == "spark" else None)
        paths = [tables[name] for name in names]
        reconcile_tables(paths, tmp_path / engine, options=ReconcileOptions(engine=choice))
    written = sorted(path.name for path in (tmp_path / "duckdb").iterdir())
    assert PAIRS in written
    assert written == sorted(path.name for path in (tmp_path / "spark").iterdir())
    for name in written:
        one, other = ((tmp_path / engine / name).read_bytes() for engine in ("duckdb", "spark"))
        assert one == other, name
        assert len(one) > 0


MEASURES: tuple[tuple[list[str], EventFilter | None], ...] = (
    (["dataset", "month", "admin1", "actor"], None),
    (["dataset", "year", "admin2"], None),
    (["dataset", "week", "kind", "violence_type"], None),
    (["side_a", "side_b"], None),
    (["dataset", "month", "actor"], EventFilter(countries=["PAK", "AFG", "SYR"], place_precision="admin1")),
)


@pytest.mark.parametrize(
    ("by", "where"), MEASURES, ids=[" ".join(by) + " filtered" * (w is not None) for by, w in MEASURES]
)
def test_measures_of_every_event_table_are_alike(
    engines: tuple[Engine, Engine], tables: dict[str, Path], by: list[str], where: EventFilter | None
) -> None:
    found: list[tuple[list[dict[str, Any]], list[dict[str, Any]]]] = []
    for engine in engines:
        events = engine.scan("every_event", list(tables.values()))
        found.append(
            (
                engine.collect(measures(events, by=by, where=where)),
                engine.collect(checks(events, by=by, where=where)),
            )
        )
    assert found[0] == found[1]
    rows, (check,) = found[0]
    assert check["records"] > 58_000
    assert len(rows) > 100
    assert {column for name in by for column in DIMENSIONS[name]} <= set(rows[0])
    if "actor" not in by:  # every record counts once
        assert sum(row["records"] for row in rows) == check["counted"]
    if "dataset" in by and where is None:
        assert len({row["dataset"] for row in rows}) == len({FILES[name][0] for name in tables})


def test_figures_of_displaced_people_are_alike(engines: tuple[Engine, Engine]) -> None:
    if not (SHARED / "unhcr").is_dir():
        pytest.skip(f"{SHARED / 'unhcr'} is not here")
    for name in ("population", "flows", "solutions"):
        sums = []
        for engine in engines:
            table = engine.scan(f"unhcr_{name}", SHARED / "unhcr" / f"{name}.parquet")
            people = [n for n, kind in table.schema().items() if kind.is_floating() and n != "year"]
            by_year = table.group_by(table.year.cast("int64").name("year"), "coo_iso")
            sums.append(engine.collect(by_year.aggregate(**{n: table[n].cast("int64").sum() for n in people})))
        assert sums[0] == sums[1]
        assert len(sums[0]) > 1000
