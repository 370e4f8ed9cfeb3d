"""Forms of names in a trie of words, and the scan that finds them in a text, longest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marsad.extraction.name_keys import NameToken, is_particle, light_key, name_tokens, skeleton

__all__ = ["Form", "Match", "Trie", "scan"]

_GAP = frozenset(" -–‐‑'’.\n\t&/ ")
_LONGEST_GAP = 4
_MOST_TOKENS = 14
_SKELETON_WORDS = 7


@dataclass(frozen=True, slots=True)
class Form:
    """One written form of a name.

    Attributes:
        kind: ``place`` or ``actor``.
        id: what it names.
        rule: ``name``, ``alias``, ``acronym``, ``adjective`` …
        words: its words as written; a capital asks for a capital in the text, an acronym for capitals throughout.
        rank: preference among names of equal length: the higher wins.
    """

    kind: str
    id: str
    rule: str
    words: tuple[str, ...]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Forms that were found at the same words."""

    first: int
    last: int
    forms: tuple[Form, ...]


@dataclass(slots=True)
class Trie:
    """Forms by their folded words, and by their transliteration where the exact words are not found."""

    root: dict[str, Any] = field(default_factory=dict)
    lights: dict[str, list[Form]] = field(default_factory=dict)
    skeletons: dict[str, list[Form]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)

    def add(
        self, text: str, kind: str, identifier: str, rule: str, rank: int, *, is_transliterated: bool = False
    ) -> None:
        """Add one form of a name; one that is transliterated is found under other spellings too."""
        tokens = name_tokens(text)[:_MOST_TOKENS]
        if not tokens:
            return
        form = Form(kind, identifier, rule, tuple(token.text for token in tokens), rank)
        keys = [token.key for token in tokens]
        node = self.root
        for key in keys:
            node = node.setdefault(key, {})
        node.setdefault("", []).append(form)
        if not is_transliterated:
            return
        if len(keys) == 1 and len(keys[0]) > 5 and not form.words[0].isupper() and form.words[0][0].isupper():
            self.lights.setdefault(light_key(keys[0]), []).append(form)
        elif len(keys) > 1:
            bones = skeleton(keys)
            if bones:
                self.skeletons.setdefault(bones, []).append(form)
                head = bones.split(" ", 1)[0]
                self.heads[head] = max(self.heads.get(head, 0), bones.count(" ") + 1)


def scan(
    text: str, tokens: Sequence[NameToken], tries: Sequence[Trie], accept: Callable[[Form, int, int], bool]
) -> list[Match]:
    """All places where a form of one of the tries stands, the longest of each kind at each word.

    Args:
        text: the text.
        tokens: its words.
        tries: in order of preference: at equal length the earlier wins.
        accept: function of a form and its first and last token that says whether it may stand there.
    """
    found: list[Match] = []
    covered = {"place": 0, "actor": 0}
    for index in range(len(tokens)):
        best: dict[str, Match] = {}
        for trie in tries:
            for last, forms in _at(text, tokens, index, trie):
                for kind, end in covered.items():
                    if index < end or (kind in best and best[kind].last >= last):
                        continue
                    kept = tuple(form for form in forms if form.kind == kind and accept(form, index, last))
                    if kept:
                        best[kind] = Match(index, last, kept)
        for kind, match in best.items():
            covered[kind] = match.last
            found.append(match)
    return found


def _at(text: str, tokens: Sequence[NameToken], index: int, trie: Trie) -> Iterable[tuple[int, list[Form]]]:
    """The forms of a trie that begin at a word, longest first, with the word after them."""
    found: list[tuple[int, list[Form]]] = []
    node: Mapping[str, Any] | None = trie.root.get(tokens[index].key)
    last = index + 1
    while node is not None:
        if "" in node:
            found.append((last, node[""]))
        if last >= len(tokens) or not _is_gap(text, tokens[last - 1], tokens[last]):
            break
        node = node.get(tokens[last].key)
        last += 1
    if tokens[index].text[:1].isupper():
        longest = found[-1][0] if found else 0
        found.extend(each for each in _transliterated(text, tokens, index, trie) if each[0] > longest)
    return reversed(found)


def _transliterated(text: str, tokens: Sequence[NameToken], index: int, trie: Trie) -> Iterable[tuple[int, list[Form]]]:
    light = light_key(tokens[index].key)
    if len(tokens[index].key) > 5:
        forms = trie.lights.get(light)
        if forms and len({(form.kind, form.id) for form in forms}) <= 2:
            yield index + 1, forms
    bone = skeleton((tokens[index].key, "marsadmarsad")).split(" ", 1)[0]
    if bone not in trie.heads:
        return
    keys = [tokens[index].key]
    for last in range(index + 1, min(index + _SKELETON_WORDS, len(tokens))):
        if not _is_gap(text, tokens[last - 1], tokens[last]):
            return
        keys.append(tokens[last].key)
        forms = None if is_particle(keys[-1]) else trie.skeletons.get(skeleton(keys))
        if forms:
            yield last + 1, forms


def _is_gap(text: str, left: NameToken, right: NameToken) -> bool:
    """Whether two words may belong to one name: a space, a hyphen or an abbreviation's full stop is between."""
    gap = text[left.end : right.start]
    if len(gap) > _LONGEST_GAP or "\n\n" in gap:
        return False
    if gap[:2] in ("'s", "’s", "'S", "’S"):
        gap = gap[2:]
    return _GAP.issuperset(gap) and ("." not in gap or len(left.text) <= 2 or left.text in ("Sta", "STA"))
