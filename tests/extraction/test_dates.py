from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.extraction import find_dates
from marsad.extraction.found import FoundDate
from marsad.model import Date

MONTHS = list(calendar.month_name)
SHORT = list(calendar.month_abbr)


def found(text: str, reference: str = "") -> list[tuple[str, str]]:
    dates = find_dates(text, reference=Date.parse(reference) if reference else None)
    return [(text[each.start : each.end], str(each.date)) for each in dates]


def only(text: str, reference: str = "") -> FoundDate:
    (date_,) = find_dates(text, reference=Date.parse(reference) if reference else None)
    return date_


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("It fell on August 7 and 8, 2022.", "2022-08-07/2022-08-08"),
        ("from 7-8 August 2022", "2022-08-07/2022-08-08"),
        ("7 August–2 September 2022", "2022-08-07/2022-09-02"),
        ("from 7 August to 2 September 2022", "2022-08-07/2022-09-02"),
        ("28 December to 3 January 2023", "2022-12-28/2023-01-03"),
        ("the 6th of September, 2023", "2023-09-06"),
        ("29th Nov 2022", "2022-11-29"),
        ("Nov. 5, 2022", "2022-11-05"),
        ("2022-08-07", "2022-08-07"),
        ("17/08/2022", "2022-08-17"),
        ("08/17/2022", "2022-08-17"),
        ("05/05/2022", "2022-05-05"),
        ("07/08/2022", "2022-XX-XX"),
        ("LIMA, 08 MAY 89 (AGENCY)", "1989-05-08"),
        ("ON 5 JANUARY 1990 THE MEN", "1990-01-05"),
        ("Tuesday, 9 August 2022", "2022-08-09"),
        ("Noor, A. (2023, October 9). Title", "2023-10-09"),
        ("Noor, A. (2023, October). Title", "2023-10"),
        ("March 2024", "2024-03"),
        ("in 2023,", "2023"),
        ("between 2009 to 2014", "2009/2014"),
        ("between 2009 and 2014", "2009/2014"),
        ("from 2007 until 2014", "2007/2014"),
        ("(2021-2024)", "2021/2024"),
        ("2007–14", "2007/2014"),
        ("2022-04", "2022-04"),
        ("from January to June 2023", "2023-01/2023-06"),
        ("in July and August 2022", "2022-07/2022-08"),
        ("2021 onwards", "2021/.."),
        ("the first quarter of 2024", "2024-33"),
        ("Q3 2024", "2024-35"),
        ("the last quarter of 2024", "2024-36"),
        ("early 2022", "2022~"),
        ("mid-2022", "2022~"),
        ("late August 2022", "2022-08~"),
        ("the end of 2023", "2023~"),
        ("the 1990s", "199X"),
        ("the early 1990s", "199X~"),
        ("the 19th century", "18XX"),
        ("the nineteenth century", "18XX"),
        ("spring 2024", "2024-21"),
        ("the second half of 2023", "2023-07/2023-12"),
        ("۷ اگست ۲۰۲۲ کو", "2022-08-07"),
        ("٥ يناير ٢٠٢٣", "2023-01-05"),
    ],
)
def test_a_date_keeps_the_precision_it_is_given(text: str, edtf: str) -> None:
    assert str(only(text).date) == edtf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2021 and 2022", ["2021", "2022"]),
        ("in May and September 2023", ["2023-05", "2023-09"]),
        ("on 5, 6 and 9 August 2022", ["2022-08-05", "2022-08-06", "2022-08-09"]),
        ("on 30 January and 2 March 2023", ["2023-01-30", "2023-03-02"]),
    ],
)
def test_a_list_is_several_dates_that_share_their_year(text: str, expected: list[str]) -> None:
    assert [edtf for _, edtf in found(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Resolution 2593 and Article 2020",
        "the index XYZZ 2018",
        "2,023 families",
        "an M16A4 rifle",
        "https://example.org/2022/08/07/story-2021 and www.example.org/2021",
        "page 1999",
        "2022 people were killed",
        "He may march with them",
        "the third man",
        "at 2030 GMT",
        "doi 10.1234/abc.2021.05",
    ],
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "reference", "edtf"),
    [
        ("two months ago", "2023-10-12", "2023-08"),
        ("three days ago", "2023-03-01", "2023-02-26"),
        ("two years ago", "2023-10-12", "2021"),
        ("a week ago", "2023-10-12", "2023-10-02/2023-10-08"),
        ("last week", "2023-10-12", "2023-10-02/2023-10-08"),
        ("last month", "2023-01-12", "2022-12"),
        ("last year", "2023", "2022"),
        ("this year", "2023-10", "2023"),
        ("yesterday", "2023-01-01", "2022-12-31"),
        ("the day before yesterday", "2023-01-01", "2022-12-30"),
        ("last night", "2023-01-01", "2022-12-31"),
        ("on Tuesday", "2023-10-12", "2023-10-10"),
        ("last Thursday", "2023-10-12", "2023-10-05"),
        ("next Thursday", "2023-10-12", "2023-10-19"),
        ("last December", "2023-12-12", "2022-12"),
        ("the past two years", "2023-10-12", "2021/2023-10-12"),
        ("on September 29", "2023", "2023-09-29"),
        ("on 28 December", "2024-01-10", "2023-12-28"),
        ("in March", "2023-10-12", "2023-03"),
    ],
)
def test_a_relative_date_is_reckoned_from_the_reference(text: str, reference: str, edtf: str) -> None:
    assert str(only(text, reference).date) == edtf
    assert only(text, reference).relative


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("on September 29 they came", ""),
        ("yesterday", ""),
        ("yesterday", "2023-10"),
        ("last week", "2023"),
        ("several weeks ago", "2023-10-12"),
        ("in the last days", "2023-10-12"),
        ("the same day", "2023-10-12"),
        ("a week later", "2023-10-12"),
        ("۱۵ حمل ۱۴۰۲", "2023-10-12"),
        ("29 February", "2023"),
    ],
)
def test_what_cannot_be_known_has_words_and_no_date(text: str, reference: str) -> None:
    result = only(text, reference)
    assert result.date is None
    assert result.words


