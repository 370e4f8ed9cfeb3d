"""The files of GDELT 2.0: one every 15 minutes, listed with size and MD5; fetched one by one and put into one table."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from marsad.connectors.connector import Fetched
from marsad.connectors.fetches import day_asked, options_asked
from marsad.connectors.registry import shipped_spec
from marsad.errors import InputError
from marsad.evidence.files import atomic_path

if TYPE_CHECKING:
    from marsad.connectors.connector import FetchContext

__all__ = ["COLUMNS", "Listed", "fetch_gdelt", "listed"]

_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_ACTOR = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
    *("Type1Code", "Type2Code", "Type3Code"),
)

COLUMNS = (
    *("GlobalEventID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
    *(f"Actor{number}{name}" for number in (1, 2) for name in _ACTOR),
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
    *(f"{what}Geo_{name}" for what in ("Actor1", "Actor2", "Action") for name in _GEO),
    *("DATEADDED", "SOURCEURL"),
)
"""The 61 columns of an export file, which has no headings: GDELT Event Codebook 2.0, 19 February 2015."""

_BASE = "http://data.gdeltproject.org/gdeltv2"
_LINE = re.compile(r"(\d{1,12}) ([0-9a-f]{32}) (https?://\S+/(\d{14})\.export\.CSV\.zip)")
_QUARTER = dt.timedelta(minutes=15)
_MOST_BYTES = 2**30
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of 15 minutes.

    Attributes:
        moment: its time, UTC.
        size: bytes, as listed.
        md5: 32 hexadecimal digits.
    """

    moment: dt.datetime
    size: int
    md5: str

    @property
    def name(self) -> str:
        """Its name at GDELT."""
        return f"{self.moment:%Y%m%d%H%M%S}.export.CSV.zip"


def listed(lines: Iterable[str]) -> Iterator[Listed]:
    """The event files of a list whose lines are size, MD5 and address; other files and broken lines are passed over."""
    for line in lines:
        if (match := _LINE.fullmatch(line.strip())) is None:
            continue
        try:
            moment = dt.datetime.strptime(match[4], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        yield Listed(moment, int(match[1]), match[2])


def fetch_gdelt(context: FetchContext) -> Fetched:
    """The event files of a period in one table with headings; each is verified by its MD5.

    What is missing or stays damaged is named in the notes. Files that an interrupted fetch left are not fetched again.

    Raises:
        InputError: the period is none, or has no file.
        FetchError: the list of files could not be had.
    """
    query = options_asked(context, shipped_spec("gdelt"))
    first, last = day_asked(query, "from"), day_asked(query, "to")
    if last is not None and (first is None or last < first):
        raise InputError("gdelt: `to` needs a `from` that is not later")
    if first is None:
        wanted = list(listed(context.client.get_text(f"{_BASE}/lastupdate.txt").splitlines()))
    else:
        wanted = _of_period(context, first, last)
    if not wanted:
        raise InputError(
            "gdelt: there is no file in that period. The first is of 2015-02-18, the last some minutes old"
        )
    notes, brought = _gaps(wanted, first, last), 0
    folder = context.folder / "gdelt.files"
    folder.mkdir(parents=True, exist_ok=True)
    version = f"{wanted[0].moment:%Y%m%d%H%M}-{wanted[-1].moment:%Y%m%d%H%M}"
    target = context.folder / f"gdelt-{version}.tsv"
    with atomic_path(target) as path, path.open("wb") as bundle:
        bundle.write("\t".join(COLUMNS).encode() + b"\n")
        for done, one in enumerate(wanted):
            context.client.report(f"gdelt: {one.name}", done, len(wanted))
            fault = _brought(context, one, folder / one.name) or _appended(folder / one.name, bundle)
            notes += [f"{one.name}: {fault}"] if fault else []
            brought += not fault
        if not brought:
            raise InputError(f"gdelt: none of the {len(wanted)} files could be had; {notes[-1]}")
    for one in wanted:
        (folder / one.name).unlink(missing_ok=True)
    return Fetched(target, version, f"{_BASE}/", notes=tuple(notes))


def _of_period(context: FetchContext, first: dt.date, last: dt.date | None) -> list[Listed]:
    """The files of a period, from the list of all that there are, which has more than 100 million bytes."""
    path = context.client.download(f"{_BASE}/masterfilelist.txt", context.folder / "masterfilelist.txt").path
    with path.open(encoding="ascii", errors="replace") as lines:
        found = {
            one.moment: one
            for one in listed(lines)
            if first <= one.moment.date() and (last is None or one.moment.date() <= last)
        }
    return [found[moment] for moment in sorted(found)]


def _gaps(wanted: list[Listed], first: dt.date | None, last: dt.date | None) -> list[str]:
    """A note on the quarters of an hour that the list has no file for."""
    if first is None:
        return []
    there = {one.moment for one in wanted}
    moment = dt.datetime.combine(first, dt.time(), dt.UTC)
    end = wanted[-1].moment
    if last is not None:
        end = dt.datetime.combine(last, dt.time(23, 45), dt.UTC)
    missing = []
    while moment <= end:
        missing += [] if moment in there else [f"{moment:%Y-%m-%d %H:%M}"]
        moment += _QUARTER
    if not missing:
        return []
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    return [f"GDELT lists no file for {len(missing)} quarters of an hour: {', '.join(missing[:_MOST_NAMED])}{more}"]


def _brought(context: FetchContext, one: Listed, path: Path) -> str:
    """Bring a file, or say why it is not to be had; a damaged one is fetched once again."""
    from marsad.connectors.transport import FetchError  # noqa: PLC0415 - httpx only where something is fetched

    for _ in range(2):
        if path.is_file() and _md5(path) == one.md5:
            return ""
        path.unlink(missing_ok=True)
        try:
            context.client.download(f"{_BASE}/{one.name}", path)
        except FetchError as error:
            if error.status != 404:
                raise
            return "missing at GDELT"
    if _md5(path) == one.md5:
        return ""
    path.unlink()
    return "its MD5 is not the one that GDELT lists"


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _appended(path: Path, bundle: IO[bytes]) -> str:
    """Append the lines of a file, or say why it holds none."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.infolist()[0]
            with archive.open(entry) as file:
                content = file.read(_MOST_BYTES + 1)
    except (zipfile.BadZipFile, EOFError, IndexError, NotImplementedError, RuntimeError, ValueError) as error:
        return f"not a zip file, or damaged: {error}"
    if len(content) > _MOST_BYTES:
        return f"unpacks to more than {_MOST_BYTES:,} bytes"
    bundle.write(content if not content or content.endswith(b"\n") else content + b"\n")
    return ""
