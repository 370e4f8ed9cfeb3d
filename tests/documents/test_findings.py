"""Findings about words of a document: their quotes, and identifiers that do not hang on how the text is set."""

from __future__ import annotations

from marsad.documents import Document, read_text
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity


def _finding(document: Document, *words: str, kind: str = "odd-word") -> Finding:
    places = [(document.text.index(word), document.text.index(word) + len(word)) for word in words]
    return textual_finding(
        document,
        kind=kind,
        severity=Severity.NOTE,
        title="An odd word",
        message="“Some words” are odd.",
        spans=places,
        rule="no word is odd",
    )


def test_a_finding_quotes_every_place_that_has_words() -> None:
    document = read_text("The first place. The second place.")
    found = _finding(document, "first place", "", "second")
    assert [quote.text for quote in found.quotes] == ["first place", "second"]
    assert found.text == (("“Some words” are odd.",),)


def test_quotation_marks_dashes_and_emphasis_do_not_change_the_identifier() -> None:
    one = _finding(read_text("They said “some – words” and went."), "some – words")
    two = _finding(read_text("They said *some - words and went."), "*some - words")
    assert one.id == two.id


def test_other_words_or_another_kind_change_the_identifier() -> None:
    document = read_text("They said some words and went.")
    found = {_finding(document, "some").id, _finding(document, "words").id, _finding(document, "some", kind="other").id}
    assert len(found) == 3
