"""What speaks for and against a conditional forecast: placebos and power, its spells, how it would have done before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.analysis.before_after_checks import short
from marsad.analysis.forecast_checks import coverage_check, version_check
from marsad.analysis.release_series import month_number
from marsad.analysis.scenario_tables import ratio_text
from marsad.model import Check, CheckStatus, Series, plural, word
from marsad.model.forecasts import ActionEffect, PastSpell, ScenarioForecast

__all__ = ["all_checks"]

_FEW, _ENOUGH = 3, 10
_HALF, _DOUBLE = 0.5, 2.0


def all_checks(found: ScenarioForecast, series: Series) -> list[Check]:
    """Every check, in the order in which a reader needs them."""
    checks = [check for effect in found.effects for check in _of_effect(effect, found)]
    if found.months:
        checks.append(coverage_check(found.record, found.scored_months))
    return [*checks, version_check(series)]


def _of_effect(effect: ActionEffect, found: ScenarioForecast) -> Iterator[Check]:
    """The checks of one kind of action."""
    name = word(effect.kind)
    yield _number_check(effect, name)
    if effect.pooled is not None:
        yield _placebo_check(effect, name)
        yield _power_check(effect, name)
        yield _without_check(effect, name)
        yield _spread_check(effect, name)
        yield _score_check(effect, name)
        yield _dates_check(effect, name)
        yield from _length_check(effect, found, name)
    if effect.reason:
        yield _stated_check(effect, name)


def _number_check(effect: ActionEffect, name: str) -> Check:
    used, left = len(effect.used), len(effect.spells) - len(effect.used)
    status = CheckStatus.FAIL if used < _FEW else CheckStatus.INFORM if used < _ENOUGH else CheckStatus.PASS
    text = f"{plural(used, 'spell')} of {len(effect.spells)} can be used"
    text += f"; {left} cannot, for the reasons in the table." if left else "."
    if effect.problem and used:
        text += f" They tell no ratio: {effect.problem}."
    if used < _FEW:
        text += f" With fewer than {_FEW} nothing is known of how such spells differ."
    return Check(name=f"Enough past spells: {name}", status=status, text=text)


def _placebo_check(effect: ActionEffect, name: str) -> Check:
    ratio, as_far = effect.pooled or 0.0, effect.as_far or 0.0
    text = (
        f"The ratio is {short(ratio)}; {as_far:.0%} of {plural(len(effect.placebo), 'shift')} of the spells to other "
        f"months have one as far from 1, or farther, in the same direction ({plural(effect.separate, 'false spell')} "
        "stand apart). "
    )
    if effect.told_apart:
        text += "It is farther from 1 than one in twenty would be if nothing came with such actions."
        return Check(name=f"Placebo: {name} stands out of false spells", status=CheckStatus.PASS, text=text)
    text += "It cannot be told apart from no difference."
    return Check(name=f"Placebo: {name} stands out of false spells", status=CheckStatus.FAIL, text=text)


def _power_check(effect: ActionEffect, name: str) -> Check:
    fall, rise = effect.fall or 0.0, effect.rise or 0.0
    good = fall >= _HALF and rise <= _DOUBLE
    text = (
        f"So many spells would have told apart, four times in five, a fall to {ratio_text(fall)} times or a rise to "
        f"{ratio_text(rise)} times, or more; "
    )
    text += "a halving or a doubling would have been seen." if good else "a halving or a doubling may go unseen."
    return Check(name=f"Power: {name}", status=CheckStatus.PASS if good else CheckStatus.FAIL, text=text)


def _without_check(effect: ActionEffect, name: str) -> Check:
    title = f"No single spell decides: {name}"
    if not effect.without or effect.pooled is None:
        text = "There is only one spell: it decides alone."
        return Check(name=title, status=CheckStatus.FAIL, text=text)
    low, high = min(effect.without), max(effect.without)
    told = f"With each spell left out in turn the ratio goes from {short(low)} to {short(high)}"
    if (low - 1) * (high - 1) < 0 or (low - 1) * (effect.pooled - 1) < 0:
        return Check(name=title, status=CheckStatus.FAIL, text=f"{told}: it changes its direction.")
    return Check(name=title, status=CheckStatus.PASS, text=f"{told}: always in the same direction.")


def _spread_check(effect: ActionEffect, name: str) -> Check:
    title = f"How spells differ: {name}"
    if effect.spread is None:
        text = "One spell cannot show it: the interval takes how spells differ from a general prior alone."
        return Check(name=title, status=CheckStatus.INFORM, text=text)
    text = (
        f"Beyond what false spells do, their log ratios differ by a standard deviation of about {short(effect.spread)}"
    )
    text += ", and the interval of a further spell is wider for it."
    if len(effect.used) < _ENOUGH:
        text += " With so few spells much of that is a general prior."
    return Check(name=title, status=CheckStatus.INFORM, text=text)


def _score_check(effect: ActionEffect, name: str) -> Check:
    """How the conditional forecast of each spell would have done with the ratio of the others."""
    title = f"Earlier conditional forecasts: {name}"
    scored = [spell.crps for spell in effect.spells if spell.crps is not None]
    if not scored:
        text = "There is no second spell whose ratio could have forecast the first."
        return Check(name=title, status=CheckStatus.FAIL, text=text)
    without, given = (sum(column) / len(scored) for column in zip(*scored, strict=True))
    better = sum(other < one for one, other in scored)
    text = (
        f"With the ratio of the other spells, later ones among them, the mean CRPS of {plural(len(scored), 'spell')} "
        f"would have been {short(given)}, without any {short(without)} (smaller is better); {better} of {len(scored)} "
        "would have been forecast better. "
    )
    if given >= without:
        text += "Knowing of the actions would not have helped."
        return Check(name=title, status=CheckStatus.FAIL, text=text)
    enough = len(scored) >= _ENOUGH and better > len(scored) / 2
    text += "" if enough else "So few spells do not tell whether that is luck."
    return Check(name=title, status=CheckStatus.PASS if enough else CheckStatus.INFORM, text=text.strip())


def _dates_check(effect: ActionEffect, name: str) -> Check:
    title = f"Dates of the spells: {name}"
    disputed = [spell for spell in effect.used if len(spell.readings) > 1]
    assumed = [spell for spell in effect.used if spell.remarks and len(spell.readings) == 1]
    if not disputed:
        text = "No used spell has two readings of its months."
        text += f" {plural(len(assumed), 'spell')} with a remark on its dates in the table." if assumed else ""
        return Check(name=title, status=CheckStatus.INFORM if assumed else CheckStatus.PASS, text=text)
    text = (
        f"{plural(len(disputed), 'spell')} with several readings of the months: each draw takes one of them, so that "
        "the dispute is in the interval."
    )
    return Check(name=title, status=CheckStatus.INFORM, text=text)


def _length_check(effect: ActionEffect, found: ScenarioForecast, name: str) -> Iterator[Check]:
    """Whether the stated months are as many as those of past spells."""
    stated = _longest_run([effect.kind in month.kinds for month in found.months])
    if not stated:
        return
    lengths = sorted(_months(spell) for spell in effect.used)
    title = f"Spells as long as the stated one: {name}"
    told = f"The stated one has {plural(stated, 'month')}; the past ones had {_span(lengths)}"
    if lengths[0] <= stated <= lengths[-1]:
        yield Check(name=title, status=CheckStatus.PASS, text=f"{told}.")
    else:
        text = f"{told}: nothing is known of so {'long' if stated > lengths[-1] else 'short'} a spell."
        yield Check(name=title, status=CheckStatus.FAIL, text=text)


def _longest_run(flags: Sequence[bool]) -> int:
    """The longest row of months that follow each other."""
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest


def _months(spell: PastSpell) -> int:
    """The months of its longest reading."""
    return max(month_number(one.last) - month_number(one.first) + 1 for one in spell.readings)


def _span(lengths: Sequence[int]) -> str:
    """From the shortest to the longest, in months."""
    low, high = lengths[0], lengths[-1]
    return plural(low, "month") if low == high else f"{low} to {plural(high, 'month')}"


def _stated_check(effect: ActionEffect, name: str) -> Check:
    title = f"The stated ratio beside the past: {name}"
    text = f"The ratio {_ends(effect.low, effect.high)} is the researcher's own, because {effect.reason.rstrip('.')}. "
    if effect.pooled is None:
        return Check(name=title, status=CheckStatus.INFORM, text=f"{text}No past spell speaks for or against it.")
    text += f"The past spells have {ratio_text(effect.pooled)} ({_ends(effect.pooled_low, effect.pooled_high)})."
    return Check(name=title, status=CheckStatus.INFORM, text=text)


def _ends(low: float | None, high: float | None) -> str:
    return "of an unknown interval" if low is None or high is None else f"{ratio_text(low)} to {ratio_text(high)}"
