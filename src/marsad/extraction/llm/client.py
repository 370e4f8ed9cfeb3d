"""An OpenAI-compatible endpoint over HTTP: bounded in time and size, careful with the key and with where it is sent."""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from json import dumps
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from marsad.errors import InputError

if TYPE_CHECKING:
    import httpx

__all__ = ["KEY_VARIABLE", "Client", "Completion", "Endpoint"]

KEY_VARIABLE = "MARSAD_LLM_KEY"
"""The environment variable that holds the key."""

_MOST_BYTES = 4 * 2**20
_LONGEST_WAIT = 60.0
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "Content-Type": "application/json"}
_FORMATS = ("json_schema", "json_object", "")
_URL = re.compile(r"https?://(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?(?:/[\w.~%/-]*)?", re.ASCII)
_KEY = re.compile(r"[!-~]{1,1000}", re.ASCII)
_SHORTEST_SECRET = 8
_UNPRINTED = re.compile(r"[^!-~]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model is served, and how it is asked.

    Attributes:
        base_url: such as ``https://api.example.org/v1``; ``/chat/completions`` is added. Plain http here only.
        model: name of the model, as the server knows it.
        key: sent as a bearer token; empty for servers that want none. Never printed.
        seed: asks for the same answer to the same question; not every server heeds it.
        passage: characters of the text in one request, at most.
        most_tokens: length of one answer, at most.
        timeout: seconds that one request may take until its last byte.
        attempts: how often a request is sent, at most, where the server is busy or failing.
        backoff: seconds before the second attempt; doubled for each further one. ``Retry-After`` goes before.

    Raises:
        InputError: the URL, the model or the key cannot be used.
    """

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    seed: int = 0
    passage: int = 4000
    most_tokens: int = 4096
    timeout: float = 120.0
    attempts: int = 4
    backoff: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be used before anything is sent."""
        if not _URL.fullmatch(self.base_url) or not _has_port(self.base_url):
            raise InputError(
                "the URL of the model must be like https://host/v1 or http://127.0.0.1:8080/v1, "
                "without user name, password, query or spaces"
            )
        if self.base_url.startswith("http:") and not self.is_local:
            raise InputError(
                f"the text would go unencrypted to {urlsplit(self.base_url).hostname}; use https "
                "(plain http is for a model on this machine)"
            )
        if not self.model.strip() or len(self.model) > 200 or not self.model.isprintable():
            raise InputError("name the model as its server knows it")
        if self.key and not _KEY.fullmatch(self.key):
            raise InputError(f"the key in {KEY_VARIABLE} has spaces, line breaks or other characters that no key has")
        if min(self.passage, self.most_tokens, self.attempts) < 1 or self.timeout <= 0 or self.backoff < 0:
            raise InputError("the sizes and times of a model's endpoint must be positive")

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        with suppress(ValueError):
            return ip_address(host).is_loopback
        return host == "localhost"


def _has_port(url: str) -> bool:
    """Whether its port, if any, is one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer.

    Attributes:
        content: what the model wrote.
        model: the model that answered, as the server names it.
        prompt_tokens, completion_tokens: as the server counts them; 0 where it does not say.
    """

    content: str
    model: str
    prompt_tokens: int
    completion_tokens: int


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(0, ge=0, le=10**12)
    completion_tokens: int = Field(0, ge=0, le=10**12)


class _Envelope(BaseModel):
    """What is read of the server's answer; it may say more."""

    choices: list[_Choice] = Field(min_length=1)
    model: str | None = None
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str
    retry_after: str
    body: bytes


class _FormatError(InputError):
    """The server refuses the request, perhaps for its ``response_format``."""


class Client:
    """A connection to an endpoint. A context manager.

    Attributes:
        requests: how many requests were sent, those that had to be repeated included.

    Raises:
        InputError: httpx is not installed.
    """

    def __init__(self, endpoint: Endpoint, *, transport: httpx.BaseTransport | None = None) -> None:
        self._endpoint = endpoint
        self._httpx = _library()
        self._formats = list(_FORMATS)
        self.requests = 0
        try:
            self._http: httpx.Client = self._httpx.Client(
                transport=transport,
                timeout=endpoint.timeout,
                follow_redirects=False,
                trust_env=not endpoint.is_local,
                headers=_HEADERS | ({"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}),
            )
        except (ImportError, OSError, ValueError, self._httpx.InvalidURL):
            raise InputError("the proxy or the certificates that the environment names cannot be used") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def complete(self, messages: Iterable[Mapping[str, str]], *, schema: Mapping[str, Any], where: str) -> Completion:
        """Ask the model.

        Args:
            messages: the conversation.
            schema: JSON schema of the answer; a server that does not know schemas is asked for JSON, or just asked.
            where: of what the question is, for messages to people.

        Raises:
            InputError: there is no usable answer; says why.
        """
        asked = list(messages)
        while True:
            try:
                answer = self._sent(self._request(asked, schema))
                break
            except _FormatError:
                if len(self._formats) == 1:
                    raise
                self._formats.pop(0)
        return self._completion(answer, where)

    def _request(self, messages: list[Mapping[str, str]], schema: Mapping[str, Any]) -> bytes:
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": messages,
            "temperature": 0,
            "seed": self._endpoint.seed,
            "max_tokens": self._endpoint.most_tokens,
        }
        form = self._formats[0]
        if form:
            body["response_format"] = {"type": form}
        if form == "json_schema":
            body["response_format"]["json_schema"] = {"name": "records", "strict": True, "schema": schema}
        return dumps(body).encode()

    def _sent(self, body: bytes) -> bytes:
        """The body of the answer, after as many attempts as are allowed and needed."""
        endpoint = self._endpoint
        for attempt in range(endpoint.attempts):
            wait, said = endpoint.backoff * 2**attempt, ""
            try:
                answer = self._exchange(body)
                if answer.status < 400 or not _is_passing(answer.status):
                    return self._accepted(answer)
                wait = _seconds(answer.retry_after, wait)
                said = f"answers with status {answer.status}{self._said(answer.body)}"
            except (self._httpx.ConnectError, self._httpx.ProxyError, self._httpx.InvalidURL, UnicodeError) as error:
                raise InputError(
                    f"nothing answers at {endpoint.base_url} ({_shown(str(error))}); is the URL right, the server up?"
                ) from None
            except self._httpx.TimeoutException:
                said = f"gave no whole answer within {endpoint.timeout:g} seconds"
            except self._httpx.HTTPError as error:
                said = f"broke off the connection ({type(error).__name__})"
            if attempt + 1 < endpoint.attempts:
                time.sleep(min(wait, _LONGEST_WAIT))
        times = f", {endpoint.attempts} times" if endpoint.attempts > 1 else ""
        raise InputError(f"{endpoint.base_url} {said}{times}; try again later")

    def _exchange(self, body: bytes) -> _Answer:
        """One request. The time is reckoned until the last byte, and no more is read than is allowed."""
        endpoint = self._endpoint
        self.requests += 1
        deadline = time.monotonic() + endpoint.timeout
        url = f"{endpoint.base_url.rstrip('/')}/chat/completions"
        with self._http.stream("POST", url, content=body) as response:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise InputError(f"{endpoint.base_url} sends a packed answer although none was asked for")
            found = bytearray()
            for piece in response.iter_bytes():
                found += piece
                if len(found) > _MOST_BYTES:
                    raise InputError(
                        f"{endpoint.base_url} sends more than {_MOST_BYTES >> 20} MB; is it a model's server?"
                    )
                if time.monotonic() > deadline:
                    raise self._httpx.ReadTimeout("the answer drips")
            location = self._scrubbed(response.headers.get("location", "").encode()).decode()
            waits = response.headers.get("retry-after", "")
            return _Answer(response.status_code, location, waits, self._scrubbed(bytes(found)))

    def _accepted(self, answer: _Answer) -> bytes:
        """The body of a good answer; an error that says what to do for any other."""
        base, status, said = self._endpoint.base_url, answer.status, self._said(answer.body)
        if 200 <= status < 300:
            return answer.body
        if 300 <= status < 400:
            target = _shown(answer.location)
            raise InputError(
                f"{base} sends on to {target or 'another address'}, which is not followed; give the right URL"
            )
        if status in (401, 403):
            raise InputError(
                f"{base} refuses the key (status {status}{said}); set {KEY_VARIABLE} to a key that it knows"
            )
        if status == 404:
            raise InputError(
                f"{base} has no /chat/completions or no model {self._endpoint.model!r} (status 404{said}); "
                "the URL often ends with /v1"
            )
        if status in (400, 415, 422, 501):
            raise _FormatError(f"{base} refuses the request (status {status}{said})")
        raise InputError(f"{base} answers with status {status}{said}")

    def _completion(self, body: bytes, where: str) -> Completion:
        try:
            envelope = _Envelope.model_validate_json(body)
        except ValidationError:
            raise InputError(
                f"{self._endpoint.base_url} answers, but with no chat completion; is the URL right (often with /v1)?"
            ) from None
        choice = envelope.choices[0]
        if choice.message.refusal or choice.finish_reason == "content_filter":
            said = f": {_shown(choice.message.refusal)}" if choice.message.refusal else ""
            raise InputError(f"the model refused to read {where}{said}; take another model")
        if choice.finish_reason == "length":
            raise InputError(f"the model's answer to {where} is cut off; send shorter passages or allow longer answers")
        if not choice.message.content:
            raise InputError(f"the model's answer to {where} is empty; take another model")
        usage = envelope.usage or _Usage(prompt_tokens=0, completion_tokens=0)
        name = _UNPRINTED.sub("-", envelope.model or self._endpoint.model)[:100]
        return Completion(choice.message.content, name, usage.prompt_tokens, usage.completion_tokens)

    def _scrubbed(self, body: bytes) -> bytes:
        """The body without the key, should the server repeat it."""
        key = self._endpoint.key
        return body.replace(key.encode(), b"***") if len(key) >= _SHORTEST_SECRET else body

    def _said(self, body: bytes) -> str:
        """What a server says of an error, in short; empty where it cannot be read."""
        found = _error_text(body)
        return f": {_shown(found)}" if found else ""


class _ErrorDetail(BaseModel):
    message: str


class _ErrorBody(BaseModel):
    error: _ErrorDetail | str


def _error_text(body: bytes) -> str:
    with suppress(ValidationError):
        error = _ErrorBody.model_validate_json(body).error
        return error if isinstance(error, str) else error.message
    return ""


def _shown(text: str) -> str:
    """Words of a server, for a message: on one line, without control characters, not long."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:1000]).split())[:200]


def _is_passing(status: int) -> bool:
    """Whether the same request may succeed later."""
    return status in (408, 425, 429) or (status >= 500 and status != 501)


def _seconds(asked: str, otherwise: float) -> float:
    """The seconds that the server asks to wait, given as a number or as a date."""
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", asked, re.ASCII):
        return float(asked)
    with suppress(ValueError, TypeError, OverflowError):
        when = parsedate_to_datetime(asked)
        return max(0.0, (when - datetime.now(when.tzinfo or UTC)).total_seconds())
    return otherwise


def _library() -> Any:
    try:
        return importlib.import_module("httpx")
    except ImportError as error:
        raise InputError("to ask a model needs httpx; install it with: pip install 'marsad[llm]'") from error
