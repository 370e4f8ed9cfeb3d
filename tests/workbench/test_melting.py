"""The meltt mode from imported tables to files: the toy sample of its authors, and tables that do not fit."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marsad.cli.main import main
from marsad.errors import InputError
from marsad.workbench.melting import MelttOptions, meltt_tables

MakeTable = Callable[..., Path]
TAXONOMY = """data.source,base.categories,level1,level2
a,bomb,explosives,heavy
a,gun,small arms,light
b,blast,explosives,heavy
b,shots,small arms,light
c,blast,explosives,heavy
"""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def taxonomies(tmp_path: Path) -> Path:
    folder = tmp_path / "taxonomies"
    folder.mkdir()
    (folder / "weapon.csv").write_text(TAXONOMY)
    return folder


def event(day: str, weapon: str, **values: Any) -> dict[str, Any]:
    given = {"date_start": day, "latitude": 34.0, "longitude": 71.0, "verbatim": json.dumps({"weapon": weapon})}
    return given | {"record": json.dumps([day, weapon, values.get("source_id")])} | values


def options(taxonomies: Path, *, km: float = 4.0, days: int = 2) -> MelttOptions:
    return MelttOptions(km, days, taxonomies)


def test_the_toy_sample_of_its_authors_through_the_whole_chain(
    tmp_path: Path, shared: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """195 rows, 140 unique, 34 match sets, 55 duplicates removed."""
    folder = shared("meltt")
    tables = []
    for number in (1, 2, 3):
        table = tmp_path / f"crash{number}.parquet"
        assert main(["import", "generic", str(folder / f"crash_data{number}.csv"), "-o", str(table)]) == 0
        tables.append(str(table))
    command = ["reconcile", *tables, "-o", str(tmp_path / "out"), "--mode", "meltt", "--km", "4", "--days", "2"]
    capsys.readouterr()
    assert main([*command, "--taxonomies", str(folder), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    names = ("records", "unique", "match sets", "duplicates removed")
    assert [summary[name] for name in names] == [195, 140, 34, 55]
    clusters = rows(tmp_path / "out" / "clusters.csv")
    sizes = Counter(row["cluster"] for row in clusters)
    assert (len(clusters), len(sizes)) == (195, 140)
    assert sum(size > 1 for size in sizes.values()) == 34
    assert all(int(row["size"]) == sizes[row["cluster"]] for row in clusters)
    assert len({(row["dataset"], row["id"]) for row in clusters}) == 195
    pairs = rows(tmp_path / "out" / "pairs.csv")
    assert sum(row["decision"] == "same" for row in pairs) == sum(n * (n - 1) // 2 for n in sizes.values())
    cluster = {(row["dataset"], row["id"]): row["cluster"] for row in clusters}
    ends = [((row["left_dataset"], row["left_id"]), (row["right_dataset"], row["right_id"])) for row in pairs]
    for row, (left, right) in zip(pairs, ends, strict=True):
        assert (cluster[left] == cluster[right]) is (row["decision"] == "same")
    assert main([*command, "--taxonomies", str(folder), "--grid"]) == 0
    shown = capsys.readouterr().out
    assert "duplicates removed" in shown
    assert len(rows(tmp_path / "out" / "windows.csv")) == 5 * 5


def test_records_near_each_other_and_of_one_kind_are_one_event(
    tmp_path: Path, event_table: MakeTable, taxonomies: Path
) -> None:
    a = event_table("a", [event("2022-01-01", "bomb"), event("2022-01-09", "gun"), event("2022-02-09", "gun")])
    b = event_table("b", [event("2022-01-02", "blast"), event("2022-01-09", "blast"), event("2022-02-12", "shots")])
    made = meltt_tables([a, b], tmp_path / "out", options=options(taxonomies))
    assert {(row["left_id"], row["right_id"]) for row in rows(tmp_path / "out" / "pairs.csv")} == {("1", "1")}
    assert (made.summary["records"], made.summary["unique"], made.summary["taxonomies"]) == (6, 5, ["weapon"])
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == json.loads(json.dumps(made.summary))
    wider = meltt_tables([a, b], tmp_path / "wide", options=options(taxonomies, days=3))
    assert wider.summary["unique"] == 4


def test_records_without_day_or_place_are_left_out_and_told(
    tmp_path: Path, event_table: MakeTable, taxonomies: Path
) -> None:
    a = event_table("a", [event("2022-01-01", "bomb"), event("2022-01-02", "bomb", latitude=None)])
    b = event_table("b", [event("2022-01-01", "blast"), event("2022-01-03", "blast", date_start=None)])
    summary = meltt_tables([a, b], tmp_path / "out", options=options(taxonomies)).summary
    assert {out["source"]: out["records"] for out in summary["left out"]} == {"a": 1, "b": 1}
    assert all(out["reason"] for out in summary["left out"])
    assert (summary["records"], summary["unique"], summary["match sets"]) == (4, 3, 1)
    clusters = rows(tmp_path / "out" / "clusters.csv")
    assert sorted(int(row["size"]) for row in clusters) == [1, 1, 2, 2], "each that is left out stands alone"


def test_a_category_that_no_taxonomy_has_is_named(tmp_path: Path, event_table: MakeTable, taxonomies: Path) -> None:
    tables = [event_table("a", [event("2022-01-01", "knife")]), event_table("b", [event("2022-01-01", "blast")])]
    with pytest.raises(InputError, match="knife"):
        meltt_tables(tables, tmp_path / "out", options=options(taxonomies))
    assert not (tmp_path / "out").exists()


def test_tables_that_do_not_fit_are_named(tmp_path: Path, event_table: MakeTable, taxonomies: Path) -> None:
    a = event_table("a", [event("2022-01-01", "bomb")])
    with pytest.raises(InputError, match=r"empty\.parquet: there is no record"):
        meltt_tables([a, event_table("empty", [])], tmp_path / "out", options=options(taxonomies))
    two = event_table("two", [event("2022-01-01", "blast", dataset=name) for name in "bc"])
    with pytest.raises(InputError, match=r"two\.parquet: holds 2 datasets \(b, c\)"):
        meltt_tables([a, two], tmp_path / "out", options=options(taxonomies))
    bare = event_table("b", [event("2022-01-01", "blast", verbatim="{}")])
    with pytest.raises(InputError, match="weapon"):
        meltt_tables([a, bare], tmp_path / "out", options=options(taxonomies))
    with pytest.raises(InputError, match="nowhere"):
        meltt_tables([a, a], tmp_path / "out", options=options(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="two event tables"):
        meltt_tables([a], tmp_path / "out", options=options(taxonomies))
    assert not (tmp_path / "out").exists()


def test_two_tables_of_one_dataset_are_refused(tmp_path: Path, event_table: MakeTable, taxonomies: Path) -> None:
    a = event_table("a", [event("2022-01-01", "bomb")])
    with pytest.raises(InputError, match="a"):
        meltt_tables([a, a], tmp_path / "out", options=options(taxonomies))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("km", "days"), [(-1.0, 2), (float("nan"), 2), (4.0, -1)])
def test_a_window_that_cannot_be_is_refused(
    tmp_path: Path, event_table: MakeTable, taxonomies: Path, km: float, days: int
) -> None:
    tables = [event_table("a", [event("2022-01-01", "bomb")]), event_table("b", [event("2022-01-01", "blast")])]
    with pytest.raises(InputError, match=r"km|days|window"):
        meltt_tables(tables, tmp_path / "out", options=options(taxonomies, km=km, days=days))
