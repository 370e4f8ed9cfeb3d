"""The whole audit: what it says of a document, what it says it could not check, and the same in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.claims.audit import Audit, Outcome, audit_document
from marsad.documents import Document, read_document, read_text
from marsad.extraction import Gazetteer
from marsad.model import Evidence, Kind, Severity, Source, SourceKind, Statement, plain
from marsad.model.source import Reliability

THESIS = Path(__file__).resolve().parents[2].parent / "shared" / "case"

FAULTY = """1. Introduction

On 12 May 2021 a car bomb exploded outside a barracks in Cali, Colombia, killing nine soldiers. The ELN claimed
responsibility for the attack (Rojas, 2019). The border with Ecuador is 586 km long.

1.1. The record

The car bomb outside the barracks in Cali on 14 May 2021 killed nine soldiers. The ELN claimed it. The border with
Ecuador is more than 700 km long (Mora, 2018). Attacks rose from 200 in 2020 to 300 in 2021, an increase of 20 per cent.

References

Mora, P. (2018). Borders. Norma.

Paz, L. (2017). Rivers. Norma.
"""
CLEAN = """1. Introduction

On 12 May 2021 a car bomb exploded outside a barracks in Cali, Colombia, killing nine soldiers (Mora, 2022).

2. The record

On 3 June 2021 gunmen attacked a patrol near Tumaco, Colombia, killing two policemen. The border with Ecuador is 586 km
long. Attacks rose from 200 in 2020 to 300 in 2021, an increase of 50 per cent (Mora, 2022).

References

