"""The words of a sentence that name a violent deed, and what kind of deed they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from marsad.extraction.words import Phrases, Token, inflect, plural, read_lexicon, word_set

__all__ = ["Deed", "deed_kind", "deed_rank", "deed_words", "find_deeds", "is_unreal"]

_REACH = 5
"""How many words before a deed a word can stand that makes it unreal (*planned to carry out an attack*)."""
_BEFORE_BASE = word_set("deeds.before_base")
_BEFORE_NOUN = word_set("deeds.before_noun")
_AFTER_NOUN = word_set("deeds.after_noun")
_ONLY_TRIED = word_set("deeds.only_tried")
_SENTENCE_MARKS = frozenset(".,;:")


@dataclass(frozen=True, slots=True)
class Deed:
    """Words that name a deed.

    Attributes:
        name: which deed, as in the lexicon.
        form: ``noun``, ``nouns`` (plural), ``sign``, or the form of the verb: ``base``, ``present``, ``past``,
            ``participle``, ``gerund``.
        first, last: the words, as half-open token indices.
    """

    name: str
    form: str
    first: int
    last: int

    @property
    def is_verb(self) -> bool:
        """Whether it is a verb."""
        return self.form not in ("noun", "nouns", "sign")


@cache
def _phrases() -> Phrases[tuple[str, str]]:
    return Phrases(_entries())


def _entries() -> Iterator[tuple[str, tuple[str, str]]]:
    seen: set[str] = set()
    for name, words in read_lexicon("triggers")["deeds"].items():
        listed = [(noun, "noun") for noun in words.get("nouns", ())]
        listed += [(plural(noun), "nouns") for noun in words.get("nouns", ())]
        listed += [(phrase, "sign") for phrase in words.get("signs", ())]
        for verb in words.get("verbs", ()):
            forms = inflect(verb)
            order = ("past", "participle", "gerund", "present", "base")
            listed += [(forms[form], form) for form in order]
        for phrase, form in listed:
            if phrase.lower() not in seen:
                seen.add(phrase.lower())
                yield phrase, (name, form)


@cache
def _unreal() -> frozenset[str]:
    return frozenset(read_lexicon("triggers")["unreal"])


@cache
def _ranks() -> dict[str, int]:
    return {name: rank for rank, name in enumerate(read_lexicon("triggers")["deeds"])}


def deed_rank(name: str) -> int:
    """How telling a deed is, from 0: of several, the one with the lowest rank counts."""
    return _ranks()[name]


def deed_kind(name: str) -> str:
    """The kind of event that a deed is, as in the study folder's dictionary."""
    kind = read_lexicon("triggers")["deeds"][name]["kind"]
    return str(kind)


def deed_words() -> frozenset[str]:
    """The words with which phrases for deeds begin."""
    return _phrases().first_words


def find_deeds(tokens: Sequence[Token]) -> tuple[Deed, ...]:
    """The words that name a deed, from left to right."""
    return tuple(
        Deed(name, _form_here(tokens, first, last, form), first, last)
        for first, last, (name, form) in _phrases().find(tokens)
    )


def _form_here(tokens: Sequence[Token], first: int, last: int, form: str) -> str:
    """A noun may be a verb: *to attack*, *killing 40 people*."""
    if form != "noun" or last - first > 1:
        return form
    before = tokens[first - 1].low if first > 0 else ""
    after = tokens[last].low if last < len(tokens) else ""
    if before in _BEFORE_BASE:
        return "base"
    is_gerund = tokens[first].low.endswith("ing") and before not in _BEFORE_NOUN and after not in _AFTER_NOUN
    return (
        "gerund"
        if is_gerund and (not before.isalpha() or before in {"and", "while", "by", "of", "after", "before"})
        else form
    )


def is_unreal(tokens: Sequence[Token], first: int, last: int | None = None) -> bool:
    """Whether words around make a deed a plan, a fear or a possibility, within the same clause.

    Args:
        tokens: the words of the sentence.
        first: where the words of the deed begin.
        last: where they end, if the next word counts too (*an assassination attempt*).
    """
    if last is not None and last < len(tokens) and tokens[last].low in _ONLY_TRIED:
        return True
    for index in range(first - 1, max(first - 1 - _REACH, -1), -1):
        low = tokens[index].low
        if low in _SENTENCE_MARKS:
            return False
        if low in _unreal() and not (low == "may" and _is_month(tokens, index)):
            return True
    return False


def _is_month(tokens: Sequence[Token], index: int) -> bool:
    """Whether *May* stands beside a number."""
    around = [*tokens[max(index - 1, 0) : index], *tokens[index + 1 : index + 2]]
    return any(token.low[0].isdigit() for token in around)
