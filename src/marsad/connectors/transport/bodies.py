"""Reading what a server sends: never more than asked for, whole or not at all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import httpx

from marsad.connectors.transport.faults import Fault

__all__ = [
    "BrokenPackingError",
    "DecodingError",
    "content_length",
    "decoded",
    "excerpt",
    "parse_json",
    "read_body",
    "whole",
]

_ENOUGH_TO_SHOW = 65_536
_MOST_AT_ONCE = 1_048_576


class DecodingError(ValueError):
    """The content of an answer is not in the form that its header names, or unpacks to too much."""


class BrokenPackingError(DecodingError):
    """The packing of an answer breaks off or is damaged; it may come whole the next time."""


class _InvalidError(ValueError):
    """JSON that Python would read, and nobody else."""


def content_length(response: httpx.Response) -> int | None:
    """Bytes that the server promises to send; None where it does not say."""
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def whole(response: httpx.Response, received: int) -> Fault | None:
    """A fault if fewer bytes came than were promised."""
    promised = content_length(response)
    if promised is None or received >= promised:
        return None
    return Fault(f"the answer was cut off after {received:,} of {promised:,} bytes", transient=True)


def decoded(response: httpx.Response, most: int) -> Iterator[bytes]:
    """The pieces of an answer, unpacked, in bounded memory.

    Raises:
        DecodingError: the packing is unknown or broken, or more than ``most`` bytes come out.
    """
    if response.is_stream_consumed:  # a transport gave the answer as a whole, and httpx has unpacked it
        yield from _bounded(iter([response.content]), most)
        return
    coding = response.headers.get("content-encoding", "").strip().lower()
    pieces = response.iter_raw()
    if coding in ("", "identity"):
        yield from _bounded(pieces, most)
    elif coding in ("gzip", "x-gzip", "deflate"):
        yield from _bounded(_unpacked(pieces, coding), most)
    else:
        raise DecodingError(f"the answer is packed as {coding!r}, which was not asked for")


def read_body(response: httpx.Response, most: int, late: Callable[[], bool]) -> bytes | Fault:
    """The whole body of an answer of at most ``most`` bytes, given up when it is ``late``."""
    promised = content_length(response)
    if promised is not None and promised > most:
        return Fault(f"the answer has {promised:,} bytes, more than the {most:,} that are taken")
    ready = response.is_stream_consumed
    pieces: list[bytes] = []
    try:
        for piece in decoded(response, most):
            pieces.append(piece)
            if late():
                return Fault("the answer drips in too slowly", transient=True)
    except BrokenPackingError as error:
        # What breaks off in the middle of its packing was perhaps cut off; that may pass.
        return whole(response, response.num_bytes_downloaded) or Fault(str(error), transient=True)
    except DecodingError as error:
        return Fault(str(error))
    body = b"".join(pieces)
    if ready:
        return (None if "content-encoding" in response.headers else whole(response, len(body))) or body
    return whole(response, response.num_bytes_downloaded) or body


def parse_json(body: bytes, depth: int) -> Any | Fault:
    """JSON of bounded depth, without NaN and without a name that stands twice in one object."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Fault(f"the answer is not UTF-8 (byte {error.start:,})", transient=True)
    if not text.strip():
        return Fault("the answer is empty", transient=True)
    if not text.lstrip().startswith(("{", "[")):
        return Fault(f"the answer is not JSON: {_plain(text[:_ENOUGH_TO_SHOW])!r}")
    value = _loaded(text)
    if not isinstance(value, Fault) and _deeper(value, depth):
        return Fault(f"the JSON is nested deeper than {depth} levels")
    return value


def _loaded(text: str) -> Any | Fault:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        return Fault("the JSON is nested too deeply")
    except _InvalidError as error:
        return Fault(f"the JSON {error}")
    except json.JSONDecodeError as error:
        where = f"at character {error.pos:,} of {len(text):,}"
        # JSON that was cut in half breaks off at its end; both may come whole the next time.
        return Fault(f"the JSON is cut off or broken {where}: {error.msg}", transient=True)
    except ValueError:
        return Fault("the JSON holds a number of more digits than can be read")


def excerpt(response: httpx.Response) -> str:
    """The beginning of an answer's text, for a message; empty where it cannot be read."""
    taken = b""
    try:
        for piece in decoded(response, _ENOUGH_TO_SHOW):
            taken += piece
    except (DecodingError, httpx.HTTPError):
        pass  # what came so far is shown
    return _plain(taken.decode("utf-8", "replace"))


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _bounded(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    received = 0
    for piece in pieces:
        received += len(piece)
        if received > most:
            raise DecodingError(f"the answer has more than the {most:,} bytes that are taken")
        yield piece


def _unpacked(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Unpack at most a megabyte at a time, so that no piece swells in memory."""
    unpacker: Any = None
    try:
        for piece in pieces:
            rest, out = piece, b""
            while rest or len(out) == _MOST_AT_ONCE:
                if unpacker is None or (unpacker.eof and coding != "deflate"):
                    unpacker = _unpacker(rest, coding)  # gzip may have several members, one after the other
                out = unpacker.decompress(rest, _MOST_AT_ONCE)
                yield out
                rest = unpacker.unconsumed_tail or (unpacker.unused_data if coding != "deflate" else b"")
    except zlib.error as error:
        raise BrokenPackingError(f"the packing ({coding}) of the answer is broken: {error}") from None
    if unpacker is not None and not unpacker.eof:
        raise BrokenPackingError(f"the packing ({coding}) of the answer is broken: it ends too early")


def _unpacker(piece: bytes, coding: str) -> Any:
    """Deflate comes with and without its header."""
    if coding != "deflate":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    has_header = len(piece) > 1 and piece[0] & 0x0F == 8 and int.from_bytes(piece[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _InvalidError(f"has the name {twice!r} twice in one object")
    return result


def _no_constant(name: str) -> NoReturn:
    raise _InvalidError(f"holds {name}, which JSON does not know")


def _deeper(value: Any, depth: int) -> bool:
    """Whether lists and objects stand more than ``depth`` levels deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        if not level:
            return False
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(level)
