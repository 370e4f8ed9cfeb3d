"""The records behind the counts of a register, and a person's word on which of them is an event of the study."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from marsad.cli.main import main
from marsad.evidence.ledger import Ledger
from marsad.model import Verdict
from marsad.study import LEDGER, RELEASES_FOLDER, new_study
from marsad.workbench import Workbench, build
from marsad.workbench.study_pairs import judge_match

from .registers import DATA, HEAD, MAPPING, MARKET, OTHERS, SOURCE, edit


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study that `marsad new` writes, in a country that there is, with a register; built, and only to be read."""
    folder = tmp_path_factory.mktemp("pairs") / "small"
    new_study(folder, title="A small study")
    edit(folder / "places.csv", "country,Country,", "country,Pakistan,")
    edit(folder / "places.csv", "province,Province,", "province,Khyber Pakhtunkhwa,")
    edit(folder / "study.yaml", "area: [country]", "area: [country, province]")
    asked = "analyses:\n          - name: events-in-registers\n          - name: timeline"
    edit(folder / "study.yaml", "analyses:\n          - name: timeline", asked)
    with (folder / "sources.bib").open("a") as file:
        file.write(SOURCE)
    (folder / "data.yaml").write_text(DATA)
    (folder / RELEASES_FOLDER).mkdir()
    (folder / RELEASES_FOLDER / "attacks.csv").write_text("\n".join((HEAD, MARKET, *OTHERS, "")))
    (folder / RELEASES_FOLDER / "attacks.yaml").write_text(MAPPING)
    build(Workbench(folder))
    return folder


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    """A copy of it, with its build."""
    return Path(shutil.copytree(built, tmp_path / "small"))


def registered(study: Path) -> Any:
    return json.loads((study / "build" / "registers.json").read_text())


def test_the_records_behind_the_counts_of_the_report_are_listed(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["table", str(built), "attacks", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["source_id"], row["row"], row["areas"]) for row in rows] == [
        ("m4", "4", "country"),
        ("m1", "1", "country;province"),
        ("m2", "2", "country"),
        ("m3", "3", "country;province"),
    ], "not m5, which lies elsewhere, nor m6, which was put aside"
    register = next(iter(Workbench(built).registered.registers))
    assert register.records == len(rows)
    counted = [row for row in rows if row["date_precision"] != "year" and "province" in row["areas"].split(";")]
    mine = [month for month in register.months if month.area == "province"]
    assert sum(month.events for month in mine) == len(counted)
    assert sum(month.best or 0 for month in mine) == sum(int(row["deaths_best"]) for row in counted)
    monkeypatch.setenv("COLUMNS", "300")
    assert main(["table", str(built), "attacks"]) == 0
    assert "attacks: 4 rows" in capsys.readouterr().out
    assert main(["table", str(built), "attcks"]) == 2
    assert "and the releases attacks" in " ".join(capsys.readouterr().err.split())


def test_a_release_without_events_has_no_records_to_list(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = MAPPING[: MAPPING.index("fields:")] + (
        "table: figures\nfields: {country_reported: country, best: best}\n"
        "constants: {measure: killed, unit: persons}\nperiod: start\n"
    )
    (study / RELEASES_FOLDER / "attacks.yaml").write_text(mapping)
    capsys.readouterr()
    assert main(["table", str(study), "attacks"]) == 2
    assert "attacks: a table of figures; only releases of events have records" in " ".join(
        capsys.readouterr().err.split()
    )


def test_a_person_says_on_the_command_line_which_record_is_the_event(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for old in (",2022-03-04,town,", ",2022-03,town,"):
        edit(study / "events.csv", old, ",2022,town,")
    build(Workbench(study))
    capsys.readouterr()
    assert main(["judge", str(study), "--json"]) == 0
    queue = json.loads(capsys.readouterr().out)
    assert {pair["decision"] for pair in queue} == {"review"}
    assert [pair["number"] for pair in queue] == list(range(1, len(queue) + 1))
    mine = next(pair for pair in queue if pair["right_id"] == "m1")
    assert (mine["left_id"], mine["right_dataset"]) == ("market-attack", "attacks")
    assert "A market" in mine["right_says"]
    assert "deaths 12" in mine["right_says"]
    assert main(["judge", str(study), str(mine["number"])]) == 0
    assert "Bomb on a market" in " ".join(capsys.readouterr().out.split())
    before = (study / "build" / "report.html").read_bytes()
    assert (
        main(["judge", str(study), "m1", "market-attack", "--verdict", "same", "--author", "A", "--why", "read"]) == 0
    )
    assert "the next `marsad build` respects it" in " ".join(capsys.readouterr().out.split())
    build(Workbench(study))
    assert [m["decision"] for m in registered(study)["matches"] if m["source_id"] == "m1"] == ["same"]
    assert (study / "build" / "report.html").read_bytes() != before
    with Ledger(study / LEDGER) as ledger:
        (said,) = ledger.judgements()
    assert (said.left_id, said.right_id, said.author, said.reason) == ("m1", "market-attack", "A", "read")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["99"], "there is no pair number '99'"),
        (["market-attack", "none"], "has no pair of 'market-attack' and 'none'; name an event and a record"),
        (["a", "b", "c"], "name one number of the queue, or two identifiers"),
        (["--verdict", "same"], "--verdict needs a pair"),
        (["market-attack", "m1", "--verdict", "same", "--ledger", "x"], "--ledger is for the folder"),
    ],
)
def test_pairs_of_a_study_that_are_none_are_named(
    built: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["judge", str(built), *arguments]) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert not (built / LEDGER).exists()


def test_a_study_that_was_never_built_has_no_pairs(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(study / "build")
    assert main(["judge", str(study)]) == 2
    assert "no build has set registers beside" in " ".join(capsys.readouterr().err.split())


def test_part_of_keeps_the_order_in_which_it_was_said(study: Path) -> None:
    pair = judge_match(study, ["m1", "market-attack"], Verdict.PART_OF, author="A")
    with Ledger(study / LEDGER) as ledger:
        (said,) = ledger.judgements()
    assert (pair.left_id, pair.right_id) == ("market-attack", "m1")
    assert (said.left_id, said.right_id) == ("m1", "market-attack")
