"""Learns the weights of ``muc4_relevance`` from stories and keys of MUC-4, and shows how they do on stories left out.

    python benchmarks/muc4_train.py                          cross-validation on DEV-0001 to DEV-1000
    python benchmarks/muc4_train.py --last 1300 --write      the weights that are shipped
    python benchmarks/muc4_train.py --write --out W.json     then ``muc4.py --set dev --from 1001 --weights W.json``

Seven log-linear models with a quadratic penalty. *Pairs*: a mention belongs to the template of the key whose targets it
names; two such mentions are of one event or not. *Events*: wanted where the scorer pairs it with a template; those
paired with optional templates are left out. *Groups, victims*: wanted where the template has them. *Dates, places,
kinds*: of all options of an event, the likelihood of those with credit. Five folds by story number: in each, everything
is learned on the others. Features seen fewer than three times and weights below 0.03 are dropped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.muc4 import DATA, load, report
from benchmarks.muc4_candidates import Candidate, Reading, candidate_of, make_template, organisation_fill, read_story
from benchmarks.muc4_keys import Fill, Template
from benchmarks.muc4_merging import merge, pair_features
from benchmarks.muc4_options import Option, date_options, kind_options, place_options
from benchmarks.muc4_places import CAPITALS
from benchmarks.muc4_relevance import WEIGHTS, features, group_features, odds, probability, victim_features
from benchmarks.muc4_scoring import REPORTED, align, score_stories, slot_credit, slot_score
from benchmarks.muc4_templates import THRESHOLD, template_of

__all__ = ["main"]

FOLDS = 5
LEAST = 3
SMALLEST = 0.03
PENALTIES = {"pairs": 3.0, "events": 6.0, "groups": 10.0, "victims": 2.0, "dates": 2.0, "places": 5.0, "kinds": 5.0}
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5)
FARTHEST = 40
_NEAR = 0.2

Keys = Mapping[str, Sequence[Template]]
Row = tuple[dict[str, float], int]
Choice = tuple[list[Option], list[float]]
Weights = dict[str, dict[str, float]]


@dataclass
class _Lessons:
    """What the stories of a part teach each model."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    choices: dict[str, list[Choice]] = field(default_factory=dict)


def _fold(story: str) -> int:
    return int(story[-4:]) // 10 % FOLDS


# Pairs of mentions.


def _pair_rows(reading: Reading, key: Sequence[Template]) -> list[Row]:
    homes = [_home(candidate_of(reading, [at]), key) for at in range(len(reading.mentions))]
    return [
        (pair_features(reading, earlier, later), int(homes[earlier] == homes[later]))
        for later in range(len(homes))
        for earlier in range(max(0, later - FARTHEST), later)
        if homes[earlier] is not None and homes[later] is not None
    ]


def _home(event: Candidate, key: Sequence[Template]) -> int | None:
    """The template that a single mention speaks of; None where none or several fit."""
    response = make_template(event, [], event.victims, *_plain(event))
    gained = [_likeness(each, response) for each in key]
    best = max(gained, default=0.0)
    near = [at for at, credit in enumerate(gained) if credit > best - _NEAR]
    return near[0] if best > 0 and len(near) == 1 else None


def _likeness(key: Template, response: Template) -> float:
    gained = {
        slot: slot_score(slot, key.fills(slot), response.fills(slot))[0]
        for slot in ("object", "name", "description", "perpetrator", "type", "location", "date")
    }
    targets = gained["object"] + gained["name"] + gained["description"]
    if not targets or not gained["type"]:
        return 0.0
    return 2 * targets + gained["location"] * 0.7 + (gained["perpetrator"] + gained["type"] + gained["date"]) / 2


def _plain(event: Candidate) -> tuple[str, str]:
    """A date and a place without learned weights: what the mention itself says."""
    inside = (
        next((each.text for each in options if any(f"{mark} told in" in name for name in each.properties)), "")
        for options, mark in ((date_options(event), "t"), (place_options(event), "l"))
    )
    day, place = inside
    return day, place


