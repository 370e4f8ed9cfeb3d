"""The Pak Institute for Peace Studies: tables that a person keeps."""

from __future__ import annotations

from marsad.connectors.tabular import kept_table

__all__ = ["CONNECTOR"]

CONNECTOR = kept_table("pips")
"""Tables of the Pak Institute for Peace Studies."""