Mora, P. (2022). Borders. Norma.
"""


def _audit(text: str) -> tuple[Document, Audit]:
    document = read_text(text)
    return document, audit_document(document)


def _outcomes(audit: Audit) -> dict[str, Outcome]:
    return {verdict.check: verdict.outcome for verdict in audit.verdicts}


def test_every_fault_is_found_and_quoted_where_it_stands() -> None:
    document, audit = _audit(FAULTY)
    kinds = {finding.kind for finding in audit.findings if finding.severity is not Severity.NOTE}
    assert {"event-date", "quantity-conflict", "cited-not-listed", "listed-not-cited"} <= kinds
    assert any("50" in plain(finding.text[0]) and "20" in plain(finding.text[0]) for finding in audit.findings)
    for finding in audit.findings:
        assert finding.quotes
        assert all(document.text[quote.start : quote.end] == quote.text for quote in finding.quotes)
    (date,) = (finding for finding in audit.findings if finding.kind == "event-date")
    assert [quote.section for quote in date.quotes] == ["1. Introduction", "1. Introduction > 1.1. The record"]
    assert "12 May 2021" in date.quotes[0].text
    assert "14 May 2021" in date.quotes[1].text


def test_what_is_right_gets_no_error_and_no_warning() -> None:
    _, audit = _audit(CLEAN)
    assert [finding for finding in audit.findings if finding.severity is not Severity.NOTE] == []
    outcomes = _outcomes(audit)
    assert outcomes["Citations"] is Outcome.OK
    assert outcomes["Events and figures"] is Outcome.OK


def test_findings_stand_in_order_and_each_in_one_verdict() -> None:
    _, audit = _audit(FAULTY)
    order = list(Severity)
    ranks = [order.index(finding.severity) for finding in audit.findings if finding.severity]
    assert ranks == sorted(ranks)
    named = [identifier for verdict in audit.verdicts for identifier in verdict.findings]
    assert sorted(named) == sorted(finding.id for finding in audit.findings)
    assert sum(audit.tally().values()) == len(audit.findings)


def test_what_cannot_be_checked_is_not_called_ok() -> None:
    _, audit = _audit("The weather was fine.")
    outcomes = _outcomes(audit)
    for check in ("Citations", "Sources and dates", "Events and figures", "Chronology", "Structure", "The study"):
        assert outcomes[check] is Outcome.UNCHECKED, check
    assert all(verdict.text for verdict in audit.verdicts)


def test_rules_for_english_do_not_judge_another_language() -> None:
    text = "L’armée a attaqué le village le 3 mars 2021 et douze civils ont été tués selon les autorités locales. " * 3
    _, audit = _audit(text)
    assert _outcomes(audit)["Arithmetic"] is Outcome.UNCHECKED
    assert "another language (fr)" in next(v.text for v in audit.verdicts if v.check == "Arithmetic")


def test_the_same_text_gives_the_same_audit() -> None:
    assert _audit(FAULTY)[1] == _audit(FAULTY)[1]


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    document, audit = _audit(text)
    assert all(document.text[q.start : q.end] == q.text for finding in audit.findings for q in finding.quotes)


def _study() -> Evidence:
    """A study that has the car bomb with another toll and the border with another length."""
    rows: dict[tuple[Kind, str], dict[str, str]] = {
        (Kind.PLACE, "cali"): {"name": "Cali", "kind": "city", "country": "colombia"},
        (Kind.PLACE, "colombia"): {"name": "Colombia", "kind": "country"},
        (Kind.EVENT, "barracks-bomb"): {"kind": "bombing", "date": "2021-05-12", "place": "cali", "killed": "4"},
    }
    statements = [
        Statement(
            kind=kind,
            subject=name,
            record=f"{name}-1" if kind is Kind.EVENT else name,
            property=column,
            value=value,
            source="tiempo2021" if kind is Kind.EVENT else "",
        )
        for (kind, name), cells in rows.items()
        for column, value in cells.items()
    ]
    source = Source(
        key="tiempo2021",
        kind=SourceKind.PRIMARY,
        reliability=Reliability.B,
        title="El Tiempo",
        csl={"id": "tiempo2021"},
    )
    return Evidence.assemble(statements, {source.key: source})


def test_a_study_that_says_otherwise_is_named() -> None:
    evidence = _study()
    audit = audit_document(read_text(CLEAN), gazetteer=Gazetteer.general().with_evidence(evidence), evidence=evidence)
    (finding,) = (finding for finding in audit.findings if finding.kind.startswith("study-"))
    assert finding.severity is Severity.WARNING
    assert finding.sources == ("tiempo2021",)
    assert "tiempo2021" in plain(finding.text[0])
    assert "nine soldiers" in finding.quotes[0].text


@pytest.fixture(scope="module")
def audits() -> dict[str, Audit]:
    """The thesis of the first study in its three formats."""
    if not THESIS.is_dir():
        pytest.skip("../shared/case is not here")
    return {form: audit_document(read_document(THESIS / f"thesis.{form}")) for form in ("txt", "docx", "pdf")}


def test_all_formats_tell_the_same(audits: dict[str, Audit]) -> None:
    found = {form: {finding.id for finding in audit.findings} for form, audit in audits.items()}
    together = set.union(*found.values())
    for form, ids in found.items():
        assert len(ids) >= 0.95 * len(together), form


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("event-date", ("30th July 2023", "31st July 2023")),
        ("quantity-conflict", ("2240", "2,600")),
        ("parts-do-not-add-up", ("105", "27", "78")),
        ("category-conflict", ("34", "20 security officials")),
        ("two-firsts", ("October 21, 2021", "29th Nov 2022")),
        ("begun-after-its-course", ("November 1, 2023", "September")),
        ("consequence-before-cause", ("November 2022", "December 2021")),
        ("acts-before-founding", ("2007", "Soviet")),
        ("section-of-another-chapter", ("CHAPTER FOUR", "5.1.")),
    ],
)
def test_known_errors_are_errors(audits: dict[str, Audit], kind: str, words: tuple[str, ...]) -> None:
    for form, audit in audits.items():
        quoted = [
            " ".join(quote.text for quote in finding.quotes)
            for finding in audit.findings
            if finding.kind == kind and finding.severity is Severity.ERROR
        ]
        assert any(all(word in text for word in words) for text in quoted), form


def test_attacks_that_share_a_month_only_are_not_one_event() -> None:
    _, audit = _audit(
        "# Incidents\n\nFebruary 2021: Two teachers were shot by the police and one was injured.\n\n"
        "February 2021: Seven teachers were beaten by the police and three were injured."
    )
    assert [finding.kind for finding in audit.findings if finding.kind.startswith("event-")] == []


def test_one_fault_is_told_by_one_group() -> None:
    _, audit = _audit(
        "# Report\n\nOn 3 May 2020 gunmen attacked Maiduguri and killed 48 people.\n\n"
        "The attack on Maiduguri on 13 May 2020, in which 48 people were killed, was the worst."
    )
    assert sum(finding.kind == "event-date" for finding in audit.findings) <= 1


def test_what_the_text_dates_elsewhere_is_later_than_an_older_source() -> None:
    text = """On 6 September 2023 gunmen attacked a bus near Gao, Mali, killing 12 people (Sow, 2023b).

The road became unsafe, and gunmen attacked a bus near Gao, killing 12 people (Diarra, 2021). The killing of al-Zawahiri
changed little (Keita, 2020).

References

Diarra, M. (2021). Roads. Jamana.

Keita, S. (2020). Leaders. Jamana.

Sow, A. (2023a). Rivers. Jamana.

Sow, A. (2023b). Buses. Jamana.
"""
    _, audit = _audit(text)
    found = [plain(one.text[0]) for one in audit.findings if one.kind == "source-before-event"]
    assert any("Diarra, 2021" in message and "6 September 2023" in message for message in found)
    assert any("Keita, 2020" in message and "31 July 2022" in message for message in found)
    assert not any("Sow" in message for message in found)
