"""The entries of a reference list, to be found by the names and year of a citation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from marsad.citations.model import Citation, Name, Reference
from marsad.citations.names import acronym, compact, is_initials, name_words
from marsad.citations.organisations import canonical_name, same_organisation
from marsad.citations.years import YEAR

__all__ = ["LATER_AUTHOR", "Index", "Variant", "is_named", "places_of", "variant_of"]

Variant = tuple[int, str]
"""How far a name is from the one in the list (0: it is a regular form), and why it is taken for it."""

_DATES = re.compile(rf"\((?:{YEAR}|n\.\s?d|in press|forthcoming)")

_MOST = 100

LATER_AUTHOR = "is not its first author"
"""How the reason ends where a citation names a later author of a work."""


class Index:
    """Entries by name, by year and by number; of entries of one work only the first."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self.references = tuple(references)
        first: dict[str, Reference] = {}
        for reference in references:
            first.setdefault(reference.key, reference)
        self.works = tuple(first.values())
        self.by_year: dict[int | None, list[Reference]] = defaultdict(list)
        for work in self.works:
            self.by_year[work.year].append(work)
        self.by_number = {found.number: found for found in reversed(self.references) if found.number is not None}

    @cached_property
    def first_names(self) -> frozenset[str]:
        """First authors in compact form."""
        return frozenset(compact(work.names[0].family) for work in self.works if work.names)

    @cached_property
    def crowded(self) -> tuple[Reference, ...]:
        """Entries that could not be read in full, or in which more than one seems to stand."""
        return tuple(
            work
            for work in self.references
            if "unparsed" in work.faults or "merged" in work.faults or len(_DATES.findall(work.text)) > 1
        )

    @cached_property
    def _by_word(self) -> dict[str, list[Reference]]:
        """Works by every word by which a variant of a name may lead to them."""
        found: dict[str, list[Reference]] = defaultdict(list)
        for work in self.works:
            for word in _words_of(work):
                found[word].append(work)
        return found

    @cached_property
    def _by_letter(self) -> dict[tuple[int | None, str], list[Reference]]:
        found: dict[tuple[int | None, str], list[Reference]] = defaultdict(list)
        for work in self.works:
            if work.names:
                found[work.year, compact(work.names[0].family)[:1]].append(work)
        return found

    @cached_property
    def _by_first(self) -> dict[tuple[int | None, str], list[Reference]]:
        found: dict[tuple[int | None, str], list[Reference]] = defaultdict(list)
        for work in self.works:
            for form in {form for name in work.names[:1] for form in _forms_of(name)}:
                found[work.year, form].append(work)
        return found

    def named(self, citation: Citation) -> list[Reference]:
        """The works of the citation's year that have its names; of every year where it has none and no ``n.d.``."""
        years = {work.year for work in self.works} if citation.status == "undated" else {citation.year}
        tails = {compact(" ".join(name.split()[-count:])) for name in citation.names[:1] for count in range(1, 5)}
        forms = (
            {compact(name.replace("&", "and")) for name in _forms(citation)}
            | tails
            | {compact(", ".join(citation.names))}
        )
        keys = [(year, form) for year in sorted(years, key=str) for form in sorted(forms)]
        found = {id(work): work for key in keys for work in self._by_first.get(key, ())}
        return [work for work in found.values() if is_named(citation, work)]

    def akin(self, names: Sequence[str], *, year: int | None = None) -> list[Reference]:
        """Works that have a word in common with names, and those of a year whose first author begins with their letter.

        Of works that share a word or a letter no more than a hundred are given.
        """
        words = {word for name in names for word in _words_of_name(name)}
        found = {work.key: work for word in sorted(words) for work in self._by_word.get(word, ())[:_MOST]}
        if year is not None and names:
            alike = self._by_letter.get((year, compact(names[0])[:1]), ())[:_MOST]
            found |= {work.key: work for work in alike}
        return (
            [work for work in self.works if work.key in found]
            if len(found) * 20 > len(self.works)
            else list(found.values())
        )

    def knows(self, names: Sequence[str], whole: str) -> bool:
        """Whether a listed work has these names, the first at least."""
        if compact(names[0]) in self.first_names or compact(whole) in self.first_names:
            return True
        cited = Citation(0, 0, names=(whole,) if len(names) == 1 else tuple(names))
        return any(
            is_named(cited, work) or (variant_of(cited, work) or (9, ""))[0] <= 2 for work in self.akin((*names, whole))
        )


def _forms_of(name: Name) -> set[str]:
    family, given = compact(name.family), compact(name.given)
    return {family, f"{given}{family}", f"{family}{given}", compact(name.family.replace("&", "and"))}


def _words_of(work: Reference) -> set[str]:
    people = {word for name in work.names for word in name_words(f"{name.family} {name.given}")}
    places = [*places_of(work), *(name.family for name in work.names[:1])]
    title = set() if work.names and len(work.title.split()) < 3 else {compact(work.title)[:8]}
    if not work.names and (short := re.match(r"(\w[\w-]*)\s*\(", work.title)):
        title = title | {compact(short[1])}
    return people | title | {word for place in places for word in _words_of_name(place)}


def _words_of_name(name: str) -> set[str]:
    known = canonical_name(name)
    return {compact(name), compact(name)[:8], *name_words(name), *acronym(name), *({f"={known}"} if known else ())}


