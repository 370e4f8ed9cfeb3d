"""Forecasts: how good the models were at past origins, how calibrated, and what they cost for growing panels.

    python benchmarks/forecast.py scores --panel cm_panel.parquet --document docs/forecast.md --region held-out
    python benchmarks/forecast.py calibration scores.npz --picture docs/forecast-calibration.png
    python benchmarks/forecast.py growth --panel cm_panel.parquet --picture docs/forecast-growth.png
    python benchmarks/forecast.py sample docs/sample-panel.csv

``scores`` runs every model of the registry at each origin and writes Markdown tables into a marked region of a
document; ``--save`` keeps the scores for ``calibration``, which draws the picture. ``growth`` fits and draws for panels
of growing size, made by resampling units with noise, each in a process of its own, beside the last twelve months drawn
with plain numpy. ``sample`` writes the invented panel of the documentation. What goes on is told on standard error.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import forecast_tables as tables

ORIGINS = ("2017-10", "2018-10", "2019-10", "2020-10")
STEPS = range(3, 15)
DRAWS = 1000
SIZES = (50, 191, 500, 1_000, 3_000, 10_000)
PLAIN = "plain numpy"
NOISE = 0.3


@dataclass
class Clock:
    """What every model has taken so far, in seconds of fitting and of drawing; it tells on standard error."""

    fitting: dict[str, float] = field(default_factory=dict)
    drawing: dict[str, float] = field(default_factory=dict)

    def add(self, kind: dict[str, float], name: str, begun: float) -> None:
        """Count what has passed since the beginning."""
        kind[name] = kind.get(name, 0.0) + time.perf_counter() - begun


@dataclass(frozen=True)
class Timed:
    """A model that tells when it is fitted, and how long it takes."""

    model: Any
    clock: Clock

    @property
    def name(self) -> str:
        """The model's own."""
        return str(self.model.name)

    def fit(self, panel: Any, origin: int) -> Any:
        """Fit the model."""
        from marsad.forecast import month_text  # noqa: PLC0415 - the plain program of `growth` needs none of it

        print(f"{time.strftime('%H:%M:%S')} {month_text(origin)} {self.name}", file=sys.stderr, flush=True)
        begun = time.perf_counter()
        found = self.model.fit(panel, origin)
        self.clock.add(self.clock.fitting, self.name, begun)
        return TimedFit(found, self.name, self.clock)


@dataclass(frozen=True)
class TimedFit:
    """A fitted model that counts how long it draws."""

    fitted: Any
    name: str
    clock: Clock

    @property
    def units(self) -> tuple[str, ...]:
        """The fitted model's own."""
        return tuple(self.fitted.units)

    def draw(self, steps: Sequence[int], n: int, seed: int) -> Any:
        """Draw."""
        begun = time.perf_counter()
        found = self.fitted.draw(steps, n, seed)
        self.clock.add(self.clock.drawing, self.name, begun)
        return found


def read(given: argparse.Namespace) -> Any:
    """The panel of the options, cut where they say so."""
    from marsad.forecast import PanelColumns, parse_month, read_panel  # noqa: PLC0415 - as above

    panel = read_panel(given.panel, PanelColumns(given.unit, given.time, given.target, given.vintage or None))
    return panel if given.until is None else panel.up_to(parse_month(given.until))


def scores(given: argparse.Namespace) -> None:
    """Run the backtest; print the tables, and write them where the options say so."""
    from marsad.forecast import parse_month, run_backtest  # noqa: PLC0415 - as above
    from marsad.forecast.models import MODELS  # noqa: PLC0415 - the same

    begun = time.perf_counter()
    clock = Clock()
    models = [Timed(MODELS[name](), clock) for name in given.models or MODELS]
    first, last = map(int, given.steps.split(":"))
    found = run_backtest(
        read(given),
        models,
        origins=[parse_month(origin) for origin in given.origins],
        steps=range(first, last + 1),
        draws=given.draws,
    )
    whole = time.perf_counter() - begun
    told = tables.all_tables(
        found, against=given.against, chosen=[unit for unit in given.chosen if unit in found.units]
    )
    told += f"\n\n**Time** of the whole backtest: {whole:,.0f} s, {peak():.2f} GB.\n\n" + costs(clock)
    print(told)
    if given.document is not None:
        given.document.write_text(tables.filled(given.document.read_text("utf-8"), given.region, told), "utf-8")
    if given.save is not None:
        tables.save(found, given.save)
    if given.picture is not None:
        tables.draw_calibration(found, given.shown or found.models[-1:], given.picture)


