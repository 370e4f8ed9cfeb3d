"""Citations and the reference list in the style of the American Psychological Association, 7th edition.

The entries come from citeproc-py; names in the text, letters behind years and the order are made here, because
citeproc-py does not tell apart what looks alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase
from typing import Any

from marsad.citations.apa_entry import apa_entry, linked, shielded, unshielded
from marsad.citations.from_csl import date_parts
from marsad.documents.folding import without_marks
from marsad.documents.scripts import has_case

__all__ = ["ApaReference", "render_apa"]

_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_WORDS_OF_TITLE = 6
_AND_OTHERS = "et al."


@dataclass(frozen=True, slots=True)
class ApaReference:
    """One entry of a reference list as APA prints it.

    Attributes:
        key: citation key.
        in_text: the citation without its brackets, ``Hussain, 2023b``.
        entry: the entry as HTML that is safe to print as it is.
    """

    key: str
    in_text: str
    entry: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A person or an organisation; ``initials`` is empty for an organisation."""

    family: str
    initials: str = ""


@dataclass(frozen=True)
class _Work:
    """What citations are made from."""

    key: str
    names: tuple[_Name, ...]
    year: str
    date: tuple[int, ...]
    title: str
    csl: dict[str, Any]

    @cached_property
    def order(self) -> tuple[object, ...]:
        """APA 7, 9.44-9.49: names, year, then dates without a day first, then titles; the key makes it total."""
        names = self.names or (_Name(family=self.title),)
        people = tuple((_folded(name.family), _folded(name.initials)) for name in names)
        return (people, self.year if self.date else "", self.date, _folded(_ARTICLE.sub("", self.title)), self.key)


def render_apa(entries: Iterable[Mapping[str, Any]]) -> tuple[ApaReference, ...]:
    """CSL-JSON entries as APA prints them, in the order of its list: by names, year (undated first), date and title.

    Works of one author and year get letters. It never fails: what citeproc cannot print is printed plainly.
    """
    works = sorted((_work(entry) for entry in entries), key=lambda work: work.order)
    names = _names_in_text(works)
    alike: dict[tuple[str, str], list[_Work]] = defaultdict(list)
    for work in works:
        alike[names[work.key].casefold(), work.year].append(work)
    letters = {
        work.key: _letter(number) if len(group) > 1 else ""
        for group in alike.values()
        for number, work in enumerate(group)
    }
    return tuple(_reference(work, names=names[work.key], letter=letters[work.key]) for work in works)


def _reference(work: _Work, *, names: str, letter: str) -> ApaReference:
    year = _year_with(work, letter)
    comma = "" if names.endswith(",”") else ","
    entry = apa_entry(work.csl, suffix=letter) or _plain_entry(work, year)
    return ApaReference(work.key, f"{names}{comma} {year}", entry)


def _year_with(work: _Work, letter: str) -> str:
    hyphen = "-" if letter and not work.date else ""
    return f"{work.year}{hyphen}{letter}"


