"""Charts of values over time: a line with turning points, two windows with their levels, placebo ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from marsad.analysis.charts import BLACK, BLUE, GREY, ORANGE, VERMILLION, altair, counting, data, finish, temporal

__all__ = ["Level", "line", "strip"]

_PLOT, _ROW = 220, 16


@dataclass(frozen=True, slots=True)
class Level:
    """A mean level over a window: first and last day, height, and its words."""

    start: str
    end: str
    value: float
    text: str


def line(
    points: Sequence[tuple[str, float | None]],
    marks: Sequence[tuple[str, str]],
    *,
    title: str,
    levels: Sequence[Level] = (),
) -> dict[str, Any]:
    """Values over time with turning points as dashed rules, each with its title, and mean levels as thick lines.

    The titles stand in rows of their own above the line, so that no number of turning points hides it.
    """
    alt = altair()
    height = _PLOT + _ROW * len(marks)
    rows = [{"date": day, "value": value} for day, value in points]
    numbers = [0.0, *(value for _, value in points if value is not None)]
    top = (max(numbers) or 1) * 1.05
    room = alt.Scale(domain=[min(numbers), top * height / _PLOT], nice=False)
    whole = all(float(number).is_integer() for number in numbers)
    ticks = _ticks(min(numbers), top, whole=whole)
    axis = alt.Axis(values=ticks, format=",d" if whole else ",~f", titleAnchor="start")
    y = alt.Y("value:Q", title=title, scale=room, axis=axis)
    base = alt.Chart(data(rows)).mark_line(color=BLUE, strokeWidth=1.6, point=len(rows) <= 24)
    layers = [*_rules(points, marks, height), base.encode(x=temporal("date"), y=y)]
    if levels:
        means = alt.Chart(data([asdict(level) for level in levels]))
        thick = means.mark_rule(color=VERMILLION, strokeWidth=3, strokeDash=[9, 3])
        layers.append(thick.encode(x=temporal("start"), x2="end:T", y=y))
        for look in ({"stroke": "white", "strokeWidth": 4}, {}):
            words = means.mark_text(align="left", baseline="bottom", dy=-5, dx=3, fontWeight="bold", **look)
            layers.append(words.encode(x=temporal("start"), y=y, text="text:N"))
    return finish(alt.layer(*layers), height=height)


def _ticks(low: float, high: float, *, whole: bool, wanted: int = 5) -> list[float]:
    """Round values between two bounds, so that the axis ends where the values do and not beside the titles above."""
    rough = max((high - low) / wanted, 1 if whole else 0)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(step * n, 10) for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _rules(points: Sequence[tuple[str, float | None]], marks: Sequence[tuple[str, str]], height: int) -> list[Any]:
    """Dashed rules, the latest from the top row: a title left of its rule then meets no earlier one."""
    alt = altair()
    days = sorted(day for day, _ in points)
    early = days[len(days) * 2 // 5]
    layers = []
    for row, (day, text) in enumerate(sorted(marks, reverse=True)):
        top, side = 2 + _ROW * row, 1 if day < early else -1
        base = alt.Chart(data([{"date": day, "text": text}])).encode(x=temporal("date"))
        layers.append(base.mark_rule(color=GREY, strokeDash=[4, 3]).encode(y=alt.value(top), y2=alt.value(height)))
        mark = base.mark_text(align="left" if side > 0 else "right", dx=4 * side, baseline="top", color=BLACK)
        layers.append(mark.encode(y=alt.value(top), text="text:N"))
    return layers


def strip(values: Sequence[float], real: float, *, title: str, text: str) -> dict[str, Any]:
    """A histogram of placebo ratios on a log axis, with the real ratio as a rule."""
    alt = altair()
    x = alt.X(
        "ratio:Q",
        title=title,
        scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(tickCount=8, format=",~r"),
    )
    rows = _histogram(values)
    bars = alt.Chart(data(rows)).mark_rect(color=ORANGE, stroke="white")
    counted = alt.Y("zero:Q", title="False turning points", axis=counting(int(max(row["count"] for row in rows))))
    marks = [{"ratio": real, "text": text}, {"ratio": 1.0, "text": "no change"}]
    rule, one = (alt.Chart(data([mark])).encode(x=x) for mark in marks)
    side = {"align": "right", "dx": -6} if real > 1 else {"align": "left", "dx": 6}
    other = {"align": "left", "dx": 6} if real > 1 else {"align": "right", "dx": -6}
    layers = [
        bars.encode(x=x, x2="end:Q", y=counted, y2="count:Q"),
        one.mark_rule(color=GREY, strokeDash=[4, 3]),
        one.mark_text(baseline="top", color=GREY, **other).encode(y=alt.value(2), text="text:N"),
        rule.mark_rule(color=BLACK, strokeWidth=2.5),
        rule.mark_text(baseline="top", fontWeight="bold", **side).encode(y=alt.value(2), text="text:N"),
    ]
    return finish(alt.layer(*layers), height=180)


def _histogram(values: Sequence[float], bins: int = 20) -> list[dict[str, float]]:
    """Counts of positive values in bins of equal ratio."""
    low, high = min(values), max(values)
    if low == high:
        low, high = low / 1.05, high * 1.05
    step = (high / low) ** (1 / bins)
    edges = [low * step**index for index in range(bins + 1)]
    counts = [0] * bins
    for value in values:
        place = sum(value >= edge for edge in edges[1:-1])
        counts[place] += 1
    pairs = zip(edges[:-1], edges[1:], counts, strict=True)
    return [{"ratio": round(a, 6), "end": round(b, 6), "count": n, "zero": 0} for a, b, n in pairs if n]
