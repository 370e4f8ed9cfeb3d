"""One canonical form of characters: what looks the same to a reader is the same to the program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from marsad.documents.limits import MOST_COMBINING

__all__ = ["HYPHEN_BREAK", "PAGE_BREAK", "canonical_line", "canonical_lines", "one_line"]

PAGE_BREAK = "\f"
"""Within the text of a part: here a new page begins."""

HYPHEN_BREAK = "\x02"
"""Within the text of a part: a hyphen that stood at the end of a line, its line break gone; it is resolved later."""

_SURROGATES = re.compile("[\ud800-\udfff]+")
_LINE_END = re.compile("\r\n?|[\x0b\x85\u2028]")
_PARAGRAPH_END = re.compile("\u2029")
# Control characters, bidi controls, zero-width spaces, byte order marks, interlinear marks, invisible operators.
_INVISIBLE = re.compile(
    "[\x00-\x01\x03-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_SOFT_HYPHEN = re.compile("\u00ad(?:[ \t]*\n[ \t]*)?")
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]*")
_SPACE = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Typographic ligatures and Arabic presentation forms, which fonts of PDFs give instead of letters.
_FORMS = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdf1\ufe80-\ufefc]")


def canonical_lines(text: str) -> str:
    """The text in canonical characters, its lines, tabs and page breaks kept.

    NFC; LF; no byte order mark, control, bidi control, zero-width space or soft hyphen (a soft hyphen at the end of a
    line joins the line to the next); every kind of space is a space. A zero-width joiner or non-joiner is kept where
    characters beyond ASCII stand on both sides, as in Persian, Urdu, Pashto, the scripts of India and emoji.
    Ligatures and Arabic presentation forms become their letters. Doing it twice changes nothing.
    """
    for pattern, replacement in _STEPS if not text.isascii() else _STEPS[:2]:
        # A search through the few characters that a text has is far cheaper than one through the text.
        if pattern is None:
            text = _normal(text)
        elif pattern.search("".join(set(text))):
            text = pattern.sub(replacement, text)
    return text


def canonical_line(text: str) -> str:
    """The text as one line: canonical characters, runs of white space to one space, none at the ends.

    A page break keeps its place at the beginning of the word after it; a hyphen break has no space around it.
    """
    return one_line(canonical_lines(text))


def one_line(text: str) -> str:
    """Canonical text as one line."""
    if PAGE_BREAK not in text and HYPHEN_BREAK not in text:
        return " ".join(text.split())
    text = re.sub(r"[^\S\f]+", " ", text)
    text = re.sub(r" ?\x02[ \x02]*", HYPHEN_BREAK, text)
    text = re.sub(r"\x02 ?((?:\f ?)+)", lambda found: HYPHEN_BREAK + found[1].replace(" ", ""), text)
    text = re.sub(r"(?<=[^\x02\f ]) ?((?:\f ?)+)", lambda found: " " + found[1].replace(" ", ""), text)
    return text.strip(" ")


def _letters(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


def _joiner(found: re.Match[str]) -> str:
    start, end = found.span()
    before, after = found.string[max(start - 1, 0) : start], found.string[end : end + 1]
    return found[1] if before > "\x7f" < after and not (before.isspace() or after.isspace()) else ""


def _normal(text: str) -> str:
    """NFC in linear time: of a longer run of combining marks the first thirty are kept."""
    if any(map(unicodedata.combining, set(text))):
        text = _long_runs_of_marks().sub(lambda found: found[0][:MOST_COMBINING], text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@cache
def _long_runs_of_marks() -> re.Pattern[str]:
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"[{marks}]{{{MOST_COMBINING + 1},}}")


def _characters(found: re.Match[str]) -> str:
    return found[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_STEPS: tuple[tuple[re.Pattern[str] | None, str | Callable[[re.Match[str]], str]], ...] = (
    (_LINE_END, "\n"),
    (_INVISIBLE, ""),
    (_SURROGATES, _characters),
    (_PARAGRAPH_END, "\n\n"),
    (_FORMS, _letters),
    (None, ""),
    (_SOFT_HYPHEN, ""),
    (_JOINERS, _joiner),
    (_SPACE, " "),
    (None, ""),
)
