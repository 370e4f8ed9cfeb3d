"""Where things are: areas of points, distances to border lines, names and codes of countries and areas.

Longitudes and latitudes are degrees, WGS 84. numpy and shapely are imported when a name that needs them is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from marsad.geography.countries import SCHEMES, country_code, country_name

if TYPE_CHECKING:
    from marsad.geography.assigning import Areas, How, assign
    from marsad.geography.boundaries import Boundaries, read_boundaries, world_boundaries
    from marsad.geography.by_name import AreaFound, NamedArea, assign_by_name
    from marsad.geography.grid import cell, haversine_km
    from marsad.geography.lines import Line, border_between, distance_km, line_between, read_lines

__all__ = [
    "SCHEMES",
    "AreaFound",
    "Areas",
    "Boundaries",
    "How",
    "Line",
    "NamedArea",
    "assign",
    "assign_by_name",
    "border_between",
    "cell",
    "country_code",
    "country_name",
    "distance_km",
    "haversine_km",
    "line_between",
    "read_boundaries",
    "read_lines",
    "world_boundaries",
]

_LATER = {
    "AreaFound": "by_name",
    "Areas": "assigning",
    "Boundaries": "boundaries",
    "How": "assigning",
    "Line": "lines",
    "NamedArea": "by_name",
    "assign": "assigning",
    "assign_by_name": "by_name",
    "border_between": "lines",
    "cell": "grid",
    "distance_km": "lines",
    "haversine_km": "grid",
    "line_between": "lines",
    "read_boundaries": "boundaries",
    "read_lines": "lines",
    "world_boundaries": "boundaries",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
