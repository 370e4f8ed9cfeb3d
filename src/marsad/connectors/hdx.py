"""Files on the Humanitarian Data Exchange: the catalogue says where the newest of a dataset is."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from marsad.connectors.connector import Fetch, FetchContext, Fetched
from marsad.connectors.fetches import options_asked, today
from marsad.connectors.registry import shipped_spec
from marsad.errors import InputError

__all__ = ["CATALOGUE", "hdx_fetcher"]

CATALOGUE = "https://data.humdata.org/api/3/action/package_show"
"""Where HDX (CKAN) describes a dataset and its files."""

_FORMATS = {"CSV": ".csv", "XLSX": ".xlsx", "JSON": ".json"}


def hdx_fetcher(name: str, dataset: str = "") -> Fetch:
    """How the file of a source is fetched from HDX.

    Args:
        name: of the connector.
        dataset: HDX's name of the dataset; empty where a person must give it as the option ``dataset``.
    """

    def fetch(context: FetchContext) -> Fetched:
        query = options_asked(context, shipped_spec(name))
        wanted = query.get("dataset", dataset)
        if not wanted:
            raise InputError(f"{name}: say which dataset (`dataset=NAME`), as in https://data.humdata.org/dataset/NAME")
        answer = context.client.get_json(CATALOGUE, params={"id": wanted})
        found = _chosen(_files(answer, wanted), query.get("resource", ""), wanted)
        url = str(found["download_url"] if found.get("download_url") else found["url"])
        version = str(found.get("last_modified") or today(context))[:10]
        target = context.folder / f"{name}{_FORMATS[found['format'].upper()]}"
        return Fetched(context.client.download(url, target).path, version, url)

    return fetch


def _files(answer: Any, dataset: str) -> list[dict[str, Any]]:
    """The files of a dataset that are tables."""
    result = answer.get("result") if isinstance(answer, dict) else None
    files = result.get("resources") if isinstance(result, dict) else None
    if not isinstance(files, list):
        raise InputError(f"{CATALOGUE}?id={quote(dataset)}: the answer lists no files. HDX may have changed its API")
    return [
        file
        for file in files
        if isinstance(file, dict) and isinstance(file.get("url"), str) and str(file.get("format")).upper() in _FORMATS
    ]


def _chosen(files: list[dict[str, Any]], words: str, dataset: str) -> dict[str, Any]:
    """The only file, or the only one that has all the words in its name."""
    fitting = [file for file in files if all(word in _name(file).lower() for word in words.lower().split())]
    if len(fitting) != 1:
        names = "; ".join(_name(file) for file in (fitting or files)[:12]) or "none"
        problem = f"{len(fitting)} files fit {words!r}" if words else f"it has {len(files)} tables"
        raise InputError(f"{dataset}: {problem}: {names}. Name one with words of its own (`resource=WORDS`)")
    return fitting[0]


def _name(file: dict[str, Any]) -> str:
    return str(file.get("name") or PurePosixPath(urlsplit(file["url"]).path).name)
