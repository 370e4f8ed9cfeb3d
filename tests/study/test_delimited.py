from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from marsad.study.delimited import Cell, tokenise

# No CR: the files are read with LF line ends only.
CELLS = st.text(st.sampled_from('ab ,"\n;é'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=5)


@given(rows=ROWS, quote_all=st.booleans())
def test_what_the_csv_module_writes_is_read_as_it_reads_it(*, rows: list[list[str]], quote_all: bool) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL).writerows(rows)
    text = buffer.getvalue()
    records = list(tokenise(text))
    assert all(record.problem is None for record in records)
    expected = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    assert [[cell.text for cell in record.cells] for record in records] == expected


@given(st.text(st.sampled_from('ab,"\n'), max_size=30))
def test_a_text_has_a_problem_exactly_where_the_csv_module_finds_one(text: str) -> None:
    records = list(tokenise(text))
    try:
        expected = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        assert any(record.problem for record in records)
        return
    assert [[cell.text for cell in record.cells] for record in records] == expected


@given(st.text(st.sampled_from('ab,"\n'), max_size=40))
def test_each_cell_stands_where_it_says(text: str) -> None:
    lines = text.split("\n")
    for record in tokenise(text):
        assert lines[record.line - 1]
        for cell in record.cells:
            rest = lines[cell.line - 1][cell.column - 1 :]
            before = lines[cell.line - 1][: cell.column - 1]
            assert before == "" or before.endswith(",")
            written = cell.text.split("\n")[0]
            assert rest.startswith('"' + written.replace('"', '""') if rest.startswith('"') else written)


def test_lines_and_columns() -> None:
    first, second, third = tokenise('a,"b,c",d\n\n"x\ny",z\nlast\n')
    assert first.cells == (Cell("a", 1, 1), Cell("b,c", 1, 3), Cell("d", 1, 9))
    assert second.cells == (Cell("x\ny", 3, 1), Cell("z", 4, 4))
    assert (third.line, third.cells) == (5, (Cell("last", 5, 1),))


def test_a_quote_that_never_closes_costs_only_its_line() -> None:
    broken, sound = tokenise('a,"b\nc,d\n')
    assert broken.problem is not None
    assert (broken.problem.line, broken.problem.column, broken.cells) == (1, 3, (Cell("a", 1, 1),))
    assert [cell.text for cell in sound.cells] == ["c", "d"]


def test_an_open_quote_that_swallows_the_quote_of_a_later_line_is_found_where_it_opens() -> None:
    first, *_, last = tokenise('a,"b,c\nd,e,f\ng,"h, i",j\n')
    assert first.problem is not None
    assert (first.problem.line, first.problem.column) == (1, 3)
    assert [cell.text for cell in last.cells] == ["g", "h, i", "j"]


def test_many_open_quotes_take_no_more_than_linear_time() -> None:
    text = 'a,"b""\n' * 20_000
    assert sum(record.problem is not None for record in tokenise(text)) == 20_000
