from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marsad.extraction import find_quantities
from marsad.extraction.quantities import find_articles

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int) -> str:
    """The oracle: British number words."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + ("" if number % 10 == 0 else f"-{SMALL[number % 10]}")
    if number < 1000:
        rest = "" if number % 100 == 0 else f" and {in_words(number % 100)}"
        return f"{SMALL[number // 100]} hundred{rest}"
    below = number % 1000
    joint = " and " if 0 < below < 100 else " "
    return f"{in_words(number // 1000)} thousand{joint + in_words(below) if below else ''}"


def found(text: str) -> list[tuple[str, str, str]]:
    return [(text[each.start : each.end], str(each.quantity), each.unit) for each in find_quantities(text)]


def values(text: str) -> list[str]:
    return [value for _, value, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,524", "1524", "count"),
        ("5,00,000", "500000", "count"),
        ("1.7 million", "1700000", "count"),
        ("10 lakh", "1000000", "count"),
        ("$3.7m", "3700000", "USD"),
        ("$1.2 billion", "1200000000", "USD"),
        ("Rs 500 million", "500000000", "rupee"),
        ("2,240 km", "2240", "km"),
        ("300m", "300", "m"),
        ("12 square kilometres", "12", "sq_km"),
        ("12%", "12", "percent"),
        ("79 per cent", "79", "percent"),
        ("5 percentage points", "5", "percentage_point"),
        ("two years", "2", "year"),
        ("20-day", "20", "day"),
        ("nine", "9", "count"),
        ("TWENTY-FIVE", "25", "count"),
        ("a hundred", "100", "count"),
        ("a dozen", "12", "count"),
        ("two dozen", "24", "count"),
        ("half a million", "500000", "count"),
        ("half a dozen", "6", "count"),
        ("two and a half million", "2500000", "count"),
        ("dozens", "dozens", "count"),
        ("several", "several", "count"),
        ("several hundred", "hundreds", "count"),
        ("tens of thousands", "tens of thousands", "count"),
        ("hundreds of thousands", "hundreds of thousands", "count"),
        ("over 50", ">50", "count"),
        ("more than two dozen", ">24", "count"),
        ("at least 20", ">=20", "count"),
        ("no fewer than seven", ">=7", "count"),
        ("30 or more", ">=30", "count"),
        ("50+", ">=50", "count"),
        ("up to 12", "<=12", "count"),
        ("as many as 40", "<=40", "count"),
        ("fewer than ten", "<10", "count"),
        ("NEARLY 1,000", "~1000", "count"),
        ("an estimated 200", "~200", "count"),
        ("around $5 million", "~5000000", "USD"),
        ("between 20 and 25", "20..25", "count"),
        ("20-25", "20..25", "count"),
        ("20 to 25%", "20..25", "percent"),
        ("two or three", "2..3", "count"),
        ("1 to 2 million", "1000000..2000000", "count"),
        ("20th", "20", "ordinal"),
        ("twenty-first", "21", "ordinal"),
    ],
)
def test_a_quantity_keeps_its_qualifier_and_unit(text: str, value: str, unit: str) -> None:
    sentence = f"Then {text} of them."
    assert found(sentence) == [(text, value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "an M24 and an AK-47 and an M-16",
        "on 9/11",
        "the G7",
        "Article 5, Section 3.2.1, p. 23, No. 7",
        "at 10:30 and at 7 p.m.",
        "in 2022 and on 5 May 2022",
        "call +92-300-1234567",
        "at 34.5° north",
        "no one and one another",
        "two-thirds of it",
        "1. Aim\n2.1. Means\n3.1 Results\nChapter Four",
        "the XYZZ 2018 report",
        "Journal 16(3)",
        "https://example.org/12/13",
        "two months ago",
    ],
)
def test_names_dates_and_times_are_no_quantities(text: str) -> None:
    assert values(text) == []


def test_a_change_is_two_numbers_and_no_range() -> None:
    assert values("It rose from 267 to 365.") == ["267", "365"]


def test_the_number_alone_is_told_from_qualifier_and_unit() -> None:
    text = "at least 79 per cent"
    (each,) = find_quantities(text)
    assert text[each.number_start : each.number_end] == "79"
    assert each.rule == "digits, qualified"


def test_over_may_belong_to_the_verb() -> None:
    assert values("They handed over two men and lost over two hundred.") == ["2", ">200"]


def test_one_of_has_a_rule_of_its_own() -> None:
    (each,) = find_quantities("one of the men")
    assert each.rule == "one of"


def test_articles_are_found_on_request() -> None:
    text = "A policeman and an officer"
    assert [text[each.start : each.end] for each in find_articles(text)] == ["A", "an"]
    assert values(text) == []


@given(st.integers(0, 999_999), st.booleans())
def test_number_words_are_read_back(number: int, upper: bool) -> None:  # noqa: FBT001 - drawn
    text = in_words(number)
    (each,) = find_quantities(f"Then {text.upper() if upper else text} fell.")
    assert each.quantity.best == number


NUMBERS = st.integers(0, 10**9)
MARKS = {
    "": "{}",
    ">": "more than {}",
    ">=": "at least {}",
    "<": "fewer than {}",
    "<=": "up to {}",
    "~": "about {}",
}


@given(NUMBERS, st.sampled_from(sorted(MARKS)), st.booleans())
def test_digits_are_read_back_with_their_qualifier(number: int, mark: str, grouped: bool) -> None:  # noqa: FBT001 - drawn
    assume(grouped or not 1800 <= number <= 2100)  # else it may be a year
    text = MARKS[mark].format(f"{number:,}" if grouped else str(number))
    assert values(f"They lost {text} goats.") == [f"{mark}{number}"]


@given(st.decimals(Decimal("0.1"), Decimal(999), places=1), st.sampled_from(["million", "billion", "thousand"]))
def test_scales_multiply(number: Decimal, scale: str) -> None:
    (each,) = find_quantities(f"worth {number} {scale} then")
    assert each.quantity.best == number * {"thousand": 10**3, "million": 10**6, "billion": 10**9}[scale]


@given(NUMBERS, st.integers(1, 10**6))
def test_ranges_are_read_back(low: int, width: int) -> None:
    assert values(f"between {low:,} and {low + width:,} goats") == [f"{low}..{low + width}"]


@given(st.text(max_size=200))
def test_any_text_gives_quantities_in_order_within_it(text: str) -> None:
    quantities = find_quantities(text)
    edges = [edge for each in quantities for edge in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(each.start <= each.number_start < each.number_end <= each.end for each in quantities)


PIECES = (
    *("one", "hundred", "and", "-", "twenty", "five", "5", "3.7", "m", "%", "to", "or", "more", "over", "at", "least"),
    *("a", "half", "dozen", "1,000", "$", "thousand", ".", "third"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_words_of_numbers_in_any_order_do_no_harm(words: list[str]) -> None:
    text = " ".join(words)
    for each in find_quantities(text):
        assert text[each.number_start : each.number_end].strip()


def test_a_sign_behind_the_last_number_ends_the_text() -> None:
    (found,) = find_quantities("0+")
    assert (str(found.quantity), found.start, found.end) == (">=0", 0, 2)
