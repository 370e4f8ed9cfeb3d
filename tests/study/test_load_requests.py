"""Analyses that study.yaml asks for are checked in the same pass as everything else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pytest

from marsad.errors import Fault, StudyError
from marsad.study import AnalysisRequest, Problem, dictionary, load_study

from .study_folder import StudyFolder

Known = Mapping[str, Collection[str]]
VOCABULARIES = frozenset(dictionary().vocabularies)
TABLES = frozenset({"actors", "places", "sources", "series", "turning_points", "events", "actions", "figures"})


class Recorder:
    """Notes what it is asked and finds every analysis called ``wrong`` faulty."""

    def __init__(self, *problems: Problem) -> None:
        self.asked: list[AnalysisRequest] = []
        self.known: Known = {}
        self._problems = problems

    def __call__(self, request: AnalysisRequest, known: Known) -> Iterable[Problem]:
        self.asked.append(request)
        self.known = known
        return self._problems if request.name == "wrong" else ()


def faults_of(folder: StudyFolder, recorder: Recorder) -> tuple[Fault, ...]:
    try:
        load_study(folder.root, check_analysis=recorder)
    except StudyError as error:
        return error.faults
    return ()


def test_each_analysis_is_asked_with_all_names_of_the_study(folder: StudyFolder) -> None:
    recorder = Recorder()
    study = load_study(folder.root, check_analysis=recorder)
    sections = [section for chapter in study.config.chapters for section in chapter.sections]
    assert recorder.asked == [request for section in sections for request in section.analyses]
    assert set(recorder.known) == VOCABULARIES | TABLES
    assert {name: set(recorder.known[name]) for name in TABLES} == {
        "actors": {"government", "armed-group", "example-monitor"},
        "places": {"country", "province", "town"},
        "sources": {"handbook2024", "monitor2022", "newspaper2022"},
        "series": {"deaths-monthly"},
        "turning_points": {"change"},
        "events": {"change-of-government", "market-attack"},
        "actions": {"change-of-government-talks"},
        "figures": {"attacks-2022", "attacks-2022-province"},
    }
    assert "bombing" in recorder.known["event_kind"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("name",), "timeline"),
        (("parameters", "kinds", 1), "b]"),
        (("parameters", "kinds", 7), "[a, b]"),
        (("parameters", "nosuch"), "{kinds"),
        ((), "name: timeline"),
    ],
)
def test_a_problem_is_a_fault_at_its_node_or_the_nearest_around_it(
    folder: StudyFolder, path: tuple[str | int, ...], place: str
) -> None:
    folder.spoil("study.yaml", "name: timeline", "name: wrong\n            parameters: {kinds: [a, b]}")
    found = faults_of(folder, Recorder(Problem(path, "it is wrong", "Mend it")))
    (fault,) = found
    line = folder.read("study.yaml").split("\n")[fault.line - 1]
    assert line[fault.column - 1 :].startswith(place.replace("timeline", "wrong"))
    assert (fault.message, fault.remedy) == ("it is wrong", "Mend it")
    assert fault.field.startswith("chapters[0].sections[1].analyses[0]")


def test_other_faults_of_the_study_do_not_hide_those_of_its_analyses(folder: StudyFolder) -> None:
    folder.spoil("study.yaml", "name: timeline", "name: wrong")
    folder.spoil("study.yaml", "language: en", "language: '<script>'")
    folder.spoil("study.yaml", "id: course", "idd: course")
    folder.spoil("events.csv", "2022-03-04", "soon")
    found = faults_of(folder, Recorder(Problem(("name",), "no such analysis", "Take another")))
    assert {fault.message.split(" ")[0] for fault in found} == {"no", "'<script>'", "the", "'soon'"}
    assert [fault.message for fault in found if fault.field.endswith("analyses[0].name")] == ["no such analysis"]


@pytest.mark.parametrize(
    "parameters",
    ["parameters: [a]", "parametres: {kinds: a}", "parameters: {kinds: {a: b}}", "parameters: {kinds: [[]]}"],
)
def test_where_parameters_cannot_be_read_only_the_name_is_asked_for(folder: StudyFolder, parameters: str) -> None:
    folder.spoil("study.yaml", "name: timeline", f"name: wrong\n            {parameters}")
    problems = Problem(("name",), "bad name", "Mend it"), Problem(("parameters",), "kinds is missing", "Add it")
    messages = [fault.message for fault in faults_of(folder, Recorder(*problems))]
    assert "bad name" in messages
    assert "kinds is missing" not in messages
    assert len(messages) == 2


@pytest.mark.parametrize("name", ["name:", "name: ''", "name: [a]", "nam: a", 'name: "\\u202e"'])
def test_an_analysis_without_a_readable_name_is_not_asked_for(folder: StudyFolder, name: str) -> None:
    before = Recorder()
    load_study(folder.root, check_analysis=before)
    folder.spoil("study.yaml", "name: timeline", name)
    recorder = Recorder()
    assert len(faults_of(folder, recorder)) > 0
    assert len(recorder.asked) == len(before.asked) - 1


@pytest.mark.parametrize(
    ("file", "data", "domain"),
    [
        ("actors.csv", "id,name".encode("utf-16"), "actors"),
        ("actors.csv", b"", "actors"),
        ("sources.bib", b"@article nobraces", "sources"),
        ("series/deaths-monthly.yaml", b"id: [", "series"),
        ("events.csv", b"a;b;c\n", "events"),
    ],
)
def test_a_domain_whose_file_cannot_be_read_is_not_known(
    folder: StudyFolder, file: str, data: bytes, domain: str
) -> None:
    (folder.root / file).write_bytes(data)
    recorder = Recorder()
    assert faults_of(folder, recorder)
    assert set(recorder.known) == (VOCABULARIES | TABLES) - {domain}


@pytest.mark.parametrize(("points", "known"), [("3", False), ("[]", True)])
def test_turning_points_that_are_no_list_are_not_known(folder: StudyFolder, points: str, *, known: bool) -> None:
    text = folder.read("study.yaml")
    start, end = text.index("turning_points:"), text.index("chapters:")
    text = text[:start] + f"turning_points: {points}\n" + text[end:].replace("name: timeline", "name: [a]")
    (folder.root / "study.yaml").write_text(text)
    recorder = Recorder()
    assert faults_of(folder, recorder)
    assert ("turning_points" in recorder.known) == known


@pytest.mark.parametrize("text", ["", "chapters: [1, {sections: 3}, {sections: [{analyses: a}, 2]}]", "[]", "a: ["])
def test_a_study_of_any_shape_can_be_asked(folder: StudyFolder, text: str) -> None:
    (folder.root / "study.yaml").write_text(text)
    recorder = Recorder()
    assert faults_of(folder, recorder)
    assert recorder.asked == []
