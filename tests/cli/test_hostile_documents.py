"""`marsad audit` and `marsad extract` on hostile and dull files: done or refused with a reason, in bounded time."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import re
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

import marsad.claims.audit.core
import marsad.workbench.auditing
from marsad.cli.main import main
from marsad.documents import opening

SECONDS = 20.0
SMALL = 8_000


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), data)
    return file.getvalue()


FILES: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\xef\xbb\xbf\n",
    "zeros.txt": bytes(5_000),
    "rubbish.bin": random.Random(1).randbytes(SMALL),
    "surrogates.txt": b"nine \xed\xa0\x80 guards \xed\xb0\x80 were killed in Gao on 3 March 2022",
    "halves.txt": "nine guards were killed".encode("utf-16")[:-1],
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "rich.docx": rb"{\rtf1\ansi nine guards}",
    "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "head.pdf": b"%PDF-1.7\n",
    "cut.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
    "cut.docx": _zip(word__document_xml=b"<w:document/>")[:60],
    "no-words.docx": _zip(word__document_xml=b"<w:document/>"),
    "bomb.docx": _zip(word__document_xml=b" " * 5_000_000),
    "entity.docx": _zip(word__document_xml=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    "other.docx": _zip(a_txt=b"nine guards"),
    "script.html": b"<html><script>let x = 1</script></html>",
    "deep.html": b"<div>" * 3_000 + b"nine guards",
    "outside.html": b'<html><iframe src="file:///etc/passwd"></iframe><p>nine guards were killed in Gao</p>',
    "brackets.md": b"[" * SMALL,
    "images.md": b"![](" * (SMALL // 4),
    "quotes.md": b"> - " * (SMALL // 4) + b"x",
}  # fmt: skip


def _repeated(text: str) -> str:
    return text * (SMALL // len(text))


def _numbered(form: str) -> str:
    """A text in which ``{n}``, ``{name}`` and ``{year}`` run through numbers, names and years."""
    rng = random.Random(3)
    pieces, size = [], 0
    for number in itertools.count():
        name = "".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(3)).capitalize()
        pieces.append(form.format(n=number, name=name, year=1950 + number % 74))
        size += len(pieces[-1])
        if size > SMALL:
            return "".join(pieces)
    raise AssertionError


LISTED = "\n\nReferences\n\nMora, A. (2021). The river. Delta Press.\n"
INCIDENT = "On 3 March 2022, gunmen killed 12 civilians and injured 30 others in Gao, Mali. "
SHAPES: dict[str, str] = {
    "one-incident-in-one-line": _repeated(INCIDENT),
    "one-incident-in-paragraphs": _repeated(f"{INCIDENT}\n\n"),
    "incidents": _numbered("On 3 March {year}, gunmen killed {n} civilians in {name}, Mali.\n\n"),
    "citations-in-one-line": _repeated("It is so (Mora, 2021). ") + LISTED,
    "citations-apart": _numbered("It is so ({name}, {year}).\n\n") + LISTED,
    "one-bracket-of-citations": "(" + _numbered("{name}, {year}; ") + ")" + LISTED,
    "entries": "As told (Mora, 2021).\n\nReferences\n\n" + _numbered("{name}, A. ({year}). The {name}. Press.\n\n"),
    "one-entry": "As told (Mora, 2021).\n\nReferences\n\n" + _repeated("Mora, A. (2021). The river. Press.\n\n"),
    "numbers-in-brackets": _numbered("So it is [{n}]. ") + "\n\nReferences\n\n" + _numbered("[{n}] {name}, 2020.\n\n"),
    "headings": _numbered("{n}.{n} The {name} matter\n\nSome words stand here, on 3 May 2020.\n\n"),
    "contents": "CONTENTS\n\n" + _numbered("{n}. The {name} ..... {n}\n"),
    "captions": _numbered("Table {n}: The {name}\n\n"),
    "rows": _numbered("{name}\t{n}\t{year}\n"),
    "unbroken": "x" * SMALL,
    "digits": "7" * SMALL,
    "numbers-with-commas": _repeated("123,456,"),
    "brackets-that-open": "(" * SMALL,
    "brackets-with-words": _repeated("(a "),
    "pairs-of-brackets": _repeated("()[]{}"),
    "quotation-marks": _repeated("“"),
    "apostrophes": "'" * SMALL,
    "commas": "," * SMALL,
    "stops": _repeated(". "),
    "dashes": _repeated("—"),
    "capitals": "A" * SMALL,
    "words-in-capitals": _repeated("ABC DE "),
    "names": _numbered("{name} "),
    "names-nearly-alike": _numbered("The town of Tobaruki{name} and of Tobarukki{name} lies there.\n\n"),
    "acronyms": _numbered("The {name} Union Front (UF{n}) met in town. UF{n} left.\n\n"),
    "hyphens": _numbered("{name}-well {name}well "),
    "from-right-to-left": _repeated("حملہ آوروں نے 12 افراد کو ہلاک کیا۔\n\n"),
    "invisible": _repeated("a\u200b\u200d\ufeff\u202eb "),
    "combining": _repeated("e\u0301\u0327"),
    "emoji": _repeated("😀"),
    "line-ends": _repeated("The boat came.\r\n\r\rIt left.\n\r\n"),
    "lines": "\n" * SMALL + "x",
    "tabs": _repeated("b\t"),
    "dates": _numbered("3 March {year}, "),
    "years": _numbered("{year} "),
    "times-ago": _repeated("two months ago, last year, in the first quarter of 2024, "),
    "firsts": _numbered("The first attack of {year} was the deadliest since {year}. "),
    "lives": _numbered("{name} (born {year}) died in {year} and was elected in {year}. "),
    "sums": _numbered("{n} men, {n} women and {n} children, "),
    "and-numbers": _numbered("and {n} "),
    "numbers-in-words": _repeated("twenty one hundred thousand and "),
    "shares": _numbered("{n}% of the {n} attacks rose from {n} to {n}; "),
    "figures-of-one-year": _numbered("In 2022, {n} people were killed in terrorist attacks in Mali. "),
    "deaths": _repeated("killed "),
    "accusations": _repeated("Mali accused Niger of the attack that killed and "),
    "groups": _repeated("Boko Haram, ISWAP, JNIM, Al-Shabaab, "),
    "one-word": _repeated("the "),
    "pointers": _repeated("see Chapter 3 and Table 4, Figure 5. "),
    "address": "https://a.example/" + "a/" * (SMALL // 2),
}  # fmt: skip


def _run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    begun = time.process_time()
    code = main(arguments)
    assert time.process_time() - begun < SECONDS, arguments
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize("name", [*FILES, *(f"{name}.txt" for name in SHAPES)])
def test_a_file_is_read_or_refused_with_a_reason(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name] if name in FILES else SHAPES[name.removesuffix(".txt")].encode())
    for command in ("audit", "extract"):
        code, out, err = _run([command, str(path), "--format", "json"], capsys)
        assert "Traceback" not in err
        if code == 0:
            read = json.loads(out)
            assert {"findings", "checks"} <= read.keys() if command == "audit" else "proposals" in read
        else:
            assert code == 2
            assert out == ""
            message = " ".join(err.split())
            assert name in message.replace(" ", "")
            assert re.search(r"[.:] \S+", message.partition(name)[2])


GROWING = ("citations-in-one-line", "times-ago", "figures-of-one-year", "accusations", "headings", "names-nearly-alike")


@pytest.mark.parametrize("name", GROWING)
def test_four_times_the_text_takes_about_four_times_as_long(name: str) -> None:
    def seconds(text: str) -> float:
        document = marsad.documents.read_text(text)
        begun = time.process_time()
        marsad.claims.audit.core.audit_document(document)
        return time.process_time() - begun

    seconds("On 3 March 2022 a bomb killed 3 people in Gao (Mora, 2021).")  # the word lists are read once
    once, four = seconds(SHAPES[name]), seconds(SHAPES[name] * 4)
    assert four < 9 * once + 0.5


def test_of_a_very_long_text_the_opening_is_looked_at_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = partial(opening, most=400)
    monkeypatch.setattr(marsad.workbench.auditing, "opening", short)
    monkeypatch.setattr(marsad.claims.audit.core, "opening", short)
    path = tmp_path / "long.txt"
    path.write_text("\n\n".join(f"{INCIDENT}It was day {number}." for number in range(20)) + LISTED, encoding="utf-8")
    _, out, _ = _run(["audit", str(path), "--json"], capsys)
    found = json.loads(out)
    assert found["document"]["characters_looked_at"] < 400 < found["document"]["characters"]
    assert "were looked at" in found["document"]["notices"][-1]
    outcomes = {check["check"]: check for check in found["checks"]}
    assert "Only the first" in outcomes["Events and figures"]["text"]
    for name in ("Citations", "Names and abbreviations"):
        assert outcomes[name]["outcome"] == "unchecked"
    assert "the whole text" in outcomes["Citations"]["text"]
    for form in ("text", "html"):
        assert "were looked at" in " ".join(_run(["audit", str(path), "--format", form], capsys)[1].split())


def test_control_characters_never_reach_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\x1b[2J\x9b31m\u202egpj.txt"
    path.write_text(
        f"The \x1b[31mreport\x9b \u202edrawkcab\n\n{INCIDENT}\n\nOn 4 March 2022, 13 died.", encoding="utf-8"
    )
    missing = tmp_path / "\x1b]0;owned\x07none.txt"
    for arguments in (["audit", str(path)], ["audit", str(path), "--format", "html"], ["audit", str(path), "--json"],
                      ["extract", str(path)], ["extract", str(path), "--format", "csv"], ["audit", str(missing)],
                      ["audit", str(path), "-o", str(tmp_path / "o\x1b[2J.txt")], ["search", "gunmen", str(path)],
                      ["search", "gunmen", str(path), "--json"], ["search", "\x1b[2J", str(path)],
                      ["audit", str(path), "--written", "\x1b[2J"]):  # fmt: skip
        _, out, err = _run(arguments, capsys)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out + err), arguments
    written = (tmp_path / "o\x1b[2J.txt").read_text(encoding="utf-8")
    assert "\x1b" not in written


def test_markup_in_a_text_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "<img src=x onerror=alert(1)>[red].txt"
    path.write_text(
        f"<script>alert(1)</script> [bold]x[/bold] [/] (\"Mora', 2021).\n\n{INCIDENT}{LISTED}", encoding="utf-8"
    )
    _, page, _ = _run(["audit", str(path), "--format", "html"], capsys)
    assert "<img" not in page
    assert "<script" not in page
    code, out, _ = _run(["audit", str(path)], capsys)
    assert code == 0
    assert "[red].txt" in out or "[bold]x[/bold]" in out


def test_a_table_holds_no_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.txt"
    lines = [f"{sign}cmd|' /C calc'!A0 on 3 March 2022 a bomb in Gao, Mali killed 12 people." for sign in "=+-@"]
    path.write_text("\n\n".join(["A report", *lines]), encoding="utf-8")
    _, out, _ = _run(["extract", str(path), "--format", "csv"], capsys)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows
    cells = [cell for row in rows for cell in row.values() if cell]
    assert not [cell for cell in cells if cell[0] in "=+@\t\r" or (cell[0] == "-" and not cell[1:].isdigit())]
