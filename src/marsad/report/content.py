"""Everything that the report prints; nothing is computed or read after this."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from marsad.model import Evidence, Finding, Release, Statement
from marsad.model.statement import Frozen
from marsad.report.references import Bibliography
from marsad.study.config import StudyConfig, StudyFinding, StudyOption

__all__ = ["ReportContent"]


class ReportContent(Frozen):
    """What a study's report is made from.

    Attributes:
        config: the study as its author describes it.
        evidence: its records.
        headline: the numbers that stand at the head; None for none.
        analyses: identifier of a section -> the findings of the analyses that stand there, in order.
        contradictions: findings with a severity, in the order in which they are printed within it.
        findings: the study's own findings.
        options: its policy options.
        bibliography: references of all sources.
        drawings: key of a chart (``chart_key``) -> SVG from ``draw``; a chart that is missing here is drawn anew.
        statements: identifier -> statement.
        releases: datasets used, with licence and hash.
        manifest: ``program`` {name, version, code}, ``libraries``, ``files`` {path: sha256}, ``counts`` {what: number}.
    """

    config: StudyConfig
    evidence: Evidence
    headline: Finding | None = None
    analyses: dict[str, tuple[Finding, ...]] = Field(default_factory=dict)
    contradictions: tuple[Finding, ...] = ()
    findings: tuple[StudyFinding, ...] = ()
    options: tuple[StudyOption, ...] = ()
    bibliography: Bibliography = Bibliography()
    drawings: dict[str, str] = Field(default_factory=dict)
    statements: dict[str, Statement] = Field(default_factory=dict)
    releases: tuple[Release, ...] = ()
    manifest: dict[str, Any] = Field(default_factory=dict)
