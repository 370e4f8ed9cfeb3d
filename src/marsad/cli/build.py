"""`marsad build`: bring the build folder of a study up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.cli.output import (
    FailOn,
    Json,
    StudyPath,
    exit_code,
    print_json,
    progress_bar,
    screen,
    severity_text,
)
from marsad.model import Severity, plural
from marsad.workbench import Built, Workbench
from marsad.workbench import build as build_study

__all__ = ["EXAMPLES", "build"]

EXAMPLES = """
[bold]Examples[/]

marsad build studies/pakistan-afghanistan-2021-2024

marsad build my-study --fail-on error   (exit code 1 if the evidence contradicts itself)

marsad build my-study --force --json
"""
"""What `marsad build --help` shows below the options."""


def build(
    study: StudyPath = Path(),
    *,
    force: Annotated[bool, typer.Option("--force", help="Make everything again, changed or not.")] = False,
    fail_on: FailOn = None,
    json: Json = False,
) -> int:
    """Turn a study folder into evidence, findings, contradictions and a report in its folder `build/`.

    Only what changed is made again. The same study gives the same report and the same Parquet files, bit for bit.
    """
    workbench = Workbench(study)
    with progress_bar("Building", shown=not json) as progress:
        built = build_study(workbench, force=force, progress=progress)
    if json:
        print_json(_json(built))
    else:
        _print(built)
    return exit_code(built.contradictions, fail_on)


def _print(built: Built) -> None:
    counts = built.counts
    made = f"{built.made} of {len(built.steps)} steps made" if built.made else "nothing had changed"
    screen().print(f"[green]✓[/] [bold]{built.study}[/] in {built.seconds:.1f} s, {made}")
    screen().print(
        f"  {plural(counts['statements'], 'statement')} from {plural(counts['sources'], 'source')}: "
        f"{plural(counts['events'], 'event')} in {plural(counts['event reports'], 'report')}, "
        f"{plural(counts['figures'], 'figure')}, {plural(counts['actions'], 'action')} in "
        f"{plural(counts['action reports'], 'report')}, {plural(counts['relations'], 'relation')}"
    )
    screen().print("  contradictions: ", end="")
    for severity in Severity:
        screen().print(severity_text(severity), f"{built.contradictions[severity]}  ", end=" ")
    screen().print(f"\n  report: {built.report}", soft_wrap=True)


def _json(built: Built) -> dict[str, object]:
    return {
        "study": built.study,
        "folder": str(built.folder),
        "report": str(built.report),
        "seconds": round(built.seconds, 3),
        "counts": dict(built.counts),
        "contradictions": {severity.value: count for severity, count in built.contradictions.items()},
        "steps": [
            {
                "name": step.name,
                "made": not step.fresh,
                "seconds": round(step.seconds, 3),
                "outputs": dict(step.outputs),
            }
            for step in built.steps
        ],
    }
