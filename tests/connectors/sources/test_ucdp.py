"""UCDP's events, country-years and actors, from files and from the API in its documented shape."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from marsad.connectors import FetchContext, RowAudit, connector
from marsad.connectors.snapshots import compare_snapshots
from marsad.connectors.transport import Client, Credentials, FetchError
from marsad.connectors.ucdp import country_numbers
from marsad.errors import InputError, NotFoundError

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "ucdp"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
TOKEN = "a-secret-of-thirty-two-letters-xx"  # noqa: S105 - of no account
EVENT: dict[str, Any] = {
    "id": 101,
    "relid": "AFG-2021-1-1-1",
    "year": 2021,
    "active_year": True,
    "code_status": "Clear",
    "type_of_violence": 1,
    "conflict_dset_id": "333",
    "conflict_new_id": 333,
    "conflict_name": "A: Government",
    "dyad_dset_id": "735",
    "dyad_new_id": 735,
    "dyad_name": "Government of A - B",
    "side_a_dset_id": "130",
    "side_a_new_id": 130,
    "side_a": "Government of A",
    "side_b_dset_id": "303",
    "side_b_new_id": 303,
    "side_b": "B",
    "number_of_sources": 1,
    "source_article": '"Agency,2021-02-03,Headline"',
    "source_office": "Agency",
    "source_date": "2021-02-03",
    "source_headline": "Headline",
    "source_original": "police",
    "where_prec": 2,
    "where_coordinates": "X village",
    "where_description": "near X",
    "adm_1": "Kabul province",
    "adm_2": "Paghman district",
    "latitude": 34.5,
    "longitude": 69.1,
    "geom_wkt": "POINT (69.1 34.5)",
    "priogrid_gid": 179779,
    "country": "Afghanistan",
    "country_id": 700,
    "region": "Asia",
    "event_clarity": 1,
    "date_prec": 2,
    "date_start": "2021-02-01T00:00:00",
    "date_end": "2021-02-03T00:00:00",
    "deaths_a": 1,
    "deaths_b": 2,
    "deaths_civilians": 3,
    "deaths_unknown": 0,
    "best": 6,
    "high": 8,
    "low": 5,
    "gwnoa": 700,
    "gwnob": None,
}


def _read(path: Path, name: str = "ucdp-ged", version: str = "") -> tuple[list[dict[str, Any]], RowAudit]:
    audit = RowAudit()
    return list(connector(name).table_rows(path, release="r", audit=audit, version=version)), audit


def _events(tmp_path: Path, *changes: dict[str, Any], name: str = "ucdp-ged") -> tuple[list[dict[str, Any]], RowAudit]:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps({**EVENT, **change}) + "\n" for change in changes), encoding="utf-8")
    return _read(path, name)


def test_the_test_event_has_the_49_columns() -> None:
    assert len(EVENT) == 49


def test_an_event(tmp_path: Path) -> None:
    (row,), audit = _events(tmp_path, {"id": "101.0", "country_id": "700.0", "side_b_new_id": "303.0"})
    assert (row["source_id"], row["side_b_id"], row["country"]) == ("101", "303", "AFG")
    assert (str(row["date_start"]), str(row["date_end"]), row["date_precision"]) == ("2021-02-01", "2021-02-03", "days")
    assert (row["place_precision"], row["radius_km"]) == ("near", 25)
    assert (row["violence_type"], row["kind"], row["plover"]) == ("state_based", "battle", "ASSAULT")
    assert [row[f"deaths_{part}"] for part in ("low", "best", "high", "a", "b", "civilians")] == [5, 6, 8, 1, 2, 3]
    assert (row["text"], row["admin1_reported"]) == ("Headline", "Kabul province")
    assert not audit.leftover
    assert not audit.remarks


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        ({"low": 9, "high": 7}, "the lowest estimate of deaths is above the highest"),
        ({"event_clarity": 2}, "stands for several events that cannot be told apart (event_clarity 2)"),
        ({"year": 2020}, "the year is not that of the dates"),
        ({"country": "Pakistan"}, "country_id 700 is AFG, but its name Pakistan is PAK"),
        ({"best": 7}, "the best estimate of deaths is not the sum of its parts"),
        ({"type_of_violence": None}, "no type of violence"),
    ],
)
def test_odd_records_are_kept_and_remarked(tmp_path: Path, change: dict[str, Any], remark: str) -> None:
    rows, audit = _events(tmp_path, change)
    assert len(rows) == 1
    assert list(audit.remarks) == [remark]
    assert rows[0]["country"] == "AFG"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type_of_violence": 4}, "type_of_violence: no type of violence, which are 1, 2 and 3"),
        ({"date_end": "2021-01-01"}, "date_start, date_end: ends before it begins"),
        ({"best": "many"}, "best: not a number"),
        ({"latitude": 134.5}, "latitude: not between -90 and 90"),
    ],
)
def test_wrong_records_are_put_aside(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    rows, audit = _events(tmp_path, change, {"id": 102})
    assert [row["source_id"] for row in rows] == ["102"]
    assert audit.reasons == {reason: 1}


def test_unknown_codes_are_reported(tmp_path: Path) -> None:
    (row,), audit = _events(tmp_path, {"where_prec": 9, "country_id": 9999})
    assert set(audit.unknown) == {("where_prec", "9"), ("country_id", "9999")}
    assert row["country"] == "AFG", "by its name"


@needs_data
@pytest.mark.parametrize(
    ("name", "file", "count", "low_above_high", "version"),
    [
        ("ucdp-ged", "ged_v23_1_sample.csv", 1000, 7, ""),
        ("ucdp-candidate", "GEDEvent_v23_0_10.csv", 2391, 9, "23.0.10"),
        ("ucdp-candidate", "candidate_2026_reduced.csv", 1441, 2, ""),
    ],
)
def test_real_events(name: str, file: str, count: int, low_above_high: int, version: str) -> None:
    rows, audit = _read(DATA / file, name, version)
    assert audit.read == audit.kept == len(rows) == count
    assert audit.expected in (None, count)
    assert not audit.unknown
    assert not audit.leftover
    assert audit.remarks["the lowest estimate of deaths is above the highest"].count == low_above_high
    assert all(row["country"] and row["violence_type"] and row["date_end"] for row in rows)
    assert all(row["source_id"].isdigit() for row in rows)
    with (DATA / file).open(encoding="utf-8-sig", newline="") as text:
        column = "best" if "GED" in file or "ged" in file else "fatalities"
        assert sum(row["deaths_best"] for row in rows) == sum(float(line[column]) for line in csv.DictReader(text))


@needs_data
def test_the_published_file_is_read_in_its_zip(tmp_path: Path) -> None:
    path = tmp_path / "ged231-csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(DATA / "ged_v23_1_sample.csv", "GEDEvent_v23_1.csv")
    rows, audit = _read(path, version="23.1")
    assert (audit.read, audit.expected) == (1000, 316818), "a sample is not the whole, and that can be seen"
    assert rows == _read(DATA / "ged_v23_1_sample.csv")[0]


@needs_data
def test_the_real_country_years() -> None:
    rows, audit = _read(DATA / "organizedviolencecy_v25_1.csv", "ucdp-country-year", "25.1")
    assert audit.read == audit.kept == audit.expected == 6936
    assert len(rows) == 25 * 6936
    assert not audit.leftover
    assert audit.unknown == {("country_id_cy", "315 (Czechoslovakia)"): 4}, "its successors are two"
    of = {(row["measure"], row["source_id"]): row for row in rows}
    row = of["deaths_state_based", "700-1989"]
    assert (row["low"], row["best"], row["high"], row["country"]) == (1904, 5174, 17051, "AFG")
    assert (str(row["period_start"]), str(row["period_end"])) == ("1989-01-01", "1989-12-31")
    assert of["deaths_one_sided_by_main_government", "700-1989"]["actor"] == "Government of Afghanistan"
    assert of["deaths_state_based_of_civilians", "700-1989"].get("low") is None


def test_country_years_check_their_sums_and_their_fields(tmp_path: Path) -> None:
    spec = connector("ucdp-country-year").spec
    ranges = [f"{stem}_{end}_cy" for stem in spec.lookups["ranges"] for end in ("low", "best", "high")]
    record = dict.fromkeys((*ranges, *spec.lookups["bests"]), 0) | {
        "country_id_cy": 700,
        "country_cy": "Afghanistan",
        "year_cy": 2020,
        "main_govt_name_cy": "G",
        "version": "x",
    }
    path = tmp_path / "cy.json"
    path.write_text(json.dumps([record, record | {"ns_total_deaths_best_cy": 4}]), encoding="utf-8")
    rows, audit = _read(path, "ucdp-country-year")
    assert len(rows) == 50
    assert audit.remarks["deaths_organised_violence is not the sum of its parts"].rows == [2]
    record.pop("ns_total_deaths_low_cy")
    path.write_text(json.dumps([record]), encoding="utf-8")
    rows, audit = _read(path, "ucdp-country-year")
    assert audit.reasons == {"ns_total_deaths_low_cy: the field is missing": 1}


@needs_data
def test_the_real_actors() -> None:
    rows, audit = _read(DATA / "actor_v22_1.csv", "ucdp-actors", "22.1")
    assert audit.read == audit.kept == audit.expected == len(rows) == 1725
    assert not audit.unknown
    assert not audit.leftover
    of = {row["source_id"]: row for row in rows}
    assert (of["130"]["name"], of["130"]["country"], of["130"]["kind"]) == ("Government of Afghanistan", "AFG", "state")
    assert not any(alias in ("n", "a", "n/a", "") for row in rows for alias in row["aliases"] or ())
    assert any("/" in alias for row in rows for alias in row["aliases"] or ()), "SLM/A is one name"


# --- the API ---


Handler = Callable[[httpx.Request], httpx.Response]


def _fetch(tmp_path: Path, handler: Handler, name: str = "ucdp-ged", **query: str) -> tuple[Any, list[float]]:
    waits: list[float] = []
    client = Client(httpx.MockTransport(handler), sleep=waits.append, draw=lambda: 0.0, clock=lambda: 1.7e9)
    context = FetchContext(client, Credentials({"MARSAD_UCDP_TOKEN": TOKEN}, use_keyring=False), tmp_path, query)
    fetch = connector(name).fetch
    assert fetch is not None
    with client:
        return fetch(context), waits


class _Api:
    """Answers as the API does: pages from 0, each with the address of the next."""

    def __init__(self, count: int, size: int = 2) -> None:
        self.events = [EVENT | {"id": 100 + number} for number in range(count)]
        self.size = size
        self.asked: list[httpx.Request] = []
        self.answers: list[httpx.Response] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.answers:
            return self.answers.pop(0)
        return httpx.Response(200, json=self.page(int(request.url.params.get("page", "0"))))

    def page(self, number: int) -> dict[str, Any]:
        last = -(-len(self.events) // self.size) - 1
        url = f"https://ucdpapi.pcr.uu.se/api/gedevents/23.1?pagesize={self.size}&page={number + 1}"
        rows = self.events[number * self.size : (number + 1) * self.size]
        counts = {"TotalCount": len(self.events), "TotalPages": last + 1}
        return counts | {"PreviousPageUrl": "", "NextPageUrl": url if number < last else "", "Result": rows}


def test_all_pages_come_with_the_token_in_the_header_and_the_filters(tmp_path: Path) -> None:
    api = _Api(5)
    query = {"country": "Pakistan, AFG", "start": "2021-01-01", "end": "2021-12-31", "type": "1,3"}
    found, _ = _fetch(tmp_path, api, version="23.1", **query)
    rows, _ = _read(found.path)
    assert [row["source_id"] for row in rows] == ["100", "101", "102", "103", "104"]
    assert (found.version, found.url) == ("23.1", "https://ucdpapi.pcr.uu.se/api/gedevents/23.1")
    assert {request.headers["x-ucdp-access-token"] for request in api.asked} == {TOKEN}
    assert dict(api.asked[0].url.params) == {
        "pagesize": "1000",
        "Country": "770,700",
        "StartDate": "2021-01-01",
        "EndDate": "2021-12-31",
        "TypeOfViolence": "1,3",
    }
    assert not any(TOKEN in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


def test_the_server_s_wishes_are_granted(tmp_path: Path) -> None:
    api = _Api(3)
    cut = json.dumps(api.page(0))[:-40]
    api.answers = [
        httpx.Response(429, headers={"retry-after": "7"}),
        httpx.Response(400),
        httpx.Response(200, text=cut),
    ]
    found, waits = _fetch(tmp_path, api, version="23.1")
    assert len(_read(found.path)[0]) == 3
    assert waits[0] == 7
    assert len(waits) == 3, "too fast, too fast in UCDP's own way, and a truncated answer"


def test_an_interrupted_fetch_goes_on_at_the_page_that_it_missed(tmp_path: Path) -> None:
    api = _Api(6)

    def dying(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if request.url.params.get("page") == "2" else api(request)

    with pytest.raises(FetchError, match="404"):
        _fetch(tmp_path, dying, version="23.1")
    api.asked.clear()
    found, _ = _fetch(tmp_path, api, version="23.1")
    assert [request.url.params.get("page") for request in api.asked] == ["2"]
    assert len(_read(found.path)[0]) == 6


class _NumberedFrom(_Api):
    """Pages from another number; without a number it gives the page ``default``."""

    def __init__(self, count: int, first: int, default: int, host: str = "https://ucdpapi.pcr.uu.se") -> None:
        super().__init__(count)
        self.first, self.default, self.host = first, default, host

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        number = int(request.url.params.get("page", self.default))
        made = self.page(number - self.first)
        url = f"{self.host}/api/gedevents/23.1?pagesize={self.size}&page={number + 1}&Country=770"
        return httpx.Response(200, json=made | {"NextPageUrl": url if made["NextPageUrl"] else ""})


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("host", ["https://ucdpapi.pcr.uu.se", "http://ucdpapi.pcr.uu.se"])
def test_all_events_come_once_whatever_number_the_first_page_has(tmp_path: Path, first: int, host: str) -> None:
    api = _NumberedFrom(7, first, first, host)
    found, _ = _fetch(tmp_path, api, version="23.1", country="PAK")
    assert [row["source_id"] for row in _read(found.path)[0]] == [str(100 + number) for number in range(7)]
    assert "page" not in api.asked[0].url.params
    assert {request.url.scheme for request in api.asked} == {"https"}, "the token is sent over no open line"
    assert len(api.asked) == 4


def test_a_first_page_that_is_not_the_first_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="5 records came, the server named 7"):
        _fetch(tmp_path, _NumberedFrom(7, 0, 1), version="23.1")
    (tmp_path / "again").mkdir()
    twice = _NumberedFrom(7, 1, 0)  # its page 0 is its page 1
    twice.page = lambda number: _Api.page(twice, max(number, 0))  # type: ignore[method-assign]
    with pytest.raises(FetchError, match="page 2 is the same as page 1"):
        _fetch(tmp_path / "again", twice, version="23.1")


def test_fewer_events_than_the_api_names_are_an_error(tmp_path: Path) -> None:
    api = _Api(4)
    api.page = lambda number: _Api.page(api, number) | {"TotalCount": 9}  # type: ignore[method-assign]
    with pytest.raises(FetchError, match="4 records came, the server named 9"):
        _fetch(tmp_path, api, version="23.1")


def test_a_changed_column_is_a_clear_error(tmp_path: Path) -> None:
    api = _Api(2)
    api.events = [{("kind" if key == "type_of_violence" else key): value for key, value in EVENT.items()}]
    found, _ = _fetch(tmp_path, api, version="23.1")
    with pytest.raises(InputError, match=r"no field 'type_of_violence'.*Uppsala Conflict Data Program has renamed it"):
        _read(found.path)


def test_a_retroactive_edit_and_a_deletion_between_two_versions(tmp_path: Path) -> None:
    old, new = _Api(3), _Api(3)
    new.events = [new.events[0], new.events[1] | {"best": 7, "deaths_unknown": 1}, EVENT | {"id": 900}]
    rows = []
    for name, api in (("old", old), ("new", new)):
        (tmp_path / name).mkdir()
        rows.append(_read(_fetch(tmp_path / name, api, version="23.1")[0].path)[0])
    found = compare_snapshots(*rows)
    assert (found.added, found.withdrawn, found.same) == (("900",), ("102",), 1)
    assert [(one.source_id, one.columns) for one in found.changed] == [("101", ("deaths_best", "deaths_unknown"))]


def test_the_published_file_needs_no_token(tmp_path: Path) -> None:
    asked: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        assert "x-ucdp-access-token" not in request.headers
        return httpx.Response(200, content=b"PK")

    assert _fetch(tmp_path, server, format="csv")[0].version == "25.1", "the newest that is known"
    _fetch(tmp_path, server, "ucdp-candidate", format="csv", version="26.01.26.06")
    assert asked == [
        "https://ucdp.uu.se/downloads/ged/ged251-csv.zip",
        "https://ucdp.uu.se/downloads/candidateged/GEDEvent_v26_01_26_06.csv",
    ]


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        ("ucdp-ged", {"version": "../25"}, "no version"),
        ("ucdp-ged", {"country": "Atlantis"}, "'Atlantis' is not known"),
        ("ucdp-ged", {"start": "yesterday"}, "YYYY-MM-DD"),
        ("ucdp-ged", {"type": "4"}, "1, 2 or 3"),
        ("ucdp-ged", {"format": "pdf"}, "api or csv"),
        ("ucdp-ged", {"format": "csv", "country": "PAK"}, "comes whole"),
        ("ucdp-ged", {"colour": "red"}, "no option 'colour'"),
        ("ucdp-candidate", {}, "every month"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, name: str, query: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        _fetch(tmp_path, _Api(1), name, **query)


def test_without_a_token_it_says_where_to_get_one(tmp_path: Path) -> None:
    context = FetchContext(Client(httpx.MockTransport(_Api(1))), Credentials({}, use_keyring=False), tmp_path, {})
    fetch = connector("ucdp-ged").fetch
    assert fetch is not None
    with pytest.raises(NotFoundError, match=r"MARSAD_UCDP_TOKEN.*ucdp"):
        fetch(context)


def test_countries_by_name_code_and_number() -> None:
    assert country_numbers("Pakistan; AFG, 750") == "770,700,750"
    assert set(country_numbers("Germany").split(",")) >= {"260"}
