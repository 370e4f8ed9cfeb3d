"""Mentions of one event are united although they disagree; different events stay apart."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.documents import Document, read_text
from marsad.extraction import Proposal, Slot
from marsad.extraction.events import group_events, link_events
from marsad.extraction.gazetteer import GazetteerPlace
from marsad.extraction.names import Gazetteer
from marsad.model import Kind

STUDY = Path(__file__).resolve().parents[2] / "studies" / "pakistan-afghanistan-2021-2024"
VIOLENT = {"armed_attack", "bombing", "suicide_bombing", "assassination", "abduction", "clash", "air_strike", "arrest"}

NIGERIA = Gazetteer(
    places={
        place.id: place
        for place in (
            GazetteerPlace("nigeria", "Nigeria", "country"),
            GazetteerPlace("borno", "Borno", "admin1", country="nigeria"),
            GazetteerPlace("maiduguri", "Maiduguri", "city", admin1="borno", country="nigeria"),
            GazetteerPlace("konduga", "Konduga", "city", admin1="borno", country="nigeria"),
            GazetteerPlace("kano", "Kano", "city", country="nigeria"),
        )
    },
    actors={},
)

Row = tuple[str, dict[str, str]]


def told(*rows: Row) -> tuple[Document, list[Proposal]]:
    """A document with one paragraph a row, and its proposals. Rows: words, and values of slots, parted by ``;``."""
    document = read_text("\n\n".join(words for words, _ in rows))
    proposals = []
    for block, (words, values) in zip(document.blocks, rows, strict=True):
        slots = tuple(
            Slot(name=name, value=value, start=block.start, end=block.start, text="", rule="given")
            for name, cell in values.items()
            for value in cell.split(";")
        )
        proposals.append(Proposal(kind=Kind.EVENT, start=block.start, end=block.end, text=words, slots=slots))
    return document, proposals


def events(*rows: Row) -> list[str]:
    document, proposals = told(*rows)
    return [each.event for each in group_events(document, proposals, gazetteer=NIGERIA)]


def bombing(**values: str) -> dict[str, str]:
    return {"kind": "suicide_bombing", "place": "maiduguri", "actor": "boko-haram", "target": "civilians"} | values


def test_one_event_told_with_two_days_and_two_tolls_is_united() -> None:
    first = ("A bomber struck the fish market.", bombing(date="2017-03-15", killed=">50"))
    again = (
        "A blast at the market was the worst of the year.",
        bombing(date="2017-03-16", killed=">60", kind="bombing"),
    )
    assert len(set(events(first, again))) == 1


def test_a_report_without_a_date_is_known_by_place_actor_and_toll() -> None:
    first = ("A bomber struck.", bombing(date="2017-03-15", killed="58"))
    again = ("The dead were many.", bombing(killed=">=58"))
    assert len(set(events(first, again))) == 1


@pytest.mark.parametrize(
    "other",
    [
        bombing(date="2017-04-17", killed="58"),
        bombing(date="2017-03-16", killed="4"),
        bombing(date="2017-03-16"),
        bombing(date="2017-03-15", place="kano", killed="58"),
        {"kind": "abduction", "place": "maiduguri", "date": "2017-03-15", "target": "civilians"},
    ],
    ids=["a month later", "next day, another toll", "next day, a daily series", "another city", "another kind"],
)
def test_two_attacks_stay_two(other: dict[str, str]) -> None:
    assert (
        len(set(events(("It was a bombing.", bombing(date="2017-03-15", killed="58")), ("So was this.", other)))) == 2
    )


def test_a_daily_series_in_one_city_stays_a_series() -> None:
    rows = [("An attack.", bombing(date=f"2017-03-{day:02d}", killed=str(day))) for day in range(10, 17)]
    assert len(set(events(*rows))) == 7


def test_mentions_without_date_and_place_are_not_glued() -> None:
    bare = {"kind": "armed_attack", "actor": "boko-haram", "target": "civilians", "killed": "12"}
    assert len(set(events(("Gunmen attacked.", bare), ("Gunmen attacked.", bare)))) == 2


def test_a_country_and_a_year_are_not_enough() -> None:
    vague = {"kind": "armed_attack", "place": "nigeria", "date": "2017", "actor": "boko-haram"}
    assert len(set(events(("An attack.", vague), ("An attack.", vague)))) == 2


def test_a_town_lies_in_its_province() -> None:
    first = ("Gunmen came to town.", {"kind": "armed_attack", "place": "konduga", "date": "2014-02-11", "killed": "39"})
    again = ("It was a bloody month.", {"kind": "armed_attack", "place": "borno", "date": "2014-02-11", "killed": "39"})
    assert len(set(events(first, again))) == 1


def test_the_words_refer_back_within_a_paragraph_only() -> None:
    here = {"kind": "bombing", "place": "kano", "date": "2014-11-28"}
    after = {"kind": "bombing", "killed": "120"}
    text = "A bomb went off in Kano. The attack killed 120 people."
    document = read_text(text)
    cut = text.index("The attack")
    proposals = [
        Proposal(
            kind=Kind.EVENT,
            start=start,
            end=end,
            text=text[start:end],
            slots=tuple(
                Slot(name=n, value=v, start=start, end=start, text="", rule="given") for n, v in values.items()
            ),
        )
        for start, end, values in ((0, cut - 1, here), (cut, len(text), after))
    ]
    grouped = group_events(document, proposals, gazetteer=NIGERIA)
    assert grouped[0].event == grouped[1].event
    apart = events(("A bomb went off in Kano.", here), ("The attack killed 120 people.", after))
    assert len(set(apart)) == 2


def test_another_attack_is_another() -> None:
    text = "A bomb went off in Kano on 28 November. Another attack in Kano hit a school."
    cut = text.index("Another")
    values = {"kind": "bombing", "place": "kano"}
    proposals = [
        Proposal(
            kind=Kind.EVENT,
            start=start,
            end=end,
            text=text[start:end],
            slots=tuple(Slot(name=n, value=v, start=start, end=start, text="", rule="given") for n, v in slots.items()),
        )
        for start, end, slots in ((0, cut - 1, values | {"date": "2014-11-28"}), (cut, len(text), values))
    ]
    grouped = group_events(read_text(text), proposals, gazetteer=NIGERIA)
    assert grouped[0].event != grouped[1].event


def test_every_union_says_why() -> None:
    document, proposals = told(
        ("A bomber struck.", bombing(date="2017-03-15", killed=">50")),
        ("It was the worst.", bombing(date="2017-03-16", killed=">60")),
    )
    (link,) = link_events(document, proposals, gazetteer=NIGERIA)
    assert (link.first, link.second) == (proposals[0].id, proposals[1].id)
    assert "+2.5 both in Maiduguri" in link.reasons
    assert any("2017-03-15 and 2017-03-16" in reason or ">50 and >60" in reason for reason in link.reasons)


def test_figures_are_returned_as_they_are() -> None:
    figure = Proposal(kind=Kind.FIGURE, start=0, end=4, text="Some", slots=())
    assert group_events(read_text("Some words."), [figure], gazetteer=NIGERIA) == (figure,)


def test_nothing_is_lost_and_only_the_event_is_filled() -> None:
    document, proposals = told(*[("An attack.", bombing(date=f"2017-0{n}-01")) for n in range(1, 5)])
    grouped = group_events(document, proposals, gazetteer=NIGERIA)
    assert [each.model_copy(update={"event": ""}) for each in grouped] == proposals


rows = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["bombing", "armed_attack", "abduction"]),
            "place": st.sampled_from(["kano", "konduga"]),
        },
        optional={
            "date": st.sampled_from(["2014", "2014-02", "2014-02-11", "2014-02-12"]),
            "killed": st.sampled_from(["3", ">50", "60", "dozens"]),
        },
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_proposals_does_not_matter(values: list[dict[str, str]], shuffle: random.Random) -> None:
    document, proposals = told(*[(f"Report {n} of an attack.", each) for n, each in enumerate(values)])
    mixed = list(proposals)
    shuffle.shuffle(mixed)
    assert _partition(group_events(document, proposals, gazetteer=NIGERIA)) == _partition(
        group_events(document, mixed, gazetteer=NIGERIA)
    )


def _partition(proposals: Sequence[Proposal]) -> dict[str, str]:
    return {each.id: each.event for each in proposals}


def test_the_hand_coding_of_the_first_study() -> None:
    """169 reports of 89 events, from their coded values alone, without any words."""
    coded = list(csv.DictReader((STUDY / "events.csv").read_text(encoding="utf-8").splitlines()))
    coded.sort(key=lambda row: _where(row["locator"]))
    document, proposals = told(*[(f"Report {row['report']}.", _values(row)) for row in coded])
    places = [
        GazetteerPlace(row["id"], row["name"], row["kind"], admin1=row["admin1"], country=row["country"])
        for row in csv.DictReader((STUDY / "places.csv").read_text(encoding="utf-8").splitlines())
    ]
    gazetteer = Gazetteer(places={place.id: place for place in places}, actors={})
    grouped = group_events(document, proposals, gazetteer=gazetteer)
    pairs = list(combinations(zip(coded, grouped, strict=True), 2))
    united = [(a, b) for (a, x), (b, y) in pairs if x.event == y.event]
    right = [(a, b) for a, b in united if a["event"] == b["event"]]
    assert len(right) / len(united) >= 0.95
    violent = [(a, b) for (a, _), (b, _) in pairs if a["event"] == b["event"] and {a["kind"], b["kind"]} <= VIOLENT]
    found = [pair for pair in violent if pair in right]
    assert len(found) / len(violent) >= 0.7


def _values(row: dict[str, str]) -> dict[str, str]:
    names = ("kind", "date", "place", "actor", "target", "killed", "injured")
    return {name: row[name] for name in names if row[name]}


def _where(locator: str) -> tuple[str, int]:
    found = re.match(r"sec (\S+)(?: para (\d+))?", locator)
    assert found is not None
    return found[1], int(found[2] or 0)
