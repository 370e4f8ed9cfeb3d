"""What is safe to show in a terminal: file names and texts of others must not move its cursor or turn its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderableType, RenderHook
from rich.segment import Segment

__all__ = ["console_for", "harmless", "harmless_json"]

# Control characters but tab and line feed; embeddings, overrides and isolates of the direction of writing; surrogates.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """The text with a replacement character for each that would do something to a terminal instead of being seen."""
    return _HARMFUL.sub("\ufffd", text)


def harmless_json(text: str) -> str:
    """JSON text with such characters escaped: the same value."""
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@dataclass(frozen=True, slots=True)
class _Harmless:
    """Something to print, its text made harmless; the styles that the program gives it stay."""

    inner: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self.inner, options):
            yield segment if segment.control else Segment(harmless(segment.text), segment.style)


class _Guard(RenderHook):
    """Makes harmless whatever a console prints."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Wrap what is to be printed."""
        return list(_wrapped(renderables))


def _wrapped(renderables: Iterable[ConsoleRenderable]) -> Iterator[ConsoleRenderable]:
    return (_Harmless(each) for each in renderables)


class _Console(Console):
    """A console whose reader may go away (`| head`): that is no failure, and the program ends it in its own way."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console_for(file: TextIO | None = None, *, width: int | None = None, errors: bool = False) -> Console:
    """A console that prints harmless text: to a file, to standard error or to standard output."""
    console = _Console(file=file, width=width, stderr=errors, highlight=False)
    console.push_render_hook(_Guard())
    return console
