"""Adding to the files of a study folder: rows of a table, entries of the bibliography; it must load afterwards."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from marsad.evidence import write_atomically
from marsad.study.dictionary import dictionary
from marsad.study.files import IGNORED_FOLDER
from marsad.study.loading import DOCUMENTS_FOLDER, load_study
from marsad.study.requests import CheckAnalysis
from marsad.study.study import Study

__all__ = ["change_study", "keys_in", "with_entry", "with_release", "with_rows", "without_rows"]

_BIB_SPECIAL = re.compile(r"([#$%&_])")


def keys_in(text: str, key: str) -> frozenset[str]:
    """The values that the column ``key`` of a table has."""
    return frozenset(row[key] for row in csv.DictReader(io.StringIO(text)) if row.get(key))


def with_rows(text: str, table: str, rows: Iterable[Mapping[str, str]]) -> str:
    """The text of a table with rows at its end, in its own order of columns; a table that is empty gets its header.

    Args:
        text: the file as it is.
        table: name of the table in the dictionary.
        rows: the cells by column; lists joined by ``;``. Columns that are not given stay empty.
    """
    given = list(rows)
    columns = next(csv.reader(io.StringIO(text)), []) if text else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not columns:
        columns = [field.name for field in dictionary().tables[table].fields]
        writer.writerow(columns)
    missing = sorted({name for row in given for name, value in row.items() if value} - set(columns))
    if missing:
        text, columns = _widened(text, missing), [*columns, *missing]
    for row in given:
        writer.writerow([row.get(column, "") for column in columns])
    return text + ("" if not text or text.endswith("\n") else "\n") + out.getvalue()


def _widened(text: str, columns: Sequence[str]) -> str:
    """A table with further columns, empty in the rows that it has."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, row in enumerate(csv.reader(io.StringIO(text))):
        writer.writerow([*row, *(columns if number == 0 else [""] * len(columns))])
    return out.getvalue()


def without_rows(text: str, key: str, names: Iterable[str]) -> str:
    """The text of a table without the rows whose column ``key`` has one of the names; other rows as they are."""
    gone = set(names)
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines)
    kept: list[str] = []
    begin = 0
    column = -1
    for row in reader:
        end = reader.line_num
        if begin == 0:
            column = row.index(key)
        if begin == 0 or column >= len(row) or row[column] not in gone:
            kept += lines[begin:end]
        begin = end
    return "".join(kept)


def with_entry(text: str, kind: str, key: str, fields: Mapping[str, str]) -> str:
    """The text of a bibliography with an entry at its end; empty fields are left out."""
    lines = [f"  {name} = {{{_escaped(value)}}}," for name, value in fields.items() if value]
    entry = "\n".join([f"@{kind}{{{key},", *lines, "}"])
    return f"{text.rstrip()}\n\n{entry}\n" if text.strip() else f"{entry}\n"


def _escaped(value: str) -> str:
    """A value as BibTeX prints it; braces around all of it stay: they keep the name of an organisation together."""
    if re.fullmatch(r"\{[^{}]*\}", value):
        return f"{{{_escaped(value[1:-1])}}}"
    plain = " ".join(value.replace("{", "(").replace("}", ")").replace("\\", "/").split())
    return _BIB_SPECIAL.sub(r"\\\1", plain)


def with_release(text: str, release: Mapping[str, str | dict[str, str]]) -> str:
    """The text of ``data.yaml`` with a release at the end of its list; what stands there stays as it is.

    Args:
        text: the file as it is; empty where there is none.
        release: its keys and values; ``query`` is itself a mapping. Empty values are left out.
    """
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines) if re.match(r"releases\s*:", line)]
    if not heads:
        return "\n".join([*lines, "releases:", *_item(release, "  ")]) + "\n"
    start = heads[0]
    lines[start] = re.sub(r":\s*\[\s*\]", ":", lines[start])
    end = start + 1
    for number in range(start + 1, len(lines)):
        if re.match(r"[^\s#-]", lines[number]):
            break
        if lines[number].strip() and not lines[number].startswith("#"):
            end = number + 1
    indents = (re.match(r"( *)- ", line) for line in lines[start + 1 : end])
    indent = next((found[1] for found in indents if found), "  ")
    return "\n".join([*lines[:end], *_item(release, indent), *lines[end:]]) + "\n"


def _item(release: Mapping[str, str | dict[str, str]], indent: str) -> list[str]:
    """A mapping as an item of a YAML list; every text in double quotes, so that none becomes a number or a date."""
    lines: list[str] = []
    for key, value in release.items():
        if not value:
            continue
        if isinstance(value, str):
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
            continue
        lines.append(f"{key}:")
        lines += [f"  {name}: {json.dumps(text, ensure_ascii=False)}" for name, text in value.items()]
    return [f"{indent}{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines)]


def change_study(root: Path, files: Mapping[str, bytes], *, check_analysis: CheckAnalysis | None = None) -> Study:
    """Write files of a study folder, each in one step, if the study loads with them.

    Args:
        root: the study folder.
        files: new contents by path in the folder.
        check_analysis: as in ``load_study``.

    Raises:
        StudyError: the study would have faults; nothing was written.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / root.resolve().name
        shutil.copytree(root, copy, ignore=_left_out, symlinks=True)
        for name, content in files.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(b"" if name.startswith(f"{DOCUMENTS_FOLDER}/") else content)
        load_study(copy, check_analysis=check_analysis)
    for name, content in files.items():
        write_atomically(root / name, content)
    return load_study(root, check_analysis=check_analysis)


def _left_out(folder: str, names: list[str]) -> list[str]:
    """What the check needs no copy of: what is derived, hidden files, and the documents."""
    is_documents = Path(folder).name == DOCUMENTS_FOLDER
    return [name for name in names if is_documents or name == IGNORED_FOLDER or name.startswith(".")]
