"""Tolls of events: larger than a count of all victims, and more dead by class than dead in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from marsad.claims.consistency.compare import document, same_document
from marsad.claims.consistency.figures import actors_within, describe, is_about, is_total
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import (
    Event,
    Evidence,
    Figure,
    Finding,
    Number,
    Quantity,
    Severity,
    bounds_text,
    date_text,
    joined,
    label,
    quantity_text,
)

__all__ = ["check_events_in_figures", "check_tolls"]

_ATTACKS = frozenset({"suicide_bombing", "bombing", "armed_attack", "assassination"})

_SHOWN = 5
_LONGEST = 62

_RULE_EVENT = "the toll of the events in an area and period is not larger than the count of all victims there"
_RULE_TOLL = "civilians and security forces among the killed are not more than the killed"


def check_events_in_figures(evidence: Evidence) -> Iterator[Finding]:
    """Yield the counts of all victims that are smaller than the toll of one event among them, or of several."""
    for measure in ("killed", "injured"):
        totals = [
            figure
            for figure in in_order(evidence.figures)
            if is_about(figure, measures=[measure]) and not figure.target and is_total(evidence, figure)
        ]
        tolls = _tolls(evidence, measure)
        told = set[str]()
        for least, events in tolls:
            wholes = [
                figure
                for figure in totals
                if _is_reached(figure, least)
                and all(
                    figure.value.is_below(getattr(event, measure)) and _is_in(evidence, event, figure)
                    for event in events
                )
            ]
            if wholes:
                told |= {whole.record for whole in wholes}
                yield _event_case(evidence, in_order(events), wholes[:_SHOWN]).finding()
        for figure in totals:
            if figure.record not in told:
                yield from _together(evidence, tolls, figure)


def _is_reached(figure: Figure, least: Decimal) -> bool:
    return figure.value.high is not None and least >= figure.value.high


def _tolls(evidence: Evidence, measure: str) -> list[tuple[Decimal, list[Event]]]:
    """The attacks with a toll: its lowest lower bound and the reports that give it."""
    reports: dict[str, list[Event]] = {}
    for event in evidence.events:
        if event.kind in _ATTACKS and getattr(event, measure) is not None and not _is_long(event):
            reports.setdefault(event.subject, []).append(event)
    lows = [(min(getattr(event, measure).low or Decimal(0) for event in group), group) for group in reports.values()]
    return sorted(lows, key=lambda pair: pair[1][0].subject)


def _is_long(event: Event) -> bool:
    """Whether it lasted for months: a campaign, which holds other events."""
    date = event.date
    return (
        date is not None
        and date.earliest is not None
        and date.latest is not None
        and (date.latest - date.earliest).days > _LONGEST
        and date.is_interval
    )


def _is_in(evidence: Evidence, event: Event, figure: Figure) -> bool:
    """Whether the event certainly lies in the period and area of the figure, and was by its actor."""
    if event.date is None or figure.period is None or not event.place:
        return False
    inside = figure.period.contains(event.date) and evidence.is_within(event.place, figure.area)
    return inside and (not figure.actor or actors_within(evidence, event.actor, figure.actor))


def _event_case(evidence: Evidence, events: Sequence[Event], wholes: Sequence[Figure]) -> Case:
    measure, name = wholes[0].measure, label(evidence, events[0].subject)
    totals = [quantity_text(whole.value, whole.unit) for whole in wholes]
    parts: list[Part] = [f"{name} alone: "]
    for index, event in enumerate(events):
        parts += [
            " and " if index else "",
            *said(f"{quantity_text(getattr(event, measure))} {measure}", [event], measure),
        ]
    for index, (total, whole) in enumerate(zip(totals, wholes, strict=True)):
        parts += [
            " and than " if index else ", more than ",
            *said(total, [whole], "value"),
            f" for {describe(evidence, whole, wholes)}",
        ]
    return Case(
        kind="part-larger-than-whole",
        severity=Severity.WARNING,
        title=f"{name}: more {measure} than in a count of all, {joined(list(dict.fromkeys(totals)))}",
        text=[*parts, ", which should hold it."],
        records=[*events, *wholes],
        rule=_RULE_EVENT,
        property=measure,
        values=[*(str(getattr(event, measure)) for event in events), *(whole.value.text for whole in wholes)],
    )


def _together(
    evidence: Evidence, tolls: Sequence[tuple[Decimal, Sequence[Event]]], figure: Figure
) -> Iterator[Finding]:
    """The finding where several events, none of them a stage of another, have together more victims than the count."""
    high, measure = figure.value.high, figure.measure
    inside = [
        (least, min(in_order(events), key=lambda event: getattr(event, measure).low or 0))
        for least, events in tolls
        if least > 0 and all(not event.part_of and _is_in(evidence, event, figure) for event in events)
    ]
    low = sum((least for least, _ in inside), Decimal(0))
    if high is None or not inside[1:] or low <= high:
        return
    total, more = quantity_text(figure.value, figure.unit), len(inside) - _SHOWN
    parts: list[Part] = []
    for _, event in inside[:_SHOWN]:
        text = f"{quantity_text(getattr(event, measure))} {measure}"
        parts += ["; " if parts else "", f"{label(evidence, event.subject)}: ", *said(text, [event], measure)]
    parts += [
        f"; and {more} more" if more > 0 else "",
        f"; together {bounds_text(low, None)}, more than ",
        *said(total, [figure], "value"),
    ]
    yield Case(
        kind="part-larger-than-whole",
        severity=Severity.WARNING,
        title=f"{len(inside)} events: together more {measure} than in a count of all, {total}",
        text=[*(part for part in parts if part), f" for {describe(evidence, figure)}, which should hold them."],
        records=[*(event for _, event in inside), figure],
        rule=_RULE_EVENT,
        property=measure,
        values=[*(str(getattr(event, measure)) for _, event in inside), figure.value.text],
        basis=[found for _, event in inside for found in event.ids_of(measure)],
    ).finding()


def check_tolls(evidence: Evidence) -> Iterator[Finding]:
    """Yield the events with more killed civilians and security forces than killed.

    The classes of one report are held against its own total; where it has none, against the totals in its document;
    where there are none, against those of the other reports.
    """
    reports: dict[str, list[Event]] = {}
    for event in evidence.events:
        reports.setdefault(event.subject, []).append(event)
    for group in reports.values():
        totals = in_order(event for event in group if event.killed is not None)
        beside: dict[str, list[Event]] = {}
        for total in totals:
            beside.setdefault(document(total), []).append(total)
        for event in group:
            own = [event] if event.killed is not None else beside.get(document(event), totals)
            if _is_overfull(event, own):
                yield _toll_case(evidence, event, own).finding()


def _classes(event: Event) -> list[str]:
    """The classes of the killed that exclude one another and of which it gives the number."""
    return [name for name in ("killed_civilians", "killed_security") if getattr(event, name) is not None]


def _is_overfull(event: Event, totals: Sequence[Event]) -> bool:
    """Whether the classes are together more than every total."""
    tolls: list[Quantity] = [getattr(event, name) for name in _classes(event)]
    if not tolls or not totals:
        return False
    low = sum((toll.low or Decimal(0) for toll in tolls), Decimal(0))
    is_open = any(toll.low_open for toll in tolls)
    return all(total.killed is not None and _is_over(total.killed, low, is_open=is_open) for total in totals)


def _is_over(killed: Quantity, low: Decimal, *, is_open: bool) -> bool:
    if killed.high is None:
        return False
    return low > killed.high or (low == killed.high and (is_open or killed.high_open))


def _toll_case(evidence: Evidence, event: Event, totals: Sequence[Event]) -> Case:
    name, groups = label(evidence, event.subject), _classes(event)
    parts: list[Part] = [f"{name}: "]
    for index, group in enumerate(groups):
        text = f"{quantity_text(getattr(event, group))} {group.removeprefix('killed_')}"
        parts += [" and " if index else "", Number(text=text, statements=event.ids_of(group))]
    when = f" on {date_text(event.date)}" if event.date else ""
    parts += [f" among the killed{when} are more than all killed, "]
    for index, total in enumerate(totals):
        killed = quantity_text(total.killed) if total.killed else ""
        parts += [" or " if index else "", *said(killed, [total], "killed")]
    is_one = any(same_document(event, total) for total in totals)
    return Case(
        kind="part-larger-than-whole",
        severity=Severity.ERROR if is_one else Severity.WARNING,
        title=f"{name}: more dead by class than dead in all",
        text=[*parts, "."],
        records=list({each.record: each for each in (event, *totals)}.values()),
        rule=_RULE_TOLL,
        property="killed",
        values=[*(str(getattr(event, group)) for group in groups), *(str(total.killed) for total in totals)],
    )
