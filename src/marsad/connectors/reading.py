"""Reading the records of a file: CSV, TSV, JSON, JSON lines, XLSX, HTML tables, Parquet, each also in a zip.

Files are hostile: sizes are bounded, a zip is unpacked only as far as it honestly needs, no formula or macro is run.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from marsad.connectors.records import BadValue
from marsad.connectors.spec import Format, Reader
from marsad.errors import InputError

__all__ = ["MOST_BYTES", "MOST_CELL", "Raw", "first_line", "format_of", "read_records"]

MOST_BYTES = 8 * 2**30
"""Bytes of a file after unpacking: the largest published table of events has some 300 million."""

MOST_CELL = 2**20
"""Characters of one cell: the longest honest description has some ten thousand."""

_MOST_WHOLE = 512 * 2**20
_MOST_RATIO = 200
_MOST_LINE = 64 * 2**20
_MOST_EMPTY = 1000
_MOST_ROWS = 2**20
_ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "tsv",
    ".json": "json",
    ".geojson": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".parquet": "parquet",
}
_HXL_SHARE = 0.5
# RuntimeError: a zip file with a password; NotImplementedError: packed in a way of later years.
_DAMAGED = (csv.Error, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as it stands in the file.

    Attributes:
        row: its number, from 1, headings not counted.
        values: field -> value.
        fault: what is wrong with the row as a whole, such as a cell too many.
        tags: whether it is a row of HXL tags and no record.
    """

    row: int
    values: dict[str, Any]
    fault: BadValue | None = None
    tags: bool = False


def format_of(path: Path) -> Format:
    """The format that the name of a file tells, also of one in a zip; raises ``InputError`` where it tells none."""
    name = _inner(path) if path.suffix.lower() == ".zip" else path.name
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(
            f"{path}: '{ending}' is no format that is read. Name a file ending in {', '.join(sorted(_ENDINGS))} or .zip"
        )
    return _ENDINGS[ending]


def read_records(path: Path, reader: Reader | None = None) -> Iterator[Raw]:
    """The records of a file, in order.

    Args:
        path: the file; in a zip the only table is read.
        reader: how it is written; what its name tells where None.

    Raises:
        InputError: no such file, no such format, or a file that is damaged or too large.
    """
    how = Reader() if reader is None else reader
    if not path.is_file():
        raise InputError(f"{path}: a folder, not a file" if path.is_dir() else f"{path}: there is no such file")
    form = how.format if how.format is not None else format_of(path)
    try:
        yield from _READERS[form](path, how)
    except (UnicodeDecodeError, UnicodeError) as error:
        if kind := _kind(path):
            raise InputError(f"{path}: {kind}, read as {form.upper()}. Name the file by what it is") from error
        raise InputError(f"{path}: not text in {how.encoding}: {error}. Name its encoding in the mapping") from error
    except _DAMAGED as error:
        raise _spoilt(path, error) from error


