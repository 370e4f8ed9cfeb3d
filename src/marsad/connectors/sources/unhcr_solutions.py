"""UNHCR's solutions."""

from __future__ import annotations

from marsad.connectors.unhcr import unhcr

__all__ = ["CONNECTOR"]

CONNECTOR = unhcr("unhcr-solutions", "solutions")
"""Returns, resettlement and naturalisation."""
