"""Roman numerals, small words of number and time, and letters without their marks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents.folding import without_marks
from marsad.documents.roman import roman, roman_value
from marsad.documents.vocabulary import MONTH, MONTHS, NUMBERS, ORDINALS


@pytest.mark.parametrize(("number", "text"), [(1, "i"), (4, "iv"), (14, "xiv"), (49, "xlix"), (1994, "mcmxciv")])
def test_roman_numerals_are_written_as_usual(number: int, text: str) -> None:
    assert roman(number) == text
    assert roman_value(text.upper()) == number


@given(st.integers(1, 3999))
def test_a_roman_numeral_is_read_as_it_was_written(number: int) -> None:
    assert roman_value(roman(number)) == number


@pytest.mark.parametrize("text", ["", "12", "ivory", "x1"])
def test_other_words_have_no_roman_value(text: str) -> None:
    assert roman_value(text) == 0


def test_number_words_stand_at_their_own_index() -> None:
    assert (NUMBERS[0], NUMBERS[12], NUMBERS[20]) == ("zero", "twelve", "twenty")
    assert (ORDINALS[0], ORDINALS[11], ORDINALS[19]) == ("first", "twelfth", "twentieth")


def test_the_pattern_of_months_finds_exactly_the_months() -> None:
    assert all(re.fullmatch(MONTH, name) for name in MONTHS)
    assert sorted(set(MONTHS.values())) == list(range(1, 13))
    assert re.fullmatch(MONTH, "mayor") is None


@pytest.mark.parametrize(("text", "bare"), [("Élysée", "Elysee"), ("مُحَمَّد", "محمد"), ("plain", "plain")])
def test_marks_are_taken_off_letters(text: str, bare: str) -> None:
    assert without_marks(text) == bare
