"""`marsad show`: read findings, contradictions and statements in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from marsad.analysis import ANALYSES
from marsad.cli.output import Json, StudyPath, print_json, print_table, screen, severity_text
from marsad.errors import NotFoundError
from marsad.model import Finding, Number, Passage, Statement
from marsad.workbench import Workbench

__all__ = ["EXAMPLES", "print_finding", "show"]

EXAMPLES = """
[bold]Examples[/]

marsad show my-study                       (the contradictions, gravest first, and the analyses)

marsad show my-study before-after-1a2b3c4d (one finding, with its tables and checks)

marsad show my-study 5f0c11d2a9e01b37      (one contradiction, or one statement, with where it stands)

marsad show --analyses                     (what a chapter can ask for)
"""
"""What `marsad show --help` shows below the options."""


def show(
    study: StudyPath = Path(),
    finding: Annotated[
        str | None, typer.Argument(metavar="ID", help="A finding, contradiction or statement.", show_default=False)
    ] = None,
    *,
    analyses: Annotated[bool, typer.Option("--analyses", help="List the analyses with their parameters.")] = False,
    json: Json = False,
) -> int:
    """Show what a study found, or one finding, contradiction or statement in full."""
    if analyses:
        return _show_analyses(as_json=json)
    workbench = Workbench(study)
    if finding is None:
        return _show_all(workbench, as_json=json)
    statements = {statement.id: statement for statement in workbench.study.statements}
    if finding in statements:
        return _show_statement(statements[finding], as_json=json)
    found = _find(workbench, finding)
    if json:
        print_json(found.model_dump(mode="json"))
    else:
        print_finding(found, statements)
    return 0


def _show_analyses(*, as_json: bool) -> int:
    if as_json:
        fields = {name: analysis.parameters.model_fields for name, analysis in ANALYSES.items()}
        entries = [
            {
                "name": name,
                "summary": analysis.summary,
                "parameters": {key: field.description or "" for key, field in fields[name].items()},
            }
            for name, analysis in ANALYSES.items()
        ]
        print_json(entries)
        return 0
    rows: list[list[str]] = []
    for name, analysis in ANALYSES.items():
        rows.append([name, "", analysis.summary])
        rows += [["", key, field.description or ""] for key, field in analysis.parameters.model_fields.items()]
    columns = [("analysis", False), ("parameter", False), ("what it answers, what the parameter says", False)]
    print_table("Analyses that a chapter of study.yaml may ask for", columns, rows)
    return 0


def _show_all(workbench: Workbench, *, as_json: bool) -> int:
    found = workbench.contradictions
    calls = [(call, workbench.run(call.name, call.parameters)) for call in workbench.calls]
    if as_json:
        print_json(
            {
                "contradictions": [_brief(finding) for finding in found],
                "findings": [{"section": call.section} | _brief(finding) for call, finding in calls],
            }
        )
        return 0
    columns = [("severity", False), ("id", False), ("what", False)]
    rows = (
        [severity_text(finding.severity) if finding.severity else "", finding.id, _text(finding)] for finding in found
    )
    print_table(f"Contradictions: {len(found)}", columns, rows)
    columns = [("section", False), ("id", False), ("finding", False)]
    print_table("Findings", columns, ([call.section, finding.id, finding.title] for call, finding in calls))
    return 0


def _brief(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "kind": finding.kind,
        "severity": finding.severity.value if finding.severity else None,
        "title": finding.title,
        "text": _text(finding),
        "statements": list(finding.statements),
    }


def _find(workbench: Workbench, identifier: str) -> Finding:
    for finding in workbench.contradictions:
        if finding.id == identifier:
            return finding
    for call in workbench.calls:
        if identifier in (call.step, call.name) or identifier.startswith(f"{call.name}-"):
            finding = workbench.run(call.name, call.parameters)
            if identifier in (call.step, call.name, finding.id):
                return finding
    raise NotFoundError(f"no finding, contradiction or statement is called {identifier!r}; `marsad show` lists them")


def _show_statement(statement: Statement, *, as_json: bool) -> int:
    if as_json:
        print_json({"id": statement.id, **statement.model_dump(mode="json")})
        return 0
    rows = [["id", statement.id], *([name, str(value)] for name, value in statement if value)]
    print_table("Statement", [("field", False), ("value", False)], rows)
    return 0


def print_finding(finding: Finding, statements: dict[str, Statement]) -> None:
    """Print a finding in full; ``statements`` are those that a contradiction rests on, by identifier."""
    screen().print(Text(finding.title, style="bold"))
    if finding.severity:
        screen().print(severity_text(finding.severity))
    for passage in finding.text:
        screen().print(_passage(passage))
    for table in finding.tables:
        columns = [
            (f"{column.label} ({column.unit})" if column.unit else column.label, column.numeric)
            for column in table.columns
        ]
        print_table(table.title, columns, ([cell.text for cell in row] for row in table.rows), note=table.note)
    for check in finding.checks:
        screen().print(Text.assemble((f"{check.status.value}: ", "bold"), f"{check.name}. {check.text}"))
    if finding.severity:
        rows = (
            [found.value, found.property, found.source, found.via, found.locator, found.origin]
            for found in (statements[identifier] for identifier in finding.statements)
        )
        headings = ("value", "property", "source", "via", "place", "row")
        print_table("Statements", [(name, False) for name in headings], rows)
    screen().print(Text(f"method: {finding.method.name}. {finding.method.reference}", style="dim"))


def _passage(passage: Passage) -> Text:
    text = Text()
    for part in passage:
        if isinstance(part, str):
            text.append(part)
        elif isinstance(part, Number):
            text.append(part.text, style="bold")
        else:
            text.append(f"[{part.cite}{', ' + part.locator if part.locator else ''}]", style="dim")
    return text


def _text(finding: Finding) -> str:
    return " ".join(_passage(passage).plain for passage in finding.text)
