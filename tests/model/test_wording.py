"""How the model's values are put into words: every form prints, and both styles tell the same."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.model import (
    Actor,
    Date,
    Event,
    Evidence,
    Place,
    Quantity,
    Reliability,
    Source,
    SourceKind,
    bounds_text,
    date_text,
    enumerated,
    joined,
    label,
    names,
    number_text,
    phrase,
    place_names,
    plural,
    quantity_text,
    short_name,
    shortened,
    source_name,
    span_text,
    targets_text,
    tie_text,
    upper_first,
    word,
)

UNITS = ("", "count", "persons", "percent", "percent_change", "km", "days", "months", "years", "usd", "share")
WORDS = (
    "several",
    "dozens",
    "scores",
    "hundreds",
    "thousands",
    "tens of thousands",
    "hundreds of thousands",
    "millions",
)

years = st.integers(1, 9998).map("{:04d}".format)
days = st.dates(max_value=date(9998, 12, 31)).map(date.isoformat)
seasons = st.builds("{}-{}".format, years, st.sampled_from([21, 22, 23, 24, 33, 34, 35, 36]))
spans = st.integers(1, 999).map("{:03d}X".format) | st.integers(1, 99).map("{:02d}XX".format)
unspecified = st.one_of(
    days.map(lambda day: f"{day[:7]}-XX"), years.map("{}-XX".format), (years | spans).map("{}-XX-XX".format)
)
points = st.builds(
    "{}{}".format,
    st.one_of(years, days, days.map(lambda day: day[:7]), seasons, spans, unspecified),
    st.sampled_from(["", "~", "?", "%"]),
)
near = st.builds("2022-08-{:02d}/2022-{}-{:02d}".format, st.integers(1, 9), st.sampled_from(["08", "09"]), st.just(9))
open_ends = st.sampled_from(["..", "../..", "/", "../", "/.."])
intervals = st.one_of(*(points.map(form.format) for form in ("{}/..", "../{}", "{}/", "/{}", "{0}/{0}")), near)
dates = st.one_of(points, intervals, open_ends).map(Date.parse)

numbers = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=2).map(lambda n: f"{n:f}")
quantities = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", ">", ">=", "<", "<=", "~"]), numbers),
    st.tuples(numbers, numbers).map(lambda ends: "..".join(sorted(ends, key=Decimal))),
    st.sampled_from(WORDS),
).map(Quantity.parse)


def _figures(text: str) -> list[str]:
    """The numbers of a text in order of size; the number of a quarter is a word in the long style."""
    return sorted(set(re.findall(r"\d[\d,.]*(?<=\d)", re.sub(r"Q\d", "", text))))


@settings(deadline=None)
@given(dates)
def test_every_date_prints_the_same_in_both_styles(value: Date) -> None:
    long, short = date_text(value), date_text(value, short=True)
    assert long
    assert short
    assert len(short) <= len(long)
    assert _figures(long) == _figures(short)
    assert not re.search(r"[X~%/?]|\.\.|\d-\d|^0\d ", long)
    assert not re.search(r"[X~%/]|\.\.|\d-\d|^0\d ", short)


@settings(deadline=None)
@given(days)
def test_a_printed_day_is_the_day(text: str) -> None:
    day = date.fromisoformat(text)
    printed = date_text(Date.parse(text)).split(" ")
    assert [int(printed[0]), int(printed[2])] == [day.day, day.year]
    assert date_text(Date.parse(text), short=True).split(" ")[1] == printed[1][:3]
    assert printed[1] == f"{day:%B}"


@settings(deadline=None)
@given(st.none() | dates, st.none() | dates)
def test_every_span_prints_the_same_in_both_styles(since: Date | None, until: Date | None) -> None:
    long, short = span_text(since, until), span_text(since, until, short=True)
    assert bool(long) == bool(short) == (since is not None or until is not None)
    assert _figures(long) == _figures(short)
    assert not re.search(r"[X~%/?]|\.\.|\d-\d", long)


@settings(deadline=None)
@given(quantities, st.sampled_from(UNITS))
def test_every_quantity_prints_the_same_in_both_styles(value: Quantity, unit: str) -> None:
    long, short = quantity_text(value, unit), quantity_text(value, unit, short=True)
    assert _figures(long) == _figures(short)
    assert not re.search(r"[<>=~≥≤_-]|\.\.", long)
    assert not re.search(r"[=~_-]|\.\.", short)
    if value.best is not None:
        assert Decimal(re.findall(r"[\d,.]+", long)[0].replace(",", "")) == abs(value.best)


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_a_number_can_be_read_back(number: Decimal) -> None:
    printed = number_text(number)
    assert Decimal(printed.replace(",", "").replace("−", "-")) == number
    whole, point, decimals = printed.partition(".")
    assert re.fullmatch(r"−?\d{1,3}(,\d{3})*", whole)
    assert not point or re.search(r"[1-9]$", decimals)


@settings(deadline=None)
@given(st.none() | numbers.map(Decimal), st.none() | numbers.map(Decimal), st.sampled_from(UNITS))
def test_every_pair_of_bounds_prints(low: Decimal | None, high: Decimal | None, unit: str) -> None:
    printed = bounds_text(low, high, unit=unit)
    for end in (low, high):
        assert end is None or number_text(end) in printed
    assert printed


@pytest.mark.parametrize(
    ("text", "long", "short"),
    [
        ("2023-01-30", "30 January 2023", "30 Jan 2023"),
        ("2022-04", "April 2022", "Apr 2022"),
        ("2022-04-XX", "April 2022", "Apr 2022"),
        ("2022-XX-XX", "2022", "2022"),
        ("199X", "1990s", "1990s"),
        ("18XX", "the century 1800–1899", "1800–1899"),
        ("2024-33", "the first quarter of 2024", "Q1 2024"),
        ("2024-22", "summer 2024", "summer 2024"),
        ("2022-07~", "about July 2022", "about Jul 2022"),
        ("2022-07?", "July 2022 (uncertain)", "Jul 2022?"),
        ("2022-07%", "about July 2022 (uncertain)", "about Jul 2022?"),
        ("2022-08-07/2022-08-08", "7 to 8 August 2022", "7–8 Aug 2022"),
        ("2022-08-07/2022-08-08~", "7 August 2022 to about 8 August 2022", "7 Aug 2022 to about 8 Aug 2022"),
        ("2022-08-31/2022-09-01", "31 August 2022 to 1 September 2022", "31 Aug 2022 to 1 Sep 2022"),
        ("2021-08/2024-06", "August 2021 to June 2024", "Aug 2021 to Jun 2024"),
        ("2021-08/..", "from August 2021 on", "since Aug 2021"),
        ("../2021-12", "until December 2021", "until Dec 2021"),
        ("../..", "no known time", "undated"),
        ("..", "still open", "open"),
        ("2021/2021", "2021", "2021"),
        ("2022-04/2022-04-XX", "April 2022", "Apr 2022"),
    ],
)
def test_dates(text: str, long: str, short: str) -> None:
    assert date_text(Date.parse(text)) == long
    assert date_text(Date.parse(text), short=True) == short
    assert date_text(None) == ""


@pytest.mark.parametrize(
    ("since", "until", "long", "short"),
    [
        ("2022", "2022", "2022", "2022"),
        ("2022", "..", "from 2022 on", "since 2022"),
        ("", "..", "still going on", "ongoing"),
        ("..", "..", "still open", "open"),
        ("", "../2021", "until 2021", "until 2021"),
        ("", "2021", "until 2021", "until 2021"),
        ("2020", "", "2020", "2020"),
        ("2020", "2021", "2020 to 2021", "2020 to 2021"),
        ("2022-08-07", "2022-08-08", "7 to 8 August 2022", "7–8 Aug 2022"),
        ("", "", "", ""),
    ],
)
def test_spans(since: str, until: str, long: str, short: str) -> None:
    ends = [Date.parse(text) if text else None for text in (since, until)]
    assert span_text(ends[0], ends[1]) == long
    assert span_text(ends[0], ends[1], short=True) == short


@pytest.mark.parametrize(
    ("text", "unit", "long", "short"),
    [
        ("100", "persons", "100", "100"),
        ("2240", "km", "2,240 km", "2,240 km"),
        (">2600", "km", "more than 2,600 km", ">2,600 km"),
        (">=50", "", "at least 50", "≥50"),
        ("<10", "", "less than 10", "<10"),
        ("<=10", "", "at most 10", "≤10"),
        ("~34", "count", "about 34", "about 34"),
        ("20..25", "percent", "20 to 25%", "20–25%"),
        ("-5..-3", "percent", "−5 to −3%", "−5 to −3%"),
        ("1", "days", "1 day", "1 day"),
        (">1", "days", "more than 1 days", ">1 days"),
        ("42", "percent_change", "42%", "+42%"),
        ("-8.50", "percent_change", "−8.5%", "−8.5%"),
        ("1000000", "usd", "1,000,000 US dollars", "US$1,000,000"),
        ("tens of thousands", "persons", "tens of thousands", "tens of thousands"),
        ("several", "days", "several days", "several days"),
        ("millions", "usd", "millions of US dollars", "millions of US dollars"),
        ("several", "percent", "several percent", "several percent"),
    ],
)
def test_quantities(text: str, unit: str, long: str, short: str) -> None:
    assert quantity_text(Quantity.parse(text), unit) == long
    assert quantity_text(Quantity.parse(text), unit, short=True) == short


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [
        ("107", "107", "107"),
        ("50", "65", "50 to 65"),
        ("50", None, "at least 50"),
        (None, "65", "at most 65"),
        (None, None, "any number"),
    ],
)
def test_bounds(low: str | None, high: str | None, printed: str) -> None:
    ends = [Decimal(end) if end else None for end in (low, high)]
    assert bounds_text(ends[0], ends[1]) == printed


def test_numbers() -> None:
    assert [number_text(number) for number in (1234.0, 0.5, 7, Decimal("-0.0"))] == ["1,234", "0.5", "7", "0"]
    assert [plural(number, "event") for number in (0, 1, 2000)] == ["0 events", "1 event", "2,000 events"]
    assert plural(2, "study", "studies") == "2 studies"


@pytest.mark.parametrize(
    ("items", "long", "short"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a and b", "a, b"),
        (["a", "b", "c"], "a, b and c", "a, b, c"),
        (["a", "b and c", "d"], "a; b and c; and d", "a; b and c; d"),
        (["1,500", "b"], "1,500 and b", "1,500, b"),
    ],
)
def test_lists(items: list[str], long: str, short: str) -> None:
    assert joined(items) == long
    assert joined(items, short=True) == short


def test_plain_lists() -> None:
    assert enumerated(["a"]) == "a"
    assert enumerated(["a and b", "c"]) == "a and b and c"
    assert enumerated(["a", "b", "c"], joint="or") == "a, b or c"


def test_a_text_is_shortened_at_a_blank() -> None:
    assert shortened("two\n words", 9) == "two words"
    assert shortened("two words and more", 12) == "two words …"


def test_words() -> None:
    assert word("suicide_bombing") == "suicide bombing"
    assert phrase("avoids-attacks") == "avoids attacks"
    assert upper_first("al-Qaeda ABC") == "Al-Qaeda ABC"
    assert targets_text(["police", "civilians", "to_be_expelled"]) == "police, civilians and to be expelled"


def _actor(subject: str, name: str, *aliases: str) -> Actor:
    return Actor(record=subject, subject=subject, name=name, kind="armed_group", aliases=aliases)


def _place(subject: str, name: str) -> Place:
    return Place(record=subject, subject=subject, name=name, kind="admin2")


EVIDENCE = Evidence(
    actors=(
        _actor("ttp", "Movement of Pakistan", "TTP"),
        _actor("unsc", "Security Council"),
        _actor("iran", "Iran"),
        _actor("army", "Home Army", "the army", "army"),
        _actor("hina-rabbani-khar", "Hina Rabbani Khar", "Khar"),
        _actor("protesters", "civil protesters"),
        _actor("nomads", "People of the Desert"),
        _actor("pak-afghan-forum", "Pak-Afghan Forum for Peace and Trade"),
    ),
    places=(_place("swat", "Swat"), _place("kp", "Khyber Pakhtunkhwa"), _place("hills", "the Black Hills")),
    events=(Event(record="e", subject="e", kind="peace_march", note="a security matter of the council; see khar"),),
)


@pytest.mark.parametrize(
    ("subject", "printed"),
    [
        ("ttp-escalation-2021", "TTP escalation 2021"),
        ("delegation-khar-2022", "Delegation Khar 2022"),
        ("raid-in-swat-by-ttp-april-2022", "Raid in Swat by TTP April 2022"),
        ("unsc-talks-iran", "UNSC talks Iran"),
        ("kp-attacks", "KP attacks"),
        ("army-operation", "Army operation"),
        ("call-of-army-and-protesters", "Call of army and protesters"),
        ("march-on-the-hills", "March on the Hills"),
        ("nomads-peace-talks", "Nomads peace talks"),
        ("azm-e-istehkam", "Azm e istehkam"),
        ("ttp", "TTP"),
        ("unsc", "Security Council"),
        ("protesters", "Civil protesters"),
        ("kp", "Khyber Pakhtunkhwa"),
        ("x", "X"),
        ("", ""),
    ],
)
def test_labels(subject: str, printed: str) -> None:
    assert label(EVIDENCE, subject) == printed


slugs = st.from_regex(r"[a-z0-9]{1,6}(?:-[a-z0-9]{1,6}){0,3}", fullmatch=True)


@settings(deadline=None)
@given(slugs, st.lists(st.tuples(slugs, st.text(max_size=12), st.text(max_size=12)), max_size=4))
def test_a_label_has_the_words_of_the_identifier(subject: str, rows: list[tuple[str, str, str]]) -> None:
    evidence = Evidence(actors=tuple(_actor(f"{key}-0", name, alias) for key, name, alias in rows))
    printed = label(evidence, subject)
    if subject not in evidence.actor_by_id:
        assert printed.lower() == subject.replace("-", " ")


def test_the_order_of_the_actors_does_not_change_a_label() -> None:
    actors = [_actor("a", "Khar"), _actor("b", "KHAR"), _actor("c", "khar Valley")]
    ways = [Evidence(actors=tuple(way)) for way in (actors, actors[::-1])]
    assert {label(way, "visit-khar") for way in ways} == {"Visit Khar"}


def test_names() -> None:
    assert names(EVIDENCE, ["ttp", "iran", "ttp"]) == "Movement of Pakistan and Iran"
    assert names(EVIDENCE, ["ttp", "iran", "nobody"], short=True) == "TTP, Iran, nobody"
    assert names(EVIDENCE, ["pak-afghan-forum", "iran"]) == "Pak-Afghan Forum for Peace and Trade and Iran"
    assert place_names(EVIDENCE, ["swat", "kp", "swat"]) == "Swat and Khyber Pakhtunkhwa"
    assert [short_name(EVIDENCE, name) for name in ("ttp", "unsc", "nobody")] == ["TTP", "Security Council", "nobody"]
    assert tie_text(EVIDENCE, "common_enemy", "ttp", "iran") == "common enemy from Movement of Pakistan to Iran"
    about = tie_text(EVIDENCE, "mediation", "iran", "unsc", about="ttp", short=True)
    assert about == "mediation from Iran to Security Council about TTP"


def _source(csl: dict[str, Any], issued: str) -> Source:
    return Source(
        key="key",
        kind=SourceKind.SECONDARY,
        reliability=Reliability.B,
        title="A long title of a report",
        csl=csl,
        issued=Date.parse(issued) if issued else None,
    )


ONE, TWO, BODY = {"family": "Khan", "given": "A."}, {"family": "Ali"}, {"literal": "Centre for Research and Studies"}


@pytest.mark.parametrize(
    ("authors", "issued", "printed"),
    [
        ([ONE], "2023-03-29", "Khan 2023"),
        ([ONE, TWO], "2023", "Khan and Ali 2023"),
        ([ONE, TWO, BODY], "2023~", "Khan et al. 2023"),
        ([BODY, ONE], "2021/2022", "Centre for Research and Studies and Khan 2021"),
        ([ONE], "../2022", "Khan 2022"),
        ([ONE], "199X", "Khan 1990s"),
        ([ONE], "18XX", "Khan 1800–1899"),
        ([ONE], "..", "Khan n.d."),
        ([ONE], "", "Khan n.d."),
        ([], "2023", "“A long title of” 2023"),
        ([{}], "2023", "“A long title of” 2023"),
        ("Khan", "2023", "“A long title of” 2023"),
        (["Khan"], "2023", "“A long title of” 2023"),
    ],
)
def test_sources(authors: object, issued: str, printed: str) -> None:
    assert source_name(Evidence(sources={"key": _source({"author": authors}, issued)}), "key") == printed


def test_a_source_that_is_not_known_is_named_by_its_key() -> None:
    assert source_name(Evidence(), "key") == "key"
