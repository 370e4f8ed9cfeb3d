"""Changes and shares within a sentence: percentages that do not follow from the numbers beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marsad.claims.audit.numbers import is_aside, percent_slack, printed, shown
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.extraction.figure_words import figure_words
from marsad.extraction.words import tokenise
from marsad.model import Finding, Severity

__all__ = ["check_changes"]

_FROM = re.compile(r"\bfrom\s+(?:a\s+total\s+of\s+|just\s+|only\s+|a\s+mere\s+|the\s+)?$", re.IGNORECASE)
_TO = re.compile(
    r"^[^.;:]{0,80}?\b(?:to|into)\s+(?:a\s+total\s+of\s+|just\s+|only\s+|a\s+record\s+|an\s+estimated\s+)?$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"^[^.;:\d]{0,60}?\b(?P<word>up|down|(?:as\s+)?compared\s+(?:to|with)|(?:as\s+)?against|versus)\s+"
    r"(?:from\s+|the\s+|a\s+total\s+of\s+|just\s+|only\s+|figure\s+of\s+)*$",
    re.IGNORECASE,
)
_SHARE_JOINT = re.compile(
    r"^[^.;:\d]{0,40}?(?:,\s*or|\(|,\s*i\.e\.,?|,?\s*that\s+is,?|,?\s*equal\s+to|,?\s*equivalent\s+to|"
    r",?\s*representing|,?\s*accounting\s+for|,?\s*making\s+up|[–—])\s*(?:just\s+|only\s+|some\s+|as\s+many\s+as\s+)?$",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s+(?:of\s+(?:the|these|all)\s+[^\W\d_]+\s+(?:were\s+)?)?(by|to|against|from|for)\b", re.IGNORECASE
)
_ITEM = re.compile(r"[^.;:\d()]{1,80}(?:,|\band\b)\s*(?:and\s+)?(?:the\s+(?:other|remaining)\s+)?", re.IGNORECASE)
_SIGNED = re.compile(
    r"[^.;:\d()]{0,30}(?:\d{4}\s*)?\(\s*(?:an?\s+(?:increase|decrease|rise|fall|decline)\s+of\s+)?"
    r"(?P<sign>[+−–-])\s?(?P<rate>\d{1,4}(?:\.\d+)?)\s?(?:%|per\s?cent)\s*\)"
)
_CLAUSE = 70
_WORDS = 8
_HUNDRED = Decimal(100)

_RULE_CHANGE = "a change in percent is the later value over the earlier one, less one, within its rounding"
_RULE_DIRECTION = "what rises ends higher, and what falls ends lower, than it began"
_RULE_MULTIPLE = "doubled means about twice, tripled three times, halved half of the earlier value"
_RULE_POINTS = "a difference of two percentages is in percentage points; in percent it is taken of the earlier one"
_RULE_FULL = "shares of one whole that exclude one another are together no more than all of it"
_RULE_SHARE = "a percentage is the part over the whole, within its rounding"


@dataclass(frozen=True, slots=True)
class _Pair:
    """An earlier and a later value with the stretch of text that holds them.

    Attributes:
        old, new: the values.
        start, end: from the first of them to the last.
        unit: of both.
    """

    old: Decimal
    new: Decimal
    start: int
    end: int
    unit: str
    word: str = ""


def check_changes(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield the changes and shares of one sentence that do not follow from its numbers."""
    for pair in _pairs(document.text, sentence):
        yield from _direction(document, sentence, pair)
        yield from _multiple(document, sentence, pair)
        yield from _percent(document, sentence, pair)
        yield from _signed(document, pair)
    yield from _shares(document, sentence)
    yield from _full(document, sentence)


def _pairs(text: str, sentence: CountedSentence) -> Iterator[_Pair]:
    """The pairs of an earlier and a later value: ``from 267 to 365``, ``365, up from 267``."""
    counts = [count for count in sentence.counts if count.measure or not is_aside(text, count)]
    for index, count in enumerate(counts):
        opens = _FROM.search(text, sentence.start, count.found.start) is not None
        value = count.found.quantity
        if opens and value.best is None and value.low is not None and value.high is not None:
            yield _Pair(value.low, value.high, count.found.start, count.found.end, count.found.unit, "from")
        following = counts[index + 1] if index + 1 < len(counts) else None
        if following is None or count.found.unit != following.found.unit:
            continue
        if value.best is None or following.found.quantity.best is None or following.unit == "percent_change":
            continue
        between = _undated(text, sentence, count.found.end, following.found.start)
        span = (count.found.start, following.found.end)
        if opens and _TO.match(between):
            yield _Pair(value.best, following.found.quantity.best, *span, count.found.unit, "from")
        elif (match := _AGAINST.match(_undated(text, sentence, count.noun_end, following.found.start))) and _is_alike(
            count, following
        ):
            yield _Pair(following.found.quantity.best, value.best, *span, count.found.unit, match["word"].lower())


