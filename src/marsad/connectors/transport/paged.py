"""A paged fetch that survives being killed: its pages are kept until the last has come, then packed into one file."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marsad.connectors.transport.calls import Params, Value
from marsad.connectors.transport.client import Client
from marsad.connectors.transport.faults import ChangedError, FetchError
from marsad.connectors.transport.paging import Page, Plan, Trail, Where, pages
from marsad.connectors.transport.redaction import HIDDEN, Secret
from marsad.errors import BusyError
from marsad.evidence.files import atomic_path, write_atomically

__all__ = ["Packed", "PagedDownload"]

_MANIFEST = "manifest.json"
_FETCHES = 2


@dataclass(frozen=True, slots=True)
class Packed:
    """All pages in one file: JSON lines, a record each, in the server's order, with sorted names.

    Attributes:
        path: the file.
        rows: records.
        pages: pages.
        total: records that the server named; None where it did not.
        sha256: hash of the file, 64 hexadecimal digits.
        resumed_from: pages that were there before this run.
    """

    path: Path
    rows: int
    pages: int
    total: int | None
    sha256: str
    resumed_from: int = 0


@dataclass(frozen=True, slots=True)
class PagedDownload:
    """Fetches the pages of an API into a folder, and goes on from the first that is missing.

    The folder holds ``page-00001.json`` and so on, each written in one step, and ``manifest.json`` with the query (its
    secrets hidden), the plan, when it began and the total. Pages of another query, or older than ``keep_for``, are
    thrown away. It is emptied when all are packed.

    Attributes:
        folder: where the pages are kept; used for nothing else.
        url: the address of the first page.
        plan: the manner of its pages.
        params: the query, without the parameters of the paging.
        headers: the headers.
        keep_for: seconds after which pages of an unfinished fetch are too old to go on from: sources are rewritten.
    """

    folder: Path
    url: str
    plan: Plan
    params: Params = field(default_factory=dict)
    headers: Mapping[str, Value] = field(default_factory=dict)
    keep_for: float = 86_400.0

    def run(self, client: Client, target: Path) -> Packed:
        """Fetch what is missing and pack all pages into ``target``.

        Where the data change meanwhile it starts over once.

        Raises:
            FetchError: a page could not be had; those before it stay for the next run.
            ChangedError: the data changed again.
            BusyError: another process fetches into this folder.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder):
            for attempt in range(1, _FETCHES + 1):
                trail, resumed, change = self._fetch(client)
                if change is None:
                    return self._pack(target, trail, resumed)
                self._clear()
                if attempt < _FETCHES:
                    client.report(f"{change}; starting over")
            raise ChangedError(f"{change}; it started over once already. Remedy: fetch again later")

    def _fetch(self, client: Client) -> tuple[Trail, int, ChangedError | None]:
        """Fetch what is missing; what was read, pages that were there, and the change where the data changed."""
        trail, following, change = self._resume(client)
        resumed = trail.count
        if change is not None or (resumed and following is None):
            return trail, resumed, change
        try:
            for page in pages(
                client, self.url, self.plan, params=self.params, headers=self.headers, trail=trail, after=following
            ):
                write_atomically(self._path(trail.count), _page_bytes(page))
                self._write_manifest(client, trail)
                client.report(f"{self.url}: page {trail.count}", trail.rows, trail.total)
        except ChangedError as error:
            change = error
        return trail, resumed, change

    def _resume(self, client: Client) -> tuple[Trail, Where | None, ChangedError | None]:
        """Read the pages that are there: what was read, where the next stands, and whether they fit together."""
        trail = Trail()
        expected: Where | None = self.plan.start()
        if not self._continues(client):
            self._clear()
            self._write_manifest(client, trail)
            return trail, expected, None
        while expected is not None and (page := _read_page(self._path(trail.count + 1))) is not None:
            if dict(page.where) != dict(expected):
                break
            try:
                trail.take(page)
            except FetchError:
                break
            expected = page.following
        for path in self._pages():
            if int(path.stem[5:]) > trail.count:
                path.unlink()
        if expected is None and (short := trail.shortage(exact=self.plan.exact)):
            return trail, None, ChangedError(f"{self.url}: {short}")
        return trail, expected, None

    def _identity(self, client: Client) -> dict[str, Any]:
        """What makes two fetches the same."""
        query = {name: _shown(value) for name, value in self.params.items()}
        plan = {"kind": type(self.plan).__name__, "values": repr(self.plan)}
        return {"url": client.redact.clean(self.url), "query": query, "plan": plan}

    def _continues(self, client: Client) -> bool:
        """Whether the pages that are there are of this query and young enough."""
        try:
            found = json.loads((self.folder / _MANIFEST).read_bytes())
        except (OSError, ValueError, RecursionError):
            return False
        if not isinstance(found, dict) or found.get("fetch") != self._identity(client):
            return False
        started = found.get("started")
        return isinstance(started, int | float) and 0 <= client.clock() - started <= self.keep_for

    def _write_manifest(self, client: Client, trail: Trail) -> None:
        """Write the manifest at the start and when the total becomes known."""
        path = self.folder / _MANIFEST
        if trail.count > 1:
            return
        try:
            started = json.loads(path.read_bytes())["started"] if trail.count else client.clock()
        except (OSError, ValueError, KeyError, TypeError):
            started = client.clock()
        content = {"fetch": self._identity(client), "started": started, "total": trail.total}
        write_atomically(path, json.dumps(content, sort_keys=True, indent=1).encode())

    def _path(self, number: int) -> Path:
        return self.folder / f"page-{number:05}.json"

    def _pages(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("page-*.json") if path.stem[5:].isdecimal())

    def _clear(self) -> None:
        for path in self._pages():
            path.unlink()
        (self.folder / _MANIFEST).unlink(missing_ok=True)

    def _pack(self, target: Path, trail: Trail, resumed: int) -> Packed:
        """Write all pages into one file and empty the folder."""
        digest = hashlib.sha256()
        rows = 0
        with atomic_path(target) as path, path.open("wb") as file:
            for number in range(1, trail.count + 1):
                page = _read_page(self._path(number))
                if page is None:
                    raise FetchError(f"{self._path(number)}: the page was damaged meanwhile. Remedy: fetch again")
                for row in page.rows:
                    line = json.dumps(row, sort_keys=True, separators=(",", ":")).encode() + b"\n"
                    digest.update(line)
                    file.write(line)
                    rows += 1
        self._clear()
        return Packed(target, rows, trail.count, trail.total, digest.hexdigest(), resumed)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder, so that two processes do not mix their pages."""
    with (folder / ".lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            busy = True
        else:
            busy = False
        if busy:
            raise BusyError(f"{folder}: another process is fetching these pages. Wait until it has ended")
        yield


def _shown(value: object) -> Any:
    """A value of the query as the manifest keeps it."""
    if isinstance(value, Secret):
        return HIDDEN
    return [_shown(one) for one in value] if isinstance(value, list | tuple) else value


def _page_bytes(page: Page) -> bytes:
    content = {
        "following": None if page.following is None else dict(page.following),
        "rows": page.rows,
        "total": page.total,
        "where": dict(page.where),
    }
    return json.dumps(content, sort_keys=True).encode()


def _read_page(path: Path) -> Page | None:
    """A page that was kept; None where it is missing or damaged."""
    try:
        found = json.loads(path.read_bytes())
        rows, where, following, total = (found[name] for name in ("rows", "where", "following", "total"))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    sound = isinstance(rows, list) and all(isinstance(row, dict) for row in rows) and isinstance(where, dict)
    if not sound or not isinstance(following, dict | None) or not isinstance(total, int | None):
        return None
    return Page(where, tuple(rows), total, following)
