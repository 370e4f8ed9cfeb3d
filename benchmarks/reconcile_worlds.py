# ruff: noqa: PLC0415 - each command imports what it needs
"""Made worlds of many shapes: how same and other pairs look, and reconciliation beside plain joins on all of them.

    python benchmarks/reconcile_worlds.py validate [--import] [--only TEXT] [--seed N]
    python benchmarks/reconcile_worlds.py bins --out default_bins.json

``validate`` prints precision and recall of Marsad and of 24 plain joins (5, 25, 50 km; 0, 1, 2, 5 days; greedily by
kilometres, and by days and then kilometres) and a table of reliability; with ``--import`` the tables go through
``marsad import generic``. ``bins`` fits the packaged shares from worlds of other shapes and seeds.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

DAY_ZERO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class World:
    """How true events lie and how two sources see them.

    Attributes:
        events, days: how many events in how many days.
        shape: globe, region, cities, or bursts (cities with outbreaks of a few days).
        degrees, cities, city_km: size of the region, number and radius of the cities.
        noise, km: shape (normal, exponential, uniform, heavy) and scale of the error of place.
        late, share, one_sided: most days of error, for which share of the records, and whether only one source is late.
        deaths, deaths_off, deaths_missing: whether there are deaths, how many are wrong, how many are missing.
        actors: whether there are actors.
        coverage: share of the events that each source sees.
        decimals, towns: to how many decimals coordinates are rounded; to how many towns they are moved.
    """

    events: int = 8000
    days: int = 730
    shape: str = "region"
    degrees: float = 10.0
    cities: int = 50
    city_km: float = 8.0
    noise: str = "normal"
    km: float = 5.0
    late: int = 1
    share: float = 0.2
    one_sided: bool = False
    deaths: bool = True
    deaths_off: float = 0.25
    deaths_missing: float = 0.0
    actors: bool = False
    coverage: tuple[float, float] = (0.7, 0.7)
    decimals: int | None = None
    towns: int = 0


VALIDATION = {
    "globe, sparse, heavy tails": World(events=6000, days=1461, shape="globe", noise="heavy", km=4),
    "globe, bare, 20 km exponential": World(
        events=6000, days=1461, shape="globe", noise="exponential", km=20, late=2, share=0.5, deaths=False
    ),
    "region, 8 km, deaths": World(events=9000, days=900, degrees=11, km=8),
    "region, bare, 10 km uniform": World(
        events=9000, days=900, degrees=11, noise="uniform", km=10, late=2, deaths=False
    ),
    "region, bare, one source late": World(
        events=6000, days=900, km=6, late=3, share=0.6, one_sided=True, deaths=False
    ),
    "region, 25 km, actors": World(events=6000, days=900, noise="exponential", km=25, late=2, actors=True),
    "50 cities, bare": World(events=8000, days=1200, shape="cities", km=2, deaths=False),
    "50 cities, dense, bare": World(events=16000, days=365, shape="cities", noise="uniform", km=5, deaths=False),
    "50 cities, dense, deaths and actors": World(
        events=16000, days=365, shape="cities", km=4, actors=True, deaths_missing=0.3, deaths_off=0.5
    ),
    "30 cities, bursts": World(events=8000, days=730, shape="bursts", cities=30, km=3),
    "30 cities, bursts, bare": World(events=5000, days=1461, shape="bursts", cities=30, km=3, deaths=False),
    "rounded to 0.1 degree": World(events=8000, shape="cities", cities=80, km=4, decimals=1),
    "rounded to 0.1 degree, bare, region": World(events=6000, km=4, decimals=1, deaths=False),
    "snapped to 300 towns": World(events=6000, towns=300, km=6),
    "snapped to 300 towns, bare": World(events=6000, towns=300, km=6, late=2, deaths=False),
    "coverage 0.3": World(events=12000, degrees=9, km=5, coverage=(0.3, 0.3)),
    "coverage 0.9 and 0.4, bare": World(events=8000, degrees=9, km=5, coverage=(0.9, 0.4), deaths=False),
    "800 records": World(events=570, days=365, km=6),
    "300 records, bare": World(events=210, days=365, noise="exponential", km=8, late=2, deaths=False),
    "100 records, bare": World(events=70, days=365, noise="exponential", km=8, late=2, deaths=False),
    "exact places and days": World(events=8000, days=365, degrees=8, km=0.5, late=0),
}


def make(world: World, folder: Path, seed: int) -> tuple[dict[str, dict[str, Any]], set[int]]:
    """Write ``a.parquet`` and ``b.parquet`` in the common columns; returns both sources and the events in both."""
    rng = np.random.default_rng(seed)
    true = _events(world, rng)
    towns = None
    if world.towns:
        towns = np.column_stack(
            [rng.uniform(true[name].min(), true[name].max(), world.towns) for name in ("latitude", "longitude")]
        )
    sources = {}
    for name, coverage in zip("ab", world.coverage, strict=True):
        which = rng.permutation(np.flatnonzero(rng.random(world.events) < coverage))
        sources[name] = _seen(world, true, which, rng, towns, late=name == "b" or not world.one_sided)
        _write(sources[name], name, folder / f"{name}.parquet")
    return sources, set(sources["a"]["event"].tolist()) & set(sources["b"]["event"].tolist())


def _events(world: World, rng: np.random.Generator) -> dict[str, Any]:
    count, half = world.events, world.degrees / 2
    day = rng.integers(18262, 18262 + world.days, count)
    if world.shape == "globe":
        latitude, longitude = np.degrees(np.arcsin(rng.uniform(-0.85, 0.85, count))), rng.uniform(-179, 179, count)
    elif world.shape == "region":
        latitude, longitude = rng.uniform(30 - half, 30 + half, count), rng.uniform(60 - half, 60 + half, count)
    else:
        centres = np.column_stack([rng.uniform(c - half, c + half, world.cities) for c in (30, 60)])
        size = rng.pareto(1.2, world.cities) + 0.2
        city = rng.choice(world.cities, count, p=size / size.sum())
        latitude, longitude = (centres[city] + rng.normal(0, world.city_km / 111.2, (count, 2))).T
        if world.shape == "bursts":
            outbreaks = rng.integers(18262, 18262 + world.days, (world.cities, 12))
            day = outbreaks[city, rng.integers(0, 12, count)] + np.floor(rng.exponential(8, count)).astype(int)
    deaths = np.floor(rng.pareto(1.3, count)).clip(max=300).astype(int)
    return {
        "day": day,
        "latitude": latitude,
        "longitude": longitude,
        "deaths": deaths,
        "actor": rng.integers(0, 8, count),
    }


def _seen(
    world: World, true: dict[str, Any], which: Any, rng: np.random.Generator, towns: Any, *, late: bool
) -> dict[str, Any]:
    count = len(which)
    angle = rng.uniform(0, 2 * np.pi, count)
    ways: dict[str, Callable[[], Any]] = {
        "normal": lambda: np.hypot(rng.normal(0, world.km, count), rng.normal(0, world.km, count)),
        "exponential": lambda: rng.exponential(world.km, count),
        "uniform": lambda: rng.uniform(0, world.km, count),
        "heavy": lambda: world.km * np.abs(rng.standard_t(2.5, count)),
    }
    away = ways[world.noise]()
    latitude = (true["latitude"][which] + away * np.cos(angle) / 111.2).clip(-89, 89)
    longitude = true["longitude"][which] + away * np.sin(angle) / 111.2 / np.cos(np.radians(latitude))
    if towns is not None:
        from scipy.spatial import cKDTree

        latitude, longitude = towns[cKDTree(towns).query(np.column_stack([latitude, longitude]))[1]].T
    if world.decimals is not None:
        latitude, longitude = np.round(latitude, world.decimals), np.round(longitude, world.decimals)
    off = np.where(rng.random(count) < world.share * late, rng.integers(0, world.late + 1, count), 0)
    off = off * (1 if world.one_sided else rng.choice([-1, 1], count))
    deaths = true["deaths"][which]
    wrong = np.where(rng.random(count) < world.deaths_off, np.round(rng.normal(0, 0.4, count) * (deaths + 2)), 0)
    found = {
        "event": which,
        "day": true["day"][which] + off,
        "latitude": latitude,
        "longitude": (longitude + 180) % 360 - 180,
    }
    if world.deaths:
        known = rng.random(count) >= world.deaths_missing
        found["deaths"] = [
            int(n) if k else None for n, k in zip((deaths + wrong).clip(min=0).tolist(), known, strict=True)
        ]
    if world.actors:
        found["actor"] = [
            f"Group {chr(65 + n)}" if r > 0.1 else None
            for n, r in zip(true["actor"][which].tolist(), rng.random(count), strict=True)
        ]
    return found


def _write(source: dict[str, Any], name: str, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"{name}{event}" for event in source["event"].tolist()]
    days = pa.array(source["day"].astype(np.int32), pa.int32()).cast(pa.date32())
    columns: dict[str, Any] = {"record": names, "source_id": names, "dataset": [f"source-{name}"] * len(names)}
    columns |= {"release": ["r"] * len(names), "row": list(range(len(names))), "date_start": days, "date_end": days}
    columns |= {"latitude": source["latitude"], "longitude": source["longitude"]}
    if "deaths" in source:
        columns["deaths_best"] = pa.array(source["deaths"], pa.int64())
    if "actor" in source:
        columns["side_a"] = pa.array(source["actor"], pa.string())
    pq.write_table(pa.table(columns), path)


def through_import(sources: dict[str, dict[str, Any]], folder: Path) -> None:
    """Write both sources as CSV files and read them with ``marsad import generic``."""
    for name, source in sources.items():
        heads = [
            "id",
            "date",
            "latitude",
            "longitude",
            *(h for h in ("actor1", "fatalities") if h[:5] in _heads(source)),
        ]
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(heads)
            for n, event in enumerate(source["event"].tolist()):
                day = DAY_ZERO + timedelta(days=int(source["day"][n]))
                row = [
                    f"{name}{event}",
                    day.isoformat(),
                    f"{source['latitude'][n]:.5f}",
                    f"{source['longitude'][n]:.5f}",
                ]
                row += [source[own][n] for own in ("actor", "deaths") if own in source]
                writer.writerow(row)
        command = [sys.executable, "-m", "marsad", "import", "generic", str(folder / f"{name}.csv"), "-o"]
        subprocess.run([*command, str(folder / f"{name}.parquet")], check=True, capture_output=True)


def _heads(source: dict[str, Any]) -> set[str]:
    return {{"actor": "actor", "deaths": "fatal"}.get(name, "") for name in source}


def plain_joins(sources: dict[str, dict[str, Any]], there: int) -> dict[tuple[int, int, str], tuple[float, float]]:
    """Precision and recall of plain joins by kilometres, days and order."""
    left, right, km, days = _near(sources)
    events = [sources[name]["event"] for name in "ab"]
    found = {}
    for most_km in (5, 25, 50):
        for most_days in (0, 1, 2, 5):
            some = np.flatnonzero((km <= most_km) & (days <= most_days))
            for order, keys in (("km", (days[some], km[some])), ("days", (km[some], days[some]))):
                taken = _greedy(left, right, some[np.lexsort(keys)])
                hits = float((events[0][left[taken]] == events[1][right[taken]]).sum())
                found[most_km, most_days, order] = (hits / max(len(taken), 1), hits / max(there, 1))
    return found


def _near(sources: dict[str, dict[str, Any]]) -> list[Any]:
    """All pairs within 50 km and 5 days: numbers of both records, kilometres, days."""
    from scipy.spatial import cKDTree

    points = []
    for name in "ab":
        phi, theta = (np.radians(sources[name][c]) for c in ("latitude", "longitude"))
        points.append(6371.0 * np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)]))
    groups = [
        {day: np.flatnonzero(sources[name]["day"] == day) for day in np.unique(sources[name]["day"]).tolist()}
        for name in "ab"
    ]
    trees = {day: cKDTree(points[1][rows]) for day, rows in groups[1].items()}
    parts: list[list[Any]] = [[], [], [], []]
    for day, rows in groups[0].items():
        own = cKDTree(points[0][rows])
        for off in range(-5, 6):
            if day + off in trees:
                met = own.sparse_distance_matrix(trees[day + off], 50.0, output_type="ndarray")
                values = (rows[met["i"]], groups[1][day + off][met["j"]], met["v"], np.full(len(met), abs(off)))
                for part, value in zip(parts, values, strict=True):
                    part.append(value)
    return [np.concatenate(part) for part in parts]


def _greedy(left: Any, right: Any, order: Any) -> Any:
    used: tuple[set[int], set[int]] = (set(), set())
    taken = []
    for pair, a, b in zip(order.tolist(), left[order].tolist(), right[order].tolist(), strict=True):
        if a not in used[0] and b not in used[1]:
            used[0].add(a)
            used[1].add(b)
            taken.append(pair)
    return np.array(taken, dtype=int)


def compared(world: World, seed: int, *, imported: bool = False) -> dict[str, Any]:
    """One world: Marsad's precision and recall, the plain joins', and the probabilities with their truth."""
    from marsad.reconcile import reconcile

    with tempfile.TemporaryDirectory(prefix="marsad-worlds-") as name:
        folder = Path(name)
        sources, both = make(world, folder, seed)
        if imported:
            through_import(sources, folder)
        found = reconcile([folder / "a.parquet", folder / "b.parquet"])
        (link,) = found.links
        columns = found.columns(link)
    hit = np.array([a[1:] == b[1:] for a, b in zip(columns["left_id"], columns["right_id"], strict=True)], dtype=bool)
    same = np.array([decision == "same" for decision in columns["decision"]], dtype=bool)
    right = float((hit & same).sum())
    return {
        "precision": right / max(float(same.sum()), 1.0),
        "recall": right / max(len(both), 1),
        "joins": plain_joins(sources, len(both)),
        "probability": link.probability,
        "truth": hit,
    }


def validate(only: str, *, seed: int, imported: bool) -> None:
    """Print all worlds and the reliability of the probabilities."""
    probabilities, truths = [], []
    for number, (name, world) in enumerate(VALIDATION.items()):
        if only not in name:
            continue
        one = compared(world, seed + number, imported=imported)
        p, r = one["precision"], one["recall"]
        above = {key: (a, b) for key, (a, b) in one["joins"].items() if p < a or r < b}
        best = max(one["joins"].items(), key=lambda item: _f1(*item[1]))
        two = " ".join(f"{km}:{a:.4f}/{b:.4f}" for km in (5, 25, 50) for a, b in [one["joins"][km, 2, "km"]])
        worst = " ".join(
            f"{k[0]}km,{k[1]}d,{k[2]}:{p - a:+.4f}/{r - b:+.4f}" for k, (a, b) in above.items() if b > 0.75 * r
        )
        dominated = sum(a >= p and b >= r and (a > p or b > r) for a, b in one["joins"].values())
        print(
            f"{name:36} ours {p:.4f}/{r:.4f}  best join {best[0]} {best[1][0]:.4f}/{best[1][1]:.4f}  2 days {two}  "
            f"not both {len(above)}/24, dominated by {dominated}  [{worst}]",
            flush=True,
        )
        probabilities.append(one["probability"])
        truths.append(one["truth"])
    _reliability(np.concatenate(probabilities), np.concatenate(truths))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(precision + recall, 1e-9)


def _reliability(probability: Any, truth: Any) -> None:
    print(f"Brier score {np.mean((probability - truth) ** 2):.4f} over {len(truth):,} pairs")
    edges = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01]
    for low, high in pairwise(edges):
        some = (probability >= low) & (probability < high)
        if some.any():
            means = f"said {probability[some].mean():.3f}  true {truth[some].mean():.3f}"
            print(f"{low:.2f} to {min(high, 1):.2f}  {some.sum():8,}  {means}")


def bins(out: Path) -> None:
    """Fit the shares of the bins among same and among other pairs, each world weighing the same."""
    from marsad.evidence.engine import open_engine
    from marsad.reconcile.adapting import bins_of
    from marsad.reconcile.comparing import compare
    from marsad.reconcile.sides import read_side

    rng = np.random.default_rng(3)
    totals: dict[str, list[Any]] = {}
    with open_engine() as engine:
        for number in range(18):
            world = World(
                events=3000,
                days=int(rng.choice([200, 700, 1400])),
                shape=("globe", "region", "cities")[number % 3],
                degrees=float(rng.choice([6, 10, 15])),
                noise=("normal", "exponential", "uniform")[number // 3 % 3],
                km=float(rng.choice([0.5, 2, 4, 8, 15, 30, 50])),
                late=(1, 2, 3, 5, 5)[number % 5],
                share=float(rng.choice([0.1, 0.3, 0.6])),
                deaths_off=float(rng.choice([0.1, 0.3, 0.6])),
                deaths_missing=0.1,
                actors=True,
                coverage=(0.7, 0.6),
            )
            with tempfile.TemporaryDirectory(prefix="marsad-worlds-") as name:
                make(world, Path(name), 900 + number)
                sides = [read_side(engine, Path(name) / f"{s}.parquet") for s in "ab"]
                found = compare(engine, *sides)
                own = [np.array([int((text or "a0")[1:]) for text in side.texts("source_id")]) for side in sides]
            same = own[0][found.left] == own[1][found.right]
            for feature, binned in bins_of(found.columns).items():
                both = totals.setdefault(feature, [np.zeros(binned.size), np.zeros(binned.size)])
                for place, mask in enumerate((same, ~same)):
                    counts = np.bincount(binned.place[mask], minlength=binned.size)
                    both[place] += counts / max(counts.sum(), 1)
    packaged = json.loads(out.read_text("utf-8"))
    for feature in ("km", "days", "killed", "actors"):
        shares = [(both + 0.02) / (both + 0.02).sum() for both in totals[feature]]
        packaged["bins"][feature] = {n: np.round(s, 5).tolist() for n, s in zip(("same", "other"), shares, strict=True)}
    out.write_text(json.dumps(packaged, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    validating = commands.add_parser("validate")
    validating.add_argument("--import", dest="imported", action="store_true")
    validating.add_argument("--only", default="")
    validating.add_argument("--seed", type=int, default=7000)
    fitting = commands.add_parser("bins")
    fitting.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(sys.argv[1:] or ["validate", "--only", "globe"])
    if given.command == "validate":
        validate(given.only, seed=given.seed, imported=given.imported)
    else:
        bins(given.out)