@pytest.mark.parametrize("word", ["since", "until", "after", "before", "by", "from"])
def test_the_rule_says_how_a_date_relates(word: str) -> None:
    result = only(f"They stayed {word} August 2021.")
    assert result.rule.startswith(f"{word}: ")
    assert str(result.date) == "2021-08"


def test_a_day_before_a_count_is_not_a_list_of_days() -> None:
    assert found("On August 7 and 8 people were killed", "2022") == [("August 7", "2022-08-07")]


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
FORMS: tuple[Callable[[date], str], ...] = (
    lambda d: f"{d.day} {MONTHS[d.month]} {d.year}",
    lambda d: f"{d.day} {MONTHS[d.month].upper()} {d.year}",
    lambda d: f"{MONTHS[d.month]} {d.day}, {d.year}",
    lambda d: f"{SHORT[d.month]}. {d.day}, {d.year}",
    lambda d: f"{d.day:02d} {SHORT[d.month].upper()} {d.year}",
    lambda d: f"the {d.day}th of {MONTHS[d.month]}, {d.year}",
    lambda d: f"{MONTHS[d.month]} {d.day}th {d.year}",
    lambda d: d.isoformat(),
)


@given(
    DAYS, st.sampled_from(FORMS), st.sampled_from(["", "It began on ", "گزشتہ "]), st.sampled_from(["", ".", " in it"])
)
def test_a_day_in_any_form_is_read_back(day: date, form: Callable[[date], str], before: str, after: str) -> None:
    text = before + form(day) + after
    assert [edtf for _, edtf in found(text)] == [day.isoformat()]


@given(DAYS, st.integers(1, 400))
def test_a_span_of_days_is_read_back(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = f"from {first.day} {MONTHS[first.month]} {first.year} to {last.day} {MONTHS[last.month]} {last.year}"
    assert [edtf for _, edtf in found(text)] == [f"{first}/{last}"]


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_a_month_never_becomes_a_day(year: int, month: int) -> None:
    assert str(only(f"In {MONTHS[month]} {year}").date) == f"{year}-{month:02d}"


@given(DAYS, st.integers(0, 3000))
def test_days_ago_are_counted_as_the_calendar_counts(reference: date, count: int) -> None:
    result = only(f"{count % 90 + 2} days ago", reference.isoformat())
    assert str(result.date) == (reference - timedelta(days=count % 90 + 2)).isoformat()


@given(st.text(max_size=200))
def test_any_text_gives_dates_in_order_within_it(text: str) -> None:
    dates = find_dates(text, reference=Date.parse("2023-05-05"))
    edges = [edge for each in dates for edge in (each.start, each.end)]
    assert edges == sorted(edges)
    assert all(0 <= each.start < each.end <= len(text) for each in dates)


PIECES = (
    *("May", "March", "5", "7", "2022", "22", "99", "August", "and", ",", "-", "–", "to", "of", "the", "last", "two"),
    *("months", "ago", "first", "half", "Q1", "s", "'", "in", ".", "31"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_words_of_dates_in_any_order_do_no_harm(words: list[str]) -> None:
    text = " ".join(words)
    for each in find_dates(text, reference=Date.parse("2023-05-31")):
        assert text[each.start : each.end].strip()
        assert each.date is not None or each.words
