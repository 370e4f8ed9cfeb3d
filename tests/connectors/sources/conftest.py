"""What the tests of the sources share: reading a file through a connector, and a service played by a function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from marsad.connectors import Connector, FetchContext, Fetched, RowAudit, connector, fitted
from marsad.connectors.transport import Client, Credentials

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data"


@dataclass
class Clock:
    """Seconds that pass only in sleep."""

    now: float = 1_790_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Service:
    """A service whose answers come from a function; it keeps what was asked."""

    folder: Path
    answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(500)
    secrets: Mapping[str, str] = field(default_factory=dict)
    asked: list[httpx.URL] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)

    def context(self, query: Mapping[str, str] | None = None) -> FetchContext:
        client = Client(httpx.MockTransport(self._handle), clock=self.clock, sleep=self.clock.sleep, draw=lambda: 0.0)
        credentials = Credentials(self.secrets, use_keyring=False)
        return FetchContext(client, credentials, self.folder, dict(query or {}))

    def fetch(self, name: str, query: Mapping[str, str] | None = None) -> Fetched:
        fetch = connector(name).fetch
        assert fetch is not None
        return fetch(self.context(query))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        return self.answer(request)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


@dataclass
class Found:
    """The rows of a file, and the audit."""

    rows: list[dict[str, Any]]
    audit: RowAudit


@pytest.fixture
def read() -> Callable[..., Found]:
    """Read a file through a connector, with or without a mapping."""

    def run(name: str | Connector, path: Path, mapping: Mapping[str, Any] | None = None) -> Found:
        source = connector(name) if isinstance(name, str) else name
        audit = RowAudit()
        made = fitted(source, path, mapping, file="mapping.yaml")
        return Found(list(made.table_rows(path, release="r1", audit=audit)), audit)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | Iterable[Mapping[str, Any]]], Path]:
    """Write a small file: text as it is, records as JSON lines."""

    def run(name: str, content: str | Iterable[Mapping[str, Any]]) -> Path:
        path = tmp_path / name
        text = content if isinstance(content, str) else "".join(json.dumps(record) + "\n" for record in content)
        path.write_text(text, encoding="utf-8")
        return path

    return run


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """A real file; the test is skipped where it is absent."""

    def run(name: str) -> Path:
        path = SHARED / name
        if not path.is_file():
            pytest.skip(f"{path} is not here")
        return path

    return run
