"""Reconciliation of event tables: which records of several sources report the same event.

Every two sources are compared: blocking, features, scorer, competition, one-to-one assignment; then what persons said
goes before all of it. Nothing is merged: the result is a list of pairs with their probability and decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from marsad.errors import InputError
from marsad.evidence.engine.tables import arrow_column
from marsad.model import Judgement
from marsad.reconcile.blocking import Rule
from marsad.reconcile.linking import DECISIONS, Linked, Run, link
from marsad.reconcile.scoring import Model, default_model
from marsad.reconcile.sides import Side, read_side
from marsad.reconcile.told import resolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from marsad.evidence.engine import Engine

__all__ = ["Reconciled", "reconcile"]


@dataclass(frozen=True)
class Reconciled:
    """All pairs of several sources.

    Attributes:
        sides: the sources' records, in the order of the tables.
        links: the pairs, one entry for each two tables.
        threshold: least probability of a pair that was decided ``same``.
        review_band: probabilities between which a person should look.
        model: the scorer.
        unknown: judgements on records that are in none of the tables, or in one table both.
    """

    sides: tuple[Side, ...]
    links: tuple[Linked, ...]
    threshold: float
    review_band: tuple[float, float]
    model: Model
    unknown: tuple[Judgement, ...]

    def arrays(self, linked: Linked, some: NDArray[np.int64] | slice = slice(None)) -> dict[str, Any]:
        """Some pairs of two sources as columns of NumPy or Arrow, for writing."""
        found: dict[str, Any] = {}
        for name, table, numbers in (
            ("left", linked.left_table, linked.left),
            ("right", linked.right_table, linked.right),
        ):
            for column in ("dataset", "record", "source_id", "id"):
                found[f"{name}_{column}"] = self.sides[table].take(column, numbers[some])
        found["probability"] = np.round(linked.probability[some], 6)
        found["decision"] = arrow_column(list(DECISIONS)).take(arrow_column(linked.decision[some]))
        for column in ("uncertain", "judged", "duplicate"):
            found[column] = getattr(linked, column)[some]
        found["whole"] = arrow_column(["left", "", "right"]).take(arrow_column(linked.whole[some] + np.int8(1)))
        return found

    def columns(self, linked: Linked) -> dict[str, list[Any]]:
        """The pairs of two sources as columns of Python values."""
        found = self.arrays(linked)
        return {
            name: values.tolist() if isinstance(values, np.ndarray) else values.to_pylist()
            for name, values in found.items()
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """All pairs, each with its explanation."""
        for linked in self.links:
            columns = self.columns(linked)
            for number, values in enumerate(zip(*columns.values(), strict=True)):
                yield {**dict(zip(columns, values, strict=True)), "explanation": linked.explanation(number)}


def reconcile(
    tables: Sequence[Path],
    *,
    engine: Engine | None = None,
    model: Model | None = None,
    judgements: Iterable[Judgement] = (),
    threshold: float | None = None,
    review_band: tuple[float, float] | None = None,
    window: Rule | None = None,
) -> Reconciled:
    """Find out which records of two event tables or more report the same event.

    Args:
        tables: Parquet files in the common schema of events, one a source.
        engine: what runs the joins; left out, DuckDB on this machine.
        model: the scorer; left out, the packaged one.
        judgements: what persons said and did not take back. A pair judged ``same``, ``not`` or ``part_of`` is decided
            so; one judged ``unsure`` is in the review.
        threshold: least probability of a pair that is decided ``same``; left out, the model's for records with
            descriptions, and otherwise what follows from the probabilities (``deciding.best_threshold``).
        review_band: probabilities between which undecided pairs go to review; left out, the model's.
        window: days and kilometres by which records are compared; left out, the widest that the density allows.

    Raises:
        InputError: fewer than two tables, a table that cannot be read, numbers out of range, or judgements that
            contradict each other.
    """
    if len(tables) < 2:
        raise InputError("reconciling needs two tables or more; give one for each source")
    model = default_model() if model is None else model
    least = model.threshold if threshold is None else threshold
    band = model.review_band if review_band is None else review_band
    _check(least, band, window)
    if engine is None:
        from marsad.evidence.engine import open_engine  # noqa: PLC0415 - not where one is given

        opened: Any = open_engine()
    else:
        opened = nullcontext(engine)
    with opened as running:
        sides = tuple(read_side(running, Path(path)) for path in tables)
        told, unknown = resolve(judgements, sides)
        run = Run(running, sides, model, least, band, window, tuple(told), given=threshold is not None)
        links = tuple(link(run, a, b) for a in range(len(sides)) for b in range(a + 1, len(sides)))
    return Reconciled(sides, links, least, band, model, tuple(unknown))


def _check(threshold: float, band: tuple[float, float], window: Rule | None) -> None:
    if not 0.0 <= threshold <= 1.0:
        raise InputError(f"threshold {threshold}: a probability lies between 0 and 1")
    if not 0.0 <= band[0] <= band[1] <= 1.0:
        raise InputError(f"review band {band[0]} to {band[1]}: give two probabilities, the lower first")
    if window is not None and (window.days < 0 or not 0 < window.km <= 5000):
        raise InputError(
            f"window of {window.days} days and {window.km} km: give days from 0 and km from above 0 to 5000"
        )
