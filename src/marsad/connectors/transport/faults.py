"""What can go wrong between us and a server: one attempt's fault, and the errors that end a fetch."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.errors import MarsadError

__all__ = ["ChangedError", "Fault", "FetchError"]


class FetchError(MarsadError):
    """A server did not give what was asked of it; the message says what came and what to do.

    It never has a cause or a context, for those of the HTTP library carry addresses with their secrets.

    Attributes:
        status: the HTTP status; 0 where there was no answer or the fault lies in its content.
    """

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class ChangedError(FetchError):
    """The data changed at the server while its pages were being fetched."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one attempt failed.

    Attributes:
        text: what happened; not yet redacted.
        transient: whether another attempt may succeed.
        status: the HTTP status; 0 where there was none.
        wait: seconds that the server asks to wait; None where it asks nothing.
        advanced: whether the attempt brought the fetch so much further that attempts are counted anew.
    """

    text: str
    transient: bool = False
    status: int = 0
    wait: float | None = None
    advanced: bool = False
