from __future__ import annotations

import gzip
import json
import socket
import zlib
from collections.abc import Callable, Iterator
from email.utils import formatdate

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.transport import Client, FetchError, Limits, PasswordGrant, Rate, Retries, Secret, Step
from marsad.connectors.transport.bodies import parse_json
from marsad.connectors.transport.calls import Params, Value
from marsad.connectors.transport.faults import Fault

from .conftest import Asked, Clock, Reply, Site

Mocked = Callable[[Callable[[httpx.Request], httpx.Response]], Client]


def _in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    """Each reply once, the last for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


OK = Reply(body=b'{"a": 1}')


def test_json_is_asked_for_with_its_query_and_headers(site: Site, client: Client) -> None:
    site.answer = lambda _: OK
    params: Params = {"b": [1, 2], "c": True, "key": Secret("s e/c"), "q": "new"}
    assert client.get_json(f"{site.url}/x?q=old&r=1", params=params, headers={"x-token": Secret("t")}) == {"a": 1}
    asked = site.asked[0]
    assert asked.query == {"b": ["1", "2"], "c": ["true"], "key": ["s e/c"], "q": ["new"], "r": ["1"]}
    assert asked.headers["x-token"] == "t"
    assert asked.headers["user-agent"].startswith("marsad/")
    assert "authorization" not in asked.headers


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again(site: Site, client: Client, clock: Clock, status: int) -> None:
    site.answer = _in_turn(Reply(status), Reply(status), OK)
    assert client.get_json(site.url) == {"a": 1}
    assert clock.slept == [0.5, 1.0]


def test_retry_after_is_obeyed_as_seconds_and_as_a_date(site: Site, client: Client, clock: Clock) -> None:
    date = formatdate(clock.now + 47, usegmt=True)
    site.answer = _in_turn(Reply(429, headers={"retry-after": "7"}), Reply(503, headers={"retry-after": date}), OK)
    assert client.get_json(site.url) == {"a": 1}
    assert clock.slept == [7, 40]


def test_a_server_that_asks_for_too_long_a_wait_is_left(site: Site, client: Client, clock: Clock) -> None:
    site.answer = lambda _: Reply(429, headers={"retry-after": "86400"})
    with pytest.raises(FetchError, match=r"come back in 86,400 s, we wait at most 900") as caught:
        client.get_json(site.url)
    assert caught.value.status == 429
    assert (len(site.asked), clock.slept) == (1, [])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_our_own_faults_are_not_tried_again(site: Site, client: Client, status: int) -> None:
    site.answer = lambda _: Reply(status, b'{"message": "no\\u0000pe"}')
    with pytest.raises(FetchError, match=f"HTTP {status} .*no.*pe") as caught:
        client.get_json(site.url)
    assert caught.value.status == status
    assert len(site.asked) == 1


def test_attempts_end(site: Site, client: Client) -> None:
    site.answer = lambda _: Reply(503)
    with pytest.raises(FetchError, match=r"HTTP 503 .*\(5 attempts\)"):
        client.get_json(site.url)
    assert len(site.asked) == 5


def test_a_server_may_have_further_statuses_that_mean_too_fast(site: Site, clock: Clock) -> None:
    site.answer = _in_turn(Reply(400), OK)
    retries = Retries(statuses=frozenset({400}))
    with Client(httpx.HTTPTransport(), clock=clock, sleep=clock.sleep, retries=retries) as client:
        assert client.get_json(site.url) == {"a": 1}


def test_nobody_listens(client: Client) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match=r"ConnectError.*\(5 attempts\)"):
        client.get_json(f"http://127.0.0.1:{port}/")


def test_a_silent_server_is_given_up(site: Site, clock: Clock) -> None:
    site.answer = lambda _: Reply(body=b"{}  ", pause=0.4, piece=1)
    limits = Limits(read=0.1)
    retries = Retries(attempts=2)
    with (
        Client(httpx.HTTPTransport(), clock=clock, sleep=clock.sleep, limits=limits, retries=retries) as client,
        pytest.raises(FetchError, match=r"did not answer in time \(ReadTimeout\)"),
    ):
        client.get_json(site.url)


def test_a_server_that_drips_is_given_up(mocked: Mocked, clock: Clock) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(10):
            clock.now += 100
            yield b" "

    client = mocked(lambda _: httpx.Response(200, content=drip()))
    with pytest.raises(FetchError, match="drips in too slowly"):
        client.get_json("https://a.org/")


BODY = json.dumps({"data": [{"n": number, "text": "Peshāwar"} for number in range(200)]}).encode()


@pytest.mark.parametrize("cut", [0, 1, 100, len(BODY) - 1])
def test_a_body_that_was_cut_off_is_fetched_again(site: Site, client: Client, cut: int) -> None:
    site.answer = _in_turn(Reply(body=BODY, cut=cut), Reply(body=BODY))
    assert len(client.get_json(site.url)["data"]) == 200
    site.answer = lambda _: Reply(body=BODY, cut=cut)
    with pytest.raises(FetchError, match=r"(without sending complete message body|incomplete).*\(5 attempts\)"):
        client.get_json(site.url)


def test_a_transport_that_does_not_count_is_counted(mocked: Mocked) -> None:
    client = mocked(lambda _: httpx.Response(200, content=iter([b'{"a": 1}']), headers={"content-length": "99"}))
    with pytest.raises(FetchError, match=r"cut off after 8 of 99 bytes \(5 attempts\)"):
        client.get_json("https://a.org/")


@pytest.mark.parametrize("cut", [1, 100, len(BODY) - 1])
def test_json_that_was_cut_in_half_by_the_server_itself_is_fetched_again(site: Site, client: Client, cut: int) -> None:
    site.answer = _in_turn(Reply(body=BODY[:cut]), Reply(body=BODY))
    assert len(client.get_json(site.url)["data"]) == 200
    site.answer = lambda _: Reply(body=BODY[:cut])
    with pytest.raises(FetchError, match=r"JSON is cut off or broken at character .*\(5 attempts\)"):
        client.get_json(site.url)


@given(st.binary(max_size=60) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_any_body_is_json_or_a_fault(body: bytes) -> None:
    value = parse_json(body, 64)
    assert isinstance(value, dict | list | Fault)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b"[" * 65 + b"]" * 65, "nested deeper than 64"),
        (b'{"a": 1, "a": 2}', "'a' twice"),
        (b'{"a": NaN}', "NaN"),
        (b"[" + b"9" * 10_000 + b"]", "more digits"),
        (b"<html>Sign in</html>", "not JSON: '<html>Sign in</html>'"),
        (b"7", "not JSON"),
        (b"", "empty"),
        (b"\xff\xfe[]", "not UTF-8"),
    ],
)
def test_json_that_is_none(body: bytes, fault: str) -> None:
    value = parse_json(body, 64)
    assert isinstance(value, Fault)
    assert fault in value.text


def test_json_of_the_permitted_depth_is_read() -> None:
    assert parse_json(b"[" * 64 + b"]" * 64, 64) == json.loads("[" * 64 + "]" * 64)
    assert parse_json(b'\xef\xbb\xbf{"a": [1]}', 64) == {"a": [1]}


def _packed(coding: str, body: bytes) -> bytes:
    if coding == "gzip":
        return gzip.compress(body[:50]) + gzip.compress(body[50:])
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS if coding == "deflate" else -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate"])
def test_packed_answers_are_unpacked(site: Site, client: Client, coding: str) -> None:
    headers = {"content-encoding": coding.removeprefix("raw ")}
    site.answer = lambda _: Reply(body=_packed(coding, BODY), headers=headers, piece=7)
    assert client.get_json(site.url) == json.loads(BODY)
    site.answer = lambda _: Reply(body=_packed(coding, BODY)[:-20], headers=headers)
    with pytest.raises(FetchError, match=r"packing .* is broken.*\(5 attempts\)"):
        client.get_json(site.url)


def test_a_bomb_is_refused_before_it_fills_memory(site: Site, clock: Clock) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    site.answer = lambda _: Reply(body=bomb, headers={"content-encoding": "gzip"})
    with (
        Client(httpx.HTTPTransport(), clock=clock, limits=Limits(body=1_000_000)) as client,
        pytest.raises(FetchError, match="more than the 1,000,000 bytes that are taken"),
    ):
        client.get_json(site.url)
    assert len(site.asked) == 1


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "x" * 500])
def test_a_packing_that_was_not_asked_for_is_refused(site: Site, client: Client, coding: str) -> None:
    site.answer = lambda _: Reply(body=b"x", headers={"content-encoding": coding})
    with pytest.raises(FetchError, match="which was not asked for"):
        client.get_json(site.url)


def test_an_answer_that_promises_too_much_is_not_read(site: Site, clock: Clock) -> None:
    site.answer = lambda _: Reply(headers={"content-length": "999999999999"})
    with Client(httpx.HTTPTransport(), clock=clock) as client, pytest.raises(FetchError, match="999,999,999,999 bytes"):
        client.get_json(site.url)


def test_text_is_decoded_as_the_server_says(site: Site, client: Client) -> None:
    site.answer = _in_turn(
        Reply(body="é".encode("latin-1"), headers={"content-type": "text/csv; charset=latin-1"}),
        Reply(body="\ufeffé".encode()),
        Reply(body="é".encode(), headers={"content-type": "text/csv; charset=nonsense"}),
        Reply(body=b"\xff"),
    )
    assert [client.get_text(site.url) for _ in range(4)] == ["é", "é", "é", "\ufffd"]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("ftp://a.org/x", "not with http or https"),
        ("file:///etc/passwd", "not with http or https"),
        ("a.org/x", "not with http or https"),
        ("https://", "names no host"),
        ("https://me:pw@a.org/", "holds a login"),
        ("http://[::1", "cannot be written"),
    ],
)
def test_addresses_that_are_not_asked(mocked: Mocked, url: str, fault: str) -> None:
    with pytest.raises(FetchError, match=fault) as caught:
        mocked(lambda _: pytest.fail("asked")).get_json(url)
    assert "me:pw" not in str(caught.value)


REFUSED = [
    ("https://a.org/", "http://a.org/y", "from https to http"),
    ("https://a.org/", "https://127.0.0.1/y", "from the internet to this machine"),
    ("https://a.org/", "https://10.0.0.1/y", "from the internet to a private network"),
    ("http://a.org/", "http://localhost/y", "from the internet to this machine"),
    ("http://a.org/", "http://169.254.169.254/latest", "from the internet to a private network"),
    ("http://127.0.0.1/", "http://a.org/y", "from this machine to the internet"),
    ("https://a.org/", "file:///etc/passwd", "not with http or https"),
    ("https://a.org/", "https://u:p@b.org/", "holds a login"),
]


@pytest.mark.parametrize(("before", "after", "fault"), REFUSED)
def test_redirects_that_are_not_followed(mocked: Mocked, before: str, after: str, fault: str) -> None:
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(302, headers={"location": after})

    with pytest.raises(FetchError, match=fault):
        mocked(handler).get_json(before)
    assert seen == [before]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("https://a.org/", "/y", True),
        ("http://a.org/", "https://a.org/y", True),
        ("https://a.org/", "https://b.org/y", False),
        ("https://a.org/", "https://a.org:8443/y", False),
        ("https://a.org/", "https://a.org.evil.org/y", False),
        ("http://a.org/", "http://b.org/y", False),
    ],
)
def test_credentials_stay_with_their_host(mocked: Mocked, before: str, after: str, kept: bool) -> None:  # noqa: FBT001
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=[]) if len(seen) > 1 else httpx.Response(301, headers={"location": after})

    headers: dict[str, Value] = {"x-token": Secret("t0ken"), "cookie": "c=1", "range": "bytes=0-"}
    mocked(handler).get_json(before, params={"key": Secret("s3cret")}, headers=headers)
    assert seen[1].headers["range"] == "bytes=0-"
    assert ("x-token" in seen[1].headers, "cookie" in seen[1].headers) == (kept, kept)
    assert "s3cret" not in str(seen[1].url)


def test_a_redirect_that_carries_a_secret_to_another_host_is_not_followed(mocked: Mocked) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "a.org"
        return httpx.Response(302, headers={"location": f"https://b.org/?{request.url.query.decode()}"})

    with pytest.raises(FetchError, match="its address holds credentials"):
        mocked(handler).get_json("https://a.org/", params={"key": Secret("s3 cret")})


def test_redirects_end_and_forms_are_not_redirected(mocked: Mocked) -> None:
    client = mocked(lambda _: httpx.Response(307, headers={"location": "/again"}))
    with pytest.raises(FetchError, match="redirected more than 5 times"):
        client.get_json("https://a.org/")
    with pytest.raises(FetchError, match="redirects a form"):
        client.post_form("https://a.org/", {"password": Secret("p")})


def test_the_rate_is_kept_also_between_attempts(site: Site, clock: Clock) -> None:
    site.answer = _in_turn(OK, Reply(503, headers={"retry-after": "2"}), OK)
    rate = Rate.parse("1/minute")
    with Client(httpx.HTTPTransport(), clock=clock, sleep=clock.sleep, rate=rate) as client:
        client.get_json(site.url)
        client.get_json(site.url)
    assert clock.slept == [60, 2, 58]


def test_a_quota_that_is_used_up_ends_the_fetch(site: Site, clock: Clock) -> None:
    site.answer = lambda _: OK
    with Client(httpx.HTTPTransport(), clock=clock, sleep=clock.sleep, rate=Rate.parse("1/day")) as client:
        client.get_json(site.url)
        with pytest.raises(FetchError, match=r"quota of 127\.0\.0\.1 is used up for another 86,400 s"):
            client.get_json(site.url)


def test_waiting_is_told(site: Site, clock: Clock) -> None:
    steps: list[Step] = []
    site.answer = _in_turn(Reply(429, b"slow down, s3cret", {"retry-after": "9"}), OK)
    with Client(httpx.HTTPTransport(), clock=clock, sleep=clock.sleep, progress=steps.append) as client:
        client.get_json(site.url, params={"key": Secret("s3cret")})
    assert steps == [Step("HTTP 429 Too Many Requests: slow down, ***; next attempt in 9 s")]


RIGHT = "p w&d"


class Acled:
    """Tokens as ACLED gives them: a password or a refresh token buys an access token that expires."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.grants: list[str] = []
        self.expires: dict[str, float] = {}
        self.refresh_holds = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return self._token(dict(httpx.QueryParams(request.read().decode())))
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.clock() >= self.expires.get(token, 0):
            return httpx.Response(401, json={"message": f"expired {token}"})
        return httpx.Response(200, json={"status": 200, "data": [{"token": token}]})

    def _token(self, form: dict[str, str]) -> httpx.Response:
        grant = form.pop("grant_type")
        assert form.pop("client_id") == "acled"
        right = {"username": "me@a.org", "password": RIGHT} if grant == "password" else {"refresh_token": "refresh"}
        if form != right or (grant == "refresh_token" and not self.refresh_holds):
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.grants.append(grant)
        token = f"token{len(self.grants)}"
        self.expires[token] = self.clock() + 3600
        answer = {"token_type": "Bearer", "expires_in": 3600, "access_token": token, "refresh_token": "refresh"}
        return httpx.Response(200, json=answer)

    def client(self, password: str = RIGHT) -> Client:
        access = PasswordGrant("https://acleddata.com/oauth/token", Secret("me@a.org"), Secret(password), "acled")
        return Client(httpx.MockTransport(self), clock=self.clock, sleep=self.clock.sleep, access=access)


