"""One entry of a reference list -> its parts.

Read are APA and Harvard (``Khan, A. (2021). Title.``, ``Khan, A., 2021. Title``), Chicago author-date (``Khan, Ahmad.
2021. "Title."``), MLA (``Khan, Ahmad. "Title." Journal, 2021``), IEEE (``[1] A. Khan, "Title," 2021``) and Vancouver
(``1. Khan A. Title. Journal. 2021;3(2):1-5``); entries without an author begin with their title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from marsad.citations.model import Name, Reference
from marsad.citations.names import CAPITAL, ET_AL, INITIALS, is_organisation, parse_authors
from marsad.citations.source_parts import source_parts
from marsad.citations.words import words
from marsad.citations.years import DATE_WORDS, YEAR, read_date
from marsad.model import Date

__all__ = ["parse_entry", "plain_entry"]

_MARKS = re.compile(
    r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])|</?(?:i|em|b|strong|sup|sub)>|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)"
)
_LABEL = re.compile(
    r"\s*(?:[-•*▪●◦–—‣·]\s+)?(?:\[(?P<a>\d{1,4})\]|\((?P<b>\d{1,3})\)(?=\s)|(?P<c>\d{1,4})[.)](?=\s))?\s*"
)
_STATUS = r"n\.?\s?d\.?(?:-[a-z])?|no date|undated|in press|forthcoming|accepted|under review"
_BRACKET = re.compile(
    rf"[(\[]\s*(?:c\.\s?|ca\.\s?|circa\s)?(?P<words1>{DATE_WORDS},?\s+)?(?:(?P<year>{YEAR})(?:\s?[-–/]\s?\d{{2,4}})?(?P<suffix>[a-z])?(?!\d)"
    rf"|(?P<status>{_STATUS}))(?P<words>\s?[,;:]?[^()\[\]]{{0,40}})[)\]]",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?P<year>{YEAR})(?P<suffix>[a-z])?(?P<words>,?\s{DATE_WORDS})?(?=\s*[.,:;\"“'‘]|\s+[\"“'‘]|$)", re.IGNORECASE
)
_QUOTED = re.compile(
    r"\"(?P<a>[^\"]{3,400})\"|[“„](?P<b>[^”“]{3,400})[”“]"
    r"|(?:(?<=\s)|(?<=^))[‘'`](?P<c>[^‘\"“”]{3,300}?)(?:['’](?=\s?[,.;(])|[,.]['’](?=\s|$))"
)
_YEARS = re.compile(rf"(?<![\d/.\-–:])(?P<year>{YEAR})(?P<suffix>[a-z])?(?![\d/\-–]|\.\d)")
_NOISE = re.compile(
    r"https?://\S+|www\.\S+|doi:\S+|(?:accessed|retrieved|viewed|last modified)\b[^.;]{0,60}", re.IGNORECASE
)
_PEOPLE = re.compile(
    rf"(?:(?!\d)[\w'’-]+\s){{0,3}}{CAPITAL}[\w'’-]+,\s(?:{CAPITAL}\.[ -]?){{1,4}}"
    rf"(?:,?\s(?:(?:&|and)\s)?(?:(?!\d)[\w'’-]+\s){{0,3}}{CAPITAL}[\w'’-]+,\s(?:{CAPITAL}\.[ -]?){{1,4}}){{0,20}}"
)
_WHOLE_NAME = re.compile(
    rf"{CAPITAL}[\w'’-]+(?:[ -]{CAPITAL}[\w'’-]+)?,\s{CAPITAL}[\w'’-]+(?:\s{CAPITAL}(?:[\w'’-]+|\.))?"
    rf"(?:,?\s(?:and|&)\s(?:{CAPITAL}[\w'’.-]+\s){{1,3}}{CAPITAL}[\w'’-]+)?(?:,?\set al)?\.\s(?=\S+\s\S)"
)
_THESIS = re.compile(r"\((?:[\w'’., ]{0,40}\s)?(?:thesis|dissertation)\b", re.IGNORECASE)
_VANCOUVER = re.compile(rf"(?:(?:[\w'’-]+\s){{1,3}}{CAPITAL}{{1,3}}(?:,\s|(?=\.))){{1,30}}(?:et al)?\.\s")
_STOP = re.compile(
    r"[.?!][”\"’']?(?=\s|$)(?<!\b[A-Z]\.)(?<!\b[Vv]ol\.)(?<!\b[Nn]o\.)(?<!\b[Ee]d\.)(?<!\bSt\.)(?<!\bDr\.)(?<!\bvs\.)"
)
_IMPOSSIBLE = re.compile(r"\(\s*(?P<year>\d{5}|\d{3}|[2-9][1-9]\d\d)\s?[a-z]?\s*\)")
_MOST = 4000

_People = tuple[tuple[Name, ...], bool]
_NOBODY: _People = ((), False)


@dataclass(frozen=True, slots=True)
class _When:
    """Where the date of an entry stands, and what it says."""

    start: int
    end: int
    year: int | None = None
    suffix: str = ""
    status: str = ""
    date: Date | None = None
    fault: str = ""


def plain_entry(text: str) -> str:
    """The words of an entry on one line, without marks of emphasis; typographic apostrophes as plain ones."""
    return " ".join(_MARKS.sub("", text[:_MOST]).replace("\u2019", "'").replace("\u02bc", "'").split())


def parse_entry(text: str, start: int, end: int) -> Reference:
    """The parts of one entry, as far as they can be told.

    Args:
        text: the entry as it stands in the document, its bullet or number included.
        start: where it begins in the document.
        end: where it ends.
    """
    line = plain_entry(text)
    label = _LABEL.match(line)
    number = next((int(found) for found in (label["a"], label["b"], label["c"]) if found), None) if label else None
    body = line[label.end() :] if label else line
    found = _in_order(body)
    faults = [*found.faults, *_odd(body)]
    csl = dict(found.csl)
    return replace(found, start=start, end=end, text=body, number=number, csl=csl, faults=tuple(faults))


def _in_order(body: str) -> Reference:
    """The entry by the first pattern that fits."""
    when = _bracketed(body)
    if when is not None:
        return _around(body, when)
    for attempt in (_bare_year, _quoted_title, _vancouver, _no_date):
        found = attempt(body)
        if found is not None:
            return found
    return _title_alone(body)


def _bracketed(body: str) -> _When | None:
    for match in _BRACKET.finditer(body, 0, 700):
        if match["words"].strip() and not _is_date(match["words"]) and match["status"] is None:
            continue
        return _when(match, f"{match['words1'] or ''}{match['words']}")
    return None


def _is_date(words: str) -> bool:
    return (
        re.search(
            rf"{DATE_WORDS}|^\W*\d{{1,2}}[\s./-]\d{{1,2}}\W*$|spring|summer|autumn|fall|winter", words, re.IGNORECASE
        )
        is not None
    )


def _when(match: re.Match[str], words: str) -> _When:
    if match["year"] is None:
        return _When(
            match.start(), match.end(), status="n.d." if match["status"][0] in "nNuU" else match["status"].lower()
        )
    year = int(match["year"])
    date = read_date(year, words)
    fault = "" if date else f"there is no day “{' '.join((match[0].strip('()[] ')).split())}”"
    return _When(
        match.start(), match.end(), year, (match["suffix"] or "").lower(), "", date or read_date(year, ""), fault
    )


def _around(body: str, when: _When) -> Reference:
    """An entry whose date stands in brackets: authors or a title before it, the rest behind it."""
    before, behind = body[: when.start].strip(), body[when.end :].lstrip(" .,:;")
    if not before:
        return _made(_NOBODY, when, behind)
    quoted = _QUOTED.search(before)
    if quoted and quoted.start() > 3:
        names, others = parse_authors(before[: quoted.start()])
        return _made((names, others), when, f"{before[quoted.start() :]} {behind}")
    if _is_title(before, behind):
        return _made(_NOBODY, when, f"{before} {behind}", source_from=_first_sentence(before))
    names, others = parse_authors(before)
    return _made((names, others), when, behind)


def _first_sentence(text: str) -> int:
    stop = _STOP.search(text)
    return stop.end() if stop and stop.end() < len(text) - 2 else len(text)


def _is_title(before: str, behind: str) -> bool:
    """Whether what stands before the date is the title of a work without an author."""
    if _PEOPLE.match(before) or ET_AL.search(before):
        return False
    if before.startswith(("“", '"')):
        return True
    parts = before.replace("/", " ").split()
    small = [
        part
        for part in parts
        if part[0].isalpha() and re.match(CAPITAL, part) is None and part not in words("connectors")
    ]
    if len(parts) > 3 and small:
        names, _ = parse_authors(before)
        return not (names and names[0].given) or len(small) > 3
    is_lone = len(parts) > 4 and behind.strip(" .").count(". ") == 0 and "," not in before
    return is_lone and (len(parts) > 8 or not is_organisation(before))


def _bare_year(body: str) -> Reference | None:
    """``Khan, A., 2021. Title`` and ``Khan, Ahmad. 2021. "Title."``."""
    for match in _BARE.finditer(body, 0, 400):
        before = body[: match.start()].rstrip(" ,.(")
        if not before or len(before) > 300 or _QUOTED.search(before):
            return None
        if _STOP.search(f"{before} ") and not _people_only(before):
            return None
        if not _people_only(before) and not is_organisation(before) and len(before.split()) > 5:
            return None
        names, others = parse_authors(body[: match.start()].rstrip(" ,("))
        return _made((names, others), _when_bare(match), body[match.end() :].lstrip(" .,:;)"))
    return None


def _when_bare(match: re.Match[str]) -> _When:
    year = int(match["year"])
    words = match["words"] if "words" in match.re.groupindex else ""
    return _When(match.start(), match.end(), year, (match["suffix"] or "").lower(), "", read_date(year, words or ""))


def _people_only(before: str) -> bool:
    names, _ = parse_authors(before)
    return bool(names) and all(len(name.family.split()) <= 4 and len(name.given.split()) <= 4 for name in names)


def _quoted_title(body: str) -> Reference | None:
    """MLA, IEEE and notes: names, title in quotation marks, the year somewhere behind it."""
    quoted = _QUOTED.search(body, 0, 800)
    if quoted is None or quoted.start() > 300:
        return None
    names, others = parse_authors(body[: quoted.start()])
    return _made((names, others), _last_year(body, quoted.end()), body[quoted.start() :])


def _last_year(body: str, begin: int) -> _When:
    """The year of an entry that has it near its end, addresses and days of access left out."""
    rest = body[begin:]
    blank = _NOISE.sub(lambda match: " " * len(match[0]), rest)
    found = list(_YEARS.finditer(blank))
    if not found:
        return _When(len(body), len(body))
    match = found[-1]
    before = re.search(rf"{DATE_WORDS}[\s,]*$", blank[max(match.start() - 25, 0) : match.start()], re.IGNORECASE)
    behind = re.match(rf"[\s,]*{DATE_WORDS}", blank[match.end() : match.end() + 20], re.IGNORECASE)
    near = before or behind
    year = int(match["year"])
    date = read_date(year, near[0]) if near else None
    start = begin + match.start()
    return _When(start, begin + match.end(), year, match["suffix"] or "", "", date or read_date(year, ""))


def _vancouver(body: str) -> Reference | None:
    match = _VANCOUVER.match(body)
    if match is None:
        return None
    names, others = parse_authors(match[0].rstrip(". "))
    return _made((names, others), _last_year(body, match.end()), body[match.end() :])


def _no_date(body: str) -> Reference | None:
    """``Khan, A. Title. Publisher.`` with the year at the end or nowhere; ``A. Khan, Title, Publisher, 2021``."""
    match = (
        _PEOPLE.match(body)
        or _WHOLE_NAME.match(body)
        or re.match(rf"{INITIALS}{CAPITAL}[\w'’-]+(?:(?:,| and| &)\s{INITIALS}{CAPITAL}[\w'’-]+){{0,9}},\s", body)
    )
    if match is None or match.end() >= len(body) - 5:
        return None
    names, others = parse_authors(match[0])
    return _made((names, others), _last_year(body, match.end()), body[match.end() :].lstrip(" ,.:"))


def _title_alone(body: str) -> Reference:
    """An entry without a pattern: its first sentence is its title, or its author where a year is all that follows."""
    when = _last_year(body, 0)
    if when.year is None or len(body) < 12:
        return Reference(0, 0, body, title=body[: _first_sentence(body)].strip(" ."), faults=("unparsed",))
    first = _first_sentence(body)
    if (
        first < len(body) - 12
        and len(body[:first].split()) < 9
        and is_organisation(body[:first])
        and not _is_title(body[:first], "")
    ):
        return _made(((Name(body[:first].strip(" ."), is_organisation=True),), False), when, body[first:])
    return _made(_NOBODY, when, body)


def _made(people: _People, when: _When, rest: str, *, source_from: int | None = None) -> Reference:
    names, others = people
    title, source = _title(rest, source_from)
    csl: dict[str, Any] = source_parts(source, has_day=when.date is not None and when.date.precision == "day")
    csl |= {"type": "thesis"} if _THESIS.search(title) else {}
    if names:
        csl["author"] = [_csl_name(name) for name in names] + ([{"literal": "et al."}] if others else [])
    if title:
        csl["title"] = title
    if when.date is not None:
        csl["issued"] = {"date-parts": [[int(part) for part in when.date.text.split("-")]]}
    return Reference(
        0, 0, "", names=names, others=others, year=when.year, suffix=when.suffix, status=when.status, date=when.date,
        title=title, csl=csl, faults=(when.fault,) if when.fault else (),
    )  # fmt: skip


def _csl_name(name: Name) -> dict[str, str]:
    if name.is_organisation or not name.given:
        return {"literal": name.family}
    return {"family": name.family, "given": name.given}


def _title(rest: str, source_from: int | None) -> tuple[str, str]:
    """Title, and what stands behind it."""
    rest = rest.lstrip(" ,.:;")
    if source_from is not None:
        return rest[:source_from].strip(" .“”\"'"), rest[source_from:].lstrip(" .,")
    quoted = _QUOTED.match(rest)
    if quoted:
        title = next(filter(None, quoted.groups()))
        return title.strip(" .,"), rest[quoted.end() :].lstrip(" .,")
    stop = _STOP.search(rest)
    end = stop.end() if stop else len(rest)
    return rest[:end].strip(' ."“”').strip(), rest[end:].lstrip(" .,")


def _odd(body: str) -> list[str]:
    """What is wrong with an entry as it is printed."""
    odd = []
    bare = re.sub(r"https?://\S+|(?<=\s)[a-z]\)(?=\s)", " ", body)
    if any(bare.count(left) != bare.count(right) for left, right in ("()", "[]")):
        odd.append("its brackets do not pair")
    impossible = _IMPOSSIBLE.search(body[:300])
    if impossible and _BRACKET.search(body) is None:
        odd.append(f"{impossible['year']} is no year")
    return odd
