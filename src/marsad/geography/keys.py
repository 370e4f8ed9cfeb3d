"""Keys under which names of places are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["name_key", "spelling_key", "without_brackets"]

_APOSTROPHES = str.maketrans("", "", "'’‘ʼʻ`´ʿʾ′")
_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "a"})
_NOT_WORD = re.compile(r"[\W_]+")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_ARTICLES = re.compile(r"\b(?:al|ad|an|ar|as|ash|at|az|el)\b ")
_PAIRS = (
    *(("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("zh", "j"), ("ph", "f")),
    *(("ee", "i"), ("oo", "u"), ("ou", "u"), ("ow", "o"), ("aw", "o"), ("au", "o")),
)
_SOUNDS = str.maketrans({"q": "k", "w": "v", "y": "i", "e": "i", "o": "u", "c": "k"})
_ENDING = re.compile(r"(?<=\w{4})[aiu]?h?$")
_REPEATED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """Lower case, without accents and apostrophes, ``&`` as *and*, signs as one space, ``U.K.`` as *uk*."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    bare = bare.casefold().translate(_APOSTROPHES).translate(_LETTERS).replace("&", " and ")
    bare = _DOTTED.sub(lambda match: match.group().replace(".", "") + " ", bare)
    return _NOT_WORD.sub(" ", bare).strip()


@lru_cache(maxsize=65536)
def spelling_key(key: str) -> str:
    """A name key with the usual differences of transliteration removed: *Qandahar* and *Kandahar* are one.

    It joins words (*Jawz jan*, *Jawzjan*) and leaves out Arabic articles. Names of different places can share it.
    """
    key = _ARTICLES.sub("", key)
    for pair, single in _PAIRS:
        key = key.replace(pair, single)
    key = _REPEATED.sub(r"\1", key.translate(_SOUNDS).replace("ai", "i").replace(" ", ""))
    return _ENDING.sub("", key)


def without_brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """A name without what stands in brackets, and what stood in them."""
    inside = tuple(match.strip() for match in _BRACKETS.findall(text))
    return _BRACKETS.sub(" ", text).strip(), tuple(part for part in inside if part)
