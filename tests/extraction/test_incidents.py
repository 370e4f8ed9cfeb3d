"""Incidents: what, when, where, by whom, with what toll; and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.documents import read_text
from marsad.extraction.gazetteer import GazetteerActor, GazetteerPlace
from marsad.extraction.incidents import extract_incidents
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal
from marsad.model import Date, Quantity

GENERAL = Gazetteer.general()
CHURCH = (
    "On 4 May 2017 a suicide bomber struck a church in Jakarta, killing 12 people and wounding dozens more. "
    "Islamic State claimed responsibility for the attack."
)


def read(text: str) -> tuple[Proposal, ...]:
    return extract_incidents(read_text(text), gazetteer=GENERAL)


def only(text: str) -> dict[str, str]:
    (found,) = read(text)
    return {slot.name: ";".join(found.values(slot.name)) for slot in found.slots}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            CHURCH,
            {"kind": "suicide_bombing", "date": "2017-05-04", "place": "jakarta", "actor": "islamic-state"}
            | {"attribution": "claimed", "target": "religious", "killed": "12", "injured": "dozens"},
        ),
        (
            "A bomb exploded in Mogadishu on 3 June 2019, killing at least 10 people, but no one claimed it.",
            {"kind": "bombing", "killed": ">=10", "attribution": "unclaimed", "place": "mogadishu"},
        ),
        (
            "Suspected Boko Haram militants abducted more than 90 schoolgirls from Maiduguri in February 2018.",
            {"kind": "abduction", "date": "2018-02", "actor": "boko-haram", "attribution": "accused"}
            | {"kidnapped": ">90", "place": "maiduguri"},
        ),
        (
            "Four policemen and three attackers were killed in a shootout in Quetta on 2 March 2020.",
            {"kind": "clash", "killed": "4", "killed_security": "4", "killed_militants": "3", "killed_attackers": "3"},
        ),
        (
            "Security forces killed five militants in an operation in Mosul on 7 July 2016.",
            {"actor": "security-forces", "killed_militants": "5"},
        ),
        (
            "An Israeli airstrike hit a house in Gaza City on 3 May 2021, killing six people, including four children.",
            {"kind": "air_strike", "actor": "israel", "killed": "6", "killed_civilians": "4"},
        ),
        (
            "Gunmen attacked a village in Mali on 5 June 2021, killing 30 farmers. The death toll later rose to 41.",
            {"killed": "41", "date": "2021-06-05"},
        ),
        (
            "No one was hurt when a rocket struck an empty school in Kharkiv on 2 April 2022.",
            {"injured": "0", "place": "kharkiv"},
        ),
    ],
)
def test_an_incident_is_read_with_its_slots(text: str, expected: dict[str, str]) -> None:
    found = only(text)
    assert {name: found.get(name) for name in expected} == expected


def test_what_is_not_said_has_no_slot() -> None:
    found = only("Security forces killed five militants in an operation in Mosul on 7 July 2016.")
    assert {"killed", "injured", "killed_attackers"}.isdisjoint(found)


@pytest.mark.parametrize(
    "text",
    [
        "In 2023 the group carried out 45 attacks in Nigeria, killing 200 people.",
        "There were 262 attacks in 2022, 27 per cent more than in the year before.",
        "Attacks on aid workers have increased since 2019.",
        "The group could kill hundreds in an attack on Lagos.",
        "Police foiled an attack in Lagos on 3 May 2019.",
        "The rebels threatened to attack Juba in June 2016.",
        "The army plans to strengthen its posts along the border.",
        "They ship cattle to Lagos, and grain to Kano.",
    ],
)
def test_aggregates_plans_and_fears_are_no_incidents(text: str) -> None:
    assert read(text) == ()


def test_titles_under_references_are_no_incidents() -> None:
    title = "Smith, J. (2020). Five soldiers killed in Quetta on 2 March 2020. The Times."
    text = f"1. Introduction\n\nFive soldiers were killed in Quetta on 2 March 2020.\n\nREFERENCES\n\n{title}\n"
    document = read_text(text)
    if not document.headings:
        pytest.skip("the reader sees no headings in so short a text")
    found = extract_incidents(document, gazetteer=GENERAL)
    assert [proposal.start for proposal in found] == [document.text.index("Five soldiers were")]


def test_another_day_begins_another_incident() -> None:
    first, second = read(
        "On 3 May 2019 three soldiers were killed in Kano. On 9 May 2019 a bomb exploded in Lagos, killing two people."
    )
    assert (first.value("killed"), second.value("killed")) == ("3", "2")
    assert (first.value("date"), second.value("date")) == ("2019-05-03", "2019-05-09")


def test_one_sentence_may_list_several_incidents() -> None:
    found = read("On 5 May 2021 gunmen killed 3 soldiers in Kano and 5 policemen in Maiduguri.")
    assert [(each.value("place"), each.value("killed")) for each in found] == [("kano", "3"), ("maiduguri", "5")]


def test_two_acts_with_a_day_each_are_two_incidents() -> None:
    found = read("A bomb in Kabul on 3 May 2019 killed 31 people; that which hit Kunduz on 9 June 2020 killed 12.")
    assert [(one.value("date"), one.value("place"), one.value("killed")) for one in found] == [
        ("2019-05-03", "kabul", "31"),
        ("2020-06-09", "kunduz", "12"),
    ]


@pytest.mark.parametrize("head", ["Kabul, 3 May 2019.", "3 May 2019, Kabul:"])
def test_a_place_and_a_day_at_the_head_of_a_paragraph_hold_for_what_follows(head: str) -> None:
    rest = " A wall stood near the market. Thirty-one people were killed (Report, 2021). On 9 June 2020 six men died."
    first, second = read(head + rest)
    assert (first.value("date"), first.value("place"), first.value("killed")) == ("2019-05-03", "kabul", "31")
    assert (second.value("date"), second.value("place")) == ("2020-06-09", "")


def test_an_earlier_count_of_the_same_dead_is_not_added() -> None:
    found = only("On 3 May 2019 gunmen killed 31 people in Kabul. The mayor had first spoken of 12 dead.")
    assert found["killed"] == "31"


def test_an_act_and_what_it_answers_are_two_incidents() -> None:
    found = read(
        "On 8 May 2018 Iran launched an air strike in Erbil in response to an attack that killed 2 soldiers in Ankara."
    )
    assert [each.value("kind") for each in found] == ["air_strike", "armed_attack"]
    assert [each.value("killed") for each in found] == ["", "2"]


def test_a_year_before_each_noun_tells_two_incidents() -> None:
    found = read("The group was behind the 2009 attack in Kano and the 2014 attack in Lagos.")
    assert [(each.value("date"), each.value("place")) for each in found] == [("2009", "kano"), ("2014", "lagos")]


def test_the_pronoun_and_the_claim_belong_to_the_incident_before() -> None:
    found = only(
        "Two nurses were abducted in Goma on 3 June 2020. They were killed a week later. M23 claimed responsibility."
    )
    assert (found["kidnapped"], found["killed"], found["attribution"]) == ("2", "2", "claimed")


def test_an_armed_group_abducts_and_does_not_arrest() -> None:
    found = only("Boko Haram arrested two teachers in Maiduguri on 3 June 2020.")
    assert (found["kind"], found["kidnapped"]) == ("abduction", "2")
    assert "arrested" not in found


def test_the_names_of_a_study_win() -> None:
    place = GazetteerPlace(id="red-bridge", name="Red Bridge", kind="site")
    actor = GazetteerActor(id="river-front", name="River Front", kind="armed_group")
    plain = read("On 3 May 2019 the River Front attacked Red Bridge, killing two guards.")
    assert plain[0].value("actor") != "river-front"
    from marsad.extraction.name_forms import Trie  # noqa: PLC0415 - only here

    trie = Trie()
    trie.add("Red Bridge", "place", "red-bridge", "name", 90)
    trie.add("River Front", "actor", "river-front", "name", 90)
    gazetteer = Gazetteer(
        places={**GENERAL.places, place.id: place}, actors={**GENERAL.actors, actor.id: actor}, tries=(trie,)
    )
    text = "On 3 May 2019 the River Front attacked Red Bridge, killing two guards."
    (found,) = extract_incidents(read_text(text), gazetteer=gazetteer)
    assert (found.value("actor"), found.value("place"), found.value("attribution")) == (
        "river-front",
        "red-bridge",
        "stated",
    )


def test_every_slot_quotes_its_words_and_says_why() -> None:
    text = "On 4 May 2017 militants opened fire on troops in Mosul, killing three soldiers and wounding four."
    (found,) = read(text)
    for slot in found.slots:
        assert slot.text == text[slot.start : slot.end]
        assert slot.rule
    assert next(slot for slot in found.slots if slot.name == "killed").text == "three soldiers"


VOCABULARY = """
On 3 May 2019 , a bomb exploded in Kano killing 5 soldiers and wounding two others were killed by gunmen who the
. attack / claimed responsibility ( ) one of them injured including police he They KILLED -- 12 ’s no dozens
"""
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=60)


@given(words=WORDS)
@settings(max_examples=60, deadline=None)
def test_any_words_give_valid_slots_within_the_text_and_the_same_twice(words: list[str]) -> None:
    text = " ".join(words)
    document = read_text(text)
    found = extract_incidents(document, gazetteer=GENERAL)
    assert found == extract_incidents(document, gazetteer=GENERAL)
    for proposal in found:
        assert document.text[proposal.start : proposal.end] == proposal.text
        for slot in proposal.slots:
            assert document.text[slot.start : slot.end] == slot.text
            if slot.name.startswith(("killed", "injured", "kidnapped", "arrested")):
                assert Quantity.parse(slot.value).text == slot.value
            if slot.name == "date":
                assert Date.parse(slot.value).text == slot.value


def test_a_class_told_of_in_a_later_sentence_may_be_among_all_the_dead() -> None:
    text = "A bomb in Gao, Mali, on 3 March 2022 left 30 people dead. The attack killed 14 soldiers."
    (proposal,) = extract_incidents(read_text(text), gazetteer=Gazetteer.general())
    assert proposal.value("killed") == "30"
