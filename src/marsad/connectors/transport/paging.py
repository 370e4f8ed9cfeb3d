"""Reading an API page by page, in the three manners that the sources of events use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from marsad.connectors.transport.addresses import keeps_credentials
from marsad.connectors.transport.calls import Params, Value
from marsad.connectors.transport.client import Client
from marsad.connectors.transport.faults import ChangedError, FetchError
from marsad.connectors.transport.redaction import Secret

__all__ = ["Linked", "Numbered", "Offsets", "Page", "Plan", "Row", "Trail", "Where", "pages"]

Row = dict[str, Any]
"""A record as the server sent it."""

Where = Mapping[str, str | int]
"""Where a page stands: the part of the query, or the address, that leads to it; without secrets."""

_MOST_PAGES = 200_000
_SAID = ("message", "messages", "error", "errors", "detail", "status")


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        where: where it stands.
        rows: its records, in the server's order.
        total: records that the server says there are in all; None where it does not say.
        following: where the next page stands; None after the last.
    """

    where: Where
    rows: tuple[Row, ...]
    total: int | None
    following: Where | None


class Plan(Protocol):
    """The manner in which an API gives its pages."""

    @property
    def exact(self) -> bool:
        """Whether as many records must come as the server names in all."""

    def start(self) -> Where:
        """Where the first page stands."""

    def request(self, url: str, params: Params, where: Where) -> tuple[str, Params]:
        """The address and the query of a page."""

    def page(self, body: Any, where: Where, before: int, url: httpx.URL, secrets: frozenset[str]) -> Page:
        """Read a page.

        Args:
            body: the JSON that came.
            where: where it stands.
            before: records of the pages before it.
            url: the address that was asked for.
            secrets: names in the query whose values are secret.

        Raises:
            FetchError: the answer has not the shape of a page.
        """


@dataclass(frozen=True, slots=True)
class Numbered:
    """Pages with numbers, as UCDP, ACLED, UNHCR and VIEWS have them.

    Names of fields in the answer may lead inwards: ``meta.total``.

    Attributes:
        size: records to ask for on a page.
        page_name: the parameter of the number.
        size_name: the parameter of the size.
        first: the number of the first page.
        rows: the field of the records.
        total: the field of the number of all records; empty where there is none.
        pages: the field of the number of all pages; empty where there is none.
        exact: whether as many records must come as ``total`` says.
    """

    size: int
    page_name: str = "page"
    size_name: str = "pagesize"
    first: int = 0
    rows: str = "Result"
    total: str = ""
    pages: str = ""
    exact: bool = True

    def start(self) -> Where:
        """Where the first page stands."""
        return {"page": self.first}

    def request(self, url: str, params: Params, where: Where) -> tuple[str, Params]:
        """The address and the query of a page."""
        return url, {**params, self.page_name: where["page"], self.size_name: self.size}

    def page(self, body: Any, where: Where, before: int, url: httpx.URL, secrets: frozenset[str]) -> Page:  # noqa: ARG002
        """Read a page. It is the last where it is empty, or where the server's own numbers say so."""
        rows, total = _rows(body, self.rows), _number(body, self.total)
        number, pages = int(where["page"]), _number(body, self.pages)
        if pages is not None:
            ends = number - self.first + 1 >= pages
        else:
            ends = total is not None and before + len(rows) >= total
        return Page(where, rows, total, None if ends or not rows else {"page": number + 1})


