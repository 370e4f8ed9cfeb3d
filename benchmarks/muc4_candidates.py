"""From a MUC-4 story to templates: what our extractors find, in the words of the task, and what the task asks for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.muc4_keys import Fill, Story, Template
from benchmarks.muc4_places import Where, country_of, read_places

from marsad.documents import Document, read_text
from marsad.extraction.lexicon import listed
from marsad.extraction.news.dateline import Dateline, read_dateline
from marsad.extraction.news.lexicon import lexicon
from marsad.extraction.news.mentions import Group, Mention, find_groups, find_mentions
from marsad.extraction.news.phrases import Target, qualifier_of

__all__ = [
    "Candidate",
    "Reading",
    "Victim",
    "candidate_of",
    "make_template",
    "organisation_fill",
    "read_story",
    "same_people",
]


@dataclass(slots=True)
class Victim:
    """People hit by an event: what befell them, and by which words it is told."""

    target: Target
    effects: set[str]
    told: set[tuple[str, str]] = field(default_factory=set)
    times: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A story as the program reads it: the mentions of acts with their places, and the armed groups that it names.

    ``order`` gives the number of each mention's sentence in the story.
    """

    story: Story
    document: Document
    dateline: Dateline | None
    country: str
    mentions: tuple[Mention, ...]
    places: tuple[tuple[Where, ...], ...]
    groups: tuple[Group, ...]
    order: tuple[int, ...]

    @property
    def here(self) -> str:
        """The town of the dateline."""
        return self.dateline.place if self.dateline else ""


@dataclass(slots=True)
class Candidate:
    """One event of a story, before it is decided whether the task wants it."""

    story: Story
    document: Document
    dateline: Dateline | None
    country: str
    mentions: list[Mention]
    places: list[Where] = field(default_factory=list)
    victims: list[Victim] = field(default_factory=list)
    story_groups: tuple[Group, ...] = ()

    @property
    def kind(self) -> str:
        """Bombing where any mention tells of explosives; otherwise the kind of the first."""
        kinds = [mention.kind for mention in self.mentions]
        return "bombing" if "bombing" in kinds else kinds[0]

    @property
    def here(self) -> str:
        """The town of the dateline."""
        return self.dateline.place if self.dateline else ""


def read_story(story: Story) -> Reading:
    """What the program finds in a story: the functions behind ``extract_incidents`` for a text in capitals."""
    document = read_text(story.text)
    line = read_dateline(document.text)
    body = line.end if line else 0
    here = line.place if line else ""
    country = country_of(document.text, here, line.country if line else "")
    mentions = find_mentions(document, reference=line.date if line else None, start=body)
    places = tuple(tuple(read_places(document.text, *each.sentence, country, here)) for each in mentions)
    groups = find_groups(document.text, (body, len(document.text)))
    starts = [start for start, _ in document.sentences]
    order = tuple(bisect_right(starts, each.sentence[0]) for each in mentions)
    return Reading(story, document, line, country, mentions, places, groups, order)


def candidate_of(reading: Reading, members: Sequence[int]) -> Candidate:
    """The event that some mentions of a story tell of."""
    found = Candidate(
        reading.story,
        reading.document,
        reading.dateline,
        reading.country,
        [reading.mentions[at] for at in members],
        story_groups=reading.groups,
    )
    for at in members:
        if not any(each.name for each in found.places):
            found.places = list(reading.places[at]) or found.places
    _gather(found)
    found.places = _settled(found)
    return found


def _gather(candidate: Candidate) -> None:
    for mention in candidate.mentions:
        for hit in mention.hits:
            if hit.target.sort != "people":
                continue
            told = {(act.word, act.form) for act in mention.acts if hit.target in act.targets}
            known = next((each for each in candidate.victims if same_people(each.target, hit.target)), None)
            if known is None:
                candidate.victims.append(Victim(hit.target, {hit.effect} - {""}, told))
            else:
                known.effects |= {hit.effect} - {""}
                known.told |= told
                known.times += 1
                if known.target.number == "plural" and hit.target.number not in ("1", "plural"):
                    known.target = replace(known.target, number=hit.target.number, start=hit.target.start)


