"""How values, places and sources are put into sentences, and how a finding is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from marsad.model import (
    Cite,
    Date,
    Evidence,
    Finding,
    Method,
    Number,
    Quantity,
    Record,
    Relation,
    Severity,
    content_hash,
)

__all__ = [
    "Case",
    "Part",
    "bounds_words",
    "cited",
    "date_words",
    "in_order",
    "joined",
    "label",
    "names",
    "number_words",
    "quantity_words",
    "said",
    "targets_words",
    "tie_words",
]

Part = str | Number | Cite
"""One piece of a sentence."""

_Natural = list[tuple[bool, int, str]]

_R = TypeVar("_R", bound=Record)

_MONTHS = (
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
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_QUARTERS = {33: "first", 34: "second", 35: "third", 36: "fourth"}
_MARKS = {">": "more than ", ">=": "at least ", "<": "less than ", "<=": "at most ", "~": "about ", "": ""}
_UNITS = {
    "percent": "%",
    "percent_change": "%",
    "km": " km",
    "days": " days",
    "months": " months",
    "years": " years",
    "usd": " US dollars",
}
_PLACES_SHOWN = 3


def number_words(number: Decimal) -> str:
    """A number with separators of thousands and without needless decimals."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity_words(value: Quantity, unit: str = "") -> str:
    """A quantity as one says it: ``more than 60``, ``about 34``, ``20 to 25``, ``2,240 km``, ``dozens``."""
    match = re.fullmatch(r"(>=|<=|>|<|~)?(-?[\d.]+?)(?:\.\.(-?[\d.]+))?", value.text)
    if match is None:
        return value.text + _UNITS.get(unit, "")
    second = f" to {number_words(Decimal(match[3]))}" if match[3] else ""
    return _MARKS[match[1] or ""] + number_words(Decimal(match[2])) + second + _UNITS.get(unit, "")


def bounds_words(low: Decimal | None, high: Decimal | None, *, unit: str = "") -> str:
    """A range of values as one says it; an end that is None is open."""
    suffix = _UNITS.get(unit, "")
    if low is not None and low == high:
        return number_words(low) + suffix
    if low is None:
        return f"at most {number_words(high)}{suffix}" if high is not None else "any number"
    return (
        f"{number_words(low)} to {number_words(high)}" if high is not None else f"at least {number_words(low)}"
    ) + suffix


def date_words(value: Date) -> str:
    """A date as one says it: ``30 January 2023``, ``from August 2021 on``, ``2007 to 2014``."""
    if not value.is_interval:
        return _point_words(value.text)
    left, right = (None if end in ("", "..") else _point_words(end) for end in value.text.split("/"))
    if left is None or right is None:
        return f"until {right}" if right else f"from {left} on" if left else "no known time"
    return left if left == right else f"{left} to {right}"


def _point_words(text: str) -> str:
    mark = text[-1] if text[-1] in "~?%" else ""
    year, *rest = [part for part in text.rstrip("~?%").split("-") if part != "XX"]
    if year.endswith("XX"):
        words = f"the century {year.replace('X', '0')}-{year.replace('X', '9')}"
    else:
        words = year.replace("X", "0") + ("s" if year.endswith("X") else "")
    if rest:
        month = int(rest[0])
        name = _SEASONS.get(month) or (f"the {_QUARTERS[month]} quarter of" if month > 12 else _MONTHS[month - 1])
        words = f"{name} {year}"
    if len(rest) > 1:
        words = f"{int(rest[1])} {words}"
    return ("about " if mark in ("~", "%") else "") + words + (" (uncertain)" if mark in ("?", "%") else "")


