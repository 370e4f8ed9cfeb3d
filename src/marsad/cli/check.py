"""`marsad check`: validate a study folder."""

from __future__ import annotations

from pathlib import Path

from marsad.cli.output import FailOn, Json, StudyPath, exit_code, fault_json, print_json, screen
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
    code = exit_code(workbench.contradictions, fail_on) if fail_on else 0
    if json:
        print_json(
            {
                "study": loaded.config.id,
                "statements": len(loaded.statements),
                "files": len(loaded.files),
                "faults": [],
                "warnings": [fault_json(warning) for warning in loaded.warnings],
            }
        )
        return code
    for warning in loaded.warnings:
        screen().print(f"[yellow]warning:[/] {warning}", markup=True)
    screen().print(
        f"[green]✓[/] [bold]{loaded.config.id}[/]: {len(loaded.statements)} statements in {len(loaded.files)} files, "
        f"no faults, {len(loaded.warnings)} warnings"
    )
    if code:
        screen().print(f"the evidence holds contradictions of severity {fail_on} or graver: `marsad show {study}`")
    return code
