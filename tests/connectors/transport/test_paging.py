from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.transport import (
    ChangedError,
    Client,
    FetchError,
    Linked,
    Numbered,
    Offsets,
    PagedDownload,
    PasswordGrant,
    Retries,
    Secret,
    Step,
    pages,
)
from marsad.connectors.transport.calls import Params
from marsad.connectors.transport.paging import Plan
from marsad.errors import BusyError

from .conftest import Clock

Handler = Callable[[httpx.Request], httpx.Response]
Mocked = Callable[[Handler], Client]

UCDP = Numbered(1000, rows="Result", total="TotalCount", pages="TotalPages")
ACLED = Numbered(5000, size_name="limit", first=1, rows="data")
UNHCR = Numbered(1000, size_name="limit", first=1, rows="items", pages="maxPages")
HAPI = Offsets(10_000)
RELIEFWEB = Offsets(1000, total="totalCount")
VIEWS = Linked(1000, next="next_page", total="row_count")


def _rows(count: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"Peshāwar {number}"} for number in range(count)]


class Api:
    """An API in the shape of each of the sources, over rows that may be changed; it caps the size of a page."""

    def __init__(self, rows: list[dict[str, Any]], cap: int = 10_000) -> None:
        self.rows = rows
        self.cap = cap
        self.asked: list[httpx.Request] = []
        self.before: Callable[[int], None] = lambda _: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.before(len(self.asked))
        query = request.url.params
        kind = request.url.path.strip("/")
        size = min(int(query.get("pagesize", query.get("limit", 10))), self.cap)
        number = int(query.get("page", 0))
        first = 1 if kind in ("acled", "unhcr", "views") else 0
        start = int(query["offset"]) if "offset" in query else (max(number, first) - first) * size
        rows = self.rows[start : start + size]
        count = len(self.rows)
        held = -(-count // size)
        following = str(request.url.copy_merge_params({"page": str(max(number, first) + 1)}))
        more = start + size < count
        body = self._shape(kind, rows, count, held, following if more else None)
        return httpx.Response(200, content=json.dumps(body).encode())

    @staticmethod
    def _shape(kind: str, rows: list[Any], count: int, held: int, following: str | None) -> dict[str, Any]:
        shapes: dict[str, dict[str, Any]] = {
            "ucdp": {"TotalCount": count, "TotalPages": held, "NextPageUrl": following or "", "Result": rows},
            "acled": {"status": 200, "success": True, "count": len(rows), "data": rows},
            "unhcr": {"page": 1, "maxPages": held, "items": rows},
            "hapi": {"data": rows},
            "reliefweb": {"totalCount": count, "count": len(rows), "data": rows},
            "views": {"next_page": following or "", "row_count": count, "data": rows},
        }
        return shapes[kind]


def _sized(plan: Numbered | Offsets | Linked, size: int) -> Plan:
    return replace(plan, size=size)


def _all(client: Client, url: str, plan: Plan) -> list[dict[str, Any]]:
    return [row for page in pages(client, url, plan) for row in page.rows]


PLANS: dict[str, Numbered | Offsets | Linked] = {
    "ucdp": UCDP,
    "acled": ACLED,
    "unhcr": UNHCR,
    "hapi": HAPI,
    "reliefweb": RELIEFWEB,
    "views": VIEWS,
}


@given(st.sampled_from(sorted(PLANS)), st.integers(0, 40), st.integers(1, 15), st.integers(1, 15))
def test_every_record_comes_once_and_in_order(kind: str, count: int, size: int, cap: int) -> None:
    api = Api(_rows(count), cap)
    client = Client(httpx.MockTransport(api))
    assert _all(client, f"https://a.org/{kind}", _sized(PLANS[kind], size)) == _rows(count)
    used = min(size, cap)
    assert len(api.asked) <= count // used + 2


def test_the_ends_that_the_server_names_cost_no_further_request(mocked: Mocked) -> None:
    for kind in ("ucdp", "unhcr", "reliefweb", "views"):
        api = Api(_rows(20))
        _all(mocked(api), f"https://a.org/{kind}", _sized(PLANS[kind], 10))
        assert len(api.asked) == 2, kind


def test_the_query_and_the_headers_go_with_each_page(mocked: Mocked) -> None:
    api = Api(_rows(3))
    params: Params = {"Country": [770, 700], "key": Secret("s3")}
    headers = {"x-ucdp-access-token": Secret("t0ken")}
    list(pages(mocked(api), "https://a.org/ucdp", _sized(UCDP, 2), params=params, headers=headers))
    assert [request.headers["x-ucdp-access-token"] for request in api.asked] == ["t0ken", "t0ken"]
    assert [request.url.query.decode() for request in api.asked] == [
        f"Country=770&Country=700&key=s3&page={page}&pagesize=2" for page in (0, 1)
    ]


@pytest.mark.parametrize("kind", ["ucdp", "reliefweb", "views"])
def test_a_total_that_changes_is_said(mocked: Mocked, kind: str) -> None:
    api = Api(_rows(30))

    def remove(request: int) -> None:
        if request == 2:
            del api.rows[0]

    api.before = remove
    with pytest.raises(ChangedError, match=r"30 records at first, 29 at page 2"):
        _all(mocked(api), f"https://a.org/{kind}", _sized(PLANS[kind], 10))


def test_records_that_are_missing_at_the_end_are_said(mocked: Mocked) -> None:
    """As when a first page has another number than we think."""
    api = Api(_rows(30))
    plan = Numbered(10, first=1, rows="Result", total="TotalCount", pages="TotalPages")
    with pytest.raises(ChangedError, match="20 records came, the server named 30"):
        _all(mocked(api), "https://a.org/ucdp", plan)
    lenient = Numbered(10, first=1, rows="Result", total="TotalCount", pages="TotalPages", exact=False)
    assert len(_all(mocked(api), "https://a.org/ucdp", lenient)) == 20


@pytest.mark.parametrize("plan", [ACLED, HAPI, Linked(), UCDP])
def test_a_server_that_does_not_turn_the_pages_is_noticed(mocked: Mocked, plan: Plan) -> None:
    body = {"data": _rows(3), "Result": _rows(3), "next_page": "/more"}
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=body)

    with pytest.raises(FetchError, match="page 2 is the same as page 1"):
        _all(mocked(handler), "https://a.org/", plan)
    assert len(asked) == 2


