"""Numbers in digits and in words: the part of a quantity that is neither qualifier nor unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from marsad.documents.vocabulary import NUMBERS, ORDINALS
from marsad.extraction.lexicon import listed

__all__ = ["ORDINAL_WORDS", "SCALES", "Numeral", "Word", "numeral", "words"]

_UNITS = {name: number for number, name in enumerate(NUMBERS[:20])}
_TENS = {
    name: number * 10 for number, name in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
} | {"fourty": 40}
_HUNDRED = 100
SCALES: dict[str, int] = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh": 10**5,
    "lakhs": 10**5,
    "crore": 10**7,
    "crores": 10**7,
    "mn": 10**6,
    "bn": 10**9,
}
"""What the words for thousands and more multiply by."""

ORDINAL_WORDS: dict[str, int] = {
    name: number
    for number, name in enumerate(
        ORDINALS, 1
    )
} | {
    "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80,
    "ninetieth": 90, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
"""Ordinal numbers in words, without compounds, and their values."""
_VAGUE = {
    "several": "several",
    "dozens": "dozens",
    "scores": "scores",
    "hundreds": "hundreds",
    "thousands": "thousands",
    "millions": "millions",
    "tens": ">=20",
}
_VAGUE_SCALES = {"dozen": "dozens", "hundred": "hundreds", "thousand": "thousands", "million": "millions"}
_FOLLOWS = {
    "unit": ("", "ten", "hundred", "scale"),
    "ten": ("", "hundred", "scale"),
    "hundred": ("unit", "ten"),
    "dozen": ("unit", "ten"),
    "scale": ("unit", "ten", "hundred"),
    "hyphen": ("ten",),
    "and": ("hundred", "scale"),
}
"""The kinds of number word after which each kind may stand."""
_AND_A_HALF = ("and", "a", "half")
_MOST_WORDS = 24
"""No number is written in more words than this."""

_WORD = re.compile(
    r"(?P<skip>(?:https?://|www\.)\S+|10\.\d{4,9}/\S+|\w+@\S+)"
    r"|(?P<item>(?m:^)[ \t]{0,8}\d{1,3}(?:(?:\.\d{1,3}){0,4}[.)](?=[\s*<A-Z])|(?:\.\d{1,3}){1,4}(?=[ \t]{1,3}[A-Z])))"
    r"|(?P<dotted>\d{1,4}(?:\.\d{1,4}){2,8})(?!\w)|(?P<number>\d{1,3}(?:,\d{2,3}){1,6}(?:\.\d{1,9})?(?!\w|[.,]\d)|\d{1,15}(?:\.\d{1,9})?(?!\w|\.\d))"
    r"|(?P<glued>\d{1,15}(?:\.\d{1,9})?)(?P<unit>km|kms|m|mn|bn|kg|st|nd|rd|th|ST|ND|RD|TH|pc)(?!\w)"
    r"|(?P<word>\w+)|(?P<other>[^\w\s])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a number in digits or a sign, with its place in the text.

    Attributes:
        kind: ``number``, ``word``, ``sign`` or ``skip`` (an address).
        text: lower case; of a number, its digits without separators.
    """

    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from some words.

    Attributes:
        first, last: its first word, and the word after its last.
        value: its value; None where it is a word such as ``dozens``.
        vague: that word, as ``Quantity`` writes it.
        rule: ``digits``, ``words``, ``vague`` or ``ordinal``.
    """

    first: int
    last: int
    value: Decimal | None
    rule: str
    vague: str = ""


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words, numbers and signs of a text or a stretch of it, in order; ``3.7m`` is a number and a word."""
    found: list[Word] = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        first, last, kind = match.start(), match.end(), match.lastgroup
        if kind == "unit":
            middle = match.start("unit")
            found.append(Word(first, middle, "number", _digits(match["glued"])))
            found.append(Word(middle, last, "word", match["unit"].lower()))
        elif kind == "number":
            found.append(Word(first, last, "number", _digits(match.group())))
        else:
            name = {"skip": "skip", "dotted": "skip", "item": "skip", "word": "word"}.get(kind or "", "sign")
            found.append(Word(first, last, name, match.group().lower() if last - first < 40 else ""))
    return found


def _digits(text: str) -> str:
    """ASCII digits without separators of thousands."""
    return "".join(sign if sign == "." else str(int(sign)) for sign in text if sign != ",")


def numeral(found: Sequence[Word], index: int) -> Numeral | None:
    """The longest number that begins at a word; None where none does."""
    word = found[index]
    if word.kind == "number":
        return _from_digits(found, index)
    if word.kind != "word":
        return None
    return _vague(found, index) or _half(found, index) or _with_half(found, _in_words(found, index))


