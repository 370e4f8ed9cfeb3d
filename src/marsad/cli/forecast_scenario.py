"""`marsad forecast scenario`: what may come of a study's series if something is done, beside what may come without."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from marsad.cli.forecast_files import MODELS_TOLD
from marsad.cli.output import Json, StudyPath, print_json
from marsad.errors import InputError

__all__ = ["EXAMPLES", "scenario"]

EXAMPLES = """
[bold]Examples[/]

marsad forecast scenario my-study   (what came with each kind of action in the past)

marsad forecast scenario my-study --given "ceasefire 2025-01/2025-03" --lasting 1

marsad forecast scenario my-study --given "ceasefire 2025-01/2025-06" --ended-by ceasefire_end --threshold 100

marsad forecast scenario my-study --given "operation 2025-02/2025-04" --ratio "operation 0.4..1.3 because of 2014"
"""
"""What `marsad forecast scenario --help` shows below the options."""


def scenario(  # noqa: PLR0913 - each is an option of the command
    study: StudyPath,
    *,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--given",
            metavar="KIND MONTHS",
            help="A kind of action and its months, such as 'ceasefire 2025-01/2025-03'; may be repeated.",
        ),
    ] = None,
    series: Annotated[str, typer.Option("--series", help="Which series; the first if left out.")] = "",
    model: Annotated[str, typer.Option("--model", help=MODELS_TOLD)] = "",
    steps: Annotated[int, typer.Option("--steps", help="How many months ahead.")] = 12,
    origin: Annotated[
        str, typer.Option("--origin", metavar="YYYY-MM", help="The last month that the model may see.")
    ] = "",
    threshold: Annotated[
        list[str] | None, typer.Option("--threshold", help="A count a month that matters; may be repeated.")
    ] = None,
    actor: Annotated[
        list[str] | None, typer.Option("--actor", help="Only past actions by or towards this actor; may be repeated.")
    ] = None,
    ended_by: Annotated[
        list[str] | None,
        typer.Option("--ended-by", metavar="KIND", help="A kind of action that ends a past spell; may be repeated."),
    ] = None,
    lasting: Annotated[
        int, typer.Option("--lasting", help="Months that a past spell without a stated end is taken to have lasted.")
    ] = 0,
    ratio: Annotated[
        list[str] | None,
        typer.Option(
            "--ratio",
            metavar="KIND LOW..HIGH because REASON",
            help="Your own 90 % interval of the ratio that comes with a kind of action, instead of the past spells.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Tell what may come of a monthly series if something is done, beside what may come without.

    The ratio comes from the past: how much more or less than expected was counted while such an action lasted, against
    how far expectations are wrong at any other time. It is no effect that was proved, and it is wide. Without
    ``--given`` it is told for every kind of action of the study.
    """
    from marsad.analysis import run_analysis  # noqa: PLC0415 - only here
    from marsad.cli.show import print_finding  # noqa: PLC0415 - the same
    from marsad.workbench import Workbench  # noqa: PLC0415 - the same
    from marsad.workbench.forecasting import with_forecasts  # noqa: PLC0415 - imports numpy

    texts = {"series": series, "model": model, "origin": origin}
    lists = {"scenario": given, "thresholds": threshold, "actors": actor, "ended_by": ended_by, "ratios": ratio}
    asked: dict[str, Any] = {"steps": str(steps), "lasting": str(lasting)}
    asked |= {name: text for name, text in texts.items() if text}
    asked |= {name: tuple(values) for name, values in lists.items() if values}
    inputs = with_forecasts(Workbench(study).inputs, "scenario-forecast", asked)
    made = inputs.scenarios[0]
    if made.problem:
        raise InputError(made.problem)
    if json:
        print_json({"scenario": made.model_dump(mode="json")})
        return 0
    print_finding(run_analysis("scenario-forecast", inputs, asked), {})
    return 0
