"""`marsad new`: begin a study."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer
from rich.text import Text

from marsad.cli.output import Json, print_json, screen
from marsad.study import new_study

__all__ = ["EXAMPLES", "new"]

EXAMPLES = """
[bold]Examples[/]

marsad new sahel-2024

marsad new sahel-2024 --title "Coups and borders in the Sahel, 2020-2024"
"""
"""What `marsad new --help` shows below the options."""


def new(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder to make; it must be missing or empty.")],
    *,
    title: Annotated[str, typer.Option(help="Title of the study.")] = "A new study",
    json: Json = False,
) -> int:
    """Write a commented study folder with a small worked example that builds as it is."""
    written = new_study(path, title=title)
    if json:
        print_json({"path": str(path), "files": [str(file) for file in written]})
        return 0
    screen().print(Text.assemble((str(path), "bold"), f" holds {len(written)} files. Read its README.md, edit, then:"))
    screen().print(Text(f"  marsad check {quote(str(path))}\n  marsad build {quote(str(path))}"))
    return 0
