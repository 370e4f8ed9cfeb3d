"""Reading and scoring MUC-4: cases computed by hand, and the key against itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.muc4 import DATA, load, report
from benchmarks.muc4_keys import Fill, Template, read_keys, read_stories
from benchmarks.muc4_places import read_places, spell
from benchmarks.muc4_relevance import load_weights
from benchmarks.muc4_scoring import REPORTED, align, score_stories, slot_credit
from benchmarks.muc4_templates import fill_templates

KEY = """\
;;; a remark
0.  MESSAGE: ID                     TST9-MUC4-0001 (SITE)
1.  MESSAGE: TEMPLATE               1
2.  INCIDENT: DATE                  (03 JAN 90) / (- 04 JAN 90)
3.  INCIDENT: LOCATION              PERU: LIMA (CITY): MIRAFLORES (NEIGHBORHOOD)
4.  INCIDENT: TYPE                  BOMBING
5.  INCIDENT: STAGE OF EXECUTION    ACCOMPLISHED
10. PERP: ORGANIZATION ID           "SHINING PATH" / "SENDERO LUMINOSO"
12. PHYS TGT: ID                    ? "BANK"
18. HUM TGT: NAME                   "ANA RUIZ"
19. HUM TGT: DESCRIPTION            "CLERK": "ANA RUIZ"
                                    "GUARDS"
21. HUM TGT: NUMBER                 1: "ANA RUIZ"
                                    3 / PLURAL: "GUARDS"
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "ANA RUIZ"
                                    INJURY: "GUARDS"
24. HUM TGT: TOTAL NUMBER           -

0.  MESSAGE: ID                     TST9-MUC4-0002 (SITE)
1.  MESSAGE: TEMPLATE               *
2.  INCIDENT: DATE                  *

