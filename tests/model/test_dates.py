"""Dates against the calendar itself, against the library ``edtf``, and against their own algebra."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.errors import ParseError
from marsad.model import Agreement, Date

SEASON_MONTHS = {
    "21": (3, 4, 5),
    "22": (6, 7, 8),
    "23": (9, 10, 11),
    "24": (12, 13, 14),
    "33": (1, 2, 3),
    "34": (4, 5, 6),
    "35": (7, 8, 9),
    "36": (10, 11, 12),
}
CALENDAR = [date(1890, 1, 1) + timedelta(days=n) for n in range(55_000)]

years = st.integers(1, 9998).map(lambda year: f"{year:04d}")
days = st.dates(max_value=date(9998, 12, 31)).map(date.isoformat)
months = days.map(lambda day: day[:7])
seasons = st.builds("{}-{}".format, years, st.sampled_from(sorted(SEASON_MONTHS)))
spans = st.one_of(
    st.integers(1, 999).map(lambda decade: f"{decade:03d}X"), st.integers(1, 99).map(lambda century: f"{century:02d}XX")
)
unspecified = st.one_of(
    months.map("{}-XX".format),
    years.map("{}-XX-XX".format),
    years.map("{}-XX".format),
    spans.map("{}-XX".format),
    spans.map("{}-XX-XX".format),
)
plain_points = st.one_of(years, months, days, seasons, spans, unspecified)
points = st.builds("{}{}".format, plain_points, st.sampled_from(["", "", "~", "?", "%"]))


def _in_order(left: str, right: str) -> str:
    first, last = Date.parse(left.rstrip("~?%")).earliest, Date.parse(right.rstrip("~?%")).latest
    assert first is not None
    assert last is not None
    return f"{left}/{right}" if first <= last else f"{right}/{left}"


bounded = st.one_of(points, st.builds(_in_order, points, points))
texts = st.one_of(
    bounded, points.map("{}/..".format), points.map("../{}".format), points.map("{}/".format), points.map("/{}".format)
)
all_texts = st.one_of(texts, st.sampled_from(["..", "../..", "/", "../", "/.."]))
dates = all_texts.map(Date.parse)


@settings(deadline=None)
@given(all_texts)
def test_parse_and_print_are_inverse(text: str) -> None:
    parsed = Date.parse(text)
    assert str(parsed) == text
    assert Date.parse(str(parsed)) == parsed


@settings(deadline=None)
@given(st.text(alphabet="0123456789X-/.~?%", max_size=24))
def test_whatever_parses_prints_as_it_was_and_has_ordered_bounds(text: str) -> None:
    try:
        parsed = Date.parse(text)
    except ParseError:
        return
    assert str(parsed) == text
    assert parsed.earliest is None or parsed.latest is None or parsed.earliest <= parsed.latest


def _matches(text: str) -> list[date]:
    """Every day of the calendar that a plain point may mean: an oracle without arithmetic on dates."""
    year, _, rest = text.partition("-")
    if rest in SEASON_MONTHS:
        wanted = [(int(year) + (month > 12), (month - 1) % 12 + 1) for month in SEASON_MONTHS[rest]]
        return [day for day in CALENDAR if (day.year, day.month) in wanted]
    pattern = re.compile(text.replace("X", r"\d"))
    return [day for day in CALENDAR if pattern.match(day.isoformat())]


near_years = st.integers(1900, 2030).map(str)
near_points = st.one_of(
    near_years,
    st.dates(date(1900, 1, 1), date(2030, 12, 31)).map(date.isoformat),
    st.dates(date(1900, 1, 1), date(2030, 12, 31)).map(lambda day: day.isoformat()[:7]),
    st.dates(date(1900, 1, 1), date(2030, 12, 31)).map(lambda day: day.isoformat()[:7] + "-XX"),
    st.builds("{}-{}".format, near_years, st.sampled_from(sorted(SEASON_MONTHS))),
    st.integers(190, 202).map("{}X".format),
    st.just("19XX"),
    near_years.map("{}-XX-XX".format),
)


@settings(deadline=None)
@given(near_points)
def test_bounds_are_the_first_and_last_matching_day_of_the_calendar(text: str) -> None:
    matching = _matches(text)
    parsed = Date.parse(text)
    assert (parsed.earliest, parsed.latest) == (matching[0], matching[-1])
    assert parsed.is_day == (len(matching) == 1)


def _edtf_bounds(text: str) -> tuple[date, date]:
    found = parse_edtf(text)
    return tuple(_as_date(bound) for bound in (found.lower_strict(), found.upper_strict()))  # type: ignore[return-value] # always two


def _as_date(bound: Any) -> date:
    return date(bound.tm_year, bound.tm_mon, bound.tm_mday)


# Where the library and we differ, nothing is compared: winter (its strict bounds end in December), approximate dates
# (its strict bounds do not reach further; its fuzzy ones reach a year and more beyond a month), an empty end of an
# interval (it reaches ten years; we say unknown), 2023-02-29 and reversed intervals (it accepts them), a bare `..` (it
# refuses it).
overlapping_points = st.one_of(
    years,
    months,
    days,
    spans,
    months.map("{}-XX".format),
    years.map("{}-XX-XX".format),
    seasons.filter(lambda text: not text.endswith("-24")),
)


@settings(deadline=None)
@given(overlapping_points)
def test_points_agree_with_the_edtf_library(text: str) -> None:
    parsed = Date.parse(text)
    assert (parsed.earliest, parsed.latest) == _edtf_bounds(text)


@settings(deadline=None)
@given(overlapping_points)
def test_uncertain_points_agree_with_the_edtf_library(text: str) -> None:
    parsed = Date.parse(text + "?")
    assert (parsed.earliest, parsed.latest) == _edtf_bounds(text)


@settings(deadline=None)
@given(st.one_of(years, months, days), st.one_of(years, months, days))
def test_intervals_agree_with_the_edtf_library(left: str, right: str) -> None:
    text = _in_order(left, right)
    parsed = Date.parse(text)
    assert (parsed.earliest, parsed.latest) == _edtf_bounds(text)


@settings(deadline=None)
@given(points)
def test_an_open_end_has_no_bound(point: str) -> None:
    alone = Date.parse(point)
    assert (Date.parse(f"{point}/..").earliest, Date.parse(f"{point}/..").latest) == (alone.earliest, None)
    assert (Date.parse(f"../{point}").earliest, Date.parse(f"../{point}").latest) == (None, alone.latest)


@settings(deadline=None)
@given(plain_points)
def test_an_approximate_date_reaches_further_and_an_uncertain_one_does_not(text: str) -> None:
    plain, approximate, both, uncertain = (Date.parse(text + mark) for mark in ("", "~", "%", "?"))
    assert approximate.contains(plain)
    assert not plain.contains(approximate)
    assert (both.earliest, both.latest) == (approximate.earliest, approximate.latest)
    assert (uncertain.earliest, uncertain.latest) == (plain.earliest, plain.latest)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2022-04-16", "day"),
        ("2022-04", "month"),
        ("2022-04-XX", "month"),
        ("2024-33", "season"),
        ("2022", "year"),
        ("2022-XX-XX", "year"),
        ("199X", "decade"),
        ("18XX", "century"),
        ("2021-08-15/2024", "year"),
        ("2021-08-15/..", "day"),
        ("..", "open"),
        ("../..", "open"),
    ],
)
def test_precision_is_that_of_the_coarser_end(text: str, precision: str) -> None:
    assert Date.parse(text).precision == precision


@settings(deadline=None)
@given(dates, dates)
def test_comparison_is_symmetric(left: Date, right: Date) -> None:
    assert left.compare(right) is right.compare(left)
    assert left.overlaps(right) == right.overlaps(left)
    assert not (left.is_before(right) and right.is_before(left))


@settings(deadline=None)
@given(texts)
def test_comparison_is_reflexive(text: str) -> None:
    assert Date.parse(text).compare(Date.parse(text)) is Agreement.EQUAL


@settings(deadline=None)
@given(dates)
def test_nothing_is_known_of_a_date_without_bounds(other: Date) -> None:
    assert Date.parse("..").compare(other) is Agreement.UNKNOWN
    assert Date.parse("../..").compare(other) is Agreement.UNKNOWN
    assert other.compare(None) is Agreement.UNKNOWN


def _days(value: Date) -> set[int]:
    assert value.earliest is not None
    assert value.latest is not None
    return set(range(value.earliest.toordinal(), value.latest.toordinal() + 1))


short = st.one_of(
    st.dates(date(2021, 1, 1), date(2022, 12, 31)).map(date.isoformat),
    st.dates(date(2021, 1, 1), date(2022, 12, 31)).map(lambda day: day.isoformat()[:7]),
    st.sampled_from(["2021", "2022", "2021-24", "2021-33", "2022-01~", "2022-01-01~"]),
).map(Date.parse)


@settings(deadline=None)
@given(short, short)
def test_comparison_agrees_with_sets_of_days(left: Date, right: Date) -> None:
    ours, theirs = _days(left), _days(right)
    if left.text == right.text:
        expected = Agreement.EQUAL
    else:
        expected = Agreement.COMPATIBLE if ours & theirs else Agreement.CONFLICTING
    assert left.compare(right) is expected
    assert left.contains(right) == (theirs <= ours)
    assert left.is_before(right) == (max(ours) < min(theirs))


@settings(deadline=None)
@given(dates, dates)
def test_what_contains_is_never_in_conflict(left: Date, right: Date) -> None:
    if left.contains(right):
        assert left.compare(right) is not Agreement.CONFLICTING
        assert left.overlaps(right)


@settings(deadline=None)
@given(dates, dates, dates)
def test_containment_is_transitive(first: Date, second: Date, third: Date) -> None:
    assert first.contains(first)
    if first.contains(second) and second.contains(third):
        assert first.contains(third)


@settings(deadline=None)
@given(dates, dates)
def test_the_sort_key_agrees_with_before(left: Date, right: Date) -> None:
    if left.is_before(right):
        assert left.sort_key < right.sort_key


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2022-04", "2022-04-16", Agreement.COMPATIBLE),
        ("2022-04-16", "2022-04-16", Agreement.EQUAL),
        ("2022-04-09", "2022-04-16", Agreement.CONFLICTING),
        ("2022-08-07/2022-08-08", "2022-08-07", Agreement.COMPATIBLE),
        ("2021-08/..", "2024", Agreement.COMPATIBLE),
        ("2021-08/..", "2020", Agreement.CONFLICTING),
        ("2023-24", "2024-02-29", Agreement.COMPATIBLE),
        ("2023-24", "2024-03-01", Agreement.CONFLICTING),
    ],
)
def test_examples_of_comparison(left: str, right: str, expected: Agreement) -> None:
    assert Date.parse(left).compare(Date.parse(right)) is expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-02-29", "has no day 29"),
        ("2022-04-31", "has no day 31"),
        ("2022-04-00", "has no day 00"),
        ("2022-13", "no month 13"),
        ("2022-00", "no month 00"),
        ("2022-21-01", "no month 21"),
        ("0000", "year 0"),
        ("000X", "year 0"),
        ("00XX", "year 0"),
        ("9999-24", "beyond the year 9999"),
        ("2024-01-01/2023-01-01", "ends before it begins"),
        ("2021/2022/2023", "more than one"),
        ("199X-04", "month of an unspecified year"),
        ("2022-XX-04", "day of an unspecified month"),
        ("199X-XX-04", "unspecified"),
        ("٢٠٢٢", "not an EDTF date"),
        ("2022-٠٤", "not an EDTF date"),
        ("２０２２", "not an EDTF date"),
        ("", "not an EDTF date"),
        (" 2022", "not an EDTF date"),
        ("2022 ", "not an EDTF date"),
        ("2022\n", "not an EDTF date"),
        ("2022\x00", "not an EDTF date"),
        ("2022 / 2023", "not an EDTF date"),
        ("12022", "not an EDTF date"),
        ("Y170000002", "not an EDTF date"),
        ("-0044", "not an EDTF date"),
        ("2022-4", "not an EDTF date"),
        ("2022/04/16", "more than one"),
        ("16-04-2022", "not an EDTF date"),
        ("April 2022", "not an EDTF date"),
        ("2022~?", "not an EDTF date"),
        ("20XX-XX-XXX", "not an EDTF date"),
        ("2X22", "not an EDTF date"),
        ("...", "not an EDTF date"),
        ("1" * 1_000_000, "not an EDTF date"),
        ("2022/" + "1" * 1_000_000, "not an EDTF date"),
        ("/" * 1_000_000, "more than one"),
    ],
    ids=lambda text: text[:24].encode("unicode_escape").decode(),
)
def test_refuses_and_says_why_in_few_words(text: str, reason: str) -> None:
    with pytest.raises(ParseError, match=re.escape(reason)) as caught:
        Date.parse(text)
    assert len(str(caught.value)) < 300