def joined(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def label(evidence: Evidence, subject: str) -> str:
    """An identifier as words: ``ttp-surge-2021`` -> ``TTP surge 2021``."""
    text = " ".join(_word(evidence, part) for part in subject.split("-"))
    return text[:1].upper() + text[1:]


def _word(evidence: Evidence, part: str) -> str:
    if part in evidence.actor_by_id and len(part) <= 4:
        return part.upper()
    is_name = part in evidence.place_by_id or part.capitalize() in _MONTHS
    return part.capitalize() if is_name else part


def tie_words(evidence: Evidence, relation: Relation) -> str:
    """A tie as words: ``Afghan Taliban - shelter - TTP``, with its third party."""
    ends = names(evidence, [relation.a]), names(evidence, [relation.b])
    about = f" (about {names(evidence, [relation.about])})" if relation.about else ""
    return f"{ends[0]} - {relation.kind.replace('_', ' ')} - {ends[1]}{about}"


def names(evidence: Evidence, actors: Iterable[str]) -> str:
    """The printed names of actors, joined."""
    return joined(list(dict.fromkeys(evidence.actor_name(actor) for actor in actors)))


def targets_words(targets: Iterable[str]) -> str:
    """The classes of victims, joined."""
    return joined([target.replace("_", " ") for target in targets])


def in_order(records: Iterable[_R]) -> list[_R]:
    """Records by document, by place in it, by line and by identifier: the same order whatever order they came in."""
    return sorted(records, key=_place)


def _place(record: Record) -> tuple[str, _Natural, _Natural, str]:
    return (record.via or record.source, _natural(str(record.locator or "")), _natural(record.origin), record.record)


def _natural(text: str) -> _Natural:
    """A text so that its numbers sort as numbers: ``sec 2`` before ``sec 10``."""
    pieces = [piece for piece in re.split(r"(\d+)", text) if piece]
    return [(not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in pieces]


def cited(records: Iterable[Record]) -> list[Part]:
    """Who says it and where that is read, in brackets; after three places only how many more there are."""
    places = list(dict.fromkeys((record.source, record.via, str(record.locator or "")) for record in in_order(records)))
    parts: list[Part] = []
    for source, via, place in places[:_PLACES_SHOWN]:
        parts.append("; " if parts else " (")
        if source or via:
            parts.append(Cite(cite=source or via, locator="" if source and via else place))
        if source and via:
            parts += [", read in ", Cite(cite=via, locator=place)]
        if not source and not via:
            parts.append("no source")
    more = len(places) - _PLACES_SHOWN
    return [*parts, f"; and {more} more)" if more > 0 else ")"] if parts else []


def said(text: str, records: Sequence[Record], *properties: str) -> list[Part]:
    """A value, the statements that it rests on, and who says it where."""
    ids = [found for record in in_order(records) for found in record.ids_of(*properties)]
    return [Number(text=text, statements=tuple(dict.fromkeys(ids))), *cited(records)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A contradiction that a check has found, before it is made a finding.

    Attributes:
        kind: which contradiction.
        severity: how grave.
        title: in a few words.
        text: one sentence; its numbers name the statements that it rests on.
        records: the records concerned.
        rule: the rule that they break, in words.
        subjects: what it is about; the subjects of the records where none are given.
        property: the property that it is about.
        values: the values that were compared, as reported.
        basis: statements that the sentence rests on without quoting them.
    """

    kind: str
    severity: Severity
    title: str
    text: Sequence[Part]
    records: Sequence[Record]
    rule: str
    subjects: Sequence[str] = ()
    property: str = ""
    values: Sequence[str] = ()
    basis: Sequence[str] = ()

    def finding(self) -> Finding:
        """The finding; its identifier is a hash of its kind and of its statements."""
        quoted = [found for part in self.text if isinstance(part, Number) for found in part.statements]
        statements = tuple(dict.fromkeys([*quoted, *self.basis]))
        subjects = self.subjects or [record.subject for record in in_order(self.records)]
        sources = {key for record in self.records for key in (record.source, record.via) if key}
        parameters = {"rule": self.rule}
        if self.values:
            parameters["values"] = "; ".join(dict.fromkeys(self.values))
        return Finding(
            id=content_hash(self.kind, *sorted(statements)),
            kind=self.kind,
            title=self.title,
            text=(tuple(self.text),),
            severity=self.severity,
            subjects=tuple(dict.fromkeys(subjects)),
            property=self.property,
            statements=statements,
            sources=tuple(sorted(sources)),
            method=Method(name=self.kind, parameters=parameters),
        )
