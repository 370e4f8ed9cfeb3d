"""Which sentences of a paragraph speak of one incident."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from marsad.documents import Block
from marsad.documents.sentences import split_sentences
from marsad.extraction.deeds import Deed, deed_kind, deed_rank, deed_words
from marsad.extraction.effects import effect_words
from marsad.extraction.found import FoundDate
from marsad.extraction.harm import ELSEWHERE
from marsad.extraction.settings import date_of, first_date
from marsad.extraction.told import Finds, Told
from marsad.extraction.words import pieces, tokenise, word_set

__all__ = ["Passage", "passages"]

_CLAIM = re.compile(
    r"\bresponsibility\b|\bclaimed\s+(?:the|credit|by)\b|\b(?:blamed|accused|denied|denies)\b", re.IGNORECASE
)
_BACK = re.compile(
    r"^\W*(?:(?:however|later|meanwhile|in addition|moreover|subsequently|furthermore|according to [^,]{2,40}|"
    r"the next day|[a-z]+ly)\W+){0,2}(?:(?:the|this|that|these|those)\s+(?:[a-z-]+\s+){0,2}?(?:attacks?|blasts?|"
    r"explosion|bombing|incident|strikes?|airstrikes?|raid|shooting|ambush|clash|clashes|assault|kidnapping|"
    r"abduction|bomb|bomber|victims?|dead|deceased|wounded|injured|toll|attackers?|assailants?|gunm[ae]n|"
    r"perpetrators?|suspects?|kidnappers?|hostages?|captives?|body|bodies|operation|gunfight|gunbattle)\b|"
    r"(?:the|this)\s+(?:killing|death|murder|assassination)\b(?!\s+of)|(?:his|her|their)\b)|"
    r"^\W*(?:he|she|they|it|both|all|one|another|two|three|four|some|others|no\s+one|nobody|none|no)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:in|by|from|of|during|after)\s+(?:the|this|these|those)\s+(?:[a-z-]+\s+)?(?:attacks?|blasts?|explosions?|"
    r"bombing|incident|strikes?|airstrikes?|raids?|shooting|ambush|clash|clashes|assault)\b(?!\s+(?:on|in|at|against|of)\b)",
    re.IGNORECASE,
)
_CARRIED_OUT = re.compile(r"\b(?:carried\s+out|behind|perpetrated|conducted|launched|staged|by)\b", re.IGNORECASE)
_NEW = re.compile(
    r"^\W*(?:similarly|separately|elsewhere|in\s+another|in\s+a\s+(?:separate|second|third|similar)|another|a\s+second|"
    r"a\s+separate|earlier|also\s+on|on\s+the\s+same\s+day|in\s+a\s+different)\b",
    re.IGNORECASE,
)
_ON = re.compile(
    r"^\W*(?:further|furthermore|also|moreover|similarly|in addition|additionally|besides)\b", re.IGNORECASE
)
_DATE_ALONE = re.compile(r"(?:\w+\s+){0,2}(?:\w{3,9}|\d{1,2})\s+(?:\d{1,2},?\s+)?\d{4}\s*[.:]", re.IGNORECASE)
_HEAD_PLACE = r"[^\W\d_a-z][\w’'-]+(?:[ -][^\W\d_a-z][\w’'-]+){0,3}(?:\s\([\w ’'-]{2,40}\))?"
_HEAD_DAY = r"(?:\d{1,2}(?:\s*(?:and|–|-)\s*\d{1,2})?\s+\w{3,9}|\w{3,9}\s+\d{1,2},?)\s+\d{4}"
_HEADED = re.compile(rf"(?:{_HEAD_PLACE},\s+{_HEAD_DAY}|{_HEAD_DAY},\s+{_HEAD_PLACE})\s*[.:]")
"""A place and a day, or a day and a place, that stand by themselves at the head of a paragraph."""
_LIKE = re.compile(
    r";\s+(?:and\s+)?|,?\s+(?:and|while|but)\s+(?=that\s+(?:which|of|on|in|at)\b|on\s+\d|on\s+[A-Z]\w+\s+\d)"
    r"|\s+(?:after|until|than)\s+(?=that\s+(?:of|on|in|at)\b)"
)
_CAUSE = re.compile(
    r"\b(?:due\s+to|because\s+of|in\s+response\s+to|in\s+(?:retaliation|revenge|reprisal)\s+(?:for|to))\s",
    re.IGNORECASE,
)
_YEARLY = re.compile(r"\bthe\s+(?:\w+\s+)?(?:19|20)\d\d\s+(?=\w)", re.IGNORECASE)
_SILENT = frozenset({"harm", "arrest", "beating"})
_BY_EFFECT = {"killed": "killing", "kidnapped": "abduction", "injured": "harm", "arrested": "arrest"}
_CUTS = 5
"""A sentence with more places to cut than this is no sentence, and is left whole."""
_MOST = 30
"""How many sentences one incident may have."""
_LEADERS = word_set("passages.leaders")
_FAR = 3
"""How many sentences after its incident a claim may stand."""


@dataclass(frozen=True)
class Passage:
    """Sentences that speak of one incident.

    Attributes:
        tellings: the sentences, in order; the first one reports the incident.
        deed: the most telling word for it, as in the lexicon; kind: what kind of event that is.
        deed_start, deed_end: that word in the text.
        given_date: a date that stands before the first sentence, for it.
        around: the sentences between them, which may name the place.
        before: the first part of the same sentence, where it tells of several incidents: it may say who did it.
    """

    tellings: tuple[Told, ...]
    deed: str
    kind: str
    deed_start: int
    deed_end: int
    given_date: FoundDate | None = None
    around: tuple[Told, ...] = ()
    before: Told | None = None

    @property
    def start(self) -> int:
        """Where its first sentence begins."""
        return self.tellings[0].start

    @property
    def end(self) -> int:
        """Where its last sentence ends."""
        return self.tellings[-1].end


@dataclass
class _Open:
    """An incident to which sentences may still be added."""

    tellings: list[Told] = field(default_factory=list)
    first: int = 0
    last: int = 0
    given_date: FoundDate | None = None


def passages(finds: Finds, block: Block) -> Iterator[Passage]:
    """The incidents of a paragraph, each with the sentences that speak of it."""
    body = finds.document.text[block.start : block.end]
    if _telling_words().isdisjoint(token.low for token in tokenise(body, 0, len(body))):
        return
    tellings = [
        told
        for first, last in _sentences(body)
        for start, end in pieces(finds.document.text, block.start + first, block.start + last)
        for told in _parts(finds, start, end)
    ]
    current: _Open | None = None
    head = _head(finds, block, body)
    for index, told in enumerate(tellings):
        if head is not None and told.start > head.end and _leaves(told, head):
            head = None
        if current is not None and _continues(told, current, index):
            if _says_more(told):
                current.tellings.append(told)
                current.last = index
            continue
        if current is not None and told.sort == "aggregate":
            yield _passage(current, tellings)
            current = None
        if _reports(told) and not (_refers(told) and index > 0 and tellings[index - 1].sort == "aggregate"):
            if current is not None:
                yield _passage(current, tellings)
            given = _given(told, tellings[index - 1]) if index > 0 else None
            current = _Open([_under(told, head)], index, index, given)
    if current is not None:
        yield _passage(current, tellings)


@cache
def _telling_words() -> frozenset[str]:
    """Without any of these words a paragraph tells of no incident."""
    return deed_words() | effect_words() | {"toll", "lives", "casualties"}


def _sentences(body: str) -> list[tuple[int, int]]:
    """The sentences of a paragraph; a date that stands by itself belongs to the sentence that follows."""
    found: list[tuple[int, int]] = []
    for start, end in split_sentences(body):
        if found and (
            _DATE_ALONE.fullmatch(body, *found[-1]) or (len(found) == 1 and _HEADED.fullmatch(body, *found[-1]))
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _head(finds: Finds, block: Block, body: str) -> Told | None:
    """The place and day that stand by themselves at the head of a paragraph."""
    match = _HEADED.match(body)
    return None if match is None else finds.tell(block.start, block.start + match.end())


def _leaves(told: Told, head: Told) -> bool:
    """Whether a sentence has another day than the head of its paragraph."""
    days = [found.date for found in head.dates if found.date is not None]
    return any(
        found.date is not None and not any(found.date.overlaps(day) for day in days) for found in _own_dates(told)
    )


def _under(told: Told, head: Told | None) -> Told:
    """The first sentence of an incident with the day and the place of its paragraph's head, as far as it has none."""
    if head is None or told.start < head.end:
        return told
    places, local = (told.places, told.local) if told.places else (head.places, head.local)
    return replace(told, dates=_own_dates(told) or head.dates, places=places, local=local)


