"""A document's reference list beside a bibliography file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from marsad.citations.model import Reference
from marsad.citations.names import compact
from marsad.citations.references import with_keys
from marsad.citations.remarks import entry_span
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity, enumerated

__all__ = ["check_bibliography", "joined_keys"]

_MOST = 10


def joined_keys(listed: Sequence[Reference], filed: Sequence[Reference]) -> tuple[Reference, ...]:
    """The entries of a list with the keys of the works of a bibliography file that they are."""
    if not filed:
        return tuple(listed)
    titles = {form: entry.key for entry in reversed(filed) for form in _forms(entry)}
    own = {entry.key for entry in filed}
    found = []
    for entry in listed:
        key = next((titles[form] for form in _forms(entry) if form in titles), "")
        found.append(replace(entry, key=key or (f"{entry.key}-listed" if entry.key in own else entry.key)))
    return with_keys(found)


def _forms(entry: Reference) -> list[tuple[str, str, str]]:
    """By what a work is known again, the surest first: its first author, title and date; parts of these."""
    title = compact(entry.title)[:80]
    first = compact(entry.names[0].family) if entry.names else ""
    year, day = str(entry.year), entry.date.text if entry.date else ""
    found = [(first, title, day), (first, title, year)]
    found += [("", title, year)] if len(title) > 20 else []
    return found + ([(first, f"{title[:12]}…", year)] if first and len(title) >= 12 else [])


def check_bibliography(
    document: Document, listed: Sequence[Reference], filed: Sequence[Reference]
) -> Iterator[Finding]:
    """Works that only the list or only the bibliography file has."""
    keys = {entry.key for entry in filed}
    missing = [entry for entry in listed if entry.key not in keys]
    if listed and missing:
        yield textual_finding(
            document,
            kind="not-in-bibliography",
            severity=Severity.NOTE,
            title="Listed, but not in the bibliography file",
            message=f"The bibliography file does not have {len(missing)} of the listed works: {_labels(missing)}.",
            spans=[entry_span(document, entry) for entry in missing[:5]],
            rule="the bibliography file has every work of the list",
        )
    own = {entry.key for entry in listed}
    unlisted = [entry for entry in filed if entry.key not in own]
    if listed and unlisted:
        yield textual_finding(
            document,
            kind="not-in-list",
            severity=Severity.NOTE,
            title="In the bibliography file, but not listed",
            message=f"The list does not have {len(unlisted)} works of the bibliography file: {_labels(unlisted)}.",
            spans=[],
            rule="the list has every work of the bibliography file",
        )


def _labels(entries: Sequence[Reference]) -> str:
    labels = [entry.label for entry in entries[:_MOST]]
    return enumerated(labels + ([f"{len(entries) - _MOST} more"] if len(entries) > _MOST else []))
