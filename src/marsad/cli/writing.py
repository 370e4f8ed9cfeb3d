"""Writing to the file that ``-o`` names: never over what was read, and with a message where it cannot be."""

from __future__ import annotations

import errno
from pathlib import Path

from marsad.errors import InputError
from marsad.evidence import write_atomically

__all__ = ["check_output", "write_output"]


def check_output(output: Path | None, *, inputs: tuple[Path | None, ...] = (), study: Path | None = None) -> None:
    """Refuse an output file before any work is done for it.

    Args:
        output: the file; nothing is checked where there is none.
        inputs: files that are read and must not be overwritten.
        study: a study folder, in which only ``build`` may be written to.

    Raises:
        InputError: it is a folder or device, one of the inputs, or lies in the study folder.
    """
    if output is None:
        return
    try:
        if output.is_dir():
            raise InputError(f"{output} is a folder; name a file in it")
        if output.exists() and not output.is_file():
            raise InputError(f"{output} is a device or pipe, no file; leave -o out and redirect the output with > or |")
        for path in inputs:
            if path is not None and output.exists() and path.exists() and output.samefile(path):
                raise InputError(f"{output} is what is read; -o would overwrite it. Name another file")
        if study is not None:
            _check_study(output, study)
    except (OSError, ValueError) as error:
        raise InputError(f"{output}: {_reason(error)}") from error


def _check_study(output: Path, study: Path) -> None:
    target, folder = output.resolve(), study.resolve()
    if target.is_relative_to(folder) and not target.is_relative_to(folder / "build"):
        raise InputError(f"{output} lies in the study folder, where exports could overwrite the study; write elsewhere")


def write_output(output: Path, content: bytes) -> None:
    """Write an output file in one step; folders of its path are made.

    Raises:
        InputError: it cannot be written; the message says why and what to do.
    """
    try:
        write_atomically(output, content)
    except OSError as error:
        raise InputError(f"{output}: {_reason(error)}") from error


def _reason(error: OSError | ValueError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    known = {
        errno.EACCES: "you may not write there. Name a file in a folder of yours",
        errno.EPERM: "you may not write there. Name a file in a folder of yours",
        errno.EROFS: "that is read-only. Name a file elsewhere",
        errno.ENOSPC: "the disk is full. Free some space, then run it again",
        errno.EDQUOT: "your share of the disk is full. Free some space, then run it again",
        errno.ENAMETOOLONG: "its name is too long for this system. Choose a shorter one",
        errno.ENOTDIR: "a part of its path is a file, not a folder. Check the path",
        errno.EEXIST: "a part of its path is a file, not a folder. Check the path",
        errno.ELOOP: "its symbolic links lead in a circle. Name the file itself",
    }
    return known.get(number or 0, f"it cannot be written ({error})")
