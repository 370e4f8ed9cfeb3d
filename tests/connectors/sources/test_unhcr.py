"""UNHCR: a row for each measure that is stated; codes that are no country; the paged service."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import httpx
import pytest

from marsad.connectors import connector
from marsad.connectors.transport import FetchError
from marsad.errors import InputError


def item(**values: Any) -> dict[str, Any]:
    """A record in the shape of the service."""
    return {
        "year": 2023,
        "coo_id": 1,
        "coo_name": "Afghanistan",
        "coo": "AFG",
        "coo_iso": "AFG",
        "coa_id": 2,
        "coa_name": "Pakistan",
        "coa": "PAK",
        "coa_iso": "PAK",
        "refugees": 1987700,
        "asylum_seekers": 0,
        "returned_refugees": "120",
        "idps": 0,
        "returned_idps": 0,
        "stateless": 0,
        "ooc": "0",
        "oip": "-",
        "hst": 0,
    } | values


def test_a_row_for_each_measure_that_is_stated(read: Any, write: Any) -> None:
    found = read("unhcr-population", write("a.jsonl", [item()]))
    by_measure = {row["measure"]: row for row in found.rows}
    assert len(found.rows) == 8  # all but `oip`; a stated nought is stated
    assert by_measure["refugees"]["best"] == 1_987_700
    assert by_measure["stateless"]["best"] == 0
    assert "others in need of international protection" not in by_measure
    refugees, returned = by_measure["refugees"], by_measure["returned refugees"]
    assert (refugees["country"], refugees["counterpart"]) == ("AFG", "PAK")
    assert refugees["period_start"] == refugees["period_end"] == dt.date(2023, 12, 31)
    assert (returned["period_start"], returned["best"]) == (dt.date(2023, 1, 1), 120)
    assert len({row["record"] for row in found.rows}) == 8
    assert found.audit.leftover == Counter()


@pytest.mark.parametrize(("code", "what"), [("UNK", "not known"), ("XXA", "stateless"), ("TIB", "Tibetans")])
def test_codes_that_are_no_country(read: Any, write: Any, code: str, what: str) -> None:
    found = read("unhcr-population", write("a.jsonl", [item(coo_iso=code, coo_name="Other")]))
    assert all(row.get("country") is None and row["country_reported"] == "Other" for row in found.rows)
    assert any(code in text and what in text for text in found.audit.remarks)
    assert not found.audit.unknown


def test_a_code_that_nobody_knows_is_reported(read: Any, write: Any) -> None:
    found = read("unhcr-solutions", write("a.json", f'{{"items": [{SOLUTION.replace("AFG", "QQQ")}]}}'))
    assert found.audit.unknown == {("coo_iso", "QQQ"): 1}


SOLUTION = (
    '{"year": 2022, "coo_name": "A", "coo": "AFG", "coo_iso": "AFG", "coa_name": "P", "coa": "PAK", "coa_iso": "PAK",'
    ' "returned_refugees": "*", "resettlement": 5, "naturalisation": "-", "returned_idps": null}'
)


def test_an_asterisk_is_one_to_four(read: Any, write: Any) -> None:
    found = read("unhcr-solutions", write("a.json", f"[{SOLUTION}]"))
    returned, resettled = found.rows
    assert (returned["low"], returned.get("best"), returned["high"]) == (1, None, 4)
    assert resettled["best"] == 5
    assert any("1 to 4" in text for text in found.audit.remarks)


def test_wrong_records_are_put_aside(read: Any, write: Any) -> None:
    records = [item(), item(refugees=-4), item(year="19"), item(refugees="many")]
    found = read("unhcr-population", write("a.jsonl", records))
    assert found.audit.kept == 1
    assert found.audit.reasons == {
        "refugees: a number of people below zero": 1,
        "year: not a year": 1,
        "refugees: not a number": 1,
    }


def test_a_changed_field_is_named(read: Any, write: Any) -> None:
    record = item()
    record["refugees_total"] = record.pop("refugees")
    with pytest.raises(InputError, match="there is no field 'refugees'"):
        read("unhcr-population", write("a.jsonl", [record]))


@pytest.mark.parametrize(
    ("name", "records", "rows"),
    [("population", 138_893, 1_111_299), ("solutions", 21_258, 23_477), ("flows", 105_868, 108_717)],
)
def test_the_real_files(shared: Any, name: str, records: int, rows: int) -> None:
    from marsad.connectors import RowAudit  # noqa: PLC0415 - the rows of this test are not kept

    audit = RowAudit()
    total = 0.0
    for row in connector(f"unhcr-{name}").table_rows(shared(f"unhcr/{name}.parquet"), release="r", audit=audit):
        total += row["best"]
    assert (audit.read, audit.kept, audit.made) == (records, records, rows)
    assert not audit.quarantined
    assert audit.leftover == Counter()
    assert audit.unknown == Counter()
    assert total > 0


# --- fetching ---


def paged(pages: list[list[dict[str, Any]]]) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        body = {"page": number, "maxPages": len(pages), "total": [], "items": pages[number - 1]}
        return httpx.Response(200, json=body)

    return answer


PAGES = [[item(year=2020), item(year=2021)], [item(year=2022)], [item(year=2023)]]


def test_all_pages_are_fetched(service: Any, read: Any) -> None:
    service.answer = paged(PAGES)
    fetched = service.fetch("unhcr-population", {"from": "2020", "origin": "afg,pak"})
    assert fetched.version == "2026-09-21"
    assert [row["period_end"].year for row in read("unhcr-population", fetched.path).rows[::8]] == [
        2020,
        2021,
        2022,
        2023,
    ]
    asked = service.asked[0]
    assert asked.path == "/population/v1/population/"
    assert dict(asked.params) == {
        "cf_type": "ISO",
        "coo": "AFG,PAK",
        "coa_all": "true",
        "yearFrom": "2020",
        "page": "1",
        "limit": "1000",
    }


def test_429_a_cut_body_and_resuming(service: Any, read: Any) -> None:
    """Too fast at first, then half an answer, then the service is gone on page 3; the next run asks for page 3 only."""
    normal = paged(PAGES)
    body = normal(httpx.Request("GET", "http://a/?page=1")).content
    first = iter([httpx.Response(429, headers={"retry-after": "3"}), httpx.Response(200, content=body[:50])])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["page"] == "3":
            return httpx.Response(403, text="closed")
        return next(first, None) or normal(request)

    service.answer = answer
    with pytest.raises(FetchError, match="403"):
        service.fetch("unhcr-population")
    assert service.clock.slept[0] == 3.0
    service.asked.clear()
    service.answer = normal
    fetched = service.fetch("unhcr-population")
    assert [url.params["page"] for url in service.asked] == ["3"]
    assert read("unhcr-population", fetched.path).audit.read == 4


def test_another_shape_is_an_error(service: Any) -> None:
    service.answer = lambda _: httpx.Response(200, json={"results": []})
    with pytest.raises(FetchError, match="no list of records `items`"):
        service.fetch("unhcr-population")


def test_no_record_is_an_error(service: Any) -> None:
    service.answer = paged([[]])
    with pytest.raises(InputError, match="no record fits the query"):
        service.fetch("unhcr-solutions", {"origin": "ATA"})


@pytest.mark.parametrize(
    ("query", "message"), [({"from": "23"}, "is not a year"), ({"year": "2020"}, "no option 'year'")]
)
def test_wrong_queries(service: Any, query: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        service.fetch("unhcr-population", query)


def test_flows_are_a_file_that_the_user_has() -> None:
    assert connector("unhcr-flows").fetch is None