def test_next_addresses_that_go_round_in_a_circle_are_noticed(mocked: Mocked) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 0))
        return httpx.Response(200, json={"data": [{"id": id(request)}], "next_page": f"/?page={1 + number % 3}"})

    with pytest.raises(FetchError, match="does not turn the pages"):
        _all(mocked(handler), "https://a.org/", Linked())


@pytest.mark.parametrize(
    "link",
    ["https://evil.org/?page=2", "//evil.org/", "https://a.org:444/", "ftp://a.org/", "https://u:p@a.org/", "http://["],
)
def test_a_next_address_at_another_host_is_refused(mocked: Mocked, link: str) -> None:
    client = mocked(lambda _: httpx.Response(200, json={"data": [{}], "next_page": link}))
    with pytest.raises(FetchError, match="the next page is at another host"):
        _all(client, "https://a.org/", Linked())


def test_a_next_address_that_forgot_the_s_of_https_keeps_it(mocked: Mocked) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        link = "" if "page" in request.url.params else "http://a.org/?page=2"
        return httpx.Response(200, json={"data": [{"id": link}], "next_page": link})

    assert len(_all(mocked(handler), "https://a.org/", Linked())) == 2


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"message": "Token invalid", "status": 400}, "no list of records `data`.*Token invalid"),
        ({"data": {"a": 1}}, "no list of records"),
        ({"data": [1]}, "no list of records"),
        ([{"a": 1}], "a list"),
        ({"data": None}, "no list of records"),
        ({"data": [{}], "totalCount": -1}, "`totalCount` is -1"),
        ({"data": [{}], "totalCount": "many"}, "`totalCount` is 'many'"),
        ({"data": [{}], "totalCount": True}, "`totalCount` is True"),
    ],
)
def test_an_answer_of_another_shape_is_said(mocked: Mocked, body: object, fault: str) -> None:
    client = mocked(lambda _: httpx.Response(200, json=body))
    with pytest.raises(FetchError, match=fault):
        _all(client, "https://a.org/", RELIEFWEB)


