"""Places of MUC-4: the nine countries of the task, a list of their places, and where a sentence says that it happened.

``muc4_places.csv`` holds the names of administrative units (OCHA common operational datasets) and those of the official
set list as far as they stand in the keys of DEV-0001 to DEV-1000.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from marsad.extraction.lexicon import listed

__all__ = ["CAPITALS", "Where", "country_of", "place_id", "read_places", "spell"]

CAPITALS = {
    "EL SALVADOR": "SAN SALVADOR",
    "COLOMBIA": "BOGOTA",
    "PERU": "LIMA",
    "CHILE": "SANTIAGO",
    "GUATEMALA": "GUATEMALA CITY",
    "HONDURAS": "TEGUCIGALPA",
    "BOLIVIA": "LA PAZ",
    "ARGENTINA": "BUENOS AIRES",
    "ECUADOR": "QUITO",
}
"""The countries of the task with their capitals."""

_DEMONYMS = {
    "SALVADORAN": "EL SALVADOR",
    "COLOMBIAN": "COLOMBIA",
    "PERUVIAN": "PERU",
    "CHILEAN": "CHILE",
    "GUATEMALAN": "GUATEMALA",
    "HONDURAN": "HONDURAS",
    "BOLIVIAN": "BOLIVIA",
    "ARGENTINE": "ARGENTINA",
    "ECUADORAN": "ECUADOR",
}
_TYPES = "DEPARTMENT|NEIGHBORHOOD|MUNICIPALITY|PROVINCE|JURISDICTION|DISTRICT|CANTON|VILLAGE|TOWN|REGION|SUBURB"
_TYPED = re.compile(
    rf"(?:IN|AT|OF|NEAR|THE|,) ((?:(?:SAN|SANTA|LA|EL|LOS|LAS|DE|DEL) )*[A-Z'-]+(?: DE [A-Z'-]+)?) ({_TYPES})\b"
)
_NAME = r"((?:(?:SAN|SANTA|SANTO|LA|EL|LOS|LAS|PUERTO|DE|DEL) )*[A-Z'-]{3,}(?: DE(?: LA| LOS)? [A-Z'-]+)?)"
_OF = re.compile(rf"\b({_TYPES}|CITY|FARM) OF {_NAME}\b")
_BEFORE_DEPARTMENT = re.compile(rf"\b(?:IN|AT|NEAR) {_NAME}, (?:[A-Z'-]+ ){{1,3}}(?:DEPARTMENT|PROVINCE)\b")
_PREPOSITION = re.compile(
    r"(?:\b(?:IN|AT|NEAR|OF|FROM|ON|TO|THROUGH|OUTSIDE|AND|DOWNTOWN|CENTRAL|NORTHERN|SOUTHERN|EASTERN|WESTERN|THE)|,)\s*$"
)
_WEAK = frozenset({"OF", "FROM", "TO", "AND", "THE", "ON"})
_COUNTRY_NAMES = "|".join(CAPITALS)
_COUNTRY = re.compile(rf"\b({_COUNTRY_NAMES}|{'|'.join(_DEMONYMS)})S?\b")
_HERE = re.compile(r"\bTHIS (?:CAPITAL|CITY)|\bTHE CAPITAL\b|\bCAPITAL CITY\b|\bCAPITAL'S\b")


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a sentence: its offset, its country, its name and type."""

    start: int
    country: str
    name: str
    type: str
    strong: bool


