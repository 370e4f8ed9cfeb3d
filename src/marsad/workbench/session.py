"""A study at work: what is read from its folder and what follows from it, without writing anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shlex import quote

from marsad.analysis import Inputs, check_parameters, run_analysis
from marsad.claims import check_consistency
from marsad.errors import NotFoundError
from marsad.evidence import Store
from marsad.model import Evidence, Finding
from marsad.study import AnalysisRequest, Problem, Study, dictionary, load_study

__all__ = ["Call", "Workbench"]


@dataclass(frozen=True, slots=True)
class Call:
    """An analysis as a chapter of the study asks for it.

    Attributes:
        section: identifier of the section; empty for what stands above all sections.
        index: its place among the analyses of the section, from 0.
        name: name of the analysis.
        parameters: its parameters as written.
    """

    section: str
    index: int
    name: str
    parameters: dict[str, str | tuple[str, ...]]

    @property
    def step(self) -> str:
        """Name of its step in the build."""
        return f"{self.section}.{self.index}.{self.name}" if self.section else self.name


class Workbench:
    """The public Python API: one study, read when it is first asked for.

    Args:
        path: the study folder.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        if self.path.exists() and not self.path.is_dir():
            raise NotFoundError(f"{self.path} is a file; a study is a folder with a file study.yaml in it")
        if not self.path.exists():
            raise NotFoundError(
                f"there is no folder {self.path}; `marsad new {quote(str(self.path))}` begins a study there"
            )

    @property
    def build_folder(self) -> Path:
        """Where the build writes."""
        return self.path / "build"

    @cached_property
    def study(self) -> Study:
        """What the folder says; raises ``StudyError`` with all faults, those of the asked-for analyses included."""
        return load_study(self.path, check_analysis=_problems)

    @cached_property
    def evidence(self) -> Evidence:
        """All records of the study."""
        return Evidence.assemble(self.study.statements, self.study.sources)

    @cached_property
    def inputs(self) -> Inputs:
        """What the analyses look at."""
        study = self.study
        return Inputs(
            evidence=self.evidence,
            series=study.series,
            turning_points=study.config.turning_points,
            period=study.config.period,
            vocabularies=dictionary().vocabularies,
            data_versions={series.release.id: series.release.version for series in study.series},
        )

    @cached_property
    def contradictions(self) -> tuple[Finding, ...]:
        """What in the evidence cannot stand together, gravest first."""
        return check_consistency(self.evidence)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The analyses that the study's chapters ask for, in order."""
        return tuple(_calls(self.study))

    def run(self, name: str, parameters: Mapping[str, str | Sequence[str]] | None = None) -> Finding:
        """Run one analysis on the study; raises ``InputError`` for an unknown name or parameter."""
        return run_analysis(name, self.inputs, {} if parameters is None else parameters)

    @property
    def store(self) -> Store:
        """The statements of the last build, to ask; raises ``NotFoundError`` before the first."""
        return Store(self.build_folder / "evidence.duckdb")


def _calls(study: Study) -> Iterator[Call]:
    """The analyses that the chapters of a study ask for."""
    for chapter in study.config.chapters:
        for section in chapter.sections:
            for index, analysis in enumerate(section.analyses):
                yield Call(section.id, index, analysis.name, dict(analysis.parameters))


def _problems(request: AnalysisRequest, names: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """What is wrong with an analysis that the study asks for, in the words of the study folder."""
    for found in check_parameters(request.name, request.parameters, names):
        yield Problem(found.path, found.message, found.remedy)