def _own_dates(told: Told) -> tuple[FoundDate, ...]:
    """The dates of a sentence that are not in brackets, where the year of a source may stand."""
    text = told.view.text
    return tuple(
        found
        for found in told.dates
        if found.date is not None
        and text.count("(", told.start, found.start) == text.count(")", told.start, found.start)
    )


def _given(told: Told, before: Told) -> FoundDate | None:
    """The year or month of the sentence before, for one that goes on without a date (*Further, …*)."""
    date = date_of(before)
    is_day = date is None or date.date is None or date.date.precision == "day"
    return None if is_day or date_of(told) is not None or not _ON.match(told.low) else date


def _says_more(told: Told) -> bool:
    """Whether a sentence that points back adds anything: people, a claim, a date, a place or who did it."""
    if told.harms or _CLAIM.search(told.low):
        return True
    is_named = bool(told.actors) and _CARRIED_OUT.search(told.low) is not None
    return bool(told.deeds) and (date_of(told) is not None or bool(told.places) or is_named)


def _parts(finds: Finds, start: int, end: int) -> Iterator[Told]:
    """A sentence, or its parts where it tells of two acts: one answers the other, or each has a day or year."""
    text = finds.document.text
    told = finds.tell(start, end)
    cuts = [match.start() for match in _CAUSE.finditer(text, start, end)]
    yearly = [match.start() for match in _YEARLY.finditer(text, start, end)]
    for cut in [*cuts, *yearly[1:]] if len(cuts) + len(yearly) <= _CUTS else []:
        left, right = finds.tell(start, cut), finds.tell(cut, end)
        if _acts(left) and _acts(right) and (cut in yearly or _has_single(right)):
            return (yield from [left, *_parts(finds, cut, end)])
    like = [match.end() for match in _LIKE.finditer(text, start, end)]
    for cut in like if len(told.dates) > 1 and len(like) <= _CUTS else []:
        left, right = finds.tell(start, cut), finds.tell(cut, end)
        if _struck(left) and _struck(right) and _on_other_days(left, right):
            return (yield from [left, *_parts(finds, cut, end)])
    yield from _by_place(told)


