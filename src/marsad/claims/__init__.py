"""Claims: contradictions in the evidence."""

from marsad.claims.consistency import check_consistency

__all__ = ["check_consistency"]