@cache
def _table() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    with (Path(__file__).parent / "muc4_places.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for kind in row["types"].split("|"):
                found.setdefault(row["name"], []).append((row["country"], kind))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_table(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(" + "|".join(re.escape(name) for name in names) + r")(?![\w-])")


def place_id(where: Where) -> str:
    """A place with its country, to tell places apart."""
    return f"{where.country}/{where.name}" if where.name else where.country


def country_of(text: str, dateline_place: str, dateline_country: str) -> str:
    """The country of a story: that of its dateline, or the one that it names most often.

    A clandestine station is the guerrillas' of El Salvador, as almost always in this collection.
    """
    if dateline_country in CAPITALS:
        return dateline_country
    if not dateline_country:
        for country, kind in _table().get(dateline_place, []):
            if kind in ("CITY", "TOWN", "MUNICIPALITY", "DEPARTMENT"):
                return country
    counts: dict[str, int] = {}
    for found in _COUNTRY.finditer(text):
        country = _DEMONYMS.get(found[1], found[1])
        counts[country] = counts.get(country, 0) + 1
    default = "EL SALVADOR" if dateline_place == "CLANDESTINE" else ""
    return max(counts, key=lambda country: counts[country], default=default)


def read_places(text: str, start: int, end: int, country: str, here: str) -> list[Where]:
    """The places of a stretch of text, in order; ``here`` is the town of the dateline."""
    part = text[start:end].upper()
    found = list(_listed_places(part, country))
    if country in CAPITALS:
        for each in (*_typed_places(part, country), *_here(part, country, here)):
            if each.start not in {known.start for known in found}:
                found.append(each)
    found += [
        Where(match.start(), match[1], "", "COUNTRY", strong=True)
        for match in _COUNTRY.finditer(part)
        if match[1] in CAPITALS and _leads(part, match.start())
    ]
    return sorted((replace(each, start=start + each.start) for each in found), key=lambda each: each.start)


def _leads(part: str, at: int) -> str:
    """The preposition, comma or adjective that leads to a place; empty where none does."""
    lead = _PREPOSITION.search(part[max(0, at - 20) : at])
    return lead[0].strip() if lead else ""


def _listed_places(part: str, country: str) -> Iterator[Where]:
    for match in _pattern().finditer(part):
        name, lead = match[1], _leads(part, match.start())
        if not lead or name in _DEMONYMS or name in CAPITALS:
            continue
        options = _table()[name]
        own = [each for each in options if each[0] == country]
        if not own and country not in CAPITALS and len({each[0] for each in options}) == 1:
            own = [each for each in options if each[1] != "TOWN"]
        strong = lead not in _WEAK
        if not own or (not strong and {each[1] for each in own} <= {"TOWN"}):
            continue
        after = re.match(rf"[ ,]*(?:AND [A-Z ]{{3,20}} )?({_TYPES})\b", part[match.end() :])
        if own[0][1] == "REGION" and name in _NOT_NAMES:
            continue
        yield Where(match.start(), own[0][0], name, after[1] if after else own[0][1], strong)


def _typed_places(part: str, country: str) -> Iterator[Where]:
    """``X DEPARTMENT``, ``TOWN OF X``, ``IN X, Y DEPARTMENT``: places that no list has."""
    for match in _TYPED.finditer(part):
        if match[1] not in _NOT_NAMES:
            yield Where(match.start(1), country, match[1], match[2], strong=True)
    told = [(match.start(2), match[2], match[1]) for match in _OF.finditer(part)]
    told += [(match.start(1), match[1], "TOWN") for match in _BEFORE_DEPARTMENT.finditer(part)]
    for at, name, kind in told:
        if not set(name.split()) & _NOT_NAMES and name not in _COUNTRY_NAMES:
            yield Where(at, country, name, kind, strong=True)


def _here(part: str, country: str, here: str) -> Iterator[Where]:
    """``THIS CITY``, ``THE CAPITAL``."""
    for match in _HERE.finditer(part):
        name = here if "THIS CITY" in match[0] and here in _table() else CAPITALS[country]
        yield Where(match.start(), country, name, "CITY", strong=True)


_NOT_NAMES = frozenset(
    listed(
        "THE THIS THAT SAME OTHER A AN HIS RURAL URBAN FREE STATE JUSTICE POLICE FEDERAL EASTERN WESTERN NORTHERN "
        "SOUTHERN ADMINISTRATIVE DEFENSE FINANCE NATIONAL OUR WHICH COFFEE-GROWING NORTHEASTERN NORTHWESTERN "
        "SOUTHEASTERN SOUTHWESTERN NORTH SOUTH EAST WEST EXCLUSIVE RESIDENTIAL JUNGLE VARIOUS SEVERAL INDUSTRIAL UPPER "
        "WEALTHY POOR LIVESTOCK COFFEE BORDER SECURITY TREASURY CENTRAL EACH EVERY ENTIRE SMALL NEARBY MOUNTAIN "
        "FIRE HEALTH ANY SECOND ITS THEIR"
    )
)
_RANK = (
    "REGION",
    "DEPARTMENT",
    "PROVINCE",
    "JURISDICTION",
    "DISTRICT",
    "CITY",
    "MUNICIPALITY",
    "TOWN",
    "VILLAGE",
    "CANTON",
)


def spell(places: list[Where], country: str, here: str) -> str:
    """A location as the key writes it: country, department, town, quarter; ``here`` is the town of the dateline."""
    countries = [each.country for each in places] or [country]
    country = countries[0] or country
    inside = [each for each in places if each.country == country and each.name]
    chosen: dict[int, Where] = {}
    for each in inside:
        chosen.setdefault(_RANK.index(each.type) if each.type in _RANK else len(_RANK), each)
    parts: list[Where] = []
    if len(_RANK) in chosen and not any(5 <= rank < len(_RANK) for rank in chosen):
        chosen[5] = Where(
            0,
            country,
            here if (country, "CITY") in _table().get(here, []) else CAPITALS.get(country, ""),
            "CITY",
            strong=True,
        )
    if 5 in chosen and any(each == (country, "CITY") for each in _table().get(chosen[5].name, [])):
        chosen = {rank: each for rank, each in chosen.items() if rank >= 5}
    towns = [rank for rank in sorted(chosen) if 5 <= rank < len(_RANK)]
    for rank in sorted(chosen):
        if rank in towns and rank != towns[0]:
            continue
        if chosen[rank].name not in [part.name for part in parts]:
            parts.append(chosen[rank])
    return ": ".join([country, *(f"{each.name} ({each.type})" for each in parts)]) if country else ""
