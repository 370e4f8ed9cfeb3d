"""Files on the Humanitarian Data Exchange, by its catalogue in CKAN's documented shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from marsad.connectors import FetchContext, Fetched, connector
from marsad.connectors.transport import Client, Credentials
from marsad.errors import InputError

FILES: list[dict[str, Any]] = [
    {"name": "Codebook", "format": "PDF", "url": "https://data.humdata.org/a/codebook.pdf"},
    {
        "name": "Incidents since 1997",
        "format": "CSV",
        "url": "https://data.humdata.org/a/incidents.csv",
        "last_modified": "2025-08-20T07:00:00.000000",
    },
    {"name": "Incidents 2024", "format": "xlsx", "url": "https://data.humdata.org/a/2024.xlsx"},
]


def _fetch(tmp_path: Path, files: Any, name: str = "awsd", **query: str) -> tuple[Fetched, list[httpx.URL]]:
    asked: list[httpx.URL] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        if request.url.path.startswith("/api/"):
            return httpx.Response(200, json={"success": True, "result": {"resources": files}})
        return httpx.Response(200, content=b"Incident ID\n")

    client = Client(httpx.MockTransport(server), clock=lambda: 1.7e9)
    fetch = connector(name).fetch
    assert fetch is not None
    with client:
        return fetch(FetchContext(client, Credentials({}, use_keyring=False), tmp_path, query)), asked


def test_the_only_table_is_fetched_and_its_day_is_the_version(tmp_path: Path) -> None:
    found, asked = _fetch(tmp_path, FILES[:2])
    assert (found.path, found.version) == (tmp_path / "awsd.csv", "2025-08-20")
    assert found.path.read_bytes() == b"Incident ID\n"
    assert [str(url) for url in asked] == [
        "https://data.humdata.org/api/3/action/package_show?id=security-incidents-on-aid-workers",
        "https://data.humdata.org/a/incidents.csv",
    ]


def test_one_of_several_is_chosen_by_words_in_its_name(tmp_path: Path) -> None:
    found, _ = _fetch(tmp_path, FILES, resource="incidents 2024")
    assert (found.path.name, found.version) == ("awsd.xlsx", "2023-11-14")


@pytest.mark.parametrize(
    ("files", "name", "query", "message"),
    [
        (FILES, "awsd", {}, "it has 2 tables: Incidents since 1997; Incidents 2024.*resource="),
        (FILES, "awsd", {"resource": "codebook"}, "0 files fit 'codebook'"),
        (FILES[:1], "awsd", {}, "it has 0 tables: none"),
        (None, "awsd", {}, "lists no files"),
        (FILES, "insecurity-insight-education", {}, "say which dataset"),
        (FILES, "awsd", {"colour": "red"}, "no option 'colour'"),
    ],
)
def test_what_cannot_be_chosen(tmp_path: Path, files: Any, name: str, query: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        _fetch(tmp_path, files, name, **query)
