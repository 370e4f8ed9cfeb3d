"""Files fetched in pieces: an interrupted download goes on where it stopped, and a changed file starts anew."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import httpx

from marsad.connectors.transport.asking import Asker
from marsad.connectors.transport.bodies import BrokenPackingError, DecodingError, content_length, decoded
from marsad.connectors.transport.calls import Call, Params, Value
from marsad.connectors.transport.faults import Fault, FetchError
from marsad.errors import BusyError
from marsad.evidence.files import sha256_of, write_atomically

__all__ = ["Downloaded", "Order", "download"]

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_STEP = 1_048_576


@dataclass(frozen=True, slots=True)
class Order:
    """What to download.

    Attributes:
        url: the address.
        target: where the file goes.
        expected_sha256: the hash that it must have; None where any will do.
        expected_size: the bytes that it must have; None where any will do.
        params: the query.
        headers: the headers.
    """

    url: str
    target: Path
    expected_sha256: str | None = None
    expected_size: int | None = None
    params: Params = field(default_factory=dict)
    headers: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that came whole.

    Attributes:
        path: where it is.
        size: bytes.
        sha256: 64 hexadecimal digits.
        resumed_from: bytes that were there before this run; 0 where it began anew.
        cached: whether it was there already with the expected hash, and nothing was fetched.
        etag: the server's name of this version; empty where it gave none.
        last_modified: as the server said; empty where it did not.
    """

    path: Path
    size: int
    sha256: str
    resumed_from: int = 0
    cached: bool = False
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class _Version:
    """Which version of which file an unfinished download is of."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    total: int | None = None

    @property
    def condition(self) -> str:
        """What ``If-Range`` may hold: a strong ETag, else a date (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


def download(client: Asker, order: Order) -> Downloaded:
    """Fetch a file to ``order.target``.

    It grows as ``TARGET.part`` beside ``TARGET.part.json`` (ETag, Last-Modified, size), is checked, reaches the disk
    and only then gets its name. A killed process goes on from there, if the server can tell that the file is the same,
    or if its hash is known beforehand; otherwise it starts anew.

    Raises:
        FetchError: it could not be had, or its size or hash is not the one expected.
        BusyError: another process is fetching it.
    """
    if order.expected_sha256 is not None and order.target.is_file():
        digest = sha256_of(order.target)
        if digest == order.expected_sha256:
            return Downloaded(order.target, order.target.stat().st_size, digest, cached=True)
    order.target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(order.target):
        return _Download(client, order).run()


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """Hold the unfinished file, so that two processes do not write into it."""
    with (target.with_name(f"{target.name}.part")).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            busy = True
        else:
            busy = False
        if busy:
            raise BusyError(f"{target}: another process is fetching this file. Wait until it has ended")
        yield


class _Download:
    """One download, over as many attempts as it takes."""

    def __init__(self, client: Asker, order: Order) -> None:
        self.client = client
        self.order = order
        self.part = order.target.with_name(f"{order.target.name}.part")
        self.note = order.target.with_name(f"{order.target.name}.part.json")
        self.name = Call(order.url, order.params).shown(client.redact)
        self.version = self._noted()
        self.resumed_from = 0
        self.furthest = self._size()

    def run(self) -> Downloaded:
        self.resumed_from = self._offset()
        if self.resumed_from == 0 or self.resumed_from != self.version.total:
            self.client.run(self._call, self._receive)
        fault = self._fault()
        if fault and self.resumed_from:
            # Perhaps the pieces are of two versions, or the disk lost some: once more from the start.
            self.client.report(f"{self.name}: {fault}; starting anew")
            self._forget()
            self.resumed_from = 0
            self.client.run(self._call, self._receive)
            fault = self._fault()
        if fault:
            self._forget()
            raise FetchError(self.client.redact.clean(f"{self.name}: {fault}"))
        return self._finish()

    def _noted(self) -> _Version:
        """The version that the unfinished file is of; an empty one where that is not known."""
        try:
            found = json.loads(self.note.read_bytes())
            version = _Version(**found)
        except (OSError, ValueError, TypeError, RecursionError):
            return _Version()
        texts = all(isinstance(one, str) for one in (version.url, version.etag, version.last_modified))
        total = version.total is None or (isinstance(version.total, int) and version.total >= 0)
        return version if texts and total and version.url == self.name else _Version()

    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _offset(self) -> int:
        """Bytes that are there and can be gone on from; 0 where it must start anew."""
        size = self._size()
        known = self.version.url and (self.version.condition or self.order.expected_sha256 is not None)
        beyond = self.version.total is not None and size > self.version.total
        return 0 if not known or beyond else size

    def _call(self) -> Call:
        offset = self._offset()
        ours: dict[str, Value] = {"accept-encoding": "identity"}
        if offset:
            ours["range"] = f"bytes={offset}-"
            if self.version.condition:
                ours["if-range"] = self.version.condition
        return Call(
            self.order.url,
            self.order.params,
            {**self.order.headers, **ours},
            accepts=frozenset({416} if offset else ()),
        )

    def _receive(self, response: httpx.Response) -> Fault | None:
        if response.status_code == 416:
            self._forget()
            return Fault("the server has no bytes after those that are here", transient=True)
        if response.status_code == 206:
            start = self._continues(response)
        else:
            start = 0
            self._begin(response)
        if start is None:
            self._forget()
            return Fault("the server sent another part than was asked for", transient=True)
        self.resumed_from = min(self.resumed_from, start)
        if fault := self._unwanted():
            return fault
        return self._write(response, start)

    def _continues(self, response: httpx.Response) -> int | None:
        """Where the part that comes belongs; None where it does not fit what is here."""
        found = _RANGE.fullmatch(response.headers.get("content-range", ""))
        offset = self._offset()
        if (
            found is None
            or int(found[1]) != offset
            or response.headers.get("content-encoding", "identity") != "identity"
        ):
            return None
        total = None if found[3] == "*" else int(found[3])
        given = _version(response, self.name, total)
        same = all(
            not ours or not theirs or ours == theirs
            for ours, theirs in ((given.etag, self.version.etag), (given.last_modified, self.version.last_modified))
        )
        if not same or (total is not None and self.version.total not in (None, total)):
            return None
        if self.version.total is None:
            self.version = replace(self.version, total=total)
        return offset

    def _begin(self, response: httpx.Response) -> None:
        """Start anew with the version that the server has now."""
        self._forget()
        packed = response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
        total = None if packed else content_length(response)
        # A packed answer cannot be gone on from: its ranges are of the packing.
        self.version = _Version(self.name) if packed else _version(response, self.name, total)
        write_atomically(self.note, json.dumps(asdict(self.version), sort_keys=True).encode())

    def _unwanted(self) -> Fault | None:
        """A fault if the size that the server names is not the one expected, or too much."""
        total, expected = self.version.total, self.order.expected_size
        if total is not None and expected is not None and total != expected:
            return Fault(f"the file has {total:,} bytes, expected were {expected:,}; its producer has changed it")
        if total is not None and total > self.client.limits.download:
            return Fault(f"the file has {total:,} bytes, more than the {self.client.limits.download:,} that are taken")
        return None

    def _write(self, response: httpx.Response, start: int) -> Fault | None:
        position, told, total = start, start, self.version.total
        fault: Fault | None = None
        with self.part.open("r+b", buffering=0) as file:
            file.seek(start)
            file.truncate()
            try:
                for piece in decoded(response, self.client.limits.download - start):
                    file.write(piece)
                    position += len(piece)
                    if position - told >= _STEP:
                        told = position
                        self.client.report(self.name, position, total)
            except DecodingError as error:
                fault = Fault(str(error), transient=isinstance(error, BrokenPackingError))
            except httpx.HTTPError as error:
                fault = Fault(f"{type(error).__name__} after {position:,} bytes: {error}", transient=True)
        if fault is None and total is not None and position < total:
            fault = Fault(f"the file was cut off after {position:,} of {total:,} bytes", transient=True)
        if fault is None:
            self.client.report(self.name, position, total)
            return None
        advanced = fault.transient and position >= self.furthest + _STEP
        self.furthest = max(self.furthest, position)
        return replace(fault, advanced=advanced)

    def _fault(self) -> str:
        """Why the file that came is not the one expected; empty where it is."""
        size = self._size()
        if self.version.total is not None and size != self.version.total:
            return f"{size:,} bytes came, the server named {self.version.total:,}"
        if self.order.expected_size is not None and size != self.order.expected_size:
            return (
                f"the file has {size:,} bytes, expected were {self.order.expected_size:,}; its producer has changed it"
            )
        expected = self.order.expected_sha256
        if expected is not None and (digest := sha256_of(self.part)) != expected:
            return (
                f"the file has the sha256 {digest}, expected was {expected}: its producer has changed it. "
                "Remedy: keep the pinned file, or pin the new one"
            )
        return ""

    def _finish(self) -> Downloaded:
        with self.part.open("rb") as file:
            os.fsync(file.fileno())
        digest = sha256_of(self.part)
        size = self._size()
        self.part.replace(self.order.target)
        self.note.unlink(missing_ok=True)
        version = self.version
        return Downloaded(
            self.order.target,
            size,
            digest,
            resumed_from=self.resumed_from,
            etag=version.etag,
            last_modified=version.last_modified,
        )

    def _forget(self) -> None:
        """Empty the unfinished file; it stays, for the lock hangs on it."""
        self.note.unlink(missing_ok=True)
        with self.part.open("r+b") as file:
            file.truncate(0)
        self.version = _Version()


def _version(response: httpx.Response, name: str, total: int | None) -> _Version:
    headers = response.headers
    return _Version(name, headers.get("etag", "")[:500], headers.get("last-modified", "")[:100], total)
