"""Parts and totals in a sentence: sums that do not come out, parts larger than their whole, parts of another class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from marsad.claims.audit.numbers import Bounds, are_apart, excludes, is_aside, printed, total_of
from marsad.documents import Document
from marsad.documents.findings import textual_finding
from marsad.extraction.counted import CountedSentence
from marsad.extraction.counts import Count
from marsad.extraction.figure_words import figure_words
from marsad.extraction.words import Token, tokenise
from marsad.model import Finding, Quantity, Severity, joined, number_text, word

__all__ = ["check_sums"]

_OPEN = (
    r"including|included|among (?:them|whom|those|these|which)|of (?:whom|which|them|these|those)|"
    r"out of (?:whom|which)|comprised"
)
_FULL = r"comprising|consisting of|composed of|made up of|divided into|namely|:|—|–|\(|i\.e\.,?|that is,?|all of them"
_INTRO = re.compile(
    rf"(?:(?P<open>{_OPEN})|(?P<full>{_FULL}))\s*,?\s*(?:the|both|some|also|were|was)?\s*$", re.IGNORECASE
)
_TOTAL_BEFORE = re.compile(
    r"(?:\b(?:combined |grand |overall )?total of|\btotall?ing|\badding up to|"
    r"\bin (?:all|total),?|\baltogether,?)\s*$",
    re.IGNORECASE,
)
_TOTAL_AFTER = re.compile(r"^[^.;:,\d]{0,30}?,?\s*\b(?:in all|in total|altogether|overall)\b", re.IGNORECASE)
_OF_THE = re.compile(r"\b(?:out )?of (?:the|these|those|a total of|its|all)\s*$", re.IGNORECASE)
_REST = re.compile(r"\b(?:the )?(?:rest|remaining|remainder|others?)\s*$", re.IGNORECASE)
_PLACE_PART = re.compile(
    r"^[^,;:.()\d]{0,40}\b(?:in|at|from|for|by|to|on|during)\s+(?:the\s+)?[^\W\d_a-z][^,;:.()\d]{0,40}"
)
_POINTING = re.compile(
    r"(?:Of|Among|From)\s+(?:these|them|those)\b|(?:They|These|The\s+dead|The\s+victims)\s+(?:included|comprised)\b"
)
_NEXT = re.compile(r"\s*(?:,|,?\s*\band)\s+")
_GAP = 120
_ROUGH = Decimal("0.1")
_LINK = 70
_LAST = re.compile(r"\band\b|&")

_RULE_SUM = "the parts of one whole, added, give the whole, and disjoint parts are never more than it"
_RULE_PART = "a part is not larger than the whole that it belongs to"
_RULE_CLASS = "the members of a class do not include people of a class outside of it"


@dataclass(frozen=True, slots=True)
class _List:
    """A whole and the counts that a sentence gives as its parts.

    Attributes:
        is_full: whether the parts are said to make up the whole.
    """

    whole: Count
    parts: tuple[Count, ...]
    is_full: bool


def check_sums(
    document: Document, sentence: CountedSentence, before: CountedSentence | None = None
) -> Iterator[Finding]:
    """Yield the parts and totals of one sentence that do not go together.

    Args:
        document: the document.
        sentence: the sentence.
        before: the sentence before it in the same paragraph, to which ``of these`` points.
    """
    counts = sentence.counts
    lists = [found for index in range(len(counts)) if (found := _parts_after(document.text, sentence, index))]
    if before is not None and (pointed := _parts_of_before(document.text, sentence, before)):
        lists.append(pointed)
    for found in lists:
        yield from _judge(document, found)
    inside = {id(count) for found in lists for count in (found.whole, *found.parts)}
    for index in range(2, len(counts)):
        total = _parts_before(document.text, sentence, index)
        if total is not None and id(total.whole) not in inside:
            yield from _sum(document, total)
    for index, count in enumerate(counts[:-1]):
        if count.partitive and _exceeds(count, counts[index + 1]) and count.unit in {"count", "persons"}:
            yield _larger(document, counts[index + 1], count)
    yield from _unnumbered(document, sentence)


def _parts_after(text: str, sentence: CountedSentence, index: int) -> _List | None:
    """The parts that follow a count: ``105 people, including 27 soldiers and 78 civilians``."""
    counts = sentence.counts
    whole = counts[index]
    if whole.unit not in {"count", "persons"} or whole.partitive or index + 1 >= len(counts):
        return None
    first = counts[index + 1]
    between = text[whole.noun_end : first.found.start]
    intro = _INTRO.search(between) if len(between) <= _GAP and ";" not in between else None
    starts_of = _OF_THE.search(text, sentence.start, whole.found.start) is not None
    if intro is None and not (starts_of and re.fullmatch(r"[^,;:.]{0,60},\s*", between)):
        return None
    parts = _chain(text, counts[index + 1 :], whole)
    if not parts or text[first.found.end : first.found.end + 1] == ")":
        return None
    if index and not first.noun and not first.measure and _exceeds(first, whole):
        return None
    if intro is not None and intro["full"] and not all(_says_what(text, part) for part in parts):
        return None
    is_full = intro is not None and intro["full"] is not None and _is_closed(text, parts)
    if _REST.search(text, sentence.start, parts[-1].found.start):
        is_full = True
    return _List(whole, parts, is_full)


def _parts_of_before(text: str, sentence: CountedSentence, before: CountedSentence) -> _List | None:
    """The parts of the only count of the sentence before: ``Forty people were killed. Of these, 25 were soldiers``."""
    wholes = [count for count in before.counts if count.unit in {"count", "persons"}]
    persons = [count for count in wholes if count.unit == "persons"]
    single = persons if len(persons) == 1 else wholes
    if len(single) != 1 or not sentence.counts or _POINTING.match(text, sentence.start, sentence.end) is None:
        return None
    parts = _chain(text, sentence.counts, single[0])
    is_full = bool(parts) and _REST.search(text, sentence.start, parts[-1].found.start) is not None
    return _List(single[0], parts, is_full) if parts else None


def _chain(text: str, counts: Sequence[Count], whole: Count) -> tuple[Count, ...]:
    """The counts that make one list of parts of the whole."""
    chain: list[Count] = []
    for count in counts:
        if not _may_be_part(count, whole):
            break
        if chain:
            link = text[chain[-1].end : count.found.start]
            if len(link) > _LINK or re.search(r"[;:.]|\b(?:while|whereas|but|who|another|in addition|later)\b", link):
                break
            if not re.search(r",|\band\b|&|/|\bor\b", link):
                break
        chain.append(count)
    return tuple(chain)


def _may_be_part(count: Count, whole: Count) -> bool:
    """Whether a count may be a part of the whole: people of people, and what became of them is not another thing."""
    if count.unit not in {"count", "persons"} or count.found.quantity.low is None or count.partitive:
        return False
    if not count.noun and not count.measure:
        return True
    if count.measure in {"killed", "injured"} and not whole.effect[1] and not count.noun:
        return True
    if _are_people(whole) and _are_people(count) and not count.effect[1]:
        return True
    return bool(count.measure) and (
        count.measure == whole.measure or (whole.measure == "casualties" and count.measure in {"killed", "injured"})
    )


def _are_people(count: Count) -> bool:
    """Whether a count is of people, by its noun or by what became of them."""
    words = figure_words()
    return count.unit == "persons" or count.noun in words.people or count.noun in words.people_measures


def _says_what(text: str, part: Count) -> bool:
    """Whether a part names what it counts, or where; a bare number in brackets may be an age or a reference."""
    return bool(part.noun or part.measure) or _PLACE_PART.match(text[part.end : part.end + _LINK]) is not None


def _is_closed(text: str, parts: Sequence[Count]) -> bool:
    """Whether a list of parts ends with ``and`` and its last item."""
    return len(parts) > 1 and _LAST.search(text[parts[-2].end : parts[-1].found.start]) is not None


def _parts_before(text: str, sentence: CountedSentence, index: int) -> _List | None:
    """The parts before their total: ``12 soldiers, 8 policemen and 4 civilians, a total of 26 people``."""
    counts = sentence.counts
    total = counts[index]
    is_total = _TOTAL_BEFORE.search(text, counts[index - 1].end, total.found.start) is not None
    if not is_total:
        limit = counts[index + 1].found.start if index + 1 < len(counts) else sentence.end
        is_total = _TOTAL_AFTER.search(text[total.end : limit]) is not None
    if not is_total or len(text[counts[index - 1].end : total.found.start]) > _GAP or total.partitive:
        return None
    if not total.measure and (not total.noun or total.noun in figure_words().people):
        known = next((one for one in reversed(counts[:index]) if one.measure and not is_aside(text, one)), None)
        total = replace(total, measure=known.measure, unit=known.unit) if known else total
    parts: list[Count] = []
    for count in reversed(counts[:index]):
        if not parts and is_aside(text, count):
            continue
        is_bare = not (total.noun or total.measure) and count.unit == "count" and not count.measure
        if is_bare and parts and not _NEXT.fullmatch(text, count.noun_end, parts[0].found.start):
            break
        if not (is_bare or _may_be_part(count, total)):
            break
        if parts:
            link = text[count.end : parts[0].found.start]
            if len(link) > _LINK or re.search(r"[;:.]|\b(?:while|whereas|but|including|from|to)\b", link):
                break
        parts.insert(0, count)
    return _List(total, tuple(parts), is_full=True) if len(parts) > 1 and _is_closed(text, parts) else None


def _judge(document: Document, found: _List) -> Iterator[Finding]:
    """Yield what is wrong with a whole and its parts."""
    larger = [part for part in found.parts if _exceeds(part, found.whole)]
    if larger:
        yield _larger(document, found.whole, larger[0])
    elif len(found.parts) > 1:
        yield from _sum(document, found)
    for part in found.parts:
        if excludes(part.targets, found.whole.targets):
            yield _class(document, found.whole, part)


def _exceeds(part: Count, whole: Count) -> bool:
    return whole.found.quantity.is_below(part.found.quantity)


def _larger(document: Document, whole: Count, part: Count) -> Finding:
    inner, outer = _phrase(document, part), _phrase(document, whole)
    return textual_finding(
        document,
        kind="part-exceeds-whole",
        severity=Severity.ERROR,
        title=f"{printed(document.text, part)} as a part of {printed(document.text, whole)}",
        message=f"“{inner}” is given as a part of “{outer}”, which is smaller.",
        spans=[(whole.start, whole.end), (part.start, part.end)],
        rule=_RULE_PART,
    )


def _sum(document: Document, found: _List) -> Iterator[Finding]:
    low, high = _reach(found)
    whole = found.whole.found.quantity
    is_over = whole.high is not None and low is not None and low > whole.high
    is_under = found.is_full and high is not None and whole.low is not None and high < whole.low
    if not (is_over or is_under) or whole.text[0] == "~":
        return
    text = document.text
    apart = all(are_apart(*pair) or _are_places(text, *pair) for pair in combinations(found.parts, 2))
    added = " + ".join(printed(text, part) for part in found.parts)
    values = [part.found.quantity for part in found.parts]
    total = number_text(sum((_centre(value) for value in values), Decimal(0)))
    yield textual_finding(
        document,
        kind="parts-do-not-add-up",
        severity=Severity.ERROR if apart or found.is_full else Severity.WARNING,
        title=f"{added} = {total}, not {printed(text, found.whole)}",
        message=(
            f"The parts {joined([_phrase(document, part) for part in found.parts])} make {total}, "
            f"but the whole is given as “{_phrase(document, found.whole)}”."
        ),
        spans=[(each.start, each.end) for each in (found.whole, *found.parts)],
        rule=_RULE_SUM,
    )


def _centre(value: Quantity) -> Decimal:
    centre = value.best if value.text[0] == "~" else value.low
    return Decimal(0) if centre is None else centre


def _reach(found: _List) -> Bounds:
    """The sum of the parts as a range, where ``about 7,000`` may be a tenth more or less."""
    rough = [part.found.quantity.best or Decimal(0) for part in found.parts if part.found.quantity.text[0] == "~"]
    low, high = total_of([part for part in found.parts if part.found.quantity.text[0] != "~"])
    about, slack = sum(rough, Decimal(0)), sum(rough, Decimal(0)) * _ROUGH
    return (low or Decimal(0)) + about - slack, None if high is None else high + about + slack


def _are_places(text: str, left: Count, right: Count) -> bool:
    """Whether two counts are each followed by a place or a time of their own."""
    first = _PLACE_PART.search(text[left.end : left.end + _LINK])
    second = _PLACE_PART.search(text[right.end : right.end + _LINK])
    return first is not None and second is not None and first[0] != second[0]


def _class(document: Document, whole: Count, part: Count) -> Finding:
    return textual_finding(
        document,
        kind="category-conflict",
        severity=Severity.ERROR,
        title=f"{_phrase(document, whole)}, among them {_phrase(document, part)}",
        message=(
            f"“{_phrase(document, whole)}” are said to include “{_phrase(document, part)}”, "
            f"but {_classes(part)} are not {_classes(whole)}."
        ),
        spans=[(whole.start, whole.end), (part.start, part.end)],
        rule=_RULE_CLASS,
    )


def _classes(count: Count) -> str:
    names = {
        "security": "security forces",
        "military": "soldiers",
        "religious": "worshippers",
        "political": "activists",
    }
    return joined([names.get(target, word(target)) for target in count.targets])


def _phrase(document: Document, count: Count) -> str:
    """A count in the words of the text, without what became of those counted."""
    return " ".join(document.text[count.found.start : count.noun_end].split())


def _unnumbered(document: Document, sentence: CountedSentence) -> Iterator[Finding]:
    """Yield classes without numbers of which one cannot hold the other: ``security personnel, including civilians``."""
    tokens = tokenise(document.text, sentence.start, sentence.end)
    for index, token in enumerate(tokens):
        if token.low != "including" or index < 2:
            continue
        outer = _class_before(tokens, index)
        inner = _class_after(tokens, index)
        if outer is None or inner is None or not excludes((inner[2],), (outer[2],)):
            continue
        whole, part = (" ".join(document.text[start:end].split()) for start, end, _ in (outer, inner))
        yield textual_finding(
            document,
            kind="category-conflict",
            severity=Severity.WARNING,
            title=f"{whole}, among them {part}",
            message=f"“{whole}” are said to include “{part}”, which are another class.",
            spans=[outer[:2], inner[:2]],
            rule=_RULE_CLASS,
        )


def _class_before(tokens: Sequence[Token], index: int) -> tuple[int, int, str] | None:
    """The class of people that ends before a word, where no other class is joined to it and no number counts it."""
    words = figure_words()
    at = index - 1 - (tokens[index - 1].low == ",")
    if at < 0 or tokens[at].low not in words.people:
        return None
    first = at - 1 if at and tokens[at - 1].low in words.modifiers else at
    for token in reversed(tokens[max(first - 6, 0) : first]):
        if token.low in {"and", "or", ",", "both", "as"} or token.low[0].isdigit():
            return None
        if token.low in words.stop:
            break
    target = words.modifiers.get(tokens[first].low, "") if first < at else words.people[tokens[at].low]
    return (tokens[first].start, tokens[at].end, target) if target else None


def _class_after(tokens: Sequence[Token], index: int) -> tuple[int, int, str] | None:
    """The class of people that begins after a word, if a noun comes before any number or verb."""
    words = figure_words()
    for at in range(index + 1, min(index + 5, len(tokens))):
        low = tokens[at].low
        if low in words.people:
            first = at - 1 if tokens[at - 1].low in words.modifiers else at
            target = words.modifiers.get(tokens[first].low, "") if first < at else words.people[low]
            return (tokens[first].start, tokens[at].end, target) if target else None
        if low in words.stop or low[0].isdigit() or not tokens[at].is_word:
            return None
    return None
