"""The query language: what it means, and that nothing typed is ever an error of SQLite."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents.queries import Query, Term, parse_query
from marsad.errors import ParseError


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("border attack", Query(((Term("border"),), (Term("attack"),)))),
        ('"border attack"', Query(((Term("border attack"),),))),
        ("“border attack”", Query(((Term("border attack"),),))),
        ("a b OR c", Query(((Term("a"),), (Term("b"), Term("c"))))),
        ("a OR b OR c", Query(((Term("a"), Term("b"), Term("c")),))),
        ("att*", Query(((Term("att", prefix=True),),))),
        ('"border att"*', Query(((Term("border att", prefix=True),),))),
        ('attack -drone -"air strike"', Query(((Term("attack"),),), (Term("drone"), Term("air strike")))),
        ("cross-border", Query(((Term("cross-border"),),))),
        ("or", Query(((Term("or"),),))),
    ],
)
def test_what_a_query_means(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the query is empty; write a word"),
        ("  \n", "the query is empty; write a word"),
        ('"open', "a quotation mark that is not closed; write"),
        ('a "open', "a quotation mark that is not closed; write"),
        ('""', "no letter or digit; leave it out"),
        ("a - b", "no letter or digit; leave it out"),
        ("*", "no letter or digit; leave it out"),
        ("-a", "says only what to leave out; add a word"),
        ("OR a", "OR must stand between two terms"),
        ("a OR", "OR must stand between two terms"),
        ("a OR OR b", "OR must stand between two terms"),
        ("a OR -b", "OR cannot join a term to leave out"),
        ("a" * 1001, "write 1000 at most"),
        ("a " * 51, "more than 50 terms; leave some out"),
    ],
)
def test_a_malformed_query_is_told_with_its_remedy(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message.replace("*", r"\*")):
        parse_query(text)


SYNTAX = [
    '"',
    "'",
    "*",
    "(",
    ")",
    ":",
    "^",
    "+",
    "-",
    "{",
    "}",
    ",",
    ";",
    "NEAR",
    " AND ",
    " OR ",
    " NOT ",
    "folded",
    " ",
]


@pytest.fixture(scope="module")
def table() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(folded, other)")
    connection.execute("INSERT INTO words VALUES ('a plain text', 'secret')")
    return connection


@given(text=st.text() | st.lists(st.sampled_from([*SYNTAX, "secret", "a"])).map("".join))
def test_nothing_typed_is_an_error_of_the_database(table: sqlite3.Connection, text: str) -> None:
    try:
        query = parse_query(text)
    except ParseError:
        return
    table.execute("SELECT * FROM words WHERE words MATCH ?", [query.expression]).fetchall()
    typed = sum(term.expression.count('"') for group in [*query.groups, query.without] for term in group)
    assert query.expression.count('"') == typed
    assert typed % 2 == 0


def test_the_name_of_a_column_has_no_meaning(table: sqlite3.Connection) -> None:
    for text in ("other:secret", "{other}:secret", "NEAR(a plain)", "^secret"):
        found = table.execute("SELECT * FROM words WHERE words MATCH ?", [parse_query(text).expression]).fetchall()
        assert len(found) == (text == "^secret")
