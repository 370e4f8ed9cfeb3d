"""How much of a file is read and how much of a text is looked at, in one place.

A file that is larger is refused with a message, never read half. Of a text that was read, the rules of the audit and of
the extraction look at no more than stands here, and a notice says so.
"""

from __future__ import annotations

__all__ = [
    "MOST_ALIKE",
    "MOST_BLOCKS",
    "MOST_BYTES",
    "MOST_CHARACTERS",
    "MOST_COMBINING",
    "MOST_DEPTH",
    "MOST_FIGURES",
    "MOST_HTML_BYTES",
    "MOST_INCIDENTS",
    "MOST_LOOKED_AT",
    "MOST_MARKDOWN_BYTES",
    "MOST_OF_A_KIND",
    "MOST_PAGES",
    "MOST_PAGE_SIDE",
    "MOST_PARTS",
    "MOST_PART_BYTES",
    "MOST_RATIO",
    "MOST_SENTENCE",
    "MOST_TEXT_BYTES",
    "MOST_UNPACKED_BYTES",
]

MOST_BYTES = 128 * 2**20
"""Bytes of a PDF or DOCX: a book with its pictures has tens of millions, and the whole file is held in memory."""

MOST_TEXT_BYTES = 12 * 2**20
"""Bytes of a text file: ten long books. Python holds a non-Latin text at two to four bytes a character and several
stages of it at once; the worst text that was found takes 45 bytes of memory a byte, so that this keeps under 600 MB."""

MOST_CHARACTERS = 12 * 2**20
"""Characters of text that a PDF or DOCX may hold, for the same reason."""

MOST_UNPACKED_BYTES = 64 * 2**20
"""Bytes of all XML parts that are read of a DOCX; its pictures are not."""

MOST_PART_BYTES = 32 * 2**20
"""Bytes of one XML part of a DOCX: 300 pages have about 2 million. Its tree takes some fifteen times its bytes."""

MOST_RATIO = 250
"""How many times its packed size a part of a DOCX may unpack to, beyond the first million bytes: honest XML stays
below 60, a zip bomb has 1000."""

MOST_PAGE_SIDE = 100_000.0
"""Points of a side of a PDF's page: the format allows 14,400; pdfium takes memory by the height of a page."""

MOST_PARTS = 20_000
"""Entries of a DOCX's zip directory; a book with a thousand pictures has about 1,100."""

MOST_PAGES = 20_000
"""Pages of a PDF."""

MOST_BLOCKS = 300_000
"""Paragraphs, items and rows of a document: ten long books have 40,000; each takes a kilobyte while it is told."""

MOST_DEPTH = 250
"""How deep elements of a DOCX may nest: libxml2 itself stops at 256, and a deeper tree is nobody's writing. HTML is
walked without recursion, as deep as libxml2 goes (2,048)."""

MOST_COMBINING = 30
"""Combining marks after one letter: the Stream-Safe Text Format of Unicode (UAX 15) allows 30; normalisation takes
quadratic time in longer runs."""

MOST_HTML_BYTES = 4 * 2**20
"""Bytes of an HTML file: long reports have one million; its tree takes up to a hundred times its bytes in memory."""

MOST_MARKDOWN_BYTES = 2 * 2**20
"""Bytes of a text that is parsed as Markdown: hostile text takes 10 microseconds and 500 bytes a character in the
parser. A longer one is read as plain text, whose reader knows the light markup."""

MOST_LOOKED_AT = 3_000_000
"""Characters of a text that the rules of the audit and of the extraction look at: some 1,500 pages. The rules take
about ten seconds a million characters of prose, and up to thirty of the worst."""

MOST_SENTENCE = 2_000
"""Characters of a sentence: the longest of prose have about 1,000. What goes on for longer is a table or a list without
stops; the rules compare the words of a sentence with one another."""

MOST_INCIDENTS = 5_000
"""Incidents that are read in one document: a year of a daily newspaper tells of fewer, and each takes some 30 kilobytes
while it is compared with the others."""

MOST_FIGURES = 5_000
"""Figures that are read in one document, for the same reason: a statistical yearbook in prose has fewer."""

MOST_ALIKE = 100
"""Reports of one kind of event at one place and day, and figures of one measure, area and period, that are compared
with one another: a book has some ten, and all pairs of them are looked at."""

MOST_OF_A_KIND = 500
"""Findings of one kind that an audit shows: nobody reads more, and a page with tens of thousands of marks is no use."""
