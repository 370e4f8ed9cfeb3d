"""The tables of a panel of events: their versions, and that no event is counted twice."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marsad.errors import InputError
from marsad.evidence import read_metadata
from marsad.model import TableKind, plural

__all__ = ["CLUSTERS", "PanelRelease", "check_one_account", "chosen", "releases_of"]

CLUSTERS = "clusters.csv"
"""The file of ``marsad reconcile`` that says which records are one event."""


@dataclass(frozen=True, slots=True)
class PanelRelease:
    """What a table says of its release.

    Attributes:
        id: identifier, as its records have it.
        dataset: name of the dataset.
        version: the producer's name of the version.
        retrieved: the day on which it was fetched; None where the table does not say.
    """

    id: str
    dataset: str
    version: str
    retrieved: dt.date | None


def releases_of(tables: Sequence[Path]) -> tuple[PanelRelease, ...]:
    """What the tables say of their releases, in order; those that say nothing are left out.

    Raises:
        InputError: there is no such file, or it is a table of something else.
    """
    if not tables:
        raise InputError("name an event table; `marsad import` makes one")
    found = []
    for path in tables:
        if not path.exists():
            raise InputError(f"{path}: there is no such file; `marsad import` makes event tables")
        try:
            metadata = read_metadata(path)
        except InputError:
            continue  # of another program; the engine says whether its columns will do
        kind = metadata.get("kind", TableKind.EVENTS.value)
        if kind != TableKind.EVENTS.value:
            raise InputError(f"{path}: a table of {kind}; a panel is made of events")
        about = metadata.get("release", {})
        name, dataset, version = (str(about.get(key, "")) for key in ("id", "dataset", "version"))
        found.append(PanelRelease(name, dataset, version, _day(about.get("retrieved_at"))))
    return tuple(found)


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def check_one_account(
    engine: Any, events: Any, datasets: Collection[str] | None, *, separate: bool, folder: Path | None, several: bool
) -> None:
    """Raise ``InputError`` where events would be counted twice.

    Args:
        engine: that has scanned the tables.
        events: their records.
        datasets: those that are counted; None for all.
        separate: whether each dataset is counted for itself.
        folder: of a reconciliation, which says which records of different datasets are one event.
        several: whether there are several tables, which may hold the same record.
    """
    for column in ("record", "dataset", "release", "source_id"):
        if column not in events.columns:
            raise InputError(f"there is no column {column}; it is no event table of this version")
    rows = events if datasets is None else events.filter(events.dataset.isin(sorted(datasets)))
    held = engine.collect(rows.group_by("dataset").aggregate(releases=rows.release.nunique()))
    names = [str(row["dataset"]) for row in held]
    if len(names) > 1 and not separate and folder is None:
        raise InputError(
            f"the tables hold several datasets ({', '.join(names)}), which report the same events: together they count "
            f"twice. Choose one with --dataset {names[0]}; or take each event once: `marsad reconcile` the tables into "
            "a folder and name it with --reconciled; or count each for itself with --unit dataset"
        )
    if any(row["releases"] > 1 for row in held):
        _check_releases(engine, rows)
    if several:
        _check_records(engine, rows)


def _check_records(engine: Any, rows: Any) -> None:
    """Raise ``InputError`` where a record comes again, such as where a table is named twice, or a copy of it."""
    stated = rows.filter(rows.record.notnull())
    each = stated.group_by(["dataset", "record"]).aggregate(rows=stated.count())
    again = each.filter(each.rows > 1)
    found = engine.collect(again.group_by("dataset").aggregate(records=again.count()))
    if found:
        worst = max(found, key=lambda row: int(row["records"]))
        raise InputError(
            f"the tables hold {plural(worst['records'], 'record')} of {worst['dataset']} more than once, which would "
            "be counted twice. Name each table once, and no copy of it"
        )


def _check_releases(engine: Any, rows: Any) -> None:
    """Raise ``InputError`` where releases of one dataset hold the same event."""
    stated = rows.filter(rows.source_id.notnull())
    each = stated.group_by(["dataset", "source_id"]).aggregate(
        releases=stated.release.nunique(), one=stated.release.min(), other=stated.release.max()
    )
    twice = each.filter(each.releases > 1)
    found = engine.collect(twice.group_by(["dataset", "one", "other"]).aggregate(events=twice.count()))
    if found:
        worst = max(found, key=lambda row: int(row["events"]))
        raise InputError(
            f"the releases {worst['one']} and {worst['other']} of {worst['dataset']} share "
            f"{plural(worst['events'], 'event')}, which would be counted twice. Name the table of one of them only"
        )


def chosen(engine: Any, events: Any, folder: Path | None, datasets: Sequence[str]) -> tuple[Any, list[str]]:
    """The records that count, and what to tell of the others.

    Args:
        engine: that has scanned the tables.
        events: their records.
        folder: of a reconciliation; None where all count.
        datasets: of the tables, in the order in which they were named: of one event the record of the first counts.

    Raises:
        InputError: the folder holds no clusters, or not those of these records.
    """
    if folder is None:
        return events, []
    rank = {name: place for place, name in enumerate(dict.fromkeys(datasets))}
    known = _clusters(folder / CLUSTERS)
    first: dict[str, tuple[int, int]] = {}
    for place, (cluster, dataset, _) in enumerate(known):
        mine = (rank.get(dataset, len(rank)), place)
        first[cluster] = min(first.get(cluster, mine), mine)
    kept = {place for _, place in first.values()}
    rows = [(dataset, record, place in kept) for place, (_, dataset, record) in enumerate(known)]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("dataset", "record", "counts"))}
    table = engine.table("marsad_clusters", columns, {"dataset": "string", "record": "string", "counts": "boolean"})
    strangers = engine.collect(events.anti_join(table, ["dataset", "record"]).aggregate(n=lambda rows: rows.count()))
    if strangers[0]["n"]:
        raise InputError(
            f"{folder / CLUSTERS} does not hold {plural(strangers[0]['n'], 'record')} of these tables. Name the tables "
            "that were reconciled, or reconcile these"
        )
    left = len(rows) - len(kept)
    text = f"{plural(left, 'record')} of events that another record stands for already: not counted"
    return events.semi_join(table.filter(table.counts), ["dataset", "record"]), [text] if left else []


def _clusters(path: Path) -> list[tuple[str, str, str]]:
    """Cluster, dataset and record of every record."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; `marsad reconcile A B -o {path.parent}` makes it")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            missing = {"cluster", "dataset", "record"} - set(rows.fieldnames or ())
            if missing:
                raise InputError(f"{path}: no column {min(missing)}; make it again with `marsad reconcile`")
            return [(str(row["cluster"]), str(row["dataset"]), str(row["record"])) for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: not CSV in UTF-8: {error}. Make it again with `marsad reconcile`") from error
