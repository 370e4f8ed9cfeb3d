"""The Pakistan Institute for Conflict and Security Studies: tables that a person keeps."""

from __future__ import annotations

from marsad.connectors.tabular import kept_table

__all__ = ["CONNECTOR"]

CONNECTOR = kept_table("picss")
"""Tables of the Pakistan Institute for Conflict and Security Studies."""
