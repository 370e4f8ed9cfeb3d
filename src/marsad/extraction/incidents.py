"""Violent incidents in running text, as proposals: what, when, where, by whom, against whom, with what toll.

Each sentence is sorted first (``sorting``): only a single act is an incident. The sentences of a paragraph that speak
of one act are read together: the date may stand before, the toll and the claim after. A sentence with another day or
another place, or with a deed of its own, begins a new incident. Every slot names the words that it was read from and
why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from marsad.documents import RUNNING, Block, BlockKind, Document
from marsad.documents.limits import MOST_INCIDENTS
from marsad.extraction.names import Gazetteer
from marsad.extraction.news.incidents import is_in_capitals, news_incidents
from marsad.extraction.passages import Passage, passages
from marsad.extraction.perpetrators import UNIDENTIFIED, Blame, blame
from marsad.extraction.proposal import Proposal, Slot
from marsad.extraction.settings import first_date, places_of
from marsad.extraction.targets import targets_of
from marsad.extraction.told import Finds
from marsad.extraction.tolls import toll_slots
from marsad.extraction.victims import Victims, gather_victims
from marsad.model import Date, Kind

__all__ = ["extract_incidents"]

_LISTS = re.compile(
    r"^\W*(?:\d[\d.]*\s*)?(?:references?|bibliography|works cited|literature cited|sources)\W*$", re.IGNORECASE
)
_BORDER = re.compile(
    r"\bcross(?:ed|ing)?[- ](?:the[- ])?border\b|\b(?:from[- ])?across[- ]the[- ]border\b|\bcrossed\s+into\b",
    re.IGNORECASE,
)
_ESTIMATE = re.compile(
    r"\b(?:had|has|have)\s+(?:first|initially|earlier|at\s+first)\s+(?:spoken|reported|put|given|said|counted)\b"
    r"|\b(?:first|initially|at\s+first)\s+(?:spoke|put|gave|reported)\b"
    r"|\b(?:first|initial|earlier|preliminary)\s+(?:reports?|counts?|estimates?|tolls?|figures?)\b"
)
"""Another number for the same people, which is not added to theirs."""

Cell = tuple[str, str, int, int, str]


def extract_incidents(
    document: Document, *, gazetteer: Gazetteer, reference: Date | None = None
) -> tuple[Proposal, ...]:
    """The violent incidents that a document tells of, in the order of the text.

    Args:
        document: the document.
        gazetteer: places and actors that are known.
        reference: when the text was written; without it ``two months ago`` has no date.

    Returns:
        One proposal for each mention of an incident, up to ``MOST_INCIDENTS``. Slots as in the study folder's
        dictionary: ``kind``, ``date``, ``place``, ``actor``, ``attribution``, ``target``, ``killed``, ``injured``,
        ``killed_civilians``, ``killed_security``, ``killed_militants``, ``cross_border``. Besides: ``killed_attackers``
        (those of the killed militants who fell as attackers), ``kidnapped``, ``arrested``, ``deed`` (the lexicon's word
        behind the kind) and ``victims`` (one for each phrase: how many, of what class, what was done to them). A text
        in capitals is read by ``news``, sentence by sentence; its incidents lack ``victims`` and numbers by side.
    """
    if is_in_capitals(document.text):
        return tuple(islice(news_incidents(document, gazetteer=gazetteer, reference=reference), MOST_INCIDENTS))
    finds = Finds(document, gazetteer, reference)
    told = (passage for block in _telling(document) for passage in passages(finds, block))
    return tuple(_proposal(document, passage, gazetteer) for passage in islice(told, MOST_INCIDENTS))


def _telling(document: Document) -> Iterator[Block]:
    """The blocks of running text, without those under a heading like *References*: titles there tell of nothing."""
    is_list = False
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            is_list = _LISTS.match(document.text[block.start : min(block.end, block.start + 80)]) is not None
        elif block.kind in RUNNING and not is_list:
            yield block


def _proposal(document: Document, passage: Passage, gazetteer: Gazetteer) -> Proposal:
    start, end = passage.start, passage.end
    quote = document.quote(start, end)
    return Proposal(
        kind=Kind.EVENT,
        start=start,
        end=end,
        text=quote.text,
        slots=tuple(_slots(document, passage, gazetteer)),
        page=quote.page,
        section=quote.section,
    )


def _slots(document: Document, passage: Passage, gazetteer: Gazetteer) -> Iterator[Slot]:
    """The slots of an incident, in the order of the study folder's table."""
    tellings = passage.tellings
    blames = blame(tellings) or (blame((passage.before,)) if passage.before is not None else ())
    blames = tuple(_known(each, gazetteer) for each in blames)
    actors = [each.actor for each in blames]
    is_captive = passage.kind == "arrest" and _is_by_armed_group(actors, gazetteer)
    counting = [told for at, told in enumerate(tellings) if at == 0 or not _ESTIMATE.search(told.low)]
    victims = gather_victims([(told.view, told.groups, told.harms) for told in counting])
    cells: list[Cell] = [
        *_what(passage, "abduction" if is_captive else passage.kind),
        *_when_and_where(passage, gazetteer),
        *_by_whom(blames),
        *(("target", *found) for found in targets_of(tellings, victims)),
        *map(_victims, victims),
        *toll_slots(victims, are_attackers=_are_attackers(passage.kind, actors, gazetteer)),
    ]
    if match := _BORDER.search(document.text, tellings[0].start, tellings[0].end):
        cells.append(("cross_border", "yes", *match.span(), "the words say that it crossed the border"))
    for name, value, start, end, rule in cells:
        shown = "kidnapped" if is_captive and name == "arrested" else name
        yield Slot(name=shown, value=value, start=start, end=end, text=document.text[start:end], rule=rule)


