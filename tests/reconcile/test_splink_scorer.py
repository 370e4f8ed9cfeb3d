"""Splink as the scorer: its shares, its log-odds, and what it makes of two real registers."""

from __future__ import annotations

import importlib.util
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from marsad.errors import InputError
from marsad.evidence.engine import open_engine
from marsad.reconcile import default_model, reconcile
from marsad.reconcile.blocking import Rule
from marsad.reconcile.comparing import Compared, compare
from marsad.reconcile.linking import pairs_within
from marsad.reconcile.sides import read_side
from marsad.reconcile.splink_scorer import (
    SplinkModel,
    _in_order,
    default_splink_model,
    fit_splink,
    load_splink_model,
    save_splink_model,
)
from marsad.reconcile.training import Labels
from marsad.workbench import import_file, read_connector

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
needs_splink = pytest.mark.skipif(
    importlib.util.find_spec("splink") is None, reason="Splink is not installed: pip install 'marsad[splink]'"
)


def features(**columns: list[float]) -> dict[str, Any]:
    """Features as they are compared; from natural units for days, km, deaths (a ratio) and words (a cosine)."""
    scales: dict[str, Callable[[Any], Any]] = {
        "days": np.log1p,
        "span": np.log,
        "km": lambda km: np.log1p(np.asarray(km) / 10),
        "killed": np.log,
    }
    scales |= {"killed_both": np.log1p, "words": np.sqrt}
    return {name: np.asarray(scales.get(name, np.asarray)(values), dtype=float) for name, values in columns.items()}


def level(model: SplinkModel, comparison: str, label: str) -> dict[str, Any]:
    (found,) = (one for one in model.settings["comparisons"] if one["output_column_name"] == comparison)
    (wanted,) = (one for one in found["comparison_levels"] if one["label_for_charts"] == label)
    return dict(wanted)


@needs_splink
def test_the_log_odds_are_the_sum_of_fellegi_and_sunters_weights() -> None:
    model = replace(default_splink_model(), scale=1.0, shift=0.0)
    got = model.logits(features(days=[0, 1, 9], span=[1, 1, 1], words=[0.6, 0.3, 0.01]))
    prior = model.settings["probability_two_random_records_match"]
    at = (
        (("days", "the same day"), ("words", "nearly all words")),
        (("days", "one day apart"), ("words", "much")),
        (("days", "further apart"), ("words", "hardly any")),
    )
    expected = [
        np.log(prior / (1 - prior))
        + sum(np.log(one["m_probability"] / one["u_probability"]) for one in (level(model, *name) for name in names))
        for names in at
    ]
    assert got == pytest.approx(expected)
    assert got[0] > got[1] > got[2]


@needs_splink
def test_what_a_record_lacks_says_nothing() -> None:
    model = default_splink_model()
    bare = features(days=[0.0, 2.0], span=[1, 1])
    lacking = bare | {name: np.full(2, np.nan) for name in ("km", "far", "killed", "killed_both", "words", "actors")}
    assert model.logits(lacking) == pytest.approx(model.logits(bare))
    assert model.logits(bare | {"actors": np.zeros(2)}) == pytest.approx(model.logits(bare))
    assert model.logits(features(days=[], span=[])).shape == (0,)


@needs_splink
def test_pairs_come_back_in_their_order_from_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    model = default_splink_model()
    many = features(days=[float(n % 7) for n in range(500)], span=[1.0 + n % 3 for n in range(500)])
    whole = model.logits(many)
    monkeypatch.setattr("marsad.reconcile.splink_scorer._BATCH", 64)
    np.testing.assert_array_equal(model.logits(many), whole)


