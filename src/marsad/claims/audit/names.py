"""The proper names of a text: where they stand, what they are made of, and when two are spellings of one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from marsad.citations.names import compact
from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.scope import Scope
from marsad.documents import BlockKind, Document

__all__ = ["Name", "edits", "is_inflection", "names_in", "sound", "vocabulary"]

_PARTICLES = lexicon("name_particles")
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[^\W\d_]"
_LOWER_PARTICLE = r"(?:al|el|ul|ibn|bin|bint|van|von|der|de|la|du|da|dos)"
_NAME = re.compile(
    rf"(?<![\w@/.-])(?:{_LOWER_PARTICLE}[-’' ])?{_CAPITAL}(?:[ ](?:{_LOWER_PARTICLE}[ "
    rf"])?(?:{_LOWER_PARTICLE}-)?{_CAPITAL}){{0,5}}"
)
_CITATION = re.compile(r"\([^()]{0,200}(?:1[89]|20)\d{2}[a-z]?[^()]{0,60}\)")
_OPENING = re.compile(r"(?:^|[.!?:;]|[.!?][”\"’)])\s*[\"“‘(]?$")
_VOWELS = (
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ei", "i"),
    ("ie", "i"),
    ("ai", "i"),
    ("ay", "i"),
    ("ey", "i"),
    ("ae", "i"),
    ("ph", "f"),
    ("q", "k"),
    ("w", "v"),
    ("dj", "j"),
    ("dh", "d"),
    ("th", "t"),
    ("y", "i"),
    ("e", "i"),
    ("o", "u"),
)
_NOT_NAMES = lexicon("no_names")


_TITLES = lexicon("titles")


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in the text.

    Attributes:
        text: as printed, on one line, without a possessive.
        parts: its words, in lower case, without particles and accents; hyphens part them.
        start, end: its place in the canonical text.
        block: number of its block among those of the body.
    """

    text: str
    parts: tuple[str, ...]
    start: int
    end: int
    block: int


def sound(word: str) -> str:
    """What spellings of one name in Latin letters have in common: Kakar and Kakkar, Hussein and Hussain."""
    text = compact(word)
    for old, new in _VOWELS:
        text = text.replace(old, new)
    text = re.sub(r"(.)\1+", r"\1", text)
    return re.sub(r"(?<=[aiu])h$", "", text)


def edits(one: str, two: str) -> int:
    """How many letters must be changed, added, left out or swapped to make one word of the other."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - heavy

    return OSA.distance(one, two)


def is_inflection(one: str, two: str) -> bool:
    """Whether two words are forms of one word or of kin words: plural, adjective, other gender, American spelling."""
    short, long = sorted((one, two), key=len)
    if long.startswith(short) and len(long) > len(short):
        return True
    if one[:-1] == two[:-1] and {one[-1], two[-1]} <= set("aeioudrsmtylcn"):
        return {one[-1], two[-1]} not in ({"s", "t"}, {"m", "n"})
    endings = (("y", "ies"), ("ce", "se"), ("our", "or"), ("re", "er"), ("m", "t"), ("ey", "y"), ("is", "es"))
    if any(
        (one.endswith(a) and two == one.removesuffix(a) + b) or (two.endswith(a) and one == two.removesuffix(a) + b)
        for a, b in endings
    ):
        return True
    return one.replace("z", "s") == two.replace("z", "s") or one.replace("our", "or") == two.replace("our", "or")


def vocabulary(document: Document, scope: Scope) -> Counter[str]:
    """How often each word stands in lower case in the body."""
    words: Counter[str] = Counter()
    for block in scope.body:
        words.update(
            re.findall(r"(?<![\w’'-])[a-zà-öø-þ][\w’'-]*[^\W_](?![\w-])", document.text[block.start : block.end])
        )
    return words


def names_in(document: Document, scope: Scope, words: Mapping[str, int]) -> Iterator[Name]:
    """The proper names of the body outside of citations, in order; abbreviations are none."""
    for number, block in enumerate(scope.body):
        text = document.text[block.start : block.end]
        if block.kind is BlockKind.ROW or sum(map(str.isupper, text)) * 3 > sum(map(str.isalpha, text)):
            continue
        cited = [match.span() for match in _CITATION.finditer(text)]
        for match in _NAME.finditer(text):
            at = bisect_right(cited, (match.start(), len(text))) - 1
            if at < 0 or match.start() >= cited[at][1]:
                yield from _name(match, text, words, block.start, number)


def _is_opening(word: str, words: Mapping[str, int], *, opens: bool) -> bool:
    """Whether a capitalised word is an ordinary one: always, or where it opens a sentence."""
    bare = compact(word)
    return bare in _NOT_NAMES or (
        opens and (words.get(word.casefold(), 0) > 0 or (bare.endswith("ly") and len(bare) > 5))
    )


def _name(match: re.Match[str], text: str, words: Mapping[str, int], offset: int, number: int) -> Iterator[Name]:
    """The name of a match: without a first word that is capitalised only because a sentence begins with it."""
    tokens = list(re.finditer(r"\S+", match[0]))
    opens = bool(_OPENING.search(text[max(0, match.start() - 4) : match.start()]))
    while tokens and _is_opening(tokens[0][0], words, opens=opens):
        tokens, opens = tokens[1:], False
    # A person's title is no part of the name, but the only evidence for a surname alone.
    titles = [
        at
        for at, token in enumerate(tokens)
        if compact(token[0]) in _TITLES or (token[0].isupper() and len(token[0]) > 1)
    ]
    if titles and len(tokens) - titles[-1] > 2:
        tokens = tokens[titles[-1] + 1 :]
    if not tokens:
        return
    start, end = match.start() + tokens[0].start(), match.start() + tokens[-1].end()
    name = re.sub(r"[’']s?$", "", text[start:end])
    pieces = [compact(piece) for piece in re.split(r"[\s-]+", name)]
    parts = tuple(piece for piece in pieces if piece and piece not in _PARTICLES)
    if parts and not any(len(token) > 1 and token.isupper() for token in re.split(r"[\s-]+", name)):
        yield Name(name, parts, offset + start, offset + start + len(name), number)
