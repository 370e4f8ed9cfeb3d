"""Reading a file into a document."""

from __future__ import annotations

import hashlib
from pathlib import Path

from marsad.documents.document import Block, BlockKind, Document

__all__ = ["read_document", "read_text"]


def read_document(path: Path) -> Document:
    """Read a file of any known format."""
    data = path.read_bytes()
    return read_text(data.decode(), name=path.name, sha256=hashlib.sha256(data).hexdigest())


def read_text(text: str, *, name: str = "", sha256: str = "") -> Document:
    """Make a document of plain text: its paragraphs are parted by empty lines."""
    blocks: list[Block] = []
    parts: list[str] = []
    at = 0
    for part in text.split("\n\n"):
        if body := " ".join(part.split()):
            blocks.append(Block(at, at + len(body), BlockKind.PARAGRAPH))
            parts.append(body)
            at += len(body) + 2
    return Document("\n\n".join(parts), tuple(blocks), name=name, sha256=sha256)
