"""Whole reconciliations of small tables, and of two real registers."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.errors import InputError
from marsad.evidence.engine import open_engine
from marsad.evidence.judgements import FiledJudgement
from marsad.model import Judgement, Verdict
from marsad.reconcile import Reconciled, Rule, default_model, reconcile
from marsad.reconcile.comparing import compare
from marsad.reconcile.linking import pairs_within
from marsad.reconcile.sides import read_side
from marsad.reconcile.training import cross_validate

TEXT, WHOLE, NUMBER, DAY = pa.string(), pa.int64(), pa.float64(), pa.date32()
TYPES = {
    "record": TEXT,
    "dataset": TEXT,
    "source_id": TEXT,
    "date_start": DAY,
    "date_end": DAY,
    "country": TEXT,
    "latitude": NUMBER,
    "longitude": NUMBER,
    "deaths_best": WHOLE,
    "events": WHOLE,
    "side_a": TEXT,
    "text": TEXT,
}


def write(path: Path, rows: list[dict[str, Any]], *, without: tuple[str, ...] = ()) -> Path:
    whole = [{"dataset": path.stem, "country": "AAA", "source_id": f"own-{row['record']}", **row} for row in rows]
    kept = {name: kind for name, kind in TYPES.items() if name not in without}
    pq.write_table(pa.table({n: pa.array([row.get(n) for row in whole], k) for n, k in kept.items()}), path)
    return path


def event(record: str, day: int, latitude: float, deaths: int, **more: Any) -> dict[str, Any]:
    when = date(2021, 3, 1) + timedelta(days=day)
    place = {"latitude": latitude, "longitude": 10.0}
    return {"record": record, "date_start": when, "date_end": when, "deaths_best": deaths, **place, **more}


@pytest.fixture
def tables(tmp_path: Path) -> list[Path]:
    a = [event("a0", 0, 1.0, 4), event("a1", 20, 2.0, 9), event("a2", 40, 3.0, 2), event("a3", 200, 3.0, 5)]
    b = [event("b0", 0, 1.01, 4), event("b1", 21, 2.02, 9), event("b2", 40, 3.0, 2), event("b3", 90, 3.0, 5)]
    return [write(tmp_path / "a.parquet", a), write(tmp_path / "b.parquet", b)]


def decisions(found: Reconciled) -> dict[tuple[str, str], str]:
    return {(row["left_record"], row["right_record"]): row["decision"] for row in found.rows()}


def judgement(left: str, right: str, verdict: Verdict) -> Judgement:
    return Judgement(left=left, right=right, verdict=verdict, author="reader", made_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_events_meet_their_counterparts(tables: list[Path]) -> None:
    found = reconcile(tables)
    assert decisions(found) == {("a0", "b0"): "same", ("a1", "b1"): "same", ("a2", "b2"): "same"}
    first = next(found.rows())
    assert (first["left_id"], first["right_id"]) == ("own-a0", "own-b0")
    assert first["explanation"].startswith("same day; 1 km apart; ")
    assert reconcile(tables).columns(found.links[0]) == found.columns(found.links[0])


@pytest.mark.parametrize(
    "names", [("a0", "b0"), ("a/a0", "b/b0"), ("own-a0", "own-b0"), ("a:own-a0", "b:own-b0"), ("b0", "a0")]
)
def test_what_a_person_said_goes_before(tables: list[Path], names: tuple[str, str]) -> None:
    found = reconcile(tables, judgements=[judgement(*names, Verdict.NOT)])
    assert decisions(found)["a0", "b0"] == "not"
    found = reconcile(tables, judgements=[judgement(*names, Verdict.UNSURE)])
    assert decisions(found)["a0", "b0"] == "review"


def test_a_pair_beyond_the_rule_can_be_judged_the_same(tables: list[Path]) -> None:
    found = reconcile(tables, judgements=[judgement("a3", "b3", Verdict.SAME), judgement("zz", "b0", Verdict.SAME)])
    (row,) = [row for row in found.rows() if row["left_record"] == "a3"]
    assert (row["decision"], row["probability"], row["judged"]) == ("same", 1.0, True)
    assert [one.left for one in found.unknown] == ["zz"]


def filed(left: str, right: str, verdict: Verdict, day: int = 1, **ids: str) -> FiledJudgement:
    made_at = datetime(2026, 1, day, tzinfo=UTC)
    return FiledJudgement(left=left, right=right, verdict=verdict, author="reader", made_at=made_at, **ids)


def test_a_judgement_follows_a_record_that_its_source_has_edited(tables: list[Path]) -> None:
    told = filed("a/before", "b/b0", Verdict.NOT, left_id="own-a0", right_id="own-b0")
    found = reconcile(tables, judgements=[told])
    assert decisions(found)["a0", "b0"] == "not"
    assert not found.unknown
    later = filed("a/long ago", "b/b0", Verdict.UNSURE, day=2, left_id="own-a0", right_id="own-b0")
    assert decisions(reconcile(tables, judgements=[later, told]))["a0", "b0"] == "review"
    now = filed("a/a0", "b/b0", Verdict.SAME)
    assert decisions(reconcile(tables, judgements=[now, told, later]))["a0", "b0"] == "same"
    elsewhere = filed("c/before", "b/b0", Verdict.NOT, left_id="own-a0", right_id="own-b0")
    assert reconcile(tables, judgements=[elsewhere]).unknown == (elsewhere,)


@pytest.mark.parametrize(("days", "decision"), [(31, "same"), (365, "review")])
def test_a_date_vaguer_than_a_month_is_never_the_same_without_a_person(
    tmp_path: Path, days: int, decision: str
) -> None:
    here = event("a0", 3, 1.0, 40, kind="battle", side_a="One Army", side_b="Another Front")
    there = {**here, "record": "b0", "date_start": date(2021, 3, 1), "date_end": date(2021, 2, 28) + timedelta(days)}
    tables = [write(tmp_path / "a.parquet", [here]), write(tmp_path / "b.parquet", [there])]
    (row,) = reconcile(tables, threshold=0.01, review_band=(0.0, 0.001)).rows()
    assert (row["decision"], row["uncertain"]) == (decision, decision == "review")
    (row,) = reconcile(tables, threshold=0.01, judgements=[judgement("a0", "b0", Verdict.SAME)]).rows()
    assert (row["decision"], row["uncertain"]) == ("same", False)


def test_a_forced_pair_takes_the_record_from_its_rivals(tables: list[Path]) -> None:
    found = reconcile(tables, judgements=[judgement("a3", "b0", Verdict.SAME)])
    assert decisions(found)["a3", "b0"] == "same"
    assert decisions(found).get(("a0", "b0"), "not") != "same"


def test_contradicting_judgements_are_refused(tables: list[Path]) -> None:
    given = [judgement("a0", "b0", Verdict.NOT), judgement("b0", "a0", Verdict.SAME)]
    with pytest.raises(InputError, match="contradict"):
        reconcile(tables, judgements=given)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_total_of_a_month_is_the_whole_of_its_parts(tmp_path: Path, swapped: bool) -> None:  # noqa: FBT001
    month = {"record": "m", "date_start": date(2021, 3, 1), "date_end": date(2021, 3, 31), "deaths_best": 9}
    a = write(tmp_path / "a.parquet", [month])
    b = write(tmp_path / "b.parquet", [event("b0", 3, 1.0, 4), event("b1", 20, 2.0, 5), event("b2", 45, 2.0, 5)])
    found = reconcile([b, a] if swapped else [a, b])
    parts = {
        (row["left_record"], row["right_record"], row["whole"]) for row in found.rows() if row["decision"] == "part_of"
    }
    assert parts == (
        {("b0", "m", "right"), ("b1", "m", "right")} if swapped else {("m", "b0", "left"), ("m", "b1", "left")}
    )


def test_tables_may_lack_coordinates_or_deaths(tmp_path: Path) -> None:
    rows = [[event(f"{side}{n}", n * 30, float(n), 3 + 7 * n) for n in range(4)] for side in "ab"]
    bare = [
        write(tmp_path / f"{name}.parquet", r, without=("latitude", "longitude", "text", "side_a", "events"))
        for name, r in zip("ab", rows, strict=True)
    ]
    assert set(decisions(reconcile(bare)).values()) == {"same"}
    assert len(decisions(reconcile(bare))) == 4
    no_deaths = [
        write(tmp_path / f"{name}.parquet", r, without=("deaths_best",)) for name, r in zip("cd", rows, strict=True)
    ]
    assert {pair for pair, said in decisions(reconcile(no_deaths)).items() if said == "same"} == {
        (f"a{n}", f"b{n}") for n in range(4)
    }


def test_a_second_report_of_one_event_is_taken_too(tmp_path: Path) -> None:
    words = "Two midwives of a clinic in Zarghunshahr were shot by gunmen on a motorcycle"
    a = [event("a0", 0, 1.0, 2, text=words), event("a1", 0, 1.0, 2, text=words + " on the way home")]
    b = [event("b0", 0, 1.0, 2, text=words), event("b1", 60, 5.0, 2, text="Shelling of a market")]
    found = reconcile([write(tmp_path / "a.parquet", a), write(tmp_path / "b.parquet", b)])
    assert decisions(found) == {("a0", "b0"): "same", ("a1", "b0"): "same"}
    assert sorted(row["duplicate"] for row in found.rows()) == [False, True]


def test_three_tables_give_three_lists(tables: list[Path], tmp_path: Path) -> None:
    third = write(tmp_path / "c.parquet", [event("c0", 0, 1.0, 4)])
    found = reconcile([*tables, third])
    assert [(link.left_table, link.right_table) for link in found.links] == [(0, 1), (0, 2), (1, 2)]
    assert decisions(found)["b0", "c0"] == "same"


def test_empty_tables_and_undated_records(tables: list[Path], tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.parquet", [])
    assert decisions(reconcile([tables[0], empty])) == {}
    undated = write(tmp_path / "u.parquet", [{"record": "u", "deaths_best": 4}])
    assert reconcile([tables[0], undated]).links[0].diagnostics.undated == (0, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": 1.5}, "threshold"),
        ({"review_band": (0.9, 0.1)}, "review band"),
        ({"window": Rule(-1, 5.0)}, "window"),
    ],
)
def test_options_out_of_range(tables: list[Path], options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        reconcile(tables, **options)
    with pytest.raises(InputError, match="two tables"):
        reconcile(tables[:1])


def test_no_worse_than_a_plain_join_on_a_made_world(tmp_path: Path) -> None:
    benchmark = benchmark_module()
    benchmark.world(6000, tmp_path, seed=77)
    benchmark.peer(tmp_path)
    benchmark.ours(tmp_path)
    theirs, ours = (benchmark.judged(tmp_path, name) for name in ("peer", "ours"))
    assert ours[0] >= theirs[0]
    assert ours[1] > theirs[1] + 0.03


SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def benchmark_module() -> Any:
    file = Path(__file__).resolve().parents[2] / "benchmarks" / "reconcile.py"
    spec = importlib.util.spec_from_file_location("benchmark_reconcile_fit", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not (SHARED / "linkage").is_dir(), reason="../shared/data/linkage is not here")
def test_real_registers_cross_validated_by_incident(tmp_path: Path) -> None:
    files = {
        "insecurity-insight-aid-workers": SHARED / "insecurity_insight" / "aidWorkerKIKA.json",
        "awsd": SHARED / "awsd" / "awsd_incidents_global.csv",
    }
    paths = [tmp_path / f"{name}.parquet" for name in files]
    for (name, file), path in zip(files.items(), paths, strict=True):
        command = [sys.executable, "-m", "marsad", "import", name, str(file), "-o", str(path)]
        subprocess.run(command, check=True, capture_output=True)
    with open_engine() as engine:
        left, right = (read_side(engine, path) for path in paths)
        compared = compare(engine, left, right)
        within = (pairs_within(engine, left), pairs_within(engine, right))
    linkage = SHARED / "linkage"
    labels = benchmark_module()._labels(left, right, linkage / "pairs_dev.csv", linkage / "incidents_dev.txt")
    measured, _ = cross_validate(compared, within, labels, repetitions=3)
    threshold = default_model().threshold
    at = min(measured, key=lambda one: abs(one.threshold - threshold))
    assert at.precision >= 0.97
    assert at.recall >= 0.93


@pytest.mark.parametrize("records", [[None, "a1"], [None, None]])
def test_rows_without_a_record_are_refused(tmp_path: Path, tables: list[Path], records: list[str | None]) -> None:
    rows = [{**event("a", 0, 1.0, 4), "record": record, "source_id": None} for record in records]
    with pytest.raises(InputError, match=r"c\.parquet: (no column record|rows without a record)"):
        reconcile([tables[0], write(tmp_path / "c.parquet", rows)])
