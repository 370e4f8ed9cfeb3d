"""`marsad reconcile`: find which records of several event tables are the same event."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from marsad.cli.engines import EngineName, MemoryLimit, SparkMaster
from marsad.cli.output import Json, print_json, print_notices, print_table, progress_bar, screen
from marsad.errors import InputError
from marsad.model import joined

if TYPE_CHECKING:
    from marsad.workbench.reconciling import ReconcileOptions

__all__ = ["EXAMPLES", "Mode", "Scorer", "reconcile"]

EXAMPLES = """
[bold]Examples[/]

marsad reconcile ii.parquet awsd.parquet -o matched/

marsad judge matched/   (the pairs that wait for a person; later runs into the folder respect what you say)

marsad reconcile a.parquet b.parquet c.parquet -o matched/ --threshold 0.8 --engine spark

marsad reconcile a.parquet b.parquet -o melted/ --mode meltt --km 4 --days 2 --taxonomies taxonomies/ --grid
"""
"""What `marsad reconcile --help` shows below the options."""

_LEDGER = "ledger.sqlite"


class Mode(StrEnum):
    """By which method records are matched."""

    SCORED = "scored"
    MELTT = "meltt"


class Scorer(StrEnum):
    """What gives the probability of a pair."""

    DEFAULT = "default"
    SPLINK = "splink"


def reconcile(  # noqa: PLR0913 - each is an option of the command
    tables: Annotated[list[Path], typer.Argument(metavar="A B [C ...]", help="Event tables of `marsad import`.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write the result.")],
    mode: Annotated[Mode, typer.Option("--mode", help="scored: a calibrated probability; meltt: taxonomies.")] = (
        Mode.SCORED
    ),
    km: Annotated[float | None, typer.Option("--km", min=0, help="Most kilometres apart.")] = None,
    days: Annotated[int | None, typer.Option("--days", min=0, help="Most days apart.")] = None,
    taxonomies: Annotated[Path | None, typer.Option("--taxonomies", help="meltt: folder of taxonomies (CSV).")] = None,
    grid: Annotated[bool, typer.Option("--grid", help="Try narrower and wider windows too.")] = False,
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=0, max=1, help="Least probability of one event.")
    ] = None,
    scorer: Annotated[
        Scorer, typer.Option("--scorer", help="default, or splink (needs the extra marsad\\[splink]).")
    ] = Scorer.DEFAULT,
    model: Annotated[Path | None, typer.Option("--model", help="A scorer that you fitted (JSON).")] = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="What people decided; FOLDER/ledger.sqlite if left out.")
    ] = None,
    engine: EngineName = "duckdb",
    spark_master: SparkMaster = None,
    memory_limit: MemoryLimit = None,
    json: Json = False,
) -> int:
    """Find which records of several event tables are the same event, show where they disagree, and what may be missing.

    Writes pairs.csv, clusters.csv, conflicts.csv, agreement.csv, review.csv and summary.json. Nothing is merged: every
    record keeps what it says.
    """
    _check_paths(output, ledger)
    if mode is Mode.MELTT:
        given = {"--threshold": threshold, "--model": model, "--ledger": ledger, "--spark-master": spark_master}
        given |= {"--memory-limit": memory_limit, "--scorer": None if scorer is Scorer.DEFAULT else scorer}
        _refuse(given | {"--engine": None if engine == "duckdb" else engine})
        summary = _meltt(tables, output, (km, days, taxonomies), grid=grid)
    else:
        if taxonomies is not None:
            raise InputError("--taxonomies belongs to --mode meltt")
        from marsad.workbench.measuring import EngineChoice  # noqa: PLC0415 - only in this mode
        from marsad.workbench.reconciling import ReconcileOptions, judgements_in  # noqa: PLC0415 - the same

        options = ReconcileOptions(
            threshold=threshold,
            model=_model(model, scorer),
            window=_window(km, days),
            engine=EngineChoice(engine, spark_master, memory_limit),
            grid=grid,
            judgements=judgements_in(output / _LEDGER if ledger is None else ledger),
        )
        summary = _scored(tables, output, options, quiet=json)
    if json:
        print_json(summary)
    else:
        (_print_meltt if mode is Mode.MELTT else _print)(output, summary)
    return 0


def _scored(tables: list[Path], output: Path, options: ReconcileOptions, *, quiet: bool) -> Mapping[str, Any]:
    from marsad.workbench.reconciling import reconcile_tables  # noqa: PLC0415 - only in this mode

    with progress_bar("Reconciling", shown=not quiet) as progress:
        return reconcile_tables(tables, output, options=options, progress=progress).summary


def _check_paths(output: Path, ledger: Path | None) -> None:
    if output.exists() and not output.is_dir():
        raise InputError(f"{output} is a file; name a folder")
    if ledger is not None and not ledger.is_file():
        raise InputError(f"{ledger}: there is no such ledger; leave out --ledger, or name one that `marsad judge` made")


def _meltt(
    tables: list[Path], output: Path, given: tuple[float | None, int | None, Path | None], *, grid: bool
) -> Mapping[str, Any]:
    km, days, taxonomies = given
    if km is None or days is None or taxonomies is None:
        raise InputError("--mode meltt needs --km, --days and --taxonomies FOLDER")
    from marsad.workbench.melting import MelttOptions, meltt_tables  # noqa: PLC0415 - only in this mode

    return meltt_tables(tables, output, options=MelttOptions(km, days, taxonomies, grid)).summary


def _refuse(given: Mapping[str, object]) -> None:
    """Raise ``InputError`` for an option that the meltt mode would not heed."""
    for name, value in given.items():
        if value is not None:
            raise InputError(f"{name} does not belong to --mode meltt")


def _window(km: float | None, days: int | None) -> tuple[int, float] | None:
    if km is None and days is None:
        return None
    if km is None or days is None:
        raise InputError("a window has both: give --km and --days, or neither")
    return days, km


def _model(path: Path | None, scorer: Scorer) -> Any:
    """The scorer that was asked for; None for the one that ships with the program."""
    if scorer is Scorer.SPLINK:
        from marsad.reconcile.splink_scorer import (  # noqa: PLC0415 - needs an extra
            default_splink_model,
            load_splink_model,
        )

        return default_splink_model() if path is None else load_splink_model(path)
    if path is None:
        return None
    from marsad.reconcile import load_model  # noqa: PLC0415 - only where a model is given

    return load_model(path)


def _print(output: Path, summary: Mapping[str, Any]) -> None:
    tables = ([table["file"], str(table.get("dataset", "")), f"{table['records']:,}"] for table in summary["tables"])
    print_table("Reconciled", [("table", False), ("dataset", False), ("records", True)], tables)
    least = joined(sorted({f"{threshold:g}" for threshold in summary["threshold"]}))
    pairs = summary["pairs"]
    screen().print(
        Text(
            f"{summary['records']:,} records report {summary['events']:,} events: {pairs['same']:,} pairs are the same "
            f"event (probability {least} or more, one record of a source for one of another)."
        )
    )
    if isinstance(summary["conflicts"], dict) and summary["conflicts"]:
        rows = ([field, f"{count:,}"] for field, count in summary["conflicts"].items())
        note = "Each with who says what: conflicts.csv; how often and in which direction: agreement.csv"
        print_table("Pairs that cannot both be right", [("field", False), ("pairs", True)], rows, note=note)
    _print_unreported(summary["unreported"])
    if "windows" in summary:
        screen().print(Text(summary["windows"]))
    notices = []
    if pairs["to be reviewed"]:
        notices.append(f"{pairs['to be reviewed']:,} pairs are uncertain and wait for a person: marsad judge {output}")
    lost = summary["judgements"]["of records not in the tables"]
    if lost:
        notices.append(f"{lost:,} judgements are about records that the tables do not have")
    guarded = dict.fromkeys(summary["may not be passed on"])
    notices.extend(f"the files written hold records that may not be passed on: {title}" for title in guarded)
    if isinstance(summary["conflicts"], str):
        notices.append(f"conflicts: {summary['conflicts']}")
    print_notices(notices)
    screen().print(Text(f"Written to {output}"))


def _print_unreported(found: Mapping[str, Any]) -> None:
    """The estimate of events that no source has, never without its caveats."""
    if found["verdict"] != "estimate":
        why = "; ".join(found["reasons"])
        screen().print(Text(f"How many events no source has: cannot tell ({why})."))
        return
    high = "no upper end" if found["high"] is None else f"{found['high']:,}"
    screen().print(
        Text(
            f"If the sources found events independently of each other, there were about {found['estimate']:,} between "
            f"{found['days'][0]} and {found['days'][1]} (95 %: {found['low']:,} to {high}; {found['observed']:,} are "
            "recorded). They hardly do:"
        )
    )
    for caveat in found["caveats"]:
        screen().print(Text(f"  · {caveat}", style="dim"))


def _print_meltt(output: Path, summary: Mapping[str, Any]) -> None:
    names = ("records", "unique", "match sets", "duplicates removed", "episode sets", "flagged")
    rows = ([name, f"{summary[name]:,}"] for name in names)
    title = f"meltt: {summary['km']:g} km, {summary['days']} days, {', '.join(summary['taxonomies'])}"
    print_table(title, [("", False), ("", True)], rows)
    if "windows" in summary:
        screen().print(Text(summary["windows"]))
    print_notices(
        f"{out['source']}: {out['records']:,} records left out: {out['reason']}" for out in summary["left out"]
    )
    screen().print(Text(f"Written to {output}"))
