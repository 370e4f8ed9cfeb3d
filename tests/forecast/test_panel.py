"""The panel: gaps, new units, vintages, and the cut at an origin."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.errors import InputError, NotFoundError
from marsad.forecast import Panel
from marsad.forecast.panel import Span, VintageSpan


def test_what_is_missing_and_what_is_new_is_named(small: Panel) -> None:
    assert small.gaps() == (Span("late", 535, 536),)
    assert small.new_units() == (Span("late", 520, 575),)
    assert small.vintage_spans() == (
        VintageSpan("v1", 480, 549, 3 * 70 + 28),
        VintageSpan("v2", 550, 575, 4 * 26),
    )


def test_a_cut_panel_holds_nothing_later(small: Panel) -> None:
    cut = small.up_to(510)
    assert (cut.first, cut.last) == (480, 510)
    assert cut.units == ("quiet", "war", "low")  # "late" is first observed in 520
    assert cut.vintages == ("v1",)
    assert not np.shares_memory(cut.values, small.values)
    assert cut.values.base is None or cut.values.base.shape == cut.values.shape
    assert np.array_equal(cut.values, small.values[:3, :31])
    assert np.array_equal(cut.vintage, np.zeros((3, 31)))


def test_cutting_twice_is_cutting_once(small: Panel) -> None:
    once, twice = small.up_to(530), small.up_to(560).up_to(530)
    assert (once.units, once.vintages) == (twice.units, twice.vintages)
    assert np.array_equal(once.values, twice.values, equal_nan=True)
    assert np.array_equal(once.vintage, twice.vintage)


@pytest.mark.parametrize("origin", [479, 576])
def test_an_origin_outside_is_refused(small: Panel, origin: int) -> None:
    with pytest.raises(InputError, match=r"outside the panel, which runs from 2010-01 to 2017-12"):
        small.up_to(origin)


def test_an_origin_before_any_value_is_refused(small: Panel) -> None:
    with pytest.raises(InputError, match="nothing can be learnt"):
        small.select(["late"]).up_to(500)


def test_a_panel_cannot_be_written_to(small: Panel) -> None:
    with pytest.raises(ValueError, match="read-only"):
        small.values[0, 0] = 1


def test_observed_is_nan_outside(small: Panel) -> None:
    found = small.observed([575, 576, 479, 480], ["war", "nowhere"])
    assert found[0, 0] == small.values[1, -1]
    assert found[0, 3] == small.values[1, 0]
    assert np.isnan(found[0, 1:3]).all()
    assert np.isnan(found[1]).all()


def test_unknown_units_and_wrong_values_are_refused(small: Panel) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        small.select(["nowhere"])
    for wrong in (-1.0, np.inf, 1e16):
        with pytest.raises(InputError, match="counts"):
            Panel("x", ("a",), 0, np.array([[wrong]]), ("",), np.zeros((1, 1), np.int16))
    with pytest.raises(InputError, match="repeat"):
        Panel("x", ("a", "a"), 0, np.zeros((2, 1)), ("",), np.zeros((2, 1), np.int16))
    with pytest.raises(InputError, match="matrices"):
        Panel("x", ("a",), 0, np.zeros((2, 1)), ("",), np.zeros((2, 1), np.int16))
