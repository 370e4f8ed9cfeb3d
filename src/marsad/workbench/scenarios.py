"""Forecasts of a study's monthly series given a stated future of actions: what ``scenario-forecast`` shows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.analysis import Inputs
from marsad.analysis.scenario_parameters import LONGEST_SPELL, ScenarioParameters, StatedRatio
from marsad.analysis.scenario_spells import kinds_of, past_spells
from marsad.errors import InputError
from marsad.forecast import Panel, scores
from marsad.forecast.backtest import seed_of
from marsad.forecast.models import MODELS
from marsad.forecast.months import month_number, month_text
from marsad.forecast.scenarios import (
    LEVEL,
    Effect,
    Expectations,
    Window,
    conditional,
    effect_of,
    expectations,
    stated_effect,
)
from marsad.model import plural, word
from marsad.model.forecasts import (
    ActionEffect,
    PastSpell,
    ScenarioForecast,
    ScenarioMonth,
    ScenarioSum,
    SpellReading,
)
from marsad.workbench.forecast_months import joint_draws_of, month_of
from marsad.workbench.forecast_record import record_of
from marsad.workbench.series_panel import (
    DRAWS,
    LEAST_MONTHS,
    SEED,
    Floats,
    check_long_enough,
    draws_of,
    known_or_none,
    origin_of,
    quantiles_of,
    series_panel,
    usual_levels,
)

__all__ = ["scenario_forecast"]

_QUICK = frozenset({"conflictology", "bootstrap", "empirical", "negative-binomial", "own-past"})
"""Models that can be fitted at every month of a series; against others' place ``empirical`` expects."""

_MEANS = 200
_MOST_SCORED = 24
_PLACEBOS = 400
_SHARES = np.linspace(0, 1, _PLACEBOS)


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """The effect of one kind of action, and its draws on the log scale; None where there is no effect."""

    effect: ActionEffect
    draws: Floats | None


def scenario_forecast(inputs: Inputs, asked: ScenarioParameters) -> ScenarioForecast:
    """The forecast without and with the stated actions, and what came with such actions before.

    Everything is learnt from the months up to the origin alone. What cannot be forecast has a ``problem``.
    """
    measure = asked.model if asked.model in _QUICK else "empirical"
    told: dict[str, Any] = {"request": asked.as_text(), "series": asked.series, "model": asked.model}
    told |= {"measure": measure}
    try:
        chosen, panel = series_panel(inputs, asked.series)
        origin = origin_of(panel, asked.origin)
        known = panel.up_to(origin)
        check_long_enough(known)
        active = _active(asked, origin)
        kinds = asked.kinds or kinds_of(inputs.evidence)
        found = _expected(known, measure)
    except InputError as error:
        return ScenarioForecast(**told, problem=str(error))
    told |= {"series": chosen, "origin": month_text(origin), "draws": DRAWS}
    measured = [_measured(inputs, asked, kind, known, found, measure) for kind in kinds]
    told["effects"] = tuple(one.effect for one in measured)
    if not asked.kinds:
        return ScenarioForecast(**told)
    without = [one.effect.kind for one in measured if one.draws is None]
    if without:
        return ScenarioForecast(**told, problem=_no_effect(without))
    logs = [one.draws for one in measured if one.draws is not None]
    try:
        return ScenarioForecast(**told, **_given(asked, panel, known, logs, active))
    except InputError as error:
        return ScenarioForecast(**told, problem=str(error))


def _no_effect(kinds: Sequence[str]) -> str:
    named = " and ".join(word(kind) for kind in kinds)
    return (
        f"There is no conditional forecast: the past of this series tells no ratio for {named}, and the parameters "
        "state none."
    )


def _active(asked: ScenarioParameters, origin: int) -> NDArray[np.bool_]:
    """Kinds x steps: in which months each kind of action is taken as given.

    Raises:
        InputError: a month of a stated action is not forecast, or a ratio is of a kind that is not stated.
    """
    if loose := [ratio.kind for ratio in asked.ratios if ratio.kind not in asked.kinds]:
        raise InputError(f"A ratio is stated for {loose[0]}, but no such action. Add it to the scenario.")
    found = np.zeros((len(asked.kinds), asked.steps), dtype=bool)
    for action in asked.scenario:
        first, last = _number(action.first) - origin, _number(action.last) - origin
        if first < 1 or last > asked.steps:
            span = f"{month_text(origin + 1)} to {month_text(origin + asked.steps)}"
            raise InputError(
                f"The stated action “{action}” is outside the months that are forecast, {span}. Change its months, the "
                "origin or the steps."
            )
        found[asked.kinds.index(action.kind), first - 1 : last] = True
    return found


