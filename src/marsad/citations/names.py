"""Names as citations and reference lists print them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from marsad.citations.model import Name
from marsad.citations.words import PARTICLES, words

__all__ = [
    "CAPITAL",
    "ET_AL",
    "INITIALS",
    "acronym",
    "compact",
    "is_initials",
    "is_organisation",
    "name_words",
    "parse_authors",
]

CAPITAL = r"(?:(?![a-z\u00df-\u00f6\u00f8-\u00ff])[^\W\d_])"
"""Regex of a letter that may begin a name: any but a small Latin one, so that scripts without case have names too."""

INITIALS = rf"(?:{CAPITAL}\.?[ -]?){{1,4}}"
"""Regex of initials: ``A.``, ``J.-P.``, ``I. A.``, ``MU``."""

ET_AL = re.compile(r",?\s*(?:\bet\.?\s*al\b\.?|(?:\band|&)\s+(?:others|colleagues)\b|\bu\.\s?a\.)", re.IGNORECASE)
"""``et al.`` in its forms."""

_INITIALS = re.compile(rf"(?:{CAPITAL}\.\s?-?){{1,5}}|{CAPITAL}{{1,2}}(?:[ -]{CAPITAL}){{0,2}}")
_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_WORD = re.compile(r"[^\s,&;]+")
_SEPARATOR = re.compile(r"\s*(?:,\s*(?:&|and\b|und\b)?|&|;|\band\b|\bund\b|،)\s*")
_DIRECT = re.compile(rf"(?P<given>(?:{CAPITAL}\.[ -]?){{1,4}})\s*(?P<family>\D{{2,60}})")
_VANCOUVER = re.compile(rf"(?P<family>\D{{2,50}}?)\s(?P<given>{CAPITAL}{{1,3}})")
_MISPRINT = re.compile(rf"(?P<family>{CAPITAL}[^\W\d_]+)\.\s+(?P<given>{CAPITAL}[^\W\d_]+)")
_SPACED = re.compile(rf"(?P<family>{CAPITAL}[\w'’-]+)\s(?P<given>(?:{CAPITAL}\.\s?){{1,4}})")
_ROLE = re.compile(
    r"\((?:eds?|hrsg|trans|comp)\.?\)|,?\s*\b(?:eds?|trans)\.|\(editors?\)|,\s*editors?\b", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")


@lru_cache(maxsize=20_000)
def compact(text: str) -> str:
    """A name without case, accents, blanks and punctuation: ``Al-Jazeera`` and ``Aljazeera`` are one."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    return "".join(char for char in bare if char.isalnum())


def name_words(name: str) -> list[str]:
    """The words of a name, in compact form."""
    return [word for word in (compact(part) for part in re.split(r"[\s'’ʼ.\-–/]+", name)) if word]


def is_initials(text: str) -> bool:
    """Whether a text is one or more initials."""
    return _INITIALS.fullmatch(text.strip()) is not None


def is_organisation(name: str) -> bool:
    """Whether a name has a word that only organisations have, or is an acronym."""
    if any(word.strip(".,'’()").casefold() in words("organisations") for word in re.split(r"[\s/]+", name)):
        return True
    letters = [char for char in name if char.isalpha()]
    return len(letters) > 1 and all(char.isupper() and char.lower() != char for char in letters)


_UNITED = frozenset({"united", "nations"})
"""Words that an acronym of one of their offices leaves out: OHCHR."""


def acronym(name: str) -> frozenset[str]:
    """The acronyms that the words of a name may give: with and without small words and "United Nations"."""
    parts = [part for part in re.split(r"[\s\-/]+", re.sub(r"\([^()]*\)", " ", name)) if part[:1].isalpha()]
    if len(parts) < 2:
        return frozenset()
    small = words("connectors")
    every = "".join(part[0] for part in parts)
    large = "".join(part[0] for part in parts if part.casefold() not in small)
    own = "".join(part[0] for part in parts if part.casefold() not in small | _UNITED)
    return frozenset(found.casefold() for found in (every, large, own) if len(found) > 1)


