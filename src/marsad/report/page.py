"""The report as one page: a brief that stands alone, without a request to any host."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, partial

from jinja2 import Environment
from markupsafe import Markup

from marsad.documents.scripts import direction
from marsad.model import Chart, Column, Finding, Severity, Source, Table, date_text, joined, number_text, plural, word
from marsad.report.assets import asset, policy, template_environment
from marsad.report.charts import chart_key, draw
from marsad.report.content import ReportContent
from marsad.report.grounds import Ground, grounds, touching
from marsad.report.marks import EvidenceSet, Marks, runs
from marsad.report.places import Row, appendix, rows, sets
from marsad.report.prose import Prose, anchor
from marsad.report.references import Reference
from marsad.study.config import StudyFinding

__all__ = ["render"]

_LONG_TABLE = 14
"""A table with more rows is folded away on the screen."""
_PRINTED = 15
"""What is folded and has more rows is left out of print."""
_WIDE_TABLE = 7
"""A table with as many columns is set smaller."""


def render(content: ReportContent) -> str:
    """The page. The same content gives the same bytes; nothing in it comes from the clock, the host or chance."""
    return _environment().get_template("report.html.j2").render(page=_Page(content), content=content)


@cache
def _environment() -> Environment:
    environment = template_environment()
    environment.filters |= {"date": partial(date_text, short=True), "number": number_text, "word": word}
    environment.globals |= {"anchor": anchor, "direction": direction}
    return environment


class _Page:
    """The content, and what the template asks of it; marks and anchors are numbered as it goes along."""

    def __init__(self, content: ReportContent) -> None:
        self._content = content
        self._marks = Marks(content.statements)
        self.prose = Prose(content.bibliography, self._marks)
        self._uses: Counter[str] = Counter()
        self._grounds: dict[str, list[Ground]] = {}
        self.by_finding = {finding.id: finding for finding in content.findings}
        self.said_by = Counter(statement.source for statement in content.statements.values() if statement.source)
        self.is_english = content.config.language.split("-")[0].lower() == "en"

    @property
    def style(self) -> Markup:
        """The style sheet."""
        return Markup(asset("base.css") + asset("report.css"))  # noqa: S704 - our own file

    @property
    def script(self) -> Markup:
        """The script."""
        return Markup(asset("report.js"))  # noqa: S704 - our own file

    @property
    def policy(self) -> str:
        """The content security policy: no host, and no script but ours."""
        return policy("report.js")

    def own(self, text: str) -> Markup:
        """Attributes of an element with this text of the study, in a page whose own words are English.

        A text that runs against its language (an English one in an Urdu study) gets no language.
        """
        config = self._content.config
        runs = direction(Markup(text).striptags())  # noqa: S704 - only counted
        if runs != config.direction:
            return Markup(' dir="{}"').format(runs)
        return Markup() if self.is_english else Markup(' lang="{}" dir="{}"').format(config.language, runs)

    @property
    def sources(self) -> str:
        """How many sources there are, and how many of them are used: ``8 sources, 7 of them used``.

        A source is used where a statement is of it, or where an analysis rests on its data.
        """
        content, known = self._content, self._content.evidence.sources
        used = {key for statement in content.statements.values() for key in (statement.source, statement.via)}
        used |= {key for found in content.analyses.values() for finding in found for key in finding.sources}
        used &= known.keys()
        some = f", {len(used):,} of them used" if len(used) < len(known) else ""
        return plural(len(known), "source") + some

    def remark(self, reference: Reference) -> str:
        """What is odd about a reference; nothing is about the study's own document, which lists the others."""
        return "" if reference.key == self._content.config.document else reference.remark

    def unique(self, name: str) -> str:
        """An identifier for an element, with a number where the page has it already."""
        self._uses[name] += 1
        return name if self._uses[name] == 1 else f"{name}.{self._uses[name]}"

    def source(self, key: str) -> Source | None:
        """The source of a reference."""
        return self._content.evidence.sources.get(key)

    def contradictions(self, severity: Severity) -> list[Finding]:
        """The contradictions of one severity."""
        return [finding for finding in self._content.contradictions if finding.severity is severity]

    def severities(self) -> list[tuple[Severity, list[Finding]]]:
        """The contradictions of each severity, the gravest first."""
        return [(severity, self.contradictions(severity)) for severity in Severity]

    def origins(self) -> list[str]:
        """Where coordinates come from, each once: what stands before the first comma or bracket of a place's note."""
        notes = (place.note for place in self._content.evidence.places if place.lat is not None and place.note)
        return sorted({re.split(r",| \(", note)[0].strip() for note in notes})

    def grounds(self, finding: StudyFinding) -> list[Ground]:
        """What a finding rests on."""
        content = self._content
        if finding.id not in self._grounds:
            self._grounds[finding.id] = grounds(
                finding.rests_on, evidence=content.evidence, releases=content.releases, prose=self.prose
            )
        return self._grounds[finding.id]

    def touching(self, finding: StudyFinding) -> list[Finding]:
        """The contradictions in what a finding rests on."""
        return touching(self.grounds(finding), self._content.contradictions)

    def tally(self, contradictions: Iterable[Finding]) -> str:
        """How many there are of each severity: ``2 errors and 1 note``."""
        counts = Counter(finding.severity for finding in contradictions)
        return joined([plural(counts[severity], severity.value) for severity in Severity if counts[severity]])

    def reported(self, finding: Finding) -> list[Row]:
        """The statements of a contradiction as rows."""
        numbered = self._marks.numbered(finding.statements)
        return rows(numbered, evidence=self._content.evidence, prose=self.prose)

    def drawing(self, chart: Chart) -> Markup:
        """The SVG of a chart; its identifiers are made unique where it stands in the page a second time."""
        key = chart_key(chart)
        svg = self._content.drawings.get(key) or draw(chart)
        return Markup(svg.replace(key, self.unique(key)))  # noqa: S704 - made by draw, from an allowed list

    def charted(self, finding: Finding) -> list[tuple[Chart, Table | None]]:
        """Charts with the table behind each; a table stands behind the first of its charts only."""
        behind: set[int] = set()
        found: list[tuple[Chart, Table | None]] = []
        for chart in finding.charts:
            is_new = chart.table not in behind and 0 <= chart.table < len(finding.tables)
            found.append((chart, finding.tables[chart.table] if is_new else None))
            behind.add(chart.table)
        return found

    def other_tables(self, finding: Finding) -> list[Table]:
        """Tables that stand behind no chart."""
        behind = {chart.table for chart in finding.charts}
        return [table for number, table in enumerate(finding.tables) if number not in behind]

    def columns(self, table: Table) -> dict[int, Column]:
        """The columns that hold something, by their place; all of a table without rows."""
        return {
            number: column
            for number, column in enumerate(table.columns)
            if not table.rows or any(row[number].text or row[number].cites for row in table.rows)
        }

    def is_long(self, table: Table) -> bool:
        """Whether a table is folded away on the screen."""
        return len(table.rows) > _LONG_TABLE

    def is_printed(self, rows: int) -> bool:
        """Whether what is folded on the screen is opened in print."""
        return rows <= _PRINTED

    def is_wide(self, table: Table) -> bool:
        """Whether a table has many columns."""
        return len(self.columns(table)) + (self.named_by(table) is not None) >= _WIDE_TABLE

    def named_by(self, table: Table) -> int | None:
        """The column whose sources get a column of their own at the end; None where they stand where they are.

        It is the only one that names sources beside its text, and not the last.
        """
        shown = [number for number, column in self.columns(table).items() if not column.numeric]
        found = [number for number in shown if any(row[number].text and row[number].cites for row in table.rows)]
        return found[0] if len(found) == 1 and found[0] != max(self.columns(table)) else None

    def appendix(self) -> list[tuple[str, int, list[Row]]]:
        """The statements that marks have used so far; asked for last."""
        return appendix(self._marks, evidence=self._content.evidence, prose=self.prose)

    def sets(self) -> list[tuple[EvidenceSet, Markup]]:
        """The sets of statements behind numbers; asked for last."""
        return sets(self._marks.sets)

    def island(self) -> Markup:
        """The sets of statements as JSON for the script: number of the set -> runs of statements."""
        data: dict[int, Sequence[tuple[int, int]]] = {
            group.number: runs(group.statements) for group in self._marks.sets
        }
        text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
        return Markup(text)  # noqa: S704 - JSON of numbers, without "<"
