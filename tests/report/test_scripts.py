from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from marsad.report.scripts import isolated, language_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [("ur", "Urdu"), ("ps", "Pashto"), ("prs", "Dari"), ("fa-AF", "Dari"), ("fa", "Persian"), ("ur-Latn-PK", "Urdu")],
)
def test_languages_have_names(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_an_unknown_language_is_its_code() -> None:
    assert language_name("qaa") == "qaa"


def test_words_from_right_to_left_are_isolated_one_by_one() -> None:
    assert isolated("ملک: 77 <in> تحریک طالبان, شہر.") == (
        "<bdi>ملک</bdi>: 77 &lt;in&gt; <bdi>تحریک طالبان</bdi>, <bdi>شہر</bdi>."
    )


def test_attributes_are_left_alone() -> None:
    link = Markup('<a href="https://example.org/خبر">خبر</a>')
    assert isolated(link) == '<a href="https://example.org/خبر"><bdi>خبر</bdi></a>'


@given(st.text(alphabet="ab <&\"'2۲اب،.-"))
def test_isolation_adds_nothing_but_its_element(text: str) -> None:
    found = isolated(text)
    assert found.replace("<bdi>", "").replace("</bdi>", "") == str(escape(text))
