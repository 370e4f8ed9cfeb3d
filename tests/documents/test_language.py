"""Language and direction of hand-made texts, short and long, in many scripts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents.language import detect_language

KNOWN = {
    "The convoy was attacked on the road to the capital.": ("en", "ltr"),
    "THE CONVOY WAS ATTACKED ON THE ROAD TO THE CAPITAL": ("en", "ltr"),
    "Le convoi a été attaqué sur la route de la capitale.": ("fr", "ltr"),
    "El convoy fue atacado en la carretera a la capital.": ("es", "ltr"),
    "EL CONVOY FUE ATACADO EN LA CARRETERA A LA CAPITAL": ("es", "ltr"),
    "Der Konvoi wurde auf dem Weg in die Hauptstadt angegriffen.": ("de", "ltr"),
    "Msafara huo ulishambuliwa kwenye barabara ya mji mkuu.": ("sw", "ltr"),
    "قافلے پر دارالحکومت جانے والی سڑک پر حملہ کیا گیا۔": ("ur", "rtl"),
    "په کاروان باندې د پلازمېنې پر لار برید وشو او څو تنه ټپیان شول.": ("ps", "rtl"),
    "کاروان در جاده پایتخت مورد حمله قرار گرفت و چند نفر زخمی شدند.": ("fa", "rtl"),
    "در این حمله سه نفر از مردم شهر کشته شد": ("fa", "rtl"),
    "تعرضت القافلة لهجوم على الطريق إلى العاصمة.": ("ar", "rtl"),
    "Колонна была атакована на дороге в столицу.": ("ru", "ltr"),
    "Колону було атаковано на дорозі до столиці, є поранені.": ("uk", "ltr"),
    "राजधानी जाने वाली सड़क पर काफिले पर हमला हुआ।": ("hi", "ltr"),
    "השיירה הותקפה בדרך אל הבירה": ("he", "rtl"),
    "車列は首都へ向かう道で襲撃された。": ("ja", "ltr"),
    "车队在前往首都的路上遭到袭击。": ("zh", "ltr"),
    "ጥቃቱ የተፈጸመው በዋና ከተማው መንገድ ላይ ነው": ("am", "ltr"),
}


@pytest.mark.parametrize("text", KNOWN)
def test_a_sentence_is_recognised(text: str) -> None:
    assert detect_language(text) == KNOWN[text]


@pytest.mark.parametrize("text", ["", "   ", "12 345", "N. A.", "213-FSS", "…"])
def test_what_cannot_be_told_is_left_open(text: str) -> None:
    assert detect_language(text) == ("", "ltr")


def test_most_of_the_text_decides() -> None:
    urdu = "قافلے پر دارالحکومت جانے والی سڑک پر حملہ کیا گیا۔ "
    english = "The convoy was attacked on the road to the capital. "
    assert detect_language(english + urdu * 400) == ("ur", "rtl")
    assert detect_language(urdu + english * 400) == ("en", "ltr")


def test_a_long_text_takes_no_longer() -> None:
    text = "The convoy was attacked on the road to the capital. " * 500_000
    detect_language(text)
    before = time.process_time()
    assert detect_language(text) == ("en", "ltr")
    assert time.process_time() - before < 2


@given(st.text())
def test_any_text_has_a_direction(text: str) -> None:
    code, direction = detect_language(text)
    assert direction in {"ltr", "rtl"}
    assert code == "" or (len(code) == 2 and code.islower())
