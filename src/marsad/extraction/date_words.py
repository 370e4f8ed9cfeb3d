"""The vocabulary of dates, and the tokens that the date grammar reads.

A text becomes runs of tokens. A token has one class, a single character; the grammar is written over the string of
classes, so that no regular expression ever runs over hostile text with room to backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marsad.documents import vocabulary
from marsad.extraction.lexicon import listed

__all__ = ["COUNTED", "MONTHS", "ORDINALS", "SMALL_NUMBERS", "WEEKDAYS", "Run", "Token", "runs"]

_SHORT_MONTHS = frozenset(name for name in vocabulary.MONTHS if len(name) == 3)
_OTHER_MONTHS = (
    # Urdu; Dari; Pashto; Persian; Arabic (Egypt, Gulf); Arabic (Levant, Iraq): one string a month
    "جنوری جنوري ژانویه يناير",
    "فروری فبروری فبروري فوریه فبراير شباط",
    "مارچ مارس آذار",
    "اپریل اپرېل آوریل أبريل ابريل نيسان",
    "مئی مۍ مايو أيار",
    "جون ژوئن يونيو حزيران",
    "جولائی جولای ژوئیه يوليو تموز",
    "اگست اګست اوت أغسطس آب",
    "ستمبر سپتمبر سپټمبر سپتامبر سبتمبر أيلول",
    "اکتوبر اکتبر أكتوبر",
    "نومبر نوامبر نوفمبر",
    "دسمبر ډسمبر دسامبر ديسمبر",
)

MONTHS: dict[str, int] = {
    **vocabulary.MONTHS,
    "febr": 2,
    **{name: number for number, names in enumerate(_OTHER_MONTHS, 1) for name in names.split()},
}
"""Number of each Gregorian month, by its lower-case name or abbreviation."""

WEEKDAYS: dict[str, int] = {
    name: number for number, name in enumerate(listed("monday tuesday wednesday thursday friday saturday sunday"))
}
"""Number of each weekday, Monday 0."""

SMALL_NUMBERS: dict[str, int] = {name: number for number, name in enumerate(vocabulary.NUMBERS[1:], 1)} | {
    "a": 1,
    "an": 1,
}
"""Numbers in words that durations use."""

ORDINALS: dict[str, int] = {name: number for number, name in enumerate(vocabulary.ORDINALS, 1)} | {"last": -1}
"""Ordinal numbers in words, as quarters, halves and centuries use them."""

COUNTED = frozenset(
    listed(
        "people persons civilians soldiers militants fighters men women children deaths killed injured "
        "wounded attacks incidents casualties refugees families households houses cases troops policemen km "
        "kilometers kilometres miles metres meters percent per % dollars rupees rounds members others "
        "individuals victims terrorists hectares acres tons tonnes kg gmt hours hrs local utc"
    )
)
"""Words after which a number is no year and no day, because it counts them."""

_OTHER_CALENDARS = frozenset(
    listed(
        "muharram safar rabiulawwal ramadan ramazan shawwal dhulhijja hamal sawr saur jawza saratan sonbola "
        "sunbula mizan aqrab qaws jadi dalw hoot farvardin ordibehesht khordad tir mordad shahrivar mehr "
        "aban azar dey bahman esfand محرم صفر رمضان شوال رجب شعبان حمل ثور جوزا سرطان اسد سنبله میزان عقرب "
        "قوس جدی دلو حوت فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند وری غويی "
        "غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب"
    )
)

_CLASSES = {
    "of": "f",
    "to": "t", "till": "t", "til": "t", "until": "t", "through": "t", "thru": "t",
    "and": "a", "or": "a", "&": "a",
    ",": ",", "/": "/", "-": "-", "‐": "-", "‑": "-", "–": "-", "—": "-",
    "the": "T",
    "spring": "s", "summer": "s", "autumn": "s", "fall": "s", "winter": "s",
    "quarter": "q", "half": "h", "century": "c",
    "early": "e", "mid": "e", "late": "e", "middle": "E", "end": "E", "beginning": "E", "start": "E", "close": "E",
    "ago": "A", "last": "L", "past": "L", "previous": "L", "preceding": "=",
    "next": "N", "coming": "N", "this": "S", "current": "S",
    "same": "=", "following": "=",
    "later": "B", "earlier": "B", "before": "B", "after": "B", "afterwards": "B", "prior": "B",
    "today": "R", "yesterday": "R", "tomorrow": "R", "tonight": "R",
    "night": "v", "evening": "v", "morning": "v", "afternoon": "v",
    "day": "u", "days": "u", "week": "u", "weeks": "u", "month": "u", "months": "u", "year": "u", "years": "u",
    "decade": "u", "decades": "u", "hour": "u", "hours": "u", "minutes": "u",
    "several": "#", "few": "#", "some": "#", "couple": "#", "recent": "r", "two-day": "x",
    "since": "p", "from": "p", "between": "p", "by": "p", "in": "p", "on": "p", "during": "p", "onwards": "g",
    "onward": "g", "present": "g", "date": "g", "now": "g", "'": "'", "’": "'", "‘": "'",
}  # fmt: skip
_CLASSES |= dict.fromkeys(SMALL_NUMBERS, "#") | dict.fromkeys(WEEKDAYS, "w") | dict.fromkeys(ORDINALS, "o")
_CLASSES |= {"last": "L", "second": "o"}
_CLASSES |= dict.fromkeys((name for name in MONTHS if not name.isascii() or name not in _SHORT_MONTHS), "m")
_LONGEST_RUN = 2_000
"""Tokens of a run: the longest list of dates has a few hundred; a text of nothing but such signs is not held whole."""
_ABBREVIATIONS = frozenset([*_SHORT_MONTHS, "sept", "febr"])
_LOWER_IS_NO_MONTH = frozenset(["may", "march", "august"])

_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+|10\.\d{4,9}/\S+|\w+@\S+"
    r"|(?P<iso>\d{4}-\d\d-\d\d)(?![\w-])"
    r"|(?P<numeric>\d{1,2}([/.-])\d{1,2}\3\d{4})(?!\w)"
    r"|\d{1,3}(?:,\d{3}){1,6}(?!\w)|\d{1,12}(?:\.\d{1,12}){1,8}(?!\w)"
    r"|(?P<ordinal>\d{1,2})(?:st|nd|rd|th|ST|ND|RD|TH)(?!\w)"
    r"|(?P<decade>\d{3}0|(?<=['’‘])\d0)['’]?s(?!\w)|(?P<quarter>[Qq][1-4])(?!\w)"
    r"|(?P<number>\d{1,4})(?!\w)"
    r"|(?P<break>\n\s{0,40}\n)"
    r"|(?P<word>\w+)|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: its class, its place, its lower-case text and its number where it has one."""

    kind: str
    start: int
    end: int
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A run of tokens that may belong to dates, with the word before and the word after it."""

    tokens: tuple[Token, ...]
    shape: str
    before: str
    after: str


def runs(text: str) -> Iterator[Run]:
    """The runs of tokens of a text in which a date may stand."""
    found: list[Token] = []
    before = ""
    for token in _tokens(text):
        if token.kind != "x" and len(found) < _LONGEST_RUN:
            found.append(token)
            continue
        if found:
            yield Run(tuple(found), "".join(each.kind for each in found), before, text[token.start : token.end][:40])
            found = []
        before = text[token.start : token.end][-40:]
    if found:
        yield Run(tuple(found), "".join(each.kind for each in found), before, "")


def _tokens(text: str) -> Iterator[Token]:
    """All tokens; the full stop of an abbreviated month belongs to it."""
    held: Token | None = None
    for match in _TOKEN.finditer(text):
        if held is not None:
            stop = match.group() == "." and match.start() == held.end
            yield Token(held.kind, held.start, held.end + stop, held.text, held.number)
            held = None
            if stop:
                continue
        token = _token(match)
        if token.kind == "m" and token.text in _ABBREVIATIONS:
            held = token
        else:
            yield token
    if held is not None:
        yield held


def _token(match: re.Match[str]) -> Token:
    start, end, name = match.start(), match.end(), match.lastgroup
    text = match.group()
    if name == "word" or name is None:
        return _word(text, start, end)
    if name == "number":
        value = int(text)
        kind = ("y" if 1000 <= value <= 2199 else "x") if len(text) == 4 else "x"
        if len(text) <= 2:
            kind = "d" if 1 <= value <= 31 else "z"
        return Token(kind, start, end, text, value)
    if name == "ordinal":
        value = int(match["ordinal"])
        return Token("n" if value else "x", start, end, text, value)
    if name == "decade":
        return Token("C", start, end, text, int(match["decade"]))
    if name == "quarter":
        return Token("Q", start, end, text, int(text[1]))
    return Token({"iso": "I", "numeric": "U"}.get(name, "x"), start, end, text)


def _word(text: str, start: int, end: int) -> Token:
    lower = text.lower() if len(text) < 20 else ""
    if lower in MONTHS:
        capital = not text.isascii() or text[0].isupper()
        kind = "m" if capital or (lower not in _ABBREVIATIONS and lower not in _LOWER_IS_NO_MONTH) else "x"
        return Token(kind, start, end, lower, MONTHS[lower])
    if lower in _OTHER_CALENDARS and (not text.isascii() or text[0].isupper()):
        return Token("H", start, end, lower)
    number = SMALL_NUMBERS.get(lower) or ORDINALS.get(lower) or WEEKDAYS.get(lower, 0)
    return Token(_CLASSES.get(lower, "x"), start, end, lower, number)