def _expected(known: Panel, measure: str) -> Expectations:
    """What the quick model expected at every month of the series."""
    steps = min(LONGEST_SPELL, known.last - known.first)
    return expectations(known, MODELS[measure](), least=LEAST_MONTHS, steps=steps, draws=_MEANS, seed=SEED)


def _measured(
    inputs: Inputs, asked: ScenarioParameters, kind: str, known: Panel, found: Expectations, measure: str
) -> _Measured:
    """What came with one kind of action, and the researcher's own ratio where there is one."""
    spells = past_spells(inputs.evidence, kind, actors=asked.actors, ended_by=asked.ended_by, lasting=asked.lasting)
    checked = [_comparable(spell, known, found) for spell in spells]
    stated = next((ratio for ratio in asked.ratios if ratio.kind == kind), None)
    windows = [_windows(spell) for spell in checked if not spell.problem]
    lost = (window for spell in checked if spell.problem for window in _windows(spell))
    avoid = [window for window in lost if window.months <= LONGEST_SPELL]
    told: dict[str, Any] = {"kind": kind, "spells": tuple(checked)}
    drawn: Floats | None = None
    if not windows:
        told["problem"] = "no past spell can be used"
    else:
        try:
            effect = effect_of(found, windows, avoid=avoid, n=DRAWS, seed=SEED)
        except InputError as error:
            told["problem"] = str(error)
        else:
            drawn = effect.draws
            told |= _told(effect)
            checked = _with_ratios(checked, effect)
            if asked.kinds and len(windows) > 1:
                checked, told["without"] = _left_out(checked, found, windows, avoid, known, measure)
            told["spells"] = tuple(checked)
    return _stated(told, drawn, stated)


def _stated(told: dict[str, Any], drawn: Floats | None, stated: StatedRatio | None) -> _Measured:
    """The effect with the ratio that the forecast takes: the researcher's, or else that of the spells."""
    if stated is not None:
        drawn = stated_effect(stated.low, stated.high, DRAWS)
        middle = math.sqrt(stated.low * stated.high)
        told |= {"reason": stated.reason, "low": stated.low, "ratio": middle, "high": stated.high}
    elif drawn is not None:
        ends = np.exp(np.quantile(drawn, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]))
        told |= dict(zip(("low", "ratio", "high"), map(float, ends), strict=True))
    return _Measured(ActionEffect(**told), drawn)


def _number(slot: str) -> int:
    """The running number of a month such as ``2021-11``, of any year that a date may have."""
    return month_number(int(slot[:4]), int(slot[5:7]))


def _windows(spell: PastSpell) -> list[Window]:
    return [Window(_number(one.first), _number(one.last)) for one in spell.readings]


def _comparable(spell: PastSpell, known: Panel, found: Expectations) -> PastSpell:
    """A spell with what was expected and counted in its months; with a problem where no reading has both."""
    if spell.problem:
        return spell
    readings, why = [], []
    for window in _windows(spell):
        problem = _why_not(window, known, found)
        expected, observed = found.of(window)
        readings.append(
            SpellReading(
                first=month_text(window.first),
                last=month_text(window.last),
                expected=known_or_none(expected),
                observed=known_or_none(observed),
            )
        )
        why.append(problem)
    if all(why):
        return spell.model_copy(update={"readings": tuple(readings), "problem": why[0]})
    good = [reading for reading, problem in zip(readings, why, strict=True) if not problem]
    lost = [
        f"The reading {reading.first} to {reading.last} is left out: {problem}."
        for reading, problem in zip(readings, why, strict=True)
        if problem
    ]
    return spell.model_copy(update={"readings": tuple(good), "remarks": (*spell.remarks, *lost)})


def _why_not(window: Window, known: Panel, found: Expectations) -> str:
    """Why a window cannot be compared with what was expected of it; empty where it can."""
    if window.first > known.last:
        return "it lies after the last month that is used"
    if window.last > known.last:
        return f"it had not ended by {month_text(known.last)}, the last month that is used"
    if window.first - 1 < found.first:
        return f"the series has fewer than {plural(LEAST_MONTHS, 'month')} with a value before it"
    expected, observed = found.of(window)
    return "a month of it has no value" if math.isnan(observed) or math.isnan(expected) else ""


