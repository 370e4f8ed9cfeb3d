"""`marsad audit`: where a manuscript contradicts itself, its sources and its study."""

from __future__ import annotations

from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from marsad.cli.output import (
    DocumentFile,
    FailOn,
    Json,
    OutputFile,
    Written,
    exit_code,
    json_bytes,
    print_json,
    progress_bar,
    screen,
    severity_text,
)
from marsad.cli.terminal import console_for, harmless
from marsad.cli.writing import check_output, write_output
from marsad.model import Date, Finding, Quote, Severity, joined, plain, plural, shortened

if TYPE_CHECKING:
    from marsad.workbench import Audited

__all__ = ["EXAMPLES", "AuditFormat", "audit"]

EXAMPLES = """
[bold]Examples[/]

marsad audit manuscript.docx

marsad audit thesis.pdf --format html -o audit.html   (the text with marks in place)

marsad audit thesis.pdf --bib references.bib --study my-study

marsad audit report.txt --written 2024-06 --fail-on error   (exit code 1 if there is an error)
"""
"""What `marsad audit --help` shows below the options."""

_LONGEST = 320
_PAPER = 100


class AuditFormat(StrEnum):
    """How an audit is printed."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def audit(  # noqa: PLR0913 - the options of the command
    file: DocumentFile,
    *,
    study: Annotated[Path | None, typer.Option("--study", metavar="DIR", help="Compare with this study too.")] = None,
    bib: Annotated[
        Path | None, typer.Option("--bib", metavar="FILE", help="BibTeX or CSL-JSON: sources beside the list.")
    ] = None,
    written: Written = None,
    format: Annotated[AuditFormat, typer.Option("--format", "-f", help="How to print it.")] = AuditFormat.TEXT,  # noqa: A002 - it names the option
    output: OutputFile = None,
    fail_on: FailOn = None,
    json: Json = False,
) -> int:
    """Find where a document contradicts itself: citations, events, figures, arithmetic, time, names, numbering.

    No study is needed. Each finding quotes the places that it speaks of; what could not be checked is said.
    """
    if json:
        format = AuditFormat.JSON  # noqa: A001 - the same
    check_output(output, inputs=(file, bib), study=study)
    with progress_bar("Auditing", shown=format is not AuditFormat.JSON or output is not None) as progress:
        from marsad.workbench import audit_file, audit_json  # noqa: PLC0415 - slow to import

        audited = audit_file(
            file,
            study=study,
            bibliography=bib,
            written=Date.parse(written) if written else None,
            progress=progress,
        )
    if output is not None:
        write_output(output, _content(audited, format))
        screen().print(Text(f"{output}: {_tally(audited)}"))
    elif format is AuditFormat.JSON:
        print_json(audit_json(audited))
    elif format is AuditFormat.HTML:
        typer.echo(_page(audited))
    else:
        _print(audited, screen())
    return exit_code(audited.audit.findings, fail_on)


def _content(audited: Audited, form: AuditFormat) -> bytes:
    if form is AuditFormat.JSON:
        from marsad.workbench import audit_json  # noqa: PLC0415 - slow to import

        return json_bytes(audit_json(audited))
    if form is AuditFormat.HTML:
        return _page(audited).encode()
    out = StringIO()
    _print(audited, console_for(out, width=_PAPER))
    return out.getvalue().encode()


def _page(audited: Audited) -> str:
    from marsad.report.audited import render_audit  # noqa: PLC0415 - slow to import

    return harmless(render_audit(audited.document, audited.audit))


def _tally(audited: Audited) -> str:
    counts = audited.audit.tally()
    return joined([plural(count, severity.value) for severity, count in counts.items() if count]) or "nothing found"


def _print(audited: Audited, console: Console) -> None:
    """The findings, the gravest first, then what was checked."""
    document, found = audited.document, audited.audit
    console.print(Text(document.title or document.name or "Untitled document", style="bold"))
    pages = f"{plural(document.pages[-1].number, 'page')}, " if document.pages else ""
    console.print(Text(f"{pages}{plural(found.counts.get('words', 0), 'word')}: {_tally(audited)}"))
    for notice in (*document.notices, *found.limits):
        console.print(Text(f"! {notice}", style="yellow"))
    for severity in Severity:
        chosen = [finding for finding in found.findings if finding.severity is severity]
        if chosen:
            console.print()
            console.print(Text.assemble(severity_text(severity), f"s ({len(chosen)})"), style="bold")
        for finding in chosen:
            _print_finding(finding, console)
    console.print()
    console.print(Text("What was checked", style="bold"))
    for verdict in found.verdicts:
        console.print(Padding(Text(f"{verdict.check}: {verdict.outcome.value}. {verdict.text}"), (0, 0, 0, 2)))


def _print_finding(finding: Finding, console: Console) -> None:
    console.print()
    console.print(Padding(Text(" ".join(plain(passage) for passage in finding.text), style="bold"), (0, 0, 0, 2)))
    for quote in finding.quotes:
        line = Text.assemble((f"{_where(quote)}: ", "dim"), f"“{shortened(quote.text, _LONGEST)}”")
        console.print(Padding(line, (0, 0, 0, 6)))
    console.print(Padding(Text(f"{finding.kind} {finding.id}", style="dim"), (0, 0, 0, 6)))


def _where(quote: Quote) -> str:
    section = quote.section.rpartition(" > ")[2]
    return ", ".join(part for part in (f"page {quote.page}" if quote.page else "", section) if part) or "at the start"
