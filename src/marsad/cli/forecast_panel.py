"""`marsad forecast panel`: count the events or deaths of event tables by unit and month, for `backtest` to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from marsad.cli.engines import EngineName, MemoryLimit, SparkMaster
from marsad.cli.output import Json, print_json, print_notices, screen
from marsad.cli.writing import check_output
from marsad.errors import InputError, ParseError
from marsad.model import plural

__all__ = ["EXAMPLES", "panel"]

EXAMPLES = """
[bold]Examples[/]

marsad forecast panel ged.parquet --unit admin1 --count events --country PAK -o panel.parquet

marsad forecast panel ged.parquet --unit country --since 2010-01 --until 2024-12 -o deaths.csv

marsad forecast panel ged.parquet awsd.parquet --reconciled matched/ --unit country --count events -o panel.parquet

marsad forecast panel events/ --unit dyad --country AFG --from-first --engine spark -o dyads.parquet

marsad forecast backtest panel.parquet --unit unit --time month --target value --vintage vintage --origin 2021-10 -o draws.parquet
"""  # noqa: E501 - a command is one line
"""What `marsad forecast panel --help` shows below the options."""


_Tables = Annotated[list[Path], typer.Argument(metavar="EVENTS...", help="Event tables of `marsad import`.")]
_Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write: .parquet or .csv.")]
_Unit = Annotated[
    str,
    typer.Option(
        "--unit", help="country, admin1, admin2, actor, side_a, side_b, dyad, kind, violence_type or dataset."
    ),
]
_Count = Annotated[
    str, typer.Option("--count", help="deaths (best estimate), deaths-low, deaths-high, events or records.")
]
_Since = Annotated[
    str, typer.Option("--since", metavar="YYYY-MM", help="First month; that of the first record if left out.")
]
_Until = Annotated[
    str, typer.Option("--until", metavar="YYYY-MM", help="Last month; that of the last record if left out.")
]
_Country = Annotated[list[str] | None, typer.Option("--country", help="ISO 3166-1 alpha-3; may be repeated.")]
_Dataset = Annotated[list[str] | None, typer.Option("--dataset", help="Count this dataset only; may be repeated.")]
_Rest = Annotated[
    bool, typer.Option("--rest", help="Keep records that state no unit as a unit of their own, called '?'.")
]
_FromFirst = Annotated[
    bool,
    typer.Option(
        "--from-first", help="Leave a unit empty, not zero, before its first record: it may not have existed."
    ),
]
_Reconciled = Annotated[
    Path | None,
    typer.Option(
        "--reconciled", metavar="FOLDER", help="Of `marsad reconcile` on these tables: count each event once."
    ),
]


def panel(  # noqa: PLR0913 - each is an option of the command
    tables: _Tables,
    *,
    output: _Output,
    unit: _Unit = "country",
    count: _Count = "deaths",
    since: _Since = "",
    until: _Until = "",
    country: _Country = None,
    dataset: _Dataset = None,
    rest: _Rest = False,
    from_first: _FromFirst = False,
    reconciled: _Reconciled = None,
    engine: EngineName = "duckdb",
    spark_master: SparkMaster = None,
    memory_limit: MemoryLimit = None,
    json: Json = False,
) -> int:
    """Count deaths or events of event tables by unit and month.

    The file has the columns unit, parent (the country of an area), month, value and vintage, and a row for every unit
    and month. A month is zero where a release covers it and has no record, and empty where none covers it: a release
    covers what lies between its first and its last record, and, where one dataset is counted, --since to --until.
    """
    from marsad.forecast.months import month_text  # noqa: PLC0415 - only where a panel is made
    from marsad.workbench.event_panel import PanelRequest, event_panel, summary_of  # noqa: PLC0415 - imports numpy
    from marsad.workbench.measuring import EngineChoice  # noqa: PLC0415 - the same
    from marsad.workbench.panel_files import check_panel_path, write_panel  # noqa: PLC0415 - the same

    check_output(output, inputs=tuple(tables))
    _check_apart(output, tables)
    check_panel_path(output)
    request = PanelRequest(
        unit=unit,
        count=count,
        since=_month("--since", since),
        until=_month("--until", until),
        countries=None if not country else frozenset(code.upper() for code in country),
        datasets=None if not dataset else frozenset(dataset),
        rest=rest,
        from_first=from_first,
        reconciled=reconciled,
        engine=EngineChoice(engine, spark_master, memory_limit),
    )
    made = event_panel(tables, request)
    try:
        write_panel(made, output)
    except OSError as error:
        raise InputError(
            f"{output}: it cannot be written ({error.strerror}). Name a file in a folder of yours"
        ) from error
    if json:
        print_json(summary_of(made) | {"output": str(output)})
        return 0
    months = f"{month_text(made.first)} to {month_text(made.last)}"
    told = f"{output}: {plural(made.values.size, 'row')}, {plural(len(made.units), 'unit')} ({unit}), {months}, {count}"
    screen().print(Text(told))
    print_notices(notice.told for notice in made.notices)
    return 0


def _check_apart(output: Path, tables: list[Path]) -> None:
    """Raise ``InputError`` where the panel would lie among the event tables."""
    for table in tables:
        if table.is_dir() and output.resolve().is_relative_to(table.resolve()):
            raise InputError(f"{output} lies in {table}, whose files are read as event tables. Name a file elsewhere")


def _month(option: str, text: str) -> int | None:
    if not text:
        return None
    from marsad.forecast.months import parse_month  # noqa: PLC0415 - only where a month is given

    try:
        return parse_month(text)
    except ParseError as error:
        raise InputError(f"{option}: {error}") from error