READ = "https://acleddata.com/api/acled/read"


def test_a_token_is_bought_once_and_refreshed_before_it_expires(clock: Clock) -> None:
    server = Acled(clock)
    client = server.client()
    tokens = []
    for _ in range(3):
        tokens += [client.get_json(READ)["data"][0]["token"] for _ in range(2)]
        clock.now += 3541
    assert tokens == ["token1", "token1", "token2", "token2", "token3", "token3"]
    assert server.grants == ["password", "refresh_token", "refresh_token"]


def test_a_token_that_the_server_takes_back_is_renewed_once_for_a_request(clock: Clock) -> None:
    server = Acled(clock)
    client = server.client()
    client.get_json(READ)
    server.expires.clear()
    server.refresh_holds = False
    assert client.get_json(READ)["data"] == [{"token": "token2"}]
    assert server.grants == ["password", "password"]


def test_a_wrong_password_is_said_and_not_shown(clock: Clock) -> None:
    with pytest.raises(FetchError, match=r"HTTP 400 .*invalid_grant") as caught:
        Acled(clock).client("wrong").get_json(READ)
    assert "wrong" not in str(caught.value)


def test_a_401_that_stays_ends_the_fetch(clock: Clock) -> None:
    server = Acled(clock)
    client = server.client()
    server._token = lambda form: httpx.Response(200, json={"access_token": "dead", "n": len(form)})  # type: ignore[method-assign]
    with pytest.raises(FetchError, match=r"HTTP 401 .*expired \*\*\*.*check the credentials"):
        client.get_json(READ)


