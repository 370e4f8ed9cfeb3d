"""Names and words that one manuscript spells in two ways.

Two names are taken for one only on evidence: all parts sound alike, all parts but one are the same, the surname of
somebody just named in full, or a place of the same region at the same time. Names of the reference list are not
compared with those of the text: their bearers are people of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from marsad.citations.names import compact
from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.names import Name, edits, is_inflection, names_in, sound, vocabulary
from marsad.claims.audit.scope import divide
from marsad.documents import BlockKind, Document
from marsad.documents.findings import textual_finding
from marsad.extraction.dates import find_dates
from marsad.model import Finding, Severity

__all__ = ["check_heading_words", "check_hyphens", "check_names"]

_COMMON_PARTS = lexicon("common_name_parts")
_GENERIC = lexicon("kinds_of_place")
_SPEAKS_BEFORE = re.compile(
    r"(?:\b(?:according to|met with|talks with|meeting with|mr\.?|mrs\.?|ms\.?|dr\.?|president|minister|secretary"
    r"|general|senator"
    r"|judge|governor|ambassador|professor|colonel|captain|commander))\s+$",
    re.IGNORECASE,
)
_SPEAKS_AFTER = re.compile(
    r"\s+(?:(?:also|later|then|further|has|had)\s+)?(?:said|says|argued|argues|stated|states|noted|notes|added"
    r"|adds|told"
    r"|explained|explains|claimed|claims|announced|insisted|warned|maintains|maintained|contends|writes|wrote"
    r"|and discussed)\b"
)
_RULE = "a name is spelled in one way throughout a text"
_MOST_HYPHENS = 8


def check_names(document: Document) -> Iterator[Finding]:
    """Yield the names that are spelled in two ways, one finding for each pair."""
    scope = divide(document)
    words = vocabulary(document, scope)
    names = list(names_in(document, scope, words))
    told: set[frozenset[str]] = set()
    yield from _particles(document, names)
    found = [
        *_same_sound(names, words),
        *_one_part(names, words),
        *_surnames(document, names, words),
        *_places(document, names),
    ]
    for one, two, why in sorted(found, key=lambda pair: pair[0].start):
        pair = frozenset(" ".join(set(a.parts) - set(b.parts)) for a, b in ((one, two), (two, one)))
        if pair in told:
            continue
        told.add(pair)
        yield textual_finding(
            document,
            kind="name-spelling",
            severity=Severity.WARNING,
            title="One name spelled in two ways",
            message=f"“{one.text}” and “{two.text}” look like one name spelled in two ways: {why}.",
            spans=[(one.start, one.end), (two.start, two.end)],
            rule=_RULE,
        )


_Pair = tuple[Name, Name, str]


def _particles(document: Document, names: Sequence[Name]) -> Iterator[Finding]:
    """Names of several parts that stand with and without ``ul``, ``bin`` or another particle."""
    forms: dict[tuple[str, ...], dict[str, Name]] = defaultdict(dict)
    for name in names:
        if len(name.parts) >= 2:
            pieces = (compact(piece) for piece in re.split(r"[\s-]+", name.text))
            forms[name.parts].setdefault(" ".join(piece for piece in pieces if piece), name)
    for spelled in forms.values():
        if len(spelled) > 1:
            one, two = list(spelled.values())[:2]
            yield textual_finding(
                document,
                kind="name-particle",
                severity=Severity.NOTE,
                title="One name with and without a particle",
                message=f"The text writes both “{one.text}” and “{two.text}”.",
                spans=[(one.start, one.end), (two.start, two.end)],
                rule=_RULE,
            )


def _first_of(names: Sequence[Name]) -> dict[tuple[str, ...], Name]:
    first: dict[tuple[str, ...], Name] = {}
    for name in names:
        first.setdefault(name.parts, name)
    return first


def _same_sound(names: Sequence[Name], words: Mapping[str, int]) -> Iterator[_Pair]:
    """Names all of whose parts sound alike: several parts, or one long one that is no part of another name."""
    groups: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    within = {part for name in names if len(name.parts) > 1 for part in name.parts}
    for parts, name in _first_of(names).items():
        key = tuple(sound(part) for part in parts)
        least = 5 if re.search(r"[\s-]", name.text) else 6
        is_alone = len(parts) == 1 and (
            len(parts[0]) < least or parts[0] in within or words.get(name.text.casefold(), 0)
        )
        if not is_alone and not all(part in _COMMON_PARTS for part in parts):
            groups[key].append(name)
    for one, *others in groups.values():
        for two in others[:3]:
            changed = [(a, b) for a, b in zip(one.parts, two.parts, strict=True) if a != b]
            is_long = all(min(len(a), len(b)) >= 4 or len(one.parts) > 2 for a, b in changed)
            if changed and is_long and _are_names(changed, words):
                yield one, two, "they sound alike"


def _are_names(changed: Sequence[tuple[str, str]], words: Mapping[str, int]) -> bool:
    """Whether the parts that differ are names and not words of the language or forms of one."""
    return not any(
        words.get(a, 0) or words.get(b, 0) or a + "s" == b or b + "s" == a or {a[-2:], b[-2:]} == {"ce", "se"}
        for a, b in changed
    )


def _one_part(names: Sequence[Name], words: Mapping[str, int]) -> Iterator[_Pair]:
    """Names of which one part differs by a letter, while the others are the same and not everybody's."""
    counts = Counter(name.parts for name in names)
    rest: dict[tuple[int, int, tuple[str, ...]], list[Name]] = defaultdict(list)
    for parts, name in _first_of(names).items():
        for at in range(len(parts) if len(parts) > 1 else 0):
            rest[len(parts), at, (*parts[:at], *parts[at + 1 :])].append(name)
    for (length, at, others), group in rest.items():
        is_telling = (at == length - 1 or length > 2) and any(part not in _COMMON_PARTS for part in others)
        for one, two in combinations(group[:6], 2):
            a, b = one.parts[at], two.parts[at]
            rare = min(counts[one.parts], counts[two.parts]) == 1
            is_near = a[:1] == b[:1] and min(len(a), len(b)) >= 4 and max(len(a), len(b)) >= 5 and edits(a, b) == 1
            if is_telling and rare and is_near and not is_inflection(a, b) and _are_names([(a, b)], words):
                yield one, two, "they differ by one letter"


