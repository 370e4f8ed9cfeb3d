"""Reading a study folder in one pass that finds all its faults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marsad.errors import NotFoundError, StudyError
from marsad.model import Source
from marsad.study.bibliography import read_sources
from marsad.study.cells import CellChecker
from marsad.study.config import StudyConfig, StudyFinding, StudyOption
from marsad.study.dictionary import Table, dictionary
from marsad.study.faults import At, Faults
from marsad.study.files import READ_FILES, Folder
from marsad.study.nodes import YamlFile, read_yaml
from marsad.study.references import References
from marsad.study.rules import check_rules
from marsad.study.series import SERIES_FOLDER, SeriesReader
from marsad.study.statements import statements_of
from marsad.study.study import Study
from marsad.study.tables import TableRows, read_rows
from marsad.study.validation import validate
from marsad.study.writing import check_writing, ids_of

__all__ = ["DOCUMENTS_FOLDER", "load_study"]

DOCUMENTS_FOLDER = "documents"
"""The folder of the study in which texts stand that may be kept."""
_REQUIRED = {
    "study.yaml": "Write it; 'marsad new PATH' shows how",
    "sources.bib": "Write it; a study without sources has an empty one",
}


def load_study(path: Path | str) -> Study:
    """Read and check a whole study folder; nothing is written.

    Args:
        path: the folder.

    Raises:
        NotFoundError: there is no folder at that path.
        StudyError: the folder has faults; it carries all of them.
    """
    root = Path(path)
    if not root.is_dir():
        raise NotFoundError(f"there is no study folder at {root}")
    loader = _Loader(root)
    study = loader.load()
    if study is None or loader.faults.count:
        raise StudyError(loader.faults.faults)
    return study


class _Loader:
    """One reading of one folder: first all files by themselves, then what one says of another."""

    def __init__(self, root: Path) -> None:
        self.faults = Faults()
        self._folder = Folder(root, self.faults)
        self._dictionary = dictionary()
        self._references = References(self.faults)
        self._yaml: dict[str, YamlFile] = {}

    def load(self) -> Study | None:
        """The study; None only where there are faults."""
        tables = {name: self._table(table) for name, table in self._dictionary.tables.items()}
        sources = self._sources()
        config: StudyConfig | None = self._model("study.yaml", StudyConfig)
        findings: tuple[StudyFinding, ...] | None = self._model("findings.yaml", tuple[StudyFinding, ...], empty=())
        options: tuple[StudyOption, ...] | None = self._model("options.yaml", tuple[StudyOption, ...], empty=())
        series = SeriesReader(self._folder, self._dictionary, self.faults)
        series.read()
        documents = self._folder.documents(DOCUMENTS_FOLDER)
        self._folder.warn_of_strangers(self._known_names())
        self._define(tables, series)
        self._check(tables, series)
        if config is None or findings is None or options is None or self.faults.count:
            return None
        statements = statements_of(tables.values(), self.faults)
        return Study(
            config=config,
            statements=statements,
            sources=sources,
            findings=findings,
            options=options,
            series=tuple(series.series),
            documents=tuple(documents),
            files=dict(sorted(self._folder.files.items())),
            warnings=self.faults.warnings,
            marks={file.name: file.marks for file in [*self._yaml.values(), *series.files]},
        )

    def _known_names(self) -> tuple[str, ...]:
        tables = tuple(table.file for table in self._dictionary.tables.values())
        return (*tables, *READ_FILES, SERIES_FOLDER, DOCUMENTS_FOLDER)

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
        file = self._yaml.get("findings.yaml")
        is_unread = file is None and self._folder.has("findings.yaml")
        self._references.define("findings", None if is_unread else ids_of(file) if file else ())
        self._references.define("series", series.names)

    def _check(self, tables: Mapping[str, TableRows], series: SeriesReader) -> None:
        checker = CellChecker(self._dictionary, self._references, self.faults)
        for rows in tables.values():
            checker.check(rows)
        check_rules(tables, self.faults)
        series.check_words(self._references)
        for file in [*self._yaml.values(), *series.files]:
            check_writing(file, tables, self._references, self.faults)
