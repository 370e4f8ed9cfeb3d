"""Charts of forecasts: the fan of what may come, and warnings beside what happened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marsad.analysis.charts import BLACK, BLUE, GREY, ORANGE, VERMILLION, altair, counting, data, finish, temporal

__all__ = ["Fan", "Warned", "fan", "placebos", "two_fans", "warned"]

_FAR, _NEAR = "#C6DBEC", "#7FB3D5"
"""Two lightnesses of one blue, told apart in grey too."""
_ALONE = 9
_ROOM = 1.15
_ENDS = ("low", "lower", "middle", "upper", "high")


@dataclass(frozen=True, slots=True)
class Fan:
    """A month's quantiles at 5, 25, 50, 75 and 95 %, and what happened where it is known."""

    date: str
    quantiles: tuple[float, ...]
    observed: float | None = None

    def row(self) -> dict[str, str | float]:
        """As a row of data."""
        return {"date": self.date, **dict(zip(_ENDS, self.quantiles, strict=True))}


@dataclass(frozen=True, slots=True)
class Warned:
    """A month with the probability that was given to it, and whether it reached the threshold; None if not known."""

    date: str
    chance: float
    happened: bool | None


def fan(
    past: Sequence[tuple[str, float | None]],
    months: Sequence[Fan],
    limits: Sequence[tuple[float, str]],
    *,
    title: str,
) -> dict[str, Any]:
    """The past as a line, then two nested bands with the median; thresholds as dashed rules with their number.

    Each band is named at its end, so that nothing rests on colour. What happened is marked by diamonds, which a note
    above the chart names.
    """
    alt = altair()
    x, axis = temporal("date"), alt.Axis(tickCount=6, format=",~f", titleAnchor="start")
    y = alt.Y("value:Q", title=title, scale=alt.Scale(zero=True), axis=axis)
    lines = alt.Chart(data([{"date": day, "value": value} for day, value in past])).encode(x=x, y=y)
    seen = [{"date": month.date, "value": month.observed} for month in months if month.observed is not None]
    layers = [*_bands(months, title), *_limits(limits, y), lines.mark_line(color=BLACK, strokeWidth=1.6)]
    if seen:
        points = alt.Chart(data(seen)).encode(x=x, y=y)
        layers.append(points.mark_point(shape="diamond", filled=True, size=70, color=BLACK, opacity=1))
        note = alt.Chart(data([{"text": "◆ what happened"}]))
        named = note.mark_text(align="right", baseline="bottom", dy=-3, color=BLACK)
        layers.append(named.encode(x=alt.value("width"), y=alt.value(0), text="text:N"))
    top = max(1.0, *(value for _, value in past if value is not None), *(value for value, _ in limits))
    return finish(alt.layer(*layers, _names(months, top)), height=260)


def _bands(months: Sequence[Fan], title: str) -> list[Any]:
    """The two bands, the outer one with dashed ends, and the median."""
    alt = altair()
    base = alt.Chart(data([month.row() for month in months])).encode(x=temporal("date"))
    ends = {name: alt.Y(f"{name}:Q", title=title) for name in _ENDS}
    dashed = {"strokeWidth": 0.8, "color": BLUE, "strokeDash": [2, 2]}
    outer, inner = (_band(base, colour, alone=len(months) == 1) for colour in (_FAR, _NEAR))
    return [
        outer.encode(y=ends["low"], y2="high:Q"),
        inner.encode(y=ends["lower"], y2="upper:Q"),
        *(base.mark_line(**dashed).encode(y=ends[name]) for name in ("low", "high")),
        base.mark_line(color=BLUE, strokeWidth=2.5, point=True).encode(y=ends["middle"]),
    ]


def _band(base: Any, colour: str, *, alone: bool) -> Any:
    """An area over several months; of one month alone a bar, since an area needs two."""
    return base.mark_bar(color=colour, size=_ALONE) if alone else base.mark_area(color=colour)


