"""What a source changed between two snapshots."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from marsad.connectors.snapshots import compare_snapshots


def _row(name: str | None, **columns: Any) -> dict[str, Any]:
    return {"source_id": name, "verbatim": str(sorted(columns.items())), **columns}


def test_added_changed_and_withdrawn() -> None:
    old = [_row("A1", deaths_best=3), _row("A2", deaths_best=0), _row("A3", place="x")]
    new = [_row("A4", deaths_best=1), _row("A1", deaths_best=5), _row("A3", place="x")]
    found = compare_snapshots(old, new)
    assert (found.added, found.withdrawn, found.same) == (("A4",), ("A2",), 1)
    (change,) = found.changed
    assert (change.source_id, change.columns) == ("A1", ("deaths_best",))
    assert (change.before, change.after) == ({"deaths_best": 3}, {"deaths_best": 5})


def test_a_retroactive_edit_of_something_that_no_column_has_is_still_a_change() -> None:
    old, new = _row("A1") | {"verbatim": '{"timestamp":1}'}, _row("A1") | {"verbatim": '{"timestamp":2}'}
    (change,) = compare_snapshots([old], [new]).changed
    assert change.columns == ()


def test_a_value_that_is_stated_only_now_is_a_change() -> None:
    (change,) = compare_snapshots([_row("A1")], [_row("A1", injured=0)]).changed
    assert (change.before, change.after) == ({"injured": None}, {"injured": 0})


def test_the_release_and_the_place_in_the_file_are_no_change() -> None:
    old, new = _row("A1") | {"release": "1", "row": 1, "record": "a"}, _row("A1") | {"release": "2", "row": 9}
    assert compare_snapshots([old], [new]).same == 1


def test_an_identifier_of_several_records_is_compared_as_a_whole() -> None:
    old = [_row("A1", place="x"), _row("A1", place="y"), _row(None)]
    assert compare_snapshots(old, old[::-1]).same == 1
    found = compare_snapshots(old, [_row("A1", place="x"), _row("A1", place="z"), _row(None)])
    assert (found.repeated, found.unnamed) == (("A1",), 2)
    assert [change.source_id for change in found.changed] == ["A1"]
    assert [change.source_id for change in compare_snapshots(old, old[:1]).changed] == ["A1"]


tables = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3)).map(
    lambda table: [_row(name, deaths_best=count) for name, count in table.items()]
)


@given(tables, tables)
def test_every_identifier_is_in_one_place_and_the_other_way_round_is_the_mirror(old: list[Any], new: list[Any]) -> None:
    found, back = compare_snapshots(old, new), compare_snapshots(new, old)
    before, after = {row["source_id"] for row in old}, {row["source_id"] for row in new}
    assert set(found.added) == after - before
    assert set(found.withdrawn) == before - after
    assert found.same + len(found.changed) == len(before & after)
    assert (back.added, back.withdrawn) == (found.withdrawn, found.added)
    assert [(one.source_id, one.after) for one in back.changed] == [
        (one.source_id, one.before) for one in found.changed
    ]
