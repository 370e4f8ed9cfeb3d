"""`marsad forecast backtest` and `marsad forecast score`: draws for any panel, and how good they were."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from marsad.cli.output import Json, print_json, print_notices, print_table, screen
from marsad.model import plural

__all__ = ["MODELS_TOLD", "MODEL_NAMES", "backtest", "score"]

MODEL_NAMES = (
    "zero",
    "last-poisson",
    "conflictology",
    "bootstrap",
    "empirical",
    "negative-binomial",
    "own-past",
    "boosting",
    "analogues",
    "forest",
    "combined",
)
"""The models as the help names them: their own list would load numpy before any command is chosen."""

MODELS_TOLD = f"The model: {', '.join(MODEL_NAMES)}"
"""The help of `--model`."""

_MOST_ROWS = 250
_MOST_NAMED = 12


def backtest(  # noqa: PLR0913 - each is an option of the command
    panel: Annotated[Path, typer.Argument(metavar="PANEL", help="CSV or Parquet: a row a unit and month.")],
    *,
    unit: Annotated[str, typer.Option("--unit", metavar="COL", help="The column of units.")],
    time: Annotated[
        str,
        typer.Option(
            "--time", metavar="COL", help="The column of months: a date, 2017-10, or month_id (1 is January 1980)."
        ),
    ],
    target: Annotated[str, typer.Option("--target", metavar="COL", help="The column of counts.")],
    origin: Annotated[
        list[str],
        typer.Option(
            "--origin",
            metavar="YYYY-MM",
            help="The last month that the model may see; may be repeated. Origin 2017-10 with steps 3:14 forecasts "
            "January to December 2018, as in the VIEWS challenge.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The Parquet file to write.")],
    steps: Annotated[str, typer.Option("--steps", help="Months ahead, both ends included.")] = "3:14",
    draws: Annotated[int, typer.Option("--draws", help="Draws a unit and month.")] = 1000,
    model: Annotated[str, typer.Option("--model", help=MODELS_TOLD)] = "combined",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same gives the same draws.")] = 0,
    vintage: Annotated[
        str | None, typer.Option("--vintage", metavar="COL", help="The column that tells the version of the data.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(
            "--within",
            metavar="COL",
            help="The column that tells which unit this one is a part of: its country, or the pair of sides. Wholes "
            "are forecast too, and in every draw the parts add up to them.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Forecast every unit of a panel as it would have been done at an origin, and write the draws.

    The file has the columns unit, time, draw and value; units and months are written as the panel has them (whole
    numbers, 2018-01, or else the date of the month's first day). Nothing after the origin is looked at. Draws of the
    same number are one possible future of all units and months: sums over them may be taken draw by draw.
    """
    from marsad.forecast import PanelColumns  # noqa: PLC0415 - imports numpy
    from marsad.workbench.forecast_files import backtest_file, parse_steps  # noqa: PLC0415 - the same

    columns = PanelColumns(unit, time, target, vintage, within)
    made = backtest_file(
        panel, columns, output, origins=origin, steps=parse_steps(steps), model=model, draws=draws, seed=seed
    )
    if json:
        print_json(asdict(made) | {"vintages": [one._asdict() for one in made.vintages], "output": str(output)})
        return 0
    months = " to ".join(dict.fromkeys(made.months))
    wholes = f", {made.parents:,} of them the sum of others" if made.parents else ""
    told = f"{output}: {made.rows:,} draws of {plural(made.units, 'unit')}{wholes}, {months}, by the model {made.model}"
    screen().print(Text(told))
    print_notices(_notices(made))
    return 0


def _notices(made: Any) -> list[str]:
    """What a reader should know of the panel that was learnt from."""
    told = []
    if made.without:
        named = ", ".join(sorted({unit for unit, _ in made.without})[:_MOST_NAMED])
        told.append(f"no forecast of {plural(len(made.without), 'unit')}, without a value of late: {named}")
    if made.unseen:
        named = ", ".join(made.unseen[:_MOST_NAMED])
        told.append(f"no forecast of {plural(len(made.unseen), 'unit')}, without a value up to the origin: {named}")
    if made.gaps:
        told.append(f"{plural(made.gaps, 'gap')}: months without a value between others of a unit")
    if len(made.vintages) > 1:
        told.append(
            f"{plural(len(made.vintages), 'version')} of the data: {', '.join(v.vintage for v in made.vintages)}"
        )
    return told


def score(
    draws: Annotated[Path, typer.Argument(metavar="DRAWS", help="Parquet with unit, time, draw and value.")],
    actuals: Annotated[Path, typer.Argument(metavar="ACTUALS", help="A panel, CSV or Parquet, of what happened.")],
    *,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="COL", help="The actuals' column; as in the backtest if left out.")
    ] = None,
    time: Annotated[str | None, typer.Option("--time", metavar="COL", help="The same for months.")] = None,
    target: Annotated[str | None, typer.Option("--target", metavar="COL", help="The same for counts.")] = None,
    by: Annotated[str, typer.Option("--by", help="Group the scores by year, month or unit.")] = "year",
    json: Json = False,
) -> int:
    """Score draws against what happened: CRPS, log score, interval score (MIS), CRPS of log(1 + count), coverage.

    The log score is that of the VIEWS challenge and needs exactly 1,000 draws. Smaller scores are better; the 90 %
    interval should hold about 90 % of the cells.
    """
    from marsad.workbench.draw_scores import SCORES, score_file  # noqa: PLC0415 - imports numpy

    found = score_file(draws, actuals, unit=unit, time=time, target=target, by=by)
    if json:
        print_json(asdict(found))
        return 0
    heads = {"ign": "log score", "mis": "MIS", "crps": "CRPS", "crps_log1p": "CRPS log1p"}
    columns = [(by, False), ("cells", True), ("mean", True)]
    columns += [(heads.get(name, name.replace("_", ", ")), True) for name in SCORES]
    rows = (
        [str(row[by]), f"{row['cells']:,}", f"{row['mean']:,.2f}", *(_number(name, row[name]) for name in SCORES)]
        for row in (*found.rows[:_MOST_ROWS], found.overall)
    )
    note = "Smaller is better, but for covered"
    if len(found.rows) > _MOST_ROWS:
        note = f"The first {_MOST_ROWS} of {len(found.rows):,} groups; --json has all. {note}"
    print_table(f"Scores of {found.draws:,} draws a cell", columns, rows, note=note)
    told = [f"{plural(found.unknown, 'cell')} with draws, but without a known count"] if found.unknown else []
    told += [f"{plural(found.missing, 'known count')} of these months without draws"] if found.missing else []
    print_notices(told)
    return 0


def _number(name: str, value: float | None) -> str:
    if value is None:
        return "n/a"
    return f"{value:.1%}" if name.startswith("covered") else f"{value:,.3f}"
