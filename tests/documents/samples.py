"""Small real files of every format, made here: the seeds of the hostile ones."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

import docx

__all__ = ["HTML", "MARKDOWN", "TEXT", "make_docx", "make_pdf"]

TEXT = (
    "RIVER PATROLS IN THE NORTHERN DELTA\n\nAn abstract of the matter\n\nABSTRACT\n\nThis study counts the raids "
    "on the river patrols that were reported between 2015 and 2019.\n\n"
    "1. Introduction\n\nOn 3 May 2016 nine guards were killed near the upper ferry, as two papers wrote; a third "
    "wrote of eleven.\n\n1.1. Method\n\n- reports of the press\n- reports of the ministry\n\n"
    "2. Results\n\nYear\tRaids\n2016\t14\n2017\t9\n\nREFERENCES\n\nDoe, J. (2017). The delta at night. River Press.\n"
)
"""A text with headings, items, rows and references."""

MARKDOWN = """---
title: River patrols
---
# River patrols

Nine guards were *killed*[^1] near the [upper ferry](https://example.org/ferry).

## Method

1. reports of the press
2. reports of the ministry

| Year | Raids |
| --- | ---: |
| 2016 | 14 |

[^1]: A third paper wrote of eleven.
"""
"""A Markdown text with front matter, a list, a table and a footnote."""

HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>River patrols</title><script>alert(1)</script></head>
<body><nav><ul><li><a href="/a">Home</a></li><li><a href="/b">News</a></li></ul></nav>
<main><h1>River patrols</h1>
<p>Nine guards were <b>killed</b><sup><a href="#fn1">1</a></sup> near the upper&nbsp;ferry.</p>
<h2>Method</h2><ol><li>reports of the press</li><li>reports of the ministry<ul><li>yearly ones</li></ul></li></ol>
<table><caption>Raids</caption><tr><th>Year</th><th>Raids</th></tr><tr><td>2016</td><td>14</td></tr></table>
<p id="fn1">1 A third paper wrote of eleven.</p></main>
<footer><p>All rights reserved</p></footer><img src="http://127.0.0.1:9/x.png"></body></html>
"""
"""A page with a menu, a script, a list, a table, a note and a foot."""


def make_docx() -> bytes:
    """A DOCX with a title, headings, a list and a table."""
    document = docx.Document()
    document.add_heading("River patrols in the northern delta", 0)
    document.add_heading("1. Introduction", 1)
    document.add_paragraph("On 3 May 2016 nine guards were killed near the upper ferry, as two newspapers wrote.")
    document.add_paragraph("reports of the press", style="List Bullet")
    document.add_paragraph("reports of the ministry", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Year", "Raids", "2016", "14"), strict=True
    ):
        cell.text = text
    document.add_heading("References", 1)
    document.add_paragraph("Doe, J. (2017). The delta at night. River Press.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def make_pdf(pages: Sequence[Sequence[tuple[float, float, float, str]]], *, packed: bool = False) -> bytes:
    """A PDF written by hand: of each page its lines as left edge, base line, size and Latin-1 text."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for lines in pages:
        shown = "".join(
            f"BT /F1 {size} Tf {x} {y} Td ({text.translate(_ESCAPES)}) Tj ET\n" for x, y, size, text in lines
        )
        stream = shown.encode("latin-1")
        if packed:
            stream = zlib.compress(stream)
        entries = b"/Filter /FlateDecode " if packed else b""
        objects.append(b"<< %s/Length %d >>\nstream\n%s\nendstream" % (entries, len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _file(objects)


_ESCAPES = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


def _file(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return data + b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