def _text(found: Sequence[Word], index: int) -> str:
    return found[index].text if 0 <= index < len(found) else ""


def _from_digits(found: Sequence[Word], index: int) -> Numeral:
    value = Decimal(found[index].text)
    following = _text(found, index + 1)
    is_glued = index + 1 < len(found) and found[index + 1].start == found[index].end
    if following in ("st", "nd", "rd", "th") and is_glued:
        return Numeral(index, index + 2, value, "ordinal")
    last = index + 1
    while _text(found, last) in SCALES or _text(found, last) in ("hundred", "dozen"):
        scale = _text(found, last)
        value *= {"hundred": 100, "dozen": 12}.get(scale) or SCALES[scale]
        last += 1
    return Numeral(index, last, value, "digits")


def _vague(found: Sequence[Word], index: int) -> Numeral | None:
    """``dozens``, ``several hundred``, ``tens of thousands``."""
    text = found[index].text
    last = index + 1
    if text == "a" and _text(found, last) == "few":
        text, last = "few", index + 2
    if text in ("several", "few", "couple") and _text(found, last) in _VAGUE_SCALES:
        return Numeral(index, last + 1, None, "vague", _VAGUE_SCALES[_text(found, last)])
    if text in ("tens", "hundreds") and _text(found, last) == "of" and _text(found, last + 1) == "thousands":
        return Numeral(index, last + 2, None, "vague", f"{text} of thousands")
    if text == "tens" and _text(found, last) != "of":
        return None
    return Numeral(index, last, None, "vague", _VAGUE[text]) if text in _VAGUE else None


def _half(found: Sequence[Word], index: int) -> Numeral | None:
    """``half a million``, ``half a dozen``."""
    if found[index].text != "half" or _text(found, index + 1) not in ("a", "-"):
        return None
    scale = _text(found, index + 2)
    base = 12 if scale == "dozen" else SCALES.get(scale)
    return None if base is None else Numeral(index, index + 3, Decimal(base) / 2, "words")


def _with_half(found: Sequence[Word], read: Numeral | None) -> Numeral | None:
    """``two and a half million``; a number without a half as it is."""
    if read is None or read.value is None or tuple(_text(found, read.last + step) for step in range(3)) != _AND_A_HALF:
        return read
    last = read.last + len(_AND_A_HALF)
    scale = SCALES.get(_text(found, last), 0)
    half = (read.value + Decimal("0.5")) * (scale or 1)
    return Numeral(read.first, last + (scale > 0), half, "words")


def _in_words(found: Sequence[Word], index: int) -> Numeral | None:
    """``one hundred and thirty-two``, ``two dozen``, ``a million``, ``two and a half million``."""
    total = group = 0
    last = here = index
    previous = ""  # the kind of number word before: "unit", "ten", "hundred" or "scale"
    smallest = 10**15
    if found[index].text in ("a", "an") and _text(found, index + 1) in ("hundred", "dozen", *SCALES):
        group, previous, here = 1, "unit", index + 1
    while here < len(found) and here - index < _MOST_WORDS:
        text = found[here].text
        step = _step(text, previous)
        if step == "joint":
            here += 1
            if _step(_text(found, here), "hundred" if text == "and" else "ten") not in ("unit", "ten"):
                break
            continue
        if not step:
            break
        if step in ("unit", "ten"):
            group += _UNITS[text] if text in _UNITS else _TENS[text]
        elif step == "hundred":
            group = max(group, 1) * _HUNDRED
        elif step == "dozen":
            return Numeral(index, here + 1, Decimal(total + group * 12), "words") if group else None
        elif SCALES[text] < smallest and group:
            smallest = SCALES[text]
            total, group = total + group * smallest, 0
        else:
            break
        previous, here = step, here + 1
        last = here
    return None if last == index else Numeral(index, last, Decimal(total + group), "words")


def _step(text: str, previous: str) -> str:
    """What a word adds to a number after the kind of word before; empty where it cannot follow."""
    if text in _UNITS:
        kind = "unit" if previous != "ten" or 0 < _UNITS[text] < 10 else ""
    elif text in _TENS:
        kind = "ten"
    elif text in ("hundred", "dozen"):
        kind = text
    elif text in SCALES:
        kind = "scale"
    else:
        kind = {"-": "hyphen", "‑": "hyphen", "and": "and"}.get(text, "")
    if previous not in _FOLLOWS.get(kind, ()):
        return ""
    return "joint" if kind in ("hyphen", "and") else kind
