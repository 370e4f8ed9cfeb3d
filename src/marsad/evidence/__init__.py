"""The store of statements; the only package that touches the engine."""

from marsad.evidence.common import check_table, read_metadata, read_rows, write_partitioned, write_table
from marsad.evidence.files import TEMPORARY, atomic_path, sha256_of, write_atomically
from marsad.evidence.parquet import parquet_rows
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
    "check_table",
    "parquet_rows",
    "read_metadata",
    "read_rows",
    "sha256_of",
    "write_atomically",
    "write_database",
    "write_partitioned",
    "write_sources",
    "write_statements",
    "write_table",
]
