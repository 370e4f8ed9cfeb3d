"""Reconciling event tables: pairs, clusters, conflicts and an estimate of what nobody recorded, as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence import read_metadata, write_atomically
from marsad.evidence.columns import write_columns
from marsad.evidence.engine.tables import arrow_column, joined
from marsad.evidence.judgements import FiledJudgement, judged_pairs
from marsad.model import Judgement, TableKind, Verdict
from marsad.reconcile.agreement import COMPARED, Rules, within_by_victims
from marsad.reconcile.clusters import Cluster, cluster_ids
from marsad.reconcile.core import Reconciled, reconcile
from marsad.reconcile.linking import DECISIONS
from marsad.workbench.clustered import Clustered
from marsad.workbench.measuring import EngineChoice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.reconcile.scoring import Model
    from marsad.reconcile.sides import Side

__all__ = ["PAIRS", "ReconcileOptions", "Reconciliation", "check_tables", "judgements_in", "reconcile_tables"]

PAIRS = "pairs.csv"
"""The file with the pairs."""

_MOST_EXPLAINED = 5_000
_MOST_COMPARED = 200_000
_SAME = "same"
_COMPARED = (*sorted(COMPARED), "record", "source_id", "date_precision", "place", "admin1", "admin2")


@dataclass(frozen=True, slots=True)
class ReconcileOptions:
    """How tables are reconciled.

    Attributes:
        threshold: least probability of a pair that is taken for one event; None for the model's own.
        review: the probabilities between which a person should look; None for the model's own.
        model: the scorer; None for the one that ships with the program.
        window: most days and kilometres apart; None for what the scorer's features and the density allow.
        engine: which engine runs the joins.
        judgements: what people decided of pairs.
        grid: whether narrower and wider windows are tried too, to see how much the result depends on them.
    """

    threshold: float | None = None
    review: tuple[float, float] | None = None
    model: Model | None = None
    window: tuple[int, float] | None = None
    engine: EngineChoice = field(default_factory=EngineChoice)
    judgements: tuple[Judgement, ...] = ()
    grid: bool = False


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a reconciliation found and where it was written.

    Attributes:
        folder: where the files are.
        summary: numbers and texts: tables, pairs by decision, clusters, what does not fit, the estimate.
    """

    folder: Path
    summary: Mapping[str, Any]


def check_tables(tables: Sequence[Path]) -> None:
    """Raise ``InputError`` unless there are two event tables or more."""
    if len(tables) < 2:
        raise InputError("name two event tables or more; `marsad import` makes them")
    for path in tables:
        if not path.exists():
            raise InputError(f"{path}: there is no such file; `marsad import` makes event tables")
        kind = read_metadata(path).get("kind", TableKind.EVENTS.value)
        if kind != TableKind.EVENTS.value:
            raise InputError(f"{path}: a table of {kind}; only events can be reconciled")


def judgements_in(path: Path) -> tuple[Judgement, ...]:
    """What people decided of pairs, one word a pair; where those who are sure disagree, the pair is unsure."""
    if not path.is_file():
        return ()
    from marsad.evidence.ledger import Ledger  # noqa: PLC0415 - only where there is a ledger

    with Ledger(path) as ledger:
        found = judged_pairs(ledger.judgements())
    return tuple(_one_word(pair.judgements, Verdict.UNSURE if pair.verdict is None else pair.verdict) for pair in found)


def _one_word(said: Sequence[FiledJudgement], verdict: Verdict) -> FiledJudgement:
    """The last judgement of that verdict; the last of all, as unsure, where people disagree."""
    same = [one for one in said if one.verdict is verdict]
    return same[-1] if same else said[-1].model_copy(update={"verdict": verdict})


