"""The ledger: nothing that a person decided is lost, changed or taken for another's."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.operations import Operations

from marsad.errors import InputError, NotFoundError
from marsad.evidence import Decision, FiledDocument, FiledProposal, Review
from marsad.evidence.ledger import Ledger

PAPER = FiledDocument(source="khan2021", sha256="a" * 64, name="k.pdf", media_type="application/pdf", author="M", at="")
FOUND = [
    FiledProposal(id=f"p{number}", source="khan2021", kind="event", coder="rules", content={"killed": str(number)})
    for number in range(3)
]

WRITER = """
import sys
from pathlib import Path
from marsad.evidence import Review
from marsad.evidence.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(20):
    ledger.review(Review(proposal="p1", decision="rejected", author=sys.argv[2], note=str(number)))
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "study" / "ledger.sqlite"
    with Ledger(where) as ledger:
        assert ledger.file(PAPER, FOUND) == len(FOUND)
    return where


def test_a_document_is_filed_once_and_its_proposals_stay_as_they_were(path: Path) -> None:
    changed = [proposal.model_copy(update={"content": {"killed": "99"}}) for proposal in FOUND]
    with Ledger(path) as ledger:
        assert ledger.file(PAPER, changed) == 0
        assert [entry.proposal.content for entry in ledger.entries()] == [{"killed": str(n)} for n in range(3)]
        assert len(ledger.documents()) == 1


def test_the_last_word_counts_and_all_words_are_kept(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.entry("p1").decision is None
        ledger.review(Review(proposal="p1", decision=Decision.EDITED, author="Amina", content={"killed": "7"}))
        assert (ledger.entry("p1").decision, ledger.entry("p1").content) == (Decision.EDITED, {"killed": "7"})
        ledger.review(Review(proposal="p1", decision=Decision.REOPENED, author="Bilal", note="look again"))
        entry = ledger.entry("p1")
    assert entry.decision is None
    assert entry.content == {"killed": "1"}
    assert [(review.author, review.note) for review in entry.reviews] == [("Amina", ""), ("Bilal", "look again")]
    assert entry.reviews[0].at < entry.reviews[1].at


@pytest.mark.parametrize("deed", ["UPDATE reviews SET author = 'X'", "DELETE FROM reviews", "DELETE FROM proposals"])
def test_the_database_itself_refuses_to_forget(path: Path, deed: str) -> None:
    with Ledger(path) as ledger:
        ledger.review(Review(proposal="p1", decision=Decision.ACCEPTED, author="Amina"))
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(deed)
    connection.close()


def test_several_words_are_added_all_or_none(path: Path) -> None:
    words = [Review(proposal=name, decision=Decision.REJECTED, author="A") for name in ("p0", "nobody")]
    with Ledger(path) as ledger:
        with pytest.raises(NotFoundError, match="nobody"):
            ledger.review_all(words)
        assert ledger.entry("p0").reviews == ()


@pytest.mark.parametrize("beginning", ["p", "", "q"])
def test_a_beginning_that_fits_several_or_none_is_refused(path: Path, beginning: str) -> None:
    with Ledger(path) as ledger, pytest.raises(NotFoundError):
        ledger.entry(beginning)


def test_an_export_brings_everything_into_another_ledger_once(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.review(Review(proposal="p2", decision=Decision.ACCEPTED, author="آمنہ", content={"row": {"a": "ب"}}))
        text = ledger.export()
    with Ledger(tmp_path / "other.sqlite") as other:
        assert other.take(text) == 5
        assert other.take(text) == 0
        assert other.export() == text


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "{}",
        '{"review": {}}',
        '{"strange": {}}',
        '{"review": {"proposal": "x", "decision": "no", "author": "A"}}',
    ],
)
def test_a_line_that_is_none_adds_nothing(path: Path, line: str) -> None:
    with Ledger(path) as ledger:
        before = ledger.export()
        with pytest.raises(InputError, match=f"line {len(before.splitlines()) + 1}"):
            ledger.take(f"{before}{line}\n")
        assert ledger.export() == before


def test_a_file_that_is_no_ledger_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_text("This is not a database. " * 100, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be used"):
        Ledger(path)


def test_two_people_at_once_lose_nothing(path: Path) -> None:
    people = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stdout=subprocess.DEVNULL) for name in "AB"
    ]
    assert [person.wait(timeout=60) for person in people] == [0, 0]
    with Ledger(path) as ledger:
        authors = [review.author for review in ledger.entry("p1").reviews]
    assert sorted(authors) == ["A"] * 20 + ["B"] * 20


def test_what_was_said_to_be_written_survives_a_kill(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path), "A"], stdout=subprocess.PIPE, text=True) as person:
        assert person.stdout is not None
        said = [person.stdout.readline() for _ in range(5)]
        person.kill()
    with Ledger(path) as ledger:
        assert len(ledger.entry("p1").reviews) >= len(said)


def test_tables_are_made_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.sqlite"
    made = Operations.create_table

    def stopped(self: Operations, name: str, *columns: Any, **options: Any) -> Any:
        if name == "reviews":
            raise KeyboardInterrupt
        return made(self, name, *columns, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_table", stopped)
        with pytest.raises(KeyboardInterrupt):
            Ledger(path)
    with Ledger(path) as ledger:
        assert ledger.file(PAPER, FOUND) == len(FOUND)
