"""Charts of many things at once: lanes over time, a matrix of ties, figures of several reporters."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from marsad.analysis.charts import (
    BLACK,
    COLOURS,
    GREY,
    LIGHT,
    SHAPES,
    altair,
    counting,
    data,
    finish,
    legend,
    nominal,
    plot_width,
    temporal,
    text_width,
)

__all__ = ["Dot", "Lane", "Tie", "dots", "lanes", "matrix"]

_LIFTS = (0, -5, 5)
_SPAN, _GAP, _SMALL, _MOST_NAMES = 5, 8, 11, 25
"""Height of a span, distance of a name from what it names, size of names, and how many there are at most."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Something in time.

    Attributes:
        row, group: its row, and the group of rows that it is in.
        start, end: first and last day.
        text: what it is.
        weight: those with more are named first, where there is no room for all.
    """

    row: str
    group: str
    start: str
    end: str
    text: str
    weight: int = 1


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


def lanes(items: Sequence[Lane], groups: Sequence[str], *, domain: tuple[str, str]) -> dict[str, Any]:
    """Rows over time: a day is a mark, a span (or a date known no closer) a line. Groups differ in colour and shape.

    What stands alone in its row has its name beside it.
    """
    alt = altair()
    used = [group for group in groups if any(item.group == group for item in items)]
    order = list(dict.fromkeys(item.row for group in used for item in items if item.group == group))
    width = plot_width(order)
    key = legend(used, width) if len(used) > 1 else None
    colour = alt.Color("group:N", scale=_scale(used, COLOURS), legend=key)
    shape = alt.Shape("group:N", scale=_scale(used, SHAPES), legend=key)
    axis = alt.Axis(grid=True, ticks=False, domain=False)
    base = alt.Chart(data(_lane_rows(items, domain, width))).encode(y=alt.Y("row:N", title=None, sort=order, axis=axis))
    start = temporal("start", domain=domain)
    spans = base.transform_filter("!datum.is_mark").mark_bar(height=_SPAN, opacity=0.55, clip=True)
    days = base.transform_filter("datum.is_mark").mark_point(size=75, filled=True, opacity=0.85)
    words = [
        base.transform_filter(f"datum.side == {side}")
        .mark_text(align=align, dx=_GAP * side, fontSize=_SMALL, color=BLACK)
        .encode(x=temporal(edge, domain=domain), text="text:N")
        for side, align, edge in ((1, "left", "end"), (-1, "right", "start"))
    ]
    layers = [spans.encode(x=start, x2="end:T", color=colour), days.encode(x=start, color=colour, shape=shape), *words]
    return finish(alt.layer(*layers), height={"step": 23})


def _lane_rows(items: Sequence[Lane], domain: tuple[str, str], width: float) -> list[dict[str, Any]]:
    """Rows of data; what is too short for a line (a hundredth of the axis) is a mark."""
    first, last = (date.fromisoformat(end).toordinal() for end in domain)
    scale = width / max(1, last - first)
    ends = [[date.fromisoformat(end).toordinal() for end in (item.start, item.end)] for item in items]
    sides = _sides(items, [((start - first) * scale, (end - first) * scale) for start, end in ends], width)
    return [
        {"row": item.row, "group": item.group, "start": item.start, "end": item.end, "text": item.text}
        | {"is_mark": end - start <= (last - first) / 100, "side": side}
        for item, (start, end), side in zip(items, ends, sides, strict=True)
    ]


def _sides(items: Sequence[Lane], edges: Sequence[tuple[float, float]], width: float) -> list[int]:
    """On which side each has its name: 1 right, -1 left, 0 where another is too near or enough are named.

    ``edges`` are the left and right end of each in pixels, ``width`` is that of the plot.
    """
    rows: dict[str, list[tuple[int, float, float]]] = {}
    for place, (start, end) in enumerate(edges):
        rows.setdefault(items[place].row, []).append((place, start - _GAP, end + _GAP))
    crowded = {row for row, here in rows.items() if len(here) > _MOST_NAMES}
    sides, named = [0] * len(items), set[str]()
    for place in sorted(range(len(items)), key=lambda place: (-items[place].weight, place)):
        item, (start, end) = items[place], edges[place]
        if len(named) == _MOST_NAMES or item.text in named or item.row in crowded:
            continue
        others = [(a, b) for other, a, b in rows[item.row] if other != place]
        apart = [(a, b) for other, a, b in rows[item.row] if other < 0 or items[other].text != item.text]
        if any(a < end + _GAP / 2 and start - _GAP / 2 < b for a, b in apart):
            continue
        long = text_width(item.text, _SMALL)
        for side, left, right in ((1, end + _GAP, end + _GAP + long), (-1, start - _GAP - long, start - _GAP)):
            if left >= 0 and right <= width and not any(a < right and left < b for a, b in others):
                sides[place] = side
                named.add(item.text)
                rows[item.row].append((-1, left, right))
                break
    return sides


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
    """Values of quantities, a row each; who reported them differs in colour and in shape; numbers where there is room.

    Values are counts of zero or more; where the largest is more than 50 times the smallest the axis is logarithmic.
    """
    alt = altair()
    order = list(dict.fromkeys(value.row for value in values))
    width = plot_width(order)
    x, pixel = _value_axis([value.value for value in values], unit, width)
    key = legend(groups, width)
    rows = _sided(values, pixel)
    base = alt.Chart(data(rows)).encode(x=x, y=nominal("row", order=order))
    reach = [{"row": row, "low": min(here), "high": max(here)} for row in order if (here := _numbers(values, row))]
    spans = alt.Chart(data(reach)).mark_rule(color=LIGHT, strokeWidth=3)
    colour = alt.Color("group:N", scale=_scale(groups, COLOURS), legend=key)
    shape = alt.Shape("group:N", scale=_scale(groups, SHAPES), legend=key)
    marks = [
        base.transform_filter(f"datum.lift == {lift}")
        .mark_point(size=90, filled=True, opacity=0.9, yOffset=lift)
        .encode(color=colour, shape=shape)
        for lift in sorted({int(row["lift"]) for row in rows})
    ]
    words = [
        base.transform_filter(f"datum.side == {side}").mark_text(dy=17 * side, color=GREY).encode(text="text:N")
        for side in (-1, 1)
    ]
    layers = [spans.encode(x="low:Q", x2="high:Q", y=nominal("row", order=order)), *marks, *words]
    return finish(alt.layer(*layers), height={"step": 46})


def _value_axis(numbers: Sequence[float], unit: str, width: float) -> tuple[Any, Callable[[float], float]]:
    """A horizontal axis of counts, and where a value lies on it in pixels."""
    alt = altair()
    low, high = min(numbers), max(numbers)
    if low <= 0 or high / low <= 50:
        x = alt.X("value:Q", title=unit, scale=alt.Scale(zero=True), axis=counting(math.ceil(high)))
        return x, lambda value: value / (high or 1) * width
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    powers = [10**power for power in range(first, last + 1)]
    scale = alt.Scale(type="log", domain=[powers[0], powers[-1]])
    x = alt.X("value:Q", title=f"{unit} (log scale)", scale=scale, axis=alt.Axis(values=powers, format=",~r"))
    return x, lambda value: (math.log10(value) - first) / (last - first) * width


def _sided(values: Sequence[Dot], pixel: Callable[[float], float]) -> list[dict[str, Any]]:
    """Rows of data whose printed numbers go above (-1) or below (1), where they meet no other; equal ones once.

    Marks that would hide one another are lifted from the middle of the row by some pixels.
    """
    found: list[dict[str, Any]] = []
    each = list(dict.fromkeys(values))
    for row in dict.fromkeys(value.row for value in each):
        seen: set[str] = set()
        free = {-1: -math.inf, 1: -math.inf}
        last, near = -math.inf, 0
        for dot in sorted((value for value in each if value.row == row), key=lambda value: value.value):
            half = text_width(dot.text, 12) / 2
            sides = [] if dot.text in seen else [side for side in free if free[side] <= pixel(dot.value) - half]
            side = min(sides, key=lambda side: free[side], default=0)
            if side:
                seen.add(dot.text)
                free[side] = pixel(dot.value) + half
            near = near + 1 if pixel(dot.value) - last < _GAP else 0
            last = pixel(dot.value)
            found.append(asdict(dot) | {"side": side, "lift": _LIFTS[near % len(_LIFTS)]})
    return found


def _numbers(values: Sequence[Dot], row: str) -> list[float]:
    return [value.value for value in values if value.row == row]
