"""All checks of a manuscript's chronology: dates that cannot be, impossible orders and lives, two firsts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from marsad.claims.audit.days import (
    check_ages,
    check_far_years,
    check_impossible_days,
    check_reversed,
    check_spans,
    check_weekdays,
)
from marsad.claims.audit.firsts import check_firsts, check_records, check_superlatives
from marsad.claims.audit.happenings import check_beginners, check_outcomes, check_truce_months, check_two_spans
from marsad.claims.audit.later import check_later
from marsad.claims.audit.lifetimes import check_lives
from marsad.claims.audit.retold import check_retold
from marsad.claims.audit.scope import distinct
from marsad.claims.audit.sequence import check_after, check_ago, check_consequences, check_stages_in_a_sentence
from marsad.claims.audit.timeline import Timeline, timeline
from marsad.documents import Document
from marsad.extraction.found import FoundDate
from marsad.model import Finding

__all__ = ["check_chronology"]

_CHECKS: tuple[Callable[[Timeline], Iterator[Finding]], ...] = (
    check_weekdays,
    check_reversed,
    check_spans,
    check_far_years,
    check_ages,
    check_stages_in_a_sentence,
    check_after,
    check_consequences,
    check_ago,
    check_lives,
    check_firsts,
    check_superlatives,
    check_records,
    check_beginners,
    check_outcomes,
    check_two_spans,
    check_truce_months,
    check_later,
    check_retold,
)


def check_chronology(document: Document, *, dates: Sequence[FoundDate] | None = None) -> Iterator[Finding]:
    """Yield what the dates of a manuscript contradict.

    Args:
        document: the manuscript.
        dates: all dates in its text, as ``find_dates`` gives them; found anew where they are not given.
    """
    times = timeline(document, dates=dates)
    found = (finding for check in _CHECKS for finding in check(times))
    yield from distinct(chain(check_impossible_days(document), found))
