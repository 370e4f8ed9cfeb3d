"""Folding: what is alike becomes the same, and every character leads back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents.folding import Folded, fold_print, fold_words


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Café", "CAFE"),
        ("Straße", "STRASSE"),
        ("ﬁnal", "final"),
        ("پاکستان", "پاكستان"),
        ("افغانی", "افغاني"),
        ("حملہ", "حمله"),
        ("أمن", "امن"),
        ("أَمْن", "امن"),
        ("کتـــاب", "کتاب"),
        ("می‌شود", "میشود"),
        ("۱۲۳ ٤٥", "123 45"),
        ("co\u00adoperation", "cooperation"),
    ],
)
def test_words_typed_differently_are_the_same(typed: str, printed: str) -> None:
    assert fold_words(typed).text == fold_words(printed).text


@pytest.mark.parametrize(("one", "other"), [("हमला", "हमल"), ("ې", "ی"), ("ڑ", "ر"), ("۱", "۲")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold_words(one).text != fold_words(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the cross-\nborder raid", "the crossborder raid"),
        ("the cross-border raid", "the cross- border raid"),
        ("“It’s over”", '"It\'s over"'),
        ("two  \t words\nhere", "two words here"),
        ("2021–24", "2021-24"),
        ("ﬁre…", "fire..."),
    ],
)
def test_two_settings_of_a_text_are_the_same(one: str, other: str) -> None:
    assert fold_print(one).text == fold_print(other).text


def test_numbers_do_not_run_together() -> None:
    assert fold_print("5-7").text != fold_print("57").text
    assert fold_print("5 7").text != fold_print("57").text


ALPHABET = st.characters(codec="utf-8") | st.sampled_from("ﬁßİأـ\u200c\u064e車 \n-–“aé")


@pytest.mark.parametrize("fold", [fold_print, fold_words])
@given(text=st.text(ALPHABET))
def test_every_folded_character_leads_back(fold, text: str) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    folded: Folded = fold(text)
    at = 0
    for offset in range(len(folded.text)):
        start, end = folded.origin(offset, offset + 1)
        assert at <= start < end <= len(text)
        at = start
        assert folded.text[offset] in fold(text[start:end]).text or folded.text[offset] in " -"
    assert folded.origin(0, len(folded.text))[1] <= len(text)


@given(st.text())
def test_folding_words_twice_changes_nothing(text: str) -> None:
    once = fold_words(text).text
    assert " ".join(fold_words(once).text.split()) == " ".join(once.split())


@given(st.text())
def test_composed_and_decomposed_latin_are_the_same(text: str) -> None:
    latin = "".join(char for char in text if "LATIN" in unicodedata.name(char, ""))
    assert fold_words(unicodedata.normalize("NFD", latin)).text == fold_words(latin).text
