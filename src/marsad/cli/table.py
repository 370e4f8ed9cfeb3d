"""`marsad table`: print or export a table of the evidence."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from marsad.cli.output import Json, OutputFile, print_json, print_table, screen
from marsad.errors import InputError, NotFoundError
from marsad.evidence import write_atomically
from marsad.workbench import TABLES, Table, Workbench, evidence_table, to_csv

__all__ = ["EXAMPLES", "Format", "table"]

EXAMPLES = """
[bold]Examples[/]

marsad table my-study events

marsad table my-study contradictions --format json

marsad table my-study figures --format csv -o figures.csv

marsad table my-study ucdp-ged-25-1        (the records of a release of data.yaml in the study's areas)
"""
"""What `marsad table --help` shows below the options."""


class Format(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def table(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The study folder.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=f"Which table: {', '.join(TABLES)}; or a release of data.yaml.")
    ],
    *,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print it.")] = Format.TEXT,  # noqa: A002 - it names the option
    output: OutputFile = None,
    json: Json = False,
) -> int:
    """Print one table of the evidence, straight from the study folder; or the records of a release of events.

    Of a release of data.yaml those records are listed that lie in the study's areas: what the report counts of it.

    In CSV, cells that a spreadsheet would run as a formula are made harmless with a leading apostrophe.
    """
    if output is not None:
        _refuse(output, study)
    made = _made(Workbench(study), name)
    if json:
        format = Format.JSON  # noqa: A001 - the same
    if output is not None:
        content = to_csv(made) if format is Format.CSV else _json_text(list(made.rows))
        write_atomically(output, content.encode())
        screen().print(Text(f"{output}: {len(made.rows)} rows of {made.name}"))
    elif format is Format.JSON:
        print_json(list(made.rows))
    elif format is Format.CSV:
        typer.echo(to_csv(made), nl=False)
    else:
        _print(made)
    return 0


def _made(workbench: Workbench, name: str) -> Table:
    """The table of this name; a release where no table has it."""
    if name in TABLES:
        return evidence_table(workbench, name)
    releases = [release.id for release in workbench.study.data.releases]
    if name not in releases:
        known = f", and the releases {', '.join(releases)}" if releases else ""
        raise NotFoundError(f"there is no table {name!r}; there are {', '.join(TABLES)}{known}")
    from marsad.workbench.registering import records_of  # noqa: PLC0415 - reads tables of events

    return records_of(workbench.study, workbench.evidence, workbench.path, name)


def _refuse(output: Path, study: Path) -> None:
    """An export must not overwrite what a person wrote in the study folder."""
    if output.is_dir():
        raise InputError(f"{output} is a folder; name a file in it")
    target, folder = output.resolve(), study.resolve()
    if target.is_relative_to(folder) and not target.is_relative_to(folder / "build"):
        raise InputError(f"{output} lies in the study folder, where exports could overwrite the study; write elsewhere")


def _json_text(value: Any) -> str:
    """A value as indented JSON text."""
    import json  # noqa: PLC0415 - the option of this name hides it above

    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _print(made: Table) -> None:
    """Print the columns that hold anything; long cells are folded."""
    columns = [name for name in made.columns if any(row.get(name) for row in made.rows)]
    rows = ([_shown(row.get(name, "")) for name in columns] for row in made.rows)
    print_table(f"{made.name}: {len(made.rows)} rows", [(name, False) for name in columns], rows)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(item if isinstance(item, str) else f"{item['origin']} {item['value']}" for item in value)
    return str(value)
