"""Names and abbreviations of manuscripts: planted faults are found, and their clean twins say nothing."""

from __future__ import annotations

import pytest

from marsad.claims.audit.names import is_inflection, sound
from marsad.claims.audit.naming import check_naming

from .manuscripts import brief

LIST = "LIST OF ABBREVIATIONS\n\n{rows}\n\nINTRODUCTION\n\n"
ROWS = ("MNJ\tMouvement National du Jourdan", "LRF\tLake Rangers Front", "NSB\tNational Stability Bureau")
USES = "The LRF fought the MNJ. The NSB counted the raids of the LRF."


def manuscript(text: str, rows: tuple[str, ...] = ROWS) -> str:
    """A manuscript with a list of abbreviations."""
    return LIST.format(rows="\n".join(rows)) + text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (manuscript(USES), []),
        (manuscript("The Lake Rangers Front (LRF) fought the MNJ, says the NSB."), []),
        (manuscript("The Lake Ranger Front (LRF) fought the MNJ, says the NSB."), []),
        (
            manuscript("The Lakes Raiders Front (LRF) fought the MNJ, says the NSB."),
            [("warning", "abbreviation-spelling")],
        ),
        (
            manuscript("The Liberal Reform Forum (LRF) fought the MNJ, says the NSB."),
            [("warning", "abbreviation-meaning")],
        ),
        (manuscript(USES + " The Lake Rangers Front (LR-F) won."), [("warning", "two-abbreviations")]),
        (manuscript(USES + " The Lake Rangers Front (LRRF) won."), [("warning", "two-abbreviations")]),
        (manuscript("The LRF fought the MNJ."), [("note", "abbreviation-unused")]),
        (manuscript(USES + " The CDQ paid. The CDQ left."), [("note", "abbreviation-unexplained")]),
        (manuscript(USES + " The UN paid. The UN left."), []),
        (manuscript(USES + " The GDP fell (WXY, 2019), it says (WXY, 2020)."), []),
        ("The Free Herders Army (FHA) began. Later the Free Herders Army (FHA) ended.", []),
        (
            "The Free Herders Army (FHA) began. Later the Free Herdsmen Army (FHA) ended.",
            [("warning", "abbreviation-spelling")],
        ),
        ("The Médecins du Lac Unis (MLU) came. MLU (Medics of the Lake United) left.", []),
    ],
)
def test_abbreviations(text: str, expected: list[tuple[str, str]]) -> None:
    assert brief(check_naming, text) == expected


def test_a_list_of_abbreviations_in_one_paragraph_is_read_as_one_of_many_rows() -> None:
    rows = " ".join(row.replace("\t", " ") for row in (*ROWS, "UNHCR UN High Commissioner for Refugees"))
    text = LIST.format(rows=rows) + USES + " UNHCR paid. The Lake Riders Front (LRF) fought."
    assert brief(check_naming, text) == [("warning", "abbreviation-spelling")]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Joaquim Mbeki spoke in Luanda. Later Joaquim Mbekki wrote to Lisbon.", True),
        ("Joaquim Mbeki spoke in Luanda. Later Joaquim Neto wrote to Lisbon.", False),
        ("Teodora Wanjala spoke. Then Wanjalo said that the road was open.", False),
        ("Teodora Wanjiku spoke first. According to Wanjiko, the road was open.", True),
        ("Teodora Wanjiku spoke first. According to Wanjiku, the road was open.", False),
        ("Pedro Almeida led them. Paulo Almeyda Santos did not.", False),
        ("Maria Gomez led. Mario Gomez followed. Maria Gomez won.", False),
        ("Imran Khan met Hina Khar, and Salim Khaan met nobody.", False),
        ("They went from Iran to Iraq, and from Niger to Nigeria, by way of Mali and Malawi.", False),
        ("Abbas left Pakistan; Abbasi, a Pakistani, left too. Pakistanis saw it.", False),
        ("Hezbollah denied it. A week later Hizbollah claimed it.", True),
        ("Hezbollah denied it. A week later Hezbollah claimed it.", False),
        (
            (
                "The Interior Ministry spoke. The Interior Minister did not. The Defence Minister met the Defense "
                "Minister."
            ),
            False,
        ),
        ("A bomb fell on Kirkassa, Darfur, in May 2019. In May 2019 Kirkasse, Darfur, was burnt.", False),
        ("A bomb fell on Merowine, Darfur, on 3 May 2019. In May 2019 Merowang, Darfur, was burnt.", True),
        ("A bomb fell on Merowine, Darfur, on 3 May 2019. In July 2021 Merowang, Darfur, was burnt.", False),
        ("Ahmed Hassan spoke. Ahmed Hussain did not. Mohammed Salim and Mohamed Karim left.", False),
    ],
)
def test_names(text: str, *, is_found: bool) -> None:
    assert brief(check_naming, text) == ([("warning", "name-spelling")] if is_found else [])


def test_authors_of_the_reference_list_are_people_of_their_own() -> None:
    text = "Joaquim Mbeki spoke in Luanda.\n\nREFERENCES\n\nMbekki, J. (2019). On wells. Joaquim Mbekki Press."
    assert brief(check_naming, text) == []


def test_a_name_with_and_without_a_particle_is_a_note() -> None:
    text = "Omar Zia-ul-Rahman came. A year later Omar Zia Rahman left."
    assert brief(check_naming, text) == [("note", "name-particle")]


def test_words_with_and_without_a_hyphen_make_one_note() -> None:
    text = (
        "The cease-fire held. Each ceasefire fails, as this cease-fire did. Its re-emergence, its "
        "reemergence, was no re-emergence."
    )
    assert brief(check_naming, text) == [("note", "hyphen")]


@pytest.mark.parametrize(
    ("heading", "is_found"),
    [
        ("The Insurgence in the Delta", True),
        ("The Insurgency in the Delta", False),
        ("Insurgencies", False),
        ("Insurgents", False),
    ],
)
def test_a_word_that_only_a_heading_has(heading: str, *, is_found: bool) -> None:
    text = f"1.1. {heading}\n\nThe insurgency grew. An insurgency feeds itself. No insurgency lasts."
    assert brief(check_naming, text) == ([("note", "heading-word")] if is_found else [])


@pytest.mark.parametrize(
    ("pairs", "is_one"),
    [
        ("Kakkar/Kakar Haqqani/Haqani Khorasan/Khurasan Hussein/Husain Qaeda/Qaida", True),
        ("Khan/Khar Hassan/Hussain Iran/Iraq Niger/Nigeria Jamal/Jamil", False),
    ],
)
def test_names_that_sound_alike(pairs: str, *, is_one: bool) -> None:
    for pair in pairs.split():
        one, two = pair.split("/")
        assert (sound(one) == sound(two)) is is_one, pair


@pytest.mark.parametrize(
    ("pairs", "is_form"),
    [
        ("militant/militants terrorism/terrorist maria/mario organise/organize pakistan/pakistani", True),
        ("wends/wendt khar/khaar", False),
    ],
)
def test_forms_of_one_word(pairs: str, *, is_form: bool) -> None:
    for pair in pairs.split():
        one, two = pair.split("/")
        assert is_inflection(one, two) is is_form, pair
        assert is_inflection(two, one) is is_form, pair
