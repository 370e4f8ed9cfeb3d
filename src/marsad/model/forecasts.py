"""Forecasts as a study uses them: distributions by month, the record of the same model, and warnings as made then."""

from __future__ import annotations

from marsad.model.statement import Frozen

__all__ = [
    "FORECAST_LEVELS",
    "ActionEffect",
    "EarlyWarning",
    "EarlyWarnings",
    "Forecast",
    "ForecastMonth",
    "ForecastRecord",
    "ForecastSum",
    "PastSpell",
    "ScenarioForecast",
    "ScenarioMonth",
    "ScenarioSum",
    "SpellReading",
    "SumRecord",
    "WarningScore",
]

FORECAST_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The levels at which a forecast gives quantiles: the first and last enclose nine draws in ten."""


class ForecastMonth(Frozen):
    """What is expected of one month.

    Attributes:
        month: such as ``2024-01``.
        quantiles: one for each of ``FORECAST_LEVELS``.
        chances: for each threshold the probability that the month reaches it.
        observed: what happened; None where it is not known.
    """

    month: str
    quantiles: tuple[float, ...]
    chances: tuple[float, ...] = ()
    observed: float | None = None


class ForecastRecord(Frozen):
    """How a model did at past origins of the same series.

    Attributes:
        model: its name.
        cells: how many forecasts of single months were scored.
        crps: their mean CRPS, in units of the count.
        crps_log1p: mean CRPS of log(1 + count).
        interval_score: mean interval score at 90 %, in units of the count.
        covered: share of months inside the central 90 % interval.
        width: mean width of that interval, in units of the count.
        brier: for each threshold the mean Brier score of reaching it.
    """

    model: str
    cells: int
    crps: float
    crps_log1p: float
    interval_score: float
    covered: float
    width: float
    brier: tuple[float, ...] = ()


class ForecastSum(Frozen):
    """What is expected of the total of the next months, drawn jointly.

    Attributes:
        months: how many.
        last: the last of them, such as ``2024-03``.
        quantiles: of the total, one for each of ``FORECAST_LEVELS``.
        means: for each threshold the probability that the months reach it on average.
        some: for each threshold the probability that at least one of the months reaches it.
        before: the total of as many months up to the origin; None where one has no value.
        more: the probability that the total is above that; None likewise.
        observed: what happened; None where it is not known.
    """

    months: int
    last: str
    quantiles: tuple[float, ...]
    means: tuple[float, ...] = ()
    some: tuple[float, ...] = ()
    before: float | None = None
    more: float | None = None
    observed: float | None = None


class SumRecord(Frozen):
    """How totals of the next months did at past origins, from months drawn jointly and from months drawn apart.

    Attributes:
        months: how many.
        cells: how many totals were scored.
        crps: mean CRPS of the joint draws, in units of the count.
        crps_apart: the same of months drawn apart.
        covered: share of totals inside the central 90 % interval of the joint draws.
        covered_apart: the same of months drawn apart.
        width: mean width of the interval of the joint draws, in units of the count.
    """

    months: int
    cells: int
    crps: float
    crps_apart: float
    covered: float
    covered_apart: float
    width: float


class Forecast(Frozen):
    """The forecast of one monthly series, with its record.

    Attributes:
        request: the parameters that it answers, as text.
        series: name of the series among those of the study; empty where it has none.
        model: name of the model.
        origin: the last month that the model saw.
        known: how many months up to the origin have a value.
        draws: how many draws a month.
        thresholds: counts whose reaching is of interest, in rising order.
        months: what is expected, in order of time.
        sums: what is expected of the total of the next months, the shortest first.
        sum_record: how such totals did at past origins; empty where the past is too short.
        record: scores at past origins, of this model and then of those that it must beat; empty where the past is too
            short.
        origins: the first and the last past origin of the record.
        scored_months: how many different months the record covers.
        difference: mean CRPS less that of the first model to beat, with both ends of its 95 % interval; None where it
            cannot be told.
        recent: mean of the last twelve months up to the origin; None where they have no value.
        before: mean of the thirty-six months before those.
        problem: why there is no forecast; empty where there is one.
    """

    request: dict[str, str]
    series: str = ""
    model: str = ""
    origin: str = ""
    known: int = 0
    draws: int = 0
    thresholds: tuple[float, ...] = ()
    months: tuple[ForecastMonth, ...] = ()
    sums: tuple[ForecastSum, ...] = ()
    sum_record: tuple[SumRecord, ...] = ()
    record: tuple[ForecastRecord, ...] = ()
    origins: tuple[str, str] | None = None
    scored_months: int = 0
    difference: tuple[float, float | None, float | None] | None = None
    recent: float | None = None
    before: float | None = None
    problem: str = ""


class EarlyWarning(Frozen):
    """What would have been said of one month at one earlier origin.

    Attributes:
        month: which month, such as ``2023-01``.
        ahead: how many months before it the forecast was made.
        chance: probability that it reaches the threshold.
        climatology: share of all months up to the origin that reached it.
        recent: share of the twelve months up to the origin that reached it.
        quantiles: one for each of ``FORECAST_LEVELS``.
        observed: what happened; None where it is not known.
    """

    month: str
    ahead: int
    chance: float
    climatology: float | None
    recent: float | None
    quantiles: tuple[float, ...]
    observed: float | None = None


class WarningScore(Frozen):
    """How good the warnings of one lead time were; smaller Brier scores are better.

    Attributes:
        ahead: how many months before.
        months: how many months are scored.
        passed: how many of them reached the threshold.
        brier: mean Brier score of the warnings.
        climatology: that of the share of all earlier months.
        recent: that of the share of the twelve months up to the origin.
        low: lower end of the 95 % interval of ``brier`` less ``climatology``; None where it cannot be told.
        high: its upper end.
    """

    ahead: int
    months: int
    passed: int
    brier: float
    climatology: float
    recent: float
    low: float | None = None
    high: float | None = None


class EarlyWarnings(Frozen):
    """The warnings of a period, each made only from what came before it.

    Attributes:
        request: the parameters that they answer, as text.
        series: name of the series among those of the study; empty where it has none.
        model: name of the model.
        threshold: the count whose reaching is warned of.
        warnings: by month, then by months ahead.
        scores: by months ahead.
        problem: why there are none; empty where there are.
    """

    request: dict[str, str]
    series: str = ""
    model: str = ""
    threshold: float = 0.0
    warnings: tuple[EarlyWarning, ...] = ()
    scores: tuple[WarningScore, ...] = ()
    problem: str = ""


class SpellReading(Frozen):
    """From when to when a spell lasted as one reading of its reports has it, and what was counted then.

    Attributes:
        first: the first month, such as ``2021-11``.
        last: the last month.
        expected: total that a model expected of these months from the month before; None where there is none.
        observed: total that was counted in them; None likewise.
    """

    first: str
    last: str
    expected: float | None = None
    observed: float | None = None


class PastSpell(Frozen):
    """A spell of one kind of action in the past of a study.

    Attributes:
        actions: identifiers of the actions; several where they share months and so make one spell.
        readings: the months that its reports give, each once; several where they disagree.
        statements: the statements that date it.
        sources: who made them.
        remarks: what a reader should know of its dates, in sentences.
        problem: why it is not used; empty where it is.
        ratio: what was counted over what was expected, of the mean over its readings less the placebos'; None where it
            is not used.
        crps: mean CRPS of its months without and with the effect as estimated from the other spells; None where there
            is no other.
    """

    actions: tuple[str, ...]
    readings: tuple[SpellReading, ...] = ()
    statements: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: str = ""
    ratio: float | None = None
    crps: tuple[float, float] | None = None


class ActionEffect(Frozen):
    """What came with a kind of action in the past, as a ratio of what was counted to what was expected.

    Attributes:
        kind: of action.
        spells: those of the past in order of time, with those that are not used.
        ratio: median of the ratio that the forecast takes; None where there is none.
        low: lower end of its 90 % interval.
        high: its upper end.
        reason: why this ratio, where the researcher states it; empty where it comes from the spells.
        pooled: the ratio of the spells together; None where none is used.
        pooled_low: lower end of the 90 % interval for a further spell.
        pooled_high: its upper end.
        placebo: the pooled ratio with the spells moved to other months, rising.
        usual: the ratio that false spells have on average, by which those of the spells are divided.
        separate: how many false spells stand apart from each other.
        as_far: share of the placebos at least as far from 1, in the same direction.
        told_apart: whether the pooled ratio is where one in twenty would be if nothing came with such actions.
        fall: the largest ratio below 1 that so many spells would have told apart four times in five.
        rise: the smallest ratio above 1, likewise.
        spread: standard deviation of log ratios between spells beyond the placebo scatter; None with fewer than two.
        without: for each used spell the pooled ratio of the others, in their order; empty with fewer than two.
        problem: why the spells tell no ratio; empty where they do.
    """

    kind: str
    spells: tuple[PastSpell, ...] = ()
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    pooled: float | None = None
    pooled_low: float | None = None
    pooled_high: float | None = None
    placebo: tuple[float, ...] = ()
    usual: float | None = None
    separate: int = 0
    as_far: float | None = None
    told_apart: bool = False
    fall: float | None = None
    rise: float | None = None
    spread: float | None = None
    without: tuple[float, ...] = ()
    problem: str = ""

    @property
    def used(self) -> tuple[PastSpell, ...]:
        """The spells that are used."""
        return tuple(spell for spell in self.spells if not spell.problem)


class ScenarioMonth(Frozen):
    """What is expected of one month without and with the stated actions.

    Attributes:
        kinds: the kinds of the actions that are taken as given in this month; empty where there is none.
        plain: without them.
        given: with them.
    """

    kinds: tuple[str, ...]
    plain: ForecastMonth
    given: ForecastMonth


class ScenarioSum(Frozen):
    """What is expected of the total of the months of the stated actions, without and with them.

    Attributes:
        months: how many.
        plain: quantiles without, one for each of ``FORECAST_LEVELS``.
        given: quantiles with.
        lower: the probability that the total with the actions is below the median of that without.
    """

    months: int
    plain: tuple[float, ...]
    given: tuple[float, ...]
    lower: float


class ScenarioForecast(Frozen):
    """The forecast of one monthly series given a stated future of actions, beside that without.

    Attributes:
        request: the parameters that it answers, as text.
        series: name of the series among those of the study; empty where it has none.
        model: name of the model of the forecast.
        measure: name of the model whose expectations the past spells are measured against.
        origin: the last month that the models saw.
        draws: how many draws a month.
        thresholds: counts whose reaching is of interest, in rising order.
        effects: one for each kind of action that is stated; for every kind of the evidence where none is.
        months: what is expected, in order of time; empty where there is no conditional forecast.
        total: of the months of the stated actions; None likewise.
        record: the record of the model without any action, as in ``Forecast``.
        origins: the first and the last past origin of the record.
        scored_months: how many different months the record covers.
        problem: why there is no conditional forecast; empty where there is one.
    """

    request: dict[str, str]
    series: str = ""
    model: str = ""
    measure: str = ""
    origin: str = ""
    draws: int = 0
    thresholds: tuple[float, ...] = ()
    effects: tuple[ActionEffect, ...] = ()
    months: tuple[ScenarioMonth, ...] = ()
    total: ScenarioSum | None = None
    record: tuple[ForecastRecord, ...] = ()
    origins: tuple[str, str] | None = None
    scored_months: int = 0
    problem: str = ""
