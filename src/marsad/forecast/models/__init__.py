"""Models behind the interface of ``marsad.forecast.interface``: each in a module of its own."""

from marsad.forecast.interface import Model
from marsad.forecast.models.analogues import Analogues
from marsad.forecast.models.boosting import Boosting
from marsad.forecast.models.empirical import DecayedEmpirical
from marsad.forecast.models.forest import Forest
from marsad.forecast.models.negative_binomial import NegativeBinomial
from marsad.forecast.models.pool import LinearPool
from marsad.forecast.models.registry import MODELS
from marsad.forecast.models.stacking import Stacked, simplex_weights

__all__ = [
    "MODELS",
    "Analogues",
    "Boosting",
    "DecayedEmpirical",
    "Forest",
    "LinearPool",
    "NegativeBinomial",
    "Stacked",
    "simple_models",
    "simplex_weights",
]


def simple_models() -> tuple[Model, ...]:
    """The models that know nothing of a unit but its own past, with their usual settings, and both mixed in halves."""
    own = (DecayedEmpirical(), NegativeBinomial())
    return (*own, LinearPool("own-past", own, (0.5, 0.5)))
