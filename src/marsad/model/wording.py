"""How people read what the model holds: dates, quantities, numbers, lists, words and names.

Where there are two styles, the long one is for sentences (``30 January 2023``, ``more than 60``) and the short one for
tables and charts (``30 Jan 2023``, ``>60``). Both tell the same. Every value of the model has a printed form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from marsad.model.dates import Date
from marsad.model.evidence import Evidence
from marsad.model.quantity import Quantity

__all__ = [
    "MONTH_NAMES",
    "bounds_text",
    "date_text",
    "enumerated",
    "joined",
    "label",
    "names",
    "number_text",
    "phrase",
    "place_names",
    "plural",
    "quantity_text",
    "short_name",
    "shortened",
    "source_name",
    "span_text",
    "targets_text",
    "tie_text",
    "upper_first",
    "word",
]

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""The months of the year."""

_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_QUARTERS = {33: "first", 34: "second", 35: "third", 36: "fourth"}
_OPEN = ("", "..")
_QUANTITY = re.compile(r"(>=|<=|>|<|~)?(-?[\d.]+?)(?:\.\.(-?[\d.]+))?")
_MARKS = {">": "more than ", ">=": "at least ", "<": "less than ", "<=": "at most ", "~": "about ", "": ""}
_SHORT_MARKS = _MARKS | {">": ">", ">=": "≥", "<": "<", "<=": "≤"}
_UNITS = {
    "percent": "%",
    "percent_change": "%",
    "km": " km",
    "days": " days",
    "months": " months",
    "years": " years",
    "usd": " US dollars",
}
_ACRONYM = 4
"""The longest identifier that is taken for an acronym where nothing says how it is written."""
_WORDS_OF_TITLE = 4


