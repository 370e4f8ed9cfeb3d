"""A study folder that was read and has no fault."""

from __future__ import annotations

from pydantic import Field

from marsad.errors import Fault
from marsad.model import Series, Source, Statement
from marsad.model.statement import Frozen
from marsad.study.config import StudyConfig, StudyFinding, StudyOption
from marsad.study.nodes import YamlPath, path_name
from marsad.study.releases import DataConfig, DataLock

__all__ = ["Study"]


class Study(Frozen):
    """All that a study folder says.

    Attributes:
        config: study.yaml.
        statements: of all tables, in the order of the dictionary, of the rows and of the columns.
        sources: sources.bib by citation key, in order of the file.
        findings: findings.yaml, in order of the file.
        options: options.yaml, in order of the file.
        series: in order of their file names.
        data: data.yaml: the releases that it uses.
        lock: data.lock: which files they are.
        documents: relative paths of what lies in documents/, in order of names.
        files: relative path -> SHA-256 of every file that was read, in order of names.
        warnings: what is odd and does not stop the study, in order of file and line.
        marks: for each YAML file, path of keys and indices -> 1-based line and column.
    """

    config: StudyConfig
    statements: tuple[Statement, ...]
    sources: dict[str, Source]
    findings: tuple[StudyFinding, ...] = ()
    options: tuple[StudyOption, ...] = ()
    series: tuple[Series, ...] = ()
    data: DataConfig = DataConfig()
    lock: DataLock = DataLock()
    documents: tuple[str, ...] = ()
    files: dict[str, str]
    warnings: tuple[Fault, ...] = ()
    marks: dict[str, dict[YamlPath, tuple[int, int]]] = Field(default={}, exclude=True, repr=False)

    def locate(self, file: str, path: YamlPath) -> tuple[int, int]:
        """1-based line and column of a node of a YAML file; of the nearest node around it where there is none.

        Args:
            file: path relative to the study folder, such as ``study.yaml``.
            path: keys and indices, such as ``("chapters", 0, "sections", 1, "analyses", 0, "name")``.

        Returns:
            ``(0, 0)`` where the study has no such YAML file.
        """
        marks = self.marks.get(file, {})
        while path and path not in marks:
            path = path[:-1]
        return marks.get(path, (0, 0))

    def fault(self, file: str, path: YamlPath, message: str, remedy: str) -> Fault:
        """A fault at a node of a YAML file, for what only a later step can check; arguments as in ``locate``."""
        line, column = self.locate(file, path)
        return Fault(file, line, column, path_name(path), message, remedy)
