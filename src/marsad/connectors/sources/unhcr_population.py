"""UNHCR's population."""

from __future__ import annotations

from marsad.connectors.unhcr import unhcr

__all__ = ["CONNECTOR"]

CONNECTOR = unhcr("unhcr-population", "population")
"""People of concern to UNHCR."""
