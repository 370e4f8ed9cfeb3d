"""Which ids, citation keys and words exist in a study, and the fault where one is named that does not."""

from __future__ import annotations

from collections.abc import Collection

from marsad.study.faults import At, Faults, meant, shown

__all__ = ["References"]

_NOUNS = {
    "actors": ("actor", "add it to actors.csv"),
    "places": ("place", "add it to places.csv"),
    "figures": ("figure", "add it to figures.csv"),
    "events": ("event", "add it to events.csv"),
    "actions": ("action", "add it to actions.csv"),
    "sources": ("source", "add it to sources.bib"),
    "findings": ("finding", "add it to findings.yaml"),
    "series": ("series", "add it to series/"),
}


class References:
    """Names by what they name.

    A group that could not be read at all is not checked against, lest one fault make many.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._known: dict[str, Collection[str] | None] = {}
        self._remedies: dict[tuple[tuple[str, ...], str], str] = {}

    def define(self, group: str, names: Collection[str] | None) -> None:
        """Set the names of a group; None where they are not known because its file could not be read."""
        self._known[group] = names

    def check(self, groups: tuple[str, ...], name: str, at: At) -> bool:
        """Whether some group has the name, or cannot be asked; notes a fault where none has it."""
        known: set[str] = set()
        for group in groups:
            names = self._known.get(group, ())
            if names is None or name in names:
                return True
            known.update(names)
        nouns = " or ".join(_NOUNS[group][0] for group in groups)
        what = "citation key" if groups == ("sources",) else "id"
        remedy = self._remedies.get((groups, name))
        if remedy is None:
            add = " or ".join(_NOUNS[group][1] for group in groups)
            remedy = self._remedies[groups, name] = meant(name, known, add)
        self._faults.add(at, f"no {nouns} has the {what} {shown(name)}", remedy)
        return False

    def check_word(self, vocabulary: str, words: Collection[str], word: str, at: At) -> bool:
        """Whether a vocabulary has the word; notes a fault where it has not."""
        if word in words:
            return True
        otherwise = f"take one of {', '.join(words)}" if len(words) <= 12 else "take another word of the vocabulary"
        self._faults.add(at, f"{shown(word)} is no word of the vocabulary {vocabulary}", meant(word, words, otherwise))
        return False
