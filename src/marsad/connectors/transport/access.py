"""Credentials that expire: a token bought with a name and a password, renewed on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from marsad.connectors.transport.addresses import keeps_credentials
from marsad.connectors.transport.asking import Asker
from marsad.connectors.transport.calls import Value
from marsad.connectors.transport.faults import FetchError
from marsad.connectors.transport.redaction import Secret

__all__ = ["PasswordGrant"]

_EARLY = 60.0


@dataclass(slots=True)
class PasswordGrant:
    """OAuth 2.0 (RFC 6749): a token for a name and a password (4.3), renewed with its refresh token (6).

    The token is renewed a minute before it expires, and after a 401. Where the refresh token is refused, the password
    buys a new one. The tokens live in memory only.

    Attributes:
        token_url: where tokens are given; the token goes to this host only.
        username: who; kept secret too.
        password: the password.
        client_id: what the server wants as ``client_id``; empty for none.
    """

    token_url: str
    username: Secret
    password: Secret
    client_id: str = ""
    _token: Secret | None = field(default=None, repr=False)
    _refresh: Secret | None = field(default=None, repr=False)
    _expires: float = field(default=math.inf, repr=False)

    def covers(self, url: httpx.URL) -> bool:
        """Whether the address is of the host that gives the tokens."""
        return keeps_credentials(httpx.URL(self.token_url), url)

    def headers(self, client: Asker) -> Mapping[str, Value]:
        """``Authorization: Bearer ...``; the token is bought or renewed first where need be.

        Raises:
            FetchError: the server gives no token.
        """
        if self._token is None or client.clock() >= self._expires:
            self.renew(client)
        return {} if self._token is None else {"authorization": self._token}

    def renew(self, client: Asker) -> None:
        """Buy a new token, with the refresh token if there is one that still holds.

        Raises:
            FetchError: the server gives none.
        """
        answer = self._refreshed(client)
        if answer is None:
            form: dict[str, Value] = {"grant_type": "password", "username": self.username, "password": self.password}
            answer = client.post_form(self.token_url, {**form, **self._name()})
        self._keep(answer, client)

    def _name(self) -> dict[str, Value]:
        return {"client_id": self.client_id} if self.client_id else {}

    def _refreshed(self, client: Asker) -> Any | None:
        """The answer to the refresh token; None where there is none, or it no longer holds."""
        if self._refresh is None:
            return None
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh, **self._name()}
        self._refresh = None
        try:
            return client.post_form(self.token_url, form)
        except FetchError as error:
            if error.status not in (400, 401, 403):
                raise
            return None

    def _keep(self, answer: Any, client: Asker) -> None:
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise FetchError(f"{self.token_url}: the answer holds no `access_token`. Remedy: check the credentials")
        self._token = Secret(token, prefix="Bearer ")
        client.redact.add(self._token)
        refresh = answer.get("refresh_token")
        if isinstance(refresh, str) and refresh:
            self._refresh = Secret(refresh)
            client.redact.add(self._refresh)
        self._expires = client.clock() + _lifetime(answer.get("expires_in"))


def _lifetime(value: object) -> float:
    """Seconds after which a token is renewed; without end where the server does not say (a 401 will)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return math.inf
    return float(value) - min(_EARLY, float(value) / 2)
