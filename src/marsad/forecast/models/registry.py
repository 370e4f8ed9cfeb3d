"""The models by name, each with its usual settings: what the command line and the backtest choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from marsad.forecast.baselines import Bootstrap, Conflictology, ExactlyZero, LastPoisson
from marsad.forecast.interface import Model
from marsad.forecast.models.analogues import Analogues
from marsad.forecast.models.boosting import Boosting
from marsad.forecast.models.empirical import DecayedEmpirical
from marsad.forecast.models.forest import Forest
from marsad.forecast.models.negative_binomial import NegativeBinomial
from marsad.forecast.models.pool import LinearPool
from marsad.forecast.models.stacking import Stacked

__all__ = ["MODELS"]


def _own_past() -> Model:
    """The models that know nothing of a unit but its own past, mixed in halves: for series without a panel."""
    return LinearPool("own-past", (DecayedEmpirical(), NegativeBinomial()), (0.5, 0.5))


def _combined() -> Model:
    return Stacked((DecayedEmpirical(), NegativeBinomial(), Forest()))


MODELS: Mapping[str, Callable[[], Model]] = {
    "zero": ExactlyZero,
    "last-poisson": LastPoisson,
    "conflictology": Conflictology,
    "bootstrap": Bootstrap,
    "empirical": DecayedEmpirical,
    "negative-binomial": NegativeBinomial,
    "own-past": _own_past,
    "boosting": Boosting,
    "analogues": Analogues,
    "forest": Forest,
    "combined": _combined,
}
"""What makes each model, by its name: the baselines first, ``combined`` last. A call loads what the model needs."""
