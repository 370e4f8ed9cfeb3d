"""`marsad import`: bring a file of a dataset into the common table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from marsad.cli.output import Json, print_json, print_notices, print_table, progress_count, screen
from marsad.errors import InputError
from marsad.model import joined, plural

if TYPE_CHECKING:
    from marsad.workbench import Imported

__all__ = ["EXAMPLES", "import_table"]

EXAMPLES = """
[bold]Examples[/]

marsad import awsd security_incidents.csv -o awsd.parquet

marsad import ucdp-ged ged251-csv.zip -o ged.parquet --version 25.1 --border PAK-AFG

marsad import gdelt events.tsv -o gdelt/ --partition-by year,country   (a folder of files, for large tables)

marsad import generic attacks.csv -o attacks.parquet --mapping attacks.yaml --boundaries provinces.geojson

marsad import acled export.csv -o acled.parquet --withdrawn deleted.json   (a list as ACLED gives it)

marsad fetch --list   (every connector; docs/connectors.md describes them and the mappings)
"""
"""What `marsad import --help` shows below the options."""


def import_table(  # noqa: PLR0913 - each is an option of the command
    name: Annotated[str, typer.Argument(metavar="NAME", help="The connector, such as ucdp-ged; or generic.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, JSON, XLSX, HTML or Parquet; or in a zip.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The table to write (Parquet).")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", "-m", help="YAML that says which field is which column.")
    ] = None,
    version: Annotated[str, typer.Option("--version", help="The producer's name of the version.")] = "",
    dataset: Annotated[str, typer.Option("--dataset", help="What the rows call their dataset.")] = "",
    boundaries: Annotated[
        list[str] | None,
        typer.Option(
            "--boundaries",
            "-b",
            metavar="FILE",
            help="GeoJSON or TopoJSON of areas; may be repeated. FILE:1:PAK names the level and the country.",
        ),
    ] = None,
    border: Annotated[
        str, typer.Option("--border", help="Measure the distance to this line: PAK-AFG, or a file of lines.")
    ] = "",
    withdrawn: Annotated[
        Path | None,
        typer.Option(
            "--withdrawn",
            metavar="FILE",
            help="The producer's list of withdrawn records (acled: JSON of deleted/read), which are put aside.",
        ),
    ] = None,
    partition_by: Annotated[
        str, typer.Option("--partition-by", metavar="COLUMNS", help="Write a folder cut by these: year,country")
    ] = "",
    json: Json = False,
) -> int:
    """Read a file of a dataset into the common table, each record verbatim beside the common columns.

    Says what became of every record: kept, put aside with the reason (OUTPUT.quarantine.csv), fields and values that
    nobody knows.
    """
    from marsad.workbench import ImportOptions, Places, import_file, read_connector  # noqa: PLC0415 - only where a file is read

    columns = tuple(name for name in partition_by.split(",") if name)
    if output.is_dir() and not columns:
        raise InputError(f"{output} is a folder; name a file in it, or cut the table into a folder (--partition-by)")
    if output.resolve() == file.resolve():
        raise InputError(f"{output} is the file that is read; name another")
    source = read_connector(name, file, mapping)
    places = Places.read([] if boundaries is None else boundaries, border)
    options = ImportOptions(dataset=dataset, version=version, places=places, withdrawn=withdrawn, partition_by=columns)
    with progress_count(f"Reading {file.name}", shown=not json) as tick:
        made = import_file(source, file, output, options=options, tick=tick)
    if json:
        print_json(_as_json(made))
    else:
        _print(made)
    return 0


def _as_json(made: Imported) -> dict[str, Any]:
    return {
        "path": str(made.path),
        "table": made.kind.value,
        "release": dict(made.release),
        "audit": made.audit.summary(),
        "quarantine": None if made.quarantine is None else str(made.quarantine),
    }


def _print(made: Imported) -> None:
    audit = made.audit
    what = f"{plural(audit.made, 'row')} of {made.kind.value} from {plural(audit.read, 'record')}"
    screen().print(Text(f"{made.path}: {what} ({made.release['title']}, {made.release['version']})"))
    notices = []
    if not made.release["may_redistribute"]:
        notices.append(f"its records may not be passed on: {made.release['licence']}")
    if audit.expected is not None and audit.expected != audit.read:
        notices.append(f"this version should have {audit.expected:,} records; the file has {audit.read:,}")
    if audit.leftover:
        fields = joined([f"{field} ({count:,})" for field, count in audit.leftover.most_common(12)])
        notices.append(f"fields that nothing uses, kept verbatim: {fields}")
    for (field, value), count in audit.unknown.most_common(12):
        notices.append(f"{field}: the value {value!r} is not known ({plural(count, 'record')}); the column stays empty")
    if len(audit.unknown) > 12:
        notices.append(f"and {len(audit.unknown) - 12} more values that are not known (--json lists them)")
    print_notices(notices)
    if audit.remarks:
        rows = ([r.text, f"{r.count:,}", ", ".join(map(str, r.rows))] for r in audit.remarks.values())
        print_table("Remarks on records that were kept", [("remark", False), ("records", True), ("rows", False)], rows)
    if audit.quarantined:
        rows = ([reason, f"{count:,}"] for reason, count in audit.reasons.most_common(12))
        note = f"All of them: {made.quarantine}"
        print_table("Put aside", [("reason", False), ("records", True)], rows, note=note)
