"""From a file of a dataset to a common table: read, audited, placed, written, with nothing dropped silently."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from marsad.connectors import Connector, RowAudit, connector, fitted, load_mapping
from marsad.connectors.withdrawals import Withdrawals, read_withdrawals
from marsad.errors import InputError
from marsad.evidence import sha256_of, write_atomically, write_partitioned, write_table
from marsad.model import TableKind, plural
from marsad.workbench.csv_text import Table, to_csv
from marsad.workbench.placing import Places

__all__ = ["ImportOptions", "Imported", "import_file", "is_readable", "read_connector", "withdrawals_of"]

_BATCH = 20_000

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
            why = f"; the first: {next(iter(audit.reasons))}" if audit.quarantined else ""
            raise InputError(f"{path}: none of its {plural(audit.read, 'record')} could be kept{why}")
        metadata["audit"] = audit.summary()  # the table's metadata are written last

    if how.partition_by:
        write_partitioned(output, kind, placed(), by=how.partition_by, metadata=metadata)
    else:
        write_table(output, kind, placed(), metadata=metadata)
    return Imported(output, kind, described, audit, _write_quarantine(output, audit))


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
        tick(audit.read)
        yield from batch


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
