"""Scoring of MUC-4 templates, near to the rules of the official scorer of 1992 (Chinchor, "MUC-4 evaluation metrics").

**Alignment.** The templates of a system and of the key are paired within a story, one to one, so that the credit of all
slots together is the greatest. A pair is allowed only where the incident types match at least in part and at least one
fill matches in part among perpetrator (individual, organisation), physical target (words, type) and human target (name,
description, type), as in 1992. A key without any such fill may be paired by date or location.

**Credit.** A fill that is right counts 1, one right in part 1/2. Each fill of a system is paired with one fill of the
key. Recall is the credit over the fills of the key, precision over the fills of the system. ``ALL TEMPLATES``: those
of missing and of spurious templates count too (the main measure of 1992). ``MATCHED/MISSING``: those of spurious
templates do not. Optional templates and fills (``OPTIONAL``, ``?``) count only where the system gives them. Of
alternatives (``/``) any is right.

**Slots.** *Type*: right if equal; in part if one of them is ATTACK, the general type (not for FORCED WORK STOPPAGE).
*Date*: right if equal; in part if the two share an end or one bounded date lies in the other; ``- 4 JAN 90`` (before)
against a day is in part only where that is the same day. *Location*: right if all names are equal, whatever their
types in brackets; in part if one says the same with fewer names. *Organisation*: right if the same words or acronym, or
one holds all the words of the other; in part if they share a word that is not general (FRONT, ARMY …). *Number*: value
right if equal or both within the range; in part if PLURAL stands against more than one. *Effect*: value right if equal;
in part NO INJURY against NO INJURY OR DEATH. Both have the words of the target as cross reference: value right and
words not, or value in part: 1/2. *Words*: right if one holds all the significant words of the other or their last words
are equal; in part if they share a significant word. Against an official score, ours is stricter for locations and
dates (no person gives credit by hand) and more lenient for words.

**Rows.** The column ``F1`` is over ALL TEMPLATES and is the one to compare: the figures of 1992 that stand beside it
have types hardly below templates found, as in that row alone. ``F1 m/m`` is MATCHED/MISSING, the row that the reports
of 1991 print for single slots.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from benchmarks.muc4_keys import Fill, Template
from scipy.optimize import linear_sum_assignment

from marsad.extraction.lexicon import listed

__all__ = ["REPORTED", "Score", "align", "score_stories", "slot_credit", "slot_score"]

REPORTED = ("template", "type", "date", "location", "organisation", "number", "effect")
"""The slots that are printed, in this order."""

_SCORED = (*REPORTED[1:], "stage", "perpetrator", "object", "object_type", "name", "description", "victim_type")
_ANCHORS = ("perpetrator", "organisation", "object", "object_type", "name", "description", "victim_type")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY = re.compile(r"(\d{1,2}) ([A-Z]{3}) (\d\d)")
_WEAK = frozenset(
    listed(
        "A AN THE OF AND IN ON AT FOR FROM TO BY WITH ITS HIS HER THEIR THIS THAT OTHER SOME SEVERAL ONE TWO THREE "
        "FOUR FIVE SIX SEVEN EIGHT NINE TEN WHO WERE WAS DE LA EL LOS LAS DEL Y DR MR MRS"
    )
)
_GENERAL = frozenset(
    listed(
        "ARMY ARMED FORCE FORCES FRONT MOVEMENT NATIONAL LIBERATION PEOPLE REVOLUTIONARY PARTY UNION UNITED GROUP "
        "ORGANIZATION PATRIOTIC POPULAR MILITARY POLICE UNIT COMMAND COMMANDO NATION"
    )
)
_NATIONS = frozenset(
    listed("SALVADORAN COLOMBIAN PERUVIAN CHILEAN HONDURAN GUATEMALAN NICARAGUAN BOLIVIAN ECUADORAN VENEZUELAN U S")
)


@dataclass(slots=True)
class Score:
    """What counts for recall and precision of one slot."""

    credit: float = 0.0
    possible: int = 0
    actual: int = 0
    actual_in_matched: int = 0

    @property
    def recall(self) -> float:
        """Credit over the fills of the key, in per cent."""
        return 100 * self.credit / self.possible if self.possible else 0.0

    @property
    def precision(self) -> float:
        """Credit over the fills of the system, in per cent."""
        return 100 * self.credit / self.actual if self.actual else 0.0

    @property
    def precision_in_matched(self) -> float:
        """Credit over the fills in templates that are paired, in per cent."""
        return 100 * self.credit / self.actual_in_matched if self.actual_in_matched else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision."""
        return _harmonic(self.recall, self.precision)

    @property
    def f1_in_matched(self) -> float:
        """The same without spurious templates (MATCHED/MISSING)."""
        return _harmonic(self.recall, self.precision_in_matched)


