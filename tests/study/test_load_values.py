"""Values that have the right form and still cannot be, and what is odd about others."""

from __future__ import annotations

import pytest

from marsad.study import dictionary, load_study
from marsad.study.values import FRIENDLY, HOSTILE

from .study_folder import StudyFolder

EVENT = "e{n},e{n},,bombing,2022-05-06,{place},armed-group,,,{killed},,,,,,{part_of},{follows},monitor2022,,page {n},\n"
FIGURE = "f1,attacks,{value},{unit},country,2022,,,attacks,,,2020,,,,monitor2022,,page 1,\n"
ACTION = "r{n},a{n},,talks,2022,,,government,,,,,{part_of},{follows},,monitor2022,,page {n},\n"


def event(n: int, *, place: str = "town", killed: str = "3", part_of: str = "", follows: str = "") -> str:
    return EVENT.format(n=n, place=place, killed=killed, part_of=part_of, follows=follows)


def action(n: int, *, part_of: str = "", follows: str = "") -> str:
    return ACTION.format(n=n, part_of=part_of, follows=follows)


@pytest.mark.parametrize("killed", ["5.5", "~1.9", "1..2.5", ">=0.5"])
def test_persons_are_whole(folder: StudyFolder, killed: str) -> None:
    folder.add("events.csv", event(1, killed=f"§no whole number; the unit is persons§{killed}"))
    folder.assert_all_reported()


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("5.5", "persons", "no whole number"),
        ("~1.9", "count", "no whole number"),
        ("1.5", "share", "Give a percentage with the unit percent"),
        ("0.5..1.5", "share", "between 0 and 1"),
        ("-0.5", "share", "cannot be"),
        ("-4", "percent", "Give a change with the unit percent_change"),
        ("-3..4", "km", "cannot be"),
        ("1234567890123456", "usd", "more than 15 digits"),
        ("0.1234567890123456", "percent", "more than 15 digits"),
    ],
)
def test_figures_that_their_unit_cannot_have(folder: StudyFolder, value: str, unit: str, words: str) -> None:
    folder.add("figures.csv", FIGURE.format(value=f"§{words}§{value}", unit=unit))
    folder.assert_all_reported()


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("5.0", "persons"),
        ("20..25", "persons"),
        ("dozens", "persons"),
        ("5.5", "percent"),
        ("140", "percent"),
        ("-4.5", "percent_change"),
        ("2.5", "usd"),
        (">0.9", "share"),
        ("0..1", "share"),
        ("123456789012345", "usd"),
    ],
)
def test_figures_that_their_unit_can_have(folder: StudyFolder, value: str, unit: str) -> None:
    folder.add("figures.csv", FIGURE.format(value=value, unit=unit))
    assert load_study(folder.root).warnings == ()


@pytest.mark.parametrize("unit", ["", "cats"])
def test_a_value_is_not_held_against_a_faulty_unit(folder: StudyFolder, unit: str) -> None:
    folder.add("figures.csv", FIGURE.format(value="-5.5", unit=f"§unit§{unit}"))
    folder.assert_all_reported()


@pytest.mark.parametrize(
    ("kind", "sign", "odd"),
    [
        ("alliance", "negative", True),
        ("attack", "positive", True),
        ("alliance", "positive", False),
        ("attack", "negative", False),
        ("kinship", "neutral", False),
        ("rivalry", "neutral", False),
        ("negotiation", "negative", False),
        ("negotiation", "positive", False),
    ],
)
def test_a_sign_that_does_not_fit_its_kind_is_a_warning(
    folder: StudyFolder, kind: str, sign: str, *, odd: bool
) -> None:
    folder.add("relations.csv", f"government,armed-group,,{kind},{sign},asserted,,,,handbook2024,,page 6,\n")
    warnings = load_study(folder.root).warnings
    assert [(found.line, found.field) for found in warnings] == ([(3, "sign")] if odd else [])
    assert all(kind in found.message and sign in found.message for found in warnings)


def test_kinds_with_a_sign_are_words_of_the_vocabulary() -> None:
    assert set(dictionary().vocabularies["relation_kind"]) >= FRIENDLY | HOSTILE
    assert not FRIENDLY & HOSTILE


@pytest.mark.parametrize("character", ["\u202a", "\u202e", "\u2066", "\u2069"])
@pytest.mark.parametrize(
    ("file", "old"), [("actors.csv", "Government,g"), ("study.yaml", "Your name"), ("options.yaml", "title: Keep")]
)
def test_characters_that_turn_the_text_around_them(folder: StudyFolder, file: str, old: str, character: str) -> None:
    mark = f"§bidirectional control character U+{ord(character):04X}§"
    folder.spoil(file, old, old[:8] + mark + character + old[8:])
    folder.assert_all_reported()


@pytest.mark.parametrize("escape", ["\\u202e", "\\0", "\\x07", "\\uFFFD"])
def test_characters_that_an_escape_of_yaml_writes(folder: StudyFolder, escape: str) -> None:
    folder.spoil("options.yaml", "title: Keep talking", f'title: §U+§"Keep {escape} talking"')
    folder.spoil("options.yaml", "id: keep-talking", f'id: §U+§"keep{escape}"')
    faults = folder.faults()
    assert [(fault.line, fault.column) for fault in faults] == [(2, 7), (3, 10)]


