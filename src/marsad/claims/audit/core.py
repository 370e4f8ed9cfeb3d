"""The audit of a manuscript: every check on one document, what each of them found, and what none of them could see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marsad.citations import CitationAudit, audit_citations, check_source_dates
from marsad.claims.audit.arithmetic import check_arithmetic
from marsad.claims.audit.chronology import check_chronology
from marsad.claims.audit.known import known_events, told_elsewhere
from marsad.claims.audit.naming import check_naming
from marsad.claims.audit.records import check_against, check_records
from marsad.claims.audit.structure import check_structure
from marsad.claims.audit.verdict import Audit, Outcome, Verdict
from marsad.documents import Document, opening
from marsad.documents.limits import MOST_OF_A_KIND
from marsad.extraction import (
    FoundDate,
    Gazetteer,
    Proposal,
    extract_figures,
    extract_incidents,
    find_dates,
    group_events,
    limits_reached,
    worth_comparing,
)
from marsad.model import Date, Evidence, Finding, Severity, plural

__all__ = ["Progress", "audit_document"]

Progress = Callable[[str, int], None]
"""Called with the name of each step before it begins and the number of all steps."""

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_ENGLISH = "en"


@dataclass(frozen=True)
class _Reading:
    """A document and what is read in it; each part once, when it is first asked for."""

    document: Document
    gazetteer: Gazetteer
    bibliography: Sequence[Mapping[str, Any]]
    evidence: Evidence | None
    reference: Date | None

    @cached_property
    def dates(self) -> tuple[FoundDate, ...]:
        return find_dates(self.document.text, reference=self.reference)

    @cached_property
    def citations(self) -> CitationAudit:
        return audit_citations(self.document, bibliography=self.bibliography)

    @cached_property
    def incidents(self) -> tuple[Proposal, ...]:
        found = extract_incidents(self.document, gazetteer=self.gazetteer, reference=self.reference)
        return group_events(self.document, found, gazetteer=self.gazetteer)

    @cached_property
    def figures(self) -> tuple[Proposal, ...]:
        return extract_figures(self.document, gazetteer=self.gazetteer, reference=self.reference)

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        found = [*self.incidents, *self.figures]
        return tuple(sorted(found, key=lambda proposal: (proposal.start, proposal.end, proposal.id)))

    @cached_property
    def compared(self) -> tuple[Proposal, ...]:
        return worth_comparing(self.proposals)


@dataclass(frozen=True, slots=True)
class _Group:
    """Checks that belong together.

    Attributes:
        name: for people.
        run: the findings.
        basis: what they looked at, in words.
        missing: why there is nothing to check; empty where there is.
    """

    name: str
    run: Callable[[_Reading], Iterable[Finding]]
    basis: Callable[[_Reading], str]
    missing: Callable[[_Reading], str]


def audit_document(
    document: Document,
    *,
    gazetteer: Gazetteer | None = None,
    bibliography: Sequence[Mapping[str, Any]] = (),
    evidence: Evidence | None = None,
    reference: Date | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Find where a document contradicts itself.

    Args:
        document: the document.
        gazetteer: names of places and actors; the general one if left out.
        bibliography: further sources in CSL-JSON that take part in the audit of citations.
        evidence: a study with which the document is compared.
        reference: when the document was written; without it, dates such as "two months ago" stay open.
        progress: called with the name of each group of checks and the number of all.

    Returns:
        All findings, the gravest first, then by group of checks and in the order of the text, and what each group of
        checks says: a group that had nothing to look at is ``unchecked``, which is not ``ok``. Of a very long document
        only the ``opening`` is looked at, and what needs the whole of it is ``unchecked``.
    """
    names = Gazetteer.general() if gazetteer is None else gazetteer
    reading = _Reading(opening(document), names, bibliography, evidence, reference)
    found: dict[str, Finding] = {}
    places: dict[str, int] = {}
    verdicts: list[Verdict] = []
    kinds = Counter[str]()
    for place, group in enumerate(_GROUPS):
        if progress:
            progress(group.name, len(_GROUPS) + 1)
        missing = group.missing(reading)
        run = () if missing else _first_of_each_kind(group.run(reading), kinds)
        told = [one for one in run if not _is_told(one, found.values())]
        new = {one.id: one for one in told if one.id not in found}
        found |= new
        places |= dict.fromkeys(new, place)
        verdicts.append(_verdict(group, reading, missing, list(new.values())))
    return Audit(
        findings=tuple(sorted(found.values(), key=lambda finding: _order(finding, places[finding.id]))),
        verdicts=tuple(verdicts),
        proposals=reading.proposals,
        counts=_counts(reading),
        limits=tuple(_limits(reading, kinds)),
    )


def _first_of_each_kind(findings: Iterable[Finding], kinds: Counter[str]) -> Iterator[Finding]:
    """The findings up to the most that are told of a kind; the kinds are counted on."""
    for finding in findings:
        kinds[finding.kind] += 1
        if kinds[finding.kind] <= MOST_OF_A_KIND:
            yield finding


def _limits(reading: _Reading, kinds: Counter[str]) -> Iterator[str]:
    """What was left out although it was read, in sentences."""
    for kind, count in sorted(kinds.items()):
        if count > MOST_OF_A_KIND:
            yield f"Of {count:,} findings of the kind {kind} only the first {MOST_OF_A_KIND:,} are shown."
    yield from limits_reached(reading.proposals)
    if more := len(reading.proposals) - len(reading.compared):
        yield f"{plural(more, 'report')} of the same as many others were not compared with them."


