"""`marsad search`: full-text search in documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from marsad.cli.output import Json, print_json, screen
from marsad.model import plural

if TYPE_CHECKING:
    from marsad.documents import SearchHit, SearchResult

__all__ = ["EXAMPLES", "search"]

EXAMPLES = """
[bold]Examples[/]

marsad search ceasefire my-study               (every document of the study)

marsad search '"safe haven*" -Swat' thesis.pdf (a phrase with a word that begins so, and a word that must be absent)

marsad search 'border OR سرحد' my-study --limit 50
"""
"""What `marsad search --help` shows below the options."""


def search(
    query: Annotated[
        str,
        typer.Argument(metavar="QUERY", help='Words that must all occur in a paragraph; "a phrase", begin*, OR, -not.'),
    ],
    where: Annotated[
        list[Path] | None,
        typer.Argument(metavar="STUDY|FILE...", help="A study folder or files; the current folder if left out."),
    ] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many hits to show.")] = 20,
    json: Json = False,
) -> int:
    """Find words in documents: each hit with its page, section and the words around it."""
    from marsad.workbench import Workbench, search_files, search_study  # noqa: PLC0415 - slow to import

    places = where or [Path()]
    if len(places) == 1 and places[0].is_dir():
        result = search_study(Workbench(places[0]), query, limit=limit)
    else:
        result = search_files(places, query, limit=limit)
    if json:
        print_json(_json(result))
    else:
        _print(result)
    return 0


def _json(result: SearchResult) -> dict[str, Any]:
    return {
        "query": result.query,
        "total": result.total,
        "hits": [
            {
                "document": hit.name,
                "page": hit.page,
                "section": hit.section,
                "start": hit.start,
                "end": hit.end,
                "matches": [list(match) for match in hit.matches],
                "snippet": hit.snippet.text,
                "marks": [list(mark) for mark in hit.snippet.marks],
            }
            for hit in result.hits
        ],
    }


def _print(result: SearchResult) -> None:
    screen().print(Text(f"{plural(result.total, 'paragraph')} with {result.query}", style="bold"))
    for hit in result.hits:
        section = hit.section.rpartition(" > ")[2]
        place = ", ".join(part for part in (hit.name, f"page {hit.page}" if hit.page else "", section) if part)
        screen().print()
        screen().print(Text(place, style="cyan"))
        screen().print(Padding(_snippet(hit), (0, 0, 0, 2)))
    if result.total > len(result.hits):
        screen().print(Text(f"\n{result.total - len(result.hits)} more: --limit shows them", style="dim"))


def _snippet(hit: SearchHit) -> Text:
    shown = Text(("… " if hit.snippet.cut_before else "") + hit.snippet.text + (" …" if hit.snippet.cut_after else ""))
    shift = 2 if hit.snippet.cut_before else 0
    for start, end in hit.snippet.marks:
        shown.stylize("bold underline", start + shift, end + shift)
    return shown
