"""The chronology of manuscripts: planted faults are found, and their clean twins say nothing."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.claims.audit.chronology import check_chronology
from marsad.claims.audit.naming import check_naming
from marsad.claims.audit.structure import check_structure
from marsad.documents import read_document, read_text
from marsad.extraction.dates import find_dates
from marsad.model import Severity

from .manuscripts import brief

THESIS = Path(__file__).resolve().parents[2].parent / "shared" / "case" / "thesis.txt"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def kinds(text: str) -> list[str]:
    return [kind for _, kind in brief(check_chronology, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge fell on 31 June 2019.", ["impossible-date"]),
        ("The bridge fell on 30 June 2019.", []),
        ("The bridge fell on February 30, 2019.", ["impossible-date"]),
        ("The bridge fell on 29 February 2019.", ["impossible-date"]),
        ("The bridge fell on 29 February 2020.", []),
        ("The bridge fell on 29 February of that year.", []),
        ("In May 45 people fled, and in June 31 more did.", []),
        ("On Tuesday, 5 March 2023, the market burnt.", ["weekday"]),
        ("On Sunday, 5 March 2023, the market burnt.", []),
        ("On 5 March 2023 (Tuesday) the market burnt.", ["weekday"]),
        ("The market burnt on 5 March 2023. Tuesday came.", []),
    ],
)
def test_days_of_the_calendar(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_right_on_one_day_in_seven(day: date, weekday: int) -> None:
    text = f"On {WEEKDAYS[weekday]}, {day.day} {day:%B %Y}, the market burnt."
    assert kinds(text) == ([] if day.weekday() == weekday else ["weekday"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He ruled from 2014 to 2009.", ["reversed-span"]),
        ("He ruled from 2009 to 2014.", []),
        ("The fighting between May 2019 and March 2019 was fierce.", ["reversed-span"]),
        ("The fighting between March 2019 and May 2019 was fierce.", []),
        ("The number fell from 2010 to 1990.", []),
        ("The reign (1914-1889) was long.", ["reversed-span"]),
        ("They counted back from 2014 to 2009.", []),
        ("He led a six-year war from 1997 to 2003.", []),
        ("He led a nine-year war from 1997 to 2003.", ["duration"]),
        ("A three-month truce from March 2019 to May 2019 held.", []),
        ("A seven-month truce from March 2019 to May 2019 held.", ["duration"]),
        ("A seven-month-old child fled, and from March 2019 to May 2019 nobody came.", []),
        ("He was born in 1931 and died in 1979 at the age of 48.", []),
        ("He was born in 1931 and died in 1979 at the age of 57.", ["age"]),
    ],
)
def test_spans_and_ages(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


TOLD = "In March 2015 rain fell. In May 2016 it was dry. In June 2017 herds moved. In July 2018 wells failed. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The strike began on 4 November 2018 and ended in March 2018.", ["begun-after-its-course"]),
        ("The strike began on 4 March 2018 and ended in November 2018.", []),
        (TOLD + "The strike began on 4 November 2018 and intensified in September.", ["begun-after-its-course"]),
        (TOLD + "The strike began on 4 March 2018 and intensified in September.", []),
        ("The strike began on 4 November 2018, after the one that ended in March 2018.", []),
        ("After the truce ended in June 2019, 40 raids were counted in March 2018.", ["after-before"]),
        ("After the truce ended in June 2019, the governor was killed in March 2018.", ["after-before"]),
        ("After the truce ended in June 2019, the governor was killed in July 2019.", []),
        ("After the truce ended in June 2019, the pact signed in March 2018 was void.", []),
        (
            (
                "After the truce ended in June 2019, raids doubled. Within a month, 40 were counted; May 2018 was "
                "the worst."
            ),
            ["consequence-before-cause"],
        ),
        (
            (
                "After the truce ended in June 2019, raids doubled. Within a month, 40 were counted; July 2019 was "
                "the worst."
            ),
            [],
        ),
        ("After the truce ended in June 2019, raids doubled. Within a month, there were more than in May 2018.", []),
        (
            "Recently, in June 2019, raids doubled. About four months ago, on 20 May 2019, a judge died.",
            ["relative-date"],
        ),
        ("Recently, in June 2019, raids doubled. About a month ago, on 20 May 2019, a judge died.", []),
        ("Recently, in June 2019, raids doubled. About three months ago, on 20 March 2019, a judge died.", []),
    ],
)
def test_the_order_of_what_is_told(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The LRF was founded in 2009. The LRF attacked the dam in 2004.", ["acts-before-founding"]),
        ("The LRF was founded in 2009. The LRF attacked the dam in 2014.", []),
        ("The LRF was founded in 2009. Its predecessor, not yet the LRF, attacked the dam in 2004.", []),
        ("The Lake Rangers Front (LRF) was founded in 2009. The LRF signed a pact in 2004.", ["acts-before-founding"]),
        ("The LRF was founded in 2009. Chad gave support to the LRF during the Cold War.", ["acts-before-founding"]),
        ("The LRF was founded in 1969. Chad gave support to the LRF during the Cold War.", []),
        ("The LRF was founded in 2009. The LRF was established in 2011.", ["founded-twice"]),
        ("The LRF was founded in 2009. The LRF, established in May 2009, grew.", []),
        ("The LRF was founded in 2009. The youth wing of the LRF was founded in 2011.", []),
        ("The LRF was founded in 2009. The LRF was re-established in 2011.", []),
        ("The LRF was founded in 2009. In 2004, the LRF attacked the dam.", ["acts-before-founding"]),
        ("The LRF was founded in 2009. In 2014, the LRF attacked the dam.", []),
        ("Teodora Wanjala was killed in May 2009. In July 2010 Teodora Wanjala visited Arusha.", ["acts-after-death"]),
        ("The Lake Rangers Front (LRF) was founded in 2009. The LRF, formed in 2012, has grown.", ["founded-twice"]),
        ("A commission was formed in 2009. The Commission was formed in 2011.", []),
        ("Teodora Wanjala was born in 1950. Teodora Wanjala was born in 1953.", ["born-twice"]),
        ("Teodora Wanjala was killed in May 2009. Teodora Wanjala visited Arusha in July 2010.", ["acts-after-death"]),
        ("Teodora Wanjala was killed in May 2009. Teodora Wanjala visited Arusha in July 2008.", []),
        ("Teodora Wanjala was killed in May 2009. The son of Teodora Wanjala visited Arusha in July 2010.", []),
    ],
)
def test_lives_of_groups_and_people(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


ROAD = (
    "In May 2013 a coastal trade mission reached Arusha from Nairobi. It was the first coastal trade "
    "mission to Arusha. "
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ROAD + "The first coastal trade mission came to Arusha in July 2010, from Nairobi.", ["two-firsts"]),
        (ROAD + "The first coastal trade mission came to Arusha in May 2013, from Nairobi.", []),
        (ROAD + "The first coastal trade mission to Dodoma left Nairobi in July 2010.", []),
        (ROAD + "The second coastal trade mission came to Arusha in July 2010, from Nairobi.", []),
        (
            (
                "The first phase of work near Arusha began in May 2013. The first phase of talks near Arusha began "
                "in 2010."
            ),
            [],
        ),
        (
            (
                "A raid on 3 May 2015 was the deadliest attack of 2015. A raid on 9 July 2015 was the deadliest "
                "attack of 2015."
            ),
            ["two-superlatives"],
        ),
        (
            (
                "A raid on 3 May 2015 was the deadliest attack of 2015. A raid on 9 July 2016 was the deadliest "
                "attack of 2016."
            ),
            [],
        ),
        (
            "In May 2015 the LRF made a record 40 attacks in a single month. In March 2015 the LRF made 90 attacks.",
            ["record-below-earlier"],
        ),
        ("In May 2015 the LRF made a record 40 attacks in a single month. In March 2015 the LRF made 30 attacks.", []),
        ("In May 2015 the LRF made a record 40 attacks in a single month. In July 2015 the LRF made 90 attacks.", []),
        ("In May 2015 the LRF made a record 40 attacks in a single month. In March 2015 the MNJ made 90 attacks.", []),
    ],
)
def test_what_can_be_true_of_one_thing_only(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chad initiated talks with the LRF in 2010. Niger initiated these talks.", ["two-initiators"]),
        ("Chad initiated talks with the LRF in 2010. Chad initiated these talks.", []),
        ("Chad initiated talks with the LRF in 2010. Niger initiated talks with the MNJ in 2012.", []),
        ("The talks failed in Arusha. Only time will tell whether the talks will succeed.", ["ended-and-open"]),
        ("The talks failed in Arusha. They were resumed later. Nobody knows whether the talks will succeed.", []),
        ("If the talks failed, war would come. Nobody knows whether the talks will succeed.", []),
        (
            "From 2001 to 2008 Chad ran border operations. Chad ran border operations between 2004 and 2008.",
            ["two-spans"],
        ),
        ("From 2001 to 2008 Chad ran border operations. Chad ran border operations between 2010 and 2012.", []),
        (
            "A ceasefire with the LRF was declared in May 2015. In May 2015, 60 attacks were made by the LRF.",
            ["attacks-in-a-ceasefire"],
        ),
        ("A ceasefire with the LRF was declared in May 2015. In July 2015, 60 attacks were made by the LRF.", []),
        ("A ceasefire with the LRF was declared in May 2015. In May 2015, 60 attacks were made by the MNJ.", []),
    ],
)
def test_one_thing_told_in_two_ways(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "On 26 May 2022 a convoy was hit. Four days later, on 23 May 2022, the captain fled.",
            ["interval-does-not-follow"],
        ),
        ("On 26 May 2022 a convoy was hit. Four days later, on 30 May 2022, the captain fled.", []),
        ("On 2 May 2020 bombs fell. A month later, on 1 June 2020, a bridge fell.", []),
        (
            "Gunmen raided Zarma on 3 May 2020 and killed 48 men.\n\nThe raid on Zarma on 13 May 2020 left 48 dead.",
            ["event-date"],
        ),
        ("Gunmen raided Zarma on 3 May 2020 and killed 48 men.\n\nThe raid on Zarma on 3 May 2020 left 48 dead.", []),
        ("Gunmen raided Zarma on 3 May 2020.\n\nThe second raid on Zarma on 13 May 2020 left 48 dead.", []),
        (
            "A Lasting Peace Agreement was signed on 2 May 2006.\n\nThe Lasting Peace Agreement of 12 May 2006 held.",
            ["event-date"],
        ),
    ],
)
def test_days_told_from_one_another_and_told_again(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_year_long_after_all_others() -> None:
    text = TOLD * 4
    assert kinds(text + "In 2032 the bridge was destroyed.") == ["far-year"]
    assert kinds(text + "By 2032 the bridge should be built.") == []


def test_years_of_sources_are_no_dates_of_events() -> None:
    text = (
        "After the truce ended in June 2019, the governor was killed (Mbeki, 2011). He ruled from 2014 (Mbeki, 2009)."
    )
    assert kinds(text) == []


def test_dates_that_have_been_found_already_are_used() -> None:
    document = read_text("He ruled from 2014 to 2009.")
    found = find_dates(document.text)
    assert list(check_chronology(document, dates=found)) == list(check_chronology(document))
    assert list(check_chronology(document, dates=[])) == []


CLEAN = """The Republic of Tanovia

