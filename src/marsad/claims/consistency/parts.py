"""Parts and wholes: sums that do not come out, parts larger than their whole, parts of another category."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from marsad.claims.consistency.compare import Weight, reporter, same_document, weigh_quantities
from marsad.claims.consistency.figures import (
    COUNTABLE,
    FULL,
    Scope,
    Span,
    actors_within,
    by_span,
    definition_key,
    describe,
    excludes_targets,
    is_about,
    is_total,
    places_within,
    scope_of,
    targets_within,
    topic,
)
from marsad.claims.consistency.wording import Case, Part, cited, in_order, said
from marsad.model import (
    Evidence,
    Figure,
    Finding,
    Number,
    Quantity,
    Severity,
    bounds_text,
    joined,
    quantity_text,
    targets_text,
)

__all__ = ["check_categories", "check_explicit", "check_implied", "check_sums"]

_HELD_BY = {"killed": "casualties", "injured": "casualties", "attacks": "incidents", "deported": "returned"}
"""The measure that by its meaning holds another, where one counter gives both."""
_SHOWN = 10
"""How many wholes a finding names that one part exceeds; a reader sees it from them."""
_GROUP_KINDS = frozenset({"armed_group", "movement"})

_RULE_SUM = "the parts of one breakdown, added as ranges, give the whole"
_RULE_WHOLE = "a part is not larger than the whole that it is said to belong to"
_RULE_WITHIN = (
    "a count whose closed period, area, actors and victims lie within those of another count, of the same measure or "
    "of one that holds it (casualties hold the killed), is not larger; different counters may count different things"
)
_RULE_CATEGORY = "the victims of a part belong to the class of the whole"


def check_sums(evidence: Evidence) -> Iterator[Finding]:
    """Yield the breakdowns whose sum excludes their whole."""
    breakdowns: dict[tuple[str, str], list[Figure]] = {}
    for figure in evidence.figures:
        if figure.whole in evidence.figure_by_id and figure.breakdown:
            breakdowns.setdefault((figure.whole, figure.breakdown), []).append(figure)
    for (whole, _), parts in breakdowns.items():
        case = _sum(evidence, evidence.figure_by_id[whole], in_order(parts))
        if case is not None:
            yield case.finding()


def _sum(evidence: Evidence, whole: Figure, figures: Sequence[Figure]) -> Case | None:
    """The case where the sum excludes the whole; percentages of a number make up a hundred, fractions one."""
    terms: dict[tuple[object, str], list[Figure]] = {}
    for figure in figures:
        terms.setdefault((scope_of(figure), definition_key(figure)), []).append(figure)
    units = {figure.unit for figure in figures}
    if len(terms) < 2 or len(units) != 1:
        return None
    unit = units.pop()
    target = _target(unit, whole)
    if target is None:
        return None
    slack = sum((_half_digit(group[0].value) for group in terms.values()), Decimal(0)) if unit in FULL else Decimal(0)
    low, high, is_open = _total(list(terms.values()))
    if not _excludes(low - slack, None if high is None else high + slack, target, is_open=is_open):
        return None
    return _sum_case(
        evidence, whole, [group[0] for group in terms.values()], bounds_text(low, high, unit=unit), figures
    )


def _target(unit: str, whole: Figure) -> Quantity | None:
    """What parts in a unit should give: the whole; all of it where they are shares of a number; else not known."""
    if unit == whole.unit:
        return whole.value
    return Quantity.parse(str(FULL[unit])) if unit in FULL and whole.unit not in FULL else None


def _sum_case(
    evidence: Evidence, whole: Figure, terms: Sequence[Figure], total: str, figures: Sequence[Figure]
) -> Case:
    sentence: list[Part] = [f"{describe(evidence, whole)}, in parts: "]
    for index, figure in enumerate(terms):
        sentence += [
            " + " if index else "",
            Number(text=quantity_text(figure.value, figure.unit), statements=figure.ids_of("value")),
        ]
    unit = terms[0].unit
    target = quantity_text(_target(unit, whole) or whole.value, unit)
    sentence += [f" = {total}, not ", Number(text=target, statements=whole.ids_of("value")), *cited([whole, *figures])]
    added = " + ".join(quantity_text(figure.value, figure.unit) for figure in terms)
    return Case(
        kind="parts-do-not-add-up",
        severity=_certain(whole, figures),
        title=f"{topic(evidence, whole)}: {added} = {total}, not {target}",
        text=[_capital(sentence[0]), *sentence[1:], "; the parts do not give the whole."],
        records=[whole, *figures],
        rule=_RULE_SUM,
        property="value",
        values=[figure.value.text for figure in (*terms, whole)],
        basis=[found for figure in figures for found in figure.ids_of("value", "whole", "breakdown")],
    )


def _total(terms: Sequence[Sequence[Figure]]) -> tuple[Decimal, Decimal | None, bool]:
    """Lower and upper bound of a sum of numbers that are not negative, and whether the lower bound itself is excluded.

    A part that is reported several times counts once, with the widest bounds of its reports.
    """
    lows = [min(figure.value.low or Decimal(0) for figure in group) for group in terms]
    highs = [[figure.value.high for figure in group] for group in terms]
    known = [max(high for high in group if high is not None) for group in highs if None not in group]
    is_open = any(all(figure.value.low_open for figure in group) for group in terms)
    return sum(lows, Decimal(0)), sum(known, Decimal(0)) if len(known) == len(highs) else None, is_open


def _excludes(low: Decimal, high: Decimal | None, whole: Quantity, *, is_open: bool) -> bool:
    """Whether no value of the range is a value of the whole."""
    if whole.high is not None and (low > whole.high or (low == whole.high and (is_open or whole.high_open))):
        return True
    return high is not None and whole.low is not None and (high < whole.low or (high == whole.low and whole.low_open))


def _half_digit(value: Quantity) -> Decimal:
    """Half a unit of the last digit that is printed."""
    number = value.best if value.best is not None else value.low
    exponent = number.as_tuple().exponent if number is not None else 0
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0) / 2


def check_explicit(evidence: Evidence) -> Iterator[Finding]:
    """Yield the parts that are larger than the whole that they name."""
    for part in evidence.figures:
        whole = evidence.figure_by_id.get(part.whole)
        if whole is not None and whole.unit == part.unit and whole.value.is_below(part.value):
            yield _larger(evidence, part, [whole], _certain(whole, [part]), _RULE_WHOLE).finding()


def check_implied(evidence: Evidence) -> Iterator[Finding]:
    """Yield the figures that exceed a figure which must contain them; a note where the two count different things."""
    figures = [figure for figure in in_order(evidence.figures) if is_about(figure, measures=COUNTABLE)]
    totals = _totals(evidence, figures)
    by_way: dict[tuple[str, Scope], list[Figure]] = {}
    for figure in evidence.figures:
        by_way.setdefault((reporter(figure), scope_of(figure)), []).append(figure)
    for part in figures:
        wholes = in_order(
            whole
            for whole in _smaller(evidence, part, totals)
            if _is_inside(evidence, part, whole)
            and (_is_one_count(part, whole) or _is_comparable(evidence, part, whole, by_way))
        )
        alike = [whole for whole in wholes if _is_one_count(part, whole) or _is_one_source(part, whole)]
        if alike:
            certain = any(same_document(part, whole) and reporter(part) == reporter(whole) for whole in alike)
            severity = Severity.ERROR if certain else Severity.WARNING
            yield _larger(evidence, part, alike[:_SHOWN], severity, _RULE_WITHIN).finding()
        told = {whole.record for whole in alike}
        others = [whole for whole in wholes if whole.record not in told]
        if others:
            yield _larger(evidence, part, others[:_SHOWN], Severity.NOTE, _RULE_WITHIN).finding()


_Totals = dict[tuple[str, str], dict[Span, list[Figure]]]


def _totals(evidence: Evidence, figures: Sequence[Figure]) -> _Totals:
    """The figures that are totals and have an upper bound, by measure and area and by span, the smallest first."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for figure in sorted(figures, key=_high):
        if figure.value.high is not None and is_total(evidence, figure):
            for area in figure.area:
                found.setdefault((figure.measure, area), []).append(figure)
    return {key: by_span(group) for key, group in found.items()}


