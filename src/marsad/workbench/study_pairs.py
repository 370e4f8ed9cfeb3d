"""The pairs of a study's own events and the records of its registers, for a person to judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from marsad.errors import InputError, NotFoundError
from marsad.evidence import read_rows
from marsad.model import Match, Verdict
from marsad.study import LEDGER, RELEASES_FOLDER
from marsad.workbench.judging import WaitingPair, file_judgement
from marsad.workbench.registered import OWN_EVENTS, Registered

__all__ = ["judge_match", "study_pair", "study_pairs"]


def study_pairs(root: Path) -> tuple[WaitingPair, ...]:
    """The pairs of an event of a study and a record of a register that its last build found, as its report shows them.

    Those that wait for a person come first, the least certain first, and are numbered from 1; the others have number 0.

    Raises:
        NotFoundError: the study has not been built, or its build has no register.
    """
    build = root / "build"
    if not (build / "registers.json").is_file():
        raise NotFoundError(f"{root}: no build has set registers beside the study's events; `marsad build {root}` does")
    matches = TypeAdapter(Registered).validate_json((build / "registers.json").read_bytes()).matches
    waiting = sorted((one for one in matches if one.decision == "review"), key=lambda one: abs(one.probability - 0.5))
    ordered = [*waiting, *(one for one in matches if one.decision != "review")]
    if not ordered:
        return ()
    place = build / RELEASES_FOLDER
    events = {row["source_id"]: row for row in read_rows(place / OWN_EVENTS)}
    records = {
        (release, row["row"]): row
        for release in {one.release for one in ordered}
        for row in read_rows(
            place / f"{release}.parquet", where={"row": sorted({one.row for one in ordered if one.release == release})}
        )
    }
    return tuple(
        _pair(number if number <= len(waiting) else 0, one, events[one.event], records[one.release, one.row])
        for number, one in enumerate(ordered, 1)
    )


def _pair(number: int, match: Match, event: Mapping[str, Any], record: Mapping[str, Any]) -> WaitingPair:
    return WaitingPair(
        number=number,
        left_dataset=event["dataset"],
        right_dataset=record["dataset"],
        left_id=match.event,
        right_id=match.source_id,
        left_record=event["record"],
        right_record=record["record"],
        probability=match.probability,
        decision=match.decision,
        why="; ".join(match.reasons),
        left_says=_says(event),
        right_says=_says(record),
    )


def _says(row: Mapping[str, Any]) -> str:
    """A record in words: its days, place, sides, deaths and text."""
    days = " to ".join(dict.fromkeys(str(row[name]) for name in ("date_start", "date_end") if row[name] is not None))
    bounds = [str(row[name]) for name in ("deaths_low", "deaths_high") if row[name] is not None]
    best = str(row["deaths_best"]) if row["deaths_best"] is not None else " to ".join(dict.fromkeys(bounds))
    sides = " against ".join(row[name] for name in ("side_a", "side_b") if row[name])
    where = ", ".join(dict.fromkeys(row[name] for name in ("place", "admin1", "country") if row[name]))
    parts = (days, where, sides, f"deaths {best}" if best else "", row["text"] or "")
    return "; ".join(part for part in parts if part)


def judge_match(root: Path, pair: Sequence[str], verdict: Verdict, *, author: str, reason: str = "") -> WaitingPair:
    """File in the ledger of a study what a person says of a pair of ``study_pairs``; the next build respects it.

    Args:
        root: the study's folder.
        pair: its number, or the identifiers of the event and the record. For ``part_of`` the first is part of the
            second.
        verdict: what is said.
        author: who says it.
        reason: why.

    Raises:
        NotFoundError: there is no such pair.
        InputError: the identifiers stand for several pairs.
    """
    found = study_pair(root, pair)
    is_turned = pair[0] == found.right_id != found.left_id
    file_judgement(root / LEDGER, found, verdict, is_turned=is_turned, author=author, reason=reason)
    return found


def study_pair(root: Path, pair: Sequence[str]) -> WaitingPair:
    """The pair that is meant, by its number or both identifiers; errors as of ``judge_match``."""
    known = study_pairs(root)
    if len(pair) == 1:
        queue = [one for one in known if one.number]
        if not pair[0].isdecimal() or not 1 <= int(pair[0]) <= len(queue):
            raise NotFoundError(f"there is no pair number {pair[0]!r}; the queue has {len(queue)}")
        return queue[int(pair[0]) - 1]
    meant = [one for one in known if {one.left_id, one.right_id} == set(pair)]
    if not meant:
        raise NotFoundError(
            f"the build of {root} has no pair of {pair[0]!r} and {pair[1]!r}; name an event and a record of the "
            "tables of events-in-registers"
        )
    if len(meant) > 1:
        raise InputError(f"{pair[0]!r} and {pair[1]!r} stand for {len(meant)} pairs; name the pair by its number")
    return meant[0]
