"""Values as an analyst prints them: dates, quantities, names, and the cells and numbers that carry them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from marsad.model import Cell, Column, Date, Evidence, Number, Quantity, Record, Table

__all__ = [
    "cell",
    "count",
    "count_cell",
    "date_text",
    "decimal_text",
    "joined",
    "label",
    "names",
    "plural",
    "quantity_text",
    "short_name",
    "slot_text",
    "source_name",
    "sources_of",
    "span_text",
    "table",
    "upper_first",
    "word",
]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NAMES = frozenset(name.lower() for name in calendar.month_name if name)
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter", 33: "Q1", 34: "Q2", 35: "Q3", 36: "Q4"}
_MARKS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "~": "about ", "": ""}
_UNITS = {"percent": "%", "percent_change": "%", "km": " km", "days": " days", "months": " months", "years": " years"}


def decimal_text(number: Decimal | float) -> str:
    """A number with separators of thousands and without needless decimals."""
    exact = Decimal(str(number)) if isinstance(number, float) else number
    text = f"{exact:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def quantity_text(value: Quantity, unit: str = "") -> str:
    """A quantity with its qualifier and unit: ``≥50``, ``about 34``, ``20–25``, ``dozens``, ``+79%``, ``2,240 km``."""
    match = re.fullmatch(r"(>=|<=|>|<|~)?(-?[\d.]+?)(?:\.\.(-?[\d.]+))?", value.text)
    if match is None:
        return value.text + _UNITS.get(unit, "")
    mark, first, second = match[1] or "", Decimal(match[2]), match[3]
    numbers = decimal_text(first) + (f"–{decimal_text(Decimal(second))}" if second else "")
    plus = "+" if unit == "percent_change" and first > 0 else ""
    suffix = _UNITS.get(unit, "")
    if suffix.endswith("s") and not second and not mark and first == 1:
        suffix = suffix[:-1]
    return _MARKS[mark] + plus + ("US$" if unit == "usd" else "") + numbers + suffix


def date_text(value: Date | None) -> str:
    """A date for people: ``30 Jan 2023``, ``7–8 Aug 2022``, ``since Aug 2021``; empty where there is none."""
    if value is None:
        return ""
    left, _, right = value.text.partition("/")
    if {left, right} <= {"", ".."}:
        return "undated" if value.is_interval else "open"
    if not value.is_interval or left == right:
        return _point(left)
    if left in ("", ".."):
        return f"until {_point(right)}"
    return f"since {_point(left)}" if right in ("", "..") else _interval(left, right)


def _interval(left: str, right: str) -> str:
    """``7–8 Aug 2022`` for days of one month, ``Aug 2021 to Jun 2024`` for anything else."""
    start, end = _point(left), _point(right)
    day, _, month_year = start.partition(" ")
    if left.count("-") == right.count("-") == 2 and day.isdigit() and end.endswith(f" {month_year}"):
        return f"{day}–{end}"
    return f"{start} to {end}"


def slot_text(slot: str) -> str:
    """A year or month such as ``2023-01`` for people: ``Jan 2023``."""
    return date_text(Date.parse(slot))


def _point(text: str) -> str:
    """One end of a date for people."""
    mark = text[-1] if text[-1] in "~?%" else ""
    year, *rest = [part for part in text.rstrip("~?%").split("-") if part != "XX"]
    if year.endswith("X"):
        year = year.replace("X", "0") + "s"
    words = year
    if rest:
        number = int(rest[0])
        words = f"{_MONTHS[number - 1] if number <= 12 else _SEASONS[number]} {year}"
    if len(rest) > 1:
        words = f"{int(rest[1])} {words}"
    return ("about " if mark in ("~", "%") else "") + words + ("?" if mark in ("?", "%") else "")


def word(slug: str) -> str:
    """A word of a vocabulary for people: ``suicide_bombing`` -> ``suicide bombing``."""
    return slug.replace("_", " ")


def short_name(evidence: Evidence, actor: str) -> str:
    """An actor's acronym where it has one that its identifier spells (``ttp`` -> ``TTP``); otherwise its name."""
    found = evidence.actor_by_id.get(actor)
    acronyms = [alias for alias in found.aliases if alias.isupper() and alias.lower() == actor] if found else []
    return acronyms[0] if acronyms else evidence.actor_name(actor)