def test_a_character_that_was_lost_before_is_a_fault(folder: StudyFolder) -> None:
    folder.spoil("actors.csv", "Government,g", "Govern§U+FFFD§\ufffdment,g")
    folder.assert_all_reported()


def test_marks_of_right_to_left_text_are_allowed(folder: StudyFolder) -> None:
    folder.spoil("actors.csv", "armed-group,Armed Group", "armed-group,\u200fتحریک\u200e ٹی\u200cٹی")
    assert load_study(folder.root).warnings == ()


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        ("url = {https://x.org/a%20b}", False),
        ("url = {\\url{http://x.org}}", False),
        ("url = {www.x.org}", True),
        ("url = {javascript:alert(1)}", True),
        ("url = {https://}", True),
        ("url = {https://x.org/a b}", True),
        ("doi = {10.1000/a\\_b}", False),
        ("doi = {10.1007/978-3-030(2)}", False),
        ("doi = {https://doi.org/10.1000/182}", True),
        ("doi = {none}", True),
    ],
)
def test_addresses_that_lead_nowhere_are_warnings(folder: StudyFolder, field: str, *, odd: bool) -> None:
    entry = f"\n@misc{{extra, title = {{A}}, kind = {{primary}}, reliability = {{A}},\n  {field}}}\n"
    folder.add("sources.bib", entry)
    warnings = load_study(folder.root).warnings
    assert [(found.field, found.column) for found in warnings] == ([(field[:3], 3)] if odd else [])


def test_the_address_of_a_series(folder: StudyFolder) -> None:
    folder.spoil("series/deaths-monthly.yaml", "# url: https://example.org/data.csv", "url: example.org")
    assert [found.field for found in load_study(folder.root).warnings] == ["url"]


def test_one_event_coded_twice_is_a_warning(folder: StudyFolder) -> None:
    first = event(1)
    folder.add("events.csv", first + first.replace("e1,e1", "e2,e2"))
    (warning,) = load_study(folder.root).warnings
    lines = folder.read("events.csv").split("\n")
    assert lines[warning.line - 1].startswith("e2,")
    assert "e2 and e1" in warning.message
    assert f"line {warning.line - 1}" in warning.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2022-05-06", "2022-05"),
        (",3,", ",4,"),
        (",town,", ",province,"),
        ("bombing", "armed_attack"),
        ("page 1", "page 2"),
        ("armed-group", "government"),
        ("monitor2022", "handbook2024"),
        ("e2,e2", "e2,e1"),
    ],
)
def test_what_tells_two_events_apart(folder: StudyFolder, old: str, new: str) -> None:
    first = event(1)
    both = first + first.replace("e1,e1", "e2,e2").replace(old, new)
    folder.add("events.csv", both.replace("2022-05-06", "2022-05") if new == "2022-05" else both)
    assert load_study(folder.root).warnings == ()


@pytest.mark.parametrize("column", ["part_of", "follows"])
def test_two_events_that_are_tied_are_not_one(folder: StudyFolder, column: str) -> None:
    tied = {column: "e1"}
    folder.add("events.csv", event(1) + event(2, **tied).replace("page 2", "page 1"))
    assert load_study(folder.root).warnings == ()


@pytest.mark.parametrize("column", ["part_of", "follows"])
def test_a_circle_of_events_and_actions(folder: StudyFolder, column: str) -> None:
    rows = [event(n, killed=str(n), **{column: name}) for n, name in ((1, "e2"), (2, "a3"))]
    folder.add("events.csv", "".join(rows))
    folder.add("actions.csv", action(3, **{column: "e1"}))
    (fault,) = folder.faults()
    assert (fault.file, fault.field) in {("events.csv", column), ("actions.csv", column)}
    assert fault.message == f"{column} goes round in a circle: a3 -> e1 -> e2 -> a3"


def test_a_circle_through_a_second_report(folder: StudyFolder) -> None:
    second = event(1, killed="9", follows="e2").replace("e1,e1", "e1b,e1")
    folder.add("events.csv", event(1, follows="change-of-government") + second + event(2, killed="8", follows="e1"))
    (fault,) = folder.faults()
    assert fault.message == "follows goes round in a circle: e1 -> e2 -> e1"


def test_a_way_that_meets_itself_without_coming_back_is_no_circle(folder: StudyFolder) -> None:
    rows = [(1, ""), (2, "e1"), (3, "e1"), (4, "e2")]
    second = event(4, killed="9", follows="e3").replace("e4,e4", "e4b,e4")
    folder.add("events.csv", "".join(event(n, killed=str(n), follows=name) for n, name in rows) + second)
    assert load_study(folder.root).warnings == ()


def test_a_long_circle_is_told_in_short(folder: StudyFolder) -> None:
    count = 3000
    folder.add("events.csv", "".join(event(n, killed=str(n), follows=f"e{(n + 1) % count}") for n in range(count)))
    (fault,) = folder.faults()
    assert len(fault.message) < 200
