"""Charts of values over time: a line with turning points, two windows with their levels, placebo ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from marsad.analysis.charts import BLACK, BLUE, GREY, ORANGE, VERMILLION, altair, data, finish, temporal

__all__ = ["Level", "line", "strip"]

_LABEL_ROWS = 3


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
    """Values over time with turning points as dashed rules, each with its title, and mean levels as thick lines."""
    alt = altair()
    rows = [{"date": day, "value": value} for day, value in points]
    y = alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=5, format=","))
    base = alt.Chart(data(rows)).mark_line(color=BLUE, strokeWidth=1.6, point=len(rows) <= 24)
    layers = [base.encode(x=temporal("date"), y=y), *_rules(points, marks)]
    if levels:
        bars = alt.Chart(data([asdict(level) for level in levels]))
        thick = bars.mark_rule(color=VERMILLION, strokeWidth=3, strokeDash=[9, 3])
        layers.append(thick.encode(x="start:T", x2="end:T", y="value:Q"))
        words = bars.mark_text(align="left", baseline="bottom", dy=-5, dx=3, fontWeight="bold", color=BLACK)
        layers.append(words.encode(x="start:T", y="value:Q", text="text:N"))
    return finish(alt.layer(*layers), height=280)


def _rules(points: Sequence[tuple[str, float | None]], marks: Sequence[tuple[str, str]]) -> list[Any]:
    """Dashed rules with titles, staggered at the top, on the side of the rule where there is room."""
    if not marks:
        return []
    alt = altair()
    days = sorted(day for day, _ in points)
    middle = days[len(days) // 2]
    top = [
        {"date": day, "text": text, "row": index % _LABEL_ROWS} for index, (day, text) in enumerate(sorted(marks))
    ]
    layers = [alt.Chart(data(top)).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x="date:T")]
    for align, sign in (("right", -1), ("left", 1)):
        for row in range(_LABEL_ROWS):
            here = [mark for mark in top if mark["row"] == row and (str(mark["date"]) >= middle) == (sign < 0)]
            if here:
                text = alt.Chart(data(here)).mark_text(align=align, dx=4 * sign, baseline="top", color=BLACK)
                layers.append(text.encode(x="date:T", y=alt.value(2 + 16 * row), text="text:N"))
    return layers


def strip(values: Sequence[float], real: float, *, title: str, text: str) -> dict[str, Any]:
    """A histogram of placebo ratios on a log axis, with the real ratio as a rule."""
    alt = altair()
    x = alt.X("ratio:Q", title=title, scale=alt.Scale(type="log", nice=False, padding=12), axis=alt.Axis(tickCount=8))
    rows = _histogram(values)
    bars = alt.Chart(data(rows)).mark_bar(color=ORANGE, stroke="white")
    counted = alt.Y("count:Q", title="False turning points", axis=alt.Axis(tickMinStep=1, tickCount=5, format=",d"))
    rule = alt.Chart(data([{"ratio": real, "text": text}]))
    layers = [
        bars.encode(x=x, x2="end:Q", y=counted),
        rule.mark_rule(color=BLACK, strokeWidth=2.5).encode(x="ratio:Q"),
        rule.mark_text(align="right", dx=-6, baseline="top", fontWeight="bold").encode(
            x="ratio:Q", y=alt.value(2), text="text:N"
        ),
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
    pairs = zip(edges, edges[1:], counts, strict=False)
    return [{"ratio": round(a, 6), "end": round(b, 6), "count": n} for a, b, n in pairs if n]
