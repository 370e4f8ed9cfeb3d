"""Incidents of a text in capitals, as proposals: each mention of an act with day, place, who did it and who was hit.

Agencies and monitoring services used to send their stories in upper case. There the reader of mixed-case prose lacks
its footing (a name looks like any word), so ``news`` reads clause by clause from word lists, and says in every slot
which words it read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from marsad.documents import Document
from marsad.extraction.dates import find_dates
from marsad.extraction.names import Gazetteer
from marsad.extraction.news.dateline import read_dateline
from marsad.extraction.news.lexicon import lexicon
from marsad.extraction.news.mentions import Group, Hit, Mention, each_mention
from marsad.extraction.news.phrases import qualifier_of
from marsad.extraction.perpetrators import blame
from marsad.extraction.person_words import person_nouns, target_of
from marsad.extraction.proposal import Proposal, Slot
from marsad.extraction.settings import places_of
from marsad.extraction.targets import target_in, targets_of
from marsad.extraction.told import Finds, Told
from marsad.extraction.words import tokenise
from marsad.model import Date, Kind

__all__ = ["is_in_capitals", "news_incidents"]

_SAMPLE = 20_000
_LEAST = 40
_SHARE = 0.8
_KINDS = {"bombing": "bombing", "kidnapping": "abduction"}
_IN = frozenset({"in", "throughout", "across"})
_EFFECTS = {"death": "killed", "injury": "injured"}
_GROUNDS = {"claimed": "claimed", "accused": "accused", "agent": "stated"}
_WHY = {
    "claimed": "it says that it was claimed",
    "accused": "the words leave it open",
    "agent": "told as a fact",
}
_ACTOR_WHY = {"claimed": "who claimed it", "accused": "said to be behind it", "agent": "named as the doer"}

Cell = tuple[str, str, int, int, str]


def is_in_capitals(text: str) -> bool:
    """Whether most letters of a text (of its first pages) are capitals."""
    sample = text[:_SAMPLE]
    upper, lower = sum(map(str.isupper, sample)), sum(map(str.islower, sample))
    return upper + lower >= _LEAST and upper >= _SHARE * (upper + lower)


def news_incidents(document: Document, *, gazetteer: Gazetteer, reference: Date | None = None) -> Iterator[Proposal]:
    """The violent incidents that a news story in capitals tells of, one for each mention, in the order of the text.

    Args:
        document: the story; a dateline (``LIMA, 3 JAN 90 (EFE) --``) gives the day from which *yesterday* is reckoned.
        gazetteer: places and actors that are known.
        reference: when the story was written, if its dateline does not say so.
    """
    line = read_dateline(document.text)
    day = line.date if line is not None and line.date is not None else reference
    finds = Finds(document, gazetteer, day)
    mentions = each_mention(document, reference=day, start=line.end if line is not None else 0)
    read = ((mention, finds.tell(*mention.sentence)) for mention in mentions if mention.stage != "threatened")
    for mention, told in read:
        if _is_told_of(mention, told):
            yield _proposal(document, mention, told, gazetteer)


def _is_told_of(mention: Mention, told: Told) -> bool:
    """Whether a mention says whom or what an act hit, or when or where."""
    return bool(mention.hits or mention.date or told.local)


def _proposal(document: Document, mention: Mention, told: Told, gazetteer: Gazetteer) -> Proposal:
    start, end = mention.sentence
    quote = document.quote(start, end)
    cells: list[Cell] = [
        *_what(mention),
        *_when(document.text, mention),
        *_where(told, gazetteer),
        *_by_whom(mention, told, gazetteer),
        *_targets(document.text, mention, told),
        *_tolls(document.text, mention),
    ]
    slots = (
        Slot(name=name, value=value, start=first, end=last, text=document.text[first:last], rule=rule)
        for name, value, first, last, rule in dict.fromkeys(cells)
    )
    return Proposal(
        kind=Kind.EVENT,
        start=start,
        end=end,
        text=quote.text,
        slots=tuple(slots),
        page=quote.page,
        section=quote.section,
    )


def _where(told: Told, gazetteer: Gazetteer) -> Iterator[Cell]:
    """The most specific place; a country only after *in* (not *the embassy of*)."""
    for each in places_of((told,), gazetteer):
        if each in told.local or set(told.before(each.start, 2)) & _IN:
            yield "place", each.id, each.start, each.end, f"the most specific place that is named ({each.rule})"


def _what(mention: Mention) -> Iterator[Cell]:
    act = next((each for each in mention.acts if each.kind == mention.kind), mention.acts[0])
    is_chosen = act.word.startswith("assassin")
    kind = "assassination" if is_chosen else _KINDS.get(mention.kind, "armed_attack")
    yield "kind", kind, act.start, act.end, f"the word tells of {mention.kind}"
    yield "deed", mention.kind, act.start, act.end, f"the word tells of {mention.kind}"


def _when(text: str, mention: Mention) -> Iterator[Cell]:
    found = mention.date
    if found is None or found.date is None:
        return
    start, end = mention.sentence[0] + found.start, mention.sentence[0] + found.end
    told = find_dates(text[start:end])
    reckoned = ", reckoned from the dateline" if found.relative or not told or told[0].date is None else ""
    yield "date", found.date.text, start, end, f"date: {found.rule}{reckoned}"


def _by_whom(mention: Mention, told: Told, gazetteer: Gazetteer) -> Iterator[Cell]:
    """The group that the words tie to the act; else what the reader of prose finds; else the armed people."""
    ranks = {"claimed": 0, "agent": 1, "accused": 2}
    tied = sorted((each for each in mention.groups if each.role in ranks), key=lambda each: ranks[each.role])
    for each in tied[:1]:
        end = each.start + len(each.text)
        yield "actor", _identifier(each, told, gazetteer), each.start, end, _ACTOR_WHY[each.role]
        yield "attribution", _GROUNDS[each.role], each.start, end, _WHY[each.role]
    if tied:
        return
    for blamed in blame((told,))[:1]:
        if blamed.actor:
            yield "actor", blamed.actor, blamed.start, blamed.end, blamed.actor_rule
        if blamed.attribution:
            yield "attribution", blamed.attribution, blamed.ground_start, blamed.ground_end, blamed.ground_rule


def _identifier(group: Group, told: Told, gazetteer: Gazetteer) -> str:
    """The gazetteer's identifier of a group, or one made of its name."""
    end = group.start + len(group.text)
    known = next((each for each in told.actors if each.start < end and group.start < each.end), None)
    if known is not None and known.id in gazetteer.actors:
        return known.id
    return re.sub(r"[^a-z0-9]+", "-", group.name.lower()).strip("-")


