"""Models behind the interface of ``marsad.forecast.interface``: each in a module of its own."""

from marsad.forecast.interface import Model
from marsad.forecast.models.empirical import DecayedEmpirical
from marsad.forecast.models.negative_binomial import NegativeBinomial
from marsad.forecast.models.pool import LinearPool

__all__ = ["DecayedEmpirical", "LinearPool", "NegativeBinomial", "simple_models"]


def simple_models() -> tuple[Model, ...]:
    """The models that know nothing of a unit but its own past, with their usual settings, and both mixed in halves."""
    own = (DecayedEmpirical(), NegativeBinomial())
    return (*own, LinearPool("empirical+negative-binomial", own, (0.5, 0.5)))
