"""Statements: what their identifier depends on, and what copies keep."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from marsad.model import Kind, Statement, content_hash

TEXT_FIELDS = ("subject", "record", "property", "value", "unit", "source", "via", "locator")
statements = st.builds(
    Statement, kind=st.sampled_from(Kind), origin=st.text(), **{name: st.text() for name in TEXT_FIELDS}
)
parts = st.lists(st.text(alphabet="ab1:2", max_size=4), max_size=4)


@settings(deadline=None)
@given(statements)
def test_the_identifier_is_a_function_of_the_content(statement: Statement) -> None:
    again = Statement.model_validate_json(statement.model_dump_json())
    assert again.id == statement.id
    assert again == statement
    assert statement.model_copy(update={"origin": "elsewhere.csv:99"}).id == statement.id


@settings(deadline=None)
@given(statements, st.sampled_from([*TEXT_FIELDS, "kind"]), st.data())
def test_the_identifier_differs_with_any_field_but_the_origin(
    statement: Statement, field: str, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(Kind) if field == "kind" else st.text())
    assume(other != getattr(statement, field))
    before = statement.id
    assert statement.model_copy(update={field: other}).id != before
    assert Statement(**{**statement.model_dump(), field: other}).id != before
    assert statement.id == before


@settings(deadline=None)
@given(parts, parts)
def test_no_two_lists_of_parts_share_a_hash(left: list[str], right: list[str]) -> None:
    assert (content_hash(*left) == content_hash(*right)) == (left == right)


@pytest.mark.parametrize(
    ("left", "right"),
    [(("ab", "c"), ("a", "bc")), (("a", ""), ("", "a")), (("a",), ("a", "")), ((), ("",)), (("1:a",), ("a",))],
)
def test_moving_a_border_between_parts_changes_the_hash(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    assert content_hash(*left) != content_hash(*right)


def test_the_hash_is_the_same_in_every_process() -> None:
    program = "from marsad.model import content_hash; print(content_hash('نص', 'a'))"
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True
        ).stdout.strip()
        for seed in ("0", "1")
    }
    assert found == {content_hash("نص", "a")}
    assert len(content_hash("نص", "a")) == 16


def test_refuses_an_unknown_kind_an_unknown_field_and_what_is_no_text() -> None:
    good = {"kind": "event", "subject": "s", "record": "r", "property": "kind", "value": "clash"}
    Statement.model_validate(good)
    for bad in ({"kind": "rumour"}, {"colour": "red"}, {"value": 3}, {"value": None}):
        with pytest.raises(ValidationError):
            Statement.model_validate(good | bad)