def _on_other_days(left: Told, right: Told) -> bool:
    """Whether two parts of a sentence have a day each, and not the same."""
    one, other = date_of(left), date_of(right)
    if one is None or other is None or one.date is None or other.date is None:
        return False
    return one.date.precision == other.date.precision == "day" and not one.date.overlaps(other.date)


def _by_place(told: Told) -> list[Told]:
    """The sentence once for each place where it says that people were hit; mostly once."""
    others = [harm for harm in told.harms if harm.rule == ELSEWHERE]
    if not others:
        return [told]
    first = next(harm for harm in told.harms if harm.first == others[0].first and harm.rule != ELSEWHERE)
    listed = [first, *others]
    ends = [told.view.tokens[harm.groups[-1].last].start for harm in listed] + [told.end]
    rest = tuple(harm for harm in told.harms if harm not in listed)
    return [
        replace(
            told,
            harms=(harm, *rest) if harm is first else (harm,),
            places=tuple(place for place in told.places if ends[index] <= place.start < ends[index + 1]),
        )
        for index, harm in enumerate(listed)
    ]


def _has_single(told: Told) -> bool:
    return any(deed.form != "nouns" for deed in _acts(told)) and bool(told.harms)


def _acts(told: Told) -> list[Deed]:
    """The words that name a deed that is violent by itself."""
    return [deed for deed in told.deeds if deed.form not in ("sign", "base") and deed.name not in _SILENT]


def _struck(told: Told) -> bool:
    """Whether people are told of to whom something was done."""
    return any(group.count is None or group.count.text != "0" for harm in told.harms for group in harm.groups)


def _reports(told: Told) -> bool:
    """Whether a sentence reports an incident by itself."""
    if told.sort == "aggregate":
        return False
    if told.sort == "neither":
        return _struck(told) and (_is_set(told) or bool(told.actors)) and _is_told_of(told)
    if _struck(told) and _is_told_of(told):
        return True
    acts = [deed for deed in _acts(told) if deed.form in ("past", "participle", "noun", "gerund", "nouns")]
    return bool(acts) and _is_set(told) and _is_event(told, acts)


def _is_told_of(told: Told) -> bool:
    """Whether the victims are told of as of an event: with a number, or with its date or place."""
    counted = any(group.count is not None for harm in told.harms for group in harm.groups)
    return counted or _is_set(told)


