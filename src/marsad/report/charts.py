"""Charts as SVG that can stand inside a page: no hosts, no scripts, no identifiers that clash."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import vl_convert

from marsad.errors import InternalError
from marsad.model import Chart, content_hash

__all__ = ["chart_key", "draw"]

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    ("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan")
    + ("defs", "clipPath", "linearGradient", "radialGradient", "stop")
)
_ATTRIBUTES = frozenset(
    ("d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "r", "rx", "ry", "cx", "cy", "width", "height", "points")
    + ("transform", "viewBox", "opacity", "display", "id", "clip-path", "offset", "stop-color", "gradientUnits")
    + ("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray")
    + ("stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit")
    + ("text-anchor", "dominant-baseline", "font-family", "font-size", "font-weight", "font-style")
)
_REFERRING = frozenset(("fill", "stroke", "clip-path"))


def chart_key(chart: Chart) -> str:
    """Content hash of what the drawing depends on: the specification and the words."""
    spec = json.dumps(chart.spec, sort_keys=True, ensure_ascii=False, default=str)
    return content_hash(spec, chart.title, chart.alt)


def draw(chart: Chart) -> str:
    """A chart as an SVG element, the same bytes for the same chart.

    Only elements and attributes of an allowed list are kept; links, images, styles, scripts and whatever refers to
    another file are left out. Identifiers bear the chart's key. Data must be inside the specification.

    Raises:
        InternalError: Vega-Lite cannot draw the specification.
    """
    key = chart_key(chart)
    try:
        drawn = vl_convert.vegalite_to_svg(chart.spec, allowed_base_urls=[])
        root = ET.fromstring(drawn)  # noqa: S314 - Vega's own output, which has no entities
    except (ValueError, ET.ParseError) as error:
        raise InternalError(f"the chart {chart.title!r} cannot be drawn: {error}") from error
    picture = _kept(root, key)
    if picture is None:
        raise InternalError(f"the chart {chart.title!r} is no SVG")
    width, height = picture.attrib.pop("width", "680"), picture.attrib.pop("height", "400")
    picture.attrib.setdefault("viewBox", f"0 0 {width} {height}")
    title, description = f"t{key}", f"d{key}"
    picture.attrib |= {"role": "img", "aria-labelledby": title, "aria-describedby": description}
    for tag, identifier, words in (("desc", description, chart.alt), ("title", title, chart.title)):
        element = ET.Element(tag, {"id": identifier})
        element.text = words
        picture.insert(0, element)
    return ET.tostring(picture, encoding="unicode")


def _kept(element: ET.Element, key: str) -> ET.Element | None:
    """A copy with what is allowed, without namespaces; None for an element that is not."""
    tag = str(element.tag).removeprefix(_SVG)
    if tag not in _ELEMENTS or element.get("display") == "none":
        return None
    copy = ET.Element(tag, dict(_attributes(element, key)))
    copy.text = element.text
    copy.extend(child for part in element if (child := _kept(part, key)) is not None)
    return copy


def _attributes(element: ET.Element, key: str) -> list[tuple[str, str]]:
    kept: list[tuple[str, Any]] = []
    for name, value in element.attrib.items():
        if name not in _ATTRIBUTES:
            continue
        if name == "id":
            kept.append((name, f"{value}-{key}"))
        elif name in _REFERRING and "url(" in value:
            if value.startswith("url(#") and value.endswith(")"):
                kept.append((name, f"{value[:-1]}-{key})"))
        else:
            kept.append((name, value))
    return kept
