"""What the parts of the transport want of a client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import httpx

from marsad.connectors.transport.calls import Call, Value
from marsad.connectors.transport.faults import Fault
from marsad.connectors.transport.limits import Limits
from marsad.connectors.transport.redaction import Redactor

__all__ = ["Access", "Asker", "Receiver"]

Result = TypeVar("Result")
Receiver = Callable[[httpx.Response], Result | Fault]
"""Reads an answer that is not an error, and says what was wrong with it if it cannot be used."""


class Asker(Protocol):
    """A client, seen from those whom it uses itself."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""

    @property
    def limits(self) -> Limits:
        """How much is taken, and how long is waited."""

    @property
    def redact(self) -> Redactor:
        """Takes secrets out of texts."""

    def post_form(self, url: str, form: Mapping[str, Value]) -> Any:
        """Post a form and give the JSON that comes back."""

    def report(self, text: str, done: int = 0, total: int | None = None) -> None:
        """Tell a step to whoever listens."""

    def run(self, make: Callable[[], Call], receive: Receiver[Result]) -> Result:
        """Make a request until its answer can be used."""


class Access(Protocol):
    """Gives each request its credentials, and gets new ones when the server no longer takes them."""

    def covers(self, url: httpx.URL) -> bool:
        """Whether the credentials are meant for this address; they go to no other."""

    def headers(self, client: Asker) -> Mapping[str, Value]:
        """The headers that hold the credentials."""

    def renew(self, client: Asker) -> None:
        """Get new ones: the server said 401.

        Raises:
            FetchError: there are none to be had.
        """
