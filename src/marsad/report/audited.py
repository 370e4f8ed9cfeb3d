"""The audit of a document as one page: the document with marks in place, and beside it the list of findings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate, groupby, pairwise

from jinja2 import Environment
from markupsafe import Markup, escape

import marsad
from marsad.claims.audit.verdict import Audit, Outcome, Verdict
from marsad.documents import Block, BlockKind, Document, PageSpan
from marsad.documents.scripts import direction
from marsad.model import Finding, Quote, Severity, joined, plain, plural, shortened, upper_first
from marsad.report.assets import asset, policy, template_environment

__all__ = ["render_audit"]

_DEEPEST = 6
_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_GROUPED = {
    BlockKind.ITEM: ("ul", "li"),
    BlockKind.CONTENTS: ("ul", "li"),
    BlockKind.NOTE: ("ul", "li"),
    BlockKind.ROW: ("table", "tr"),
}
_READ = (
    ("citations", "citation", "citations"),
    ("references", "reference", "references"),
    ("incidents", "report of an incident", "reports of incidents"),
    ("figures", "figure", "figures"),
)
_LONGEST = 280
"""A longer quotation is cut in the list; the text has all of it."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quote of a finding: ``number`` is the finding's place in the list, ``part`` the quote's in the finding."""

    start: int
    end: int
    number: int
    part: int
    finding: Finding

    @property
    def rank(self) -> int:
        return _RANK[self.finding.severity or Severity.NOTE]


def render_audit(document: Document, audit: Audit) -> str:
    """The page: self-contained, without a script and without a request to any host."""
    page = _Page(document, audit)
    return _environment().get_template("audit.html.j2").render(page=page, document=document, audit=audit)


@cache
def _environment() -> Environment:
    environment = template_environment()
    environment.filters |= {"shortened": partial(shortened, longest=_LONGEST), "upper_first": upper_first}
    return environment


