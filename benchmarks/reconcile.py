# ruff: noqa: PLC0415, S608, E501 - each command imports what it needs; the queries are of this file
"""Reconciliation: time, memory, precision and recall beside a plain SQL join with greedy assignment.

    python benchmarks/reconcile.py run --records 22000 1100000
    python benchmarks/reconcile.py growth --picture docs/reconcile-growth.png --document docs/reconcile.md
    python benchmarks/reconcile.py sql
    python benchmarks/reconcile.py fit II.parquet AWSD.parquet --pairs pairs_dev.csv --incidents incidents_dev.txt

``run`` makes a world of true events that two sources observe with errors of day, place, deaths and actor, beside events
of their own, and lets both programs find the pairs, each in a process of its own, timed whole. ``growth`` does so for
sizes from 10^4 to 10^7 (the last takes some minutes and 7 GB), draws the times and writes the table of the document.
``sql`` makes the packaged SQL of the join anew. ``fit`` fits the packaged scorer on judged pairs (the tables come from
``marsad import``) and prints the cross-validated measure.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from marsad.model import COLUMNS, TableKind

COUNTRIES = 10
DAYS = 1461
SIDE_DEGREES = 9.0
BOTH = 0.55
PEER_DAYS, PEER_KM = 2, 30.0
GROWTH = [10_000, 22_000, 100_000, 1_000_000, 3_000_000, 10_000_000]


def world(records: int, folder: Path, seed: int = 1, days: int = DAYS) -> None:
    """Write ``a.parquet``, ``b.parquet`` and ``truth.parquet``: about so many records in both sources together."""
    import duckdb

    rng = np.random.default_rng(seed)
    events = round(records / 2 / (BOTH + (1 - BOTH) / 2))
    country = rng.integers(0, COUNTRIES, events)
    centres = np.column_stack([rng.uniform(-3, 3, events), rng.uniform(-3, 3, events)])
    hub = rng.integers(0, 40, events)
    hubs = rng.uniform(-SIDE_DEGREES / 2, SIDE_DEGREES / 2, (COUNTRIES, 40, 2))
    spread = np.where(rng.random(events) < 0.5, 0.15, 1.5)[:, None]
    true = {
        "day": rng.integers(18262, 18262 + days, events),
        "country": country,
        "place": hubs[country, hub] + centres / 3 * spread,
        "deaths": np.floor(rng.pareto(1.3, events)).clip(max=300).astype(int),
        "actor": rng.integers(0, 12, events),
        "kind": rng.choice(3, events, p=[0.5, 0.3, 0.2]),
    }
    seen = rng.random(events)
    observed = {"a": seen < BOTH + (1 - BOTH) / 2, "b": (seen < BOTH) | (seen >= BOTH + (1 - BOTH) / 2)}
    connection = duckdb.connect()
    for source, mask in observed.items():
        which = rng.permutation(np.flatnonzero(mask))
        columns = _observe(true, which, rng)
        names = f"columns_{source}"
        connection.register(names, dict(columns))
        metadata = json.dumps({"kind": "events"})
        connection.execute(
            f"COPY ({_whole(connection, _table(names, source))}) TO '{folder / source}.parquet' "
            f"(FORMAT parquet, KV_METADATA {{marsad: '{metadata}'}})"
        )
    both = np.flatnonzero(observed["a"] & observed["b"])
    connection.register("truth", {"event": both})
    connection.execute(f"COPY (FROM truth) TO '{folder}/truth.parquet' (FORMAT parquet)")


def _observe(true: dict[str, Any], which: Any, rng: np.random.Generator) -> dict[str, Any]:
    count = len(which)
    late = rng.choice([0, 1, 2], count, p=[0.82, 0.14, 0.04]) * rng.choice([-1, 1], count)
    kilometres = np.abs(rng.normal(0, np.where(rng.random(count) < 0.8, 3.0, 12.0), (2, count))) * rng.choice(
        [-1, 1], (2, count)
    )
    place = true["place"][which] + kilometres.T / 111.2
    deaths = true["deaths"][which]
    off = np.where(rng.random(count) < 0.25, np.round(rng.normal(0, 0.3, count) * (deaths + 2)), 0).astype(int)
    actor = np.where(rng.random(count) < 0.1, -1, true["actor"][which])
    return {
        "event": which,
        "day": true["day"][which] + late,
        "country": true["country"][which],
        "latitude": 10 + place[:, 0],
        "longitude": true["country"][which] * 12.0 - 50 + place[:, 1],
        "deaths": (deaths + off).clip(min=0),
        "actor": actor,
        "kind": true["kind"][which],
        "vague": rng.random(count),
    }


def _table(columns: str, source: str) -> str:
    """The common columns; two in a hundred records know only the month, and as many only the country."""
    month = "vague < 0.02"
    nowhere = "vague > 0.98"
    start, end = "DATE '1970-01-01' + day::INTEGER", "DATE '1970-01-01' + day::INTEGER"
    return f"""
        SELECT '{source}' || event AS record, 'source-{source}' AS dataset, 'r' AS release,
            row_number() OVER () AS row, '{source}' || event AS source_id,
            CASE WHEN {month} THEN date_trunc('month', {start})::DATE ELSE {start} END AS date_start,
            CASE WHEN {month} THEN last_day({end}) ELSE {end} END AS date_end,
            CASE WHEN {month} THEN 'month' ELSE 'day' END AS date_precision,
            'C' || chr(65 + country::INTEGER) || 'X' AS country, NULL::VARCHAR AS admin1, NULL::VARCHAR AS admin1_reported,
            NULL::VARCHAR AS place,
            CASE WHEN {nowhere} THEN NULL ELSE latitude END AS latitude,
            CASE WHEN {nowhere} THEN NULL ELSE longitude END AS longitude,
            CASE WHEN {nowhere} THEN 'country' ELSE 'near' END AS place_precision,
            CASE WHEN {nowhere} THEN NULL ELSE 10.0 END AS radius_km,
            ['battle', 'explosion', 'violence_against_civilians'][kind::INTEGER + 1] AS kind,
            CASE WHEN actor < 0 THEN NULL ELSE 'Actor ' || chr(65 + country::INTEGER) || actor END AS side_a,
            NULL::VARCHAR AS side_b, deaths AS deaths_low, deaths AS deaths_best, deaths AS deaths_high,
            NULL::BIGINT AS injured, NULL::BIGINT AS abducted, NULL::BIGINT AS arrested, NULL::BIGINT AS events,
            NULL::VARCHAR AS text
        FROM {columns}"""


def _whole(connection: Any, query: str) -> str:
    """The query with every column of the event table, empty where the world has none."""
    made = {name for name, *_ in connection.execute(f"DESCRIBE {query}").fetchall()}
    types = {"text": "VARCHAR", "texts": "VARCHAR[]", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}
    columns = COLUMNS[TableKind.EVENTS]
    given = (f"{c.name if c.name in made else 'NULL'}::{types[c.type]} AS {c.name}" for c in columns)
    return f"SELECT {', '.join(given)} FROM ({query})"


def peer(folder: Path) -> None:
    """The plain way: an SQL join on days and a box of degrees, a score of days, km and deaths, greedy assignment."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"""
        CREATE TABLE pairs AS
        WITH a AS (SELECT *, date_start AS day, floor(latitude / 0.5)::INT AS y, floor(longitude / 0.5)::INT AS x FROM '{folder}/a.parquet'),
        b AS (SELECT *, date_start AS day, floor(latitude / 0.5)::INT AS y, floor(longitude / 0.5)::INT AS x FROM '{folder}/b.parquet'),
        wide AS (SELECT a.*, day + d::INTEGER AS meet, y + v AS ky, x + w AS kx
            FROM a, range(-{PEER_DAYS}, {PEER_DAYS + 1}) t(d), range(-1, 2) i(v), range(-1, 2) j(w))
        SELECT * FROM (
            SELECT wide.record AS l, b.record AS r, abs(b.day - wide.day) AS days,
                111.2 * sqrt((b.latitude - wide.latitude) ** 2
                    + ((b.longitude - wide.longitude) * cos(radians(b.latitude))) ** 2) AS km,
                abs(ln(1 + b.deaths_best) - ln(1 + wide.deaths_best)) AS apart
            FROM wide JOIN b ON meet = b.day AND ky = b.y AND kx = b.x)
        WHERE km <= {PEER_KM}""")
    rows = connection.execute("SELECT l, r FROM pairs ORDER BY days + km / 10 + apart, l, r").fetchall()
    used: set[str] = set()
    found = []
    for left, right in rows:
        if left not in used and right not in used:
            used.update((left, right))
            found.append((left, right))
    (folder / "peer.csv").write_text("left,right\n" + "".join(f"{a},{b}\n" for a, b in found))


def ours(folder: Path) -> None:
    """The command `marsad reconcile` with all that it writes."""
    subprocess.run(_command(folder), check=True, capture_output=True)


def _command(folder: Path) -> list[str]:
    tables = [str(folder / f"{source}.parquet") for source in "ab"]
    return [sys.executable, "-m", "marsad", "reconcile", *tables, "-o", str(folder / "ours"), "--json"]


def judged(folder: Path, name: str) -> tuple[float, float]:
    """Precision and recall of the pairs that a program wrote."""
    import duckdb

    query = f"""
        SELECT count(*) FILTER (l = r AND l IN (SELECT event FROM '{folder}/truth.parquet')) AS hits, count(*) AS said,
            (SELECT count(*) FROM '{folder}/truth.parquet') AS there
        FROM ({_said(folder, name)})"""
    ((hits, said, there),) = duckdb.connect().execute(query).fetchall()
    return hits / max(said, 1), hits / max(there, 1)


def _said(folder: Path, name: str) -> str:
    """The pairs that a program wrote, as numbers of events."""
    if name == "peer":
        return f"""SELECT "left"[2:]::BIGINT AS l, "right"[2:]::BIGINT AS r FROM read_csv('{folder}/peer.csv', header = true)"""
    return f"""
        SELECT left_id[2:]::BIGINT AS l, right_id[2:]::BIGINT AS r FROM read_csv('{folder}/ours/pairs.csv', header = true)
        WHERE decision = 'same'"""


def _labels(left: Any, right: Any, pairs: Path, incidents: Path) -> Any:
    """The judged pairs as numbers of records; of an identifier that stands for several records the first counts."""
    from marsad.reconcile.training import Labels

    places: list[dict[str, int]] = [{}, {}]
    for side, place in zip((left, right), places, strict=True):
        for number, own in enumerate(side.texts("source_id")):
            place.setdefault(own, number)
    with pairs.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_label = {
        label: frozenset((places[0][row["ii_id"]], places[1][row["awsd_id"]]) for row in rows if row["label"] == label)
        for label in ("same", "not", "unsure")
    }
    judged = frozenset(places[0][line] for line in incidents.read_text().split())
    return Labels(by_label["same"], by_label["not"], by_label["unsure"], judged, len(by_label["same"]))


def _simulated(engine: Any) -> tuple[dict[str, Any], Any]:
    """Numeric features of pairs in made worlds from sparse to dense, and whether each pair is one event."""
    from marsad.reconcile.comparing import compare
    from marsad.reconcile.sides import read_side

    rng = np.random.default_rng(7)
    parts, truth = [], []
    for number, (records, days) in enumerate(((4_000, 1461), (12_000, 1461), (40_000, 365), (40_000, 60))):
        with tempfile.TemporaryDirectory(prefix="marsad-world-") as name:
            world(records, Path(name), seed=100 + number, days=days)
            sides = [read_side(engine, Path(name) / f"{source}.parquet") for source in "ab"]
            found = compare(engine, *sides)
            own = [np.array([int((text or "a0")[1:]) for text in side.texts("source_id")]) for side in sides]
        some = rng.choice(len(found), 1500, replace=False)
        numeric = {"days", "span", "km", "far", "crowd", "killed", "killed_both", "harmed", "harmed_both"}
        parts.append({name: found.columns[name][some] for name in sorted(numeric)})
        truth.append((own[0][found.left] == own[1][found.right])[some])
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, np.concatenate(truth)


def fit(tables: list[Path], pairs: Path, incidents: Path, out: Path) -> None:
    """Fit the packaged scorer, print what was measured and write it."""
    from marsad.evidence.engine import open_engine
    from marsad.reconcile.comparing import compare
    from marsad.reconcile.linking import pairs_within
    from marsad.reconcile.scoring import save_model
    from marsad.reconcile.sides import read_side
    from marsad.reconcile.training import fit_model

    with open_engine() as engine:
        left, right = (read_side(engine, table) for table in tables)
        compared = compare(engine, left, right)
        within = (pairs_within(engine, left), pairs_within(engine, right))
        simulated = _simulated(engine)
    labels = _labels(left, right, pairs, incidents)
    provenance = {
        "labels": "hand-read judgements on Insecurity Insight (aid workers, 2020-2024) x AWSD, one half of 300 incidents",
        "simulated": "6,000 pairs of made worlds, numeric features only, for the models without descriptions",
        "made_by": "benchmarks/reconcile.py fit",
    }
    model, measured = fit_model(compared, within, labels, provenance=provenance, simulated=simulated)
    for one in measured[::4]:
        print(
            f"{one.threshold:.2f}  precision {one.precision:.3f} +- {one.precision_spread:.3f}  recall {one.recall:.3f} +- {one.recall_spread:.3f}"
        )
    print(f"threshold {model.threshold}, slope {model.slope}, offset {model.offset}, {dict(model.provenance)}")
    save_model(model, out)


def measure(folder: Path, name: str) -> dict[str, float]:
    """Run one program in a process of its own: seconds by the clock and of processors, GB, precision, recall."""
    start = time.perf_counter()
    command = _command(folder) if name == "ours" else [sys.executable, __file__, name, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} failed")
    precision, recall = judged(folder, name)
    return {
        "seconds": seconds,
        "processor": usage.ru_utime + usage.ru_stime,
        "gigabytes": usage.ru_maxrss / 1e6,
        "precision": precision,
        "recall": recall,
    }


def run(sizes: list[int], programs: tuple[str, ...] = ("peer", "ours")) -> list[dict[str, Any]]:
    """Measure the programs side by side for worlds of several sizes."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="marsad-bench-") as name:
            folder = Path(name)
            world(size, folder)
            line: dict[str, Any] = {"records": size} | {program: measure(folder, program) for program in programs}
        found.append(line)
        for program in programs:
            figures = line[program]
            print(
                f"{size:>10,} {program:>5}  {figures['seconds']:7.2f} s  {figures['processor']:7.2f} s of processors  "
                f"{figures['gigabytes']:5.2f} GB  "
                f"precision {figures['precision']:.4f}  recall {figures['recall']:.4f}",
                flush=True,
            )
        if len(programs) == 2:
            print(
                f"{size:>10,} ours : peer = {line['ours']['seconds'] / line['peer']['seconds']:.2f} of the time",
                flush=True,
            )
    return found