def _targets(text: str, mention: Mention, told: Told) -> Iterator[Cell]:
    found: dict[str, Cell] = {}
    for target, start, end, rule in targets_of((told,), ()):
        found.setdefault(target, ("target", target, start, end, rule))
    for hit in mention.hits:
        tokens = tokenise(text, hit.target.start, hit.target.end)
        names = [name for _, _, (name, _) in person_nouns().find(tokens) if name]
        target = target_of(frozenset(names[:1])) if hit.target.sort == "people" else target_in(tokens)
        if target and target != "militants":
            found.setdefault(target, ("target", target, hit.target.start, hit.target.end, "whom or what the act hit"))
    yield from found.values()


def _tolls(text: str, mention: Mention) -> Iterator[Cell]:
    """How many people were killed, injured, kidnapped; members of armed groups apart."""
    hits = [hit for hit in mention.hits if hit.target.sort == "people"]
    is_capture = mention.kind == "kidnapping"
    by_name: dict[str, list[Hit]] = {}
    for hit in hits:
        name = _EFFECTS.get(hit.effect, "kidnapped" if is_capture and not hit.effect else "")
        if name == "killed" and hit.target.head in lexicon().guerrilla:
            name = "killed_militants"
        if name:
            by_name.setdefault(name, []).append(hit)
    for name, members in by_name.items():
        start, end = members[0].target.start, members[-1].target.end
        if start > end:
            start, end = min(each.target.start for each in members), max(each.target.end for each in members)
        yield name, _added(text, members), start, end, _sum_rule(members)


def _added(text: str, hits: Sequence[Hit]) -> str:
    """The sum, with the qualifier of a single number; a plural without number counts as at least two."""
    if len(hits) == 1 and hits[0].target.number.isdigit():
        return f"{qualifier_of(text, hits[0].target)}{hits[0].target.number}"
    if any(qualifier_of(text, hit.target) in (">", ">=") for hit in hits):
        return f">={sum(int(hit.target.number) if hit.target.number.isdigit() else 2 for hit in hits)}"
    least = sum(int(hit.target.number) if hit.target.number.isdigit() else 2 for hit in hits)
    exact = all(hit.target.number.isdigit() for hit in hits)
    return str(least) if exact else f">={least}"


def _sum_rule(hits: Sequence[Hit]) -> str:
    told = ", ".join(f"{hit.target.number} {hit.target.text}".lower() for hit in hits[:4])
    return f"whom the act hit: {told}" if len(hits) == 1 else f"sum of {len(hits)} phrases: {told}"
