"""Insecurity Insight's attacks on health care."""

from __future__ import annotations

from marsad.connectors.insecurity_insight import insight

__all__ = ["CONNECTOR"]

CONNECTOR = insight("insecurity-insight-health", "shcchealthcare-dataset")
"""Attacks on health care, as the Security in Numbers Database has them."""
