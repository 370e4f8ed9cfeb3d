"""What a model has to answer: the slots that it may fill, the schema that is sent, and the check of what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field as Described
from pydantic import JsonValue, StrictInt, ValidationError

from marsad.errors import InputError
from marsad.model import Kind
from marsad.model.statement import Frozen
from marsad.study import Field, dictionary

__all__ = [
    "DEFINITION",
    "TABLES",
    "Reply",
    "ReplyRecord",
    "ReplySlot",
    "faults_of",
    "read_reply",
    "reply_schema",
    "slots",
]

TABLES: Mapping[Kind, str] = {Kind.EVENT: "events", Kind.FIGURE: "figures"}
"""The kinds of record that are asked for, each with its table of the study folder."""

DEFINITION = "definition"
"""The one slot of free text: its value is its words as they stand in the text."""

_READABLE = frozenset({"term", "terms", "edtf", "quantity"})
_NAMED = frozenset({"places", "actors"})
_FENCED = re.compile(r"```[a-z]*\n(?P<inside>.*)\n```", re.DOTALL)


class ReplySlot(Frozen):
    """One property as the model gives it. Its character positions are never looked at."""

    name: str = Described(max_length=40)
    value: Annotated[str, Described(max_length=300)] | Annotated[StrictInt, Described(ge=-(10**15), le=10**15)]
    words: str = Described(max_length=600)
    start: JsonValue = None
    end: JsonValue = None


class ReplyRecord(Frozen):
    """One record as the model gives it. Its character positions are never looked at."""

    kind: Literal["event", "figure"]
    quote: str = Described(max_length=3000)
    slots: tuple[ReplySlot, ...] = Described(max_length=40)
    start: JsonValue = None
    end: JsonValue = None


class Reply(Frozen):
    """A whole answer. Its records are checked one by one, so that a faulty one does not take the others with it."""

    records: tuple[JsonValue, ...] = Described(max_length=200)


@cache
def slots(kind: Kind) -> Mapping[str, Field]:
    """The columns of a kind's table that can be read from words and checked, by name."""
    fields = dictionary().tables[TABLES[kind]].fields
    return {
        field.name: field
        for field in fields
        if field.type in _READABLE or field.table in _NAMED or field.name == DEFINITION
    }


def reply_schema() -> dict[str, Any]:
    """The JSON schema that is sent: without bounds on sizes, which some servers refuse."""
    names = list(dict.fromkeys(name for kind in TABLES for name in slots(kind)))
    text = {"type": "string"}
    slot = _object({"name": {"type": "string", "enum": names}, "value": text, "words": text})
    kinds = {"type": "string", "enum": [kind.value for kind in TABLES]}
    record = _object({"kind": kinds, "quote": text, "slots": {"type": "array", "items": slot}})
    return _object({"records": {"type": "array", "items": record}})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read_reply(content: str) -> tuple[JsonValue, ...]:
    """The records of an answer, not yet checked; raises ``InputError`` where it is not the JSON that was asked for."""
    fenced = _FENCED.fullmatch(content.strip())
    try:
        return Reply.model_validate_json(fenced["inside"] if fenced else content).records
    except ValidationError as error:
        if error.errors(include_url=False)[0]["type"] == "json_invalid":
            raise InputError(
                "the model's answer is not JSON, or only the beginning of it; take a model that can write JSON"
            ) from None
        raise InputError(
            f"the model's answer is JSON of another form: {faults_of(error)}; take a model that keeps to a schema"
        ) from None


def faults_of(error: ValidationError) -> str:
    """What is wrong, without the values, at most three faults."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))[:80]}: {each['msg'][:120]}" for each in found[:3])
