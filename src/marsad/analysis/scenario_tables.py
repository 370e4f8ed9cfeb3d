"""Tables of scenario forecasts: the months without and with, the past spells, and what came with each kind."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.analysis.before_after_checks import short
from marsad.analysis.forecast_tables import chance_text, happened, whole
from marsad.analysis.printing import cell, slot_text, table
from marsad.analysis.release_series import described
from marsad.model import Cell, Evidence, Series, Table, joined, label, number_text, upper_first, word
from marsad.model.forecasts import ActionEffect, PastSpell, ScenarioForecast, SpellReading

__all__ = ["effects_table", "months_table", "ratio_text", "spells_table"]

_BEYOND = 1_000
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def months_table(found: ScenarioForecast, series: Series, name: str) -> Table:
    """A row a month: 5 %, median and 95 % without and with, and the chances of each threshold."""
    known = any(month.plain.observed is not None for month in found.months)
    rows: list[Sequence[Cell]] = []
    for month in found.months:
        cells = [cell(slot_text(month.plain.month)), cell(joined([word(kind) for kind in month.kinds]) or "–")]
        for one in (month.plain, month.given):
            cells += [cell(whole(one.quantiles[place])) for place in (0, 2, 4)]
        for place in range(len(found.thresholds)):
            cells += [cell(chance_text(one.chances[place])) for one in (month.plain, month.given)]
        rows.append([*cells, *([happened(month.plain.observed, series)] if known else [])])
    if found.total is not None and found.total.months > 1:
        quantiles = [one[place] for one in (found.total.plain, found.total.given) for place in (0, 2, 4)]
        cells = [cell("These months together"), cell("stated actions"), *(cell(whole(value)) for value in quantiles)]
        rows.append([*cells, *[cell("–")] * (2 * len(found.thresholds) + known)])
    columns = ["Month", "Taken as given", "#Without: 5 %", "#Without: median", "#Without: 95 %"]
    columns += ["#With: 5 %", "#With: median", "#With: 95 %"]
    for limit in found.thresholds:
        columns += [f"#Without: {number_text(limit)} or more", f"#With: {number_text(limit)} or more"]
    columns += ["#What happened"] if known else []
    note = (
        f"Quantiles of {found.draws:,} draws. The last row is of the months with a stated action, drawn jointly. "
        if found.total is not None and found.total.months > 1
        else f"Quantiles of {found.draws:,} draws. "
    )
    title = f"{upper_first(name)}: what is expected without and with the stated actions"
    return table(title, columns, rows, f"{note}{described(series)}.")


def ratio_text(number: float) -> str:
    """A ratio; beyond a thousand times either way its size says nothing more."""
    if number < 1 / _BEYOND:
        return f"under {1 / _BEYOND:g}"
    return f"over {_BEYOND:,}" if number > _BEYOND else short(number)


def spells_table(effect: ActionEffect, found: ScenarioForecast, series: Series, evidence: Evidence) -> list[Table]:
    """Each past spell with what was expected, what was counted and their ratio; no table where there is none."""
    if not effect.spells:
        return []
    scored = any(spell.crps is not None for spell in effect.spells)
    rows = [cells for spell in effect.spells for cells in _spell_rows(spell, series, evidence, scored=scored)]
    columns = ["Action", "Months", "#Expected", "#Counted", "#Counted / expected", "#Ratio to false spells"]
    columns += ["#CRPS without", "#CRPS with the others' ratio"] if scored else []
    columns += ["Remark"]
    note = (
        f"Expected by the model “{found.measure}” from the month before each spell; both get ½ added before they are "
        "divided. The ratio to false spells is that, divided by what false spells of the same length have on average; "
        "a spell with several readings has their mean. A spell that is not used has its reason."
    )
    return [table(f"{upper_first(word(effect.kind))}: the spells of the past", columns, rows, note)]


def _spell_rows(spell: PastSpell, series: Series, evidence: Evidence, *, scored: bool) -> list[list[Cell]]:
    """A row a reading; the remark, the ratio and the scores stand in the first."""
    name = cell(joined([label(evidence, action) for action in spell.actions]), spell.statements, spell.sources)
    told = [f"Not used: {spell.problem}."] if spell.problem else []
    remark = " ".join([*told, *spell.remarks])
    ratio = "–" if spell.ratio is None else short(spell.ratio)
    crps = ["–", "–"] if spell.crps is None else [short(score) for score in spell.crps]
    first = [cell(ratio), *([cell(text) for text in crps] if scored else []), cell(remark)]
    later = [cell("")] * len(first)
    shown: Sequence[SpellReading | None] = spell.readings or (None,)
    return [
        [name, *_reading_cells(reading, spell, series), *(later if place else first)]
        for place, reading in enumerate(shown)
    ]


def _reading_cells(reading: SpellReading | None, spell: PastSpell, series: Series) -> list[Cell]:
    """The months of a reading, what was expected and counted, and the quotient."""
    if reading is None:
        return [cell("–")] * 4
    ends = dict.fromkeys((slot_text(reading.first), slot_text(reading.last)))
    when = cell(" to ".join(ends), spell.statements)
    if reading.expected is None or reading.observed is None:
        return [when, cell("–"), cell("–"), cell("–")]
    quotient = (reading.observed + 0.5) / (reading.expected + 0.5)
    counted = cell(number_text(reading.observed), cites=(series.source,))
    return [when, cell(short(reading.expected)), counted, cell(short(quotient))]


def effects_table(effects: Sequence[ActionEffect]) -> Table:
    """A row a kind of action: the ratio of its spells, that of false spells, and what could have been told apart."""
    columns = ["Kind of action", "#Spells used", "#Not used", "#Ratio", "90 % interval", "#False spells apart"]
    columns += ["#Median placebo", "Half of the placebos", "All placebos", "#As far, same direction"]
    columns += ["#Fall that would be told apart", "#Rise that would be told apart", "Told apart from 1"]
    rows = [_effect_row(effect) for effect in effects]
    note = (
        "Ratio: the months of the spells over what was expected of them, divided by what false spells have on average. "
        "The interval is of a further spell. Placebos: the same ratio with all spells moved by the same number of "
        "months. The last columns: the ratios that so many spells would have told apart from 1 four times in five, in "
        "a test that errs once in twenty."
    )
    return table("What came with such actions before", columns, rows, note)


def _effect_row(effect: ActionEffect) -> list[Cell]:
    ids = [found for spell in effect.used for found in spell.statements]
    start = [cell(word(effect.kind)), cell(str(len(effect.used)), ids)]
    start.append(cell(str(len(effect.spells) - len(effect.used))))
    if effect.pooled is None or not effect.placebo:
        return [*start, cell("–"), cell(effect.problem or "–"), *[cell("–")] * 8]
    five = [effect.placebo[round(share * (len(effect.placebo) - 1))] for share in _QUARTERS]
    rest = [ratio_text(effect.pooled), _between(effect.pooled_low, effect.pooled_high), number_text(effect.separate)]
    rest += [ratio_text(five[2]), _between(five[1], five[3]), _between(five[0], five[4])]
    rest.append("–" if effect.as_far is None else f"{effect.as_far:.0%}")
    rest += ["–" if value is None else ratio_text(value) for value in (effect.fall, effect.rise)]
    return [*start, *map(cell, rest), cell("yes" if effect.told_apart else "no")]


def _between(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{ratio_text(low)} to {ratio_text(high)}"
