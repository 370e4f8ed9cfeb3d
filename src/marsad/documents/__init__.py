"""Documents: PDF, DOCX, HTML, Markdown and text as one canonical text with its structure; anchors; full-text search."""

from marsad.documents.document import RUNNING, Block, BlockKind, Document, PageSpan
from marsad.documents.reading import read_document, read_text

__all__ = ["RUNNING", "Block", "BlockKind", "Document", "PageSpan", "read_document", "read_text"]
