"""What speaks against a comparison of before and after: overdispersion, dependence, false turning points, a trend."""

from __future__ import annotations

import math
from collections.abc import Mapping

from marsad.analysis import chart_lines
from marsad.analysis.printing import cell, table
from marsad.analysis.rates import autocorrelation, dispersion, dispersion_p_value, ratio_of
from marsad.analysis.windows import Windows, placebo_windows
from marsad.model import Chart, Check, CheckStatus, Table, number_text, plural

__all__ = ["all_checks", "placebo_chart", "placebo_table", "short"]

_ENOUGH = 19
"""With fewer separate false turning points, not even the most extreme of all ratios would be one in twenty."""


def short(number: float) -> str:
    """A number with three significant digits, at least the whole ones: ``2.14``, ``38.6``, ``1,234``, ``∞``."""
    if math.isinf(number):
        return "∞"
    digits = 0 if number == 0 else max(0, 2 - math.floor(math.log10(abs(number))))
    return f"{number:,.{min(digits, 4)}f}"


def all_checks(values: Mapping[int, float | None], real: Windows) -> list[Check]:
    """Every check, in the order in which a reader needs them."""
    return [_dispersion_check(real), _dependence_check(real), _placebo_check(values, real), _trend_check(real)]


def _dispersion_check(real: Windows) -> Check:
    name = "Months vary no more than Poisson counts"
    phi = dispersion(real.before, real.after)
    if phi is None:
        return Check(name=name, status=CheckStatus.INFORM, text="Too few months or counts to tell.")
    p = dispersion_p_value(phi, real.t1 + real.t2 - 2)
    if p >= 0.05:
        text = f"Variance over mean is {short(phi)} (about 1 for Poisson counts)."
        return Check(name=name, status=CheckStatus.PASS, text=text)
    text = (
        f"Variance over mean is {short(phi)}, where Poisson counts have about 1: the exact Poisson "
        "interval is too narrow; read the adjusted one."
    )
    return Check(name=name, status=CheckStatus.FAIL, text=text)


def _dependence_check(real: Windows) -> Check:
    found = autocorrelation(real.before, real.after)
    name = "Months depend on one another"
    if found is None:
        return Check(name=name, status=CheckStatus.INFORM, text="Too few months to tell.")
    text = f"The correlation of one month with the next is {found:.2f}; "
    text += "both intervals take months as independent and are too narrow." if found > 0.2 else "no strong dependence."
    return Check(name=name, status=CheckStatus.INFORM, text=text)


def _placebos(values: Mapping[int, float | None], real: Windows) -> list[float]:
    ratios = [windows.ratio for windows in placebo_windows(values, real)]
    return [ratio for ratio in ratios if not math.isnan(ratio)]


def _distance(ratio: float) -> float:
    """How far a ratio is from 1, on the log scale."""
    return math.inf if ratio in (0.0, math.inf) else abs(math.log(ratio))


def _as_far(ratios: list[float], real: float) -> int:
    return sum(_distance(ratio) >= _distance(real) - 1e-12 for ratio in ratios)


def _placebo_check(values: Mapping[int, float | None], real: Windows) -> Check:
    name = "Placebo: the same ratio at false turning points"
    ratios = _placebos(values, real)
    if math.isnan(real.ratio) or not ratios:
        text = "The counts leave no other month with full windows that do not touch the turning point."
        return Check(name=name, status=CheckStatus.INFORM, text=text)
    far, separate = _as_far(ratios, real.ratio), _separate(values, real)
    share = far / len(ratios)
    same = _as_far([ratio for ratio in ratios if (ratio > 1) == (real.ratio > 1)], real.ratio)
    points = plural(len(ratios), "false turning point")
    text = (
        f"{far} of {points} ({share:.0%}) have a ratio at least as far from 1, {same} of them in the same direction. "
        f"Their windows overlap: only {separate} of them {'stands' if separate == 1 else 'stand'} apart."
    )
    if share > 0.05:
        return Check(name=name, status=CheckStatus.FAIL, text=text)
    if separate < _ENOUGH:
        return Check(name=name, status=CheckStatus.INFORM, text=f"{text} That is too few to call the real ratio rare.")
    return Check(name=name, status=CheckStatus.PASS, text=text)


def _separate(values: Mapping[int, float | None], real: Windows) -> int:
    """How many false turning points have windows that do not overlap, taken from the first on."""
    found, free = 0, -math.inf
    for windows in placebo_windows(values, real):
        if not math.isnan(windows.ratio) and windows.centre - windows.months >= free:
            found, free = found + 1, windows.centre + windows.months + 1
    return found


def _trend_check(real: Windows) -> Check:
    """The two halves of the window before, compared."""
    name = "Rate was already changing before"
    half = real.t1 // 2
    early, late = real.before[:half], real.before[real.t1 - half :]
    if not half or math.isnan(ratio := ratio_of(sum(early), half, sum(late), half)):
        return Check(name=name, status=CheckStatus.INFORM, text="Too few months or counts to tell.")
    counts = f"({number_text(sum(early))} and {number_text(sum(late))} in {plural(half, 'month')} each)"
    text = (
        f"Within the window before, nothing is counted in the earlier half, so that there is no ratio {counts}."
        if math.isinf(ratio)
        else f"Within the window before, the later half has {short(ratio)} times the rate of the earlier half {counts}."
    )
    return Check(name=name, status=CheckStatus.INFORM, text=text)


def placebo_table(values: Mapping[int, float | None], real: Windows) -> list[Table]:
    """The distribution of the placebo ratios in five numbers; no table where there are none."""
    ratios = sorted(_placebos(values, real))
    if not ratios or math.isnan(real.ratio):
        return []
    quantiles = [short(ratios[round(share * (len(ratios) - 1))]) for share in (0, 0.25, 0.5, 0.75, 1)]
    row = [str(len(ratios)), *quantiles, short(real.ratio), f"{_as_far(ratios, real.ratio) / len(ratios):.0%}"]
    columns = ["#False turning points", "#Lowest", "#Lower quartile", "#Median", "#Upper quartile", "#Highest"]
    note = "Ratios of after to before around every other month with full windows that do not touch the turning point."
    note += " ∞: none before." if math.isinf(max(*ratios, real.ratio)) else ""
    columns += ["#Real ratio", "#At least as far from 1"]
    return [table("Ratios at false turning points", columns, [[cell(text) for text in row]], note)]


def placebo_chart(values: Mapping[int, float | None], real: Windows) -> list[Chart]:
    """The placebo ratios as a histogram; no chart where there are fewer than two, or where the real one has no log."""
    finite = [ratio for ratio in _placebos(values, real) if 0 < ratio < math.inf]
    if len(finite) < 2 or not 0 < real.ratio < math.inf:
        return []
    alt = f"Histogram of {len(finite)} ratios at false turning points; the rule is the real ratio, {short(real.ratio)}."
    text = f"real ratio {short(real.ratio)}"
    spec = chart_lines.strip(finite, real.ratio, title="Rate after / rate before (log scale)", text=text)
    return [Chart(title="Ratios at false turning points", alt=alt, spec=spec, table=1)]
