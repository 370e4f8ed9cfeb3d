"""The audit of a manuscript: where it contradicts itself, its sources and its study."""

from marsad.claims.audit.textual import textual_finding

__all__ = ["textual_finding"]
