"""The review queue: what the machine proposes, what people decide, and the rows of the study that follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marsad.errors import InputError, NotFoundError
from marsad.evidence import Decision, Entry, Review
from marsad.evidence.ledger import Ledger
from marsad.extraction import Gazetteer, Proposal, event_title, name_statements
from marsad.model import Kind, Statement
from marsad.study import LEDGER, change_study, dictionary, keys_in, with_rows, without_rows
from marsad.workbench.extracting import gazetteer_of
from marsad.workbench.session import Workbench

__all__ = ["ReviewQueue", "Row"]

_TABLES = {"event": ("events", "report", "event"), "figure": ("figures", "figure", "")}
"""For each kind of proposal its table, the column of the row's key, and that of what reports share."""

_NAME_TABLES = {Kind.PLACE: "places", Kind.ACTOR: "actors"}
_GENERAL = "general gazetteer of Marsad; to be looked at"
_NOTED = ("kidnapped", "arrested")
_CONTAINERS = frozenset({"admin1", "country", "parent"})
_DONE = frozenset({Decision.ACCEPTED, Decision.EDITED})


@dataclass(frozen=True, slots=True)
class Row:
    """A row that an accepted proposal becomes.

    Attributes:
        table: name of the table.
        key: the column of the row's key.
        cells: its cells by column; a list is joined by ``;``.
    """

    table: str
    key: str
    cells: dict[str, str]


