from __future__ import annotations

import csv
import itertools
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.reconcile import meltt_records
from marsad.reconcile.meltt import MISSING_DAY, Pairs, Register, Result, match
from marsad.reconcile.taxonomies import Taxonomy, read_taxonomies

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "meltt"
needs_toy = pytest.mark.skipif(not SHARED.is_dir(), reason="the toy sample of meltt is not on this machine (../shared)")

RADIUS = 6371.0088
SOURCES = ("a", "b", "c")


@dataclass(frozen=True)
class Row:
    id: str
    start: int | None
    end: int | None
    lat: float
    lon: float
    kind: str | None = "k0"
    side: str | None = "s0"


def _tree(name: str, prefix: str, depth: int) -> Taxonomy:
    """Eight categories of each source; a level joins two of the one before."""
    meanings = {
        (source, f"{prefix}{at}"): tuple(f"{prefix}{level}-{at >> level}" for level in range(depth))
        for source in SOURCES
        for at in range(8)
    }
    return Taxonomy(name, f"{name}.csv", tuple(f"level{at}" for at in range(depth)), meanings)


KIND, SIDE = _tree("kind", "k", 3), _tree("side", "s", 1)
BOTH = (KIND, SIDE)


def _register(source: str, rows: Sequence[Row]) -> Register:
    return Register(
        source=source,
        ids=np.array([row.id for row in rows], dtype=object),
        start=np.array([MISSING_DAY if row.start is None else row.start for row in rows], dtype=np.int64),
        end=np.array([MISSING_DAY if row.end is None else row.end for row in rows], dtype=np.int64),
        latitude=np.array([row.lat for row in rows], dtype=np.float64),
        longitude=np.array([row.lon for row in rows], dtype=np.float64),
        categories={
            "kind": np.array([row.kind for row in rows], dtype=object),
            "side": np.array([row.side for row in rows], dtype=object),
        },
    )


def _match(*sources: Sequence[Row], km: float = 10, days: int = 2, taxonomies: Sequence[Taxonomy] = BOTH) -> Result:
    registers = [_register(source, rows) for source, rows in zip(SOURCES, sources, strict=False)]
    return match(registers, taxonomies, km=km, days=days)


def _named(result: Result, pairs: Pairs) -> list[tuple[object, ...]]:
    columns = (
        pairs.left_source,
        pairs.left_row,
        pairs.right_source,
        pairs.right_row,
        pairs.score,
        pairs.km,
        pairs.days,
    )
    return sorted(
        (result.sources[a], result.ids[a][i], result.sources[b], result.ids[b][j], *rest)
        for a, i, b, j, *rest in zip(*(column.tolist() for column in columns), strict=True)
    )


# The toy sample of the R package meltt, against what its own documentation prints.


def _crashes() -> tuple[list[Register], tuple[Taxonomy, ...]]:
    taxonomies = read_taxonomies(SHARED)
    registers = []
    for number in (1, 2, 3):
        with (SHARED / f"crash_data{number}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        registers.append(
            Register(
                source=f"crash_data{number}",
                ids=np.array([row["event"] for row in rows]),
                start=np.array([date.fromisoformat(row["date"]).toordinal() for row in rows]),
                end=np.array([date.fromisoformat(row["enddate"]).toordinal() for row in rows]),
                latitude=np.array([float(row["latitude"]) for row in rows]),
                longitude=np.array([float(row["longitude"]) for row in rows]),
                categories={one.name: np.array([row[one.column(rows[0])] for row in rows]) for one in taxonomies},
            )
        )
    return registers, taxonomies


@needs_toy
def test_the_toy_sample_gives_the_figures_of_the_package() -> None:
    registers, taxonomies = _crashes()
    result = match(registers, taxonomies, km=4, days=2)
    assert (result.rows, result.unique, result.match_sets, result.duplicates) == (195, 140, 34, 55)
    assert (result.match_sets - result.episode_sets, result.episode_sets) == (26, 8)
    assert len(result.flagged) == 6
    one, two, three = result.sources
    assert result.overlap() == {
        (one,): 41,
        (two,): 34,
        (three,): 31,
        (one, two): 5,
        (one, three): 4,
        (two, three): 4,
        (one, two, three): 21,
    }
    assert len(match(registers, taxonomies, km=3, days=1).flagged) == 5


@needs_toy
def test_on_the_toy_sample_a_wider_window_finds_no_fewer() -> None:
    registers, taxonomies = _crashes()
    grid = [[match(registers, taxonomies, km=km, days=days).duplicates for days in range(5)] for km in (0, 1, 2, 4, 8)]
    assert all(row == sorted(row) for row in grid)
    assert all(list(column) == sorted(column) for column in zip(*grid, strict=True))
    assert (grid[0][0], grid[-1][-1]) == (0, 57)


