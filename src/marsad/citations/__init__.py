"""Citations: in the text and in the reference list, what joins them, BibTeX and CSL-JSON, APA, the citation audit."""

from marsad.citations.apa import ApaReference, render_apa
from marsad.citations.audit import CitationAudit, audit_citations
from marsad.citations.citing import find_citations
from marsad.citations.from_csl import csl_entries
from marsad.citations.matching import link_citations
from marsad.citations.model import Citation, Link, Name, Reference
from marsad.citations.reading import BibliographyFile, read_bibliography, write_bibtex, write_csl
from marsad.citations.references import find_references
from marsad.citations.source_dates import DatedWords, check_source_dates

__all__ = [
    "ApaReference",
    "BibliographyFile",
    "Citation",
    "CitationAudit",
    "DatedWords",
    "Link",
    "Name",
    "Reference",
    "audit_citations",
    "check_source_dates",
    "csl_entries",
    "find_citations",
    "find_references",
    "link_citations",
    "read_bibliography",
    "render_apa",
    "write_bibtex",
    "write_csl",
]
