"""Quantities against a brute force over values, and what the grammar refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.errors import ParseError
from marsad.model import ABOUT_TOLERANCE, Agreement, Quantity

WORDS = {
    "several": 3,
    "dozens": 24,
    "scores": 40,
    "hundreds": 200,
    "thousands": 2_000,
    "tens of thousands": 20_000,
    "hundreds of thousands": 200_000,
    "millions": 2_000_000,
}
STEP = Decimal("0.1")
GRID = [STEP * n for n in range(-1000, 1001)] + [Decimal(n) + d for n in WORDS.values() for d in (-STEP, 0, STEP)]
GRID += [Decimal(10**9), Decimal(-(10**9))]
"""Values that tell any two forms below apart: every bound is a multiple of 0.2, and 0.1 lies between any two bounds."""


@dataclass(frozen=True)
class Form:
    """A quantity as text, and which values it admits, said anew and not with the program's code."""

    text: str
    admits: Callable[[Decimal], bool]

    @property
    def values(self) -> set[Decimal]:
        return {value for value in GRID if self.admits(value)}

    @property
    def parsed(self) -> Quantity:
        return Quantity.parse(self.text)


def _marked(mark: str, n: int) -> Form:
    tests: dict[str, Callable[[Decimal], bool]] = {
        "": lambda x: x == n,
        ">": lambda x: x > n,
        ">=": lambda x: x >= n,
        "<": lambda x: x < n,
        "<=": lambda x: x <= n,
        "~": lambda x: abs(x - n) * 5 <= abs(n),
    }
    return Form(f"{mark}{n}", tests[mark])


def _range(a: int, b: int) -> Form:
    low, high = min(a, b), max(a, b)
    return Form(f"{low}..{high}", lambda x: low <= x <= high)


def _word(word: str) -> Form:
    return Form(word, lambda x: x >= WORDS[word])


numbers = st.integers(-80, 80)
forms = st.one_of(
    st.builds(_marked, st.sampled_from(["", ">", ">=", "<", "<=", "~"]), numbers),
    st.builds(_range, numbers, numbers),
    st.builds(_word, st.sampled_from(sorted(WORDS))),
)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)
texts = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", ">", ">=", "<", "<=", "~"]), decimals),
    st.tuples(decimals, decimals).map(lambda pair: f"{min(pair)}..{max(pair)}"),
    st.sampled_from(sorted(WORDS)),
)


@settings(deadline=None)
@given(texts)
def test_parse_and_print_are_inverse(text: str) -> None:
    parsed = Quantity.parse(text)
    assert Quantity.parse(str(parsed)) == parsed
    assert str(Quantity.parse(str(parsed))) == str(parsed)


@settings(deadline=None)
@given(st.text(alphabet="0123456789.-<>=~", max_size=16))
def test_whatever_parses_has_a_canonical_form_and_ordered_bounds(text: str) -> None:
    try:
        parsed = Quantity.parse(text)
    except ParseError:
        return
    assert Quantity.parse(str(parsed)) == parsed
    assert parsed.low is None or parsed.high is None or parsed.low <= parsed.high


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("100", "100"),
        ("007", "7"),
        ("1.50", "1.5"),
        ("10.0", "10"),
        ("-0", "0"),
        ("-0.0", "0"),
        (">=050", ">=50"),
        ("20..25", "20..25"),
        ("20..20", "20"),
        ("20..20.0", "20"),
        ("-5..-3", "-5..-3"),
        ("~34", "~34"),
        ("tens of thousands", "tens of thousands"),
    ],
)
def test_canonical_forms(text: str, canonical: str) -> None:
    assert str(Quantity.parse(text)) == canonical


@settings(deadline=None)
@given(forms)
def test_bounds_admit_exactly_the_values_of_the_form(form: Form) -> None:
    parsed = form.parsed
    admitted = {
        x
        for x in GRID
        if (parsed.low is None or x > parsed.low or (x == parsed.low and not parsed.low_open))
        and (parsed.high is None or x < parsed.high or (x == parsed.high and not parsed.high_open))
    }
    assert admitted == form.values
    assert parsed.is_exact == (len(form.values) == 1)
    assert parsed.best is None or Decimal(re.sub(r"[<>=~]|\.\..*", "", form.text)) == parsed.best


