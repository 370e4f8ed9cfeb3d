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
    "finish",
    "nominal",
    "ranges",
    "ranked",
    "temporal",
]

WIDTH = 680
BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
)  # fmt: skip
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "stroke")
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
        "labelLimit": 260,
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
    """The specification as a plain dictionary with its data inside, in the house's look, that many pixels wide in all."""
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
    return alt.X(f"{field}:T", title=title, scale=scale, axis=alt.Axis(grid=False, labelOverlap=True))


def bars(rows: Sequence[Bar], *, title: str, unit: str) -> dict[str, Any]:
    """Upright bars of counts in a given order (years, months), each with its number."""
    alt = altair()
    step = max(1, len(rows) // 16)
    shown = [row.name for row in rows[::step]]
    values = [asdict(row) | {"text": f"{row.count:,}{row.mark}" if row.count else ""} for row in rows]
    x = alt.X(
        "name:N", sort=None, title=title, axis=alt.Axis(labelAngle=0, values=shown, ticks=False, labelOverlap=True)
    )
    y = alt.Y("count:Q", title=unit, axis=alt.Axis(tickMinStep=1, tickCount=5, format=",d"))
    base = alt.Chart(data(values)).encode(x=x, y=y)
    return finish(base.mark_bar(color=BLUE) + base.mark_text(dy=-8).encode(text="text:N"), height=200)


def ranges(rows: Sequence[Range], *, title: str, unit: str) -> dict[str, Any]:
    """Upright ranges from low to high in a given order, each with its text."""
    alt = altair()
    step = max(1, len(rows) // 16)
    shown = [row.name for row in rows[::step]]
    x = alt.X(
        "name:N", sort=None, title=title, axis=alt.Axis(labelAngle=0, values=shown, ticks=False, labelOverlap=True)
    )
    y = alt.Y("low:Q", title=unit, axis=alt.Axis(tickCount=5, format=",d"))
    base = alt.Chart(data([asdict(row) for row in rows])).encode(x=x)
    rule = base.mark_rule(color=VERMILLION, strokeWidth=4).encode(y=y, y2="high:Q")
    ends = [base.mark_tick(color=VERMILLION, thickness=2, size=14).encode(y=f"{end}:Q") for end in ("low", "high")]
    text = base.mark_text(dy=-9).encode(y="high:Q", text="text:N")
    return finish(alt.layer(rule, *ends, text), height=200)


def ranked(rows: Sequence[Bar], *, unit: str) -> dict[str, Any]:
    """Level bars of counts with their names, in a given order, each with its number."""
    alt = altair()
    values = [asdict(row) | {"text": f"{row.count:,}{row.mark}"} for row in rows]
    x = alt.X("count:Q", title=unit, axis=alt.Axis(tickMinStep=1, tickCount=6, format=",d"))
    base = alt.Chart(data(values)).encode(x=x, y=nominal("name"))
    chart = base.mark_bar(color=BLUE) + base.mark_text(align="left", dx=5).encode(text="text:N")
    return finish(chart, height={"step": 24})
