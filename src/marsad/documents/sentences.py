"""Sentences of a paragraph.

A stop ends a sentence unless the word before it (an abbreviation, an initial, the number of a list) or the word after
it (in lower case) speaks against it. Every pattern looks at a bounded stretch of text, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marsad.documents.limits import MOST_SENTENCE

__all__ = ["split_sentences"]

_YEAR = r"(?:1[6-9]|20)\d\d"
# A citation in brackets: a name and a year.
_CITATION = rf"\([^()\d]{{2,200}}{_YEAR}[^()]{{0,150}}\)"
_CLOSERS = r"[\"'”’»)\]*_]*"

_CANDIDATE = re.compile(
    rf"(?P<stop>[.!?…؟۔]+(?:\[\d{{1,3}}\]|{_CLOSERS})(?P<cited>\s{{0,3}}{_CITATION}\.?(?=\s+[^\Wa-z\d_]|\s*\Z))?)"
    rf"|(?P<bracket>{_CITATION})(?=\s{{1,3}}[A-Z])"
    r"|(?P<line>\n[ \t]*\n|\n(?=[ \t]*(?:[-*–—]|\d{1,3}[.)])\s)|\s(?=[•▪●◦‣■➢✓]\s))"
)
_SPACE = re.compile(r"\s*")
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")
_LAST_WORD = re.compile(r"[\w.&’'-]+\Z")
_NEXT_WORD = re.compile(r"[\"'“‘«(\[*_]*([^\W_]+(?:[-’'][^\W_]+)?)")
_LABEL = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[ivxIVX]{1,5}|[A-Za-z])[)\]]?")
# A comma, the year of an entry in a list of references, an initial.
_GOES_ON = re.compile(rf"[,;:)\]}}]|\((?:{_YEAR}|n\.\s?d)|[A-Z]\.(?:,|\s?\()")
_INITIAL = re.compile(r"[A-Z]\.")
_NEXT_LABEL = re.compile(r"\(?(?:[ivx]{1,5}|[a-h])[.)]\s")
_NOTE_MARK = re.compile(r"\d{1,3}(?=\s)")
_INITIALISM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
_ADDRESS = re.compile(r"[@/\\]|www", re.IGNORECASE)
_WORD_LOOKS_BACK = 40


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name or number follows; the stop never ends a sentence.
_TITLES = _words(
    "mr mrs ms dr prof gen lt col maj capt sgt brig adm vadm cmdr cpl pvt supt insp amb pres sen rep gov rev hon st mt "
    "ft msgr ing sra messrs mme hrh vs cf viz approx ca esp incl resp eg ie pp nos op reg dept rs"
)
# The same where a number follows; otherwise a word as any other (``He said no.``).
_BEFORE_NUMBER = _words(
    "no p vol art arts fig figs sec secs ch chap para paras app ser tab eq col r.s n nr bn div regt sq tel ext"
)
# These end a sentence only where a word follows that usually begins one.
_MAY_END = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun "
    "inc ltd corp co bros jr sr al ed eds trans univ ave blvd rd est ibid min max avg govt assn intl"
)
_ALWAYS_INSIDE = frozenset({"e.g", "i.e", "a.k.a", "r.s", "v"})

# Words that begin a sentence far more often than a name.
_OPENERS = _words(
    "the this these those that there they their he she his her it its we our you i a an however moreover furthermore "
    "therefore thus hence similarly likewise additionally consequently nevertheless nonetheless meanwhile although "
    "though while whereas when where if since because after before during despite according finally first firstly "
    "second secondly third thirdly lastly also besides instead still yet but and so in on at as for from with by to "
    "under within between among both some many most several other others another all no not only even such one two "
    "three what who why how which then later earlier recently today now once until unlike apart overall generally "
    "historically subsequently specifically particularly notably indeed rather police officials authorities "
    "accordingly hereafter following based given due regarding concerning"
)
# Of these, the ones that hardly ever stand within a sentence after "U.S." where all is written in capitals.
_SURE_OPENERS = _words(
    "the this these those there they he she it we however moreover furthermore therefore thus similarly additionally "
    "consequently nevertheless nonetheless meanwhile although despite according finally"
)


@dataclass(frozen=True, slots=True)
class _Case:
    """How a text uses capitals: a lower-case word can begin a sentence only where nothing is capitalised."""

    upper: bool
    lower: bool

    @property
    def plain(self) -> bool:
        return not (self.upper or self.lower)


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of one paragraph as offsets into it, without the white space between them.

    The spans are in order, do not overlap, and hold every character that is not white space. A citation in brackets
    that follows the stop belongs to the sentence before it; a quotation mark or bracket that closes does too. What goes
    on for longer than any sentence does is cut at a space.
    """
    spans: list[tuple[int, int]] = []
    start = _skip(text, 0)
    for end in _ends(text):
        if end > start and not _is_label(text, start, end):
            spans += _bounded(text, start, _trim(text, start, end))
            start = _skip(text, end)
    if start < len(text):
        spans += _bounded(text, start, _trim(text, start, len(text)))
    return tuple(spans)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence, or its pieces where it is longer than any sentence."""
    while end - start > MOST_SENTENCE:
        middle = start + MOST_SENTENCE // 2
        space = _LAST_SPACE.search(text, middle, start + MOST_SENTENCE)
        cut = space.start() if space else start + MOST_SENTENCE
        yield start, _trim(text, start, cut)
        start = _skip(text, cut)
    if start < end:
        yield start, end


def _ends(text: str) -> Iterator[int]:
    """Where a sentence may end: the offset behind its last character."""
    case = _case(text)
    for found in _CANDIDATE.finditer(text):
        if found["line"] is not None:
            yield found.start()
        elif found["bracket"] is not None:
            word = _word_after(text, _skip(text, found.end()))
            if case.plain and len(word) > 1 and word.casefold() in _OPENERS:
                yield found.end()
        elif end := _end_of_stop(text, found, case):
            yield end


def _end_of_stop(text: str, found: re.Match[str], case: _Case) -> int:
    """Where the sentence ends that this stop ends; 0 where it ends none."""
    end = found.end()
    if end == len(text) or found["cited"]:
        return end
    sign = found["stop"].rstrip("\"'”’»)]*_")
    before = _word_before(text, found.start())
    if sign[-1] in "؟۔" or not text[end].isspace():
        arabic = sign[-1] in "؟۔" and (text[end].isspace() or text[end].isalpha())
        return end if arabic else _without_space(text, before, found, case)
    following = _skip(text, end)
    word = _word_after(text, following)
    goes_on = _GOES_ON.match(text, following) or (len(before) == 1 and _INITIAL.match(text, following))
    if goes_on or not (_can_begin(word, case) or _NEXT_LABEL.match(text, following)):
        return 0
    if sign.endswith(("..", "…")):
        ends = sign.endswith("....") or (case.plain and word[:1].isupper())
        return end if ends else 0
    wide = "\n" not in text[end : end + 2] and text[end : end + 2].isspace()
    return end if sign[-1] in "!?" or _stop_ends(before, word, case, wide=wide and case.upper) else 0


def _stop_ends(before: str, word: str, case: _Case, *, wide: bool) -> bool:
    """Whether a full stop between two words ends a sentence."""
    key = before.rsplit("-", 1)[-1].strip("'’&").casefold()
    number = word[:1].isdigit()
    capital = not case.plain or before[:1].isupper()
    if key in _ALWAYS_INSIDE or (key in _TITLES and (capital or key not in {"col", "gen", "rep", "ing", "reg", "op"})):
        return False
    if key in _BEFORE_NUMBER and number:
        return False
    initial = len(key) == 1 and key.isalpha()
    if (key in _MAY_END and (capital or key in {"al", "ed", "eds"})) or initial or _INITIALISM.fullmatch(key):
        openers = _OPENERS if case.plain else _SURE_OPENERS
        return wide or (not number and word.casefold() in openers)
    return True


def _without_space(text: str, before: str, found: re.Match[str], case: _Case) -> int:
    """Where a sentence ends whose next one follows without a space (``terrorism.The``); 0 where none does."""
    end = found.end()
    if before and case.plain and before.islower() and len(before) > 3 and (mark := _NOTE_MARK.match(text, end)):
        return mark.end() if _word_after(text, _skip(text, mark.end()))[:1].isupper() else 0
    word = _word_after(text, end)
    if len(found["stop"]) > 1 and found["stop"][-1] in "*_":
        return 0
    if not (word[:1].isupper() and (word[1:].islower() or word in {"A", "I"} or case.upper)):
        return 0
    if _ADDRESS.search(text[max(0, found.start() - _WORD_LOOKS_BACK) : found.start()].rpartition(" ")[2]):
        return 0
    opener = len(word) > 1 and word.casefold() in (_SURE_OPENERS if case.upper else _OPENERS)
    closed = text[found.start() - 1 : found.start()] in {")", "]", "”", '"'}
    ordinary = case.plain and before.islower() and len(before) > 2
    year = case.plain and re.fullmatch(_YEAR, before) is not None
    return end if (opener and len(before) > 2) or closed or ordinary or year else 0


def _can_begin(word: str, case: _Case) -> bool:
    """Whether a word may be the first of a sentence. Scripts without capitals always may."""
    if not word or not word[0].islower():
        return True
    return case.lower or word.startswith("al-")


def _word_before(text: str, at: int) -> str:
    found = _LAST_WORD.search(text[max(0, at - _WORD_LOOKS_BACK) : at])
    return found[0].lstrip(".") if found else ""


def _word_after(text: str, at: int) -> str:
    found = _NEXT_WORD.match(text[at : at + _WORD_LOOKS_BACK])
    return found[1] if found else ""


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether nothing but the number of a list stands before the stop."""
    return end - start < 24 and text[end - 1] == "." and _LABEL.fullmatch(text[start : end - 1]) is not None


def _case(text: str) -> _Case:
    """How the text uses capitals, by its beginning."""
    letters = [char for char in text[:2000] if char.isalpha()]
    uppers = sum(char.isupper() for char in letters)
    lowers = sum(char.islower() for char in letters)
    return _Case(upper=uppers > 20 * lowers and uppers > 1, lower=lowers > 3 and uppers == 0)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