def costs(clock: Clock) -> str:
    """Seconds of fitting and drawing by model, over all origins."""
    lines = [[name, f"{clock.fitting[name]:,.1f}", f"{clock.drawing.get(name, 0):,.1f}"] for name in clock.fitting]
    return tables.markdown(["model", "fitting, s", "drawing, s"], lines)


def peak() -> float:
    """The most memory that this process has held, in GB."""
    import resource  # noqa: PLC0415 - where there is none, only this fails

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def calibration(given: argparse.Namespace) -> None:
    """Draw the picture from saved scores, and print what it shows at 50, 80, 90 and 95 %."""
    found = tables.load(given.scores)
    shown = given.shown or list(found.models)
    tables.draw_calibration(found, shown, given.picture)
    _, held = tables.calibration_rows(found, shown)
    rows: dict[tuple[object, object], list[str]] = {}
    for one in held:
        if one["level"] in {0.5, 0.8, 0.9, 0.95}:
            rows.setdefault((one["model"], one["group"]), []).append(f"{one['held']:.1%}")
    lines = [[f"{model}, {group}", *cells] for (model, group), cells in rows.items()]
    print(tables.markdown(["months inside the central interval", "50 %", "80 %", "90 %", "95 %"], lines))


def resampled(values: NDArray[np.float64], size: int, seed: int = 1) -> NDArray[np.float64]:
    """Units x months of a panel of any size: real units drawn with replacement, each scaled and counted anew.

    A unit's counts are Poisson around its own times a log-normal factor; what is not known stays unknown.
    """
    rng = np.random.default_rng(seed)
    rows = np.arange(size) if size <= len(values) else rng.integers(0, len(values), size)
    chosen = values[rows]
    factor = np.exp(rng.normal(0, NOISE, (size, 1)))
    counted = rng.poisson(np.nan_to_num(chosen) * factor).astype(np.float64)
    return np.where(np.isnan(chosen), np.nan, counted)


def one(given: argparse.Namespace) -> None:
    """Fit and draw once for a panel of one size; print the seconds of both as JSON."""
    with np.load(given.values) as file:
        values, first = resampled(file["values"], given.size), int(file["first"])
    busy = time.process_time()
    if given.model == PLAIN:
        begun = time.perf_counter()
        window = values[:, -12:].copy()
        fitted = time.perf_counter()
        rng = np.random.default_rng(0)
        for _ in STEPS:
            np.take_along_axis(window, rng.integers(0, 12, (len(window), DRAWS)), axis=1)
    else:
        from marsad.forecast import Panel  # noqa: PLC0415 - the plain program needs none of it
        from marsad.forecast.backtest import draws_in_parts  # noqa: PLC0415 - the same
        from marsad.forecast.models import MODELS  # noqa: PLC0415 - the same

        busy = time.process_time()  # without the imports
        units = tuple(f"unit {number}" for number in range(len(values)))
        panel = Panel("count", units, first, values, ("made",), np.where(np.isnan(values), -1, 0).astype(np.int16))
        begun = time.perf_counter()
        model = MODELS[given.model]().fit(panel, panel.last)
        fitted = time.perf_counter()
        for _ in draws_in_parts(model, STEPS, DRAWS, 0):
            pass
    told = {"fit": fitted - begun, "draw": time.perf_counter() - fitted, "cpu": time.process_time() - busy}
    print(json.dumps(told))


