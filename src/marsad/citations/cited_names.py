"""The names of one citation as the text writes them: in brackets, or in the sentence before a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from marsad.citations.names import CAPITAL, ET_AL, is_initials, is_organisation
from marsad.citations.words import PARTICLES, alternatives, words
from marsad.citations.years import DATE_WORDS

__all__ = ["CitedNames", "NarrativeNames", "names_before", "names_within"]

_SEPARATOR = re.compile(r"\s*(?:,\s*(?:&|and\b)?|&|;|\band\b|،)\s*")
_CLOSED = re.compile(r"[\[(][^\[\]()]*[\])]")
_QUOTED = re.compile(r"[“\"‘'„](?P<title>[^“”\"]{3,200}?),?[”\"’']")
_POSSESSIVE = re.compile(r"['’ʼ]s?$")
_SPACED_INITIALS = re.compile(rf"(?P<name>.+?)\s(?P<initials>(?:{CAPITAL}\.\s?)+|{CAPITAL})")
_LEADING_INITIALS = re.compile(rf"(?P<initials>(?:{CAPITAL}\.[ -]?)+)\s?(?P<name>\S.*)")
_MONTH_END = re.compile(rf"(?:^|[,\s])(?:{DATE_WORDS})\s*$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s,;:&()\[\]“”\"]+|[,;:&()\[\]“”\"]")
_ARTICLE = re.compile(rf"(?:al|el|ul|an|as|ad|ash)[-–]{CAPITAL}")
_ONLY_ROMAN = re.compile(r"[ivxlcIVXLC]+\.?")


@dataclass(frozen=True, slots=True)
class CitedNames:
    """Names of a citation.

    Attributes:
        start: where they begin within the text given.
        names: as written, without initials.
        initials: of the first.
        others: whether ``et al.`` follows.
        is_title: whether they are the title of a work, in quotation marks or not.
        is_certain: whether they are names by their form.
        whole: all the words, for an organisation that has ``and`` or a comma in its name.
    """

    start: int
    names: tuple[str, ...]
    initials: str = ""
    others: bool = False
    is_title: bool = False
    is_certain: bool = True
    whole: str = ""


@dataclass(frozen=True, slots=True)
class NarrativeNames:
    """Names in the sentence before a year in brackets.

    Attributes:
        runs: the names that may be meant, as (start, names), the longest first.
        others: whether ``et al.`` follows.
        is_possessive: whether they stand in the genitive.
        before: the words before them, in small letters.
    """

    runs: tuple[CitedNames, ...]
    is_possessive: bool
    before: str


@cache
def _leads() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in alternatives("leads"))
    return re.compile(rf"(?:(?:{phrases})(?![\w’'-])[,:]?\s*)+", re.IGNORECASE)


def names_within(text: str) -> CitedNames | None:
    """The names in a part of a bracket before its year; None where there are none.

    ``see also Khan, A., & Ali`` -> Khan, Ali. A text that is neither names nor a title in quotation marks is returned
    as an uncertain title: it is one only if a listed work begins with it.
    """
    begin = len(text) - len(text.lstrip(" ,;:*_"))
    lead = _leads().match(text, begin)
    start = lead.end() if lead else begin
    start += len(text[start:]) - len(text[start:].lstrip(" ,;:–—-*_"))
    bare = text[start:].rstrip(" ,;:.–—-*_") if not text.rstrip(" ,").endswith("al.") else text[start:].rstrip(" ,")
    bare = _CLOSED.sub(" ", bare).strip().replace("*", "")
    full = bare
    while dated := _MONTH_END.search(bare):
        bare = bare[: dated.start()].rstrip(" ,")
    if not bare and full.isalpha():
        return CitedNames(start, (full,), is_certain=False, whole=full)
    if not bare or len(bare) > 250:
        return None
    if quoted := _QUOTED.fullmatch(bare):
        return CitedNames(start, (quoted["title"].strip(),), is_title=True)
    others = ET_AL.search(bare)
    if others and bare[others.end() :].strip(" ,."):
        return None
    if others:
        bare = bare[: others.start()].rstrip(" ,")
    found = _split(bare)
    if found is None:
        is_titled = bool(re.match(CAPITAL, bare)) and len(bare.split()) > 1 and not others
        return CitedNames(start, (bare,), is_title=True, is_certain=False) if is_titled else None
    names, initials = found
    certain = all(_may_be_author(name) for name in names)
    return CitedNames(start, names, initials, others is not None, is_certain=certain, whole=bare)


def _split(bare: str) -> tuple[tuple[str, ...], str] | None:
    """The names and the initials of the first; None where something in them is no name."""
    names: list[str] = []
    first = ""
    for token in _SEPARATOR.split(bare):
        token = _POSSESSIVE.sub("", token.strip())  # noqa: PLW2901 - the cleaned token
        if not token or token in ("Jr.", "Jr", "Sr.", "II", "III"):
            continue
        if names and is_initials(token):
            first = first or (token if len(names) == 1 else "")
            continue
        match = _LEADING_INITIALS.fullmatch(token) or _SPACED_INITIALS.fullmatch(token)
        if match and not is_organisation(match["name"]):
            first = first or ("" if names else match["initials"].strip())
            token = match["name"].strip()  # noqa: PLW2901 - the name without its initials
        if not _is_name(token):
            return None
        names.append(token)
    return (tuple(names), first) if names else None


def _is_name(token: str) -> bool:
    """Whether a token is a name: capitalised words, particles before them, small words between them."""
    parts = token.split()
    if len(parts) > 14 or not parts or any(part.isdigit() for part in parts):
        return False
    large = [_is_large(part) for part in parts]
    if not large[-1] or not (large[0] or parts[0].casefold() in PARTICLES | {"the"}):
        return False
    small = PARTICLES | words("connectors")
    return all(is_large or part.casefold() in small for part, is_large in zip(parts, large, strict=True))


def _may_be_author(name: str) -> bool:
    """Whether a name is none of a law, an event, a month or a part of a document."""
    parts = [part.strip(".,'’").casefold() for part in name.split()]
    refused = words("no_authors") | words("months") | words("days")
    if parts[0] in refused or parts[-1] in refused - words("months"):
        return False
    return not (len(parts) == 1 and (parts[0] in words("openers") or _ONLY_ROMAN.fullmatch(parts[0]) is not None))


def names_before(text: str, start: int, end: int) -> NarrativeNames | None:
    """The names that stand directly before an offset: ``According to van den Berg and Ali`` ``(2021)``.

    Args:
        text: the text.
        start: where the stretch begins in which to look.
        end: where it ends, before the bracket.
    """
    tokens = [(match.start(), match[0]) for match in _TOKEN.finditer(text, start, end)]
    begin = _first_of_run(tokens)
    if begin is None:
        return None
    run = [token for token in tokens[begin:] if token[1] not in '“”"']
    while run and _is_opener(run[0][1]):
        begin += 1
        run = run[1:]
        while run and run[0][1] in ",&;:":
            run = run[1:]
    if not run:
        return None
    before = " ".join(token for place, token in tokens if place < run[0][0])
    possessive = re.search(r"(?:['’ʼ]s|s['’ʼ])$", run[-1][1]) is not None
    return _narrative(text, [place for place, token in run], end, before.casefold(), possessive=possessive)


def _narrative(text: str, places: list[int], end: int, before: str, *, possessive: bool) -> NarrativeNames | None:
    runs = []
    for place in places[-14:]:
        if not re.match(rf"{CAPITAL}", text[place:]) and not _starts_with_particle(text[place:end]):
            continue
        found = names_within(_POSSESSIVE.sub("", text[place:end].rstrip()))
        if found and not found.is_title and found.start == 0:
            runs.append(
                CitedNames(
                    place, found.names, found.initials, found.others, is_certain=found.is_certain, whole=found.whole
                )
            )
    return NarrativeNames(tuple(runs), possessive, before) if runs else None


def _starts_with_particle(text: str) -> bool:
    first, _, rest = text.partition(" ")
    is_particle = first.casefold() in PARTICLES and re.match(rf"(?:\w+\s){{0,2}}{CAPITAL}", rest) is not None
    return is_particle or _ARTICLE.match(text) is not None


def _is_opener(token: str) -> bool:
    return token.casefold() in words("openers") or token.casefold() in words("months")


def _first_of_run(tokens: list[tuple[int, str]]) -> int | None:
    """Index of the first token of the names that end the list; None where no name ends it."""
    at = len(tokens)
    while at > 0 and _belongs([token for _, token in tokens], at - 1):
        at -= 1
    while at < len(tokens) and tokens[at][1] in (",", "&", "and", ";", ":"):
        at += 1
    return at if at < len(tokens) else None


def _belongs(tokens: list[str], at: int) -> bool:
    """Whether a token is a part of the names to its right."""
    token = tokens[at]
    right = tokens[at + 1] if at + 1 < len(tokens) else ""
    left = tokens[at - 1] if at > 0 else ""
    if token.casefold() in ("et", "al", "al.", "colleagues", "others"):
        return not right or right.casefold() in ("al", "al.", ",")
    if _is_large(token):
        return not (
            token.endswith(".") and right and not is_initials(token) and len(token) > 4 and "." not in token[:-1]
        )
    if token.casefold() in ("and", "&"):
        follows = _is_large(right) or right.casefold() in PARTICLES or right in ("others", "colleagues")
        return follows and (_is_large(left) or left == ",")
    if token == ",":  # noqa: S105 - a comma
        goes_on = right in ("and", "&", "et") or is_initials(right) or bool({"and", "&"} & set(tokens[at + 1 :]))
        return _is_large(left) and (not right or goes_on)
    if token.casefold() in PARTICLES and (_is_large(right) or right.casefold() in PARTICLES):
        return True
    small = words("connectors")
    return token.casefold() in small and _is_large(right) and (_is_large(left) or left in small)


def _is_large(token: str) -> bool:
    return token[:1].isalpha() and (re.match(CAPITAL, token) is not None or _ARTICLE.match(token) is not None)
