"""Crosswalks: every word of them is of its vocabulary, and nothing is guessed."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from marsad.connectors.crosswalks import (
    actor_type,
    completed,
    kind_of,
    kinds_of_ucdp,
    plover_of,
    radius_of,
    violence_type_of,
)
from marsad.connectors.registry import connector_names, shipped_spec
from marsad.documents.shipped import shipped_yaml
from marsad.model import TableKind

KINDS = {"battle", "explosion", "violence_against_civilians", "protest", "riot", "development"}
TYPES = {"state_based", "non_state", "one_sided"}
PRECISIONS = {"point", "near", "linear", "admin2", "admin1", "country", "region"}
PLOVER = {
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
}  # fmt: skip
TABLES: dict[str, Any] = shipped_yaml("marsad.connectors", "crosswalks.yaml")


def test_every_word_is_of_its_vocabulary() -> None:
    assert set(TABLES["subkinds"].values()) == KINDS
    assert len(TABLES["subkinds"]) == 25
    assert set(TABLES["plover_by_kind"]) <= KINDS
    assert set(TABLES["plover_by_subkind"]) <= set(TABLES["subkinds"])
    assert {*TABLES["plover_by_kind"].values(), *TABLES["plover_by_subkind"].values()} <= PLOVER
    assert {found["violence_type"] for found in TABLES["ucdp_types"].values()} == TYPES
    assert {found["kind"] for found in TABLES["ucdp_types"].values()} <= KINDS
    assert set(TABLES["radius_km"]) == PRECISIONS - {"region"}


def test_pairs_of_actors_are_written_in_order_of_known_types() -> None:
    actors = set(TABLES["acled_actors"].values())
    for kind, table in TABLES["violence_types"].items():
        assert kind in KINDS
        for pair, found in table.items():
            assert pair.split() == sorted(pair.split())
            assert set(pair.split()) <= actors
            assert found in TYPES


@pytest.mark.parametrize("name", connector_names())
def test_the_lookups_of_every_source_keep_to_the_vocabularies(name: str) -> None:
    spec = shipped_spec(name)
    if spec.table is not TableKind.EVENTS:
        return
    allowed = {"kind": KINDS, "place_precision": PRECISIONS, "date_precision": {"day", "days", "week", "month", "year"}}
    for column, rule in spec.fields.items():
        if column in allowed and rule.lookup:
            assert set(spec.lookups[rule.lookup].values()) - {None} <= allowed[column]
    for table in ("kind", "kind_in_context"):
        assert set(spec.lookups.get(table, {}).values()) - {None} <= KINDS


def test_the_order_of_the_actors_does_not_matter() -> None:
    actors = sorted(set(TABLES["acled_actors"].values()))
    for kind, first, second in product(KINDS, actors, actors):
        assert violence_type_of(kind, first, second) == violence_type_of(kind, second, first)


def test_what_is_not_settled_is_none() -> None:
    assert kind_of("unheard_of") is None
    assert kind_of(None) is None
    assert plover_of("development", "other") is None
    assert plover_of("riot", "mob_violence") is None
    assert plover_of("riot", "violent_demonstration") == "PROTEST"
    assert plover_of(None, None) is None
    assert kinds_of_ucdp("4") is None
    assert actor_type("0") is None
    assert actor_type(None) is None
    assert violence_type_of("battle", None, "state") is None
    assert violence_type_of("battle", "militia", "state") is None
    assert radius_of("region") is None


def test_a_row_is_completed_and_what_is_there_stays() -> None:
    assert completed({"subkind": "grenade"}) == {"subkind": "grenade", "kind": "explosion", "plover": "ASSAULT"}
    row = {"kind": "battle", "plover": "FIGHT", "radius_km": 3.0, "place_precision": "point", "latitude": 1.0}
    assert completed(row) == row
    assert completed({"place_precision": "near", "latitude": None}) == {"place_precision": "near", "latitude": None}
