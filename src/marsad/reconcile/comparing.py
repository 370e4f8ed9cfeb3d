"""From two sources to the features of the pairs that are worth a look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.reconcile.blocking import Rule, in_order, pair_batches
from marsad.reconcile.density import Crowds, choose_rule, expected_pairs
from marsad.reconcile.features import FEATURES, numeric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.evidence.engine import Engine
    from marsad.reconcile.scoring import Model
    from marsad.reconcile.sides import Side

    _Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]

__all__ = ["Compared", "compare"]

_SCREENED_FROM = 500_000
_ALL_TEXTS = 100_000
_TABLE = 1_000_000
_WORDS_EVIDENCE = 6.0


@dataclass(frozen=True, slots=True)
class Compared:
    """Candidate pairs and their features.

    Attributes:
        left: numbers of the records, shape (pairs,), sorted.
        right: the same of the right.
        columns: features by name, NaN where a record lacks the data.
        rule: by which they were compared.
        expected: about how many pairs the rule allows.
        screened: whether pairs without hope were left out by their numeric features alone.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]
    rule: Rule
    expected: float
    screened: bool

    def __len__(self) -> int:
        return len(self.left)

    def kept(self, mask: NDArray[np.bool_]) -> Compared:
        """Some of the pairs."""
        columns = {name: values[mask] for name, values in self.columns.items()}
        return Compared(self.left[mask], self.right[mask], columns, self.rule, self.expected, self.screened)


def compare(
    engine: Engine,
    left: Side,
    right: Side,
    *,
    rule: Rule | None = None,
    model: Model | None = None,
    floor: float = -4.0,
) -> Compared:
    """Find the pairs that a rule allows and compute what is compared of them.

    Args:
        engine: what runs the joins.
        left: the sources; the same one twice gives each of its pairs once.
        right: the same of the right.
        rule: the rule; left out, the widest that the density of the records allows.
        model: the scorer; with it, of very many pairs those that cannot reach ``floor`` are left out at once.
        floor: least log-odds that matter.
    """
    if rule is None:
        rule, expected = choose_rule(left, right)
    else:
        expected = expected_pairs(left, right, rule)
    compared = _candidates(engine, (left, right), (rule, expected), model, floor)
    _add_names(compared, left, right)
    _add_words(compared, left, right)
    return compared


def _candidates(
    engine: Engine, sides: tuple[Side, Side], rule: tuple[Rule, float], model: Model | None, floor: float
) -> Compared:
    """The pairs that a rule allows with their numeric features; of very many only those that may still matter."""
    left, right = sides
    screen = model if rule[1] > _SCREENED_FROM else None
    if screen is not None:
        floor -= _other_evidence(screen, words=left.says("text") and right.says("text"))
    crowds = Crowds(left, right)
    batches = pair_batches(engine, left.extent, right.extent, rule[0])
    parts = [_part(sides, batch, crowds, screen, floor) for batch in batches]
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        parts = [_part(sides, (nothing, nothing), crowds, None, floor)]
    numbers, columns = _sorted(parts)
    return Compared(numbers[0], numbers[1], columns, *rule, screen is not None)


def _part(
    sides: tuple[Side, Side], pairs: _Pairs, crowds: Crowds, screen: Model | None, floor: float
) -> tuple[_Pairs, dict[str, NDArray[np.float64]]]:
    """The numeric features of some pairs; with a model, of those that names and words could still save."""
    columns = numeric(*sides, pairs)
    columns["crowd"] = crowds.around(pairs)
    if screen is None:
        return pairs, columns
    kept = screen.logits(columns) >= floor
    return (pairs[0][kept], pairs[1][kept]), {name: values[kept] for name, values in columns.items()}


def _sorted(
    parts: list[tuple[_Pairs, dict[str, NDArray[np.float64]]]],
) -> tuple[_Pairs, dict[str, NDArray[np.float64]]]:
    """The parts as one, by left and right record; column by column, so that little is held twice."""
    left, right = (np.concatenate([part[0][n] for part in parts]) for n in (0, 1))
    order = in_order(left, right)
    columns = {name: np.concatenate([part[1].pop(name) for part in parts])[order] for name in list(parts[0][1])}
    return (left[order], right[order]), columns


def _other_evidence(model: Model, *, words: bool) -> float:
    """The most that names and words can add to the log-odds of a pair."""
    best = {"actors": 0.6, "kind": 1.0, "area": 1.0}
    rows = np.array([[row[n] * best.get(f.name, 0.0) for n, f in enumerate(FEATURES)] for row in model.weights])
    return float(rows.clip(min=0.0).sum(axis=1).max()) + (_WORDS_EVIDENCE if words else 0.0)


def _add_names(compared: Compared, left: Side, right: Side) -> None:
    from marsad.reconcile import actors  # noqa: PLC0415 - reads its tables

    wanted: list[tuple[str, tuple[str, ...], Callable[[Any, Any], float]]] = [
        ("actors", ("side_a", "side_b"), actors.actor_likeness),
        ("kind", ("kind", "violence_type", "plover"), actors.kind_likeness),
        ("area", ("country", "area"), actors.same_area),
    ]
    for name, columns, likeness in wanted:
        if all(any(side.says(column) for column in columns) for side in (left, right)):
            compared.columns[name] = _by_combination(compared, left.codes(*columns), right.codes(*columns), likeness)


def _by_combination(
    compared: Compared, left: tuple[Any, Any], right: tuple[Any, Any], likeness: Callable[[Any, Any], float]
) -> NDArray[np.float64]:
    """A feature that hangs on two small vocabularies: computed once for each two combinations that meet."""
    size = len(right[1])
    keys = left[0][compared.left] * size + right[0][compared.right]
    cells = len(left[1]) * size
    if cells > max(_TABLE, len(keys)):
        met, inverse = np.unique(keys, return_inverse=True)
        values = _likenesses(met, left[1], right[1], likeness)
        return np.asarray(values[inverse], dtype=np.float64)
    there = np.zeros(cells, dtype=bool)
    there[keys] = True
    met = np.flatnonzero(there)
    table = np.zeros(cells)
    table[met] = _likenesses(met, left[1], right[1], likeness)
    return np.asarray(table[keys], dtype=np.float64)


def _likenesses(
    met: NDArray[np.int64], left: Sequence[Any], right: Sequence[Any], likeness: Callable[[Any, Any], float]
) -> NDArray[np.float64]:
    rows = (divmod(key, len(right)) for key in met.tolist())
    return np.array([likeness(left[a], right[b]) for a, b in rows], dtype=np.float64)


def _add_words(compared: Compared, left: Side, right: Side) -> None:
    if not (left.says("text") and right.says("text")):
        return
    from marsad.reconcile.wording import text_features  # noqa: PLC0415 - only where there are descriptions

    ends = ((left, compared.left), (right, compared.right))
    whole = len(left) + len(right) <= _ALL_TEXTS
    texts, places = [], []
    for side, numbers in ends:
        used = np.arange(len(side)) if whole else np.unique(numbers)
        texts.append(_descriptions(side, used))
        places.append(np.searchsorted(used, numbers))
    compared.columns.update(text_features((texts[0], texts[1]), places[0], places[1]))


def _descriptions(side: Side, used: NDArray[np.int64]) -> list[str | None]:
    """The descriptions of some records with the names of their places, which the other source may have in its text."""
    texts, named = (side.take(name, used).to_pylist() for name in ("text", "place"))
    return [text and (f"{text} {place}" if place else text) for text, place in zip(texts, named, strict=True)]
