"""Which ids, citation keys and words exist in a study, and the fault where one is named that does not."""

from __future__ import annotations

from collections.abc import Collection

from marsad.model import enumerated
from marsad.study.faults import At, Faults, meant, nearest, shown

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
_FEW = 12
"""Up to so many words of a vocabulary are all named in a remedy."""

_MAX_COMPARED = 1_000_000
"""How many names one reading of a study compares with misspelt ones: about a second of work."""


class References:
    """Names by what they name.

    A group that could not be read at all is not checked against, lest one fault make many.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._known: dict[str, Collection[str] | None] = {}
        self._remedies: dict[tuple[tuple[str, ...], str], str] = {}
        self._compared = 0

    def define(self, group: str, names: Collection[str] | None) -> None:
        """Set the names of a group; None where they are not known because its file could not be read."""
        self._known[group] = names

    def known(self, group: str) -> Collection[str] | None:
        """The names of a group; None where they are not known."""
        return self._known.get(group, ())

    def check(self, groups: tuple[str, ...], name: str, at: At) -> bool:
        """Whether some group has the name, or cannot be asked; notes a fault where none has it."""
        for group in groups:
            names = self.known(group)
            if names is None or name in names:
                return True
        nouns = " or ".join(_NOUNS[group][0] for group in groups)
        what = "citation key" if groups == ("sources",) else "id"
        self._faults.add(at, f"no {nouns} has the {what} {shown(name)}", lambda: self._remedy(groups, name))
        return False

    def _remedy(self, groups: tuple[str, ...], name: str) -> str:
        """The nearest names, as long as their search does not take too long, or where to add it."""
        found = self._remedies.get((groups, name))
        if found is None:
            known = {other for group in groups for other in self.known(group) or ()}
            self._compared += len(known)
            add = " or ".join(_NOUNS[group][1] for group in groups)
            found = meant(name, known if self._compared <= _MAX_COMPARED else (), add)
            self._remedies[groups, name] = found
        return found

    def check_word(self, vocabulary: str, words: Collection[str], word: str, at: At) -> bool:
        """Whether a vocabulary has the word; notes a fault where it has not."""
        if word in words:
            return True
        message = f"{shown(word)} is no word of the vocabulary {vocabulary}"
        self._faults.add(at, message, lambda: _word_remedy(vocabulary, words, word))
        return False


def _word_remedy(vocabulary: str, words: Collection[str], word: str) -> str:
    if len(words) <= _FEW:
        return meant(word, words, f"take one of {', '.join(words)}")
    where = f"docs/study-folder.md lists all words under {vocabulary!r}"
    found = nearest(word, words)
    if found:
        return f"Did you mean {enumerated(found, joint='or')}? Otherwise take another: {where}"
    return f"The nearest are {enumerated(nearest(word, words, likeness=0))}; {where}"
