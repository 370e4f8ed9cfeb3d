"""The store of statements; the only package that touches the engine."""

from marsad.evidence.files import TEMPORARY, atomic_path, sha256_of, write_atomically
from marsad.evidence.store import Store, write_database, write_sources, write_statements

__all__ = [
    "TEMPORARY",
    "Store",
    "atomic_path",
    "sha256_of",
    "write_atomically",
    "write_database",
    "write_sources",
    "write_statements",
]
