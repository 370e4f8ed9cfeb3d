"""The build of a study: statements, contradictions, findings with their drawings, bibliography, report, manifest.

Every output is written atomically and is bit for bit the same for the same study and program; only the DuckDB file,
which can be made again from the Parquet files, holds what DuckDB puts there.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import marsad
from marsad.evidence import write_atomically, write_database, write_sources, write_statements
from marsad.model import Finding, Severity
from marsad.report import Bibliography, ReportContent, bibliography, chart_key, draw, render
from marsad.study import RELEASES_FOLDER, DataRelease
from marsad.workbench.built import release_inputs, release_step
from marsad.workbench.graph import FINDINGS, Graph, Make, StepResult, locked
from marsad.workbench.hashes import code_version, folder_hashes, libraries
from marsad.workbench.registered import OWN_EVENTS, Registered
from marsad.workbench.session import Call, Workbench

__all__ = ["Built", "Progress", "build"]

Progress = Callable[[str, int], None]
"""Called with the name of a step as it begins, and with the number of all steps."""

_FINDINGS: TypeAdapter[tuple[Finding, ...]] = TypeAdapter(tuple[Finding, ...])
_WHOLE = "build"
_DATABASE = "evidence.duckdb"
_REGISTERS = "registers.json"
_REGISTERED: TypeAdapter[Registered] = TypeAdapter(Registered)
_HEADLINE = Call("", 0, "headline", {})


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        study: identifier of the study.
        folder: the build folder.
        steps: the steps in order, fresh or made; only ``build`` where nothing had changed.
        counts: how many statements, sources, events and so on the study has.
        contradictions: how many there are of each severity.
        seconds: how long the build took.
    """

    study: str
    folder: Path
    steps: tuple[StepResult, ...]
    counts: Mapping[str, int]
    contradictions: Mapping[Severity, int]
    seconds: float

    @property
    def report(self) -> Path:
        """The report."""
        return self.folder / "report.html"

    @property
    def made(self) -> int:
        """How many steps ran."""
        return sum(not step.fresh for step in self.steps)


def build(workbench: Workbench, *, force: bool = False, progress: Progress = lambda _name, _total: None) -> Built:
    """Bring the build folder of a study up to date.

    Args:
        workbench: the study; it is read only if something changed.
        force: whether to make everything again.
        progress: called as each step begins.

    Raises:
        StudyError: the study folder has faults; nothing is written.
        BusyError: another process is building the same study.
    """
    started = time.perf_counter()
    folder = workbench.build_folder
    inputs = folder_hashes(workbench.path, folder)
    graph = Graph(folder, code_version(), force=force)
    outputs = graph.recorded(_WHOLE, inputs=inputs)
    if outputs is not None:
        graph.results.append(StepResult(_WHOLE, outputs, fresh=True, seconds=time.perf_counter() - started))
        return _summary(graph, started)
    _ = workbench.study  # a faulty study raises here, before anything is written
    with locked(folder):
        _Steps(workbench, graph, progress).run()
        graph.sweep(keep=[_WHOLE], folders=[RELEASES_FOLDER])
        if folder_hashes(workbench.path, folder) == inputs:  # nobody edited the study meanwhile
            graph.record(_WHOLE, inputs=inputs, outputs=graph.outputs)
    return _summary(graph, started)


def _summary(graph: Graph, started: float) -> Built:
    manifest = json.loads((graph.folder / "manifest.json").read_bytes())
    return Built(
        study=manifest["study"],
        folder=graph.folder,
        steps=tuple(graph.results),
        counts=manifest["counts"],
        contradictions={severity: manifest["contradictions"][severity] for severity in Severity},
        seconds=time.perf_counter() - started,
    )


