"""Keys under which names are compared: case, diacritics, apostrophes, hyphens and transliteration folded away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from marsad.documents.folding import without_marks
from marsad.extraction.lexicon import listed

__all__ = ["NameToken", "fold", "is_particle", "light_key", "name_tokens", "skeleton", "slug"]

_TOKEN = re.compile(r"\w(?:[\w'’‘ʼʻ`´\u0300-\u036f]{0,60}\w)?|\w")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼʻ`´ʿʾ")
_PARTICLES = frozenset(listed("e i al ul el ud ur us as an ar ad az of the and wa w il de"))
_PAIRS = (("kh", "k"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("dh", "d"), ("th", "t"), ("zh", "z"), ("sch", "sh"))
_LETTERS = str.maketrans({"q": "k", "w": "v", "y": "i", "e": "i", "o": "u", "c": "k"})
_VOWELS = str.maketrans("", "", "aeiouy")


@dataclass(frozen=True, slots=True)
class NameToken:
    """A word of a text or of a name.

    Attributes:
        start, end: its place, without a possessive ``'s``.
        text: as it stands.
        key: folded.
    """

    start: int
    end: int
    text: str
    key: str


def name_tokens(text: str) -> list[NameToken]:
    """The words of a text; hyphens part them, apostrophes within do not, a possessive ending is left out."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        end = match.end()
        if len(word) > 2 and word[-1] in "sS" and word[-2] in "'’":
            word, end = word[:-2], end - 2
        found.append(NameToken(match.start(), end, word, fold(word)))
    return found


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower case, without diacritics and apostrophes."""
    if word.isascii():
        return word.lower().translate(_APOSTROPHES) or word
    return without_marks(word).casefold().translate(_APOSTROPHES) or word.casefold()


@lru_cache(maxsize=65536)
def light_key(key: str) -> str:
    """A folded word with the usual differences of transliteration removed: Qandahar and Kandahar are one."""
    for pair, single in _PAIRS:
        key = key.replace(pair, single)
    key = key.replace("ee", "i").replace("oo", "u").replace("ou", "u").translate(_LETTERS).replace("ai", "i")
    found = [sign for index, sign in enumerate(key) if index == 0 or sign != key[index - 1]]
    return "".join(found).rstrip("h")


def skeleton(keys: Sequence[str]) -> str:
    """The consonants of a name of several words, without its particles: Tehreek-e-Taliban and Tahrik-i-Taliban are one.

    Empty where too little is left to tell names apart.
    """
    content = [light_key(key).translate(_VOWELS) for key in keys if key not in _PARTICLES]
    content = [part for part in content if part]
    return " ".join(content) if len(content) > 1 and sum(map(len, content)) >= 9 else ""


def is_particle(key: str) -> bool:
    """Whether a folded word is an article or preposition that spellings of a name add or leave out."""
    return key in _PARTICLES


def slug(text: str) -> str:
    """An identifier made of a name: lower-case ASCII letters and digits with hyphens."""
    folded = "".join(fold(token.text) + " " for token in name_tokens(text))
    return "-".join(re.findall(r"[^\W_]+", folded))[:80]
