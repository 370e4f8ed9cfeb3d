"""HDX HAPI: ACLED's events added up by month and area."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import httpx
import pytest

from marsad.connectors.transport import FetchError
from marsad.errors import InputError, NotFoundError

NAME = "hdx-hapi-conflict-events"


def record(**values: Any) -> dict[str, Any]:
    """A record in the shape of version 2."""
    return {
        "resource_hdx_id": "a-b",
        "admin2_ref": 4,
        "event_type": "political_violence",
        "events": 12,
        "fatalities": 30,
        "reference_period_start": "2024-02-01T00:00:00",
        "reference_period_end": "2024-02-29T00:00:00",
        "location_ref": 1,
        "location_code": "PAK",
        "location_name": "Pakistan",
        "has_hrp": False,
        "in_gho": True,
        "provider_admin1_name": "Balochistan",
        "provider_admin2_name": "Quetta",
        "admin1_ref": 2,
        "admin1_code": "PK2",
        "admin1_name": "Balochistan",
        "admin2_code": "PK229",
        "admin2_name": "Quetta",
        "admin_level": 2,
    } | values


def test_events_and_deaths_are_figures(read: Any, write: Any) -> None:
    found = read(NAME, write("a.jsonl", [record()]))
    events, deaths = found.rows
    assert (events["measure"], events["unit"], events["best"]) == ("political violence: events", "count", 12)
    assert (deaths["measure"], deaths["unit"], deaths["best"]) == ("political violence: fatalities", "persons", 30)
    assert (events["period_start"], events["period_end"]) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert (events["country"], events["admin1"], events["admin2_code"]) == ("PAK", "Balochistan", "PK229")
    assert "deaths_best" not in events
    assert found.audit.leftover == Counter()


def test_what_is_not_stated_makes_no_row(read: Any, write: Any) -> None:
    found = read(NAME, write("a.jsonl", [record(event_type="demonstration", fatalities=None)]))
    assert [row["measure"] for row in found.rows] == ["demonstrations: events"]


def test_a_place_without_a_code_keeps_the_providers_name(read: Any, write: Any) -> None:
    found = read(NAME, write("a.jsonl", [record(admin2_name=None, admin2_code=None)]))
    assert found.rows[0]["admin2"] == "Quetta"
    assert "admin2_code" not in found.rows[0]


def test_wrong_and_unknown(read: Any, write: Any) -> None:
    records = [record(event_type="riots"), record(events=-1), record(reference_period_start="2024-02-31")]
    found = read(NAME, write("a.jsonl", records))
    assert found.audit.unknown == {("event_type", "riots"): 1}
    assert found.audit.reasons == {
        "events: a count below zero": 1,
        "reference_period_start: not a day of the calendar": 1,
    }


def test_pages_by_offset(service: Any, read: Any) -> None:
    pages = {"0": [record(events=1), record(events=2)], "2": [record(events=3)], "3": []}
    service.secrets = {"MARSAD_HAPI_APP_IDENTIFIER": "bWFyc2FkOmFAYi5jZA=="}
    service.answer = lambda request: httpx.Response(200, json={"data": pages[request.url.params["offset"]]})
    query = {"country": "pak", "from": "2024-01-01", "level": "2"}
    fetched = service.fetch(NAME, query)
    assert [row["best"] for row in read(NAME, fetched.path).rows[::2]] == [1, 2, 3]
    asked = service.asked[0].params
    assert (asked["location_code"], asked["start_date"], asked["admin_level"]) == ("PAK", "2024-01-01", "2")
    assert asked["app_identifier"] == "bWFyc2FkOmFAYi5jZA=="
    assert "app_identifier" not in fetched.url
    assert all(b"bWFyc2FkOmFAYi5jZA" not in path.read_bytes() for path in service.folder.rglob("*") if path.is_file())


def test_the_secret_stays_out_of_errors(service: Any) -> None:
    service.secrets = {"MARSAD_HAPI_APP_IDENTIFIER": "bWFyc2FkOmFAYi5jZA=="}
    service.answer = lambda request: httpx.Response(403, text=f"no: {request.url}")
    with pytest.raises(FetchError) as caught:
        service.fetch(NAME)
    assert "bWFyc2Fk" not in str(caught.value)


def test_a_missing_secret_says_where_to_get_it(service: Any) -> None:
    with pytest.raises(NotFoundError, match="MARSAD_HAPI_APP_IDENTIFIER"):
        service.fetch(NAME)
    assert not service.asked


def test_a_wrong_day(service: Any) -> None:
    with pytest.raises(InputError, match="is not a day"):
        service.fetch(NAME, {"from": "2024-13-01"})
