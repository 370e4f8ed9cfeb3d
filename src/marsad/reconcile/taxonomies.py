"""Taxonomies of event types with graded levels, as meltt reads them: what one source's word means in common terms.

A taxonomy is a CSV file: ``data.source`` (the source whose word it is), ``base.categories`` (the word) and then one
column a level, from the finest to the broadest. Two records agree at a level where their words mean the same there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from marsad.errors import Fault, InputError, NotFoundError
from marsad.study.delimited import Record, tokenise
from marsad.study.faults import shown

__all__ = ["Taxonomy", "read_taxonomies"]

_MOST_BYTES = 50_000_000
_MOST_TOLD = 20
_SOURCE, _CATEGORY = "data.source", "base.categories"
_HEADS = {"datasource": _SOURCE, "basecategories": _CATEGORY, "basecategory": _CATEGORY}
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One dimension along which records of several sources are compared.

    Attributes:
        name: name of the file without ending and without ``tax_`` before it: ``model_tax`` of ``tax_model_tax.csv``.
        file: name of the file.
        levels: names of the levels, from the finest to the broadest; at least one.
        meanings: (source, its category) -> the common category at each level.
    """

    name: str
    file: str
    levels: tuple[str, ...]
    meanings: Mapping[tuple[str, str], tuple[str, ...]]

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources whose categories it explains, in order of name."""
        return tuple(sorted({source for source, _ in self.meanings}))

    def column(self, columns: Iterable[str]) -> str:
        """The column of an event table that holds the categories which this taxonomy explains.

        It has the name of the taxonomy; where none has, letter case and a ``tax`` before or after either are ignored.

        Raises:
            NotFoundError: none of the columns is of that name, or more than one could be meant.
        """
        known = sorted(set(columns))
        if self.name in known:
            return self.name
        meant = [column for column in known if _bare(column) == _bare(self.name)]
        if len(meant) == 1:
            return meant[0]
        found = f"{_listed(meant)} could all be meant" if meant else f"there are {_listed(known)}"
        raise NotFoundError(
            f"taxonomy {self.file}: no column {self.name!r} in the events: {found}. "
            f"Name the column {self.name!r}, or the taxonomy after the column"
        )


def read_taxonomies(folder: Path) -> tuple[Taxonomy, ...]:
    """Every taxonomy of a folder, in order of name.

    A CSV file that has neither of the columns ``data.source`` and ``base.categories``, and whose name does not say
    that it is a taxonomy (``tax_...``, ``..._tax``), is another table and is passed over.

    Raises:
        NotFoundError: there is no such folder, or no taxonomy in it.
        InputError: a taxonomy cannot be used; the message names file, line, column and remedy of each fault.
    """
    if not folder.is_dir():
        raise NotFoundError(f"no folder {folder}. Give the folder in which the taxonomies lie as CSV files")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    faults: list[Fault] = []
    taxonomies = [taxonomy for path in files if (taxonomy := _Reader(path, faults).read()) is not None]
    if faults:
        more = f"\nand {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
        raise InputError("\n".join(str(fault) for fault in faults[:_MOST_TOLD]) + more)
    if not taxonomies:
        raise NotFoundError(
            f"no taxonomy in {folder}. A taxonomy is a CSV file with the columns {_SOURCE}, {_CATEGORY} "
            "and one column a level, from the finest to the broadest"
        )
    return tuple(sorted(_distinct(taxonomies), key=lambda taxonomy: taxonomy.name))


class _Reader:
    """Reads one file; what is wrong with it goes into ``faults``."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self._path = path
        self._faults = faults
        self._before = len(faults)
        self._name = path.stem[4:] if path.stem.lower().startswith("tax_") and len(path.stem) > 4 else path.stem
        self._is_named_so = path.stem.lower().startswith("tax_") or path.stem.lower().endswith("_tax")

    def read(self) -> Taxonomy | None:
        """The taxonomy; None where the file is none, or has a fault."""
        with self._path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        records = tokenise(text)
        first = next(records, Record(1, ()))
        heads = [cell.text.strip() for cell in first.cells]
        roles = [_HEADS.get(_NOT_LETTERS.sub("", head.lower()), head) for head in heads]
        if not self._is_named_so and _SOURCE not in roles and _CATEGORY not in roles:
            return None
        self._check_bytes(data)
        self._check_heads(roles, first)
        if self._is_bad:
            return None
        levels = tuple(head for head in roles if head not in (_SOURCE, _CATEGORY))
        meanings = dict(self._meanings(roles, records))
        self._check_levels(levels, meanings)
        return None if self._is_bad else Taxonomy(self._name, self._path.name, levels, MappingProxyType(meanings))

    @property
    def _is_bad(self) -> bool:
        return len(self._faults) > self._before

    def _fault(self, line: int, field: str, message: str, remedy: str) -> None:
        self._faults.append(Fault(self._path.name, line, 0, field, message, remedy))

    def _check_bytes(self, data: bytes) -> None:
        if len(data) > _MOST_BYTES:
            self._fault(0, "", f"the file is larger than {_MOST_BYTES // 1_000_000} MB", "Give the categories only")
            return
        try:
            data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self._fault(line, "", "the text is not UTF-8", "Save the file as UTF-8")

    def _check_heads(self, roles: list[str], record: Record) -> None:
        if record.problem is not None:
            self._fault(record.line, "", record.problem.text, "Close the quote")
        for name in (_SOURCE, _CATEGORY):
            if name not in roles:
                remedy = f"The columns are {_SOURCE}, {_CATEGORY} and the levels; there are {_listed(roles)}"
                self._fault(record.line, name, "the column is missing", remedy)
        for twice in sorted({role for role in roles if roles.count(role) > 1 or not role}):
            problem = "the name stands twice" if twice else "a column has no name"
            self._fault(record.line, twice, problem, "Give every column a name of its own")
        if not set(roles) - {_SOURCE, _CATEGORY}:
            self._fault(record.line, "", "no column is a level", "Add one column a level, the finest first")

    def _meanings(
        self, roles: list[str], records: Iterable[Record]
    ) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
        """(source, category) and what it means at each level, of every sound row."""
        lines: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
        for record in records:
            cells = self._cells(roles, record)
            if cells is None:
                continue
            key = (cells.pop(_SOURCE), cells.pop(_CATEGORY))
            levels = tuple(cells.values())
            line, known = lines.setdefault(key, (record.line, levels))
            if known != levels:
                message = f"{shown(key[1])} of {shown(key[0])} means something else in line {line}"
                self._fault(record.line, _CATEGORY, message, "Delete one of the two rows")
            yield key, levels
        if not lines and not self._is_bad:
            self._fault(1, "", "the taxonomy has no row", "Add one row for each category of each source")

    def _cells(self, roles: list[str], record: Record) -> dict[str, str] | None:
        """Column -> text without blanks around it; None, and a fault, where one is missing."""
        if record.problem is not None:
            self._fault(record.line, "", record.problem.text, "Close the quote")
            return None
        if len(record.cells) != len(roles):
            message = f"the row has {len(record.cells)} cells, the first line {len(roles)}"
            self._fault(record.line, "", message, "Give it one cell a column, and quote a cell that holds a comma")
            return None
        cells = {role: cell.text.strip() for role, cell in zip(roles, record.cells, strict=True)}
        empty = [role for role, text in cells.items() if not text]
        for role in empty:
            self._fault(record.line, role, "the cell is empty", "Fill it in; a level may repeat a finer one")
        return None if empty else cells

    def _check_levels(self, levels: tuple[str, ...], meanings: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
        """A broader level has no more categories than a finer one."""
        counts = [len({meaning[at] for meaning in meanings.values()}) for at in range(len(levels))]
        for at in range(1, len(levels)):
            if counts[at] > counts[at - 1]:
                message = (
                    f"it has {counts[at]} categories, and {levels[at - 1]}, which should be finer, {counts[at - 1]}"
                )
                self._fault(1, levels[at], message, "Put the levels in order, the finest first")


def _distinct(taxonomies: list[Taxonomy]) -> list[Taxonomy]:
    """The same taxonomies, where no two have one name."""
    files: dict[str, str] = {}
    for taxonomy in taxonomies:
        other = files.setdefault(_bare(taxonomy.name), taxonomy.file)
        if other != taxonomy.file:
            raise InputError(f"{other} and {taxonomy.file} are taxonomies of one column. Delete or rename one of them")
    return taxonomies


def _bare(name: str) -> str:
    """A name without letter case and without ``tax`` at its ends."""
    parts = [part for part in _NOT_LETTERS.split(name.lower()) if part]
    if parts[:1] == ["tax"] and len(parts) > 1:
        parts = parts[1:]
    if parts[-1:] == ["tax"] and len(parts) > 1:
        parts = parts[:-1]
    return "_".join(parts)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(shown(name) for name in names) or "none"
