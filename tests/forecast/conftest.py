"""A small panel and the real one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from marsad.forecast import Panel, PanelColumns, read_panel

VIEWS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "views" / "cm_panel.parquet"


@pytest.fixture
def small() -> Panel:
    """Four units over eight years: quiet, a war with a spike, low violence, and one that begins late with a gap."""
    rng = np.random.default_rng(5)
    values = np.stack(
        [np.zeros(96), rng.poisson(80, 96), rng.negative_binomial(0.3, 0.1, 96), rng.poisson(6, 96)]
    ).astype(np.float64)
    values[1, 60] = 4_000
    values[3, :40] = np.nan
    values[3, 55:57] = np.nan
    vintage = np.where(np.arange(96) < 70, 0, 1) * np.ones((4, 1), int)
    vintage = np.where(np.isnan(values), -1, vintage).astype(np.int16)
    return Panel("deaths", ("quiet", "war", "low", "late"), 480, values, ("v1", "v2"), vintage)


@pytest.fixture(scope="session")
def views() -> Panel:
    if not VIEWS.is_file():
        pytest.skip(f"{VIEWS} is not there")
    return read_panel(VIEWS, PanelColumns("country", "month_id", "ged_sb", "source"))
