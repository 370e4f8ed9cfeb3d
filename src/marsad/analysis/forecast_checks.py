"""What speaks for and against a forecast: its record, its coverage, its past, a break in the level, the version."""

from __future__ import annotations

import math
from collections.abc import Sequence

from marsad.analysis.before_after_checks import short
from marsad.model import Check, CheckStatus, Forecast, ForecastRecord, Series, joined, plural

__all__ = ["all_checks", "coverage_check", "version_check"]

_ENOUGH = 60
_LEVEL = 0.9
_BREAK = 2.0
_APART = 3  # months between the origins whose totals are scored


def all_checks(found: Forecast, series: Series) -> list[Check]:
    """Every check, in the order in which a reader needs them."""
    checks = [_record_check(found), coverage_check(found.record, found.scored_months), *_sum_checks(found)]
    return [*checks, _history_check(found), _break_check(found), version_check(series)]


def _record_check(found: Forecast) -> Check:
    name = "Better than the last twelve months as the sample"
    if found.difference is None:
        text = (
            "The model is that benchmark itself."
            if len(found.record) == 1
            else "The series is too short for a record of earlier forecasts."
        )
        status = CheckStatus.INFORM if found.record else CheckStatus.FAIL
        return Check(name=name, status=status, text=text)
    difference, low, high = found.difference
    gain = -difference / found.record[1].crps if found.record[1].crps else 0.0
    if difference >= 0:
        scores = f"{short(found.record[0].crps)} against {short(found.record[1].crps)}"
        text = f"Its mean CRPS at past origins is no smaller ({scores}): those months alone tell as much or more."
        return Check(name=name, status=CheckStatus.FAIL, text=text)
    if low is None or high is None or high >= 0:
        text = f"Its mean CRPS at past origins is {gain:.0%} smaller, which may be luck: the interval holds zero."
        return Check(name=name, status=CheckStatus.INFORM, text=text)
    text = f"Its mean CRPS at past origins is {gain:.0%} smaller, and the 95 % interval does not hold zero."
    return Check(name=name, status=CheckStatus.PASS, text=text)


def coverage_check(record: Sequence[ForecastRecord], months: int) -> Check:
    """The share inside the 90 % interval of the first model, against what so many months could show by chance."""
    name = "The 90 % interval holds nine months in ten"
    if not record:
        return Check(name=name, status=CheckStatus.INFORM, text="There are no earlier forecasts to tell.")
    share = record[0].covered
    slack = 2 * math.sqrt(_LEVEL * (1 - _LEVEL) / months)
    told = f"At past origins it held {share:.0%} of {plural(months, 'month')}"
    if share < _LEVEL - slack:
        text = f"{told}: it was too narrow, and so may be this one."
        return Check(name=name, status=CheckStatus.FAIL, text=text)
    if share > _LEVEL + slack:
        text = f"{told}: it was wider than it had to be."
        return Check(name=name, status=CheckStatus.INFORM, text=text)
    return Check(name=name, status=CheckStatus.PASS, text=f"{told}, as chance allows (within {slack:.0%}).")


def _sum_checks(found: Forecast) -> list[Check]:
    """Whether totals of several months were held by their intervals; overlapping totals count as few."""
    if not found.sum_record:
        return []
    name = "The 90 % interval holds nine totals in ten"
    parts, good = [], True
    for row in found.sum_record:
        slack = 2 * math.sqrt(_LEVEL * (1 - _LEVEL) * max(1.0, row.months / _APART) / row.cells)
        good = good and row.covered >= _LEVEL - min(slack, _LEVEL)
        parts.append(f"{row.covered:.0%} of {plural(row.cells, 'total')} of {row.months} months")
    text = f"At past origins it held {joined(parts)}; such totals overlap, and count as few."
    if good:
        return [Check(name=name, status=CheckStatus.PASS, text=text)]
    return [Check(name=name, status=CheckStatus.FAIL, text=f"{text} It was too narrow, and so may be this one.")]


def _history_check(found: Forecast) -> Check:
    name = f"A past of at least {_ENOUGH} months"
    status = CheckStatus.PASS if found.known >= _ENOUGH else CheckStatus.FAIL
    text = f"The model learnt from {plural(found.known, 'month')} with a value."
    return Check(name=name, status=status, text=text)


def _break_check(found: Forecast) -> Check:
    """The last year beside the three before: not a test, but what a reader should ask about."""
    name = "The level has not changed of late"
    if found.recent is None or found.before is None:
        return Check(name=name, status=CheckStatus.INFORM, text="Too few months to tell.")
    text = (
        f"The last twelve months have {short(found.recent)} a month, the thirty-six before them {short(found.before)}"
    )
    if found.before == 0 or found.recent == 0:
        more = "." if found.before == found.recent else ": a forecast from the older months would be wrong."
        return Check(name=name, status=CheckStatus.INFORM, text=text + more)
    ratio = found.recent / found.before
    if 1 / _BREAK < ratio < _BREAK:
        return Check(name=name, status=CheckStatus.INFORM, text=f"{text}: {short(ratio)} times as many.")
    text += f": {short(ratio)} times as many. If that goes on, a model that remembers the older months lags behind."
    return Check(name=name, status=CheckStatus.INFORM, text=text)


def version_check(series: Series) -> Check:
    """Of which version the forecast and its record are."""
    release = series.release
    text = (
        f"The forecast is of what {release.producer} counts (version: {release.version}). Its latest months are often "
        "revised; the record was made on this version, not on those of the time."
    )
    return Check(name="Version of the data", status=CheckStatus.INFORM, text=text)
