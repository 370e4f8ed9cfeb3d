"""Full-text search in documents: those of a study, or files that are named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from marsad.documents import SearchIndex, SearchResult, read_document
from marsad.errors import NotFoundError
from marsad.evidence import sha256_of
from marsad.workbench.session import Workbench

__all__ = ["search_files", "search_study"]

_INDEX = "search.sqlite"


def search_files(files: Sequence[Path], query: str, *, limit: int = 20) -> SearchResult:
    """Search in files; nothing is written."""
    with SearchIndex() as index:
        for file in files:
            index.add(str(file), read_document(file))
        return index.search(query, limit=limit)


def search_study(workbench: Workbench, query: str, *, limit: int = 20) -> SearchResult:
    """Search in the documents of a study; what has changed since the last search is read anew.

    Raises:
        NotFoundError: the study holds no document.
        ParseError: the query is no query.
    """
    with _index(workbench) as index:
        return index.search(query, limit=limit)


@contextmanager
def _index(workbench: Workbench) -> Iterator[SearchIndex]:
    """The study's index, brought to the state of its documents: a key is a path with the hash of the file."""
    folder = workbench.path / "documents"
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder)))
    if not files:
        raise NotFoundError(
            f"{workbench.path} holds no document yet; `marsad add DOCUMENT {workbench.path} --source KEY` adds one"
        )
    wanted = {f"{path.relative_to(folder)}#{sha256_of(path)}": path for path in files}
    workbench.build_folder.mkdir(parents=True, exist_ok=True)
    with SearchIndex(workbench.build_folder / _INDEX) as index:
        known = set(index.keys())
        for key in known - wanted.keys():
            index.remove(key)
        for key in sorted(wanted.keys() - known):
            index.add(key, read_document(wanted[key]))
        yield index


def _is_hidden(path: Path) -> bool:
    """Whether a file is no document: hidden, or what a killed process left unfinished in a hidden folder."""
    return any(part.startswith(".") for part in path.parts)
