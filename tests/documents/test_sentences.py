"""Sentences: an oracle of hand-made cases, and the properties of every split."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents.sentences import split_sentences

# ``|`` stands where one sentence ends and the next begins.
ORACLE = """
The raid began at dawn. | Three men fled.
He met Dr. Karim and Gen. Tariq at the U.N. office. | They talked.
Lt. Col. Orlov and Maj. Petrov of the U.S. Army signed. | Nobody else did.
Weapons, e.g. rifles, were found, i.e. Many were old.
The case of North vs. South was heard. | It failed.
See No. 5 and pp. 12-14, vol. 3, Fig. 2. | The rest is missing.
He said no. | The envoy left.
Khan et al. (2021) disagree. | Others do not.
About approx. 50 fighters crossed near St. Petersburg.
J. Smith and A. B. Jones wrote it. | K. Lee did not. | A. Khan and J. A. Khan did.
Dawn. (2024, June 22). | The fence stands. | Example Press, 16(5).
Karim, I. A. (2024). | The long road. | Example Press.
Karim, I., & Roy, M. I. (2016). | A long road.
It was reported by Al.Jazeera and Radio.Free on Monday.
The rate rose by 3.5 percent to 1,200.75 in Nov. 5 counts. | It then fell.
On Nov. 5 they met. | In Dec. the talks ended.
They waited ... and left. | Nobody spoke.
They waited... | Then they left.
"We will stay." | The crowd left. | “Why?” he asked. | “Go!” | They went.
The army left (it had no fuel.) | The town fell.
More attacks were expected (Mir, 2022) | However, none came.
More attacks were expected (Mir, 2022). | However, none came.
More attacks were expected. (Mir, 2022) | However, none came.
More attacks were expected (Mir, 2022) Pakistan says.
More attacks were expected (Mir & Noor, 2022, p. 4; Lee et al., 2021) | These did not come.
The state fights terrorism.|The border stays closed.|It may open.
They crossed from Chad.|However, it may close.
They rely on nature.com and https://example.org/A.The-B for it.
The war ended in 2021.|Trade began.
The attack failed.[3] | The army left.
The attack failed.12 | The army left.
یہ حملہ ہوا۔ | پولیس نے کہا؟ | ہاں۔
وقع الهجوم في كابل. | هل انتهى؟ | نعم.
The aims are as follows:\\n|- first, to see\\n|- then, to act.
Aims: | • to see | • to act
THE ARMY LEFT THE TOWN.  | THE U.S. EMBASSY CLOSED.  | MR. LOPEZ OF DETACHMENT NO.4 STAYED.
TROOPS LEFT THE U.S. IN JANUARY. | THE MAYOR SAID NO. | HE WENT HOME.
HE LIVES IN THE U.S.  | TROOPS LEFT.
the army left the town. | it came back. | nobody saw it, e.g. at night.
The group fled. | al-Nur claimed it.
The total was 5. | 34 people fled at 5 p.m. Friday to the U.S. | They stayed.
1. The first aim is peace. | 2. The second is trade.
ii. To see it. | iii. To do it.
They wanted food, water, etc. | Nothing came.
"""


@pytest.mark.parametrize("line", ORACLE.strip().splitlines())
def test_a_sentence_ends_where_a_reader_ends_it(line: str) -> None:
    marked = line.replace("\\n", "\n")
    text = marked.replace(" |", "").replace("|", "")
    assert [text[a:b] for a, b in split_sentences(text)] == [part.strip() for part in marked.split("|")]


def _assert_sound(text: str) -> None:
    spans = split_sentences(text)
    ends = [0, *(end for _, end in spans)]
    for (start, end), before in zip(spans, ends, strict=False):
        assert before <= start < end <= len(text)
        assert text[before:start].strip() == ""
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
    assert text[ends[-1] :].strip() == ""


@given(st.text())
def test_spans_are_in_order_and_hold_all_but_white_space(text: str) -> None:
    _assert_sound(text)


PIECES = [*"""aA.!?…۔؟"”’()[]• \n1x""", "U.S. ", "Dr. ", " (Mir, 2022)", ". The ", "پ"]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_spans_are_sound_where_stops_are_dense(parts: list[str]) -> None:
    _assert_sound("".join(parts))


@pytest.mark.parametrize("unit", ["(", ".(Mir ", ". ", "\n", "a.", "(Mir, 2022) ", "\"'”)", "A. The "])
def test_time_grows_with_the_length_only(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    before = time.process_time()
    _assert_sound(text)
    assert time.process_time() - before < 5
