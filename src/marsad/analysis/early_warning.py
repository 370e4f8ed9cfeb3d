"""Would it have warned? The probability that each month reaches a threshold, as it would have been given before it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from marsad.analysis import chart_fans
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.forecast_parameters import EarlyWarningParameters
from marsad.analysis.printing import cell, slot_text, table
from marsad.analysis.release_series import by_name, described, title_of
from marsad.model import (
    Cell,
    Chart,
    Check,
    CheckStatus,
    Cite,
    EarlyWarning,
    EarlyWarnings,
    Finding,
    Passage,
    Series,
    Table,
    WarningScore,
    number_text,
    plural,
    upper_first,
)

__all__ = ["EARLY_WARNING_REFERENCE", "early_warning"]

EARLY_WARNING_REFERENCE = (
    "Brier score: Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2. Interval of the difference: "
    "Lazarus, Lewis, Stock & Watson (2018), doi:10.1080/07350015.2018.1506926, or, at either end where it is wider, "
    "Politis & Romano (1992), circular blocks of twelve months."
)
"""Where the score and its interval come from."""

_FAR = 1.96
_ALARM = 0.5
_LEAST = 24
_BANDS = ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.0))


def early_warning(inputs: Inputs, parameters: EarlyWarningParameters) -> Finding:
    """For every month of a period the probability of reaching a threshold, as given before it, and what happened.

    Each forecast is made anew from the months up to its origin alone. Its Brier score stands beside those of two
    simpler ways: the share of all months up to the origin that reached the threshold (climatology), and the share of
    the last twelve.
    """
    wanted = parameters.as_text()
    found = next((one for one in inputs.warnings if one.request == wanted), None)
    series = by_name(inputs).get(found.series) if found else None
    if found is None or series is None or found.problem:
        why = found.problem if found and found.problem else "The study holds no early warnings of these parameters."
        return conclude("early-warning", Result(title="Early warning", text=[(why,)]), inputs, parameters)
    name = title_of(series, inputs.evidence)
    result = Result(
        title=f"Early warning: {name}, months with {number_text(found.threshold)} or more",
        text=_words(found, series, name),
        tables=[_table(found, series), _scores(found), *_reliability(found)],
        charts=[_chart(found, name)],
        checks=_checks(found, series),
        reference=EARLY_WARNING_REFERENCE,
    )
    return conclude("early-warning", result, inputs, parameters)


def _by_month(found: EarlyWarnings) -> dict[str, dict[int, EarlyWarning]]:
    months: dict[str, dict[int, EarlyWarning]] = {}
    for row in found.warnings:
        months.setdefault(row.month, {})[row.ahead] = row
    return months


def _nearest(found: EarlyWarnings) -> list[EarlyWarning]:
    """The warnings of the shortest lead time."""
    least = min(row.ahead for row in found.warnings)
    return [row for row in found.warnings if row.ahead == least]


def _words(found: EarlyWarnings, series: Series, name: str) -> list[Passage]:
    """What was asked of the model, how well it answered, and what alarms would have come of it."""
    months = list(_by_month(found))
    told = (
        f"{upper_first(name)}, {slot_text(months[0])} to {slot_text(months[-1])}: how likely the model “{found.model}” "
        f"would have called each month to reach {number_text(found.threshold)}, asked before it with nothing but the "
        "past "
    )
    opening: Passage = (told, Cite(cite=series.source), ".")
    return [opening, *map(_score_words, found.scores), *_alarm_words(found)]


def _score_words(score: WarningScore) -> Passage:
    share = 1.0 if score.climatology == 0 else score.brier / score.climatology
    than = f"{abs(1 - share):.0%} {'less' if share < 1 else 'more'} than" if round(share, 2) != 1 else "as much as"
    text = (
        f"{upper_first(plural(score.ahead, 'month'))} ahead, the Brier score over {plural(score.months, 'month')} is "
        f"{score.brier:.3f}, {than} that of climatology ({score.climatology:.3f}). The share of the last twelve months "
        f"as the forecast has {score.recent:.3f}; smaller is better."
    )
    return (text,)


def _alarm_words(found: EarlyWarnings) -> list[Passage]:
    """What alarms at a probability of a half would have been worth; nothing where no outcome is known."""
    near = [(row.chance, row.observed >= found.threshold) for row in _nearest(found) if row.observed is not None]
    if not near:
        return []
    alarms = [came for chance, came in near if chance >= _ALARM]
    passed = sum(came for _, came in near)
    text = (
        f"Taken as an alarm where the last probability before the month is a half or more: "
        f"{plural(len(alarms), 'alarm')}, of which {sum(alarms)} came true; {passed - sum(alarms)} of "
        f"{plural(passed, 'month')} that reached the threshold came without an alarm."
    )
    return [(text,)]


def _table(found: EarlyWarnings, series: Series) -> Table:
    """A row a month: the probabilities, the furthest ahead first, and what happened."""
    leads = sorted({row.ahead for row in found.warnings}, reverse=True)
    rows: list[Sequence[Cell]] = []
    for month, by_lead in _by_month(found).items():
        near = by_lead[min(by_lead)]
        cells = [cell(slot_text(month))]
        cells += [cell(f"{by_lead[lead].chance:.0%}" if lead in by_lead else "–") for lead in leads]
        cells += [cell("–" if near.climatology is None else f"{near.climatology:.0%}")]
        cells += [cell(f"{number_text(round(near.quantiles[0]))} to {number_text(round(near.quantiles[-1]))}")]
        if near.observed is None:
            cells += [cell("–"), cell("–")]
        else:
            cells.append(cell(number_text(near.observed), cites=(series.source,)))
            cells.append(cell("yes" if near.observed >= found.threshold else "no"))
        rows.append(cells)
    columns = ["Month", *(f"#{plural(lead, 'month')} ahead" for lead in leads), "#Climatology"]
    columns += ["#90 % interval, last forecast", "#What happened", f"Reached {number_text(found.threshold)}"]
    note = f"Probabilities of {number_text(found.threshold)} or more. {described(series)}."
    return table("Warnings as they would have been given", columns, rows, note)


def _scores(found: EarlyWarnings) -> Table:
    rows = [
        [
            cell(plural(score.ahead, "month")),
            cell(number_text(score.months)),
            cell(number_text(score.passed)),
            cell(f"{score.brier:.3f}"),
            cell(f"{score.climatology:.3f}"),
            cell(f"{score.recent:.3f}"),
            cell(_interval(score)),
        ]
        for score in found.scores
    ]
    columns = ["Ahead", "#Months", "#Reached", "#Brier score", "#Of climatology", "#Of the last twelve months"]
    columns += ["#Less climatology, 95 % interval"]
    return table("The score of the warnings", columns, rows, "Below zero in the last column: better than climatology.")


def _interval(score: WarningScore) -> str:
    """The interval of the difference from climatology; a dash where there is none."""
    if score.low is None or score.high is None:
        return "–"
    return f"{score.low:+.3f} to {score.high:+.3f}".replace("-", "−")


def _reliability(found: EarlyWarnings) -> list[Table]:
    """How often what was called so likely came; no table where nothing is known."""
    rows = []
    known = [(row.chance, row.observed >= found.threshold) for row in found.warnings if row.observed is not None]
    for low, high in _BANDS:
        inside = [came for chance, came in known if low <= chance < high or chance == high == 1]
        if inside:
            share = f"{sum(inside) / len(inside):.0%}"
            rows.append([cell(f"{low:.0%} to {high:.0%}"), cell(str(len(inside))), cell(str(sum(inside))), cell(share)])
    note = "All lead times together. Of a calibrated model the share lies within the band."
    columns = ["Probability given", "#Forecasts", "#Came true", "#Share"]
    return [table("Do the probabilities come true?", columns, rows, note)] if rows else []


def _chart(found: EarlyWarnings, name: str) -> Chart:
    near = _nearest(found)
    months = [
        chart_fans.Warned(
            f"{row.month}-01", row.chance, None if row.observed is None else row.observed >= found.threshold
        )
        for row in near
    ]
    passed = sum(bool(month.happened) for month in months)
    limit, lead = number_text(found.threshold), plural(near[0].ahead, "month")
    alt = f"Probability of {limit} or more, {lead} ahead, by month; {passed} of {len(months)} months reached it."
    spec = chart_fans.warned(months, title=f"Probability, {lead} ahead", reached=f"▼ the month reached {limit}")
    return Chart(title=f"{upper_first(name)}: warnings and what happened", alt=alt, spec=spec)


def _checks(found: EarlyWarnings, series: Series) -> list[Check]:
    checks = [*map(_against_climatology, found.scores), *_against_recent(found), *_calibration(found)]
    rare = [score for score in found.scores if min(score.passed, score.months - score.passed) < _LEAST // 4]
    if rare or not found.scores:
        text = "Too few months did, or did not, reach the threshold: the scores say little."
        checks.append(Check(name="Enough of both outcomes", status=CheckStatus.FAIL, text=text))
    release = series.release
    text = f"The forecasts are made on version {release.version}, not on what {release.producer} had published then."
    checks.append(Check(name="Version of the data", status=CheckStatus.INFORM, text=text))
    return checks


def _against_climatology(score: WarningScore) -> Check:
    name = f"Better than climatology, {plural(score.ahead, 'month')} ahead"
    if score.brier >= score.climatology:
        text = "The Brier score is no smaller: these warnings told less than the share of all earlier months."
        return Check(name=name, status=CheckStatus.FAIL, text=text)
    if score.high is None or score.high >= 0:
        text = "The Brier score is smaller, which may be luck: the interval of the difference holds zero."
        return Check(name=name, status=CheckStatus.INFORM, text=text)
    text = "The Brier score is smaller, and the interval of the difference does not hold zero."
    return Check(name=name, status=CheckStatus.PASS, text=text)


def _against_recent(found: EarlyWarnings) -> list[Check]:
    """Whether the model told more than the share of the last twelve months, over all lead times."""
    months = sum(score.months for score in found.scores)
    if not months:
        return []
    own = sum(score.months * score.brier for score in found.scores) / months
    recent = sum(score.months * score.recent for score in found.scores) / months
    name = "Better than the share of the last twelve months"
    told = f"Over all lead times its Brier score is {own:.3f}, that of the last twelve months {recent:.3f}"
    if own >= recent:
        text = f"{told}: counting the last year by hand would have warned as well or better."
        return [Check(name=name, status=CheckStatus.FAIL, text=text)]
    return [Check(name=name, status=CheckStatus.PASS, text=f"{told}.")]


def _calibration(found: EarlyWarnings) -> list[Check]:
    """Whether as many months reached the threshold as the probabilities of the shortest lead time add up to.

    Of independent months with these probabilities p the count has the variance of the sum of p (1 - p).
    """
    near = [(row.chance, row.observed >= found.threshold) for row in _nearest(found) if row.observed is not None]
    spread = math.sqrt(sum(chance * (1 - chance) for chance, _ in near))
    if not spread:
        return []
    expected, came = sum(chance for chance, _ in near), sum(happened for _, happened in near)
    distance = (came - expected) / spread
    name = "As many months as the probabilities add up to"
    told = (
        f"The last probabilities before each month add up to {expected:.1f} of {plural(len(near), 'month')}; {came} "
        f"reached {number_text(found.threshold)}"
    )
    if abs(distance) > _FAR:
        text = f"{told}: the warnings were too {'low' if distance > 0 else 'high'} by more than chance would bring."
        return [Check(name=name, status=CheckStatus.FAIL, text=text)]
    return [Check(name=name, status=CheckStatus.PASS, text=f"{told}, as chance allows.")]
