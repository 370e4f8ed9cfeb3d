"""Tables and pictures of a backtest: Markdown for `docs/forecast.md`, and how well calibrated its models were."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marsad.forecast.backtest import LEVELS, MEASURES, Backtest, Row, score_table
from marsad.forecast.comparing import cluster_error, compare
from marsad.forecast.months import month_text

PUBLISHED: Mapping[str, Sequence[float]] = {
    "zero": (24.13, 23.02, 32.04, 87.34),
    "conflictology": (14.48, 9.15, 21.34, 76.85),
}
"""CRPS of the VIEWS 2023/24 prediction challenge for its windows 2018 to 2021."""

PUBLISHED_FOR = ("2018", "2019", "2020", "2021")
PUBLISHED_UNITS = 191

GROUPS = ("all months", "25 or more in the year before", "months with violence")
"""Of which months the picture of calibration shows; only the first two are known at the origin."""

MOST_COLUMNS = 6
NORMAL = 1.96
FORMATS: Mapping[str, Callable[[float], str]] = {
    "crps": "{:,.2f}".format,
    "ign": "{:.3f}".format,
    "mis": "{:,.1f}".format,
    "crps_log1p": "{:.4f}".format,
    "covered": "{:.1%}".format,
    "width": "{:,.1f}".format,
}
TITLES = {
    "crps": "CRPS",
    "ign": "log score, bits",
    "mis": "interval score",
    "crps_log1p": "CRPS of log(1 + count)",
    "covered": "inside 90 %",
    "width": "width of 90 %",
}


def window_name(window: str) -> str:
    """`2018` for the months of a calendar year, else both ends in words."""
    first, last = window.split("/")
    whole = first[:4] == last[:4] and first.endswith("-01") and last.endswith("-12")
    return first[:4] if whole else f"{first} to {last}"


def markdown(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the first column is text, the others are numbers."""
    lines = [heading, ["---", *("---:" for _ in heading[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def wide(rows: Sequence[Row], column: str, value: str, extra: Mapping[str, Sequence[str]] | None = None) -> str:
    """Models down and the values of a column across, or turned round where these are many.

    Args:
        rows: of `score_table`, by model and the column.
        column: what goes across.
        value: which measure.
        extra: more rows: texts, one a column.
    """
    models = list(dict.fromkeys(str(row["model"]) for row in rows))
    names = list(dict.fromkeys(str(row[column]) for row in rows))
    found = {(str(row["model"]), str(row[column])): float(row[value]) for row in rows}

    def cell(model: str, name: str) -> str:
        number = found.get((model, name), math.nan)
        return "" if math.isnan(number) else FORMATS[value](number)

    if len(names) > MOST_COLUMNS:
        lines = [[name, *(cell(model, name) for model in models)] for name in names]
        return markdown(["", *models], lines)
    more = [[label, *cells] for label, cells in (extra or {}).items()]
    return markdown(["model", *names], [[model, *(cell(model, name) for name in names)] for model in models] + more)


def by_window(found: Backtest, title: str = "all together") -> str:
    """CRPS by window and over all; beside the published ones where the backtest is the challenge's."""
    rows = [{**row, "window": window_name(str(row["window"]))} for row in score_table(found, ["window", "model"])]
    rows += [{**row, "window": title} for row in score_table(found, ["model"])]
    names = tuple(window_name(window) for window in found.windows)
    extra = {}
    if names == PUBLISHED_FOR and len(found.units) == PUBLISHED_UNITS:
        for model, figures in PUBLISHED.items():
            extra[f"{model}, as published"] = [f"{figure:.2f}" for figure in (*figures, float(np.mean(figures)))]
    return wide(rows, "window", "crps", extra)


def overall(found: Backtest) -> str:
    """Every measure by model; coverage of months with violence with its 95 % interval over units."""
    measures = [name for name in MEASURES if name in found.scores]
    lines = []
    for row in score_table(found, ["model"]):
        figures = [FORMATS[name](float(row[name])) for name in measures]
        lines.append([str(row["model"]), *figures, violent_coverage(found, str(row["model"]))])
    return markdown(["model", *(TITLES[name] for name in measures), "inside 90 %, months with violence (95 %)"], lines)


def violent_coverage(found: Backtest, model: str) -> str:
    """The share of cells with a count above zero inside the 90 % interval, with units as what is sampled."""
    inside = np.where(found.observed > 0, found.scores["covered"][found.index(model)], np.nan)
    sums, counts = np.nansum(inside, axis=(0, 2)), (~np.isnan(inside)).sum(axis=(0, 2))
    if not counts.sum():
        return ""
    mean, reach = sums.sum() / counts.sum(), NORMAL * cluster_error(sums, counts)
    return f"{mean:.1%} ({max(mean - reach, 0):.1%} to {min(mean + reach, 1):.1%})"


def by_level(found: Backtest, measure: str) -> str:
    """A measure by the level of violence in the year up to the origin; how many cells there are in the last line."""
    rows = score_table(found, ["level", "model"])
    names = [name for name in (*LEVELS, "not known") if any(row["level"] == name for row in rows)]
    ordered = [row for name in names for row in rows if row["level"] == name]
    cells = {str(row["level"]): int(row["cells"]) + int(row["missing"]) for row in ordered}
    return wide(ordered, "level", measure, {"unit-months": [f"{cells[name]:,}" for name in names]})


def skills(found: Backtest, against: str) -> str:
    """1 - CRPS / the CRPS of one model, by level of violence in the year up to the origin."""
    rows = score_table(found, ["level", "model"])
    usual = {row["level"]: float(row["crps"]) for row in rows if row["model"] == against}
    names = [name for name in (*LEVELS, "not known") if usual.get(name)]
    found_by = {(row["model"], row["level"]): float(row["crps"]) for row in rows}
    lines = []
    for model in found.models:
        if model != against:
            shares = [1 - found_by[model, name] / usual[name] for name in names]
            lines.append([model, *("" if math.isnan(share) else _signed(share, "{:.1%}".format) for share in shares)])
    return markdown(["model", *names], lines)


def by_unit(found: Backtest, against: str, most: int = 10) -> str:
    """The units with most of one model's CRPS: their share of it, and the mean CRPS of every model."""
    sums = np.nansum(found.scores["crps"][found.index(against)], axis=(0, 2))
    rows = {(row["unit"], row["model"]): float(row["crps"]) for row in score_table(found, ["unit", "model"])}
    lines = []
    for place in np.argsort(-sums, kind="stable")[:most]:
        unit = found.units[place]
        share = sums[place] / sums.sum() if sums.sum() else 0.0
        lines.append([unit, f"{share:.1%}", *(FORMATS["crps"](rows[unit, model]) for model in found.models)])
    return markdown(["unit", f"share of {against}", *found.models], lines)


def heaviest(found: Backtest, model: str) -> tuple[str, float]:
    """The unit with most of a model's CRPS, and its share of all."""
    sums = np.nansum(found.scores["crps"][found.index(model)], axis=(0, 2))
    place = int(sums.argmax())
    return found.units[place], float(sums[place] / sums.sum()) if sums.sum() else 0.0


def differences(found: Backtest, against: str) -> str:
    """Each model less one of them: mean differences, with the widest of three 95 % intervals."""
    measures = [name for name in ("crps", "ign", "mis", "crps_log1p") if name in found.scores]
    lines = []
    for model in found.models:
        if model == against:
            continue
        told = [compare(found, model, against, score=name) for name in measures]
        cells = []
        for name, one in zip(measures, told, strict=True):
            low, high = one.widest
            form = FORMATS[name]
            cells.append(f"{_signed(one.difference, form)} ({_signed(low, form)} to {_signed(high, form)})")
        first = told[0]
        counts = f"{first.units_better} / {first.units_worse}"
        rest = f"{_signed(first.without_heaviest, FORMATS['crps'])} ({first.heaviest})"
        skill = "" if math.isnan(first.skill) else _signed(first.skill, "{:.1%}".format)
        lines.append([model, *cells, skill, counts, rest])
    names = [TITLES[name] for name in measures]
    more = ["skill in CRPS", "units better / worse", "difference in CRPS without its heaviest unit"]
    return markdown(["model", *names, *more], lines)


def _signed(number: float, form: Callable[[float], str]) -> str:
    return ("−" if number < 0 else "+") + form(abs(number))


def all_tables(found: Backtest, *, against: str, chosen: Sequence[str]) -> str:
    """Everything that is told of a backtest, as Markdown."""
    count = int((~np.isnan(found.observed)).sum())
    spans = "; ".join(f"{s.vintage}: {month_text(s.first)} to {month_text(s.last)}" for s in found.vintages)
    origins = ", ".join(map(month_text, found.origins))
    if len(found.origins) > MOST_COLUMNS:
        origins = f"{len(found.origins)} from {month_text(found.origins[0])} to {month_text(found.origins[-1])}"
    about = (
        f"{len(found.units):,} units, {count:,} unit-months; origins {origins}; {min(found.steps)} to "
        f"{max(found.steps)} months ahead; {found.draws:,} draws. Versions of the data: {spans}."
    )
    parts = [
        about,
        "**Mean CRPS by window** (in units of the count; smaller is better)",
        by_window(found),
        "**All measures, all windows together**",
        overall(found),
        "**Mean CRPS by violence in the twelve months up to the origin**",
        by_level(found, "crps"),
        "**Share of months inside the 90 % interval, by the same levels**",
        by_level(found, "covered"),
    ]
    for unit in chosen:
        others = [name for name in found.units if name != unit]
        parts += [f"**Mean CRPS of {unit} alone**", by_window(found.without(others))]
    if against in found.models:
        unit, share = heaviest(found, against)
        title = (
            f"**Differences to {against}**, all windows together (below zero: the model is better; in brackets the "
            "widest of three 95 % intervals: over months, over blocks of months, over units)"
        )
        parts += [
            f"**Skill in CRPS against {against}, by the same levels** (above zero: better)",
            skills(found, against),
            f"**Mean CRPS of the units with most of the CRPS of {against}**",
            by_unit(found, against),
            f"**Mean CRPS by window without {unit}**, which has {share:.0%} of the CRPS of {against}",
            by_window(found.without([unit])),
            title,
            differences(found, against),
        ]
    return "\n\n".join(part.strip() for part in parts)


def filled(text: str, region: str, table: str) -> str:
    """A document with what stands between `<!-- begin REGION -->` and `<!-- end REGION -->` replaced.

    Raises:
        SystemExit: the document does not have the region exactly once.
    """
    begin, end = f"<!-- begin {region} -->", f"<!-- end {region} -->"
    pattern = re.compile(f"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise SystemExit(f"The document needs the lines {begin} and {end} exactly once")
    return pattern.sub(lambda _: f"{begin}\n\n{table.strip()}\n\n{end}", text)


def save(found: Backtest, path: Path) -> None:
    """Write a backtest's scores, so that pictures need no second run."""
    about = {
        "target": found.target,
        "models": found.models,
        "origins": found.origins,
        "units": found.units,
        "steps": found.steps,
        "draws": found.draws,
        "measures": list(found.scores),
    }
    arrays = {f"score {name}": score for name, score in found.scores.items()}
    np.savez_compressed(
        path,
        about=np.array(json.dumps(about)),
        observed=found.observed,
        recent=found.recent,
        pit=found.pit,
        allow_pickle=False,
        **arrays,
    )


def load(path: Path) -> Backtest:
    """Read what `save` wrote; the vintages are not kept."""
    with np.load(path, allow_pickle=False) as file:
        about = json.loads(str(file["about"]))
        return Backtest(
            target=about["target"],
            models=tuple(about["models"]),
            origins=tuple(about["origins"]),
            units=tuple(about["units"]),
            steps=tuple(about["steps"]),
            draws=about["draws"],
            observed=file["observed"],
            recent=file["recent"],
            scores={name: file[f"score {name}"] for name in about["measures"]},
            pit=file["pit"],
            vintages=(),
        )


def calibration_rows(found: Backtest, models: Sequence[str]) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """What the picture shows: the PIT in ten bins, and how many values central intervals of each level held.

    Held is what the randomised PIT says: its values within (1 - level) / 2 of the middle. Of a calibrated forecast that
    is the level, also for counts, for which plain intervals hold too many.
    """
    violent = np.broadcast_to((found.recent >= LEVELS["25 to 999"])[..., None], found.observed.shape)
    masks: list[NDArray[np.bool_]] = [np.ones(found.observed.shape, np.bool_), violent, found.observed > 0]
    levels = np.round(np.arange(0.05, 1.0, 0.05), 2)
    bins: list[dict[str, object]] = []
    held: list[dict[str, object]] = []
    for model in models:
        for group, kept in zip(GROUPS, masks, strict=True):
            pit = found.pit[found.index(model)][kept]
            pit = pit[~np.isnan(pit)]
            if not pit.size:
                continue
            shares = np.histogram(pit, bins=10, range=(0, 1))[0] / pit.size
            bins += [{"model": model, "group": group, "bin": b / 10, "share": float(s)} for b, s in enumerate(shares)]
            for level in levels:
                inside = float(np.mean(np.abs(pit - 0.5) <= level / 2))
                held.append({"model": model, "group": group, "level": float(level), "held": inside})
    return bins, held


def draw_calibration(found: Backtest, models: Sequence[str], picture: Path) -> None:
    """A histogram of the PIT and a curve of coverage for each model, told apart without colour."""
    import altair as alt  # noqa: PLC0415 - slow to import

    bins, held = calibration_rows(found, models)
    below = alt.Legend(orient="bottom", title=None)
    rows = []
    for model in models:
        base = alt.Chart({"values": [one for one in bins if one["model"] == model and one["group"] != GROUPS[2]]})
        bars = base.mark_bar(stroke="black", size=13).encode(
            x=alt.X("bin:O", title="probability integral transform, from", axis=alt.Axis(format=".1f", labelAngle=0)),
            xOffset=alt.XOffset("group:N", sort=GROUPS[:2]),
            y=alt.Y("share:Q", title="share of months", scale=alt.Scale(zero=True)),
            color=alt.Color("group:N", scale=alt.Scale(domain=GROUPS[:2], range=["#dddddd", "#555555"]), legend=below),
        )
        even = alt.Chart({"values": [{"y": 0.1}]}).mark_rule(strokeDash=[6, 4], size=2).encode(y="y:Q")
        lines = alt.Chart({"values": [one for one in held if one["model"] == model]}).encode(
            x=alt.X("level:Q", title="level of the central interval", axis=alt.Axis(format="%")),
            y=alt.Y("held:Q", title="months inside it", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            shape=alt.Shape("group:N", scale=alt.Scale(domain=GROUPS), legend=below),
            detail="group:N",
        )
        exact = alt.Chart({"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]}).mark_line(color="#bbbbbb", size=5)
        curve = exact.encode(x="x:Q", y="y:Q") + lines.mark_line(color="#555555", size=1)
        curve += lines.mark_point(size=45, filled=True, color="#222222", opacity=1)
        rows.append(
            alt.hconcat(
                (bars + even).properties(width=400, height=200, title=f"{model}: bars at the dashed line are good"),
                curve.properties(width=330, height=200, title="marks on the grey line are good"),
            ).resolve_scale(color="independent", shape="independent")
        )
    chart = alt.vconcat(*rows).resolve_scale(color="independent", shape="independent")
    windows = [window_name(window) for window in found.windows]
    title = f"Forecasts of {windows[0]}" + (f" to {windows[-1]}" if len(windows) > 1 else "")
    chart.properties(background="white", title=title).save(picture, scale_factor=1.5)
