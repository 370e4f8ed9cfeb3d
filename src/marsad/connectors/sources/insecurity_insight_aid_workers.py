"""Insecurity Insight's attacks on aid workers."""

from __future__ import annotations

from marsad.connectors.insecurity_insight import insight

__all__ = ["CONNECTOR"]

CONNECTOR = insight("insecurity-insight-aid-workers", "sind-aid-worker-kka-dataset")
"""Attacks on aid workers, as the Security in Numbers Database has them."""
