"""Full-text search in documents with SQLite FTS5: every hit is a paragraph with its page, section and offsets.

The index holds the text of each paragraph as it is, and beside it the same text folded (``folding.fold_words``), which
is what is searched; the query is folded by the same function. The offsets of matched words are those of the canonical
text. The index is derived from the documents: it may be deleted and made anew at any time.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from marsad.documents.document import Block, BlockKind, Document
from marsad.documents.folding import fold_words
from marsad.documents.queries import parse_query
from marsad.errors import BusyError, InputError

__all__ = ["SearchHit", "SearchIndex", "SearchResult", "Snippet"]

_APPLICATION = 0x4D525344  # "MRSD"
_VERSION = 1
_SCHEMA = """
CREATE TABLE documents (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL
);
CREATE TABLE paragraphs (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, start INTEGER NOT NULL, page INTEGER, page_label TEXT NOT NULL,
    section TEXT NOT NULL, text TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5 (
    folded, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'", prefix = '1 2'
);
"""
# Ranked first, then marked: marking every paragraph that has a common word takes most of the time.
_RANKED = "SELECT rowid, rank FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ? OFFSET ?"
_MARKED = """
SELECT paragraphs.key, name, title, start, page, page_label, section, text, highlight(words, 0, char(2), char(3))
FROM words JOIN paragraphs ON paragraphs.id = words.rowid JOIN documents ON documents.key = paragraphs.key
WHERE words MATCH ? AND words.rowid = ?
"""
_LONGEST_ROW = 20_000
_SNIPPET = 240
_MARK = re.compile("[\x02\x03]")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Words around the matches, as data: whoever shows it escapes and marks it.

    Attributes:
        text: part of the paragraph, verbatim.
        marks: the matched words, as offsets into ``text``.
        start: offset of ``text`` in the document's canonical text.
        cut_before, cut_after: whether the paragraph goes on before or after it.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    start: int
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A paragraph that matches.

    Attributes:
        key, name, title: the document.
        page, page_label: page in the file, and the number printed on it; None and empty without pages.
        section: the headings above, outermost first, joined by `` > ``.
        start, end: the paragraph in the canonical text.
        matches: the matched words in the canonical text; words of a phrase are one match.
        snippet: words around the first matches.
        rank: BM25 as FTS5 gives it; the lower the better.
    """

    key: str
    name: str
    title: str
    page: int | None
    page_label: str
    section: str
    start: int
    end: int
    matches: tuple[tuple[int, int], ...]
    snippet: Snippet
    rank: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a query: the total of paragraphs that match, and those that were asked for, best first."""

    query: str
    total: int
    hits: tuple[SearchHit, ...]


class SearchIndex:
    """An index in one file, or in memory without a path; a context manager.

    Every change is one transaction: a process that is killed leaves the index as it was before or after it. Readers and
    one writer may use it at the same time (write-ahead log).

    Raises:
        InputError: the file cannot be opened, is damaged, or is something else than an index.
        BusyError: another process is writing to it and does not end within ten seconds.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        with self._reporting():
            self._connection = sqlite3.connect(path or ":memory:", timeout=10, isolation_level=None)
        try:
            with self._reporting():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add(self, key: str, document: Document) -> bool:
        """Put a document into the index, in the place of an earlier one under the same key.

        Returns:
            False where this very document stands under the key already; then nothing is done.
        """
        key, fingerprint = _storable(key), _fingerprint(document)
        with self._changing() as connection:
            known = connection.execute("SELECT fingerprint FROM documents WHERE key = ?", [key]).fetchone()
            if known == (fingerprint,):
                return False
            _remove(connection, key)
            (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM paragraphs").fetchone()
            rows = list(enumerate(_rows(document), start=last + 1))
            connection.executemany(
                "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?)", ((at, key, *row) for at, row in rows)
            )
            connection.executemany(
                "INSERT INTO words (rowid, folded) VALUES (?, ?)", ((at, fold_words(row[-1]).text) for at, row in rows)
            )
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
                [key, fingerprint, _storable(document.name), _storable(document.title), last + 1, last + len(rows)],
            )
        return True

    def remove(self, key: str) -> bool:
        """Take a document out of the index; False where none stands under the key."""
        with self._changing() as connection:
            return _remove(connection, _storable(key))

    def keys(self) -> tuple[str, ...]:
        """The documents in the index, sorted by key."""
        with self._reading() as connection:
            return tuple(key for (key,) in connection.execute("SELECT key FROM documents ORDER BY key"))

    def search(self, query: str, *, limit: int = 20, offset: int = 0) -> SearchResult:
        """Find the paragraphs that match a query.

        Args:
            query: words, "phrases", prefix*, OR, -not; see ``parse_query``.
            limit: how many hits to give.
            offset: how many of the best to leave out.

        Raises:
            ParseError: the query is malformed; the message says what to write instead.
            InputError: limit or offset is negative, or the index is damaged.
        """
        if limit < 0 or offset < 0:
            raise InputError(f"limit {limit} and offset {offset} must not be negative")
        expression = parse_query(query).expression
        with self._reading() as connection:
            execute = connection.execute
            (total,) = execute("SELECT count(*) FROM words WHERE words MATCH ?", [expression]).fetchone()
            ranked = execute(_RANKED, [expression, limit, offset]).fetchall() if limit else []
            rows = [(*execute(_MARKED, [expression, at]).fetchone(), rank) for at, rank in ranked]
        return SearchResult(query, total, tuple(_hit(*row) for row in rows))

    def _prepare(self) -> None:
        """Make the tables; those of another version are made anew, as the index is derived."""
        with self._reading() as connection:
            (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        if objects and application != _APPLICATION:
            raise InputError(f"{self._path} is a database of another program; choose another file for the search index")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if version == _VERSION:
            return
        with self._changing():
            if connection.execute("PRAGMA user_version").fetchone() == (_VERSION,):
                return  # another process was faster
            for table in ("documents", "paragraphs", "words"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One view of the index, whatever another process writes meanwhile."""
        with self._reporting():
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        with self._reporting():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """What SQLite says, in words that help."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise BusyError(f"another process is writing to the search index {self._path}; try again") from error
            raise InputError(f"the search index {self._path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise InputError(
                f"the search index {self._path} is damaged ({error}); delete the file and index the documents again"
            ) from error


def _fingerprint(document: Document) -> str:
    seen = hashlib.sha256(document.sha256.encode())
    for part in (document.name, document.title, document.text):
        seen.update(b"\0" + part.encode("utf-8", "surrogatepass"))
    return seen.hexdigest()


def _storable(text: str) -> str:
    """Without lone surrogates, which no database takes; of the same length."""
    return text.encode("utf-8", "replace").decode()


def _remove(connection: sqlite3.Connection, key: str) -> bool:
    span = connection.execute("SELECT first, last FROM documents WHERE key = ?", [key]).fetchone()
    if span is None:
        return False
    connection.execute("DELETE FROM words WHERE rowid BETWEEN ? AND ?", span)
    connection.execute("DELETE FROM paragraphs WHERE id BETWEEN ? AND ?", span)
    connection.execute("DELETE FROM documents WHERE key = ?", [key])
    return True


def _rows(document: Document) -> Iterator[tuple[int, int | None, str, str, str]]:
    """Start, page, page label, section and text of every block but the table of contents."""
    path: list[tuple[int, str]] = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind is BlockKind.HEADING:
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, text.replace("\n", " ")[:200]))
        if block.kind is not BlockKind.CONTENTS:
            section = " > ".join(name for _, name in path)
            for start, end in _parts(text, block):
                page = document.page_at(start)
                number, label = (page.number, page.label) if page else (None, "")
                yield start, number, label, _storable(section), _storable(document.text[start:end])


def _parts(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """The block, or its pieces where it is too long for one row."""
    at = 0
    while at < len(text):
        end = min(len(text), at + _LONGEST_ROW)
        if end < len(text) and (space := text.rfind(" ", at + 1, end)) > 0:
            end = space + 1
        yield block.start + at, block.start + end
        at = end


def _hit(  # noqa: PLR0913, PLR0917 - the columns of a row
    key: str,
    name: str,
    title: str,
    start: int,
    page: int | None,
    page_label: str,
    section: str,
    text: str,
    marked: str,
    rank: float,
) -> SearchHit:
    spans = _marked_spans(text, marked)
    return SearchHit(
        key=key,
        name=name,
        title=title,
        page=page,
        page_label=page_label,
        section=section,
        start=start,
        end=start + len(text),
        matches=tuple((start + first, start + last) for first, last in spans),
        snippet=_snippet(text, spans, start),
        rank=rank,
    )


def _marked_spans(text: str, marked: str) -> list[tuple[int, int]]:
    """The matched words of a paragraph, from the marks that FTS5 set in the folded text."""
    folded = fold_words(text)
    places = [found.start() - at for at, found in enumerate(_MARK.finditer(marked))]
    spans = (folded.origin(first, last) for first, last in zip(places[::2], places[1::2], strict=True))
    return [(start, _with_marks(text, end)) for start, end in spans]


def _with_marks(text: str, end: int) -> int:
    """The end of a word with the points on its last letter."""
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    return end


def _snippet(text: str, spans: list[tuple[int, int]], start: int) -> Snippet:
    """The stretch that begins a little before the first match, at the ends of words."""
    first = spans[0][0] if spans else 0
    begin = max(0, min(first - _SNIPPET // 4, len(text) - _SNIPPET))
    if begin and (space := text.find(" ", begin, first)) >= 0:
        begin = space + 1
    end = min(len(text), begin + _SNIPPET)
    if end < len(text) and (space := text.rfind(" ", begin + _SNIPPET // 2, end)) >= 0:
        end = space
    marks = tuple((max(a, begin) - begin, min(b, end) - begin) for a, b in spans if a < end and b > begin)
    return Snippet(text[begin:end], marks, start + begin, cut_before=begin > 0, cut_after=end < len(text))
