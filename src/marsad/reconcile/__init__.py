"""Which records of several sources are the same event."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad.reconcile.blocking import Rule
    from marsad.reconcile.core import Reconciled, reconcile
    from marsad.reconcile.linking import DECISIONS, Linked
    from marsad.reconcile.scoring import Model, default_model, load_model, save_model

__all__ = [
    "DECISIONS",
    "Linked",
    "Model",
    "Reconciled",
    "Rule",
    "default_model",
    "load_model",
    "reconcile",
    "save_model",
]

_LATER = {
    "DECISIONS": "linking",
    "Linked": "linking",
    "Model": "scoring",
    "Reconciled": "core",
    "Rule": "blocking",
    "default_model": "scoring",
    "load_model": "scoring",
    "reconcile": "core",
    "save_model": "scoring",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
