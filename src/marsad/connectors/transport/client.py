"""The client of all connectors: it asks a server until it has the answer, or says why there is none."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

import marsad
from marsad.connectors.transport.addresses import (
    PLAIN_HEADERS,
    address_fault,
    keeps_credentials,
    redirect_fault,
)
from marsad.connectors.transport.asking import Access, Receiver
from marsad.connectors.transport.bodies import excerpt, parse_json, read_body
from marsad.connectors.transport.calls import Call, Params, Value
from marsad.connectors.transport.downloads import Downloaded, Order, download
from marsad.connectors.transport.faults import Fault, FetchError
from marsad.connectors.transport.limits import Limits
from marsad.connectors.transport.rates import Limiter, Rate
from marsad.connectors.transport.redaction import Redactor, Secret
from marsad.connectors.transport.retries import Retries, retry_after

__all__ = ["Client", "Step"]

Result = TypeVar("Result")

_REMEDIES = {
    401: "check the credentials",
    403: "the credentials do not open this; check the account and its terms",
    404: "check the version and the query",
    429: "wait, or ask for less",
}


@dataclass(frozen=True, slots=True)
class Step:
    """How far a fetch has come.

    Attributes:
        text: what is being done; holds no secret.
        done: bytes or rows so far.
        total: bytes or rows in all; None where nobody knows.
    """

    text: str
    done: int = 0
    total: int | None = None


@dataclass
class Client:
    """Asks servers over HTTP.

    Secrets (``Secret`` in a query, header or form) never come into an error, a log record or a step. A redirect is
    followed to https only, or where it keeps http; no credentials go to another host.

    Attributes:
        transport: what carries the requests; None for the network with the proxies of the environment.
        user_agent: how the program names itself.
        rate: how often each host may be asked; None for no bound.
        retries: when a request is made again.
        limits: how much is taken, and how long is waited.
        access: credentials that expire; asked for its headers, and to renew them after a 401.
        clock: seconds since 1970.
        sleep: waits so many seconds.
        draw: a random number in [0, 1), for the jitter.
        progress: told each step.
        redact: takes secrets out of texts.
    """

    transport: httpx.BaseTransport | None = None
    _: KW_ONLY
    user_agent: str = f"marsad/{marsad.__version__}"
    rate: Rate | None = None
    retries: Retries = field(default_factory=Retries)
    limits: Limits = field(default_factory=Limits)
    access: Access | None = None
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = random.random
    progress: Callable[[Step], None] | None = None
    redact: Redactor = field(default_factory=Redactor)

    def __post_init__(self) -> None:
        self._timeout = httpx.Timeout(self.limits.read, connect=self.limits.connect)
        self._http = httpx.Client(transport=self.transport, timeout=self._timeout, trust_env=self.transport is None)
        self._limiter = Limiter(self.rate, self.clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get_json(self, url: str, *, params: Params | None = None, headers: Mapping[str, Value] | None = None) -> Any:
        """The JSON at an address.

        Raises:
            FetchError: it could not be had.
        """
        call = Call(url, params or {}, {"accept": "application/json", **(headers or {})})
        return self.run(lambda: call, self._json)

    def get_text(self, url: str, *, params: Params | None = None, headers: Mapping[str, Value] | None = None) -> str:
        """The text at an address, in UTF-8 or the encoding that the server names; faulty bytes become U+FFFD.

        Raises:
            FetchError: it could not be had.
        """
        call = Call(url, params or {}, headers or {})
        return self.run(lambda: call, self._text)

    def post_form(self, url: str, form: Mapping[str, Value], *, headers: Mapping[str, Value] | None = None) -> Any:
        """Post a form without the client's own credentials, and give the JSON that comes back; no redirect is followed.

        Raises:
            FetchError: it could not be had.
        """
        call = Call(url, {}, {"accept": "application/json", **(headers or {})}, form, bare=True)
        return self.run(lambda: call, self._json)

    def download(
        self,
        url: str,
        target: Path,
        *,
        expected_sha256: str | None = None,
        expected_size: int | None = None,
        params: Params | None = None,
        headers: Mapping[str, Value] | None = None,
    ) -> Downloaded:
        """Fetch a file to ``target``, going on where an interrupted download stopped.

        See :func:`marsad.connectors.transport.downloads.download`.

        Raises:
            FetchError: it could not be had, or is not the one expected.
            BusyError: another process is fetching it.
        """
        return download(self, Order(url, target, expected_sha256, expected_size, params or {}, headers or {}))

    def report(self, text: str, done: int = 0, total: int | None = None) -> None:
        """Tell a step to whoever listens."""
        if self.progress is not None:
            self.progress(Step(self.redact.clean(text), done, total))

    def run(self, make: Callable[[], Call], receive: Receiver[Result]) -> Result:
        """Make a request until its answer can be used.

        Args:
            make: gives the request anew for each attempt.
            receive: reads the answer.

        Raises:
            FetchError: no attempt succeeded. It is raised outside any ``except``, so that nothing hangs on it.
        """
        attempt, renewed = 1, False
        while True:
            call = make()
            outcome = self._cleaned(self._attempt(call, receive))
            if not isinstance(outcome, Fault):
                return outcome
            if outcome.status == 401 and not renewed and (access := self._access(call)) is not None:
                renewed = True
                access.renew(self)
                continue
            attempt = 1 if outcome.advanced else attempt
            if not outcome.transient or attempt >= self.retries.attempts or self._impatient(outcome):
                break
            self._wait_after(outcome, attempt)
            attempt += 1
        again = f" ({attempt} attempts)" if attempt > 1 else ""
        remedy = _REMEDIES.get(outcome.status, "check the network and the address, then fetch again")
        raise FetchError(f"{call.shown(self.redact)}: {outcome.text}{again}. Remedy: {remedy}", status=outcome.status)

    def _cleaned(self, outcome: Result | Fault) -> Result | Fault:
        """The outcome, without secrets in the text of a fault."""
        return replace(outcome, text=self.redact.shown(outcome.text, 1000)) if isinstance(outcome, Fault) else outcome

    def _access(self, call: Call) -> Access | None:
        """The credentials that go along with a request."""
        if self.access is None or call.bare or not self.access.covers(httpx.URL(call.url)):
            return None
        return self.access

    def _impatient(self, fault: Fault) -> bool:
        return fault.wait is not None and fault.wait > self.retries.patience

    def _wait_after(self, fault: Fault, attempt: int) -> None:
        asked = fault.wait is not None and fault.wait > 0
        seconds = fault.wait if asked and fault.wait is not None else self.retries.wait(attempt, self.draw())
        self.report(f"{fault.text}; next attempt in {seconds:.0f} s")
        self.sleep(seconds)

    def _attempt(self, call: Call, receive: Receiver[Result]) -> Result | Fault:
        """One attempt, with its redirects."""
        try:
            for secret in call.secrets():
                self.redact.add(secret)
            if fault := address_fault(httpx.URL(call.url)):
                return Fault(fault)
            access = self._access(call)
            # Before the request is built, for the server that gives the token may refuse with an error of its own.
            own: Mapping[str, Value] = access.headers(self) if access is not None else {}
            for value in own.values():
                if isinstance(value, Secret):
                    self.redact.add(value)
            plain = {"user-agent": self.user_agent, "accept-encoding": "gzip, deflate"}
            request = call.request({**plain, **own}, self._timeout)
        except (httpx.InvalidURL, ValueError) as error:
            return Fault(f"the request cannot be written: {error}")
        for _ in range(self.limits.hops + 1):
            outcome = self._hop(request, call, receive)
            if not isinstance(outcome, httpx.Request):
                return outcome
            request = outcome
        return Fault(f"it was redirected more than {self.limits.hops} times")

    def _hop(self, request: httpx.Request, call: Call, receive: Receiver[Result]) -> Result | Fault | httpx.Request:
        """One request; where the server redirects, the next."""
        wait = self._limiter.reserve(request.url.host)
        if wait > self.retries.patience:
            return Fault(f"the quota of {request.url.host} is used up for another {wait:,.0f} s")
        if wait > 0:
            self.sleep(wait)
        try:
            response = self._http.send(request, stream=True)
            try:
                if response.has_redirect_location:
                    return self._moved(request, response)
                if response.is_success or response.status_code in call.accepts:
                    return receive(response)
                return self._refused(response)
            finally:
                response.close()
        except httpx.TimeoutException as error:
            return Fault(f"the server did not answer in time ({type(error).__name__})", transient=True)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            final = isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.InvalidURL)
            certificate = "certificate" in str(error).lower()
            return Fault(f"{type(error).__name__}: {error}", transient=not (final or certificate))

    def _refused(self, response: httpx.Response) -> Fault:
        status = response.status_code
        said = self.redact.shown(excerpt(response), 200)
        text = f"HTTP {status} {response.reason_phrase}" + (f": {said}" if said else "")
        wait = retry_after(response.headers.get("retry-after"), self.clock())
        if wait is not None and wait > self.retries.patience:
            text += f"; the server asks to come back in {wait:,.0f} s, we wait at most {self.retries.patience:,.0f}"
        return Fault(text, transient=self.retries.applies(status), status=status, wait=wait)

    def _moved(self, request: httpx.Request, response: httpx.Response) -> httpx.Request | Fault:
        """The request that a redirect leads to."""
        if request.method != "GET":
            return Fault("the server redirects a form, which may hold credentials", status=response.status_code)
        after = request.url.join(response.headers["location"])
        fault = redirect_fault(request.url, after)
        trusted = keeps_credentials(request.url, after)
        if not fault and not trusted and self.redact.clean(str(after)) != str(after):
            fault = "its address holds credentials"
        if fault:
            return Fault(f"the redirect to {after.host or 'nowhere'} is not followed: {fault}", status=0)
        dropped = {"host"} if trusted else set(request.headers) - PLAIN_HEADERS
        headers = [(name, value) for name, value in request.headers.multi_items() if name not in dropped | {"host"}]
        return httpx.Request("GET", after, headers=headers, extensions=request.extensions)

    def _body(self, response: httpx.Response) -> bytes | Fault:
        if response.status_code == 206:
            return Fault("the server sent a part, though the whole was asked for", transient=True)
        latest = self.clock() + self.limits.answer
        return read_body(response, self.limits.body, lambda: self.clock() > latest)

    def _json(self, response: httpx.Response) -> Any | Fault:
        body = self._body(response)
        return body if isinstance(body, Fault) else parse_json(body, self.limits.depth)

    def _text(self, response: httpx.Response) -> str | Fault:
        body = self._body(response)
        if isinstance(body, Fault):
            return body
        try:
            return body.decode(response.charset_encoding or "utf-8-sig", "replace")
        except LookupError:
            return body.decode("utf-8-sig", "replace")
