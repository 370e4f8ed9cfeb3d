"""When a request is made again, and how long to wait before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["Retries", "retry_after"]


@dataclass(frozen=True, slots=True)
class Retries:
    """Exponential backoff with full jitter (each wait is drawn evenly between half and all of its bound).

    Attributes:
        attempts: how often a request is made at most.
        base: bound of the first wait in seconds; it doubles each time.
        most: the greatest bound.
        patience: the longest wait in seconds that a server may ask for; one that asks for more ends the fetch.
        statuses: further HTTP statuses that this server uses for "too fast" (429 and 5xx are always tried again).
    """

    attempts: int = 5
    base: float = 1.0
    most: float = 60.0
    patience: float = 900.0
    statuses: frozenset[int] = frozenset()

    def wait(self, attempt: int, draw: float) -> float:
        """Seconds to wait after a failed attempt (the first is 1); ``draw`` is a random number in [0, 1)."""
        bound = min(self.most, self.base * 2.0 ** min(attempt - 1, 60))
        return bound * (0.5 + draw / 2)

    def applies(self, status: int) -> bool:
        """Whether an answer of this status is worth another attempt."""
        return status == 429 or 500 <= status < 600 or status in self.statuses


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds that ``Retry-After`` asks to wait: a number, or an HTTP date seen from ``now`` (seconds since 1970).

    None where it is missing or not understood; a time that has passed is 0.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 16 else math.inf
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return max(0.0, (moment - datetime.fromtimestamp(now, UTC)).total_seconds())
    except (OverflowError, OSError, ValueError):
        return None
