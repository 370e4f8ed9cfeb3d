"""`marsad forecast`: what may come of a study's series; draws for any panel, and the scores of draws."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from marsad.cli.forecast_files import MODELS_TOLD, backtest, score
from marsad.cli.output import Json, StudyPath, print_json, print_notices, print_table
from marsad.errors import InputError

if TYPE_CHECKING:
    from marsad.workbench.outlook import OutlookRow

__all__ = ["EXAMPLES", "backtest", "forecast", "score", "study_forecast"]

EXAMPLES = """
[bold]Examples[/]

marsad forecast my-study   (the same as `marsad forecast study my-study`)

marsad forecast my-study --series deaths-monthly --threshold 100 --threshold 250 --model combined

marsad forecast backtest panel.parquet --unit country --time month_id --target deaths --origin 2017-10 --steps 3:14 --draws 1000 --model combined -o draws.parquet

marsad forecast score draws.parquet panel.parquet   (CRPS, log score, interval score and coverage by year)
"""  # noqa: E501 - a command is one line
"""What `marsad forecast --help` shows below the commands."""

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
    model: Annotated[str, typer.Option("--model", help=MODELS_TOLD)] = "empirical",
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


forecast.command("backtest", epilog=EXAMPLES)(backtest)
forecast.command("score", epilog=EXAMPLES)(score)
