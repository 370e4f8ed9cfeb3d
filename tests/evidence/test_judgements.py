"""Judgements on pairs of records: kept for ever, each author's last word counts, and none covers another's."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import marsad.evidence.ledger as package
from marsad.errors import InputError, NotFoundError
from marsad.evidence import Decision, FiledDocument, FiledProposal, Review
from marsad.evidence.judgements import FiledJudgement, in_force, judged_pairs, record_key
from marsad.evidence.ledger import Ledger
from marsad.model import Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from marsad.evidence.judgements import FiledJudgement
from marsad.evidence.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(200):
    judgement = FiledJudgement(left=f"a/{number}", right="b/1", verdict="same", author="A", made_at=datetime.now(UTC))
    ledger.judge(judgement)
    print(number, flush=True)
"""


def said(
    verdict: str = "same", *, author: str = "Amina", minute: int = 0, left: str = "a/1", right: str = "b/1"
) -> FiledJudgement:
    made_at = NOON + timedelta(minutes=minute)
    ids = {"left_id": left.partition("/")[2], "right_id": right.partition("/")[2]}
    return FiledJudgement(left=left, right=right, verdict=Verdict(verdict), author=author, made_at=made_at, **ids)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def test_a_record_key_holds_dataset_and_record() -> None:
    assert record_key("awsd", "0a1b") == "awsd/0a1b"
    assert record_key("a", "b/c") != record_key("a2", "b/c")
    for dataset, record in (("", "x"), ("x", ""), ("a/b", "c")):
        with pytest.raises(InputError, match="take both as imported"):
            record_key(dataset, record)


