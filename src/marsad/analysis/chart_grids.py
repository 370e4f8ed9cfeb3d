"""Charts of many things at once: lanes over time, a matrix of ties, figures of several reporters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from marsad.analysis.charts import BLACK, COLOURS, GREY, LIGHT, SHAPES, altair, data, finish, nominal, temporal

__all__ = ["Dot", "Lane", "Tie", "dots", "lanes", "matrix"]


@dataclass(frozen=True, slots=True)
class Lane:
    """Something in time: its row, the group of rows it is in, first and last day, and what it is."""

    row: str
    group: str
    start: str
    end: str
    text: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A cell of a matrix: a count, how it is printed, and its colour's place from -1 (hostile) to 1 (friendly)."""

    row: str
    column: str
    count: int
    text: str
    sign: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A reported value of a quantity: its row, who reported it, the number and how it is printed."""

    row: str
    group: str
    value: float
    text: str


def lanes(
    items: Sequence[Lane], groups: Sequence[str], *, domain: tuple[str, str], labelled: bool = False
) -> dict[str, Any]:
    """Rows over time: a day is a mark, a span (or a date known no closer) a bar. Groups differ in colour and shape."""
    alt = altair()
    used = [group for group in groups if any(item.group == group for item in items)]
    order = list(dict.fromkeys(item.row for group in used for item in items if item.group == group))
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1, columns=3, labelLimit=400) if len(used) > 1 else None
    colour = alt.Color("group:N", scale=_scale(used, COLOURS), legend=legend)
    shape = alt.Shape("group:N", scale=_scale(used, SHAPES), legend=legend)
    axis = alt.Axis(grid=True, ticks=False, domain=False)
    y = alt.Y("row:N", title=None, sort=order, axis=axis)
    base = alt.Chart(data(_lane_rows(items, domain))).encode(y=y)
    start = temporal("start", domain=domain)
    spans = base.transform_filter("!datum.is_mark").mark_bar(height=9, opacity=0.5, clip=True)
    span = spans.encode(x=start, x2="end:T", color=colour)
    days = base.transform_filter("datum.is_mark").mark_point(size=75, filled=True, opacity=0.85)
    point = days.encode(x=start, color=colour, shape=shape)
    layers = [span, point]
    if labelled:
        layers.append(base.mark_text(align="left", dx=9, dy=-9, color=BLACK).encode(x=start, text="text:N"))
    return finish(alt.layer(*layers), height={"step": 34 if labelled else 23})


def _lane_rows(items: Sequence[Lane], domain: tuple[str, str]) -> list[dict[str, Any]]:
    """Rows of data; what is too short for a bar (a hundredth of the axis) is a mark."""
    first, last = (date.fromisoformat(end) for end in domain)
    shortest = (last - first).days / 100
    return [
        asdict(item) | {"is_mark": (date.fromisoformat(item.end) - date.fromisoformat(item.start)).days <= shortest}
        for item in items
    ]


def _scale(used: Sequence[str], values: Sequence[str]) -> Any:
    return altair().Scale(domain=list(used), range=[values[index % len(values)] for index in range(len(used))])


def matrix(ties: Sequence[Tie], order: Sequence[str], *, rows: str, columns: str) -> dict[str, Any]:
    """A square of cells with their printed counts; colour runs from hostile over neither to friendly."""
    alt = altair()
    x_axis = alt.Axis(orient="top", labelAngle=-90, ticks=False, domain=False, grid=False)
    y_axis = alt.Axis(ticks=False, domain=False, grid=False)
    base = alt.Chart(data([asdict(tie) for tie in ties])).encode(
        x=alt.X("column:N", sort=list(order), title=columns, axis=x_axis, scale=alt.Scale(domain=list(order))),
        y=alt.Y("row:N", sort=list(order), title=rows, axis=y_axis, scale=alt.Scale(domain=list(order))),
    )
    scale = alt.Scale(domain=[-1, 0, 1], range=["#E8905A", "#F1F1F1", "#6FB1DE"])
    cells = base.mark_rect(stroke="white").encode(color=alt.Color("sign:Q", scale=scale, legend=None))
    chart = cells + base.mark_text(color=BLACK, fontSize=13).encode(text="text:N")
    return finish(chart, height={"step": 30})


def dots(values: Sequence[Dot], groups: Sequence[str], *, unit: str) -> dict[str, Any]:
    """Values of quantities, a row each; who reported them differs in colour and in shape; each has its number."""
    alt = altair()
    order = list(dict.fromkeys(value.row for value in values))
    legend = alt.Legend(title=None, orient="top", columns=3, symbolOpacity=1, labelLimit=400)
    numbers = [value.value for value in values]
    is_wide = min(numbers) > 0 and max(numbers) / min(numbers) > 50
    scale = alt.Scale(type="log") if is_wide else alt.Scale(zero=True)
    title = f"{unit} (log scale)" if is_wide else unit
    x = alt.X("value:Q", title=title, scale=scale, axis=alt.Axis(tickCount=6, format=",~r"))
    base = alt.Chart(data(_sided(values))).encode(x=x, y=nominal("row", order=order))
    ends = [{"row": row, "low": min(here), "high": max(here)} for row in order if (here := _numbers(values, row))]
    spans = alt.Chart(data(ends)).mark_rule(color=LIGHT, strokeWidth=3)
    mark = base.mark_point(size=90, filled=True, opacity=0.9).encode(
        color=alt.Color("group:N", scale=_scale(groups, COLOURS), legend=legend),
        shape=alt.Shape("group:N", scale=_scale(groups, SHAPES), legend=legend),
    )
    words = [
        base.transform_filter(f"datum.side == {side}").mark_text(dy=13 * side, color=GREY).encode(text="text:N")
        for side in (-1, 1)
    ]
    layers = [spans.encode(x="low:Q", x2="high:Q", y=nominal("row", order=order)), mark, *words]
    return finish(alt.layer(*layers), height={"step": 42})


def _sided(values: Sequence[Dot]) -> list[dict[str, Any]]:
    """Rows of data whose printed numbers go above and below by turns, in order of size; equal ones are printed once."""
    found: list[dict[str, Any]] = []
    for row in dict.fromkeys(value.row for value in values):
        seen: list[str] = []
        for dot in sorted((value for value in values if value.row == row), key=lambda value: value.value):
            side = 0 if dot.text in seen else 1 if len(seen) % 2 else -1
            seen += [] if dot.text in seen else [dot.text]
            found.append(asdict(dot) | {"side": side})
    return found


def _numbers(values: Sequence[Dot], row: str) -> list[float]:
    return [value.value for value in values if value.row == row]