# Events, and what belongs to each.


def _lessons(story: Reading, events: list[Candidate], key: Sequence[Template]) -> _Lessons:
    full = [make_template(each, _names(each), each.victims, *_plain(each)) for each in events]
    pairs = {right: left for left, right in align(key, full)}
    found = _Lessons({"events": [], "groups": [], "victims": []}, {"dates": [], "places": [], "kinds": []})
    if story.country not in CAPITALS:
        return found
    for rank, each in enumerate(events):
        wanted = key[pairs[rank]] if rank in pairs else None
        label = 0 if wanted is None else -1 if wanted.optional else 1
        if label >= 0:
            found.rows["events"].append((features(each, len(events), rank), label))
        if wanted is not None:
            _learn_parts(each, wanted, found)
    return found


def _names(event: Candidate) -> list[str]:
    return list(dict.fromkeys(group.name for group in event.story_groups))


def _learn_parts(event: Candidate, key: Template, found: _Lessons) -> None:
    for name in _names(event):
        fill = organisation_fill(event, name)
        wanted = any(slot_credit("organisation", each, fill) > 0.5 for each in key.fills("organisation"))
        found.rows["groups"].append((group_features(event, name), int(wanted)))
    for rank, victim in enumerate(event.victims):
        words = Fill((victim.target.name or victim.target.description,))
        wanted = any(
            slot_credit("name", Fill(fill.refs), words) > 0.5
            for slot in ("number", "effect", "victim_type")
            for fill in key.fills(slot)
        )
        found.rows["victims"].append((victim_features(event, victim, rank), int(wanted)))
    for model, slot, options in (
        ("dates", "date", date_options(event)),
        ("places", "location", place_options(event)),
        ("kinds", "type", kind_options(event)),
    ):
        fills = key.fills(slot)
        gained = [max((slot_credit(slot, fill, Fill((each.text,))) for fill in fills), default=0.0) for each in options]
        if any(gained):
            found.choices[model].append((options, gained))


# Fitting.


def _matrix(rows: Sequence[Mapping[str, float]]) -> tuple[csr_matrix, list[str]]:
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= LEAST)
    index = {name: at for at, name in enumerate(names)}
    data, columns, starts = [], [], [0]
    for row in rows:
        known = sorted((index[name], value) for name, value in row.items() if name in index)
        columns += [at for at, _ in known]
        data += [value for _, value in known]
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(rows), len(names))), names


def _kept(names: Sequence[str], weights: np.ndarray) -> dict[str, float]:
    pairs = zip(names, weights, strict=True)
    return {name: round(float(weight), 2) for name, weight in pairs if abs(weight) >= SMALLEST}


