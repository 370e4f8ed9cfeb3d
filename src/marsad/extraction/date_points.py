"""The grammar of single dates: a run of tokens becomes atoms, each a day, a month, a season, a year, a decade …."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from marsad.errors import ParseError
from marsad.extraction.date_words import COUNTED, Run, Token
from marsad.model import Date

__all__ = ["Atom", "atoms"]

_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_FIRST_OF_TWO_DIGITS = 40
"""Years in two digits from here on are of the twentieth century, those below of the twenty-first."""

_DAY, _YEAR = "[dn]", "(?:,?f?y|,?'[dz])"
_RULES = (
    ("iso", "I"),
    ("numeric", "U"),
    ("days", rf"(?:w,?)?T?{_DAY}(?:,?[-/ta,]T?{_DAY}){{1,6}}f?m{_YEAR}?"),
    ("days", rf"(?:w,?)?mT?{_DAY}(?:,{_DAY}){{0,5}},?[-/ta]T?{_DAY}(?!f?m)(?:,?y)?"),
    ("day", rf"y,mT?{_DAY}(?!f?m|,?y)"),
    ("month", r"y,m(?!T?[dn]|,?y)"),
    ("day", rf"(?:w,?)?T?{_DAY}f?m(?:{_YEAR}|,?[dz](?=\Z|[^m#uf]))?"),
    ("day", rf"(?:w,?)?mT?{_DAY}(?!f?m)(?:,?y)?"),
    ("month", r"(?:e-?|Ef?T?)m,?f?y?"),
    ("month", r"m,?f?T?u?y|m'[dz]"),
    ("season", r"(?:ef?-?)?sf?,?T?u?y"),
    ("quarter", r"[onL]qf?T?u?y|Q,?f?y|yQ"),
    ("half", r"[on]hf?T?u?(?:y|m,?f?y?)"),
    ("decade", r"(?:e-?|Ef?T?)?C"),
    ("century", r"(?:e-?|Ef?T?)?[on]c"),
    ("years", r"y[-/][dz](?![-/mdz])"),
    ("year", r"(?:e-?|ep|Ef?T?u?)y"),
    ("year", r"y"),
    ("foreign", r"(?:[dn]f?)?H,?f?y?"),
    ("deictic", r"T?uBR"),
    ("same", r"=u|T?uB(?=\Z|[^dnmy])|[#dz]uB|Nu(?=\Z)"),
    ("ago", r"[#dz]f?#?uA|f?#fuA"),
    ("past", r"L[#dz]{1,2}f?u|Lfu"),
    ("recent", r"ru"),
    ("last", r"[LNS][uv]"),
    ("last month", r"[LN]m"),
    ("weekday", r"[LNS]?w"),
    ("deictic", r"R"),
    ("bare month", r"m"),
)
_GRAMMAR = re.compile("|".join(f"(?P<r{number}>{shape})" for number, (_, shape) in enumerate(_RULES)))
_NAMES = {f"r{number}": name for number, (name, _) in enumerate(_RULES)}


@dataclass(frozen=True, slots=True)
class Atom:
    """One date of the text, as far as its own words say.

    Attributes:
        first, last: its first token, and the token after its last.
        start, end: its place in the text.
        name: the rule that read it.
        tokens: its tokens.
        year, month, day, last_day: what is stated; 0 where it is not. ``month`` may be a season or a quarter of EDTF.
        mark: ``~`` where it is approximate.
        edtf: the date itself, of a rule that has other forms than year, month and day.
    """

    first: int
    last: int
    start: int
    end: int
    name: str
    tokens: tuple[Token, ...]
    year: int = 0
    month: int = 0
    day: int = 0
    last_day: int = 0
    mark: str = ""
    edtf: str = ""

    @property
    def lacks_year(self) -> bool:
        """Whether it is a month or a day of a year that stands elsewhere."""
        return bool(self.month) and not self.year and not self.edtf

    def date(self, year: int = 0) -> Date | None:
        """The date, with the year given where it states none; None where it has no year or does not exist."""
        text = self.edtf or self._text(self.year or year)
        try:
            return Date.parse(text) if text else None
        except ParseError:
            return None

    def _text(self, year: int) -> str:
        if not year:
            return ""
        if not self.month:
            return f"{year:04d}{self.mark}"
        if not self.day:
            return f"{year:04d}-{self.month:02d}{self.mark}"
        first = f"{year:04d}-{self.month:02d}-{self.day:02d}"
        return f"{first}/{year:04d}-{self.month:02d}-{self.last_day:02d}" if self.last_day else first


def atoms(run: Run) -> Iterator[Atom]:
    """The atoms of a run, in order."""
    for match in _GRAMMAR.finditer(run.shape):
        name = _NAMES[match.lastgroup or ""]
        tokens = run.tokens[match.start() : match.end()]
        begin = 1 if tokens[0].kind == "T" else 0
        if name == "days" and match.end() == len(run.tokens) and _counts(tokens[-1], run.after):
            tokens, name = tokens[: _first_day(tokens)], "day"
        atom = Atom(match.start(), match.start() + len(tokens), tokens[begin].start, tokens[-1].end, name, tokens)
        yield from _READERS.get(name, _plain)(atom)


def _counts(last: Token, after: str) -> bool:
    """Whether the last number of a list of days counts what follows: ``On August 7 and 8 people were killed``."""
    return last.kind == "d" and after[:1].isalpha() and after.lower() in COUNTED


def _first_day(tokens: Sequence[Token]) -> int:
    """The token after the first day of a list."""
    return next(index for index, token in enumerate(tokens, 1) if token.kind in "dn")


def _plain(atom: Atom) -> Iterator[Atom]:
    """Year, month and day by the classes of the tokens."""
    values = {"year": 0, "month": 0, "day": 0}
    seen_year = False
    for token in atom.tokens:
        if token.kind == "y":
            values["year"], seen_year = token.number, True
        elif token.kind == "m":
            values["month"] = token.number
        elif token.kind in "dn" and not values["day"] and not (values["month"] and _has_apostrophe(atom)):
            values["day"] = token.number
        elif token.kind in "dz" and not seen_year and values["month"]:
            values["year"], seen_year = _two_digits(token.number), True
    mark = "~" if any(token.kind in "eE" for token in atom.tokens) else ""
    name = atom.name
    if mark:
        name = f"{next(token.text for token in atom.tokens if token.kind in 'eE')}: {name}"
    found = replace(atom, **values, mark=mark, name=name)  # type: ignore[arg-type]
    if found.year and found.day and found.date() is None:
        found = replace(found, day=0)
    yield found


def _has_apostrophe(atom: Atom) -> bool:
    return any(token.kind == "'" for token in atom.tokens)


def _two_digits(number: int) -> int:
    return number + (1900 if number >= _FIRST_OF_TWO_DIGITS else 2000)


def _iso(atom: Atom) -> Iterator[Atom]:
    text = atom.tokens[0].text
    year, month, day = (int(part) for part in text.split("-"))
    found = replace(atom, year=year, month=month, day=day)
    if 1000 <= year <= 2199 and found.date() is not None:
        yield found


def _numeric(atom: Atom) -> Iterator[Atom]:
    """Day and month in figures: which is which is known only where one exceeds 12, or both are equal."""
    first, second, year = (int(part) for part in re.split(r"[/.-]", atom.tokens[0].text))
    if not 1000 <= year <= 2199 or not first or not second:
        return
    if first == second or second > 12 >= first or first > 12 >= second:
        day, month = (second, first) if second > 12 else (first, second)
        found = replace(atom, year=year, month=month, day=day)
        if found.date() is not None:
            yield found
    elif first <= 12 and second <= 12:
        yield replace(atom, edtf=f"{year:04d}-XX-XX", name="numeric, day or month first")


def _days(atom: Atom) -> Iterator[Atom]:
    """Several days of one month: an interval where they follow each other, otherwise one date each."""
    numbers = [token for token in atom.tokens if token.kind in "dn"]
    month = next(token.number for token in atom.tokens if token.kind == "m")
    year = next((token.number for token in atom.tokens if token.kind == "y"), 0)
    if _has_apostrophe(atom):
        year = _two_digits(numbers.pop().number if numbers[-1] is atom.tokens[-1] else atom.tokens[-1].number)
    days = [token.number for token in numbers]
    joints = {token.kind for token in atom.tokens}
    stated = replace(atom, year=year, month=month)
    is_span = len(days) == 2 and bool(joints & {"-", "t"}) and days[0] < days[1]
    if is_span or days == list(range(days[0], days[0] + len(days))):
        found = replace(stated, day=days[0], last_day=days[-1])
        if found.date(2000) is not None:
            yield found
        return
    ends = [*(token.start for token in numbers[1:]), None]
    for token, following in zip(numbers, ends, strict=True):
        is_first, is_last = token is numbers[0], following is None
        start = atom.start if is_first else token.start
        found = replace(
            stated,
            day=token.number,
            start=start,
            end=atom.end if is_last else token.end,
            first=atom.first if is_first else atom.last - 1,
            last=atom.last if is_last else atom.last - 1,
        )
        if found.date(2000) is not None:
            yield found


def _season(atom: Atom) -> Iterator[Atom]:
    season = next(token.text for token in atom.tokens if token.kind == "s")
    mark = "~" if any(token.kind == "e" for token in atom.tokens) else ""
    yield replace(atom, year=atom.tokens[-1].number, month=_SEASONS[season], mark=mark)


def _quarter(atom: Atom) -> Iterator[Atom]:
    number = next((token.number for token in atom.tokens if token.kind in "onQ"), -1)
    year = next(token.number for token in atom.tokens if token.kind == "y")
    number = 4 if number == -1 else number
    if 1 <= number <= 4:
        yield replace(atom, year=year, month=32 + number)


def _half(atom: Atom) -> Iterator[Atom]:
    """Half a year is six months; half a month names no day, so it stays the month, approximate."""
    number = abs(atom.tokens[0].number)
    month = next((token.number for token in atom.tokens if token.kind == "m"), 0)
    year = next((token.number for token in atom.tokens if token.kind == "y"), 0)
    if number not in (1, 2):
        return
    if month:
        yield replace(atom, year=year, month=month, mark="~")
    elif number == 1 and atom.tokens[0].number == 1:
        yield replace(atom, edtf=f"{year:04d}-01/{year:04d}-06")
    else:
        yield replace(atom, edtf=f"{year:04d}-07/{year:04d}-12")


def _decade(atom: Atom) -> Iterator[Atom]:
    number = atom.tokens[-1].number
    year = number if number >= 1000 else _two_digits(number)
    mark = "~" if len(atom.tokens) > 1 else ""
    if 1000 <= year <= 2199:
        yield replace(atom, edtf=f"{year // 10:03d}X{mark}", name="decade")


def _century(atom: Atom) -> Iterator[Atom]:
    number = next(token.number for token in atom.tokens if token.kind in "on")
    mark = "~" if any(token.kind in "eE" for token in atom.tokens) else ""
    if 11 <= number <= 22:
        yield replace(atom, edtf=f"{number - 1:02d}XX{mark}", name="century")


def _years(atom: Atom) -> Iterator[Atom]:
    """``2007-14`` is a span of years; ``2022-04`` cannot be one, so it is a month in ISO 8601."""
    first, joint, second = atom.tokens
    is_glued = second.start - first.end <= 1 and second.end - second.start == 2
    later = first.number // 100 * 100 + second.number
    if is_glued and later > first.number:
        yield replace(atom, edtf=f"{first.number:04d}/{later:04d}", name="years")
    elif is_glued and joint.text == "-" and second.number <= 12:
        yield replace(atom, year=first.number, month=second.number, name="iso month")
    else:
        yield replace(atom, year=first.number, last=atom.first + 1, end=first.end, tokens=(first,), name="year")


_READERS = {
    "iso": _iso,
    "numeric": _numeric,
    "days": _days,
    "season": _season,
    "quarter": _quarter,
    "half": _half,
    "decade": _decade,
    "century": _century,
    "years": _years,
}
