"""Mutated and hostile files: the same files for the same seed and number."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator

from .samples import HTML, MARKDOWN, TEXT, make_docx, make_pdf

__all__ = ["hand_made", "hostile_files", "zipped"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_PAGES = [
    [
        (72.0, 800.0 - 15 * line, 11.0, f"Line {line} of page {page} tells of 14 guards at the ferry,")
        for line in range(20)
    ]
    for page in range(3)
]


def hostile_files(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """So many files as name and bytes: the hand-made ones first, then mutations of small real ones."""
    made = list(hand_made())[:count]
    yield from made
    rng = random.Random(seed)
    seeds = [
        ("a.pdf", make_pdf(_PAGES)),
        ("b.pdf", make_pdf(_PAGES, packed=True)),
        ("c.docx", make_docx()),
        ("d.docx", _stored(make_docx())),
        ("e.html", HTML.encode()),
        ("f.md", MARKDOWN.encode()),
        ("g.txt", TEXT.encode()),
        ("h.txt", TEXT.encode("utf-16")),
        ("i.txt", ("حملہ آوروں نے چوکی پر حملہ کیا۔ می‌روم\n\n" * 4).encode("cp1256", "replace")),
    ]
    for number in range(count - len(made)):
        name, data = seeds[number % len(seeds)]
        mutate = rng.choice(_MUTATIONS)
        for _ in range(rng.choice((1, 1, 2, 8))):
            data = mutate(data, rng)
        yield f"{number}-{name}", data


def _stored(data: bytes) -> bytes:
    """A zip file without compression, so that mutations reach its XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return zipped({name: old.read(name) for name in old.namelist()}, compression=zipfile.ZIP_STORED)


def zipped(parts: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of some parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return file.getvalue()


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 30)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _drop(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randint(1, 200) :]


def _double(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at : at + rng.randint(1, 300)] * rng.choice((2, 3, 50)) + data[at:]


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_POISONS) + data[at:]


def _number(data: bytes, rng: random.Random) -> bytes:
    """Another number in the place of one of its numbers: lengths, counts, references."""
    places = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if not places:
        return data
    at = rng.choice(places)
    return data[:at] + rng.choice((b"0", b"-1", b"99999999999", b"2147483648", b"7")) + data[at + 1 :]


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _drop, _double, _insert, _number)
_POISONS = (
    b"\x00",
    b"\x00" * 400,
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    "\u202e\u2066\u200b\u200d\ufeff".encode(),
    "e\u0301\u0301\u1160\uac00".encode(),
    b"\xed\xa0\x80",
    b"<w:p><w:r>",
    b"</w:document>",
    b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    b"<div><table><li><sup>" * 60,
    b"[[[[![](**__" * 60,
    b"\f\f\n\x0b\r\r\n",
    b"endstream endobj",
    b"<< /Length 1 >>",
    b"CONTENTS\n\n1. ..... 3\n2. ..... 4\n",
    b"-\n-\n- \n\xc2\xad\n",
)


def hand_made() -> Iterator[tuple[str, bytes]]:
    """Files that are hostile in a known way."""
    yield from _texts()
    yield from _pages()
    yield from _packages()
    yield from _pdfs()


