"""Which addresses may be asked, and what may go along when one sends us to another."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

__all__ = [
    "PLAIN_HEADERS",
    "HostKind",
    "address_fault",
    "host_kind",
    "keeps_credentials",
    "redirect_fault",
    "same_host",
]

PLAIN_HEADERS = frozenset({"accept", "accept-encoding", "if-range", "range", "user-agent"})
"""Headers that hold no credentials and go along to another host."""

_PORTS = {"http": 80, "https": 443}


class HostKind(StrEnum):
    """Where a host lies, as far as its name tells."""

    OWN = "this machine"
    PRIVATE = "a private network"
    PUBLIC = "the internet"


def host_kind(host: str) -> HostKind:
    """This machine, a private network or the internet, by the name or the number of the host."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return HostKind.OWN
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        local = name.endswith((".local", ".internal", ".lan", ".home.arpa")) or "." not in name
        return HostKind.PRIVATE if local else HostKind.PUBLIC
    if address.is_loopback or address.is_unspecified:
        return HostKind.OWN
    return HostKind.PUBLIC if address.is_global else HostKind.PRIVATE


def address_fault(url: httpx.URL) -> str:
    """Why an address may not be asked; empty where it may."""
    if url.scheme not in _PORTS:
        return f"the address begins with {url.scheme or 'no scheme'}, not with http or https"
    if not url.host:
        return "the address names no host"
    if url.userinfo:
        return "the address holds a login; give credentials in the environment or the keyring instead"
    return ""


def same_host(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether two addresses are of one host and port, http and https aside."""
    if one.host != other.host:
        return False
    if one.scheme == other.scheme:
        return _port(one) == _port(other)
    return all(_port(url) == _PORTS.get(url.scheme) for url in (one, other))


def keeps_credentials(before: httpx.URL, after: httpx.URL) -> bool:
    """Whether credentials meant for one address may go to the other: the same host, and never from https to http."""
    return same_host(before, after) and after.scheme in {before.scheme, "https"}


def redirect_fault(before: httpx.URL, after: httpx.URL) -> str:
    """Why a redirect is not followed; empty where it is.

    Followed is one to https, or one that keeps http; never one from the internet into this machine or its network.
    """
    if fault := address_fault(after):
        return fault
    if after.scheme != "https" and before.scheme == "https":
        return "it leads from https to http"
    kinds = host_kind(before.host), host_kind(after.host)
    if kinds[0] is not kinds[1] and (kinds[1] is not HostKind.PUBLIC or after.scheme != "https"):
        return f"it leads from {kinds[0]} to {kinds[1]}"
    return ""


def _port(url: httpx.URL) -> int | None:
    return url.port if url.port is not None else _PORTS.get(url.scheme)