def reconcile_tables(
    tables: Sequence[Path],
    output: Path,
    *,
    options: ReconcileOptions | None = None,
    progress: Callable[[str, int], None] = lambda _name, _total: None,
) -> Reconciliation:
    """Find which records of several event tables are the same event, and write what follows into a folder.

    ``pairs.csv`` has a line a pair (left_id and right_id are the sources' own identifiers), ``clusters.csv`` a line a
    record with its cluster, ``conflicts.csv`` what the members of a cluster say differently, ``agreement.csv`` how
    often sources differ and in which direction, ``summary.json`` all numbers.

    Raises:
        InputError: fewer than two tables, or one that is no event table.
    """
    how = ReconcileOptions() if options is None else options
    check_tables(tables)
    progress("comparing", 4)
    with how.engine.open() as engine:
        made = reconcile(
            tables,
            engine=engine,
            model=how.model,
            judgements=how.judgements,
            threshold=how.threshold,
            review_band=how.review,
            window=_rule(how.window),
        )
    progress("writing pairs", 4)
    counts = _write_pairs(output, made)
    progress("clusters", 4)
    clustered = Clustered.of(made)
    clustered.write(output)
    progress("conflicts", 4)
    summary = {
        "tables": [_table(path, len(side)) for path, side in zip(tables, made.sides, strict=True)],
        "may not be passed on": _guarded(tables),
        "threshold": [round(link.threshold, 3) for link in made.links],
        "review_band": list(made.review_band),
        "pairs": counts,
        "compared": [_compared(link.diagnostics) for link in made.links],
        "judgements": {"given": len(how.judgements), "of records not in the tables": len(made.unknown)},
        **clustered.summary(),
        **_conflicts(output, tables, made, clustered),
        "unreported": _unreported(made, clustered),
    }
    if how.grid:
        progress("windows", 4)
        summary["windows"] = _windows(output, tables, how)
    write_atomically(output / "summary.json", (json.dumps(summary, ensure_ascii=False, indent=1) + "\n").encode())
    return Reconciliation(output, summary)


_GRID_DAYS, _GRID_KM = (0, 1, 2, 3, 5), (10.0, 25.0, 50.0, 100.0, 200.0)


def _windows(output: Path, tables: Sequence[Path], how: ReconcileOptions) -> str:
    """``windows.csv``: how many events are left with each window; where that is stable, in a sentence."""
    from marsad.reconcile.blocking import Rule  # noqa: PLC0415 - only where a grid is asked for
    from marsad.reconcile.windows import WindowResult, window_grid, window_rows  # noqa: PLC0415 - the same

    with how.engine.open() as engine:

        def one(km: float, days: float) -> WindowResult:
            made = reconcile(
                tables,
                engine=engine,
                model=how.model,
                judgements=how.judgements,
                threshold=how.threshold,
                window=Rule(int(days), km),
            )
            sizes = np.bincount(Clustered.of(made).labels)
            return WindowResult(sum(len(side) for side in made.sides), int((sizes > 1).sum()), len(sizes))

        grid = window_grid(one, kms=_GRID_KM, days=_GRID_DAYS)
    rows = window_rows(grid)
    write_columns(output / "windows.csv", {name: [row[name] for row in rows] for name in rows[0]})
    return grid.verdict


def _rule(window: tuple[int, float] | None) -> Any:
    if window is None:
        return None
    from marsad.reconcile.blocking import Rule  # noqa: PLC0415 - only where a window is given

    return Rule(*window)


def _table(path: Path, records: int) -> dict[str, Any]:
    release = read_metadata(path).get("release", {})
    kept = ("id", "dataset", "title", "producer", "version", "licence", "citation", "sha256")
    return {"file": path.name, "records": records, **{name: release[name] for name in kept if name in release}}


def _guarded(tables: Sequence[Path]) -> list[str]:
    """The titles and licences of the tables whose records may not be passed on."""
    releases = [read_metadata(path).get("release", {}) for path in tables]
    return [f"{found['title']} ({found['licence']})" for found in releases if not found.get("may_redistribute", True)]


def _compared(diagnostics: Any) -> dict[str, Any]:
    return {
        "days": diagnostics.rule.days,
        "km": diagnostics.rule.km,
        "pairs": diagnostics.compared,
        "without a date": list(diagnostics.undated),
        "twice in one source": list(diagnostics.duplicates),
    }