def _texts() -> Iterator[tuple[str, bytes]]:
    rng = random.Random(7)
    yield "empty.txt", b""
    yield "blank.txt", b" \n\t\n\xef\xbb\xbf\n"
    yield "bom.txt", b"\xef\xbb\xbf"
    yield "zeros.txt", b"\x00" * 5000
    yield "rubbish.bin", rng.randbytes(20_000)
    yield "nul.txt", b"nine guards\x00 were killed\x00 there"
    yield "surrogates.txt", b"nine \xed\xa0\x80 guards \xed\xb0\x80 killed, as the papers of the \xd9\xbe wrote"
    yield "utf16-odd.txt", "nine guards were killed".encode("utf-16")[:-1]
    yield "utf16-lone.txt", b"\xff\xfe" + struct.pack("<20H", *[0xD800] * 20)
    yield "oneline.txt", b"word " * 300_000
    yield "unbroken.txt", b"x" * 1_000_000
    yield "marks.txt", ("a" + "\u0315\u0300" * 200_000).encode()
    yield "joiners.txt", ("ab\u200c\u200dc" * 100_000).encode()
    yield "bidi.txt", "\u202eديلك\u202c نوٹ \u2066abc\u2069 ".encode() * 1000
    yield "dots.txt", b"CONTENTS\n\n" + b"." * 500_000 + b"\n\n" + b"a 1 " * 50_000
    yield "stars.txt", b"*a **b ***c " * 40_000
    yield "brackets.md", b"[" * 60_000
    yield "images.md", b"![](" * 20_000
    yield "quotes.md", b"> - " * 5_000 + b"x"
    yield "backticks.md", b"".join(b"`" * size + b" " for size in range(400))
    yield "front.md", b"---\n" * 3_000
    yield "hyphens.txt", b"exam-\nple " * 50_000
    yield "forms.txt", b"a\f" * 10_000
    yield (
        "unfinished.txt",
        b"words that go on and on for longer than a line has and never end with a stop at all\n\n" * 4_000,
    )
    yield "rtf.docx", rb"{\rtf1\ansi nine guards}"
    yield "old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(100)


def _pages() -> Iterator[tuple[str, bytes]]:
    yield "deep.html", b"<div>" * 100_000 + b"x"
    yield "nested.html", b"<div>" * 1_900 + b"nine guards" + b"</div>" * 1_900
    yield "sups.html", b"<p>" + b"<sup>" * 1_500 + b"<b></b>" * 20_000
    yield "attributes.html", b"<p " + b'a="b" ' * 100_000 + b">nine guards</p>"
    yield "huge-attribute.html", b'<p title="' + b"x" * 3_000_000 + b'">nine guards</p>'
    yield "scripts.html", b"<script>while(1);</script>" * 5_000 + b"<p>nine guards</p>"
    yield "only-script.html", b"<html><script>let x = 1</script></html>"
    yield "entities.html", b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaa'>]><p>&a;&#0;&#xD800;&#x202e;nine&shy;teen</p>"
    yield (
        "outside.html",
        b'<html><base href="http://127.0.0.1:9/"><iframe src="file:///etc/passwd"></iframe><p>nine guards</p>',
    )
    yield "charset.html", b'<meta charset="utf-7"><p>+ADw-nine guards \xff+AD4-</p>'
    yield "unknown-charset.html", b'<meta charset="no-such-thing"><p>nine guards \xe9\xe8</p>'
    yield "comment.html", b"<html><!-- " + b"-" * 500_000
    yield "lists.html", b"<ol start=99999999999999><li value=-3>a" * 800
    yield "tables.html", b"<table><tr><td>" * 600 + b"x"
    yield "links.html", b"<ul>" + b'<li><a href="/x">nine guards</a>' * 20_000


def _word(body: bytes, head: bytes = b"") -> bytes:
    document = head + f'<w:document xmlns:w="{_W}"><w:body>'.encode() + body + b"</w:body></w:document>"
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": document})


