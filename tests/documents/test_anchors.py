"""Anchors: the same characters on any text, after edits, and from every format; None where the quote is gone."""

from __future__ import annotations

import json
import random
import time
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents.anchors import CONTEXT, SIMILAR, Anchor, FoundHow, find_anchor, make_anchor
from marsad.errors import InputError

REPORT = (
    "The first convoy left the port of Salda in March. Two trucks were burnt near the river crossing at night. "
    "No one claimed the attack. The governor spoke of 12 wounded drivers and vowed an inquiry within a week. "
    "A second convoy followed in April; it reached the capital unharmed. Observers from the union counted 40 trucks. "
    "No one claimed the attack. In May the road was closed, and aid went by air until the rains ended in September."
)


def _anchored(words: str, text: str = REPORT) -> Anchor:
    start = text.index(words)
    return make_anchor(text, start, start + len(words))


@st.composite
def _texts_and_spans(draw: st.DrawFn, fewest: int = 0) -> tuple[str, int, int]:
    text = draw(st.text(min_size=fewest, max_size=300) | st.text("ab \n-’é\u0301پک", min_size=fewest, max_size=300))
    start = draw(st.integers(0, len(text)))
    return text, start, draw(st.integers(start, len(text)))


@given(_texts_and_spans())
def test_an_unchanged_text_gives_the_same_span(span: tuple[str, int, int]) -> None:
    text, start, end = span
    anchor = make_anchor(text, start, end)
    assert anchor.exact == text[start:end]
    found = find_anchor(text, anchor)
    assert found is not None
    assert (found.start, found.end, found.how, found.score) == (start, end, FoundHow.SAME_PLACE, 1)


@given(_texts_and_spans(fewest=9), st.text(max_size=80), st.text(max_size=80), st.integers(0, 40))
def test_edits_elsewhere_do_not_matter(span: tuple[str, int, int], before: str, after: str, cut: int) -> None:
    text, start, end = span
    anchor = make_anchor(text, start, end)
    first, last = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    changed = before + text[min(cut, first) : last] + after + text[last + cut :]
    found = find_anchor(changed, anchor)
    assert found is not None
    assert changed[found.start : found.end] == anchor.exact
    assert found.how is not FoundHow.EDITED


@given(_texts_and_spans(), st.text(max_size=300))
def test_whatever_is_found_is_like_the_quote(span: tuple[str, int, int], other: str) -> None:
    anchor = make_anchor(*span)
    found = find_anchor(other, anchor)
    if found and found.how is not FoundHow.EDITED:
        kept = [char for char in other[found.start : found.end] if char.isascii() and char.isalnum()]
        assert kept == [char for char in anchor.exact if char.isascii() and char.isalnum()]
    assert found is None or 0 <= found.start <= found.end <= len(other)


@pytest.mark.parametrize("start", range(0, 280, 23))
@pytest.mark.parametrize("length", [12, 60, 150])
def test_small_edits_everywhere_else(start: int, length: int) -> None:
    rng = random.Random(start * 1000 + length)
    anchor = make_anchor(REPORT, start, start + length)
    parts = [REPORT[:start], REPORT[start + length :]]
    for at, part in enumerate(parts):
        chars = list(part)
        for _ in range(6):
            chars[rng.randrange(len(chars)) if chars else 0 : 0] = "xq"
        parts[at] = "".join(chars)
    found = find_anchor(anchor.exact.join(parts), anchor)
    assert found is not None
    assert (found.start, found.end) == (len(parts[0]), len(parts[0]) + length)


def test_of_two_like_quotes_the_one_in_its_context_is_found() -> None:
    second = REPORT.rindex("No one claimed")
    anchor = make_anchor(REPORT, second, second + len("No one claimed the attack."))
    changed = "A new beginning of the report, longer than before. " + REPORT
    found = find_anchor(changed, anchor)
    assert found is not None
    assert found.start == changed.rindex("No one claimed")
    assert found.how is FoundHow.MOVED


@pytest.mark.parametrize(
    ("words", "changed", "expected"),
    [
        ("12 wounded drivers and vowed", "12 wounded drivers, and he vowed", "12 wounded drivers, and he vowed"),
        ("were burnt near the river crossing", "were set on fire near the river crossing",
         "were set on fire near the river crossing"),
        ("Observers from the union counted 40 trucks.", "Observers of the union had counted 44 trucks.",
         "Observers of the union had counted 44 trucks."),
    ],
)  # fmt: skip
def test_an_edited_quote_is_found_as_such(words: str, changed: str, expected: str) -> None:
    text = "Another opening. " + REPORT.replace(words, changed)
    found = find_anchor(text, _anchored(words))
    assert found is not None
    assert found.how is FoundHow.EDITED
    assert text[found.start : found.end] == expected
    assert SIMILAR / 2 < found.score < 1


@pytest.mark.parametrize(
    "words",
    ["12 wounded drivers", "No one claimed the attack. The governor spoke", "A second convoy followed in April", "May"],
)
def test_a_quote_that_is_gone_is_not_found(words: str) -> None:
    around = 2 * CONTEXT
    start = REPORT.index(words)
    text = REPORT[: max(0, start - around)] + REPORT[start + len(words) + around :]
    assert find_anchor(text, _anchored(words)) is None


def test_a_sentence_of_the_same_pattern_is_not_taken_for_one_that_is_gone() -> None:
    lines = [
        f"On day {day} the base at camp {day % 7} reported {day * 3} killed and {day} wounded.\n" for day in range(90)
    ]
    text = "".join(lines)
    start = text.index("On day 45 ")
    anchor = make_anchor(text, start, start + len(lines[45]) - 1)
    without = "".join(lines[:40] + lines[50:])
    assert find_anchor(without, anchor) is None


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("the cross-border raid", "the cross-\nborder raid"),
        ("an international body", "an inter-\nnational body"),
        ('he said "it is over"', "he said “it is over”"),
        ("the city's mayor - a doctor", "the city’s mayor – a doctor"),
        ("two words or three", "two\nwords  or\u00a0three"),
    ],
)
def test_the_setting_of_the_words_does_not_matter(here: str, there: str) -> None:
    text = f"{REPORT} In short, {here} was reported. {REPORT}"
    changed = f"{REPORT} In short, {there} was reported. {REPORT}"
    found = find_anchor(changed, _anchored(here, text))
    assert found is not None
    assert changed[found.start : found.end] == there
    assert found.how is not FoundHow.EDITED


@pytest.mark.parametrize("span", [(-1, 2), (3, 2), (0, 5)])
def test_a_span_outside_of_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="is not within the text of 4 characters"):
        make_anchor("text", *span)


@pytest.mark.parametrize("kind", ["prose", "pattern"])
def test_ten_megabytes_take_seconds(kind: str) -> None:
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghij", k=rng.randint(2, 9))) for _ in range(20_000)]
    text = " ".join(rng.choices(words, k=1_600_000)) if kind == "prose" else "ab " * 3_300_000
    middle = len(text) // 2
    anchor = make_anchor(text, middle, middle + 200)
    edited = "x" * 5000 + text[: middle + 80] + "QQ" + text[middle + 85 :]
    before = time.process_time()
    found = find_anchor(edited, anchor)
    gone = find_anchor(text[: middle - 500] + text[middle + 500 :], anchor)
    assert time.process_time() - before < 10
    if kind == "prose":
        assert found is not None
        assert found.start == middle + 5000
        assert gone is None


def test_an_anchor_is_plain_data() -> None:
    anchor = _anchored("in March")
    assert Anchor(**json.loads(json.dumps(asdict(anchor)))) == anchor
