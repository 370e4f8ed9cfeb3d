"""How reported values and who says them are put into sentences, and how a finding is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from marsad.model import Cite, Evidence, Finding, Method, Number, Record, Severity, content_hash, joined, short_name

__all__ = ["Case", "Part", "by_issue", "cited", "in_order", "said", "short_names"]

Part = str | Number | Cite
"""One piece of a sentence."""

_Natural = tuple[tuple[bool, int, str], ...]

_R = TypeVar("_R", bound=Record)

_PLACES_SHOWN = 3


def in_order(records: Iterable[_R]) -> list[_R]:
    """Records by document, by place in it, by line and by identifier: the same order whatever order they came in."""
    return sorted(records, key=_place)


def by_issue(evidence: Evidence, records: Iterable[_R]) -> list[_R]:
    """Records in order, but documents by their date of issue: those of no known date last."""
    return sorted(in_order(records), key=lambda record: _issued(evidence, record))


def _issued(evidence: Evidence, record: Record) -> tuple[date, date, str]:
    found = evidence.sources.get(record.via or record.source)
    return found.issued.sort_key if found and found.issued else (date.max, date.max, "")


def _place(record: Record) -> tuple[str, _Natural, _Natural, str]:
    return (record.via or record.source, _natural(str(record.locator or "")), _natural(record.origin), record.record)


@lru_cache(maxsize=100_000)
def _natural(text: str) -> _Natural:
    """A text so that its numbers sort as numbers: ``sec 2`` before ``sec 10``."""
    pieces = [piece for piece in re.split(r"(\d+)", text) if piece]
    return tuple((not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in pieces)


def cited(records: Iterable[Record]) -> list[Part]:
    """Who says it and where that is read, in brackets; after three places only how many more there are."""
    places = list(dict.fromkeys((record.source, record.via, str(record.locator or "")) for record in in_order(records)))
    parts: list[Part] = []
    for source, via, place in places[:_PLACES_SHOWN]:
        parts.append("; " if parts else " (")
        if source or via:
            parts.append(Cite(cite=source or via, locator="" if source and via else place))
        if source and via:
            parts += [", read in ", Cite(cite=via, locator=place)]
        if not source and not via:
            parts.append("no source")
    more = len(places) - _PLACES_SHOWN
    return [*parts, f"; and {more} more)" if more > 0 else ")"] if parts else []


def short_names(evidence: Evidence, actors: Iterable[str]) -> str:
    """The names of actors, each once, as a list in a sentence; acronyms where they have one."""
    return joined(list(dict.fromkeys(short_name(evidence, actor) for actor in actors)))


def said(text: str, records: Sequence[Record], *properties: str) -> list[Part]:
    """A value, the statements that it rests on, and who says it where."""
    ids = [found for record in in_order(records) for found in record.ids_of(*properties)]
    return [Number(text=text, statements=tuple(dict.fromkeys(ids))), *cited(records)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A contradiction that a check has found, before it is made a finding.

    Attributes:
        kind: which contradiction.
        severity: how grave.
        title: in a few words.
        text: one sentence; its numbers name the statements that it rests on.
        records: the records concerned.
        rule: the rule that they break, in words.
        subjects: what it is about; the subjects of the records where none are given.
        property: the property that it is about.
        values: the values that were compared, as reported.
        basis: statements that the sentence rests on without quoting them.
    """

    kind: str
    severity: Severity
    title: str
    text: Sequence[Part]
    records: Sequence[Record]
    rule: str
    subjects: Sequence[str] = ()
    property: str = ""
    values: Sequence[str] = ()
    basis: Sequence[str] = ()

    def finding(self) -> Finding:
        """The finding; its identifier is a hash of its kind and of its statements."""
        quoted = [found for part in self.text if isinstance(part, Number) for found in part.statements]
        statements = tuple(dict.fromkeys([*quoted, *self.basis]))
        subjects = self.subjects or [record.subject for record in in_order(self.records)]
        sources = {key for record in self.records for key in (record.source, record.via) if key}
        parameters = {"rule": self.rule}
        if self.values:
            parameters["values"] = "; ".join(dict.fromkeys(self.values))
        return Finding(
            id=content_hash(self.kind, *sorted(statements)),
            kind=self.kind,
            title=self.title,
            text=(tuple(self.text),),
            severity=self.severity,
            subjects=tuple(dict.fromkeys(subjects)),
            property=self.property,
            statements=statements,
            sources=tuple(sorted(sources)),
            method=Method(name=self.kind, parameters=parameters),
        )
