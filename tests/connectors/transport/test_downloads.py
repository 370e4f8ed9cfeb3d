from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from marsad.connectors.transport import Client, FetchError, Limits, Retries, Secret, Step
from marsad.errors import BusyError

from .conftest import Asked, Clock, Reply, Site

BODY = random.Random(4).randbytes(3_000_000)
OTHER = random.Random(5).randbytes(3_000_000)
SHA = hashlib.sha256(BODY).hexdigest()


class Files:
    """A server of one file, with ranges and an ETag."""

    def __init__(self, body: bytes = BODY, kept: dict[str, str] | None = None) -> None:
        self.body = body
        self.headers = kept or {"etag": '"v1"', "last-modified": "Sun, 01 Mar 2026 12:00:00 GMT"}
        self.cuts: list[int] = []
        self.ranges = True

    def __call__(self, asked: Asked) -> Reply:
        cut = self.cuts.pop(0) if self.cuts else None
        if cut == 503:
            return Reply(503)
        span = asked.headers.get("range")
        condition = asked.headers.get("if-range")
        if not self.ranges or span is None or (condition and condition not in self.headers.values()):
            return Reply(200, self.body, dict(self.headers), cut=cut)
        start = int(span.removeprefix("bytes=").removesuffix("-"))
        if start >= len(self.body):
            return Reply(416, headers={"content-range": f"bytes */{len(self.body)}"})
        content_range = f"bytes {start}-{len(self.body) - 1}/{len(self.body)}"
        return Reply(206, self.body[start:], {**self.headers, "content-range": content_range}, cut=cut)


def _spans(site: Site) -> list[str | None]:
    return [asked.headers.get("range") for asked in site.asked]


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_whole_with_its_progress(site: Site, clock: Clock, tmp_path: Path) -> None:
    site.answer = Files()
    steps: list[Step] = []
    target = tmp_path / "new" / "file.bin"
    with Client(httpx.HTTPTransport(), clock=clock, progress=steps.append) as client:
        got = client.download(f"{site.url}/f", target, expected_sha256=SHA, expected_size=3_000_000)
    assert (got.path, got.size, got.sha256, got.resumed_from, got.cached) == (target, 3_000_000, SHA, 0, False)
    assert (got.etag, got.last_modified) == ('"v1"', "Sun, 01 Mar 2026 12:00:00 GMT")
    assert target.read_bytes() == BODY
    assert _left(target.parent) == ["file.bin"]
    assert site.asked[0].headers["accept-encoding"] == "identity"
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert len(done) >= 3
    assert steps[-1] == Step(f"{site.url}/f", 3_000_000, 3_000_000)


