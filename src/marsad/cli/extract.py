"""`marsad extract`: the incidents and figures that a document reports."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from marsad.cli.output import DocumentFile, Json, OutputFile, Written, json_bytes, print_json, print_notices, screen
from marsad.cli.terminal import harmless
from marsad.cli.writing import check_output, write_output
from marsad.model import Date, plural

if TYPE_CHECKING:
    from marsad.documents import Document
    from marsad.extraction import Proposal

__all__ = ["EXAMPLES", "ExtractFormat", "extract_from"]

EXAMPLES = """
[bold]Examples[/]

marsad extract report.pdf --format csv -o incidents.csv

marsad extract article.html --format json --written 2024-06-12

marsad extract report.docx --study my-study   (also knows the study's names of places and actors)

marsad extract report.pdf --llm-url http://127.0.0.1:8080/v1 --llm-model NAME   (needs marsad[llm])
"""
"""What `marsad extract --help` shows below the options."""


class ExtractFormat(StrEnum):
    """How proposals are printed."""

    JSON = "json"
    CSV = "csv"


def extract_from(  # noqa: PLR0913 - the options of the command
    file: DocumentFile,
    *,
    study: Annotated[Path | None, typer.Option("--study", metavar="DIR", help="A study with names to know.")] = None,
    written: Written = None,
    llm_url: Annotated[
        str | None,
        typer.Option("--llm-url", metavar="URL", help="Let a model read instead: an OpenAI-compatible server."),
    ] = None,
    llm_model: Annotated[str, typer.Option("--llm-model", metavar="NAME", help="Which model it runs.")] = "",
    format: Annotated[ExtractFormat, typer.Option("--format", "-f", help="How to print it.")] = ExtractFormat.JSON,  # noqa: A002 - it names the option
    output: OutputFile = None,
    json: Json = False,
) -> int:
    """Print the incidents and figures that a document reports, each value with its words and the rule that read it.

    They are proposals: a person accepts them (`marsad add` and `marsad review`) before they are evidence. A model is
    asked only where --llm-url names a server; its key is read from MARSAD_LLM_KEY, and what it does not quote word for
    word is thrown away.
    """
    if json:
        format = ExtractFormat.JSON  # noqa: A001 - the same
    check_output(output, inputs=(file,), study=study)
    from marsad.documents import opening, read_document  # noqa: PLC0415 - slow to import
    from marsad.extraction import limits_reached  # noqa: PLC0415 - the same
    from marsad.workbench import ModelServer, Workbench, extract  # noqa: PLC0415 - the same

    document = opening(read_document(file))
    evidence = Workbench(study).evidence if study else None
    reference = Date.parse(written) if written else None
    model = ModelServer(llm_url, llm_model) if llm_url else None
    found = extract(document, evidence=evidence, reference=reference, model=model)
    notices = [*document.notices, *limits_reached(found)]
    if output is not None:
        is_table = format is ExtractFormat.CSV
        write_output(output, _csv(found).encode() if is_table else json_bytes(_records(document, notices, found)))
        screen().print(Text(f"{output}: {plural(len(found), 'proposal')}"))
    elif format is ExtractFormat.CSV:
        typer.echo(_csv(found), nl=False)
    else:
        print_json(_records(document, notices, found))
    if output is not None or format is ExtractFormat.CSV:
        print_notices(notices)
    return 0


def _csv(found: Sequence[Proposal]) -> str:
    from marsad.workbench import proposal_table, to_csv  # noqa: PLC0415 - slow to import

    return harmless(to_csv(proposal_table(found)))


def _records(document: Document, notices: Sequence[str], found: Sequence[Proposal]) -> dict[str, Any]:
    return {
        "document": document.name,
        "sha256": document.sha256,
        "notices": list(notices),
        "proposals": [{"id": one.id, **one.model_dump(mode="json")} for one in found],
    }