def test_a_later_word_replaces_the_earlier_one_of_the_same_author_in_either_direction(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.judge(said("same"))
        assert ledger.judge(said("not", minute=5, left="b/1", right="a/1"))
        assert [one.verdict for one in ledger.judgements()] == ["not"]
        assert [one.verdict for one in ledger.judgements(every=True)] == ["same", "not"]


def test_it_is_the_time_of_the_judgement_that_counts_and_not_that_of_filing(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.judge_all([said("not", minute=5), said("same", minute=1)])
        assert [one.verdict for one in ledger.judgements()] == ["not"]


def test_authors_who_disagree_are_both_shown_and_settle_nothing(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.judge_all([said("same"), said("not", author="Bilal", minute=1)])
        (pair,) = judged_pairs(ledger.judgements())
    assert [(one.author, one.verdict) for one in pair.judgements] == [("Amina", "same"), ("Bilal", "not")]
    assert pair.verdict is None


@pytest.mark.parametrize(
    ("words", "verdict", "ends"),
    [
        ([said("same"), said("same", author="B", left="b/1", right="a/1")], "same", ("a/1", "b/1")),
        ([said("unsure"), said("not", author="B")], "not", ("a/1", "b/1")),
        ([said("unsure")], "unsure", ("a/1", "b/1")),
        ([said("part_of", left="b/1", right="a/1")], "part_of", ("b/1", "a/1")),
        ([said("part_of"), said("part_of", author="B", left="b/1", right="a/1")], None, ("a/1", "b/1")),
        ([said("part_of"), said("same", author="B")], None, ("a/1", "b/1")),
    ],
)
def test_the_verdict_of_a_pair_is_that_of_all_who_are_sure(
    words: list[FiledJudgement], verdict: str | None, ends: tuple[str, str]
) -> None:
    (pair,) = judged_pairs(words)
    assert (pair.verdict, (pair.left, pair.right)) == (verdict, ends)


def test_taking_back_leaves_its_author_without_a_word_until_the_next(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.judge_all([said("same"), said("not", minute=1), said("same", author="Bilal")])
        ledger.retract(said("not", minute=1).id, author="Amina", reason="wrong row")
        assert [one.author for one in ledger.judgements()] == ["Bilal"]
        assert ledger.judgements(every=True)[-1].reason == "wrong row"
        with pytest.raises(InputError, match="not in force"):
            ledger.retract(said("not", minute=1).id, author="Amina")
        again = said("unsure").model_copy(update={"made_at": datetime.now(UTC)})
        ledger.judge(again)
        assert {one.verdict for one in ledger.judgements()} == {"same", "unsure"}


def test_nobody_takes_back_the_word_of_another(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.judge(said())
        with pytest.raises(InputError, match="judgement of Amina"):
            ledger.retract(said().id, author="Bilal")
        with pytest.raises(NotFoundError):
            ledger.retract("0" * 16, author="Amina")
        forged = said(author="Bilal", minute=9).model_copy(update={"retracts": said().id})
        with pytest.raises(InputError, match="retract"):
            ledger.judge(forged)
        assert ledger.judgements() == (said(),)
        assert in_force([said(), forged]) == (said(),)


def test_two_words_of_one_time_are_refused_and_the_same_word_is_there_once(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.judge(said())
        assert not ledger.judge(said())
        with pytest.raises(InputError, match="twice at"):
            ledger.judge_all([said(left="a/2"), said("not")])
        assert ledger.judgements(every=True) == (said(),)


def test_a_judgement_is_about_two_records() -> None:
    with pytest.raises(ValidationError, match="about two records"):
        said(left="b/1")


def test_the_same_moment_in_another_zone_is_the_same_judgement() -> None:
    there = said().model_copy(update={"made_at": NOON.astimezone(timezone(timedelta(hours=5)))})
    assert there.id == said().id


@pytest.mark.parametrize("deed", ["UPDATE judgements SET verdict = 'not'", "DELETE FROM judgements"])
def test_the_database_itself_refuses_to_forget(path: Path, deed: str) -> None:
    with Ledger(path) as ledger:
        ledger.judge(said())
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(deed)
    connection.close()


def test_an_export_brings_every_judgement_into_another_ledger_once(path: Path, tmp_path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.judge_all([said("same"), said("part_of", author="آمنہ", minute=1), said("not", minute=2)])
        ledger.retract(said("not", minute=2).id, author="Amina", reason="پھر")
        text, kept = ledger.export(), ledger.judgements()
    with Ledger(tmp_path / "other.sqlite") as other:
        assert other.take(text) == 4
        assert other.take(text) == 0
        assert other.export() == text
        assert other.judgements() == kept


@pytest.mark.parametrize(
    "change",
    [{"verdict": "perhaps"}, {"right": "a/1"}, {"made_at": "2026-03-01T12:00:00"}, {"retracts": "f" * 16}, {"x": 1}],
)
def test_a_line_that_is_no_judgement_adds_nothing(path: Path, change: dict[str, object]) -> None:
    values = said().model_dump(mode="json") | change
    with Ledger(path) as ledger:
        good = said(left="a/9").model_dump_json()
        with pytest.raises(InputError):
            ledger.take(f'{{"judgement": {good}}}\n{{"judgement": {json.dumps(values)}}}\n')
        assert ledger.judgements(every=True) == ()


def _first_form(path: Path) -> None:
    """A ledger as the first version of the program made it, with rows in every table."""
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "first")
        connection.exec_driver_sql("INSERT INTO documents VALUES ('k', 'a', 'k.pdf', 'application/pdf', 'M', 't0')")
        connection.exec_driver_sql("INSERT INTO proposals VALUES (1, 'p1', 'k', 'event', 'rules', '{\"n\": 1}', 't1')")
        connection.exec_driver_sql("INSERT INTO reviews VALUES (1, 'p1', 'accepted', NULL, 'Amina', 't2', 'n')")
    engine.dispose()


def test_an_old_ledger_is_brought_to_the_new_form_without_loss(path: Path) -> None:
    _first_form(path)
    with Ledger(path) as ledger:
        assert ledger.documents() == (
            FiledDocument(source="k", sha256="a", name="k.pdf", media_type="application/pdf", author="M", at="t0"),
        )
        (entry,) = ledger.entries()
        assert entry.proposal == FiledProposal(
            id="p1", source="k", kind="event", coder="rules", content={"n": 1}, at="t1"
        )
        assert entry.reviews == (Review(proposal="p1", decision=Decision.ACCEPTED, author="Amina", at="t2", note="n"),)
        assert ledger.judge(said())
    with Ledger(path) as ledger:
        assert ledger.judgements() == (said(),)
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute("DELETE FROM reviews")
    connection.close()


def test_a_ledger_of_a_newer_program_is_left_alone(path: Path) -> None:
    Ledger(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'hundredth'")
    connection.close()
    with pytest.raises(InputError, match="another version of Marsad"):
        Ledger(path)


def test_what_was_said_to_be_written_survives_a_kill(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as person:
        assert person.stdout is not None
        lines = [person.stdout.readline() for _ in range(5)]
        person.kill()
    with Ledger(path) as ledger:
        assert len(ledger.judgements()) >= len(lines)
        assert ledger.judge(said(left="a/new"))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


WORDS = st.lists(
    st.builds(
        said,
        st.sampled_from([verdict.value for verdict in Verdict]),
        author=st.sampled_from(["A", "B"]),
        minute=st.integers(0, 50),
        left=st.sampled_from(["a/1", "a/2"]),
        right=st.sampled_from(["b/1", "b/2"]),
    ),
    max_size=12,
)


@given(WORDS, st.randoms(use_true_random=False))
def test_what_is_in_force_does_not_depend_on_the_order_of_filing(words: list[FiledJudgement], random: Random) -> None:
    shuffled = list(words)
    random.shuffle(shuffled)
    assert in_force(shuffled) == in_force(words)
    assert {(one.pair, one.author) for one in in_force(words)} == {(one.pair, one.author) for one in words}
