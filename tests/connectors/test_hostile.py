"""Hostile files of every source: rows are put aside with reasons, or an error names the file; nothing else ever."""

from __future__ import annotations

import csv
import io
import json
import random
import time
import zipfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from marsad.connectors import RowAudit, connector, fitted
from marsad.connectors.reading import read_records
from marsad.errors import InputError
from marsad.geography import assign_by_name, country_code
from marsad.workbench.placing import shipped_areas

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
REAL = {
    "ucdp-ged": "ucdp/ged_v23_1_sample.csv",
    "ucdp-candidate": "ucdp/GEDEvent_v23_0_10.csv",
    "ucdp-country-year": "ucdp/organizedviolencecy_v25_1.csv",
    "ucdp-actors": "ucdp/actor_v22_1.csv",
    "gdelt": "gdelt/gdelt_2026_reduced.csv",
    "awsd": "awsd/awsd_incidents_global.csv",
    "insecurity-insight-aid-workers": "insecurity_insight/aidWorkerKIKA.json",
    "insecurity-insight-education": "insecurity_insight/education.json",
    "unhcr-population": "unhcr/population.parquet",
    "unhcr-flows": "unhcr/flows.parquet",
    "unhcr-solutions": "unhcr/solutions.parquet",
    "generic": "ucdp/aec_all.csv",
}
VALUES: tuple[Any, ...] = (
    *("\0", "a\0b", "x" * 1_000_001, "-1", "1e999", "NaN", "9" * 5000, "2023-13-45", "0001-01-01", "=cmd()", '"'),
    *("\n\n", "\r", "\ufeff", "\ud800", "\u0661\u0662", "91", "-181", "{}", "\u202e", "1,234", "12.0", "-99"),
    *(None, [1, [2]], {"a": [1]}, True, float("inf"), 10**400, ["x" * 10_000] * 50),
)
SECONDS = 10.0
"""More than any of these files takes on a slow machine, and far less than what hung before."""

Rows = list[dict[str, Any]]


def as_csv(rows: Rows) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    made = io.StringIO()
    writer = csv.DictWriter(made, names)
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode("utf-8", "surrogatepass")


def as_jsonl(rows: Rows) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def as_json(rows: Rows) -> bytes:
    return json.dumps(rows).encode()


FORMS: dict[str, Callable[[Rows], bytes]] = {"csv": as_csv, "jsonl": as_jsonl, "json": as_json}