def _fit(rows: Sequence[Row], penalty: float) -> dict[str, float]:
    """Logistic regression."""
    matrix, names = _matrix([row[0] for row in rows])
    labels = np.array([row[1] for row in rows], dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        value = np.logaddexp(0, scores).sum() - labels @ scores + penalty * weights @ weights / 2
        return float(value), matrix.T @ (1 / (1 + np.exp(-scores)) - labels) + penalty * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return _kept(names, best.x)


def _fit_choices(choices: Sequence[Choice], penalty: float) -> dict[str, float]:
    """Conditional logistic regression: of the options of an event, those with credit are likely in its proportion."""
    matrix, names = _matrix([dict.fromkeys(each.properties, 1.0) for options, _ in choices for each in options])
    credit = np.array([each for _, gained in choices for each in gained])
    sizes = [len(options) for options, _ in choices]
    group = np.repeat(np.arange(len(choices)), sizes)
    starts = np.cumsum([0, *sizes[:-1]])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        chances = raised / np.add.reduceat(raised, starts)[group]
        expected = np.add.reduceat(chances * credit, starts)
        slope = matrix.T @ (chances - chances * credit / expected[group])
        return float(-np.log(expected).sum() + penalty * weights @ weights / 2), slope + penalty * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return _kept(names, best.x)


def _learn(lessons: Iterable[_Lessons]) -> Weights:
    lessons = list(lessons)
    found: Weights = {}
    for name in ("events", "groups", "victims"):
        found[name] = _fit([row for each in lessons for row in each.rows[name]], PENALTIES[name])
    for name in ("dates", "places", "kinds"):
        found[name] = _fit_choices([one for each in lessons for one in each.choices[name]], PENALTIES[name])
    return found


def _flat(weights: Weights) -> dict[str, float]:
    return {name: weight for model in weights.values() for name, weight in model.items()}


def _others(parts: Mapping[str, list[Row]], fold: int) -> list[Row]:
    return [row for story, rows in parts.items() if _fold(story) != fold for row in rows]


def _events(readings: Mapping[str, Reading], keys: Keys) -> tuple[dict[str, list[Candidate]], dict[str, float]]:
    """The events of each story, united by weights learned on other stories; and the weights learned on all."""
    pairs = {name: _pair_rows(each, keys[name]) for name, each in readings.items()}
    folds = [_fit(_others(pairs, fold), PENALTIES["pairs"]) for fold in range(FOLDS)]
    events = {
        name: [candidate_of(each, members) for members in merge(each, partial(odds, folds[_fold(name)]))]
        for name, each in readings.items()
    }
    return events, _fit(_others(pairs, -1), PENALTIES["pairs"])


def _cross_validate(events: Mapping[str, list[Candidate]], lessons: Mapping[str, _Lessons], keys: Keys) -> None:
    judged: list[tuple[str, float, Template]] = []
    for fold in range(FOLDS):
        weights = _flat(_learn(each for name, each in lessons.items() if _fold(name) != fold))
        for name, members in events.items():
            for rank, each in enumerate(members if _fold(name) == fold else []):
                if each.country in CAPITALS:
                    chance = probability(weights, features(each, len(members), rank))
                    judged.append((name, chance, template_of(each, weights)))
    for threshold in THRESHOLDS:
        responses: dict[str, list[Template]] = {}
        for story, chance, template in judged:
            if chance >= threshold:
                responses.setdefault(story, []).append(template)
        scores = score_stories(keys, responses)
        print(threshold, " ".join(f"{slot} {scores[slot].f1:.1f}" for slot in REPORTED))
        if threshold == THRESHOLD:
            print(report(scores))


def _write(path: Path, weights: Weights, last: int) -> None:
    made = f"benchmarks/muc4_train.py --last {last} --write, from DEV-0001 to DEV-{last:04d} of MUC-4 and their keys"
    models = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(model, sort_keys=True, separators=(',', ':'))}"
        for name, model in weights.items()
    )
    path.write_text(f'{{"made by": {json.dumps(made)},\n"weights": {{\n{models}\n}}}}\n', encoding="utf-8")


def main() -> None:
    """Cross-validate; with ``--write`` learn from all and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="learn from all and write the weights")
    parser.add_argument("--last", type=int, default=1000, help="number of the last story to learn from")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where to write them")
    arguments = parser.parse_args()
    texts, files = (sorted(DATA.glob(pattern)) for pattern in ("dev/dev-muc3-*", "dev/key-dev-*"))
    stories, keys = load(texts, files, last=arguments.last)
    readings = {story.name: read_story(story) for story in stories}
    events, pairs = _events(readings, keys)
    lessons = {name: _lessons(each, events[name], keys[name]) for name, each in readings.items()}
    if arguments.write:
        _write(arguments.out, {"pairs": pairs, **_learn(lessons.values())}, arguments.last)
    else:
        _cross_validate(events, lessons, keys)


if __name__ == "__main__":
    main()
