"""Do two records of one event agree? One rule a field, on arrays of records and of pairs.

Values are compared as exactly as the records know them: what may be the same, given precision, is no conflict.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from marsad.evidence.engine.tables import arrow_column, dictionary_of, numpy_column
from marsad.reconcile.actors import actor_words
from marsad.reconcile.shipped import shipped_yaml

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "COMPARED",
    "FIELDS",
    "Outcome",
    "Prepared",
    "Rules",
    "Status",
    "compare",
    "pairs_within",
    "within_by_victims",
]

_EARTH_KM = 6371.0088
_COUNTS = {"deaths": ("deaths_low", "deaths_best", "deaths_high"), "injured": (None, "injured", None)}
_CODED = ("dataset", "country", "admin1_code", "admin2_code", "kind", "violence_type", "definition")
COMPARED = frozenset(
    {*_CODED, "date_start", "date_end", "latitude", "longitude", "radius_km", "side_a", "side_b"}
    | {name for names in _COUNTS.values() for name in names if name is not None}
)
"""The columns of the event table that are compared."""


class Status(IntEnum):
    """How two values of a field stand to each other.

    ``MISSING``: one record does not say. ``NOT_COMPARABLE``: they speak of different things. ``EQUAL``.
    ``COMPATIBLE``: different, but within what is known. ``CONFLICT``: they cannot both be true.
    """

    MISSING = 0
    NOT_COMPARABLE = 1
    EQUAL = 2
    COMPATIBLE = 3
    CONFLICT = 4


@cache
def _compatible_kinds() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(two) for two in shipped_yaml("comparable.yaml")["kinds"])


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of what sources count and name.

    Attributes:
        within: definition -> wider definitions that count its victims too; two that are within each other are one.
        actors: name of an actor -> identifier; names are compared without regard to case and spaces. Names that it
            lacks are compared by their telling words, and two of which it lacks one are never called a conflict.
        kinds: kinds of event that are no conflict though they differ.
        unknown_radius_km: how far from its coordinates a record may have happened that does not say how exact they are.
    """

    within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    actors: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[frozenset[str]] = field(default_factory=_compatible_kinds)
    unknown_radius_km: float = 25.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The comparison of one field for pairs of records; arrays of one length.

    Attributes:
        status: ``Status`` as numbers.
        difference: left minus right: days between the middles, people; unsigned km; NaN where it means nothing.
        excess: how far apart they are beyond what precision explains, in the same unit; NaN where there is no unit.
        notes: what each kind of note says; ``note`` holds its place here, 0 for none.
        note: which note belongs to each pair.
    """

    status: NDArray[np.int8]
    difference: NDArray[np.float64]
    excess: NDArray[np.float64]
    notes: tuple[str, ...]
    note: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Columns of the event table as numbers, shape (records,) each.

    Attributes:
        numbers: NaN where the record does not say; dates are days since 1970-01-01.
        codes: values of text columns as numbers, -1 where the record does not say.
        names: for each text column the values that its codes stand for, sorted.
        sides: codes of the two sides' actors, shape (records, 2).
        known: whether the table of actors knows them, shape (records, 2).
    """

    numbers: Mapping[str, NDArray[np.float64]]
    codes: Mapping[str, NDArray[np.int64]]
    names: Mapping[str, tuple[str, ...]]
    sides: NDArray[np.int64]
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, columns: Mapping[str, Any], rules: Rules) -> Self:
        """From columns of the event table; a column that is not there holds nothing.

        Args:
            columns: name of the column -> its values as Arrow, or as a list; ``dataset`` is needed.
            rules: names of actors are looked up in it.
        """
        given = {name: arrow_column(columns[name]) for name in COMPARED if name in columns}
        count = len(given["dataset"])
        names = ["latitude", "longitude", "radius_km", *(n for three in _COUNTS.values() for n in three if n)]
        numbers = {name: _numbers(given.get(name), count) for name in (*names, "date_start", "date_end")}
        coded = {name: _coded(given.get(name), count) for name in _CODED}
        sides, known = _actors([given.get(name) for name in ("side_a", "side_b")], count, rules.actors)
        codes = {name: two[0] for name, two in coded.items()}
        values = {name: two[1] for name, two in coded.items()}
        return cls(numbers, codes, values, sides, known)


