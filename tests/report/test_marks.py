from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marsad.model import Kind, Statement
from marsad.report.marks import Marks, runs


def _statements(*origins: str) -> dict[str, Statement]:
    made = [
        Statement(kind=Kind.EVENT, subject="a", record=origin, property="killed", value="1", origin=origin)
        for origin in origins
    ]
    return {statement.id: statement for statement in made}


@given(st.sets(st.integers(1, 60)))
def test_runs_are_the_numbers(numbers: set[int]) -> None:
    found = runs(sorted(numbers))
    assert [first + step for first, length in found for step in range(length)] == sorted(numbers)
    ends = [first + length for first, length in found]
    assert all(end < first for end, (first, _) in zip(ends, found[1:], strict=False))


def test_statements_are_numbered_by_file_and_line_as_a_number() -> None:
    statements = _statements("events.csv:10", "events.csv:9", "actions.csv:11")
    marks = Marks(statements)
    marks.use(statements)
    assert [statement.origin for _, statement in marks.used] == ["actions.csv:11", "events.csv:9", "events.csv:10"]


def test_a_mark_leads_to_its_statement_or_to_their_set() -> None:
    statements = _statements("events.csv:2", "events.csv:3")
    one, two = statements
    marks = Marks(statements)
    assert marks.mark("5", [one]) == '<a class="m" href="#s1" aria-label="evidence for 5: 1 statement"></a>'
    assert marks.mark("1,524", [two, one, two]) == marks.mark("1,524", [one, two])
    assert 'href="#e1" aria-label="evidence for 1,524: 2 statements"' in marks.mark("1,524", [one, two])
    assert [(group.number, group.label, group.statements) for group in marks.sets] == [(1, "1,524", (1, 2))]


def test_there_is_no_mark_without_a_statement_of_the_study() -> None:
    marks = Marks(_statements("events.csv:2"))
    assert marks.mark("5", []) == ""
    assert marks.mark("5", ["elsewhere"]) == ""
    assert marks.used == ()


def test_the_text_of_a_mark_is_escaped() -> None:
    statements = _statements("events.csv:2")
    assert '"><script' not in Marks(statements).mark('"><script>', statements)
