"""Who was killed, injured, kidnapped or arrested in a passage: people counted once, by class, with the totals.

Sentences tell one event piece by piece: *Two drivers were abducted. They were killed a week later.* A pronoun, *the
victims* or a noun that comes again with *the* stands for people already told. Whoever was killed does not count as
injured too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marsad.extraction.effects import Harm
from marsad.extraction.harm import find_harm
from marsad.extraction.noun_phrases import employer_class, find_people
from marsad.extraction.people import Group, View, view_sentence
from marsad.extraction.person_words import employed_nouns
from marsad.extraction.words import pieces, word_set
from marsad.model import Quantity

__all__ = ["Victims", "add_up", "count_class", "find_victims", "gather_victims"]

_SOME = word_set("victims.some")
_OTHERS = frozenset({"others", "other"})
_SINGLE = frozenset({"he", "she", "him", "her"})
_MANY = frozenset({"they", "them", "both", "all"})


@dataclass(frozen=True, slots=True)
class Victims:
    """People to whom something was done, told by one phrase.

    Attributes:
        effect: ``killed``, ``injured``, ``kidnapped`` or ``arrested``.
        count: how many; None where the text does not say.
        classes: classes of people, as in the lexicon; empty where the text does not say.
        start, end: the phrase in the text.
        rule: how it was read.
        parts: some of them that the text speaks of (*including two children*).
        is_total: whether the number is the toll of the event as a whole.
        person: number of these people in the passage: the same people keep it.
        act_start, act_end: the words that say what was done.
        sentence: number of the sentence in the passage.
    """

    effect: str
    count: Quantity | None
    classes: frozenset[str]
    start: int
    end: int
    rule: str
    parts: tuple[Victims, ...] = ()
    is_total: bool = False
    person: int = 0
    act_start: int = 0
    act_end: int = 0
    sentence: int = 0


@dataclass(slots=True)
class _People:
    """People told of so far."""

    number: int
    count: Quantity | None
    classes: frozenset[str]
    noun: str
    is_plural: bool
    sentence: int
    is_struck: bool = False


class _Memory:
    """Who has been told of in a passage."""

    def __init__(self, employers: frozenset[str]) -> None:
        self.people: list[_People] = []
        self.employers = employers

    def resolve(self, group: Group, sentence: int, *, in_harm: bool, is_agent: bool = False) -> tuple[_People, ...]:
        """The people that a phrase stands for: known ones, or new ones."""
        if group.form == "pronoun":
            return self._meant(group)
        if group.form == "definite" and (known := self._named_before(group)) is not None:
            return (known,)
        classes = group.classes or self.employed(group)
        earlier = [people for people in self.people if people.sentence == sentence or group.form == "definite"]
        struck = [people for people in earlier if people.is_struck]
        if not classes and not group.noun and struck:
            classes = struck[-1].classes
        if not classes and not struck and self.people and (group.is_other or group.form == "definite" or sentence > 0):
            told = [people for people in self.people if people.is_struck] or self.people
            classes = told[-1].classes if not group.noun or group.noun in _OTHERS else classes
        if not classes and group.is_other and group.noun in _OTHERS and struck:
            classes = struck[-1].classes
        if is_agent:
            return ()
        if in_harm or group.noun:
            found = _People(len(self.people) + 1, group.count, classes, group.noun, group.is_plural, sentence, in_harm)
            self.people.append(found)
            return (found,)
        return ()

    def employed(self, group: Group) -> frozenset[str]:
        """The class of a driver or guard of nobody, where the passage names one sort of employer."""
        return self.employers if group.noun in employed_nouns() and len(self.employers) == 1 else frozenset()

    def _meant(self, group: Group) -> tuple[_People, ...]:
        """Whom a pronoun means: the last single person, or the people of the last sentence that told of several."""
        known = [people for people in self.people if people.is_struck] or self.people
        if group.noun in _SINGLE:
            one = [people for people in known if people.count is not None and people.count.text == "1"]
            return (one[-1],) if one else ()
        if group.noun in _MANY and known:
            last = known[-1].sentence
            return tuple(people for people in known if people.sentence == last)
        return ()

    def _named_before(self, group: Group) -> _People | None:
        """The people told of before with the same noun, or anybody for *the victims*."""
        for people in reversed(self.people):
            same = group.noun and _singular(people.noun) == _singular(group.noun) and not group.is_other
            if same and (people.is_plural or not group.is_plural):
                return people
            if group.noun in _SOME and "militant" not in people.classes and people.is_plural >= group.is_plural:
                return people
        return None


def _singular(noun: str) -> str:
    last = noun.rsplit(" ", 1)[-1]
    return last.removesuffix("s")


def find_victims(text: str, sentences: Iterable[tuple[int, int]]) -> tuple[Victims, ...]:
    """The victims of a passage, read as telling of one event.

    Args:
        text: the text.
        sentences: the sentences of the passage as offsets, in order.
    """
    bounded = [piece for start, end in sentences for piece in pieces(text, start, end)]
    views = [view_sentence(text, start, end) for start, end in bounded]
    groups = [find_people(view) for view in views]
    return gather_victims([(view, found, find_harm(view, found)) for view, found in zip(views, groups, strict=True)])


def gather_victims(told: Sequence[tuple[View, Sequence[Group], Sequence[Harm]]]) -> tuple[Victims, ...]:
    """The victims of a passage whose sentences have been read."""
    memory = _Memory(frozenset[str]().union(*(employer_class(view) for view, _, _ in told)) if told else frozenset())
    found: list[Victims] = []
    for sentence, (view, groups, harms) in enumerate(told):
        met: dict[int, tuple[_People, ...]] = {}
        struck = {group.first for harm in harms if not harm.is_total for group in harm.groups}
        totals = {group.first for harm in harms if harm.is_total for group in harm.groups}
        for group in groups:
            if group.first in totals:
                continue
            is_agent = group.first not in struck and view.low(group.first - 1) in {"by", "as"}
            met[group.first] = memory.resolve(group, sentence, in_harm=group.first in struck, is_agent=is_agent)
        for harm in harms:
            found += _of_harm(view, harm, met, memory, sentence)
    return _settled(found)


def _of_harm(
    view: View, harm: Harm, met: dict[int, tuple[_People, ...]], memory: _Memory, sentence: int
) -> Iterable[Victims]:
    act = (view.tokens[harm.first].start, view.tokens[harm.last - 1].end)
    for group in harm.groups:
        if group.first not in met:
            met[group.first] = () if harm.is_total else memory.resolve(group, sentence, in_harm=True)
        if harm.is_total:
            yield _total(view, harm, group, act)
            continue
        start, end = view.tokens[group.first].start, view.tokens[group.last - 1].end
        for people in met[group.first]:
            parts = harm.parts if group is harm.groups[-1] else ()
            yield Victims(
                effect=harm.effect,
                count=people.count,
                classes=people.classes or group.classes,
                start=start,
                end=end,
                rule=harm.rule
                if group.form != "pronoun"
                else f"{harm.rule}; the pronoun stands for people told of before",
                parts=tuple(_part(view, harm, part, memory) for part in parts),
                is_total=harm.is_total,
                person=people.number,
                act_start=act[0],
                act_end=act[1],
                sentence=sentence,
            )


def _total(view: View, harm: Harm, group: Group, act: tuple[int, int]) -> Victims:
    start, end = view.tokens[group.first].start, view.tokens[group.last - 1].end
    return Victims(
        harm.effect, group.count, frozenset(), start, end, harm.rule, is_total=True, act_start=act[0], act_end=act[1]
    )


def _part(view: View, harm: Harm, group: Group, memory: _Memory) -> Victims:
    start, end = view.tokens[group.first].start, view.tokens[group.last - 1].end
    classes = group.classes or memory.employed(group)
    return Victims(harm.effect, group.count, classes, start, end, "some of them")


def _settled(found: Sequence[Victims]) -> tuple[Victims, ...]:
    """The same people once for each effect; the killed are not injured too; a toll stands for all the killed."""
    killed = {victims.person for victims in found if victims.effect == "killed"}
    seen: set[tuple[str, int]] = set()
    kept: list[Victims] = []
    for victims in found:
        key = (victims.effect, victims.person)
        if (key in seen and not victims.is_total) or (victims.effect == "injured" and victims.person in killed):
            continue
        seen.add(key)
        kept.append(victims)
    return tuple(kept)


def add_up(counts: Iterable[Quantity | None]) -> Quantity | None:
    """The sum of numbers with qualifiers; None where none is known. A part that is not known makes a lower bound."""
    listed = list(counts)
    told = [count for count in listed if count is not None]
    known = [count for count in told if count.text != "0"] or told[:1]
    if len(known) <= 1 and None not in listed:
        return known[0] if known else None
    return _sum(known, is_whole=None not in listed) if known else None


def _sum(known: Sequence[Quantity], *, is_whole: bool) -> Quantity:
    """The sum of known numbers; a lower bound where it is not the whole, or where a number is none."""
    low = sum((count.low or Decimal(0) for count in known), Decimal(0))
    best = sum((count.best if count.best is not None else count.low or Decimal(0) for count in known), Decimal(0))
    if is_whole and all(count.is_exact for count in known):
        return Quantity.parse(str(best))
    marks = {count.text[0] if count.text[0] in "<>~" else "" for count in known if not count.is_exact}
    if is_whole and marks in ({"~"}, {"<"}):
        return Quantity.parse(f"{'~' if marks == {'~'} else '<='}{best}")
    return Quantity.parse(f">={low if '~' not in marks else best}")


def count_class(victims: Iterable[Victims], effect: str, classes: frozenset[str]) -> Quantity | None:
    """How many people of some classes suffered an effect: zero where none are told of, None where no number is."""
    counts: list[Quantity | None] = []
    for each in victims:
        if each.effect != effect:
            continue
        parts = [part for part in each.parts if part.classes & classes]
        if each.classes & classes:
            counts.append(each.count)
        elif parts:
            counts.extend(part.count for part in parts)
    return add_up(counts) if counts else Quantity.parse("0")
