"""Events that ACLED has withdrawn: never counted after the next fetch, told with their number, the old file kept."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from marsad.connectors import connector
from marsad.errors import InputError, NotFoundError
from marsad.evidence import read_metadata, read_rows
from marsad.model import CheckStatus
from marsad.study import LOCK_FILE, DataRelease, load_study, new_study
from marsad.workbench import FetchedRelease, ImportOptions, Workbench, build, fetch_release, fetch_study, import_file
from marsad.workbench.cache import cached

SOURCE = """
@misc{acled,
  author = {{Example Register}},
  title = {A living register of events},
  date = {2025},
  kind = {secondary},
  reliability = {B},
}
"""
GONE = 1_690_000_000
"""22 July 2023."""


def event(number: int, **values: Any) -> dict[str, Any]:
    return {
        "event_id_cnty": f"PAK{number}",
        "event_date": f"2022-03-{number:02}",
        "time_precision": "1",
        "disorder_type": "Political violence",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Rebels",
        "inter1": "Rebel group",
        "actor2": "Military Forces",
        "inter2": "State forces",
        "iso": 586,
        "country": "Pakistan",
        "admin1": "Balochistan",
        "location": "Turbat",
        "latitude": "26.0",
        "longitude": "63.04",
        "geo_precision": "1",
        "fatalities": "3",
        "timestamp": GONE - 100,
    } | values


def gone(number: int, moment: int = GONE) -> dict[str, Any]:
    return {"event_id_cnty": f"PAK{number}", "deleted_timestamp": moment}


class Api:
    """Answers as ACLED does, all on one page."""

    def __init__(self) -> None:
        self.events = [event(n) for n in range(1, 5)]
        self.deleted: list[dict[str, Any]] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"token_type": "Bearer", "expires_in": 86400, "access_token": "abcdefgh"})
        rows = self.deleted if "deleted" in request.url.path else self.events
        data = rows if request.url.params["page"] == "1" else []
        return httpx.Response(200, json={"status": 200, "success": True, "count": len(data), "data": data})


OFFLINE = httpx.MockTransport(lambda request: pytest.fail(f"{request.url} was asked for"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARSAD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MARSAD_ACLED_USERNAME", "someone@example.org")
    monkeypatch.setenv("MARSAD_ACLED_PASSWORD", "pass-word-of-nobody")


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    new_study(folder, title="A study")
    places = folder / "places.csv"
    places.write_text(places.read_text().replace("country,Country,", "country,Pakistan,", 1))
    asked = "analyses:\n          - name: registers\n          - name: timeline"
    text = (folder / "study.yaml").read_text()
    assert "analyses:\n          - name: timeline" in text
    (folder / "study.yaml").write_text(text.replace("analyses:\n          - name: timeline", asked, 1))
    with (folder / "sources.bib").open("a") as file:
        file.write(SOURCE)
    return folder


def fetched(study: Path, api: Api) -> FetchedRelease:
    release = DataRelease(id="living", connector="acled", source="acled", query={"country": "Pakistan"})
    return fetch_release(study, release, transport=api.transport)


def counted(study: Path) -> list[str]:
    built = build(Workbench(study))
    return [row["source_id"] for row in read_rows(built.folder / "releases" / "living.parquet")]


def test_an_event_on_the_list_is_not_counted_and_told_with_its_number(study: Path, api: Api) -> None:
    api.deleted = [gone(2), gone(99), gone(3, GONE - 500)]
    made = fetched(study, api)
    (note,) = made.notes
    assert "the producer has withdrawn 3 records in all" in note
    assert "1 of them is still among the records fetched, and a build puts them aside" in note
    assert counted(study) == ["PAK1", "PAK3", "PAK4"], "PAK3 was entered again"
    table = study / "build" / "releases" / "living.parquet"
    audit = read_metadata(table)["audit"]
    assert (audit["read"], audit["kept"]) == (4, 3)
    assert audit["quarantined"] == {"event_id_cnty: withdrawn by the producer since": 1}
    assert audit["remarks"]["withdrawn by the producer once, and entered again since"]["rows"] == [3]
    with table.with_name("living.quarantine.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["row"], row["source_id"], row["value"]) == ("2", "PAK2", "PAK2 on 2023-07-22")
    assert json.loads(row["verbatim"])["fatalities"] == "3", "nothing of it is lost"
    (register,) = Workbench(study).registered.registers
    assert (register.records, sum(month.best or 0 for month in register.months)) == (3, 9)


def test_the_report_says_how_many_were_withdrawn_and_that_the_others_can_be_right(study: Path, api: Api) -> None:
    api.deleted = [gone(2)]
    fetched(study, api)
    finding = Workbench(study).run("registers")
    told = {check.name.partition(":")[0]: check for check in finding.checks}
    assert told["Withdrawn"].text == "1 record that ACLED has withdrawn since, not counted here."
    assert told["Withdrawn"].status is CheckStatus.INFORM
    assert told["Every record can be right"].status is CheckStatus.PASS


def test_an_update_takes_the_withdrawals_and_leaves_the_old_snapshot_as_it_was(study: Path, api: Api) -> None:
    before = fetched(study, api)
    content = before.path.read_bytes()
    assert before.pin.withdrawn is None
    assert "withdrawn" not in (study / LOCK_FILE).read_text()
    assert counted(study) == ["PAK1", "PAK2", "PAK3", "PAK4"]
    api.events, api.deleted = [*api.events[1:], event(5)], [gone(1), gone(4)]
    (unchanged,) = fetch_study(study, transport=OFFLINE)
    assert unchanged.pin == before.pin
    (after,) = fetch_study(study, update=True, transport=api.transport)
    (note,) = [note for note in after.notes if "added" in note]
    assert "1 added, 0 records changed, 2 withdrawn (PAK1, PAK4), 2 of them on the producer's list" in note
    assert counted(study) == ["PAK2", "PAK3", "PAK5"]
    assert cached(before.pin).read_bytes() == content
    assert load_study(study).lock.pins == (after.pin,)


def test_the_same_events_with_a_longer_list_are_another_release(study: Path, api: Api) -> None:
    api.deleted = [gone(1)]
    first = fetched(study, api)
    assert first.pin.withdrawn_pin is not None
    older = cached(first.pin.withdrawn_pin)
    api.deleted = [gone(1), gone(2)]
    (same,) = fetch_study(study, transport=OFFLINE)
    assert same.pin == first.pin
    (second,) = fetch_study(study, update=True, transport=api.transport)
    assert second.is_changed
    assert second.pin.sha256 == first.pin.sha256
    assert [note for note in second.notes if "1 withdrawn (PAK2)" in note]
    assert counted(study) == ["PAK3", "PAK4"]
    assert len(older.read_text().splitlines()) == 1, "the list of then is still there"


def test_a_list_that_is_lost_or_damaged_is_fetched_again(study: Path, api: Api) -> None:
    api.deleted = [gone(1)]
    made = fetched(study, api)
    assert made.pin.withdrawn_pin is not None
    path = cached(made.pin.withdrawn_pin)
    path.write_text("{}\n")
    with pytest.raises(NotFoundError, match=r"acled-deleted\.jsonl is not the file that data\.lock names"):
        build(Workbench(study))
    (again,) = fetch_study(study, transport=api.transport)
    assert again.fetched
    assert again.pin.withdrawn == made.pin.withdrawn
    assert counted(study) == ["PAK2", "PAK3", "PAK4"]
    path.unlink()
    api.deleted = [gone(1), gone(2)]
    with pytest.raises(InputError, match="marsad fetch --update"):
        fetch_study(study, transport=api.transport)


def test_all_of_them_withdrawn_is_said(study: Path, api: Api) -> None:
    api.deleted = [gone(n) for n in range(1, 5)]
    fetched(study, api)
    with pytest.raises(InputError, match=r"none of its 4 records could be kept.*withdrawn by the producer"):
        build(Workbench(study))


def test_a_source_without_such_a_list_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("{}\n")
    with pytest.raises(InputError, match="gives no list of withdrawn records"):
        import_file(connector("gtd"), path, tmp_path / "t.parquet", options=ImportOptions(withdrawn=path))