def measure(values: Path, size: int, model: str) -> dict[str, Any]:
    """Run one program in a process of its own: seconds of fitting, drawing and the whole, peak memory in GB."""
    begun = time.perf_counter()
    command = [sys.executable, __file__, "one", str(values), "--size", str(size), "--model", model]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        told = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{model} failed for {size} units")
    found = {"units": size, "model": model, "whole": time.perf_counter() - begun}
    seconds: dict[str, float] = json.loads(told)
    return {**found, **seconds, "gigabytes": usage.ru_maxrss / 1e6}


def growth(given: argparse.Namespace) -> None:
    """Measure each model for each size; print and write the table, and draw the picture."""
    panel = read(given)
    points: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="marsad-growth-") as folder:
        values = Path(folder) / "values.npz"
        np.savez(values, values=panel.values, first=panel.first)
        for size in sorted(given.sizes):
            for model in [PLAIN, *given.models]:
                before = [point for point in points if point["model"] == model]
                if before and before[-1]["whole"] * size / before[-1]["units"] > given.patience:
                    print(f"{size:>7,} {model:<18} left out: it would take too long", file=sys.stderr, flush=True)
                    continue
                found = measure(values, size, model)
                points.append(found)
                print(
                    f"{size:>7,} {model:<18} fit {found['fit']:8.2f} s  draw {found['draw']:7.2f} s  "
                    f"{found['gigabytes']:5.2f} GB",
                    file=sys.stderr,
                    flush=True,
                )
    told = growth_table(points)
    print(told)
    if given.document is not None:
        given.document.write_text(tables.filled(given.document.read_text("utf-8"), given.region, told), "utf-8")
    if given.picture is not None:
        draw_growth(points, given.picture)


def growth_table(points: Sequence[Mapping[str, Any]]) -> str:
    """By model and size: seconds, memory; how often the plain program's seconds of CPU, and how these grow.

    On a machine that others use, seconds of CPU tell more than those of the clock.
    """
    plain = {point["units"]: point["cpu"] for point in points if point["model"] == PLAIN}
    lines = []
    for model in dict.fromkeys(point["model"] for point in points):
        own = [point for point in points if point["model"] == model]
        before: Mapping[str, Any] | None = None
        for point in own:
            exponent = ""
            if before is not None:
                ratio = math.log(point["cpu"] / before["cpu"])
                exponent = f"{ratio / math.log(point['units'] / before['units']):.2f}"
            lines.append(
                [
                    model,
                    f"{point['units']:,}",
                    f"{point['fit']:,.2f}",
                    f"{point['draw']:,.2f}",
                    f"{point['cpu']:,.2f}",
                    f"{point['cpu'] / plain[point['units']]:,.1f}",
                    f"{point['gigabytes']:.2f}",
                    exponent,
                ]
            )
            before = point
    heading = [
        "model",
        "units",
        "fitting, s",
        "drawing, s",
        "both, CPU s",
        "times plain numpy",
        "memory, GB",
        "exponent of growth",
    ]
    return tables.markdown(heading, lines)


def draw_growth(points: Sequence[Mapping[str, Any]], picture: Path) -> None:
    """Seconds against units, both logarithmic, told apart by shape and dash as well as by grey."""
    import altair as alt  # noqa: PLC0415 - slow to import

    rows = [{"units": point["units"], "seconds": point["cpu"], "model": point["model"]} for point in points]
    base = alt.Chart({"values": rows}).encode(
        x=alt.X(
            "units:Q", scale=alt.Scale(type="log", nice=False), axis=alt.Axis(format="~s", title="units of the panel")
        ),
        y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), axis=alt.Axis(title="seconds of CPU to fit and to draw")),
        color=alt.Color("model:N", scale=alt.Scale(range=["#000000", "#777777", "#444444", "#999999"]), legend=None),
        strokeDash=alt.StrokeDash("model:N", legend=None),
        shape=alt.Shape("model:N", title=None),
    )
    last = rows[-1]
    sizes = sorted({row["units"] for row in rows})
    linear = [{"units": n, "seconds": last["seconds"] * n / last["units"]} for n in (sizes[0], sizes[-1])]
    slope = alt.Chart({"values": linear}).mark_line(color="#cccccc", size=5).encode(x="units:Q", y="seconds:Q")
    chart = slope + base.mark_line() + base.mark_point(size=70, filled=True, opacity=1)
    chart.properties(
        width=520, height=320, background="white", title="1,000 draws x 12 months; wide grey: growth in proportion"
    ).save(picture, scale_factor=1.5)