def test_a_file_that_is_there_with_its_hash_is_not_fetched(site: Site, client: Client, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(BODY)
    assert client.download(site.url, target, expected_sha256=SHA).cached
    assert site.asked == []


def test_an_interrupted_download_goes_on_within_one_run(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = files = Files()
    files.cuts = [1_000_000, 503, 500_000]
    got = client.download(site.url, tmp_path / "file")
    assert got.sha256 == SHA
    assert _spans(site) == [None, "bytes=1000000-", "bytes=1000000-", "bytes=1500000-"]
    assert [asked.headers.get("if-range") for asked in site.asked] == [None, '"v1"', '"v1"', '"v1"']


def test_attempts_are_counted_anew_while_the_file_grows(site: Site, client: Client, tmp_path: Path) -> None:
    body = random.Random(6).randbytes(9 * 1_048_576)
    site.answer = files = Files(body)
    files.cuts = [1_048_576] * 8  # more than the attempts of one request
    assert client.download(site.url, tmp_path / "file").sha256 == hashlib.sha256(body).hexdigest()
    assert len(site.asked) == 9


def test_a_server_that_always_breaks_off_at_one_place_is_given_up(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = files = Files()
    files.ranges = False
    files.cuts = [2_000_000] * 100
    with pytest.raises(FetchError, match="after 2,000,000 bytes"):
        client.download(site.url, tmp_path / "file")
    assert len(site.asked) <= 6


def _interrupted(client: Client, site: Site, target: Path, cut: int = 1_000_000, **options: str) -> None:
    """Leave the beginning of the file behind."""
    kept = site.answer
    calls = [0]

    def answer(asked: Asked) -> Reply:
        calls[0] += 1
        if calls[0] > 1:
            return Reply(404)
        reply = kept(asked)
        return Reply(reply.status, reply.body, reply.headers, cut=cut)

    site.answer = answer
    with pytest.raises(FetchError, match="HTTP 404"):
        client.download(site.url, target, **options)  # type: ignore[arg-type]
    site.answer = kept
    site.asked.clear()


def test_a_later_run_goes_on(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = Files()
    _interrupted(client, site, tmp_path / "file")
    assert _left(tmp_path) == ["file.part", "file.part.json"]
    got = client.download(site.url, tmp_path / "file")
    assert (got.sha256, got.resumed_from) == (SHA, 1_000_000)
    assert _spans(site) == ["bytes=1000000-"]
    assert _left(tmp_path) == ["file"]


def test_a_server_that_ignores_ranges_starts_anew(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = files = Files()
    files.ranges = False
    _interrupted(client, site, tmp_path / "file")
    got = client.download(site.url, tmp_path / "file")
    assert (got.sha256, got.resumed_from) == (SHA, 0)


def test_a_file_that_changed_meanwhile_starts_anew(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = Files()
    _interrupted(client, site, tmp_path / "file")
    site.answer = Files(OTHER, {"etag": '"v2"'})
    client.download(site.url, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == OTHER


@pytest.mark.parametrize("kept", [{"etag": '"v2"'}, {"etag": '"v1"', "last-modified": "Mon, 02 Mar 2026 12:00:00 GMT"}])
def test_a_changed_file_behind_a_server_that_ignores_the_condition(
    site: Site, client: Client, tmp_path: Path, kept: dict[str, str]
) -> None:
    site.answer = Files()
    _interrupted(client, site, tmp_path / "file")
    files = Files(OTHER, kept)

    def careless(asked: Asked) -> Reply:
        headers = {name: value for name, value in asked.headers.items() if name != "if-range"}
        return files(Asked(asked.method, asked.path, asked.query, headers, asked.form))

    site.answer = careless
    client.download(site.url, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == OTHER


def test_a_file_that_shrank_starts_anew(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = Files()
    _interrupted(client, site, tmp_path / "file")
    site.answer = Files(BODY[:500_000])
    assert client.download(site.url, tmp_path / "file").size == 500_000


@pytest.mark.parametrize("kept", [{"etag": 'W/"weak"'}, {"x-nothing": "1"}])
def test_without_a_sure_mark_of_the_version_it_starts_anew(
    site: Site, client: Client, tmp_path: Path, kept: dict[str, str]
) -> None:
    site.answer = Files(kept=kept)
    _interrupted(client, site, tmp_path / "file")
    assert client.download(site.url, tmp_path / "file").sha256 == SHA
    assert _spans(site) == [None]


def test_a_known_hash_is_mark_enough(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = Files(kept={"x-nothing": "1"})
    _interrupted(client, site, tmp_path / "file", expected_sha256=SHA)
    assert client.download(site.url, tmp_path / "file", expected_sha256=SHA).resumed_from == 1_000_000


def test_pieces_of_two_versions_are_found_by_the_hash_and_fetched_anew(
    site: Site, client: Client, tmp_path: Path
) -> None:
    site.answer = Files(OTHER, {"x-nothing": "1"})
    _interrupted(client, site, tmp_path / "file", expected_sha256=SHA)
    site.answer = Files(kept={"x-nothing": "1"})
    assert client.download(site.url, tmp_path / "file", expected_sha256=SHA).sha256 == SHA
    assert _spans(site) == ["bytes=1000000-", None]


@pytest.mark.parametrize("content_range", ["", "bytes 5-9/10", "bytes 1000000-2999999/2999999999", "nonsense"])
def test_a_wrong_part_is_not_taken(site: Site, client: Client, tmp_path: Path, content_range: str) -> None:
    site.answer = files = Files()
    _interrupted(client, site, tmp_path / "file")

    def wrong(asked: Asked) -> Reply:
        reply = files(asked)
        return Reply(reply.status, reply.body, {**reply.headers, "content-range": content_range})

    site.answer = wrong
    assert client.download(site.url, tmp_path / "file").sha256 == SHA
    assert _spans(site) == ["bytes=1000000-", None]


@pytest.mark.parametrize("note", [b"", b"[]", b'{"url": 5}', b"[" * 99_999, b'{"total": -1}', b'{"x": 1}'])
def test_a_damaged_note_starts_anew(site: Site, client: Client, tmp_path: Path, note: bytes) -> None:
    site.answer = Files()
    _interrupted(client, site, tmp_path / "file")
    (tmp_path / "file.part.json").write_bytes(note)
    assert client.download(site.url, tmp_path / "file").sha256 == SHA
    assert _spans(site) == [None]


def test_another_address_starts_anew(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = Files()
    _interrupted(client, site, tmp_path / "file")
    client.download(f"{site.url}/other", tmp_path / "file")
    assert _spans(site) == [None]


def test_a_file_that_was_whole_but_had_no_name_yet_gets_it(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = Files()
    _interrupted(client, site, tmp_path / "file")
    (tmp_path / "file.part").write_bytes(BODY)
    assert client.download(site.url, tmp_path / "file").sha256 == SHA
    assert site.asked == []


def test_another_hash_or_size_is_said_and_nothing_is_left(site: Site, client: Client, tmp_path: Path) -> None:
    site.answer = Files()
    target = tmp_path / "file"
    target.write_bytes(b"the old one")
    with pytest.raises(FetchError, match=f"sha256 {SHA}, expected was {'0' * 64}: its producer has changed it"):
        client.download(site.url, target, expected_sha256="0" * 64)
    with pytest.raises(FetchError, match="has 3,000,000 bytes, expected were 7"):
        client.download(site.url, target, expected_size=7)
    assert target.read_bytes() == b"the old one"
    assert (tmp_path / "file.part").stat().st_size == 0
    assert len(site.asked) == 2


def test_too_large_a_file_is_not_begun(site: Site, clock: Clock, tmp_path: Path) -> None:
    site.answer = Files()
    with (
        Client(httpx.HTTPTransport(), clock=clock, limits=Limits(download=1_000_000)) as client,
        pytest.raises(FetchError, match="3,000,000 bytes, more than the 1,000,000"),
    ):
        client.download(site.url, tmp_path / "file")


def test_a_file_of_unknown_size_is_cut_at_the_limit(mocked: Callable[..., Client], tmp_path: Path) -> None:
    client = mocked(lambda _: httpx.Response(200, content=iter([BODY[:1_000_000]] * 9)))
    client.limits = Limits(download=2_000_000)
    with pytest.raises(FetchError, match="more than the 2,000,000 bytes"):
        client.download("https://a.org/", tmp_path / "file")
    assert (tmp_path / "file.part").stat().st_size <= 2_000_000


def test_a_file_that_comes_packed_is_unpacked(site: Site, client: Client, tmp_path: Path) -> None:
    packed = gzip.compress(BODY[:100_000])
    site.answer = lambda _: Reply(body=packed, headers={"content-encoding": "gzip", "etag": '"v"'})
    assert client.download(site.url, tmp_path / "file").size == 100_000
    site.answer = lambda _: Reply(body=packed, headers={"content-encoding": "gzip", "etag": '"v"'}, cut=50_000)
    site.asked.clear()
    with pytest.raises(FetchError, match="RemoteProtocolError"):
        client.download(site.url, tmp_path / "file")
    assert set(_spans(site)) == {None}


def test_an_empty_file_is_a_file(site: Site, client: Client, tmp_path: Path) -> None:
    assert client.download(site.url, tmp_path / "file").size == 0


def test_two_processes_do_not_write_one_file(site: Site, client: Client, tmp_path: Path) -> None:
    with (tmp_path / "file.part").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match="another process is fetching"):
            client.download(site.url, tmp_path / "file")


def test_a_redirected_download_goes_on_too(mocked: Callable[..., Client], tmp_path: Path) -> None:
    """As data.humdata.org sends to its storage: the signed address changes, the file is the same."""
    seen: list[httpx.Request] = []
    body = BODY[:100_000]

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.host == "data.org":
            return httpx.Response(302, headers={"location": f"https://storage.org/f?signed={len(seen)}"})
        if span := request.headers.get("range"):
            start = int(span[6:-1])
            headers = {"content-range": f"bytes {start}-99999/100000", "etag": '"v"'}
            return httpx.Response(206, content=iter([body[start:]]), headers=headers)
        headers = {"content-length": "100000", "etag": '"v"'}
        return httpx.Response(200, content=iter([body[:60_000]]), headers=headers)

    token = {"authorization": Secret("t0ken")}
    got = mocked(handler).download("https://data.org/f", tmp_path / "file", headers=token)
    assert got.sha256 == hashlib.sha256(body).hexdigest()
    assert [request.headers.get("range") for request in seen] == [None, None, "bytes=60000-", "bytes=60000-"]
    assert [("authorization" in request.headers) for request in seen] == [True, False, True, False]


PROGRAM = """
import sys, httpx
from pathlib import Path
from marsad.connectors.transport import Client
with Client(httpx.HTTPTransport()) as client:
    client.download(sys.argv[1], Path(sys.argv[2]))
"""


def test_a_killed_process_goes_on_where_it_stopped(site: Site, client: Client, tmp_path: Path) -> None:
    files = Files()
    target, part = tmp_path / "file", tmp_path / "file.part"

    def slow(asked: Asked) -> Reply:
        reply = files(asked)
        return Reply(reply.status, reply.body, reply.headers, pause=0.02, piece=20_000)

    site.answer = slow
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, site.url, str(target)])
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size > 200_000):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    reached = part.stat().st_size
    assert 200_000 < reached < len(BODY)
    assert part.read_bytes() == BODY[:reached]
    assert json.loads((tmp_path / "file.part.json").read_bytes())["etag"] == '"v1"'
    site.answer = files
    got = client.download(site.url, target)
    assert (got.sha256, got.resumed_from) == (SHA, reached)
    assert _spans(site) == [None, f"bytes={reached}-"]


def test_a_renewed_token_does_not_stop_a_download(site: Site, clock: Clock, tmp_path: Path) -> None:
    files = Files()

    class Turning:
        number = 0

        def covers(self, url: httpx.URL) -> bool:
            return url.host == "127.0.0.1"

        def headers(self, client: object) -> dict[str, Secret]:  # noqa: ARG002
            return {"x-token": Secret(f"token{self.number}")}

        def renew(self, client: object) -> None:  # noqa: ARG002
            self.number += 1

    site.answer = lambda asked: files(asked) if asked.headers["x-token"] == "token1" else Reply(401)
    options = {"access": Turning(), "retries": Retries(attempts=1)}
    with Client(httpx.HTTPTransport(), clock=clock, **options) as client:  # type: ignore[arg-type]
        assert client.download(site.url, tmp_path / "file").sha256 == SHA
