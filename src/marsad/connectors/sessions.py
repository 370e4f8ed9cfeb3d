"""One client asks several services, each with its own credentials and its own sign for "too fast"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marsad.connectors.transport import Access, Client

__all__ = ["session"]


@contextmanager
def session(
    client: Client, *, access: Access | None = None, too_fast: frozenset[int] = frozenset()
) -> Iterator[Client]:
    """The client with credentials that expire and with further statuses to try again; afterwards it is as it was.

    Args:
        client: the transport.
        access: the credentials; None for those that it has.
        too_fast: statuses by which this service says that it is asked too fast, besides 429.
    """
    before = client.access, client.retries
    client.access = client.access if access is None else access
    client.retries = replace(client.retries, statuses=client.retries.statuses | too_fast)
    try:
        yield client
    finally:
        client.access, client.retries = before
