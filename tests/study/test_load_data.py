"""data.yaml, data.lock and releases/: what a study says of the datasets that it uses."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from marsad.study import load_study, with_release

from .study_folder import StudyFolder

PIN = """\
pins:
  - id: "register"
    connector: "ucdp-ged"
    version: "25.1"
    url: "https://example.org/ged.zip"
    file: "ged.zip"
    bytes: "120"
    sha256: "{digest}"
    retrieved_at: "2026-11-22"
"""


def source_of(folder: StudyFolder) -> str:
    return next(iter(load_study(folder.root).sources))


def data(folder: StudyFolder, lines: str) -> None:
    (folder.root / "data.yaml").write_text(lines.replace("SOURCE", source_of(folder)))


def test_a_study_without_data_yaml_has_no_release(folder: StudyFolder) -> None:
    study = load_study(folder.root)
    assert study.data.releases == ()
    assert study.lock.pins == ()


def test_a_release_of_the_study_and_a_fetched_one(folder: StudyFolder) -> None:
    (folder.root / "releases").mkdir()
    (folder.root / "releases" / "kept.csv").write_text("id,date\n1,2021-01-01\n")
    data(
        folder,
        "releases:\n  - {id: kept, connector: generic, source: SOURCE, file: kept.csv, retrieved_at: 2026-11-22}\n"
        "  - {id: register, connector: ucdp-ged, version: '25.1', source: SOURCE, query: {country: '770'}}\n"
        "border: {name: A line, between: [PAK, AFG]}\n",
    )
    (folder.root / "data.lock").write_text(PIN.format(digest="ab" * 32))
    study = load_study(folder.root)
    assert [release.id for release in study.data.releases] == ["kept", "register"]
    assert study.data.border is not None
    assert study.data.border.between == ("PAK", "AFG")
    pin = study.lock.pin("register")
    assert pin is not None
    assert pin.bytes == 120
    assert "releases/kept.csv" in study.files
    assert study.warnings == ()


@pytest.mark.parametrize(
    ("lines", "field", "words"),
    [
        ("releases:\n  - {id: a, connector: b, source: nobody}\n", "releases[0].source", "nobody"),
        ("releases:\n  - {id: A B, connector: b, source: SOURCE}\n", "releases[0].id", "A B"),
        ("releases:\n  - {id: a, connector: b, source: SOURCE, file: x.csv}\n", "releases[0].file", "'releases/x.csv'"),
        ("releases:\n  - {id: a, connector: b, source: SOURCE, fiel: x}\n", "releases[0].fiel", "fiel"),
        ("border: {name: x, between: [PAK]}\n", "border.between", ""),
        ("border: {name: x, between: [Pakistan, AFG]}\n", "border.between[0]", ""),
    ],
)
def test_a_fault_names_its_place(folder: StudyFolder, lines: str, field: str, words: str) -> None:
    data(folder, lines)
    faults = [fault for fault in folder.faults() if fault.file == "data.yaml"]
    assert any(fault.field.startswith(field) and words in fault.message for fault in faults), faults
    assert all(fault.line and fault.remedy for fault in faults)


def test_a_release_is_either_a_file_or_fetched(folder: StudyFolder) -> None:
    data(folder, "releases:\n  - {id: a, connector: b, source: SOURCE, file: x.csv, query: {k: v}}\n")
    assert any("not both" in fault.message for fault in folder.faults())


def test_two_releases_of_one_id(folder: StudyFolder) -> None:
    item = "  - {id: a, connector: b, source: SOURCE}\n"
    data(folder, f"releases:\n{item}{item}")
    assert any("a second time" in fault.message for fault in folder.faults())


def test_a_pin_of_no_release_is_only_a_warning(folder: StudyFolder) -> None:
    (folder.root / "data.lock").write_text(PIN.format(digest="ab" * 32))
    (warning,) = load_study(folder.root).warnings
    assert warning.file == "data.lock"
    assert "'register'" in warning.message


def test_a_broken_hash_in_the_lock_is_a_fault(folder: StudyFolder) -> None:
    data(folder, "releases:\n  - {id: register, connector: ucdp-ged, source: SOURCE}\n")
    (folder.root / "data.lock").write_text(PIN.format(digest="xyz"))
    assert [(fault.file, fault.field) for fault in folder.faults()] == [("data.lock", "pins[0].sha256")]


def test_the_series_that_a_release_gives_may_be_rested_on(folder: StudyFolder) -> None:
    area = load_study(folder.root).config.area[0]
    data(folder, "releases:\n  - {id: register, connector: ucdp-ged, source: SOURCE}\n")
    finding = "- id: {}\n  statement: Deaths rose.\n  rests_on: {{series: ['{}']}}\n  confidence: low\n  limits: few\n"
    (folder.root / "findings.yaml").write_text(finding.format("rise", f"register:{area}:killed"))
    unknown = {fault.field for fault in folder.faults() if "rests_on" in fault.field} if folder.faults() else set()
    assert not unknown
    (folder.root / "findings.yaml").write_text(finding.format("rise", f"register:{area}:wounded"))
    assert any("rests_on" in fault.field for fault in folder.faults())


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
BEFORE = st.sampled_from(
    [
        "",
        "releases: []\n",
        "# what is used\nreleases:\n  - id: first\n    connector: awsd\n",
        "releases:\n- id: first\n  query:\n    a: b\n\nborder: {name: x, between: [PAK, AFG]}\n",
        "border: {name: x, between: [PAK, AFG]}\n",
        "releases:\n  - id: first\n\n  # the second\n  - id: second\n# the end\n",
    ]
)


@given(before=BEFORE, source=TEXTS, value=TEXTS)
def test_a_release_is_added_and_what_stands_there_stays(before: str, source: str, value: str) -> None:
    release: dict[str, str | dict[str, str]] = {"id": "new", "connector": "ucdp-ged", "version": "", "source": source}
    release["query"] = {"country": value}
    after = with_release(before, release)
    old, new = yaml.safe_load(before) or {}, yaml.safe_load(after)
    kept = {key: item for key, item in release.items() if item}
    assert new["releases"] == [*(old.get("releases") or []), kept]
    assert {key: item for key, item in new.items() if key != "releases"} == {
        key: item for key, item in old.items() if key != "releases"
    }
    comments = [line for line in before.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in after.splitlines() if line in comments] == comments
