"""Consistency of the evidence: what cannot be true together, what sits ill together, and what only looks so.

Every check is a pure function from the evidence to findings. A finding is an ``error`` where one document (the one
that was read: ``via``, or ``source`` where there is none) gives two values of which at most one can be true; a
``warning`` where documents dispute a value or a reader should look; a ``note`` where a difference is explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from marsad.claims.consistency.order import check_actors, check_ends, check_follows, check_stages
from marsad.claims.consistency.overfull import check_overfull
from marsad.claims.consistency.parts import (
    check_categories,
    check_explicit,
    check_implied,
    check_sums,
)
from marsad.claims.consistency.quantities import check_meanings, check_quantities
from marsad.claims.consistency.records import check_firsts, check_records
from marsad.claims.consistency.reports import check_actions, check_events
from marsad.claims.consistency.shares import check_changes, check_full, check_shares
from marsad.claims.consistency.sources import check_sources
from marsad.claims.consistency.ties import check_attributes, check_beginnings, check_ties
from marsad.claims.consistency.tolls import check_events_in_figures, check_tolls
from marsad.claims.consistency.truces import check_truces
from marsad.model import Evidence, Finding, Severity

__all__ = ["CHECKS", "check_consistency"]

CHECKS: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    check_events,
    check_actions,
    check_quantities,
    check_meanings,
    check_sums,
    check_explicit,
    check_implied,
    check_overfull,
    check_events_in_figures,
    check_tolls,
    check_categories,
    check_shares,
    check_changes,
    check_full,
    check_stages,
    check_follows,
    check_ends,
    check_actors,
    check_sources,
    check_records,
    check_firsts,
    check_attributes,
    check_ties,
    check_truces,
    check_beginnings,
)
"""Every check, in no order that matters."""

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check_consistency(evidence: Evidence) -> tuple[Finding, ...]:
    """Find the contradictions in the evidence.

    Args:
        evidence: records, whatever made them; they may be incomplete: a missing value contradicts nothing.

    Returns:
        One finding for each disagreement, the gravest first, then by kind and subjects. The order of the records does
        not matter, and a finding's identifier depends only on its kind and its statements.
    """
    found = {finding.id: finding for check in CHECKS for finding in check(evidence)}
    return tuple(sorted(found.values(), key=_order))


def _order(finding: Finding) -> tuple[int, str, tuple[str, ...], str]:
    return (_RANK[finding.severity or Severity.NOTE], finding.kind, finding.subjects, finding.id)