def within_by_victims(victims: Mapping[str, str], within: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Which counting definitions are within which, for the victims of one event: ``Rules.within``.

    Two sources may take different events into their lists and yet count the same people in an event that both have.
    So definitions with the same class of victims are within each other, and every class is within ``everybody``.

    Args:
        victims: definition -> whose deaths it counts: ``everybody`` or a class of people.
        within: definition -> wider definitions, as its connector says.
    """
    found: dict[str, list[str]] = {name: list(wider) for name, wider in within.items()}
    for name, people in victims.items():
        group = f"victims: {people}"
        found.setdefault(name, []).append(group)
        found.setdefault(group, ["victims: everybody"]).append(name)
    return {name: tuple(wider) for name, wider in found.items()}


def pairs_within(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """All pairs of records that are in one cluster, shape (pairs, 2), sorted.

    Args:
        labels: the cluster of each record, shape (records,).
    """
    order = np.argsort(labels, kind="stable")
    ranked = labels[order]
    found = [np.zeros((0, 2), dtype=np.int64)]
    for step in range(1, len(labels)):
        here = np.flatnonzero(ranked[step:] == ranked[:-step])
        if not len(here):
            break
        found.append(np.column_stack([order[here], order[here + step]]))
    pairs = np.concatenate(found)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def compare(table: Prepared, pairs: NDArray[np.int64], rules: Rules) -> dict[str, Outcome]:
    """Every field of every pair.

    Args:
        table: the records.
        pairs: numbers of records, shape (pairs, 2).
        rules: what is known of definitions, actors and kinds.

    Returns:
        Field -> outcome, in the order of ``FIELDS``.
    """
    left, right = pairs[:, 0], pairs[:, 1]
    return {name: rule(table, left, right, rules) for name, rule in _RULES.items()}


def _numbers(column: Any, count: int) -> NDArray[np.float64]:
    """Numbers, or dates as days since 1970-01-01."""
    if column is None or column.null_count == count:
        return np.full(count, np.nan)
    return numpy_column(column).astype(np.float64)


def _coded(column: Any, count: int) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """The place of each text among the texts that occur, sorted."""
    if column is None or column.null_count == count:
        return np.full(count, -1, dtype=np.int64), ()
    encoded = dictionary_of(column)
    words = encoded.dictionary.to_pylist()
    names = sorted(words)
    place = {name: number for number, name in enumerate(names)}
    rank = np.array([*(place[word] for word in words), -1], dtype=np.int64)
    return rank[np.nan_to_num(numpy_column(encoded.indices), nan=-1).astype(np.int64)], tuple(names)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _actors(
    columns: Sequence[Any], count: int, actors: Mapping[str, str]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Both sides as codes; a name that the table lacks is an actor of its own, and one that names nobody is none."""
    listed = {_folded(name): identifier for name, identifier in actors.items()}
    sides = np.full((count, 2), -1, dtype=np.int64)
    place: dict[tuple[bool, str], int] = {}
    for side, column in enumerate(columns):
        codes, names = _coded(column, count)
        found = [_actor(written, listed) for written in names]
        of_name = [-1 if actor is None else place.setdefault(actor, len(place)) for actor in found]
        sides[:, side] = np.array([*of_name, -1], dtype=np.int64)[codes]
    known = np.array([*(is_listed for is_listed, _ in place), False], dtype=bool)
    return sides, known[sides]


def _actor(written: str, listed: Mapping[str, str]) -> tuple[bool, str] | None:
    """Whether the table lists a name, and its identifier there, otherwise its telling words; None for nobody."""
    folded = _folded(written)
    if folded in listed:
        return True, listed[folded]
    words = actor_words(written)
    return (False, " ".join(sorted(words[0]))) if words else None


def _outcome(
    size: int,
    statuses: Iterable[tuple[NDArray[np.bool_], Status]],
    *,
    difference: NDArray[np.float64] | None = None,
    excess: NDArray[np.float64] | None = None,
    notes: Sequence[tuple[NDArray[np.bool_], str]] = (),
) -> Outcome:
    """An outcome from conditions, of which the last that holds counts."""
    status = np.full(size, Status.MISSING, dtype=np.int8)
    for condition, value in statuses:
        status[condition] = value
    note = np.zeros(size, dtype=np.int8)
    for number, (condition, _) in enumerate(notes, start=1):
        note[condition] = number
    nothing = np.full(size, np.nan)
    compared = status >= Status.EQUAL
    return Outcome(
        status,
        nothing if difference is None else np.where(compared, difference, np.nan),
        nothing if excess is None else np.where(compared, excess, np.nan),
        ("", *(text for _, text in notes)),
        note,
    )


def _dates(table: Prepared, left: NDArray[np.int64], right: NDArray[np.int64], _: Rules) -> Outcome:
    """Days are in conflict where the spans in which they may lie do not touch."""
    start, end = table.numbers["date_start"], table.numbers["date_end"]
    end = np.where(np.isnan(end), start, end)
    odd = (end < start)[left] | (end < start)[right]
    gap = np.maximum(start[left] - end[right], start[right] - end[left])
    middle = (start + end) / 2
    there = ~np.isnan(gap)
    same = (start[left] == start[right]) & (end[left] == end[right])
    statuses = [
        (there, Status.COMPATIBLE),
        (same, Status.EQUAL),
        (there & (gap > 0), Status.CONFLICT),
        (there & odd, Status.NOT_COMPARABLE),
    ]
    notes = [(odd, "a date ends before it begins")]
    difference, excess = middle[left] - middle[right], np.maximum(gap, 0)
    return _outcome(len(left), statuses, difference=difference, excess=excess, notes=notes)


def _places(table: Prepared, left: NDArray[np.int64], right: NDArray[np.int64], rules: Rules) -> Outcome:
    """Places are in conflict beyond both radii; without coordinates, where the areas that both name differ."""
    lat, lon = np.radians(table.numbers["latitude"]), np.radians(table.numbers["longitude"])
    radius = table.numbers["radius_km"]
    unknown = np.isnan(radius)
    radius = np.where(unknown, rules.unknown_radius_km, radius)
    half = np.sin((lat[left] - lat[right]) / 2) ** 2
    half += np.cos(lat[left]) * np.cos(lat[right]) * np.sin((lon[left] - lon[right]) / 2) ** 2
    km = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    excess = np.maximum(0, km - radius[left] - radius[right])
    there = ~np.isnan(km)
    statuses = [
        (there, Status.COMPATIBLE),
        (there & (km < 1e-6), Status.EQUAL),
        (there & (excess > 0), Status.CONFLICT),
    ]
    notes = [(there & (unknown[left] | unknown[right]), "one does not say how exact its coordinates are")]
    differs = np.zeros(len(left), dtype=bool)
    for name, words in (("admin1_code", "first-level area"), ("admin2_code", "second-level area")):
        codes = table.codes[name]
        both = ~there & (codes[left] >= 0) & (codes[right] >= 0) & ~differs
        other = both & (codes[left] != codes[right])
        differs |= other
        statuses += [(both & ~other, Status.COMPATIBLE), (other, Status.CONFLICT)]
        notes += [(both & ~other, f"no coordinates; the same {words}"), (other, f"no coordinates; another {words}")]
    return _outcome(len(left), statuses, difference=km, excess=excess, notes=notes)


def _counted(name: str) -> Callable[[Prepared, NDArray[np.int64], NDArray[np.int64], Rules], Outcome]:
    """The rule for a number of people: in conflict where low..high of the one and of the other do not touch.

    A record with only a best value has that as its span; bounds in the wrong order are put right. Where one counting
    definition is within the other, only more of the narrower than of the wider is a conflict.
    """
    columns = [column for column in _COUNTS[name] if column is not None]

    def rule(table: Prepared, left: NDArray[np.int64], right: NDArray[np.int64], rules: Rules) -> Outcome:
        given = np.stack([table.numbers[column] for column in columns])
        low, high, best = np.fmin.reduce(given), np.fmax.reduce(given), table.numbers[_COUNTS[name][1] or ""]
        there = ~np.isnan(low[left]) & ~np.isnan(low[right])
        alike, narrower, wider, unknown = _definitions(table, left, right, rules)
        gap = np.maximum(low[left] - high[right], low[right] - high[left])
        gap = np.where(narrower, low[left] - high[right], np.where(wider, low[right] - high[left], gap))
        same = (low[left] == low[right]) & (high[left] == high[right])
        apart = there & ~alike & ~narrower & ~wider
        statuses = [
            (there, Status.COMPATIBLE),
            (there & same & alike, Status.EQUAL),
            (there & (gap > 0), Status.CONFLICT),
            (apart, Status.NOT_COMPARABLE),
        ]
        notes = [
            (apart, "the counting definitions differ, and neither is within the other"),
            (there & unknown, "one does not say what it counts"),
            (there & narrower, "the left one counts a part of what the right one counts"),
            (there & wider, "the right one counts a part of what the left one counts"),
        ]
        difference = np.where(alike, best[left] - best[right], np.nan)
        return _outcome(len(left), statuses, difference=difference, excess=np.maximum(gap, 0), notes=notes)

    return rule


def _definitions(
    table: Prepared, left: NDArray[np.int64], right: NDArray[np.int64], rules: Rules
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether both count alike, the left a part of the right, the right a part of the left; whether one is silent."""
    codes, names = table.codes["definition"], table.names["definition"]
    inside = np.zeros((len(names) + 1, len(names) + 1), dtype=bool)
    for i, name in enumerate(names):
        reached = _wider(name, rules.within)
        inside[i, :-1] = [other in reached for other in names]
    forth, back = inside[codes[left], codes[right]], inside[codes[right], codes[left]]
    unknown = (codes[left] < 0) | (codes[right] < 0)
    alike = ~unknown & ((codes[left] == codes[right]) | (forth & back))
    return alike, forth & ~alike, back & ~alike, unknown


def _wider(name: str, within: Mapping[str, Sequence[str]]) -> set[str]:
    """A definition and all that are wider, over any number of steps."""
    found, waiting = {name}, [name]
    while waiting:
        new = set(within.get(waiting.pop(), ())) - found
        found |= new
        waiting += sorted(new)
    return found


def _sides(table: Prepared, left: NDArray[np.int64], right: NDArray[np.int64], _: Rules) -> Outcome:
    """Sides are in conflict where each record names a known actor that the other does not; their order is free."""
    a, b = table.sides[left], table.sides[right]
    spare_a = (a >= 0) & ~_holds(b, a)
    spare_b = (b >= 0) & ~_holds(a, b)
    there = _any(a >= 0) & _any(b >= 0)
    both = there & _any(spare_a) & _any(spare_b)
    strange = _any((spare_a & ~table.known[left]) | (spare_b & ~table.known[right]))
    statuses = [
        (there, Status.COMPATIBLE),
        (there & ~_any(spare_a | spare_b), Status.EQUAL),
        (both, Status.CONFLICT),
        (both & strange, Status.NOT_COMPARABLE),
    ]
    notes = [(both & strange, "no table of actors knows one of the names")]
    return _outcome(len(left), statuses, notes=notes)


def _any(of_both: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(of_both.any(axis=1), dtype=bool)


def _holds(among: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (wanted[:, :, None] == among[:, None, :]).any(axis=2)
    return found


def _kinds(table: Prepared, left: NDArray[np.int64], right: NDArray[np.int64], rules: Rules) -> Outcome:
    """Kinds are in conflict where they differ and no rule lets them; without kinds, UCDP types of violence count."""
    codes, names = table.codes["kind"], table.names["kind"]
    fits = np.array([[frozenset((a, b)) in rules.kinds for b in (*names, "")] for a in (*names, "")], dtype=bool)
    there = (codes[left] >= 0) & (codes[right] >= 0)
    types = table.codes["violence_type"]
    instead = ~there & (types[left] >= 0) & (types[right] >= 0)
    same = np.where(there, codes[left] == codes[right], types[left] == types[right])
    differ = (there | instead) & ~same
    statuses = [
        ((there | instead) & same, Status.EQUAL),
        (differ, Status.CONFLICT),
        (differ & there & fits[codes[left], codes[right]], Status.COMPATIBLE),
    ]
    return _outcome(len(left), statuses, notes=[(instead, "by the UCDP type of violence")])


def _countries(table: Prepared, left: NDArray[np.int64], right: NDArray[np.int64], _: Rules) -> Outcome:
    codes = table.codes["country"]
    there, same = (codes[left] >= 0) & (codes[right] >= 0), codes[left] == codes[right]
    return _outcome(len(left), [(there & same, Status.EQUAL), (there & ~same, Status.CONFLICT)])


_RULES = {
    "date": _dates,
    "place": _places,
    "country": _countries,
    "kind": _kinds,
    "side": _sides,
    "deaths": _counted("deaths"),
    "injured": _counted("injured"),
}

FIELDS: tuple[str, ...] = tuple(_RULES)
"""What is compared: date (days), place (km), country, kind, side, deaths and injured (people)."""
