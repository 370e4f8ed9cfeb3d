"""What a group or a person does before it is founded, or after death; foundings and births with two dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from marsad.claims.audit.abbreviations import definitions
from marsad.claims.audit.lexicon import lexicon
from marsad.claims.audit.scope import divide
from marsad.claims.audit.timeline import MOST, Sentence, Timeline
from marsad.documents.findings import textual_finding
from marsad.documents.shipped import shipped_rows
from marsad.model import Date, Finding, Severity

__all__ = ["check_lives"]

_PROPER = r"(?P<who>[A-Z][\w’'.-]*(?:\s+(?:(?:of|for|the|and|de|al|bin)\s+){0,2}[A-Z][\w’'.-]*){0,6})"
_GLOSS = r"(?:\s*\((?P<short>[A-Z][\w-]{1,9})\))?"
_MANNER = r"(?:(?:officially|formally|first|originally|jointly|initially)\s+)?"
_MADE = r"(?:founded|established|formed|created|set up)"
_BY = r"(?:\s+(?:by|under)\s+[^,.;]{1,60}?)?"
_FOUNDED = (
    re.compile(
        rf"{_PROPER}{_GLOSS},?\s+(?:which\s+|that\s+)?was\s+{_MANNER}{_MADE}{_BY}\s+(?:in|on)\s+(?:early\s+"
        rf"|late\s+|mid-)?$"
    ),
    re.compile(rf"{_PROPER}{_GLOSS},\s+{_MANNER}{_MADE}{_BY}\s+(?:in|on)\s+(?:early\s+|late\s+)?$"),
    re.compile(
        rf"\b(?:founding|formation|creation|establishment)\s+of\s+(?:the\s+)?{_PROPER}{_GLOSS}\s+(?:in"
        rf"|on)\s+(?:early\s+|late\s+)?$"
    ),
    re.compile(rf"{_PROPER}{_GLOSS}\s+came\s+into\s+(?:being|existence)\s+(?:in|on)\s+(?:early\s+|late\s+)?$"),
)
_BORN = re.compile(rf"{_PROPER}\s+was\s+born\s+(?:[^,.;]{{0,40}}\s)?(?:in|on)\s+$")
_DIED = (
    re.compile(
        rf"{_PROPER}\s+(?:was|were)\s+(?:\w+\s+)?(?:killed|assassinated|executed|murdered|shot "
        rf"dead)\b[^;]{{0,80}}\s(?:in|on)\s+$"
    ),
    re.compile(rf"{_PROPER}\s+died\b[^;]{{0,60}}\s(?:in|on)\s+$"),
)
_ACTS = (
    r"(?:attacked|killed|claimed|launched|signed|supported|fought|carried out|announced|won|published|opened"
    r"|conducted|bombed|captured"
    r"|seized|kidnapped|organised|organized|released|joined|pledged|issued|negotiated|recruited|expanded"
    r"|controlled|took over|staged|sent|deployed|intervened|occupied|invaded|raided|expelled|imposed|trained|armed"
    r"|funded|condemned|rejected|eliminated|defeated|destroyed)"
)
_SPEAKS = (
    r"(?:said|told|announced|met|visited|led|signed|ordered|resigned|declared|claimed|stated|vowed|warned|became"
    r"|travelled|traveled"
    r"|addressed|launched|joined|attended|was appointed|was elected|was arrested|was sworn in|took office)"
)
_HELP = (
    r"(?:support|backing|aid|training|alliance|funding|assistance|cooperation|help|arms|weapons)\s+(?:for"
    r"|of|to|with|from)\s+(?:the\s+)?"
)
_ERA_JOINT = r"\s+(?:\w+\s+){0,2}?(?:during|in|throughout)\s+(?:the\s+)?$"
_ALREADY = r"(?:had\s+)?(?:already\s+|then\s+|also\s+|first\s+|once\s+)?"
_IT = r"(?:[Ii]t|[Tt]he\s+(?:group|movement|organi[sz]ation|party|front|militia|coalition|alliance|mission))"
_OPENING = re.compile(r"(?:^|[;:]\s+(?:(?:and|but|yet)\s+)?)(?:In|On|By|in|on|by)\s+(?:early\s+|late\s+|mid-)?$")
_WITHIN = re.compile(r"\b(?:of|for|in|by|with|within|to|from|against|under|between|and|or|near|at)\s+(?:the\s+)?$")
_EXPLAINED = re.compile(
    r"\b(?:predecessors?|forerunners?|founders?|later|future|then known|before (?:it|its|his|her)|former"
    r"|precursors?|ancestors?|would become"
    r"|posthumous\w*|video|recording|recorded|film|son of|namesake|late|archive|memoir\w*|statue|re-?established"
    r"|re-?founded)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?<![\w’'.-])(?:[A-Z]|(?:founding|formation|creation|establishment)\b)")
_GENERIC = lexicon("kinds_of_body")
_RULE = "nobody acts before being founded or born, or after death, and both happen once"


@dataclass(frozen=True, slots=True)
class _Dated:
    """Somebody of whom something is dated."""

    who: str
    key: str
    date: Date
    start: int
    end: int
    sentence: Sentence


@cache
def _eras() -> tuple[tuple[re.Pattern[str], Date], ...]:
    """Well-known periods by name, with their bounds."""
    return tuple(
        (re.compile(rf"\b(?:{row['pattern']})\b", re.IGNORECASE), Date.parse(f"{row['from']}/{row['to']}"))
        for row in shipped_rows("marsad.claims.audit", "eras.csv")
    )


def _short_names(times: Timeline) -> dict[str, str]:
    """The abbreviation of each name that the text explains, by the name in lower case."""
    known = definitions(times.document, divide(times.document))
    return {re.sub(r"\W+", " ", one.long).casefold().strip(): one.key for one in known}


def _key(who: str, short: str | None, shorts: Mapping[str, str]) -> str:
    name = re.sub(r"\W+", " ", re.sub(r"^(?:The|the)\s+", "", who)).casefold().strip()
    if short:
        return re.sub(r"\W", "", short).upper()
    bare = re.sub(r"\W|^The\s", "", who)
    return bare if bare.isupper() and len(bare) > 1 else shorts.get(name, name)


def _matches(times: Timeline, patterns: tuple[re.Pattern[str], ...], shorts: Mapping[str, str]) -> Iterator[_Dated]:
    """What the patterns find directly before a date."""
    for sentence in times.sentences:
        for found in sentence.certain:
            if found.date is None or found.date.is_interval:
                continue
            before = sentence.text[: found.start - sentence.start][-240:]
            starts = [match.start() for match in _BEGINS.finditer(before)]
            for pattern in patterns:
                match = _closest(pattern, before, starts)
                if match is None:
                    continue
                short = match.groupdict().get("short")
                key, who = _key(match["who"], short, shorts), re.sub(r"^The\s+", "", match["who"])
                is_generic = key.casefold() in _GENERIC or _WITHIN.search(before[: match.start("who")])
                if not is_generic or pattern.pattern.startswith(r"\b(?:founding"):
                    start = found.start - len(before) + match.start("who")
                    yield _Dated(who, key, found.date, start, found.end, sentence)
                break


def _closest(pattern: re.Pattern[str], before: str, starts: Iterable[int]) -> re.Match[str] | None:
    """The match that begins at one of the places and reaches to the end."""
    whole = [
        match for match in (pattern.match(before, start) for start in starts) if match and match.end() == len(before)
    ]
    return whole[0] if whole else None


def _quote(times: Timeline, found: _Dated) -> str:
    return f"“{' '.join(times.document.text[found.start : found.end].split())}”"


def check_lives(times: Timeline) -> Iterator[Finding]:
    """Yield two foundings or births of one, deeds before a founding, and deeds after a death."""
    shorts = _short_names(times)
    for check in (_two_beginnings, _before_founding, _after_death):
        yield from check(times, shorts)


def _two_beginnings(times: Timeline, shorts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the groups founded, and the people born, at two different times."""
    for patterns, word in ((_FOUNDED, "founded"), ((_BORN,), "born")):
        first: dict[str, _Dated] = {}
        for one in _matches(times, patterns, shorts):
            other = first.setdefault(one.key, one)
            if other.date.overlaps(one.date) or _EXPLAINED.search(one.sentence.text):
                continue
            yield textual_finding(
                times.document,
                kind=f"{word}-twice",
                severity=Severity.ERROR,
                title=f"{word.capitalize()} at two times",
                message=f"{other.who} is said to be {word} in {_when(times, other)} and in {_when(times, one)}.",
                spans=[(other.start, other.end), (one.start, one.end)],
                rule=_RULE,
            )


