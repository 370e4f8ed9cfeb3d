"""`marsad judge`: see the pairs of records that wait for a person, and decide."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from marsad.cli.output import Json, print_json, print_table, screen
from marsad.errors import InputError
from marsad.model import Verdict, plural

if TYPE_CHECKING:
    from marsad.workbench.judging import WaitingPair

__all__ = ["EXAMPLES", "judge"]

EXAMPLES = """
[bold]Examples[/]

marsad judge matched/   (the pairs that wait, the least certain first)

marsad judge matched/ 3   (both records in words)

marsad judge matched/ 3 --verdict same --why "the same clinic, reported a day late"

marsad judge matched/ 24103 2826 --verdict not --author "A. Analyst"

marsad judge my-study market-attack 24103 --verdict same   (an event of the study and a record of a register)
"""
"""What `marsad judge --help` shows below the options."""

_LEDGER = "ledger.sqlite"
_STUDY = "study.yaml"
_MOST = 50


def judge(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="What `marsad reconcile` wrote, or a study that was built.")
    ],
    pair: Annotated[
        list[str] | None, typer.Argument(metavar="[PAIR]", help="A number of the queue, or two source identifiers.")
    ] = None,
    *,
    verdict: Annotated[
        Verdict | None, typer.Option("--verdict", help="part_of: the first is part of the second.")
    ] = None,
    author: Annotated[str, typer.Option("--author", help="Who says it; your user name if left out.")] = "",
    why: Annotated[str, typer.Option("--why", help="The reason.")] = "",
    ledger: Annotated[Path | None, typer.Option("--ledger", help="FOLDER/ledger.sqlite if left out.")] = None,
    json: Json = False,
) -> int:
    """List the pairs that wait for a person, or say of one whether both records are the same event.

    What is said goes into a ledger, and the next `marsad reconcile` into the same folder respects it. In a study the
    pairs are its events and the records of its registers, and the next `marsad build` respects it.
    """
    from marsad.workbench.judging import judge_pair, pair_in, waiting_pairs  # noqa: PLC0415 - only here

    if (folder / _STUDY).is_file():
        return _judge_study(folder, pair or [], verdict, author=author, why=why, ledger=ledger, json=json)
    if not pair:
        if verdict is not None:
            raise InputError("--verdict needs a pair: its number in the queue, or two identifiers")
        _print_queue(waiting_pairs(folder), json=json)
        return 0
    if len(pair) > 2:
        raise InputError("name one number of the queue, or two identifiers")
    if verdict is None:
        _print_pair(pair_in(folder, pair)[0], json=json)
        return 0
    place = folder / _LEDGER if ledger is None else ledger
    found = judge_pair(folder, place, pair, verdict, author=author or getpass.getuser(), reason=why)
    if json:
        print_json({**asdict(found), "verdict": verdict.value, "ledger": str(place)})
    else:
        told = f"{found.left_dataset} {found.left_id} and {found.right_dataset} {found.right_id}: {verdict.value}"
        screen().print(Text(f"{told}. Filed in {place}; the next `marsad reconcile` respects it"))
    return 0


def _judge_study(
    folder: Path,
    pair: list[str],
    verdict: Verdict | None,
    *,
    author: str,
    why: str,
    ledger: Path | None,
    json: bool,
) -> int:
    """The same for the events of a study and the records of its registers."""
    from marsad.workbench.study_pairs import judge_match, study_pair, study_pairs  # noqa: PLC0415 - only here

    if ledger is not None:
        raise InputError(f"--ledger is for the folder of a reconciliation; a study keeps its own, {folder / _LEDGER}")
    if len(pair) > 2:
        raise InputError("name one number of the queue, or two identifiers")
    if not pair:
        if verdict is not None:
            raise InputError("--verdict needs a pair: its number in the queue, or two identifiers")
        _print_queue(tuple(found for found in study_pairs(folder) if found.number), json=json)
        return 0
    if verdict is None:
        _print_pair(study_pair(folder, pair), json=json)
        return 0
    found = judge_match(folder, pair, verdict, author=author or getpass.getuser(), reason=why)
    if json:
        print_json({**asdict(found), "verdict": verdict.value, "ledger": str(folder / _LEDGER)})
    else:
        told = f"{found.left_id} and {found.right_dataset} {found.right_id}: {verdict.value}"
        screen().print(Text(f"{told}. Filed in {folder / _LEDGER}; the next `marsad build` respects it"))
    return 0


def _print_pair(found: WaitingPair, *, json: bool) -> None:
    """Both records in words, and what the machine made of them."""
    if json:
        print_json(asdict(found))
        return
    for dataset, own, says in (
        (found.left_dataset, found.left_id, found.left_says),
        (found.right_dataset, found.right_id, found.right_says),
    ):
        screen().print(Text.assemble((f"{dataset} {own}\n", "bold"), says or "(its table has the record)"), "")
    probability = "" if found.probability is None else f", probability {found.probability:.2f}"
    screen().print(Text(f"Taken for: {found.decision}{probability}. {found.why}"))
    screen().print(Text(f"Say what it is: --verdict {', '.join(Verdict)}", style="dim"))


def _print_queue(queue: tuple[WaitingPair, ...], *, json: bool) -> None:
    if json:
        print_json([asdict(found) for found in queue])
        return
    if not queue:
        screen().print("No pair waits for a person.")
        return
    rows: list[list[Any]] = [
        [
            str(found.number),
            f"{found.left_dataset} {found.left_id}",
            f"{found.right_dataset} {found.right_id}",
            "" if found.probability is None else f"{found.probability:.2f}",
            found.decision,
            found.why,
        ]
        for found in queue[:_MOST]
    ]
    columns = [
        ("no.", True),
        ("left", False),
        ("right", False),
        ("probability", True),
        ("taken for", False),
        ("why", False),
    ]
    note = f"The first {_MOST} of {len(queue)}; --json lists all" if len(queue) > _MOST else ""
    print_table(
        f"{plural(len(queue), 'pair')} {'waits' if len(queue) == 1 else 'wait'} for a person", columns, rows, note=note
    )