def growth(sizes: list[int], picture: Path, document: Path | None) -> None:
    """Measure Marsad for growing worlds, draw the times on logarithmic axes and write the table of a document."""
    found = run(sizes, ("ours",))
    _draw(found, picture)
    if document is not None:
        _write_table(found, document)
    steps = [
        math.log(b["ours"]["processor"] / a["ours"]["processor"]) / math.log(b["records"] / a["records"])
        for a, b in pairwise(found)
    ]
    print("exponents of growth, processor time:", " ".join(f"{step:.2f}" for step in steps))
    print(json.dumps(found))


def _draw(found: list[dict[str, Any]], picture: Path) -> None:
    import altair as alt

    names = {"seconds": "by the clock", "processor": "of processors"}
    rows = [
        {"records": line["records"], "seconds": line["ours"][name], "what": words}
        for name, words in names.items()
        for line in found
    ]
    last = found[-1]["ours"]["processor"] / found[-1]["records"]
    rows += [{"records": found[n]["records"], "seconds": last * found[n]["records"], "what": "line"} for n in (0, -1)]
    colours = ["#0072B2", "#D55E00", "#555555"]
    chart = (
        alt.Chart(
            alt.Data(values=rows)  # type: ignore[no-untyped-call]
        )
        .mark_line(point=True)
        .encode(
            x=alt.X("records:Q", title="Records in two sources").scale(type="log"),
            y=alt.Y("seconds:Q", title="Seconds, whole process").scale(type="log"),
            color=alt.Color("what:N", legend=None).scale(domain=[*names.values(), "line"], range=colours),
            strokeDash=alt.StrokeDash("what:N", legend=None).scale(domain=[*names.values(), "line"]),
            shape=alt.Shape("what:N", legend=None),
        )
    )
    chart.properties(
        title="Blue: by the clock; dashed: of processors; dotted: growth in proportion",
        width=560,
        height=320,
        background="white",
    ).save(str(picture), scale_factor=1.5)