def _surnames(document: Document, names: Sequence[Name], words: Mapping[str, int]) -> Iterator[_Pair]:
    """A surname that nobody was introduced with, while somebody just before is introduced by nearly the same."""
    introduced = [name for name in names if len(name.parts) > 1]
    last = {name.parts[-1] for name in introduced} | {part for name in introduced for part in name.parts}
    counts = Counter(part for name in names for part in name.parts)
    seen: set[str] = set()
    starts = [full.start for full in introduced]
    for name in names:
        bare = name.parts[0]
        if len(name.parts) > 1 or bare in last or bare in seen or words.get(bare, 0) or not _speaks(document, name):
            continue
        seen.add(bare)
        at = bisect_left(starts, name.start)
        for full in introduced[max(0, at - 60) : at]:
            surname = full.parts[-1]
            if full.block < name.block - 3 or surname[:1] != bare[:1]:
                continue
            alike = sound(surname) == sound(bare) and min(len(surname), len(bare)) >= 4
            near = min(len(surname), len(bare)) >= 5 and edits(surname, bare) == 1 and not is_inflection(surname, bare)
            if (
                surname != bare
                and (alike or near)
                and min(counts[bare], counts[surname]) <= 2
                and not words.get(surname, 0)
            ):
                yield full, name, "nobody else is introduced by the second"
                break


def _speaks(document: Document, name: Name) -> bool:
    before = document.text[max(0, name.start - 40) : name.start]
    after = document.text[name.end : name.end + 40]
    return bool(_SPEAKS_BEFORE.search(before) or _SPEAKS_AFTER.match(after))


