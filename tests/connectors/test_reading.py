"""Reading records from files: every format, and what hostile files do."""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.connectors.reading import MOST_CELL, Raw, first_line, format_of, read_records
from marsad.connectors.spec import Reader
from marsad.errors import InputError

RECORDS = [{"id": "1", "place": "Quetta"}, {"id": "2", "place": "مرصد"}]
CSV = "id,place\n1,Quetta\n2,مرصد\n"


def xlsx(rows: list[list[Any]], title: str = "data") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def packed(*entries: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def records(tmp_path: Path) -> Callable[..., list[Raw]]:
    """The records of a file of this name and content."""

    def run(name: str, content: bytes | str, reader: Reader | None = None) -> list[Raw]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_records(path, reader))

    return run


HTML = (
    "<table><tr><th>id</th><th>place</th></tr><tr><td>1</td><td> Quetta </td></tr>"
    "<tr><td>2</td><td>مر<b>صد</b></td></tr></table>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.CSV", CSV.replace("\n", "\r\n")),
        ("a.tsv", CSV.replace(",", "\t")),
        ("a.txt", CSV.replace(",", "\t")),
        ("a.json", json.dumps(RECORDS)),
        ("a.jsonl", "".join(json.dumps(record) + "\n\n" for record in RECORDS)),
        ("a.geojson", json.dumps({"type": "FeatureCollection", "features": [{"properties": one} for one in RECORDS]})),
        ("a.xlsx", xlsx([["id", "place"], ["1", "Quetta"], ["2", "مرصد"]])),
        ("a.html", HTML),
        ("a.csv.zip", packed(("a.csv", CSV.encode()), ("__MACOSX/a.csv", b"x"), ("readme.txt", b"x"))),
        ("a.zip", packed(("inner/a.json", json.dumps(RECORDS).encode()))),
        ("b.zip", packed(("a.xlsx", xlsx([["id", "place"], ["1", "Quetta"], ["2", "مرصد"]])))),
        ("c.zip", packed(("a.html", HTML.encode()))),
    ],
)
def test_every_format(records: Any, name: str, content: bytes | str) -> None:
    found = records(name, content)
    assert [raw.values for raw in found] == RECORDS
    assert [raw.row for raw in found] == [1, 2]
    assert not any(raw.fault or raw.tags for raw in found)


