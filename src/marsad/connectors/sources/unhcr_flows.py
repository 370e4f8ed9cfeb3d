"""UNHCR's flows."""

from __future__ import annotations

from marsad.connectors.unhcr import unhcr

__all__ = ["CONNECTOR"]

CONNECTOR = unhcr("unhcr-flows")
"""People newly displaced across borders."""
