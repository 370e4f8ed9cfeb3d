"""How long measures of the event table take by month, first-level area and actor, and how that grows with its rows.

Whole processes, each the least of several runs, since the machine is shared: Marsad's expression on DuckDB, the same
question in hand-written SQL on DuckDB, in pandas where its memory fits, and on Spark where it is asked for. The rows
are invented. Prints seconds, peak memory and ratios, checks that all agree, and draws the growth into a picture.

Usage: measures.py [--most ROWS] [--spark] [--picture FILE]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 3
BAR = 3.0  # seconds for 10 million rows
MOST_FOR_PANDAS = 10_000_000

# Areas and actors belong to countries; one record in 50 is known to the year only, one in 20 lasts for some days.
GENERATOR = """
COPY (
    SELECT 'set ' || (i % 5) AS dataset,
        DATE '2014-01-01' + (hash(i) % 4000)::INT AS date_start,
        DATE '2014-01-01' + (hash(i) % 4000 + CASE WHEN hash(i, 1) % 20 = 0 THEN 5 ELSE 0 END)::INT AS date_end,
        CASE WHEN hash(i, 2) % 50 = 0 THEN 'year' WHEN hash(i, 2) % 50 < 5 THEN 'week' ELSE 'day' END AS date_precision,
        'C' || (10 + hash(i, 3) % 8) AS country,
        'province ' || (hash(i, 4) % 12) AS admin1,
        'government ' || (hash(i, 3) % 8) AS side_a,
        'group ' || (hash(i, 3) % 8) || '-' || (hash(i, 5) % 15) AS side_b,
        CASE WHEN hash(i, 6) % 30 = 0 THEN NULL ELSE (hash(i, 6) % 10)::BIGINT END AS deaths_low,
        CASE WHEN hash(i, 7) % 30 = 0 THEN NULL ELSE (hash(i, 7) % 12)::BIGINT END AS deaths_best,
        (hash(i, 8) % 15)::BIGINT AS deaths_high,
        (hash(i, 9) % 5)::BIGINT AS injured,
        NULL::BIGINT AS abducted,
        CASE WHEN hash(i, 10) % 500 = 0 THEN 3::BIGINT END AS events
    FROM range({rows}) t(i)
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""

MARSAD = """
import sys
import numpy as np
from marsad.evidence.engine import event_measures, open_engine
with open_engine(sys.argv[2]) as engine:
    events = engine.scan("events", sys.argv[1])
    found = engine.collect_numpy(event_measures(events, by=["month", "admin1", "actor"]))
sums = ("records", "deaths_low", "deaths_best", "deaths_high")
print(len(found["records"]), *(int(np.nansum(found[name])) for name in sums))
"""

SQL = """
import sys
import duckdb
question = '''
WITH each AS (
    SELECT CASE WHEN date_start IS NULL OR date_precision NOT IN ('day', 'days', 'week', 'month') THEN NULL
           ELSE date_trunc('month', date_start) END AS month, country, admin1, side_a, side_b,
        coalesce(deaths_low, deaths_best) AS low, coalesce(deaths_high, deaths_best, deaths_low) AS high,
        deaths_best, injured, abducted, coalesce(events, 1) AS events
    FROM read_parquet($1)
), actors AS (
    SELECT *, coalesce(side_a, side_b) AS actor FROM each
    UNION ALL SELECT *, side_b FROM each WHERE side_a <> side_b
)
SELECT month, country, admin1, actor, count(*) AS records, sum(events) AS events,
    sum(CASE WHEN low > high THEN high ELSE low END) AS deaths_low, sum(deaths_best) AS deaths_best,
    sum(CASE WHEN low > high THEN low ELSE high END) AS deaths_high, sum(injured) AS injured,
    sum(abducted) AS abducted, count(*) - count(deaths_best) AS without_deaths
FROM actors GROUP BY ALL ORDER BY ALL NULLS FIRST'''
found = duckdb.connect().execute(question, [sys.argv[1]]).fetchnumpy()
print(len(found["records"]), *(int(found[n].sum()) for n in ("records", "deaths_low", "deaths_best", "deaths_high")))
"""

PANDAS = """
import sys
import pandas as pd
rows = pd.read_parquet(sys.argv[1])
fine = rows.date_precision.isna() | rows.date_precision.isin(["day", "days", "week", "month"])
start = pd.to_datetime(rows.date_start)
rows["month"] = start.dt.to_period("M").dt.to_timestamp().where(fine)
low = rows.deaths_low.fillna(rows.deaths_best)
high = rows.deaths_high.fillna(rows.deaths_best).fillna(rows.deaths_low)
turned = low > high
rows["deaths_low"], rows["deaths_high"] = low.where(~turned, high), high.where(~turned, low)
rows["events"] = rows.events.fillna(1)
rows["without_deaths"] = rows.deaths_best.isna()
other = rows[rows.side_b.notna() & rows.side_a.notna() & (rows.side_a != rows.side_b)]
rows["actor"] = rows.side_a.fillna(rows.side_b)
each = pd.concat([rows, other.assign(actor=other.side_b)])
each["records"] = 1
tolls = ["records", "events", "deaths_low", "deaths_best", "deaths_high", "injured", "abducted", "without_deaths"]
found = each.groupby(["month", "country", "admin1", "actor"], dropna=False)[tolls].sum(min_count=1)
print(len(found), *(int(found[n].sum()) for n in ("records", "deaths_low", "deaths_best", "deaths_high")))
"""

PROGRAMS = {
    "marsad": (MARSAD, "duckdb"),
    "plain SQL": (SQL,),
    "pandas": (PANDAS,),
    "marsad, Spark": (MARSAD, "spark"),
}


def run(name: str, path: Path, runs: int) -> tuple[float, float, str]:
    """Least seconds, peak megabytes and printed result of a program."""
    code, *arguments = PROGRAMS[name]
    best, peak, result = float("inf"), 0.0, ""
    for _ in range(runs):
        begun = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            result = process.stdout.read().strip()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{name} failed on {path}")
        best = min(best, time.perf_counter() - begun)
        peak = max(peak, usage.ru_maxrss / 1024)
    return best, peak, result


def generate(folder: Path, rows: int) -> Path:
    """Invent an event table."""
    import duckdb  # noqa: PLC0415 - the programs measured import it themselves

    path = folder / f"events-{rows}.parquet"
    with duckdb.connect() as connection:
        connection.execute(GENERATOR.format(rows=rows, path=path))
    return path


def draw(points: list[dict[str, object]], picture: Path) -> None:
    """Seconds against rows, both logarithmic, told apart by shape and dash as well as by grey."""
    import altair as alt  # noqa: PLC0415 - slow to import

    base = alt.Chart({"values": points}).encode(
        x=alt.X("rows:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s", title="rows of the event table")),
        y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), axis=alt.Axis(title="seconds, whole process")),
        color=alt.Color("program:N", scale=alt.Scale(range=["#000000", "#777777", "#444444", "#999999"]), legend=None),
        strokeDash=alt.StrokeDash("program:N", legend=None),
        shape=alt.Shape("program:N", title=None),
    )
    chart = (base.mark_line() + base.mark_point(size=70, filled=True, opacity=1)).properties(
        width=520, height=320, title="Measures by month, first-level area and actor"
    )
    chart.save(picture)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10_000_000, help="rows of the largest table")
    parser.add_argument("--spark", action="store_true", help="run on Spark as well")
    parser.add_argument("--picture", type=Path, help="where to draw the growth: .svg or .png")
    options = parser.parse_args()
    names = [name for name in PROGRAMS if options.spark or name != "marsad, Spark"]
    points: list[dict[str, object]] = []
    print(f"{'rows':>11} {'program':<14} {'seconds':>8} {'us a row':>9} {'peak MB':>8} {'/ plain SQL':>11}  result")
    with tempfile.TemporaryDirectory() as folder:
        for rows in [10**n for n in range(4, 9) if 10**n <= options.most]:
            path = generate(Path(folder), rows)
            found = {name: run(name, path, RUNS) for name in names if name != "pandas" or rows <= MOST_FOR_PANDAS}
            plain = found["plain SQL"][0]
            for name, (seconds, peak, result) in found.items():
                same = "same" if result == found["marsad"][2] else f"DIFFERS: {result}"
                print(f"{rows:>11,} {name:<14} {seconds:>8.2f} {seconds / rows * 1e6:>9.2f} {peak:>8.0f}", end="")
                print(f" {seconds / plain:>11.2f}  {same}", flush=True)
                points.append({"rows": rows, "program": name, "seconds": seconds})
            if rows == 10_000_000:
                print(f"{'':>11} bar: {BAR} s; {'met' if found['marsad'][0] <= BAR else 'NOT MET'}")
    if options.picture is not None:
        draw(points, options.picture)
        print(f"picture: {options.picture}")


if __name__ == "__main__":
    main()