def sample(path: Path) -> None:
    """Invent monthly deaths of eight provinces from 2015 to 2024, and write them as CSV."""
    rng = np.random.default_rng(20)
    months = 120
    lines = ["province,month,deaths"]
    for number, mean in enumerate((0.0, 0.05, 0.3, 1.5, 5.0, 12.0, 30.0, 80.0)):
        swing = np.cumsum(rng.normal(0, 0.25, months))
        rate = mean * np.exp(swing - swing.mean())
        counts = rng.negative_binomial(1.2, 1.2 / (1.2 + np.maximum(rate, 1e-9)))
        for month, count in enumerate(counts):
            when = f"{2015 + month // 12}-{month % 12 + 1:02d}"
            lines.append(f"Invented {'ABCDEFGH'[number]},{when},{int(count)}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def options() -> argparse.ArgumentParser:
    """What the program understands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    scored = commands.add_parser("scores")
    scored.add_argument("--origins", nargs="+", default=list(ORIGINS), help="YYYY-MM")
    scored.add_argument("--steps", default="3:14")
    scored.add_argument("--draws", type=int, default=DRAWS)
    scored.add_argument("--models", nargs="+", help="of the registry; all if left out")
    scored.add_argument("--against", default="conflictology", help="the model that the others are compared with")
    scored.add_argument("--chosen", nargs="*", default=["Pakistan"], help="units with a table of their own")
    scored.add_argument("--save", type=Path, help="where to keep the scores (.npz) for `calibration`")
    scored.add_argument("--shown", nargs="+", help="models of the picture; the last if left out")
    grown = commands.add_parser("growth")
    grown.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    grown.add_argument("--models", nargs="+", default=["conflictology", "empirical", "combined"])
    grown.add_argument("--patience", type=float, default=1800, help="seconds; what would take longer is left out")
    for command, region in ((scored, "held-out"), (grown, "growth")):
        command.add_argument("--panel", type=Path, required=True, help="CSV or Parquet")
        command.add_argument("--unit", default="country")
        command.add_argument("--time", default="month_id")
        command.add_argument("--target", default="ged_sb")
        command.add_argument("--vintage", default="source", help="empty for none")
        command.add_argument("--until", help="YYYY-MM: nothing later is read")
        command.add_argument("--document", type=Path, help="a Markdown file with marked regions")
        command.add_argument("--region", default=region)
        command.add_argument("--picture", type=Path, help="where to draw: .svg or .png")
    single = commands.add_parser("one")
    single.add_argument("values", type=Path)
    single.add_argument("--size", type=int, required=True)
    single.add_argument("--model", required=True)
    shown = commands.add_parser("calibration")
    shown.add_argument("scores", type=Path, help="what `scores --save` wrote")
    shown.add_argument("--shown", nargs="+", help="which models; all if left out")
    shown.add_argument("--picture", type=Path, required=True, help="where to draw: .svg or .png")
    made = commands.add_parser("sample")
    made.add_argument("path", type=Path)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the arguments say."""
    given = options().parse_args(arguments)
    if given.command == "sample":
        sample(given.path)
    else:
        {"scores": scores, "growth": growth, "one": one, "calibration": calibration}[given.command](given)


if __name__ == "__main__":
    main()