def _undated(text: str, sentence: CountedSentence, start: int, end: int) -> str:
    """A stretch of text without its dates."""
    pieces, at = [], start
    for found in sentence.dates:
        if start <= found.start and found.end <= end:
            pieces.append(text[at : found.start])
            at = found.end
    return "".join([*pieces, text[at:end]])


def _is_alike(count: Count, following: Count) -> bool:
    """Whether two counts are of one thing: the same measure, or the second is bare."""
    if count.partitive or following.partitive:
        return False
    return count.measure == following.measure or not (following.noun or following.measure)


def _moves(text: str, sentence: CountedSentence, pair: _Pair) -> tuple[set[int], list[tuple[int, int, str]]]:
    """The directions that the words just before and after a pair give (+1, -1), and these words."""
    lexicon = figure_words()
    before = [token for token in tokenise(text, sentence.start, pair.start) if token.is_word][-_WORDS - 1 :]
    found: list[tuple[int, int, str]] = []
    signs: set[int] = set()
    for token in reversed(before):
        sign = (token.low in lexicon.rise) - (token.low in lexicon.fall)
        if sign and token.low not in {"more", "less", "greater", "higher", "lower", "fewer"}:
            signs.add(sign)
            found.append((token.start, token.end, token.low))
            break
    return signs, found


def _direction(document: Document, sentence: CountedSentence, pair: _Pair) -> Iterator[Finding]:
    text = document.text
    if pair.word in {"up", "down"}:
        signs, words = {1 if pair.word == "up" else -1}, [(pair.start, pair.end, pair.word)]
    elif pair.word == "from":
        signs, words = _moves(text, sentence, pair)
    else:
        return
    actual = (pair.new > pair.old) - (pair.new < pair.old)
    if len(signs) != 1 or actual == 0 or actual in signs:
        return
    said = "rise" if 1 in signs else "fall"
    start, end, _ = words[0]
    yield textual_finding(
        document,
        kind="direction-does-not-follow",
        severity=Severity.ERROR,
        title=f"“{words[0][2]}”, but {shown(pair.old)} to {shown(pair.new)} is a {'rise' if actual > 0 else 'fall'}",
        message=(
            f"The words say a {said} (“{words[0][2]}”), but from {shown(pair.old)} to {shown(pair.new)} "
            f"the value {'rises' if actual > 0 else 'falls'}."
        ),
        spans=[(min(start, pair.start), max(end, pair.end))],
        rule=_RULE_DIRECTION,
    )


def _multiple(document: Document, sentence: CountedSentence, pair: _Pair) -> Iterator[Finding]:
    """Yield a doubling, tripling or halving that the numbers do not show."""
    if pair.old <= 0 or pair.word != "from":
        return
    text = document.text
    lexicon = figure_words()
    tokens = [token for token in tokenise(text, sentence.start, pair.start) if token.is_word][-_WORDS:]
    for index, token in enumerate(tokens):
        times = lexicon.multiples.get(token.low)
        if times is None:
            continue
        ratio = pair.new / pair.old
        hedge = " ".join(before.low for before in tokens[max(index - 2, 0) : index])
        low, high = _reach(times, hedge)
        if low <= ratio <= high:
            continue
        yield textual_finding(
            document,
            kind="multiple-does-not-follow",
            severity=Severity.ERROR,
            title=f"“{token.low}”, but {shown(pair.old)} to {shown(pair.new)} is {_times(ratio)}",
            message=f"From {shown(pair.old)} to {shown(pair.new)} is {_times(ratio)}, which is not “{token.low}”.",
            spans=[(token.start, pair.end)],
            rule=_RULE_MULTIPLE,
        )


def _reach(times: Decimal, hedge: str) -> tuple[Decimal, Decimal]:
    """The ratios that a multiple with its hedge admits."""
    slack = times * Decimal("0.15")
    if "more than" in hedge or "over" in hedge.split():
        return (times - slack / 5, times * 2) if times > 1 else (Decimal(0), times + slack / 5)
    if {"almost", "nearly"} & set(hedge.split()):
        return (times - 2 * slack, times + slack / 5) if times > 1 else (times - slack / 5, times + 2 * slack)
    return times - slack, times + slack


