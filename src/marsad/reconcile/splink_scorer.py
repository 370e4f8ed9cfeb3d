"""Splink 5 as the scorer: Fellegi and Sunter's weights, one for each level of each comparison.

It stands in for the default model in ``reconcile(..., model=...)``. Blocking, features, competition, assignment and
calibration stay Marsad's own; Splink says how much each pair's levels speak for one event (Linacre et al. 2022,
doi:10.23889/ijpds.v7i3.1794). The shares of the levels among pairs of one event (m) and of different events (u) come
from labelled pairs and not from expectation maximisation, which takes the crowd of near pairs in a dense conflict for
matches. Comparisons count as independent of each other given the answer, which the default model does not need; and
crowds of events do not count, so in dense tables without descriptions the default model is the better one.

Splink is an extra (``marsad[splink]``) and is imported when pairs are scored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.reconcile.deciding import Duplicates, choose
from marsad.reconcile.scoring import Model, default_model, fit_calibration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.comparing import Compared
    from marsad.reconcile.training import Labels

__all__ = [
    "NATURAL",
    "SplinkModel",
    "default_splink_model",
    "fit_splink",
    "load_splink_model",
    "save_splink_model",
]

NATURAL: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "days": np.expm1,
    "span": np.exp,
    "km": lambda value: 10.0 * np.expm1(value),
    "far": np.expm1,
    "killed": np.exp,
    "killed_both": np.expm1,
    "harmed": np.exp,
    "harmed_both": np.expm1,
    "words": np.square,
    "means": np.positive,
    "organisation": np.positive,
    "actors": np.positive,
    "kind": np.positive,
    "area": np.positive,
}
"""The features that Splink compares and how they get natural units: days, kilometres, a ratio of distance to radii,
factors between two counts, people, a cosine, and signs."""

_MISSING = -99.0
_AS_MANY = 10.0
_BATCH = 1_000_000
_FOLDS = 5
_REPETITIONS = 10
_AS_GOOD = 0.003
_GRID = np.linspace(0.02, 0.98, 49)
_Start = tuple[dict[str, Any], frozenset[str]]
_REMEDY = "Splink is not installed; pip install marsad[splink], or leave --scorer out"


@dataclass(frozen=True, slots=True)
class SplinkModel(Model):
    """A scorer whose log-odds are Splink's; see ``Model`` for what it shares with the default one.

    The weights of the default model stay in it: by them the engine leaves out pairs without hope where there are very
    many. Splink's own DuckDB knows no ``--memory-limit``; it gets a million pairs at a time.

    Attributes:
        settings: of Splink, with m and u of every level; ``splink.Linker`` takes them as they are.
        scale, shift: what Splink's log-odds are multiplied by and what is then added (Platt 1999), since comparisons
            that are not independent make it too sure. Ranks stay.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0
    shift: float = 0.0

    def logits(self, columns: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Log-odds of Splink's match probability of each pair, scaled, before the competition, shape (pairs,).

        Args:
            columns: features by name, NaN where a record lacks the data; those not there count as lacking.

        Raises:
            InputError: Splink is not installed.
        """
        found = _predict(columns, self.settings)["match_weight"] * float(np.log(2.0))
        return self.scale * found + self.shift


def default_splink_model() -> SplinkModel:
    """The packaged scorer of Splink; its provenance says what it was fitted on."""
    return _model(json.loads(files("marsad.reconcile").joinpath("splink_model.json").read_text("utf-8")))


def load_splink_model(path: Path) -> SplinkModel:
    """Read a scorer that ``save_splink_model`` wrote.

    Raises:
        InputError: the file is missing or no such scorer.
    """
    try:
        return _model(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: no Splink scorer of this version ({error}); fit it again") from error


def save_splink_model(model: SplinkModel, path: Path) -> None:
    """Write a scorer as JSON; what stands under ``settings`` is a model that Splink itself can load."""
    from marsad.evidence.files import write_atomically  # noqa: PLC0415 - reading needs none of it

    content = {name: value for name, value in asdict(model).items() if name not in {"intercepts", "weights"}}
    write_atomically(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def _model(content: Mapping[str, Any]) -> SplinkModel:
    settings = content["settings"]
    for comparison in settings["comparisons"]:
        for level in _levels_of(comparison):
            if not 0.0 < level["m_probability"] < 1.0 or not 0.0 < level["u_probability"] < 1.0:
                raise ValueError(f"comparison {comparison['output_column_name']}: m and u lie between 0 and 1")
    low, high = content["review_band"]
    rest = {name: value for name, value in content.items() if name not in {"settings", "review_band"}}
    return replace(_bare(settings), **rest, review_band=(float(low), float(high)))


def _bare(settings: Mapping[str, Any]) -> SplinkModel:
    """Settings with the default model's weights, to screen by, and no calibration."""
    default = default_model()
    return SplinkModel(default.intercepts, default.weights, settings=settings)


def _levels_of(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]


def _start() -> _Start:
    """Settings with the shares before any labelled pair has been seen, and the comparisons of ordered levels."""
    import yaml  # noqa: PLC0415 - only for fitting

    comparisons, ordered = [], set()
    for given in yaml.safe_load(files("marsad.reconcile").joinpath("splink_levels.yaml").read_text("utf-8")):
        if given.get("ordered"):
            ordered.add(given["name"])
        levels: list[dict[str, Any]] = [
            {"sql_condition": given["missing"], "label_for_charts": "not said by both", "is_null_level": True}
        ]
        for level in given["levels"]:
            shares = {"m_probability": level["m"], "u_probability": level["u"]}
            levels.append({"sql_condition": level["sql"], "label_for_charts": level["label"], **shares})
        comparisons.append({"output_column_name": given["name"], "comparison_levels": levels})
    settings = {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "sql_dialect": "duckdb",
        "probability_two_random_records_match": 0.25,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.unique_id = r.unique_id", "sql_dialect": "duckdb"}
        ],
        "retain_matching_columns": False,
        "comparisons": comparisons,
    }
    return settings, frozenset(ordered)


