"""Attacks in the time of a ceasefire: a note, and only where the attackers are a party and the month is one."""

from __future__ import annotations

import pytest

from .rows import action, actor, brief, figure

TRUCE = {"kind": "ceasefire", "actor": "north;red", "since": "2021-11"}
COUNT = {"measure": "attacks", "unit": "count", "actor": "red", "period": "2021-11", "definition": "attacks"}
NOTE = [("note", "attacks-in-a-ceasefire")]


@pytest.mark.parametrize(
    ("truce", "count", "is_found"),
    [
        ({}, {}, True),
        ({"since": "2021-11-09"}, {}, True),
        ({"actor": "north", "target": "red"}, {}, True),
        ({"since": "2021"}, {}, False),
        ({"since": "2021-12"}, {}, False),
        ({"actor": "north;blue"}, {}, False),
        ({"kind": "talks"}, {}, False),
        ({}, {"period": "2021"}, False),
        ({}, {"actor": ""}, False),
        ({}, {"measure": "fighters"}, False),
        ({}, {"value": "0"}, False),
    ],
)
def test_attacks_in_the_month_of_a_ceasefire(truce: dict[str, str], count: dict[str, str], *, is_found: bool) -> None:
    values = {"value": "283"} | COUNT | count
    number = figure("f", **{name: value for name, value in values.items() if value})
    found = brief(*ACTORS, action("t", "truce", **(TRUCE | truce)), number)
    assert found == (NOTE if is_found else [])


def test_a_wing_of_a_party_is_a_party() -> None:
    number = figure("f", **({"value": "3"} | COUNT | {"actor": "red-wing"}))
    assert brief(*ACTORS, action("t", "truce", **TRUCE), number) == NOTE


ACTORS = [actor("north", kind="state"), *(actor(name, kind="armed_group") for name in ("red", "blue"))]
ACTORS.append(actor("red-wing", kind="armed_group", parent="red"))
