"""Author-year citations in the running text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from marsad.citations.brackets import Bracket, brackets
from marsad.citations.cited_names import CitedNames, NarrativeNames, names_before, names_within
from marsad.citations.model import Citation
from marsad.citations.names import CAPITAL, is_organisation
from marsad.citations.words import PARTICLES, words
from marsad.citations.years import DATE_WORDS, YEAR, read_date
from marsad.model import Date

__all__ = ["Known", "author_year_citations"]

Known = Callable[[CitedNames], bool]
"""Whether a listed work has the names."""

_TOKEN = re.compile(
    rf"(?<![\dA-Za-z/–—-])(?:(?P<year>{YEAR})(?:\s?[\[/]\s?{YEAR}\]?)?(?P<suffix>[a-r])?(?!\w)"
    r"|(?P<status>n\.\s?d\.(?:-[a-z])?|n\.d\b|no date|in press|forthcoming)(?!\w))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?[-–—]\s?(?:\d|present|today|now)")
_LOCATOR = re.compile(
    r"\s*[,:]?\s*(?P<locator>(?:(?:at\s+)?(?:pp?|pages?|paras?|paragraphs?|chs?|chap|chapters?|secs?|sections?|arts?|notes?|"
    r"fn|vols?|tables?|figs?|figures?|lines?|books?|parts?|slides?|min|n|emphasis)\.?\s*|§+\s*|¶+\s*)"
    r"(?:\d+|[ivxlcIVXLC]+\b|added)(?:\s?[-–,:]\s?\d+)*(?:ff?\.)?"
    rf"|(?<=[:,])\s*(?!{YEAR}(?!\s?[-–]))\d{{1,4}}(?:\s?[-–]\s?\d{{1,4}})?(?!\d))",
    re.IGNORECASE,
)
_DATE = re.compile(rf"\s*,?\s*(?P<date>{DATE_WORDS})(?!\w)", re.IGNORECASE)
_DATE_BEFORE = re.compile(rf"(?P<date>{DATE_WORDS}),?\s*$", re.IGNORECASE)
_SUFFIXES = re.compile(r"\s*(?:,|&|and)\s*(?P<suffix>[a-r])(?![\w.])")
_SECOND_HAND = re.compile(
    r"[\s,;]*(?:as\s+)?(?:cited|quoted|mentioned|discussed|reported)\s+(?:in|by)\b", re.IGNORECASE
)
_MORE = re.compile(r"[\s,;&]*(?:and|&)?\s*")
_POSSESSIVE = re.compile(r"(?:['’ʼ]s|s['’ʼ])(?=\s+(?:[a-z][\w-]*\s+){1,4}$)")
_BY = re.compile(
    r"(?:according to|\bsee|\bsee also|\bas|\bby|\bper|\bfollowing|\bcf\.|\blike|\bscholars? such as|"
    r"\bauthors? (?:such as|like)|\bwork of|\bstudy (?:of|by)|\bcited in)\s*$"
)
_VERB_AHEAD = re.compile(
    r"\s*(?:,\s*)?(?:(?:also|further|have|has|had|then|thus|both|first|therefore|likewise|\w{2,20}ly)\s){0,2}"
    r"(?P<verb>[a-z]+)"
)
_WINDOW = 180
_SCANNED = re.compile(rf"{YEAR}|n\.\s?d\b|no date|in press|forthcoming", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Token:
    """A year, or what stands for one, with the locator or date behind it."""

    start: int
    end: int
    year: int | None
    suffix: str
    status: str
    date: Date | None
    locator: str
    more: tuple[str, ...]
    is_second_hand: bool


def author_year_citations(text: str, start: int, end: int, known: Known) -> Iterator[Citation]:
    """The author-year citations of one block of text, in order of their brackets."""
    for bracket in brackets(text, start, end):
        content = _masked(text, bracket)
        if _SCANNED.search(content) is None:
            continue
        begin = bracket.start + 1
        first = _TOKEN.match(content.lstrip(" *_"))
        if first is not None and not _RANGE.match(content.lstrip(" *_"), first.end()):
            yield from _narrative(text, bracket, content, start, known)
        else:
            yield from _parenthetical(content, begin, bracket)


def _masked(text: str, bracket: Bracket) -> str:
    """The content of a bracket, its inner brackets blanked."""
    content = text[bracket.start + 1 : bracket.end - 1]
    for left, right in bracket.inner:
        content = content[: left - bracket.start - 1] + " " * (right - left) + content[right - bracket.start - 1 :]
    return content


def _tokens(part: str) -> list[_Token]:
    """The years of one part of a bracket, ranges left out."""
    found = []
    at = 0
    while match := _TOKEN.search(part, at):
        at = match.end()
        if _RANGE.match(part, at):
            at = match.end() + 2
            continue
        more = []
        while another := _SUFFIXES.match(part, at):
            if not match["suffix"]:
                break
            more.append(another["suffix"])
            at = another.end()
        year = int(match["year"]) if match["year"] else None
        date, at, is_before = _date_of(part, match.start(), at, year)
        locator = None if date and not is_before else _LOCATOR.match(part, at)
        if locator:
            at = locator.end()
        status = "" if year else "n.d." if match["status"][0] in "nN" else match["status"].lower()
        words = locator["locator"].strip() if locator else ""
        suffix = (match["suffix"] or "").lower()
        is_second_hand = _SECOND_HAND.match(part, at) is not None
        found.append(_Token(match.start(), at, year, suffix, status, date, words, tuple(more), is_second_hand))
    return found


def _date_of(part: str, start: int, at: int, year: int | None) -> tuple[Date | None, int, bool]:
    """The full date around a year, and where it ends."""
    if year is None:
        return None, at, False
    if behind := _DATE.match(part, at):
        return read_date(year, behind["date"]), behind.end(), False
    before = _DATE_BEFORE.search(part, max(start - 30, 0), start)
    return (read_date(year, before["date"]), at, True) if before else (None, at, False)


def _parenthetical(content: str, offset: int, bracket: Bracket) -> Iterator[Citation]:
    at = 0
    for part in content.split(";"):
        yield from _part(part, offset + at, bracket)
        at += len(part) + 1


def _part(part: str, offset: int, bracket: Bracket) -> Iterator[Citation]:
    """The citations of one part of a bracket: names, year, and further names or years behind it."""
    at = 0
    last: tuple[CitedNames, int] | None = None
    for token in _tokens(part):
        between = part[at : token.start]
        names = names_within(between)
        if names is None and last is not None and _MORE.fullmatch(between):
            names, begin = last
        elif names is None:
            at = token.end
            continue
        else:
            begin = at + names.start
        if token.date is not None and _DATE_BEFORE.search(between):
            names = replace(names, is_certain=False)
        last = (names, begin)
        at = token.end
        comma = re.search(r"[,;:]\s*[*_]*$", between.rstrip()) is not None
        made = _citation(names, token, offset + begin, offset + token.end, bracket, has_comma=comma)
        yield made
        yield from (replace(made, suffix=suffix) for suffix in token.more)


def _citation(
    names: CitedNames, token: _Token, start: int, end: int, bracket: Bracket, *, has_comma: bool = True
) -> Citation:
    return Citation(
        start, end, names.names, names.initials, names.others, token.year, token.suffix, token.status, token.date,
        token.locator, is_title=names.is_title, has_comma=has_comma, is_second_hand=token.is_second_hand,
        group_start=bracket.start, group_end=bracket.end, is_certain=names.is_certain,
    )  # fmt: skip


def _narrative(text: str, bracket: Bracket, content: str, block_start: int, known: Known) -> Iterator[Citation]:
    """``Khan and Ali (2021, p. 5; 2022)``: the names stand before the bracket."""
    floor = max(block_start, bracket.start - _WINDOW)
    found = names_before(text, floor, bracket.start)
    chosen = _chosen(found, known) if found else None
    certain = (
        found is not None and chosen is not None and _is_certain(found, chosen, text[bracket.end : bracket.end + 60])
    )
    if chosen is None or not known(chosen):
        owner = _POSSESSIVE.search(text, floor, bracket.start)
        owned = names_before(text, floor, owner.end()) if owner and chosen is None else None
        chosen, certain = (_chosen(owned, known), True) if owned else (chosen, certain)
    if chosen is None:
        return
    tokens = _tokens(content)
    for number, token in enumerate(tokens):
        between = content[: token.start] if number == 0 else ""
        if between.strip(" *_"):
            return
        base = bracket.start + 1
        made = _citation(chosen, token, chosen.start, bracket.end if len(tokens) == 1 else base + token.end, bracket)
        made = replace(made, is_narrative=True, is_certain=made.is_certain and certain, group_start=chosen.start)
        yield made
        yield from (replace(made, suffix=suffix) for suffix in token.more)
        following = _TOKEN.search(content, token.end)
        if following is None or not _MORE.fullmatch(content[token.end : following.start()]):
            yield from _parenthetical(content[token.end :], base + token.end, bracket)
            return


def _chosen(found: NarrativeNames, known: Known) -> CitedNames | None:
    """Of the names that may be meant: the longest that a listed work has, or else the likeliest."""
    for run in found.runs:
        if known(run):
            return run
    several = [
        run
        for run in found.runs
        if len(run.names) > 1 and len(run.names) == max(len(each.names) for each in found.runs)
    ]
    if several:
        return _with_particles(several)
    return found.runs[0] if is_organisation(found.runs[0].whole) else _with_particles(list(found.runs))


def _with_particles(runs: list[CitedNames]) -> CitedNames:
    """The shortest name, its particles included."""
    at = len(runs) - 1
    while at > 0 and runs[at - 1].names[0].split()[0].casefold() in PARTICLES:
        at -= 1
    return runs[at]


def _is_certain(found: NarrativeNames, chosen: CitedNames, behind: str) -> bool:
    """Whether the words around names and year show that they are a citation."""
    if chosen.others or found.is_possessive or _BY.search(found.before):
        return True
    if len(chosen.names) > 1 and not any(is_organisation(name) for name in chosen.names):
        return _has_verb(behind)
    return _has_verb(behind) and re.match(CAPITAL, chosen.names[0].split()[-1]) is not None


def _has_verb(behind: str) -> bool:
    match = _VERB_AHEAD.match(behind)
    return match is not None and match["verb"].startswith(_stems())


@cache
def _stems() -> tuple[str, ...]:
    return tuple(sorted(words("verbs")))