def test_a_token_that_expires_midway_is_renewed_and_the_same_page_comes(clock: Clock) -> None:
    """ACLED: the token dies at the third page; no page is lost or doubled."""
    api = Api(_rows(50))
    bought: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            bought.append(httpx.QueryParams(request.read().decode())["grant_type"])
            answer = {"access_token": f"token{len(bought)}", "refresh_token": "r", "expires_in": 86_400}
            return httpx.Response(200, json=answer)
        alive = "token1" if len(api.asked) < 2 else "token2"
        if request.headers["authorization"] != f"Bearer {alive}":
            return httpx.Response(401, json={"message": "expired"})
        return api(request)

    access = PasswordGrant("https://acleddata.com/oauth/token", Secret("me"), Secret("pw"), "acled")
    client = Client(httpx.MockTransport(handler), access=access, clock=clock, sleep=clock.sleep)
    assert _all(client, "https://acleddata.com/acled", _sized(ACLED, 10)) == _rows(50)
    assert bought == ["password", "refresh_token"]
    assert [request.url.params["page"] for request in api.asked] == ["1", "2", "3", "4", "5", "6"]


# Pages that are kept


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _fails_at(api: Api, number: int) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if len(api.asked) + 1 == number else api(request)

    return handler


def _fetch(folder: Path, kind: str = "ucdp", size: int = 10, **more: Any) -> PagedDownload:
    return PagedDownload(folder / "pages", f"https://a.org/{kind}", _sized(PLANS[kind], size), **more)


@pytest.mark.parametrize("kind", sorted(PLANS))
def test_an_interrupted_fetch_goes_on_from_the_first_missing_page(mocked: Mocked, tmp_path: Path, kind: str) -> None:
    api = Api(_rows(45))
    fetch, target = _fetch(tmp_path, kind), tmp_path / "all.jsonl"
    with pytest.raises(FetchError, match="HTTP 404"):
        fetch.run(mocked(_fails_at(api, 3)), target)
    assert not target.exists()
    assert sorted(path.name for path in fetch.folder.glob("*.json")) == [
        "manifest.json",
        "page-00001.json",
        "page-00002.json",
    ]
    asked = len(api.asked)
    packed = fetch.run(mocked(api), target)
    ends = 0 if kind in ("ucdp", "unhcr", "reliefweb", "views") else 1
    assert len(api.asked) - asked == 3 + ends
    assert (packed.rows, packed.pages, packed.resumed_from) == (45, 5 + ends, 2)
    assert _lines(target) == _rows(45)
    assert list(fetch.folder.glob("*.json")) == []
    whole = _fetch(tmp_path / "again", kind).run(mocked(Api(_rows(45))), tmp_path / "again.jsonl")
    assert whole.sha256 == packed.sha256
    assert (tmp_path / "again.jsonl").read_bytes() == target.read_bytes()


def test_the_packed_file_does_not_depend_on_the_order_of_names(mocked: Mocked, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"b": 1, "a": {"d": 1.5, "c": "\ud800"}}, {"a": None}]
    other: list[dict[str, Any]] = [{"a": {"c": "\ud800", "d": 1.5}, "b": 1}, {"a": None}]
    hashes = {_fetch(tmp_path).run(mocked(Api(given)), tmp_path / "out").sha256 for given in (rows, other)}
    assert len(hashes) == 1
    assert (tmp_path / "out").read_text() == '{"a":{"c":"\\ud800","d":1.5},"b":1}\n{"a":null}\n'


def test_the_manifest_holds_the_query_and_the_total(mocked: Mocked, tmp_path: Path, clock: Clock) -> None:
    fetch = _fetch(tmp_path, params={"Country": [770], "key": Secret("s3cret")})
    with pytest.raises(FetchError):
        fetch.run(mocked(_fails_at(Api(_rows(45)), 3)), tmp_path / "out")
    manifest = json.loads((fetch.folder / "manifest.json").read_bytes())
    assert manifest["fetch"]["query"] == {"Country": [770], "key": "***"}
    assert (manifest["total"], manifest["started"]) == (45, clock.now)


@pytest.mark.parametrize("change", ["query", "size", "age", "clock", "manifest"])
def test_pages_of_another_fetch_are_not_gone_on_from(mocked: Mocked, tmp_path: Path, clock: Clock, change: str) -> None:
    with pytest.raises(FetchError):
        _fetch(tmp_path).run(mocked(_fails_at(Api(_rows(45)), 3)), tmp_path / "out")
    clock.now += {"age": 86_401, "clock": -10}.get(change, 0)
    if change == "manifest":
        (tmp_path / "pages" / "manifest.json").write_text("{")
    fetch = _fetch(tmp_path, size=9 if change == "size" else 10, params={"Year": 2024} if change == "query" else {})
    packed = fetch.run(mocked(Api(_rows(45))), tmp_path / "out")
    assert (packed.resumed_from, packed.rows) == (0, 45)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"rows": 5}', b"[" * 99_999])