@settings(deadline=None)
@given(forms, forms)
def test_comparison_agrees_with_a_brute_force_over_values(left: Form, right: Form) -> None:
    if left.parsed.text == right.parsed.text:
        expected = Agreement.EQUAL
    else:
        expected = Agreement.COMPATIBLE if left.values & right.values else Agreement.CONFLICTING
    assert left.parsed.compare(right.parsed) is expected


@settings(deadline=None)
@given(forms, forms)
def test_below_agrees_with_a_brute_force_over_values(left: Form, right: Form) -> None:
    assert left.parsed.is_below(right.parsed) == (max(left.values) < min(right.values))


@settings(deadline=None)
@given(forms, forms)
def test_comparison_is_symmetric(left: Form, right: Form) -> None:
    assert left.parsed.compare(right.parsed) is right.parsed.compare(left.parsed)
    assert left.parsed.touches(right.parsed) == right.parsed.touches(left.parsed)


@settings(deadline=None)
@given(forms)
def test_comparison_is_reflexive(form: Form) -> None:
    assert form.parsed.compare(form.parsed) is Agreement.EQUAL
    assert form.parsed.compare(None) is Agreement.UNKNOWN
    assert not form.parsed.touches(form.parsed)


@settings(deadline=None)
@given(forms, forms)
def test_quantities_touch_when_closing_their_ends_would_reconcile_them(left: Form, right: Form) -> None:
    closed = [
        Quantity.parse(re.sub(r"^([<>])(?!=)", r"\1=", form.text)) if form.text[0] in "<>" else form.parsed
        for form in (left, right)
    ]
    conflict = not left.values & right.values
    reconciled = not (closed[0].is_below(closed[1]) or closed[1].is_below(closed[0]))
    assert left.parsed.touches(right.parsed) == (conflict and reconciled)


@pytest.mark.parametrize(
    ("left", "right", "expected", "touches"),
    [
        (">50", "60", Agreement.COMPATIBLE, False),
        (">=100", "100", Agreement.COMPATIBLE, False),
        ("~10", ">50", Agreement.CONFLICTING, False),
        ("225", ">225", Agreement.CONFLICTING, True),
        ("225", "<225", Agreement.CONFLICTING, True),
        ("225", ">226", Agreement.CONFLICTING, False),
        ("100", "100", Agreement.EQUAL, False),
        ("100", "100.0", Agreement.EQUAL, False),
        ("54", "63", Agreement.CONFLICTING, False),
        ("20..25", "25..30", Agreement.COMPATIBLE, False),
        ("20..24", "25..30", Agreement.CONFLICTING, False),
        ("dozens", "24", Agreement.COMPATIBLE, False),
        ("dozens", "23", Agreement.CONFLICTING, False),
        ("~100", "80", Agreement.COMPATIBLE, False),
        ("~100", "79.9", Agreement.CONFLICTING, False),
        ("~100", "<80", Agreement.CONFLICTING, True),
    ],
)
def test_examples_of_comparison(left: str, right: str, expected: Agreement, *, touches: bool) -> None:
    assert Quantity.parse(left).compare(Quantity.parse(right)) is expected
    assert Quantity.parse(left).touches(Quantity.parse(right)) is touches


def test_the_tolerance_is_the_one_that_is_documented() -> None:
    assert Decimal("0.2") == ABOUT_TOLERANCE


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "100 ",
        " 100",
        "100\n",
        "1 000",
        "1,000",
        "NaN",
        "inf",
        "-inf",
        "1e9",
        "0x10",
        "--5",
        "+5",
        ".5",
        "5.",
        "1_000",
        "١٠٠",
        "१००",
        "１００",
        "½",
        "²",
        "~",
        ">",
        ">~5",
        "=>5",
        ">> 5",
        "5..",
        "..5",
        "5...7",
        ">5..7",
        "7..5",
        "5..7..9",
        "Dozens",
        "a dozen",
        "100%",
        "100\x00",
        "9" * 61,
        "9" * 1_000_000,
        "1,000" * 200_000,
    ],
    ids=lambda text: text[:24].encode("unicode_escape").decode() or "empty",
)
def test_refuses_in_few_words(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        Quantity.parse(text)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["1,000", ">=1,000", "~12,345,678"])
def test_says_how_to_write_thousands(text: str) -> None:
    with pytest.raises(ParseError, match="without separators of thousands"):
        Quantity.parse(text)


def test_a_range_that_is_marked_or_reversed_says_so() -> None:
    with pytest.raises(ParseError, match="both a range and '>'"):
        Quantity.parse(">5..7")
    with pytest.raises(ParseError, match="ends below its start"):
        Quantity.parse("7..5")
