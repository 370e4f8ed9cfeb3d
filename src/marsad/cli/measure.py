"""`marsad measure`: count events and sum deaths of event tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from marsad.cli.engines import EngineName, MemoryLimit, SparkMaster
from marsad.cli.output import Json, print_json, print_notices, print_table, screen
from marsad.errors import InputError
from marsad.model import plural

if TYPE_CHECKING:
    from marsad.workbench import Measured

__all__ = ["EXAMPLES", "measure"]

EXAMPLES = """
[bold]Examples[/]

marsad measure ged.parquet --by month --by country

marsad measure ged.parquet awsd.parquet --by year --by dataset --country PAK --since 2021-08-15

marsad measure events/ --by month --by admin1 --by actor -o measures.parquet --memory-limit 4GB

marsad measure events/ --by year --engine spark --spark-master spark://host:7077 -o measures.parquet
"""
"""What `marsad measure --help` shows below the options."""

_MOST_ROWS = 200
_PERIODS = {"year": 4, "month": 7, "week": 10}
_CHECKS = {
    "undated": "no date, or one less exact than the period: in a row of their own",
    "spanning": "they end in another period than they begin in, and are counted where they begin",
    "reversed_bounds": "the lowest estimate is above the highest; the two were put in order",
    "best_outside": "the best estimate is not between the lowest and the highest",
    "without_deaths": "no best estimate of deaths",
    "several": "they stand for several events",
}


def measure(  # noqa: PLR0913 - each is an option of the command
    tables: Annotated[list[Path], typer.Argument(metavar="TABLE...", help="Event tables of `marsad import`.")],
    *,
    by: Annotated[
        list[str] | None, typer.Option("--by", help="week, month, year, country, admin1, actor, kind, dataset, ...")
    ] = None,
    since: Annotated[str, typer.Option("--since", metavar="DAY", help="First day, such as 2021-08-15.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Last day.")] = "",
    country: Annotated[list[str] | None, typer.Option("--country", help="ISO 3166-1 alpha-3; may be repeated.")] = None,
    border_km: Annotated[float | None, typer.Option("--border-km", help="At most so far from the border line.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A Parquet or CSV file to write.")] = None,
    engine: EngineName = "duckdb",
    spark_master: SparkMaster = None,
    memory_limit: MemoryLimit = None,
    json: Json = False,
) -> int:
    """Count events and sum deaths (lowest, best, highest) of event tables, by what you name.

    Records that cannot be placed in a period are counted apart, never spread over others.
    """
    from marsad.evidence.engine import EventFilter  # noqa: PLC0415 - only where something is measured
    from marsad.workbench import EngineChoice, to_csv  # noqa: PLC0415 - the same
    from marsad.workbench import measure as measured  # noqa: PLC0415 - the same

    dimensions = [name for text in (["year"] if by is None else by) for name in text.split(",") if name]
    where = EventFilter(
        since=_day("--since", since),
        until=_day("--until", until),
        countries=None if country is None else frozenset(country),
        border_km=border_km,
    )
    parquet = output if output is not None and output.suffix == ".parquet" else None
    choice = EngineChoice(engine, spark_master, memory_limit)
    made = measured(tables, by=dimensions, where=where, engine=choice, output=parquet)
    if output is not None and parquet is None:
        _write_csv(output, made, to_csv)
    if json:
        print_json({"rows": [_plain(row) for row in made.rows], "checks": made.checks})
    elif output is not None:
        screen().print(Text(f"{output}: measures of {plural(made.checks['counted'], 'record')}"))
    else:
        _print(made.rows)
    if not json:
        print_notices(
            f"{plural(made.checks[name], 'record')}: {text}" for name, text in _CHECKS.items() if made.checks.get(name)
        )
    return 0


def _day(option: str, text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option} {text!r}: write a day such as 2021-08-15") from error


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}


def _write_csv(output: Path, made: Measured, to_csv: Any) -> None:
    from marsad.evidence import write_atomically  # noqa: PLC0415 - only where a file is written
    from marsad.workbench import Table  # noqa: PLC0415 - the same

    shown = tuple({name: _written(name, value) for name, value in row.items()} for row in made.rows)
    write_atomically(output, to_csv(Table(name="measures", columns=made.columns, rows=shown)).encode())


def _written(name: str, value: Any) -> str:
    """A cell of a file: a month as 2021-03 and a year as 2021, as series and panels have them; empty for none."""
    return "" if value is None else str(value)[: _PERIODS.get(name)]


def _print(rows: tuple[dict[str, Any], ...]) -> None:
    if not rows:
        screen().print("No record fits.")
        return
    numbers = {"records", "events", "deaths_low", "deaths_best", "deaths_high", "injured", "abducted", "without_deaths"}
    columns = [(name.replace("_", " "), name in numbers) for name in rows[0]]
    shown = ([_cell(name, value) for name, value in row.items()] for row in rows[:_MOST_ROWS])
    note = f"The first {_MOST_ROWS} of {len(rows):,} rows; -o FILE writes all" if len(rows) > _MOST_ROWS else ""
    print_table(plural(len(rows), "group"), columns, shown, note=note)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "no date" if name in _PERIODS else ""
    if name in _PERIODS:
        return str(value)[: _PERIODS[name]]
    return f"{value:,}" if isinstance(value, int) else str(value)
