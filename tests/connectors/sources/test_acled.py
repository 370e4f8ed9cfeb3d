"""ACLED: records of its API and of exports, and a fetch with one's own account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from marsad.connectors import FetchContext, RowAudit, connector
from marsad.connectors.crosswalks import kind_of
from marsad.connectors.snapshots import compare_snapshots
from marsad.connectors.transport import Client, Credentials, FetchError
from marsad.errors import InputError, NotFoundError

ACCOUNT = {"MARSAD_ACLED_USERNAME": "someone@example.org", "MARSAD_ACLED_PASSWORD": "pass-word-of-nobody"}
EVENT: dict[str, Any] = {
    "event_id_cnty": "PAK1",
    "event_date": "2023-01-30",
    "year": "2023",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Rebels",
    "assoc_actor_1": "",
    "inter1": "Rebel group",
    "actor2": "Military Forces",
    "assoc_actor_2": "",
    "inter2": "State forces",
    "interaction": "State forces-Rebel group",
    "civilian_targeting": "",
    "iso": 586,
    "region": "South Asia",
    "country": "Pakistan",
    "admin1": "Balochistan",
    "admin2": "Kech",
    "admin3": "Turbat",
    "location": "Turbat",
    "latitude": "26.0",
    "longitude": "63.04",
    "geo_precision": "1",
    "source": "Dawn",
    "source_scale": "National",
    "notes": "A clash.",
    "fatalities": "3",
    "tags": "",
    "timestamp": 1675200000,
}


def _rows(tmp_path: Path, *changes: Mapping[str, Any]) -> tuple[list[dict[str, Any]], RowAudit]:
    path = tmp_path / "acled.jsonl"
    path.write_text("".join(json.dumps({**EVENT, **change}) + "\n" for change in changes), encoding="utf-8")
    return _read(path)


def _read(path: Path) -> tuple[list[dict[str, Any]], RowAudit]:
    audit = RowAudit()
    return list(connector("acled").table_rows(path, release="r", audit=audit)), audit


def test_an_event(tmp_path: Path) -> None:
    (row,), audit = _rows(tmp_path, {})
    assert (row["source_id"], row["country"], row["place"]) == ("PAK1", "PAK", "Turbat")
    assert (row["kind"], row["subkind"], row["violence_type"]) == ("battle", "armed_clash", "state_based")
    assert (row["plover"], row["place_precision"], row["radius_km"]) == ("ASSAULT", "point", 5)
    assert (row["deaths_best"], row.get("deaths_low"), row.get("deaths_high")) == (3, None, None)
    assert (row["side_a"], row["side_b"], row["text"], row["sources"]) == (
        "Rebels",
        "Military Forces",
        "A clash.",
        "Dawn",
    )
    assert not audit.leftover
    assert not audit.unknown
    assert not audit.remarks


def test_nothing_of_it_may_be_passed_on() -> None:
    assert not connector("acled").spec.may_redistribute
    assert not connector("gtd").spec.may_redistribute


@pytest.mark.parametrize(
    ("precision", "day", "start", "end", "word"),
    [
        ("1", "2023-01-30", "2023-01-30", "2023-01-30", "day"),
        ("2", "30 January 2023", "2023-01-27", "2023-02-02", "week"),
        (3, "15-Feb-2024", "2024-02-01", "2024-02-29", "month"),
    ],
)
def test_dates(tmp_path: Path, precision: Any, day: str, start: str, end: str, word: str) -> None:
    (row,), _ = _rows(tmp_path, {"time_precision": precision, "event_date": day})
    assert (str(row["date_start"]), str(row["date_end"]), row["date_precision"]) == (start, end, word)


@pytest.mark.parametrize(("code", "word", "radius"), [("1", "point", 5), (2, "near", 25), ("3", "admin1", 150)])
def test_places(tmp_path: Path, code: Any, word: str, radius: float) -> None:
    (row,), _ = _rows(tmp_path, {"geo_precision": code})
    assert (row["place_precision"], row["radius_km"]) == (word, radius)


def test_the_25_sub_event_types_belong_in_the_6_types() -> None:
    lookups = connector("acled").spec.lookups
    assert len(lookups["kind"]) == 6
    assert len(lookups["subkind"]) == 25
    assert {kind_of(str(subkind)) for subkind in lookups["subkind"].values()} == set(lookups["kind"].values())


@pytest.mark.parametrize(
    ("kind", "first", "second", "found"),
    [
        ("Battles/Armed clash", "1", "2", "state_based"),
        ("Battles/Armed clash", "Rebel forces", "Political militia", "non_state"),
        ("Battles/Armed clash", "8", "1", "state_based"),
        ("Battles/Armed clash", "State forces", "Political militia", None),
        ("Explosions/Remote violence/Grenade", "Rebel group", "Civilians", "one_sided"),
        ("Violence against civilians/Attack", 1, 7, "one_sided"),
        ("Violence against civilians/Attack", 3, 7, None),
        ("Protests/Peaceful protest", "Protesters", "", None),
        ("Battles/Armed clash", 2, 0, None),
    ],
)
def test_type_of_violence_only_where_ucdp_settles_it(
    tmp_path: Path, kind: str, first: Any, second: Any, found: str | None
) -> None:
    *types, sub = kind.split("/")
    change = {"event_type": "/".join(types), "sub_event_type": sub, "inter1": first, "inter2": second}
    (row,), audit = _rows(tmp_path, change)
    assert row.get("violence_type") == found
    assert not audit.unknown


def test_what_nobody_knows_is_reported_and_what_does_not_fit_is_remarked(tmp_path: Path) -> None:
    changes = {"disorder_type": "Chaos", "inter1": "Robots", "time_precision": "7", "sub_event_type": "Grenade"}
    (row,), audit = _rows(tmp_path, changes)
    assert set(audit.unknown) == {("disorder_type", "Chaos"), ("inter1", "Robots"), ("time_precision", "7")}
    assert list(audit.remarks) == ["sub_event_type grenade does not belong in event_type battle"]
    assert row["date_precision"] is None


def test_a_country_without_a_number_is_known_by_its_name(tmp_path: Path) -> None:
    (row,), audit = _rows(tmp_path, {"iso": 0, "country": "Kosovo"})
    assert row["country"] == "XKX"
    assert not audit.unknown


def test_wrong_rows_are_put_aside_with_reason_and_count(tmp_path: Path) -> None:
    rows, audit = _rows(tmp_path, {"fatalities": "-1"}, {"event_date": ""}, {"fatalities": "-2"}, {})
    assert len(rows) == 1
    assert audit.reasons == {"deaths_best: a count below zero": 2, "event_date: no date, which every event has": 1}


def test_an_export_of_older_days_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    old = {key: value for key, value in EVENT.items() if key != "disorder_type"} | {"data_id": 1, "inter1": 2}
    path.write_text(f"{','.join(old)}\n{','.join(str(value) for value in old.values())}\n", encoding="utf-8")
    (row,), audit = _read(path)
    assert row["source_id"] == "PAK1"
    assert not audit.leftover


# --- the API ---


class _Api:
    """Answers as the API does: a token for name and password, pages from 1, the withdrawn elsewhere."""

    def __init__(
        self, events: list[dict[str, Any]], deleted: list[dict[str, Any]] | None = None, size: int = 2
    ) -> None:
        self.tables = {"/api/acled/read": events, "/api/deleted/read": deleted or []}
        self.size = size
        self.log: list[tuple[str, dict[str, str]]] = []
        self.forms: list[dict[str, list[str]]] = []
        self.holds = 100

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            self.forms.append(parse_qs(request.content.decode()))
            self.holds = 100 if len(self.forms) > 1 else self.holds
            body = {"token_type": "Bearer", "expires_in": 86400, "access_token": f"token-number-{len(self.forms)}"}
            return httpx.Response(200, json=body | {"refresh_token": f"refresh-number-{len(self.forms)}"})
        params = dict(request.url.params)
        self.log.append((request.url.path, params))
        self.holds -= 1
        if self.holds < 0 or request.headers.get("authorization") != f"Bearer token-number-{len(self.forms)}":
            return httpx.Response(401, json={"message": "expired"})
        first = (int(params["page"]) - 1) * self.size
        data = self.tables[request.url.path][first : first + self.size]
        return httpx.Response(200, json={"status": 200, "success": True, "count": len(data), "data": data})


def _events(count: int) -> list[dict[str, Any]]:
    return [EVENT | {"event_id_cnty": f"PAK{number}"} for number in range(count)]


def _fetch(tmp_path: Path, api: Any, **query: str) -> tuple[Any, list[float]]:
    waits: list[float] = []
    client = Client(httpx.MockTransport(api), sleep=waits.append, draw=lambda: 0.0, clock=lambda: 1_700_000_000.0)
    fetch = connector("acled").fetch
    assert fetch is not None
    with client:
        context = FetchContext(client, Credentials(ACCOUNT, use_keyring=False), tmp_path, query)
        found = fetch(context)
        assert client.access is None, "the client is as it was"
    return found, waits


def test_a_fetch_is_a_snapshot_of_the_day_with_the_withdrawn_beside_it(tmp_path: Path) -> None:
    deleted = [{"event_id_cnty": "PAK99", "deleted_timestamp": 1690000000}]
    api = _Api(_events(5), deleted)
    found, _ = _fetch(tmp_path, api, country="Pakistan", start="2023-01-01", deleted_since="2023-07-01")
    assert found.version == "2023-11-14"
    assert [row["source_id"] for row in _read(found.path)[0]] == [f"PAK{number}" for number in range(5)]
    assert [json.loads(line) for line in found.deleted.read_text().splitlines()] == deleted
    path, params = api.log[0]
    assert (path, params["limit"], params["page"], params["_format"]) == ("/api/acled/read", "5000", "1", "json")
    assert (params["country"], params["event_date"]) == ("Pakistan", "2023-01-01|2999-12-31")
    assert (params["event_date_where"], api.log[-1][1]["deleted_timestamp_where"]) == ("BETWEEN", ">=")
    assert api.log[-1][1]["deleted_timestamp"] == "1688169600"
    assert [params["page"] for path, params in api.log if path == "/api/acled/read"] == ["1", "2", "3", "4"]


def test_the_account_buys_the_token_and_stands_nowhere_else(tmp_path: Path) -> None:
    api = _Api(_events(1))
    _fetch(tmp_path, api)
    (form,) = api.forms
    assert form == {
        "username": [ACCOUNT["MARSAD_ACLED_USERNAME"]],
        "password": [ACCOUNT["MARSAD_ACLED_PASSWORD"]],
        "grant_type": ["password"],
        "client_id": ["acled"],
        "scope": ["authenticated"],
    }
    secrets = (*ACCOUNT.values(), "token-number-1", "refresh-number-1")
    kept = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert [secret for secret in secrets if secret in kept or secret in str(api.log)] == []


def test_a_token_that_expires_midway_is_renewed_and_the_same_page_asked_again(tmp_path: Path) -> None:
    api = _Api(_events(6))
    api.holds = 2
    found, _ = _fetch(tmp_path, api)
    pages = [params["page"] for path, params in api.log if path == "/api/acled/read"]
    assert pages == ["1", "2", "3", "3", "4"]
    assert [form["grant_type"] for form in api.forms] == [["password"], ["refresh_token"]]
    assert len(_read(found.path)[0]) == 6


def test_too_fast_and_truncated_answers_are_asked_again(tmp_path: Path) -> None:
    api = _Api(_events(3))
    bad = [httpx.Response(429, headers={"retry-after": "11"}), httpx.Response(200, text='{"data": [{"event_id_c')]

    def server(request: httpx.Request) -> httpx.Response:
        return bad.pop(0) if bad and request.url.path == "/api/acled/read" else api(request)

    found, waits = _fetch(tmp_path, server)
    assert waits[0] == 11
    assert len(_read(found.path)[0]) == 3


def test_an_interrupted_fetch_goes_on_at_the_page_that_it_missed(tmp_path: Path) -> None:
    api = _Api(_events(6))

    def dying(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403) if request.url.params.get("page") == "3" else api(request)

    with pytest.raises(FetchError, match="403"):
        _fetch(tmp_path, dying)
    api.log.clear()
    found, _ = _fetch(tmp_path, api)
    assert [params["page"] for path, params in api.log if path == "/api/acled/read"] == ["3", "4"]
    assert len(_read(found.path)[0]) == 6


def test_an_account_that_may_not_read_is_told_so(tmp_path: Path) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        return _Api([])(request) if request.url.path == "/oauth/token" else httpx.Response(200, json={"message": "No."})

    with pytest.raises(FetchError, match="no list of records"):
        _fetch(tmp_path, server)


def test_a_changed_column_is_a_clear_error(tmp_path: Path) -> None:
    events = [{("deaths" if key == "fatalities" else key): value for key, value in EVENT.items()}]
    found, _ = _fetch(tmp_path, _Api(events))
    with pytest.raises(InputError, match=r"no field 'fatalities'.*ACLED has renamed it"):
        _read(found.path)


def test_a_retroactive_edit_and_a_deletion_between_two_snapshots(tmp_path: Path) -> None:
    before, after = _events(3), _events(3)
    after = [after[0], after[2] | {"fatalities": "5", "timestamp": 1680000000}]
    tables = []
    for name, events in (("before", before), ("after", after)):
        (tmp_path / name).mkdir()
        tables.append(_read(_fetch(tmp_path / name, _Api(events))[0].path)[0])
    found = compare_snapshots(*tables)
    assert (found.added, found.withdrawn, found.same) == ((), ("PAK1",), 1)
    assert [(one.source_id, one.columns, one.after) for one in found.changed] == [
        ("PAK2", ("deaths_best",), {"deaths_best": 5})
    ]


def test_nothing_found_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no event fits"):
        _fetch(tmp_path, _Api([]))


def test_without_an_account_it_says_what_to_set(tmp_path: Path) -> None:
    client = Client(httpx.MockTransport(_Api([])))
    fetch = connector("acled").fetch
    assert fetch is not None
    with pytest.raises(NotFoundError, match="MARSAD_ACLED_USERNAME and MARSAD_ACLED_PASSWORD"):
        fetch(FetchContext(client, Credentials({}, use_keyring=False), tmp_path, {}))