def _write_table(found: list[dict[str, Any]], document: Path) -> None:
    """Put the figures between the marks of the document."""
    head = "| records in two sources | seconds | of processors | memory | precision, recall |"
    lines = [head, "| --- | --- | --- | --- | --- |"]
    for line in found:
        one = line["ours"]
        seconds, processor = (f"{one[name]:.{1 if one[name] < 10 else 0}f}" for name in ("seconds", "processor"))
        quality = f"{one['precision']:.3f}, {one['recall']:.3f}"
        lines.append(f"| {line['records']:,} | {seconds} | {processor} | {one['gigabytes']:.1f} GB | {quality} |")
    text = document.read_text("utf-8")
    begin, end = "<!-- begin growth -->\n", "<!-- end growth -->"
    before, rest = text.split(begin)
    document.write_text(before + begin + "\n".join(lines) + "\n" + end + rest.split(end)[1], encoding="utf-8")


def sql() -> None:
    """Write the SQL that the join of two sources compiles to; a test holds that it is the packaged one."""
    from marsad.reconcile import blocking

    (Path(blocking.__file__).parent / "pairs.sql").write_text(blocking.JOIN.generated(), encoding="utf-8")


if __name__ == "__main__":
    COMMAND = sys.argv[1] if len(sys.argv) > 1 else "run"
    if COMMAND == "peer":
        peer(Path(sys.argv[2]))
        raise SystemExit
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run")
    runs.add_argument("--records", type=int, nargs="+", default=[22_000, 1_100_000])
    grows = commands.add_parser("growth")
    grows.add_argument("--records", type=int, nargs="+", default=GROWTH)
    grows.add_argument("--picture", type=Path, default=Path("reconcile-growth.svg"))
    grows.add_argument("--document", type=Path)
    commands.add_parser("sql")
    fits = commands.add_parser("fit")
    fits.add_argument("tables", type=Path, nargs=2)
    fits.add_argument("--pairs", type=Path, required=True)
    fits.add_argument("--incidents", type=Path, required=True)
    fits.add_argument("--out", type=Path, default=Path("default_model.json"))
    given = parser.parse_args(sys.argv[1:] or ["run"])
    if given.command == "run":
        run(given.records)
    elif given.command == "fit":
        fit(given.tables, given.pairs, given.incidents, given.out)
    elif given.command == "sql":
        sql()
    else:
        growth(given.records, given.picture, given.document)
