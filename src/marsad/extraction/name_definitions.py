"""Abbreviations that a text defines itself: ``Islamic State Khorasan Province (ISKP)``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marsad.extraction.lexicon import listed
from marsad.extraction.name_keys import NameToken

__all__ = ["Definition", "definitions"]

_ACRONYM = re.compile(r"[(\[]\s{0,2}[\"“]?([A-Z][A-Z0-9&/.-]{1,10})[\"”]?\s{0,2}[)\]]")
_SMALL = frozenset(listed("of the and for in to on de la del e i y a an al ul el"))
_ORGANISATIONS = frozenset(
    listed(
        "party movement army front force forces organization organisation institute institution centre "
        "center council ministry department agency group union league committee commission portal network "
        "police brigade brigades corps service services association nations tehreek tehrik tahreek jamaat "
        "jamiat lashkar jaish hizb harakat ansar bank fund court authority directorate university "
        "foundation alliance coalition congress command mission office bureau guard guards militia rebels "
        "taliban emirate government company federation confederation battalion regiment column squad legion "
        "society syndicate assembly parliament secretariat tribunal project observatory caucus frente "
        "partido ejercito movimiento fuerzas"
    )
)
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Definition:
    """A name that a text abbreviates.

    Attributes:
        acronym: the abbreviation.
        start, end: the full name.
        is_organisation: whether its words say that it is an organisation.
    """

    acronym: str
    start: int
    end: int
    is_organisation: bool


def definitions(text: str, tokens: Sequence[NameToken]) -> Iterator[Definition]:
    """Every abbreviation in brackets whose letters begin the words before it.

    After Schwartz and Hearst (2003), but by initials only.
    """
    position = 0
    for match in _ACRONYM.finditer(text):
        while position < len(tokens) and tokens[position].end <= match.start():
            position += 1
        letters = [sign.lower() for sign in match[1] if sign.isalnum()]
        first = _begin(tokens, position, letters, text)
        if first is None:
            continue
        words = tokens[first:position]
        content = [word for word in words if word.key not in _SMALL]
        if len(content) < 2 or sum(word.text[:1].isupper() for word in content) * 3 < len(content) * 2:
            continue
        is_organisation = any(word.key in _ORGANISATIONS for word in content)
        yield Definition(match[1], words[0].start, words[-1].end, is_organisation)


def _begin(tokens: Sequence[NameToken], last: int, letters: Sequence[str], text: str) -> int | None:
    """The word at which the full name begins: its initials, small words aside, are the letters, in order."""
    wanted = len(letters) - 1
    for index in range(last - 1, max(last - _MOST_WORDS, 0) - 1, -1):
        token = tokens[index]
        if index + 1 < last and any(sign in text[token.end : tokens[index + 1].start] for sign in ".;:()[]\n"):
            return None
        if token.key[:1] == letters[wanted]:
            wanted -= 1
            if wanted < 0:
                return index
        elif token.key not in _SMALL and not _covers(token.key, letters, wanted):
            return None
    return None


def _covers(key: str, letters: Sequence[str], wanted: int) -> bool:
    """Whether a word gives two letters: Khyber Pakhtunkhwa is KPK."""
    return wanted > 0 and letters[wanted] in key[1:] and key[:1] == letters[wanted - 1]