Tanovia became independent in 1961. Its first president, Joaquim Mbeki, ruled from 1961 to 1974 and died in 1979
at the age of 68. The Tanovian Workers Party (TWP) was founded in 1958 and won the first election in May 1962.
The TWP was banned in 1975, after the coup of March 1974, and was allowed again in 1990. Its youth wing was
founded in 1966.

The civil war began in August 1983 and ended in June 1991. It intensified in 1986, when the National Front (NF),
formed in 1984, took the northern towns. After the ceasefire of May 1988 collapsed in October 1988, fighting
resumed; it was worse than in 1986. A year later, talks began in Lusaka. The first round of talks failed in
December 1989. A second round opened in February 1990, and nobody knew whether the talks would succeed. They
were concluded on Friday, 7 June 1991.

In November 1996, the government and the NF signed an accord. In response, a faction that had split in March
1995 attacked the port. Two months ago, the court heard the case again. Between 2001 and 2008 the army ran
border operations in the east; between 2010 and 2012 it ran others in the west. The first commercial flight to
Kiri left the capital in 1999, and the first commercial flight to Mandu in 2004. The deadliest attack of 2003
was that of 4 May; the deadliest attack of 2005 came on 6 June 2005. By 2030 the railway is to reach Kiri. The
numbers fell from 2010 to 1990 cases.

