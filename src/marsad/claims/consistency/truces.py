"""Attacks counted for the very time in which a ceasefire with the attackers is reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.claims.consistency.compare import actors_related
from marsad.claims.consistency.figures import describe, topic
from marsad.claims.consistency.wording import Case, Part, in_order, said
from marsad.model import Action, Evidence, Figure, Finding, Severity, date_text, label, quantity_text

__all__ = ["check_truces"]

_ATTACKS = frozenset({"attacks", "killed", "injured", "casualties"})
_LONGEST = 31
_RULE = "a month of a ceasefire with a group is not, without a word on it, a month of attacks by that group"


def check_truces(evidence: Evidence) -> Iterator[Finding]:
    """Yield counts of attacks by a party to a ceasefire in the month in which the ceasefire is said to begin.

    Both may be true (a ceasefire that did not hold, or began late in the month), so each is a note. Only counts for a
    month or less and ceasefires dated to a month or a day are set against one another.
    """
    truces: dict[str, list[Action]] = {}
    for action in in_order(evidence.actions):
        if action.kind == "ceasefire" and action.since is not None and action.since.precision in {"month", "day"}:
            truces.setdefault(action.subject, []).append(action)
    for figure in in_order(evidence.figures):
        for reports in truces.values():
            if _is_short(figure) and _breaks(evidence, figure, reports[0]):
                yield _case(evidence, figure, reports).finding()


def _is_short(figure: Figure) -> bool:
    """Whether it counts, above nothing, the attacks of a named actor in a month or less."""
    low, period = figure.value.low, figure.period
    if figure.measure not in _ATTACKS or figure.unit not in {"count", "persons"} or not figure.actor or not low:
        return False
    if period is None or period.earliest is None or period.latest is None:
        return False
    return (period.latest - period.earliest).days < _LONGEST


def _breaks(evidence: Evidence, figure: Figure, truce: Action) -> bool:
    """Whether the attackers are a party to the ceasefire, and it is said to begin in the time of the count."""
    parties = (*truce.actor, *truce.target)
    one_party = any(actors_related(evidence, attacker, party) for attacker in figure.actor for party in parties)
    return one_party and figure.period is not None and truce.since is not None and figure.period.contains(truce.since)


def _case(evidence: Evidence, figure: Figure, reports: Sequence[Action]) -> Case:
    number, name = quantity_text(figure.value, figure.unit), label(evidence, reports[0].subject)
    parts: list[Part] = [
        *said(number, [figure], "value"),
        f" for {describe(evidence, figure)}, in the time of: {name}, ",
    ]
    parts += said(date_text(reports[0].since), reports, "from")
    return Case(
        kind="attacks-in-a-ceasefire",
        severity=Severity.NOTE,
        title=f"{topic(evidence, figure)}: {number}, in the time of a ceasefire",
        text=[*parts, "."],
        records=[figure, *reports],
        rule=_RULE,
        property="period",
        values=[str(figure.period), *(str(report.since) for report in reports)],
        basis=figure.ids_of("period"),
    )
