from __future__ import annotations

import pytest

from marsad.model import Cell, Cite, Number
from marsad.report import Bibliography, Reference
from marsad.report.marks import Marks
from marsad.report.prose import Prose, anchor


@pytest.fixture
def prose() -> Prose:
    references = [Reference(key=f"k{n}", in_text=f"Name{n}, 2023", entry="") for n in range(9)]
    return Prose(Bibliography(references=tuple(references)), Marks({}))


def test_citations_in_a_text_are_printed_in_apa(prose: Prose) -> None:
    (first, second) = prose.paragraphs("Attacks <rose> [@k1, sec 2.4 para 3; @k2].\n\nMore.")
    assert first == (
        'Attacks &lt;rose&gt; (<a class="c" href="#ref-k1">Name1, 2023</a>, section 2.4, paragraph 3; '
        '<a class="c" href="#ref-k2">Name2, 2023</a>).'
    )
    assert second == "More."


def test_a_citation_within_brackets_gets_none(prose: Prose) -> None:
    passage = ("one (", Cite(cite="k1"), ", read in ", Cite(cite="k2"), ") two ", Cite(cite="k3"))
    text = prose.passage(passage).striptags()
    assert text == "one (Name1, 2023, read in Name2, 2023) two (Name3, 2023)"


def test_an_unknown_key_is_text_without_a_link(prose: Prose) -> None:
    assert prose.passage((Cite(cite="<b>"),)) == "(&lt;b&gt;)"


def test_a_locator_that_is_none_is_printed_as_it_is(prose: Prose) -> None:
    assert prose.place("sec 3") == "section 3"
    assert prose.place("at the  end") == "at the end"


def test_cells_name_their_sources(prose: Prose) -> None:
    assert prose.cell(Cell(cites=("k2", "k1"))).striptags() == "Name1, 2023; Name2, 2023"
    assert prose.cell(Cell(text="x", cites=("k1",))).striptags() == "x (Name1, 2023)"
    assert prose.cell(Cell(text="5", cites=("k1",)), numeric=True) == "5"
    folded = prose.cell(Cell(text="x", cites=tuple(f"k{n}" for n in range(9))))
    assert folded.startswith("x<details")
    assert "9 sources" in folded


def test_right_to_left_values_are_isolated(prose: Prose) -> None:
    assert prose.value("تحریک") == "<bdi>تحریک</bdi>"
    assert prose.passage((Number(text="<5>", statements=()),)) == "&lt;5&gt;"


@pytest.mark.parametrize(("identifier", "plain"), [("takeover-2021", True), ('x" onclick="y', False), ("الف", False)])
def test_anchors_are_safe(identifier: str, plain: bool) -> None:  # noqa: FBT001 - a parameter of a test
    made = anchor("f", identifier)
    assert (made == f"f-{identifier}") is plain
    assert made.isascii()
    assert '"' not in made


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Attacks rose [@k1, page 3]. They fell.", "Attacks rose (Name1, 2023, page 3)."),
        ("The U.S. Army left. Then more.", "The U.S. Army left."),
        ("Gen. Munir spoke of 3.5 percent. More.", "Gen. Munir spoke of 3.5 percent."),
        ("“It is over.” He left.", "“It is over.”"),
        ("حملے بڑھ گئے۔ پھر کم ہوئے۔", "حملے بڑھ گئے۔"),
        ("No end\n\nSecond paragraph.", "No end"),
        ("", ""),
    ],
)
def test_the_first_sentence(prose: Prose, text: str, sentence: str) -> None:
    assert prose.opening(text).striptags() == sentence


def test_names_within_a_sentence_are_isolated(prose: Prose) -> None:
    assert prose.passage(("Killed, ملک: 77",)) == "Killed, <bdi>ملک</bdi>: 77"
    assert prose.paragraphs("Killed in ملک.") == ["Killed in <bdi>ملک</bdi>."]
    assert prose.paragraphs("حملے TTP ملک") == ["حملے TTP ملک"]