def same_people(left: Target, right: Target) -> bool:
    """Whether two phrases are of the same people: a name or a noun in common."""
    if left.name and right.name:
        return bool(
            {word for word in left.name.split() if len(word) > 3}
            & {word for word in right.name.split() if len(word) > 3}
        )
    if left.name or right.name:
        named, other = (left, right) if left.name else (right, left)
        return bool(named.description) and other.head in named.description.lower().split() and other.number == "1"
    return left.head == right.head or left.head.rstrip("s") == right.head.rstrip("s")


def make_template(
    candidate: Candidate, groups: Sequence[str], victims: Sequence[Victim], day: str, place: str, *, kind: str = ""
) -> Template:
    """An event as the key writes it, with the groups, victims, date, location and type that were chosen."""
    slots: dict[str, list[Fill]] = {
        "type": [Fill(((kind or candidate.kind).upper(),))],
        "stage": [Fill((_stage(candidate).upper(),))],
        "date": [Fill((day,))] if day else [],
        "location": [Fill((place,))] if place else [],
        "perpetrator": _perpetrators(candidate.mentions),
        "organisation": [organisation_fill(candidate, name) for name in groups],
    }
    for victim in victims:
        target = victim.target
        ref = (target.name or target.description,)
        if target.name:
            slots.setdefault("name", []).append(Fill((target.name,)))
        if target.description:
            slots.setdefault("description", []).append(Fill((target.description,), ref))
        number = _NUMBERS[qualifier_of(candidate.document.text, target)].format(target.number.upper())
        slots.setdefault("number", []).append(Fill((number,), ref))
        slots.setdefault("victim_type", []).append(Fill((_victim_type(target),), ref))
        for effect in sorted(victim.effects):
            slots.setdefault("effect", []).append(Fill((effect.upper(),), ref))
    if not victims and _NOBODY.search(_words(candidate)):
        slots["effect"] = [Fill(("NO INJURY OR DEATH",), ("-",))]
    things: dict[str, Target] = {}
    for mention in candidate.mentions:
        for hit in mention.hits:
            if hit.target.sort == "thing":
                things.setdefault(hit.target.head, hit.target)
    for thing in things.values():
        slots.setdefault("object", []).append(Fill((thing.text,)))
        slots.setdefault("object_type", []).append(Fill((_thing_type(thing),), (thing.text,)))
    return Template(candidate.story.name, {name: tuple(fills) for name, fills in slots.items() if fills})


_NUMBERS = {"": "{}", ">": "{}-", ">=": "{}-", "~": "~{}", "<=": "-{}"}


def organisation_fill(candidate: Candidate, name: str) -> Fill:
    """A group by the names that the story gives it (name and acronym)."""
    return Fill(tuple(dict.fromkeys(group.text.upper() for group in candidate.story_groups if group.name == name)))


def _words(candidate: Candidate) -> str:
    """The sentences of an event and the one after the last."""
    sentences = [mention.sentence for mention in candidate.mentions]
    return candidate.document.text[sentences[0][0] : sentences[-1][1] + 250].upper()


_NOBODY = re.compile(
    r"\bNO (?:ONE|CASUALTIES|VICTIMS|INJUR|PERSONAL INJUR|DEATHS|"
    r"REPORTS? (?:OF|ON) (?:CASUALTIES|VICTIMS|INJUR|DEATHS))|"
    r"(?:NOT|WITHOUT) (?:CAUS\w+|RESULT\w* IN|CLAIM\w*|LEAV\w+|LEFT)?\s?(?:ANY )?(?:CASUALTIES|VICTIMS|INJUR|DEATHS)|"
    r"NOBODY WAS|THERE WERE NO (?:CASUALTIES|VICTIMS|INJUR|DEATHS)|CAUSED NO (?:CASUALTIES|VICTIMS|INJUR)"
)


def _stage(candidate: Candidate) -> str:
    stages = [mention.stage for mention in candidate.mentions]
    return next(stage for stage in ("accomplished", "attempted", "threatened") if stage in stages)


def _settled(candidate: Candidate) -> list[Where]:
    """Where it happened: the first town of its sentences and what is told more finely; else what stands beside them."""
    places = candidate.places
    if not any(each.name for each in places):
        for start, end in _beside(candidate):
            found = read_places(candidate.document.text, start, end, candidate.country, candidate.here)
            if strong := [each for each in found if each.strong and each.name]:
                return strong[:1]
    return places


