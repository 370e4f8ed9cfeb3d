"""One look for all charts: Vega-Lite specifications that read in colour, for the colour-blind, and in grey.

Colours are those of Okabe & Ito (2008), and no chart rests on colour alone: shape, dash or a direct label says the
same. Dates are ISO texts and are drawn in universal time. Specifications are plain dictionaries that depend on
nothing but their data.
"""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = [
    "BLACK",
    "BLUE",
    "COLOURS",
    "GREY",
    "LIGHT",
    "ORANGE",
    "SHAPES",
    "VERMILLION",
    "WIDTH",
    "Bar",
    "Range",
    "altair",
    "bars",
    "counting",
    "data",
    "finish",
    "legend",
    "nominal",
    "plot_width",
    "ranges",
    "ranked",
    "temporal",
    "text_width",
]

WIDTH = 680
"""Width of a chart in pixels, axes and all."""
BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
)  # fmt: skip
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""Okabe & Ito's, in the order in which groups take them."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
"""Shapes in the order in which groups take them, so that no group is told by its colour alone."""
GREY, LIGHT = "#555555", "#DDDDDD"
MOST_LABEL = 330
"""Width in pixels at which the label of an axis is cut."""

_HEIGHT, _PLOT, _TICK = 200, WIDTH - 60, 16
"""Height of upright charts, about the width beside their axis, and the width of the ends of a range; in pixels."""
_FONT = "sans-serif"
_CONFIG: dict[str, Any] = {
    "font": _FONT,
    "background": "white",
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titleColor": GREY,
        "labelColor": "#222222",
        "gridColor": "#E8E8E8",
        "domainColor": "#888888",
        "tickColor": "#888888",
        "labelLimit": MOST_LABEL,
    },
    "header": {"labelFontSize": 13, "titleFontSize": 13},
    "legend": {"labelFontSize": 13, "titleFontSize": 13, "symbolSize": 110},
    "text": {"fontSize": 12, "font": _FONT},
    "view": {"stroke": None},
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with its name; ``mark`` stands behind the printed number."""

    name: str
    count: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A range with its name and the text that is printed beside it."""

    name: str
    low: float
    high: float
    text: str


def altair() -> Any:
    """The module, imported only where a chart is drawn, because that takes a fifth of a second."""
    return importlib.import_module("altair")


def finish(chart: Any, *, width: int | None = WIDTH, height: int | dict[str, int] | None = None) -> dict[str, Any]:
    """The specification as a plain dictionary with its data inside, in the house's look; ``width`` in pixels."""
    alt = altair()
    with alt.data_transformers.enable("default", max_rows=None, consolidate_datasets=False):
        spec: dict[str, Any] = _read(chart.to_dict())
    if width is not None:
        spec |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    if height is not None:
        spec["height"] = height
    return spec | {"config": _CONFIG}


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as data inside the specification; until it is finished as one text, because altair validates each value."""
    return altair().InlineData(values=json.dumps(list(rows)))


def _read(part: Any) -> Any:
    """A part of a specification with its data read from their text."""
    if isinstance(part, list):
        return [_read(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: {"values": json.loads(value["values"])} if key == "data" and "values" in value else _read(value)
        for key, value in part.items()
    }


def text_width(text: str, size: int = 13) -> float:
    """About how wide a text is in pixels."""
    return 0.5 * size * len(text)


def plot_width(rows: Iterable[str]) -> float:
    """About how many pixels a chart has beside the labels of its rows."""
    return WIDTH - 20 - min(MOST_LABEL, max(map(text_width, rows), default=0))


def legend(groups: Sequence[str], width: float) -> Any:
    """A legend above the plot, in as many columns as fit into the width without cutting a label."""
    columns = max(1, int(width // (max(map(text_width, groups)) + 40)))
    return altair().Legend(title=None, orient="top", symbolOpacity=1, labelLimit=0, columns=min(columns, len(groups)))


def nominal(field: str, *, title: str | None = None, order: Sequence[str] | None = None) -> Any:
    """A vertical axis of names in their order of appearance, or in the order given."""
    alt = altair()
    axis = alt.Axis(grid=False, ticks=False, domain=False)
    return alt.Y(f"{field}:N", title=title, sort=list(order) if order is not None else None, axis=axis)


def temporal(field: str, *, title: str | None = None, domain: tuple[str, str] | None = None) -> Any:
    """A horizontal axis of time, in universal time, so that no reader's clock shifts a day."""
    alt = altair()
    scale = alt.Scale(type="utc", domain=list(domain)) if domain else alt.Scale(type="utc")
    axis = alt.Axis(grid=False, format="%b %Y", tickCount=7, labelOverlap=True, labelSeparation=8)
    return alt.X(f"{field}:T", title=title, scale=scale, axis=axis)


