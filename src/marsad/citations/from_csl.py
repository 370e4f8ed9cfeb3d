"""Entries of CSL-JSON as references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marsad.citations.model import Name, Reference
from marsad.errors import ParseError
from marsad.model import Date

__all__ = ["csl_entries", "date_parts", "references_of"]


def csl_entries(references: Iterable[Reference]) -> tuple[dict[str, Any], ...]:
    """The works of a reference list as CSL-JSON, each once, its key as ``id``."""
    first: dict[str, Reference] = {}
    for reference in references:
        first.setdefault(reference.key, reference)
    return tuple({**entry.csl, "id": key, "type": entry.csl.get("type", "document")} for key, entry in first.items())


def date_parts(issued: Any) -> tuple[int, ...]:
    """Year, month and day of a CSL date as far as known; of a range its beginning; empty where there is none."""
    try:
        return tuple(int(part) for part in issued["date-parts"][0][:3])
    except (KeyError, IndexError, TypeError, ValueError):
        return ()


def references_of(entries: Sequence[Mapping[str, Any]]) -> tuple[Reference, ...]:
    """References of the entries of a bibliography file; an entry's ``id`` is its key."""
    return tuple(_reference(entry) for entry in entries)


def _reference(entry: Mapping[str, Any]) -> Reference:
    raw = entry.get("author") or entry.get("editor") or ()
    people = [person for person in raw if isinstance(person, Mapping)] if isinstance(raw, list | tuple) else []
    others = any(str(person.get("literal")) == "et al." for person in people)
    names = tuple(name for person in people if (name := _name(person)) and name.family != "et al.")
    date = _date(entry.get("issued"))
    title = str(entry.get("title") or "")
    year = date.earliest.year if date and date.earliest else None
    status = "" if year is not None else "n.d."
    return Reference(
        0, 0, title, key=str(entry.get("id") or ""), names=names, others=others, year=year, status=status, date=date,
        title=title, csl=dict(entry),
    )  # fmt: skip


def _name(person: Mapping[str, Any]) -> Name | None:
    if person.get("literal"):
        return Name(str(person["literal"]), is_organisation=True)
    family = " ".join(str(person[part]) for part in ("non-dropping-particle", "family") if person.get(part))
    given = str(person.get("given") or "")
    return Name(family, given) if family else Name(given, is_organisation=True) if given else None


def _date(issued: Any) -> Date | None:
    """The first date of a CSL date; None where there is none."""
    parts = date_parts(issued)
    try:
        return Date.parse("-".join([f"{parts[0]:04d}", *(f"{part:02d}" for part in parts[1:])])) if parts else None
    except ParseError:
        return None
