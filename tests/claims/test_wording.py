"""How values are put into words."""

from __future__ import annotations

import pytest

from marsad.claims.consistency.wording import bounds_words, cited, date_words, in_order, joined, label, quantity_words
from marsad.model import Cite, Date, Quantity

from .rows import actor, assemble, event, place


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("100", "persons", "100"),
        ("2240", "km", "2,240 km"),
        (">2600", "km", "more than 2,600 km"),
        (">=50", "", "at least 50"),
        ("<10", "", "less than 10"),
        ("<=10", "", "at most 10"),
        ("~34", "", "about 34"),
        ("20..25", "percent", "20 to 25%"),
        ("-3.5", "percent_change", "-3.5%"),
        ("hundreds of thousands", "", "hundreds of thousands"),
    ],
)
def test_quantities(text: str, unit: str, expected: str) -> None:
    assert quantity_words(Quantity.parse(text), unit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-30", "30 January 2023"),
        ("2022-04", "April 2022"),
        ("2022-04-XX", "April 2022"),
        ("2022", "2022"),
        ("199X", "1990s"),
        ("18XX", "the century 1800-1899"),
        ("2024-33", "the first quarter of 2024"),
        ("2024-22", "summer 2024"),
        ("2022-07~", "about July 2022"),
        ("2022-07?", "July 2022 (uncertain)"),
        ("2022-07%", "about July 2022 (uncertain)"),
        ("2022-08-07/2022-08-08", "7 August 2022 to 8 August 2022"),
        ("2021-08/..", "from August 2021 on"),
        ("../2021-12", "until December 2021"),
        ("../..", "no known time"),
        ("2021/2021", "2021"),
    ],
)
def test_dates(text: str, expected: str) -> None:
    assert date_words(Date.parse(text)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("107", "107", "107"),
        ("50", "65", "50 to 65"),
        ("50", None, "at least 50"),
        (None, "65", "at most 65"),
        (None, None, "any number"),
    ],
)
def test_bounds(low: str | None, high: str | None, expected: str) -> None:
    ends = [Quantity.parse(end).low if end else None for end in (low, high)]
    assert bounds_words(ends[0], ends[1]) == expected


def test_lists() -> None:
    assert [joined(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_labels_know_short_actors_places_and_months() -> None:
    evidence = assemble([actor("ttp", name="Tehreek"), place("swat", kind="admin2")])
    assert label(evidence, "raid-in-swat-by-ttp-april-2022") == "Raid in Swat by TTP April 2022"


def test_records_stand_in_the_order_of_the_document() -> None:
    places = ["sec 10 para 1", "sec 2 para 10", "sec 2 para 9", "sec findings-3 para 1"]
    rows = [event(f"e{index}", locator=place_) for index, place_ in enumerate(places)]
    ordered = [str(record.locator) for record in in_order(assemble(rows).events)]
    assert ordered == ["sec 2 para 9", "sec 2 para 10", "sec 10 para 1", "sec findings-3 para 1"]


def test_after_three_places_only_their_number_is_told() -> None:
    rows = [event(f"e{page}", locator=f"page {page}", source="paper", via="") for page in range(1, 6)]
    parts = cited(assemble(rows).events)
    assert [part.locator for part in parts if isinstance(part, Cite)] == ["page 1", "page 2", "page 3"]
    assert parts[-1] == "; and 2 more)"


def test_one_place_is_cited_once() -> None:
    rows = [event("a", source="paper", via=""), event("b", source="paper", via="")]
    assert cited(assemble(rows).events) == [" (", Cite(cite="paper", locator="page 1"), ")"]
