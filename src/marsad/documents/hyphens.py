"""Words that were parted at the end of a line, made whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from marsad.documents.canonical import HYPHEN_BREAK, PAGE_BREAK

__all__ = ["heal_hyphens"]

_LEFT = re.compile(r"[^\s\x02\f]*\Z")
_RIGHT = re.compile(r"\f*([^\s\x02]*)")
_LAST = re.compile(r"[^\W\d_]+\Z")
_FIRST = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_REACH = 120
_SHORT = 3
_PREFIXES = {"anti", "cross", "non", "quasi", "self", "vice"}


def heal_hyphens(texts: Sequence[str]) -> list[str]:
    """The texts without hyphen breaks: each becomes a hyphen or nothing.

    A hyphen at the end of a line is kept where the word is an address of the web, where digits or a capital after a
    small letter stand beside it, or where the compound is as frequent in the rest of the text as the word written in
    one. Where the text has neither, it is kept after a prefix that is usually written with one (``non-``), and if both
    halves are words of the text of more than three letters (``policy-`` ``makers``); otherwise it is dropped.
    """
    if not any(HYPHEN_BREAK in text for text in texts):
        return list(texts)
    wanted = {form for text in texts for left, right in _halves(text) for form in _forms(left, right)}
    counts = _count(texts, wanted)
    return [_healed(text, counts) if HYPHEN_BREAK in text else text for text in texts]


def _halves(text: str) -> Iterable[tuple[str, str]]:
    """The characters before and after each hyphen break, as far as the next space."""
    pieces = text.split(HYPHEN_BREAK)
    for before, after in pairwise(pieces):
        left = _LEFT.search(before[-_REACH:])
        right = _RIGHT.match(after[:_REACH])
        yield left[0] if left else "", right[1] if right else ""


def _forms(left: str, right: str) -> tuple[str, ...]:
    """Joined, hyphenated, first half, second half: what the rest of the text is asked for."""
    last, first = _LAST.search(left), _FIRST.match(right)
    if last is None or first is None:
        return ()
    one, two = last[0].casefold(), first[0].casefold()
    return one + two, f"{one}-{two}", one, two


def _count(texts: Iterable[str], wanted: set[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        for found in _WORD.finditer(text):
            word = found[0].casefold()
            for form in (word, *word.split("-")) if "-" in word else (word,):
                if form in wanted and text[found.end() : found.end() + 1] != HYPHEN_BREAK:
                    counts[form] += 1
    return counts


def _healed(text: str, counts: Counter[str]) -> str:
    pieces = text.split(HYPHEN_BREAK)
    whole = [pieces[0]]
    address = False
    for (left, right), piece in zip(_halves(text), pieces[1:], strict=True):
        address = _is_address(left) or (address and bool(left) and " " not in whole[-1])
        whole.append(("-" if address or _keeps(left, right, counts) else "") + piece)
    return "".join(whole)


def _is_address(left: str) -> bool:
    return "://" in left or left.startswith("www.") or left.count("/") > 1


def _keeps(left: str, right: str, counts: Counter[str]) -> bool:
    """Whether the hyphen between two halves belongs to the word."""
    forms = _forms(left, right)
    if not forms or PAGE_BREAK in right:
        return True
    joined, hyphenated, one, two = forms
    last, first = left[-1], right[0]
    if first.isupper() and not last.isupper():
        return True
    if first.isupper() and (counts[hyphenated] or not counts[joined]):
        return counts[hyphenated] > 0 or len(one) <= _SHORT
    if counts[hyphenated] or counts[joined]:
        return counts[hyphenated] >= counts[joined]
    if one in _PREFIXES and len(two) > _SHORT:
        return True
    return counts[one] > 0 < counts[two] and min(len(one), len(two)) > _SHORT