def test_parquet(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1, 2], "place": ["Quetta", None]}), tmp_path / "a.parquet")
    assert [raw.values for raw in read_records(tmp_path / "a.parquet")] == [
        {"id": 1, "place": "Quetta"},
        {"id": 2, "place": None},
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n\n", "empty"),
        ("a.csv", b"id,place\n1,\xff\xfe\n", "not text in utf-8-sig"),
        ("a.csv", b"id,place,id\n1,a,2\n", "two columns are called 'id'"),
        ("a.csv", b'id,place\n1,"' + b"x" * (MOST_CELL + 1) + b'"\n', "damaged: field larger than field limit"),
        ("a.json", b'[{"id": 1}, {"id"', "not JSON, or cut short"),
        ("a.json", b"[" * 100_000, "not JSON, or cut short"),
        ("a.json", b'{"data": [{"id": 1}]}', "there is no list of records"),
        ("a.xlsx", b"not a workbook", "damaged"),
        ("a.xlsx", packed(("x.xml", b"<a/>")), "not an Excel workbook"),
        ("a.html", b"  ", "empty"),
        ("a.html", b"<p>no table</p>", "there is no table 1; the page has 0"),
        ("a.parquet", b"PAR1", "not a Parquet file"),
        ("a.pdf", b"%PDF", "'.pdf' is no format"),
        ("a.zip", b"PK\x03\x04", "not a zip file, or damaged"),
        ("a.zip", packed(("a.exe", b"x")), "holds 0 tables"),
        ("a.zip", packed(("a.csv", b"x"), ("b.csv", b"y")), "holds 2 tables"),
        ("a.zip", packed(("a.parquet", b"x")), "Parquet in a zip"),
        ("a.zip", packed(("a.csv", b"0" * 40_000_000)), "no honest table does"),
        ("a.xlsx", packed(("[Content_Types].xml", b" " * 40_000_000)), "no honest workbook does"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_the_file(
    records: Any, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        records(name, content)
    assert str(tmp_path / name) in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        list(read_records(tmp_path / "a.csv"))
    with pytest.raises(InputError, match="there is no such file"):
        first_line(tmp_path / "a.csv", Reader())


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_zip(records: Any, cut: float) -> None:
    whole = packed(("a.csv", "".join(f"{n},{n * n}\n" for n in range(9_999)).encode()))
    with pytest.raises(InputError, match="Fetch it again"):
        records("a.zip", whole[: int(len(whole) * cut)])


def test_a_zip_whose_content_is_damaged(records: Any) -> None:
    text = "id,n\n" + "".join(f"{n},{n * n}\n" for n in range(9_999))
    whole = bytearray(packed(("a.csv", text.encode())))
    for place in range(2000, 2100):
        whole[place] ^= 0x5A
    with pytest.raises(InputError, match="damaged"):
        records("a.zip", bytes(whole))


def test_a_zip_that_lies_about_its_size(records: Any) -> None:
    """The directory says 100 bytes; no more are taken than it says, and the checksum tells."""
    whole = bytearray(packed(("a.csv", b"id\n" + b"1\n" * 1_000_000)))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", whole, whole.index(mark) + offset, 100)
    with pytest.raises(InputError, match="damaged"):
        records("a.zip", bytes(whole))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(records: Any, encoding: str) -> None:
    assert [raw.values for raw in records("a.csv", CSV.encode(encoding))] == RECORDS


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256", "latin-1"])
def test_other_encodings_are_named(records: Any, encoding: str) -> None:
    text = CSV if encoding != "latin-1" else CSV.replace("مرصد", "Tübingen")
    found = records("a.csv", text.encode(encoding), Reader(encoding=encoding))
    assert found[1].values["place"] == ("مرصد" if encoding != "latin-1" else "Tübingen")


def test_ragged_rows_are_kept_with_their_fault(records: Any) -> None:
    found = records("a.csv", "a,b\n1,2\n1\n1,2,3\n1,2,,\n\n,\n4,5\n")
    assert [(raw.row, raw.fault.reason if raw.fault else None) for raw in found] == [
        (1, None),
        (2, "fewer cells than columns"),
        (3, "more cells than columns"),
        (4, None),
        (5, None),
    ]


def test_empty_columns_of_a_spreadsheet_are_left_out(records: Any) -> None:
    (raw,) = records("a.xlsx", xlsx([["id", "n", None, None], [1, 2.5, None, None], [None, None, None, None]]))
    assert raw.values == {"id": 1, "n": 2.5}


def test_a_row_of_hxl_tags_is_marked_and_not_counted(records: Any) -> None:
    found = records("a.csv", "id,place\n#event+id,#loc+name\n1,Quetta\n")
    assert [(raw.row, raw.tags) for raw in found] == [(1, True), (1, False)]
    assert records("b.csv", "id,place\n#1,Quetta\n")[0].tags is False


def test_nul_bytes_stay_in_the_record(records: Any) -> None:
    (raw,) = records("a.csv", b"id,place\n1,Que\0tta\n")
    assert raw.values["place"] == "Que\0tta"


def test_a_large_honest_cell(records: Any) -> None:
    (raw,) = records("a.csv", f'id,text\n1,"{"x" * (MOST_CELL - 1)}"\n')
    assert len(raw.values["text"]) == MOST_CELL - 1


def test_quotes_may_be_letters(records: Any) -> None:
    reader = Reader(format="tsv", quotes=False)
    (raw,) = records("a.tsv", 'id\tplace\n1\t"Quetta\n', reader)
    assert raw.values == {"id": "1", "place": '"Quetta'}


def test_nested_json(records: Any) -> None:
    content = json.dumps({"meta": {}, "result": {"rows": [{"id": 1, "who": {"name": "A"}, "all": [1, 2]}, 7]}})
    good, bad = records("a.json", content, Reader(records="result.rows"))
    assert good.values == {"id": 1, "who": {"name": "A"}, "all": [1, 2]}
    assert bad.fault.reason == "not an object with fields"
    assert records("b.json", '[{"id": 1}]', Reader(records="result.rows"))[0].values == {"id": 1}


def test_a_broken_line_of_json_lines_is_one_wrong_record(records: Any) -> None:
    found = records("a.jsonl", '{"id": 1}\n{"id": \n{"id": 3}\n')
    assert [(raw.row, raw.fault is None) for raw in found] == [(1, True), (2, False), (3, True)]


def test_sheets_tables_headings_and_columns(records: Any) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("data").append(["x"])
    book["data"].append(["id"])
    book["data"].append([5])
    made = io.BytesIO()
    book.save(made)
    assert records("a.xlsx", made.getvalue(), Reader(table="data", heading=2))[0].values == {"id": 5}
    assert records("a.xlsx", made.getvalue(), Reader(table=2, heading=2))[0].values == {"id": 5}
    for table in ("none", 3):
        with pytest.raises(InputError, match="there is no sheet"):
            records("a.xlsx", made.getvalue(), Reader(table=table))
    assert records("a.csv", "1,2\n", Reader(columns=("a", "b")))[0].values == {"a": "1", "b": "2"}


def test_the_format_may_be_said(records: Any, tmp_path: Path) -> None:
    assert [raw.values for raw in records("a.data", CSV, Reader(format="csv"))] == RECORDS
    (tmp_path / "x.zip").write_bytes(packed(("20260326.export.CSV", b"x")))
    assert format_of(tmp_path / "x.zip") == "csv"


def test_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed(("a.csv", CSV.encode("utf-8-sig"))))
    assert first_line(tmp_path / "a.zip", Reader()) == "id,place\n"
    (tmp_path / "b.zip").write_bytes(packed(("a.csv", CSV.encode()))[:40])
    with pytest.raises(InputError, match="Fetch it again"):
        first_line(tmp_path / "b.zip", Reader())


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8).map(str.strip).filter(bool)
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.tsv", "\t")])
def test_what_was_written_is_read(tmp_path: Path, name: str, delimiter: str, data: st.DataObject) -> None:
    names = data.draw(
        st.lists(NAMES.filter(lambda one: not one.startswith("\ufeff")), min_size=1, max_size=4, unique=True)
    )
    row = st.lists(CELLS, min_size=len(names), max_size=len(names)).filter(any)
    rows = data.draw(st.lists(row, max_size=6))
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([names, *rows])
    found = [raw for raw in read_records(path) if not raw.tags]
    tags = rows[:1] if rows and len(found) < len(rows) else []
    assert all(sum(cell.startswith("#") for cell in cells) * 2 > sum(map(bool, cells)) for cells in tags)
    assert [list(raw.values.values()) for raw in found] == rows[len(tags) :]
    assert all(list(raw.values) == names and raw.fault is None for raw in found)
