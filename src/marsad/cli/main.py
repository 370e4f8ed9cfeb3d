"""The program `marsad`: its commands, and what becomes of errors.

Exit codes: 0 done; 1 contradictions of the severity that ``--fail-on`` names; 2 bad input; 3 our fault.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
import traceback
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

import marsad
from marsad.cli.output import print_error
from marsad.errors import InternalError, MarsadError

__all__ = ["COMMANDS", "main", "program", "run"]

BAD_INPUT, OUR_FAULT, STOPPED = 2, 3, 130
_SELDOM = (100_000, 50, 50)

COMMANDS = {
    "audit": "audit.audit",
    "extract": "extract.extract_from",
    "new": "new.new",
    "check": "check.check",
    "add": "add.add",
    "review": "review.review",
    "search": "search.search",
    "import": "import_.import_table",
    "fetch": "fetch.fetch",
    "measure": "measure.measure",
    "reconcile": "reconcile.reconcile",
    "judge": "judge.judge",
    "forecast": "forecast.forecast",
    "build": "build.build",
    "show": "show.show",
    "table": "table.table",
}
"""Each command with its module in this package and its function there, in the order of the help."""


def program(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The program with these commands; only their modules are imported, so that each starts quickly."""
    app = typer.Typer(
        name="marsad",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Make a conflict or security study executable: evidence with its sources, analyses, contradictions, "
        "a report.",
        epilog="Begin with [bold]marsad new my-study[/], then [bold]marsad build my-study[/]. "
        "Every command has examples: [bold]marsad build --help[/].",
    )
    app.callback()(_common)
    for name in names:
        module, _, function = COMMANDS[name].partition(".")
        found = import_module(f"marsad.cli.{module}")
        command = getattr(found, function)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, epilog=found.EXAMPLES)
        else:
            app.command(name, epilog=found.EXAMPLES)(command)
    return app


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"marsad {marsad.__version__}")
        raise typer.Exit


def _common(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options that stand before the command."""


def run() -> None:
    """Run the program and leave with its exit code."""
    gc.set_threshold(*_SELDOM)  # a command makes little garbage; looking for it took a fifth of the time of short ones
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows another, and no error
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _explain(error, [])
        _silence()
    sys.exit(code)


def main(arguments: list[str]) -> int:
    """Run the program with the given arguments and return its exit code."""
    try:
        asked = next((argument for argument in arguments if not argument.startswith("-")), "")
        result = program((asked,) if asked in COMMANDS else COMMANDS)(arguments, standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - the last resort, so that nobody sees a bare traceback
        return _explain(error, arguments)
    if result == STOPPED:
        print_error("stopped; the next build goes on from here" if asked == "build" else "stopped", [])
    return result if isinstance(result, int) else 0


def _explain(error: Exception, arguments: list[str]) -> int:
    """Say what went wrong and give the exit code for it."""
    if os.environ.get("MARSAD_DEBUG"):
        traceback.print_exception(error)
    code = BAD_INPUT
    match error:
        case typer.TyperException():
            if message := error.format_message():  # empty where the help was printed instead
                print_error(f"{message} `marsad --help` and `marsad COMMAND --help` have examples", arguments)
        case typer.Abort():
            print_error("stopped", arguments)
            code = STOPPED
        case BrokenPipeError():
            _silence()  # the reader of a pipe has gone (`| head`)
            code = 0
        case MarsadError() if not isinstance(error, InternalError):
            print_error(error, arguments)
        case OSError():
            # Not as JSON: standard output may be what failed.
            remedy = ". Free some space, then run it again" if error.errno == errno.ENOSPC else ""
            print_error(f"{error.filename or 'the output'}: {error.strerror or error}{remedy}", [])
        case _:
            print_error(
                f"this is our fault, not yours: {type(error).__name__}: {error}. "
                "Please report it with the output of the same command under MARSAD_DEBUG=1",
                arguments,
            )
            code = OUR_FAULT
    return code


def _silence() -> None:
    """Let standard output lead nowhere, so that Python does not meet its fault again while it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