class ReviewQueue:
    """The proposals of a study.

    Args:
        workbench: the study; a study to which no document was added has an empty queue.
    """

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self._workbench.path / LEDGER)

    def entries(self, *, source: str | None = None, decision: Decision | None = None) -> tuple[Entry, ...]:
        """The proposals on which this was decided; None: those that wait for a decision."""
        if not (self._workbench.path / LEDGER).exists():
            return ()
        return tuple(entry for entry in self._ledger.entries(source=source) if entry.decision is decision)

    def entry(self, identifier: str) -> Entry:
        """A proposal by the beginning of its identifier; raises ``NotFoundError``."""
        if not (self._workbench.path / LEDGER).exists():
            raise NotFoundError("no document was added to this study yet; `marsad add DOCUMENT STUDY` puts one there")
        return self._ledger.entry(identifier)

    def row(self, entry: Entry, edits: Mapping[str, str] | None = None) -> Row:
        """The row that a proposal would become, with what a person changes in it.

        Args:
            entry: the proposal.
            edits: cells by column; an empty one takes the machine's value away.

        Raises:
            InputError: an edit names no column of the table.
        """
        table, key, shared = _TABLES[entry.proposal.kind]
        fields = [field.name for field in dictionary().tables[table].fields]
        unknown = sorted(set(edits or {}) - set(fields))
        if unknown:
            raise InputError(f"{table}.csv has no column {unknown[0]!r}; it has {', '.join(fields)}")
        proposal = Proposal.model_validate(_plain(entry.proposal.content))
        cells = {name: ";".join(dict.fromkeys(proposal.values(name))) for name in fields if proposal.values(name)}
        cells |= self._known_only(cells, proposal)
        cells |= _noted(cells, proposal)
        cells[key] = _slug(f"{entry.proposal.source}-{proposal.id[:8]}")
        cells |= {"source": entry.proposal.source, "locator": str(entry.proposal.content.get("locator", ""))}
        if shared:
            cells |= self._shared(entry, proposal, shared)
        return Row(table, key, {**cells, **(edits or {})})

    def accept(
        self, entries: Sequence[Entry], *, author: str, note: str = "", edits: Mapping[str, str] | None = None
    ) -> tuple[Row, ...]:
        """Make proposals part of the evidence: their rows are added to the tables of the study folder.

        The rows are written before the decision is, and a row that is there already is not written again: a process
        that is killed in between leaves a row that the next acceptance finds.

        Raises:
            StudyError: a row would not be valid; nothing was written or decided.
        """
        rows: list[Row] = []
        for entry in entries:
            rows.append(self.row(entry, edits))
            self._made.setdefault(self._event(entry), rows[-1].cells.get("event", ""))
        self._write(rows)
        decision = Decision.EDITED if edits else Decision.ACCEPTED
        self._ledger.review_all(
            Review(
                proposal=entry.proposal.id,
                decision=decision,
                author=author,
                note=note,
                content={"table": row.table, "row": row.cells},
            )
            for entry, row in zip(entries, rows, strict=True)
        )
        return tuple(rows)

    def decline(self, entries: Sequence[Entry], *, author: str, note: str = "", reopen: bool = False) -> None:
        """Reject proposals, or put them back into the queue; a row that an earlier acceptance wrote is taken away."""
        rows = [Row(entry.content["table"], "", entry.content["row"]) for entry in entries if entry.decision in _DONE]
        changes: dict[str, str] = {}
        for row in rows:
            table, key, _ = next(found for found in _TABLES.values() if found[0] == row.table)
            name = dictionary().tables[table].file
            text = changes.get(name, self._text(name))
            changes[name] = without_rows(text, key, [row.cells[key]])
        self._change(changes)
        decision = Decision.REOPENED if reopen else Decision.REJECTED
        self._ledger.review_all(
            Review(proposal=entry.proposal.id, decision=decision, author=author, note=note) for entry in entries
        )

    def export(self) -> str:
        """The ledger as JSON lines."""
        return self._ledger.export()

    def take(self, text: str) -> int:
        """Add the lines of an exported ledger; how many were new."""
        return self._ledger.take(text)

    @cached_property
    def _made(self) -> dict[str, str]:
        """The events of the study that mentions of the same event were accepted for."""
        entries = self._ledger.entries()
        accepted = (entry for entry in entries if entry.decision in _DONE and entry.proposal.kind == "event")
        return {self._event(entry): entry.content["row"]["event"] for entry in accepted}

    @staticmethod
    def _event(entry: Entry) -> str:
        return f"{entry.proposal.source} {entry.proposal.content.get('event') or entry.proposal.id}"

    def _shared(self, entry: Entry, proposal: Proposal, column: str) -> dict[str, str]:
        """The event of a report: that of an accepted mention of the same event, otherwise a new one with a title."""
        known = self._made.get(self._event(entry))
        if known:
            return {column: known}
        title = event_title(proposal, self._gazetteer)
        taken = {event.subject for event in self._workbench.evidence.events} | set(self._made.values())
        name = next(name for name in _numbered(_slug(title) or "event") if name not in taken)
        return {column: name, "title": title}

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return gazetteer_of(self._workbench.evidence)

    def _known_only(self, cells: Mapping[str, str], proposal: Proposal) -> dict[str, str]:
        """The cells that name places and actors, without those that nobody has recorded: these go to the note."""
        found: dict[str, str] = {}
        strangers: list[str] = []
        for column, known in (
            ("place", self._gazetteer.places),
            ("area", self._gazetteer.places),
            ("actor", self._gazetteer.actors),
            ("reported_by", self._gazetteer.actors),
        ):
            names = cells.get(column, "").split(";") if cells.get(column) else []
            if any(name not in known for name in names):
                found[column] = ";".join(name for name in names if name in known)
                strangers += [
                    f"{column} as written: {slot.text}"
                    for slot in proposal.slots
                    if slot.name == column and slot.value not in known
                ]
        return {**found, "note": "; ".join(strangers)} if strangers else found

    def _write(self, rows: Iterable[Row]) -> None:
        """Add rows, and those of the places and actors that they name and the study has not yet."""
        changes: dict[str, str] = {}
        for row in [*self._new_names(rows), *rows]:
            table = dictionary().tables[row.table]
            text = changes.get(table.file, self._text(table.file))
            if row.cells[row.key] not in keys_in(text, row.key):
                changes[table.file] = with_rows(text, row.table, [row.cells])
        self._change(changes)

    def _new_names(self, rows: Iterable[Row]) -> Iterator[Row]:
        evidence = self._workbench.evidence
        known = {("place", place.subject) for place in evidence.places}
        known |= {("actor", actor.subject) for actor in evidence.actors}
        kinds = {"place": "place", "area": "place", "actor": "actor", "reported_by": "actor"}
        names = {
            (kinds[column], name)
            for row in rows
            for column, cell in row.cells.items()
            if column in kinds
            for name in cell.split(";")
            if name
        }
        recorded = {(Kind(kind), name) for kind, name in known}
        new: dict[tuple[Kind, str], list[Statement]] = {}
        for statement in name_statements(self._gazetteer, names - known):
            if (statement.kind.value, statement.subject) not in known:
                new.setdefault((statement.kind, statement.subject), []).append(statement)
        for (kind, name), statements in new.items():
            cells: dict[str, str] = {"id": name, ("source" if kind is Kind.PLACE else "note"): _GENERAL}
            for statement in statements:
                if statement.property in _CONTAINERS and not {(kind, statement.value)} & (new.keys() | recorded):
                    continue  # the gazetteer names what it has no record of
                cells[statement.property] = ";".join(filter(None, (cells.get(statement.property), statement.value)))
            yield Row(_NAME_TABLES[kind], "id", cells)

    def _text(self, name: str) -> str:
        path = self._workbench.path / name
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""

    def _change(self, changes: Mapping[str, str]) -> None:
        if changes:
            change_study(self._workbench.path, {name: text.encode() for name, text in changes.items()})


def _noted(cells: Mapping[str, str], proposal: Proposal) -> dict[str, str]:
    """What the tables have no column for, as a note."""
    rest = [f"{name}: {proposal.value(name)}" for name in _NOTED if proposal.value(name)]
    return {"note": "; ".join(filter(None, [cells.get("note", ""), *rest]))} if rest else {}


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a filed proposal without what the ledger adds to it."""
    return {name: value for name, value in content.items() if name != "locator"}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
