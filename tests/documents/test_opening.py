"""The opening of a document: whole blocks, the same offsets, and a notice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marsad.documents import opening, read_text
from marsad.documents.limits import MOST_SENTENCE
from marsad.documents.sentences import split_sentences

TEXT = "\n\n".join(f"Paragraph {number} tells of the river and of the boats on it." for number in range(40))


@given(st.integers(min_value=1, max_value=3_000))
def test_what_is_kept_are_whole_blocks_at_their_place(most: int) -> None:
    document = read_text(TEXT)
    kept = opening(document, most)
    assert len(kept.text) <= most or kept is document
    assert document.text.startswith(kept.text)
    assert len(kept.text) + kept.beyond == len(document.text)
    assert len(kept.notices) == (kept.beyond > 0)
    if kept.text != document.text[:most]:
        assert kept.blocks == document.blocks[: len(kept.blocks)]
    assert opening(kept, most) is kept


def test_a_block_that_is_too_long_by_itself_is_cut() -> None:
    kept = opening(read_text("word " * 100), 50)
    assert kept.text == ("word " * 100)[:50]
    assert kept.blocks[0].end == len(kept.text)


@given(st.text(alphabet="ab .\n", max_size=200), st.integers(min_value=0, max_value=4 * MOST_SENTENCE))
def test_no_sentence_is_longer_than_any_sentence_and_no_word_is_lost(text: str, size: int) -> None:
    whole = text + "a" * (size // 2) + " b" * (size // 4)
    spans = split_sentences(whole)
    assert all(0 < end - start <= MOST_SENTENCE for start, end in spans)
    assert [left[1] <= right[0] for left, right in pairwise(spans)].count(False) == 0
    assert "".join("".join(whole[start:end].split()) for start, end in spans) == "".join(whole.split())
