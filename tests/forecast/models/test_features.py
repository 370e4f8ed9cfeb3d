"""The features of units alike: the most alike are found without sorting all units."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from marsad.forecast.models import features


@given(st.lists(st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=30), st.integers(0, 6))
def test_the_largest_are_those_of_a_full_sort(values: list[float], few: int) -> None:
    """Ties are frequent (all units without violence are equally alike) and are broken by place."""
    few = min(few, len(values))
    found = features._largest(np.array(values), few)
    assert found.tolist() == np.argsort(-np.array(values), kind="stable")[:few].tolist()
