"""Charts as SVG that can stand inside a page: no hosts, no scripts, no identifiers that clash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from marsad.documents.scripts import runs_right_to_left
from marsad.errors import InternalError
from marsad.model import Chart, content_hash

__all__ = ["chart_key", "draw"]

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset((
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs",
    "clipPath", "linearGradient", "radialGradient", "stop",
))  # fmt: skip
_ATTRIBUTES = frozenset((
    "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "r", "rx", "ry", "cx", "cy", "width", "height", "points",
    "transform", "viewBox", "opacity", "display", "id", "clip-path", "offset", "stop-color", "gradientUnits",
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "text-anchor",
    "dominant-baseline", "font-family", "font-size", "font-weight", "font-style",
))  # fmt: skip
_LETTER, _WIDEST_LABEL = 8, 330
"""Pixels that a letter of a label takes at most, and those of the widest label."""
_LOCAL = re.compile(r"url\(#([^()]+)\)")


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
    import vl_convert  # noqa: PLC0415 - it starts a JavaScript engine

    key = chart_key(chart)
    try:
        drawn = vl_convert.vegalite_to_svg(_with_room(chart.spec), allowed_base_urls=[])
        root = ET.fromstring(drawn)  # noqa: S314 - Vega's own output, which has no entities
    except (ValueError, ET.ParseError) as error:
        raise InternalError(f"the chart {chart.title!r} cannot be drawn: {error}") from error
    ids = {name: f"c{number}-{key}" for number, element in enumerate(root.iter()) if (name := element.get("id"))}
    picture = _kept(root, ids)
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


def _with_room(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification that keeps room for names in a script from right to left.

    Vega measures them in whatever font it has, the reader's browser prints them in another and wider one.
    """
    parts = list(_mappings(spec))
    fields = {part[axis]["field"] for part in parts for axis in ("x", "y") if "field" in _mapping(part.get(axis))}
    texts = (part[name] for part in parts for name in fields & part.keys() if isinstance(part[name], str))
    names = [text for text in texts if runs_right_to_left(text)]
    config = spec.get("config", {})
    if not names:
        return spec
    axis = {"minExtent": min(_WIDEST_LABEL, _LETTER * max(map(len, names)))}
    return {**spec, "config": {**config, "axisBand": {**config.get("axisBand", {}), **axis}}}


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a value of JSON, the outermost first."""
    if isinstance(value, Mapping):
        yield value
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        yield from _mappings(part)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _kept(element: ET.Element, ids: Mapping[str, str]) -> ET.Element | None:
    """A copy with what is allowed, without namespaces; None for an element that is not. Identifiers are renamed."""
    tag = str(element.tag).removeprefix(_SVG)
    if tag not in _ELEMENTS or element.get("display") == "none":
        return None
    attributes = {name: _renamed(name, value, ids) for name, value in element.attrib.items() if name in _ATTRIBUTES}
    copy = ET.Element(tag, {name: value for name, value in attributes.items() if value})
    copy.text = element.text
    copy.extend(child for part in element if (child := _kept(part, ids)) is not None)
    return copy


def _renamed(name: str, value: str, ids: Mapping[str, str]) -> str:
    """The value of an attribute; empty where it refers to something outside of the drawing.

    Vega numbers its clip paths through the life of the process, so their names are no part of the drawing.
    """
    if name == "id":
        return ids[value]
    if "url(" not in value:
        return value
    match = _LOCAL.fullmatch(value)
    return f"url(#{ids[match[1]]})" if match and match[1] in ids else ""
