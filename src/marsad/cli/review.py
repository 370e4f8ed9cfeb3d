"""`marsad review`: decide what of the machine's proposals becomes evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from marsad.cli.add import By, author_of
from marsad.cli.output import Json, StudyPath, print_json, print_table, screen
from marsad.errors import InputError
from marsad.evidence import Decision, Entry, write_atomically
from marsad.model import plural

if TYPE_CHECKING:
    from marsad.workbench import ReviewQueue

__all__ = ["EXAMPLES", "review"]

EXAMPLES = """
[bold]Examples[/]

marsad review my-study                                 (what waits for a decision)

marsad review my-study 3f9a                            (one proposal: its words, each value and its rule)

marsad review my-study 3f9a --accept --by "A. Khan"

marsad review my-study 3f9a --accept --set killed=12 --set event=bombing-peshawar-2023

marsad review my-study 3f9a 77c1 --reject --note "an announcement, no attack"

marsad review my-study --all --source pips2023 --accept

marsad review my-study --export ledger.jsonl           (every decision as plain text)
"""
"""What `marsad review --help` shows below the options."""

_SHORT = 90
_IDENTIFIER = 8


def review(  # noqa: PLR0913 - the options of the command
    study: StudyPath = Path(),
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Proposals, by the beginning of their identifiers.")
    ] = None,
    *,
    accept: Annotated[bool, typer.Option("--accept", help="Make them evidence.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="They are not evidence.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Take a decision back.")] = False,
    edits: Annotated[
        list[str] | None, typer.Option("--set", metavar="COLUMN=VALUE", help="With --accept: change a cell first.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait; with --source only its own.")] = False,
    source: Annotated[str | None, typer.Option("--source", metavar="KEY", help="Only of this document.")] = None,
    decided: Annotated[
        Decision | None, typer.Option("--decided", help="List those on which this was decided instead.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    by: By = None,
    export: Annotated[Path | None, typer.Option("--export", metavar="FILE", help="Write the ledger as text.")] = None,
    take: Annotated[Path | None, typer.Option("--import", metavar="FILE", help="Add an exported ledger.")] = None,
    json: Json = False,
) -> int:
    """List the proposals that wait for a person, show one, or decide.

    Accepted ones become rows of the study folder; the machine's own version stays in the ledger, with who decided when.
    """
    from marsad.workbench import ReviewQueue, Workbench  # noqa: PLC0415 - slow to import

    queue = ReviewQueue(Workbench(study))
    if export is not None:
        write_atomically(export, queue.export().encode())
        screen().print(Text(f"{export}: the ledger"))
        return 0
    if take is not None:
        screen().print(f"{queue.take(take.read_text(encoding='utf-8'))} lines were new")
        return 0
    entries = _chosen(queue, ids or [], everything=everything, source=source)
    if accept + reject + reopen > 1:
        raise InputError("choose one of --accept, --reject and --reopen")
    if not (accept or reject or reopen):
        listed = entries or queue.entries(source=source, decision=decided)
        _show(queue, listed, whole=bool(ids), as_json=json)
        return 0
    if not entries:
        raise InputError("name the proposals to decide on, or give --all; `marsad review STUDY` lists them")
    if accept:
        rows = queue.accept(entries, author=author_of(by), note=note, edits=_edits(edits or []))
        screen().print(Text.assemble(("✓ ", "green"), f"{plural(len(rows), 'row')} added: accepted"))
    else:
        queue.decline(entries, author=author_of(by), note=note, reopen=reopen)
        screen().print(f"{plural(len(entries), 'proposal')}: {'back in the queue' if reopen else 'rejected'}")
    return 0


def _chosen(queue: ReviewQueue, ids: list[str], *, everything: bool, source: str | None) -> tuple[Entry, ...]:
    if everything:
        return queue.entries(source=source)
    return tuple(queue.entry(identifier) for identifier in ids)


def _edits(given: list[str]) -> dict[str, str]:
    pairs = [edit.partition("=") for edit in given]
    wrong = [name for name, sign, _ in pairs if not sign or not name]
    if wrong:
        raise InputError(f"--set {wrong[0]!r}: write COLUMN=VALUE, such as killed=12")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _show(queue: ReviewQueue, entries: tuple[Entry, ...], *, whole: bool, as_json: bool) -> None:
    if as_json:
        print_json([entry.model_dump(mode="json") | {"row": queue.row(entry).cells} for entry in entries])
        return
    if whole:
        for entry in entries:
            _print_entry(queue, entry)
        return
    rows = []
    for entry in entries:
        proposal = entry.proposal.content
        text = " ".join(str(proposal["text"]).split())
        cells = queue.row(entry).cells
        what = cells.get("title") or cells.get("event") or f"{cells.get('measure', '')} {cells.get('value', '')}"
        short = text if len(text) <= _SHORT else f"{text[:_SHORT]} …"
        rows.append([entry.proposal.id[:_IDENTIFIER], entry.proposal.kind, what, cells["locator"], short])
    columns = [("id", False), ("kind", False), ("proposal", False), ("place", False), ("quote", False)]
    print_table(f"{plural(len(entries), 'proposal')}", columns, rows)


def _print_entry(queue: ReviewQueue, entry: Entry) -> None:
    from marsad.extraction import Proposal  # noqa: PLC0415 - slow to import

    content = entry.proposal.content
    proposal = Proposal.model_validate({name: value for name, value in content.items() if name != "locator"})
    screen().print(Text(f"{entry.proposal.id} ({entry.proposal.kind}, {entry.proposal.coder})", style="bold"))
    screen().print(Padding(Text(f"“{proposal.text}”"), (0, 0, 1, 2)))
    rows = [[slot.name, slot.value, slot.text, slot.rule] for slot in proposal.slots]
    print_table("What was read", [(name, False) for name in ("property", "value", "words", "rule")], rows)
    cells = queue.row(entry).cells
    print_table("The row that it becomes", [("column", False), ("cell", False)], [[*cell] for cell in cells.items()])
    for said in entry.reviews:
        screen().print(Text(f"{said.at[:19]} {said.author}: {said.decision.value} {said.note}".rstrip()))
