"""Secrets that do not print, and the cleaning of every text that might hold one."""

from __future__ import annotations

import base64
import hmac
import logging
import re
import weakref
from html import escape
from typing import NoReturn
from urllib.parse import quote

__all__ = ["HIDDEN", "Redactor", "Secret"]

HIDDEN = "***"
"""What stands in place of a secret."""

_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks")
_LOGIN = re.compile(r"(?<=://)[^/?#@\s]+@")


class Secret:
    """A text that shows itself only to who asks: printed, formatted or in a traceback it is ``***``.

    Args:
        text: the secret itself.
        prefix: what stands before it where it is used and is no secret, as ``Bearer ``.
    """

    __slots__ = ("_prefix", "_text")

    def __init__(self, text: str, *, prefix: str = "") -> None:
        self._text = text
        self._prefix = prefix

    def reveal(self) -> str:
        """The secret in plain text, with its prefix."""
        return self._prefix + self._text

    def bare(self) -> str:
        """The secret in plain text, without its prefix."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.reveal().encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash(self.reveal())

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written to a file")


class Redactor:
    """Knows the secrets in use and takes them out of any text, in whatever writing they come.

    Percent-encoded (whole or in part), with ``+`` for a space, escaped as JSON, HTML or a Python literal, or in base64.
    """

    def __init__(self) -> None:
        self._known: set[Secret] = set()
        self._pattern: re.Pattern[str] | None = None
        _watch(self)

    def add(self, secret: Secret) -> None:
        """Hide this secret from now on; an empty one is ignored."""
        if secret and secret not in self._known:
            self._known.add(secret)
            writings = sorted({one for known in self._known for one in _writings(known.bare())}, key=len, reverse=True)
            self._pattern = re.compile("|".join(writings))

    def clean(self, text: str) -> str:
        """The text without any known secret and without a login in an address."""
        text = _LOGIN.sub(HIDDEN + "@", text)
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)

    def shown(self, text: str, most: int) -> str:
        """The cleaned text, cut to so many characters; cut before, half a secret might be left and not be known."""
        text = self.clean(text)
        return text if len(text) <= most else f"{text[:most]}..."

    def __repr__(self) -> str:
        return f"Redactor({len(self._known)} secrets)"


def _writings(text: str) -> list[str]:
    """Regular expressions for the forms that a secret takes on its way."""
    coded = text.encode()
    fixed = {repr(text)[1:-1], repr(coded)[2:-1]}
    fixed |= {base64.b64encode(coded).decode().rstrip("="), base64.urlsafe_b64encode(coded).decode().rstrip("=")}
    return ["".join(map(_character, text)), *(re.escape(one) for one in fixed)]


def _character(character: str) -> str:
    """One character of a secret, plain or escaped."""
    forms = {character, escape(character)}
    percent = "".join(f"%{byte:02X}" for byte in character.encode())
    units = character.encode("utf-16-be").hex()
    json = "".join(rf"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
    escapes = [re.escape(one) for one in sorted(forms | {quote(character, safe="")}, key=len, reverse=True)]
    # What escapes itself comes before the plain character, or half of the escape would stay.
    return f"(?:{'|'.join([*_specials(character), f'(?i:{percent})', f'(?i:{json})', *escapes])})"


def _specials(character: str) -> list[str]:
    return {" ": [r"\+"], '"': [r"\\\"", "&#34;"], "\\": [r"\\\\"], "/": [r"\\/"], "'": ["&#39;"]}.get(character, [])


class _LogFilter(logging.Filter):
    """Cleans what the HTTP library logs: it writes whole addresses and headers."""

    def __init__(self) -> None:
        super().__init__()
        self.redactors: weakref.WeakSet[Redactor] = weakref.WeakSet()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        for redactor in list(self.redactors):
            message = redactor.clean(message)
        record.msg, record.args = message, None
        return True


_FILTER = _LogFilter()


def _watch(redactor: Redactor) -> None:
    """Clean the log records of the HTTP library with this redactor too."""
    _FILTER.redactors.add(redactor)
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
