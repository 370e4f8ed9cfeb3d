"""A file with more faults than a person can use is answered soon, with the first of them."""

from __future__ import annotations

import time

import pytest

from marsad.errors import Fault
from marsad.study.faults import MAX_FAULTS, At, Faults

from .study_folder import StudyFolder

ROW = "x{n},x{n},,bombng,2022-13,twn{n},armed-grup{n},claimd,,-1,many,,,,,,nothing{n},monitr{n},,nowhere,\n"
MANY = 30_000
LIMIT = 15
"""Seconds; it takes one or two on an idle machine."""


def assert_cut(faults: tuple[Fault, ...], file: str) -> None:
    found = [fault for fault in faults if fault.file == file]
    assert len(found) == MAX_FAULTS + 1
    assert found[-1].message.startswith("and more")
    assert not any(fault.message.startswith("and more") for fault in found[:-1])
    assert found == sorted(found)


def test_very_many_bad_rows(folder: StudyFolder) -> None:
    path = folder.root / "events.csv"
    path.write_text(folder.read("events.csv") + "".join(ROW.format(n=n) for n in range(MANY)))
    start = time.monotonic()
    faults = folder.faults()
    assert time.monotonic() - start < LIMIT
    assert_cut(faults, "events.csv")
    assert {fault.file for fault in faults} == {"events.csv"}


def test_very_many_names_to_choose_from(folder: StudyFolder) -> None:
    head = folder.read("actors.csv")
    folder.plant("actors.csv", head + "".join(f"group-{n},Group {n},research,,,,,,,,\n" for n in range(MANY)))
    rows = (f"group-x{n},goal,peace,,,handbook2024,,page 5,\n" for n in range(1000))
    folder.plant("attributes.csv", folder.read("attributes.csv") + "".join(rows))
    start = time.monotonic()
    faults = folder.faults()
    assert time.monotonic() - start < LIMIT
    assert_cut(faults, "attributes.csv")
    assert "Did you mean" in faults[0].remedy
    assert faults[-2].remedy == "Add it to actors.csv"


@pytest.mark.parametrize("line", ["a\n", '"x"y\n', "\x07,,\n", '""\n'])
def test_many_rows_of_a_bad_shape(folder: StudyFolder, line: str) -> None:
    (folder.root / "relations.csv").write_text(folder.read("relations.csv") + line * MANY)
    start = time.monotonic()
    faults = folder.faults()
    assert time.monotonic() - start < LIMIT
    assert_cut(faults, "relations.csv")


def test_many_bad_bytes(folder: StudyFolder) -> None:
    path = folder.root / "actors.csv"
    path.write_bytes(path.read_bytes() + b"caf\xe9,,,,,,,,,,\n" * MANY)
    assert_cut(folder.faults(), "actors.csv")


def test_many_faults_of_one_file_do_not_hide_those_of_another(folder: StudyFolder) -> None:
    (folder.root / "events.csv").write_text(folder.read("events.csv") + "a\n" * 1000)
    folder.spoil("options.yaml", "actor: government", "actor: §no actor§goverment")
    assert [fault.remedy for fault in folder.faults() if fault.file == "options.yaml"] == [
        "Did you mean government? Otherwise add it to actors.csv"
    ]


def test_a_bibliography_with_many_faults(folder: StudyFolder) -> None:
    entries = "".join(f"@misc{{k{n}, title = {{A}}, kind = {{x}}, reliability = {{A}}}}\n" for n in range(2000))
    (folder.root / "sources.bib").write_text(folder.read("sources.bib") + entries)
    assert_cut(folder.faults(), "sources.bib")


@pytest.mark.parametrize(("count", "told"), [(MAX_FAULTS, MAX_FAULTS), (MAX_FAULTS + 1, MAX_FAULTS + 1)])
def test_the_last_fault_says_that_there_are_more_only_where_there_are(count: int, told: int) -> None:
    faults = Faults()
    asked = []

    def remedy() -> str:
        asked.append(1)
        return "Mend it"

    for line in range(count, 0, -1):
        faults.add(At("a", line, 1), "wrong", remedy)
    assert len(faults.faults) == told
    assert len(asked) == MAX_FAULTS
    assert faults.count == count
    assert faults.faults[-1].message.startswith("and more") == (count > MAX_FAULTS)
