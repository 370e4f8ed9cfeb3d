"""What an audit says: its findings, and for each group of checks whether it found something or could not look."""

from __future__ import annotations

from enum import StrEnum

from marsad.extraction import Proposal
from marsad.model import Finding, Severity
from marsad.model.statement import Frozen

__all__ = ["Audit", "Outcome", "Verdict"]


class Outcome(StrEnum):
    """What became of a group of checks: nothing wrong, something found, or nothing that could be checked."""

    OK = "ok"
    FOUND = "found"
    UNCHECKED = "unchecked"


class Verdict(Frozen):
    """What one group of checks says of the document.

    Attributes:
        check: the group.
        outcome: whether it found something; ``unchecked`` where the document gives it nothing to check.
        text: on what it rests, or why it could not be checked, in one sentence.
        findings: identifiers of its findings, the gravest first.
    """

    check: str
    outcome: Outcome
    text: str
    findings: tuple[str, ...] = ()


class Audit(Frozen):
    """What the audit says of one document.

    Attributes:
        findings: the gravest first, then in the order of the text.
        verdicts: one for each group of checks, in the order in which they run.
        proposals: the incidents and figures that were read, in the order of the text.
        counts: what was read: words, citations, references, incidents, events, figures, dates.
        limits: what was left out although it was read, in sentences; mostly nothing.
    """

    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    proposals: tuple[Proposal, ...]
    counts: dict[str, int]
    limits: tuple[str, ...] = ()

    def tally(self) -> dict[Severity, int]:
        """How many findings there are of each severity, the gravest first."""
        return {severity: sum(finding.severity is severity for finding in self.findings) for severity in Severity}