# A second implementation, of nested loops.


def _haversine(one: Row, other: Row) -> float:
    phi, psi = math.radians(one.lat), math.radians(other.lat)
    turn = math.radians(one.lon - other.lon)
    half = math.sin((phi - psi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(turn / 2) ** 2
    return round(2 * RADIUS * math.asin(min(1.0, math.sqrt(half))), 6)


def _score(one: Row, other: Row) -> float | None:
    if one.side != other.side:
        return None
    first, second = (int(str(row.kind)[1:]) for row in (one, other))
    level = next((level for level in range(3) if first >> level == second >> level), None)
    return None if level is None else round(level / 2 / 2, 9)


def _days(row: Row) -> tuple[int, int]:
    assert row.start is not None
    return row.start, row.start if row.end is None else row.end


def _is_sound(row: Row) -> bool:
    return row.start is not None and not math.isnan(row.lat + row.lon) and row.kind is not None and row.side is not None


def _oracle(sources: Sequence[Sequence[Row]], km: float, days: int) -> tuple[list[list[tuple[str, str]]], int]:
    """The match sets, sorted, and how many pairs are flagged."""
    leads: list[list[tuple[int, Row]]] = []
    for number, rows in enumerate(sources):
        sound = [(number, row) for row in rows if _is_sound(row)]
        options = []
        for (at, cluster), (to, new) in itertools.product(enumerate(leads), enumerate(sound)):
            one, other = cluster[0][1], new[1]
            (s, e), (t, f) = _days(one), _days(other)
            score, far = _score(one, other), _haversine(one, other)
            alike = (e > s) == (f > t) and abs(s - t) <= days and abs(e - f) <= days
            if score is not None and far <= km and alike:
                ties = (cluster[0][0], one.id, s, e, one.lat, one.lon, one.kind), (other.id, t, f, other.lat, other.lon)
                options.append(((score, far, abs(s - t) + abs(e - f), ties, other.kind), at, to))
        used: set[tuple[str, int]] = set()
        for _, at, to in sorted(options, key=lambda option: option[0]):
            if ("lead", at) not in used and ("new", to) not in used:
                used |= {("lead", at), ("new", to)}
                leads[at].append(sound[to])
        leads += [[entry] for to, entry in enumerate(sound) if ("new", to) not in used]
    flags = sum(
        one[0][0] != other[0][0]
        and _days(one[0][1])[1] > _days(one[0][1])[0]
        and _days(other[0][1])[1] == _days(other[0][1])[0]
        and _days(one[0][1])[0] - days <= _days(other[0][1])[0] <= _days(one[0][1])[1] + days
        and _score(one[0][1], other[0][1]) is not None
        and _haversine(one[0][1], other[0][1]) <= km
        for one, other in itertools.permutations(leads, 2)
    )
    sets = [[(SOURCES[number], row.id) for number, row in cluster] for cluster in leads if len(cluster) > 1]
    return sorted(sets), flags


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[list[Row]], float, int]:
    lat, lon = draw(st.sampled_from([(34.0, 69.0), (0.0, 180.0), (90.0, 0.0), (-89.9, 120.0), (51.0, -179.9)]))
    steps = st.sampled_from([0, 0, 0, 0.05, -0.05])
    few = st.integers(0, 2)

    def row(place: tuple[float, float], start: int | None, length: int, kind: int, side: int, name: int) -> Row:
        phi = min(90.0, max(-90.0, lat + place[0]))
        turned = (lon + place[1] * (40 if abs(lat) > 80 else 1) + 180) % 360 - 180
        end = None if start is None or length == 4 else start + max(0, length - 1)
        return Row(f"r{name}", start, end, phi, turned, f"k{kind}", f"s{side}")

    rows = st.builds(
        row,
        st.tuples(steps, steps),
        st.sampled_from([0, 0, 1, 1, 2, 4, None]),
        st.sampled_from([1, 1, 1, 1, 2, 3, 4]),
        st.sampled_from([0, 0, 1, 2, 4]),
        st.sampled_from([0, 0, 0, 1]),
        few,
    )
    some = st.lists(rows, max_size=9)
    missing = st.lists(st.just(Row("lost", 1, 1, math.nan, 60.0)), max_size=1)
    sources = [draw(some) + draw(missing) for _ in range(draw(st.integers(2, 3)))]
    return sources, draw(st.sampled_from([0, 3.3, 7.9, 23.0, 900.0])), draw(st.integers(0, 3))


@settings(max_examples=300, deadline=None)
@given(_worlds())
def test_it_agrees_with_nested_loops(world: tuple[list[list[Row]], float, int]) -> None:
    sources, km, days = world
    result = _match(*sources, km=km, days=days)
    sets, flags = _oracle(sources, km, days)
    assert [list(found) for found in result.sets()] == sets
    assert len(result.flagged) == flags
    assert result.rows == sum(map(len, sources)) == result.unique + sum(len(found) - 1 for found in sets)
    assert len(np.unique(np.concatenate(result.cluster))) == result.unique
    assert result.match_sets == len(sets)
    assert sum(result.overlap().values()) == result.unique


@settings(max_examples=100, deadline=None)
@given(_worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(world: tuple[list[list[Row]], float, int], rng: random.Random) -> None:
    sources, km, days = world
    shuffled = [rng.sample(rows, len(rows)) for rows in sources]
    one, other = (_match(*rows, km=km, days=days) for rows in (sources, shuffled))
    assert one.sets() == other.sets()
    assert _named(one, one.pairs) == _named(other, other.pairs)
    assert _named(one, one.flagged) == _named(other, other.flagged)


@settings(max_examples=100, deadline=None)
@given(_worlds())
def test_the_order_of_two_sources_does_not_matter_to_the_match_sets(world: tuple[list[list[Row]], float, int]) -> None:
    sources, km, days = world
    first, second = (_register(source, rows) for source, rows in zip("ab", sources, strict=False))
    one, other = match([first, second], BOTH, km=km, days=days), match([second, first], BOTH, km=km, days=days)
    assert sorted(map(sorted, one.sets())) == sorted(map(sorted, other.sets()))


# Single points of the method.


def test_the_finer_agreement_wins_over_the_nearer_place() -> None:
    result = _match(
        [Row("x", 5, 5, 30, 60, "k0")], [Row("near", 5, 5, 30, 60, "k1"), Row("fine", 6, 6, 30.05, 60, "k0")]
    )
    assert result.sets() == ((("a", "x"), ("b", "fine")),)
    assert result.pairs.score.tolist() == [0.0]
    assert result.pairs.km[0] == pytest.approx(5.56, abs=0.01)
    assert result.pairs.days.tolist() == [1]


def test_the_score_is_the_mean_over_the_taxonomies() -> None:
    result = _match([Row("x", 5, 5, 30, 60, "k0")], [Row("y", 5, 5, 30, 60, "k2")])
    assert result.pairs.score.tolist() == [0.5], "the broadest of three levels, and the only one of one"
    assert len(_match([Row("x", 5, 5, 30, 60, "k0")], [Row("y", 5, 5, 30, 60, "k4")]).pairs) == 0
    assert len(_match([Row("x", 5, 5, 30, 60)], [Row("y", 5, 5, 30, 60, "k0", "s1")]).pairs) == 0


def test_a_record_whose_best_is_taken_has_the_next() -> None:
    left = [Row("x", 5, 5, 30, 60), Row("y", 5, 5, 30.01, 60)]
    right = [Row("p", 5, 5, 30.004, 60), Row("q", 5, 5, 30.03, 60)]
    assert _match(left, right).sets() == ((("a", "x"), ("b", "p")), (("a", "y"), ("b", "q")))


def test_what_ties_goes_by_identifier() -> None:
    here = Row("x", 5, 5, 30, 60)
    twins = [replace(here, id="q"), replace(here, id="p")]
    assert _match([here], twins).sets() == _match([here], twins[::-1]).sets() == ((("a", "x"), ("b", "p")),)
    assert _match(twins, [here]).sets() == _match(twins[::-1], [here]).sets() == ((("a", "p"), ("b", "x")),)


@pytest.mark.parametrize(
    "twins",
    [
        (Row("q", 5, 5, 30.05, 60), Row("q", 5, 5, 29.95, 60)),
        (Row("q", 5, 5, 30, 60.05), Row("q", 5, 5, 30, 59.95)),
        (Row("q", 4, 4, 30, 60), Row("q", 6, 6, 30, 60)),
        (Row("q", 5, 5, 30, 60, "k2"), Row("q", 5, 5, 30, 60, "k3")),
    ],
    ids=["latitude", "longitude", "day", "kind"],
)
def test_what_ties_under_one_identifier_goes_by_what_it_says(twins: tuple[Row, Row]) -> None:
    one, other = (_match([Row("x", 5, 5, 30, 60)], rows, [twins[0]], km=7, days=1) for rows in (twins, twins[::-1]))
    assert one.sets() == other.sets()
    assert _named(one, one.pairs) == _named(other, other.pairs)


def test_a_third_source_is_matched_with_the_lead_of_a_set() -> None:
    chain = [[Row("x", 5, 5, 30, 60)], [Row("y", 7, 7, 30, 60)], [Row("z", 9, 9, 30, 60)]]
    result = _match(*chain)
    assert result.sets() == ((("a", "x"), ("b", "y")),), "z is near y, and y stands behind x"
    late = [chain[0], chain[1], [Row("z", 6, 6, 30, 60)]]
    assert _match(*late).sets() == ((("a", "x"), ("b", "y"), ("c", "z")),)


def test_duplicates_within_a_source_stay() -> None:
    twins = [Row("x", 5, 5, 30, 60), Row("x", 5, 5, 30, 60)]
    result = _match(twins, [Row("y", 5, 5, 30, 60)])
    assert (result.rows, result.unique, result.match_sets, result.duplicates) == (3, 2, 1, 1)


def test_an_episode_matches_episodes_only_and_an_event_in_its_window_is_flagged() -> None:
    episode, event = Row("long", 10, 40, 30, 60), Row("short", 25, None, 30, 60)
    result = _match([event], [episode])
    assert (len(result.pairs), _named(result, result.flagged)) == (0, [("a", "short", "b", "long", 0.0, 0.0, 15)])
    assert len(_match([episode], [replace(event, start=42)]).flagged) == 1
    assert len(_match([episode], [replace(event, start=43)]).flagged) == 0
    assert _match([episode], [Row("other", 12, 42, 30, 60)]).episode_sets == 1
    assert _match([episode], [Row("other", 12, 43, 30, 60)]).match_sets == 0


def test_no_pair_inside_the_window_is_lost_between_the_cells_of_the_grid() -> None:
    rng = random.Random(5)
    ranges = [(at, rng.uniform(-20, 20)) for at in range(1500)]
    step = math.degrees(10 / RADIUS)
    left = [Row(f"r{at:04}", 5, 5, lat, at * 0.24 - 180) for at, lat in ranges]
    right = [replace(row, lat=row.lat + step * 0.99999) for row in left]
    beyond = [replace(row, lat=row.lat + step * 1.00001) for row in left]
    assert _match(left, right, km=10).match_sets == 1500
    assert _match(left, beyond, km=10).match_sets == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [((10, 179.99), (10, -179.99)), ((10, 180), (10, -180)), ((89.99, 0), (89.99, 180)), ((-90, 12), (-90, -100))],
)
def test_the_dateline_and_the_poles_are_no_borders(one: tuple[float, float], other: tuple[float, float]) -> None:
    result = _match([Row("x", 5, 5, *one)], [Row("y", 5, 5, *other)], km=2.3)
    assert result.match_sets == 1
    assert result.pairs.km[0] == _haversine(Row("", 0, 0, *one), Row("", 0, 0, *other))


def test_a_pair_at_exactly_the_window_is_in_it() -> None:
    one, other = Row("x", 5, 5, 30, 60), Row("y", 7, 7, 30.05, 60)
    km = _haversine(one, other)
    assert _match([one], [other], km=km, days=2).match_sets == 1
    assert _match([one], [other], km=km - 0.001, days=2).match_sets == 0
    assert _match([one], [other], km=km, days=1).match_sets == 0
    assert _match([one], [replace(one, id="y")], km=0, days=0).match_sets == 1


def test_records_that_cannot_be_compared_are_told_and_stay_unique() -> None:
    sound = Row("x", 5, 5, 30, 60)
    broken = [
        replace(sound, start=None, lat=math.nan),
        replace(sound, start=10**9, end=None),
        replace(sound, end=4),
        replace(sound, lon=math.nan),
        replace(sound, lat=90.5),
        replace(sound, lon=math.inf),
        replace(sound, kind=None),
        replace(sound, side=" "),
    ]
    result = _match([*broken, sound], [sound])
    assert [(left.source, left.reason, left.rows.tolist()) for left in result.left_out] == [
        ("a", "no date", [0]),
        ("a", "the date is out of range", [1]),
        ("a", "it ends before it begins", [2]),
        ("a", "no coordinates", [3]),
        ("a", "the coordinates are out of range", [4, 5]),
        ("a", "no kind", [6]),
        ("a", "no side", [7]),
    ]
    assert (result.rows, result.unique, result.match_sets) == (10, 9, 1)
    assert result.pairs.left_row.tolist() == [8]


def test_unknown_categories_are_listed_with_their_counts() -> None:
    rows = [Row("x", 5, 5, 30, 60, "odd"), Row("y", 5, 5, 30, 60, "odd"), Row("z", 5, 5, 30, 60, "k1", "new")]
    with pytest.raises(InputError) as caught:
        _match(rows, [])
    one, other = str(caught.value).splitlines()
    assert one.startswith("kind.csv: base.categories: no row for these categories of 'a' (records): 'odd' (2). Add")
    assert other.startswith("side.csv: base.categories: no row for these categories of 'a' (records): 'new' (1). Add")


def test_a_source_that_the_taxonomy_does_not_know_is_told_which_it_knows() -> None:
    registers = [_register("d", [Row("x", 5, 5, 30, 60)]), _register("a", [])]
    with pytest.raises(InputError, match=r"of 'd' .*; the file knows the sources a, b, c"):
        match(registers, [KIND], km=1, days=1)


def test_without_taxonomies_place_and_time_decide() -> None:
    odd = [Row("x", 5, 5, 30, 60, "anything", None)]
    result = _match(odd, odd, taxonomies=())
    assert (result.match_sets, result.pairs.score.tolist(), result.left_out) == (1, [0.0], ())


def test_empty_registers_have_no_matches() -> None:
    result = _match([], [])
    assert (result.rows, result.unique, result.match_sets, result.duplicates, result.sets()) == (0, 0, 0, 0, ())
    assert _match([], [Row("x", 5, 5, 30, 60)]).overlap() == {("a",): 0, ("b",): 1}


@pytest.mark.parametrize(
    ("km", "days", "says"),
    [(-1.0, 1, "km: -1"), (math.nan, 1, "km: nan"), (math.inf, 1, "km: inf"), (1, -1, "days: -1")],
)
def test_windows_must_be_numbers(km: float, days: int, says: str) -> None:
    with pytest.raises(InputError, match=says):
        _match([], [], km=km, days=days)


def test_registers_must_be_sound() -> None:
    register = _register("a", [Row("x", 5, 5, 30, 60)])
    with pytest.raises(InputError, match="two sources or more; there are 1"):
        match([register], (), km=1, days=1)
    with pytest.raises(InputError, match="source 'a' is given twice"):
        match([register, register], (), km=1, days=1)
    with pytest.raises(InputError, match="b: no categories for kind; there are none"):
        match([register, replace(register, source="b", categories={})], [KIND], km=1, days=1)
    with pytest.raises(InputError, match=r"b: the columns have \[1, 2\] rows"):
        match([register, replace(register, source="b", start=np.array([1, 2]))], (), km=1, days=1)


def test_windows_that_are_too_wide_for_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meltt_records, "MOST_PAIRS", 8)
    rows = [Row(f"r{at}", 5, 5, 30, 60) for at in range(3)]
    with pytest.raises(InputError, match=r"more than 8 pairs of records agree within 10 km and 2 days\. Narrow"):
        _match(rows, rows)
    assert _match(rows, rows[:2]).match_sets == 2


