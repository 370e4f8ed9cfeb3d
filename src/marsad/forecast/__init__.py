"""Probabilistic forecasts of counts by unit and month, and the record of how good they were."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.forecast.backtest import Backtest, run_backtest, score_table
    from marsad.forecast.baselines import Bootstrap, Conflictology, ExactlyZero, LastPoisson, published_baselines
    from marsad.forecast.comparing import Comparison, compare, compare_all
    from marsad.forecast.dependence import Coupling, Total, coupled, total
    from marsad.forecast.hierarchy import Hierarchy, level_panels, reconciled, with_parents
    from marsad.forecast.interface import Fitted, Model
    from marsad.forecast.months import month_number, month_text, parse_month
    from marsad.forecast.panel import Panel
    from marsad.forecast.reading import PanelColumns, panel_of_rows, read_hierarchy, read_panel

__all__ = [
    "Backtest",
    "Bootstrap",
    "Comparison",
    "Conflictology",
    "Coupling",
    "ExactlyZero",
    "Fitted",
    "Hierarchy",
    "LastPoisson",
    "Model",
    "Panel",
    "PanelColumns",
    "Total",
    "compare",
    "compare_all",
    "coupled",
    "level_panels",
    "month_number",
    "month_text",
    "panel_of_rows",
    "parse_month",
    "published_baselines",
    "read_hierarchy",
    "read_panel",
    "reconciled",
    "run_backtest",
    "score_table",
    "total",
    "with_parents",
]

_LATER = {
    "Backtest": "backtest",
    "Bootstrap": "baselines",
    "Comparison": "comparing",
    "Conflictology": "baselines",
    "Coupling": "dependence",
    "ExactlyZero": "baselines",
    "Fitted": "interface",
    "Hierarchy": "hierarchy",
    "LastPoisson": "baselines",
    "Model": "interface",
    "Panel": "panel",
    "PanelColumns": "reading",
    "Total": "dependence",
    "compare": "comparing",
    "compare_all": "comparing",
    "coupled": "dependence",
    "level_panels": "hierarchy",
    "month_number": "months",
    "month_text": "months",
    "panel_of_rows": "reading",
    "parse_month": "months",
    "published_baselines": "baselines",
    "read_hierarchy": "reading",
    "read_panel": "reading",
    "reconciled": "hierarchy",
    "run_backtest": "backtest",
    "score_table": "backtest",
    "total": "dependence",
    "with_parents": "hierarchy",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
