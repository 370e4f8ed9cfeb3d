"""Records from statements and back, and what follows from how actors, places and targets contain one another."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import marsad.study
from marsad.model import (
    RECORDS,
    Actor,
    Date,
    Event,
    Evidence,
    Kind,
    Locator,
    Place,
    Quantity,
    Record,
    Statement,
    broader_targets,
)
from marsad.model.records import typed_value

SHARED = {"record", "subject", "statements", "source", "via", "locator", "origin"}
DICTIONARY = Path(next(iter(marsad.study.__path__))) / "dictionary.yaml"

texts = st.text(min_size=1, max_size=6)
BY_TYPE: dict[type, st.SearchStrategy[Any]] = {
    str: texts,
    Date: st.sampled_from(["2022", "2022-04", "2021-08/..", "..", "2022-08-07/2022-08-08"]).map(Date.parse),
    Quantity: st.sampled_from(["0", "100", ">=50", "~34", "20..25", "dozens"]).map(Quantity.parse),
    float: st.floats(-180, 180),
}


def _field(annotation: Any, *, required: bool) -> st.SearchStrategy[Any]:
    if get_origin(annotation) is tuple:
        return st.lists(texts, max_size=3).map(tuple)
    kinds = get_args(annotation) or (annotation,)
    value = next(BY_TYPE[kind] for kind in kinds if kind in BY_TYPE)
    return value if required else st.just("" if annotation is str else None) | value


@st.composite
def _records(draw: st.DrawFn, name: str) -> tuple[Kind, Record]:
    """A record of any kind, without the identifiers of its statements."""
    kind = draw(st.sampled_from(Kind))
    model = RECORDS[kind]
    fields = {
        field: draw(_field(info.annotation, required=info.is_required()))
        for field, info in model.model_fields.items()
        if field not in SHARED
    }
    where = {"source": draw(texts), "via": draw(st.text(max_size=3)), "origin": draw(texts)}
    locator = draw(st.none() | st.just(Locator.parse("sec 2.4 para 3")))
    return kind, model(record=name, subject=draw(texts), locator=locator, **where, **fields)


def _written(kind: Kind, record: Record) -> list[Statement]:
    """The statements of a record: one for each value that it has."""
    found = []
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        if name in SHARED or value is None or value in ("", ()):
            continue
        found += [
            Statement(
                kind=kind,
                subject=record.subject,
                record=record.record,
                property=info.alias or name,
                value=str(one),
                source=record.source,
                via=record.via,
                locator=str(record.locator or ""),
                origin=record.origin,
            )
            for one in (value if isinstance(value, tuple) else (value,))
        ]
    return found


def _all_records(evidence: Evidence) -> dict[tuple[type, str], Record]:
    groups = (
        evidence.actors,
        evidence.places,
        evidence.attributes,
        evidence.relations,
        evidence.events,
        evidence.figures,
        evidence.actions,
    )
    return {(type(record), record.record): record for group in groups for record in group}


studies = st.integers(1, 4).flatmap(lambda n: st.tuples(*(_records(f"r{i}") for i in range(n))))


@settings(max_examples=60, deadline=None)
@given(studies)
def test_assembling_is_inverse_to_writing_records_as_statements(study: tuple[tuple[Kind, Record], ...]) -> None:
    written = [_written(kind, record) for kind, record in study]
    found = _all_records(Evidence.assemble([one for group in written for one in group], {}))
    assert len(found) == len(study)
    for (_, record), statements in zip(study, written, strict=True):
        again = found[type(record), record.record]
        assert again.model_copy(update={"statements": {}}) == record
        assert again.ids == tuple(statement.id for statement in statements)
        for name in {statement.property for statement in statements}:
            assert again.ids_of(name) == tuple(one.id for one in statements if one.property == name)


@settings(max_examples=30, deadline=None)
@given(studies)
def test_the_records_do_not_depend_on_how_their_statements_interleave(
    study: tuple[tuple[Kind, Record], ...],
) -> None:
    written = [_written(kind, record) for kind, record in study]
    woven = [one for group in zip_longest(*written) for one in group if one is not None]
    straight = [one for group in written for one in group]
    assert _all_records(Evidence.assemble(woven, {})) == _all_records(Evidence.assemble(straight, {}))


def test_assembling_nothing_gives_no_evidence() -> None:
    assert Evidence.assemble([], {}) == Evidence()


def _statement(kind: Kind, name: str, value: str) -> Statement:
    return Statement(kind=kind, subject="s", record="r", property=name, value=value)


@pytest.mark.parametrize(
    ("kind", "name", "value", "expected"),
    [
        (Kind.EVENT, "date", "2022-04", Date.parse("2022-04")),
        (Kind.EVENT, "killed", ">=50", Quantity.parse(">=50")),
        (Kind.EVENT, "actor", "ttp", "ttp"),
        (Kind.FIGURE, "value", "100", Quantity.parse("100")),
        (Kind.FIGURE, "period", "2022", Date.parse("2022")),
        (Kind.FIGURE, "compared_to", "2021", Date.parse("2021")),
        (Kind.ATTRIBUTE, "value", "100", "100"),
        (Kind.RELATION, "from", "2021-08", Date.parse("2021-08")),
        (Kind.ACTION, "to", "..", Date.parse("..")),
        (Kind.ACTION, "first_since", "2011", Date.parse("2011")),
        (Kind.PLACE, "lat", "34.5", 34.5),
        (Kind.PLACE, "name", "2022", "2022"),
        (Kind.PLACE, "remark", "5", "5"),
    ],
)
def test_typed_value_is_the_type_of_the_field(kind: Kind, name: str, value: str, expected: object) -> None:
    found = typed_value(_statement(kind, name, value))
    assert found == expected
    assert type(found) is type(expected)


@settings(max_examples=40, deadline=None)
@given(_records("r0"))
def test_typed_value_agrees_with_the_record(study: tuple[Kind, Record]) -> None:
    kind, record = study
    for statement in _written(kind, record):
        by_alias = {info.alias or name: getattr(record, name) for name, info in type(record).model_fields.items()}
        expected = by_alias[statement.property]
        found = typed_value(statement)
        assert found in expected if isinstance(expected, tuple) else found == expected


def _places(**rows: tuple[str, str]) -> Evidence:
    return Evidence(
        places=tuple(
            Place(record=name, subject=name, name=name.title(), kind="city", admin1=admin1, country=country)
            for name, (admin1, country) in rows.items()
        )
    )


def _actors(**parents: str) -> Evidence:
    return Evidence(
        actors=tuple(
            Actor(record=name, subject=name, name=name.title(), kind="armed_group", parent=parent)
            for name, parent in parents.items()
        )
    )


def test_a_place_lies_in_its_province_its_country_and_the_world() -> None:
    evidence = _places(khar=("kp", ""), kp=("", "pakistan"), pakistan=("", ""), kabul=("", "afghanistan"))
    assert evidence.areas_around("khar") == {"khar", "kp", "pakistan", "world"}
    assert evidence.is_within(["khar"], ["pakistan"])
    assert evidence.is_within(["khar", "kabul"], ["pakistan", "afghanistan"])
    assert not evidence.is_within(["khar", "kabul"], ["pakistan"])
    assert not evidence.is_within(["pakistan"], ["khar"])
    assert evidence.is_within(["kabul"], ["world"])
    assert evidence.is_within(["kabul"], [])
    assert evidence.is_within([], ["pakistan"])
    assert evidence.is_within(["nowhere"], ["nowhere"])
    assert not evidence.is_within(["nowhere"], ["pakistan"])


def test_places_that_contain_each_other_end() -> None:
    evidence = _places(a=("b", "a"), b=("a", "b"))
    assert evidence.areas_around("a") == {"a", "b", "world"}
    assert evidence.is_within(["a"], ["b"])
    assert evidence.is_within(["b"], ["a"])


def test_an_actor_belongs_to_all_groups_above_it() -> None:
    evidence = _actors(cell="wing", wing="party", party="")
    assert evidence.groups_around("cell") == {"cell", "wing", "party"}
    assert evidence.groups_around("party") == {"party"}
    assert evidence.groups_around("stranger") == {"stranger"}
    assert _actors(cell="unlisted").groups_around("cell") == {"cell", "unlisted"}


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", *"abcde"])), st.sampled_from("abcde"))
def test_groups_around_is_reachability_even_in_circles(parents: Mapping[str, str], start: str) -> None:
    reached = {start}
    for _ in range(len(parents) + 1):
        reached |= {parents[name] for name in reached if parents.get(name)}
    assert _actors(**parents).groups_around(start) == reached


def test_names_fall_back_on_identifiers() -> None:
    evidence = Evidence(
        actors=(Actor(record="r", subject="ttp", name="Tehreek-e-Taliban Pakistan", kind="armed_group"),),
        places=(Place(record="r", subject="kp", name="Khyber Pakhtunkhwa", kind="admin1"),),
    )
    assert evidence.actor_name("ttp") == "Tehreek-e-Taliban Pakistan"
    assert evidence.place_name("kp") == "Khyber Pakhtunkhwa"
    assert evidence.actor_name("unknown") == "unknown"
    assert evidence.place_name("unknown") == "unknown"
    assert evidence.figure_by_id == {}


@pytest.mark.parametrize(
    ("target", "broader"),
    [
        ("police", {"police", "security", "people"}),
        ("religious", {"religious", "civilians", "people"}),
        ("people", {"people"}),
        ("infrastructure", {"infrastructure"}),
        ("unheard_of", {"unheard_of"}),
    ],
)
def test_broader_targets(target: str, broader: set[str]) -> None:
    assert broader_targets(target) == broader


def test_broader_targets_are_words_of_the_vocabulary() -> None:
    vocabulary = set(yaml.safe_load(DICTIONARY.read_text(encoding="utf-8"))["vocabularies"]["target"])
    assert all(broader_targets(target) <= vocabulary for target in vocabulary)
    assert all(target in broader_targets(target) for target in vocabulary)


def test_the_fields_of_each_record_are_the_columns_of_its_table() -> None:
    tables = yaml.safe_load(DICTIONARY.read_text(encoding="utf-8"))["tables"]
    for kind, model in RECORDS.items():
        columns = {field["name"] for field in tables[f"{kind}s"]["fields"]}
        fields = {info.alias or name for name, info in model.model_fields.items()}
        identifiers = {"id", "report", "event", "figure", "action"}
        assert columns - identifiers <= fields, kind
        assert fields - columns <= SHARED | {"note"}, kind


def test_a_number_that_is_exact_stays_exact() -> None:
    event = Event.assemble([_statement(Kind.EVENT, "kind", "clash"), _statement(Kind.EVENT, "killed", "0.1")])
    assert event.killed is not None
    assert event.killed.low == Decimal("0.1")