def is_named(citation: Citation, work: Reference) -> bool:
    """Whether a citation has the names of a work: its first author, and no other that the work has not."""
    if not work.names:
        return False
    if not any(_is_author(name, work.names[0]) for name in _forms(citation)):
        return False
    if len(citation.names) == 1 or _is_author(", ".join(citation.names), work.names[0]):
        return True
    rest = [name for name in citation.names[1:] if not is_initials(name)]
    return all(any(_is_author(name, author) for author in work.names[1:]) for name in rest) or _is_whole(citation, work)


def _is_whole(citation: Citation, work: Reference) -> bool:
    """Whether the names are one organisation whose name was split at ``and``."""
    return compact("".join(citation.names)) == compact(work.names[0].family.replace("and", "").replace("&", ""))


def _forms(citation: Citation) -> tuple[str, ...]:
    joined = " and ".join(citation.names)
    return (citation.names[0], joined) if len(citation.names) > 1 else citation.names


def _is_author(name: str, author: Name) -> bool:
    cited = compact(name)
    family, given = compact(author.family), compact(author.given)
    if not cited:
        return False
    if cited in (family, f"{given}{family}", f"{family}{given}"):
        return True
    parts = name_words(name)
    if author.is_organisation or len(parts) < 2:
        return author.is_organisation and compact(name.replace("&", "and")) == compact(
            author.family.replace("&", "and")
        )
    return parts[-len(name_words(author.family)) :] == name_words(author.family) and (
        not given or parts[0][0] == given[0]
    )


def variant_of(citation: Citation, work: Reference) -> Variant | None:
    """Through which variant of the name a citation fits a work, whatever the years."""
    if not citation.names:
        return None
    name = citation.names[0] if len(citation.names) == 1 else " and ".join(citation.names)
    found = [_of_title(name, work), *(_of_person(name, author, place) for place, author in enumerate(work.names))]
    if len(citation.names) == 1 or not work.names or work.names[0].is_organisation:
        found += [_of_organisation(name, work)]
    found.append(_of_first(citation, work))
    return min((variant for variant in found if variant), default=None)


def _of_first(citation: Citation, work: Reference) -> Variant | None:
    """The first author is right, a later one is not in the list's entry."""
    if len(citation.names) < 2 or not work.names or not _is_author(citation.names[0], work.names[0]):
        return None
    return (5, "the list has other co-authors")


def _of_title(name: str, work: Reference) -> Variant | None:
    cited, title = compact(name), compact(work.title)
    if not work.names and len(cited) > 1 and re.match(rf"{re.escape(name)}\s*\(", work.title):
        return (0, "its title")
    if len(cited) > 7 and title.startswith(cited) and (not work.names or len(name.split()) > 2):
        return (0, "its title") if not work.names else (4, f"it is listed under its author, {work.names[0].family}")
    return None


def _of_person(name: str, author: Name, place: int) -> Variant | None:
    cited, family = name_words(name), name_words(author.family)
    if author.is_organisation or not cited or not family:
        return None
    if place and cited == family:
        return (3, f"{author.family} {LATER_AUTHOR}")
    ahead = 0 if place == 0 else 3
    if _is_part(cited, family):
        return (1 + ahead, f"the list has the name as {author.family}")
    if len(compact(author.given)) > 2 and not is_initials(author.given) and compact(name) == compact(author.given):
        other = f"{author.family}, {author.given}"
        return (2 + ahead, f"the list has given and family name the other way round: {other}")
    if place == 0 and _is_misspelt("".join(cited), "".join(family)):
        return (4, f"the list spells it {author.family}")
    return None


def _is_part(cited: list[str], family: list[str]) -> bool:
    """Whether one name is the other without its particle (``Berg``, ``van den Berg``), or its first half."""
    short, long = (cited, family) if len(cited) < len(family) else (family, cited)
    if len(short) < len(long) and short == long[-len(short) :] and len("".join(short)) > 2:
        return True
    return len(cited) < len(family) and cited == family[: len(cited)] and len(cited[0]) > 3


def _is_misspelt(cited: str, family: str) -> bool:
    """Whether two names differ by one letter, or two in a long name, and begin alike."""
    if (
        cited == family
        or min(len(cited), len(family)) < 5
        or cited[0] != family[0]
        or abs(len(cited) - len(family)) > 2
    ):
        return False
    from rapidfuzz.distance import DamerauLevenshtein  # noqa: PLC0415 - only unmatched citations need it

    return int(DamerauLevenshtein.distance(cited, family, score_cutoff=2)) <= (
        1 if min(len(cited), len(family)) < 9 else 2
    )


def _of_organisation(name: str, work: Reference) -> Variant | None:
    for author in work.names[:1]:
        why = same_organisation(name, author.family)
        if why:
            return (0 if why.startswith("one is the acr") else 1, f"the list has it as {author.family}: {why}")
    places = places_of(work)
    if work.names:
        return None
    for place in places:
        if why := same_organisation(name, place):
            return (2, f"it is listed under its title, with {place} as its publisher")
    tail = name_words(name)
    for place in places:
        if len("".join(tail)) > 4 and name_words(place)[-len(tail) :] == tail:
            return (2, f"it is listed under its title, with {place} as its publisher")
    return None


def places_of(work: Reference) -> tuple[str, ...]:
    """Newspaper, journal or publisher of a work."""
    found = (work.csl.get("container-title"), work.csl.get("publisher"))
    return tuple(str(place) for place in found if place)
