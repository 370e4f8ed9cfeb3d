"""The scorer, the competition of rivals, the assignment, and the likeness of names and words."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.errors import InputError
from marsad.reconcile.actors import NEUTRAL, actor_likeness, kind_likeness, same_area
from marsad.reconcile.assigning import assign
from marsad.reconcile.features import FEATURES, explain
from marsad.reconcile.scoring import (
    compete,
    default_model,
    fit_calibration,
    fit_weights,
    load_model,
    save_model,
    sigmoid,
)
from marsad.reconcile.wording import text_features


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.randoms(use_true_random=False), st.booleans())
def test_assignment_is_the_heaviest(rows: int, columns: int, random: object, ties: bool) -> None:  # noqa: FBT001
    rng = np.random.default_rng(random.randrange(1 << 30))  # type: ignore[attr-defined]
    weights = rng.integers(-2, 5, (rows, columns)).astype(float) if ties else rng.normal(0.5, 1, (rows, columns))
    left, right = (ends.ravel() for ends in np.indices(weights.shape))
    chosen = assign(left, right, weights.ravel())
    assert (np.bincount(left[chosen], minlength=rows) <= 1).all()
    assert (np.bincount(right[chosen], minlength=columns) <= 1).all()
    gain = np.zeros((max(rows, columns),) * 2)
    gain[:rows, :columns] = weights.clip(min=0)
    best = max(sum(gain[i, j] for i, j in enumerate(order)) for order in permutations(range(len(gain))))
    assert weights.ravel()[chosen].sum() == pytest.approx(best)
    assert (weights.ravel()[chosen] > 0).all()


def test_rivals_share_the_probability() -> None:
    left, right = np.array([0, 0, 1]), np.array([0, 1, 2])
    logits = np.array([2.0, 2.0, 2.0])
    p = sigmoid(compete(logits, left, right))
    assert p[0] == pytest.approx(p[1])
    assert p[0] < 0.5
    assert p[2] == pytest.approx(sigmoid(np.array([2.0]))[0])


def test_a_rival_that_is_taken_elsewhere_is_none() -> None:
    # record 1 of the left could be 0 or 1 of the right, but 0 of the right surely is 0 of the left
    left, right = np.array([0, 1, 1]), np.array([0, 0, 1])
    p = sigmoid(compete(np.array([8.0, 2.0, 2.0]), left, right))
    assert p[2] > 0.8
    assert p[1] < 0.01


def test_weights_are_recovered_and_keep_their_sense() -> None:
    rng = np.random.default_rng(1)
    days, words = rng.uniform(0, 2, 4000), rng.uniform(0, 1, 4000)
    nothing = np.zeros(4000)
    columns = {"days": days, "span": nothing, "words": words, "means": rng.choice([-1.0, 0.0, 1.0], 4000)}
    logits = -1.0 - 2.0 * days + 5.0 * words - 0.8 * columns["means"]
    labels = (rng.random(4000) < sigmoid(logits)).astype(float)
    model = fit_weights(columns, labels, spread=5.0)
    names = [feature.name for feature in FEATURES]
    weights = dict(zip(names, model.weights[8], strict=True))
    assert weights["days"] == pytest.approx(-2.0, abs=0.45)
    assert weights["words"] == pytest.approx(5.0, abs=0.8)
    assert weights["means"] == 0.0
    assert model.weights[0][names.index("words")] == 0.0


def test_missing_data_fall_back_to_a_smaller_model() -> None:
    model = default_model()
    known = {"days": np.zeros(1), "span": np.zeros(1), "killed": np.zeros(1), "killed_both": np.array([np.log(6.0)])}
    apart = known | {"killed": np.array([2.0])}
    assert model.logits(known)[0] > model.logits(apart)[0]
    far = {"km": np.array([2.0]), "far": np.array([2.0])}
    near = {"km": np.zeros(1), "far": np.zeros(1)}
    assert model.logits(known | near)[0] > model.logits(known | far)[0]
    assert np.isfinite(model.logits(known | {"words": np.array([np.nan])}))[0]


def test_calibration_is_recovered() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 3, 20_000)
    labels = (rng.random(20_000) < sigmoid(0.5 * logits + 1.0)).astype(float)
    assert fit_calibration(logits, labels) == pytest.approx((0.5, 1.0), abs=0.05)


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    save_model(default_model(), tmp_path / "model.json")
    assert load_model(tmp_path / "model.json") == default_model()
    (tmp_path / "model.json").write_text('{"features": []}')
    with pytest.raises(InputError, match="fit it again"):
        load_model(tmp_path / "model.json")


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        (("Government of Pakistan", None), ("Military Forces of Pakistan (2022-)", None), True),
        (("TTP", None), ("Tehrik-i-Taliban Pakistan", None), True),
        (("Government of Mali", "JNIM"), ("Jama'at Nusrat al-Islam wal Muslimin", "Malian army"), True),
        (("Boko Haram", None), ("Al Shabaab", None), False),
        (("Myanmar Armed Forces", None), ("Russian Armed Forces", None), False),
    ],
)
def test_actors(left: tuple[str, str | None], right: tuple[str, str | None], alike: bool) -> None:  # noqa: FBT001
    likeness = actor_likeness(left, right)
    assert (likeness > 0.3) is alike
    assert -NEUTRAL <= likeness <= 1 - NEUTRAL
    assert actor_likeness(right, left) == likeness


@pytest.mark.parametrize("name", ["Unknown", "Unidentified armed actor", "Not applicable", ""])
def test_nobody_is_like_nobody(name: str) -> None:
    assert actor_likeness((name, None), ("Boko Haram", None)) == 0.0


def test_kinds_and_areas() -> None:
    assert kind_likeness(("battle", None, None), ("battle", None, None)) == 1.0
    assert kind_likeness(("battle", None, None), ("protest", None, None)) == -1.0
    assert kind_likeness((None, "state_based", None), ("explosion", None, None)) == 1.0
    assert kind_likeness((None, None, None), ("explosion", None, None)) == 0.0
    assert same_area(("SYR", "Idlib Governorate"), ("SYR", "Idlib")) == 1.0
    assert same_area(("SYR", "Idlib"), ("IRQ", "Idlib")) == -1.0
    assert same_area(("SYR", None), ("SYR", "Idlib")) == 0.0


def test_rare_words_weigh_more_and_facets_disagree() -> None:
    texts = ["Three men of a UN agency were shot near Batangafo", "A UN worker was kidnapped", "", None]
    others = ["3 United UN men, gunfire, Batangafo", "A Red Cross paramedic was shot", "something"]
    left, right = np.array([0, 1, 1, 2, 3]), np.array([0, 0, 1, 0, 2])
    found = text_features((texts, others), left, right)
    assert found["words"][0] > 0.7 > found["words"][1] > 0
    assert np.isnan(found["words"][3:]).all()
    assert found["organisation"].tolist()[:3] == [1.0, 1.0, -1.0]
    assert found["means"].tolist()[:3] == [1.0, -1.0, -1.0]


def test_words_for_a_person() -> None:
    values = {"days": 0.0, "span": 0.0, "km": np.log1p(1.2), "killed": 0.0, "killed_both": np.log(4.0), "area": 1.0}
    assert explain(values) == (
        "same day; 12 km apart; same area; deaths agree (3); not comparable: injured and abducted, description"
    )
