"""Whom or what were the coded events aimed at?"""

from __future__ import annotations

from marsad.analysis.base import Inputs, conclude
from marsad.analysis.coded import EventParameters, select
from marsad.analysis.grouping import Question, grouped
from marsad.model import Finding, broader_targets, word

__all__ = ["events_by_target"]

_RULE = (
    "An event counts in the row of each class that a report names; where reports name a wider and a narrower class "
    "(security, police), in the narrower. Contested: another report names other classes only."
)


def events_by_target(inputs: Inputs, parameters: EventParameters) -> Finding:
    """Coded events and their deaths by the target that reports name; the narrowest class that they name counts."""
    question = Question(
        noun="target",
        columns=("Target",),
        heads=lambda key: (word(key) if key else "no target named",),
        named=lambda report: report.target,
        around=broader_targets,
        property="target",
        rule=_RULE,
    )
    result = grouped(select(inputs, parameters), question, inputs.evidence)
    return conclude("events-by-target", result, inputs, parameters)