def _high(figure: Figure) -> Decimal:
    return Decimal(0) if figure.value.high is None else figure.value.high


def _smaller(evidence: Evidence, part: Figure, totals: _Totals) -> list[Figure]:
    """The totals around a figure, in area and period, that are certainly smaller than it."""
    if part.period is None or part.value.low is None:
        return []
    around = evidence.areas_around(part.area[0]) if part.area else ()
    measures = [part.measure, *([_HELD_BY[part.measure]] if part.measure in _HELD_BY else [])]
    found: dict[str, Figure] = {}
    for key in ((measure, area) for measure in measures for area in around):
        for group in totals.get(key, {}).values():
            if group[0].period is None or not group[0].period.contains(part.period):
                continue
            for whole in group:
                if _high(whole) > part.value.low:
                    break
                if whole.value.is_below(part.value):
                    found[whole.record] = whole
    return list(found.values())


def _is_inside(evidence: Evidence, part: Figure, whole: Figure) -> bool:
    """Whether the scope of one is certainly narrower than that of the other, and their measures may be compared."""
    if part.period is None or whole.period is None or not whole.period.contains(part.period):
        return False
    if part.whole == whole.subject or scope_of(part) == scope_of(whole):
        return False
    if not places_within(evidence, part, whole) or not actors_within(evidence, part.actor, whole.actor):
        return False
    return targets_within(part.target, whole.target) and (
        part.measure == whole.measure or reporter(part) == reporter(whole)
    )


