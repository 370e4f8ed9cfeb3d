"""Noun phrases of a sentence without a parser: people and things with their number, name and description.

Works on text in upper case, where a name cannot be told from a word by its first letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from marsad.extraction.lexicon import listed
from marsad.extraction.news.lexicon import lexicon

__all__ = ["Target", "Token", "count_word", "named_people", "phrases_left", "phrases_right", "qualifier_of", "tokenise"]

_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+|(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.'’-](?=[^\W_])[^\W_]+)*|--|[^\w\s]")
_QUOTES = frozenset({'"', "“", "”", "''", "``"})
_CLOSER = {"[": "]", "(": ")"}
_LONGEST_BRACKET = 25
_MOST_HOPS = 4
_LONGEST_PHRASE = 14
_LONGEST_LIST = 20
_JOINTS = frozenset({"and", ",", "or", "&"})
_INNER = frozenset({"of", "de", "la", "del", "y", "el", "los", "las", "von", "van", "d", "al", "bin"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign of a sentence: its place in the document and its lower-case form."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Target:
    """People or a thing that a clause speaks of.

    Attributes:
        start, end: the words in the document.
        text: these words without number and determiner.
        head: the noun, in lower case.
        sort: ``people`` or ``thing``.
        number: ``1``, ``6``, ``plural``.
        name: name of a person, as printed; empty where none is given.
        description: what the person or thing is, as printed; empty where only a name is given.
    """

    start: int
    end: int
    text: str
    head: str
    sort: str
    number: str
    name: str = ""
    description: str = ""


def tokenise(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a stretch of text; what stands in brackets within it is left out."""
    found = [
        Token(m.start(), m.end(), m[0].lower().replace("’", "'"))
        for m in _TOKEN.finditer(text, start, end)
        if m[0] not in _QUOTES
    ]
    kept: list[Token] = []
    index = 0
    while index < len(found):
        closer = _CLOSER.get(found[index].word)
        if closer:
            window = found[index + 1 : index + _LONGEST_BRACKET]
            skip = next((at for at, token in enumerate(window) if token.word == closer), None)
            if skip is not None:
                index += skip + 2
                continue
        kept.append(found[index])
        index += 1
    return kept


def phrases_left(text: str, tokens: list[Token], before: int, *, known: Iterable[str] = ()) -> tuple[Target, ...]:
    """What stands left of a verb as its subject: the nearest phrase about people or things, with its fellows."""
    segments: list[list[Token]] = []
    index, hops = before, 0
    while index > 0 and hops < _MOST_HOPS:
        segment, index = _segment_left(tokens, index)
        if segment:
            segments.insert(0, segment)
        joint = tokens[index - 1].word if index > 0 else ""
        targets = _targets(text, segments[:1], known) if segment else ()
        if joint in _JOINTS or (not segment and joint in ("who", "which", "that", "when")):
            index -= 1
            if targets or not segment:
                continue
        if targets or joint in (".", ";", ":", "said", "that"):
            break
        index -= joint not in _JOINTS
        segments = segments[1:] if segment and not targets else segments
        hops += 1
    return _targets(text, segments, known)


def phrases_right(text: str, tokens: list[Token], after: int, *, known: Iterable[str] = ()) -> tuple[Target, ...]:
    """What stands right of a verb or of ``of`` as its object, with its fellows."""
    segments: list[list[Token]] = []
    index = after
    while index < len(tokens) and len(segments) < _LONGEST_LIST:
        segment, index = _segment_right(tokens, index)
        if not segment:
            break
        segments.append(segment)
        after_joint = _past_joint(tokens, index)
        joined, index = after_joint > index, after_joint
        if not joined or not _targets(text, [segment], known):
            break
    return _targets(text, segments, known)


def _past_joint(tokens: list[Token], index: int) -> int:
    """Where the next fellow of a list begins; the same index where the list ends."""
    while index < len(tokens) and (tokens[index].word in _JOINTS or tokens[index].word == ";"):
        index += 1
    for joint in (
        ("as", "well", "as"),
        ("along", "with"),
        ("together", "with"),
        ("including",),
        ("among", "them"),
        (":",),
    ):
        if tuple(token.word for token in tokens[index : index + len(joint)]) == joint:
            return index + len(joint)
    return index


def named_people(text: str, tokens: list[Token]) -> tuple[Target, ...]:
    """The persons whom a sentence names."""
    found: list[Target] = []
    index = 0
    while index < len(tokens):
        segment, after = _segment_right(tokens, index)
        target = _target(text, segment, ()) if segment else None
        if target is not None and target.name:
            found.append(target)
        index = max(after, index + 1)
    return tuple(found)


