"""What is to be expected of a monthly series if certain actions come? A forecast on a condition, beside that without.

The numbers come with the inputs: who runs the analysis computes them, so that this module knows no model.
"""

from __future__ import annotations

from marsad.analysis import chart_fans
from marsad.analysis.base import Inputs, Result, conclude
from marsad.analysis.before_after_checks import short
from marsad.analysis.forecast_tables import chance_text, record_table, whole
from marsad.analysis.printing import count, slot_text
from marsad.analysis.release_series import by_name, by_slot, title_of
from marsad.analysis.scenario_checks import all_checks
from marsad.analysis.scenario_parameters import ScenarioParameters
from marsad.analysis.scenario_tables import effects_table, months_table, ratio_text, spells_table
from marsad.model import (
    Chart,
    Cite,
    Finding,
    Passage,
    Series,
    Table,
    date_text,
    joined,
    number_text,
    plural,
    upper_first,
    word,
)
from marsad.model.forecasts import ActionEffect, ScenarioForecast

__all__ = ["SCENARIO_REFERENCE", "scenario_forecast"]

SCENARIO_REFERENCE = (
    "Placebo in time: Abadie, Diamond & Hainmueller (2015), doi:10.1111/ajps.12116. Spread between spells: Gelman "
    "(2006), doi:10.1214/06-BA117A; Röver et al. (2021), doi:10.1002/jrsm.1475. Interval of a further spell: Higgins, "
    "Thompson & Spiegelhalter (2009), doi:10.1111/j.1467-985X.2008.00552.x. CRPS: Gneiting & Raftery (2007), "
    "doi:10.1198/016214506000001437."
)
"""Where the intervals and the scores come from."""

_SHOWN = 36
_TITLE = "What may come if"


def scenario_forecast(inputs: Inputs, parameters: ScenarioParameters) -> Finding:
    """A forecast on the condition that stated actions come, beside the one without, from what came with such before.

    Of each past spell of a kind of action the count of its months is divided by what a model, fitted up to the month
    before, expected of them. The same is done for false spells at all other months: their mean is taken off, and their
    scatter gives the interval and the power. The draws of the forecast are multiplied by drawn ratios, one a draw. It
    is an association, not an effect. Without a usable spell and without a ratio of the researcher's own there is no
    conditional forecast, and the finding says so.
    """
    wanted = parameters.as_text()
    found = next((one for one in inputs.scenarios if one.request == wanted), None)
    series = by_name(inputs).get(found.series) if found else None
    if found is None or series is None:
        why = found.problem if found and found.problem else "The study holds no scenario forecast of these parameters."
        return conclude("scenario-forecast", Result(title=_TITLE, text=[(why,)]), inputs, parameters)
    return conclude("scenario-forecast", _result(inputs, parameters, found, series), inputs, parameters)


def _result(inputs: Inputs, parameters: ScenarioParameters, found: ScenarioForecast, series: Series) -> Result:
    name = title_of(series, inputs.evidence)
    given = joined([f"{word(one.kind)} ({date_text(one.period, short=True)})" for one in parameters.scenario])
    title = f"Conditional forecast: {name}, given {given}" if given else f"What came with past actions: {name}"
    tables = [months_table(found, series, name)] if found.months else []
    charts = [_chart(found, series, name)] if found.months else []
    if found.effects:
        charts += [_placebo_chart(one, len(tables)) for one in found.effects if parameters.scenario and one.placebo]
        tables.append(effects_table(found.effects))
    if parameters.scenario:
        tables += [made for one in found.effects for made in spells_table(one, found, series, inputs.evidence)]
    return Result(
        title=title,
        text=_words(found, series, name, given),
        tables=[*tables, *_record(found)],
        charts=charts,
        checks=all_checks(found, series) if parameters.scenario else (),
        subjects=[action for one in found.effects for spell in one.spells for action in spell.actions],
        reference=SCENARIO_REFERENCE,
    )


def _record(found: ScenarioForecast) -> list[Table]:
    return record_table(
        found.record, found.origins, limits=found.thresholds, ahead=len(found.months), scored=found.scored_months
    )


def _words(found: ScenarioForecast, series: Series, name: str, given: str) -> list[Passage]:
    """What is expected on the condition and without it, on what that rests, and what would make it wrong."""
    if not given:
        return _overview(found, series, name)
    opening = [_opening(found, series, name, given)] if found.months else [(found.problem,)]
    effects = [passage for effect in found.effects for passage in _effect_words(effect, found)]
    several = any(len(month.kinds) > 1 for month in found.months)
    together = "Where two kinds of action fall in one month their ratios multiply, as if neither changed the other's."
    return [*opening, *effects, *([(together,)] if several else []), *([_caution()] if found.months else [])]


def _opening(found: ScenarioForecast, series: Series, name: str, given: str) -> Passage:
    """The total of the months of the stated actions, without and with."""
    if found.total is None:
        return (found.problem,)
    span = "this month" if found.total.months == 1 else f"these {found.total.months} months together"
    low, _, middle, _, high = map(whole, found.total.given)
    start, _, half, _, end = map(whole, found.total.plain)
    told = (
        f"This is a forecast on a condition, and does not say how likely the condition is: {given}. Given that, in "
        f"{span} half of the draws are at or below {middle}, and nine in ten lie between {low} and {high}, seen from "
        f"{slot_text(found.origin)}. Without it, the model “{found.model}” has half of them at or below {half}, and "
        f"nine in ten between {start} and {end}; with it, {chance_text(found.total.lower)} are below {half}. "
        f"What is counted: {name} "
    )
    return (told, Cite(cite=series.source), ".")


