"""The grammar of phrases that speak of people.

A phrase is a number, an article or another determiner, then modifiers, then a noun for people (*at least 10 security
force members*, *a 42-year-old school teacher*, *the head of a clinic*, *three others*). A counted noun that the
lexicon does not have (*two Palestinians*) counts as people only where something is done to it that is done to people.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from marsad.extraction.people import BE, STOPS, Group, View, is_adverb
from marsad.extraction.person_words import class_words, listed_words, person_nouns
from marsad.extraction.words import read_lexicon, word_set
from marsad.model import Quantity

__all__ = ["employer_class", "find_people"]

_ONE = frozenset({"a", "an", "another"})
_DEFINITE = word_set("people.definite")
_VAGUE = word_set("people.vague")
_AMOUNTS = word_set("people.amounts")
_PRONOUNS = word_set("people.pronouns")
_OPEN = frozenset({"-", "–", '"', "'", "“", "”", "‘", "/", "*"})
_SINGULAR_TOO = frozenset({"staff", "personnel", "medical staff", "ngo staff", "school staff", "teaching staff"})
_LONGEST = 9
"""How many words a noun phrase may have after its number."""


def employer_class(view: View) -> frozenset[str]:
    """The classes of the employers that a sentence names: of aid workers, of educators."""
    employers = frozenset(read_lexicon("persons")["employers"])
    return frozenset(name for _, _, name in class_words().find(view.tokens)) & employers


def find_people(view: View) -> tuple[Group, ...]:
    """All phrases of a sentence that speak of people, from left to right."""
    return tuple(_groups(view))


def _groups(view: View) -> Iterator[Group]:
    at = 0
    while at < len(view.tokens):
        group = None if at in view.hidden else _determined(view, at) or _bare(view, at)
        if group is not None:
            yield group
        at = group.last if group is not None else at + 1


def _determined(view: View, at: int) -> Group | None:
    """A phrase that begins with a number or another determiner, or a pronoun."""
    low = view.low(at)
    if at in view.numbers:
        return _counted(view, at, at, "counted")
    if low in {"another", "other", "others"} and _ends_phrase(view, at + 1):
        count = None if low == "others" else _count("1")
        return Group(at, at + 1, at, "", count, frozenset(), "number", is_plural=low == "others", is_other=True)
    if low in _ONE:
        return _amount_of(view, at) or _noun_phrase(view, at, at + 1, _count("1"), "one")
    if low in _DEFINITE and not (low == "her" and (not view.low(at + 1).isalpha() or view.low(at + 1) in STOPS)):
        is_counted = at + 1 in view.numbers
        return (
            _counted(view, at, at + 1, "definite") if is_counted else _noun_phrase(view, at, at + 1, None, "definite")
        )
    return _nobody(view, at) or _vague(view, at)


def _count(text: str) -> Quantity:
    return Quantity.parse(text)


def _ends_phrase(view: View, at: int) -> bool:
    """Whether a verb follows, so that the word before stands by itself."""
    return view.low(at) in _harm_words() | BE or is_adverb(view.low(at))


def _nobody(view: View, at: int) -> Group | None:
    """*No one*, *nobody*, *no civilians*."""
    low = view.low(at)
    if low in {"nobody", "noone"} or (low == "no" and view.low(at + 1) == "one"):
        last = at + 1 + (low == "no")
        return Group(at, last, at, "nobody", _count("0"), frozenset(), "counted")
    if low not in {"no", "none"}:
        return None
    found = _noun_phrase(view, at, at + 1, _count("0"), "counted")
    return found if found is None or found.form != "unknown" else None


def _vague(view: View, at: int) -> Group | None:
    """*Many teachers*, or a pronoun."""
    low = view.low(at)
    found = _noun_phrase(view, at, at + 1, None, "vague") if low in _VAGUE else None
    if found is not None and found.form != "unknown":
        return found
    if low not in _PRONOUNS | {"her"} or (low == "both" and view.low(at + 1) == "of"):
        return None
    return Group(at, at + 1, at, low, None, frozenset(), "pronoun")


def _counted(view: View, first: int, at: int, form: str) -> Group | None:
    """A phrase with a number: *five soldiers*, *three of the soldiers*, *one of whom*, *225 others*, *47*."""
    after, count = view.numbers[at]
    if view.low(after) == "of":
        inner = after + 1
        if view.low(inner) in {"whom", "them", "which"}:
            return Group(first, inner + 1, at, "", count, frozenset(), "number")
        after = inner + 1 if view.low(inner) in _DEFINITE else inner
    follower = view.low(after)
    found = None if follower == "more" else _noun_phrase(view, first, after, count, form)
    if found is not None:
        return found
    if follower in listed_words("not_persons") - {"dead", "wounded", "injured", "killed"} or follower in listed_words(
        "things"
    ):
        return None
    is_noun = follower[:1].isalnum() and follower not in STOPS and not is_adverb(follower)
    if is_noun and follower not in _harm_words() | {"more", "others", "other"}:
        return None
    is_other = follower in {"more", "others", "other"}
    return Group(first, after + is_other, at, "", count, frozenset(), "number", is_plural=True, is_other=is_other)


def _harm_words() -> frozenset[str]:
    return word_set("people.harm")


def _amount_of(view: View, at: int) -> Group | None:
    """*A number of teachers*, *an unspecified number of staff*, *a couple of men*, *a group of five men*."""
    for index in range(at + 1, min(at + 4, len(view.tokens))):
        if view.low(index) in _AMOUNTS and view.low(index + 1) == "of":
            inner = _determined(view, index + 2) or _noun_phrase(view, index + 2, index + 2, None, "vague")
            if inner is None or inner.form == "pronoun":
                return None
            count = Quantity.parse("2") if view.low(index) == "couple" else inner.count
            form = "vague" if count is None else "counted"
            return Group(at, inner.last, inner.head, inner.noun, count, inner.classes, form, inner.is_plural)
        if view.low(index) in STOPS:
            return None
    return None


def _noun_phrase(view: View, first: int, at: int, count: Quantity | None, form: str) -> Group | None:
    """Modifiers and noun from ``at`` on; None where they name no people."""
    head = _head(view, at)
    if head is None:
        return _unknown(view, first, at, count, form)
    index, size, (name, is_plural) = head
    after = index + size
    if view.low(after) in listed_words("things") or (view.low(after) == "'" and view.low(after + 1).isalpha()):
        return None
    noun = " ".join(view.low(i) for i in range(index, after))
    if view.low(after) == "/" and (second := person_nouns().at(view.tokens, after + 1)):
        name, after = name or second[1][0], after + 1 + second[0]
    after = after if is_plural else _after_name(view, after)
    after, more = _of_phrase(view, after, name)
    classes = _classes(view, range(at, index + size), name, more)
    if form == "definite" and count is None and not is_plural:
        count = Quantity.parse("1")
    if form == "one" and is_plural and noun not in _SINGULAR_TOO:
        count = None
    if form == "vague" and view.low(first) in {"all", "both"} and view.low(first + 1) in _DEFINITE:
        form = "definite"
    is_other = any(view.low(i) in {"other", "others", "another", "more"} for i in range(first, index + size))
    return Group(first, after, index, noun, count, classes, form, is_plural, is_other)


def _head(view: View, at: int) -> tuple[int, int, tuple[str, bool]] | None:
    """The last noun for people among the words from ``at`` on that belong to one phrase."""
    found: tuple[int, int, tuple[str, bool]] | None = None
    index = at
    while index < min(at + _LONGEST, len(view.tokens)):
        token = view.tokens[index]
        match = None if index in view.hidden else person_nouns().at(view.tokens, index)
        if match:
            found = (index, match[0], match[1])
            index += match[0]
        elif token.low == "/" and found is not None:
            break
        elif index in view.hidden or token.low in _OPEN:
            index += 1
        elif _stops_head(view, index, is_first=index == at, has_head=found is not None):
            break
        elif found is not None and token.low in listed_words("things") and not _people_follow(view, index):
            return None
        else:
            index += 1
    return found


def _stops_head(view: View, index: int, *, is_first: bool, has_head: bool) -> bool:
    """Whether a word cannot stand within the phrase."""
    low = view.low(index)
    is_article = low in _ONE or (low in _DEFINITE and not is_first)
    if is_article or not view.tokens[index].is_word or low in STOPS or index in view.numbers:
        return True
    if has_head and (is_adverb(low) or low.endswith(("ed", "ing"))):
        return True
    follows = _people_follow(view, index)
    if low in _harm_words():
        return has_head or not follows
    return has_head and not follows and low not in listed_words("things")


def _people_follow(view: View, index: int) -> bool:
    """Whether a noun for people stands within the next two words."""
    for ahead in (index + 1, index + 2):
        if ahead >= len(view.tokens) or view.low(ahead) in STOPS or not view.tokens[ahead].is_word:
            return False
        if ahead in view.numbers:
            return False
        if person_nouns().at(view.tokens, ahead):
            return True
    return False


def _unknown(view: View, first: int, at: int, count: Quantity | None, form: str) -> Group | None:
    """A counted phrase whose noun the lexicon does not have (*two Palestinians*)."""
    if form not in ("counted", "one", "definite") or count is None:
        return None
    index = at
    while index < min(at + 4, len(view.tokens)):
        low = view.low(index)
        is_end = (
            low in STOPS | _DEFINITE | _ONE or not view.tokens[index].is_word or low in _harm_words() or is_adverb(low)
        )
        if is_end or index in view.numbers:
            break
        index += 1
    if index == at:
        return None
    head = view.low(index - 1)
    if head in listed_words("things") or head in listed_words("not_persons") or head.isdigit():
        return None
    return Group(first, index, index - 1, head, count, frozenset(), "unknown", head.endswith("s"))


def _after_name(view: View, after: int) -> int:
    """The index behind a person's name that follows the noun."""
    index = after
    while index < min(after + 4, len(view.tokens)):
        token = view.tokens[index]
        known = token.low in STOPS or token.low in _harm_words() or index in view.numbers or index in view.hidden
        if not token.is_word or known or not token.is_capital or token.low.isdigit():
            break
        index += 1
    return index