@needs_splink
def test_shares_are_recovered_from_labelled_pairs(capfd: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(5)
    same = rng.random(6000) < 0.3
    days = np.where(same, rng.choice([0, 1], 6000, p=[0.8, 0.2]), rng.choice([0, 1, 4], 6000, p=[0.1, 0.3, 0.6]))
    columns = features(days=days.tolist(), span=[1.0] * 6000)
    numbers = np.arange(6000)
    compared = Compared(numbers, numbers, columns, Rule(5, 200.0), 6000.0, screened=False)
    pairs = list(zip(numbers.tolist(), numbers.tolist(), strict=True))
    labels = Labels(
        frozenset(pair for pair, yes in zip(pairs, same, strict=True) if yes),
        frozenset(pair for pair, yes in zip(pairs, same, strict=True) if not yes),
        frozenset(),
        frozenset(numbers.tolist()),
        int(same.sum()),
    )
    model = fit_splink(compared, (None, None), labels, provenance={"labels": "made up"}, repetitions=2)
    assert model.settings["probability_two_random_records_match"] == pytest.approx(0.3, abs=0.02)
    for label, m, u in (("the same day", 0.8, 0.1), ("one day apart", 0.2, 0.3)):
        found = level(model, "days", label)
        assert (found["m_probability"], found["u_probability"]) == pytest.approx((m, u), abs=0.025)
    # a single comparison is as good as independent: nothing is left to mend, and the truth is met
    assert (model.scale, model.shift) == pytest.approx((1.0, 0.0), abs=0.15)
    odds = model.logits(features(days=[0.0, 1.0], span=[1, 1]))
    assert odds == pytest.approx([np.log(0.3 * 0.8 / (0.7 * 0.1)), np.log(0.3 * 0.2 / (0.7 * 0.3))], abs=0.2)
    assert model.provenance["pairs"] == 6000
    assert capfd.readouterr() == ("", "")


@needs_splink
def test_pairs_of_one_label_are_not_enough() -> None:
    numbers = np.arange(3)
    compared = Compared(numbers, numbers, features(days=[0, 0, 0], span=[1, 1, 1]), Rule(5, 200.0), 3.0, screened=False)
    labels = Labels(frozenset({(0, 0)}), frozenset(), frozenset(), frozenset({0, 1, 2}), 1)
    with pytest.raises(InputError, match="label more"):
        fit_splink(compared, (None, None), labels, provenance={})


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=1, max_size=7))
@settings(max_examples=200)
def test_levels_are_put_in_order(shares: list[tuple[float, float]]) -> None:
    m, u = (np.array(one) / sum(one) for one in zip(*shares, strict=True))
    found = _in_order(m, u)
    assert found.sum() == pytest.approx(1.0)
    assert (np.diff(found / u) <= 1e-9).all()
    if (np.diff(m / u) <= 0).all():
        np.testing.assert_allclose(found, m)


def test_a_scorer_is_read_as_it_was_written(tmp_path: Path) -> None:
    save_splink_model(default_splink_model(), tmp_path / "model.json")
    assert load_splink_model(tmp_path / "model.json") == default_splink_model()
    content = json.loads((tmp_path / "model.json").read_text("utf-8"))
    content["settings"]["comparisons"][0]["comparison_levels"][1]["m_probability"] = 0.0
    (tmp_path / "zero.json").write_text(json.dumps(content), "utf-8")
    (tmp_path / "none.json").write_text("[]", "utf-8")
    for name, why in (
        ("zero", "m and u lie between 0 and 1"),
        ("none", "no Splink scorer"),
        ("absent", "No such file"),
    ):
        with pytest.raises(InputError, match=f"{name}.json: .*{why}"):
            load_splink_model(tmp_path / f"{name}.json")


def test_without_splink_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(InputError, match=r"pip install marsad\[splink\]"):
        default_splink_model().logits(features(days=[0.0], span=[1.0]))