def _packages() -> Iterator[tuple[str, bytes]]:
    paragraph = b"<w:p><w:r><w:t>nine guards</w:t></w:r></w:p>"
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    yield "bomb.docx", _word(b"<!-- " + b" " * 60_000_000 + b"-->")
    yield "ratio.docx", _word(b"<w:p/>" * 3_000_000)
    yield "laughs.docx", _word(paragraph, b'<!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]>")
    yield "outside.docx", _word(paragraph, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
    yield "utf16.docx", _word(paragraph, '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []>'.encode("utf-16"))
    yield "deep.docx", _word(b"<w:sdt>" * 200 + paragraph + b"</w:sdt>" * 200)
    yield "deeper.docx", _word(b"<w:sdt>" * 5_000 + paragraph + b"</w:sdt>" * 5_000)
    yield "cells.docx", _word(b"<w:tbl><w:tr><w:tc>" * 60 + paragraph + b"</w:tc></w:tr></w:tbl>" * 60)
    yield "broken.docx", _word(b"<w:p><w:r>")
    yield "no-words.docx", _word(b"<w:p/>")
    yield "no-body.docx", zipped({"word/document.xml": f'<w:document xmlns:w="{_W}"/>'.encode()})
    yield "styles.docx", zipped({"word/document.xml": _part(paragraph), "word/styles.xml": b"<w:styles"})
    yield "loop.docx", zipped({"word/document.xml": _part(_styled(b"a")), "word/styles.xml": _loop()})
    yield "empty.docx", zipped({})
    yield "zip.docx", zipped({"a.txt": b"nine guards"})
    yield "text.odt", zipped({"mimetype": b"application/vnd.oasis.opendocument.text"})
    yield "sheet.docx", zipped({"xl/workbook.xml": b"<x/>"})
    yield "slides.docx", zipped({"ppt/presentation.xml": b"<x/>"})
    yield "book.epub", zipped({"mimetype": b"application/epub+zip"})
    yield "encrypted.docx", _encrypted(_word(paragraph))
    yield "lies.docx", _lying(_word(paragraph))
    yield "method.docx", _word(paragraph).replace(b"\x08\x00", b"\x63\x00")
    yield "cut.docx", make_docx()[:2_000]


def _part(body: bytes) -> bytes:
    return f'<w:document xmlns:w="{_W}"><w:body>'.encode() + body + b"</w:body></w:document>"


def _styled(style: bytes) -> bytes:
    return b'<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr><w:r><w:t>nine guards</w:t></w:r></w:p>' % style


def _loop() -> bytes:
    style = '<w:style w:styleId="a"><w:name w:val="x"/><w:basedOn w:val="a"/></w:style>'
    return f'<w:styles xmlns:w="{_W}">{style}</w:styles>'.encode()


def _encrypted(data: bytes) -> bytes:
    """A zip file whose entries say that they are encrypted."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = data.find(signature, at + 1)
    return bytes(changed)


def _lying(data: bytes) -> bytes:
    """A zip file whose directory says that its entries are four bytes long."""
    changed = bytearray(data)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 24 : at + 28] = struct.pack("<I", 4)
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(changed)


def _pdfs() -> Iterator[tuple[str, bytes]]:
    sound = make_pdf(_PAGES)
    yield "cut.pdf", sound[: len(sound) // 2]
    yield "head.pdf", b"%PDF-1.7\n"
    yield "late-head.pdf", b"\n" * 900 + sound
    yield "no-text.pdf", make_pdf([[], []])
    yield "half-text.pdf", make_pdf([_PAGES[0], []])
    yield "no-pages.pdf", make_pdf([])
    yield (
        "encrypted.pdf",
        sound.replace(
            b"/Root 1 0 R",
            b"/Root 1 0 R /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 "
            b"/P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >> /ID [<41><41>]",
        ),
    )
    yield "own-parent.pdf", sound.replace(b"/Kids [5 0 R", b"/Kids [2 0 R")
    yield "count.pdf", sound.replace(b"/Count 3", b"/Count 2000000000")
    yield "tiny.pdf", make_pdf([[(72.0, 700.0, 0.01, "nine guards"), (72.0, 690.0, 4000.0, "nine guards")]])
    yield "far.pdf", make_pdf([[(1e30, -1e30, 11.0, "nine guards"), (-1e9, 1e9, 11.0, "killed")]])
    yield "many-pages.pdf", make_pdf([[(72.0, 700.0, 11.0, f"page {page}")] for page in range(400)])
