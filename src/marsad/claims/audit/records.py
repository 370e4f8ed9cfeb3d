"""Contradictions among what a document reports: its proposals as statements, through the checks of the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from marsad.claims.consistency import check_consistency
from marsad.documents import Document
from marsad.documents.findings import identified
from marsad.extraction import Gazetteer, Proposal, name_statements, named_in, proposed_statements
from marsad.model import (
    Cite,
    Date,
    Evidence,
    Finding,
    Kind,
    Number,
    Passage,
    Quote,
    Reliability,
    Severity,
    Source,
    SourceKind,
    Statement,
    content_hash,
)

__all__ = ["check_against", "check_records", "key_of"]

_OPENING = " ("
_READ_IN = ", read in "
_MOST_VALUES = {"event-toll": 3}
_MOST_WAYS = 3
_FEW_DAYS = 10
_LONGEST = 400
"""Of a longer proposal only the sentence of the compared value is quoted."""


def key_of(document: Document) -> str:
    """The citation key under which the statements of an audited document stand."""
    return f"document-{content_hash(document.text)}"


@dataclass(frozen=True)
class _Told:
    """The proposals of one document as statements, and the way back from a statement to its words."""

    document: Document
    key: str
    statements: tuple[Statement, ...]
    by_record: dict[str, Proposal] = field(repr=False)
    by_id: dict[str, Statement] = field(repr=False)

    @classmethod
    def of(cls, document: Document, proposals: Sequence[Proposal], gazetteer: Gazetteer) -> _Told:
        key = key_of(document)
        statements = proposed_statements(proposals, source=key, gazetteer=gazetteer)
        by_record = {proposal.id: proposal for proposal in proposals}
        return cls(document, key, statements, by_record, {statement.id: statement for statement in statements})

    @property
    def source(self) -> Source:
        """The document as a source."""
        name = self.document.title or self.document.name or "this document"
        return Source(
            key=self.key, kind=SourceKind.SECONDARY, reliability=Reliability.F, title=name, csl={"id": self.key}
        )


def check_records(document: Document, proposals: Sequence[Proposal], *, gazetteer: Gazetteer) -> Iterator[Finding]:
    """Contradictions among the incidents and figures of one document.

    Args:
        document: the document.
        proposals: what was read in it; mentions of one event share its identifier.
        gazetteer: names and containment of places and actors.

    Yields:
        Findings whose quotes are the words of each report concerned.
    """
    told = _Told.of(document, proposals, gazetteer)
    names = name_statements(gazetteer, named_in(proposals))
    evidence = Evidence.assemble([*names, *told.statements], {told.key: told.source})
    found = [finding for finding in check_consistency(evidence) if _is_pinned(finding, told)]
    tangled = _tangled(found)
    for finding in found:
        if not (finding.kind.startswith("event-") and tangled & set(finding.subjects)):
            yield _quoting(finding, told)


def _tangled(findings: Sequence[Finding]) -> set[str]:
    """The events whose reports differ in so much that they are hardly reports of one event."""
    ways: dict[str, set[tuple[str, str]]] = {}
    tangled: set[str] = set()
    for finding in findings:
        if not finding.kind.startswith("event-") or finding.severity is Severity.NOTE:
            continue
        values = finding.method.parameters.get("values", "").split("; ")
        for subject in finding.subjects:
            ways.setdefault(subject, set()).add((finding.kind, finding.property))
            if len(values) > _MOST_VALUES.get(finding.kind, 2):
                tangled.add(subject)
    return tangled | {subject for subject, ways_of in ways.items() if len(ways_of) > _MOST_WAYS}


def _is_pinned(finding: Finding, told: _Told) -> bool:
    """Whether the reports of an event say where it was and on which day; a month has many attacks."""
    if not finding.kind.startswith("event-"):
        return True
    records = {told.by_id[found].record for found in finding.statements if found in told.by_id}
    reports = [told.by_record[record] for record in records]
    events = {report.event for report in reports}
    others = [one for one in told.by_record.values() if one.event in events] if len(events) == 1 else reports
    days = [report.value("date") for report in others if report.value("date")]
    return any(_is_days(day) for day in days) and any(report.values("place") for report in others)


def _is_days(text: str) -> bool:
    """Whether a date is a day or a few of them."""
    date = Date.parse(text)
    return date.earliest is not None and date.latest is not None and (date.latest - date.earliest).days <= _FEW_DAYS


def check_against(
    document: Document, proposals: Sequence[Proposal], study: Evidence, *, gazetteer: Gazetteer
) -> Iterator[Finding]:
    """Contradictions between the figures of a document and the evidence of a study.

    Events are compared where a report of the study has the same kind of act at the same place on the same day.

    Yields:
        Findings that rest on statements of both; they quote the document and name the study's sources.
    """
    told = _Told.of(document, _as_known(proposals, study, gazetteer), gazetteer)
    names = name_statements(gazetteer, named_in(proposals))
    mine = Evidence.assemble([*names, *told.statements], {})
    together = study.model_copy(
        update={
            "actors": (*study.actors, *(one for one in mine.actors if one.subject not in study.actor_by_id)),
            "places": (*study.places, *(one for one in mine.places if one.subject not in study.place_by_id)),
            "events": (*study.events, *mine.events),
            "figures": (*study.figures, *mine.figures),
            "sources": {**study.sources, told.key: told.source},
        }
    )
    for finding in check_consistency(together):
        is_mine = {found in told.by_id for found in finding.statements}
        if is_mine == {True, False}:
            yield _quoting(finding, told).model_copy(update={"kind": f"study-{finding.kind}"})


def _as_known(proposals: Iterable[Proposal], study: Evidence, gazetteer: Gazetteer) -> list[Proposal]:
    """Proposals whose events, where the study knows them, have the study's identifier."""
    known: dict[str, set[str]] = {}
    found = list(proposals)
    for proposal in found:
        if proposal.kind is Kind.EVENT and proposal.event:
            known.setdefault(proposal.event, set()).update(_same(proposal, study, gazetteer))
    names = {event: next(iter(same)) for event, same in known.items() if len(same) == 1}
    return [proposal.model_copy(update={"event": names.get(proposal.event, proposal.event)}) for proposal in found]


