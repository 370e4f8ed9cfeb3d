"""News on political violence: acts, targets, groups, datelines, in upper and in mixed case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents import read_text
from marsad.extraction.news.acts import Act, find_acts
from marsad.extraction.news.dateline import read_dateline
from marsad.extraction.news.mentions import find_groups, find_mentions
from marsad.extraction.news.phrases import qualifier_of
from marsad.model import Date


def acts(text: str) -> tuple[Act, ...]:
    return find_acts(text, (0, len(text)))


def hit(text: str) -> set[tuple[str, str, str, str]]:
    """Kind, effect, number and words of all targets of all acts."""
    return {(act.kind, act.effect, each.number, each.text.lower()) for act in acts(text) for each in act.targets}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Three peasants were killed near the river.", {("attack", "death", "3", "peasants")}),
        ("REBELS MURDERED TWO TEACHERS ON MONDAY.", {("attack", "death", "2", "teachers")}),
        (
            "THE ASSASSINATION OF MAYOR PEDRO QUISPE SHOCKED THE TOWN.",
            {("attack", "death", "1", "pedro quispe")},
        ),
        (
            "Gunmen kidnapped the banker Luis Soto and his driver.",
            {("kidnapping", "", "1", "luis soto"), ("kidnapping", "", "1", "driver")},
        ),
        ("A BOMB EXPLODED IN FRONT OF THE NATIONAL BANK.", {("bombing", "", "1", "national bank")}),
        (
            "FOUR NUNS WERE KILLED AND 35 WOUNDED IN THE BLAST.",
            {("attack", "death", "4", "nuns"), ("attack", "injury", "35", "nuns")},
        ),
        ("No one was injured.", set()),
        ("The attack left six people dead.", {("attack", "death", "6", "people")}),
        ("THEY SET FIRE TO FIVE BUSES.", {("arson", "", "5", "buses")}),
        ("HIS PARTNER, ERNESTO QUISPE, WHO WAS KILLED IN MAY, WAS RICH.", {("attack", "death", "1", "ernesto quispe")}),
        (
            "THREE PEOPLE DIED AND 12 WERE INJURED.",
            {("attack", "death", "3", "people"), ("attack", "injury", "12", "people")},
        ),
        ("The blast killed 10, police said.", {("attack", "death", "10", "people")}),
        (
            "THE VICTIMS WERE IDENTIFIED AS LUIS SOTO AND ROSA QUISPE.",
            {("attack", "", "1", "luis soto"), ("attack", "", "1", "rosa quispe")},
        ),
        (
            "THE INJURED ARE LUIS SOTO AND ROSA QUISPE.",
            {("attack", "injury", "1", "luis soto"), ("attack", "injury", "1", "rosa quispe")},
        ),
        ("THE MURDER COMMITTED BY GUERRILLAS AGAINST DR LUIS SOTO.", {("attack", "death", "1", "luis soto")}),
        ("THE GUERRILLAS SACKED TWO PHARMACIES.", {("robbery", "", "2", "pharmacies")}),
    ],
)
def test_whom_or_what_an_act_hit(text: str, expected: set[tuple[str, str, str, str]]) -> None:
    assert hit(text) == expected


def test_a_number_has_its_qualifier() -> None:
    text = "MORE THAN 30 PEASANTS WERE KILLED AND ABOUT 20 NUNS KIDNAPPED; 5 BOYS WERE HURT."
    targets = [each for act in acts(text) for each in act.targets]
    assert [(qualifier_of(text, each), each.number) for each in targets] == [(">", "30"), ("~", "20"), ("", "5")]


def test_death_threats_are_threats() -> None:
    (act,) = acts("THE PRIEST HAS RECEIVED DEATH THREATS.")
    assert act.stage == "threatened"


def test_who_reports_a_deed_has_not_done_it() -> None:
    text = "THE ARMY REPORTED THAT REBELS ATTACKED A BANK."
    assert [group.role for group in find_groups(text, (0, len(text)))] == [""]


def test_who_did_it() -> None:
    (act,) = acts("Six priests were murdered by unidentified gunmen.")
    assert [each.head for each in act.perpetrators] == ["gunmen"]


def test_a_threat_is_no_deed() -> None:
    (act,) = acts("The rebels threatened to murder the judges.")
    assert act.stage == "threatened"


def test_a_name_has_its_description() -> None:
    (act,) = acts("SENATOR CARLOS ROJAS WAS KILLED YESTERDAY.")
    (target,) = act.targets
    assert (target.name, target.description, target.number) == ("CARLOS ROJAS", "SENATOR", "1")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The priests were killed by members of the FMLN.", "agent"),
        ("The FMLN claimed responsibility for the blast.", "claimed"),
        ("The minister blamed the FMLN for the blast.", "accused"),
        ("The FMLN held a conference.", ""),
    ],
)
def test_what_ties_a_group_to_the_act(text: str, role: str) -> None:
    (group,) = find_groups(text, (0, len(text)))
    assert (group.name, group.role) == ("FARABUNDO MARTI NATIONAL LIBERATION FRONT", role)


def test_a_dateline_gives_place_and_day() -> None:
    found = read_dateline("LIMA (PERU), 3 JAN 90 (EFE) -- [REPORT] [TEXT] A BOMB WENT OFF.")
    assert found is not None
    assert (found.place, found.country, found.source) == ("LIMA", "PERU", "EFE")
    assert found.date == Date.parse("1990-01-03")
    assert read_dateline("A bomb went off in Lima, police said -- again.") is None


def test_yesterday_is_reckoned_and_the_day_of_the_report_is_not_taken() -> None:
    text = "Police reported today that three peasants were killed.\n\nTwo nuns were murdered yesterday."
    first, second = find_mentions(read_text(text), reference=Date.parse("2001-05-10"))
    assert first.date is None
    assert second.date is not None
    assert second.date.date == Date.parse("2001-05-09")


def test_a_pronoun_stands_for_the_person_named_last() -> None:
    text = "Judge Carlos Rojas left his house. He was shot by two men."
    (mention,) = find_mentions(read_text(text))
    assert [hit.target.name for hit in mention.hits] == ["Carlos Rojas"]


@given(st.text(alphabet="aAbB .,'\"[]()-19\n", max_size=80) | st.text(max_size=60))
def test_any_text_is_read_and_offsets_lie_in_it(noise: str) -> None:
    text = f"{noise} three men were killed by {noise}"
    for act in acts(text):
        assert text[act.start : act.end].lower().replace("’", "'") == act.word
        assert all(0 <= each.start < each.end <= len(text) for each in act.targets)
