"""Citations and the reference list in the style of the American Psychological Association, 7th edition.

The entries come from citeproc-py; names in the text, letters behind years and the order are made here, because
citeproc-py does not tell apart what looks alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from string import ascii_lowercase
from typing import Any

from marsad.model import Source
from marsad.model.statement import Frozen
from marsad.report.csl import apa_entry, linked, shielded, unshielded
from marsad.report.scripts import has_case

__all__ = ["Bibliography", "Reference", "bibliography"]

_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_WORDS_OF_TITLE = 6
_AND_OTHERS = "et al."


class Reference(Frozen):
    """One entry of the reference list.

    Attributes:
        key: citation key.
        in_text: the citation without its brackets, ``Hussain, 2023b``.
        entry: the entry as HTML that is safe to print as it is.
        remark: what is odd about it in the reference list of the study's document; empty where nothing is.
    """

    key: str
    in_text: str
    entry: str
    remark: str = ""


class Bibliography(Frozen):
    """The references in the order of the list: by names, year (undated first), date and title."""

    references: tuple[Reference, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Reference]:
        """References by citation key."""
        return {reference.key: reference for reference in self.references}

    def in_text(self, key: str) -> str:
        """The citation without its brackets; the key itself where there is no such source."""
        found = self.by_key.get(key)
        return found.in_text if found else key


class _Name(Frozen):
    """A person or an organisation; ``initials`` is empty for an organisation."""

    family: str
    initials: str = ""


class _Work(Frozen):
    """What citations are made from."""

    key: str
    names: tuple[_Name, ...]
    year: str
    date: tuple[int, ...]
    title: str
    csl: dict[str, Any]
    remark: str

    @cached_property
    def order(self) -> tuple[object, ...]:
        """APA 7, 9.44-9.49: names, year, then dates without a day first, then titles; the key makes it total."""
        names = self.names or (_Name(family=self.title),)
        people = tuple((_folded(name.family), _folded(name.initials)) for name in names)
        return (people, self.year if self.date else "", self.date, _folded(_ARTICLE.sub("", self.title)), self.key)


def bibliography(sources: Mapping[str, Source]) -> Bibliography:
    """Citations and entries of these sources. It never fails: what citeproc cannot print is printed plainly."""
    works = sorted((_work(source) for source in sources.values()), key=lambda work: work.order)
    names = _names_in_text(works)
    alike: dict[tuple[str, str], list[_Work]] = defaultdict(list)
    for work in works:
        alike[names[work.key].casefold(), work.year].append(work)
    letters = {
        work.key: _letter(number) if len(group) > 1 else ""
        for group in alike.values()
        for number, work in enumerate(group)
    }
    return Bibliography(
        references=tuple(_reference(work, names=names[work.key], letter=letters[work.key]) for work in works)
    )


def _reference(work: _Work, *, names: str, letter: str) -> Reference:
    year = _year_with(work, letter)
    comma = "" if names.endswith(",”") else ","
    entry = apa_entry(work.csl, suffix=letter) or _plain_entry(work, year)
    return Reference(key=work.key, in_text=f"{names}{comma} {year}", entry=entry, remark=work.remark)


def _year_with(work: _Work, letter: str) -> str:
    hyphen = "-" if letter and not work.date else ""
    return f"{work.year}{hyphen}{letter}"


def _letter(number: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    high, low = divmod(number, len(ascii_lowercase))
    return (_letter(high - 1) if high else "") + ascii_lowercase[low]


def _work(source: Source) -> _Work:
    date = _date(source)
    csl: dict[str, Any] = {name: value for name, value in source.csl.items() if isinstance(value, str | int | float)}
    csl |= {"title": str(csl.get("title") or source.title)}
    csl |= {"issued": {"date-parts": [list(date)]}} if date else {}
    people = {role: _people(source.csl.get(role)) for role in ("author", "editor", "translator")}
    csl |= {role: found for role, found in people.items() if found}
    return _Work(
        key=source.key,
        names=tuple(_name(person) for person in people["author"] or people["editor"]),
        year=str(date[0]) if date else "n.d.",
        date=date,
        title=csl["title"],
        csl=csl,
        remark=_remark(source),
    )


def _people(names: Any) -> list[dict[str, str]]:
    """The names of CSL-JSON that have one, their empty parts left out."""
    people = [person for person in names if isinstance(person, dict)] if isinstance(names, list) else []
    parts = [{part: text for part, text in person.items() if isinstance(text, str) and text} for person in people]
    return [person for person in parts if person.keys() & {"literal", "family", "given"}]


def _remark(source: Source) -> str:
    if source.listed == 0:
        return "cited in the document, not in its reference list"
    if source.listed is not None and source.listed > 1:
        times = "twice" if source.listed == 2 else f"{source.listed} times"
        return f"stands {times} in the document's reference list"
    return ""


def _date(source: Source) -> tuple[int, ...]:
    """Year, month and day of publication as far as known; of a range its beginning; empty where there is none."""
    try:
        date = tuple(int(part) for part in source.csl["issued"]["date-parts"][0][:3])
    except (KeyError, IndexError, TypeError, ValueError):
        date = ()
    if date or source.issued is None or source.issued.earliest is None:
        return date
    length = {"day": 3, "month": 2}.get(source.issued.precision, 1)
    first = source.issued.earliest
    return (first.year, first.month, first.day)[:length] if source.issued.precision in _DATED else ()


_DATED = ("day", "month", "season", "year")


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
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return re.sub(r"[^\w\s]", "", bare).casefold().strip()
