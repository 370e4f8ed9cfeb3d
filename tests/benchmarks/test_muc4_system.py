"""The MUC-4 benchmark: how stories are read into templates, and that what it learned lies beside it."""

from __future__ import annotations

from benchmarks.muc4_candidates import candidate_of, read_story
from benchmarks.muc4_keys import Story
from benchmarks.muc4_merging import merge, pair_features
from benchmarks.muc4_options import date_options, place_options
from benchmarks.muc4_relevance import WEIGHTS, best_option, load_weights
from benchmarks.muc4_templates import fill_templates

STORY = Story(
    "TST9-MUC4-0001",
    "BOGOTA, 3 JAN 90 (EFE) -- [TEXT] A BOMB EXPLODED LAST NIGHT IN FRONT OF A BANK IN MEDELLIN.  FOUR PEOPLE WERE "
    "INJURED IN THE BLAST.\n\nMEANWHILE, MAYOR LUIS QUISPE WAS KIDNAPPED ON 28 DECEMBER BY MEMBERS OF THE FARC IN "
    "CALI.",
)


def test_a_story_offers_its_dates_and_places() -> None:
    reading = read_story(STORY)
    bombing = candidate_of(reading, [0])
    assert reading.country == "COLOMBIA"
    assert {"- 03 JAN 90", "02 JAN 90", "02 JAN 90 - 03 JAN 90"} <= {each.text for each in date_options(bombing)}
    assert {"COLOMBIA", "COLOMBIA: MEDELLIN (CITY)"} <= {each.text for each in place_options(bombing)}
    assert best_option({}, []) == ""


def test_mentions_unite_as_the_weights_say() -> None:
    reading = read_story(STORY)
    count = len(reading.mentions)
    assert count >= 3
    assert merge(reading, lambda _: 1.0) == [list(range(count))]
    assert merge(reading, lambda _: -1.0) == [[at] for at in range(count)]
    assert "m paragraph True False" in pair_features(reading, 0, 1)


def test_a_story_becomes_templates() -> None:
    (templates,) = fill_templates([STORY], load_weights()).values()
    found = {each.fills("type")[0].values[0]: each for each in templates}
    assert set(found) == {"BOMBING", "KIDNAPPING"}
    assert found["BOMBING"].fills("location")[0].values == ("COLOMBIA: MEDELLIN (CITY)",)
    assert found["KIDNAPPING"].fills("date")[0].values == ("28 DEC 89",)
    assert found["KIDNAPPING"].fills("name")[0].values == ("LUIS QUISPE",)
    assert "FARC" in found["KIDNAPPING"].fills("organisation")[0].values


def test_the_weights_are_one_compact_file() -> None:
    assert WEIGHTS.stat().st_size < 400_000
    assert WEIGHTS.read_text(encoding="utf-8").startswith('{"made by": "benchmarks/muc4_train.py')