Minister Teodora Wanjala, born in 1950 in Kiri, was killed in May 2009. In July 2010, a street was named after
Teodora Wanjala. Her son, Paulo Wanjala, said in 2011 that the case was open. Three reforms followed: land,
courts and schools. First, land was registered. Second, courts were opened. Third, schools were built in Kiri,
Mandu and Sao Bento (two of them in 2015)."""


def test_clean_prose_yields_nothing_at_all() -> None:
    assert [*brief(check_structure, CLEAN), *brief(check_naming, CLEAN), *brief(check_chronology, CLEAN)] == []


@pytest.mark.skipif(not THESIS.exists(), reason="../shared/case is not here")
def test_a_thesis_in_two_seconds_with_no_more_than_a_dozen_errors() -> None:
    document = read_document(THESIS)
    begun = time.process_time()
    found = [*check_structure(document), *check_naming(document), *check_chronology(document)]
    assert time.process_time() - begun < 6, "it takes one second; a busy machine may take longer"
    assert 4 <= sum(finding.severity is Severity.ERROR for finding in found) <= 12


@given(st.text(alphabet="Aa1 .,;:()[]“”\"'-\n\tMay2019 from to between and", max_size=400))
def test_no_text_breaks_the_checks(text: str) -> None:
    for check in (check_structure, check_naming, check_chronology):
        brief(check, text)
