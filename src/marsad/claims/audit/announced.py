"""What a text announces and then lists: “three objectives” followed by four items, first, second and then fourth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.scope import divide, number_of
from marsad.documents import Block, BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.documents.vocabulary import NUMBERS, ORDINALS
from marsad.model import Finding, Severity, enumerated, plural

__all__ = ["check_announced", "check_enumerations", "check_ordinals"]

_COUNT = rf"(?P<count>{'|'.join(NUMBERS[2:13])}|[2-9]|1[0-2])"
_NOUN = (
    r"(?P<noun>(?:(?!and\b|or\b|of\b)[a-z][a-z’'-]+\s+){0,3}(?:(?!is\b|was\b|as\b|this\b|plus\b|minus\b"
    r"|times\b|hours\b)[a-z][a-z’'-]*s|criteria|phenomena|people))"
)
_INTRODUCES = re.compile(
    rf"(?<![\w.,-]){_COUNT}\s+{_NOUN}(?:\s+(?:are|were)(?:\s+as follows)?|\s+as follows|\s+below)?\s*[:：]\s*$",
    re.IGNORECASE,
)
_INLINE = re.compile(
    rf"(?<![\w.,-]){_COUNT}\s+{_NOUN}\s*(?::|,?\s+namely:?,?)\s+(?P<list>[^.:!?\n]{{8,400}})(?=[.!?]|$)", re.IGNORECASE
)
_NOT_ITEMS = re.compile(
    r"\d|[()\[\]“”\"—–]|\b(?:which|who|whom|whose|that|where|when|while|because|since|although|including|such as"
    r"|etc|among"
    r"|others?|another|respectively|both|either|neither|followed|is|are|was|were|has|have|had|will|not|but|or|the rest"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|many|several|most|some|his"
    r"|her|its|their)\b",
    re.IGNORECASE,
)
_ORDINALS = ORDINALS[:10]
_ORDINAL = re.compile(rf"(?:and\s+)?(?P<word>{'|'.join(_ORDINALS)}|last)(?:ly)?(?=,\s)", re.IGNORECASE)
_MARKER = re.compile(r"(?<!\w)\((?P<mark>\d{1,2}|[a-h]|i{1,3}|iv|v|vi{0,3})\)(?=\s)")
_UNITS = lexicon("units")

_RULE_COUNT = "a list has as many items as the sentence before it says"
_RULE_ORDER = "what is counted up is counted without a gap"


def check_announced(document: Document) -> Iterator[Finding]:
    """Yield the lists with more or fewer items than the words before them say."""
    body = divide(document).body
    for at, block in enumerate(body):
        if block.kind is BlockKind.PARAGRAPH:
            text = document.text[block.start : block.end]
            yield from _inline(document, block, text)
            if match := _INTRODUCES.search(text):
                yield from _items(document, block, match, _following_items(document, body, at))


def _following_items(document: Document, body: Sequence[Block], at: int) -> list[Block]:
    """The items of the list that follows a block, of the outermost rank; none where a heading stands between."""
    items: list[Block] = []
    section = document.section_at(body[at].start)
    for block in body[at + 1 :]:
        if block.kind is not BlockKind.ITEM or document.section_at(block.start) != section:
            break
        items.append(block)
    level = min((item.level for item in items), default=0)
    return [item for item in items if item.level == level]


def _items(document: Document, block: Block, match: re.Match[str], items: Sequence[Block]) -> Iterator[Finding]:
    expected = number_of(match["count"]) or 0
    if len(items) < 2 or len(items) == expected or match["noun"].split()[-1].casefold() in _UNITS:
        return
    numbers = [number_of(item.label.strip("().")) for item in items]
    is_sure = numbers == list(range(1, len(items) + 1))
    if any(item.label for item in items) and not is_sure:
        return
    phrase = f"{match['count']} {' '.join(match['noun'].split())}"
    yield textual_finding(
        document,
        kind="list-count",
        severity=Severity.ERROR if is_sure else Severity.WARNING,
        title="A list of another length than announced",
        message=f"The text announces {phrase}, but {plural(len(items), 'item')} "
        f"follow{'s' if len(items) == 1 else ''}.",
        spans=[
            (block.start + match.start(), block.end),
            (items[0].start, items[0].end),
            (items[-1].start, items[-1].end),
        ],
        rule=_RULE_COUNT,
    )


def _inline(document: Document, block: Block, text: str) -> Iterator[Finding]:
    for match in _INLINE.finditer(text):
        items = _parts(match["list"])
        expected = number_of(match["count"]) or 0
        if not items or len(items) == expected or match["noun"].split()[-1].casefold() in _UNITS:
            continue
        phrase = f"{match['count']} {' '.join(match['noun'].split())}"
        yield textual_finding(
            document,
            kind="list-count",
            severity=Severity.WARNING,
            title="A list of another length than announced",
            message=f"The text announces {phrase} and names {len(items)}: {enumerated(items)}.",
            spans=[(block.start + match.start(), block.start + match.end())],
            rule=_RULE_COUNT,
        )


def _parts(text: str) -> list[str]:
    """The parts of a plain list, ``a, b and c``; none where it is not certain how many there are."""
    if _NOT_ITEMS.search(text):
        return []
    if ";" in text:
        parts = [re.sub(r"^and\s+", "", part.strip()) for part in text.split(";")]
        return parts if len(parts) > 2 and all(parts) else []
    *most, last = re.split(r"\s*,\s*", text.strip())
    if not most or any(" and " in f" {part} " for part in most):
        return []
    tail = re.sub(r"^and\s+", "", last)
    ends = [tail] if tail != last else last.split(" and ")
    if (tail != last and " and " in tail) or len(ends) > 2 or (tail == last and len(ends) == 1):
        return []
    parts = [*most, *ends]
    is_plain = all(0 < len(part.split()) <= 6 for part in parts)
    articles = sum(part.casefold().startswith(("the ", "a ", "an ")) for part in parts)
    capitals = sum(part[:1].isupper() for part in parts)
    return parts if is_plain and articles in (0, len(parts)) and capitals in (0, len(parts)) else []


def check_ordinals(document: Document) -> Iterator[Finding]:
    """Yield the places where a text goes from ``second`` to ``fourth`` without a third."""
    sentences: dict[tuple[str, ...], list[tuple[int, int, int]]] = {}
    for start, end in document.sentences:
        if match := _ORDINAL.match(document.text, start, end):
            word = match["word"].casefold()
            number = _ORDINALS.index(word) + 1 if word in _ORDINALS else 0
            sentences.setdefault(document.section_at(start), []).append((number, start, end))
    for found in sentences.values():
        for one, two in pairwise(found):
            skipped = _ORDINALS[one[0] : two[0] - 1] if 0 < one[0] < two[0] - 1 else ()
            between = document.text[one[1] : two[1]].casefold()
            if skipped and not any(re.search(rf"\b{word}", between) for word in skipped):
                words = (_ORDINALS[one[0] - 1], _ORDINALS[two[0] - 1])
                yield textual_finding(
                    document,
                    kind="ordinal-gap",
                    severity=Severity.WARNING,
                    title="A step is left out in counting",
                    message=f"The text goes from “{words[0]}” to “{words[1]}”: there is no “{enumerated(skipped)}”.",
                    spans=[(one[1], one[2]), (two[1], two[2])],
                    rule=_RULE_ORDER,
                )


def check_enumerations(document: Document) -> Iterator[Finding]:
    """Yield the paragraphs that count (1), (2), (4), and the lists whose numbers have a gap or stand twice."""
    body = divide(document).body
    for block in body:
        marks = list(_MARKER.finditer(document.text, block.start, block.end))
        numbers = [_mark_number(match["mark"]) for match in marks]
        if len(numbers) >= 3 and numbers[:2] == [1, 2] and len({m["mark"].isdigit() for m in marks}) == 1:
            yield from _gap(document, numbers, [(match.start(), match.end()) for match in marks])
    for run in _runs(body):
        numbers = [number_of(item.label.strip("().")) or 0 for item in run]
        yield from _gap(document, numbers, [(item.start, item.end) for item in run])


def _mark_number(mark: str) -> int:
    if mark.isdigit() or mark in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii"):
        return number_of(mark) or 0
    return ord(mark) - ord("a") + 1


def _runs(body: Sequence[Block]) -> Iterator[list[Block]]:
    """The runs of items with Arabic numbers that follow one another, from 1."""
    run: list[Block] = []
    for block in body:
        digits = block.kind is BlockKind.ITEM and block.label.strip("().").isdigit()
        if digits and run and block.level == run[0].level:
            is_new = block.label.strip("().") == "1"
            if is_new:
                yield run
            run = [block] if is_new else [*run, block]
        elif not digits or not run:
            if run and not (block.kind is BlockKind.ITEM and block.level > run[0].level):
                yield run
                run = []
            if digits and block.label.strip("().") == "1":
                run = [block]
    if run:
        yield run


def _gap(document: Document, numbers: Sequence[int], spans: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """One gap or one repetition in a row that is otherwise counted up from 1."""
    steps = [two - one for one, two in pairwise(numbers)]
    faults = [at for at, step in enumerate(steps) if step != 1]
    if len(numbers) < 3 or len(faults) != 1 or steps[faults[0]] not in (0, 2):
        return
    at = faults[0]
    if steps[at] == 0:
        words = f"The number {numbers[at]} stands before two items of one list."
    else:
        words = f"A list goes from {numbers[at]} to {numbers[at + 1]}: there is no item {numbers[at] + 1}."
    yield textual_finding(
        document,
        kind="list-number",
        severity=Severity.WARNING,
        title="A list that is not counted up",
        message=words,
        spans=[spans[at], spans[at + 1]],
        rule=_RULE_ORDER,
    )
