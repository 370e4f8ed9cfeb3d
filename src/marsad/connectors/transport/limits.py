"""How much of a server's answer is taken, and how long we wait for it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that a hostile or broken server cannot push.

    Attributes:
        connect: seconds to wait for a connection.
        read: seconds to wait for the next piece of an answer.
        answer: seconds for one whole answer that is not a download.
        body: bytes of one answer that is not a download, after decompression.
        download: bytes of one downloaded file.
        depth: levels of lists and objects in JSON.
        hops: redirects followed for one request.
    """

    connect: float = 15.0
    read: float = 60.0
    answer: float = 600.0
    body: int = 128 * 1024 * 1024
    download: int = 64 * 1024 * 1024 * 1024
    depth: int = 64
    hops: int = 5
