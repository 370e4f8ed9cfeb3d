"""From a file of a dataset to a common table: read, audited, placed, written, with nothing dropped silently."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.connectors import Connector, RowAudit, connector, fitted, load_mapping
from marsad.connectors.withdrawals import Withdrawals, read_withdrawals
from marsad.errors import InputError
from marsad.evidence import sha256_of, write_atomically, write_partitioned, write_table
from marsad.model import TableKind, plural
from marsad.workbench.csv_text import Table, to_csv
from marsad.workbench.placing import Places

if TYPE_CHECKING:
    from marsad.geography import Boundaries

__all__ = ["ImportOptions", "Imported", "import_file", "is_readable", "read_connector", "withdrawals_of"]

_BATCH = 20_000
_MOST_SHOWN = 60
_OUTSIDE_KM = 10.0
_ELSEWHERE = (
    f"the coordinates lie more than {_OUTSIDE_KM:.0f} km outside the country that the source names, which stands"
)

Tick = Callable[[int], None]
"""Called with how many records were read so far."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made.

    Attributes:
        path: the table.
        kind: which common table it is.
        release: what the table says of its release.
        audit: what became of each record.
        quarantine: the file with the records that were put aside; None where there are none.
    """

    path: Path
    kind: TableKind
    release: Mapping[str, Any]
    audit: RowAudit
    quarantine: Path | None


def read_connector(name: str, path: Path, mapping: Path | None = None) -> Connector:
    """The connector of a name, made ready for a file: with a person's mapping, or a guess where it makes one.

    Raises:
        NotFoundError: there is no such connector.
        InputError: the mapping has a fault, or the connector needs one.
    """
    given = None if mapping is None else load_mapping(mapping)
    return fitted(connector(name), path, given, file="the mapping" if mapping is None else str(mapping))


def withdrawals_of(source: Connector, path: Path | None) -> Withdrawals | None:
    """What a producer's list of withdrawn records says; None where there is no list.

    Raises:
        InputError: the list cannot be read, or the source gives none.
    """
    if path is None:
        return None
    if source.withdrawals is None:
        raise InputError(f"{path}: {source.spec.title} gives no list of withdrawn records. Leave it out")
    return read_withdrawals(path, source.withdrawals)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is imported; everything may be left out.

    Attributes:
        dataset: what the rows call their dataset; empty for the connector's name.
        version: the producer's name of the version; empty for the first digits of the file's hash.
        release: identifier of the release; empty for dataset and version.
        retrieved_at: the day on which the file was fetched, ISO 8601; empty for the day of the file.
        url: where it came from; empty for the address of the dataset.
        places: boundaries and lines that say where a record lies.
        withdrawn: the producer's list of withdrawn records, which are put aside; None for none.
        partition_by: columns, or ``year`` or ``month``, by which the table is cut into a folder of files; none for one
            file.
    """

    dataset: str = ""
    version: str = ""
    release: str = ""
    retrieved_at: str = ""
    url: str = ""
    places: Places = field(default_factory=Places)
    withdrawn: Path | None = None
    partition_by: tuple[str, ...] = ()


def import_file(
    source: Connector,
    path: Path,
    output: Path,
    *,
    options: ImportOptions | None = None,
    tick: Tick = lambda _count: None,
) -> Imported:
    """Write the common table that the records of a file make.

    Beside it stands ``OUTPUT.quarantine.csv`` where records were put aside.

    Args:
        source: how to read it.
        path: the file.
        output: the table, Parquet.
        options: what the table should say of its release, and the boundaries.
        tick: called as records are read.

    Raises:
        InputError: the file cannot be read, or has not one record that could be kept.
    """
    if not path.is_file():
        raise InputError(f"{path}: a folder, not a file" if path.is_dir() else f"{path}: there is no such file")
    how = ImportOptions() if options is None else options
    digest = sha256_of(path)
    described = _release(source, path, digest, how)
    audit = RowAudit()
    rows = source.table_rows(
        path,
        release=described["id"],
        audit=audit,
        dataset=how.dataset,
        version=described["version"],
        withdrawn=withdrawals_of(source, how.withdrawn),
    )
    kind = source.spec.table
    metadata: dict[str, Any] = {"release": described}

    def placed() -> Iterator[dict[str, Any]]:
        yield from _batched(rows, how.places, kind, audit, tick)
        if audit.made == 0:  # said before the table is in its place: an older one stays
            why = f"; the first: {_first(audit)}" if audit.quarantined else ""
            raise InputError(f"{path}: none of its {plural(audit.read, 'record')} could be kept{why}")
        metadata["audit"] = audit.summary()  # the table's metadata are written last

    if how.partition_by:
        write_partitioned(output, kind, placed(), by=how.partition_by, metadata=metadata)
    else:
        write_table(output, kind, placed(), metadata=metadata)
    return Imported(output, kind, described, audit, _write_quarantine(output, audit))


