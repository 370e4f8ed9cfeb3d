"""Events that are told again with another toll or day: planted faults are found, and their clean twins say nothing."""

from __future__ import annotations

import time

import pytest

from marsad.claims.audit.chronology import check_chronology
from marsad.documents import read_text

from .manuscripts import brief

RAID = "On 4 March 2019 gunmen raided Zarma in Odo District and killed 57 people, most of them traders."


def found(text: str) -> list[tuple[str, str]]:
    return [(severity, kind) for severity, kind in brief(check_chronology, text)]


@pytest.mark.parametrize(
    ("first", "again", "expected"),
    [
        (RAID, "The raid on Zarma on 4 March 2019, in which 75 people died, was not the last.", "error"),
        (RAID, "The raid on Zarma, in which 75 people died, was not the last.", "error"),
        (RAID, "After the raid on Zarma on 4 March 2019 killed 75 people, the market closed.", "error"),
        (RAID, "The raid on Zarma, in which 57 people died, was not the last.", ""),
        (RAID, "The second raid on Zarma, in which 75 people died, was worse.", ""),
        (RAID, "The raid on Zarma, in which by an early estimate 75 people died, was worse.", ""),
        (RAID, "The raid on Zarma on 9 June 2021, in which 75 people died, was worse.", ""),
        (RAID, "The raid on Zarma, in which 12 soldiers died, was not the last.", ""),
        (RAID, "The raid on Zarma, which killed at least 50 people, was not the last.", ""),
        (RAID, "The raid on Zarma, which killed at least 70 people, was not the last.", "warning"),
        (RAID.replace("57", "at least 57"), "The raid on Zarma, in which 75 people died, is known.", "warning"),
        (RAID.replace("57", "at least 57"), "The raid on Zarma, in which 63 people died, is known.", ""),
        (RAID + " Another 18 died later.", "The raid on Zarma, in which 75 people died, is known.", ""),
        (
            "On 2 May 2016 rebels abducted 143 pupils at Keremi.",
            "The abduction of 134 pupils at Keremi on 2 May 2016 shook the country.",
            "error",
        ),
        (
            "Dolmar fell on 2 May 2016: 1,843 soldiers, including two generals, surrendered there.",
            "It was the largest surrender of the war, that of 1,483 soldiers at Dolmar.",
            "error",
        ),
        (
            "Dolmar, 2 May 2016. A rocket hit the bus station. Thirty-one people, among them a nurse, were killed.",
            "The rocket that hit the bus station at Dolmar on 2 May 2016 killed 13 people.",
            "error",
        ),
    ],
)
def test_an_event_told_again_with_another_toll(first: str, again: str, expected: str) -> None:
    tolls = [severity for severity, kind in found(f"{first}\n\nMuch was written.\n\n{again}") if kind == "event-toll"]
    assert tolls == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 6 May 2012 officers seized power.\n\nThe coup of 6 May 2011 surprised few.", 1),
        ("On 6 May 2012 officers seized power.\n\nThe coup of 6 May 2012 surprised few.", 0),
        ("On 6 May 2012 a bridge was opened.\n\nThe coup of 6 May 2011 surprised few.", 0),
        ("On 6 May 2012 both sides signed.\n\nThe accord of 6 August 2012 ended the war.", 1),
        ("Operation Dawn began on 6 May 2012.\n\nOperation Dawn, launched on 6 June 2012, failed.", 1),
        ("Operation Dawn began on 6 May 2012.\n\nOperation Dusk, launched on 6 June 2012, failed.", 0),
        ("On 6 May 2012 the army launched Operation Dawn.\n\nOperation Dawn, launched on 16 May 2012, failed.", 1),
        ("# Operation Dawn\n\nOn 6 May 2012 troops moved.\n\nOperation Dawn, launched on 6 June 2012, failed.", 1),
        ("A bomb hit the Grand Inn on June 21.\n\nOne was worse: that of June 12 on the Grand Inn.", 1),
        ("A bomb hit the Grand Inn on June 21.\n\nOne was worse: that of June 21 on the Grand Inn.", 0),
        ("A bomb hit the Grand Inn on June 21.\n\nOne was worse: that of May 2 on the Grand Inn.", 0),
        ("Gunmen raided Zarma on 3 May 2020.\n\nIt was the worst until that of Zarma on 13 May 2020.", 1),
    ],
)
def test_an_event_told_again_under_another_day(text: str, expected: int) -> None:
    assert [kind for _, kind in found(text)].count("event-date") == expected


@pytest.mark.parametrize(
    "text",
    [
        "The raid on Zarma, in which 57 people died, was known. " * 3000,
        "that of June 12 on the Grand Inn. " * 3000,
        "The coup of 3 May 2001 failed. " * 3000,
        "the raid on " * 9000,
        "12 people " * 9000,
        "killed at least " * 9000,
        "Aa Bb " * 9000,
    ],
)
def test_hostile_texts_take_no_long(text: str) -> None:
    document = read_text(text)
    begun = time.perf_counter()
    list(check_chronology(document))
    assert time.perf_counter() - begun < 20
