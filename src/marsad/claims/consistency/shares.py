"""Percentages that do not follow from their numbers, and shares of more than the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from marsad.claims.consistency.compare import document, reporter
from marsad.claims.consistency.figures import definition_key, describe, same_count, topic
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import Date, Evidence, Figure, Finding, Quantity, Severity, bounds_text, quantity_text

__all__ = ["check_changes", "check_full", "check_shares"]

_Bounds = tuple[Decimal | None, Decimal | None]

_TENTH = Decimal("0.1")

_RULE_FULL = "a share of a whole is not more than all of it"
_RULE_SHARE = "a percentage is the part over the whole, within half a point or one unit of its last printed decimal"
_RULE_CHANGE = "a change is the later value over the earlier one, less one, within the rounding of the percentage"


def check_full(evidence: Evidence) -> Iterator[Finding]:
    """Yield the shares of more than the whole."""
    for figure in evidence.figures:
        full = {"percent": Decimal(100), "share": Decimal(1)}.get(figure.unit)
        low = figure.value.low
        if full is None or low is None or not (low > full or (low == full and figure.value.low_open)):
            continue
        value = quantity_text(figure.value, figure.unit)
        yield Case(
            kind="share-over-100",
            severity=Severity.ERROR,
            title=f"{topic(evidence, figure)}: a share of {value}",
            text=[*said(value, [figure], "value"), f" for {describe(evidence, figure)} is more than the whole."],
            records=[figure],
            rule=_RULE_FULL,
            property="value",
            values=[figure.value.text],
        ).finding()


def check_shares(evidence: Evidence) -> Iterator[Finding]:
    """Yield the percentages that exclude the part over the whole, where both numbers are there."""
    for share in evidence.figures:
        whole = evidence.figure_by_id.get(share.whole)
        if whole is None or share.unit != "percent" or whole.unit == "percent":
            continue
        parts = in_order(part for part in evidence.figures if _is_same_part(share, part, whole))
        ratios = [_percent(part.value, whole.value) for part in parts]
        if ratios and all(_excludes(share.value, ratio) for ratio in ratios):
            shown = bounds_text(*_rounded(ratios[0]), unit="percent")
            yield _case(evidence, "share-does-not-follow", share, [*parts, whole], shown, _RULE_SHARE).finding()


def _is_same_part(share: Figure, part: Figure, whole: Figure) -> bool:
    """Whether one is in numbers what the other is in percent.

    Both name the whole, or the part names none and is of the same counter and period. Where only the definition makes
    the part narrower than its whole, both must have that definition.
    """
    if part.unit != whole.unit or part.subject == whole.subject or _subset(part) != _subset(share):
        return False
    periods_meet = part.period is None or share.period is None or part.period.text == share.period.text
    by_whole = part.whole == whole.subject and periods_meet
    by_counter = not part.whole and part.period is not None and periods_meet and reporter(part) == reporter(share)
    is_narrower = _subset(share) != _subset(whole)
    return (by_whole or (by_counter and is_narrower)) and (is_narrower or definition_key(part) == definition_key(share))


def _subset(figure: Figure) -> tuple[str, frozenset[str], frozenset[str], frozenset[str]]:
    return figure.measure, frozenset(figure.area), frozenset(figure.actor), frozenset(figure.target)


def check_changes(evidence: Evidence) -> Iterator[Finding]:
    """Yield the changes that exclude the later value over the earlier one, where one counter gives both."""
    for change in evidence.figures:
        if change.unit != "percent_change" or change.period is None or change.compared_to is None:
            continue
        later = _values(evidence, change, change.period)
        earlier = _values(evidence, change, change.compared_to)
        ratios = [_growth(new.value, old.value) for new in later for old in earlier]
        if ratios and all(_excludes(change.value, ratio) for ratio in ratios):
            shown = bounds_text(*_rounded(ratios[0]), unit="percent_change")
            yield _case(evidence, "change-does-not-follow", change, [*later, *earlier], shown, _RULE_CHANGE).finding()


def _values(evidence: Evidence, change: Figure, period: Date) -> list[Figure]:
    """The absolute values, for one period, of what the change is a change of."""
    return in_order(
        figure
        for figure in evidence.figures
        if figure.unit in {"count", "persons"}
        and _subset(figure) == _subset(change)
        and figure.period is not None
        and (figure.period.earliest, figure.period.latest) == (period.earliest, period.latest)
        and same_count(figure, change)
    )


def _case(evidence: Evidence, kind: str, stated: Figure, numbers: Sequence[Figure], shown: str, rule: str) -> Case:
    value = quantity_text(stated.value, stated.unit)
    parts: list[Part] = [*said(value, [stated], "value"), f" for {describe(evidence, stated)} does not follow from "]
    for index, figure in enumerate(numbers):
        text = quantity_text(figure.value, figure.unit)
        parts += [" and " if index else "", *said(text, [figure], "value"), f" for {describe(evidence, figure)}"]
    is_one = len({document(figure) for figure in (stated, *numbers)}) == 1
    return Case(
        kind=kind,
        severity=Severity.ERROR if is_one else Severity.WARNING,
        title=f"{topic(evidence, stated)}: {value} stated, {shown} reckoned",
        text=[*parts, f", which give {shown}."],
        records=[stated, *numbers],
        rule=rule,
        property="value",
        values=[figure.value.text for figure in (stated, *numbers)],
        basis=stated.ids_of("whole", "compared_to"),
    )


def _excludes(stated: Quantity, ratio: _Bounds) -> bool:
    """Whether the stated percentage, with its rounding, excludes every reckoned one."""
    slack = _slack(stated)
    low, high = ratio
    too_low = stated.high is not None and low is not None and stated.high + slack < low
    return too_low or (stated.low is not None and high is not None and high < stated.low - slack)


def _slack(stated: Quantity) -> Decimal:
    """Half a point for whole percent; one unit of the last decimal where decimals are printed."""
    number = stated.best if stated.best is not None else stated.low
    exponent = number.as_tuple().exponent if number is not None else 0
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal(1).scaleb(-decimals) if decimals else Decimal("0.5")


def _percent(part: Quantity, whole: Quantity) -> _Bounds:
    """Bounds of the part over the whole, in percent."""
    low = _over(part.low, whole.high)
    return low, _over(part.high, whole.low)


def _growth(new: Quantity, old: Quantity) -> _Bounds:
    """Bounds of the change from old to new, in percent."""
    low, high = _percent(new, old)
    return (None if low is None else low - 100), (None if high is None else high - 100)


def _over(top: Decimal | None, bottom: Decimal | None) -> Decimal | None:
    return None if top is None or bottom is None or bottom <= 0 else top / bottom * 100


def _rounded(bounds: Iterable[Decimal | None]) -> tuple[Decimal | None, Decimal | None]:
    low, high = (None if bound is None else bound.quantize(_TENTH) for bound in bounds)
    return low, high
