"""A server that speaks the protocol, for tests: what it answers, and a text with a good answer about it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from marsad.documents import Document, read_text
from marsad.extraction import Gazetteer
from marsad.extraction.llm import Endpoint, LlmResult, extract_with_llm
from marsad.extraction.llm.prompt import Passage
from marsad.extraction.llm.values import Reader
from marsad.extraction.llm.verify import verify
from marsad.model import Date

KEY = "sk-never-to-be-seen-0123456789"
GAZETTEER = Gazetteer.general()
TEXT = (
    "On 4 May 2019 gunmen of Boko Haram attacked a market in Maiduguri, killing more than 60 people and injuring 1,200 "
    "others. Nobody was arrested.\n\n"
    "In 2020, the “early warning” network counted 140 attacks in Nigeria. Three traders and a policeman died later in "
    "Kano, on 6 June."
)
EVENT = "On 4 May 2019 gunmen of Boko Haram attacked a market in Maiduguri, killing more than 60 people"
LATER = "Three traders and a policeman died later in Kano, on 6 June."


@dataclass
class Served:
    """One answer of the server."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0


@dataclass
class Server:
    """A server that answers one after the other what it is given, the last for ever, and keeps what it is asked."""

    url: str
    answers: list[Served] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def endpoint(self, **changes: Any) -> Endpoint:
        chosen = Endpoint(base_url=f"{self.url}/v1", model="small-coder", key=KEY, backoff=0.01, timeout=5)
        return replace(chosen, **changes)

    def run(self, text: str | Document = TEXT, *, reference: Date | None = None, **changes: Any) -> LlmResult:
        document = read_text(text) if isinstance(text, str) else text
        return extract_with_llm(document, endpoint=self.endpoint(**changes), gazetteer=GAZETTEER, reference=reference)


def chat(content: Any, **changes: Any) -> Served:
    """An answer of the protocol; what is no text is written as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    body = {"id": "1", "object": "chat.completion", "model": "small-coder-7b", "choices": [choice], "usage": usage}
    return Served(json.dumps({**body, **changes}).encode(), headers={"Content-Type": "application/json"})


def record(quote: str, *given_slots: tuple[str, Any, str], kind: str = "event") -> dict[str, Any]:
    listed = [{"name": name, "value": value, "words": words} for name, value, words in given_slots]
    return {"kind": kind, "quote": quote, "slots": listed}


def records(*found: dict[str, Any]) -> Served:
    return chat({"records": list(found)})


ATTACK = ("kind", "armed_attack", "attacked")
GOOD = record(
    EVENT,
    ATTACK,
    ("date", "2019-05-04", "4 May 2019"),
    ("place", "Maiduguri", "Maiduguri"),
    ("actor", "Boko Haram", "Boko Haram"),
    ("attribution", "stated", "gunmen of Boko Haram attacked"),
    ("target", "civilians", "a market"),
    ("killed", ">60", "more than 60 people"),
    ("injured", "1200", "1,200 others"),
)


def values(result: LlmResult) -> list[dict[str, tuple[str, ...]]]:
    return [{slot.name: each.values(slot.name) for slot in each.slots} for each in result.proposals]


def held(*found: dict[str, Any], text: str = TEXT) -> LlmResult:
    """What becomes of records without a server between."""
    document = read_text(text)
    whole = Passage(0, 0, len(document.text))
    checked = verify(found, passage=whole, reader=Reader(document, GAZETTEER), coder="llm:x")
    return LlmResult(proposals=checked.proposals, rejected=checked.rejected)


def reasons(result: LlmResult) -> list[tuple[str, str]]:
    return [(each.slot, each.reason) for each in result.rejected]


def assert_verbatim(document: Document, result: LlmResult) -> None:
    """Whatever the model said: all words of all proposals stand where they are said to stand."""
    for each in result.proposals:
        assert each.text == document.text[each.start : each.end] != ""
        for slot in each.slots:
            assert slot.text == document.text[slot.start : slot.end] != ""


LONG = "\n\n".join(
    f"On {day} May 2019 gunmen attacked the market of Maiduguri for the {day}th time; it is told at some length."
    for day in range(10, 30)
)
