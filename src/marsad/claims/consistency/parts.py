"""Parts and wholes: sums that do not come out, parts larger than their whole, parts of another category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from marsad.claims.consistency.compare import Weight, reporter, same_document, weigh_quantities
from marsad.claims.consistency.figures import (
    actors_within,
    definition_key,
    describe,
    is_about,
    is_slice,
    places_within,
    scope_of,
    targets_within,
    topic,
)
from marsad.claims.consistency.wording import Case, Part, cited, in_order, said
from marsad.model import (
    Event,
    Evidence,
    Figure,
    Finding,
    Number,
    Quantity,
    Severity,
    bounds_text,
    broader_targets,
    date_text,
    joined,
    label,
    quantity_text,
    targets_text,
)

__all__ = ["check_categories", "check_event_in_figure", "check_explicit", "check_implied", "check_sums", "check_tolls"]

_COUNTABLE = frozenset({"attacks", "incidents", "killed", "injured", "casualties", "returned", "deported", "displaced"})
_GROUP_KINDS = frozenset({"armed_group", "movement"})
_ATTACKS = frozenset({"suicide_bombing", "bombing", "armed_attack", "assassination"})
_UNARMED = frozenset({"civilians", "refugees", "religious", "political"})
_ARMED = frozenset({"security", "military", "police", "militants"})

_RULE_SUM = "the parts of one breakdown, added as ranges, give the whole"
_RULE_WHOLE = "a part is not larger than the whole that it is said to belong to"
_RULE_WITHIN = (
    "a count whose closed period, area, actors and victims lie within those of another count of the same measure is "
    "not larger; counters may define it differently"
)
_RULE_EVENT = "the toll of one event is not larger than the count of all victims in the same area and period"
_RULE_TOLL = "civilians and security forces among the killed are not more than the killed"
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
    """The case where the sum excludes the whole; percentages of a number make up a hundred."""
    terms: dict[tuple[object, str], list[Figure]] = {}
    for figure in figures:
        terms.setdefault((scope_of(figure), definition_key(figure)), []).append(figure)
    units = {figure.unit for figure in figures}
    if len(terms) < 2 or len(units) != 1:
        return None
    unit = units.pop()
    of_hundred = unit == "percent" and whole.unit != "percent"
    if unit != whole.unit and not of_hundred:
        return None
    slack = (
        sum((_half_digit(group[0].value) for group in terms.values()), Decimal(0)) if unit == "percent" else Decimal(0)
    )
    low, high, is_open = _total(list(terms.values()))
    target = Quantity.parse("100") if of_hundred else whole.value
    if not _excludes(low - slack, None if high is None else high + slack, target, is_open=is_open):
        return None
    return _sum_case(
        evidence, whole, [group[0] for group in terms.values()], bounds_text(low, high, unit=unit), figures
    )


def _sum_case(
    evidence: Evidence, whole: Figure, terms: Sequence[Figure], total: str, figures: Sequence[Figure]
) -> Case:
    sentence: list[Part] = [f"{describe(evidence, whole)}, in parts: "]
    for index, figure in enumerate(terms):
        sentence += [
            " + " if index else "",
            Number(text=quantity_text(figure.value, figure.unit), statements=figure.ids_of("value")),
        ]
    target = "100%" if terms[0].unit == "percent" != whole.unit else quantity_text(whole.value, whole.unit)
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
    """Yield the figures that exceed a figure which must contain them."""
    figures = [figure for figure in evidence.figures if is_about(figure, measures=_COUNTABLE)]
    totals = [figure for figure in figures if _is_total(evidence, figure)]
    for part in in_order(figures):
        wholes = [whole for whole in totals if whole.value.is_below(part.value) and _is_inside(evidence, part, whole)]
        if wholes:
            certain = any(same_document(part, whole) and _is_one_count(part, whole) for whole in wholes)
            severity = Severity.ERROR if certain else Severity.WARNING
            yield _larger(evidence, part, in_order(wholes), severity, _RULE_WITHIN).finding()


def _is_total(evidence: Evidence, figure: Figure) -> bool:
    """Whether it says of a closed period and an area how many there were in all."""
    period = figure.period
    is_closed = period is not None and period.earliest is not None and period.latest is not None
    return is_closed and bool(figure.area) and not is_slice(evidence, figure)


def _is_inside(evidence: Evidence, part: Figure, whole: Figure) -> bool:
    """Whether the scope of one is certainly narrower than that of the other, and the counts may be compared."""
    inner, outer = scope_of(part), scope_of(whole)
    if inner == outer or (inner.measure, inner.unit) != (outer.measure, outer.unit) or part.whole == whole.subject:
        return False
    if part.period is None or whole.period is None or not whole.period.contains(part.period):
        return False
    if not places_within(evidence, part, whole) or not actors_within(evidence, part.actor, whole.actor):
        return False
    if not targets_within(part.target, whole.target):
        return False
    return _is_one_count(part, whole) or _is_comparable(evidence, part, whole)


def _is_one_count(part: Figure, whole: Figure) -> bool:
    """Whether one counter gives both, or both are counted in one way."""
    return reporter(part) == reporter(whole) or definition_key(part) == definition_key(whole)


def _is_comparable(evidence: Evidence, part: Figure, whole: Figure) -> bool:
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
        reporter(figure) == reporter(part)
        and scope_of(figure) == scope_of(whole)
        and weigh_quantities(figure.value, whole.value) is Weight.CONFLICT
        for figure in evidence.figures
    )


def _larger(evidence: Evidence, part: Figure, wholes: Sequence[Figure], severity: Severity, rule: str) -> Case:
    number = quantity_text(part.value, part.unit)
    others = [quantity_text(whole.value, whole.unit) for whole in wholes]
    parts: list[Part] = [*said(number, [part], "value"), f" for {describe(evidence, part)} is more than "]
    for index, whole in enumerate(wholes):
        parts += [
            " and than " if index else "",
            *said(others[index], [whole], "value"),
            f" for {describe(evidence, whole)}",
        ]
    return Case(
        kind="part-larger-than-whole",
        severity=severity,
        title=f"{topic(evidence, part)}: {number}, in a whole of {joined(list(dict.fromkeys(others)))}",
        text=[*parts, ", which should hold it."],
        records=[part, *wholes],
        rule=rule,
        property="value",
        values=[figure.value.text for figure in (part, *wholes)],
        basis=part.ids_of("whole") if rule == _RULE_WHOLE else (),
    )


def check_event_in_figure(evidence: Evidence) -> Iterator[Finding]:
    """Yield the counts of all victims that are smaller than the toll of one event among them."""
    for measure in ("killed", "injured"):
        tolls = _tolls(evidence, measure)
        for figure in in_order(evidence.figures):
            if figure.target or not is_about(figure, measures=[measure]) or not _is_total(evidence, figure):
                continue
            for least, events in tolls:
                is_more = figure.value.high is not None and least >= figure.value.high
                if is_more and all(_exceeds(evidence, event, figure) for event in events):
                    yield _event_case(evidence, in_order(events), figure).finding()


def _tolls(evidence: Evidence, measure: str) -> list[tuple[Decimal, list[Event]]]:
    """The attacks with a toll: its lowest lower bound and the reports that give it."""
    reports: dict[str, list[Event]] = {}
    for event in evidence.events:
        if event.kind in _ATTACKS and getattr(event, measure) is not None:
            reports.setdefault(event.subject, []).append(event)
    lows = [(min(getattr(event, measure).low or Decimal(0) for event in group), group) for group in reports.values()]
    return sorted(lows, key=lambda pair: pair[1][0].subject)


def _exceeds(evidence: Evidence, event: Event, figure: Figure) -> bool:
    toll: Quantity = getattr(event, figure.measure)
    if not figure.value.is_below(toll) or event.date is None or figure.period is None or not event.place:
        return False
    inside = figure.period.contains(event.date) and evidence.is_within(event.place, figure.area)
    return inside and (not figure.actor or actors_within(evidence, event.actor, figure.actor))


def _event_case(evidence: Evidence, events: Sequence[Event], figure: Figure) -> Case:
    measure, name = figure.measure, label(evidence, events[0].subject)
    total = quantity_text(figure.value, figure.unit)
    parts: list[Part] = [f"{name} alone: "]
    for index, event in enumerate(events):
        parts += [
            " and " if index else "",
            *said(f"{quantity_text(getattr(event, measure))} {measure}", [event], measure),
        ]
    parts += [
        ", more than ",
        *said(total, [figure], "value"),
        f" for {describe(evidence, figure)}, which should hold it.",
    ]
    return Case(
        kind="part-larger-than-whole",
        severity=Severity.WARNING,
        title=f"{name}: more {measure} than in a count of all, {total}",
        text=parts,
        records=[*events, figure],
        rule=_RULE_EVENT,
        property=measure,
        values=[*(str(getattr(event, measure)) for event in events), figure.value.text],
    )


def check_tolls(evidence: Evidence) -> Iterator[Finding]:
    """Yield the reports of an event whose killed civilians and security forces are more than its killed."""
    for event in evidence.events:
        groups = [name for name in ("killed_civilians", "killed_security") if getattr(event, name) is not None]
        if event.killed is None or event.killed.high is None or not groups:
            continue
        tolls: list[Quantity] = [getattr(event, name) for name in groups]
        low = sum((toll.low or Decimal(0) for toll in tolls), Decimal(0))
        if _excludes(low, None, event.killed, is_open=any(toll.low_open for toll in tolls)):
            yield _toll_case(evidence, event, groups).finding()


def _toll_case(evidence: Evidence, event: Event, groups: Sequence[str]) -> Case:
    name, killed = label(evidence, event.subject), quantity_text(event.killed) if event.killed else ""
    parts: list[Part] = [f"{name}: "]
    for index, group in enumerate(groups):
        text = f"{quantity_text(getattr(event, group))} {group.removeprefix('killed_')}"
        parts += [" and " if index else "", Number(text=text, statements=event.ids_of(group))]
    when = f" on {date_text(event.date)}" if event.date else ""
    return Case(
        kind="part-larger-than-whole",
        severity=Severity.ERROR,
        title=f"{name}: more dead by class than dead in all",
        text=[*parts, f" among the killed{when} are more than all killed, ", *said(killed, [event], "killed"), "."],
        records=[event],
        rule=_RULE_TOLL,
        property="killed",
        values=[str(getattr(event, group)) for group in (*groups, "killed")],
    )


def check_categories(evidence: Evidence) -> Iterator[Finding]:
    """Yield the parts whose victims are of a class that the whole excludes."""
    for part in evidence.figures:
        whole = evidence.figure_by_id.get(part.whole)
        if whole is None or not _excluded(part.target, whole.target):
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


def _excluded(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Whether one names only unarmed victims and the other armed ones, or the other way round."""
    ours, theirs = set(inner), set(outer)
    if not theirs or any(broader_targets(target) & theirs for target in ours):
        return False
    return bool((ours & _ARMED and theirs <= _UNARMED) or (ours & _UNARMED and theirs <= _ARMED))


def _certain(whole: Figure, parts: Sequence[Figure]) -> Severity:
    """An error where all is read in one document; otherwise a dispute between documents."""
    return Severity.ERROR if all(same_document(whole, part) for part in parts) else Severity.WARNING


def _capital(part: Part) -> Part:
    return part[:1].upper() + part[1:] if isinstance(part, str) else part