def _first(audit: RowAudit) -> str:
    """The first record that was put aside: its row, the value and what is wrong with it."""
    found = audit.quarantined[0]
    value = str(found.value)
    shown = f"{value[:_MOST_SHOWN]}..." if len(value) > _MOST_SHOWN else value
    return f"row {found.row}, {found.field}: {shown!r}: {found.reason}"


def _release(source: Connector, path: Path, digest: str, how: ImportOptions) -> dict[str, Any]:
    """What is known of the release, as plain values."""
    spec = source.spec
    name = how.dataset or source.dataset or spec.name
    version = how.version or f"sha256 {digest[:12]}"
    day = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date().isoformat()
    return {
        "id": how.release or f"{name}-{version}".replace(" ", "-").lower(),
        "dataset": name,
        "connector": spec.name,
        "title": spec.title,
        "producer": spec.producer,
        "version": version,
        "licence": spec.licence,
        "citation": spec.citation,
        "url": how.url or spec.url,
        "retrieved_at": how.retrieved_at or day,
        "sha256": digest,
        "file": path.name,
        "may_redistribute": spec.may_redistribute,
        "definition": spec.definition.model_dump(),
    }


def _batched(
    rows: Iterable[dict[str, Any]], places: Places, kind: TableKind, audit: RowAudit, tick: Tick
) -> Iterator[dict[str, Any]]:
    """Rows with the areas in which they lie, some thousands at a time."""
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        if kind in (TableKind.EVENTS, TableKind.FIGURES):
            places.place(batch, audit)
            _remark_elsewhere(batch, places, audit)
        tick(audit.read)
        yield from batch


def _remark_elsewhere(rows: Sequence[dict[str, Any]], places: Places, audit: RowAudit) -> None:
    """Remark the records whose coordinates lie far from the country that their source names.

    Countries that a person drew themselves count beside those that ship with the program; of a country that neither has
    nothing can be told.
    """
    located = [row for row in rows if row.get("latitude") is not None and row.get("country") is not None]
    if not located:
        return
    from marsad.geography import assign, world_boundaries  # noqa: PLC0415 - reads shapes

    for areas in (world_boundaries(), *(areas for areas in places.boundaries if areas.level == 0)):
        found = assign(areas, *_points(located), tolerance_km=0.0).countries()
        located = [row for row, country in zip(located, found, strict=True) if country != row["country"]]
    elsewhere: set[int] = set()
    for country in {row["country"] for row in located}:
        mine = [row for row in located if row["country"] == country]
        drawn = [_of_country(areas, country) for areas in places.boundaries if areas.level == 0]
        shapes = [shape for shape in (_shipped(country), *drawn) if len(shape.parts)]
        for shape in shapes:
            far = (assign(shape, *_points(mine), tolerance_km=_OUTSIDE_KM).index < 0).tolist()
            mine = [row for row, is_far in zip(mine, far, strict=True) if is_far]
        elsewhere.update(int(row.get("row", 1)) for row in (mine if shapes else ()))
    for row in sorted(elsewhere):
        audit.remark(_ELSEWHERE, row)


def _points(rows: Sequence[dict[str, Any]]) -> tuple[list[float], list[float]]:
    return [row["latitude"] for row in rows], [row["longitude"] for row in rows]


@cache
def _shipped(country: str) -> Boundaries:
    from marsad.geography import world_boundaries  # noqa: PLC0415 - reads shapes

    return _of_country(world_boundaries(), country)


def _of_country(areas: Boundaries, country: str) -> Boundaries:
    """The areas of one country among others."""
    kept = [areas.countries[number] == country for number in areas.owner.tolist()]
    return replace(areas, parts=areas.parts[kept], owner=areas.owner[kept])


def _write_quarantine(output: Path, audit: RowAudit) -> Path | None:
    """The records that were put aside, with the reason; an older file of that name goes."""
    target = output.with_name(f"{output.stem}.quarantine.csv")
    if not audit.quarantined:
        target.unlink(missing_ok=True)
        return None
    columns = ("row", "source_id", "field", "value", "reason", "verbatim")
    rows = ({name: str(getattr(found, name)) for name in columns} for found in audit.quarantined)
    text = to_csv(Table("quarantine", columns, tuple(rows)))  # no cell that a spreadsheet would run
    write_atomically(target, text.encode("utf-8", "replace"))
    return target


def is_readable(path: Path) -> bool:
    """Whether a file says of itself that it is a common table."""
    from marsad.evidence import read_metadata  # noqa: PLC0415 - reads Parquet

    try:
        return "release" in read_metadata(path)
    except (InputError, json.JSONDecodeError):
        return False
