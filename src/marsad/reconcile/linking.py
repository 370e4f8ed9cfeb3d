"""The pairs of two sources: from their candidates to decisions that persons' words go before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.model import Verdict
from marsad.reconcile.adapting import adapt, some_pairs
from marsad.reconcile.aggregates import parts_of_totals
from marsad.reconcile.blocking import Rule
from marsad.reconcile.comparing import Compared, compare
from marsad.reconcile.deciding import KEPT, Chosen, Duplicates, best_threshold, choose, no_duplicates
from marsad.reconcile.features import explain
from marsad.reconcile.scoring import Model, sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.evidence.engine import Engine
    from marsad.reconcile.sides import Side
    from marsad.reconcile.told import Told

__all__ = ["DECISIONS", "WITHIN", "Diagnostics", "Linked", "Run", "link", "pairs_within"]

DECISIONS = ("not", "review", "same", "part_of")
"""What is decided of a pair; ``Linked.decision`` holds places in this tuple."""
WITHIN = Rule(2, 200.0)
"""By which rule records of one source are compared, to find those that report one event twice."""
_NOT, _REVIEW, _SAME, _PART = range(4)
_MOST_WITHIN = 2_000_000
_SURE = 30.0
_AGREE = 1e-9
_MONTH = float(np.log(31.5))
_VERDICTS = {Verdict.NOT: _NOT, Verdict.UNSURE: _REVIEW, Verdict.SAME: _SAME, Verdict.PART_OF: _PART}
_Pairs = Mapping[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What was compared of two sources.

    Attributes:
        rule: by which records were compared.
        expected: about how many pairs the rule allows.
        compared: how many pairs were scored.
        screened: whether the engine left out pairs without hope before they were scored.
        left_out: scored pairs that are not in the result, since they are almost surely different events.
        undated: records of the left and the right source without a date, which cannot be compared.
        duplicates: pairs of records within the left and the right source that look like one event.
    """

    rule: Rule
    expected: float
    compared: int
    screened: bool
    left_out: int
    undated: tuple[int, int]
    duplicates: tuple[int, int]


@dataclass(frozen=True)
class Linked:
    """The pairs of two sources, arrays of shape (pairs,), sorted by left and right record.

    Attributes:
        left_table, right_table: places of the tables in the call.
        left, right: numbers of the records in their tables.
        probability: that both report the same event, from 0 to 1.
        decision: places in ``DECISIONS``.
        uncertain: whether no person has decided and the probability lies in the review band, or the pair would be
            ``same`` but for a date that is vaguer than a month.
        judged: whether a person decided it.
        duplicate: whether it is ``same`` because its record reports once more what another of its source reports.
        whole: for ``part_of`` 1 where the right record is the whole, -1 where the left is; otherwise 0.
        features: what was compared, NaN where a record lacks it; see ``marsad.reconcile.features``.
        diagnostics: what was compared in all.
        threshold: least probability of a pair that was decided ``same``.
    """

    left_table: int
    right_table: int
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    probability: NDArray[np.float64]
    decision: NDArray[np.int8]
    uncertain: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    duplicate: NDArray[np.bool_]
    whole: NDArray[np.int8]
    features: dict[str, NDArray[np.float64]]
    diagnostics: Diagnostics
    threshold: float

    def __len__(self) -> int:
        return len(self.left)

    def explanation(self, pair: int) -> str:
        """Why the two records of a pair look the same, or not, in words."""
        return self.explanations(np.array([pair]))[0]

    def explanations(self, pairs: NDArray[np.int64]) -> list[str]:
        """The same of several pairs."""
        columns = [values[pairs].tolist() for values in self.features.values()]
        told = [
            "no features: not within the rule" if isnan(values["days"]) else explain(values)
            for values in (dict(zip(self.features, row, strict=True)) for row in zip(*columns, strict=True))
        ]
        marks = (self.duplicate[pairs].tolist(), self.whole[pairs].tolist(), self.judged[pairs].tolist())
        return [_remarked(*row) for row in zip(told, *marks, strict=True)]


def _remarked(words: str, duplicate: bool, whole: int, judged: bool) -> str:  # noqa: FBT001 - columns of a pair
    if duplicate:
        words += "; reports once more what another record of its source reports"
    if whole:
        words += "; the deaths of the parts add up to those of the whole"
    return f"decided by a person; {words}" if judged else words


@dataclass(frozen=True)
class Run:
    """What holds for all pairs of sources of one reconciliation: see ``marsad.reconcile.core.reconcile``."""

    engine: Engine
    sides: tuple[Side, ...]
    model: Model
    threshold: float
    band: tuple[float, float]
    window: Rule | None
    told: tuple[Told, ...]
    given: bool = True
    _within: dict[int, Duplicates] = field(default_factory=dict)

    def duplicates(self, table: int) -> Duplicates:
        """Records of one table that report one event, as far as their descriptions tell."""
        if table not in self._within:
            pairs = pairs_within(self.engine, self.sides[table], self.model)
            self._within[table] = no_duplicates() if pairs is None else Duplicates.of(*_alike(pairs, self.model))
        return self._within[table]