# Size.


def _synthetic(size: int) -> tuple[list[Register], list[list[int]]]:
    """Two sources; the first half of each reports the same events, jittered."""
    rng = np.random.default_rng(7)
    half = size // 2
    lat, lon, day = rng.uniform(24, 38, half), rng.uniform(60, 77, half), rng.integers(0, 3650, half)
    kind = rng.integers(0, 8, half)
    shared = np.arange(half) < half // 2
    moved = (
        np.where(shared, lat + rng.normal(0, 0.005, half), rng.uniform(24, 38, half)),
        np.where(shared, lon + rng.normal(0, 0.005, half), rng.uniform(60, 77, half)),
        np.where(shared, day + rng.integers(-1, 2, half), rng.integers(0, 3650, half)),
    )
    names = np.array([f"k{at}" for at in range(8)])
    ids = np.array([str(at) for at in range(half)])
    unknown = np.full(half, MISSING_DAY)
    registers = [
        Register("a", ids, day, unknown, lat, lon, {"kind": names[kind]}),
        Register("b", ids, moved[2], unknown, moved[0], moved[1], {"kind": names[kind]}),
    ]
    return registers, [[at, at] for at in range(half // 2)]


def test_22_000_events_take_half_a_second_at_most() -> None:
    registers, truth = _synthetic(22_000)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        result = match(registers, [KIND], km=4, days=2)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.5
    found = set(zip(result.pairs.left_row.tolist(), result.pairs.right_row.tolist(), strict=True))
    right = sum((one, other) in found for one, other in truth)
    assert right / len(truth) > 0.99
    assert right / len(found) > 0.99
