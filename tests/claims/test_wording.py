"""Who says a value, where, and in which order."""

from __future__ import annotations

from marsad.claims.consistency.wording import cited, in_order, short_names
from marsad.model import Cite

from .rows import actor, assemble, event


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


def test_short_names_stand_in_a_sentence() -> None:
    evidence = assemble([actor("ttp", name="Tehreek", aliases="TTP"), actor("army")])
    assert short_names(evidence, ["ttp", "army", "ttp"]) == "TTP and Army"
