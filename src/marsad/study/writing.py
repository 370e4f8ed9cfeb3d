"""Checks of what a person wrote in YAML against the rest of the study: ids, citation keys, citations in texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from marsad.errors import ParseError
from marsad.study.cells import is_id
from marsad.study.config import Grounds, StudyConfig, StudyFinding, StudyOption
from marsad.study.faults import Faults
from marsad.study.nodes import YamlFile, YamlPath
from marsad.study.prose import citations
from marsad.study.references import References
from marsad.study.tables import TableRows

__all__ = ["WritingChecker"]


class WritingChecker:
    """Notes a fault wherever a text or a list names what is not there."""

    def __init__(self, tables: Mapping[str, TableRows], references: References, faults: Faults) -> None:
        self._tables = tables
        self._references = references
        self._faults = faults

    def citations(self, file: YamlFile) -> None:
        """Check each citation of each text of a file."""
        for path, text in file.texts():
            for written, cite in citations(text):
                at = file.at_words(path, written)
                if isinstance(cite, ParseError):
                    self._faults.add(at, str(cite), "Cite as [@key] or [@key, sec 3]")
                else:
                    self._references.check(("sources",), cite.cite, at)

    def config(self, config: StudyConfig, file: YamlFile) -> None:
        """Check study.yaml."""
        if config.document:
            self._references.check(("sources",), config.document, file.at(("document",)))
        self._names(("places",), config.area, file, ("area",))
        self._unique([(("turning_points", at), point.id) for at, point in enumerate(config.turning_points)], file)
        for at, point in enumerate(config.turning_points):
            path: YamlPath = ("turning_points", at)
            if not is_id(point.id):
                remedy = "Use lower-case letters, digits and hyphens"
                self._faults.add(file.at((*path, "id")), f"{point.id!r} is no identifier", remedy)
            if point.subject:
                self._references.check(("events", "actions"), point.subject, file.at((*path, "subject")))
        places: list[tuple[YamlPath, str]] = []
        for at, chapter in enumerate(config.chapters):
            path = ("chapters", at)
            places.append((path, chapter.id))
            self._names(("findings",), chapter.findings, file, (*path, "findings"))
            for nth, section in enumerate(chapter.sections):
                places.append(((*path, "sections", nth), section.id))
                self._names(("findings",), section.findings, file, (*path, "sections", nth, "findings"))
        self._unique(places, file)

    def findings(self, findings: tuple[StudyFinding, ...], file: YamlFile) -> None:
        """Check findings.yaml."""
        self._unique([((at,), finding.id) for at, finding in enumerate(findings)], file)
        for at, finding in enumerate(findings):
            if finding.source:
                self._references.check(("sources",), finding.source, file.at((at, "source")))
            self._grounds(finding.rests_on, file, (at, "rests_on"))

    def options(self, options: tuple[StudyOption, ...], file: YamlFile) -> None:
        """Check options.yaml."""
        self._unique([((at,), option.id) for at, option in enumerate(options)], file)
        for at, option in enumerate(options):
            self._references.check(("actors",), option.actor, file.at((at, "actor")))
            self._names(("findings",), option.addresses, file, (at, "addresses"))
            if option.source:
                self._references.check(("sources",), option.source, file.at((at, "source")))

    def _grounds(self, grounds: Grounds, file: YamlFile, path: YamlPath) -> None:
        for group, names in (
            ("events", grounds.events),
            ("actions", grounds.actions),
            ("figures", grounds.figures),
            ("series", grounds.series),
        ):
            self._names((group,), names, file, (*path, group))
        ties = [(tie.a, tie.b, tie.kind) for tie in grounds.relations]
        self._rows("relations", ("a", "b", "kind"), ties, file, path)
        properties = [(found.actor, found.dimension) for found in grounds.attributes]
        self._rows("attributes", ("actor", "dimension"), properties, file, path)

    def _rows(
        self,
        table: str,
        columns: tuple[str, ...],
        wanted: Sequence[tuple[str, ...]],
        file: YamlFile,
        path: YamlPath,
    ) -> None:
        """Check that some row of a table has each of the wanted combinations of values."""
        rows = self._tables[table]
        if not rows.is_complete:
            return
        known = {tuple(row.cells[column].text for column in columns) for row in rows.rows}
        for at, values in enumerate(wanted):
            if values in known:
                continue
            alike = sorted(row[-1] for row in known if row[:-1] == values[:-1])
            remedy = f"With {', '.join(values[:-1])} there are: {', '.join(alike)}" if alike else "Add the row"
            message = f"no row of {rows.table.file} has {', '.join(columns)} = {', '.join(values)}"
            self._faults.add(file.at((*path, table, at)), message, remedy)

    def _names(self, groups: tuple[str, ...], names: Iterable[str], file: YamlFile, path: YamlPath) -> None:
        for at, name in enumerate(names):
            self._references.check(groups, name, file.at((*path, at)))

    def _unique(self, named: list[tuple[YamlPath, str]], file: YamlFile) -> None:
        first: dict[str, int] = {}
        for path, name in named:
            at = file.at((*path, "id"))
            if first.setdefault(name, at.line) != at.line:
                self._faults.add(
                    at, f"the id {name!r} stands here a second time; first in line {first[name]}", "Give it another id"
                )
