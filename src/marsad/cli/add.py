"""`marsad add`: put a document into a study."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from marsad.cli.output import Json, print_json, screen
from marsad.model import plural

__all__ = ["EXAMPLES", "By", "add", "author_of"]

EXAMPLES = """
[bold]Examples[/]

marsad add report.pdf my-study --source pips2023   (a source that sources.bib has)

marsad add report.pdf my-study --source crss2024 --title "Annual security report" \\
--author "{Center for Research and Security Studies}" --date 2024-01 --kind secondary --reliability B

marsad review my-study   (what the machine read in it, and what you decide about it)
"""
"""What `marsad add --help` shows below the options."""

By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; your login if left out.")]
"""The option that says who does it."""


def author_of(by: str | None) -> str:
    """The given name, or the login of whoever runs the program."""
    return by or getpass.getuser()


def add(  # noqa: PLR0913 - the options of the command
    document: Annotated[Path, typer.Argument(metavar="DOCUMENT", help="PDF, DOCX, HTML, Markdown or text.")],
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The study folder.", show_default=False)] = Path(),
    *,
    source: Annotated[str, typer.Option("--source", metavar="KEY", help="Citation key of its source.")],
    title: Annotated[str | None, typer.Option("--title", help="Of a new source: its title.")] = None,
    author: Annotated[str, typer.Option("--author", help="Its authors, joined by 'and'; organisations in {}.")] = "",
    date: Annotated[str, typer.Option("--date", help="When it was published, such as 2024-01-03.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="primary or secondary.")] = "secondary",
    reliability: Annotated[str, typer.Option("--reliability", help="A to F on the Admiralty scale.")] = "F",
    url: Annotated[str, typer.Option("--url", help="Its address on the web.")] = "",
    by: By = None,
    json: Json = False,
) -> int:
    """Put a document into a study with its source; what the machine reads in it waits for a person in the queue."""
    from marsad.workbench import NewSource, Workbench, add_document  # noqa: PLC0415 - slow to import

    new = None
    if title is not None:
        new = NewSource(title=title, author=author, date=date, kind=kind, reliability=reliability, url=url)
    added = add_document(Workbench(study), document, source=source, author=author_of(by), new=new)
    if json:
        print_json({"source": added.source, "path": str(added.path), "proposals": added.proposals, "new": added.new})
        return 0
    screen().print(
        Text.assemble(
            ("✓ ", "green"),
            f"{added.path}: {plural(added.proposals, 'proposal')}, {added.new} of them new. "
            f"`marsad review {study}` shows them",
        )
    )
    for notice in added.document.notices:
        screen().print(Text(f"! {notice}", style="yellow"))
    return 0
