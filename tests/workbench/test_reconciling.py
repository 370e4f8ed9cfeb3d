"""Reconciling tables: the files that come of it, one record for one record, and what people said of pairs."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from marsad.errors import InputError
from marsad.evidence import write_table
from marsad.evidence.judgements import FiledJudgement, record_key
from marsad.evidence.ledger import Ledger
from marsad.model import TableKind, Verdict
from marsad.workbench import ImportOptions, import_file, read_connector
from marsad.workbench.reconciling import ReconcileOptions, Reconciliation, judgements_in, reconcile_tables

PLACES = (("Alpha", "N", 34.01, 71.58), ("Beta", "S", 30.18, 66.99), ("Gamma", "E", 24.86, 67.01))
FILES = {"pairs.csv", "clusters.csv", "conflicts.csv", "agreement.csv", "review.csv", "summary.json"}
MakeTable = Callable[..., Path]


def event(number: int, **values: Any) -> dict[str, Any]:
    """Events far apart in time and place; two of one number are alike."""
    place, area, latitude, longitude = PLACES[number % 3]
    return {
        "source_id": f"s{number}",
        "date_start": (dt.date(2022, 1, 1) + dt.timedelta(days=11 * number)).isoformat(),
        "date_precision": "day",
        "country": "PAK",
        "admin1": area,
        "place": place,
        "latitude": latitude,
        "longitude": longitude,
        "place_precision": "near",
        "kind": "explosion",
        "side_a": "The Group",
        "side_b": "Police",
        "deaths_low": number,
        "deaths_best": number + 1,
        "deaths_high": number + 2,
        "text": f"Bomb number {number} on a police van near the {place} market kills {number + 1}",
    } | values


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(folder: Path) -> set[tuple[str, str]]:
    return {(row["left_id"], row["right_id"]) for row in rows(folder, "pairs.csv") if row["decision"] == "same"}


def clusters(folder: Path) -> set[frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for row in rows(folder, "clusters.csv"):
        found.setdefault(row["cluster"], set()).add((row["dataset"], row["id"]))
    return {frozenset(members) for members in found.values()}


@pytest.fixture
def two(event_table: MakeTable) -> list[Path]:
    """Events 0 to 11 and 6 to 17."""
    return [
        event_table("left", [event(n) for n in range(12)]),
        event_table("right", [event(n, source_id=f"r{n}", text=f"Police van {n} bombed") for n in range(6, 18)]),
    ]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_the_records_of_one_event_are_found_one_for_one(two: list[Path], out: Path) -> None:
    made = reconcile_tables(two, out)
    assert {path.name for path in out.iterdir()} == FILES
    assert same(out) == {(f"s{n}", f"r{n}") for n in range(6, 12)}
    pairs = rows(out, "pairs.csv")
    assert list(pairs[0])[:4] == ["left_id", "right_id", "probability", "decision"]
    assert all(0 <= float(row["probability"]) <= 1 for row in pairs)
    assert all(row["why"] for row in pairs)
    assert len({row["left_record"] for row in pairs}) == len(pairs)
    assert json.loads((out / "summary.json").read_text()) == json.loads(json.dumps(made.summary))


def test_every_record_is_in_exactly_one_cluster(two: list[Path], out: Path) -> None:
    summary = reconcile_tables(two, out).summary
    found = rows(out, "clusters.csv")
    assert len({(row["dataset"], row["record"]) for row in found}) == len(found) == summary["records"] == 24
    sizes = {row["cluster"]: int(row["size"]) for row in found}
    assert len(sizes) == summary["events"] == 18
    assert sum(sizes.values()) == 24
    assert frozenset({("left", "s6"), ("right", "r6")}) in clusters(out)


def test_the_same_tables_give_the_same_bytes(two: list[Path], tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        reconcile_tables(two, tmp_path / name)
        contents.append({path.name: path.read_bytes() for path in sorted((tmp_path / name).iterdir())})
    assert contents[0] == contents[1]


def test_three_tables_make_clusters_of_three(event_table: MakeTable, two: list[Path], out: Path) -> None:
    third = event_table("third", [event(n, source_id=f"t{n}") for n in (8, 9, 30)])
    summary = reconcile_tables([*two, third], out).summary
    assert frozenset({("left", "s8"), ("right", "r8"), ("third", "t8")}) in clusters(out)
    assert frozenset({("third", "t30")}) in clusters(out)
    assert summary["clusters by size"] == {"2": 4, "3": 2}
    assert len(summary["compared"]) == 3


def test_who_says_what_differently_is_listed_and_nothing_else(event_table: MakeTable, out: Path) -> None:
    counting = {"id": "all", "text": "everybody", "victims": "everybody", "within": []}
    left = [event(n, definition="all") for n in range(8)]
    right = [event(n, definition="all", source_id=f"r{n}") for n in range(8)]
    right[3] |= {"deaths_low": 40, "deaths_best": 41, "deaths_high": 42}
    tables = [event_table("a", left, definition=counting), event_table("b", right, definition=counting)]
    summary = reconcile_tables(tables, out).summary
    (conflict,) = rows(out, "conflicts.csv")
    assert (conflict["field"], conflict["status"], conflict["left_id"], conflict["right_id"]) == (
        "deaths",
        "conflict",
        "s3",
        "r3",
    )
    assert conflict["left_value"].startswith("4")
    assert conflict["right_value"].startswith("41")
    assert summary["conflicts"]["deaths"] == 1
    deaths = next(row for row in rows(out, "agreement.csv") if row["field"] == "deaths")
    assert (deaths["pairs"], deaths["compared"], deaths["conflicting"], deaths["equal"]) == ("8", "8", "1", "7")


def file(ledger: Path, said: Iterable[tuple[str, str, Verdict]], *, author: str = "a person") -> None:
    with Ledger(ledger) as opened:
        for minute, (left, right, verdict) in enumerate(said):
            moment = dt.datetime(2026, 1, 1, 0, minute, tzinfo=dt.UTC)
            opened.judge(FiledJudgement(left=left, right=right, verdict=verdict, author=author, made_at=moment))


def key_of(folder: Path, dataset: str, own: str) -> str:
    found = [row["record"] for row in rows(folder, "clusters.csv") if (row["dataset"], row["id"]) == (dataset, own)]
    return record_key(dataset, found[0])


def again(two: list[Path], out: Path, ledger: Path) -> Reconciliation:
    return reconcile_tables(two, out, options=ReconcileOptions(judgements=judgements_in(ledger)))


def test_a_second_run_does_as_people_said(two: list[Path], out: Path) -> None:
    reconcile_tables(two, out)
    ledger = out / "ledger.sqlite"
    names = [key_of(out, dataset, own) for dataset, own in (("left", "s6"), ("right", "r6"), ("left", "s0"))]
    s6, r6, s0 = names
    r17 = key_of(out, "right", "r17")
    file(ledger, [(s6, r6, Verdict.NOT), (s0, r17, Verdict.SAME), ("left/gone", r17, Verdict.NOT)])
    summary = again(two, out, ledger).summary
    assert same(out) == {(f"s{n}", f"r{n}") for n in range(7, 12)} | {("s0", "r17")}
    assert frozenset({("left", "s0"), ("right", "r17")}) in clusters(out)
    judged = {(row["left_id"], row["right_id"]): row for row in rows(out, "pairs.csv") if row["judged"] == "true"}
    assert judged["s6", "r6"]["decision"] == "not"
    assert judged["s0", "r17"]["why"].startswith("decided by a person")
    assert summary["judgements"] == {"given": 3, "of records not in the tables": 1}


def test_the_part_of_an_aggregate_is_no_second_report_of_it(two: list[Path], out: Path) -> None:
    reconcile_tables(two, out)
    s6, r6 = key_of(out, "left", "s6"), key_of(out, "right", "r6")
    file(out / "ledger.sqlite", [(s6, r6, Verdict.PART_OF)])
    assert again(two, out, out / "ledger.sqlite").summary["pairs"]["part_of"] == 1
    (row,) = [row for row in rows(out, "pairs.csv") if row["decision"] == "part_of"]
    assert (row["left_id"], row["right_id"], row["whole"]) == ("s6", "r6", "right")
    assert frozenset({("left", "s6")}) in clusters(out)


def test_what_was_taken_back_or_is_disputed_decides_nothing(two: list[Path], out: Path) -> None:
    reconcile_tables(two, out)
    ledger = out / "ledger.sqlite"
    s6, r6 = key_of(out, "left", "s6"), key_of(out, "right", "r6")
    file(ledger, [(s6, r6, Verdict.NOT)], author="one")
    file(ledger, [(r6, s6, Verdict.SAME)], author="another")
    (word,) = judgements_in(ledger)
    assert word.verdict is Verdict.UNSURE
    assert ("s6", "r6") not in {
        pair
        for row in rows(out, "pairs.csv")
        if row["judged"] == "true"
        for pair in [(row["left_id"], row["right_id"])]
    }
    again(two, out, ledger)
    disputed = next(row for row in rows(out, "pairs.csv") if (row["left_id"], row["right_id"]) == ("s6", "r6"))
    assert disputed["decision"] == "review"
    with Ledger(ledger) as opened:
        (first,) = [one for one in opened.judgements() if one.author == "one"]
        opened.retract(first.id, author="one")
    assert [one.verdict for one in judgements_in(ledger)] == [Verdict.SAME]


def test_without_a_ledger_nobody_said_anything(tmp_path: Path) -> None:
    assert judgements_in(tmp_path / "ledger.sqlite") == ()


ODD = ('a,"b"', "line\nbreak", "\u067e\u06cc\u0634 \U0001f600", "=1+1", "  spaced ", "'", "cr\r\nlf", "x;y\tz")


def test_identifiers_come_through_whatever_is_in_them(event_table: MakeTable, out: Path) -> None:
    left = [event(n, source_id=name) for n, name in enumerate(ODD)]
    right = [event(n, source_id=f"{name}!") for n, name in enumerate(ODD)]
    reconcile_tables([event_table("a", left), event_table("b", right)], out)
    assert same(out) == {(name, f"{name}!") for name in ODD}
    assert {row["id"] for row in rows(out, "clusters.csv")} == {*ODD, *(f"{name}!" for name in ODD)}


def test_a_record_without_an_identifier_is_named_by_its_record(event_table: MakeTable, out: Path) -> None:
    tables = [event_table(name, [event(n, source_id=None) for n in range(3)]) for name in "ab"]
    reconcile_tables(tables, out)
    assert len(same(out)) == 3
    assert all(row["id"] == row["record"] for row in rows(out, "clusters.csv"))


@pytest.mark.parametrize("sizes", [(0, 0), (0, 5), (5, 0)])
def test_tables_without_a_record_give_empty_files_with_their_headings(
    event_table: MakeTable, out: Path, sizes: tuple[int, int]
) -> None:
    tables = [event_table(name, [event(n) for n in range(size)]) for name, size in zip("ab", sizes, strict=True)]
    summary = reconcile_tables(tables, out).summary
    assert summary["events"] == summary["records"] == sum(sizes)
    assert summary["unreported"]["verdict"] == "cannot tell"
    for name in ("pairs.csv", "review.csv", "conflicts.csv", "agreement.csv"):
        assert rows(out, name) == []
    headings = {name: (out / name).read_text().splitlines()[0].replace('"', "").split(",") for name in FILES}
    assert headings["pairs.csv"][:4] == ["left_id", "right_id", "probability", "decision"]
    assert headings["agreement.csv"][:3] == ["left", "right", "field"]


def test_a_table_without_coordinates_is_reconciled_by_what_it_has(event_table: MakeTable, out: Path) -> None:
    bare = [event(n, source_id=f"r{n}", latitude=None, longitude=None, place_precision=None) for n in range(4)]
    tables = [event_table("a", [event(n) for n in range(8)]), event_table("b", bare)]
    reconcile_tables(tables, out)
    found = {(row["left_id"], row["right_id"]): row["decision"] for row in rows(out, "pairs.csv")}
    assert {pair for pair, decision in found.items() if decision in ("same", "review")} >= {("s1", "r1"), ("s2", "r2")}
    assert not any(left[1:] != right[1:] for (left, right), decision in found.items() if decision == "same")


def test_records_without_a_date_are_counted_not_compared(event_table: MakeTable, out: Path) -> None:
    undated = event(1, source_id="u", date_start=None, date_precision=None)
    tables = [event_table("a", [event(n) for n in range(4)]), event_table("b", [undated])]
    summary = reconcile_tables(tables, out).summary
    assert summary["compared"][0]["without a date"] == [0, 1]
    assert summary["events"] == 5


def test_two_releases_of_one_dataset_may_hold_the_same_records(event_table: MakeTable, tmp_path: Path) -> None:
    old = event_table("x", [event(n) for n in range(10)]).rename(tmp_path / "old.parquet")
    new = event_table("x", [event(n) for n in range(4, 14)])
    summary = reconcile_tables([old, new], tmp_path / "out").summary
    assert (summary["records"], summary["events"], summary["pairs"]["same"]) == (20, 14, 6)
    found = rows(tmp_path / "out", "clusters.csv")
    assert len(found) == 20
    assert sorted(int(row["size"]) for row in found) == [1] * 8 + [2] * 12
    assert {row["dataset"] for row in found} == {"x"}
    assert len({row["record"] for row in found}) == 14
    assert rows(tmp_path / "out", "conflicts.csv") == []


def test_a_wider_or_narrower_window_is_kept_to(two: list[Path], event_table: MakeTable, out: Path) -> None:
    later = (dt.date(2022, 1, 1) + dt.timedelta(days=11 * 8 + 3)).isoformat()
    table = event_table("late", [event(8, source_id="late", date_start=later)])
    for days in (1, 3):
        summary = reconcile_tables([two[0], table], out, options=ReconcileOptions(window=(days, 50.0))).summary
        assert (summary["compared"][0]["days"], summary["compared"][0]["km"]) == (days, 50.0)
        assert summary["compared"][0]["pairs"] == (1 if days == 3 else 0)


def test_a_threshold_of_one_takes_nothing_for_the_same(two: list[Path], out: Path) -> None:
    all_of_them = reconcile_tables(two, out, options=ReconcileOptions(threshold=0.0)).summary["pairs"]["same"]
    assert all_of_them >= 6
    assert reconcile_tables(two, out, options=ReconcileOptions(threshold=1.0)).summary["pairs"]["same"] == 0


def test_the_queue_holds_what_is_uncertain_with_the_records_in_words(two: list[Path], out: Path) -> None:
    made = reconcile_tables(two, out, options=ReconcileOptions(review=(0.0, 1.0)))
    queue = rows(out, "review.csv")
    assert len(queue) == made.summary["pairs"]["to be reviewed"] > 0
    least = [abs(float(row["probability"]) - made.summary["threshold"][0]) for row in queue]
    assert least == sorted(least)
    row = next(row for row in queue if row["left_id"] == "s7")
    assert "Beta" in row["left_says"]
    assert "The Group against Police" in row["left_says"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ReconcileOptions(threshold=1.5), "threshold 1.5: a probability lies between 0 and 1"),
        (ReconcileOptions(review=(0.9, 0.1)), "review band"),
        (ReconcileOptions(window=(-1, 5.0)), "window of -1 days"),
        (ReconcileOptions(window=(1, float("nan"))), "window of 1 days and nan km"),
    ],
)
def test_numbers_that_cannot_be_are_named_and_nothing_is_written(
    two: list[Path], out: Path, options: ReconcileOptions, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        reconcile_tables(two, out, options=options)
    assert not out.exists()


def test_what_is_no_event_table_is_named(two: list[Path], tmp_path: Path, out: Path) -> None:
    with pytest.raises(InputError, match="two event tables or more"):
        reconcile_tables(two[:1], out)
    with pytest.raises(InputError, match=r"no\.parquet: there is no such file"):
        reconcile_tables([two[0], tmp_path / "no.parquet"], out)
    (tmp_path / "text.parquet").write_text("no table")
    with pytest.raises(InputError, match=r"text\.parquet"):
        reconcile_tables([two[0], tmp_path / "text.parquet"], out)
    write_table(tmp_path / "figures.parquet", TableKind.FIGURES, [], metadata={})
    with pytest.raises(InputError, match=r"figures\.parquet: a table of figures; only events"):
        reconcile_tables([two[0], tmp_path / "figures.parquet"], out)
    assert not out.exists()


def test_real_registers_of_attacks_on_aid_workers(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    """The bar of the project is tested with the scorer; here the whole chain gives the same pairs."""
    found = []
    for name, file_name in (
        ("insecurity-insight-aid-workers", "insecurity_insight/aidWorkerKIKA.json"),
        ("awsd", "awsd/awsd_incidents_global.csv"),
    ):
        path = shared(file_name)
        found.append(tmp_path / f"{name}.parquet")
        import_file(read_connector(name, path), path, found[-1], options=ImportOptions(version="shared"))
    pairs = shared("linkage/pairs_dev.csv")
    reconcile_tables(found, tmp_path / "out")
    with pairs.open(encoding="utf-8", newline="") as file:
        judged = list(csv.DictReader(file))
    said = {(row["ii_id"], row["awsd_id"]): row["label"] for row in judged}
    taken = same(tmp_path / "out")
    true = {pair for pair, verdict in said.items() if verdict == "same"}
    right_ones = len(taken & true)
    wrong = sum(said.get(pair) == "not" for pair in taken)
    assert right_ones / (right_ones + wrong) >= 0.97, (right_ones, wrong)
    assert right_ones / len(true) >= 0.93, (right_ones, len(true))


def test_a_grid_says_how_much_the_result_depends_on_the_window(two: list[Path], out: Path) -> None:
    made = reconcile_tables(two, out, options=ReconcileOptions(grid=True))
    found = rows(out, "windows.csv")
    assert len(found) == 25
    assert "windows are stable" in made.summary["windows"] or "stable nowhere" in made.summary["windows"]
    narrow = next(row for row in found if (row["km"], row["days"]) == ("10", "0"))
    wide = next(row for row in found if (row["km"], row["days"]) == ("200", "5"))
    assert int(narrow["unique"]) >= int(wide["unique"])
    assert int(wide["records"]) == made.summary["records"]
