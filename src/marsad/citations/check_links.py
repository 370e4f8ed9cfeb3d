"""What is wrong between the citations and the list: missing, idle and ambiguous ones, names that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from marsad.citations.model import Link, Reference
from marsad.citations.names import compact
from marsad.citations.remarks import Span, entry_span, span_of, times
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity, enumerated

__all__ = ["check_ambiguous", "check_idle", "check_missing", "check_names", "check_suffixes"]

_MOST = 5


def _groups(links: Sequence[Link]) -> list[list[Link]]:
    """Links by the form of their citations."""
    found: dict[tuple[object, ...], list[Link]] = defaultdict(list)
    for link in links:
        cited = link.citation
        form = (tuple(compact(name) for name in cited.names), cited.year, cited.suffix, cited.status, cited.number)
        found[form].append(link)
    return list(found.values())


def _cited(group: Sequence[Link]) -> list[Span]:
    return [span_of(link.citation) for link in group[:_MOST]]


def check_missing(document: Document, links: Sequence[Link], *, largest: int = 0) -> Iterator[Finding]:
    """Cited, but not in the list: one finding for each such source.

    Args:
        document: the document.
        links: its citations with their works.
        largest: the last number of a numbered list.
    """
    for group in _groups([link for link in links if not link.references and _is_due(link)]):
        first = group[0]
        label = first.citation.label
        stands = "" if len(group) == 1 else f" {times(len(group))}"
        message = f"“{label}” is cited{stands}, but the reference list has no such work"
        if first.citation.number is not None and largest:
            message += f"; its numbers end at {largest}"
        if first.near is not None:
            message += f"; the nearest entry is {first.near.label} ({first.near_why})"
        yield textual_finding(
            document,
            kind="cited-not-listed",
            severity=Severity.ERROR,
            title="Cited, but not in the reference list",
            message=f"{message}.",
            spans=[*_cited(group), *([entry_span(document, first.near)] if first.near else [])],
            rule="every work that is cited stands in the reference list with the same names and year",
        )


def _is_due(link: Link) -> bool:
    """Whether a citation's work has to be listed: not that of a name alone, nor one that is cited from another work."""
    return link.citation.status != "undated" and not link.citation.is_second_hand


def check_idle(document: Document, links: Sequence[Link], references: Sequence[Reference]) -> Iterator[Finding]:
    """Listed, but never cited: one finding for each such work."""
    cited = {work.key for link in links if link.citation.status != "undated" or link.key for work in link.references}
    works: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        if reference.is_listed and "unparsed" not in reference.faults:
            works[reference.key].append(reference)
    near = {link.near.key: link.citation.label for link in reversed(links) if link.near and not link.references}
    for key, entries in works.items():
        if key in cited:
            continue
        perhaps = f"; perhaps “{near[key]}” means it" if key in near else ""
        yield _idle(
            document, f"{entries[0].label} is in the reference list, but the text never cites it{perhaps}.", entries
        )
    yield from _too_few(document, links, works)


def _idle(document: Document, message: str, entries: Sequence[Reference], cited: Sequence[Span] = ()) -> Finding:
    return textual_finding(
        document,
        kind="listed-not-cited",
        severity=Severity.WARNING,
        title="Listed, but never cited",
        message=message,
        spans=[*(entry_span(document, entry) for entry in entries), *cited],
        rule="every work of the reference list is cited in the text",
    )


def _too_few(document: Document, links: Sequence[Link], works: dict[str, list[Reference]]) -> Iterator[Finding]:
    """Several works fit a citation that stands less often than there are works: some of them are never cited."""
    sure = {link.key for link in links if link.key}
    for group in _groups([link for link in links if len(link.references) > 1 and link.citation.status != "undated"]):
        rivals = [work for work in group[0].references if work.key not in sure and work.key in works]
        if len(rivals) <= len(group):
            continue
        labels = enumerated([f"“{_short(work)}”" for work in rivals])
        least = "one is" if len(rivals) - len(group) == 1 else f"{len(rivals) - len(group)} are"
        message = (
            f"{len(rivals)} listed works fit “{group[0].citation.label}”, which stands {times(len(group))} "
            f"in the text, so at least {least} never cited: {labels}."
        )
        yield _idle(document, message, rivals, _cited(group))


def _short(work: Reference) -> str:
    words = (work.title or work.text).split()
    return " ".join(words[:7]) + ("…" if len(words) > 7 else "")


