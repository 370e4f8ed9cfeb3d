"""ReliefWeb: reports are documents with their publishers, countries and text."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import httpx
import pytest

from marsad.connectors.transport import ChangedError
from marsad.errors import InputError, NotFoundError

SECRET = {"MARSAD_RELIEFWEB_APPNAME": "institute-study-x7f3"}


def report(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A report in the shape of version 2."""
    given = {
        "id": number,
        "title": "Floods and displacement",
        "status": "published",
        "body": "Plain **text**",
        "body-html": "<p>Many <b>people</b> left.</p><p>Some came back &amp; stayed.</p><script>x()</script>",
        "date": {"created": "2024-05-03T10:00:00+00:00", "original": "2024-05-02T00:00:00+00:00"},
        "language": [{"id": 267, "name": "English", "code": "en"}],
        "source": [{"id": 1503, "name": "UN OCHA", "shortname": "OCHA"}, {"name": "WFP"}],
        "country": [{"iso3": "pak", "name": "Pakistan", "primary": True}, {"iso3": "afg"}, {"iso3": "wld"}],
        "url": f"https://reliefweb.int/node/{number}",
        "format": [{"name": "Situation Report"}],
    }
    return {
        "id": str(number),
        "score": 1,
        "href": f"https://api.reliefweb.int/v2/reports/{number}",
        "fields": given | fields,
    }


def without(*names: str) -> dict[str, Any]:
    """A report that lacks these fields."""
    found = report()
    return found | {"fields": {name: value for name, value in found["fields"].items() if name not in names}}


def test_a_report_is_a_document(read: Any, write: Any) -> None:
    found = read("reliefweb", write("a.jsonl", [report(4012)]))
    (row,) = found.rows
    assert row["source_id"] == "4012"
    assert row["date"] == dt.date(2024, 5, 2)
    assert row["language"] == "en"
    assert row["producers"] == ["UN OCHA", "WFP"]
    assert row["countries"] == ["PAK", "AFG"]
    assert row["body"] == "Many people left.\n\nSome came back & stayed."
    assert row["url"] == "https://reliefweb.int/node/4012"
    assert found.audit.leftover == Counter()
    assert not found.audit.unknown


def test_a_report_without_html_keeps_its_plain_text(read: Any, write: Any) -> None:
    found = read("reliefweb", write("a.jsonl", [without("body-html")]))
    assert found.rows[0]["body"] == "Plain **text**"


def test_a_report_that_is_a_file_only(read: Any, write: Any) -> None:
    found = read("reliefweb", write("a.jsonl", [without("body-html", "body")]))
    assert "body" not in found.rows[0]
    assert found.audit.remarks["no text: the report is a file"].count == 1


def test_new_fields_and_unknown_countries_are_reported(read: Any, write: Any) -> None:
    found = read("reliefweb", write("a.jsonl", [report(mood="grim", country=[{"iso3": "qqq"}])]))
    assert found.audit.leftover == {"fields.mood": 1}
    assert found.audit.unknown == {("country.iso3", "qqq"): 1}


def test_wrong_records(read: Any, write: Any) -> None:
    records = [report(), report(2) | {"fields": "none"}, report(3, date={"original": "yesterday"})]
    found = read("reliefweb", write("a.jsonl", records))
    assert found.audit.reasons == {
        "fields: no fields of a report": 1,
        "date.original: not a day in the form YYYY-MM-DD": 1,
    }


def served(reports: list[dict[str, Any]], size: int) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["offset"])
        found = reports[start : start + size]
        return httpx.Response(200, json={"totalCount": len(reports), "count": len(found), "data": found})

    return answer


def test_pages_and_conditions(service: Any, read: Any) -> None:
    service.secrets = SECRET
    service.answer = served([report(number) for number in range(5)], 2)
    query = {"country": "PAK, AFG", "from": "2024-01-01", "to": "2024-06-30", "source": "OCHA", "search": "border"}
    fetched = service.fetch("reliefweb", query)
    assert [row["source_id"] for row in read("reliefweb", fetched.path).rows] == ["0", "1", "2", "3", "4"]
    asked = service.asked[0].params
    assert asked["appname"] == SECRET["MARSAD_RELIEFWEB_APPNAME"]
    assert asked.get_list("filter[conditions][0][value][]") == ["pak", "afg"]
    assert asked["filter[conditions][1][field]"] == "date.original"
    assert asked["filter[conditions][1][value][from]"] == "2024-01-01T00:00:00+00:00"
    assert asked["filter[conditions][1][value][to]"] == "2024-06-30T23:59:59+00:00"
    assert asked["filter[conditions][2][value]"] == "OCHA"
    assert asked["query[value]"] == "border"
    assert "body-html" in asked.get_list("fields[include][]")
    assert "institute" not in fetched.url


def test_reports_that_go_missing_meanwhile(service: Any) -> None:
    service.secrets = SECRET
    service.answer = lambda request: httpx.Response(
        200, json={"totalCount": 3, "data": [report()] if request.url.params["offset"] == "0" else []}
    )
    with pytest.raises(ChangedError, match="1 records came, the server named 3"):
        service.fetch("reliefweb")


def test_429(service: Any) -> None:
    service.secrets = SECRET
    normal = served([report()], 2)
    first = iter([httpx.Response(429, headers={"retry-after": "30"})])
    service.answer = lambda request: next(first, None) or normal(request)
    service.fetch("reliefweb")
    assert service.clock.slept == [30.0]


def test_no_name_of_an_application(service: Any) -> None:
    with pytest.raises(NotFoundError, match="MARSAD_RELIEFWEB_APPNAME"):
        service.fetch("reliefweb")


def test_a_wrong_day(service: Any) -> None:
    service.secrets = SECRET
    with pytest.raises(InputError, match="to: '2024' is not a day"):
        service.fetch("reliefweb", {"to": "2024"})
