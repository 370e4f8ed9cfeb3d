"""Manuscripts for the tests of the audit, as short as they can be, and what the checks say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from marsad.documents import Document, read_text
from marsad.model import Finding

Check = Callable[[Document], Iterator[Finding]]


def brief(check: Check, text: str) -> list[tuple[str, str]]:
    """Severity and kind of every finding on a text; each of them quotes the text where it says."""
    document = read_text(text)
    findings = list(check(document))
    for finding in findings:
        assert finding.quotes, "a finding quotes the words that it is about"
        assert finding.severity is not None
        for quote in finding.quotes:
            assert document.text[quote.start : quote.end] == quote.text != ""
    assert len({finding.id for finding in findings}) == len(findings), "one finding for one fault"
    return sorted((str(finding.severity), finding.kind) for finding in findings)


def chapters(*titles: str) -> str:
    """A manuscript with these headings and a paragraph below each."""
    return "\n\n".join(
        f"{title}\n\nHere the matter of this part is set out at some length, and then left." for title in titles
    )