def parse_authors(text: str) -> tuple[tuple[Name, ...], bool]:
    """The people and organisations of the part of an entry before its date, and whether ``et al.`` follows them.

    Every usual order is read: ``Khan, A., & Ali, B.``; ``Khan A, Ali B``; ``A. Khan and B. Ali``; ``Khan, Ahmad, and
    Bilal Ali``; an organisation stands as one name.
    """
    bare = _ROLE.sub("", text).strip(' ,.;:-–—"“”')
    others = ET_AL.search(bare) is not None
    bare = ET_AL.sub("", bare).strip(" ,;")
    if text.rstrip(" ,;:").endswith(".") and re.search(rf"[\s.,-]{CAPITAL}$", bare):
        bare += "."
    if not bare:
        return (), others
    if misprint := _MISPRINT.fullmatch(bare):
        return (Name(misprint["family"], misprint["given"]),), others
    tokens = [token.strip() for token in _SEPARATOR.split(bare[:2000]) if token.strip()]
    if _is_one_organisation(bare, tokens):
        return (Name(bare, is_organisation=True),), others
    return tuple(_names(tokens)), others


def _is_one_organisation(text: str, tokens: list[str]) -> bool:
    """Whether the whole text is the name of one organisation, its commas and ``and`` included."""
    if any(is_initials(token) and len(token) < 9 and "." in token for token in tokens):
        return False
    if any(_DIRECT.fullmatch(token) or _VANCOUVER.fullmatch(token) for token in tokens) and not is_organisation(text):
        return False
    small = {word.casefold() for word in text.split()} & {"of", "for", "on", "the"}
    if len(tokens) == 1:
        return " " not in text or bool(small) or is_organisation(text)
    return bool(small) or (is_organisation(text) and not is_initials(tokens[1]))


def _names(tokens: list[str]) -> list[Name]:
    found: list[Name] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        if _SUFFIX.fullmatch(token):
            at += 1
        elif following and _are_parts(token, following, is_first=not found):
            found.append(Name(token, following))
            at += 2
        else:
            found.append(_single(token))
            at += 1
    return found


def _are_parts(token: str, following: str, *, is_first: bool) -> bool:
    """Whether two tokens are family and given name of one person: ``Khan``, ``A. B.``; at first also ``Ahmad``."""
    if is_initials(following):
        return _DIRECT.fullmatch(token) is None
    if _DIRECT.fullmatch(token) or _DIRECT.fullmatch(following):
        return False
    is_short = _VANCOUVER.fullmatch(token) is not None and not is_organisation(token)
    return is_first and not is_short and _is_given(following) and not is_organisation(token)


def _single(token: str) -> Name:
    """A name that stands between two separators."""
    match = _DIRECT.fullmatch(token) or _SPACED.fullmatch(token)
    if match is None and not is_organisation(token.rpartition(" ")[0]):
        match = _VANCOUVER.fullmatch(token)
    if match:
        return Name(match["family"].strip(" ,"), match["given"].strip())
    parts = token.split()
    if len(parts) in (2, 3, 4) and not is_organisation(token) and all(_begins_large(part) for part in parts[:1]):
        family = len(parts) - 1
        while family > 1 and parts[family - 1].casefold() in PARTICLES:
            family -= 1
        return Name(" ".join(parts[family:]), " ".join(parts[:family]))
    return Name(token, is_organisation=len(parts) > 1 or is_organisation(token))


def _is_given(token: str) -> bool:
    """Whether a token may be given names: ``Ahmad``, ``Mary Ann``, ``John F.``."""
    parts = token.split()
    return 0 < len(parts) <= 3 and all(_begins_large(part) for part in parts) and not is_organisation(token)


def _begins_large(word: str) -> bool:
    return re.match(CAPITAL, word) is not None