def _looked_at(reading: _Reading) -> str:
    """The end of a verdict: how much of the text it speaks of; empty where it is all."""
    end = len(reading.document.text)
    return f" Only the first {end:,} characters were looked at." if reading.document.beyond else ""


def _is_told(finding: Finding, found: Iterable[Finding]) -> bool:
    """Whether an earlier group has a finding of this kind on the same words."""
    return any(
        one.kind == finding.kind
        and all(
            any(here.start < there.end and there.start < here.end for there in one.quotes) for here in finding.quotes
        )
        for one in found
    )


def _verdict(group: _Group, reading: _Reading, missing: str, found: Sequence[Finding]) -> Verdict:
    outcome = Outcome.UNCHECKED if missing else Outcome.FOUND if found else Outcome.OK
    ids = tuple(finding.id for finding in sorted(found, key=_order))
    text = missing or group.basis(reading) + _looked_at(reading)
    return Verdict(check=group.name, outcome=outcome, text=text, findings=ids)


def _order(finding: Finding, place: int = 0) -> tuple[int, int, int, str, str]:
    """By severity, then by group of checks, then in the order of the text."""
    start = min((quote.start for quote in finding.quotes), default=0)
    return (_RANK[finding.severity or Severity.NOTE], place, start, finding.kind, finding.id)


def _counts(reading: _Reading) -> dict[str, int]:
    return {
        "words": len(reading.document.text.split()),
        "citations": len(reading.citations.citations),
        "references": len(reading.citations.references),
        "dates": len(reading.dates),
        "incidents": len(reading.incidents),
        "events": len({incident.event for incident in reading.incidents}),
        "figures": len(reading.figures),
    }


def _source_dates(reading: _Reading) -> Iterator[Finding]:
    dates = [(one.start, one.end, one.date) for one in reading.dates if one.date and not one.relative]
    dates += known_events(reading.document)
    dates += told_elsewhere(reading.document, reading.incidents)
    return iter(check_source_dates(reading.document, reading.citations.links, dates))


def _against(reading: _Reading) -> Iterator[Finding]:
    if reading.evidence is None:
        return iter(())
    return check_against(reading.document, reading.compared, reading.evidence, gazetteer=reading.gazetteer)


def _not_english(reading: _Reading) -> str:
    if reading.document.language in ("", _ENGLISH):
        return ""
    return f"The rules read English; the text is in another language ({reading.document.language})."


def _not_whole(reading: _Reading) -> str:
    if not reading.document.beyond:
        return ""
    return f"It needs the whole text.{_looked_at(reading)}"


def _no_citations(reading: _Reading) -> str:
    if cut := _not_whole(reading):
        return cut
    audit = reading.citations
    if audit.references and audit.citations:
        return ""
    what = "reference list" if not audit.references else "citations in the text"
    return f"No {what} was found."


def _no_reports(reading: _Reading) -> str:
    language = _not_english(reading)
    if language or reading.proposals:
        return language
    return "No incident and no figure was read in the text."


def _no_dates(reading: _Reading) -> str:
    return _not_english(reading) or ("" if reading.dates else "No date was read in the text.")


def _no_headings(reading: _Reading) -> str:
    if reading.document.headings:
        return _not_whole(reading)
    return "The text has no headings that could be told from it."


def _no_study(reading: _Reading) -> str:
    if reading.evidence is None:
        return "No study was given."
    return _no_reports(reading)


def _read_reports(reading: _Reading) -> str:
    counts = _counts(reading)
    return (
        f"{plural(counts['incidents'], 'report')} of {plural(counts['events'], 'event')} and "
        f"{plural(counts['figures'], 'figure')} were compared."
    )


_GROUPS = (
    _Group(
        "Events and figures",
        lambda reading: check_records(reading.document, reading.compared, gazetteer=reading.gazetteer),
        _read_reports,
        _no_reports,
    ),
    _Group(
        "Arithmetic",
        lambda reading: check_arithmetic(reading.document, reading.figures),
        lambda reading: f"{plural(len(reading.figures), 'figure')} and the sums, shares and changes in the text.",
        _not_english,
    ),
    _Group(
        "Chronology",
        lambda reading: check_chronology(reading.document, dates=reading.dates),
        lambda reading: f"{plural(len(reading.dates), 'date')} and what is said to begin, end or come first.",
        _no_dates,
    ),
    _Group(
        "Citations",
        lambda reading: reading.citations.findings,
        lambda reading: (
            f"{plural(len(reading.citations.citations), 'citation')} were held against "
            f"{plural(len(reading.citations.references), 'reference')}."
        ),
        _no_citations,
    ),
    _Group(
        "Sources and dates",
        _source_dates,
        lambda _: "The year of each source was held against the dates for which it is cited.",
        lambda reading: _no_citations(reading) or _no_dates(reading),
    ),
    _Group(
        "Names and abbreviations",
        lambda reading: check_naming(reading.document),
        lambda _: "Names and abbreviations were compared with one another.",
        lambda reading: _not_whole(reading) or _not_english(reading),
    ),
    _Group(
        "Structure",
        lambda reading: check_structure(reading.document),
        lambda reading: f"{plural(len(reading.document.headings), 'heading')}, the contents and the lists.",
        _no_headings,
    ),
    _Group(
        "The study",
        _against,
        _read_reports,
        _no_study,
    ),
)
"""The groups of checks, in the order in which they run."""
