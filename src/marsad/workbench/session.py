"""A study at work: what is read from its folder and what follows from it, without writing anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shlex import quote

from marsad.analysis import Inputs, check_parameters, run_analysis
from marsad.claims import check_consistency
from marsad.errors import Fault, NotFoundError, StudyError
from marsad.evidence import Store
from marsad.model import Evidence, Finding, Judgement
from marsad.study import DATA_FILE, LEDGER, AnalysisRequest, Problem, Study, dictionary, load_study
from marsad.workbench.registered import Registered

__all__ = ["FORECASTING", "Call", "Workbench"]

FORECASTING = frozenset({"early-warning", "forecast", "scenario-forecast"})
"""The analyses for which forecasts are computed first."""


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
        study = load_study(self.path, check_analysis=_problems)
        if faults := tuple(_connector_faults(study)):
            raise StudyError(faults)
        return study

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
            series=(*study.series, *self.registered.series),
            registers=self.registered.registers,
            matches=self.registered.matches,
            turning_points=study.config.turning_points,
            period=study.config.period,
            vocabularies=dictionary().vocabularies,
            data_versions={series.release.id: series.release.version for series in study.series}
            | {register.release.id: register.release.version for register in self.registered.registers},
        )

    @cached_property
    def registered(self) -> Registered:
        """What the registers of the study say; a build sets what it has made."""
        if not self.study.data.releases:
            return Registered()
        from marsad.workbench.built import release_tables  # noqa: PLC0415 - reads tables of events
        from marsad.workbench.registering import registered_in  # noqa: PLC0415 - the same

        with release_tables(self.study, self.path, self.build_folder) as folder:
            return registered_in(self.study, self.evidence, folder, self.judgements)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What people decided of pairs of records, as the ledger beside the study has it."""
        path = self.path / LEDGER
        if not path.is_file():
            return ()
        from marsad.workbench.reconciling import judgements_in  # noqa: PLC0415 - most commands ask no ledger

        return judgements_in(path)

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
        given = {} if parameters is None else parameters
        inputs = self.inputs
        if name in FORECASTING:
            from marsad.workbench.forecasting import with_forecasts  # noqa: PLC0415 - imports numpy

            inputs = with_forecasts(inputs, name, given)
        return run_analysis(name, inputs, given)

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


def _connector_faults(study: Study) -> Iterator[Fault]:
    """The releases whose connector there is not."""
    from marsad.connectors import connector  # noqa: PLC0415 - only where there are releases

    for index, release in enumerate(study.data.releases):
        try:
            connector(release.connector)
        except NotFoundError as error:
            message, _, remedy = str(error).partition(". ")
            at = ("releases", index, "connector")
            yield study.fault(DATA_FILE, at, message, remedy or "`marsad fetch --list` lists them")


def _problems(request: AnalysisRequest, names: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """What is wrong with an analysis that the study asks for, in the words of the study folder."""
    if request.name in FORECASTING:
        from marsad.workbench.series_panel import model_names  # noqa: PLC0415 - imports numpy

        names = {**names, "models": model_names()}
    for found in check_parameters(request.name, request.parameters, names):
        yield Problem(found.path, found.message, found.remedy)