@dataclass(frozen=True, slots=True)
class Offsets:
    """Pages by offset and limit, as HDX HAPI and ReliefWeb have them.

    The offset grows by the records that came, so that a server which caps the page loses none.

    Attributes:
        size: records to ask for on a page.
        offset_name: the parameter of the offset.
        size_name: the parameter of the size.
        rows: the field of the records.
        total: the field of the number of all records; empty where there is none.
        exact: whether as many records must come as ``total`` says.
    """

    size: int
    offset_name: str = "offset"
    size_name: str = "limit"
    rows: str = "data"
    total: str = ""
    exact: bool = True

    def start(self) -> Where:
        """Where the first page stands."""
        return {"offset": 0}

    def request(self, url: str, params: Params, where: Where) -> tuple[str, Params]:
        """The address and the query of a page."""
        return url, {**params, self.offset_name: where["offset"], self.size_name: self.size}

    def page(self, body: Any, where: Where, before: int, url: httpx.URL, secrets: frozenset[str]) -> Page:  # noqa: ARG002
        """Read a page. It is the last where it is empty, or where the server's total is reached."""
        rows, total = _rows(body, self.rows), _number(body, self.total)
        ends = not rows or (total is not None and before + len(rows) >= total)
        return Page(where, rows, total, None if ends else {"offset": int(where["offset"]) + len(rows)})


@dataclass(frozen=True, slots=True)
class Linked:
    """Pages that name the address of the next one, which must be of the same host.

    Attributes:
        size: records to ask for on a page; 0 leaves it to the server.
        size_name: the parameter of the size.
        rows: the field of the records.
        next: the field of the next address.
        total: the field of the number of all records; empty where there is none.
        exact: whether as many records must come as ``total`` says.
    """

    size: int = 0
    size_name: str = "pagesize"
    rows: str = "data"
    next: str = "next_page"
    total: str = ""
    exact: bool = True

    def start(self) -> Where:
        """Where the first page stands."""
        return {"url": ""}

    def request(self, url: str, params: Params, where: Where) -> tuple[str, Params]:
        """The address and the query of a page; only the secrets of the query are added to a next address."""
        if where["url"]:
            return str(where["url"]), {name: value for name, value in params.items() if isinstance(value, Secret)}
        return url, {**params, self.size_name: self.size} if self.size else params

    def page(self, body: Any, where: Where, before: int, url: httpx.URL, secrets: frozenset[str]) -> Page:  # noqa: ARG002
        """Read a page. It is the last where it is empty or names no next address.

        Raises:
            FetchError: it has not the shape of a page, or the next address is of another host.
        """
        rows, total = _rows(body, self.rows), _number(body, self.total)
        link = _inner(body, self.next)
        if not rows or link in (None, ""):
            return Page(where, rows, total, None)
        return Page(where, rows, total, {"url": _next_address(link, url, secrets)})


@dataclass(slots=True)
class Trail:
    """What was read so far; it notices a page that comes again and a total that changes.

    Attributes:
        count: pages.
        rows: records.
        total: records that the server says there are in all; None where it does not say.
    """

    count: int = 0
    rows: int = 0
    total: int | None = None
    _prints: dict[bytes, int] = field(default_factory=dict)
    _places: set[str] = field(default_factory=set)

    def take(self, page: Page) -> None:
        """Note a page.

        Raises:
            ChangedError: the server now names another total.
            FetchError: the page came before, or there is no end of pages.
        """
        if page.total is not None:
            if self.total not in (None, page.total):
                raise ChangedError(
                    f"the data changed while they were fetched: {self.total:,} records at first, "
                    f"{page.total:,} at page {self.count + 1}"
                )
            self.total = page.total
        place = json.dumps(dict(page.where), sort_keys=True)
        text = json.dumps(page.rows, sort_keys=True)
        mark = hashlib.sha256(text.encode()).digest()
        earlier = self._prints.get(mark) if page.rows else None
        if earlier is not None or place in self._places:
            raise FetchError(
                f"page {self.count + 1} is the same as page {earlier or 'before'}: the server does not turn the pages. "
                "Remedy: check the names of the paging parameters"
            )
        if self.count >= _MOST_PAGES:
            raise FetchError(f"there are more than {_MOST_PAGES:,} pages. Remedy: narrow the query")
        self.count += 1
        self.rows += len(page.rows)
        self._prints[mark] = self.count
        self._places.add(place)

    def shortage(self, *, exact: bool) -> str:
        """What is wrong with the number of records when all pages have come; empty where nothing is."""
        if not exact or self.total is None or self.rows == self.total:
            return ""
        return (
            f"{self.rows:,} records came, the server named {self.total:,} (if it stays so, the first page may have "
            "another number, or the total may count what is not given)"
        )


