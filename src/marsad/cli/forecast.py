"""`marsad forecast`: what may come of a study's series; draws for any panel, and the scores of draws."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from marsad.cli.output import Json, StudyPath, print_json, print_notices, print_table, screen
from marsad.errors import InputError
from marsad.model import plural

if TYPE_CHECKING:
    from marsad.workbench.outlook import OutlookRow

__all__ = ["EXAMPLES", "MODEL_NAMES", "backtest", "forecast", "score", "study_forecast"]

EXAMPLES = """
[bold]Examples[/]

marsad forecast my-study   (the same as `marsad forecast study my-study`)

marsad forecast my-study --series deaths-monthly --threshold 100 --threshold 250 --model combined

marsad forecast backtest panel.parquet --unit country --time month_id --target deaths --origin 2017-10 --steps 3:14 --draws 1000 --model combined -o draws.parquet

marsad forecast score draws.parquet panel.parquet   (CRPS, log score, interval score and coverage by year)
"""  # noqa: E501 - a command is one line
"""What `marsad forecast --help` shows below the commands."""

MODEL_NAMES = (
    "zero",
    "last-poisson",
    "conflictology",
    "bootstrap",
    "empirical",
    "negative-binomial",
    "boosting",
    "analogues",
    "combined",
)
"""The models as the help names them: their own list would load numpy before any command is chosen."""

_MODELS = ", ".join(MODEL_NAMES)
_MOST_ROWS = 250
_MOST_NAMED = 12
_WORDS = ("study", "backtest", "score")


class _StudyFirst(TyperGroup):
    """The group of commands; what is none of them is a study folder."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word ``study`` before what is no command and no question for help."""
        if not args or (args[0] not in _WORDS and args[0] not in ctx.help_option_names):
            args = ["study", *args]
        found: list[str] = super().parse_args(ctx, args)
        return found


forecast = typer.Typer(
    cls=_StudyFirst,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Forecast: `marsad forecast STUDY` tells what may come of a study's monthly series; `backtest` draws from the "
    "forecasts of any panel; `score` says how good draws were.",
)
"""The commands `study` (also without the word), `backtest` and `score`."""


@forecast.command("study", epilog=EXAMPLES)
def study_forecast(
    study: StudyPath = Path(),
    *,
    series: Annotated[
        str, typer.Option("--series", help="Which series in full; the first of the list if left out.")
    ] = "",
    model: Annotated[str, typer.Option("--model", help=f"The model: {_MODELS}")] = "empirical",
    steps: Annotated[int, typer.Option("--steps", help="How many months ahead.")] = 12,
    origin: Annotated[
        str, typer.Option("--origin", metavar="YYYY-MM", help="The last month that the model may see.")
    ] = "",
    threshold: Annotated[
        list[str] | None, typer.Option("--threshold", help="A count a month that matters; may be repeated.")
    ] = None,
    json: Json = False,
) -> int:
    """Tell what may come of the monthly series of a study, how sure that is, and how the model did before.

    First the early-warning list: every series of counts by the probability that its next month is grave, and what
    moved. Then one series in full: quantiles by month, thresholds, and the record of the model on this very series,
    for which it learns anew at sixty past origins: seconds for most models, minutes for boosting and combined.
    """
    from marsad.analysis import run_analysis  # noqa: PLC0415 - only here
    from marsad.analysis.forecast_parameters import ForecastParameters  # noqa: PLC0415 - the same
    from marsad.cli.show import print_finding  # noqa: PLC0415 - the same
    from marsad.workbench import Workbench  # noqa: PLC0415 - the same
    from marsad.workbench.forecasting import request_of, with_forecasts  # noqa: PLC0415 - imports numpy
    from marsad.workbench.outlook import outlook  # noqa: PLC0415 - the same

    inputs = Workbench(study).inputs
    asked: dict[str, Any] = {"model": model, "steps": str(steps), "thresholds": tuple(threshold or ())}
    asked |= ({"series": series} if series else {}) | ({"origin": origin} if origin else {})
    request = request_of(inputs, "forecast", asked)
    limits = request.limits if isinstance(request, ForecastParameters) else ()
    rows = outlook(inputs, model=model, threshold=limits[0] if limits else None)
    if not series and rows and not rows[0].problem:
        asked["series"] = rows[0].series
    inputs = with_forecasts(inputs, "forecast", asked)
    made = inputs.forecasts[0]
    if made.problem:
        raise InputError(made.problem)
    if json:
        print_json({"outlook": [asdict(row) for row in rows], "forecast": made.model_dump(mode="json")})
        return 0
    _print_outlook(rows)
    print_finding(run_analysis("forecast", inputs, asked), {})
    return 0


