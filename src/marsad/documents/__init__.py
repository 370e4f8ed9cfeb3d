"""Documents: PDF, DOCX, HTML, Markdown and text as one canonical text with its structure; anchors; full-text search."""

from marsad.documents.anchors import Anchor, Found, FoundHow, find_anchor, make_anchor
from marsad.documents.document import RUNNING, Block, BlockKind, Document, PageSpan
from marsad.documents.language import detect_language
from marsad.documents.opening import opening
from marsad.documents.reading import read_bytes, read_document, read_text
from marsad.documents.search import SearchHit, SearchIndex, SearchResult, Snippet

__all__ = [
    "RUNNING",
    "Anchor",
    "Block",
    "BlockKind",
    "Document",
    "Found",
    "FoundHow",
    "PageSpan",
    "SearchHit",
    "SearchIndex",
    "SearchResult",
    "Snippet",
    "detect_language",
    "find_anchor",
    "make_anchor",
    "opening",
    "read_bytes",
    "read_document",
    "read_text",
]