def test_a_damaged_page_and_those_after_it_are_fetched_anew(mocked: Mocked, tmp_path: Path, damage: bytes) -> None:
    with pytest.raises(FetchError):
        _fetch(tmp_path).run(mocked(_fails_at(Api(_rows(45)), 4)), tmp_path / "out")
    (tmp_path / "pages" / "page-00002.json").write_bytes(damage)
    packed = _fetch(tmp_path).run(mocked(Api(_rows(45))), tmp_path / "out")
    assert (packed.resumed_from, packed.rows) == (1, 45)
    assert _lines(tmp_path / "out") == _rows(45)


def test_data_that_change_once_are_fetched_from_the_start(mocked: Mocked, tmp_path: Path) -> None:
    api, steps = Api(_rows(45)), list[Step]()
    api.before = lambda request: api.rows.pop(0) if request == 3 else None  # type: ignore[assignment]
    client = mocked(api)
    client.progress = steps.append
    packed = _fetch(tmp_path).run(client, tmp_path / "out")
    assert (packed.rows, packed.total) == (44, 44)
    assert _lines(tmp_path / "out") == _rows(45)[1:]
    assert [step.text for step in steps if "starting over" in step.text] == [
        "https://a.org/ucdp: the data changed while they were fetched: 45 records at first, 44 at page 3; starting over"
    ]


def test_data_that_change_while_a_fetch_was_interrupted_are_noticed(mocked: Mocked, tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        _fetch(tmp_path).run(mocked(_fails_at(Api(_rows(45)), 3)), tmp_path / "out")
    packed = _fetch(tmp_path).run(mocked(Api(_rows(46)[1:])), tmp_path / "out")
    assert packed.rows == 45
    packed = _fetch(tmp_path).run(mocked(Api(_rows(47))), tmp_path / "out")
    assert _lines(tmp_path / "out") == _rows(47)


def test_data_that_change_all_the_time_end_the_fetch(mocked: Mocked, tmp_path: Path) -> None:
    api = Api(_rows(45))
    api.before = lambda _: api.rows.append({"id": len(api.rows)})
    with pytest.raises(ChangedError, match="it started over once already") as caught:
        _fetch(tmp_path).run(mocked(api), tmp_path / "out")
    assert caught.value.__context__ is None
    assert list((tmp_path / "pages").glob("*.json")) == []


def test_progress_counts_records(mocked: Mocked, tmp_path: Path) -> None:
    steps: list[Step] = []
    client = mocked(Api(_rows(25)))
    client.progress = steps.append
    _fetch(tmp_path).run(client, tmp_path / "out")
    assert [(step.done, step.total) for step in steps] == [(10, 25), (20, 25), (25, 25)]


def test_two_processes_do_not_mix_their_pages(mocked: Mocked, tmp_path: Path) -> None:
    api = Api(_rows(25))
    fetch = _fetch(tmp_path)

    def again(request: int) -> None:
        if request == 2:
            with pytest.raises(BusyError):
                fetch.run(mocked(Api(_rows(25))), tmp_path / "out")

    api.before = again
    assert fetch.run(mocked(api), tmp_path / "out").rows == 25


def test_faults_on_the_way_lose_and_double_nothing(clock: Clock, tmp_path: Path) -> None:
    """A 429, a 503, a body cut in half and an empty one between the pages."""
    api = Api(_rows(45))
    number = [0]

    def handler(request: httpx.Request) -> httpx.Response:
        number[0] += 1
        match number[0] % 5:
            case 1:
                return httpx.Response(429, headers={"retry-after": "3"})
            case 2:
                return httpx.Response(503)
            case 3:
                return httpx.Response(200, content=b'{"TotalCount": 45, "Result": [{"id": 1}, {"i')
            case 4:
                return httpx.Response(200)
        return api(request)

    client = Client(httpx.MockTransport(handler), clock=clock, sleep=clock.sleep, retries=Retries())
    packed = _fetch(tmp_path).run(client, tmp_path / "out")
    assert packed.rows == 45
    assert _lines(tmp_path / "out") == _rows(45)
