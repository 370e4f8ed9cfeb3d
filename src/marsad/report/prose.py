"""Texts, passages and cells as HTML: everything is escaped; only our own marks and links are added."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup, escape

from marsad.documents.scripts import direction, runs_right_to_left
from marsad.documents.sentences import split_sentences
from marsad.errors import ParseError
from marsad.model import Cell, Cite, Locator, Number, Passage, content_hash, plain
from marsad.report.marks import Marks
from marsad.report.references import Bibliography
from marsad.report.scripts import isolated
from marsad.study.prose import paragraphs

__all__ = ["Prose", "anchor"]

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_CITES_BESIDE_TEXT, _CITES_ALONE = 2, 3
_BESIDE = Markup('{} <span class="by">({})</span>')
_FOLDED = Markup('<details class="cites short"><summary>{} sources</summary>{}</details>')
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
        return Markup("<bdi>{}</bdi>").format(text) if runs_right_to_left(text) else escape(text)

    def cite(self, key: str, locator: str = "") -> Markup:
        """A citation without brackets, linked to the reference list, with its place in words."""
        place = f", {self.place(locator)}" if locator else ""
        if key not in self._bibliography.by_key:
            return escape(key + place)
        return _LINK.format(anchor("ref", key), isolated(self._bibliography.in_text(key))) + escape(place)

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
        return [self._own(part) for part in paragraphs(text)]

    def opening(self, text: str) -> Markup:
        """The first sentence of a person's text."""
        found = paragraphs(text)
        return self._own(_opening(found[0])) if found else Markup()

    def _own(self, passage: Passage) -> Markup:
        return self.passage(passage, isolate=direction(plain(passage)) == "ltr")

    def line(self, text: str) -> Markup:
        """A person's text in one line, with its citations in APA."""
        return Markup(" ").join(self.paragraphs(text))

    def passage(self, passage: Passage, *, isolate: bool = True) -> Markup:
        """A passage with a mark behind each number.

        Citations that follow one another share their brackets; a citation within brackets of the text gets none.
        Words from right to left are isolated, unless the passage itself runs so.
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
                    pieces.append(self._words(part, isolate=isolate))
        return Markup().join(pieces)

    def _words(self, part: str | Number, *, isolate: bool) -> Markup:
        if isinstance(part, Number):
            return self.marked(part.text, part.statements)
        return isolated(part) if isolate else escape(part)

    def marked(self, text: str, statements: Iterable[str]) -> Markup:
        """A value with its mark."""
        return self.value(text) + self._marks.mark(text, statements)

    def cell(self, cell: Cell, *, numeric: bool = False) -> Markup:
        """A cell: its value with its mark, then the sources that it names; a numeric one leaves them to its mark."""
        value = self.marked(cell.text, cell.statements)
        if not cell.cites or (numeric and cell.text):
            return value
        if not cell.text:
            return self.folded(cell.cites) + value
        if len(set(cell.cites)) > _CITES_BESIDE_TEXT:
            return value + _FOLDED.format(len(set(cell.cites)), self.cites(cell.cites))
        return _BESIDE.format(value, self.cites(cell.cites))

    def folded(self, keys: Iterable[str]) -> Markup:
        """The sources of a cell or row; many of them folded away."""
        listed = set(keys)
        sources = self.cites(listed)
        return _FOLDED.format(len(listed), sources) if len(listed) > _CITES_ALONE else sources


def _opening(passage: Passage) -> Passage:
    """A passage up to the end of its first sentence."""
    kept: list[str | Number | Cite] = []
    for part in passage:
        end = _sentence_end(part) if isinstance(part, str) else None
        if isinstance(part, str) and end is not None:
            return (*kept, part[:end])
        kept.append(part)
    return tuple(kept)


def _sentence_end(text: str) -> int | None:
    """Where the first sentence ends within a text; None where it does not."""
    sentences = split_sentences(text)
    return sentences[0][1] if len(sentences) > 1 else None
