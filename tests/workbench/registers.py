"""A made-up register as a study names it, and a way to change a file of the study."""

from __future__ import annotations

from pathlib import Path

MAPPING = """
title: A register of attacks
producer: Example Register
licence: CC BY 4.0
citation: Example Register (2025). Attacks.
may_redistribute: true
definition: {id: attacks, text: Attacks in which somebody was killed., victims: everybody, within: []}
fields:
  source_id: id
  date_start: start
  date_end: end
  date_precision: precision
  country: {field: country, country: iso3}
  admin1_reported: province
  place: place
  latitude: lat
  longitude: lon
  side_a: attacker
  deaths_low: low
  deaths_best: best
  deaths_high: high
  text: text
constants: {kind: explosion}
"""
HEAD = "id,start,end,precision,country,province,place,lat,lon,attacker,low,best,high,text"
MARKET = "m1,2022-03-04,2022-03-04,day,PAK,Khyber Pakhtunkhwa province,Town,34.01,71.58,Armed Group,11,12,14,A market"
OTHERS = (
    "m2,2022-03-20,2022-03-20,day,PAK,Punjab province,Lahore,31.55,74.34,Armed Group,1,2,2,Shots at a checkpoint",
    "m3,2022-06-01,2022-06-30,month,PAK,Khyber Pakhtunkhwa province,,,,Armed Group,,5,,Clashes in June",
    "m4,2022-01-01,2022-12-31,year,PAK,,,,,Armed Group,0,9,9,Several attacks that year",
    "m5,2022-03-05,2022-03-05,day,AFG,Kabul province,Kabul,34.53,69.17,Others,3,3,3,Bomb in a bazaar",
    "m6,2022-04-01,2022-04-01,day,PAK,Punjab province,Lahore,31.55,74.34,Armed Group,-1,2,2,A count that cannot be",
)
SOURCE = """
@misc{register2025,
  author = {{Example Register}},
  title = {Attacks},
  date = {2025},
  kind = {secondary},
  reliability = {B},
}
"""
DATA = """# Which registers the study is set against.
releases:
  - id: attacks
    connector: generic
    version: "1.0"
    source: register2025
    file: attacks.csv
    mapping: attacks.yaml
    retrieved_at: "2025-02-03"
"""


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1))