def _of_phrase(view: View, after: int, name: str) -> tuple[int, frozenset[str]]:
    """What follows a noun of a role: *a member of a demining team*, *the head of a primary school*."""
    if view.low(after) not in ({"of"} if name else {"of", "for", "at", "from", "with"}):
        return after, frozenset()
    index = after + 1
    classes: set[str] = set()
    while index < min(after + 8, len(view.tokens)):
        low = view.low(index)
        is_article = low in _DEFINITE or low in _ONE or low == "of"
        if not is_article and (
            low in STOPS or not view.tokens[index].is_word or low in _harm_words() or is_adverb(low)
        ):
            break
        match = person_nouns().at(view.tokens, index)
        classes |= {match[1][0]} if match and match[1][0] else set()
        word = class_words().at(view.tokens, index)
        classes |= {word[1]} if word else set()
        index += 1
    if name:
        return index, frozenset()
    return (index, frozenset(classes)) if view.low(after) == "of" else (after, frozenset(classes))


def _classes(view: View, span: range, name: str, more: frozenset[str]) -> frozenset[str]:
    """The class of the noun; of a role, the classes of the words around it; aid workers are known by their employer."""
    around = {found[1] for i in span if (found := class_words().at(view.tokens, i))} | more
    around |= (
        {match[1][0] for i in span if (match := person_nouns().at(view.tokens, i)) and match[1][0]}
        if name == ""
        else set()
    )
    if name == "":
        return frozenset(around)
    if name in ("health_worker", "civilian", "educator", "journalist", "aid_worker", "official"):
        return frozenset({name} | (around & {"aid_worker", "educator"}))
    if name == "child":
        return frozenset({name} | ({"student"} if around & {"educator"} else set()))
    return frozenset({name})


