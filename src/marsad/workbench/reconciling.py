"""Reconciling event tables: pairs, clusters, conflicts and an estimate of what nobody recorded, as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence import read_metadata, write_atomically
from marsad.evidence.columns import write_columns, write_parts
from marsad.evidence.engine.tables import arrow_column, filled, joined, taken, with_gaps
from marsad.evidence.judgements import FiledJudgement, judged_pairs
from marsad.model import Judgement, TableKind, Verdict
from marsad.reconcile.agreement import COMPARED, FIELDS, Rules, Status, within_by_victims
from marsad.reconcile.conflicts import Disagreements, Summary, compare_clusters
from marsad.reconcile.core import Reconciled, reconcile
from marsad.reconcile.linking import DECISIONS, Linked
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
_PIECE = 200_000
_SAME = "same"
_COMPARED = (*sorted(COMPARED), "source_id", "date_precision", "place", "admin1", "admin2")


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
    explained = sum(len(link) for link in made.links) <= _MOST_EXPLAINED
    pieces = ((link, some) for link in made.links for some in _pieces(np.arange(len(link))))
    write_parts(output / PAIRS, (_pairs(made, link, some, explained=explained) for link, some in pieces))
    queue = _queue(made)
    parts = (_waiting(made, some) for some in _pieces(queue))
    write_parts(output / "review.csv", parts)
    decisions = np.bincount(np.concatenate([link.decision for link in made.links]), minlength=len(DECISIONS)).tolist()
    counts = dict(zip(DECISIONS, decisions, strict=True))
    return {name: counts[name] for name in (_SAME, "part_of", "review", "not")} | {"to be reviewed": len(queue)}


def _pieces(numbers: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Numbers, some at a time; at least one piece."""
    for start in range(0, max(len(numbers), 1), _PIECE):
        yield numbers[start : start + _PIECE]


def _pairs(made: Reconciled, link: Linked, some: NDArray[np.int64], *, explained: bool) -> dict[str, Any]:
    """The columns of ``pairs.csv`` for some pairs."""
    columns = made.arrays(link, some)
    why = np.full(len(some), "", dtype=object)
    told = np.ones(len(some), dtype=bool) if explained else link.uncertain[some]
    why[told] = link.explanations(some[told])
    columns["why"] = why.tolist()
    first = ["left_id", "right_id", "probability", "decision"]
    kept = [*first, *(name for name in columns if name not in first and not name.endswith("source_id"))]
    return {name: arrow_column(columns[name]) for name in kept}


def _queue(made: Reconciled) -> NDArray[np.int64]:
    """The pairs that wait for a person, those nearest the threshold first: the place of the link, and of the pair."""
    found, off = [np.zeros((0, 2), dtype=np.int64)], [np.zeros(0)]
    for place, link in enumerate(made.links):
        some = np.flatnonzero(link.uncertain)
        found.append(np.stack([np.full(len(some), place), some], axis=1))
        off.append(np.abs(np.round(link.probability[some], 6) - link.threshold))
    return np.concatenate(found)[np.argsort(np.concatenate(off), kind="stable")]


def _waiting(made: Reconciled, queue: NDArray[np.int64]) -> dict[str, Any]:
    """The columns of ``review.csv`` for some pairs."""
    by_link = [queue[queue[:, 0] == place, 1] for place in range(len(made.links))]
    back = np.empty(len(queue), dtype=np.int64)
    back[np.argsort(queue[:, 0], kind="stable")] = np.arange(len(queue))
    parts = []
    for link, some in zip(made.links, by_link, strict=True):
        part = _pairs(made, link, some, explained=True)
        for side, table, numbers in (
            ("left", link.left_table, link.left[some]),
            ("right", link.right_table, link.right[some]),
        ):
            part[f"{side}_says"] = arrow_column(_said(made.sides[table], numbers))
        parts.append(part)
    return {name: taken(joined([part[name] for part in parts]), back) for name in parts[0]}


_SAID = (
    *("date_start", "date_end", "place", "admin1", "country", "side_a", "side_b"),
    *("deaths_best", "injured", "abducted", "arrested", "text"),
)


def _said(side: Side, numbers: NDArray[np.int64]) -> list[str]:
    """Records in words, for a person who has to decide; each is put into words once."""
    some, inverse = np.unique(numbers, return_inverse=True)
    columns = [side.take(name, some).to_pylist() for name in _SAID]
    words = np.array([_in_words(*row) for row in zip(*columns, strict=True)], dtype=object)
    found: list[str] = words[inverse].tolist()
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
    members = np.flatnonzero(np.bincount(clustered.labels)[clustered.labels] > 1)
    tables_of, starts = clustered.tables[members], clustered.starts
    parts = [(side, members[tables_of == table] - starts[table]) for table, side in enumerate(made.sides)]
    columns = {name: joined([side.take(name, numbers) for side, numbers in parts]) for name in _COMPARED}
    keys = taken(clustered.keys, members)
    found, summaries = compare_clusters(clustered.labels[members], keys.to_pylist(), columns, rules=_rules(tables))
    own = filled(columns["source_id"], keys)
    _write_disagreements(output / "conflicts.csv", found, clustered.identifiers, (columns["dataset"], own))
    _write_summaries(output / "agreement.csv", summaries)
    counts: dict[str, int] = {}
    for one in summaries:
        counts[one.field] = counts.get(one.field, 0) + one.conflicting
    return {"conflicts": counts}


def _rules(tables: Sequence[Path]) -> Rules:
    """Which counting definitions of the tables are within which."""
    definitions = [read_metadata(path).get("release", {}).get("definition", {}) for path in tables]
    victims = {found["id"]: found["victims"] for found in definitions if "id" in found}
    within = {found["id"]: found["within"] for found in definitions if "id" in found}
    return Rules(within=within_by_victims(victims, within))


def _write_disagreements(path: Path, found: Disagreements, clusters: Any, names: tuple[Any, Any]) -> None:
    datasets, own = names
    fields, statuses = arrow_column(list(FIELDS)), arrow_column([status.name.lower() for status in Status])
    write_columns(
        path,
        {
            "cluster": taken(clusters, found.cluster),
            "field": taken(fields, found.field),
            "status": taken(statuses, found.status.astype(np.int64)),
            "left_dataset": taken(datasets, found.left),
            "left_id": taken(own, found.left),
            "left_value": found.left_value.tolist(),
            "right_dataset": taken(datasets, found.right),
            "right_id": taken(own, found.right),
            "right_value": found.right_value.tolist(),
            "difference": with_gaps(found.difference),
            "excess": with_gaps(found.excess),
            "note": found.note.tolist(),
        },
    )


def _write_summaries(path: Path, found: Sequence[Summary]) -> None:
    names = [field.name for field in fields(Summary)]
    write_columns(path, {name: [_plain(getattr(one, name)) for one in found] for name in names})


def _plain(value: Any) -> Any:
    return " to ".join(str(part) for part in value) if isinstance(value, tuple) else value


def _whole(number: float | None) -> int | None:
    """A number of events; None where there is none, or no end to it."""
    return round(number) if number is not None and np.isfinite(number) else None


def _common_days(begun: NDArray[np.float64], tables: NDArray[np.integer[Any]], lists: int) -> tuple[float, float]:
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
