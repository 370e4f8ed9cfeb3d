"""The store of statements; the only package that touches the engine."""

from marsad.evidence.files import TEMPORARY, atomic_path, sha256_of, write_atomically
from marsad.evidence.reviews import Decision, Entry, FiledDocument, FiledProposal, Review
from marsad.evidence.store import Store, write_database, write_sources, write_statements

__all__ = [
    "TEMPORARY",
    "Decision",
    "Entry",
    "FiledDocument",
    "FiledProposal",
    "Review",
    "Store",
    "atomic_path",
    "sha256_of",
    "write_atomically",
    "write_database",
    "write_sources",
    "write_statements",
]
