"""One quantity with several values, sources that count different things, and one number with two meanings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from marsad.claims.consistency.compare import Weight, document, reporter, same_document, weigh_quantities
from marsad.claims.consistency.figures import (
    counter_text,
    definition_key,
    describe,
    grouped,
    is_about,
    is_slice,
    same_count,
    topic,
)
from marsad.claims.consistency.wording import Case, Part, by_issue, said
from marsad.model import Evidence, Figure, Finding, Quantity, Severity, joined, quantity_text, upper_first

__all__ = ["check_meanings", "check_quantities"]

_COUNTED = frozenset(
    {
        "attacks",
        "incidents",
        "killed",
        "injured",
        "casualties",
        "fighters",
        "returned",
        "deported",
        "to_be_expelled",
        "displaced",
        "refugees",
        "undocumented",
    }
)
"""Measures whose value depends on who counts what; of another measure a different definition is another quantity."""

_LASTING = frozenset({"length", "territory", "provinces"})
"""Measures that have one value without any period."""

_STILL_HERE = frozenset({"to_be_expelled", "undocumented", "refugees"})
_GONE = frozenset({"returned", "deported", "displaced"})
_STATUS = frozenset(
    {
        "voluntarily",
        "voluntary",
        "forcibly",
        "forced",
        "involuntarily",
        "planned",
        "registered",
        "unregistered",
        "documented",
        "undocumented",
        "confirmed",
        "unconfirmed",
    }
)
"""Words that say that people went, or are, under another condition."""

_LEAST = 1000

_RULE_ONE = "one counter that counts one thing in one way, for one area, period, actor and target, gives one value"
_RULE_COUNT = "different counters or definitions may give different values: shown side by side, neither is wrong"
_RULE_MEANING = (
    "one exact number from 1,000 up, with more than one significant digit, for people of one area or actor, does not "
    "stand for people still present and for people gone, nor for people under another condition"
)


def check_quantities(evidence: Evidence) -> Iterator[Finding]:
    """Yield the quantities that have several values, and the differences in counting."""
    for group in grouped(evidence.figures):
        figures = [figure for figure in group if not is_slice(evidence, figure)]
        if len({figure.value.text for figure in figures}) > 1:
            yield from _same_way(evidence, figures)
            yield from _other_way(evidence, figures)


def _same_way(evidence: Evidence, figures: Sequence[Figure]) -> Iterator[Finding]:
    """Figures with one definition: a conflict of one counter, or of several about what is not a matter of counting."""
    ways: dict[str, list[Figure]] = {}
    for figure in figures:
        ways.setdefault(definition_key(figure), []).append(figure)
    for way in ways.values():
        severities: set[Severity | None] = set()
        for left, right in combinations([group[0] for group in _alike(way)], 2):
            severities.add(_severity(evidence, left, right))
            if Severity.ERROR in severities:
                break
        for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE):
            if severity in severities:
                yield _conflict(evidence, way, severity).finding()
                break


def _alike(figures: Sequence[Figure]) -> list[list[Figure]]:
    """Figures of one value, counter, definition and place of reading together: they are compared as one."""
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        key = (figure.value.text, figure.source, figure.via, reporter(figure), definition_key(figure))
        groups.setdefault(key, []).append(figure)
    return list(groups.values())


def _severity(evidence: Evidence, left: Figure, right: Figure) -> Severity | None:
    weight = weigh_quantities(left.value, right.value)
    if weight is Weight.AGREE:
        return None
    if weight is Weight.CONFLICT and _is_revised(evidence, left, right):
        return Severity.WARNING if same_document(left, right) else None
    if not same_count(left, right):
        if weight is Weight.CONFLICT:
            return None if left.measure in _COUNTED else Severity.WARNING
        return Severity.NOTE if same_document(left, right) else None
    if weight is Weight.CONFLICT:
        is_fixed = left.period is not None or left.measure in _LASTING
        return Severity.ERROR if is_fixed and same_document(left, right) else Severity.WARNING
    return Severity.NOTE if weight is Weight.NOTE else Severity.WARNING


def _is_revised(evidence: Evidence, left: Figure, right: Figure) -> bool:
    """Whether one counter may have counted again: its counts stand in sources of which one is certainly older."""
    one, other = evidence.sources.get(left.source), evidence.sources.get(right.source)
    if one is None or other is None or left.measure not in _COUNTED or not same_count(left, right):
        return False
    return one.issued is not None and other.issued is not None and not one.issued.overlaps(other.issued)


def _conflict(evidence: Evidence, figures: Sequence[Figure], severity: Severity) -> Case:
    values: dict[str, list[Figure]] = {}
    for figure in by_issue(evidence, figures):
        values.setdefault(quantity_text(figure.value, figure.unit), []).append(figure)
    first = next(iter(values.values()))[0]
    verdict = {
        Severity.ERROR: "one document gives both, and both cannot be true",
        Severity.WARNING: "they do not sit well together",
        Severity.NOTE: "these may both be true",
    }[severity]
    parts: list[Part] = [f"{upper_first(describe(evidence, first))}: given as "]
    for index, (value, group) in enumerate(values.items()):
        counters = list(dict.fromkeys(filter(None, (counter_text(evidence, figure, figures) for figure in group))))
        parts += [" and as " if index else "", *said(value, group, "value")]
        parts += [f", {joined(counters)}" if counters else ""]
    return Case(
        kind="quantity-conflict",
        severity=severity,
        title=f"{upper_first(first.definition)}: {joined(list(values))}",
        text=[*(part for part in parts if part), f"; {verdict}."],
        records=[figure for group in values.values() for figure in group],
        rule=_RULE_ONE,
        property="value",
        values=[figure.value.text for group in values.values() for figure in group],
    )


def _other_way(evidence: Evidence, figures: Sequence[Figure]) -> Iterator[Finding]:
    """Counts of one scope by different counters or definitions that exclude one another: one note."""
    if figures[0].measure not in _COUNTED:
        return
    odd: set[str] = set()
    for ours, theirs in combinations(_alike(figures), 2):
        one, other = ours[0], theirs[0]
        is_new = one.record not in odd or other.record not in odd
        if is_new and _counts_apart(evidence, one, other):
            is_apart = weigh_quantities(one.value, other.value) is Weight.CONFLICT
            odd |= {figure.record for figure in (*ours, *theirs)} if is_apart else set()
    involved = [figure for figure in by_issue(evidence, figures) if figure.record in odd]
    if not involved:
        return
    by_way: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in involved:
        by_way.setdefault(
            (quantity_text(figure.value, figure.unit), definition_key(figure), reporter(figure)), []
        ).append(figure)
    parts: list[Part] = []
    for (value, _, _), group in by_way.items():
        parts += ["; " if parts else "", *said(value, group, "value"), f" for {describe(evidence, group[0], involved)}"]
    values = list(dict.fromkeys(value for value, _, _ in by_way))
    is_worded = len({definition for _, definition, _ in by_way}) > 1
    yield Case(
        kind="counting-difference",
        severity=Severity.NOTE,
        title=f"{topic(evidence, involved[0])}: {joined(values)}, counted differently",
        text=["They count different things: " if is_worded else "The counts differ: ", *parts, "."],
        records=involved,
        rule=_RULE_COUNT,
        property="value",
        values=[figure.value.text for figure in involved],
        basis=[found for figure in involved for found in figure.ids_of("definition", "reported_by")],
    ).finding()


def _counts_apart(evidence: Evidence, left: Figure, right: Figure) -> bool:
    """Whether two counters or definitions, or two editions of one in two documents, give the counts."""
    if not same_count(left, right):
        return True
    return not same_document(left, right) and _is_revised(evidence, left, right)


def check_meanings(evidence: Evidence) -> Iterator[Finding]:
    """Yield the numbers that stand for one thing here and for another there."""
    by_number: dict[str, list[Figure]] = {}
    for figure in evidence.figures:
        if is_about(figure, measures=_STILL_HERE | _GONE) and _is_telling(figure.value):
            by_number.setdefault(figure.value.text, []).append(figure)
    for number, figures in by_number.items():
        odd = {
            figure.record
            for left, right in combinations(figures, 2)
            if _means_another(left, right) and _could_be_one(evidence, left, right)
            for figure in (left, right)
        }
        if odd:
            yield _meaning(evidence, number, [figure for figure in figures if figure.record in odd]).finding()


def _is_telling(value: Quantity) -> bool:
    """Whether a number is so particular that its return is no accident: exact, large, and not round to one digit."""
    if not value.is_exact or value.best is None or value.best < _LEAST:
        return False
    return len(value.text.rstrip("0")) > 1 and value.best == value.best.to_integral_value()


def _means_another(left: Figure, right: Figure) -> bool:
    pair = {left.measure, right.measure}
    if pair & _STILL_HERE and pair & _GONE:
        return True
    ours, theirs = set(definition_key(left).split()), set(definition_key(right).split())
    return len(pair) == 1 and bool((ours ^ theirs) & _STATUS)


def _could_be_one(evidence: Evidence, left: Figure, right: Figure) -> bool:
    """Whether they share an area or an actor, and their periods do not exclude one another."""
    if left.period is not None and right.period is not None and not left.period.overlaps(right.period):
        return False
    area = any(evidence.areas_around(place) & set(right.area) - {"world"} for place in left.area) or any(
        evidence.areas_around(place) & set(left.area) - {"world"} for place in right.area
    )
    return area or bool(set(left.actor) & set(right.actor))


def _meaning(evidence: Evidence, number: str, figures: Sequence[Figure]) -> Case:
    ways: dict[tuple[str, str], list[Figure]] = {}
    for figure in by_issue(evidence, figures):
        ways.setdefault((figure.measure, definition_key(figure)), []).append(figure)
    value = quantity_text(figures[0].value)
    parts: list[Part] = []
    for group in ways.values():
        words = describe(evidence, group[0], figures)
        parts += [" and " if parts else "", *said(value, group, "value"), f" for {words}"]
    is_one = len({document(figure) for figure in figures}) == 1
    return Case(
        kind="same-number-different-meaning",
        severity=Severity.WARNING,
        title=f"{value}, one number for {joined([group[0].definition for group in ways.values()])}",
        text=[
            *parts,
            "; one number is given two meanings." if is_one else "; the documents use one number differently.",
        ],
        records=figures,
        rule=_RULE_MEANING,
        property="measure",
        values=[number, *(group[0].measure for group in ways.values())],
        basis=[found for figure in figures for found in figure.ids_of("measure", "definition")],
    )
