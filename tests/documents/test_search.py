"""Full-text search: what is found where, in every script; changes are whole; damage is told."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.documents import Block, BlockKind, Document, PageSpan, read_text
from marsad.documents.folding import fold_words
from marsad.documents.search import SearchHit, SearchIndex, SearchResult
from marsad.errors import BusyError, InputError


def _paged() -> Document:
    parts = [
        ("The Salda Report", BlockKind.TITLE, 0),
        ("1 Attacks", BlockKind.HEADING, 1),
        ("1.1 Roads", BlockKind.HEADING, 2),
        ("Convoys were attacked on the road, and the attack on the café went on.", BlockKind.PARAGRAPH, 0),
        ("2 Talks", BlockKind.HEADING, 1),
        ("The talks about roads began. Nobody attacked anyone while they went on.", BlockKind.PARAGRAPH, 0),
        ("Attacks ..... 1", BlockKind.CONTENTS, 0),
    ]
    blocks, at = [], 0
    for text, kind, level in parts:
        blocks.append(Block(at, at + len(text), kind, level))
        at += len(text) + 2
    pages = (PageSpan(0, blocks[4].start, 1, "i"), PageSpan(blocks[4].start, at, 2, "ii"))
    return Document("\n\n".join(text for text, *_ in parts), tuple(blocks), pages, name="salda.pdf", title="Salda")


def _search(document: Document, query: str) -> SearchResult:
    with SearchIndex() as index:
        index.add("d", document)
        return index.search(query)


def _matched(document: Document, query: str) -> list[list[str]]:
    return [[document.text[a:b] for a, b in hit.matches] for hit in _search(document, query).hits]


def test_a_hit_says_where_it_stands() -> None:
    document = _paged()
    hit = _search(document, "cafe").hits[0]
    block = document.blocks[3]
    at = document.text.index("café")
    assert (hit.key, hit.name, hit.title, hit.page, hit.page_label) == ("d", "salda.pdf", "Salda", 1, "i")
    assert hit.section == "1 Attacks > 1.1 Roads" == document.quote(block.start, block.end).section
    assert (hit.start, hit.end) == (block.start, block.end)
    assert hit.matches == ((at, at + 4),)
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.marks] == ["café"]
    assert document.text.startswith(hit.snippet.text, hit.snippet.start)


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ("attacked", [["attacked"], ["attacked"]]),
        ("attacked talks", [["talks", "attacked"]]),
        ("attacked -talks", [["attacked"]]),
        ('"the road"', [["the road"]]),
        ('"road the"', []),
        ("convoy*", [["Convoys"]]),
        ("cafe OR talks", [["Talks"], ["talks"], ["café"]]),
        ("attacks", [["Attacks"]]),
    ],
)
def test_what_a_query_finds(query: str, matched: list[list[str]]) -> None:
    assert sorted(_matched(_paged(), query)) == sorted(matched)


@pytest.mark.parametrize(
    ("text", "query", "matched"),
    [
        ("یہ حملہ پاكستان میں ہوا", "پاکستان", "پاكستان"),
        ("یہ حملہ پاکستان میں ہوا", "حمله", "حملہ"),
        ("قُتِلَ ثلاثة في الهجـــوم", "قتل الهجوم", "قُتِلَ"),
        ("أمن الحدود", "امن", "أمن"),
        ("این می‌شود گفت", "میشود", "می‌شود"),
        ("په ۱۲ تنو برید وشو", "12", "۱۲"),
        ("برید په ښار کې وشو", "ښار", "ښار"),
        ("राजधानी में हमला हुआ", "हमला", "हमला"),
        ("车队在路上遭到袭击", "路上", "路上"),
        ("Die Straße nach Łódź", "strasse", "Straße"),
        ("The ﬁnal cut", "final", "ﬁnal"),
        ("the U.S. troops of al-Nur", "al-nur", "al-Nur"),
        ("No. 4 of 1,200 at 5%", "1,200", "1,200"),
    ],
)
def test_words_are_found_however_they_are_typed(text: str, query: str, matched: str) -> None:
    document = Document(text, (Block(0, len(text), BlockKind.PARAGRAPH),))
    assert matched in _matched(document, query)[0]


@given(st.lists(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8), min_size=1, max_size=12))
def test_every_match_is_the_word_in_the_canonical_text(words: list[str]) -> None:
    text = " é‘’ ".join(words)
    document = Document(text, (Block(0, len(text), BlockKind.PARAGRAPH),))
    query = words[len(words) // 2]
    folded = fold_words(query).text
    if not folded.strip() or query == "OR":
        return
    for hit in _search(document, query).hits:
        for start, end in hit.matches:
            assert folded.split() == fold_words(document.text[start:end]).text.split()


def test_a_plain_word_is_always_found() -> None:
    rng = random.Random(3)
    words = ["".join(rng.choices("abcdeéüپتک", k=6)) for _ in range(300)]
    document = read_text("\n\n".join(" ".join(words[at : at + 10]) for at in range(0, 300, 10)))
    with SearchIndex() as index:
        index.add("d", document)
        for word in words:
            hits = index.search(word).hits
            assert [document.text[a:b] for hit in hits for a, b in hit.matches][:1] == [word]


def test_pages_of_hits_follow_one_another() -> None:
    with SearchIndex() as index:
        index.add("d", read_text("\n\n".join(f"attack number {at}" for at in range(50))))
        pages = [index.search("attack", limit=20, offset=at) for at in (0, 20, 40, 60)]
    assert [len(page.hits) for page in pages] == [20, 20, 10, 0]
    assert {page.total for page in pages} == {50}
    assert len({hit.start for page in pages for hit in page.hits}) == 50


def test_adding_again_changes_nothing_and_another_version_replaces() -> None:
    with SearchIndex() as index:
        assert index.add("d", read_text("the first version"))
        assert not index.add("d", read_text("the first version"))
        assert index.add("e", read_text("the first version"))
        assert index.add("d", read_text("the second version"))
        assert [(hit.key) for hit in index.search("first").hits] == ["e"]
        assert index.search("version").total == 2
        assert index.keys() == ("d", "e")
        assert index.remove("e")
        assert not index.remove("e")
        assert index.search("first").total == 0


def test_a_very_long_paragraph_is_indexed_in_pieces() -> None:
    text = "word " * 20_000 + "needle " + "word " * 20_000
    document = read_text(text)
    hit = _search(document, "needle").hits[0]
    assert [document.text[a:b] for a, b in hit.matches] == ["needle"]
    assert hit.end - hit.start <= 20_000
    assert len(hit.snippet.text) <= 240


def test_a_snippet_is_cut_between_words() -> None:
    text = " ".join(f"w{at}" for at in range(200))
    snippet = _search(read_text(text), "w100").hits[0].snippet
    assert snippet.cut_before
    assert snippet.cut_after
    assert set(snippet.text.split(" ")) <= set(text.split(" "))
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["w100"]


@pytest.mark.parametrize("text", ["a\x00b \x02c\x03 d", "lone \ud800 surrogate d", "", "…", "d" * 50_000])
def test_odd_texts_are_taken(text: str) -> None:
    document = Document(text, (Block(0, len(text), BlockKind.PARAGRAPH),) if text else ())
    for hit in _search(document, "d").hits:
        assert [document.text[a:b] for a, b in hit.matches] == ["d"]


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (1, -1)])
def test_a_negative_page_is_refused(limit: int, offset: int) -> None:
    with SearchIndex() as index, pytest.raises(InputError, match="must not be negative"):
        index.search("a", limit=limit, offset=offset)


def test_a_file_keeps_its_documents(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with SearchIndex(path) as index:
        index.add("d", _paged())
    with SearchIndex(path) as index:
        assert index.search("convoys").total == 1


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with SearchIndex(path) as index:
        index.add("d", _paged())
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with SearchIndex(path) as index:
        assert index.keys() == ()
        assert index.add("d", _paged())


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(InputError, match=r"is damaged .* delete the file and index the documents again"):
        SearchIndex(path)


def test_damage_inside_is_told(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with SearchIndex(path) as index:
        index.add("d", read_text("\n\n".join(f"attack number {at}" for at in range(5000))))
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"index\.db is damaged|index\.db cannot be used"), SearchIndex(path) as index:
        index.search("attack")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE kept (a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="a database of another program"):
        SearchIndex(path)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be used: unable to open"):
        SearchIndex(tmp_path / "absent" / "index.db")


def test_a_writer_that_does_not_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with SearchIndex(path) as index:
        index.add("d", _paged())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        index._connection.execute("PRAGMA busy_timeout = 50")
        with pytest.raises(BusyError, match="another process is writing"):
            index.add("e", _paged())
        assert index.search("convoys").total == 1  # a reader is not held up
        other.close()
        assert index.add("e", _paged())


def test_two_that_open_a_new_file_at_once_both_succeed(tmp_path: Path) -> None:
    path, faults = tmp_path / "index.db", []

    def work(key: str) -> None:
        try:
            with SearchIndex(path) as index:
                index.add(key, _paged())
        except Exception as error:  # noqa: BLE001 - reported below
            faults.append(error)

    threads = [threading.Thread(target=work, args=(str(at),)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with SearchIndex(path) as index:
        assert len(index.keys()) == 6


PROGRAM = """
import itertools, sys
from pathlib import Path
from marsad.documents import read_text
from marsad.documents.search import SearchIndex
with SearchIndex(Path(sys.argv[1])) as index:
    for at in itertools.count():
        index.add("d", read_text("\\n\\n".join(f"version{at} paragraph" for _ in range(300))))
        print(at, flush=True)
"""


def test_a_killed_process_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    for pause in (0.0, 0.013, 0.029):
        with subprocess.Popen([sys.executable, "-c", PROGRAM, str(path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
        with SearchIndex(path) as index:
            hits: tuple[SearchHit, ...] = index.search("paragraph", limit=1000).hits
            assert len(hits) == 300
            assert len({hit.snippet.text for hit in hits}) == 1
