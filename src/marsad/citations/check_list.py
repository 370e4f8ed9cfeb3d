"""What is wrong within a reference list: entries twice, merged, broken, with impossible dates or parts missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from marsad.citations.model import Link, Reference
from marsad.citations.names import compact
from marsad.citations.remarks import entry_span, span_of, times
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity, enumerated

__all__ = ["check_broken", "check_fields", "check_twice", "check_years"]

_MOST = 5
_LONG_TITLE = 24
_MERGED = "merged"
_UNPARSED = "unparsed"


def check_twice(document: Document, references: Sequence[Reference]) -> Iterator[Finding]:
    """Works that are listed more than once, and titles that several entries share."""
    works: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        if reference.is_listed:
            works[reference.key].append(reference)
    for entries in works.values():
        if len(entries) > 1:
            differ = "" if len({compact(entry.text) for entry in entries}) == 1 else ", not in the same words"
            yield _twice(
                document, entries, f"{entries[0].label} is listed {times(len(entries))}{differ}.", Severity.ERROR
            )
    titles: dict[str, list[Reference]] = defaultdict(list)
    for entries in works.values():
        title = compact(entries[0].title)
        if len(title) >= _LONG_TITLE and len(entries[0].title.split()) > 3:
            titles[title].append(entries[0])
    for entries in titles.values():
        if len(entries) > 1 and not _is_series(entries):
            labels = enumerated(
                [f"{entry.label} ({entry.date.text})" if entry.date else entry.label for entry in entries]
            )
            message = f"{len(entries)} entries have the same title: {labels}."
            yield _twice(document, entries, message, Severity.WARNING)


def _is_series(entries: Sequence[Reference]) -> bool:
    """Whether entries are issues of one publication that comes every year."""
    return len({entry.year for entry in entries}) == len(entries) and all(
        not entry.names or entry.names[0].is_organisation for entry in entries
    )


def _twice(document: Document, entries: Sequence[Reference], message: str, severity: Severity) -> Finding:
    return textual_finding(
        document,
        kind="duplicate-entry",
        severity=severity,
        title="A work listed more than once" if severity is Severity.ERROR else "Entries with the same title",
        message=message,
        spans=[entry_span(document, entry) for entry in entries],
        rule="a reference list has each work once",
    )


def check_broken(document: Document, references: Sequence[Reference]) -> Iterator[Finding]:
    """Entries that run into one another, and entries that are printed wrongly."""
    blocks: dict[tuple[int, int], list[Reference]] = defaultdict(list)
    for reference in references:
        if _MERGED in reference.faults:
            blocks[reference.block_start, reference.block_end].append(reference)
    for entries in blocks.values():
        labels = enumerated([entry.label for entry in entries])
        yield textual_finding(
            document,
            kind="merged-entries",
            severity=Severity.ERROR,
            title="Entries that run into one another",
            message=f"{len(entries)} works stand in one entry of the list: {labels}.",
            spans=[entry_span(document, entry) for entry in entries],
            rule="each entry of a reference list has a line of its own",
        )
    for reference in references:
        odd = [fault for fault in reference.faults if fault not in (_MERGED, _UNPARSED)]
        if odd and reference.is_listed:
            is_date = any("no day" in fault or "no year" in fault for fault in odd)
            yield textual_finding(
                document,
                kind="impossible-date" if is_date else "broken-entry",
                severity=Severity.ERROR if is_date else Severity.WARNING,
                title="A date that does not exist" if is_date else "An entry that seems broken",
                message=f"The entry {reference.label} is odd: {enumerated(odd)}.",
                spans=[entry_span(document, reference)],
                rule="an entry can be read from its author to its source",
            )


def check_years(
    document: Document, links: Sequence[Link], references: Sequence[Reference], today: date
) -> Iterator[Finding]:
    """Years that have not come yet."""
    for reference in references:
        begins = reference.date.earliest if reference.date else None
        if reference.is_listed and begins is not None and begins > today:
            yield _future(
                document,
                f"The entry {reference.label} is dated {reference.date}, which has not come yet.",
                entry_span(document, reference),
            )
    listed = {reference.year for reference in references}
    seen = set()
    for link in links:
        cited = link.citation
        if (
            cited.year is not None
            and cited.year > today.year
            and not (cited.year in listed and link.references)
            and cited.label not in seen
        ):
            seen.add(cited.label)
            yield _future(document, f"“{cited.label}” has a year that has not come yet.", span_of(cited))


def _future(document: Document, message: str, span: tuple[int, int]) -> Finding:
    return textual_finding(
        document,
        kind="future-year",
        severity=Severity.ERROR,
        title="A source from the future",
        message=message,
        spans=[span],
        rule="a source is published before it is cited",
    )


def check_fields(document: Document, references: Sequence[Reference]) -> Iterator[Finding]:
    """Parts that entries of their type should have: one note for each part."""
    checks: tuple[tuple[str, str, Callable[[Reference], bool]], ...] = (
        ("no date", "without a year and without “n.d.”", lambda entry: entry.year is None and not entry.status),
        ("no title", "without a title that can be made out", lambda entry: not entry.title),
        ("no pages", "of journal articles without page numbers, DOI or address", _lacks_pages),
        ("no way to find them", "without the place where they were published", _lacks_place),
    )
    works = {entry.key: entry for entry in reversed(references) if entry.is_listed and _UNPARSED not in entry.faults}
    for name, words, lacks in checks:
        found = [entry for entry in reversed(works.values()) if lacks(entry)]
        if not found:
            continue
        labels = enumerated(
            [entry.label for entry in found[:_MOST]] + ([f"{len(found) - _MOST} more"] if len(found) > _MOST else [])
        )
        yield textual_finding(
            document,
            kind="missing-field",
            severity=Severity.NOTE,
            title=f"Entries with {name}",
            message=f"Entries {words} ({len(found)} of {len(works)} works): {labels}.",
            spans=[entry_span(document, entry) for entry in found[:_MOST]],
            rule="an entry has what it takes to find the work: names, date, title, and where it was published",
        )


def _lacks_pages(entry: Reference) -> bool:
    csl = entry.csl
    return csl.get("type") == "article-journal" and not any(csl.get(part) for part in ("page", "DOI", "URL"))


def _lacks_place(entry: Reference) -> bool:
    parts = ("volume", "page", "URL", "DOI", "publisher", "container-title")
    return not any(entry.csl.get(part) for part in parts)