def _limits(limits: Sequence[tuple[float, str]], y: Any) -> list[Any]:
    """Thresholds as dashed rules, each with its number at the left; nothing where there are none."""
    if not limits:
        return []
    alt = altair()
    rules = alt.Chart(data([{"value": value, "text": text} for value, text in limits])).encode(y=y)
    words = rules.mark_text(align="left", baseline="bottom", dx=2, dy=-2, color=BLACK)
    return [rules.mark_rule(color=VERMILLION, strokeDash=[6, 4]), words.encode(x=alt.value(0), text="text:N")]


def _names(months: Sequence[Fan], shown: float) -> Any:
    """The names of bands and median at the end of the fan, none over another; ``shown`` is the largest other value."""
    alt = altair()
    last = months[-1]
    top = max(shown, *(month.quantiles[-1] for month in months))
    rows: list[dict[str, Any]] = []
    names = dict(zip(("5 %", "25 %", "median", "75 %", "95 %"), last.quantiles, strict=True))
    for text in ("median", "95 %", "5 %", "75 %", "25 %"):  # where there is no room, the first of these is named
        value = names[text]
        if all(abs(value - row["value"]) >= 0.055 * top for row in rows):
            rows.append({"date": last.date, "value": value, "text": text})
    words = alt.Chart(data(rows)).mark_text(align="left", dx=6, color=GREY)
    return words.encode(x=temporal("date"), y=alt.Y("value:Q"), text="text:N")


def two_fans(
    past: Sequence[tuple[str, float | None]],
    plain: Sequence[Fan],
    given: Sequence[Fan],
    limits: Sequence[tuple[float, str]],
    *,
    title: str,
) -> dict[str, Any]:
    """The past as a line, a filled band of all months without the stated actions, and a bar of each month with them.

    What is without is a filled band with a line of dots; what is with is a bar with ends and a triangle, also where it
    is only a month or months apart: fill and shape tell them apart in grey, and each is named.
    """
    alt = altair()
    values = [value for _, value in past if value is not None]
    top = max(1.0, *values, *(value for value, _ in limits), *(month.quantiles[-1] for month in (*plain, *given)))
    axis = alt.Axis(tickCount=6, format=",~f", titleAnchor="start")
    scale = alt.Scale(domain=[0, 1.12 * top], nice=False)
    y = alt.Y("value:Q", title=title, scale=scale, axis=axis)
    ends = {name: alt.Y(f"{name}:Q", title=title, scale=scale) for name in _ENDS}
    lines = alt.Chart(data([{"date": day, "value": value} for day, value in past])).encode(x=temporal("date"), y=y)
    one, other = (alt.Chart(data([m.row() for m in months])).encode(x=temporal("date")) for months in (plain, given))
    shape = {"shape": "triangle-up", "filled": True, "size": 80, "color": VERMILLION, "opacity": 1}
    tick = {"color": VERMILLION, "thickness": 2, "size": 9, "orient": "horizontal"}
    layers = [
        _band(one, _FAR, alone=len(plain) == 1).encode(y=ends["low"], y2="high:Q"),
        *_limits(limits, y),
        lines.mark_line(color=BLACK, strokeWidth=1.6),
        one.mark_line(color=BLUE, strokeWidth=2, point=True).encode(y=ends["middle"]),
        other.mark_rule(color=VERMILLION, strokeWidth=2).encode(y=ends["low"], y2="high:Q"),
        *(other.mark_tick(**tick).encode(y=ends[name]) for name in ("low", "high")),
        other.mark_point(**shape).encode(y=ends["middle"]),
    ]
    return finish(alt.layer(*layers, *_names_of_two(plain[-1], given, y)), height=280)


