"""The vocabulary of news on political violence, from ``lexicon.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from marsad.documents.shipped import shipped_yaml
from marsad.extraction.lexicon import listed

__all__ = ["Lexicon", "lexicon"]


@dataclass(frozen=True)
class Lexicon:
    """Word lists, all in lower case.

    Attributes:
        breaks: words that end a noun phrase.
        determiners: articles, possessives, demonstratives.
        adverbs: words that may stand between an auxiliary and its participle.
        people: nouns for people, singular and plural.
        titles: nouns that stand before a name.
        military: members and units of an army.
        guerrilla: members of armed groups.
        perpetrators: nouns for those who act.
        objects: nouns for buildings, vehicles, installations.
        weapons: nouns for explosives.
        numbers: cardinal words with their value.
        given_names: given names.
        act_verbs, act_nouns: what each word tells: kind of act, and ``death``, ``injury`` or nothing.
        groups: canonical name of each armed group or force, by each of its names in upper case.
        group_pattern: finds these names.
    """

    breaks: frozenset[str]
    determiners: frozenset[str]
    adverbs: frozenset[str]
    people: frozenset[str]
    titles: frozenset[str]
    military: frozenset[str]
    guerrilla: frozenset[str]
    perpetrators: frozenset[str]
    objects: frozenset[str]
    weapons: frozenset[str]
    numbers: dict[str, int]
    given_names: frozenset[str]
    act_verbs: dict[str, tuple[str, str]]
    act_nouns: dict[str, tuple[str, str]]
    groups: dict[str, str]
    group_pattern: re.Pattern[str]

    def is_plural(self, word: str) -> bool:
        """Whether a noun for people or things is plural."""
        if word in _PLURALS or word.endswith("men"):
            return True
        return word.endswith("s") and not word.endswith("ss") and word not in _SINGULARS


_PLURALS = frozenset(
    listed("people children troops personnel police population populace elderly faithful dead wounded")
)
_SINGULARS = frozenset(
    listed("headquarters bus premises barracks jesus carlos luis campus press mass witness business")
)


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    raw = shipped_yaml("marsad.extraction.news", "lexicon.yaml")
    fields: dict[str, Any] = {
        name: frozenset(text.replace("_", " ").split()) for name, text in raw.items() if isinstance(text, str)
    }
    groups: dict[str, str] = {}
    for line in raw["groups"]:
        names = [name.strip() for name in line.split("|")]
        groups |= dict.fromkeys(names, names[0])
    alternatives = "|".join(re.escape(name) for name in sorted(groups, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])", re.IGNORECASE)
    fields |= {
        name: {
            word: (key.split()[0], key.partition(" ")[2]) for key, text in raw[name].items() for word in text.split()
        }
        for name in ("act_verbs", "act_nouns")
    }
    return Lexicon(**fields, numbers=raw["numbers"], groups=groups, group_pattern=pattern)