def _same(proposal: Proposal, study: Evidence, gazetteer: Gazetteer) -> Iterator[str]:
    """The events of a study of the same kind on the same day at the same place."""
    day, kind = proposal.value("date"), proposal.value("kind")
    if not day or not Date.parse(day).is_day:
        return
    for event in study.events:
        if event.date is None or event.date.text != day or event.kind != kind:
            continue
        pairs = ((one, other) for one in proposal.values("place") for other in event.place)
        if any(gazetteer.is_within(one, other) or gazetteer.is_within(other, one) for one, other in pairs):
            yield event.subject


def _quoting(finding: Finding, told: _Told) -> Finding:
    """A finding about statements as one about the words of the document."""
    quotes = tuple(_quotes(finding, told))
    message = "".join(_plain(passage, told) for passage in finding.text)
    return finding.model_copy(
        update={
            "id": identified(finding.kind, message, quotes),
            "text": ((message,),),
            "statements": tuple(found for found in finding.statements if found not in told.by_id),
            "sources": tuple(key for key in finding.sources if key != told.key),
            "subjects": (),
            "quotes": quotes,
        }
    )


def _quotes(finding: Finding, told: _Told) -> Iterator[Quote]:
    """The words of each report, once, in the order of the text."""
    spans: dict[tuple[int, int], None] = {}
    for statement in (told.by_id[found] for found in finding.statements if found in told.by_id):
        proposal = told.by_record[statement.record]
        spans[_words(told.document, proposal, statement)] = None
    yield from (told.document.quote(start, end) for start, end in sorted(spans))


def _words(document: Document, proposal: Proposal, statement: Statement) -> tuple[int, int]:
    """The proposal's quote, or the sentence of the value where that is long."""
    if proposal.end - proposal.start <= _LONGEST:
        return proposal.start, proposal.end
    slots = [slot for slot in proposal.slots if slot.name == statement.property and slot.value == statement.value]
    sentence = document.sentence_at(slots[0].start) if slots else None
    return sentence or (proposal.start, proposal.end)


def _plain(passage: Passage, told: _Told) -> str:
    """A passage in words, without the brackets that say where in the document itself a value stands: quotes do.

    A bracket that names other sources keeps them, and the document where it stands beside them.
    """
    out: list[str] = []
    parts = iter(passage)
    for part in parts:
        if part == _OPENING:
            out.append(_bracket(list(takewhile(lambda piece: not _closes(piece), parts)), told))
        else:
            out.append(part if isinstance(part, str) else part.text if isinstance(part, Number) else part.cite)
    return "".join(out)


def _closes(part: str | Number | Cite) -> bool:
    return isinstance(part, str) and part.endswith(")")


def _bracket(parts: Sequence[str | Number | Cite], told: _Told) -> str:
    """The sources of a bracket: ``(dawn2023; this document)``; nothing where there is only the document."""
    keys = [
        part.cite for at, part in enumerate(parts) if isinstance(part, Cite) and parts[at + 1 : at + 2] != [_READ_IN]
    ]
    if all(key == told.key for key in keys):
        return ""
    return f" ({'; '.join(dict.fromkeys('this document' if key == told.key else key for key in keys))})"
