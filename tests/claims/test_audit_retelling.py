"""What a manuscript tells twice, ties to its whole by its words, or tells of a group before its founding."""

from __future__ import annotations

import pytest

from marsad.claims.audit import audit_document
from marsad.claims.audit.abbreviations import check_abbreviations, definitions
from marsad.claims.audit.arithmetic import check_arithmetic
from marsad.claims.audit.chronology import check_chronology
from marsad.claims.audit.scope import divide
from marsad.documents import read_text
from marsad.model import Severity

TOLD_TWICE = [
    (
        (
            "The province of Helmand had 41,728 hectares of poppy in 2014.",
            "Poppy covered {} hectares of Helmand in 2014.",
        ),
        ("41,728", "41,278"),
    ),
    (
        ("At Kisangani 2,489 soldiers surrendered in May 2002.", "The {} soldiers who surrendered at Kisangani left."),
        ("2,489", "2,849"),
    ),
    (
        (
            "In 2019 the agency resettled 140 families in Tumbura, with seed and tools for all.",
            "The agency resettled {} families in Tumbura in 2019 with seed and tools.",
        ),
        ("140", "170"),
    ),
    (
        ("## Abstract\n\nThis article draws on 31 interviews.\n\n## Method", "We held {} interviews in four towns."),
        ("31", "27"),
    ),
    (
        (
            "## Abstract\n\nOur incident data are for 2010–2018.\n\n## Method",
            "Incident data were taken from a register for the years {}–2018.",
        ),
        ("2010", "2012"),
    ),
    (
        ("The civil war in Angola lasted almost twenty-seven years.", "In Angola a war of almost {} years ended."),
        ("twenty-seven", "seventeen"),
    ),
]


@pytest.mark.parametrize(("texts", "values"), TOLD_TWICE)
def test_a_number_that_is_told_twice_has_one_value(texts: tuple[str, str], values: tuple[str, str]) -> None:
    right, wrong = (read_text("\n\n".join(texts).format(value), name="a.md") for value in values)
    assert list(check_arithmetic(right)) == []
    assert [finding.kind for finding in check_arithmetic(wrong)] in (["quantity-conflict"], ["two-spans"])


@pytest.mark.parametrize(
    "text",
    [
        "In Mali 41,728 people fled in 2014.\n\nIn Chad 41,278 people fled in 2014.",
        "Some 140 families settled in Tumbura in 2019.\n\nAnother 170 families settled in Tumbura in 2019.",
        "In Tumbura 1,234 pupils came to school in 2019.\n\nIn Tumbura 1,324 pupils came to school in 2020.",
        "## Abstract\n\nThis article draws on 31 interviews.\n\n## Method\n\nOf these, we held 27 interviews in towns.",
    ],
)
def test_numbers_of_other_things_are_left_alone(text: str) -> None:
    assert list(check_arithmetic(read_text(text, name="a.md"))) == []


@pytest.mark.parametrize(
    ("text", "values", "kind"),
    [
        ("Of the 90 victims of 2018, {} were civilians, 30 soldiers and 20 militants.", "40 50", "parts-do-not-add-up"),
        ("Of 900 members, of whom about {} were rebels, 200 students and 400 nurses, few left.", "300 320", ""),
        ("The list won 90 of 200 contested seats, {} per cent, and led.", "45 55", "share-does-not-follow"),
        ("By May it had received 400 claims and approved 100, {} per cent.", "25 52", "share-does-not-follow"),
        ("{} in five villagers in the valley (60 of 100) agreed.", "Three Four", "share-does-not-follow"),
        ("The rest were 80 thefts and raids, of which {} were in Bangui.", "30 90", "part-exceeds-whole"),
        ("By then some 500 had been fired; {} of them were shot down.", "400 700", "part-exceeds-whole"),
    ],
)
def test_what_is_tied_to_a_whole_goes_into_it(text: str, values: str, kind: str) -> None:
    right, wrong = (read_text(text.format(value)) for value in values.split())
    assert list(check_arithmetic(right)) == []
    assert [finding.kind for finding in check_arithmetic(wrong)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    "text",
    [
        "The Delta Front was formed in March 2015; it had already attacked the port of Zarat in May 2013.",
        "The Delta Front, founded in 1988, is the oldest; in 1981 the Delta Front had already fought the army.",
        "The Delta Front was founded on 5 May 1988. By 1981 the Delta Front had eliminated its rivals.",
        "The Delta Front was founded in 2014. In 2011 the group had already attacked the port.",
    ],
)
def test_nobody_acts_before_being_founded(text: str) -> None:
    assert [finding.kind for finding in check_chronology(read_text(text))] == ["acts-before-founding"]


@pytest.mark.parametrize(
    "text",
    [
        "The Delta Front was formed in March 2015 from three bands; it had already attacked the port in May 2016.",
        "The Delta Front was founded in 1988. Its founders had fought the army in 1981.",
        "The Delta Front was founded in 1988. By 1991 the Delta Front had eliminated its rivals.",
    ],
)
def test_deeds_after_a_founding_are_left_alone(text: str) -> None:
    assert list(check_chronology(read_text(text))) == []


def test_a_month_of_that_year_is_of_the_year_before_it() -> None:
    text = "The exodus began in October 2017 and intensified in {} of that year."
    assert list(check_chronology(read_text(text.format("December")))) == []
    found = list(check_chronology(read_text(text.format("March"))))
    assert [(finding.kind, finding.severity) for finding in found] == [("begun-after-its-course", Severity.ERROR)]


def test_a_name_with_a_word_more_than_its_abbreviation_has_letters_is_another_name() -> None:
    text = "The Delta Watch (DW) counts. The Delta {} (DW) counts too."

    def kinds(name: str) -> list[str]:
        document = read_text(text.format(name))
        return [finding.kind for finding in check_abbreviations(document, definitions(document, divide(document)))]

    assert kinds("Watch") == []
    assert kinds("Watching Group") == ["abbreviation-spelling"]


def test_a_border_with_a_country_is_that_between_it_and_its_neighbour() -> None:
    text = "The border between Chad and Niger is 1,175 km long.\n\n{}The border with Niger is {} km long."
    other = "The border between Niger and Nigeria is long. "

    def kinds(lead: str, length: str) -> list[str]:
        return [finding.kind for finding in audit_document(read_text(text.format(lead, length), name="a.md")).findings]

    assert kinds("", "more than 1,500") == ["quantity-conflict"]
    assert kinds("", "1,175") == []
    assert kinds(other, "more than 1,500") == []
