"""What the fetches of several sources share: options that a person gave, and pages packed into one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from marsad.connectors.connector import Fetched
from marsad.errors import InputError

if TYPE_CHECKING:
    from marsad.connectors.connector import FetchContext
    from marsad.connectors.spec import Spec
    from marsad.connectors.transport.calls import Params
    from marsad.connectors.transport.paging import Plan

__all__ = ["day_asked", "fetch_pages", "options_asked", "today"]


def options_asked(context: FetchContext, spec: Spec) -> Mapping[str, str]:
    """The options that are not empty; raises ``InputError`` for one that the source does not have."""
    unknown = sorted(set(context.query) - set(spec.options))
    if unknown:
        known = ", ".join(spec.options) if spec.options else "none"
        raise InputError(f"{spec.name}: there is no option {unknown[0]!r}; there are: {known}")
    return {name: value.strip() for name, value in context.query.items() if value.strip()}


def day_asked(query: Mapping[str, str], name: str) -> dt.date | None:
    """The day that an option names, as YYYY-MM-DD; None where it is not given. Raises ``InputError``."""
    if (text := query.get(name)) is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{name}: {text!r} is not a day. Write it as YYYY-MM-DD") from error


def today(context: FetchContext) -> str:
    """The day of the fetch in UTC, which names a snapshot of a source without versions."""
    return dt.datetime.fromtimestamp(context.client.clock(), dt.UTC).date().isoformat()


def fetch_pages(context: FetchContext, url: str, plan: Plan, params: Params, *, name: str, version: str) -> Fetched:
    """All records of a paged service in one file of JSON lines; an interrupted fetch goes on at the page it missed.

    Args:
        context: what the fetch works with.
        url: address of the service.
        plan: how it turns its pages.
        params: the query.
        name: of the file, without ending.
        version: of the release.

    Raises:
        FetchError: the service did not give a page.
        InputError: there is no record that fits the query.
    """
    from marsad.connectors.transport import PagedDownload  # noqa: PLC0415 - httpx only where something is fetched

    target = context.folder / f"{name}.jsonl"
    packed = PagedDownload(context.folder / f"{name}.pages", url, plan, params).run(context.client, target)
    if packed.rows == 0:
        raise InputError(f"{url}: no record fits the query. Widen it")
    return Fetched(target, version, url)