class _Page:
    """A document and its audit, and what the template asks of them."""

    def __init__(self, document: Document, audit: Audit) -> None:
        self._document = document
        self.numbered: list[tuple[int, Finding]] = list(enumerate(audit.findings, start=1))
        self._audit = audit
        self._marks = sorted(
            (
                _Mark(*place, number, part, finding)
                for number, finding in self.numbered
                for part, quote in enumerate(finding.quotes, start=1)
                if (place := _shown(document, quote))
            ),
            key=lambda mark: (mark.start, mark.end, mark.number),
        )
        self._starts = [mark.start for mark in self._marks]
        self._reach = list(accumulate((mark.end for mark in self._marks), max))
        self._placed = {(mark.number, mark.part) for mark in self._marks}

    @property
    def style(self) -> Markup:
        """The style sheet."""
        return Markup(asset("base.css") + asset("audit.css"))  # noqa: S704 - our own files

    @property
    def policy(self) -> str:
        """The content security policy: no host and no script."""
        return policy()

    def tally(self) -> str:
        """How many findings there are of each severity: ``2 errors and 1 note``."""
        counts = Counter(finding.severity for _, finding in self.numbered)
        return joined([plural(counts[severity], severity.value) for severity in Severity if counts[severity]])

    def severities(self) -> list[tuple[Severity, list[tuple[int, Finding]]]]:
        """The numbered findings of each severity that has some, the gravest first."""
        found = [(severity, [pair for pair in self.numbered if pair[1].severity is severity]) for severity in Severity]
        return [(severity, pairs) for severity, pairs in found if pairs]

    def outcome(self, verdict: Verdict) -> str:
        """What became of a group of checks, in words."""
        if verdict.outcome is Outcome.FOUND:
            return plural(len(verdict.findings), "finding")
        return "nothing wrong found" if verdict.outcome is Outcome.OK else "not checked"

    def read(self) -> str:
        """What was read in the document."""
        counts = self._audit.counts
        return joined([plural(counts.get(name, 0), one, many) for name, one, many in _READ])

    def stands(self, number: int, part: int) -> bool:
        """Whether a quotation has a place on the page: what lies between two blocks has none."""
        return (number, part) in self._placed

    def where(self, quote: Quote) -> str:
        """Page and section of a quotation."""
        parts = [f"page {quote.page}" if quote.page else "", quote.section.rpartition(" > ")[2]]
        return ", ".join(part for part in parts if part)

    @property
    def version(self) -> str:
        """The version of the program."""
        return marsad.__version__

    def message(self, finding: Finding) -> str:
        """A finding in plain words."""
        return " ".join(plain(passage) for passage in finding.text)

    def text(self) -> Iterator[Markup]:
        """The document as HTML, block by block; what belongs to one list or table together."""
        for kind, blocks in groupby(self._document.blocks, key=lambda block: block.kind):
            outer, inner = _GROUPED.get(kind, ("", ""))
            if outer:
                yield Markup('<{} class="{}">').format(outer, kind.value)
            yield from (self._block(block, inner or _tag(block)) for block in blocks)
            if outer:
                yield Markup("</{}>").format(outer)

    def _block(self, block: Block, tag: str) -> Markup:
        text = self._document.text[block.start : block.end]
        way = direction(text)
        attributes = Markup() if way == self._document.direction else Markup(' dir="{}"').format(way)
        if block.kind in (BlockKind.TITLE, BlockKind.CAPTION):
            attributes += Markup(' class="{}"').format(block.kind.value)
        if block.kind is not BlockKind.ROW:
            return Markup("<{}{}>{}</{}>").format(tag, attributes, self._inner(block.start, block.end), tag)
        cells = Markup("</td><td>").join(self._inner(start, end) for start, end in _cells(block, text))
        return Markup("<{}{}><td>{}</td></{}>").format(tag, attributes, cells, tag)

    def _inner(self, start: int, end: int) -> Markup:
        """A stretch of text with its marks: cut wherever a mark or a page begins or ends."""
        # The first mark that reaches into the stretch, and the first that begins behind it.
        near = self._marks[bisect_right(self._reach, start) : bisect_left(self._starts, end)]
        marks = [mark for mark in near if mark.end > start]
        every = self._document.pages
        pages = every[bisect_left(every, start, key=_begin) : bisect_left(every, end, key=_begin)]
        cuts = {start, end, *(page.start for page in pages)}
        cuts |= {min(max(cut, start), end) for mark in marks for cut in (mark.start, mark.end)}
        points = sorted(cuts)
        out = Markup()
        for left, right in pairwise(points):
            out += Markup().join(_page_sign(page.number) for page in pages if page.start == left)
            out += Markup().join(_target(mark) for mark in marks if mark.start == left)
            over = [mark for mark in marks if mark.start <= left and mark.end >= right]
            piece = escape(self._document.text[left:right])
            out += _marked(piece, min(over, key=lambda mark: mark.rank)) if over else piece
            out += Markup().join(_reference(mark) for mark in marks if mark.end == right)
        return out


def _begin(page: PageSpan) -> int:
    return page.start


def _tag(block: Block) -> str:
    """Headings of the document stand below those of the page."""
    return f"h{min(block.level + 2, _DEEPEST)}" if block.kind is BlockKind.HEADING else "p"


def _shown(document: Document, quote: Quote) -> tuple[int, int] | None:
    """The part of a quotation that stands on the page, without the breaks between blocks and cells around it."""
    bare = quote.text.strip("\n\t")
    start = quote.start + quote.text.index(bare) if bare else quote.end
    end = start + len(bare)
    return (start, end) if start < end and document.text[start:end] == bare else None


def _cells(block: Block, text: str) -> Iterator[tuple[int, int]]:
    start = block.start
    for cell in text.split("\t"):
        yield start, start + len(cell)
        start += len(cell) + 1


def _page_sign(number: int) -> Markup:
    return Markup('<span class="page" id="page-{0}">page {0}</span> ').format(number)


def _target(mark: _Mark) -> Markup:
    return Markup('<span class="at" id="q{}-{}"></span>').format(mark.number, mark.part)


def _marked(piece: Markup, mark: _Mark) -> Markup:
    return Markup('<mark class="{}">{}</mark>').format((mark.finding.severity or Severity.NOTE).value, piece)


def _reference(mark: _Mark) -> Markup:
    severity = (mark.finding.severity or Severity.NOTE).value
    return Markup('<a class="ref {0}" href="#f{1}" aria-label="{0} {1}: {2}">{1}</a>').format(
        severity, mark.number, mark.finding.title
    )
