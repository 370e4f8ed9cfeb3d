"""Reading GeoJSON and TopoJSON files that may hold anything."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from marsad.errors import InputError, NotFoundError, ParseError

__all__ = ["MAX_BYTES", "Feature", "Where", "feature_collection", "json_of", "read_json"]

MAX_BYTES = 256 * 2**20
"""How large a file of boundaries or lines may be."""

_DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326", "OGC:CRS84")


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file, for messages.

    Attributes:
        file: the file.
        feature: number of the feature, from 1; 0 for the file as a whole.
    """

    file: str
    feature: int = 0

    def fault(self, field: str, message: str, remedy: str) -> ParseError:
        """The error to raise for a field of this feature."""
        number = f"feature {self.feature}: " if self.feature else ""
        return ParseError(f"{self.file}: {number}{field}: {message}; {remedy}")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a file, its geometry as GeoJSON has it, not yet checked.

    Attributes:
        where: its place.
        properties: its properties, with ``id`` among them if it has one.
        geometry: type and coordinates; None where it has none.
    """

    where: Where
    properties: Mapping[str, Any]
    geometry: Mapping[str, Any] | None


def read_json(path: Path, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is too large or cannot be read.
        ParseError: it is not JSON, not an object, or holds NaN or infinity.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            limit = f"{max_bytes / 2**20:.0f} MiB"
            raise InputError(
                f"{path}: it has {size:,} bytes, more than {limit}; simplify the boundaries or raise max_bytes"
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"{path}: there is no such file; give the path of a GeoJSON or TopoJSON file") from None
    except OSError as error:
        raise InputError(f"{path}: it cannot be read ({error.strerror}); check the path and the permissions") from None
    return json_of(content, str(path))


def json_of(content: bytes, file: str) -> dict[str, Any]:
    """The JSON object in ``content``; errors as of ``read_json``, naming ``file``."""
    where = Where(file)

    def refuse(text: str) -> NoReturn:
        raise where.fault("coordinates", f"{text} is not a number of JSON", "remove it or write null")

    def number(text: str) -> float:
        value = float(text)
        if not math.isfinite(value):
            refuse(text)
        return value

    try:
        found = json.loads(content.decode("utf-8-sig"), parse_constant=refuse, parse_float=number)
    except ParseError:
        raise
    except (ValueError, RecursionError) as error:
        raise where.fault("file", f"it is not JSON in UTF-8 ({error})", "give GeoJSON or TopoJSON") from None
    if not isinstance(found, dict):
        raise where.fault("file", f"it holds a {type(found).__name__}, not an object", "give GeoJSON or TopoJSON")
    return found


def feature_collection(found: Mapping[str, Any], file: str) -> list[Feature]:
    """Features of a GeoJSON object: a FeatureCollection or a single Feature.

    Raises:
        ParseError: it is neither, its coordinates are not in degrees, or a feature is not an object.
    """
    where = Where(file)
    _check_crs(found.get("crs"), where)
    kind = found.get("type")
    rows = [found] if kind == "Feature" else found.get("features") if kind == "FeatureCollection" else None
    if not isinstance(rows, list):
        message = f"type is {kind!r:.60} and there is no list of features"
        raise where.fault("type", message, "give a GeoJSON FeatureCollection or a TopoJSON Topology")
    return [_feature(row, Where(file, number)) for number, row in enumerate(rows, 1)]


def _feature(row: object, where: Where) -> Feature:
    if not isinstance(row, dict) or row.get("type") != "Feature":
        raise where.fault("type", "it is not a Feature", "see RFC 7946, section 3.2")
    properties = row.get("properties")
    geometry = row.get("geometry")
    if properties is not None and not isinstance(properties, dict):
        raise where.fault("properties", "they are not an object", "give an object or null")
    if geometry is not None and not isinstance(geometry, dict):
        raise where.fault("geometry", "it is not an object", "give an object or null")
    own = {"id": row["id"]} if row.get("id") is not None else {}
    return Feature(where, {**own, **(properties or {})}, geometry)


def _check_crs(crs: object, where: Where) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not name.upper().endswith(_DEGREES):
        message = f"the coordinates are in {name!r:.80}"
        raise where.fault("crs", message, "convert the file to longitude and latitude, WGS 84 (EPSG:4326)")
