"""Aggregate figures: what is read of them, and how much of the first study's hand coding is found."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents import read_document, read_text
from marsad.extraction.counted import counted_sentences
from marsad.extraction.figure_statements import figure_statements
from marsad.extraction.figures import extract_figures
from marsad.extraction.names import Gazetteer
from marsad.model import Date, Figure, Kind, Quantity
from marsad.study.dictionary import dictionary

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT.parent / "shared" / "case" / "thesis.txt"
CODED = ROOT / "studies" / "pakistan-afghanistan-2021-2024" / "figures.csv"
SIDE = frozenset({"other", "duration", "demands", "votes", "groups", "leaders", "prisoners", "protesters"})
"""Measures that the coders took from passing words (phases, one-day visits)."""

Row = dict[str, str]


def rows(text: str) -> list[Row]:
    """The slots of each figure, several values joined by semicolons."""
    found = extract_figures(read_text(text), gazetteer=Gazetteer.general())
    names = ("measure", "value", "unit", "area", "period", "actor", "target", "reported_by", "record_in", "compared_to")
    return [{name: ";".join(each.values(name)) for name in names if each.values(name)} for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "There were 340 attacks in Mali in 2021.",
            {"measure": "attacks", "value": "340", "unit": "count", "area": "mali", "period": "2021"},
        ),
        (
            "According to ACLED, more than 1,200 people were killed in Somalia in 2019.",
            {
                "measure": "killed",
                "value": ">1200",
                "unit": "persons",
                "area": "somalia",
                "period": "2019",
                "reported_by": "acled",
            },
        ),
        (
            "Boko Haram launched at least 60 attacks in Nigeria in May 2020, the highest number in one month.",
            {
                "measure": "attacks",
                "value": ">=60",
                "unit": "count",
                "area": "nigeria",
                "period": "2020-05",
                "actor": "boko-haram",
                "record_in": "../2020-05",
            },
        ),
        (
            "In Kenya attacks rose by 40 per cent in 2015 compared to 2014.",
            {
                "measure": "attacks",
                "value": "40",
                "unit": "percent_change",
                "area": "kenya",
                "period": "2015",
                "compared_to": "2014",
            },
        ),
        (
            "The border between Chad and Sudan is about 1,400 km long.",
            {"measure": "length", "value": "~1400", "unit": "km", "area": "chad;sudan"},
        ),
        (
            "The fence in Poland is 80% complete.",
            {"measure": "completion", "value": "80", "unit": "percent", "area": "poland"},
        ),
        (
            "Since March 2020, 2.3 million people have been displaced in Mozambique.",
            {
                "measure": "displaced",
                "value": "2300000",
                "unit": "persons",
                "area": "mozambique",
                "period": "2020-03/..",
            },
        ),
        (
            "Turkey deported 12,000 Syrian refugees in 2018.",
            {"measure": "deported", "value": "12000", "unit": "persons", "target": "refugees", "period": "2018"},
        ),
    ],
)
def test_a_figure_has_its_slots(text: str, expected: Row) -> None:
    (found,) = rows(text)
    assert expected.items() <= found.items()


def test_two_years_are_two_figures() -> None:
    found = rows("Attacks in Mali rose from 267 in 2020 to 365 in 2021.")
    assert [(row["measure"], row["value"], row["period"]) for row in found] == [
        ("attacks", "267", "2020"),
        ("attacks", "365", "2021"),
    ]


def test_parts_name_their_whole_and_its_effect() -> None:
    found = extract_figures(
        read_text(
            "In 2019, 41 attacks in Iraq killed 107 people, including 27 soldiers, 78 civilians, and two militants."
        ),
        gazetteer=Gazetteer.general(),
    )
    by_value = {each.value("value"): each for each in found}
    assert all(each.value("measure") == "killed" for each in found if each.value("value") != "41")
    assert {by_value[part].value("whole") for part in ("27", "78", "2")} == {by_value["107"].id}
    assert [by_value[part].value("target") for part in ("27", "78", "2")] == ["military", "civilians", "militants"]


def test_a_high_of_some_years_gives_the_span() -> None:
    (killed, attacks) = rows("In 2022 Mali saw 900 deaths in 300 attacks, marking a six-year high.")
    assert killed["record_in"] == attacks["record_in"] == "2017/2022"


def test_who_claims_is_the_counter() -> None:
    (found,) = rows("In November 2014, more than 90 attacks in Nigeria were claimed by Boko Haram.")
    assert found["reported_by"] == found["actor"] == "boko-haram"


@pytest.mark.parametrize(
    "text",
    [
        "On 3 May 2019 a bomb killed 12 people in Nairobi.",
        "Gunmen shot dead 4 policemen in Kano on Monday.",
        "One of the officers spoke of two problems (Hassan & Ali, 2021).",
        "See Table 3 and Chapter 4 of the 2021 report.",
        "The camp lies 40 km north of Goma.",
        "",
    ],
)
def test_single_incidents_labels_and_distances_are_no_figures(text: str) -> None:
    assert rows(text) == []


def test_every_slot_stands_where_it_says_and_has_a_value_of_its_type() -> None:
    document = read_text(
        "According to ACLED, 340 attacks took place in Mali in 2021, a 20 per cent increase over "
        "2020. About 1.5 million "
        "people fled. The border between Mali and Niger is 838 km long."
    )
    measures, units = dictionary().vocabularies["measure"], dictionary().vocabularies["unit"]
    found = extract_figures(document, gazetteer=Gazetteer.general())
    assert len(found) == 4
    for proposal in found:
        assert proposal.kind is Kind.FIGURE
        assert document.text[proposal.start : proposal.end] == proposal.text
        assert proposal.value("measure") in measures
        assert proposal.value("unit") in units
        Quantity.parse(proposal.value("value"))
        for slot in proposal.slots:
            assert document.text[slot.start : slot.end] == slot.text
            assert slot.rule
            assert slot.name in Figure.model_fields
            if slot.name in {"period", "compared_to", "record_in"}:
                Date.parse(slot.value)


def test_reference_lists_and_front_matter_hold_no_figures(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("# References\n\n340 attacks took place in Mali in 2021.\n", encoding="utf-8")
    assert extract_figures(read_document(path), gazetteer=Gazetteer.general()) == ()


def test_statements_share_a_definition_where_words_say_nothing_of_the_counting() -> None:
    document = read_text(
        "There were 340 recorded terrorist attacks in Mali in 2021.\n\nIn 2021, 430 attacks took place in Mali."
    )
    statements = figure_statements(extract_figures(document, gazetteer=Gazetteer.general()), "report")
    assert {each.value for each in statements if each.property == "definition"} == {"attacks"}
    assert {each.source for each in statements} == {"report"}
    assert len({each.subject for each in statements}) == 2


def test_a_suicide_attack_is_not_counted_as_any_attack() -> None:
    document = read_text("There were 340 attacks in Mali in 2021.\n\nThere were 43 suicide attacks in Mali in 2021.")
    statements = figure_statements(extract_figures(document, gazetteer=Gazetteer.general()), "report")
    assert {each.value for each in statements if each.property == "definition"} == {"attacks", "suicide attacks"}


@given(st.text(alphabet="0123456789 ,.%()killedattacksinMalipeoplethe-–\n", max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    document = read_text(text)
    for proposal in extract_figures(document, gazetteer=Gazetteer.general()):
        assert all(document.text[slot.start : slot.end] == slot.text for slot in proposal.slots)
    for sentence in counted_sentences(document):
        for count in sentence.counts:
            assert sentence.start <= count.start <= count.found.start <= count.noun_end <= count.end <= sentence.end


@pytest.mark.skipif(not CASE.exists(), reason="the case study's text is not here")
def test_most_of_the_hand_coding_is_found() -> None:
    found = extract_figures(read_document(CASE), gazetteer=Gazetteer.general())
    machine = Counter((each.value("measure"), each.value("value"), each.value("unit")) for each in found)
    with CODED.open(encoding="utf-8", newline="") as file:
        coded = [row for row in csv.DictReader(file) if row["measure"] not in SIDE]
    person = Counter((row["measure"], row["value"], row["unit"]) for row in coded)
    recall = (machine & person).total() / person.total()
    precision = (machine & person).total() / sum(
        number for (measure, _, _), number in machine.items() if measure not in SIDE
    )
    assert recall >= 0.85
    assert precision >= 0.85
