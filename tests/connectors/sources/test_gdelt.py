"""GDELT: the 61 columns of the export, the reduced table, and the files of 15 minutes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections import Counter
from typing import Any

import httpx
import pytest

from marsad.connectors.gdelt_files import COLUMNS, listed
from marsad.connectors.transport import FetchError
from marsad.errors import InputError

BASE = "http://data.gdeltproject.org/gdeltv2"


def line(**values: str) -> str:
    """One row of an export, empty but for these columns."""
    given = {
        "GlobalEventID": "1",
        "SQLDATE": "20260326",
        "EventCode": "193",
        "ActionGeo_Type": "4",
        "ActionGeo_FullName": 'Quetta, "Balochistan, Pakistan',
        "ActionGeo_CountryCode": "PK",
        "ActionGeo_ADM1Code": "PK02",
        "ActionGeo_Lat": "30.1872",
        "ActionGeo_Long": "67.0125",
        "NumMentions": "40",
        "NumSources": "4",
    } | values
    assert set(given) <= set(COLUMNS)
    return "\t".join(given.get(name, "") for name in COLUMNS) + "\n"


def test_there_are_the_61_columns_of_the_codebook() -> None:
    assert len(COLUMNS) == len(set(COLUMNS)) == 61
    assert COLUMNS[26] == "EventCode"
    assert COLUMNS[51] == "ActionGeo_Type"
    assert COLUMNS[60] == "SOURCEURL"


def test_an_export_without_headings(read: Any, write: Any) -> None:
    found = read("gdelt", write("20260326120000.export.CSV", line(Actor1Name="POLICE", Actor1Code="COP")))
    (row,) = found.rows
    assert row["source_id"] == "1"
    assert (row["date_start"], row["date_end"]) == (dt.date(2026, 3, 26), dt.date(2026, 3, 26))
    assert (row["country"], row["country_reported"], row["place_precision"]) == ("PAK", "PK", "point")
    assert row["admin1_reported"] == '"Balochistan'
    assert (row["kind"], row["subkind"], row["plover"]) == ("battle", "armed_clash", "ASSAULT")
    assert (row["side_a"], row["side_a_id"]) == ("POLICE", "COP")
    assert found.audit.leftover == Counter()


def test_mentions_are_no_events_and_no_victims(read: Any, write: Any) -> None:
    (row,) = read("gdelt", write("a.tsv", line())).rows
    assert json.loads(row["verbatim"])["NumMentions"] == "40"
    assert not {"events", "deaths_best", "injured", "deaths_high"} & set(row)


@pytest.mark.parametrize(
    ("code", "kind", "subkind", "plover"),
    [
        ("010", None, "010", None),
        ("043", None, "043", "CONSULT"),
        ("0871", "development", "agreement", "RETREAT"),
        ("141", "protest", "141", "PROTEST"),
        ("1451", "riot", "violent_demonstration", "PROTEST"),
        ("1823", "violence_against_civilians", "1823", "ASSAULT"),
        ("1831", "explosion", "suicide_bomb", "ASSAULT"),
        ("190", "battle", "190", "ASSAULT"),
        ("1952", "explosion", "air_drone_strike", "ASSAULT"),
    ],
)
def test_cameo_codes(read: Any, write: Any, code: str, kind: str | None, subkind: str, plover: str | None) -> None:
    found = read("gdelt", write("a.tsv", line(EventCode=code)))
    (row,) = found.rows
    assert (row.get("kind"), row["subkind"], row.get("plover")) == (kind, subkind, plover)
    assert not found.audit.unknown


def test_a_code_of_no_root_is_reported(read: Any, write: Any) -> None:
    found = read("gdelt", write("a.tsv", line(EventCode="X99")))
    assert found.audit.unknown == {("EventCode", "X99"): 1}
    assert "kind" not in found.rows[0]


def test_a_bundle_with_headings_and_wrong_rows(read: Any, write: Any) -> None:
    text = "\t".join(COLUMNS) + "\n" + line() + line(SQLDATE="20261326") + "1\t2\n" + line(ActionGeo_Lat="95")
    found = read("gdelt", write("b.tsv", text))
    assert (found.audit.read, found.audit.kept, len(found.rows)) == (4, 1, 1)
    assert found.audit.reasons == {
        "SQLDATE: not a day in the form YYYY-MM-DD or %Y%m%d": 1,
        "(row): fewer cells than columns": 1,
        "latitude: not between -90 and 90": 1,
    }


def test_a_changed_column_is_named(read: Any, write: Any) -> None:
    text = "\t".join(COLUMNS).replace("ActionGeo_Lat", "ActionLatitude") + "\n" + line()
    with pytest.raises(InputError, match="there is no field 'ActionGeo_Lat or latitude'"):
        read("gdelt", write("b.tsv", text))


REDUCED = (
    "source,event_code,actor1,actor2,country_code,location,latitude,longitude,goldstein_scale,num_mentions,"
    "num_sources,num_articles,avg_tone,source_url,date,snapshot,country\n"
)


def test_the_country_of_the_reduced_shape_is_that_of_the_location(read: Any, write: Any) -> None:
    """``country_code`` is FIPS in the first rows and ISO later: AU is Austria and Australia."""
    rows = (
        'gdelt,190,A,B,AU,"AU09, AU",48.2,16.4,-10,1,1,1,0,http://a.example/1,20260326,2026-03-27,\n'
        'gdelt,190,A,B,AU,"AS02, AS",-33.9,151.2,-10,1,1,1,0,http://a.example/2,2026-07-09,2026-07-10,AU\n'
        'gdelt,190,A,B,AU,"AS, AS",-25,135,-10,1,1,1,0,http://a.example/3,2026-07-09,2026-07-10,AU\n'
        "gdelt,190,A,B,,,,,-10,1,1,1,0,http://a.example/4,2026-07-09,2026-07-10,\n"
    )
    found = read("gdelt", write("reduced.csv", REDUCED + rows))
    assert [row.get("country") for row in found.rows] == ["AUT", "AUS", "AUS", None]
    assert [row.get("place_precision") for row in found.rows] == [None, None, "country", None]
    assert [row["date_start"] for row in found.rows[:2]] == [dt.date(2026, 3, 26), dt.date(2026, 7, 9)]
    assert found.audit.leftover == Counter()


def test_the_real_reduced_file(read: Any, shared: Any) -> None:
    found = read("gdelt", shared("gdelt/gdelt_2026_reduced.csv"))
    assert found.audit.read == 24_631
    assert found.audit.kept == 24_630
    assert found.audit.reasons == {"latitude, longitude: only one of the two coordinates": 1}
    assert found.audit.leftover == Counter()
    assert found.audit.unknown == Counter()
    assert {row["date_start"].year for row in found.rows} == {2026}
    located = [row for row in found.rows if row.get("latitude") is not None]
    assert sum(row.get("country") is not None for row in located) == len(located) - 50  # on an ocean


# --- fetching ---


def packed(text: str, name: str = "x.export.CSV") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return made.getvalue()


def entry(stamp: str, content: bytes) -> str:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return f"{len(content)} {digest} {BASE}/{stamp}.export.CSV.zip\n"


@pytest.fixture
def files() -> dict[str, bytes]:
    stamps = ("20260326000000", "20260326001500", "20260326004500")
    return {stamp: packed(line(GlobalEventID=str(number))) for number, stamp in enumerate(stamps, 7)}


def served(files: dict[str, bytes], missing: frozenset[str] = frozenset()) -> Any:
    """The list of all files, and the files."""
    listing = "".join(entry(stamp, content) for stamp, content in files.items())
    listing += f"100 {'0' * 32} {BASE}/20260326000000.mentions.CSV.zip\nnot a line\n"

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if name in ("masterfilelist.txt", "lastupdate.txt"):
            return httpx.Response(200, text=listing)
        stamp = name.partition(".")[0]
        return httpx.Response(404) if stamp in missing else httpx.Response(200, content=files[stamp])

    return answer


def test_a_list_has_sizes_hashes_and_other_files() -> None:
    text = entry("20260326000000", b"abc") + "12 xyz http://a/b\n\n"
    (one,) = listed(text.splitlines())
    assert (one.size, one.name) == (3, "20260326000000.export.CSV.zip")


def test_a_period_is_fetched_verified_and_bundled(service: Any, read: Any, files: dict[str, bytes]) -> None:
    service.answer = served(files)
    fetched = service.fetch("gdelt", {"from": "2026-03-26", "to": "2026-03-26"})
    assert fetched.version == "202603260000-202603260045"
    (note,) = fetched.notes
    assert note.startswith("GDELT lists no file for 93 quarters of an hour: 2026-03-26 00:30")
    assert [row["source_id"] for row in read("gdelt", fetched.path).rows] == ["7", "8", "9"]


def test_without_a_period_the_latest_file(service: Any, read: Any, files: dict[str, bytes]) -> None:
    service.answer = served(dict([list(files.items())[-1]]))
    fetched = service.fetch("gdelt")
    assert service.asked[0].path.endswith("lastupdate.txt")
    assert len(read("gdelt", fetched.path).rows) == 1
    assert fetched.notes == ()


def test_missing_and_damaged_files_are_reported_and_not_fatal(service: Any, read: Any, files: dict[str, bytes]) -> None:
    stamps = list(files)
    normal = served(files, frozenset({stamps[0]}))
    swapped = packed(line(GlobalEventID="99"))  # whole, but not what the list says

    def answer(request: httpx.Request) -> httpx.Response:
        response: httpx.Response = normal(request)
        return httpx.Response(200, content=swapped) if stamps[1] in request.url.path else response

    service.answer = answer
    fetched = service.fetch("gdelt", {"from": "2026-03-26"})
    assert fetched.notes[1:] == (
        f"{stamps[0]}.export.CSV.zip: missing at GDELT",
        f"{stamps[1]}.export.CSV.zip: its MD5 is not the one that GDELT lists",
    )
    assert len(read("gdelt", fetched.path).rows) == 1


def test_where_no_file_can_be_had_it_is_an_error(service: Any, files: dict[str, bytes]) -> None:
    service.answer = served(files, frozenset(files))
    with pytest.raises(InputError, match="none of the 3 files could be had"):
        service.fetch("gdelt", {"from": "2026-03-26"})


def test_a_network_that_is_gone_is_no_gap(service: Any, files: dict[str, bytes]) -> None:
    normal = served(files)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(".zip"):
            raise httpx.ConnectError("no route", request=request)
        response: httpx.Response = normal(request)
        return response

    service.answer = answer
    with pytest.raises(FetchError, match="no route"):
        service.fetch("gdelt", {"from": "2026-03-26"})


def test_an_interrupted_fetch_goes_on(service: Any, read: Any, files: dict[str, bytes]) -> None:
    last = list(files)[-1]
    normal = served(files)
    service.answer = lambda request: httpx.Response(403) if last in request.url.path else normal(request)
    with pytest.raises(FetchError):
        service.fetch("gdelt", {"from": "2026-03-26"})
    service.asked.clear()
    service.answer = normal
    fetched = service.fetch("gdelt", {"from": "2026-03-26"})
    assert [url.path.rpartition("/")[2] for url in service.asked] == ["masterfilelist.txt", f"{last}.export.CSV.zip"]
    assert len(read("gdelt", fetched.path).rows) == 3


def test_429_is_waited_for(service: Any, files: dict[str, bytes]) -> None:
    normal = served(files)
    answers = iter([httpx.Response(429, headers={"retry-after": "7"})])
    service.answer = lambda request: next(answers, None) or normal(request)
    service.fetch("gdelt", {"from": "2026-03-26"})
    assert service.clock.slept == [7.0]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"to": "2026-03-26"}, "`to` needs a `from`"),
        ({"from": "2026-03-27", "to": "2026-03-26"}, "not later"),
        ({"from": "26.3.2026"}, "is not a day"),
        ({"country": "PK"}, "there is no option 'country'"),
        ({"from": "2031-01-01"}, "there is no file in that period"),
    ],
)
def test_wrong_queries(service: Any, files: dict[str, bytes], query: dict[str, str], message: str) -> None:
    service.answer = served(files)
    with pytest.raises(InputError, match=message):
        service.fetch("gdelt", query)


def test_a_file_that_is_no_zip_is_reported(service: Any, files: dict[str, bytes]) -> None:
    files["20260326004500"] = b"PK\x03\x04 not a zip"
    service.answer = served(files)
    fetched = service.fetch("gdelt", {"from": "2026-03-26"})
    assert any("not a zip file, or damaged" in note for note in fetched.notes)
