"""Dates in running text, with the precision that the text gives them.

A small grammar of our own: general parsers turn "August 7 and 8, 2022" into a day of 2008. What the text does not say
is not made up: a day without its year stays without a date unless a reference date gives the year; the rule says so.

The relation of a date to what is told of it stands in the rule: ``since: month`` is a point, the month after
``since``; ``until``, ``after``, ``before``, ``by`` and ``from`` likewise. ``2021 onwards`` is an open interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from marsad.errors import ParseError
from marsad.extraction.date_points import Atom, atoms
from marsad.extraction.date_relative import RELATIVE, reckoned, year_of
from marsad.extraction.date_words import COUNTED, Run, Token, runs
from marsad.extraction.found import FoundDate
from marsad.extraction.lexicon import listed
from marsad.model import Date

__all__ = ["find_dates"]

_RELATIONS = frozenset({"since", "from", "until", "till", "after", "before", "by", "between"})
_NO_YEAR_BEFORE = frozenset(
    listed(
        "resolution article section chapter page pages no nos number act law order paragraph para route "
        "flight room form figure table clause rule item serial block model version rs usd pkr eur gbp art p "
        "pp at approximately about over nearly almost some § $ € £ # @ = + ~ < >"
    )
)
_MONTH_BEFORE = frozenset(listed("in of since until till by last next early mid late from during after before between"))
_USUAL_YEARS = (1800, 2100)
"""Other numbers of four digits are years only after ``in``, ``since`` and the like."""
_BEFORE_A_YEAR = frozenset(listed("in of since until till by from during after before between year c circa about"))
_INTERVAL_JOINTS = frozenset({"-", "t", "/", ",t"})
_LIST_JOINTS = frozenset({"a", ",", ",a", "p", "ap", ",ap"})


def find_dates(text: str, *, reference: Date | None = None) -> tuple[FoundDate, ...]:
    """Every expression of time in a text.

    Args:
        text: any text.
        reference: date from which ``two months ago`` and ``on Tuesday`` are reckoned, and that gives the year to days
            and months without one; of a document the date of its publication, of a sentence the year it speaks of.

    Returns:
        The dates in order; no two overlap. A date without a value (``date`` None) says in ``words`` why.
    """
    found: list[FoundDate] = []
    for run in runs(text):
        for each in _read(run, text, reference):
            if not found or each.start >= found[-1].end:
                found.append(each)
    return tuple(found)


def _read(run: Run, text: str, reference: Date | None) -> Iterator[FoundDate]:
    """The dates of one run: neighbours that make an interval are joined, and lend each other their years."""
    found = [atom for atom in atoms(run) if _is_date(run, atom, text)]
    found = _lend_years(run, found)
    index = 0
    while index < len(found):
        atom = found[index]
        following = found[index + 1] if index + 1 < len(found) else None
        joined = _interval(run, atom, following, reference) if following else None
        if joined is not None:
            yield joined
            index += 2
        else:
            yield _single(run, atom, text, reference)
            index += 1


def _single(run: Run, atom: Atom, text: str, reference: Date | None) -> FoundDate:
    words = " ".join(text[atom.start : atom.end].split())
    rule = _relation(run, atom) + atom.name
    if atom.name == "foreign":
        return FoundDate(atom.start, atom.end, None, "other calendar", words=f"{words}, in another calendar")
    if atom.name in RELATIVE:
        when = reckoned(atom, reference)
        words = "" if when else f"{words}, reckoned from a date that is not stated"
        return FoundDate(atom.start, atom.end, when, rule, relative=True, words=words)
    if not atom.lacks_year:
        onwards = _onwards(run, atom)
        if onwards is not None and not atom.edtf and not atom.last_day:
            return FoundDate(atom.start, onwards.end, Date.parse(f"{atom.date()}/.."), f"onwards: {atom.name}")
        return FoundDate(atom.start, atom.end, atom.date(), rule)
    year = year_of(atom, reference)
    when = atom.date(year)
    if when is None:
        return FoundDate(atom.start, atom.end, None, rule, words=f"{words}, year not stated")
    return FoundDate(atom.start, atom.end, when, f"{rule}, year of the reference date", relative=True)


def _onwards(run: Run, atom: Atom) -> Token | None:
    """The last token of ``onwards`` or ``to present`` after a date."""
    rest = run.shape[atom.last : atom.last + 3]
    for shape in ("g", "tTg", "tg", "-g"):
        if rest.startswith(shape) and (shape != "g" or run.tokens[atom.last].text.startswith("onward")):
            return run.tokens[atom.last + len(shape) - 1]
    return None


def _relation(run: Run, atom: Atom) -> str:
    """``since: `` where the word before the date is a relation in time."""
    before = run.tokens[atom.first - 1].text if atom.first else run.before.lower()
    if before == "the" and atom.first > 1:
        before = run.tokens[atom.first - 2].text
    return f"{before}: " if before in _RELATIONS else ""


def _interval(run: Run, left: Atom, right: Atom, reference: Date | None) -> FoundDate | None:
    """Two dates that are the ends of one interval."""
    joint = run.shape[left.last : right.first].replace("T", "").replace("p", "")
    is_between = _relation(run, left) == "between: "
    is_consecutive = _is_month_pair(left, right) and joint in ("a", ",a")
    if not (joint in _INTERVAL_JOINTS or (is_between and joint in ("a", ",a")) or is_consecutive):
        return None
    if {left.name, right.name} & (RELATIVE | {"foreign", "years"}) or left.last_day or right.last_day:
        return None
    year = year_of(right, reference) if right.lacks_year else 0
    ends = (left.date(year), right.date(year))
    if ends[0] is None or ends[1] is None or ends[0].is_interval or ends[1].is_interval:
        return None
    try:
        when = Date.parse(f"{ends[0]}/{ends[1]}")
    except ParseError:
        return None
    if ends[0].text == ends[1].text:
        return None
    rule = f"interval: {left.name}" if not year else f"interval: {left.name}, year of the reference date"
    return FoundDate(left.start, right.end, when, rule, relative=bool(year))


def _is_month_pair(left: Atom, right: Atom) -> bool:
    """July and August of one year."""
    return (
        not (left.day or right.day or left.mark or right.mark)
        and left.year == right.year
        and 0 < left.month < right.month <= 12
        and right.month == left.month + 1
    )


def _lend_years(run: Run, found: list[Atom]) -> list[Atom]:
    """A month or day takes the year of its neighbour in a list or an interval, if the order of the two allows it."""
    lent = list(found)
    for index in range(len(lent) - 1, 0, -1):
        left, right = lent[index - 1], lent[index]
        if left.lacks_year and right.year and _are_joined(run, left, right):
            earlier = right.month == 0 or (left.month, left.day) <= (right.month, right.day or 31)
            if earlier and right.month:
                lent[index - 1] = replace(left, year=right.year)
            elif right.month:
                lent[index - 1] = replace(left, year=right.year - 1)
    for index in range(1, len(lent)):
        left, right = lent[index - 1], lent[index]
        joint = run.shape[left.last : right.first].replace("T", "").replace("p", "")
        is_span = joint in _INTERVAL_JOINTS or (joint == "a" and _relation(run, left) == "between: ")
        if right.lacks_year and left.year and left.month and is_span and (left.month, left.day) <= (right.month, 31):
            lent[index] = replace(right, year=left.year)
    return lent


def _are_joined(run: Run, left: Atom, right: Atom) -> bool:
    joint = run.shape[left.last : right.first].replace("T", "")
    return joint in _INTERVAL_JOINTS or joint in _LIST_JOINTS


def _is_date(run: Run, atom: Atom, text: str) -> bool:
    """Whether the words around allow it to be a date."""
    if atom.name == "bare month":
        return _is_month(run, atom, text)
    if atom.name not in ("year", "years"):
        return True
    before = run.before.lower() if atom.first == 0 else run.tokens[atom.first - 1].text
    after = run.after.lower() if atom.last == len(run.tokens) else ""
    if before in _NO_YEAR_BEFORE or after in COUNTED:
        return False
    if atom.year and not _USUAL_YEARS[0] <= atom.year <= _USUAL_YEARS[1] and before not in _BEFORE_A_YEAR:
        return False
    gap = text[max(atom.start - 1, 0) : atom.start]
    if gap in ("-", "_", "/") and atom.first == 0:
        return False
    is_glued_name = atom.first == 0 and run.before[:1].isupper() and gap.isspace() and len(run.before) > 1
    return not (is_glued_name and run.before.isupper() and not text[max(0, atom.start - 60) : atom.start].isupper())


def _is_month(run: Run, atom: Atom, text: str) -> bool:
    """A month alone: ``May`` and ``March`` are words too, and months are names of people."""
    before = run.before.lower() if atom.first == 0 else run.tokens[atom.first - 1].text
    if before in _MONTH_BEFORE:
        return True
    in_list = atom.first > 0 and run.shape[atom.first - 1] in "a,-t" and "m" in run.shape[: atom.first]
    starts_list = run.shape[atom.last : atom.last + 1] in tuple("a,-t") and "m" in run.shape[atom.last : atom.last + 4]
    return (in_list or starts_list) and text[atom.start : atom.start + 1].isupper()
