"""What holds of every value of the model: frozen, and JSON gives back what it was given."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date
from types import NoneType
from typing import Any, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import marsad.model
from marsad.model import Actor, Date, Judgement, Locator, Quantity, Release, plain
from marsad.model.finding import Cite, Number, Passage
from marsad.model.statement import Frozen
from marsad.model.text import TextValue

PUBLIC = [getattr(marsad.model, name) for name in marsad.model.__all__]
MODELS = [item for item in PUBLIC if isinstance(item, type) and issubclass(item, Frozen)]
TEXT_VALUES: dict[type[TextValue], list[str]] = {
    Date: ["2022", "2022-04-16", "2021-08/..", "..", "199X", "2022-07~"],
    Quantity: ["100", ">=50", "~34", "20..25", "dozens", "-3.5"],
    Locator: ["sec 2.4 para 3", "page 12-13"],
}
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
json_objects = st.dictionaries(st.text(max_size=5), json_values, max_size=2)
names = st.text(min_size=1, max_size=5)
SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "csl": json_objects,
    "spec": json_objects,
    "sha256": st.text(alphabet="0123456789abcdef", min_size=64, max_size=64),
    "made_at": st.datetimes(timezones=st.just(UTC)),
    "left": names,
    "right": names,
    "author": names,
}


LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=5),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(),
    bool: st.booleans(),
    date: st.dates(),
    NoneType: st.none(),
    **{kind: st.sampled_from(examples).map(kind.parse) for kind, examples in TEXT_VALUES.items()},
}


def _of_type(annotation: Any) -> st.SearchStrategy[Any]:
    """Small values of an annotation of the model."""
    parts = get_args(annotation)
    if annotation in LEAVES:
        return LEAVES[annotation]
    if get_origin(annotation) is tuple:
        variadic = parts[-1] is Ellipsis
        return st.lists(_of_type(parts[0]), max_size=2).map(tuple) if variadic else st.tuples(*map(_of_type, parts))
    if get_origin(annotation) in (dict, Mapping):
        return st.dictionaries(*map(_of_type, parts), max_size=2)
    if parts:
        return st.one_of(*map(_of_type, parts))
    return _values(annotation) if issubclass(annotation, Frozen) else st.sampled_from(annotation)


def _values(model: type[Frozen]) -> st.SearchStrategy[Any]:
    """Any instance of a model, each of its fields set."""
    fields = {
        name: SPECIAL[name] if name in SPECIAL else _of_type(info.annotation)
        for name, info in model.model_fields.items()
    }
    return st.builds(model, **fields)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_json_and_python_give_back_what_they_were_given(model: type[Frozen], data: st.DataObject) -> None:
    value = data.draw(_values(model))
    assert model.model_validate_json(value.model_dump_json()) == value
    assert model.model_validate(value.model_dump()) == value


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_models_are_frozen_and_know_their_fields(model: type[Frozen], data: st.DataObject) -> None:
    value = data.draw(_values(model))
    for name in model.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(value, name, getattr(value, name))
    with pytest.raises(ValidationError, match="unheard_of"):
        model.model_validate({**dict(value), "unheard_of": 1})


@pytest.mark.parametrize(("kind", "text"), [(kind, texts[0]) for kind, texts in TEXT_VALUES.items()])
def test_text_values_are_frozen_and_hashable(kind: type[TextValue], text: str) -> None:
    value = kind.parse(text)
    assert hash(value) == hash(kind.parse(text))
    for name in kind.__annotations__:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, None)


def test_a_copy_computes_anew_what_the_original_kept() -> None:
    first = Actor(record="r1", subject="a", name="First", kind="state")
    second = Actor(record="r2", subject="b", name="Second", kind="state")
    evidence = marsad.model.Evidence(actors=(first,))
    assert set(evidence.actor_by_id) == {"a"}
    assert set(evidence.model_copy(update={"actors": (first, second)}).actor_by_id) == {"a", "b"}
    assert set(evidence.actor_by_id) == {"a"}


def test_an_aliased_field_is_written_as_in_the_study_folder_and_read_by_either_name() -> None:
    by_name = Actor(record="r", subject="s", name="n", kind="state", since=Date.parse("2022"))
    by_alias = Actor.model_validate(by_name.model_dump())
    assert by_alias == by_name
    assert by_name.model_dump(mode="json")["from"] == "2022"


def test_a_bad_text_value_is_an_error_of_its_field() -> None:
    with pytest.raises(ValidationError, match="has no day 29") as caught:
        Actor.model_validate({"record": "r", "subject": "s", "name": "n", "kind": "state", "from": "2023-02-29"})
    assert caught.value.errors()[0]["loc"] == ("from",)


@pytest.mark.parametrize("digest", ["", "0" * 63, "0" * 65, "Z" * 64, "zz" + "0" * 64, "0" * 64 + "\n", "A" * 64])
def test_a_hash_is_64_hexadecimal_digits_and_nothing_else(digest: str) -> None:
    fields = dict.fromkeys(("id", "title", "producer", "version", "licence", "citation"), "x")
    with pytest.raises(ValidationError, match="sha256"):
        Release.model_validate(fields | {"retrieved_at": "2024", "may_redistribute": True, "sha256": digest})


def test_a_judgement_needs_a_time_with_its_zone() -> None:
    fields = {"left": "a", "right": "b", "verdict": "same", "author": "x"}
    Judgement.model_validate(fields | {"made_at": "2024-01-01T10:00:00+05:00"})
    with pytest.raises(ValidationError, match="timezone"):
        Judgement.model_validate(fields | {"made_at": "2024-01-01T10:00:00"})


def test_a_passage_reads_as_plain_text() -> None:
    passage: Passage = ("In 2022, ", Number(text="262", statements=("ab12",)), " attacks ", Cite(cite="pips2022"), ".")
    assert plain(passage) == "In 2022, 262 attacks [pips2022]."
    assert plain(()) == ""
