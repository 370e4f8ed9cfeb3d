"""Printing: to people with colour and aligned tables, to programs as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from marsad.cli.terminal import console_for, harmless_json
from marsad.errors import Fault, StudyError
from marsad.model import Finding, Severity, plural

if TYPE_CHECKING:
    from marsad.connectors.transport import Step

__all__ = [
    "DocumentFile",
    "FailOn",
    "Json",
    "OutputFile",
    "StudyPath",
    "Written",
    "download_bar",
    "exit_code",
    "fault_json",
    "json_bytes",
    "print_error",
    "print_faults",
    "print_json",
    "print_notices",
    "print_table",
    "progress_bar",
    "progress_count",
    "screen",
    "severity_text",
]

StudyPath = Annotated[
    Path, typer.Argument(metavar="STUDY", help="The study folder; the current folder if left out.", show_default=False)
]
"""The argument that names a study folder."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
"""The option that every command has."""

DocumentFile = Annotated[Path, typer.Argument(metavar="FILE", help="PDF, DOCX, HTML, Markdown or text.")]
"""The document that a command reads."""

Written = Annotated[
    str | None,
    typer.Option("--written", metavar="DATE", help="When it was written, such as 2024-06: for 'two months ago'."),
]
"""The option that says to which day a document's relative dates are relative."""

OutputFile = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead.")]
"""The option that writes to a file what a command would print."""

FailOn = Annotated[
    Severity | None,
    typer.Option("--fail-on", help="Leave with exit code 1 if there is a contradiction this grave or graver."),
]
"""The option that turns contradictions into an exit code."""

_WIDTH = 160
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_SYMBOLS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}


@cache
def screen() -> Console:
    """Standard output for people; as wide as the terminal, or wide enough to be read where it is no terminal."""
    console = console_for()
    return console if console.is_terminal else console_for(width=_WIDTH)


@cache
def _errors() -> Console:
    return console_for(errors=True)


def print_json(value: Any) -> None:
    """Print a value as JSON with nothing beside it; what the output cannot encode is escaped."""
    holds_all = (sys.stdout.encoding or "").lower().startswith("utf")
    typer.echo(harmless_json(json.dumps(value, ensure_ascii=not holds_all, indent=2)))


def json_bytes(value: Any) -> bytes:
    """A value as indented JSON in UTF-8, for a file."""
    return f"{harmless_json(json.dumps(value, ensure_ascii=False, indent=2))}\n".encode()


def print_notices(notices: Iterable[str]) -> None:
    """Print what a reader should know of the reading, on standard error."""
    for notice in notices:
        _errors().print(Text(f"! {notice}", style="yellow"))


def print_error(error: Exception | str, arguments: Iterable[str]) -> None:
    """Print an error: with ``--json`` as an object on standard output, otherwise as text on standard error."""
    faults = error.faults if isinstance(error, StudyError) else ()
    if "--json" in arguments:
        print_json({"error": str(error).split("\n", 1)[0], "faults": [fault_json(fault) for fault in faults]})
    elif faults:
        print_faults(faults, _errors())
    else:
        _errors().print(Text.assemble(("error: ", "bold red"), str(error)))


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault as an object."""
    return {name: getattr(fault, name) for name in ("file", "line", "column", "field", "message", "remedy")}


def print_faults(faults: Iterable[Fault], console: Console) -> None:
    """Print faults, file by file: place, what is wrong, how to mend it."""
    file = None
    count = 0
    for fault in faults:
        if fault.file != file:
            file = fault.file
            console.print(Text(file, style="bold underline"))
        count += 1
        place = ":".join(str(number) for number in (fault.line, fault.column) if number)
        console.print(
            Text.assemble(
                (f"  {place:>8}  ", "cyan"), (f"{fault.field}: " if fault.field else "", "bold"), fault.message
            )
        )
        console.print(Text(f"            → {fault.remedy}", style="dim"))
    console.print(Text(plural(count, "fault"), style="bold red"))


def print_table(
    title: str, columns: Iterable[tuple[str, bool]], rows: Iterable[Iterable[str | Text]], *, note: str = ""
) -> None:
    """Print a table; a column is its heading and whether it is set flush right."""
    # Title and note stand beside the table, not in it: rich would fold them to the width of its columns.
    table = Table(box=box.SIMPLE_HEAD)
    for heading, numeric in columns:
        table.add_column(escape(heading), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    screen().print(Text(title, style="italic"))
    screen().print(table)
    if note:
        screen().print(Text(note, style="dim italic"))


def severity_text(severity: Severity) -> Text:
    """A severity as symbol and word, coloured."""
    return Text(f"{_SYMBOLS[severity]} {severity.value}", style=_STYLES[severity])


def exit_code(found: Mapping[Severity, int] | Iterable[Finding], fail_on: Severity | None) -> int:
    """1 if there is a contradiction at least as grave as ``fail_on``, otherwise 0."""
    if fail_on is None:
        return 0
    order = list(Severity)
    grave = set(order[: order.index(fail_on) + 1])
    counts = found if isinstance(found, Mapping) else {finding.severity: 1 for finding in found if finding.severity}
    return int(any(counts.get(severity, 0) for severity in grave))


@contextmanager
def progress_bar(label: str, *, shown: bool) -> Iterator[Callable[[str, int], None]]:
    """A bar on standard error that the returned function moves on; nothing where it is not shown."""
    if not shown or not _errors().is_terminal:
        yield lambda _name, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - only here

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[step]}"),
    )
    with Progress(*columns, console=_errors(), transient=True) as progress:
        task = progress.add_task(label, total=None, step="")

        def move(name: str, total: int) -> None:
            started = progress.tasks[0].fields["step"] != ""
            progress.update(task, total=total, step=name, advance=int(started))

        yield move


@contextmanager
def progress_count(label: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A running number of records on standard error that the returned function sets; nothing where it is not shown."""
    if not shown or not _errors().is_terminal:
        yield lambda _count: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - only here

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} records"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_errors(), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda count: progress.update(task, completed=count)


@contextmanager
def download_bar(*, shown: bool) -> Iterator[Callable[[Step], None] | None]:
    """A bar on standard error for what is downloaded; None where it is not shown."""
    if not shown or not _errors().is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - only here

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=_errors(), transient=True) as progress:
        task = progress.add_task("Fetching", total=None)

        def tell(step: Step) -> None:
            progress.update(task, description=escape(step.text), completed=step.done, total=step.total)

        yield tell
