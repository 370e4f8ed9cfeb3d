"""The ledger of what people decide; apart from the rest of the package because its libraries are slow to import."""

from marsad.evidence.ledger.ledger import Ledger

__all__ = ["Ledger"]
