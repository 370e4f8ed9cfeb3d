"""Abbreviations: what they stand for, in the list and in the text, and whether the two agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.scope import Scope, divide
from marsad.documents import Block, Document
from marsad.documents.findings import textual_finding
from marsad.model import Finding, Severity, enumerated

__all__ = ["Definition", "check_abbreviations", "check_two_abbreviations", "check_unused", "definitions"]

_SHORT = r"(?P<short>[A-Z][A-Za-z&.]{0,3}(?:[A-Z&][A-Za-z]?-?){1,9}s?|[A-Z]{2,3}-[A-Z]{1,4})"
_BRACKETED = re.compile(rf",?\s*[(\[]\s*[\"“]?{_SHORT}[\"”]?\s*[)\]]")
_EXPLAINED = re.compile(rf"(?<![\w-]){_SHORT}\s*\((?P<long>[A-Z][\w’'-]*(?:[ -][\w’'&-]+){{1,9}})\)")
_APPOSED = re.compile(rf"(?<=[a-z])(?P<comma>,?)\s{_SHORT}(?![\w-])(?=(?P<after>,?))")
_ROW = re.compile(
    rf"[*_\s]*{_SHORT}[*_]*\s*(?:\t|\s{{2,}}|[:=–—|]|\s-\s|\s)\s*[:=–—|-]?\s*(?P<long>[^\W\d_].{{2,150}})", re.DOTALL
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_SMALL = lexicon("small_words")
_USED = re.compile(r"(?<![\w@/.-])[A-Z]{2,7}(?:-[A-Z]{1,4})?s?(?![\w@/])")
_NAME_BEFORE = re.compile(r"(?!The\b)[A-Z][\w’'-]*(?: (?:(?:of|for|the|and|on) )?[A-Z][\w’'-]*){1,7}$")
_NEAR = 0.6
_KNOWN = lexicon("known_abbreviations")
_FOREIGN = lexicon("foreign_words")

_RULE_SAME = "an abbreviation stands for the same words wherever it is explained"
_RULE_ONE = "one name has one abbreviation"
_RULE_USED = "the list of abbreviations holds those that the text uses, and no others"


@dataclass(frozen=True, slots=True)
class Definition:
    """An abbreviation where it is explained.

    Attributes:
        short: the abbreviation.
        long: what it stands for, as printed.
        start, end: both together, in the text.
        is_listed: whether it stands in the list of abbreviations.
    """

    short: str
    long: str
    start: int
    end: int
    is_listed: bool = False

    @property
    def key(self) -> str:
        """The abbreviation without case, dots, hyphens and the plural."""
        return _key(self.short)


def _key(short: str) -> str:
    letters = re.sub(r"(?<=[A-Z])s$", "", short)
    return "".join(letter for letter in letters if letter.isalnum()).upper()


def definitions(document: Document, scope: Scope) -> tuple[Definition, ...]:
    """Every explanation of an abbreviation, in the list and in the text, in order."""
    found = [*_rows(document, scope)]
    known = {one.key: one for one in found}
    open_ended: list[tuple[Block, re.Match[str]]] = []
    for block in scope.body:
        text = document.text[block.start : block.end]
        for match in _BRACKETED.finditer(text):
            words = _expansion(text, match.start(), match["short"]) or _known_before(text, match, known.values())
            if words:
                found.append(_definition(text, block.start, words, match.end(), match["short"]))
            else:
                open_ended.append((block, match))
        for match in _EXPLAINED.finditer(text):
            if _is_initials(match["short"], match["long"]):
                start = block.start + match.start()
                found.append(Definition(match["short"], match["long"], start, block.start + match.end()))
        for match in _APPOSED.finditer(text):
            words = _expansion(text, match.start(), match["short"]) if not match["comma"] or match["after"] else 0
            if words and len(_key(match["short"])) >= 3 and _is_whole(text[words - 1 : match.start()], match["short"]):
                found.append(_definition(text, block.start, words, match.end(), match["short"]))
    meanings = {one.key: one for one in reversed(found)}
    for block, match in open_ended:
        if (first := meanings.get(_key(match["short"]))) and (start := _varied(match.string, match, first)):
            found.append(_definition(match.string, block.start, start, match.end(), match["short"]))
    return tuple(sorted(found, key=lambda one: (not one.is_listed, one.start, one.end)))


def _varied(text: str, match: re.Match[str], known: Definition) -> int:
    """One more than where a name begins that has the initials of a known abbreviation and more words; 0 without one."""
    named = _NAME_BEFORE.search(text, max(0, match.start() - 120), match.start())
    if named is None:
        return 0
    words = [word for word in _WORD.findall(named[0]) if word.casefold() not in _SMALL]
    initials, letters = "".join(word[0] for word in words), _key(match["short"])
    is_like = _nearness(named[0].casefold(), known.long.casefold()) >= _NEAR
    return named.start() + 1 if initials.startswith(letters) and len(initials) > len(letters) and is_like else 0


def _definition(text: str, offset: int, words: int, end: int, short: str) -> Definition:
    start = words - 1
    long = re.sub(r"[,(\[\s\"“]+$", "", text[start:end].rsplit(short, 1)[0])
    return Definition(short, " ".join(long.split()), offset + start, offset + end)


def _rows(document: Document, scope: Scope) -> Iterator[Definition]:
    """The entries of the list of abbreviations, one in a block or all of them run together."""
    for block in scope.abbreviations:
        text = document.text[block.start : block.end]
        marks = _entry_marks(text)
        if len(marks) >= 4 and "\t" not in text:
            for mark, end in zip(marks, [*(other.start() for other in marks[1:]), len(text)], strict=True):
                long = " ".join(text[mark.end() : end].split()).strip(" :–—-=,;")
                yield Definition(
                    mark[0], long, block.start + mark.start(), block.start + len(text[:end].rstrip()), is_listed=True
                )
        elif match := _ROW.fullmatch(text):
            yield Definition(
                match["short"], " ".join(match["long"].split()).strip(" *_."), block.start, block.end, is_listed=True
            )


def _entry_marks(text: str) -> list[re.Match[str]]:
    """The abbreviations that begin an entry: not those that follow another at once (``UNHCR UN High Commissioner``)."""
    marks: list[re.Match[str]] = []
    for match in re.finditer(r"(?<!\S)[A-Z][A-Za-z]?(?:[A-Z&]-?)+s?(?=[\s:–—=]|$)", text):
        if not marks or text[marks[-1].end() : match.start()].strip(" :–—-="):
            marks.append(match)
    return marks if marks and not text[: marks[0].start()].strip() else []


def _expansion(text: str, end: int, short: str) -> int:
    """One more than where the words begin, before ``end``, whose initials the abbreviation has; 0 where there are none.

    Every letter of the abbreviation is the initial of a word (or of a part of a hyphenated word), in order; small words
    may be left out, and the last letter may be a plural.
    """
    letters = _key(short)
    sentence = max(text.rfind(sign, 0, end) for sign in (". ", "; ", ") ", "(")) + 1
    words = list(_WORD.finditer(text, max(sentence, end - 160, 0), end))
    index = len(letters) - 1
    for word in reversed(words):
        initial = word[0][0]
        if initial.upper() == letters[index] and (initial.isupper() or word[0] not in _SMALL or index):
            index -= 1
            if index < 0:
                return word.start() + 1 if initial.isupper() or len(letters) > 2 else 0
        elif word[0].casefold() not in _SMALL:
            return 0
    return 0


def _is_whole(words: str, short: str) -> bool:
    """Whether all words but the small ones are capitalised: a name, not words that happen to have the initials."""
    found = [word for word in _WORD.findall(words) if word.casefold() not in _SMALL]
    return all(word[0].isupper() and not word.isupper() for word in found) and len(found) >= len(_key(short)) - 1


def _is_initials(short: str, long: str) -> bool:
    words = _WORD.findall(long)
    big = "".join(word[0] for word in words if word.casefold() not in _SMALL).upper()
    return _key(short) in (big, "".join(word[0] for word in words).upper())


def _known_before(text: str, match: re.Match[str], known: Iterable[Definition]) -> int:
    """One more than where a listed name begins that stands directly before the bracket; 0 where none does."""
    before = text[max(0, match.start() - 120) : match.start()]
    for one in known:
        if before.casefold().endswith(one.long.casefold()) and _are_alike(one.key, _key(match["short"])):
            return match.start() - len(one.long) + 1
    return 0


def _are_alike(one: str, two: str) -> bool:
    """Whether two abbreviations differ by a letter or two, as by a slip."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - heavy

    return one[:1] == two[:1] and OSA.distance(one, two) <= max(1, min(len(one), len(two)) // 3)


def _plain(long: str) -> tuple[str, ...]:
    """The words of a name without small words, hyphens, case and plural."""
    words = (word.casefold() for word in _WORD.findall(long.replace("’", "'")))
    return tuple(re.sub(r"(?:'s|s'?|')$", "", word) for word in words if word not in _SMALL)


def check_abbreviations(document: Document, known: Sequence[Definition]) -> Iterator[Finding]:
    """Yield the abbreviations that are explained in two ways."""
    first: dict[str, Definition] = {}
    told: set[tuple[str, tuple[str, ...]]] = set()
    for one in known:
        reference = first.setdefault(one.key, one)
        plain, other = _plain(one.long), _plain(reference.long)
        if plain == other or (one.key, plain) in told or _holds(plain, other) or _holds(other, plain):
            continue
        if _is_foreign(one.long) != _is_foreign(reference.long):
            continue
        told.add((one.key, plain))
        is_near = _nearness(" ".join(plain), " ".join(other)) >= _NEAR
        where = "in the list of abbreviations" if reference.is_listed else "at first"
        yield textual_finding(
            document,
            kind="abbreviation-spelling" if is_near else "abbreviation-meaning",
            severity=Severity.WARNING,
            title="One abbreviation spelled out in two ways",
            message=f"{one.short} stands for “{reference.long}” {where} and for “{one.long}” elsewhere.",
            spans=[(reference.start, reference.end), (one.start, one.end)],
            rule=_RULE_SAME,
        )


def _is_foreign(long: str) -> bool:
    """Whether a name has function words of a language other than English."""
    return bool(_FOREIGN & {word.casefold() for word in _WORD.findall(long)})


def _holds(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether a name is the other with words before or after it, as ``Hamas party`` is of ``Hamas``."""
    return len(one) >= 2 and (two[: len(one)] == one or two[-len(one) :] == one)


def _nearness(one: str, two: str) -> float:
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 - heavy

    return ratio(one, two) / 100


def check_two_abbreviations(document: Document, known: Sequence[Definition]) -> Iterator[Finding]:
    """Yield the names with two abbreviations, and abbreviations with and without a hyphen."""
    by_name: dict[tuple[str, ...], Definition] = {}
    spelled: dict[str, Definition] = {}
    told: set[frozenset[str]] = set()
    for one in known:
        name = _plain(one.long)
        for other in (by_name.setdefault(name, one), spelled.setdefault(one.key, one)):
            shorts = frozenset((_bare(one.short), _bare(other.short)))
            if len(shorts) == 1 or shorts in told or len(name) < 2:
                continue
            told.add(shorts)
            yield textual_finding(
                document,
                kind="two-abbreviations",
                severity=Severity.WARNING,
                title="One name with two abbreviations",
                message=f"“{other.long}” is abbreviated {other.short} and {one.short}.",
                spans=[(other.start, other.end), (one.start, one.end)],
                rule=_RULE_ONE,
            )


def _bare(short: str) -> str:
    return re.sub(r"(?<=[A-Z])s$", "", short).replace(".", "")


def check_unused(document: Document, known: Sequence[Definition]) -> Iterator[Finding]:
    """Yield a note on the abbreviations that are listed and not used, and one on those used and never explained."""
    scope = divide(document)
    rows = [one for one in known if one.is_listed]
    uses = _uses(document, scope)
    used = uses.keys() | _elsewhere(document, scope)
    idle = [one for one in rows if one.key not in used]
    if idle and len(rows) >= 3:
        names = [one.short for one in idle]
        yield textual_finding(
            document,
            kind="abbreviation-unused",
            severity=Severity.NOTE,
            title="Listed and not used",
            message=f"The list of abbreviations has {enumerated(names)}, which the text does not use.",
            spans=[(one.start, one.end) for one in idle],
            rule=_RULE_USED,
        )
    explained = {one.key for one in known}
    strange = [(key, found) for key, found in uses.items() if key not in explained | _KNOWN and len(found) >= 2]
    if strange and len(explained) >= 3:
        names = [document.text[slice(*found[0])] for _, found in strange]
        yield textual_finding(
            document,
            kind="abbreviation-unexplained",
            severity=Severity.NOTE,
            title="Used and not explained",
            message=f"The text uses {enumerated(names)} without saying what "
            f"{'they stand' if len(names) > 1 else 'it stands'} for.",
            spans=[found[0] for _, found in strange],
            rule=_RULE_USED,
        )


def _uses(document: Document, scope: Scope) -> dict[str, list[tuple[int, int]]]:
    """Where the body uses each abbreviation, citations and lines in capitals left out."""
    uses: dict[str, list[tuple[int, int]]] = {}
    for block in scope.body:
        text = document.text[block.start : block.end]
        if sum(map(str.isupper, text)) * 2 > sum(map(str.isalpha, text)):
            continue
        cited = [match.span() for match in re.finditer(r"\([^()]{0,200}\d{4}[a-z]?[^()]{0,40}\)", text)]
        for match in _USED.finditer(text):
            if not any(start <= match.start() < end for start, end in cited):
                uses.setdefault(_key(match[0]), []).append((block.start + match.start(), block.start + match.end()))
    return uses


def _elsewhere(document: Document, scope: Scope) -> set[str]:
    """The abbreviations in headings, citations and references."""
    listed_at = {block.start for block in scope.abbreviations}
    return {
        _key(match[0])
        for block in document.blocks
        if block.start not in listed_at
        for match in _USED.finditer(document.text, block.start, block.end)
    }