def first_line(path: Path, reader: Reader) -> str:
    """The first line of a text file, or of the only one in a zip; raises ``InputError``."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    try:
        with _opened(path) as file:
            return file.readline(MOST_CELL).decode(reader.encoding, "replace")
    except _DAMAGED as error:
        raise _spoilt(path, error) from error


def _spoilt(path: Path, error: Exception) -> InputError:
    if isinstance(error, RuntimeError):
        return InputError(f"{path}: cannot be unpacked: {error}. Unpack it yourself, and name the file within")
    return InputError(f"{path}: damaged: {error}. Fetch it again")


# --- bytes ---

_KINDS = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip file or workbook",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls, .doc)",
    b"\x1f\x8b": "a gzip file",
}


def _kind(path: Path) -> str:
    """What a file that is no text is by its first bytes; empty where they do not tell."""
    with path.open("rb") as file:
        head = file.read(8)
    return next((name for mark, name in _KINDS.items() if head.startswith(mark)), "")


def _inner(path: Path) -> str:
    """The name of the only table in a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [
                found.filename
                for found in archive.infolist()
                if Path(found.filename).suffix.lower() in _ENDINGS and not found.filename.startswith("__MACOSX")
            ]
    except (*_DAMAGED, OSError) as error:
        raise InputError(f"{path}: not a zip file, or damaged: {error}. Fetch it again") from error
    tables = [name for name in names if Path(name).suffix.lower() != ".txt"] or names
    if len(tables) != 1:
        raise InputError(f"{path}: holds {len(tables)} tables ({', '.join(tables[:5])}). Unpack it and name one")
    return tables[0]


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, or of the only table in a zip."""
    if path.suffix.lower() != ".zip":
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path}: {path.stat().st_size:,} bytes; the most is {MOST_BYTES:,}. Split it")
        with path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(_inner(path))
        if entry.file_size > MOST_BYTES or entry.file_size > _MOST_RATIO * max(entry.compress_size, 2**14):
            raise InputError(
                f"{path}: {entry.filename} would unpack to {entry.file_size:,} bytes: no honest table does"
            )
        with archive.open(entry) as file:
            yield file


def _whole(path: Path) -> bytes:
    """All bytes of a file that must be held at once."""
    with _opened(path) as file:
        content = file.read(_MOST_WHOLE + 1)
    if len(content) > _MOST_WHOLE:
        raise InputError(f"{path}: more than {_MOST_WHOLE:,} bytes, which this format cannot hold. Give it as CSV")
    return content


# --- formats ---


def _delimited(delimiter: str) -> Any:
    def read(path: Path, reader: Reader) -> Iterator[Raw]:
        with _opened(path) as file, io.TextIOWrapper(file, encoding=reader.encoding, newline="") as text:
            yield from _rows(path, _cells(path, text, delimiter, quotes=reader.quotes), reader)

    return read


def _cells(path: Path, text: Iterable[str], delimiter: str, *, quotes: bool) -> Iterator[list[str]]:
    """The rows of cells. A quotation mark that is never closed is an error: it would swallow all rows behind it."""
    csv.field_size_limit(MOST_CELL)
    if not quotes:
        yield from csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return
    held: list[str] = []
    rows = csv.reader(_noted(text, held), delimiter=delimiter)
    last: tuple[str, ...] = ()
    for row in rows:
        last = tuple(held)
        held.clear()
        yield row
    try:
        list(csv.reader(last, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            line = rows.line_num - len(last) + 1
            raise InputError(
                f"{path}: line {line} opens a quotation mark that is never closed, so that the rest of the file is one "
                "cell. Close it; if the file was cut short, fetch it again"
            ) from error


def _noted(lines: Iterable[str], held: list[str]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        yield line


def _rows(path: Path, table: Iterable[Sequence[Any]], reader: Reader) -> Iterator[Raw]:
    """Records from rows of cells: the headings first, unless the reader names the columns."""
    rows = iter(table)
    names: Sequence[str] = reader.columns
    if not names:
        for _ in range(reader.heading - 1):
            next(rows, None)
        names = [str(name).strip() if name is not None else "" for name in next(rows, [])]
    while names and not names[-1]:
        names = names[:-1]  # a spreadsheet's empty columns
    if not names:
        raise InputError(f"{path}: empty; the first row should hold the names of the columns")
    if repeated := sorted(name for name, count in Counter(names).items() if count > 1):
        raise InputError(f"{path}: two columns are called {repeated[0]!r}. Rename one")
    width, number = len(names), 0
    for cells in rows:
        if not any(cell not in ("", None) for cell in cells):
            continue
        number += 1
        values = dict(zip(names, cells, strict=False))
        if number == 1 and _is_hxl(cells):
            yield Raw(number, values, tags=True)
            number = 0
            continue
        yield Raw(number, values, None if len(cells) == width else _misfit(cells, width))


def _misfit(cells: Sequence[Any], width: int) -> BadValue | None:
    """What is wrong with a row of another number of cells; empty cells behind the last column do no harm."""
    if len(cells) < width:
        return BadValue("(row)", len(cells), "fewer cells than columns")
    extra = [cell for cell in cells[width:] if cell not in ("", None)]
    return BadValue("(row)", extra[0], "more cells than columns") if extra else None


def _is_hxl(cells: Sequence[Any]) -> bool:
    """Whether a row holds tags of the Humanitarian Exchange Language."""
    filled = [str(cell) for cell in cells if cell not in ("", None)]
    return bool(filled) and sum(cell.startswith("#") for cell in filled) > _HXL_SHARE * len(filled)


def _json(path: Path, reader: Reader) -> Iterator[Raw]:
    try:
        found = json.loads(_whole(path).decode(reader.encoding))
    except UnicodeDecodeError:
        raise
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise InputError(f"{path}: not JSON, or cut short: {error}. Fetch it again") from error
    for key in reader.records.split(".") if reader.records and not isinstance(found, list) else ():
        found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        found = [feature.get("properties") for feature in found.get("features", ()) if isinstance(feature, dict)]
    if not isinstance(found, list):
        where = f" under {reader.records!r}" if reader.records else ""
        raise InputError(f"{path}: there is no list of records{where}. Name the path to it in the mapping (`records`)")
    for number, values in enumerate(found, 1):
        yield _object(number, values)


def _object(number: int, values: Any) -> Raw:
    if isinstance(values, dict):
        return Raw(number, {str(key): value for key, value in values.items()})
    return Raw(number, {"(row)": values}, BadValue("(row)", values, "not an object with fields"))


def _json_lines(path: Path, reader: Reader) -> Iterator[Raw]:
    with _opened(path) as file:
        number = 0
        while line := file.readline(_MOST_LINE + 1):
            if not line.strip():
                continue
            number += 1
            if len(line) > _MOST_LINE:
                raise InputError(f"{path}: record {number} has more than {_MOST_LINE:,} bytes: no honest one does")
            try:
                yield _object(number, json.loads(line.decode(reader.encoding)))
            except UnicodeDecodeError:
                raise
            except (ValueError, RecursionError):
                text = line[:200].decode(reader.encoding, "replace")
                yield Raw(number, {"(row)": text}, BadValue("(row)", text, "not JSON"))


def _xlsx(path: Path, reader: Reader) -> Iterator[Raw]:
    import openpyxl  # noqa: PLC0415 - only where a workbook is read

    content = _whole(path)
    _check_workbook(path, content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise InputError(f"{path}: not an Excel workbook (.xlsx), or damaged: {error}") from error
    try:
        sheet = _sheet(path, book, reader.table)
        sheet.reset_dimensions()  # some writers say A1:A1
        rows = list(_filled(path, sheet.iter_rows(values_only=True)))
    except InputError:
        raise
    except Exception as error:  # the same
        raise InputError(f"{path}: damaged: {error}. Fetch it again") from error
    finally:
        book.close()
    width = len(reader.columns) or (len(rows[reader.heading - 1]) if len(rows) >= reader.heading else 0)
    yield from _rows(path, ([*row, *[None] * (width - len(row))] for row in rows), reader)


def _filled(path: Path, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Rows of a sheet without the empty cells at their ends, and without the empty rows behind the first thousand: a
    cell in the last corner of a sheet makes a million rows of sixteen thousand columns.
    """
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            raise InputError(f"{path}: a row beyond {_MOST_ROWS:,}, the most that a sheet can have. Save it again")
        end = len(row)
        while end and row[end - 1] is None:
            end -= 1
        if end or number < _MOST_EMPTY:
            yield row[:end]


