from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents.scripts import direction, has_case, runs_right_to_left


@pytest.mark.parametrize(
    ("text", "runs"),
    [("TTP کے حملے بڑھ گئے", "rtl"), ("Attacks by تحریک طالبان rose", "ltr"), ("", "ltr"), ("2022", "ltr")],
)
def test_the_direction_is_that_of_most_letters(text: str, runs: str) -> None:
    assert direction(text) == runs


@pytest.mark.parametrize(("text", "cased"), [("Élise", True), ("Иван", True), ("بشیر", False), ("小明", False)])
def test_which_scripts_have_capitals(text: str, cased: bool) -> None:  # noqa: FBT001 - a parameter of a test
    assert has_case(text) is cased


@given(st.characters(categories=["L"]))
def test_a_letter_runs_as_unicode_says(letter: str) -> None:
    assert runs_right_to_left(letter) is (unicodedata.bidirectional(letter) in {"R", "AL"})
