"""A real server on this machine, and a clock that only moves when somebody sleeps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from marsad.connectors.transport import Client, Retries


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    form: dict[str, list[str]]


@dataclass(frozen=True)
class Reply:
    """What the server answers; ``cut`` closes the connection after so many bytes, ``pause`` waits between pieces."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    pause: float = 0.0
    piece: int = 65_536


@dataclass
class Site:
    """The server; ``answer`` is replaced by each test."""

    url: str = ""
    answer: Callable[[Asked], Reply] = lambda _: Reply()
    asked: list[Asked] = field(default_factory=list)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("content-length", 0))
            form = parse_qs(self.rfile.read(length).decode()) if length else {}
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, parse_qs(parts.query), headers, form)
            site.asked.append(asked)
            reply = site.answer(asked)
            self.send_response(reply.status)
            for name, value in {"content-length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            body = reply.body if reply.cut is None else reply.body[: reply.cut]
            try:
                for start in range(0, len(body), reply.piece):
                    self.wfile.write(body[start : start + reply.piece])
                    self.wfile.flush()
                    time.sleep(reply.pause)
            except OSError:
                self.close_connection = True  # who asked was killed
            if reply.cut is not None:
                self.close_connection = True

        do_GET = _serve  # noqa: N815 - the library calls it so
        do_POST = _serve  # noqa: N815 - the same

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked has gone
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Clock:
    """Seconds that pass only in sleep."""

    now: float = 1_700_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[Client]:
    """A client that reaches this machine by a real socket, without the proxies of the environment."""
    with Client(httpx.HTTPTransport(), clock=clock, sleep=clock.sleep, draw=lambda: 0.0, retries=Retries()) as made:
        yield made


@pytest.fixture
def mocked(clock: Clock) -> Callable[[Callable[[httpx.Request], httpx.Response]], Client]:
    """Make a client whose requests end in a function."""

    def make(handler: Callable[[httpx.Request], httpx.Response]) -> Client:
        return Client(httpx.MockTransport(handler), clock=clock, sleep=clock.sleep, draw=lambda: 0.0)

    return make
