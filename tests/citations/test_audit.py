"""The citation audit: planted faults are found, clean twins are left alone."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from marsad.citations import CitationAudit, audit_citations, check_source_dates
from marsad.documents import Document, read_document, read_text
from marsad.model import Date, Severity

from . import texts
from .texts import document

TODAY = date(2026, 1, 1)
CASE = Path(__file__).resolve().parents[2].parent / "shared" / "case"


def audit(doc: Document) -> CitationAudit:
    return audit_citations(doc, today=TODAY)


def kinds(found: CitationAudit) -> set[tuple[str, str]]:
    """Kind and first quoted words of each error and warning."""
    return {
        (finding.kind, " ".join(finding.quotes[0].text.split()[:2]).rstrip(",."))
        for finding in found.findings
        if finding.severity is not Severity.NOTE
    }


CLEAN = {
    "APA": document(*texts.CLEAN_BODY, entries=texts.CLEAN_LIST),
    "APA, paragraphs": document(*texts.CLEAN_BODY, entries=texts.CLEAN_LIST, items=False),
    "Harvard": document(*texts.HARVARD_BODY, entries=texts.HARVARD_LIST),
    "numeric": document(*texts.NUMERIC_BODY, entries=texts.NUMERIC_LIST),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_document_has_no_error_and_no_warning(name: str) -> None:
    found = audit(CLEAN[name])
    assert kinds(found) == set()
    assert found.unchecked == ()
    assert all(link.references or link.citation.is_second_hand for link in found.links)


def test_each_planted_fault_is_found_and_nothing_else() -> None:
    found = audit(document(*texts.FAULTY_BODY, entries=texts.FAULTY_LIST))
    assert kinds(found) == {
        ("cited-not-listed", "Mensah, 2018"),
        ("cited-not-listed", "Diallo, 2016"),
        ("cited-not-listed", "Owusu (2009)"),
        ("ambiguous-citation", "Sow (2017)"),
        ("duplicate-entry", "Ndiaye, A"),
        ("merged-entries", "Quaye, E"),
        ("future-year", "Wilson, A"),
        ("impossible-date", "Yeboah, S"),
        ("name-variant", "Berg, 2020"),
        ("name-variant", "Kwame, 2012"),
        ("listed-not-cited", "Mensah, K"),
        ("listed-not-cited", "Osei, P"),
        ("listed-not-cited", "Quaye, E"),
        ("listed-not-cited", "Tetteh, B"),
        ("listed-not-cited", "Wilson, A"),
        ("listed-not-cited", "Yeboah, S"),
        ("listed-not-cited", "Sow, O"),
    }


def test_a_missing_source_names_the_nearest_entry_and_quotes_both() -> None:
    found = audit(document(*texts.FAULTY_BODY, entries=texts.FAULTY_LIST))
    missing = {f.quotes[0].text: f for f in found.findings if f.kind == "cited-not-listed"}
    assert "of 2019" in str(missing["Mensah, 2018"].text)
    assert "not its first author" in str(missing["Owusu (2009)"].text)
    assert missing["Owusu (2009)"].quotes[1].text == texts.FAULTY_LIST[0]


def test_numbers_beyond_a_numbered_list_are_missing() -> None:
    found = audit(document(*texts.NUMERIC_BODY, entries=texts.NUMERIC_LIST[:3]))
    assert {link.citation.number for link in found.links if not link.references} == {4, 5}
    assert sum(finding.severity is Severity.ERROR for finding in found.findings) == 2


@pytest.mark.parametrize(
    ("cited", "entry"),
    [
        (
            "OHCHR, 2021",
            "Office of the United Nations High Commissioner for Human Rights. (2021). *Rights*. Geneva: UN.",
        ),
        ("ARN 2019", "ARN (Agencia para la Paz y la Tierra). 2019. *Cifras*. Lima: ARN."),
        ("UNODC 2017", "UNODC (United Nations Office on Drugs and Crime). 2017. *Crops*. Vienna: UNODC."),
    ],
)
def test_an_office_is_known_by_its_short_form(cited: str, entry: str) -> None:
    found = audit(document(f"Killings rose in the north ({cited}).", entries=[entry]))
    assert kinds(found) == set()


def test_another_year_of_a_listed_author_is_missing_also_in_running_text() -> None:
    found = audit(
        document(
            "Boateng (2016) holds another view.",
            "Others agree (Boateng, 2014).",
            entries=["Boateng, K. (2014). *Roads of the north*. Accra: Volta Press."],
        )
    )
    assert ("cited-not-listed", "Boateng (2016)") in kinds(found)


def test_numbered_notes_are_the_list_of_a_text_that_cites_by_number() -> None:
    entries = (
        "[1] Boateng, K. (2014). Roads of the north. Accra: Volta Press.",
        "[2] Crisis Watch (2016). Report on the roads. Accra.",
    )
    body = "Roads were closed [1]. Bridges fell in 2016 [2]. Ferries ran on [4]."
    found = audit(read_text("\n\n".join(["# Roads", "## The north", body, "## Notes", *entries])))
    assert kinds(found) == {("cited-not-listed", "[4]")}


def test_what_cannot_be_checked_is_said() -> None:
    found = audit(document(*texts.CLEAN_BODY))
    assert kinds(found) == set()
    assert "No reference list was found" in found.unchecked[0]
    assert audit(document("Nothing is cited here.")).unchecked == ("No reference list and no citations were found.",)


def test_entries_of_a_bibliography_file_take_part() -> None:
    entry = {"id": "diop", "type": "book", "title": "Salt", "author": [{"family": "Diop", "given": "F."}],
             "issued": {"date-parts": [[2001]]}}  # fmt: skip
    doc = document("It is salt (Diop, 2001).")
    found = audit_citations(doc, bibliography=[entry], today=TODAY)
    assert [link.key for link in found.links] == ["diop"]
    assert kinds(found) == set()
    listed = document("It is salt (Diop, 2001).", entries=["Diop, F. (2001). Salt. Heron Books.", *texts.CLEAN_LIST])
    assert audit_citations(listed, bibliography=[entry], today=TODAY).links[0].key == "diop"


def dated(doc: Document, words: str, value: str) -> tuple[int, int, Date]:
    start = doc.text.index(words)
    return start, start + len(words), Date.parse(value)


@pytest.mark.parametrize(
    ("text", "words", "value", "severity"),
    [
        ("In March 2021 the ban fell (Bâ, 2020).", "March 2021", "2021-03", Severity.ERROR),
        ("In March 2021 it fell. Nobody saw it (Bâ, 2020).", "March 2021", "2021-03", Severity.WARNING),
        ("In March 2021 the ban fell. (Bâ, 2020)", "March 2021", "2021-03", Severity.ERROR),
        ("Bâ (2020) saw that in March 2021 the ban fell.", "March 2021", "2021-03", Severity.ERROR),
        ("In March 2019 the ban fell (Bâ, 2020).", "March 2019", "2019-03", None),
        ("In March 2020 the ban fell (Bâ, 2020).", "March 2020", "2020-03", None),
        ("The ban will fall in March 2021 (Bâ, 2020).", "March 2021", "2021-03", None),
        ("The ban lasts until March 2021 (Bâ, 2020).", "March 2021", "2021-03", None),
        ("The ban fell (Bâ, 2020), and prices rose in March 2021.", "March 2021", "2021-03", None),
        ("It fell (Bâ, 2020). In March 2021 it rose (Sow, 2022).", "March 2021", "2021-03", None),
        ("In March 2021 the ban fell (Bâ, 2020; Sow, 2022).", "March 2021", "2021-03", None),
        ("In March 2021 the ban fell (Traoré, n.d.).", "March 2021", "2021-03", None),
        ("The paper “Nets after March 2021” is long (Bâ, 2020).", "March 2021", "2021-03", None),
        ("On 5 May 2018 it burned (Le Soleil, 2018, March 4).", "5 May 2018", "2018-05-05", Severity.ERROR),
    ],
)
def test_a_source_older_than_what_it_is_cited_for(text: str, words: str, value: str, severity: Severity | None) -> None:
    entries = (
        "Bâ, M. (2020). Law of the lagoon. Heron Books.",
        "Le Soleil. (2018, March 4). Ministry denies the decline. Le Soleil.",
        "Sow, O. (2022). Fishing by night. Heron Books.",
        "Traoré, I. (n.d.). The price of ice. Heron Books.",
    )
    doc = document(text, entries=entries)
    found = check_source_dates(doc, audit(doc).links, [dated(doc, words, value)])
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


@pytest.mark.skipif(not CASE.exists(), reason="the first study's document is not here")
def test_the_first_study_has_its_faults_in_every_format() -> None:
    found = {suffix: audit(read_document(CASE / f"thesis.{suffix}")) for suffix in ("txt", "docx", "pdf")}
    ids = {suffix: {finding.id for finding in each.findings} for suffix, each in found.items()}
    assert ids["txt"] == ids["docx"] == ids["pdf"]
    counts = {
        kind: sum(f.kind == kind for f in found["txt"].findings) for kind in ("cited-not-listed", "merged-entries")
    }
    assert counts == {"cited-not-listed": 13, "merged-entries": 2}
    body = found["txt"].links
    assert len(body) >= 135
    assert not [f for f in found["txt"].findings if re.search(r"\bNone\b", str(f.text))]