def spoilt(rows: Rows, chance: random.Random) -> Rows:
    """Rows in which cells, columns or whole rows are wrong."""
    rows = [dict(row) for row in rows]
    names = list(rows[0])
    first, second = chance.sample(names, 2)
    match chance.choice(["cells", "swap", "drop", "rename", "empty"]):
        case "cells":
            for _ in range(30):
                chance.choice(rows)[chance.choice(names)] = chance.choice(VALUES)
        case "swap":
            for row in rows:
                row[first], row[second] = row[second], row[first]
        case "drop":
            for row in chance.sample(rows, len(rows) // 2):
                row.pop(first, None)
        case "rename":
            rows = [{(f"{name}_" if name == first else name): value for name, value in row.items()} for row in rows]
        case _:
            for row in rows:
                row[first] = ""
    return rows


def damaged(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    match chance.choice(["no", "no", "cut", "flip", "nul", "twice"]):
        case "cut":
            return content[:place]
        case "flip":
            return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
        case "nul":
            return content[:place] + bytes(100) + content[place:]
        case "twice":
            return content * 2
        case _:
            return content


@pytest.mark.parametrize("name", sorted(REAL))
def test_every_record_of_a_spoilt_file_is_kept_or_put_aside(name: str, tmp_path: Path) -> None:
    real = DATA / REAL[name]
    if not real.exists():
        pytest.skip(f"{real} is not here")
    source = connector(name)
    rows = [dict(raw.values) for raw in islice(source.read(real, source.spec), 25) if not raw.tags]
    for seed in range(12):
        chance = random.Random(f"{name} {seed}")
        form = chance.choice(sorted(FORMS))
        path = tmp_path / f"{seed}.{form}"
        path.write_bytes(damaged(FORMS[form](spoilt(rows, chance)), chance))
        said: list[str] = []
        audit, started = RowAudit(), time.process_time()
        try:
            ready = fitted(source, path) if name == "generic" else source
            made = list(ready.table_rows(path, release="r", audit=audit))
        except InputError as error:
            said.append(str(error))
        else:
            assert audit.made == len(made)
            assert audit.kept + len(audit.quarantined) <= audit.read
            assert all(found.reason for found in audit.quarantined)
        assert all(path.name in text and len(text) < 2000 for text in said)
        assert time.process_time() - started < SECONDS, (name, seed)


def test_a_code_of_millions_of_characters_is_looked_up_at_once(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    head = ("source,event_code,actor1,actor2,country_code,location,latitude,longitude,goldstein_scale,num_mentions,"
            "num_sources,num_articles,avg_tone,source_url,date,snapshot,country")  # fmt: skip
    path.write_text(f'{head}\ngdelt,{"1" * 1_000_000},A,,IR,"IR11, IR",27.1,56.2,-10,1,1,1,-2,u,20260326,2026-03-27,\n')
    started, audit = time.process_time(), RowAudit()
    list(connector("gdelt").table_rows(path, release="r", audit=audit))
    assert time.process_time() - started < SECONDS
    assert audit.read == 1


def test_no_text_of_a_million_characters_is_remembered_as_the_name_of_a_place() -> None:
    started = time.process_time()
    assert all(
        country_code(f"{number}{'x' * 1_000_000}", scheme) is None for number in range(50) for scheme in (None, "name")
    )
    long = [f"{number} {'ab ' * 300_000}" for number in range(20)]
    found = assign_by_name(shipped_areas(), ["PAK"] * 20, long, long)
    assert all(area.admin1 is None and area.admin2 is None for area in found)
    assert time.process_time() - started < SECONDS


def sheet(rows: str, *, head: str = "") -> bytes:
    """A workbook whose sheet has these rows, as its XML writes them."""
    book, plain, made = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.save(plain)
    names = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>'
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    size = '<dimension ref="A1:XFD1048576"/>'
    body = f'{head}<worksheet xmlns="{space}">{size}<sheetData>{names}{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, body if entry == "xl/worksheets/sheet1.xml" else old.read(entry))
        new.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    return made.getvalue()


def packed(content: bytes, *, flags: int = 0, version: int = 0) -> bytes:
    """A zip file; with flags (1: encrypted) and the version that it says it needs."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    whole = bytearray(made.getvalue())
    entry = whole.index(b"PK\x01\x02")
    whole[6] |= flags
    whole[entry + 8] |= flags
    whole[entry + 6] = version or whole[entry + 6]
    return bytes(whole)


ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>{}]>".format(
    "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 20}'>" for n in range(8))
)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("row.xlsx", sheet('<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>'), "row beyond 1,048,576"),
        ("bad.xlsx", sheet('<row r="x"><c r="ZZZZZZ1"><v>q</v></c></row>'), "damaged"),
        ("cut.xlsx", sheet("<row r="), "damaged"),
        ("entities.xlsx", sheet('<row r="2"><c r="A2" t="str"><v>&i;</v></c></row>', head=ENTITIES), "damaged"),
        ("nested.html", b"<table>" + b"<tr><td><table>" * 10_000, "empty"),
        ("deep.html", b"<div>" * 100_000 + b"<table><tr><td>1</td></tr></table>", "there is no table 1"),
        ("digits.json", b'[{"a":' + b"9" * 1_000_000 + b"}]", "not JSON"),
        ("deep.json", b'[{"a":' * 100_000, "not JSON"),
        ("open.csv", b'id,x\n1,"a\nb"\n2,"never closed\n' + b"3,x\n" * 1000, "line 4 opens a quotation mark"),
        ("end.csv", b'id,x\n1,"cut he', "line 2 opens a quotation mark"),
        ("same.csv", b",".join([b"a"] * 100_000), "two columns are called 'a'"),
        ("bomb.zip", packed(b"a,b\n" + b"0,0\n" * 3_000_000), "no honest table"),
        ("secret.zip", packed(b"id\n1\n", flags=1), "encrypted, password required"),
        ("later.zip", packed(b"id\n1\n", version=94), "zip file version 9.4"),
        ("later.xlsx", packed(b"id\n1\n", version=94), "zip file version 9.4"),
        ("really.csv", b"PAR1\x80\xff", "a Parquet file, read as CSV"),
        ("really.tsv", b"\xd0\xcf\x11\xe0\xff", "an old Excel or Word file"),
        ("line.jsonl", b'{"a":"' + b"x" * (65 * 2**20) + b'"}', "no honest one does"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_no_honest_file_holds_is_refused(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    started = time.process_time()
    with pytest.raises(InputError, match=message) as caught:
        list(read_records(path))
    assert name in str(caught.value)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("corner.xlsx", sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), 1),
        ("formula.xlsx", sheet('<row r="2"><c r="A2"><f>WEBSERVICE("http://x")</f><v>3</v></c></row>'), 1),
        ("wide.csv", b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"1," * 100_000 + b"\n", 1),
        ("closed.csv", b'id,x\n1,"a\n\nb"\n2,"""c"', 2),
        ("digits.jsonl", b'{"a":' + b"9" * 100_000 + b'}\n{"a":1}\n', 2),
        ("outside.zip", packed(b"id\n1\n"), 1),
    ],
)
def test_what_is_odd_and_honest_is_read(name: str, content: bytes, count: int, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    started = time.process_time()
    assert len(list(read_records(path))) == count
    assert time.process_time() - started < SECONDS


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder, not a file"):
        list(read_records(tmp_path))


def test_a_table_of_another_source_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("colour,size\nred,3\n")
    with pytest.raises(InputError, match=r"no table of UCDP Georeferenced.*Name the connector of its source"):
        list(connector("ucdp-ged").table_rows(path, release="r", audit=RowAudit()))