def _times(ratio: Decimal) -> str:
    return f"{ratio.quantize(Decimal('0.01')).normalize():f} times as much"


def _percent(document: Document, sentence: CountedSentence, pair: _Pair) -> Iterator[Finding]:
    """Yield the percentage beside a pair that does not follow from it."""
    if pair.old <= 0:
        return
    for count in sentence.counts:
        if not _belongs(document.text, sentence, count, pair):
            continue
        difference = pair.new - pair.old
        if count.found.unit == "percentage_point":
            if pair.unit == "percent" and not _fits(count, abs(difference)):
                yield _wrong(document, count, pair, f"{shown(abs(difference))} percentage points")
            continue
        change = abs(difference) / pair.old * _HUNDRED
        if _fits(count, change):
            if _is_turned(document.text, count, pair):
                yield _wrong(document, count, pair, f"{shown(change)} per cent {'more' if difference > 0 else 'less'}")
            continue
        if pair.unit == "percent" and _fits(count, abs(difference)):
            yield _points(document, count, pair, change)
        else:
            yield _wrong(document, count, pair, f"{shown(change)} per cent{_base(count, pair)}")


def _signed(document: Document, pair: _Pair) -> Iterator[Finding]:
    """Yield the percentage with a sign in the brackets after a pair that is not its change: ``(+20%)``."""
    match = _SIGNED.match(document.text, pair.end)
    if match is None or pair.old <= 0 or pair.unit == "percent":
        return
    stated = Decimal(match["rate"]) * (1 if match["sign"] == "+" else -1)
    change = (pair.new - pair.old) / pair.old * _HUNDRED
    slack = Decimal(1) if stated == stated.to_integral_value() else Decimal("0.1")
    if abs(change - stated) <= slack:
        return
    yield textual_finding(
        document,
        kind="change-does-not-follow",
        severity=Severity.ERROR,
        title=f"{match['sign']}{match['rate']} per cent stated, {shown(change)} reckoned",
        message=(
            f"“{match['sign']}{match['rate']}%” does not follow: from {shown(pair.old)} to {shown(pair.new)} "
            f"is {shown(change)} per cent."
        ),
        spans=[(pair.start, pair.end), (match.start("sign"), match.end())],
        rule=_RULE_CHANGE,
    )


def _is_turned(text: str, count: Count, pair: _Pair) -> bool:
    """Whether a noun after a pair names the other direction: ``fell from 40 to 36, an increase of 10 per cent``."""
    word = text[slice(*count.effect)].lower()
    lexicon = figure_words()
    sign = (word in lexicon.rise) - (word in lexicon.fall)
    is_noun = re.search(r"\b(?:an?|the)\s+(?:[^\W\d_]+\s+)?$", text[max(count.effect[0] - 24, 0) : count.effect[0]])
    return count.effect[0] >= pair.end and is_noun is not None and sign * (pair.new - pair.old) < 0


def _belongs(text: str, sentence: CountedSentence, count: Count, pair: _Pair) -> bool:
    """Whether a change in percent is said of the pair: no other number stands between them, and few words."""
    if count.unit != "percent_change" and count.found.unit != "percentage_point":
        return False
    if pair.start <= count.found.start < pair.end:
        return False
    after = count.found.start >= pair.end
    left, right = (pair.end, count.found.start) if after else (count.found.end, pair.start)
    between = _undated(text, sentence, left, right)
    if len(between) > _CLAUSE or re.search(r"[;]|\.\s|\b(?:while|whereas|but|and|in contrast)\b", between):
        return False
    return not any(left <= other.found.start < right for other in sentence.counts)


def _fits(count: Count, value: Decimal) -> bool:
    """Whether a reckoned value lies within a printed one and its rounding."""
    stated = count.found.quantity
    slack = percent_slack(stated)
    low = stated.low is None or value >= stated.low - slack
    return low and (stated.high is None or value <= stated.high + slack)


def _base(count: Count, pair: _Pair) -> str:
    """A remark where the percentage fits another base."""
    if pair.new > 0 and _fits(count, abs(pair.new - pair.old) / pair.new * _HUNDRED):
        return " (the stated figure takes the later value as its base)"
    if _fits(count, pair.new / pair.old * _HUNDRED):
        return " (the stated figure is the later value in per cent of the earlier one)"
    return ""


