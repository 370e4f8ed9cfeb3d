"""`marsad forecast`: what may come of a study's series; draws for any panel, and the scores of draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from marsad.cli.forecast_files import MODELS_TOLD, backtest, score
from marsad.cli.forecast_panel import EXAMPLES as PANEL_EXAMPLES
from marsad.cli.forecast_panel import panel
from marsad.cli.forecast_scenario import EXAMPLES as SCENARIO_EXAMPLES
from marsad.cli.forecast_scenario import scenario
from marsad.cli.outlook import print_outlook, tell_units
from marsad.cli.output import Json, StudyPath, print_json
from marsad.errors import InputError
from marsad.model import Date

__all__ = ["EXAMPLES", "backtest", "forecast", "score", "study_forecast"]

EXAMPLES = """
[bold]Examples[/]

marsad forecast my-study   (the same as `marsad forecast study my-study`)

marsad forecast my-study --series deaths-monthly --threshold 100 --threshold 250 --model combined

marsad forecast my-study --units admin1 --count events   (areas of the study's registers, the likeliest to be grave first)

marsad forecast scenario my-study --given "ceasefire 2025-01/2025-03"

marsad forecast panel ged.parquet --unit admin1 --count events -o panel.parquet

marsad forecast backtest panel.parquet --unit country --time month_id --target deaths --origin 2017-10 --steps 3:14 --draws 1000 --model combined -o draws.parquet

marsad forecast score draws.parquet panel.parquet   (CRPS, log score, interval score and coverage by year)
"""  # noqa: E501 - a command is one line
"""What `marsad forecast --help` shows below the commands."""

_STEPS, _COUNT = 12, "deaths"
_WORDS = ("study", "scenario", "panel", "backtest", "score")


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
    help="Forecast: `marsad forecast STUDY` tells what may come of a study's series, `scenario` what may come if "
    "something is done; `panel` counts the events of a register by unit and month; `backtest` draws from the forecasts "
    "of any panel; `score` says how good draws were.",
)
"""The commands `study` (also without the word), `scenario`, `panel`, `backtest` and `score`."""


@forecast.command("study", epilog=EXAMPLES)
def study_forecast(  # noqa: PLR0913 - each is an option of the command
    study: StudyPath = Path(),
    *,
    series: Annotated[
        str, typer.Option("--series", help="Which series in full; the first of the list if left out.")
    ] = "",
    model: Annotated[str, typer.Option("--model", help=MODELS_TOLD)] = "own-past",
    steps: Annotated[int, typer.Option("--steps", help="How many months ahead.")] = _STEPS,
    origin: Annotated[
        str, typer.Option("--origin", metavar="YYYY-MM", help="The last month that the model may see.")
    ] = "",
    threshold: Annotated[
        list[str] | None, typer.Option("--threshold", help="A count a month that matters; may be repeated.")
    ] = None,
    units: Annotated[
        str,
        typer.Option(
            "--units", help="What the list is of: series; or admin1, admin2 or actor of the study's registers."
        ),
    ] = "series",
    count: Annotated[str, typer.Option("--count", help="What is counted of areas and actors: deaths or events.")] = (
        _COUNT
    ),
    json: Json = False,
) -> int:
    """Tell what may come of the monthly series of a study, how sure that is, and how the model did before.

    First the early-warning list: every series of counts by the probability that its next month is grave, and what
    moved. Then one series in full: quantiles by month, thresholds, and the record of the model on this very series,
    for which it learns anew at sixty past origins: seconds for most models, minutes for boosting and combined. With
    ``--units`` the list is of the areas or groups of the study's registers, and no series follows.
    """
    from marsad.analysis import run_analysis  # noqa: PLC0415 - only here
    from marsad.analysis.forecast_parameters import ForecastParameters  # noqa: PLC0415 - the same
    from marsad.cli.show import print_finding  # noqa: PLC0415 - the same
    from marsad.workbench import Workbench  # noqa: PLC0415 - the same
    from marsad.workbench.forecasting import request_of, with_forecasts  # noqa: PLC0415 - imports numpy
    from marsad.workbench.outlook import outlook  # noqa: PLC0415 - the same

    if units != "series":
        if series or steps != _STEPS:
            raise InputError(f"--units {units[:40]}: a list of next months alone. Leave out --series and --steps")
        limit = _limit(threshold or ())
        return tell_units(study, units, model=model, count=count, threshold=limit, origin=origin, json=json)
    if count != _COUNT:
        raise InputError("--count is of the study's registers: name their --units, admin1, admin2 or actor")
    inputs = Workbench(study).inputs
    asked: dict[str, Any] = {"model": model, "steps": str(steps), "thresholds": tuple(threshold or ())}
    asked |= ({"series": series} if series else {}) | ({"origin": origin} if origin else {})
    request = request_of(inputs, "forecast", asked)
    limits = request.limits if isinstance(request, ForecastParameters) else ()
    then = Date.parse(origin) if origin else None
    rows = outlook(inputs, model=model, series=series, threshold=limits[0] if limits else None, origin=then)
    if not series and rows and not rows[0].problem:
        asked["series"] = rows[0].series
    inputs = with_forecasts(inputs, "forecast", asked)
    made = inputs.forecasts[0]
    if made.problem:
        raise InputError(made.problem)
    if json:
        print_json({"outlook": [asdict(row) for row in rows], "forecast": made.model_dump(mode="json")})
        return 0
    print_outlook(rows, title=f"Early warning: the next month of {series}" if series else "")
    print_finding(run_analysis("forecast", inputs, asked), {})
    return 0


def _limit(texts: Sequence[str]) -> float | None:
    """The one threshold of a list of units; raises ``InputError`` where there are several, or it is no count."""
    if len(texts) > 1:
        raise InputError("--threshold: a list of units has one. Name it once, or leave it out for each unit's own")
    for text in texts:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not 0 < found < math.inf:
            raise InputError(f"--threshold {text[:40]!r}: write a count a month above zero, such as 100")
        return found
    return None


forecast.command("backtest", epilog=EXAMPLES)(backtest)
forecast.command("score", epilog=EXAMPLES)(score)
forecast.command("panel", epilog=PANEL_EXAMPLES)(panel)
forecast.command("scenario", epilog=SCENARIO_EXAMPLES)(scenario)