def _effect_words(effect: ActionEffect, found: ScenarioForecast) -> list[Passage]:
    """On what the ratio of one kind of action rests."""
    name = word(effect.kind)
    ids = [one for spell in effect.spells for one in spell.statements]
    used, left = len(effect.used), len(effect.spells) - len(effect.used)
    rests: list[Passage] = []
    if effect.reason and effect.low is not None and effect.high is not None:
        own = f"The ratio taken for {name}, {short(effect.low)} to {short(effect.high)} (90 %), is the researcher's own"
        rests.append((f"{own}: {effect.reason.rstrip('.')}.",))
    if not effect.spells:
        return [*rests, (f"The evidence holds no past action of the kind {name}.",)]
    lost = f"; {left} cannot, and the table says why" if left and used else ""
    start: Passage = (f"Of {name} the evidence holds ", count(len(effect.spells), ids, "past spell"))
    if effect.pooled is None:
        if not used:
            return [*rests, (*start, ", none of which can be measured: the table says why.")]
        return [*rests, (*start, f", of which {used} can be measured{lost}. They tell no ratio: {effect.problem}.")]
    told = "can be told apart from" if effect.told_apart else "cannot be told apart from"
    low, high = effect.pooled_low or 0.0, effect.pooled_high or 0.0
    fall, rise = effect.fall or 0.0, effect.rise or 0.0
    text = (
        f", of which {used} can be measured{lost}. Against what the model “{found.measure}” expected of them, their "
        f"months had {ratio_text(effect.pooled)} times what false spells had (90 % interval for a further spell: "
        f"{ratio_text(low)} to {ratio_text(high)}), which {told} no difference."
    )
    power = (
        f"So few spells would have shown, four times in five, only a fall to {ratio_text(fall)} times or a rise to "
        f"{ratio_text(rise)} times, or more."
    )
    return [*rests, (*start, text), (power if used < 10 else power.replace("So few", "These").replace(" only", ""),)]


def _caution() -> Passage:
    text = (
        "What came with such actions need not have come of them: this is an association, and those who act choose "
        "their time. An action unlike those before, with other parties or kept less well, would make the forecast "
        "wrong, and so would anything that makes the one without it wrong. The forecast without is no future without "
        "the action: its model knows of no action at all."
    )
    return (text,)


def _overview(found: ScenarioForecast, series: Series, name: str) -> list[Passage]:
    """What came with every kind of action, where no future is stated."""
    if found.problem:
        return [(found.problem,)]
    told = [word(effect.kind) for effect in found.effects if effect.told_apart]
    measured = sum(effect.pooled is not None for effect in found.effects)
    opening: Passage = (
        f"The request names no stated future: this lists what came with past actions, as months of {name} ",
        Cite(cite=series.source),
        f" over what the model “{found.measure}” expected of them.",
    )
    if not found.effects:
        return [opening, ("The evidence holds no dated action.",)]
    kinds = plural(len(found.effects), "kind")
    text = f"Of {kinds} of dated action, {measured} have a spell that can be measured. "
    text += (
        f"Told apart from no difference: {joined(told)}; of so many comparisons one in twenty would be by chance."
        if told
        else "None is told apart from no difference."
    )
    return [opening, (text,)]


def _chart(found: ScenarioForecast, series: Series, name: str) -> Chart:
    """The last years of the series and both fans."""
    past = [
        (f"{slot}-01", None if None in values else sum(value for value in values if value is not None))
        for slot, values in by_slot(series, "month").items()
        if slot <= found.origin
    ]
    plain = [chart_fans.Fan(f"{month.plain.month}-01", month.plain.quantiles) for month in found.months]
    touched = [month for month in found.months if month.kinds]
    given = [chart_fans.Fan(f"{month.given.month}-01", month.given.quantiles) for month in touched]
    limits = [(limit, number_text(limit)) for limit in found.thresholds]
    axis = f"{upper_first(name.split(',', maxsplit=1)[0])} a month"
    spec = chart_fans.two_fans(past[-_SHOWN:], plain, given, limits, title=axis)
    one = touched[0]
    ends = [f"{whole(m.quantiles[0])} to {whole(m.quantiles[-1])}" for m in (one.plain, one.given)]
    alt = (
        f"The last years of {name} and two fans from {slot_text(found.origin)}: in {slot_text(one.plain.month)} nine "
        f"draws in ten at {ends[0]} without the stated actions (filled), at {ends[1]} with them (dashed)."
    )
    return Chart(title=f"{upper_first(name)}: without and with the stated actions", alt=alt, spec=spec)


def _placebo_chart(effect: ActionEffect, place: int) -> Chart:
    """The ratios of false spells, and that of the real ones."""
    ratio, name = effect.pooled or 1.0, word(effect.kind)
    text = f"{name}: {short(ratio)}"
    spec = chart_fans.placebos(effect.placebo, ratio, title="Ratio to what was expected (log scale)", text=text)
    alt = (
        f"Histogram of {len(effect.placebo)} ratios with the spells of {name} moved to other months; the rule is the "
        f"real one, {short(ratio)}."
    )
    return Chart(title=f"{upper_first(name)}: ratios of false spells", alt=alt, spec=spec, table=place)