def pairs_within(engine: Engine, side: Side, model: Model | None = None) -> Compared | None:
    """The pairs of records of one source that have descriptions; None where none has, or they are too dense.

    Without descriptions two events of one day and place cannot be told from one event that is reported twice.
    """
    if not side.says("text"):
        return None
    pairs = compare(engine, side, side, rule=WITHIN, model=model)
    return pairs.kept(~np.isnan(pairs.columns["words"])) if len(pairs) <= _MOST_WITHIN else None


def _alike(pairs: Compared, model: Model) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    near = model.logits(pairs.columns) >= model.duplicate
    return pairs.left[near], pairs.right[near]


def link(run: Run, a: int, b: int) -> Linked:
    """Compare two of the tables and decide on their pairs."""
    left, right = run.sides[a], run.sides[b]
    told = _told_pairs(run.told, a, b)
    compared = _with_pairs(compare(run.engine, left, right, rule=run.window, model=run.model, floor=KEPT), told)
    logits = np.where(np.isnan(compared.columns["days"]), -np.inf, run.model.logits(compared.columns))
    verdict, whole = _verdicts(compared, told, _ambiguous(run.told, a, b), logits)
    logits = np.where(verdict == _SAME, _SURE, np.where(verdict >= 0, -np.inf, logits))
    duplicates = (run.duplicates(a), run.duplicates(b))
    adapted = adapt(compared, logits, (left, right)) if type(run.model) is Model else None
    odds = logits if adapted is None else adapted
    chosen = choose(compared, odds, duplicates, least=run.model.logit_of(run.threshold))
    scored = run.model.calibrated(chosen.logits) if adapted is None else sigmoid(chosen.logits)
    threshold = run.threshold
    if adapted is not None and not run.given:
        some = some_pairs(compared, (left, right))[0]
        threshold = best_threshold(compared.kept(some), scored[some], chosen.chosen[some])
    probability, decision, open_question = _decide(run, chosen, (scored, threshold), verdict, compared.columns["span"])
    linked = Linked(
        a,
        b,
        compared.left,
        compared.right,
        probability,
        decision,
        open_question,
        verdict >= 0,
        chosen.duplicate & (decision == _SAME) & (verdict < 0),
        whole,
        compared.columns,
        _diagnostics(compared, left, right, duplicates),
        threshold,
    )
    return _with_totals(run, _trimmed(linked, run.model))


