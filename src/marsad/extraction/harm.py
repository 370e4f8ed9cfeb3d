"""What was done to people: who was killed, injured, kidnapped or arrested, in the words of one sentence.

The words that say so are verbs (*killed nine officers*, *nine officers were killed*, *nine officers killed in an
attack*), verbs of suffering (*two of them died*), states (*left 12 dead*), nouns (*the killing of*, *432 deaths*) and
bodies that are found. For each, the phrases for people at its object or subject side are taken, with what is joined
to them by *and*. What did not happen (*could kill*, *to be killed*, *not injured*) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from marsad.extraction.effects import EffectWord, Harm, find_effects
from marsad.extraction.losses import find_losses, number_group
from marsad.extraction.people import ADVERBS, BE, MODALS, STOPS, Group, View, is_adverb
from marsad.extraction.words import word_set
from marsad.model import Quantity

__all__ = ["ELSEWHERE", "find_harm"]

ELSEWHERE = "object of the verb, at another place"
"""The rule of people to whom the same was done at another place."""

_PARTICLES = word_set("harm.particles")
_ARTICLES = frozenset({"a", "an", "the", "its", "some", "several", "many"})
_TIMES = word_set("harm.times")
_AT = frozenset({"in", "at", "near"})
_JOINS = frozenset({"and", "&", "plus"})
_WITH = (("along", "with"), ("together", "with"), ("as", "well", "as"), ("alongside",), ("in", "addition", "to"))
_PARTS = word_set("harm.parts")
_SHARES = frozenset({"most", "many", "some", "all", "half"})
_BREAKS = word_set("harm.breaks")
_CASES = word_set("harm.cases")
_NOT = frozenset({"not", "never", "n't", "without", "neither", "nor", "wasn't", "weren't", "isn't"})
_FEIGNED = word_set("harm.feigned")
_ADJECTIVAL = frozenset(
    {"injured", "wounded", "kidnapped", "abducted", "captured", "detained", "slain", "murdered", "arrested"}
)
_FOUND = word_set("harm.found")


def find_harm(view: View, groups: Sequence[Group]) -> tuple[Harm, ...]:
    """What the sentence says was done to people, in the order of its words."""
    words = [
        word
        for word in find_effects(view.tokens)
        if not any(group.first <= word.first and word.last < group.last for group in groups if group.noun)
    ]
    return tuple(_Reader(view, groups, words).read())


class _Reader:
    """Reads one sentence; keeps what the words before have taken, for *abducted and killed*."""

    def __init__(self, view: View, groups: Sequence[Group], words: Sequence[EffectWord]) -> None:
        self.view = view
        self.groups = list(groups)
        self.words = list(words)
        self.taken: set[int] = set()
        self.has_names = any(
            token.is_word and not token.low.isdigit() and not token.is_capital for token in view.tokens
        )
        self.numbers_by_end = {last: first for first, (last, _) in view.numbers.items()}
        self.starts = {group.first: group for group in groups}
        self.ends = {group.last: group for group in groups}

    def read(self) -> Iterator[Harm]:
        """Each word that says what was done, with whom it was done to."""
        previous: Harm | None = None
        for index, word in enumerate(self.words):
            harm = self._harm(index, word, previous)
            if harm is not None:
                previous = harm
                yield from self._elsewhere(harm)
                self.taken |= {group.first for group in harm.groups} if "subject" not in harm.rule else set()
                yield harm
        yield from find_losses(self.view, self._object, self._parts)

    def _elsewhere(self, harm: Harm) -> Iterator[Harm]:
        """*Killing three people in one town and five in another*: the same was done to others elsewhere."""
        at = harm.groups[-1].last if "object" in harm.rule else len(self.view.tokens)
        while self.view.low(at) in _AT:
            group = next(
                (
                    self.starts[joint + 1]
                    for joint in range(at + 2, min(at + 8, len(self.view.tokens)))
                    if self.view.low(joint) in {"and", ","} and joint + 1 in self.starts
                ),
                None,
            )
            if group is None or group.count is None or self.view.low(group.last) not in _AT:
                return
            yield replace(harm, groups=(group,), parts=(), rule=ELSEWHERE)
            at = group.last

    def _harm(self, index: int, word: EffectWord, previous: Harm | None) -> Harm | None:
        if self._is_unreal(word):
            return None
        if word.sort == "verbs":
            return self._verb(index, word, previous)
        if word.sort == "suffer":
            subject = self._subject(word.first) or self._shared(word, previous)
            return self._make(word, subject, "subject of the verb")
        if word.sort == "states":
            return self._state(word)
        return self._noun(word)

    # -- what did not happen ---------------------------------------------------------------------------------------

    def _is_unreal(self, word: EffectWord) -> bool:
        at = word.first - 1
        seen_be = False
        while at >= 0 and word.first - at <= 5:
            low = self.view.low(at)
            if low in _NOT | _FEIGNED | MODALS or (low == "to" and (seen_be or word.form == "base")):
                return True
            if low in {"of", "for"} and self.view.low(at - 1) in _FEIGNED:
                return True
            seen_be = seen_be or low in BE
            if low not in BE and not is_adverb(low) and low not in {"have", "has", "had"}:
                return False
            at -= 1
        return False

    # -- verbs -----------------------------------------------------------------------------------------------------

    def _verb(self, index: int, word: EffectWord, previous: Harm | None) -> Harm | None:
        if word.form in ("base", "present", "gerund"):
            is_noun = word.form == "gerund" and self.view.low(word.last) == "of"
            return self._make(word, self._object(word.last + is_noun, may_be_name=is_noun), "object of the verb")
        if self._is_adjective(word):
            return None
        if self._is_passive(word):
            before = self._before(word.first)
            subject = self._subject(before) or self._name_before(before)
            return self._make(word, (*subject, *self._company(word.last)), "subject of the passive")
        return (
            self._make(word, self._object(word.last), "object of the verb")
            or self._make(word, self._next_object(index, word), "object of the verbs joined by 'and'")
            or self._make(word, self._shared(word, previous), "subject of the verbs joined by 'and'")
            or self._make(word, self._with_company(word), "subject of the participle")
        )

    def _with_company(self, word: EffectWord) -> tuple[Group, ...]:
        subject = () if self._has_other_object(word.last) else self._subject(word.first)
        return (*subject, *self._company(word.last)) if subject else ()

    def _has_other_object(self, at: int) -> bool:
        """Whether something that is no people, and no time, stands behind a verb: *killed five cows*."""
        while is_adverb(self.view.low(at)):
            at += 1
        begins = at in self.view.numbers or self.view.low(at) in _ARTICLES
        return begins and not any(self.view.low(index) in _TIMES for index in range(at, at + 4))

    def _before(self, first: int) -> int:
        """Where the auxiliaries before a participle begin."""
        at = first
        while at > 0 and (self.view.low(at - 1) in BE | {"have", "has", "had"} or is_adverb(self.view.low(at - 1))):
            at -= 1
        return at

    def _is_passive(self, word: EffectWord) -> bool:
        return any(self.view.low(at) in BE for at in range(self._before(word.first), word.first))

    def _is_adjective(self, word: EffectWord) -> bool:
        """*the injured students*, *treating wounded civilians*: said of people, but not told."""
        if self.view.words(word.first, word.last).lower() not in _ADJECTIVAL or word.first == 0:
            return False
        before = self.view.low(word.first - 1)
        return (
            before in {"the", "of", "with", "for", "his", "her", "their", "evacuate", "evacuating", "treat", "treating"}
            or (before in _CASES and before != "by")
        ) and word.first not in self.ends

    def _object(self, at: int, *, may_be_name: bool = False) -> tuple[Group, ...]:
        """The phrases right behind a verb, with what is joined to them; or a person's name."""
        while is_adverb(self.view.low(at)) and at not in self.starts:
            at += 1
        group = self.starts.get(at)
        if group is None or (
            group.form == "pronoun" and group.noun not in {"him", "her", "them", "both", "all", "one"}
        ):
            return self._name_after(at) if may_be_name and group is None else ()
        found = [group]
        while (after := self._joined_after(found[-1].last)) is not None and not self._is_subject(after):
            found.append(after)
        return tuple(found)

    def _joined_after(self, at: int) -> Group | None:
        """The phrase that is joined to the one that ends here."""
        at = self._skip_hidden(at)
        joint = at
        if self.view.low(joint) == ",":
            joint += 1
            listed = self.starts.get(joint)
            if listed is not None and self.view.low(self._skip_hidden(listed.last)) not in _JOINS | {","}:
                return None
        if self.view.low(joint) in _JOINS:
            joint += 1
        else:
            for words in _WITH:
                if all(self.view.low(joint + i) == word for i, word in enumerate(words)):
                    joint += len(words)
                    break
        return self.starts.get(joint) if joint > at else None

    def _skip_hidden(self, at: int) -> int:
        while at in self.view.hidden:
            at += 1
        return at

    def _is_subject(self, group: Group) -> bool:
        """Whether a phrase begins a clause of its own: *and two others were injured*, *and two injured*."""
        at = self._skip_hidden(group.last)
        while is_adverb(self.view.low(at)):
            at += 1
        return self.view.low(at) in BE | {"have", "has", "had"} or any(word.first == at for word in self.words)

    def _next_object(self, index: int, word: EffectWord) -> tuple[Group, ...]:
        """*beat and arrested a lecturer*: the object stands behind the last verb."""
        at = word.last + (self.view.low(word.last) == ",")
        if self.view.low(at) not in _JOINS or index + 1 >= len(self.words):
            return ()
        after = self.words[index + 1]
        first = self._before(after.first)
        return (
            self._object(after.last)
            if after.sort == "verbs" and first == at + 1 and not self._is_passive(after)
            else ()
        )

    def _shared(self, word: EffectWord, previous: Harm | None) -> tuple[Group, ...]:
        """*was abducted and killed*, *was shot in his chest and killed*: the subject of the verb before."""
        at = self._before(word.first) - 1
        if previous is None or previous.last > at + 1 or self.view.low(at) not in _JOINS | {"then", ","}:
            return ()
        between = any(previous.last <= group.first < at and group.form != "pronoun" for group in self.groups)
        by_phrase = any(self.view.low(i) == "by" for i in range(previous.last, at))
        if between and not by_phrase:
            return ()
        return previous.groups if previous.last > 0 else ()

    def _company(self, at: int) -> tuple[Group, ...]:
        """*kidnapped along with eight civilians*."""
        while is_adverb(self.view.low(at)) and self.view.low(at) != "together":
            at += 1
        for words in _WITH:
            if all(self.view.low(at + i) == word for i, word in enumerate(words)):
                return self._object(at + len(words))
        return ()

    # -- the subject -----------------------------------------------------------------------------------------------

    def _subject(self, at: int) -> tuple[Group, ...]:
        """The phrases before a verb: the last that does not hang on a preposition, with what is joined to it."""
        at = self._before(at)
        if self.view.low(at - 1) in {"who", "that", "which", "whom"}:
            return self._antecedent(at - 1)
        candidates = [group for group in self.groups if group.last <= at]
        spare: Group | None = None
        limit = at
        for group in reversed(candidates):
            if self._breaks(group.last, limit) and spare is not None:
                break
            limit = group.first
            if self.view.low(group.first - 1) in {"by", "as", "them", "whom"} | BE or self._is_object(group):
                continue
            if self.view.low(group.first - 1) == "also" and self.view.low(group.first - 2) in BE:
                continue
            if self.view.low(group.first - 1) == "also" and group.first - 1 in self.ends:
                continue
            if self.view.low(group.first - 1) not in _CASES:
                chain = self._with_joined(group)
                if self.view.low(chain[0].first - 1) in _PARTS:
                    continue
                return self._one_person(chain, at)
            spare = spare or (group if self._near(group, at) else None)
        return self._with_joined(spare) if spare is not None else ()

    def _one_person(self, chain: tuple[Group, ...], at: int) -> tuple[Group, ...]:
        """*A doctor and activist was killed*: one person, if the verb says so and the second noun has no article."""
        if self.view.low(at) in {"was", "is"} and len(chain) > 1 and all(g.form == "bare" for g in chain[1:]):
            classes = frozenset[str]().union(*(group.classes for group in chain))
            return (replace(chain[0], classes=classes),)
        whole, rest = chain[0], chain[1:]
        exact = [group.count for group in chain if group.count is not None and group.count.is_exact]
        if len(rest) > 1 and len(exact) == len(chain):
            numbers = [count.best for count in exact if count.best is not None]
            if numbers[0] == sum(numbers[1:]) and numbers[0] > 2:
                return (whole,)
        return chain

    def _near(self, group: Group, at: int) -> bool:
        return group.last == at and self.view.low(group.first - 1) in {"of", "with", "after", "in", "including"}

    def _is_object(self, group: Group) -> bool:
        """Whether a verb before has taken the phrase as its object."""
        return group.first in self.taken or any(
            word.last == group.first and word.form in ("gerund", "past") and word.sort == "verbs" for word in self.words
        )

    def _breaks(self, first: int, last: int) -> bool:
        """Whether a clause ends between two places."""
        return any(self.view.low(at) in _BREAKS for at in range(first, last))

    def _antecedent(self, at: int) -> tuple[Group, ...]:
        """The phrase right before *who*."""
        at -= self.view.low(at - 1) == ","
        group = self.ends.get(at)
        return self._with_joined(group) if group is not None else ()

    def _with_joined(self, group: Group) -> tuple[Group, ...]:
        """A phrase and what is joined to it on its left: *a teacher, two students and a guard*."""
        if self._is_part(group) and (whole := self.ends.get(group.first - 1)) is not None:
            return (whole,)
        chain = [group]
        joints: list[str] = []
        while (found := self._joined_before(chain[0])) is not None:
            chain.insert(0, found[0])
            joints.insert(0, found[1])
        if joints and all(joint == "," for joint in joints):
            return self._apposed(chain)
        return tuple(chain)

    def _is_part(self, group: Group) -> bool:
        """*Two women, one a school teacher, were killed*: the second phrase speaks of some of the first."""
        words = (self.view.low(group.first), self.view.low(group.first + 1), self.view.low(group.first - 1))
        return words[0] == "one" and words[1] in {"a", "an", "of"} and words[2] == ","

    def _is_name(self, at: int) -> bool:
        token = self.view.tokens[at] if 0 <= at < len(self.view.tokens) else None
        if token is None or not self.has_names or at in self.view.numbers or at in self.view.hidden:
            return False
        return token.is_word and token.is_capital and token.low not in STOPS and not token.low[0].isdigit()

    def _name_after(self, at: int) -> tuple[Group, ...]:
        """A person's name of at least two words; what stands after a comma may say who it is."""
        last = at
        while self._is_name(last) or (last > at and self.view.low(last) in _PARTICLES):
            last += 1
        if last - at < 2:
            return ()
        aside = self.starts.get(last + 1) if self.view.low(last) == "," else None
        classes = aside.classes if aside is not None and aside.form == "one" else frozenset[str]()
        return (Group(at, last, last - 1, "", Quantity.parse("1"), classes, "name"),)

    def _name_before(self, at: int) -> tuple[Group, ...]:
        """The same before a passive: *Firstname Lastname was killed*."""
        first = at
        while self._is_name(first - 1) or (first < at and self.view.low(first - 1) in _PARTICLES):
            first -= 1
        is_phrase = self.view.low(first - 1) in _CASES | {"the", "and"} and first > 0
        if at - first < 2 or at - first > 5 or is_phrase or self.view.low(at) not in {"was", "is"}:
            return ()
        return (Group(first, at, at - 1, "", Quantity.parse("1"), frozenset(), "name"),)

    def _joined_before(self, group: Group) -> tuple[Group, str] | None:
        at = group.first
        joint = ""
        for words in _WITH:
            if all(self.view.low(at - len(words) + i) == word for i, word in enumerate(words)):
                at, joint = at - len(words), "with"
        if not joint and self.view.low(at - 1) in _JOINS:
            at, joint = at - 1, "and"
        if self.view.low(at - 1) == ",":
            at, joint = at - 1, joint or ","
        while at - 1 in self.view.hidden:
            at -= 1
        found = self.ends.get(at) if joint else None
        if found is None or self.view.low(found.first - 1) == "by" or found.form == "pronoun" or self._is_object(found):
            return None
        return found, joint

    def _apposed(self, chain: list[Group]) -> tuple[Group, ...]:
        """*A teacher, a member of the council, was killed*: one person with two descriptions."""
        last = chain[-1]
        if last.form not in ("one", "definite") or chain[-2].count != last.count:
            return (last,)
        first = chain[-2]
        return (
            Group(
                first.first, first.last, first.head, first.noun, first.count, first.classes | last.classes, first.form
            ),
        )

    # -- states, nouns, bodies, tolls ------------------------------------------------------------------------------

    def _state(self, word: EffectWord) -> Harm | None:
        group = self.ends.get(word.first)
        if group is not None and (group.form != "pronoun"):
            return self._make(word, self._with_joined(group), "stands before the word")
        before = self._before(word.first)
        if before < word.first and any(self.view.low(at) in BE for at in range(before, word.first)):
            return self._make(word, self._subject(before), "subject of the state")
        if " " in self.view.words(word.first, word.last):
            return self._make(word, self._subject(word.first), "subject of the state")
        return None

    def _noun(self, word: EffectWord) -> Harm | None:
        if word.sort == "bodies":
            return self._body(word)
        if self.view.low(word.last) == "of":
            return self._make(word, self._object(word.last + 1, may_be_name=True), "stands after 'of'")
        first = self._number_before(word.first)
        return None if first is None else self._make(word, (number_group(self.view, first),), "number of the noun")

    def _number_before(self, at: int) -> int | None:
        """Where the number begins that stands before a noun, with at most two words between."""
        for last in range(at, max(at - 3, 0), -1):
            if last in self.numbers_by_end:
                return self.numbers_by_end[last]
            if last - 1 >= 0 and (not self.view.low(last - 1).isalpha() or self.view.low(last - 1) in _CASES):
                return None
        return None

    def _body(self, word: EffectWord) -> Harm | None:
        near = range(max(word.first - 12, 0), min(word.last + 14, len(self.view.tokens)))
        if not any(self.view.low(at) in _FOUND for at in near):
            return None
        if self.view.low(word.last) == "of" and (groups := self._object(word.last + 1)):
            return self._make(word, groups, "bodies that were found")
        if (first := self.numbers_by_end.get(word.first)) is not None:
            return self._make(word, (number_group(self.view, first),), "bodies that were found")
        if self.view.low(word.first - 1) in {"his", "her"}:
            group = Group(word.first - 1, word.first, word.first - 1, "he", None, frozenset(), "pronoun")
            return self._make(word, (group,), "bodies that were found")
        return None

    # -- parts -----------------------------------------------------------------------------------------------------

    def _make(self, word: EffectWord, groups: Sequence[Group], rule: str) -> Harm | None:
        kept = tuple(group for group in groups if group.form != "unknown" or self._may_be_people(group))
        if not kept:
            return None
        aside = self.starts.get(kept[-1].last + 1)
        parts = self._parts(kept[-1].last) or self._parts(word.last)
        if not parts and aside is not None and self._is_part(aside):
            parts = (aside,)
        return Harm(word.effect, kept, parts, word.first, word.last, rule)

    def _may_be_people(self, group: Group) -> bool:
        return group.count is not None and (group.is_plural or self.view.tokens[group.head].is_capital)

    def _parts(self, at: int) -> tuple[Group, ...]:
        """What follows *including*, *mostly*, *one of whom*."""
        at = self._skip_hidden(at)
        at += self.view.low(at) in {",", "(", "-", "–", "—"}
        if self.view.low(at) in _SHARES and self.view.low(at + 1) == "of" and self.view.low(at + 2) in {"them", "whom"}:
            return self._object(at + 3)
        words = {self.view.low(at), self.view.low(at + 1)}
        if not words & _PARTS:
            return ()
        while at < len(self.view.tokens) and self.view.low(at) in _PARTS | {"them", "of", "also"} | ADVERBS:
            at += 1
        return self._object(at)
