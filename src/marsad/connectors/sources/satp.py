"""The South Asia Terrorism Portal: tables that a person keeps."""

from __future__ import annotations

from marsad.connectors.tabular import kept_table

__all__ = ["CONNECTOR"]

CONNECTOR = kept_table("satp")
"""Tables of the South Asia Terrorism Portal."""
