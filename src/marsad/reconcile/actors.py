"""Likeness of the names of the sides: normalised words, an alias table, and the words that name a state's forces.

The table is the packaged ``actor_aliases.yaml``. ``Government of Pakistan``, ``Pakistan Army`` and ``Military Forces of
Pakistan (2022-)`` come to the same words; ``TTP`` and ``Tehrik-i-Taliban Pakistan`` to one actor. Sources disagree
which side is the first, so both orders are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from marsad.reconcile.shipped import shipped_yaml
from marsad.reconcile.wording import plain_words

__all__ = ["NEUTRAL", "ActorWords", "actor_likeness", "actor_words", "kind_likeness", "same_area"]

NEUTRAL = 0.4
"""Likeness that speaks neither for nor against: names of one actor often differ in part."""
_APART = re.compile(r"[;,/]|\band\b|\s-\s")
_YEARS = re.compile(r"\(?\b(?:19|20)\d\d\b[^)]*\)?")
_AREA_WORDS = frozenset(
    {"province", "governorate", "state", "region", "oblast", "district", "division", "department", "prefecture"}
    | {"county", "of", "the", "strip", "city", "capital", "territory", "agency", "tribal", "area", "areas"}
    | {"wilayat", "wilayah", "republic"}
)


@dataclass(frozen=True, slots=True)
class ActorWords:
    """The packaged table, its phrases as one pattern."""

    phrases: re.Pattern[str]
    names: dict[str, str]
    generic: frozenset[str]
    unstated: re.Pattern[str]


@cache
def _table() -> ActorWords:
    content = shipped_yaml("actor_aliases.yaml")
    names = {" ".join(plain_words(name)): name_id for name_id, names in content["aliases"].items() for name in names}
    names |= {" ".join(plain_words(word)): "state" for word in content["state"]}
    names |= {word: country.replace(" ", "_") for word, country in content["peoples"].items()}
    names |= {country: country.replace(" ", "_") for country in content["peoples"].values()}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    phrases = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")
    unstated = re.compile(r"\b(?:" + "|".join(map(re.escape, content["unstated"])) + r")\b")
    return ActorWords(phrases, names, frozenset(content["generic"]), unstated)


@lru_cache(maxsize=200_000)
def actor_words(name: str) -> tuple[frozenset[str], ...]:
    """The actors that a name lists, each as a set of words or identifiers; empty where it names nobody."""
    known = _table()
    found = []
    for part in [name, *_APART.split(name)] if _APART.search(name) else [name]:
        plain = " ".join(plain_words(_YEARS.sub(" ", part)))
        words = {w for w in known.phrases.sub(lambda m: known.names[m[0]], plain).split() if w not in known.generic}
        stated = words - {"state"} if known.unstated.search(plain) else words
        if stated and not (known.unstated.search(plain) and not stated & set(known.names.values())):
            found.append(frozenset(stated))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=500_000)
def actor_likeness(left: tuple[str | None, str | None], right: tuple[str | None, str | None]) -> float:
    """How alike the two sides of one record are to those of another, less ``NEUTRAL``; 0 where one names nobody.

    A side's likeness is the share of common words in the shorter name; of the sides that are named, the best pairing
    counts, as a mean over the record that names fewer.
    """
    sides = [[actor_words(name) for name in record if name and actor_words(name)] for record in (left, right)]
    fewer, more = sorted(sides, key=len)
    if not fewer:
        return 0.0
    return sum(max(_overlap(side, other) for other in more) for side in fewer) / len(fewer) - NEUTRAL


def _overlap(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> float:
    return max(
        len(a & b) / min(len(a), len(b)) if (a & b) - {"state"} else 0.3 * bool(a & b) for a in left for b in right
    )


@cache
def _kinds() -> tuple[dict[tuple[str, str], float], dict[str, tuple[str, ...]]]:
    content = shipped_yaml("kinds.yaml")
    likeness = {pair: value for a, b, value in content["kinds"] for pair in ((a, b), (b, a))}
    stands_for = {name: tuple(kinds) for key in ("violence_type", "plover") for name, kinds in content[key].items()}
    return likeness, stands_for


@cache
def kind_likeness(left: tuple[str | None, ...], right: tuple[str | None, ...]) -> float:
    """How far the kinds of two records can be one event's, from -1 to 1; 0 where one has none.

    Args:
        left: ``kind``, ``violence_type`` and ``plover`` of a record; the first that it has counts.
        right: the same of the right.
    """
    likeness, stands_for = _kinds()
    sides = []
    for record in (left, right):
        named = next((name for name in record if name), None)
        if named is None:
            return 0.0
        sides.append(stands_for.get(named, (named,)))
    known = {kind for pair in likeness for kind in pair}
    if not all(set(side) <= known for side in sides):
        return 1.0 if sides[0] == sides[1] else 0.0
    return max(1.0 if a == b else likeness.get((a, b), -1.0) for a in sides[0] for b in sides[1])


@cache
def same_area(left: tuple[str | None, str | None], right: tuple[str | None, str | None]) -> float:
    """1 where two records are of one first-level area, -1 of another one or of another country, 0 where not said.

    Args:
        left: country and first-level area of a record.
        right: the same of the right.
    """
    if left[0] and right[0] and left[0] != right[0]:
        return -1.0
    names = [set(plain_words(area or "")) - _AREA_WORDS for area in (left[1], right[1])]
    if not all(names):
        return 0.0
    return 1.0 if names[0] & names[1] else -1.0
