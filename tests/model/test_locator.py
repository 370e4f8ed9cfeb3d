"""Locators: parse and print are inverse; what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.errors import ParseError
from marsad.model import Locator

LABELS = ("vol", "chap", "sec", "page", "para", "table", "figure", "note", "row", "line", "offset")
words = st.from_regex(r"[A-Za-z_.:][A-Za-z0-9_.:-]{0,7}", fullmatch=True)
ranges = st.tuples(st.integers(0, 9999), st.integers(0, 9999)).map(lambda ends: f"{min(ends)}-{max(ends)}")
values = words | ranges | st.integers(0, 9999).map(str)
terms = st.lists(st.tuples(st.sampled_from(LABELS), values), min_size=1, max_size=4, unique_by=lambda term: term[0])
texts = terms.map(lambda pairs: " ".join(f"{label} {value}" for label, value in pairs))


@settings(deadline=None)
@given(texts)
def test_parse_and_print_are_inverse(text: str) -> None:
    parsed = Locator.parse(text)
    assert str(parsed) == text
    assert Locator.parse(str(parsed)) == parsed


@settings(deadline=None)
@given(terms)
def test_terms_are_the_pairs_in_their_order(pairs: list[tuple[str, str]]) -> None:
    assert Locator.parse(" ".join(f"{label} {value}" for label, value in pairs)).terms == tuple(pairs)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("sec 2.4 para 3", "section 2.4, paragraph 3"),
        ("page 12-13", "page 12-13"),
        ("chap 2 vol 1", "chapter 2, volume 1"),
        ("row 7", "row 7"),
        ("sec abstract para 1", "abstract, paragraph 1"),
        ("sec literature-review", "literature-review"),
        ("chap introduction page iv", "introduction, page iv"),
        ("sec findings-1", "section findings-1"),
        ("sec IV para 2", "section IV, paragraph 2"),
        ("chap II.B sec A", "chapter II.B, section A"),
        ("note a", "note a"),
        ("table 2-1", "table 2-1"),
        ("page 9-10", "page 9-10"),
        ("page 12-12", "page 12-12"),
    ],
)
def test_prints_for_people(text: str, printed: str) -> None:
    assert Locator.parse(text).printed == printed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a locator"),
        (" ", "unknown label"),
        ("page", "is not a locator"),
        ("page 12 para", "is not a locator"),
        ("page  12", "is not a locator"),
        (" page 12", "is not a locator"),
        ("page 12 ", "is not a locator"),
        ("12 page", "unknown label '12'"),
        ("pg 12", "unknown label 'pg'; known are vol, chap"),
        ("Page 12", "unknown label 'Page'"),
        ("page 12 page 13", "one label twice"),
        ("page 12,13", "no number or name"),
        ("page -1", "no number or name"),
        ("page -1-3", "no number or name"),
        ("page 12-3", "ends before it begins"),
        ("sec 2.1 para 10-9", "ends before it begins"),
        ("page 12\n", "no number or name"),
        ("page 12\u00a013", "no number or name"),
        ("page /etc/passwd", "no number or name"),
        ("page 1;DROP", "no number or name"),
        ("page\t12", "is not a locator"),
        ("x" * 1_000_000 + " 1", "unknown label"),
        ("page " + "," * 1_000_000, "no number or name"),
    ],
    ids=lambda text: text[:24].encode("unicode_escape").decode() or "empty",
)
def test_refuses_and_says_why_in_few_words(text: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason) as caught:
        Locator.parse(text)
    assert len(str(caught.value)) < 300
