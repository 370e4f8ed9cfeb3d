"""What the datasets of the Uppsala Conflict Data Program have in common: the records of events, and their API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from marsad.connectors.audit import RowAudit
from marsad.connectors.connector import Fetch, FetchContext, Fetched
from marsad.connectors.crosswalks import completed, kinds_of_ucdp
from marsad.connectors.fetches import day_asked, options_asked
from marsad.connectors.mapping import Row
from marsad.connectors.records import BadValue, Record
from marsad.connectors.registry import shipped_spec
from marsad.connectors.sessions import session
from marsad.errors import InputError
from marsad.geography import country_code

__all__ = ["API", "FILES", "country_numbers", "event_rows", "fetcher"]

API = "https://ucdpapi.pcr.uu.se/api/gedevents/"
"""Where the API has the events of a version."""

FILES = "https://ucdp.uu.se/downloads/"
"""Where the published files are."""

_TOKEN_FROM = "UCDP, free of charge: see https://ucdp.uu.se/apidocs/"  # noqa: S105 - an address
_PAGE = 1000
_TOO_FAST = frozenset({400})
_VERSION = re.compile(r"\d{1,2}(\.\d{1,2}){1,3}")
_LAST_NUMBER = 1000
_FILTERS = {"country": "Country", "start": "StartDate", "end": "EndDate", "type": "TypeOfViolence"}
_PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def event_rows(record: Record, row: Row, audit: RowAudit) -> Iterable[Row]:
    """Complete a row of GED or of the candidate events: type of violence, country, dates, what a reader should know.

    The kind is the default for the type of violence, for UCDP does not tell by what means people were killed.
    """
    made = {**row, **_type(record, audit), **_country(record, row, audit)}
    if made.get("date_end") is None:
        made["date_end"] = made.get("date_start")
    _remark(record, made, audit)
    if record.code("event_clarity") == "2":
        audit.remark("stands for several events that cannot be told apart (event_clarity 2)", record.row)
    yield completed(made)


def _type(record: Record, audit: RowAudit) -> Row:
    """Type of violence and default kind; raises ``BadValue`` where there is none of the three."""
    name = "type_of_violence" if "type_of_violence" in record.left else "event_type"
    code = record.code(name)
    if code is None:
        audit.remark("no type of violence", record.row)
        return {}
    found = kinds_of_ucdp(code.removeprefix("type_"))
    if found is None:
        raise BadValue(name, code, "no type of violence, which are 1, 2 and 3")
    return dict(found)


def _country(record: Record, row: Row, audit: RowAudit) -> Row:
    """The country by its number, checked by its name; by its name where it has no number."""
    number, name = record.code("country_id"), row.get("country_reported")
    by_number = None if number is None else country_code(number, "gw")
    by_name = None if name is None else country_code(name, "name")
    if number is not None and by_number is None:
        audit.unknown_category("country_id", number)
    elif number is None and name is not None and by_name is None:
        audit.unknown_category("country", name)
    if by_number is not None and by_name is not None and by_number != by_name:
        audit.remark(f"country_id {number} is {by_number}, but its name {name} is {by_name}", record.row)
    return {"country": by_name if by_number is None else by_number}


def _remark(record: Record, row: Row, audit: RowAudit) -> None:
    """What does not fit together, though the record is kept as it is."""
    year, start, end = record.integer("year"), row.get("date_start"), row.get("date_end")
    if year is not None and start is not None and end is not None and not start.year <= year <= end.year:
        audit.remark("the year is not that of the dates", record.row)
    parts = [row.get(name) for name in _PARTS]
    if None not in parts and row.get("deaths_best") not in (None, sum(part for part in parts if part is not None)):
        audit.remark("the best estimate of deaths is not the sum of its parts", record.row)


def country_numbers(text: str) -> str:
    """Gleditsch and Ward's numbers of countries, with commas between.

    Args:
        text: names, ISO codes or numbers, with commas or semicolons between.

    Raises:
        InputError: a country that is not known.
    """
    numbers: list[str] = []
    for word in filter(None, (part.strip() for part in re.split("[,;]", text))):
        if word.isascii() and word.isdigit():
            numbers.append(word)
            continue
        code = country_code(word)
        found = [str(n) for n in range(2, _LAST_NUMBER) if code is not None and country_code(str(n), "gw") == code]
        if not found:
            raise InputError(f"country: {word!r} is not known. Give its name, its ISO code or its number")
        numbers += found
    return ",".join(numbers)


def fetcher(name: str, file: str) -> Fetch:
    """How a version of the events is fetched.

    Args:
        name: of the connector, for the newest version that it knows and the names of the files.
        file: name of the published file under ``FILES``; ``{dots}`` and ``{bare}`` are the version with underscores
            and without its dot.
    """

    def fetch(context: FetchContext) -> Fetched:
        query = options_asked(context, shipped_spec(name))
        version = query["version"] if "version" in query else _newest(name)
        if not _VERSION.fullmatch(version):
            raise InputError(f"version: {version!r} is no version of {name}. Write it like 25.1 or 23.0.10")
        form = query.get("format", "api")
        if form not in ("api", "csv"):
            raise InputError(f"format: {form!r}. Write api or csv")
        if form == "api":
            return _from_api(context, name, version, _filters(query))
        if narrowed := [key for key in _FILTERS if key in query]:
            raise InputError(f"{narrowed[0]}: the published file comes whole. Leave it out, or fetch with `format=api`")
        url = FILES + file.format(dots=version.replace(".", "_"), bare=version.replace(".", ""))
        return Fetched(context.client.download(url, context.folder / url.rsplit("/", 1)[1]).path, version, url)

    return fetch


def _newest(name: str) -> str:
    """The newest version of a dataset that has one a year."""
    versions = [version for version in shipped_spec(name).expected_rows if version.count(".") == 1]
    if not versions:
        raise InputError(f"{name}: say which version (`version=23.0.10`): one comes out every month")
    return max(versions, key=lambda version: [int(part) for part in version.split(".")])


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    """The query in the API's own words."""
    given = dict(query)
    if "country" in given:
        given["country"] = country_numbers(given["country"])
    for name in ("start", "end"):
        if (day := day_asked(given, name)) is not None:
            given[name] = day.isoformat()
    if "type" in given and not re.fullmatch("[123](,[123])*", given["type"]):
        raise InputError(f"type: {given['type']!r}. Write 1, 2 or 3, or several with commas between")
    return {word: given[name] for name, word in _FILTERS.items() if name in given}


def _from_api(context: FetchContext, name: str, version: str, filters: Mapping[str, str]) -> Fetched:
    """What the query selects, page by page; the address of each next page is the one that the API names.

    No number of a page is ever written here: without one the API gives the first page, whose number is 0 (clients that
    began at 1 got some 1,000 events fewer than ``TotalCount``, one page), and each page names the next. Were it to
    begin elsewhere, the number of events would not be ``TotalCount``, which is an error.
    """
    from marsad.connectors.transport import Linked, PagedDownload  # noqa: PLC0415 - needs httpx

    (token,) = context.credentials.need("MARSAD_UCDP_TOKEN", purpose="the UCDP API", where=_TOKEN_FROM)
    plan = Linked(size=_PAGE, rows="Result", next="NextPageUrl", total="TotalCount")
    url, folder = f"{API}{version}", context.folder / f"{name}.pages"
    pages = PagedDownload(folder, url, plan, dict(filters), {"x-ucdp-access-token": token})
    with session(context.client, too_fast=_TOO_FAST) as client:
        packed = pages.run(client, context.folder / f"{name}.jsonl")
    if packed.rows == 0:
        raise InputError(f"{url}: no event fits the query. Widen it")
    return Fetched(packed.path, version, url)
