"""The early-warning list of a study's areas and actors, from the events of its registers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from marsad.documents.shipped import shipped_yaml
from marsad.errors import InputError, NotFoundError
from marsad.evidence import read_metadata
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_text
from marsad.model import Date, TableKind, plural
from marsad.workbench.built import release_tables
from marsad.workbench.event_panel import PanelRequest, event_panel
from marsad.workbench.outlook import OutlookRecord, OutlookRow, panel_outlook
from marsad.workbench.series_panel import LEAST_MONTHS, Floats, month_of
from marsad.workbench.session import Workbench
from marsad.workbench.study_events import area_codes

__all__ = ["OUTLOOK_UNITS", "UnitOutlook", "unit_outlooks"]

OUTLOOK_UNITS = ("admin1", "admin2", "actor")
"""What a list of a study may be of, beside its series: areas, never places or coordinates, and groups."""

_LEAST_ACTIVE = 3


@dataclass(frozen=True, slots=True)
class UnitOutlook:
    """The early-warning list of one register.

    Attributes:
        register: identifier of its release.
        title: its name, with the version.
        unit: one of ``OUTLOOK_UNITS``.
        count: what is counted, one of ``COUNTS``.
        months: the first and the last month; empty where there is no list.
        rows: the units, the likeliest to be grave first.
        record: the model's own on all of them; None where it was not made.
        notices: what a reader should know of the records.
        problem: why there is no list; empty where there is one.
    """

    register: str
    title: str
    unit: str
    count: str
    months: tuple[str, ...] = ()
    rows: tuple[OutlookRow, ...] = ()
    record: OutlookRecord | None = None
    notices: tuple[str, ...] = ()
    problem: str = ""


def unit_outlooks(
    workbench: Workbench,
    *,
    unit: str,
    model: str,
    count: str = "deaths",
    threshold: float | None = None,
    origin: Date | None = None,
) -> tuple[UnitOutlook, ...]:
    """The areas or actors of each register of a study, by the probability that their next month is grave.

    Registers count different things, so each has a list of its own, in the countries of the study's areas. The model is
    fitted once to all units of a register together. Of actors only groups are listed: neither victims nor unknown
    sides, and only names that have records in at least three months.

    Args:
        workbench: the study; tables of its build are used where they are up to date, others are imported.
        unit: one of ``OUTLOOK_UNITS``.
        model: name of the model.
        count: one of ``COUNTS``.
        threshold: what is grave; None for the upper quartile of each unit's last ten years, at least 1.
        origin: the last month that the model may see: later records are left out before anything is counted, so that
            units that only they have are not there; None for the last month of each register.

    Raises:
        InputError: the origin is not one month, the unit or count is none, or the study has no register of events.
        NotFoundError: there is no such model, or a release was never fetched.
    """
    if unit not in OUTLOOK_UNITS:
        raise InputError(f"--units {unit[:40]!r}: a list is of series, {', '.join(OUTLOOK_UNITS)}")
    if model not in MODELS:
        raise NotFoundError(f"--model: there is no model {model[:40]!r}; there are {', '.join(MODELS)}")
    until = None if origin is None else month_of(origin)
    request = PanelRequest(
        unit=unit, count=count, countries=_countries(workbench), until=until, groups_only=unit == "actor"
    )
    found = []
    with release_tables(workbench.study, workbench.path, workbench.build_folder) as folder:
        for release in workbench.study.data.releases:
            table = folder / f"{release.id}.parquet"
            metadata = read_metadata(table)
            if metadata.get("kind") != TableKind.EVENTS.value:
                continue
            about = metadata["release"]
            empty = UnitOutlook(release.id, f"{about['title']}, version {about['version']}", unit, count)
            try:
                found.append(_listed(empty, table, request, model, threshold))
            except InputError as error:
                found.append(replace(empty, problem=str(error)))
    if not found:
        raise InputError(
            "the study has no register of events. Name one in data.yaml; `marsad fetch --list` shows what there is"
        )
    return tuple(found)


def _listed(empty: UnitOutlook, table: Path, request: PanelRequest, model: str, threshold: float | None) -> UnitOutlook:
    """The list of one register; raises ``InputError`` where there can be none."""
    made = event_panel([table], request)
    if request.until is not None and request.until > made.covered[1]:
        raise InputError(
            f"{empty.title} ends with {month_text(made.covered[1])}, before {month_text(request.until)}. Choose an "
            "earlier origin"
        )
    if made.values.shape[1] < LEAST_MONTHS:
        raise InputError(
            f"{empty.title} has {plural(made.values.shape[1], 'month')}, {month_text(made.first)} to "
            f"{month_text(made.last)}, in the countries of the study; a forecast needs {LEAST_MONTHS}. Fetch more of it"
        )
    panel, notices = made.panel(), [notice.text for notice in made.notices]
    if request.unit == "actor":
        kept = [unit for unit, row in zip(panel.units, panel.values, strict=True) if _is_group(unit, row)]
        if not kept:
            raise InputError(f"{empty.title} names no group with records in at least {_LEAST_ACTIVE} months")
        left = len(panel.units) - len(kept)
        panel = panel.select(kept)
        why = f"left out: victims, unknown sides, or records in fewer than {_LEAST_ACTIVE} months"
        notices += [f"{plural(left, 'name')} {why}"] if left else []
    rows, record = panel_outlook(panel, model=model, threshold=threshold)
    months = (month_text(made.first), month_text(made.last))
    return replace(empty, months=months, rows=rows, record=record, notices=tuple(notices))


def _countries(workbench: Workbench) -> frozenset[str]:
    """The countries that are areas of the study, or in which its areas lie."""
    evidence = workbench.evidence
    areas = workbench.study.config.area
    around = {wide for area in areas for wide in evidence.areas_around(area)}
    found = frozenset(area_codes(evidence, sorted(around)).values())
    if not found:
        raise InputError("the areas of the study lie in no country that is known by name: registers hold none of them")
    return found


def _is_group(unit: str, row: Floats) -> bool:
    """Whether a name is that of a group with some history."""
    active = int((np.nan_to_num(row) > 0).sum())
    return active >= _LEAST_ACTIVE and not any(pattern.match(unit) for pattern in _no_groups())


@cache
def _no_groups() -> tuple[re.Pattern[str], ...]:
    found = shipped_yaml("marsad.workbench", "not_groups.yaml")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in found)
