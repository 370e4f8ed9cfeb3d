"""Probabilistic forecasts of counts by unit and month, and the record of how good they were."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.forecast.backtest import Backtest, run_backtest, score_table
    from marsad.forecast.baselines import Bootstrap, Conflictology, ExactlyZero, LastPoisson, published_baselines
    from marsad.forecast.comparing import Comparison, compare, compare_all
    from marsad.forecast.interface import Fitted, Model
    from marsad.forecast.months import month_number, month_text, parse_month
    from marsad.forecast.panel import Panel
    from marsad.forecast.reading import PanelColumns, panel_of_rows, read_panel

__all__ = [
    "Backtest",
    "Bootstrap",
    "Comparison",
    "Conflictology",
    "ExactlyZero",
    "Fitted",
    "LastPoisson",
    "Model",
    "Panel",
    "PanelColumns",
    "compare",
    "compare_all",
    "month_number",
    "month_text",
    "panel_of_rows",
    "parse_month",
    "published_baselines",
    "read_panel",
    "run_backtest",
    "score_table",
]

_LATER = {
    "Backtest": "backtest",
    "Bootstrap": "baselines",
    "Comparison": "comparing",
    "Conflictology": "baselines",
    "ExactlyZero": "baselines",
    "Fitted": "interface",
    "LastPoisson": "baselines",
    "Model": "interface",
    "Panel": "panel",
    "PanelColumns": "reading",
    "compare": "comparing",
    "compare_all": "comparing",
    "month_number": "months",
    "month_text": "months",
    "panel_of_rows": "reading",
    "parse_month": "months",
    "published_baselines": "baselines",
    "read_panel": "reading",
    "run_backtest": "backtest",
    "score_table": "backtest",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
