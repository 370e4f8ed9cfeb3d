"""Insecurity Insight's attacks on education."""

from __future__ import annotations

from marsad.connectors.insecurity_insight import insight

__all__ = ["CONNECTOR"]

CONNECTOR = insight("insecurity-insight-education")
"""Attacks on education, as the Security in Numbers Database has them."""