def _print_outlook(rows: tuple[OutlookRow, ...]) -> None:
    good = [row for row in rows if not row.problem]
    columns = [("series", False), ("month", False), ("threshold", True), ("probability", True), ("a month ago", True)]
    columns += [("5 % to 95 %", True), ("what moved", False)]
    shown = (
        [
            row.series,
            row.month,
            f"{row.threshold:,g}",
            f"{row.chance:.0%}",
            "" if row.before is None else f"{row.before:.0%}",
            f"{row.quantiles[0]:,.0f} to {row.quantiles[-1]:,.0f}",
            _moved(row),
        ]
        for row in good
    )
    if good:
        print_table("Early warning: the next month of every series, the likeliest to be grave first", columns, shown)
    bad = [row for row in rows if row.problem]
    print_notices(row.problem for row in bad[:_MOST_NAMED])
    if len(bad) > _MOST_NAMED:
        print_notices([f"{len(bad) - _MOST_NAMED} more series have no forecast"])


def _moved(row: OutlookRow) -> str:
    """What changed since the forecast a month ago: the month that has come, beside the year before it."""
    if row.last is None or row.usual is None:
        return "the last month has no value"
    told = f"the last month had {row.last:,.0f}, the twelve before it {row.usual:,.0f} on average"
    if row.before is None:
        return told
    change = round(100 * row.chance) - round(100 * row.before)
    return f"{'unchanged' if change == 0 else f'{change:+d} points'}: {told}"


@forecast.command("backtest", epilog=EXAMPLES)
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
    model: Annotated[str, typer.Option("--model", help=f"The model: {_MODELS}")] = "combined",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same gives the same draws.")] = 0,
    vintage: Annotated[
        str | None, typer.Option("--vintage", metavar="COL", help="The column that tells the version of the data.")
    ] = None,
    json: Json = False,
) -> int:
    """Forecast every unit of a panel as it would have been done at an origin, and write the draws.

    The file has the columns unit, time, draw and value; units and months are written as the panel has them (whole
    numbers, 2018-01, or else the date of the month's first day). Nothing after the origin is looked at.
    """
    from marsad.forecast import PanelColumns  # noqa: PLC0415 - imports numpy
    from marsad.workbench.forecast_files import backtest_file, parse_steps  # noqa: PLC0415 - the same

    columns = PanelColumns(unit, time, target, vintage)
    made = backtest_file(
        panel, columns, output, origins=origin, steps=parse_steps(steps), model=model, draws=draws, seed=seed
    )
    if json:
        print_json(asdict(made) | {"vintages": [one._asdict() for one in made.vintages], "output": str(output)})
        return 0
    months = " to ".join(dict.fromkeys(made.months))
    told = f"{output}: {made.rows:,} draws of {plural(made.units, 'unit')}, {months}, by the model {made.model}"
    screen().print(Text(told))
    print_notices(_notices(made))
    return 0


def _notices(made: Any) -> list[str]:
    """What a reader should know of the panel that was learnt from."""
    told = []
    if made.without:
        named = ", ".join(sorted({unit for unit, _ in made.without})[:_MOST_NAMED])
        told.append(f"no forecast of {plural(len(made.without), 'unit')}, without a value of late: {named}")
    if made.gaps:
        told.append(f"{plural(made.gaps, 'gap')}: months without a value between others of a unit")
    if len(made.vintages) > 1:
        told.append(
            f"{plural(len(made.vintages), 'version')} of the data: {', '.join(v.vintage for v in made.vintages)}"
        )
    return told


@forecast.command("score", epilog=EXAMPLES)
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
