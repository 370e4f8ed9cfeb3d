"""`marsad check`: validate a study folder."""

from __future__ import annotations

from pathlib import Path

from marsad.cli.output import FailOn, Json, StudyPath, exit_code, fault_json, print_json, print_notices, screen
from marsad.errors import InputError, StudyError
from marsad.workbench import Workbench

__all__ = ["EXAMPLES", "check"]

EXAMPLES = """
[bold]Examples[/]

marsad check my-study

marsad check my-study --json

marsad check my-study --fail-on error   (also looks for contradictions in the evidence)
"""
"""What `marsad check --help` shows below the options."""


def check(study: StudyPath = Path(), *, fail_on: FailOn = None, json: Json = False) -> int:
    """Report every fault of a study folder in one run, each with file, line, column and remedy."""
    workbench = Workbench(study)
    loaded = workbench.study
    unread = _unread_releases(workbench)
    code = exit_code(workbench.contradictions, fail_on) if fail_on else 0
    if json:
        print_json(
            {
                "study": loaded.config.id,
                "statements": len(loaded.statements),
                "files": len(loaded.files),
                "faults": [],
                "warnings": [fault_json(warning) for warning in loaded.warnings],
                "unread": unread,
            }
        )
        return code
    for warning in loaded.warnings:
        screen().print(f"[yellow]warning:[/] {warning}", markup=True)
    screen().print(
        f"[green]✓[/] [bold]{loaded.config.id}[/]: {len(loaded.statements)} statements in {len(loaded.files)} files, "
        f"no faults, {len(loaded.warnings)} warnings"
    )
    print_notices(unread)
    if code:
        screen().print(f"the evidence holds contradictions of severity {fail_on} or graver: `marsad show {study}`")
    return code


def _unread_releases(workbench: Workbench) -> list[str]:
    """Read the releases whose series an analysis asks for; say why where they cannot be read.

    Raises:
        StudyError: an analysis asks for a series that they do not give.
    """
    from marsad.workbench.registered import asked_series  # noqa: PLC0415 - only here

    if not asked_series(workbench.study):
        return []
    try:
        _ = workbench.registered
    except StudyError:
        raise
    except InputError as error:
        return [f"Not checked, because a release could not be read: {error}"]
    return []