def _is_set(told: Told) -> bool:
    """Whether a date or a place is named."""
    return date_of(told) is not None or bool(told.places)


def _is_event(told: Told, acts: Sequence[Deed]) -> bool:
    """Whether a deed without victims is one event: with its date, or told by a verb of the past at a place."""
    date = date_of(told)
    if date is not None and date.date is not None:
        is_one = any(deed.form != "nouns" for deed in acts)
        return is_one or told.sort == "both" or bool(told.local) or date.date.precision == "day"
    if told.local and all(deed.name in ("clash", "shooting") for deed in acts):
        return told.sort == "incident"
    return any(deed.form in ("past", "participle") for deed in acts) and told.sort == "incident"


def _continues(told: Told, current: _Open, index: int) -> bool:
    """Whether a sentence still speaks of the open incident."""
    if index - current.last > _FAR or len(current.tellings) > _MOST or _begins(told, current):
        return False
    mine = date_of(told)
    if _refers(told) or (_WITHIN.search(told.low) and mine is None):
        return told.sort != "aggregate" or bool(_CLAIM.search(told.low))
    if _CLAIM.search(told.low) and not _struck(told) and mine is None:
        return told.sort != "aggregate" and index - current.last == 1
    alone = not told.places or not _acts(told)
    return _struck(told) and mine is None and alone and told.sort != "aggregate" and index - current.last == 1


def _begins(told: Told, current: _Open) -> bool:
    """Whether a sentence begins another incident: part of a split sentence, another day, a word like *elsewhere*."""
    if current.tellings[0].start == told.start:
        return True
    if not _reports(told):
        return False
    mine, theirs = date_of(told), first_date(current.tellings)
    dates = [found.date for found in (mine, theirs) if found is not None and found.date is not None]
    if len(dates) == 2 and not dates[0].overlaps(dates[1]):
        return True
    return current.tellings[-1].end == told.start or _NEW.match(told.low) is not None


def _refers(told: Told) -> bool:
    """Whether a sentence begins by pointing back: *the attack*, *they*, *two of them*."""
    return _BACK.match(told.low) is not None


def _passage(current: _Open, all_told: Sequence[Told]) -> Passage:
    tellings = tuple(current.tellings)
    before = next(
        (told for told in all_told[max(current.first - 1, 0) : current.first] if told.end == tellings[0].start), None
    )
    around = tuple(all_told[current.first : current.last + 1])
    first = tellings[0]
    found = [(told, deed) for told in tellings for deed in told.deeds if deed.form != "base"]
    struck = {harm.effect for told in tellings for harm in told.harms}
    violent = [pair for pair in found if pair[1].name not in _SILENT] or found
    if violent:
        told, deed = min(violent, key=lambda pair: (_order(pair[1], pair[0] is first), pair[1].first))
        start, end = told.view.tokens[deed.first].start, told.view.tokens[deed.last - 1].end
        kind = "assassination" if _is_of_leader(told, deed) else deed_kind(deed.name)
        return Passage(
            tellings, deed.name, kind, start, end, around=around, before=before, given_date=current.given_date
        )
    effect = next((each for each in _BY_EFFECT if each in struck), "killed")
    name = _BY_EFFECT[effect]
    harm = next((harm for told in tellings for harm in told.harms if harm.effect == effect), None)
    if harm is None:
        return Passage(
            tellings,
            name,
            deed_kind(name),
            first.start,
            first.start,
            around=around,
            before=before,
            given_date=current.given_date,
        )
    tokens = next(told for told in tellings if harm in told.harms).view.tokens
    return Passage(
        tellings,
        name,
        deed_kind(name),
        tokens[harm.first].start,
        tokens[harm.last - 1].end,
        around=around,
        before=before,
        given_date=current.given_date,
    )


def _is_of_leader(told: Told, deed: Deed) -> bool:
    """*The killing of* somebody by name, or of a leader: a chosen person."""
    if deed.name != "killing" or told.view.low(deed.last) != "of":
        return False
    groups = [group for harm in told.harms if harm.first == deed.first for group in harm.groups]
    return len(groups) == 1 and (groups[0].form == "name" or groups[0].noun in _LEADERS)


def _order(deed: Deed, is_first: bool) -> tuple[bool, int]:  # noqa: FBT001 - a key of sorting
    """The first sentence's words count before those of the sentences that follow."""
    return (not is_first and deed_rank(deed.name) > 4, deed_rank(deed.name))