class _Steps:
    """The steps of one build. What a step needs that is not yet in memory it reads from the outputs before it."""

    def __init__(self, workbench: Workbench, graph: Graph, progress: Progress) -> None:
        self._workbench = workbench
        self._study = workbench.study
        self._graph = graph
        self._progress = progress
        self._more = len(workbench.study.data.releases) + 1 if workbench.study.data.releases else 0

    def run(self) -> None:
        """Run every step; each names the content that it depends on."""
        study = self._study
        files = tuple(f"{name} {digest}" for name, digest in sorted(study.files.items()))
        written = self._step("statements", files, self._statements)
        evidence = tuple(entry for entry in written.hashes if ".parquet " in entry)
        registered = self._releases(evidence)
        before = [self._step("contradictions", evidence, self._contradictions)]
        shared = (
            *evidence,
            *registered,
            *(item.model_dump_json() for item in (*study.series, *study.config.turning_points)),
        )
        for call in (_HEADLINE, *self._workbench.calls):
            inputs = (*shared, str(study.config.period), json.dumps(call.parameters, sort_keys=True))
            before.append(self._step(call.step, inputs, self._analysis(call)))
        before.append(self._step("bibliography", (study.files["sources.bib"],), self._bibliography))
        results = tuple(entry for step in before for entry in step.hashes)
        made = self._step("manifest", (*files, *results), self._manifest)
        self._step("report", (*files, *results, *made.hashes), self._report)

    def _releases(self, evidence: tuple[str, ...]) -> tuple[str, ...]:
        """Import the releases and set them against the study; what later steps depend on of it."""
        study = self._study
        if not study.data.releases:
            (self._graph.folder / _REGISTERS).unlink(missing_ok=True)  # of an earlier build
            return ()
        tables: list[str] = []
        for release in study.data.releases:
            made = self._step(release_step(release), release_inputs(study, release), self._release(release))
            tables += made.hashes
        said = [judgement.model_dump_json() for judgement in self._workbench.judgements]
        inputs = (*evidence, *tables, *said, study.files["study.yaml"])
        return self._step("registers", inputs, self._registers).hashes

    def _release(self, release: DataRelease) -> Make:
        def make(folder: Path) -> Iterable[str]:
            from marsad.workbench.registering import import_release  # noqa: PLC0415 - reads tables of events

            output = folder / RELEASES_FOLDER / f"{release.id}.parquet"
            made = import_release(self._study, self._workbench.path, release, output)
            paths = [output] if made.quarantine is None else [output, made.quarantine]
            return [path.relative_to(folder).as_posix() for path in paths]

        return make

    def _registers(self, folder: Path) -> Iterable[str]:
        from marsad.workbench.registering import registered_in  # noqa: PLC0415 - reads tables of events

        workbench = self._workbench
        place = folder / RELEASES_FOLDER
        made = registered_in(self._study, workbench.evidence, place, workbench.judgements)
        write_atomically(folder / _REGISTERS, _REGISTERED.dump_json(made, indent=1))
        own = place / OWN_EVENTS
        return (_REGISTERS, own.relative_to(folder).as_posix()) if own.is_file() else (_REGISTERS,)

    def _registered(self, folder: Path) -> Registered:
        """What the registers say, as the step before wrote it."""
        if not self._study.data.releases:
            return Registered()
        return _REGISTERED.validate_json((folder / _REGISTERS).read_bytes())

    def _step(self, name: str, inputs: Iterable[str], make: Make) -> StepResult:
        self._progress(name, len(self._workbench.calls) + 6 + self._more)
        return self._graph.step(name, inputs=inputs, make=make)

    def _statements(self, folder: Path) -> Iterable[str]:
        names = ("statements.parquet", "sources.parquet", _DATABASE)
        statements, sources, database = (folder / name for name in names)
        write_statements(statements, self._study.statements)
        write_sources(sources, self._study.sources)
        write_database(database, statements=statements, sources=sources)
        return names

    def _contradictions(self, folder: Path) -> Iterable[str]:
        write_atomically(folder / "contradictions.json", _FINDINGS.dump_json(self._workbench.contradictions, indent=1))
        return ("contradictions.json",)

    def _analysis(self, call: Call) -> Make:
        def make(folder: Path) -> Iterable[str]:
            self._workbench.registered = self._registered(folder)
            finding = self._workbench.run(call.name, call.parameters)
            outputs = {f"{FINDINGS}/{call.step}.json": finding.model_dump_json(indent=1)}
            for number, chart in enumerate(finding.charts):
                outputs[f"{FINDINGS}/{call.step}.{number}.svg"] = draw(chart)
            for path, text in outputs.items():
                write_atomically(folder / path, text.encode())
            return outputs

        return make

    def _bibliography(self, folder: Path) -> Iterable[str]:
        made = bibliography(self._study.sources)
        write_atomically(folder / "bibliography.json", made.model_dump_json(indent=1).encode())
        return ("bibliography.json",)

    def _manifest(self, folder: Path) -> Iterable[str]:
        write_atomically(folder / "manifest.json", _json(self._description()))
        return ("manifest.json",)

    def _description(self) -> dict[str, Any]:
        """What was built from what, by which program; without the time of day, so that it is the same every time."""
        study, evidence = self._study, self._workbench.evidence
        severities = Counter(finding.severity for finding in self._read_contradictions())
        return {
            "study": study.config.id,
            "program": {"name": "marsad", "version": marsad.__version__, "code": self._graph.code},
            "libraries": libraries(),
            "files": dict(sorted(study.files.items())),
            "counts": {
                "statements": len(study.statements),
                "sources": len(study.sources),
                "actors": len(evidence.actors),
                "places": len(evidence.places),
                "attributes": len(evidence.attributes),
                "relations": len(evidence.relations),
                "events": len({event.subject for event in evidence.events}),
                "event reports": len(evidence.events),
                "figures": len(evidence.figures),
                "actions": len({action.subject for action in evidence.actions}),
                "action reports": len(evidence.actions),
                "series": len(study.series),
                "releases": len(study.data.releases),
            },
            "contradictions": {severity.value: severities[severity] for severity in Severity},
            # DuckDB writes salt into its file: its hash says nothing, and would not be the same twice.
            "outputs": {path: digest for path, digest in self._graph.outputs.items() if path != _DATABASE},
        }

    def _report(self, folder: Path) -> Iterable[str]:
        write_atomically(folder / "report.html", render(self._content(folder)).encode())
        return ("report.html",)

    def _content(self, folder: Path) -> ReportContent:
        study = self._study
        analyses: dict[str, list[Finding]] = {}
        drawings: dict[str, str] = {}
        headline: Finding | None = None
        for call in (_HEADLINE, *self._workbench.calls):
            path = folder / FINDINGS / f"{call.step}.json"
            finding = Finding.model_validate_json(path.read_bytes())
            for number, chart in enumerate(finding.charts):
                drawings[chart_key(chart)] = path.with_suffix(f".{number}.svg").read_text(encoding="utf-8")
            if call is _HEADLINE:
                headline = finding
            else:
                analyses.setdefault(call.section, []).append(finding)
        return ReportContent(
            config=study.config,
            evidence=self._workbench.evidence,
            headline=headline,
            analyses={section: tuple(findings) for section, findings in analyses.items()},
            contradictions=self._read_contradictions(),
            findings=study.findings,
            options=study.options,
            bibliography=Bibliography.model_validate_json((folder / "bibliography.json").read_bytes()),
            drawings=drawings,
            statements={statement.id: statement for statement in study.statements},
            releases=(
                *(series.release for series in study.series),
                *(register.release for register in self._registered(folder).registers),
            ),
            manifest=json.loads((folder / "manifest.json").read_bytes()),
        )

    def _read_contradictions(self) -> tuple[Finding, ...]:
        return _FINDINGS.validate_json((self._graph.folder / "contradictions.json").read_bytes())


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).encode()
