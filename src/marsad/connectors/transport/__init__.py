"""The transport of the connectors: requests with retries, rate limits, paging, resumable downloads, and secrets kept.

What needs httpx is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from marsad.connectors.transport.credentials import Credentials
from marsad.connectors.transport.faults import ChangedError, FetchError
from marsad.connectors.transport.rates import Rate
from marsad.connectors.transport.redaction import Redactor, Secret
from marsad.connectors.transport.retries import Retries

if TYPE_CHECKING:
    from marsad.connectors.transport.access import PasswordGrant
    from marsad.connectors.transport.asking import Access
    from marsad.connectors.transport.calls import Params, Value
    from marsad.connectors.transport.client import Client, Step
    from marsad.connectors.transport.downloads import Downloaded
    from marsad.connectors.transport.limits import Limits
    from marsad.connectors.transport.paged import Packed, PagedDownload
    from marsad.connectors.transport.paging import Linked, Numbered, Offsets, Page, pages

__all__ = [
    "Access",
    "ChangedError",
    "Client",
    "Credentials",
    "Downloaded",
    "FetchError",
    "Limits",
    "Linked",
    "Numbered",
    "Offsets",
    "Packed",
    "Page",
    "PagedDownload",
    "Params",
    "PasswordGrant",
    "Rate",
    "Redactor",
    "Retries",
    "Secret",
    "Step",
    "Value",
    "pages",
]

_LATER = {
    "Access": "asking",
    "Client": "client",
    "Downloaded": "downloads",
    "Limits": "limits",
    "Linked": "paging",
    "Numbered": "paging",
    "Offsets": "paging",
    "Packed": "paged",
    "Page": "paging",
    "PagedDownload": "paged",
    "Params": "calls",
    "PasswordGrant": "access",
    "Step": "client",
    "Value": "calls",
    "pages": "paging",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
