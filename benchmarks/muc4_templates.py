"""From MUC-4 stories to the templates that the task wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from benchmarks.muc4_candidates import Candidate, candidate_of, make_template, read_story
from benchmarks.muc4_keys import Story, Template
from benchmarks.muc4_merging import merge
from benchmarks.muc4_options import date_options, kind_options, place_options
from benchmarks.muc4_places import CAPITALS
from benchmarks.muc4_relevance import best_option, features, group_features, odds, probability, victim_features

__all__ = ["THRESHOLD", "fill_templates", "template_of"]

THRESHOLD = 0.4
"""From which probability on an event is reported; chosen on DEV-0001 to DEV-1000 by cross-validation."""

_GROUP = 0.27
_VICTIM = 0.33
_MOST_GROUPS = 2


def fill_templates(stories: Iterable[Story], weights: Mapping[str, float]) -> dict[str, tuple[Template, ...]]:
    """The templates of each story."""
    found = {}
    for story in stories:
        reading = read_story(story)
        events = [candidate_of(reading, members) for members in merge(reading, partial(odds, weights))]
        found[story.name] = tuple(
            template_of(each, weights)
            for rank, each in enumerate(events)
            if each.country in CAPITALS and probability(weights, features(each, len(events), rank)) >= THRESHOLD
        )
    return found


def template_of(event: Candidate, weights: Mapping[str, float]) -> Template:
    """An event as a template, with the groups and victims that are likely enough and the likeliest date and place."""
    chances = {
        name: probability(weights, group_features(event, name))
        for name in dict.fromkeys(each.name for each in event.story_groups)
    }
    groups = sorted((name for name in chances if chances[name] >= _GROUP), key=lambda name: -chances[name])
    victims = [
        each
        for rank, each in enumerate(event.victims)
        if probability(weights, victim_features(event, each, rank)) >= _VICTIM
    ]
    day = best_option(weights, date_options(event))
    place = best_option(weights, place_options(event))
    kind = best_option(weights, kind_options(event))
    return make_template(event, groups[:_MOST_GROUPS], victims, day, place, kind=kind)
