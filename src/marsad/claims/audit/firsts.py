"""What can be true of one thing only and is said of two: the first visit, the deadliest attack of a year, a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.timeline import MOST, Sentence, Timeline
from marsad.documents.findings import textual_finding
from marsad.extraction.found import FoundDate
from marsad.extraction.quantities import find_quantities
from marsad.model import MONTH_NAMES, Date, Finding, Severity

__all__ = ["check_firsts", "check_records", "check_superlatives"]

_FIRST = re.compile(
    r"(?:(?P<owner>[A-Z][\w-]+)[’']s?\s+"
    r"|\b[Tt]he\s+(?:very\s+)?)first(?:-ever)?\s+(?P<noun>[a-z][\w-]*(?:\s+[\w-]+){0,6})"
)
_STOP = lexicon("ends_of_a_noun")
_VAGUE = lexicon("vague_adjectives")
_RELATIVE_HEADS = lexicon("counted_nouns")
_COMPLEMENT = re.compile(
    r"^(?:visit(?:ed)?\s+|[a-z]+\s+)?(?P<joint>to|in|of|at|on|from|into|by|against|for|with|between"
    r"|near)\s+(?:visit\s+)?(?:the\s+)?(?P<place>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*)"
)
_SCOPE = re.compile(r"\b(?:since|after|until|before|following|than)\b[^,;.]*$", re.IGNORECASE)
_BACK = re.compile(
    r"(?:It|This|That|The (?:visit|attack|event|strike|trip|meeting|election|delegation|launch|flight|operation"
    r"|talks))\b"
)
_WORST = {
    "deadliest": "deadly",
    "bloodiest": "deadly",
    "largest": "large",
    "biggest": "large",
    "worst": "bad",
    "highest": "high",
    "most violent": "violent",
    "heaviest": "heavy",
    "longest": "long",
    "lowest": "low",
}
_SUPERLATIVE = re.compile(
    rf"\bthe\s+(?P<rank>{'|'.join(_WORST)})\s+(?P<noun>[a-z][\w-]*(?:\s+[a-z][\w-]*){{0,2}})\s+(?:of"
    rf"|in)\s+(?P<year>(?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
_RECORD = re.compile(r"\brecord\b|\bhighest (?:number|total|count|figure)\b", re.IGNORECASE)
_MONTHLY = re.compile(r"\b(?:in|within|for) (?:a|one|any) (?:single )?month\b|\bmonthly\b", re.IGNORECASE)

_RULE_FIRST = "only one thing is the first of its kind"
_RULE_RECORD = "a record is not below a number that was reached before"


@dataclass(frozen=True, slots=True)
class _Claim:
    """Something that is said to be the first of its kind.

    Attributes:
        words: its noun and what qualifies it, in lower case, nationality apart.
        noun: the noun itself.
        owner: whose first it is, and of which nationality or place, where that is said.
        date: when it was; since: the time from which it is counted.
    """

    words: frozenset[str]
    noun: str
    owner: frozenset[str]
    found: FoundDate
    since: Date | None
    start: int
    end: int
    names: frozenset[str]


def check_firsts(times: Timeline) -> Iterator[Finding]:
    """Yield two things of one kind, of different dates, each of which is called the first."""
    claims = [claim for at, _ in enumerate(times.sentences) for claim in _claims(times, at)]
    told: set[frozenset[str]] = set()
    for one, two in combinations(claims[:MOST], 2):
        if one.noun != two.noun or one.words != two.words or one.words in told or not _conflict(one, two):
            continue
        told.add(one.words)
        dates = [" ".join(times.document.text[each.found.start : each.found.end].split()) for each in (one, two)]
        name = " ".join(times.document.text[one.start : one.end].split())
        yield textual_finding(
            times.document,
            kind="two-firsts",
            severity=Severity.ERROR,
            title="Two things called the first",
            message=f"What is called “{name}” is dated {dates[0]} in one place and {dates[1]} in another.",
            spans=[_span(one), _span(two)],
            rule=_RULE_FIRST,
        )


def _span(claim: _Claim) -> tuple[int, int]:
    """From the date to the claim, or the other way round, whichever stands first."""
    start, end = min(claim.start, claim.found.start), max(claim.end, claim.found.end)
    return start, end


def _conflict(one: _Claim, two: _Claim) -> bool:
    first, second = one.found.date, two.found.date
    if first is None or second is None or first.overlaps(second) or not (one.names & two.names):
        return False
    if one.owner and two.owner and not one.owner & two.owner:
        return False
    return all(since is None or since.is_before(date) for since, date in ((one.since, second), (two.since, first)))


def _claims(times: Timeline, at: int) -> Iterator[_Claim]:
    sentence = times.sentences[at]
    for match in _FIRST.finditer(sentence.text):
        tokens = match["noun"].split()
        cut = next((number for number, token in enumerate(tokens) if token.casefold() in _STOP), len(tokens))
        kept = tokens[:cut]
        words = frozenset(token.casefold() for token in kept if token[0].islower() and token not in _VAGUE)
        noun = kept[-1].casefold() if kept else ""
        if len(words) < 2 or noun in _RELATIVE_HEADS or noun not in words:
            continue
        end = sentence.start + match.start("noun") + len(" ".join(kept))
        complement = _COMPLEMENT.match(sentence.text[end - sentence.start :].lstrip())
        owners = {
            match["owner"] or "",
            complement["place"] if complement else "",
            *(token for token in kept if token[0].isupper()),
        }
        found, since = _dates(times, at, sentence)
        if found is not None:
            around = " ".join(
                each.text for each in times.sentences[max(0, at - 1) : at + 2] if each.block == sentence.block
            )
            names = frozenset(name[:6].casefold() for name in re.findall(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-z]{3,}", around))
            places = frozenset(name[:6].casefold() for name in owners if name)
            yield _Claim(words, noun, places, found, since, sentence.start + match.start(), end, names - _MONTHS)


_MONTHS = frozenset(name[:6].casefold() for name in MONTH_NAMES)


def _dates(times: Timeline, at: int, sentence: Sentence) -> tuple[FoundDate | None, Date | None]:
    """When the thing was, by its sentence or else the one before, and the time since which it is the first."""
    own: list[FoundDate] = []
    since: Date | None = None
    for found in sentence.certain:
        if _SCOPE.search(sentence.text[: found.start - sentence.start]):
            since = found.date
        elif found.date and not found.date.is_interval:
            own.append(found)
    if own:
        return (own[0] if len(own) == 1 else None), since
    before = times.sentences[at - 1] if at else None
    if before is None or before.block != sentence.block or not _BACK.match(sentence.text):
        return None, since
    earlier = [found for found in before.certain if found.date and not found.date.is_interval]
    return (earlier[0] if len(earlier) == 1 else None), since


def check_superlatives(times: Timeline) -> Iterator[Finding]:
    """Yield two things of different months, each called the deadliest, largest … of one year."""
    seen: dict[tuple[str, str, str], tuple[FoundDate, int, int]] = {}
    for sentence in times.sentences:
        for match in _SUPERLATIVE.finditer(sentence.text):
            span = (sentence.start + match.start(), sentence.start + match.end())
            own = [
                found
                for found in sentence.certain
                if found.date and found.date.precision in ("day", "month") and not span[0] <= found.start < span[1]
            ]
            if len(own) != 1:
                continue
            key = (_WORST[match["rank"].casefold()], match["noun"].casefold(), match["year"])
            found, start, end = seen.setdefault(key, (own[0], *span))
            if found.date and own[0].date and not found.date.overlaps(own[0].date):
                names = [" ".join(times.document.text[each.start : each.end].split()) for each in (found, own[0])]
                yield textual_finding(
                    times.document,
                    kind="two-superlatives",
                    severity=Severity.ERROR,
                    title="Two things called the most of their kind",
                    message=f"“{match[0]}” is dated {names[0]} in one place and {names[1]} in another.",
                    spans=[
                        (min(found.start, start), max(found.end, end)),
                        (min(own[0].start, span[0]), max(own[0].end, span[1])),
                    ],
                    rule="only one thing is the most of its kind in one year",
                )


def check_records(times: Timeline) -> Iterator[Finding]:
    """Yield the monthly records below the number of an earlier month, for the same actor and the same thing."""
    monthly = [(sentence, number) for sentence in times.sentences if (number := _monthly(sentence))]
    for sentence, (count, noun, date, place) in monthly:
        if not (_RECORD.search(sentence.text) and _MONTHLY.search(sentence.text)):
            continue
        actors = _actors(sentence)
        for other, (more, thing, when, where) in monthly[:MOST]:
            if (
                thing != noun
                or more <= count
                or not when.is_before(date)
                or not actors & _actors(other)
                or other is sentence
            ):
                continue
            yield textual_finding(
                times.document,
                kind="record-below-earlier",
                severity=Severity.WARNING,
                title="A record below an earlier number",
                message=f"{count} {noun} in a month are called a record, but the text gives {more} for an "
                f"earlier month.",
                spans=[place, where],
                rule=_RULE_RECORD,
            )
            break


def _actors(sentence: Sentence) -> set[str]:
    return set(re.findall(r"\b[A-Z]{2,}\b", re.sub(r"\([^()]*\d{4}[^()]*\)", "", sentence.text)))


_Monthly = tuple[int, str, Date, tuple[int, int]]


def _monthly(sentence: Sentence) -> _Monthly | None:
    """The one number of things that a sentence gives for one month; None where it gives none, or several."""
    months = [
        found
        for found in sentence.certain
        if found.date and found.date.precision == "month" and not found.date.is_interval
    ]
    if len(sentence.certain) != 1 or len(months) != 1 or months[0].date is None:
        return None
    counts: list[tuple[int, str, tuple[int, int]]] = []
    for number in find_quantities(sentence.text):
        after = re.match(
            r"\s*(?:[a-z-]+\s+)?(attacks|incidents|strikes|bombings|killings|protests|raids|clashes|deaths)\b",
            sentence.text[number.number_end :],
        )
        best = number.quantity.best
        if after and number.unit == "count" and best is not None and float(best).is_integer():
            span = (sentence.start + number.start, sentence.start + number.number_end + after.end())
            counts.append((int(best), after[1], span))
    date, found = months[0].date, months[0]
    if len(counts) != 1:
        return None
    count, noun, (start, end) = counts[0]
    return count, noun, date, (min(start, found.start), max(end, found.end))