def _is_break(token: Token) -> bool:
    word = token.word
    words = lexicon()
    if not word[0].isalnum():
        return word not in ('"', "'", "“", "”", "-", "--") or word == "--"
    if word in words.people or word in words.objects or word in words.titles:
        return False
    return word in words.breaks or word in _JOINTS or _is_participle(word) or word in _VERBS


def _is_participle(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4 and word not in _ADJECTIVES and "-" not in word


def _segment_left(tokens: list[Token], index: int) -> tuple[list[Token], int]:
    segment: list[Token] = []
    while index > 0 and len(segment) < _LONGEST_PHRASE and not _is_break(tokens[index - 1]):
        index -= 1
        segment.insert(0, tokens[index])
        before = tokens[index - 1].word if index else ""
        if _begins_phrase(tokens[index].word) and before not in _BEFORE_START and not _begins_phrase(before):
            break
    return segment, index


def _begins_phrase(word: str) -> bool:
    return word in lexicon().determiners or bool(count_word(word))


def _segment_right(tokens: list[Token], index: int) -> tuple[list[Token], int]:
    segment: list[Token] = []
    while index < len(tokens) and len(segment) < _LONGEST_PHRASE and not _is_break(tokens[index]):
        word, before = tokens[index].word, segment[-1].word if segment else ""
        if segment and _begins_phrase(word) and before not in _BEFORE_START and not _begins_phrase(before):
            break
        segment.append(tokens[index])
        index += 1
    return segment, index


def _targets(text: str, segments: list[list[Token]], known: Iterable[str]) -> tuple[Target, ...]:
    found: list[Target] = []
    for segment in segments:
        target = _target(text, segment, known)
        if target is None:
            continue
        if found and _is_apposition(found[-1], target):
            found[-1] = _joined(found[-1], target)
        else:
            found.append(target)
    return tuple(found)


def _is_apposition(left: Target, right: Target) -> bool:
    if left.sort != "people" or right.sort != "people" or left.number != "1" or right.number != "1":
        return False
    return bool(left.name) != bool(right.name) and not (left.name and left.description)


def _joined(left: Target, right: Target) -> Target:
    named, other = (left, right) if left.name else (right, left)
    return replace(
        named, start=min(left.start, right.start), end=max(left.end, right.end), description=other.description
    )


def _target(text: str, segment: list[Token], known: Iterable[str]) -> Target | None:
    """What one segment is about; None where it is about neither people nor things."""
    words = lexicon()
    body = [token for token in segment if token.word[0].isalnum() or token.word == "&"]
    number = ""
    while body and (
        body[0].word in words.determiners
        or body[0].word in _VAGUE
        or body[0].word in _TIMES
        or count_word(body[0].word)
    ):
        number = count_word(body[0].word) or number
        body = body[1:]
    if not body:
        return _others(text, segment, number)
    cut = next((at for at, token in enumerate(body) if token.word == "of" and at), len(body))
    core = body[:cut]
    name_at = _name_start(core, known)
    heads = [at for at, token in enumerate(core) if token.word.removesuffix("'s") in words.people]
    if name_at is not None:
        return _person(text, core, name_at, number)
    things = [at for at, token in enumerate(core) if token.word in words.objects]
    if heads and (not things or heads[-1] > things[-1]):
        head = core[heads[-1]]
        last = body[-1] if cut < len(body) and head.word in _NEEDS_OF else core[-1]
        phrase = text[core[0].start : last.end]
        plural = words.is_plural(head.word)
        return Target(
            core[0].start, last.end, phrase, head.word, "people", number or ("plural" if plural else "1"), "", phrase
        )
    if things:
        head = core[things[-1]]
        phrase = text[core[0].start : body[-1].end]
        plural = words.is_plural(head.word)
        return Target(
            core[0].start, body[-1].end, phrase, head.word, "thing", number or ("plural" if plural else "1"), "", phrase
        )
    return None


def _others(text: str, segment: list[Token], number: str) -> Target | None:
    """``15 others``: people of no noun."""
    last = segment[-1]
    if last.word not in ("others", "more") or not number:
        return None
    return Target(last.start, last.end, text[last.start : last.end], "others", "people", number, "", "OTHERS")


def _person(text: str, core: list[Token], name_at: int, number: str) -> Target:
    del number
    described, named = core[:name_at], core[name_at:]
    last = next((at for at, token in enumerate(named) if at and not _in_name(token.word)), len(named))
    named = named[:last]
    name = re.sub(r"['’]s$", "", text[named[0].start : named[-1].end], flags=re.IGNORECASE)
    role = " ".join(text[token.start : token.end] for token in described)
    return Target(core[0].start, named[-1].end, name, named[-1].word, "people", "1", name, role)


def _name_start(core: list[Token], known: Iterable[str]) -> int | None:
    """Where a person's name begins: a given name, what follows a title, or a surname that was named before."""
    words = lexicon()
    surnames = set(known)
    for at, token in enumerate(core):
        if token.word.removesuffix("'s") in words.given_names and (len(core) > at + 1 or at):
            return at
    for at in range(len(core) - 1, 0, -1):
        before = core[at - 1].word
        if (before in words.titles or (before in words.people and not words.is_plural(before))) and all(
            _is_unknown(token.word.removesuffix("'s")) for token in core[at:]
        ):
            return at
    last = [token.word.removesuffix("'s") for token in core[-2:]]
    if last[-1] in surnames and (len(core) <= 2 or all(word in surnames for word in last)):
        return (
            len(core) - sum(word in surnames for word in last)
            if all(word in surnames for word in last)
            else len(core) - 1
        )
    return None


def _in_name(word: str) -> bool:
    return word in lexicon().given_names or word in _INNER or _is_unknown(word.removesuffix("'s"))


def _is_unknown(word: str) -> bool:
    """Whether a word is in none of the lists: a name, perhaps."""
    words = lexicon()
    common = words.people | words.objects | words.breaks | words.perpetrators | words.weapons | words.determiners
    return (
        word.replace("'", "").replace("-", "").isalpha()
        and len(word) > 2
        and word not in common
        and word not in _COMMON
    )


def qualifier_of(text: str, target: Target) -> str:
    """What stands before the number of a phrase, as a quantity writes it: ``>``, ``>=``, ``~``, ``<=``, or nothing."""
    found = _QUALIFIER.search(text[max(0, target.start - _BEFORE_NUMBER) : target.start])
    return _QUALIFIERS[" ".join(found[1].lower().split())] if found and target.number.isdecimal() else ""


def count_word(word: str) -> str:
    """The number that a word stands for, in digits; empty where it is none."""
    value = lexicon().numbers.get(word)
    if value is not None:
        return str(value)
    digits = word.replace(",", "").replace(".", "")
    return digits.lstrip("0") if digits.isdecimal() and len(digits) < 8 else ""


_QUALIFIERS = {
    **dict.fromkeys(("more than", "over"), ">"),
    **dict.fromkeys(("at least", "no fewer than", "no less than", "not less than"), ">="),
    **dict.fromkeys(("about", "some", "approximately", "around", "nearly", "almost", "an estimated"), "~"),
    **dict.fromkeys(("up to", "at most", "as many as", "no more than"), "<="),
}
_QUALIFIER = re.compile(
    r"\b(" + "|".join(sorted(_QUALIFIERS, key=len, reverse=True)).replace(" ", r"\s+") + r")\s+[\w,-]{1,15}\s+$",
    re.IGNORECASE,
)
_BEFORE_NUMBER = 40
_BEFORE_START = frozenset(
    listed("of all than least most about some another other approximately nearly almost and two-dozen more both with")
)
_VAGUE = frozenset(
    listed(
        "more least most several many some few numerous approximately nearly almost other others additional two-dozen "
        "innocent dozens hundreds thousands scores well-known famous prominent former young old new late"
    )
)
_TIMES = frozenset(
    listed(
        "of although monday tuesday wednesday thursday friday saturday sunday january february march april may june "
        "july august september october november december"
    )
)
_NEEDS_OF = frozenset(
    listed("member members leader leaders family families group inhabitants residents owner president")
)
_VERBS = frozenset(listed("killed shot wounded injured kidnapped murdered assassinated burned bombed hurt slain"))
_ADJECTIVES = frozenset(
    listed(
        "armed united hooded masked unidentified undetermined retired so-called hundred alleged uniformed advanced "
        "sacred appointed heavily-armed unarmed hated distinguished renowned elected associated limited unspecified "
        "unknown"
    )
)
_COMMON = frozenset(
    listed(
        "party government army police force forces national general public union federation republic country city town "
        "led had who got the sent while his her department province party's democratic christian liberal conservative "
        "communist socialist armed security political elect designate party leader supreme court deputy former affairs "
        "foreign defense interior justice education labor team group movement front organization association council "
        "committee and the of"
    )
)