def _write_pairs(output: Path, made: Reconciled) -> dict[str, int]:
    """``pairs.csv`` and ``review.csv``; how many pairs have which decision."""
    parts = [made.arrays(link) for link in made.links]
    explained = sum(len(link) for link in made.links) <= _MOST_EXPLAINED
    for link, part in zip(made.links, parts, strict=True):
        told = np.ones(len(link), dtype=bool) if explained else link.uncertain
        part["why"] = arrow_column([link.explanation(n) if tell else "" for n, tell in enumerate(told.tolist())])
    columns = {name: joined([part[name] for part in parts]) for name in parts[0] if not name.endswith("source_id")}
    first = ["left_id", "right_id", "probability", "decision"]
    ordered = {name: columns[name] for name in (*first, *(name for name in columns if name not in first))}
    write_columns(output / PAIRS, ordered)
    queue = np.flatnonzero(columns["uncertain"])
    least = np.repeat([link.threshold for link in made.links], [len(link) for link in made.links])
    queue = queue[np.argsort(np.abs(columns["probability"][queue] - least[queue]), kind="stable")]
    chosen = arrow_column(queue)
    waiting = {
        name: values[queue] if isinstance(values, np.ndarray) else values.take(chosen)
        for name, values in ordered.items()
    }
    tables = np.repeat([[link.left_table, link.right_table] for link in made.links], [len(k) for k in made.links], 0)
    numbers = np.concatenate([np.stack([link.left, link.right], axis=1) for link in made.links])
    for place, side in enumerate(("left", "right")):
        waiting[f"{side}_says"] = _said(made.sides, tables[queue, place], numbers[queue, place])
    write_columns(output / "review.csv", waiting)
    decisions = np.bincount(np.concatenate([link.decision for link in made.links]), minlength=len(DECISIONS)).tolist()
    counts = dict(zip(DECISIONS, decisions, strict=True))
    return {name: counts[name] for name in (_SAME, "part_of", "review", "not")} | {"to be reviewed": len(queue)}


_SAID = (
    *("date_start", "date_end", "place", "admin1", "country", "side_a", "side_b"),
    *("deaths_best", "injured", "abducted", "arrested", "text"),
)


def _said(sides: Sequence[Side], tables: NDArray[np.int64], numbers: NDArray[np.int64]) -> list[str]:
    """Records in words, for a person who has to decide; each is put into words once."""
    words = np.empty(len(numbers), dtype=object)
    for table in np.unique(tables).tolist():
        there = tables == table
        some, inverse = np.unique(numbers[there], return_inverse=True)
        columns = [sides[table].take(name, some).to_pylist() for name in _SAID]
        words[there] = np.array([_in_words(*row) for row in zip(*columns, strict=True)], dtype=object)[inverse]
    found: list[str] = words.tolist()
    return found


def _in_words(start: Any, end: Any, *said: Any) -> str:
    counts = zip(said[5:9], ("killed", "injured", "abducted", "arrested"), strict=True)
    parts = (
        "no date" if start is None else str(start) if start == end else f"{start} to {end}",
        ", ".join([name for name in said[:3] if name is not None]),
        " against ".join([name for name in said[3:5] if name is not None]),
        ", ".join([f"{number} {word}" for number, word in counts if number]),
        said[9] if said[9] is not None else "",
    )
    return "; ".join([" ".join(part.split()) for part in parts if part])


def _conflicts(output: Path, tables: Sequence[Path], made: Reconciled, clustered: Clustered) -> dict[str, Any]:
    """``conflicts.csv`` and ``agreement.csv``."""
    from marsad.reconcile.conflicts import compare_clusters  # noqa: PLC0415 - the same

    members = np.flatnonzero(np.bincount(clustered.labels)[clustered.labels] > 1)
    if len(members) > _MOST_COMPARED:
        for name in ("conflicts.csv", "agreement.csv"):  # those of an earlier run
            (output / name).unlink(missing_ok=True)
        return {"conflicts": f"left out: more than {_MOST_COMPARED:,} matched records"}
    rows: dict[str, dict[str, Any]] = {}
    for table, (side, start) in enumerate(zip(made.sides, clustered.starts, strict=True)):
        mine = members[clustered.tables[members] == table]
        columns = [side.take(name, mine - start).to_pylist() for name in _COMPARED]
        values = (dict(zip(_COMPARED, row, strict=True)) for row in zip(*columns, strict=True))
        rows |= {clustered.keys[n]: row for n, row in zip(mine.tolist(), values, strict=True)}
    found = compare_clusters(_clusters(clustered, members), rows, rules=_rules(tables))
    _write_disagreements(output / "conflicts.csv", found.disagreements, rows)
    _write_summaries(output / "agreement.csv", found.summaries)
    counts: dict[str, int] = {}
    for one in found.summaries:
        counts[one.field] = counts.get(one.field, 0) + one.conflicting
    return {"conflicts": counts}