def _when(times: Timeline, one: _Dated) -> str:
    found = next(each for each in one.sentence.certain if each.end == one.end)
    return " ".join(times.document.text[found.start : found.end].split())


def _before_founding(times: Timeline, shorts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what a group is said to have done, or to have been helped with, before it was founded."""
    founded: dict[str, _Dated] = {}
    for one in _matches(times, _FOUNDED, shorts):
        founded.setdefault(one.key, one)
    names = _names_of(founded, shorts)
    told: set[str] = set()
    acts = [*_acts(times, names), *_acts_of_it(times, founded)] if names else []
    for key, start, end, date in sorted(acts, key=lambda act: act[1:3]):
        origin = founded[key]
        sentence = origin.sentence
        if not date.is_before(origin.date) or key in told:
            continue
        if sentence.start <= start < sentence.end and not re.search(r"\balready\b", times.document.text[start:end]):
            continue
        told.add(key)
        words = " ".join(times.document.text[start:end].split())
        yield textual_finding(
            times.document,
            kind="acts-before-founding",
            severity=Severity.ERROR,
            title="Active before it was founded",
            message=f"{origin.who} was founded in {_when(times, origin)}, but the text says “{words}”, which is "
            f"earlier.",
            spans=[(origin.start, origin.end), (start, end)],
            rule=_RULE,
        )


def _names_of(dated: Mapping[str, _Dated], shorts: Mapping[str, str]) -> dict[str, str]:
    """How each of them is written, as a pattern, by key."""
    spellings = {key: {one.who, key if key.isupper() else one.who} for key, one in dated.items()}
    for long, short in shorts.items():
        if short in spellings:
            spellings[short].add(long)
    return {
        key: "|".join(
            rf"{re.escape(name)}".replace(r"\ ", r"[\s-]+(?:\w-)?") for name in sorted(names, key=len, reverse=True)
        )
        for key, names in spellings.items()
    }


def _acts(times: Timeline, names: Mapping[str, str]) -> Iterator[tuple[str, int, int, Date]]:
    """What somebody does at a date or in an era: who, where it is said, and when it is."""
    for key, name in list(names.items())[:MOST]:
        acting = re.compile(
            rf"(?:^|(?<=[,;]\s)|(?<=\bthe\s)|(?<=\bThe\s))(?:{name})\s+{_ALREADY}"
            rf"{_ACTS}\b(?P<rest>[^,;.]{{0,120}}?)\s(?:in|on)\s+$"
        )
        helped = re.compile(rf"\b{_HELP}(?:{name}){_ERA_JOINT}")
        fighting = re.compile(
            rf"(?:^|[\s(])(?:{name})\s+(?:\w+\s+)?{_ACTS}\b[^,;.]{{0,80}}?\s(?:during|in|throughout)\s+(?:the\s+)?$"
        )
        plain = re.compile(name)
        for sentence in times.sentences:
            if not plain.search(sentence.text) or _EXPLAINED.search(sentence.text):
                continue
            dates = [(found.start, found.end, found.date) for found in sentence.certain if found.date]
            ages = [
                (match.start() + sentence.start, match.end() + sentence.start, date)
                for match, date in _eras_in(sentence.text)
            ]
            for start, end, date in dates:
                before = sentence.text[: start - sentence.start][-200:]
                match = acting.search(before) or helped.search(before)
                if match and match.end() == len(before) and not _WITHIN.search(before[: match.start()]):
                    yield key, start - len(before) + match.start(), end, date
                elif span := _opened_by(sentence, start, end, rf"(?:{name})\s+{_ALREADY}{_ACTS}"):
                    yield key, *span, date
            for start, end, date in ages:
                before = sentence.text[: start - sentence.start][-200:]
                match = helped.search(before) or fighting.search(before)
                if match and match.end() == len(before):
                    yield key, start - len(before) + match.start(), end, date


def _acts_of_it(times: Timeline, founded: Mapping[str, _Dated]) -> Iterator[tuple[str, int, int, Date]]:
    """What ``it`` or ``the group`` does at a date, after the founding in its sentence or in the next one."""
    acting = re.compile(
        rf"(?:^|[;,]\s(?:and\s|but\s)?|\band\s){_IT}\s+{_ALREADY}{_ACTS}\b[^,;.]{{0,120}}?\s(?:in|on)\s+$"
    )
    places = {sentence.start: at for at, sentence in enumerate(times.sentences)}
    for key, origin in list(founded.items())[:MOST]:
        at = places[origin.sentence.start]
        for sentence in times.sentences[at : at + 2]:
            if sentence.block != origin.sentence.block or _EXPLAINED.search(sentence.text):
                continue
            for found in sentence.certain:
                first = max(sentence.start, origin.end)
                if found.date is None or found.start <= first:
                    continue
                before = times.document.text[first : found.start]
                if match := acting.search(before[-220:]):
                    lead = len(before) - len(before[-220:]) + match.start()
                    yield key, first + lead + len(match[0]) - len(match[0].lstrip(" ;,")), found.end, found.date
                elif span := _opened_by(sentence, found.start, found.end, rf"{_IT}\s+{_ALREADY}{_ACTS}"):
                    yield key, *span, found.date


def _opened_by(sentence: Sentence, start: int, end: int, deed: str) -> tuple[int, int] | None:
    """Where a deed stands that follows the date at the beginning of a clause: ``In May 2012, X led``."""
    opening = _OPENING.search(sentence.text[: start - sentence.start])
    match = re.match(rf",?\s+(?:the\s+)?{deed}\b", sentence.text[end - sentence.start :]) if opening else None
    if opening is None or match is None:
        return None
    return sentence.start + opening.end() - len(opening[0].lstrip(" ;:")), end + match.end()


def _eras_in(text: str) -> Iterator[tuple[re.Match[str], Date]]:
    if "ar" in text or "conflict" in text or "ihad" in text or "ntifada" in text or "enocide" in text:
        for pattern, date in _eras():
            for match in pattern.finditer(text):
                yield match, date


def _after_death(times: Timeline, shorts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what people are said to have done after they died."""
    died = {one.key: one for one in _matches(times, _DIED, shorts) if len(one.key.split()) >= 2}
    for key, death in list(died.items())[:MOST]:
        acting = re.compile(
            rf"(?:^|\s){re.escape(death.who)}\s+(?:then\s+|also\s+)?{_SPEAKS}\b[^;.]{{0,120}}?\s(?:in|on)\s+$"
        )
        for sentence in times.sentences:
            if death.who not in sentence.text or _EXPLAINED.search(sentence.text):
                continue
            for found in sentence.certain:
                before = sentence.text[: found.start - sentence.start][-200:]
                match = acting.search(before)
                is_later = found.date is not None and death.date.is_before(found.date)
                if match and match.end() == len(before) and is_later:
                    start = found.start - len(before) + match.start()
                    yield _afterlife(times, death, start + (before[match.start()] == " "), found.end, key)
                    break
                deed = rf"{re.escape(death.who)}\s+{_SPEAKS}"
                if is_later and (span := _opened_by(sentence, found.start, found.end, deed)):
                    yield _afterlife(times, death, *span, key)
                    break


def _afterlife(times: Timeline, death: _Dated, start: int, end: int, key: str) -> Finding:
    words = " ".join(times.document.text[start:end].split())
    return textual_finding(
        times.document,
        kind="acts-after-death",
        severity=Severity.ERROR if len(key.split()) > 2 else Severity.WARNING,
        title="Active after death",
        message=f"{death.who} is said to have died in {_when(times, death)}, but the text says “{words}”, which "
        f"is later.",
        spans=[(death.start, death.end), (start, end)],
        rule=_RULE,
    )