def _check_workbook(path: Path, content: bytes) -> None:
    """Refuse a workbook that unpacks to more than any honest one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > _MOST_WHOLE or size > _MOST_RATIO * max(len(content), 2**16):
        raise InputError(f"{path}: would unpack to {size:,} bytes: no honest workbook does")


def _sheet(path: Path, book: Any, table: int | str) -> Any:
    names = list(book.sheetnames)
    if isinstance(table, str):
        if table not in names:
            raise InputError(f"{path}: there is no sheet {table!r}; there are {', '.join(names)}")
        return book[table]
    if not 1 <= table <= len(names):
        raise InputError(f"{path}: there is no sheet number {table}; there are {len(names)}: {', '.join(names)}")
    return book[names[table - 1]]


def _html(path: Path, reader: Reader) -> Iterator[Raw]:
    from lxml import html  # noqa: PLC0415 - only where a page is read

    content = _whole(path)
    if not content.strip():
        raise InputError(f"{path}: empty")
    parser = html.HTMLParser(encoding=reader.encoding.removesuffix("-sig"), no_network=True, huge_tree=False)
    tables = html.document_fromstring(content, parser=parser).findall(".//table")
    number = reader.table
    if not isinstance(number, int) or not 1 <= number <= len(tables):
        raise InputError(f"{path}: there is no table {number}; the page has {len(tables)}, counted from 1")
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
        for row in tables[number - 1].iter("tr")
    ]
    yield from _rows(path, (row for row in rows if row), reader)


def _parquet(path: Path, reader: Reader) -> Iterator[Raw]:
    del reader
    from marsad.evidence import parquet_rows  # noqa: PLC0415 - only where Parquet is read

    if path.suffix.lower() == ".zip":
        raise InputError(f"{path}: Parquet in a zip is not read. Unpack it")
    for number, values in enumerate(parquet_rows(path), 1):
        yield Raw(number, values)


_READERS: dict[Format, Any] = {
    "csv": _delimited(","),
    "tsv": _delimited("\t"),
    "json": _json,
    "jsonl": _json_lines,
    "xlsx": _xlsx,
    "html": _html,
    "parquet": _parquet,
}