def _predict(columns: Mapping[str, NDArray[np.float64]], settings: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """Splink's columns of numbers for each pair: ``match_weight`` (log2 of the odds) and what the settings retain."""
    starts = range(0, max(len(columns["days"]), 1), _BATCH)
    parts = [
        _predict_some({name: values[n : n + _BATCH] for name, values in columns.items()}, settings) for n in starts
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _predict_some(
    columns: Mapping[str, NDArray[np.float64]], settings: Mapping[str, Any]
) -> dict[str, NDArray[np.float64]]:
    """One table of pairs, linked with itself row by row: Splink's own blocking has nothing left to find."""
    try:
        from splink import DuckDBAPI, Linker  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(_REMEDY) from error
    count = len(columns["days"])
    pairs: dict[str, Any] = {"unique_id": np.arange(count)}
    for name, natural in NATURAL.items():
        values = natural(columns[name]) if name in columns else np.full(count, np.nan)
        pairs[name] = np.nan_to_num(values, nan=_MISSING)
    backend = DuckDBAPI()
    try:
        tables = [backend.register(pairs, table_name="pairs"), backend.register("pairs", table_name="again")]
        linker = Linker(tables, dict(settings), log_level=None, validate_settings=False)
        found = linker.inference.predict(warning_mode="never").as_duckdbpyrelation().fetchnumpy()
    finally:
        backend.duckdb_con.close()
    order = np.argsort(found["unique_id_l"])
    wanted = (name for name in found if name == "match_weight" or name.startswith("gamma_"))
    return {name: np.asarray(found[name], dtype=np.float64)[order] for name in wanted}


def _levels(columns: Mapping[str, NDArray[np.float64]], settings: Mapping[str, Any]) -> NDArray[np.int64]:
    """At which level Splink puts each pair: shape (pairs, comparisons), -1 where a record lacks the data."""
    found = _predict(columns, {**settings, "retain_matching_columns": True})
    places = []
    for comparison in settings["comparisons"]:
        gamma = found[f"gamma_{comparison['output_column_name']}"].astype(np.int64)
        places.append(np.where(gamma < 0, -1, len(_levels_of(comparison)) - 1 - gamma))
    return np.column_stack(places)


def _fitted(start: _Start, levels: NDArray[np.int64], same: NDArray[np.bool_]) -> dict[str, Any]:
    """Settings with the shares of the levels among labelled pairs, the shares given weighing as ten of each."""
    settings, ordered = start
    comparisons = []
    for number, comparison in enumerate(settings["comparisons"]):
        kept = _levels_of(comparison)
        m, u = (
            _shares(pairs[pairs >= 0], [level[name] for level in kept])
            for pairs, name in ((levels[same, number], "m_probability"), (levels[~same, number], "u_probability"))
        )
        if comparison["output_column_name"] in ordered:
            m = _in_order(m, u)
        missing = [level for level in comparison["comparison_levels"] if level.get("is_null_level")]
        counted = [
            {**level, "m_probability": round(float(one), 6), "u_probability": round(float(other), 6)}
            for level, one, other in zip(kept, m, u, strict=True)
        ]
        comparisons.append({**comparison, "comparison_levels": [*missing, *counted]})
    prior = round((float(same.sum()) + 1.0) / (len(same) + 2.0), 6)
    return {**settings, "probability_two_random_records_match": prior, "comparisons": comparisons}


def _shares(levels: NDArray[np.int64], before: list[float]) -> NDArray[np.float64]:
    weighed = np.bincount(levels, minlength=len(before)) + _AS_MANY * np.array(before) / sum(before)
    shares: NDArray[np.float64] = weighed / weighed.sum()
    return shares


def _in_order(m: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shares m of levels, those pooled whose m / u would rise (pool adjacent violators)."""
    pools: list[list[int]] = []
    for number in range(len(m)):
        pools.append([number])
        while len(pools) > 1 and _ratio(m, u, pools[-1]) > _ratio(m, u, pools[-2]):
            pools[-2:] = [pools[-2] + pools[-1]]
    return np.concatenate([u[pool] * _ratio(m, u, pool) for pool in pools])


def _ratio(m: NDArray[np.float64], u: NDArray[np.float64], pool: list[int]) -> float:
    return float(m[pool].sum() / u[pool].sum())


def _summed(settings: Mapping[str, Any], levels: NDArray[np.int64]) -> NDArray[np.float64]:
    """The log-odds that Splink gives pairs at these levels: the prior's and the weights' sum."""
    prior = settings["probability_two_random_records_match"]
    total = np.full(len(levels), np.log(prior / (1.0 - prior)))
    for number, comparison in enumerate(settings["comparisons"]):
        shares = [(level["m_probability"], level["u_probability"]) for level in _levels_of(comparison)]
        weights = np.array([*(np.log(m / u) for m, u in shares), 0.0])
        total += weights[levels[:, number]]
    return total


def fit_splink(
    compared: Compared,
    within: tuple[Compared | None, Compared | None],
    labels: Labels,
    *,
    provenance: Mapping[str, Any],
    repetitions: int = _REPETITIONS,
) -> SplinkModel:
    """Estimate m and u on labelled pairs; calibration and threshold come from a cross-validation by incident.

    What was measured on incidents that the model had not seen stands in its provenance under ``cross_validated``:
    precision and recall after the one-to-one assignment at the threshold, the highest whose F1 is within 0.003 of the
    best. A pair that is called the same and not labelled so counts as an error, whether it was labelled or not.

    Args:
        compared: the pairs of the two sources, not screened.
        within: the pairs within each source, for duplicates; None where that cannot be told.
        labels: the judgements.
        provenance: what to say of the labels.
        repetitions: how many times the incidents are split anew; the split's number is its seed.

    Raises:
        InputError: Splink is not installed, or there are no pairs of both labels.
    """
    truth = _truth(compared, labels)
    scored = np.isin(compared.left, np.array(sorted(labels.judged), dtype=np.int64))
    known = scored & (truth >= 0)
    if set(truth[known].tolist()) != {0, 1}:
        raise InputError("a scorer needs pairs labelled same and pairs labelled not among the candidates; label more")
    start = _start()
    levels = _levels(compared.columns, start[0])
    alike = [None if pairs is None else (pairs, _levels(pairs.columns, start[0])) for pairs in within]
    folds = [_folds(compared, scored, seed) for seed in range(repetitions)]
    answers = np.tile((truth[known] == 1).astype(np.float64), repetitions)
    unseen = [_unseen(start, levels, fold, np.where(scored, truth, -2)) for fold in folds]
    tempered = fit_calibration(np.concatenate([found[known] for found in unseen]), answers)
    model = replace(
        _bare(_fitted(start, levels[known], truth[known] == 1)),
        scale=round(tempered[0], 4),
        shift=round(tempered[1], 4),
    )
    runs = [_one_run(compared, (levels, alike), (truth, scored), fold, model) for fold in folds]
    slope, offset = fit_calibration(np.concatenate([run[0][known] for run in runs]), answers)
    model = replace(model, slope=round(slope, 4), offset=round(offset, 4))
    figures = {float(least): _figures(model, runs, truth, scored, float(least), labels.total) for least in _GRID}
    f1 = {least: 2 * p * r / max(p + r, 1e-9) for least, (p, r) in figures.items()}
    best = max(least for least, value in f1.items() if value >= max(f1.values()) - _AS_GOOD)
    told = dict(zip(("precision", "recall"), (round(value, 4) for value in figures[best]), strict=True))
    return replace(
        model,
        threshold=round(best, 4),
        provenance={**provenance, "pairs": int(known.sum()), "cross_validated": told},
    )


def _truth(compared: Compared, labels: Labels) -> NDArray[np.int64]:
    """1 same, 0 labelled not, -1 unsure, -2 not labelled."""
    said = {
        pair: value for pairs, value in ((labels.same, 1), (labels.different, 0), (labels.unsure, -1)) for pair in pairs
    }
    pairs = zip(compared.left.tolist(), compared.right.tolist(), strict=True)
    return np.array([said.get(pair, -2) for pair in pairs], dtype=np.int64)


def _folds(compared: Compared, scored: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """The fold of each pair, the same for all pairs of a left record; -1 where that was not judged."""
    incidents = np.unique(compared.left[scored])
    fold = np.full(int(compared.left.max()) + 1, -1, dtype=np.int64)
    fold[np.random.default_rng(seed).permutation(incidents)] = np.arange(len(incidents)) % _FOLDS
    numbers: NDArray[np.int64] = fold[compared.left]
    return numbers


def _unseen(
    start: _Start, levels: NDArray[np.int64], fold: NDArray[np.int64], truth: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Splink's log-odds of the pairs in folds, each by shares that have not seen its incident; NaN for others."""
    found = np.full(len(truth), np.nan)
    for held_out in range(_FOLDS):
        here, train = fold == held_out, (fold != held_out) & (truth >= 0)
        found[here] = _summed(_fitted(start, levels[train], truth[train] == 1), levels[here])
    return found


def _one_run(
    compared: Compared,
    levels: tuple[NDArray[np.int64], list[tuple[Compared, NDArray[np.int64]] | None]],
    answers: tuple[NDArray[np.int64], NDArray[np.bool_]],
    fold: NDArray[np.int64],
    model: SplinkModel,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Log-odds and choice of each pair after the competition, by shares that have not seen its incident."""
    truth, scored = answers
    start = _start()
    logits, taken = np.full(len(truth), np.nan), np.zeros(len(truth), dtype=bool)
    for held_out in range(_FOLDS):
        here, train = fold == held_out, (fold != held_out) & scored & (truth >= 0)
        settings = _fitted(start, levels[0][train], truth[train] == 1)
        twins = [_duplicates(one, settings, model) for one in levels[1]]
        own = model.scale * _summed(settings, levels[0]) + model.shift
        chosen = choose(compared, own, (twins[0], twins[1]), least=-1.0)
        logits[here] = chosen.logits[here]
        taken[here] = (chosen.chosen | chosen.duplicate)[here]
    return logits, taken


def _duplicates(
    alike: tuple[Compared, NDArray[np.int64]] | None, settings: Mapping[str, Any], model: SplinkModel
) -> Duplicates:
    if alike is None:
        return Duplicates.of(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    pairs, levels = alike
    near = model.scale * _summed(settings, levels) + model.shift >= model.duplicate
    return Duplicates.of(pairs.left[near], pairs.right[near])


def _figures(
    model: Model,
    runs: list[tuple[NDArray[np.float64], NDArray[np.bool_]]],
    truth: NDArray[np.int64],
    scored: NDArray[np.bool_],
    least: float,
    total: int,
) -> tuple[float, float]:
    """Mean precision and recall over the runs."""
    found = []
    for logits, taken in runs:
        said = taken & scored & (np.nan_to_num(model.calibrated(logits)) >= least) & (truth != -1)
        right = float((said & (truth == 1)).sum())
        found.append((right / max(float(said.sum()), 1.0), right / max(total, 1)))
    precision, recall = np.array(found).mean(axis=0)
    return float(precision), float(recall)
