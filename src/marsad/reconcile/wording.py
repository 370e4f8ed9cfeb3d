"""Likeness of descriptions: rare words in common, and facets (organisation, means, victims, setting) that agree.

Words are weighted by their rarity among the descriptions of both tables, w = ln((n + 1) / (df + 1/2)), and two texts
compared by the cosine of their sets of words (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0). Numbers
written as words count as figures, and words of one concept as that concept: the packaged ``lexicon.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Bag", "Lexicon", "bag_of", "lexicon", "plain_words", "text_features"]

_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDINGS = ("ing", "ed", "es", "s")
_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The packaged words.

    Attributes:
        facets: names of the facets, in order.
        concepts: word -> (number of its facet, concept, its bit within the facet).
        numbers: number word -> figure.
        stopwords: words that say nothing.
    """

    facets: tuple[str, ...]
    concepts: dict[str, tuple[int, str, int]]
    numbers: dict[str, str]
    stopwords: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bag:
    """What a description says: its distinct words, and per facet a mask of the concepts that it names."""

    words: frozenset[str]
    facets: tuple[int, ...]


@cache
def lexicon() -> Lexicon:
    """The lexicon of the package."""
    import yaml  # noqa: PLC0415 - only where there are descriptions

    content: dict[str, Any] = yaml.safe_load(files("marsad.reconcile").joinpath("lexicon.yaml").read_text("utf-8"))
    concepts = {
        word: (number, f"={concept}", 1 << bit)
        for number, facet in enumerate(content["facets"].values())
        for bit, (concept, words) in enumerate(facet.items())
        for word in words
    }
    numbers = {word: str(value) for value, word in enumerate(content["numbers"])}
    return Lexicon(tuple(content["facets"]), concepts, numbers, frozenset(content["stopwords"]))


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case, without accents, in order."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(text.lower())


def bag_of(text: str) -> Bag:
    """The words and facets of one description."""
    known = lexicon()
    words = set()
    facets = [0] * len(known.facets)
    for word in plain_words(text):
        concept = known.concepts.get(word)
        if concept is not None:
            facets[concept[0]] |= concept[2]
            words.add(concept[1])
        elif word not in known.stopwords and not _YEAR.fullmatch(word):
            words.add(known.numbers.get(word) or _stem(word))
    return Bag(frozenset(words), tuple(facets))


def _stem(word: str) -> str:
    if len(word) > 4:
        for ending in _ENDINGS:
            if word.endswith(ending):
                return word[: -len(ending)]
    return word


def text_features(
    texts: tuple[Sequence[str | None], Sequence[str | None]], left: NDArray[np.int64], right: NDArray[np.int64]
) -> dict[str, NDArray[np.float64]]:
    """The features of the group ``text`` of each pair.

    Args:
        texts: the descriptions of the left and the right table; None or empty where a record has none.
        left: the records of each pair, as places in ``texts``, shape (pairs,).
        right: the same of the right.

    Returns:
        ``words`` and one array a facet, shape (pairs,); ``words`` is NaN where a record has no description.
    """
    bags = [[bag_of(text) if text else None for text in side] for side in texts]
    rows, facets = _weighted(bags)
    words = np.empty(len(left))
    for start in range(0, len(left), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        words[part] = rows[0][left[part]].multiply(rows[1][right[part]]).sum(axis=1)
    lacking = [np.array([bag is None or not bag.words for bag in side], dtype=bool) for side in bags]
    words = np.sqrt(np.clip(words, 0.0, 1.0))
    words[lacking[0][left] | lacking[1][right]] = np.nan
    features = {"words": words}
    for number, name in enumerate(lexicon().facets):
        a, b = facets[0][left, number], facets[1][right, number]
        features[name] = np.where((a == 0) | (b == 0), 0.0, np.where(a & b, 1.0, -1.0))
    return features


def _weighted(bags: Sequence[Sequence[Bag | None]]) -> tuple[list[Any], list[NDArray[np.int64]]]:
    """One sparse matrix a table, records x words, its rows of length one; and the masks of facets."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - only where there are descriptions

    vocabulary: dict[str, int] = {}
    parts = [_indices(side, vocabulary) for side in bags]
    size = max(len(vocabulary), 1)
    seen = np.bincount(np.concatenate([indices for indices, _ in parts]), minlength=size)
    count = sum(bag is not None for side in bags for bag in side)
    weight = np.log((count + 1.0) / (seen + 0.5)).clip(min=0.0)
    rows = []
    for indices, ends in parts:
        values = weight[indices]
        norms = np.sqrt(np.add.reduceat(np.append(values**2, 0.0), ends[:-1])) if len(ends) > 1 else np.zeros(0)
        norms[np.diff(ends) == 0] = 1.0
        norms[norms == 0] = 1.0
        scaled = values / np.repeat(norms, np.diff(ends))
        rows.append(csr_array((scaled, indices, ends), shape=(len(ends) - 1, size)))
    nothing = (0,) * len(lexicon().facets)
    masks = [
        np.array([nothing if b is None else b.facets for b in side], dtype=np.int64).reshape(-1, len(nothing))
        for side in bags
    ]
    return rows, masks


def _indices(side: Iterable[Bag | None], vocabulary: dict[str, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    indices: list[int] = []
    ends = [0]
    for bag in side:
        if bag is not None:
            indices.extend(vocabulary.setdefault(word, len(vocabulary)) for word in sorted(bag.words))
        ends.append(len(indices))
    return np.array(indices, dtype=np.int64), np.array(ends, dtype=np.int64)