def _beside(candidate: Candidate) -> Iterator[tuple[int, int]]:
    """The sentence after and the sentence before each mention, in the same block."""
    sentences = candidate.document.sentences
    starts = [start for start, _ in sentences]
    for mention in candidate.mentions[:2]:
        at = bisect_right(starts, mention.sentence[0])
        for near in (at, at - 2):
            if 0 <= near < len(sentences):
                block = candidate.document.block_at(sentences[near][0])
                if block and block.start == mention.paragraph:
                    yield sentences[near]


def _perpetrators(mentions: Sequence[Mention]) -> list[Fill]:
    words = lexicon().perpetrators
    found: dict[str, Fill] = {}
    for mention in mentions:
        for each in mention.perpetrators:
            if each.head in words and not each.name:
                found.setdefault(each.head, Fill((each.text,)))
    return list(found.values())[:1]


def _victim_type(target: Target) -> str:
    words = set(f"{target.description} {target.head}".lower().split())
    for kind, nouns in _VICTIM_TYPES.items():
        if words & nouns:
            return kind
    return "CIVILIAN"


def _thing_type(target: Target) -> str:
    """The type of a building, vehicle or installation by the words for it."""
    words = set(f"{target.text} {target.head}".lower().split())
    return next((kind for kind, nouns in _THING_TYPES.items() if words & nouns), "OTHER")


_THING_TYPES = {
    "DIPLOMAT OFFICE OR RESIDENCE": frozenset(listed("embassy embassies consulate consulates ambassador diplomatic")),
    "ENERGY": frozenset(
        listed(
            "pipeline pipelines oil-pipeline oil power electric electrical electricity energy tower towers pylons "
            "transformer transformers substation substations refinery dam plant pole poles wells gas"
        )
    ),
    "COMMUNICATIONS": frozenset(
        listed(
            "telephone telephones antel radio television newspaper antenna booth booths communications station cabin "
            "cabins"
        )
    ),
    "FINANCIAL": frozenset(listed("bank banks financial branch branches savings")),
    "TRANSPORT VEHICLE": frozenset(
        listed(
            "bus buses car cars vehicle vehicles truck trucks plane planes airplane aircraft helicopter boat boats "
            "train trains taxi taxis jeep ambulance motorcycle pickup automobile automobiles tanker tankers minibus"
        )
    ),
    "TRANSPORTATION ROUTE": frozenset(listed("bridge bridges highway highways railway railroad road roads street")),
    "TRANSPORTATION FACILITY": frozenset(listed("airport airstrip")),
    "LAW ENFORCEMENT FACILITY": frozenset(listed("police guard jail prison das precinct")),
    "GOVERNMENT OFFICE OR RESIDENCE": frozenset(
        listed(
            "presidential palace ministry government mayor's governor's town city hall court courts institute office"
        )
    ),
    "POLITICAL FIGURE OFFICE OR RESIDENCE": frozenset(listed("senator senator's minister's politician")),
    "ORGANIZATION OFFICE": frozenset(listed("headquarters offices union federation party association committee")),
    "CIVILIAN RESIDENCE": frozenset(
        listed("house houses home homes residence residences apartment apartments shack shacks huts villa mansion")
    ),
    "SCHOOL": frozenset(listed("school schools university campus college kindergarten")),
    "COMMERCIAL": frozenset(
        listed(
            "store stores hotel hotels restaurant restaurants shop shops company companies factory factories market "
            "supermarket supermarkets building buildings business businesses warehouse agency center dealership"
        )
    ),
}
_VICTIM_TYPES = {
    "LAW ENFORCEMENT": frozenset(listed("policeman policemen police patrolman patrolmen detective agent agents")),
    "ACTIVE MILITARY": lexicon().military | frozenset(["captain", "colonel", "major", "general"]),
    "SECURITY GUARD": frozenset(listed("bodyguard bodyguards guard guards escort escorts watchman watchmen")),
    "LEGAL OR JUDICIAL": frozenset(listed("judge judges magistrate magistrates prosecutor justice attorney lawyer")),
    "DIPLOMAT": frozenset(["ambassador", "ambassadors", "consul", "diplomat", "diplomats"]),
    "GOVERNMENT OFFICIAL": frozenset(listed("president minister mayor mayors governor senator congressman deputy")),
    "POLITICAL FIGURE": frozenset(listed("candidate hopeful politician politicians leader leaders")),
}
