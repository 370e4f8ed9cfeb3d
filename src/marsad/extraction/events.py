"""Which mentions in one document are of one event, and why.

A manuscript may tell one event in its first and again in its third chapter, with another day or another toll. To be
compared the two mentions have to be known for one event although they disagree; two attacks in one city a month apart
must stay two. So all evidence is weighed (``event_evidence``), and two mentions are united where it reaches a threshold
that is higher where their values conflict. Mentions that share neither date, place, name nor victim are never united,
except where the words refer back to the sentence before. Mentions of different documents are never compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import Field

from marsad.documents import Document
from marsad.extraction.event_evidence import (
    MILD_GAP,
    VIOLENT,
    Evidence,
    Mention,
    days_apart,
    is_broad,
    is_rare,
    pair_keys,
    person_and_building_names,
    refers_back,
    span,
    weigh,
)
from marsad.extraction.names import Gazetteer
from marsad.extraction.proposal import Proposal
from marsad.model import Kind
from marsad.model.statement import Frozen
from marsad.model.text import Agreement

__all__ = ["EventLink", "group_events", "link_events"]

_ENOUGH = 3.0
_ENOUGH_IN_CONFLICT = 4.4
_FORBIDS = -1.0
_CONFLICT = -1.0
_RECENT = 8
_FEW = 8
_MANY = 20
_MOST_RARE = 3
_ABOUT_A_MONTH = 31
_COMPARED = 4
_MOST_IN_BUCKET = 30
_SINGLE = frozenset({"wave", "resurgence", "statement", "other", "displacement"})
"""Kinds that are no single event unless day and place say so."""


class EventLink(Frozen):
    """Two mentions that are taken for one event.

    Attributes:
        first, second: identifiers of the proposals, in the order of the document.
        weight: sum of the evidence.
        reasons: the evidence in words, the strongest first; what speaks against stands there too, with a minus.
    """

    first: str
    second: str
    weight: float
    reasons: tuple[str, ...] = Field(default=())


def group_events(
    document: Document, proposals: Sequence[Proposal], *, gazetteer: Gazetteer, continuity: float = 0.0
) -> tuple[Proposal, ...]:
    """The proposals, in the same order, with ``event`` filled: one identifier for all mentions of one event.

    Args:
        document: the document that they were read from.
        proposals: events and figures; figures are returned as they are.
        gazetteer: which place lies in which.
        continuity: weight of the expectation that the next mention goes on about the event before it. None in a
            manuscript, which passes from one event to another; about 3 in a news story, which tells of one or a few.

    Returns:
        Each event has the identifier of its first mention's proposal; a mention by itself is an event of its own.
    """
    events, _ = _cluster(document, proposals, gazetteer, continuity)
    return tuple(
        proposal.model_copy(update={"event": events[index]}) if index in events else proposal
        for index, proposal in enumerate(proposals)
    )


def link_events(
    document: Document, proposals: Sequence[Proposal], *, gazetteer: Gazetteer, continuity: float = 0.0
) -> tuple[EventLink, ...]:
    """Why mentions were united: for each that joined an event, the earlier mention that it is most like."""
    return tuple(_cluster(document, proposals, gazetteer, continuity)[1])


def _cluster(
    document: Document, proposals: Sequence[Proposal], gazetteer: Gazetteer, continuity: float
) -> tuple[dict[int, str], list[EventLink]]:
    """The event of each proposal by its index, and the links."""
    mentions = list(_mentions(document, proposals, gazetteer))
    shares = _shares(mentions)
    members: list[list[Mention]] = []
    cluster_of: dict[int, int] = {}
    links: list[EventLink] = []
    index = _Index()
    for mention in mentions:
        best: tuple[float, int, EventLink] | None = None
        for number in sorted({cluster_of[each] for each in index.candidates(mention)}):
            joined = _fit(members[number], mention, gazetteer, shares, continuity)
            if joined is not None and (best is None or joined.weight > best[0]):
                best = (joined.weight, number, joined)
        if best is None:
            members.append([mention])
            cluster_of[mention.index] = len(members) - 1
        else:
            members[best[1]].append(mention)
            cluster_of[mention.index] = best[1]
            links.append(best[2])
        index.add(mention)
    return {at: members[number][0].proposal.id for at, number in cluster_of.items()}, links


def _mentions(document: Document, proposals: Sequence[Proposal], gazetteer: Gazetteer) -> Iterator[Mention]:
    order = sorted(
        (at for at, proposal in enumerate(proposals) if proposal.kind is Kind.EVENT), key=lambda at: proposals[at].start
    )
    for rank, at in enumerate(order):
        proposal = proposals[at]
        block = document.block_at(proposal.start)
        sentence = document.sentence_at(proposal.start)
        known = (proposal.text[found.start : found.end] for found in gazetteer.find(proposal.text))
        yield Mention(
            proposal,
            at,
            rank,
            block.start if block else -1,
            sentence[0] if sentence else proposal.start,
            person_and_building_names(proposal.text, known),
        )


def _shares(mentions: Sequence[Mention]) -> Mapping[str, float]:
    counts = Counter(value for mention in mentions for value in mention.places | mention.actors | mention.names)
    shares = {value: count / len(mentions) for value, count in counts.items()} if len(mentions) >= _FEW else {}
    if len(mentions) >= _MANY:
        pairs = Counter(key for mention in mentions for key in pair_keys(mention))
        shares |= {key: count / len(mentions) for key, count in pairs.items() if count <= _MOST_RARE}
    return shares


def _fit(
    members: Sequence[Mention],
    mention: Mention,
    gazetteer: Gazetteer,
    shares: Mapping[str, float],
    continuity: float,
) -> EventLink | None:
    """The strongest link of a mention to an event; None where it is too weak or another of its mentions forbids it."""
    best: EventLink | None = None
    for member in (*members[:_COMPARED], *members[_COMPARED:][-_COMPARED:]):
        evidence = weigh(member, mention, gazetteer=gazetteer, shares=shares)
        if continuity:
            evidence.append(_expected(member, mention, continuity))
        total = sum(each.weight for each in evidence)
        if total <= _FORBIDS:
            return None
        if (
            (continuity or _is_anchored(member, mention, gazetteer))
            and _is_enough(member, mention, evidence, total, shares)
            and (best is None or total > best.weight)
        ):
            reasons = sorted(evidence, key=lambda each: -abs(each.weight))
            best = EventLink(
                first=member.proposal.id,
                second=mention.proposal.id,
                weight=round(total, 2),
                reasons=tuple(f"{each.weight:+g} {each.reason}" for each in reasons),
            )
    return best


def _expected(member: Mention, mention: Mention, continuity: float) -> Evidence:
    """That a story goes on about what it told last; half as much of what it told before that."""
    last = mention.rank - member.rank == 1 or member.block == mention.block
    return Evidence(continuity if last else continuity / 2, "the story goes on" if last else "told in the same story")


def _is_enough(
    earlier: Mention, later: Mention, evidence: Iterable[Evidence], total: float, shares: Mapping[str, float]
) -> bool:
    grounds = [each for each in evidence if each.weight > 0]
    conflict = any(each.weight <= _CONFLICT for each in evidence)
    enumerated = earlier.block == later.block
    if _days_differ(earlier, later) and (enumerated or not _is_particular(earlier, later, shares)):
        return False
    if _SINGLE & {earlier.kind, later.kind} and not _same_day_and_place(earlier, later):
        return False
    return bool(grounds) and total >= (_ENOUGH_IN_CONFLICT if conflict else _ENOUGH)


def _is_anchored(earlier: Mention, later: Mention, gazetteer: Gazetteer) -> bool:
    """Whether the two can be known for one at all: the words refer back, or they share what is not everywhere.

    A victim, a person or a building of the same name is enough. So is a narrow place with dates of about the same
    precision; where one has no date, the actor, a toll or a second place has to be shared too. A country with a year is
    not enough, a country with a month or day is; nor is a town with a year for what is no attack (a takeover).
    """
    if refers_back(later, earlier) or earlier.names & later.names or earlier.victims & later.victims:
        return True
    narrow = [place for place in earlier.places & later.places if not is_broad(place, gazetteer)]
    if not earlier.dates or not later.dates:
        tolls = bool(earlier.tolls.keys() & later.tolls.keys())
        return len(narrow) > 1 or bool(narrow and (tolls or earlier.actors & later.actors))
    near = all(span(each) <= _ABOUT_A_MONTH for each in (*earlier.dates, *later.dates))
    return near or (bool(narrow) and {earlier.kind, later.kind} <= VIOLENT)


def _days_differ(earlier: Mention, later: Mention) -> bool:
    pairs = [(a, b) for a in earlier.dates for b in later.dates]
    return bool(pairs) and not any(a.overlaps(b) for a, b in pairs)


def _is_particular(earlier: Mention, later: Mention, shares: Mapping[str, float]) -> bool:
    """Whether two mentions with different days share more than a series of attacks does: place, kind, actor, target.

    That is a victim or a name, an act that this actor hardly does again in this document, or, where the days lie close
    together, a toll that can be the same (``>50`` and ``>60``, not 10 and 11).
    """
    if earlier.names & later.names or earlier.victims & later.victims or is_rare(earlier, later, shares):
        return True
    gaps = [days_apart(a, b) for a in earlier.dates for b in later.dates]
    if not any(gap is not None and gap <= MILD_GAP for gap in gaps):
        return False
    pairs = [(toll, later.tolls.get(name)) for name, toll in earlier.tolls.items()]
    return any(a.compare(b) in (Agreement.EQUAL, Agreement.COMPATIBLE) for a, b in pairs)


def _same_day_and_place(earlier: Mention, later: Mention) -> bool:
    days = {each.text for each in earlier.dates if each.is_day} & {each.text for each in later.dates if each.is_day}
    return bool(days) and bool(earlier.places & later.places)


class _Index:
    """Earlier mentions by what a later one can share with them, so that not all pairs are compared."""

    def __init__(self) -> None:
        self._buckets: defaultdict[str, list[int]] = defaultdict(list)
        self._recent: list[int] = []

    def add(self, mention: Mention) -> None:
        for key in _keys(mention):
            bucket = self._buckets[key]
            bucket.append(mention.index)
            if len(bucket) > _MOST_IN_BUCKET:
                bucket.pop(0)
        self._recent = [*self._recent, mention.index][-_RECENT:]

    def candidates(self, mention: Mention) -> set[int]:
        found = set(self._recent)
        for key in _keys(mention):
            found.update(self._buckets.get(key, ()))
        return found


def _keys(mention: Mention) -> Iterator[str]:
    for place in mention.places:
        yield f"place:{place}"
    for name in mention.names | mention.victims:
        yield f"name:{name}"
    for each in mention.dates:
        if each.earliest is not None:
            yield f"month:{each.earliest:%Y-%m}"
        if each.latest is not None:
            yield f"month:{each.latest:%Y-%m}"