def number_text(number: Decimal | float) -> str:
    """A number with separators of thousands and without needless decimals: ``2,240``, ``−8.5``."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    text = f"{exact:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def quantity_text(value: Quantity, unit: str = "", *, short: bool = False) -> str:
    """A quantity with its qualifier and unit.

    Long: ``more than 60``, ``20 to 25%``, ``100 US dollars``. Short: ``>60``, ``20–25%``, ``US$100``, and ``+42%`` for
    a change. Both: ``about 34``, ``2,240 km``, ``1 day``, ``dozens``. Units that are no measure (persons) are left out.
    """
    match = _QUANTITY.fullmatch(value.text)
    if match is None:
        return _vague(value.text, unit)
    mark, first, second = match[1] or "", Decimal(match[2]), Decimal(match[3]) if match[3] else None
    numbers = number_text(first) if second is None else _range(first, second, short=short)
    if short:
        numbers = ("+" if unit == "percent_change" and first > 0 else "") + numbers
    is_one = first == 1 and second is None and not mark
    return (_SHORT_MARKS if short else _MARKS)[mark] + _measured(numbers, unit, is_one=is_one, short=short)


def _vague(text: str, unit: str) -> str:
    """A word for a number with its unit: ``several days``, ``hundreds of km``."""
    noun = "percent" if _UNITS.get(unit) == "%" else _UNITS.get(unit, "").strip()
    joint = " " if text == "several" else " of "
    return f"{text}{joint}{noun}" if noun else text


def _range(low: Decimal, high: Decimal, *, short: bool) -> str:
    """Two numbers; a dash stands only between numbers without a sign."""
    return f"{number_text(low)}{'–' if short and low >= 0 else ' to '}{number_text(high)}"


def _measured(numbers: str, unit: str, *, is_one: bool, short: bool) -> str:
    if short and unit == "usd":
        return f"US${numbers}"
    suffix = _UNITS.get(unit, "")
    return numbers + (suffix.removesuffix("s") if is_one else suffix)


def bounds_text(low: Decimal | None, high: Decimal | None, *, unit: str = "") -> str:
    """A range of values in the long style; an end that is None is open."""
    ends = [end for end in (low, high) if end is not None]
    if not ends:
        return "any number"
    if len(set(ends)) > 1:
        return _measured(_range(ends[0], ends[1], short=False), unit, is_one=False, short=False)
    mark = "at most " if low is None else "at least " if high is None else ""
    return mark + _measured(number_text(ends[0]), unit, is_one=ends[0] == 1 and not mark, short=False)


def date_text(value: Date | None, *, short: bool = False) -> str:
    """A date or interval; empty where there is none.

    Long: ``30 January 2023``, ``7 to 8 August 2022``, ``from August 2021 on``. Short: ``30 Jan 2023``,
    ``7–8 Aug 2022``, ``since Aug 2021``.
    """
    if value is None:
        return ""
    if not value.is_interval:
        return _point(value.text, short=short) or ("open" if short else "still open")
    start, end = (_point(text, short=short) for text in value.text.split("/"))
    if not start or not end:
        undated = "undated" if short else "no known time"
        return f"until {end}" if end else _since(start, short=short) if start else undated
    return _from_to(start, end, short=short)


def span_text(since: Date | None, until: Date | None, *, short: bool = False) -> str:
    """From when to when something lasted; one date where it began and ended together, or where no end is stated."""
    if until is None or (since is not None and since.text == until.text):
        return date_text(since, short=short)
    if until.text == "..":
        ongoing = "ongoing" if short else "still going on"
        return _since(date_text(since, short=short), short=short) if since and since.text != ".." else ongoing
    end = date_text(until, short=short)
    if since is None:
        return end if end.startswith("until ") else f"until {end}"
    return _from_to(date_text(since, short=short), end, short=short)


def _since(start: str, *, short: bool) -> str:
    return f"since {start}" if short else f"from {start} on"


def _from_to(start: str, end: str, *, short: bool) -> str:
    """``7–8 Aug 2022`` for days of one month, ``Aug 2021 to Jun 2024`` for anything else; equal ends once."""
    day, _, month = start.partition(" ")
    last, _, same = end.partition(" ")
    if start == end:
        return start
    if month and month == same and day.isdecimal() and last.isdecimal():
        return f"{day}{'–' if short else ' to '}{end}"
    return f"{start} to {end}"


def _point(text: str, *, short: bool) -> str:
    """One end of a date; empty where it is open."""
    if text in _OPEN:
        return ""
    mark = text[-1] if text[-1] in "~?%" else ""
    year, *rest = [part for part in text.rstrip("~?%").split("-") if part != "XX"]
    words = _years(year, short=short)
    if rest:
        words = f"{_part_of_year(int(rest[0]), short=short)} {words}"
    if len(rest) > 1:
        words = f"{int(rest[1])} {words}"
    uncertain = ("?" if short else " (uncertain)") if mark in ("?", "%") else ""
    return ("about " if mark in ("~", "%") else "") + words + uncertain


def _years(year: str, *, short: bool) -> str:
    """A year, a decade or a century."""
    if year.endswith("XX"):
        return ("" if short else "the century ") + f"{year[:2]}00–{year[:2]}99"
    return year.replace("X", "0s")


def _part_of_year(number: int, *, short: bool) -> str:
    """A month, season or quarter by its number in EDTF."""
    if number in _QUARTERS:
        return f"Q{number - 32}" if short else f"the {_QUARTERS[number]} quarter of"
    return _SEASONS.get(number) or MONTH_NAMES[number - 1][: 3 if short else None]


def joined(items: Iterable[str], *, short: bool = False) -> str:
    """A list: ``a, b and c``, short ``a, b, c``; with semicolons where an item itself is a list."""
    listed = list(items)
    if any(mark in item for item in listed for mark in (", ", " and ")):
        return _listed(listed, "; ", "; and ", short=short)
    return _listed(listed, ", ", " and ", short=short)


def enumerated(items: Sequence[str], *, joint: str = "and") -> str:
    """A list of plain words: ``a``, ``a and b``, ``a, b and c``; with ``or`` as its joint ``a, b or c``."""
    return _listed(items, ", ", f" {joint} ", short=False)


def _listed(items: Sequence[str], comma: str, last: str, *, short: bool) -> str:
    if short or len(items) < 2:
        return comma.join(items)
    return f"{comma.join(items[:-1])}{last}{items[-1]}"


def plural(number: int, singular: str, several: str = "") -> str:
    """A count with its noun: ``1 event``, ``2 events``."""
    return f"{number:,} {singular if number == 1 else several or singular + 's'}"


def upper_first(text: str) -> str:
    """A text as the beginning of a sentence or a title; the rest as it is."""
    return text[:1].upper() + text[1:]


def shortened(text: str, longest: int) -> str:
    """A text on one line, cut at a blank where it has more than so many characters: ``the first words …``."""
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[:longest].rpartition(' ')[0]} …"


def word(slug: str) -> str:
    """A word of a vocabulary: ``suicide_bombing`` -> ``suicide bombing``."""
    return slug.replace("_", " ")


def phrase(slug: str) -> str:
    """A value that is written as an identifier: ``avoids-attacks-on-civilians`` -> ``avoids attacks on civilians``."""
    return slug.replace("-", " ")


def targets_text(targets: Iterable[str]) -> str:
    """Classes of victims, joined."""
    return joined([word(target) for target in targets])


def short_name(evidence: Evidence, actor: str) -> str:
    """An actor's acronym where it has one that its identifier spells (``ttp`` -> ``TTP``); otherwise its name."""
    found = evidence.actor_by_id.get(actor)
    acronyms = [alias for alias in found.aliases if alias.isupper() and alias.lower() == actor] if found else []
    return acronyms[0] if acronyms else evidence.actor_name(actor)