def _places(document: Document, names: Sequence[Name]) -> Iterator[_Pair]:
    """Two places of one region, ``X, R``, whose names begin alike, told of in the same month."""
    groups: dict[tuple[str, str], list[tuple[Name, str]]] = defaultdict(list)
    for name, region in pairwise(names):
        parts = [part for part in name.parts if part not in _GENERIC]
        if re.fullmatch(r",\s{0,2}", document.text[name.end : region.start]) and len(parts) == 1 and len(parts[0]) >= 6:
            where = " ".join(part for part in region.parts if part not in _GENERIC)
            known = groups[where, parts[0][:4]]
            if all(parts[0] != other for _, other in known):
                known.append((name, parts[0]))
    for (where, _), group in groups.items():
        for (one, a), (two, b) in combinations(group[:4], 2):
            if edits(a, b) <= 2 and not is_inflection(a, b) and _months(document, one) & _months(document, two):
                yield one, two, f"both lie in {where.title()} and are told of in the same month"


def _months(document: Document, name: Name) -> set[tuple[int, int]]:
    """The months of which the sentence of a name speaks."""
    start, end = document.sentence_at(name.start) or (name.start, name.end)
    dates = (found.date for found in find_dates(document.text[start:end]))
    return {
        (date.earliest.year, date.earliest.month)
        for date in dates
        if date and date.earliest and date.precision in ("day", "month")
    }


def check_hyphens(document: Document) -> Iterator[Finding]:
    """Yield one note on all words that are written with and without a hyphen."""
    body = divide(document).body
    first: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    counts: Counter[str] = Counter()
    for block in body:
        if block.kind is not BlockKind.ROW:
            for match in re.finditer(
                r"(?<![\w’'/@.-])[^\W\d_]{2,}(?:-[^\W\d_]{2,})*(?![\w@/-])", document.text[block.start : block.end]
            ):
                word = match[0].casefold()
                counts[word] += 1
                first[word.replace("-", "")].setdefault(word, (block.start + match.start(), block.start + match.end()))
    double = {
        joined: sorted(forms)
        for joined, forms in first.items()
        if len(forms) == 2 and len(joined) >= 7 and sum(counts[form] for form in forms) >= 3
    }
    shown = sorted(double, key=lambda joined: -min(counts[form] for form in double[joined]))[:_MOST_HYPHENS]
    if shown:
        pairs = [f"“{double[joined][0]}” and “{double[joined][1]}”" for joined in shown]
        yield textual_finding(
            document,
            kind="hyphen",
            severity=Severity.NOTE,
            title="Words with and without a hyphen",
            message=f"The text writes {'; '.join(pairs)}.",
            spans=sorted(place for joined in shown for place in first[joined].values()),
            rule="a word is written in one way throughout a text",
        )


def check_heading_words(document: Document) -> Iterator[Finding]:
    """Yield the words that stand in headings only, a letter away from a word that the text uses often."""
    scope = divide(document)
    counts: Counter[str] = Counter()
    for block in scope.body:
        found = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", document.text[block.start : block.end])
        counts.update(compact(word) for word in found)
    near: dict[str, list[str]] = defaultdict(list)
    for word in counts:
        near[word[:5]].append(word)
    told: set[str] = set()
    for block in document.headings:
        for match in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*", document.text[block.start : block.end]):
            word = compact(match[0])
            if len(word) < 7 or counts[word] or word in told:
                continue
            told.add(word)
            usual = [other for other in near[word[:5]] if counts[other] >= 3 and _is_slip(word, other)]
            if usual:
                other = max(usual, key=lambda each: counts[each])
                yield textual_finding(
                    document,
                    kind="heading-word",
                    severity=Severity.NOTE,
                    title="A word that only a heading has",
                    message=f"The heading has “{match[0]}”, a word that the text never uses; it has “{other}” "
                    f"{counts[other]} times.",
                    spans=[(block.start, block.end)],
                    rule=_RULE,
                )


def _is_slip(word: str, usual: str) -> bool:
    """Whether a word is another with one letter wrong, and not a form of it."""
    if abs(len(word) - len(usual)) > 1 or edits(word, usual) != 1 or is_inflection(word, usual):
        return {word[-2:], usual[-2:]} == {"ce", "cy"} and word[:-2] == usual[:-2]
    return word[-2:] == usual[-2:]
