"""What a number in a sentence counts: its noun, what became of those counted, its class of victims, its unit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marsad.extraction.figure_words import FigureWords, figure_words
from marsad.extraction.found import FoundQuantity
from marsad.extraction.words import Token, tokenise

__all__ = ["PERSONAL", "Count", "is_list", "read_counts"]

PERSONAL = frozenset(
    {"killed", "injured", "casualties", "fighters", "leaders", "prisoners", "returned", "deported", "displaced"}
    | {"to_be_expelled", "refugees", "undocumented", "forces", "protesters"}
)
"""The measures that count persons."""

_BREAK = re.compile(r"[,;:.()\[\]—–\n]")
_ELISION = frozenset({"killed", "injured", "wounded", "dead", "displaced", "died", "deported", "arrested"})
_LINE_AFTER = re.compile(
    r"[\s-]*(?:long\b|in\s+length\b)?[\s,-]*(?:[^\W\d_]+[\s-]+){0,3}?(?P<noun>border|frontier|boundary|fence|wall|"
    r"barrier|line|coastline|pipeline|trench)\b",
    re.IGNORECASE,
)
_LINE_BEFORE = re.compile(
    r"\b(?P<noun>border|frontier|boundary|fence|wall|barrier|line|coastline|pipeline|trench)\b[^.;:\d]{0,50}?\b(?:is|was|runs|ran|"
    r"stretches|stretched|extends|measures|spans|spanning|stretching|running|of)\s+(?:for\s+|over\s+)?$",
    re.IGNORECASE,
)
_AWAY = re.compile(r"\s*(?:from|away|north|south|east|west|off|inside|into|deep|of\s+the)\b", re.IGNORECASE)
_CHANGE_AFTER = 3
_REACH = 5
_PHRASE = 10


@dataclass(frozen=True, slots=True)
class Count:
    """A number with what it counts.

    Attributes:
        found: the number.
        start, end: the number with its noun phrase.
        measure: what was measured, in the vocabulary of the study folder; empty where the words do not say.
        unit: ``persons``, ``count``, ``percent``, ``percent_change``, ``km`` …
        targets: classes of victims; empty for all.
        noun_end: the end of the number with its noun, without the verb after it.
        noun: the noun that is counted, in lower case; empty where it is left out.
        effect: the verb or noun that says what became of those counted, as offsets; empty span where none does.
        partitive: whether the number is a part of the next one (``74 of the 929 deaths``).
        rule: which words gave the measure.
    """

    found: FoundQuantity
    start: int
    end: int
    noun_end: int
    measure: str
    unit: str
    targets: tuple[str, ...] = ()
    noun: str = ""
    effect: tuple[int, int] = (0, 0)
    partitive: bool = False
    rule: str = ""


def read_counts(text: str, sentence: tuple[int, int], quantities: Sequence[FoundQuantity]) -> tuple[Count, ...]:
    """What the numbers of one sentence count, in order.

    Args:
        text: the canonical text.
        sentence: offsets of the sentence.
        quantities: the numbers in it, in order, without those that are part of a date or a citation.
    """
    reader = _Reader(text, sentence, tuple(quantities))
    return reader.linked([reader.read(index) for index in range(len(quantities))])


def is_list(text: str, start: int, end: int) -> bool:
    """Whether the words between two counts only link the items of a list."""
    between = tokenise(text, start, end)
    linking = figure_words().linking
    return all(token.low in linking or token.low in {",", "(", "–", "—"} for token in between)


class _Reader:
    """The words and numbers of one sentence."""

    def __init__(self, text: str, sentence: tuple[int, int], quantities: tuple[FoundQuantity, ...]) -> None:
        self.text = text
        self.sentence = sentence
        self.quantities = quantities
        self.words: FigureWords = figure_words()
        self.tokens = tuple(token for token in tokenise(text, *sentence) if token.is_word)
        self.starts = [token.start for token in self.tokens]

    def read(self, index: int) -> Count:
        """What one number counts, from its own noun and verb."""
        found = self.quantities[index]
        if found.unit in {"percent", "percentage_point"}:
            return self._percentage(index)
        if found.unit not in {"count", "persons"}:
            if _measure_of_unit(found.unit) == "length":
                return self._length(found)
            return Count(
                found, found.start, found.end, found.end, _measure_of_unit(found.unit), found.unit, rule="unit"
            )
        phrase = self._phrase(index)
        head, measure, targets = self._head(phrase)
        end = phrase[-1].end if head and phrase else found.end
        noun = head.low if head else ""
        count = Count(
            found, found.start, end, end, measure, "count", targets, noun, rule=f"noun {noun!r}" if noun else ""
        )
        partitive = self._partitive(index)
        if head is None or noun in self.words.people or measure in PERSONAL:
            count = self._with_effect(count, index)
        elif measure == "other" and (effect := self._effect_before(count)) and effect.low in self.words.noun_of:
            count = replace(count, measure=self.words.noun_of[effect.low], effect=(effect.start, effect.end))
        return replace(count, unit="persons" if count.measure in PERSONAL else "count", partitive=partitive)

    def _phrase(self, index: int) -> list[Token]:
        """The noun phrase after a number, up to its head."""
        found = self.quantities[index]
        limit = self.quantities[index + 1].start if index + 1 < len(self.quantities) else self.sentence[1]
        at = bisect_left(self.starts, found.end)
        run: list[Token] = []
        before = found.end
        for position in range(at, min(at + _PHRASE, len(self.tokens))):
            token = self.tokens[position]
            if token.start >= limit or _BREAK.search(self.text, before, token.start):
                break
            before = token.end
            if not run and token.low in {"of", "the", "these", "those", "its", "their", "percent", "per", "cent"}:
                continue
            if not run and token.low in {"were", "was", "are"} and self._is_predicate(position):
                continue
            if token.low in self.words.stop or token.low == "of" or (run and token.low in _ELISION):
                break
            run.append(token)
            is_known = self._is_known(token.low)
            following = self.tokens[position + 1].low if position + 1 < len(self.tokens) else ""
            adjoins = position + 1 < len(self.tokens) and not _BREAK.search(
                self.text, token.end, self.tokens[position + 1].start
            )
            if token.low in _ELISION or (is_known and not (adjoins and self._is_known(following))):
                break
        return run

    def _is_predicate(self, position: int) -> bool:
        """Whether a noun for people follows ``were``: ``12 were soldiers``."""
        after = [token.low for token in self.tokens[position + 1 : position + 3]]
        return any(word in self.words.people for word in after) and not any(word in self.words.verbs for word in after)

    def _is_known(self, word: str) -> bool:
        return (word in self.words.nouns or word in self.words.people or word in self.words.people_measures) and (
            word not in _ELISION
        )

    def _head(self, phrase: Sequence[Token]) -> tuple[Token | None, str, tuple[str, ...]]:
        """Head noun, measure and classes of victims of a noun phrase."""
        if not phrase or phrase[-1].low in _ELISION:
            return None, "", ()
        head = phrase[-1]
        joined = self._joined(head)
        if head.low in self.words.nouns and head.low not in self.words.people:
            measure = self.words.nouns[head.low]
            kinds = {measure, *(self.words.nouns.get(token.low, "") for token in joined)}
            if kinds >= {"attacks", "incidents"}:
                measure = "incidents"
            elif measure == "incidents" and any(self.words.nouns.get(token.low) == "attacks" for token in phrase):
                measure = "attacks"
            return head, measure, ()
        if self._is_known(head.low):
            targets = [self._target(phrase, head)] + [self._target((), token) for token in joined]
            return head, self.words.people_measures.get(head.low, ""), tuple(dict.fromkeys(filter(None, targets)))
        if head.is_capital and head.low.endswith(("s", "ese")):
            return replace(head, low="people"), "", ()
        return head, "", ()

    def _joined(self, head: Token) -> list[Token]:
        """The nouns that ``and`` joins to a head noun, where no number of their own stands before them."""
        at = bisect_left(self.starts, head.end)
        after = self.tokens[at : at + 4]
        if not after or after[0].low != "and" or self.text[head.end : after[0].start].strip():
            return []
        numbers = {found.start for found in self.quantities}
        if any(token.start in numbers for token in after):
            return []
        for position, token in enumerate(after[1:], 1):
            if _BREAK.search(self.text, after[position - 1].end, token.start) or token.low in self.words.stop:
                break
            if self._is_known(token.low) and not (
                position + 1 < len(after) and self._is_known(after[position + 1].low)
            ):
                return [token]
        return []

    def _target(self, phrase: Sequence[Token], head: Token) -> str:
        """The class of victims of a noun with its modifiers."""
        for token in reversed(phrase[:-1]):
            if token.low in self.words.modifiers:
                return self.words.modifiers[token.low]
        return self.words.people.get(head.low, "")

    def _partitive(self, index: int) -> bool:
        """Whether only ``of`` and an article stand between a number and the next one."""
        if index + 1 >= len(self.quantities):
            return False
        between = self.text[self.quantities[index].end : self.quantities[index + 1].start]
        return (
            re.fullmatch(r"\s+(?:out\s+)?of\s+(?:the\s+|these\s+|a\s+total\s+of\s+|its\s+|all\s+)?", between)
            is not None
        )

    def _with_effect(self, count: Count, index: int) -> Count:
        """The count with the verb or noun that says what became of those counted."""
        effect = self._effect_within(index) or self._effect_before(count) or self._effect_after(count, index)
        if effect is None:
            return count
        measure = self.words.verbs.get(effect.low) or self.words.noun_of[effect.low]
        if effect.low in {"claimed", "claiming"} and count.noun != "lives":
            return count
        if count.noun in {"lives", "souls"} and measure == "prisoners":
            return count
        end = max(count.end, effect.end) if effect.start > count.end else count.end
        return replace(count, measure=measure, effect=(effect.start, effect.end), end=end, rule=f"word {effect.low!r}")

    def _effect_within(self, index: int) -> Token | None:
        """A participle that stands for the noun: ``278 wounded``."""
        phrase = self._phrase(index)
        last = phrase[-1] if phrase else None
        return last if last and last.low in _ELISION and last.low in self.words.verbs else None

    def _effect_before(self, count: Count) -> Token | None:
        """``killed 12 people``, ``the deaths of 12 people``, ``the toll rose to 12``."""
        at = bisect_left(self.starts, count.start) - 1
        edge = count.start
        is_genitive = False
        for position in range(at, max(at - _REACH, -1), -1):
            token = self.tokens[position]
            if _BREAK.search(self.text, token.end, edge):
                return None
            edge = token.start
            if token.low == "toll" or (is_genitive and token.low in self.words.noun_of):
                return token if token.low in self.words.noun_of else None
            if token.low in self.words.verbs and token.low not in {"died", "dead", "die", "fled", "return"}:
                return None if is_genitive else token
            is_genitive = is_genitive or token.low == "of"
            if token.low not in self.words.skipped_before:
                return None
        return None

    def _effect_after(self, count: Count, index: int) -> Token | None:
        """``12 people were killed``, ``12 people died``, ``leaving 12 people dead``."""
        limit = self.quantities[index + 1].start if index + 1 < len(self.quantities) else self.sentence[1]
        at = bisect_left(self.starts, count.end)
        edge = count.end
        for position in range(at, min(at + _REACH + 2, len(self.tokens))):
            token = self.tokens[position]
            if token.start >= limit or re.search(r"[;:.()\n]", self.text[edge : token.start]):
                return None
            edge = token.end
            if token.low in self.words.verbs and not token.low.endswith("ing"):
                return token
            if token.low not in self.words.skipped_after:
                is_plain = token.low not in self.words.stop and not self._is_known(token.low)
                if not is_plain or position - at > 1:
                    return None
        return None

    def _length(self, found: FoundQuantity) -> Count:
        """The length of a border, fence or road; a distance measures nothing that has a name."""
        before = self.text[max(self.sentence[0], found.start - 60) : found.start]
        after = self.text[found.end : min(found.end + 60, self.sentence[1])]
        own = _LINE_AFTER.match(after)
        if own is not None and self.words.nouns.get(own["noun"].lower()) == "length":
            end = found.end + own.end()
            return Count(
                found, found.start, end, end, "length", found.unit, noun=own["noun"].lower(), rule="noun for a line"
            )
        subject = _LINE_BEFORE.search(before)
        if subject is not None and self.words.nouns.get(subject["noun"].lower()) == "length" and not _AWAY.match(after):
            noun = subject["noun"].lower()
            return Count(
                found, found.start, found.end, found.end, "length", found.unit, noun=noun, rule="noun for a line"
            )
        return Count(found, found.start, found.end, found.end, "", found.unit, rule="unit")

    def _percentage(self, index: int) -> Count:
        """A share or a change."""
        found = self.quantities[index]
        at = bisect_left(self.starts, found.end)
        after = list(self.tokens[at : at + _CHANGE_AFTER])
        if any(_BREAK.search(self.text, found.end, token.start) for token in after[:1]):
            after = []
        before = self.tokens[max(bisect_left(self.starts, found.start) - 3, 0) : bisect_left(self.starts, found.start)]
        moves = self.words.rise | self.words.fall | set(self.words.multiples)
        change = next((token for token in after if token.low in moves), None)
        if change is not None and after[0].low == "of":
            change = None
        if change is None and before and before[-1].low in {"by", "of", "up", "down"}:
            change = next((token for token in reversed(before) if token.low in moves), None)
        if change is not None:
            span = (min(change.start, found.start), max(change.end, found.end))
            return Count(
                found,
                *span,
                found.end,
                "",
                "percent_change",
                effect=(change.start, change.end),
                rule=f"word {change.low!r}",
            )
        noun = self._share_noun(index)
        if noun is None:
            done = next((token for token in after if token.low in {"complete", "completed", "finished"}), None)
            rule = f"word {done.low!r}" if done else ""
            return Count(
                found,
                found.start,
                done.end if done else found.end,
                found.end,
                "completion" if done else "",
                "percent",
                rule=rule,
            )
        head, measure, targets = noun
        return Count(
            found, found.start, head.end, head.end, measure, "percent", targets, head.low, rule=f"noun {head.low!r}"
        )

    def _share_noun(self, index: int) -> tuple[Token, str, tuple[str, ...]] | None:
        """What a percentage is a share of: ``78 % of terrorist attacks``, ``84 percent of all deaths``."""
        found = self.quantities[index]
        at = bisect_left(self.starts, found.end)
        while at < len(self.tokens) and self.tokens[at].low in {"percent", "per", "cent"}:
            at += 1
        if at >= len(self.tokens) or self.tokens[at].low != "of":
            return None
        first = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if first is not None and first.low == "loss":
            return first, "killed", ()
        head, measure, targets = self._head(self._phrase(index))
        if head is None:
            return None
        if head.low in {"area", "territory", "land"} or (first is not None and first.low in {"area", "territory"}):
            return head, "area_controlled", ()
        return head, measure, targets

    def linked(self, counts: list[Count]) -> tuple[Count, ...]:
        """Counts of people that only ``and``, commas or ``including`` part share what became of them."""
        for order in (range(1, len(counts)), range(len(counts) - 2, -1, -1)):
            for index in order:
                other = index - 1 if order.step == 1 else index + 1
                counts[index] = self._inherit(counts[index], counts[other])
        return tuple(counts)

    def _inherit(self, count: Count, giver: Count) -> Count:
        """A count without a verb of its own, with that of its neighbour in a list."""
        is_bare = count.noun == "" and not count.measure
        is_person = count.noun in self.words.people and count.effect == (0, 0)
        if not (is_bare or is_person) or count.unit not in {"count", "persons"}:
            return count
        if giver.effect == (0, 0) or giver.unit not in {"count", "persons"}:
            return count
        first, last = sorted((count, giver), key=lambda each: each.start)
        left = first.end if first.effect[0] < first.found.start else min(first.end, last.start)
        if not is_list(self.text, left, last.start):
            return count
        return replace(count, measure=giver.measure, unit=giver.unit, effect=giver.effect, rule=giver.rule)


def _measure_of_unit(unit: str) -> str:
    if unit in {"km", "m", "mile"}:
        return "length"
    if unit in {"year", "month", "week", "day", "hour", "minute"}:
        return "duration"
    if unit in {"sq_km", "hectare"}:
        return "territory"
    return "money" if unit == "rupee" or (len(unit) == 3 and unit.isupper()) else ""
