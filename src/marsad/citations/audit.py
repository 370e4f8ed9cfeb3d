"""The citation audit of one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from marsad.citations.check_bibliography import check_bibliography, joined_keys
from marsad.citations.check_links import check_ambiguous, check_idle, check_missing, check_names, check_suffixes
from marsad.citations.check_list import check_broken, check_fields, check_twice, check_years
from marsad.citations.citing import citations_among
from marsad.citations.from_csl import references_of
from marsad.citations.matching import link_citations
from marsad.citations.model import Citation, Link, Reference
from marsad.citations.references import find_references
from marsad.documents import BlockKind, Document
from marsad.model import Finding, Severity

__all__ = ["CitationAudit", "audit_citations"]

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class CitationAudit:
    """What the audit found.

    Attributes:
        citations: every citation of the text, in order.
        references: every entry of the reference list, in order.
        links: each citation with the works that fit it.
        findings: the faults, the most serious first.
        unchecked: what could not be checked, in sentences; empty where all was.
    """

    citations: tuple[Citation, ...]
    references: tuple[Reference, ...]
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...] = ()


def audit_citations(
    document: Document, *, bibliography: Sequence[Mapping[str, Any]] = (), today: date | None = None
) -> CitationAudit:
    """Check a document's citations against its reference list, and the list in itself.

    Whether a source is older than what it is cited for is checked apart, by ``check_source_dates``, because it takes
    the dates that the text speaks of.

    Args:
        document: the document.
        bibliography: CSL-JSON entries of a bibliography file, which take the place of the list where there is none, and
            whose keys the works of the list take.
        today: years after this day's are impossible; the present day where it is not given.
    """
    filed = references_of(bibliography)
    listed = joined_keys(find_references(document), filed)
    keys = {reference.key for reference in listed}
    works = listed or filed
    citations = citations_among(document, works)
    links = link_citations(citations, works)
    if listed and filed:
        links = _with_filed(links, citations, [entry for entry in filed if entry.key not in keys])
    day = today or datetime.now(UTC).date()
    unchecked = tuple(_unchecked(document, citations, works, listed))
    found = _checked(
        document, links, listed, filed, day, is_readable=bool(works), cites=_cites(document, links, listed)
    )
    return CitationAudit(citations, listed, links, _ordered(found), unchecked)


def _with_filed(links: Sequence[Link], citations: Sequence[Citation], filed: Sequence[Reference]) -> tuple[Link, ...]:
    """Links whose work is not listed point to the bibliography's entry as the nearest one."""
    others = {id(link.citation): link for link in link_citations(citations, filed)}
    return tuple(
        replace(
            link, near=others[id(link.citation)].references[0], near_why="in the bibliography file, not in the list"
        )
        if not link.references and others[id(link.citation)].references
        else link
        for link in links
    )


def _checked(
    document: Document,
    links: Sequence[Link],
    listed: Sequence[Reference],
    filed: Sequence[Reference],
    today: date,
    *,
    is_readable: bool,
    cites: bool,
) -> Iterator[Finding]:
    if is_readable:
        largest = max((reference.number or 0 for reference in listed), default=0)
        yield from check_missing(document, links, largest=largest)
        yield from check_ambiguous(document, links)
        yield from check_names(document, links)
        yield from check_suffixes(document, links, listed)
    if cites:
        yield from check_idle(document, links, listed)
    yield from check_twice(document, listed)
    yield from check_broken(document, listed)
    yield from check_years(document, links, listed, today)
    yield from check_fields(document, listed)
    if filed:
        yield from check_bibliography(document, listed, filed)


def _cites(document: Document, links: Sequence[Link], listed: Sequence[Reference]) -> bool:
    """Whether the text cites its list in a way that is read here, so that what is not cited can be told."""
    if not any(link.references for link in links):
        return False
    used = {work.key for link in links for work in link.references}
    has_notes = any(block.kind is BlockKind.NOTE for block in document.blocks)
    return len(used) * (5 if has_notes else 20) >= len({reference.key for reference in listed})


def _unchecked(
    document: Document, citations: Sequence[Citation], works: Sequence[Reference], listed: Sequence[Reference]
) -> Iterator[str]:
    numeric = any(citation.number is not None for citation in citations)
    if not works and citations:
        kind = "numeric citations" if numeric else "citations"
        yield f"No reference list was found, so {len(citations)} {kind} could not be checked against it."
    elif not works:
        yield "No reference list and no citations were found."
    elif not listed:
        yield "No reference list was found; the citations were checked against the bibliography file."
    elif not any(citation.end for citation in citations):
        yield "No citations were found in the text, so the entries of the list could not be checked against it."
    unread = [reference for reference in listed if "unparsed" in reference.faults]
    if unread:
        quoted = "; ".join(f"“{' '.join(reference.text.split()[:8])}…”" for reference in unread[:5])
        count = "One entry" if len(unread) == 1 else f"{len(unread)} entries"
        yield f"{count} of the reference list could not be read: {quoted}."
    if listed and citations and not _cites_at_all(document, citations):
        yield "Most of the list is not cited in brackets; notes were not matched with it."


def _cites_at_all(document: Document, citations: Sequence[Citation]) -> bool:
    notes = sum(block.kind is BlockKind.NOTE for block in document.blocks)
    return notes < 5 or len(citations) * 2 >= notes


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most serious first, then by place; each once."""
    once = {finding.id: finding for finding in findings}

    def order(finding: Finding) -> tuple[int, int, str]:
        place = finding.quotes[0].start if finding.quotes else 0
        return (_ORDER.index(finding.severity or Severity.NOTE), place, finding.id)

    return tuple(sorted(once.values(), key=order))
