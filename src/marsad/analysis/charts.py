"""One look for all charts: Vega-Lite specifications that read in colour, for the colour-blind, and in grey.

Colours are those of Okabe & Ito (2008), and no chart rests on colour alone: shape, dash or a direct label says the
same. Dates are ISO texts and are drawn in universal time. Specifications are plain dictionaries that depend on
nothing but their data.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
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
    "nominal",
    "ranges",
    "ranked",
    "temporal",
]

WIDTH = 680
"""Width of a chart in pixels, axes and all."""
BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
)  # fmt: skip
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""Okabe & Ito's, in the order in which groups take them."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "stroke")
"""Shapes in the order in which groups take them, so that no group is told by its colour alone."""
GREY, LIGHT = "#555555", "#DDDDDD"

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
        "labelLimit": 330,
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
        spec: dict[str, Any] = chart.to_dict()
    if width is not None:
        spec |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    if height is not None:
        spec["height"] = height
    return spec | {"config": _CONFIG}


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as data inside the specification."""
    return altair().InlineData(values=[dict(row) for row in rows])


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
    """A horizontal axis of years or months in a given order; not all of many are labelled."""
    alt = altair()
    shown = names[:: max(1, -(-len(names) // 9))]
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
    values = [asdict(row) | {"text": f"{row.count:,}{row.mark}" if row.count else ""} for row in rows]
    y = alt.Y("count:Q", title=unit, axis=counting(max(row.count for row in rows)))
    base = alt.Chart(data(values)).encode(x=_slots([row.name for row in rows], title), y=y)
    return finish(base.mark_bar(color=BLUE) + base.mark_text(dy=-8).encode(text="text:N"), height=200)


def ranges(rows: Sequence[Range], names: Sequence[str], *, title: str, unit: str) -> dict[str, Any]:
    """Upright ranges from low to high under the names in order, each with its text; an arrow where the end is open."""
    alt = altair()
    values = [asdict(row) | {"is_open": row.text.endswith("+")} for row in rows]
    y = alt.Y("low:Q", title=unit, axis=alt.Axis(tickCount=5, format=",~r"))
    base = alt.Chart(data(values)).encode(x=_slots(names, title))
    rule = base.mark_rule(color=VERMILLION, strokeWidth=4).encode(y=y, y2="high:Q")
    ends = [base.mark_tick(color=VERMILLION, thickness=3, size=16).encode(y=f"{end}:Q") for end in ("low", "high")]
    arrow = base.transform_filter("datum.is_open").mark_point(
        shape="triangle-up", size=70, filled=True, yOffset=-8, opacity=1
    )
    text = base.mark_text(dy=-20).encode(y="high:Q", text="text:N")
    layers = [rule, *ends, arrow.encode(y="high:Q", color=alt.value(VERMILLION)), text]
    return finish(alt.layer(*layers), height=200)


def ranked(rows: Sequence[Bar], *, unit: str) -> dict[str, Any]:
    """Level bars of counts with their names, in a given order, each with its number."""
    alt = altair()
    values = [asdict(row) | {"text": f"{row.count:,}{row.mark}"} for row in rows]
    x = alt.X("count:Q", title=unit, axis=counting(max(row.count for row in rows)))
    base = alt.Chart(data(values)).encode(x=x, y=nominal("name"))
    chart = base.mark_bar(color=BLUE) + base.mark_text(align="left", dx=5).encode(text="text:N")
    return finish(chart, height={"step": 24})