0.  MESSAGE: ID                     TST9-MUC4-0003
1.  MESSAGE: TEMPLATE               1 (OPTIONAL)
4.  INCIDENT: TYPE                  ATTACK
9.  PERP: INDIVIDUAL ID             "GUNMEN"
"""


@pytest.fixture
def key(tmp_path: Path) -> dict[str, tuple[Template, ...]]:
    path = tmp_path / "key"
    path.write_text(KEY)
    return read_keys(path)


def template(**slots: list[Fill]) -> Template:
    return Template("s", {name: tuple(fills) for name, fills in slots.items()})


def test_the_key_is_read(key: dict[str, tuple[Template, ...]]) -> None:
    assert {name: len(found) for name, found in key.items()} == {
        "TST9-MUC4-0001": 1,
        "TST9-MUC4-0002": 0,
        "TST9-MUC4-0003": 1,
    }
    first = key["TST9-MUC4-0001"][0]
    assert first.fills("date") == (Fill(("03 JAN 90", "- 04 JAN 90")),)
    assert first.fills("organisation") == (Fill(("SHINING PATH", "SENDERO LUMINOSO")),)
    assert first.fills("object") == (Fill(("BANK",), optional=True),)
    assert first.fills("number") == (Fill(("1",), ("ANA RUIZ",)), Fill(("3", "PLURAL"), ("GUARDS",)))
    assert not first.optional
    assert key["TST9-MUC4-0003"][0].optional


def test_stories_are_read(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text("TST9-MUC4-0001\n\n   LIMA, 3 JAN 90 -- [TEXT] ONE.\n\n\nTST9-MUC4-0002 (SITE)\n\n   TWO.\n")
    assert [(each.name, each.text) for each in read_stories(path)] == [
        ("TST9-MUC4-0001", "LIMA, 3 JAN 90 -- [TEXT] ONE."),
        ("TST9-MUC4-0002", "TWO."),
    ]


def test_the_key_against_itself_is_perfect(key: dict[str, tuple[Template, ...]]) -> None:
    scores = score_stories(key, key)
    assert {
        slot: scores[slot].f1 for slot in ("template", "type", "date", "location", "number", "effect")
    } == dict.fromkeys(("template", "type", "date", "location", "number", "effect"), 100.0)
    assert "100.0" in report(scores)


def test_nothing_found_is_no_recall(key: dict[str, tuple[Template, ...]]) -> None:
    scores = score_stories(key, {})
    assert scores["template"].possible == 1, "an optional template need not be given"
    assert (scores["template"].recall, scores["number"].possible, scores["object"].possible) == (0.0, 2, 0)


def test_a_small_case_by_hand(key: dict[str, tuple[Template, ...]]) -> None:
    response = template(
        type=[Fill(("ATTACK",))],
        date=[Fill(("03 JAN 90",))],
        location=[Fill(("PERU: LIMA (CITY)",))],
        organisation=[Fill(("SENDERO LUMINOSO",)), Fill(("MRTA",))],
        name=[Fill(("RUIZ",))],
        number=[Fill(("1",), ("RUIZ",)), Fill(("3",), ("SOLDIERS",))],
        effect=[Fill(("INJURY",), ("RUIZ",))],
    )
    spurious = template(type=[Fill(("BOMBING",))], name=[Fill(("PEREZ",))])
    scores = score_stories(key, {"TST9-MUC4-0001": [response], "TST9-MUC4-0002": [spurious]})
    found = {slot: (scores[slot].credit, scores[slot].possible, scores[slot].actual) for slot in REPORTED}
    assert found == {
        "template": (1.0, 1, 2),
        "type": (0.5, 1, 2),
        "date": (1.0, 1, 1),
        "location": (0.5, 1, 1),
        "organisation": (1.0, 1, 2),
        "number": (1.5, 2, 2),
        "effect": (0.5, 2, 1),
    }
    assert scores["type"].actual_in_matched == 1


@pytest.mark.parametrize(
    ("slot", "key", "response", "credit"),
    [
        ("type", "BOMBING", "ATTACK", 0.5),
        ("type", "BOMBING", "ARSON", 0.0),
        ("type", "FORCED WORK STOPPAGE", "ATTACK", 0.0),
        ("date", "03 JAN 90", "03 JAN 90", 1.0),
        ("date", "03 JAN 90", "- 03 JAN 90", 0.5),
        ("date", "03 JAN 90", "- 09 JAN 90", 0.0),
        ("date", "01 JAN 90 - 05 JAN 90", "03 JAN 90", 0.5),
        ("date", "03 JAN 90", "04 JAN 90", 0.0),
        ("date", "31 NOV 89", "30 NOV 89", 1.0),
        ("location", "PERU: LIMA (CITY)", "PERU: LIMA (TOWN)", 1.0),
        ("location", "PERU: LIMA (CITY)", "PERU", 0.5),
        ("location", "PERU: LIMA (CITY)", "PERU: AYACUCHO (CITY)", 0.0),
        ("location", "PERU", "CHILE", 0.0),
        ("organisation", "ARMY", "SALVADORAN ARMY", 1.0),
        ("organisation", "ARMY", "ARMY OF NATIONAL LIBERATION", 0.0),
        ("organisation", "REVOLUTIONARY ARMED FORCES OF COLOMBIA", "ARMED FORCES", 0.0),
        ("number", "3", "3", 1.0),
        ("number", "3", "PLURAL", 0.5),
        ("number", "1", "PLURAL", 0.0),
        ("number", "-26", "20", 0.5),
        ("number", "~50", "50", 1.0),
        ("effect", "DEATH", "INJURY", 0.0),
        ("effect", "NO INJURY OR DEATH", "NO INJURY", 0.5),
        ("name", "ANA MARIA RUIZ", "RUIZ", 1.0),
        ("name", "ANA RUIZ", "PEDRO GOMEZ", 0.0),
        ("object", "BANK BRANCHES", "BRANCH OF THE BANK", 0.5),
    ],
)
def test_credit_of_one_fill(slot: str, key: str, response: str, credit: float) -> None:
    assert slot_credit(slot, Fill((key,)), Fill((response,))) == credit


def test_the_words_of_the_target_count() -> None:
    right = Fill(("DEATH",), ("SIX PRIESTS", "JESUITS"))
    assert slot_credit("effect", right, Fill(("DEATH",), ("PRIESTS",))) == 1.0
    assert slot_credit("effect", right, Fill(("DEATH",), ("MAYOR",))) == 0.5
    assert slot_credit("effect", Fill(("NO INJURY",), ("-",)), Fill(("NO INJURY",))) == 1.0


def test_templates_are_paired_for_the_greatest_credit() -> None:
    ana = template(type=[Fill(("ATTACK",))], name=[Fill(("ANA RUIZ",))], effect=[Fill(("DEATH",), ("ANA RUIZ",))])
    luis = template(type=[Fill(("ATTACK",))], name=[Fill(("LUIS PAZ",))], effect=[Fill(("DEATH",), ("LUIS PAZ",))])
    assert align([ana, luis], [luis, ana]) == [(0, 1), (1, 0)]


def test_no_pair_without_a_common_target_or_perpetrator() -> None:
    ana = template(type=[Fill(("ATTACK",))], date=[Fill(("03 JAN 90",))], name=[Fill(("ANA RUIZ",))])
    other = template(type=[Fill(("ATTACK",))], date=[Fill(("03 JAN 90",))], name=[Fill(("LUIS PAZ",))])
    assert align([ana], [other]) == []


def test_places_of_a_sentence() -> None:
    text = "A BOMB WENT OFF IN THE MIRAFLORES NEIGHBORHOOD OF LIMA."
    assert spell(read_places(text, 0, len(text), "PERU", "LIMA"), "PERU", "LIMA") == (
        "PERU: LIMA (CITY): MIRAFLORES (NEIGHBORHOOD)"
    )


def test_a_story_becomes_a_template(tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text(
        "TST9-MUC4-0001\n\n   LIMA, 9 FEB 90 (EFE) -- [TEXT] TERRORISTS OF THE SHINING PATH YESTERDAY MURDERED MAYOR "
        "PEDRO QUISPE IN AYACUCHO, THE POLICE REPORTED.  TWO BODYGUARDS WERE WOUNDED IN THE ATTACK.\n"
    )
    (found,) = fill_templates(read_stories(path), load_weights())["TST9-MUC4-0001"]
    assert found.fills("type") == (Fill(("ATTACK",)),)
    assert found.fills("date") == (Fill(("08 FEB 90",)),)
    assert found.fills("location")[0].values[0].startswith("PERU: AYACUCHO")
    assert found.fills("organisation") == (Fill(("SHINING PATH",)),)
    assert {(fill.values, fill.refs) for fill in found.fills("effect")} == {
        (("DEATH",), ("PEDRO QUISPE",)),
        (("INJURY",), ("BODYGUARDS",)),
    }


@pytest.mark.skipif(not DATA.exists(), reason="the texts of MUC-4 are not in ../shared/data/muc4")
def test_all_published_files_are_read() -> None:
    stories, keys = load(sorted(DATA.glob("dev/dev-muc3-*")), sorted(DATA.glob("dev/key-dev-*")))
    assert len(stories) == len(keys) == 1300
    scores = score_stories(keys, keys)
    assert {scores[slot].f1 for slot in REPORTED} == {100.0}