def _slots(names: Sequence[str], title: str) -> Any:
    """A horizontal axis of years or months in a given order; of many, round years or every so many months."""
    alt = altair()
    is_year = names[0].isdecimal()
    steps = (step for power in range(5) for step in (10**power, 2 * 10**power, 5 * 10**power))
    months = (1, 2, 3, 6, *(12 * step for step in (1, 2, 5, 10, 20, 50, 100)))
    step = next(step for step in (steps if is_year else months) if len(names) <= 9 * step)
    rounds = (place for place, name in enumerate(names) if (int(name) % step == 0 if is_year else name[:3] == "Jan"))
    shown = names[next(rounds, 0) % step :: step]
    axis = alt.Axis(labelAngle=0, values=list(shown), ticks=False, labelPadding=7, labelOverlap=True)
    return alt.X("name:N", sort=None, title=title, scale=alt.Scale(domain=list(names)), axis=axis)


def counting(highest: int) -> Any:
    """An axis of whole numbers from zero, in steps of 1, 2 or 5 times a power of ten."""
    power = 10 ** max(0, len(str(highest // 5)) - 1)
    step = next(power * times for times in (1, 2, 5, 10) if power * times * 5 >= highest)
    return altair().Axis(values=list(range(0, highest + step, step)), format=",d")


def bars(rows: Sequence[Bar], *, title: str, unit: str) -> dict[str, Any]:
    """Upright bars of counts in a given order (years, months), each with its number."""
    alt = altair()
    texts = [f"{row.count:,}{row.mark}" if row.count else "" for row in rows]
    highest = max(row.count for row in rows)
    places = [(place, row.count / highest, row.count / highest) for place, row in enumerate(rows)] if highest else []
    step = _PLOT / len(rows)
    free = _free(places, [(place, 0, top) for place, _, top in places], texts, step=step, half=0.45 * step)
    values = [
        asdict(row) | {"text": text if place in free else ""}
        for place, (row, text) in enumerate(zip(rows, texts, strict=True))
    ]
    y = alt.Y("count:Q", title=unit, axis=counting(highest))
    base = alt.Chart(data(values)).encode(x=_slots([row.name for row in rows], title), y=y)
    return finish(base.mark_bar(color=BLUE) + base.mark_text(dy=-8).encode(text="text:N"), height=_HEIGHT)


def ranges(rows: Sequence[Range], names: Sequence[str], *, title: str, unit: str) -> dict[str, Any]:
    """Upright ranges from low to high under the names in order, each with its text; an arrow where the end is open."""
    alt = altair()
    highest = max(row.high for row in rows)
    places = [(names.index(row.name), row.low / (highest or 1), row.high / (highest or 1)) for row in rows]
    above, texts = [(x, low, high + 0.06) for x, low, high in places], [row.text for row in rows]
    free = _free(above, places, texts, step=_PLOT / len(names), half=_TICK / 2 + 2)
    values = [
        asdict(row) | {"is_open": row.text.endswith("+"), "label": row.text if place in free else ""}
        for place, row in enumerate(rows)
    ]
    low, high = (alt.Y(f"{end}:Q", title=unit, axis=counting(math.ceil(highest))) for end in ("low", "high"))
    base = alt.Chart(data(values)).encode(x=_slots(names, title))
    rule = base.mark_rule(color=VERMILLION, strokeWidth=4).encode(y=low, y2="high:Q")
    ends = [base.mark_tick(color=VERMILLION, thickness=3, size=_TICK).encode(y=end) for end in (low, high)]
    arrow = base.transform_filter("datum.is_open").mark_point(
        shape="triangle-up", size=70, filled=True, yOffset=-8, opacity=1
    )
    text = base.mark_text(dy=-20).encode(y=high, text="label:N")
    layers = [rule, *ends, arrow.encode(y=high, color=alt.value(VERMILLION)), text]
    return finish(alt.layer(*layers), height=_HEIGHT)


def _free(
    places: Sequence[tuple[int, float, float]],
    marks: Sequence[tuple[int, float, float]],
    texts: Sequence[str],
    *,
    step: float,
    half: float,
) -> set[int]:
    """Which of the texts above upright marks meet no other mark and no text that stands higher.

    Args:
        places: slot, low and high end of each mark that a text stands above, in shares of the height.
        marks: the same of all marks.
        texts: the texts, one a place.
        step: width of a slot in pixels.
        half: half the width of a mark in pixels.
    """
    line = 16 / _HEIGHT
    taken: list[tuple[float, float, float, float]] = [
        (x * step - half, x * step + half, low, high) for x, low, high in marks
    ]
    free: set[int] = set()
    for place in sorted(range(len(places)), key=lambda place: (-places[place][2], place)):
        x, _, high = places[place]
        reach = text_width(texts[place], 12) / 2 + 1
        box = (x * step - reach, x * step + reach, high + line / 4, high + line)
        if not any(box[0] < b and a < box[1] and box[2] < top and low < box[3] for a, b, low, top in taken):
            free.add(place)
            taken.append(box)
    return free


def ranked(rows: Sequence[Bar], *, unit: str) -> dict[str, Any]:
    """Level bars of counts with their names, in a given order, each with its number."""
    alt = altair()
    values = [asdict(row) | {"text": f"{row.count:,}{row.mark}"} for row in rows]
    x = alt.X("count:Q", title=unit, axis=counting(max(row.count for row in rows)))
    base = alt.Chart(data(values)).encode(x=x, y=nominal("name"))
    chart = base.mark_bar(color=BLUE) + base.mark_text(align="left", dx=5).encode(text="text:N")
    return finish(chart, height={"step": 24})
