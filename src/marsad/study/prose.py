"""Text that a person writes in YAML: paragraphs with citations.

A blank line separates paragraphs. ``[@key]`` and ``[@key, sec 3]`` cite a source; ``[@one; @two, page 4]`` cites two.
Nothing else is marked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.errors import ParseError
from marsad.model import Cite, Locator, Passage

__all__ = ["citations", "paragraphs"]

_BREAK = re.compile(r"\n[ \t]*\n\s*")
_CITATION = re.compile(r"\[@([^\[\]]*)\]")
_OPEN = re.compile(r"\[@(?![^\[\]]*\])")
_KEY = re.compile(r"[^\s,;@\[\]]+")


def paragraphs(text: str) -> tuple[Passage, ...]:
    """The paragraphs of a text, each as text and citations; line breaks within one become spaces.

    Raises:
        ParseError: a citation is not in the grammar.
    """
    return tuple(_passage(" ".join(part.split())) for part in _BREAK.split(text.strip()) if part)


def citations(text: str) -> Iterator[tuple[str, Cite | ParseError]]:
    """Each citation of a text as it is written, with what it means or why it means nothing."""
    for match in _CITATION.finditer(text):
        for part in match[1].split(";"):
            written = part.strip().removeprefix("@")
            try:
                yield written, _cite(written)
            except ParseError as error:
                yield written, error
    for match in _OPEN.finditer(text):
        yield text[match.start() : match.start() + 20], ParseError("the citation that begins with '[@' is not closed")


def _passage(paragraph: str) -> Passage:
    parts: list[str | Cite] = []
    at = 0
    for match in _CITATION.finditer(paragraph):
        parts.append(paragraph[at : match.start()])
        parts.extend(_cite(part.strip().removeprefix("@")) for part in match[1].split(";"))
        at = match.end()
    parts.append(paragraph[at:])
    return tuple(part for part in parts if part)


def _cite(written: str) -> Cite:
    """Read ``key`` or ``key, locator``."""
    key, comma, locator = (part.strip() for part in written.partition(","))
    if not _KEY.fullmatch(key):
        raise ParseError(f"{written!r} is no citation such as [@key] or [@key, sec 3]")
    return Cite(cite=key, locator=str(Locator.parse(locator)) if comma else "")