@dataclass(slots=True)
class _Tally:
    scores: dict[str, Score] = field(default_factory=lambda: {slot: Score() for slot in ("template", *_SCORED)})

    def pair(self, key: Template, response: Template) -> None:
        self._count("template", 1.0, 1, 1, matched=True)
        for slot in _SCORED:
            credit, possible = slot_score(slot, key.fills(slot), response.fills(slot))
            self._count(slot, credit, possible, len(response.fills(slot)), matched=True)

    def missing(self, key: Template) -> None:
        if key.optional:
            return
        self._count("template", 0.0, 1, 0, matched=False)
        for slot in _SCORED:
            self._count(slot, 0.0, sum(not fill.optional for fill in key.fills(slot)), 0, matched=False)

    def spurious(self, response: Template) -> None:
        self._count("template", 0.0, 0, 1, matched=False)
        for slot in _SCORED:
            self._count(slot, 0.0, 0, len(response.fills(slot)), matched=False)

    def _count(self, slot: str, credit: float, possible: int, actual: int, *, matched: bool) -> None:
        score = self.scores[slot]
        score.credit += credit
        score.possible += possible
        score.actual += actual
        if matched or slot == "template":
            score.actual_in_matched += actual


def score_stories(
    keys: Mapping[str, Sequence[Template]], responses: Mapping[str, Sequence[Template]]
) -> dict[str, Score]:
    """The score of each slot over all stories of the key."""
    tally = _Tally()
    for story, key in keys.items():
        response = responses.get(story, ())
        pairs = align(key, response)
        for left, right in pairs:
            tally.pair(key[left], response[right])
        for index in set(range(len(key))) - {left for left, _ in pairs}:
            tally.missing(key[index])
        for index in set(range(len(response))) - {right for _, right in pairs}:
            tally.spurious(response[index])
    return tally.scores


def align(key: Sequence[Template], response: Sequence[Template]) -> list[tuple[int, int]]:
    """The pairs of templates of one story that give the greatest credit."""
    if not key or not response:
        return []
    weights = [[_pair_credit(left, right) for right in response] for left in key]
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if weights[row][column] > 0]


def _pair_credit(key: Template, response: Template) -> float:
    """All credit of a pair; 0 where it is not allowed."""
    gained = {slot: slot_score(slot, key.fills(slot), response.fills(slot))[0] for slot in _SCORED}
    if gained["type"] == 0:
        return 0.0
    anchored = any(gained[slot] > 0 for slot in _ANCHORS)
    bare = not any(key.fills(slot) for slot in _ANCHORS) and gained["date"] + gained["location"] > 0
    return sum(gained.values()) if anchored or bare else 0.0


def slot_score(slot: str, key: Sequence[Fill], response: Sequence[Fill]) -> tuple[float, int]:
    """Credit of the fills of a slot, and the number of fills of the key that count."""
    needed = sum(not fill.optional for fill in key)
    if not key or not response:
        return 0.0, needed
    weights = [[slot_credit(slot, left, right) for right in response] for left in key]
    rows, columns = linear_sum_assignment(weights, maximize=True)
    pairs = [(row, column) for row, column in zip(rows, columns, strict=True) if weights[row][column] > 0]
    given = sum(key[row].optional for row, _ in pairs)
    return sum(weights[row][column] for row, column in pairs), needed + given


def slot_credit(slot: str, key: Fill, response: Fill) -> float:
    """Credit of one fill against one of the key: 0, 1/2 or 1."""
    compare = _COMPARE.get(slot, _same_words)
    value = max(compare(left, right) for left in key.values for right in response.values)
    if slot not in ("number", "effect", "object_type", "victim_type") or value < 1:
        return value
    return 1.0 if _same_target(key.refs, response.refs) else 0.5


def _same_target(key: Iterable[str], response: Iterable[str]) -> bool:
    left, right = ([ref for ref in refs if ref != "-"] for refs in (key, response))
    if not left or not right:
        return not left and not right
    return any(_same_words(a, b) == 1 for a in left for b in right)