def _bare(view: View, at: int) -> Group | None:
    """A phrase without a determiner: *teachers*, *INGO driver*; a singular is one person."""
    match = person_nouns().at(view.tokens, at)
    if match is None:
        return None
    head = _head(view, at)
    if head is None:
        return None
    first = at
    while first > max(at - 4, 0) and _is_modifier(view, first - 1):
        first -= 1
    found = _noun_phrase(view, first, at, None, "bare")
    if found is None:
        return None
    classes = found.classes | (_classes(view, range(first, at), "", frozenset()) if not found.classes else frozenset())
    if found.noun in _nouns_with_employer():
        classes |= _classes(view, range(first, at), "", frozenset()) & {"aid_worker", "educator"}
    count = None if found.is_plural else Quantity.parse("1")
    return Group(first, found.last, found.head, found.noun, count, classes, "bare", found.is_plural, found.is_other)


@cache
def _nouns_with_employer() -> frozenset[str]:
    return frozenset(read_lexicon("persons")["classes"]["health_worker"]["nouns"])


def _is_modifier(view: View, index: int) -> bool:
    token = view.tokens[index]
    known = token.low in STOPS or token.low in _harm_words() or token.low in _ONE | _DEFINITE | _VAGUE
    return (
        token.is_word
        and not known
        and index not in view.numbers
        and index not in view.hidden
        and not is_adverb(token.low)
    )