def _names_of_two(plain: Fan, given: Sequence[Fan], y: Any) -> list[Any]:
    """What each fan is, in words: without above its end, with left of the top of its longest bar."""
    alt = altair()
    first = max(given, key=lambda month: month.quantiles[-1])
    rows = [
        (plain.date, plain.quantiles[-1], "without (5 to 95 %)", BLUE, {"baseline": "bottom", "dy": -4}),
        (first.date, first.quantiles[-1], "with (5 to 95 %)", VERMILLION, {"baseline": "middle", "dx": -9}),
    ]
    return [
        alt.Chart(data([{"date": date, "value": value, "text": text}]))
        .mark_text(align="right", color=colour, fontWeight="bold", **place)
        .encode(x=temporal("date"), y=y, text="text:N")
        for date, value, text, colour, place in rows
    ]


def placebos(values: Sequence[float], real: float, *, title: str, text: str) -> dict[str, Any]:
    """A histogram of the ratios of false spells on a log axis, with that of the real ones as a thick rule."""
    alt = altair()
    scale = alt.Scale(type="log", nice=False, padding=12)
    x = alt.X("ratio:Q", title=title, scale=scale, axis=alt.Axis(tickCount=8, format=",~r"))
    rows = _bins(values)
    bars = alt.Chart(data(rows)).mark_rect(color=ORANGE, stroke="white")
    most = int(max(row["count"] for row in rows))
    room = alt.Scale(domain=[0, _ROOM * most], nice=False)  # for the words above the bars
    counted = alt.Y("zero:Q", title="False spells", axis=counting(most), scale=room)
    marks = ({"ratio": real, "text": text}, {"ratio": 1.0, "text": "as usual"})
    rule, one = (alt.Chart(data([mark])).encode(x=x) for mark in marks)
    side = 1 if real > 1 else -1
    layers = [bars.encode(x=x, x2="end:Q", y=counted, y2="count:Q")]
    for base, weight, way, look in (
        (one, "normal", -side, {"color": GREY, "strokeDash": [4, 3]}),
        (rule, "bold", side, {"color": BLACK, "strokeWidth": 2.5}),
    ):
        words = {"align": "left" if way > 0 else "right", "dx": 6 * way, "fontWeight": weight, "color": look["color"]}
        layers.append(base.mark_rule(**look))
        layers.append(base.mark_text(baseline="top", **words).encode(y=alt.value(2), text="text:N"))
    return finish(alt.layer(*layers), height=180)


def _bins(values: Sequence[float], bins: int = 20) -> list[dict[str, float]]:
    """Counts of positive values in bins of equal ratio; empty bins left out."""
    low, high = min(values), max(values)
    low, high = (low / 1.05, high * 1.05) if low == high else (low, high)
    width = math.log(high / low) / bins
    places = [min(bins - 1, int(math.log(value / low) / width)) for value in values]
    return [
        {
            "ratio": round(low * math.exp(width * place), 6),
            "end": round(low * math.exp(width * (place + 1)), 6),
            "count": places.count(place),
            "zero": 0,
        }
        for place in sorted(set(places))
    ]


def warned(months: Sequence[Warned], *, title: str, reached: str) -> dict[str, Any]:
    """Probabilities by month as bars; months that reached the threshold have a filled triangle above, others none."""
    alt = altair()
    rows = [
        {"date": month.date, "chance": month.chance, "top": 1.06, "happened": bool(month.happened)} for month in months
    ]
    x = temporal("date")
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", titleAnchor="start")
    y = alt.Y("chance:Q", title=title, scale=alt.Scale(domain=[0, 1.2], nice=False), axis=axis)
    base = alt.Chart(data(rows)).encode(x=x)
    width = max(2.0, min(12.0, 480 / len(rows)))
    marks = base.transform_filter("datum.happened")
    note = alt.Chart(data([{"text": reached}])).mark_text(align="left", baseline="top", color=BLACK)
    layers = [
        base.mark_bar(color=BLUE, size=width).encode(y=y),
        marks.mark_point(shape="triangle-down", filled=True, size=60, color=VERMILLION, opacity=1).encode(y="top:Q"),
        note.encode(x=alt.value(2), y=alt.value(0), text="text:N"),
    ]
    return finish(alt.layer(*layers), height=220)
