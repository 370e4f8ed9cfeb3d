"""Folders of Parquet files in the layout of Hive (``name=value/``), written so that both engines read them alike."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from marsad.errors import InputError
from marsad.evidence.files import TEMPORARY

__all__ = ["NULL_PARTITION", "atomic_folder", "partition_name", "partition_value", "settle_names"]

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""What stands for a missing value in the name of a partition's folder."""

_UNSAFE = re.compile(r"""[\x00-\x1f"#%'*/:=?\\{}\[\]^\x7f <>|]""")
_OWN = re.compile(r"[^=]+=.*|_SUCCESS|\..*\.crc|_committed_.*|_started_.*|[^/]*\.parquet", re.DOTALL)


def partition_name(column: str, value: object) -> str:
    """``column=value`` as the name of a folder.

    Only ASCII characters that a file system or an engine takes for something else are written as ``%XX``: Spark decodes
    byte by byte, so other letters stay as they are. A missing or empty value is ``NULL_PARTITION``.
    """
    text = "" if value is None else str(value)
    name = f"{_escaped(column)}={_escaped(text) or NULL_PARTITION}"
    if len(name.encode()) > 255:
        raise InputError(
            f"the value {text[:40]!r}... of {column} is too long for a folder's name; partition by another"
        )
    return name


def partition_value(folder: str) -> tuple[str, str | None]:
    """Column and value of a folder's name ``column=value``."""
    column, _, value = folder.partition("=")
    return unquote(column), None if value == NULL_PARTITION else unquote(value)


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", text)


def settle_names(folder: Path) -> None:
    """Give partition folders the names of ``partition_name`` and their files the names ``part-0.parquet`` and so on.

    What an engine leaves beside its files (``_SUCCESS``, checksums) is removed.
    """
    for path in sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True):
        if path.is_dir():
            column, value = partition_value(path.name)
            path.rename(path.with_name(partition_name(column, value)))
        elif path.suffix != ".parquet" or path.name.startswith((".", "_")):
            path.unlink()
    for parent in sorted({path.parent for path in folder.rglob("*.parquet")}):
        for number, path in enumerate(sorted(parent.glob("*.parquet"))):
            path.rename(path.with_name(f"part-{number}.parquet"))


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside ``target``; it takes the place of ``target`` when the block ends without an error.

    Raises:
        InputError: ``target`` is a file, or a folder that holds anything but Parquet files and their partitions: it is
            not deleted.
    """
    _refuse_to_delete(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=target.parent) as spare:
        made = Path(spare) / "new"
        made.mkdir()
        yield made
        if target.exists():
            target.rename(Path(spare) / "old")
        made.rename(target)


def _refuse_to_delete(target: Path) -> None:
    if target.is_file():
        raise InputError(f"{target} is a file; name a folder to write partitions to")
    for path in sorted(target.rglob("*")) if target.is_dir() else []:
        if not _OWN.fullmatch(path.name):
            raise InputError(
                f"{target} holds {path.relative_to(target)}, which is no Parquet; name a folder of its own"
            )
