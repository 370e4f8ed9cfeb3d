"""The releases of a study: imported, measured by month and area, set against the study's own events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from marsad.analysis.coded import VIOLENT
from marsad.errors import InputError, NotFoundError, StudyError
from marsad.evidence import read_metadata, read_rows, write_table
from marsad.evidence.engine import PERIODS, EventFilter, event_measures, open_engine
from marsad.model import (
    Date,
    Evidence,
    Judgement,
    Match,
    Register,
    RegisterMonth,
    Release,
    TableKind,
)
from marsad.study import DATA_FILE, RELEASES_FOLDER, DataRelease, Study
from marsad.workbench.cache import cached
from marsad.workbench.csv_text import Table
from marsad.workbench.importing import Imported, ImportOptions, import_file, read_connector
from marsad.workbench.placing import Places
from marsad.workbench.registered import OWN_EVENTS, Registered, series_faults
from marsad.workbench.study_events import area_codes, study_event_rows

__all__ = [
    "RECORD_COLUMNS",
    "import_release",
    "matches_of",
    "records_of",
    "register_of",
    "registered_in",
]

RECORD_COLUMNS = (
    "source_id",
    "row",
    "date_start",
    "date_end",
    "date_precision",
    "admin1",
    "place",
    "kind",
    "side_a",
    "side_b",
    "deaths_low",
    "deaths_best",
    "deaths_high",
    "injured",
    "abducted",
    "events",
)
"""What ``records_of`` tells of each record, after the study's areas in which it lies; ``row`` is its number in the file
of the release, from 1, ``events`` how many it stands for."""


def registered_in(study: Study, evidence: Evidence, folder: Path, judgements: Sequence[Judgement] = ()) -> Registered:
    """What the registers among the imported releases of a study say.

    Args:
        study: the study.
        evidence: its records.
        folder: where the tables are, one a release; the table of the study's own events is written there too.
        judgements: what people decided of pairs.

    Raises:
        StudyError: an analysis of the study asks for a series that no register gives.
    """
    tables = {release.id: folder / f"{release.id}.parquet" for release in study.data.releases}
    found = [register_of(study, evidence, release, tables[release.id]) for release in study.data.releases]
    registers = tuple(register for register in found if register is not None)
    if faults := series_faults(study, registers):
        raise StudyError(faults)
    events = {register.release.id: tables[register.release.id] for register in registers}
    return Registered(registers, matches_of(study, evidence, events, folder, judgements))


def import_release(study: Study, root: Path, release: DataRelease, output: Path) -> Imported:
    """Write the common table of a release of the study.

    Raises:
        NotFoundError: it was never fetched on this machine.
        InputError: it cannot be read.
        StudyError: data.yaml names a connector that is not there, or one that needs a mapping.
    """
    pin = study.lock.pin(release.id)
    if release.file:
        path, version, day, url = root / RELEASES_FOLDER / release.file, release.version, release.retrieved_at, ""
    elif pin is not None:
        path, version, day, url = cached(pin), pin.version, pin.retrieved_at, pin.url
    else:
        raise InputError(f"{release.id}: never fetched. Run `marsad fetch --study {root}` once, with the network")
    mapping = root / RELEASES_FOLDER / release.mapping if release.mapping else None
    try:
        source = read_connector(release.connector, path, mapping)
    except InputError as error:
        raise StudyError([_fault(study, release, str(error))]) from error
    listed = None if release.file or pin is None or pin.withdrawn_pin is None else cached(pin.withdrawn_pin)
    border = study.data.border
    places = Places.read((), "-".join(border.between), name=border.name) if border else Places()
    options = ImportOptions(
        dataset=release.id,
        version=version,
        release=release.id,
        retrieved_at=day,
        url=url,
        places=places,
        withdrawn=listed,
    )
    try:
        return import_file(source, path, output, options=options)
    except InputError as error:
        raise InputError(f"{DATA_FILE}, release {release.id!r}: {error}") from error


def _fault(study: Study, release: DataRelease, message: str) -> Any:
    index = study.data.releases.index(release)
    first, _, remedy = message.partition(". ")
    return study.fault(DATA_FILE, ("releases", index, "connector"), first, remedy or "Name another connector")


def register_of(study: Study, evidence: Evidence, release: DataRelease, table: Path) -> Register | None:
    """What a release counts in the areas of the study; None where it is no table of events.

    An area that is no country takes the records whose first-level area has its name, or one of its aliases.
    """
    metadata = read_metadata(table)
    if metadata.get("kind") != TableKind.EVENTS.value:
        return None
    described, audit = metadata["release"], metadata["audit"]
    areas = study.config.area
    countries = area_codes(evidence, areas)
    names = {area: _names(evidence, area) for area in areas if area not in countries}
    wanted = sorted({*countries.values(), *_codes_around(evidence, names)})
    groups, span = _measured(table, wanted)
    months, undated, records = _by_area(groups, countries, names)
    definition = described["definition"]
    return Register(
        release=_release(described),
        source=release.source,
        definition=definition["id"],
        counts=definition["text"].strip(),
        victims=definition["victims"],
        records=records,
        elsewhere=int(metadata["rows"]) - records,
        first=span[0],
        last=span[1],
        undated=undated,
        remarks={text: found["count"] for text, found in audit["remarks"].items()},
        quarantined=audit["quarantined"],
        months=months,
    )


def records_of(study: Study, evidence: Evidence, root: Path, name: str) -> Table:
    """The records of a release that lie in the areas of the study, in order of time: what its registers count.

    Args:
        study: the study.
        evidence: its records.
        root: its folder.
        name: identifier of the release.

    Raises:
        NotFoundError: the study has no such release, or it was never fetched on this machine.
        InputError: the release cannot be read, or holds no events.
    """
    release = next((known for known in study.data.releases if known.id == name), None)
    if release is None:
        raise NotFoundError(f"data.yaml names no release {name!r}")
    with TemporaryDirectory() as folder:
        table = Path(folder) / f"{release.id}.parquet"
        if (kind := import_release(study, root, release, table).kind) is not TableKind.EVENTS:
            raise InputError(f"{name}: a table of {kind.value}; only releases of events have records to list")
        countries = area_codes(evidence, study.config.area)
        names = {area: _names(evidence, area) for area in study.config.area if area not in countries}
        wanted = sorted({*countries.values(), *_codes_around(evidence, names)})
        rows = [
            {"areas": inside, **{column: row[column] for column in RECORD_COLUMNS}}
            for row in read_rows(table, ["country", *RECORD_COLUMNS], {"country": wanted})
            if (inside := _inside(row, countries, names))
        ]
    rows.sort(key=lambda row: (str(row["date_start"] or ""), row["row"]))
    shown = ({column: _shown(value) for column, value in row.items()} for row in rows)
    return Table(name, ("areas", *RECORD_COLUMNS), tuple(shown))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None else str(value)


def _inside(row: Mapping[str, Any], countries: Mapping[str, str], names: Mapping[str, Collection[str]]) -> list[str]:
    """The areas of the study in which a record, or a group of records, lies by its country or first-level area."""
    found = [area for area, code in countries.items() if code == row["country"]]
    return found + [area for area, known in names.items() if (row["admin1"] or "").casefold() in known]


def _release(described: Mapping[str, Any]) -> Release:
    return Release(
        id=described["id"],
        title=described["title"],
        producer=described["producer"],
        version=described["version"],
        licence=described["licence"],
        citation=described["citation"],
        retrieved_at=Date.parse(described["retrieved_at"]),
        sha256=described["sha256"],
        may_redistribute=described["may_redistribute"],
        url=described["url"],
    )


def _names(evidence: Evidence, area: str) -> frozenset[str]:
    place = evidence.place_by_id.get(area)
    return frozenset(name.casefold() for name in (place.name, *place.aliases)) if place else frozenset()


def _codes_around(evidence: Evidence, areas: Iterable[str]) -> set[str]:
    """The countries in which areas lie."""
    return {code for area in areas for code in area_codes(evidence, evidence.areas_around(area) - {area}).values()}


_Group = dict[str, Any]


def _measured(table: Path, countries: Sequence[str]) -> tuple[list[_Group], tuple[dt.date | None, dt.date | None]]:
    """The measures by month and first-level area in some countries, and the first and last day there.

    Records dated less closely than to a month do not widen the span: they say nothing of the months around them.
    """
    with open_engine() as engine:
        events = engine.scan("events", table)
        where = EventFilter(countries=countries)
        groups = engine.collect(event_measures(events, by=("month", "admin1"), where=where))
        fine = events.date_precision.isnull() | events.date_precision.isin(sorted(PERIODS["month"]))
        inside = events.filter(events.country.isin(list(countries)) & fine)
        span = engine.collect(inside.aggregate(first=inside.date_start.min(), last=inside.date_end.max()))[0]
    return groups, (span["first"], span["last"])


def _by_area(
    groups: Iterable[_Group], countries: Mapping[str, str], names: Mapping[str, frozenset[str]]
) -> tuple[tuple[RegisterMonth, ...], int, int]:
    """The months of each area, how many records have no month, and how many records lie in any of the areas."""
    found: dict[tuple[str, str], list[_Group]] = {}
    undated = records = 0
    for group in groups:
        inside = _inside(group, countries, names)
        records += group["records"] if inside else 0
        if group["month"] is None:
            undated += group["records"] if inside else 0
            continue
        for area in inside:
            found.setdefault((area, group["month"].isoformat()[:7]), []).append(group)
    months = tuple(
        RegisterMonth(
            area=area,
            month=month,
            events=sum(group["events"] for group in mine),
            low=_sum(mine, "deaths_low"),
            best=_sum(mine, "deaths_best"),
            high=_sum(mine, "deaths_high"),
        )
        for (area, month), mine in sorted(found.items())
    )
    return months, undated, records


def _sum(groups: Iterable[_Group], name: str) -> int | None:
    stated = [group[name] for group in groups if group[name] is not None]
    return sum(stated) if stated else None


def matches_of(
    study: Study,
    evidence: Evidence,
    tables: Mapping[str, Path],
    folder: Path,
    judgements: Sequence[Judgement] = (),
) -> tuple[Match, ...]:
    """The records of registers that may be events of the study, the most probable first.

    Args:
        study: the study.
        evidence: its records.
        tables: release -> its event table.
        folder: where to write the table of the study's own events.
        judgements: what people decided of pairs.
    """
    from marsad.reconcile import reconcile  # noqa: PLC0415 - only where there is a register

    own = folder / OWN_EVENTS
    rows = list(study_event_rows(evidence, dataset=study.config.id, kinds=VIOLENT))
    if not rows or not tables:
        own.unlink(missing_ok=True)  # of an earlier build
        return ()
    write_table(own, TableKind.EVENTS, rows, metadata={"release": {"id": study.config.id}})
    vague = {row["source_id"] for row in rows if row["date_precision"] == "year"}
    found: list[Match] = []
    for release, table in tables.items():
        made = reconcile([own, table], judgements=judgements)
        found += _matches(release, table, made, vague)
    return tuple(sorted(found, key=lambda match: (match.event, match.release, -match.probability, match.row)))


def _matches(release: str, table: Path, made: Any, vague: Collection[str]) -> Iterator[Match]:
    """The pairs of a reconciliation that are no certain misses, with what the register says.

    An event that is dated no closer than to a year could be any of a year's records there: a person has to say so.
    """
    (link,) = made.links
    columns = made.columns(link)
    kept = [place for place, decision in enumerate(columns["decision"]) if decision != "not"]
    wanted = sorted({columns["right_record"][place] for place in kept})
    rows = {row["record"]: row for row in read_rows(table, where={"record": wanted})} if wanted else {}
    for place in kept:
        row = rows[columns["right_record"][place]]
        event, decision = columns["left_source_id"][place], columns["decision"][place]
        if decision == "same" and event in vague and not columns["judged"][place]:
            decision = "review"
        sides = " against ".join(side for side in (row["side_a"], row["side_b"]) if side)
        where = ", ".join(part for part in (row["place"], row["admin1"]) if part)
        yield Match(
            event=event,
            release=release,
            source_id=row["source_id"] if row["source_id"] is not None else row["record"],
            row=row["row"],
            probability=columns["probability"][place],
            decision=decision,
            start=row["date_start"],
            end=row["date_end"],
            place=where,
            sides=sides,
            low=row["deaths_low"],
            best=row["deaths_best"],
            high=row["deaths_high"],
            reasons=tuple(part for part in link.explanation(place).split("; ") if part),
        )