def _diagnostics(compared: Compared, left: Side, right: Side, duplicates: tuple[Duplicates, Duplicates]) -> Diagnostics:
    return Diagnostics(
        rule=compared.rule,
        expected=compared.expected,
        compared=len(compared),
        screened=compared.screened,
        left_out=0,
        undated=(int(np.isnan(left.begun).sum()), int(np.isnan(right.begun).sum())),
        duplicates=(len(duplicates[0].record) // 2, len(duplicates[1].record) // 2),
    )


def _told_pairs(told: tuple[Told, ...], a: int, b: int) -> _Pairs:
    """What was said of each pair of records: the decision, and which is the whole."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for one in told:
        if (one.left[0], one.right[0]) == (a, b):
            code = (_VERDICTS[one.verdict], {"right": 1, "left": -1, "": 0}[one.whole])
            found.update(dict.fromkeys(product(one.left[1], one.right[1]), code))
    return found


def _ambiguous(told: tuple[Told, ...], a: int, b: int) -> list[list[tuple[int, int]]]:
    """The pairs of which one is the same, where an identifier stands for several records."""
    pairs = [
        list(product(t.left[1], t.right[1])) for t in told if (t.left[0], t.right[0], t.verdict) == (a, b, Verdict.SAME)
    ]
    return [group for group in pairs if len(group) > 1]


def _with_pairs(compared: Compared, told: _Pairs) -> Compared:
    """The candidates and the pairs that persons spoke of, those without features."""
    if not told:
        return compared
    pairs = np.array(sorted(told), dtype=np.int64)
    return _wider(compared, pairs[:, 0], pairs[:, 1])


def _wider(compared: Compared, left: NDArray[np.int64], right: NDArray[np.int64]) -> Compared:
    """The candidates and other pairs, these without features where they are new."""
    size = int(max(right.max(initial=0), compared.right.max(initial=0))) + 1
    keys = compared.left * size + compared.right
    wanted = np.unique(left * size + right)
    at = np.searchsorted(keys, wanted)
    is_new = np.append(keys, -1)[at] != wanted
    new, at = wanted[is_new], at[is_new]
    if not len(new):
        return compared
    lacking = {name: np.insert(values, at, np.nan) for name, values in compared.columns.items()}
    ends = (np.insert(compared.left, at, new // size), np.insert(compared.right, at, new % size))
    return Compared(*ends, lacking, compared.rule, compared.expected, compared.screened)


def _places(compared: Compared, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Where pairs stand among the candidates."""
    wanted = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    size = int(compared.right.max(initial=0)) + 1
    places = np.searchsorted(compared.left * size + compared.right, wanted[:, 0] * size + wanted[:, 1])
    return {(left, right): place for (left, right), place in zip(wanted.tolist(), places.tolist(), strict=True)}


def _verdicts(
    compared: Compared, told: _Pairs, ambiguous: list[list[tuple[int, int]]], logits: NDArray[np.float64]
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """What was said of each candidate, -1 for nothing, and which record is the whole."""
    verdict, whole = np.full(len(compared), -1, dtype=np.int8), np.zeros(len(compared), dtype=np.int8)
    if not told:
        return verdict, whole
    place = _places(compared, told)
    for pair, (code, part) in told.items():
        verdict[place[pair]], whole[place[pair]] = code, part
    for group in ambiguous:
        best = max(group, key=lambda pair: (logits[place[pair]], tuple(-n for n in pair)))
        verdict[[place[pair] for pair in group if pair != best]] = -1
    return verdict, whole


def _decide(
    run: Run,
    chosen: Chosen,
    scored: tuple[NDArray[np.float64], float],
    verdict: NDArray[np.int8],
    span: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[np.bool_]]:
    """Probability and decision of each pair, and whether a person should look.

    A date vaguer than a month fits so many events that the program alone never calls such a pair the same.
    """
    probability, threshold = scored
    likely = (probability >= threshold) & (chosen.chosen | chosen.duplicate)
    vague = span > _MONTH
    decision = np.where(probability >= run.band[0], _REVIEW, _NOT)
    decision = np.where(likely, np.where(vague, _REVIEW, _SAME), decision)
    uncertain = ((probability >= run.band[0]) & (probability < run.band[1])) | (likely & vague)
    decision = np.where(verdict >= 0, verdict, decision)
    certain = np.select([verdict == _SAME, verdict == _REVIEW], [1.0, 0.5], default=0.0)
    return np.where(verdict >= 0, certain, probability), decision.astype(np.int8), uncertain & (verdict < 0)


def _with_totals(run: Run, linked: Linked) -> Linked:
    """Add the parts of totals, on either side; what a person decided stays."""
    told = (linked.decision == _SAME) & linked.judged
    agree = (linked.decision == _SAME) & (np.nan_to_num(linked.features["killed"]) < _AGREE)
    same = told | agree
    ends = (linked.left_table, linked.right_table)
    for sign, (wholes, parts), numbers in ((-1, ends, linked.left), (1, ends[::-1], linked.right)):
        found = parts_of_totals(run.sides[wholes], run.sides[parts], np.unique(numbers[same]))
        if len(found[0]):
            linked = _with_parts(linked, found if sign < 0 else found[::-1], sign)
    return linked


def _with_parts(linked: Linked, found: tuple[NDArray[np.int64], NDArray[np.int64]], sign: int) -> Linked:
    compared = Compared(linked.left, linked.right, linked.features, linked.diagnostics.rule, 0.0, screened=False)
    wider = _wider(compared, *found)
    size = int(max(wider.right.max(), linked.right.max(initial=0))) + 1
    keys = wider.left * size + wider.right
    old = np.searchsorted(keys, linked.left * size + linked.right)
    part = np.isin(keys, found[0] * size + found[1])

    def spread(values: NDArray[Any], default: float) -> NDArray[Any]:
        wide = np.full(len(keys), default, dtype=values.dtype)
        wide[old] = values
        return wide

    judged = spread(linked.judged, 0)
    part &= ~judged
    return replace(
        linked,
        left=wider.left,
        right=wider.right,
        probability=np.where(part, 0.0, spread(linked.probability, 0.0)),
        decision=np.where(part, _PART, spread(linked.decision, _NOT)).astype(np.int8),
        uncertain=spread(linked.uncertain, 0) & ~part,
        judged=judged,
        duplicate=spread(linked.duplicate, 0) & ~part,
        whole=np.where(part, sign, spread(linked.whole, 0)).astype(np.int8),
        features=wider.columns,
    )


def _trimmed(linked: Linked, model: Model) -> Linked:
    """Leave out the pairs that are almost surely different events, and count them."""
    least = model.calibrated(np.array([KEPT]))[0]
    kept = (linked.probability >= least) | linked.judged | (linked.decision != _NOT)
    fields = ("left", "right", "probability", "decision", "uncertain", "judged", "duplicate", "whole")
    return replace(
        linked,
        **{name: getattr(linked, name)[kept] for name in fields},
        features={name: values[kept] for name, values in linked.features.items()},
        diagnostics=replace(linked.diagnostics, left_out=int((~kept).sum())),
    )