@needs_splink
def test_the_settings_are_a_model_of_splink(caplog: pytest.LogCaptureFixture) -> None:
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - an extra

    backend = DuckDBAPI()
    names = ("days", "span", "km", "far", "killed", "killed_both", "harmed", "harmed_both", "words")
    rows = {name: [1.0] for name in (*names, "means", "organisation", "actors", "kind", "area")} | {"unique_id": [0]}
    found = [backend.register(rows, table_name=name) for name in "ab"]
    with caplog.at_level(logging.WARNING):
        linker = Linker(found, dict(default_splink_model().settings), log_level=None)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert len(linker.misc.save_model_to_json()["comparisons"]) == len(default_splink_model().settings["comparisons"])
    backend.duckdb_con.close()


@needs_splink
def test_reconciling_with_splink(tmp_path: Path) -> None:
    day = np.array(["2021-03-01", "2021-03-20"], dtype="M8[D]")
    for name, shift in (("a", 0.0), ("b", 0.01)):
        columns = {
            "record": [f"{name}0", f"{name}1"],
            "country": ["AAA", "AAA"],
            "date_start": pa.array(day),
            "latitude": [1.0 + shift, 2.0 + shift],
            "longitude": [1.0, 2.0],
            "deaths_best": [4, 9],
            "text": [
                "Two nurses of a clinic shot by gunmen in Zarghunshahr",
                "Mortar shells hit a market in Batangafo",
            ],
        }
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    found = reconcile(paths, model=default_splink_model())
    decisions = {(row["left_record"], row["right_record"]): row["decision"] for row in found.rows()}
    assert decisions == {("a0", "b0"): "same", ("a1", "b1"): "same"}


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Compared, Any, Labels]:
    """The pairs of two real registers, those within each, and what readers said of some."""
    if not (SHARED / "linkage").is_dir():
        pytest.skip(f"{SHARED / 'linkage'} is not here")
    folder = tmp_path_factory.mktemp("registers")
    files = {
        "insecurity-insight-aid-workers": SHARED / "insecurity_insight" / "aidWorkerKIKA.json",
        "awsd": SHARED / "awsd" / "awsd_incidents_global.csv",
    }
    paths = [import_file(read_connector(n, f), f, folder / f"{n}.parquet").path for n, f in files.items()]
    spec = importlib.util.spec_from_file_location("splink_fit", ROOT / "benchmarks" / "splink_model.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    with open_engine() as engine:
        left, right = (read_side(engine, path) for path in paths)
        compared = compare(engine, left, right)
        within = (pairs_within(engine, left), pairs_within(engine, right))
    linkage = SHARED / "linkage"
    labels: Labels = benchmark.labels(left, right, linkage / "pairs_dev.csv", linkage / "incidents_dev.txt")
    return compared, within, labels


@needs_splink
def test_real_registers_cross_validated_by_incident(registers: tuple[Compared, Any, Labels]) -> None:
    model = fit_splink(*registers, provenance={}, repetitions=5)
    told = model.provenance["cross_validated"]
    assert told["precision"] >= 0.96
    assert told["recall"] >= 0.92
    packaged = default_splink_model()
    assert packaged.provenance["cross_validated"]["precision"] >= 0.97
    assert packaged.provenance["cross_validated"]["recall"] >= 0.93
    # the packaged one is what these labels give, but for what features may gain later
    columns = registers[0].columns
    assert spearmanr(packaged.logits(columns), model.logits(columns)).statistic > 0.98


@needs_splink
def test_splink_and_the_default_model_rank_real_pairs_alike(registers: tuple[Compared, Any, Labels]) -> None:
    compared, _, labels = registers
    mine, other = (model.logits(compared.columns) for model in (default_splink_model(), default_model()))
    assert spearmanr(mine, other).statistic > 0.75
    pairs = list(zip(compared.left.tolist(), compared.right.tolist(), strict=True))
    same, different = (
        mine[[n for n, pair in enumerate(pairs) if pair in wanted]] for wanted in (labels.same, labels.different)
    )
    assert (same[:, None] > different[None, :]).mean() > 0.97  # the area under the curve
