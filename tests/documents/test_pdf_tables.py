"""Tables of a PDF, read from where its words stand."""

from __future__ import annotations

from marsad.documents.pdf_lines import Line
from marsad.documents.pdf_tables import find_tables

_LETTER, _SPACE = 6.0, 3.0


def _line(base: float, *cells: tuple[float, str]) -> Line:
    """A line whose cells begin at places; letters are six points wide."""
    words: list[tuple[float, float]] = []
    for left, cell in cells:
        at = left
        for word in cell.split():
            words.append((at, at + _LETTER * len(word)))
            at += _LETTER * len(word) + _SPACE
    text = " ".join(cell for _, cell in cells)
    return Line(
        text=text,
        hyphen=False,
        left=words[0][0],
        right=words[-1][1],
        base=base,
        size=10.0,
        bold=False,
        words=tuple(words),
    )


def _rows(*rows: tuple[str, str, str], top: float = 700.0) -> list[Line]:
    return [_line(top - 14 * at, (50, one), (200, two), (300, three)) for at, (one, two, three) in enumerate(rows)]


HEADER = ("Country", "2001", "2002")
BODY = [("Chad", "1,120", "990"), ("South Sudan", "40", "1,200"), ("Total", "1,160", "2,190")]
PROSE = _line(730, (50, "The table counts what happened in both of the countries in these years"))


def test_words_under_one_another_with_numbers_are_cells() -> None:
    (table,) = find_tables([PROSE, *_rows(HEADER, *BODY), _line(600, (50, "So it was."))])
    assert table.rows == (HEADER, *BODY)
    assert (table.start, table.end) == (1, 5)


def test_a_header_of_words_belongs_to_its_table() -> None:
    header = ("Country", "Killed", "Hurt")
    (table,) = find_tables([PROSE, *_rows(header, *BODY)])
    assert table.rows[0] == header


def test_prose_that_ends_with_years_is_no_table() -> None:
    lines = [
        _line(700 - 14 * at, (50, text))
        for at, text in enumerate(
            [
                "The war that began in the north in 1999",
                "was over before the rains of the year 2003",
                "and the people who had fled since May 2001",
                "went home to what was left of it in 2004",
            ]
        )
    ]
    assert find_tables(lines) == []


def test_a_table_on_two_pages_that_repeats_its_header_has_it_once() -> None:
    first, second = [PROSE, *_rows(HEADER, BODY[0])], _rows(HEADER, *BODY[1:], ("Sum", "1", "2"))
    (begun,), (rest,) = find_tables(first, (), second), find_tables(second, first)
    assert begun.rows == (HEADER, BODY[0])
    assert rest.rows == (*BODY[1:], ("Sum", "1", "2"))


def test_a_table_that_goes_on_without_its_header_is_left_out() -> None:
    assert find_tables(_rows(*BODY), [PROSE]) == []
