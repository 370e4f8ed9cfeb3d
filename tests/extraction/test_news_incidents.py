"""Incidents of a story in capitals, through ``extract_incidents``."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marsad.documents import read_text
from marsad.extraction import Gazetteer, Proposal, extract_incidents
from marsad.extraction.news.incidents import is_in_capitals, news_incidents
from marsad.model import Date

GENERAL = Gazetteer.general()
STORY = (
    "LIMA, 25 OCT 89 (EFE) -- [TEXT] THE ARMY SAID TODAY THAT AT LEAST THREE PEASANTS WERE KILLED YESTERDAY IN "
    "AYACUCHO BY MEMBERS OF THE SHINING PATH.\n\nTHE FMLN CLAIMED RESPONSIBILITY FOR KIDNAPPING MAYOR LUIS SOTO IN "
    "SAN SALVADOR ON 20 OCTOBER. A BOMB DAMAGED THE EMBASSY OF FRANCE. UNIDENTIFIED GUNMEN ASSASSINATED TWO JUDGES."
)


def read(text: str, reference: Date | None = None) -> tuple[Proposal, ...]:
    return extract_incidents(read_text(text), gazetteer=GENERAL, reference=reference)


def test_each_mention_is_a_proposal_with_its_slots() -> None:
    killing, kidnapping, bombing, murder = read(STORY)
    assert (killing.value("kind"), killing.value("date"), killing.value("killed")) == (
        "armed_attack",
        "1989-10-24",
        ">=3",
    )
    assert (killing.value("actor"), killing.value("attribution")) == ("shining-path", "stated")
    assert killing.values("place") == ("ayacucho",)
    assert (kidnapping.value("kind"), kidnapping.value("date")) == ("abduction", "1989-10-20")
    assert (kidnapping.value("kidnapped"), kidnapping.value("attribution")) == ("1", "claimed")
    assert (bombing.value("kind"), bombing.values("place"), bombing.value("target")) == ("bombing", (), "officials")
    assert (murder.value("kind"), murder.value("killed"), murder.value("attribution")) == (
        "assassination",
        "2",
        "unknown",
    )


def test_every_slot_has_its_words_and_rule() -> None:
    for proposal in read(STORY):
        assert STORY[proposal.start : proposal.end] == proposal.text
        for slot in proposal.slots:
            assert STORY[slot.start : slot.end] == slot.text
            assert slot.rule
            assert proposal.start <= slot.start <= slot.end <= proposal.end


def test_the_dateline_is_no_incident_and_gives_the_day() -> None:
    assert all("LIMA" not in proposal.text for proposal in read(STORY))
    (found,) = read("THREE NUNS WERE KILLED YESTERDAY IN A VILLAGE NEAR AYACUCHO.", Date.parse("1990-01-02"))
    assert found.value("date") == "1990-01-01"
    (found,) = read("THREE NUNS WERE KILLED YESTERDAY IN A VILLAGE NEAR AYACUCHO.")
    assert found.value("date") == ""


def test_a_threat_and_a_bare_attack_are_no_incidents() -> None:
    assert read("THE REBELS THREATENED TO MURDER THE JUDGES OF AYACUCHO, THE PAPER SAID.") == ()
    assert read("THE POLICE SPOKESMAN DESCRIBED THE ATTACK AS COWARDLY AND FOOLISH.") == ()


def test_prose_is_not_read_as_capitals() -> None:
    assert is_in_capitals(STORY)
    assert not is_in_capitals(STORY.lower())
    assert not is_in_capitals("Three nuns were killed in Ayacucho. The FMLN, FARC and ELN denied it on Monday.")
    assert not is_in_capitals("FARC")
    assert not is_in_capitals("۱۲ شہری ہلاک ہوئے " * 20)


@given(st.text(alphabet="AB DEF.,'\"[]()-19\n", max_size=80) | st.text(max_size=60))
def test_any_capitals_give_proposals_with_true_offsets(noise: str) -> None:
    document = read_text(f"{noise} THREE MEN WERE KILLED BY {noise} IN LIMA")
    for proposal in news_incidents(document, gazetteer=GENERAL):
        assert document.text[proposal.start : proposal.end] == proposal.text
        assert all(document.text[slot.start : slot.end] == slot.text for slot in proposal.slots)
