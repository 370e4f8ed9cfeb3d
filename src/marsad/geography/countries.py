"""Codes of countries: from names and from the code schemes of datasets to ISO 3166-1 alpha-3."""

from __future__ import annotations

from functools import cache, lru_cache

from marsad.errors import InputError, InternalError
from marsad.geography.keys import name_key, without_brackets
from marsad.geography.shipped import data_rows

__all__ = ["SCHEMES", "country_code", "country_name"]

SCHEMES = ("name", "iso2", "iso3", "gw", "fips", "numeric")
"""What a text may be: a name; ISO 3166-1 alpha-2, alpha-3, numeric; Gleditsch and Ward's number; FIPS 10-4."""

_LONGEST = 200
"""Characters of the longest text that may be a country: longer ones are not looked up, nor remembered."""


def country_code(text: str, scheme: str | None = None) -> str | None:
    """ISO 3166-1 alpha-3 code of a country, ``XKX`` for Kosovo; None where the text is not known or is ambiguous.

    Case, accents, signs and surrounding spaces do not matter. ``X (Y)`` is X where Y does not name another country:
    ``Yemen (North Yemen)``, ``Russia (Soviet Union)``. Numbers may lack leading zeros or carry ``.0``.
    States of the past that left several successors (Soviet Union, Yugoslavia) have no code of their own.

    Args:
        text: a name or a code.
        scheme: one of ``SCHEMES``. None takes it as a name, as alpha-3 or, if it is in capitals, as alpha-2; FIPS codes
            and numbers must be announced, for they collide with ISO's.

    Raises:
        InputError: the scheme is not known.

    Reference: Gleditsch and Ward 1999, https://doi.org/10.1080/03050629908434958.
    """
    if len(text) > _LONGEST:
        return None
    return _country_code(text, scheme)


@lru_cache(maxsize=65536)
def _country_code(text: str, scheme: str | None) -> str | None:
    if scheme is not None and scheme not in SCHEMES:
        raise InputError(f"country_code: there is no scheme {scheme!r}; take one of {', '.join(SCHEMES)}, or none")
    if scheme == "name":
        return _by_name(text)
    if scheme in ("gw", "numeric"):
        return _tables()[scheme].get(_digits(text))
    if scheme is not None:
        return _tables()[scheme].get(text.strip().upper())
    bare = text.strip()
    found = _by_name(bare) or _tables()["iso3"].get(bare.upper())
    return found or (_tables()["iso2"].get(bare) if bare.isupper() else None)


def country_name(code: str) -> str | None:
    """Usual English name of a country by its alpha-3 code; None where the code is not known."""
    return _names().get(code)


def _by_name(text: str) -> str | None:
    names = _tables()["name"]
    found = names.get(_key(text))
    if found is not None:
        return found
    outside, inside = without_brackets(text)
    found = names.get(_key(outside)) if inside else None
    others = {names.get(_key(part)) for part in inside} - {None, found}
    return None if others else found


def _key(text: str) -> str:
    return name_key(text).removeprefix("the ")


def _digits(text: str) -> str:
    bare = text.strip().removesuffix(".0")
    return bare.lstrip("0") if bare.isascii() and bare.isdigit() else ""


@cache
def _names() -> dict[str, str]:
    return {row["iso3"]: row["name"] for row in data_rows("country_names.csv")}


@cache
def _tables() -> dict[str, dict[str, str]]:
    """For each scheme, the alpha-3 code of each key."""
    tables: dict[str, dict[str, str]] = {scheme: {} for scheme in SCHEMES}
    for row in data_rows("country_names.csv"):
        keys = {
            "name": [_key(name) for name in (row["name"], *row["aliases"].split(";"))],
            "iso2": [row["iso2"]],
            "iso3": [row["iso3"]],
            "gw": row["gw"].split(";"),
            "fips": row["fips"].split(";"),
            "numeric": [row["numeric"].lstrip("0")],
        }
        for scheme, table in tables.items():
            for key in filter(None, keys[scheme]):
                if table.setdefault(key, row["iso3"]) != row["iso3"]:
                    raise InternalError(f"country_names.csv: {scheme} {key!r} stands for two countries")
    return tables