def names(evidence: Evidence, actors: Iterable[str], *, short: bool = False) -> str:
    """The names of actors, each once, as a list; short: acronyms where they have one."""
    found = (short_name(evidence, actor) if short else evidence.actor_name(actor) for actor in actors)
    return _listed(list(dict.fromkeys(found)), ", ", " and ", short=short)


def place_names(evidence: Evidence, places: Iterable[str], *, short: bool = False) -> str:
    """The names of places, each once, as a list."""
    found = dict.fromkeys(evidence.place_name(place) for place in places)
    return _listed(list(found), ", ", " and ", short=short)


def tie_text(evidence: Evidence, kind: str, a: str, b: str, *, about: str = "", short: bool = False) -> str:
    """A tie: ``support from Pakistan to TTP``, ``mediation from Pakistan to TTP about Iran``."""
    ends = [short_name(evidence, end) if short else evidence.actor_name(end) for end in (a, b, about)]
    return f"{word(kind)} from {ends[0]} to {ends[1]}" + (f" about {ends[2]}" if about else "")


def source_name(evidence: Evidence, key: str) -> str:
    """Author and year of a source, as in a citation in the text; the beginning of its title where no author is known.

    The key itself where there is no such source.
    """
    found = evidence.sources.get(key)
    if found is None:
        return key
    authors = found.csl.get("author")
    people = [author for author in authors if isinstance(author, dict)] if isinstance(authors, list) else []
    listed = [str(name) for person in people if (name := person.get("family") or person.get("literal"))]
    title = " ".join(found.title.split()[:_WORDS_OF_TITLE])
    is_short = len(listed) <= 2 and "et al." not in listed
    who = " and ".join(listed) if is_short else f"{listed[0]} et al."
    return f"{who or f'“{title}”'} {_year(found.issued)}"


def _year(issued: Date | None) -> str:
    """The year, decade or century of a date; of an interval, that of its first end that is known."""
    ends = [end[:4] for end in issued.text.split("/") if end not in _OPEN] if issued else []
    return _years(ends[0], short=True) if ends else "n.d."


def label(evidence: Evidence, subject: str) -> str:
    """A subject as a title: its own title, the name of an actor or place, the words of another's identifier.

    ``ttp-talks-khar-april-2022`` -> ``TTP talks Khar April 2022``: months, actors, places and what names and aliases
    write with a capital are written so.
    """
    if subject in evidence.titles:
        return evidence.titles[subject]
    if subject in evidence.actor_by_id:
        return upper_first(short_name(evidence, subject))
    if subject in evidence.place_by_id:
        return upper_first(evidence.place_name(subject))
    return upper_first(" ".join(_title_word(evidence, part) for part in subject.split("-")))


def _title_word(evidence: Evidence, part: str) -> str:
    """A part of an identifier: as the actor, place, month or other name that it is, else as it is."""
    if part.capitalize() in MONTH_NAMES:
        return part.capitalize()
    is_actor, is_place = part in evidence.actor_by_id, part in evidence.place_by_id
    name = short_name(evidence, part) if is_actor else evidence.place_name(part) if is_place else ""
    if name.lower() == part:
        return name
    if spelling := evidence.spellings.get(part):
        return spelling
    if name and len(part) <= _ACRONYM:
        return part.upper()
    return part.capitalize() if name[:1].isupper() else part
