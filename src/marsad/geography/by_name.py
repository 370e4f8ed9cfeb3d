"""Codes of administrative areas from their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from marsad.errors import InputError
from marsad.geography.keys import name_key, spelling_key, without_brackets
from marsad.geography.shipped import data_lines

__all__ = ["AreaFound", "NamedArea", "assign_by_name", "bare_key"]

_LONGEST = 500
"""Characters of the longest text that may name an area: longer ones are not looked up, nor remembered."""


@dataclass(frozen=True, slots=True)
class NamedArea:
    """A row of a gazetteer of administrative areas.

    Attributes:
        code: its code, such as a P-code.
        level: 1 or 2.
        name: its usual name.
        country: alpha-3 code of its country.
        aliases: other names and spellings.
        parent: code of the first-level area that a second-level one is in; None where that is not known.
    """

    code: str
    level: int
    name: str
    country: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class AreaFound:
    """The areas that a record's names stand for.

    Attributes:
        admin1: code of the first-level area; None where it was not found.
        admin2: code of the second-level area; likewise.
        how: how loosely the names had to be compared, the looser of the two: ``name``, ``part`` (without brackets, or
            what is in them), ``word`` (without *province* and the like), ``spelling`` (transliteration); None where
            nothing was found.
        reason: why something is missing or was taken from the other level; empty where there is nothing to say.
    """

    admin1: str | None
    admin2: str | None
    how: str | None
    reason: str


_STEPS = ("name", "part", "word", "spelling")


@dataclass(frozen=True, slots=True)
class _Match:
    code: str | None
    step: int
    reason: str


class _Names:
    """Names of areas by country and level."""

    def __init__(self, areas: Iterable[NamedArea]) -> None:
        self.areas: dict[str, NamedArea] = {}
        self._codes: dict[tuple[str, int, int, str], set[str]] = defaultdict(set)
        for area in areas:
            self._add(area)

    def _add(self, area: NamedArea) -> None:
        if area.level not in (1, 2):
            raise InputError(f"area {area.code!r}: level is {area.level!r}; give 1 or 2")
        if area.code in self.areas:
            raise InputError(f"area {area.code!r}: two rows have this code; make codes unique")
        self.areas[area.code] = area
        for name in (area.name, *area.aliases):
            for step, key in _keys(name):
                self._codes[area.country, area.level, step, key].add(area.code)

    def find(self, country: str, level: int, text: str, within: str | None) -> _Match:
        """The area of a name; of several with one name none, unless the first-level area tells them apart."""
        for step, key in _keys(text):
            codes = self._codes.get((country, level, step, key), set())
            chosen = {code for code in codes if within is None or self.areas[code].parent == within}
            if len(chosen) == 1:
                return _Match(next(iter(chosen)), step, "")
            if chosen:
                several = ", ".join(sorted(chosen)[:5])
                return _Match(None, step, f"admin{level} {text!r} stands for several: {several}")
        place = f" in {within}" if within is not None else f" in {country}"
        return _Match(None, -1, f"admin{level} {text!r} is not known{place}")


def assign_by_name(
    areas: Iterable[NamedArea],
    countries: Sequence[str | None],
    admin1: Sequence[str | None],
    admin2: Sequence[str | None] | None = None,
) -> list[AreaFound]:
    """Codes of first- and second-level areas from names, within the country and, for the second, within the first.

    Names are compared four times, each time more loosely: as they are (case, accents and signs apart); without brackets
    or by what is in them; without words for kinds of area (*province*, *governorate*); by transliteration. The first
    comparison that finds something decides; if it finds several areas, none is taken. Where the first level is missing
    or not known, a second-level name that is unique in the country gives both; so does a first-level name that is in
    truth the name of one second-level area.

    Args:
        areas: the gazetteer.
        countries: alpha-3 code of each record's country; None where not known.
        admin1: first-level names as reported; None or empty where missing.
        admin2: second-level names, likewise; None where there are none.

    Raises:
        InputError: two areas have one code, a level is not 1 or 2, or the lists are not of one length.
    """
    seconds: Sequence[str | None] = [None] * len(countries) if admin2 is None else admin2
    if not len(countries) == len(admin1) == len(seconds):
        raise InputError("assign_by_name: countries, admin1 and admin2 must be lists of one length")
    names = _Names(areas)
    known = {area.country for area in names.areas.values()}

    @cache
    def find(country: str | None, first: str, second: str) -> AreaFound:
        if country is None or country not in known:
            return AreaFound(None, None, None, f"no areas are known of country {country!r}")
        return _find(names, country, first, second)

    rows = zip(countries, admin1, seconds, strict=True)
    return [find(country, _name(first), _name(second)) for country, first, second in rows]


def _name(text: str | None) -> str:
    """A name that can be looked up; empty for none, and for one so long that it is no name."""
    return "" if text is None or len(text) > _LONGEST else text


def _find(names: _Names, country: str, first: str, second: str) -> AreaFound:
    one = names.find(country, 1, first, None) if name_key(first) else _Match(None, -1, "")
    two = names.find(country, 2, second, one.code) if name_key(second) else _Match(None, -1, "")
    reasons = [match.reason for match in (one, two) if match.reason]
    if one.code is not None:
        return AreaFound(one.code, two.code, _how(one, two), "; ".join(reasons))
    if two.code is not None:
        return AreaFound(
            names.areas[two.code].parent, two.code, _how(two), "; ".join([*reasons, "admin1 is of admin2"])
        )
    other = names.find(country, 2, first, None) if one.step < 0 and name_key(first) else one
    if other.code is None or _STEPS[other.step] == "spelling":
        return AreaFound(None, None, None, "; ".join(reasons) or "no name is given")
    told = "; ".join([*reasons, "admin1 is the name of an admin2"])
    return AreaFound(names.areas[other.code].parent, other.code, _how(other), told)


def _how(*matches: _Match) -> str | None:
    steps = [match.step for match in matches if match.code is not None]
    return _STEPS[max(steps)] if steps else None


def _keys(name: str) -> Iterator[tuple[int, str]]:
    """For each comparison, the keys of a name."""
    outside, inside = without_brackets(name)
    parts = [outside, *inside] if inside else []
    parts += [part for part in name.split("/") if "/" in name and part.strip()]
    whole = [name, *parts]
    ways: tuple[tuple[Iterable[str], Callable[[str], str]], ...] = (
        ([name], name_key),
        (whole, name_key),
        (whole, bare_key),
        (whole, lambda text: spelling_key(bare_key(text))),
    )
    for step, (texts, key_of) in enumerate(ways):
        yield from ((step, key) for key in dict.fromkeys(map(key_of, texts)) if key)


def bare_key(name: str) -> str:
    """Key of a name without words for kinds of area at its ends: *Khyber Pakhtunkhwa province* is *khyber pakhtunkhwa*.

    A name of nothing but such words stays as it is.
    """
    key = name_key(name)
    words = key.split()
    while words:
        longest = next(
            (size for size in (3, 2, 1) if " ".join(words[-size:]) in _area_words() and size <= len(words)), 0
        )
        first = next((size for size in (3, 2, 1) if " ".join(words[:size]) in _area_words() and size <= len(words)), 0)
        if not longest and not first:
            return " ".join(words)
        words = words[:-longest] if longest else words[first:]
    return key


@cache
def _area_words() -> frozenset[str]:
    return frozenset(data_lines("area_words.txt"))
