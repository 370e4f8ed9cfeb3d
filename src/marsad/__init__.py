"""Marsad: a workbench that makes conflict and security studies executable."""

__version__ = "0.1.0"

__all__ = ["__version__"]
