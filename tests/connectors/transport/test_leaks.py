"""Nothing that is printed holds a secret, whatever goes wrong."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from marsad.connectors.transport import (
    Client,
    FetchError,
    Linked,
    Numbered,
    PagedDownload,
    PasswordGrant,
    Retries,
    Secret,
    Step,
    pages,
)

SECRET = "hunter2/ü &x"  # noqa: S105 - of nobody
PLAIN = "hunter2"


def _echo(status: int) -> Callable[[httpx.Request], httpx.Response]:
    """A server that gives back all that it was sent."""

    def handler(request: httpx.Request) -> httpx.Response:
        said = f"{request.url} {dict(request.headers)} {request.read().decode()}"
        return httpx.Response(status, text=said, headers={"x-echo": str(request.url)})

    return handler


def _raises(error: type[httpx.HTTPError]) -> Callable[[httpx.Request], httpx.Response]:
    def handler(request: httpx.Request) -> httpx.Response:
        try:
            raise OSError(f"no way to {request.url}")  # noqa: TRY301 - the error needs a cause
        except OSError as cause:
            raise error(f"{request.url} {request.headers}") from cause

    return handler


def _redirect(request: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"location": f"ftp://evil.org/?{request.url.query.decode()}"})


SERVERS = {
    "400": _echo(400),
    "401": _echo(401),
    "503": _echo(503),
    "200, no JSON": _echo(200),
    "redirect": _redirect,
    "connect": _raises(httpx.ConnectError),
    "timeout": _raises(httpx.ReadTimeout),
    "protocol": _raises(httpx.RemoteProtocolError),
    "local protocol": _raises(httpx.LocalProtocolError),
}

URL = "https://a.org/x"


def _query(client: Client, _: Path) -> None:
    client.get_json(URL, params={"key": Secret(SECRET)})


def _header(client: Client, _: Path) -> None:
    client.get_json(URL, headers={"x-token": Secret(PLAIN, prefix="Token ")})


def _bad_header(client: Client, _: Path) -> None:
    client.get_json(URL, headers={"x-token": Secret(SECRET)})


def _form(client: Client, _: Path) -> None:
    client.post_form(URL, {"password": Secret(SECRET)})


def _grant(client: Client, _: Path) -> None:
    client.access = PasswordGrant("https://a.org/token", Secret("me"), Secret(SECRET))
    client.get_json(URL)


def _download(client: Client, folder: Path) -> None:
    client.download(URL, folder / "file.csv", params={"key": Secret(SECRET)}, expected_sha256="0" * 64)


def _paged(client: Client, folder: Path) -> None:
    plan = Numbered(10)
    PagedDownload(folder / "pages", URL, plan, {"key": Secret(SECRET)}).run(client, folder / "out.jsonl")


def _linked(client: Client, folder: Path) -> None:
    PagedDownload(folder / "pages", URL, Linked(), {"key": Secret(SECRET)}).run(client, folder / "out.jsonl")


WAYS = [_query, _header, _bad_header, _form, _grant, _download, _paged, _linked]


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_error_log_step_or_kept_file_holds_a_secret(
    way: Callable[[Client, Path], None], server: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    steps: list[Step] = []
    client = Client(
        httpx.MockTransport(SERVERS[server]),
        sleep=lambda _: None,
        progress=steps.append,
        retries=Retries(attempts=2),
    )
    with caplog.at_level(logging.DEBUG), pytest.raises(FetchError) as caught:
        way(client, tmp_path)
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [frame for frame in report.stack if "/connectors/transport/" in frame.filename and "/src/" in frame.filename]
    printed = [
        *traceback.format_exception(error),
        str(error),
        repr(error),
        repr(vars(error)),
        *(str(frame.locals) for frame in own),
        repr(client),
        caplog.text,
        *(step.text for step in steps),
        *(path.read_text() for path in tmp_path.rglob("*.json*") if path.is_file()),
    ]
    assert [text for text in printed if PLAIN in text] == []


def test_what_is_kept_of_a_paged_fetch_holds_no_secret(tmp_path: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        assert request.url.params["appname"] == SECRET
        if number == 3:
            return httpx.Response(404)
        following = str(request.url.copy_set_param("page", number + 1))
        return httpx.Response(200, json={"data": [{"id": number}], "links": {"next": {"href": following}}})

    fetch = PagedDownload(tmp_path, URL, Linked(next="links.next.href"), {"appname": Secret(SECRET)})
    with pytest.raises(FetchError):
        fetch.run(Client(httpx.MockTransport(handler)), tmp_path / "out.jsonl")
    kept = {path.name: path.read_text() for path in tmp_path.glob("*.json")}
    assert sorted(kept) == ["manifest.json", "page-00001.json", "page-00002.json"]
    assert not any(PLAIN in text for text in kept.values())
    assert '"appname": "***"' in kept["manifest.json"]


@pytest.mark.parametrize("before", range(100, 1300, 11))
@pytest.mark.parametrize("status", [200, 400])
def test_a_message_that_is_cut_does_not_cut_a_secret_in_two(before: int, status: int) -> None:
    said = f"{'x' * before} {SECRET}"
    client = Client(httpx.MockTransport(lambda _: httpx.Response(status, text=said)))
    with pytest.raises(FetchError) as caught:
        client.get_json(URL, params={"key": Secret(SECRET)})
    assert "hunt" not in str(caught.value)
    client = Client(httpx.MockTransport(lambda _: httpx.Response(200, json={"message": said})))
    with pytest.raises(FetchError) as caught:
        list(pages(client, f"{URL}?{'y' * (before % 600)}={SECRET}", Numbered(1), params={"key": Secret(SECRET)}))
    assert "hunt" not in str(caught.value)