def _equal(key: str, response: str) -> float:
    return float(key == response)


def _same_type(key: str, response: str) -> float:
    if key == response:
        return 1.0
    return 0.5 if "ATTACK" in (key, response) and "FORCED WORK STOPPAGE" not in (key, response) else 0.0


def _same_words(key: str, response: str) -> float:
    left, right = _words(key), _words(response)
    if not left or not right:
        return float(key == response)
    if left[-1] == right[-1] or set(left) <= set(right) or set(right) <= set(left):
        return 1.0
    return 0.5 if set(left) & set(right) else 0.0


def _words(text: str) -> list[str]:
    """The significant words, plurals cut."""
    found = [word for word in re.findall(r"[A-Z0-9]+", text.upper()) if word not in _WEAK]
    return [word[:-1] if len(word) > 3 and word.endswith("S") else word for word in found]


def _same_organisation(key: str, response: str) -> float:
    left, right = (set(re.findall(r"[A-Z0-9]+", text.upper())) - _WEAK - _NATIONS for text in (key, response))
    if not left or not right:
        return float(key == response)
    if left == right or ((left <= right or right <= left) and (left & right) - _GENERAL):
        return 1.0
    if left <= right or right <= left:
        return 1.0 if max(len(left), len(right)) <= 2 else 0.0
    return 0.5 if (left & right) - _GENERAL else 0.0


def _same_place(key: str, response: str) -> float:
    left, right = (
        {re.sub(r"\s*\([^)]*\)", "", part).strip() for part in re.split(r":| - ", text.upper())} - {""}
        for text in (key, response)
    )
    if left == right:
        return 1.0
    return 0.5 if left <= right or right <= left else 0.0


def _same_number(key: str, response: str) -> float:
    if key == response:
        return 1.0
    left, right = _bounds(key), _bounds(response)
    if left is None or right is None:
        return 0.0
    if "PLURAL" in (key, response):
        return 0.5 if min(left[0], right[0]) >= 2 else 0.0
    if key.strip("~") == response.strip("~"):
        return 1.0
    return 0.5 if left[0] <= right[1] and right[0] <= left[1] else 0.0


def _bounds(text: str) -> tuple[float, float] | None:
    if text == "PLURAL":
        return 2, float("inf")
    numbers = [float(number) for number in re.findall(r"\d+", text)]
    if not numbers:
        return None
    if text.startswith("-"):
        return 0, numbers[0]
    return (numbers[0], float("inf")) if text.endswith("-") else (numbers[0], numbers[-1])


def _same_effect(key: str, response: str) -> float:
    if key == response:
        return 1.0
    return 0.5 if {key, response} in ({"NO INJURY", "NO INJURY OR DEATH"}, {"NO DEATH", "NO INJURY OR DEATH"}) else 0.0


def _same_date(key: str, response: str) -> float:
    if key == response:
        return 1.0
    left, right = _ends(key), _ends(response)
    if left is None or right is None:
        return 0.0
    if left == right:
        return 1.0
    if None in (left[0], right[0]):
        return 0.5 if left[1] == right[1] else 0.0
    shared = left[0] == right[0] or left[1] == right[1]
    return 0.5 if shared or _within(left, right) or _within(right, left) else 0.0


def _within(inner: tuple[date | None, date], outer: tuple[date | None, date]) -> bool:
    return inner[0] is not None and outer[0] is not None and outer[0] <= inner[0] and inner[1] <= outer[1]


def _ends(text: str) -> tuple[date | None, date] | None:
    days = [
        _clipped(1900 + int(year), _MONTHS.index(month) + 1, int(day))
        for day, month, year in _DAY.findall(text.upper())
        if month in _MONTHS
    ]
    if not days:
        return None
    return (None, days[0]) if text.startswith("-") else (days[0], days[-1])


def _clipped(year: int, month: int, day: int) -> date:
    """A day; one that does not exist (a key has 31 NOV) as the last of its month."""
    return date(year, month, max(1, min(day, monthrange(year, month)[1])))


def _harmonic(left: float, right: float) -> float:
    return 2 * left * right / (left + right) if left + right else 0.0


_COMPARE: dict[str, Callable[[str, str], float]] = {
    "type": _same_type,
    "date": _same_date,
    "location": _same_place,
    "organisation": _same_organisation,
    "number": _same_number,
    "effect": _same_effect,
    "stage": _equal,
    "object_type": _equal,
    "victim_type": _equal,
}
