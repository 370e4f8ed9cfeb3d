"""A producer's list of withdrawn records: which records it takes back, and which were entered again since."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.connectors.audit import WITHDRAWN, RowAudit
from marsad.connectors.records import BadValue, Record
from marsad.connectors.withdrawals import WithdrawalFields, Withdrawals, read_withdrawals
from marsad.errors import InputError

FIELDS = WithdrawalFields(identifier="id", moment="gone", entered="entered")


def listed(tmp_path: Path, *entries: Any) -> Withdrawals:
    path = tmp_path / "deleted.jsonl"
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return read_withdrawals(path, FIELDS)


def is_kept(found: Withdrawals, **values: Any) -> bool:
    try:
        found.check(Record(values), RowAudit())
    except BadValue:
        return False
    return True


def test_a_record_on_the_list_is_put_aside_with_the_day(tmp_path: Path) -> None:
    found = listed(tmp_path, {"id": "A", "gone": 1690000000}, {"id": 7, "gone": "1690000000"})
    with pytest.raises(BadValue) as caught:
        found.check(Record({"id": "A", "entered": "1680000000"}), RowAudit())
    assert (caught.value.field, caught.value.value, caught.value.reason) == ("id", "A on 2023-07-22", WITHDRAWN)
    assert not is_kept(found, id=7.0, entered=1)
    assert is_kept(found, id="B", entered=1)
    assert is_kept(found, entered=1)


def test_what_was_entered_again_after_its_withdrawal_is_kept_with_a_remark(tmp_path: Path) -> None:
    found = listed(tmp_path, {"id": "A", "gone": 100}, {"id": "A", "gone": 50}, {"id": "B", "gone": 100})
    audit = RowAudit()
    found.check(Record({"id": "A", "entered": 101}, row=3), audit)
    assert audit.remarks["withdrawn by the producer once, and entered again since"].rows == [3]
    assert not is_kept(found, id="A", entered=100), "the latest withdrawal counts"
    assert not is_kept(found, id="A", entered=60)


@pytest.mark.parametrize("moment", [None, "", "soon", "-5", "9" * 40, 1e300, [1], {"a": 1}, "\u0661"])
def test_a_withdrawal_without_a_moment_holds(tmp_path: Path, moment: Any) -> None:
    found = listed(tmp_path, {"id": "A", "gone": moment})
    with pytest.raises(BadValue) as caught:
        found.check(Record({"id": "A", "entered": 10}), RowAudit())
    assert caught.value.value == "A"
    dated = listed(tmp_path, {"id": "A", "gone": moment}, {"id": "A", "gone": 5})
    assert is_kept(dated, id="A", entered=10)


def test_entries_without_an_identifier_are_counted(tmp_path: Path) -> None:
    found = listed(tmp_path, {"id": "A"}, {"gone": 5}, {"id": None}, {"id": "  "})
    assert (set(found.moments), found.unnamed) == ({"A"}, 3)


def test_a_list_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"deleted\.jsonl: line 2 of the list of withdrawals"):
        listed(tmp_path, {"id": "A"}, ["A"])
    with pytest.raises(InputError, match="no such file"):
        read_withdrawals(tmp_path / "none.jsonl", FIELDS)


def test_a_list_in_which_nothing_has_an_identifier_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"deleted\.jsonl: none of its entries has 'id'"):
        listed(tmp_path, {"name": "A"})
    assert not listed(tmp_path).moments