def _is_one_count(part: Figure, whole: Figure) -> bool:
    """Whether one counter gives both, or both are counted in one way."""
    return reporter(part) == reporter(whole) or definition_key(part) == definition_key(whole)


def _is_one_source(part: Figure, whole: Figure) -> bool:
    return bool(part.source) and part.source == whole.source


def _is_comparable(
    evidence: Evidence, part: Figure, whole: Figure, by_way: Mapping[tuple[str, Scope], Sequence[Figure]]
) -> bool:
    """Whether another counter's total should hold it.

    Totals of terrorism count neither what states do nor, as a rule, dead militants. Where the part's counter has a
    total of its own that differs, the difference lies in the counting and is told there.
    """
    if set(part.target) & {"militants", "members"} and not whole.target:
        return False
    kinds = {found.kind for actor in part.actor if (found := evidence.actor_by_id.get(actor))}
    if not whole.actor and kinds - _GROUP_KINDS:
        return False
    return not any(
        weigh_quantities(figure.value, whole.value) is Weight.CONFLICT
        for figure in by_way.get((reporter(part), scope_of(whole)), ())
    )


def _larger(evidence: Evidence, part: Figure, wholes: Sequence[Figure], severity: Severity, rule: str) -> Case:
    """The case of a part that exceeds wholes; as a note it says that they count different things."""
    number = quantity_text(part.value, part.unit)
    others = [quantity_text(whole.value, whole.unit) for whole in wholes]
    among = (part, *wholes)
    parts: list[Part] = [*said(number, [part], "value"), f" for {describe(evidence, part, among)} is more than "]
    for index, whole in enumerate(wholes):
        parts += [
            " and than " if index else "",
            *said(others[index], [whole], "value"),
            f" for {describe(evidence, whole, among)}",
        ]
    is_note = severity is Severity.NOTE
    differently = ", counted differently" if is_note else ""
    return Case(
        kind="part-larger-than-whole",
        severity=severity,
        title=f"{topic(evidence, part)}: {number}, in a whole of {joined(list(dict.fromkeys(others)))}{differently}",
        text=[*parts, "; they count different things." if is_note else ", which should hold it."],
        records=list(among),
        rule=rule,
        property="value",
        values=[figure.value.text for figure in among],
        basis=part.ids_of("whole") if rule == _RULE_WHOLE else (),
    )


def check_categories(evidence: Evidence) -> Iterator[Finding]:
    """Yield the parts whose victims are of a class that the whole excludes."""
    for part in evidence.figures:
        whole = evidence.figure_by_id.get(part.whole)
        if whole is None or not excludes_targets(part.target, whole.target):
            continue
        inner, outer = targets_text(part.target), targets_text(whole.target)
        number, total = quantity_text(part.value, part.unit), quantity_text(whole.value, whole.unit)
        yield Case(
            kind="category-conflict",
            severity=_certain(whole, [part]),
            title=f"{topic(evidence, whole)}: {total} {outer}, among them {number} {inner}",
            text=[
                f"{_capital(describe(evidence, whole))}: ",
                *said(f"{total} {outer}", [whole], "value", "target"),
                " are said to include ",
                *said(f"{number} {inner}", [part], "value", "target"),
                "; the one excludes the other.",
            ],
            records=[whole, part],
            rule=_RULE_CATEGORY,
            property="target",
            values=[*whole.target, *part.target],
            basis=part.ids_of("whole"),
        ).finding()


def _certain(whole: Figure, parts: Sequence[Figure]) -> Severity:
    """An error where all is read in one document; otherwise a dispute between documents."""
    return Severity.ERROR if all(same_document(whole, part) for part in parts) else Severity.WARNING


def _capital(part: Part) -> Part:
    return part[:1].upper() + part[1:] if isinstance(part, str) else part
