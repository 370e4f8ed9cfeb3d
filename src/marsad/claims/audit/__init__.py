"""The audit of a manuscript: where it contradicts itself, its sources and its study."""

from marsad.claims.audit.core import Progress, audit_document
from marsad.claims.audit.verdict import Audit, Outcome, Verdict

__all__ = ["Audit", "Outcome", "Progress", "Verdict", "audit_document"]