def test_tokens_go_to_no_other_host(clock: Clock) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        return httpx.Response(200, json={})

    access = PasswordGrant("https://acleddata.com/oauth/token", Secret("me"), Secret("pw"))
    for other in ("https://evil.org/", "http://acleddata.com/", "https://acleddata.com:444/"):
        assert Client(httpx.MockTransport(handler), access=access, clock=clock).get_json(other) == {}


@pytest.mark.parametrize("answer", [[], {}, {"access_token": 5}, {"access_token": ""}, {"access_token": "a\nb"}])
def test_an_answer_without_a_token_is_refused(mocked: Mocked, answer: object) -> None:
    client = mocked(lambda _: httpx.Response(200, json=answer))
    client.access = PasswordGrant("https://a.org/token", Secret("me"), Secret("pw"))
    with pytest.raises(FetchError, match="no `access_token`"):
        client.get_json("https://a.org/")


@pytest.mark.parametrize("lifetime", [None, "x", True, -5, 0, float("1e400"), "3600", [1]])
def test_any_lifetime_of_a_token_is_survived(mocked: Mocked, lifetime: object) -> None:
    body = json.dumps({"access_token": "t", "expires_in": lifetime}).replace("Infinity", "1e400").encode()
    client = mocked(lambda request: httpx.Response(200, content=body if request.method == "POST" else b"[]"))
    client.access = PasswordGrant("https://a.org/token", Secret("me"), Secret("pw"))
    assert client.get_json("https://a.org/") == []
