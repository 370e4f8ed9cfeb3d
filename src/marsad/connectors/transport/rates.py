"""How often a server may be asked."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from marsad.errors import ParseError

__all__ = ["Limiter", "Rate"]

_UNITS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0}
_ONE = re.compile(r"(\d{1,9})\s*/\s*(second|minute|hour|day)")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many requests in so many seconds; several bounds hold together.

    Attributes:
        bounds: pairs of a number of requests and a number of seconds.
    """

    bounds: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        if not self.bounds or any(count < 1 or seconds <= 0 for count, seconds in self.bounds):
            raise ParseError(f"a rate allows at least one request in some time, not {self.bounds}")

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read ``1/second`` or ``60/minute, 5000/day``.

        Raises:
            ParseError: it is not so written.
        """
        found = [_ONE.fullmatch(part.strip()) for part in text.split(",")]
        if None in found:
            raise ParseError(f"{text!r} is no rate; write it as `1/second` or `60/minute, 5000/day`")
        return cls(tuple((int(one[1]), _UNITS[one[2]]) for one in found if one is not None))


@dataclass(slots=True)
class Limiter:
    """Gives each request to a host its time.

    In no stretch of a bound's length do more requests begin than the bound allows. (A token bucket of that size would
    let through up to twice as many, which a quota of a day does not forgive.)

    Attributes:
        rate: the bounds of each host; None for none.
        clock: seconds, as ``time.time``.
    """

    rate: Rate | None
    clock: Callable[[], float]
    _begun: dict[str, tuple[deque[float], ...]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, host: str) -> float:
        """Book the next free time at a host and give the seconds until then."""
        if self.rate is None:
            return 0.0
        with self._lock:
            now = self.clock()
            logs = self._begun.setdefault(host, tuple(deque(maxlen=count) for count, _ in self.rate.bounds))
            start = now
            for (count, seconds), log in zip(self.rate.bounds, logs, strict=True):
                if len(log) == count:
                    # A clock that was set back must not make us wait for longer than the bound.
                    start = max(start, min(log[0] + seconds, now + seconds))
            for log in logs:
                log.append(start)
            return start - now
