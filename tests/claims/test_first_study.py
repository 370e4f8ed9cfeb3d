"""The contradictions of the document of the first study, found in its coded rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad import study
from marsad.claims import check_consistency
from marsad.model import Evidence, Finding, Statement

FOLDER = Path(__file__).resolve().parents[2] / "studies" / "pakistan-afghanistan-2021-2024"


@pytest.fixture(scope="module")
def statements() -> dict[str, Statement]:
    return {statement.id: statement for statement in study.load_study(FOLDER).statements}


@pytest.fixture(scope="module")
def findings(statements: dict[str, Statement]) -> tuple[Finding, ...]:
    return check_consistency(Evidence.assemble(statements.values(), study.load_study(FOLDER).sources))


@pytest.mark.parametrize(
    ("severity", "kind", "values", "sections"),
    [
        ("error", "quantity-conflict", {"2240", ">2600"}, {"sec 3 para 1", "sec findings-3 para 1"}),
        ("error", "event-date", {"2023-07-30", "2023-07-31"}, {"sec 1 para 3", "sec 3.1.1 para 6"}),
        ("note", "event-toll", {">50", ">60"}, {"sec 1 para 3", "sec 3.1.1 para 6"}),
        ("warning", "event-toll", {">=10", ">50"}, {"sec 1 para 3", "sec 3.1.1 para 6"}),
        ("warning", "event-attribution", {"unclaimed", "iskp"}, {"sec 1 para 3", "sec 3.1.1 para 6"}),
        ("error", "action-date", {"2022-04-16", "2022-04-21"}, {"sec 2.4 para 7", "sec 5.1 para 9"}),
        ("error", "parts-do-not-add-up", {"27", "78", "2", "105"}, {"sec 3.1.1 para 5"}),
        ("warning", "part-larger-than-whole", {">283", "207"}, {"sec 3.1.1 para 5"}),
        ("error", "category-conflict", {"civilians", "security"}, {"sec 3.1.1 para 3"}),
        ("error", "impossible-order", {"2023-11-01", "2023-09"}, {"sec 3.2.1 para 1"}),
        ("error", "not-the-first", {"2021-10-21", "2022-11-29"}, {"sec 1 para 6", "sec 5.1 para 4"}),
        ("error", "impossible-order", {"2021-12", "2022-11"}, {"sec 2.4 para 7"}),
        ("error", "record-broken", {">283", "45"}, {"sec 3.1.1 para 5", "sec 2.4 para 7"}),
        ("warning", "same-number-different-meaning", {"1700000"}, {"sec 3.2 para 1", "sec findings-8 para 1"}),
        ("note", "counting-difference", {"207", "267"}, {"sec 3.1.1 para 2", "sec 3.1.1 para 5"}),
    ],
)
def test_a_known_contradiction_is_found_with_both_places(
    findings: tuple[Finding, ...],
    statements: dict[str, Statement],
    *,
    severity: str,
    kind: str,
    values: set[str],
    sections: set[str],
) -> None:
    found = [finding for finding in findings if (finding.severity, finding.kind) == (severity, kind)]
    reached = [[statements[each] for each in finding.statements] for finding in found]
    assert [
        group
        for group in reached
        if values <= {each.value for each in group} and sections <= {each.locator for each in group}
    ]


def test_no_finding_is_told_twice(findings: tuple[Finding, ...]) -> None:
    assert len({finding.id for finding in findings}) == len(findings)
    assert len({(finding.kind, finding.subjects, finding.property, finding.title) for finding in findings}) == len(
        findings
    )
