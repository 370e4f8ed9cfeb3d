"""Forecasts of any panel as files: draws for units and months, and the scores of a file of draws."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.analysis.parameters import nearest
from marsad.errors import InputError, NotFoundError, ParseError
from marsad.evidence import parquet_rows
from marsad.evidence.draws import write_draws
from marsad.forecast import Hierarchy, PanelColumns, parse_month, read_hierarchy, read_panel
from marsad.forecast.models import MODELS
from marsad.forecast.months import LAST_MONTH, VIEWS_ZERO, month_text
from marsad.forecast.panel import VintageSpan
from marsad.workbench.joint_draws import joint_draws

__all__ = ["Backtested", "backtest_file", "parse_steps"]

_MOST_STEPS = 600
_MOST_DRAWS = 100_000
_STEP = re.compile(r"(\d{1,4})(?::(\d{1,4}))?")

Times = Callable[[int], int | str | dt.date]


@dataclass(frozen=True, slots=True)
class Backtested:
    """What was forecast and written.

    Attributes:
        model: name of the model, with its settings where they are not the usual ones.
        units: how many units were forecast.
        months: the first and the last month that is forecast.
        rows: how many draws were written.
        without: units known at an origin for which the model has no forecast, each with its origin.
        gaps: how many spans of months without a value there are up to the last origin.
        vintages: the versions of the data that the model saw.
        parents: how many of the units have parts whose draws add up to theirs.
        unseen: units of the panel that have no value up to the last origin, and hence no forecast.
    """

    model: str
    units: int
    months: tuple[str, str]
    rows: int
    without: tuple[tuple[str, str], ...]
    gaps: int
    vintages: tuple[VintageSpan, ...]
    parents: int = 0
    unseen: tuple[str, ...] = ()


def parse_steps(text: str) -> tuple[int, ...]:
    """Months ahead as written: ``3:14`` (both ends included), ``6``, or several of these with commas.

    Raises:
        InputError: it is none of these.
    """
    found: list[int] = []
    for part in text.split(","):
        match = _STEP.fullmatch(part.strip())
        if match is None:
            raise InputError(f"--steps {text[:40]!r}: write months ahead such as 3:14, or 1,2,3")
        first = int(match[1])
        last = first if match[2] is None else int(match[2])
        if not 1 <= first <= last <= _MOST_STEPS:
            raise InputError(f"--steps {text[:40]!r}: months ahead rise from 1 to at most {_MOST_STEPS}")
        found += range(first, last + 1)
    if len(set(found)) != len(found):
        raise InputError(f"--steps {text[:40]!r}: a month is named twice")
    return tuple(sorted(found))


def backtest_file(  # noqa: PLR0913 - each is an option of the command
    path: Path,
    columns: PanelColumns,
    output: Path,
    *,
    origins: Sequence[str],
    steps: Sequence[int],
    model: str,
    draws: int = 1000,
    seed: int = 0,
) -> Backtested:
    """Forecast every unit of a panel from what was known at each origin, and write the draws as Parquet.

    The columns are ``unit``, ``time``, ``draw`` (from 0) and ``value``. Units and months are written as the panel has
    them: whole numbers stay whole numbers (VIEWS' month_id), ``2018-01`` stays that, and any other month becomes the
    date of its first day. The rows of one draw are one possible future: the sum of a draw over months, or over units,
    is a draw of the sum (``marsad.forecast.dependence``).

    Where a column tells what each unit is a part of, the parents are forecast too, each as if it stood alone, and their
    draws are split among their parts, so that parts add up to the whole in every draw (``marsad.forecast.hierarchy``).

    Args:
        path: CSV or Parquet.
        columns: how the panel names what is needed; with ``within``, parents are forecast and their parts reconciled.
        output: the file to write.
        origins: the last months that the model may see, such as ``2017-10``.
        steps: months ahead of each origin.
        model: name of the model.
        draws: how many draws a unit and month.
        seed: the same gives the same file.

    Raises:
        InputError: the panel, an origin or an option is wrong, two origins forecast the same month, a unit is a part of
            two others, or a parent's own series is not the sum of its parts.
        NotFoundError: there is no such file, column or model.
    """
    made = _model(model)
    _check_output(path, output)
    if not 1 <= draws <= _MOST_DRAWS:
        raise InputError(f"--draws {draws}: from 1 to {_MOST_DRAWS}")
    starts = _origins(origins, steps)
    if columns.within is None:
        panel, tree = read_panel(path, columns), Hierarchy.of(())
    else:
        panel, tree = read_hierarchy(path, columns)
    seen = panel.up_to(max(starts))
    known = _with_wholes(seen.units, tree)
    unit_of, time_of = _as_given(path, columns, known)
    without: list[tuple[str, str]] = []
    units: set[str] = set()

    def blocks() -> Iterator[tuple[list[int | str], list[int | str | dt.date], NDArray[np.float64]]]:
        for origin in starts:
            times = [time_of(origin + step) for step in steps]
            with joint_draws(panel, tree, made(), origin, steps, draws, seed=seed, scratch=output.parent) as futures:
                for names, drawn in futures.blocks():
                    units.update(names)
                    yield [unit_of(name) for name in names], times, drawn
                without.extend((name, month_text(origin)) for name in futures.without())
        if not units:
            raise InputError(f"{path}: the model {made().name} makes no forecast of any unit. Choose another")

    note = {
        "kind": "draws",
        "model": model,
        "origins": [month_text(origin) for origin in starts],
        "steps": list(steps),
        "seed": seed,
        "columns": {"unit": columns.unit, "time": columns.time, "target": columns.target}
        | ({} if columns.within is None else {"within": columns.within}),
        "joint": "the rows of one draw and origin are one possible future of all units and months",
    }
    rows = write_draws(output, blocks(), metadata=note)
    return Backtested(
        model=made().name,
        units=len(units),
        months=(month_text(min(starts) + min(steps)), month_text(max(starts) + max(steps))),
        rows=rows,
        without=tuple(without),
        gaps=len(seen.gaps()),
        vintages=seen.vintage_spans(),
        parents=len(units & set(tree.parents)),
        unseen=tuple(name for name in panel.units if name not in known),
    )


def _model(name: str) -> Any:
    if name not in MODELS:
        raise NotFoundError(f"--model: there is no model {name[:40]!r}. {nearest(name, MODELS)}")
    return MODELS[name]


def _check_output(path: Path, output: Path) -> None:
    """Raise ``InputError`` where the draws would take the place of the panel, or of what they are not."""
    if output.resolve() == path.resolve():
        raise InputError(f"--output {output}: this is the panel itself. Name another file")
    if output.suffix.lower() in {".csv", ".tsv", ".txt", ".json", ".xlsx"}:
        raise InputError(f"--output {output}: draws are written as Parquet. Call it {output.stem}.parquet")


def _origins(texts: Sequence[str], steps: Sequence[int]) -> list[int]:
    """The running numbers of the origins; raises ``InputError`` where one is none, or where two overlap."""
    found: list[int] = []
    for text in texts:
        try:
            month = parse_month(text)
        except ParseError as error:
            raise InputError(f"--origin: {error}") from error
        found.append(month)
    targets = [origin + step for origin in found for step in steps]
    if len(set(targets)) != len(targets):
        raise InputError("--origin: two origins forecast the same month. Write them to different files")
    if targets and max(targets) > LAST_MONTH:
        raise InputError(f"--steps: {month_text(max(targets))} is after {month_text(LAST_MONTH)}. Ask for fewer steps")
    if not found:
        raise InputError("--origin: name the last month that the model may see, such as 2017-10")
    return sorted(found)


def _with_wholes(units: Collection[str], tree: Hierarchy) -> set[str]:
    """The units and all that they are parts of."""
    found = set(units)
    for name in units:
        above = name
        while above in tree.parent_of and tree.parent_of[above] not in found:
            above = tree.parent_of[above]
            found.add(above)
    return found


def _as_given(path: Path, columns: PanelColumns, units: Collection[str]) -> tuple[Callable[[str], int | str], Times]:
    """How units and months are written: as the first row of the panel has them."""
    row = _first_row(path)
    unit, time = row.get(columns.unit), row.get(columns.time)
    is_text = path.suffix.lower() not in {".parquet", ".pq"}
    whole = all(re.fullmatch(r"0|[1-9]\d{0,17}", name) for name in units)
    numbered = whole and (is_text or (isinstance(unit, int | float) and not isinstance(unit, bool)))
    return (int if numbered else str), _time_writer(time)


def _first_row(path: Path) -> Mapping[str, Any]:
    if path.suffix.lower() in {".parquet", ".pq"}:
        return next(parquet_rows(path), {})
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.DictReader(file), {})


def _time_writer(example: Any) -> Times:
    text = str(example).strip()
    if isinstance(example, int | float) or text.isdecimal():
        return lambda month: month - VIEWS_ZERO
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return month_text
    return lambda month: dt.date(1970 + month // 12, month % 12 + 1, 1)
