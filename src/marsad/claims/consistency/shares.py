"""Percentages that do not follow from their numbers, and shares of more than the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from marsad.claims.consistency.compare import document, reporter
from marsad.claims.consistency.figures import FULL, definition_key, describe, same_count, topic
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import Date, Evidence, Figure, Finding, Quantity, Severity, bounds_text, quantity_text

__all__ = ["check_changes", "check_full", "check_shares"]

_Bounds = tuple[Decimal | None, Decimal | None]
_Subset = tuple[str, frozenset[str], frozenset[str], frozenset[str]]

_HUNDREDTH = Decimal("0.01")
_TENTH = Decimal("0.1")

_RULE_FULL = "a share of a whole is not more than all of it"
_RULE_SHARE = "a percentage is the part over the whole, within half a point or one unit of its last printed decimal"
_RULE_CHANGE = "a change is the later value over the earlier one, less one, within the rounding of the percentage"


def check_full(evidence: Evidence) -> Iterator[Finding]:
    """Yield the shares of more than the whole."""
    for figure in evidence.figures:
        full = FULL.get(figure.unit)
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
    by_subset = _by_subset(evidence)
    for share in evidence.figures:
        whole = evidence.figure_by_id.get(share.whole)
        if whole is None or share.unit not in FULL or whole.unit in FULL:
            continue
        parts = in_order(part for part in by_subset[_subset(share)] if _is_same_part(share, part, whole))
        ratios = [_ratio(part.value, whole.value, full=FULL[share.unit]) for part in parts]
        if ratios and all(_excludes(share.value, ratio) for ratio in ratios):
            shown = bounds_text(*_rounded(ratios[0], unit=share.unit), unit=share.unit)
            yield _case(evidence, "share-does-not-follow", share, [*parts, whole], shown, _RULE_SHARE).finding()


def _is_same_part(share: Figure, part: Figure, whole: Figure) -> bool:
    """Whether one, of the same scope, is in numbers what the other is in percent.

    Both name the whole, or the part names none and is of the same counter and period. Where only the definition makes
    the part narrower than its whole, both must have that definition.
    """
    if part.unit != whole.unit or part.subject == whole.subject:
        return False
    periods_meet = part.period is None or share.period is None or part.period.text == share.period.text
    by_whole = part.whole == whole.subject and periods_meet
    by_counter = not part.whole and part.period is not None and periods_meet and reporter(part) == reporter(share)
    is_narrower = _subset(share) != _subset(whole)
    return (by_whole or (by_counter and is_narrower)) and (is_narrower or definition_key(part) == definition_key(share))


def _subset(figure: Figure) -> _Subset:
    return figure.measure, frozenset(figure.area), frozenset(figure.actor), frozenset(figure.target)


def _by_subset(evidence: Evidence) -> dict[_Subset, list[Figure]]:
    groups: dict[_Subset, list[Figure]] = {}
    for figure in evidence.figures:
        groups.setdefault(_subset(figure), []).append(figure)
    return groups


def check_changes(evidence: Evidence) -> Iterator[Finding]:
    """Yield the changes that exclude the later value over the earlier one, where one counter gives both.

    Values counted as the change is are held against it; where there are none, any counted alike, for a warning.
    """
    by_subset = _by_subset(evidence)
    for change in evidence.figures:
        if change.unit != "percent_change" or change.period is None or change.compared_to is None:
            continue
        alike = by_subset[_subset(change)]
        later, earlier = (_values(alike, change, period) for period in (change.period, change.compared_to))
        pairs = [(new, old) for new in later for old in earlier if same_count(new, old)]
        own = [pair for pair in pairs if same_count(pair[0], change)]
        ratios = [_growth(new.value, old.value) for new, old in own or pairs]
        if ratios and all(_excludes(change.value, ratio) for ratio in ratios):
            shown = bounds_text(*_rounded(ratios[0], unit=change.unit), unit=change.unit)
            used = {figure.record: figure for side in zip(*(own or pairs), strict=True) for figure in side}
            numbers = list(used.values())
            yield _case(
                evidence, "change-does-not-follow", change, numbers, shown, _RULE_CHANGE, is_certain=bool(own)
            ).finding()


def _values(alike: Iterable[Figure], change: Figure, period: Date) -> list[Figure]:
    """The absolute values that the counter of a change gives for one period."""
    return in_order(
        figure
        for figure in alike
        if figure.unit in {"count", "persons"}
        and figure.period is not None
        and (figure.period.earliest, figure.period.latest) == (period.earliest, period.latest)
        and reporter(figure) == reporter(change)
    )


def _case(
    evidence: Evidence,
    kind: str,
    stated: Figure,
    numbers: Sequence[Figure],
    shown: str,
    rule: str,
    *,
    is_certain: bool = True,
) -> Case:
    value = quantity_text(stated.value, stated.unit)
    parts: list[Part] = [
        *said(value, [stated], "value"),
        f" for {describe(evidence, stated, numbers)} does not follow from ",
    ]
    for index, figure in enumerate(numbers):
        text = quantity_text(figure.value, figure.unit)
        parts += [
            " and " if index else "",
            *said(text, [figure], "value"),
            f" for {describe(evidence, figure, (stated, *numbers))}",
        ]
    is_one = len({document(figure) for figure in (stated, *numbers)}) == 1
    return Case(
        kind=kind,
        severity=Severity.ERROR if is_one and is_certain else Severity.WARNING,
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


def _ratio(part: Quantity, whole: Quantity, *, full: Decimal) -> _Bounds:
    """Bounds of the part over the whole, where all of the whole is ``full``."""
    bounds = _over(part.low, whole.high), _over(part.high, whole.low)
    low, high = (None if bound is None else bound * full for bound in bounds)
    return low, high


def _growth(new: Quantity, old: Quantity) -> _Bounds:
    """Bounds of the change from old to new, in percent."""
    low, high = _ratio(new, old, full=Decimal(100))
    return (None if low is None else low - 100), (None if high is None else high - 100)


def _over(top: Decimal | None, bottom: Decimal | None) -> Decimal | None:
    return None if top is None or bottom is None or bottom <= 0 else top / bottom


def _rounded(bounds: Iterable[Decimal | None], *, unit: str) -> _Bounds:
    digit = _HUNDREDTH if unit == "share" else _TENTH
    low, high = (None if bound is None else bound.quantize(digit) for bound in bounds)
    return low, high