def check_ambiguous(document: Document, links: Sequence[Link]) -> Iterator[Finding]:
    """Several works fit a citation: one finding for each form of citation."""
    for group in _groups([link for link in links if len(link.references) > 1 and link.citation.status != "undated"]):
        works = group[0].references
        same = (
            len({(compact(work.names[0].family), compact(work.names[0].given)[:1]) for work in works if work.names})
            == 1
        )
        is_error = (
            same and not group[0].is_variant and all(work.names for work in works) and group[0].how == "names and year"
        )
        stands = f"stands {times(len(group))}; " if len(group) > 1 else ""
        message = f"“{group[0].citation.label}” does not say which source is meant: {stands}it fits " + enumerated(
            [f"“{_short(work)}” ({_when(work)})" for work in works]
        )
        yield textual_finding(
            document,
            kind="ambiguous-citation",
            severity=Severity.ERROR if is_error else Severity.WARNING,
            title="A citation that fits several works",
            message=f"{message}.",
            spans=[*_cited(group), *(entry_span(document, work) for work in works)],
            rule="a letter behind the year tells works of one author apart, initials tell authors of one name",
        )


def _when(work: Reference) -> str:
    who = f"{work.names[0].given} {work.names[0].family}".strip() if work.names else "no author"
    return f"{who}, {work.date.text if work.date else 'no date'}"


def check_names(document: Document, links: Sequence[Link]) -> Iterator[Finding]:
    """Citations that fit their work only through a variant of the name, or that have no year."""
    for group in _groups([link for link in links if link.is_variant and link.citation.status != "undated"]):
        link = group[0]
        if len(link.references) > 1:
            continue
        is_slight = any(words in link.how for words in ("an article", "an edition", "the acronym", "both are names"))
        yield textual_finding(
            document,
            kind="name-variant",
            severity=Severity.NOTE if is_slight else Severity.WARNING,
            title="A name cited in another form than listed",
            message=f"“{link.citation.label}” seems to mean the entry {link.references[0].label}: {link.how}.",
            spans=[*_cited(group), *(entry_span(document, work) for work in link.references)],
            rule="a citation has the name that its entry begins with",
        )
    for group in _groups([link for link in links if link.citation.status == "undated" and link.references]):
        works = group[0].references
        which = f"the entry {works[0].label}" if len(works) == 1 else f"any of {len(works)} entries"
        yield textual_finding(
            document,
            kind="citation-without-year",
            severity=Severity.WARNING,
            title="A citation without a year",
            message=f"“{group[0].citation.label}” is cited without a year and may mean {which}.",
            spans=[*_cited(group), *(entry_span(document, work) for work in works[:_MOST])],
            rule="an author-year citation gives the year, or n.d.",
        )
    yield from _first_author_only(document, links)


def _first_author_only(document: Document, links: Sequence[Link]) -> Iterator[Finding]:
    found = [
        link for link in links if link.how == "first author and year" and len(link.citation.names) == 1 and link.key
    ]
    if not found:
        return
    forms = sorted({link.citation.label for link in found})
    shown = enumerated(
        [f"“{form}”" for form in forms[:_MOST]] + ([f"{len(forms) - _MOST} more"] if len(forms) > _MOST else [])
    )
    yield textual_finding(
        document,
        kind="co-authors-left-out",
        severity=Severity.NOTE,
        title="Works of several authors cited by the first alone",
        message=f"Works of several authors are cited by the first alone, without “et al.” or the second name: {shown}.",
        spans=_cited(found),
        rule="a work of two authors is cited by both, one of three and more by the first and et al.",
    )


def check_suffixes(document: Document, links: Sequence[Link], references: Sequence[Reference]) -> Iterator[Finding]:
    """Letters behind the year that only the text or only the list has."""
    for group in _groups([link for link in links if link.citation.suffix and link.key]):
        work = group[0].references[0]
        if work.suffix == group[0].citation.suffix or not work.is_listed:
            continue
        listed = f"{work.year}{work.suffix}"
        yield textual_finding(
            document,
            kind="year-suffix",
            severity=Severity.WARNING,
            title="A letter behind the year that the list does not have",
            message=f"“{group[0].citation.label}” has a letter behind the year, but its entry has {listed}.",
            spans=[*_cited(group), entry_span(document, work)],
            rule="the letter behind a year is the same in the text and in the list",
        )
    stems: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for reference in references:
        if reference.names and reference.year is not None:
            stems[compact(reference.names[0].family), reference.year].add(reference.key)
    for reference in references:
        if not (reference.suffix and reference.is_listed and reference.names):
            continue
        if len(stems[compact(reference.names[0].family), reference.year]) == 1:
            yield textual_finding(
                document,
                kind="year-suffix",
                severity=Severity.NOTE,
                title="A letter behind the year that nothing needs",
                message=f"{reference.label} has a letter behind its year, but nothing else of that name and year.",
                spans=[entry_span(document, reference)],
                rule="letters tell apart several works of one author and year",
            )
