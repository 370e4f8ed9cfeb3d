"""Which mentions of a story the task takes for one event.

The key may have one template for an attack that ten sentences tell of, and another for a second target of the same
bomb. ``events.group_events`` of the program is careful and made for manuscripts; here each mention joins the event that
it fits best by learned weights (pairs of mentions in DEV stories), or begins one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from benchmarks.muc4_candidates import Reading, same_people
from benchmarks.muc4_places import place_id

from marsad.extraction.lexicon import listed
from marsad.extraction.news.mentions import Mention

__all__ = ["merge", "pair_features"]

_WORD = re.compile(r"[A-Z][A-Z'-]{2,}")
_STOP = frozenset(
    listed(
        "THE AND FOR WAS WERE THAT THIS WITH FROM HAS HAVE HAD WHO WHICH BEEN ITS HIS HER THEIR THEY NOT ARE BUT SAID "
        "ALSO"
    )
)
_MARKS = frozenset(
    listed(
        "ANOTHER MEANWHILE ALSO SECOND OTHER EARLIER ELSEWHERE SIMILAR PREVIOUS LAST SAME FURTHERMORE THIRD "
        "SIMULTANEOUSLY LATER"
    )
)
_ARTICLES = frozenset(listed("THE THIS A AN THESE ANOTHER THAT HIS"))
_FARTHEST = 40
_NEVER = -9.0


def merge(reading: Reading, judge: Callable[[dict[str, float]], float]) -> list[list[int]]:
    """The events of a story as indices of mentions: each mention goes where best and mean likeness are greatest.

    Args:
        reading: the story.
        judge: log-odds that two mentions with such features are of one event.
    """
    events: list[list[int]] = []
    for later in range(len(reading.mentions)):
        best, home = 0.0, None
        for event in events:
            odds = [
                judge(pair_features(reading, earlier, later)) if later - earlier < _FARTHEST else _NEVER
                for earlier in event
            ]
            likeness = (max(odds) + sum(odds) / len(odds)) / 2
            if likeness > best:
                best, home = likeness, event
        if home is None:
            events.append([later])
        else:
            home.append(later)
    return events


def pair_features(reading: Reading, earlier: int, later: int) -> dict[str, float]:
    """What speaks for and against two mentions being of one event, by name."""
    first, second = reading.mentions[earlier], reading.mentions[later]
    away = reading.order[later] - reading.order[earlier]
    found = {
        "m bias",
        f"m away {min(away, 6)}",
        f"m between {min(later - earlier, 5)}",
        f"m paragraph {first.paragraph == second.paragraph} {away == 0}",
        f"m kinds {' '.join(sorted((first.kind, second.kind)))}",
        f"m kind {first.kind == second.kind}",
        f"m stage {first.stage == second.stage}",
        f"m story {min(len(reading.mentions), 12) // 3}",
        *_of_dates(first, second),
        *_of_places(reading, earlier, later),
        *_of_targets(first, second),
        *_of_words(reading, first, second),
    }
    left, right = _words(reading, first), _words(reading, second)
    cosine = len(left & right) / math.sqrt(max(1, len(left) * len(right)))
    return dict.fromkeys(found, 1.0) | {"m cosine": 5 * cosine}


def _words(reading: Reading, mention: Mention) -> set[str]:
    return set(_WORD.findall(reading.document.text[slice(*mention.sentence)].upper())) - _STOP


def _of_dates(first: Mention, second: Mention) -> Iterator[str]:
    left, right = (each.date.date if each.date else None for each in (first, second))
    if left is None or right is None:
        yield f"m dates {left is not None} {right is not None}"
        return
    yield f"m dates overlap {left.overlaps(right)} {left.precision == right.precision}"
    if left.text == right.text:
        yield "m dates equal"


def _of_places(reading: Reading, earlier: int, later: int) -> Iterator[str]:
    left, right = ({place_id(each) for each in reading.places[at] if each.name} for at in (earlier, later))
    yield f"m places shared {bool(left & right)}" if left and right else f"m places {bool(left)} {bool(right)}"


def _of_targets(first: Mention, second: Mention) -> Iterator[str]:
    left, right = ([hit for hit in each.hits if hit.target.sort == "people"] for each in (first, second))
    if left and right:
        yield f"m people same {any(same_people(a.target, b.target) for a in left for b in right)}"
        yield f"m effects {bool({hit.effect for hit in left} & {hit.effect for hit in right})}"
        names = [{word for hit in hits for word in hit.target.name.split() if len(word) > 3} for hits in (left, right)]
        if all(names):
            yield f"m names shared {bool(names[0] & names[1])}"
    else:
        yield f"m people {bool(left)} {bool(right)}"
    pairs = {
        "things": [
            {hit.target.head.rstrip("s") for hit in each.hits if hit.target.sort == "thing"} for each in (first, second)
        ],
        "groups": [{group.name for group in each.groups} for each in (first, second)],
        "doers": [{doer.head for doer in each.perpetrators} for each in (first, second)],
    }
    for name, (a, b) in pairs.items():
        if a and b:
            yield f"m {name} shared {bool(a & b)}"
        elif name == "things":
            yield f"m things {bool(a)} {bool(b)}"


def _of_words(reading: Reading, first: Mention, second: Mention) -> Iterator[str]:
    text = reading.document.text
    opening = text[slice(*second.sentence)].upper().split()
    yield f"m opening {' '.join(opening[:1])}"
    yield f"m openings {' '.join(opening[:2])}"
    for name, mention in (("first", first), ("second", second)):
        for mark in _MARKS & _words(reading, mention):
            yield f"m {name} has {mark}"
        for act in mention.acts:
            yield f"m {name} act {act.word} {act.form}"
    for act in second.acts:
        if act.form == "noun":
            before = text[max(0, act.start - 30) : act.start].upper().split()[-3:]
            yield f"m article {next((word for word in reversed(before) if word in _ARTICLES), '')}"
    if {act.word for act in first.acts} & {act.word for act in second.acts}:
        yield "m same word"
