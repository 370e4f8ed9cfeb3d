"""Which events, groups, victims, dates and places of a story the task wants.

MUC-4 wants terrorist acts of the last two months in nine countries; it leaves out fights between army and guerrillas,
general descriptions and old events, by guidelines of many pages that its annotators followed loosely. Log-linear models
stand for them: are two mentions one event, is this event wanted, is this group its perpetrator, are these people its
victims, which type, date and place does the key give it. Their weights (``muc4_relevance.json``) were learned on
DEV-0001 to DEV-1300 by ``muc4_train.py --write``; weights near 0 are left out. They are of this task alone and no part
of the program. On the DEV set the program has therefore seen the answers; TST1 and TST2 were not used.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from benchmarks.muc4_candidates import Candidate, Victim
from benchmarks.muc4_options import Option

from marsad.extraction.news.lexicon import lexicon
from marsad.model import Date

__all__ = [
    "WEIGHTS",
    "best_option",
    "features",
    "group_features",
    "load_weights",
    "odds",
    "probability",
    "victim_features",
]

WEIGHTS = Path(__file__).parent / "muc4_relevance.json"
"""Where the learned weights stand."""

_WORD = re.compile(r"[A-Z][A-Z'-]+")
_REMARK = re.compile(
    r"\[(SPEECH|INTERVIEW|COMMENTARY|STATION COMMENTARY|EDITORIAL|COMMUNIQUE|REPORT|STATEMENT|ARTICLE)"
)


Weights = Mapping[str, float]


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """The learned weights of all models by the name of the feature; their names do not overlap."""
    models: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return {name: weight for model in models.values() for name, weight in model.items()}


def odds(weights: Weights, found: Mapping[str, float]) -> float:
    """The log-odds of what has these features."""
    return sum(weights.get(name, 0.0) * value for name, value in found.items())


def probability(weights: Weights, found: Mapping[str, float]) -> float:
    """The same as a probability."""
    return 1 / (1 + math.exp(-odds(weights, found)))


def best_option(weights: Weights, options: Sequence[Option]) -> str:
    """The date or place that has most for it; empty where there is none."""
    scores = [sum(weights.get(name, 0.0) for name in sorted(each.properties)) for each in options]
    return options[scores.index(max(scores))].text if options else ""


def features(candidate: Candidate, siblings: int, rank: int) -> dict[str, float]:
    """What is known of an event, by name.

    Args:
        candidate: the event.
        siblings: how many events its story has.
        rank: which of them it is, from 0.
    """
    found = {"bias": 1.0, "log mentions": math.log(1 + len(candidate.mentions)), "siblings": math.log(siblings)}
    found |= dict.fromkeys(_properties(candidate, rank), 1.0)
    words = {word for mention in candidate.mentions for word in _words(candidate, mention.sentence)}
    found |= {f"w {word}": 1 / math.sqrt(max(len(words), 10)) * 3 for word in words}
    whole = set(_WORD.findall(candidate.document.text[:3000]))
    return found | {f"d {word}": 3 / math.sqrt(max(len(whole), 10)) for word in whole}


def group_features(candidate: Candidate, name: str) -> dict[str, float]:
    """What is known of an armed group or force of the story as perpetrator of an event."""
    found = {"o bias": 1.0}
    inside = [group for mention in candidate.mentions for group in mention.groups if group.name == name]
    everywhere = [group for group in candidate.story_groups if group.name == name]
    properties = {
        f"o name {name}",
        f"o kind {candidate.kind}",
        f"o others {min(len({g.name for g in candidate.story_groups}), 4)}",
    }
    properties |= {f"o in {group.role}" for group in inside} | {f"o any {group.role}" for group in everywhere}
    properties |= {f"o role {group.role} {name}" for group in everywhere}
    properties.add("o inside" if inside else "o outside")
    properties.add(f"o count {min(len(everywhere), 4)}")
    if everywhere and everywhere[0] is candidate.story_groups[0]:
        properties.add("o first")
    for mention in candidate.mentions:
        for each in mention.perpetrators:
            properties |= {f"o by {each.head}", f"o by {each.head} {name}"}
            if any(group.name == name and each.start <= group.start < each.end for group in mention.groups):
                properties.add("o within agent")
    for group in everywhere:
        around = candidate.document.text[max(0, group.start - 60) : group.start + 90].upper()
        properties |= {f"o near {word}" for word in _WORD.findall(around)}
    for victim in candidate.victims:
        properties.add(f"o victim {victim.target.head}")
    properties.add(f"o place {candidate.dateline.place if candidate.dateline else ''} {name}")
    text = candidate.document.text
    if re.search(r"UNIDENTIFIED|UNKNOWN (?:MEN|PERSONS|INDIVIDUALS)", text):
        properties.add("o unidentified")
    for word in ("GUERRILLA", "REBEL", "TERRORIST", "SOLDIERS", "TROOPS", "MAFIA", "TRAFFICK"):
        if any(word in text[slice(*mention.sentence)].upper() for mention in candidate.mentions):
            properties |= {f"o says {word}", f"o says {word} {name}"}
    return found | dict.fromkeys(properties, 1.0)


def victim_features(candidate: Candidate, victim: Victim, rank: int) -> dict[str, float]:
    """What is known of people as victims of an event."""
    target = victim.target
    words = set(f"{target.description} {target.head if not target.name else ''}".lower().split())
    found = {"v bias", f"v rank {min(rank, 4)}", f"v named {bool(target.name)}", f"v kind {candidate.kind}"}
    found |= {f"v word {word}" for word in words} | {
        f"v effect {effect or 'none'}" for effect in victim.effects or {""}
    }
    found |= {f"v told {word} {form}" for word, form in victim.told} | {f"v form {form}" for _, form in victim.told}
    found |= {
        f"v times {min(victim.times, 3)}",
        f"v number {'1' if target.number == '1' else 'plural' if target.number == 'plural' else 'n'}",
    }
    found |= {f"v siblings {min(len(candidate.victims), 5)}", f"v length {min(len(target.text.split()), 6)}"}
    before = candidate.document.text[max(0, target.start - 12) : target.start].upper().split()
    definite = bool(before) and before[-1] in (
        "THE",
        "HIS",
        "THIS",
        "HER",
        "THEIR",
        "THOSE",
        "ANOTHER",
        "OTHER",
        "A",
        "AN",
    )
    found.add(f"v before {before[-1] if definite else 'other'}")
    if any(each.target.name for each in candidate.victims if each is not victim):
        found |= {
            "v others named",
            f"v others named {bool(target.name)} {target.number == '1'} {before[-1] if definite else ''}",
        }
    found |= {
        f"v people {len([each for each in candidate.victims if each.target.number != '1']) > 0} {target.number == '1'}"
    }
    head = target.head
    found.add(
        "v military" if head in lexicon().military else "v guerrilla" if head in lexicon().guerrilla else "v civil"
    )
    return dict.fromkeys(found, 1.0)


def _words(candidate: Candidate, sentence: tuple[int, int]) -> list[str]:
    return _WORD.findall(candidate.document.text[slice(*sentence)].upper())


def _properties(candidate: Candidate, rank: int) -> Iterator[str]:
    yield f"kind {candidate.kind}"
    yield f"rank {min(rank, 3)}"
    yield from _of_mentions(candidate)
    yield from _of_targets(candidate)
    yield "place" if any(each.name for each in candidate.places) else "no place"


def _of_mentions(candidate: Candidate) -> Iterator[str]:
    remark = _REMARK.search(candidate.document.text[:300])
    yield f"remark {remark[1]}" if remark else "remark none"
    for mention in candidate.mentions:
        yield f"stage {mention.stage}"
        if mention.date and mention.date.date:
            yield f"date {mention.date.date.precision}"
            yield f"age {_age(candidate, mention.date.date)}"
        for act in mention.acts:
            yield f"act {act.word} {act.form}"
        for group in mention.groups:
            yield f"group role {group.role}"
            yield f"group {group.name} {group.role}"
        for each in mention.perpetrators:
            yield f"by {each.head}"


def _of_targets(candidate: Candidate) -> Iterator[str]:
    words = lexicon()
    for victim in candidate.victims:
        yield "named victim" if victim.target.name else "described victim"
        yield f"number {min(int(victim.target.number), 20) if victim.target.number.isdigit() else 'plural'}"
        for noun in victim.target.description.lower().split():
            yield f"victim {noun}"
        head = victim.target.head
        yield (
            "military victim" if head in words.military else "guerrilla victim" if head in words.guerrilla else "civil"
        )
        for effect in victim.effects:
            yield f"effect {effect}"
    if not candidate.victims:
        yield "no victim"
    things = [hit.target.head for mention in candidate.mentions for hit in mention.hits if hit.target.sort == "thing"]
    yield "thing" if things else "no thing"
    for head in things:
        yield f"thing {head}"


def _age(candidate: Candidate, when: Date) -> str:
    line = candidate.dateline
    if (
        not isinstance(when, Date)
        or when.latest is None
        or line is None
        or line.date is None
        or line.date.latest is None
    ):
        return "unknown"
    days = (line.date.latest - when.latest).days
    return next(
        (name for limit, name in ((2, "new"), (14, "weeks"), (62, "months"), (400, "year")) if days <= limit), "old"
    )
