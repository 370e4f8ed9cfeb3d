"""Fit the packaged scorer of Splink on the hand-read pairs of two real registers.

python benchmarks/splink_model.py LEFT.parquet RIGHT.parquet PAIRS.csv INCIDENTS.txt OUT.json
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from marsad.evidence.engine import open_engine
from marsad.reconcile.comparing import compare
from marsad.reconcile.linking import pairs_within
from marsad.reconcile.sides import Side, read_side
from marsad.reconcile.splink_scorer import SplinkModel, fit_splink, save_splink_model
from marsad.reconcile.training import Labels

PROVENANCE = {
    "labels": "hand-read judgements on Insecurity Insight (aid workers, 2020-2024) x AWSD, one half of 300 incidents",
    "made_by": "benchmarks/splink_model.py",
}


def labels(left: Side, right: Side, pairs: Path, incidents: Path) -> Labels:
    """The judged pairs as numbers of records; of an identifier that stands for several records the first counts."""
    places: list[dict[str | None, int]] = [{}, {}]
    for side, place in zip((left, right), places, strict=True):
        for number, own in enumerate(side.texts("source_id")):
            place.setdefault(own, number)
    with pairs.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    same, different, unsure = (
        frozenset((places[0][row["ii_id"]], places[1][row["awsd_id"]]) for row in rows if row["label"] == label)
        for label in ("same", "not", "unsure")
    )
    judged = frozenset(places[0][line] for line in incidents.read_text("utf-8").split())
    return Labels(same, different, unsure, judged, len(same))


def fit(tables: list[Path], pairs: Path, incidents: Path) -> SplinkModel:
    """Compare the two registers and fit on their labelled pairs."""
    with open_engine() as engine:
        left, right = (read_side(engine, path) for path in tables)
        compared = compare(engine, left, right)
        within = (pairs_within(engine, left), pairs_within(engine, right))
    return fit_splink(compared, within, labels(left, right, pairs, incidents), provenance=PROVENANCE)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        raise SystemExit(0 if len(sys.argv) == 1 else __doc__)  # without arguments there is nothing to measure
    *given, out = (Path(name) for name in sys.argv[1:])
    model = fit(given[:2], given[2], given[3])
    print(f"threshold {model.threshold}, slope {model.slope}, offset {model.offset}, {dict(model.provenance)}")
    save_splink_model(model, out)
