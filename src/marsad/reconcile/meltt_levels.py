"""At which level of each taxonomy two records agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.errors import InputError
from marsad.reconcile.taxonomies import Taxonomy
from marsad.study.faults import shown

__all__ = ["Levels", "Texts", "levels_of"]

Texts = NDArray[np.str_] | NDArray[np.object_]
"""An array of texts; as objects, None stands for one that is missing."""

_SCORE_DIGITS = 9
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Levels:
    """What n records mean.

    Attributes:
        codes: for each taxonomy, shape (n, levels): the number of the common category at each level; -1 where the
            category of the record is not known.
    """

    codes: tuple[NDArray[np.int32], ...]

    def agreeing(
        self, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Which pairs of records with known categories agree, in every taxonomy, at some level, and how finely.

        Returns:
            Places in ``left`` of the pairs that agree, and the score of each: the mean over the taxonomies of
            (level - 1) / (levels - 1), level 1 being the finest at which they agree; rounded to nine decimals, so
            that equal sums of unlike terms tie.
        """
        kept = np.arange(len(left))
        total = np.zeros(len(left))
        for codes in self.codes:
            levels = codes.shape[1]
            level = np.full(len(kept), levels)
            for at in reversed(range(levels)):
                level[codes[left[kept], at] == codes[right[kept], at]] = at
            some = level < levels
            kept = kept[some]
            total = total[some] + level[some] / max(levels - 1, 1)
        return kept, np.round(total / max(len(self.codes), 1), _SCORE_DIGITS)


def levels_of(taxonomies: Sequence[Taxonomy], sources: Sequence[tuple[str, Sequence[Texts]]]) -> Levels:
    """What the categories of several sources mean.

    Args:
        taxonomies: the taxonomies.
        sources: for each source, its name and, for each taxonomy, the categories of its records. None and blank
            texts are not known.

    Raises:
        InputError: some categories are in no taxonomy; the message names them with the numbers of their records.
    """
    faults: list[str] = []
    codes = tuple(
        np.concatenate([_codes(taxonomy, source, columns[at], faults) for source, columns in sources])
        for at, taxonomy in enumerate(taxonomies)
    )
    if faults:
        raise InputError("\n".join(faults))
    return Levels(codes)


def _codes(taxonomy: Taxonomy, source: str, categories: Texts, faults: list[str]) -> NDArray[np.int32]:
    """Shape (n, levels): the numbers of what the categories of one source mean; a fault where some are unknown."""
    texts = categories.tolist()
    counts = Counter(texts)
    numbers = {raw: number for number, raw in enumerate(counts)}
    names = {raw: "" if raw is None else str(raw).strip() for raw in counts}
    unknown = {
        names[raw]: n for raw, n in counts.items() if names[raw] and (source, names[raw]) not in taxonomy.meanings
    }
    if unknown:
        faults.append(_unknown(taxonomy, source, unknown))
    table = np.full((len(counts) + 1, len(taxonomy.levels)), -1, dtype=np.int32)
    meaning_numbers = _numbers(taxonomy)
    for raw, number in numbers.items():
        meaning = taxonomy.meanings.get((source, names[raw]))
        if meaning is not None:
            table[number] = [known[name] for known, name in zip(meaning_numbers, meaning, strict=True)]
    found: NDArray[np.int32] = table[np.fromiter((numbers[raw] for raw in texts), np.int64, len(texts))]
    return found


def _numbers(taxonomy: Taxonomy) -> list[dict[str, int]]:
    """For each level, the number of each common category."""
    columns = zip(*taxonomy.meanings.values(), strict=True)
    return [{name: number for number, name in enumerate(dict.fromkeys(column))} for column in columns]


def _unknown(taxonomy: Taxonomy, source: str, unknown: dict[str, int]) -> str:
    told = ", ".join(f"{shown(name)} ({n})" for name, n in sorted(unknown.items())[:_MOST_TOLD])
    more = f" and {len(unknown) - _MOST_TOLD} more" if len(unknown) > _MOST_TOLD else ""
    sources = "" if source in taxonomy.sources else f"; the file knows the sources {', '.join(taxonomy.sources)}"
    return (
        f"{taxonomy.file}: base.categories: no row for these categories of {source!r} (records): "
        f"{told}{more}{sources}. Add one row for each of them"
    )