def pages(
    client: Client,
    url: str,
    plan: Plan,
    *,
    params: Params | None = None,
    headers: Mapping[str, Value] | None = None,
    trail: Trail | None = None,
    after: Where | None = None,
) -> Iterator[Page]:
    """Fetch the pages of an API, one after the other.

    Args:
        client: who asks.
        url: the address of the first page.
        plan: the manner of its pages.
        params: the query, without the parameters of the paging.
        headers: the headers.
        trail: what was read before, for a fetch that goes on; it grows.
        after: where to begin; None for the first page.

    Yields:
        The pages in their order; the last may be empty.

    Raises:
        ChangedError: the data changed meanwhile, or fewer or more records came than the server named.
        FetchError: a page could not be had, has not the shape, or came before.
    """
    trail = Trail() if trail is None else trail
    query: Params = {} if params is None else params
    secrets = frozenset(name for name, value in query.items() if isinstance(value, Secret))
    where: Where | None = plan.start() if after is None else after
    while where is not None:
        address, full = plan.request(url, query, where)
        body = client.get_json(address, params=full, headers=headers)
        page, fault = _read(plan, body, where, trail, httpx.URL(address), secrets)
        if fault is not None:
            raise type(fault)(client.redact.shown(f"{url}: {fault}", 1000))
        yield page
        where = page.following
    if short := trail.shortage(exact=plan.exact):
        raise ChangedError(client.redact.shown(f"{url}: {short}", 1000))


def _read(
    plan: Plan, body: Any, where: Where, trail: Trail, url: httpx.URL, secrets: frozenset[str]
) -> tuple[Page, FetchError | None]:
    """The page, noted in the trail, or what is wrong with it."""
    try:
        page = plan.page(body, where, trail.rows, url, secrets)
        trail.take(page)
    except FetchError as error:
        return Page(where, (), None, None), error
    return page, None


def _inner(body: Any, path: str) -> Any:
    """The value at a path of names; None where there is none."""
    for name in path.split(".") if path else ():
        body = body.get(name) if isinstance(body, dict) else None
    return body if path else None


def _rows(body: Any, path: str) -> tuple[Row, ...]:
    found = _inner(body, path)
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return tuple(found)
    names: Sequence[str] = sorted(body)[:12] if isinstance(body, dict) else [f"a {type(body).__name__}"]
    said = "; ".join(f"{name}: {body[name]!r:.9999}" for name in _SAID if isinstance(body, dict) and name in body)
    raise FetchError(
        f"the answer has no list of records `{path}`, but {', '.join(names)}. "
        f"Remedy: check the query; the API may have changed{f'. The server said: {said}' if said else ''}"
    )


def _number(body: Any, path: str) -> int | None:
    found = _inner(body, path)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 16:
        found = int(found)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise FetchError(
            f"`{path}` is {found!r:.9999}, not a number of records or pages. Remedy: the API may have changed"
        )
    return found


def _next_address(link: Any, before: httpx.URL, secrets: frozenset[str]) -> str:
    """The next address, without the values of secret parameters."""
    try:
        after = before.join(str(link))
    except httpx.InvalidURL:
        after = httpx.URL("")
    if before.scheme == "https" and after.scheme == "http" and after.port is None:
        after = after.copy_with(scheme="https")
    if not keeps_credentials(before, after) or after.userinfo:
        raise FetchError(f"the next page is at another host ({after.host[:80]!r}). Remedy: the API may have changed")
    params = after.params
    for name in secrets:
        params = params.remove(name)
    return str(after.copy_with(params=params) if secrets else after)
