"""What a connector's YAML may say, and what a person's mapping puts in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from marsad.connectors.registry import connector, connector_names, shipped_spec
from marsad.connectors.spec import Spec, load_mapping, read_spec
from marsad.errors import InputError, NotFoundError

YAML = """
name: thing
title: Things
producer: Somebody
licence: none
citation: "Somebody, Things"
may_redistribute: true
table: events
definition: {id: things, text: what is a thing}
fields: {source_id: ID, date_start: {field: [Day, Date], format: "%d.%m.%Y"}}
lookups: {kind: {1: battle}}
expected_rows: {1.0: 5}
"""


def _spec(text: str = YAML) -> Spec:
    return read_spec("thing.yaml", text)


def test_short_forms_and_keys_that_yaml_takes_for_numbers() -> None:
    spec = _spec()
    assert spec.fields["source_id"].names == ("ID",)
    assert spec.fields["date_start"].names == ("Day", "Date")
    assert spec.lookups["kind"] == {"1": "battle"}
    assert spec.expected_rows == {"1.0": 5}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("source_id: ID", "source: ID", "no column 'source'"),
        ("source_id: ID", "kind: {field: K, lookup: kinds}", "no lookup 'kinds'"),
        ("source_id: ID", "verbatim: ID", "no column 'verbatim'"),
        ("may_redistribute: true", "", "may_redistribute"),
        ("title: Things", "title: Things\ncolour: red", "colour"),
        ("text: what is a thing", "text: ''", "definition.text"),
    ],
)
def test_what_a_yaml_may_not_say(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _spec(YAML.replace(old, new))


def test_a_mapping_changes_fields_and_keeps_the_others() -> None:
    spec = _spec().with_mapping({"fields": {"source_id": "Number"}, "hxl": True}, file="mine.yaml")
    assert spec.fields["source_id"].names == ("Number",)
    assert "date_start" in spec.fields
    assert spec.hxl


def test_a_mapping_with_a_fault_names_its_file() -> None:
    with pytest.raises(InputError, match=r"mine\.yaml.*no column 'when'"):
        _spec().with_mapping({"fields": {"when": "Day"}}, file="mine.yaml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- a\n- b\n", "key: value"),
        (b"a: &x 1\nb: *x\n", "alias"),
        (b"a: [1\n", "not YAML"),
        (b"\xff\xfe\xff", "not YAML in UTF-8"),
        (b"a: !!python/object/apply:os.system ['true']\n", "not YAML"),
    ],
)
def test_a_hostile_mapping_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_mapping(path)


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_mapping(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", connector_names())
def test_every_connector_loads_and_its_yaml_is_whole(name: str) -> None:
    spec = shipped_spec(name)
    assert connector(name).spec == spec
    assert spec.name == name
    names = [name for rule in spec.fields.values() for name in rule.names]
    known: list[str] = [*spec.ignored, *spec.used]
    assert len(known) == len(set(known)), "a field is listed twice"
    assert not set(known) & {name for name in names if len(names) == len(set(names))}, "a field is mapped and listed"


def test_no_two_connectors_share_a_name() -> None:
    words: list[Any] = [word for name in connector_names() for word in (name, *shipped_spec(name).aliases)]
    assert len(words) == len(set(words))


def test_a_connector_is_found_by_alias_whatever_its_case() -> None:
    assert connector("UCDP GED").spec.name == "ucdp-ged"
    assert connector("aidWorkerKIKA").spec.name == "insecurity-insight-aid-workers"
    with pytest.raises(NotFoundError, match="generic"):
        connector("nothing")