def _wrong(document: Document, count: Count, pair: _Pair, right: str) -> Finding:
    stated = printed(document.text, count)
    return textual_finding(
        document,
        kind="change-does-not-follow",
        severity=Severity.ERROR,
        title=f"{stated} stated, {right.partition(' (')[0]} reckoned",
        message=f"“{stated}” does not follow: from {shown(pair.old)} to {shown(pair.new)} is {right}.",
        spans=[(pair.start, pair.end), (count.start, count.end)],
        rule=_RULE_CHANGE,
    )


def _points(document: Document, count: Count, pair: _Pair, change: Decimal) -> Finding:
    stated, points = printed(document.text, count), shown(abs(pair.new - pair.old))
    return textual_finding(
        document,
        kind="percent-or-points",
        severity=Severity.WARNING,
        title=f"{stated}: percentage points are meant",
        message=(
            f"From {shown(pair.old)} to {shown(pair.new)} per cent is {points} percentage points, "
            f"or {shown(change)} per cent, not “{stated}”."
        ),
        spans=[(pair.start, pair.end), (count.start, count.end)],
        rule=_RULE_POINTS,
    )


def _shares(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield the shares that do not follow from the part and the whole beside them: ``74 of the 929 deaths (18 %)``."""
    text, counts = document.text, sentence.counts
    for index, part in enumerate(counts[:-1]):
        whole = counts[index + 1]
        if not part.partitive or part.unit not in {"count", "persons"} or whole.unit not in {"count", "persons"}:
            continue
        share = counts[index + 2] if index + 2 < len(counts) else None
        if share is None or share.unit != "percent" or not _SHARE_JOINT.match(text[whole.noun_end : share.found.start]):
            continue
        yield from _share(document, part, whole, share)
    for index, share in enumerate(counts[:-2]):
        if share.unit == "percent" and _is_of_next(text, counts, index):
            yield from _share(document, counts[index + 2], counts[index + 1], share)


def _is_of_next(text: str, counts: Sequence[Count], index: int) -> bool:
    """``8 per cent of the 929 deaths (74)``."""
    share, whole, part = counts[index : index + 3]
    if whole.unit not in {"count", "persons"} or part.unit not in {"count", "persons"}:
        return False
    of = re.fullmatch(r"\s+of\s+(?:the|these|all|its|a total of)?\s*", text[share.found.end : whole.found.start])
    joint = re.fullmatch(r"\s*(?:\(|,\s*or)\s*", text[whole.noun_end : part.found.start])
    return of is not None and joint is not None


def _share(document: Document, part: Count, whole: Count, share: Count) -> Iterator[Finding]:
    top, bottom = part.found.quantity.best, whole.found.quantity.best
    if top is None or bottom is None or bottom <= 0:
        return
    value = top / bottom * _HUNDRED
    if _fits(share, value) or part.found.quantity.text[0] in "~<>" or whole.found.quantity.text[0] in "~<>":
        return
    stated = printed(document.text, share)
    yield textual_finding(
        document,
        kind="share-does-not-follow",
        severity=Severity.ERROR,
        title=f"{stated} stated, {shown(value)} per cent reckoned",
        message=f"{shown(top)} of {shown(bottom)} is {shown(value)} per cent, not “{stated}”.",
        spans=[(part.start, part.end), (whole.start, whole.end), (share.start, share.end)],
        rule=_RULE_SHARE,
    )


def _full(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield the shares of one list that are together more than all: ``60 per cent by A, 30 by B and 20 by C``."""
    text = document.text
    lists: list[list[Count]] = []
    for count in sentence.counts:
        if count.unit != "percent" or not _first_word(text, count):
            continue
        last = lists[-1][-1] if lists else None
        if (
            last is not None
            and _ITEM.fullmatch(text, last.found.end, count.found.start)
            and (_first_word(text, last) == _first_word(text, count))
        ):
            lists[-1].append(count)
        else:
            lists.append([count])
    for shares in lists:
        low = sum((share.found.quantity.low or Decimal(0) for share in shares), Decimal(0))
        if len(shares) > 1 and low > _HUNDRED + len(shares):
            added = " + ".join(printed(text, share) for share in shares)
            yield textual_finding(
                document,
                kind="shares-over-100",
                severity=Severity.WARNING,
                title=f"{added} = {shown(low)} per cent",
                message=f"The shares {added} are together {shown(low)} per cent, more than the whole.",
                spans=[(share.start, share.end) for share in shares],
                rule=_RULE_FULL,
            )


def _first_word(text: str, count: Count) -> str:
    """The preposition after a percentage and what it is a share of; empty where there is none."""
    match = _JOINT.match(text, count.found.end)
    return match[1].lower() if match else ""
