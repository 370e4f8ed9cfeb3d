"""What holds for each analysis: on a sample, on nothing, and on the shipped study."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import marsad.analysis
from marsad.analysis import ANALYSES, Analysis, Inputs, run_analysis
from marsad.errors import InputError
from marsad.model import Cite, Evidence, Finding, Number, plain
from marsad.study import load_study
from marsad.workbench import Workbench

from .samples import EMPTY, INPUTS

HERE = Path(__file__).resolve().parent
NAMES = sorted(ANALYSES)

each_analysis = pytest.mark.parametrize("name", NAMES)


def _record_ids(evidence: Evidence) -> set[str]:
    kinds = ("actors", "places", "attributes", "relations", "events", "figures", "actions")
    return {found for kind in kinds for record in getattr(evidence, kind) for found in record.ids}


def _assert_sound(finding: Finding, inputs: Inputs) -> None:
    """Every row fits its columns, every statement and source is that of the evidence, every chart is plain data."""
    ids = _record_ids(inputs.evidence)
    sources = {*inputs.evidence.sources, *(series.source for series in inputs.series)}
    sources |= {register.source for register in inputs.registers}
    cells = [cell for table in finding.tables for row in table.rows for cell in row]
    parts = [part for passage in finding.text for part in passage]
    assert finding.text
    assert all(plain(passage).strip() for passage in finding.text)
    assert all(len(row) == len(table.columns) for table in finding.tables for row in table.rows)
    for table in finding.tables:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
    named = {found for cell in cells for found in cell.statements}
    named |= {found for part in parts if isinstance(part, Number) for found in part.statements}
    cited = {found for cell in cells for found in cell.cites} | {part.cite for part in parts if isinstance(part, Cite)}
    assert named <= ids
    assert set(finding.statements) == named
    assert cited <= sources
    assert set(finding.sources) == cited
    for chart in finding.charts:
        assert 0 <= chart.table < len(finding.tables)
        assert chart.alt
        assert json.loads(json.dumps(chart.spec, allow_nan=False)) == chart.spec
        assert chart.spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
        assert not re.search(r'"(name|param|view)": "\w*_\d+"', json.dumps(chart.spec))
    json.loads(finding.model_dump_json())


@each_analysis
def test_on_a_sample(name: str) -> None:
    finding = run_analysis(name, INPUTS, {})
    _assert_sound(finding, INPUTS)
    assert finding.kind == "analysis"
    assert finding.method.name == name
    assert finding.id == name
    assert finding.tables
    assert finding.data_versions == {"deaths": "1.0"}


@each_analysis
def test_on_nothing_it_says_so(name: str) -> None:
    finding = run_analysis(name, EMPTY, {})
    _assert_sound(finding, EMPTY)
    assert finding.charts == ()
    assert re.search(r"\b(holds|names) no\b", " ".join(plain(passage) for passage in finding.text))


@each_analysis
def test_sources_alone_or_series_alone_are_no_trouble(name: str) -> None:
    for inputs in (
        Inputs(series=INPUTS.series, turning_points=INPUTS.turning_points),
        Inputs(evidence=Evidence(sources=INPUTS.evidence.sources), period=INPUTS.period),
        Inputs(evidence=INPUTS.evidence),
    ):
        _assert_sound(run_analysis(name, inputs, {}), inputs)


@each_analysis
def test_charts_can_be_drawn(name: str) -> None:
    import vl_convert  # noqa: PLC0415 - slow to import

    for chart in run_analysis(name, INPUTS, {}).charts:
        assert vl_convert.vegalite_to_vega(chart.spec)["marks"]


@pytest.fixture(scope="module")
def shipped(case: Path) -> Workbench:
    return Workbench(case)


@each_analysis
def test_on_the_shipped_study(name: str, shipped: Workbench) -> None:
    finding = shipped.run(name)
    _assert_sound(finding, shipped.inputs)
    assert finding.tables


def test_the_analyses_that_the_shipped_study_asks_for_are_there(case: Path, shipped: Workbench) -> None:
    requests = [
        request
        for chapter in load_study(case).config.chapters
        for section in chapter.sections
        for request in section.analyses
    ]
    findings = [shipped.run(request.name, request.parameters) for request in requests]
    assert len(findings) > 10
    assert all(finding.tables for finding in findings)
    assert len({finding.id for finding in findings}) == len(findings)


SCRIPT = """
import sys; sys.path.insert(0, {here!r})
from samples import INPUTS
from marsad.analysis import ANALYSES, run_analysis
print([run_analysis(name, INPUTS, {{}}).model_dump_json() for name in ANALYSES])
"""


def test_findings_are_the_same_in_every_process() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT.format(here=str(HERE))],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(outputs[0]) > 10_000
    assert outputs[0] == outputs[1]


def test_the_registry_is_in_order_and_named_after_itself() -> None:
    assert list(ANALYSES) == NAMES
    assert all(analysis.name == name and analysis.summary for name, analysis in ANALYSES.items())
    assert all(isinstance(analysis, Analysis) for analysis in ANALYSES.values())
    assert marsad.analysis.__all__ == sorted(marsad.analysis.__all__)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("events-by-yaer", {}, "Did you mean events-by-year"),
        ("events-by-year", {"kind": "bombing"}, "Did you mean kinds?"),
        ("headline", {"kinds": "bombing"}, "It has no parameters"),
        ("before-after", {"months": "many"}, "months: Input should be a valid integer"),
        ("before-after", {"months": "0"}, "greater than or equal to 1"),
        ("before-after", {"turning_point": "chang"}, "Did you mean change?"),
        ("before-after", {"series": "death"}, "Did you mean deaths?"),
        ("series-by-month", {"series": ["death"]}, "Did you mean deaths?"),
        ("relations", {"actors": "bandd"}, "Did you mean band?"),
        ("figures-side-by-side", {"areas": ["town", "souht"]}, "Did you mean south"),
        ("figures-side-by-side", {"period": "20222"}, "is not an EDTF date"),
        ("timeline", {"actors": "zzz"}, "There are: band, cell, state"),
    ],
)
def test_bad_names_and_values_are_named_with_what_is_near(
    name: str, parameters: dict[str, str | list[str]], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        run_analysis(name, INPUTS, parameters)


def test_lists_may_be_written_as_one_text_and_single_values_as_a_list() -> None:
    text = run_analysis("relations", INPUTS, {"actors": "band; state"})
    listed = run_analysis("relations", INPUTS, {"actors": ["band", "state"]})
    assert text == listed
    assert text.id != "relations"
    assert run_analysis("before-after", INPUTS, {"months": ["12"]}).method.parameters["months"] == "12"
    assert run_analysis("before-after", INPUTS, {"months": "36"}).id == "before-after"


def test_importing_the_analyses_imports_no_slow_library() -> None:
    importlib.import_module("marsad.analysis")
    code = "import sys, marsad.analysis; print([name for name in ('altair', 'scipy') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert found.stdout.strip() == "[]"
