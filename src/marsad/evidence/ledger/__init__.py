"""The ledger of what people decide."""

from marsad.evidence.ledger.ledger import Decision, Entry, FiledDocument, FiledProposal, Ledger, Review

__all__ = ["Decision", "Entry", "FiledDocument", "FiledProposal", "Ledger", "Review"]
