"""Documents in a study: put there, read, reviewed; only what a person accepted becomes evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.errors import InputError, NotFoundError, StudyError
from marsad.evidence import Decision
from marsad.study import load_study, new_study
from marsad.workbench import NewSource, ReviewQueue, Workbench, add_document, search_study

TEXT = """Attacks in the north

On 3 March 2022, a suicide bomber attacked a market in Gao, Mali, killing at least 12 people and injuring 30 others.
JNIM claimed responsibility for the attack.

The suicide bombing of 3 March 2022 in Gao killed 14 people, officials said.
"""
SOURCE = NewSource(title="Year in review", author="{United Nations}", date="2023-01", reliability="B")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    new_study(folder, title="T")
    file = tmp_path / "report.txt"
    file.write_text(TEXT, encoding="utf-8")
    added = add_document(Workbench(folder), file, source="un2023", author="Amina", new=SOURCE)
    assert added.new == added.proposals > 0
    return folder


def _events(study: Path) -> list[str]:
    return [event.record for event in Workbench(study).evidence.events if event.source == "un2023"]


def test_the_document_and_its_source_are_in_the_study_and_nothing_is_evidence_yet(study: Path) -> None:
    loaded = load_study(study)
    assert loaded.warnings == ()
    assert loaded.documents == ("documents/un2023.txt",)
    assert loaded.sources["un2023"].title == "Year in review"
    assert _events(study) == []
    assert ReviewQueue(Workbench(study)).entries()


def test_adding_the_same_document_again_adds_no_proposal(study: Path) -> None:
    again = add_document(Workbench(study), study / "documents" / "un2023.txt", source="un2023", author="Bilal")
    assert again.new == 0


def test_a_source_that_nobody_described_is_refused(study: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="--title"):
        add_document(Workbench(study), tmp_path / "report.txt", source="nobody", author="A")
    assert "nobody" not in (study / "sources.bib").read_text(encoding="utf-8")


def test_two_accepted_mentions_of_one_event_are_two_reports_of_it(study: Path) -> None:
    queue = ReviewQueue(Workbench(study))
    entries = [entry for entry in queue.entries() if entry.proposal.kind == "event"]
    assert len(entries) == 2
    queue.accept(entries, author="Amina")
    events = [event for event in Workbench(study).evidence.events if event.source == "un2023"]
    assert {str(event.killed) for event in events} == {">=12", "14"}
    assert len({event.subject for event in events}) == 1
    assert sum(bool(event.title) for event in events) == 1
    places = {place.subject for place in Workbench(study).evidence.places}
    assert {"gao", "mali"} <= places


def test_the_machines_version_stays_beside_the_edited_one(study: Path) -> None:
    queue = ReviewQueue(Workbench(study))
    entry = next(entry for entry in queue.entries() if entry.proposal.kind == "event")
    queue.accept([entry], author="Amina", note="the hospital says 15", edits={"killed": "15", "actor": ""})
    kept = ReviewQueue(Workbench(study)).entry(entry.proposal.id)
    assert kept.decision is Decision.EDITED
    assert kept.proposal.content == entry.proposal.content
    assert (kept.reviews[0].author, kept.reviews[0].note) == ("Amina", "the hospital says 15")
    event = next(event for event in Workbench(study).evidence.events if event.source == "un2023")
    assert (str(event.killed), event.actor) == ("15", ())


def test_a_row_that_would_be_wrong_is_neither_written_nor_decided(study: Path) -> None:
    before = {path: path.read_bytes() for path in study.glob("*.csv")}
    queue = ReviewQueue(Workbench(study))
    entry = queue.entries()[0]
    with pytest.raises(StudyError):
        queue.accept([entry], author="Amina", edits={"date": "last Tuesday"})
    with pytest.raises(InputError, match="no column 'colour'"):
        queue.accept([entry], author="Amina", edits={"colour": "red"})
    assert {path: path.read_bytes() for path in study.glob("*.csv")} == before
    assert queue.entry(entry.proposal.id).reviews == ()


def test_a_decision_can_be_taken_back_and_its_row_goes(study: Path) -> None:
    before = (study / "events.csv").read_bytes()
    queue = ReviewQueue(Workbench(study))
    entry = next(entry for entry in queue.entries() if entry.proposal.kind == "event")
    queue.accept([entry], author="Amina")
    assert _events(study) == [queue.row(entry).cells["report"]]
    queue.decline([queue.entry(entry.proposal.id)], author="Bilal", reopen=True)
    assert (study / "events.csv").read_bytes() == before
    assert entry.proposal.id in {one.proposal.id for one in queue.entries()}
    queue.decline([queue.entry(entry.proposal.id)], author="Bilal", note="no attack")
    assert [one.proposal.id for one in queue.entries(decision=Decision.REJECTED)] == [entry.proposal.id]


def test_accepting_what_a_killed_process_had_already_written_adds_it_once(study: Path) -> None:
    queue = ReviewQueue(Workbench(study))
    entry = next(entry for entry in queue.entries() if entry.proposal.kind == "event")
    queue._write([queue.row(entry)])
    queue.accept([entry], author="Amina")
    assert len(_events(study)) == 1


def test_words_of_the_study_are_found_and_what_changed_is_read_anew(study: Path) -> None:
    (hit,) = search_study(Workbench(study), '"at least 12"').hits
    assert hit.name == "un2023.txt"
    (study / "documents" / "un2023.txt").write_text("Only a ferry sank.", encoding="utf-8")
    assert search_study(Workbench(study), '"at least 12"').total == 0
    assert search_study(Workbench(study), "ferry").total == 1


def test_a_study_without_documents_says_how_to_add_one(tmp_path: Path) -> None:
    new_study(tmp_path / "s", title="T")
    assert ReviewQueue(Workbench(tmp_path / "s")).entries() == ()
    with pytest.raises(NotFoundError, match="marsad add"):
        search_study(Workbench(tmp_path / "s"), "x")
    with pytest.raises(NotFoundError, match="marsad add"):
        ReviewQueue(Workbench(tmp_path / "s")).entry("a")