def _told(effect: Effect) -> dict[str, Any]:
    """The effect as ratios."""
    low, high = effect.interval
    return {
        "pooled": math.exp(effect.centre),
        "pooled_low": math.exp(low),
        "pooled_high": math.exp(high),
        "placebo": tuple(float(x) for x in np.exp(_thinned(effect.placebo))),
        "usual": math.exp(effect.expected_of_placebo),
        "separate": effect.separate,
        "as_far": effect.as_far,
        "told_apart": effect.told_apart,
        "fall": math.exp(effect.detectable[0]),
        "rise": math.exp(effect.detectable[1]),
        "spread": effect.spread if len(effect.spells) > 1 else None,
    }


def _thinned(placebo: Floats) -> Floats:
    """The placebos, or even quantiles of them where there are very many."""
    return placebo if len(placebo) <= _PLACEBOS else np.asarray(np.quantile(placebo, _SHARES))


def _with_ratios(spells: Sequence[PastSpell], effect: Effect) -> list[PastSpell]:
    """Each used spell with its own ratio."""
    logs = iter(effect.spells)
    return [s if s.problem else s.model_copy(update={"ratio": math.exp(next(logs))}) for s in spells]


def _left_out(
    spells: Sequence[PastSpell],
    found: Expectations,
    windows: Sequence[Sequence[Window]],
    avoid: Sequence[Window],
    known: Panel,
    measure: str,
) -> tuple[list[PastSpell], tuple[float, ...]]:
    """The pooled ratio without each spell, and how the effect of the others would have forecast it.

    Of very many spells only the latest are left out in turn.
    """
    used = [place for place, spell in enumerate(spells) if not spell.problem]
    result, ratios = list(spells), []
    for index in range(max(0, len(used) - _MOST_SCORED), len(used)):
        others = [one for place, one in enumerate(windows) if place != index]
        effect = effect_of(found, others, avoid=[*avoid, *windows[index]], n=DRAWS, seed=SEED)
        ratios.append(math.exp(effect.centre))
        pairs = list(_scored(known, windows[index], effect.draws, measure))
        crps = tuple(float(np.mean(column)) for column in zip(*pairs, strict=True))
        result[used[index]] = result[used[index]].model_copy(update={"crps": crps})
    return result, tuple(ratios)


def _scored(known: Panel, readings: Sequence[Window], logs: Floats, measure: str) -> Iterator[tuple[float, float]]:
    """CRPS of the months of each reading, without and with the effect of other spells."""
    for window in readings:
        origin = window.first - 1
        plain = draws_of(MODELS[measure](), known.up_to(origin), origin, window.months)
        active = np.ones((1, window.months), dtype=bool)
        given = conditional(plain, [logs], active, seed=seed_of(SEED, origin))
        came = known.observed(range(window.first, window.last + 1))[0]
        yield float(scores.crps(plain, came).mean()), float(scores.crps(given, came).mean())


def _given(
    asked: ScenarioParameters, panel: Panel, known: Panel, logs: Sequence[Floats], active: NDArray[np.bool_]
) -> dict[str, Any]:
    """Months and total without and with the actions, and the record of the model without."""
    origin = known.last
    limits = asked.limits or usual_levels(known, (0.75, 0.95))
    plain = joint_draws_of(asked.model, known, origin, asked.steps)
    given = conditional(plain, logs, active, seed=seed_of(SEED, origin))
    ahead = range(origin + 1, origin + asked.steps + 1)
    came = panel.observed(ahead)[0]
    months = tuple(
        ScenarioMonth(
            kinds=tuple(kind for kind, steps in zip(asked.kinds, active, strict=True) if steps[place]),
            plain=month_of(plain[place], month, limits, came[place]),
            given=month_of(given[place], month, limits, came[place]),
        )
        for place, month in enumerate(ahead)
    )
    record = record_of(known, asked.model, asked.steps, limits, sums=False)
    found: dict[str, Any] = {name: record[name] for name in ("record", "origins", "scored_months") if name in record}
    touched: NDArray[np.bool_] = np.asarray(active.any(axis=0))
    return found | {"thresholds": limits, "months": months, "total": _total(plain, given, touched)}


def _total(plain: Floats, given: Floats, touched: NDArray[np.bool_]) -> ScenarioSum:
    """The total of the months in which some action is taken as given."""
    one, other = plain[touched].sum(axis=0), given[touched].sum(axis=0)
    return ScenarioSum(
        months=int(touched.sum()),
        plain=quantiles_of(one),
        given=quantiles_of(other),
        lower=float((other < np.median(one)).mean()),
    )
