"""Texts made alike for comparison, with the way back to the offsets of the original.

Two foldings: ``fold_print`` takes away what changes when a text is set in another format (line breaks, typographic
quotes, hyphens at line ends); ``fold_words`` also takes away case, diacritics and the several code points of one Arabic
letter, for a search that finds a word however it is typed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Folded", "fold_print", "fold_words", "without_marks"]

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_DASH = "-\u2010-\u2015\u2212"
_PRINT = re.compile(
    rf"(?P<hyphen>(?<=[^\W\d_])[{_DASH}]\s*(?=[^\W\d_]))|(?P<space>\s{{2,}}|[^\S ])"
    rf"|(?P<gone>[{_INVISIBLE}]+)|[^\x00-\x7f]"
)
_PRINTED = str.maketrans(
    dict.fromkeys("‘’‚‛`´′‹›", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)

# Marks above and below letters that are left out in search; in other scripts (Devanagari) marks are vowels.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}\u0640]")
_ARABIC = str.maketrans("يىكہةەۀ", "ییکهههه")
# Scripts without spaces between words: every character is a word of its own.
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text.

    Attributes:
        text: what is compared.
        changes: the stretches whose length changed, as (start, end, start in the original, end in the original), in
            order; all between them is of the same length in both.
    """

    text: str
    changes: tuple[tuple[int, int, int, int], ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the folded text stands in the original."""
        first = self._place(start)[0]
        return first, (self._place(end - 1)[1] if end > start else first)

    def _place(self, offset: int) -> tuple[int, int]:
        """The original characters behind one folded character."""
        at = bisect_right(self.changes, offset, key=lambda change: change[0]) - 1
        if at < 0:
            return offset, offset + 1
        _, end, origin, origin_end = self.changes[at]
        if offset < end:
            return origin, origin_end
        return origin_end + offset - end, origin_end + offset - end + 1


def fold_print(text: str) -> Folded:
    """Fold what differs between two settings of one text: white space, quotation marks, dashes, hyphens, ligatures."""
    return _replaced(text, _PRINT, _print_form)


def _print_form(found: re.Match[str]) -> str:
    if found["hyphen"] is not None or found["gone"] is not None:
        return ""
    if found["space"] is not None:
        return " "
    return unicodedata.normalize("NFKC", found[0].translate(_PRINTED))


def fold_words(text: str) -> Folded:
    """Fold what a reader does not tell apart in a word.

    Case, diacritics of Latin, Greek and Cyrillic, compatibility forms (NFKC), the points of Arabic and Hebrew, tatweel,
    joiners and other invisible characters; forms of alef, yeh, kaf and heh; digits of all scripts. Each character of
    Chinese and Japanese becomes a word, as these have no spaces.
    """
    forms = {char: _word_form(char) for char in set(text)}
    odd = "".join(re.escape(char) for char, form in forms.items() if len(form) != 1)
    alike = text.translate({ord(char): form for char, form in forms.items() if len(form) == 1})
    if not odd:
        return Folded(alike)
    return _replaced(alike, re.compile(f"[{odd}]"), lambda found: forms[found[0]])


@lru_cache(maxsize=65536)
def _word_form(char: str) -> str:
    if char < "\x80":
        return char.lower() if char.isprintable() else " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    form = unicodedata.normalize("NFC", _UNSEEN.sub("", _MARKS.sub("", plain))).translate(_ARABIC)
    if not form.isprintable():
        return " "
    return f" {form} " if _NO_SPACES.fullmatch(form) else form


def without_marks(text: str) -> str:
    """Letters without their accents and vowel points, in compatibility form: ``é`` and ``e`` are one."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _replaced(text: str, pattern: re.Pattern[str], form: Callable[[re.Match[str]], str]) -> Folded:
    """The text with every match replaced, and the changes of length."""
    pieces: list[str] = []
    changes: list[tuple[int, int, int, int]] = []
    at = length = 0
    for found in pattern.finditer(text):
        start, end = found.span()
        new = form(found)
        pieces += (text[at:start], new)
        length += start - at
        if len(new) != end - start:
            changes.append((length, length + len(new), start, end))
        length += len(new)
        at = end
    pieces.append(text[at:])
    return Folded("".join(pieces), tuple(changes))
