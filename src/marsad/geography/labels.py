"""Names, codes and countries of features, from the properties under which the known producers keep them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from marsad.errors import InputError
from marsad.geography.countries import country_code
from marsad.geography.reading import Feature
from marsad.geography.shipped import data_rows

__all__ = ["area_codes", "area_countries", "area_names", "border_sides", "feature_name", "level_of"]

_MISSING = frozenset({"", "-99", "-99.0", "null", "none", "n/a"})
_ADMIN = re.compile(r"ADM([0-2])", re.IGNORECASE)


@cache
def _known(role: str, level: int | None) -> tuple[str, ...]:
    """Properties that may play a role at a level, the best first, folded."""
    rows = [row for row in data_rows("property_names.csv") if row["role"] == role]
    return tuple(row["property"].casefold() for row in rows if level is None or row["level"] in ("", str(level)))


def _folded(properties: Mapping[str, Any]) -> dict[str, str]:
    """Properties that say something, as text; where two differ by case only, the first."""
    found: dict[str, str] = {}
    for name, value in properties.items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            text = str(value).strip()
            if text.casefold() not in _MISSING:
                found.setdefault(name.casefold(), text)
    return found


def level_of(features: Sequence[Feature], file: str) -> int:
    """Administrative level (0 countries, 1, 2) by the properties of the features.

    Raises:
        InputError: they do not tell.
    """
    names = {name for feature in features for name in _folded(feature.properties)}
    kinds = {_folded(feature.properties).get("shapetype", "") for feature in features}
    told = {int(match.group(1)) for kind in kinds if (match := _ADMIN.fullmatch(kind))}
    if len(told) == 1:
        return told.pop()
    rows = [row for row in data_rows("property_names.csv") if row["role"] == "level"]
    found = [int(row["level"]) for row in rows if row["property"].casefold() in names]
    if not found:
        raise InputError(f"{file}: level: the properties do not tell it; give level=0 (countries), 1 or 2")
    return max(found)


def _value_of(feature: Feature, field: str) -> str | None:
    """A property that the caller named; None where it is empty."""
    if field not in feature.properties:
        there = ", ".join(sorted(feature.properties)[:20]) or "none"
        raise feature.where.fault(field, "there is no such property", f"take one of: {there}")
    return _folded({field: feature.properties[field]}).get(field.casefold())


def feature_name(feature: Feature, field: str | None, level: int | None = None) -> str | None:
    """Name of a feature, from the named or a known property; None where it has none.

    Raises:
        ParseError: the feature has no property of the given name.
    """
    return _value_of(feature, field) if field is not None else _first(feature, "name", level)


def _first(feature: Feature, role: str, level: int | None) -> str | None:
    found = _folded(feature.properties)
    return next((found[name] for name in _known(role, level) if name in found), None)


def area_names(features: Sequence[Feature], level: int, file: str, field: str | None) -> tuple[str | None, ...]:
    """Names of areas, from the named or a known property.

    Raises:
        InputError: none was named and no feature has a known one.
    """
    names = tuple(feature_name(one, field, level) for one in features)
    if features and not any(names):
        there = ", ".join(sorted({name for one in features for name in one.properties})[:20]) or "none"
        raise InputError(f"{file}: name: no feature has a known property; name one as name_field, of: {there}")
    return names


def area_codes(
    features: Sequence[Feature], level: int, field: str | None, names: Sequence[str | None]
) -> tuple[str | None, ...]:
    """Codes of areas; those of countries are alpha-3 where the properties or the name tell it."""
    if field is not None:
        return tuple(_value_of(one, field) for one in features)
    if level:
        return tuple(_first(one, "code", level) for one in features)
    return tuple(_country(one, name) or _first(one, "code", 0) for one, name in zip(features, names, strict=True))


def area_countries(
    features: Sequence[Feature], level: int, country: str | None, names: Sequence[str | None]
) -> tuple[str | None, ...]:
    """Alpha-3 codes of the countries that areas belong to; None where neither the caller nor the properties tell it."""
    if country is not None:
        return (country,) * len(features)
    return tuple(_country(one, None if level else name) for one, name in zip(features, names, strict=True))


def _country(feature: Feature, name: str | None) -> str | None:
    """The first property that is a code or a name of a country; the ISO number of a country, or its name, if given."""
    found = _folded(feature.properties)
    texts = [found[known] for known in _known("country", None) if known in found]
    codes = [country_code(text) for text in texts]
    if name is not None:
        codes += [country_code(found.get("id", ""), "numeric"), country_code(name, "name")]
    return next((code for code in codes if code is not None), None)


def border_sides(feature: Feature) -> tuple[str | None, str | None]:
    """Alpha-3 codes of the countries left and right of a border line, as Natural Earth names them."""
    found = _folded(feature.properties)

    def side(role: str) -> str | None:
        codes = (country_code(found[name]) for name in _known(role, None) if name in found)
        return next((code for code in codes if code is not None), None)

    return side("left"), side("right")