def label(evidence: Evidence, subject: str) -> str:
    """A subject's identifier as a title: ``ttp-surge-april-2021`` -> ``TTP surge April 2021``."""
    return upper_first(" ".join(_title_word(evidence, part) for part in subject.split("-")))


def _title_word(evidence: Evidence, part: str) -> str:
    """A part of an identifier: as the actor, place or month that it names is written, if that is one word."""
    if part in _MONTH_NAMES:
        return part.capitalize()
    name = short_name(evidence, part) if part in evidence.actor_by_id else evidence.place_name(part)
    return part if " " in name else name


def names(evidence: Evidence, actors: Iterable[str]) -> str:
    """The names of actors, each once, joined; acronyms where they have one."""
    return ", ".join(dict.fromkeys(short_name(evidence, actor) for actor in actors))


def joined(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def upper_first(text: str) -> str:
    """A text as the beginning of a sentence or a title; the rest as it is."""
    return text[:1].upper() + text[1:]


def plural(number: int, singular: str, several: str = "") -> str:
    """A count with its noun: ``1 event``, ``2 events``."""
    return f"{number:,} {singular if number == 1 else several or singular + 's'}"


def source_name(evidence: Evidence, key: str) -> str:
    """Author and year of a source, as in a citation in the text; the key itself where they are not known."""
    found = evidence.sources.get(key)
    authors = found.csl.get("author", []) if found else []
    if not found or not authors:
        return key
    listed = [str(author.get("family") or author.get("literal") or "") for author in authors]
    who = joined(listed) if len(listed) <= 2 else f"{listed[0]} et al."
    year = found.issued.text[:4] if found.issued else "n.d."
    return f"{who} {year}" if who else key


def span_text(since: Date | None, until: Date | None) -> str:
    """From when to when something lasted; one date where it began and ended together."""
    if until is None or (since is not None and since.text == until.text):
        return date_text(since)
    if until.text == "..":
        return f"since {date_text(since)}" if since else "ongoing"
    end = date_text(until)
    if since is None:
        return end if end.startswith("until") else f"until {end}"
    return f"{date_text(since)} to {end}"


def sources_of(records: Iterable[Record]) -> tuple[str, ...]:
    """Citation keys of who says it, each once, in order."""
    return tuple(dict.fromkeys(record.source for record in records if record.source))


def cell(text: str, statements: Iterable[str] = (), cites: Iterable[str] = ()) -> Cell:
    """A cell; each statement and source once, in order."""
    return Cell(text=text, statements=tuple(dict.fromkeys(statements)), cites=tuple(dict.fromkeys(cites)))


def count_cell(number: int, statements: Iterable[str] = (), cites: Iterable[str] = ()) -> Cell:
    """A cell with a count."""
    return cell(f"{number:,}", statements, cites)


def count(number: int, statements: Iterable[str], singular: str, several: str = "") -> Number:
    """A count with its noun in running text, and the statements that it rests on."""
    return Number(text=plural(number, singular, several), statements=tuple(dict.fromkeys(statements)))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], note: str = "") -> Table:
    """A table; a column's label that starts with ``#`` is of a numeric column, ``label|unit`` names a unit."""
    made: list[Column] = []
    for text in columns:
        name, _, unit = text.removeprefix("#").partition("|")
        slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        same = sum(column.label == name or column.name == slug for column in made)
        made.append(Column(name=f"{slug}_{same + 1}" if same else slug, label=name, unit=unit, numeric=text[:1] == "#"))
    return Table(title=title, columns=tuple(made), rows=tuple(tuple(row) for row in rows), note=note)