def _letter(number: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    high, low = divmod(number, len(ascii_lowercase))
    return (_letter(high - 1) if high else "") + ascii_lowercase[low]


def _work(entry: Mapping[str, Any]) -> _Work:
    date = date_parts(entry.get("issued"))
    csl: dict[str, Any] = {name: value for name, value in entry.items() if isinstance(value, str | int | float)}
    csl |= {"title": str(csl.get("title") or "")}
    csl |= {"issued": {"date-parts": [list(date)]}} if date else {}
    people = {role: _people(entry.get(role)) for role in ("author", "editor", "translator")}
    csl |= {role: found for role, found in people.items() if found}
    return _Work(
        key=str(entry.get("id") or ""),
        names=tuple(_name(person) for person in people["author"] or people["editor"]),
        year=str(date[0]) if date else "n.d.",
        date=date,
        title=csl["title"],
        csl=csl,
    )


def _people(names: Any) -> list[dict[str, str]]:
    """The names of CSL-JSON that have one, their empty parts left out."""
    people = [person for person in names if isinstance(person, dict)] if isinstance(names, list) else []
    parts = [{part: text for part, text in person.items() if isinstance(text, str) and text} for person in people]
    return [person for person in parts if person.keys() & {"literal", "family", "given"}]


def _name(person: Mapping[str, str]) -> _Name:
    if person.get("literal"):
        return _Name(family=person["literal"])
    family = " ".join(person[part] for part in ("non-dropping-particle", "family") if part in person)
    given = person.get("given", "")
    if not family:
        return _Name(family=given)
    return _Name(family=family, initials=_initials(given))


def _initials(given: str) -> str:
    """``Abdul Rahman`` -> ``A. R.``, ``Jean-Paul`` -> ``J.-P.``, ``I.A.`` -> ``I. A.``; ``بشیر`` as it is."""
    if not has_case(given):
        return given
    words = given.replace(".", ". ").split()
    return " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in words if word.strip("-."))


def _names_in_text(works: list[_Work]) -> dict[str, str]:
    """The names of each work as the text cites them.

    Initials stand before a first name that several first authors share (APA 7, 8.20); of three and more names the
    first is printed, or as many as it takes to tell two works of one year apart (8.18).
    """
    initials: dict[str, set[str]] = defaultdict(set)
    for work in works:
        if work.names and work.names[0].initials:
            initials[work.names[0].family].add(work.names[0].initials)
    shared = {family for family, found in initials.items() if len(found) > 1}
    rivals: dict[tuple[_Name, str], set[tuple[_Name, ...]]] = defaultdict(set)
    for work in works:
        if len(work.names) > 2:
            rivals[work.names[0], work.year].add(work.names)
    return {
        work.key: _joined(work.names, shared=shared, shown=_shown(work, rivals)) if work.names else _short_title(work)
        for work in works
    }


def _shown(work: _Work, rivals: Mapping[tuple[_Name, str], set[tuple[_Name, ...]]]) -> int:
    """How many names are printed before "et al."; all where only one would be left out."""
    if len(work.names) < 3:
        return len(work.names)
    others = rivals[work.names[0], work.year] - {work.names}
    for count in range(1, len(work.names) - 1):
        if all(other[:count] != work.names[:count] for other in others):
            return count
    return len(work.names)


def _joined(names: tuple[_Name, ...], *, shared: set[str], shown: int) -> str:
    if len(names) > 1 and names[-1].family == _AND_OTHERS:
        shown = min(shown, len(names) - 1)
    first = names[0]
    lead = f"{first.initials} {first.family}" if first.initials and first.family in shared else first.family
    printed = [lead, *(name.family for name in names[1:shown])]
    if shown < len(names):
        return f"{', '.join(printed)}{',' if shown > 1 else ''} et al."
    if len(printed) < 3:
        return " & ".join(printed)
    return f"{', '.join(printed[:-1])}, & {printed[-1]}"


def _short_title(work: _Work) -> str:
    """The first words of a title in quotation marks, for a work without an author."""
    words = re.split(r"[:|?]\s", work.title, maxsplit=1)[0].split()[:_WORDS_OF_TITLE]
    cased = [w[:1].upper() + w[1:] if number == 0 or len(w) > 3 else w for number, w in enumerate(words)]
    return f"“{' '.join(cased) or work.key},”"


def _plain_entry(work: _Work, year: str) -> str:
    """An entry in our own plain form."""
    names = ", ".join(f"{name.family}, {name.initials}" if name.initials else name.family for name in work.names)
    places = [str(work.csl[part]) for part in ("container-title", "publisher", "URL") if work.csl.get(part)]
    head = [names, f"({year})", work.title] if names else [work.title, f"({year})"]
    text = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in [*head, *places] if part)
    return unshielded(linked(shielded(text)))


def _folded(text: str) -> str:
    """Text for ordering: no case, no accents, no punctuation."""
    return re.sub(r"[^\w\s]", "", without_marks(text)).casefold().strip()
