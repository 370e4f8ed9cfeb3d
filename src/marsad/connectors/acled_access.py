"""One's own account at ACLED: an OAuth token for name and password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marsad.connectors.transport.access import PasswordGrant

if TYPE_CHECKING:
    from marsad.connectors.transport import Credentials
    from marsad.connectors.transport.calls import Value

__all__ = ["TOKEN_URL", "account"]

TOKEN_URL = "https://acleddata.com/oauth/token"  # noqa: S105 - an address
"""Where tokens are given."""


@dataclass(slots=True)
class _Scoped(PasswordGrant):
    """A password grant that names its scope, as ACLED's documentation asks."""

    scope: str = "authenticated"

    def _name(self) -> dict[str, Value]:
        return {**PasswordGrant._name(self), "scope": self.scope}


def account(credentials: Credentials) -> PasswordGrant:
    """Access with the account of the environment or keyring; raises ``NotFoundError`` where there is none."""
    username, password = credentials.need(
        "MARSAD_ACLED_USERNAME", "MARSAD_ACLED_PASSWORD", purpose="the ACLED API", where="https://acleddata.com"
    )
    return _Scoped(TOKEN_URL, username, password, client_id="acled")