def _clusters(clustered: Clustered, members: NDArray[np.int64]) -> list[Cluster]:
    """The clusters of the records given, in order of their first records."""
    groups: dict[int, list[str]] = {}
    for n in members.tolist():
        groups.setdefault(int(clustered.labels[n]), []).append(clustered.keys[n])
    keys = sorted(clustered.keys[n] for n in members.tolist())
    number = {key: place for place, group in enumerate(groups.values()) for key in group}
    names = cluster_ids(np.array([number[key] for key in keys], dtype=np.int64), keys)
    return [Cluster(names[place], tuple(sorted(group))) for place, group in enumerate(groups.values())]


def _rules(tables: Sequence[Path]) -> Rules:
    """Which counting definitions of the tables are within which."""
    definitions = [read_metadata(path).get("release", {}).get("definition", {}) for path in tables]
    victims = {found["id"]: found["victims"] for found in definitions if "id" in found}
    within = {found["id"]: found["within"] for found in definitions if "id" in found}
    return Rules(within=within_by_victims(victims, within))


def _write_disagreements(path: Path, found: Sequence[Any], rows: Mapping[str, Mapping[str, Any]]) -> None:
    def own(key: str) -> str:
        name = rows[key]["source_id"]
        return str(name) if name is not None else key

    write_columns(
        path,
        {
            "cluster": [one.cluster for one in found],
            "field": [one.field for one in found],
            "status": [one.status.name.lower() for one in found],
            "left_dataset": [one.left_dataset for one in found],
            "left_id": [own(one.left) for one in found],
            "left_value": [one.left_value for one in found],
            "right_dataset": [one.right_dataset for one in found],
            "right_id": [own(one.right) for one in found],
            "right_value": [one.right_value for one in found],
            "difference": [one.difference for one in found],
            "excess": [one.excess for one in found],
            "note": [one.note for one in found],
        },
    )


def _write_summaries(path: Path, found: Sequence[Any]) -> None:
    from marsad.reconcile.conflicts import Summary  # noqa: PLC0415 - only here

    names = [field.name for field in fields(Summary)]
    write_columns(path, {name: [_plain(getattr(one, name)) for one in found] for name in names})


def _plain(value: Any) -> Any:
    return " to ".join(str(part) for part in value) if isinstance(value, tuple) else value


def _whole(number: float | None) -> int | None:
    """A number of events; None where there is none, or no end to it."""
    return round(number) if number is not None and np.isfinite(number) else None


def _common_days(begun: NDArray[np.float64], tables: NDArray[np.int64], lists: int) -> tuple[float, float]:
    """The first and last day that all sources have records of: outside, a source cannot have an event."""
    spans = [begun[(tables == number) & ~np.isnan(begun)] for number in range(lists)]
    if not all(len(span) for span in spans):
        return np.inf, -np.inf
    return max(float(span.min()) for span in spans), min(float(span.max()) for span in spans)


def _apart_by_name(names: Sequence[str]) -> list[str]:
    """The names, with the number of the table where several have one."""
    return [f"{name} (table {n})" if names.count(name) > 1 else name for n, name in enumerate(names, 1)]


def _unreported(made: Reconciled, clustered: Clustered) -> dict[str, Any]:
    """How many events no source has, if the sources found events independently of each other."""
    from marsad.reconcile.estimates import CAVEATS, MOST_LISTS, estimate, histories  # noqa: PLC0415 - only here

    lists = len(made.sides)
    if lists > MOST_LISTS:
        return {"verdict": "cannot tell", "reasons": [f"more than {MOST_LISTS} sources"]}
    begun = np.concatenate([side.begun for side in made.sides])
    first, last = _common_days(begun, clustered.tables, lists)
    inside = np.flatnonzero((begun >= first) & (begun <= last))
    if not len(inside):
        return {"verdict": "cannot tell", "reasons": ["the sources have no day in common"]}
    labels = np.unique(clustered.labels[inside], return_inverse=True)[1].astype(np.int64)
    found = estimate(histories(labels, clustered.tables[inside], lists), _apart_by_name(clustered.names))
    return {
        "days": [str(np.datetime64(int(day), "D")) for day in (first, last)],
        "method": found.method,
        "verdict": found.verdict,
        "reasons": list(found.reasons),
        "observed": found.observed,
        "estimate": _whole(found.estimate),
        "low": _whole(found.low),
        "high": _whole(found.high),
        "lower_bound": _whole(found.lower_bound),
        "models": [_whole(found.model_low), _whole(found.model_high)],
        "dependence": [[ratio, _whole(number)] for ratio, number in found.dependence],
        "caveats": list(CAVEATS),
    }
