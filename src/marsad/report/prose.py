"""Texts, passages and cells as HTML: everything is escaped; only our own marks and links are added."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup, escape

from marsad.errors import ParseError
from marsad.model import Cell, Cite, Locator, Number, Passage, content_hash
from marsad.report.marks import Marks
from marsad.report.references import Bibliography
from marsad.study.prose import paragraphs

__all__ = ["Prose", "anchor"]

_ARABIC = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_CITES_BESIDE_TEXT, _CITES_ALONE = 2, 5
_FOLDED = Markup('<details class="cites"><summary>{} sources</summary>{}</details>')
_LINK = Markup('<a class="c" href="#{}">{}</a>')


def anchor(prefix: str, identifier: str) -> str:
    """An HTML identifier for one of the study's; the same for the same, and safe in a link."""
    return f"{prefix}-{identifier if _PLAIN_ID.fullmatch(identifier) else content_hash(identifier)}"


class Prose:
    """Turns what people and analyses wrote into HTML.

    Args:
        bibliography: for citations; a key that it lacks is printed as it is, without a link.
        marks: makes the marks behind numbers.
    """

    def __init__(self, bibliography: Bibliography, marks: Marks) -> None:
        self._bibliography = bibliography
        self._marks = marks

    def value(self, text: str) -> Markup:
        """A value; isolated where it has letters that run from right to left."""
        return Markup("<bdi>{}</bdi>").format(text) if _ARABIC.search(text) else escape(text)

    def cite(self, key: str, locator: str = "") -> Markup:
        """A citation without brackets, linked to the reference list, with its place in words."""
        place = f", {self.place(locator)}" if locator else ""
        if key not in self._bibliography.by_key:
            return escape(key + place)
        return _LINK.format(anchor("ref", key), self._bibliography.in_text(key)) + escape(place)

    def cites(self, keys: Iterable[str]) -> Markup:
        """Several citations without brackets, in the order of the reference list."""
        positions = {name: number for number, name in enumerate(self._bibliography.by_key)}
        ordered = sorted(dict.fromkeys(keys), key=lambda key: positions.get(key, len(positions)))
        return Markup("; ").join(self.cite(key) for key in ordered)

    def place(self, locator: str) -> str:
        """A locator for people: ``section 2.4, paragraph 3``; as it is where it is not in the grammar."""
        words = " ".join(locator.split())
        try:
            return Locator.parse(words).printed
        except ParseError:
            return words

    def paragraphs(self, text: str) -> list[Markup]:
        """A person's text as paragraphs, with its citations in APA."""
        return [self.passage(part) for part in paragraphs(text)]

    def line(self, text: str) -> Markup:
        """A person's text in one line, with its citations in APA."""
        return Markup(" ").join(self.paragraphs(text))

    def passage(self, passage: Passage) -> Markup:
        """A passage with a mark behind each number.

        Citations that follow one another share their brackets; a citation within brackets of the text gets none.
        """
        pieces: list[Markup] = []
        depth = 0
        for is_cite, parts in groupby(passage, key=lambda part: isinstance(part, Cite)):
            if is_cite:
                cites = [self.cite(part.cite, part.locator) for part in parts if isinstance(part, Cite)]
                pieces.append((Markup("{}") if depth > 0 else Markup("({})")).format(Markup("; ").join(cites)))
                continue
            for part in parts:
                if isinstance(part, str):
                    depth += part.count("(") - part.count(")")
                if not isinstance(part, Cite):
                    pieces.append(self._words(part))
        return Markup().join(pieces)

    def _words(self, part: str | Number) -> Markup:
        return escape(part) if isinstance(part, str) else self.marked(part.text, part.statements)

    def marked(self, text: str, statements: Iterable[str]) -> Markup:
        """A value with its mark."""
        return self.value(text) + self._marks.mark(text, statements)

    def cell(self, cell: Cell, *, numeric: bool = False) -> Markup:
        """A cell: its value with its mark, then the sources that it names; a numeric one leaves them to its mark."""
        value = self.marked(cell.text, cell.statements)
        if not cell.cites or (numeric and cell.text):
            return value
        sources = self.cites(cell.cites)
        if len(set(cell.cites)) > (_CITES_BESIDE_TEXT if cell.text else _CITES_ALONE):
            sources = _FOLDED.format(len(set(cell.cites)), sources)
            return value + sources
        return Markup("{} ({})").format(value, sources) if cell.text else sources + value
