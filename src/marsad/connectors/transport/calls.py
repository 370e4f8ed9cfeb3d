"""One request before it is made: its secrets are still closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from marsad.connectors.transport.redaction import Redactor, Secret

__all__ = ["Call", "Params", "Value", "plain"]

Value = str | int | float | bool | Secret
"""A value of a query, a header or a form."""

Params = Mapping[str, Value | Sequence[Value]]
"""The query of an address; a list stands for a name that is repeated."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request.

    Attributes:
        url: the address, with or without a query of its own.
        params: added to the query.
        headers: added to the headers.
        form: what is posted; None for a GET.
        bare: whether the client's own credentials stay away.
        accepts: further statuses whose answers are read.
    """

    url: str
    params: Params = field(default_factory=dict)
    headers: Mapping[str, Value] = field(default_factory=dict)
    form: Mapping[str, Value] | None = None
    bare: bool = False
    accepts: frozenset[int] = frozenset()

    @property
    def method(self) -> str:
        """GET, or POST where there is a form."""
        return "GET" if self.form is None else "POST"

    def secrets(self) -> list[Secret]:
        """The secrets that it holds."""
        values: list[object] = [*self.headers.values(), *(self.form or {}).values()]
        for value in self.params.values():
            values.extend(value if isinstance(value, list | tuple) else [value])
        return [value for value in values if isinstance(value, Secret)]

    def request(self, extra: Mapping[str, Value], timeout: httpx.Timeout) -> httpx.Request:
        """The request as it goes out; ``extra`` are headers that the caller's own replace.

        Raises:
            httpx.InvalidURL, ValueError: the address or a header cannot be written.
        """
        query = [(name, one) for name, value in self.params.items() for one in _each(value)]
        url = httpx.URL(self.url)
        if query:
            url = url.copy_merge_params(_merged(url, query))
        headers = {name: plain(value) for name, value in [*extra.items(), *self.headers.items()]}
        form = None if self.form is None else {name: plain(value) for name, value in self.form.items()}
        extensions = {"timeout": timeout.as_dict()}
        return httpx.Request(self.method, url, headers=headers, data=form, extensions=extensions)

    def shown(self, redactor: Redactor) -> str:
        """The address for a message, with the names and the harmless values of its query."""
        query = "&".join(f"{name}={one}" for name, value in self.params.items() for one in _each(value, shown=True))
        separator = "&" if "?" in self.url else "?"
        text = f"{self.url}{separator}{query}" if query else self.url
        return redactor.shown(text, 500)


def plain(value: Value) -> str:
    """The value as it is sent."""
    if isinstance(value, Secret):
        return value.reveal()
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _each(value: Value | Sequence[Value], *, shown: bool = False) -> list[str]:
    values: Sequence[Value] = value if isinstance(value, list | tuple) else [value]  # type: ignore[list-item]
    return [str(one) if shown else plain(one) for one in values]


def _merged(url: httpx.URL, query: list[tuple[str, str]]) -> httpx.QueryParams:
    """The query of the address, where ours replaces a name that stands in both."""
    names = {name for name, _ in query}
    kept = [(name, value) for name, value in url.params.multi_items() if name not in names]
    return httpx.QueryParams([*kept, *query])
