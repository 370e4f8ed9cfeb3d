"""Counts with their share in brackets, ``2,422 (70 per cent)``, against the whole that the shares are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from marsad.claims.audit.numbers import percent_slack, printed, shown
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.model import Finding, Severity

__all__ = ["check_bracketed_shares"]

_OPEN = re.compile(r"(?:\s+[^\W\d_][\w-]*){0,4}\s*\(\s*$|\s*,\s*or\s*$")
_CLOSE = re.compile(
    r"\s*(?:%|per\s?cent)?\s*(?:of (?:all|the total|them|these|this)\b[^()\d]{0,30}|of [\d,]{2,12}(?=\)))?[),.;]"
)
_BESIDE = re.compile(r"[^.;:()\d]{0,30}(?:,\s*or\s+|,\s*|\()(?:about\s+)?")
_OF_TOTAL = re.compile(
    r"\s*(?:%|per\s?cent)?\s*of\s+(?:the\s+|all\s+|its\s+|these\s+)?(?:[^\W\d_]+\s+){0,2}?(?:total\s+of\s+)?"
)
_REST = re.compile(r"(?:The|Another)\s+(?:remaining|rest|other)\b|Another\b")
_OF_LEADS = re.compile(r"\b(?:Of|Out of|Among)\s+(?:the|these|all|its|those)?\s*$")
_OF_WHICH = re.compile(r"(?:\s+[^\W\d_][\w-]*){0,6},?\s*(?:of|out of)\s+(?:which|whom|these|them)\s+$")
_PLAIN = frozenset({"count", "persons"})
_HUNDRED = Decimal(100)
_NEAR = 3

_RULE = "shares beside the counts of one list are of one whole, within their rounding"


@dataclass(frozen=True, slots=True)
class _Share:
    """A count and the percentage in the brackets after it."""

    part: Count
    share: Count

    def fits(self, whole: Decimal) -> bool:
        value = self.part.found.quantity.best
        stated = self.share.found.quantity.best
        if value is None or stated is None or whole <= 0:
            return True
        return abs(value / whole * _HUNDRED - stated) <= percent_slack(self.share.found.quantity)


def check_bracketed_shares(document: Document, sentences: Sequence[CountedSentence]) -> Iterator[Finding]:
    """Yield the shares that are not of the whole of which the others beside them are, or that the sentence names.

    Args:
        document: the document.
        sentences: its sentences.
    """
    text = document.text
    known: tuple[Count, CountedSentence] | None = None
    for at, sentence in enumerate(sentences):
        yield from _of_wholes(document, sentence)
        shares = list(_shares(text, sentence))
        if not shares:
            continue
        named = _named(text, sentence, shares[0])
        if (
            named is None
            and known is not None
            and known[1].block is sentence.block
            and _REST.match(text, sentence.start)
        ):
            named = known[0]
        before = [one for one in sentences[max(at - _NEAR, 0) : at] if one.block is sentence.block]
        best = named or _likeliest(shares, [*before, sentence])
        if best is None:
            continue
        yield from _wrong(document, shares, best, is_named=named is not None)
        if named is not None or _fitting(shares, best) > 1:
            known = (best, sentence)


def _likeliest(shares: Sequence[_Share], sentences: Sequence[CountedSentence]) -> Count | None:
    """The count of which the most shares are taken."""
    taken = {id(share.part) for share in shares}
    counts = [count for one in sentences for count in one.counts]
    fair = [count for count in counts if count.unit in _PLAIN and id(count) not in taken and _is_exact(count)]
    return max(fair, key=lambda count: _fitting(shares, count), default=None)


def _wrong(document: Document, shares: Sequence[_Share], best: Count, *, is_named: bool) -> Iterator[Finding]:
    """Yield the one share that does not fit, where the others do or the whole is named."""
    wrong = [share for share in shares if not share.fits(_best(best))]
    if len(wrong) == 1 and (is_named or len(shares) > 2):
        yield _finding(document, wrong[0], best)


def _of_wholes(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield the shares that name their whole and do not follow: ``88 raids, 38 per cent of the total of 312``."""
    text, counts = document.text, sentence.counts
    for part, share, whole in zip(counts, counts[1:], counts[2:], strict=False):
        units = part.unit in _PLAIN and share.unit == "percent" and whole.unit in _PLAIN
        if not units or not _is_exact(part) or not _is_exact(whole) or part.partitive:
            continue
        if _BESIDE.fullmatch(text, part.found.end, share.found.start) and _OF_TOTAL.fullmatch(
            text, share.found.end, whole.found.start
        ):
            told = _Share(part, share)
            if not told.fits(_best(whole)):
                yield _finding(document, told, whole)


def _fitting(shares: Sequence[_Share], whole: Count) -> int:
    return sum(share.fits(_best(whole)) for share in shares)


def _best(count: Count) -> Decimal:
    return count.found.quantity.best or Decimal(0)


def _is_exact(count: Count) -> bool:
    return count.found.quantity.best is not None and count.found.quantity.text[0] not in "~<>" and _best(count) > 1


def _shares(text: str, sentence: CountedSentence) -> Iterator[_Share]:
    """The counts that have a percentage in brackets after them."""
    counts = sentence.counts
    for part, share in pairwise(counts):
        if part.unit not in _PLAIN or share.unit != "percent" or not _is_exact(part):
            continue
        joint = text[part.found.end : share.found.start]
        if len(joint) < 60 and _OPEN.fullmatch(joint) and "(" in joint and _CLOSE.match(text, share.found.end):
            yield _Share(part, share)


def _named(text: str, sentence: CountedSentence, first: _Share) -> Count | None:
    """The whole that the sentence names for its first share: ``of the 128 incidents, 74 (58 per cent)``."""
    after = [count for count in sentence.counts if count.found.start >= first.share.found.end]
    if after and _is_exact(after[0]) and _OF_TOTAL.fullmatch(text, first.share.found.end, after[0].found.start):
        return after[0]
    earlier = [count for count in sentence.counts if count.found.end <= first.part.found.start]
    if not earlier or earlier[-1].unit not in _PLAIN or not _is_exact(earlier[-1]):
        return None
    whole = earlier[-1]
    joint = text[whole.found.end : first.part.found.start]
    is_of = _OF_LEADS.search(text, sentence.start, whole.found.start) and re.fullmatch(
        r"[^,;:.()\d]{0,70}(?:\d{4})?,\s*", joint
    )
    return whole if is_of or _OF_WHICH.fullmatch(joint) else None


def _finding(document: Document, wrong: _Share, whole: Count) -> Finding:
    stated = printed(document.text, wrong.share)
    part, total = _best(wrong.part), _best(whole)
    value = shown(part / total * _HUNDRED)
    return textual_finding(
        document,
        kind="share-does-not-follow",
        severity=Severity.ERROR,
        title=f"{stated} stated, {value} per cent reckoned",
        message=f"{shown(part)} of {shown(total)} is {value} per cent, not “{stated}”.",
        spans=[(wrong.part.start, wrong.part.end), (whole.start, whole.end), (wrong.share.start, wrong.share.end)],
        rule=_RULE,
    )
