from __future__ import annotations

import pytest

from marsad.errors import ParseError
from marsad.model import Cite
from marsad.study import paragraphs
from marsad.study.prose import citations


def test_paragraphs_and_citations() -> None:
    text = "One [@a2022, sec 3]\nand [@b; @c, page 4 ] end.\n  \n\n Two [x] @d [[e]].\n"
    assert paragraphs(text) == (
        (
            "One ",
            Cite(cite="a2022", locator="sec 3"),
            " and ",
            Cite(cite="b"),
            Cite(cite="c", locator="page 4"),
            " end.",
        ),
        ("Two [x] @d [[e]].",),
    )
    assert [cite for _, cite in citations(text)] == [
        Cite(cite="a2022", locator="sec 3"),
        Cite(cite="b"),
        Cite(cite="c", locator="page 4"),
    ]


@pytest.mark.parametrize("text", ["", "  \n\n "])
def test_no_text_has_no_paragraph(text: str) -> None:
    assert paragraphs(text) == ()


@pytest.mark.parametrize("text", ["[@]", "[@a b]", "[@a, somewhere]", "[@a, ]", "[@a; ]"])
def test_bad_citations(text: str) -> None:
    with pytest.raises(ParseError):
        paragraphs(text)
    assert any(isinstance(cite, ParseError) for _, cite in citations(text))


def test_a_citation_that_is_not_closed() -> None:
    assert [str(cite) for _, cite in citations("See [@a2022 and more")] == [
        "the citation that begins with '[@' is not closed"
    ]
