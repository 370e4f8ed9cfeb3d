"""What is sent to a model: passages, prompt and schema."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from marsad.documents import RUNNING, read_text
from marsad.errors import InputError
from marsad.extraction.llm import LlmResult, extract_with_llm
from marsad.extraction.llm.prompt import OVERLAP, instructions, passages, prompt_hash
from marsad.extraction.llm.schema import ReplyRecord, ReplySlot, read_reply, reply_schema, slots
from marsad.model import Date, Kind, Quantity

from .serving import ATTACK, GAZETTEER, LONG, Server, assert_verbatim, reasons, record, records, values

pytest.importorskip("httpx")


# --- passages ---------------------------------------------------------------------------------------------------


def test_passages_overlap_and_nothing_is_proposed_twice(server: Server) -> None:
    document = read_text(LONG)
    sent = passages(document, limit=1000)
    assert len(sent) == 3
    assert sent[0].core == sent[0].start
    assert all(0 < each.core - each.start <= OVERLAP for each in sent[1:])
    quotes = [document.text[block.start : block.end] for block in document.blocks]
    server.answers = [records(*(record(quote, ATTACK) for quote in quotes))]
    seen: list[tuple[int, int]] = []
    result = extract_with_llm(
        document,
        endpoint=server.endpoint(passage=1000),
        gazetteer=GAZETTEER,
        progress=lambda done, of: seen.append((done, of)),
    )
    assert [each.text for each in result.proposals] == quotes
    assert (
        "the quote stands in the context alone, which belongs to the passage before" in dict(reasons(result)).values()
    )
    assert (result.usage.passages, result.usage.requests, result.usage.prompt_tokens) == (3, 3, 300)
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_date_may_stand_in_the_context(server: Server) -> None:
    text = f"It was 4 May 2019.\n\n{'Gunmen attacked a market in Maiduguri. ' * 20}"
    quote = "Gunmen attacked a market in Maiduguri."
    server.answers = [records(), records(record(quote, ATTACK, ("date", "2019-05-04", "4 May 2019")))]
    (proposal,) = server.run(text, passage=790).proposals
    assert (proposal.start, proposal.value("date")) == (20, "2019-05-04")


@given(
    st.lists(st.text(alphabet="abش. \n#", max_size=90), max_size=12).map("\n\n".join),
    st.integers(min_value=1, max_value=200),
)
def test_passages_hold_all_of_the_running_text_once(text: str, limit: int) -> None:
    document = read_text(text)
    sent = passages(document, limit=limit)
    assert all(each.start <= each.core < each.end <= each.core + limit for each in sent)
    assert all(before.end <= after.core for before, after in pairwise(sent))
    covered = {at for each in sent for at in range(each.core, each.end)}
    running = {at for block in document.blocks if block.kind in RUNNING for at in range(block.start, block.end)}
    assert {at for at in running - covered if not document.text[at].isspace()} == set()


def test_nothing_is_asked_about_a_document_without_text(server: Server) -> None:
    assert server.run("") == LlmResult()
    assert server.asked == []


def test_right_to_left_text_digits_of_other_scripts_and_characters_beyond_the_first_plane(server: Server) -> None:
    quote = "قُتل ۱۲ شخصاً في هجوم مسلح في ٤ مايو ٢٠١٩"
    text = f"😀 تقرير عن الأحداث الأخيرة في المدينة وما حولها.\n\n{quote} 😀."
    found = record(
        quote,
        ("kind", "armed_attack", "هجوم مسلح"),
        ("killed", "12", "۱۲ شخصاً"),
        ("date", "2019-05-04", "٤ مايو ٢٠١٩"),
        ("injured", "13", "۱۲ شخصاً"),
    )
    server.answers = [records(found)]
    document = read_text(text)
    result = server.run(document)
    assert values(result) == [{"kind": ("armed_attack",), "killed": ("12",), "date": ("2019-05-04",)}]
    assert_verbatim(document, result)
    assert reasons(result) == [("injured", "the words say 12, not 13")]


def test_a_language_that_the_grammar_does_not_read_is_held_to_its_digits(server: Server) -> None:
    quote = "El 30 de enero de 2023 hombres armados mataron a cuatro personas en la plaza del mercado de la ciudad."
    kind = ("kind", "armed_attack", "hombres armados mataron")
    right = [("date", "2023-01-30", "30 de enero de 2023"), ("killed", "4", "cuatro personas")]
    wrong = [("date", "2023-01-31", "30 de enero de 2023"), ("killed", "-4", "cuatro personas")]
    server.answers = [records(record(quote, kind, *right)), records(record(quote, kind, *wrong))]
    document = read_text(f"{quote} Nadie ha reivindicado todavía el ataque, según la policía local.")
    assert document.language == "es"
    good, bad = server.run(document), server.run(document)
    assert values(good) == [{"kind": ("armed_attack",), "date": ("2023-01-30",), "killed": ("4",)}]
    assert {slot.rule for slot in good.proposals[0].slots if slot.name != "kind"} == {
        "the model's reading of words in a language that the grammar does not read"
    }
    assert {slot for slot, _ in reasons(bad)} == {"date", "killed"}


def test_the_schema_that_is_sent_asks_for_what_is_accepted() -> None:
    item = reply_schema()["properties"]["records"]["items"]
    ignored = {"start", "end"}
    assert set(item["properties"]) == set(ReplyRecord.model_fields) - ignored
    assert set(item["properties"]["slots"]["items"]["properties"]) == set(ReplySlot.model_fields) - ignored
    names = item["properties"]["slots"]["items"]["properties"]["name"]["enum"]
    assert set(names) == {*slots(Kind.EVENT), *slots(Kind.FIGURE)}
    assert {"kind", "date", "place", "killed", "measure", "value", "definition"} <= set(names)
    assert not {"source", "via", "locator", "note", "event", "report", "part_of", "whole"} & set(names)


def test_the_examples_of_the_instructions_are_in_the_grammars() -> None:
    dates = instructions().split("- date: EDTF, as precise as the words and no more: ")[1].split(".\n")[0].split(", ")
    assert [str(Date.parse(each)) for each in dates] == dates
    forms = instructions().split("- quantity: ")[1].split("; as the words")[0].replace("\n", " ").split(", ")
    plain = [each.split(" (")[0] for each in forms]
    assert [str(Quantity.parse(each)) for each in plain] == plain
    assert len(plain) > 10


def test_the_hash_follows_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prompt_hash()
    prompt_hash.cache_clear()
    assert prompt_hash() == before
    monkeypatch.setattr("marsad.extraction.llm.prompt.instructions", lambda: "Say nothing.")
    prompt_hash.cache_clear()
    assert prompt_hash() != before
    prompt_hash.cache_clear()


def test_an_answer_in_a_code_fence_is_read_and_one_with_talk_around_it_is_not() -> None:
    assert read_reply('```json\n{"records": []}\n```') == ()
    with pytest.raises(InputError):
        read_reply('Here it is: {"records": []}')
    with pytest.raises(ValidationError):
        ReplySlot.model_validate({"name": "kind", "value": "x", "words": "y", "why": "z"})


def test_the_library_is_not_imported_before_it_is_needed() -> None:
    program = "import sys, marsad.extraction.llm; print('httpx' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