def _what(passage: Passage, kind: str) -> Iterator[Cell]:
    for name, value in (("kind", kind), ("deed", passage.deed)):
        yield name, value, passage.deed_start, passage.deed_end, "the most telling word for the deed"


def _when_and_where(passage: Passage, gazetteer: Gazetteer) -> Iterator[Cell]:
    date = first_date(passage.tellings)
    given = passage.given_date if date is None else date
    if given is not None and given.date is not None:
        told = "" if date is not None else ", in the sentence before"
        yield "date", given.date.text, given.start, given.end, f"date: {given.rule}{told}"
    for place in places_of(passage.tellings, gazetteer) or places_of(passage.around, gazetteer):
        yield "place", place.id, place.start, place.end, f"the most specific place that is named ({place.rule})"


def _by_whom(blames: Sequence[Blame]) -> Iterator[Cell]:
    for each in blames:
        if each.actor:
            yield "actor", each.actor, each.start, each.end, each.actor_rule
    for each in blames[:1]:
        if each.attribution:
            yield "attribution", each.attribution, each.ground_start, each.ground_end, each.ground_rule


def _victims(found: Victims) -> Cell:
    name = " ".join(sorted(found.classes)) or "people"
    count = "some" if found.count is None else found.count.text
    return "victims", f"{count} {name} {found.effect}", found.start, found.end, found.rule


def _known(blamed: Blame, gazetteer: Gazetteer) -> Blame:
    """Armed people of no named group under the identifier that the gazetteer has for them."""
    if blamed.actor != UNIDENTIFIED or UNIDENTIFIED in gazetteer.actors:
        return blamed
    names = (
        ("unknown-armed-men", "militants") if blamed.attribution == "unknown" else ("militants", "unknown-armed-men")
    )
    return replace(blamed, actor=next((name for name in names if name in gazetteer.actors), UNIDENTIFIED))


def _is_by_armed_group(actors: Sequence[str], gazetteer: Gazetteer) -> bool:
    """Whether an armed group did it: it cannot arrest, only abduct."""
    kinds = {gazetteer.actors[actor].kind for actor in actors if actor in gazetteer.actors}
    return kinds == {"armed_group"}


def _are_attackers(kind: str, actors: Sequence[str], gazetteer: Gazetteer) -> bool:
    """Whether the militants who died were the attackers: not where a state did it, or where they were the target."""
    kinds = {gazetteer.actors[actor].kind for actor in actors if actor in gazetteer.actors}
    return kind not in ("assassination", "air_strike") and not kinds & {"state", "government", "security_force"}
