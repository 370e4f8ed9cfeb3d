"""Reading a study folder in one pass that finds all its faults."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from marsad.errors import NotFoundError, StudyError
from marsad.model import Source
from marsad.study.bibliography import read_sources
from marsad.study.cells import CellChecker
from marsad.study.config import StudyConfig, StudyFinding, StudyOption
from marsad.study.dictionary import Table, dictionary
from marsad.study.faults import At, Faults, shown
from marsad.study.files import READ_FILES, Folder
from marsad.study.nodes import YamlFile, read_yaml
from marsad.study.references import References
from marsad.study.releases import DATA_FILE, LOCK_FILE, RELEASE_MEASURES, RELEASES_FOLDER, DataConfig, DataLock
from marsad.study.requests import CheckAnalysis, check_requests
from marsad.study.rules import check_rules
from marsad.study.series import SERIES_FOLDER, SeriesReader
from marsad.study.statements import statements_of
from marsad.study.study import Study
from marsad.study.tables import TableRows, read_rows
from marsad.study.validation import validate
from marsad.study.writing import check_writing, ids_in

__all__ = ["DOCUMENTS_FOLDER", "load_study"]

DOCUMENTS_FOLDER = "documents"
"""The folder of the study in which texts stand that may be kept."""
_DOMAINS = ("actors", "places", "sources", "series", "turning_points", "events", "actions", "figures")
_REQUIRED = {
    "study.yaml": "Write it; 'marsad new PATH' shows how",
    "sources.bib": "Write it; a study without sources has an empty one",
}


def load_study(path: Path | str, *, check_analysis: CheckAnalysis | None = None) -> Study:
    """Read and check a whole study folder; nothing is written.

    Args:
        path: the folder.
        check_analysis: tells the problems of each analysis that study.yaml asks for; None: they are not looked at.

    Raises:
        NotFoundError: there is no folder at that path.
        StudyError: the folder has faults; it carries all of them.
    """
    root = Path(path)
    if not root.is_dir():
        raise NotFoundError(f"there is no study folder at {root}")
    loader = _Loader(root, check_analysis)
    study = loader.load()
    if study is None or loader.faults.count:
        raise StudyError(loader.faults.faults)
    return study


class _Loader:
    """One reading of one folder: first all files by themselves, then what one says of another."""

    def __init__(self, root: Path, check_analysis: CheckAnalysis | None) -> None:
        self.faults = Faults()
        self._check_analysis = check_analysis
        self._dictionary = dictionary()
        self._folder = Folder(root, self._known_names(), self.faults)
        self._references = References(self.faults)
        self._yaml: dict[str, YamlFile] = {}

    def load(self) -> Study | None:
        """The study; None only where there are faults."""
        tables = {name: self._table(table) for name, table in self._dictionary.tables.items()}
        sources = self._sources()
        config: StudyConfig | None = self._model("study.yaml", StudyConfig)
        findings: tuple[StudyFinding, ...] | None = self._model("findings.yaml", tuple[StudyFinding, ...], empty=())
        options: tuple[StudyOption, ...] | None = self._model("options.yaml", tuple[StudyOption, ...], empty=())
        data: DataConfig | None = self._model(DATA_FILE, DataConfig, empty=DataConfig())
        lock: DataLock | None = self._model(LOCK_FILE, DataLock, empty=DataLock())
        series = SeriesReader(self._folder, self._dictionary, self.faults)
        series.read()
        self._folder.documents(RELEASES_FOLDER)
        documents = self._folder.documents(DOCUMENTS_FOLDER)
        self._folder.report_strangers()
        self._define(tables, series)
        self._check(tables, series)
        self._check_data(data, lock)
        if None in (config, findings, options, data, lock) or self.faults.count:
            return None
        statements = statements_of(tables.values(), self.faults)
        return Study(
            config=config,
            statements=statements,
            sources=sources,
            findings=findings,
            options=options,
            series=tuple(series.series),
            data=data,
            lock=lock,
            documents=tuple(documents),
            files=dict(sorted(self._folder.files.items())),
            warnings=self.faults.warnings,
            marks={file.name: file.marks for file in [*self._yaml.values(), *series.files]},
        )

    def _known_names(self) -> tuple[str, ...]:
        tables = tuple(table.file for table in self._dictionary.tables.values())
        return (*tables, *READ_FILES, SERIES_FOLDER, RELEASES_FOLDER, DOCUMENTS_FOLDER)

    def _table(self, table: Table) -> TableRows:
        columns = frozenset(table.columns)
        if not self._folder.has(table.file):
            return TableRows(table, [], columns)
        text = self._folder.text(table.file)
        return TableRows(table, [], frozenset()) if text is None else read_rows(table, text, self.faults)

    def _sources(self) -> dict[str, Source]:
        name = "sources.bib"
        text = self._text(name)
        if text is None:
            self._references.define("sources", None)
            return {}
        sources, keys = read_sources(name, text, self.faults)
        self._references.define("sources", keys)
        return sources

    def _text(self, name: str) -> str | None:
        """A file that is no table; a fault where it is required and missing."""
        if self._folder.has(name):
            return self._folder.text(name)
        if name in _REQUIRED:
            self.faults.add(At(name), "the file is missing", _REQUIRED[name])
        return None

    def _model(self, name: str, target: Any, *, empty: Any = None) -> Any:
        """A YAML file as a model; ``empty`` where the file is missing or says nothing; None where it is faulty."""
        text = self._text(name)
        if text is None:
            return None if self._folder.has(name) else empty
        file = read_yaml(name, text, self.faults)
        if file is None:
            return None
        self._yaml[name] = file
        if file.value is None and empty is not None:
            self.faults.warn(At(name), "the file says nothing", "Fill it, or take it away")
            return empty
        return validate(target, file, self.faults)

    def _define(self, tables: Mapping[str, TableRows], series: SeriesReader) -> None:
        for name, rows in tables.items():
            self._references.define(name, rows.names(rows.table.subject))
        self._references.define("findings", self._ids("findings.yaml"))
        self._references.define("series", self._series_names(series.names))
        config = self._yaml.get("study.yaml")
        points = config.value.get("turning_points", []) if config and isinstance(config.value, dict) else None
        self._references.define("turning_points", ids_in(points))

    def _series_names(self, names: frozenset[str] | None) -> frozenset[str] | None:
        """The series of the sidecars, and those that the releases of events give: ``release:area:measure``."""
        releases = self._listed(DATA_FILE, "releases")
        areas = self._listed("study.yaml", "area")
        if names is None:
            return None
        ids = [item.get("id") for item in releases if isinstance(item, dict)]
        return names | {
            f"{name}:{area}:{measure}"
            for name in ids
            for area in areas
            for measure in RELEASE_MEASURES
            if isinstance(name, str) and isinstance(area, str)
        }

    def _listed(self, file: str, key: str) -> list[Any]:
        """What a YAML file lists under a key; empty where it lists nothing."""
        found = self._yaml.get(file)
        value = found.value.get(key) if found and isinstance(found.value, dict) else None
        return value if isinstance(value, list) else []

    def _check_data(self, data: DataConfig | None, lock: DataLock | None) -> None:
        """What data.yaml and data.lock say of files and of each other."""
        for index, release in enumerate(data.releases if data else ()):
            for key in ("file", "mapping"):
                name = getattr(release, key)
                if name and f"{RELEASES_FOLDER}/{name}" not in self._folder.files:
                    at = self._yaml[DATA_FILE].at(("releases", index, key))
                    message = f"there is no file {shown(f'{RELEASES_FOLDER}/{name}')}"
                    self.faults.add(at, message, f"Put it into {RELEASES_FOLDER}/, or name another")
            if release.file and not release.retrieved_at:
                at = self._yaml[DATA_FILE].at(("releases", index, "retrieved_at"))
                message = "the day on which the file was got is missing"
                self.faults.add(at, message, "Write `retrieved_at: 2026-11-22`, or whichever day it was")
            if release.file and release.query:
                at = self._yaml[DATA_FILE].at(("releases", index, "query"))
                message = "the release has a file and is to be fetched too: not both"
                self.faults.add(at, message, "Leave out `file`, or `query`")
        known = {release.id for release in data.releases} if data else set()
        for index, pin in enumerate(lock.pins if lock and data else ()):
            if pin.id not in known:
                at = self._yaml[LOCK_FILE].at(("pins", index, "id"))
                self.faults.warn(at, f"{DATA_FILE} names no release {shown(pin.id)}", "Run `marsad fetch` again")

    def _ids(self, name: str) -> frozenset[str] | None:
        """The ids of the items of a YAML file that is a list; none of a file that is missing or says nothing."""
        file = self._yaml.get(name)
        if file is None:
            return None if self._folder.has(name) else frozenset()
        return frozenset() if file.value is None else ids_in(file.value)

    def _check(self, tables: Mapping[str, TableRows], series: SeriesReader) -> None:
        checker = CellChecker(self._dictionary, self._references, self.faults)
        for rows in tables.values():
            checker.check(rows)
        check_rules(tables, self.faults)
        series.check_words(self._references)
        if self._check_analysis is not None and (config := self._yaml.get("study.yaml")):
            check_requests(config, self._domains(), self._check_analysis, self.faults)
        for file in [*self._yaml.values(), *series.files]:
            check_writing(file, tables, self._references, self.faults)

    def _domains(self) -> dict[str, Collection[str]]:
        """The names that an analysis may be asked for, by domain; without those of files that could not be read."""
        named = {domain: names for domain in _DOMAINS if (names := self._references.known(domain)) is not None}
        return {**self._dictionary.vocabularies, **named}
