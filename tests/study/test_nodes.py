from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from marsad.study.faults import Faults
from marsad.study.nodes import YamlFile, path_name, read_yaml

KEYS = st.text(st.sampled_from("abcé"), min_size=1, max_size=3)
VALUES = st.recursive(
    st.text(st.sampled_from("ab:#\n -é'\"[{"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def read(text: str) -> YamlFile:
    faults = Faults()
    file = read_yaml("study.yaml", text, faults)
    assert faults.faults == ()
    assert file is not None
    return file


@given(VALUES)
def test_values_are_those_of_pyyaml(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    assert read(text).value == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_has_a_fault(text: str) -> None:
    faults = Faults()
    file = read_yaml("study.yaml", text, faults)
    assert file is not None or faults.count == 1


def test_scalars_stay_as_they_are_written() -> None:
    assert read("a: no\nb: 2022-04\nc: 010\nd: 1e3\ne: ~\nf: ''\ng: '~'").value == {
        "a": "no",
        "b": "2022-04",
        "c": "010",
        "d": "1e3",
        "f": "",
        "g": "~",
    }


def test_places() -> None:
    file = read("a:\n  - é: x\n    b: |\n      one\n      two [@key]\n  - - z\n")
    assert file.at(("a", 0, "é"))[1:] == (2, 8, "a[0].é")
    assert file.at(("a", 0, "missing"))[1:] == (2, 5, "a[0].missing")
    assert file.at_key(("a", 0, "b"))[1:3] == (3, 5)
    assert file.at_words(("a", 0, "b"), "key")[1:3] == (5, 13)
    assert file.at_words(("a", 0, "b"), "nowhere")[1:3] == (3, 8)
    assert file.at(("a", 1, 0))[1:3] == (6, 7)


def test_path_name() -> None:
    assert path_name(("chapters", 0, "sections", 1, "title")) == "chapters[0].sections[1].title"
    assert path_name((0, "id")) == "[0].id"
