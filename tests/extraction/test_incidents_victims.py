"""Victims: how many, of what class, and what befell them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents import read_text
from marsad.documents.sentences import split_sentences
from marsad.extraction.sorting import sort_sentence
from marsad.extraction.victims import add_up, count_class, find_victims
from marsad.model import Quantity

AID = frozenset({"aid_worker", "health_worker"})
EDUCATORS = frozenset({"educator"})
CHILDREN = frozenset({"student", "child"})
ALL = frozenset({"soldier"})


def tolls(text: str) -> dict[str, str]:
    """The printed totals of each effect."""
    victims = find_victims(text, split_sentences(text))
    effects = dict.fromkeys(each.effect for each in victims)
    sums = {effect: add_up(each.count for each in victims if each.effect == effect) for effect in effects}
    return {effect: "some" if count is None else count.text for effect, count in sums.items()}


def of(text: str, effect: str, classes: frozenset[str]) -> str | None:
    count = count_class(find_victims(text, split_sentences(text)), effect, classes)
    return None if count is None else count.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A policeman was killed.", {"killed": "1"}),
        ("Two soldiers and a civilian were killed.", {"killed": "3"}),
        ("The blast killed 10 people, including 4 children.", {"killed": "10"}),
        ("Gunmen killed a guard and injured two drivers.", {"killed": "1", "injured": "2"}),
        ("The raid left nine dead and 12 wounded.", {"killed": "9", "injured": "12"}),
        ("No one was hurt.", {"injured": "0"}),
        ("Two teachers killed, one injured.", {"killed": "2", "injured": "1"}),
        ("It led to the deaths of over 50 people.", {"killed": ">50"}),
        ("The fighting claimed 40 lives.", {"killed": "40"}),
        ("A driver was shot and killed.", {"killed": "1"}),
        ("Two nurses were abducted by militants and killed a week later.", {"kidnapped": "2", "killed": "2"}),
        ("A nurse was shot in the leg. She later died.", {"killed": "1"}),
        ("A mayor and his family were killed.", {"killed": ">=1"}),
        ("Students were beaten.", {"injured": "some"}),
        ("18 people, ten girls and eight boys, were injured.", {"injured": "18"}),
        ("A doctor and activist was killed.", {"killed": "1"}),
        ("A teacher, two students and a guard were killed.", {"killed": "4"}),
        ("Police beat and arrested a lecturer.", {"injured": "1", "arrested": "1"}),
        ("The body of a farmer was found.", {"killed": "1"}),
        ("Around 20 people were wounded.", {"injured": "~20"}),
        ("FIVE PEASANTS AND A SOLDIER WERE KILLED.", {"killed": "6"}),
        ("Two Palestinians were killed.", {"killed": "2"}),
        ("Maria Lopez was murdered.", {"killed": "1"}),
        ("Gunmen killed five cows.", {}),
        ("The blast could kill hundreds.", {}),
        ("A soldier was not injured.", {}),
        ("Militants attempted to kidnap a nurse.", {}),
        ("Three men were treated; the injured students went home.", {}),
        ("A police vehicle was damaged.", {}),
    ],
)
def test_people_are_counted_once(text: str, expected: dict[str, str]) -> None:
    assert tolls(text) == expected


@pytest.mark.parametrize(
    ("text", "effect", "classes", "expected"),
    [
        ("Three people, including two aid workers, were killed.", "killed", AID, "2"),
        ("A bomb killed five people and injured six others, including two NGO staff.", "injured", AID, "2"),
        ("An NGO vehicle was ambushed and the driver killed.", "killed", AID, "1"),
        ("An NGO worker was killed and two others injured.", "injured", AID, "2"),
        ("The head of a primary school was abducted.", "kidnapped", EDUCATORS, "1"),
        ("A teacher and 21 students were kidnapped.", "kidnapped", EDUCATORS, "1"),
        ("A teacher and 21 students were kidnapped.", "kidnapped", CHILDREN, "21"),
        ("A teacher and 21 students were kidnapped.", "killed", CHILDREN, "0"),
        ("Several members of a demining team were injured.", "injured", AID, "several"),
        ("Teachers were arrested.", "arrested", EDUCATORS, None),
        ("A school was damaged.", "killed", CHILDREN, "0"),
    ],
)
def test_a_class_of_victims_can_be_asked_for(
    text: str, effect: str, classes: frozenset[str], expected: str | None
) -> None:
    assert of(text, effect, classes) == expected


@given(st.lists(st.integers(min_value=0, max_value=500), min_size=1, max_size=8))
def test_exact_numbers_add_up_exactly(numbers: list[int]) -> None:
    total = add_up(Quantity.parse(str(number)) for number in numbers)
    assert total is not None
    assert total.best == sum(numbers)


def test_what_is_not_known_makes_a_lower_bound() -> None:
    assert add_up([Quantity.parse("3"), None]) == Quantity.parse(">=3")
    assert add_up([Quantity.parse(">=3"), Quantity.parse("2")]) == Quantity.parse(">=5")
    assert add_up([None, None]) is None
    assert add_up([Quantity.parse("~10"), Quantity.parse("5")]) == Quantity.parse("~15")


@given(
    number=st.integers(min_value=2, max_value=99), noun=st.sampled_from(["soldiers", "teachers", "farmers", "people"])
)
def test_voice_does_not_change_the_number(number: int, noun: str) -> None:
    told = [
        f"{number} {noun} were killed in the town.",
        f"Gunmen killed {number} {noun} in the town.",
        f"An attack in the town, killing {number} {noun}.",
        f"The attack led to the death of {number} {noun}.",
        f"{number} {noun} killed in the town.",
        f"It left {number} {noun} dead.",
    ]
    assert {tolls(text).get("killed") for text in told} == {str(number)}


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("On 30 March 2021 a bomb exploded in Kano, killing three people.", "incident"),
        ("Three soldiers were killed in an ambush.", "incident"),
        ("In 2022 there were 262 attacks.", "aggregate"),
        ("Attacks rose by 28 per cent between 2020 and 2022.", "aggregate"),
        ("According to its annual report, 540 people were killed in 2021.", "aggregate"),
        ("It was responsible for many attacks, including the 2014 attack on a school.", "both"),
        ("The border is long and mountainous.", "neither"),
        ("They may attack the town.", "neither"),
    ],
)
def test_incidents_and_aggregates_are_told_apart(text: str, sort: str) -> None:
    assert sort_sentence(read_text(text), 0, len(text)) == sort


@pytest.mark.parametrize(
    "unit", ["killed 5 men and ", "were killed ", "(", "due to the attack that killed 3 men ", "He "]
)
def test_the_time_grows_with_the_length(unit: str) -> None:
    def seconds(times: int) -> float:
        """The least of three: Python's search for garbage, of all that earlier tests left, falls into one of them."""
        text = unit * times
        found = []
        for _ in range(3):
            begun = time.process_time()
            find_victims(text, [(0, len(text))])
            found.append(time.process_time() - begun)
        return min(found)

    seconds(100)
    short, long = seconds(2000), seconds(8000)
    assert long < 12 * short + 0.5
