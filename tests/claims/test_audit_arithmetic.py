"""The numeric checks of the audit: planted faults about other countries, each with a clean twin."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.claims import check_consistency
from marsad.claims.audit.arithmetic import check_arithmetic
from marsad.documents import read_document, read_text
from marsad.extraction.figure_statements import figure_statements
from marsad.extraction.figures import extract_figures
from marsad.extraction.names import Gazetteer
from marsad.extraction.statements import name_statements, named_in
from marsad.model import Evidence, Severity, plain

CASE = Path(__file__).resolve().parents[3] / "shared" / "case" / "thesis.txt"

FAULTS = [
    (
        "parts-do-not-add-up",
        (
            "In Mali the year brought 90 deaths, a toll that included all sides. The militia killed "
            "60 people, including 25 "
            "soldiers, 30 civilians, and nine militants."
        ),
    ),
    (
        "parts-do-not-add-up",
        "Gunmen killed 12 soldiers, 8 policemen and 4 civilians, a total of 26 people, in Niger.",
    ),
    (
        "parts-do-not-add-up",
        "The monitor logged 105 attacks in Nigeria: 45 in Borno, 30 in Yobe and 20 in Adamawa.",
    ),
    (
        "parts-do-not-add-up",
        "Of the 105 attacks, 45 took place in Borno, 40 in Yobe and 30 in Adamawa.",
    ),
    (
        "parts-do-not-add-up",
        "In Somalia 40 people died in the blast (25 civilians and 20 soldiers).",
    ),
    (
        "parts-do-not-add-up",
        "The office counted 300 attacks in 2019, 250 in 2020 and 200 in 2021, 800 in all.",
    ),
    (
        "parts-do-not-add-up",
        "Fighters took 50 hostages, of whom 20 were women, 18 were men and the remaining 10 were children.",
    ),
    ("parts-do-not-add-up", "The raid killed 40 people in Iraq. Of these, 25 were soldiers and 20 were civilians."),
    ("part-exceeds-whole", "In Peru 12 people were abducted. Among them 14 were women."),
    (
        "shares-over-100",
        "In Iraq 60 per cent of the attacks were by rebels, 30 per cent by militias and 20 per cent by gangs.",
    ),
    ("parts-do-not-add-up", "The paper rests on 40 interviews, 22 in Lima and 28 in Cusco, and on letters."),
    (
        "parts-do-not-add-up",
        "Thirty interviews were held. Twelve were with officers, nine with judges and six with monks.",
    ),
    ("parts-do-not-add-up", "Five drivers were detained; three have been released and four remain in custody."),
    ("parts-do-not-add-up", "The council has 52 pupils; 31 are girls and 25 are boys."),
    ("parts-do-not-add-up", "Eight groups signed: six on 3 May 2015 and three on 4 June 2017."),
    (
        "parts-do-not-add-up",
        "In all 49 civilians and 15 soldiers lost their lives in the two attacks, 74 people in all.",
    ),
    ("parts-do-not-add-up", "It destroyed eight military and three civilian aircraft, thirteen in all."),
    (
        "parts-do-not-add-up",
        "In Chad 140 were killed and 260 injured. Of those killed, 90 were civilians and 60 were soldiers.",
    ),
    ("parts-do-not-add-up", "Region\tMay\tJune\n\nNorth\t10\t12\n\nSouth\t20\t22\n\nTotal\t30\t43"),
    ("part-exceeds-whole", "The raid in Chad left 14 people dead, including 17 women."),
    ("part-exceeds-whole", "According to the mission, 96 of the 84 incidents took place in Ituri."),
    ("part-exceeds-whole", "Thirty villagers were abducted, of whom 45 were later freed."),
    ("category-conflict", "The shelling killed 22 civilians, including 9 soldiers, near the Syrian town."),
    ("category-conflict", "In Burkina Faso 40 militants, including 6 civilians, were killed."),
    ("category-conflict", "The ambush killed 18 soldiers, including 4 civilians, in Cabo Delgado."),
    ("category-conflict", "The bombs killed many civilians, including policemen, in the Colombian port."),
    ("change-does-not-follow", "Attacks in Kenya rose from 200 to 300, a 33 per cent increase."),
    ("change-does-not-follow", "Deaths fell from 400 in 2019 to 300 in 2020, a drop of 33 percent."),
    ("change-does-not-follow", "Kidnappings increased by 20 per cent from 150 to 210 in Haiti."),
    ("change-does-not-follow", "There were 90 raids in 2022, up from 60 in 2021, a rise of 30 per cent."),
    ("change-does-not-follow", "The share of girls rose from 20 per cent to 25 per cent, or by 9 percentage points."),
    ("change-does-not-follow", "The office logged 312 raids in November, up from 260 in October (+30%)."),
    ("change-does-not-follow", "Thefts fell from 1,000 in 2021 to 900 in 2022, an increase of 10 per cent."),
    (
        "change-does-not-follow",
        "Peru had 200 mines in 2015 and 300 in 2016. That is an increase of 34 per cent in a year.",
    ),
    (
        "change-does-not-follow",
        "The number had peaked at 8.0 million in May 2022 and fell to 6.0 million, by 63 per cent.",
    ),
    (
        "change-does-not-follow",
        "The file has 390 raids in the three countries in 2023, compared with 325 in 2022, an increase of 30 per cent.",
    ),
    ("multiple-does-not-follow", "The tax was set at 200 pesos a kilo in 2017 and 300 in 2019, twice as much."),
    (
        "share-does-not-follow",
        "Of the 128 raids, 74 (58 per cent) were in Gao and 41 (37 per cent) in Mopti; 13 were in Kidal.",
    ),
    ("share-does-not-follow", "Gao had 88 raids, 38 per cent of the national total of 312."),
    ("share-does-not-follow", "Shells caused 500 deaths (50 per cent of 1,000) and mines 200 (30 per cent)."),
    ("parts-do-not-add-up", "Gunmen raided the post and killed 53 people, 49 of them gendarmes and six civilians."),
    ("share-does-not-follow", "The fund received 29,000 claims, of which 12,180 (52 per cent) were approved."),
    ("direction-does-not-follow", "Clashes in Sudan declined from 120 in 2020 to 180 in 2021."),
    ("direction-does-not-follow", "The mission counted 75 ambushes in 2023, up from 95 in 2022."),
    ("direction-does-not-follow", "The number of displaced families increased from 5,400 to 4,500."),
    ("multiple-does-not-follow", "Incidents in Mozambique more than doubled from 80 to 110."),
    ("multiple-does-not-follow", "The budget of the force tripled from 20 to 35 vehicles."),
    ("multiple-does-not-follow", "Arrests halved from 60 to 50 in Peru."),
    ("percent-or-points", "Support for the truce rose from 40 per cent to 50 per cent, an increase of 10 per cent."),
    ("share-does-not-follow", "In Libya 40 of the 160 detainees, or 35 per cent, were minors."),
    ("share-does-not-follow", "Some 30 per cent of the 200 deaths (80) were of children."),
    ("number-written-twice", "Twenty (25) observers were sent to Cyprus."),
    ("number-written-twice", "The militia freed fifteen (50) prisoners."),
    ("length-does-not-follow", "The war lasted from 1998 to 2002, ten years, and ruined Eritrea."),
    ("length-does-not-follow", "The 20-year insurgency (1980-1992) divided Peru."),
    ("length-does-not-follow", "A ceasefire held from 1 March 2021 to 30 June 2021, six weeks."),
    ("fraction-does-not-follow", "Two-thirds of the camps (45 per cent) had no clinic."),
    ("doubled-unit", "About 96% percent of the valley was cleared in Yemen."),
]

CLEAN = [
    "The paper rests on 50 interviews, 22 in Lima and 28 in Cusco, and on letters.",
    "Twenty-seven interviews were held. Twelve were with officers, nine with judges and six with monks.",
    "Of 64 bodies that we asked, 40 offered counsel, 25 shelter and 18 cash; many offered more than one kind.",
    "There were 1,512 raids in Mali in 2021, 1,850 in 2022 and 2,034 in 2023.",
    "Some 13.4 million in the three lands need aid: 5.5 million in Mali, 3.6 million in Niger and 4.3 million in Chad.",
    "Fourteen rebels raided the port, sank eight naval and three civilian boats, eleven in all, and killed 7 sailors.",
    "Region\tMay\tJune\n\nNorth\t10\t12\n\nSouth\t20\t22\n\nTotal\t30\t34",
    "Region\tMay\tRate (%)\n\nNorth\t10\t12\n\nSouth\t20\t22\n\nTotal\t30\t17",
    "The file has 390 raids in the three countries in 2023, compared with 325 in 2022, an increase of 20 per cent.",
    "The office logged 312 raids in November, up from 260 in October (+20%).",
    "Peru had 200 mines in 2015 and 300 in 2016. That is an increase of 50 per cent in a year.",
    "The number had peaked at 8.0 million in May 2022 and fell to 6.0 million, by 25 per cent.",
    "The tax was set at 200 pesos a kilo in 2017 and 400 in 2019, twice as much.",
    "Of the 128 raids, 74 (58 per cent) were in Gao and 41 (32 per cent) in Mopti; 13 were in Kidal.",
    "Gao had 88 raids, 28 per cent of the national total of 312.",
    "Shells caused 500 deaths (50 per cent of 1,000) and mines 200 (20 per cent).",
    "Gunmen raided the post and killed 53 people, 49 of them gendarmes and four civilians.",
    "The fund received 29,000 claims, of which 12,180 (42 per cent) were approved.",
    "Compared with November 2021, when 208 raids were logged, the total has risen by half, from 208 to 312.",
    "The militia killed 64 people, including 25 soldiers, 30 civilians, and nine militants.",
    "The militia killed 70 people, including 25 soldiers, 30 civilians, and nine militants.",
    "Gunmen killed 12 soldiers, 8 policemen and 4 civilians, a total of 24 people, in Niger.",
    "The monitor logged 95 attacks in Nigeria: 45 in Borno, 30 in Yobe and 20 in Adamawa.",
    "Of the 105 attacks, 45 took place in Borno, 30 in Yobe and 30 in Adamawa.",
    "In Somalia 45 people died in the blast (25 civilians and 20 soldiers).",
    "The office counted 300 attacks in 2019, 250 in 2020 and 200 in 2021, 750 in all.",
    "Fighters took 50 hostages, of whom 20 were women, 18 were men and the remaining 12 were children.",
    "The raid killed 45 people in Iraq. Of these, 25 were soldiers and 20 were civilians.",
    "In Iraq 50 per cent of the attacks were by rebels, 30 per cent by militias and 20 per cent by gangs.",
    "The raid in Chad left 17 people dead, including 14 women.",
    "According to the mission, 84 of the 96 incidents took place in Ituri.",
    "Forty-five villagers were abducted, of whom 30 were later freed.",
    "The shelling killed 22 civilians, including 9 refugees, near the Syrian town.",
    "In Burkina Faso 40 security officials and civilians, including 6 policemen, were killed.",
    "The ambush killed 18 people, including 4 civilians, in Cabo Delgado.",
    "The bombs killed soldiers and civilians, including policemen, in the Colombian port.",
    "Attacks in Kenya rose from 200 to 300, a 50 per cent increase.",
    "Deaths fell from 400 in 2019 to 300 in 2020, a drop of 25 percent.",
    "Kidnappings increased by 40 per cent from 150 to 210 in Haiti.",
    "There were 90 raids in 2022, up from 60 in 2021, a rise of 50 per cent.",
    "The share of girls rose from 20 per cent to 25 per cent, or by 5 percentage points.",
    "The share of girls rose from 20 per cent to 25 per cent, an increase of 25 per cent.",
    "Clashes in Sudan rose from 120 in 2020 to 180 in 2021.",
    "The mission counted 75 ambushes in 2023, down from 95 in 2022.",
    "Incidents in Mozambique more than doubled from 80 to 170.",
    "Incidents in Mozambique nearly doubled from 80 to 150.",
    "Arrests halved from 60 to 31 in Peru.",
    "In Libya 40 of the 160 detainees, or 25 per cent, were minors.",
    "Some 40 per cent of the 200 deaths (80) were of children.",
    "Twenty-five (25) observers were sent to Cyprus.",
    "One (12) of the annexes lists the camps, and two girls (aged 12 and 15) were found there.",
    "The war lasted from 1998 to 2008, ten years, and ruined Eritrea.",
    "The 12-year insurgency (1980-1992) divided Peru.",
    "A ceasefire held from 1 March 2021 to 30 June 2021, four months.",
    "Two-thirds of the camps (66 per cent) had no clinic.",
    "About 96% of the valley was cleared in Yemen.",
    "The force lost 12 men in 3 attacks, including 9 in one ambush, and 40 were wounded.",
    "Between 10 and 15 people were killed, and attacks spread from 3 to 9 provinces.",
    "Rebels released 14 of 40 prisoners in May, and 30 more in June.",
    "The attack injured 129 people, including 20 guards and 109 civilians, and killed 7 people, including 5 women.",
    "Refugees came in three waves: 400 families in 2015, 300 families in 2016 and 250 families in 2017.",
    "The survey found that 60 per cent of farmers had fled and 55 per cent had lost cattle.",
    "Deaths fell by 12 per cent while attacks rose from 40 to 60.",
    "Prices rose by 8 per cent in 2020, and the number of checkpoints from 20 to 30.",
]


def findings(text: str) -> list[tuple[str, str]]:
    return [(str(found.severity), found.kind) for found in check_arithmetic(read_text(text))]


@pytest.mark.parametrize(("kind", "text"), FAULTS)
def test_a_planted_fault_is_found_once(kind: str, text: str) -> None:
    assert [found for _, found in findings(text)] == [kind]


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_text_yields_nothing(text: str) -> None:
    assert findings(text) == []


def disagreements(text: str) -> list[tuple[str, str]]:
    """Severity and kind of what the consistency checks find among the figures of a text, notes left out."""
    gazetteer = Gazetteer.general()
    proposals = extract_figures(read_text(text), gazetteer=gazetteer)
    statements = [*figure_statements(proposals, "text"), *name_statements(gazetteer, named_in(proposals))]
    found = check_consistency(Evidence.assemble(statements, {}))
    return [(str(each.severity), each.kind) for each in found if each.severity is not Severity.NOTE]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (
            ("error", "quantity-conflict"),
            (
                "The border between Chad and Sudan is 1,360 km long.\n\nGuards are few. A more than "
                "1,500 km long frontier "
                "region is hard to hold, and the border between Chad and Sudan is about 1,900 km long."
            ),
        ),
        (
            ("error", "quantity-conflict"),
            "In 2021, there were 340 attacks in Mali.\n\nTo conclude, 430 attacks took place in Mali in 2021.",
        ),
        (
            ("error", "quantity-conflict"),
            (
                "According to the United Nations, 2,300 people were killed in Nigeria in "
                "2020.\n\nThe United Nations reported "
                "that 3,200 people were killed in Nigeria in 2020."
            ),
        ),
        (
            ("error", "part-larger-than-whole"),
            "In 2019, 120 attacks were recorded in Kenya.\n\nIn March 2019, 150 attacks were recorded in Kenya.",
        ),
        (
            ("error", "record-broken"),
            (
                "Boko Haram launched 60 attacks in Nigeria in May 2020, the highest number in one month.\n\nBoko Haram "
                "launched 75 attacks in Nigeria in January 2020."
            ),
        ),
        (
            ("error", "change-does-not-follow"),
            (
                "There were 200 attacks in Somalia in 2020.\n\nThere were 300 attacks in Somalia in "
                "2021, and in 2021 attacks "
                "in Somalia rose by 80 per cent compared to 2020."
            ),
        ),
        (
            ("warning", "same-number-different-meaning"),
            (
                "The government plans to expel 1.35 million refugees from Turkey.\n\nThe war has "
                "displaced 1.35 million refugees from Turkey."
            ),
        ),
    ],
)
def test_figures_of_one_document_that_disagree_are_found(expected: tuple[str, str], text: str) -> None:
    assert disagreements(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The border between Chad and Sudan is 1,360 km long.\n\nThe border between Chad and Niger is 1,175 km long.",
        "The border between Chad and Sudan is 1,360 km long. The fence along it is 200 km long.",
        "The camp lies 40 km from Goma, 12 km north of the border. The road is 9 km away.",
        "In 2021, there were 340 attacks in Mali.\n\nIn 2022, there were 430 attacks in Mali.",
        "In 2021, there were 340 attacks in Mali.\n\nIn 2021, there were 430 attacks in Niger.",
        (
            "According to ACLED, 340 attacks took place in Mali in 2021.\n\nAccording to the United "
            "Nations, 430 attacks took "
            "place in Mali in 2021."
        ),
        "There were 340 attacks in Mali in 2021.\n\nThere were 43 suicide attacks in Mali in 2021.",
        "In 2019, 120 attacks were recorded in Kenya.\n\nIn March 2019, 15 attacks were recorded in Kenya.",
        "On 3 May 2019 gunmen killed 12 people in Kenya.\n\nOn 3 May 2019 a bomb killed 30 people in Kenya.",
        "In May 2019 a bomb killed 12 people in Kenya.\n\nIn May 2019 an attack killed 30 people in Kenya.",
        (
            "Boko Haram launched 60 attacks in Nigeria in May 2020, the highest number in one "
            "month.\n\nBoko Haram launched "
            "75 attacks in Nigeria in June 2020."
        ),
        (
            "There were 200 attacks in Somalia in 2020.\n\nThere were 300 attacks in Somalia in "
            "2021, and in 2021 attacks in "
            "Somalia rose by 50 per cent compared to 2020."
        ),
        "Some 800 families fled.\n\nThe state hosts 1.35 million refugees.",
    ],
)
def test_figures_that_may_all_be_true_are_left_alone(text: str) -> None:
    assert disagreements(text) == []


@given(st.integers(20, 990), st.integers(20, 990))
def test_a_true_change_is_never_blamed_and_a_false_one_always(old: int, new: int) -> None:
    change = round(abs(new - old) / old * 100)
    verb = "rose" if new >= old else "fell"
    true = f"Attacks in Kenya {verb} from {old} to {new}, a change of {change} per cent."
    assert findings(true) == []
    false = f"Attacks in Kenya {'fell' if new >= old else 'rose'} from {old} to {new} within the year."
    assert [kind for _, kind in findings(false)] == (["direction-does-not-follow"] if new != old else [])


@given(st.lists(st.integers(2, 900), min_size=3, max_size=3), st.integers(-5, 5))
def test_a_sum_is_blamed_exactly_where_it_does_not_come_out(parts: list[int], off: int) -> None:
    total = sum(parts) + off
    text = (
        f"Rebels killed {parts[0]} soldiers, {parts[1]} civilians and {parts[2]} militants, a total of {total} people."
    )
    assert [kind for _, kind in findings(text)] == (["parts-do-not-add-up"] if off else [])


@given(st.text(alphabet="(1,2 %)forming two thirds of whom including a total;.—\n", max_size=300))
def test_no_text_makes_the_checks_fail(text: str) -> None:
    document = read_text(text)
    for found in check_arithmetic(document):
        assert all(document.text[quote.start : quote.end] == quote.text for quote in found.quotes)


def test_every_finding_quotes_the_places_that_it_speaks_of() -> None:
    for _, text in FAULTS:
        document = read_text(text)
        for found in check_arithmetic(document):
            assert found.quotes
            assert all(document.text[quote.start : quote.end] == quote.text for quote in found.quotes)


@pytest.mark.skipif(not CASE.exists(), reason="the case study's text is not here")
def test_the_first_study_has_few_faults_of_arithmetic() -> None:
    found = [(str(each.severity), each.kind) for each in check_arithmetic(read_document(CASE))]
    assert sorted(found) == [
        ("error", "category-conflict"),
        ("error", "parts-do-not-add-up"),
        ("note", "doubled-unit"),
        ("warning", "category-conflict"),
    ]


def test_a_finding_says_what_the_right_number_is() -> None:
    (found,) = check_arithmetic(read_text("Attacks in Kenya rose from 267 to 365, a 27 per cent increase."))
    assert "36.7 per cent" in plain(found.text[0])
    assert "later value as its base" in plain(found.text[0])


@pytest.mark.parametrize(
    ("verb", "expected"),
    [("rose", [("warning", "trend-does-not-follow")]), ("fell", []), ("changed", [])],
)
def test_a_trend_in_words_is_held_against_the_figures(verb: str, expected: list[tuple[str, str]]) -> None:
    document = read_text(
        "There were 300 attacks in Mali in 2020.\n\nThere were 240 attacks in Mali in 2021.\n\n"
        f"In short, attacks in Mali {verb} in 2021."
    )
    figures = extract_figures(document, gazetteer=Gazetteer.general())
    assert [(str(found.severity), found.kind) for found in check_arithmetic(document, figures)] == expected
